/* The definitions of RFC 6962, section 2.1, written down as they stand there: recursive and slow,
 * sharing no code with src/base/merkle.c. The tree is D[0:n]; where its hashes come from is the
 * caller's `mth`. */
#ifndef LIREN_NAIVE_MERKLE_H
#define LIREN_NAIVE_MERKLE_H

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"

/* MTH(D[from : from + n]), n > 0 */
typedef struct hash32 naive_mth_fn(uint64_t from, uint64_t n);

struct naive_proof {
	struct hash32 hash[130];
	unsigned n;
};

static inline struct hash32 naive_sha256(uint8_t prefix, const void *a, size_t a_n, const void *b,
					 size_t b_n)
{
	uint8_t text[1 + 256];
	struct hash32 h;

	text[0] = prefix;
	memcpy(text + 1, a, a_n);
	memcpy(text + 1 + a_n, b, b_n);
	crypto_hash_sha256(h.b, text, 1 + a_n + b_n);
	return h;
}

static inline struct hash32 naive_leaf(const void *leaf, size_t n)
{
	return naive_sha256(0x00, leaf, n, "", 0);
}

static inline struct hash32 naive_node(struct hash32 left, struct hash32 right)
{
	return naive_sha256(0x01, left.b, 32, right.b, 32);
}

/* "k be the largest power of two smaller than n", n > 1 */
static inline uint64_t naive_k(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

/* PATH(m, D[from : from + n]) */
static inline void naive_path(naive_mth_fn *mth, uint64_t m, uint64_t from, uint64_t n,
			      struct naive_proof *p)
{
	uint64_t k;

	if (n == 1)
		return;
	k = naive_k(n);
	if (m < k) {
		naive_path(mth, m, from, k, p);
		p->hash[p->n++] = mth(from + k, n - k);
	} else {
		naive_path(mth, m - k, from + k, n - k, p);
		p->hash[p->n++] = mth(from, k);
	}
}

/* SUBPROOF(m, D[from : from + n], b); PROOF(m, D[n]) is that with b = true */
static inline void naive_subproof(naive_mth_fn *mth, uint64_t m, uint64_t from, uint64_t n, bool b,
				  struct naive_proof *p)
{
	uint64_t k;

	if (m == n) {
		if (!b)
			p->hash[p->n++] = mth(from, n);
		return;
	}
	k = naive_k(n);
	if (m <= k) {
		naive_subproof(mth, m, from, k, b, p);
		p->hash[p->n++] = mth(from + k, n - k);
	} else {
		naive_subproof(mth, m - k, from + k, n - k, false, p);
		p->hash[p->n++] = mth(from, k);
	}
}

#endif
