/* Is a new report likely the same matter as a case that is there? A score out of place, category,
 * time and words, each in whole points, with the reasons in words. And the other question: does the
 * same matter come back at the same place (反复发案)? Matters are compared, never persons. Depends
 * on base and place. Pure. Distances are rounded to metres before they decide. */
#ifndef LIREN_CASES_SIMILAR_H
#define LIREN_CASES_SIMILAR_H

#include "base/buf.h"
#include "base/msg.h"
#include "place/geo.h"

#define SIMILAR_SCORE_MIN 60     /* of 100: shown as a likely duplicate */
#define SIMILAR_LIST_MAX 8u      /* so many are shown at most */
#define SIMILAR_DAYS_MAX 30      /* what is older is no duplicate, but may be a repeat */
#define SIMILAR_REPEAT_M 30      /* so near is the same place, where no place is named */
#define SIMILAR_NO_DISTANCE (-1) /* one of the two has no point */

struct similar_case {
	uint64_t id;    /* 0 of a report that is not yet one */
	uint64_t place; /* id; 0: none */
	bool has_at;
	struct geo_point at;
	unsigned category; /* its four digits as a number; 0: unsure */
	int64_t at_us;     /* handed in */
};

struct similar {
	uint64_t id;
	int score;      /* 0 … 100 */
	int distance_m; /* SIMILAR_NO_DISTANCE */
	bool same_place, same_category;
	int64_t apart_us;
	unsigned words_common;
};

/* Compare; words_common: terms of the new report that the other has too. False where it is below
 * SIMILAR_SCORE_MIN, further back than SIMILAR_DAYS_MAX, or the very same case; *ret is filled in
 * any way. */
bool similar_score(const struct similar_case *new, const struct similar_case *other,
		   unsigned words_common, struct similar *ret);

/* Keep the best, at most SIMILAR_LIST_MAX: by score, then the newest. Returns how many there are.
 */
unsigned similar_keep(struct similar list[SIMILAR_LIST_MAX], unsigned n, const struct similar *s);

/* "30 m away, same category, 2 days apart, 4 words in common" */
void similar_put_reasons(const struct similar *s, enum lang lang, struct buf *out);

/* Does the later matter repeat the earlier one: same place (or both within SIMILAR_REPEAT_M where
 * one names none) and the same category, handed in at most `days` after the day the earlier one was
 * closed, and not before? Days are the community's (base/civil.h). Unsure categories never
 * repeat. */
bool similar_is_repeat(const struct similar_case *earlier, int32_t closed_day,
		       const struct similar_case *later, int32_t later_day, unsigned days);

#endif
