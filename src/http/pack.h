/* Answers packed with gzip (RFC 1952): one stream that is used again for each. Depends on zlib. */
#ifndef LIREN_HTTP_PACK_H
#define LIREN_HTTP_PACK_H

#include <stddef.h>

#define PACK_LEVEL 1 /* of 9: five times as fast as 6, and a tenth larger */

struct pack;

/* NULL where memory ran out. */
struct pack *pack_new(void);
struct pack *pack_free(struct pack *p);

/* In malloc'd memory; NULL where that is not smaller, or memory ran out, or p is NULL. */
char *pack_bytes(struct pack *p, const char *bytes, size_t n, size_t *ret_n);

#endif
