/* liren receipt verify: the five steps, in words, without any server. */
#include "cli.h"

#include "app/files.h"
#include "journal/receipt.h"

#include <stdlib.h>

static const char usage[] = "liren receipt verify FILE [--key KEY]\n"
			    "Check a receipt by itself: needs no store and no server.\n\n"
			    "  --key KEY        the office's verifier key, as the line on its wall "
			    "or a file with that line\n"
			    "  --help           this text\n";

static void say_step(unsigned number, enum msg state, enum msg text, const char *field)
{
	char sentence[512];
	struct buf b = buf_over(sentence, sizeof sentence);
	struct str arg = str_of(field);

	msg_put(&b, text, cli_lang(), &arg, 1);
	printf("%u  %-13s  %.*s\n", number, cli_text(state), (int)b.n, b.p);
}

/* Prints; true where the receipt holds under the key given, if one was. */
static bool report(const struct receipt *r, const struct note_verifier *given)
{
	struct receipt_result result;
	struct note_verifier own;
	char n[CLI_U64_BYTES], size[CLI_U64_BYTES];
	bool same = !given;

	receipt_check(r, &result);
	for (unsigned step = 0; step < RECEIPT_STEPS; step++) {
		bool holds = step < result.failed;
		say_step(step + 1,
			 holds ? MSG_CLI_STEP_HOLDS
			       : (step == result.failed ? MSG_CLI_STEP_FAILS : MSG_CLI_STEP_OPEN),
			 receipt_step_msg((enum receipt_step)step, step != result.failed),
			 result.field);
	}
	if (given && note_vkey_parse(r->key, &own) == ERR_OK)
		same = strcmp(own.name, given->name) == 0 &&
		       memcmp(own.public_key, given->public_key, SIGN_PUBLIC_BYTES) == 0;
	if (given)
		cli_say(same ? MSG_CLI_RECEIPT_KEY_SAME : MSG_CLI_RECEIPT_KEY_OTHER, NULL, 0);
	if (result.failed < RECEIPT_STEPS || !same) {
		cli_say(MSG_CLI_RECEIPT_OFF, NULL, 0);
		return false;
	}
	cli_say(MSG_CLI_RECEIPT_HOLDS, (struct str[]){cli_u64(r->n, n), cli_u64(result.size, size)},
		2);
	if (!given)
		cli_say(MSG_CLI_RECEIPT_COMPARE, &r->key, 1);
	return true;
}

static int verify(const char *path, const char *key)
{
	void *memory = aligned_alloc(16, RECEIPT_ARENA_BYTES);
	struct str arg = str_of(path);
	struct note_verifier given;
	struct problem p = {0};
	struct receipt r;
	struct arena a;
	char *text = NULL;
	size_t n = 0;
	bool holds = false;
	enum err e = memory ? ERR_OK : ERR_NO_MEMORY;

	if (e == ERR_OK && key)
		e = cli_verifier(key, &given, &p);
	if (e == ERR_OK && (e = file_read(path, RECEIPT_BYTES_MAX, &text, &n)) != ERR_OK)
		e = problem_set(
		    &p, e == ERR_TOO_LARGE ? e : ERR_NOT_FOUND, STR(""),
		    e == ERR_TOO_LARGE ? MSG_RECEIPT_TOO_LARGE : MSG_CLI_FILE_UNREADABLE, &arg, 1);
	if (e == ERR_OK) {
		arena_init(&a, memory, RECEIPT_ARENA_BYTES);
		e = receipt_parse((struct str){text, n}, &a, &r, &p);
		problem_at(&p, arg, p.line, p.column);
	}
	if (e == ERR_OK)
		holds = report(&r, key ? &given : NULL);
	free(text);
	free(memory);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	return holds ? CLI_DONE : CLI_NO;
}

int cli_receipt(int argc, char **argv)
{
	static const struct option options[] = {{"key", required_argument, NULL, 'k'},
						{"help", no_argument, NULL, CLI_HELP},
						{0}};
	const char *key = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c != 'k')
			return cli_usage(usage);
		key = optarg;
	}
	if (optind + 2 != argc || strcmp(argv[optind], "verify") != 0)
		return cli_usage(usage);
	return verify(argv[optind + 1], key);
}
