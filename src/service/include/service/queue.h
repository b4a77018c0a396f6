/* The open cases in memory, as the queue and the map ask for them: read once at start, then kept up
 * with the record by the numbers of entries. A view, not a store: any reader may hold one, and one
 * that falls behind catches up. Depends on db. One belongs to one thread. About 100 bytes a case;
 * a page of any filter is one pass over them (0.5 ms for 100,000). */
#ifndef LIREN_SERVICE_QUEUE_H
#define LIREN_SERVICE_QUEUE_H

#include "base/err.h"
#include "cases/shelf.h"
#include "db/db.h"
#include "place/geo.h"

#define QUEUE_CASES_MAX 1000000u
#define QUEUE_WORDS_MAX 8192u /* states, units, sets of them, categories, owners, areas */
#define QUEUE_PAGE_MAX 500u
#define QUEUE_BOX_MAX 2000u
#define QUEUE_NEAR_MAX 100u
#define QUEUE_FOLLOW_MAX 4096u

struct queue;
struct viewer;

enum err queue_open(struct db *db, struct queue **ret) MUST_CHECK;
struct queue *queue_close(struct queue *q); /* NULL is fine; returns NULL */

/* Take in what was committed since. O(changes). Every call below does it first. */
enum err queue_refresh(struct queue *q) MUST_CHECK;

struct queue_row {
	uint64_t id, n; /* the case, its last entry (queue_box: of its row) */
	uint64_t number;
	int64_t due_us, next_us; /* 0: none */
	uint64_t place;
	bool has_at, is_drill;
	struct geo_point at;
	unsigned priority, step, marks; /* enum case_mark */
	struct str category, state, owner, unit, area; /* until the queue is closed */
	/* units beside the one that leads: with a joint part, and told of it; codes parted by
	 * blanks, likewise */
	struct str joint, told;
};

/* Empty texts, 0 and -1 ask for nothing. unit: leads the case, or has a joint part in it; one that
 * was only told of it does not count. */
struct queue_filter {
	struct str category, state, owner, unit, area;
	unsigned priority; /* 1 … 4 */
	int step;          /* 0 … 6; -1: any */
	int64_t due_before_us; /* overdue: now; 0: any */
	unsigned marks; /* any of these: CASE_MARK_SUPERVISED is the queue of orders; 0: any */
	bool with_drills, only_drills;
	/* those of other offices that wait to be taken over (case_marks_wait): else not among them
	 */
	bool with_imported, only_imported;
	/* who looks (service/viewer.h): only what they may see; NULL: everything */
	bool (*may_see)(const struct viewer *v, const struct queue_row *row);
	const struct viewer *viewer;
};

/* By deadline, those without one last; then by id. After (due_us, id) of the last row of the page
 * before; 0, 0 from the top. */
enum err queue_page(struct queue *q, const struct queue_filter *f, int64_t after_due_us,
		    uint64_t after_id, unsigned limit, struct queue_row *ret, unsigned *ret_n,
		    bool *ret_more) MUST_CHECK;

/* The k nearest open cases, nearest first. */
enum err queue_near(struct queue *q, const struct queue_filter *f, struct geo_point at, unsigned k,
		    struct queue_row *ret, unsigned *ret_n) MUST_CHECK;

/* Those within a box, the oldest first. Messages from before queue_open may be missing in n: that
 * of each would be a page to read. */
enum err queue_box(struct queue *q, const struct queue_filter *f, const struct geo_box *box,
		   unsigned limit, struct queue_row *ret, unsigned *ret_n,
		   bool *ret_more) MUST_CHECK;

/* One of them. ERR_NOT_FOUND: closed, or never there. */
enum err queue_get(struct queue *q, uint64_t id, struct queue_row *ret) MUST_CHECK;

#define QUEUE_SUSPENDED_MAX 100u
#define QUEUE_SUSPENDED_ENTRIES_MAX 400u /* of one case, from its newest on, for its age */

/* A suspended case as anybody may read it: no place, no words of anybody. Suspended is a state that
 * has a review date. Its cause is the choice that the type's `suspend` fills in. */
struct queue_suspended {
	uint64_t id, number;
	struct str category, unit;        /* until the queue is closed; unit empty: none */
	const struct cases_choice *cause; /* of the type, on the shelf; NULL: it names none */
	int64_t since_us; /* of this suspension, renewed or not; of one with more entries than the
			     cap that of the oldest looked at */
	int32_t review_day;
	int64_t due_us; /* for the next page */
};

/* By review date; drills and categories that publish nothing are left out. After (due_us, id) of
 * the last row; 0, 0 from the top. limit: at most QUEUE_SUSPENDED_MAX. `db`: a connection that
 * reads. */
enum err queue_suspended(struct queue *q, struct db *db, const struct cases_shelf *shelf,
			 int64_t after_due_us, uint64_t after_id, unsigned limit,
			 struct queue_suspended *ret, unsigned *ret_n, bool *ret_more) MUST_CHECK;

struct queue_sums {
	/* without drills, and without those that wait to be taken over; soon: within half an hour
	 */
	uint64_t open, overdue, due_soon;
	uint64_t imported; /* that wait to be taken over */
	uint64_t late; /* whose timer should have looked five seconds ago */
};
enum err queue_sums(struct queue *q, int64_t now_us, struct queue_sums *ret) MUST_CHECK;

/* ---- for those who follow it change by change; none of these refreshes before ---- */

/* Entry n was about this case. `before`: its row as it was before all changes that were taken in
 * together with this one; only where it was open. */
struct queue_change {
	uint64_t n, id;
	bool again; /* an earlier one of these was about the same case */
	bool was_open;
	struct queue_row before;
};

/* Take in at most max (up to QUEUE_FOLLOW_MAX) of the changes committed since, and tell them, the
 * oldest first. Fewer than max: there are no more. */
enum err queue_follow(struct queue *q, unsigned max, struct queue_change *ret,
		      unsigned *ret_n) MUST_CHECK;

/* The entry up to which changes are taken in. */
uint64_t queue_seen(const struct queue *q);

/* The row of one open case; false where there is none of this id. O(log n). */
bool queue_find(struct queue *q, uint64_t id, struct queue_row *ret);

/* The same text, as one of the queue's own: until it is closed. ERR_TOO_LARGE: it has
 * QUEUE_WORDS_MAX. */
enum err queue_keep(struct queue *q, struct str s, struct str *ret) MUST_CHECK;

/* The sums of what is taken in. O(open cases). */
void queue_sums_seen(const struct queue *q, int64_t now_us, struct queue_sums *ret);

#endif
