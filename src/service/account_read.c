/* Accounts as rows, and what is sealed of them. */
#include "service/account.h"

#include "base/check.h"
#include "cases/model.h"
#include "journal/journal.h"
#include "service/kind_account.h"
#include "service/kinds.h"

#include <stdlib.h>

#define STAFF_AT_ONCE 16u

static enum err take_row(struct db_stmt *s, struct account_row *ret)
{
	struct str posts;

	ret->id = db_u64(s, 0);
	ret->n = db_u64(s, 1);
	ret->at_us = db_i64(s, 2);
	ret->kind = db_i64(s, 3) != 0 ? ACCOUNT_STAFF : ACCOUNT_RESIDENT;
	ret->lang = db_i64(s, 4) != 0 ? LANG_EN : LANG_ZH;
	ret->key_id = db_u64(s, 5);
	ret->named = db_i64(s, 6) != 0;
	ret->has_contact = db_i64(s, 7) != 0;
	posts = db_text(s, 8);
	ret->ended = db_u64(s, 9);
	ret->erased = db_u64(s, 10);
	if (posts.n > sizeof ret->memory)
		return ERR_CORRUPT;
	if (posts.n > 0)
		memcpy(ret->memory, posts.p, posts.n);
	return account_posts_parse((struct str){ret->memory, posts.n}, &ret->posts) ? ERR_OK
										    : ERR_CORRUPT;
}

static enum err one_row(struct db *db, enum sql sql, uint64_t key, struct account_row *ret)
{
	struct db_stmt *s = db_stmt(db, sql);
	bool row = false;
	enum err e;

	if (key == 0 || key > INT64_MAX)
		return ERR_NOT_FOUND;
	db_bind_u64(s, 1, key);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	e = take_row(s, ret);
	if (e == ERR_OK)
		return db_finish(s);
	db_done(s);
	return e;
}

enum err account_get(struct db *db, uint64_t id, struct account_row *ret)
{
	return one_row(db, SQL_account_get, id, ret);
}

static enum err list_of_kind(struct db *db, enum account_kind kind, uint64_t after,
			     struct account_row *ret, unsigned cap, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_account_list);
	unsigned n = 0;
	bool row = false;

	db_bind_i64(s, 1, kind);
	db_bind_u64(s, 2, after < INT64_MAX ? after : INT64_MAX);
	db_bind_u64(s, 3, cap);
	for (;;) {
		enum err e;
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		e = take_row(s, &ret[n++]);
		if (e != ERR_OK) {
			db_done(s);
			return e;
		}
	}
	*ret_n = n;
	return ERR_OK;
}

enum err account_list_staff(struct db *db, uint64_t after, struct account_row *ret, unsigned cap,
			    unsigned *ret_n)
{
	return list_of_kind(db, ACCOUNT_STAFF, after, ret, cap, ret_n);
}

static void add_posts(const struct account_row *row, const struct cases_book *book, uint64_t *held)
{
	if (row->ended != 0 || row->erased != 0)
		return;
	for (unsigned i = 0; i < row->posts.n; i++)
		for (unsigned r = 0; r < book->roles_n; r++)
			if (str_eq(book->roles[r].name.text, row->posts.v[i].role))
				*held |= UINT64_C(1) << r;
}

enum err account_roles_held(struct db *db, const struct cases_book *book, uint64_t *ret)
{
	struct account_row *rows = calloc(STAFF_AT_ONCE, sizeof *rows);
	unsigned n = STAFF_AT_ONCE;
	uint64_t after = 0, held = 0;
	enum err e = rows ? ERR_OK : ERR_NO_MEMORY;

	while (e == ERR_OK && n == STAFF_AT_ONCE) {
		e = account_list_staff(db, after, rows, STAFF_AT_ONCE, &n);
		for (unsigned i = 0; e == ERR_OK && i < n; i++) {
			after = rows[i].id;
			add_posts(&rows[i], book, &held);
		}
	}
	free(rows);
	if (e == ERR_OK)
		*ret = held;
	return e;
}

enum err account_list_demo(struct db *db, struct account_row *ret, unsigned cap, unsigned *ret_n)
{
	struct community community;
	unsigned staff = 0, residents = 0;

	TRY(community_get(db, &community));
	if (!community.demo)
		return ERR_FORBIDDEN;
	TRY(list_of_kind(db, ACCOUNT_STAFF, 0, ret, cap, &staff));
	TRY(list_of_kind(db, ACCOUNT_RESIDENT, 0, ret + staff, cap - staff, &residents));
	*ret_n = staff + residents;
	return ERR_OK;
}

/* ---- what is sealed ---- */

static enum err open_value(const struct seal_key *key, struct str field, const struct sealed *v,
			   char *memory, size_t cap, struct str *ret)
{
	uint8_t out[SEAL_BLIND_BYTES + ACCOUNT_CONTACT_BYTES_MAX];
	struct str text;

	if (v->box.n < SEAL_OVERHEAD_BYTES || v->box.n - SEAL_OVERHEAD_BYTES > cap)
		return ERR_CORRUPT;
	TRY(seal_open(key, v->key_id, field, v->box, &v->h, out, &text));
	memcpy(memory, text.p, text.n);
	*ret = (struct str){memory, text.n};
	seal_wipe(out, sizeof out);
	return ERR_OK;
}

static enum err open_entry(const struct account_entry *d, const struct seal_key *key,
			   struct account_person *ret)
{
	ret->name = ret->contact = (struct str){ret->name_memory, 0};
	if (d->named)
		TRY(open_value(key, ACCOUNT_FIELD_NAME, &d->name, ret->name_memory,
			       sizeof ret->name_memory, &ret->name));
	if (d->has_contact)
		TRY(open_value(key, ACCOUNT_FIELD_CONTACT, &d->contact, ret->contact_memory,
			       sizeof ret->contact_memory, &ret->contact));
	return ERR_OK;
}

enum err account_open(struct db *db, struct keyring *keys, const struct account_row *row,
		      struct account_person *ret)
{
	char body[ENTRY_BYTES_MAX];
	_Alignas(16) char memory[ENTRY_BYTES_MAX];
	struct seal_key key;
	struct entry_view v;
	struct entry_head head;
	struct arena a;
	const struct entry_value *data = NULL;
	const void *decoded = NULL;
	void *tree = NULL;
	enum err e;

	if (row->erased != 0)
		return ERR_GONE;
	TRY(journal_entry(db, row->n, body, &v));
	arena_init(&a, memory, sizeof memory);
	TRY(kind_parse(v.body, &a, &head, &tree, &data));
	e = head.kind == KIND_ACCOUNT_MADE || head.kind == KIND_ACCOUNT_CHANGED
		? service_kinds[head.kind].decode(data, &a, &decoded)
		: ERR_CORRUPT;
	free(tree);
	TRY(e);
	TRY(keyring_get(keys, row->key_id, &key));
	e = open_entry(decoded, &key, ret);
	seal_wipe(&key, sizeof key);
	return e;
}

/* The accounts that a keyed hash leads to and that, opened, have this very text. */
static enum err find(struct db *db, struct keyring *keys, struct str field, struct str text,
		     uint64_t *ret_ids, unsigned cap, unsigned *ret_n)
{
	bool is_name = str_eq(field, ACCOUNT_FIELD_NAME);
	uint8_t idx[SEAL_BLIND_INDEX_BYTES];
	uint64_t found[ACCOUNT_FOUND_MAX];
	unsigned n = 0, out = 0;

	keyring_blind_index(keys, field, text, idx);
	TRY(keyring_find_blind(keys, idx, found, ACCOUNT_FOUND_MAX, &n));
	for (unsigned i = 0; i < n && out < cap; i++) {
		struct account_row row;
		struct account_person person;
		bool same;
		enum err e = one_row(db, SQL_account_by_key, found[i], &row);
		if (e == ERR_NOT_FOUND || (e == ERR_OK && row.ended != 0))
			continue;
		if (e == ERR_OK)
			e = account_open(db, keys, &row, &person);
		if (e == ERR_GONE)
			continue;
		TRY(e);
		same = str_eq(is_name ? person.name : person.contact, text);
		seal_wipe(&person, sizeof person);
		if (same)
			ret_ids[out++] = row.id;
	}
	*ret_n = out;
	return ERR_OK;
}

enum err account_by_name(struct db *db, struct keyring *keys, struct str name, uint64_t *ret_id)
{
	char memory[ACCOUNT_NAME_BYTES_MAX];
	struct str normal;
	uint64_t id = 0;
	unsigned n = 0;

	if (!account_name_normal(name, memory, &normal))
		return ERR_BAD_INPUT;
	TRY(find(db, keys, ACCOUNT_FIELD_NAME, normal, &id, 1, &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	*ret_id = id;
	return ERR_OK;
}

enum err account_by_contact(struct db *db, struct keyring *keys, struct str contact,
			    uint64_t *ret_ids, unsigned cap, unsigned *ret_n)
{
	char memory[ACCOUNT_CONTACT_BYTES_MAX];
	struct str normal;

	if (!account_contact_normal(contact, memory, &normal))
		return ERR_BAD_INPUT;
	return find(db, keys, ACCOUNT_FIELD_CONTACT, normal, ret_ids, cap, ret_n);
}

/* ---- what they sign in with, and are signed in by ---- */

enum err account_secret_get(struct db *db, uint64_t id, enum account_secret_kind kind,
			    struct account_secret *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_account_secret_live);
	struct account_secret secret = {0};
	bool row = false;

	db_bind_u64(s, 1, id);
	db_bind_i64(s, 2, (int64_t)kind);
	TRY(db_step(db, s, &row));
	if (row) {
		secret.n = db_u64(s, 0);
		secret.codes = (unsigned)db_u64(s, 1);
	}
	db_done(s);
	if (secret.codes > 0) {
		s = db_stmt(db, SQL_account_hash_get);
		db_bind_u64(s, 1, secret.n);
		TRY(db_step(db, s, &row));
		secret.used = row ? (unsigned)__builtin_popcountll(db_u64(s, 2)) : secret.codes;
		db_done(s);
	}
	*ret = secret;
	return ERR_OK;
}

enum err account_sessions(struct db *db, uint64_t id,
			  struct session_row ret[SESSIONS_OF_ACCOUNT_MAX], unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_session_list);
	unsigned n = 0;
	bool row = false;

	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, SESSIONS_OF_ACCOUNT_MAX);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		ret[n++] = (struct session_row){db_u64(s, 0), (unsigned)db_u64(s, 1), db_u64(s, 2),
						db_i64(s, 3), db_i64(s, 4)};
	}
	*ret_n = n;
	return ERR_OK;
}
