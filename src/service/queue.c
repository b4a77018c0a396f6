/* The open cases in memory. Rows ascend by id, so that one is found by halving; a closed one stays
 * as a gap until gaps are a quarter. */
#include "service/queue.h"

#include "base/check.h"
#include "cases/step.h"
#include "trust/policy.h"

#include <stdlib.h>

#define START_CAP 1024u
#define WORD_SLOTS (2u * QUEUE_WORDS_MAX)
#define CHANGES_SLICE QUEUE_FOLLOW_MAX
#define TIMER_LATE_US INT64_C(5000000)

struct item {
	uint64_t id, n, number, place;
	int64_t due_us, next_us; /* due_us: INT64_MAX for none, so that they sort last */
	struct geo_point at;
	uint16_t category, state, owner, unit, area, joint, told;
	uint8_t priority, step;
	uint16_t marks;
	bool has_at, is_drill, is_gone;
	bool has_last; /* n is the case's last entry, not only that of its row */
};

struct queue {
	struct db *db;
	struct item *v;
	struct geo_point
	    *point; /* where each is; the map and the nearest look at nothing else first */
	size_t n, cap, gone;
	uint64_t seen; /* entry up to which changes are taken in */
	struct str word[QUEUE_WORDS_MAX];
	unsigned words_n;
	uint16_t slot[WORD_SLOTS]; /* word + 1, by hash; 0: free */
};

/* ---- words ---- */

static uint32_t hash_of(struct str s)
{
	uint32_t h = 2166136261u; /* FNV-1a; the texts are ours */

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * 16777619u;
	return h;
}

/* Slot of a word: its own, or the free one where it belongs. */
static unsigned slot_of(const struct queue *q, struct str s)
{
	unsigned at = hash_of(s) % WORD_SLOTS;

	while (q->slot[at] != 0 && !str_eq(q->word[q->slot[at] - 1], s))
		at = (at + 1) % WORD_SLOTS;
	return at;
}

static enum err word_of(struct queue *q, struct str s, uint16_t *ret)
{
	unsigned at = slot_of(q, s);
	char *copy;

	if (q->slot[at] == 0) {
		if (q->words_n == QUEUE_WORDS_MAX)
			return ERR_TOO_LARGE;
		copy = malloc(s.n + 1);
		if (!copy)
			return ERR_NO_MEMORY;
		if (s.n > 0)
			memcpy(copy, s.p, s.n);
		q->word[q->words_n++] = (struct str){copy, s.n};
		q->slot[at] = (uint16_t)q->words_n;
	}
	*ret = (uint16_t)(q->slot[at] - 1);
	return ERR_OK;
}

/* ---- rows ---- */

static enum err get_words(struct queue *q, struct db_stmt *s, int first, struct item *ret)
{
	TRY(word_of(q, db_text(s, first), &ret->category));
	TRY(word_of(q, db_text(s, first + 1), &ret->state));
	TRY(word_of(q, db_text(s, first + 2), &ret->owner));
	TRY(word_of(q, db_text(s, first + 3), &ret->unit));
	return word_of(q, db_text(s, first + 4), &ret->area);
}

/* Units beside the lead: of most cases there are none. A set for which no word is left is shown to
 * nobody by it; the case stays. */
static enum err get_units(struct queue *q, struct db_stmt *s, int first, struct item *ret)
{
	uint16_t none = 0;

	TRY(word_of(q, STR(""), &none));
	ret->joint = ret->told = none;
	if (word_of(q, db_text(s, first), &ret->joint) == ERR_NO_MEMORY ||
	    word_of(q, db_text(s, first + 1), &ret->told) == ERR_NO_MEMORY)
		return ERR_NO_MEMORY;
	return ERR_OK;
}

/* The columns from n on. */
static enum err get_item(struct queue *q, struct db_stmt *s, int c, struct item *ret)
{
	struct item i = {0};

	i.n = db_u64(s, c);
	i.due_us = db_i64(s, c + 1) != 0 ? db_i64(s, c + 1) : INT64_MAX;
	i.next_us = db_i64(s, c + 2);
	i.number = db_u64(s, c + 3);
	i.place = db_u64(s, c + 6);
	i.has_at = db_i64(s, c + 7) != 0;
	i.at = (struct geo_point){(int32_t)db_i64(s, c + 8), (int32_t)db_i64(s, c + 9)};
	i.priority = (uint8_t)db_i64(s, c + 10);
	i.step = (uint8_t)db_i64(s, c + 11);
	i.is_drill = db_i64(s, c + 12) != 0;
	i.marks = (uint16_t)db_i64(s, c + 18);
	TRY(get_words(q, s, c + 13, &i));
	TRY(get_units(q, s, c + 19, &i));
	*ret = i;
	return ERR_OK;
}

/* No place: of a case that has none, or is gone. */
#define NOWHERE INT32_MIN

static void keep_point(struct queue *q, size_t i)
{
	const struct item *item = &q->v[i];

	q->point[i] = item->has_at && !item->is_gone ? item->at : (struct geo_point){NOWHERE, 0};
}

static enum err grow(struct queue *q)
{
	size_t cap = q->cap ? q->cap * 2 : START_CAP;
	struct geo_point *point = realloc(q->point, cap * sizeof *point);
	struct item *v;

	if (!point)
		return ERR_NO_MEMORY;
	q->point = point;
	v = realloc(q->v, cap * sizeof *v);
	if (!v)
		return ERR_NO_MEMORY;
	q->v = v;
	q->cap = cap;
	return ERR_OK;
}

static enum err add(struct queue *q, const struct item *i)
{

	if (q->n == QUEUE_CASES_MAX)
		return ERR_TOO_LARGE;
	if (q->n == q->cap)
		TRY(grow(q));
	CHECK(q->n == 0 || q->v[q->n - 1].id < i->id);
	q->v[q->n] = *i;
	keep_point(q, q->n++);
	return ERR_OK;
}

static struct item *find(struct queue *q, uint64_t id)
{
	size_t low = 0, high = q->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (q->v[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < q->n && q->v[low].id == id ? &q->v[low] : NULL;
}

static void close_gaps(struct queue *q)
{
	size_t kept = 0;

	if (q->gone * 4 < q->n || q->n < START_CAP)
		return;
	for (size_t i = 0; i < q->n; i++)
		if (!q->v[i].is_gone) {
			q->point[kept] = q->point[i];
			q->v[kept++] = q->v[i];
		}
	q->n = kept;
	q->gone = 0;
}

static enum err take_one(struct queue *q, uint64_t id)
{
	struct db_stmt *s = db_stmt(q->db, SQL_queue_get);
	struct item *there = find(q, id), item;
	bool row = false;
	enum err e;

	db_bind_u64(s, 1, id);
	TRY(db_step(q->db, s, &row));
	if (!row) {
		if (there && !there->is_gone) {
			there->is_gone = true;
			keep_point(q, (size_t)(there - q->v));
			q->gone++;
		}
		return ERR_OK;
	}
	e = get_item(q, s, 0, &item);
	db_done(s);
	TRY(e);
	item.id = id;
	item.has_last = true;
	if (there) {
		*there = item;
		keep_point(q, (size_t)(there - q->v));
		return ERR_OK;
	}
	return add(q, &item);
}

/* ---- begin, keep up, end ---- */

static enum err last_change(struct queue *q, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(q->db, SQL_case_change_last);
	bool row = false;

	TRY(db_step(q->db, s, &row));
	*ret = row ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

static enum err read_all(struct queue *q)
{
	struct db_stmt *s;
	struct item item;
	bool row = true;
	enum err e = ERR_OK;

	TRY(last_change(q, &q->seen));
	s = db_stmt(q->db, SQL_queue_scan);
	while (e == ERR_OK) {
		TRY(db_step(q->db, s, &row));
		if (!row)
			return ERR_OK;
		e = get_item(q, s, 1, &item);
		item.id = db_u64(s, 0);
		if (e == ERR_OK)
			e = add(q, &item);
	}
	db_done(s);
	return e;
}

enum err queue_open(struct db *db, struct queue **ret)
{
	struct queue *q = calloc(1, sizeof *q);
	enum err e;

	if (!q)
		return ERR_NO_MEMORY;
	q->db = db;
	e = db_begin_read(db);
	if (e == ERR_OK) {
		e = read_all(q);
		db_rollback(db);
	}
	if (e != ERR_OK) {
		queue_close(q);
		return e;
	}
	*ret = q;
	return ERR_OK;
}

struct queue *queue_close(struct queue *q)
{
	if (!q)
		return NULL;
	for (unsigned i = 0; i < q->words_n; i++)
		free((void *)(uintptr_t)q->word[i].p);
	free(q->v);
	free(q->point);
	free(q);
	return NULL;
}

/* Changed cases in ascending order of their ids, each once: new ones are then added in order. */
static int by_id(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void put_row(const struct queue *q, const struct item *i, struct queue_row *ret);
static void put_last_row(struct queue *q, struct item *i, struct queue_row *ret);

static bool is_among(const uint64_t *ids, unsigned n, uint64_t id)
{
	for (unsigned i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* At most max changes (CHANGES_SLICE of them); `changes` may be NULL. */
static enum err refresh_slice(struct queue *q, unsigned max, struct queue_change *changes,
			      unsigned *ret_n)
{
	uint64_t ids[CHANGES_SLICE], seen = q->seen;
	struct db_stmt *s = db_stmt(q->db, SQL_case_change_after);
	unsigned n = 0;
	bool row = true;

	CHECK(max <= CHANGES_SLICE);
	db_bind_u64(s, 1, q->seen);
	db_bind_u64(s, 2, max);
	while (n < max) {
		TRY(db_step(q->db, s, &row));
		if (!row)
			break;
		seen = db_u64(s, 0);
		ids[n] = db_u64(s, 1);
		if (changes) {
			changes[n].n = seen;
			changes[n].id = ids[n];
			changes[n].again = is_among(ids, n, ids[n]);
			changes[n].was_open = queue_find(q, ids[n], &changes[n].before);
		}
		n++;
	}
	db_done(s);
	qsort(ids, n, sizeof *ids, by_id);
	for (unsigned i = 0; i < n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			TRY(take_one(q, ids[i]));
	q->seen = seen;
	*ret_n = n;
	return ERR_OK;
}

enum err queue_refresh(struct queue *q)
{
	unsigned n = CHANGES_SLICE;
	enum err e = db_begin_read(q->db);

	if (e != ERR_OK)
		return e;
	while (e == ERR_OK && n == CHANGES_SLICE)
		e = refresh_slice(q, CHANGES_SLICE, NULL, &n);
	db_rollback(q->db);
	close_gaps(q);
	return e;
}

enum err queue_follow(struct queue *q, unsigned max, struct queue_change *ret, unsigned *ret_n)
{
	enum err e = db_begin_read(q->db);

	if (e != ERR_OK)
		return e;
	e = refresh_slice(q, max, ret, ret_n);
	db_rollback(q->db);
	close_gaps(q);
	return e;
}

enum err queue_keep(struct queue *q, struct str s, struct str *ret)
{
	uint16_t word = 0;

	TRY(word_of(q, s, &word));
	*ret = q->word[word];
	return ERR_OK;
}

uint64_t queue_seen(const struct queue *q)
{
	return q->seen;
}

bool queue_find(struct queue *q, uint64_t id, struct queue_row *ret)
{
	struct item *item = find(q, id);

	if (!item || item->is_gone)
		return false;
	put_last_row(q, item, ret);
	return true;
}

/* ---- filters ---- */

/* A filter in words of this queue. A word that nobody has: nothing fits. */
struct wanted {
	int category, state, owner, unit, area; /* -1: any; -2: none; unit: as the lead */
	const struct queue_filter *f;
	const struct queue *q;
};

static int wanted_word(const struct queue *q, struct str s)
{
	if (s.n == 0)
		return -1;
	unsigned at = slot_of(q, s);
	return q->slot[at] == 0 ? -2 : q->slot[at] - 1;
}

static struct wanted wanted_of(const struct queue *q, const struct queue_filter *f)
{
	return (struct wanted){wanted_word(q, f->category),
			       wanted_word(q, f->state),
			       wanted_word(q, f->owner),
			       wanted_word(q, f->unit),
			       wanted_word(q, f->area),
			       f,
			       q};
}

static void put_row(const struct queue *q, const struct item *i, struct queue_row *ret);

/* What a viewer may see is asked last, of those that all else lets through. */
static bool may_be_seen(const struct queue *q, const struct queue_filter *f, const struct item *i)
{
	struct queue_row row;

	if (!f->may_see)
		return true;
	put_row(q, i, &row);
	return f->may_see(f->viewer, &row);
}

/* One that the unit leads, or in which it has a joint part: of most cases there is none, so that
 * hardly any set is read. */
static bool is_of_unit(const struct wanted *w, const struct item *i)
{
	const struct str joint = w->q->word[i->joint];

	return w->unit == -1 || w->unit == i->unit ||
	       (joint.n > 0 && policy_has_unit(joint, w->f->unit));
}

static bool fits(const struct wanted *w, const struct item *i)
{
	const struct queue_filter *f = w->f;

	return !i->is_gone && (w->category == -1 || w->category == i->category) &&
	       (w->state == -1 || w->state == i->state) &&
	       (w->owner == -1 || w->owner == i->owner) && is_of_unit(w, i) &&
	       (w->area == -1 || w->area == i->area) &&
	       (f->priority == 0 || f->priority == i->priority) &&
	       (f->step < 0 || f->step == i->step) &&
	       (f->due_before_us == 0 || i->due_us < f->due_before_us) &&
	       (f->with_drills || f->only_drills || !i->is_drill) &&
	       (!f->only_drills || i->is_drill) &&
	       (f->with_imported || f->only_imported || !case_marks_wait(i->marks)) &&
	       (!f->only_imported || case_marks_wait(i->marks)) &&
	       (f->marks == 0 || (f->marks & i->marks) != 0) && may_be_seen(w->q, f, i);
}

static void put_row(const struct queue *q, const struct item *i, struct queue_row *ret)
{
	*ret = (struct queue_row){.id = i->id,
				  .n = i->n,
				  .number = i->number,
				  .due_us = i->due_us == INT64_MAX ? 0 : i->due_us,
				  .next_us = i->next_us,
				  .place = i->place,
				  .has_at = i->has_at,
				  .is_drill = i->is_drill,
				  .marks = i->marks,
				  .at = i->at,
				  .priority = i->priority,
				  .step = i->step,
				  .category = q->word[i->category],
				  .state = q->word[i->state],
				  .owner = q->word[i->owner],
				  .unit = q->word[i->unit],
				  .area = q->word[i->area],
				  .joint = q->word[i->joint],
				  .told = q->word[i->told]};
}

/* Messages since the server began are known; those before are asked for where a row is shown. What
 * cannot be read is asked for again. */
static void put_last_row(struct queue *q, struct item *i, struct queue_row *ret)
{
	struct db_stmt *s = i->has_last ? NULL : db_stmt(q->db, SQL_case_last);
	bool row = false;

	if (s) {
		db_bind_u64(s, 1, i->id);
		if (db_step(q->db, s, &row) == ERR_OK && row) {
			i->n = db_u64(s, 0);
			i->has_last = true;
			db_done(s);
		}
	}
	put_row(q, i, ret);
}

/* ---- the best few of many: a heap with the worst on top ---- */

struct best {
	struct {
		int64_t key;
		uint32_t at;
	} v[QUEUE_PAGE_MAX + 1];
	unsigned n, cap;
};

/* Key first; rows ascend by id, so the index decides between equals. */
static bool is_worse(const struct best *b, unsigned x, unsigned y)
{
	return b->v[x].key > b->v[y].key || (b->v[x].key == b->v[y].key && b->v[x].at > b->v[y].at);
}

static void swap(struct best *b, unsigned x, unsigned y)
{
	int64_t key = b->v[x].key;
	uint32_t at = b->v[x].at;

	b->v[x] = b->v[y];
	b->v[y].key = key;
	b->v[y].at = at;
}

static void sink(struct best *b, unsigned i, unsigned n)
{
	for (;;) {
		unsigned worst = i, left = 2 * i + 1, right = left + 1;
		if (left < n && is_worse(b, left, worst))
			worst = left;
		if (right < n && is_worse(b, right, worst))
			worst = right;
		if (worst == i)
			return;
		swap(b, i, worst);
		i = worst;
	}
}

static void offer(struct best *b, int64_t key, size_t at)
{
	unsigned i;

	if (b->n == b->cap) {
		if (key > b->v[0].key || (key == b->v[0].key && at > b->v[0].at))
			return;
		b->v[0].key = key;
		b->v[0].at = (uint32_t)at;
		sink(b, 0, b->n);
		return;
	}
	i = b->n++;
	b->v[i].key = key;
	b->v[i].at = (uint32_t)at;
	for (; i > 0 && is_worse(b, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(b, i, (i - 1) / 2);
}

/* The best first. */
static void sort_best(struct best *b)
{
	for (unsigned n = b->n; n > 1; n--) {
		swap(b, 0, n - 1);
		sink(b, 0, n - 1);
	}
}

/* ---- what is asked ---- */

enum err queue_page(struct queue *q, const struct queue_filter *f, int64_t after_due_us,
		    uint64_t after_id, unsigned limit, struct queue_row *ret, unsigned *ret_n,
		    bool *ret_more)
{
	struct best best = {.cap = limit + 1};
	struct wanted w;
	int64_t after = after_due_us == 0 && after_id != 0 ? INT64_MAX : after_due_us;

	CHECK(limit >= 1 && limit <= QUEUE_PAGE_MAX);
	best.n = 0;
	TRY(queue_refresh(q));
	w = wanted_of(q, f);
	for (size_t i = 0; i < q->n; i++) {
		const struct item *item = &q->v[i];
		if (fits(&w, item) && (after_id == 0 || item->due_us > after ||
				       (item->due_us == after && item->id > after_id)))
			offer(&best, item->due_us, i);
	}
	sort_best(&best);
	*ret_more = best.n > limit;
	*ret_n = best.n > limit ? limit : best.n;
	for (unsigned i = 0; i < *ret_n; i++)
		put_last_row(q, &q->v[best.v[i].at], &ret[i]);
	return ERR_OK;
}

enum err queue_near(struct queue *q, const struct queue_filter *f, struct geo_point at, unsigned k,
		    struct queue_row *ret, unsigned *ret_n)
{
	struct best best = {.cap = k};
	struct wanted w;
	/* squares in E7 with the meridians drawn together as at this latitude: the order is that of
	 * the distances within a community */
	struct geo_point east = {at.lat_e7, at.lon_e7 + 100000},
			 north = {at.lat_e7 + 100000, at.lon_e7};
	int64_t shrink_permille =
	    (int64_t)(geo_distance_m(at, east) * 1000.0 / geo_distance_m(at, north) + 0.5);

	CHECK(k >= 1 && k <= QUEUE_NEAR_MAX);
	TRY(queue_refresh(q));
	w = wanted_of(q, f);
	for (size_t i = 0; i < q->n; i++) {
		struct geo_point p = q->point[i];
		int64_t y = (int64_t)p.lat_e7 - at.lat_e7, x;
		if (p.lat_e7 == NOWHERE || y > INT32_MAX || y < -INT32_MAX ||
		    (best.n == best.cap && y * y / 2 > best.v[0].key))
			continue;
		x = ((int64_t)p.lon_e7 - at.lon_e7) * shrink_permille / 1000;
		if (x > INT32_MAX || x < -INT32_MAX)
			continue;
		if (best.n == best.cap && y * y / 2 + x * x / 2 > best.v[0].key)
			continue;
		if (fits(&w, &q->v[i]))
			offer(&best, y * y / 2 + x * x / 2, i);
	}
	sort_best(&best);
	*ret_n = best.n;
	for (unsigned i = 0; i < best.n; i++)
		put_last_row(q, &q->v[best.v[i].at], &ret[i]);
	return ERR_OK;
}

enum err queue_box(struct queue *q, const struct queue_filter *f, const struct geo_box *box,
		   unsigned limit, struct queue_row *ret, unsigned *ret_n, bool *ret_more)
{
	struct wanted w;
	unsigned n = 0;

	CHECK(limit >= 1 && limit <= QUEUE_BOX_MAX);
	*ret_more = false;
	TRY(queue_refresh(q));
	w = wanted_of(q, f);
	for (size_t i = 0; i < q->n; i++) {
		const struct item *item = &q->v[i];
		if (q->point[i].lat_e7 == NOWHERE || !geo_box_has(box, q->point[i]) ||
		    !fits(&w, item))
			continue;
		if (n == limit) {
			*ret_more = true;
			break;
		}
		put_row(q, item, &ret[n++]);
	}
	*ret_n = n;
	return ERR_OK;
}

enum err queue_get(struct queue *q, uint64_t id, struct queue_row *ret)
{
	TRY(queue_refresh(q));
	return queue_find(q, id, ret) ? ERR_OK : ERR_NOT_FOUND;
}

enum err queue_sums(struct queue *q, int64_t now_us, struct queue_sums *ret)
{
	TRY(queue_refresh(q));
	queue_sums_seen(q, now_us, ret);
	return ERR_OK;
}

void queue_sums_seen(const struct queue *q, int64_t now_us, struct queue_sums *ret)
{
	struct queue_sums sums = {0};

	for (size_t i = 0; i < q->n; i++) {
		const struct item *item = &q->v[i];
		if (item->is_gone || item->is_drill)
			continue;
		if (case_marks_wait(item->marks)) {
			sums.imported++;
			continue;
		}
		sums.open++;
		sums.overdue += item->due_us < now_us;
		sums.late += item->next_us > 0 && item->next_us < now_us - TIMER_LATE_US;
		sums.due_soon +=
		    item->due_us >= now_us && item->due_us < now_us + INT64_C(30) * 60 * 1000000;
	}
	*ret = sums;
}
