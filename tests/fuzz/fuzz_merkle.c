/* Merkle proofs: of the tree and the proof that the input names, the proof is the one of RFC 6962
 * and verifies; with any of the changes that the input goes on to make it does not. */
#include "fuzz.h"

#include "base/merkle.h"

#include "naive_merkle.h"

#define SIZE_MAX_FUZZ 80u
#define CHANGES_MAX 8u

/* The index makes leaves different, so no proof serves for two of them. */
static struct hash32 mth(uint64_t from, uint64_t n)
{
	uint64_t k;

	if (n == 1)
		return naive_leaf(&from, sizeof from);
	k = naive_k(n);
	return naive_node(mth(from, k), mth(from + k, n - k));
}

static enum err hash_read(void *ctx, unsigned level, uint64_t index, struct hash32 *ret)
{
	uint64_t size = *(const uint64_t *)ctx;

	PROPERTY(size >> level > index);
	*ret = mth(index << level, (uint64_t)1 << level);
	return ERR_OK;
}

struct claim {
	bool is_inclusion;
	uint64_t a, size; /* leaf index or old size */
	struct hash32 small, root;
	struct hash32 path[MERKLE_PROOF_MAX];
	unsigned n;
};

static bool claim_verify(const struct claim *c)
{
	if (c->is_inclusion)
		return merkle_inclusion_verify(c->a, c->size, &c->small, c->path, c->n, &c->root);
	return merkle_consistency_verify(c->a, c->size, &c->small, &c->root, c->path, c->n);
}

static void claim_make(struct fuzz_reader *r, struct claim *c)
{
	struct naive_proof want = {.n = 0};

	memset(c, 0, sizeof *c);
	c->is_inclusion = fuzz_u8(r) & 1;
	c->size = 1 + fuzz_u8(r) % SIZE_MAX_FUZZ;
	c->a = fuzz_u8(r) % c->size;
	c->root = mth(0, c->size);
	if (c->is_inclusion) {
		c->small = mth(c->a, 1);
		naive_path(mth, c->a, 0, c->size, &want);
		PROPERTY(merkle_inclusion(c->a, c->size, hash_read, &c->size, c->path, &c->n) ==
			 ERR_OK);
	} else {
		c->a++;
		c->small = mth(0, c->a);
		naive_subproof(mth, c->a, 0, c->size, true, &want);
		PROPERTY(merkle_consistency(c->a, c->size, hash_read, &c->size, c->path, &c->n) ==
			 ERR_OK);
	}
	PROPERTY(c->n == want.n && memcmp(c->path, want.hash, c->n * sizeof c->path[0]) == 0);
	PROPERTY(claim_verify(c));
}

static void flip(struct fuzz_reader *r, struct hash32 *h)
{
	uint8_t at = fuzz_u8(r) % HASH_BYTES;

	h->b[at] ^= fuzz_u8(r);
}

static void change_path(struct fuzz_reader *r, struct claim *c, uint8_t what)
{
	unsigned i = fuzz_u8(r) % (c->n + 1);
	struct hash32 h;

	switch (what) {
	case 0: /* insert a hash that is about */
		if (c->n == MERKLE_PROOF_MAX)
			return;
		h = i & 1 ? c->root : i & 2 ? c->small : c->path[i];
		memmove(&c->path[i + 1], &c->path[i], (c->n - i) * sizeof h);
		c->path[i] = h;
		c->n++;
		return;
	case 1: /* leave one out */
		if (i == c->n)
			return;
		memmove(&c->path[i], &c->path[i + 1], (c->n - i - 1) * sizeof h);
		c->n--;
		return;
	case 2: /* exchange two */
		if (i + 1 >= c->n)
			return;
		h = c->path[i];
		c->path[i] = c->path[i + 1];
		c->path[i + 1] = h;
		return;
	default: /* flip bits */
		if (i < c->n)
			flip(r, &c->path[i]);
		return;
	}
}

/* Another root alone. Not kept: a changed root can be right for the other changes, as for equal
 * sizes. */
static void check_root(struct fuzz_reader *r, const struct claim *good)
{
	struct claim c = *good;

	flip(r, &c.root);
	PROPERTY(claim_verify(&c) == hash_eq(&c.root, &good->root));
}

static void change(struct fuzz_reader *r, const struct claim *good, struct claim *c)
{
	uint8_t what = fuzz_u8(r) % 8;

	if (what == 7)
		c->a = fuzz_number(r);
	else if (what == 6)
		flip(r, &c->small);
	else if (what == 5)
		check_root(r, good);
	else
		change_path(r, c, what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz_reader r = {data, n};
	struct claim good, c;
	bool same;

	claim_make(&r, &good);
	c = good;
	for (unsigned i = 0; i < CHANGES_MAX && r.n > 0; i++) {
		change(&r, &good, &c);
		same = c.a == good.a && hash_eq(&c.small, &good.small) &&
		       hash_eq(&c.root, &good.root) && c.n == good.n &&
		       memcmp(c.path, good.path, c.n * sizeof c.path[0]) == 0;
		PROPERTY(claim_verify(&c) == same);
	}
	return 0;
}
