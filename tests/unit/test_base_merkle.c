/* The Merkle tree against RFC 6962 recomputed naively, against public vectors, and at the ends of
 * 64 bits. */
#include "test.h"

#include "base/buf.h"
#include "base/merkle.h"

#include "naive_merkle.h"

#define SIZE_MAX_ALL 200u   /* every size, index and pair up to here */
#define SIZE_MAX_SOME 3000u /* random ones up to here */
#define SEED 0x6C6972656Eu

static uint64_t random_next(uint64_t *state) /* splitmix64 */
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Leaf i of the test tree: i % 40 bytes that differ by i. */
static struct hash32 test_leaf(uint64_t i)
{
	uint8_t leaf[48];

	for (unsigned k = 0; k < sizeof leaf; k++)
		leaf[k] = (uint8_t)(i >> (k % 4 * 8));
	return naive_leaf(leaf, 4 + i % 40);
}

static struct hash32 mth_of_leaves(uint64_t from, uint64_t n)
{
	uint64_t k;

	if (n == 1)
		return test_leaf(from);
	k = naive_k(n);
	return naive_node(mth_of_leaves(from, k), mth_of_leaves(from + k, n - k));
}

static struct hash32 memory[SIZE_MAX_ALL][SIZE_MAX_ALL + 1];
static bool known[SIZE_MAX_ALL][SIZE_MAX_ALL + 1];

static struct hash32 mth_remembered(uint64_t from, uint64_t n)
{
	if (!known[from][n]) {
		uint64_t k = n > 1 ? naive_k(n) : 0;
		memory[from][n] =
		    n == 1 ? test_leaf(from)
			   : naive_node(mth_remembered(from, k), mth_remembered(from + k, n - k));
		known[from][n] = true;
	}
	return memory[from][n];
}

/* What the code under test reads: only complete subtrees within the size it was told. */
struct reader {
	naive_mth_fn *mth;
	uint64_t size;
	unsigned calls, fail_at; /* fail_at 0: never */
};

static enum err reader_read(void *ctx, unsigned level, uint64_t index, struct hash32 *ret)
{
	struct reader *r = ctx;

	if (++r->calls == r->fail_at)
		return ERR_STORE;
	assert_true(level < 64);
	assert_true(r->size >> level > index);
	*ret = r->mth(index << level, (uint64_t)1 << level);
	return ERR_OK;
}

static void assert_hash(const struct hash32 *got, struct hash32 want)
{
	assert_memory_equal(got->b, want.b, HASH_BYTES);
}

static void assert_proof(const struct hash32 *path, unsigned n, const struct naive_proof *want)
{
	assert_int_equal(n, want->n);
	assert_memory_equal(path, want->hash, n * sizeof *path);
}

/* A proof under test: of a leaf, or of two sizes. */
struct claim {
	uint64_t a, size; /* leaf index or old size; (new) size */
	struct hash32 small, root;
	struct hash32 path[MERKLE_PROOF_MAX + 2];
	unsigned n;
	bool is_inclusion;
};

static bool claim_verify(const struct claim *c)
{
	if (c->is_inclusion)
		return merkle_inclusion_verify(c->a, c->size, &c->small, c->path, c->n, &c->root);
	return merkle_consistency_verify(c->a, c->size, &c->small, &c->root, c->path, c->n);
}

/* Flip each `step`-th bit of each part, from a bit that varies, then shorten and lengthen the
 * proof. */
static void assert_changes_refused(const struct claim *good, unsigned step)
{
	struct claim c = *good;

	assert_true(claim_verify(&c));
	for (unsigned bit = (unsigned)(c.a * 7 + c.size) % step; bit < 256; bit += step) {
		uint8_t mask = (uint8_t)(1u << bit % 8);
		c.small.b[bit / 8] ^= mask;
		assert_false(claim_verify(&c));
		c.small.b[bit / 8] ^= mask;
		c.root.b[bit / 8] ^= mask;
		assert_false(claim_verify(&c));
		c.root.b[bit / 8] ^= mask;
		for (unsigned i = 0; i < c.n; i++) {
			c.path[i].b[bit / 8] ^= mask;
			assert_false(claim_verify(&c));
			c.path[i].b[bit / 8] ^= mask;
		}
	}
	for (c.n = 0; c.n < good->n; c.n++) {
		assert_false(claim_verify(&c));
		c.path[c.n] = good->path[c.n];
	}
	for (c.n = 1; c.n < good->n; c.n++) {
		/* the same end, the first hashes missing */
		memcpy(c.path, good->path + good->n - c.n, c.n * sizeof c.path[0]);
		assert_false(claim_verify(&c));
	}
	c = *good;
	c.n++;
	c.path[good->n] = good->root;
	assert_false(claim_verify(&c));
	c.path[good->n] = good->n ? good->path[good->n - 1] : good->small;
	assert_false(claim_verify(&c));
	memmove(c.path + 1, good->path, good->n * sizeof c.path[0]);
	c.path[0] = good->small;
	assert_false(claim_verify(&c));
	c = *good;
	if (c.size < (uint64_t)1 << 63) {
		c.size *= 2; /* needs a longer proof */
		assert_false(claim_verify(&c));
	}
}

static void claim_inclusion(naive_mth_fn *mth, uint64_t index, uint64_t size, struct claim *ret)
{
	struct reader r = {mth, size, 0, 0};
	struct naive_proof want = {.n = 0};

	*ret = (struct claim){.a = index, .size = size, .is_inclusion = true};
	assert_ok(merkle_inclusion(index, size, reader_read, &r, ret->path, &ret->n));
	naive_path(mth, index, 0, size, &want);
	assert_proof(ret->path, ret->n, &want);
	ret->small = mth(index, 1);
	ret->root = mth(0, size);
	assert_true(claim_verify(ret));
}

static void claim_consistency(naive_mth_fn *mth, uint64_t old_size, uint64_t size,
			      struct claim *ret)
{
	struct reader r = {mth, size, 0, 0};
	struct naive_proof want = {.n = 0};

	*ret = (struct claim){.a = old_size, .size = size};
	assert_ok(merkle_consistency(old_size, size, reader_read, &r, ret->path, &ret->n));
	naive_subproof(mth, old_size, 0, size, true, &want);
	assert_proof(ret->path, ret->n, &want);
	ret->small = mth(0, old_size);
	ret->root = mth(0, size);
	assert_true(claim_verify(ret));
}

static void hashes_are_those_of_the_rfc(void **state)
{
	struct hash32 a = test_leaf(1), b = test_leaf(2), h;
	uint8_t leaf[100];

	memset(leaf, 7, sizeof leaf);
	for (size_t n = 0; n <= sizeof leaf; n++) {
		merkle_leaf(leaf, n, &h);
		assert_hash(&h, naive_leaf(leaf, n));
	}
	merkle_node(&a, &b, &h);
	assert_hash(&h, naive_node(a, b));
	h = a;
	merkle_node(&h, &b, &h);
	assert_hash(&h, naive_node(a, b));
	h = b;
	merkle_node(&a, &h, &h);
	assert_hash(&h, naive_node(a, b));
}

static void every_root_and_frontier(void **state)
{
	struct merkle_frontier f, read;
	struct hash32 root, empty;

	merkle_frontier_init(&f);
	crypto_hash_sha256(empty.b, NULL, 0);
	for (uint64_t size = 0; size <= SIZE_MAX_ALL; size++) {
		struct reader r = {mth_remembered, size, 0, 0};

		merkle_frontier_root(&f, &root);
		assert_hash(&root, size ? mth_remembered(0, size) : empty);
		assert_ok(merkle_frontier_read(size, reader_read, &r, &read));
		assert_true(f.size == size && read.size == size);
		for (unsigned k = 0; k < 64; k++)
			if (size >> k & 1)
				assert_hash(&read.peak[k], f.peak[k]);
		if (size < SIZE_MAX_ALL) {
			struct hash32 leaf = test_leaf(size);
			merkle_frontier_append(&f, &leaf);
			merkle_frontier_append(&read, &leaf);
			merkle_frontier_root(&read, &root);
			assert_hash(&root, mth_remembered(0, size + 1));
		}
	}
}

static void every_inclusion(void **state)
{
	struct claim c;

	for (uint64_t size = 1; size <= SIZE_MAX_ALL; size++) {
		for (uint64_t index = 0; index < size; index++) {
			claim_inclusion(mth_remembered, index, size, &c);
			assert_changes_refused(&c, size <= 12 ? 1 : 256);
			for (c.a = size <= 48 || index < 2 ? 0 : index - 2;
			     c.a <= size && (size <= 48 || c.a < index + 3); c.a++)
				assert_int_equal(claim_verify(&c), c.a == index);
		}
	}
}

static void every_consistency(void **state)
{
	struct claim c;

	for (uint64_t size = 1; size <= SIZE_MAX_ALL; size++) {
		for (uint64_t old_size = 1; old_size <= size; old_size++) {
			claim_consistency(mth_remembered, old_size, size, &c);
			if (old_size == size)
				assert_int_equal(c.n, 0);
			assert_changes_refused(&c, size <= 12 ? 1 : 256);
			/* another history of the same length */
			c.small = mth_remembered(size - old_size, old_size);
			assert_int_equal(claim_verify(&c), old_size == size);
		}
	}
}

static void random_larger_trees(void **state)
{
	uint64_t seed = SEED;
	struct claim c;

	for (unsigned i = 0; i < 30; i++) {
		uint64_t size = SIZE_MAX_ALL + random_next(&seed) % (SIZE_MAX_SOME - SIZE_MAX_ALL);
		claim_inclusion(mth_of_leaves, random_next(&seed) % size, size, &c);
		assert_changes_refused(&c, 37);
		claim_consistency(mth_of_leaves, 1 + random_next(&seed) % size, size, &c);
		assert_changes_refused(&c, 37);
	}
}

/* All leaves alike, so a complete subtree is known by its level, and a tree of 2^64 - 1 leaves can
 * be had. */
static struct hash32 mth_of_equals(uint64_t from, uint64_t n)
{
	static struct hash32 level[64];
	static unsigned known_n;
	unsigned at = (unsigned)__builtin_ctzll(n);

	for (; known_n < 64; known_n++)
		level[known_n] = known_n ? naive_node(level[known_n - 1], level[known_n - 1])
					 : naive_leaf("x", 1);
	if ((n & (n - 1)) == 0)
		return level[at];
	return naive_node(mth_of_equals(from, naive_k(n)),
			  mth_of_equals(from + naive_k(n), n - naive_k(n)));
}

/* Not a tree, but each subtree has a hash of its own: shows that the right ones are asked for. */
static struct hash32 mth_by_place(uint64_t from, uint64_t n)
{
	if ((n & (n - 1)) == 0)
		return naive_sha256(0x02, &from, sizeof from, &n, sizeof n);
	return naive_node(mth_by_place(from, naive_k(n)),
			  mth_by_place(from + naive_k(n), n - naive_k(n)));
}

static void proofs_by_place(uint64_t a, uint64_t size)
{
	struct reader r = {mth_by_place, size, 0, 0};
	struct naive_proof want = {.n = 0};
	struct hash32 path[MERKLE_PROOF_MAX];
	unsigned n;

	assert_ok(merkle_inclusion(a, size, reader_read, &r, path, &n));
	naive_path(mth_by_place, a, 0, size, &want);
	assert_proof(path, n, &want);
	want.n = 0;
	assert_ok(merkle_consistency(a + 1, size, reader_read, &r, path, &n));
	naive_subproof(mth_by_place, a + 1, 0, size, true, &want);
	assert_proof(path, n, &want);
}

static void sizes_up_to_64_bits(void **state)
{
	uint64_t seed = SEED, one = 1;
	struct merkle_frontier f;
	struct hash32 root;
	struct claim c;

	for (unsigned i = 0; i < 200; i++) {
		uint64_t top = one << (i % 64), size = top, a;
		if (i >= 64)
			size += i < 128 ? top - 1 : random_next(&seed) % top;
		struct reader r = {mth_of_equals, size, 0, 0};
		a = i % 3 == 0 ? size - 1 : random_next(&seed) % size;
		proofs_by_place(a, size);
		proofs_by_place(0, size);
		claim_inclusion(mth_of_equals, a, size, &c);
		assert_changes_refused(&c, 61);
		claim_consistency(mth_of_equals, a + 1, size, &c);
		assert_ok(merkle_frontier_read(size, reader_read, &r, &f));
		merkle_frontier_root(&f, &root);
		assert_hash(&root, mth_of_equals(0, size));
	}
}

static void what_cannot_be_proved(void **state)
{
	struct reader r = {mth_remembered, 7, 0, 0};
	struct hash32 path[MERKLE_PROOF_MAX], leaf = test_leaf(0);
	unsigned n = 77;

	assert_err(merkle_inclusion(7, 7, reader_read, &r, path, &n), ERR_BAD_INPUT);
	assert_err(merkle_inclusion(0, 0, reader_read, &r, path, &n), ERR_BAD_INPUT);
	assert_err(merkle_consistency(0, 7, reader_read, &r, path, &n), ERR_BAD_INPUT);
	assert_err(merkle_consistency(0, 0, reader_read, &r, path, &n), ERR_BAD_INPUT);
	assert_err(merkle_consistency(8, 7, reader_read, &r, path, &n), ERR_BAD_INPUT);
	assert_int_equal(n, 77);
	assert_int_equal(r.calls, 0);
	assert_false(merkle_inclusion_verify(0, 0, &leaf, path, 0, &leaf));
	assert_false(merkle_consistency_verify(0, 0, &leaf, &leaf, path, 0));
	assert_false(merkle_consistency_verify(0, 1, &leaf, &leaf, path, 0));
	assert_false(merkle_consistency_verify(2, 1, &leaf, &leaf, path, 0));
}

static void errors_of_the_reader_are_handed_on(void **state)
{
	struct hash32 path[MERKLE_PROOF_MAX], before[MERKLE_PROOF_MAX];
	struct merkle_frontier f, f_before;
	unsigned n = 77, fail_at = 1;
	enum err e;

	memset(before, 0xA5, sizeof before);
	memset(&f_before, 0xA5, sizeof f_before);
	for (;; fail_at++) {
		struct reader i = {mth_remembered, 103, 0, fail_at}, c = i, t = i;

		memcpy(path, before, sizeof path);
		f = f_before;
		e = merkle_inclusion(2, 103, reader_read, &i, path, &n);
		if (e == ERR_OK)
			break;
		assert_err(e, ERR_STORE);
		if (fail_at <= 9) /* leaves 88-89, 90-91, 92-95, 80-87, 64-79, 96-102 in 3, 0-63 */
			assert_err(merkle_consistency(90, 103, reader_read, &c, path, &n),
				   ERR_STORE);
		if (fail_at <= 5) /* 103 has five bits */
			assert_err(merkle_frontier_read(103, reader_read, &t, &f), ERR_STORE);
		assert_memory_equal(path, before, sizeof path);
		assert_memory_equal(&f, &f_before, sizeof f);
		assert_int_equal(n, 77);
	}
	/* six complete siblings, and the last seven-leaf one of 64 to 102 from its four complete
	 * parts */
	assert_int_equal(fail_at, 6 + 4 + 1);
}

static struct hash32 hash_of_hex(const char *hex)
{
	struct hash32 h;

	assert_true(hex_decode(str_of(hex), h.b, HASH_BYTES));
	return h;
}

/* Leaves, roots and proofs of the test data of the certificate-transparency reference
 * implementation */
static const char *const ct_leaves[] = {"",
					"00",
					"10",
					"2021",
					"3031",
					"40414243",
					"5051525354555657",
					"606162636465666768696a6b6c6d6e6f"};
static const char *const ct_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
static const struct {
	bool is_inclusion;
	unsigned a, size, n;
	const char *path[3];
} ct_proofs[] = {
    {true,
     0,
     8,
     3,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {true,
     5,
     8,
     3,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {false, 1, 1, 0, {NULL}},
    {false,
     1,
     8,
     3,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {false,
     6,
     8,
     3,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {false,
     2,
     5,
     2,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};

static struct hash32 ct_leaf_hash(uint64_t i)
{
	uint8_t bytes[16];
	size_t n = strlen(ct_leaves[i]) / 2;
	struct hash32 h;

	assert_true(hex_decode(str_of(ct_leaves[i]), bytes, n));
	merkle_leaf(bytes, n, &h);
	return h;
}

static struct hash32 ct_mth(uint64_t from, uint64_t n)
{
	if (n == 1)
		return ct_leaf_hash(from);
	return naive_node(ct_mth(from, naive_k(n)), ct_mth(from + naive_k(n), n - naive_k(n)));
}

static void public_vectors(void **state)
{
	struct merkle_frontier f;
	struct hash32 h;

	merkle_frontier_init(&f);
	for (unsigned i = 0; i <= 8; i++) {
		merkle_frontier_root(&f, &h);
		assert_hash(&h, hash_of_hex(ct_roots[i]));
		h = ct_leaf_hash(i % 8);
		merkle_frontier_append(&f, &h);
	}
	for (size_t i = 0; i < sizeof ct_proofs / sizeof ct_proofs[0]; i++) {
		struct claim c = {.is_inclusion = ct_proofs[i].is_inclusion};

		if (c.is_inclusion)
			claim_inclusion(ct_mth, ct_proofs[i].a, ct_proofs[i].size, &c);
		else
			claim_consistency(ct_mth, ct_proofs[i].a, ct_proofs[i].size, &c);
		assert_int_equal(c.n, ct_proofs[i].n);
		for (unsigned k = 0; k < c.n; k++)
			assert_hash(&c.path[k], hash_of_hex(ct_proofs[i].path[k]));
		assert_changes_refused(&c, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hashes_are_those_of_the_rfc),
	    cmocka_unit_test(every_root_and_frontier),
	    cmocka_unit_test(every_inclusion),
	    cmocka_unit_test(every_consistency),
	    cmocka_unit_test(random_larger_trees),
	    cmocka_unit_test(sizes_up_to_64_bits),
	    cmocka_unit_test(what_cannot_be_proved),
	    cmocka_unit_test(errors_of_the_reader_are_handed_on),
	    cmocka_unit_test(public_vectors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
