/* The open cases in memory, as the queue and the map ask for them: read once at start, then kept up
 * with the record by the numbers of entries. A view, not a store: any reader may hold one, and one
 * that falls behind catches up. Depends on db. One belongs to one thread. About 100 bytes a case;
 * a page of any filter is one pass over them (0.5 ms for 100,000). */
#ifndef LIREN_SERVICE_QUEUE_H
#define LIREN_SERVICE_QUEUE_H

#include "base/err.h"
#include "db/db.h"
#include "place/geo.h"

#define QUEUE_CASES_MAX 1000000u
#define QUEUE_WORDS_MAX 4096u /* different states, units, categories, owners and areas */
#define QUEUE_PAGE_MAX 500u
#define QUEUE_BOX_MAX 2000u
#define QUEUE_NEAR_MAX 100u

struct queue;

enum err queue_open(struct db *db, struct queue **ret) MUST_CHECK;
struct queue *queue_close(struct queue *q); /* NULL is fine; returns NULL */

/* Take in what was committed since. O(changes). Every call below does it first. */
enum err queue_refresh(struct queue *q) MUST_CHECK;

struct queue_row {
	uint64_t id, n; /* the case, the entry that last changed what stands here */
	uint64_t number;
	int64_t due_us, next_us; /* 0: none */
	uint64_t place;
	bool has_at, is_drill;
	struct geo_point at;
	unsigned priority, step, marks; /* enum case_mark */
	struct str category, state, owner, unit, area; /* until the queue is closed */
};

/* Empty texts, 0 and -1 ask for nothing. */
struct queue_filter {
	struct str category, state, owner, unit, area;
	unsigned priority; /* 1 … 4 */
	int step;          /* 0 … 6; -1: any */
	int64_t due_before_us; /* overdue: now; 0: any */
	unsigned marks; /* any of these: CASE_MARK_SUPERVISED is the queue of orders; 0: any */
	bool with_drills, only_drills;
};

/* By deadline, those without one last; then by id. After (due_us, id) of the last row of the page
 * before; 0, 0 from the top. */
enum err queue_page(struct queue *q, const struct queue_filter *f, int64_t after_due_us,
		    uint64_t after_id, unsigned limit, struct queue_row *ret, unsigned *ret_n,
		    bool *ret_more) MUST_CHECK;

/* The k nearest open cases, nearest first. */
enum err queue_near(struct queue *q, const struct queue_filter *f, struct geo_point at, unsigned k,
		    struct queue_row *ret, unsigned *ret_n) MUST_CHECK;

/* Those within a box, the oldest first. */
enum err queue_box(struct queue *q, const struct queue_filter *f, const struct geo_box *box,
		   unsigned limit, struct queue_row *ret, unsigned *ret_n,
		   bool *ret_more) MUST_CHECK;

struct queue_sums {
	uint64_t open, overdue, due_soon; /* without drills; soon: within half an hour */
};
enum err queue_sums(struct queue *q, int64_t now_us, struct queue_sums *ret) MUST_CHECK;

#endif
