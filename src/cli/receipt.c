/* liren receipt verify: the five steps, in words, without any server; and as what the case was
 * counted in figures that were published. */
#include "cli.h"

#include "app/files.h"
#include "journal/receipt.h"
#include "service/figures_file.h"

#include <jansson.h>
#include <stdlib.h>

static const char usage[] =
    "liren receipt verify FILE [--key KEY] [--figures FIGURES --published RECEIPT]\n"
    "Check a receipt by itself: needs no store and no server.\n\n"
    "  --key KEY        the office's verifier key, as the line on its wall or a file with that "
    "line\n"
    "  --figures FILE   figures that the office has published: tell as what this case is counted "
    "there\n"
    "  --published FILE the receipt of their publication\n"
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

/* ---- files ---- */

struct held {
	void *memory;
	char *text;
	struct receipt r;
};

static enum err read_receipt(const char *path, struct held *ret, struct problem *p)
{
	struct str arg = str_of(path);
	struct arena a;
	size_t n = 0;
	enum err e;

	ret->memory = aligned_alloc(16, RECEIPT_ARENA_BYTES);
	if (!ret->memory)
		return ERR_NO_MEMORY;
	e = file_read(path, RECEIPT_BYTES_MAX, &ret->text, &n);
	if (e != ERR_OK)
		return problem_set(
		    p, e == ERR_TOO_LARGE ? e : ERR_NOT_FOUND, STR(""),
		    e == ERR_TOO_LARGE ? MSG_RECEIPT_TOO_LARGE : MSG_CLI_FILE_UNREADABLE, &arg, 1);
	arena_init(&a, ret->memory, RECEIPT_ARENA_BYTES);
	e = receipt_parse((struct str){ret->text, n}, &a, &ret->r, p);
	problem_at(p, arg, p->line, p->column);
	return e;
}

static void release(struct held *h)
{
	free(h->text);
	free(h->memory);
}

/* ---- figures ---- */

/* Kind of an entry, and a member of its data; each empty where there is none. Views into *ret_json,
 * which is the caller's to give back. */
static void look_at_entry(struct str entry, const char *key, json_t **ret_json,
			  struct str *ret_kind, struct str *ret_member)
{
	json_t *json = json_loadb(entry.p, entry.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *kind = json_object_get(json, "kind"),
		     *member = json_object_get(json_object_get(json, "data"), key);

	*ret_json = json;
	*ret_kind = (struct str){json_string_value(kind), json_string_length(kind)};
	*ret_member = (struct str){json_string_value(member), json_string_length(member)};
}

static bool is_of_kind(struct str entry, const char *name)
{
	struct str kind, none;
	json_t *json;
	bool is;

	look_at_entry(entry, "", &json, &kind, &none);
	is = str_eq(kind, str_of(name));
	json_decref(json);
	return is;
}

/* Does the receipt prove that this text came on record as figures of the month, by the same key? */
static bool is_published(const struct receipt *mine, const struct receipt *published,
			 struct str text, int month)
{
	char path[FIGURES_FILE_NAME_MAX + sizeof FIGURES_FILE_FOLDER], hex[2 * HASH_BYTES];
	char name[FIGURES_FILE_NAME_MAX];
	struct buf b = buf_over(hex, sizeof hex);
	struct receipt_result result;
	struct str kind, member;
	struct hash32 sha256;
	json_t *json;
	bool is;

	receipt_check(published, &result);
	if (result.failed < RECEIPT_STEPS || !str_eq(mine->key, published->key) ||
	    !is_of_kind(published->entry, "file.loaded"))
		return false;
	hash_sha256(text.p, text.n, &sha256);
	buf_put_hex(&b, sha256.b, HASH_BYTES);
	look_at_entry(published->entry, "sha256", &json, &kind, &member);
	is = str_eq(member, buf_str(&b));
	json_decref(json);
	figures_file_name(month, name);
	snprintf(path, sizeof path, FIGURES_FILE_FOLDER "%s", name);
	look_at_entry(published->entry, "path", &json, &kind, &member);
	is = is && str_eq(member, str_of(path));
	json_decref(json);
	return is;
}

/* Prints as what the case counted; false where it did not. */
static bool say_found(const struct figures_found *found, uint64_t n)
{
	char month[16], number[CLI_U64_BYTES];

	snprintf(month, sizeof month, "%04d-%02d", found->month / 100 % 10000, found->month % 100);
	cli_say(MSG_CLI_RECEIPT_FIGURES_HOLD,
		(struct str[]){str_of(month), cli_u64(n, number)}, 2);
	cli_say(found->counted ? MSG_CLI_RECEIPT_FIGURES_COUNTED : MSG_CLI_RECEIPT_FIGURES_AWAY,
		(struct str[]){str_of(month)}, 1);
	for (unsigned i = 0; found->counted && i < CASE_FIGURE_COUNT; i++)
		if (found->counts[i] > 0)
			printf("  %-18s %u  %s\n", case_figure_name((enum case_figure)i),
			       found->counts[i],
			       case_figure_words((enum case_figure)i, cli_lang()));
	return found->counted;
}

static enum err counted_in(const struct receipt *mine, const char *figures, const char *published,
			   bool *ret, struct problem *p)
{
	struct str args[] = {str_of(figures), str_of(published)};
	struct figures_found found = {0};
	struct held h = {0};
	char *text = NULL;
	size_t n = 0;
	enum err e = file_read(figures, FIGURES_FILE_BYTES_MAX, &text, &n);

	if (e != ERR_OK)
		e = problem_set(p, e, STR("--figures"), MSG_CLI_FILE_UNREADABLE, args, 1);
	if (e == ERR_OK)
		e = read_receipt(published, &h, p);
	if (e == ERR_OK && !is_of_kind(mine->entry, "case.handed_in"))
		e = problem_set(p, ERR_BAD_INPUT, STR("--figures"), MSG_CLI_RECEIPT_FIGURES_CASE,
				NULL, 0);
	if (e == ERR_OK &&
	    (figures_file_find((struct str){text, n}, mine->salt, &found) != ERR_OK ||
	     !is_published(mine, &h.r, (struct str){text, n}, found.month)))
		e = problem_set(p, ERR_UNVERIFIED, STR("--figures"),
				MSG_CLI_RECEIPT_FIGURES_OTHER, args, 2);
	if (e == ERR_OK)
		*ret = say_found(&found, h.r.n);
	release(&h);
	free(text);
	return e;
}

struct words {
	const char *path, *key, *figures, *published;
};

static int verify(const struct words *x)
{
	struct note_verifier given;
	struct problem p = {0};
	struct held mine = {0};
	bool holds = false;
	enum err e = x->key ? cli_verifier(x->key, &given, &p) : ERR_OK;

	if (e == ERR_OK)
		e = read_receipt(x->path, &mine, &p);
	if (e == ERR_OK)
		holds = report(&mine.r, x->key ? &given : NULL);
	if (e == ERR_OK && holds && x->figures)
		e = counted_in(&mine.r, x->figures, x->published, &holds, &p);
	release(&mine);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	return holds ? CLI_DONE : CLI_NO;
}

int cli_receipt(int argc, char **argv)
{
	static const struct option options[] = {{"key", required_argument, NULL, 'k'},
						{"figures", required_argument, NULL, 'f'},
						{"published", required_argument, NULL, 'p'},
						{"help", no_argument, NULL, CLI_HELP},
						{0}};
	struct words x = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c == 'k')
			x.key = optarg;
		else if (c == 'f')
			x.figures = optarg;
		else if (c == 'p')
			x.published = optarg;
		else
			return cli_usage(usage);
	}
	if (optind + 2 != argc || strcmp(argv[optind], "verify") != 0 || !x.figures != !x.published)
		return cli_usage(usage);
	x.path = argv[optind + 1];
	return verify(&x);
}
