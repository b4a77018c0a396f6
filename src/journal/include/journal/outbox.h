/* Effects on their way out, written in the transaction of the entry that caused them and delivered
 * at least once after it. Every channel has an age and a number of tries; beyond them an effect
 * ends as expired: kept, counted and shown. */
#ifndef LIREN_JOURNAL_OUTBOX_H
#define LIREN_JOURNAL_OUTBOX_H

#include "base/err.h"
#include "db/db.h"

enum channel {
#define CHANNEL(symbol, number, name, lane, age_max_us, tries_max) CHANNEL_##symbol = (number),
#include "journal/channel_table.h"
#undef CHANNEL
};

/* Each is delivered by a thread of its own and never waits for the other. The numbers stand in rows. */
enum outbox_lane {
	OUTBOX_LANE_STORE = 0, /* keys and files: delivered within the store */
	OUTBOX_LANE_MAIL = 1,
};

/* How an effect ended, where that is counted by channel; numbers stand in rows. */
enum effect_end {
	EFFECT_UNCOUNTED = 0,
	EFFECT_SENT = 1,	/* taken by the server */
	EFFECT_UNREACHABLE = 2, /* the recipient left no address for it */
	EFFECT_ERASED = 3,	/* what it was about, or whom, is erased */
	EFFECT_REFUSED = 4,	/* the server will not take it, now or later */
	EFFECT_LEFT = 5,	/* over the cap of a day: left to the page */
	EFFECT_ENDS
};
const char *effect_end_name(enum effect_end end); /* of a counted one */

struct channel_info {
	enum channel channel;
	const char *name;
	enum outbox_lane lane;
	int64_t age_max_us; /* 0: no cap; the effect must happen */
	uint32_t tries_max; /* 0: no cap */
};

const struct channel_info *channel_info(enum channel c); /* NULL: no such channel */
const struct channel_info *channel_info_at(unsigned i);  /* NULL past the end */

struct effect {
	uint64_t n;   /* entry */
	uint32_t idx; /* index within the entry's effects */
	enum channel channel;
	uint64_t arg;
	int64_t at_us, due_us;
	uint32_t tries;
	bool held; /* put, but not due before outbox_release */
};

enum err outbox_put(struct db *db, const struct effect *e) MUST_CHECK;

/* The newest entry that has held effects; 0: none. */
enum err outbox_held(struct db *db, uint64_t *ret_n) MUST_CHECK;
/* Those of entries up to n are due from now on. */
enum err outbox_release(struct db *db, uint64_t n) MUST_CHECK;

/* Effects of the store's own lane due at now_us, oldest first, those of one entry in the order of
 * their index; at most cap. Held ones are not among them. */
enum err outbox_due(struct db *db, int64_t now_us, struct effect *ret, size_t cap,
		    size_t *ret_n) MUST_CHECK;
/* The same of any lane. */
enum err outbox_due_in(struct db *db, enum outbox_lane lane, int64_t now_us, struct effect *ret,
		       size_t cap, size_t *ret_n) MUST_CHECK;

/* Does an effect on this wait, held or not? O(effects): they are few. */
enum err outbox_waits_for(struct db *db, enum channel c, uint64_t arg, bool *ret) MUST_CHECK;

enum outbox_fate {
	OUTBOX_RETRY,
	OUTBOX_EXPIRED,
};

/* What becomes of an effect whose delivery failed at now_us, and when it is tried again: after 1 s,
 * doubling, at most every 10 minutes. Pure. */
enum outbox_fate outbox_after_failure(const struct channel_info *c, const struct effect *e,
				      int64_t now_us, int64_t *ret_due_us);

/* Record what became of it; within the caller's transaction. */
enum err outbox_done(struct db *db, const struct effect *e) MUST_CHECK;
enum err outbox_failed(struct db *db, const struct effect *e, int64_t now_us) MUST_CHECK;
/* Over, and counted as `end` (EFFECT_UNCOUNTED: only over). */
enum err outbox_end(struct db *db, const struct effect *e, enum effect_end end) MUST_CHECK;
/* How many effects of a channel ended so. */
enum err outbox_ended(struct db *db, enum channel c, enum effect_end end,
		      uint64_t *ret) MUST_CHECK;

struct outbox_counts {
	uint64_t waiting, expired; /* held ones wait, too */
	int64_t oldest_us; /* of those waiting; 0: none */
};
enum err outbox_counts(struct db *db, enum channel c, struct outbox_counts *ret) MUST_CHECK;

#endif
