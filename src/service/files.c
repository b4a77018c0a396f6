/* Reading versions of files and their texts. */
#include "service/files.h"

static enum err walk(struct db *db, enum sql sql, file_row_fn *each, void *ctx)
{
	struct db_stmt *s = db_stmt(db, sql);
	bool there = false;

	for (;;) {
		struct file_row row = {0};
		struct bytes sha;
		enum err e;
		TRY(db_step(db, s, &there));
		if (!there)
			return ERR_OK;
		row.path = db_text(s, 0);
		row.n = db_u64(s, 1);
		sha = db_bytes(s, 2);
		row.bytes = db_u64(s, 3);
		row.is_withdrawn = sha.n == 0;
		e = row.is_withdrawn || sha.n == HASH_BYTES ? ERR_OK : ERR_CORRUPT;
		if (sha.n == HASH_BYTES)
			memcpy(row.sha256.b, sha.p, HASH_BYTES);
		if (e == ERR_OK)
			e = each(ctx, &row);
		if (e != ERR_OK) {
			db_done(s);
			return e;
		}
	}
}

enum err files_in_force(struct db *db, file_row_fn *each, void *ctx)
{
	return walk(db, SQL_file_in_force, each, ctx);
}

enum err files_versions(struct db *db, file_row_fn *each, void *ctx)
{
	return walk(db, SQL_file_versions, each, ctx);
}

enum err file_content(struct db *db, const struct hash32 *sha256, char *memory, size_t cap,
		      struct str *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_file_content_get);
	struct bytes content;
	struct hash32 found;
	bool row = false;
	enum err e = ERR_OK;

	db_bind_bytes(s, 1, sha256->b, HASH_BYTES);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	content = db_bytes(s, 0);
	if (content.n > cap)
		e = ERR_TOO_LARGE;
	if (e == ERR_OK && content.n > 0)
		memcpy(memory, content.p, content.n);
	db_done(s);
	TRY(e);
	hash_sha256(memory, content.n, &found);
	if (!hash_eq(&found, sha256))
		return ERR_CORRUPT;
	*ret = (struct str){memory, content.n};
	return ERR_OK;
}
