/* A row into a case as decisions see it: names become indices. */
#include "case_file.h"

#include "service/case_parties.h"
#include "service/cases.h"
#include "service/kind_case.h"

#include <stdlib.h>

unsigned case_field_find(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; i < t->fields_n; i++)
		if (str_eq(t->fields[i].name.text, name))
			return i;
	return CASES_NONE;
}

unsigned case_clock_find(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; i < t->clocks_n; i++)
		if (str_eq(t->clocks[i].name.text, name))
			return i;
	return CASES_NONE;
}

unsigned case_unit_find(const struct cases_book *b, struct str code)
{
	for (unsigned i = 0; i < b->units_n; i++)
		if (str_eq(b->units[i].name.text, code))
			return i;
	return CASES_NONE;
}

unsigned case_category_find(const struct cases_categories *c, struct str code)
{
	for (unsigned i = 0; i < c->n; i++)
		if (str_eq(c->v[i].name.text, code))
			return i;
	return CASES_NONE;
}

unsigned case_choice_find(const struct cases_field *f, struct str name)
{
	for (unsigned i = 0; i < f->choices_n; i++)
		if (str_eq(f->choices[i].name.text, name))
			return i;
	return CASES_NONE;
}

/* ---- names as numbers ---- */

static uint64_t front_of(struct str name)
{
	uint64_t v = 0;

	memcpy(&v, name.p, name.n < sizeof v ? name.n : sizeof v);
	return v;
}

static void take_names(const struct case_file *c, struct case_names *n)
{
	struct case_names_type *t = &n->type[c->type_n % CASE_NAMES_TYPES];

	if (t->of != c->type || t->n != c->type_n) {
		for (unsigned i = 0; i < c->type->fields_n; i++)
			t->field[i] = front_of(c->type->fields[i].name.text);
		for (unsigned i = 0; i < c->type->clocks_n; i++)
			t->clock[i] = front_of(c->type->clocks[i].name.text);
		t->of = c->type;
		t->n = c->type_n;
	}
	if (n->categories_of != c->categories || n->categories_n != c->categories_n)
		for (unsigned i = 0; i < c->categories->n; i++)
			n->category[i] = front_of(c->categories->v[i].name.text);
	n->categories_of = c->categories;
	n->categories_n = c->categories_n;
}

static unsigned find_field(const struct case_file *c, const struct case_names_type *t,
			   struct str name)
{
	uint64_t front = front_of(name);

	for (unsigned i = 0; t && i < c->type->fields_n; i++)
		if (t->field[i] == front && str_eq(c->type->fields[i].name.text, name))
			return i;
	return case_field_find(c->type, name);
}

static unsigned find_clock(const struct case_file *c, const struct case_names_type *t,
			   struct str name)
{
	uint64_t front = front_of(name);

	for (unsigned i = 0; t && i < c->type->clocks_n; i++)
		if (t->clock[i] == front && str_eq(c->type->clocks[i].name.text, name))
			return i;
	return case_clock_find(c->type, name);
}

static unsigned find_category(const struct case_file *c, const struct case_names *n,
			      struct str code)
{
	uint64_t front = front_of(code);

	for (unsigned i = 0; n && i < c->categories->n; i++)
		if (n->category[i] == front && str_eq(c->categories->v[i].name.text, code))
			return i;
	return case_category_find(c->categories, code);
}

/* ---- lines of a document ---- */

/* What a document is read by; names and their part of the type NULL: by walking. */
struct reading {
	const struct cases_shelf *shelf;
	const struct case_names *names;
	const struct case_names_type *type;
};

static bool parse_i64(struct str s, int64_t *ret)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t v = 0;

	if (!str_to_u64((struct str){s.p + minus, s.n - minus}, &v) || v > INT64_MAX)
		return false;
	*ret = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

/* A unit that the files do not know any more is no unit: the case has none until it is sent again.
 */
static bool get_value(const struct reading *r, struct case_file *c, unsigned field,
		      struct str value)
{
	const struct cases_field *f = &c->type->fields[field];
	unsigned index = 0;
	int64_t number = 0;

	if (f->kind == CASES_FIELD_CHOICE)
		index = case_choice_find(f, value);
	else if (f->kind == CASES_FIELD_UNIT)
		index = case_unit_find(&r->shelf->now, value);
	else if (f->kind == CASES_FIELD_CATEGORY)
		index = find_category(c, r->names, value);
	else if (!parse_i64(value, &number))
		return false;
	if (index == CASES_NONE)
		return f->kind == CASES_FIELD_UNIT;
	c->now.rec.value[field] = f->kind == CASES_FIELD_CHOICE || f->kind == CASES_FIELD_UNIT ||
					  f->kind == CASES_FIELD_CATEGORY
				      ? index
				      : number;
	c->now.rec.filled |= UINT64_C(1) << field;
	return true;
}

static bool get_signers(struct case_file *c, unsigned field, struct str value)
{
	struct case_rec *rec = &c->now.rec;

	for (size_t at = 0; at < value.n; at += HANDLE_BYTES + 1) {
		uint8_t half[HANDLE_BYTES / 2];
		uint64_t handle = 0;
		if (value.n - at < HANDLE_BYTES ||
		    !hex_decode((struct str){value.p + at, HANDLE_BYTES}, half, sizeof half) ||
		    rec->signers_n == CASE_SIGNERS_MAX)
			return false;
		for (unsigned i = 0; i < sizeof half; i++)
			handle = handle << 8 | half[i];
		rec->signers[rec->signers_n++] = (struct case_signer){handle, field};
	}
	rec->filled |= UINT64_C(1) << field;
	return true;
}

static bool get_conditions(const struct cases_shelf *shelf, struct case_file *c, struct str value)
{
	while (value.n > 0) {
		const char *blank = memchr(value.p, ' ', value.n);
		size_t n = blank ? (size_t)(blank - value.p) : value.n;
		unsigned bit = shelf_condition(shelf, (struct str){value.p, n});
		if (bit < 64)
			c->now.conditions |= UINT64_C(1) << bit;
		value = (struct str){value.p + n + (blank != NULL), value.n - n - (blank != NULL)};
	}
	return true;
}

static bool get_hand(struct case_file *c, struct str name, struct str value)
{
	struct case_hand *h = &c->hands[c->hands_n];

	if (c->hands_n == CASE_HANDS_MAX || !hex_decode(name, h->handle, HANDLE_BYTES) ||
	    !str_to_u64(value, &h->key_id))
		return false;
	h->reports = false;
	c->hands_n++;
	return true;
}

/* Lines of hands come before it: keys ascend. */
static bool get_reporters(struct case_file *c, struct str value)
{
	while (value.n > 0) {
		uint8_t handle[HANDLE_BYTES];
		size_t n = value.n < 2 * HANDLE_BYTES ? value.n : 2 * HANDLE_BYTES;
		if (!hex_decode((struct str){value.p, n}, handle, HANDLE_BYTES))
			return false;
		for (unsigned i = 0; i < c->hands_n; i++)
			if (memcmp(c->hands[i].handle, handle, HANDLE_BYTES) == 0)
				c->hands[i].reports = true;
		n += value.n > n;
		value = (struct str){value.p + n, value.n - n};
	}
	return true;
}

static void set_run(struct case_file *c, unsigned clock)
{
	uint64_t bit = UINT64_C(1) << clock;
	enum case_run run = c->now.clocks.at[clock].run;

	c->now.rec.clocks_running |= run == CASE_RUN_RUNS ? bit : 0;
	c->now.rec.clocks_paused |= run == CASE_RUN_WAITS ? bit : 0;
}

static bool get_stopped(const struct reading *r, struct case_file *c, struct str value)
{
	uint64_t stopped = 0;

	while (value.n > 0) {
		const char *blank = memchr(value.p, ' ', value.n);
		size_t n = blank ? (size_t)(blank - value.p) : value.n;
		unsigned index = find_clock(c, r->type, (struct str){value.p, n});
		if (index == CASES_NONE)
			return false;
		stopped |= UINT64_C(1) << index;
		value = (struct str){value.p + n + (blank != NULL), value.n - n - (blank != NULL)};
	}
	c->now.rec.clocks_stopped = stopped;
	return true;
}

/* A unit that the files do not know any more has no part to wait for. */
static bool get_part(const struct cases_shelf *shelf, struct case_file *c, struct str name,
		     struct str value)
{
	struct case_part *part = &c->now.parts[c->now.parts_n];
	int64_t day;

	if (c->now.parts_n == CASE_PARTS_MAX || value.n < 3 || value.p[value.n - 2] != ' ' ||
	    !parse_i64((struct str){value.p, value.n - 2}, &day) || day != (int32_t)day)
		return false;
	part->unit = case_unit_find(&shelf->now, name);
	if (part->unit == CASES_NONE)
		return true;
	part->until_day = (int32_t)day;
	part->is_done = value.p[value.n - 1] == '1';
	c->now.parts_n++;
	return true;
}

static bool get_line(const struct reading *r, struct case_file *c, const struct case_doc_line *l)
{
	struct str name = {l->key.p + 2, l->key.n - 2};
	unsigned index;

	if (l->key.n < 3 || l->key.p[1] != ':')
		return false;
	switch (l->key.p[0]) {
	case 'c':
		index = find_clock(c, r->type, name);
		if (index == CASES_NONE || !case_doc_get_clock(l->value, &c->now.clocks.at[index]))
			return false;
		set_run(c, index);
		return true;
	case 'f':
		index = find_field(c, r->type, name);
		return index != CASES_NONE && get_value(r, c, index, l->value);
	case 's':
		index = find_field(c, r->type, name);
		return index != CASES_NONE && get_signers(c, index, l->value);
	case 'p':
		return get_part(r->shelf, c, name, l->value);
	case 'h':
		return get_hand(c, name, l->value);
	case 'm':
		if (str_eq(name, STR("stopped")))
			return get_stopped(r, c, l->value);
		if (str_eq(name, STR("conditions")))
			return get_conditions(r->shelf, c, l->value);
		if (str_eq(name, STR("reporter")))
			return get_reporters(c, l->value);
		if (str_eq(name, STR(CASE_TOLD)))
			return true; /* who looks on; nothing is decided by it */
		return str_eq(name, STR("repeats")) && str_to_u64(l->value, &c->repeats);
	default:
		return false;
	}
}

static enum err get_doc(const struct reading *r, struct case_file *c, struct str rest)
{
	struct case_doc_line line;

	for (unsigned i = 0; i < c->type->fields_n; i++)
		if (c->type->fields[i].kind == CASES_FIELD_COUNT)
			c->now.rec.filled |= UINT64_C(1) << i;
	while (case_doc_next(&rest, &line))
		if (!get_line(r, c, &line))
			return ERR_INTERNAL;
	return rest.n == 0 ? ERR_OK : ERR_INTERNAL;
}

static void get_columns(struct case_file *c)
{
	const struct case_row *row = &c->row;

	c->n = row->n;
	c->at_us = row->at_us;
	c->happened_us = row->happened_us;
	c->number = row->number;
	c->type_n = row->type_n;
	c->categories_n = row->categories_n;
	c->key_id = row->key_id;
	c->place = row->place;
	c->has_at = row->has_at;
	c->lat_e7 = row->lat_e7;
	c->lon_e7 = row->lon_e7;
	c->now.marks = row->marks;
	c->closed_us = row->closed_us;
	c->erased = row->erased;
	if (row->area.n > 0)
		memcpy(c->area, row->area.p, row->area.n);
	c->area_n = row->area.n;
}

static enum err get_row(const struct cases_shelf *shelf, struct case_names *names,
			struct case_file *c)
{
	struct reading r = {shelf, names, NULL};
	unsigned i;

	get_columns(c);
	c->type = shelf_type(shelf, c->type_n);
	c->categories = shelf_categories(shelf, c->categories_n);
	if (!c->type || !c->categories)
		return ERR_INTERNAL;
	for (i = 0; i < c->type->states_n; i++)
		if (str_eq(c->type->states[i].name.text, c->row.state))
			break;
	if (i == c->type->states_n)
		return ERR_INTERNAL;
	c->now.rec.state = i;
	if (names) {
		take_names(c, names);
		r.type = &names->type[c->type_n % CASE_NAMES_TYPES];
	}
	return get_doc(&r, c, c->row.doc);
}

enum err case_file_load(struct db *db, const struct cases_shelf *shelf, struct case_names *names,
			uint64_t id, struct case_file *ret)
{
	enum err e = case_row_get(db, id, &ret->row);

	if (e != ERR_OK)
		return e == ERR_CORRUPT ? ERR_INTERNAL : e;
	memset(ret, 0, offsetof(struct case_file, hands));
	ret->hands_n = 0;
	ret->id = id;
	return get_row(shelf, names, ret);
}

enum err cases_stuck(struct db *db, const struct cases_shelf *shelf, int64_t now_us, unsigned *ret)
{
	uint64_t *ids = malloc(CASES_STUCK_LOOK_MAX * sizeof *ids);
	struct case_file *file = malloc(sizeof *file);
	struct case_names names = {0};
	struct db_stmt *s = db_stmt(db, SQL_case_timer_due);
	unsigned n = 0, stuck = 0;
	enum err e = ids && file ? ERR_OK : ERR_NO_MEMORY;
	bool row = true;

	db_bind_i64(s, 1, now_us);
	db_bind_u64(s, 2, CASES_STUCK_LOOK_MAX);
	while (e == ERR_OK && (e = db_step(db, s, &row)) == ERR_OK && row)
		ids[n++] = db_u64(s, 0);
	for (unsigned i = 0; e == ERR_OK && i < n; i++) {
		e = case_file_load(db, shelf, &names, ids[i], file);
		stuck += e == ERR_INTERNAL || e == ERR_NOT_FOUND;
		e = e == ERR_INTERNAL || e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	free(file);
	free(ids);
	if (e == ERR_OK)
		*ret = stuck;
	return e;
}
