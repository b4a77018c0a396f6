/* A view of bytes that somebody else owns: pointer and length, not NUL-terminated. Depends on
 * nothing. */
#ifndef LIREN_BASE_STR_H
#define LIREN_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

struct bytes {
	const uint8_t *p;
	size_t n;
};

/* A string literal as a view. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

static inline struct str str_of(const char *z)
{
	return (struct str){z, z ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline struct bytes str_bytes(struct str s)
{
	return (struct bytes){(const uint8_t *)s.p, s.n};
}

/* True when `s` is well-formed UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF). */
bool str_is_utf8(struct str s);

/* The character at *at, which moves behind it. `s` is well-formed UTF-8, and a character starts at
 * *at < s.n. */
uint32_t str_next_char(struct str s, size_t *at);

/* Read a decimal number without sign, leading zeros allowed only for "0" itself. False when `s` is
 * anything else or does not fit; *ret is then unchanged. */
bool str_to_u64(struct str s, uint64_t *ret);

#endif
