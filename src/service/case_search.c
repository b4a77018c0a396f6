/* FTS5 as an index of hashes: a term is thirteen characters of base 32, which its tokenizer takes
 * for one word; a query is such words, AND, OR and parentheses, and never what a person wrote. */
#include "service/case_search.h"

#include "base/check.h"

#include <stdlib.h>

#define TERM_CHARS 13u
#define SPELT_BYTES_MAX (TERMS_MAX * (TERM_CHARS + 5u)) /* a term and " AND " */
#define TALLY_SLOTS 8192u /* a power of two, three times what can be counted */

/* ---- spelling ---- */

static void put_term(struct buf *out, uint64_t term)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

	for (unsigned shift = 65; shift > 0;) {
		shift -= 5;
		buf_put_char(out, digits[term >> shift & 31]);
	}
}

static void put_terms(struct buf *out, const uint64_t *term, unsigned n, const char *between)
{
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			buf_put_z(out, between);
		put_term(out, term[i]);
	}
}

/* ---- writing ---- */

/* FTS5 gathers what is put and writes it, merging as it does, when a savepoint is opened or at the
 * commit. Pages that merging frees must be overwritten then: nobody finds them later. So from the
 * first change on they are, until all of it is written. */
enum err case_search_flush(struct db *db)
{
	if (!db_overwrites(db))
		return ERR_OK;
	TRY(db_savepoint(db));
	TRY(db_savepoint_release(db));
	return db_overwrite_deleted(db, false);
}

static enum err run_overwriting(struct db *db, struct db_stmt *s)
{
	TRY(db_overwrite_deleted(db, true));
	return db_run(db, s);
}

static enum err change(struct db *db, enum sql sql, uint64_t id, const struct terms *t)
{
	char memory[SPELT_BYTES_MAX];
	struct buf text = buf_over(memory, sizeof memory);
	struct db_stmt *s = db_stmt(db, sql);

	CHECK(id > 0 && id <= INT64_MAX);
	put_terms(&text, t->v, t->n, " ");
	db_bind_u64(s, 1, id);
	db_bind_text(s, 2, buf_str(&text));
	return run_overwriting(db, s);
}

enum err case_search_put(struct db *db, uint64_t id, const struct terms *t)
{
	return change(db, SQL_case_term_put, id, t);
}

enum err case_search_remove(struct db *db, uint64_t id, const struct terms *t)
{
	return change(db, SQL_case_term_remove, id, t);
}

enum err case_search_merge(struct db *db, unsigned pages, bool *ret_done)
{
	struct db_stmt *s = db_stmt(db, SQL_case_term_merge);
	uint64_t before = db_changes_total(db);

	CHECK(pages > 0 && pages <= INT32_MAX);
	/* a negative number merges all segments, not only those of one size */
	db_bind_i64(s, 1, -(int64_t)pages);
	TRY(run_overwriting(db, s));
	TRY(case_search_flush(db));
	/* the row of the command itself is one change (sqlite.org/fts5.html, "merge") */
	*ret_done = db_changes_total(db) - before < 2;
	return ERR_OK;
}

enum err case_search_clear(struct db *db)
{
	TRY(run_overwriting(db, db_stmt(db, SQL_case_term_clear)));
	return case_search_flush(db);
}

/* ---- finding ---- */

typedef void take_id_fn(void *ctx, uint64_t id);

/* The newest ids from since to below `before`, at most `limit`. */
static enum err match(struct db *db, const struct buf *query, uint64_t since, uint64_t before,
		      unsigned limit, take_id_fn *take, void *ctx)
{
	struct db_stmt *s = db_stmt(db, SQL_case_term_find);
	bool row = true;

	CHECK(!query->over);
	db_bind_text(s, 1, buf_str(query));
	db_bind_u64(s, 2, since);
	db_bind_u64(s, 3, before);
	db_bind_u64(s, 4, limit);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		take(ctx, db_u64(s, 0));
	}
}

struct finding {
	uint64_t *id;
	unsigned n, limit;
	bool more;
};

static void take_found(void *ctx, uint64_t id)
{
	struct finding *f = ctx;

	f->more = f->n == f->limit;
	if (!f->more)
		f->id[f->n++] = id;
}

enum err case_search_find(struct db *db, const struct terms *all, unsigned limit,
			  uint64_t before_id, uint64_t *ret, unsigned *ret_n, bool *ret_more)
{
	char memory[SPELT_BYTES_MAX];
	struct buf query = buf_over(memory, sizeof memory);
	struct finding f = {.id = ret, .limit = limit};

	CHECK(limit > 0 && limit <= CASE_SEARCH_FIND_MAX);
	if (all->n == 0)
		return ERR_BAD_INPUT;
	put_terms(&query, all->v, all->n, " AND ");
	TRY(match(db, &query, 0, before_id && before_id <= INT64_MAX ? before_id : INT64_MAX,
		  limit + 1, take_found, &f));
	*ret_n = f.n;
	*ret_more = f.more;
	return ERR_OK;
}

/* ---- candidates ---- */

struct tally {
	struct case_candidate slot[TALLY_SLOTS];
	struct case_candidate *used[CASE_CANDIDATES_NEAR_MAX + CASE_CANDIDATES_PLACE_MAX +
				    CASE_CANDIDATES_WORDS_MAX * CASE_CANDIDATES_WORD_IDS_MAX];
	unsigned n;
};

static struct case_candidate *slot_of(struct tally *t, uint64_t id)
{
	size_t i = (size_t)(id * UINT64_C(0x9E3779B97F4A7C15) >> 51);

	static_assert(TALLY_SLOTS == 1u << 13, "64 - 51 bits");
	while (t->slot[i].id != 0 && t->slot[i].id != id)
		i = (i + 1) % TALLY_SLOTS;
	if (t->slot[i].id == 0) {
		t->slot[i].id = id;
		t->used[t->n++] = &t->slot[i];
	}
	return &t->slot[i];
}

static void take_near(void *ctx, uint64_t id)
{
	slot_of(ctx, id)->is_near = true;
}

static void take_word(void *ctx, uint64_t id)
{
	slot_of(ctx, id)->words_common++;
}

static int by_promise(const void *a, const void *b)
{
	const struct case_candidate *x = *(struct case_candidate *const *)a;
	const struct case_candidate *y = *(struct case_candidate *const *)b;

	if (x->is_near != y->is_near)
		return x->is_near ? -1 : 1;
	if (!x->is_near && x->words_common != y->words_common)
		return x->words_common > y->words_common ? -1 : 1;
	return (x->id < y->id) - (x->id > y->id);
}

static enum err count_all(struct db *db, const struct case_near *near, struct tally *t)
{
	char memory[256];
	struct buf query = buf_over(memory, sizeof memory);
	unsigned asked =
	    near->words->n < CASE_CANDIDATES_WORDS_MAX ? near->words->n : CASE_CANDIDATES_WORDS_MAX;

	put_terms(&query, near->cell, near->cell_n, " OR ");
	if (near->cell_n > 0)
		TRY(match(db, &query, near->since_id, INT64_MAX, CASE_CANDIDATES_NEAR_MAX,
			  take_near, t));
	query.n = 0;
	if (near->place) {
		put_term(&query, *near->place);
		TRY(match(db, &query, near->since_id, INT64_MAX, CASE_CANDIDATES_PLACE_MAX,
			  take_near, t));
	}
	for (unsigned i = 0; i < asked; i++) {
		query.n = 0;
		put_term(&query, near->words->v[i * near->words->n / asked]);
		if (near->area) {
			buf_put_z(&query, " AND ");
			put_term(&query, *near->area);
		}
		TRY(match(db, &query, near->since_id, INT64_MAX, CASE_CANDIDATES_WORD_IDS_MAX,
			  take_word, t));
	}
	return ERR_OK;
}

enum err case_search_candidates(struct db *db, const struct case_near *near,
				struct case_candidate *ret, unsigned *ret_n)
{
	struct tally *t = calloc(1, sizeof *t);
	unsigned n = 0;
	enum err e;

	if (!t)
		return ERR_NO_MEMORY;
	CHECK(near->cell_n <= TERMS_CELLS_AROUND && near->since_id <= INT64_MAX);
	e = count_all(db, near, t);
	if (e == ERR_OK && t->n > 0)
		qsort(t->used, t->n, sizeof t->used[0], by_promise);
	for (unsigned i = 0; e == ERR_OK && i < t->n && n < CASE_CANDIDATES_MAX; i++)
		if (t->used[i]->is_near || t->used[i]->words_common >= CASE_CANDIDATES_COMMON_MIN)
			ret[n++] = *t->used[i];
	if (e == ERR_OK)
		*ret_n = n;
	free(t);
	return e;
}
