/* The Merkle tree of RFC 6962 and RFC 9162. Both proofs are the siblings met on the way from one
 * complete subtree up to the root, so one loop makes them. Node numbers: level 0 is the leaves,
 * node i of level k covers leaves [i << k, (i + 1) << k), cut off at the size of the tree. Depends
 * on hash.h. */
#include "base/merkle.h"

#include "base/check.h"

void merkle_leaf(const void *leaf, size_t n, struct hash32 *ret)
{
	static const uint8_t prefix[1] = {0x00};
	const struct bytes pieces[] = {{prefix, sizeof prefix}, {leaf, n}};

	hash_concat(pieces, 2, ret);
}

void merkle_node(const struct hash32 *left, const struct hash32 *right, struct hash32 *ret)
{
	uint8_t node[1 + 2 * HASH_BYTES];

	node[0] = 0x01;
	memcpy(node + 1, left->b, HASH_BYTES);
	memcpy(node + 1 + HASH_BYTES, right->b, HASH_BYTES);
	hash_sha256(node, sizeof node, ret);
}

void merkle_frontier_init(struct merkle_frontier *f)
{
	memset(f, 0, sizeof *f);
}

void merkle_frontier_append(struct merkle_frontier *f, const struct hash32 *leaf_hash)
{
	struct hash32 h = *leaf_hash;
	unsigned k = 0;

	CHECK(f->size < UINT64_MAX);
	for (; f->size >> k & 1; k++)
		merkle_node(&f->peak[k], &h, &h);
	f->peak[k] = h;
	f->size++;
}

void merkle_frontier_root(const struct merkle_frontier *f, struct hash32 *ret)
{
	struct hash32 h;
	bool any = false;

	if (f->size == 0) {
		hash_sha256("", 0, ret);
		return;
	}
	for (unsigned k = 0; k < MERKLE_LEVELS_MAX; k++) {
		if (!(f->size >> k & 1))
			continue;
		if (any)
			merkle_node(&f->peak[k], &h, &h);
		else
			h = f->peak[k];
		any = true;
	}
	*ret = h;
}

enum err merkle_frontier_read(uint64_t size, merkle_read_fn *read, void *ctx,
			      struct merkle_frontier *ret)
{
	struct merkle_frontier f;

	merkle_frontier_init(&f);
	f.size = size;
	for (unsigned k = 0; k < MERKLE_LEVELS_MAX; k++)
		if (size >> k & 1)
			TRY(read(ctx, k, (size >> k) - 1, &f.peak[k]));
	*ret = f;
	return ERR_OK;
}

/* Root over the last `count` leaves of a tree of `size`, where they are what one node covers: its
 * complete subtrees stand at the bits of count, the largest on the left. */
static enum err last_node(uint64_t size, uint64_t count, merkle_read_fn *read, void *ctx,
			  struct hash32 *ret)
{
	struct hash32 h, left;
	bool any = false;

	for (unsigned k = 0; k < MERKLE_LEVELS_MAX && count >> k; k++) {
		if (!(count >> k & 1))
			continue;
		TRY(read(ctx, k, (size >> k) - 1, &left));
		if (any)
			merkle_node(&left, &h, &h);
		else
			h = left;
		any = true;
	}
	*ret = h;
	return ERR_OK;
}

struct path {
	struct hash32 hash[MERKLE_PROOF_MAX];
	unsigned n;
};

/* Add the siblings from node (level, index) up to the root of the tree of `size` leaves. */
static enum err path_up(unsigned level, uint64_t index, uint64_t size, merkle_read_fn *read,
			void *ctx, struct path *p)
{
	uint64_t last = (size - 1) >> level; /* the rightmost node of this level, complete or not */

	for (; last > 0; level++, index >>= 1, last >>= 1) {
		uint64_t sibling = index ^ 1;

		if (sibling > last)
			continue; /* no sibling: the node is its own parent */
		CHECK(p->n < MERKLE_PROOF_MAX);
		if (sibling < last)
			TRY(read(ctx, level, sibling, &p->hash[p->n]));
		else
			TRY(last_node(size, size - (last << level), read, ctx, &p->hash[p->n]));
		p->n++;
	}
	return ERR_OK;
}

static void path_give(const struct path *p, struct hash32 *ret_path, unsigned *ret_n)
{
	memcpy(ret_path, p->hash, p->n * sizeof p->hash[0]);
	*ret_n = p->n;
}

enum err merkle_inclusion(uint64_t index, uint64_t size, merkle_read_fn *read, void *ctx,
			  struct hash32 ret_path[MERKLE_PROOF_MAX], unsigned *ret_n)
{
	struct path p;

	p.n = 0;
	if (index >= size)
		return ERR_BAD_INPUT;
	TRY(path_up(0, index, size, read, ctx, &p));
	path_give(&p, ret_path, ret_n);
	return ERR_OK;
}

enum err merkle_consistency(uint64_t old_size, uint64_t new_size, merkle_read_fn *read, void *ctx,
			    struct hash32 ret_path[MERKLE_PROOF_MAX], unsigned *ret_n)
{
	struct path p;
	unsigned level;
	uint64_t index;

	p.n = 0;
	if (old_size == 0 || old_size > new_size)
		return ERR_BAD_INPUT;
	if (old_size < new_size) {
		/* the last complete subtree of the old tree; its hash leads the proof, unless it is
		 * the old root */
		level = (unsigned)__builtin_ctzll(old_size);
		index = (old_size >> level) - 1;
		if (index > 0) {
			TRY(read(ctx, level, index, &p.hash[0]));
			p.n = 1;
		}
		TRY(path_up(level, index, new_size, read, ctx, &p));
	}
	path_give(&p, ret_path, ret_n);
	return ERR_OK;
}

bool merkle_inclusion_verify(uint64_t index, uint64_t size, const struct hash32 *leaf_hash,
			     const struct hash32 *path, unsigned n, const struct hash32 *root)
{
	uint64_t node = index, last = size - 1;
	struct hash32 h = *leaf_hash;

	if (index >= size)
		return false;
	for (unsigned i = 0; i < n; i++, node >>= 1, last >>= 1) {
		if (last == 0)
			return false;
		if (!(node & 1) && node != last) {
			merkle_node(&h, &path[i], &h);
			continue;
		}
		merkle_node(&path[i], &h, &h);
		for (; !(node & 1) && node > 0; node >>= 1) /* levels without a sibling */
			last >>= 1;
	}
	return last == 0 && hash_eq(&h, root);
}

bool merkle_consistency_verify(uint64_t old_size, uint64_t new_size, const struct hash32 *old_root,
			       const struct hash32 *new_root, const struct hash32 *path, unsigned n)
{
	unsigned level, i = 0;
	uint64_t node, last;
	struct hash32 old_h, new_h;

	if (old_size == 0 || old_size > new_size)
		return false;
	if (old_size == new_size)
		return n == 0 && hash_eq(old_root, new_root);
	if (n == 0)
		return false;
	level = (unsigned)__builtin_ctzll(old_size);
	node = (old_size >> level) - 1;
	last = (new_size - 1) >> level;
	old_h = new_h = node == 0 ? *old_root : path[i++];
	for (; i < n; i++, node >>= 1, last >>= 1) {
		if (last == 0)
			return false;
		if (!(node & 1) && node != last) {
			merkle_node(&new_h, &path[i], &new_h);
			continue;
		}
		merkle_node(&path[i], &old_h, &old_h);
		merkle_node(&path[i], &new_h, &new_h);
		for (; !(node & 1) && node > 0; node >>= 1)
			last >>= 1;
	}
	return last == 0 && hash_eq(&old_h, old_root) && hash_eq(&new_h, new_root);
}
