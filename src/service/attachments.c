/* Attachments swept and looked at, a page of rows at a time: no read lasts as long as the files
 * take. One opened, one removed. */
#include "service/attachments.h"

#include "service/kinds.h"

#include <stdlib.h>

#define PAGE_ROWS 256u

static enum err is_named(void *ctx, const struct hash32 *hash, bool *ret_named)
{
	struct db *db = ctx;
	struct db_stmt *s = db_stmt(db, SQL_attachment_named);
	bool row = false;

	db_bind_bytes(s, 1, hash->b, HASH_BYTES);
	TRY(db_step(db, s, &row));
	db_done(s);
	*ret_named = row;
	return ERR_OK;
}

enum err attachments_sweep(struct db *db, const struct blob_store *s, int64_t now_s,
			   struct blob_swept *ret)
{
	return blob_sweep(s, is_named, db, now_s - ATTACHMENT_ORPHAN_AGE_S, ret);
}

struct row {
	uint64_t n, bytes, key_id;
	struct hash32 hash;
};

static enum err read_page(struct db *db, uint64_t after, struct row rows[PAGE_ROWS],
			  unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_attachment_after);
	unsigned n = 0;
	bool more = true;

	db_bind_u64(s, 1, after);
	db_bind_u64(s, 2, PAGE_ROWS);
	for (;;) {
		struct bytes hash;
		TRY(db_step(db, s, &more));
		if (!more || n == PAGE_ROWS)
			break;
		hash = db_bytes(s, 1);
		if (hash.n != HASH_BYTES) {
			db_done(s);
			return ERR_CORRUPT;
		}
		rows[n].n = db_u64(s, 0);
		memcpy(rows[n].hash.b, hash.p, HASH_BYTES);
		rows[n].bytes = db_u64(s, 2);
		rows[n].key_id = db_u64(s, 3);
		n++;
	}
	db_done(s);
	*ret_n = n;
	return ERR_OK;
}

static enum err examine(struct keyring *keys, const struct blob_store *s, bool whole,
			const struct row *row, struct attachments_found *found)
{
	enum err e = blob_check(s, &row->hash, row->bytes, whole);
	bool readable = true;

	if (e == ERR_OK) {
		found->files++;
		found->bytes += row->bytes;
		return ERR_OK;
	}
	if (e != ERR_NOT_FOUND && e != ERR_CORRUPT)
		return e;
	if (e == ERR_NOT_FOUND)
		TRY(keyring_holds(keys, row->key_id, &readable));
	if (!readable) {
		found->erased++;
		return ERR_OK;
	}
	found->missing += e == ERR_NOT_FOUND;
	found->changed += e == ERR_CORRUPT;
	if (found->first_n == 0)
		found->first_n = row->n;
	return ERR_OK;
}

enum err attachments_examine(struct db *db, struct keyring *keys, const struct blob_store *s,
			     bool whole, struct attachments_found *ret)
{
	struct attachments_found found = {0};
	struct row rows[PAGE_ROWS];
	uint64_t after = 0;
	unsigned n = 0;

	do {
		TRY(read_page(db, after, rows, &n));
		for (unsigned i = 0; i < n; i++)
			TRY(examine(keys, s, whole, &rows[i], &found));
		after = n > 0 ? rows[n - 1].n : after;
	} while (n == PAGE_ROWS);
	*ret = found;
	return ERR_OK;
}

/* ---- one of them ---- */

enum err attachment_remove(struct db *db, struct keyring *keys, const struct blob_store *s,
			   uint64_t n)
{
	struct db_stmt *rows = db_stmt(db, SQL_attachment_same_file);
	struct hash32 hash;
	bool row = false, there = false, kept = false, found = false;
	enum err e = ERR_OK;

	db_bind_u64(rows, 1, n);
	for (;;) {
		struct bytes b;
		TRY(db_step(db, rows, &row));
		if (!row)
			break;
		b = db_bytes(rows, 1);
		e = b.n == HASH_BYTES ? keyring_holds(keys, db_u64(rows, 2), &there) : ERR_CORRUPT;
		if (e == ERR_OK && there && db_u64(rows, 0) == n)
			e = ERR_BUSY;
		if (e != ERR_OK) {
			db_done(rows);
			return e;
		}
		memcpy(hash.b, b.p, HASH_BYTES);
		kept = kept || there;
		found = true;
	}
	if (!found)
		return ERR_NOT_FOUND;
	e = kept ? ERR_OK : blob_remove(s, &hash);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err get_attached(struct reader *r, uint64_t n, char *memory, struct arena *a,
			     const struct case_attached **ret)
{
	const void *decoded = NULL;
	const struct entry_value *data = NULL;
	struct entry_head head;
	struct entry_view view;
	void *tree = NULL;
	enum err e;

	TRY(journal_entry(r->db, n, memory, &view));
	TRY(kind_parse(view.body, a, &head, &tree, &data));
	e = head.kind == KIND_CASE_ATTACHED ? attached_decode(data, a, &decoded) : ERR_NOT_FOUND;
	free(tree);
	TRY(e);
	*ret = decoded;
	return ERR_OK;
}

enum err attachment_open(struct reader *r, const struct blob_store *s, uint64_t n,
			 struct blob_content *ret, char ret_media[ATTACHED_MEDIA_MAX + 1])
{
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
	char entry[ENTRY_BYTES_MAX];
	const struct case_attached *d = NULL;
	struct seal_key data_key, key;
	struct arena a;
	bool going = false;
	enum err e;

	if (!r->keys)
		return ERR_KEYS;
	arena_init(&a, memory, sizeof memory);
	TRY(get_attached(r, n, entry, &a, &d));
	/* from the COMMIT of the erasure on, also while the key is still there */
	TRY(outbox_waits_for(r->db, CHANNEL_KEY_DESTROY, d->key.key_id, &going));
	if (going)
		return ERR_GONE;
	TRY(keyring_get(r->keys, d->key.key_id, &data_key));
	e = attached_open_key(&data_key, &d->key, &key);
	seal_wipe(&data_key, sizeof data_key);
	TRY(e);
	e = blob_open(s, &d->hash, &key, ret);
	seal_wipe(&key, sizeof key);
	TRY(e);
	memcpy(ret_media, d->media.p, d->media.n);
	ret_media[d->media.n] = 0;
	return ERR_OK;
}
