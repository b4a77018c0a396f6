/* See cases.h. */
#include "service/cases.h"

#include "base/check.h"
#include "service/case_parties.h"
#include "service/case_row.h"

#include <stdlib.h>

static enum err copy(struct arena *a, struct str s, struct str *ret)
{
	*ret = arena_copy(a, s);
	return ret->p || s.n == 0 ? ERR_OK : ERR_NO_MEMORY;
}

static enum err get_columns(const struct case_row *row, struct arena *a, struct case_view *v)
{
	v->n = row->n;
	v->at_us = row->at_us;
	v->happened_us = row->happened_us;
	v->number = row->number;
	v->type_n = row->type_n;
	v->categories_n = row->categories_n;
	v->place = row->place;
	v->has_at = row->has_at;
	v->lat_e7 = row->lat_e7;
	v->lon_e7 = row->lon_e7;
	v->step = row->step;
	v->marks = row->marks;
	v->closed_us = row->closed_us;
	v->is_erased = row->erased != 0;
	TRY(copy(a, row->area, &v->area));
	TRY(copy(a, row->category, &v->category));
	TRY(copy(a, row->state, &v->state));
	TRY(copy(a, row->outcome, &v->outcome));
	return copy(a, row->unit, &v->unit);
}

/* "DAY DONE" */
static bool get_part(struct str unit, struct str value, struct case_part_value *ret)
{
	bool minus = value.n > 0 && value.p[0] == '-';
	uint64_t day = 0;

	if (value.n < 3u + minus || value.p[value.n - 2] != ' ' ||
	    !str_to_u64((struct str){value.p + minus, value.n - 2 - minus}, &day) ||
	    day > INT32_MAX)
		return false;
	*ret = (struct case_part_value){unit, minus ? -(int32_t)day : (int32_t)day,
					value.p[value.n - 1] == '1'};
	return true;
}

static enum err get_doc(struct str doc, struct case_view *v)
{
	struct case_doc_line line;

	while (case_doc_next(&doc, &line)) {
		struct str name = {line.key.p + 2, line.key.n - 2};
		if (line.key.n < 3)
			return ERR_CORRUPT;
		if (line.key.p[0] == 'f' && v->fields_n < CASES_FIELDS_MAX) {
			v->fields[v->fields_n++] = (struct case_doc_line){name, line.value};
		} else if (line.key.p[0] == 'c' && v->clocks_n < CASES_CLOCKS_MAX) {
			v->clocks[v->clocks_n].name = name;
			if (!case_doc_get_clock(line.value, &v->clocks[v->clocks_n++].clock))
				return ERR_CORRUPT;
		} else if (line.key.p[0] == 'p' && v->parts_n < CASE_PARTS_MAX) {
			if (!get_part(name, line.value, &v->parts[v->parts_n++]))
				return ERR_CORRUPT;
		} else if (line.key.p[0] == 'm' && str_eq(name, STR("conditions"))) {
			v->conditions = line.value;
		} else if (line.key.p[0] == 'm' && str_eq(name, STR(CASE_TOLD))) {
			v->told = line.value;
		}
	}
	return doc.n == 0 ? ERR_OK : ERR_CORRUPT;
}

static enum err get_ties(struct db *db, struct case_view *v)
{
	struct db_stmt *s = db_stmt(db, SQL_case_link_list);
	bool row = true;

	db_bind_u64(s, 1, v->id);
	db_bind_u64(s, 2, CASES_TIES_PAGE_MAX + 1);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		if (v->ties_n == CASES_TIES_PAGE_MAX)
			break;
		v->ties[v->ties_n++] = (struct case_tied){(enum case_tie_kind)db_i64(s, 0),
							  db_u64(s, 1), db_u64(s, 2)};
	}
	v->ties_are_more = true;
	db_done(s);
	return ERR_OK;
}

static enum err count_followers(struct db *db, struct case_view *v)
{
	struct db_stmt *s = db_stmt(db, SQL_case_follower_list);
	bool row = true;

	db_bind_u64(s, 1, v->id);
	db_bind_u64(s, 2, CASES_FOLLOWERS_PAGE_MAX + 1);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		v->followers++;
	}
}

/* After texts of a row were taken: also where memory ran out for one. */
static enum err finish(struct db_stmt *s, enum err e)
{
	enum err finished = db_finish(s);

	return e == ERR_OK ? finished : e;
}

enum err cases_from(struct db *db, uint64_t id, struct arena *a, struct case_from *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_case_import_get);
	struct case_from from;
	bool row = false;
	enum err e;

	if (id > INT64_MAX)
		return ERR_NOT_FOUND;
	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	from = (struct case_from){.opened_us = db_i64(s, 3),
				  .closed_us = db_i64(s, 4),
				  .due_us = db_i64(s, 5)};
	e = copy(a, db_text(s, 0), &from.ext);
	if (e == ERR_OK)
		e = copy(a, db_text(s, 1), &from.category);
	if (e == ERR_OK)
		e = copy(a, db_text(s, 2), &from.status);
	e = finish(s, e);
	TRY(e);
	*ret = from;
	return ERR_OK;
}

static enum err get_from(struct db *db, struct arena *a, struct case_view *v)
{
	enum err e = v->marks & CASE_MARK_IMPORTED ? cases_from(db, v->id, a, &v->from) : ERR_OK;

	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err cases_view(struct db *db, uint64_t id, struct arena *a, struct case_view *ret)
{
	struct case_row row;
	struct str text;

	TRY(case_row_get(db, id, &row));
	*ret = (struct case_view){.id = id};
	TRY(copy(a, row.doc, &text));
	TRY(get_columns(&row, a, ret));
	TRY(get_doc(text, ret));
	TRY(get_ties(db, ret));
	TRY(get_from(db, a, ret));
	return count_followers(db, ret);
}

enum err cases_finding(struct db *db, uint64_t id, struct arena *a, struct case_found *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_case_finding_get);
	struct case_found f = {.case_id = id};
	bool row = false;
	enum err e;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	f.file = db_u64(s, 1);
	e = copy(a, db_text(s, 2), &f.checklist);
	e = e == ERR_OK ? copy(a, db_text(s, 3), &f.line) : e;
	e = e == ERR_OK ? copy(a, db_text(s, 4), &f.category) : e;
	e = finish(s, e);
	TRY(e);
	*ret = f;
	return ERR_OK;
}

enum err cases_after(struct db *db, uint64_t after, unsigned limit, uint64_t *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_case_after);
	unsigned n = 0;
	bool row = true;

	db_bind_u64(s, 1, after);
	db_bind_u64(s, 2, limit);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		ret[n++] = db_u64(s, 0);
	}
	*ret_n = n;
	return ERR_OK;
}

enum err cases_count(struct db *db, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_case_count);
	bool row = false;

	TRY(db_step(db, s, &row));
	*ret = db_u64(s, 0);
	db_done(s);
	return ERR_OK;
}

enum err cases_by_number(struct db *db, uint64_t number, uint64_t *ret_id)
{
	struct db_stmt *s = db_stmt(db, SQL_case_number_get);
	bool row = false;

	db_bind_u64(s, 1, number);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret_id = db_u64(s, 0);
	db_done(s);
	return ERR_OK;
}

/* The field says which case was named last; the tie, that it was by a joining. */
static enum err joined_once(struct db *db, uint64_t *id, uint64_t *number)
{
	struct case_row row;
	struct str named;
	struct db_stmt *s;
	uint64_t target = 0;
	bool is_joined = false;

	TRY(case_row_get(db, *id, &row));
	*number = row.number;
	if (!case_doc_find(row.doc, 'f', STR("linked_case"), &named) ||
	    !str_to_u64(named, &target))
		return ERR_NOT_FOUND;
	s = db_stmt(db, SQL_case_link_get);
	db_bind_u64(s, 1, target);
	db_bind_i64(s, 2, CASE_TIE_JOINED);
	db_bind_u64(s, 3, *id);
	TRY(db_step(db, s, &is_joined));
	db_done(s);
	*id = target;
	return is_joined ? ERR_OK : ERR_NOT_FOUND;
}

enum err cases_joined_to(struct db *db, uint64_t id, uint64_t *ret_number)
{
	uint64_t at = id, number = 0;
	enum err e = ERR_OK;
	unsigned way = 0;

	while (e == ERR_OK && way < CASES_JOINED_WAY_MAX) {
		e = joined_once(db, &at, &number);
		way += e == ERR_OK;
	}
	if (e != ERR_OK && (e != ERR_NOT_FOUND || way == 0))
		return e;
	*ret_number = number;
	return ERR_OK;
}

enum err cases_step_read(struct db *db, uint64_t n, struct arena *a, struct case_step_read *ret)
{
	struct case_step_read step = {0};
	struct entry_view view;
	const struct entry_value *data = NULL;
	const void *decoded = NULL;
	void *tree = NULL;
	char *memory = arena_alloc(a, ENTRY_BYTES_MAX);
	enum err e;

	if (!memory)
		return ERR_NO_MEMORY;
	TRY(journal_entry(db, n, memory, &view));
	TRY(kind_parse(view.body, a, &step.head, &tree, &data));
	if (step.head.kind == KIND_CASE_HANDED_IN)
		e = case_new_decode(data, a, &decoded);
	else if (step.head.kind == KIND_CASE_MOVED)
		e = case_moved_decode(data, a, &decoded);
	else if (step.head.kind == KIND_CASE_ATTACHED)
		e = attached_decode(data, a, &decoded);
	else if (step.head.kind == KIND_CASE_IMPORTED)
		e = case_imported_decode(data, a, &decoded);
	else
		e = ERR_NOT_FOUND;
	free(tree);
	TRY(e);
	if (step.head.kind == KIND_CASE_ATTACHED)
		step.attached = decoded;
	else
		step.entry = decoded;
	step.prev = step.attached ? step.attached->prev : step.entry->prev;
	*ret = step;
	return ERR_OK;
}

enum err cases_entry(struct db *db, uint64_t n, struct arena *a, struct entry_head *ret_head,
		     const struct case_entry **ret)
{
	struct case_step_read step;

	TRY(cases_step_read(db, n, a, &step));
	if (!step.entry)
		return ERR_NOT_FOUND;
	*ret_head = step.head;
	*ret = step.entry;
	return ERR_OK;
}

enum err cases_is_step(struct db *db, uint64_t n, uint64_t id, bool *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_case_change_of);
	bool row = false;

	if (n > INT64_MAX) {
		*ret = false;
		return ERR_OK;
	}
	db_bind_u64(s, 1, n);
	TRY(db_step(db, s, &row));
	*ret = row && db_u64(s, 0) == id;
	if (row)
		db_done(s);
	return ERR_OK;
}

enum err cases_attachments(struct db *db, uint64_t id, struct arena *a,
			   struct case_attachment_row *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_attachment_list);
	bool row = true;
	unsigned n = 0;

	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, 0);
	db_bind_u64(s, 3, CASE_ATTACHMENTS_MAX);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		ret[n] = (struct case_attachment_row){.n = db_u64(s, 0),
						      .bytes = db_u64(s, 3),
						      .field = arena_copy(a, db_text(s, 1)),
						      .media = arena_copy(a, db_text(s, 4)),
						      .is_evidence = db_i64(s, 5) != 0};
		if (a->over) {
			db_done(s);
			return ERR_NO_MEMORY;
		}
		n++;
	}
	*ret_n = n;
	return ERR_OK;
}

enum err cases_text(struct reader *r, uint64_t n, struct str field, struct arena *a,
		    struct str *ret)
{
	const struct case_entry *entry = NULL;
	struct entry_head head;
	struct seal_key key;
	struct str text;
	bool going = false;
	uint8_t *out;
	enum err e;

	if (!r->keys)
		return ERR_KEYS;
	TRY(cases_entry(r->db, n, a, &head, &entry));
	for (unsigned i = 0; i < entry->sealed_n; i++) {
		const struct sealed *v = &entry->sealed[i].value;
		if (!str_eq(entry->sealed[i].field, field))
			continue;
		/* from the COMMIT of the erasure on, also while the key is still there */
		TRY(outbox_waits_for(r->db, CHANNEL_KEY_DESTROY, v->key_id, &going));
		if (going)
			return ERR_GONE;
		TRY(keyring_get(r->keys, v->key_id, &key));
		out = arena_alloc(a, v->box.n);
		e = !out ? ERR_NO_MEMORY
			 : seal_open(&key, v->key_id, field, v->box, &v->h, out, &text);
		seal_wipe(&key, sizeof key);
		TRY(e);
		*ret = text;
		return ERR_OK;
	}
	return ERR_NOT_FOUND;
}

enum err cases_of_place(struct db *db, uint64_t place, uint64_t before, unsigned limit,
			uint64_t *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_case_place_list);
	bool row = true;
	unsigned n = 0;

	db_bind_u64(s, 1, place);
	db_bind_u64(s, 2, before == 0 ? INT64_MAX : before);
	db_bind_u64(s, 3, limit);
	while (n < limit) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		ret[n++] = db_u64(s, 0);
	}
	db_done(s);
	*ret_n = n;
	return ERR_OK;
}

enum err cases_in_use(struct db *db, struct shelf_pair *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_case_open_versions);
	bool row = true;
	unsigned n = 0;

	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		if (n == CASES_PAIRS_MAX) {
			db_done(s);
			return ERR_TOO_LARGE;
		}
		ret[n++] = (struct shelf_pair){
		    .type_n = db_u64(s, 0), .categories_n = db_u64(s, 1), .in_use = true};
	}
	*ret_n = n;
	return ERR_OK;
}

static enum err check_months(int from, int until)
{
	int n = (until / 100 - from / 100) * 12 + until % 100 - from % 100 + 1;

	if (from < 101 || from % 100 < 1 || from % 100 > 12 || until % 100 < 1 ||
	    until % 100 > 12 || n < 1)
		return ERR_BAD_INPUT;
	return n <= (int)CASES_FIGURES_MONTHS_MAX ? ERR_OK : ERR_TOO_LARGE;
}

enum err cases_figures(struct db *db, int from_month, int until_month, figure_row_fn *each,
		       void *ctx)
{
	enum err e = check_months(from_month, until_month);
	struct db_stmt *s;
	bool row = true;

	TRY(e);
	s = db_stmt(db, SQL_figure_list);
	db_bind_i64(s, 1, from_month);
	db_bind_i64(s, 2, until_month);
	for (unsigned n = 0; e == ERR_OK; n++) {
		struct figure_row r;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		r = (struct figure_row){(int)db_i64(s, 0), db_text(s, 1), db_text(s, 2),
					db_text(s, 3), db_u64(s, 4)};
		e = n == CASES_FIGURES_MAX ? ERR_TOO_LARGE : each(ctx, &r);
	}
	db_done(s);
	return e;
}

enum err cases_figures_of_areas(struct db *db, int from_month, int until_month, figure_row_fn *each,
				void *ctx)
{
	enum err e = check_months(from_month, until_month);
	struct db_stmt *s;
	bool row = true;

	TRY(e);
	s = db_stmt(db, SQL_figure_area_list);
	db_bind_i64(s, 1, from_month);
	db_bind_i64(s, 2, until_month);
	for (unsigned n = 0; e == ERR_OK; n++) {
		struct figure_row r;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		r = (struct figure_row){(int)db_i64(s, 0), db_text(s, 1), STR(""), db_text(s, 2),
					db_u64(s, 3)};
		e = n == CASES_FIGURES_MAX ? ERR_TOO_LARGE : each(ctx, &r);
	}
	db_done(s);
	return e;
}

enum err cases_hand_backs(struct db *db, hand_back_row_fn *each, void *ctx)
{
	struct db_stmt *s = db_stmt(db, SQL_hand_back_list);
	enum err e = ERR_OK;
	bool row = true;

	for (unsigned n = 0; e == ERR_OK; n++) {
		struct hand_back_row r;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		r = (struct hand_back_row){db_text(s, 0), db_text(s, 1), db_text(s, 2),
					   db_text(s, 3), db_u64(s, 4),  db_u64(s, 5)};
		e = n == CASES_HAND_BACK_ROWS_MAX ? ERR_TOO_LARGE : each(ctx, &r);
	}
	db_done(s);
	return e;
}
