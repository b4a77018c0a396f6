/* The graph under the proofs, their order, and what is said of them. */
#include "flow.h"

#include "base/check.h"

void flow_init(const struct cases_type *type, struct flow *ret)
{
	struct flow f = {.type = type, .start = type->start.index};

	CHECK(type->states_n <= CASES_STATES_MAX && f.start < type->states_n);
	for (unsigned s = 0; s < type->states_n; s++) {
		f.all |= UINT64_C(1) << s;
		f.finals |= type->states[s].is_final ? UINT64_C(1) << s : 0;
		for (unsigned t = 0; t < type->transitions_n; t++)
			if (cases_leaves(type, &type->transitions[t], s))
				f.leaves[t] |= UINT64_C(1) << s;
	}
	*ret = f;
}

uint64_t flow_search(const struct flow *f, unsigned start, const bool *may,
		     struct flow_from from[CASES_STATES_MAX])
{
	unsigned queue[CASES_STATES_MAX], head = 0, tail = 0;
	uint64_t seen = UINT64_C(1) << start;

	for (unsigned s = 0; s < CASES_STATES_MAX; s++)
		from[s] = (struct flow_from){CASES_NONE, CASES_NONE};
	queue[tail++] = start;
	while (head < tail) {
		unsigned s = queue[head++];
		for (unsigned t = 0; t < f->type->transitions_n; t++) {
			if ((may && !may[t]) || !(f->leaves[t] >> s & 1))
				continue;
			unsigned to = cases_leads_to(&f->type->transitions[t], s);
			if (seen >> to & 1)
				continue;
			seen |= UINT64_C(1) << to;
			from[to] = (struct flow_from){s, t};
			queue[tail++] = to;
		}
	}
	return seen;
}

void flow_put_hop(struct cases_failure *failure, unsigned transition, unsigned state)
{
	CHECK(failure->way_n < CASES_HOPS_MAX);
	failure->way[failure->way_n++] = (struct cases_hop){transition, state};
}

void flow_put_way(const struct flow_from from[CASES_STATES_MAX], unsigned start, unsigned state,
		  struct cases_failure *failure)
{
	unsigned chain[CASES_STATES_MAX], n = 0;

	for (; state != start; state = from[state].state) {
		CHECK(n < CASES_STATES_MAX);
		chain[n++] = state;
	}
	if (failure->way_n == 0)
		flow_put_hop(failure, CASES_NONE, start);
	while (n-- > 0)
		flow_put_hop(failure, from[chain[n]].transition, chain[n]);
}

static uint64_t set_of(const struct cases_names *names)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < names->n; i++)
		set |= UINT64_C(1) << names->v[i].index;
	return set;
}

uint64_t flow_fills(const struct cases_transition *tr)
{
	uint64_t set = set_of(&tr->fills) | set_of(&tr->signs);

	for (unsigned i = 0; i < tr->guards_n; i++)
		if (tr->guards[i].op == CASES_GUARD_GIVEN)
			set |= UINT64_C(1) << tr->guards[i].field.index;
	return set;
}

void flow_filled(const struct flow *f, uint64_t ret[CASES_STATES_MAX])
{
	const struct cases_type *type = f->type;
	uint64_t always = set_of(&type->start_fields), fills[CASES_TRANSITIONS_MAX];
	bool changed = true;

	for (unsigned i = 0; i < type->fields_n; i++)
		if (type->fields[i].kind == CASES_FIELD_COUNT)
			always |= UINT64_C(1) << i;
	for (unsigned s = 0; s < CASES_STATES_MAX; s++)
		ret[s] = UINT64_MAX;
	ret[f->start] = always;
	for (unsigned t = 0; t < type->transitions_n; t++)
		fills[t] = flow_fills(&type->transitions[t]);
	while (changed) { /* sets only lose fields: at most 64 x 64 rounds */
		changed = false;
		for (unsigned t = 0; t < type->transitions_n; t++)
			for (unsigned s = 0; s < type->states_n; s++) {
				if (!(f->leaves[t] >> s & 1))
					continue;
				unsigned to = cases_leads_to(&type->transitions[t], s);
				uint64_t left = ret[to] & (ret[s] | fills[t]);
				changed |= left != ret[to];
				ret[to] = left;
			}
	}
}

void flow_stopped(const struct flow *f, uint64_t ret[CASES_STATES_MAX])
{
	const struct cases_type *type = f->type;
	bool changed = true;

	memset(ret, 0, CASES_STATES_MAX * sizeof *ret);
	while (changed) { /* sets only gain clocks: at most 64 x 32 rounds */
		changed = false;
		for (unsigned t = 0; t < type->transitions_n; t++)
			for (unsigned s = 0; s < type->states_n; s++) {
				const struct cases_transition *tr = &type->transitions[t];
				if (!(f->leaves[t] >> s & 1))
					continue;
				unsigned to = cases_leads_to(tr, s);
				uint64_t more = ret[to] | ((ret[s] | set_of(&tr->stops)) &
							   ~set_of(&tr->starts));
				changed |= more != ret[to];
				ret[to] = more;
			}
	}
}

enum err proof_fail(struct cases_failure *failure, unsigned proof, const struct cases_name *name,
		    enum msg msg, const struct str *args, unsigned n)
{
	failure->proof = proof;
	enum err e = problem_set(&failure->problem, ERR_BAD_INPUT, name->text, msg, args, n);
	problem_at(&failure->problem, name->at.file, name->at.line, name->at.column);
	return e;
}

enum err cases_prove_type(const struct cases_book *book, struct cases_type *type,
			  struct cases_failure *failure)
{
	TRY(cases_prove_names(book, type, failure));
	TRY(cases_prove_person(book, type, failure));
	TRY(cases_prove_reach(type, failure));
	TRY(cases_prove_clocks(book, type, failure));
	TRY(cases_prove_cycles(type, failure));
	TRY(cases_prove_filled(type, failure));
	return cases_prove_checks(book, type, failure);
}

static unsigned ones(uint64_t set)
{
	unsigned n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

/* Ways from the start to a final state by depth first, no state twice. Two transitions between the
 * same states are one way. */
static void count_ways(const struct flow *f, struct cases_sums *sums)
{
	uint64_t next[CASES_STATES_MAX] = {0}, left[CASES_STATES_MAX], on_way;
	unsigned stack[CASES_STATES_MAX], depth = 0;
	uint64_t steps = 0;

	for (unsigned t = 0; t < f->type->transitions_n; t++)
		for (unsigned s = 0; s < f->type->states_n; s++)
			if (f->leaves[t] >> s & 1)
				next[s] |= UINT64_C(1)
					   << cases_leads_to(&f->type->transitions[t], s);
	stack[0] = f->start;
	left[0] = next[f->start];
	on_way = UINT64_C(1) << f->start;
	for (;;) {
		unsigned s = stack[depth];
		left[depth] &= ~on_way;
		if (++steps > 16u * CASES_WAYS_MAX || sums->ways == CASES_WAYS_MAX) {
			sums->ways_are_more = true;
			return;
		}
		if (left[depth] == 0) {
			sums->ways += (unsigned)(f->finals >> s & 1);
			on_way &= ~(UINT64_C(1) << s);
			if (depth-- == 0)
				return;
			continue;
		}
		unsigned to = (unsigned)__builtin_ctzll(left[depth]);
		left[depth] &= left[depth] - 1;
		depth++;
		stack[depth] = to;
		left[depth] = next[to];
		on_way |= UINT64_C(1) << to;
	}
}

void cases_sum(const struct cases_type *type, struct cases_sums *ret)
{
	struct cases_sums sums = {.states = type->states_n,
				  .transitions = type->transitions_n,
				  .clocks = type->clocks_n,
				  .fields = type->fields_n};
	struct flow f;

	flow_init(type, &f);
	sums.finals = ones(f.finals);
	for (unsigned t = 0; t < type->transitions_n; t++) {
		sums.edges += ones(f.leaves[t]);
		sums.guards += type->transitions[t].guards_n;
		sums.checks += type->transitions[t].check != CASES_CHECK_NONE;
	}
	count_ways(&f, &sums);
	*ret = sums;
}

void cases_put_way(const struct cases_type *type, const struct cases_failure *failure,
		   struct buf *out)
{
	for (unsigned i = 0; i < failure->way_n; i++) {
		const struct cases_hop *hop = &failure->way[i];
		if (hop->transition != CASES_NONE) {
			buf_put_z(out, " -[");
			buf_put_str(out, type->transitions[hop->transition].name.text);
			buf_put_z(out, "]-> ");
		}
		buf_put_str(out, type->states[hop->state].name.text);
	}
}
