/* Rates out of figures: numerator and denominator of a cell (unit and category of one month), and
 * the merging of small cells, so that nothing is shown of a handful of people. Depends on step.h.
 * Pure. Merging is O(n²) in cells of one month at worst. */
#ifndef LIREN_CASES_RATES_H
#define LIREN_CASES_RATES_H

#include "cases/step.h"

/* A rate over fewer cases than this is shown only together with others. */
#define RATES_CELL_MIN 10u

enum case_rate {
#define RATE(symbol, name, zh, en, up, up_less, down, down_less, beside) CASE_RATE_##symbol,
#include "cases/rate_table.h"
#undef RATE
	CASE_RATE_COUNT
};

const char *case_rate_name(enum case_rate rate); /* stable */
const char *case_rate_words(enum case_rate rate, enum lang lang);

/* Which figures stand beside it as counts: CASE_FIGURE(…) bits. */
uint64_t case_rate_beside(enum case_rate rate);

struct rates_cell {
	struct str unit, category;      /* empty: none */
	bool all_units, all_categories; /* the rest of several */
	uint64_t figure[CASE_FIGURE_COUNT];
};

/* Cases that the rate is of, and those over which it is taken: both whole numbers, as they are
 * shown. What is taken away is never more than what it is taken from. */
uint64_t case_rate_up(enum case_rate rate, const struct rates_cell *cell);
uint64_t case_rate_down(enum case_rate rate, const struct rates_cell *cell);

/* Cells of one month, ascending by unit and category, each once, to what may be shown of a rate, in
 * the same memory and order; a rest stands before the cells that have a category, and the
 * rest of all units first. Cells without anything of the rate fall away; small ones become the rest
 * of their unit, small rests that of all units, which takes the smallest cell with it as long as
 * it is small itself. If it still is, then because it is all there is: show neither
 * number. Gives how many are left. */
unsigned rates_merge(enum case_rate rate, struct rates_cell *cells, unsigned n);

#endif
