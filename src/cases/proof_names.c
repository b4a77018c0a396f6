/* Proof 5 for a case type: every name in it stands for something. Indices are filled in. */
#include "resolve.h"

static const struct cases_name *name_at(const struct named *list, unsigned i)
{
	return (const struct cases_name *)(const void *)((const char *)list->v + i * list->size);
}

unsigned named_find(const struct named *list, struct str name)
{
	for (unsigned i = 0; i < list->n; i++)
		if (str_eq(name_at(list, i)->text, name))
			return i;
	return CASES_NONE;
}

enum err named_resolve(const struct named *list, struct cases_name *ref,
		       struct cases_failure *failure)
{
	const struct str args[] = {ref->text, str_of(list->called)};

	ref->index = CASES_NONE;
	if (!cases_is_given(ref))
		return ERR_OK;
	ref->index = named_find(list, ref->text);
	if (ref->index == CASES_NONE)
		return proof_fail(failure, 5, ref, MSG_PROOF_NAME_UNKNOWN, args, 2);
	return ERR_OK;
}

enum err named_resolve_all(const struct named *list, struct cases_names *refs,
			   struct cases_failure *failure)
{
	for (unsigned i = 0; i < refs->n; i++) {
		TRY(named_resolve(list, &refs->v[i], failure));
		for (unsigned k = 0; k < i; k++)
			if (refs->v[k].index == refs->v[i].index)
				return proof_fail(failure, 5, &refs->v[i], MSG_PROOF_NAME_TWICE,
						  &refs->v[i].text, 1);
	}
	return ERR_OK;
}

enum err named_unique(const struct named *list, struct cases_failure *failure)
{
	for (unsigned i = 0; i < list->n; i++) {
		const struct cases_name *name = name_at(list, i);
		if (named_find(list, name->text) != i)
			return proof_fail(failure, 5, name, MSG_PROOF_NAME_TWICE, &name->text, 1);
	}
	return ERR_OK;
}

enum err role_resolve(const struct cases_book *book, bool may_be_timer, struct cases_name *ref,
		      struct cases_failure *failure)
{
	const struct named roles = NAMED(book->roles, book->roles_n, "roles.yaml");

	if (may_be_timer && str_eq(ref->text, STR(CASES_TIMER))) {
		ref->index = CASES_NONE;
		return ERR_OK;
	}
	return named_resolve(&roles, ref, failure);
}

enum err roles_resolve(const struct cases_book *book, bool may_be_timer, struct cases_names *refs,
		       struct cases_failure *failure)
{
	for (unsigned i = 0; i < refs->n; i++)
		TRY(role_resolve(book, may_be_timer, &refs->v[i], failure));
	return ERR_OK;
}

enum err limits_resolve(const struct cases_book *book, struct cases_limits *l,
			struct cases_failure *failure)
{
	const struct named conditions =
	    NAMED(book->categories.conditions, book->categories.conditions_n,
		  "categories.yaml: conditions");

	for (unsigned i = 0; i < l->n; i++)
		TRY(named_resolve(&conditions, &l->v[i].condition, failure));
	return ERR_OK;
}

/* The lists of a type. */
struct lists {
	struct named fields, clocks, outcomes, states, transitions, desk;
};

static struct lists lists_of(const struct cases_book *book, const struct cases_type *t)
{
	return (struct lists){
	    .fields = NAMED(t->fields, t->fields_n, "fields"),
	    .clocks = NAMED(t->clocks, t->clocks_n, "clocks"),
	    .outcomes = NAMED(t->outcomes, t->outcomes_n, "outcomes"),
	    .states = NAMED(t->states, t->states_n, "states"),
	    .transitions = NAMED(t->transitions, t->transitions_n, "transitions"),
	    .desk = NAMED(book->desk, book->desk_n, "desk-limits.yaml"),
	};
}

static enum err resolve_fields(const struct cases_book *book, struct cases_type *t,
			       struct cases_failure *failure)
{
	for (unsigned i = 0; i < t->fields_n; i++) {
		struct cases_field *field = &t->fields[i];
		const struct named choices = NAMED(field->choices, field->choices_n, "choices");
		TRY(roles_resolve(book, false, &field->sees, failure));
		TRY(roles_resolve(book, false, &field->changes, failure));
		TRY(named_unique(&choices, failure));
		if ((field->kind == CASES_FIELD_CHOICE) != (field->choices_n > 0))
			return proof_fail(failure, 5, &field->name, MSG_PROOF_CHOICES, NULL, 0);
	}
	return ERR_OK;
}

/* A choice offers another type, which can be opened because a category leads to it, and only where
 * a refusal fills it in: nobody is sent elsewhere by any other word. */
static enum err check_offers(const struct cases_book *book, const struct cases_type *t,
			     unsigned field, struct cases_failure *failure)
{
	const struct cases_field *f = &t->fields[field];
	bool is_filled = false;

	for (unsigned i = 0; i < t->transitions_n; i++)
		for (unsigned k = 0; k < t->transitions[i].fills.n; k++)
			is_filled |= t->transitions[i].command == CASES_COMMAND_REFUSE &&
				     t->transitions[i].fills.v[k].index == field;
	for (unsigned c = 0; c < f->choices_n; c++) {
		const struct cases_name *offers = &f->choices[c].offers;
		bool is_there = false;
		for (unsigned i = 0; i < book->categories.n; i++)
			is_there |= str_eq(book->categories.v[i].type.text, offers->text);
		if (cases_is_given(offers) &&
		    (!is_filled || !is_there || str_eq(offers->text, t->name.text)))
			return proof_fail(failure, 5, offers, MSG_PROOF_OFFERS, &offers->text, 1);
	}
	return ERR_OK;
}

/* A field of one of two kinds. */
static enum err want_kind(const struct cases_type *t, const struct cases_name *ref,
			  enum cases_field_kind a, enum cases_field_kind b, const char *words,
			  struct cases_failure *failure)
{
	const struct str args[] = {ref->text, str_of(words)};

	if (ref->index == CASES_NONE || t->fields[ref->index].kind == a ||
	    t->fields[ref->index].kind == b)
		return ERR_OK;
	return proof_fail(failure, 5, ref, MSG_PROOF_KIND, args, 2);
}

static enum err resolve_clocks(const struct cases_book *book, struct cases_type *t,
			       const struct lists *l, struct cases_failure *failure)
{
	for (unsigned i = 0; i < t->clocks_n; i++) {
		struct cases_clock *clock = &t->clocks[i];
		TRY(named_resolve(&l->desk, &clock->desk, failure));
		TRY(named_resolve(&l->fields, &clock->field, failure));
		TRY(want_kind(t, &clock->field, CASES_FIELD_DATE, CASES_FIELD_INSTANT,
			      "date, instant", failure));
		TRY(limits_resolve(book, &clock->limit, failure));
		TRY(role_resolve(book, false, &clock->owner, failure));
		TRY(roles_resolve(book, false, &clock->escalation, failure));
	}
	return ERR_OK;
}

static enum err resolve_states(const struct cases_book *book, struct cases_type *t,
			       const struct lists *l, struct cases_failure *failure)
{
	for (unsigned i = 0; i < t->states_n; i++) {
		struct cases_state *s = &t->states[i];
		TRY(role_resolve(book, false, &s->owner, failure));
		TRY(named_resolve_all(&l->clocks, &s->runs, failure));
		TRY(named_resolve_all(&l->clocks, &s->pauses, failure));
		TRY(named_resolve(&l->fields, &s->review, failure));
		TRY(named_resolve(&l->outcomes, &s->outcome, failure));
		if (s->is_final != cases_is_given(&s->outcome))
			return proof_fail(failure, 5, &s->name, MSG_PROOF_OUTCOME, NULL, 0);
	}
	return ERR_OK;
}

/* A guard compares with what its field can hold. */
static enum err check_guard(const struct cases_type *t, const struct cases_guard *g,
			    struct cases_failure *failure)
{
	const struct cases_field *field = &t->fields[g->field.index];
	const struct named choices = NAMED(field->choices, field->choices_n, "choices");
	struct cases_name value = {g->value, g->field.at, CASES_NONE};

	switch (g->op) {
	case CASES_GUARD_GIVEN:
	case CASES_GUARD_NOT_GIVEN:
		return ERR_OK;
	case CASES_GUARD_UNDER:
	case CASES_GUARD_FROM:
		return want_kind(t, &g->field, CASES_FIELD_COUNT, CASES_FIELD_NUMBER,
				 "count, number", failure);
	case CASES_GUARD_IS:
	case CASES_GUARD_IS_NOT:
		break;
	}
	TRY(want_kind(t, &g->field, CASES_FIELD_CHOICE, CASES_FIELD_YES_NO, "choice, yes_no",
		      failure));
	if (field->kind == CASES_FIELD_CHOICE)
		return named_resolve(&choices, &value, failure);
	if (str_eq(g->value, STR("yes")) || str_eq(g->value, STR("no")))
		return ERR_OK;
	return proof_fail(failure, 5, &g->field, MSG_CONFIG_YES_NO, &g->value, 1);
}

static enum err resolve_fields_of(const struct cases_type *t, const struct lists *l,
				  struct cases_names *names, bool is_actor, bool is_count,
				  struct cases_failure *failure)
{
	enum cases_field_kind kind = is_actor ? CASES_FIELD_ACTOR : CASES_FIELD_COUNT;

	TRY(named_resolve_all(&l->fields, names, failure));
	for (unsigned i = 0; i < names->n && (is_actor || is_count); i++)
		TRY(want_kind(t, &names->v[i], kind, kind, is_actor ? "actor" : "count", failure));
	return ERR_OK;
}

/* Counts move and actors sign by their own keys, never by being filled in. */
static enum err check_filled_kinds(const struct cases_type *t, const struct cases_names *names,
				   struct cases_failure *failure)
{
	for (unsigned i = 0; i < names->n; i++) {
		enum cases_field_kind kind = t->fields[names->v[i].index].kind;
		const struct str args[] = {names->v[i].text, STR("signs, counts")};
		if (kind == CASES_FIELD_ACTOR || kind == CASES_FIELD_COUNT)
			return proof_fail(failure, 5, &names->v[i], MSG_PROOF_FILLS_KIND, args, 2);
	}
	return ERR_OK;
}

/* The timer acts when a clock ends: it must be clear which, in each state it acts in. */
static enum err check_trigger(const struct cases_type *t, const struct cases_transition *tr,
			      struct cases_failure *failure)
{
	bool is_timed = false;

	for (unsigned i = 0; i < tr->by.n; i++)
		is_timed |= str_eq(tr->by.v[i].text, STR(CASES_TIMER));
	for (unsigned s = 0; s < t->states_n && is_timed; s++)
		if (cases_leaves(t, tr, s) && cases_trigger(t, tr, s) == CASES_NONE)
			return proof_fail(failure, 5, &tr->name, MSG_PROOF_TRIGGER,
					  &t->states[s].name.text, 1);
	return ERR_OK;
}

/* Fields that the engine reads by name are of the kind it reads. */
static enum err resolve_known(struct cases_type *t, const struct lists *l,
			      struct cases_failure *failure)
{
	static const struct {
		const char *name, *words;
		enum cases_field_kind kind;
	} known[] = {
#define KNOWN(symbol, name, kind) {name, #kind, CASES_FIELD_##kind},
#include "cases/known_table.h"
#undef KNOWN
	};

	for (unsigned i = 0; i < CASES_KNOWN_COUNT; i++) {
		t->known[i] = named_find(&l->fields, str_of(known[i].name));
		if (t->known[i] == CASES_NONE)
			continue;
		struct cases_name ref = t->fields[t->known[i]].name;
		ref.index = t->known[i];
		TRY(want_kind(t, &ref, known[i].kind, known[i].kind, known[i].words, failure));
	}
	return ERR_OK;
}

static enum err resolve_transition(const struct cases_book *book, const struct cases_type *t,
				   struct cases_transition *tr, const struct lists *l,
				   struct cases_failure *failure)
{
	TRY(named_resolve_all(&l->states, &tr->from, failure));
	TRY(named_resolve(&l->states, &tr->to, failure));
	TRY(roles_resolve(book, true, &tr->by, failure));
	TRY(roles_resolve(book, false, &tr->alone, failure));
	TRY(resolve_fields_of(t, l, &tr->fills, false, false, failure));
	TRY(resolve_fields_of(t, l, &tr->may_fill, false, false, failure));
	TRY(check_filled_kinds(t, &tr->fills, failure));
	TRY(check_filled_kinds(t, &tr->may_fill, failure));
	TRY(resolve_fields_of(t, l, &tr->signs, true, false, failure));
	TRY(resolve_fields_of(t, l, &tr->not_by, true, false, failure));
	TRY(resolve_fields_of(t, l, &tr->counts, false, true, failure));
	TRY(resolve_fields_of(t, l, &tr->uncounts, false, true, failure));
	TRY(named_resolve_all(&l->clocks, &tr->starts, failure));
	TRY(named_resolve_all(&l->clocks, &tr->stops, failure));
	TRY(named_resolve_all(&l->clocks, &tr->within, failure));
	TRY(named_resolve(&l->clocks, &tr->after, failure));
	TRY(named_resolve(&l->fields, &tr->until, failure));
	TRY(named_resolve(&l->desk, &tr->most, failure));
	TRY(want_kind(t, &tr->until, CASES_FIELD_DATE, CASES_FIELD_DATE, "date", failure));
	TRY(check_trigger(t, tr, failure));
	TRY(roles_resolve(book, false, &tr->tells, failure));
	TRY(named_resolve_all(&l->transitions, &tr->checks, failure));
	for (unsigned i = 0; i < tr->guards_n; i++) {
		TRY(named_resolve(&l->fields, &tr->guards[i].field, failure));
		TRY(check_guard(t, &tr->guards[i], failure));
	}
	return ERR_OK;
}

static enum err resolve_purpose(const struct cases_book *book, struct cases_type *t,
				struct cases_failure *failure)
{
	const struct str args[] = {t->purpose.text, STR("catalogue.yaml: purpose")};

	for (unsigned i = 0; i < book->catalogue.items_n; i++)
		if (str_eq(book->catalogue.items[i].purpose.text, t->purpose.text)) {
			t->purpose.index = i;
			return ERR_OK;
		}
	return proof_fail(failure, 5, &t->purpose, MSG_PROOF_NAME_UNKNOWN, args, 2);
}

static void find_bounds(struct cases_type *t)
{
	uint64_t bounds = 0, duties = 0;

	for (unsigned i = 0; i < t->transitions_n; i++) {
		const struct cases_transition *tr = &t->transitions[i];
		for (unsigned k = 0; k < tr->within.n; k++)
			bounds |= UINT64_C(1) << tr->within.v[k].index;
		for (unsigned k = 0; k < tr->stops.n; k++)
			duties |= UINT64_C(1) << tr->stops.v[k].index;
		for (unsigned s = 0; s < t->states_n; s++) {
			unsigned clock = cases_trigger(t, tr, s);
			if (cases_leaves(t, tr, s) && clock != CASES_NONE)
				duties |= UINT64_C(1) << clock;
		}
	}
	t->bounds_only = bounds & ~duties;
}

/* A limit "by FIELD" in a category of the type reads a field of the type. */
static enum err check_category_fields(const struct cases_book *book, const struct cases_type *t,
				      const struct lists *l, struct cases_failure *failure)
{
	for (unsigned i = 0; i < book->categories.n; i++) {
		const struct cases_category *c = &book->categories.v[i];
		if (!str_eq(c->type.text, t->name.text))
			continue;
		for (unsigned s = 0; s < CASES_STAGE_COUNT; s++)
			for (unsigned k = 0; k < c->limits[s].n; k++) {
				struct cases_name field = c->limits[s].v[k].field;
				TRY(named_resolve(&l->fields, &field, failure));
			}
	}
	return ERR_OK;
}

enum err cases_prove_names(const struct cases_book *book, struct cases_type *type,
			   struct cases_failure *failure)
{
	const struct lists l = lists_of(book, type);
	const struct named questions = NAMED(type->questions, type->questions_n, "questions");

	TRY(named_unique(&l.fields, failure));
	TRY(named_unique(&l.clocks, failure));
	TRY(named_unique(&l.outcomes, failure));
	TRY(named_unique(&l.states, failure));
	TRY(named_unique(&l.transitions, failure));
	TRY(named_unique(&questions, failure));
	TRY(resolve_purpose(book, type, failure));
	TRY(named_resolve(&l.states, &type->start, failure));
	TRY(named_resolve_all(&l.fields, &type->start_fields, failure));
	TRY(resolve_fields_of(type, &l, &type->start_may, false, false, failure));
	TRY(check_filled_kinds(type, &type->start_may, failure));
	TRY(resolve_fields(book, type, failure));
	TRY(resolve_known(type, &l, failure));
	TRY(resolve_clocks(book, type, &l, failure));
	TRY(resolve_states(book, type, &l, failure));
	for (unsigned i = 0; i < type->transitions_n; i++)
		TRY(resolve_transition(book, type, &type->transitions[i], &l, failure));
	for (unsigned i = 0; i < type->fields_n; i++)
		TRY(check_offers(book, type, i, failure));
	find_bounds(type);
	return check_category_fields(book, type, &l, failure);
}
