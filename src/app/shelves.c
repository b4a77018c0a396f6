/* See shelves.h. */
#include "shelves.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>

struct shelf_hold {
	struct shelves *of;
	struct etc_shelf *shelf;
	unsigned held; /* by so many, and one more while it is in force */
};

struct shelves {
	pthread_mutex_t lock;
	struct shelf_hold *now; /* NULL: nothing is in force */
};

struct shelves *shelves_new(void)
{
	struct shelves *s = calloc(1, sizeof *s);

	if (s)
		pthread_mutex_init(&s->lock, NULL);
	return s;
}

struct shelves *shelves_free(struct shelves *s)
{
	if (!s)
		return NULL;
	if (s->now) {
		CHECK(s->now->held == 1);
		shelves_release(s->now);
	}
	pthread_mutex_destroy(&s->lock);
	free(s);
	return NULL;
}

enum err shelves_put(struct shelves *s, struct etc_shelf *shelf)
{
	struct shelf_hold *h = malloc(sizeof *h), *before;

	if (!h)
		return ERR_NO_MEMORY;
	*h = (struct shelf_hold){s, shelf, 1};
	pthread_mutex_lock(&s->lock);
	before = s->now;
	s->now = h;
	pthread_mutex_unlock(&s->lock);
	shelves_release(before);
	return ERR_OK;
}

struct shelf_hold *shelves_hold(struct shelves *s)
{
	struct shelf_hold *h;

	pthread_mutex_lock(&s->lock);
	h = s->now;
	if (h)
		h->held++;
	pthread_mutex_unlock(&s->lock);
	return h;
}

const struct cases_shelf *shelf_held(const struct shelf_hold *h)
{
	return h ? &h->shelf->shelf : NULL;
}

void shelves_release(struct shelf_hold *h)
{
	bool last;

	if (!h)
		return;
	pthread_mutex_lock(&h->of->lock);
	last = --h->held == 0;
	pthread_mutex_unlock(&h->of->lock);
	if (!last)
		return;
	etc_shelf_free(h->shelf);
	free(h);
}
