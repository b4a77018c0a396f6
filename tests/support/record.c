/* A store for tests. */
#include "record.h"

#include "base/check.h"

#include <dirent.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static void fill(void *ctx, void *out, size_t n)
{
	struct test_record *s = ctx;
	uint8_t *o = out;

	for (size_t i = 0; i < n; i++)
		o[i] = (uint8_t)splitmix(&s->random);
}

uint64_t store_random(struct test_record *s, uint64_t below)
{
	return splitmix(&s->random) % below;
}

static void put_path(char to[STORE_PATH_MAX], const char *dir, const char *name)
{
	CHECK(snprintf(to, STORE_PATH_MAX, "%s/%s", dir, name) < (int)STORE_PATH_MAX);
}

void store_make(struct test_record *s, uint64_t seed)
{
	const char *tmp = getenv("TMPDIR");
	uint8_t sign_seed[SIGN_SEED_BYTES];
	struct store_identity id = {440305002005, true, STR("Asia/Shanghai"), STR("os:test")};

	CHECK(sodium_init() >= 0);
	memset(s, 0, sizeof *s);
	s->random = seed;
	s->entropy = (struct entropy){fill, s};
	s->now = (struct clock_reading){INT64_C(1781136000000000), 1000000};
	put_path(s->dir, tmp && *tmp ? tmp : "/tmp", "liren-test-XXXXXX");
	CHECK(mkdtemp(s->dir));
	put_path(s->journal, s->dir, "journal.db");
	put_path(s->keys, s->dir, "keys.db");
	put_path(s->copy, s->dir, "copy.db");
	s->paths = (struct store_paths){s->journal, s->keys, s->copy, NULL};
	fill(s, s->secrets.community_key.b, SEAL_KEY_BYTES);
	fill(s, sign_seed, sizeof sign_seed);
	sign_key_from_seed(sign_seed, &s->secrets.signing_key);
	CHECK(writer_create(&s->paths, &s->secrets, &s->entropy, &id, s->now) == ERR_OK);
	store_open(s);
}

void store_open(struct test_record *s)
{
	CHECK(writer_open(&s->paths, &s->secrets, &s->entropy, &s->writer) == ERR_OK);
}

void store_close(struct test_record *s)
{
	if (s->writer)
		store_sign(s);
	s->writer = writer_close(s->writer);
}

void store_remove(struct test_record *s)
{
	DIR *d;
	struct dirent *e;

	s->writer = writer_close(s->writer);
	d = opendir(s->dir);
	CHECK(d);
	while ((e = readdir(d))) {
		char path[2 * STORE_PATH_MAX + 64];
		snprintf(path, sizeof path, "%s/%s", s->dir, e->d_name);
		if (e->d_name[0] != '.')
			CHECK(unlink(path) == 0);
	}
	closedir(d);
	CHECK(rmdir(s->dir) == 0);
}

static void tick(struct test_record *s, int64_t us)
{
	s->now.utc_us += us;
	s->now.boot_us += us;
}

void store_sign(struct test_record *s)
{
	tick(s, 1000000);
	CHECK(writer_sign(s->writer, s->now) == ERR_OK);
}

static void run_group(struct test_record *s, struct command *commands, unsigned n)
{
	static char entries[STORE_GROUP_MAX][ENTRY_BYTES_MAX];
	struct command *group[STORE_GROUP_MAX];

	for (unsigned i = 0; i < n; i++) {
		commands[i].answer.entry = buf_over(entries[i], ENTRY_BYTES_MAX);
		group[i] = &commands[i];
	}
	tick(s, 1000);
	writer_group(s->writer, group, n, s->now);
}

uint64_t store_write(struct test_record *s, struct str text)
{
	struct command c = {.kind = COMMAND_WRITE_LINE, .line.text = text};

	run_group(s, &c, 1);
	CHECK(c.answer.err == ERR_OK);
	return c.answer.n;
}

void store_write_many(struct test_record *s, unsigned n, size_t text_bytes)
{
	static char text[LINE_TEXT_BYTES_MAX];
	struct command commands[STORE_GROUP_MAX];

	memset(text, 'a', sizeof text);
	while (n > 0) {
		unsigned some = n < STORE_GROUP_MAX ? n : STORE_GROUP_MAX;
		memset(commands, 0, sizeof commands);
		for (unsigned i = 0; i < some; i++) {
			commands[i].kind = COMMAND_WRITE_LINE;
			commands[i].line.text = (struct str){text, text_bytes};
		}
		run_group(s, commands, some);
		for (unsigned i = 0; i < some; i++)
			CHECK(commands[i].answer.err == ERR_OK);
		n -= some;
	}
}

enum err store_erase(struct test_record *s, uint64_t n)
{
	struct command c = {.kind = COMMAND_ERASE_RECORD, .erase.record = n,
			    .account = STR("os:test")};

	run_group(s, &c, 1);
	return c.answer.err;
}

void store_load_file(struct test_record *s, struct str path, struct str content)
{
	struct load_file file = {.path = path, .content = content};
	struct command c = {
	    .kind = COMMAND_LOAD_FILES, .files = {.v = &file, .n = 1}, .account = STR("os:test")};

	run_group(s, &c, 1);
	CHECK(c.answer.err == ERR_OK);
}

void store_sql(struct test_record *s, const char *sql)
{
	sqlite3 *db = NULL;

	CHECK(!s->writer);
	CHECK(sqlite3_open(s->journal, &db) == SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		CHECK(false);
	}
	sqlite3_close(db);
}

int64_t store_sql_i64(struct test_record *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	int64_t v;

	CHECK(!s->writer);
	CHECK(sqlite3_open(s->journal, &db) == SQLITE_OK);
	CHECK(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK);
	CHECK(sqlite3_step(stmt) == SQLITE_ROW);
	v = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return v;
}

bool store_flip(struct test_record *s, const char *table, const char *column, const char *where,
		size_t at, uint8_t mask)
{
	static uint8_t bytes[ENTRY_BYTES_MAX];
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	char sql[256];
	int n;

	CHECK(!s->writer);
	CHECK(sqlite3_open(s->journal, &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL) == SQLITE_OK);
	snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE %s", column, table, where);
	CHECK(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK);
	CHECK(sqlite3_step(stmt) == SQLITE_ROW);
	n = sqlite3_column_bytes(stmt, 0);
	CHECK(n <= (int)sizeof bytes);
	memcpy(bytes, sqlite3_column_blob(stmt, 0), (size_t)n);
	sqlite3_finalize(stmt);
	if (at < (size_t)n) {
		bytes[at] ^= mask;
		snprintf(sql, sizeof sql, "UPDATE %s SET %s = ?1 WHERE %s", table, column, where);
		CHECK(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK);
		CHECK(sqlite3_bind_blob(stmt, 1, bytes, n, SQLITE_STATIC) == SQLITE_OK);
		CHECK(sqlite3_step(stmt) == SQLITE_DONE && sqlite3_changes(db) == 1);
		sqlite3_finalize(stmt);
	}
	sqlite3_close(db);
	return at < (size_t)n;
}
