/* The one writer: what is answered, what is undone, what a restart finds. */
#include "test.h"

#include "store.h"

#include <sqlite3.h>

#include "journal/outbox.h"
#include "journal/tree.h"
#include "service/kinds.h"

/* MTH of RFC 6962 section 2.1 over leaf hashes, as it stands there. */
static void naive_root(const struct hash32 *leaf, uint64_t n, struct hash32 *ret)
{
	uint8_t node[1 + 2 * HASH_BYTES] = {0x01};
	struct hash32 left, right;
	uint64_t k = 1;

	if (n == 1) {
		*ret = leaf[0];
		return;
	}
	while (2 * k < n)
		k *= 2;
	naive_root(leaf, k, &left);
	naive_root(leaf + k, n - k, &right);
	memcpy(node + 1, left.b, HASH_BYTES);
	memcpy(node + 1 + HASH_BYTES, right.b, HASH_BYTES);
	crypto_hash_sha256(ret->b, node, sizeof node);
}

static int set_up(void **state)
{
	struct test_store *t = malloc(sizeof *t);

	assert_true(sodium_init() >= 0);
	test_store_init(t, NULL);
	assert_ok(test_store_create(t));
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	test_store_remove(*state);
	free(*state);
	return 0;
}

static uint64_t entries_of(struct test_store *t)
{
	struct store_status status = {0};
	struct reader *r = NULL;

	assert_ok(reader_open(&t->paths, &t->secrets, &r));
	assert_ok(reader_status(r, &status));
	reader_close(r);
	return status.entries;
}

static void a_new_store_has_one_entry_and_its_checkpoint(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);

	assert_int_equal(w->journal.n, 1);
	assert_int_equal(w->journal.checkpoint_size, 1);
	assert_err(test_store_create(t), ERR_EXISTS);
	writer_close(w);
}

static void a_line_is_there_with_its_text_for_who_has_the_secret(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct opened_line *line = malloc(sizeof *line);
	struct test_command cmd;
	struct reader *r = NULL;
	uint8_t wrong[SEAL_SECRET_BYTES];

	test_line(&cmd, 1, "里仁为美");
	assert_ok(test_run(t, w, &cmd));
	assert_int_equal(cmd.c.answer.n, 2);
	assert_ok(reader_open(&t->paths, &t->secrets, &r));
	assert_ok(reader_open_line(r, 2, cmd.c.answer.secret, line));
	assert_true(str_eq(line->text, STR("里仁为美")));
	assert_true(str_eq(line->entry.body, buf_str(&cmd.c.answer.entry)));
	assert_memory_equal(line->blind, cmd.c.answer.blind, SEAL_BLIND_BYTES);
	memcpy(wrong, cmd.c.answer.secret, sizeof wrong);
	wrong[3] ^= 1;
	assert_err(reader_open_line(r, 2, wrong, line), ERR_FORBIDDEN);
	assert_err(reader_open_line(r, 1, wrong, line), ERR_NOT_FOUND);
	assert_err(reader_open_line(r, 3, wrong, line), ERR_NOT_FOUND);
	/* the plain text is in no row and no entry */
	assert_null(memmem(cmd.entry, cmd.c.answer.entry.n, "里仁", 6));
	free(line);
	reader_close(r);
	writer_close(w);
}

static void the_same_id_gives_the_same_answer_once(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command first, again, other;

	test_line(&first, 7, "one");
	assert_ok(test_run(t, w, &first));
	test_line(&again, 7, "one");
	writer_close(w);
	w = test_store_open(t);
	test_store_pass(t, 1000000);
	assert_ok(test_run(t, w, &again));
	assert_true(again.c.answer.repeated);
	assert_int_equal(again.c.answer.n, first.c.answer.n);
	assert_true(again.c.answer.at_us == first.c.answer.at_us);
	assert_memory_equal(again.c.answer.salt, first.c.answer.salt, SALT_BYTES);
	assert_memory_equal(again.c.answer.secret, first.c.answer.secret, SEAL_SECRET_BYTES);
	assert_memory_equal(again.c.answer.blind, first.c.answer.blind, SEAL_BLIND_BYTES);
	assert_true(str_eq(buf_str(&again.c.answer.entry), buf_str(&first.c.answer.entry)));
	test_line(&other, 7, "two");
	assert_err(test_run(t, w, &other), ERR_REQUEST_REUSED);
	assert_int_equal(w->journal.n, 2);
	writer_close(w);
}

static void request_ids_are_forgotten_after_seven_days(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command cmd;

	test_line(&cmd, 9, "one");
	assert_ok(test_run(t, w, &cmd));
	test_store_pass(t, REQUEST_KEPT_US - 120000000);
	writer_group(w, NULL, 0, t->now);
	test_line(&cmd, 9, "one");
	assert_ok(test_run(t, w, &cmd));
	assert_true(cmd.c.answer.repeated);
	test_store_pass(t, 180000000);
	writer_group(w, NULL, 0, t->now);
	test_line(&cmd, 9, "one");
	assert_ok(test_run(t, w, &cmd));
	assert_false(cmd.c.answer.repeated);
	assert_int_equal(cmd.c.answer.n, 3);
	writer_close(w);
}

static void a_refused_command_undoes_only_itself(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command *cmd = calloc(3, sizeof *cmd);
	struct command *group[3];
	uint8_t nobody[SEAL_SECRET_BYTES] = {1};

	test_line(&cmd[0], 1, "first");
	test_erase(&cmd[1], 99, nobody);
	test_line(&cmd[2], 2, "second");
	for (size_t i = 0; i < 3; i++)
		group[i] = &cmd[i].c;
	writer_group(w, group, 3, t->now);
	assert_ok(cmd[0].c.answer.err);
	assert_err(cmd[1].c.answer.err, ERR_NOT_FOUND);
	assert_ok(cmd[2].c.answer.err);
	assert_int_equal(cmd[2].c.answer.n, 3);
	free(cmd);
	writer_close(w);
	assert_int_equal(entries_of(t), 3);
}

static void erasing_leaves_the_entry_and_takes_the_text(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct opened_line *line = malloc(sizeof *line);
	struct test_command wrote, erase;
	struct effect effect;
	struct reader *r = NULL;
	uint8_t wrong[SEAL_SECRET_BYTES] = {0};
	size_t n = 0;

	test_line(&wrote, 1, "gone soon");
	assert_ok(test_run(t, w, &wrote));
	test_erase(&erase, 2, wrong);
	assert_err(test_run(t, w, &erase), ERR_FORBIDDEN);
	test_erase(&erase, 2, wrote.c.answer.secret);
	assert_ok(test_run(t, w, &erase));
	assert_int_equal(erase.c.answer.n, 3);
	assert_ok(reader_open(&t->paths, &t->secrets, &r));
	assert_err(reader_open_line(r, 2, wrote.c.answer.secret, line), ERR_GONE);
	/* the effect is there with the entry, and done it leaves */
	assert_ok(outbox_due(w->db, t->now.utc_us, &effect, 1, &n));
	assert_int_equal(n, 1);
	assert_int_equal(effect.channel, CHANNEL_KEY_DESTROY);
	assert_ok(keyring_destroy(w->keys, &effect.arg, 1, t->now.utc_us));
	assert_ok(keyring_destroy(w->keys, &effect.arg, 1, t->now.utc_us)); /* can be repeated */
	struct test_command done;
	test_command_init(&done, COMMAND_OUTBOX_RESULT);
	done.c.outbox.effect = &effect;
	done.c.outbox.delivered = true;
	assert_ok(test_run(t, w, &done));
	assert_ok(outbox_due(w->db, t->now.utc_us, &effect, 1, &n));
	assert_int_equal(n, 0);
	assert_err(reader_open_line(r, 2, wrote.c.answer.secret, line), ERR_GONE);
	test_erase(&erase, 2, wrote.c.answer.secret);
	assert_err(test_run(t, w, &erase), ERR_GONE);
	/* the command that wrote it, sent again: its entry, without the text */
	test_line(&wrote, 1, "gone soon");
	assert_ok(test_run(t, w, &wrote));
	assert_int_equal(wrote.c.answer.n, 2);
	assert_false(wrote.c.answer.has_text);
	free(line);
	reader_close(r);
	writer_close(w);
}

static void a_key_is_never_given_to_two_records(void **state)
{
	struct test_store *t = *state;
	uint64_t seen[64], n = 0;

	/* lines, files by an operator (whose handle takes a key too), and restarts between them */
	for (unsigned round = 0; round < 8; round++) {
		struct writer *w = test_store_open(t);
		struct test_command cmd;
		char content[16];
		uint64_t id = 0;
		struct seal_key key;
		test_line(&cmd, 0, "x");
		assert_ok(test_run(t, w, &cmd));
		snprintf(content, sizeof content, "%u", round);
		struct load_file file = {.path = STR("calendars/x.yaml"),
					 .content = str_of(content)};
		test_command_init(&cmd, COMMAND_LOAD_FILES);
		cmd.c.files.v = &file;
		cmd.c.files.n = 1;
		assert_ok(test_run(t, w, &cmd));
		assert_ok(keyring_reserve(w->keys, 1, t->now.utc_us));
		keyring_take(w->keys, &id, &key);
		seen[n++] = id;
		writer_close(w);
	}
	/* the probe's keys were used by nothing, so each restart may give them again; what lies
	 * between must be new */
	for (uint64_t i = 1; i < n; i++)
		assert_true(seen[i] >= seen[i - 1] + 2);
}

static void a_file_in_force_is_not_journalled_twice(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command cmd;

	for (unsigned i = 0; i < 3; i++) {
		struct load_file file = {.path = STR("policy.yaml"),
					 .content = i < 2 ? STR("a: 1\n") : STR("a: 2\n")};
		test_command_init(&cmd, COMMAND_LOAD_FILES);
		cmd.c.files.v = &file;
		cmd.c.files.n = 1;
		assert_ok(test_run(t, w, &cmd));
		assert_int_equal(cmd.c.answer.repeated, i == 1);
	}
	assert_int_equal(w->journal.n, 3);
	writer_close(w);
}

static void a_clock_that_jumps_holds_writing_until_confirmed(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command cmd;

	test_line(&cmd, 0, "before");
	assert_ok(test_run(t, w, &cmd));
	t->now.utc_us += CLOCK_STEP_MAX_US + 1;
	test_line(&cmd, 0, "held");
	assert_err(test_run(t, w, &cmd), ERR_CLOCK_HELD);
	assert_int_equal(cmd.c.answer.remedy, MSG_CLOCK_HELD_REMEDY);
	assert_int_equal(w->journal.n, 2);
	test_command_init(&cmd, COMMAND_CONFIRM_CLOCK);
	assert_ok(test_run(t, w, &cmd));
	assert_true(cmd.c.answer.at_us == t->now.utc_us);
	test_line(&cmd, 0, "after");
	assert_ok(test_run(t, w, &cmd));
	test_command_init(&cmd, COMMAND_CONFIRM_CLOCK);
	assert_err(test_run(t, w, &cmd), ERR_BAD_INPUT);
	/* an hour back: ridden out, time does not go back */
	int64_t last = w->journal.last_at_us;
	t->now.utc_us -= INT64_C(3600000000);
	test_line(&cmd, 0, "back");
	assert_ok(test_run(t, w, &cmd));
	assert_true(cmd.c.answer.at_us == last);
	writer_close(w);
}

static void a_long_pause_needs_a_word_and_a_short_one_does_not(void **state)
{
	struct test_store *t = *state;
	struct test_command cmd;
	struct writer *w;

	t->now.utc_us += CLOCK_PAUSE_MAX_US;
	w = test_store_open(t);
	test_line(&cmd, 0, "29 days later");
	assert_ok(test_run(t, w, &cmd));
	writer_close(w);
	t->now.utc_us += CLOCK_PAUSE_MAX_US + 1;
	w = test_store_open(t);
	test_line(&cmd, 0, "31 days later");
	assert_err(test_run(t, w, &cmd), ERR_CLOCK_HELD);
	test_command_init(&cmd, COMMAND_CONFIRM_CLOCK);
	assert_ok(test_run(t, w, &cmd));
	test_line(&cmd, 0, "confirmed");
	assert_ok(test_run(t, w, &cmd));
	writer_close(w);
}

static void checkpoints_come_at_once_and_then_one_a_second(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	struct test_command cmd;

	test_line(&cmd, 0, "a");
	assert_ok(test_run(t, w, &cmd));
	assert_int_equal(w->journal.checkpoint_size, 2);
	test_line(&cmd, 0, "b");
	assert_ok(test_run(t, w, &cmd));
	assert_int_equal(w->journal.checkpoint_size, 2);
	assert_true(writer_due_in(w, t->now) == WRITER_CHECKPOINT_EVERY_US);
	test_store_pass(t, WRITER_CHECKPOINT_EVERY_US);
	assert_true(writer_due_in(w, t->now) == 0);
	writer_group(w, NULL, 0, t->now);
	assert_int_equal(w->journal.checkpoint_size, 3);
	writer_close(w);
}

/* Every tile row, at sizes around the edges of tiles of two levels, against the tree computed
 * naively from the entries. */
static void tiles_and_proofs_agree_with_the_entries(void **state)
{
	static const unsigned upto[] = {255, 256, 257, 511, 513, 700};
	struct test_store *t = *state;
	struct hash32 *leaves = calloc(1024, sizeof *leaves);
	struct test_command *cmd = calloc(64, sizeof *cmd);
	struct command *group[64];

	for (size_t k = 0; k < sizeof upto / sizeof upto[0]; k++) {
		struct writer *w = test_store_open(t); /* a restart at each edge */
		struct proof *proof = malloc(sizeof *proof);
		struct hash32 root, naive;
		struct reader *r = NULL;
		while (w->journal.n < upto[k]) {
			unsigned n = upto[k] - (unsigned)w->journal.n < 64
					 ? upto[k] - (unsigned)w->journal.n
					 : 64;
			for (unsigned i = 0; i < n; i++) {
				test_line(&cmd[i], 0, "x");
				group[i] = &cmd[i].c;
			}
			writer_group(w, group, n, t->now);
		}
		assert_ok(writer_sign(w, t->now));
		writer_close(w);
		assert_ok(reader_open(&t->paths, &t->secrets, &r));
		assert_ok(tree_commitments(r->db, 0, upto[k], leaves));
		for (unsigned i = 0; i < upto[k]; i++)
			merkle_leaf(leaves[i].b, HASH_BYTES, &leaves[i]);
		naive_root(leaves, upto[k], &naive);
		assert_ok(tree_root(r->db, upto[k], &root));
		assert_memory_equal(root.b, naive.b, HASH_BYTES);
		for (unsigned n = 1; n <= upto[k]; n += 17) {
			assert_ok(reader_proof(r, n, proof));
			assert_int_equal(proof->checkpoint.size, upto[k]);
			assert_true(merkle_inclusion_verify(n - 1, upto[k], &leaves[n - 1],
							    proof->path, proof->path_n, &naive));
		}
		assert_err(reader_proof(r, upto[k] + 1, proof), ERR_NOT_FOUND);
		assert_err(reader_proof(r, 0, proof), ERR_NOT_FOUND);
		free(proof);
		reader_close(r);
	}
	free(leaves);
	free(cmd);
}

static void an_altered_checkpoint_or_another_key_is_refused_at_start(void **state)
{
	struct test_store *t = *state;
	struct store_secrets other = t->secrets;
	struct writer *w = NULL;
	uint8_t seed[SIGN_SEED_BYTES] = {9};
	sqlite3 *db = NULL;

	sign_key_from_seed(seed, &other.signing_key);
	assert_err(writer_open(&t->paths, &other, &t->entropy, &w), ERR_KEYS);
	other = t->secrets;
	other.community_key.b[0] ^= 1;
	assert_err(writer_open(&t->paths, &other, &t->entropy, &w), ERR_UNVERIFIED);
	assert_int_equal(sqlite3_open(t->journal, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db,
			 "UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), char(10) "
			 "|| '1' || char(10), char(10) || '2' || char(10)) AS BLOB)",
			 NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	assert_err(writer_open(&t->paths, &t->secrets, &t->entropy, &w), ERR_UNVERIFIED);
	assert_null(w);
}

static void reopening_goes_on_under_a_new_origin(void **state)
{
	struct test_store *t = *state;
	struct writer *w = test_store_open(t);
	char old[ORIGIN_MAX];
	struct community c;

	assert_ok(community_get(w->db, &c));
	snprintf(old, sizeof old, "%s", c.origin);
	assert_ok(writer_reopen(w, &t->secrets, STR(""), STR("os:test"), t->now));
	writer_close(w);
	w = test_store_open(t);
	assert_ok(community_get(w->db, &c));
	assert_int_equal(c.epoch, 2);
	assert_string_not_equal(c.origin, old);
	assert_int_equal(strncmp(c.origin, old, strlen(old) - 1), 0);
	assert_int_equal(w->journal.n, 2);
	assert_int_equal(w->journal.checkpoint_size, 2);
	writer_close(w);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_has_one_entry_and_its_checkpoint),
		TEST(a_line_is_there_with_its_text_for_who_has_the_secret),
		TEST(the_same_id_gives_the_same_answer_once),
		TEST(request_ids_are_forgotten_after_seven_days),
		TEST(a_refused_command_undoes_only_itself),
		TEST(erasing_leaves_the_entry_and_takes_the_text),
		TEST(a_key_is_never_given_to_two_records),
		TEST(a_file_in_force_is_not_journalled_twice),
		TEST(a_clock_that_jumps_holds_writing_until_confirmed),
		TEST(a_long_pause_needs_a_word_and_a_short_one_does_not),
		TEST(checkpoints_come_at_once_and_then_one_a_second),
		TEST(tiles_and_proofs_agree_with_the_entries),
		TEST(an_altered_checkpoint_or_another_key_is_refused_at_start),
		TEST(reopening_goes_on_under_a_new_origin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
