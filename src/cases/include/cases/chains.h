/* Where chains of escalation end at nobody: a proof says that each ends at a role in charge, and
 * this, who of the roles that are held has it. "Tonight" is as the posts stand now: an office keeps
 * no rota, and duties only of roles that work outside, so whether a holder is awake nobody's record
 * says. Depends on cases/model.h. Pure. */
#ifndef LIREN_CASES_CHAINS_H
#define LIREN_CASES_CHAINS_H

#include "cases/model.h"

/* A role that nobody holds, and the chains that end there. */
struct cases_chain_end {
	unsigned role;        /* index in the book */
	unsigned chains;      /* clocks whose escalation ends at it; 1 or more */
	unsigned type, clock; /* the first of them: index in the book, and in that type */
};

/* Roles that are not in `held` (a bit a role of the book) and at which an escalation of a type in
 * force ends, in the book's order; at most CASES_ROLES_MAX, which `ret` has room for. Where a unit
 * of the police may lead, each chain ends at the role that stands in there, too (roles.yaml,
 * stands_for), and both must be held. Clocks that only bound a step call nobody. O(roles · clocks).
 * The book has passed its proofs. */
unsigned cases_chains_at_nobody(const struct cases_book *book, uint64_t held,
				struct cases_chain_end ret[CASES_ROLES_MAX]);

#endif
