/* liren clock confirm: tell a running office that the system's clock is right. */
#include "cli.h"

#include <unistd.h>

static const char usage[] =
    "liren clock confirm [--dir DIR]\n"
    "Writing is held when the system's clock jumps ahead by more than five minutes. Check the "
    "time; then this tells\n"
    "the running office that it is right. The confirmation becomes an entry.\n\n" CLI_STORE_USAGE;

int cli_clock(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS, {0}};
	struct settings_overrides o = {0};
	struct settings s;
	int c, fd = -1, pid = 0;
	enum err e;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (!cli_store_option(c, optarg, &o))
			return cli_usage(usage);
	}
	if (optind + 1 != argc || strcmp(argv[optind], "confirm") != 0)
		return cli_usage(usage);
	c = cli_store_permit(&o, POLICY_CONFIRM_CLOCK, &s);
	if (c != CLI_DONE)
		return c;
	e = store_lock(&s, &fd, &pid);
	if (e == ERR_OK) {
		close(fd);
		cli_say(MSG_CLI_NOT_RUNNING, &(struct str){s.dir, strlen(s.dir)}, 1);
		return CLI_NO;
	}
	if (e != ERR_LOCKED || pid == 0 || kill(pid, SIGUSR1) != 0)
		return cli_fail(e == ERR_LOCKED ? ERR_FORBIDDEN : e, NULL);
	cli_say(MSG_CLI_CLOCK_SENT, NULL, 0);
	return CLI_DONE;
}
