/* Who looks at lists and live changes, as far as it decides what they see: nothing in it tells one
 * person from another of the same post, so that all of them share what is made for one. Depends on
 * service/queue.h. */
#ifndef LIREN_SERVICE_VIEWER_H
#define LIREN_SERVICE_VIEWER_H

#include "service/queue.h"

#define VIEWER_NAME_BYTES_MAX 56u
#define VIEWER_AREAS_MAX 32u

enum viewer_kind {
	VIEWER_NOBODY = 0,
	VIEWER_COMMUNITY, /* sees every open case */
	VIEWER_PART,      /* those of the unit, and those in the areas */
};

/* Names end with a NUL, and all bytes behind them are zero: two viewers are the same where their
 * bytes are. */
struct viewer {
	enum viewer_kind kind;
	unsigned areas_n;
	char role[VIEWER_NAME_BYTES_MAX];
	char unit[VIEWER_NAME_BYTES_MAX];
	char area[VIEWER_AREAS_MAX][VIEWER_NAME_BYTES_MAX]; /* in ascending order */
};

/* May this viewer see the case of this row? Pure; asked for each viewer and change. */
typedef bool viewer_may_see_fn(const struct viewer *v, const struct queue_row *row);

/* By unit and area alone. */
viewer_may_see_fn viewer_may_see;

#endif
