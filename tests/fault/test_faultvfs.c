/* The fault shims, tried on a small database of SQLite itself: what SQLite promises must hold under
 * each fault, and must be seen broken where the database is told not to sync. */
#include "test.h"

#include "faultalloc.h"
#include "faultvfs.h"

#include <fcntl.h>
#include <jansson.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS 12
#define ROUNDS_MAX 100000u

struct run {
	char dir[64];            /* the live files */
	char cut_dir[64];        /* images after a power cut */
	bool answered[ROWS + 1]; /* row i was committed */
	int n_answered, n_refused;
};

static void must_exec(sqlite3 *db, const char *sql)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static int64_t must_int(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int64_t v = sqlite3_column_int64(s, 0);
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	return v;
}

/* In memory where there is such a folder, so that a sync costs nothing. */
static void make_dir(char ret[64], const char *name)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	assert_true(snprintf(ret, 64, "%s/liren-%s-XXXXXX", base, name) < 64);
	assert_non_null(mkdtemp(ret));
}

static void run_begin(struct run *run)
{
	memset(run, 0, sizeof *run);
	make_dir(run->dir, "fault");
	make_dir(run->cut_dir, "cut");
	faultvfs_reset();
}

static void clear_dir(const char *dir)
{
	static const char *const names[] = {"t.db", "t.db-wal", "t.db-shm", "t.db-journal"};
	char path[96];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(snprintf(path, sizeof path, "%s/%s", dir, names[i]) < (int)sizeof path);
		unlink(path);
	}
}

static void run_end(struct run *run)
{
	faultvfs_reset();
	clear_dir(run->dir);
	clear_dir(run->cut_dir);
	assert_int_equal(rmdir(run->dir), 0);
	assert_int_equal(rmdir(run->cut_dir), 0);
}

static int open_in(const char *dir, const char *vfs, const char *synchronous, sqlite3 **ret)
{
	char path[96], sql[160];
	int rc;

	assert_true(snprintf(path, sizeof path, "%s/t.db", dir) < (int)sizeof path);
	rc = sqlite3_open_v2(path, ret, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
	if (rc != SQLITE_OK)
		return rc;
	assert_true(snprintf(sql, sizeof sql, "PRAGMA journal_mode=WAL; PRAGMA synchronous=%s",
			     synchronous) < (int)sizeof sql);
	return sqlite3_exec(*ret, sql, NULL, NULL, NULL);
}

/* Write ROWS rows, one transaction each, with checkpoints between; go on after errors. */
static void write_rows(struct run *run, const char *synchronous)
{
	sqlite3 *db = NULL;
	int rc = open_in(run->dir, FAULTVFS_NAME, synchronous, &db);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "CREATE TABLE t(i INTEGER PRIMARY KEY, z BLOB)", NULL, NULL,
				  NULL);
	for (int i = 1; i <= ROWS && rc == SQLITE_OK; i++) {
		char sql[120];
		assert_true(snprintf(sql, sizeof sql, "INSERT INTO t VALUES(%d, zeroblob(%d))", i,
				     100 + 1500 * (i % 3)) < (int)sizeof sql);
		run->answered[i] = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
		run->n_answered += run->answered[i];
		run->n_refused += !run->answered[i];
		if (i % 5 == 0)
			sqlite3_exec(db,
				     i == 5 ? "PRAGMA wal_checkpoint(PASSIVE)"
					    : "PRAGMA wal_checkpoint(TRUNCATE)",
				     NULL, NULL, NULL);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Rows that were answered and are not in the database of `dir`; *ret_whole: integrity_check found
 * nothing. */
static int lost_rows(const struct run *run, const char *dir, bool *ret_whole)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	bool there[ROWS + 1] = {false};
	int lost = 0;

	*ret_whole = false;
	if (open_in(dir, "unix", "FULL", &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		*ret_whole = strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	if (sqlite3_prepare_v2(db, "SELECT i FROM t", -1, &s, NULL) == SQLITE_OK)
		while (sqlite3_step(s) == SQLITE_ROW)
			there[sqlite3_column_int(s, 0)] = true;
	sqlite3_finalize(s);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	for (int i = 1; i <= ROWS; i++)
		lost += run->answered[i] && !there[i];
	return lost;
}

/* Run the script with the plan at 1, 2, 3 … until it no longer strikes. Returns how many times it
 * struck. */
static unsigned fail_each(struct fault_plan plan, int *ret_refused)
{
	for (plan.at = 1; plan.at < ROUNDS_MAX; plan.at++) {
		struct run run;
		bool whole;

		run_begin(&run);
		faultvfs_plan(&plan);
		write_rows(&run, "FULL");
		bool struck = faultvfs_fired() > 0;
		faultvfs_plan(NULL);
		assert_int_equal(lost_rows(&run, run.dir, &whole), 0);
		assert_true(whole);
		*ret_refused += run.n_refused;
		run_end(&run);
		if (!struck) {
			assert_int_equal(run.n_answered, ROWS);
			return (unsigned)plan.at - 1;
		}
	}
	fail_msg("the plan never ends");
	return 0;
}

static void sqlite_keeps_its_word_under_each_fault(void **state)
{
	static const struct {
		enum fault_kind kind;
		int torn;
		unsigned at_least; /* the script has at least so many calls of the kind */
		bool refuses;      /* and one of its inserts suffers from one */
	} rows[] = {
	    {FAULT_WRITE, 0, 2 * ROWS, true}, {FAULT_WRITE, 600, 2 * ROWS, true},
	    {FAULT_SYNC, 0, ROWS, true},      {FAULT_TRUNCATE, 0, 1, false},
	    {FAULT_OPEN, 0, 2, false},        {FAULT_DELETE, 0, 1, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fault_plan plan = {.kind = rows[i].kind, .torn_bytes = rows[i].torn};
		int once = 0, for_good = 0;

		assert_true(fail_each(plan, &once) >= rows[i].at_least);
		plan.for_good = true;
		assert_true(fail_each(plan, &for_good) >= rows[i].at_least);
		if (rows[i].refuses)
			assert_true(once > 0 && for_good > 3 * once);
	}
}

/* A WAL is a header of 32 bytes and, for each page, a frame header of 24 bytes and the page
 * (sqlite.org/fileformat2.html); SQLite writes each of them by a call of its own. */
static void calls_are_counted_by_name(void **state)
{
	struct run run;
	sqlite3 *db;
	char path[96];
	struct stat st;

	run_begin(&run);
	assert_int_equal(open_in(run.dir, FAULTVFS_NAME, "FULL", &db), SQLITE_OK);
	uint64_t before = faultvfs_count(FAULT_WRITE, NULL);
	must_exec(db, "CREATE TABLE t(i INTEGER PRIMARY KEY, z BLOB); INSERT INTO t VALUES(1, "
		      "zeroblob(9000))");
	assert_true(snprintf(path, sizeof path, "%s/t.db-wal", run.dir) < (int)sizeof path);
	assert_int_equal(stat(path, &st), 0);
	uint64_t frames = ((uint64_t)st.st_size - 32) / (24 + 4096);
	assert_true(frames >= 4);
	assert_int_equal(faultvfs_count(FAULT_WRITE, "-wal"), 1 + 2 * frames);
	assert_int_equal(faultvfs_count(FAULT_WRITE, NULL) - before, 1 + 2 * frames);
	assert_int_equal(faultvfs_count(FAULT_OPEN, "-wal"), 1);
	uint64_t db_writes = faultvfs_count(FAULT_WRITE, ".db");
	must_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_true(faultvfs_count(FAULT_WRITE, ".db") > db_writes);
	assert_true(faultvfs_count(FAULT_TRUNCATE, "-wal") >= 1);
	assert_int_equal(faultvfs_fired(), 0);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	run_end(&run);
}

static void only_the_named_file_fails(void **state)
{
	const struct fault_plan plan = {
	    .kind = FAULT_WRITE, .at = 1, .for_good = true, .suffix = ".db"};
	struct run run;
	sqlite3 *db;

	run_begin(&run);
	assert_int_equal(open_in(run.dir, FAULTVFS_NAME, "FULL", &db), SQLITE_OK);
	faultvfs_plan(&plan);
	must_exec(db, "CREATE TABLE t(i INTEGER PRIMARY KEY)");
	assert_int_equal(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL),
			 SQLITE_IOERR);
	assert_int_equal(sqlite3_extended_errcode(db), SQLITE_IOERR_WRITE);
	assert_true(faultvfs_fired() > 0);
	faultvfs_plan(NULL);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	run_end(&run);
}

static int64_t bytes_of(const char *dir, const char *name)
{
	char path[96];
	struct stat st;

	assert_true(snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path);
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static void a_torn_write_leaves_its_first_bytes(void **state)
{
	/* third write to a new WAL: the first page, behind the header and its frame header */
	const struct fault_plan plan = {
	    .kind = FAULT_WRITE, .at = 3, .suffix = "-wal", .torn_bytes = 600};
	struct run run;
	sqlite3 *db;

	run_begin(&run);
	assert_int_equal(open_in(run.dir, FAULTVFS_NAME, "FULL", &db), SQLITE_OK);
	faultvfs_plan(&plan);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t(z)", NULL, NULL, NULL), SQLITE_IOERR);
	assert_int_equal(bytes_of(run.dir, "t.db-wal"), 32 + 24 + 600);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	run_end(&run);
}

/* 64 sectors written, a sync that fails, a sync that succeeds: what the first one dropped stays
 * dropped. */
static void a_failed_sync_forgets(void **state)
{
	const struct fault_plan plan = {.kind = FAULT_SYNC, .at = 1};
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
	sqlite3_vfs *vfs = sqlite3_vfs_find(FAULTVFS_NAME);
	static uint8_t bytes[64 * FAULTVFS_SECTOR], left[sizeof bytes];
	struct run run;
	char path[96];
	int forgotten = 0, kept = 0;

	run_begin(&run);
	faultvfs_record(7);
	assert_true(snprintf(path, sizeof path, "%s/t.db", run.dir) < (int)sizeof path);
	sqlite3_file *file = sqlite3_malloc(vfs->szOsFile);
	assert_non_null(file);
	assert_int_equal(vfs->xOpen(vfs, path, file, flags, NULL), SQLITE_OK);
	memset(bytes, 0xA5, sizeof bytes);
	assert_int_equal(file->pMethods->xWrite(file, bytes, (int)sizeof bytes, 0), SQLITE_OK);
	faultvfs_plan(&plan);
	assert_int_equal(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_IOERR_FSYNC);
	assert_int_equal(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_OK);
	assert_true(faultvfs_power_cut(1, run.cut_dir));
	assert_true(snprintf(path, sizeof path, "%s/t.db", run.cut_dir) < (int)sizeof path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	ssize_t n = read(fd, left, sizeof left);
	assert_int_equal(close(fd), 0);
	for (ssize_t i = 0; i < n; i += FAULTVFS_SECTOR) {
		forgotten += left[i] == 0;
		kept += left[i] == 0xA5;
	}
	assert_true(forgotten > 10 && kept > 10 && forgotten + kept <= 64);
	assert_int_equal(file->pMethods->xClose(file), SQLITE_OK);
	sqlite3_free(file);
	run_end(&run);
}

static void a_full_disk_refuses_until_there_is_room(void **state)
{
	struct run run;
	sqlite3 *db;
	int rc, rows = 0;

	run_begin(&run);
	assert_int_equal(open_in(run.dir, FAULTVFS_NAME, "FULL", &db), SQLITE_OK);
	must_exec(db, "CREATE TABLE t(z BLOB)");
	assert_int_equal(faultvfs_disk_used(),
			 bytes_of(run.dir, "t.db") + bytes_of(run.dir, "t.db-wal"));
	faultvfs_disk_limit(faultvfs_disk_used() + 64 * 1024);
	while ((rc = sqlite3_exec(db, "INSERT INTO t VALUES(zeroblob(3000))", NULL, NULL, NULL)) ==
	       SQLITE_OK)
		assert_true(++rows < 100);
	assert_int_equal(rc, SQLITE_FULL);
	assert_true(rows > 2);
	assert_int_equal(must_int(db, "SELECT count(*) FROM t"), rows);
	faultvfs_disk_limit(-1);
	must_exec(db, "INSERT INTO t VALUES(zeroblob(3000))");
	assert_int_equal(must_int(db, "SELECT count(*) FROM t"), rows + 1);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	run_end(&run);
}

/* A second connection sees the commit while the first has a transaction open: the WAL index is
 * shared memory. */
static void shared_memory_and_maps_go_through(void **state)
{
	struct run run;
	sqlite3 *writer, *reader;

	run_begin(&run);
	assert_int_equal(open_in(run.dir, FAULTVFS_NAME, "FULL", &writer), SQLITE_OK);
	must_exec(writer, "CREATE TABLE t(i INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)");
	must_exec(writer, "BEGIN IMMEDIATE; INSERT INTO t VALUES(2)");
	assert_int_equal(open_in(run.dir, FAULTVFS_NAME, "FULL", &reader), SQLITE_OK);
	assert_int_equal(must_int(reader, "SELECT count(*) FROM t"), 1);
	assert_int_equal(sqlite3_exec(reader, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_BUSY);
	must_exec(writer, "COMMIT");
	assert_int_equal(must_int(reader, "SELECT count(*) FROM t"), 2);
	assert_true(bytes_of(run.dir, "t.db-shm") > 0);
	assert_int_equal(must_int(reader, "PRAGMA mmap_size=1048576"), 1048576);
	must_exec(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_int_equal(must_int(reader, "SELECT count(*) FROM t"), 2);
	assert_int_equal(sqlite3_close(reader), SQLITE_OK);
	assert_int_equal(sqlite3_close(writer), SQLITE_OK);
	run_end(&run);
}

struct cuts {
	int cuts, lost, broken;
};

/* Stop the disk at the 1st, 1 + step … call, cut the power, look at what is left; `seeds` ways
 * for each. */
static struct cuts cut_each(const char *synchronous, uint64_t step, uint64_t seeds)
{
	struct cuts sum = {0};
	bool struck = true;

	for (uint64_t at = 1; struck; at += step) {
		struct fault_plan plan = {.kind = FAULT_ANY, .at = at, .for_good = true};
		struct run run;

		run_begin(&run);
		faultvfs_record(at);
		faultvfs_plan(&plan);
		write_rows(&run, synchronous);
		struck = faultvfs_fired() > 0;
		for (uint64_t seed = 1; seed <= seeds; seed++) {
			bool whole;
			assert_true(faultvfs_power_cut(seed, run.cut_dir));
			int lost = lost_rows(&run, run.cut_dir, &whole);
			sum.cuts++;
			sum.lost += lost > 0;
			sum.broken += !whole;
			clear_dir(run.cut_dir);
		}
		run_end(&run);
		assert_true(at < ROUNDS_MAX);
	}
	return sum;
}

static void synced_rows_outlive_a_power_cut(void **state)
{
	struct cuts full = cut_each("FULL", 1, 6);

	assert_true(full.cuts > 6 * ROWS);
	assert_int_equal(full.lost, 0);
	assert_int_equal(full.broken, 0);
}

/* The control: the same cuts find what SQLite says it does not promise. NORMAL may lose the last
 * rows, never the whole; OFF may lose everything. */
static void unsynced_rows_do_not(void **state)
{
	struct cuts normal = cut_each("NORMAL", 1, 6), off = cut_each("OFF", 1, 6);

	assert_true(normal.lost > 0);
	assert_int_equal(normal.broken, 0);
	assert_true(off.lost > 0);
	assert_true(off.broken > 0);
}

/* After a sync failed once the program goes on; what it answered then must be durable too, though
 * the kernel forgot what the failed sync did not bring to the disk. */
static void rows_after_a_failed_sync_outlive_a_power_cut(void **state)
{
	struct fault_plan plan = {.kind = FAULT_SYNC, .at = 1};
	int refused = 0;

	for (bool struck = true; struck; plan.at++) {
		struct run run;

		run_begin(&run);
		faultvfs_record(plan.at);
		faultvfs_plan(&plan);
		write_rows(&run, "FULL");
		struck = faultvfs_fired() > 0;
		refused += run.n_refused;
		for (uint64_t seed = 1; seed <= 20; seed++) {
			bool whole;
			assert_true(faultvfs_power_cut(seed, run.cut_dir));
			assert_int_equal(lost_rows(&run, run.cut_dir, &whole), 0);
			assert_true(whole);
			clear_dir(run.cut_dir);
		}
		run_end(&run);
	}
	assert_true(refused > 0);
}

static void sqlite_survives_each_failed_allocation(void **state)
{
	for (int for_good = 0; for_good < 2; for_good++) {
		uint64_t seen, failed = 1, at = 0;
		while (failed > 0) {
			struct run run;
			bool whole;
			/* opening takes about 500 allocations; all of the first, then every 7th */
			at += at < 300 ? 1 : 7;
			run_begin(&run);
			faultalloc_plan(FAULTALLOC_SQLITE, at, for_good);
			write_rows(&run, "OFF");
			seen = faultalloc_end(&failed);
			assert_true(seen > 0 && (for_good || failed <= 1));
			assert_int_equal(lost_rows(&run, run.dir, &whole), 0);
			assert_true(whole);
			run_end(&run);
		}
		assert_true(at > 300);
	}
}

static void jansson_survives_each_failed_allocation(void **state)
{
	static const char text[] = "{\"a\":[1,\"two\",{\"b\":true}],\"c\":\"d\"}";
	uint64_t failed = 1, at = 0;

	while (failed > 0) {
		faultalloc_plan(FAULTALLOC_JANSSON, ++at, false);
		json_t *v = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		faultalloc_end(&failed);
		assert_int_equal(v == NULL, failed > 0);
		json_decref(v);
		assert_true(at < 1000);
	}
	assert_true(at > 5);
}

static void own_allocations_fail_in_order(void **state)
{
	for (uint64_t at = 0; at <= 4; at++)
		for (int for_good = 0; for_good < 2; for_good++) {
			void *p[4];
			uint64_t failed;

			faultalloc_plan(FAULTALLOC_OWN, at, for_good);
			p[0] = malloc(10);
			p[1] = calloc(2, 10);
			p[2] = realloc(NULL, 10);
			p[3] = strdup("text");
			assert_int_equal(faultalloc_end(&failed), 4);
			for (uint64_t i = 0; i < 4; i++) {
				bool expect = at > 0 && (i + 1 == at || (for_good && i + 1 > at));
				assert_int_equal(p[i] == NULL, expect);
				failed -= expect;
				free(p[i]);
			}
			assert_int_equal(failed, 0);
		}
	void *p = malloc(1);
	assert_non_null(p);
	free(p);
}

static int begin(void **state)
{
	return faultalloc_install() && faultvfs_register(false) == SQLITE_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(calls_are_counted_by_name),
	    cmocka_unit_test(only_the_named_file_fails),
	    cmocka_unit_test(sqlite_keeps_its_word_under_each_fault),
	    cmocka_unit_test(a_torn_write_leaves_its_first_bytes),
	    cmocka_unit_test(a_failed_sync_forgets),
	    cmocka_unit_test(a_full_disk_refuses_until_there_is_room),
	    cmocka_unit_test(shared_memory_and_maps_go_through),
	    cmocka_unit_test(synced_rows_outlive_a_power_cut),
	    cmocka_unit_test(unsynced_rows_do_not),
	    cmocka_unit_test(rows_after_a_failed_sync_outlive_a_power_cut),
	    cmocka_unit_test(sqlite_survives_each_failed_allocation),
	    cmocka_unit_test(jansson_survives_each_failed_allocation),
	    cmocka_unit_test(own_allocations_fail_in_order),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
