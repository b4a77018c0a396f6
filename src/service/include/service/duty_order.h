/* What a command about one's own duty carries: start it, a break, the end of one, the end of it.
 * Who may is asked of the policy by the adapter; whether there is one, of the writer. */
#ifndef LIREN_SERVICE_DUTY_ORDER_H
#define LIREN_SERVICE_DUTY_ORDER_H

#include "base/problem.h"

/* A duty that nobody ended is over by itself after this, and counts as nothing: no entry, no
 * figure. */
#define DUTY_HOURS_MAX 16u
#define DUTY_MAX_US ((int64_t)DUTY_HOURS_MAX * 3600 * 1000000)
#define DUTY_LIVE_MAX 4096u /* on duty at a time: a reference community has 1,700 in its network */
#define DUTY_OVER_MAX 64u   /* duties over by themselves that one start clears away */
#define DUTY_ENTRY_BYTES 4096u /* room for the entry of an answer */

enum duty_act { DUTY_START, DUTY_BREAK, DUTY_RESUME, DUTY_END, DUTY_ACTS };

struct duty_order {
	enum duty_act act;
	uint64_t account;
	struct str role, unit; /* of the post that acts */
	/* of START: the grid; empty: that of the post, where it has no more than one */
	struct str area;
	int64_t until_us; /* of BREAK */
	struct problem problem; /* where it was refused */
};

#endif
