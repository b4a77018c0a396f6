/* C2SP tlog-tiles: the paths and the hashes of tiles. */
#include "base/tile.h"

#include "base/check.h"
#include "base/merkle.h"

#define GROUPS_MAX 7u /* of three digits, in the largest u64 */

static bool take(struct str *s, struct str prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	s->p += prefix.n;
	s->n -= prefix.n;
	return true;
}

/* Three digits at the start of *s, added to *v as its next group. */
static bool take_group(struct str *s, uint64_t *v)
{
	uint64_t group = 0, sum;

	if (s->n < 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		group = group * 10 + (uint64_t)(s->p[i] - '0');
	}
	if (__builtin_mul_overflow(*v, 1000u, &sum) || __builtin_add_overflow(sum, group, &sum))
		return false;
	*v = sum;
	s->p += 3;
	s->n -= 3;
	return true;
}

/* x001/x234/067; a first group of x000 would be a second spelling. */
static bool take_index(struct str *s, uint64_t *index)
{
	*index = 0;
	for (unsigned i = 0; i < GROUPS_MAX - 1 && take(s, STR("x")); i++) {
		if (!take_group(s, index) || !take(s, STR("/")) || *index == 0)
			return false;
	}
	return take_group(s, index);
}

bool tile_parse(struct str path, struct tile_id *ret)
{
	struct tile_id id = {.width = TILE_WIDTH};
	struct str s = path;
	uint64_t width;

	if (!take(&s, STR("tile/")))
		return false;
	if (take(&s, STR("entries/"))) {
		id.is_bundle = true;
	} else {
		if (s.n < 2 || s.p[0] < '0' || s.p[0] >= (char)('0' + TILE_LEVELS) || s.p[1] != '/')
			return false;
		id.level = (unsigned)(s.p[0] - '0');
		s.p += 2;
		s.n -= 2;
	}
	if (!take_index(&s, &id.index))
		return false;
	if (s.n > 0) {
		if (!take(&s, STR(".p/")) || !str_to_u64(s, &width) || width == 0 ||
		    width >= TILE_WIDTH)
			return false;
		id.width = (unsigned)width;
	}
	*ret = id;
	return true;
}

void tile_format(const struct tile_id *id, struct buf *out)
{
	unsigned group[GROUPS_MAX], n = 0;
	uint64_t v = id->index;

	CHECK(id->level < TILE_LEVELS && (!id->is_bundle || id->level == 0));
	CHECK(id->width >= 1 && id->width <= TILE_WIDTH);
	buf_put_z(out, "tile/");
	if (id->is_bundle)
		buf_put_z(out, "entries");
	else
		buf_put_u64(out, id->level);
	do {
		group[n++] = (unsigned)(v % 1000);
		v /= 1000;
	} while (v > 0);
	while (n-- > 0) {
		buf_put_z(out, n > 0 ? "/x" : "/");
		buf_put_char(out, (char)('0' + group[n] / 100));
		buf_put_char(out, (char)('0' + group[n] / 10 % 10));
		buf_put_char(out, (char)('0' + group[n] % 10));
	}
	if (id->width < TILE_WIDTH) {
		buf_put_z(out, ".p/");
		buf_put_u64(out, id->width);
	}
}

unsigned tile_width_at(uint64_t size, unsigned level, uint64_t index)
{
	uint64_t hashes, full;

	if (level >= TILE_LEVELS)
		return 0;
	hashes = size >> (TILE_HEIGHT * level);
	full = hashes / TILE_WIDTH;
	if (index > full)
		return 0;
	return index < full ? TILE_WIDTH : (unsigned)(hashes % TILE_WIDTH);
}

enum err tile_subtree(const struct hash32 *hashes, unsigned width, unsigned height, unsigned first,
		      struct hash32 *ret)
{
	struct hash32 node[TILE_WIDTH / 2];
	const struct hash32 *below;

	if (height > TILE_HEIGHT || width > TILE_WIDTH || first > width ||
	    first % (1u << height) != 0 || width - first < 1u << height)
		return ERR_BAD_INPUT;
	below = hashes + first;
	for (unsigned n = 1u << height; n > 1; n /= 2) {
		for (unsigned i = 0; i < n / 2; i++)
			merkle_node(&below[2 * i], &below[2 * i + 1], &node[i]);
		below = node;
	}
	*ret = below[0];
	return ERR_OK;
}

void tile_bundle_put(struct buf *out, const struct hash32 *commitment)
{
	static const uint8_t length[2] = {0, HASH_BYTES};

	buf_put(out, length, sizeof length);
	buf_put(out, commitment->b, HASH_BYTES);
}
