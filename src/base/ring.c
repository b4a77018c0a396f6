/* A capped queue of pointers. */
#include "base/ring.h"

#include "base/check.h"

void ring_init(struct ring *r, void **slots, size_t cap)
{
	CHECK(cap > 0);
	*r = (struct ring){slots, cap, 0, 0};
}

bool ring_put(struct ring *r, void *item)
{
	CHECK(item);
	if (r->n == r->cap)
		return false;
	r->slot[(r->head + r->n) % r->cap] = item;
	r->n++;
	return true;
}

void *ring_take(struct ring *r)
{
	void *item;

	if (r->n == 0)
		return NULL;
	item = r->slot[r->head];
	r->head = (r->head + 1) % r->cap;
	r->n--;
	return item;
}
