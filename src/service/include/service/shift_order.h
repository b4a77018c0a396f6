/* What a command about a desk's shift carries: open it, take it over, or leave a note in it. Who
 * may is asked of the policy by the adapter; whose the desk is, by the writer. */
#ifndef LIREN_SERVICE_SHIFT_ORDER_H
#define LIREN_SERVICE_SHIFT_ORDER_H

#include "base/problem.h"

#define SHIFT_DESKS_MAX 9u /* of a unit, numbered from 1 */
#define SHIFT_NOTE_BYTES_MAX 4000u
#define SHIFT_ENTRY_BYTES                                                                          \
	20480u /* room for the entry of an answer: a note that was masked, sealed */

enum shift_act {
	SHIFT_OPEN, /* nobody kept it: it is opened; somebody did: it is taken over, in one entry */
	SHIFT_NOTE, /* by whoever keeps it; the one left before is no longer the one to read */
};

struct shift_order {
	enum shift_act act;
	uint64_t account;
	struct str role, unit; /* of the post that acts */
	unsigned desk;	       /* 1 … SHIFT_DESKS_MAX */
	/* of OPEN: the entry of the note that was read; 0: none was there. `forced`: although there
	 * is none, by somebody who may */
	uint64_t note;
	bool forced;
	struct str text; /* of NOTE: 1 … SHIFT_NOTE_BYTES_MAX bytes */
	struct problem problem; /* answer, where it was refused */
};

#endif
