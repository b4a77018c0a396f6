/* Within the api: the steps of one case, and what the history and the answer to "why?" share. */
#ifndef LIREN_API_CASE_STEPS_H
#define LIREN_API_CASE_STEPS_H

#include "access.h"
#include "case_rows.h"

#include "service/case_course.h"

/* Not false: go on to the one before. */
typedef bool case_step_fn(struct api *api, struct api_call *call, const struct case_seen *c,
			  const struct case_step_read *s, void *ctx);

/* Steps from `n` backwards, each given to `each` until it says enough; *ret_next is where to go on,
 * 0 at the end. */
enum err case_walk(struct api *api, struct api_call *call, const struct case_seen *c, uint64_t n,
		   unsigned most, case_step_fn *each, void *ctx, uint64_t *ret_next) MUST_CHECK;

/* The newest entry, or `before` (0: none is named), which must be one of this case:
 * ERR_NOT_FOUND. */
enum err case_begin_at(struct api *api, const struct case_seen *c, uint64_t before,
		       uint64_t *ret) MUST_CHECK;

/* {unit, amount}; left out where the amount is 0. */
void put_limit(json_t **to, enum time_unit unit, uint32_t amount);

json_t *case_level_json(const struct case_level *level);

#endif
