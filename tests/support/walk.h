/* Shipped case types walked in time: the book, the reference calendar, a case and what was last
 * done to it. Transitions, roles, fields and clocks are called by their names in the files;
 * instants are local, "2026-06-11 18:40". */
#ifndef LIREN_TEST_WALK_H
#define LIREN_TEST_WALK_H

#include "book.h"

#include "cases/step.h"
#include "config/config_calendar.h"

#define WALK_TYPES 3u
#define WALK_OFFSET_S (8 * 3600)

struct walk_world {
	struct arena memory;
	struct cases_book book;
	struct cases_type types[WALK_TYPES];
	struct config_calendar calendar;
	struct zone zone;
};

struct walk {
	const struct walk_world *world;
	const struct cases_type *type;
	struct case_setting set;
	struct case_now now;
	struct case_stepped step; /* what was done last */
};

static inline bool walk_is(const struct cases_name *name, const char *text)
{
	return str_eq(name->text, str_of(text));
}

static inline void walk_load(struct walk_world *w)
{
	static const char *const files[WALK_TYPES] = {"etc/case-types/resident-request.yaml",
						      "etc/case-types/safety-incident.yaml",
						      "etc/case-types/dispute-mediation.yaml"};
	static struct cases_failure failure;
	const struct book_texts shipped = {0};
	struct arena *a = &w->memory;

	w->memory = book_arena();
	book_read(&shipped, a, &w->book);
	assert_ok(cases_prove_book(&w->book, &failure));
	for (unsigned i = 0; i < WALK_TYPES; i++) {
		BOOK_READ(config_casetype_read, files[i], NULL, &w->types[i]);
		assert_ok(cases_prove_type(&w->book, &w->types[i], &failure));
	}
	BOOK_READ(config_calendar_read, "etc/calendars/cn-office.yaml", NULL, &w->calendar);
	zone_init_fixed(WALK_OFFSET_S, &w->zone);
	w->calendar.calendar.zone = &w->zone;
	assert_true(calendar_ok(&w->calendar.calendar));
}

/* "2026-06-11 18:40", with ":30" or without. */
static inline int64_t walk_us(const char *local)
{
	char text[40];
	int64_t us = 0;

	snprintf(text, sizeof text, "%.10sT%s%s+08:00", local, local + 11,
		 strlen(local) == 16 ? ":00" : "");
	assert_ok(civil_parse_rfc3339(str_of(text), &us, NULL));
	return us;
}

static inline const char *walk_local(int64_t us)
{
	static char text[4][40];
	static unsigned next;
	struct buf out = buf_over(text[next = (next + 1) % 4], sizeof text[0]);

	if (us == 0)
		return "none";
	civil_put_local(us, WALK_OFFSET_S, &out);
	return buf_z(&out);
}

static inline unsigned walk_field(const struct cases_type *t, const char *name)
{
	for (unsigned i = 0; i < t->fields_n; i++)
		if (walk_is(&t->fields[i].name, name))
			return i;
	fail_msg("no field %s", name);
	return 0;
}

static inline unsigned walk_clock(const struct cases_type *t, const char *name)
{
	for (unsigned i = 0; i < t->clocks_n; i++)
		if (walk_is(&t->clocks[i].name, name))
			return i;
	fail_msg("no clock %s", name);
	return 0;
}

static inline unsigned walk_transition(const struct cases_type *t, const char *name)
{
	for (unsigned i = 0; i < t->transitions_n; i++)
		if (walk_is(&t->transitions[i].name, name))
			return i;
	fail_msg("no transition %s", name);
	return 0;
}

/* CASES_NONE for the timer. */
static inline unsigned walk_role(const struct walk_world *w, const char *name)
{
	for (unsigned i = 0; i < w->book.roles_n; i++)
		if (walk_is(&w->book.roles[i].name, name))
			return i;
	assert_string_equal(name, CASES_TIMER);
	return CASES_NONE;
}

static inline unsigned walk_unit(const struct walk_world *w, const char *name)
{
	for (unsigned i = 0; i < w->book.units_n; i++)
		if (walk_is(&w->book.units[i].name, name))
			return i;
	fail_msg("no unit %s", name);
	return 0;
}

static inline unsigned walk_category(const struct walk_world *w, const char *name)
{
	for (unsigned i = 0; i < w->book.categories.n; i++)
		if (walk_is(&w->book.categories.v[i].name, name))
			return i;
	fail_msg("no category %s", name);
	return 0;
}

static inline uint64_t walk_condition(const struct walk_world *w, const char *name)
{
	for (unsigned i = 0; i < w->book.categories.conditions_n; i++)
		if (walk_is(&w->book.categories.conditions[i].name, name))
			return UINT64_C(1) << i;
	fail_msg("no condition %s", name);
	return 0;
}

/* A value as a person writes it, for a field. */
static inline int64_t walk_value(const struct walk_world *w, const struct cases_field *f,
				 const char *text)
{
	int32_t day = 0;

	switch ((int)f->kind) {
	case CASES_FIELD_CHOICE:
		for (unsigned i = 0; i < f->choices_n; i++)
			if (walk_is(&f->choices[i].name, text))
				return i;
		fail_msg("no choice %s", text);
		return 0;
	case CASES_FIELD_YES_NO:
		return strcmp(text, "yes") == 0;
	case CASES_FIELD_DATE:
		assert_ok(civil_parse_date(str_of(text), &day));
		return day;
	case CASES_FIELD_UNIT:
		return walk_unit(w, text);
	case CASES_FIELD_CATEGORY:
		return walk_category(w, text);
	default:
		return strtoll(text, NULL, 10);
	}
}

/* Puts "field=value,field=value" behind what is there, in place of what was. */
static inline unsigned walk_fill(const struct walk *w, const char *texts, struct case_fill *fills,
				 unsigned n)
{
	char copy[300], *rest = copy;

	snprintf(copy, sizeof copy, "%s", texts ? texts : "");
	for (char *part; (part = strsep(&rest, ",")) && *part;) {
		char *value = strchr(part, '=');
		unsigned k = 0, field;
		*value++ = 0;
		field = walk_field(w->type, part);
		while (k < n && fills[k].field != field)
			k++;
		fills[k].field = field;
		fills[k].value = walk_value(w->world, &w->type->fields[field], value);
		n += k == n;
	}
	return n;
}

/* What must be filled, with something that can stand there; what the engine knows by itself (from
 * category and responsibilities) is left to it. */
static inline unsigned walk_must(const struct walk *w, const struct cases_names *names,
				 struct case_fill *fills)
{
	unsigned n = 0;

	for (unsigned i = 0; i < names->n; i++) {
		unsigned f = names->v[i].index;
		const struct cases_field *field = &w->type->fields[f];
		int64_t value = 1;
		if (field->kind == CASES_FIELD_ACTOR || walk_is(&field->name, "priority") ||
		    walk_is(&field->name, "ground_check") || walk_is(&field->name, "lead_unit") ||
		    walk_is(&field->name, "needs_receipt") ||
		    walk_is(&field->name, "needs_measurement"))
			continue;
		if (field->kind == CASES_FIELD_CHOICE || walk_is(&field->name, "drill"))
			value = 0;
		if (field->kind == CASES_FIELD_DATE)
			value = calendar_day_of(w->set.calendar, w->set.now_us) + 1;
		fills[n++] = (struct case_fill){f, value};
	}
	return n;
}

static inline void walk_begin(const struct walk_world *world, unsigned type, const char *when,
			      const char *texts, struct walk *w)
{
	struct case_fill fills[CASES_FIELDS_MAX];
	const struct case_actor intake = {walk_role(world, "intake"), 1};
	unsigned n;

	*w = (struct walk){.world = world, .type = &world->types[type]};
	w->set = (struct case_setting){.book = &world->book,
				       .type = w->type,
				       .categories = &world->book.categories,
				       .calendar = &world->calendar.calendar,
				       .route_lead = walk_unit(world, "URB"),
				       .now_us = walk_us(when)};
	n = walk_fill(w, texts, fills, walk_must(w, &w->type->start_fields, fills));
	case_hand_in(&w->set, &intake, fills, n, &w->now, &w->step);
	assert_int_equal(w->step.refusal, CASE_MOVED);
}

static inline const char *walk_state(const struct walk *w)
{
	static char name[CASES_NAME_BYTES_MAX + 1];
	struct str text = w->type->states[w->now.rec.state].name.text;

	snprintf(name, sizeof name, "%.*s", (int)text.n, text.p);
	return name;
}

#endif
