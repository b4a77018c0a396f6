/* Serve: api, http, runner and signals wired together. */
#include "app/serve.h"

#include "app/account_door.h"
#include "app/etc.h"
#include "app/feed.h"
#include "app/import_door.h"
#include "app/kernel.h"
#include "app/log.h"
#include "app/mailer.h"
#include "app/metrics.h"
#include "app/runner.h"
#include "app/setup.h"
#include "base/check.h"
#include "front.h"
#include "http/http.h"
#include "http/metrics.h"
#include "service/attachments.h"
#include "app/version.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define FILES_BESIDE_CONNECTIONS 128u
#define ETC_LINE_BYTES 800u /* what a line of the log has room for */

struct office {
	struct settings settings;
	struct store_paths paths;
	struct store_secrets secrets;
	struct runner *runner;
	struct door *import_door; /* NULL: no import finds the way in */
	struct door *account_door; /* likewise for orders about accounts */
	struct reader *reader;
	struct front front;      /* its shelves are there before the writer is */
	bool has_etc;
	bool etc_waits;          /* the clock was held when it should have been loaded */
	struct http *http;
	struct feed *_Atomic feed; /* NULL until it runs */
	struct mailer *_Atomic mailer; /* NULL: there is no mail */
	struct metrics *metrics;
	struct http_metrics *metrics_page; /* NULL: nobody watches */
	struct api api;
	struct kernel_entropy random;
	struct entropy entropy;
	int lock_fd;
};

static void failed(void *ctx, const char *error_id, enum err err, const char *operation)
{
	(void)ctx;
	log_event(LOG_ERROR_LEVEL, "refused", "operation=%s error=%s error_id=%s", operation,
		  err_info(err)->name, error_id);
}

/* ---- live changes ---- */

static void committed(void *ctx)
{
	struct office *o = ctx;

	feed_wake(o->feed);
	mailer_wake(o->mailer);
}

/* Who looks on, by the policy in force. */
static enum err viewer_of(void *ctx, struct api *api, struct api_call *call, struct api_stream *ret)
{
	(void)ctx;
	ret->account = call->actor.account;
	return api_viewer(api, call, &ret->viewer);
}

static void renew_streams(void *ctx, uint64_t account)
{
	const struct front *front = ctx;
	struct feed *feed = *front->feed;

	if (feed)
		feed_renew(feed, account);
}

static enum err take_stream(void *ctx, int fd, const struct api_stream *s)
{
	struct office *o = ctx;

	return o->feed ? feed_take(o->feed, fd, s) : ERR_STOPPING;
}

static void feed_state(void *ctx, enum err e)
{
	(void)ctx;
	log_event(e == ERR_OK ? LOG_INFO_LEVEL : LOG_ERROR_LEVEL, "feed", "state=%s",
		  err_info(e)->name);
}

/* ---- what is seen of requests ---- */

/* One line a request: what was asked for by its name, never by its path, which may hold a secret.
 */
static void request_seen(void *ctx, const struct http_seen *s)
{
	struct office *o = ctx;

	metrics_request(o->metrics, s);
	log_event(s->status >= 500 ? LOG_WARN_LEVEL : LOG_INFO_LEVEL, "request",
		  "method=%s operation=%s status=%d us=%lld bytes_in=%llu bytes_out=%llu%s%s",
		  s->method, s->operation, s->status, (long long)s->us,
		  (unsigned long long)s->bytes_in, (unsigned long long)s->bytes_out,
		  s->error_id[0] ? " error_id=" : "", s->error_id);
}

static void put_metrics(void *ctx, struct buf *out)
{
	struct office *o = ctx;
	struct metrics_sources m = {
	    .runner = o->runner,
	    .http = o->http,
	    .feed = o->feed,
	    .journal = o->settings.journal,
	    .keys = o->settings.keys_db,
	    .now_us = runner_clock(o->runner).utc_us,
	};

	metrics_put(o->metrics, &m, out);
}

/* Room for every connection; where the limit cannot be raised the kernel refuses the rest. */
static void raise_file_limit(void)
{
	struct rlimit limit;
	rlim_t wanted = HTTP_CONNECTIONS_MAX + STREAMS_MAX + METRICS_CONNECTIONS_MAX +
			FILES_BESIDE_CONNECTIONS;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
		log_event(LOG_WARN_LEVEL, "files", "limit=%llu wanted=%llu",
			  (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
}

/* An operator confirms the clock: from the command line at start, or by SIGUSR1 from `liren clock
 * confirm`. */
static void confirm_clock(struct office *o)
{
	char account[128], entry[ANSWER_ENTRY_OVERHEAD];
	struct command c = {.kind = COMMAND_CONFIRM_CLOCK};
	enum err e;

	operator_account(account, sizeof account);
	c.account = str_of(account);
	c.answer.entry = buf_over(entry, sizeof entry);
	e = runner_call(o->runner, &c);
	log_event(e == ERR_OK ? LOG_INFO_LEVEL : LOG_WARN_LEVEL, "clock-confirm", "result=%s",
		  err_info(e)->name);
}

static struct etc_options etc_options_of(const struct office *o, struct db *db)
{
	return (struct etc_options){.settings = &o->settings, .db = db};
}

static void log_etc_failure(const char *what, enum err e,
			    const struct config_shelf_failure *failure)
{
	char text[ETC_LINE_BYTES];
	struct buf b = buf_over(text, sizeof text - 1);

	etc_put_failure(e, failure, LANG_EN, &b);
	text[b.n] = 0;
	for (char *quote = text; (quote = strchr(quote, '"'));)
		*quote = '\'';
	log_event(LOG_ERROR_LEVEL, "etc", "state=%s error=%s detail=\"%s\"", what,
		  err_info(e)->name, text);
}

/* The set in force, from the store: what the office works by, whatever etc/ says. */
static const struct cases_shelf *take_up_etc(void *ctx, struct db *db)
{
	struct office *o = ctx;
	struct etc_options eo = etc_options_of(o, db);
	struct config_shelf_failure *failure = calloc(1, sizeof *failure);
	struct etc_shelf *shelf = NULL;
	enum err e = failure ? etc_in_force(&eo, &shelf, failure) : ERR_NO_MEMORY;

	if (e == ERR_OK)
		e = shelves_put(o->front.shelves, shelf);
	if (e != ERR_OK) {
		shelf = etc_shelf_free(shelf);
		if (e != ERR_NOT_FOUND)
			log_etc_failure("not-taken-up", e, failure);
	}
	free(failure);
	o->has_etc = shelf != NULL;
	return shelf ? &shelf->shelf : NULL;
}

static enum err call_runner(void *ctx, struct command *c)
{
	return runner_call(ctx, c);
}

/* etc/ as it is now comes into force, as a whole or not at all. */
static enum err load_etc(struct office *o, struct config_shelf_failure *failure)
{
	struct etc_loaded loaded = {0};
	struct etc_shelf *shelf = NULL;
	char account[128];
	struct db *db = NULL; /* the reader is the http thread's */
	enum err e = db_open(o->paths.journal, DB_SCHEMA_journal, DB_READ, NULL, &db);

	operator_account(account, sizeof account);
	if (e == ERR_OK) {
		struct etc_options eo = etc_options_of(o, db);
		e = etc_load(&eo, call_runner, o->runner, str_of(account), &shelf, &loaded,
			     failure);
	}
	db_free(db);
	o->etc_waits = e == ERR_CLOCK_HELD;
	if (e == ERR_NOT_FOUND && failure->cases.problem.err == ERR_OK) {
		log_event(LOG_WARN_LEVEL, "etc", "state=none");
		return e;
	}
	if (e != ERR_OK) {
		log_etc_failure("refused", e, failure);
		return e;
	}
	/* the writer has the new one since its COMMIT, and looks at the one before no more */
	CHECK(shelves_put(o->front.shelves, shelf) == ERR_OK);
	o->has_etc = true;
	if (loaded.n != 0 && o->feed)
		feed_renew(o->feed, 0); /* who may see what may be another thing now */
	log_event(LOG_INFO_LEVEL, "etc",
		  "state=%s loaded=%u withdrawn=%u entry=%llu files=%u bytes=%zu",
		  loaded.n ? "loaded" : "same", loaded.loaded, loaded.withdrawn,
		  (unsigned long long)loaded.n, shelf->shelf.files_n, shelf->bytes);
	return ERR_OK;
}

/* An office that has a set in force works on by it. One that has none does not start where etc/ is
 * wrong; where it is empty, cases have to wait for SIGHUP. */
static enum err start_etc(struct office *o, struct problem *p)
{
	struct config_shelf_failure *failure = calloc(1, sizeof *failure);
	enum err e = failure ? load_etc(o, failure) : ERR_NO_MEMORY;

	bool has_place = failure && failure->cases.problem.err != ERR_OK;
	if (o->has_etc || e == ERR_CLOCK_HELD || (e == ERR_NOT_FOUND && !has_place))
		e = ERR_OK;
	if (e != ERR_OK && has_place && p)
		*p = failure->cases.problem;
	free(failure);
	return e;
}

/* By SIGHUP. */
static void reload_etc(struct office *o)
{
	struct config_shelf_failure *failure = calloc(1, sizeof *failure);

	if (failure)
		(void)load_etc(o, failure);
	free(failure);
}

/* Files of attachments whose command never came to its end, most likely in a power cut. */
static void sweep_attachments(struct office *o)
{
	struct blob_store store = {.dir = o->settings.attachments};
	struct blob_swept swept = {0};
	struct db *db = NULL;
	enum err e = db_open(o->settings.journal, DB_SCHEMA_journal, DB_READ, NULL, &db);

	if (e == ERR_OK)
		e = attachments_sweep(db, &store, kernel_clock().utc_us / 1000000, &swept);
	db_free(db);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		log_event(LOG_WARN_LEVEL, "sweep", "error=%s", err_info(e)->name);
	else if (swept.removed + swept.unfinished > 0)
		log_event(LOG_INFO_LEVEL, "sweep", "named=%llu removed=%llu unfinished=%llu",
			  (unsigned long long)swept.named, (unsigned long long)swept.removed,
			  (unsigned long long)swept.unfinished);
}

/* An office without them serves all the same: such orders then wait until it is stopped. */
static void open_doors(struct office *o)
{
	enum err e = import_door_open(&o->settings, o->runner, &o->import_door);

	if (e != ERR_OK)
		log_event(LOG_WARN_LEVEL, "import-door", "error=%s", err_info(e)->name);
	e = account_door_open(&o->settings, o->runner, &o->account_door);
	if (e != ERR_OK)
		log_event(LOG_WARN_LEVEL, "account-door", "error=%s", err_info(e)->name);
}

static void wait_for_stop(struct office *o, const sigset_t *signals)
{
	for (;;) {
		int number = 0;
		CHECK(sigwait(signals, &number) == 0);
		if (number == SIGTERM || number == SIGINT)
			return;
		if (number == SIGUSR1)
			confirm_clock(o);
		if (number == SIGHUP || o->etc_waits)
			reload_etc(o);
	}
}

static enum err port_problem(struct problem *p, const struct serve_options *so, enum err e)
{
	char port[8];
	struct str arg = str_of(so->address);

	snprintf(port, sizeof port, "%u", so->port);
	if (e == ERR_LOCKED)
		arg = str_of(port);
	return problem_set(p, e, STR(""), e == ERR_LOCKED ? MSG_PORT_TAKEN : MSG_ADDRESS_WRONG,
			   &arg, 1);
}

static enum err metrics_problem(struct problem *p, const struct serve_options *so, enum err e)
{
	struct str arg = str_of(so->metrics);

	return problem_set(p, e, STR(""), MSG_ADDRESS_WRONG, &arg, 1);
}

static enum err take_lock(struct office *o, struct problem *p)
{
	char pid_text[16];
	int pid = 0;
	enum err e = store_lock(&o->settings, &o->lock_fd, &pid);
	struct str args[2] = {str_of(o->settings.dir), {0}};

	if (e == ERR_OK)
		return ERR_OK;
	snprintf(pid_text, sizeof pid_text, "%d", pid);
	args[1] = str_of(pid_text);
	if (e == ERR_LOCKED)
		return problem_set(p, e, STR(""), MSG_STORE_LOCKED, args, 2);
	return problem_set(p, e, STR(""),
			   e == ERR_NOT_FOUND ? MSG_STORE_MISSING : MSG_FOLDER_UNUSABLE, args, 1);
}

static enum err start_mail(struct office *o, struct problem *p)
{
	const struct mailer_options mo = {.paths = &o->paths,
					  .secrets = &o->secrets,
					  .mail = &o->settings.mail,
					  .runner = o->runner,
					  .shelves = o->front.shelves};
	struct mailer *mailer = NULL;

	if (!o->settings.mail.is_set)
		return ERR_OK;
	TRY(mailer_start(&mo, &mailer, p));
	o->mailer = mailer;
	return ERR_OK;
}

static enum err open_office(struct office *o, const struct serve_options *so, struct problem *p)
{
	struct runner_options ro = {&o->paths, &o->secrets, take_up_etc, o,
				    o->settings.attachments, false, committed,
				    so->demo_speed, o->settings.mail.is_set};
	struct http_options ho = {so->address, so->port,     &o->api,
				  take_stream, request_seen, o,
				  o->settings.behind_tls};
	struct feed_options fo = {.journal = o->paths.journal, .state = feed_state, .ctx = o};
	struct feed *feed = NULL;
	struct str dir = str_of(o->settings.dir);
	enum err e;

	TRY(take_lock(o, p));
	if (!setup_has_store(&o->settings))
		return problem_set(p, ERR_NOT_FOUND, STR(""), MSG_STORE_MISSING, &dir, 1);
	o->front.feed = &o->feed;
	o->front.shelves = shelves_new();
	if (!o->front.shelves)
		return ERR_NO_MEMORY;
	TRY(secrets_load(&o->settings, &o->secrets, p));
	TRY(runner_start(&ro, &o->runner));
	TRY(reader_open(&o->paths, &o->secrets, &o->reader));
	if (so->demo && !o->reader->community.demo)
		return problem_set(p, ERR_FORBIDDEN, STR(""), MSG_NOT_A_DEMO, &dir, 1);
	TRY(feed_start(&fo, &feed));
	o->feed = feed;
	TRY(start_mail(o, p));
	o->metrics = metrics_new();
	if (!o->metrics)
		return ERR_NO_MEMORY;
	o->api = (struct api){.viewer = viewer_of,
			      .renew = renew_streams,
			      .failed = failed,
			      .ctx = &o->front,
			      .version = LIREN_VERSION,
			      .behind_tls = o->settings.behind_tls};
	TRY(front_start(&o->front, o->runner, o->reader, o->settings.attachments, &o->entropy,
			&o->api));
	api_wipe_json();
	if (so->metrics) {
		e = http_metrics_start(so->metrics, put_metrics, o, &o->metrics_page);
		if (e != ERR_OK)
			return metrics_problem(p, so, e);
	}
	e = http_start(&ho, &o->http);
	return e == ERR_OK ? ERR_OK : port_problem(p, so, e);
}

static void close_office(struct office *o)
{
	struct feed *feed = o->feed;
	struct mailer *mailer = o->mailer;

	door_close(o->import_door);
	door_close(o->account_door);
	http_metrics_stop(o->metrics_page);
	http_stop(o->http);
	o->feed = NULL; /* the writer's thread may still wake it: it is freed behind the writer */
	if (o->runner) {
		struct runner_counts n = runner_counts(o->runner);
		log_event(LOG_INFO_LEVEL, "drained", "commands=%llu groups=%llu wal_bytes=%llu",
			  (unsigned long long)n.commands, (unsigned long long)n.groups,
			  (unsigned long long)n.wal_bytes);
	}
	mailer_end(mailer);
	feed_end(feed);
	front_stop(&o->front, &o->api);
	runner_stop(o->runner);
	feed_free(feed);
	mailer_free(mailer);
	metrics_free(o->metrics);
	front_free(&o->front);
	reader_close(o->reader);
	seal_wipe(&o->secrets, sizeof o->secrets);
	if (o->lock_fd >= 0)
		close(o->lock_fd);
	free(o);
}

enum err serve(const struct serve_options *so, struct problem *problem)
{
	struct office *o = calloc(1, sizeof *o);
	struct sigaction as_ever = {.sa_handler = SIG_DFL}, pass_over = {.sa_handler = SIG_IGN};
	sigset_t signals, before;
	enum err e;

	if (!o)
		return ERR_NO_MEMORY;
	o->lock_fd = -1;
	o->settings = *so->settings;
	o->paths = settings_paths(&o->settings);
	o->entropy = kernel_entropy(&o->random);
	raise_file_limit();
	/* every thread that starts from here leaves these to sigwait */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGUSR1);
	if (!so->demo) /* one in a terminal ends with it */
		sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	sigaction(SIGUSR1, &as_ever, NULL);
	sigaction(SIGHUP, &as_ever, NULL);
	/* whoever read the log may have gone */
	sigaction(SIGPIPE, &pass_over, NULL);
	e = open_office(o, so, problem);
	if (e == ERR_OK) {
		if (so->confirm_clock)
			confirm_clock(o);
		e = start_etc(o, problem);
	}
	if (e == ERR_OK) {
		open_doors(o);
		log_event(LOG_INFO_LEVEL, "started", "port=%u community=%012llu metrics=%u",
			  http_port(o->http), (unsigned long long)o->reader->community.code,
			  o->metrics_page ? http_metrics_port(o->metrics_page) : 0);
		printf("listening on http://localhost:%u\n", http_port(o->http));
		fflush(stdout);
		sweep_attachments(o);
		if (so->ready)
			e = so->ready(so->ctx, http_port(o->http));
		if (e == ERR_OK)
			wait_for_stop(o, &signals);
		if (so->stopping)
			so->stopping(so->ctx);
		log_event(LOG_INFO_LEVEL, "stopping", "reason=signal");
	}
	close_office(o);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return e;
}
