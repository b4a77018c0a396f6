/* The proofs of all files together, and of what earlier versions still need. */
#include "cases/shelf.h"

#include "base/check.h"
#include "resolve.h"

/* ---- conditions: one list for all tables ---- */

static enum err full(struct cases_failure *failure, enum err e, const struct cases_at *at,
		     enum msg msg)
{
	failure->proof = 0;
	e = problem_set(&failure->problem, e, STR(""), msg, NULL, 0);
	problem_at(&failure->problem, at->file, at->line, at->column);
	return e;
}

static enum err join_conditions(struct cases_shelf *s, struct arena *arena,
				struct cases_failure *failure)
{
	const struct cases_categories *now = &s->now.categories;
	struct cases_word *v = arena_alloc(arena, CASES_CONDITIONS_MAX * sizeof *v);
	const struct cases_at nowhere = {STR(""), 0, 0};

	if (!v)
		return full(failure, ERR_NO_MEMORY, &nowhere, MSG_CONFIG_NO_MEMORY);
	CHECK(now->conditions_n <= CASES_CONDITIONS_MAX);
	if (now->conditions_n > 0)
		memcpy(v, now->conditions, now->conditions_n * sizeof *v);
	s->conditions = v;
	s->conditions_n = now->conditions_n;
	for (unsigned t = 0; t < s->old_tables_n; t++) {
		const struct cases_categories *old = &s->old_tables[t].table;
		for (unsigned i = 0; i < old->conditions_n; i++) {
			const struct cases_word *c = &old->conditions[i];
			if (shelf_condition(s, c->name.text) != CASES_NONE)
				continue;
			if (s->conditions_n == CASES_CONDITIONS_MAX)
				return full(failure, ERR_TOO_LARGE, &c->name.at,
					    MSG_SHELF_CONDITIONS);
			v[s->conditions_n++] = *c;
		}
	}
	return ERR_OK;
}

/* ---- the set in force ---- */

static enum err prove_codes(const struct cases_shelf *s, struct cases_failure *failure)
{
	for (unsigned i = 0; i < s->now.types_n; i++)
		for (unsigned k = 0; k < i; k++) {
			const struct cases_name *code = &s->now.types[i]->name;
			if (str_eq(code->text, s->now.types[k]->name.text))
				return proof_fail(failure, 5, code, MSG_PROOF_NAME_TWICE,
						  &code->text, 1);
		}
	return ERR_OK;
}

static enum err prove_types(struct cases_shelf *s, struct cases_failure *failure,
			    const struct cases_type **ret_type)
{
	for (unsigned i = 0; i < s->now.types_n; i++) {
		*ret_type = s->now.types[i];
		TRY(cases_prove_type(&s->now, s->now.types[i], failure));
		*ret_type = NULL;
	}
	return ERR_OK;
}

static enum err prove_checklists(struct cases_shelf *s, struct cases_failure *failure)
{
	const struct named lists = NAMED(s->checklists, s->checklists_n, "checklists/");

	TRY(named_unique(&lists, failure));
	for (unsigned i = 0; i < s->checklists_n; i++)
		TRY(cases_prove_checklist(&s->now, &s->checklists[i], failure));
	return ERR_OK;
}

/* ---- pairs ---- */

static struct cases_type *type_of(const struct cases_shelf *s, uint64_t n)
{
	for (unsigned i = 0; i < s->old_types_n; i++)
		if (s->old_types[i].n == n)
			return &s->old_types[i].type;
	for (unsigned i = 0; i < s->now.types_n; i++)
		if (s->files[s->type_file[i]].n == n)
			return s->now.types[i];
	return NULL;
}

/* A row that the table in force has no more is led by itself, for good. */
static enum err prove_old_lead(const struct cases_shelf *s, const struct cases_category *c,
			       struct cases_failure *failure)
{
	if (shelf_category_now(s, c->name.text) != CASES_NONE)
		return ERR_OK;
	if (!cases_is_given(&c->lead))
		return proof_fail(failure, 5, &c->name, MSG_PROOF_NO_LEAD, &c->name.text, 1);
	if (!cases_leads_for_sure(&s->now, &c->lead, NULL))
		return proof_fail(failure, 5, &c->lead, MSG_PROOF_LOOKUP_ALONE, &c->lead.text, 1);
	return ERR_OK;
}

/* An earlier table against the units in force, and the type against both. The book of the pair has
 * the conditions of all, so that an index means the same everywhere. */
static enum err prove_pair(struct cases_shelf *s, const struct shelf_pair *pair,
			   struct cases_failure *failure, const struct cases_type **ret_type)
{
	const struct cases_categories *table = shelf_categories(s, pair->categories_n);
	struct cases_type *type = type_of(s, pair->type_n);
	struct cases_book book = s->now;

	CHECK(table && type);
	book.categories = *table;
	if (table != &s->now.categories) {
		const struct named classes =
		    NAMED(table->classes, table->classes_n, "categories.yaml: classes");
		const struct named rows = NAMED(table->v, table->n, "categories.yaml");
		TRY(named_unique(&classes, failure));
		TRY(named_unique(&rows, failure));
	}
	book.categories.conditions = s->conditions;
	book.categories.conditions_n = s->conditions_n;
	for (unsigned i = 0; table != &s->now.categories && i < table->n; i++) {
		table->v[i].type.index = CASES_NONE;
		TRY(prove_category(&book, &table->v[i], failure));
		TRY(prove_old_lead(s, &table->v[i], failure));
	}
	*ret_type = type;
	TRY(cases_prove_type(&book, type, failure));
	*ret_type = NULL;
	return ERR_OK;
}

static bool is_paired(const struct cases_shelf *s, uint64_t type_n, uint64_t categories_n)
{
	for (unsigned i = 0; i < s->pairs_n; i++)
		if (s->pairs[i].type_n == type_n || s->pairs[i].categories_n == categories_n)
			return true;
	return false;
}

/* What no pair needs is left out. */
static void drop_unpaired(struct cases_shelf *s)
{
	unsigned types = 0, tables = 0;

	for (unsigned i = 0; i < s->old_types_n; i++)
		if (is_paired(s, s->old_types[i].n, 0))
			s->old_types[types++] = s->old_types[i];
	for (unsigned i = 0; i < s->old_tables_n; i++)
		if (is_paired(s, 0, s->old_tables[i].n))
			s->old_tables[tables++] = s->old_tables[i];
	s->old_types_n = types;
	s->old_tables_n = tables;
}

static enum err prove_pairs(struct cases_shelf *s, struct cases_failure *failure,
			    const struct cases_type **ret_type)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->pairs_n; i++) {
		struct cases_failure passed_over;
		const struct cases_type *type = NULL;
		enum err e = prove_pair(s, &s->pairs[i],
					s->pairs[i].in_use ? failure : &passed_over, &type);
		if (e != ERR_OK && s->pairs[i].in_use) {
			*ret_type = type;
			return e;
		}
		if (e == ERR_OK)
			s->pairs[kept++] = s->pairs[i];
	}
	s->pairs_n = kept;
	drop_unpaired(s);
	return ERR_OK;
}

enum err cases_prove_shelf(struct cases_shelf *s, struct arena *arena,
			   struct cases_failure *failure, const struct cases_type **ret_type)
{
	*ret_type = NULL;
	TRY(join_conditions(s, arena, failure));
	TRY(prove_codes(s, failure));
	TRY(cases_prove_book(&s->now, failure));
	TRY(prove_types(s, failure, ret_type));
	TRY(prove_checklists(s, failure));
	return prove_pairs(s, failure, ret_type);
}
