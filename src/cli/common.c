/* What the commands share. */
#include "cli.h"

#include "app/files.h"
#include "app/setup.h"

#include <stdlib.h>
#include <unistd.h>

#define SENTENCE_MAX 2048u
#define BAR_COLUMNS 40u
#define KEY_FILE_BYTES_MAX 4096u

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

int cli_fail_text(enum err e, const char *text)
{
	fprintf(stderr, "liren: %s\n", text);
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

int cli_store(const struct settings_overrides *o, struct settings *ret)
{
	struct problem p = {0};
	struct str dir;
	enum err e = settings_load(o, ret, &p);

	dir = str_of(ret->dir);
	if (e == ERR_OK && !setup_has_store(ret))
		e = problem_set(&p, ERR_NOT_FOUND, STR(""), MSG_STORE_MISSING, &dir, 1);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, &p);
}

enum err cli_say_demo(struct reader *r, const char *lead, const char *end)
{
	TRY(community_get(r->db, &r->community));
	if (r->community.demo)
		printf("%s%s%s", lead, cli_text(MSG_CLI_DEMO_FIRST_LINE), end);
	return ERR_OK;
}

void cli_progress(void *ctx, uint64_t done, uint64_t total)
{
	unsigned filled = total ? (unsigned)(done * BAR_COLUMNS / total) : BAR_COLUMNS;

	(void)ctx;
	if (!isatty(STDERR_FILENO))
		return;
	if (done >= total) {
		fprintf(stderr, "\r%*s\r", (int)BAR_COLUMNS + 30, "");
		return;
	}
	fprintf(stderr, "\r[%.*s%*s] %llu/%llu", (int)filled,
		"########################################", (int)(BAR_COLUMNS - filled), "",
		(unsigned long long)done, (unsigned long long)total);
}

struct str cli_u64(uint64_t v, char memory[CLI_U64_BYTES])
{
	int n = snprintf(memory, CLI_U64_BYTES, "%llu", (unsigned long long)v);

	return (struct str){memory, (size_t)n};
}

enum err cli_verifier(const char *value, struct note_verifier *ret, struct problem *problem)
{
	struct str arg = str_of(value);
	char *text = NULL;
	size_t n = 0;
	enum err e;

	if (note_vkey_parse(arg, ret) == ERR_OK)
		return ERR_OK;
	e = file_read(value, KEY_FILE_BYTES_MAX, &text, &n);
	if (e == ERR_OK)
		e = note_vkey_parse((struct str){text, strcspn(text, "\r\n")}, ret);
	free(text);
	return e == ERR_OK
		   ? ERR_OK
		   : problem_set(problem, ERR_BAD_INPUT, STR("--key"), MSG_CLI_KEY_WRONG, &arg, 1);
}
