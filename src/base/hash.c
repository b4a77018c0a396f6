/* SHA-256 and commitments. */
#include "base/hash.h"

#include <assert.h>
#include <sodium.h>

void hash_sha256(const void *bytes, size_t n, struct hash32 *ret)
{
	crypto_hash_sha256(ret->b, bytes, n);
}

static_assert(sizeof(crypto_hash_sha256_state) <= sizeof((struct hash_stream){{0}}.state),
	      "the state has room");

static crypto_hash_sha256_state *state_of(struct hash_stream *s)
{
	return (crypto_hash_sha256_state *)(void *)s->state;
}

void hash_begin(struct hash_stream *s)
{
	crypto_hash_sha256_init(state_of(s));
}

void hash_put(struct hash_stream *s, const void *bytes, size_t n)
{
	crypto_hash_sha256_update(state_of(s), bytes, n);
}

void hash_end(struct hash_stream *s, struct hash32 *ret)
{
	crypto_hash_sha256_final(state_of(s), ret->b);
}

void hash_commitment(const uint8_t salt[SALT_BYTES], struct str entry, struct hash32 *ret)
{
	static const char label[] = "liren-entry-1";
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const uint8_t *)label, sizeof label - 1);
	crypto_hash_sha256_update(&s, salt, SALT_BYTES);
	crypto_hash_sha256_update(&s, (const uint8_t *)entry.p, entry.n);
	crypto_hash_sha256_final(&s, ret->b);
}
