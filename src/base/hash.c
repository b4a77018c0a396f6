/* SHA-256 and commitments. */
#include "base/hash.h"

#include <sodium.h>

void hash_sha256(const void *bytes, size_t n, struct hash32 *ret)
{
	crypto_hash_sha256(ret->b, bytes, n);
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
