/* The last changes, in a ring. */
#include "feed_ring.h"

#include "base/check.h"
#include "service/case_parties.h"
#include "service/case_row.h"
#include "service/cases.h"

#include <stdlib.h>

#define MEMORY_BYTES (4u * ENTRY_BYTES_MAX)

enum err feed_ring_init(struct feed_ring *r, struct db *db, uint64_t n, unsigned cap)
{
	struct db_stmt *s = db_stmt(db, SQL_case_change_tail);
	unsigned found = 0;
	bool row = true;

	*r = (struct feed_ring){.cap = cap};
	r->v = calloc(cap, sizeof *r->v);
	r->memory = malloc(MEMORY_BYTES);
	if (!r->v || !r->memory)
		return ERR_NO_MEMORY;
	db_bind_u64(s, 1, n);
	db_bind_u64(s, 2, cap + 1);
	while (found <= cap) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		if (found == cap)
			r->forgotten_n = db_u64(s, 0);
		else
			r->v[found].change = (struct queue_change){db_u64(s, 0), db_u64(s, 1)};
		found++;
	}
	db_done(s);
	r->end = found < cap ? found : cap;
	for (unsigned i = 0; i < r->end / 2; i++) { /* they came the newest first */
		struct feed_told t = r->v[i];
		r->v[i] = r->v[r->end - 1 - i];
		r->v[r->end - 1 - i] = t;
	}
	return ERR_OK;
}

void feed_ring_fini(struct feed_ring *r)
{
	free(r->v);
	free(r->memory);
}

uint64_t feed_ring_first(const struct feed_ring *r)
{
	return r->end > r->cap ? r->end - r->cap : 0;
}

struct feed_told *feed_ring_at(struct feed_ring *r, uint64_t place)
{
	CHECK(place >= feed_ring_first(r) && place < r->end);
	return &r->v[place % r->cap];
}

void feed_ring_put(struct feed_ring *r, const struct queue_change *c)
{
	struct feed_told *t = &r->v[r->end % r->cap];

	if (r->end >= r->cap)
		r->forgotten_n = t->change.n;
	*t = (struct feed_told){.change = *c, .known = true};
	r->end++;
}

uint64_t feed_ring_after(struct feed_ring *r, uint64_t n)
{
	uint64_t low = feed_ring_first(r), high = r->end;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (feed_ring_at(r, middle)->change.n <= n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t feed_ring_before(struct feed_ring *r, uint64_t place)
{
	return place > feed_ring_first(r) ? feed_ring_at(r, place - 1)->change.n : r->forgotten_n;
}

/* Where a case is, into its row; of one whose place was corrected, where it is now. */
static enum err put_where(struct db *db, struct queue *q, uint64_t id, struct queue_row *row)
{
	struct case_row of;
	struct case_parties parties;
	enum err e = case_row_get(db, id, &of);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
	row->number = of.number;
	row->place = of.place;
	row->has_at = of.has_at;
	row->at = (struct geo_point){of.lat_e7, of.lon_e7};
	/* parts are added, not taken away: whoever has one now may be told that it went */
	case_parties_of(of.doc, &parties);
	TRY(queue_keep(q, parties.joint, &row->joint));
	TRY(queue_keep(q, parties.told, &row->told));
	return queue_keep(q, of.area, &row->area);
}

static enum err put_step(struct queue *q, const struct case_entry *c, struct queue_row *row)
{
	row->due_us = c->due_us;
	row->next_us = c->next_us;
	row->is_drill = c->is_drill;
	row->priority = c->priority;
	row->step = (unsigned)c->step;
	row->marks = c->marks;
	TRY(queue_keep(q, c->category, &row->category));
	TRY(queue_keep(q, c->state, &row->state));
	TRY(queue_keep(q, c->owner, &row->owner));
	return queue_keep(q, c->unit, &row->unit);
}

static enum err before_of(struct feed_ring *r, struct db *db, struct queue *q,
			  struct queue_change *c)
{
	const struct case_entry *step = NULL;
	struct arena a;
	enum err e;

	arena_init(&a, r->memory, MEMORY_BYTES);
	e = c->n == c->id ? ERR_NOT_FOUND : cases_before(db, c->n, &a, &step);
	c->was_open = e == ERR_OK && !step->is_final;
	if (!c->was_open)
		return e == ERR_NOT_FOUND && c->n == c->id ? ERR_OK : e;
	c->before = (struct queue_row){.id = c->id};
	TRY(put_where(db, q, c->id, &c->before));
	return put_step(q, step, &c->before);
}

unsigned feed_ring_know(struct feed_ring *r, struct db *db, struct queue *q, struct feed_told *t)
{
	if (t->known || t->asked)
		return 0;
	t->asked = true;
	t->known = before_of(r, db, q, &t->change) == ERR_OK;
	return 1;
}
