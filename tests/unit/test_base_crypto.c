/* SHA-256, commitments, Ed25519, sealed values and wrapped keys: public vectors, the formats of
 * formats/journal.md put together again from plain libsodium calls, and every change refused. */
#include "test.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/seal.h"
#include "base/sign.h"

#include <sodium.h>

#define TEXT_MAX 300u

static size_t unhex(const char *hex, uint8_t *out)
{
	assert_true(hex_decode(str_of(hex), out, strlen(hex) / 2));
	return strlen(hex) / 2;
}

/* Bytes that differ by place and by `what`. */
static void fill(void *memory, size_t n, uint8_t what)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)memory)[i] = (uint8_t)(what + 37 * i + (i >> 3));
}

static void sha256_vectors(void **state)
{
	/* FIPS 180-4 examples and the empty text */
	static const char *const rows[][2] = {
	    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	static char million[1000000];
	struct hash32 got, want, other;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		hash_sha256(rows[i][0], strlen(rows[i][0]), &got);
		unhex(rows[i][1], want.b);
		assert_true(hash_eq(&got, &want));
	}
	memset(million, 'a', sizeof million);
	hash_sha256(million, sizeof million, &got);
	unhex("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", want.b);
	assert_true(hash_eq(&got, &want));
	for (unsigned bit = 0; bit < 256; bit++) {
		other = got;
		other.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(hash_eq(&got, &other));
	}
}

static void commitment_is_label_salt_entry(void **state)
{
	uint8_t joined[13 + 32 + TEXT_MAX], *salt = joined + 13, *entry = joined + 45;
	struct hash32 got, want;

	memcpy(joined, "liren-entry-1", 13);
	fill(salt, 32, 1);
	fill(entry, TEXT_MAX, 2);
	for (size_t n = 0; n <= TEXT_MAX; n++) {
		crypto_hash_sha256(want.b, joined, 45 + n);
		hash_commitment(salt, (struct str){(char *)entry, n}, &got);
		assert_true(hash_eq(&got, &want));
	}
}

/* RFC 8032, section 7.1: seed, public key, message, signature */
static const char *const rfc8032[][4] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

static void ed25519_vectors(void **state)
{
	uint8_t seed[32], public_key[32], message[64], signature[64], got[64];
	struct sign_key key;

	for (size_t i = 0; i < sizeof rfc8032 / sizeof rfc8032[0]; i++) {
		struct str m = {(char *)message, 0};

		unhex(rfc8032[i][0], seed);
		unhex(rfc8032[i][1], public_key);
		m.n = unhex(rfc8032[i][2], message);
		unhex(rfc8032[i][3], signature);
		sign_key_from_seed(seed, &key);
		assert_memory_equal(key.public_key, public_key, 32);
		sign_detached(&key, m, got);
		assert_memory_equal(got, signature, 64);
		assert_true(sign_verify(public_key, m, signature));
	}
}

static void changed_signatures_are_refused(void **state)
{
	uint8_t seed[32], signature[64], message[40];
	struct str m = {(char *)message, sizeof message};
	struct sign_key key;

	fill(seed, sizeof seed, 3);
	fill(message, sizeof message, 4);
	sign_key_from_seed(seed, &key);
	sign_detached(&key, m, signature);
	assert_true(sign_verify(key.public_key, m, signature));
	for (unsigned bit = 0; bit < 8 * 64; bit++) {
		uint8_t mask = (uint8_t)(1u << bit % 8);
		signature[bit / 8] ^= mask;
		assert_false(sign_verify(key.public_key, m, signature));
		signature[bit / 8] ^= mask;
		message[bit / 8 % 40] ^= mask;
		assert_false(sign_verify(key.public_key, m, signature));
		message[bit / 8 % 40] ^= mask;
		key.public_key[bit / 8 % 32] ^= mask;
		assert_false(sign_verify(key.public_key, m, signature));
		key.public_key[bit / 8 % 32] ^= mask;
	}
	m.n--;
	assert_false(sign_verify(key.public_key, m, signature));
}

/* One sealed value with all that belongs to it. */
struct sealed {
	struct seal_key key;
	uint64_t key_id;
	struct str field;
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];
	uint8_t text[TEXT_MAX], box[TEXT_MAX + SEAL_OVERHEAD_BYTES];
	size_t text_n, box_n;
	struct hash32 commitment;
};

static void sealed_make(struct sealed *s, size_t text_n)
{
	fill(s->key.b, SEAL_KEY_BYTES, 5);
	fill(s->nonce, SEAL_NONCE_BYTES, 6);
	fill(s->blind, SEAL_BLIND_BYTES, 7);
	fill(s->text, TEXT_MAX, 8);
	s->key_id = 0x0102030405060708;
	s->field = STR("text");
	s->text_n = text_n;
	s->box_n = text_n + SEAL_OVERHEAD_BYTES;
	memset(s->box, 0xA5, sizeof s->box);
	seal_value(&s->key, s->key_id, s->field, s->nonce, s->blind,
		   (struct str){(char *)s->text, text_n}, s->box, &s->commitment);
	for (size_t i = s->box_n; i < sizeof s->box; i++)
		assert_int_equal(s->box[i], 0xA5);
}

static enum err sealed_open(const struct sealed *s, uint8_t out[TEXT_MAX + SEAL_BLIND_BYTES],
			    struct str *ret_text)
{
	return seal_open(&s->key, s->key_id, s->field, (struct bytes){s->box, s->box_n},
			 &s->commitment, out, ret_text);
}

static void assert_not_opened(const struct sealed *s)
{
	uint8_t out[TEXT_MAX + SEAL_BLIND_BYTES];
	struct str text = STR("before");

	memset(out, 0, sizeof out);
	assert_err(sealed_open(s, out, &text), ERR_UNVERIFIED);
	assert_memory_equal(text.p, "before", 7);
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], 0);
}

static void sealed_values_are_opened(void **state)
{
	uint8_t out[TEXT_MAX + SEAL_BLIND_BYTES];
	struct str text;
	struct sealed s;

	for (size_t n = 0; n <= TEXT_MAX; n++) {
		sealed_make(&s, n);
		assert_ok(sealed_open(&s, out, &text));
		assert_int_equal(text.n, n);
		assert_memory_equal(text.p, s.text, n);
		assert_memory_equal(out, s.blind, SEAL_BLIND_BYTES);
	}
}

/* formats/journal.md, section 4, from plain calls */
static void sealed_values_are_as_documented(void **state)
{
	static const uint8_t aad[] = "liren-seal-1\1\2\3\4\5\6\7\10text";
	uint8_t joined[13 + SEAL_BLIND_BYTES + TEXT_MAX], plain[SEAL_BLIND_BYTES + TEXT_MAX];
	unsigned long long plain_n;
	struct hash32 h, direct;
	struct sealed s;

	for (size_t n = 0; n <= TEXT_MAX; n += 50) {
		sealed_make(&s, n);
		assert_memory_equal(s.box, s.nonce, 24);
		assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(
				     plain, &plain_n, NULL, s.box + 24, s.box_n - 24, aad,
				     sizeof aad - 1, s.box, s.key.b),
				 0);
		assert_int_equal(plain_n, 16 + n);
		assert_memory_equal(plain, s.blind, 16);
		assert_memory_equal(plain + 16, s.text, n);
		memcpy(joined, "liren-value-1", 13);
		memcpy(joined + 13, plain, 16 + n);
		crypto_hash_sha256(h.b, joined, 13 + 16 + n);
		assert_true(hash_eq(&h, &s.commitment));
		seal_value_commitment(s.blind, (struct str){(char *)s.text, n}, &direct);
		assert_true(hash_eq(&h, &direct));
	}
}

static void changed_sealed_values_are_refused(void **state)
{
	struct sealed good, s;

	for (size_t n = 0; n <= 40; n += 20) {
		sealed_make(&good, n);
		s = good;
		for (unsigned bit = 0; bit < 8 * s.box_n; bit++) {
			s.box[bit / 8] ^= (uint8_t)(1u << bit % 8);
			assert_not_opened(&s);
			s.box[bit / 8] = good.box[bit / 8];
		}
		for (unsigned bit = 0; bit < 256; bit++) {
			s.key.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
			assert_not_opened(&s);
			s.key = good.key;
			/* the box opens, and only the commitment tells */
			s.commitment.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
			assert_not_opened(&s);
			s.commitment = good.commitment;
		}
		for (unsigned bit = 0; bit < 64; bit++) {
			s.key_id = good.key_id ^ (uint64_t)1 << bit;
			assert_not_opened(&s);
		}
		s.key_id = good.key_id;
		for (s.box_n = 0; s.box_n < good.box_n; s.box_n++)
			assert_not_opened(&s);
		s.box_n = good.box_n + 1;
		assert_not_opened(&s);
	}
}

static void a_sealed_value_belongs_to_its_field(void **state)
{
	static const char *const others[] = {"", "tex", "texts", "Text", "voice", "text "};
	struct sealed s;

	sealed_make(&s, 30);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		s.field = str_of(others[i]);
		assert_not_opened(&s);
	}
}

static void keys_are_wrapped(void **state)
{
	static const uint8_t aad[] = "liren-key-1\0\0\0\0\0\0\0\21"; /* 17 */
	uint8_t nonce[SEAL_NONCE_BYTES], wrapped[SEAL_WRAPPED_BYTES], plain[64];
	struct seal_key community, data, got, before;
	unsigned long long n;

	fill(nonce, sizeof nonce, 9);
	fill(&community, sizeof community, 10);
	fill(&data, sizeof data, 11);
	seal_wrap_key(&community, 17, nonce, &data, wrapped);
	assert_ok(seal_unwrap_key(&community, 17, wrapped, &got));
	assert_memory_equal(&got, &data, sizeof data);
	assert_int_equal(SEAL_WRAPPED_BYTES, 24 + 32 + 16);
	assert_memory_equal(wrapped, nonce, 24);
	assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &n, NULL, wrapped + 24,
								    48, aad, sizeof aad - 1,
								    wrapped, community.b),
			 0);
	assert_int_equal(n, 32);
	assert_memory_equal(plain, &data, 32);

	memset(&before, 0xA5, sizeof before);
	got = before;
	for (unsigned bit = 0; bit < 8 * SEAL_WRAPPED_BYTES; bit++) {
		wrapped[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_err(seal_unwrap_key(&community, 17, wrapped, &got), ERR_UNVERIFIED);
		wrapped[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (unsigned bit = 0; bit < 256; bit++) {
		community.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_err(seal_unwrap_key(&community, 17, wrapped, &got), ERR_UNVERIFIED);
		community.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (bit < 64)
			assert_err(
			    seal_unwrap_key(&community, 17 ^ (uint64_t)1 << bit, wrapped, &got),
			    ERR_UNVERIFIED);
	}
	assert_memory_equal(&got, &before, sizeof got);
	assert_ok(seal_unwrap_key(&community, 17, wrapped, &got));
}

static void secrets_are_wiped(void **state)
{
	uint8_t secret[50];

	fill(secret, sizeof secret, 12);
	seal_wipe(secret, sizeof secret);
	for (size_t i = 0; i < sizeof secret; i++)
		assert_int_equal(secret[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sha256_vectors),
	    cmocka_unit_test(commitment_is_label_salt_entry),
	    cmocka_unit_test(ed25519_vectors),
	    cmocka_unit_test(changed_signatures_are_refused),
	    cmocka_unit_test(sealed_values_are_opened),
	    cmocka_unit_test(sealed_values_are_as_documented),
	    cmocka_unit_test(changed_sealed_values_are_refused),
	    cmocka_unit_test(a_sealed_value_belongs_to_its_field),
	    cmocka_unit_test(keys_are_wrapped),
	    cmocka_unit_test(secrets_are_wiped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
