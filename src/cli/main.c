/* liren: the table of commands. */
#include "cli.h"

#include "app/version.h"

#include <sodium.h>
#include <sys/stat.h>

static const struct {
	const char *name;
	cli_fn *run;
	enum msg summary;
} commands[] = {
	{"init", cli_init, MSG_CLI_INIT},
	{"serve", cli_serve, MSG_CLI_SERVE},
	{"demo", cli_demo, MSG_CLI_DEMO},
	{"clock", cli_clock, MSG_CLI_CLOCK},
	{"import", cli_import, MSG_CLI_IMPORT},
	{"export", cli_export, MSG_CLI_EXPORT},
	{"place", cli_place, MSG_CLI_PLACE},
	{"files", cli_files, MSG_CLI_FILES},
	{"figures", cli_figures, MSG_CLI_FIGURES},
	{"responsibilities", cli_responsibilities, MSG_CLI_RESPONSIBILITIES},
	{"user", cli_user, MSG_CLI_USER},
	{"journal", cli_journal, MSG_CLI_JOURNAL},
	{"receipt", cli_receipt, MSG_CLI_RECEIPT},
	{"erase", cli_erase, MSG_CLI_ERASE},
	{"backup", cli_backup, MSG_CLI_BACKUP},
	{"restore", cli_restore, MSG_CLI_RESTORE},
	{"doctor", cli_doctor, MSG_CLI_DOCTOR},
	{"casetype", cli_casetype, MSG_CLI_CASETYPE},
};

static void help(FILE *to)
{
	fprintf(to, "%s\n\n", cli_text(MSG_CLI_TITLE));
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		fprintf(to, "  liren %-16s %s\n", commands[i].name, cli_text(commands[i].summary));
	fprintf(to, "  liren %-16s %s\n  liren %-16s %s\n\n%s\n", "version",
		cli_text(MSG_CLI_VERSION), "help", cli_text(MSG_CLI_HELP), cli_text(MSG_CLI_MORE));
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	struct sigaction pass_over = {.sa_handler = SIG_IGN};

	umask(077); /* what it makes is its owner's alone */
	/* `clock confirm` tells whoever has the lock: to all but a serving office it means nothing
	 */
	sigaction(SIGUSR1, &pass_over, NULL);
	db_process_init();
	if (sodium_init() < 0)
		return cli_fail(ERR_INTERNAL, NULL);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
		printf("liren %s\n", LIREN_VERSION);
		return CLI_DONE;
	}
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0) {
		help(stdout);
		return CLI_DONE;
	}
	help(stderr);
	return CLI_USAGE;
}
