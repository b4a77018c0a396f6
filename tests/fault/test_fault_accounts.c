/* Orders about accounts while the Nth write, sync or allocation fails, once or for good until the
 * client asks again. Then everything was answered, stands there once, as without the fault; names
 * are found, what was replaced is dead, and the rows are those of the entries. */
#include "accounts.h"

#include "faultalloc.h"
#include "faultvfs.h"

#define ORDERS 8u
#define NAME_BEFORE "ouyang"
#define NAME_AFTER "ouyang.xiu"

static struct test_cases t;
static struct clock_reading began;
static char expected[1024];
static struct password_hash hash;

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

/* How the store came out: accounts, what they are signed in with, the keys that go. */
static void outcome(char out[1024])
{
	snprintf(out, 1024, "%.1000s",
		 cases_sql_text(
		     &t, "SELECT (SELECT group_concat(id || ' ' || n || ' ' || named || ' ' || "
			 "ended || ' ' || erased) FROM account) || ' / ' || (SELECT "
			 "group_concat(n || ' ' || kind || ' ' || over) FROM account_secret) || "
			 "' / ' || (SELECT group_concat(n) FROM account_hash) || ' / ' || (SELECT "
			 "count(*) FROM outbox) || ' / ' || (SELECT count(*) FROM request)"));
}

struct trial {
	struct writer *w;
	uint64_t staff, other, sheet;
	struct account_order order;
	unsigned refused;
	enum err worst;
};

/* Somebody of the staff, renamed; a resident with a sheet that is replaced; one more, erased. */
static void order_of(struct trial *tr, unsigned i)
{
	struct account_order *o = &tr->order;

	*o = (struct account_order){.account = i < 3 ? tr->staff : tr->other};
	if (i == 0) {
		o->act = ACCOUNT_MAKE;
		o->kind = ACCOUNT_STAFF;
		o->name = STR(NAME_BEFORE);
		o->contact = STR("xiu@example.org");
		o->posts.v[0] = post_of("desk_lead", "DESK", NULL);
		o->posts.n = 1;
	} else if (i == 1) {
		o->act = ACCOUNT_SET_PASSWORD;
		o->hash = hash;
	} else if (i == 2) {
		o->act = ACCOUNT_CHANGE;
		o->sets_name = true;
		o->name = STR(NAME_AFTER);
	} else if (i == 3) {
		o->act = ACCOUNT_MAKE;
		o->with_sheet = true;
	} else if (i == 4) {
		o->act = ACCOUNT_SET_SHEET;
		o->second = (struct account_actor){tr->staff, STR("desk_lead"), STR("DESK")};
	} else if (i == 5) {
		o->act = ACCOUNT_MAKE;
		o->name = STR("gone");
	} else if (i == 6) {
		o->act = ACCOUNT_SET_PASSWORD;
		o->hash = hash;
	} else {
		o->act = ACCOUNT_ERASE;
	}
}

static enum err one_order(struct trial *tr, unsigned i)
{
	static struct test_command cmd;
	enum err e;

	order_of(tr, i);
	test_command_init(&cmd, COMMAND_ACCOUNT);
	cmd.c.accounts.order = &tr->order;
	cmd.c.request.present = true;
	cmd.c.request.id[0] = (uint8_t)(i + 1);
	e = test_run(&t.store, tr->w, &cmd);
	if (e == ERR_OK && tr->order.act == ACCOUNT_MAKE)
		*(i == 0 ? &tr->staff : &tr->other) = cmd.c.answer.n;
	if (e == ERR_OK && i == 4)
		tr->sheet = cmd.c.answer.n;
	return e;
}

static enum err open_writer(struct trial *tr)
{
	enum err e = writer_open(&t.store.paths, &t.store.secrets, &t.store.entropy, &tr->w);

	if (e == ERR_OK)
		tr->w->shelf = &t.shelf->shelf;
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
	tr->w = writer_close(tr->w);
}

static void check(const struct trial *tr)
{
	struct test_desk desk;
	struct sign_in s;
	uint64_t id = 0;
	char came[1024];

	outcome(came);
	assert_string_equal(came, expected);
	cases_must_rebuild(&t);
	t.store.paths.vfs = NULL;
	t.w = test_store_open(&t.store);
	desk_open(&desk, &t);
	assert_err(account_by_name(desk.reader->db, desk.reader->keys, STR(NAME_BEFORE), &id),
		   ERR_NOT_FOUND);
	assert_ok(account_by_name(desk.reader->db, desk.reader->keys, STR(NAME_AFTER), &id));
	assert_int_equal(id, tr->staff);
	assert_err(account_by_name(desk.reader->db, desk.reader->keys, STR("gone"), &id),
		   ERR_NOT_FOUND);
	assert_ok(sign_in(&desk, NAME_AFTER, "correct horse", &s));
	desk_close(&desk);
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
	for (uint64_t at = 1; failed > 0; at += at < 60 ? 5 : 97) {
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
	cases_open(&t, NULL);
	cheap_hash(&t, "correct horse", &hash);
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
	check(&tr);
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
