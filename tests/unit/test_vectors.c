/* Our functions give the bytes of tests/vectors/journal.json, which a program that is not ours has
 * worked out from formats/journal.md. The store is made of the vectors' entries, by the code that
 * writes every entry. */
#include "test.h"

#include "base/note.h"
#include "base/seal.h"
#include "journal/tree.h"
#include "service/kinds.h"
#include "service/writer.h"
#include "store.h"

#include <jansson.h>
#include <stdlib.h>

#define BYTES_MAX 512u
#define ENTRIES 3u

static json_t *vectors;

static const json_t *member(const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);

	if (!v)
		fail_msg("the vectors have no %s", name);
	return v;
}

static const json_t *part(const char *name)
{
	return member(vectors, name);
}

static struct str text_of(const json_t *object, const char *name)
{
	const json_t *v = member(object, name);

	return (struct str){json_string_value(v), json_string_length(v)};
}

static uint64_t number_of(const json_t *object, const char *name)
{
	return (uint64_t)json_integer_value(member(object, name));
}

/* The bytes of a hex string, which must be `n` of them. */
static void bytes_of(struct str hex, uint8_t *ret, size_t n)
{
	assert_int_equal(hex.n, 2 * n);
	assert_true(hex_decode(hex, ret, n));
}

static void assert_text(struct str got, struct str want)
{
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, want.n);
}

static void assert_hex(const void *got, size_t n, struct str hex)
{
	char text[2 * BYTES_MAX];
	struct buf b = buf_over(text, sizeof text);

	buf_put_hex(&b, got, n);
	assert_false(b.over);
	assert_text(buf_str(&b), hex);
}

static struct str item(const json_t *object, const char *name, size_t i)
{
	const json_t *v = json_array_get(member(object, name), i);

	return (struct str){json_string_value(v), json_string_length(v)};
}

static struct seal_key key_of(const char *name)
{
	struct seal_key k;

	bytes_of(text_of(part("keys"), name), k.b, sizeof k.b);
	return k;
}

static struct sign_key signing_key(void)
{
	uint8_t seed[SIGN_SEED_BYTES];
	struct sign_key k;

	bytes_of(text_of(part("keys"), "signing_seed"), seed, sizeof seed);
	sign_key_from_seed(seed, &k);
	return k;
}

/* nonce || box and h of the one sealed value. */
static struct sealed sealed_value(uint8_t box[BYTES_MAX])
{
	const json_t *v = part("sealed");
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];
	struct str text = text_of(v, "text");
	struct seal_key key = key_of("data_key");
	struct sealed s = {.key_id = number_of(v, "k"), .box = {box, text.n + SEAL_OVERHEAD_BYTES}};

	assert_true(s.box.n <= BYTES_MAX);
	bytes_of(text_of(v, "nonce"), nonce, sizeof nonce);
	bytes_of(text_of(v, "blind"), blind, sizeof blind);
	seal_value(&key, s.key_id, text_of(v, "field"), nonce, blind, text, box, &s.h);
	return s;
}

static void keys_are_wrapped(void **state)
{
	const json_t *v = part("keys");
	struct seal_key community = key_of("community_key"), data = key_of("data_key"), opened;
	uint8_t nonce[SEAL_NONCE_BYTES], wrapped[SEAL_WRAPPED_BYTES];
	uint64_t k = number_of(v, "data_key_number");

	(void)state;
	bytes_of(text_of(v, "wrap_nonce"), nonce, sizeof nonce);
	seal_wrap_key(&community, k, nonce, &data, wrapped);
	assert_hex(wrapped, sizeof wrapped, text_of(v, "wrapped"));
	assert_ok(seal_unwrap_key(&community, k, wrapped, &opened));
	assert_memory_equal(&opened, &data, sizeof data);
}

static void a_value_is_sealed(void **state)
{
	const json_t *v = part("sealed");
	struct seal_key key = key_of("data_key");
	uint8_t box[BYTES_MAX], opened[BYTES_MAX];
	char json[2 * BYTES_MAX];
	struct sealed s = sealed_value(box);
	struct entry_writer w;
	struct str text = {0}, wrote = {0};

	(void)state;
	assert_hex(box, s.box.n, text_of(v, "sealed"));
	entry_writer_begin(&w, json, sizeof json);
	kind_put_sealed(&w, "x", &s);
	assert_ok(entry_writer_end(&w, &wrote));
	assert_true(str_starts(wrote, STR("{\"x\":")) && wrote.n > 6);
	assert_text((struct str){wrote.p + 5, wrote.n - 6}, text_of(v, "value"));
	assert_ok(seal_open(&key, s.key_id, text_of(v, "field"), s.box, &s.h, opened, &text));
	assert_hex(opened, SEAL_BLIND_BYTES, text_of(v, "blind"));
	assert_text(text, text_of(v, "text"));
}

static void a_record_has_its_secret(void **state)
{
	const json_t *v = part("secret");
	struct seal_key key = key_of("data_key");
	uint8_t secret[SEAL_SECRET_BYTES], secret_told[SEAL_SECRET_BYTES];
	size_t told_n = 0;

	(void)state;
	seal_record_secret(&key, number_of(v, "n"), secret);
	assert_hex(secret, sizeof secret, text_of(v, "secret"));
	assert_true(b64_decode(text_of(part("receipt"), "secret"), secret_told, sizeof secret_told,
			       &told_n));
	assert_true(told_n == sizeof secret && seal_secret_eq(secret, secret_told));
}

static void the_log_has_its_name_and_key(void **state)
{
	const json_t *v = part("log");
	struct sign_key key = signing_key();
	char origin[ORIGIN_MAX], line[NOTE_NAME_MAX + 128];
	struct buf vkey = buf_over(line, sizeof line);
	struct note_signer signer;
	uint64_t code = 0;

	(void)state;
	assert_hex(key.public_key, SIGN_PUBLIC_BYTES, text_of(part("keys"), "public_key"));
	assert_true(str_to_u64(text_of(v, "community"), &code));
	community_origin(code, &key, number_of(v, "epoch"), origin);
	assert_text(str_of(origin), text_of(v, "origin"));
	assert_ok(note_signer_init(str_of(origin), &key, &signer));
	assert_hex(signer.verifier.key_id, 4, text_of(v, "key_id"));
	note_vkey_put(&signer.verifier, &vkey);
	assert_text(buf_str(&vkey), text_of(v, "key"));
}

/* ---- the store of the three entries ---- */

/* Randomness of an append is its salt: that of the vectors, one after the other. */
static void next_salt(void *ctx, void *out, size_t n)
{
	unsigned *at = ctx;

	assert_int_equal(n, SALT_BYTES);
	assert_true(*at < ENTRIES);
	bytes_of(text_of(json_array_get(part("entries"), (*at)++), "salt"), out, n);
}

struct made {
	struct test_store store;
	struct db *db;
	unsigned salts;
	struct entropy salt_source;
	struct journal *journal;
	uint8_t box[BYTES_MAX];
};

static void append(struct made *m, const char *role, enum kind kind, const void *data)
{
	const json_t *v = json_array_get(part("entries"), m->journal->n);
	struct actor actor = {.role = str_of(role), .unit = STR(""), .has_handle = true};
	struct hash32 c, leaf;
	struct appended a = {0};

	bytes_of(text_of(v, "handle"), actor.handle, HANDLE_BYTES);
	assert_ok(journal_append(m->journal, &actor, kind, (int64_t)number_of(v, "at"), data, &a));
	assert_int_equal(a.n, number_of(v, "n"));
	assert_text(a.body, text_of(v, "entry"));
	hash_commitment(a.salt, a.body, &c);
	assert_hex(&c, sizeof c, text_of(v, "c"));
	merkle_leaf(&c, sizeof c, &leaf);
	assert_hex(&leaf, sizeof leaf, text_of(v, "leaf"));
}

static void append_entry(struct made *m, unsigned n)
{
	const json_t *file = part("file"), *log = part("log");
	struct journal_opened opened = {0, false, text_of(log, "key"), STR("Asia/Shanghai")};
	struct line_written line = {sealed_value(m->box)};
	struct file_loaded loaded = {.path = text_of(file, "path"),
				     .bytes = text_of(file, "text").n};

	assert_true(str_to_u64(text_of(log, "community"), &opened.community));
	hash_sha256(text_of(file, "text").p, text_of(file, "text").n, &loaded.sha256);
	if (n == 1)
		append(m, "operator", KIND_JOURNAL_OPENED, &opened);
	else if (n == 2)
		append(m, "reporter", KIND_LINE_WRITTEN, &line);
	else
		append(m, "operator", KIND_FILE_LOADED, &loaded);
}

/* A journal of the first `entries` of the vectors, each root compared on the way; `checkpoint`: and
 * signed. */
static void make_journal(struct made *m, unsigned entries, bool checkpoint)
{
	struct sign_key key = signing_key();
	struct hash32 root;

	assert_non_null(m->journal = calloc(1, sizeof *m->journal));
	m->salt_source = (struct entropy){next_salt, &m->salts};
	m->journal->kinds = service_kinds;
	m->journal->entropy = &m->salt_source;
	assert_ok(note_signer_init(text_of(part("log"), "origin"), &key, &m->journal->signer));
	assert_ok(db_open(m->store.journal, DB_SCHEMA_journal, DB_CREATE, NULL, &m->db));
	assert_ok(journal_load(m->journal, m->db));
	assert_ok(db_begin(m->db));
	for (unsigned n = 1; n <= entries; n++) {
		append_entry(m, n);
		merkle_frontier_root(&m->journal->frontier, &root);
		assert_hex(&root, sizeof root, item(part("tree"), "roots", n - 1));
	}
	if (checkpoint)
		assert_ok(journal_checkpoint(m->journal, m->journal->last_at_us));
	assert_ok(db_commit(m->db));
}

static void entries_and_checkpoint_are_the_vectors(void **state)
{
	struct made *m = *state;
	struct checkpoint_row row;

	make_journal(m, ENTRIES, true);
	assert_ok(journal_last_checkpoint(m->db, &row));
	assert_text((struct str){row.note, row.note_n},
		    str_of(json_string_value(part("checkpoint"))));
}

static void tiles_and_paths_are_the_vectors(void **state)
{
	static const char *const tiles[] = {"tile/0/000.p/3", "tile/entries/000.p/3"};
	struct made *m = *state;
	struct tree_reader r;

	make_journal(m, ENTRIES, false);
	for (size_t i = 0; i < 2; i++) {
		char bytes[TILE_BUNDLE_BYTES_MAX];
		struct buf out = buf_over(bytes, sizeof bytes);
		struct tile_id id;
		assert_true(tile_parse(str_of(tiles[i]), &id));
		assert_ok(tree_tile(m->db, ENTRIES, &id, &out));
		assert_hex(out.p, out.n, text_of(part("tree"), tiles[i]));
	}
	tree_reader_init(&r, m->db, ENTRIES);
	for (unsigned n = 0; n < ENTRIES; n++) {
		const json_t *path = json_array_get(member(part("tree"), "paths"), n);
		struct hash32 got[MERKLE_PROOF_MAX];
		unsigned got_n = 0;
		assert_ok(merkle_inclusion(n, ENTRIES, tree_read, &r, got, &got_n));
		assert_int_equal(got_n, json_array_size(path));
		for (unsigned i = 0; i < got_n; i++)
			assert_hex(&got[i], HASH_BYTES,
				   str_of(json_string_value(json_array_get(path, i))));
	}
}

/* The five checks of section 6, in its order. */
static void the_receipt_verifies(void **state)
{
	const json_t *r = part("receipt"), *proof = member(r, "proof");
	const json_t *value = member(member(r, "values"), "text");
	uint8_t salt[SALT_BYTES], blind[SEAL_BLIND_BYTES], box[BYTES_MAX];
	struct hash32 c, leaf, h, path[MERKLE_PROOF_MAX];
	struct note_verifier verifier;
	struct checkpoint cp = {0};
	struct sealed sealed = sealed_value(box);
	struct str text = {0};
	size_t n = 0;

	(void)state;
	assert_ok(note_vkey_parse(text_of(r, "key"), &verifier));
	assert_ok(note_open(&verifier, text_of(r, "checkpoint"), &text));
	assert_ok(checkpoint_parse(text, &cp));
	assert_text(str_of(verifier.name), cp.origin);
	assert_true(b64_decode(text_of(r, "salt"), salt, sizeof salt, &n) && n == sizeof salt);
	hash_commitment(salt, text_of(r, "entry"), &c);
	merkle_leaf(&c, sizeof c, &leaf);
	for (size_t i = 0; i < json_array_size(proof); i++)
		assert_true(b64_decode(str_of(json_string_value(json_array_get(proof, i))),
				       path[i].b, HASH_BYTES, &n) &&
			    n == HASH_BYTES);
	assert_true(merkle_inclusion_verify(number_of(r, "n") - 1, cp.size, &leaf, path,
					    (unsigned)json_array_size(proof), &cp.root));
	assert_true(b64_decode(text_of(value, "blind"), blind, sizeof blind, &n) &&
		    n == sizeof blind);
	seal_value_commitment(blind, text_of(value, "text"), &h);
	assert_memory_equal(&h, &sealed.h, sizeof h);
}

/* The program's own reopening of the first two entries, when a checkpoint of three has been seen.
 */
static void reopening_links_the_origins(void **state)
{
	struct made *m = *state;
	const json_t *v = part("reopened");
	struct keyring_options o = {.path = m->store.keys,
				    .create = true,
				    .community_key = &m->store.secrets.community_key,
				    .entropy = &m->store.entropy};
	struct keyring *keys = NULL;
	struct entry_view entry;
	static char memory[ENTRY_BYTES_MAX];
	char want[4096];
	struct writer *w;
	json_t *got;
	char *data;

	m->store.secrets.signing_key = signing_key();
	make_journal(m, (unsigned)number_of(v, "size"), false);
	m->db = db_free(m->db);
	assert_ok(keyring_open(&o, &keys));
	keyring_free(keys);
	w = test_store_open(&m->store);
	assert_ok(
	    writer_reopen(w, &m->store.secrets, text_of(v, "seen"), STR("os:test"), m->store.now));
	assert_text(str_of(w->journal.signer.verifier.name), text_of(v, "origin"));
	assert_ok(journal_entry(w->db, number_of(v, "size") + 1, memory, &entry));
	assert_non_null(got = json_loadb(entry.body.p, entry.body.n, 0, NULL));
	data = json_dumps(member(got, "data"), JSON_COMPACT | JSON_SORT_KEYS);
	snprintf(want, sizeof want, "%s", text_of(v, "data").p);
	assert_string_equal(data, want);
	free(data);
	json_decref(got);
	writer_close(w);
}

static int set_up(void **state)
{
	static struct made m;

	memset(&m, 0, sizeof m);
	test_store_init(&m.store, NULL);
	*state = &m;
	return 0;
}

static int tear_down(void **state)
{
	struct made *m = *state;

	db_free(m->db);
	test_store_remove(&m->store);
	free(m->journal);
	return 0;
}

static int load_vectors(void **state)
{
	const char *source = getenv("LIREN_SOURCE");
	char path[1024];

	(void)state;
	snprintf(path, sizeof path, "%s/tests/vectors/journal.json", source ? source : ".");
	vectors = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!vectors)
		fail_msg("no %s: run from the source folder or set LIREN_SOURCE", path);
	return 0;
}

static int free_vectors(void **state)
{
	(void)state;
	json_decref(vectors);
	return 0;
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_wrapped),
		cmocka_unit_test(a_value_is_sealed),
		cmocka_unit_test(a_record_has_its_secret),
		cmocka_unit_test(the_log_has_its_name_and_key),
		STORE_TEST(entries_and_checkpoint_are_the_vectors),
		STORE_TEST(tiles_and_paths_are_the_vectors),
		cmocka_unit_test(the_receipt_verifies),
		STORE_TEST(reopening_links_the_origins),
	};

	return cmocka_run_group_tests(tests, load_vectors, free_vectors);
}
