/* The writer's thread and the outbox's thread. */
#include "app/runner.h"

#include "app/demo_clock.h"
#include "app/kernel.h"
#include "app/log.h"
#include "app/wal_mover.h"
#include "base/check.h"
#include "base/ring.h"
#include "journal/outbox.h"
#include "service/attachments.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define OUTBOX_BATCH_MAX 64u
/* Commands of one COMMIT: each is answered when the last of them is durable, so that a larger group
 * makes all of them wait, and a smaller one pays a sync for fewer. */
#define RUNNER_GROUP_MAX 128u
#define OUTBOX_LOOK_EVERY_US 1000000 /* beside being woken after each group that put effects */
#define PAUSE_AFTER_FAILURE_US 100000
#define STOP_ROUNDS_MAX 16u /* batches of effects still delivered while stopping */

struct runner {
	const struct runner_options *options;
	struct runner_options options_copy;
	struct writer *writer; /* the writer's thread only, once it runs */
	struct kernel_entropy writer_random, outbox_random;
	struct entropy writer_entropy, outbox_entropy;
	struct keyring *outbox_keys; /* the outbox's thread only */
	struct db *outbox_db;
	struct demo_clock *demo; /* NULL: the store is none */
	struct wal_mover *mover;

	pthread_mutex_t lock;
	pthread_cond_t work;   /* for the writer */
	pthread_cond_t effect; /* for the outbox */
	pthread_t writer_thread, outbox_thread;
	void *slots[RUNNER_QUEUE_MAX];
	struct ring queue;
	bool stopping_outbox, stopping_writer;
	bool effects_waiting;
	bool held; /* effects wait for the writer, which merges */
	enum err health;
	struct runner_counts counts;
};

/* ---- the writer ---- */

static void deadline_in(int64_t us, struct timespec *ret)
{
	clock_gettime(CLOCK_MONOTONIC, ret);
	ret->tv_sec += us / 1000000;
	ret->tv_nsec += (us % 1000000) * 1000;
	if (ret->tv_nsec >= 1000000000) {
		ret->tv_nsec -= 1000000000;
		ret->tv_sec++;
	}
}

/* Wait for commands or for what is due; take up to a group. False: stopped, and the queue is empty.
 */
static bool next_group(struct runner *r, int64_t due_in_us, struct command **group, size_t *ret_n)
{
	struct timespec deadline;
	size_t n = 0;
	bool go_on;

	deadline_in(due_in_us, &deadline);
	pthread_mutex_lock(&r->lock);
	while (ring_count(&r->queue) == 0 && !r->stopping_writer)
		if (pthread_cond_timedwait(&r->work, &r->lock, &deadline) == ETIMEDOUT)
			break;
	while (n < RUNNER_GROUP_MAX && ring_count(&r->queue) > 0)
		group[n++] = ring_take(&r->queue);
	go_on = n > 0 || !r->stopping_writer;
	pthread_mutex_unlock(&r->lock);
	*ret_n = n;
	return go_on;
}

const int64_t runner_commit_step_us[RUNNER_COMMIT_STEPS] = {
    100,   250,	   500,	   1000,   2500,   5000,
    10000, 25000, 50000, 100000, 500000, 2500000};

static int64_t stopwatch_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Under the lock. */
static void count_group(struct runner *r, struct command **group, size_t n)
{
	unsigned step = 0;
	bool wrote;

	for (size_t i = 0; i < n; i++) {
		CHECK(group[i]->kind < RUNNER_KINDS_MAX &&
		      group[i]->answer.err < RUNNER_RESULTS_MAX);
		r->counts.result[group[i]->kind][group[i]->answer.err]++;
	}
	r->counts.commands += n;
	r->counts.groups += n > 0;
	wrote = db_wal_bytes(r->writer->db) != r->counts.wal_bytes;
	r->counts.wal_bytes = db_wal_bytes(r->writer->db);
	if (r->writer->commit_us == 0 || !wrote)
		return;
	while (step < RUNNER_COMMIT_STEPS && r->writer->commit_us > runner_commit_step_us[step])
		step++;
	r->counts.commit[step]++;
	r->counts.commit_us += r->writer->commit_us;
}

/* The group as a whole: what health says, and whether there are effects to deliver. */
static void after_group(struct runner *r, struct command **group, size_t n)
{
	enum err health = r->writer->clock.held ? ERR_CLOCK_HELD : r->writer->failed;
	bool effects = r->held && !r->writer->held.waiting;

	for (size_t i = 0; i < n; i++)
		effects = effects || ((group[i]->kind == COMMAND_ERASE_RECORD ||
				       group[i]->kind == COMMAND_ACCOUNT) &&
				      group[i]->answer.err == ERR_OK);
	pthread_mutex_lock(&r->lock);
	if (r->health != health)
		log_event(health == ERR_OK ? LOG_INFO_LEVEL : LOG_ERROR_LEVEL, "writer",
			  "state=%s detail=\"%s\"", err_info(health)->name,
			  r->writer->journal.stale ? db_message(r->writer->db) : "");
	r->health = health;
	if (r->counts.stuck != r->writer->timer_stuck_n)
		log_event(LOG_ERROR_LEVEL, "writer", "stuck_cases=%u", r->writer->timer_stuck_n);
	r->counts.stuck = r->writer->timer_stuck_n;
	count_group(r, group, n);
	r->held = r->writer->held.waiting;
	r->effects_waiting = r->effects_waiting || effects;
	if (effects)
		pthread_cond_signal(&r->effect);
	pthread_mutex_unlock(&r->lock);
}

/* With what was moved durable, and before its answer goes out. */
static void move_demo(struct runner *r, struct command **group, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (group[i]->kind == COMMAND_DEMO_CLOCK && group[i]->answer.err == ERR_OK)
			demo_clock_move(r->demo, group[i]->demo_clock.to_us);
}

static void *run_writer(void *ctx)
{
	struct runner *r = ctx;
	struct command *group[RUNNER_GROUP_MAX];
	size_t n = 0;
	int64_t due_us = 0;

	while (next_group(r, due_us, group, &n)) {
		uint64_t entries = r->writer->journal.n;
		writer_group(r->writer, group, n, runner_clock(r));
		move_demo(r, group, n);
		after_group(r, group, n);
		if (r->options->committed && r->writer->journal.n != entries)
			r->options->committed(r->options->ctx);
		for (size_t i = 0; i < n; i++)
			group[i]->done(group[i]);
		(void)wal_mover_look(r->mover);
		due_us = writer_due_in(r->writer, runner_clock(r));
		/* what is due and cannot be done is not tried without pause */
		if (due_us < PAUSE_AFTER_FAILURE_US && r->health != ERR_OK)
			due_us = PAUSE_AFTER_FAILURE_US;
	}
	return NULL;
}

enum err runner_submit(struct runner *r, struct command *c)
{
	enum err e = ERR_OK;

	CHECK(c->done);
	pthread_mutex_lock(&r->lock);
	if (r->stopping_writer)
		e = ERR_STOPPING;
	else if (!ring_put(&r->queue, c))
		e = ERR_BUSY;
	else
		pthread_cond_signal(&r->work);
	pthread_mutex_unlock(&r->lock);
	return e;
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t there;
	bool done;
};

static void wake_waiting(struct command *c)
{
	struct waiting *w = c->owner;

	pthread_mutex_lock(&w->lock);
	w->done = true;
	pthread_cond_signal(&w->there);
	pthread_mutex_unlock(&w->lock);
}

enum err runner_call(struct runner *r, struct command *c)
{
	struct waiting w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

	c->owner = &w;
	c->done = wake_waiting;
	TRY(runner_submit(r, c));
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.there, &w.lock);
	pthread_mutex_unlock(&w.lock);
	return c->answer.err;
}

enum err runner_health(struct runner *r)
{
	enum err e;

	pthread_mutex_lock(&r->lock);
	e = r->stopping_writer || r->stopping_outbox ? ERR_STOPPING : r->health;
	pthread_mutex_unlock(&r->lock);
	return e;
}

const _Atomic uint64_t *runner_accounts_generation(const struct runner *r)
{
	return &r->writer->accounts_generation;
}

struct clock_reading runner_clock(const struct runner *r)
{
	return r->demo ? demo_clock_now(r->demo) : kernel_clock();
}

uint32_t runner_demo_speed(const struct runner *r)
{
	return r->options->demo_speed;
}

struct runner_counts runner_counts(struct runner *r)
{
	struct runner_counts c;

	pthread_mutex_lock(&r->lock);
	c = r->counts;
	c.queued = (unsigned)ring_count(&r->queue);
	pthread_mutex_unlock(&r->lock);
	return c;
}

/* ---- the outbox ---- */

/* One channel, one function. */
static enum err deliver(struct runner *r, const struct effect *e)
{
	struct blob_store blobs = {.dir = r->options->attachments};

	switch (e->channel) {
	case CHANNEL_KEY_DESTROY:
		return keyring_destroy(r->outbox_keys, &e->arg, 1, kernel_clock().utc_us);
	case CHANNEL_FILE_REMOVE:
		return attachment_remove(r->outbox_db, r->outbox_keys, &blobs, e->arg);
	case CHANNEL_MAIL: /* in another lane */
		break;
	}
	return ERR_INTERNAL;
}

/* Deliver what is due, and record what became of it. True: there may be more. */
static bool outbox_round(struct runner *r)
{
	struct effect effects[OUTBOX_BATCH_MAX];
	/* a demo tries again whenever it looks: its clock may stand still */
	int64_t now_us = r->demo ? INT64_MAX : kernel_clock().utc_us;
	size_t n = 0;
	enum err e = outbox_due(r->outbox_db, now_us, effects, OUTBOX_BATCH_MAX, &n);

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		struct command c = {.kind = COMMAND_OUTBOX_RESULT};
		enum err failed = deliver(r, &effects[i]);
		if (failed != ERR_OK)
			log_event(LOG_WARN_LEVEL, "effect",
				  "channel=%s entry=%llu index=%u tries=%u error=%s",
				  channel_info(effects[i].channel)->name,
				  (unsigned long long)effects[i].n, effects[i].idx,
				  effects[i].tries + 1, err_info(failed)->name);
		c.outbox.effect = &effects[i];
		c.outbox.delivered = failed == ERR_OK;
		e = runner_call(r, &c);
	}
	if (e != ERR_OK && e != ERR_STOPPING)
		log_event(LOG_WARN_LEVEL, "outbox", "error=%s", err_info(e)->name);
	return e == ERR_OK && n == OUTBOX_BATCH_MAX;
}

static void *run_outbox(void *ctx)
{
	struct runner *r = ctx;
	struct timespec deadline;
	unsigned rounds_left = STOP_ROUNDS_MAX;
	bool stopping = false, held = false;
	enum err e = keyring_sync_copy(r->outbox_keys, kernel_clock().utc_us);

	/* the copy may have been away while keys were made or destroyed */
	if (e != ERR_OK)
		log_event(LOG_WARN_LEVEL, "key-copy", "error=%s", err_info(e)->name);

	while (!stopping || held || rounds_left-- > 0) {
		bool more = outbox_round(r);
		if (stopping && !more && !held)
			break;
		deadline_in(more ? 0 : OUTBOX_LOOK_EVERY_US, &deadline);
		pthread_mutex_lock(&r->lock);
		while (!r->effects_waiting && (!r->stopping_outbox || held))
			if (pthread_cond_timedwait(&r->effect, &r->lock, &deadline) == ETIMEDOUT)
				break;
		r->effects_waiting = false;
		stopping = r->stopping_outbox;
		held = stopping && r->options->finish && r->held && r->health == ERR_OK;
		pthread_mutex_unlock(&r->lock);
	}
	return NULL;
}

/* ---- begin and end ---- */

static enum err open_stores(struct runner *r)
{
	const struct runner_options *o = r->options;
	struct keyring_options ko = {.path = o->paths->keys,
				     .copy_path = o->paths->key_copy,
				     .vfs = o->paths->vfs,
				     .used_max = INT64_MAX / 2, /* it makes no keys */
				     .community_key = &o->secrets->community_key,
				     .entropy = &r->outbox_entropy};
	struct db_options db_o = {.vfs = o->paths->vfs};

	TRY(writer_open(o->paths, o->secrets, &r->writer_entropy, &r->writer));
	r->writer->stopwatch_us = stopwatch_us;
	if (r->writer->demo) {
		r->demo = demo_clock_new(r->writer->journal.last_at_us, o->demo_speed);
		if (!r->demo)
			return ERR_NO_MEMORY;
		r->writer->demo_goes = true;
		r->writer->demo_speed = o->demo_speed;
	}
	r->writer->mails = o->mails;
	if (o->take_up)
		r->writer->shelf = o->take_up(o->ctx, r->writer->db);
	r->held = r->writer->held.waiting;
	TRY(keyring_open(&ko, &r->outbox_keys));
	TRY(db_open(o->paths->journal, DB_SCHEMA_journal, DB_READ, &db_o, &r->outbox_db));
	return wal_mover_start(o->paths->journal, o->paths->vfs, r->writer->db, &r->mover);
}

static struct runner *release(struct runner *r)
{
	wal_mover_stop(r->mover);
	db_free(r->outbox_db);
	keyring_free(r->outbox_keys);
	writer_close(r->writer);
	demo_clock_free(r->demo);
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->work);
	pthread_cond_destroy(&r->effect);
	free(r);
	return NULL;
}

enum err runner_start(const struct runner_options *options, struct runner **ret)
{
	struct runner *r = calloc(1, sizeof *r);
	pthread_condattr_t attr;
	enum err e;

	if (!r)
		return ERR_NO_MEMORY;
	r->options_copy = *options;
	r->options = &r->options_copy;
	r->writer_entropy = kernel_entropy(&r->writer_random);
	r->outbox_entropy = kernel_entropy(&r->outbox_random);
	ring_init(&r->queue, r->slots, RUNNER_QUEUE_MAX);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->work, &attr);
	pthread_cond_init(&r->effect, &attr);
	pthread_condattr_destroy(&attr);
	e = open_stores(r);
	if (e != ERR_OK) {
		release(r);
		return e;
	}
	if (pthread_create(&r->writer_thread, NULL, run_writer, r) != 0) {
		release(r);
		return ERR_NO_MEMORY;
	}
	if (pthread_create(&r->outbox_thread, NULL, run_outbox, r) != 0) {
		r->stopping_writer = true;
		pthread_cond_signal(&r->work);
		pthread_join(r->writer_thread, NULL);
		release(r);
		return ERR_NO_MEMORY;
	}
	*ret = r;
	return ERR_OK;
}

struct runner *runner_stop(struct runner *r)
{
	enum err e;

	if (!r)
		return NULL;
	/* the outbox first: its results still go through the writer */
	pthread_mutex_lock(&r->lock);
	r->stopping_outbox = true;
	pthread_cond_signal(&r->effect);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->outbox_thread, NULL);
	pthread_mutex_lock(&r->lock);
	r->stopping_writer = true;
	pthread_cond_signal(&r->work);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->writer_thread, NULL);
	e = writer_sign(r->writer, runner_clock(r));
	if (e != ERR_OK)
		log_event(LOG_WARN_LEVEL, "last-checkpoint", "error=%s", err_info(e)->name);
	return release(r);
}
