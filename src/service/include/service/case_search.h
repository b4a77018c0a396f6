/* The search index of cases: terms (cases/terms.h) by case. FTS5 without content; why that and not
 * a plain table: docs/decisions/0010-search-by-fts5.md. Outside the projections. The writer puts
 * and removes within its transaction, in or out of a savepoint; readers find, on connections of
 * their own. Which terms a case has is not kept: whoever removes them makes them again from the
 * text, so the text's key must live until they are removed and merged away. */
#ifndef LIREN_SERVICE_CASE_SEARCH_H
#define LIREN_SERVICE_CASE_SEARCH_H

#include "cases/terms.h"
#include "db/db.h"

#define CASE_SEARCH_FIND_MAX 200u
#define CASE_SEARCH_MERGE_PAGES 250u /* a slice of merging: a megabyte written */

#define CASE_CANDIDATES_MAX 128u
#define CASE_CANDIDATES_NEAR_MAX 64u      /* the newest around the point */
#define CASE_CANDIDATES_PLACE_MAX 32u     /* the newest at the place */
#define CASE_CANDIDATES_WORDS_MAX 32u     /* terms that are asked for */
#define CASE_CANDIDATES_WORD_IDS_MAX 128u /* the newest of each */
#define CASE_CANDIDATES_COMMON_MIN 2u     /* words that one must share which is not near */

/* Index a case: once; after a change of its terms, remove the old ones first. id is not 0. What is
 * put and removed is gathered; case_search_flush writes it, before the COMMIT. */
enum err case_search_put(struct db *db, uint64_t id, const struct terms *t) MUST_CHECK;

/* Take it out. The terms are exactly those that were put. Their hashes stay in segments of the
 * index until case_search_merge is done. */
enum err case_search_remove(struct db *db, uint64_t id, const struct terms *t) MUST_CHECK;

/* Write what was gathered in this transaction, at once: a segment a group of commands, not one a
 * case. Until then the connection overwrites all that is deleted. */
enum err case_search_flush(struct db *db) MUST_CHECK;

/* A slice of merging the index into one segment, in which nothing removed is left; freed pages are
 * overwritten. Call it, a transaction each, until *ret_done: then, and once the WAL was moved into
 * the file, the key of a text whose terms were removed may be destroyed. A put between two slices
 * starts the merging again with what is merged so far. `pages`: CASE_SEARCH_MERGE_PAGES. */
enum err case_search_merge(struct db *db, unsigned pages, bool *ret_done) MUST_CHECK;

/* Empty the index, every page of it overwritten: for a copy that leaves the house, and before it is
 * made anew. */
enum err case_search_clear(struct db *db) MUST_CHECK;

/* Cases that have all terms (at least one), the newest first, with an id below before_id (0: from
 * the newest on). limit: at most CASE_SEARCH_FIND_MAX, which `ret` has room for. */
enum err case_search_find(struct db *db, const struct terms *all, unsigned limit,
			  uint64_t before_id, uint64_t *ret, unsigned *ret_n,
			  bool *ret_more) MUST_CHECK;

/* Where cases that a new report may repeat are looked for. */
struct case_near {
	const struct terms *words; /* of its text, without filters */
	const uint64_t *area;      /* its term; the words are looked for in it; NULL: everywhere */
	const uint64_t *place;     /* its term; NULL: none */
	uint64_t cell[TERMS_CELLS_AROUND]; /* terms of the cells around its point */
	unsigned cell_n;                   /* 0: it has none */
	uint64_t since_id;                 /* older ones are not looked at */
};

struct case_candidate {
	uint64_t id;
	unsigned
	    words_common; /* at least so many: a word of many cases is looked up in the newest */
	bool is_near;     /* found by its point or place */
};

/* At most CASE_CANDIDATES_MAX: those near, then those with most words in common, each the newest
 * first. Scores are cases/similar.h's. */
enum err case_search_candidates(struct db *db, const struct case_near *near,
				struct case_candidate *ret, unsigned *ret_n) MUST_CHECK;

#endif
