/* liren responsibilities: hand-backs that were upheld, each of which proposes a line of
 * responsibilities.yaml, and the gaps of the file in force. Reads only, and works while the office
 * runs. */
#include "cli.h"

#include "app/etc.h"
#include "app/kernel.h"
#include "cases/route.h"
#include "service/cases.h"
#include "service/reader.h"

#define GAPS_SHOWN 512u

static const char usage[] =
    "liren responsibilities\n"
    "Hand-backs that were upheld, by category, grid and the two units: each proposes a line of\n"
    "responsibilities.yaml. Then the gaps of the file in force: look-ups that may find nobody, "
    "and\n"
    "who leads then; lines whose last day is past.\n\n" CLI_STORE_USAGE;

struct proposals {
	const struct cases_book *book;
	unsigned n;
};

static struct str unit_words(const struct cases_book *b, struct str code)
{
	for (unsigned i = 0; i < b->units_n; i++)
		if (str_eq(b->units[i].name.text, code))
			return b->units[i].words[cli_lang()];
	return code;
}

static struct str category_words(const struct cases_book *b, struct str code)
{
	for (unsigned i = 0; i < b->categories.n; i++)
		if (str_eq(b->categories.v[i].name.text, code))
			return b->categories.v[i].words[cli_lang()];
	return code;
}

static enum err say_hand_back(void *ctx, const struct hand_back_row *row)
{
	struct proposals *p = ctx;
	char cases[CLI_U64_BYTES], n[CLI_U64_BYTES];

	if (p->n++ == 0)
		cli_say(MSG_CLI_RESPONSIBILITIES_UPHELD, NULL, 0);
	printf("  ");
	cli_say(MSG_CLI_RESPONSIBILITIES_LINE,
		(struct str[]){row->category, category_words(p->book, row->category),
			       row->area.n > 0 ? row->area : STR("-"),
			       unit_words(p->book, row->from), unit_words(p->book, row->to),
			       cli_u64(row->cases, cases), cli_u64(row->n, n)},
		7);
	return ERR_OK;
}

static void say_gap(const struct cases_book *b, const struct cases_gap *g)
{
	const struct cases_category *k = &b->categories.v[g->category];
	const struct str lead = b->units[g->unit].words[cli_lang()];
	char line[CLI_U64_BYTES];

	printf("  ");
	if (g->kind == CASES_GAP_LINE_OVER)
		cli_say(MSG_CLI_RESPONSIBILITIES_OVER,
			(struct str[]){k->name.text, k->words[cli_lang()],
				       cli_u64(b->responsibilities.v[g->rule].at.line, line)},
			3);
	else
		cli_say(MSG_CLI_RESPONSIBILITIES_LOOKUP,
			(struct str[]){k->name.text, k->words[cli_lang()], lead,
				       b->units[g->use].words[cli_lang()]},
			4);
}

static int say_all(struct db *db, const struct cases_shelf *shelf)
{
	static struct cases_gap gap[GAPS_SHOWN];
	struct proposals p = {&shelf->now, 0};
	uint64_t calendar_n = 0;
	const struct calendar *calendar = shelf_calendar(shelf, &calendar_n);
	enum err e = cases_hand_backs(db, say_hand_back, &p);
	unsigned n;

	if (e != ERR_OK)
		return cli_fail(e, NULL);
	if (p.n == 0)
		cli_say(MSG_CLI_RESPONSIBILITIES_NONE, NULL, 0);
	n = calendar ? cases_gaps(&shelf->now, calendar_day_of(calendar, kernel_clock().utc_us),
				  gap, GAPS_SHOWN)
		     : 0;
	cli_say(n > 0 ? MSG_CLI_RESPONSIBILITIES_GAPS : MSG_CLI_RESPONSIBILITIES_WHOLE, NULL, 0);
	for (unsigned i = 0; i < n && i < GAPS_SHOWN; i++)
		say_gap(&shelf->now, &gap[i]);
	return CLI_DONE;
}

static int run(const struct settings *settings)
{
	static struct config_shelf_failure failure;
	struct store_paths paths = settings_paths(settings);
	struct reader *reader = NULL;
	struct etc_shelf *shelf = NULL;
	enum err e = reader_open(&paths, NULL, &reader);
	int code;

	if (e == ERR_OK) {
		struct etc_options o = {.settings = settings, .db = reader->db};
		e = etc_in_force(&o, &shelf, &failure);
	}
	if (e == ERR_OK) {
		code = say_all(reader->db, &shelf->shelf);
	} else if (e == ERR_NOT_FOUND && failure.cases.problem.err == ERR_OK) {
		cli_say(MSG_CLI_FILES_NONE, NULL, 0);
		code = CLI_USAGE;
	} else {
		code = cli_fail(e, &failure.cases.problem);
	}
	etc_shelf_free(shelf);
	reader_close(reader);
	return code;
}

int cli_responsibilities(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS, {0}};
	struct settings_overrides o = {0};
	struct settings settings;
	int c, code;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c != CLI_HELP)
			return cli_usage(usage);
		fputs(usage, stdout);
		return CLI_DONE;
	}
	if (optind < argc)
		return cli_usage(usage);
	code = cli_store_permit(&o, POLICY_EXPORT, &settings); /* hand-backs one by one */
	return code == CLI_DONE ? run(&settings) : code;
}
