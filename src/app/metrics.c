/* The page of figures: one function a row of the table. */
#include "app/metrics.h"

#include "app/log.h"
#include "journal/outbox.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define REQUEST_STEPS 11u
#define STATUS_CLASSES 6u /* 0: went before its answer */

static const int64_t request_step_us[REQUEST_STEPS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000};

enum request_class { CLASS_READ, CLASS_WRITE, CLASS_PAGE, CLASS_STREAM, CLASS_NONE, CLASS_COUNT };

static const char *const class_names[CLASS_COUNT] = {"read", "write", "page", "stream", "none"};

struct metrics {
	struct {
		atomic_uint_fast64_t status[STATUS_CLASSES], step[REQUEST_STEPS + 1], us;
	} class_[CLASS_COUNT];
};

/* What one page is made from. */
struct figures {
	struct metrics *m;
	const struct metrics_sources *from;
	struct runner_counts runner;
	struct feed_counts feed;
	struct http_counts http;
	struct outbox_counts outbox[8];
	uint64_t mail_ended[EFFECT_ENDS];
	unsigned channels;
	int64_t key_copy_us; /* -1: not known */
	const char *name;    /* of the row at hand */
	struct buf *out;
};

struct metrics *metrics_new(void)
{
	return calloc(1, sizeof(struct metrics));
}

struct metrics *metrics_free(struct metrics *m)
{
	free(m);
	return NULL;
}

static enum request_class class_of(const struct http_seen *s)
{
	if (strcmp(s->operation, "-") == 0)
		return CLASS_NONE;
	if (strcmp(s->operation, "page") == 0)
		return CLASS_PAGE;
	if (strcmp(s->operation, "events") == 0)
		return CLASS_STREAM;
	return strcmp(s->method, "POST") == 0 ? CLASS_WRITE : CLASS_READ;
}

static void add(atomic_uint_fast64_t *to, uint64_t n)
{
	atomic_fetch_add_explicit(to, n, memory_order_relaxed);
}

static uint64_t get(atomic_uint_fast64_t *from)
{
	return atomic_load_explicit(from, memory_order_relaxed);
}

void metrics_request(struct metrics *m, const struct http_seen *s)
{
	unsigned status = s->status / 100 < (int)STATUS_CLASSES ? (unsigned)s->status / 100 : 0;
	enum request_class c = class_of(s);
	unsigned step = 0;

	if (!m)
		return;
	while (step < REQUEST_STEPS && s->us > request_step_us[step])
		step++;
	add(&m->class_[c].status[status], 1);
	add(&m->class_[c].step[step], 1);
	add(&m->class_[c].us, (uint64_t)(s->us > 0 ? s->us : 0));
}

/* ---- lines ---- */

static void put(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct buf *out, const char *format, ...)
{
	char line[256];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	buf_put(out, line, n > 0 && (size_t)n < sizeof line ? (size_t)n : 0);
}

static void put_one(struct figures *f, uint64_t v)
{
	put(f->out, "liren_%s %" PRIu64 "\n", f->name, v);
}

/* Counts of steps as the format has them: each with those below. `label` "" or `name="value",`. */
static void put_steps(struct figures *f, const char *label, const int64_t *step_us,
		      const uint64_t *count, unsigned steps, uint64_t sum_us)
{
	uint64_t sum = 0;
	int label_n = (int)strlen(label);

	for (unsigned i = 0; i < steps; i++) {
		sum += count[i];
		put(f->out, "liren_%s_bucket{%sle=\"%g\"} %" PRIu64 "\n", f->name, label,
		    (double)step_us[i] / 1e6, sum);
	}
	sum += count[steps];
	put(f->out, "liren_%s_bucket{%sle=\"+Inf\"} %" PRIu64 "\n", f->name, label, sum);
	label_n -= label_n > 0; /* without its comma */
	put(f->out, label_n ? "liren_%s_sum{%.*s} %g\n" : "liren_%s_sum%.*s %g\n", f->name,
	    label_n, label, (double)sum_us / 1e6);
	put(f->out, label_n ? "liren_%s_count{%.*s} %" PRIu64 "\n"
			    : "liren_%s_count%.*s %" PRIu64 "\n",
	    f->name, label_n, label, sum);
}

/* ---- rows of the table ---- */

static void put_commands(struct figures *f)
{
	for (unsigned k = 0; k < RUNNER_KINDS_MAX; k++)
		for (unsigned e = 0; e < RUNNER_RESULTS_MAX; e++)
			if (f->runner.result[k][e] > 0)
				put(f->out,
				    "liren_%s{kind=\"%s\",result=\"%s\"} %" PRIu64 "\n", f->name,
				    command_kind_name((enum command_kind)k),
				    err_info((enum err)e)->name, f->runner.result[k][e]);
}

static void put_requests(struct figures *f)
{
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned s = 0; s < STATUS_CLASSES; s++) {
			uint64_t n = get(&f->m->class_[c].status[s]);
			char status[4] = {(char)('0' + s), 'x', 'x', 0};
			if (n > 0)
				put(f->out,
				    "liren_%s{class=\"%s\",status=\"%s\"} %" PRIu64 "\n", f->name,
				    class_names[c], s ? status : "gone", n);
		}
}

static void put_request(struct figures *f)
{
	for (unsigned c = 0; c < CLASS_COUNT; c++) {
		uint64_t count[REQUEST_STEPS + 1], any = 0;
		char label[32];
		for (unsigned i = 0; i <= REQUEST_STEPS; i++)
			any += count[i] = get(&f->m->class_[c].step[i]);
		snprintf(label, sizeof label, "class=\"%s\",", class_names[c]);
		if (any > 0)
			put_steps(f, label, request_step_us, count, REQUEST_STEPS,
				  get(&f->m->class_[c].us));
	}
}

static void put_commit(struct figures *f)
{
	put_steps(f, "", runner_commit_step_us, f->runner.commit, RUNNER_COMMIT_STEPS,
		  (uint64_t)f->runner.commit_us);
}

static void put_outbox(struct figures *f)
{
	for (unsigned i = 0; i < f->channels; i++) {
		const char *channel = channel_info_at(i)->name;
		put(f->out, "liren_%s{channel=\"%s\",state=\"waiting\"} %" PRIu64 "\n", f->name,
		    channel, f->outbox[i].waiting);
		put(f->out, "liren_%s{channel=\"%s\",state=\"expired\"} %" PRIu64 "\n", f->name,
		    channel, f->outbox[i].expired);
	}
}

static void put_outbox_age(struct figures *f)
{
	for (unsigned i = 0; i < f->channels; i++) {
		int64_t oldest = f->outbox[i].oldest_us;
		int64_t age = oldest ? (f->from->now_us - oldest) / 1000000 : 0;
		put(f->out, "liren_%s{channel=\"%s\"} %" PRId64 "\n", f->name,
		    channel_info_at(i)->name, age);
	}
}

static void put_outbox_ended(struct figures *f)
{
	for (int end = EFFECT_UNCOUNTED + 1; end < EFFECT_ENDS; end++)
		put(f->out, "liren_%s{channel=\"%s\",end=\"%s\"} %" PRIu64 "\n", f->name,
		    channel_info(CHANNEL_MAIL)->name, effect_end_name((enum effect_end)end),
		    f->mail_ended[end]);
}

static void put_key_copy(struct figures *f)
{
	if (f->key_copy_us >= 0)
		put_one(f, (uint64_t)f->key_copy_us / 1000000);
}

static void put_memory(struct figures *f)
{
	unsigned long size = 0, resident = 0;
	FILE *statm = fopen("/proc/self/statm", "re");

	if (!statm)
		return;
	if (fscanf(statm, "%lu %lu", &size, &resident) == 2)
		put_one(f, (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE));
	fclose(statm);
}

static void put_cpu(struct figures *f)
{
	struct rusage u;

	if (getrusage(RUSAGE_SELF, &u) == 0)
		put(f->out, "liren_%s %.3f\n", f->name,
		    (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
			(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
}

static void put_writer_ok(struct figures *f)
{
	put_one(f, f->from->runner && runner_health(f->from->runner) == ERR_OK);
}

#define ONE(symbol, value)                                                                         \
	static void put_##symbol(struct figures *f)                                                \
	{                                                                                          \
		put_one(f, value);                                                                 \
	}
ONE(groups, f->runner.groups)
ONE(queue, f->runner.queued)
ONE(wal, f->runner.wal_bytes)
ONE(timers_late, f->feed.sums.late)
ONE(timers_stuck, f->runner.stuck)
ONE(open, f->feed.sums.open)
ONE(overdue, f->feed.sums.overdue)
ONE(due_soon, f->feed.sums.due_soon)
ONE(connections, f->http.connections)
ONE(late, f->http.late)
ONE(turned_away, f->http.turned_away)
ONE(streams, f->feed.streams.open)
ONE(streams_waiting, f->feed.streams.waiting)
ONE(streams_taken, f->feed.streams.taken)
ONE(streams_refused, f->feed.streams.refused)
ONE(streams_slow, f->feed.streams.slow_closed)
ONE(stream_kinds, f->feed.kinds)
ONE(feed_changes, f->feed.changes)
ONE(feed_blocks, f->feed.blocks)
ONE(feed_alerts, f->feed.alerts)
ONE(feed_resets, f->feed.resets)
ONE(log_dropped, log_dropped())

static const struct {
	const char *name, *type, *help;
	void (*put)(struct figures *f);
} table[] = {
#define METRIC(symbol, type, name, help) {name, #type, help, put_##symbol},
#include "metric_table.h"
#undef METRIC
};

/* ---- the page ---- */

static void look_at_outbox(struct figures *f)
{
	struct db *db = NULL;

	if (!f->from->journal ||
	    db_open(f->from->journal, DB_SCHEMA_journal, DB_READ, NULL, &db) != ERR_OK)
		return;
	for (unsigned i = 0; i < sizeof f->outbox / sizeof f->outbox[0] && channel_info_at(i); i++)
		if (outbox_counts(db, channel_info_at(i)->channel, &f->outbox[i]) == ERR_OK)
			f->channels = i + 1;
	for (int end = EFFECT_UNCOUNTED + 1; end < EFFECT_ENDS; end++)
		if (outbox_ended(db, CHANNEL_MAIL, (enum effect_end)end, &f->mail_ended[end]) !=
		    ERR_OK)
			break;
	db_free(db);
}

static void look_at_keys(struct figures *f)
{
	struct db_stmt *s;
	struct db *db = NULL;
	bool row = false;

	f->key_copy_us = -1;
	if (!f->from->keys || db_open(f->from->keys, DB_SCHEMA_keys, DB_READ, NULL, &db) != ERR_OK)
		return;
	s = db_stmt(db, SQL_keyring_get);
	if (db_step(db, s, &row) == ERR_OK && row)
		f->key_copy_us = db_i64(s, 1);
	db_done(s);
	db_free(db);
}

void metrics_put(struct metrics *m, const struct metrics_sources *sources, struct buf *out)
{
	struct figures *f = calloc(1, sizeof *f);

	if (!f) {
		out->over = true;
		return;
	}
	f->m = m;
	f->from = sources;
	f->out = out;
	if (sources->runner)
		f->runner = runner_counts(sources->runner);
	if (sources->feed)
		f->feed = feed_counts(sources->feed, sources->now_us);
	if (sources->http)
		f->http = http_counts(sources->http);
	look_at_outbox(f);
	look_at_keys(f);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		put(out, "# HELP liren_%s %s\n", table[i].name, table[i].help);
		put(out, "# TYPE liren_%s %s\n", table[i].name, table[i].type);
		f->name = table[i].name;
		table[i].put(f);
	}
	free(f);
}
