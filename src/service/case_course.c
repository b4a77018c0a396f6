/* See case_course.h. Entries come from the newest to the oldest, so that a value of a clock is
 * compared with the later one: a run is made where its last value is met, and gets its unit where
 * its first one is. */
#include "service/case_course.h"

static const struct cases_clock *clock_of(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; t && i < t->clocks_n; i++)
		if (str_eq(t->clocks[i].name.text, name))
			return &t->clocks[i];
	return NULL;
}

static unsigned unit_index(const struct cases_book *b, struct str code)
{
	for (unsigned i = 0; i < b->units_n; i++)
		if (str_eq(b->units[i].name.text, code))
			return i;
	return CASES_NONE;
}

/* Of an escalation by the timer a clock with a level is one that went up: the others that it
 * changed call nobody. */
unsigned case_levels(const struct cases_shelf *shelf, const struct cases_type *type,
		     const struct case_entry *e, int64_t at_us,
		     struct case_level ret[CASES_CLOCKS_MAX])
{
	const struct cases_book *b = &shelf->now;
	unsigned n = 0, lead = unit_index(b, e->unit);

	if (e->is_new || e->is_imported || e->transition.n > 0)
		return 0;
	for (unsigned i = 0; i < e->clocks_n && n < CASES_CLOCKS_MAX; i++) {
		const struct case_clock *c = &e->clocks[i].clock;
		const struct cases_clock *k = clock_of(type, e->clocks[i].name);
		unsigned role = CASES_NONE;
		if (c->level == 0 || c->due_us == 0)
			continue;
		if (k && c->level <= k->escalation.n)
			role = cases_role_told(b, k->escalation.v[c->level - 1].index, lead);
		ret[n++] = (struct case_level){
		    .clock = e->clocks[i].name,
		    .role = role < b->roles_n ? b->roles[role].name.text : STR(""),
		    .level = c->level,
		    .due_us = c->due_us,
		    .over_us = at_us > c->due_us ? at_us - c->due_us : 0,
		    .unit = c->unit,
		    .amount = c->by == CASE_BY_FIELD ? 0 : c->amount};
	}
	return n;
}

void case_course_init(struct case_course *c, const struct cases_shelf *shelf,
		      const struct cases_type *type, struct arena *a)
{
	memset(c, 0, sizeof *c);
	c->shelf = shelf;
	c->type = type;
	c->a = a;
	for (unsigned i = 0; type && i < type->clocks_n; i++) {
		const struct cases_clock *k = &type->clocks[i];
		if (k->source == CASES_CLOCK_REPORTER)
			c->reporter.name = k->name.text;
		else if (k->source == CASES_CLOCK_STAGE && k->stage == CASES_STAGE_DONE)
			c->unit.name = k->name.text;
	}
}

/* ---- a clock ---- */

/* The present end of the list, or NULL where it is full: what is older is left out, and said so. */
static void *next_of(struct case_course *c, void *v, unsigned max, size_t size, unsigned *n)
{
	if (*n == max) {
		c->is_cut = true;
		return NULL;
	}
	return (char *)v + size * (*n)++;
}

static void put_run(struct case_course *c, struct case_clock_told *k, const struct case_clock *v)
{
	struct case_run_told *run =
	    next_of(c, k->run, CASE_COURSE_RUNS_MAX, sizeof *run, &k->runs_n);

	if (!run)
		return;
	*run = (struct case_run_told){.from_us = v->from_us,
				      .due_us = v->due_us,
				      .first_due_us = v->first_due_us,
				      .in = v->unit,
				      .amount = v->amount};
	run->ended_us = v->run == CASE_RUN_ENDED ? v->ended_us : k->has_later ? k->later_at_us : 0;
}

/* It stood still from here to the later value; where that waits, too, it is one pause. */
static void put_pause(struct case_course *c, struct case_clock_told *k, bool is_same,
		      int64_t at_us, struct str state)
{
	struct case_pause_told *p;

	if (is_same && k->later.run == CASE_RUN_WAITS && k->pauses_n > 0) {
		k->pause[k->pauses_n - 1].from_us = at_us;
		return;
	}
	p = next_of(c, k->pause, CASE_COURSE_RUNS_MAX, sizeof *p, &k->pauses_n);
	if (p)
		*p = (struct case_pause_told){arena_copy(c->a, state), at_us,
					      k->has_later ? k->later_at_us : 0};
}

static void put_date(struct case_course *c, struct case_clock_told *k, int64_t due_us)
{
	struct case_date_told *d =
	    next_of(c, k->date, CASE_COURSE_DATES_MAX, sizeof *d, &k->dates_n);

	if (d)
		*d = (struct case_date_told){k->later_command, k->later_at_us, due_us,
					     k->later.due_us};
}

static void add_clock(struct case_course *c, struct case_clock_told *k, int64_t at_us,
		      const struct case_entry *e)
{
	for (unsigned i = 0; k->name.n > 0 && i < e->clocks_n; i++) {
		const struct case_clock *v = &e->clocks[i].clock;
		bool is_same;
		if (!str_eq(e->clocks[i].name, k->name))
			continue;
		is_same = k->has_later && k->later.from_us == v->from_us;
		if (v->run != CASE_RUN_NONE && !is_same)
			put_run(c, k, v);
		if (v->run == CASE_RUN_WAITS)
			put_pause(c, k, is_same, at_us, e->state);
		if (is_same && v->run == CASE_RUN_RUNS && k->later.run == CASE_RUN_RUNS &&
		    v->due_us != k->later.due_us)
			put_date(c, k, v->due_us);
		if (v->run != CASE_RUN_NONE && k->runs_n > 0)
			k->run[k->runs_n - 1].unit = arena_copy(c->a, e->unit);
		k->later = *v;
		k->has_later = true;
		k->later_at_us = at_us;
		k->later_command = arena_copy(c->a, e->is_new ? STR("hand_in") : e->command);
	}
}

/* ---- levels and hand-backs ---- */

static void add_levels(struct case_course *c, uint64_t n, int64_t at_us,
		       const struct case_entry *e)
{
	struct case_level level[CASES_CLOCKS_MAX];
	unsigned levels_n = case_levels(c->shelf, c->type, e, at_us, level);

	for (unsigned i = levels_n; i-- > 0;) {
		struct case_level_told *l =
		    next_of(c, c->level, CASE_COURSE_LEVELS_MAX, sizeof *l, &c->levels_n);
		if (!l)
			return;
		*l = (struct case_level_told){n, at_us, level[i]};
		l->level.clock = arena_copy(c->a, level[i].clock);
	}
}

/* As the figures have it: upheld where another unit leads once its state is left. */
static enum case_verdict verdict_of(const struct case_course *c, struct str unit)
{
	enum cases_command command = CASES_COMMAND_COUNT;

	if (!c->has_left)
		return CASE_VERDICT_OPEN;
	if (c->left_unit.n > 0 && !str_eq(c->left_unit, unit))
		return CASE_VERDICT_UPHELD;
	if (cases_command_parse(c->left_command, &command) &&
	    (command == CASES_COMMAND_RULE || command == CASES_COMMAND_DISPATCH))
		return CASE_VERDICT_REFUSED;
	return CASE_VERDICT_NONE;
}

static struct str word_in(const struct case_entry *e, struct str field)
{
	for (unsigned i = 0; i < e->fields_n; i++)
		if (e->fields[i].is_word && str_eq(e->fields[i].field, field))
			return e->fields[i].word;
	return STR("");
}

static bool is_sealed_in(const struct case_entry *e, struct str field)
{
	for (unsigned i = 0; i < e->sealed_n; i++)
		if (str_eq(e->sealed[i].field, field))
			return true;
	return false;
}

/* What the type has a unit fill in when it hands back: a choice is the reason, a unit the one that
 * it proposes, a text the ground. */
static void put_grounds(struct case_course *c, const struct case_entry *e,
			struct case_back_told *b)
{
	const struct cases_type *t = c->type;
	const struct cases_transition *tr = NULL;

	for (unsigned i = 0; t && i < t->transitions_n; i++)
		if (str_eq(t->transitions[i].name.text, e->transition))
			tr = &t->transitions[i];
	for (unsigned i = 0; tr && i < tr->fills.n; i++) {
		const struct cases_field *f = &t->fields[tr->fills.v[i].index];
		if (f->kind == CASES_FIELD_CHOICE) {
			b->reason_field = f;
			b->reason = arena_copy(c->a, word_in(e, f->name.text));
		} else if (f->kind == CASES_FIELD_UNIT) {
			b->proposed = arena_copy(c->a, word_in(e, f->name.text));
		} else if (is_sealed_in(e, f->name.text)) {
			b->ground = f;
		}
	}
}

static void add_back(struct case_course *c, uint64_t n, int64_t at_us, const struct case_entry *e)
{
	struct case_back_told *b;

	if (!str_eq(e->command, str_of(cases_command_name(CASES_COMMAND_HAND_BACK))))
		return;
	b = next_of(c, c->back, CASE_COURSE_BACKS_MAX, sizeof *b, &c->backs_n);
	if (!b)
		return;
	*b = (struct case_back_told){.n = n,
				     .at_us = at_us,
				     .decided_us = c->has_left ? c->left_at_us : 0,
				     .unit = arena_copy(c->a, e->unit),
				     .verdict = verdict_of(c, e->unit)};
	if (b->verdict == CASE_VERDICT_UPHELD)
		b->to = c->left_unit;
	put_grounds(c, e, b);
}

/* ---- an entry ---- */

void case_course_add(struct case_course *c, uint64_t n, int64_t at_us, const struct case_entry *e)
{
	if (c->has_next && !str_eq(c->next_state, e->state)) {
		c->has_left = true;
		c->left_at_us = c->next_at_us;
		c->left_unit = c->next_unit;
		c->left_command = c->next_command;
	}
	add_clock(c, &c->reporter, at_us, e);
	add_clock(c, &c->unit, at_us, e);
	add_levels(c, n, at_us, e);
	add_back(c, n, at_us, e);
	c->has_next = true;
	c->next_at_us = at_us;
	c->next_state = arena_copy(c->a, e->state);
	c->next_unit = arena_copy(c->a, e->unit);
	c->next_command = arena_copy(c->a, e->command);
	c->is_cut |= c->a->over;
}

#define TURN(v, n, type)                                                                           \
	for (unsigned i = 0; i + 1 < (n) - i; i++) {                                               \
		type kept = (v)[i];                                                                \
		(v)[i] = (v)[(n) - 1 - i];                                                         \
		(v)[(n) - 1 - i] = kept;                                                           \
	}

static void turn_clock(struct case_clock_told *k)
{
	TURN(k->run, k->runs_n, struct case_run_told)
	TURN(k->pause, k->pauses_n, struct case_pause_told)
	TURN(k->date, k->dates_n, struct case_date_told)
}

void case_course_end(struct case_course *c)
{
	turn_clock(&c->reporter);
	turn_clock(&c->unit);
	TURN(c->level, c->levels_n, struct case_level_told)
	TURN(c->back, c->backs_n, struct case_back_told)
}
