/* The tree as any reader sees it: hashes, tiles and bundles from the store. O(log n) tile reads a
 * proof; the partial tile at the right edge is computed from at most 255 entries. */
#ifndef LIREN_JOURNAL_TREE_H
#define LIREN_JOURNAL_TREE_H

#include "base/merkle.h"
#include "base/tile.h"
#include "db/db.h"

struct tree_reader {
	struct db *db;
	uint64_t size; /* of the tree that is read; at most the number of entries */
	bool cached;
	unsigned cached_level;
	uint64_t cached_index;
	unsigned cached_width;
	struct hash32 hash[TILE_WIDTH];
};

void tree_reader_init(struct tree_reader *r, struct db *db, uint64_t size);

/* A merkle_read_fn; ctx is the tree_reader. */
enum err tree_read(void *ctx, unsigned level, uint64_t index, struct hash32 *ret);

enum err tree_root(struct db *db, uint64_t size, struct hash32 *ret) MUST_CHECK;

/* The bytes of a tile or bundle of the tree of `size` leaves; ERR_NOT_FOUND where it has none such.
 * `out` needs TILE_BUNDLE_BYTES_MAX. */
enum err tree_tile(struct db *db, uint64_t size, const struct tile_id *id,
		   struct buf *out) MUST_CHECK;

/* Commitments of entries first … first + count - 1 (leaf indices), from entries and salts. */
enum err tree_commitments(struct db *db, uint64_t first, unsigned count,
			  struct hash32 *ret_commitments) MUST_CHECK;

#endif
