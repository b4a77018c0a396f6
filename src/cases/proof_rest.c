/* Proof 5 for the files beside the types, and proof 6: nobody checks their own work. */
#include "resolve.h"

#include "cases/route.h"

/* ---- the book ---- */

static enum err prove_units(struct cases_book *book, struct cases_failure *failure)
{
	const struct named units = NAMED(book->units, book->units_n, "units.yaml");
	const struct named areas = NAMED(book->areas, book->areas_n, "units.yaml: areas");
	const struct named roles = NAMED(book->roles, book->roles_n, "roles.yaml");

	TRY(named_unique(&roles, failure));
	TRY(named_unique(&units, failure));
	TRY(named_unique(&areas, failure));
	for (unsigned i = 0; i < book->units_n; i++) {
		struct cases_unit *unit = &book->units[i];
		TRY(named_resolve(&units, &unit->clock_owner, failure));
		TRY(named_resolve(&roles, &unit->role, failure));
		if ((unit->kind == CASES_UNIT_POST) != cases_is_given(&unit->role))
			return proof_fail(failure, 5, &unit->name, MSG_PROOF_POST_ROLE, NULL, 0);
		if (cases_is_given(&unit->clock_owner) &&
		    book->units[unit->clock_owner.index].kind == CASES_UNIT_LOOKUP)
			return proof_fail(failure, 5, &unit->clock_owner, MSG_PROOF_LOOKUP_ENDS,
					  &unit->clock_owner.text, 1);
	}
	for (unsigned i = 0; i < book->roles_n; i++) {
		struct cases_role *role = &book->roles[i];
		TRY(named_resolve(&roles, &role->stands_for, failure));
		if (!cases_is_given(&role->stands_for))
			continue;
		const struct cases_role *other = &book->roles[role->stands_for.index];
		/* an escalation that ends at somebody in charge must end there on either chain */
		if (cases_is_given(&other->stands_for) || other->is_in_charge != role->is_in_charge)
			return proof_fail(failure, 5, &role->stands_for, MSG_PROOF_STANDS_FOR,
					  &other->name.text, 1);
	}
	for (unsigned i = 0; i < book->roles_n; i++)
		TRY(refuse_words(&book->roles[i].name, book->roles[i].words, failure));
	return ERR_OK;
}

static enum err prove_catalogue(struct cases_book *book, struct cases_failure *failure)
{
	struct cases_catalogue *c = &book->catalogue;
	const struct named items = NAMED(c->items, c->items_n, "catalogue.yaml");

	TRY(named_unique(&items, failure));
	for (unsigned i = 0; i < c->items_n; i++) {
		const struct cases_item *item = &c->items[i];
		const struct named fields = NAMED(item->fields, item->fields_n, "fields");
		TRY(named_unique(&fields, failure));
		TRY(refuse_words(&item->name, item->words, failure));
		for (unsigned k = 0; k < item->fields_n; k++)
			TRY(refuse_words(&item->fields[k].name, item->fields[k].words, failure));
	}
	return ERR_OK;
}

static enum err prove_responsibilities(struct cases_book *book, struct cases_failure *failure)
{
	struct cases_responsibilities *r = &book->responsibilities;
	const struct named units = NAMED(book->units, book->units_n, "units.yaml");
	const struct named areas = NAMED(book->areas, book->areas_n, "units.yaml: areas");
	const struct named categories =
	    NAMED(book->categories.v, book->categories.n, "categories.yaml");

	for (unsigned i = 0; i < r->fallbacks_n; i++) {
		TRY(named_resolve(&units, &r->fallbacks[i].unit, failure));
		TRY(named_resolve(&units, &r->fallbacks[i].use, failure));
		if (book->units[r->fallbacks[i].use.index].kind == CASES_UNIT_LOOKUP)
			return proof_fail(failure, 5, &r->fallbacks[i].use, MSG_PROOF_LOOKUP_ENDS,
					  &r->fallbacks[i].use.text, 1);
	}
	for (unsigned i = 0; i < r->n; i++) {
		struct cases_rule *rule = &r->v[i];
		TRY(named_resolve(&categories, &rule->category, failure));
		TRY(named_resolve_all(&areas, &rule->areas, failure));
		TRY(named_resolve(&units, &rule->lead, failure));
		TRY(named_resolve(&units, &rule->fallback, failure));
		TRY(named_resolve_all(&units, &rule->with, failure));
		if (rule->fallback.index != CASES_NONE &&
		    book->units[rule->fallback.index].kind == CASES_UNIT_LOOKUP)
			return proof_fail(failure, 5, &rule->fallback, MSG_PROOF_LOOKUP_ENDS,
					  &rule->fallback.text, 1);
	}
	return ERR_OK;
}

static bool is_everywhere(const struct cases_rule *rule)
{
	return rule->component.n == 0 && rule->areas.n == 0 && !rule->has_from && !rule->has_until;
}

/* Every place and every day: a rule without a condition, or the category's own lead; and none of
 * the leads may come to nothing. */
static enum err prove_lead(const struct cases_book *book, unsigned category,
			   struct cases_failure *failure)
{
	const struct cases_category *c = &book->categories.v[category];
	const struct cases_responsibilities *r = &book->responsibilities;
	bool covered = false;

	for (unsigned i = 0; i < r->n; i++) {
		const struct cases_rule *rule = &r->v[i];
		if (rule->category.index != category)
			continue;
		if (covered)
			return proof_fail(failure, 5, &rule->category, MSG_PROOF_RULE_UNUSED,
					  &c->name.text, 1);
		if (!cases_leads_for_sure(book, &rule->lead, &rule->fallback))
			return proof_fail(failure, 5, &rule->lead, MSG_PROOF_LOOKUP_ALONE,
					  &rule->lead.text, 1);
		covered = is_everywhere(rule);
	}
	if (covered)
		return ERR_OK;
	if (!cases_is_given(&c->lead))
		return proof_fail(failure, 5, &c->name, MSG_PROOF_NO_LEAD, &c->name.text, 1);
	if (!cases_leads_for_sure(book, &c->lead, NULL))
		return proof_fail(failure, 5, &c->lead, MSG_PROOF_LOOKUP_ALONE, &c->lead.text, 1);
	return ERR_OK;
}

enum err prove_category(const struct cases_book *book, struct cases_category *c,
			struct cases_failure *failure)
{
	const struct named units = NAMED(book->units, book->units_n, "units.yaml");
	const struct named classes =
	    NAMED(book->categories.classes, book->categories.classes_n, "categories.yaml: classes");
	const struct named conditions =
	    NAMED(book->categories.conditions, book->categories.conditions_n,
		  "categories.yaml: conditions");
	struct cases_name large = {{c->name.text.p, 2}, c->name.at, CASES_NONE};

	TRY(named_resolve(&classes, &large, failure));
	TRY(named_resolve(&units, &c->lead, failure));
	TRY(named_resolve_all(&units, &c->with, failure));
	for (unsigned i = 0; i < c->priority.n; i++)
		TRY(named_resolve(&conditions, &c->priority.v[i].condition, failure));
	for (unsigned s = 0; s < CASES_STAGE_COUNT; s++)
		TRY(limits_resolve(book, &c->limits[s], failure));
	return ERR_OK;
}

/* The type of a category: among those loaded. A book without types is that of one file. */
static enum err prove_category_types(struct cases_book *book, struct cases_failure *failure)
{
	for (unsigned i = 0; i < book->categories.n && book->types_n > 0; i++) {
		struct cases_name *type = &book->categories.v[i].type;
		const struct str args[] = {type->text, STR("case-types/")};
		type->index = CASES_NONE;
		for (unsigned k = 0; k < book->types_n; k++)
			if (str_eq(book->types[k]->name.text, type->text))
				type->index = k;
		if (type->index == CASES_NONE)
			return proof_fail(failure, 5, type, MSG_PROOF_NAME_UNKNOWN, args, 2);
	}
	return ERR_OK;
}

enum err cases_prove_book(struct cases_book *book, struct cases_failure *failure)
{
	struct cases_categories *c = &book->categories;
	const struct named categories = NAMED(c->v, c->n, "categories.yaml");
	const struct named conditions = NAMED(c->conditions, c->conditions_n, "conditions");
	const struct named classes = NAMED(c->classes, c->classes_n, "classes");
	const struct named desk = NAMED(book->desk, book->desk_n, "desk-limits.yaml");

	TRY(prove_units(book, failure));
	TRY(prove_catalogue(book, failure));
	TRY(named_unique(&desk, failure));
	TRY(named_unique(&classes, failure));
	TRY(named_unique(&conditions, failure));
	TRY(named_unique(&categories, failure));
	for (unsigned i = 0; i < c->conditions_n; i++)
		TRY(refuse_words(&c->conditions[i].name, c->conditions[i].words, failure));
	for (unsigned i = 0; i < c->n; i++)
		TRY(prove_category(book, &c->v[i], failure));
	TRY(prove_category_types(book, failure));
	TRY(prove_responsibilities(book, failure));
	for (unsigned i = 0; i < c->n; i++)
		TRY(prove_lead(book, i, failure));
	return ERR_OK;
}

enum err cases_prove_checklist(const struct cases_book *book, struct cases_checklist *list,
			       struct cases_failure *failure)
{
	const struct named items =
	    NAMED(book->catalogue.items, book->catalogue.items_n, "catalogue.yaml");
	const struct named categories =
	    NAMED(book->categories.v, book->categories.n, "categories.yaml");
	const struct named lines = NAMED(list->lines, list->lines_n, "lines");

	TRY(named_unique(&lines, failure));
	TRY(named_resolve(&items, &list->item, failure));
	for (unsigned i = 0; i < list->lines_n; i++) {
		TRY(named_resolve(&categories, &list->lines[i].finding, failure));
		TRY(refuse_words(&list->lines[i].name, list->lines[i].words, failure));
	}
	return ERR_OK;
}

/* ---- 6: checks ---- */

#define WORK(symbol) (UINT64_C(1) << CASES_COMMAND_##symbol)
/* What may end a matter: an answer of its unit, that of its mother case, or a hand on the spot. */
#define ALL_WORK (WORK(FEEDBACK) | WORK(MOTHER_ANSWER) | WORK(ON_SPOT))

_Static_assert(CASES_COMMAND_COUNT <= 64, "a set of commands is 64 bits");

/* The check that a command is, and the commands whose work it looks at. */
static const struct {
	enum cases_command command;
	enum cases_check check;
	uint64_t work;
} wanted[] = {
    {CASES_COMMAND_PRECHECK, CASES_CHECK_PRECHECK, 0},
    {CASES_COMMAND_SIGN, CASES_CHECK_SIGNATURE, WORK(REFUSE)},
    {CASES_COMMAND_ANSWER_REVIEW, CASES_CHECK_ANSWER, WORK(FEEDBACK)},
    {CASES_COMMAND_SITE_CHECK, CASES_CHECK_SITE, ALL_WORK},
    {CASES_COMMAND_CALLBACK, CASES_CHECK_CALLBACK, ALL_WORK},
    {CASES_COMMAND_RECEIPT, CASES_CHECK_RECEIPT, 0},
    {CASES_COMMAND_MEASURE, CASES_CHECK_MEASUREMENT, 0},
    {CASES_COMMAND_OVERSEE, CASES_CHECK_OVERSEER, ALL_WORK},
};

static bool signs_one_of(const struct cases_transition *work, const struct cases_names *fields)
{
	for (unsigned i = 0; i < work->signs.n; i++)
		for (unsigned k = 0; k < fields->n; k++)
			if (work->signs.v[i].index == fields->v[k].index)
				return true;
	return false;
}

static bool is_among(const struct cases_names *names, unsigned index)
{
	for (unsigned i = 0; i < names->n; i++)
		if (names->v[i].index == index)
			return true;
	return false;
}

/* A check names whose work it looks at, and refuses whoever signed that work. */
static enum err prove_check(const struct cases_type *t, const struct cases_transition *tr,
			    uint64_t work, struct cases_failure *failure)
{
	struct cases_name at = {tr->name.text, tr->check_at, CASES_NONE};

	for (unsigned i = 0; i < tr->by.n; i++)
		if (tr->by.v[i].index == CASES_NONE)
			return proof_fail(failure, 6, &tr->by.v[i], MSG_PROOF_CHECK_TIMER, NULL, 0);
	if (tr->not_by.n == 0)
		return proof_fail(failure, 6, &at, MSG_PROOF_CHECK_ANYBODY, NULL, 0);
	for (unsigned i = 0; i < tr->checks.n; i++)
		if (!signs_one_of(&t->transitions[tr->checks.v[i].index], &tr->not_by))
			return proof_fail(failure, 6, &tr->checks.v[i], MSG_PROOF_CHECK_UNSIGNED,
					  &tr->checks.v[i].text, 1);
	for (unsigned i = 0; i < t->transitions_n; i++)
		if ((work >> t->transitions[i].command & 1) && !is_among(&tr->checks, i))
			return proof_fail(failure, 6, &at, MSG_PROOF_CHECK_MISSES,
					  &t->transitions[i].name.text, 1);
	return ERR_OK;
}

/* The check of a command, and the commands it looks at. */
static enum cases_check check_of(enum cases_command command, uint64_t *ret_work)
{
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (wanted[i].command == command) {
			*ret_work = wanted[i].work;
			return wanted[i].check;
		}
	*ret_work = 0;
	return CASES_CHECK_NONE;
}

static const enum cases_check check_of_confirm[CASES_CONFIRM_COUNT] = {
    [CASES_CONFIRM_REPORTER] = CASES_CHECK_CALLBACK,
    [CASES_CONFIRM_GROUND] = CASES_CHECK_SITE,
    [CASES_CONFIRM_MEASUREMENT] = CASES_CHECK_MEASUREMENT,
    [CASES_CONFIRM_RECEIPT] = CASES_CHECK_RECEIPT,
    [CASES_CONFIRM_OVERSEER] = CASES_CHECK_OVERSEER,
};

static bool has_check(const struct cases_type *t, enum cases_check check)
{
	for (unsigned i = 0; i < t->transitions_n; i++)
		if (t->transitions[i].check == check)
			return true;
	return false;
}

enum err cases_prove_checks(const struct cases_book *book, const struct cases_type *type,
			    struct cases_failure *failure)
{
	static const char *const letters[] = {"R", "G", "M", "D", "O"};

	for (unsigned i = 0; i < type->transitions_n; i++) {
		const struct cases_transition *tr = &type->transitions[i];
		uint64_t work;
		enum cases_check check = check_of(tr->command, &work);
		if (tr->check != check)
			return proof_fail(failure, 6, &tr->name, MSG_PROOF_CHECK_WANTED,
					  &tr->name.text, 1);
		if (check != CASES_CHECK_NONE)
			TRY(prove_check(type, tr, work, failure));
	}
	for (unsigned i = 0; i < book->categories.n; i++) {
		const struct cases_category *c = &book->categories.v[i];
		if (!str_eq(c->type.text, type->name.text))
			continue;
		for (unsigned k = 0; k < CASES_CONFIRM_COUNT; k++) {
			const struct str args[] = {c->name.text, str_of(letters[k]),
						   type->name.text};
			struct cases_name at = {c->name.text, c->confirms_at, CASES_NONE};
			if ((c->confirms >> k & 1) && !has_check(type, check_of_confirm[k]))
				return proof_fail(failure, 6, &at, MSG_PROOF_CONFIRM_MISSING, args,
						  3);
		}
	}
	return ERR_OK;
}
