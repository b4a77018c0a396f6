/* Within the app only: the last changes of cases, the oldest first, each with what the case was
 * before. Of changes from before the program began that is read from their entries when it is asked
 * for. Depends on service/queue.h. */
#ifndef LIREN_APP_FEED_RING_H
#define LIREN_APP_FEED_RING_H

#include "service/queue.h"

struct feed_told {
	struct queue_change change;
	bool known; /* was_open and before of it */
	bool asked; /* and could not be found out */
};

/* Places count all changes that were ever put, so that one keeps its place. */
struct feed_ring {
	struct feed_told *v;
	uint64_t end;         /* place behind the last */
	uint64_t forgotten_n; /* entry of the newest change that is not there any more */
	unsigned cap;
	char *memory; /* for entries */
};

/* With the last `cap` changes up to entry n. */
enum err feed_ring_init(struct feed_ring *r, struct db *db, uint64_t n, unsigned cap) MUST_CHECK;
void feed_ring_fini(struct feed_ring *r);

void feed_ring_put(struct feed_ring *r, const struct queue_change *c);
uint64_t feed_ring_first(const struct feed_ring *r); /* place of the oldest */
struct feed_told *feed_ring_at(struct feed_ring *r, uint64_t place);

/* Place of the first change after entry n. O(log). */
uint64_t feed_ring_after(struct feed_ring *r, uint64_t n);
/* Entry of the last change before a place. */
uint64_t feed_ring_before(struct feed_ring *r, uint64_t place);

/* Find out what it was before, where that is not known. The number of look-ups that took. */
unsigned feed_ring_know(struct feed_ring *r, struct db *db, struct queue *q, struct feed_told *t);

#endif
