/* A store of an older program: what a later one adds to rows that are there already. */
#include "test.h"

#include "db/db.h"

#include <sqlite3.h>
#include <unistd.h>

#define APPLICATION_JOURNAL 0x4C520000 /* src/db/db.c */

static char path[64];

/* As the program that knew `number` migrations left it. */
static sqlite3 *store_of(int number)
{
	sqlite3 *db = NULL;
	char sql[96];

	snprintf(path, sizeof path, "db_old_%d.db", (int)getpid());
	(void)unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (int i = 0; i < SQL_MIGRATIONS; i++)
		if (sql_migrations[i].schema == DB_SCHEMA_journal &&
		    sql_migrations[i].number <= number)
			assert_int_equal(sqlite3_exec(db, sql_migrations[i].sql, NULL, NULL, NULL),
					 SQLITE_OK);
	snprintf(sql, sizeof sql, "PRAGMA user_version=%d; PRAGMA application_id=%d;", number,
		 APPLICATION_JOURNAL + (int)DB_SCHEMA_journal);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static void put_case(sqlite3 *db, int id, const char *doc)
{
	char sql[1024];

	snprintf(sql, sizeof sql,
		 "INSERT INTO case_rec VALUES (%d, %d, 1, 1, %d, 1, 1, 1, 0, 0, 0, 0, '', '0102', "
		 "'at_work', 4, '', 'PMC', 0, 0, 0, 0, CAST('%s' AS BLOB));"
		 "INSERT INTO case_open VALUES (%d, %d, 0, 0, %d, 1, 1, 0, 0, 0, 0, 3, 4, 0, "
		 "'0102', 'at_work', 'unit_handler', 'PMC', '', 0);",
		 id, id, id, doc, id, id, id);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* The queue's rows say which units have a part, from the documents. */
static void rows_of_the_queue_take_their_units(void **state)
{
	static const struct {
		const char *doc, *joint, *told;
	} cases[] = {
	    {"c:unit=1 2 3\nf:priority=3\n", "", ""},
	    {"f:priority=3\nm:told=BMG SVC\n", "", "BMG SVC"},
	    {"m:told=SVC\np:URB=20 0\n", "URB", "SVC"},
	    {"f:text=p:NO\nm:conditions=a b\nm:told=\np:BMG=20 1\np:URB=19 0\n", "BMG URB", ""},
	    {"p:BMG=20 1\np:URB=19 0\np:WAT=-3 0\n", "BMG URB WAT", ""},
	    {"", "", ""},
	};
	sqlite3 *old = store_of(19);
	struct db *db = NULL;
	struct db_stmt *s;
	bool row = false;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		put_case(old, (int)i + 1, cases[i].doc);
	assert_int_equal(sqlite3_close(old), SQLITE_OK);
	assert_ok(db_open(path, DB_SCHEMA_journal, DB_WRITE, NULL, &db));
	s = db_stmt(db, SQL_queue_scan);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_ok(db_step(db, s, &row));
		assert_true(row);
		assert_int_equal(db_u64(s, 0), i + 1);
		assert_true(str_eq(db_text(s, 20), str_of(cases[i].joint)));
		assert_true(str_eq(db_text(s, 21), str_of(cases[i].told)));
	}
	assert_ok(db_step(db, s, &row));
	assert_false(row);
	db_free(db);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_of_the_queue_take_their_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
