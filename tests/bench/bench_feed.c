/* Live changes to 2,000 clients while 200 cases a second change, each figure beside its limit: what
 * the clients cost is this process with them less this process without them. Viewers of 40 kinds,
 * all of whom see all. usage: bench_feed PATH-OF-sse */
#include "cases.h"

#include "app/feed.h"
#include "app/kernel.h"
#include "app/runner.h"
#include "http/http.h"
#include "town.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define CLIENTS 2000u
#define CASES 2000u
#define KINDS 40u
#define PER_SECOND 200u
#define SECONDS 8u
#define TIMES 65536u

extern char **environ;

struct order {
	struct command c;
	struct case_order o;
	struct case_input in;
};

static struct {
	struct test_cases t;
	struct runner *runner;
	struct feed *feed;
	struct http *http;
	struct reader *reader;
	struct kernel_entropy random;
	struct entropy entropy;
	struct api api;
	uint64_t id[CASES];
	struct order order[PER_SECOND * SECONDS];
	atomic_uint done, failed;
	atomic_uint_fast64_t last;
	int64_t *times;
	atomic_uint viewers;
} g;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static const struct cases_shelf *take_up(void *ctx, struct db *db)
{
	(void)ctx;
	(void)db;
	return &g.t.shelf->shelf;
}

static void committed(void *ctx)
{
	(void)ctx;
	feed_wake(g.feed);
}

static enum err viewer_of(void *ctx, struct api *api, struct api_call *call, struct api_stream *ret)
{
	(void)api;
	(void)ctx;
	(void)api;
	(void)call;
	memset(&ret->viewer, 0, sizeof ret->viewer);
	ret->viewer.where = POLICY_WHERE_ANY;
	ret->account = 0;
	snprintf(ret->viewer.role, sizeof ret->viewer.role, "post-%u",
		 atomic_fetch_add(&g.viewers, 1) % KINDS);
	return ERR_OK;
}

/* Whoever asks is a duty officer of the shipped policy. */
static enum err authenticate(void *ctx, struct api_call *call)
{
	(void)ctx;
	call->actor.kind = API_STAFF;
	call->actor.account = call->actor.session = 1;
	call->actor.role = STR("duty_officer");
	return ERR_OK;
}

static const struct cases_shelf *hold_shelf(void *ctx, void **ret_hold)
{
	(void)ctx;
	*ret_hold = NULL;
	return &g.t.shelf->shelf;
}

static void release_shelf(void *hold)
{
	(void)hold;
}

static int64_t utc_now(void *ctx)
{
	(void)ctx;
	return kernel_clock().utc_us;
}

static struct clock_reading clock_now(void *ctx)
{
	(void)ctx;
	return kernel_clock();
}

static enum err take_stream(void *ctx, int fd, const struct api_stream *s)
{
	(void)ctx;
	return feed_take(g.feed, fd, s);
}

static void order_done(struct command *c)
{
	if (c->answer.err == ERR_OK) {
		g.times[c->answer.n % TIMES] = now_us();
		atomic_store(&g.last, c->answer.n);
	} else {
		atomic_fetch_add(&g.failed, 1);
	}
	atomic_fetch_add(&g.done, 1);
}

static void open_store(void)
{
	struct test_cases *t = &g.t;

	test_store_init(&t->store, NULL);
	t->store.now = kernel_clock();
	assert_ok(test_store_create(&t->store));
	snprintf(t->files, sizeof t->files, "%s/attachments", t->store.dir);
	assert_int_equal(mkdir(t->files, 0700), 0);
	t->w = test_store_open(&t->store);
	t->shelf = test_shelf_new();
	for (unsigned i = 0; i < t->shelf->options.sources_n; i++)
		t->shelf->v[i].n = 0;
	test_shelf_good(t->shelf);
	cases_load_files(t);
	for (unsigned i = 0; i < CASES; i++) {
		t->order = (struct case_order){.kind = CASE_HAND_IN,
					       .hand = CASE_HAND_ACCOUNT,
					       .role = STR("intake"),
					       .unit = STR("DESK"),
					       .account = STR("desk-1"),
					       .type = STR("resident-request"),
					       .has_at = true,
					       .at = {225400000, 1140000000}};
		assert_ok(cases_call(t, FIELDS("place", "0", "text", "灯不亮", "channel", "phone",
					       "has_reporter", "yes", "drill", "no")));
		g.id[i] = t->order.ret_id;
		cases_must(t, g.id[i], "open", "intake", "desk-1", FIELDS("category", "0102"));
		cases_must(t, g.id[i], "dispatch", "dispatcher", "desk-2",
			   FIELDS("lead_unit", "URB"));
	}
	t->w = writer_close(t->w);
}

static void start(void)
{
	struct runner_options ro = {.paths = &g.t.store.paths,
				    .secrets = &g.t.store.secrets,
				    .take_up = take_up,
				    .attachments = g.t.files,
				    .committed = committed};
	struct feed_options fo = {.journal = g.t.store.journal};
	struct http_options ho = {.address = "127.0.0.1",
				  .api = &g.api,
				  .take_stream = take_stream};
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	g.entropy = kernel_entropy(&g.random);
	must(feed_start(&fo, &g.feed), "the feed");
	must(runner_start(&ro, &g.runner), "the writer");
	must(reader_open(&g.t.store.paths, &g.t.store.secrets, &g.reader), "a reader");
	g.api = (struct api){
	    .reader = g.reader,
	    .viewer = viewer_of,
	    .authenticate = authenticate,
	    .hold_shelf = hold_shelf,
	    .release_shelf = release_shelf,
	    .now = utc_now,
	    .clock = clock_now,
	    .entropy = &g.entropy, .version = "bench"};
	must(http_start(&ho, &g.http), "http");
}

/* PER_SECOND messages a second on the cases, one after the other. */
static void change(void)
{
	int64_t from = now_us();
	unsigned n = PER_SECOND * SECONDS;

	atomic_store(&g.done, 0);
	for (unsigned i = 0; i < n; i++) {
		struct order *o = &g.order[i];
		int64_t due = from + (int64_t)i * 1000000 / PER_SECOND, wait = due - now_us();
		struct timespec pause = {0, wait > 0 ? wait * 1000 : 0};
		if (wait > 0)
			nanosleep(&pause, NULL);
		memset(o, 0, sizeof *o);
		o->in = (struct case_input){STR("message"), STR("今天下午到场")};
		o->o = (struct case_order){.kind = CASE_DO,
					   .hand = CASE_HAND_ACCOUNT,
					   .role = STR("duty_officer"),
					   .account = STR("desk-1"),
					   .id = g.id[i % CASES],
					   .command = STR("message"),
					   .fields = &o->in,
					   .fields_n = 1};
		o->c.kind = COMMAND_CASE;
		o->c.cases.order = &o->o;
		o->c.answer.remedy = MSG_COUNT;
		o->c.done = order_done;
		must(runner_submit(g.runner, &o->c), "a change");
	}
	while (atomic_load(&g.done) < n) {
		struct timespec pause = {0, 1000000};
		nanosleep(&pause, NULL);
	}
	if (atomic_load(&g.failed) > 0)
		must(ERR_INTERNAL, "some change");
}

static double cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double resident_mb(void)
{
	unsigned long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static pid_t start_clients(const char *program, const char *times, FILE **ret_out)
{
	posix_spawn_file_actions_t actions;
	char port[8], clients[8], seconds[8], line[16];
	char *argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)"--port", port,
			(char *)(uintptr_t)"--clients", clients, (char *)(uintptr_t)"--seconds",
			seconds, (char *)(uintptr_t)"--times", (char *)(uintptr_t)times, NULL};
	int out[2];
	pid_t pid;

	snprintf(port, sizeof port, "%u", http_port(g.http));
	snprintf(clients, sizeof clients, "%u", CLIENTS);
	snprintf(seconds, sizeof seconds, "%u", SECONDS + 3);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	assert_int_equal(posix_spawn(&pid, program, &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	*ret_out = fdopen(out[0], "r");
	assert_non_null(fgets(line, sizeof line, *ret_out)); /* "open" */
	while (feed_counts(g.feed, 0).streams.open < CLIENTS) {
		struct timespec pause = {0, 1000000};
		nanosleep(&pause, NULL);
	}
	return pid;
}

static double number(const char *json, const char *name)
{
	const char *at = strstr(json, name);

	return at ? strtod(at + strlen(name) + 2, NULL) : -1;
}

int main(int argc, char **argv)
{
	char file[64], line[512] = "";
	double alone, with, before_mb, mb;
	FILE *out = NULL;
	int fd, status = 0;
	pid_t pid;

	if (argc != 2)
		return 2;
	db_process_init();
	snprintf(file, sizeof file, "/tmp/liren-feed-times-%d", getpid());
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, TIMES * sizeof(int64_t)), 0);
	g.times = mmap(NULL, TIMES * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(g.times != MAP_FAILED);
	open_store();
	start();
	change(); /* warm */
	alone = cpu_s();
	change();
	alone = cpu_s() - alone;
	before_mb = resident_mb();
	pid = start_clients(argv[1], file, &out);
	with = cpu_s();
	change();
	with = cpu_s() - with;
	mb = resident_mb();
	assert_non_null(fgets(line, sizeof line, out));
	waitpid(pid, &status, 0);
	printf("clients %s", line);
	report("200 changes/s to 2,000 clients: processor", (with - alone) / SECONDS, "cores", 0.4);
	report("  the same without clients", alone / SECONDS, "cores", 0);
	report("  memory of the clients", mb - before_mb, "MB", 40);
	report("  from COMMIT to a client, p50", number(line, "p50_us") / 1e3, "ms", 0);
	report("  p99", number(line, "p99_us") / 1e3, "ms", 0);
	report("  the latest", number(line, "max_us") / 1e3, "ms", 500);
	report("  clients that have the last one not", CLIENTS - number(line, "at_newest"), "",
	       0.5);
	http_stop(g.http);
	feed_end(g.feed);
	runner_stop(g.runner);
	feed_free(g.feed);
	reader_close(g.reader);
	unlink(file);
	cases_close(&g.t);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}
