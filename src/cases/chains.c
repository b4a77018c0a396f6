/* See cases/chains.h. */
#include "cases/chains.h"

#include "base/check.h"

static_assert(CASES_ROLES_MAX <= 64, "a role is a bit");

/* The role in whose place this one is told where the police lead; CASES_NONE: in nobody's, or no
 * unit is of the police. */
static unsigned stands_for(const struct cases_book *book, unsigned role)
{
	const struct cases_name *other = &book->roles[role].stands_for;

	for (unsigned u = 0; cases_is_given(other) && u < book->units_n; u++)
		if (cases_role_told(book, other->index, u) == role)
			return other->index;
	return CASES_NONE;
}

static bool ends_at(const struct cases_type *type, unsigned clock, unsigned role)
{
	const struct cases_names *chain = &type->clocks[clock].escalation;

	return chain->n > 0 && (type->bounds_only >> clock & 1) == 0 &&
	       chain->v[chain->n - 1].index == role;
}

unsigned cases_chains_at_nobody(const struct cases_book *book, uint64_t held,
				struct cases_chain_end ret[CASES_ROLES_MAX])
{
	unsigned n = 0;

	for (unsigned r = 0; r < book->roles_n; r++) {
		struct cases_chain_end end = {.role = r};
		unsigned other = stands_for(book, r);
		if ((held >> r & 1) != 0)
			continue;
		for (unsigned t = 0; t < book->types_n; t++)
			for (unsigned i = 0; i < book->types[t]->clocks_n; i++) {
				if (!ends_at(book->types[t], i, r) &&
				    (other == CASES_NONE || !ends_at(book->types[t], i, other)))
					continue;
				if (end.chains++ == 0) {
					end.type = t;
					end.clock = i;
				}
			}
		if (end.chains > 0)
			ret[n++] = end;
	}
	return n;
}
