/* liren casetype check: prove files of case types, or show what breaks them. */
#include "cli.h"

#include "app/book.h"

#define WAY_BYTES_MAX 8192u

static const char usage[] =
    "liren casetype check [--etc DIR] FILE...\n"
    "Reads the files of DIR (roles, units, data catalogue, limits, categories, responsibilities) "
    "and\n"
    "proves each FILE against them: prints what was proven, or the first thing that breaks a "
    "proof,\n"
    "with its place and the way through the states that leads there.\n"
    "  --etc DIR  the folder of those files (default: ./etc)\n"
    "  --help     this text\n"
    "Ends with 0 when every proof holds, 1 when one fails, 2 when a file is not written right.\n";

static struct str number(unsigned v, char memory[24])
{
	struct buf out = buf_over(memory, 24);

	buf_put_u64(&out, v);
	return buf_str(&out);
}

static void say_good(const char *path, const struct cases_type *type)
{
	static const enum msg proofs[CASES_PROOFS] = {
	    MSG_CLI_PROOF_1, MSG_CLI_PROOF_2, MSG_CLI_PROOF_3, MSG_CLI_PROOF_4,
	    MSG_CLI_PROOF_5, MSG_CLI_PROOF_6, MSG_CLI_PROOF_7};
	struct cases_sums s;
	char memory[9][24];
	const struct str file = str_of(path);

	cases_sum(type, &s);
	cli_say(MSG_CLI_CASETYPE_GOOD, &file, 1);
	for (unsigned i = 0; i < CASES_PROOFS; i++)
		cli_say(proofs[i], NULL, 0);
	struct buf ways = buf_over(memory[8], 24);
	buf_put_z(&ways, s.ways_are_more ? ">= " : "");
	buf_put_u64(&ways, s.ways);
	const struct str args[] = {number(s.states, memory[0]),
				   number(s.finals, memory[1]),
				   number(s.transitions, memory[2]),
				   number(s.edges, memory[3]),
				   number(s.clocks, memory[4]),
				   number(s.fields, memory[5]),
				   number(s.guards, memory[6]),
				   number(s.checks, memory[7]),
				   buf_str(&ways)};
	cli_say(MSG_CLI_CASETYPE_SUMS, args, 9);
}

/* The failed proof with its way; what is not a proof goes the way of all errors. */
static int say_bad(enum err e, const struct cases_type *type, const struct cases_failure *failure)
{
	char line[2048], way[WAY_BYTES_MAX], digit[24];
	struct buf text = buf_over(line, sizeof line), steps = buf_over(way, sizeof way);

	if (failure->proof == 0)
		return cli_fail(e, &failure->problem);
	problem_put_line(&failure->problem, cli_lang(), &text);
	const struct str args[] = {number(failure->proof, digit), buf_str(&text)};
	cli_say(MSG_CLI_CASETYPE_BAD, args, 2);
	if (failure->way_n > 0) {
		cases_put_way(type, failure, &steps);
		struct str arg = buf_str(&steps);
		printf("%s%.*s\n", cli_text(MSG_CLI_CASETYPE_WAY), (int)arg.n, arg.p);
	}
	return CLI_NO;
}

static int check_files(const char *etc_dir, char *const *files, int n, struct arena *arena)
{
	struct cases_failure failure = {0};
	struct cases_book book;
	enum err e = book_load(etc_dir, arena, &book, &failure);
	int status = CLI_DONE;

	if (e != ERR_OK)
		return say_bad(e, NULL, &failure);
	for (int i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct cases_type type = {0};
		failure = (struct cases_failure){0};
		e = book_load_type(&book, files[i], arena, &type, &failure);
		if (e == ERR_OK) {
			say_good(files[i], &type);
		} else {
			int bad = say_bad(e, &type, &failure);
			status = bad > status ? bad : status;
		}
		arena_reset(arena, mark);
	}
	return status;
}

int cli_casetype(int argc, char **argv)
{
	static const struct option options[] = {
	    {"etc", required_argument, NULL, CLI_DIR}, {"help", no_argument, NULL, CLI_HELP}, {0}};
	const char *etc_dir = "etc";
	struct arena arena;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c != CLI_DIR)
			return cli_usage(usage);
		etc_dir = optarg;
	}
	if (optind + 1 >= argc || strcmp(argv[optind], "check") != 0)
		return cli_usage(usage);
	void *memory = malloc(BOOK_ARENA_BYTES);
	if (!memory)
		return cli_fail(ERR_NO_MEMORY, NULL);
	arena_init(&arena, memory, BOOK_ARENA_BYTES);
	int status = check_files(etc_dir, argv + optind + 1, argc - optind - 1, &arena);
	free(memory);
	return status;
}
