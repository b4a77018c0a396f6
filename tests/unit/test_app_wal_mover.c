/* The WAL of a busy journal begins anew, again and again, moved by two; the file has all of it. */
#include "test.h"

#include "app/wal_mover.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#define BLOB_BYTES 8192
#define ROUNDS 3

static char path[64];
static struct db *db;
static uint64_t blobs;

static void setup(void)
{
	char name[80];

	snprintf(path, sizeof path, "wal_mover_%d.db", (int)getpid());
	snprintf(name, sizeof name, "%s-wal", path);
	(void)unlink(path);
	(void)unlink(name);
	assert_ok(db_open(path, DB_SCHEMA_journal, DB_CREATE, NULL, &db));
	blobs = 0;
}

static void commit_one(void)
{
	static uint8_t hashes[BLOB_BYTES];
	struct db_stmt *s;

	assert_ok(db_begin(db));
	s = db_stmt(db, SQL_tile_put);
	db_bind_u64(s, 1, ++blobs);
	memset(hashes, (int)(blobs & 0xFF), sizeof hashes);
	db_bind_bytes(s, 2, hashes, sizeof hashes);
	assert_ok(db_run(db, s));
	assert_ok(db_commit(db));
}

/* As a reader of the file without its WAL sees it: how many there are. */
static uint64_t blobs_in_file(void)
{
	char copy[80];
	struct db *other = NULL;
	struct db_stmt *s;
	uint64_t n = 0;
	bool row = true;
	FILE *in = fopen(path, "rb"), *out;
	char bytes[65536];

	snprintf(copy, sizeof copy, "%s.copy", path);
	out = fopen(copy, "wb");
	assert_true(in && out);
	for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;)
		assert_int_equal(fwrite(bytes, 1, got, out), got);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	assert_ok(db_open(copy, DB_SCHEMA_journal, DB_WRITE, NULL, &other));
	for (uint64_t i = 1; i <= blobs && row; i++) {
		s = db_stmt(other, SQL_tile_get);
		db_bind_u64(s, 1, i);
		assert_ok(db_step(other, s, &row));
		if (!row)
			break;
		assert_int_equal(db_bytes(s, 0).p[BLOB_BYTES - 1], i & 0xFF);
		db_done(s);
		n++;
	}
	db_free(other);
	unlink(copy);
	return n;
}

static void it_begins_anew(void **state)
{
	struct wal_mover *m = NULL;

	(void)state;
	setup();
	assert_ok(wal_mover_start(path, NULL, db, &m));
	for (unsigned round = 0; round < ROUNDS; round++) {
		commit_one();
		assert_true(db_wal_pages(db) < 50); /* of the round before nothing is left */
		for (; db_wal_pages(db) < WAL_MOVER_PAGES; commit_one())
			assert_false(wal_mover_look(m));
		assert_false(wal_mover_look(m)); /* the thread begins */
		commit_one();
		while (!wal_mover_look(m))
			sched_yield();
		assert_false(wal_mover_look(m));
		assert_int_equal(blobs_in_file(), blobs);
	}
	wal_mover_stop(m);
	db_free(db);
	assert_int_equal(blobs_in_file(), blobs);
	unlink(path);
}

/* Nobody looks, or the thread is gone: the writer alone does it, later. */
static void without_it_the_writer_does(void **state)
{
	struct wal_mover *m = NULL;
	int last = 0, most = 0;

	(void)state;
	setup();
	assert_ok(wal_mover_start(path, NULL, db, &m));
	wal_mover_stop(m);
	commit_one(); /* what made the schema is moved already */
	while (db_wal_pages(db) >= last) {
		most = last = db_wal_pages(db);
		commit_one();
		assert_true(last < 25000);
	}
	assert_true(most >= 20000);
	db_free(db);
	assert_int_equal(blobs_in_file(), blobs);
	unlink(path);
}

static void there_must_be_a_journal(void **state)
{
	struct wal_mover *m = NULL;

	(void)state;
	assert_int_not_equal(wal_mover_start("no_such_journal.db", NULL, NULL, &m), ERR_OK);
	assert_int_not_equal(access("no_such_journal.db", F_OK), 0);
	assert_null(wal_mover_stop(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_begins_anew),
	    cmocka_unit_test(without_it_the_writer_does),
	    cmocka_unit_test(there_must_be_a_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
