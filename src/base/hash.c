/* SHA-256, commitments, SipHash. */
#include "base/hash.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <sodium.h>

void hash_sha256(const void *bytes, size_t n, struct hash32 *ret)
{
	hash_concat(&(struct bytes){bytes, n}, 1, ret);
}

void hash_concat(const struct bytes *pieces, size_t n, struct hash32 *ret)
{
	struct sha256_ctx s;

	sha256_init(&s);
	for (size_t i = 0; i < n; i++)
		if (pieces[i].n > 0)
			sha256_update(&s, pieces[i].n, pieces[i].p);
	sha256_digest(&s, HASH_BYTES, ret->b);
}

static_assert(sizeof(struct sha256_ctx) <= sizeof((struct hash_stream){{0}}.state),
	      "the state has room");

static struct sha256_ctx *state_of(struct hash_stream *s)
{
	return (struct sha256_ctx *)(void *)s->state;
}

void hash_begin(struct hash_stream *s)
{
	sha256_init(state_of(s));
}

void hash_put(struct hash_stream *s, const void *bytes, size_t n)
{
	if (n > 0)
		sha256_update(state_of(s), n, bytes);
}

void hash_end(struct hash_stream *s, struct hash32 *ret)
{
	sha256_digest(state_of(s), HASH_BYTES, ret->b);
}

void hash_commitment(const uint8_t salt[SALT_BYTES], struct str entry, struct hash32 *ret)
{
	const struct bytes pieces[] = {
	    str_bytes(STR("liren-entry-1")), {salt, SALT_BYTES}, str_bytes(entry)};

	hash_concat(pieces, 3, ret);
}

static_assert(crypto_shorthash_KEYBYTES == HASH_SIP_KEY_BYTES, "a key of SipHash");
static_assert(crypto_shorthash_BYTES == 8, "64 bits");

uint64_t hash_sip64(const uint8_t key[HASH_SIP_KEY_BYTES], const void *bytes, size_t n)
{
	uint8_t out[crypto_shorthash_BYTES];
	uint64_t v = 0;

	(void)crypto_shorthash(out, n > 0 ? bytes : out, n, key);
	for (unsigned i = 0; i < sizeof out; i++)
		v |= (uint64_t)out[i] << 8 * i;
	return v;
}
