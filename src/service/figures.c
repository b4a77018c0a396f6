/* Rows of figures into cells, a month at a time. */
#include "service/figures.h"

#include <stdlib.h>

static bool find_figure(struct str name, unsigned *ret)
{
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		if (str_eq(name, str_of(case_figure_name((enum case_figure)i)))) {
			*ret = i;
			return true;
		}
	return false;
}

static struct str keep(char *memory, struct str s)
{
	if (s.n > 0)
		memcpy(memory, s.p, s.n);
	return (struct str){memory, s.n};
}

struct walk {
	struct figures_month *m;
	figures_month_fn *each;
	void *ctx;
};

static enum err end_month(struct walk *w)
{
	enum err e = w->m->cells > 0 ? w->each(w->ctx, w->m) : ERR_OK;

	w->m->cells = 0;
	return e;
}

/* Rows come by month, unit, category, name. */
static enum err take_row(void *ctx, const struct figure_row *row)
{
	struct walk *w = ctx;
	struct figures_month *m = w->m;
	struct rates_cell *c;
	unsigned figure;

	if (!find_figure(row->name, &figure))
		return ERR_OK;
	if (row->month != m->month)
		TRY(end_month(w));
	m->month = row->month;
	c = m->cells > 0 ? &m->cell[m->cells - 1] : NULL;
	if (!c || !str_eq(c->unit, row->unit) || !str_eq(c->category, row->category)) {
		if (m->cells == FIGURES_CELLS_MAX || row->unit.n > CASES_NAME_BYTES_MAX ||
		    row->category.n > CASES_NAME_BYTES_MAX)
			return ERR_TOO_LARGE;
		c = &m->cell[m->cells];
		*c = (struct rates_cell){.unit = keep(m->text[m->cells][0], row->unit),
					 .category = keep(m->text[m->cells][1], row->category)};
		m->cells++;
	}
	c->figure[figure] += row->cases;
	return ERR_OK;
}

enum err figures_months(struct db *db, int from, int until, bool by_grid, figures_month_fn *each,
			void *ctx)
{
	struct walk w = {malloc(sizeof *w.m), each, ctx};
	enum err e = w.m ? ERR_OK : ERR_NO_MEMORY;

	if (e == ERR_OK) {
		w.m->month = 0;
		w.m->cells = 0;
		e = by_grid ? cases_figures_of_areas(db, from, until, take_row, &w)
			    : cases_figures(db, from, until, take_row, &w);
	}
	if (e == ERR_OK)
		e = end_month(&w);
	free(w.m);
	return e;
}

unsigned figures_shown(struct figures_month *m, enum case_rate rate)
{
	memcpy(m->shown, m->cell, m->cells * sizeof *m->cell);
	return rates_merge(rate, m->shown, m->cells);
}
