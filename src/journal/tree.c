/* The tree from the store. */
#include "journal/tree.h"

#include "base/check.h"
#include "journal_store.h"

void tree_reader_init(struct tree_reader *r, struct db *db, uint64_t size)
{
	r->db = db;
	r->size = size;
	r->cached = false;
}

enum err tree_commitments(struct db *db, uint64_t first, unsigned count,
			  struct hash32 *ret_commitments)
{
	struct db_stmt *s = db_stmt(db, SQL_entry_range);
	unsigned got = 0;
	bool row = false;

	db_bind_u64(s, 1, first + 1);
	db_bind_u64(s, 2, first + 1 + count);
	for (;;) {
		struct bytes salt, body;
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		salt = db_bytes(s, 1);
		body = db_bytes(s, 2);
		if (db_u64(s, 0) != first + 1 + got || salt.n != SALT_BYTES) {
			db_done(s);
			return ERR_CORRUPT;
		}
		hash_commitment(salt.p, (struct str){(const char *)body.p, body.n},
				&ret_commitments[got++]);
	}
	return got == count ? ERR_OK : ERR_CORRUPT;
}

/* Hashes of a stored tile row, as many as it has. */
static enum err stored_tile(struct db *db, unsigned level, uint64_t index, struct hash32 *ret,
			    unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_tile_get);
	struct bytes b;
	bool row = false;

	db_bind_u64(s, 1, tile_row_id(level, index));
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_CORRUPT;
	b = db_bytes(s, 0);
	if (b.n % HASH_BYTES != 0 || b.n > TILE_BYTES_MAX) {
		db_done(s);
		return ERR_CORRUPT;
	}
	memcpy(ret, b.p, b.n);
	*ret_n = (unsigned)(b.n / HASH_BYTES);
	db_done(s);
	return ERR_OK;
}

/* Tile (level, index) with at least `width` hashes. Only level 0 at the right edge has no row. */
static enum err load_tile(struct db *db, unsigned level, uint64_t index, unsigned width,
			  struct hash32 *ret)
{
	unsigned n = 0;

	if (level > 0 || width == TILE_WIDTH) {
		TRY(stored_tile(db, level, index, ret, &n));
		return n >= width ? ERR_OK : ERR_CORRUPT;
	}
	TRY(tree_commitments(db, index * TILE_WIDTH, width, ret));
	for (unsigned i = 0; i < width; i++)
		merkle_leaf(ret[i].b, HASH_BYTES, &ret[i]);
	return ERR_OK;
}

enum err tree_read(void *ctx, unsigned level, uint64_t index, struct hash32 *ret)
{
	struct tree_reader *r = ctx;
	unsigned tile_level = level / TILE_HEIGHT, height = level % TILE_HEIGHT;
	uint64_t tile_index = index >> (TILE_HEIGHT - height);
	unsigned first = (unsigned)((index << height) % TILE_WIDTH);

	CHECK(tile_level < TILE_LEVELS);
	if (!r->cached || r->cached_level != tile_level || r->cached_index != tile_index) {
		unsigned width = tile_width_at(r->size, tile_level, tile_index);
		if (width == 0)
			return ERR_NOT_FOUND;
		r->cached = false;
		TRY(load_tile(r->db, tile_level, tile_index, width, r->hash));
		r->cached_level = tile_level;
		r->cached_index = tile_index;
		r->cached_width = width;
		r->cached = true;
	}
	return tile_subtree(r->hash, r->cached_width, height, first, ret);
}

enum err tree_root(struct db *db, uint64_t size, struct hash32 *ret)
{
	struct merkle_frontier f;
	struct tree_reader r;

	tree_reader_init(&r, db, size);
	TRY(merkle_frontier_read(size, tree_read, &r, &f));
	merkle_frontier_root(&f, ret);
	return ERR_OK;
}

enum err tree_tile(struct db *db, uint64_t size, const struct tile_id *id, struct buf *out)
{
	struct hash32 hash[TILE_WIDTH];
	unsigned width = tile_width_at(size, id->level, id->index);

	if (id->width == 0 || id->width > width)
		return ERR_NOT_FOUND;
	if (!id->is_bundle) {
		TRY(load_tile(db, id->level, id->index, id->width, hash));
		buf_put(out, hash, id->width * HASH_BYTES);
		return out->over ? ERR_TOO_LARGE : ERR_OK;
	}
	TRY(tree_commitments(db, id->index * TILE_WIDTH, id->width, hash));
	for (unsigned i = 0; i < id->width; i++)
		tile_bundle_put(out, &hash[i]);
	return out->over ? ERR_TOO_LARGE : ERR_OK;
}
