/* liren backup: a copy of the store while the office runs. */
#include "cli.h"

#include "app/backup.h"

static const char usage[] =
    "liren backup TO [--dir DIR]\n"
    "Make the folder TO with a consistent copy of the journal, attachments,\n"
    "etc/, liren.yaml and a manifest with their hashes. Works while the office\n"
    "runs. No key is in it: keep key files and key copy elsewhere.\n\n" CLI_STORE_USAGE;

int cli_backup(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS, {0}};
	char entries[CLI_U64_BYTES], files[CLI_U64_BYTES], bytes[CLI_U64_BYTES];
	struct settings_overrides o = {0};
	struct backup_summary sum;
	struct problem p = {0};
	struct settings s;
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
	if (optind + 1 != argc || !argv[optind][0])
		return cli_usage(usage);
	code = cli_store_permit(&o, POLICY_BACKUP, &s);
	if (code != CLI_DONE)
		return code;
	e = backup_make(&(struct backup_options){&s, argv[optind], cli_progress, NULL}, &sum, &p);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	cli_say(MSG_CLI_BACKED_UP,
		(struct str[]){str_of(argv[optind]), cli_u64(sum.entries, entries),
			       cli_u64(sum.files, files), cli_u64(sum.bytes, bytes)},
		4);
	return CLI_DONE;
}
