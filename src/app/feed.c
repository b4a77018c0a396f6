/* The feed's thread: follow, gather, write. A stream stands at a cursor, the entry up to which it
 * was told all it may see; who stands where all stand gets the common block, who is behind gets
 * slices of its own until it stands there too. */
#include "app/feed.h"

#include "api/case_row.h"
#include "feed_ring.h"
#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define FOLLOW_MAX 512u
#define FOLLOW_ROUNDS_MAX 8u /* before others get the lock */
#define KINDS_MAX STREAMS_MAX
#define AGAIN_US INT64_C(1000000) /* after the store failed */
#define NOW_CURSOR UINT64_MAX     /* of a client that asked for nothing earlier */
#define RENEW_MAX 64u
#define CODED_MAX 256u /* events that are kept as they are sent */
#define LOOKUPS_MAX 256u /* into entries, for one block: about 20 ms */
#define LEAVE_US INT64_C(2000000) /* at a stop, for those who are slow to take the last */
#define RETRY_MS 1500u            /* clients come back after this and … */
#define RETRY_SPREAD_MS 4000u     /* … up to this more, so that they do not come all at once */
#define EVENT_BYTES_MAX (CASE_ROW_BYTES_MAX + 64u)

struct feed_kind {
	struct viewer viewer;
	unsigned streams; /* 0: free */
	/* of this round of blocks; wiped with it */
	bool made;
	struct stream_block *block; /* NULL: nothing that they may see */
	uint64_t slice_from, slice_end;
	struct stream_block *slice;
};

/* An event as it is sent. */
struct coded {
	uint64_t n; /* 0: none */
	size_t text_n;
	char text[EVENT_BYTES_MAX];
};

struct feed {
	struct feed_options o;
	pthread_t thread;
	struct streams *streams;

	pthread_mutex_t lock; /* of what follows */
	struct db *db;
	struct queue *queue;
	struct feed_ring ring;
	struct feed_kind *kind[KINDS_MAX];
	unsigned kinds_n;
	uint64_t renew[RENEW_MAX];
	unsigned renew_n;
	bool renew_all, stopping;
	struct feed_counts counts;
	uint64_t wall_n; /* one above the newest entry that changed what the wall counts; 0: not
			    looked yet */
	bool wall_due;	 /* it is another than those who watch the wall were told of */

	/* of the thread alone */
	struct queue_change change[FOLLOW_MAX];
	uint64_t told; /* place in the ring up to which all were told */
	uint64_t told_n; /* and the entry */
	bool look, alert, failed;
	int64_t look_at_us, tell_at_us, comment_at_us;
	uint32_t random;
	struct coded coded[CODED_MAX];
	bool behind; /* somebody can be helped on at once */
	unsigned lookups;
	char text[FEED_SLICE_BYTES];
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- following ---- */

/* A case that is now of the first priority and was not before: new, or raised. Drills alarm nobody.
 */
static bool is_alert(struct feed *f, const struct queue_change *c)
{
	struct queue_row row;

	return queue_find(f->queue, c->id, &row) && row.n == c->n && row.priority == 1 &&
	       !row.is_drill && (!c->was_open || c->before.priority != 1);
}

/* Who is on duty and which devices are offline are no changes of cases: only that they are other.
 */
static enum err follow_wall(struct feed *f)
{
	struct db_stmt *s = db_stmt(f->db, SQL_wall_get);
	bool row = false;
	uint64_t n = 1;

	TRY(db_step(f->db, s, &row));
	if (row)
		n = db_u64(s, 0) + 1;
	db_done(s);
	f->wall_due = f->wall_due || (f->wall_n != 0 && f->wall_n != n);
	f->wall_n = n;
	return ERR_OK;
}

static enum err follow_some(struct feed *f, bool *ret_more)
{
	unsigned n = FOLLOW_MAX;

	TRY(follow_wall(f));
	for (unsigned round = 0; round < FOLLOW_ROUNDS_MAX && n == FOLLOW_MAX; round++) {
		TRY(queue_follow(f->queue, FOLLOW_MAX, f->change, &n));
		for (unsigned i = 0; i < n; i++) {
			bool alert = is_alert(f, &f->change[i]);
			f->alert = f->alert || alert;
			f->counts.alerts += alert;
			feed_ring_put(&f->ring, &f->change[i]);
		}
		f->counts.changes += n;
	}
	*ret_more = n == FOLLOW_MAX;
	return ERR_OK;
}

/* Take in what was committed. Where the store fails it is tried again. */
static void follow(struct feed *f, int64_t now)
{
	bool more = false;
	enum err e;

	pthread_mutex_lock(&f->lock);
	e = follow_some(f, &more);
	pthread_mutex_unlock(&f->lock);
	f->look = more || e != ERR_OK;
	f->look_at_us = now + (e != ERR_OK ? AGAIN_US : more ? 0 : FEED_ALERT_US);
	if ((e != ERR_OK) != f->failed && f->o.state)
		f->o.state(f->o.ctx, e);
	f->failed = e != ERR_OK;
}

/* ---- events ---- */

static void put_id(struct buf *out, uint64_t n)
{
	buf_put_z(out, "id: ");
	buf_put_u64(out, n);
	buf_put_char(out, '\n');
}

static void put_gone(struct buf *out, const struct queue_change *c)
{
	buf_put_z(out, "event: gone\n");
	put_id(out, c->n);
	buf_put_z(out, "data: {\"id\":");
	buf_put_u64(out, c->id);
	buf_put_z(out, "}\n\n");
}

/* Made once for all kinds of viewers: the row of an entry stays what it is. */
static void put_case(struct feed *f, struct buf *out, const struct queue_change *c,
		     const struct queue_row *row)
{
	struct coded *k = &f->coded[c->n % CODED_MAX];
	struct buf text = buf_over(k->text, sizeof k->text);

	if (k->n != c->n) {
		buf_put_z(&text, "event: case\n");
		put_id(&text, c->n);
		buf_put_z(&text, "data: ");
		case_row_put(f->db, row, &text);
		buf_put_z(&text, "\n\n");
		k->n = text.over ? 0 : c->n;
		k->text_n = text.n;
	}
	if (k->n == c->n)
		buf_put(out, k->text, k->text_n);
	else
		out->over = true;
}

/* What one change tells a viewer: the newest state of the case at its last change, or that it went
 * out of sight where it was in it. */
static void put_change(struct feed *f, const struct viewer *v, struct feed_told *t, struct buf *out)
{
	struct queue_row row;

	if (queue_find(f->queue, t->change.id, &row) && f->o.may_see(v, &row)) {
		if (row.n == t->change.n)
			put_case(f, out, &t->change, &row);
		return;
	}
	if (t->change.again)
		return; /* told at the first of them */
	f->lookups += feed_ring_know(&f->ring, f->db, f->queue, t);
	if (!t->known || (t->change.was_open && f->o.may_see(v, &t->change.before)))
		put_gone(out, &t->change);
}

/* Events of the changes from … until, as many as there is room for; *ret_end is behind the last.
 * NULL with *ret_end == until: none that this viewer may see; NULL with less: no memory. */
static struct stream_block *make_block(struct feed *f, const struct viewer *v, uint64_t from,
				       uint64_t until, uint64_t *ret_end)
{
	struct buf out = buf_over(f->text, sizeof f->text);
	struct stream_block *b = NULL;

	*ret_end = from;
	f->lookups = 0;
	for (uint64_t at = from; at < until && f->lookups < LOOKUPS_MAX; at++) {
		size_t n = out.n;
		put_change(f, v, feed_ring_at(&f->ring, at), &out);
		if (out.over) {
			out.n = n;
			break;
		}
		*ret_end = at + 1;
	}
	if (out.n > 0)
		b = stream_block_new(out.p, out.n);
	if (out.n > 0 && !b)
		*ret_end = from;
	f->counts.blocks += b != NULL;
	return b;
}

/* The entry that a stream stands at when all changes before this place were told. */
static uint64_t cursor_at(struct feed *f, uint64_t place)
{
	return place == f->told ? f->told_n : feed_ring_before(&f->ring, place);
}

static void forget_blocks(struct feed *f)
{
	for (unsigned i = 0; i < f->kinds_n; i++) {
		f->kind[i]->block = stream_block_drop(f->kind[i]->block);
		f->kind[i]->slice = stream_block_drop(f->kind[i]->slice);
		f->kind[i]->made = false;
		f->kind[i]->slice_from = f->kind[i]->slice_end = 0;
	}
}

/* ---- telling ---- */

struct telling {
	struct feed *f;
	uint64_t until, until_n;
	int64_t now;
};

static void tell_one(void *ctx, struct stream *st)
{
	struct telling *t = ctx;
	struct feed *f = t->f;
	struct feed_kind *k = f->kind[st->group];
	uint64_t end = t->until;

	if (st->cursor != f->told_n)
		return;
	if (!k->made) {
		k->block = make_block(f, &k->viewer, f->told, t->until, &end);
		k->made = true;
		k->slice_end = end;
	}
	if (k->slice_end != t->until)
		return; /* too much for one block: it comes in slices */
	if (!k->block || stream_put(st, k->block, t->now) == ERR_OK)
		st->cursor = t->until_n;
}

/* One block for every kind of viewer, of at most FEED_TICK_MAX changes. */
static void tell(struct feed *f, int64_t now)
{
	struct telling t = {.f = f, .now = now};

	pthread_mutex_lock(&f->lock);
	t.until = f->ring.end;
	if (f->told < feed_ring_first(&f->ring)) { /* nobody can catch up: they load anew */
		f->told = t.until;
		f->told_n = feed_ring_before(&f->ring, t.until);
	}
	if (t.until - f->told > FEED_TICK_MAX)
		t.until = f->told + FEED_TICK_MAX;
	t.until_n = feed_ring_before(&f->ring, t.until);
	streams_each(f->streams, tell_one, &t);
	f->told = t.until;
	f->told_n = t.until_n;
	forget_blocks(f);
	pthread_mutex_unlock(&f->lock);
	if (f->told == f->ring.end) {
		f->alert = false;
		f->tell_at_us = now + f->o.gather_us;
	}
}

/* A few bytes for one stream. */
static enum err say(struct stream *st, const struct buf *text, int64_t now)
{
	struct stream_block *b = text->over ? NULL : stream_block_new(text->p, text->n);
	enum err e = b ? stream_put(st, b, now) : ERR_NO_MEMORY;

	stream_block_drop(b);
	return e;
}

static void put_retry(struct feed *f, struct buf *out)
{
	f->random = f->random * 1664525u + 1013904223u; /* Numerical Recipes; it only spreads */
	buf_put_z(out, "retry: ");
	buf_put_u64(out, RETRY_MS + (f->random >> 8) % RETRY_SPREAD_MS);
	buf_put_char(out, '\n');
}

/* Load anew, and go on from here. */
static void reset(struct feed *f, struct stream *st, int64_t now)
{
	char text[96];
	struct buf b = buf_over(text, sizeof text);

	buf_put_z(&b, "event: reset\n");
	put_id(&b, f->told_n);
	buf_put_z(&b, "data: {}\n\n");
	st->cursor = f->told_n;
	f->counts.resets++;
	if (say(st, &b, now) != ERR_OK)
		stream_end(st); /* it must not go on as if nothing were missing */
}

/* Part of what one who is behind missed. Shared with those of its kind that stand at the same
 * place. False: nothing more can be done for it now. */
static bool catch_up_step(struct feed *f, struct stream *st, int64_t now)
{
	struct feed_kind *k = f->kind[st->group];
	uint64_t from;

	if (st->fd < 0 || st->waiting_n > 0 || st->cursor == f->told_n)
		return false;
	if (st->cursor < f->ring.forgotten_n) {
		reset(f, st, now);
		return false;
	}
	from = feed_ring_after(&f->ring, st->cursor);
	if (k->slice_from != from || k->slice_end <= from) {
		stream_block_drop(k->slice);
		k->slice = make_block(f, &k->viewer, from, f->told, &k->slice_end);
		k->slice_from = from;
	}
	if (k->slice_end == from && from < f->told)
		return false;
	if (k->slice && stream_put(st, k->slice, now) != ERR_OK)
		return false;
	st->cursor = cursor_at(f, k->slice_end);
	f->counts.caught_up++;
	return true;
}

static void catch_up_one(void *ctx, struct stream *st)
{
	struct telling *t = ctx;

	if (catch_up_step(t->f, st, t->now) && st->cursor != t->f->told_n && st->waiting_n == 0)
		t->f->behind = true;
}

static void catch_up(struct feed *f, int64_t now)
{
	struct telling t = {.f = f, .now = now};

	f->behind = false;
	pthread_mutex_lock(&f->lock);
	streams_each(f->streams, catch_up_one, &t);
	forget_blocks(f);
	pthread_mutex_unlock(&f->lock);
}

/* To those who see everything: what the wall counts is other, ask anew. It has no id and says no
 * more, so that whoever misses one has missed nothing: they ask when they connect. */
static void wall_one(void *ctx, struct stream *st)
{
	char text[] = "event: wall\ndata: {}\n\n";
	struct telling *t = ctx;
	struct buf b = buf_over(text, sizeof text - 1);

	if (!(t->f->kind[st->group]->viewer.where & POLICY_WHERE_ANY))
		return;
	b.n = sizeof text - 1;
	if (say(st, &b, t->now) != ERR_OK)
		stream_end(st); /* it connects again, and asks */
}

static void tell_wall(struct feed *f, int64_t now)
{
	struct telling t = {.f = f, .now = now};

	pthread_mutex_lock(&f->lock);
	streams_each(f->streams, wall_one, &t);
	f->wall_due = false;
	pthread_mutex_unlock(&f->lock);
}

/* ---- coming and going ---- */

static const char head[] = "HTTP/1.1 200 OK\r\n"
			   "Content-Type: text/event-stream\r\n"
			   "Cache-Control: no-store\r\n"
			   "Connection: close\r\n"
			   "Content-Security-Policy: default-src 'none'\r\n"
			   "Cross-Origin-Resource-Policy: same-origin\r\n"
			   "Referrer-Policy: no-referrer\r\n"
			   "X-Accel-Buffering: no\r\n"
			   "X-Content-Type-Options: nosniff\r\n\r\n";

/* Is this an entry that the record has? Read only where it is beyond all changes of cases. */
static bool is_known(struct feed *f, uint64_t n)
{
	struct db_stmt *s;
	bool row = false;
	uint64_t last = 0;

	if (n <= queue_seen(f->queue))
		return true;
	s = db_stmt(f->db, SQL_entry_last);
	if (db_step(f->db, s, &row) == ERR_OK && row)
		last = db_u64(s, 0);
	db_done(s);
	return n <= last;
}

static void admit_one(struct feed *f, struct stream *st, int64_t now)
{
	char text[sizeof head + 128];
	struct buf b = buf_over(text, sizeof text);
	uint64_t since = st->cursor;
	bool load_anew =
	    since != NOW_CURSOR && (since < f->ring.forgotten_n || !is_known(f, since));

	buf_put_z(&b, head);
	put_retry(f, &b);
	if (since == NOW_CURSOR || load_anew || since > f->told_n)
		st->cursor = f->told_n;
	put_id(&b, st->cursor);
	buf_put_char(&b, '\n');
	if (say(st, &b, now) != ERR_OK)
		stream_end(st);
	else if (load_anew)
		reset(f, st, now);
}

static void admit(struct feed *f, int64_t now)
{
	struct stream *st;

	while ((st = streams_next_new(f->streams))) {
		/* a list may have been read from a later COMMIT than the one this thread saw */
		if (st->cursor != NOW_CURSOR && st->cursor > queue_seen(f->queue))
			follow(f, now);
		pthread_mutex_lock(&f->lock);
		admit_one(f, st, now);
		pthread_mutex_unlock(&f->lock);
	}
}

/* Connect again, with what this one was told last. */
static void bye(struct feed *f, struct stream *st, int64_t now)
{
	char text[96];
	struct buf b = buf_over(text, sizeof text);

	buf_put_z(&b, "event: bye\n");
	put_retry(f, &b);
	buf_put_z(&b, "data: {}\n\n");
	if (say(st, &b, now) != ERR_OK)
		stream_end(st); /* it is behind as it is */
}

static void renew_one(void *ctx, struct stream *st)
{
	struct telling *t = ctx;
	struct feed *f = t->f;
	bool ends = f->renew_all || t->now - st->since_us > FEED_LIFE_US;

	for (unsigned i = 0; i < f->renew_n; i++)
		ends = ends || f->renew[i] == st->account;
	if (!ends)
		return;
	if (f->renew_all)
		reset(f, st, t->now);
	bye(f, st, t->now);
	stream_end(st);
}

/* Those who signed out, those who were here for long enough. */
static void renew(struct feed *f, bool due, int64_t now)
{
	struct telling t = {.f = f, .now = now};

	pthread_mutex_lock(&f->lock);
	if (due || f->renew_n > 0 || f->renew_all)
		streams_each(f->streams, renew_one, &t);
	f->renew_n = 0;
	f->renew_all = false;
	pthread_mutex_unlock(&f->lock);
}

static void comment_one(void *ctx, struct stream *st)
{
	struct telling *t = ctx;
	char text[64];
	struct buf b = buf_over(text, sizeof text);

	if (st->cursor != t->f->told_n || st->waiting_n > 0)
		return; /* what it gets is sign enough */
	buf_put_z(&b, ":\n");
	put_id(&b, st->cursor);
	buf_put_char(&b, '\n');
	(void)!say(st, &b, t->now);
}

static void gone(void *ctx, struct stream *st)
{
	struct feed *f = ctx;

	pthread_mutex_lock(&f->lock);
	f->kind[st->group]->streams--;
	pthread_mutex_unlock(&f->lock);
}

static void round_of_streams(struct feed *f, int64_t now)
{
	struct telling t = {.f = f, .now = now};
	bool due = now >= f->comment_at_us;

	renew(f, due, now);
	if (due) {
		streams_each(f->streams, comment_one, &t);
		f->comment_at_us = now + FEED_COMMENT_US;
	}
	streams_tend(f->streams, now, gone, f);
}

/* ---- the thread ---- */

static int64_t sleep_us(const struct feed *f, int64_t now)
{
	bool more = f->told < f->ring.end;
	int64_t until = INT64_MAX;

	if (f->behind)
		return 0;
	if (f->look)
		until = f->look_at_us;
	if (more && (f->alert || f->tell_at_us < until))
		until = f->alert ? now : f->tell_at_us;
	if (streams_counts(f->streams).open > 0 && f->comment_at_us < until)
		until = f->comment_at_us;
	if (until == INT64_MAX)
		return -1;
	return until > now ? until - now : 0;
}

static bool is_stopping(struct feed *f)
{
	bool stopping;

	pthread_mutex_lock(&f->lock);
	stopping = f->stopping;
	pthread_mutex_unlock(&f->lock);
	return stopping;
}

static void step(struct feed *f, int64_t now)
{
	if (f->look && now >= f->look_at_us)
		follow(f, now);
	admit(f, now);
	if (f->wall_due)
		tell_wall(f, now);
	if (f->told < f->ring.end && (f->alert || now >= f->tell_at_us))
		tell(f, now);
	catch_up(f, now);
	round_of_streams(f, now);
}

static void bye_one(void *ctx, struct stream *st)
{
	struct telling *t = ctx;

	if (st->cursor == t->f->told_n)
		bye(t->f, st, t->now);
	else
		stream_end(st);
}

/* What was committed last, to everybody; then the end. */
static void last_round(struct feed *f)
{
	int64_t now = now_us(), until = now + LEAVE_US;
	struct telling t = {.f = f, .now = now};

	streams_refuse(f->streams);
	do
		follow(f, now);
	while (f->look && !f->failed);
	admit(f, now);
	while (f->told < f->ring.end)
		tell(f, now);
	do
		catch_up(f, now);
	while (f->behind);
	streams_each(f->streams, bye_one, &t);
	streams_tend(f->streams, now, gone, f);
	while (now < until && streams_counts(f->streams).waiting > 0) {
		streams_wait(f->streams, until - now);
		now = now_us();
		streams_tend(f->streams, now, gone, f);
	}
}

static void *run(void *ctx)
{
	struct feed *f = ctx;
	int64_t now = now_us();

	f->comment_at_us = now + FEED_COMMENT_US;
	while (!is_stopping(f)) {
		if (streams_wait(f->streams, sleep_us(f, now)))
			f->look = true;
		now = now_us();
		step(f, now);
	}
	last_round(f);
	return NULL;
}

/* ---- from other threads ---- */

void feed_wake(struct feed *f)
{
	if (f)
		streams_wake(f->streams);
}

/* The kind of this viewer, made where it is the first. */
static enum err kind_of(struct feed *f, const struct viewer *v, unsigned *ret)
{
	unsigned free_at = f->kinds_n;

	for (unsigned i = 0; i < f->kinds_n; i++) {
		if (f->kind[i]->streams == 0)
			free_at = i;
		else if (memcmp(&f->kind[i]->viewer, v, sizeof *v) == 0) {
			*ret = i;
			return ERR_OK;
		}
	}
	if (free_at == KINDS_MAX)
		return ERR_BUSY;
	if (free_at == f->kinds_n) {
		f->kind[free_at] = calloc(1, sizeof(struct feed_kind));
		if (!f->kind[free_at])
			return ERR_NO_MEMORY;
		f->kinds_n++;
	}
	f->kind[free_at]->viewer = *v;
	*ret = free_at;
	return ERR_OK;
}

enum err feed_take(struct feed *f, int fd, const struct api_stream *s)
{
	unsigned kind = 0;
	enum err e;

	pthread_mutex_lock(&f->lock);
	e = kind_of(f, &s->viewer, &kind);
	if (e == ERR_OK)
		e = streams_take(f->streams, fd, kind, s->account,
				 s->has_since ? s->since : NOW_CURSOR, now_us());
	if (e == ERR_OK)
		f->kind[kind]->streams++;
	pthread_mutex_unlock(&f->lock);
	return e;
}

void feed_renew(struct feed *f, uint64_t account)
{
	pthread_mutex_lock(&f->lock);
	if (account == 0 || f->renew_n == RENEW_MAX)
		f->renew_all = true;
	else
		f->renew[f->renew_n++] = account;
	pthread_mutex_unlock(&f->lock);
	streams_wake(f->streams);
}

struct feed_counts feed_counts(struct feed *f, int64_t at_us)
{
	struct feed_counts c;

	pthread_mutex_lock(&f->lock);
	c = f->counts;
	c.kinds = 0;
	for (unsigned i = 0; i < f->kinds_n; i++)
		c.kinds += f->kind[i]->streams > 0;
	queue_sums_seen(f->queue, at_us, &c.sums);
	pthread_mutex_unlock(&f->lock);
	c.streams = streams_counts(f->streams);
	return c;
}

/* ---- begin and end ---- */

static struct feed *release(struct feed *f)
{
	f->streams = streams_close(f->streams);
	for (unsigned i = 0; i < f->kinds_n; i++)
		free(f->kind[i]);
	feed_ring_fini(&f->ring);
	queue_close(f->queue);
	db_free(f->db);
	pthread_mutex_destroy(&f->lock);
	free(f);
	return NULL;
}

static enum err open_feed(struct feed *f)
{
	struct db_options o = {.vfs = f->o.vfs};

	TRY(streams_open(&f->streams));
	TRY(db_open(f->o.journal, DB_SCHEMA_journal, DB_READ, &o, &f->db));
	TRY(queue_open(f->db, &f->queue));
	TRY(feed_ring_init(&f->ring, f->db, queue_seen(f->queue),
			   f->o.behind_max ? f->o.behind_max : FEED_BEHIND_MAX));
	f->told = f->ring.end;
	f->told_n = queue_seen(f->queue);
	f->look = true; /* what was committed since */
	return ERR_OK;
}

enum err feed_start(const struct feed_options *o, struct feed **ret)
{
	struct feed *f = calloc(1, sizeof *f);
	enum err e;

	if (!f)
		return ERR_NO_MEMORY;
	f->o = *o;
	if (f->o.gather_us == 0)
		f->o.gather_us = FEED_GATHER_US;
	if (!f->o.may_see)
		f->o.may_see = viewer_may_see;
	f->random = (uint32_t)now_us();
	pthread_mutex_init(&f->lock, NULL);
	e = open_feed(f);
	if (e == ERR_OK && pthread_create(&f->thread, NULL, run, f) != 0)
		e = ERR_NO_MEMORY;
	if (e != ERR_OK) {
		release(f);
		return e;
	}
	*ret = f;
	return ERR_OK;
}

void feed_end(struct feed *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->stopping = true;
	pthread_mutex_unlock(&f->lock);
	streams_wake(f->streams);
	pthread_join(f->thread, NULL);
}

struct feed *feed_free(struct feed *f)
{
	return f ? release(f) : NULL;
}
