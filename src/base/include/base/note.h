/* C2SP signed-note with Ed25519 (algorithm 0x01) and C2SP tlog-checkpoint. Pure. Texts are views
 * into the caller's memory. */
#ifndef LIREN_BASE_NOTE_H
#define LIREN_BASE_NOTE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/sign.h"

#define NOTE_NAME_MAX 128u
#define NOTE_BYTES_MAX 4096u   /* the whole note: a checkpoint with 16 Ed25519 signatures */
#define NOTE_SIGNATURES_MAX 16u

struct note_verifier {
	char name[NOTE_NAME_MAX + 1];
	uint8_t key_id[4]; /* SHA-256(name || 0x0A || 0x01 || public key)[:4] */
	uint8_t public_key[SIGN_PUBLIC_BYTES];
};

struct note_signer {
	struct note_verifier verifier;
	struct sign_key key;
};

/* A name is not empty, valid UTF-8, without Unicode white space, control characters and '+', at
 * most NOTE_NAME_MAX bytes. */
bool note_name_ok(struct str name);

/* ERR_BAD_INPUT where the name is not allowed. */
enum err note_signer_init(struct str name, const struct sign_key *key,
			  struct note_signer *ret) MUST_CHECK;

/* The verifier key as one line without newline: name+key id in hex+base64(0x01 || public key), as
 * in C2SP signed-note. Parsing takes that one spelling and checks the key id; ERR_BAD_INPUT for
 * anything else. */
void note_vkey_put(const struct note_verifier *v, struct buf *out);
enum err note_vkey_parse(struct str line, struct note_verifier *ret) MUST_CHECK;

/* Append the signed note: text (must end in a newline, must be UTF-8 without control characters
 * other than newline), a blank line, the signature line. ERR_BAD_INPUT for another text,
 * ERR_TOO_LARGE where out is full or the note would be over NOTE_BYTES_MAX; nothing is appended
 * then. */
enum err note_sign(const struct note_signer *signer, struct str text, struct buf *out) MUST_CHECK;

/* Check a signed note: ERR_UNVERIFIED when it is malformed, over NOTE_BYTES_MAX or
 * NOTE_SIGNATURES_MAX, has no signature of this verifier, or a wrong one beside a good one.
 * *ret_text is the signed text within `note`, with its last newline. Well-formed signatures of
 * other keys are passed over. */
enum err note_open(const struct note_verifier *v, struct str note, struct str *ret_text) MUST_CHECK;

struct checkpoint {
	struct str origin;
	uint64_t size;
	struct hash32 root;
};

/* origin (not empty, one line), size and root, a line each. Parsing allows extension lines that are
 * not empty and ignores them; ERR_BAD_INPUT for anything else. The origin is a view into `text`. */
void checkpoint_put(const struct checkpoint *c, struct buf *out);
enum err checkpoint_parse(struct str text, struct checkpoint *ret) MUST_CHECK;

#endif
