/* The decision about a case, from one state to the next. */
#include "cases/step.h"

#include "base/check.h"
#include "base/civil.h"

static bool has(uint64_t set, unsigned i)
{
	return i < 64 && (set >> i & 1) != 0;
}

bool case_is_drill(const struct cases_type *type, const struct case_rec *rec)
{
	unsigned f = type->known[CASES_KNOWN_DRILL];

	return f != CASES_NONE && has(rec->filled, f) && rec->value[f] == 1;
}

unsigned case_priority(const struct cases_type *type, const struct case_rec *rec)
{
	unsigned f = type->known[CASES_KNOWN_PRIORITY];
	uint64_t value = 0;

	if (f == CASES_NONE || !has(rec->filled, f) ||
	    !str_to_u64(type->fields[f].choices[rec->value[f]].name.text, &value) || value < 1 ||
	    value > CASES_PRIORITIES)
		return 3;
	return (unsigned)value;
}

const struct cases_category *case_category(const struct case_setting *s, const struct case_rec *rec)
{
	unsigned f = s->type->known[CASES_KNOWN_CATEGORY];

	if (f == CASES_NONE || !has(rec->filled, f))
		return NULL;
	CHECK(rec->value[f] >= 0 && rec->value[f] < (int64_t)s->categories->n);
	return &s->categories->v[rec->value[f]];
}

unsigned case_unit(const struct cases_type *type, const struct case_rec *rec,
		   enum cases_known field)
{
	unsigned f = type->known[field];

	return f != CASES_NONE && has(rec->filled, f) ? (unsigned)rec->value[f] : CASES_NONE;
}

static struct case_terms terms_of(const struct case_setting *s, const struct case_now *c)
{
	return (struct case_terms){.book = s->book,
				   .type = s->type,
				   .category = case_category(s, &c->rec),
				   .calendar = s->calendar,
				   .priority = case_priority(s->type, &c->rec),
				   .conditions = c->conditions,
				   .now_us = s->now_us};
}

/* ---- what nobody filled in ---- */

#define DEFAULTS_MAX (8u + CASES_NAMES_MAX) /* the few below, and what a record brought */

struct defaults {
	struct case_fill v[DEFAULTS_MAX];
	unsigned n;
};

static void add_default(struct defaults *d, unsigned field, int64_t value)
{
	if (field != CASES_NONE)
		d->v[d->n++] = (struct case_fill){field, value};
}

static void default_choice(struct defaults *d, const struct cases_type *t, enum cases_known known,
			   unsigned number)
{
	unsigned f = t->known[known];
	uint64_t value;

	for (unsigned i = 0; f != CASES_NONE && i < t->fields[f].choices_n; i++)
		if (str_to_u64(t->fields[f].choices[i].name.text, &value) && value == number)
			add_default(d, f, i);
}

static const struct case_fill *filled_by(const struct case_wish *w, unsigned field)
{
	for (unsigned i = 0; field != CASES_NONE && i < w->fills_n; i++)
		if (w->fills[i].field == field)
			return &w->fills[i];
	return NULL;
}

/* The category that the case has, or is given now; CASES_NONE: none. */
static unsigned category_with(const struct case_setting *s, const struct case_now *c,
			      const struct case_wish *w)
{
	unsigned f = s->type->known[CASES_KNOWN_CATEGORY];
	const struct case_fill *fill = filled_by(w, f);

	if (fill)
		return fill->value >= 0 && fill->value < (int64_t)s->categories->n
			   ? (unsigned)fill->value
			   : CASES_NONE;
	return f != CASES_NONE && has(c->rec.filled, f) ? (unsigned)c->rec.value[f] : CASES_NONE;
}

static const struct {
	enum cases_known known;
	enum cases_confirm confirm;
} wanted_checks[] = {
    {CASES_KNOWN_GROUND_CHECK, CASES_CONFIRM_GROUND},
    {CASES_KNOWN_NEEDS_RECEIPT, CASES_CONFIRM_RECEIPT},
    {CASES_KNOWN_NEEDS_MEASUREMENT, CASES_CONFIRM_MEASUREMENT},
};

/* Does the category want it? A check on site also stands in for a reporter who cannot be asked. */
static bool is_wanted(const struct case_setting *s, const struct case_now *c, unsigned category,
		      enum cases_confirm confirm)
{
	unsigned f = s->type->known[CASES_KNOWN_HAS_REPORTER];

	return (s->categories->v[category].confirms >> confirm & 1) != 0 ||
	       (confirm == CASES_CONFIRM_GROUND && f != CASES_NONE && has(c->rec.filled, f) &&
		c->rec.value[f] == 0);
}

/* From the category its priority and checks, from the responsibilities the lead unit. */
static void put_defaults(const struct case_setting *s, const struct case_now *c,
			 const struct case_wish *w, struct defaults *d)
{
	unsigned category = category_with(s, c, w);
	uint64_t conditions = (c->conditions | w->conditions_set) & ~w->conditions_cleared;

	d->n = 0;
	/* not to the unit again that has it, and may have handed it back: that takes a person */
	if (s->route_lead != CASES_NONE &&
	    s->route_lead != case_unit(s->type, &c->rec, CASES_KNOWN_LEAD_UNIT))
		add_default(d, s->type->known[CASES_KNOWN_LEAD_UNIT], s->route_lead);
	if (category == CASES_NONE)
		return;
	const struct cases_category *k = &s->categories->v[category];
	default_choice(d, s->type, CASES_KNOWN_PRIORITY,
		       cases_priority_of(&k->priority, conditions));
	for (size_t i = 0; i < sizeof wanted_checks / sizeof wanted_checks[0]; i++)
		add_default(d, s->type->known[wanted_checks[i].known],
			    is_wanted(s, c, category, wanted_checks[i].confirm));
}

/* A check that is wanted cannot be waved away. */
static bool waves_a_check(const struct case_setting *s, const struct case_now *c,
			  const struct case_wish *w, unsigned *ret_field)
{
	unsigned category = category_with(s, c, w);

	for (size_t i = 0; i < sizeof wanted_checks / sizeof wanted_checks[0]; i++) {
		const struct case_fill *fill =
		    filled_by(w, s->type->known[wanted_checks[i].known]);
		if (!fill || category == CASES_NONE || fill->value == 1)
			continue;
		if (is_wanted(s, c, category, wanted_checks[i].confirm)) {
			*ret_field = fill->field;
			return true;
		}
	}
	return false;
}

/* Dates that have a bound are from today on, and within it. */
static bool is_date_wrong(const struct case_setting *s, const struct case_fill *fills, unsigned n,
			  unsigned *ret_field)
{
	int32_t today = calendar_day_of(s->calendar, s->now_us);

	for (unsigned i = 0; i < n; i++) {
		const struct cases_field *f;
		if (fills[i].field >= s->type->fields_n)
			continue;
		f = &s->type->fields[fills[i].field];
		if (f->kind != CASES_FIELD_DATE || f->within_days == 0)
			continue;
		if (fills[i].value < today || fills[i].value > today + (int64_t)f->within_days) {
			*ret_field = fills[i].field;
			return true;
		}
	}
	return false;
}

/* Values that are an index into a table stand for something in it, dates and instants are some, and
 * no field is filled twice: what was looked at must be what is put in. */
static bool is_out_of_table(const struct case_setting *s, const struct case_fill *fills, unsigned n,
			    unsigned *ret_field)
{
	uint64_t seen = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct cases_field *f;
		int64_t top = INT64_MAX;
		*ret_field = fills[i].field;
		if (fills[i].field >= s->type->fields_n || has(seen, fills[i].field))
			return true;
		seen |= UINT64_C(1) << fills[i].field;
		f = &s->type->fields[fills[i].field];
		if (f->kind == CASES_FIELD_DATE &&
		    (fills[i].value < CIVIL_DAY_MIN || fills[i].value > CIVIL_DAY_MAX))
			return true;
		if (f->kind == CASES_FIELD_INSTANT && !civil_utc_us_ok(fills[i].value))
			return true;
		if (f->kind == CASES_FIELD_CATEGORY)
			top = s->categories->n;
		if (f->kind == CASES_FIELD_UNIT)
			top = s->book->units_n;
		if (fills[i].value >= top ||
		    (fills[i].value < 0 && f->kind != CASES_FIELD_DATE &&
		     f->kind != CASES_FIELD_INSTANT && f->kind != CASES_FIELD_NUMBER))
			return true;
		/* a look-up is no unit yet: the responsibilities turn it into one */
		if ((fills[i].field == s->type->known[CASES_KNOWN_LEAD_UNIT] ||
		     fills[i].field == s->type->known[CASES_KNOWN_JOINT_UNIT]) &&
		    s->book->units[fills[i].value].kind == CASES_UNIT_LOOKUP)
			return true;
		if (f->kind == CASES_FIELD_CATEGORY &&
		    !str_eq(s->categories->v[fills[i].value].type.text, s->type->name.text))
			return true;
	}
	*ret_field = CASES_NONE;
	return false;
}

/* ---- after the move ---- */

static uint64_t changed_clocks(const struct cases_type *t, const struct case_now *a,
			       const struct case_now *b)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < t->clocks_n; i++) {
		const struct case_clock *x = &a->clocks.at[i], *y = &b->clocks.at[i];
		if (x->run != y->run || x->by != y->by || x->unit != y->unit ||
		    x->amount != y->amount || x->from_us != y->from_us || x->due_us != y->due_us ||
		    x->first_due_us != y->first_due_us || x->left_us != y->left_us ||
		    x->ended_us != y->ended_us || x->next_us != y->next_us || x->level != y->level)
			set |= UINT64_C(1) << i;
	}
	return set;
}

static uint64_t set_of(const struct cases_names *names)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < names->n; i++)
		set |= UINT64_C(1) << names->v[i].index;
	return set;
}

/* Site conditions may raise the priority, never lower it: that is a person's word. */
static void raise_priority(const struct case_setting *s, struct case_now *c)
{
	const struct cases_category *k = case_category(s, &c->rec);
	unsigned f = s->type->known[CASES_KNOWN_PRIORITY], now, wanted;
	uint64_t value;

	if (!k || f == CASES_NONE)
		return;
	now = case_priority(s->type, &c->rec);
	wanted = cases_priority_of(&k->priority, c->conditions);
	for (unsigned i = 0; wanted < now && i < s->type->fields[f].choices_n; i++)
		if (str_to_u64(s->type->fields[f].choices[i].name.text, &value) &&
		    value == wanted) {
			c->rec.value[f] = i;
			c->rec.filled |= UINT64_C(1) << f;
		}
}

/* How much later an extension may end: working time counts from the present end, calendar days in
 * all, from the first one. */
static bool is_beyond(const struct case_terms *t, const struct cases_transition *tr, uint64_t set,
		      const struct case_now *before, const struct case_now *c)
{
	const struct cases_limit *limit;
	struct calendar_instant end;

	if (!cases_is_given(&tr->most))
		return false;
	limit = cases_limit_of(&t->book->desk[tr->most.index].by_priority[t->priority - 1],
			       t->conditions);
	if (!limit || limit->kind != CASES_LIMIT_SPAN)
		return limit != NULL && limit->kind == CASES_LIMIT_NEVER;
	for (unsigned i = 0; i < t->type->clocks_n; i++) {
		const struct case_clock *old = &before->clocks.at[i];
		bool in_all = limit->unit == TIME_UNIT_CALENDAR_DAY;
		if (has(set, i) &&
		    (calendar_add(t->calendar, limit->unit, limit->amount,
				  in_all ? old->first_due_us : old->due_us, &end) != ERR_OK ||
		     c->clocks.at[i].due_us > end.utc_us))
			return true;
	}
	return false;
}

/* Clocks of the state it came to; an extension's date; site conditions. */
static enum case_refusal run_clocks(const struct case_setting *s, const struct case_moved *moved,
				    const struct case_now *before, struct case_now *c,
				    unsigned *ret_field)
{
	const struct cases_transition *tr = moved->transition == CASES_NONE
						? NULL
						: &s->type->transitions[moved->transition];
	struct case_moved clocks = *moved;
	struct case_terms t;

	if (c->conditions != before->conditions)
		raise_priority(s, c);
	t = terms_of(s, c);
	*ret_field = CASES_NONE;
	if (tr && cases_is_given(&tr->until)) {
		/* an extension of a clock that runs is no new one: its first date stays */
		uint64_t kept = set_of(&tr->starts) & before->rec.clocks_running;
		clocks.began &= ~kept;
		*ret_field = tr->until.index;
		if (!has(c->rec.filled, tr->until.index) ||
		    case_clocks_until(&t, kept, (int32_t)c->rec.value[tr->until.index],
				      &c->clocks) != ERR_OK)
			return CASE_NO_DATE;
		for (unsigned i = 0; i < s->type->clocks_n; i++)
			if (has(kept, i) && (c->clocks.at[i].due_us <= s->now_us ||
					     c->clocks.at[i].due_us <= before->clocks.at[i].due_us))
				return CASE_NO_DATE;
		if (is_beyond(&t, tr, kept, before, c))
			return CASE_NO_DATE;
		*ret_field = CASES_NONE;
	}
	if (case_clocks_move(&t, &clocks, &c->rec, &c->clocks) != ERR_OK)
		return CASE_NO_DATE;
	for (unsigned i = 0; i < s->type->clocks_n; i++)
		if (has(clocks.began, i) && c->clocks.at[i].by == CASE_BY_FIELD &&
		    c->clocks.at[i].due_us <= s->now_us) {
			*ret_field = s->type->clocks[i].field.index;
			return CASE_NO_DATE;
		}
	if (c->conditions != before->conditions &&
	    case_clocks_again(&t, &c->rec, &c->clocks) != ERR_OK)
		return CASE_NO_DATE;
	return CASE_MOVED;
}

/* ---- joint parts ---- */

static struct case_part *part_of(struct case_now *c, unsigned unit)
{
	for (unsigned i = 0; i < c->parts_n; i++)
		if (c->parts[i].unit == unit)
			return &c->parts[i];
	return NULL;
}

/* A part is added for a unit that has none open and does not lead, or gets its result. */
static enum case_refusal do_parts(const struct case_setting *s, enum cases_command command,
				  struct case_now *c, unsigned *ret_field)
{
	unsigned unit = case_unit(s->type, &c->rec, CASES_KNOWN_JOINT_UNIT);
	unsigned until = s->type->known[CASES_KNOWN_JOINT_UNTIL];
	struct case_part *part;

	if ((command != CASES_COMMAND_JOINT_ADD && command != CASES_COMMAND_JOINT_RESULT) ||
	    unit == CASES_NONE || until == CASES_NONE)
		return CASE_MOVED;
	part = part_of(c, unit);
	*ret_field = s->type->known[CASES_KNOWN_JOINT_UNIT];
	if (command == CASES_COMMAND_JOINT_RESULT) {
		if (!part || part->is_done)
			return CASE_GUARDED;
		part->is_done = true;
		return CASE_MOVED;
	}
	if ((part && !part->is_done) || (!part && c->parts_n == CASE_PARTS_MAX) ||
	    unit == case_unit(s->type, &c->rec, CASES_KNOWN_LEAD_UNIT))
		return CASE_GUARDED;
	if (!part)
		part = &c->parts[c->parts_n++];
	*part = (struct case_part){unit, (int32_t)c->rec.value[until], false};
	return CASE_MOVED;
}

/* The day until which a unit that is asked along has: by the line's own limit, else the lead's day;
 * one whose business hours are not over. */
static bool asked_until(const struct case_setting *s, const struct case_now *c, int32_t *ret)
{
	const struct cases_limits *limit = s->route->asked_limit;
	struct calendar_instant end = {.utc_us = s->now_us};
	int32_t day;

	for (unsigned i = 0; !limit && i < s->type->clocks_n; i++)
		if (s->type->clocks[i].source == CASES_CLOCK_STAGE &&
		    s->type->clocks[i].stage == CASES_STAGE_DONE &&
		    c->clocks.at[i].run == CASE_RUN_RUNS)
			end.utc_us = c->clocks.at[i].due_us;
	if (limit && calendar_add(s->calendar, limit->v[0].unit, limit->v[0].amount, s->now_us,
				  &end) != ERR_OK)
		return false;
	day = calendar_day_of(s->calendar, end.utc_us);
	if (calendar_closing(s->calendar, day, &end) != ERR_OK)
		return false;
	if (end.utc_us <= s->now_us) {
		if (calendar_add(s->calendar, TIME_UNIT_WORKING_DAY, 1, s->now_us, &end) != ERR_OK)
			return false;
		day = calendar_day_of(s->calendar, end.utc_us);
	}
	*ret = day;
	return true;
}

/* Joint units that the responsibilities name begin their parts with the dispatch, as if a person
 * had added each: the same is filled, counted and told. */
static enum case_refusal ask_along(const struct case_setting *s, enum cases_command command,
				   struct case_now *c, uint64_t *ret_tells)
{
	const struct cases_transition *add = NULL;
	unsigned unit_f = s->type->known[CASES_KNOWN_JOINT_UNIT];
	unsigned until_f = s->type->known[CASES_KNOWN_JOINT_UNTIL];
	unsigned lead = case_unit(s->type, &c->rec, CASES_KNOWN_LEAD_UNIT);
	int32_t day = 0;

	*ret_tells = 0;
	for (unsigned i = 0; i < s->type->transitions_n && !add; i++)
		if (s->type->transitions[i].command == CASES_COMMAND_JOINT_ADD)
			add = &s->type->transitions[i];
	if (command != CASES_COMMAND_DISPATCH || !s->route || s->route->asked_n == 0 || !add ||
	    unit_f == CASES_NONE || until_f == CASES_NONE)
		return CASE_MOVED;
	if (!asked_until(s, c, &day))
		return CASE_NO_DATE;
	for (unsigned i = 0; i < s->route->asked_n; i++) {
		unsigned unit = s->route->asked[i];
		if (unit == lead || part_of(c, unit) || c->parts_n == CASE_PARTS_MAX)
			continue;
		c->parts[c->parts_n++] = (struct case_part){unit, day, false};
		c->rec.value[unit_f] = unit;
		c->rec.value[until_f] = day;
		c->rec.filled |= UINT64_C(1) << unit_f | UINT64_C(1) << until_f;
		for (unsigned k = 0; k < add->counts.n; k++)
			c->rec.value[add->counts.v[k].index]++;
		*ret_tells |= set_of(&add->tells);
	}
	return CASE_MOVED;
}

/* The clock of joint parts ends when the first open one is due. */
static enum case_refusal run_parts(const struct case_setting *s, const struct case_now *before,
				   struct case_now *c)
{
	unsigned until = s->type->known[CASES_KNOWN_JOINT_UNTIL];
	int32_t day = INT32_MAX;
	struct calendar_instant at;

	for (unsigned i = 0; i < c->parts_n; i++)
		if (!c->parts[i].is_done && c->parts[i].until_day < day)
			day = c->parts[i].until_day;
	if (until == CASES_NONE || day == INT32_MAX || s->type->states[c->rec.state].is_final)
		return CASE_MOVED;
	if (calendar_closing(s->calendar, day, &at) != ERR_OK)
		return CASE_NO_DATE;
	for (unsigned i = 0; i < s->type->clocks_n; i++) {
		struct case_clock *k = &c->clocks.at[i];
		uint64_t bit = UINT64_C(1) << i;
		if (s->type->clocks[i].source != CASES_CLOCK_FIELD ||
		    s->type->clocks[i].field.index != until ||
		    (k->run == CASE_RUN_RUNS && k->due_us == at.utc_us))
			continue;
		if (before->clocks.at[i].run == CASE_RUN_RUNS &&
		    before->clocks.at[i].due_us == at.utc_us)
			*k = before->clocks.at[i]; /* another part ended: this one goes on */
		else
			*k = (struct case_clock){
			    .run = CASE_RUN_RUNS,
			    .by = CASE_BY_FIELD,
			    .from_us = s->now_us < at.utc_us ? s->now_us : at.utc_us,
			    .due_us = at.utc_us,
			    .first_due_us = at.utc_us,
			    .next_us = at.utc_us};
		c->rec.clocks_running |= bit;
		c->rec.clocks_paused &= ~bit;
		c->rec.clocks_stopped &= ~bit;
	}
	return CASE_MOVED;
}

static void finish(const struct case_setting *s, const struct case_now *before,
		   struct case_now *next, struct case_stepped *step)
{
	const struct cases_transition *tr =
	    step->transition == CASES_NONE ? NULL : &s->type->transitions[step->transition];

	next->rec.clocks_over = 0;
	step->clocks = changed_clocks(s->type, before, next);
	if (tr)
		step->tells |= set_of(&tr->tells);
	unsigned lead = case_unit(s->type, &next->rec, CASES_KNOWN_LEAD_UNIT);
	uint64_t tells = 0;
	for (unsigned i = 0; i < s->book->roles_n; i++)
		if (has(step->tells, i))
			tells |= UINT64_C(1) << cases_role_told(s->book, i, lead);
	step->tells = tells;
	const struct cases_state *state = &s->type->states[next->rec.state];
	step->owner = cases_is_given(&state->owner)
			  ? cases_role_told(s->book, state->owner.index, lead)
			  : CASES_NONE;
	step->figures = case_figures(s, before, step->transition, step->escalated, next);
	if (case_is_drill(s->type, &next->rec))
		step->figures = 0;
}

static void refuse(struct case_stepped *ret, enum case_refusal refusal, unsigned transition,
		   unsigned field)
{
	*ret = (struct case_stepped){
	    .refusal = refusal, .transition = transition, .field = field};
}

void case_hand_in(const struct case_setting *s, const struct case_actor *actor,
		  const struct case_fill *fills, unsigned n, struct case_now *ret,
		  struct case_stepped *ret_step)
{
	struct case_now next, none;
	struct case_moved moved;
	enum case_refusal r;
	unsigned field;

	memset(&next, 0, sizeof next);
	memset(&none, 0, sizeof none);
	if (is_out_of_table(s, fills, n, &field)) {
		refuse(ret_step, CASE_NOT_ITS_FIELD, CASES_NONE, field);
		return;
	}
	if (is_date_wrong(s, fills, n, &field)) {
		refuse(ret_step, CASE_NO_DATE, CASES_NONE, field);
		return;
	}
	r = case_begin(s->type, actor, fills, n, &next.rec, &moved);
	field = moved.field;
	if (r == CASE_MOVED)
		r = run_clocks(s, &moved, &none, &next, &field);
	if (r != CASE_MOVED) {
		refuse(ret_step, r, CASES_NONE, field);
		return;
	}
	*ret_step = (struct case_stepped){
	    .refusal = CASE_MOVED, .transition = CASES_NONE, .field = CASES_NONE};
	finish(s, &none, &next, ret_step);
	ret_step->figures = case_is_drill(s->type, &next.rec) ? 0 : CASE_FIGURE(HANDED_IN);
	*ret = next;
}

/* The transition of this command out of the first state, or CASES_NONE. */
static unsigned first_transition(const struct cases_type *t, enum cases_command command)
{
	for (unsigned i = 0; i < t->transitions_n; i++)
		if (t->transitions[i].command == command &&
		    cases_leaves(t, &t->transitions[i], t->start.index))
			return i;
	return CASES_NONE;
}

/* Where its source's closing leads to, or CASES_NONE. */
static unsigned closed_state(const struct cases_type *t)
{
	unsigned close = first_transition(t, CASES_COMMAND_SOURCE_CLOSED), state;

	if (close == CASES_NONE)
		return CASES_NONE;
	state = cases_leads_to(&t->transitions[close], t->start.index);
	return t->states[state].is_final ? state : CASES_NONE;
}

void case_import(const struct case_setting *s, bool is_closed, const struct case_fill *fills,
		 unsigned n, struct case_now *ret, struct case_stepped *ret_step)
{
	unsigned adopt = first_transition(s->type, CASES_COMMAND_ADOPT),
		 state = is_closed ? closed_state(s->type) : s->type->start.index,
		 field = CASES_NONE;
	struct case_now next, none;
	enum case_refusal r;

	memset(&next, 0, sizeof next);
	memset(&none, 0, sizeof none);
	if (adopt == CASES_NONE || state == CASES_NONE) {
		refuse(ret_step, CASE_NOT_HERE, CASES_NONE, CASES_NONE);
		return;
	}
	r = is_out_of_table(s, fills, n, &field)
		? CASE_NOT_ITS_FIELD
		: case_begin_beside(s->type, state, fills, n, &next.rec, &field);
	if (r != CASE_MOVED) {
		refuse(ret_step, r, CASES_NONE, field);
		return;
	}
	next.marks = CASE_MARK_IMPORTED;
	*ret_step = (struct case_stepped){
	    .refusal = CASE_MOVED, .transition = CASES_NONE, .field = CASES_NONE};
	finish(s, &none, &next, ret_step);
	ret_step->figures = 0;
	*ret = next;
}

void case_import_close(const struct case_setting *s, struct case_now *c, struct case_stepped *ret)
{
	unsigned state = closed_state(s->type);
	struct case_now before = *c;

	if (state == CASES_NONE || !case_marks_wait(c->marks)) {
		refuse(ret, CASE_NOT_HERE, CASES_NONE, CASES_NONE);
		return;
	}
	*ret = (struct case_stepped){
	    .refusal = CASE_MOVED, .transition = CASES_NONE, .field = CASES_NONE};
	c->rec.state = state;
	finish(s, &before, c, ret);
	ret->figures = 0;
}

/* What the record brought need not be said again by whoever takes it over. */
static void put_brought(const struct case_setting *s, const struct case_now *c,
			const struct case_wish *wish, struct defaults *d)
{
	unsigned adopt = first_transition(s->type, CASES_COMMAND_ADOPT);
	const struct cases_names *must;

	if (wish->command != CASES_COMMAND_ADOPT || adopt == CASES_NONE)
		return;
	must = &s->type->transitions[adopt].fills;
	for (unsigned i = 0; i < must->n; i++) {
		unsigned f = must->v[i].index;
		if (has(c->rec.filled, f) && !filled_by(wish, f))
			add_default(d, f, c->rec.value[f]);
	}
}

void case_step(const struct case_setting *s, const struct case_actor *actor,
	       const struct case_wish *wish, struct case_now *c, struct case_stepped *ret)
{
	struct case_now next = *c;
	struct case_moved moved = {.transition = CASES_NONE};
	struct defaults defaults;
	enum case_refusal r;
	unsigned field = CASES_NONE;
	uint64_t tells = 0;

	if (is_out_of_table(s, wish->fills, wish->fills_n, &field) ||
	    waves_a_check(s, c, wish, &field)) {
		refuse(ret, CASE_NOT_ITS_FIELD, CASES_NONE, field);
		return;
	}
	if (is_date_wrong(s, wish->fills, wish->fills_n, &field)) {
		refuse(ret, CASE_NO_DATE, CASES_NONE, field);
		return;
	}
	if (case_command_is_beside(wish->command) != case_marks_wait(c->marks)) {
		refuse(ret, CASE_NOT_HERE, CASES_NONE, CASES_NONE);
		return;
	}
	put_defaults(s, c, wish, &defaults);
	put_brought(s, c, wish, &defaults);
	const struct case_command command = {wish->command, wish->fills, wish->fills_n, defaults.v,
					     defaults.n, !s->book->is_connected};
	next.rec.clocks_over = case_clocks_over(s->type, &c->clocks, s->now_us);
	if (wish->command == CASES_COMMAND_NOT_SOLVED &&
	    s->type->known[CASES_KNOWN_PARTLY] != CASES_NONE) /* said anew each time */
		next.rec.filled &= ~(UINT64_C(1) << s->type->known[CASES_KNOWN_PARTLY]);
	unsigned tries = s->type->known[CASES_KNOWN_CALLBACK_TRIES];
	if (wish->command == CASES_COMMAND_NOT_SOLVED && tries != CASES_NONE)
		next.rec.value[tries] = 0; /* who is asked again may be out again */
	/* the levels above a unit are those of its chain, and no others */
	const struct case_actor as = {
	    cases_role_acted(s->book, actor->role,
			     case_unit(s->type, &c->rec, CASES_KNOWN_LEAD_UNIT)),
	    actor->handle};
	r = case_move(s->type, &as, &command, &next.rec, &moved);
	field = moved.field;
	if (r == CASE_MOVED) {
		next.conditions =
		    (c->conditions | wish->conditions_set) & ~wish->conditions_cleared;
		r = do_parts(s, wish->command, &next, &field);
		if (r == CASE_MOVED)
			r = run_clocks(s, &moved, c, &next, &field);
		if (r == CASE_MOVED)
			r = ask_along(s, wish->command, &next, &tells);
		if (r == CASE_MOVED)
			r = run_parts(s, c, &next);
	}
	if (r != CASE_MOVED) {
		refuse(ret, r, moved.transition, field);
		return;
	}
	*ret = (struct case_stepped){
	    .refusal = CASE_MOVED,
	    .transition = moved.transition,
	    .field = CASES_NONE,
	    .tells = tells};
	finish(s, c, &next, ret);
	*c = next;
}

/* ---- the timer ---- */

/* Whatever the timer may do when this clock has run out, from this state. */
static bool try_transition(const struct case_setting *s, unsigned clock, struct case_now *c,
			   struct case_stepped *ret)
{
	const struct case_actor timer = {CASES_NONE, 0};

	for (unsigned i = 0; i < s->type->transitions_n; i++) {
		const struct cases_transition *tr = &s->type->transitions[i];
		const struct case_wish wish = {.command = tr->command};
		if (!cases_leaves(s->type, tr, c->rec.state) ||
		    cases_trigger(s->type, tr, c->rec.state) != clock)
			continue;
		struct case_stepped step; /* a refused one leaves no trace in what follows */
		case_step(s, &timer, &wish, c, &step);
		if (step.refusal == CASE_MOVED) {
			*ret = step;
			return true;
		}
	}
	return false;
}

void case_step_timer(const struct case_setting *s, struct case_now *c, struct case_stepped *ret)
{
	uint64_t over = case_clocks_over(s->type, &c->clocks, s->now_us);
	struct case_now next = *c;
	const struct case_terms t = terms_of(s, c);
	bool late = false, looked = false;

	*ret = (struct case_stepped){
	    .refusal = CASE_NOT_HERE, .transition = CASES_NONE, .field = CASES_NONE};
	for (unsigned i = 0; i < s->type->clocks_n; i++) {
		const struct case_clock *k = &c->clocks.at[i];
		bool is_due = has(over, i) && k->next_us != 0 && k->next_us <= s->now_us;
		bool is_late = is_due && s->now_us - k->next_us > CASE_LATE_US;
		if (is_due && try_transition(s, i, c, ret)) {
			ret->is_late = is_late;
			return;
		}
		late |= is_late;
	}
	for (unsigned i = 0; i < s->type->clocks_n; i++) {
		const struct cases_names *chain = &s->type->clocks[i].escalation;
		struct case_clock *k = &next.clocks.at[i];
		if (!has(over, i) || k->next_us == 0 || k->next_us > s->now_us)
			continue;
		looked = true;
		if (k->level >= chain->n) {
			k->next_us = 0; /* it is over, and calls nobody */
			continue;
		}
		if (case_clock_escalate(&t, i, &next.clocks) != ERR_OK)
			k->next_us = 0; /* beyond the calendar: told once more is enough */
		ret->escalated |= UINT64_C(1) << i;
		ret->tells |= UINT64_C(1) << chain->v[k->level - (k->level > 0)].index;
	}
	if (!looked)
		return;
	ret->refusal = CASE_MOVED;
	ret->is_late = late;
	finish(s, c, &next, ret);
	*c = next;
}
