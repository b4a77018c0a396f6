/* JSON as text, compact, in the order in which it was put: what json_dumps writes, but not by a
 * call for each character that needs an escape: an answer holds an entry as a string, where every
 * fourth is one. One pass; memory that is given back is wiped. */
#include "routes.h"

#include "base/check.h"

#include <endian.h>
#include <stdlib.h>

#define FIRST_BYTES 2048u /* most responses */
#define REAL_BYTES_MAX 32u
#define PIECE 256u /* bytes of a string that room is made for at a time */

struct text {
	char *p; /* NULL: memory ran out */
	size_t n, cap;
};

/* Room for n bytes more and a NUL. Not realloc, which leaves a copy behind. */
static bool has_room(struct text *t, size_t n)
{
	size_t cap = t->cap;
	char *grown;

	if (!t->p || n < t->cap - t->n)
		return t->p;
	while (cap - t->n <= n)
		cap *= 2;
	grown = malloc(cap);
	if (grown)
		memcpy(grown, t->p, t->n);
	seal_wipe(t->p, t->n);
	free(t->p);
	t->p = grown;
	t->cap = cap;
	return grown;
}

static void put(struct text *t, const char *p, size_t n)
{
	if (n == 0 || !has_room(t, n))
		return;
	memcpy(t->p + t->n, p, n);
	t->n += n;
}

/* A top bit for each of eight bytes that needs an escape (RFC 8259, section 7: a quote, a
 * backslash, what is below a space), the first byte's the lowest; exact up to the lowest that is
 * set, which is the one that counts. */
static uint64_t need_escape(const char *eight)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t x, quote, backslash;

	memcpy(&x, eight, 8);
	x = le64toh(x);
	quote = x ^ ones * '"';
	backslash = x ^ ones * '\\';
	return (((x - ones * ' ') & ~x) | ((quote - ones) & ~quote) |
		((backslash - ones) & ~backslash)) &
	       ones << 7;
}

static char *put_escape(char *to, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";

	*to++ = '\\';
	switch (c) {
	case '\b':
		*to++ = 'b';
		break;
	case '\f':
		*to++ = 'f';
		break;
	case '\n':
		*to++ = 'n';
		break;
	case '\r':
		*to++ = 'r';
		break;
	case '\t':
		*to++ = 't';
		break;
	case '"':
	case '\\':
		*to++ = (char)c;
		break;
	default:
		memcpy(to, "u00", 3);
		to[3] = hex[c >> 4];
		to[4] = hex[c & 15];
		to += 5;
	}
	return to;
}

/* Up to PIECE bytes; room is made for all of them being escapes. */
static void put_piece(struct text *t, const char *p, size_t n)
{
	char *to, eight[8] = {0};

	if (!has_room(t, 6 * n + sizeof eight))
		return;
	to = t->p + t->n;
	while (n > 0) {
		size_t here = n < 8 ? n : 8, plain;
		uint64_t needed;
		memcpy(eight, p, here);
		memcpy(to, eight, 8);
		needed = need_escape(eight);
		plain = needed ? (size_t)__builtin_ctzll(needed) / 8 : 8;
		if (plain > here)
			plain = here;
		to += plain;
		p += plain;
		n -= plain;
		if (plain < here) {
			to = put_escape(to, (unsigned char)*p++);
			n--;
		}
	}
	t->n = (size_t)(to - t->p);
}

static void put_string(struct text *t, const char *p, size_t n)
{
	put(t, "\"", 1);
	for (; n > PIECE; p += PIECE, n -= PIECE)
		put_piece(t, p, PIECE);
	put_piece(t, p, n);
	put(t, "\"", 1);
}

static void put_value(struct text *t, const json_t *json);

/* Jansson reads an object by an iterator that it does not call const. */
static void put_object(struct text *t, const json_t *json)
{
	json_t *object = (json_t *)(uintptr_t)json;
	bool is_first = true;

	put(t, "{", 1);
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		const char *key = json_object_iter_key(at);
		put(t, ",", !is_first);
		is_first = false;
		put_string(t, key, strlen(key));
		put(t, ":", 1);
		put_value(t, json_object_iter_value(at));
	}
	put(t, "}", 1);
}

static void put_array(struct text *t, const json_t *json)
{
	put(t, "[", 1);
	for (size_t i = 0; i < json_array_size(json); i++) {
		put(t, ",", i > 0);
		put_value(t, json_array_get(json, i));
	}
	put(t, "]", 1);
}

static void put_integer(struct text *t, json_int_t v)
{
	char digits[24];
	struct buf b = buf_over(digits, sizeof digits);

	buf_put_i64(&b, v);
	put(t, b.p, b.n);
}

static void put_real(struct text *t, const json_t *json)
{
	char digits[REAL_BYTES_MAX];
	/* seven decimals of a degree have at most ten digits */
	size_t n = json_dumpb(json, digits, sizeof digits,
			      JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));

	CHECK(n > 0 && n <= sizeof digits);
	put(t, digits, n);
}

/* As deep as our own answers are: a few levels. */
static void put_value(struct text *t, const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		put_object(t, json);
		break;
	case JSON_ARRAY:
		put_array(t, json);
		break;
	case JSON_STRING:
		put_string(t, json_string_value(json), json_string_length(json));
		break;
	case JSON_INTEGER:
		put_integer(t, json_integer_value(json));
		break;
	case JSON_REAL:
		put_real(t, json);
		break;
	case JSON_TRUE:
		put(t, "true", 4);
		break;
	case JSON_FALSE:
		put(t, "false", 5);
		break;
	case JSON_NULL:
		put(t, "null", 4);
		break;
	}
}

char *json_text(const json_t *json, size_t *ret_n)
{
	struct text t = {json ? malloc(FIRST_BYTES) : NULL, 0, FIRST_BYTES};

	if (!t.p)
		return NULL;
	put_value(&t, json);
	if (!t.p)
		return NULL;
	t.p[t.n] = 0;
	*ret_n = t.n;
	return t.p;
}
