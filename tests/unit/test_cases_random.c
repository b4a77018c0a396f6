/* Small random case types, judged by proofs 1 and 3 and by walking every way there is. */
#include "test.h"

#include "cases/proofs.h"
#include "cases/step.h"

#define STATES_MAX 5u
#define EDGES_MAX 9u
#define ROUNDS 60000u

struct random_type {
	struct cases_type type;
	struct cases_state states[STATES_MAX];
	struct cases_transition edges[EDGES_MAX];
	struct cases_name from[EDGES_MAX], by[EDGES_MAX][2];
};

static uint32_t next(uint64_t *seed) /* splitmix64 */
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)(z >> 33);
}

static void make(uint64_t seed, struct random_type *r)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

	*r = (struct random_type){0};
	r->type.states = r->states;
	r->type.transitions = r->edges;
	r->type.states_n = 1 + next(&seed) % STATES_MAX;
	r->type.transitions_n = next(&seed) % (EDGES_MAX + 1);
	for (unsigned s = 0; s < r->type.states_n; s++) {
		r->states[s].name.text = str_of(names[s]);
		r->states[s].is_final = s > 0 && next(&seed) % 3 == 0;
	}
	for (unsigned t = 0; t < r->type.transitions_n; t++) {
		struct cases_transition *tr = &r->edges[t];
		unsigned from = next(&seed) % r->type.states_n;
		tr->name.text = str_of(names[t]);
		tr->command = (enum cases_command)t; /* of one command, one may hide another */
		tr->is_from_any = next(&seed) % 12 == 0;
		tr->stays = next(&seed) % 8 == 0;
		tr->to.index = next(&seed) % r->type.states_n;
		if (r->states[from].is_final)
			from = 0; /* leaving a final state is another matter */
		r->from[t].index = from;
		if (!tr->is_from_any)
			tr->from = (struct cases_names){&r->from[t], 1};
		bool timer = next(&seed) % 2 == 0, person = !timer || next(&seed) % 3 == 0;
		tr->by.v = r->by[t];
		if (timer)
			r->by[t][tr->by.n++].text = STR(CASES_TIMER);
		if (person)
			r->by[t][tr->by.n++].text = STR("somebody");
	}
}

/* ---- the same questions, asked by walking ---- */

static bool may_go(const struct random_type *r, unsigned t, unsigned s)
{
	const struct cases_transition *tr = &r->edges[t];

	if (r->states[s].is_final)
		return false;
	return tr->is_from_any || r->from[t].index == s;
}

static unsigned goes_to(const struct random_type *r, unsigned t, unsigned s)
{
	return r->edges[t].stays ? s : r->edges[t].to.index;
}

/* Can `to` be reached from `s` in at most `steps` steps? Tries every walk. */
static bool walks(const struct random_type *r, unsigned s, unsigned to, unsigned steps)
{
	if (s == to)
		return true;
	for (unsigned t = 0; steps > 0 && t < r->type.transitions_n; t++)
		if (may_go(r, t, s) && walks(r, goes_to(r, t, s), to, steps - 1))
			return true;
	return false;
}

static bool walks_to_final(const struct random_type *r, unsigned s)
{
	for (unsigned to = 0; to < r->type.states_n; to++)
		if (r->states[to].is_final && walks(r, s, to, STATES_MAX))
			return true;
	return false;
}

static bool may_timer(const struct random_type *r, unsigned t)
{
	for (unsigned i = 0; i < r->edges[t].by.n; i++)
		if (str_eq(r->by[t][i].text, STR(CASES_TIMER)))
			return true;
	return false;
}

/* Is there a walk of as many steps as there are states, by the timer alone? Then one state stands
 * twice on it. */
static bool turns(const struct random_type *r, unsigned s, unsigned steps)
{
	if (steps == 0)
		return true;
	for (unsigned t = 0; t < r->type.transitions_n; t++)
		if (may_go(r, t, s) && may_timer(r, t) &&
		    turns(r, goes_to(r, t, s), steps - 1))
			return true;
	return false;
}

static bool is_good_by_walking(const struct random_type *r)
{
	for (unsigned s = 0; s < r->type.states_n; s++)
		if (!walks(r, 0, s, STATES_MAX) || !walks_to_final(r, s))
			return false;
	return true;
}

static bool turns_by_walking(const struct random_type *r)
{
	for (unsigned s = 0; s < r->type.states_n; s++)
		if (walks(r, 0, s, STATES_MAX) && turns(r, s, r->type.states_n))
			return true;
	return false;
}

/* The way of a failure can be walked. */
static void check_way(const struct random_type *r, const struct cases_failure *f, uint64_t seed)
{
	for (unsigned i = 1; i < f->way_n; i++) {
		unsigned s = f->way[i - 1].state, t = f->way[i].transition;
		if (t >= r->type.transitions_n || !may_go(r, t, s) ||
		    goes_to(r, t, s) != f->way[i].state)
			fail_msg("seed %llu: step %u of the way is none", (unsigned long long)seed,
				 i);
	}
}

static void proofs_agree_with_walking(void **state)
{
	static struct random_type r;
	static struct cases_failure f;
	unsigned good = 0, bad = 0, turning = 0;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		make(seed, &r);
		f = (struct cases_failure){0};
		/* what stands behind another is asked last, and is no matter of walking */
		bool reached = cases_prove_reach(&r.type, &f) == ERR_OK ||
			       f.problem.msg == MSG_PROOF_HIDDEN;
		check_way(&r, &f, seed);
		if (reached != is_good_by_walking(&r))
			fail_msg("seed %llu: proof 1 says %d", (unsigned long long)seed, reached);
		f = (struct cases_failure){0};
		bool still = cases_prove_cycles(&r.type, &f) == ERR_OK;
		check_way(&r, &f, seed);
		if (still == turns_by_walking(&r))
			fail_msg("seed %llu: proof 3 says %d", (unsigned long long)seed, still);
		if (!still) { /* the end of the way stands on it before */
			unsigned seen = 0;
			for (unsigned i = 0; i + 1 < f.way_n; i++)
				seen += f.way[i].state == f.way[f.way_n - 1].state;
			assert_true(seen >= 1);
		}
		good += reached;
		bad += !reached;
		turning += !still;
	}
	assert_true(good > ROUNDS / 50 && bad > ROUNDS / 50);
	assert_true(turning > ROUNDS / 50 && turning < ROUNDS - ROUNDS / 50);
}

/* Ways from start to end, counted by walking. */
static unsigned ways(const struct random_type *r, unsigned s, unsigned on_way)
{
	unsigned n = r->states[s].is_final, seen = 0;

	for (unsigned t = 0; t < r->type.transitions_n; t++) {
		unsigned to = may_go(r, t, s) ? goes_to(r, t, s) : s;
		if ((on_way | seen) >> to & 1)
			continue;
		seen |= 1u << to;
		n += ways(r, to, on_way | 1u << to);
	}
	return n;
}

static void sums_agree_with_walking(void **state)
{
	static struct random_type r;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct cases_sums sums;
		make(seed, &r);
		cases_sum(&r.type, &sums);
		if (sums.ways != ways(&r, 0, 1) || sums.ways_are_more)
			fail_msg("seed %llu: %u ways", (unsigned long long)seed, sums.ways);
	}
}

/* ---- stepping through them ---- */

#define CLOCKS 6u /* the first is the reporter's */
#define CASES 40000u
#define STEPS 40u

struct timed_type {
	struct random_type r;
	struct cases_clock clocks[CLOCKS];
	struct cases_name chain[CLOCKS][3], runs[STATES_MAX][CLOCKS], pauses[STATES_MAX][CLOCKS];
	struct cases_name starts[EDGES_MAX], stops[EDGES_MAX], within[EDGES_MAX];
};

static struct cases_name *name_clock(struct cases_name *at, unsigned clock)
{
	*at = (struct cases_name){.index = clock};
	return at;
}

/* Clocks on a random type: any run, wait, begin and end anywhere. */
static void put_clocks(uint64_t *seed, struct timed_type *t)
{
	struct cases_type *type = &t->r.type;

	for (unsigned k = 0; k < CASES_KNOWN_COUNT; k++)
		type->known[k] = CASES_NONE;
	type->clocks = t->clocks;
	type->clocks_n = CLOCKS;
	for (unsigned i = 0; i < CLOCKS; i++) {
		struct cases_clock *c = &t->clocks[i];
		unsigned levels = next(seed) % 4;
		*c = (struct cases_clock){.source = i ? CASES_CLOCK_FIXED : CASES_CLOCK_REPORTER};
		c->limit.n = i > 0;
		c->limit.v[0] = (struct cases_limit){.kind = next(seed) % 8 ? CASES_LIMIT_SPAN
									    : CASES_LIMIT_NEVER,
						     .amount = 1 + next(seed) % 5,
						     .unit = next(seed) % TIME_UNIT_COUNT};
		for (unsigned k = 0; k < levels; k++)
			t->chain[i][k] = (struct cases_name){.index = next(seed) % 3};
		c->escalation = (struct cases_names){t->chain[i], i ? levels : 0};
	}
	for (unsigned s = 0; s < type->states_n; s++)
		for (unsigned i = 0; i < CLOCKS && !type->states[s].is_final; i++) {
			struct cases_state *state = &type->states[s];
			unsigned what = next(seed) % 4;
			if (what == 1 && i > 0) {
				state->pauses.v = t->pauses[s];
				(void)name_clock(&t->pauses[s][state->pauses.n++], i);
			} else if (what > 1 || i == 0) {
				state->runs.v = t->runs[s];
				(void)name_clock(&t->runs[s][state->runs.n++], i);
			}
		}
	for (unsigned e = 0; e < type->transitions_n; e++) {
		struct cases_transition *tr = &type->transitions[e];
		tr->command = next(seed) % CASES_COMMAND_COUNT;
		if (next(seed) % 3 == 0)
			tr->starts = (struct cases_names){
			    name_clock(&t->starts[e], 1 + next(seed) % (CLOCKS - 1)), 1};
		if (next(seed) % 3 == 0)
			tr->stops = (struct cases_names){
			    name_clock(&t->stops[e], 1 + next(seed) % (CLOCKS - 1)), 1};
		if (next(seed) % 8 == 0)
			tr->within = (struct cases_names){
			    name_clock(&t->within[e], 1 + next(seed) % (CLOCKS - 1)), 1};
		for (unsigned k = 0; k < tr->by.n; k++)
			tr->by.v[k].index =
			    str_eq(tr->by.v[k].text, STR(CASES_TIMER)) ? CASES_NONE : 0;
	}
}

static void check_clocks(const struct cases_type *t, const struct case_now *c, uint64_t seed)
{
	bool is_final = t->states[c->rec.state].is_final;

	for (unsigned i = 0; i < t->clocks_n; i++) {
		const struct case_clock *k = &c->clocks.at[i];
		bool runs = (c->rec.clocks_running >> i & 1) != 0;
		bool waits = (c->rec.clocks_paused >> i & 1) != 0;
		if ((k->run == CASE_RUN_RUNS) != runs || (k->run == CASE_RUN_WAITS) != waits ||
		    (is_final && (runs || waits)) || k->level > t->clocks[i].escalation.n ||
		    ((runs || waits) && i > 0 && k->due_us < k->from_us) ||
		    (runs && k->next_us != 0 && k->next_us < k->due_us) || k->left_us < 0 ||
		    (!waits && k->left_us != 0) || k->first_due_us > k->due_us)
			fail_msg("seed %llu: clock %u", (unsigned long long)seed, i);
	}
}

static void run_timer(struct case_setting *set, struct case_now *now, uint64_t seed)
{
	struct case_stepped step = {.refusal = CASE_MOVED};
	unsigned n = 0;

	/* every clock at every level, and a way of the timer alone through the states */
	for (; n <= CLOCKS * 4 + STATES_MAX && step.refusal == CASE_MOVED; n++) {
		case_step_timer(set, now, &step);
		check_clocks(set->type, now, seed);
	}
	if (step.refusal == CASE_MOVED)
		fail_msg("seed %llu: the timer does not come to rest", (unsigned long long)seed);
	int64_t due = case_clocks_next(set->type, &now->clocks);
	if (due != 0 && due <= set->now_us)
		fail_msg("seed %llu: something is due for ever", (unsigned long long)seed);
}

static void steps_keep_clocks_in_order(void **state)
{
	static const struct calendar_hours_list hours = {2, {{540, 720}, {840, 1080}}};
	static struct timed_type t;
	static struct case_now now, before;
	const struct cases_book book = {0};
	const struct cases_categories none = {0};
	struct zone zone;
	struct calendar calendar = {
	    .zone = &zone, .covered_first_year = 1, .covered_last_year = 0};
	unsigned moved = 0, refused = 0, walked = 0;

	zone_init_fixed(8 * 3600, &zone);
	for (unsigned i = 0; i < 5; i++)
		calendar.week[i] = hours;
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		uint64_t dice = seed * 1000003;
		struct cases_failure failure = {0};
		t = (struct timed_type){0};
		make(seed, &t.r);
		put_clocks(&dice, &t);
		if (cases_prove_reach(&t.r.type, &failure) != ERR_OK ||
		    cases_prove_cycles(&t.r.type, &failure) != ERR_OK)
			continue; /* such a file is refused */
		walked++;
		struct case_setting set = {.book = &book,
					   .type = &t.r.type,
					   .categories = &none,
					   .calendar = &calendar,
					   .route_lead = CASES_NONE,
					   .now_us = INT64_C(1780000000000000)};
		const struct case_actor somebody = {0, 1};
		struct case_stepped step;
		case_hand_in(&set, &somebody, NULL, 0, &now, &step);
		assert_int_equal(step.refusal, CASE_MOVED);
		for (unsigned i = 0; i < STEPS; i++) {
			const struct case_wish wish = {
			    .command =
				t.r.type.transitions_n == 0
				    ? CASES_COMMAND_OPEN
				    : t.r.edges[next(&dice) % t.r.type.transitions_n].command};
			set.now_us += (int64_t)(next(&dice) % 4000) * 60000000;
			run_timer(&set, &now, seed);
			before = now;
			case_step(&set, &somebody, &wish, &now, &step);
			check_clocks(&t.r.type, &now, seed);
			moved += step.refusal == CASE_MOVED;
			refused += step.refusal != CASE_MOVED;
			if (step.refusal != CASE_MOVED)
				assert_memory_equal(&now, &before, sizeof now);
		}
	}
	assert_true(walked > CASES / 50 && moved > 1000 && refused > 1000);
	print_message("%u types, %u moves, %u refusals\n", walked, moved, refused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(steps_keep_clocks_in_order),
	    cmocka_unit_test(proofs_agree_with_walking),
	    cmocka_unit_test(sums_agree_with_walking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
