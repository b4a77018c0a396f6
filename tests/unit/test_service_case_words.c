/* The proposed category learns from verified cases in the store, and forgets them to the last
 * row. */
#include "book.h"

#include "service/case_words.h"

#include <sqlite3.h>
#include <unistd.h>

static const struct terms_key key = {{4, 2}};
static char path[64];
static struct db *db;
static struct arena arena;
static struct cases_book book;
static struct classify_model model;
static struct classify_sums sums;

static void begin(void)
{
	const struct book_texts shipped = {0};

	snprintf(path, sizeof path, "case_words_%d.db", (int)getpid());
	(void)unlink(path);
	assert_ok(db_open(path, DB_SCHEMA_journal, DB_CREATE, NULL, &db));
	arena = book_arena();
	book_read(&shipped, &arena, &book);
	assert_ok(classify_train(&book.categories, &key, &arena, &model));
}

static void end(void)
{
	db_free(db);
	assert_int_equal(unlink(path), 0);
	free(arena.p);
}

static struct terms terms_of(const char *text)
{
	struct terms t;

	classify_terms(&t, &key, str_of(text));
	return t;
}

static const char *proposed(const char *text)
{
	static char code[8];
	struct terms t = terms_of(text);
	struct classify_result r;

	assert_ok(case_words_propose(db, &book.categories, &model, &t, &sums, &r));
	if (!r.is_sure)
		return "unsure";
	snprintf(code, sizeof code, "%.4s", book.categories.v[r.best].name.text.p);
	return code;
}

/* The one number a statement of this test gives. */
static int64_t number(const char *sql)
{
	sqlite3 *handle = NULL;
	sqlite3_stmt *s = NULL;
	int64_t v;

	assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(handle);
	return v;
}

static const char *const lamps[] = {"榕树下的小夜灯一连三晚都暗着", "小夜灯暗着，摸黑走路",
				    "夜灯又暗了，请来看看小夜灯"};

static void learns_and_forgets(void **state)
{
	struct terms t;

	(void)state;
	begin();
	assert_string_equal(proposed("健身角的小夜灯暗着"), "unsure");
	for (unsigned round = 0; round < 4; round++)
		for (unsigned i = 0; i < 3; i++) {
			t = terms_of(lamps[i]);
			assert_ok(case_words_add(db, 102, &t));
		}
	assert_string_equal(proposed("健身角的小夜灯暗着"), "0102");
	assert_int_equal(number("SELECT cases FROM case_word_total WHERE category = 102"), 12);
	assert_int_equal(number("SELECT max(n) FROM case_word"), 12);
	/* of a category that the table no longer has: no matter */
	t = terms_of(lamps[0]);
	assert_ok(case_words_add(db, 9999, &t));
	assert_string_equal(proposed("健身角的小夜灯暗着"), "0102");
	assert_ok(case_words_remove(db, 9999, &t));
	for (unsigned round = 0; round < 4; round++)
		for (unsigned i = 0; i < 3; i++) {
			t = terms_of(lamps[i]);
			assert_ok(case_words_remove(db, 102, &t));
		}
	assert_int_equal(number("SELECT count(*) FROM case_word"), 0);
	assert_int_equal(number("SELECT sum(cases) + sum(terms) FROM case_word_total"), 0);
	assert_string_equal(proposed("健身角的小夜灯暗着"), "unsure");
	assert_ok(case_words_add(db, 102, &t));
	assert_ok(case_words_clear(db));
	assert_int_equal(number("SELECT count(*) FROM case_word"), 0);
	assert_int_equal(number("SELECT count(*) FROM case_word_total"), 0);
	end();
}

/* All of a category's first cases, then about one of so many, whatever step their numbers keep. */
static void wants_fewer_once_it_knows(void **state)
{
	static const unsigned steps[] = {1, 2, 7, 12, 16, 64, 1024};
	struct terms t;
	bool wanted = false;

	(void)state;
	begin();
	t = terms_of("灯");
	assert_int_equal(t.n, 1);
	for (unsigned i = 0; i < CASE_WORDS_ALL_MAX; i++) {
		assert_ok(case_words_wanted(db, 102, i, &wanted));
		assert_true(wanted);
		assert_ok(case_words_add(db, 102, &t));
	}
	for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
		unsigned n = 0, same = 0;
		for (uint64_t i = 1; i <= 1600; i++) {
			bool again = false;
			assert_ok(case_words_wanted(db, 102, i * steps[k], &wanted));
			assert_ok(case_words_wanted(db, 102, i * steps[k], &again));
			n += wanted;
			same += wanted == again;
		}
		assert_int_equal(same, 1600);
		assert_in_range(n, 1600 / CASE_WORDS_EVERY / 2, 1600 / CASE_WORDS_EVERY * 2);
	}
	/* another category still learns, and so does this one once cases were taken off again */
	assert_ok(case_words_wanted(db, 101, 3, &wanted));
	assert_true(wanted);
	assert_ok(case_words_remove(db, 102, &t));
	for (uint64_t i = 1; i <= 100; i++) {
		assert_ok(case_words_wanted(db, 102, i, &wanted));
		assert_true(wanted);
	}
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(learns_and_forgets),
	    cmocka_unit_test(wants_fewer_once_it_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
