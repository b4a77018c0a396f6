/* Attachments swept and looked at, a page of rows at a time: no read lasts as long as the files
 * take. */
#include "service/attachments.h"

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
