/* liren erase: an operator's order. It is the store's one writer while it runs, so no office may
 * serve it. */
#include "cli.h"

#include "app/etc.h"
#include "app/runner.h"
#include "journal/outbox.h"
#include "service/case_number.h"
#include "service/cases.h"

#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "liren erase N | NUMBER [--dir DIR]\n"
    "Erase the texts of the record that entry N made, or of the case with "
    "this number (261127-0042-X): the order\n"
    "becomes an entry, the words of a case go out of the search index, and "
    "the record's keys are destroyed\n"
    "in keys.db and its copy, and its files removed, before this returns. The journal and its tree "
    "stay as they are. Stop the office first.\n\n" CLI_STORE_USAGE;

static enum err lock(const struct settings *s, int *ret_fd, struct problem *p)
{
	char number[CLI_U64_BYTES];
	struct str args[2] = {str_of(s->dir), {0}};
	int pid = 0;
	enum err e = store_lock(s, ret_fd, &pid);

	args[1] = cli_u64((uint64_t)pid, number);
	if (e == ERR_LOCKED)
		return problem_set(p, e, STR(""), MSG_CLI_ERASE_RUNNING, args, 2);
	return e;
}

struct erasing {
	const struct settings *settings;
	struct etc_shelf *shelf;
};

/* The files in force tell which words of a case are in the index. */
static const struct cases_shelf *take_up(void *ctx, struct db *db)
{
	struct erasing *x = ctx;
	struct etc_options o = {.settings = x->settings, .db = db};
	struct config_shelf_failure *failure = calloc(1, sizeof *failure);

	if (failure && etc_in_force(&o, &x->shelf, failure) != ERR_OK)
		x->shelf = NULL;
	free(failure);
	return x->shelf ? &x->shelf->shelf : NULL;
}

/* The order, decided and made durable; the outbox delivers what follows from it until it is
 * stopped. */
static enum err order(const struct settings *s, const struct store_secrets *secrets,
		      uint64_t record, uint64_t *ret_entry, struct problem *p)
{
	struct store_paths paths = settings_paths(s);
	struct erasing x = {.settings = s};
	struct runner_options options = {.paths = &paths,
					 .secrets = secrets,
					 .take_up = take_up,
					 .ctx = &x,
					 .attachments = s->attachments,
					 .finish = true};
	struct command c = {.kind = COMMAND_ERASE_RECORD, .erase.record = record,
			    .answer.remedy = MSG_COUNT};
	char account[128], entry[ENTRY_BYTES_MAX], number[CLI_U64_BYTES];
	struct str arg = cli_u64(record, number);
	struct runner *r = NULL;
	enum err e;

	operator_account(account, sizeof account);
	c.account = str_of(account);
	c.answer.entry = buf_over(entry, sizeof entry);
	e = runner_start(&options, &r);
	if (e == ERR_OK)
		e = runner_call(r, &c);
	runner_stop(r);
	etc_shelf_free(x.shelf);
	if (e == ERR_NOT_FOUND)
		return problem_set(p, e, STR(""), MSG_CLI_NO_ENTRY, &arg, 1);
	if (e != ERR_OK && c.answer.remedy < MSG_COUNT)
		return problem_set(p, e, STR(""), c.answer.remedy, NULL, 0);
	*ret_entry = c.answer.n;
	return e;
}

static enum err keys_waiting(const struct settings *s, uint64_t *ret)
{
	struct outbox_counts counts;
	struct db *db = NULL;
	enum err e;

	TRY(db_open(s->journal, DB_SCHEMA_journal, DB_READ, NULL, &db));
	e = outbox_counts(db, CHANNEL_KEY_DESTROY, &counts);
	db_free(db);
	*ret = counts.waiting;
	return e;
}

/* Digits alone are an entry; else it is the number that is said on the phone. */
static bool is_number_of_case(const char *word, uint64_t *ret)
{
	return strspn(word, "0123456789") < strlen(word) &&
	       case_number_parse(str_of(word), ret);
}

static enum err record_of(const struct settings *s, uint64_t number, uint64_t *ret_record,
			  struct problem *p)
{
	struct db *db = NULL;
	enum err e;

	TRY(db_open(s->journal, DB_SCHEMA_journal, DB_READ, NULL, &db));
	e = cases_by_number(db, number, ret_record);
	db_free(db);
	return e == ERR_NOT_FOUND ? problem_set(p, e, STR(""), MSG_CASE_UNKNOWN, NULL, 0) : e;
}

static int erase(const struct settings *s, uint64_t record)
{
	char n[CLI_U64_BYTES], entry[CLI_U64_BYTES];
	struct store_secrets secrets;
	struct problem p = {0};
	uint64_t by = 0, waiting = 0;
	int fd = -1;
	enum err e = lock(s, &fd, &p);

	if (e == ERR_OK)
		e = secrets_load(s, &secrets, &p);
	if (e == ERR_OK)
		e = order(s, &secrets, record, &by, &p);
	seal_wipe(&secrets, sizeof secrets);
	if (e == ERR_OK)
		e = keys_waiting(s, &waiting);
	if (fd >= 0)
		close(fd);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	cli_say(waiting ? MSG_CLI_ERASE_WAITS : MSG_CLI_ERASED,
		(struct str[]){cli_u64(record, n), cli_u64(by, entry)}, 2);
	return waiting ? CLI_LATER : CLI_DONE;
}

int cli_erase(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS, {0}};
	struct settings_overrides o = {0};
	struct problem p = {0};
	struct settings s;
	uint64_t n = 0, number = 0;
	bool of_case;
	int c, code;
	enum err e;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (!cli_store_option(c, optarg, &o))
			return cli_usage(usage);
	}
	of_case = optind + 1 == argc && is_number_of_case(argv[optind], &number);
	if (optind + 1 != argc ||
	    (!of_case && (!cli_number(argv[optind], INT64_MAX, &n) || n == 0)))
		return cli_usage(usage);
	code = cli_store_permit(&o, POLICY_ERASE, &s);
	if (code != CLI_DONE)
		return code;
	e = of_case ? record_of(&s, number, &n, &p) : ERR_OK;
	return e == ERR_OK ? erase(&s, n) : cli_fail(e, &p);
}
