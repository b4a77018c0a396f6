/* See cases_find.h. */
#include "service/cases_find.h"

#include "service/case_row.h"
#include "service/case_search.h"
#include "service/case_words.h"

#include <stdlib.h>

#define PROPOSER_ARENA_BYTES (4u << 20)

static enum err copy(struct arena *a, struct str s, struct str *ret)
{
	*ret = arena_copy(a, s);
	return ret->p || s.n == 0 ? ERR_OK : ERR_NO_MEMORY;
}

static enum err get_found(struct reader *r, uint64_t id, struct arena *a, struct cases_found *ret)
{
	struct case_row row;

	TRY(case_row_get(r->db, id, &row));
	*ret = (struct cases_found){.id = id, .number = row.number, .at_us = row.at_us};
	TRY(copy(a, row.category, &ret->category));
	TRY(copy(a, row.state, &ret->state));
	TRY(copy(a, row.outcome, &ret->outcome));
	TRY(copy(a, row.area, &ret->area));
	return copy(a, row.unit, &ret->unit);
}

/* One that is in no row any more is passed over. */
static enum err get_all(struct reader *r, const uint64_t *ids, unsigned n, struct arena *a,
			struct cases_found *ret, unsigned *ret_n)
{
	unsigned found = 0;

	for (unsigned i = 0; i < n; i++) {
		enum err e = get_found(r, ids[i], a, &ret[found]);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		found += e == ERR_OK;
	}
	*ret_n = found;
	return ERR_OK;
}

enum err cases_numbered(struct reader *r, struct str text, struct str area, struct arena *a,
			struct cases_found ret[CASES_NUMBERED_MAX], unsigned *ret_n)
{
	uint64_t ids[CASES_NUMBERED_MAX], term = 0;
	struct terms_key key;
	struct terms terms;
	unsigned n = 0;
	bool is, more;

	if (!r->keys)
		return ERR_KEYS;
	terms_init(&terms);
	keyring_terms_key(r->keys, key.b);
	is = terms_number_of(&key, text, &term);
	if (area.n > 0)
		terms_put_filter(&terms, &key, TERMS_AREA, cases_area_value(area));
	seal_wipe(&key, sizeof key);
	if (!is) {
		*ret_n = 0;
		return ERR_OK;
	}
	terms_put(&terms, term);
	TRY(case_search_find(r->db, &terms, CASES_NUMBERED_MAX, 0, ids, &n, &more));
	return get_all(r, ids, n, a, ret, ret_n);
}

enum err cases_search(struct reader *r, struct str text, struct str area, uint64_t before,
		      unsigned limit, struct arena *a, struct cases_found *ret, unsigned *ret_n,
		      bool *ret_more, struct problem *problem)
{
	uint64_t ids[CASE_SEARCH_FIND_MAX];
	struct terms_key key;
	struct terms terms;
	unsigned n = 0;
	enum err e;

	if (!r->keys)
		return ERR_KEYS;
	terms_init(&terms);
	keyring_terms_key(r->keys, key.b);
	e = terms_put_query(&terms, &key, text, STR("q"), problem);
	if (e == ERR_OK && area.n > 0)
		terms_put_filter(&terms, &key, TERMS_AREA, cases_area_value(area));
	seal_wipe(&key, sizeof key);
	TRY(e);
	TRY(case_search_find(r->db, &terms, limit, before, ids, &n, ret_more));
	return get_all(r, ids, n, a, ret, ret_n);
}

/* A candidate that is live, as the score wants it. */
static enum err live_case(struct reader *r, uint64_t id, struct similar_case *ret, bool *ret_live)
{
	struct db_stmt *s = db_stmt(r->db, SQL_case_open_get);
	bool row = false;

	db_bind_u64(s, 1, id);
	TRY(db_step(r->db, s, &row));
	*ret_live = row && db_i64(s, 12) == 0; /* drills are nobody's matter */
	if (!row)
		return ERR_OK;
	*ret = (struct similar_case){
	    .id = id,
	    .place = db_u64(s, 6),
	    .has_at = db_i64(s, 7) != 0,
	    .at = {(int32_t)db_i64(s, 8), (int32_t)db_i64(s, 9)},
	    .category = cases_category_value(db_text(s, 13))};
	TRY(db_finish(s));
	s = db_stmt(r->db, SQL_case_get);
	db_bind_u64(s, 1, id);
	TRY(db_step(r->db, s, &row));
	if (row)
		ret->at_us = db_i64(s, 1);
	db_done(s);
	return ERR_OK;
}

static void near_of(const struct terms_key *key, const struct cases_report *report,
		    struct terms *words, uint64_t *area, uint64_t *place, struct case_near *ret)
{
	terms_init(words);
	terms_put_text(words, key, report->text);
	*ret = (struct case_near){.words = words};
	if (report->area.n > 0) {
		*area = terms_filter_of(key, TERMS_AREA, cases_area_value(report->area));
		ret->area = area;
	}
	if (report->place != 0) {
		*place = terms_filter_of(key, TERMS_PLACE, report->place);
		ret->place = place;
	}
	if (report->has_at) {
		uint64_t cells[TERMS_CELLS_AROUND];
		terms_cells_around(report->at, cells);
		for (unsigned i = 0; i < TERMS_CELLS_AROUND; i++)
			ret->cell[ret->cell_n++] = terms_filter_of(key, TERMS_CELL, cells[i]);
	}
}

enum err cases_duplicates(struct reader *r, const struct cases_report *report,
			  struct similar ret[SIMILAR_LIST_MAX], unsigned *ret_n)
{
	struct case_candidate candidates[CASE_CANDIDATES_MAX];
	const struct similar_case new = {.place = report->place,
					 .has_at = report->has_at,
					 .at = report->at,
					 .category = report->category,
					 .at_us = report->now_us};
	struct terms_key key;
	struct case_near near;
	struct terms words;
	uint64_t area, place;
	unsigned n = 0, kept = 0;

	if (!r->keys)
		return ERR_KEYS;
	keyring_terms_key(r->keys, key.b);
	near_of(&key, report, &words, &area, &place, &near);
	seal_wipe(&key, sizeof key);
	TRY(case_search_candidates(r->db, &near, candidates, &n));
	for (unsigned i = 0; i < n; i++) {
		struct similar_case other;
		struct similar score;
		bool live = false;
		TRY(live_case(r, candidates[i].id, &other, &live));
		if (live && similar_score(&new, &other, candidates[i].words_common, &score))
			kept = similar_keep(ret, kept, &score);
	}
	*ret_n = kept;
	return ERR_OK;
}

/* ---- a proposed category ---- */

struct proposer {
	struct reader *reader;
	const struct cases_categories *table;
	struct classify_model model;
	struct classify_sums sums;
	struct terms_key key;
	_Alignas(16) char memory[PROPOSER_ARENA_BYTES];
};

enum err proposer_new(struct reader *r, const struct cases_categories *table, struct proposer **ret)
{
	struct proposer *p;
	struct arena a;
	enum err e;

	if (!r->keys)
		return ERR_KEYS;
	p = malloc(sizeof *p); /* pages that nothing is written to cost nothing */
	if (!p)
		return ERR_NO_MEMORY;
	p->reader = r;
	p->table = table;
	keyring_terms_key(r->keys, p->key.b);
	arena_init(&a, p->memory, sizeof p->memory);
	e = classify_train(table, &p->key, &a, &p->model);
	if (e != ERR_OK) {
		proposer_free(p);
		return e;
	}
	*ret = p;
	return ERR_OK;
}

struct proposer *proposer_free(struct proposer *p)
{
	if (p)
		seal_wipe(&p->key, sizeof p->key);
	free(p);
	return NULL;
}

enum err proposer_category(struct proposer *p, struct str text, struct classify_result *ret)
{
	struct terms terms;

	classify_terms(&terms, &p->key, text);
	return case_words_propose(p->reader->db, p->table, &p->model, &terms, &p->sums, ret);
}
