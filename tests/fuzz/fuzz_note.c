/* Notes and checkpoints. A text is signed exactly where the rules allow it, and opens to itself; a
 * signed note with other bytes put in or changed opens, if at all, to the text that was signed;
 * what parses as a checkpoint or a verifier key is formatted to the same bytes. */
#include "fuzz.h"

#include "base/note.h"

#include <jansson.h>

static struct note_signer signer_make(void)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = "a seed that is no secret at all";
	struct note_signer signer;
	struct sign_key key;

	sign_key_from_seed(seed, &key);
	PROPERTY(note_signer_init(STR("liren/test/1"), &key, &signer) == ERR_OK);
	return signer;
}

static bool may_be_signed(struct str s)
{
	json_t *utf8 = json_stringn(s.n ? s.p : "", s.n);
	bool ok = utf8 && s.n > 0 && s.p[s.n - 1] == '\n';

	json_decref(utf8);
	for (size_t i = 0; i < s.n; i++)
		ok = ok && ((uint8_t)s.p[i] >= 0x20 || s.p[i] == '\n');
	return ok;
}

/* Sign the text into memory that has exactly the room. */
static struct str sign(const struct note_signer *signer, struct str text)
{
	size_t n = text.n + strlen("\n—  \n") + strlen(signer->verifier.name) + 92;
	char *memory = fuzz_alloc(n);
	struct buf out = buf_over(memory, n);
	enum err want = !may_be_signed(text) ? ERR_BAD_INPUT
			: n > NOTE_BYTES_MAX ? ERR_TOO_LARGE
					     : ERR_OK;
	struct str opened;

	PROPERTY(note_sign(signer, text, &out) == want);
	if (want != ERR_OK) {
		PROPERTY(out.n == 0);
		free(memory);
		return (struct str){NULL, 0};
	}
	PROPERTY(out.n == n);
	PROPERTY(note_open(&signer->verifier, buf_str(&out), &opened) == ERR_OK);
	PROPERTY(opened.p == memory && str_eq(opened, text));
	return buf_str(&out);
}

/* Put `more` into a signed note at `at`, over `over` bytes of it. */
static void check_tampered(const struct note_signer *signer, struct fuzz_reader *r)
{
	size_t text_n = fuzz_u8(r), more_n = fuzz_u8(r), at = fuzz_uint(r, 2), over = fuzz_u8(r);
	struct str text = fuzz_str(r, text_n), more = fuzz_str(r, more_n), note, opened;
	char *memory, *signed_note;
	struct buf out;

	note = sign(signer, may_be_signed(text) ? text : STR("里仁\n\nli ren\n"));
	signed_note = (char *)(uintptr_t)note.p;
	if (!may_be_signed(text))
		text = STR("里仁\n\nli ren\n");
	at = at % (note.n + 1);
	over = over > note.n - at ? note.n - at : over;
	memory = fuzz_alloc(note.n - over + more.n);
	out = buf_over(memory, note.n - over + more.n);
	buf_put(&out, note.p, at);
	buf_put_str(&out, more);
	buf_put(&out, note.p + at + over, note.n - at - over);
	PROPERTY(!out.over);
	if (note_open(&signer->verifier, buf_str(&out), &opened) == ERR_OK)
		PROPERTY(opened.p == memory && str_eq(opened, text));
	else
		PROPERTY(!str_eq(note, buf_str(&out)));
	free(memory);
	free(signed_note);
}

static void check_checkpoint_text(struct str text)
{
	struct checkpoint c;
	char *memory;
	struct buf out;

	if (checkpoint_parse(text, &c) != ERR_OK)
		return;
	memory = fuzz_alloc(text.n);
	out = buf_over(memory, text.n);
	checkpoint_put(&c, &out);
	PROPERTY(!out.over && str_starts(text, buf_str(&out)));
	for (size_t i = out.n; i < text.n; i++) /* extension lines, none of them empty */
		PROPERTY(text.p[i] != '\n' || text.p[i - 1] != '\n');
	PROPERTY(text.p[text.n - 1] == '\n' && may_be_signed(text));
	free(memory);
}

static void check_checkpoint(const struct note_signer *signer, struct fuzz_reader *r)
{
	char text[512], *signed_note;
	struct buf out = buf_over(text, sizeof text);
	struct checkpoint c = {.size = fuzz_uint(r, 8)}, back;
	struct str root = fuzz_str(r, HASH_BYTES), note;

	c.size >>= fuzz_u8(r) % 64;
	memcpy(c.root.b, root.p, root.n);
	c.origin = fuzz_str(r, 300);
	if (c.origin.n == 0 || memchr(c.origin.p, '\n', c.origin.n))
		c.origin = STR("liren/test/1");
	checkpoint_put(&c, &out);
	PROPERTY(!out.over);
	PROPERTY((checkpoint_parse(buf_str(&out), &back) == ERR_OK) ==
		 may_be_signed(buf_str(&out)));
	note = sign(signer, buf_str(&out));
	signed_note = (char *)(uintptr_t)note.p;
	if (note.n > 0) {
		PROPERTY(back.size == c.size && hash_eq(&back.root, &c.root) &&
			 str_eq(back.origin, c.origin));
		check_checkpoint_text(buf_str(&out));
		free(signed_note);
	}
}

static void check_vkey_text(struct str line)
{
	struct note_verifier v;
	char memory[NOTE_NAME_MAX + 64];
	struct buf out = buf_over(memory, sizeof memory);

	if (note_vkey_parse(line, &v) != ERR_OK)
		return;
	PROPERTY(note_name_ok(str_of(v.name)));
	note_vkey_put(&v, &out);
	PROPERTY(!out.over && str_eq(buf_str(&out), line));
}

static void check_vkey(struct fuzz_reader *r)
{
	struct note_signer signer = signer_make(), named;
	struct note_verifier v;
	char memory[NOTE_NAME_MAX + 64];
	struct buf out = buf_over(memory, sizeof memory);
	size_t at = fuzz_u8(r);
	uint8_t mask = fuzz_u8(r);

	if (note_signer_init(fuzz_str(r, 200), &signer.key, &named) != ERR_OK)
		return;
	note_vkey_put(&named.verifier, &out);
	PROPERTY(!out.over && note_vkey_parse(buf_str(&out), &v) == ERR_OK);
	PROPERTY(memcmp(&v, &named.verifier, sizeof v) == 0);
	memory[at % out.n] = (char)(memory[at % out.n] ^ (char)mask);
	PROPERTY((note_vkey_parse(buf_str(&out), &v) == ERR_OK) == (mask == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct note_signer signer = signer_make();
	struct fuzz_reader r = {data, n};
	uint8_t what = fuzz_u8(&r);
	struct str rest = {(const char *)r.p, r.n}, opened, note;

	switch (what % 7) {
	case 0:
		PROPERTY(note_open(&signer.verifier, rest, &opened) == ERR_UNVERIFIED);
		break;
	case 1:
		note = sign(&signer, rest);
		free((char *)(uintptr_t)note.p);
		break;
	case 2:
		check_tampered(&signer, &r);
		break;
	case 3:
		check_checkpoint_text(rest);
		break;
	case 4:
		check_checkpoint(&signer, &r);
		break;
	case 5:
		check_vkey_text(rest);
		break;
	default:
		check_vkey(&r);
		break;
	}
	return 0;
}
