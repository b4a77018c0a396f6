/* Random bytes as an interface: the shell gives the kernel's, a test gives a seeded stream. `fill`
 * cannot fail: a program without randomness must not go on. Depends on nothing. */
#ifndef LIREN_BASE_ENTROPY_H
#define LIREN_BASE_ENTROPY_H

#include <stddef.h>

struct entropy {
	void (*fill)(void *ctx, void *out, size_t n);
	void *ctx;
};

static inline void entropy_fill(const struct entropy *e, void *out, size_t n)
{
	e->fill(e->ctx, out, n);
}

#endif
