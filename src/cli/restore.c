/* liren restore: a store again from a backup, its key files and the key copy that outlived it. */
#include "cli.h"

#include "app/backup.h"

#include <unistd.h>

static const char usage[] =
    "liren restore FROM --dir NEW [--keys DIR] [--key-copy FILE] [--seen CHECKPOINT]\n"
    "Check the backup FROM down to the last byte, then make the folder NEW from it. The keys come "
    "from the key copy,\n"
    "which the new store goes on with: what was erased since the backup stays erased. To try a "
    "restore beside a\n"
    "running office, name copies of the key files and of the key copy.\n\n"
    "  --dir NEW        the folder to make; it must not exist\n"
    "  --keys DIR       the folder of the key files (default: as the backup's liren.yaml says)\n"
    "  --key-copy FILE  the key copy (default: keys-copy.db in --keys, else as the backup says; "
    "empty: there is\n"
    "                   none, and no text can be opened)\n"
    "  --seen FILE      the newest checkpoint that anybody kept; if it is within the backup, "
    "nothing was lost, and\n"
    "                   the log goes on under its origin. Otherwise it gets a new one\n"
    "  --help           this text\n";

/* Where the keys are: as the call says, else as the backup says (`said`). */
static enum err find_keys(const char *from, struct settings_overrides *o, struct settings *said,
			  struct settings *ret, struct problem *p)
{
	struct settings_overrides backup = {.dir = from};
	char beside[FILE_PATH_MAX];

	TRY(settings_load(&backup, said, p));
	if (o->keys_dir && !o->key_copy) {
		snprintf(beside, sizeof beside, "%.900s/keys-copy.db", o->keys_dir);
		o->key_copy = access(beside, F_OK) == 0 ? beside : said->key_copy;
	}
	if (!o->key_copy)
		o->key_copy = said->key_copy;
	if (!o->keys_dir)
		o->keys_dir = said->keys_dir;
	TRY(settings_load(o, ret, p));
	memcpy(ret->calendar, said->calendar, sizeof ret->calendar);
	return ERR_OK;
}

static void report(const char *dir, const struct restore_summary *sum)
{
	char n[CLI_U64_BYTES];

	cli_say(MSG_CLI_RESTORED,
		(struct str[]){str_of(dir), cli_u64(sum->entries, n), str_of(sum->origin)}, 3);
	cli_say(sum->same_origin ? MSG_CLI_RESTORED_SAME : MSG_CLI_RESTORED_NEW, NULL, 0);
	if (sum->without_key > 0)
		cli_say(MSG_CLI_RESTORED_GONE, (struct str[]){cli_u64(sum->without_key, n)}, 1);
}

int cli_restore(int argc, char **argv)
{
	static const struct option options[] = {
	    CLI_STORE_OPTIONS, {"seen", required_argument, NULL, 's'}, {0}};
	struct settings_overrides o = {0};
	struct restore_options ro = {.progress = cli_progress};
	struct restore_summary sum;
	struct problem p = {0};
	struct settings said, s;
	enum err e;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c != 's')
			return cli_usage(usage);
		ro.seen = optarg;
	}
	if (optind + 1 != argc || !o.dir)
		return cli_usage(usage);
	ro.from = argv[optind];
	ro.settings = &s;
	e = find_keys(ro.from, &o, &said, &s, &p);
	if (e == ERR_OK) {
		/* by the policy of the backup: a damaged one is told by the restoring itself */
		c = cli_permit_mending(&said, POLICY_BACKUP);
		if (c != CLI_DONE)
			return c;
		e = restore_store(&ro, &sum, &p);
	}
	if (e != ERR_OK)
		return cli_fail(e, &p);
	report(s.dir, &sum);
	return CLI_DONE;
}
