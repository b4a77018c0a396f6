/* Limits to instants. */
#include "cases/clock.h"

#include "base/check.h"
#include "base/civil.h"

static bool has(uint64_t set, unsigned i)
{
	return (set >> i & 1) != 0;
}

static bool is_working(enum time_unit unit)
{
	return unit == TIME_UNIT_WORKING_HOUR || unit == TIME_UNIT_WORKING_DAY;
}

const struct cases_limit *case_limit_of(const struct case_terms *t, unsigned clock,
					enum case_limit_by *ret_by)
{
	const struct cases_clock *c = &t->type->clocks[clock];
	const struct cases_limit *limit = NULL;

	*ret_by = CASE_BY_CATEGORY;
	if (c->source == CASES_CLOCK_STAGE && t->category)
		limit = cases_limit_of(&t->category->limits[c->stage], t->conditions);
	if (!limit) {
		*ret_by = CASE_BY_TYPE;
		limit = cases_limit_of(&c->limit, t->conditions);
	}
	if (!limit && cases_is_given(&c->desk)) {
		const struct cases_desk_limit *row = &t->book->desk[c->desk.index];
		*ret_by = CASE_BY_DESK;
		limit = cases_limit_of(&row->by_priority[t->priority - 1], t->conditions);
	}
	if (!limit)
		*ret_by = CASE_BY_NONE;
	return limit;
}

/* What a field of kind date or instant says: the close of business of the date, or its opening
 * where a suspended case wakes on it. */
static enum err end_by_field(const struct case_terms *t, const struct case_rec *rec, unsigned field,
			     int64_t *ret)
{
	const struct cases_state *state = &t->type->states[rec->state];
	struct calendar_instant at;

	if (!has(rec->filled, field))
		return ERR_BAD_INPUT; /* proof 4 sees to it */
	if (t->type->fields[field].kind == CASES_FIELD_INSTANT) {
		*ret = rec->value[field];
		return ERR_OK;
	}
	if (cases_is_given(&state->review) && state->review.index == field)
		TRY(calendar_opening(t->calendar, (int32_t)rec->value[field], &at));
	else
		TRY(calendar_closing(t->calendar, (int32_t)rec->value[field], &at));
	*ret = at.utc_us;
	return ERR_OK;
}

/* The end of a limit that begins at `from`. */
static enum err end_of(const struct case_terms *t, const struct case_rec *rec,
		       const struct cases_limit *limit, int64_t from_us, int64_t *ret)
{
	struct calendar_instant at;

	switch (limit->kind) {
	case CASES_LIMIT_SPAN:
		TRY(calendar_add(t->calendar, limit->unit, limit->amount, from_us, &at));
		*ret = at.utc_us;
		return ERR_OK;
	case CASES_LIMIT_FIELD: {
		unsigned field = limit->field.index;
		for (unsigned i = 0; field == CASES_NONE && i < t->type->fields_n; i++)
			if (str_eq(t->type->fields[i].name.text, limit->field.text))
				field = i; /* a category names it, of whatever type */
		CHECK(field != CASES_NONE);
		return end_by_field(t, rec, field, ret);
	}
	case CASES_LIMIT_AT_ONCE:
		*ret = from_us;
		return ERR_OK;
	case CASES_LIMIT_SAME_DAY:
		return calendar_midnight_after(t->calendar, calendar_day_of(t->calendar, from_us),
					       ret);
	case CASES_LIMIT_NEVER:
		break;
	}
	return ERR_INTERNAL;
}

/* Is the timer to look at its end? */
static bool calls(const struct cases_type *type, unsigned clock)
{
	return !has(type->bounds_only, clock);
}

static enum err begin(const struct case_terms *t, unsigned clock, struct case_rec *rec,
		      struct case_clock *c)
{
	const struct cases_clock *kind = &t->type->clocks[clock];
	struct case_clock fresh = {.run = CASE_RUN_RUNS, .from_us = t->now_us};
	const struct cases_limit *limit;

	if (kind->source == CASES_CLOCK_FIELD) {
		fresh.by = CASE_BY_FIELD;
		TRY(end_by_field(t, rec, kind->field.index, &fresh.due_us));
	} else if (kind->source != CASES_CLOCK_REPORTER) {
		limit = case_limit_of(t, clock, &fresh.by);
		if (!limit || limit->kind == CASES_LIMIT_NEVER) {
			rec->clocks_running &= ~(UINT64_C(1) << clock);
			*c = (struct case_clock){0};
			return ERR_OK;
		}
		if (limit->kind == CASES_LIMIT_SPAN) {
			fresh.unit = limit->unit;
			fresh.amount = limit->amount;
		}
		TRY(end_of(t, rec, limit, t->now_us, &fresh.due_us));
	}
	if (kind->source == CASES_CLOCK_REPORTER && c->run != CASE_RUN_NONE)
		fresh.from_us = c->from_us; /* "not solved": it goes on from when it began */
	fresh.first_due_us = fresh.due_us;
	fresh.next_us = calls(t->type, clock) ? fresh.due_us : 0;
	*c = fresh;
	return ERR_OK;
}

/* The end of what is left, from an instant on. Calendar days end with working hours, and never
 * before the time is up. */
static enum err after_left(const struct case_terms *t, enum time_unit unit, int64_t left_us,
			   int64_t from_us, int64_t *ret)
{
	struct calendar_instant at = {.utc_us = from_us + left_us};
	int32_t day;

	if (is_working(unit)) {
		TRY(calendar_add_working(t->calendar, left_us, from_us, &at));
	} else if (unit == TIME_UNIT_CALENDAR_DAY) {
		int64_t up_us = at.utc_us;
		day = calendar_day_of(t->calendar, up_us);
		TRY(calendar_closing(t->calendar, day, &at));
		if (at.utc_us < up_us)
			TRY(calendar_closing(t->calendar, day + 1, &at));
	}
	*ret = at.utc_us;
	return ERR_OK;
}

/* Time as a unit counts it: working time for wh and wd, else what passes. */
static enum err measure(const struct case_terms *t, enum time_unit unit, int64_t from_us,
			int64_t until_us, int64_t *ret)
{
	struct calendar_span span;

	*ret = until_us > from_us ? until_us - from_us : 0;
	if (*ret == 0 || !is_working(unit))
		return ERR_OK;
	TRY(calendar_working_time(t->calendar, from_us, until_us, &span));
	*ret = span.working_us;
	return ERR_OK;
}

static enum err wait_now(const struct case_terms *t, struct case_clock *c)
{
	TRY(measure(t, c->unit, t->now_us, c->due_us, &c->left_us));
	c->run = CASE_RUN_WAITS;
	return ERR_OK;
}

/* What was left goes on from now. Both dates move alike, so that an extension stays visible. */
static enum err go_on(const struct case_terms *t, struct case_clock *c)
{
	int64_t due_us;

	if (c->left_us > 0) {
		TRY(after_left(t, c->unit, c->left_us, t->now_us, &due_us));
		c->first_due_us += due_us - c->due_us;
		c->due_us = due_us;
		c->next_us = c->next_us != 0 ? due_us : 0;
	} /* else it was over before it waited, and stays so; who was told is not told again */
	if (c->next_us != 0 && c->next_us < t->now_us)
		c->next_us = t->now_us;
	c->run = CASE_RUN_RUNS;
	c->left_us = 0;
	return ERR_OK;
}

/* One that waited ends as if it had gone on just now: what was left counts for it. */
static enum err end(const struct case_terms *t, struct case_clock *c)
{
	if (c->run == CASE_RUN_WAITS)
		TRY(go_on(t, c));
	c->run = CASE_RUN_ENDED;
	c->ended_us = t->now_us;
	c->next_us = 0;
	c->left_us = 0;
	return ERR_OK;
}

enum err case_clocks_move(const struct case_terms *t, const struct case_moved *moved,
			  struct case_rec *rec, struct case_clocks *clocks)
{
	for (unsigned i = 0; i < t->type->clocks_n; i++) {
		struct case_clock *c = &clocks->at[i];
		if (has(moved->ended, i) && c->run != CASE_RUN_NONE)
			TRY(end(t, c));
		if (has(moved->waits, i))
			TRY(wait_now(t, c));
		if (has(moved->goes_on, i))
			TRY(go_on(t, c));
		if (has(moved->began, i))
			TRY(begin(t, i, rec, c));
	}
	return ERR_OK;
}

enum err case_clocks_until(const struct case_terms *t, uint64_t set, int32_t day,
			   struct case_clocks *clocks)
{
	struct calendar_instant at;

	TRY(calendar_closing(t->calendar, day, &at));
	for (unsigned i = 0; i < t->type->clocks_n; i++) {
		struct case_clock *c = &clocks->at[i];
		if (!has(set, i) || c->run != CASE_RUN_RUNS)
			continue;
		c->due_us = at.utc_us;
		c->next_us = calls(t->type, i) ? at.utc_us : 0;
		c->level = 0;
		c->by = CASE_BY_FIELD;
	}
	return ERR_OK;
}

/* A limit counts from when the clock began, and what it stood still in between is added. A shorter
 * one that a condition or a raised priority brings counts from now, because nobody knew of it
 * before, and never ends later than what it replaces. */
static enum err again(const struct case_terms *t, const struct cases_limit *limit, bool is_news,
		      struct case_clock *c)
{
	struct calendar_instant was = {.utc_us = c->due_us}, end, from_now;
	int64_t longer_us, shorter_us, stood_us, due_us;

	if (c->amount > 0)
		TRY(calendar_add(t->calendar, c->unit, c->amount, c->from_us, &was));
	TRY(calendar_add(t->calendar, limit->unit, limit->amount, c->from_us, &end));
	TRY(calendar_add(t->calendar, limit->unit, limit->amount, t->now_us, &from_now));
	is_news = is_news && end.utc_us < was.utc_us;
	if (c->run == CASE_RUN_WAITS) {
		TRY(measure(t, limit->unit, was.utc_us, end.utc_us, &longer_us));
		TRY(measure(t, limit->unit, end.utc_us, was.utc_us, &shorter_us));
		c->left_us += longer_us - (is_news ? 0 : shorter_us);
		TRY(measure(t, limit->unit, t->now_us, from_now.utc_us, &longer_us));
		if (is_news && longer_us < c->left_us)
			c->left_us = longer_us;
		c->left_us = c->left_us > 0 ? c->left_us : 0;
		due_us = c->due_us;
	} else if (is_news) {
		due_us = from_now.utc_us < c->due_us ? from_now.utc_us : c->due_us;
	} else {
		due_us = end.utc_us;
		TRY(measure(t, limit->unit, was.utc_us, c->due_us, &stood_us));
		if (stood_us > 0)
			TRY(after_left(t, limit->unit, stood_us, end.utc_us, &due_us));
	}
	c->amount = limit->amount;
	c->unit = limit->unit;
	c->first_due_us += due_us - c->due_us;
	if (due_us != c->due_us) {
		c->next_us = due_us > t->now_us ? due_us : t->now_us;
		c->level = 0;
	}
	c->due_us = due_us;
	return ERR_OK;
}

/* One clock that may have a limit now, another one, or none. */
static enum err look_again(const struct case_terms *t, unsigned clock, struct case_rec *rec,
			   struct case_clock *c)
{
	uint64_t bit = UINT64_C(1) << clock;
	enum case_limit_by by;
	const struct cases_limit *limit = case_limit_of(t, clock, &by);
	bool is_there = c->run == CASE_RUN_RUNS || c->run == CASE_RUN_WAITS;

	if (!is_there) {
		if (!limit || (rec->clocks_stopped & bit) != 0)
			return ERR_OK;
		rec->clocks_running |= bit;
		return begin(t, clock, rec, c);
	}
	if (!limit || limit->kind == CASES_LIMIT_NEVER) {
		rec->clocks_running &= ~bit;
		rec->clocks_paused &= ~bit;
		*c = (struct case_clock){0};
		return ERR_OK;
	}
	if (limit->kind != CASES_LIMIT_SPAN ||
	    (limit->amount == c->amount && limit->unit == c->unit))
		return ERR_OK;
	TRY(again(t, limit, by == CASE_BY_DESK || cases_is_given(&limit->condition), c));
	c->by = by;
	if (!calls(t->type, clock))
		c->next_us = 0;
	return ERR_OK;
}

enum err case_clocks_again(const struct case_terms *t, struct case_rec *rec,
			   struct case_clocks *clocks)
{
	const struct cases_names *runs = &t->type->states[rec->state].runs;
	uint64_t here = rec->clocks_running | rec->clocks_paused;

	for (unsigned i = 0; i < runs->n; i++)
		here |= UINT64_C(1) << runs->v[i].index;
	for (unsigned i = 0; i < t->type->clocks_n; i++) {
		enum cases_clock_source source = t->type->clocks[i].source;
		/* an extension is a person's word, and stands */
		if (has(here, i) && clocks->at[i].by != CASE_BY_FIELD &&
		    (source == CASES_CLOCK_STAGE || source == CASES_CLOCK_DESK))
			TRY(look_again(t, i, rec, &clocks->at[i]));
	}
	return ERR_OK;
}

uint64_t case_clocks_over(const struct cases_type *type, const struct case_clocks *clocks,
			  int64_t now_us)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < type->clocks_n; i++) {
		const struct case_clock *c = &clocks->at[i];
		if (c->run == CASE_RUN_RUNS && c->due_us != 0 && c->due_us <= now_us)
			set |= UINT64_C(1) << i;
	}
	return set;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

int64_t case_clocks_due(const struct cases_type *type, const struct case_clocks *clocks)
{
	int64_t least = 0;

	for (unsigned i = 0; i < type->clocks_n; i++)
		if (clocks->at[i].run == CASE_RUN_RUNS && calls(type, i))
			least = earlier(least, clocks->at[i].due_us);
	return least;
}

int64_t case_clocks_next(const struct cases_type *type, const struct case_clocks *clocks)
{
	int64_t least = 0;

	for (unsigned i = 0; i < type->clocks_n; i++)
		if (clocks->at[i].run == CASE_RUN_RUNS)
			least = earlier(least, clocks->at[i].next_us);
	return least;
}

enum err case_clock_escalate(const struct case_terms *t, unsigned clock, struct case_clocks *clocks)
{
	const struct cases_names *chain = &t->type->clocks[clock].escalation;
	struct case_clock *c = &clocks->at[clock];
	bool is_late = t->now_us - c->next_us > CASE_LATE_US;
	struct calendar_instant at;

	CHECK(c->level < chain->n && c->run == CASE_RUN_RUNS);
	/* the same limit again, from when this level was due, or from now where that is past */
	TRY(calendar_add(t->calendar, c->amount > 0 ? c->unit : TIME_UNIT_WORKING_DAY,
			 c->amount > 0 ? c->amount : 1, is_late ? t->now_us : c->next_us, &at));
	c->level++;
	c->next_us = c->level < chain->n ? at.utc_us : 0;
	return ERR_OK;
}
