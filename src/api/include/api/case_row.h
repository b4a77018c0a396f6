/* A row of open cases as JSON: the same in lists and in live changes. No personal field is in it.
 * Depends on service/queue.h. */
#ifndef LIREN_API_CASE_ROW_H
#define LIREN_API_CASE_ROW_H

#include "base/buf.h"
#include "service/queue.h"

#define CASE_ROW_BYTES_MAX 1024u

/* CaseRow of api/openapi.yaml, keys ascending. `over` is set where there is no room. */
void case_row_put(const struct queue_row *r, struct buf *out);

#endif
