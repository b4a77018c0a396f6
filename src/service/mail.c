/* See mail.h. */
#include "service/mail.h"

#include "base/check.h"
#include "service/case_number.h"
#include "service/case_order.h"
#include "service/case_row.h"
#include "service/cases.h"

#include <stdlib.h>

#define ACCOUNT_PREFIX "account:" /* of an account as orders name it */

enum err mail_count(struct db *db, uint64_t case_id, uint64_t recipient, int32_t day)
{
	struct db_stmt *s = db_stmt(db, SQL_mail_day_sweep);

	db_bind_i64(s, 1, (int64_t)day - 1);
	TRY(db_run(db, s));
	s = db_stmt(db, SQL_mail_day_add);
	db_bind_i64(s, 1, day);
	db_bind_u64(s, 2, case_id);
	db_bind_u64(s, 3, recipient);
	return db_run(db, s);
}

static enum err sent_today(struct db *db, uint64_t case_id, uint64_t recipient, int32_t day,
			   uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_mail_day_get);
	bool row = false;

	db_bind_i64(s, 1, day);
	db_bind_u64(s, 2, case_id);
	db_bind_u64(s, 3, recipient);
	TRY(db_step(db, s, &row));
	*ret = row ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

/* ---- what is sealed ---- */

static enum err open_sealed(struct reader *r, const struct sealed *v, struct str field,
			    struct arena *a, struct str *ret)
{
	struct seal_key key;
	bool going = false;
	uint8_t *out;
	enum err e;

	/* from the COMMIT of the erasure on, also while the key is still there */
	TRY(outbox_waits_for(r->db, CHANNEL_KEY_DESTROY, v->key_id, &going));
	if (going)
		return ERR_GONE;
	TRY(keyring_get(r->keys, v->key_id, &key));
	out = arena_alloc(a, v->box.n);
	e = !out ? ERR_NO_MEMORY : seal_open(&key, v->key_id, field, v->box, &v->h, out, ret);
	seal_wipe(&key, sizeof key);
	return e;
}

/* A text that people typed is an address where all of it is one. */
static bool take_address(struct str text, char to[ACCOUNT_CONTACT_BYTES_MAX + 1])
{
	char memory[ACCOUNT_CONTACT_BYTES_MAX];
	struct str normal;

	while (text.n > 0 && text.p[0] == ' ')
		text = (struct str){text.p + 1, text.n - 1};
	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	if (!account_contact_normal(text, memory, &normal))
		return false;
	memcpy(to, text.p, text.n);
	to[text.n] = 0;
	seal_wipe(memory, sizeof memory);
	return true;
}

/* Of the account behind a hand: its language, and its address where there is none yet. */
static enum err take_account(struct reader *r, const struct sealed *hand, struct arena *a,
			     struct mail_letter *ret)
{
	struct account_row row;
	struct account_person person;
	struct str name = STR(""), prefix = STR(ACCOUNT_PREFIX);
	uint64_t id = 0;
	enum err e;

	TRY(open_sealed(r, hand, STR("hand"), a, &name));
	if (!str_starts(name, prefix) ||
	    !str_to_u64((struct str){name.p + prefix.n, name.n - prefix.n}, &id))
		return ERR_OK;
	e = account_get(r->db, id, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	ret->has_lang = true;
	ret->lang = row.lang;
	if (ret->to[0] || !row.has_contact)
		return ERR_OK;
	if (row.erased != 0)
		return ERR_GONE;
	if (row.ended != 0)
		return ERR_OK;
	e = account_open(r->db, r->keys, &row, &person);
	if (e == ERR_OK)
		(void)take_address(person.contact, ret->to);
	seal_wipe(&person, sizeof person);
	return e;
}

/* ---- whose ---- */

static enum err take_contact(struct reader *r, const struct case_entry *entry, struct arena *a,
			     struct mail_letter *ret)
{
	struct str text;

	for (unsigned i = 0; i < entry->sealed_n; i++) {
		if (!str_eq(entry->sealed[i].field, STR(CASE_CONTACT_FIELD)))
			continue;
		TRY(open_sealed(r, &entry->sealed[i].value, STR(CASE_CONTACT_FIELD), a, &text));
		(void)take_address(text, ret->to);
	}
	return ERR_OK;
}

/* What a reporter says of how to be reached is in the newest entry that has it; who they are in the
 * first, where they handed it in themselves. */
static enum err of_reporter(struct reader *r, const struct case_view *v, struct arena *a,
			    struct mail_letter *ret)
{
	const struct case_entry *entry = NULL;
	struct entry_head head;
	uint64_t n = 0;

	for (unsigned i = 0; i < v->fields_n; i++)
		if (str_eq(v->fields[i].key, STR(CASE_CONTACT_FIELD)))
			(void)str_to_u64(v->fields[i].value, &n);
	if (n != 0) {
		TRY(cases_entry(r->db, n, a, &head, &entry));
		TRY(take_contact(r, entry, a, ret));
	}
	TRY(cases_entry(r->db, v->id, a, &head, &entry));
	return entry->has_hand && str_eq(head.actor.role, STR(CASE_ROLE_REPORTER))
		   ? take_account(r, &entry->hand, a, ret)
		   : ERR_OK;
}

static enum err of_follower(struct reader *r, const struct case_view *v, uint64_t n,
			    struct arena *a, struct mail_letter *ret)
{
	const struct case_entry *entry = NULL;
	struct entry_head head;
	struct db_stmt *s = db_stmt(r->db, SQL_case_follower_get);
	bool row = false, is_erased;

	db_bind_u64(s, 1, v->id);
	db_bind_u64(s, 2, n);
	TRY(db_step(r->db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	is_erased = db_i64(s, 1) != 0;
	db_done(s);
	if (is_erased)
		return ERR_GONE;
	TRY(cases_entry(r->db, n, a, &head, &entry));
	TRY(take_contact(r, entry, a, ret));
	return entry->has_hand && !str_eq(head.actor.role, STR("intake"))
		   ? take_account(r, &entry->hand, a, ret)
		   : ERR_OK;
}

/* ---- the letter ---- */

static enum err take_step(struct reader *r, const struct cases_shelf *shelf, uint64_t n,
			  uint64_t type_n, struct arena *a, struct mail_letter *ret)
{
	const struct cases_type *t = shelf ? shelf_type(shelf, type_n) : NULL;
	const struct case_entry *entry = NULL;
	struct entry_head head;

	TRY(cases_entry(r->db, n, a, &head, &entry));
	ret->is_drill = entry->is_drill;
	for (unsigned i = 0; t && i < t->transitions_n; i++) {
		const struct cases_transition *tr = &t->transitions[i];
		if (!str_eq(tr->name.text, entry->transition))
			continue;
		for (unsigned lang = 0; lang < LANG_COUNT; lang++)
			ret->line[lang] = arena_copy(a, tr->public_line[lang]);
	}
	return a->over ? ERR_NO_MEMORY : ERR_OK;
}

static enum err case_of(struct reader *r, uint64_t n, uint64_t *ret_id, uint64_t *ret_number)
{
	struct db_stmt *s = db_stmt(r->db, SQL_case_change_get);
	bool row = false;

	db_bind_u64(s, 1, n);
	TRY(db_step(r->db, s, &row));
	if (!row)
		return ERR_GONE;
	*ret_id = db_u64(s, 0);
	*ret_number = db_u64(s, 1);
	db_done(s);
	return ERR_OK;
}

static enum err type_of(struct reader *r, uint64_t id, uint64_t *ret)
{
	struct case_row row;
	enum err e = case_row_get(r->db, id, &row);

	if (e == ERR_OK)
		*ret = row.type_n;
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static enum err write_letter(struct reader *r, const struct cases_shelf *shelf,
			     const struct effect *e, int32_t day, struct arena *a,
			     struct mail_letter *ret)
{
	struct case_view *v = arena_alloc(a, sizeof *v);
	uint64_t sent = 0, stepped = 0, type_n = 0;
	bool reports;

	if (!v)
		return ERR_NO_MEMORY;
	TRY(case_of(r, e->n, &stepped, &ret->number));
	TRY(type_of(r, stepped, &type_n));
	ret->case_id = stepped;
	if (e->arg != MAIL_TO_REPORTER) /* the case that they reported or follow themselves */
		TRY(case_of(r, e->arg, &ret->case_id, &ret->number));
	reports = e->arg == MAIL_TO_REPORTER || e->arg == ret->case_id;
	TRY(sent_today(r->db, ret->case_id, e->arg, day, &sent));
	if (sent >= MAIL_A_DAY_MAX)
		return ERR_TOO_MANY;
	ret->is_last = sent + 1 == MAIL_A_DAY_MAX;
	TRY(cases_view(r->db, ret->case_id, a, v));
	if (v->is_erased && reports)
		return ERR_GONE;
	TRY(take_step(r, shelf, e->n, type_n, a, ret));
	TRY(reports ? of_reporter(r, v, a, ret) : of_follower(r, v, e->arg, a, ret));
	return ret->to[0] ? ERR_OK : ERR_NOT_FOUND;
}

enum err mail_letter_of(struct reader *r, const struct cases_shelf *shelf, const struct effect *e,
			int32_t day, struct arena *a, struct mail_letter *ret)
{
	struct mail_letter letter = {0};
	enum err err = r->keys ? write_letter(r, shelf, e, day, a, &letter) : ERR_KEYS;

	if (err == ERR_OK)
		*ret = letter;
	seal_wipe(letter.to, sizeof letter.to);
	return err;
}

/* ---- its words ---- */

static bool speaks(const struct mail_letter *m, enum lang lang)
{
	return !m->has_lang || m->lang == lang;
}

void mail_letter_put_subject(const struct mail_letter *m, struct buf *out)
{
	char memory[CASE_NUMBER_BYTES_MAX];
	struct buf number = buf_over(memory, sizeof memory);
	bool is_first = true;

	case_number_put(m->number, &number);
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		const struct str args[] = {buf_str(&number)};
		if (!speaks(m, lang))
			continue;
		if (!is_first)
			buf_put_z(out, " / ");
		if (m->is_drill)
			msg_put(out, MSG_MAIL_DRILL, lang, NULL, 0);
		msg_put(out, MSG_MAIL_SUBJECT, lang, args, 1);
		is_first = false;
	}
}

static void put_line(struct buf *out, enum msg msg, enum lang lang, struct str a, struct str b)
{
	const struct str args[] = {a, b};

	msg_put(out, msg, lang, args, 2);
	buf_put_char(out, '\n');
}

static void put_text(const struct mail_letter *m, enum lang lang, struct str url, struct buf *out)
{
	char memory[CASE_NUMBER_BYTES_MAX];
	struct buf number = buf_over(memory, sizeof memory);
	struct str none = STR("");

	case_number_put(m->number, &number);
	if (m->is_drill)
		put_line(out, MSG_MAIL_DRILL_LINE, lang, none, none);
	if (m->line[lang].n > 0)
		put_line(out, MSG_MAIL_LINE, lang, buf_str(&number), m->line[lang]);
	else
		put_line(out, MSG_MAIL_NEWS, lang, buf_str(&number), none);
	put_line(out, MSG_MAIL_LOOK, lang, url, none);
	if (m->is_last)
		put_line(out, MSG_MAIL_LAST, lang, none, none);
	put_line(out, MSG_MAIL_NO_REPLY, lang, none, none);
}

void mail_letter_put_text(const struct mail_letter *m, struct str url, struct buf *out)
{
	bool is_first = true;

	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		if (!speaks(m, lang))
			continue;
		if (!is_first)
			buf_put_char(out, '\n');
		put_text(m, lang, url, out);
		is_first = false;
	}
}
