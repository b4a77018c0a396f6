/* What the commands share. */
#include "cli.h"

#include <stdlib.h>

#define SENTENCE_MAX 2048u

enum lang cli_lang(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *v = getenv(names[i]);
		if (v && *v)
			return strncmp(v, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
	}
	return LANG_EN;
}

const char *cli_text(enum msg msg)
{
	return msg_text(msg, cli_lang());
}

void cli_say(enum msg msg, const struct str *args, unsigned n)
{
	char text[SENTENCE_MAX];
	struct buf b = buf_over(text, sizeof text);

	msg_put(&b, msg, cli_lang(), args, n);
	printf("%.*s\n", (int)b.n, b.p);
}

static int exit_of(enum err e)
{
	const struct err_info *info = err_info(e);

	if (e == ERR_UNVERIFIED || e == ERR_CORRUPT)
		return CLI_NO;
	if (info->http_status < 500)
		return CLI_USAGE;
	return info->retryable ? CLI_LATER : CLI_FAILED;
}

int cli_fail(enum err e, const struct problem *p)
{
	const struct err_info *info = err_info(e);
	char text[SENTENCE_MAX];
	struct buf b = buf_over(text, sizeof text);

	if (p && p->err != ERR_OK)
		problem_put_line(p, cli_lang(), &b);
	else
		buf_put_z(&b, cli_lang() == LANG_ZH ? info->zh : info->en);
	fprintf(stderr, "liren: %.*s\n", (int)b.n, b.p);
	return exit_of(e);
}

int cli_usage(const char *usage)
{
	fputs(usage, stderr);
	return CLI_USAGE;
}

bool cli_store_option(int option, const char *value, struct settings_overrides *o)
{
	if (option == CLI_DIR)
		o->dir = value;
	else if (option == CLI_KEYS)
		o->keys_dir = value;
	else if (option == CLI_KEY_COPY)
		o->key_copy = value;
	else
		return false;
	return true;
}

bool cli_number(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (!str_to_u64(str_of(text), &v) || v > max)
		return false;
	*ret = v;
	return true;
}
