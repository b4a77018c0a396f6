/* gzip by zlib. */
#include "pack.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#define WINDOW_BITS_GZIP (15 + 16)
#define MEMORY_LEVEL 8

struct pack {
	z_stream z;
};

struct pack *pack_new(void)
{
	struct pack *p = calloc(1, sizeof *p);

	if (p && deflateInit2(&p->z, PACK_LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, MEMORY_LEVEL,
			      Z_DEFAULT_STRATEGY) == Z_OK)
		return p;
	free(p);
	return NULL;
}

struct pack *pack_free(struct pack *p)
{
	if (p)
		deflateEnd(&p->z);
	free(p);
	return NULL;
}

char *pack_bytes(struct pack *p, const char *bytes, size_t n, size_t *ret_n)
{
	char *out = p && n > 1 && n < INT_MAX ? malloc(n) : NULL;

	if (!out)
		return NULL;
	if (deflateReset(&p->z) == Z_OK) {
		p->z.next_in = (z_const Bytef *)(uintptr_t)bytes;
		p->z.avail_in = (uInt)n;
		p->z.next_out = (Bytef *)out;
		p->z.avail_out = (uInt)n - 1;
		if (deflate(&p->z, Z_FINISH) == Z_STREAM_END) {
			*ret_n = p->z.total_out;
			return out;
		}
	}
	free(out);
	return NULL;
}
