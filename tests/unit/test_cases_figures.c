/* Figures, recomputed over random walks by another way of thinking: from the names of what was done
 * in the shipped types, with a ledger of its own for each case. */
#include "walk_random.h"

#define COMMANDS 10000u
#define F(symbol) CASE_FIGURE(symbol)

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

/* What is remembered of a case. */
struct ledger {
	bool is_drill, has_reporter;
	bool is_opened, is_closed;
	/* of the unit that leads now */
	int64_t unit; /* -1: none */
	bool is_due_counted, was_suspended, was_contacted, was_in_time;
	bool is_fed_back; /* in time, and nobody said yet whether it will do */
	int64_t fed_back_us;
	struct case_clock done; /* as it was then */
	unsigned stints, dues;
};

/* What is counted for being done at all. */
static const struct {
	const char *name;
	uint64_t set;
} plain[] = {
    {"open", F(OPENED)},
    {"overturn", F(OPENED)},
    {"no_objection", F(NOT_OPENED)},
    {"uphold", F(NOT_OPENED)},
    {"pass_on", F(PASSED_ON)},
    {"give_to_group", F(PASSED_ON)},
    {"link", F(JOINED)},
    {"merge", F(JOINED)},
    {"withdraw", F(WITHDRAWN)},
    {"on_spot", F(ON_SPOT)},
    {"on_spot_for_reporter", F(ON_SPOT)},
    {"hand_back", F(HANDED_BACK)},
    {"hand_back_again", F(HANDED_BACK)},
    {"extend", F(EXTENDED)},
    {"extend_later", F(EXTENDED)},
    {"suspend", F(SUSPENDED)},
    {"suspend_again", F(SUSPENDED)},
    {"renew", F(RENEWED)},
    {"hold", F(HELD)},
    {"remind", F(REMINDED)},
    {"supervise", F(SUPERVISED)},
    {"object", F(OBJECTED)},
    {"return_answer", F(ANSWER_RETURNED)},
    {"rework", F(REWORK)},
    {"rework_unassigned", F(REWORK)},
    {"not_enough", F(REWORK)},
};

static bool is_one_of(struct str name, const char *list)
{
	char copy[300], *rest = copy;

	snprintf(copy, sizeof copy, "%s", list);
	for (char *part; (part = strsep(&rest, " "));)
		if (str_eq(name, str_of(part)))
			return true;
	return false;
}

static int64_t unit_of(const struct walk *w)
{
	unsigned f = w->type->known[CASES_KNOWN_LEAD_UNIT];

	return f != CASES_NONE && has(w->now.rec.filled, f) ? w->now.rec.value[f] : -1;
}

static int64_t choice_of(const struct walk *w, const char *name)
{
	return w->now.rec.value[walk_field(w->type, name)];
}

/* The unit's limit: missed when it is, kept when an answer that was in time is accepted. */
static uint64_t due_once(struct ledger *l, int64_t now_us, const struct case_clock *done,
			 bool in_time)
{
	uint64_t set = F(DUE);

	if (l->is_due_counted)
		return 0;
	l->is_due_counted = true;
	l->dues++;
	in_time = in_time && now_us <= done->due_us;
	if (in_time)
		set |= F(IN_TIME);
	if (in_time && now_us <= done->first_due_us)
		set |= F(IN_TIME_FIRST);
	if (l->was_suspended)
		set |= F(DUE_SUSPENDED);
	if (l->was_suspended && in_time)
		set |= F(IN_TIME_SUSPENDED);
	return set;
}

static void new_unit(struct ledger *l, int64_t unit)
{
	l->unit = unit;
	l->stints++;
	l->is_due_counted = l->was_suspended = l->was_contacted = l->was_in_time = false;
	l->is_fed_back = false;
}

/* The four ends of a call-back. */
static uint64_t word_of(const struct walk *w, const struct ledger *l, struct str name)
{
	uint64_t set = 0;
	bool partly;

	if (is_one_of(name, "not_solved not_solved_unassigned third_not_solved")) {
		partly = has(w->now.rec.filled, walk_field(w->type, "partly")) &&
			 choice_of(w, "partly") == 1;
		set = partly ? F(PARTLY) : F(NOT_SOLVED);
	}
	if (is_one_of(name, "solved"))
		set = F(SOLVED);
	if (is_one_of(name, "third_no_answer never_confirmed"))
		set = F(NOT_CONFIRMED);
	if (set == 0 || !l->has_reporter)
		return 0;
	return set | F(CALLED_BACK) | (l->was_in_time ? F(ANSWERED) : 0);
}

/* Somebody found that the work is done: the reporter can be asked, or there is nobody to ask. */
static bool accepts(const struct walk *w, struct str name)
{
	return is_one_of(name, "accept_and_close mother_answered pass_check_and_end close "
			       "close_with_receipt close_with_measurement close_with_both") ||
	       (w->type == &world.types[0] && is_one_of(name, "pass_check"));
}

static uint64_t by_hand(const struct walk *w, const struct case_now *before, struct ledger *l)
{
	struct str name = w->type->transitions[w->step.transition].name.text;
	bool was_opened = l->is_opened;
	uint64_t set = 0;

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (str_eq(name, str_of(plain[i].name)))
			set |= plain[i].set;
	l->is_opened |= is_one_of(name, "open overturn");
	if (!was_opened && l->is_opened && w->set.is_repeat)
		set |= F(REPEATED);
	if (is_one_of(name, "suspend suspend_again"))
		l->was_suspended = true;
	if (is_one_of(name, "contact") && !l->was_contacted) {
		const struct case_clock *c =
		    &before->clocks.at[walk_clock(w->type, "contacting")];
		l->was_contacted = true;
		l->was_in_time = c->run == CASE_RUN_RUNS && w->set.now_us <= c->due_us;
	}
	if (is_one_of(name, "feed_back feed_back_without_joint feed_back_to_prove "
			    "feed_back_to_prove_without_joint mother_answered "
			    "mother_answered_to_check")) {
		unsigned done = walk_clock(w->type, "done");
		if (before->clocks.at[done].run == CASE_RUN_RUNS) {
			l->done = before->clocks.at[done];
			l->fed_back_us = w->set.now_us;
			l->is_fed_back = l->fed_back_us <= l->done.due_us;
			if (!l->is_fed_back)
				set |= due_once(l, l->fed_back_us, &l->done, false);
		}
		if (before->clocks.at[done].run == CASE_RUN_WAITS) { /* what was left is left */
			l->done = w->now.clocks.at[done];
			l->fed_back_us = w->set.now_us;
			l->is_fed_back = before->clocks.at[done].left_us > 0;
			if (!l->is_fed_back)
				set |= due_once(l, l->fed_back_us, &l->done, false);
		}
	}
	if (is_one_of(name, "return_answer rework not_enough"))
		l->is_fed_back = false;
	if (l->is_fed_back && accepts(w, name))
		set |= due_once(l, l->fed_back_us, &l->done, true);
	if (l->unit != -1 && unit_of(w) != l->unit && is_one_of(name, "reroute rule"))
		set |= F(HAND_BACK_UPHELD);
	set |= word_of(w, l, name);
	if (unit_of(w) != l->unit)
		new_unit(l, unit_of(w));
	if (is_one_of(name, "not_solved not_solved_unassigned third_not_solved"))
		l->is_closed = false;
	if (l->is_opened && !l->is_closed && accepts(w, name)) {
		l->is_closed = true;
		set |= F(CLOSED) | (l->has_reporter ? 0 : F(CLOSED_BY_CHECK));
	}
	if (l->has_reporter && is_one_of(name, "rate"))
		set |= F(RATED) | (choice_of(w, "answer_rate") >= 3 ? F(SATISFIED) : 0);
	if (l->has_reporter && is_one_of(name, "not_rated"))
		set |= F(NOT_RATED);
	return set;
}

static uint64_t by_hand_of_time(const struct walk *w, const struct case_now *before,
				struct ledger *l)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < w->type->clocks_n; i++) {
		const struct case_clock *c = &w->now.clocks.at[i];
		if (c->level == before->clocks.at[i].level)
			continue;
		set |= F(ESCALATED);
		if (walk_is(&w->type->clocks[i].name, "done") &&
		    !is_one_of(str_of(walk_state(w)), "handed_back ruling"))
			set |= due_once(l, w->set.now_us, c, false);
	}
	return set;
}

static void compare(const struct walk *w, uint64_t want, const struct ledger *l,
		    uint64_t sums[CASE_FIGURE_COUNT])
{
	if (l->is_drill)
		want = 0;
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++) {
		if (has(want, i) != has(w->step.figures, i))
			fail_msg("transition %u: %s is counted %d, by hand %d", w->step.transition,
				 case_figure_name(i), has(w->step.figures, i), has(want, i));
		sums[i] += has(want, i);
	}
}

/* What holds of sums, however the cases went. */
static void check_sums(const uint64_t n[CASE_FIGURE_COUNT])
{
#define N(symbol) n[CASE_FIGURE_##symbol]
	assert_true(N(SOLVED) + N(PARTLY) + N(NOT_SOLVED) + N(NOT_CONFIRMED) == N(CALLED_BACK));
	assert_true(N(ANSWERED) <= N(CALLED_BACK));
	assert_true(N(IN_TIME) <= N(DUE) && N(IN_TIME_FIRST) <= N(IN_TIME));
	assert_true(N(DUE_SUSPENDED) <= N(DUE) && N(IN_TIME_SUSPENDED) <= N(IN_TIME));
	assert_true(N(IN_TIME_SUSPENDED) <= N(DUE_SUSPENDED));
	assert_true(N(SATISFIED) <= N(RATED) && N(RATED) + N(NOT_RATED) <= N(SOLVED));
	assert_true(N(HAND_BACK_UPHELD) <= N(HANDED_BACK));
	assert_true(N(CLOSED_BY_CHECK) <= N(CLOSED) && N(REPEATED) <= N(OPENED));
	/* each case opens once, and a matter closes again only when it was said not to be solved:
	 * by the reporter, or, where there is none, by the desk, which counts only the closing */
	assert_true(N(CLOSED) - N(CLOSED_BY_CHECK) <= N(OPENED) + N(PARTLY) + N(NOT_SOLVED));
	assert_true(N(OPENED) + N(NOT_OPENED) + N(ON_SPOT) <= N(HANDED_IN));
	assert_true(N(NOT_OPENED) + N(PASSED_ON) + N(JOINED) + N(WITHDRAWN) <= N(HANDED_IN));
#undef N
}

static void begin_case(unsigned type, uint64_t *seed, struct walk *w, struct ledger *l,
		       uint64_t sums[CASE_FIGURE_COUNT])
{
	unsigned f;

	begin_random(&world, type, seed, w);
	w->set.is_repeat = next_random(seed) % 4 == 0;
	f = walk_field(w->type, "drill");
	*l = (struct ledger){.unit = -1,
			     .is_drill = w->now.rec.value[f] == 1,
			     .has_reporter = choice_of(w, "has_reporter") == 1};
	compare(w, F(HANDED_IN), l, sums);
}

static void one_command(struct walk *w, uint64_t *seed, struct ledger *l,
			uint64_t sums[CASE_FIGURE_COUNT])
{
	static struct case_now before;
	struct case_wish wish;
	struct try try;

	for (unsigned i = 0; i < CASES_CLOCKS_MAX * CASES_ESCALATION_MAX; i++) {
		before = w->now;
		case_step_timer(&w->set, &w->now, &w->step);
		if (w->step.refusal != CASE_MOVED)
			break;
		compare(w, w->step.transition == CASES_NONE ? by_hand_of_time(w, &before, l)
							     : by_hand(w, &before, l),
			l, sums);
	}
	if (w->type->states[w->now.rec.state].is_final)
		return;
	random_step(w, seed, &try, &wish);
	const struct case_actor actor = {try.role, try.handle};
	before = w->now;
	case_step(&w->set, &actor, &wish, &w->now, &w->step);
	compare(w, w->step.refusal == CASE_MOVED ? by_hand(w, &before, l) : 0, l, sums);
}

static void figures_agree_with_another_count(void **state)
{
	static uint64_t sums[CASE_FIGURE_COUNT];
	static struct walk w;
	struct ledger l;

	memset(sums, 0, sizeof sums);
	for (unsigned type = 0; type < WALK_TYPES; type++) {
		uint64_t seed = 13 + type;
		begin_case(type, &seed, &w, &l, sums);
		for (unsigned i = 0; i < COMMANDS; i++) {
			if (w.type->states[w.now.rec.state].is_final)
				begin_case(type, &seed, &w, &l, sums);
			w.set.now_us += (int64_t)(next_random(&seed) % 40) * 60000000;
			if (next_random(&seed) % 30 == 0)
				w.set.now_us += (int64_t)(next_random(&seed) % 12) * 86400000000;
			one_command(&w, &seed, &l, sums);
			/* once a case and unit; an answer for all may come before there is a unit
			 */
			assert_true(l.dues <= l.stints + (l.unit == -1));
			check_sums(sums);
		}
	}
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		if (sums[i] == 0)
			fail_msg("no walk counts %s", case_figure_name(i));
}

/* A type whose call-back ends the case, and one that knows its category from the start: what is
 * counted does not hang on how the shipped files are made. */
static void other_files_count_alike(void **state)
{
	static struct cases_transition own_transitions[CASES_TRANSITIONS_MAX];
	static struct walk w;
	struct case_now before, after;
	struct cases_type own = world.types[0];
	unsigned solved = walk_transition(&own, "solved"), open = walk_transition(&own, "open");

	memcpy(own_transitions, own.transitions, own.transitions_n * sizeof *own_transitions);
	own.transitions = own_transitions;
	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	w.set.type = &own;
	before = after = w.now;
	for (unsigned i = 0; i < own.states_n; i++) {
		if (walk_is(&own.states[i].name, "closed"))
			before.rec.state = i;
		if (walk_is(&own.states[i].name, "ended"))
			own_transitions[solved].to.index = after.rec.state = i;
	}
	before.marks = after.marks = CASE_MARK_OPENED | CASE_MARK_CLOSED;
	assert_true(case_figures(&w.set, &before, solved, 0, &after) ==
		    (F(CALLED_BACK) | F(SOLVED)));

	before = w.now;
	before.rec.filled |= UINT64_C(1) << walk_field(&own, "category");
	after = before;
	after.rec.state = own_transitions[open].to.index;
	assert_true(case_figures(&w.set, &before, open, 0, &after) == F(OPENED));
	assert_true(case_figures(&w.set, &before, open, 0, &after) == 0); /* once */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(figures_agree_with_another_count),
	    cmocka_unit_test(other_files_count_alike),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
