/* Figures of a month as they may be shown: the cells of each rate, small ones merged
 * (cases/rates.h). Depends on db, cases.h and rates.h. Reads only. */
#ifndef LIREN_SERVICE_FIGURES_H
#define LIREN_SERVICE_FIGURES_H

#include "cases/rates.h"
#include "service/cases.h"

#define FIGURES_CELLS_MAX 8192u /* units by categories, in one month */

/* About 7 MB; on the heap. Only what is used is touched. */
struct figures_month {
	int month; /* 202606 */
	unsigned cells;
	struct rates_cell cell[FIGURES_CELLS_MAX], shown[FIGURES_CELLS_MAX];
	char text[FIGURES_CELLS_MAX][2][CASES_NAME_BYTES_MAX];
};

/* One month with its cells by unit and category; by grid `unit` is the grid's code and there is no
 * category. Until the call returns. Not ERR_OK ends the walk. */
typedef enum err figures_month_fn(void *ctx, struct figures_month *m);

/* The months from … until (202606) that have figures, each once, ascending. Errors of
 * cases_figures; ERR_TOO_LARGE also where a month has more cells than FIGURES_CELLS_MAX;
 * ERR_NO_MEMORY. A figure of a later program is passed over. */
enum err figures_months(struct db *db, int from, int until, bool by_grid, figures_month_fn *each,
			void *ctx) MUST_CHECK;

/* What may be shown of a rate, in m->shown; gives how many. A cell over fewer than RATES_CELL_MIN
 * cases is then all there is, and neither number is shown. */
unsigned figures_shown(struct figures_month *m, enum case_rate rate);

#endif
