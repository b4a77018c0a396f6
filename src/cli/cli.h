/* What the files of cli/ share: one file a command, one table of commands in main.c. Output for
 * people goes to standard output, complaints to standard error, both in the language of the locale.
 * Nothing asks a question. */
#ifndef LIREN_CLI_CLI_H
#define LIREN_CLI_CLI_H

#include "app/settings.h"
#include "service/reader.h"
#include "trust/policy.h"

#include <getopt.h>

/* Exit codes, the same for every command (liren(1)). */
enum cli_exit {
	CLI_DONE = 0,
	CLI_NO = 1,    /* it was looked at, and does not hold: not verified, not sound, not equal */
	CLI_USAGE = 2, /* the words of the call are off, or the input is */
	CLI_FAILED = 3, /* store, keys or system: the message says which */
	CLI_LATER = 4,  /* may go through when tried again: locked, busy, no space */
};

typedef int cli_fn(int argc, char **argv);

cli_fn cli_init, cli_serve, cli_demo, cli_clock, cli_journal, cli_receipt, cli_erase,
	cli_backup, cli_restore, cli_doctor, cli_import, cli_place, cli_casetype,
	cli_files, cli_figures, cli_responsibilities, cli_user, cli_export;

enum lang cli_lang(void);

/* The text in the language of the caller. */
const char *cli_text(enum msg msg);

/* Print the sentence with arguments to standard output, with a newline. */
void cli_say(enum msg msg, const struct str *args, unsigned n);

/* Complain: the problem's line, or the error's sentence where it is empty. Gives the exit code. */
int cli_fail(enum err e, const struct problem *p);

/* Complain with a sentence that was made elsewhere, in the language of the caller. */
int cli_fail_text(enum err e, const char *text);

/* A word of the call that is not known, or a missing one: prints usage to standard error. Gives
 * CLI_USAGE. */
int cli_usage(const char *usage);

/* The options that every command with a store takes; values from 256 on leave letters to the
 * commands. */
enum { CLI_DIR = 256, CLI_KEYS, CLI_KEY_COPY, CLI_HELP };
#define CLI_STORE_OPTIONS                                                                          \
	{"dir", required_argument, NULL, CLI_DIR}, {"keys", required_argument, NULL, CLI_KEYS},    \
	    {"key-copy", required_argument, NULL, CLI_KEY_COPY},                                   \
	{                                                                                          \
		"help", no_argument, NULL, CLI_HELP                                                \
	}
#define CLI_STORE_USAGE                                                                            \
	"  --dir DIR        the data folder (default: $LIREN_DIR, else ./liren-data)\n"            \
	"  --keys DIR       the folder of the key files (default: as liren.yaml says, else "       \
	"DIR.keys)\n"                                                                              \
	"  --key-copy FILE  the copy of keys.db (default: as liren.yaml says, else keys-copy.db "  \
	"beside the keys;\n"                                                                       \
	"                   empty: none)\n"                                                        \
	"  --help           this text\n"

/* Take one of these options into `o`. False: it is none of them. */
bool cli_store_option(int option, const char *value, struct settings_overrides *o);

/* Settings of a store that must be there. CLI_DONE, or it has complained and gives the exit code.
 */
int cli_store(const struct settings_overrides *o, struct settings *ret);

/* Does the policy in force let the operator do it? CLI_DONE, or it has complained and gives the
 * exit code. Denied, too, where no policy is in force or none can be read. About 30 ms. */
int cli_permit(const struct settings *s, enum policy_action action);

/* The same for what finds out what is wrong, and mends it: where no policy can be read, and so
 * nobody could be let, the operator is let through. */
int cli_permit_mending(const struct settings *s, enum policy_action action);

/* cli_store, then cli_permit. */
int cli_store_permit(const struct settings_overrides *o, enum policy_action action,
		     struct settings *ret);

/* Of a demo store: the line that all of it is generated, between `lead` and `end`. */
enum err cli_say_demo(struct reader *r, const char *lead, const char *end) MUST_CHECK;

/* Put the figures of a month (202606) on record and write them to `out` (NULL: as the file is
 * called). Gives the exit code. */
int cli_publish(const struct settings *s, int month, const char *out);

/* How far long work is: a bar on standard error where that is a terminal, gone when it is done.
 * `ctx` is not used. */
void cli_progress(void *ctx, uint64_t done, uint64_t total);

#define CLI_U64_BYTES 24u
/* The number as an argument of a message. */
struct str cli_u64(uint64_t v, char memory[CLI_U64_BYTES]);

/* The verifier key that --key names: the line itself, or a file that begins with it. */
enum err cli_verifier(const char *value, struct note_verifier *ret,
		      struct problem *problem) MUST_CHECK;

/* A decimal number within 0 … max. */
bool cli_number(const char *text, uint64_t max, uint64_t *ret);

#endif
