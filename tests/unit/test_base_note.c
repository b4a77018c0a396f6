/* Signed notes against the public vectors of Go's sumdb/note, and checkpoints as C2SP
 * tlog-checkpoint. */
#include "test.h"

#include "base/note.h"

#include <stdio.h>

#define PETER_VKEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_SEED "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz" /* algorithm and seed */
#define PETER_SIG                                                                                  \
	"— PeterNeumann "                                                                        \
	"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"       \
	"RyyBwJnAM=\n"
#define ENOCH_VKEY "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
#define ENOCH_SIG                                                                                  \
	"— EnochRoot "                                                                           \
	"rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WW"       \
	"d1RvMc+QQ=\n"
#define TEXT                                                                                       \
	"If you think cryptography is the answer to your problem,\n"                               \
	"then you don't know what your problem is.\n"
#define SOFA "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static struct note_verifier verifier(const char *vkey)
{
	struct note_verifier v;

	assert_ok(note_vkey_parse(str_of(vkey), &v));
	return v;
}

static struct note_signer peter_signer(void)
{
	struct note_signer signer;
	struct sign_key key;
	uint8_t seed[33];
	size_t n;

	assert_true(b64_decode(STR(PETER_SEED), seed, sizeof seed, &n) && n == 33 && seed[0] == 1);
	sign_key_from_seed(seed + 1, &key);
	assert_ok(note_signer_init(STR("PeterNeumann"), &key, &signer));
	return signer;
}

static void assert_str(struct str got, struct str want)
{
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, want.n);
}

static void assert_opens(const struct note_verifier *v, struct str note, struct str text)
{
	struct str got = {NULL, 0};

	assert_ok(note_open(v, note, &got));
	assert_str(got, text);
	assert_ptr_equal(got.p, note.p);
}

static void assert_refused(const struct note_verifier *v, struct str note)
{
	struct str got = STR("before");

	assert_err(note_open(v, note, &got), ERR_UNVERIFIED);
	assert_str(got, STR("before"));
}

static void keys_have_one_spelling(void **state)
{
	static const char *const vkeys[] = {PETER_VKEY, ENOCH_VKEY};
	char line[256];
	struct buf out;
	struct note_verifier v, before;

	memset(&before, 0xA5, sizeof before);
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(vkeys[i]);
		v = verifier(vkeys[i]);
		out = buf_over(line, sizeof line);
		note_vkey_put(&v, &out);
		assert_str(buf_str(&out), str_of(vkeys[i]));
		v = before;
		for (size_t from = 0; from <= n; from++)
			for (size_t to = from; to <= n; to++)
				if (to - from < n)
					assert_err(
					    note_vkey_parse(
						(struct str){vkeys[i] + from, to - from}, &v),
					    ERR_BAD_INPUT);
		for (size_t at = 0; at < n; at++)
			for (unsigned bit = 0; bit < 8; bit++) {
				memcpy(line, vkeys[i], n);
				line[at] = (char)(line[at] ^ (char)(1u << bit));
				assert_err(note_vkey_parse((struct str){line, n}, &v),
					   ERR_BAD_INPUT);
			}
	}
	/* with a key id that fits: a key too long, an unknown algorithm; and spellings that are not
	 * ours */
	assert_err(note_vkey_parse(STR("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
				       "LDE4izWy10TWBADKEY=="),
				   &v),
		   ERR_BAD_INPUT);
	assert_err(note_vkey_parse(STR("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
				       "LDE4izWy10TW"),
				   &v),
		   ERR_BAD_INPUT);
	assert_err(note_vkey_parse(STR("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
				       "LDE4izWy10TW"),
				   &v),
		   ERR_BAD_INPUT);
	assert_err(note_vkey_parse(STR(PETER_VKEY "\n"), &v), ERR_BAD_INPUT);
	assert_memory_equal(&v, &before, sizeof v);
}

static void names_have_no_spaces_and_no_plus(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "a+b",
	    "+",
	    "a b",
	    " a",
	    "a\n",
	    "\t",
	    "a\x01",
	    "\xFF",
	    "a\xE9\x87",
	    "a\xC2\x85",
	    "a\xC2\xA0",
	    "\xE1\x9A\x80",
	    "\xE2\x80\x80",
	    "x\xE2\x80\x8A",
	    "\xE2\x80\xA8",
	    "\xE2\x80\xA9",
	    "\xE2\x80\xAF",
	    "\xE2\x81\x9F",
	    "里\xE3\x80\x80仁", /* the last is U+3000 */
	};
	static const char *const right[] = {
	    "a",        "example.com/log42", "liren/里仁/1", "\xC2\x84",
	    "\xC3\x85", "\xE2\x80\x8B",      "\xE3\x80\x81", "\xF0\x9F\x8F\xA0"};
	struct note_signer signer = peter_signer(), before = signer;
	char longest[NOTE_NAME_MAX + 2];

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(note_name_ok(str_of(wrong[i])));
		assert_err(note_signer_init(str_of(wrong[i]), &before.key, &signer), ERR_BAD_INPUT);
	}
	assert_false(note_name_ok((struct str){"a\0b", 3}));
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
		assert_true(note_name_ok(str_of(right[i])));
	memset(longest, 'a', sizeof longest);
	assert_true(note_name_ok((struct str){longest, NOTE_NAME_MAX}));
	assert_false(note_name_ok((struct str){longest, NOTE_NAME_MAX + 1}));
	assert_memory_equal(&signer, &before, sizeof signer);
}

static void signing_gives_the_public_vector(void **state)
{
	static const char want[] = TEXT "\n" PETER_SIG;
	struct note_signer signer = peter_signer();
	struct note_verifier peter = verifier(PETER_VKEY);
	char memory[512];
	struct buf out = buf_over(memory, sizeof memory);

	assert_memory_equal(&signer.verifier, &peter, sizeof peter);
	buf_put_z(&out, "before");
	assert_ok(note_sign(&signer, STR(TEXT), &out));
	assert_str(buf_str(&out), STR("before" TEXT "\n" PETER_SIG));
	for (size_t cap = 0; cap < sizeof want - 1; cap++) {
		out = buf_over(memory, cap);
		assert_err(note_sign(&signer, STR(TEXT), &out), ERR_TOO_LARGE);
		assert_int_equal(out.n, 0);
	}
	out = buf_over(memory, sizeof want - 1);
	assert_ok(note_sign(&signer, STR(TEXT), &out));
	assert_str(buf_str(&out), STR(TEXT "\n" PETER_SIG));
}

static void texts_that_cannot_be_signed(void **state)
{
	static const char *const wrong[] = {"",      "a",      "a\nb",   "a\r\n",
					    "\ta\n", "\x1F\n", "\xFF\n", "a\xE9\x87\n"};
	static const char *const right[] = {"\n",     "a\n",          "\n\n",  "a\n\n\nb\n",
					    "里仁\n", "a\n\n— b c\n", "\x7F\n"};
	struct note_signer signer = peter_signer();
	char memory[NOTE_BYTES_MAX + 100], text[NOTE_BYTES_MAX];
	size_t longest = NOTE_BYTES_MAX - strlen("\n" PETER_SIG);
	struct buf out = buf_over(memory, sizeof memory);

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(note_sign(&signer, str_of(wrong[i]), &out), ERR_BAD_INPUT);
	assert_err(note_sign(&signer, (struct str){"a\0\n", 3}, &out), ERR_BAD_INPUT);
	assert_int_equal(out.n, 0);
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		out.n = 0;
		assert_ok(note_sign(&signer, str_of(right[i]), &out));
		assert_opens(&signer.verifier, buf_str(&out), str_of(right[i]));
	}
	memset(text, '\n', sizeof text);
	out.n = 0;
	assert_err(note_sign(&signer, (struct str){text, longest + 1}, &out), ERR_TOO_LARGE);
	assert_ok(note_sign(&signer, (struct str){text, longest}, &out));
	assert_int_equal(out.n, NOTE_BYTES_MAX);
	assert_opens(&signer.verifier, buf_str(&out), (struct str){text, longest});
}

static void notes_are_opened(void **state)
{
	struct note_verifier peter = verifier(PETER_VKEY), enoch = verifier(ENOCH_VKEY);

	assert_opens(&peter, STR(TEXT "\n" PETER_SIG), STR(TEXT));
	assert_opens(&peter, STR(TEXT "\n" PETER_SIG ENOCH_SIG), STR(TEXT));
	assert_opens(&enoch, STR(TEXT "\n" PETER_SIG ENOCH_SIG), STR(TEXT));
	assert_opens(&peter, STR(TEXT "\n" ENOCH_SIG PETER_SIG PETER_SIG), STR(TEXT));
	/* same name with another key id, same key id with another name, another algorithm, a long
	 * name: unknown */
	assert_opens(&peter, STR(TEXT "\n— PeterNeumann AAAAAAA=\n— Carmen x08goxyz\n" PETER_SIG),
		     STR(TEXT));
	assert_refused(&peter, STR(TEXT "\n" ENOCH_SIG));
	assert_refused(&enoch, STR(TEXT "\n" PETER_SIG));
	peter.public_key[0] ^= 1;
	assert_refused(&peter, STR(TEXT "\n" PETER_SIG));
}

static void malformed_notes_are_refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "\n",
	    "\n\n",
	    TEXT,
	    TEXT "\n",
	    PETER_SIG,
	    "\n" PETER_SIG,
	    TEXT PETER_SIG,
	    TEXT "\n" PETER_SIG "\n",
	    TEXT "\n\n" PETER_SIG,
	    TEXT "\n" PETER_SIG "x",
	    "\x01" TEXT "\n" PETER_SIG,
	    "\xFF" TEXT "\n" PETER_SIG,
	    "x" TEXT "\n" PETER_SIG,
	    TEXT "x\n\n" PETER_SIG,
	    TEXT "\n" PETER_SIG "Unexpected line.\n",
	    TEXT "\nUnexpected line.\n" PETER_SIG,
	    TEXT "\n" PETER_SIG "— a+b AAAAAAA=\n",
	    TEXT "\n" PETER_SIG "— Bad Name AAAAAAA=\n",
	    TEXT "\n" PETER_SIG "— a\xC2\xA0 AAAAAAA=\n",
	    TEXT "\n" PETER_SIG "—  AAAAAAA=\n",
	    TEXT "\n" PETER_SIG "— a AAAAAA==\n",
	    TEXT "\n" PETER_SIG "— a AAAAAAA\n",
	    TEXT "\n" PETER_SIG "— a AAAAAAB=\n",
	    TEXT "\n" PETER_SIG "— a\n",
	    TEXT "\n" PETER_SIG "— a \n",
	    TEXT "\n" PETER_SIG "—a AAAAAAA=\n",
	    TEXT "\n" PETER_SIG "- a AAAAAAA=\n",
	    TEXT "\n" PETER_SIG "— a AAAAAAA= \n",
	    TEXT "\n" PETER_SIG "— a AAAAAAA=\r\n",
	    /* of our key, but wrong: alone, before and after a good one, too short */
	    TEXT "\n— PeterNeumann x08goxyz\n",
	    TEXT "\n— PeterNeumann x08goxyz\n" PETER_SIG,
	    TEXT "\n" PETER_SIG "— PeterNeumann x08goxyz\n",
	};
	struct note_verifier peter = verifier(PETER_VKEY);
	char memory[1024];
	size_t n = strlen(TEXT "\n" PETER_SIG);

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_refused(&peter, str_of(wrong[i]));
	for (size_t cut = 1; cut < n; cut++) {
		assert_refused(&peter, (struct str){TEXT "\n" PETER_SIG, cut});
		assert_refused(&peter, (struct str){&(TEXT "\n" PETER_SIG)[cut], n - cut});
	}
	for (size_t bit = 0; bit < 8 * n; bit++) {
		memcpy(memory, TEXT "\n" PETER_SIG, n);
		memory[bit / 8] = (char)(memory[bit / 8] ^ (char)(1u << bit % 8));
		assert_refused(&peter, (struct str){memory, n});
	}
}

static void signatures_and_bytes_are_capped(void **state)
{
	struct note_verifier peter = verifier(PETER_VKEY);
	char memory[NOTE_BYTES_MAX + 1];
	struct buf out;

	for (unsigned others = 0; others < 2 * NOTE_SIGNATURES_MAX; others++) {
		out = buf_over(memory, sizeof memory);
		buf_put_z(&out, TEXT "\n");
		for (unsigned i = 0; i < others; i++)
			buf_put_z(&out, "— other AAAAAAA=\n");
		buf_put_z(&out, PETER_SIG);
		assert_false(out.over);
		if (others < NOTE_SIGNATURES_MAX)
			assert_opens(&peter, buf_str(&out), STR(TEXT));
		else
			assert_refused(&peter, buf_str(&out));
	}
	for (size_t n = NOTE_BYTES_MAX; n <= NOTE_BYTES_MAX + 1; n++) {
		size_t head = strlen(TEXT "\n" PETER_SIG "— ");
		memset(memory, 'n', sizeof memory);
		memcpy(memory, TEXT "\n" PETER_SIG "— ", head);
		memcpy(memory + n - 10, " AAAAAAA=\n", 10);
		if (n == NOTE_BYTES_MAX)
			assert_opens(&peter, (struct str){memory, n}, STR(TEXT));
		else
			assert_refused(&peter, (struct str){memory, n});
	}
}

static void checkpoints_are_parsed(void **state)
{
	static const char root[] =
	    "\x0A\xC5\x18\x6A\x91\x86\x3E\x8E\x1D\x90\xC8\x08\x01\x4A\xA8\x9B"
	    "\xF5\xDA\x8E\x3E\xE1\xD9\xF0\x76\x30\xF0\x37\x8F\x68\xF1\xAB\x62";
	static const char *const more[] = {"", "extension\n", "one\ntwo\n"};
	char memory[256];
	struct checkpoint c;
	struct buf out;

	for (size_t i = 0; i < 3; i++) {
		out = buf_over(memory, sizeof memory);
		buf_put_z(&out, SOFA);
		buf_put_z(&out, more[i]);
		assert_ok(checkpoint_parse(buf_str(&out), &c));
		assert_str(c.origin, STR("example.com/behind-the-sofa"));
		assert_true(c.size == 20852163);
		assert_memory_equal(c.root.b, root, 32);
	}
	out = buf_over(memory, sizeof memory);
	c.origin = STR("example.com/behind-the-sofa");
	checkpoint_put(&c, &out);
	assert_str(buf_str(&out), STR(SOFA));
	assert_ok(
	    checkpoint_parse(STR("a b+c\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"), &c));
	assert_true(c.size == 0);
	assert_ok(checkpoint_parse(
	    STR("a\n18446744073709551615\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"), &c));
	assert_true(c.size == UINT64_MAX);
}

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

static void other_checkpoints_are_refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "\n",
	    "a\n",
	    "a\n1\n",
	    "a\n1\n" ROOT,
	    "\n1\n" ROOT "\n",
	    "a\n\n" ROOT "\n",
	    "a\n1\n\n",
	    "a\n01\n" ROOT "\n",
	    "a\n00\n" ROOT "\n",
	    "a\n+1\n" ROOT "\n",
	    "a\n-1\n" ROOT "\n",
	    "a\n 1\n" ROOT "\n",
	    "a\n1 \n" ROOT "\n",
	    "a\n0x1\n" ROOT "\n",
	    "a\n18446744073709551616\n" ROOT "\n",
	    "a\n1\n" ROOT "\n\n",
	    "a\n1\n" ROOT "\nx\n\ny\n",
	    "a\n1\n" ROOT "\nx",
	    "a\r\n1\n" ROOT "\n",
	    "a\xFF\n1\n" ROOT "\n",
	    "a\n1\n" ROOT "\n\xFF\n",
	    "a\n1\n " ROOT "\n",
	    "a\n1\n" ROOT " \n",
	    "a\n1\n" ROOT "AAAA\n",
	    "a\n1\nAA==\n",
	    "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n", /* 33 bytes */
	    "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n", /* 31 bytes */
	    "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", /* spare bits */
	};
	struct checkpoint c, before;

	memset(&before, 0xA5, sizeof before);
	c = before;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(checkpoint_parse(str_of(wrong[i]), &c), ERR_BAD_INPUT);
	for (size_t n = 0; n < strlen(SOFA); n++)
		assert_err(checkpoint_parse((struct str){SOFA, n}, &c), ERR_BAD_INPUT);
	assert_memory_equal(&c, &before, sizeof c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_have_one_spelling),
	    cmocka_unit_test(names_have_no_spaces_and_no_plus),
	    cmocka_unit_test(signing_gives_the_public_vector),
	    cmocka_unit_test(texts_that_cannot_be_signed),
	    cmocka_unit_test(notes_are_opened),
	    cmocka_unit_test(malformed_notes_are_refused),
	    cmocka_unit_test(signatures_and_bytes_are_capped),
	    cmocka_unit_test(checkpoints_are_parsed),
	    cmocka_unit_test(other_checkpoints_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
