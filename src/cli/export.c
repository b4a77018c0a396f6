/* liren export: cases as a table for a spreadsheet. What stands in it is what rows hold without any
 * text of a person: codes, places that are public, instants. The policy decides. */
#include "cli.h"

#include "base/civil.h"
#include "base/zone.h"
#include "service/case_line.h"
#include "service/case_number.h"
#include "service/cases.h"
#include "service/reader.h"

#include <stdio.h>
#include <stdlib.h>

#define IDS_PAGE 500u

static const char usage[] =
    "liren export cases [--from 2026-06-01] [--until 2026-06-30]\n"
    "Every case that was handed in on these days, as CSV (UTF-8, RFC 4180) to standard output; "
    "without\n"
    "them all. No name, no contact and no text of anybody is in it. Instants are UTC.\n\n"
    CLI_STORE_USAGE;

/* A field: quoted where it has to be; what a spreadsheet would take as a formula begins with '. */
static void put_field(struct str s, bool last)
{
	bool formula = s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) && !(s.p[0] == '-' && s.n > 1 &&
								  s.p[1] >= '0' && s.p[1] <= '9');
	bool quote = formula;

	for (size_t i = 0; i < s.n; i++)
		quote = quote || s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
	if (quote)
		putchar('"');
	if (formula)
		putchar('\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			putchar('"');
		putchar(s.p[i]);
	}
	if (quote)
		putchar('"');
	fputs(last ? "\r\n" : ",", stdout);
}

static void put_instant(int64_t us)
{
	char text[40];
	struct buf b = buf_over(text, sizeof text);

	if (us != 0)
		civil_put_utc(us, &b);
	put_field(buf_str(&b), false);
}

static void put_degrees(bool given, int32_t e7, bool last)
{
	char text[24] = "";

	if (given)
		snprintf(text, sizeof text, "%.7f", e7 / 1e7);
	put_field(str_of(text), last);
}

static void put_case(const struct case_view *v, const struct case_line *line)
{
	char text[CASE_NUMBER_BYTES_MAX], step[2] = {(char)('1' + v->step), 0};
	struct buf number = buf_over(text, sizeof text);

	case_number_put(v->number, &number);
	put_field(buf_str(&number), false);
	put_instant(v->happened_us);
	put_instant(v->closed_us);
	put_field(v->category, false);
	put_field(v->state, false);
	put_field(str_of(step), false);
	put_field(v->outcome, false);
	put_field(v->unit, false);
	put_field(v->area, false);
	put_field(line->place_title, false);
	put_degrees(v->has_at, v->lat_e7, false);
	put_degrees(v->has_at, v->lon_e7, true);
}

struct span {
	int64_t from_us, until_us;
};

static enum err one_case(struct db *db, uint64_t id, const struct span *span, char *memory,
			 struct case_view *v)
{
	struct case_line line = {0};
	struct arena a;

	arena_init(&a, memory, CASES_VIEW_ARENA_BYTES + CASE_LINE_ARENA_BYTES);
	TRY(cases_view(db, id, &a, v));
	if (v->happened_us < span->from_us || v->happened_us >= span->until_us)
		return ERR_OK;
	TRY(case_line(db, id, 0, &a, &line));
	put_case(v, &line);
	return ferror(stdout) ? ERR_STORE : ERR_OK;
}

static enum err all_cases(struct db *db, const struct span *span)
{
	uint64_t ids[IDS_PAGE], after = 0, done = 0, total = 0;
	char *memory = malloc(CASES_VIEW_ARENA_BYTES + CASE_LINE_ARENA_BYTES);
	struct case_view *v = malloc(sizeof *v);
	unsigned n = IDS_PAGE;
	enum err e = memory && v ? cases_count(db, &total) : ERR_NO_MEMORY;

	fputs("number,handed_in,closed,category,state,step,outcome,unit,area,place,lat,lon\r\n",
	      stdout);
	while (e == ERR_OK && n == IDS_PAGE) {
		e = cases_after(db, after, IDS_PAGE, ids, &n);
		for (unsigned i = 0; e == ERR_OK && i < n; i++) {
			e = one_case(db, ids[i], span, memory, v);
			cli_progress(NULL, ++done, total);
		}
		after = n > 0 ? ids[n - 1] : after;
	}
	free(v);
	free(memory);
	return e;
}

static int run(const struct settings *settings, const struct span *span)
{
	struct store_paths paths = settings_paths(settings);
	struct reader *reader = NULL;
	enum err e = reader_open(&paths, NULL, &reader);

	if (e == ERR_OK)
		e = cli_say_demo(reader, "# ", "\r\n");
	if (e == ERR_OK)
		e = all_cases(reader->db, span);
	reader_close(reader);
	if (e == ERR_OK && fflush(stdout) != 0)
		e = ERR_STORE;
	return e == ERR_OK ? CLI_DONE : cli_fail(e, NULL);
}

/* The first instant of a day, in UTC. */
static bool parse_day(const char *text, int plus, int64_t *ret)
{
	int32_t day;

	if (civil_parse_date(str_of(text), &day) != ERR_OK)
		return false;
	*ret = (int64_t)(day + plus) * CIVIL_US_PER_DAY;
	return true;
}

int cli_export(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"from", required_argument, NULL, 'f'},
						{"until", required_argument, NULL, 'u'},
						{0}};
	struct span span = {INT64_MIN, INT64_MAX};
	struct settings_overrides o = {0};
	struct settings settings;
	int c, code;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if ((c != 'f' || !parse_day(optarg, 0, &span.from_us)) &&
		    (c != 'u' || !parse_day(optarg, 1, &span.until_us)))
			return cli_usage(usage);
	}
	if (optind + 1 != argc || strcmp(argv[optind], "cases") != 0)
		return cli_usage(usage);
	code = cli_store_permit(&o, POLICY_EXPORT, &settings);
	return code == CLI_DONE ? run(&settings, &span) : code;
}
