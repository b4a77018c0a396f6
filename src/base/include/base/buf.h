/* A buffer of fixed capacity over memory that the caller owns. Writing past the end sets `over`,
 * which stays set, and writes nothing more: one check at the end is enough. Depends on str.h. */
#ifndef LIREN_BASE_BUF_H
#define LIREN_BASE_BUF_H

#include "base/str.h"

struct buf {
	char *p;
	size_t n;
	size_t cap;
	bool over;
};

static inline struct buf buf_over(char *memory, size_t cap)
{
	return (struct buf){memory, 0, cap, false};
}

void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_put_char(struct buf *b, char c);
void buf_put_str(struct buf *b, struct str s);
void buf_put_z(struct buf *b, const char *z);
void buf_put_u64(struct buf *b, uint64_t v);  /* decimal */
void buf_put_i64(struct buf *b, int64_t v);   /* decimal */
void buf_put_hex(struct buf *b, const void *bytes, size_t n); /* lower case */
void buf_put_b64(struct buf *b, const void *bytes, size_t n); /* RFC 4648 section 4, padded */

/* A NUL after the content, not counted in n; for C interfaces. Sets `over` where there is no room
 * for it. */
const char *buf_z(struct buf *b);

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

/* Decode padded base64 (RFC 4648 section 4), strictly: no white space, no spare bits. Writes at
 * most cap bytes to `out`. False when the text is not such base64 or is too long; *ret_n changes
 * only on success. */
bool b64_decode(struct str text, uint8_t *out, size_t cap, size_t *ret_n);

/* Decode lower-case hex of exactly n bytes. */
bool hex_decode(struct str text, uint8_t *out, size_t n);

#endif
