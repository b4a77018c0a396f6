/* Ed25519 signatures (RFC 8032) over libsodium. The seed comes from above. Pure. */
#ifndef LIREN_BASE_SIGN_H
#define LIREN_BASE_SIGN_H

#include "base/str.h"

#define SIGN_SEED_BYTES 32u
#define SIGN_PUBLIC_BYTES 32u
#define SIGN_SECRET_BYTES 64u
#define SIGN_BYTES 64u

struct sign_key {
	uint8_t public_key[SIGN_PUBLIC_BYTES];
	uint8_t secret_key[SIGN_SECRET_BYTES];
};

void sign_key_from_seed(const uint8_t seed[SIGN_SEED_BYTES], struct sign_key *ret);
void sign_detached(const struct sign_key *key, struct str message,
		   uint8_t ret_signature[SIGN_BYTES]);
bool sign_verify(const uint8_t public_key[SIGN_PUBLIC_BYTES], struct str message,
		 const uint8_t signature[SIGN_BYTES]);

#endif
