/* What every fuzz target includes: the entry point, a reader that makes values of the input's
 * bytes, and PROPERTY, which says what did not hold and stops. A reader that has run out gives
 * zeros, so every input means something. */
#ifndef LIREN_FUZZ_H
#define LIREN_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define PROPERTY(condition)                                                                        \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,          \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

struct fuzz_reader {
	const uint8_t *p;
	size_t n;
};

static inline uint8_t fuzz_u8(struct fuzz_reader *r)
{
	if (r->n == 0)
		return 0;
	r->n--;
	return *r->p++;
}

static inline uint64_t fuzz_uint(struct fuzz_reader *r, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | fuzz_u8(r);
	return v;
}

/* A number of any length in bits: a shift, then eight bytes. */
static inline uint64_t fuzz_number(struct fuzz_reader *r)
{
	unsigned shift = fuzz_u8(r) % 64;

	return fuzz_uint(r, 8) >> shift;
}

/* The next n bytes, or what is left of them. */
static inline struct str fuzz_str(struct fuzz_reader *r, size_t n)
{
	struct str s = {(const char *)r->p, n < r->n ? n : r->n};

	if (s.n > 0)
		r->p += s.n;
	r->n -= s.n;
	return s;
}

/* Memory of exactly n bytes, so that a sanitizer sees the first byte written beyond it. */
static inline void *fuzz_alloc(size_t n)
{
	void *p = malloc(n > 0 ? n : 1);

	PROPERTY(p != NULL);
	return p;
}

#endif
