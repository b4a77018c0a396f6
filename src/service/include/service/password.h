/* Passwords by Argon2id (RFC 9106) with libsodium's interactive limits: 64 MiB and about 54 ms a
 * hash, so that only the one hashing thread of an office computes them (app/hashing.h). What is
 * kept is salt and hash; the store seals it under a key of its own, so that a backup alone has
 * nothing to try passwords on. */
#ifndef LIREN_SERVICE_PASSWORD_H
#define LIREN_SERVICE_PASSWORD_H

#include "base/entropy.h"
#include "base/err.h"
#include "base/str.h"

#define PASSWORD_BYTES_MIN 10u
#define PASSWORD_BYTES_MAX 200u
#define PASSWORD_SALT_BYTES 16u
#define PASSWORD_HASH_BYTES 32u

struct password_hash {
	uint32_t ops, mem_kib; /* what it was made with */
	uint8_t salt[PASSWORD_SALT_BYTES];
	uint8_t hash[PASSWORD_HASH_BYTES];
};
#define PASSWORD_RECORD_BYTES (8u + PASSWORD_SALT_BYTES + PASSWORD_HASH_BYTES)

void password_record_put(const struct password_hash *h, uint8_t ret[PASSWORD_RECORD_BYTES]);
/* False where the bytes are none. */
bool password_record_get(struct bytes record, struct password_hash *ret);

/* Within the caps, well-formed UTF-8, without control characters: what may become one. */
bool password_may_be(struct str password);

/* ERR_NO_MEMORY. */
enum err password_hash_make(const struct entropy *entropy, struct str password,
			    struct password_hash *ret) MUST_CHECK;
enum err password_hash_check(const struct password_hash *h, struct str password,
			     bool *ret_holds) MUST_CHECK;

/* A hash that nothing fits, which costs what another costs: for names that nobody has. */
void password_hash_none(const struct entropy *entropy, struct password_hash *ret);

/* One hash to be made or checked by the hashing thread. */
enum hash_act { HASH_CHECK, HASH_MAKE };
struct hash_job {
	enum hash_act act;
	char password[PASSWORD_BYTES_MAX]; /* wiped when it is done */
	size_t password_n;
	struct password_hash hash; /* of CHECK: against it; of MAKE: the answer */
	/* answers */
	enum err err; /* ERR_NO_MEMORY, ERR_STOPPING */
	bool holds;
	void (*done)(struct hash_job *job); /* from the hashing thread */
	void *owner;
};

/* Do it, here and now: err and holds are set, the password is wiped; `done` is not called. */
void hash_job_run(struct hash_job *job, const struct entropy *entropy);

#endif
