/* account.*, as entries and as rows. apply only copies. */
#include "service/kind_account.h"

#include "base/check.h"
#include "service/kinds.h"

static const char *const account_words[] = {
    [ACCOUNT_RESIDENT] = "resident", [ACCOUNT_STAFF] = "staff"};
static const char *const secret_words[] = {
    [ACCOUNT_PASSWORD] = "password", [ACCOUNT_SHEET] = "sheet"};
static const char *const lang_words[LANG_COUNT] = {[LANG_ZH] = "zh", [LANG_EN] = "en"};

#define DECODED(type, name)                                                                        \
	struct type *name = arena_alloc(a, sizeof *name);                                          \
	if (!name)                                                                                 \
	return ERR_NO_MEMORY

/* The index of a member's word; ERR_CORRUPT where it is none of them. */
static enum err get_word(const struct entry_value *data, const char *key, const char *const *words,
			 unsigned n, unsigned *ret)
{
	const struct entry_value *v = entry_get(data, key);

	for (unsigned i = 0; entry_is(v, ENTRY_STR) && i < n; i++)
		if (str_eq(v->text, str_of(words[i]))) {
			*ret = i;
			return ERR_OK;
		}
	return ERR_CORRUPT;
}

/* ---- posts ---- */

static void put_posts(struct entry_writer *w, const struct account_posts *posts)
{
	entry_key(w, "posts");
	entry_array(w);
	for (unsigned i = 0; i < posts->n; i++) {
		const struct account_post *p = &posts->v[i];
		entry_object(w);
		entry_key(w, "areas");
		entry_array(w);
		for (unsigned k = 0; k < p->areas_n; k++)
			entry_str(w, p->areas[k]);
		entry_close(w);
		entry_key(w, "role");
		entry_str(w, p->role);
		entry_key(w, "unit");
		entry_str(w, p->unit);
		entry_close(w);
	}
	entry_close(w);
}

/* A word that a row can keep: nothing that divides words there. */
static enum err copy_word(const struct entry_value *v, struct arena *a, struct str *ret)
{
	struct str s = entry_is(v, ENTRY_STR) ? v->text : STR("");

	if (!entry_is(v, ENTRY_STR) || s.n > ACCOUNT_WORD_BYTES_MAX)
		return ERR_CORRUPT;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ')
			return ERR_CORRUPT;
	*ret = arena_copy(a, s);
	return ret->p ? ERR_OK : ERR_NO_MEMORY;
}

static enum err get_post(const struct entry_value *v, struct arena *a, struct account_post *ret)
{
	const struct entry_value *areas = entry_get(v, "areas");

	if (entry_size(v) != 3 || !entry_is(areas, ENTRY_ARRAY) ||
	    entry_size(areas) > ACCOUNT_AREAS_MAX)
		return ERR_CORRUPT;
	TRY(copy_word(entry_get(v, "role"), a, &ret->role));
	TRY(copy_word(entry_get(v, "unit"), a, &ret->unit));
	ret->areas_n = (unsigned)entry_size(areas);
	for (unsigned i = 0; i < ret->areas_n; i++) {
		TRY(copy_word(entry_at(areas, i), a, &ret->areas[i]));
		if (ret->areas[i].n == 0)
			return ERR_CORRUPT;
	}
	return ret->role.n > 0 ? ERR_OK : ERR_CORRUPT;
}

static enum err get_posts(const struct entry_value *data, struct arena *a,
			  struct account_posts *ret)
{
	const struct entry_value *posts = entry_get(data, "posts");

	if (!entry_is(posts, ENTRY_ARRAY) || entry_size(posts) > ACCOUNT_POSTS_MAX)
		return ERR_CORRUPT;
	ret->n = (unsigned)entry_size(posts);
	for (unsigned i = 0; i < ret->n; i++)
		TRY(get_post(entry_at(posts, i), a, &ret->v[i]));
	return ERR_OK;
}

/* ---- account.made, account.changed ---- */

static void put_sealed_or_empty(struct entry_writer *w, const char *key, bool has,
				const struct sealed *v)
{
	if (has) {
		kind_put_sealed(w, key, v);
		return;
	}
	entry_key(w, key);
	entry_object(w);
	entry_close(w);
}

static enum err get_sealed_or_empty(const struct entry_value *data, const char *key,
				    struct arena *a, size_t text_max, bool *ret_has,
				    struct sealed *ret)
{
	const struct entry_value *v = entry_get(data, key);

	if (!entry_is(v, ENTRY_OBJECT))
		return ERR_CORRUPT;
	*ret_has = entry_size(v) > 0;
	if (!*ret_has)
		return ERR_OK;
	TRY(kind_get_sealed(data, key, a, ret));
	return ret->box.n > SEAL_OVERHEAD_BYTES && ret->box.n <= text_max + SEAL_OVERHEAD_BYTES
		   ? ERR_OK
		   : ERR_CORRUPT;
}

void account_made_encode(struct entry_writer *w, const void *data)
{
	const struct account_entry *d = data;

	put_sealed_or_empty(w, "contact", d->has_contact, &d->contact);
	entry_key(w, "key");
	entry_int(w, (int64_t)d->key_id);
	entry_key(w, "kind");
	entry_str(w, str_of(account_words[d->kind]));
	entry_key(w, "lang");
	entry_str(w, str_of(lang_words[d->lang]));
	put_sealed_or_empty(w, "name", d->named, &d->name);
	put_posts(w, &d->posts);
}

void account_changed_encode(struct entry_writer *w, const void *data)
{
	const struct account_entry *d = data;

	entry_key(w, "account");
	entry_int(w, (int64_t)d->account);
	put_sealed_or_empty(w, "contact", d->has_contact, &d->contact);
	entry_key(w, "lang");
	entry_str(w, str_of(lang_words[d->lang]));
	put_sealed_or_empty(w, "name", d->named, &d->name);
	put_posts(w, &d->posts);
}

/* What both have. */
static enum err get_account(const struct entry_value *data, struct arena *a,
			    struct account_entry *d)
{
	unsigned lang = 0;

	TRY(get_sealed_or_empty(data, "contact", a, ACCOUNT_CONTACT_BYTES_MAX, &d->has_contact,
				&d->contact));
	TRY(get_word(data, "lang", lang_words, LANG_COUNT, &lang));
	TRY(get_sealed_or_empty(data, "name", a, ACCOUNT_NAME_BYTES_MAX, &d->named, &d->name));
	d->lang = (enum lang)lang;
	return get_posts(data, a, &d->posts);
}

enum err account_made_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	unsigned kind = 0;
	DECODED(account_entry, d);

	if (entry_size(data) != 6)
		return ERR_CORRUPT;
	TRY(get_account(data, a, d));
	TRY(kind_get_u64(data, "key", &d->key_id));
	TRY(get_word(data, "kind", account_words, 2, &kind));
	d->kind = (enum account_kind)kind;
	*ret = d;
	return ERR_OK;
}

enum err account_changed_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(account_entry, d);

	if (entry_size(data) != 5)
		return ERR_CORRUPT;
	TRY(get_account(data, a, d));
	TRY(kind_get_u64(data, "account", &d->account));
	*ret = d;
	return ERR_OK;
}

enum err account_made_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct account_entry *d = data;
	struct db_stmt *s = db_stmt(db, SQL_account_insert);
	char text[ACCOUNT_POSTS_BYTES_MAX];
	struct buf posts = buf_over(text, sizeof text);

	account_posts_put(&d->posts, &posts);
	CHECK(!posts.over);
	db_bind_u64(s, 1, head->n);
	db_bind_i64(s, 2, head->at_us);
	db_bind_i64(s, 3, d->kind);
	db_bind_i64(s, 4, d->lang);
	db_bind_u64(s, 5, d->key_id);
	db_bind_i64(s, 6, d->named);
	db_bind_i64(s, 7, d->has_contact);
	db_bind_text(s, 8, buf_str(&posts));
	TRY(db_run(db, s));
	return kind_uses_key(db, d->key_id);
}

enum err account_changed_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct account_entry *d = data;
	struct db_stmt *s = db_stmt(db, SQL_account_change);
	char text[ACCOUNT_POSTS_BYTES_MAX];
	struct buf posts = buf_over(text, sizeof text);

	account_posts_put(&d->posts, &posts);
	CHECK(!posts.over);
	db_bind_u64(s, 1, d->account);
	db_bind_u64(s, 2, head->n);
	db_bind_i64(s, 3, d->lang);
	db_bind_i64(s, 4, d->named);
	db_bind_i64(s, 5, d->has_contact);
	db_bind_text(s, 6, buf_str(&posts));
	TRY(db_run(db, s));
	return kind_changes_wall(db, head); /* a duty under a post that went may count no more */
}

/* ---- account.ended ---- */

void account_ended_encode(struct entry_writer *w, const void *data)
{
	const struct account_ended *d = data;

	entry_key(w, "account");
	entry_int(w, (int64_t)d->account);
	entry_key(w, "reason");
	entry_str(w, d->reason);
}

enum err account_ended_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(account_ended, d);

	if (entry_size(data) != 2)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "account", &d->account));
	TRY(kind_get_str(data, "reason", a, &d->reason));
	*ret = d;
	return ERR_OK;
}

enum err account_ended_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct account_ended *d = data;
	struct db_stmt *s = db_stmt(db, SQL_account_end);

	db_bind_u64(s, 1, d->account);
	db_bind_u64(s, 2, head->n);
	TRY(db_run(db, s));
	s = db_stmt(db, SQL_account_secrets_over);
	db_bind_u64(s, 1, d->account);
	db_bind_u64(s, 2, head->n);
	TRY(db_run(db, s));
	return kind_changes_wall(db, head); /* likewise */
}

/* ---- account.secret_set ---- */

void account_secret_encode(struct entry_writer *w, const void *data)
{
	const struct account_secret_set *d = data;

	entry_key(w, "account");
	entry_int(w, (int64_t)d->account);
	entry_key(w, "codes");
	entry_int(w, (int64_t)d->codes);
	entry_key(w, "key");
	entry_int(w, (int64_t)d->key_id);
	entry_key(w, "kind");
	entry_str(w, str_of(secret_words[d->kind]));
	entry_key(w, "replaces");
	entry_int(w, (int64_t)d->replaces);
	entry_key(w, "second");
	entry_object(w);
	if (d->has_second) {
		entry_key(w, "handle");
		entry_hex(w, d->second.handle, HANDLE_BYTES);
		entry_key(w, "role");
		entry_str(w, d->second.role);
		entry_key(w, "unit");
		entry_str(w, d->second.unit);
	}
	entry_close(w);
}

static enum err get_second(const struct entry_value *v, struct arena *a,
			   struct account_secret_set *d)
{
	struct str handle = {0};

	if (!entry_is(v, ENTRY_OBJECT))
		return ERR_CORRUPT;
	d->has_second = entry_size(v) > 0;
	if (!d->has_second)
		return ERR_OK;
	if (entry_size(v) != 3)
		return ERR_CORRUPT;
	TRY(kind_get_str(v, "handle", a, &handle));
	TRY(kind_get_str(v, "role", a, &d->second.role));
	TRY(kind_get_str(v, "unit", a, &d->second.unit));
	d->second.has_handle = true;
	return hex_decode(handle, d->second.handle, HANDLE_BYTES) ? ERR_OK : ERR_CORRUPT;
}

enum err account_secret_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	uint64_t codes = 0;
	unsigned kind = 0;
	DECODED(account_secret_set, d);

	if (entry_size(data) != 6)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "account", &d->account));
	TRY(kind_get_u64(data, "codes", &codes));
	TRY(kind_get_u64(data, "key", &d->key_id));
	TRY(get_word(data, "kind", secret_words, ACCOUNT_SECRET_KINDS, &kind));
	TRY(kind_get_u64(data, "replaces", &d->replaces));
	TRY(get_second(entry_get(data, "second"), a, d));
	if (codes > 64)
		return ERR_CORRUPT;
	d->codes = (unsigned)codes;
	d->kind = (enum account_secret_kind)kind;
	*ret = d;
	return ERR_OK;
}

enum err account_secret_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct account_secret_set *d = data;
	struct db_stmt *s = db_stmt(db, SQL_account_secret_over);

	db_bind_u64(s, 1, d->account);
	db_bind_i64(s, 2, (int64_t)d->kind);
	db_bind_u64(s, 3, head->n);
	TRY(db_run(db, s));
	s = db_stmt(db, SQL_account_secret_insert);
	db_bind_u64(s, 1, head->n);
	db_bind_u64(s, 2, d->account);
	db_bind_i64(s, 3, (int64_t)d->kind);
	db_bind_u64(s, 4, d->codes);
	db_bind_u64(s, 5, d->key_id);
	TRY(db_run(db, s));
	return kind_uses_key(db, d->key_id);
}
