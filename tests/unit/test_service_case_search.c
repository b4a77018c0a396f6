/* The search index against a naive walk over the same cases; what a removed case leaves in the
 * file; likely duplicates found through it. */
#include "test.h"

#include "service/case_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASES 1500u
#define WORDS 60u
#define FILE_BYTES_MAX (16u << 20)

static const struct terms_key key = {{7, 7, 7, 1}};
static char path[64];
static struct db *db;
static struct terms doc[CASES + 1];
static uint64_t seed;

static uint32_t pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 32) * below >> 32);
}

static uint64_t word_term(unsigned i)
{
	return terms_filter_of(&key, TERMS_PLACE, 1000 + i);
}

static void begin(void)
{
	snprintf(path, sizeof path, "case_search_%d.db", (int)getpid());
	(void)unlink(path);
	assert_ok(db_open(path, DB_SCHEMA_journal, DB_CREATE, NULL, &db));
	seed = 11;
}

static void end(void)
{
	db = db_free(db);
	assert_int_equal(unlink(path), 0);
}

/* Words by chance, the first ones in most cases, the last ones in few. */
static void make_docs(void)
{
	for (unsigned id = 1; id <= CASES; id++) {
		terms_init(&doc[id]);
		for (unsigned k = 0; k < 12; k++)
			terms_put(&doc[id], word_term(pick(1 + pick(WORDS))));
		terms_put_filter(&doc[id], &key, TERMS_AREA, id % 3);
		terms_put_filter(&doc[id], &key, TERMS_CELL, id % 200);
	}
}

/* As the writer does it: what was gathered is written before the COMMIT. */
static void commit(void)
{
	assert_ok(case_search_flush(db));
	assert_false(db_overwrites(db));
	assert_ok(db_commit(db));
}

static void put_all(void)
{
	for (unsigned id = 1; id <= CASES; id++) {
		if (id % 64 == 1)
			assert_ok(db_begin(db));
		assert_ok(db_savepoint(db));
		assert_ok(case_search_put(db, id, &doc[id]));
		assert_ok(db_savepoint_release(db));
		if (id % 64 == 0 || id == CASES)
			commit();
	}
}

static void remove_one(unsigned id)
{
	assert_ok(db_begin(db));
	assert_ok(case_search_remove(db, id, &doc[id]));
	commit();
	terms_init(&doc[id]);
}

static bool has_all(const struct terms *d, const struct terms *all)
{
	return terms_common(all, d) == all->n;
}

/* Newest first below `before`, by looking at each. */
static void find_same(const struct terms *all, unsigned limit, uint64_t before)
{
	uint64_t got[CASE_SEARCH_FIND_MAX], want[CASE_SEARCH_FIND_MAX];
	unsigned got_n = 0, want_n = 0;
	bool more = false, want_more = false;

	for (uint64_t id = before ? before - 1 : CASES; id > 0; id--) {
		if (!has_all(&doc[id], all))
			continue;
		if (want_n == limit)
			want_more = true;
		else
			want[want_n++] = id;
	}
	assert_ok(case_search_find(db, all, limit, before, got, &got_n, &more));
	assert_int_equal(got_n, want_n);
	assert_int_equal(more, want_more);
	assert_memory_equal(got, want, want_n * sizeof want[0]);
}

static void find_all_same(void)
{
	for (unsigned round = 0; round < 300; round++) {
		struct terms all;
		terms_init(&all);
		for (unsigned n = 1 + pick(3); n > 0; n--)
			terms_put(&all, word_term(pick(WORDS)));
		if (pick(2))
			terms_put_filter(&all, &key, TERMS_AREA, pick(4));
		find_same(&all, 1 + pick(60), pick(2) ? 0 : 1 + pick(CASES));
	}
}

static void finds_what_a_walk_finds(void **state)
{
	struct terms none;
	uint64_t id;
	unsigned n;
	bool more;

	(void)state;
	begin();
	make_docs();
	put_all();
	find_all_same();
	terms_init(&none);
	assert_err(case_search_find(db, &none, 1, 0, &id, &n, &more), ERR_BAD_INPUT);
	end();
}

static void merge_all(void)
{
	bool done = false;

	for (unsigned slices = 0; !done; slices++) {
		assert_true(slices < 1000);
		assert_ok(db_begin(db));
		assert_ok(case_search_merge(db, 20, &done));
		assert_ok(db_commit(db));
	}
}

static void forgets_what_is_removed(void **state)
{
	(void)state;
	begin();
	make_docs();
	put_all();
	for (unsigned id = 5; id <= CASES; id += 5)
		remove_one(id);
	/* one with other words */
	assert_ok(db_begin(db));
	assert_ok(case_search_remove(db, 7, &doc[7]));
	terms_put(&doc[7], word_term(3));
	assert_ok(case_search_put(db, 7, &doc[7]));
	commit();
	find_all_same();
	merge_all();
	find_all_same();
	/* and it goes on */
	remove_one(9);
	find_all_same();
	end();
}

static void a_refused_command_leaves_nothing(void **state)
{
	struct terms all;
	uint64_t id[2];
	unsigned n = 9;
	bool more;

	(void)state;
	begin();
	make_docs();
	assert_ok(db_begin(db));
	for (unsigned i = 1; i <= 3; i++) {
		assert_ok(db_savepoint(db));
		terms_put(&doc[i], word_term(WORDS));
		assert_ok(case_search_put(db, i, &doc[i]));
		assert_ok(i == 2 ? db_savepoint_rollback(db) : db_savepoint_release(db));
	}
	commit();
	terms_init(&all);
	terms_put(&all, word_term(WORDS));
	assert_ok(case_search_find(db, &all, 2, 0, id, &n, &more));
	assert_int_equal(n, 2);
	assert_int_equal(id[0], 3);
	assert_int_equal(id[1], 1);
	assert_false(more);
	end();
}

/* How often the bytes stand in the file. */
static unsigned count_in_file(const char *bytes, size_t n)
{
	char *all = malloc(FILE_BYTES_MAX);
	FILE *f = fopen(path, "rb");
	unsigned found = 0;
	size_t size;

	assert_non_null(all);
	assert_non_null(f);
	size = fread(all, 1, FILE_BYTES_MAX, f);
	fclose(f);
	assert_true(size < FILE_BYTES_MAX);
	for (char *p = all; (p = memmem(p, size - (size_t)(p - all), bytes, n)); p++)
		found++;
	free(all);
	return found;
}

/* The last characters of a term as it is spelt in the index (RFC 4648's base 32 in small letters);
 * the first ones may be shared with the term before it. */
static void spell_tail(uint64_t term, char ret[9])
{
	for (unsigned i = 0; i < 9; i++, term >>= 5)
		ret[8 - i] = "abcdefghijklmnopqrstuvwxyz234567"[term % 32];
}

static void reopen(void)
{
	struct stat st;
	char wal[80];

	db = db_free(db);
	snprintf(wal, sizeof wal, "%s-wal", path);
	assert_int_equal(stat(wal, &st), -1); /* moved into the file and gone */
	assert_ok(db_open(path, DB_SCHEMA_journal, DB_WRITE, NULL, &db));
}

static void no_byte_of_a_removed_term_stays(void **state)
{
	struct terms secret;
	char tail[9];

	(void)state;
	begin();
	make_docs();
	terms_init(&secret);
	terms_put_text(&secret, &key, STR("mushroom"));
	assert_int_equal(secret.n, 1);
	spell_tail(secret.v[0], tail);
	/* among the others, so that segments with it are merged and freed on the way */
	for (unsigned i = 0; i < 5; i++)
		doc[100 + 200 * i] = secret;
	put_all();
	reopen();
	assert_true(count_in_file(tail, sizeof tail) > 0);
	for (unsigned i = 0; i < 5; i++)
		remove_one(100 + 200 * i);
	reopen();
	assert_true(count_in_file(tail, sizeof tail) > 0); /* why merging is needed */
	merge_all();
	reopen();
	assert_int_equal(count_in_file(tail, sizeof tail), 0);
	find_all_same();
	end();
}

static void nothing_stays_of_a_cleared_index(void **state)
{
	struct terms word;
	char tail[9];

	(void)state;
	begin();
	make_docs();
	put_all();
	terms_init(&word);
	terms_put(&word, word_term(1));
	spell_tail(word.v[0], tail);
	reopen();
	assert_true(count_in_file(tail, sizeof tail) > 0);
	assert_ok(case_search_clear(db));
	reopen();
	assert_int_equal(count_in_file(tail, sizeof tail), 0);
	for (unsigned id = 1; id <= CASES; id++)
		terms_init(&doc[id]);
	find_same(&word, 10, 0);
	/* and it can be made anew */
	terms_put(&doc[4], word.v[0]);
	assert_ok(case_search_put(db, 4, &doc[4]));
	find_same(&word, 10, 0);
	end();
}

/* ---- candidates ---- */

static bool is_listed(const struct case_candidate *c, unsigned n, uint64_t id)
{
	for (unsigned i = 0; i < n; i++)
		if (c[i].id == id)
			return true;
	return false;
}

static void finds_candidates(void **state)
{
	static struct case_candidate got[CASE_CANDIDATES_MAX];
	struct terms words;
	uint64_t area = terms_filter_of(&key, TERMS_AREA, 1);
	struct case_near near = {.words = &words, .area = &area, .since_id = 1000};
	unsigned n = 0, near_n = 0;

	(void)state;
	begin();
	make_docs();
	put_all();
	terms_init(&words);
	for (unsigned i = 0; i < 6; i++)
		terms_put(&words, word_term(20 + i)); /* not so many that some are cut off */
	near.cell[0] = terms_filter_of(&key, TERMS_CELL, 17);
	near.cell[1] = terms_filter_of(&key, TERMS_CELL, 18);
	near.cell_n = 2;
	assert_ok(case_search_candidates(db, &near, got, &n));
	for (uint64_t id = 1; id <= CASES; id++) {
		bool is_near = id >= 1000 && (id % 200 == 17 || id % 200 == 18);
		unsigned common = id >= 1000 && id % 3 == 1 ? terms_common(&words, &doc[id]) : 0;
		assert_int_equal(is_listed(got, n, id), is_near || common >= 2);
		near_n += is_near;
	}
	assert_true(n > near_n && near_n > 0);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(got[i].is_near, i < near_n);
		assert_int_equal(got[i].words_common,
				 got[i].id % 3 == 1 ? terms_common(&words, &doc[got[i].id]) : 0);
	}
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_what_a_walk_finds),
	    cmocka_unit_test(forgets_what_is_removed),
	    cmocka_unit_test(a_refused_command_leaves_nothing),
	    cmocka_unit_test(no_byte_of_a_removed_term_stays),
	    cmocka_unit_test(nothing_stays_of_a_cleared_index),
	    cmocka_unit_test(finds_candidates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
