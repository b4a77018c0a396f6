/* Random commands on shipped case types, and what the files say about them, asked without the
 * engine. */
#ifndef LIREN_TEST_WALK_RANDOM_H
#define LIREN_TEST_WALK_RANDOM_H

#include "walk.h"

static inline uint32_t next_random(uint64_t *seed) /* splitmix64 */
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)(z >> 33);
}

static inline bool has(uint64_t set, unsigned i)
{
	return (set >> i & 1) != 0;
}

static inline bool lists(const struct cases_names *names, struct str name)
{
	for (unsigned i = 0; i < names->n; i++)
		if (str_eq(names->v[i].text, name))
			return true;
	return false;
}

static inline bool leaves_by_hand(const struct walk *w, const struct cases_transition *tr)
{
	const struct cases_state *s = &w->type->states[w->now.rec.state];

	return !s->is_final && (tr->is_from_any || lists(&tr->from, s->name.text));
}

struct try {
	unsigned role;
	uint64_t handle;
	struct case_fill fills[CASES_FIELDS_MAX];
	unsigned n;
};

static inline const struct case_fill *fill_of(const struct try *t, unsigned field)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->fills[i].field == field)
			return &t->fills[i];
	return NULL;
}

/* The value a guard would read: what is filled now, else what the engine would fill, else what the
 * case has. Guards of the shipped types read no default but those of the same step's priority. */
static inline bool guard_by_hand(const struct walk *w, const struct cases_guard *g,
				 const struct try *try)
{
	unsigned field = walk_field(w->type, "category");
	const struct cases_field *f = NULL;
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)g->field.text.n, g->field.text.p);
	field = walk_field(w->type, name);
	f = &w->type->fields[field];
	const struct case_fill *fill = fill_of(try, field);
	bool given = fill || has(w->now.rec.filled, field);
	int64_t value = fill ? fill->value : w->now.rec.value[field];
	struct str text = value ? STR("yes") : STR("no");
	if (f->kind == CASES_FIELD_CHOICE && given)
		text = f->choices[value].name.text;
	switch (g->op) {
	case CASES_GUARD_GIVEN:
		return given;
	case CASES_GUARD_NOT_GIVEN:
		return !given;
	case CASES_GUARD_IS:
		return given && str_eq(text, g->value);
	case CASES_GUARD_IS_NOT:
		return given && !str_eq(text, g->value);
	case CASES_GUARD_UNDER:
		return value < (int64_t)g->number;
	case CASES_GUARD_FROM:
		break;
	}
	return value >= (int64_t)g->number;
}

static inline void put_random_fills(const struct walk *w, const struct cases_transition *tr,
			     uint64_t *seed, struct try *try)
{
	int32_t today = calendar_day_of(w->set.calendar, w->set.now_us);
	struct str type = w->type->name.text;

	try->n = walk_must(w, &tr->fills, try->fills);
	for (unsigned i = 0; i < try->n; i++) {
		const struct cases_field *f = &w->type->fields[try->fills[i].field];
		int64_t *value = &try->fills[i].value;
		if (f->kind == CASES_FIELD_CHOICE)
			*value = next_random(seed) % f->choices_n;
		if (f->kind == CASES_FIELD_DATE)
			/* mostly soon: an extension has little room */
			*value = today + 1 +
				 (int64_t)(next_random(seed) %
					   (f->within_days && next_random(seed) % 4 == 0
						? f->within_days
						: 12));
		/* a look-up now and then: it is refused */
		if (f->kind == CASES_FIELD_UNIT)
			do
				*value = next_random(seed) % w->set.book->units_n;
			while (w->set.book->units[*value].kind == CASES_UNIT_LOOKUP &&
			       next_random(seed) % 8 != 0);
		while (f->kind == CASES_FIELD_CATEGORY) {
			*value = next_random(seed) % w->set.categories->n;
			if (str_eq(w->set.categories->v[*value].type.text, type))
				break;
		}
	}
	/* what would be filled by itself, filled by a person now and then; a check may be asked for
	 */
	for (unsigned i = 0; i < tr->fills.n; i++) {
		const struct cases_name *name = &tr->fills.v[i];
		bool is_unit = walk_is(name, "lead_unit");
		if ((is_unit || walk_is(name, "ground_check") || walk_is(name, "needs_receipt") ||
		     walk_is(name, "needs_measurement")) &&
		    next_random(seed) % 3 == 0)
			try->fills[try->n++] = (struct case_fill){
			    name->index,
			    is_unit ? next_random(seed) % w->set.book->units_n : 1};
	}
	for (unsigned i = 0; i < tr->may_fill.n; i++)
		if (walk_is(&tr->may_fill.v[i], "partly") && next_random(seed) % 2)
			try->fills[try->n++] = (struct case_fill){tr->may_fill.v[i].index,
								  next_random(seed) % 2};
}

static inline bool may_hold(const struct walk *w, const struct cases_transition *tr)
{
	static const struct try nothing;

	for (unsigned i = 0; i < tr->guards_n; i++)
		if (!lists(&tr->fills, tr->guards[i].field.text) &&
		    !guard_by_hand(w, &tr->guards[i], &nothing))
			return false;
	return true;
}

/* A transition that leaves the state, by a role that may; now and then by one that may not, or
 * against a condition. */
static inline void random_step(struct walk *w, uint64_t *seed, struct try *try,
			       struct case_wish *wish)
{
	const struct cases_transition *tr;

	do
		tr = &w->type->transitions[next_random(seed) % w->type->transitions_n];
	while (!leaves_by_hand(w, tr) || (tr->is_from_any && next_random(seed) % 8) ||
	       /* leaves nearly everywhere, too, and would end most walks early */
	       (tr->command == CASES_COMMAND_MOTHER_ANSWER && next_random(seed) % 8) ||
	       (next_random(seed) % 8 && !may_hold(w, tr)));
	try->role = tr->by.v[next_random(seed) % tr->by.n].index;
	if (next_random(seed) % 10 == 0)
		try->role = next_random(seed) % w->set.book->roles_n;
	try->handle = 1 + next_random(seed) % 9;
	put_random_fills(w, tr, seed, try);
	*wish = (struct case_wish){.command = tr->command, .fills = try->fills, .fills_n = try->n};
	if (next_random(seed) % 20 == 0)
		wish->conditions_set = UINT64_C(1) << next_random(seed) % 8;
	if (next_random(seed) % 20 == 0)
		wish->conditions_cleared = UINT64_C(1) << next_random(seed) % 8;
}

static inline void begin_random(const struct walk_world *world, unsigned type, uint64_t *seed,
				struct walk *w)
{
	static const char *const first[] = {"has_reporter=yes", "has_reporter=no",
					    "drill=yes", "channel=phone"};

	walk_begin(world, type, "2026-06-01 10:00", first[next_random(seed) % 4], w);
}


#endif
