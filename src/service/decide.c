/* What each command comes to: entries, rows, effects, an answer. */
#include "decide.h"

#include "base/check.h"
#include "journal/outbox.h"
#include "service/kinds.h"
#include "service/mail.h"

#include <stdlib.h>

void decide_handle(struct writer *w, struct actor *a)
{
	a->has_handle = true;
	entropy_fill(w->entropy, a->handle, HANDLE_BYTES);
}

enum err decide_operator(struct writer *w, struct str account, struct actor *ret)
{
	struct actor a = {.role = STR("operator"), .unit = STR("")};
	struct seal_key key;
	uint64_t key_id = 0;
	enum err e;

	decide_handle(w, &a);
	keyring_take(w->keys, &key_id, &key);
	e = keyring_bind_handle(w->keys, a.handle, key_id, &key, account);
	seal_wipe(&key, sizeof key);
	TRY(e);
	*ret = a;
	return ERR_OK;
}

enum err decide_hand(struct writer *w, struct str role, struct str unit, uint64_t account,
		     struct actor *ret, uint64_t *ret_key)
{
	char name[HANDLE_ACCOUNT_MAX];
	struct buf b = buf_over(name, sizeof name);
	struct seal_key key;
	enum err e;

	*ret = (struct actor){.role = role, .unit = unit};
	buf_put_z(&b, "account:");
	buf_put_u64(&b, account);
	decide_handle(w, ret);
	keyring_take(w->keys, ret_key, &key);
	e = keyring_bind_handle(w->keys, ret->handle, *ret_key, &key, buf_str(&b));
	seal_wipe(&key, sizeof key);
	return e;
}

/* The answer names the entry and its salt at once. */
enum err decide_answer(struct command *c, const struct appended *a)
{
	c->answer.n = a->n;
	c->answer.at_us = a->at_us;
	memcpy(c->answer.salt, a->salt, SALT_BYTES);
	c->answer.entry.n = 0;
	buf_put_str(&c->answer.entry, a->body);
	CHECK(!c->answer.entry.over); /* its maker gave the room that the command needs */
	return ERR_OK;
}

static enum err write_line(struct writer *w, struct command *c, int64_t at_us)
{
	uint8_t box[LINE_TEXT_BYTES_MAX + SEAL_OVERHEAD_BYTES], nonce[SEAL_NONCE_BYTES];
	struct actor actor = {.role = STR("reporter"), .unit = STR("")};
	struct line_written data = {0};
	struct appended a;
	struct seal_key key;
	enum err e;

	CHECK(c->line.text.n > 0 && c->line.text.n <= LINE_TEXT_BYTES_MAX);
	decide_handle(w, &actor);
	keyring_take(w->keys, &data.text.key_id, &key);
	entropy_fill(w->entropy, nonce, sizeof nonce);
	entropy_fill(w->entropy, c->answer.blind, SEAL_BLIND_BYTES);
	seal_value(&key, data.text.key_id, STR("text"), nonce, c->answer.blind, c->line.text, box,
		   &data.text.h);
	data.text.box = (struct bytes){box, c->line.text.n + SEAL_OVERHEAD_BYTES};
	e = journal_append(&w->journal, &actor, KIND_LINE_WRITTEN, at_us, &data, &a);
	if (e == ERR_OK) {
		seal_record_secret(&key, a.n, c->answer.secret);
		c->answer.has_text = true;
		e = decide_answer(c, &a);
	}
	seal_wipe(&key, sizeof key);
	return e;
}

/* The data key of a line that is not erased. */
enum err decide_key_of_line(struct writer *w, uint64_t n, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(w->db, SQL_line_get);
	bool row = false, erased;

	db_bind_u64(s, 1, n);
	TRY(db_step(w->db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret = db_u64(s, 2);
	erased = db_i64(s, 3) != 0;
	db_done(s);
	return erased ? ERR_GONE : ERR_OK;
}

static enum err confirm_clock(struct writer *w, struct command *c, int64_t at_us)
{
	struct clock_confirmed data = {w->journal.last_at_us, w->clock.held_utc_us};
	struct actor actor;
	struct appended a;

	(void)at_us;
	if (!w->clock.held) {
		c->answer.remedy = MSG_CLOCK_NOT_HELD;
		return ERR_BAD_INPUT;
	}
	TRY(decide_operator(w, c->account, &actor));
	TRY(journal_append(&w->journal, &actor, KIND_CLOCK_CONFIRMED, w->clock.held_utc_us, &data,
			   &a));
	return decide_answer(c, &a); /* and the clock is believed from this COMMIT on */
}

/* The writer has carried the clock there already (demo_advance), timer by timer; where it did not,
 * what was asked for cannot be. */
static enum err demo_clock(struct writer *w, struct command *c, int64_t at_us)
{
	struct clock_confirmed data = {c->demo_clock.from_us, c->demo_clock.to_us};
	const struct actor actor = {.role = STR("demo"), .unit = STR("")};
	struct appended a;

	if (!w->demo)
		return ERR_NOT_FOUND;
	if (at_us != c->demo_clock.to_us) {
		c->answer.field = "to";
		c->answer.remedy = MSG_DEMO_CLOCK_REMEDY;
		return ERR_BAD_INPUT;
	}
	TRY(journal_append(&w->journal, &actor, KIND_DEMO_CLOCK_MOVED, at_us, &data, &a));
	return decide_answer(c, &a);
}

static enum err outbox_result(struct writer *w, const struct command *c, int64_t at_us)
{
	const struct effect *e = c->outbox.effect;

	if (!c->outbox.delivered)
		return outbox_failed(w->db, e, at_us);
	if (e->channel == CHANNEL_MAIL && c->outbox.end == EFFECT_SENT)
		TRY(mail_count(w->db, c->outbox.case_id, e->arg, c->outbox.day));
	return outbox_end(w->db, e, c->outbox.end);
}

static enum err decide_new(struct writer *w, struct command *c, int64_t at_us)
{
	switch (c->kind) {
	case COMMAND_WRITE_LINE:
		return write_line(w, c, at_us);
	case COMMAND_ERASE_RECORD:
		return decide_erase(w, c, at_us);
	case COMMAND_LOAD_FILES:
		return decide_files(w, c, at_us);
	case COMMAND_CONFIRM_CLOCK:
		return confirm_clock(w, c, at_us);
	case COMMAND_DEMO_CLOCK:
		return demo_clock(w, c, at_us);
	case COMMAND_SET_PLACES:
		return decide_places(w, c, at_us);
	case COMMAND_CASE:
		return decide_case(w, c, at_us);
	case COMMAND_ACCOUNT:
		return decide_account(w, c, at_us);
	case COMMAND_SESSION:
		return decide_session(w, c);
	case COMMAND_IMPORT_CASES:
		return decide_import(w, c, at_us);
	case COMMAND_LOOK:
		return decide_look(w, c, at_us);
	case COMMAND_SHIFT:
		return decide_shift(w, c, at_us);
	case COMMAND_DEVICE:
		return decide_device(w, c, at_us);
	case COMMAND_DUTY:
		return decide_duty(w, c, at_us);
	case COMMAND_OUTBOX_RESULT:
		return outbox_result(w, c, at_us);
	}
	return ERR_INTERNAL;
}

/* What opens the text of a line again, for the client that wrote it; nothing where it is erased. */
static enum err reopen_text(struct writer *w, struct command *c)
{
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
	const struct line_written *line;
	struct entry_head head;
	const struct entry_value *data;
	const void *decoded = NULL;
	struct seal_key key;
	struct arena a;
	void *tree = NULL;
	struct str text;
	uint64_t key_id = 0;
	uint8_t *out;
	enum err e = decide_key_of_line(w, c->answer.n, &key_id);

	if (e == ERR_GONE)
		return ERR_OK; /* from the COMMIT of the erasure on, also while the key is still
				  there */
	TRY(e);
	arena_init(&a, memory, sizeof memory);
	TRY(kind_parse(buf_str(&c->answer.entry), &a, &head, &tree, &data));
	e = service_kinds[KIND_LINE_WRITTEN].decode(data, &a, &decoded);
	free(tree);
	TRY(e);
	line = decoded;
	e = keyring_get(w->keys, line->text.key_id, &key);
	if (e == ERR_GONE)
		return ERR_OK;
	TRY(e);
	out = arena_alloc(&a, line->text.box.n);
	e = !out ? ERR_NO_MEMORY
		 : seal_open(&key, line->text.key_id, STR("text"), line->text.box, &line->text.h,
			     out, &text);
	if (e == ERR_OK) {
		memcpy(c->answer.blind, out, SEAL_BLIND_BYTES);
		seal_record_secret(&key, head.n, c->answer.secret);
		c->answer.has_text = true;
	}
	if (out)
		seal_wipe(out, line->text.box.n);
	seal_wipe(&key, sizeof key);
	return e;
}

/* The answer of a command that was done before, made again. */
static enum err answer_again(struct writer *w, struct command *c, uint64_t n, int64_t at_us)
{
	struct entry_view v;

	TRY(journal_entry(w->db, n, w->journal.memory, &v));
	c->answer.repeated = true;
	c->answer.n = n;
	c->answer.at_us = at_us;
	memcpy(c->answer.salt, v.salt, SALT_BYTES);
	c->answer.entry.n = 0;
	if (c->answer.entry.cap > 0) /* whoever does not ask for the receipt gives no room */
		buf_put_str(&c->answer.entry, v.body);
	CHECK(!c->answer.entry.over);
	if (c->kind == COMMAND_CASE)
		return decide_case_again(w, c);
	return c->kind == COMMAND_WRITE_LINE ? reopen_text(w, c) : ERR_OK;
}

static enum err remember(struct writer *w, const struct command *c)
{
	struct db_stmt *s = db_stmt(w->db, SQL_request_insert);

	db_bind_bytes(s, 1, c->request.id, REQUEST_ID_BYTES);
	db_bind_bytes(s, 2, c->request.actor, REQUEST_ACTOR_BYTES);
	db_bind_bytes(s, 3, c->request.body, REQUEST_BODY_BYTES);
	db_bind_u64(s, 4, c->answer.n);
	db_bind_i64(s, 5, c->answer.at_us);
	return db_run(w->db, s);
}

enum err decide(struct writer *w, struct command *c, int64_t at_us)
{
	struct db_stmt *s;
	struct bytes body;
	uint64_t n;
	int64_t then_us;
	bool row = false, same;

	if (!c->request.present)
		return decide_new(w, c, at_us);
	s = db_stmt(w->db, SQL_request_get);
	db_bind_bytes(s, 1, c->request.id, REQUEST_ID_BYTES);
	db_bind_bytes(s, 2, c->request.actor, REQUEST_ACTOR_BYTES);
	TRY(db_step(w->db, s, &row));
	if (!row) {
		TRY(decide_new(w, c, at_us));
		return remember(w, c);
	}
	body = db_bytes(s, 0);
	same = body.n == REQUEST_BODY_BYTES && memcmp(body.p, c->request.body, body.n) == 0;
	n = db_u64(s, 1);
	then_us = db_i64(s, 2);
	db_done(s);
	if (!same) {
		c->answer.field = "Idempotency-Key";
		c->answer.remedy = MSG_REQUEST_REUSED_REMEDY;
		return ERR_REQUEST_REUSED;
	}
	return answer_again(w, c, n, then_us);
}
