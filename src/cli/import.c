/* liren import: places or cases out of somebody's file, by the running office's writer, else by one
 * of our own. */
#include "cli.h"

#include "app/etc.h"
#include "app/files.h"
#include "app/import_door.h"
#include "app/kernel.h"
#include "app/setup.h"
#include "config/config_yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 20u /* refused rows on the terminal */
#define SENTENCE_BYTES 1024u

static const char usage[] =
    "liren import places --map FILE.yaml [--rejects FILE] FILE\n"
    "liren import cases --map FILE.yaml [--rejects FILE] FILE.csv\n"
    "Take places from CSV or GeoJSON, or the cases of another office from CSV, as the mapping file "
    "says\n"
    "(etc/maps/). Rows that cannot be taken are told by line; the same file again changes nothing. "
    "The office\n"
    "may be running. Cases come with their own times, and run no clocks until somebody takes them "
    "over.\n\n"
    "  --map FILE       what the columns are\n"
    "  --rejects FILE   write every refused row's line and reason there; the file must not "
    "exist\n" CLI_STORE_USAGE;

struct import_call {
	struct settings settings;
	enum import_kind kind;
	const char *map_path, *rejects_path, *path;
	char *map_text;
	size_t map_n;
	int fd;		      /* of the file */
	char text[IMPORT_DOOR_TEXT_BYTES_MAX + 1]; /* why the office took no more; or empty */
	FILE *rejects;
	struct writer *writer;
	char account[128];
	uint64_t told; /* lines of rows */
	struct import_counts counts;
};

static enum err run_command(void *ctx, struct command *c)
{
	struct import_call *call = ctx;

	writer_group(call->writer, &c, 1, kernel_clock());
	return c->answer.err;
}

static void show_refused(void *ctx, struct str line)
{
	struct import_call *call = ctx;

	if (call->told++ < SHOWN_MAX)
		fprintf(stderr, "%.*s\n", (int)line.n, line.p);
	if (call->rejects)
		fprintf(call->rejects, "%.*s\n", (int)line.n, line.p);
}

static void refused(void *ctx, const struct problem *problem)
{
	char text[SENTENCE_BYTES];
	struct buf b = buf_over(text, sizeof text);

	problem_put_line(problem, cli_lang(), &b);
	show_refused(ctx, buf_str(&b));
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum err open_file(struct import_call *call, struct problem *p)
{
	struct str path = str_of(call->path);

	call->fd = open(call->path, O_RDONLY | O_CLOEXEC);
	return call->fd >= 0 ? ERR_OK
			     : problem_set(p, err_of_errno(errno), STR(""), MSG_CLI_FILE_UNREADABLE,
					   &path, 1);
}

static void say_cases(const struct import_counts *n)
{
	char t[4][CLI_U64_BYTES];

	cli_say(MSG_CLI_IMPORTED_CASES,
		(struct str[]){cli_u64(n->added, t[0]), cli_u64(n->changed, t[1]),
			       cli_u64(n->same, t[2]), cli_u64(n->refused, t[3])},
		4);
	cli_say(MSG_CLI_IMPORTED_HOW,
		(struct str[]){cli_u64(n->placed, t[0]), cli_u64(n->noted, t[1])}, 2);
	cli_say(MSG_CLI_IMPORTED_LEFT,
		(struct str[]){cli_u64(n->columns_left, t[0]), cli_u64(n->texts_left, t[1]),
			       cli_u64(n->masked, t[2])},
		3);
}

static void say_places(const struct import_counts *n)
{
	char t[5][CLI_U64_BYTES];

	cli_say(MSG_CLI_IMPORTED,
		(struct str[]){cli_u64(n->added, t[0]), cli_u64(n->changed, t[1]),
			       cli_u64(n->same, t[2]), cli_u64(n->refused, t[3]),
			       cli_u64(n->unwanted, t[4])},
		5);
}

static void say_counts(const struct import_call *call)
{
	char t[CLI_U64_BYTES];

	if (call->kind == IMPORT_CASES)
		say_cases(&call->counts);
	else
		say_places(&call->counts);
	if (call->told > SHOWN_MAX && !call->rejects)
		cli_say(MSG_CLI_IMPORT_MORE,
			(struct str[]){cli_u64(call->told - SHOWN_MAX, t)}, 1);
}

static struct import_order order_of(struct import_call *call)
{
	return (struct import_order){.kind = call->kind,
				    .map_name = base_name(call->map_path),
				    .map_text = {call->map_text, call->map_n},
				    .name = base_name(call->path),
				    .fd = call->fd,
				    .account = str_of(call->account),
				    .run = run_command,
				    .refused = refused,
				    .progress = cli_progress,
				    .ctx = call};
}

/* The mapping file must be right before anything else is touched. */
static enum err read_map(struct import_call *call, struct problem *p)
{
	struct str path = str_of(call->map_path);
	struct import_order o;
	enum err e = file_read(call->map_path, CONFIG_BYTES_MAX, &call->map_text, &call->map_n);

	if (e != ERR_OK)
		return problem_set(p, e, STR(""), MSG_CLI_FILE_UNREADABLE, &path, 1);
	o = order_of(call);
	return import_order_check(&o, p);
}

static enum err with_writer(struct import_call *call, struct problem *p)
{
	struct import_order o = order_of(call);
	enum err e = import_order_run(&o, &call->counts, p);

	say_counts(call);
	TRY(e);
	return writer_sign(call->writer, kernel_clock());
}

/* Another process has the store: an office takes the order. */
static enum err with_office(struct import_call *call, int pid, struct problem *p)
{
	struct import_order o = order_of(call);
	struct import_answers answers = {show_refused, cli_progress, call};
	struct str dir = str_of(call->settings.dir);
	char number[CLI_U64_BYTES];
	struct import_end end;
	struct stat st;
	enum err e;

	if (fstat(call->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		struct str path = str_of(call->path);
		return problem_set(p, ERR_BAD_INPUT, STR(""), MSG_CLI_IMPORT_PLAIN, &path, 1);
	}
	e = import_door_order(&call->settings, &o, cli_lang(), &answers, &end);
	if (e == ERR_LOCKED)
		return problem_set(p, e, STR(""), MSG_STORE_LOCKED,
				   (struct str[]){dir, cli_u64((uint64_t)pid, number)}, 2);
	snprintf(call->text, sizeof call->text, "%s", end.text);
	call->counts = end.counts;
	say_counts(call);
	return e;
}

/* Cases are decided by the files in force; places by none. */
static enum err take_up_files(struct import_call *call, struct etc_shelf **ret, struct problem *p)
{
	const struct etc_options o = {.settings = &call->settings, .db = call->writer->db};
	struct config_shelf_failure *failure = calloc(1, sizeof *failure);
	enum err e = failure ? ERR_OK : ERR_NO_MEMORY;

	if (call->kind != IMPORT_CASES) {
		free(failure);
		return ERR_OK;
	}
	if (e == ERR_OK)
		e = etc_in_force(&o, ret, failure);
	free(failure);
	if (e != ERR_OK)
		return problem_set(p, e, STR(""), MSG_CASE_NO_FILES, NULL, 0);
	call->writer->shelf = &(*ret)->shelf;
	return ERR_OK;
}

static enum err with_own_writer(struct import_call *call, struct problem *p)
{
	struct store_paths paths = settings_paths(&call->settings);
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	struct etc_shelf *shelf = NULL;
	struct store_secrets secrets;
	enum err e;

	TRY(secrets_load(&call->settings, &secrets, p));
	e = writer_open(&paths, &secrets, &entropy, &call->writer);
	if (e == ERR_OK)
		e = take_up_files(call, &shelf, p);
	if (e == ERR_OK)
		e = with_writer(call, p);
	writer_close(call->writer);
	etc_shelf_free(shelf);
	seal_wipe(&secrets, sizeof secrets);
	return e;
}

static enum err with_store(struct import_call *call, struct problem *p)
{
	int fd = -1, pid = 0;
	enum err e = store_lock(&call->settings, &fd, &pid);

	if (e == ERR_LOCKED)
		return with_office(call, pid, p);
	if (e == ERR_OK)
		e = with_own_writer(call, p);
	if (fd >= 0)
		close(fd);
	return e;
}

static enum err open_rejects(struct import_call *call, struct problem *p)
{
	struct str path = str_of(call->rejects_path);

	if (!call->rejects_path)
		return ERR_OK;
	call->rejects = fopen(call->rejects_path, "wxe");
	if (!call->rejects)
		return problem_set(p, err_of_errno(errno), STR(""), MSG_CLI_FILE_UNREADABLE, &path,
				   1);
	return ERR_OK;
}

static int run(struct import_call *call)
{
	struct problem p = {0};
	enum err e;

	operator_account(call->account, sizeof call->account);
	e = read_map(call, &p);
	if (e == ERR_OK)
		e = open_file(call, &p);
	if (e == ERR_OK)
		e = open_rejects(call, &p);
	if (e == ERR_OK)
		e = with_store(call, &p);
	if (call->rejects && fclose(call->rejects) != 0 && e == ERR_OK)
		e = ERR_NO_SPACE;
	free(call->map_text);
	if (call->fd >= 0)
		close(call->fd);
	if (e != ERR_OK)
		return call->text[0] ? cli_fail_text(e, call->text) : cli_fail(e, &p);
	return call->counts.refused > 0 ? CLI_NO : CLI_DONE;
}

int cli_import(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"map", required_argument, NULL, 'm'},
						{"rejects", required_argument, NULL, 'r'},
						{0}};
	struct settings_overrides o = {0};
	static const struct import_call none = {.fd = -1};
	struct import_call *call = malloc(sizeof *call);
	int c, code;

	if (!call)
		return cli_fail(ERR_NO_MEMORY, NULL);
	*call = none;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm')
			call->map_path = optarg;
		else if (c == 'r')
			call->rejects_path = optarg;
		else if (!cli_store_option(c, optarg, &o)) {
			free(call);
			if (c != CLI_HELP)
				return cli_usage(usage);
			fputs(usage, stdout);
			return CLI_DONE;
		}
	}
	if (optind + 2 == argc && strcmp(argv[optind], "cases") == 0)
		call->kind = IMPORT_CASES;
	else if (optind + 2 != argc || strcmp(argv[optind], "places") != 0)
		call->map_path = NULL;
	if (!call->map_path) {
		free(call);
		return cli_usage(usage);
	}
	call->path = argv[optind + 1];
	code = cli_store_permit(&o, POLICY_IMPORT, &call->settings);
	if (code == CLI_DONE)
		code = run(call);
	free(call);
	return code;
}
