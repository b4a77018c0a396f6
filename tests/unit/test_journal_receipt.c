/* Receipts: what is written is read back, each step fails for its own reason and no other, and
 * nothing but a receipt is read as one. */
#include "test.h"

#include "journal/receipt.h"
#include "service/reader.h"
#include "record.h"

#include <stdlib.h>

#define LINES 20u

static struct test_record store;
static char text_of_receipt[RECEIPT_BYTES_MAX];
_Alignas(16) static char memory[RECEIPT_ARENA_BYTES];

/* What a receipt views. */
static struct {
	char vkey[256], entry[ENTRY_BYTES_MAX];
	struct entry_view view;
	struct proof proof;
	struct opened_line line;
} held;

/* The receipt of line n, opened with its secret, from the store. */
static struct receipt receipt_of(uint64_t n, const uint8_t secret[SEAL_SECRET_BYTES])
{
	struct receipt r = {.n = n};
	struct buf key = buf_over(held.vkey, sizeof held.vkey);
	struct reader *reader = NULL;

	assert_ok(reader_open(&store.paths, &store.secrets, &reader));
	note_vkey_put(&reader->community.verifier, &key);
	r.key = buf_str(&key);
	assert_ok(journal_entry(reader->db, n, held.entry, &held.view));
	r.entry = held.view.body;
	memcpy(r.salt, held.view.salt, SALT_BYTES);
	assert_ok(reader_proof(reader, n, &held.proof));
	r.path_n = held.proof.path_n;
	memcpy(r.path, held.proof.path, r.path_n * sizeof r.path[0]);
	r.checkpoint = (struct str){held.proof.checkpoint.note, held.proof.checkpoint.note_n};
	if (secret) {
		assert_ok(reader_open_line(reader, n, secret, &held.line));
		r.values_n = 1;
		r.values[0].field = STR("text");
		r.values[0].text = held.line.text;
		memcpy(r.values[0].blind, held.line.blind, SEAL_BLIND_BYTES);
		r.has_secret = true;
		memcpy(r.secret, secret, SEAL_SECRET_BYTES);
	}
	reader_close(reader);
	return r;
}

static uint64_t the_line;
static uint8_t the_secret[SEAL_SECRET_BYTES];

static int make(void **state)
{
	struct command c = {.kind = COMMAND_WRITE_LINE, .line.text = STR("门口的灯坏了 \"\\ \n")};
	struct command *group = &c;
	static char entry[ENTRY_BYTES_MAX];

	(void)state;
	store_make(&store, 5);
	store_write_many(&store, LINES / 2, 9);
	c.answer.entry = buf_over(entry, sizeof entry);
	writer_group(store.writer, &group, 1, store.now);
	assert_ok(c.answer.err);
	the_line = c.answer.n;
	memcpy(the_secret, c.answer.secret, sizeof the_secret);
	store_write_many(&store, LINES / 2, 9);
	store_close(&store);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	store_remove(&store);
	return 0;
}

static enum err parse(struct str text, struct receipt *ret, struct problem *p)
{
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	return receipt_parse(text, &a, ret, p);
}

static struct str put(const struct receipt *r)
{
	struct buf out = buf_over(text_of_receipt, sizeof text_of_receipt);

	assert_ok(receipt_put(r, &out));
	return buf_str(&out);
}

static enum receipt_step check(const struct receipt *r)
{
	struct receipt_result result;

	receipt_check(r, &result);
	return result.failed;
}

static void what_is_written_is_read_back_and_holds(void **state)
{
	struct receipt r = receipt_of(the_line, the_secret), again = {0};

	(void)state;
	assert_ok(parse(put(&r), &again, NULL));
	assert_int_equal(check(&again), RECEIPT_STEPS);
	assert_true(str_eq(again.entry, r.entry) && str_eq(again.key, r.key));
	assert_int_equal(again.n, the_line);
	assert_int_equal(again.values_n, 1);
	assert_true(str_eq(again.values[0].text, STR("门口的灯坏了 \"\\ \n")));
	assert_true(again.has_secret);
	assert_memory_equal(again.secret, the_secret, sizeof the_secret);
	for (uint64_t n = 1; n <= LINES; n++) {
		r = receipt_of(n, NULL);
		assert_ok(parse(put(&r), &again, NULL));
		assert_int_equal(check(&again), RECEIPT_STEPS);
		assert_int_equal(again.values_n, 0);
	}
}

/* A copy of s with one byte changed. */
static struct str changed(struct str s, size_t at, char *to)
{
	memcpy(to, s.p, s.n);
	to[at] = (char)(to[at] ^ 1);
	return (struct str){to, s.n};
}

static void each_step_fails_for_its_own_reason(void **state)
{
	struct receipt good = receipt_of(the_line, the_secret), r;
	char bytes[ENTRY_BYTES_MAX];

	(void)state;
	for (size_t i = 0; i < good.checkpoint.n; i++) {
		r = good;
		r.checkpoint = changed(good.checkpoint, i, bytes);
		assert_int_equal(check(&r), RECEIPT_SIGNATURE);
	}
	for (size_t i = 0; i < good.entry.n; i++) {
		r = good;
		r.entry = changed(good.entry, i, bytes);
		assert_int_equal(check(&r), RECEIPT_PROOF);
	}
	for (unsigned i = 0; i < SALT_BYTES; i++) {
		r = good;
		r.salt[i] ^= 0x10;
		assert_int_equal(check(&r), RECEIPT_PROOF);
	}
	for (unsigned i = 0; i < good.path_n * HASH_BYTES; i++) {
		r = good;
		r.path[i / HASH_BYTES].b[i % HASH_BYTES] ^= 4;
		assert_int_equal(check(&r), RECEIPT_PROOF);
	}
	r = good;
	r.path_n--;
	assert_int_equal(check(&r), RECEIPT_PROOF);
	r = good;
	r.n++;
	assert_int_equal(check(&r), RECEIPT_PROOF);
	for (size_t i = 0; i < good.values[0].text.n; i++) {
		r = good;
		r.values[0].text = changed(good.values[0].text, i, bytes);
		assert_int_equal(check(&r), RECEIPT_VALUES);
	}
	for (unsigned i = 0; i < SEAL_BLIND_BYTES; i++) {
		r = good;
		r.values[0].blind[i] ^= 0x80;
		assert_int_equal(check(&r), RECEIPT_VALUES);
	}
	r = good;
	r.values[0].field = STR("note");
	assert_int_equal(check(&r), RECEIPT_VALUES);
}

/* A tree of one leaf that somebody signs himself, to reach the steps that a right office never
 * fails. */
static struct receipt own_receipt(const char *key_name, const char *origin, const char *entry,
				  struct buf *vkey, struct buf *note)
{
	struct receipt r = {.n = 1, .entry = str_of(entry)};
	struct note_signer signer, named;
	char text[256];
	struct buf t = buf_over(text, sizeof text);
	struct checkpoint c = {str_of(origin), 1, {{0}}};
	struct hash32 h;

	assert_ok(note_signer_init(str_of(key_name), &store.secrets.signing_key, &signer));
	assert_ok(note_signer_init(str_of(origin), &store.secrets.signing_key, &named));
	hash_commitment(r.salt, r.entry, &h);
	merkle_leaf(h.b, HASH_BYTES, &c.root);
	checkpoint_put(&c, &t);
	assert_ok(note_sign(&signer, buf_str(&t), note));
	note_vkey_put(&signer.verifier, vkey);
	r.key = buf_str(vkey);
	r.checkpoint = buf_str(note);
	return r;
}

static void own_checkpoints_fail_where_they_must(void **state)
{
	static const struct {
		const char *name, *origin, *entry;
		enum receipt_step want;
	} rows[] = {
		{"a/log", "a/log", "{\"n\":1}", RECEIPT_STEPS},
		{"a/log", "b/log", "{\"n\":1}", RECEIPT_ORIGIN},
		{"a/log", "a/log", "{\"n\":2}", RECEIPT_NUMBER},
		{"a/log", "a/log", "{\"n\":\"1\"}", RECEIPT_NUMBER},
		{"a/log", "a/log", "{\"m\":1}", RECEIPT_NUMBER},
		{"a/log", "a/log", "{\"n\":1,\"n\":1}", RECEIPT_NUMBER},
		{"a/log", "a/log", "n 1", RECEIPT_NUMBER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char vkey[256], note[NOTE_BYTES_MAX];
		struct buf k = buf_over(vkey, sizeof vkey), n = buf_over(note, sizeof note);
		struct receipt r = own_receipt(rows[i].name, rows[i].origin, rows[i].entry, &k, &n);
		assert_int_equal(check(&r), rows[i].want);
	}
}

/* The receipt with `from` replaced by `to` is refused with this error, and the member is named. */
static void refused(struct str good, const char *from, const char *to, enum err want,
		    const char *field)
{
	static char text[2 * RECEIPT_BYTES_MAX];
	struct receipt r;
	struct problem p = {0};
	const char *at = memmem(good.p, good.n, from, strlen(from));
	size_t head;

	assert_non_null(at);
	head = (size_t)(at - good.p);
	memcpy(text, good.p, head);
	memcpy(text + head, to, strlen(to));
	memcpy(text + head + strlen(to), at + strlen(from), good.n - head - strlen(from));
	assert_err(parse((struct str){text, good.n - strlen(from) + strlen(to)}, &r, &p), want);
	assert_int_equal(p.err, want);
	assert_string_equal(p.field, field);
}

static void nothing_else_is_read_as_a_receipt(void **state)
{
	struct receipt r = receipt_of(the_line, the_secret);
	struct str good = put(&r);
	struct problem p = {0};
	static char large[RECEIPT_BYTES_MAX + 1];

	(void)state;
	refused(good, "liren-receipt-1", "liren-receipt-2", ERR_BAD_INPUT, "format");
	refused(good, "\"salt\"", "\"sald\"", ERR_BAD_INPUT, "sald");
	refused(good, "\"n\": 12,", "", ERR_BAD_INPUT, "n");
	refused(good, "\"n\": 12,", "\"n\": 12.0,", ERR_BAD_INPUT, "n");
	refused(good, "\"n\": 12,", "\"n\": 0,", ERR_BAD_INPUT, "n");
	refused(good, "\"n\": 12,", "\"n\": 9007199254740992,", ERR_BAD_INPUT, "n");
	refused(good, "\"n\": 12,", "\"n\": 12, \"n\": 12,", ERR_BAD_JSON, "");
	refused(good, "\"salt\": \"", "\"salt\": \"AAAA", ERR_BAD_INPUT, "salt");
	refused(good, "\"salt\": \"", "\"salt\": \" ", ERR_BAD_INPUT, "salt");
	refused(good, "\"blind\": \"", "\"blind\": \"AAAA", ERR_BAD_INPUT, "values.text.blind");
	refused(good, "\"blind\"", "\"blinn\"", ERR_BAD_INPUT, "values.text.blind");
	refused(good, "\"secret\": \"", "\"secret\": \"AAAA", ERR_BAD_INPUT, "secret");
	refused(good, "\"proof\": [", "\"proof\": [\"\",", ERR_BAD_INPUT, "proof[0]");
	refused(good, "\"key\": \"liren/", "\"key\": \"lirem/", ERR_BAD_INPUT, "key");
	refused(good, "{", "[", ERR_BAD_JSON, "");
	assert_err(parse(STR("[1]"), &r, &p), ERR_BAD_INPUT);
	assert_err(parse(STR(""), &r, &p), ERR_BAD_JSON);
	assert_err(parse((struct str){large, sizeof large}, &r, &p), ERR_TOO_LARGE);
}

static void any_spelling_of_json_is_fine(void **state)
{
	struct receipt r = receipt_of(the_line, the_secret), again;
	struct str good = put(&r);
	static char text[2 * RECEIPT_BYTES_MAX];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < good.n; i++) {
		if ((unsigned char)good.p[i] == '\n')
			continue;
		if (i > 0 && good.p[i] == '/') /* as some writers escape it */
			text[n++] = '\\';
		text[n++] = good.p[i];
	}
	assert_ok(parse((struct str){text, n}, &again, NULL));
	assert_int_equal(check(&again), RECEIPT_STEPS);
}

static void what_does_not_fit_is_not_written(void **state)
{
	struct receipt r = receipt_of(the_line, the_secret);
	char small[300];
	struct buf out = buf_over(small, sizeof small);

	(void)state;
	assert_err(receipt_put(&r, &out), ERR_TOO_LARGE);
	assert_int_equal(out.n, 0);
	out = buf_over(text_of_receipt, sizeof text_of_receipt);
	r.values[0].text = STR("\xFF");
	assert_err(receipt_put(&r, &out), ERR_BAD_INPUT);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back_and_holds),
		cmocka_unit_test(each_step_fails_for_its_own_reason),
		cmocka_unit_test(own_checkpoints_fail_where_they_must),
		cmocka_unit_test(nothing_else_is_read_as_a_receipt),
		cmocka_unit_test(any_spelling_of_json_is_fine),
		cmocka_unit_test(what_does_not_fit_is_not_written),
	};

	return cmocka_run_group_tests(tests, make, clear);
}
