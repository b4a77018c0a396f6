/* liren files: what stands in etc/ and what is in force. load is the store's one writer while it
 * runs, so no office may serve it; a running one takes SIGHUP. */
#include "cli.h"

#include "app/etc.h"
#include "app/kernel.h"
#include "service/reader.h"
#include "show.h"

#include <stdlib.h>
#include <unistd.h>

#define SHA_SHOWN_BYTES 6u

static const char usage[] =
    "liren files check|list|load|lay [--dir DIR]\n"
    "The files of etc/, taken as one set: calendars, roles, units, data catalogue, limits, "
    "categories,\n"
    "responsibilities, case types, checklists.\n\n"
    "  check            read and prove all of them together, and the earlier versions that cases "
    "stand\n"
    "                   under; change nothing. Ends with 1 when a proof fails\n"
    "  list             what is in force: entry, time, front of the SHA-256, path; and how etc/ "
    "differs\n"
    "  load             check, then put in force what changed, all or nothing. A running office "
    "takes\n"
    "                   SIGHUP instead\n"
    "  lay              put the files that came with the program where there are "
    "none\n" CLI_STORE_USAGE;

struct files_call {
	struct settings settings;
	struct reader *reader;
	struct config_shelf_failure failure;
	struct etc_differences differences;
};

static struct etc_options options_of(const struct files_call *call)
{
	return (struct etc_options){.settings = &call->settings, .db = call->reader->db};
}

static int fail(enum err e, const struct config_shelf_failure *failure)
{
	int code;

	if (e == ERR_NOT_FOUND && failure->cases.problem.err == ERR_OK) {
		cli_say(MSG_CLI_FILES_NONE, NULL, 0);
		return CLI_USAGE;
	}
	code = cli_fail(e, &failure->cases.problem);

	if (failure->way[0])
		fprintf(stderr, "%s%s\n", cli_text(MSG_CLI_CASETYPE_WAY), failure->way);
	return failure->cases.proof > 0 ? CLI_NO : code;
}

/* How the folder differs, a line each. */
static int say_differences(struct files_call *call)
{
	static const enum msg words[] = {[ETC_NEW] = MSG_CLI_FILES_NEW,
					 [ETC_CHANGED] = MSG_CLI_FILES_CHANGED,
					 [ETC_AWAY] = MSG_CLI_FILES_AWAY};
	struct etc_options o = options_of(call);
	char number[CLI_U64_BYTES];
	enum err e = etc_compare(&o, &call->differences, &call->failure.cases.problem);

	if (e != ERR_OK)
		return fail(e, &call->failure);
	if (call->differences.n == 0) {
		cli_say(MSG_CLI_FILES_SAME, NULL, 0);
		return CLI_DONE;
	}
	cli_say(MSG_CLI_FILES_DIFFER, (struct str[]){cli_u64(call->differences.n, number)}, 1);
	for (unsigned i = 0; i < call->differences.told_n; i++)
		printf("  %-8s %s\n", cli_text(words[call->differences.v[i].change]),
		       call->differences.v[i].path);
	return CLI_DONE;
}

static int check(struct files_call *call)
{
	struct etc_options o = options_of(call);
	char files[CLI_U64_BYTES], earlier[CLI_U64_BYTES];
	struct etc_shelf *s = NULL;
	enum err e = etc_check(&o, &s, &call->failure);

	if (e != ERR_OK)
		return fail(e, &call->failure);
	cli_say(MSG_CLI_FILES_GOOD,
		(struct str[]){
		    cli_u64(s->shelf.files_n, files),
		    cli_u64(s->shelf.old_types_n + s->shelf.old_tables_n, earlier),
		    s->shelf.calendar ? s->shelf.calendar->words[cli_lang()] : STR("-"),
		},
		3);
	etc_shelf_free(s);
	return say_differences(call);
}

struct listing {
	struct files_call *call;
	unsigned n;
};

static enum err list_row(void *ctx, const struct file_row *row)
{
	struct listing *l = ctx;
	char sha[2 * SHA_SHOWN_BYTES];
	struct buf b = buf_over(sha, sizeof sha);

	buf_put_hex(&b, row->sha256.b, SHA_SHOWN_BYTES);
	printf("%8llu  ", (unsigned long long)row->n);
	show_entry_time(l->call->reader->db, l->call->reader->community.zone, row->n);
	printf("  %.*s  %.*s\n", (int)b.n, b.p, (int)row->path.n, row->path.p);
	l->n++;
	return ERR_OK;
}

static int list(struct files_call *call)
{
	struct listing l = {call, 0};
	enum err e = files_in_force(call->reader->db, list_row, &l);

	if (e != ERR_OK)
		return cli_fail(e, NULL);
	if (l.n == 0)
		cli_say(MSG_CLI_FILES_NONE, NULL, 0);
	return say_differences(call);
}

static enum err call_writer(void *ctx, struct command *c)
{
	writer_group(ctx, &c, 1, kernel_clock());
	return c->answer.err;
}

static int load_with(struct files_call *call, struct writer *w)
{
	struct etc_options o = {.settings = &call->settings, .db = w->db};
	char loaded_n[CLI_U64_BYTES], withdrawn_n[CLI_U64_BYTES], entry[CLI_U64_BYTES];
	struct etc_loaded loaded = {0};
	struct etc_shelf *s = NULL;
	char account[128];
	enum err e;

	operator_account(account, sizeof account);
	e = etc_load(&o, call_writer, w, str_of(account), &s, &loaded, &call->failure);
	if (e == ERR_OK && loaded.n > 0)
		e = writer_sign(w, kernel_clock());
	w->shelf = NULL;
	etc_shelf_free(s);
	if (e != ERR_OK)
		return fail(e, &call->failure);
	if (loaded.n == 0)
		cli_say(MSG_CLI_FILES_SAME, NULL, 0);
	else
		cli_say(MSG_CLI_FILES_LOADED,
			(struct str[]){cli_u64(loaded.loaded, loaded_n),
				       cli_u64(loaded.withdrawn, withdrawn_n),
				       cli_u64(loaded.n, entry)},
			3);
	return CLI_DONE;
}

static int load(struct files_call *call)
{
	struct store_paths paths = settings_paths(&call->settings);
	struct problem *p = &call->failure.cases.problem;
	char number[CLI_U64_BYTES];
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	struct store_secrets secrets = {0};
	struct writer *w = NULL;
	int fd = -1, pid = 0, code;
	enum err e = store_lock(&call->settings, &fd, &pid);

	if (e == ERR_LOCKED)
		e = problem_set(p, e, STR(""), MSG_CLI_FILES_RUNNING,
				(struct str[]){str_of(call->settings.dir),
					       cli_u64((uint64_t)pid, number)},
				2);
	if (e == ERR_OK)
		e = secrets_load(&call->settings, &secrets, p);
	if (e == ERR_OK)
		e = writer_open(&paths, &secrets, &entropy, &w);
	code = e == ERR_OK ? load_with(call, w) : fail(e, &call->failure);
	writer_close(w);
	seal_wipe(&secrets, sizeof secrets);
	if (fd >= 0)
		close(fd);
	return code;
}

static int lay(struct files_call *call)
{
	struct problem *p = &call->failure.cases.problem;
	struct str dir = str_of(call->settings.dir);
	enum err e = etc_lay(&call->settings, p);

	if (e != ERR_OK)
		return fail(e, &call->failure);
	cli_say(MSG_CLI_FILES_LAID, &dir, 1);
	return CLI_DONE;
}

/* lay changes nothing that is in force, and load is what mends a policy. */
static const struct {
	const char *name;
	int (*run)(struct files_call *call);
	enum policy_action action;
	bool reads; /* from a connection of its own */
} verbs[] = {{"check", check, POLICY_SEE_FILES, true},
	     {"list", list, POLICY_SEE_FILES, true},
	     {"load", load, POLICY_LOAD_FILES, false},
	     {"lay", lay, POLICY_LOAD_FILES, false}};

static int run(struct files_call *call, const char *verb)
{
	struct store_paths paths = settings_paths(&call->settings);
	int code = CLI_USAGE;

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		enum err e = ERR_OK;
		if (strcmp(verb, verbs[i].name) != 0)
			continue;
		code = cli_permit_mending(&call->settings, verbs[i].action);
		if (code != CLI_DONE)
			return code;
		if (verbs[i].reads)
			e = reader_open(&paths, NULL, &call->reader);
		code = e == ERR_OK ? verbs[i].run(call) : cli_fail(e, NULL);
		call->reader = reader_close(call->reader);
		return code;
	}
	return cli_usage(usage);
}

int cli_files(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS, {0}};
	struct settings_overrides o = {0};
	struct files_call *call;
	int c, code;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (!cli_store_option(c, optarg, &o))
			return cli_usage(usage);
	}
	if (optind + 1 != argc)
		return cli_usage(usage);
	call = calloc(1, sizeof *call);
	if (!call)
		return cli_fail(ERR_NO_MEMORY, NULL);
	code = cli_store(&o, &call->settings);
	if (code == CLI_DONE)
		code = run(call, argv[optind]);
	free(call);
	return code;
}
