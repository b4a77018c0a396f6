/* The state of a device: what its maintainer, the desk or the maintainer's list says of it. It is
 * no reading of a series. Pure. */
#ifndef LIREN_PLACE_DEVICE_H
#define LIREN_PLACE_DEVICE_H

#include "base/str.h"

#define DEVICE_SOURCE_BYTES_MAX 60u /* the word of whoever said it */

enum device_state { /* numbers stand in rows */
	DEVICE_UNKNOWN = 0,
	DEVICE_WORKING = 1,
	DEVICE_OFFLINE = 2,
	DEVICE_STATES
};

/* "working", "offline"; "" of unknown. */
const char *device_state_name(enum device_state s);

/* By the words that files of vendors have for them, in Chinese and English, ASCII letters of either
 * size. False where it is none: nothing is guessed. */
bool device_state_parse(struct str word, enum device_state *ret);

#endif
