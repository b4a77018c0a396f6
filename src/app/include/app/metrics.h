/* Figures for whoever watches the program, in Prometheus' text format 0.0.4: the table is
 * src/app/metric_table.h. No personal data, no label that comes from a request. Depends on the
 * parts it asks; costs one pass over the open cases in memory a page. */
#ifndef LIREN_APP_METRICS_H
#define LIREN_APP_METRICS_H

#include "app/feed.h"
#include "app/runner.h"
#include "http/http.h"

struct metrics; /* what is counted here: requests */

struct metrics *metrics_new(void);
struct metrics *metrics_free(struct metrics *m); /* NULL is fine */

/* From any thread. NULL is fine. */
void metrics_request(struct metrics *m, const struct http_seen *seen);

/* Where figures come from; those of what is NULL are left out. */
struct metrics_sources {
	struct runner *runner;
	struct http *http;
	struct feed *feed;
	const char *journal, *keys; /* paths; opened for reading, and closed */
	int64_t now_us;             /* UTC */
};

/* The page. `over` is set where there is no room. */
void metrics_put(struct metrics *m, const struct metrics_sources *sources, struct buf *out);

#endif
