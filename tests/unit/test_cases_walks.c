/* Walks of whole cases through the shipped types, with every instant computed by hand on the
 * reference calendar: 09:00 to 12:00 and 14:00 to 18:00; in June 2026 the 8th is a Monday, Friday
 * the 19th to Sunday the 21st are the Dragon Boat holiday.
 * long-file: one walk after the other, each to be read by itself. */
#include "walk.h"

#define HOUR INT64_C(3600000000)
#define MINUTE INT64_C(60000000)

static struct walk_world world;

static int load(void **state)
{
	walk_load(&world);
	return 0;
}

static int unload(void **state)
{
	free(world.memory.p);
	return 0;
}

struct act {
	const char *when, *name, *role;
	uint64_t handle;
	const char *fills; /* in place of what stands there by itself */
	uint64_t set, cleared;
};

static void act(int line, struct walk *w, struct act a, enum case_refusal want, const char *state)
{
	static struct case_now before;
	struct case_fill fills[CASES_FIELDS_MAX];
	unsigned i = walk_transition(w->type, a.name);
	const struct cases_transition *tr = &w->type->transitions[i];
	const struct case_actor actor = {walk_role(w->world, a.role), a.handle};

	w->set.now_us = walk_us(a.when);
	const struct case_wish wish = {
	    .command = tr->command,
	    .fills = fills,
	    .fills_n = walk_fill(w, a.fills, fills, walk_must(w, &tr->fills, fills)),
	    .conditions_set = a.set,
	    .conditions_cleared = a.cleared};
	before = w->now;
	case_step(&w->set, &actor, &wish, &w->now, &w->step);
	if (w->step.refusal != want || strcmp(walk_state(w), state) != 0)
		fail_msg("line %d, %s: refusal %d, in %s", line, a.name, w->step.refusal,
			 walk_state(w));
	if (want == CASE_MOVED && w->step.transition != i)
		fail_msg("line %d: transition %u, not %s", line, w->step.transition, a.name);
	if (want != CASE_MOVED)
		assert_memory_equal(&w->now, &before, sizeof before);
}

/* ACT(moved, state, when, transition, role, handle, fills) */
#define ACT(state, ...) act(__LINE__, &w, (struct act){__VA_ARGS__}, CASE_MOVED, state)
#define REFUSED(why, state, ...) act(__LINE__, &w, (struct act){__VA_ARGS__}, CASE_##why, state)

/* The timer at an instant: a transition's name, "up" (some clock goes a level up) or "nothing". */
static void timer(int line, struct walk *w, const char *when, const char *want)
{
	static struct case_now before;
	const char *got = "up";
	char name[64];

	before = w->now;
	w->set.now_us = walk_us(when);
	case_step_timer(&w->set, &w->now, &w->step);
	if (w->step.refusal == CASE_NOT_HERE) {
		got = "nothing";
		assert_memory_equal(&w->now, &before, sizeof before);
	} else if (w->step.transition != CASES_NONE) {
		struct str text = w->type->transitions[w->step.transition].name.text;
		snprintf(name, sizeof name, "%.*s", (int)text.n, text.p);
		got = name;
	}
	if (strcmp(got, want) != 0)
		fail_msg("line %d: the timer does %s, not %s", line, got, want);
}

#define TIMER(when, want) timer(__LINE__, &w, when, want)

static const struct case_clock *clock_of(const struct walk *w, const char *name)
{
	return &w->now.clocks.at[walk_clock(w->type, name)];
}

static void due(int line, const struct walk *w, const char *name, const char *at, const char *first)
{
	const struct case_clock *c = clock_of(w, name);

	if (c->run != CASE_RUN_RUNS || c->due_us != walk_us(at) ||
	    c->first_due_us != walk_us(first))
		fail_msg("line %d: %s is in state %d, due %s, first %s", line, name, c->run,
			 walk_local(c->due_us), walk_local(c->first_due_us));
}

#define DUE(clock, at) due(__LINE__, &w, clock, at, at)
#define DUE_FIRST(clock, at, first) due(__LINE__, &w, clock, at, first)

static void idle(int line, const struct walk *w, const char *name)
{
	if (clock_of(w, name)->run == CASE_RUN_RUNS || clock_of(w, name)->run == CASE_RUN_WAITS)
		fail_msg("line %d: %s runs until %s", line, name,
			 walk_local(clock_of(w, name)->due_us));
}

#define IDLE(clock) idle(__LINE__, &w, clock)

static void waits(int line, const struct walk *w, const char *name, int64_t left_us)
{
	const struct case_clock *c = clock_of(w, name);

	if (c->run != CASE_RUN_WAITS || c->left_us != left_us)
		fail_msg("line %d: %s is in state %d, left %lld", line, name, c->run,
			 (long long)c->left_us);
}

#define WAITS(clock, left) waits(__LINE__, &w, clock, left)

static void figures(int line, const struct walk *w, uint64_t want)
{
	char text[300] = "";

	if (w->step.figures == want)
		return;
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		if ((w->step.figures ^ want) >> i & 1)
			snprintf(text + strlen(text), sizeof text - strlen(text), " %c%s",
				 want >> i & 1 ? '-' : '+', case_figure_name(i));
	fail_msg("line %d: figures%s", line, text);
}

#define F(symbol) CASE_FIGURE(symbol)
#define FIGURES(set) figures(__LINE__, &w, set)

/* Handed in, opened, dispatched and received on Monday 8 June, 09:00 to 09:15. */
static void to_work(struct walk *out, const char *category, const char *handed_in, uint64_t set)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-08 09:00", handed_in, &w);
	ACT("opened", "2026-06-08 09:05", "open", "intake", 1, category, set);
	ACT("dispatched", "2026-06-08 09:10", "dispatch", "dispatcher", 2, "lead_unit=URB");
	ACT("handling", "2026-06-08 09:15", "receive", "unit_handler", 9);
	*out = w;
}

/* On to where the reporter is asked, on Tuesday the 9th. */
static void to_closed(struct walk *out, const char *category)
{
	static struct walk w;

	to_work(&w, category, NULL, 0);
	ACT("handling", "2026-06-08 09:30", "contact", "unit_handler", 9);
	ACT("fed_back", "2026-06-09 09:10", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-09 09:20", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-09 09:30", "pass_check", "grid_worker", 4);
	*out = w;
}

/* The lane is dark: Thursday 18:40 to the Thursday after. */
static void a_dark_lamp_to_the_right_unit(struct walk *out)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-11 18:40", "channel=portal", &w);
	FIGURES(F(HANDED_IN));
	DUE("opening", "2026-06-12 10:00"); /* 1 wh, and the office opens at 09:00 */
	ACT("opened", "2026-06-12 09:10", "open", "intake", 1, "category=0102");
	FIGURES(F(OPENED));
	DUE("dispatching", "2026-06-12 10:10"); /* priority 3 by the category: 1 wh */
	ACT("dispatched", "2026-06-12 09:20", "dispatch", "dispatcher", 2, "lead_unit=URB");
	FIGURES(0);
	DUE("receiving", "2026-06-12 10:20");
	DUE("handing_back", "2026-06-12 15:20"); /* 4 wh: 2 h 40 before noon, 1 h 20 after 14:00 */
	DUE("contacting", "2026-06-15 18:00");   /* 1 wd: Monday */
	DUE("done", "2026-06-15 18:00");	 /* 1 wd */
	IDLE("on_site");			 /* the category says nothing */
	IDLE("made_safe");			 /* only where it is live */
	ACT("handling", "2026-06-12 09:30", "receive", "unit_handler", 9);
	ACT("handed_back", "2026-06-12 15:10", "hand_back", "unit_handler", 9,
	    "hand_back_reason=wrong_component,proposed_unit=PMC");
	FIGURES(F(HANDED_BACK));
	DUE("done", "2026-06-15 18:00"); /* goes on, until somebody says whose it is */
	DUE("dispatching", "2026-06-12 16:10");
	/* the responsibilities still say the unit that handed it back: somebody must know better */
	REFUSED(NOT_FILLED, "handed_back", "2026-06-12 15:50", "reroute", "dispatcher", 2);
	ACT("dispatched", "2026-06-12 16:00", "reroute", "dispatcher", 2, "lead_unit=PMC");
	FIGURES(F(HAND_BACK_UPHELD));
	DUE("done", "2026-06-15 18:00"); /* anew: 1 wd from Friday is Monday */
	assert_true(clock_of(&w, "done")->from_us == walk_us("2026-06-12 16:00"));
	DUE("handing_back", "2026-06-15 11:00"); /* 2 wh on Friday, 2 on Monday */
	assert_true(clock_of(&w, "reporter")->from_us == walk_us("2026-06-11 18:40"));
	assert_int_equal(clock_of(&w, "reporter")->run, CASE_RUN_RUNS);
	*out = w;
}

static void a_dark_lamp(void **state)
{
	static struct walk w;

	a_dark_lamp_to_the_right_unit(&w);
	ACT("handling", "2026-06-12 16:10", "receive", "unit_handler", 12);
	ACT("handling", "2026-06-12 16:20", "contact", "unit_handler", 12);
	IDLE("contacting");
	TIMER("2026-06-15 11:00", "nothing"); /* the right to hand back lapses: nobody is late */
	REFUSED(TOO_LATE, "handling", "2026-06-15 11:00", "hand_back", "unit_handler", 12);
	ACT("fed_back", "2026-06-15 11:30", "feed_back", "unit_handler", 12);
	FIGURES(0); /* whether the limit was kept is known when somebody has looked */
	DUE("answer_review", "2026-06-15 17:30"); /* 4 wh: 0.5 before noon, 3.5 from 14:00 */
	IDLE("restored");
	REFUSED(OWN_WORK, "fed_back", "2026-06-15 14:00", "accept_answer", "duty_officer", 12);
	ACT("checking", "2026-06-15 14:00", "accept_answer", "duty_officer", 3);
	DUE("checking", "2026-06-15 18:00");
	REFUSED(OWN_WORK, "checking", "2026-06-15 17:00", "pass_check", "grid_worker", 12);
	ACT("closed", "2026-06-15 17:55", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));
	DUE("calling_back", "2026-06-16 18:00");
	DUE("confirming", "2026-06-25 18:00"); /* 10 d: a Thursday */
	ACT("handling", "2026-06-16 17:50", "not_solved", "reporter", 20);
	FIGURES(F(NOT_SOLVED) | F(CALLED_BACK) | F(ANSWERED));
	DUE("done", "2026-06-17 18:00");
	IDLE("handing_back"); /* whoever fed back has taken it */
	REFUSED(TOO_LATE, "handling", "2026-06-16 17:51", "hand_back", "unit_handler", 12);
	ACT("fed_back", "2026-06-17 10:00", "feed_back", "unit_handler", 12);
	FIGURES(0); /* this unit was counted */
	ACT("checking", "2026-06-17 10:30", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-17 11:00", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED));
	assert_true(clock_of(&w, "reporter")->from_us == walk_us("2026-06-11 18:40"));
	ACT("confirmed", "2026-06-18 17:00", "solved", "reporter", 20);
	FIGURES(F(SOLVED) | F(CALLED_BACK) | F(ANSWERED));
	IDLE("reporter");
	assert_true(clock_of(&w, "reporter")->ended_us == walk_us("2026-06-18 17:00"));
	DUE("rating", "2026-06-25 18:00"); /* 7 d */
	ACT("ended", "2026-06-18 17:01", "rate", "reporter", 20, "answer_rate=3");
	FIGURES(F(RATED));
}

/* Solved, and the morning after not: the reporter's clock goes on from the beginning. */
static void a_confirmation_taken_back(void **state)
{
	static struct walk w;

	to_closed(&w, "category=0104");
	ACT("confirmed", "2026-06-09 10:00", "solved", "reporter", 20);
	IDLE("reporter");
	ACT("handling", "2026-06-10 09:00", "not_solved", "reporter", 20, "partly=yes");
	FIGURES(F(PARTLY) | F(CALLED_BACK) | F(ANSWERED));
	assert_int_equal(clock_of(&w, "reporter")->run, CASE_RUN_RUNS);
	assert_true(clock_of(&w, "reporter")->from_us == walk_us("2026-06-08 09:00"));
	/* said anew each time */
	ACT("fed_back", "2026-06-10 09:10", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-10 09:20", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-10 09:30", "pass_check", "grid_worker", 4);
	ACT("handling", "2026-06-10 09:40", "not_solved", "reporter", 20);
	FIGURES(F(NOT_SOLVED) | F(CALLED_BACK) | F(ANSWERED));
	ACT("suspended", "2026-06-10 09:45", "suspend", "desk_lead", 6);
	ACT("handling", "2026-06-10 09:50", "wake", "unit_handler", 9);
	/* the third time */
	ACT("fed_back", "2026-06-10 10:10", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-10 10:20", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-10 10:30", "pass_check", "grid_worker", 4);
	ACT("above", "2026-06-10 10:40", "third_not_solved", "duty_officer", 3);
	DUE("looking_above", "2026-06-11 18:00"); /* 1 wd */
	ACT("dispatched", "2026-06-10 11:00", "send_again", "level_above", 5, "lead_unit=PMC");
	DUE("done", "2026-06-15 18:00");     /* 3 wd: Thursday, Friday, Monday */
	DUE("contacting", "2026-06-11 18:00"); /* the new unit's own first contact */
	ACT("handling", "2026-06-10 11:10", "receive", "unit_handler", 13);
	ACT("fed_back", "2026-06-10 11:20", "feed_back", "unit_handler", 13);
	ACT("checking", "2026-06-10 11:30", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-10 11:40", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST)); /* not it had it suspended */
}

static void extensions(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", NULL, 0);
	DUE("done", "2026-06-11 18:00"); /* 3 wd from Monday */
	/* 9 June and 181 days: 21 left in June, 31, 31, 30, 31, 30 to 30 November, and 7 */
	REFUSED(NO_DATE, "handling", "2026-06-09 10:00", "ask_extension", "unit_handler", 9,
		"extension_until=2026-12-07");
	REFUSED(NO_DATE, "handling", "2026-06-09 10:00", "ask_extension", "unit_handler", 9,
		"extension_until=2026-06-08");
	ACT("handling", "2026-06-09 10:00", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-12-06");
	ACT("handling", "2026-06-09 10:01", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-06-16");
	DUE("done", "2026-06-11 18:00"); /* asking moves nothing */
	REFUSED(GUARDED, "handling", "2026-06-09 10:30", "extend_later", "level_above", 5);
	ACT("handling", "2026-06-09 10:30", "extend", "desk_lead", 6);
	FIGURES(F(EXTENDED));
	DUE_FIRST("done", "2026-06-16 18:00", "2026-06-11 18:00");
	ACT("handling", "2026-06-10 10:00", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-06-16");
	REFUSED(NO_DATE, "handling", "2026-06-10 10:30", "extend_later", "level_above", 5);
	ACT("handling", "2026-06-10 11:00", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-06-18");
	REFUSED(GUARDED, "handling", "2026-06-10 11:30", "extend", "desk_lead", 6);
	ACT("handling", "2026-06-10 11:30", "extend_later", "level_above", 5);
	DUE_FIRST("done", "2026-06-18 18:00", "2026-06-11 18:00");
	ACT("fed_back", "2026-06-18 18:00", "feed_back", "unit_handler", 9);
	FIGURES(0);
	ACT("checking", "2026-06-19 09:10", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-19 09:20", "pass_check", "grid_worker", 4);
	/* by the last date, at the very instant; not by the first; however late it was looked at */
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME));

	to_work(&w, "category=0104", NULL, 0);
	ACT("handling", "2026-06-11 17:59:59", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-06-12");
	REFUSED(TOO_LATE, "handling", "2026-06-11 18:00", "ask_extension", "unit_handler", 9,
		"extension_until=2026-06-15");
	/* what was asked for is over when it is granted */
	REFUSED(NO_DATE, "handling", "2026-06-12 18:00", "extend", "desk_lead", 6);
}

static void a_suspension(void **state)
{
	static struct walk w;
	struct calendar_span left = {0};

	to_work(&w, "category=0104", NULL, 0);
	ACT("handling", "2026-06-08 09:30", "contact", "unit_handler", 9);
	REFUSED(NO_DATE, "handling", "2026-06-09 15:00", "suspend", "desk_lead", 6,
		"review_on=2026-07-10"); /* 21 days of June and 10: 31 */
	/* its review date opens in the past */
	REFUSED(NO_DATE, "handling", "2026-06-09 15:00", "suspend", "desk_lead", 6,
		"review_on=2026-06-09");
	ACT("suspended", "2026-06-09 15:00", "suspend", "desk_lead", 6,
	    "suspension_cause=money,review_on=2026-06-15");
	FIGURES(F(SUSPENDED));
	WAITS("done", 17 * HOUR); /* 3 on Tuesday, 7 on Wednesday, 7 on Thursday */
	assert_ok(calendar_working_time(w.set.calendar, w.set.now_us,
					walk_us("2026-06-11 18:00"), &left));
	WAITS("done", left.working_us);
	DUE("suspension", "2026-06-15 09:00"); /* at the opening of the review date */
	TIMER("2026-06-12 12:00", "nothing");
	TIMER("2026-06-15 08:59:59", "nothing");
	TIMER("2026-06-15 09:00", "wake_by_date");
	FIGURES(0);
	assert_string_equal(walk_state(&w), "handling");
	DUE("done", "2026-06-17 12:00"); /* 7, 7 and 3 hours */
	IDLE("handing_back");		 /* and no new right to hand back */
	REFUSED(GUARDED, "handling", "2026-06-15 09:30", "suspend", "desk_lead", 6);
	ACT("suspended", "2026-06-15 10:00", "suspend_again", "level_above", 5,
	    "review_on=2026-06-16");
	REFUSED(NOT_THIS_ROLE, "suspended", "2026-06-15 11:00", "renew", "desk_lead", 6);
	ACT("suspended", "2026-06-15 11:00", "renew", "level_above", 5, "review_on=2026-06-17");
	FIGURES(F(RENEWED));
	DUE("suspension", "2026-06-17 09:00");
	ACT("handling", "2026-06-16 09:00", "wake", "desk_lead", 6);
	DUE("done", "2026-06-18 11:00"); /* 16 left: 7, 7 and 2 hours */
	ACT("fed_back", "2026-06-18 10:59", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-18 11:10", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-18 11:20", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST) | F(DUE_SUSPENDED) |
		F(IN_TIME_SUSPENDED));
}

/* A lengthened limit keeps what the clock stood still. */
static void works_after_a_suspension(void **state)
{
	static struct walk w;
	uint64_t works = walk_condition(&world, "works");

	to_work(&w, "category=0104", NULL, 0);
	ACT("suspended", "2026-06-09 15:00", "suspend", "desk_lead", 6, "review_on=2026-06-15");
	TIMER("2026-06-15 09:00", "wake_by_date");
	ACT("handling", "2026-06-15 10:00", "site_condition", "unit_handler", 9, NULL, works);
	/* 10 wd from Monday the 8th: the 9th to 12th, 15th to 18th, 22nd, 23rd; it stood for 3 wh
	 * on the 9th and 21 on the 10th to 12th, 24 in all: 24th, 25th, 26th and 3 of the 29th */
	DUE("done", "2026-06-29 12:00");
}

/* Calendar days that waited do not end before the time is up. */
static void calendar_days_that_waited(void **state)
{
	static struct walk w;

	static struct cases_category rows[CASES_CATEGORIES_MAX];
	struct cases_categories own = world.book.categories;

	memcpy(rows, own.v, own.n * sizeof *rows);
	own.v = rows;
	rows[walk_category(&world, "0104")].limits[CASES_STAGE_DONE] = (struct cases_limits){
	    .n = 1,
	    .v = {{.kind = CASES_LIMIT_SPAN, .amount = 7, .unit = TIME_UNIT_CALENDAR_DAY}}};
	to_work(&w, "category=0104", NULL, 0);
	w.set.categories = &own;
	ACT("handed_back", "2026-06-08 09:20", "hand_back", "unit_handler", 9);
	ACT("dispatched", "2026-06-08 09:30", "reroute", "dispatcher", 2, "lead_unit=PMC");
	ACT("handling", "2026-06-08 09:40", "receive", "unit_handler", 9);
	DUE("done", "2026-06-15 18:00"); /* 7 d: the Monday after */
	ACT("held", "2026-06-15 15:00", "hold", "desk_lead", 6);
	WAITS("done", 3 * HOUR);
	/* three hours from 16:00 are 19:00: not that day's closing, which comes before */
	ACT("handling", "2026-06-15 16:00", "hold_over", "desk_lead", 6);
	DUE("done", "2026-06-16 18:00");
	/* 25 hours from Thursday 18:00 are Friday 19:00, the holiday: Monday */
	ACT("held", "2026-06-15 17:00", "hold", "desk_lead", 6);
	ACT("handling", "2026-06-18 18:00", "hold_over", "desk_lead", 6);
	DUE("done", "2026-06-22 18:00");
}

/* Who was told before it waited is not told again because it waited. */
static void a_clock_that_was_over_waits(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", NULL, 0);
	ACT("handling", "2026-06-08 09:30", "contact", "unit_handler", 9);
	TIMER("2026-06-11 18:00", "up"); /* done: the unit's lead */
	FIGURES(F(ESCALATED) | F(DUE));
	assert_int_equal(clock_of(&w, "done")->level, 1);
	ACT("asking", "2026-06-12 09:00", "ask_reporter", "unit_handler", 9);
	WAITS("done", 0);
	ACT("handling", "2026-06-12 10:00", "reply", "reporter", 20);
	DUE("done", "2026-06-11 18:00");
	TIMER("2026-06-12 10:00", "nothing");
	TIMER("2026-06-16 18:00", "up"); /* 3 wd from the 11th: the 12th, 15th and 16th */
	assert_int_equal(clock_of(&w, "done")->level, 2);
	ACT("fed_back", "2026-06-16 18:30", "feed_back", "unit_handler", 9);
	FIGURES(0); /* it was counted when it ran out */
}

static void the_reporter_is_asked(void **state)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-12 09:30", NULL, &w);
	ACT("opened", "2026-06-12 09:40", "open", "intake", 1, "category=0204");
	DUE("dispatching", "2026-06-12 09:55"); /* priority 2: 15 m */
	ACT("dispatched", "2026-06-12 10:00", "dispatch", "dispatcher", 2);
	DUE("done", "2026-06-13 10:00");       /* 24 h, on a Saturday */
	DUE("contacting", "2026-06-12 10:30"); /* 30 m by the category */
	DUE("on_site", "2026-06-12 14:00");    /* 4 h, over noon */
	ACT("handling", "2026-06-12 10:05", "receive", "unit_handler", 9);
	ACT("handling", "2026-06-12 10:10", "contact", "unit_handler", 9);
	ACT("handling", "2026-06-12 10:30", "arrive", "unit_handler", 9);
	ACT("asking", "2026-06-12 16:00", "ask_reporter", "unit_handler", 9);
	WAITS("done", 18 * HOUR);
	DUE("asking", "2026-06-17 18:00"); /* 3 wd */
	assert_int_equal(clock_of(&w, "reporter")->run, CASE_RUN_RUNS);
	ACT("handling", "2026-06-13 09:00", "reply", "reporter", 20);
	DUE("done", "2026-06-14 03:00");
	ACT("asking", "2026-06-13 10:00", "ask_reporter", "unit_handler", 9);
	TIMER("2026-06-17 17:59:59", "nothing"); /* from Saturday the same: Monday to Wednesday */
	TIMER("2026-06-17 18:00", "no_reply");
	DUE("done", "2026-06-18 11:00"); /* 17 hours */
	REFUSED(GUARDED, "handling", "2026-06-18 09:00", "hold", "desk_lead", 6); /* priority 2 */
	ACT("fed_back", "2026-06-18 11:00:01", "feed_back", "unit_handler", 9);
	FIGURES(F(DUE));			/* a second late */
	DUE("restored", "2026-06-23 18:00"); /* 5 d */
}

/* What was to be done first does not begin anew because somebody asked a question. */
static void a_question_wins_no_time(void **state)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-12 09:30", NULL, &w);
	ACT("opened", "2026-06-12 09:40", "open", "intake", 1, "category=0204");
	ACT("dispatched", "2026-06-12 10:00", "dispatch", "dispatcher", 2);
	ACT("handling", "2026-06-12 10:05", "receive", "unit_handler", 9);
	ACT("asking", "2026-06-12 10:20", "ask_reporter", "unit_handler", 9);
	WAITS("contacting", 10 * MINUTE);
	WAITS("on_site", 3 * HOUR + 40 * MINUTE);
	ACT("handling", "2026-06-12 11:00", "no_reply", "unit_handler", 9);
	DUE("contacting", "2026-06-12 11:10");
	DUE("on_site", "2026-06-12 14:40");
	DUE("done", "2026-06-13 10:40");
}

static void held_by_an_order(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104,priority=4", NULL, 0);
	ACT("held", "2026-06-09 15:00", "hold", "desk_lead", 6);
	FIGURES(F(HELD));
	WAITS("done", 17 * HOUR);
	DUE("holding", "2026-06-10 15:00"); /* 24 h */
	TIMER("2026-06-10 15:00", "hold_over");
	DUE("done", "2026-06-12 18:00"); /* 3, 7 and 7 hours */
	ACT("fed_back", "2026-06-12 17:00", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-12 17:10", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-12 17:20", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST)); /* held is not suspended */
	to_work(&w, "category=0104,priority=1", NULL, 0);
	REFUSED(GUARDED, "handling", "2026-06-09 15:00", "hold", "desk_lead", 6);
}

static void hand_backs(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", NULL, 0);
	DUE("handing_back", "2026-06-08 15:10"); /* 4 wh from 09:10: 2 h 50, 1 h 10 */
	REFUSED(TOO_LATE, "handling", "2026-06-08 15:10", "hand_back", "unit_handler", 9);
	assert_int_equal(w.step.field, walk_clock(w.type, "handing_back"));
	/* the right lapses, and the case is not late for it */
	assert_true(case_clocks_due(w.type, &w.now.clocks) > walk_us("2026-06-08 15:10"));
	ACT("handed_back", "2026-06-08 15:09:59", "hand_back", "unit_handler", 9);
	/* refused: the unit may say it again, within a limit of its own */
	ACT("handling", "2026-06-08 15:30", "refuse_hand_back", "duty_officer", 3);
	FIGURES(0);
	DUE("handing_back", "2026-06-09 10:30"); /* 2.5 on Monday, 1.5 on Tuesday */
	ACT("ruling", "2026-06-09 10:00", "hand_back_again", "unit_handler", 9);
	FIGURES(F(HANDED_BACK));
	DUE("ruling", "2026-06-10 18:00"); /* 1 wd */
	ACT("dispatched", "2026-06-09 11:00", "rule", "level_above", 5, "lead_unit=WAT");
	FIGURES(F(HAND_BACK_UPHELD));
	DUE("done", "2026-06-12 18:00"); /* 3 wd from Tuesday */
	REFUSED(GUARDED, "dispatched", "2026-06-09 11:10", "hand_back", "unit_handler", 14);
	to_work(&w, "category=0104,priority=1", NULL, 0);
	REFUSED(TOO_LATE, "handling", "2026-06-08 09:20", "hand_back", "unit_handler", 9);
}

/* What a unit hands back wrongly stays its own, and so does the time that went by. */
static void a_hand_back_that_is_refused_wins_no_time(void **state)
{
	static struct walk w;

	to_work(&w, "category=0204", NULL, 0);
	DUE("contacting", "2026-06-08 09:40"); /* 30 m */
	DUE("on_site", "2026-06-08 13:10");    /* 4 h */
	DUE("done", "2026-06-09 09:10");       /* 24 h */
	ACT("handed_back", "2026-06-08 09:30", "hand_back", "unit_handler", 9);
	TIMER("2026-06-08 09:40", "up"); /* the reporter waits to hear from somebody */
	ACT("handling", "2026-06-08 10:00", "refuse_hand_back", "duty_officer", 3);
	FIGURES(0);
	DUE("contacting", "2026-06-08 09:40");
	DUE("on_site", "2026-06-08 13:10");
	DUE("done", "2026-06-09 09:10");
	ACT("handling", "2026-06-08 10:10", "contact", "unit_handler", 9);
	assert_false(w.now.marks & CASE_MARK_CONTACTED_IN_TIME);
	/* a ruling against it, too, though it names the unit again */
	ACT("ruling", "2026-06-08 10:20", "hand_back_again", "unit_handler", 9);
	ACT("dispatched", "2026-06-08 13:00", "rule", "level_above", 5, "lead_unit=URB");
	FIGURES(0);
	IDLE("contacting"); /* it was made */
	DUE("on_site", "2026-06-08 13:10");
	DUE("done", "2026-06-09 09:10");
	assert_true(clock_of(&w, "done")->from_us == walk_us("2026-06-08 09:10"));
	/* and the desk, by sending it back where it came from */
	to_work(&w, "category=0204", NULL, 0);
	ACT("handed_back", "2026-06-08 09:20", "hand_back", "unit_handler", 9);
	ACT("dispatched", "2026-06-08 09:30", "reroute", "dispatcher", 2, "lead_unit=URB");
	DUE("contacting", "2026-06-08 09:40");
	DUE("on_site", "2026-06-08 13:10");
	DUE("done", "2026-06-09 09:10");
}

/* Of a limit that runs out meanwhile it is said with the decision whose it was. */
static void the_limit_of_what_is_handed_back(void **state)
{
	static struct walk w;

	to_work(&w, "category=0101", NULL, 0);
	ACT("handling", "2026-06-08 09:20", "contact", "unit_handler", 9);
	ACT("handling", "2026-06-08 09:25", "arrive", "unit_handler", 9);
	ACT("handling", "2026-06-08 09:30", "make_safe", "unit_handler", 9);
	ACT("handed_back", "2026-06-08 09:40", "hand_back", "unit_handler", 9);
	DUE("done", "2026-06-08 15:10"); /* 6 h */
	TIMER("2026-06-08 15:10", "up");
	FIGURES(F(ESCALATED)); /* and not yet due */
	ACT("dispatched", "2026-06-08 15:20", "reroute", "dispatcher", 2, "lead_unit=WAT");
	FIGURES(F(HAND_BACK_UPHELD)); /* it never was the first unit's */
	DUE("contacting", "2026-06-08 15:50"); /* the new unit's own: 30 m, 1 h, 6 h */
	DUE("on_site", "2026-06-08 16:20");
	DUE("done", "2026-06-08 21:20");
	IDLE("made_safe"); /* the place is safe, whoever saw to it */
	to_work(&w, "category=0101", NULL, 0);
	ACT("handed_back", "2026-06-08 09:40", "hand_back", "unit_handler", 9);
	ACT("dispatched", "2026-06-08 09:50", "reroute", "dispatcher", 2, "lead_unit=WAT");
	DUE("made_safe", "2026-06-08 10:50"); /* 1 h anew */
	to_work(&w, "category=0302", NULL, 0);
	ACT("handed_back", "2026-06-08 09:50", "hand_back", "unit_handler", 9);
	TIMER("2026-06-08 12:10", "up"); /* 3 h */
	FIGURES(F(ESCALATED));
	ACT("handling", "2026-06-08 12:20", "refuse_hand_back", "duty_officer", 3);
	FIGURES(0);
	ACT("fed_back", "2026-06-08 12:30", "feed_back", "unit_handler", 9);
	FIGURES(F(DUE)); /* not in time */
}

/* Three tries are those of one call-back: what was not solved and is closed again is asked anew. */
static void tries_begin_anew(void **state)
{
	static struct walk w;
	unsigned tries;

	to_closed(&w, "category=0104");
	tries = walk_field(w.type, "callback_tries");
	ACT("closed", "2026-06-09 10:00", "no_answer", "duty_officer", 3,
	    "callback_result=no_answer");
	assert_int_equal(w.now.rec.value[tries], 1);
	ACT("handling", "2026-06-09 11:00", "not_solved", "reporter", 20);
	assert_int_equal(w.now.rec.value[tries], 0);
}

/* An extension is three working days at most; what needs a plan has 180 days in all. */
static void an_extension_has_its_measure(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", NULL, 0);
	DUE("done", "2026-06-11 18:00");
	ACT("handling", "2026-06-09 10:00", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-06-17");
	REFUSED(NO_DATE, "handling", "2026-06-09 10:10", "extend", "desk_lead", 6);
	ACT("handling", "2026-06-09 10:20", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-06-16");
	ACT("handling", "2026-06-09 10:30", "extend", "desk_lead", 6);
	DUE_FIRST("done", "2026-06-16 18:00", "2026-06-11 18:00");
	to_work(&w, "category=0104,priority=4", NULL, 0);
	ACT("handling", "2026-06-09 10:20", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-11-30");
	ACT("handling", "2026-06-09 10:30", "extend", "desk_lead", 6);
	ACT("handling", "2026-11-27 10:20", "ask_extension", "unit_handler", 9,
	    "extension_until=2026-12-14"); /* 180 days after 11 June is 8 December */
	REFUSED(NO_DATE, "handling", "2026-11-27 10:30", "extend_later", "level_above", 5);
}

/* Two joint parts, each with its own date and result; the lead answers for all. */
static void joint_parts(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", NULL, 0); /* URB leads */
	REFUSED(GUARDED, "handling", "2026-06-08 10:00", "add_joint", "duty_officer", 3,
		"joint_unit=URB,joint_until=2026-06-12");
	REFUSED(NO_DATE, "handling", "2026-06-08 10:00", "add_joint", "duty_officer", 3,
		"joint_unit=MKT,joint_until=2026-06-05");
	ACT("handling", "2026-06-08 10:00", "add_joint", "duty_officer", 3,
	    "joint_unit=MKT,joint_until=2026-06-12");
	DUE("joint", "2026-06-12 18:00"); /* Friday, close of business */
	REFUSED(GUARDED, "handling", "2026-06-08 10:10", "add_joint", "duty_officer", 3,
		"joint_unit=MKT,joint_until=2026-06-15");
	ACT("handling", "2026-06-08 10:20", "add_joint", "unit_lead", 8,
	    "joint_unit=WAT,joint_until=2026-06-10");
	DUE("joint", "2026-06-10 18:00"); /* the first that is due */
	REFUSED(GUARDED, "handling", "2026-06-09 10:00", "feed_back", "unit_handler", 9);
	REFUSED(GUARDED, "handling", "2026-06-09 10:00", "joint_result", "joint_handler", 21,
		"joint_unit=PWR");
	ACT("handling", "2026-06-09 11:00", "joint_result", "joint_handler", 21, "joint_unit=WAT");
	DUE("joint", "2026-06-12 18:00"); /* the other goes on */
	REFUSED(GUARDED, "handling", "2026-06-09 11:10", "joint_result", "joint_handler", 21,
		"joint_unit=WAT");
	ACT("handling", "2026-06-09 14:00", "joint_result", "joint_handler", 22, "joint_unit=MKT");
	IDLE("joint");
	assert_int_equal(w.now.parts_n, 2);
	ACT("fed_back", "2026-06-09 15:00", "feed_back", "unit_handler", 9);
}

/* Where the police lead, the level above is the station's, and the subdistrict's has no say. */
static void two_chains_of_levels(void **state)
{
	static struct walk w;
	const uint64_t station = UINT64_C(1) << walk_role(&world, "station_lead"),
		       above = UINT64_C(1) << walk_role(&world, "level_above");

	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ACT("opened", "2026-06-08 09:05", "open", "intake", 1, "category=0104");
	ACT("dispatched", "2026-06-08 09:10", "dispatch", "dispatcher", 2, "lead_unit=POL");
	ACT("handling", "2026-06-08 09:15", "receive", "unit_handler", 9);
	ACT("handed_back", "2026-06-08 09:20", "hand_back", "unit_handler", 9);
	ACT("handling", "2026-06-08 09:30", "refuse_hand_back", "duty_officer", 3);
	ACT("ruling", "2026-06-08 09:40", "hand_back_again", "unit_handler", 9);
	assert_int_equal(w.step.owner, walk_role(&world, "station_lead"));
	REFUSED(NOT_THIS_ROLE, "ruling", "2026-06-08 09:50", "rule", "level_above", 5,
		"lead_unit=POL");
	ACT("dispatched", "2026-06-08 09:55", "rule", "station_lead", 5, "lead_unit=POL");
	/* its clocks go up the same chain: the third level of `done` is the one above */
	TIMER("2026-06-08 11:00", "receive_by_time");
	for (unsigned i = 0; i < 200 && !(w.step.tells & (station | above)); i++) {
		w.set.now_us += INT64_C(4) * 3600 * 1000000;
		case_step_timer(&w.set, &w.now, &w.step);
	}
	assert_true((w.step.tells & station) && !(w.step.tells & above));
	/* and for any other unit it is the other way round */
	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ACT("opened", "2026-06-08 09:05", "open", "intake", 1, "category=0104");
	ACT("dispatched", "2026-06-08 09:10", "dispatch", "dispatcher", 2, "lead_unit=WAT");
	ACT("handling", "2026-06-08 09:15", "receive", "unit_handler", 9);
	ACT("handed_back", "2026-06-08 09:20", "hand_back", "unit_handler", 9);
	ACT("handling", "2026-06-08 09:30", "refuse_hand_back", "duty_officer", 3);
	ACT("ruling", "2026-06-08 09:40", "hand_back_again", "unit_handler", 9);
	REFUSED(NOT_THIS_ROLE, "ruling", "2026-06-08 09:50", "rule", "station_lead", 5,
		"lead_unit=WAT");
	ACT("dispatched", "2026-06-08 09:55", "rule", "level_above", 5, "lead_unit=WAT");
}

/* The desk lead rules only where there is nobody above to do it. */
static void the_desk_lead_rules_where_nobody_is_above(void **state)
{
	static struct walk w;
	struct cases_book connected = world.book;

	(void)state;
	assert_false(world.book.is_connected); /* as shipped */
	connected.is_connected = true;
	for (unsigned i = 0; i < 2; i++) {
		walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
		ACT("opened", "2026-06-08 09:05", "open", "intake", 1, "category=0104");
		ACT("dispatched", "2026-06-08 09:10", "dispatch", "dispatcher", 2, "lead_unit=WAT");
		ACT("handed_back", "2026-06-08 09:20", "hand_back", "unit_handler", 9);
		ACT("handling", "2026-06-08 09:30", "refuse_hand_back", "duty_officer", 3);
		ACT("ruling", "2026-06-08 09:40", "hand_back_again", "unit_handler", 9);
		w.set.book = i == 0 ? &world.book : &connected;
		if (i == 1) {
			REFUSED(NOT_THIS_ROLE, "ruling", "2026-06-08 09:50", "rule", "desk_lead", 6,
				"lead_unit=WAT");
			ACT("dispatched", "2026-06-08 09:55", "rule", "level_above", 5,
			    "lead_unit=WAT");
			continue;
		}
		REFUSED(NOT_THIS_ROLE, "ruling", "2026-06-08 09:50", "rule", "duty_officer", 3,
			"lead_unit=WAT");
		ACT("dispatched", "2026-06-08 09:55", "rule", "desk_lead", 6, "lead_unit=WAT");
	}
}

/* Saturday 20 June, two in the morning, a holiday: minutes are minutes. */
static void danger_to_life_at_night(void **state)
{
	static struct walk w;
	uint64_t live = walk_condition(&world, "live");

	walk_begin(&world, 0, "2026-06-20 02:00", NULL, &w);
	DUE("opening", "2026-06-22 10:00"); /* nobody knows yet: 1 wh on Monday */
	ACT("opened", "2026-06-20 02:01", "open", "intake", 1, "category=0102", live);
	assert_int_equal(case_priority(w.type, &w.now.rec), 1);
	DUE("dispatching", "2026-06-20 02:02");
	ACT("dispatched", "2026-06-20 02:01:30", "dispatch", "duty_officer", 3);
	DUE("receiving", "2026-06-20 02:03:30");
	DUE("contacting", "2026-06-20 02:16:30");
	DUE("made_safe", "2026-06-20 02:31:30");
	DUE("done", "2026-06-22 18:00"); /* 1 wd */
	IDLE("handing_back");
	TIMER("2026-06-20 02:03:29", "nothing");
	TIMER("2026-06-20 02:03:30", "receive_by_time");
	assert_false(w.step.is_late);
	assert_string_equal(walk_state(&w), "handling");
	ACT("handling", "2026-06-20 02:10", "make_safe", "grid_worker", 4);
	IDLE("made_safe");
	TIMER("2026-06-20 02:16:30", "up"); /* nobody called the reporter */
	FIGURES(F(ESCALATED));
}

static void site_conditions(void **state)
{
	static struct walk w;
	uint64_t works = walk_condition(&world, "works"), live = walk_condition(&world, "live");

	to_work(&w, "category=0101", NULL, 0);
	DUE("done", "2026-06-08 15:10"); /* 6 h */
	ACT("handling", "2026-06-08 12:00", "site_condition", "unit_handler", 9, NULL, works);
	DUE("done", "2026-06-09 21:10"); /* 36 h from when it began */
	ACT("handling", "2026-06-08 13:00", "site_condition", "duty_officer", 3, NULL, 0, works);
	DUE("done", "2026-06-08 15:10"); /* back: nothing was won by saying so */

	to_work(&w, "category=0102", NULL, 0);
	DUE("contacting", "2026-06-09 18:00"); /* 1 wd */
	IDLE("made_safe");
	ACT("handling", "2026-06-08 10:00", "site_condition", "unit_handler", 9, NULL, live);
	assert_int_equal(case_priority(w.type, &w.now.rec), 1);
	DUE("made_safe", "2026-06-08 10:30");  /* 30 m from when it is known */
	DUE("contacting", "2026-06-08 10:15"); /* 15 m, the same */
	DUE("done", "2026-06-09 18:00");       /* 1 wd as before */
	IDLE("handing_back");		       /* never at priority 1 */
	REFUSED(TOO_LATE, "handling", "2026-06-08 10:01", "hand_back", "unit_handler", 9);
	ACT("handling", "2026-06-08 10:05", "site_condition", "unit_handler", 9, NULL, 0, live);
	IDLE("made_safe");
	assert_int_equal(case_priority(w.type, &w.now.rec), 1); /* that takes a person */
}

static void nobody_answers(void **state)
{
	static struct walk w;

	to_closed(&w, "category=0104"); /* on Tuesday the 9th, 09:30 */
	DUE("confirming", "2026-06-22 18:00"); /* 10 d end on the 19th, in the holiday: the 22nd */
	TIMER("2026-06-10 18:00", "up");       /* not called back in 1 wd */
	assert_true(clock_of(&w, "calling_back")->next_us == 0); /* the desk lead was the last */
	TIMER("2026-06-19 18:00", "up"); /* restored: 5 wd from 9 June is the 16th; late */
	assert_true(w.step.is_late);
	TIMER("2026-06-22 18:00", "never_confirmed");
	FIGURES(F(CALLED_BACK) | F(NOT_CONFIRMED) | F(ANSWERED));
	assert_string_equal(walk_state(&w), "not_confirmed");

	to_closed(&w, "category=0104");
	ACT("closed", "2026-06-09 10:00", "no_answer", "duty_officer", 3,
	    "callback_result=no_answer");
	REFUSED(OWN_WORK, "closed", "2026-06-09 14:00", "no_answer", "duty_officer", 9,
		"callback_result=no_answer");
	ACT("closed", "2026-06-09 15:00", "no_answer", "duty_officer", 3,
	    "callback_result=no_answer");
	FIGURES(0);
	ACT("not_confirmed", "2026-06-10 10:00", "third_no_answer", "duty_officer", 3,
	    "callback_result=no_answer");
	FIGURES(F(CALLED_BACK) | F(NOT_CONFIRMED) | F(ANSWERED));
}

/* A child of a mother case, come to the state by what a unit and the desk did meanwhile. */
static bool to_child(struct walk *out, const char *category, unsigned which)
{
	static const struct {
		const char *name, *role;
		unsigned handle;
		const char *to;
	} way[][3] = {
	    {{0}},
	    {{"hand_back", "unit_handler", 9, "handed_back"}},
	    {{"hand_back", "unit_handler", 9, "handed_back"},
	     {"refuse_hand_back", "duty_officer", 3, "handling"},
	     {"hand_back_again", "unit_handler", 9, "ruling"}},
	    {{"ask_reporter", "unit_handler", 9, "asking"}},
	    {{"suspend", "desk_lead", 6, "suspended"}},
	    {{"hold", "desk_lead", 6, "held"}},
	    {{"feed_back", "unit_handler", 9, "fed_back"}},
	};
	static struct walk w;

	if (which >= sizeof way / sizeof way[0])
		return false;
	to_work(&w, category, NULL, 0);
	ACT("handling", "2026-06-08 09:20", "under_mother", "duty_officer", 3, "mother_case=5");
	for (unsigned i = 0; i < 3 && way[which][i].name; i++)
		ACT(way[which][i].to, "2026-06-08 09:30", way[which][i].name, way[which][i].role,
		    way[which][i].handle);
	*out = w;
	return true;
}

/* One answer reaches each child wherever it stands; where a check on site is wanted, that one stays
 * to be made, by somebody else than who answered. */
static void one_answer_for_every_child(void **state)
{
	static struct walk w;

	for (unsigned i = 0; to_child(&w, "category=0605", i); i++)
		ACT("closed", "2026-06-08 10:00", "mother_answered", "duty_officer", 3);
	for (unsigned i = 0; to_child(&w, "category=0104", i); i++) {
		ACT("checking", "2026-06-08 10:00", "mother_answered_to_check", "duty_officer", 3);
		ACT("checking", "2026-06-08 10:10", "mother_answered_to_check", "duty_officer", 3);
		DUE("checking", "2026-06-08 16:00"); /* 4 wh from the first: 2 h, 2 h */
		REFUSED(OWN_WORK, "checking", "2026-06-08 10:20", "pass_check", "grid_worker", 3);
		ACT("closed", "2026-06-08 10:30", "pass_check", "grid_worker", 4);
		FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST) |
			(i == 4 ? F(DUE_SUSPENDED) | F(IN_TIME_SUSPENDED) : 0));
	}
	/* before any unit had it: a failed check is for the dispatcher */
	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ACT("opened", "2026-06-08 09:05", "open", "intake", 1, "category=0104");
	ACT("opened", "2026-06-08 09:06", "under_mother", "duty_officer", 3, "mother_case=5");
	ACT("checking", "2026-06-08 10:00", "mother_answered_to_check", "duty_officer", 3);
	ACT("opened", "2026-06-08 11:00", "rework_unassigned", "grid_worker", 4,
	    "site_result=failed");
	FIGURES(F(REWORK));
	ACT("dispatched", "2026-06-08 11:10", "dispatch", "dispatcher", 2, "lead_unit=URB");
	DUE("done", "2026-06-11 18:00"); /* 3 wd */
	/* time that stood still is not held against the unit when the answer comes */
	assert_true(to_child(&w, "category=0605", 4));
	ACT("closed", "2026-06-29 10:00", "mother_answered", "duty_officer", 3);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST) | F(DUE_SUSPENDED) |
		F(IN_TIME_SUSPENDED));
}

static void ends_without_work(void **state)
{
	static struct walk w;

	to_work(&w, "category=0605", NULL, 0);
	REFUSED(GUARDED, "handling", "2026-06-08 10:00", "mother_answered", "duty_officer", 3);
	ACT("handling", "2026-06-08 10:00", "under_mother", "duty_officer", 3, "mother_case=5");
	ACT("closed", "2026-06-08 11:00", "mother_answered", "duty_officer", 3);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));
	ACT("handling", "2026-06-08 11:30", "not_solved", "reporter", 20); /* mine is not */

	to_work(&w, "category=0104", NULL, 0);
	ACT("linked", "2026-06-08 10:00", "merge", "duty_officer", 3, "linked_case=7");
	FIGURES(F(JOINED)); /* neither due nor closed */
	assert_true(w.now.rec.clocks_running == 0 && w.now.rec.clocks_paused == 0);

	to_work(&w, "category=0104", NULL, 0);
	ACT("withdrawn", "2026-06-08 10:00", "withdraw", "reporter", 20);
	FIGURES(F(WITHDRAWN));
}

static void on_the_spot(void **state)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-08 09:00", "has_reporter=no", &w);
	ACT("done_on_spot", "2026-06-08 09:05", "on_spot", "grid_worker", 4, "category=0302");
	FIGURES(F(ON_SPOT));
}

static void on_the_spot_for_a_reporter(void **state)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ACT("closed", "2026-06-08 09:05", "on_spot_for_reporter", "grid_worker", 4,
	    "category=0101");
	FIGURES(F(ON_SPOT));
	/* no unit has it yet: it is dispatched */
	ACT("opened", "2026-06-08 10:00", "not_solved_unassigned", "reporter", 20);
	FIGURES(F(NOT_SOLVED) | F(CALLED_BACK));
	ACT("dispatched", "2026-06-08 10:05", "dispatch", "dispatcher", 2);
	DUE("done", "2026-06-08 16:05"); /* 6 h */
}

static void nobody_to_ask(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", "has_reporter=no", 0);
	ACT("handling", "2026-06-08 09:30", "contact", "unit_handler", 9,
	    "contact_outcome=no_contact");
	ACT("fed_back", "2026-06-09 09:10", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-09 09:20", "accept_answer", "duty_officer", 3);
	ACT("handling", "2026-06-09 09:30", "rework", "grid_worker", 4, "site_result=failed");
	FIGURES(F(REWORK));
	DUE("done", "2026-06-12 18:00"); /* 3 wd */
	ACT("fed_back", "2026-06-09 10:10", "feed_back", "unit_handler", 9);
	ACT("handling", "2026-06-09 10:15", "return_answer", "duty_officer", 3);
	FIGURES(F(ANSWER_RETURNED));
	ACT("fed_back", "2026-06-09 10:20", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-09 10:30", "accept_answer", "duty_officer", 3);
	ACT("checked", "2026-06-09 11:00", "pass_check_and_end", "grid_worker", 4);
	/* the third answer was in time; the two that were sent back count for nothing */
	FIGURES(F(CLOSED) | F(CLOSED_BY_CHECK) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));
}

/* An answer in time that is sent back, and no other in time: late. */
static void forwarded_is_no_answer(void **state)
{
	static struct walk w;

	to_work(&w, "category=0104", NULL, 0);
	ACT("fed_back", "2026-06-08 10:00", "feed_back", "unit_handler", 9);
	FIGURES(0);
	ACT("handling", "2026-06-08 10:30", "return_answer", "duty_officer", 3);
	FIGURES(F(ANSWER_RETURNED));
	ACT("handling", "2026-06-08 10:35", "contact", "unit_handler", 9);
	DUE("done", "2026-06-11 18:00"); /* 3 wd */
	TIMER("2026-06-11 18:00", "up");
	FIGURES(F(ESCALATED) | F(DUE));
	ACT("fed_back", "2026-06-12 09:00", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-12 09:10", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-12 09:20", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED));

	/* late, sent back, and quick the second time: late it stays */
	to_work(&w, "category=0104", NULL, 0);
	ACT("fed_back", "2026-06-11 18:00:01", "feed_back", "unit_handler", 9);
	FIGURES(F(DUE));
	ACT("handling", "2026-06-12 09:00", "return_answer", "duty_officer", 3);
	ACT("fed_back", "2026-06-12 09:05", "feed_back", "unit_handler", 9);
	ACT("checking", "2026-06-12 09:10", "accept_answer", "duty_officer", 3);
	ACT("closed", "2026-06-12 09:20", "pass_check", "grid_worker", 4);
	FIGURES(F(CLOSED));
}

/* What is entered where nobody can be asked is nobody's word. */
static void no_word_without_a_reporter(void **state)
{
	static struct walk w;

	/* a category that only the reporter confirms: the check on site stands in, also where the
	 * mother case answers */
	to_work(&w, "category=0605", "has_reporter=no", 0);
	assert_true(w.now.rec.value[walk_field(w.type, "ground_check")] == 1);
	ACT("handling", "2026-06-08 10:00", "under_mother", "duty_officer", 3);
	ACT("checking", "2026-06-08 11:00", "mother_answered_to_check", "duty_officer", 3);
	FIGURES(0); /* in time it is by an answer that was found done */
	ACT("checked", "2026-06-08 11:30", "pass_check_and_end", "grid_worker", 4);
	FIGURES(F(CLOSED) | F(CLOSED_BY_CHECK) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));

	walk_begin(&world, 1, "2026-06-08 09:00", "has_reporter=no", &w);
	ACT("opened", "2026-06-08 09:01", "open", "duty_officer", 3, "category=0401");
	ACT("dispatched", "2026-06-08 09:02", "dispatch", "duty_officer", 3, "lead_unit=FIR");
	ACT("safe", "2026-06-08 09:10", "make_safe", "unit_handler", 9);
	ACT("checking", "2026-06-08 09:30", "feed_back", "unit_handler", 9);
	ACT("proving", "2026-06-08 09:40", "pass_check", "grid_worker", 4);
	ACT("proving", "2026-06-08 09:50", "receipt", "duty_officer", 3);
	ACT("closed", "2026-06-08 10:00", "close_with_receipt", "duty_officer", 3);
	FIGURES(F(CLOSED) | F(CLOSED_BY_CHECK) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));
	ACT("safe", "2026-06-08 10:05", "not_solved", "duty_officer", 3);
	FIGURES(0);
	ACT("checking", "2026-06-08 10:30", "feed_back", "unit_handler", 9);
	ACT("proving", "2026-06-08 10:40", "pass_check", "grid_worker", 4);
	ACT("closed", "2026-06-08 10:50", "close_with_receipt", "duty_officer", 3);
	FIGURES(F(CLOSED) | F(CLOSED_BY_CHECK));
	ACT("confirmed", "2026-06-08 11:00", "solved", "duty_officer", 4);
	FIGURES(0);
	ACT("ended", "2026-06-08 11:10", "rate", "duty_officer", 4, "answer_rate=5");
	FIGURES(0);
}

static void refusals(void **state)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ACT("refusing", "2026-06-08 09:30", "refuse", "duty_officer", 3);
	DUE("signing", "2026-06-08 10:30"); /* 1 wh */
	REFUSED(OWN_WORK, "refusing", "2026-06-08 10:00", "sign_refusal", "duty_officer", 3);
	ACT("refused", "2026-06-08 10:00", "sign_refusal", "desk_lead", 6);
	FIGURES(0);
	DUE("objecting", "2026-06-15 18:00"); /* 7 d */
	ACT("objected", "2026-06-09 20:00", "object", "reporter", 20);
	FIGURES(F(OBJECTED));
	DUE("reviewing", "2026-06-12 18:00"); /* 3 wd from Tuesday */
	static struct walk fork;
	fork = w;
	ACT("not_opened", "2026-06-10 10:00", "uphold", "level_above", 5);
	FIGURES(F(NOT_OPENED));
	w = fork;
	ACT("opened", "2026-06-10 10:00", "overturn", "level_above", 5, "category=0104");
	FIGURES(F(OPENED));
	assert_true(clock_of(&w, "reporter")->from_us == walk_us("2026-06-08 09:00"));

	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ACT("refusing", "2026-06-08 09:30", "refuse", "duty_officer", 3);
	ACT("refused", "2026-06-08 10:00", "sign_refusal", "duty_officer", 8);
	TIMER("2026-06-15 18:00", "no_objection");
	FIGURES(F(NOT_OPENED));
}

/* A check that the category wants cannot be waved away, nor by saying yes and no. */
static void checks_cannot_be_waved_away(void **state)
{
	static struct walk w;
	unsigned ground, category;

	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	ground = walk_field(w.type, "ground_check");
	category = walk_field(w.type, "category");
	REFUSED(NOT_ITS_FIELD, "received", "2026-06-08 09:05", "open", "intake", 1,
		"category=0104,ground_check=no");
	assert_int_equal(w.step.field, ground);
	walk_begin(&world, 0, "2026-06-08 09:00", "has_reporter=no", &w);
	REFUSED(NOT_ITS_FIELD, "received", "2026-06-08 09:05", "open", "intake", 1,
		"category=0605,ground_check=no");
	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	const struct case_fill twice[] = {{category, walk_category(&world, "0104")},
					  {ground, 1},
					  {ground, 0}};
	const struct case_wish wish = {.command = CASES_COMMAND_OPEN, .fills = twice, .fills_n = 3};
	const struct case_actor intake = {walk_role(&world, "intake"), 1};
	case_step(&w.set, &intake, &wish, &w.now, &w.step);
	assert_int_equal(w.step.refusal, CASE_NOT_ITS_FIELD);
	assert_int_equal(w.step.field, ground);
	/* a date beyond all calendars is none: as 32 bits this one would be tomorrow */
	to_work(&w, "category=0104", NULL, 0);
	const struct case_fill order[] = {
	    {walk_field(w.type, "order_reason"), 1},
	    {walk_field(w.type, "order_until"),
	     (INT64_C(1) << 32) + calendar_day_of(w.set.calendar, w.set.now_us) + 1}};
	const struct case_wish supervise = {
	    .command = CASES_COMMAND_SUPERVISE, .fills = order, .fills_n = 2};
	const struct case_actor lead = {walk_role(&world, "desk_lead"), 6};
	case_step(&w.set, &lead, &supervise, &w.now, &w.step);
	assert_int_equal(w.step.refusal, CASE_NOT_ITS_FIELD);
}

/* A fire on a holiday night. */
static void a_fire(void **state)
{
	static struct walk w;

	walk_begin(&world, 1, "2026-06-20 03:00", NULL, &w);
	REFUSED(NOT_ITS_FIELD, "received", "2026-06-20 03:01", "open", "duty_officer", 3,
		"category=0401,needs_receipt=no");
	ACT("opened", "2026-06-20 03:01", "open", "duty_officer", 3, "category=0401");
	DUE("dispatching", "2026-06-20 03:02");
	ACT("dispatched", "2026-06-20 03:01:30", "dispatch", "duty_officer", 3, "lead_unit=FIR");
	DUE("receiving", "2026-06-20 03:03:30"); /* 2 m */
	DUE("on_site", "2026-06-20 03:04:30");	 /* 3 m */
	DUE("made_safe", "2026-06-20 03:06:30"); /* 5 m */
	DUE("contacting", "2026-06-20 03:16:30");
	DUE("done", "2026-06-21 03:01:30"); /* the type's 24 h */
	ACT("handling", "2026-06-20 03:02", "receive", "unit_handler", 9);
	ACT("handling", "2026-06-20 03:04", "arrive", "unit_handler", 9);
	ACT("handling", "2026-06-20 03:05", "contact", "unit_handler", 9);
	ACT("safe", "2026-06-20 03:06", "make_safe", "unit_handler", 9);
	ACT("checking", "2026-06-20 05:00", "feed_back", "unit_handler", 9);
	FIGURES(0);
	DUE("checking", "2026-06-20 05:30"); /* 30 m */
	REFUSED(OWN_WORK, "checking", "2026-06-20 05:10", "pass_check", "grid_worker", 9);
	ACT("proving", "2026-06-20 05:10", "pass_check", "grid_worker", 4);
	DUE("proving", "2026-06-21 05:10"); /* 24 h */
	REFUSED(GUARDED, "proving", "2026-06-20 05:30", "close", "duty_officer", 3);
	ACT("proving", "2026-06-20 06:00", "receipt", "duty_officer", 3);
	/* the answer is read before it closes, by somebody who did not work on it */
	REFUSED(OWN_WORK, "proving", "2026-06-20 06:01", "close_with_receipt", "duty_officer", 9);
	ACT("safe", "2026-06-20 06:02", "return_answer", "duty_officer", 3);
	FIGURES(F(ANSWER_RETURNED));
	ACT("checking", "2026-06-20 06:03", "feed_back", "unit_handler", 9);
	ACT("proving", "2026-06-20 06:04", "pass_check", "grid_worker", 4);
	ACT("closed", "2026-06-20 06:05", "close_with_receipt", "duty_officer", 3);
	FIGURES(F(CLOSED) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));
	DUE("calling_back", "2026-06-21 00:00"); /* the same day */
	DUE("confirming", "2026-06-30 18:00");	 /* 10 d */
	ACT("confirmed", "2026-06-20 06:30", "solved", "reporter", 20);
	FIGURES(F(CALLED_BACK) | F(SOLVED) | F(ANSWERED));
	TIMER("2026-06-29 18:00", "not_rated"); /* 7 d end on Saturday the 27th: Monday */
	FIGURES(F(NOT_RATED));
}

/* People in a lift: no check on site, a receipt. Then water, where a value must be right. */
static void a_lift_and_a_flood(void **state)
{
	static struct walk w;

	walk_begin(&world, 1, "2026-06-12 12:00", NULL, &w);
	ACT("opened", "2026-06-12 12:01", "open", "duty_officer", 3, "category=0601");
	ACT("dispatched", "2026-06-12 12:01:30", "dispatch", "duty_officer", 3, "lead_unit=PMC");
	DUE("contacting", "2026-06-12 12:03:30"); /* 2 m by the category, not the desk's 15 */
	DUE("on_site", "2026-06-12 12:31:30");
	IDLE("made_safe");
	ACT("handling", "2026-06-12 12:02", "receive", "unit_handler", 9);
	ACT("handling", "2026-06-12 12:02", "contact", "unit_handler", 9);
	ACT("handling", "2026-06-12 12:14", "arrive", "unit_handler", 9);
	ACT("safe", "2026-06-12 12:19", "make_safe", "unit_handler", 9);
	ACT("proving", "2026-06-12 12:30", "feed_back_to_prove", "unit_handler", 9);
	REFUSED(OWN_WORK, "proving", "2026-06-12 12:35", "receipt", "duty_officer", 9);
	ACT("safe", "2026-06-12 12:40", "not_enough", "duty_officer", 3);
	FIGURES(F(REWORK));
	DUE("done", "2026-06-13 12:40");
	ACT("proving", "2026-06-12 13:00", "feed_back_to_prove", "unit_handler", 9);
	ACT("proving", "2026-06-12 13:10", "receipt", "duty_officer", 3);
	ACT("closed", "2026-06-12 13:11", "close_with_receipt", "duty_officer", 3);

	walk_begin(&world, 1, "2026-06-12 14:20", "has_reporter=no,channel=signal", &w);
	ACT("opened", "2026-06-12 14:21", "open", "duty_officer", 3, "category=1001");
	ACT("dispatched", "2026-06-12 14:22", "dispatch", "duty_officer", 3, "lead_unit=WAT");
	DUE("done", "2026-06-12 18:22"); /* 4 h, day and night */
	ACT("safe", "2026-06-12 15:00", "make_safe", "grid_worker", 4);
	ACT("checking", "2026-06-12 16:00", "feed_back", "unit_handler", 9);
	REFUSED(OWN_WORK, "checking", "2026-06-12 16:10", "pass_check", "grid_worker", 4);
	ACT("proving", "2026-06-12 16:10", "pass_check", "grid_worker", 5);
	REFUSED(GUARDED, "proving", "2026-06-12 16:20", "close", "duty_officer", 3);
	ACT("proving", "2026-06-12 16:20", "measure", "duty_officer", 3);
	ACT("closed", "2026-06-12 16:30", "close_with_measurement", "duty_officer", 3);
	FIGURES(F(CLOSED) | F(CLOSED_BY_CHECK) | F(DUE) | F(IN_TIME) | F(IN_TIME_FIRST));
	ACT("checked", "2026-06-12 16:40", "no_reporter", "duty_officer", 3);
	FIGURES(0);
}

/* The whole chain runs, nothing counts. */
static void a_drill(void **state)
{
	static struct walk w;

	walk_begin(&world, 1, "2026-06-12 12:00", "drill=yes", &w);
	FIGURES(0);
	ACT("opened", "2026-06-12 12:01", "open", "duty_officer", 3, "category=0401");
	FIGURES(0);
	TIMER("2026-06-12 12:02", "up");
	FIGURES(0);
	assert_true(w.step.tells == UINT64_C(1) << walk_role(&world, "desk_lead"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_dark_lamp),
	    cmocka_unit_test(a_confirmation_taken_back),
	    cmocka_unit_test(extensions),
	    cmocka_unit_test(a_suspension),
	    cmocka_unit_test(works_after_a_suspension),
	    cmocka_unit_test(calendar_days_that_waited),
	    cmocka_unit_test(a_clock_that_was_over_waits),
	    cmocka_unit_test(the_reporter_is_asked),
	    cmocka_unit_test(a_question_wins_no_time),
	    cmocka_unit_test(held_by_an_order),
	    cmocka_unit_test(hand_backs),
	    cmocka_unit_test(a_hand_back_that_is_refused_wins_no_time),
	    cmocka_unit_test(the_limit_of_what_is_handed_back),
	    cmocka_unit_test(danger_to_life_at_night),
	    cmocka_unit_test(site_conditions),
	    cmocka_unit_test(nobody_answers),
	    cmocka_unit_test(one_answer_for_every_child),
	    cmocka_unit_test(ends_without_work),
	    cmocka_unit_test(on_the_spot),
	    cmocka_unit_test(on_the_spot_for_a_reporter),
	    cmocka_unit_test(nobody_to_ask),
	    cmocka_unit_test(forwarded_is_no_answer),
	    cmocka_unit_test(no_word_without_a_reporter),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(checks_cannot_be_waved_away),
	    cmocka_unit_test(tries_begin_anew),
	    cmocka_unit_test(an_extension_has_its_measure),
	    cmocka_unit_test(joint_parts),
	    cmocka_unit_test(two_chains_of_levels),
	    cmocka_unit_test(the_desk_lead_rules_where_nobody_is_above),
	    cmocka_unit_test(a_fire),
	    cmocka_unit_test(a_lift_and_a_flood),
	    cmocka_unit_test(a_drill),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
