/* What a command to set places carries: drafts, each decided by itself, with what became of it. */
#ifndef LIREN_SERVICE_PLACE_BATCH_H
#define LIREN_SERVICE_PLACE_BATCH_H

#include "place/device.h"
#include "place/place.h"

#define PLACE_BATCH_MAX 500u /* in one command, and so in one transaction */

enum place_outcome {
	PLACE_ADDED,
	PLACE_CHANGED, /* a new version */
	PLACE_SAME,    /* nothing to do: this content is in force */
	PLACE_REFUSED, /* the problem says why */
};

struct place_draft {
	struct place place; /* id, parent and predecessors are found by the external ids, where
			       these are not empty */
	struct str parent_ext;
	struct str predecessor_ext[PLACE_PREDECESSORS_MAX];
	unsigned predecessor_ext_n;
	/* what is said of a device, in whose word; UNKNOWN: nothing. `only_state`: that alone, of
	 * one that is in the register already */
	enum device_state state;
	struct str state_word;
	bool only_state;
	/* set when decided */
	enum place_outcome outcome;
	struct problem problem;
};

struct place_batch {
	struct place_draft *draft;
	unsigned n; /* at most PLACE_BATCH_MAX */
};

#endif
