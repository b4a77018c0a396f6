/* What every store must do, whichever driver is below: written against db/db.h alone. A driver that
 * comes later adds a row to `drivers` (tests/support/db_drivers.h) and passes the same suite.
 * long-file: one suite, written once for every store. */
#include "test.h"

#include "db/db.h"
#include "db_drivers.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define FILE_BYTES_MAX (1u << 20)

struct place {
	const struct driver *driver;
	char dir[64];
	char journal[80], keys[80], copy[80];
	struct db_options options, keys_options;
};

/* ---- a folder for each test ---- */

static int set_up(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof p);
	p.driver = &drivers[0];
	p.driver->begin();
	memcpy(p.dir, "/tmp/liren-db-XXXXXX", 21);
	assert_non_null(mkdtemp(p.dir));
	snprintf(p.journal, sizeof p.journal, "%s/journal.db", p.dir);
	snprintf(p.keys, sizeof p.keys, "%s/keys.db", p.dir);
	snprintf(p.copy, sizeof p.copy, "%s/copy.db", p.dir);
	p.options = (struct db_options){.vfs = p.driver->vfs};
	p.keys_options = (struct db_options){.vfs = p.driver->vfs, .rollback_journal = true};
	*state = &p;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
	const struct place *p = *state;
	const char *const files[] = {p->journal, p->keys, p->copy};

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 4; k++) {
			char path[96];
			snprintf(path, sizeof path, "%s%s", files[i], tails[k]);
			unlink(path);
		}
	return rmdir(p->dir);
}

static struct db *open_journal(const struct place *p, enum db_mode mode)
{
	struct db *db = NULL;

	assert_ok(db_open(p->journal, DB_SCHEMA_journal, mode, &p->options, &db));
	assert_non_null(db);
	return db;
}

static struct db *open_keys(const struct place *p, enum db_mode mode)
{
	struct db *db = NULL;

	assert_ok(db_open(p->keys, DB_SCHEMA_keys, mode, &p->keys_options, &db));
	return db;
}

static void assert_refused(const struct place *p, const char *path, enum db_schema schema,
			   enum db_mode mode, enum err why)
{
	struct db *const before = (struct db *)(uintptr_t)0x10;
	struct db *db = before;

	assert_err(db_open(path, schema, mode,
			   schema == DB_SCHEMA_keys ? &p->keys_options : &p->options, &db),
		   why);
	assert_ptr_equal(db, before);
}

/* A whole file in memory; the caller frees. */
static uint8_t *read_all(const char *path, size_t *ret_n)
{
	uint8_t *bytes = malloc(FILE_BYTES_MAX);
	FILE *f = fopen(path, "rb");

	assert_non_null(bytes);
	assert_non_null(f);
	*ret_n = fread(bytes, 1, FILE_BYTES_MAX, f);
	assert_true(*ret_n < FILE_BYTES_MAX);
	fclose(f);
	return bytes;
}

struct image {
	uint8_t *bytes;
	size_t n;
};

static struct image image_of(const char *path)
{
	struct image i;

	i.bytes = read_all(path, &i.n);
	return i;
}

static void assert_untouched(struct image before, const char *path)
{
	struct image now = image_of(path);

	assert_int_equal(now.n, before.n);
	assert_memory_equal(now.bytes, before.bytes, before.n);
	free(now.bytes);
}

/* ---- rows ---- */

static enum err try_put(struct db *db, uint64_t n)
{
	struct db_stmt *s = db_stmt(db, SQL_entry_insert);

	db_bind_u64(s, 1, n);
	db_bind_bytes(s, 2, "salt", 4);
	db_bind_bytes(s, 3, "body", 4);
	return db_run(db, s);
}

static void put(struct db *db, uint64_t n)
{
	assert_ok(try_put(db, n));
	assert_int_equal(db_changes(db), 1);
}

/* The numbers of all rows as a text, "1 2 5 ". */
static void rows_are(struct db *db, const char *want)
{
	struct db_stmt *s = db_stmt(db, SQL_entry_range);
	char got[256] = "";
	bool row = false;

	db_bind_u64(s, 1, 0);
	db_bind_u64(s, 2, INT64_MAX);
	for (;;) {
		size_t at = strlen(got);
		assert_ok(db_step(db, s, &row));
		if (!row)
			break;
		snprintf(got + at, sizeof got - at, "%llu ", (unsigned long long)db_u64(s, 0));
	}
	assert_string_equal(got, want);
}

/* ---- open, create, migrate ---- */

static void a_store_is_made_once_and_found_again(void **state)
{
	const struct place *p = *state;
	struct db *db;

	assert_refused(p, p->journal, DB_SCHEMA_journal, DB_READ, ERR_STORE);
	assert_refused(p, p->journal, DB_SCHEMA_journal, DB_WRITE, ERR_STORE);
	assert_int_equal(access(p->journal, F_OK), -1);
	db = open_journal(p, DB_CREATE);
	rows_are(db, "");
	put(db, 1);
	assert_null(db_free(db));
	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		db = open_journal(p, mode);
		rows_are(db, "1 ");
		db_free(db);
	}
	assert_null(db_free(NULL));
}

static void a_newer_file_is_refused_and_not_touched(void **state)
{
	const struct place *p = *state;
	struct image before;

	for (unsigned keys = 0; keys < 2; keys++) {
		const char *path = keys ? p->keys : p->journal;
		enum db_schema schema = keys ? DB_SCHEMA_keys : DB_SCHEMA_journal;
		struct db *db = keys ? open_keys(p, DB_CREATE) : open_journal(p, DB_CREATE);
		db_free(db);
		p->driver->set_version(path, 1000);
		before = image_of(path);
		for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
			assert_refused(p, path, schema, mode, ERR_NEWER_STORE);
			assert_untouched(before, path);
		}
		free(before.bytes);
	}
}

static void copy_file(const char *from, const char *to)
{
	struct image i = image_of(from);
	FILE *f = fopen(to, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(i.bytes, 1, i.n, f), i.n);
	assert_int_equal(fclose(f), 0);
	free(i.bytes);
}

/* Number of the last migration of the journal. */
static uint32_t newest(void)
{
	int number = 0;

	for (int i = 0; i < SQL_MIGRATIONS; i++)
		if (sql_migrations[i].schema == DB_SCHEMA_journal)
			number = sql_migrations[i].number;
	return (uint32_t)number;
}

/* As a crash of the newer program leaves it: rows that are not in the file yet stay beside it. */
static void a_newer_file_keeps_what_is_beside_it(void **state)
{
	const struct place *p = *state;
	char beside[96], copy_beside[96];
	struct image file, log;
	struct db *db;

	snprintf(beside, sizeof beside, "%s-wal", p->journal);
	snprintf(copy_beside, sizeof copy_beside, "%s-wal", p->copy);
	db_free(open_journal(p, DB_CREATE));
	db = open_journal(p, DB_WRITE);
	put(db, 1);
	copy_file(p->journal, p->copy);
	copy_file(beside, copy_beside);
	db_free(db);
	p->driver->set_version(p->copy, 1000);
	file = image_of(p->copy);
	log = image_of(copy_beside);
	assert_true(log.n > 0);
	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		assert_refused(p, p->copy, DB_SCHEMA_journal, mode, ERR_NEWER_STORE);
		assert_untouched(file, p->copy);
		assert_untouched(log, copy_beside);
	}
	p->driver->set_version(p->copy, newest());
	assert_ok(db_open(p->copy, DB_SCHEMA_journal, DB_READ, &p->options, &db));
	rows_are(db, "1 ");
	db_free(db);
	free(file.bytes);
	free(log.bytes);
}

static void a_file_of_something_else_is_refused_and_not_touched(void **state)
{
	static const uint32_t owners[] = {0, 1, 0x4C530000, UINT32_MAX};
	const struct place *p = *state;
	struct image before;

	for (unsigned keys = 0; keys < 2; keys++) {
		const char *path = keys ? p->keys : p->journal;
		enum db_schema schema = keys ? DB_SCHEMA_keys : DB_SCHEMA_journal;
		struct db *db = keys ? open_keys(p, DB_CREATE) : open_journal(p, DB_CREATE);
		db_free(db);
		for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
			p->driver->set_owner(path, owners[i]);
			before = image_of(path);
			for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
				assert_refused(p, path, schema, mode, ERR_CORRUPT);
				/* as the other schema, which is set up otherwise */
				assert_refused(p, path, keys ? DB_SCHEMA_journal : DB_SCHEMA_keys,
					       mode, ERR_CORRUPT);
				assert_untouched(before, path);
			}
			free(before.bytes);
		}
	}
}

static void keys_are_not_taken_for_a_journal(void **state)
{
	const struct place *p = *state;
	struct image keys, journal;

	db_free(open_keys(p, DB_CREATE));
	db_free(open_journal(p, DB_CREATE));
	keys = image_of(p->keys);
	journal = image_of(p->journal);
	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		assert_refused(p, p->keys, DB_SCHEMA_journal, mode, ERR_CORRUPT);
		assert_untouched(keys, p->keys);
		assert_refused(p, p->journal, DB_SCHEMA_keys, mode, ERR_CORRUPT);
		assert_untouched(journal, p->journal);
	}
	free(keys.bytes);
	free(journal.bytes);
}

static void a_text_is_no_store(void **state)
{
	static const char text[] = "This is a letter to the office, and it is long enough to be "
				   "taken for the head of something: it goes on and on and on.\n";
	const struct place *p = *state;
	struct image before;
	FILE *f = fopen(p->journal, "wb");

	assert_non_null(f);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(fwrite(text, 1, sizeof text - 1, f), sizeof text - 1);
	assert_int_equal(fclose(f), 0);
	before = image_of(p->journal);
	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		assert_refused(p, p->journal, DB_SCHEMA_journal, mode, ERR_CORRUPT);
		assert_untouched(before, p->journal);
	}
	free(before.bytes);
}

/* A file that says it is older, but has the tables already: the migration fails at its first table,
 * and nothing of it stays. */
static void a_migration_that_fails_leaves_the_file_as_it_was(void **state)
{
	const struct place *p = *state;
	struct image before;
	struct db *db = open_journal(p, DB_CREATE);

	put(db, 7);
	db_free(db);
	p->driver->set_version(p->journal, 0);
	before = image_of(p->journal);
	assert_refused(p, p->journal, DB_SCHEMA_journal, DB_READ, ERR_CORRUPT);
	assert_refused(p, p->journal, DB_SCHEMA_journal, DB_WRITE, ERR_STORE);
	assert_untouched(before, p->journal);
	p->driver->set_version(p->journal, newest());
	db = open_journal(p, DB_WRITE);
	rows_are(db, "7 ");
	db_free(db);
	free(before.bytes);
}

/* Cut off at every size of the file: what is there afterwards is no store, or a whole one. */
static void making_a_store_ends_whole_or_not_at_all(void **state)
{
	const struct place *p = *state;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, usual;
	struct rlimit before, limit;
	unsigned failed = 0, made = 0;

	assert_int_equal(sigaction(SIGXFSZ, &ignore, &usual), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (rlim_t bytes = 0; made < 2; bytes += 1021) {
		struct db *db = NULL;
		enum err e;
		limit = (struct rlimit){bytes, before.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		e = db_open(p->journal, DB_SCHEMA_journal, DB_CREATE, &p->options, &db);
		db_free(db);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		failed += e != ERR_OK;
		made += e == ERR_OK;
		if (e == ERR_OK) {
			db_free(open_journal(p, DB_READ));
		} else if (access(p->journal, F_OK) == 0) {
			assert_int_not_equal(db_open(p->journal, DB_SCHEMA_journal, DB_READ,
						     &p->options, &db),
					     ERR_OK);
		}
		db = open_journal(p, DB_CREATE);
		put(db, 1);
		rows_are(db, "1 ");
		db_free(db);
		assert_int_equal(unlink(p->journal), 0);
	}
	assert_int_equal(sigaction(SIGXFSZ, &usual, NULL), 0);
	assert_true(failed > 10);
}

/* ---- transactions ---- */

static void a_savepoint_undoes_only_itself(void **state)
{
	const struct place *p = *state;
	struct db *db = open_journal(p, DB_CREATE);

	assert_ok(db_begin(db));
	put(db, 1);
	assert_ok(db_savepoint(db));
	put(db, 2);
	put(db, 3);
	assert_ok(db_savepoint_rollback(db));
	rows_are(db, "1 ");
	assert_ok(db_savepoint(db));
	put(db, 4);
	assert_ok(db_savepoint_release(db));
	assert_ok(db_savepoint(db));
	put(db, 5);
	assert_err(try_put(db, 4), ERR_STORE);
	assert_ok(db_savepoint_rollback(db));
	put(db, 6);
	assert_ok(db_commit(db));
	rows_are(db, "1 4 6 ");
	db_free(db);
	db = open_journal(p, DB_READ);
	rows_are(db, "1 4 6 ");
	db_free(db);
}

static void a_rollback_undoes_all_and_may_come_twice(void **state)
{
	const struct place *p = *state;
	struct db *db = open_journal(p, DB_CREATE);
	struct db_stmt *s;
	bool row = false;

	put(db, 1);
	db_rollback(db);
	assert_ok(db_begin(db));
	put(db, 2);
	assert_ok(db_savepoint(db));
	put(db, 3);
	/* a statement in the midst of its rows does not stand in the way */
	s = db_stmt(db, SQL_entry_last);
	assert_ok(db_step(db, s, &row));
	assert_true(row);
	db_rollback(db);
	db_rollback(db);
	rows_are(db, "1 ");
	assert_ok(db_begin(db));
	put(db, 4);
	assert_ok(db_commit(db));
	assert_int_not_equal(db_commit(db), ERR_OK);
	rows_are(db, "1 4 ");
	db_free(db);
}

/* All in one thread: who waited for the other would never be answered. */
static void a_reader_sees_what_is_committed_and_never_waits(void **state)
{
	const struct place *p = *state;
	struct db *writer = open_journal(p, DB_CREATE), *reader = open_journal(p, DB_READ);

	put(writer, 1);
	assert_ok(db_begin(writer));
	put(writer, 2);
	rows_are(reader, "1 ");
	rows_are(writer, "1 2 ");
	assert_ok(db_begin_read(reader));
	rows_are(reader, "1 ");
	assert_ok(db_commit(writer));
	put(writer, 3);
	/* one moment, as long as it reads */
	rows_are(reader, "1 ");
	assert_ok(db_commit(reader));
	rows_are(reader, "1 2 3 ");
	assert_int_not_equal(try_put(reader, 4), ERR_OK);
	db_free(reader);
	assert_ok(db_begin(writer));
	put(writer, 4);
	reader = open_journal(p, DB_READ);
	rows_are(reader, "1 2 3 ");
	db_rollback(writer);
	rows_are(reader, "1 2 3 ");
	db_free(reader);
	db_free(writer);
}

/* What a reader began cannot become a write once another has written. */
static void a_moment_that_is_over_cannot_be_written_to(void **state)
{
	const struct place *p = *state;
	struct db *one = open_journal(p, DB_CREATE), *other = open_journal(p, DB_WRITE);

	put(one, 1);
	assert_ok(db_begin_read(other));
	rows_are(other, "1 ");
	put(one, 2);
	assert_err(try_put(other, 3), ERR_LOCKED);
	db_rollback(other);
	put(other, 3);
	rows_are(one, "1 2 3 ");
	db_free(other);
	db_free(one);
}

static void a_copy_holds_what_is_committed(void **state)
{
	const struct place *p = *state;
	struct db *writer = open_journal(p, DB_CREATE), *reader, *copy = NULL;
	char report[64] = "";
	struct image before;
	bool sound = false;

	put(writer, 1);
	put(writer, 2);
	reader = open_journal(p, DB_READ);
	assert_ok(db_begin(writer));
	put(writer, 3);
	assert_ok(db_copy_to(reader, p->copy));
	put(writer, 4);
	assert_ok(db_commit(writer));
	rows_are(writer, "1 2 3 4 ");
	before = image_of(p->copy);
	assert_int_not_equal(db_copy_to(reader, p->copy), ERR_OK);
	assert_untouched(before, p->copy);
	free(before.bytes);
	assert_ok(db_open(p->copy, DB_SCHEMA_journal, DB_WRITE, &p->options, &copy));
	rows_are(copy, "1 2 ");
	assert_ok(db_integrity(copy, report, sizeof report, &sound));
	assert_true(sound);
	put(copy, 3);
	rows_are(copy, "1 2 3 ");
	rows_are(reader, "1 2 3 4 ");
	db_free(copy);
	db_free(reader);
	db_free(writer);
}

/* ---- values ---- */

static void blobs_come_back(struct db *db)
{
	static uint8_t all[70000];
	static const size_t sizes[] = {0, 1, 32, 255, 256, 4096, 70000};
	struct db_stmt *s;
	bool row = false;

	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct bytes b;
		s = db_stmt(db, SQL_entry_insert);
		db_bind_i64(s, 1, INT64_MAX - (int64_t)i);
		db_bind_bytes(s, 2, NULL, 0);
		db_bind_bytes(s, 3, all, sizes[i]);
		assert_ok(db_run(db, s));
		s = db_stmt(db, SQL_entry_get);
		db_bind_u64(s, 1, (uint64_t)INT64_MAX - i);
		assert_ok(db_step(db, s, &row));
		assert_true(row);
		assert_true(db_i64(s, 0) == INT64_MAX - (int64_t)i);
		assert_true(db_u64(s, 0) == (uint64_t)INT64_MAX - i);
		assert_int_equal(db_bytes(s, 1).n, 0);
		b = db_bytes(s, 2);
		assert_int_equal(b.n, sizes[i]);
		if (b.n > 0)
			assert_memory_equal(b.p, all, b.n);
		assert_ok(db_step(db, s, &row));
		assert_false(row);
	}
}

static void texts_come_back(struct db *db)
{
	static const struct str texts[] = {
		{"", 0},		 {"a", 1},
		{"里仁 – é 🏘 \xE2\x80\xA8", 22}, {"nul \0 within", 12},
		{"'quote\" ; DROP TABLE entry; --", 30},
	};
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct db_stmt *s = db_stmt(db, SQL_file_insert);
		bool row = false;
		db_bind_text(s, 1, texts[i]);
		db_bind_i64(s, 2, numbers[i]);
		db_bind_bytes(s, 3, texts[i].p, texts[i].n);
		db_bind_i64(s, 4, numbers[4 - i]);
		assert_ok(db_run(db, s));
		s = db_stmt(db, SQL_file_last);
		db_bind_text(s, 1, texts[i]);
		assert_ok(db_step(db, s, &row));
		assert_true(row);
		assert_true(db_i64(s, 0) == numbers[i]);
		assert_int_equal(db_bytes(s, 1).n, texts[i].n);
		assert_true(db_i64(s, 2) == numbers[4 - i]);
		db_done(s);
	}
}

/* As a text, as what it was put in. */
static void a_community_comes_back(struct db *db)
{
	struct str zone = STR("Asia/里仁"), nothing = {NULL, 0};
	struct db_stmt *s = db_stmt(db, SQL_community_insert);
	struct str got;
	bool row = false;

	db_bind_i64(s, 1, 0);
	db_bind_i64(s, 2, -1);
	db_bind_text(s, 3, zone);
	db_bind_text(s, 4, nothing);
	db_bind_i64(s, 5, INT64_MIN);
	db_bind_text(s, 6, STR("o"));
	assert_ok(db_run(db, s));
	s = db_stmt(db, SQL_community_get);
	assert_ok(db_step(db, s, &row));
	assert_true(row);
	assert_true(db_i64(s, 0) == 0 && db_i64(s, 1) == -1 && db_i64(s, 4) == INT64_MIN);
	got = db_text(s, 2);
	assert_true(str_eq(got, zone));
	assert_int_equal(db_text(s, 3).n, 0);
	assert_true(str_eq(db_text(s, 5), STR("o")));
	db_done(s);
}

static void values_come_back_as_they_were_put(void **state)
{
	const struct place *p = *state;
	struct db_options o = p->options;

	for (unsigned i = 0; i < 3; i++) {
		struct db *db = NULL;
		o.rollback_journal = i == 1;
		o.bulk = i == 2;
		assert_ok(db_open(p->journal, DB_SCHEMA_journal, DB_CREATE, &o, &db));
		blobs_come_back(db);
		texts_come_back(db);
		a_community_comes_back(db);
		db_free(db);
		db = open_journal(p, DB_READ);
		rows_are(db, "9223372036854775801 9223372036854775802 9223372036854775803 "
			     "9223372036854775804 9223372036854775805 9223372036854775806 ");
		db_free(db);
		unlink(p->journal);
	}
}

/* ---- errors ---- */

static void errors_of_the_engine_are_told_as_ours(void **state)
{
	const struct place *p = *state;
	struct db *db = open_journal(p, DB_CREATE);
	enum err as = ERR_OK;
	char want[128] = "";
	unsigned i;

	/* each way twice: in a transaction the commit fails, without one the statement */
	for (i = 0; p->driver->fail_write(i / 2, &as); i++) {
		size_t at = strlen(want);
		bool alone = i % 2 == 1;
		enum err e = alone ? ERR_OK : db_begin(db);
		if (e == ERR_OK)
			e = try_put(db, 100 + i);
		if (e == ERR_OK && !alone)
			e = db_commit(db);
		assert_err(e, as);
		assert_true(strlen(db_message(db)) > 0);
		db_rollback(db);
		p->driver->fail_no_more();
		/* the same statements work again, and nothing of the failed row is there */
		put(db, 1 + i);
		snprintf(want + at, sizeof want - at, "%u ", 1 + i);
		rows_are(db, want);
	}
	assert_true(i > 0);
	db_free(db);
}

static void a_statement_can_be_used_after_its_error(void **state)
{
	const struct place *p = *state;
	struct db *db = open_journal(p, DB_CREATE);
	struct db_stmt *s;
	bool row = true;

	put(db, 1);
	assert_ok(db_begin(db));
	assert_err(try_put(db, 1), ERR_STORE);
	put(db, 2);
	assert_err(try_put(db, 2), ERR_STORE);
	assert_err(try_put(db, 1), ERR_STORE);
	put(db, 3);
	assert_ok(db_commit(db));
	rows_are(db, "1 2 3 ");
	/* of another schema: it cannot be prepared, which is told at the step, each time */
	for (unsigned i = 0; i < 2; i++) {
		s = db_stmt(db, SQL_key_get);
		assert_null(s);
		db_bind_i64(s, 1, 1);
		db_bind_bytes(s, 1, "x", 1);
		db_bind_text(s, 1, STR("x"));
		assert_err(db_step(db, s, &row), ERR_STORE);
		assert_true(row);
		db_done(s);
	}
	put(db, 4);
	db_free(db);
}

static void a_spoilt_file_is_told(void **state)
{
	const struct place *p = *state;
	struct db *db = open_journal(p, DB_CREATE);
	struct db_stmt *s;
	char report[80] = "";
	bool row = false, sound = false;

	put(db, 1);
	assert_ok(db_integrity(db, report, sizeof report, &sound));
	assert_true(sound);
	db_free(db);
	p->driver->spoil(p->journal);
	db = open_journal(p, DB_READ);
	s = db_stmt(db, SQL_entry_get);
	db_bind_u64(s, 1, 1);
	assert_err(db_step(db, s, &row), ERR_CORRUPT);
	assert_false(row);
	if (db_integrity(db, report, sizeof report, &sound) == ERR_OK)
		assert_true(!sound && strlen(report) > 0);
	db_free(db);
}

/* No byte of a destroyed key is in the file or beside it. */
static void what_is_deleted_from_the_keys_is_gone(void **state)
{
	static const char secret[] = "a data key that nobody may ever find again";
	const struct place *p = *state;
	struct db *db = open_keys(p, DB_CREATE);
	struct db_stmt *s;
	char beside[96];

	snprintf(beside, sizeof beside, "%s-journal", p->keys);
	for (int64_t id = 1; id <= 40; id++) {
		s = db_stmt(db, SQL_key_insert);
		db_bind_i64(s, 1, id);
		db_bind_bytes(s, 2, secret, sizeof secret);
		assert_ok(db_run(db, s));
	}
	for (unsigned turn = 0; turn < 2; turn++) {
		const char *const files[] = {p->keys, beside};
		unsigned found = 0;
		for (size_t f = 0; f < 2; f++) {
			struct image i = {NULL, 0};
			if (access(files[f], F_OK) != 0)
				continue;
			i = image_of(files[f]);
			found += i.n > 0 && memmem(i.bytes, i.n, secret, sizeof secret) != NULL;
			free(i.bytes);
		}
		assert_int_equal(found, turn == 0);
		for (int64_t id = 1; id <= 40; id++) {
			s = db_stmt(db, SQL_key_delete);
			db_bind_i64(s, 1, id);
			assert_ok(db_run(db, s));
			assert_int_equal(db_changes(db), turn == 0);
		}
	}
	db_free(db);
}

static void bytes_of_the_log_are_counted(void **state)
{
	const struct place *p = *state;
	struct db *db = open_journal(p, DB_CREATE);
	uint64_t before = db_wal_bytes(db), after;

	rows_are(db, "");
	assert_true(db_wal_bytes(db) == before);
	put(db, 1);
	after = db_wal_bytes(db);
	assert_true(after > before);
	put(db, 2);
	assert_true(db_wal_bytes(db) > after);
	db_free(db);
}

static int register_driver(void **state)
{
	(void)state;
	db_process_init();
	return drivers[0].set_up();
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_store_is_made_once_and_found_again),
		TEST(a_newer_file_is_refused_and_not_touched),
		TEST(a_newer_file_keeps_what_is_beside_it),
		TEST(a_file_of_something_else_is_refused_and_not_touched),
		TEST(keys_are_not_taken_for_a_journal),
		TEST(a_text_is_no_store),
		TEST(a_migration_that_fails_leaves_the_file_as_it_was),
		TEST(making_a_store_ends_whole_or_not_at_all),
		TEST(a_savepoint_undoes_only_itself),
		TEST(a_rollback_undoes_all_and_may_come_twice),
		TEST(a_reader_sees_what_is_committed_and_never_waits),
		TEST(a_moment_that_is_over_cannot_be_written_to),
		TEST(a_copy_holds_what_is_committed),
		TEST(values_come_back_as_they_were_put),
		TEST(errors_of_the_engine_are_told_as_ours),
		TEST(a_statement_can_be_used_after_its_error),
		TEST(a_spoilt_file_is_told),
		TEST(what_is_deleted_from_the_keys_is_gone),
		TEST(bytes_of_the_log_are_counted),
	};

	return cmocka_run_group_tests_name(drivers[0].name, tests, register_driver, NULL);
}
