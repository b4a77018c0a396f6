/* Who looks at lists and live changes, as far as it decides what they see: nothing in it tells one
 * person from another of the same post, so that all of them share what is made for one. Depends on
 * trust/policy.h and service/queue.h. */
#ifndef LIREN_SERVICE_VIEWER_H
#define LIREN_SERVICE_VIEWER_H

#include "service/queue.h"
#include "trust/policy.h"

#define VIEWER_NAME_BYTES_MAX 56u
#define VIEWER_AREAS_MAX 32u

/* Names end with a NUL, and all bytes behind them are zero: two viewers are the same where their
 * bytes are. */
struct viewer {
	unsigned where; /* bits of enum policy_where; 0: nothing */
	unsigned areas_n;
	char role[VIEWER_NAME_BYTES_MAX];
	char unit[VIEWER_NAME_BYTES_MAX];
	char area[VIEWER_AREAS_MAX][VIEWER_NAME_BYTES_MAX]; /* in ascending order */
};

/* What the policy lets this actor see of many cases: by a list, a map, live changes. ERR_FORBIDDEN:
 * nothing, and *ret_decision (may be NULL) says by which rule; ERR_TOO_LARGE over VIEWER_AREAS_MAX
 * or VIEWER_NAME_BYTES_MAX. */
enum err viewer_make(const struct policy *p, const struct policy_actor *actor,
		     enum policy_action action, int64_t now_us,
		     struct policy_decision *ret_decision, struct viewer *ret) MUST_CHECK;

/* May this viewer see the case of this row? Pure; asked for each kind of viewer and change. */
typedef bool viewer_may_see_fn(const struct viewer *v, const struct queue_row *row);

/* By unit, joint parts, who was told, and area. What a row does not tell (whose record it is) opens
 * nothing. */
viewer_may_see_fn viewer_may_see;

#endif
