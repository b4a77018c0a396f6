/* An entry of a case into rows. Nothing is decided here. */
#include "base/check.h"
#include "service/case_parties.h"
#include "service/case_row.h"
#include "service/kind_case.h"
#include "service/kinds.h"

/* Lines of one entry: fields, what is removed, clocks, signatures, texts, ties, conditions, stopped
 * clocks, the actor's hand, who reports, who was told. */
#define LINES_MAX (4u * CASE_ENTRY_NAMES_MAX + CASE_SEALED_MAX + CASE_TIES_MAX + 5u)
#define LINE_TEXT_BYTES 24576u

struct lines {
	struct case_doc_line at[LINES_MAX];
	unsigned n;
	struct buf text;
	char memory[LINE_TEXT_BYTES];
};

static void add(struct lines *l, char prefix, struct str name, size_t value_from)
{
	size_t key_from = l->text.n;

	buf_put_char(&l->text, prefix);
	buf_put_char(&l->text, ':');
	buf_put_str(&l->text, name);
	CHECK(l->n < LINES_MAX);
	if (l->text.over)
		return;
	l->at[l->n++] =
	    (struct case_doc_line){.key = {l->memory + key_from, l->text.n - key_from},
				   .value = {l->memory + value_from, key_from - value_from}};
}

static void add_fields(struct lines *l, const struct case_entry *d, uint64_t n)
{
	size_t from;

	for (unsigned i = 0; i < d->fields_n; i++) {
		from = l->text.n;
		if (d->fields[i].is_word)
			buf_put_str(&l->text, d->fields[i].word);
		else
			buf_put_i64(&l->text, d->fields[i].number);
		add(l, 'f', d->fields[i].field, from);
	}
	for (unsigned i = 0; i < d->removed_n; i++)
		add(l, 'f', d->removed[i], l->text.n);
	/* where the newest text stands; a follower's own words are not the case's */
	for (unsigned i = 0; i < d->sealed_n && !d->has_follower; i++) {
		from = l->text.n;
		buf_put_u64(&l->text, n);
		add(l, 'f', d->sealed[i].field, from);
	}
}

/* At an end no clock runs any more; when each ended is in the entries. */
static void add_clocks(struct lines *l, const struct case_entry *d, struct str doc)
{
	struct case_doc_line line;
	unsigned clocks = 0;

	while (d->is_final && clocks < CASE_ENTRY_NAMES_MAX && case_doc_next(&doc, &line))
		if (line.key.p[0] == 'c' && ++clocks)
			l->at[l->n++] = (struct case_doc_line){.key = line.key};
	if (d->is_final)
		return;
	for (unsigned i = 0; i < d->clocks_n; i++) {
		size_t from = l->text.n;
		if (d->clocks[i].clock.run != CASE_RUN_NONE)
			case_doc_put_clock(&d->clocks[i].clock, &l->text);
		add(l, 'c', d->clocks[i].name, from);
	}
}

static void add_parts(struct lines *l, const struct case_entry *d)
{
	for (unsigned i = 0; i < d->parts_n; i++) {
		size_t from = l->text.n;
		buf_put_i64(&l->text, d->parts[i].until_day);
		buf_put_z(&l->text, d->parts[i].is_done ? " 1" : " 0");
		add(l, 'p', d->parts[i].unit, from);
	}
}

/* A signature adds the first half of the handle to the field's line. */
static void add_signatures(struct lines *l, const struct case_entry *d, struct str doc,
			   const struct actor *actor)
{
	char hex[HANDLE_BYTES + 1];
	struct buf half = buf_over(hex, sizeof hex);
	struct str old;

	buf_put_hex(&half, actor->handle, HANDLE_BYTES / 2);
	for (unsigned i = 0; i < d->signed_n && actor->has_handle; i++) {
		size_t from = l->text.n;
		if (case_doc_find(doc, 's', d->signed_[i], &old)) {
			if (memmem(old.p, old.n, half.p, half.n))
				continue;
			buf_put_str(&l->text, old);
			buf_put_char(&l->text, ' ');
		}
		buf_put_str(&l->text, buf_str(&half));
		add(l, 's', d->signed_[i], from);
	}
}

static void add_names(struct lines *l, struct str key, const struct str *names, unsigned n)
{
	size_t from = l->text.n;

	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			buf_put_char(&l->text, ' ');
		buf_put_str(&l->text, names[i]);
	}
	add(l, 'm', key, from);
}

/* A follower's hand is in the follower's row: there may be more of them than of those who act. */
static void add_hand(struct lines *l, const struct case_entry *d, struct str doc,
		     const struct actor *actor)
{
	char hex[2 * HANDLE_BYTES + 1];
	struct buf handle = buf_over(hex, sizeof hex);
	size_t from = l->text.n;
	struct str old;

	if (!d->has_hand || d->has_follower)
		return;
	buf_put_hex(&handle, actor->handle, HANDLE_BYTES);
	buf_put_u64(&l->text, d->hand.key_id);
	add(l, 'h', buf_str(&handle), from);
	if (!str_eq(actor->role, STR("reporter")))
		return;
	from = l->text.n;
	if (case_doc_find(doc, 'm', STR("reporter"), &old)) {
		buf_put_str(&l->text, old);
		buf_put_char(&l->text, ' ');
	}
	buf_put_str(&l->text, buf_str(&handle));
	add(l, 'm', STR("reporter"), from);
}

/* Whom the dispatch told, until another one. */
static void add_told(struct lines *l, const struct case_entry *d)
{
	if (d->told_n > 0 || str_eq(d->command, STR("dispatch")))
		add_names(l, STR(CASE_TOLD), d->told, d->told_n);
}

static void add_rest(struct lines *l, const struct case_entry *d, struct str doc,
		     const struct actor *actor)
{
	size_t from;

	add_names(l, STR("conditions"), d->conditions, d->conditions_n);
	add_names(l, STR("stopped"), d->stopped, d->is_final ? 0 : d->stopped_n);
	for (unsigned i = 0; i < d->ties_n; i++) {
		if (d->ties[i].kind != CASE_TIE_REPEAT)
			continue;
		from = l->text.n;
		buf_put_u64(&l->text, d->ties[i].target);
		add(l, 'm', STR("repeats"), from);
	}
	add_told(l, d);
	add_hand(l, d, doc, actor);
}

static int by_key(const void *x, const void *y)
{
	const struct case_doc_line *a = x, *b = y;
	int c = memcmp(a->key.p, b->key.p, a->key.n < b->key.n ? a->key.n : b->key.n);

	return c != 0 ? c : (a->key.n > b->key.n) - (a->key.n < b->key.n);
}

/* Insertion: a few lines, nearly in order. */
static void sort_lines(struct lines *l)
{
	for (unsigned i = 1; i < l->n; i++)
		for (unsigned k = i; k > 0 && by_key(&l->at[k - 1], &l->at[k]) > 0; k--) {
			struct case_doc_line t = l->at[k];
			l->at[k] = l->at[k - 1];
			l->at[k - 1] = t;
		}
}

static enum err new_doc(struct str doc, const struct entry_head *head, const struct case_entry *d,
			struct buf *out)
{
	struct lines l;

	l.n = 0;
	l.text = buf_over(l.memory, sizeof l.memory);
	add_fields(&l, d, head->n);
	add_clocks(&l, d, doc);
	add_parts(&l, d);
	add_signatures(&l, d, doc, &head->actor);
	add_rest(&l, d, doc, &head->actor);
	if (l.text.over)
		return ERR_TOO_LARGE;
	sort_lines(&l);
	return case_doc_merge(doc, l.at, l.n, out);
}

/* ---- rows ---- */

/* The row that the entry follows: the decision's, or read; of a new case what its entry says. Where
 * the case is stands in spot_of(). */
static enum err row_before(struct db *db, const struct case_entry *d, struct case_row *memory,
			   const struct case_row **ret)
{
	enum err e;

	*ret = memory;
	if (d->is_new) {
		memory->number = d->number;
		memory->type_n = d->type_n;
		memory->categories_n = d->categories_n;
		memory->closed_us = 0;
		memory->doc = STR("");
		return ERR_OK;
	}
	if (d->row && d->row->id == d->id && d->row->n == d->prev) {
		*ret = d->row;
		return ERR_OK;
	}
	e = case_row_get(db, d->id, memory);
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static struct case_spot spot_of(const struct case_row *row)
{
	return (struct case_spot){row->place, row->has_at, row->lat_e7, row->lon_e7, row->area};
}

/* Of another office's record when that office closed it; where that is not known, not before it was
 * opened. */
static int64_t closed_at(const struct entry_head *head, const struct case_entry *d, int64_t before)
{
	if (d->is_imported && d->is_final)
		return d->from.closed_us != 0 ? d->from.closed_us : d->from.opened_us;
	if (!(d->marks & CASE_MARK_CLOSED) && !d->is_final)
		return 0;
	return before != 0 ? before : head->at_us;
}

static enum err put_place(struct db *db, enum sql sql, uint64_t place, uint64_t id)
{
	struct db_stmt *s;

	if (place == 0)
		return ERR_OK;
	s = db_stmt(db, sql);
	db_bind_u64(s, 1, place);
	db_bind_u64(s, 2, id);
	return db_run(db, s);
}

static enum err put_new(struct db *db, const struct entry_head *head, const struct case_entry *d,
			struct str doc)
{
	struct db_stmt *s = db_stmt(db, SQL_case_insert);

	db_bind_u64(s, 1, head->n);
	db_bind_i64(s, 2, head->at_us);
	db_bind_i64(s, 3, d->happened_us);
	db_bind_u64(s, 4, d->number);
	db_bind_u64(s, 5, d->type_n);
	db_bind_u64(s, 6, d->categories_n);
	db_bind_u64(s, 7, d->key_id);
	db_bind_u64(s, 8, d->spot.place);
	db_bind_i64(s, 9, d->spot.has_at);
	db_bind_i64(s, 10, d->spot.lat_e7);
	db_bind_i64(s, 11, d->spot.lon_e7);
	db_bind_text(s, 12, d->spot.area);
	db_bind_text(s, 13, d->category);
	db_bind_text(s, 14, d->state);
	db_bind_i64(s, 15, d->step);
	db_bind_text(s, 16, d->outcome);
	db_bind_text(s, 17, d->unit);
	db_bind_i64(s, 18, d->marks);
	db_bind_i64(s, 19, closed_at(head, d, 0));
	db_bind_bytes(s, 20, doc.p, doc.n);
	db_bind_i64(s, 21, d->forget_us);
	TRY(db_run(db, s));
	s = db_stmt(db, SQL_case_number_insert);
	db_bind_u64(s, 1, d->number);
	db_bind_u64(s, 2, head->n);
	TRY(db_run(db, s));
	return put_place(db, SQL_case_place_insert, d->spot.place, head->n);
}

/* Its place was corrected: wherever the old one stands. What was counted by grid stays where it was
 * counted. */
static enum err put_elsewhere(struct db *db, const struct case_entry *d)
{
	const enum sql both[] = {SQL_case_relocate, SQL_case_open_relocate};

	for (unsigned i = 0; i < 2; i++) {
		struct db_stmt *s = db_stmt(db, both[i]);
		db_bind_u64(s, 1, d->id);
		db_bind_u64(s, 2, d->spot.place);
		db_bind_i64(s, 3, d->spot.has_at);
		db_bind_i64(s, 4, d->spot.lat_e7);
		db_bind_i64(s, 5, d->spot.lon_e7);
		db_bind_text(s, 6, d->spot.area);
		TRY(db_run(db, s));
	}
	TRY(put_place(db, SQL_case_place_delete, d->was.place, d->id));
	return put_place(db, SQL_case_place_insert, d->spot.place, d->id);
}

static enum err put_moved(struct db *db, const struct entry_head *head, const struct case_entry *d,
			  const struct case_row *row, struct str doc)
{
	struct db_stmt *s = db_stmt(db, SQL_case_update);

	db_bind_u64(s, 1, d->id);
	db_bind_u64(s, 2, head->n);
	db_bind_text(s, 3, d->category);
	db_bind_text(s, 4, d->state);
	db_bind_i64(s, 5, d->step);
	db_bind_text(s, 6, d->outcome);
	db_bind_text(s, 7, d->unit);
	db_bind_i64(s, 8, d->marks);
	db_bind_i64(s, 9, closed_at(head, d, row->closed_us));
	db_bind_bytes(s, 10, doc.p, doc.n);
	db_bind_i64(s, 11, d->forget_us);
	return db_run(db, s);
}

static enum err insert_open(struct db *db, const struct entry_head *head,
			    const struct case_entry *d, const struct case_row *row,
			    const struct case_spot *spot, const struct case_parties *units)
{
	struct db_stmt *s = db_stmt(db, SQL_case_open_insert);

	db_bind_u64(s, 1, d->is_new ? head->n : d->id);
	db_bind_u64(s, 2, head->n);
	db_bind_i64(s, 3, d->due_us);
	db_bind_i64(s, 4, d->next_us);
	db_bind_u64(s, 5, row->number);
	db_bind_u64(s, 6, row->type_n);
	db_bind_u64(s, 7, row->categories_n);
	db_bind_u64(s, 8, spot->place);
	db_bind_i64(s, 9, spot->has_at);
	db_bind_i64(s, 10, spot->lat_e7);
	db_bind_i64(s, 11, spot->lon_e7);
	db_bind_i64(s, 12, d->priority);
	db_bind_i64(s, 13, d->step);
	db_bind_i64(s, 14, d->is_drill);
	db_bind_text(s, 15, d->category);
	db_bind_text(s, 16, d->state);
	db_bind_text(s, 17, d->owner);
	db_bind_text(s, 18, d->unit);
	db_bind_text(s, 19, spot->area);
	db_bind_i64(s, 20, d->marks);
	db_bind_text(s, 21, units->joint);
	db_bind_text(s, 22, units->told);
	return db_run(db, s);
}

enum change { CHANGE_NOTHING, CHANGE_ROW, CHANGE_ROW_AND_NEXT, CHANGE_INSERT };

/* No clock, field or column is another one, so what the queue shows is not: of a message. */
static bool leaves_the_queue(const struct case_entry *d, const struct case_row *row)
{
	bool is_silent = d->clocks_n + d->fields_n + d->removed_n + d->parts_n + d->told_n == 0;

	return is_silent && !d->is_elsewhere && !str_eq(d->command, STR("dispatch")) &&
	       d->step == (int)row->step && d->marks == row->marks &&
	       str_eq(d->state, row->state) && str_eq(d->unit, row->unit) &&
	       str_eq(d->category, row->category);
}

/* What an entry changes of what the queue shows; where it is changes by put_elsewhere. A page that
 * is not touched is not written, nor is the index where the timer looks at the same instant as
 * before. */
static enum err change_of(struct db *db, const struct case_entry *d,
			  const struct case_parties *units, enum change *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_case_open_get);
	bool row = false;

	db_bind_u64(s, 1, d->id);
	TRY(db_step(db, s, &row));
	*ret = CHANGE_INSERT;
	if (!row)
		return ERR_OK;
	*ret = d->is_elsewhere ? CHANGE_ROW : CHANGE_NOTHING;
	if (db_i64(s, 2) != d->next_us)
		*ret = CHANGE_ROW_AND_NEXT;
	else if (db_i64(s, 1) != d->due_us || db_i64(s, 10) != d->priority ||
		 db_i64(s, 11) != d->step || db_i64(s, 18) != d->marks ||
		 !str_eq(db_text(s, 13), d->category) || !str_eq(db_text(s, 14), d->state) ||
		 !str_eq(db_text(s, 15), d->owner) || !str_eq(db_text(s, 16), d->unit) ||
		 !str_eq(db_text(s, 19), units->joint) || !str_eq(db_text(s, 20), units->told))
		*ret = CHANGE_ROW;
	return db_finish(s);
}

static enum err update_open(struct db *db, const struct entry_head *head,
			    const struct case_entry *d, const struct case_parties *units,
			    bool with_next)
{
	struct db_stmt *s =
	    db_stmt(db, with_next ? SQL_case_open_update_next : SQL_case_open_update);

	db_bind_u64(s, 1, d->id);
	db_bind_u64(s, 2, head->n);
	db_bind_i64(s, 3, d->due_us);
	db_bind_i64(s, 4, d->priority);
	db_bind_i64(s, 5, d->step);
	db_bind_text(s, 6, d->category);
	db_bind_text(s, 7, d->state);
	db_bind_text(s, 8, d->owner);
	db_bind_text(s, 9, d->unit);
	db_bind_i64(s, 10, d->marks);
	db_bind_text(s, 11, units->joint);
	db_bind_text(s, 12, units->told);
	if (with_next)
		db_bind_i64(s, 13, d->next_us);
	return db_run(db, s);
}

static enum err put_open(struct db *db, const struct entry_head *head, const struct case_entry *d,
			 const struct case_row *row, const struct case_spot *spot, struct str doc)
{
	enum change change = CHANGE_INSERT;
	struct case_parties units;
	struct db_stmt *s;

	if (d->is_final) {
		s = db_stmt(db, SQL_case_open_delete);
		db_bind_u64(s, 1, d->is_new ? head->n : d->id);
		return db_run(db, s);
	}
	if (!d->is_new && leaves_the_queue(d, row))
		return ERR_OK;
	case_parties_of(doc, &units);
	if (!d->is_new)
		TRY(change_of(db, d, &units, &change));
	if (change == CHANGE_INSERT)
		return insert_open(db, head, d, row, spot, &units);
	return change == CHANGE_NOTHING
		   ? ERR_OK
		   : update_open(db, head, d, &units, change == CHANGE_ROW_AND_NEXT);
}

/* Of a grid only what was handed in, opened and repeated: it has one worker. */
static enum err put_figures(struct db *db, const struct entry_head *head,
			    const struct case_entry *d, struct str area)
{
	struct db_stmt *s;

	for (unsigned i = 0; i < d->figures_n; i++) {
		struct str name = d->figures[i];
		s = db_stmt(db, SQL_figure_add);
		db_bind_i64(s, 1, d->month);
		db_bind_text(s, 2, d->counted);
		db_bind_text(s, 3, d->category);
		db_bind_text(s, 4, name);
		TRY(db_run(db, s));
		if (str_eq(name, STR("handed_in")) || str_eq(name, STR("opened")) ||
		    str_eq(name, STR("repeated"))) {
			s = db_stmt(db, SQL_figure_area_add);
			db_bind_i64(s, 1, d->month);
			db_bind_text(s, 2, area);
			db_bind_text(s, 3, name);
			TRY(db_run(db, s));
		}
		if (!str_eq(name, STR("hand_back_upheld")))
			continue;
		s = db_stmt(db, SQL_hand_back_add);
		db_bind_text(s, 1, d->category);
		db_bind_text(s, 2, area);
		db_bind_text(s, 3, d->counted);
		db_bind_text(s, 4, d->unit);
		db_bind_u64(s, 5, head->n);
		TRY(db_run(db, s));
	}
	return ERR_OK;
}

static enum err put_import(struct db *db, uint64_t id, const struct case_entry *d)
{
	struct db_stmt *s =
	    db_stmt(db, d->is_new ? SQL_case_import_insert : SQL_case_import_update);

	db_bind_u64(s, 1, id);
	db_bind_text(s, 2, d->from.status);
	db_bind_i64(s, 3, d->from.closed_us);
	db_bind_i64(s, 4, d->from.due_us);
	if (d->is_new) {
		db_bind_text(s, 5, d->from.ext);
		db_bind_text(s, 6, d->from.category);
		db_bind_i64(s, 7, d->from.opened_us);
	}
	return db_run(db, s);
}

static enum err put_beside(struct db *db, const struct entry_head *head, const struct case_entry *d,
			   struct str area)
{
	uint64_t id = d->is_new ? head->n : d->id, key = d->is_new ? d->key_id : 0;
	struct db_stmt *s;

	if (d->has_hand && d->hand.key_id > key)
		key = d->hand.key_id;
	if (d->has_follower && d->follower_key > key)
		key = d->follower_key;
	if (key > 0)
		TRY(kind_uses_key(db, key));
	s = db_stmt(db, SQL_case_change_insert);
	db_bind_u64(s, 1, head->n);
	db_bind_u64(s, 2, id);
	TRY(db_run(db, s));
	for (unsigned i = 0; i < d->ties_n; i++) {
		s = db_stmt(db, SQL_case_link_put);
		db_bind_u64(s, 1, d->ties[i].target);
		db_bind_i64(s, 2, d->ties[i].kind);
		db_bind_u64(s, 3, id);
		db_bind_u64(s, 4, head->n);
		TRY(db_run(db, s));
	}
	TRY(put_figures(db, head, d, area));
	if (d->is_imported)
		TRY(put_import(db, id, d));
	if (!d->has_follower)
		return ERR_OK;
	s = db_stmt(db, SQL_case_follower_insert);
	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, head->n);
	db_bind_u64(s, 3, d->follower_key);
	db_bind_text(s, 4, d->follower_channel);
	db_bind_i64(s, 5, d->follower_is_confidential);
	db_bind_u64(s, 6, d->has_hand ? d->hand.key_id : 0);
	return db_run(db, s);
}

/* A row's document with one more hand. */
static enum err merge_hand(struct db *db, const struct entry_head *head, struct str doc,
			   const struct sealed *hand, struct buf *ret)
{
	struct case_entry none = {.has_hand = hand != NULL};
	struct lines l;

	l.n = 0;
	l.text = buf_over(l.memory, sizeof l.memory);
	if (hand) {
		none.hand = *hand;
		TRY(kind_uses_key(db, hand->key_id));
		add_hand(&l, &none, doc, &head->actor);
		sort_lines(&l);
	}
	return case_doc_merge(doc, l.at, l.n, ret);
}

enum err case_touch(struct db *db, const struct entry_head *head, uint64_t id,
		    const struct sealed *hand)
{
	struct case_row row;
	char memory[CASE_DOC_BYTES_MAX];
	struct buf doc = buf_over(memory, sizeof memory);
	struct db_stmt *s;
	enum err e = case_row_get(db, id, &row);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	TRY(merge_hand(db, head, row.doc, hand, &doc));
	s = db_stmt(db, SQL_case_touch);
	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, head->n);
	db_bind_bytes(s, 3, doc.p, doc.n);
	TRY(db_run(db, s));
	s = db_stmt(db, SQL_case_change_insert);
	db_bind_u64(s, 1, head->n);
	db_bind_u64(s, 2, id);
	return db_run(db, s);
}

enum err case_take_hand(struct db *db, const struct entry_head *head, uint64_t id,
			const struct sealed *hand)
{
	struct case_row row;
	char memory[CASE_DOC_BYTES_MAX];
	struct buf doc = buf_over(memory, sizeof memory);
	struct db_stmt *s;
	enum err e = case_row_get(db, id, &row);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
	TRY(merge_hand(db, head, row.doc, hand, &doc));
	s = db_stmt(db, SQL_case_doc_set);
	db_bind_u64(s, 1, id);
	db_bind_bytes(s, 2, doc.p, doc.n);
	return db_run(db, s);
}

enum err case_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct case_entry *d = data;
	struct case_row read;
	const struct case_row *row = NULL;
	struct case_spot spot;
	char memory[CASE_DOC_BYTES_MAX];
	struct buf doc = buf_over(memory, sizeof memory);

	TRY(row_before(db, d, &read, &row));
	spot = d->is_new || d->is_elsewhere ? d->spot : spot_of(row);
	if (spot.area.n > CASES_NAME_BYTES_MAX)
		return ERR_CORRUPT;
	TRY(new_doc(row->doc, head, d, &doc));
	if (d->is_new)
		TRY(put_new(db, head, d, buf_str(&doc)));
	else
		TRY(put_moved(db, head, d, row, buf_str(&doc)));
	TRY(put_open(db, head, d, row, &spot, buf_str(&doc)));
	if (d->is_elsewhere)
		TRY(put_elsewhere(db, d));
	return put_beside(db, head, d, spot.area);
}
