/* C2SP signed-note and tlog-checkpoint. */
#include "base/note.h"

#include "base/check.h"


#define ALGORITHM_ED25519 0x01
#define KEY_ID_BYTES 4u
#define SIGNATURE_B64_BYTES ((KEY_ID_BYTES + SIGN_BYTES + 2) / 3 * 4)
#define DASH "\xE2\x80\x94 " /* em dash, space */

/* The characters beyond ASCII with the Unicode property White_Space (PropList.txt), in UTF-8. */
static bool is_wide_space(const uint8_t *p, size_t n)
{
	uint32_t c;

	if (n >= 2 && p[0] == 0xC2)
		return p[1] == 0x85 || p[1] == 0xA0;
	if (n < 3 || p[0] < 0xE1 || p[0] > 0xE3)
		return false;
	c = (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63u);
	return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202F || c == 0x205F || c == 0x3000;
}

/* As note_name_ok without the cap: names of other signers can be longer than ours. */
static bool key_name_ok(struct str name)
{
	const uint8_t *p = (const uint8_t *)name.p;

	if (name.n == 0 || !str_is_utf8(name))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (p[i] <= ' ' || p[i] == '+' || is_wide_space(p + i, name.n - i))
			return false;
	return true;
}

bool note_name_ok(struct str name)
{
	return name.n <= NOTE_NAME_MAX && key_name_ok(name);
}

static void verifier_make(struct str name, const uint8_t public_key[SIGN_PUBLIC_BYTES],
			  struct note_verifier *ret)
{
	static const uint8_t algorithm[2] = {'\n', ALGORITHM_ED25519};
	const struct bytes pieces[] = {
		str_bytes(name), {algorithm, sizeof algorithm}, {public_key, SIGN_PUBLIC_BYTES}};
	struct hash32 h;

	memset(ret, 0, sizeof *ret);
	memcpy(ret->name, name.p, name.n);
	memcpy(ret->public_key, public_key, SIGN_PUBLIC_BYTES);
	hash_concat(pieces, 3, &h);
	memcpy(ret->key_id, h.b, KEY_ID_BYTES);
}

enum err note_signer_init(struct str name, const struct sign_key *key, struct note_signer *ret)
{
	if (!note_name_ok(name))
		return ERR_BAD_INPUT;
	verifier_make(name, key->public_key, &ret->verifier);
	ret->key = *key;
	return ERR_OK;
}

void note_vkey_put(const struct note_verifier *v, struct buf *out)
{
	uint8_t key[1 + SIGN_PUBLIC_BYTES] = {ALGORITHM_ED25519};

	memcpy(key + 1, v->public_key, SIGN_PUBLIC_BYTES);
	buf_put_z(out, v->name);
	buf_put_char(out, '+');
	buf_put_hex(out, v->key_id, KEY_ID_BYTES);
	buf_put_char(out, '+');
	buf_put_b64(out, key, sizeof key);
}

/* What stands before the first `c` in *rest, which then begins behind it; false where there is
 * none. */
static bool take_until(struct str *rest, char c, struct str *ret)
{
	const char *at = rest->n > 0 ? memchr(rest->p, c, rest->n) : NULL;

	if (!at)
		return false;
	*ret = (struct str){rest->p, (size_t)(at - rest->p)};
	rest->p = at + 1;
	rest->n -= ret->n + 1;
	return true;
}

enum err note_vkey_parse(struct str line, struct note_verifier *ret)
{
	struct str rest = line, name, hex;
	uint8_t key_id[KEY_ID_BYTES], key[1 + SIGN_PUBLIC_BYTES];
	struct note_verifier v;
	size_t n;

	if (!take_until(&rest, '+', &name) || !take_until(&rest, '+', &hex) ||
	    !note_name_ok(name) || !hex_decode(hex, key_id, sizeof key_id) ||
	    !b64_decode(rest, key, sizeof key, &n) || n != sizeof key ||
	    key[0] != ALGORITHM_ED25519)
		return ERR_BAD_INPUT;
	verifier_make(name, key + 1, &v);
	if (memcmp(v.key_id, key_id, KEY_ID_BYTES) != 0)
		return ERR_BAD_INPUT;
	*ret = v;
	return ERR_OK;
}

/* Ends in a newline, is UTF-8, has no other control character. */
static bool text_ok(struct str text)
{
	if (text.n == 0 || text.p[text.n - 1] != '\n' || !str_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((uint8_t)text.p[i] < 0x20 && text.p[i] != '\n')
			return false;
	return true;
}

enum err note_sign(const struct note_signer *signer, struct str text, struct buf *out)
{
	const struct note_verifier *v = &signer->verifier;
	uint8_t signature[KEY_ID_BYTES + SIGN_BYTES];
	size_t n;

	if (!text_ok(text))
		return ERR_BAD_INPUT;
	n = text.n + strlen("\n" DASH " \n") + strlen(v->name) + SIGNATURE_B64_BYTES;
	if (n > NOTE_BYTES_MAX || out->over || n > out->cap - out->n)
		return ERR_TOO_LARGE;
	memcpy(signature, v->key_id, KEY_ID_BYTES);
	sign_detached(&signer->key, text, signature + KEY_ID_BYTES);
	buf_put_str(out, text);
	buf_put_z(out, "\n" DASH);
	buf_put_z(out, v->name);
	buf_put_char(out, ' ');
	buf_put_b64(out, signature, sizeof signature);
	buf_put_char(out, '\n');
	return ERR_OK;
}

enum signature { SIGNATURE_MALFORMED, SIGNATURE_OTHER, SIGNATURE_WRONG, SIGNATURE_GOOD };

/* One signature line, without its newline. */
static enum signature signature_check(const struct note_verifier *v, struct str text,
				      struct str line)
{
	uint8_t signature[NOTE_BYTES_MAX / 4 * 3];
	struct str rest = line, name;
	size_t n;

	if (!str_starts(rest, STR(DASH)))
		return SIGNATURE_MALFORMED;
	rest.p += strlen(DASH);
	rest.n -= strlen(DASH);
	if (!take_until(&rest, ' ', &name) || !key_name_ok(name) ||
	    !b64_decode(rest, signature, sizeof signature, &n) || n <= KEY_ID_BYTES)
		return SIGNATURE_MALFORMED;
	if (!str_eq(name, str_of(v->name)) || memcmp(signature, v->key_id, KEY_ID_BYTES) != 0)
		return SIGNATURE_OTHER;
	if (n != KEY_ID_BYTES + SIGN_BYTES ||
	    !sign_verify(v->public_key, text, signature + KEY_ID_BYTES))
		return SIGNATURE_WRONG;
	return SIGNATURE_GOOD;
}

enum err note_open(const struct note_verifier *v, struct str note, struct str *ret_text)
{
	struct str text = note, rest, line;
	bool signed_by_us = false;

	if (note.n > NOTE_BYTES_MAX || !text_ok(note))
		return ERR_UNVERIFIED;
	/* the text ends with the first newline of the last two in a row */
	for (text.n = note.n - 1; text.n > 0; text.n--)
		if (note.p[text.n] == '\n' && note.p[text.n - 1] == '\n')
			break;
	rest = (struct str){note.p + text.n + 1, note.n - text.n - 1};
	if (text.n == 0 || rest.n == 0)
		return ERR_UNVERIFIED;
	for (unsigned i = 0; take_until(&rest, '\n', &line); i++) {
		enum signature s = signature_check(v, text, line);

		if (i == NOTE_SIGNATURES_MAX || s == SIGNATURE_MALFORMED || s == SIGNATURE_WRONG)
			return ERR_UNVERIFIED;
		signed_by_us = signed_by_us || s == SIGNATURE_GOOD;
	}
	if (!signed_by_us)
		return ERR_UNVERIFIED;
	*ret_text = text;
	return ERR_OK;
}

void checkpoint_put(const struct checkpoint *c, struct buf *out)
{
	CHECK(c->origin.n > 0 && !memchr(c->origin.p, '\n', c->origin.n));
	buf_put_str(out, c->origin);
	buf_put_char(out, '\n');
	buf_put_u64(out, c->size);
	buf_put_char(out, '\n');
	buf_put_b64(out, c->root.b, HASH_BYTES);
	buf_put_char(out, '\n');
}

enum err checkpoint_parse(struct str text, struct checkpoint *ret)
{
	struct str rest = text, origin, size, root, extension;
	struct checkpoint c;
	size_t n;

	if (!text_ok(text) || !take_until(&rest, '\n', &origin) ||
	    !take_until(&rest, '\n', &size) || !take_until(&rest, '\n', &root) || origin.n == 0)
		return ERR_BAD_INPUT;
	while (take_until(&rest, '\n', &extension))
		if (extension.n == 0)
			return ERR_BAD_INPUT;
	c.origin = origin;
	if (!str_to_u64(size, &c.size) || !b64_decode(root, c.root.b, HASH_BYTES, &n) ||
	    n != HASH_BYTES)
		return ERR_BAD_INPUT;
	*ret = c;
	return ERR_OK;
}
