/* What the proposed category (cases/classify.h) has learnt from verified cases: how many of each
 * category hold a term. Counts of hashes, outside the projections; a case is added when its
 * category was confirmed by a check, and taken off before its text's key is destroyed or when its
 * category is corrected. The writer's, in its transaction; proposing only reads. */
#ifndef LIREN_SERVICE_CASE_WORDS_H
#define LIREN_SERVICE_CASE_WORDS_H

#include "cases/classify.h"
#include "db/db.h"

/* A case more is worth its cost, some seventy rows, while its category knows little: the first ones
 * all count, after them each CASE_WORDS_EVERY-th. Frequencies stay what they are, and so does what
 * is proposed: a category's counts are weighed against its own total. */
#define CASE_WORDS_ALL_MAX 256u /* cases of a category */
#define CASE_WORDS_EVERY 16u     /* a power of two */
/* Is this case to be added? By its number, not by chance. One row. */
enum err case_words_wanted(struct db *db, unsigned category, uint64_t id, bool *ret) MUST_CHECK;

/* category: its four digits as a number. The terms are classify_terms() of the text; a case is
 * added once, and removed with the same terms; what is removed is overwritten from then on until
 * case_search_flush. */
enum err case_words_add(struct db *db, unsigned category, const struct terms *t) MUST_CHECK;
enum err case_words_remove(struct db *db, unsigned category, const struct terms *t) MUST_CHECK;

/* Forget everything, as case_search_clear() does. */
enum err case_words_clear(struct db *db) MUST_CHECK;

/* The category of a text, as an index into `table`, which the model was trained from. Counts of
 * categories that it no longer has are left out. `sums` is memory to work in. */
enum err case_words_propose(struct db *db, const struct cases_categories *table,
			    const struct classify_model *model, const struct terms *t,
			    struct classify_sums *sums, struct classify_result *ret) MUST_CHECK;

#endif
