/* The front desk: sessions remembered, failures counted, secrets compared. */
#include "service/accounts.h"

#include "base/check.h"

#include <stdlib.h>

#define CODES_BYTES (CODE_SHEET_CODES * SEAL_CODE_HASH_BYTES)
#define US_PER_S 1000000

struct cached {
	bool there;
	uint64_t generation;
	struct hash32 token;
	int64_t began_us, seen_us;
	struct account_session session;
};

struct touch {
	struct command command;
	struct session_order order;
	_Atomic bool under_way;
};

struct accounts {
	struct accounts_options o;
	int64_t base_us, base_boot_us; /* of the clock of sessions */
	struct password_hash none;
	struct limit_table by_account, by_address;
	struct touch touch[SESSION_TOUCHES_MAX];
	struct cached cached[SESSIONS_CACHED];
};

int64_t accounts_now_us(const struct accounts *a, struct clock_reading now)
{
	return a->base_us + (now.boot_us - a->base_boot_us);
}

struct reader *accounts_reader(struct accounts *a)
{
	return a->o.reader;
}

static enum err newest_session(struct db *db, int64_t *ret_us)
{
	struct db_stmt *s = db_stmt(db, SQL_session_newest);
	bool row = false;

	TRY(db_step(db, s, &row));
	*ret_us = row ? db_i64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

enum err accounts_new(const struct accounts_options *o, struct accounts **ret)
{
	struct accounts *a = calloc(1, sizeof *a);
	uint8_t key[HASH_SIP_KEY_BYTES];
	enum err e;

	if (!a)
		return ERR_NO_MEMORY;
	CHECK(o->reader->keys);
	a->o = *o;
	e = newest_session(o->reader->db, &a->base_us);
	if (e != ERR_OK) {
		free(a);
		return e;
	}
	if (o->now.utc_us > a->base_us)
		a->base_us = o->now.utc_us;
	a->base_boot_us = o->now.boot_us;
	password_hash_none(o->entropy, &a->none);
	entropy_fill(o->entropy, key, sizeof key);
	limit_init(&a->by_account, key, LIMIT_ACCOUNT_FREE, LIMIT_ACCOUNT_WAIT_MAX_US);
	entropy_fill(o->entropy, key, sizeof key);
	limit_init(&a->by_address, key, LIMIT_ADDRESS_FREE, LIMIT_ADDRESS_WAIT_MAX_US);
	*ret = a;
	return ERR_OK;
}

struct accounts *accounts_free(struct accounts *a)
{
	if (!a)
		return NULL;
	for (unsigned i = 0; i < SESSION_TOUCHES_MAX; i++)
		CHECK(!atomic_load_explicit(&a->touch[i].under_way, memory_order_acquire));
	seal_wipe(a, sizeof *a);
	free(a);
	return NULL;
}

/* ---- who is signed in ---- */

/* Until it ends at the latest; 0 or less: it is over, or was idle for too long. */
static int64_t left_us(const struct cached *c, int64_t now_us)
{
	bool staff = c->session.kind == ACCOUNT_STAFF;
	int64_t idle_max = staff ? SESSION_STAFF_IDLE_US : SESSION_RESIDENT_IDLE_US;

	if (now_us - c->seen_us >= idle_max)
		return 0;
	return c->began_us + (staff ? SESSION_STAFF_MAX_US : SESSION_RESIDENT_MAX_US) - now_us;
}

/* The post's words, copied to where the session's views can stay. */
static void take_post(struct account_session *s, const struct account_post *post)
{
	struct buf b = buf_over(s->memory, sizeof s->memory);
	const struct str *words[2 + ACCOUNT_AREAS_MAX] = {&post->role, &post->unit};
	struct str *to[2 + ACCOUNT_AREAS_MAX] = {&s->acting.role, &s->acting.unit};

	for (unsigned i = 0; i < post->areas_n; i++) {
		words[2 + i] = &post->areas[i];
		to[2 + i] = &s->acting.areas[i];
	}
	for (unsigned i = 0; i < 2 + post->areas_n; i++) {
		*to[i] = (struct str){b.p + b.n, words[i]->n};
		buf_put_str(&b, *words[i]);
	}
	CHECK(!b.over);
	s->acting.areas_n = post->areas_n;
	s->has_post = true;
}

static enum err take_row(struct accounts *a, struct db_stmt *s, struct cached *c)
{
	struct account_session *session = &c->session;
	struct account_posts posts;

	if (!account_posts_parse(db_text(s, 7), &posts))
		return ERR_CORRUPT;
	if (db_u64(s, 8) != 0)
		return ERR_NOT_SIGNED_IN;
	memset(session, 0, sizeof *session);
	session->id = db_u64(s, 0);
	session->account = db_u64(s, 1);
	session->post = (unsigned)db_u64(s, 2);
	c->began_us = db_i64(s, 3);
	c->seen_us = db_i64(s, 4);
	session->kind = db_i64(s, 5) != 0 ? ACCOUNT_STAFF : ACCOUNT_RESIDENT;
	session->lang = db_i64(s, 6) != 0 ? LANG_EN : LANG_ZH;
	session->demo = a->o.reader->community.demo;
	if (session->post < posts.n)
		take_post(session, &posts.v[session->post]);
	return ERR_OK;
}

static enum err load(struct accounts *a, const struct hash32 *token, struct cached *c)
{
	struct db *db = a->o.reader->db;
	struct db_stmt *s = db_stmt(db, SQL_session_get);
	bool row = false;
	enum err e;

	db_bind_bytes(s, 1, token->b, HASH_BYTES);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_SIGNED_IN;
	c->there = false; /* whoever was remembered there */
	e = take_row(a, s, c);
	if (e == ERR_OK)
		return db_finish(s);
	db_done(s);
	return e;
}

static void touched(struct command *c)
{
	struct touch *t = c->owner;

	atomic_store_explicit(&t->under_way, false, memory_order_release);
}

/* Seen now: told to the writer once a minute, without waiting for it. */
static void touch(struct accounts *a, struct cached *c, int64_t now_us)
{
	if (!a->o.submit || now_us - c->seen_us < SESSION_TOUCH_EVERY_US)
		return;
	for (unsigned i = 0; i < SESSION_TOUCHES_MAX; i++) {
		struct touch *t = &a->touch[i];
		if (atomic_load_explicit(&t->under_way, memory_order_acquire))
			continue;
		t->order = (struct session_order){.act = SESSION_TOUCH,
						  .account = c->session.account,
						  .session = c->session.id,
						  .now_us = now_us};
		t->command = (struct command){.kind = COMMAND_SESSION,
					      .answer.remedy = MSG_COUNT,
					      .session.order = &t->order,
					      .done = touched,
					      .owner = t};
		atomic_store_explicit(&t->under_way, true, memory_order_relaxed);
		if (a->o.submit(a->o.ctx, &t->command) == ERR_OK)
			c->seen_us = now_us;
		else
			atomic_store_explicit(&t->under_way, false, memory_order_relaxed);
		return;
	}
}

enum err accounts_session(struct accounts *a, struct str token, struct clock_reading now,
			  const struct account_session **ret)
{
	/* read before the row: what changes after this is seen at the next call */
	uint64_t generation =
	    a->o.generation ? atomic_load_explicit(a->o.generation, memory_order_acquire) : 0;
	int64_t now_us = accounts_now_us(a, now), left;
	uint8_t bytes[SEAL_TOKEN_BYTES];
	struct hash32 hash;
	struct cached *c;
	size_t slot;

	if (token.n != SESSION_TOKEN_TEXT_BYTES || !hex_decode(token, bytes, sizeof bytes))
		return ERR_NOT_SIGNED_IN;
	seal_token_hash(bytes, &hash);
	memcpy(&slot, hash.b, sizeof slot);
	c = &a->cached[slot % SESSIONS_CACHED];
	if (!a->o.generation || !c->there || c->generation != generation ||
	    !hash_eq(&c->token, &hash)) {
		TRY(load(a, &hash, c));
		seal_token_csrf(bytes, c->session.csrf);
		c->token = hash;
		c->generation = generation;
		c->there = true;
	}
	seal_wipe(bytes, sizeof bytes);
	left = left_us(c, now_us);
	if (left <= 0) {
		c->there = false;
		return ERR_NOT_SIGNED_IN;
	}
	c->session.ends_us = now.utc_us + left;
	touch(a, c, now_us);
	*ret = &c->session;
	return ERR_OK;
}

bool account_csrf_fits(const struct account_session *s, struct str text)
{
	uint8_t csrf[SEAL_CSRF_BYTES];

	_Static_assert(SEAL_CSRF_BYTES == SEAL_SECRET_BYTES, "compared as secrets are");
	return text.n == 2 * SEAL_CSRF_BYTES && hex_decode(text, csrf, sizeof csrf) &&
	       seal_secret_eq(csrf, s->csrf);
}

/* ---- failures ---- */

static struct bytes who_of(const struct sign_in *s)
{
	return (struct bytes){s->who, sizeof s->who};
}

static struct bytes peer_of(const struct sign_in *s)
{
	return (struct bytes){s->peer.b, s->peer.n};
}

static void count_by(struct accounts *a, struct sign_in *s, const char *kind, struct str text)
{
	if (text.n > ACCOUNT_NAME_BYTES_MAX)
		text.n = ACCOUNT_NAME_BYTES_MAX;
	keyring_blind_index(a->o.reader->keys, str_of(kind), text, s->who);
}

/* May it be tried now? Then it counts as a failure until it turns out right. */
static enum err count_try(struct accounts *a, struct sign_in *s, int64_t boot_us)
{
	int64_t wait = limit_wait(&a->by_account, who_of(s), boot_us);
	int64_t other = s->peer.n > 0 ? limit_wait(&a->by_address, peer_of(s), boot_us) : 0;

	wait = wait > other ? wait : other;
	if (wait > 0) {
		s->retry_after_s = (unsigned)((wait + US_PER_S - 1) / US_PER_S);
		return ERR_TOO_MANY;
	}
	limit_failed(&a->by_account, who_of(s), boot_us);
	if (s->peer.n > 0)
		limit_failed(&a->by_address, peer_of(s), boot_us);
	return ERR_OK;
}

/* It failed for a reason of ours. */
static enum err uncount(struct accounts *a, struct sign_in *s, enum err e)
{
	limit_undo(&a->by_account, who_of(s));
	if (s->peer.n > 0)
		limit_undo(&a->by_address, peer_of(s));
	if (e == ERR_TOO_MANY)
		s->retry_after_s = 1;
	return e;
}

static void was_right(struct accounts *a, struct sign_in *s)
{
	limit_clear(&a->by_account, who_of(s));
	if (s->peer.n > 0)
		limit_undo(&a->by_address, peer_of(s));
}

/* ---- what is kept of a secret ---- */

struct kept {
	uint64_t account, key_id;
	enum account_secret_kind kind;
	uint64_t used;
	size_t n;
	uint8_t bytes[CODES_BYTES];
	struct seal_key key;
};

static enum err secret_row(struct accounts *a, uint64_t n, struct kept *ret)
{
	struct db *db = a->o.reader->db;
	struct db_stmt *s = db_stmt(db, SQL_account_secret_get);
	bool row = false, over;

	if (n == 0 || n > INT64_MAX)
		return ERR_NOT_FOUND;
	db_bind_u64(s, 1, n);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	ret->account = db_u64(s, 0);
	ret->kind = db_i64(s, 1) == ACCOUNT_SHEET ? ACCOUNT_SHEET : ACCOUNT_PASSWORD;
	ret->key_id = db_u64(s, 3);
	over = db_u64(s, 4) != 0;
	db_done(s);
	return over ? ERR_NOT_FOUND : ERR_OK;
}

static enum err open_kept(struct accounts *a, struct db_stmt *s, struct kept *ret)
{
	struct str field = ret->kind == ACCOUNT_SHEET ? STR("codes") : STR("password");
	uint8_t out[SEAL_BLIND_BYTES + CODES_BYTES];
	struct bytes box = db_bytes(s, 0), h = db_bytes(s, 1);
	struct hash32 commitment;
	struct str text;

	if (box.n < SEAL_OVERHEAD_BYTES || box.n > CODES_BYTES + SEAL_OVERHEAD_BYTES ||
	    h.n != HASH_BYTES)
		return ERR_CORRUPT;
	memcpy(commitment.b, h.p, HASH_BYTES);
	ret->used = db_u64(s, 2);
	TRY(keyring_get(a->o.reader->keys, ret->key_id, &ret->key));
	TRY(seal_open(&ret->key, ret->key_id, field, box, &commitment, out, &text));
	memcpy(ret->bytes, text.p, text.n);
	ret->n = text.n;
	seal_wipe(out, sizeof out);
	return ERR_OK;
}

/* What is kept of the secret that entry n set. ERR_NOT_FOUND or ERR_GONE: it is in force no more.
 */
static enum err load_kept(struct accounts *a, uint64_t n, struct kept *ret)
{
	struct db *db = a->o.reader->db;
	struct db_stmt *s;
	bool row = false;
	enum err e;

	TRY(secret_row(a, n, ret));
	s = db_stmt(db, SQL_account_hash_get);
	db_bind_u64(s, 1, n);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	e = open_kept(a, s, ret);
	db_done(s);
	return e;
}

static bool is_none(enum err e)
{
	return e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_BAD_INPUT;
}

/* ---- by name and password ---- */

/* The hash to check against, and whose it is. Where there is none the hash of nobody stays: what is
 * answered then takes as long. */
static enum err load_password(struct accounts *a, uint64_t account, struct sign_in *s)
{
	struct account_secret secret;
	struct kept kept = {0};
	enum err e;

	TRY(account_secret_get(a->o.reader->db, account, ACCOUNT_PASSWORD, &secret));
	e = load_kept(a, secret.n, &kept);
	if (e == ERR_OK && kept.account == account &&
	    password_record_get((struct bytes){kept.bytes, kept.n}, &s->hash.hash)) {
		s->order.account = account;
		s->order.secret = secret.n;
	}
	seal_wipe(&kept, sizeof kept);
	return is_none(e) ? ERR_OK : e;
}

static void take_password(struct accounts *a, struct sign_in *s, struct str password)
{
	s->hash.act = HASH_CHECK;
	s->hash.hash = a->none;
	/* one that is too long is nobody's, and takes as long all the same */
	s->hash.password_n = password.n <= PASSWORD_BYTES_MAX ? password.n : 0;
	if (s->hash.password_n > 0)
		memcpy(s->hash.password, password.p, password.n);
}

static enum err or_uncount(struct accounts *a, struct sign_in *s, enum err e)
{
	if (e == ERR_OK)
		return e;
	seal_wipe(&s->hash, sizeof s->hash);
	return uncount(a, s, e);
}

enum err accounts_sign_in_begin(struct accounts *a, struct str name, struct str password,
				unsigned post, struct peer_address peer, struct clock_reading now,
				struct sign_in *s)
{
	char memory[ACCOUNT_NAME_BYTES_MAX];
	struct str normal = name;
	uint64_t account = 0;
	enum err e;

	memset(s, 0, sizeof *s);
	s->peer = peer;
	s->post = post;
	(void)account_name_normal(name, memory, &normal);
	count_by(a, s, "limit-name", normal);
	TRY(count_try(a, s, now.boot_us));
	take_password(a, s, password);
	e = account_by_name(a->o.reader->db, a->o.reader->keys, name, &account);
	if (e == ERR_OK)
		e = load_password(a, account, s);
	return or_uncount(a, s, is_none(e) ? ERR_OK : e);
}

/* A new token, and the command that lets it in. */
static void begin_session(struct accounts *a, struct sign_in *s, struct clock_reading now)
{
	struct buf text = buf_over(s->token_text, sizeof s->token_text);
	uint8_t token[SEAL_TOKEN_BYTES];

	entropy_fill(a->o.entropy, token, sizeof token);
	buf_put_hex(&text, token, sizeof token);
	buf_z(&text);
	seal_token_hash(token, &s->order.token);
	seal_wipe(token, sizeof token);
	s->order.act = SESSION_BEGIN;
	s->order.post = s->post;
	s->order.now_us = accounts_now_us(a, now);
	s->command = (struct command){.kind = COMMAND_SESSION,
				      .answer.remedy = MSG_COUNT,
				      .session.order = &s->order};
}

enum err accounts_check_finish(struct accounts *a, struct sign_in *s)
{
	if (s->hash.err != ERR_OK)
		return uncount(a, s, s->hash.err);
	if (!s->hash.holds || s->order.account == 0)
		return ERR_NOT_SIGNED_IN;
	was_right(a, s);
	return ERR_OK;
}

enum err accounts_sign_in_finish(struct accounts *a, struct sign_in *s, struct clock_reading now)
{
	if (s->hash.err != ERR_OK)
		return uncount(a, s, s->hash.err);
	if (!s->hash.holds || s->order.account == 0)
		return ERR_NOT_SIGNED_IN;
	begin_session(a, s, now);
	return ERR_OK;
}

enum err accounts_check_begin(struct accounts *a, uint64_t account, struct str password,
			      struct peer_address peer, struct clock_reading now,
			      struct sign_in *s)
{
	char text[32];
	struct buf b = buf_over(text, sizeof text);

	memset(s, 0, sizeof *s);
	s->peer = peer;
	buf_put_u64(&b, account);
	count_by(a, s, "limit-account", buf_str(&b));
	TRY(count_try(a, s, now.boot_us));
	take_password(a, s, password);
	return or_uncount(a, s, load_password(a, account, s));
}

/* ---- by a code on paper ---- */

/* The index of the code on its sheet; all are compared, whichever it is. */
static bool find_code(const struct kept *k, const char code[CODE_CHARS], unsigned *ret)
{
	uint8_t hash[SEAL_CODE_HASH_BYTES];
	bool found = false;

	_Static_assert(SEAL_CODE_HASH_BYTES == SEAL_SECRET_BYTES, "compared as secrets are");
	seal_code_hash(&k->key, (struct str){code, CODE_CHARS}, hash);
	for (unsigned i = 0; i < CODE_SHEET_CODES; i++)
		if (seal_secret_eq(hash, k->bytes + i * SEAL_CODE_HASH_BYTES) &&
		    !(k->used >> i & 1)) {
			*ret = i;
			found = true;
		}
	return found;
}

enum err accounts_sign_in_code(struct accounts *a, struct str sheet, struct str code,
			       struct peer_address peer, struct clock_reading now,
			       struct sign_in *s)
{
	char chars[CODE_CHARS];
	struct kept kept = {0};
	uint64_t n = 0;
	bool found;
	enum err e;

	memset(s, 0, sizeof *s);
	s->peer = peer;
	if (!account_code_parse(code, chars))
		return ERR_BAD_INPUT;
	count_by(a, s, "limit-sheet", sheet);
	TRY(count_try(a, s, now.boot_us));
	e = str_to_u64(sheet, &n) ? load_kept(a, n, &kept) : ERR_NOT_FOUND;
	found = e == ERR_OK && kept.kind == ACCOUNT_SHEET && kept.n == CODES_BYTES &&
		find_code(&kept, chars, &s->order.code);
	s->order.account = kept.account;
	s->order.secret = n;
	seal_wipe(&kept, sizeof kept);
	seal_wipe(chars, sizeof chars);
	if (e != ERR_OK && !is_none(e))
		return uncount(a, s, e);
	if (!found)
		return ERR_NOT_SIGNED_IN;
	begin_session(a, s, now);
	return ERR_OK;
}

enum err accounts_sign_in_demo(struct accounts *a, uint64_t account, unsigned post,
			       struct clock_reading now, struct sign_in *s)
{
	memset(s, 0, sizeof *s);
	if (!a->o.reader->community.demo)
		return ERR_FORBIDDEN;
	s->post = post;
	s->order.demo = true;
	s->order.account = account;
	begin_session(a, s, now);
	return ERR_OK;
}

enum err accounts_sign_in_done(struct accounts *a, struct sign_in *s)
{
	enum err e = s->command.answer.err;

	if (e == ERR_OK) {
		was_right(a, s);
		return e;
	}
	seal_wipe(s->token_text, sizeof s->token_text);
	/* ended, replaced or used up meanwhile: it was not right after all */
	return e == ERR_NOT_SIGNED_IN ? e : uncount(a, s, e);
}

/* ---- orders about sessions ---- */

static void order_of(enum session_act act, uint64_t account, uint64_t session,
		     struct session_order *order, struct command *c)
{
	*order = (struct session_order){.act = act, .account = account, .session = session};
	*c = (struct command){.kind = COMMAND_SESSION,
			      .answer.remedy = MSG_COUNT,
			      .session.order = order};
}

void accounts_end_session(uint64_t account, uint64_t session, struct session_order *order,
			  struct command *c)
{
	order_of(SESSION_END, account, session, order, c);
}

void accounts_end_sessions(uint64_t account, struct session_order *order, struct command *c)
{
	order_of(SESSION_END_ALL, account, 0, order, c);
}

void accounts_switch_post(const struct account_session *s, unsigned post,
			  struct session_order *order, struct command *c)
{
	order_of(SESSION_SWITCH, s->account, s->id, order, c);
	order->post = post;
}
