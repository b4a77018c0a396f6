/* Paths of tiles by the rules and examples of C2SP tlog-tiles, and the hashes in a tile. */
#include "test.h"

#include "base/tile.h"

#include "naive_merkle.h"

static const struct {
	const char *path;
	struct tile_id id;
} good[] = {
    {"tile/0/000", {false, 0, 0, 256}},
    {"tile/0/000.p/1", {false, 0, 0, 1}},
    {"tile/0/000.p/255", {false, 0, 0, 255}},
    {"tile/7/999", {false, 7, 999, 256}},
    {"tile/1/x001/000", {false, 1, 1000, 256}},
    {"tile/0/x001/x234/067", {false, 0, 1234067, 256}}, /* the example of the specification */
    {"tile/0/x001/x234/067.p/112", {false, 0, 1234067, 112}},
    {"tile/2/x100/x000/000", {false, 2, 100000000, 256}},
    {"tile/0/x018/x446/x744/x073/x709/x551/615.p/255", {false, 0, UINT64_MAX, 255}},
    {"tile/entries/067", {true, 0, 67, 256}},
    {"tile/entries/x001/x234/067.p/9", {true, 0, 1234067, 9}},
};

static const char *const bad[] = {
    "",
    "tile",
    "tile/",
    "tile/0",
    "tile/0/",
    "tile//000",
    "/tile/0/000",
    "Tile/0/000",
    "tile/0/000/",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/0/1000",
    "tile/0/x000/000",
    "tile/0/x000/001",
    "tile/0/x000/x001/000",
    "tile/0/x001",
    "tile/0/x001/",
    "tile/0/001/000",
    "tile/0/x001/x000",
    "tile/0/x01/000",
    "tile/0/x0001/000",
    "tile/0/X001/000",
    "tile/0/-01",
    "tile/0/+01",
    "tile/0/ 01",
    "tile/8/000",
    "tile/9/000",
    "tile/00/000",
    "tile/01/000",
    "tile/10/000",
    "tile/63/000",
    "tile/-1/000",
    "tile/data/000",
    "tile/entries",
    "tile/entries/",
    "tile/entries/0/000",
    "tile/0/entries/000",
    "tile/0/000.p",
    "tile/0/000.p/",
    "tile/0/000.p/0",
    "tile/0/000.p/00",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p/300",
    "tile/0/000.p/1/",
    "tile/0/000.p/ 1",
    "tile/0/000.p/+1",
    "tile/0/000.p/18446744073709551617",
    "tile/0/000p/1",
    "tile/0/000/p/1",
    "tile/0/000.p/1.p/1",
    "tile/0/x018/x446/x744/x073/x709/x551/616",
    "tile/0/x019/x446/x744/x073/x709/x551/615",
    "tile/0/x999/x999/x999/x999/x999/x999/999",
    "tile/0/x001/x018/x446/x744/x073/x709/x551/615",
};

static void assert_id(const struct tile_id *got, const struct tile_id *want)
{
	assert_int_equal(got->is_bundle, want->is_bundle);
	assert_int_equal(got->level, want->level);
	assert_true(got->index == want->index);
	assert_int_equal(got->width, want->width);
}

static struct str format(const struct tile_id *id, char memory[TILE_PATH_MAX])
{
	struct buf out = buf_over(memory, TILE_PATH_MAX);

	tile_format(id, &out);
	assert_false(out.over);
	return buf_str(&out);
}

static void assert_str(struct str got, struct str want)
{
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, want.n);
}

static void paths_are_parsed_and_formatted(void **state)
{
	char memory[TILE_PATH_MAX];
	struct tile_id id;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_true(tile_parse(str_of(good[i].path), &id));
		assert_id(&id, &good[i].id);
		assert_str(format(&good[i].id, memory), str_of(good[i].path));
	}
}

static void other_spellings_are_refused(void **state)
{
	const struct tile_id before = {true, 3, 5, 7};
	struct tile_id id = before;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(tile_parse(str_of(bad[i]), &id));
	assert_false(tile_parse((struct str){"tile/0/000\0", 11}, &id));
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		const char *path = good[i].path, *width = strstr(path, ".p/");
		for (size_t n = 0; n < strlen(path); n++) {
			/* cut before .p/ or within W, it is the path of another tile */
			bool other = width && (path + n == width || path + n > width + 3);
			assert_int_equal(tile_parse((struct str){path, n}, &id), other);
			if (!other)
				assert_id(&id, &before);
			id = before;
		}
	}
}

/* Whatever one changed byte makes of a path, it is refused or it is the one spelling of what was
 * read. */
static void changed_bytes_give_no_second_spelling(void **state)
{
	char path[TILE_PATH_MAX], memory[TILE_PATH_MAX];
	unsigned taken = 0;
	struct tile_id id;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		size_t n = strlen(good[i].path);
		for (size_t at = 0; at < n; at++)
			for (unsigned c = 0; c < 256; c++) {
				memcpy(path, good[i].path, n);
				path[at] = (char)c;
				if (!tile_parse((struct str){path, n}, &id))
					continue;
				taken++;
				assert_str(format(&id, memory), (struct str){path, n});
			}
	}
	assert_true(taken > 100);
}

/* "The partial tile at level l for a tree of size s has floor(s / 256**l) mod 256 entries" */
static void assert_widths(uint64_t size, unsigned level, uint64_t full, unsigned partial)
{
	if (full > 0) {
		assert_int_equal(tile_width_at(size, level, 0), 256);
		assert_int_equal(tile_width_at(size, level, full - 1), 256);
	}
	assert_int_equal(tile_width_at(size, level, full), partial);
	assert_int_equal(tile_width_at(size, level, full + 1), 0);
	assert_int_equal(tile_width_at(size, level, UINT64_MAX), 0);
}

static void widths_are_those_of_the_specification(void **state)
{
	assert_widths(70000, 0, 273, 112);
	assert_widths(70000, 1, 1, 17);
	assert_widths(70000, 2, 0, 1);
	assert_widths(70000, 3, 0, 0);
	assert_widths(256, 0, 1, 0);
	assert_widths(256, 1, 0, 1);
	assert_widths(0, 0, 0, 0);
	assert_widths(UINT64_MAX, 7, 0, 255);
	assert_widths(UINT64_MAX, 0, UINT64_MAX / 256, 255);
	for (unsigned level = 8; level < 100; level++)
		assert_int_equal(tile_width_at(UINT64_MAX, level, 0), 0);
}

/* Leaf by leaf: a full tile below adds one hash above. */
static void widths_grow_one_leaf_at_a_time(void **state)
{
	unsigned width[3] = {0}, at[3] = {0};

	for (uint64_t size = 1; size <= 140000; size++) {
		for (unsigned level = 0; level < 3; level++) {
			if (width[level] == 256) {
				width[level] = 0;
				at[level]++;
			}
			if (++width[level] < 256)
				break;
		}
		for (unsigned level = 0; level < 3; level++) {
			assert_int_equal(tile_width_at(size, level, at[level]), width[level]);
			assert_int_equal(tile_width_at(size, level, at[level] + 1), 0);
		}
	}
}

static struct hash32 naive_root(const struct hash32 *hashes, unsigned n)
{
	if (n == 1)
		return hashes[0];
	return naive_node(naive_root(hashes, n / 2), naive_root(hashes + n / 2, n / 2));
}

static void subtrees_of_a_tile(void **state)
{
	struct hash32 hashes[TILE_WIDTH], got, want, before;

	for (unsigned i = 0; i < TILE_WIDTH; i++)
		hashes[i] = naive_leaf(&i, sizeof i);
	memset(&before, 0xA5, sizeof before);
	for (unsigned width = 0; width <= TILE_WIDTH; width += width < 20 || width > 240 ? 1 : 20)
		for (unsigned height = 0; height <= 10; height++)
			for (unsigned first = 0; first <= TILE_WIDTH + 1; first++) {
				unsigned n = 1u << height;
				got = before;
				if (height > 8 || first % n != 0 || first + n > width) {
					assert_err(tile_subtree(hashes, width, height, first, &got),
						   ERR_BAD_INPUT);
					assert_memory_equal(&got, &before, sizeof got);
					continue;
				}
				want = naive_root(hashes + first, n);
				assert_ok(tile_subtree(hashes, width, height, first, &got));
				assert_memory_equal(&got, &want, sizeof got);
			}
	assert_err(tile_subtree(hashes, TILE_WIDTH + 1, 0, 0, &got), ERR_BAD_INPUT);
	assert_err(tile_subtree(hashes, TILE_WIDTH, 0, UINT32_MAX, &got), ERR_BAD_INPUT);
	assert_err(tile_subtree(hashes, TILE_WIDTH, 32, 0, &got), ERR_BAD_INPUT);
}

static void bundles_hold_commitments_behind_their_length(void **state)
{
	char memory[TILE_BUNDLE_BYTES_MAX];
	struct buf out = buf_over(memory, sizeof memory);
	struct hash32 c;

	for (unsigned i = 0; i < TILE_WIDTH; i++) {
		memset(&c, (int)i, sizeof c);
		tile_bundle_put(&out, &c);
		assert_int_equal(out.n, 34 * (i + 1));
		assert_memory_equal(memory + 34 * i, "\x00\x20", 2);
		assert_memory_equal(memory + 34 * i + 2, &c, 32);
	}
	assert_false(out.over);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(paths_are_parsed_and_formatted),
	    cmocka_unit_test(other_spellings_are_refused),
	    cmocka_unit_test(changed_bytes_give_no_second_spelling),
	    cmocka_unit_test(widths_are_those_of_the_specification),
	    cmocka_unit_test(widths_grow_one_leaf_at_a_time),
	    cmocka_unit_test(subtrees_of_a_tile),
	    cmocka_unit_test(bundles_hold_commitments_behind_their_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
