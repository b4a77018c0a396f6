/* liren user list, show, sessions: what is read of accounts. */
#include "user.h"

#include "base/civil.h"

#define LIST_AT_ONCE 16u

enum err user_find(struct user_call *u, const char *who, struct account_row *ret)
{
	struct str arg = str_of(who);
	uint64_t id = 0;
	enum err e = cli_number(who, INT64_MAX, &id)
			 ? ERR_OK
			 : account_by_name(u->reader->db, u->reader->keys, arg, &id);

	if (e == ERR_OK)
		e = account_get(u->reader->db, id, ret);
	if (e == ERR_NOT_FOUND || e == ERR_BAD_INPUT)
		return problem_set(&u->problem, ERR_NOT_FOUND, STR(""), MSG_CLI_USER_NONE, &arg, 1);
	return e;
}

static void put_time(const char *lead, int64_t at_us)
{
	char text[CIVIL_RFC3339_BYTES_MAX + 1];
	struct buf b = buf_over(text, sizeof text);

	at_us -= at_us % 1000000;
	if (civil_utc_us_ok(at_us))
		civil_put_utc(at_us, &b);
	printf("%s%.*s", lead, (int)b.n, b.p);
}

static void put_posts(const struct account_posts *posts, const char *lead)
{
	for (unsigned i = 0; i < posts->n; i++) {
		const struct account_post *p = &posts->v[i];
		printf("%s%.*s", lead, (int)p->role.n, p->role.p);
		if (p->unit.n > 0 || p->areas_n > 0)
			printf(":%.*s", (int)p->unit.n, p->unit.p);
		for (unsigned k = 0; k < p->areas_n; k++)
			printf("%c%.*s", k == 0 ? ':' : ',', (int)p->areas[k].n, p->areas[k].p);
	}
}

/* The name where it can still be told. */
static enum err put_name(struct user_call *u, const struct account_row *row)
{
	struct account_person person;
	enum err e = account_open(u->reader->db, u->reader->keys, row, &person);

	if (e == ERR_GONE) {
		printf("%-20s", cli_text(MSG_CLI_USER_ERASED_WORD));
		return ERR_OK;
	}
	TRY(e);
	printf("%-20.*s", (int)person.name.n, person.name.p);
	seal_wipe(&person, sizeof person);
	return ERR_OK;
}

enum err user_list(struct user_call *u)
{
	static struct account_row rows[LIST_AT_ONCE];
	uint64_t after = 0;
	unsigned n = LIST_AT_ONCE, all = 0;

	while (n == LIST_AT_ONCE) {
		TRY(account_list_staff(u->reader->db, after, rows, LIST_AT_ONCE, &n));
		for (unsigned i = 0; i < n; i++) {
			printf("%-8llu ", (unsigned long long)rows[i].id);
			TRY(put_name(u, &rows[i]));
			put_posts(&rows[i].posts, "  ");
			if (rows[i].ended)
				printf("  %s", cli_text(MSG_CLI_USER_ENDED_WORD));
			putchar('\n');
			after = rows[i].id;
		}
		all += n;
	}
	if (all == 0)
		cli_say(MSG_CLI_USER_NOBODY, NULL, 0);
	return ERR_OK;
}

static enum err put_secrets(struct user_call *u)
{
	struct account_secret password, sheet;
	char n[CLI_U64_BYTES], left[CLI_U64_BYTES];

	TRY(account_secret_get(u->reader->db, u->who.id, ACCOUNT_PASSWORD, &password));
	TRY(account_secret_get(u->reader->db, u->who.id, ACCOUNT_SHEET, &sheet));
	if (password.n != 0)
		cli_say(MSG_CLI_USER_HAS_PASSWORD, (struct str[]){cli_u64(password.n, n)}, 1);
	if (sheet.n != 0)
		cli_say(MSG_CLI_USER_HAS_SHEET,
			(struct str[]){cli_u64(sheet.n, n),
				       cli_u64(sheet.codes - sheet.used, left)},
			2);
	if (password.n == 0 && sheet.n == 0 && u->who.ended == 0)
		cli_say(MSG_CLI_USER_HAS_NOTHING, NULL, 0);
	return ERR_OK;
}

enum err user_show(struct user_call *u)
{
	const struct account_row *r = &u->who;
	struct account_person person = {0};
	enum err e = account_open(u->reader->db, u->reader->keys, r, &person);

	if (e != ERR_OK && e != ERR_GONE)
		return e;
	printf("%llu  %s  %s", (unsigned long long)r->id,
	       cli_text(r->kind == ACCOUNT_STAFF ? MSG_CLI_USER_STAFF : MSG_CLI_USER_RESIDENT),
	       lang_tag(r->lang));
	if (r->ended)
		printf("  %s", cli_text(e == ERR_GONE ? MSG_CLI_USER_ERASED_WORD
						      : MSG_CLI_USER_ENDED_WORD));
	put_time("  ", r->at_us);
	if (person.name.n > 0)
		printf("\n%.*s", (int)person.name.n, person.name.p);
	if (person.contact.n > 0)
		printf("\n%.*s", (int)person.contact.n, person.contact.p);
	put_posts(&r->posts, "\n");
	putchar('\n');
	seal_wipe(&person, sizeof person);
	return put_secrets(u);
}

enum err user_show_sessions(struct user_call *u)
{
	struct session_row rows[SESSIONS_OF_ACCOUNT_MAX];
	unsigned n = 0;

	TRY(account_sessions(u->reader->db, u->who.id, rows, &n));
	for (unsigned i = 0; i < n; i++) {
		printf("%-8llu", (unsigned long long)rows[i].id);
		put_time("", rows[i].began_us);
		put_time("  ", rows[i].seen_us);
		if (rows[i].post < u->who.posts.n) {
			const struct account_post *p = &u->who.posts.v[rows[i].post];
			printf("  %.*s", (int)p->role.n, p->role.p);
		}
		putchar('\n');
	}
	if (n == 0)
		cli_say(MSG_CLI_USER_NO_SESSION, NULL, 0);
	return ERR_OK;
}
