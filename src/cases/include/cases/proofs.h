/* The seven proofs a file about cases must pass before anything runs by it. Each gives the first
 * thing that breaks it, with its place, and where a way through the states breaks it, that way.
 * Depends on model.h. Pure. O(states x transitions) for a type, but for the count of ways, which
 * stops at CASES_WAYS_MAX.
 *
 *   1  every state can be reached, and a final one from every state; nothing leaves a final one;
 *      no transition is hidden by one before it that always fits, too
 *   2  every state that is not final has an owner and a running clock other than the reporter's,
 *      sure to have a limit, whose escalation ends at a person in charge; suspended: a review date
 *   3  no cycle runs without a person deciding; hand-backs and extensions are bounded
 *   4  every field that a guard, a check or a clock reads is filled on every path that leads there
 *   5  every name stands for something; every category has a lead for every place
 *   6  where something is checked, the checker cannot be the doer
 *   7  every field names item and field of the catalogue; nothing grades, lists or recognises a
 *      person
 *
 * Guards are taken as able to hold and able to fail: what is proven holds however they turn out,
 * except that a way out may wait for a guard; then the clock of proof 2 calls a person. */
#ifndef LIREN_CASES_PROOFS_H
#define LIREN_CASES_PROOFS_H

#include "base/problem.h"
#include "cases/model.h"

#define CASES_PROOFS 7u
#define CASES_WAYS_MAX 100000u
#define CASES_EXTENSIONS_MAX 3u
#define CASES_HAND_BACKS_MAX 2u
#define CASES_HOPS_MAX (2u * CASES_STATES_MAX + 4u)

/* One step of a way: this transition into this state. The first one has no transition. */
struct cases_hop {
	unsigned transition; /* index, or CASES_NONE */
	unsigned state;
};

struct cases_failure {
	unsigned proof; /* 1 … 7; 0: nothing failed */
	struct problem problem;
	struct cases_hop way[CASES_HOPS_MAX];
	unsigned way_n;
};

/* What was looked at. */
struct cases_sums {
	unsigned states, finals, transitions, edges, clocks, fields, guards, checks;
	unsigned ways; /* from the start to a final state, no state twice; at most CASES_WAYS_MAX */
	bool ways_are_more;
};

/* The files beside the types: names (they are resolved), leads, words. Run this first. Gives
 * ERR_BAD_INPUT with *failure filled in, which is not touched otherwise. */
enum err cases_prove_book(struct cases_book *book, struct cases_failure *failure) MUST_CHECK;

/* All seven for one type, in the order 5, 7, 1, 2, 3, 4, 6, against a book that passed. The type
 * need not stand in the book's list. Categories of its code in the book count for 2 and 6. */
enum err cases_prove_type(const struct cases_book *book, struct cases_type *type,
			  struct cases_failure *failure) MUST_CHECK;

/* A checklist: names and words. */
enum err cases_prove_checklist(const struct cases_book *book, struct cases_checklist *list,
			       struct cases_failure *failure) MUST_CHECK;

void cases_sum(const struct cases_type *type, struct cases_sums *ret);

/* "received -[open]-> opened -[dispatch]-> dispatched" */
void cases_put_way(const struct cases_type *type, const struct cases_failure *failure,
		   struct buf *out);

/* The proofs one by one, for the order above. */
enum err cases_prove_names(const struct cases_book *book, struct cases_type *type,
			   struct cases_failure *failure) MUST_CHECK;
enum err cases_prove_person(const struct cases_book *book, const struct cases_type *type,
			    struct cases_failure *failure) MUST_CHECK;
enum err cases_prove_reach(const struct cases_type *type, struct cases_failure *failure) MUST_CHECK;
enum err cases_prove_clocks(const struct cases_book *book, const struct cases_type *type,
			    struct cases_failure *failure) MUST_CHECK;
enum err cases_prove_cycles(const struct cases_type *type,
			    struct cases_failure *failure) MUST_CHECK;
enum err cases_prove_filled(const struct cases_type *type,
			    struct cases_failure *failure) MUST_CHECK;
enum err cases_prove_checks(const struct cases_book *book, const struct cases_type *type,
			    struct cases_failure *failure) MUST_CHECK;

#endif
