/* The category that a report's text proposes, or "unsure". Naive Bayes over terms, against the
 * background of all of them: how much likelier is the text in a category than anywhere? Smoothed by
 * Dirichlet's prior (Zhai and Lafferty, "A study of smoothing methods for language models", SIGIR
 * 2001). It learns from the category table (words, conditions of opening and closing, what people
 * say) and from verified cases, whose counts are handed in. Whatever the table lists as said
 * elsewhere, of other matters and of none, is one category more, which never wins: it leaves the
 * text unsure, and so does a text of which the best category has heard next to nothing. Depends on
 * base and place. Pure; whole numbers only: evidence is counted in 1/256 bit. O(words of the table
 * × terms of the text). */
#ifndef LIREN_CASES_CLASSIFY_H
#define LIREN_CASES_CLASSIFY_H

#include "base/arena.h"
#include "cases/model.h"
#include "cases/terms.h"

#define CLASSIFY_TERMS_MAX 128u /* of a text; the first ones */
#define CLASSIFY_SLOTS (CASES_CATEGORIES_MAX + 1u)
#define CLASSIFY_WORDS_MAX 65536u
#define CLASSIFY_PHRASE_WEIGHT 4u /* a phrase of the table counts as so many verified cases */
#define CLASSIFY_PRIOR 200u       /* μ: terms of background that every category begins with */
/* The marks, in 1/256 bit, were set on tests/cases/reports.tsv and the first half of nonsense.tsv.
 */
#define CLASSIFY_EVIDENCE_MIN (-4 * 256) /* for the best category against the background */
#define CLASSIFY_MARGIN_MIN (8 * 256)    /* of the best one over the next, elsewhere included */
#define CLASSIFY_KNOWN_MIN 15u /* of 100 terms of the text, so many the best one has heard before */

/* The terms of a text that count: words and hints. */
void classify_terms(struct terms *t, const struct terms_key *key, struct str text);

struct classify_word {
	uint64_t term;
	uint32_t slot, n;
};

/* What the table teaches. Slots are indices of categories in it; slot `category_n` is elsewhere. */
struct classify_model {
	const struct classify_word *word;
	unsigned word_n, category_n;
	uint64_t total[CLASSIFY_SLOTS]; /* terms of each slot, repeats counted */
};

/* Everything lives in the arena. ERR_TOO_LARGE: it is over, or there are more than
 * CLASSIFY_WORDS_MAX. */
enum err classify_train(const struct cases_categories *table, const struct terms_key *key,
			struct arena *a, struct classify_model *ret) MUST_CHECK;

/* One text: counts of its terms by slot. Some 140 KB: keep it off the stack. */
struct classify_sums {
	uint64_t term[CLASSIFY_TERMS_MAX];
	unsigned term_n, category_n;
	uint32_t n[CLASSIFY_TERMS_MAX][CLASSIFY_SLOTS];
	uint64_t total[CLASSIFY_SLOTS];
};

/* What the model knows of a text; then verified cases add theirs. Counts stay below 2^31. */
void classify_begin(struct classify_sums *s, const struct classify_model *m,
		    const struct terms *text);
static inline void classify_add(struct classify_sums *s, unsigned term, unsigned slot, uint32_t n)
{
	s->n[term][slot] += n;
}
static inline void classify_add_total(struct classify_sums *s, unsigned slot, uint64_t terms)
{
	s->total[slot] += terms;
}

struct classify_result {
	bool is_sure;
	unsigned best, next;      /* indices of categories; CASES_NONE where there is none */
	int32_t evidence, margin; /* in 1/256 bit; against the background, and over the next slot */
};

void classify_decide(const struct classify_sums *s, struct classify_result *ret);

#endif
