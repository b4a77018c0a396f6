/* Effects, their retries and their end. */
#include "journal/outbox.h"

#include "base/check.h"

#define RETRY_FIRST_US 1000000
#define RETRY_MAX_US 600000000
#define RETRY_DOUBLINGS_MAX 10u

enum { STATE_WAITING = 0, STATE_EXPIRED = 1, STATE_HELD = 2 };

static const struct channel_info channel_rows[] = {
#define CHANNEL(symbol, number, name, lane, age, tries)                                            \
	{CHANNEL_##symbol, name, OUTBOX_LANE_##lane, age, tries},
#include "journal/channel_table.h"
#undef CHANNEL
};

const char *effect_end_name(enum effect_end end)
{
	static const char *const names[EFFECT_ENDS] = {[EFFECT_SENT] = "sent",
						       [EFFECT_UNREACHABLE] = "unreachable",
						       [EFFECT_ERASED] = "erased",
						       [EFFECT_REFUSED] = "refused",
						       [EFFECT_LEFT] = "left"};

	CHECK(end > EFFECT_UNCOUNTED && end < EFFECT_ENDS);
	return names[end];
}

const struct channel_info *channel_info_at(unsigned i)
{
	return i < sizeof channel_rows / sizeof channel_rows[0] ? &channel_rows[i] : NULL;
}

const struct channel_info *channel_info(enum channel c)
{
	for (unsigned i = 0; channel_info_at(i); i++)
		if (channel_rows[i].channel == c)
			return &channel_rows[i];
	return NULL;
}

enum err outbox_put(struct db *db, const struct effect *e)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_insert);
	const struct channel_info *c = channel_info(e->channel);

	CHECK(c);
	db_bind_u64(s, 1, e->n);
	db_bind_i64(s, 2, e->idx);
	db_bind_i64(s, 3, e->channel);
	db_bind_u64(s, 4, e->arg);
	db_bind_i64(s, 5, e->at_us);
	db_bind_i64(s, 6, e->held ? STATE_HELD : STATE_WAITING);
	db_bind_i64(s, 7, c->lane);
	return db_run(db, s);
}

enum err outbox_held(struct db *db, uint64_t *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_held);
	bool row = false;

	TRY(db_step(db, s, &row));
	*ret_n = row ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

enum err outbox_release(struct db *db, uint64_t n)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_release);

	db_bind_u64(s, 1, n);
	return db_run(db, s);
}

enum err outbox_due(struct db *db, int64_t now_us, struct effect *ret, size_t cap, size_t *ret_n)
{
	return outbox_due_in(db, OUTBOX_LANE_STORE, now_us, ret, cap, ret_n);
}

enum err outbox_due_in(struct db *db, enum outbox_lane lane, int64_t now_us, struct effect *ret,
		       size_t cap, size_t *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_due);
	size_t n = 0;
	bool row = false;

	db_bind_i64(s, 1, now_us);
	db_bind_u64(s, 2, cap);
	/* no retry is set further ahead than this: the clock stepped back since */
	db_bind_i64(s, 3, now_us < INT64_MAX - RETRY_MAX_US ? now_us + RETRY_MAX_US : INT64_MAX);
	db_bind_i64(s, 4, lane);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		CHECK(n < cap);
		ret[n++] = (struct effect){db_u64(s, 0),
					   (uint32_t)db_i64(s, 1),
					   (enum channel)db_i64(s, 2),
					   db_u64(s, 3),
					   db_i64(s, 4),
					   db_i64(s, 5),
					   (uint32_t)db_i64(s, 6),
					   false};
	}
	*ret_n = n;
	return ERR_OK;
}

enum err outbox_waits_for(struct db *db, enum channel c, uint64_t arg, bool *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_waits_for);
	bool row = false;

	db_bind_i64(s, 1, c);
	db_bind_u64(s, 2, arg);
	TRY(db_step(db, s, &row));
	db_done(s);
	*ret = row;
	return ERR_OK;
}

enum outbox_fate outbox_after_failure(const struct channel_info *c, const struct effect *e,
				      int64_t now_us, int64_t *ret_due_us)
{
	uint32_t doublings = e->tries < RETRY_DOUBLINGS_MAX ? e->tries : RETRY_DOUBLINGS_MAX;
	int64_t wait = (int64_t)RETRY_FIRST_US << doublings;

	if (c->tries_max > 0 && e->tries + 1 >= c->tries_max)
		return OUTBOX_EXPIRED;
	if (c->age_max_us > 0 && now_us - e->at_us >= c->age_max_us)
		return OUTBOX_EXPIRED;
	*ret_due_us = now_us + (wait < RETRY_MAX_US ? wait : RETRY_MAX_US);
	return OUTBOX_RETRY;
}

static enum err run_on(struct db *db, enum sql sql, const struct effect *e)
{
	struct db_stmt *s = db_stmt(db, sql);

	db_bind_u64(s, 1, e->n);
	db_bind_i64(s, 2, e->idx);
	return db_run(db, s);
}

enum err outbox_done(struct db *db, const struct effect *e)
{
	return run_on(db, SQL_outbox_done, e);
}

enum err outbox_end(struct db *db, const struct effect *e, enum effect_end end)
{
	struct db_stmt *s;

	TRY(outbox_done(db, e));
	if (end == EFFECT_UNCOUNTED)
		return ERR_OK;
	s = db_stmt(db, SQL_outbox_ended_add);
	db_bind_i64(s, 1, e->channel);
	db_bind_i64(s, 2, end);
	return db_run(db, s);
}

enum err outbox_ended(struct db *db, enum channel c, enum effect_end end, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_ended_get);
	bool row = false;

	db_bind_i64(s, 1, c);
	db_bind_i64(s, 2, end);
	TRY(db_step(db, s, &row));
	*ret = row ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

enum err outbox_failed(struct db *db, const struct effect *e, int64_t now_us)
{
	const struct channel_info *c = channel_info(e->channel);
	struct db_stmt *s;
	int64_t due = 0;

	CHECK(c);
	if (outbox_after_failure(c, e, now_us, &due) == OUTBOX_EXPIRED)
		return run_on(db, SQL_outbox_expire, e);
	s = db_stmt(db, SQL_outbox_retry);
	db_bind_u64(s, 1, e->n);
	db_bind_i64(s, 2, e->idx);
	db_bind_i64(s, 3, due);
	return db_run(db, s);
}

static enum err count(struct db *db, enum channel c, int state, uint64_t *ret_n,
		      int64_t *ret_oldest_us)
{
	struct db_stmt *s = db_stmt(db, SQL_outbox_count);
	bool row = false;

	db_bind_i64(s, 1, c);
	db_bind_i64(s, 2, state);
	TRY(db_step(db, s, &row));
	CHECK(row);
	*ret_n = db_u64(s, 0);
	*ret_oldest_us = db_i64(s, 1);
	db_done(s);
	return ERR_OK;
}

enum err outbox_counts(struct db *db, enum channel c, struct outbox_counts *ret)
{
	struct outbox_counts counts = {0};
	uint64_t held = 0;
	int64_t held_us = 0, ignored = 0;

	TRY(count(db, c, STATE_WAITING, &counts.waiting, &counts.oldest_us));
	TRY(count(db, c, STATE_HELD, &held, &held_us));
	TRY(count(db, c, STATE_EXPIRED, &counts.expired, &ignored));
	counts.waiting += held;
	if (held > 0 && (counts.oldest_us == 0 || held_us < counts.oldest_us))
		counts.oldest_us = held_us;
	*ret = counts;
	return ERR_OK;
}
