/* What a command to say the state of a device carries. Who may is asked of the policy by the
 * adapter. The state that is in force, said again, comes to no entry. */
#ifndef LIREN_SERVICE_DEVICE_ORDER_H
#define LIREN_SERVICE_DEVICE_ORDER_H

#include "base/problem.h"
#include "place/device.h"

struct device_order {
	uint64_t account;
	struct str role, unit; /* of the post that acts */
	uint64_t place;
	enum device_state state;
	int64_t since_us;  /* 0: from now on */
	struct str source; /* may be empty; at most DEVICE_SOURCE_BYTES_MAX */
	/* instead: the post looked at footage of this camera, at that time (0: now), for a purpose
	 * of the catalogue and, where there is one, for a case */
	bool is_look;
	int64_t looked_us;
	struct str purpose;
	uint64_t case_id;
	struct problem problem; /* where it was refused */
};

#endif
