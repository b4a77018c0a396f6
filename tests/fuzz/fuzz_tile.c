/* Tile paths: what is parsed is formatted to the same bytes, what is formatted is parsed to the
 * same tile; the width of a tile against the definition of C2SP tlog-tiles in 128-bit arithmetic.
 */
#include "fuzz.h"

#include "base/tile.h"

static void check_path(struct str path)
{
	char memory[TILE_PATH_MAX];
	struct buf out = buf_over(memory, sizeof memory);
	struct tile_id id;

	if (!tile_parse(path, &id))
		return;
	PROPERTY(id.level < TILE_LEVELS && id.width >= 1 && id.width <= TILE_WIDTH);
	tile_format(&id, &out);
	PROPERTY(!out.over && str_eq(buf_str(&out), path));
}

static void check_id(struct fuzz_reader *r)
{
	struct tile_id id = {.is_bundle = fuzz_u8(r) & 1}, back;
	char memory[TILE_PATH_MAX];
	struct buf out = buf_over(memory, sizeof memory);

	id.level = id.is_bundle ? 0 : fuzz_u8(r) % TILE_LEVELS;
	id.width = 1 + fuzz_u8(r);
	id.index = fuzz_number(r);
	tile_format(&id, &out);
	PROPERTY(!out.over && tile_parse(buf_str(&out), &back));
	PROPERTY(back.is_bundle == id.is_bundle && back.level == id.level &&
		 back.index == id.index && back.width == id.width);
}

static void check_width(struct fuzz_reader *r)
{
	unsigned level = fuzz_u8(r) % 10;
	uint64_t size = fuzz_number(r), index = fuzz_number(r);
	unsigned __int128 hashes = size, first = (unsigned __int128)index * 256;

	if (fuzz_u8(r) & 1) { /* near the end of the level */
		index = (size >> 8 * (level % 8)) / 256 + index % 3;
		first = (unsigned __int128)index * 256;
	}
	for (unsigned i = 0; i < level; i++)
		hashes /= 256;
	hashes = hashes > first ? hashes - first : 0;
	PROPERTY(tile_width_at(size, level, index) == (unsigned)(hashes < 256 ? hashes : 256));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz_reader r = {data, n};
	uint8_t what = fuzz_u8(&r);

	if (what == 0)
		check_id(&r);
	else if (what == 1)
		check_width(&r);
	else
		check_path((struct str){(const char *)data, n});
	return 0;
}
