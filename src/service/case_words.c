/* Counts by term and category. A term's row that comes to none goes; a page it leaves is
 * overwritten. */
#include "service/case_words.h"

#include "base/check.h"

static enum err run_of(struct db *db, enum sql sql, uint64_t term, unsigned category)
{
	struct db_stmt *s = db_stmt(db, sql);

	db_bind_i64(s, 1, (int64_t)term); /* all 64 bits, as they are */
	db_bind_i64(s, 2, category);
	return db_run(db, s);
}

static enum err add_total(struct db *db, unsigned category, int64_t cases, int64_t terms)
{
	struct db_stmt *s = db_stmt(db, SQL_case_word_total_add);

	db_bind_i64(s, 1, category);
	db_bind_i64(s, 2, cases);
	db_bind_i64(s, 3, terms);
	return db_run(db, s);
}

enum err case_words_wanted(struct db *db, unsigned category, uint64_t id, bool *ret)
{
	/* numbers of cases may keep a step; the high bits of a product do not */
	bool wanted = (id * UINT64_C(0x9E3779B97F4A7C15) >> 32) % CASE_WORDS_EVERY == 0;
	struct db_stmt *s = db_stmt(db, SQL_case_word_cases);
	bool row = false;

	db_bind_i64(s, 1, category);
	TRY(db_step(db, s, &row));
	*ret = wanted || !row || db_i64(s, 0) < (int64_t)CASE_WORDS_ALL_MAX;
	db_done(s);
	return ERR_OK;
}

enum err case_words_add(struct db *db, unsigned category, const struct terms *t)
{
	for (unsigned i = 0; i < t->n; i++)
		TRY(run_of(db, SQL_case_word_add, t->v[i], category));
	return add_total(db, category, 1, t->n);
}

static enum err take_off(struct db *db, unsigned category, const struct terms *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		TRY(run_of(db, SQL_case_word_less, t->v[i], category));
		TRY(run_of(db, SQL_case_word_none, t->v[i], category));
	}
	return add_total(db, category, -1, -(int64_t)t->n);
}

enum err case_words_remove(struct db *db, unsigned category, const struct terms *t)
{
	TRY(db_overwrite_deleted(db, true)); /* until case_search_flush */
	return take_off(db, category, t);
}

static enum err clear_both(struct db *db)
{
	TRY(db_run(db, db_stmt(db, SQL_case_word_clear)));
	return db_run(db, db_stmt(db, SQL_case_word_total_clear));
}

enum err case_words_clear(struct db *db)
{
	enum err e, off;

	TRY(db_overwrite_deleted(db, true));
	e = clear_both(db);
	off = db_overwrite_deleted(db, false);
	return e != ERR_OK ? e : off;
}

/* ---- proposing ---- */

/* The category's slot, or false. */
static bool slot_of(const struct cases_categories *table, int64_t category, unsigned *ret)
{
	for (unsigned i = 0; i < table->n; i++) {
		struct str code = table->v[i].name.text;
		int64_t v = 0;
		for (size_t k = 0; k < code.n; k++)
			v = v * 10 + (code.p[k] - '0');
		if (v == category) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static enum err add_totals(struct db *db, const struct cases_categories *table,
			   struct classify_sums *sums)
{
	struct db_stmt *s = db_stmt(db, SQL_case_word_totals);
	bool row = true;

	for (;;) {
		unsigned slot;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		if (slot_of(table, db_i64(s, 0), &slot) && db_i64(s, 2) > 0)
			classify_add_total(sums, slot, db_u64(s, 2));
	}
}

static enum err add_term(struct db *db, const struct cases_categories *table,
			 struct classify_sums *sums, unsigned term)
{
	struct db_stmt *s = db_stmt(db, SQL_case_word_get);
	bool row = true;

	db_bind_i64(s, 1, (int64_t)sums->term[term]);
	for (;;) {
		unsigned slot;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		if (slot_of(table, db_i64(s, 0), &slot) && db_i64(s, 1) > 0)
			classify_add(sums, term, slot, (uint32_t)db_i64(s, 1));
	}
}

enum err case_words_propose(struct db *db, const struct cases_categories *table,
			    const struct classify_model *model, const struct terms *t,
			    struct classify_sums *sums, struct classify_result *ret)
{
	CHECK(table->n == model->category_n);
	classify_begin(sums, model, t);
	TRY(add_totals(db, table, sums));
	for (unsigned i = 0; i < sums->term_n; i++)
		TRY(add_term(db, table, sums, i));
	classify_decide(sums, ret);
	return ERR_OK;
}
