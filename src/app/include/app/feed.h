/* Live changes of open cases to everybody who looks on: one thread follows the record by the
 * writer's COMMIT, with a connection and a queue of its own, and writes one block of bytes for all
 * viewers of a kind. It asks the store nothing while nothing is committed. Kept in memory: the last
 * FEED_BEHIND_MAX changes with what each case was before (2 MB), so that a client that comes back
 * gets what it missed. Depends on http/stream.h and service/queue.h. */
#ifndef LIREN_APP_FEED_H
#define LIREN_APP_FEED_H

#include "api/api.h"
#include "http/stream.h"

#define FEED_BEHIND_MAX 10000u       /* changes; further behind a client loads anew */
#define FEED_GATHER_US INT64_C(200000) /* changes are gathered for so long … */
#define FEED_ALERT_US INT64_C(20000)   /* … but an alert is seen and sent within this */
#define FEED_COMMENT_US INT64_C(12000000)
#define FEED_LIFE_US (INT64_C(3600) * 1000000) /* then a client is asked in anew */
#define FEED_SLICE_BYTES 49152u /* what one who comes back gets at a time */
#define FEED_TICK_MAX 128u      /* changes in one block */

struct feed;

struct feed_options {
	const char *journal; /* path; must outlive the feed, as `vfs` */
	const char *vfs;     /* NULL: the default one */
	/* What a viewer may see; asked for each kind of viewer and change. NULL: viewer_may_see. */
	viewer_may_see_fn *may_see;
	/* Says when it cannot follow, once, and when it can again. NULL: nobody is told. */
	void (*state)(void *ctx, enum err e);
	void *ctx;
	unsigned behind_max; /* 0: FEED_BEHIND_MAX */
	int64_t gather_us;   /* 0: FEED_GATHER_US */
};

enum err feed_start(const struct feed_options *o, struct feed **ret) MUST_CHECK;

/* Tell everybody what was committed last, then `bye`; wait a little for those who are slow to take
 * it; close. From then on it takes nobody (ERR_STOPPING) and may still be woken. NULL is fine. */
void feed_end(struct feed *f);
struct feed *feed_free(struct feed *f); /* after feed_end; NULL is fine */

/* From any thread: something was committed. NULL is fine. */
void feed_wake(struct feed *f);

/* From any thread: take over a connected socket whose request was read; answers on it from here on.
 * ERR_BUSY over a cap (STREAMS_MAX, STREAMS_OF_ACCOUNT_MAX), ERR_STOPPING; the socket is then still
 * the caller's. */
enum err feed_take(struct feed *f, int fd, const struct api_stream *s) MUST_CHECK;

/* From any thread: all streams of this account end (it signed out); 0: everybody's, and they load
 * anew (what may be seen has changed). */
void feed_renew(struct feed *f, uint64_t account);

struct feed_counts {
	struct streams_counts streams;
	uint64_t changes, blocks, alerts, resets, caught_up;
	unsigned kinds; /* of viewers */
	struct queue_sums sums; /* at now_us */
};
/* From any thread; O(open cases). */
struct feed_counts feed_counts(struct feed *f, int64_t now_us);

#endif
