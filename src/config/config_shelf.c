/* All files of etc/ together. */
#include "config/config_shelf.h"

#include "base/check.h"
#include "config/config_calendar.h"
#include "config/config_cases.h"
#include "config/config_policy.h"

#define NAME_BYTES_MAX (PROBLEM_FILE_BYTES_MAX + 24u)

struct reading {
	const struct config_shelf_options *o;
	struct arena *arena;
	struct cases_shelf *shelf;
	struct problem *problem;
	struct cases_type *types; /* those in force */
	struct policy *policy;
	bool has[SHELF_KIND_COUNT];
};

static enum err no_room(struct reading *r)
{
	return problem_set(r->problem, ERR_NO_MEMORY, STR(""), MSG_CONFIG_NO_MEMORY, NULL, 0);
}

static enum err fail_file(struct reading *r, enum err e, struct str path, enum msg msg,
			  struct str arg)
{
	e = problem_set(r->problem, e, STR(""), msg, &arg, 1);
	problem_at(r->problem, path, 0, 0);
	return e;
}

/* "path", or "path@n" of an earlier version, in the arena. */
static struct str name_of(struct reading *r, const struct config_source *s)
{
	char memory[NAME_BYTES_MAX];
	struct buf b = buf_over(memory, sizeof memory);

	buf_put_str(&b, s->path);
	if (s->is_old) {
		buf_put_char(&b, '@');
		buf_put_u64(&b, s->n);
	}
	return b.over ? (struct str){NULL, 0} : arena_copy(r->arena, buf_str(&b));
}

/* ---- each kind ---- */

static enum err read_roles(struct reading *r, struct str name, struct str text)
{
	struct config_roles roles;

	TRY(config_roles_read(name, text, r->arena, r->problem, &roles));
	r->shelf->now.roles = roles.roles;
	r->shelf->now.roles_n = roles.roles_n;
	return ERR_OK;
}

static enum err read_units(struct reading *r, struct str name, struct str text)
{
	struct cases_book *book = &r->shelf->now;
	struct config_units units;

	TRY(config_units_read(name, text, r->arena, r->problem, &units));
	book->units = units.units;
	book->units_n = units.units_n;
	book->areas = units.areas;
	book->areas_n = units.areas_n;
	book->is_connected = units.is_connected;
	return ERR_OK;
}

static enum err read_desk(struct reading *r, struct str name, struct str text)
{
	struct config_desk desk;

	TRY(config_desk_read(name, text, r->arena, r->problem, &desk));
	r->shelf->now.desk = desk.rows;
	r->shelf->now.desk_n = desk.rows_n;
	return ERR_OK;
}

static enum err read_type(struct reading *r, unsigned file, struct str name, struct str text)
{
	struct cases_book *book = &r->shelf->now;
	struct cases_type *type = &r->types[book->types_n];

	if (book->types_n == CASES_TYPES_MAX)
		return fail_file(r, ERR_TOO_LARGE, name, MSG_SHELF_TOO_MANY, STR("32"));
	TRY(config_casetype_read(name, text, r->arena, r->problem, type));
	r->shelf->type_file[book->types_n] = file;
	book->types[book->types_n++] = type;
	return ERR_OK;
}

static enum err read_checklist(struct reading *r, unsigned file, struct str name, struct str text)
{
	struct cases_shelf *s = r->shelf;

	if (s->checklists_n == CASES_CHECKLISTS_MAX)
		return fail_file(r, ERR_TOO_LARGE, name, MSG_SHELF_TOO_MANY, STR("64"));
	TRY(config_checklist_read(name, text, r->arena, r->problem,
				  &s->checklists[s->checklists_n]));
	s->checklist_file[s->checklists_n++] = file;
	return ERR_OK;
}

/* The name of the file without folder and ending. */
static struct str stem(struct str path)
{
	struct str folder = str_of(shelf_place(SHELF_CALENDAR));
	struct str ending = STR(".yaml");

	return (struct str){path.p + folder.n, path.n - folder.n - ending.n};
}

static enum err read_calendar(struct reading *r, unsigned file, struct str name, struct str text)
{
	struct cases_shelf *s = r->shelf;
	struct shelf_calendar *c = &s->calendars[s->calendars_n];
	struct config_calendar read;
	struct bytes bytes = {0};
	enum err e;

	if (s->calendars_n == CASES_CALENDARS_MAX)
		return fail_file(r, ERR_TOO_LARGE, name, MSG_SHELF_TOO_MANY, STR("16"));
	TRY(config_calendar_read(name, text, r->arena, r->problem, &read));
	e = r->o->zone_bytes(r->o->ctx, read.zone_name, r->arena, &bytes);
	if (e == ERR_OK)
		e = zone_parse(bytes, &c->zone);
	if (e != ERR_OK)
		return fail_file(r, ERR_BAD_INPUT, name, MSG_ZONE_UNKNOWN, read.zone_name);
	c->name = stem(name);
	memcpy(c->words, read.name, sizeof c->words);
	c->zone_name = read.zone_name;
	c->calendar = read.calendar;
	c->calendar.zone = &c->zone;
	c->file = file;
	CHECK(calendar_ok(&c->calendar));
	s->calendars_n++;
	return ERR_OK;
}

static enum err read_one(struct reading *r, enum shelf_kind kind, unsigned file, struct str name,
			 struct str text)
{
	struct cases_book *book = &r->shelf->now;

	r->has[kind] = true;
	switch (kind) {
	case SHELF_CALENDAR:
		return read_calendar(r, file, name, text);
	case SHELF_CATALOGUE:
		return config_catalogue_read(name, text, r->arena, r->problem, &book->catalogue);
	case SHELF_ROLES:
		return read_roles(r, name, text);
	case SHELF_UNITS:
		return read_units(r, name, text);
	case SHELF_DESK:
		return read_desk(r, name, text);
	case SHELF_TYPE:
		return read_type(r, file, name, text);
	case SHELF_CATEGORIES:
		return config_categories_read(name, text, r->arena, r->problem, &book->categories);
	case SHELF_RESPONSIBILITIES:
		return config_responsibilities_read(name, text, r->arena, r->problem,
						    &book->responsibilities);
	case SHELF_CHECKLIST:
		return read_checklist(r, file, name, text);
	case SHELF_POLICY:
		r->policy = arena_alloc(r->arena, sizeof *r->policy);
		if (!r->policy)
			return no_room(r);
		return config_policy_read(name, text, r->arena, r->problem, r->policy);
	case SHELF_KIND_COUNT:
		break;
	}
	CHECK(false);
	return ERR_INTERNAL;
}

/* ---- in force ---- */

static enum err read_current(struct reading *r, enum shelf_kind kind,
			     const struct config_source *source)
{
	struct cases_shelf *s = r->shelf;
	struct arena_mark mark = arena_mark(r->arena->scratch);
	struct str name = name_of(r, source);
	struct shelf_file *file = &s->files[s->files_n];
	enum err e;

	if (!name.p)
		return no_room(r);
	if (s->files_n == CASES_SHELF_FILES_MAX)
		return fail_file(r, ERR_TOO_LARGE, name, MSG_SHELF_TOO_MANY, STR("119"));
	*file = (struct shelf_file){
	    .kind = kind, .path = name, .n = source->n, .bytes = source->text.n};
	hash_sha256(source->text.p, source->text.n, &file->sha256);
	e = read_one(r, kind, s->files_n, name, source->text);
	s->files_n++;
	arena_reset(r->arena->scratch, mark);
	return e;
}

/* In the order of kinds; within a kind as they are handed in. */
static enum err read_all(struct reading *r)
{
	for (unsigned k = 0; k < SHELF_KIND_COUNT; k++)
		for (unsigned i = 0; i < r->o->sources_n; i++) {
			enum shelf_kind kind = SHELF_KIND_COUNT;
			const struct config_source *source = &r->o->sources[i];
			CHECK(shelf_kind_of(source->path, &kind));
			if (kind == k && !source->is_old)
				TRY(read_current(r, kind, source));
		}
	return ERR_OK;
}

/* Roles, units, … belong together; types and checklists need them. A calendar is always there: a
 * folder that is away is no empty set. */
static enum err want_whole(struct reading *r)
{
	bool any = r->o->wants_cases;

	for (unsigned k = 0; k < SHELF_KIND_COUNT; k++)
		any = any || (k != SHELF_CALENDAR && r->has[k]);
	for (unsigned k = 0; k < SHELF_KIND_COUNT; k++)
		if (!r->has[k] && (k == SHELF_CALENDAR || (any && k != SHELF_CHECKLIST)))
			return fail_file(r, ERR_BAD_INPUT, str_of(shelf_place(k)),
					 MSG_SHELF_MISSING, str_of(shelf_place(k)));
	return ERR_OK;
}

static enum err choose_calendar(struct reading *r)
{
	struct cases_shelf *s = r->shelf;
	const struct shelf_calendar *found = NULL;
	unsigned fits = 0;

	for (unsigned i = 0; i < s->calendars_n; i++) {
		const struct shelf_calendar *c = &s->calendars[i];
		bool is_it = r->o->calendar.n > 0 ? str_eq(c->name, r->o->calendar)
						  : str_eq(c->zone_name, r->o->zone);
		found = is_it ? c : found;
		fits += is_it;
	}
	if (fits == 0 && r->o->calendar.n == 0 && s->calendars_n == 1) {
		found = &s->calendars[0];
		fits = 1;
	}
	if (fits == 0 && r->o->calendar.n > 0)
		return fail_file(r, ERR_BAD_INPUT, STR("liren.yaml"), MSG_SHELF_CALENDAR_NONE,
				 r->o->calendar);
	if (fits != 1 && s->calendars_n > 0)
		return fail_file(r, ERR_BAD_INPUT, STR("calendars/"), MSG_SHELF_CALENDAR_WHICH,
				 r->o->zone);
	s->calendar = found;
	return ERR_OK;
}

/* ---- earlier versions ---- */

static const struct config_source *version_of(const struct reading *r, uint64_t n,
					      enum shelf_kind wanted)
{
	for (unsigned i = 0; i < r->o->sources_n; i++) {
		enum shelf_kind kind = SHELF_KIND_COUNT;
		if (r->o->sources[i].n == n && shelf_kind_of(r->o->sources[i].path, &kind) &&
		    kind == wanted)
			return &r->o->sources[i];
	}
	return NULL;
}

/* Where it is on the shelf already, or can be put there: true. One that is in use and cannot be
 * read is a problem; any other is passed over. */
static enum err take_type(struct reading *r, uint64_t n, bool in_use, bool *ret)
{
	struct cases_shelf *s = r->shelf;
	const struct config_source *source = version_of(r, n, SHELF_TYPE);
	struct shelf_old_type *old = &s->old_types[s->old_types_n];
	struct arena_mark mark = arena_mark(r->arena);
	struct problem passed_over;
	struct str name;
	enum err e;

	*ret = shelf_type(s, n) != NULL;
	if (*ret || !source || s->old_types_n == CASES_OLD_TYPES_MAX)
		return ERR_OK;
	name = name_of(r, source);
	if (!name.p)
		return no_room(r);
	e = config_casetype_read(name, source->text, r->arena, in_use ? r->problem : &passed_over,
				 &old->type);
	old->n = n;
	s->old_types_n += e == ERR_OK;
	*ret = e == ERR_OK;
	if (e != ERR_OK)
		arena_reset(r->arena, mark);
	return in_use ? e : ERR_OK;
}

static enum err take_table(struct reading *r, uint64_t n, bool in_use, bool *ret)
{
	struct cases_shelf *s = r->shelf;
	const struct config_source *source = version_of(r, n, SHELF_CATEGORIES);
	struct shelf_old_table *old = &s->old_tables[s->old_tables_n];
	struct arena_mark mark = arena_mark(r->arena);
	struct problem passed_over;
	struct str name;
	enum err e;

	*ret = shelf_categories(s, n) != NULL;
	if (*ret || !source || s->old_tables_n == CASES_OLD_TABLES_MAX)
		return ERR_OK;
	name = name_of(r, source);
	if (!name.p)
		return no_room(r);
	e = config_categories_read(name, source->text, r->arena,
				   in_use ? r->problem : &passed_over, &old->table);
	old->n = n;
	s->old_tables_n += e == ERR_OK;
	*ret = e == ERR_OK;
	if (e != ERR_OK)
		arena_reset(r->arena, mark);
	return in_use ? e : ERR_OK;
}

static enum err take_pair(struct reading *r, const struct shelf_pair *pair)
{
	struct arena_mark mark = arena_mark(r->arena->scratch);
	struct cases_shelf *s = r->shelf;
	bool has_type = false, has_table = false;
	char memory[24];
	struct buf number = buf_over(memory, sizeof memory);
	enum err e = take_type(r, pair->type_n, pair->in_use, &has_type);

	if (e == ERR_OK && has_type)
		e = take_table(r, pair->categories_n, pair->in_use, &has_table);
	arena_reset(r->arena->scratch, mark);
	TRY(e);
	if (has_type && has_table && s->pairs_n < CASES_PAIRS_MAX) {
		s->pairs[s->pairs_n++] = *pair;
		return ERR_OK;
	}
	buf_put_u64(&number, has_type ? pair->categories_n : pair->type_n);
	return pair->in_use ? fail_file(r, ERR_TOO_LARGE, STR(""), MSG_SHELF_VERSION_AWAY,
					buf_str(&number))
			    : ERR_OK;
}

/* Those in use first: they have a right to the room. */
static enum err take_pairs(struct reading *r)
{
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < r->o->pairs_n; i++)
			if (r->o->pairs[i].in_use == (round == 0))
				TRY(take_pair(r, &r->o->pairs[i]));
	return ERR_OK;
}

/* ---- the whole ---- */

#define LIST(member, n)                                                                            \
	do {                                                                                       \
		r->shelf->member = arena_alloc(r->arena, (n) * sizeof *r->shelf->member);          \
		if (!r->shelf->member)                                                             \
			return no_room(r);                                                         \
	} while (0)

static enum err make_lists(struct reading *r)
{
	LIST(files, CASES_SHELF_FILES_MAX);
	LIST(checklists, CASES_CHECKLISTS_MAX);
	LIST(checklist_file, CASES_CHECKLISTS_MAX);
	LIST(calendars, CASES_CALENDARS_MAX);
	LIST(old_types, CASES_OLD_TYPES_MAX);
	LIST(old_tables, CASES_OLD_TABLES_MAX);
	LIST(pairs, CASES_PAIRS_MAX);
	r->types = arena_alloc(r->arena, CASES_TYPES_MAX * sizeof *r->types);
	return r->types ? ERR_OK : no_room(r);
}

static enum err read_and_prove(struct reading *r, struct config_shelf_failure *failure)
{
	const struct cases_type *type = NULL;
	struct buf way = buf_over(failure->way, sizeof failure->way - 1);
	enum err e;

	TRY(make_lists(r));
	TRY(read_all(r));
	TRY(want_whole(r));
	TRY(choose_calendar(r));
	if (!r->has[SHELF_ROLES])
		return ERR_OK; /* calendars alone */
	TRY(take_pairs(r));
	e = cases_prove_shelf(r->shelf, r->arena, &failure->cases, &type);
	if (e != ERR_OK && type)
		cases_put_way(type, &failure->cases, &way);
	failure->way[way.n] = 0;
	TRY(e);
	TRY(policy_prove(r->policy, &r->shelf->now, r->problem));
	r->shelf->policy = r->policy;
	return ERR_OK;
}

enum err config_shelf_read(const struct config_shelf_options *o, struct arena *arena,
			   struct cases_shelf *ret, struct config_shelf_failure *failure)
{
	struct cases_shelf shelf = {0};
	struct reading r = {
	    .o = o, .arena = arena, .shelf = &shelf, .problem = &failure->cases.problem};
	enum err e;

	CHECK(arena->scratch);
	failure->cases.proof = 0;
	failure->cases.way_n = 0;
	failure->way[0] = 0;
	e = read_and_prove(&r, failure);
	if (e == ERR_OK)
		*ret = shelf;
	return e;
}
