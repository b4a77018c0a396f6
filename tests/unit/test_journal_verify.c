/* Verifying: a sound journal is sound, and each class of change is found and named. What was
 * changed is what must be named, so every expected value is the change itself. */
#include "test.h"

#include "journal/verify.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES                                                                                    \
	600u /* two full tiles of leaves, one row above them, 88 entries at the right edge */
#define COVERED_TWICE 300u

static struct test_record store;

static struct verify_result verify_with(const struct verify_options *o)
{
	struct verify_result r;
	struct db *db = NULL;

	memset(&r, 0xEE, sizeof r);
	assert_ok(db_open(store.journal, DB_SCHEMA_journal, DB_READ, NULL, &db));
	assert_ok(journal_verify(db, o, &r));
	db_free(db);
	return r;
}

static struct verify_result verify(void)
{
	return verify_with(NULL);
}

static void assert_finding(enum verify_finding finding, const char *at)
{
	struct verify_result r = verify();

	assert_int_equal(r.finding, finding);
	assert_string_equal(r.at, at);
}

static int make(void **state)
{
	(void)state;
	store_make(&store, 7);
	store_write_many(&store, COVERED_TWICE - 1, 20);
	store_sign(&store);
	store_write_many(&store, ENTRIES - COVERED_TWICE, 20);
	assert_ok(store_erase(&store, 17));
	store_close(&store);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	store_remove(&store);
	return 0;
}

static void sound_journals_are_sound(void **state)
{
	struct verify_result r = verify();

	(void)state;
	assert_int_equal(r.finding, VERIFY_SOUND);
	assert_int_equal(r.entries, ENTRIES + 1);
	assert_int_equal(r.covered, ENTRIES + 1);
	assert_int_equal(r.tiles, 3);
	assert_int_equal(r.checkpoints, store_sql_i64(&store, "SELECT count(*) FROM checkpoint"));
	assert_true(r.checkpoints >= 3);
}

static void keys_are_the_ones_given(void **state)
{
	uint8_t other[SIGN_PUBLIC_BYTES];
	struct verify_options o = {.public_key = store.secrets.signing_key.public_key};

	(void)state;
	assert_int_equal(verify_with(&o).finding, VERIFY_SOUND);
	memcpy(other, o.public_key, sizeof other);
	other[5] ^= 1;
	o.public_key = other;
	assert_int_equal(verify_with(&o).finding, VERIFY_OTHER_KEY);
}

/* Flip every byte of a blob, one after the other, and see each change named. */
static unsigned flip_all(const char *table, const char *column, const char *where, size_t step,
			 const char *at)
{
	unsigned n = 0;

	for (size_t i = 0; store_flip(&store, table, column, where, i, (uint8_t)(1u << i % 8));
	     i += step, n++) {
		struct verify_result r = verify();
		if (r.finding == VERIFY_SOUND || (at && strcmp(r.at, at) != 0))
			fail_msg("%s.%s where %s, byte %zu: finding %d at %s", table, column, where,
				 i, (int)r.finding, r.at);
		store_flip(&store, table, column, where, i, (uint8_t)(1u << i % 8));
	}
	assert_true(n > 0);
	return n;
}

static void every_byte_of_an_entry_counts(void **state)
{
	(void)state;
	assert_true(flip_all("entry", "body", "n=1", 1, "1") > 200);
	assert_true(flip_all("entry", "body", "n=256", 1, "256") > 200);
	assert_true(flip_all("entry", "body", "n=40", 3, "40") > 60);
	assert_true(flip_all("entry", "body", "n=301", 7, "301") > 30);
	assert_int_equal(verify().finding, VERIFY_SOUND);
}

static void entries_at_the_right_edge_are_told_as_a_range(void **state)
{
	struct verify_result r;

	(void)state;
	/* byte 20 is within the handle: nothing but the signed root speaks of it */
	assert_true(store_flip(&store, "entry", "body", "n=530", 20, 1));
	r = verify();
	assert_int_equal(r.finding, VERIFY_CHECKPOINT_ROOT);
	assert_true(r.first <= 530 && 530 <= r.last);
	assert_int_equal(strtoull(r.at, NULL, 10), r.last);
	store_flip(&store, "entry", "body", "n=530", 20, 1);
}

static void every_byte_of_a_salt_counts(void **state)
{
	(void)state;
	assert_int_equal(flip_all("entry", "salt", "n=1", 1, "1"), SALT_BYTES);
	assert_int_equal(flip_all("entry", "salt", "n=299", 1, "299"), SALT_BYTES);
	assert_int_equal(flip_all("entry", "salt", "n=601", 1, NULL), SALT_BYTES);
	store_sql(&store, "CREATE TABLE kept AS SELECT * FROM entry WHERE n = 5;"
			  "UPDATE entry SET salt = zeroblob(33) WHERE n = 5");
	assert_finding(VERIFY_ENTRY_FORM, "5");
	store_sql(&store,
		  "UPDATE entry SET salt = (SELECT salt FROM kept) WHERE n = 5; DROP TABLE kept");
	assert_int_equal(verify().finding, VERIFY_SOUND);
}

static void every_byte_of_a_tile_counts(void **state)
{
	(void)state;
	assert_int_equal(flip_all("tile", "hashes", "id=0", 31, "tile/0/000"), 8192 / 31 + 1);
	assert_int_equal(flip_all("tile", "hashes", "id=1", 61, "tile/0/001"), 8192 / 61 + 1);
	assert_int_equal(flip_all("tile", "hashes", "id=(1<<48)", 1, "tile/1/000.p/2"), 64);
}

static void tiles_are_neither_short_nor_long_nor_missing_nor_more(void **state)
{
	(void)state;
	store_sql(&store, "CREATE TABLE kept AS SELECT * FROM tile");
	store_sql(&store, "UPDATE tile SET hashes = substr(hashes, 1, 8160) WHERE id = 1");
	assert_finding(VERIFY_TILE_CHANGED, "tile/0/001");
	store_sql(
	    &store,
	    "UPDATE tile SET hashes = (SELECT hashes FROM kept WHERE id = 1) WHERE id = 1;"
	    "UPDATE tile SET hashes = CAST(hashes || zeroblob(32) AS BLOB) WHERE id = (1<<48)");
	assert_finding(VERIFY_TILE_CHANGED, "tile/1/000.p/2");
	store_sql(&store, "DELETE FROM tile WHERE id = (1<<48)");
	assert_finding(VERIFY_TILE_MISSING, "tile/1/000.p/2");
	store_sql(&store, "DELETE FROM tile WHERE id = 0");
	assert_finding(VERIFY_TILE_MISSING, "tile/0/000");
	store_sql(&store, "DELETE FROM tile; INSERT INTO tile SELECT * FROM kept;"
			  "INSERT INTO tile SELECT 2, hashes FROM kept WHERE id = 1");
	assert_finding(VERIFY_TILE_SURPLUS, "tile/0/002");
	store_sql(&store, "UPDATE tile SET id = (2<<48) WHERE id = 2");
	assert_finding(VERIFY_TILE_SURPLUS, "tile/2/000");
	store_sql(&store, "UPDATE tile SET id = -4 WHERE id = (2<<48)");
	assert_finding(VERIFY_TILE_SURPLUS, "-4");
	store_sql(&store, "DELETE FROM tile WHERE id = -4; DROP TABLE kept");
	assert_int_equal(verify().finding, VERIFY_SOUND);
}

static void every_byte_of_a_checkpoint_counts(void **state)
{
	(void)state;
	assert_true(flip_all("checkpoint", "note", "size=1", 1, "1") > 150);
	assert_true(flip_all("checkpoint", "note", "size=601", 1, "601") > 150);
}

static void checkpoints_have_their_size_and_epoch(void **state)
{
	(void)state;
	store_sql(&store, "UPDATE checkpoint SET size = 2 WHERE size = 1");
	assert_finding(VERIFY_CHECKPOINT_SIGNATURE, "2");
	store_sql(&store, "UPDATE checkpoint SET size = 0 WHERE size = 2");
	assert_finding(VERIFY_CHECKPOINT_SURPLUS, "0");
	store_sql(&store, "UPDATE checkpoint SET size = -3 WHERE size = 0");
	assert_finding(VERIFY_CHECKPOINT_SURPLUS, "-3");
	store_sql(&store, "UPDATE checkpoint SET size = 1 WHERE size = -3;"
			  "UPDATE checkpoint SET epoch = 2 WHERE size = 601");
	assert_finding(VERIFY_CHECKPOINT_SURPLUS, "601");
	store_sql(&store,
		  "UPDATE checkpoint SET epoch = 1 WHERE size = 601;"
		  "INSERT INTO checkpoint SELECT size, 2, at, note FROM checkpoint WHERE size = 1");
	assert_finding(VERIFY_CHECKPOINT_SURPLUS, "1");
	store_sql(
	    &store,
	    "DELETE FROM checkpoint WHERE epoch = 2;"
	    "INSERT INTO checkpoint SELECT 700, epoch, at, note FROM checkpoint WHERE size = 601");
	assert_finding(VERIFY_CHECKPOINT_SURPLUS, "700");
	store_sql(&store, "CREATE TABLE kept AS SELECT * FROM checkpoint WHERE size < 700; DELETE "
			  "FROM checkpoint");
	assert_finding(VERIFY_CHECKPOINT_MISSING, "601");
	store_sql(&store, "INSERT INTO checkpoint SELECT * FROM kept; DROP TABLE kept");
	assert_int_equal(verify().finding, VERIFY_SOUND);
}

static void numbers_have_no_gap(void **state)
{
	(void)state;
	store_sql(&store,
		  "CREATE TABLE kept AS SELECT * FROM entry; DELETE FROM entry WHERE n = 77");
	assert_finding(VERIFY_ENTRY_MISSING, "77");
	store_sql(&store, "DELETE FROM entry; INSERT INTO entry SELECT * FROM kept;"
			  "INSERT INTO entry SELECT 0, salt, body FROM kept WHERE n = 5");
	assert_finding(VERIFY_ENTRY_SURPLUS, "0");
	/* cut off at the end: a checkpoint says that there were more */
	store_sql(&store, "DELETE FROM entry WHERE n = 0 OR n > 590");
	assert_finding(VERIFY_CHECKPOINT_SURPLUS, "601");
	store_sql(&store, "DELETE FROM entry");
	assert_finding(VERIFY_ENTRY_MISSING, "1");
	/* two entries in each other's place */
	store_sql(
	    &store,
	    "INSERT INTO entry SELECT CASE n WHEN 9 THEN 10 WHEN 10 THEN 9 ELSE n END, salt, body "
	    "FROM kept");
	assert_finding(VERIFY_ENTRY_FORM, "9");
	store_sql(&store,
		  "DELETE FROM entry; INSERT INTO entry SELECT * FROM kept; DROP TABLE kept");
	assert_int_equal(verify().finding, VERIFY_SOUND);
}

static void entries_without_checkpoint_are_counted(void **state)
{
	struct verify_result r;

	(void)state;
	store_open(&store);
	(void)store_write(&store, STR("covered at once, for the last checkpoint is long ago"));
	(void)store_write(&store, STR("not covered yet"));
	store.writer = writer_close(store.writer); /* as after a crash: nothing signed */
	r = verify();
	assert_int_equal(r.finding, VERIFY_SOUND);
	assert_int_equal(r.entries - r.covered, 1);
	store_open(&store);
	store_close(&store);
	r = verify();
	assert_int_equal(r.entries, r.covered);
}

static void a_second_origin_needs_its_link(void **state)
{
	struct clock_reading now;
	struct verify_result r;
	uint64_t n;

	(void)state;
	store_open(&store);
	store_sign(&store);
	now = store.now;
	n = store.writer->journal.n + 1;
	assert_ok(writer_reopen(store.writer, &store.secrets, STR(""), STR("os:test"), now));
	(void)store_write(&store, STR("under the new origin"));
	store_close(&store);
	r = verify();
	assert_int_equal(r.finding, VERIFY_SOUND);
	assert_non_null(strstr(r.key.name, "/2"));
	{
		char where[32], at[24];
		snprintf(where, sizeof where, "n=%llu", (unsigned long long)n);
		snprintf(at, sizeof at, "%llu", (unsigned long long)n);
		assert_true(flip_all("entry", "body", where, 11, at) > 40);
	}
}

/* Level 2 of the tiles begins at 65,536 entries. */
static void higher_tiles_count_too(void **state)
{
	(void)state;
	store_make(&store, 8);
	store_write_many(&store, 66000, 1);
	store_close(&store);
	assert_int_equal(verify().finding, VERIFY_SOUND);
	assert_int_equal(verify().tiles,
			 257 + 1 + 1 + 1); /* level 0, full and growing level 1, level 2 */
	assert_int_equal(flip_all("tile", "hashes", "id=(1<<48)", 4000, "tile/1/000"), 3);
	assert_int_equal(flip_all("tile", "hashes", "id=(1<<48)+1", 17, "tile/1/001.p/1"), 2);
	assert_int_equal(flip_all("tile", "hashes", "id=(2<<48)", 17, "tile/2/000.p/1"), 2);
	assert_int_equal(flip_all("entry", "salt", "n=65536", 17, "65536"), 2);
	store_remove(&store);
}

int main(void)
{
	const struct CMUnitTest on_one_store[] = {
		cmocka_unit_test(sound_journals_are_sound),
		cmocka_unit_test(keys_are_the_ones_given),
		cmocka_unit_test(every_byte_of_an_entry_counts),
		cmocka_unit_test(entries_at_the_right_edge_are_told_as_a_range),
		cmocka_unit_test(every_byte_of_a_salt_counts),
		cmocka_unit_test(every_byte_of_a_tile_counts),
		cmocka_unit_test(tiles_are_neither_short_nor_long_nor_missing_nor_more),
		cmocka_unit_test(every_byte_of_a_checkpoint_counts),
		cmocka_unit_test(checkpoints_have_their_size_and_epoch),
		cmocka_unit_test(numbers_have_no_gap),
	};
	const struct CMUnitTest on_their_own[] = {
	    cmocka_unit_test_setup_teardown(entries_without_checkpoint_are_counted, make, clear),
	    cmocka_unit_test_setup_teardown(a_second_origin_needs_its_link, make, clear),
	    cmocka_unit_test(higher_tiles_count_too),
	};
	int failed = cmocka_run_group_tests_name("verify, one store", on_one_store, make, clear);

	return failed + cmocka_run_group_tests_name("verify, own stores", on_their_own, NULL, NULL);
}
