/* A command on a case: find the transition, ask its conditions of the case as it would then be, and
 * only then change it. */
#include "cases/move.h"

#include "base/check.h"

static bool has(uint64_t set, unsigned i)
{
	return i < 64 && (set >> i & 1) != 0;
}

static bool is_among(const struct cases_names *names, unsigned index)
{
	for (unsigned i = 0; i < names->n; i++)
		if (names->v[i].index == index)
			return true;
	return false;
}

static bool has_signed(const struct case_rec *rec, unsigned field, uint64_t handle)
{
	for (unsigned i = 0; i < rec->signers_n; i++)
		if (rec->signers[i].field == field && rec->signers[i].handle == handle)
			return true;
	return false;
}

static bool can_hold(const struct cases_field *field, int64_t value)
{
	if (field->kind == CASES_FIELD_CHOICE)
		return value >= 0 && value < (int64_t)field->choices_n;
	if (field->kind == CASES_FIELD_YES_NO)
		return value == 0 || value == 1;
	return field->kind != CASES_FIELD_ACTOR && field->kind != CASES_FIELD_COUNT;
}

static bool holds(const struct cases_type *t, const struct cases_guard *g,
		  const struct case_rec *rec)
{
	unsigned field = g->field.index;
	int64_t value = rec->value[field];
	bool same;

	switch (g->op) {
	case CASES_GUARD_GIVEN:
		return has(rec->filled, field);
	case CASES_GUARD_NOT_GIVEN:
		return !has(rec->filled, field);
	case CASES_GUARD_UNDER:
		return value < 0 || (uint64_t)value < g->number;
	case CASES_GUARD_FROM:
		return value >= 0 && (uint64_t)value >= g->number;
	case CASES_GUARD_IS:
	case CASES_GUARD_IS_NOT:
		break;
	}
	if (t->fields[field].kind == CASES_FIELD_YES_NO)
		same = (value == 1) == str_eq(g->value, STR("yes"));
	else
		same = str_eq(t->fields[field].choices[value].name.text, g->value);
	return same == (g->op == CASES_GUARD_IS);
}

/* Put the values in; false with the field where one may not stand there. */
static bool put_fills(const struct cases_type *t, const struct cases_names *must,
		      const struct cases_names *may, const struct case_fill *fills, unsigned n,
		      struct case_rec *rec, unsigned *ret_field)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned field = fills[i].field;
		*ret_field = field;
		if (field >= t->fields_n || !can_hold(&t->fields[field], fills[i].value) ||
		    (!is_among(must, field) && !is_among(may, field)))
			return false;
		rec->value[field] = fills[i].value;
		rec->filled |= UINT64_C(1) << field;
	}
	*ret_field = CASES_NONE;
	return true;
}

/* The first field of the list that nothing fills, or CASES_NONE. Actors are signed, not filled. */
static unsigned missing(const struct cases_type *t, const struct cases_names *must,
			const struct case_fill *fills, unsigned n,
			const struct case_fill *defaults, unsigned defaults_n)
{
	for (unsigned i = 0; i < must->n; i++) {
		unsigned field = must->v[i].index;
		bool is_there = t->fields[field].kind == CASES_FIELD_ACTOR ||
				t->fields[field].kind == CASES_FIELD_COUNT;
		for (unsigned k = 0; k < n; k++)
			is_there |= fills[k].field == field;
		for (unsigned k = 0; k < defaults_n; k++)
			is_there |= defaults[k].field == field;
		if (!is_there)
			return field;
	}
	return CASES_NONE;
}

/* What nobody filled in and must be there, before what was filled in. */
static void put_defaults(const struct cases_type *t, const struct cases_names *must,
			 const struct case_command *command, struct case_rec *rec)
{
	for (unsigned i = 0; i < command->defaults_n; i++) {
		unsigned field = command->defaults[i].field;
		if (!is_among(must, field) ||
		    !can_hold(&t->fields[field], command->defaults[i].value))
			continue;
		rec->value[field] = command->defaults[i].value;
		rec->filled |= UINT64_C(1) << field;
	}
}

static bool sign(struct case_rec *rec, unsigned field, uint64_t handle)
{
	rec->filled |= UINT64_C(1) << field;
	if (has_signed(rec, field, handle))
		return true;
	if (rec->signers_n == CASE_SIGNERS_MAX)
		return false;
	rec->signers[rec->signers_n].handle = handle;
	rec->signers[rec->signers_n++].field = field;
	return true;
}

static uint64_t set_of(const struct cases_names *names)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < names->n; i++)
		set |= UINT64_C(1) << names->v[i].index;
	return set;
}

static unsigned lead_of(const struct cases_type *t, const struct case_rec *rec)
{
	unsigned f = t->known[CASES_KNOWN_LEAD_UNIT];

	return f != CASES_NONE && has(rec->filled, f) ? (unsigned)rec->value[f] : CASES_NONE;
}

static uint64_t stage_clocks(const struct cases_type *t)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < t->clocks_n; i++)
		if (t->clocks[i].source == CASES_CLOCK_STAGE)
			set |= UINT64_C(1) << i;
	return set;
}

/* The unit's own clocks after a hand-back: where another unit leads now, those that run begin anew,
 * beside what the transition starts; where the unit stays, a hand-back wins it nothing, and none
 * begins that was running or was stopped. */
static uint64_t after_hand_back(const struct cases_type *t, const struct case_rec *before,
				const struct case_rec *rec, uint64_t running, uint64_t starts)
{
	uint64_t there = before->clocks_running | before->clocks_paused, own = stage_clocks(t);

	if (rec->state == before->state ||
	    !cases_leads_into(t, CASES_COMMAND_HAND_BACK, before->state))
		return starts;
	if (lead_of(t, rec) != lead_of(t, before))
		return starts | (own & running & there);
	return starts & ~(own & (there | before->clocks_stopped));
}

/* Clocks by the state it comes to, and by what the transition starts and stops. A clock that was
 * started beside the states runs until it is stopped or the case ends. */
static void move_clocks(const struct cases_type *t, const struct cases_transition *tr,
			const struct case_rec *before, struct case_rec *rec,
			struct case_moved *moved)
{
	const struct cases_state *from = tr ? &t->states[before->state] : NULL;
	const struct cases_state *to = &t->states[rec->state];
	uint64_t starts = tr ? set_of(&tr->starts) : 0, stops = tr ? set_of(&tr->stops) : 0;
	uint64_t old_state = from ? set_of(&from->runs) | set_of(&from->pauses) : 0;
	uint64_t pauses = set_of(&to->pauses), runs = set_of(&to->runs);
	uint64_t beside = before->clocks_running & ~old_state;
	bool moves = !tr || rec->state != before->state;
	uint64_t running = moves ? runs | beside : before->clocks_running;
	uint64_t paused = moves ? (before->clocks_running | before->clocks_paused) & pauses
				: before->clocks_paused;

	if (tr)
		starts = after_hand_back(t, before, rec, running & ~before->clocks_stopped & ~stops,
					 starts);
	rec->clocks_stopped = (before->clocks_stopped | stops) & ~starts;
	running = ((running & ~rec->clocks_stopped) | starts) & ~pauses;
	paused &= ~rec->clocks_stopped & ~starts;
	if (to->is_final)
		running = paused = 0;
	moved->waits = paused & before->clocks_running;
	moved->goes_on = running & before->clocks_paused & ~starts;
	moved->began = running & (~(before->clocks_running | before->clocks_paused) | starts);
	moved->ended = (before->clocks_running | before->clocks_paused) & ~(running | paused);
	rec->clocks_stopped |= moved->ended & t->bounds_only; /* what lapsed is not given again */
	rec->clocks_running = running;
	rec->clocks_paused = paused;
}

/* Try one transition; *rec becomes a copy of `before` once it is worth it. How far it comes is the
 * order of enum case_refusal. */
static enum case_refusal try_one(const struct cases_type *t, const struct cases_transition *tr,
				 const struct case_actor *actor, const struct case_command *command,
				 const struct case_rec *before, struct case_rec *rec,
				 unsigned *ret_field)
{
	*ret_field = CASES_NONE;
	if (!is_among(&tr->by, actor->role) &&
	    !(command->is_alone && actor->role != CASES_NONE && is_among(&tr->alone, actor->role)))
		return CASE_NOT_THIS_ROLE;
	*ret_field = missing(t, &tr->fills, command->fills, command->fills_n, command->defaults,
			     command->defaults_n);
	if (*ret_field != CASES_NONE)
		return CASE_NOT_FILLED;
	*rec = *before;
	put_defaults(t, &tr->fills, command, rec);
	if (!put_fills(t, &tr->fills, &tr->may_fill, command->fills, command->fills_n, rec,
		       ret_field))
		return CASE_NOT_ITS_FIELD;
	if (actor->role == CASES_NONE && !has(rec->clocks_over, cases_trigger(t, tr, rec->state)))
		return CASE_TOO_LATE;
	for (unsigned i = 0; i < tr->within.n; i++) {
		*ret_field = tr->within.v[i].index;
		if (!has(rec->clocks_running & ~rec->clocks_over, *ret_field))
			return CASE_TOO_LATE;
	}
	for (unsigned i = 0; i < tr->guards_n; i++) {
		*ret_field = tr->guards[i].field.index;
		if (!holds(t, &tr->guards[i], rec))
			return CASE_GUARDED;
	}
	for (unsigned i = 0; i < tr->not_by.n; i++) {
		*ret_field = tr->not_by.v[i].index;
		if (has_signed(rec, *ret_field, actor->handle))
			return CASE_OWN_WORK;
	}
	for (unsigned i = 0; i < tr->signs.n; i++) {
		*ret_field = tr->signs.v[i].index;
		if (!sign(rec, *ret_field, actor->handle))
			return CASE_SIGNERS_FULL;
	}
	*ret_field = CASES_NONE;
	for (unsigned i = 0; i < tr->counts.n; i++)
		rec->value[tr->counts.v[i].index]++;
	for (unsigned i = 0; i < tr->uncounts.n; i++)
		rec->value[tr->uncounts.v[i].index] -= rec->value[tr->uncounts.v[i].index] > 0;
	rec->state = cases_leads_to(tr, rec->state);
	return CASE_MOVED;
}

/* Would it be done, whatever is filled in? */
static bool is_way(const struct cases_type *t, const struct cases_transition *tr,
		   const struct case_actor *actor, const struct case_rec *rec)
{
	if (actor->role == CASES_NONE || !cases_leaves(t, tr, rec->state) ||
	    !is_among(&tr->by, actor->role))
		return false;
	for (unsigned i = 0; i < tr->within.n; i++)
		if (!has(rec->clocks_running & ~rec->clocks_over, tr->within.v[i].index))
			return false;
	for (unsigned i = 0; i < tr->guards_n; i++) {
		unsigned field = tr->guards[i].field.index;
		if (!is_among(&tr->fills, field) && !is_among(&tr->may_fill, field) &&
		    !holds(t, &tr->guards[i], rec))
			return false;
	}
	for (unsigned i = 0; i < tr->not_by.n; i++)
		if (has_signed(rec, tr->not_by.v[i].index, actor->handle))
			return false;
	return true;
}

unsigned case_ways(const struct cases_type *type, const struct case_actor *actor,
		   const struct case_rec *rec, unsigned *ret)
{
	unsigned n = 0;

	CHECK(rec->state < type->states_n);
	for (unsigned i = 0; i < type->transitions_n; i++)
		if (is_way(type, &type->transitions[i], actor, rec))
			ret[n++] = i;
	return n;
}

enum case_refusal case_move(const struct cases_type *type, const struct case_actor *actor,
			    const struct case_command *command, struct case_rec *rec,
			    struct case_moved *ret_moved)
{
	struct case_moved closest = {.transition = CASES_NONE, .field = CASES_NONE};
	enum case_refusal best = CASE_NOT_HERE;

	CHECK(rec->state < type->states_n);
	for (unsigned i = 0; i < type->transitions_n; i++) {
		const struct cases_transition *tr = &type->transitions[i];
		struct case_rec next;
		unsigned field;
		if (tr->command != command->command || !cases_leaves(type, tr, rec->state))
			continue;
		enum case_refusal r = try_one(type, tr, actor, command, rec, &next, &field);
		if (r == CASE_MOVED) {
			struct case_moved moved = {.transition = i, .field = CASES_NONE};
			move_clocks(type, tr, rec, &next, &moved);
			*rec = next;
			*ret_moved = moved;
			return CASE_MOVED;
		}
		if (r > best) {
			best = r;
			closest.transition = i;
			closest.field = field;
		}
	}
	*ret_moved = closest;
	return best;
}

enum case_refusal case_begin(const struct cases_type *type, const struct case_actor *actor,
			     const struct case_fill *fills, unsigned n, struct case_rec *ret,
			     struct case_moved *ret_moved)
{
	struct case_moved moved = {.transition = CASES_NONE};
	struct case_rec none = {0}, rec;

	memset(&rec, 0, sizeof rec);
	rec.state = type->start.index;
	for (unsigned i = 0; i < type->fields_n; i++)
		if (type->fields[i].kind == CASES_FIELD_COUNT)
			rec.filled |= UINT64_C(1) << i;
	moved.field = missing(type, &type->start_fields, fills, n, NULL, 0);
	*ret_moved = moved;
	if (moved.field != CASES_NONE)
		return CASE_NOT_FILLED;
	if (!put_fills(type, &type->start_fields, &type->start_may, fills, n, &rec,
		       &ret_moved->field))
		return CASE_NOT_ITS_FIELD;
	for (unsigned i = 0; i < type->start_fields.n; i++) {
		unsigned field = type->start_fields.v[i].index;
		if (type->fields[field].kind == CASES_FIELD_ACTOR)
			(void)sign(&rec, field, actor->handle); /* the first one has room */
	}
	move_clocks(type, NULL, &none, &rec, &moved);
	*ret = rec;
	*ret_moved = moved;
	return CASE_MOVED;
}

enum case_refusal case_begin_beside(const struct cases_type *type, unsigned state,
				    const struct case_fill *fills, unsigned n,
				    struct case_rec *ret, unsigned *ret_field)
{
	struct cases_name category = {.index = type->known[CASES_KNOWN_CATEGORY]};
	const struct cases_names matter = {&category, category.index == CASES_NONE ? 0 : 1};
	struct case_rec rec;

	memset(&rec, 0, sizeof rec);
	rec.state = state;
	for (unsigned i = 0; i < type->fields_n; i++)
		if (type->fields[i].kind == CASES_FIELD_COUNT)
			rec.filled |= UINT64_C(1) << i;
	for (unsigned i = 0; i < n; i++) {
		bool is_matter = is_among(&matter, fills[i].field);
		if (!put_fills(type, is_matter ? &matter : &type->start_fields,
			       &type->start_may, &fills[i], 1, &rec, ret_field))
			return CASE_NOT_ITS_FIELD;
	}
	*ret = rec;
	return CASE_MOVED;
}
