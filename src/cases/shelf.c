/* What is in force, found by code or by the number of an entry. */
#include "cases/shelf.h"

#include "base/check.h"

static const char *const places[SHELF_KIND_COUNT] = {
    [SHELF_CALENDAR] = "calendars/",
    [SHELF_CATALOGUE] = "catalogue.yaml",
    [SHELF_ROLES] = "roles.yaml",
    [SHELF_UNITS] = "units.yaml",
    [SHELF_DESK] = "desk-limits.yaml",
    [SHELF_TYPE] = "case-types/",
    [SHELF_CATEGORIES] = "categories.yaml",
    [SHELF_RESPONSIBILITIES] = "responsibilities.yaml",
    [SHELF_CHECKLIST] = "checklists/",
    [SHELF_POLICY] = "policy.yaml",
};

bool shelf_is_single(enum shelf_kind kind)
{
	return kind != SHELF_CALENDAR && kind != SHELF_TYPE && kind != SHELF_CHECKLIST;
}

const char *shelf_place(enum shelf_kind kind)
{
	CHECK(kind < SHELF_KIND_COUNT);
	return places[kind];
}

/* folder/NAME.yaml, where NAME has no slash and does not begin with a dot. */
static bool is_below(struct str path, struct str folder)
{
	static const size_t ending = sizeof ".yaml" - 1;

	if (!str_starts(path, folder) || path.n <= folder.n + ending)
		return false;
	path = (struct str){path.p + folder.n, path.n - folder.n};
	return path.p[0] != '.' && !memchr(path.p, '/', path.n) &&
	       memcmp(path.p + path.n - ending, ".yaml", ending) == 0;
}

bool shelf_kind_of(struct str path, enum shelf_kind *ret)
{
	for (unsigned k = 0; k < SHELF_KIND_COUNT; k++) {
		struct str place = str_of(places[k]);
		if (shelf_is_single(k) ? str_eq(path, place) : is_below(path, place)) {
			*ret = k;
			return true;
		}
	}
	return false;
}

uint64_t shelf_n(const struct cases_shelf *s, enum shelf_kind kind)
{
	CHECK(shelf_is_single(kind));
	for (unsigned i = 0; i < s->files_n; i++)
		if (s->files[i].kind == kind)
			return s->files[i].n;
	return 0;
}

static unsigned file_index(const struct cases_shelf *s, struct str path)
{
	for (unsigned i = 0; i < s->files_n; i++)
		if (str_eq(s->files[i].path, path))
			return i;
	return CASES_NONE;
}

const struct shelf_file *shelf_file_of(const struct cases_shelf *s, struct str path)
{
	unsigned i = file_index(s, path);

	return i == CASES_NONE ? NULL : &s->files[i];
}

bool shelf_set_n(struct cases_shelf *s, struct str path, uint64_t n)
{
	unsigned i = file_index(s, path);

	if (i == CASES_NONE)
		return false;
	s->files[i].n = n;
	return true;
}

const struct cases_type *shelf_type(const struct cases_shelf *s, uint64_t n)
{
	for (unsigned i = 0; n > 0 && i < s->now.types_n; i++)
		if (s->files[s->type_file[i]].n == n)
			return s->now.types[i];
	for (unsigned i = 0; n > 0 && i < s->old_types_n; i++)
		if (s->old_types[i].n == n)
			return &s->old_types[i].type;
	return NULL;
}

const struct cases_type *shelf_type_now(const struct cases_shelf *s, struct str code,
					uint64_t *ret_n)
{
	for (unsigned i = 0; i < s->now.types_n; i++)
		if (str_eq(s->now.types[i]->name.text, code)) {
			*ret_n = s->files[s->type_file[i]].n;
			return s->now.types[i];
		}
	return NULL;
}

const struct cases_categories *shelf_categories(const struct cases_shelf *s, uint64_t n)
{
	if (n > 0 && shelf_n(s, SHELF_CATEGORIES) == n)
		return &s->now.categories;
	for (unsigned i = 0; n > 0 && i < s->old_tables_n; i++)
		if (s->old_tables[i].n == n)
			return &s->old_tables[i].table;
	return NULL;
}

static unsigned row_of(const struct cases_categories *table, struct str code)
{
	for (unsigned i = 0; i < table->n; i++)
		if (str_eq(table->v[i].name.text, code))
			return i;
	return CASES_NONE;
}

const struct cases_category *shelf_category(const struct cases_shelf *s, uint64_t n,
					    struct str code)
{
	const struct cases_categories *table = shelf_categories(s, n);
	unsigned i = table ? row_of(table, code) : CASES_NONE;

	return i == CASES_NONE ? NULL : &table->v[i];
}

unsigned shelf_category_now(const struct cases_shelf *s, struct str code)
{
	return row_of(&s->now.categories, code);
}

unsigned shelf_condition(const struct cases_shelf *s, struct str name)
{
	for (unsigned i = 0; i < s->conditions_n; i++)
		if (str_eq(s->conditions[i].name.text, name))
			return i;
	return CASES_NONE;
}

const struct cases_desk_limit *shelf_desk(const struct cases_shelf *s, struct str name)
{
	for (unsigned i = 0; i < s->now.desk_n; i++)
		if (str_eq(s->now.desk[i].name.text, name))
			return &s->now.desk[i];
	return NULL;
}

const struct cases_checklist *shelf_checklist(const struct cases_shelf *s, struct str code,
					      uint64_t *ret_n)
{
	for (unsigned i = 0; i < s->checklists_n; i++)
		if (str_eq(s->checklists[i].name.text, code)) {
			*ret_n = s->files[s->checklist_file[i]].n;
			return &s->checklists[i];
		}
	return NULL;
}

const struct calendar *shelf_calendar(const struct cases_shelf *s, uint64_t *ret_n)
{
	if (!s->calendar)
		return NULL;
	*ret_n = s->files[s->calendar->file].n;
	return &s->calendar->calendar;
}

/* What leads a row that the table in force does not have: its own lead. */
static bool leads_by_itself(const struct cases_book *book, const struct cases_category *c)
{
	return cases_is_given(&c->lead) && c->lead.index < book->units_n &&
	       cases_leads_for_sure(book, &c->lead, NULL);
}

enum err shelf_route(const struct cases_shelf *s, uint64_t n, struct str code,
		     const struct cases_matter *matter, struct cases_route *ret)
{
	const struct cases_category *c = shelf_category(s, n, code);
	struct cases_matter m = *matter;

	if (!c)
		return ERR_NOT_FOUND;
	m.category = shelf_category_now(s, code);
	if (m.category == CASES_NONE && !leads_by_itself(&s->now, c))
		return ERR_NOT_FOUND;
	if (m.category == CASES_NONE)
		cases_route_row(&s->now, c, &m, ret);
	else
		cases_route(&s->now, &m, ret);
	return ERR_OK;
}
