/* Buffers of fixed capacity, and the two text forms of bytes. */
#include "base/buf.h"


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

/* Digits and one more, 0: no digit. By a table, because libsodium's way, which a clock can tell
 * nothing of, takes eight times as long, and what comes here as text was sent or is stored. */
static const uint8_t b64_digits[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
    ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15,
    ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
    ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29,
    ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43,
    ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
    ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
    ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64};

/* Four digits; 0x1000000 or more where one is none. */
static uint32_t b64_four(const char *p)
{
	uint32_t v = 0, good = 1;

	for (unsigned i = 0; i < 4; i++) {
		uint32_t digit = b64_digits[(uint8_t)p[i]];
		good &= digit != 0;
		v = v << 6 | ((digit - 1) & 63);
	}
	return good ? v : UINT32_MAX;
}

bool b64_decode(struct str text, uint8_t *out, size_t cap, size_t *ret_n)
{
	size_t pad = 0, n, last = text.n;
	uint32_t v;

	if (text.n % 4 != 0)
		return false;
	if (text.n > 0 && text.p[text.n - 1] == '=')
		pad = text.p[text.n - 2] == '=' ? 2 : 1;
	n = text.n / 4 * 3 - pad;
	if (n > cap)
		return false;
	if (pad > 0)
		last -= 4;
	for (size_t i = 0; i < last; i += 4, out += 3) {
		v = b64_four(text.p + i);
		if (v > 0xffffff)
			return false;
		out[0] = (uint8_t)(v >> 16);
		out[1] = (uint8_t)(v >> 8);
		out[2] = (uint8_t)v;
	}
	if (pad > 0) {
		char third = pad == 2 ? 'A' : text.p[last + 2];
		char four[4] = {text.p[last], text.p[last + 1], third, 'A'};
		v = b64_four(four);
		/* spare bits that are set would be a second spelling */
		if (v > 0xffffff || (v & (pad == 2 ? 0xffff : 0xff)) != 0)
			return false;
		out[0] = (uint8_t)(v >> 16);
		if (pad == 1)
			out[1] = (uint8_t)(v >> 8);
	}
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
