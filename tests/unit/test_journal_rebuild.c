/* Rebuilding: after any sequence of commands both digests are equal, and each change of a
 * projection row is named. */
#include "test.h"

#include "journal/rebuild.h"
#include "service/kinds.h"
#include "record.h"

#include <unistd.h>

#define STEPS 400u
#define SEEDS 4u

static struct test_record store;

static struct rebuild_result rebuild_with(uint64_t copy_above)
{
	char second[2 * STORE_PATH_MAX], copy[2 * STORE_PATH_MAX];
	struct rebuild_options o = {.live = store.journal, .second = second, .copy = copy,
				    .kinds = service_kinds, .copy_above = copy_above};
	struct rebuild_result r;

	snprintf(second, sizeof second, "%s/second.db", store.dir);
	snprintf(copy, sizeof copy, "%s/live-copy.db", store.dir);
	memset(&r, 0xEE, sizeof r);
	assert_ok(journal_rebuild(&o, &r));
	assert_int_equal(unlink(second), 0);
	assert_int_equal(unlink(copy), copy_above ? 0 : -1);
	return r;
}

static struct rebuild_result rebuild(void)
{
	return rebuild_with(0);
}

/* Entries of more than one slice, by way of a copy. */
static void large_stores_are_compared_by_a_copy(void **state)
{
	struct rebuild_result r;

	(void)state;
	store_make(&store, 9);
	store_write_many(&store, 9000, 10);
	store_close(&store);
	r = rebuild_with(100);
	assert_int_equal(r.finding, REBUILD_EQUAL);
	assert_int_equal(r.entries, 9001);
	store_sql(&store, "UPDATE line SET at = 5 WHERE n = 8999");
	r = rebuild_with(100);
	assert_int_equal(r.finding, REBUILD_ROW_CHANGED);
	assert_string_equal(r.key, "8999");
	store_remove(&store);
}

static void random_step(struct test_record *s)
{
	char text[64];
	uint64_t n = s->writer->journal.n;

	switch (store_random(s, 8)) {
	case 0:
		/* of whatever entry: it may be no line, or erased before */
		(void)store_erase(s, store_random(s, n + 2));
		break;
	case 1:
		snprintf(text, sizeof text, "version %u", (unsigned)store_random(s, 3));
		store_load_file(s, store_random(s, 2) ? STR("policy.yaml") : STR("place/名.yaml"),
				str_of(text));
		break;
	case 2:
		store_sign(s);
		break;
	default:
		snprintf(text, sizeof text, "写了 %u \"\\\n", (unsigned)store_random(s, 1000));
		(void)store_write(s, str_of(text));
	}
}

static int make(void **state)
{
	(void)state;
	store_make(&store, 31);
	for (unsigned i = 0; i < STEPS; i++)
		random_step(&store);
	store_close(&store);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	store_remove(&store);
	return 0;
}

static void any_sequence_of_commands_rebuilds_equal(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct rebuild_result r;
		store_make(&store, seed);
		for (unsigned i = 0; i < STEPS; i++) {
			random_step(&store);
			if (i == STEPS / 2)
				assert_ok(writer_reopen(store.writer, &store.secrets, STR(""),
							STR("os:test"), store.now));
		}
		store_close(&store);
		r = rebuild();
		assert_int_equal(r.finding, REBUILD_EQUAL);
		assert_memory_equal(r.live.b, r.rebuilt.b, HASH_BYTES);
		assert_int_equal(r.entries, store_sql_i64(&store, "SELECT max(n) FROM entry"));
		assert_int_equal(r.rows,
				 store_sql_i64(&store, "SELECT (SELECT count(*) FROM community)"
						       "+ (SELECT count(*) FROM key_used)"
						       "+ (SELECT count(*) FROM file_version)"
						       "+ (SELECT count(*) FROM line)"
						       "+ (SELECT count(*) FROM wall)"));
		assert_true(store_sql_i64(&store, "SELECT count(*) FROM line WHERE erased > 0") >
			    3);
		store_remove(&store);
	}
}

/* Change rows with `sql`, see the finding, undo. */
static void change(const char *sql, enum rebuild_finding finding, const char *table,
		   const char *key, const char *undo)
{
	struct rebuild_result r;

	store_sql(&store, sql);
	r = rebuild();
	if (r.finding != finding || strcmp(r.table, table) != 0 || strcmp(r.key, key) != 0)
		fail_msg("%s: finding %d, table %s, key %s", sql, (int)r.finding, r.table, r.key);
	assert_true(memcmp(r.live.b, r.rebuilt.b, HASH_BYTES) != 0);
	store_sql(&store, undo);
	assert_int_equal(rebuild().finding, REBUILD_EQUAL);
}

static void each_changed_row_is_named(void **state)
{
	char sql[512], undo[256], key[64];
	long long line =
	    store_sql_i64(&store, "SELECT n FROM line WHERE erased = 0 LIMIT 1 OFFSET 3");
	long long file =
	    store_sql_i64(&store, "SELECT max(n) FROM file_version WHERE path = 'policy.yaml'");

	(void)state;
	snprintf(key, sizeof key, "%lld", line);
	snprintf(sql, sizeof sql, "UPDATE line SET at = at + 1 WHERE n = %lld", line);
	snprintf(undo, sizeof undo, "UPDATE line SET at = at - 1 WHERE n = %lld", line);
	change(sql, REBUILD_ROW_CHANGED, "line", key, undo);
	snprintf(sql, sizeof sql, "UPDATE line SET erased = 400 WHERE n = %lld", line);
	snprintf(undo, sizeof undo, "UPDATE line SET erased = 0 WHERE n = %lld", line);
	change(sql, REBUILD_ROW_CHANGED, "line", key, undo);
	snprintf(sql, sizeof sql, "UPDATE line SET n = 100000 WHERE n = %lld", line);
	snprintf(undo, sizeof undo, "UPDATE line SET n = %lld WHERE n = 100000", line);
	change(sql, REBUILD_ROW_MISSING, "line", key, undo);
	change("INSERT INTO line VALUES (100000, 1, 7, 0)", REBUILD_ROW_SURPLUS, "line", "100000",
	       "DELETE FROM line WHERE n = 100000");
	snprintf(sql, sizeof sql, "UPDATE line SET key_id = key_id + 1 WHERE n = %lld", line);
	snprintf(undo, sizeof undo, "UPDATE line SET key_id = key_id - 1 WHERE n = %lld", line);
	change(sql, REBUILD_ROW_CHANGED, "line", key, undo);
	snprintf(key, sizeof key, "policy.yaml/%lld", file);
	snprintf(sql, sizeof sql,
		 "CREATE TABLE kept AS SELECT * FROM file_version;"
		 "UPDATE file_version SET sha256 = zeroblob(32) WHERE n = %lld",
		 file);
	change(sql, REBUILD_ROW_CHANGED, "file_version", key,
	       "DELETE FROM file_version; INSERT INTO file_version SELECT * FROM kept; DROP TABLE "
	       "kept");
	change("UPDATE community SET zone = 'Asia/Shanghaj'", REBUILD_ROW_CHANGED, "community",
	       "440305002005", "UPDATE community SET zone = 'Asia/Shanghai'");
}

static void flip_body(unsigned n, size_t at, uint8_t mask)
{
	char where[32];

	snprintf(where, sizeof where, "n=%u", n);
	assert_true(store_flip(&store, "entry", "body", where, at, mask));
}

static void entries_must_be_canonical_and_in_order(void **state)
{
	struct rebuild_result r;

	(void)state;
	/* byte 0 is the brace; 20 within the handle: x ^ 0x80 is no hex digit */
	flip_body(3, 0, 1);
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_ENTRY_FORM);
	assert_int_equal(r.entry, 3);
	flip_body(3, 0, 1);
	/* white space is good JSON, and not canonical */
	store_sql(&store, "CREATE TABLE kept AS SELECT * FROM entry;"
			  "UPDATE entry SET body = CAST('{ ' || substr(CAST(body AS TEXT), 2) AS "
			  "BLOB) WHERE n = 4");
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_ENTRY_FORM);
	assert_int_equal(r.entry, 4);
	/* an entry in front of its elder */
	store_sql(&store, "DELETE FROM entry; INSERT INTO entry SELECT * FROM kept;"
			  "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '\"at\":1', "
			  "'\"at\":0') AS BLOB)"
			  " WHERE n = 5");
	r = rebuild();
	assert_int_equal(r.finding,
			 REBUILD_ENTRY_FORM); /* a leading zero is not canonical either */
	store_sql(&store, "UPDATE entry SET body = (SELECT CAST(replace(CAST(body AS TEXT), "
			  "'\"at\":17', '\"at\":16')"
			  " AS BLOB) FROM kept WHERE n = 5) WHERE n = 5");
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_ENTRY_ORDER);
	assert_int_equal(r.entry, 5);
	store_sql(&store, "DELETE FROM entry WHERE n = 5");
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_ENTRY_ORDER);
	assert_int_equal(r.entry, 5);
	/* entry 1 twice: the second community cannot be */
	store_sql(&store, "DELETE FROM entry; INSERT INTO entry SELECT * FROM kept;"
			  "UPDATE entry SET body = (SELECT CAST(replace(CAST(body AS TEXT), "
			  "'\"n\":1,', '\"n\":2,')"
			  " AS BLOB) FROM kept WHERE n = 1) WHERE n = 2");
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_ENTRY_APPLY);
	assert_int_equal(r.entry, 2);
	store_sql(&store,
		  "DELETE FROM entry; INSERT INTO entry SELECT * FROM kept; DROP TABLE kept");
	assert_int_equal(rebuild().finding, REBUILD_EQUAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(large_stores_are_compared_by_a_copy),
	    cmocka_unit_test(any_sequence_of_commands_rebuilds_equal),
	    cmocka_unit_test_setup_teardown(each_changed_row_is_named, make, clear),
	    cmocka_unit_test_setup_teardown(entries_must_be_canonical_and_in_order, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
