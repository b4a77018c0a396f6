/* Sealed values and wrapped keys. */
#include "base/seal.h"

#include "base/buf.h"
#include "base/check.h"

#include <sodium.h>

#define AAD_MAX 128u

/* label || u64 big-endian key_id || field */
static size_t aad_make(uint8_t out[AAD_MAX], struct str label, uint64_t key_id, struct str field)
{
	size_t n = label.n;

	CHECK(label.n + 8 + field.n <= AAD_MAX);
	memcpy(out, label.p, label.n);
	for (int shift = 56; shift >= 0; shift -= 8)
		out[n++] = (uint8_t)(key_id >> shift);
	if (field.n > 0)
		memcpy(out + n, field.p, field.n);
	return n + field.n;
}

void seal_value_commitment(const uint8_t blind[SEAL_BLIND_BYTES], struct str text,
			   struct hash32 *ret)
{
	const struct bytes pieces[] = {
	    str_bytes(STR("liren-value-1")), {blind, SEAL_BLIND_BYTES}, str_bytes(text)};

	hash_concat(pieces, 3, ret);
}

void seal_value(const struct seal_key *key, uint64_t key_id, struct str field,
		const uint8_t nonce[SEAL_NONCE_BYTES], const uint8_t blind[SEAL_BLIND_BYTES],
		struct str text, uint8_t *out, struct hash32 *ret_commitment)
{
	uint8_t aad[AAD_MAX];
	size_t aad_n = aad_make(aad, STR("liren-seal-1"), key_id, field);
	uint8_t *box = out + SEAL_NONCE_BYTES;

	memcpy(out, nonce, SEAL_NONCE_BYTES);
	memcpy(box, blind, SEAL_BLIND_BYTES);
	if (text.n > 0)
		memcpy(box + SEAL_BLIND_BYTES, text.p, text.n);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box, NULL, box, SEAL_BLIND_BYTES + text.n, aad,
						   aad_n, NULL, nonce, key->b);
	seal_value_commitment(blind, text, ret_commitment);
}

enum err seal_open(const struct seal_key *key, uint64_t key_id, struct str field,
		   struct bytes sealed, const struct hash32 *commitment, uint8_t *out,
		   struct str *ret_text)
{
	uint8_t aad[AAD_MAX];
	size_t aad_n = aad_make(aad, STR("liren-seal-1"), key_id, field);
	struct hash32 h;
	struct str text;

	if (sealed.n < SEAL_OVERHEAD_BYTES)
		return ERR_UNVERIFIED;
	text.n = sealed.n - SEAL_OVERHEAD_BYTES;
	text.p = (const char *)out + SEAL_BLIND_BYTES;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    out, NULL, NULL, sealed.p + SEAL_NONCE_BYTES, sealed.n - SEAL_NONCE_BYTES, aad,
		    aad_n, sealed.p, key->b) != 0)
		return ERR_UNVERIFIED;
	seal_value_commitment(out, text, &h);
	if (!hash_eq(&h, commitment)) {
		seal_wipe(out, SEAL_BLIND_BYTES + text.n);
		return ERR_UNVERIFIED;
	}
	*ret_text = text;
	return ERR_OK;
}

void seal_wrap_key(const struct seal_key *community, uint64_t key_id,
		   const uint8_t nonce[SEAL_NONCE_BYTES], const struct seal_key *data_key,
		   uint8_t out[SEAL_WRAPPED_BYTES])
{
	uint8_t aad[AAD_MAX];
	size_t aad_n = aad_make(aad, STR("liren-key-1"), key_id, STR(""));

	memcpy(out, nonce, SEAL_NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + SEAL_NONCE_BYTES, NULL, data_key->b,
						   SEAL_KEY_BYTES, aad, aad_n, NULL, nonce,
						   community->b);
}

enum err seal_unwrap_key(const struct seal_key *community, uint64_t key_id,
			 const uint8_t wrapped[SEAL_WRAPPED_BYTES], struct seal_key *ret)
{
	uint8_t aad[AAD_MAX];
	size_t aad_n = aad_make(aad, STR("liren-key-1"), key_id, STR(""));
	struct seal_key key;

	/* a failed opening overwrites its output */
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    key.b, NULL, NULL, wrapped + SEAL_NONCE_BYTES,
		    SEAL_WRAPPED_BYTES - SEAL_NONCE_BYTES, aad, aad_n, wrapped, community->b) != 0)
		return ERR_UNVERIFIED;
	*ret = key;
	seal_wipe(&key, sizeof key);
	return ERR_OK;
}

#define HEAD_LABEL "liren-attached-1"

void seal_head(const uint8_t prefix[SEAL_PREFIX_BYTES], uint8_t ret[SEAL_HEAD_BYTES])
{
	_Static_assert(sizeof HEAD_LABEL - 1 + SEAL_PREFIX_BYTES == SEAL_HEAD_BYTES,
		       "a whole head");
	memcpy(ret, HEAD_LABEL, sizeof HEAD_LABEL - 1);
	memcpy(ret + sizeof HEAD_LABEL - 1, prefix, SEAL_PREFIX_BYTES);
}

bool seal_head_ok(const uint8_t head[SEAL_HEAD_BYTES])
{
	return memcmp(head, HEAD_LABEL, sizeof HEAD_LABEL - 1) == 0;
}

/* prefix || u56 big-endian index || u8 last */
static void chunk_nonce(const uint8_t head[SEAL_HEAD_BYTES], uint64_t index, bool last,
			uint8_t ret[SEAL_NONCE_BYTES])
{
	uint8_t *at = ret + SEAL_PREFIX_BYTES;

	CHECK(index < UINT64_C(1) << 56);
	memcpy(ret, head + SEAL_HEAD_BYTES - SEAL_PREFIX_BYTES, SEAL_PREFIX_BYTES);
	for (int shift = 48; shift >= 0; shift -= 8)
		*at++ = (uint8_t)(index >> shift);
	*at = last;
}

void seal_chunk(const struct seal_key *key, const uint8_t head[SEAL_HEAD_BYTES], uint64_t index,
		bool last, struct bytes content, uint8_t *out)
{
	uint8_t nonce[SEAL_NONCE_BYTES];

	CHECK(content.n > 0 && content.n <= SEAL_CHUNK_BYTES);
	chunk_nonce(head, index, last, nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, content.p, content.n,
						   (const uint8_t *)HEAD_LABEL,
						   sizeof HEAD_LABEL - 1, NULL, nonce, key->b);
}

enum err seal_chunk_open(const struct seal_key *key, const uint8_t head[SEAL_HEAD_BYTES],
			 uint64_t index, bool last, struct bytes sealed, uint8_t *out)
{
	uint8_t nonce[SEAL_NONCE_BYTES];

	if (sealed.n <= SEAL_TAG_BYTES || sealed.n > SEAL_CHUNK_BYTES + SEAL_TAG_BYTES)
		return ERR_UNVERIFIED;
	chunk_nonce(head, index, last, nonce);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.p, sealed.n,
						       (const uint8_t *)HEAD_LABEL,
						       sizeof HEAD_LABEL - 1, nonce, key->b) != 0)
		return ERR_UNVERIFIED;
	return ERR_OK;
}

void seal_record_secret(const struct seal_key *key, uint64_t n, uint8_t ret[SEAL_SECRET_BYTES])
{
	uint8_t message[AAD_MAX];
	size_t message_n = aad_make(message, STR("liren-secret-1"), n, STR(""));

	crypto_generichash(ret, SEAL_SECRET_BYTES, message, message_n, key->b, SEAL_KEY_BYTES);
}

void seal_terms_key(const struct seal_key *community, uint8_t ret[SEAL_TERMS_KEY_BYTES])
{
	static const char label[] = "liren-terms-1";

	crypto_generichash(ret, SEAL_TERMS_KEY_BYTES, (const uint8_t *)label, sizeof label - 1,
			   community->b, SEAL_KEY_BYTES);
}

void seal_hand(const struct seal_key *key, struct str account, uint8_t ret[SEAL_HAND_BYTES])
{
	static const char label[] = "liren-hand-1";
	uint8_t message[sizeof label - 1 + SEAL_ACCOUNT_BYTES_MAX];

	CHECK(account.n <= SEAL_ACCOUNT_BYTES_MAX);
	memcpy(message, label, sizeof label - 1);
	if (account.n > 0)
		memcpy(message + sizeof label - 1, account.p, account.n);
	crypto_generichash(ret, SEAL_HAND_BYTES, message, sizeof label - 1 + account.n, key->b,
			   SEAL_KEY_BYTES);
}

void seal_blind_index(const struct seal_key *community, struct str kind, struct str text,
		      uint8_t ret[SEAL_BLIND_INDEX_BYTES])
{
	static const char label[] = "liren-blind-1";
	uint8_t message[sizeof label + SEAL_BLIND_TEXT_BYTES_MAX];
	struct buf b = buf_over((char *)message, sizeof message);

	CHECK(kind.n + text.n <= SEAL_BLIND_TEXT_BYTES_MAX);
	buf_put(&b, label, sizeof label - 1);
	buf_put_str(&b, kind);
	buf_put_char(&b, 0);
	buf_put_str(&b, text);
	crypto_generichash(ret, SEAL_BLIND_INDEX_BYTES, message, b.n, community->b, SEAL_KEY_BYTES);
	seal_wipe(message, sizeof message);
}

void seal_code_hash(const struct seal_key *key, struct str code, uint8_t ret[SEAL_CODE_HASH_BYTES])
{
	static const char label[] = "liren-code-1";
	uint8_t message[sizeof label - 1 + 32];

	CHECK(code.n <= 32);
	memcpy(message, label, sizeof label - 1);
	memcpy(message + sizeof label - 1, code.p, code.n);
	crypto_generichash(ret, SEAL_CODE_HASH_BYTES, message, sizeof label - 1 + code.n, key->b,
			   SEAL_KEY_BYTES);
	seal_wipe(message, sizeof message);
}

void seal_token_hash(const uint8_t token[SEAL_TOKEN_BYTES], struct hash32 *ret)
{
	const struct bytes pieces[2] = {str_bytes(STR("liren-session-1")),
					{token, SEAL_TOKEN_BYTES}};

	hash_concat(pieces, 2, ret);
}

void seal_token_csrf(const uint8_t token[SEAL_TOKEN_BYTES], uint8_t ret[SEAL_CSRF_BYTES])
{
	static const char label[] = "liren-csrf-1";

	crypto_generichash(ret, SEAL_CSRF_BYTES, (const uint8_t *)label, sizeof label - 1, token,
			   SEAL_TOKEN_BYTES);
}

bool seal_secret_eq(const uint8_t a[SEAL_SECRET_BYTES], const uint8_t b[SEAL_SECRET_BYTES])
{
	return sodium_memcmp(a, b, SEAL_SECRET_BYTES) == 0;
}

void seal_wipe(void *memory, size_t n)
{
	sodium_memzero(memory, n);
}
