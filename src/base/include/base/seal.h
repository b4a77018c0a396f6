/* Sealed values: XChaCha20-Poly1305 (IETF draft-irtf-cfrg-xchacha, libsodium) under a data key of
 * one (person, record), and data keys wrapped by the community key. The format is that of
 * formats/journal.md, "Sealed values". Nonces, blinds and keys are random bytes from above.
 * Pure. */
#ifndef LIREN_BASE_SEAL_H
#define LIREN_BASE_SEAL_H

#include "base/err.h"
#include "base/hash.h"

#define SEAL_KEY_BYTES 32u
#define SEAL_NONCE_BYTES 24u
#define SEAL_BLIND_BYTES 16u
#define SEAL_TAG_BYTES 16u
/* bytes of a sealed value beyond its text: nonce, blind, tag */
#define SEAL_OVERHEAD_BYTES (SEAL_NONCE_BYTES + SEAL_BLIND_BYTES + SEAL_TAG_BYTES)
#define SEAL_WRAPPED_BYTES (SEAL_NONCE_BYTES + SEAL_KEY_BYTES + SEAL_TAG_BYTES)

struct seal_key {
	uint8_t b[SEAL_KEY_BYTES];
};

/* h = SHA-256("liren-value-1" || blind || text): binds the office to the text, hides it without the
 * blind. */
void seal_value_commitment(const uint8_t blind[SEAL_BLIND_BYTES], struct str text,
			   struct hash32 *ret);

/* Seal `text` into out[0 .. text.n + SEAL_OVERHEAD_BYTES) = nonce || ciphertext(blind || text) ||
 * tag, and give its commitment. `field` is bound as associated data together with key_id. */
void seal_value(const struct seal_key *key, uint64_t key_id, struct str field,
		const uint8_t nonce[SEAL_NONCE_BYTES], const uint8_t blind[SEAL_BLIND_BYTES],
		struct str text, uint8_t *out, struct hash32 *ret_commitment);

/* Open what seal_value made into `out`, which needs sealed.n - SEAL_NONCE_BYTES - SEAL_TAG_BYTES
 * bytes: the blind comes first, *ret_text is the text behind it. ERR_UNVERIFIED, with nothing in
 * `out`, when key, field, bytes or commitment do not fit together. */
enum err seal_open(const struct seal_key *key, uint64_t key_id, struct str field,
		   struct bytes sealed, const struct hash32 *commitment, uint8_t *out,
		   struct str *ret_text) MUST_CHECK;

/* Wrap a data key under the community key: nonce || ciphertext || tag, bound to key_id. */
void seal_wrap_key(const struct seal_key *community, uint64_t key_id,
		   const uint8_t nonce[SEAL_NONCE_BYTES], const struct seal_key *data_key,
		   uint8_t out[SEAL_WRAPPED_BYTES]);
enum err seal_unwrap_key(const struct seal_key *community, uint64_t key_id,
			 const uint8_t wrapped[SEAL_WRAPPED_BYTES],
			 struct seal_key *ret) MUST_CHECK;

/* Sealed files, formats/attachment.md: a head, then chunks, each under a nonce made of the head's
 * random bytes, its index and whether it is the last (the STREAM construction of Hoang,
 * Reyhanitabar, Rogaway and Vizar, 2015). The key seals one file only. */
#define SEAL_PREFIX_BYTES 16u /* random, of one file */
#define SEAL_HEAD_BYTES 32u
#define SEAL_CHUNK_BYTES 65536u /* of content; the last chunk has 1 to so many */

void seal_head(const uint8_t prefix[SEAL_PREFIX_BYTES], uint8_t ret[SEAL_HEAD_BYTES]);
/* Is it a head of this format? */
bool seal_head_ok(const uint8_t head[SEAL_HEAD_BYTES]);

/* Chunk `index` of at most SEAL_CHUNK_BYTES into out[0 .. content.n + SEAL_TAG_BYTES). */
void seal_chunk(const struct seal_key *key, const uint8_t head[SEAL_HEAD_BYTES], uint64_t index,
		bool last, struct bytes content, uint8_t *out);
/* Open one into out[0 .. sealed.n - SEAL_TAG_BYTES). ERR_UNVERIFIED where key, head, index, last or
 * bytes are others. */
enum err seal_chunk_open(const struct seal_key *key, const uint8_t head[SEAL_HEAD_BYTES],
			 uint64_t index, bool last, struct bytes sealed, uint8_t *out) MUST_CHECK;

#define SEAL_SECRET_BYTES 16u

/* What lets the holder of a receipt act for record n: BLAKE2b-128 of "liren-secret-1" || u64
 * big-endian n, keyed with the record's data key. It is stored nowhere, and gone with the key. */
void seal_record_secret(const struct seal_key *key, uint64_t n, uint8_t ret[SEAL_SECRET_BYTES]);

#define SEAL_TERMS_KEY_BYTES 16u

/* The key of the words' hashes in the search index: BLAKE2b-128 of "liren-terms-1", keyed with the
 * community key. */
void seal_terms_key(const struct seal_key *community, uint8_t ret[SEAL_TERMS_KEY_BYTES]);

#define SEAL_HAND_BYTES 16u

/* The handle of a person in one record: BLAKE2b-128 of "liren-hand-1" || account, keyed with the
 * record's data key. The same person has the same handle in the record, and no two records have one
 * in common; nobody can tell the person from it, and nothing can once the key is gone. account: at
 * most SEAL_ACCOUNT_BYTES_MAX. */
#define SEAL_ACCOUNT_BYTES_MAX 160u
void seal_hand(const struct seal_key *key, struct str account, uint8_t ret[SEAL_HAND_BYTES]);

#define SEAL_BLIND_INDEX_BYTES 16u

/* What a name that must be found again is kept as: BLAKE2b-128 of "liren-blind-1" || kind || 0 ||
 * text, keyed with the community key. Whoever has not that key can neither tell the text nor try
 * one. kind and text: together at most SEAL_BLIND_TEXT_BYTES_MAX. */
#define SEAL_BLIND_TEXT_BYTES_MAX 300u
void seal_blind_index(const struct seal_key *community, struct str kind, struct str text,
		      uint8_t ret[SEAL_BLIND_INDEX_BYTES]);

#define SEAL_CODE_HASH_BYTES 16u

/* What a code on paper is kept as: BLAKE2b-128 of "liren-code-1" || code, keyed with the data key
 * of its sheet. A code is drawn evenly and long, so that nothing slow is needed: without the key
 * nothing can be tried, and the key is destroyed with the sheet. code: at most 32 bytes. */
void seal_code_hash(const struct seal_key *key, struct str code, uint8_t ret[SEAL_CODE_HASH_BYTES]);

#define SEAL_TOKEN_BYTES 32u
#define SEAL_CSRF_BYTES 16u

/* What a session's token is kept as, SHA-256 of "liren-session-1" || token; and what its pages send
 * along with what they change, BLAKE2b-128 of "liren-csrf-1", keyed with the token. */
void seal_token_hash(const uint8_t token[SEAL_TOKEN_BYTES], struct hash32 *ret);
void seal_token_csrf(const uint8_t token[SEAL_TOKEN_BYTES], uint8_t ret[SEAL_CSRF_BYTES]);

/* Compare in constant time. */
bool seal_secret_eq(const uint8_t a[SEAL_SECRET_BYTES], const uint8_t b[SEAL_SECRET_BYTES]);

/* Overwrite memory that held a secret. */
void seal_wipe(void *memory, size_t n);

#endif
