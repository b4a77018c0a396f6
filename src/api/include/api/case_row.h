/* A row of open cases as JSON (CaseRow of api/openapi.yaml): the same in lists and in live changes.
 * No personal field is in it. Depends on service/queue.h. */
#ifndef LIREN_API_CASE_ROW_H
#define LIREN_API_CASE_ROW_H

#include "base/buf.h"
#include "service/queue.h"

#define CASE_ROW_BYTES_MAX 2048u

/* Appended; what the queue does not hold (when it was handed in, which clock, its place in words)
 * is read from `db`. `over` is set where there is no room. O(1). */
void case_row_put(struct db *db, const struct queue_row *r, struct buf *out);

#endif
