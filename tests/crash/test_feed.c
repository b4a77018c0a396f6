/* An office that is killed again and again while cases change, and clients who come back to it each
 * time with the id of the last event they have: in the end they show what the record says. The
 * office is this program, forked: the writer, the feed and http as `liren serve` runs them, and a
 * source of random steps. Its parent has the clients and no thread. */
#include "feed_client.h"

#include "app/feed.h"
#include "app/kernel.h"
#include "app/runner.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define ROUNDS 8u
#define CASES_MAX 24u
#define REPORTS 12u

static struct test_cases t;
static struct kernel_entropy random_bytes;
static struct entropy entropy;
static struct feed *feed;
static struct reader *reader;
static atomic_bool ending;

static unsigned pick(unsigned below)
{
	uint32_t r;

	entropy_fill(&entropy, &r, sizeof r);
	return r % below;
}

/* ---- the office, in the child ---- */

static const struct cases_shelf *take_up(void *ctx, struct db *db)
{
	(void)ctx;
	(void)db;
	return &t.shelf->shelf;
}

static void committed(void *ctx)
{
	(void)ctx;
	feed_wake(feed);
}

/* The language tells whose part it is: tests have no accounts. */
static enum err viewer_of(void *ctx, struct api *api, struct api_call *call, struct api_stream *ret)
{
	(void)api;
	(void)ctx;
	(void)api;
	memset(&ret->viewer, 0, sizeof ret->viewer);
	ret->account = 0;
	ret->viewer.where =
	    call->lang == LANG_EN ? POLICY_WHERE_OWN_UNIT : POLICY_WHERE_ANY;
	memcpy(ret->viewer.unit, "URB", call->lang == LANG_EN ? 3 : 0);
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
	return &t.shelf->shelf;
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
	return feed_take(feed, fd, s);
}

static void give(struct runner *r, struct case_order *o, const char *const *fields)
{
	static struct case_input in[CASES_TEST_FIELDS_MAX];
	struct command c = {.kind = COMMAND_CASE};
	char entry[ENTRY_BYTES_MAX];

	o->hand = CASE_HAND_ACCOUNT;
	o->fields = in;
	for (o->fields_n = 0; fields && fields[2 * o->fields_n]; o->fields_n++)
		in[o->fields_n] = (struct case_input){str_of(fields[2 * o->fields_n]),
						      str_of(fields[2 * o->fields_n + 1])};
	c.cases.order = o;
	c.answer.remedy = MSG_COUNT;
	c.answer.entry = buf_over(entry, sizeof entry);
	if (runner_call(r, &c) == ERR_CLOCK_HELD)
		_exit(9);
}

/* Any step on any case; most are refused in most states, and change nothing then. */
static void random_step(struct runner *r, const uint64_t *id, unsigned n)
{
	static const struct {
		const char *role, *command, *field[6];
	} steps[] = {
	    {"intake", "open", {"category", "0102"}},
	    {"dispatcher", "dispatch", {"lead_unit", "URB"}},
	    {"dispatcher", "dispatch", {"lead_unit", "PMC"}},
	    {"unit_handler", "receive", {NULL}},
	    {"unit_handler", "hand_back",
	     {"hand_back_reason", "not_ours", "hand_back_ground", "不是", "proposed_unit", "PMC"}},
	    {"duty_officer", "message", {"message", "好"}},
	    {"duty_officer", "message", {"message", "好"}},
	    {"intake", "withdraw", {NULL}},
	};
	unsigned k = pick(sizeof steps / sizeof steps[0]);
	const char *fields[7] = {0};
	struct case_order o = {.kind = CASE_DO,
			       .role = str_of(steps[k].role),
			       .account = STR("somebody"),
			       .id = id[pick(n)],
			       .command = str_of(steps[k].command)};

	if (strcmp(steps[k].command, "withdraw") == 0 && pick(4) != 0)
		return; /* else all is soon over */
	memcpy(fields, steps[k].field, sizeof steps[k].field);
	give(r, &o, fields);
}

static unsigned open_ids(uint64_t *ret)
{
	struct db_stmt *s = db_stmt(reader->db, SQL_queue_scan);
	unsigned n = 0;
	bool row = true;

	while (n < CASES_MAX) {
		assert_ok(db_step(reader->db, s, &row));
		if (!row)
			break;
		ret[n++] = db_u64(s, 0);
	}
	db_done(s);
	return n;
}

static void on_term(int number)
{
	(void)number;
	ending = true;
}

static void work(struct runner *r)
{
	uint64_t id[CASES_MAX];

	while (!ending) {
		unsigned n = open_ids(id);
		if (n < REPORTS) {
			struct case_order o = {.kind = CASE_HAND_IN,
					       .role = STR("intake"),
					       .unit = STR("DESK"),
					       .account = STR("desk-1"),
					       .type = STR("resident-request"),
					       .has_at = true,
					       .at = {225400000, 1140000000}};
			give(r, &o, FIELDS("place", "0", "text", "灯不亮", "channel", "phone",
					   "has_reporter", "yes", "drill", "no"));
		} else {
			random_step(r, id, n);
		}
	}
}

static void office(int port_to)
{
	struct runner_options ro = {.paths = &t.store.paths,
				    .secrets = &t.store.secrets,
				    .take_up = take_up,
				    .attachments = t.files,
				    .committed = committed};
	struct feed_options fo = {.journal = t.store.journal};
	struct api api = {.viewer = viewer_of,
			  .authenticate = authenticate,
			  .hold_shelf = hold_shelf,
			  .release_shelf = release_shelf,
			  .now = utc_now,
			  .clock = clock_now,
			  .entropy = &entropy, .version = "test"};
	struct http_options ho = {.address = "127.0.0.1", .api = &api, .take_stream = take_stream};
	struct sigaction term = {.sa_handler = on_term};
	struct runner *runner = NULL;
	struct http *http = NULL;
	uint16_t port;

	sigaction(SIGTERM, &term, NULL);
	entropy = kernel_entropy(&random_bytes);
	assert_ok(feed_start(&fo, &feed));
	assert_ok(runner_start(&ro, &runner));
	/* one is this thread's, one the http thread's: a connection is never shared */
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &reader));
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &api.reader));
	assert_ok(http_start(&ho, &http));
	port = http_port(http);
	assert_int_equal(write(port_to, &port, sizeof port), sizeof port);
	work(runner);
	http_stop(http);
	runner_stop(runner);
	feed_end(feed);
	feed_free(feed);
	reader_close(api.reader);
	reader_close(reader);
	_exit(0);
}

/* ---- the clients, in the parent ---- */

static pid_t start(uint16_t *ret_port)
{
	int port[2];
	pid_t pid;

	assert_int_equal(pipe(port), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* it never outlives the test */
		office(port[1]);
	}
	close(port[1]);
	assert_int_equal(read(port[0], ret_port, sizeof *ret_port), sizeof *ret_port);
	close(port[0]);
	return pid;
}

static void join(struct client *c, uint16_t port, bool part)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char request[256];
	int n = snprintf(request, sizeof request,
			 "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAccept-Language: %s\r\n"
			 "Cookie: liren_session=x\r\n"
			 "Last-Event-ID: %llu\r\n\r\n",
			 part ? "en" : "zh", (unsigned long long)c->last);

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(c->fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(send(c->fd, request, (size_t)n, 0), n);
	c->ended = false;
	c->n = c->parsed = 0;
	if (!c->text)
		c->text = malloc(TEXT_MAX + 1);
	assert_non_null(c->text);
}

static void clients_miss_nothing_of_an_office_that_is_killed(void **state)
{
	struct client all = {0}, urb = {0};
	int status = 0;

	(void)state;
	entropy = kernel_entropy(&random_bytes);
	for (unsigned round = 0; round <= ROUNDS; round++) {
		uint16_t port = 0;
		pid_t pid = start(&port);
		uint64_t enough = all.last + 20 + pick(120);
		join(&all, port, false);
		join(&urb, port, true);
		while (all.last < enough && !all.ended)
			read_some(&all);
		kill(pid, round < ROUNDS ? SIGKILL : SIGTERM);
		/* to the end of what was sent, which may be cut within an event */
		while (!all.ended)
			read_some(&all);
		while (!urb.ended)
			read_some(&urb);
		close(all.fd);
		close(urb.fd);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(all.last >= enough);
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(all.resets + urb.resets, 0);
	assert_int_equal(all.byes + urb.byes, 2);
	assert_true(all.gones > 0 && urb.gones > 0);
	must_show(&t, &all, NULL);
	must_show(&t, &urb, "URB");
	leave(&all);
	leave(&urb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clients_miss_nothing_of_an_office_that_is_killed),
	};
	int failed;

	db_process_init();
	memset(&t, 0, sizeof t);
	test_store_init(&t.store, NULL);
	t.store.now = kernel_clock();
	assert_ok(test_store_create(&t.store));
	snprintf(t.files, sizeof t.files, "%s/attachments", t.store.dir);
	assert_int_equal(mkdir(t.files, 0700), 0);
	t.w = test_store_open(&t.store);
	t.shelf = test_shelf_new();
	for (unsigned i = 0; i < t.shelf->options.sources_n; i++)
		t.shelf->v[i].n = 0;
	test_shelf_good(t.shelf);
	cases_load_files(&t);
	t.w = writer_close(t.w); /* before any fork: locks of files are a process's own */
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	cases_close(&t);
	return failed;
}
