/* The writer where things go wrong at the edge: repeats, sweeps, full disks, clocks, copies out of
 * order. */
#include "test.h"

#include "store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "journal/outbox.h"
#include "service/kinds.h"

static int set_up(void **state)
{
	struct test_store *t = malloc(sizeof *t);

	assert_true(sodium_init() >= 0);
	test_store_init(t, NULL);
	assert_ok(test_store_create(t));
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	test_store_remove(*state);
	free(*state);
	return 0;
}

/* The first number of a query, past the program. */
static int64_t asked(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	int64_t v;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return v;
}

static int told(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	int rc;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

static void an_erased_text_is_not_given_again_while_its_key_is_still_there(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command wrote, erase;

	test_line(&wrote, 1, "gone at once");
	assert_ok(test_run(t, w, &wrote));
	test_erase(&erase, 2, wrote.c.answer.secret);
	assert_ok(test_run(t, w, &erase));
	test_line(&wrote, 1, "gone at once");
	assert_ok(test_run(t, w, &wrote));
	assert_int_equal(wrote.c.answer.n, 2);
	assert_true(wrote.c.answer.repeated);
	assert_false(wrote.c.answer.has_text);
	writer_close(w);
}

static void a_refused_erasure_names_the_field(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	uint8_t wrong[SEAL_SECRET_BYTES] = {0};
	struct test_command cmd;

	test_line(&cmd, 1, "here");
	assert_ok(test_run(t, w, &cmd));
	test_erase(&cmd, 2, wrong);
	assert_err(test_run(t, w, &cmd), ERR_FORBIDDEN);
	assert_string_equal(cmd.c.answer.field, "secret");
	assert_int_equal(cmd.c.answer.remedy, MSG_SECRET_REMEDY);
	test_erase(&cmd, 77, wrong);
	assert_err(test_run(t, w, &cmd), ERR_NOT_FOUND);
	assert_string_equal(cmd.c.answer.field, "n");
	writer_close(w);
}

/* Groups of one thousand lines with ids from `first` on. */
static void write_thousand(struct test_store *t, struct writer *w, struct test_command *commands,
			   uint64_t first)
{
	struct command *group[1000];

	for (unsigned i = 0; i < 1000; i++) {
		test_line(&commands[i], first + i, "x");
		group[i] = &commands[i].c;
	}
	writer_group(w, group, 1000, t->now);
	for (unsigned i = 0; i < 1000; i++)
		assert_ok(group[i]->answer.err);
}

static void sweeping_keeps_up_with_busy_days(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command *commands = malloc(1000 * sizeof *commands);
	int64_t before;

	for (uint64_t i = 0; i < 5; i++)
		write_thousand(t, w, commands, 1 + 1000 * i);
	assert_int_equal(asked(t->journal, "SELECT count(*) FROM request"), 5000);
	test_store_pass(t, REQUEST_KEPT_US + 1);
	before = t->now.boot_us;
	for (int i = 0; i < 5; i++) {
		writer_group(w, NULL, 0, t->now);
		test_store_pass(t, writer_due_in(w, t->now));
	}
	assert_int_equal(asked(t->journal, "SELECT count(*) FROM request"), 0);
	assert_true(t->now.boot_us - before < INT64_C(240000000)); /* and not one sweep a minute */
	test_line(&commands[0], 1, "x");
	assert_ok(test_run(t, w, &commands[0]));
	assert_false(commands[0].c.answer.repeated);
	free(commands);
	writer_close(w);
}

/* Files can grow to `bytes` and no further: a full disk, as the engine sees it. */
static void limit_files(rlim_t bytes)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct rlimit limit;

	assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void keys_that_cannot_be_made_show_and_pass(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command *commands = malloc(WRITER_GROUP_MAX * sizeof *commands);
	struct command **group = malloc(WRITER_GROUP_MAX * sizeof(struct command *));

	for (unsigned i = 0; i < WRITER_GROUP_MAX; i++) {
		test_line(&commands[i], 1 + i, "x");
		group[i] = &commands[i].c;
	}
	limit_files(1);
	writer_group(w, group, WRITER_GROUP_MAX, t->now); /* one key more than are ready */
	limit_files(RLIM_INFINITY);
	assert_true(group[0]->answer.err != ERR_OK);
	assert_int_equal(w->failed, group[0]->answer.err);
	assert_int_equal(w->journal.n, 1);
	writer_group(w, group, WRITER_GROUP_MAX, t->now);
	assert_ok(group[0]->answer.err);
	assert_ok(group[WRITER_GROUP_MAX - 1]->answer.err);
	assert_ok(w->failed);
	free(group);
	free(commands);
	writer_close(w);
}

static void a_clock_behind_the_last_entry_at_start_may_come_back(void **state)
{
	const int64_t last = INT64_C(1781136000000000), hour = INT64_C(3600000000);
	struct clock_guard g = {0};
	int64_t at = 0;

	(void)state;
	/* the battery is dead: 1970, until the network tells the time three hours after the last
	 * entry */
	assert_true(clock_guard_step(&g, (struct clock_reading){5, 1000000}, last, &at));
	assert_true(at == last);
	assert_true(
	    clock_guard_step(&g, (struct clock_reading){last + 3 * hour, 2000000}, last, &at));
	assert_true(at == last + 3 * hour);
	/* from there on a step is a step */
	assert_false(
	    clock_guard_step(&g, (struct clock_reading){last + 4 * hour, 3000000}, at, &at));
	/* and thirty days are thirty days */
	g = (struct clock_guard){0};
	assert_true(clock_guard_step(&g, (struct clock_reading){5, 1000000}, last, &at));
	assert_false(clock_guard_step(
	    &g, (struct clock_reading){last + CLOCK_PAUSE_MAX_US + 1, 2000000}, last, &at));
	assert_true(g.held);
}

static void a_copy_that_takes_no_handles_does_not_keep_keys_locked(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);

	assert_int_equal(told(t->copy, "DROP TABLE handle"), SQLITE_OK);
	assert_true(keyring_sync_copy(w->keys, t->now.utc_us) != ERR_OK);
	assert_int_equal(told(t->keys, "BEGIN EXCLUSIVE; ROLLBACK"), SQLITE_OK);
	writer_close(w);
}

static void a_retry_does_not_wait_for_a_clock_that_stepped_back(void **state)
{
	const struct effect e = {.n = 1, .channel = CHANNEL_KEY_DESTROY, .arg = 1, .at_us = 1000};
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct effect due;
	size_t n = 0;

	assert_ok(outbox_put(w->db, &e));
	assert_ok(outbox_failed(w->db, &e, t->now.utc_us));
	assert_ok(outbox_due(w->db, t->now.utc_us, &due, 1, &n));
	assert_int_equal(n, 0);
	assert_ok(outbox_due(w->db, t->now.utc_us + 1000000, &due, 1, &n));
	assert_int_equal(n, 1);
	assert_ok(outbox_due(w->db, t->now.utc_us - INT64_C(3600000000), &due, 1, &n));
	assert_int_equal(n, 1);
	writer_close(w);
}

static void a_community_of_other_than_twelve_digits_is_corrupt(void **state)
{
	static const struct {
		const char *code;
		enum err err;
	} rows[] = {{"440305002005", ERR_OK},
		    {"000000000001", ERR_OK},
		    {"1", ERR_CORRUPT},
		    {"18446744073709551615", ERR_CORRUPT},
		    {"44030500200x", ERR_CORRUPT}};
	_Alignas(16) char memory[4096];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		_Alignas(16) char tree[1024];
		const struct entry_value *value = NULL;
		const void *data = NULL;
		char text[128];
		struct arena a;
		snprintf(text, sizeof text,
			 "{\"community\":\"%s\",\"demo\":false,\"key\":\"k\",\"zone\":\"z\"}",
			 rows[i].code);
		assert_true(entry_read_room(str_of(text)) <= sizeof tree);
		assert_ok(entry_read(str_of(text), tree, &value));
		arena_init(&a, memory, sizeof memory);
		assert_err(service_kinds[KIND_JOURNAL_OPENED].decode(value, &a, &data),
			   rows[i].err);
	}
}

static void an_empty_file_is_no_store(void **state)
{
	struct test_store *t = *state;
	char path[200];
	struct db *db = NULL;
	int fd;

	snprintf(path, sizeof path, "%s-empty", t->journal);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_err(db_open(path, DB_SCHEMA_journal, DB_READ, NULL, &db), ERR_NOT_FOUND);
	unlink(path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_erased_text_is_not_given_again_while_its_key_is_still_there),
	    TEST(a_refused_erasure_names_the_field),
	    TEST(sweeping_keeps_up_with_busy_days),
	    TEST(keys_that_cannot_be_made_show_and_pass),
	    TEST(a_copy_that_takes_no_handles_does_not_keep_keys_locked),
	    TEST(a_retry_does_not_wait_for_a_clock_that_stepped_back),
	    TEST(an_empty_file_is_no_store),
	    cmocka_unit_test(a_clock_behind_the_last_entry_at_start_may_come_back),
	    cmocka_unit_test(a_community_of_other_than_twelve_digits_is_corrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
