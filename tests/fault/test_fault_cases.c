/* Orders of cases while the Nth write, sync or allocation fails, once or for good until the client
 * asks again. Then everything was answered, stands there exactly once, as without the fault, and
 * the rows are those of the entries. */
#include "cases.h"
#include "service/look_order.h"

#include "faultalloc.h"
#include "faultvfs.h"
#include "service/case_batch.h"

#define ORDERS 9u
#define DAY (INT64_C(24) * 3600 * 1000000)

static struct test_cases t;
static struct clock_reading began;
static char expected[1024];

static const char *const tails[] = {"", "-wal", "-shm", "-journal"};

static void path_of(char out[200], const char *file, const char *tail)
{
	snprintf(out, 200, "%s%s", file, tail);
}

static void copy_file(const char *from, const char *to)
{
	char buffer[65536];
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	size_t n;

	assert_true(in && out);
	while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
		assert_int_equal(fwrite(buffer, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* The store as it was when its files had just come into force. */
static void put_back(void)
{
	const char *const files[] = {t.store.journal, t.store.keys, t.store.copy};
	char path[200], kept[200];

	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < 4; k++) {
			path_of(path, files[i], tails[k]);
			unlink(path);
		}
		path_of(kept, files[i], ".kept");
		copy_file(kept, files[i]);
	}
	t.store.now = began;
	t.store.seed = 99;
}

/* How the store came out: cases, where they stand, their entries, the keys that go. */
static void outcome(char out[1024])
{
	snprintf(out, 1024, "%.1000s",
		 cases_sql_text(
		     &t, "SELECT (SELECT group_concat(id || ' ' || n || ' ' || state || ' ' || "
			 "(erased > 0)) FROM case_rec) || ' / ' || (SELECT group_concat(n || ' ' "
			 "|| id) FROM case_change) || ' / ' || (SELECT count(*) FROM "
			 "case_follower) || ' / ' || (SELECT count(*) FROM outbox) || ' / ' || "
			 "(SELECT sum(cases) FROM figure) || ' / ' || "
			 "(SELECT group_concat(id || ' ' || ext || ' ' || closed) FROM "
			 "case_import) || ' / ' || (SELECT count(*) FROM "
			 "request) || ' / ' || (SELECT group_concat(id || ' ' || n) FROM "
			 "case_look)"));
}

struct trial {
	struct writer *w;
	uint64_t one, two;
	uint8_t secret[SEAL_SECRET_BYTES];
	unsigned refused;
	enum err worst;
};

static const char *const lamp[] = {"place", "0", "text", "巷子里的路灯不亮", "channel", "phone",
				   "has_reporter", "yes", "drill", "no"};
static struct case_input lamp_in[5];
static const struct case_input category = {{"category", 8}, {"0102", 4}};
static const struct case_input words = {{"text", 4}, {"me too", 6}};

static struct case_order order_of(const struct trial *tr, unsigned i)
{
	struct case_order o = {.kind = i < 2 ? CASE_HAND_IN : CASE_DO, .hand = CASE_HAND_ACCOUNT,
			       .role = STR("intake"), .account = STR("desk-1"),
			       .type = STR("resident-request"), .id = i == 5 ? tr->two : tr->one,
			       .follower_channel = STR("phone")};

	if (i < 2) {
		o.hand = i == 0 ? CASE_HAND_NEW : CASE_HAND_ACCOUNT;
		o.role = STR("reporter");
		o.fields = lamp_in;
		o.fields_n = 5;
	} else if (i == 2) {
		o.command = STR("open");
		o.fields = &category;
		o.fields_n = 1;
	} else if (i == 3) {
		o.hand = CASE_HAND_NEW;
		o.role = STR("follower");
		o.command = STR("follow");
		o.fields = &words;
		o.fields_n = 1;
	} else if (i == 4) {
		o.role = STR("dispatcher");
		o.command = STR("dispatch");
	} else {
		o.command = STR("withdraw");
	}
	return o;
}

/* Two records of another office, one closed. Asked for again they are known by their ids: no
 * request id goes with a batch. */
static enum err one_import(struct trial *tr)
{
	static struct test_command cmd;
	struct case_draft drafts[2] = {
	    {.from = {.ext = STR("other:1"), .category = STR("Lamp"), .status = STR("Open"),
		      .opened_us = began.utc_us - DAY},
	     .category = STR("0102"), .text = STR("no light"), .has_at = true,
	     .at = {225300000, 1139300000}},
	    {.from = {.ext = STR("other:2"), .category = STR("Lamp"), .status = STR("Closed"),
		      .opened_us = began.utc_us - 2 * DAY, .closed_us = began.utc_us - DAY},
	     .category = STR("9901"), .text = STR("no light"), .is_closed = true}};
	struct case_batch batch = {drafts, 2};

	test_command_init(&cmd, COMMAND_IMPORT_CASES);
	cmd.c.account = STR("operator");
	cmd.c.imported.batch = &batch;
	return test_run(&t.store, tr->w, &cmd);
}

static enum err one_order(struct trial *tr, unsigned i)
{
	static struct test_command cmd;
	struct case_order order = order_of(tr, i);
	struct look_field field = {.field = STR("text")};
	struct look_order look = {.account = STR("desk-9"), .role = STR("intake"), .id = tr->one,
				  .purpose = STR("getting-it-done"), .fields = &field,
				  .fields_n = 1};
	enum err e;

	if (i == 8)
		return one_import(tr);
	test_command_init(&cmd, i == 6	 ? COMMAND_ERASE_RECORD
				: i == 7 ? COMMAND_LOOK
					 : COMMAND_CASE);
	if (i == 6)
		cmd.c.erase.record = tr->two;
	else if (i == 7)
		cmd.c.look.order = &look;
	else
		cmd.c.cases.order = &order;
	cmd.c.request.present = true;
	cmd.c.request.id[0] = (uint8_t)(i + 1);
	cmd.c.request.body[0] = (uint8_t)i;
	e = test_run(&t.store, tr->w, &cmd);
	if (e == ERR_OK && i < 2)
		*(i == 0 ? &tr->one : &tr->two) = order.ret_id;
	if (e == ERR_OK && i == 0)
		memcpy(tr->secret, cmd.c.answer.secret, SEAL_SECRET_BYTES);
	return e;
}

static enum err open_writer(struct trial *tr)
{
	enum err e = writer_open(&t.store.paths, &t.store.secrets, &t.store.entropy, &tr->w);

	if (e == ERR_OK) {
		tr->w->shelf = &t.shelf->shelf;
		tr->w->mails = true;
	}
	return e;
}

/* The client asks again until it is answered; a fault for good ends when it was met (`mend`). */
static void script(struct trial *tr, void (*mend)(void))
{
	enum err e;

	*tr = (struct trial){0};
	while ((e = open_writer(tr)) != ERR_OK) {
		tr->worst = e;
		assert_true(++tr->refused < 5);
		mend();
	}
	for (unsigned i = 0; i < ORDERS; i++)
		while ((e = one_order(tr, i)) != ERR_OK) {
			tr->worst = e;
			assert_true(++tr->refused < 5);
			mend();
		}
	test_store_pass(&t.store, DAY);
	do {
		writer_group(tr->w, NULL, 0, t.store.now);
		if (tr->w->failed != ERR_OK) {
			tr->worst = tr->w->failed;
			assert_true(++tr->refused < 5);
			mend();
		}
	} while (tr->w->failed != ERR_OK || writer_due_in(tr->w, t.store.now) == 0);
	tr->w = writer_close(tr->w);
}

static void check(const struct trial *tr)
{
	char came[1024];
	struct case_order o = {.kind = CASE_DO, .hand = CASE_HAND_SECRET, .role = STR("reporter"),
			       .id = tr->one, .command = STR("withdraw")};

	outcome(came);
	assert_string_equal(came, expected);
	cases_must_rebuild(&t);
	t.store.paths.vfs = NULL;
	t.w = test_store_open(&t.store);
	t.w->shelf = &t.shelf->shelf;
	t.order = o;
	memcpy(t.order.secret, tr->secret, SEAL_SECRET_BYTES);
	assert_ok(cases_call(&t, NULL)); /* the secret that was shown opens the case */
	t.w = writer_close(t.w);
	t.store.paths.vfs = FAULTVFS_NAME;
}

static void end_plan(void)
{
	faultvfs_plan(NULL);
}

static void fail_each(struct fault_plan plan, unsigned step, unsigned least)
{
	unsigned refused = 0, trials = 0;
	bool struck = true;

	for (plan.at = 1; struck; plan.at += step, trials++) {
		struct trial tr;
		put_back();
		faultvfs_reset();
		faultvfs_plan(&plan);
		script(&tr, end_plan);
		struck = faultvfs_fired() > 0;
		faultvfs_plan(NULL);
		refused += tr.refused > 0;
		assert_true(tr.worst == ERR_OK || tr.worst == ERR_STORE || tr.worst == ERR_LOCKED ||
			    tr.worst == ERR_NO_SPACE);
		check(&tr);
	}
	assert_true(trials > least && refused > least / 2);
}

static void each_write_fails(void **state)
{
	(void)state;
	fail_each((struct fault_plan){.kind = FAULT_WRITE}, 5, 20);
	fail_each((struct fault_plan){.kind = FAULT_WRITE, .for_good = true}, 7, 10);
	fail_each((struct fault_plan){.kind = FAULT_WRITE, .torn_bytes = 700}, 11, 8);
}

static void each_sync_fails(void **state)
{
	(void)state;
	fail_each((struct fault_plan){.kind = FAULT_SYNC}, 1, 6);
	fail_each((struct fault_plan){.kind = FAULT_SYNC, .for_good = true}, 1, 6);
}

static void end_alloc(void)
{
	faultalloc_end(NULL);
}

static void each_allocation_fails(void **state)
{
	unsigned refused = 0;
	uint64_t failed = 1;

	(void)state;
	for (uint64_t at = 1; failed > 0; at += at < 60 ? 3 : 29) {
		struct trial tr;
		put_back();
		faultvfs_reset();
		faultalloc_plan(FAULTALLOC_SQLITE | FAULTALLOC_OWN, at, false);
		script(&tr, end_alloc);
		faultalloc_end(&failed);
		failed = tr.refused > 0 ? 1 : failed;
		refused += tr.refused > 0;
		assert_true(tr.worst == ERR_OK || tr.worst == ERR_NO_MEMORY);
		check(&tr);
	}
	assert_true(refused > 10);
}

static int begin(void **state)
{
	const char *files[3];
	char kept[200];
	struct trial tr;

	(void)state;
	if (sodium_init() < 0 || !faultalloc_install() || faultvfs_register(false) != SQLITE_OK)
		return -1;
	for (unsigned i = 0; i < 5; i++)
		lamp_in[i] = (struct case_input){str_of(lamp[2 * i]), str_of(lamp[2 * i + 1])};
	cases_open(&t, NULL);
	t.w = writer_close(t.w);
	began = t.store.now;
	files[0] = t.store.journal;
	files[1] = t.store.keys;
	files[2] = t.store.copy;
	for (size_t i = 0; i < 3; i++) {
		path_of(kept, files[i], ".kept");
		copy_file(files[i], kept);
	}
	t.store.paths.vfs = FAULTVFS_NAME;
	put_back();
	script(&tr, end_plan);
	assert_int_equal(tr.refused, 0);
	outcome(expected);
	assert_non_null(strstr(expected, "withdrawn"));
	assert_non_null(strstr(expected, "other:2"));
	return 0;
}

static int end(void **state)
{
	const char *const files[] = {t.store.journal, t.store.keys, t.store.copy};
	char kept[200];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		path_of(kept, files[i], ".kept");
		unlink(kept);
	}
	cases_close(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_write_fails),
	    cmocka_unit_test(each_sync_fails),
	    cmocka_unit_test(each_allocation_fails),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
