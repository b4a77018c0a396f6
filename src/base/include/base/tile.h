/* C2SP tlog-tiles: paths of tiles and entry bundles, and the hashes inside a tile. A tile of level
 * L holds up to 256 hashes of subtrees of 256^L leaves; a bundle holds the commitments of up to 256
 * entries, each behind its length as a big-endian u16. Pure. */
#ifndef LIREN_BASE_TILE_H
#define LIREN_BASE_TILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#define TILE_WIDTH 256u
#define TILE_HEIGHT 8u /* levels of the tree in one tile */
#define TILE_LEVELS 8u /* levels of tiles that a tree of 2^64 leaves has */
#define TILE_BYTES_MAX (TILE_WIDTH * HASH_BYTES)
#define TILE_PATH_MAX 64u
#define TILE_BUNDLE_BYTES_MAX (TILE_WIDTH * (2u + HASH_BYTES))

struct tile_id {
	bool is_bundle; /* tile/entries/…; level is then 0 */
	unsigned level;
	uint64_t index;
	unsigned width; /* 1 … 256; below 256 it is a partial tile (.p/W) */
};

/* Parse what follows "/log/": "tile/0/x001/234.p/5", "tile/entries/067". Only the one canonical
 * spelling of each tile is taken. False on anything else. */
bool tile_parse(struct str path, struct tile_id *ret);
void tile_format(const struct tile_id *id, struct buf *out);

/* Width of tile (level, index) in a tree of `size` leaves: 0 where it does not exist yet, 256 where
 * full. */
unsigned tile_width_at(uint64_t size, unsigned level, uint64_t index);

/* Root of the complete subtree of 2^height hashes that starts at `first` (a multiple of 2^height)
 * in a tile of `width` hashes, height 0 … 8. ERR_BAD_INPUT where it is not within the width. */
enum err tile_subtree(const struct hash32 *hashes, unsigned width, unsigned height, unsigned first,
		      struct hash32 *ret) MUST_CHECK;

/* Put one commitment of an entry bundle. */
void tile_bundle_put(struct buf *out, const struct hash32 *commitment);

#endif
