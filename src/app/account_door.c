/* Orders about accounts as messages of one form. Both ends are this program, of one version, which
 * the magic tells. */
#include "app/account_door.h"

#include "app/log.h"
#include "base/check.h"

#define SOCKET_NAME "account.sock"

struct order_message {
	char magic[16];
	uint32_t of_sessions, act, kind, lang;
	uint32_t sets_name, sets_contact, sets_lang, sets_posts;
	uint64_t account, second, session;
	char second_role[ACCOUNT_WORD_BYTES_MAX + 1], second_unit[ACCOUNT_WORD_BYTES_MAX + 1];
	char name[ACCOUNT_NAME_BYTES_MAX + 1], contact[ACCOUNT_CONTACT_BYTES_MAX + 1];
	char posts[ACCOUNT_POSTS_BYTES_MAX + 1];
	struct password_hash hash;
};
static const char magic[16] = "liren-account-1";

struct answer_message {
	uint32_t err, has_codes;
	uint64_t n;
	char codes[CODE_SHEET_CODES][CODE_TEXT_BYTES + 1];
	struct problem problem;
};

/* ---- the order itself ---- */

enum err account_call_run(struct runner *r, struct str account, struct account_call *call)
{
	char entry[ACCOUNT_ENTRY_BYTES];
	struct command c = {.kind = call->of_sessions ? COMMAND_SESSION : COMMAND_ACCOUNT,
			    .account = account,
			    .answer.remedy = MSG_COUNT};
	enum err e;

	if (call->of_sessions)
		c.session.order = &call->session;
	else
		c.accounts.order = &call->order;
	c.answer.entry = buf_over(entry, sizeof entry);
	e = runner_call(r, &c);
	call->n = c.answer.n;
	call->problem = call->order.problem;
	return e;
}

/* ---- to and fro ---- */

/* False where it is longer than any can be: the writer would say so, too. */
static bool put_text(char *to, size_t cap, struct str text)
{
	if (text.n >= cap || (text.n > 0 && memchr(text.p, 0, text.n)))
		return false;
	if (text.n > 0)
		memcpy(to, text.p, text.n);
	to[text.n] = 0;
	return true;
}

static enum err order_out(const struct account_call *call, struct order_message *m)
{
	const struct account_order *o = &call->order;
	struct buf posts = buf_over(m->posts, sizeof m->posts - 1);

	memset(m, 0, sizeof *m);
	memcpy(m->magic, magic, sizeof magic);
	m->of_sessions = call->of_sessions;
	m->act = call->of_sessions ? (uint32_t)call->session.act : (uint32_t)o->act;
	m->kind = o->kind;
	m->lang = o->lang;
	m->sets_name = o->sets_name;
	m->sets_contact = o->sets_contact;
	m->sets_lang = o->sets_lang;
	m->sets_posts = o->sets_posts;
	m->account = call->of_sessions ? call->session.account : o->account;
	m->session = call->session.session;
	m->second = o->second.account;
	m->hash = o->hash;
	account_posts_put(&o->posts, &posts);
	return put_text(m->name, sizeof m->name, o->name) &&
		       put_text(m->contact, sizeof m->contact, o->contact) &&
		       put_text(m->second_role, sizeof m->second_role, o->second.role) &&
		       put_text(m->second_unit, sizeof m->second_unit, o->second.unit) &&
		       !posts.over
		   ? ERR_OK
		   : ERR_TOO_LARGE;
}

static bool is_text(const char *p, size_t cap)
{
	return memchr(p, 0, cap) != NULL;
}

/* Views into the message. False: it is none that another end of this program sends. */
static bool order_in(const struct order_message *m, struct account_call *ret)
{
	struct account_order *o = &ret->order;

	if (memcmp(m->magic, magic, sizeof magic) != 0 || !is_text(m->name, sizeof m->name) ||
	    !is_text(m->contact, sizeof m->contact) || !is_text(m->posts, sizeof m->posts) ||
	    !is_text(m->second_role, sizeof m->second_role) ||
	    !is_text(m->second_unit, sizeof m->second_unit) || m->lang >= LANG_COUNT ||
	    m->kind > ACCOUNT_STAFF || !account_posts_parse(str_of(m->posts), &o->posts))
		return false;
	ret->of_sessions = m->of_sessions != 0;
	if (ret->of_sessions) {
		ret->session = (struct session_order){.act = (enum session_act)m->act,
						      .account = m->account,
						      .session = m->session};
		return m->act == SESSION_END || m->act == SESSION_END_ALL;
	}
	o->act = (enum account_act)m->act;
	o->kind = m->kind == ACCOUNT_STAFF ? ACCOUNT_STAFF : ACCOUNT_RESIDENT;
	o->lang = (enum lang)m->lang;
	o->sets_name = m->sets_name != 0;
	o->sets_contact = m->sets_contact != 0;
	o->sets_lang = m->sets_lang != 0;
	o->sets_posts = m->sets_posts != 0;
	o->account = m->account;
	o->second = (struct account_actor){m->second, str_of(m->second_role),
					   str_of(m->second_unit)};
	o->hash = m->hash;
	o->name = str_of(m->name);
	o->contact = str_of(m->contact);
	return m->act <= ACCOUNT_SET_SHEET;
}

static void attend(void *ctx, struct door *d, int fd, struct str account)
{
	struct account_call call = {.n = 0};
	struct answer_message answer = {0};
	struct order_message m;
	enum err e;

	if (!door_take(d, fd, &m, sizeof m) || !order_in(&m, &call)) {
		log_event(LOG_WARN_LEVEL, "account", "result=not-an-order");
		return;
	}
	e = account_call_run(ctx, account, &call);
	answer.err = (uint32_t)e;
	answer.n = call.n;
	answer.problem = call.problem;
	answer.has_codes = call.order.has_codes;
	memcpy(answer.codes, call.order.codes, sizeof answer.codes);
	door_give(d, fd, &answer, sizeof answer);
	log_event(e == ERR_OK ? LOG_INFO_LEVEL : LOG_WARN_LEVEL, "account",
		  "result=%s entry=%llu", err_info(e)->name, (unsigned long long)call.n);
	seal_wipe(&m, sizeof m);
	seal_wipe(&answer, sizeof answer);
	seal_wipe(&call, sizeof call);
}

enum err account_door_open(const struct settings *s, struct runner *runner, struct door **ret)
{
	return door_open(s, SOCKET_NAME, attend, runner, ret);
}

enum err account_door_call(const struct settings *s, struct account_call *call)
{
	struct answer_message answer = {0};
	struct order_message m;
	enum err e = order_out(call, &m);

	if (e == ERR_OK)
		e = door_call(s, SOCKET_NAME, &m, sizeof m, &answer, sizeof answer);
	if (e == ERR_OK) {
		call->n = answer.n;
		call->problem = answer.problem;
		call->order.has_codes = answer.has_codes != 0;
		memcpy(call->order.codes, answer.codes, sizeof answer.codes);
		e = err_info((enum err)answer.err)->err;
	}
	seal_wipe(&m, sizeof m);
	seal_wipe(&answer, sizeof answer);
	return e;
}
