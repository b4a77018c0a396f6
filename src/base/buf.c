/* Buffers of fixed capacity, and the two text forms of bytes. */
#include "base/buf.h"

#include <sodium.h>

void buf_put(struct buf *b, const void *bytes, size_t n)
{
	if (b->over || n > b->cap - b->n) {
		b->over = true;
		return;
	}
	if (n > 0)
		memcpy(b->p + b->n, bytes, n);
	b->n += n;
}

void buf_put_char(struct buf *b, char c)
{
	if (b->over || b->n == b->cap) {
		b->over = true;
		return;
	}
	b->p[b->n++] = c;
}

void buf_put_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void buf_put_z(struct buf *b, const char *z)
{
	buf_put(b, z, strlen(z));
}

void buf_put_u64(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_put(b, digits + at, sizeof digits - at);
}

void buf_put_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_put_char(b, '-');
	buf_put_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_put_hex(struct buf *b, const void *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = bytes;

	if (b->over || n > (b->cap - b->n) / 2) {
		b->over = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		b->p[b->n++] = hex[p[i] >> 4];
		b->p[b->n++] = hex[p[i] & 15];
	}
}

void buf_put_b64(struct buf *b, const void *bytes, size_t n)
{
	static const char b64[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *p = bytes;
	size_t need = n / 3 * 4 + (n % 3 ? 4 : 0);
	char *o = b->p + b->n;

	if (b->over || n > b->cap || need > b->cap - b->n) {
		b->over = true;
		return;
	}
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
			     (left > 2 ? p[i + 2] : 0u);
		*o++ = b64[v >> 18];
		*o++ = b64[v >> 12 & 63];
		*o++ = left > 1 ? b64[v >> 6 & 63] : '=';
		*o++ = left > 2 ? b64[v & 63] : '=';
	}
	b->n += need;
}

const char *buf_z(struct buf *b)
{
	if (b->over || b->n == b->cap) {
		b->over = true;
		return "";
	}
	b->p[b->n] = 0;
	return b->p;
}

bool b64_decode(struct str text, uint8_t *out, size_t cap, size_t *ret_n)
{
	size_t n = 0;

	/* libsodium refuses spare bits and misplaced padding; the length check, missing padding */
	if (text.n % 4 != 0)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((uint8_t)text.p[i] >= 0x80)
			return false;
	if (text.n == 0) {
		*ret_n = 0;
		return true;
	}
	if (sodium_base642bin(out, cap, text.p, text.n, NULL, &n, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	*ret_n = n;
	return true;
}

/* Digits and one more, 0: no digit. By a table, because which digit comes next no branch foresees.
 */
static const uint8_t hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};

bool hex_decode(struct str text, uint8_t *out, size_t n)
{
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned hi = hex_digits[(uint8_t)text.p[2 * i]];
		unsigned lo = hex_digits[(uint8_t)text.p[2 * i + 1]];
		if (hi == 0 || lo == 0)
			return false;
		out[i] = (uint8_t)((hi - 1) << 4 | (lo - 1));
	}
	return true;
}
