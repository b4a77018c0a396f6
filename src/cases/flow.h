/* The states of a type as a graph of sets, and ways through it: what proofs 1 to 4 share. */
#ifndef LIREN_CASES_FLOW_H
#define LIREN_CASES_FLOW_H

#include "cases/proofs.h"

/* The way into a state that a search found. */
struct flow_from {
	unsigned state, transition; /* CASES_NONE where the search began, or did not come */
};

struct flow {
	const struct cases_type *type;
	uint64_t leaves[CASES_TRANSITIONS_MAX]; /* the states each transition leaves */
	uint64_t finals, all;
	unsigned start;
};

void flow_init(const struct cases_type *type, struct flow *ret);

/* Search from a state along the transitions in `may` (one flag each; NULL: all). Gives the set of
 * states reached and, in `from`, how. A transition that stays leads to where it is. */
uint64_t flow_search(const struct flow *f, unsigned start, const bool *may,
		     struct flow_from from[CASES_STATES_MAX]);

/* Write the way that a search found to `state` into the failure, after what stands there. */
void flow_put_way(const struct flow_from from[CASES_STATES_MAX], unsigned start, unsigned state,
		  struct cases_failure *failure);
void flow_put_hop(struct cases_failure *failure, unsigned transition, unsigned state);

/* Fields that a transition leaves filled, as a set; guards that ask for them are counted in. */
uint64_t flow_fills(const struct cases_transition *tr);

/* For each state the fields that are filled on every path that leads there; all of them where none
 * does. */
void flow_filled(const struct flow *f, uint64_t ret[CASES_STATES_MAX]);

/* For each state the clocks that some way there has stopped and not started again. */
void flow_stopped(const struct flow *f, uint64_t ret[CASES_STATES_MAX]);

/* Fill the failure: which proof, where, about what. Gives ERR_BAD_INPUT. */
enum err proof_fail(struct cases_failure *failure, unsigned proof, const struct cases_name *name,
		    enum msg msg, const struct str *args, unsigned n);

#endif
