/* What other offices' cases come to by their own times: nothing of it is a figure of ours. Depends
 * on db. */
#ifndef LIREN_SERVICE_CASES_IMPORTED_H
#define LIREN_SERVICE_CASES_IMPORTED_H

#include "base/err.h"
#include "base/str.h"
#include "db/db.h"

#define CASES_IMPORTED_MAX 2000000u /* of one source that are looked at */

struct imported_sums {
	uint64_t cases;
	uint64_t waiting, adopted; /* open and here; taken over here, open or not */
	uint64_t closed;	   /* by their source */
	uint64_t timed;		   /* of these, whose closing time is known */
	uint64_t due;		   /* of these, that had a due time */
	uint64_t in_time;	   /* of these, closed not later than due */
	/* of those timed, from opened to closed; the median of an even number is the mean of the
	 * two in the middle; both to the microsecond below; 0 where there is none */
	int64_t median_us, mean_us;
};

/* Of one source (the name in its mapping file). O(n log n), 8 bytes a case. ERR_TOO_LARGE over the
 * cap. */
enum err cases_imported(struct db *db, struct str source, struct imported_sums *ret) MUST_CHECK;

/* How many wait to be taken over, of all sources. */
enum err cases_imported_waiting(struct db *db, uint64_t *ret) MUST_CHECK;

#endif
