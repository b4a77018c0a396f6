/* Groups of commands: one transaction, one COMMIT, then the answers. */
#include "service/writer.h"

#include "base/check.h"
#include "decide.h"
#include "journal/outbox.h"
#include "journal/tree.h"
#include "service/account_order.h"
#include "service/case_batch.h"
#include "service/case_order.h"
#include "service/case_search.h"
#include "service/kinds.h"
#include "service/place_batch.h"

#include <stdlib.h>

#define SWEEP_EVERY_US INT64_C(60000000)
#define SWEEP_AGAIN_US INT64_C(50000) /* while there are more than a sweep takes: 40,000 rows/s */
#define SWEEP_ROWS_MAX 2000u
#define TIMERS_BESIDE_MAX 64u /* cases whose clocks are looked at beside people's commands */
#define FORGET_BESIDE_MAX 8u
#define WAL_AGAIN_US INT64_C(100000) /* while a reader needs it */
#define TIMER_AGAIN_US INT64_C(1000000) /* for such as are stuck, and after a failure */

/* Errors after which the engine may have ended the transaction: the whole group fails. */
static bool is_engine_error(enum err e)
{
	return e == ERR_STORE || e == ERR_NO_SPACE || e == ERR_NO_MEMORY || e == ERR_LOCKED ||
	       e == ERR_CORRUPT;
}

static void answer_err(struct command *c, enum err e)
{
	c->answer.err = e;
	c->answer.n = 0;
	c->answer.has_text = false;
	seal_wipe(c->answer.secret, sizeof c->answer.secret);
}

/* How a group is done. A savepoint has each page copied that its command is the first to change, so
 * orders about cases go without: they are refused before they write anything, as a rule. Where one
 * is not, the group is rolled back and done again, each in its savepoint. */
struct pass {
	bool guarded;           /* by savepoints */
	bool again;             /* found: it must be */
	uint64_t signed_before; /* the checkpoint when it began */
};

static enum err one_unguarded(struct writer *w, struct command *c, int64_t at_us,
			      struct pass *pass)
{
	uint64_t n_before = w->journal.n, changes = db_changes_total(w->db);
	enum err e;

	c->answer.err = ERR_OK;
	e = decide(w, c, at_us);
	if (e == ERR_OK || is_engine_error(e))
		return e;
	answer_err(c, e);
	pass->again = w->journal.stale || w->journal.n != n_before ||
		      db_changes_total(w->db) != changes;
	return ERR_OK;
}

/* Decide one command. The result is an engine error that ends the group, or ERR_OK: the command's
 * own refusal is in its answer. */
static enum err one_command(struct writer *w, struct command *c, int64_t at_us,
			    struct pass *pass)
{
	uint64_t n_before = w->journal.n;
	enum err e;

	if (!pass->guarded)
		return one_unguarded(w, c, at_us, pass);
	TRY(db_savepoint(w->db));
	c->answer.err = ERR_OK;
	e = decide(w, c, at_us);
	if (e == ERR_OK)
		return db_savepoint_release(w->db);
	if (is_engine_error(e))
		return e;
	answer_err(c, e);
	TRY(db_savepoint_rollback(w->db));
	/* entries that it had appended are gone again: so must be their leaves */
	return w->journal.stale || w->journal.n != n_before ? journal_load(&w->journal, w->db)
							    : ERR_OK;
}

static bool checkpoint_due(const struct writer *w, struct clock_reading now)
{
	return w->journal.n > w->journal.checkpoint_size &&
	       now.boot_us - w->checkpoint_boot_us >= WRITER_CHECKPOINT_EVERY_US;
}

static bool sweep_due(const struct writer *w, struct clock_reading now)
{
	return now.boot_us - w->sweep_boot_us >= SWEEP_EVERY_US;
}

static enum err sweep(struct writer *w, int64_t at_us)
{
	struct db_stmt *s = db_stmt(w->db, SQL_request_sweep);

	db_bind_i64(s, 1, at_us - REQUEST_KEPT_US);
	db_bind_u64(s, 2, SWEEP_ROWS_MAX);
	TRY(db_run(w->db, s));
	w->sweep_more = db_changes(w->db) == (int)SWEEP_ROWS_MAX;
	return ERR_OK;
}

/* People's commands go before timers; a few of these go along with every group. */
static enum err timers(struct writer *w, bool alone, int64_t at_us)
{
	struct db_stmt *s;
	int64_t forget_us = INT64_MAX;
	unsigned done = 0;
	bool row = false;

	TRY(decide_timers(w, at_us, alone ? TIMERS_MAX : TIMERS_BESIDE_MAX, &done));
	if (w->shelf) /* by its files the words are known that must go along */
		TRY(decide_forgetting(w, at_us, alone ? FORGET_MAX : FORGET_BESIDE_MAX,
				      &forget_us));
	s = db_stmt(w->db, SQL_case_timer_next);
	TRY(db_step(w->db, s, &row));
	w->timer_next_us = row && w->shelf ? db_i64(s, 0) : INT64_MAX;
	db_done(s);
	if (done == 0 && w->timer_next_us <= at_us) /* only such as are stuck */
		w->timer_next_us = at_us + TIMER_AGAIN_US;
	if (forget_us < w->timer_next_us)
		w->timer_next_us = forget_us;
	return ERR_OK;
}

static bool timer_due(const struct writer *w, int64_t at_us)
{
	return w->timer_next_us <= at_us;
}

/* ---- words of erased cases, before their keys go ---- */

static bool merge_due(const struct writer *w, struct clock_reading now)
{
	return w->held.waiting && now.boot_us >= w->held.look_boot_us;
}

/* A slice of merging; or, once nothing of them is left in index and WAL, the held effects may go.
 */
static enum err merge(struct writer *w)
{
	uint64_t n = 0;
	bool done = false;

	if (w->held.emptied_n > 0)
		TRY(outbox_release(w->db, w->held.emptied_n));
	w->held.emptied_n = 0;
	TRY(outbox_held(w->db, &n));
	w->held.waiting = n > 0;
	if (n == 0 || w->held.merged_n > 0)
		return ERR_OK;
	TRY(case_search_merge(w->db, CASE_SEARCH_MERGE_PAGES, &done));
	w->held.merged_n = done ? n : 0;
	return ERR_OK;
}

/* After the COMMIT of the last slice. Where a reader is in the way it is tried again. */
static void empty_wal(struct writer *w, struct clock_reading now)
{
	if (db_wal_empty(w->db) == ERR_OK) {
		w->held.emptied_n = w->held.merged_n;
		w->held.merged_n = 0;
	} else {
		w->held.look_boot_us = now.boot_us + WAL_AGAIN_US;
	}
}

/* Everything of one group but begin and commit. */
static enum err group_body(struct writer *w, struct command **commands, size_t n, int64_t at_us,
			   struct clock_reading now, struct pass *pass)
{
	for (size_t i = 0; i < n; i++) {
		TRY(one_command(w, commands[i], at_us, pass));
		/* by an error that was not passed on: what follows would stand for itself */
		if (!db_in_transaction(w->db))
			return ERR_STORE;
		if (pass->again)
			return ERR_OK;
	}
	if (!w->clock.held)
		TRY(timers(w, n == 0, at_us));
	if (sweep_due(w, now))
		TRY(sweep(w, at_us));
	TRY(case_search_flush(w->db));
	if (n == 0 && merge_due(w, now))
		TRY(merge(w));
	if (checkpoint_due(w, now))
		TRY(journal_checkpoint(&w->journal, at_us));
	return ERR_OK;
}

/* What a command changes beside rows, once it is durable. */
static void committed(struct writer *w, const struct command *c, struct clock_reading now)
{
	if (c->kind == COMMAND_CONFIRM_CLOCK)
		clock_guard_confirm(&w->clock, now);
	if (c->kind == COMMAND_ACCOUNT || c->kind == COMMAND_ERASE_RECORD ||
	    (c->kind == COMMAND_SESSION && c->session.order->act != SESSION_TOUCH))
		atomic_fetch_add_explicit(&w->accounts_generation, 1, memory_order_release);
	if (c->kind != COMMAND_LOAD_FILES || !c->files.shelf)
		return;
	w->shelf = c->files.shelf;
	w->timer_next_us = 0; /* clocks may ask that nobody looked at before */
	w->timer_stuck_n = 0; /* and the files may have been mended */
}

/* Data keys that the commands may take. */
static unsigned keys_of(struct command **commands, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++)
		if (commands[i]->kind == COMMAND_CASE)
			sum += case_order_keys(commands[i]->cases.order);
		else if (commands[i]->kind == COMMAND_IMPORT_CASES)
			sum += commands[i]->imported.batch->n + 1; /* and the operator's */
		else if (commands[i]->kind == COMMAND_ACCOUNT)
			sum += account_order_keys(commands[i]->accounts.order);
		else
			sum += commands[i]->kind != COMMAND_SESSION;
	return sum;
}

static enum err timed_commit(struct writer *w)
{
	int64_t from = w->stopwatch_us ? w->stopwatch_us() : 0;
	enum err e = db_commit(w->db);

	if (w->stopwatch_us)
		w->commit_us += w->stopwatch_us() - from;
	return e;
}

/* Everything from begin to commit, or all of it undone. */
static enum err one_pass(struct writer *w, struct command **commands, size_t n, int64_t at_us,
			 struct clock_reading now, struct pass *pass)
{
	enum err e;

	if (w->journal.stale)
		TRY(journal_load(&w->journal, w->db));
	TRY(keyring_reserve(w->keys, keys_of(commands, n), at_us));
	pass->signed_before = w->journal.checkpoint_size;
	TRY(db_begin(w->db));
	keyring_hold(w->keys);
	e = group_body(w, commands, n, at_us, now, pass);
	keyring_release(w->keys);
	if (e == ERR_OK && !pass->again)
		e = timed_commit(w);
	if (e != ERR_OK || pass->again) {
		db_rollback(w->db);
		w->journal.stale = true;
	}
	return e;
}

/* An order about a case, and a look, holds nothing over from having been decided before. */
static bool are_orders(struct command **commands, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (commands[i]->kind != COMMAND_CASE && commands[i]->kind != COMMAND_LOOK)
			return false;
	return true;
}

static enum err group_transaction(struct writer *w, struct command **commands, size_t n,
				  int64_t at_us, struct clock_reading now)
{
	struct pass pass = {.guarded = !are_orders(commands, n)};
	enum err e = one_pass(w, commands, n, at_us, now, &pass);

	if (e == ERR_OK && pass.again) {
		pass = (struct pass){.guarded = true};
		e = one_pass(w, commands, n, at_us, now, &pass);
	}
	if (e != ERR_OK) {
		w->held.waiting = true; /* looked at again */
		w->held.merged_n = w->held.emptied_n = 0;
		return e;
	}
	if (n == 0 && w->held.merged_n > 0)
		empty_wal(w, now);
	if (w->journal.checkpoint_size != pass.signed_before)
		w->checkpoint_boot_us = now.boot_us;
	for (size_t i = 0; i < n; i++)
		if (commands[i]->answer.err == ERR_OK)
			committed(w, commands[i], now);
	if (sweep_due(w, now))
		w->sweep_boot_us =
		    now.boot_us - (w->sweep_more ? SWEEP_EVERY_US - SWEEP_AGAIN_US : 0);
	return ERR_OK;
}

/* While the clock is held only the confirmation of the clock is taken. */
static size_t refuse_held(struct command **commands, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (commands[i]->kind == COMMAND_CONFIRM_CLOCK ||
		    commands[i]->kind == COMMAND_SESSION || /* writes no entry */
		    commands[i]->kind == COMMAND_OUTBOX_RESULT)
			commands[kept++] = commands[i];
		else {
			answer_err(commands[i], ERR_CLOCK_HELD);
			commands[i]->answer.remedy = MSG_CLOCK_HELD_REMEDY;
		}
	}
	return kept;
}

/* As many commands from the front as the keys of one batch are enough for. */
static size_t part_of(struct command **commands, size_t n)
{
	size_t part = 0;
	unsigned keys = 0;

	if (n == 0)
		return 0;
	if (commands[0]->kind == COMMAND_DEMO_CLOCK)
		return 1; /* time is another one behind it */
	while (part < n && commands[part]->kind != COMMAND_DEMO_CLOCK &&
	       (keys += keys_of(commands + part, 1)) <= KEYS_BATCH)
		part++;
	return part;
}

/* A demo's clock on its way to where it is moved: from timer to timer, so that each goes at its own
 * instant. *at_us stays where it must not be moved there: then the decision refuses. */
static enum err demo_advance(struct writer *w, struct command *c, struct clock_reading now,
			     int64_t *at_us)
{
	int64_t to_us = c->demo_clock.to_us;

	c->demo_clock.from_us = *at_us;
	if (!w->demo || to_us < *at_us || to_us - *at_us > DEMO_MOVE_MAX_US)
		return ERR_OK;
	w->timer_next_us = 0; /* what is due now is looked at first */
	for (unsigned i = 0; i < DEMO_TIMER_ROUNDS_MAX && w->timer_next_us <= to_us; i++) {
		if (w->timer_next_us > *at_us)
			*at_us = w->timer_next_us;
		TRY(group_transaction(w, NULL, 0, *at_us, now));
	}
	*at_us = to_us;
	return ERR_OK;
}

/* Nobody has to believe a demo's clock: it goes as it is told, but not back. */
static bool take_time(struct writer *w, struct clock_reading now, int64_t *ret_at_us)
{
	if (!w->demo)
		return clock_guard_step(&w->clock, now, w->journal.last_at_us, ret_at_us);
	*ret_at_us = w->demo_goes && now.utc_us > w->journal.last_at_us ? now.utc_us
									 : w->journal.last_at_us;
	return true;
}

void writer_group(struct writer *w, struct command **commands, size_t n, struct clock_reading now)
{
	struct command *kept[WRITER_GROUP_MAX];
	int64_t at_us = 0;
	bool believed = take_time(w, now, &at_us);

	CHECK(n <= WRITER_GROUP_MAX);
	w->commit_us = 0;
	if (n > 0)
		memcpy(kept, commands, n * sizeof *commands);
	if (!believed) {
		at_us = w->journal.last_at_us;
		n = refuse_held(kept, n);
	}
	if (n == 0 &&
	    !(believed && (checkpoint_due(w, now) || sweep_due(w, now) || timer_due(w, at_us) ||
			   merge_due(w, now))))
		return;
	for (size_t done = 0, part; done == 0 || done < n; done += part) {
		part = part_of(kept + done, n - done);
		if (at_us < w->journal.last_at_us)
			at_us = w->journal.last_at_us;
		enum err e = ERR_OK;
		if (part > 0 && kept[done]->kind == COMMAND_DEMO_CLOCK)
			e = demo_advance(w, kept[done], now, &at_us);
		if (e == ERR_OK)
			e = group_transaction(w, kept + done, part, at_us, now);
		w->failed = e;
		for (size_t i = done; i < done + part && e != ERR_OK; i++) {
			answer_err(kept[i], e);
			kept[i]->answer.field =
			    NULL; /* of a refusal that is undone with the group */
			kept[i]->answer.remedy = MSG_COUNT;
		}
		if (n == 0)
			break;
	}
}

/* On the clock of this machine. */
static int64_t timer_in(const struct writer *w, struct clock_reading now)
{
	int64_t in = w->timer_next_us - now.utc_us;

	if (!w->demo || in <= 0)
		return in;
	if (w->demo_speed == 0 || in / (int64_t)w->demo_speed > INT64_MAX / 1000)
		return INT64_MAX; /* not before it is moved */
	return in / (int64_t)w->demo_speed * 1000 +
	       in % (int64_t)w->demo_speed * 1000 / (int64_t)w->demo_speed;
}

int64_t writer_due_in(const struct writer *w, struct clock_reading now)
{
	int64_t sweep_in = w->sweep_boot_us + SWEEP_EVERY_US - now.boot_us;
	int64_t in = w->checkpoint_boot_us + WRITER_CHECKPOINT_EVERY_US - now.boot_us;

	if (w->journal.n == w->journal.checkpoint_size || sweep_in < in)
		in = sweep_in;
	if (!w->clock.held && timer_in(w, now) < in)
		in = timer_in(w, now);
	if (!w->clock.held && w->held.waiting && w->held.look_boot_us - now.boot_us < in)
		in = w->held.look_boot_us - now.boot_us;
	return in > 0 ? in : 0;
}

enum err writer_sign(struct writer *w, struct clock_reading now)
{
	if (w->journal.stale || w->clock.held)
		return ERR_STORE;
	w->checkpoint_boot_us = INT64_MIN / 2;
	writer_group(w, NULL, 0, now);
	return w->journal.checkpoint_size == w->journal.n ? ERR_OK : ERR_STORE;
}

static enum err open_keys(struct writer *w, const struct store_paths *paths,
			  const struct seal_key *community_key, bool create)
{
	struct keyring_options o = {.path = paths->keys,
				    .copy_path = paths->key_copy,
				    .vfs = paths->vfs,
				    .create = create,
				    .community_key = community_key,
				    .entropy = w->entropy};
	struct db_stmt *s = db_stmt(w->db, SQL_key_used_get);
	bool row = false;

	TRY(db_step(w->db, s, &row));
	o.used_max = row ? db_u64(s, 0) : 0;
	db_done(s);
	return keyring_open(&o, &w->keys);
}

static enum err init_signer(struct writer *w, const struct store_secrets *secrets,
			    struct str origin)
{
	return note_signer_init(origin, &secrets->signing_key, &w->journal.signer);
}

/* Files open, journal not taken up yet. */
static enum err open_files(const struct store_paths *paths, const struct entropy *entropy,
			   bool create, struct writer **ret)
{
	struct db_options o = {.vfs = paths->vfs};
	struct writer *w = calloc(1, sizeof *w);
	enum err e;

	if (!w)
		return ERR_NO_MEMORY;
	w->entropy = entropy;
	w->journal.entropy = entropy;
	w->journal.kinds = service_kinds;
	w->journal.stale = true;
	e = db_open(paths->journal, DB_SCHEMA_journal, create ? DB_CREATE : DB_WRITE, &o, &w->db);
	if (e != ERR_OK) {
		writer_close(w);
		return e;
	}
	*ret = w;
	return ERR_OK;
}

static enum err take_up(struct writer *w, const struct store_paths *paths,
			const struct store_secrets *secrets)
{
	struct community c;
	uint64_t held_n = 0;

	TRY(community_get(w->db, &c));
	if (memcmp(c.verifier.public_key, secrets->signing_key.public_key, SIGN_PUBLIC_BYTES) != 0)
		return ERR_KEYS;
	TRY(init_signer(w, secrets, str_of(c.origin)));
	TRY(journal_load(&w->journal, w->db));
	w->demo = c.demo;
	TRY(outbox_held(w->db, &held_n));
	w->held.waiting = held_n > 0;
	w->checkpoint_boot_us = INT64_MIN / 2;
	w->sweep_boot_us = INT64_MIN / 2;
	return open_keys(w, paths, &secrets->community_key, false);
}

enum err writer_open(const struct store_paths *paths, const struct store_secrets *secrets,
		     const struct entropy *entropy, struct writer **ret)
{
	struct writer *w = NULL;
	enum err e;

	TRY(open_files(paths, entropy, false, &w));
	e = take_up(w, paths, secrets);
	if (e != ERR_OK) {
		writer_close(w);
		return e;
	}
	*ret = w;
	return ERR_OK;
}

struct writer *writer_close(struct writer *w)
{
	if (!w)
		return NULL;
	keyring_free(w->keys);
	free(w->deciding);
	db_free(w->db);
	seal_wipe(&w->journal.signer, sizeof w->journal.signer);
	free(w);
	return NULL;
}

static enum err first_places(struct writer *w, const struct store_identity *id, int64_t at_us)
{
	char entry[ENTRY_BYTES_MAX]; /* nobody asks for the answer's */
	struct command c = {.kind = COMMAND_SET_PLACES, .account = id->account};

	c.places.batch = id->places;
	c.answer.entry = buf_over(entry, sizeof entry);
	TRY(decide_places(w, &c, at_us));
	for (unsigned i = 0; i < id->places->n; i++)
		if (id->places->draft[i].outcome == PLACE_REFUSED)
			return id->places->draft[i].problem.err;
	return ERR_OK;
}

static enum err first_entry(struct writer *w, const struct store_identity *id, int64_t at_us)
{
	char vkey[NOTE_NAME_MAX + 128];
	struct buf key = buf_over(vkey, sizeof vkey);
	struct journal_opened data = {id->code, id->demo, {0}, id->zone};
	struct appended a;
	struct actor actor;

	note_vkey_put(&w->journal.signer.verifier, &key);
	data.key = buf_str(&key);
	TRY(decide_operator(w, id->account, &actor));
	TRY(journal_append(&w->journal, &actor, KIND_JOURNAL_OPENED, at_us, &data, &a));
	if (id->places)
		TRY(first_places(w, id, at_us));
	return journal_checkpoint(&w->journal, at_us);
}

static enum err create_in(struct writer *w, const struct store_paths *paths,
			  const struct store_secrets *secrets, const struct store_identity *id,
			  struct clock_reading now)
{
	char origin[ORIGIN_MAX];
	enum err e;

	community_origin(id->code, &secrets->signing_key, 1, origin);
	TRY(init_signer(w, secrets, str_of(origin)));
	TRY(journal_load(&w->journal, w->db));
	if (w->journal.n > 0)
		return ERR_EXISTS;
	TRY(open_keys(w, paths, &secrets->community_key, true));
	TRY(keyring_reserve(w->keys, KEYS_BATCH, now.utc_us));
	TRY(db_begin(w->db));
	e = first_entry(w, id, now.utc_us);
	if (e == ERR_OK)
		e = db_commit(w->db);
	if (e != ERR_OK)
		db_rollback(w->db);
	return e;
}

enum err writer_create(const struct store_paths *paths, const struct store_secrets *secrets,
		       const struct entropy *entropy, const struct store_identity *identity,
		       struct clock_reading now)
{
	struct writer *w = NULL;
	enum err e;

	TRY(open_files(paths, entropy, true, &w));
	e = create_in(w, paths, secrets, identity, now);
	writer_close(w);
	return e;
}

/* The note that links the old origin with the new: signed under the old one, so that nobody else
 * could have made it. Lines: what it is, old origin, size and root that go on, size and root last
 * seen anywhere, new origin. */
static enum err link_note(struct writer *w, const struct checkpoint *seen,
			  const struct note_signer *next, struct buf *out)
{
	char text[NOTE_BYTES_MAX];
	struct buf t = buf_over(text, sizeof text);
	struct checkpoint c = {.size = w->journal.n};
	struct hash32 root;

	merkle_frontier_root(&w->journal.frontier, &root);
	c.root = root;
	if (seen)
		c = *seen;
	buf_put_z(&t, "liren-reopened-1\n");
	buf_put_z(&t, w->journal.signer.verifier.name);
	buf_put_char(&t, '\n');
	buf_put_u64(&t, w->journal.n);
	buf_put_char(&t, ' ');
	buf_put_b64(&t, root.b, HASH_BYTES);
	buf_put_char(&t, '\n');
	buf_put_u64(&t, c.size);
	buf_put_char(&t, ' ');
	buf_put_b64(&t, c.root.b, HASH_BYTES);
	buf_put_char(&t, '\n');
	buf_put_z(&t, next->verifier.name);
	buf_put_char(&t, '\n');
	return note_sign(&w->journal.signer, buf_str(&t), out);
}

static enum err append_reopened(struct writer *w, const struct note_signer *next, uint64_t epoch,
				struct str link, struct str account, int64_t at_us)
{
	char vkey[NOTE_NAME_MAX + 128];
	struct buf key = buf_over(vkey, sizeof vkey);
	struct journal_reopened data = {epoch, {0}, link};
	struct appended a;
	struct actor actor;

	note_vkey_put(&next->verifier, &key);
	data.key = buf_str(&key);
	TRY(decide_operator(w, account, &actor));
	TRY(journal_append(&w->journal, &actor, KIND_JOURNAL_REOPENED, at_us, &data, &a));
	w->journal.signer = *next;
	w->journal.epoch = data.epoch;
	return journal_checkpoint(&w->journal, at_us);
}

/* The epoch at the end of an origin. */
static bool epoch_of(struct str origin, uint64_t *ret)
{
	const char *slash = memrchr(origin.p, '/', origin.n);

	return slash &&
	       str_to_u64((struct str){slash + 1, (size_t)(origin.p + origin.n - slash - 1)}, ret);
}

/* A checkpoint that somebody kept, of whatever epoch, signed with our key. Views into `seen`. */
static enum err open_seen(const struct writer *w, const struct store_secrets *secrets,
			  struct str seen, struct checkpoint *ret, uint64_t *ret_epoch)
{
	const char *end = memchr(seen.p, '\n', seen.n);
	struct str name = {seen.p, end ? (size_t)(end - seen.p) : 0}, text = {0};
	char origin[ORIGIN_MAX];
	struct note_signer signer;
	struct community c;
	uint64_t epoch = 0;
	enum err e;

	TRY(community_get(w->db, &c));
	if (!epoch_of(name, &epoch))
		return ERR_UNVERIFIED;
	community_origin(c.code, &secrets->signing_key, epoch, origin);
	if (!str_eq(name, str_of(origin)))
		return ERR_UNVERIFIED;
	TRY(note_signer_init(name, &secrets->signing_key, &signer));
	e = note_open(&signer.verifier, seen, &text);
	seal_wipe(&signer, sizeof signer);
	TRY(e);
	if (checkpoint_parse(text, ret) != ERR_OK || !str_eq(ret->origin, name))
		return ERR_UNVERIFIED;
	*ret_epoch = epoch;
	return ERR_OK;
}

enum err writer_compare_seen(struct writer *w, const struct store_secrets *secrets, struct str seen,
			     enum seen_place *ret)
{
	struct checkpoint c = {0};
	struct hash32 root;
	uint64_t epoch = 0;

	TRY(open_seen(w, secrets, seen, &c, &epoch));
	*ret = SEEN_ELSEWHERE;
	if (epoch > w->journal.epoch || (epoch == w->journal.epoch && c.size > w->journal.n))
		*ret = SEEN_AHEAD;
	if (epoch != w->journal.epoch || c.size > w->journal.n)
		return ERR_OK;
	TRY(tree_root(w->db, c.size, &root));
	if (!hash_eq(&root, &c.root))
		return ERR_CORRUPT;
	*ret = SEEN_WITHIN;
	return ERR_OK;
}

enum err writer_reopen(struct writer *w, const struct store_secrets *secrets, struct str seen,
		       struct str account, struct clock_reading now)
{
	char origin[ORIGIN_MAX], note[NOTE_BYTES_MAX];
	struct buf out = buf_over(note, sizeof note);
	struct checkpoint kept = {0};
	struct note_signer next;
	struct community c;
	uint64_t epoch = 0;
	enum err e;

	TRY(community_get(w->db, &c));
	if (seen.n > 0)
		TRY(open_seen(w, secrets, seen, &kept, &epoch));
	epoch = (epoch > w->journal.epoch ? epoch : w->journal.epoch) + 1;
	community_origin(c.code, &secrets->signing_key, epoch, origin);
	TRY(note_signer_init(str_of(origin), &secrets->signing_key, &next));
	TRY(link_note(w, seen.n > 0 ? &kept : NULL, &next, &out));
	TRY(keyring_raise_floor(w->keys));
	TRY(keyring_reserve(w->keys, 1, now.utc_us));
	TRY(db_begin(w->db));
	e = append_reopened(w, &next, epoch, buf_str(&out), account,
			    w->demo ? w->journal.last_at_us : now.utc_us);
	if (e == ERR_OK)
		e = db_commit(w->db);
	if (e != ERR_OK) {
		db_rollback(w->db);
		w->journal.stale = true;
	}
	return e;
}

enum err writer_end_sessions(struct writer *w)
{
	return db_run(w->db, db_stmt(w->db, SQL_session_end_all));
}
