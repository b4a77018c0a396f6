/* A first-in first-out queue of pointers with a fixed cap, over memory that the caller owns. A full
 * queue refuses. No locks: whoever shares it brings one. O(1) each. */
#ifndef LIREN_BASE_RING_H
#define LIREN_BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring {
	void **slot;
	size_t cap;
	size_t head; /* index of the oldest */
	size_t n;
};

void ring_init(struct ring *r, void **slots, size_t cap);
bool ring_put(struct ring *r, void *item); /* false: full, nothing changed */
void *ring_take(struct ring *r);           /* NULL: empty */

static inline size_t ring_count(const struct ring *r)
{
	return r->n;
}

#endif
