/* Ed25519. */
#include "base/sign.h"

#include <sodium.h>

void sign_key_from_seed(const uint8_t seed[SIGN_SEED_BYTES], struct sign_key *ret)
{
	crypto_sign_seed_keypair(ret->public_key, ret->secret_key, seed);
}

void sign_detached(const struct sign_key *key, struct str message,
		   uint8_t ret_signature[SIGN_BYTES])
{
	crypto_sign_detached(ret_signature, NULL, (const uint8_t *)message.p, message.n,
			     key->secret_key);
}

bool sign_verify(const uint8_t public_key[SIGN_PUBLIC_BYTES], struct str message,
		 const uint8_t signature[SIGN_BYTES])
{
	return crypto_sign_verify_detached(signature, (const uint8_t *)message.p, message.n,
					   public_key) == 0;
}
