/* Accounts: made, changed, ended, erased; passwords and sheets of codes. Names and contacts are
 * sealed under the key of the account's record; each password and each sheet under a key of its
 * own, which is destroyed when it is replaced: so one that is dead stays dead in every backup. */
#include "decide.h"

#include "base/check.h"
#include "cases/shelf.h"
#include "deciding.h"
#include "journal/outbox.h"
#include "service/account_order.h"
#include "service/kind_account.h"
#include "service/kinds.h"

#define ROLE_RESIDENT "resident" /* who acts on their own account */
#define ROLE_STAFF "staff"
#define FIELD_PASSWORD STR("password")
#define FIELD_CODES STR("codes")
#define CODES_BYTES (CODE_SHEET_CODES * SEAL_CODE_HASH_BYTES)

struct account_deciding {
	struct writer *w;
	struct command *c;
	struct account_order *o;
	int64_t at_us;
	struct account_row row; /* of the account, but for MAKE */
	struct actor actor;
};

unsigned account_order_keys(const struct account_order *o)
{
	(void)o;
	return 4; /* hands of two people and a secret; or one, a record and two secrets */
}

static enum err refuse(struct account_deciding *d, enum err e, const char *field, enum msg msg,
		       struct str arg)
{
	return problem_set(&d->o->problem, e, str_of(field), msg, &arg, arg.n > 0);
}

/* ---- who acts ---- */

/* The handle of somebody in this one entry, with the account behind it. */
static enum err bind_hand(struct account_deciding *d, uint64_t account, struct actor *ret)
{
	char name[HANDLE_ACCOUNT_MAX];
	struct buf b = buf_over(name, sizeof name);
	struct seal_key key;
	uint64_t key_id = 0;
	enum err e;

	buf_put_z(&b, "account:");
	buf_put_u64(&b, account);
	decide_handle(d->w, ret);
	keyring_take(d->w->keys, &key_id, &key);
	e = keyring_bind_handle(d->w->keys, ret->handle, key_id, &key, buf_str(&b));
	seal_wipe(&key, sizeof key);
	return e;
}

static bool has_post(const struct account_row *row, const struct account_actor *by)
{
	for (unsigned i = 0; i < row->posts.n; i++)
		if (str_eq(row->posts.v[i].role, by->role) &&
		    str_eq(row->posts.v[i].unit, by->unit))
			return true;
	return false;
}

/* In use, and of the staff under this post. ERR_NOT_FOUND where not. */
static enum err is_staff_at(struct account_deciding *d, const struct account_actor *by)
{
	struct account_row row;

	TRY(account_get(d->w->db, by->account, &row));
	return row.ended == 0 && row.kind == ACCOUNT_STAFF && has_post(&row, by) ? ERR_OK
										 : ERR_NOT_FOUND;
}

static bool is_own(const struct account_deciding *d)
{
	return d->o->act != ACCOUNT_MAKE && d->o->by.account == d->o->account &&
	       d->o->account != 0;
}

static enum err take_actor(struct account_deciding *d)
{
	const struct account_actor *by = &d->o->by;
	enum err e;

	if (by->account == 0)
		return decide_operator(d->w, d->c->account, &d->actor);
	d->actor = (struct actor){.role = by->role, .unit = by->unit};
	if (is_own(d)) {
		d->actor.role = d->row.kind == ACCOUNT_STAFF ? STR(ROLE_STAFF) : STR(ROLE_RESIDENT);
		d->actor.unit = STR("");
		return bind_hand(d, by->account, &d->actor);
	}
	e = is_staff_at(d, by);
	if (e == ERR_NOT_FOUND)
		return refuse(d, ERR_FORBIDDEN, "by", MSG_ACCOUNT_ACTOR, STR(""));
	TRY(e);
	return bind_hand(d, by->account, &d->actor);
}

/* ---- what an account is ---- */

static bool is_of(const struct str *words, unsigned n, struct str word)
{
	for (unsigned i = 0; i < n; i++)
		if (str_eq(words[i], word))
			return true;
	return false;
}

static bool is_role_of_staff(const struct cases_book *b, struct str name)
{
	for (unsigned i = 0; i < b->roles_n; i++)
		if (str_eq(b->roles[i].name.text, name))
			return b->roles[i].is_staff;
	return false;
}

static bool is_unit(const struct cases_book *b, struct str name)
{
	for (unsigned i = 0; i < b->units_n; i++)
		if (str_eq(b->units[i].name.text, name))
			return true;
	return name.n == 0;
}

static bool is_area(const struct cases_book *b, struct str name)
{
	for (unsigned i = 0; i < b->areas_n; i++)
		if (str_eq(b->areas[i].name.text, name))
			return true;
	return false;
}

static enum err check_post(struct account_deciding *d, unsigned at)
{
	const struct cases_book *book = &d->w->shelf->now;
	const struct account_post *p = &d->o->posts.v[at];

	if (p->role.n > ACCOUNT_WORD_BYTES_MAX || !is_role_of_staff(book, p->role))
		return refuse(d, ERR_BAD_INPUT, "posts", MSG_ACCOUNT_POST_ROLE, p->role);
	if (p->unit.n > ACCOUNT_WORD_BYTES_MAX || !is_unit(book, p->unit))
		return refuse(d, ERR_BAD_INPUT, "posts", MSG_ACCOUNT_POST_UNIT, p->unit);
	CHECK(p->areas_n <= ACCOUNT_AREAS_MAX);
	for (unsigned i = 0; i < p->areas_n; i++)
		if (p->areas[i].n > ACCOUNT_WORD_BYTES_MAX || !is_area(book, p->areas[i]) ||
		    is_of(p->areas, i, p->areas[i]))
			return refuse(d, ERR_BAD_INPUT, "posts", MSG_ACCOUNT_POST_AREA,
				      p->areas[i]);
	/* an actor is known by role and unit: one post each */
	for (unsigned i = 0; i < at; i++)
		if (str_eq(d->o->posts.v[i].role, p->role) &&
		    str_eq(d->o->posts.v[i].unit, p->unit))
			return refuse(d, ERR_BAD_INPUT, "posts", MSG_ACCOUNT_POST_TWICE, p->role);
	return ERR_OK;
}

static enum err check_posts(struct account_deciding *d, enum account_kind kind)
{
	const struct account_posts *posts = &d->o->posts;

	CHECK(posts->n <= ACCOUNT_POSTS_MAX);
	if (posts->n == 0)
		return ERR_OK;
	if (kind == ACCOUNT_RESIDENT)
		return refuse(d, ERR_BAD_INPUT, "posts", MSG_ACCOUNT_POSTS_RESIDENT, STR(""));
	if (!d->w->shelf)
		return refuse(d, ERR_CONFLICT, "posts", MSG_ACCOUNT_FILES_NONE, STR(""));
	for (unsigned i = 0; i < posts->n; i++)
		TRY(check_post(d, i));
	return ERR_OK;
}

/* The name as it is kept; nobody else in use has it. */
static enum err check_name(struct account_deciding *d, enum account_kind kind,
			   char memory[ACCOUNT_NAME_BYTES_MAX], struct str *ret)
{
	uint64_t other = 0;
	enum err e;

	*ret = (struct str){memory, 0};
	if (d->o->name.n == 0)
		return kind == ACCOUNT_RESIDENT
			   ? ERR_OK
			   : refuse(d, ERR_BAD_INPUT, "name", MSG_ACCOUNT_NAME_NEEDED, STR(""));
	if (!account_name_normal(d->o->name, memory, ret))
		return refuse(d, ERR_BAD_INPUT, "name", MSG_ACCOUNT_NAME_WRONG, STR(""));
	e = account_by_name(d->w->db, d->w->keys, *ret, &other);
	if (e == ERR_OK && (d->o->act == ACCOUNT_MAKE || other != d->o->account))
		return refuse(d, ERR_EXISTS, "name", MSG_ACCOUNT_NAME_TAKEN, STR(""));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err check_contact(struct account_deciding *d, char memory[ACCOUNT_CONTACT_BYTES_MAX],
			      struct str *ret)
{
	*ret = (struct str){memory, 0};
	if (d->o->contact.n == 0)
		return ERR_OK;
	return account_contact_normal(d->o->contact, memory, ret)
		   ? ERR_OK
		   : refuse(d, ERR_BAD_INPUT, "contact", MSG_ACCOUNT_CONTACT_WRONG, STR(""));
}

/* An entry with the texts that it points to. */
struct account_writing {
	struct account_entry entry;
	struct account_person person;
	uint8_t name_box[ACCOUNT_NAME_BOX_BYTES], contact_box[ACCOUNT_CONTACT_BOX_BYTES];
};

static void seal_text(struct account_deciding *d, const struct seal_key *key, uint64_t key_id,
		      struct str field, struct str text, uint8_t *box, struct sealed *ret)
{
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];

	entropy_fill(d->w->entropy, nonce, sizeof nonce);
	entropy_fill(d->w->entropy, blind, sizeof blind);
	seal_value(key, key_id, field, nonce, blind, text, box, &ret->h);
	seal_wipe(blind, sizeof blind);
	ret->key_id = key_id;
	ret->box = (struct bytes){box, text.n + SEAL_OVERHEAD_BYTES};
}

static void seal_person(struct account_deciding *d, const struct seal_key *key, uint64_t key_id,
			struct account_writing *x)
{
	x->entry.named = x->person.name.n > 0;
	x->entry.has_contact = x->person.contact.n > 0;
	if (x->entry.named)
		seal_text(d, key, key_id, ACCOUNT_FIELD_NAME, x->person.name, x->name_box,
			  &x->entry.name);
	if (x->entry.has_contact)
		seal_text(d, key, key_id, ACCOUNT_FIELD_CONTACT, x->person.contact, x->contact_box,
			  &x->entry.contact);
}

/* Found again by the keyed hash from here on; where the COMMIT fails it leads nowhere. */
static enum err bind_text(struct account_deciding *d, uint64_t key_id, struct str field,
			  struct str text)
{
	uint8_t idx[SEAL_BLIND_INDEX_BYTES];

	if (text.n == 0)
		return ERR_OK;
	keyring_blind_index(d->w->keys, field, text, idx);
	return keyring_bind_blind(d->w->keys, idx, key_id);
}

static enum err append(struct account_deciding *d, enum kind kind, const void *data,
		       struct appended *ret)
{
	return journal_append(&d->w->journal, &d->actor, kind, d->at_us, data, ret);
}

static bool same_posts(const struct account_posts *a, const struct account_posts *b)
{
	char text[2][ACCOUNT_POSTS_BYTES_MAX];
	struct buf x = buf_over(text[0], sizeof text[0]), y = buf_over(text[1], sizeof text[1]);

	account_posts_put(a, &x);
	account_posts_put(b, &y);
	return str_eq(buf_str(&x), buf_str(&y));
}

static enum err run_of(struct db *db, enum sql sql, uint64_t a, uint64_t b)
{
	struct db_stmt *s = db_stmt(db, sql);

	db_bind_u64(s, 1, a);
	if (b != 0)
		db_bind_u64(s, 2, b);
	return db_run(db, s);
}

/* What is set, beside what stays. */
static enum err change_to(struct account_deciding *d, struct account_writing *x, bool *ret_posts)
{
	struct account_order *o = d->o;

	TRY(account_open(d->w->db, d->w->keys, &d->row, &x->person));
	x->entry.account = o->account;
	x->entry.lang = o->sets_lang ? o->lang : d->row.lang;
	x->entry.posts = o->sets_posts ? o->posts : d->row.posts;
	*ret_posts = o->sets_posts && !same_posts(&o->posts, &d->row.posts);
	if (o->sets_name)
		TRY(check_name(d, d->row.kind, x->person.name_memory, &x->person.name));
	if (o->sets_contact)
		TRY(check_contact(d, x->person.contact_memory, &x->person.contact));
	return o->sets_posts ? check_posts(d, d->row.kind) : ERR_OK;
}

static enum err change(struct account_deciding *d)
{
	struct account_writing x = {0};
	struct seal_key key;
	struct appended a;
	bool other_posts = false;
	enum err e = change_to(d, &x, &other_posts);

	if (e == ERR_OK)
		e = take_actor(d);
	if (e == ERR_OK)
		e = keyring_get(d->w->keys, d->row.key_id, &key);
	if (e == ERR_OK) {
		seal_person(d, &key, d->row.key_id, &x);
		seal_wipe(&key, sizeof key);
		if (d->o->sets_name)
			e = bind_text(d, d->row.key_id, ACCOUNT_FIELD_NAME, x.person.name);
		if (e == ERR_OK && d->o->sets_contact)
			e = bind_text(d, d->row.key_id, ACCOUNT_FIELD_CONTACT, x.person.contact);
	}
	if (e == ERR_OK)
		e = append(d, KIND_ACCOUNT_CHANGED, &x.entry, &a);
	seal_wipe(&x.person, sizeof x.person);
	TRY(e);
	/* a session names a post by its place among them */
	if (other_posts) {
		TRY(run_of(d->w->db, SQL_session_end_account, d->row.id, 0));
		TRY(decide_duty_leave(d->w, d->row.id, &x.entry.posts, &a, 0));
	}
	return deciding_answer(d->c, &a);
}

/* ---- the end ---- */

struct live_secret {
	uint64_t n, key_id;
};

static enum err live_secret(struct account_deciding *d, enum account_secret_kind kind,
			    struct live_secret *ret)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_account_secret_live);
	bool row = false;

	*ret = (struct live_secret){0};
	db_bind_u64(s, 1, d->row.id);
	db_bind_i64(s, 2, (int64_t)kind);
	TRY(db_step(d->w->db, s, &row));
	if (row)
		*ret = (struct live_secret){db_u64(s, 0), db_u64(s, 2)};
	db_done(s);
	return ERR_OK;
}

static enum err destroy(struct account_deciding *d, const struct appended *a, unsigned idx,
			uint64_t key_id)
{
	return outbox_put(d->w->db, &(struct effect){.n = a->n,
						     .idx = idx,
						     .channel = CHANNEL_KEY_DESTROY,
						     .arg = key_id,
						     .at_us = a->at_us});
}

/* Its hashes go at once, its sessions too; its key by the outbox. */
static enum err bury(struct account_deciding *d, const struct live_secret *old,
		     const struct appended *a, unsigned idx)
{
	if (old->n == 0)
		return ERR_OK;
	TRY(run_of(d->w->db, SQL_account_hash_delete, old->n, 0));
	TRY(run_of(d->w->db, SQL_session_end_secret, d->row.id, old->n));
	return destroy(d, a, idx, old->key_id);
}

static enum err append_end(struct account_deciding *d, struct appended *ret)
{
	struct account_ended data = {d->row.id, is_own(d) ? STR(ACCOUNT_ENDED_BY_OWNER)
							  : STR(ACCOUNT_ENDED_BY_ORDER)};
	struct live_secret old[ACCOUNT_SECRET_KINDS];

	for (unsigned i = 0; i < ACCOUNT_SECRET_KINDS; i++)
		TRY(live_secret(d, (enum account_secret_kind)i, &old[i]));
	TRY(append(d, KIND_ACCOUNT_ENDED, &data, ret));
	for (unsigned i = 0; i < ACCOUNT_SECRET_KINDS; i++)
		TRY(bury(d, &old[i], ret, i));
	TRY(decide_duty_leave(d->w, d->row.id, NULL, ret, ACCOUNT_SECRET_KINDS));
	return run_of(d->w->db, SQL_session_end_account, d->row.id, 0);
}

static enum err end(struct account_deciding *d)
{
	struct appended a;

	TRY(take_actor(d));
	TRY(append_end(d, &a));
	return deciding_answer(d->c, &a);
}

/* The record's key goes, and with it name and contact wherever they are, and what they are found
 * by. */
static enum err erase(struct account_deciding *d)
{
	const uint64_t keys[1] = {d->row.key_id};
	const struct record_erased data = {d->row.id, keys, 1,
					   is_own(d) ? STR(ERASED_BY_OWNER)
						     : STR(ERASED_BY_ORDER)};
	struct appended a;

	if (d->row.erased != 0)
		return ERR_GONE;
	TRY(take_actor(d));
	if (d->row.ended == 0)
		TRY(append_end(d, &a));
	TRY(append(d, KIND_RECORD_ERASED, &data, &a));
	TRY(destroy(d, &a, 0, d->row.key_id));
	return deciding_answer(d->c, &a);
}

enum err decide_is_account(struct writer *w, uint64_t id, bool *ret)
{
	struct account_row row;
	enum err e = account_get(w->db, id, &row);

	*ret = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err decide_account_erase(struct writer *w, struct command *c, int64_t at_us)
{
	struct account_order o = {.act = ACCOUNT_ERASE, .account = c->erase.record};
	struct account_deciding d = {.w = w, .c = c, .o = &o, .at_us = at_us};

	TRY(account_get(w->db, o.account, &d.row));
	return erase(&d);
}

/* ---- passwords and sheets ---- */

static bool needs_second(const struct account_deciding *d, const struct live_secret *old)
{
	bool has_any = false;

	for (unsigned i = 0; i < ACCOUNT_SECRET_KINDS; i++)
		has_any = has_any || old[i].n != 0;
	return has_any && !is_own(d) &&
	       (d->row.kind == ACCOUNT_RESIDENT || d->o->by.account != 0);
}

static enum err take_second(struct account_deciding *d, const struct live_secret *old,
			    struct account_secret_set *data)
{
	const struct account_actor *second = &d->o->second;
	enum err e;

	if (second->account == 0)
		return needs_second(d, old)
			   ? refuse(d, ERR_FORBIDDEN, "second", MSG_ACCOUNT_SECOND_NEEDED, STR(""))
			   : ERR_OK;
	e = second->account == d->o->by.account || second->account == d->o->account
		? ERR_NOT_FOUND
		: is_staff_at(d, second);
	if (e == ERR_NOT_FOUND)
		return refuse(d, ERR_FORBIDDEN, "second", MSG_ACCOUNT_SECOND_WRONG, STR(""));
	TRY(e);
	data->has_second = true;
	data->second = (struct actor){.role = second->role, .unit = second->unit};
	return bind_hand(d, second->account, &data->second);
}

static enum err keep_hash(struct account_deciding *d, uint64_t n, const struct seal_key *key,
			  uint64_t key_id, struct str field, struct str text)
{
	uint8_t box[CODES_BYTES + SEAL_OVERHEAD_BYTES];
	struct db_stmt *s = db_stmt(d->w->db, SQL_account_hash_insert);
	struct sealed sealed;

	CHECK(text.n <= CODES_BYTES);
	seal_text(d, key, key_id, field, text, box, &sealed);
	db_bind_u64(s, 1, n);
	db_bind_bytes(s, 2, box, sealed.box.n);
	db_bind_bytes(s, 3, sealed.h.b, HASH_BYTES);
	return db_run(d->w->db, s);
}

/* New codes into the order, their hashes for the store. */
static void draw_codes(struct account_deciding *d, const struct seal_key *key,
		       uint8_t ret[CODES_BYTES])
{
	for (unsigned i = 0; i < CODE_SHEET_CODES; i++) {
		char code[CODE_CHARS];
		account_code_draw(d->w->entropy, d->o->codes[i]);
		CHECK(account_code_parse(str_of(d->o->codes[i]), code));
		seal_code_hash(key, (struct str){code, sizeof code},
			       ret + i * SEAL_CODE_HASH_BYTES);
		seal_wipe(code, sizeof code);
	}
	d->o->has_codes = true;
}

/* A password or a sheet from here on, in place of `data->replaces`; actor and second are there. */
static enum err append_secret(struct account_deciding *d, enum account_secret_kind kind,
			      struct account_secret_set *data, struct appended *ret)
{
	bool is_sheet = kind == ACCOUNT_SHEET;
	uint8_t kept[CODES_BYTES];
	struct seal_key key;
	enum err e;

	data->kind = kind;
	data->codes = is_sheet ? CODE_SHEET_CODES : 0;
	keyring_take(d->w->keys, &data->key_id, &key);
	if (is_sheet)
		draw_codes(d, &key, kept);
	else
		password_record_put(&d->o->hash, kept);
	e = append(d, KIND_ACCOUNT_SECRET_SET, data, ret);
	if (e == ERR_OK)
		e = keep_hash(d, ret->n, &key, data->key_id,
			      is_sheet ? FIELD_CODES : FIELD_PASSWORD,
			      (struct str){(const char *)kept,
					   is_sheet ? CODES_BYTES : PASSWORD_RECORD_BYTES});
	seal_wipe(&key, sizeof key);
	seal_wipe(kept, sizeof kept);
	if (e == ERR_OK && is_sheet)
		d->o->sheet = ret->n;
	return e;
}

static enum err set_secret(struct account_deciding *d)
{
	enum account_secret_kind kind =
	    d->o->act == ACCOUNT_SET_SHEET ? ACCOUNT_SHEET : ACCOUNT_PASSWORD;
	struct account_secret_set data = {.account = d->row.id};
	struct live_secret old[ACCOUNT_SECRET_KINDS];
	struct appended a;

	for (unsigned i = 0; i < ACCOUNT_SECRET_KINDS; i++)
		TRY(live_secret(d, (enum account_secret_kind)i, &old[i]));
	TRY(take_actor(d));
	TRY(take_second(d, old, &data));
	data.replaces = old[kind].n;
	TRY(append_secret(d, kind, &data, &a));
	TRY(bury(d, &old[kind], &a, 0));
	return deciding_answer(d->c, &a);
}

/* ---- a new account ---- */

static enum err first_secrets(struct account_deciding *d, uint64_t account)
{
	struct account_secret_set data = {.account = account};
	struct appended a;

	if (d->o->with_password)
		TRY(append_secret(d, ACCOUNT_PASSWORD, &data, &a));
	if (d->o->with_sheet)
		TRY(append_secret(d, ACCOUNT_SHEET, &data, &a));
	return ERR_OK;
}

static enum err make(struct account_deciding *d)
{
	struct account_order *o = d->o;
	struct account_writing x = {0};
	struct seal_key key;
	struct appended a;
	enum err e;

	TRY(check_name(d, o->kind, x.person.name_memory, &x.person.name));
	TRY(check_contact(d, x.person.contact_memory, &x.person.contact));
	TRY(check_posts(d, o->kind));
	TRY(take_actor(d));
	x.entry.kind = o->kind;
	x.entry.lang = o->lang;
	x.entry.posts = o->posts;
	keyring_take(d->w->keys, &x.entry.key_id, &key);
	seal_person(d, &key, x.entry.key_id, &x);
	seal_wipe(&key, sizeof key);
	e = bind_text(d, x.entry.key_id, ACCOUNT_FIELD_NAME, x.person.name);
	if (e == ERR_OK)
		e = bind_text(d, x.entry.key_id, ACCOUNT_FIELD_CONTACT, x.person.contact);
	if (e == ERR_OK)
		e = append(d, KIND_ACCOUNT_MADE, &x.entry, &a);
	seal_wipe(&x.person, sizeof x.person);
	TRY(e);
	TRY(deciding_answer(d->c, &a)); /* before the next entry takes its place in memory */
	return first_secrets(d, a.n);
}

static enum err decide_known(struct account_deciding *d)
{
	enum err e = account_get(d->w->db, d->o->account, &d->row);

	if (e == ERR_NOT_FOUND)
		return refuse(d, e, "account", MSG_ACCOUNT_UNKNOWN, STR(""));
	TRY(e);
	if (d->o->act == ACCOUNT_ERASE)
		return erase(d);
	if (d->row.ended != 0)
		return refuse(d, ERR_CONFLICT, "account", MSG_ACCOUNT_IS_ENDED, STR(""));
	if (d->o->act == ACCOUNT_CHANGE)
		return change(d);
	return d->o->act == ACCOUNT_END ? end(d) : set_secret(d);
}

enum err decide_account(struct writer *w, struct command *c, int64_t at_us)
{
	struct account_deciding d = {.w = w, .c = c, .o = c->accounts.order, .at_us = at_us};
	enum err e;

	d.o->has_codes = false;
	d.o->problem.err = ERR_OK;
	e = d.o->act == ACCOUNT_MAKE ? make(&d) : decide_known(&d);
	if (e != ERR_OK)
		seal_wipe(d.o->codes, sizeof d.o->codes);
	return e;
}
