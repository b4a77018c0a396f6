/* Proofs 1 to 4: what the ways through the states of a type show. */
#include "flow.h"

/* The way through states that nothing reaches, backwards from one of them until nothing leads on.
 */
static void put_way_of_nowhere(const struct flow *f, unsigned state, struct cases_failure *failure)
{
	struct cases_hop chain[CASES_STATES_MAX];
	unsigned n = 0;
	uint64_t seen = UINT64_C(1) << state;

	for (bool found = true; found;) {
		found = false;
		for (unsigned t = 0; t < f->type->transitions_n && !found; t++)
			for (unsigned s = 0; s < f->type->states_n && !found; s++) {
				const struct cases_transition *tr = &f->type->transitions[t];
				if (!(f->leaves[t] >> s & 1) || (seen >> s & 1) ||
				    cases_leads_to(tr, s) != state)
					continue;
				chain[n++] = (struct cases_hop){t, state};
				seen |= UINT64_C(1) << s;
				state = s;
				found = true;
			}
	}
	flow_put_hop(failure, CASES_NONE, state);
	while (n-- > 0)
		flow_put_hop(failure, chain[n].transition, chain[n].state);
}

/* The states from which a final one can be reached. */
static uint64_t ending(const struct flow *f)
{
	uint64_t set = f->finals, before;

	do {
		before = set;
		for (unsigned t = 0; t < f->type->transitions_n; t++)
			for (unsigned s = 0; s < f->type->states_n; s++)
				if ((f->leaves[t] >> s & 1) &&
				    (set >> cases_leads_to(&f->type->transitions[t], s) & 1))
					set |= UINT64_C(1) << s;
	} while (set != before);
	return set;
}

static bool has_name(const struct cases_names *names, const struct cases_name *name)
{
	for (unsigned i = 0; i < names->n; i++)
		if (str_eq(names->v[i].text, name->text))
			return true;
	return false;
}

static bool are_among(const struct cases_names *a, const struct cases_names *b)
{
	for (unsigned i = 0; i < a->n; i++)
		if (!has_name(b, &a->v[i]))
			return false;
	return true;
}

static bool asks_too(const struct cases_transition *tr, const struct cases_guard *g)
{
	for (unsigned i = 0; i < tr->guards_n; i++)
		if (tr->guards[i].field.index == g->field.index && tr->guards[i].op == g->op &&
		    str_eq(tr->guards[i].value, g->value))
			return true;
	return false;
}

/* The first that fits is taken: does one that stands before always fit where the later one does? */
static bool hides(const struct cases_type *t, const struct cases_transition *first,
		  const struct cases_transition *later)
{
	if (first->command != later->command || !are_among(&later->by, &first->by) ||
	    !are_among(&first->fills, &later->fills) ||
	    !are_among(&first->within, &later->within) ||
	    !are_among(&first->not_by, &later->not_by))
		return false;
	for (unsigned i = 0; i < later->fills.n; i++)
		if (!has_name(&first->fills, &later->fills.v[i]) &&
		    !has_name(&first->may_fill, &later->fills.v[i]))
			return false;
	for (unsigned i = 0; i < first->guards_n; i++)
		if (!asks_too(later, &first->guards[i]))
			return false;
	for (unsigned s = 0; s < t->states_n; s++)
		if (cases_leaves(t, later, s) && !cases_leaves(t, first, s))
			return false;
	return true;
}

static enum err prove_taken(const struct cases_type *t, struct cases_failure *failure)
{
	for (unsigned later = 1; later < t->transitions_n; later++)
		for (unsigned first = 0; first < later; first++)
			if (hides(t, &t->transitions[first], &t->transitions[later]))
				return proof_fail(failure, 1, &t->transitions[later].name,
						  MSG_PROOF_HIDDEN,
						  &t->transitions[first].name.text, 1);
	return ERR_OK;
}

enum err cases_prove_reach(const struct cases_type *type, struct cases_failure *failure)
{
	struct flow_from from[CASES_STATES_MAX];
	struct flow f;

	flow_init(type, &f);
	for (unsigned t = 0; t < type->transitions_n; t++) {
		const struct cases_transition *tr = &type->transitions[t];
		for (unsigned i = 0; i < tr->from.n; i++)
			if (f.finals >> tr->from.v[i].index & 1)
				return proof_fail(failure, 1, &tr->from.v[i],
						  MSG_PROOF_LEAVES_FINAL, &tr->name.text, 1);
	}
	uint64_t reached = flow_search(&f, f.start, NULL, from);
	for (unsigned s = 0; s < type->states_n; s++) {
		if (reached >> s & 1)
			continue;
		put_way_of_nowhere(&f, s, failure);
		return proof_fail(failure, 1, &type->states[s].name, MSG_PROOF_NOT_REACHED, NULL,
				  0);
	}
	uint64_t ends = ending(&f);
	for (unsigned s = 0; s < type->states_n; s++) {
		if (ends >> s & 1)
			continue;
		flow_put_way(from, f.start, s, failure);
		return proof_fail(failure, 1, &type->states[s].name, MSG_PROOF_NO_END, NULL, 0);
	}
	return prove_taken(type, failure);
}

/* ---- 2: owners and clocks ---- */

static bool has_plain(const struct cases_limits *l)
{
	for (unsigned i = 0; i < l->n; i++)
		if (!cases_is_given(&l->v[i].condition) && l->v[i].kind != CASES_LIMIT_NEVER)
			return true;
	return false;
}

static bool desk_is_sure(const struct cases_desk_limit *row)
{
	for (unsigned p = 0; p < CASES_PRIORITIES; p++)
		if (!has_plain(&row->by_priority[p]))
			return false;
	return true;
}

/* Will the clock have a limit in every case of the type, and somebody be called when it is over? */
static bool is_sure(const struct cases_book *book, const struct cases_type *type,
		    const struct cases_clock *clock, uint64_t filled)
{
	unsigned categories = 0;

	if (type->bounds_only >> (clock - type->clocks) & 1)
		return false;
	switch (clock->source) {
	case CASES_CLOCK_REPORTER:
		return false;
	case CASES_CLOCK_DESK:
		return desk_is_sure(&book->desk[clock->desk.index]);
	case CASES_CLOCK_FIELD:
		return filled >> clock->field.index & 1;
	case CASES_CLOCK_FIXED:
		return has_plain(&clock->limit);
	case CASES_CLOCK_STAGE:
		break;
	}
	if (has_plain(&clock->limit) ||
	    (cases_is_given(&clock->desk) && desk_is_sure(&book->desk[clock->desk.index])))
		return true;
	for (unsigned i = 0; i < book->categories.n; i++) {
		const struct cases_category *c = &book->categories.v[i];
		if (!str_eq(c->type.text, type->name.text))
			continue;
		if (!has_plain(&c->limits[clock->stage]))
			return false;
		categories++;
	}
	return categories > 0;
}

static bool ends_in_charge(const struct cases_book *book, const struct cases_clock *clock)
{
	if (clock->escalation.n == 0)
		return false;
	unsigned last = clock->escalation.v[clock->escalation.n - 1].index;
	return book->roles[last].is_in_charge;
}

/* A suspended state: one that a suspension leads to. */
static bool is_suspended(const struct flow *f, unsigned state)
{
	for (unsigned t = 0; t < f->type->transitions_n; t++) {
		const struct cases_transition *tr = &f->type->transitions[t];
		if (tr->command == CASES_COMMAND_SUSPEND && !tr->stays && tr->to.index == state)
			return true;
	}
	return false;
}

static bool runs_on_field(const struct cases_type *type, const struct cases_state *s,
			  unsigned field)
{
	for (unsigned i = 0; i < s->runs.n; i++) {
		const struct cases_clock *clock = &type->clocks[s->runs.v[i].index];
		if (clock->source == CASES_CLOCK_FIELD && clock->field.index == field)
			return true;
	}
	return false;
}

/* What is wrong with the state, or MSG_COUNT; *ret_name is what to point at. */
static enum msg state_fault(const struct cases_book *book, const struct flow *f, unsigned state,
			    uint64_t filled, uint64_t stopped, const struct cases_name **ret_name)
{
	const struct cases_type *type = f->type;
	const struct cases_state *s = &type->states[state];
	bool has_clock = false;

	*ret_name = &s->name;
	if (!cases_is_given(&s->owner))
		return MSG_PROOF_NO_OWNER;
	for (unsigned i = 0; i < s->runs.n; i++) {
		const struct cases_clock *clock = &type->clocks[s->runs.v[i].index];
		if (clock->source == CASES_CLOCK_REPORTER)
			continue;
		*ret_name = &clock->name;
		if (!cases_is_given(&clock->owner))
			return MSG_PROOF_CLOCK_NO_OWNER;
		if (!ends_in_charge(book, clock))
			return MSG_PROOF_NOT_IN_CHARGE;
		*ret_name = &s->name;
		has_clock |=
		    !(stopped >> s->runs.v[i].index & 1) && is_sure(book, type, clock, filled);
	}
	if (!has_clock)
		return s->runs.n > 0 ? MSG_PROOF_CLOCK_NOT_SURE : MSG_PROOF_NO_CLOCK;
	if (!is_suspended(f, state) && !cases_is_given(&s->review))
		return MSG_COUNT;
	if (!cases_is_given(&s->review) || !(filled >> s->review.index & 1) ||
	    type->fields[s->review.index].kind != CASES_FIELD_DATE ||
	    !runs_on_field(type, s, s->review.index))
		return MSG_PROOF_NO_REVIEW;
	unsigned days = type->fields[s->review.index].within_days;
	*ret_name = &type->fields[s->review.index].name;
	return days == 0 || days > CASES_REVIEW_DAYS_MAX ? MSG_PROOF_REVIEW_DAYS : MSG_COUNT;
}

static bool names_clock(const struct cases_names *names, unsigned clock)
{
	for (unsigned i = 0; i < names->n; i++)
		if (names->v[i].index == clock)
			return true;
	return false;
}

/* The way on which a clock of the state is stopped and not started again; false where there is
 * none. */
static bool put_stopping_way(const struct flow *f, unsigned state, unsigned clock,
			     struct cases_failure *failure)
{
	struct flow_from from[CASES_STATES_MAX], on[CASES_STATES_MAX];
	bool may[CASES_TRANSITIONS_MAX];
	uint64_t reached = flow_search(f, f->start, NULL, from);

	for (unsigned t = 0; t < f->type->transitions_n; t++)
		may[t] = !names_clock(&f->type->transitions[t].starts, clock);
	for (unsigned t = 0; t < f->type->transitions_n; t++) {
		const struct cases_transition *tr = &f->type->transitions[t];
		if (!may[t] || !names_clock(&tr->stops, clock))
			continue;
		for (unsigned s = 0; s < f->type->states_n; s++) {
			unsigned to = cases_leads_to(tr, s);
			if (!(f->leaves[t] & reached & UINT64_C(1) << s) ||
			    !(flow_search(f, to, may, on) >> state & 1))
				continue;
			flow_put_way(from, f->start, s, failure);
			flow_put_hop(failure, t, to);
			flow_put_way(on, to, state, failure);
			return true;
		}
	}
	return false;
}

/* The way to a state whose clocks are not sure: the one that stops the first that would be. */
static void put_unsure_way(const struct cases_book *book, const struct flow *f, unsigned state,
			   uint64_t filled, struct cases_failure *failure)
{
	const struct cases_state *s = &f->type->states[state];
	struct flow_from from[CASES_STATES_MAX];

	for (unsigned i = 0; i < s->runs.n; i++) {
		unsigned clock = s->runs.v[i].index;
		if (is_sure(book, f->type, &f->type->clocks[clock], filled) &&
		    put_stopping_way(f, state, clock, failure))
			return;
	}
	(void)flow_search(f, f->start, NULL, from);
	flow_put_way(from, f->start, state, failure);
}

enum err cases_prove_clocks(const struct cases_book *book, const struct cases_type *type,
			    struct cases_failure *failure)
{
	uint64_t filled[CASES_STATES_MAX], stopped[CASES_STATES_MAX];
	struct flow_from from[CASES_STATES_MAX];
	struct flow f;

	flow_init(type, &f);
	flow_filled(&f, filled);
	flow_stopped(&f, stopped);
	uint64_t reached = flow_search(&f, f.start, NULL, from);
	for (unsigned s = 0; s < type->states_n; s++) {
		const struct cases_name *name;
		if (type->states[s].is_final || !(reached >> s & 1))
			continue;
		enum msg msg = state_fault(book, &f, s, filled[s], stopped[s], &name);
		if (msg == MSG_COUNT)
			continue;
		if (msg == MSG_PROOF_CLOCK_NOT_SURE)
			put_unsure_way(book, &f, s, filled[s], failure);
		else
			flow_put_way(from, f.start, s, failure);
		return proof_fail(failure, 2, name, msg, &type->states[s].name.text, 1);
	}
	return ERR_OK;
}

/* ---- 3: cycles and bounds ---- */

/* Does the transition count something that it asks to be under a bound of at most `most`, and that
 * nothing counts down? */
static bool is_bounded(const struct cases_type *type, const struct cases_transition *tr,
		       unsigned most)
{
	for (unsigned i = 0; i < tr->guards_n; i++) {
		const struct cases_guard *g = &tr->guards[i];
		bool counts = false, falls = false;
		if (g->op != CASES_GUARD_UNDER || g->number > most)
			continue;
		for (unsigned k = 0; k < tr->counts.n; k++)
			counts |= tr->counts.v[k].index == g->field.index;
		for (unsigned t = 0; t < type->transitions_n; t++) {
			const struct cases_names *down = &type->transitions[t].uncounts;
			for (unsigned k = 0; k < down->n; k++)
				falls |= down->v[k].index == g->field.index;
		}
		if (counts && !falls)
			return true;
	}
	return false;
}

static unsigned most_of(enum cases_command command)
{
	if (command == CASES_COMMAND_HAND_BACK)
		return CASES_HAND_BACKS_MAX;
	return command == CASES_COMMAND_EXTEND ? CASES_EXTENSIONS_MAX : 0;
}

static enum err prove_bounds(const struct flow *f, uint64_t reached,
			     const struct flow_from from[CASES_STATES_MAX],
			     struct cases_failure *failure)
{
	for (unsigned t = 0; t < f->type->transitions_n; t++) {
		const struct cases_transition *tr = &f->type->transitions[t];
		unsigned most = most_of(tr->command);
		char memory[24];
		struct buf number = buf_over(memory, sizeof memory);
		if (most == 0 || !(f->leaves[t] & reached) || is_bounded(f->type, tr, most))
			continue;
		unsigned s = (unsigned)__builtin_ctzll(f->leaves[t] & reached);
		flow_put_way(from, f->start, s, failure);
		flow_put_hop(failure, t, cases_leads_to(tr, s));
		buf_put_u64(&number, most);
		const struct str arg = buf_str(&number);
		return proof_fail(failure, 3, &tr->name, MSG_PROOF_NOT_BOUNDED, &arg, 1);
	}
	return ERR_OK;
}

enum err cases_prove_cycles(const struct cases_type *type, struct cases_failure *failure)
{
	struct flow_from from[CASES_STATES_MAX], turn[CASES_STATES_MAX];
	bool automatic[CASES_TRANSITIONS_MAX];
	struct flow f;

	flow_init(type, &f);
	for (unsigned t = 0; t < type->transitions_n; t++)
		automatic[t] = cases_is_automatic(&type->transitions[t]);
	uint64_t reached = flow_search(&f, f.start, NULL, from);
	for (unsigned s = 0; s < type->states_n; s++) {
		if (!(reached >> s & 1))
			continue;
		uint64_t from_here = flow_search(&f, s, automatic, turn);
		for (unsigned t = 0; t < type->transitions_n; t++) {
			const struct cases_transition *tr = &type->transitions[t];
			uint64_t back = f.leaves[t] & from_here;
			back &= tr->stays ? UINT64_C(1) << s : back;
			if (!automatic[t] || back == 0 || (!tr->stays && tr->to.index != s))
				continue;
			flow_put_way(from, f.start, s, failure);
			flow_put_way(turn, s, (unsigned)__builtin_ctzll(back), failure);
			flow_put_hop(failure, t, s);
			return proof_fail(failure, 3, &tr->name, MSG_PROOF_CYCLE, NULL, 0);
		}
	}
	return prove_bounds(&f, reached, from, failure);
}

/* ---- 4: filled before read ---- */

/* The way to the state on which the field stays empty. */
static void put_empty_way(const struct flow *f, unsigned field, unsigned state,
			  struct cases_failure *failure)
{
	struct flow_from from[CASES_STATES_MAX];
	bool may[CASES_TRANSITIONS_MAX];

	for (unsigned t = 0; t < f->type->transitions_n; t++)
		may[t] = !(flow_fills(&f->type->transitions[t]) >> field & 1);
	(void)flow_search(f, f->start, may, from);
	flow_put_way(from, f->start, state, failure);
}

static enum err fail_empty(const struct flow *f, unsigned t, unsigned state,
			   const struct cases_name *field, struct cases_failure *failure)
{
	const struct cases_transition *tr = &f->type->transitions[t];
	const struct str args[] = {field->text, tr->name.text};

	put_empty_way(f, field->index, state, failure);
	flow_put_hop(failure, t, cases_leads_to(tr, state));
	return proof_fail(failure, 4, field, MSG_PROOF_NOT_FILLED, args, 2);
}

static enum err prove_reads(const struct flow *f, unsigned t, unsigned state, uint64_t filled,
			    struct cases_failure *failure)
{
	const struct cases_transition *tr = &f->type->transitions[t];
	uint64_t after = filled | flow_fills(tr);

	for (unsigned i = 0; i < tr->guards_n; i++) {
		const struct cases_guard *g = &tr->guards[i];
		if (g->op != CASES_GUARD_GIVEN && g->op != CASES_GUARD_NOT_GIVEN &&
		    !(after >> g->field.index & 1))
			return fail_empty(f, t, state, &g->field, failure);
	}
	for (unsigned i = 0; i < tr->not_by.n; i++)
		if (!(filled >> tr->not_by.v[i].index & 1))
			return fail_empty(f, t, state, &tr->not_by.v[i], failure);
	for (unsigned i = 0; i < tr->starts.n; i++) {
		const struct cases_clock *clock = &f->type->clocks[tr->starts.v[i].index];
		if (clock->source == CASES_CLOCK_FIELD && !(after >> clock->field.index & 1))
			return fail_empty(f, t, state, &clock->field, failure);
	}
	return ERR_OK;
}

/* A clock that runs in a state by the date of a field. */
static enum err prove_running(const struct flow *f, unsigned state, uint64_t filled,
			      struct cases_failure *failure)
{
	const struct cases_state *s = &f->type->states[state];

	for (unsigned i = 0; i < s->runs.n; i++) {
		const struct cases_clock *clock = &f->type->clocks[s->runs.v[i].index];
		const struct str args[] = {clock->field.text, clock->name.text};
		if (clock->source != CASES_CLOCK_FIELD || (filled >> clock->field.index & 1))
			continue;
		put_empty_way(f, clock->field.index, state, failure);
		return proof_fail(failure, 4, &s->runs.v[i], MSG_PROOF_NOT_FILLED, args, 2);
	}
	return ERR_OK;
}

enum err cases_prove_filled(const struct cases_type *type, struct cases_failure *failure)
{
	uint64_t filled[CASES_STATES_MAX];
	struct flow_from from[CASES_STATES_MAX];
	struct flow f;

	flow_init(type, &f);
	flow_filled(&f, filled);
	uint64_t reached = flow_search(&f, f.start, NULL, from);
	for (unsigned s = 0; s < type->states_n; s++) {
		if (!(reached >> s & 1))
			continue;
		TRY(prove_running(&f, s, filled[s], failure));
		for (unsigned t = 0; t < type->transitions_n; t++)
			if (f.leaves[t] >> s & 1)
				TRY(prove_reads(&f, t, s, filled[s], failure));
	}
	return ERR_OK;
}
