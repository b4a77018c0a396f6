/* The Merkle tree of RFC 6962 section 2 (RFC 9162 section 2.1): leaf and node hashes, the frontier
 * to append to, inclusion and consistency proofs and their verification. Hashes of subtrees are
 * read through a callback, so the store decides where they live. Pure; append O(1) amortised, root
 * and proofs O(log n). */
#ifndef LIREN_BASE_MERKLE_H
#define LIREN_BASE_MERKLE_H

#include "base/err.h"
#include "base/hash.h"

#define MERKLE_LEVELS_MAX 64u
#define MERKLE_PROOF_MAX 128u /* hashes in the longest proof of either kind */

/* Roots of the complete subtrees of a tree of `size` leaves: peak[k] covers 2^k leaves, valid where
 * bit k of size is set. */
struct merkle_frontier {
	uint64_t size;
	struct hash32 peak[MERKLE_LEVELS_MAX];
};

/* SHA-256(0x00 || leaf) */
void merkle_leaf(const void *leaf, size_t n, struct hash32 *ret);

/* SHA-256(0x01 || left || right). `ret` may be either of them. */
void merkle_node(const struct hash32 *left, const struct hash32 *right, struct hash32 *ret);

void merkle_frontier_init(struct merkle_frontier *f);
void merkle_frontier_append(struct merkle_frontier *f, const struct hash32 *leaf_hash);
/* Of size 0: SHA-256(""). */
void merkle_frontier_root(const struct merkle_frontier *f, struct hash32 *ret);

/* Read the hash of the complete subtree over leaves [index << level, (index + 1) << level). It is
 * asked only for subtrees that are complete in the tree of the size given; its error ends the call
 * and is handed on. */
typedef enum err merkle_read_fn(void *ctx, unsigned level, uint64_t index, struct hash32 *ret);

/* The frontier of the first `size` leaves. */
enum err merkle_frontier_read(uint64_t size, merkle_read_fn *read, void *ctx,
			      struct merkle_frontier *ret) MUST_CHECK;

/* Path of leaf `index` in the tree of `size` leaves, from leaf to root; needs index < size (else
 * ERR_BAD_INPUT). Writes at most MERKLE_PROOF_MAX hashes. */
enum err merkle_inclusion(uint64_t index, uint64_t size, merkle_read_fn *read, void *ctx,
			  struct hash32 ret_path[MERKLE_PROOF_MAX], unsigned *ret_n) MUST_CHECK;

/* Consistency proof between trees of old_size and new_size leaves, 0 < old_size <= new_size (else
 * ERR_BAD_INPUT). Equal sizes give an empty proof. */
enum err merkle_consistency(uint64_t old_size, uint64_t new_size, merkle_read_fn *read, void *ctx,
			    struct hash32 ret_path[MERKLE_PROOF_MAX], unsigned *ret_n) MUST_CHECK;

/* Verification as RFC 9162 sections 2.1.3.2 and 2.1.4.2. Equal sizes need an empty proof and equal
 * roots; an old size of 0 proves nothing and is false. */
bool merkle_inclusion_verify(uint64_t index, uint64_t size, const struct hash32 *leaf_hash,
			     const struct hash32 *path, unsigned n, const struct hash32 *root);
bool merkle_consistency_verify(uint64_t old_size, uint64_t new_size, const struct hash32 *old_root,
			       const struct hash32 *new_root, const struct hash32 *path,
			       unsigned n);

#endif
