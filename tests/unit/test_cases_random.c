/* Small random case types, judged by proofs 1 and 3 and by walking every way there is. */
#include "test.h"

#include "cases/proofs.h"

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

static bool is_by_timer_alone(const struct random_type *r, unsigned t)
{
	for (unsigned i = 0; i < r->edges[t].by.n; i++)
		if (!str_eq(r->by[t][i].text, STR(CASES_TIMER)))
			return false;
	return true;
}

/* Is there a walk of as many steps as there are states, by the timer alone? Then one state stands
 * twice on it. */
static bool turns(const struct random_type *r, unsigned s, unsigned steps)
{
	if (steps == 0)
		return true;
	for (unsigned t = 0; t < r->type.transitions_n; t++)
		if (may_go(r, t, s) && is_by_timer_alone(r, t) &&
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
		bool reached = cases_prove_reach(&r.type, &f) == ERR_OK;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(proofs_agree_with_walking),
	    cmocka_unit_test(sums_agree_with_walking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
