/* liren import: places out of somebody's file. The office must not run meanwhile: there is one
 * writer. */
#include "cli.h"

#include "app/files.h"
#include "app/kernel.h"
#include "app/place_import.h"
#include "app/setup.h"
#include "service/files.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SHOWN_MAX 20u /* refused rows on the terminal */
#define ANSWER_BYTES 4096u
#define SENTENCE_BYTES 1024u

static const char usage[] =
    "liren import places --map FILE.yaml [--rejects FILE] FILE\n"
    "Take places from CSV or GeoJSON as the mapping file says (etc/maps/). Rows that cannot be "
    "taken are told by line;\n"
    "the same file again changes nothing. The office must be stopped meanwhile.\n\n"
    "  --map FILE       what the columns are\n"
    "  --rejects FILE   write every refused row's line and reason there; the file must not "
    "exist\n" CLI_STORE_USAGE;

struct import_call {
	struct settings settings;
	const char *map_path, *rejects_path, *path;
	char *map_text;
	size_t map_n;
	struct place_map map;
	char *map_memory;
	FILE *rejects;
	struct writer *writer;
	char account[128];
	char entry[ANSWER_BYTES];
	uint64_t refused;
};

static void init_command(struct import_call *call, enum command_kind kind, struct command *c)
{
	*c = (struct command){.kind = kind, .account = str_of(call->account)};
	c->answer.remedy = MSG_COUNT;
	c->answer.entry = buf_over(call->entry, sizeof call->entry);
}

static enum err run_command(struct import_call *call, struct command *c)
{
	writer_group(call->writer, &c, 1, kernel_clock());
	return c->answer.err;
}

static enum err decide(void *ctx, struct place_batch *batch)
{
	struct import_call *call = ctx;
	struct command c;

	init_command(call, COMMAND_SET_PLACES, &c);
	c.places.batch = batch;
	return run_command(call, &c);
}

static void refused(void *ctx, const struct problem *problem)
{
	struct import_call *call = ctx;
	char text[SENTENCE_BYTES];
	struct buf b = buf_over(text, sizeof text);

	problem_put_line(problem, cli_lang(), &b);
	if (call->refused++ < SHOWN_MAX)
		fprintf(stderr, "%.*s\n", (int)b.n, b.p);
	if (call->rejects)
		fprintf(call->rejects, "%.*s\n", (int)b.n, b.p);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum err read_map(struct import_call *call, struct problem *p)
{
	struct str path = str_of(call->map_path);
	struct arena arena;
	enum err e = file_read(call->map_path, CONFIG_BYTES_MAX, &call->map_text, &call->map_n);

	if (e != ERR_OK)
		return problem_set(p, e, STR(""), MSG_CLI_FILE_UNREADABLE, &path, 1);
	call->map_memory = malloc(CONFIG_BYTES_MAX * 16u);
	if (!call->map_memory)
		return ERR_NO_MEMORY;
	arena_init(&arena, call->map_memory, CONFIG_BYTES_MAX * 16u);
	return config_place_map_read(str_of(base_name(call->map_path)),
				     (struct str){call->map_text, call->map_n}, &arena, p,
				     &call->map);
}

/* The map that decides is on record, as every file is that comes into force. */
static enum err record_map(struct import_call *call)
{
	char path[FILE_PATH_BYTES_MAX];
	struct load_file file = {0};
	struct command c;
	int n = snprintf(path, sizeof path, "maps/%s", base_name(call->map_path));

	if (n < 0 || (size_t)n >= sizeof path)
		return ERR_TOO_LARGE;
	file.path = str_of(path);
	file.content = (struct str){call->map_text, call->map_n};
	init_command(call, COMMAND_LOAD_FILES, &c);
	c.files.v = &file;
	c.files.n = 1;
	return run_command(call, &c);
}

static void say_counts(const struct import_call *call, const struct place_import_counts *n)
{
	char t[5][CLI_U64_BYTES];

	cli_say(MSG_CLI_IMPORTED,
		(struct str[]){cli_u64(n->added, t[0]), cli_u64(n->changed, t[1]),
			       cli_u64(n->same, t[2]), cli_u64(n->refused, t[3]),
			       cli_u64(n->unwanted, t[4])},
		5);
	if (call->refused > SHOWN_MAX && !call->rejects)
		cli_say(MSG_CLI_IMPORT_MORE,
			(struct str[]){cli_u64(call->refused - SHOWN_MAX, t[0])}, 1);
}

static enum err with_writer(struct import_call *call, struct problem *p)
{
	struct place_import_options o = {.map = &call->map,
					 .path = call->path,
					 .decide = decide,
					 .refused = refused,
					 .progress = cli_progress,
					 .ctx = call};
	struct place_import_counts counts = {0};
	enum err e;

	TRY(record_map(call));
	e = place_import(&o, &counts, p);
	say_counts(call, &counts);
	TRY(e);
	return writer_sign(call->writer, kernel_clock());
}

static enum err with_store(struct import_call *call, struct problem *p)
{
	struct store_paths paths = settings_paths(&call->settings);
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	struct store_secrets secrets;
	struct str dir = str_of(call->settings.dir);
	char number[CLI_U64_BYTES];
	int fd = -1, pid = 0;
	enum err e;

	TRY(secrets_load(&call->settings, &secrets, p));
	e = store_lock(&call->settings, &fd, &pid);
	if (e == ERR_LOCKED)
		e = problem_set(p, e, STR(""), MSG_STORE_LOCKED,
				(struct str[]){dir, cli_u64((uint64_t)pid, number)}, 2);
	if (e == ERR_OK)
		e = writer_open(&paths, &secrets, &entropy, &call->writer);
	if (e == ERR_OK)
		e = with_writer(call, p);
	writer_close(call->writer);
	seal_wipe(&secrets, sizeof secrets);
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
		e = open_rejects(call, &p);
	if (e == ERR_OK)
		e = with_store(call, &p);
	if (call->rejects && fclose(call->rejects) != 0 && e == ERR_OK)
		e = ERR_NO_SPACE;
	free(call->map_text);
	free(call->map_memory);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	return call->refused > 0 ? CLI_NO : CLI_DONE;
}

int cli_import(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"map", required_argument, NULL, 'm'},
						{"rejects", required_argument, NULL, 'r'},
						{0}};
	struct settings_overrides o = {0};
	static const struct import_call none;
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
	if (optind + 2 != argc || strcmp(argv[optind], "places") != 0 || !call->map_path) {
		free(call);
		return cli_usage(usage);
	}
	call->path = argv[optind + 1];
	code = cli_store(&o, &call->settings);
	if (code == CLI_DONE)
		code = run(call);
	free(call);
	return code;
}
