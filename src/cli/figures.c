/* liren figures: the rates of some months by unit and category, each with numerator and
 * denominator; by grid three counts and no rate, since a grid has one worker. Reads only, and works
 * while the office runs. Cells over fewer than ten cases are shown together. */
#include "cli.h"

#include "app/kernel.h"
#include "base/civil.h"
#include "service/cases_imported.h"
#include "service/figures.h"

#define MONTHS_MAX 1200u
#define MONTHS_SHOWN 12u

static const char usage[] =
    "liren figures [--from 2026-06] [--until 2026-06] [--by unit|grid]\n"
    "liren figures --imported SOURCE\n"
    "liren figures --publish 2026-06 [--out FILE]\n"
    "The rates of these months by lead unit and category, each with numerator and denominator; "
    "without\n"
    "--from the twelve months up to --until, without --until up to this month. By grid: how many "
    "were\nhanded in, opened and repeated.\n"
    "--publish: put the rates of a month that is over on record, as a file that says of each case, "
    "to\n"
    "whoever has its receipt alone, as what it was counted; written to FILE "
    "(figures-2026-06.json).\n"
    "--imported: how long the cases of another office took, by its own times; they are no figures "
    "of ours.\n\n" CLI_STORE_USAGE;

static void say_name(struct str name, bool is_rest, enum msg none)
{
	struct str word = is_rest       ? str_of(cli_text(MSG_CLI_FIGURES_REST))
			  : name.n == 0 ? str_of(cli_text(none))
					: name;

	printf("  %.*s", (int)word.n, word.p);
}

static void say_cell(enum case_rate rate, const struct rates_cell *c)
{
	uint64_t up = case_rate_up(rate, c), down = case_rate_down(rate, c);
	uint64_t permille = down > 0 ? (up * 1000 + down / 2) / down : 0;
	char number[CLI_U64_BYTES];

	if (down < RATES_CELL_MIN) {
		printf("  ");
		cli_say(MSG_CLI_FIGURES_FEW, (struct str[]){cli_u64(RATES_CELL_MIN, number)}, 1);
		return;
	}
	say_name(c->unit, c->all_units, MSG_CLI_FIGURES_UNIT_NONE);
	if (!c->all_units)
		say_name(c->category, c->all_categories, MSG_CLI_FIGURES_CATEGORY_NONE);
	printf("  %llu/%llu  %llu.%llu%%", (unsigned long long)up, (unsigned long long)down,
	       (unsigned long long)permille / 10, (unsigned long long)permille % 10);
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		if ((case_rate_beside(rate) >> i & 1) != 0)
			printf("  %s %llu", case_figure_words((enum case_figure)i, cli_lang()),
			       (unsigned long long)c->figure[i]);
	putchar('\n');
}

static void say_month(struct figures_month *m)
{
	for (unsigned r = 0; r < CASE_RATE_COUNT; r++) {
		unsigned n = figures_shown(m, (enum case_rate)r);
		if (n > 0)
			printf("%d-%02d %s\n", m->month / 100, m->month % 100,
			       case_rate_words((enum case_rate)r, cli_lang()));
		for (unsigned i = 0; i < n; i++)
			say_cell((enum case_rate)r, &m->shown[i]);
	}
}

/* ---- by grid ---- */

static const enum case_figure of_grids[] = {CASE_FIGURE_HANDED_IN, CASE_FIGURE_OPENED,
					    CASE_FIGURE_REPEATED};
#define GRID_FIGURES (sizeof of_grids / sizeof of_grids[0])

/* One of the three: a grid with fewer than ten cases goes with all others like it, the rest is
 * shown where it has ten. */
static void say_grids(const struct figures_month *m, enum case_figure f)
{
	uint64_t rest = 0, any = 0;
	char number[CLI_U64_BYTES];

	for (unsigned i = 0; i < m->cells; i++)
		any += m->cell[i].figure[f];
	if (any == 0)
		return;
	printf("%d-%02d %s\n", m->month / 100, m->month % 100, case_figure_words(f, cli_lang()));
	for (unsigned i = 0; i < m->cells; i++) {
		uint64_t n = m->cell[i].figure[f];
		if (n < RATES_CELL_MIN) {
			rest += n;
			continue;
		}
		say_name(m->cell[i].unit, false, MSG_CLI_FIGURES_AREA_NONE);
		printf("  %llu\n", (unsigned long long)n);
	}
	if (rest >= RATES_CELL_MIN) {
		say_name(STR(""), true, MSG_CLI_FIGURES_AREA_NONE);
		printf("  %llu\n", (unsigned long long)rest);
	} else if (rest > 0) {
		printf("  ");
		cli_say(MSG_CLI_FIGURES_FEW, (struct str[]){cli_u64(RATES_CELL_MIN, number)}, 1);
	}
}

/* Months since year 0, so that one can count on. */
static int month_at(int index)
{
	return index / 12 * 100 + index % 12 + 1;
}

struct saying {
	bool by_grid, any;
};

static enum err say(void *ctx, struct figures_month *m)
{
	struct saying *s = ctx;

	s->any = true;
	if (!s->by_grid)
		say_month(m);
	for (size_t k = 0; s->by_grid && k < GRID_FIGURES; k++)
		say_grids(m, of_grids[k]);
	return ERR_OK;
}

static enum err say_months(struct db *db, int from, int until, bool by_grid)
{
	struct saying s = {.by_grid = by_grid};
	enum err e = ERR_OK;

	for (int i = from; e == ERR_OK && i <= until; i++)
		e = figures_months(db, month_at(i), month_at(i), by_grid, say, &s);
	if (e == ERR_OK && !s.any)
		cli_say(MSG_CLI_FIGURES_NONE, NULL, 0);
	return e;
}

static bool parse_month(const char *text, int *ret)
{
	char date[16];
	struct civil_date d;
	int32_t day;

	if (strlen(text) != sizeof "2026-06" - 1)
		return false;
	snprintf(date, sizeof date, "%s-01", text);
	if (civil_parse_date(str_of(date), &day) != ERR_OK)
		return false;
	d = civil_date_of(day);
	*ret = d.year * 12 + d.month - 1;
	return true;
}

/* With its fraction, as far as it has one. */
static struct str seconds(int64_t us, char memory[CLI_U64_BYTES + 8])
{
	int n = snprintf(memory, CLI_U64_BYTES + 8, "%lld.%06lld",
			 (long long)(us / CIVIL_US_PER_SECOND),
			 (long long)(us % CIVIL_US_PER_SECOND));

	while (n > 0 && memory[n - 1] == '0')
		n--;
	n -= n > 0 && memory[n - 1] == '.';
	return (struct str){memory, (size_t)n};
}

static enum err say_imported(struct db *db, struct str source)
{
	char t[4][CLI_U64_BYTES], s[2][CLI_U64_BYTES + 8];
	struct imported_sums n;

	TRY(cases_imported(db, source, &n));
	cli_say(MSG_CLI_FIGURES_IMPORTED,
		(struct str[]){source, cli_u64(n.cases, t[0]), cli_u64(n.waiting, t[1]),
			       cli_u64(n.adopted, t[2]), cli_u64(n.closed, t[3])},
		5);
	cli_say(MSG_CLI_FIGURES_IMPORTED_SPAN,
		(struct str[]){cli_u64(n.timed, t[0]), seconds(n.median_us, s[0]),
			       seconds(n.mean_us, s[1])},
		3);
	cli_say(MSG_CLI_FIGURES_IMPORTED_TIME,
		(struct str[]){cli_u64(n.in_time, t[0]), cli_u64(n.due, t[1])}, 2);
	return ERR_OK;
}

static int run(const struct settings *settings, int from, int until, bool by_grid,
	       const char *imported)
{
	struct store_paths paths = settings_paths(settings);
	struct reader *reader = NULL;
	enum err e = reader_open(&paths, NULL, &reader);

	if (e == ERR_OK)
		e = cli_say_demo(reader, "", "\n");
	if (e == ERR_OK)
		e = imported ? say_imported(reader->db, str_of(imported))
			     : say_months(reader->db, from, until, by_grid);
	reader_close(reader);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, NULL);
}

int cli_figures(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"from", required_argument, NULL, 'f'},
						{"until", required_argument, NULL, 'u'},
						{"imported", required_argument, NULL, 'i'},
						{"by", required_argument, NULL, 'b'},
						{"publish", required_argument, NULL, 'p'},
						{"out", required_argument, NULL, 'o'},
						{0}};
	struct civil_date today =
	    civil_date_of((int32_t)(kernel_clock().utc_us / CIVIL_US_PER_DAY));
	int until = today.year * 12 + today.month - 1, from = -1, published = -1, c, code;
	struct settings_overrides o = {0};
	const char *imported = NULL, *out = NULL;
	struct settings settings;
	bool by_grid = false;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c == 'i') {
			imported = optarg;
			continue;
		}
		if ((c == 'f' && parse_month(optarg, &from)) ||
		    (c == 'p' && parse_month(optarg, &published)) || (c == 'o' && (out = optarg)))
			continue;
		if (c == 'b' && (strcmp(optarg, "grid") == 0 || strcmp(optarg, "unit") == 0)) {
			by_grid = strcmp(optarg, "grid") == 0;
			continue;
		}
		if (c != 'u' || !parse_month(optarg, &until))
			return cli_usage(usage);
	}
	if (from < 0)
		from = until - (int)MONTHS_SHOWN + 1;
	if (optind < argc || from > until || until - from >= (int)MONTHS_MAX)
		return cli_usage(usage);
	if ((out && published < 0) || published / 12 > 9998)
		return cli_usage(usage);
	code = cli_store_permit(&o, published < 0 ? POLICY_SEE_FIGURES : POLICY_EXPORT, &settings);
	if (code == CLI_DONE && published >= 0)
		return cli_publish(&settings, month_at(published), out);
	return code == CLI_DONE ? run(&settings, from, until, by_grid, imported) : code;
}
