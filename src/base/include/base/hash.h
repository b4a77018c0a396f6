/* SHA-256 (FIPS 180-4), the commitment of an entry, and SipHash. SHA-256 is nettle's, which uses
 * the processor's own SHA instructions where it has them: five times as fast on an entry as
 * libsodium 1.0.18, which does not. Pure. */
#ifndef LIREN_BASE_HASH_H
#define LIREN_BASE_HASH_H

#include "base/str.h"

#define HASH_BYTES 32u
#define SALT_BYTES 32u

struct hash32 {
	uint8_t b[HASH_BYTES];
};

void hash_sha256(const void *bytes, size_t n, struct hash32 *ret);

/* Of n pieces, one behind the other. */
void hash_concat(const struct bytes *pieces, size_t n, struct hash32 *ret);

/* Of bytes that come in parts: begin, put …, end. */
struct hash_stream {
	_Alignas(16) uint8_t state[128]; /* the library's */
};
void hash_begin(struct hash_stream *s);
void hash_put(struct hash_stream *s, const void *bytes, size_t n);
void hash_end(struct hash_stream *s, struct hash32 *ret);

/* c = SHA-256("liren-entry-1" || salt || entry), formats/journal.md. `salt` is exactly SALT_BYTES
 * random bytes. */
void hash_commitment(const uint8_t salt[SALT_BYTES], struct str entry, struct hash32 *ret);

#define HASH_SIP_KEY_BYTES 16u

/* SipHash-2-4 (Aumasson and Bernstein 2012), its eight bytes read as a little-endian number: short
 * and keyed, for tables; not a commitment. By libsodium. */
uint64_t hash_sip64(const uint8_t key[HASH_SIP_KEY_BYTES], const void *bytes, size_t n);

static inline bool hash_eq(const struct hash32 *a, const struct hash32 *b)
{
	return memcmp(a->b, b->b, HASH_BYTES) == 0;
}

#endif
