/* The end of personal texts: a record.erased entry names the data keys, and the outbox destroys
 * them, then the files sealed under them. Where words of a case were taken out of the index, that
 * waits until the writer has merged them out (writer.c). By its owner a record of their own goes;
 * an order takes the followers' records along; retention all keys of a case, those of the people
 * who handled it too. */
#include "decide.h"

#include "case_file.h"
#include "case_wording.h"
#include "journal/outbox.h"
#include "service/case_order.h"
#include "service/kind_case.h"
#include "service/kinds.h"

#include <string.h>

#define ERASING_KEYS_MAX (1u + CASE_HANDS_MAX + 2u * CASE_FOLLOWERS_MAX)

struct erasing {
	uint64_t record;
	uint64_t case_id; /* whose files are looked at: a follower's are among those of the case */
	struct actor actor;
	struct str reason;
	unsigned keys_n;
	uint64_t keys[ERASING_KEYS_MAX];
	bool words; /* were taken out of the index: the effects are held */
};

static void add_key(struct erasing *x, uint64_t key_id)
{
	if (key_id != 0 && x->keys_n < ERASING_KEYS_MAX)
		x->keys[x->keys_n++] = key_id;
}

static bool is_going(const struct erasing *x, uint64_t key_id)
{
	for (unsigned i = 0; i < x->keys_n; i++)
		if (x->keys[i] == key_id)
			return true;
	return false;
}

static enum err put_effect(struct writer *w, const struct erasing *x, const struct appended *a,
			   unsigned idx, enum channel channel, uint64_t arg)
{
	w->held.waiting = w->held.waiting || x->words;
	return outbox_put(w->db, &(struct effect){.n = a->n,
						  .idx = idx,
						  .channel = channel,
						  .arg = arg,
						  .at_us = a->at_us,
						  .held = x->words});
}

/* The files of the case that nobody can open then: effects of the last entry, behind its keys. */
static enum err append_files(struct writer *w, const struct erasing *x, const struct appended *a)
{
	struct db_stmt *s = db_stmt(w->db, SQL_attachment_keys_of_case);
	unsigned idx = ERASED_KEYS_MAX;
	bool row = false;

	db_bind_u64(s, 1, x->case_id);
	for (;;) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			return ERR_OK;
		if (is_going(x, db_u64(s, 1)))
			TRY(put_effect(w, x, a, idx++, CHANNEL_FILE_REMOVE, db_u64(s, 0)));
	}
}

/* As many entries as the keys need. */
static enum err append(struct writer *w, const struct erasing *x, int64_t at_us,
		       struct appended *ret)
{
	for (unsigned from = 0; from < x->keys_n; from += ERASED_KEYS_MAX) {
		unsigned n = x->keys_n - from < ERASED_KEYS_MAX ? x->keys_n - from
								: ERASED_KEYS_MAX;
		const struct record_erased data = {x->record, x->keys + from, n, x->reason};
		TRY(journal_append(&w->journal, &x->actor, KIND_RECORD_ERASED, at_us, &data, ret));
		for (unsigned i = 0; i < n; i++)
			TRY(put_effect(w, x, ret, i, CHANNEL_KEY_DESTROY, x->keys[from + i]));
	}
	return append_files(w, x, ret);
}

/* ---- what keys there are ---- */

/* Of the people who acted on the case: all of them, or those who report. */
static void add_hands(struct erasing *x, struct str doc, bool all)
{
	struct str rest = doc, reporters = STR("");
	struct case_doc_line line;
	uint64_t key_id = 0;

	while (case_doc_next(&rest, &line))
		if (str_eq(line.key, STR("m:reporter")))
			reporters = line.value;
	for (rest = doc; case_doc_next(&rest, &line);) {
		if (line.key.n <= 2 || line.key.p[0] != 'h' || !str_to_u64(line.value, &key_id))
			continue;
		if (all || (reporters.n > 0 && memmem(reporters.p, reporters.n, line.key.p + 2,
						      line.key.n - 2)))
			add_key(x, key_id);
	}
}

static enum err add_followers(struct writer *w, struct erasing *x)
{
	struct db_stmt *s = db_stmt(w->db, SQL_case_follower_keys);
	bool row = false;

	db_bind_u64(s, 1, x->record);
	for (;;) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			return ERR_OK;
		add_key(x, db_u64(s, 0));
		add_key(x, db_u64(s, 1));
	}
}

/* Of a case, as the reason asks; *ret_key is the reporter's, 0 where it is erased. */
static enum err keys_of_case(struct writer *w, struct erasing *x, uint64_t *ret_key)
{
	bool all = str_eq(x->reason, STR(ERASED_BY_RETENTION));
	struct case_row row;

	TRY(case_row_get(w->db, x->record, &row));
	x->case_id = x->record;
	*ret_key = row.erased == 0 ? row.key_id : 0;
	add_key(x, *ret_key);
	add_hands(x, row.doc, all);
	return str_eq(x->reason, STR(ERASED_BY_OWNER)) ? ERR_OK : add_followers(w, x);
}

static enum err keys_of_follower(struct writer *w, struct erasing *x, uint64_t *ret_key)
{
	struct db_stmt *s = db_stmt(w->db, SQL_case_follower_of);
	bool row = false;

	db_bind_u64(s, 1, x->record);
	TRY(db_step(w->db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret_key = db_u64(s, 2) == 0 ? db_u64(s, 0) : 0;
	add_key(x, *ret_key);
	add_key(x, db_u64(s, 1));
	x->case_id = db_u64(s, 3);
	db_done(s);
	return ERR_OK;
}

static enum err is_open(struct writer *w, uint64_t id, bool *ret)
{
	struct db_stmt *s = db_stmt(w->db, SQL_case_open_get);

	db_bind_u64(s, 1, id);
	TRY(db_step(w->db, s, ret));
	db_done(s);
	return ERR_OK;
}

/* A line's, a case's or a follower's: its keys, and the one that its secret is made of. */
static enum err keys_of(struct writer *w, struct command *c, struct erasing *x, uint64_t *ret_key)
{
	bool open = false;
	enum err e = decide_key_of_line(w, x->record, ret_key);

	if (e == ERR_OK)
		add_key(x, *ret_key);
	if (e != ERR_NOT_FOUND)
		return e;
	e = keys_of_case(w, x, ret_key);
	if (e == ERR_NOT_FOUND) {
		e = keys_of_follower(w, x, ret_key);
	} else if (e == ERR_OK) {
		TRY(is_open(w, x->record, &open));
		c->answer.remedy = open ? MSG_CASE_STILL_OPEN : c->answer.remedy;
		e = open ? ERR_CONFLICT : ERR_OK;
	}
	return e == ERR_OK && *ret_key == 0 ? ERR_GONE : e;
}

static enum err holds_secret(struct writer *w, uint64_t record, uint64_t key_id,
			     const uint8_t secret[SEAL_SECRET_BYTES])
{
	uint8_t right[SEAL_SECRET_BYTES];
	struct seal_key key;

	TRY(keyring_get(w->keys, key_id, &key));
	seal_record_secret(&key, record, right);
	seal_wipe(&key, sizeof key);
	return seal_secret_eq(right, secret) ? ERR_OK : ERR_FORBIDDEN;
}

/* What the search index and the words of categories hold of a case goes while its key is there. A
 * case whose files are not in force any more is in the index by hashes only, until it is made anew.
 */
static enum err forget_words(struct writer *w, struct erasing *x, uint64_t key_id)
{
	struct case_file file;
	struct seal_key key;
	enum err e = w->shelf ? case_file_load(w->db, w->shelf, NULL, x->record, &file)
			      : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND || e == ERR_INTERNAL)
		return ERR_OK;
	TRY(e);
	e = keyring_get(w->keys, key_id, &key);
	if (e == ERR_GONE)
		return ERR_OK;
	TRY(e);
	e = case_forget(w, &file, &key, file.now.marks & CASE_MARK_LEARNT);
	seal_wipe(&key, sizeof key);
	x->words = true;
	return e;
}

enum err decide_erase(struct writer *w, struct command *c, int64_t at_us)
{
	struct erasing x = {.record = c->erase.record,
			    .actor = {.role = STR("reporter"), .unit = STR("")},
			    .reason = c->erase.by_owner ? STR(ERASED_BY_OWNER)
							: STR(ERASED_BY_ORDER)};
	struct appended a = {0};
	uint64_t key_id = 0;
	bool is_account = false;

	c->answer.field = "n";
	if (x.record == 0 || x.record > INT64_MAX)
		return ERR_NOT_FOUND;
	if (!c->erase.by_owner)
		TRY(decide_is_account(w, x.record, &is_account));
	if (is_account)
		return decide_account_erase(w, c, at_us);
	TRY(keys_of(w, c, &x, &key_id));
	if (c->erase.by_owner) {
		c->answer.field = "secret";
		c->answer.remedy = MSG_SECRET_REMEDY;
		TRY(holds_secret(w, x.record, key_id, c->erase.secret));
		c->answer.remedy = MSG_COUNT;
		decide_handle(w, &x.actor);
	} else {
		TRY(decide_operator(w, c->account, &x.actor));
	}
	TRY(forget_words(w, &x, key_id));
	TRY(append(w, &x, at_us, &a));
	return decide_answer(c, &a);
}

/* ---- retention ---- */

static enum err forget(struct writer *w, uint64_t id, int64_t at_us)
{
	struct erasing x = {.record = id,
			    .actor = {.role = STR("timer"), .unit = STR("")},
			    .reason = STR(ERASED_BY_RETENTION)};
	struct appended a;
	uint64_t key_id = 0;

	TRY(keys_of_case(w, &x, &key_id));
	if (key_id != 0)
		TRY(forget_words(w, &x, key_id));
	if (x.keys_n > 0)
		return append(w, &x, at_us, &a);
	/* all of it was erased before: that it is over is an entry all the same */
	const struct record_erased none = {id, x.keys, 0, x.reason};
	return journal_append(&w->journal, &x.actor, KIND_RECORD_ERASED, at_us, &none, &a);
}

enum err decide_forgetting(struct writer *w, int64_t at_us, unsigned limit, int64_t *ret_next_us)
{
	struct db_stmt *s = db_stmt(w->db, SQL_case_forget_due);
	uint64_t ids[FORGET_MAX];
	unsigned n = 0;
	bool row = true;

	db_bind_i64(s, 1, at_us);
	db_bind_u64(s, 2, limit < FORGET_MAX ? limit : FORGET_MAX);
	for (;;) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			break;
		ids[n++] = db_u64(s, 0);
	}
	for (unsigned i = 0; i < n; i++)
		TRY(forget(w, ids[i], at_us));
	s = db_stmt(w->db, SQL_case_forget_next);
	TRY(db_step(w->db, s, &row));
	*ret_next_us = row ? db_i64(s, 0) : INT64_MAX;
	db_done(s);
	return ERR_OK;
}
