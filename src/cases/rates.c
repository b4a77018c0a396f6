/* Rates, and cells that are large enough to be shown. */
#include "cases/rates.h"

static const struct {
	const char *name;
	const char *words[LANG_COUNT];
	uint64_t up, up_less, down, down_less, beside;
} rates[] = {
#define F(symbol) CASE_FIGURE(symbol)
#define RATE(symbol, name, zh, en, up, up_less, down, down_less, beside)                           \
	{name, {[LANG_ZH] = zh, [LANG_EN] = en}, up, up_less, down, down_less, beside},
#include "cases/rate_table.h"
#undef RATE
#undef F
};

const char *case_rate_name(enum case_rate rate)
{
	return rates[rate].name;
}

const char *case_rate_words(enum case_rate rate, enum lang lang)
{
	return rates[rate].words[lang];
}

uint64_t case_rate_beside(enum case_rate rate)
{
	return rates[rate].beside;
}

static uint64_t sum(const struct rates_cell *cell, uint64_t figures)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		n += (figures >> i & 1) != 0 ? cell->figure[i] : 0;
	return n;
}

uint64_t case_rate_up(enum case_rate rate, const struct rates_cell *cell)
{
	return sum(cell, rates[rate].up) - sum(cell, rates[rate].up_less);
}

uint64_t case_rate_down(enum case_rate rate, const struct rates_cell *cell)
{
	return sum(cell, rates[rate].down) - sum(cell, rates[rate].down_less);
}

static int compare_text(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* In the order in which they are shown. */
static int compare(const struct rates_cell *a, const struct rates_cell *b)
{
	int c = (int)b->all_units - (int)a->all_units;

	if (c == 0)
		c = compare_text(a->unit, b->unit);
	if (c == 0)
		c = (int)b->all_categories - (int)a->all_categories;
	return c != 0 ? c : compare_text(a->category, b->category);
}

static void add(struct rates_cell *to, const struct rates_cell *cell)
{
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		to->figure[i] += cell->figure[i];
}

/* Out of the list, and into the rest it belongs to: that of its unit, or of all. */
static unsigned merge_one(struct rates_cell *cells, unsigned n, unsigned at, bool all_units)
{
	struct rates_cell one = cells[at];
	unsigned i;

	memmove(cells + at, cells + at + 1, (n - at - 1) * sizeof *cells);
	n--;
	one.all_categories = true;
	one.all_units = all_units;
	one.category = STR("");
	if (all_units)
		one.unit = STR("");
	for (i = 0; i < n && compare(&cells[i], &one) < 0;)
		i++;
	if (i < n && compare(&cells[i], &one) == 0) {
		add(&cells[i], &one);
		return n;
	}
	memmove(cells + i + 1, cells + i, (n - i) * sizeof *cells);
	cells[i] = one;
	return n + 1;
}

/* Nothing was changed in passing over the list: start again after each merge, a small list. */
static unsigned merge_small(enum case_rate rate, struct rates_cell *cells, unsigned n,
			    bool all_units)
{
	for (unsigned i = 0; i < n;) {
		bool is_rest = all_units ? cells[i].all_units : cells[i].all_categories;
		if (is_rest || case_rate_down(rate, &cells[i]) >= RATES_CELL_MIN) {
			i++;
			continue;
		}
		n = merge_one(cells, n, i, all_units);
		i = 0;
	}
	return n;
}

static unsigned smallest(enum case_rate rate, const struct rates_cell *cells, unsigned n)
{
	unsigned least = 1;

	for (unsigned i = 2; i < n; i++)
		if (case_rate_down(rate, &cells[i]) < case_rate_down(rate, &cells[least]))
			least = i;
	return least;
}

unsigned rates_merge(enum case_rate rate, struct rates_cell *cells, unsigned n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++)
		if (case_rate_up(rate, &cells[i]) + case_rate_down(rate, &cells[i]) +
			sum(&cells[i], rates[rate].beside) >
		    0)
			cells[kept++] = cells[i];
	n = merge_small(rate, cells, kept, false);
	n = merge_small(rate, cells, n, true);
	while (n > 1 && cells[0].all_units && case_rate_down(rate, &cells[0]) < RATES_CELL_MIN)
		n = merge_one(cells, n, smallest(rate, cells, n), true);
	return n;
}
