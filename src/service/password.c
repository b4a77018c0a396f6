/* Argon2id. */
#include "service/password.h"

#include "base/seal.h"

#include <sodium.h>

#define OPS crypto_pwhash_OPSLIMIT_INTERACTIVE
#define MEM_KIB (crypto_pwhash_MEMLIMIT_INTERACTIVE / 1024u)
#define OPS_MAX 16u /* of a record that is read: no more than an office would wait for */
#define MEM_KIB_MAX (256u * 1024u)

_Static_assert(PASSWORD_SALT_BYTES == crypto_pwhash_SALTBYTES, "libsodium's salt");

static void put_u32(uint32_t v, uint8_t *to)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void password_record_put(const struct password_hash *h, uint8_t ret[PASSWORD_RECORD_BYTES])
{
	put_u32(h->ops, ret);
	put_u32(h->mem_kib, ret + 4);
	memcpy(ret + 8, h->salt, PASSWORD_SALT_BYTES);
	memcpy(ret + 8 + PASSWORD_SALT_BYTES, h->hash, PASSWORD_HASH_BYTES);
}

bool password_record_get(struct bytes record, struct password_hash *ret)
{
	struct password_hash h;

	if (record.n != PASSWORD_RECORD_BYTES)
		return false;
	h.ops = get_u32(record.p);
	h.mem_kib = get_u32(record.p + 4);
	if (h.ops < 1 || h.ops > OPS_MAX || h.mem_kib < 8 || h.mem_kib > MEM_KIB_MAX)
		return false;
	memcpy(h.salt, record.p + 8, PASSWORD_SALT_BYTES);
	memcpy(h.hash, record.p + 8 + PASSWORD_SALT_BYTES, PASSWORD_HASH_BYTES);
	*ret = h;
	return true;
}

bool password_may_be(struct str password)
{
	if (password.n < PASSWORD_BYTES_MIN || password.n > PASSWORD_BYTES_MAX ||
	    !str_is_utf8(password))
		return false;
	for (size_t i = 0; i < password.n; i++)
		if ((unsigned char)password.p[i] < 0x20 || password.p[i] == 0x7F)
			return false;
	return true;
}

static enum err derive(const struct password_hash *h, struct str password,
		       uint8_t ret[PASSWORD_HASH_BYTES])
{
	return crypto_pwhash(ret, PASSWORD_HASH_BYTES, password.p, password.n, h->salt, h->ops,
			     (size_t)h->mem_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0
		   ? ERR_OK
		   : ERR_NO_MEMORY;
}

enum err password_hash_make(const struct entropy *entropy, struct str password,
			    struct password_hash *ret)
{
	struct password_hash h = {.ops = OPS, .mem_kib = MEM_KIB};

	entropy_fill(entropy, h.salt, sizeof h.salt);
	TRY(derive(&h, password, h.hash));
	*ret = h;
	return ERR_OK;
}

enum err password_hash_check(const struct password_hash *h, struct str password, bool *ret_holds)
{
	uint8_t hash[PASSWORD_HASH_BYTES];

	TRY(derive(h, password, hash));
	*ret_holds = sodium_memcmp(hash, h->hash, sizeof hash) == 0;
	seal_wipe(hash, sizeof hash);
	return ERR_OK;
}

void password_hash_none(const struct entropy *entropy, struct password_hash *ret)
{
	*ret = (struct password_hash){.ops = OPS, .mem_kib = MEM_KIB};
	entropy_fill(entropy, ret->salt, sizeof ret->salt);
	entropy_fill(entropy, ret->hash, sizeof ret->hash); /* of 2^256 none is likely to be hit */
}

void hash_job_run(struct hash_job *job, const struct entropy *entropy)
{
	struct str password = {job->password, job->password_n};

	job->holds = false;
	job->err = job->act == HASH_MAKE ? password_hash_make(entropy, password, &job->hash)
					 : password_hash_check(&job->hash, password, &job->holds);
	seal_wipe(job->password, sizeof job->password);
	job->password_n = 0;
}
