/* Data keys of cases: given out once, gone when their record is erased, by its owner, by an order
 * and by retention; after that nothing opens, and no byte is left in any file. */
#include "cases.h"

#include "service/cases.h"

#define DAY (INT64_C(24) * 3600 * 1000000)

static int setup(void **state)
{
	static struct test_cases t;

	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	struct test_cases *t = *state;

	cases_must_rebuild(t);
	cases_close(t);
	return 0;
}

#define SECRET_TEXT "巷子里的路灯不亮"
static const char *const lamp[] = {"place", "0", "text", SECRET_TEXT, "channel", "phone",
				   "has_reporter", "yes", "drill", "no", NULL};

/* By a resident: with an account, or without (NULL). */
static uint64_t report(struct test_cases *t, const char *account,
		       uint8_t ret_secret[SEAL_SECRET_BYTES])
{
	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				       .role = STR("reporter"),
				       .account = str_of(account ? account : ""),
				       .type = STR("resident-request")};
	assert_ok(cases_call(t, lamp));
	memcpy(ret_secret, t->answer.secret, SEAL_SECRET_BYTES);
	return t->order.ret_id;
}

static uint64_t follow(struct test_cases *t, uint64_t id, const char *account,
		       uint8_t ret_secret[SEAL_SECRET_BYTES])
{
	t->order = (struct case_order){.kind = CASE_DO,
				       .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				       .role = STR("follower"),
				       .account = str_of(account ? account : ""),
				       .id = id,
				       .command = STR("follow"),
				       .follower_channel = STR("portal")};
	assert_ok(cases_call(t, FIELDS("text", "我也是")));
	memcpy(ret_secret, t->answer.secret, SEAL_SECRET_BYTES);
	return t->answer.n;
}

static enum err erase(struct test_cases *t, uint64_t n, const uint8_t *secret)
{
	struct test_command cmd;
	enum err e;

	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = n;
	cmd.c.erase.by_owner = secret != NULL;
	if (secret)
		memcpy(cmd.c.erase.secret, secret, SEAL_SECRET_BYTES);
	e = test_run(&t->store, t->w, &cmd);
	t->answer = cmd.c.answer;
	return e;
}

static void end(struct test_cases *t, uint64_t id)
{
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
}

static int64_t of_entry(struct test_cases *t, uint64_t n, const char *path)
{
	char sql[160];

	snprintf(
	    sql, sizeof sql,
	    "SELECT coalesce(json_extract(CAST(body AS TEXT), '%s'), 0) FROM entry WHERE n = %llu",
	    path, (unsigned long long)n);
	return cases_i64(t, sql);
}

static bool holds(struct test_cases *t, int64_t key_id)
{
	bool ret = false;

	assert_true(key_id > 0);
	assert_ok(keyring_holds(t->w->keys, (uint64_t)key_id, &ret));
	return ret;
}

static unsigned erased_entries(struct test_cases *t, const char *reason)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM entry WHERE json_extract(CAST(body AS TEXT), '$.kind') = "
		 "'record.erased' AND json_extract(CAST(body AS TEXT), '$.data.reason') = '%s'",
		 reason);
	return (unsigned)cases_i64(t, sql);
}

/* ---- bytes ---- */

struct wrapped {
	uint8_t b[64][256];
	int n[64];
	unsigned count;
};

/* Keys as the file has them. */
static void wrapped_of(struct test_cases *t, struct wrapped *ret, const int64_t *ids, unsigned n)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_open(t->store.keys, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT wrapped FROM data_key WHERE id = ?1", -1, &s, NULL),
	    SQLITE_OK);
	ret->count = 0;
	for (unsigned i = 0; i < n; i++) {
		sqlite3_bind_int64(s, 1, ids[i]);
		assert_int_equal(sqlite3_step(s), SQLITE_ROW);
		ret->n[i] = sqlite3_column_bytes(s, 0);
		assert_in_range(ret->n[i], 32, 256);
		memcpy(ret->b[i], sqlite3_column_blob(s, 0), (size_t)ret->n[i]);
		ret->count++;
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
}

/* How many of the files hold these bytes. */
static unsigned files_with(struct test_cases *t, const void *bytes, size_t n)
{
	static const char *const tails[] = {"", "-wal", "-journal"};
	const char *const files[] = {t->store.journal, t->store.keys, t->store.copy};
	unsigned found = 0;

	for (size_t i = 0; i < 9; i++) {
		char path[200], *all = malloc(64u << 20);
		FILE *f;
		snprintf(path, sizeof path, "%s%s", files[i / 3], tails[i % 3]);
		f = fopen(path, "rb");
		assert_non_null(all);
		if (f) {
			size_t size = fread(all, 1, 64u << 20, f);
			assert_true(size < 64u << 20);
			found += memmem(all, size, bytes, n) != NULL;
			fclose(f);
		}
		free(all);
	}
	return found;
}

/* ---- keys are given out once ---- */

static void keys_that_were_taken_are_never_given_out_again(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES];

	for (unsigned round = 0; round < 5; round++) {
		(void)report(t, "res-1", secret);
		/* refused after a key was taken for it */
		t->order.type = STR("resident-request");
		assert_err(cases_call(t, FIELDS("text", "a", "place", "0")), ERR_BAD_INPUT);
		(void)follow(t, report(t, NULL, secret), "res-2", secret);
		cases_reopen(t);
	}
	assert_int_equal(
	    cases_i64(
		t, "SELECT count(*) - count(DISTINCT k) FROM (SELECT key_id AS k FROM case_rec "
		   "UNION ALL SELECT key_id FROM case_follower UNION ALL SELECT hand_key FROM "
		   "case_follower UNION ALL SELECT json_extract(CAST(body AS TEXT), "
		   "'$.data.hand.k') FROM entry WHERE json_extract(CAST(body AS TEXT), '$.kind') = "
		   "'case.handed_in' AND json_extract(CAST(body AS TEXT), '$.data.hand.k') > 0)"),
	    0);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_rec"), 10);
	assert_true(
	    cases_i64(t, "SELECT used >= (SELECT max(hand_key) FROM case_follower) FROM key_used"));
}

#define MANY 700u /* with two keys each more than one batch has */

struct many {
	struct test_command cmd[MANY];
	struct case_order order[MANY];
	struct command *group[MANY];
	struct case_input in[5];
};

/* So many reports in one group; by how many rows the store changed. */
static uint64_t report_many(struct test_cases *t, struct many *m, unsigned n)
{
	uint64_t before = db_changes_total(t->w->db);

	for (unsigned i = 0; i < 5; i++)
		m->in[i] = (struct case_input){str_of(lamp[2 * i]), str_of(lamp[2 * i + 1])};
	for (unsigned i = 0; i < n; i++) {
		m->order[i] = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
						  .role = STR("reporter"), .account = STR("res-1"),
						  .type = STR("resident-request"), .fields = m->in,
						  .fields_n = 5};
		test_command_init(&m->cmd[i], COMMAND_CASE);
		m->cmd[i].c.cases.order = &m->order[i];
		m->group[i] = &m->cmd[i].c;
	}
	writer_group(t->w, m->group, n, t->store.now);
	for (unsigned i = 0; i < n; i++)
		assert_ok(m->cmd[i].c.answer.err);
	return db_changes_total(t->w->db) - before;
}

static void a_group_that_needs_more_keys_than_a_batch_is_split(void **state)
{
	struct test_cases *t = *state;
	struct many *m = calloc(1, sizeof *m);

	assert_true(m && 2 * MANY > KEYS_BATCH);
	report_many(t, m, MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(m->order[i].ret_number, m->order[0].ret_number + i);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_rec"), MANY);
	assert_int_equal(cases_i64(t, "SELECT count(DISTINCT key_id) FROM case_rec"), MANY);
	free(m);
}

/* What is written of the index for a group is three rows at least, and would be so for each report
 * if a statement between them took a savepoint of its own. */
static void a_group_writes_the_index_once(void **state)
{
	struct test_cases *t = *state;
	struct many *m = calloc(1, sizeof *m);
	uint64_t alone, together;

	assert_non_null(m);
	report_many(t, m, 1);
	alone = report_many(t, m, 1);
	together = report_many(t, m, 64);
	assert_true(together <= 64 * (alone - 3) + 3);
	free(m);
}

/* ---- erased by the owner ---- */

static void an_owner_erases_what_is_at_an_end(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], other[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, "res-1", secret), joined, officer;
	int64_t ids[2], officer_key;
	struct wrapped keys;

	joined = follow(t, id, NULL, theirs);
	assert_err(erase(t, id, secret), ERR_CONFLICT);
	assert_int_equal(t->answer.remedy, MSG_CASE_STILL_OPEN);
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	officer = t->answer.n;
	cases_must(t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	memset(other, 1, sizeof other);
	assert_err(erase(t, id, other), ERR_FORBIDDEN);
	assert_err(erase(t, id, theirs), ERR_FORBIDDEN);
	ids[0] = of_entry(t, id, "$.data.key");
	ids[1] = of_entry(t, id, "$.data.hand.k");
	officer_key = of_entry(t, officer, "$.data.hand.k");
	wrapped_of(t, &keys, ids, 2);
	assert_int_equal(files_with(t, keys.b[0], (size_t)keys.n[0]), 2); /* keys.db and the copy */
	assert_ok(erase(t, id, secret));
	assert_int_equal(cases_i64(t, "SELECT erased FROM case_rec"), t->answer.n);
	assert_int_equal(erased_entries(t, "owner"), 1);
	assert_int_equal(cases_deliver(t), 2);
	assert_true(!holds(t, ids[0]) && !holds(t, ids[1]));
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(files_with(t, keys.b[i], (size_t)keys.n[i]), 0);
	assert_int_equal(files_with(t, SECRET_TEXT, strlen(SECRET_TEXT)), 0);
	assert_int_equal(files_with(t, "res-1", 5), 0);
	/* who handled it stays until retention; so does a follower's record, which is their own */
	assert_true(holds(t, officer_key));
	assert_err(erase(t, id, secret), ERR_GONE);
	assert_err(erase(t, id, NULL), ERR_GONE);
	assert_ok(erase(t, joined, theirs));
	assert_int_equal(cases_deliver(t), 1);
	assert_int_equal(cases_i64(t, "SELECT erased FROM case_follower"), t->answer.n);
	assert_err(erase(t, joined, theirs), ERR_GONE);
	assert_err(cases_do(t, id, "message", "intake", "desk-1", FIELDS("message", "?")),
		   ERR_GONE);
	assert_err(erase(t, officer, NULL), ERR_NOT_FOUND); /* it made no record */
}

static void a_follower_may_go_while_the_case_is_open(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, NULL, secret), joined = follow(t, id, "res-2", theirs);

	assert_ok(erase(t, joined, theirs));
	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_SECRET,
				       .role = STR("follower"), .id = id, .follower = joined,
				       .command = STR("message")};
	memcpy(t->order.secret, theirs, sizeof theirs);
	/* from the erasure on, also while the key is still there */
	assert_err(cases_call(t, FIELDS("message", "?")), ERR_GONE);
	assert_int_equal(cases_deliver(t), 2); /* the record's key, and who it was */
	assert_err(cases_call(t, FIELDS("message", "?")), ERR_GONE);
	cases_must(t, id, "message", "intake", "desk-1", FIELDS("message", "还在办"));
}

/* ---- a follower's own words and files ---- */

#define THEIR_WORDS "楼道里也有怪味"
#define THEIR_FILE "not a picture, but bytes of a follower"

/* A message by whoever shows the secret, or by the desk for a follower. */
static uint64_t message_of(struct test_cases *t, uint64_t id, uint64_t follower,
			   const uint8_t *secret, const char *text)
{
	t->order = (struct case_order){.kind = CASE_DO,
				       .hand = secret ? CASE_HAND_SECRET : CASE_HAND_ACCOUNT,
				       .role = secret ? STR("follower") : STR("intake"),
				       .account = secret ? STR("") : STR("desk-1"),
				       .id = id,
				       .follower = follower,
				       .command = STR("message")};
	if (secret)
		memcpy(t->order.secret, secret, SEAL_SECRET_BYTES);
	assert_ok(cases_call(t, FIELDS("message", text)));
	return t->answer.n;
}

static uint64_t file_of(struct test_cases *t, uint64_t id, uint64_t follower,
			const uint8_t secret[SEAL_SECRET_BYTES], const char *content,
			struct blob *ret_blob)
{
	struct case_file_given given = {.field = STR("photos"), .media = STR("image/jpeg")};
	struct test_command cmd;
	struct blob blob;

	assert_ok(blob_put(&t->blobs, str_bytes(str_of(content)), &blob));
	given.hash = blob.hash;
	given.bytes = blob.bytes;
	given.key = blob.key;
	t->order = (struct case_order){.kind = CASE_ATTACH, .hand = CASE_HAND_SECRET,
				       .role = follower ? STR("follower") : STR("reporter"),
				       .id = id, .follower = follower, .attach = &given};
	memcpy(t->order.secret, secret, SEAL_SECRET_BYTES);
	test_command_init(&cmd, COMMAND_CASE);
	cmd.c.cases.order = &t->order;
	assert_ok(test_run(&t->store, t->w, &cmd));
	*ret_blob = blob;
	return cmd.c.answer.n;
}

static enum err on_disk(struct test_cases *t, const struct blob *blob)
{
	return blob_check(&t->blobs, &blob->hash, blob->bytes, true);
}

static enum err text_of(struct test_cases *t, uint64_t n, const char *field, const char *text)
{
	_Alignas(16) static char memory[4 * ENTRY_BYTES_MAX + CASE_DOC_BYTES_MAX];
	struct reader *r = NULL;
	struct str found = {0};
	struct arena a;
	enum err e;

	arena_init(&a, memory, sizeof memory);
	assert_ok(reader_open(&t->store.paths, &t->store.secrets, &r));
	e = cases_text(r, n, str_of(field), &a, &found);
	if (e == ERR_OK)
		assert_true(str_eq(found, str_of(text)));
	reader_close(r);
	return e;
}

static enum err opened(struct test_cases *t, uint64_t n, const char *text)
{
	char media[ATTACHED_MEDIA_MAX + 1];
	struct blob_content content;
	struct reader *r = NULL;
	enum err e;

	assert_ok(reader_open(&t->store.paths, &t->store.secrets, &r));
	e = attachment_open(r, &t->blobs, n, &content, media);
	if (e == ERR_OK) {
		assert_int_equal(content.n, strlen(text));
		assert_memory_equal(content.p, text, content.n);
		blob_content_fini(&content);
	}
	reader_close(r);
	return e;
}

static int64_t terms_in_index(struct test_cases *t)
{
	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;
	int64_t n;

	assert_int_equal(sqlite3_exec(db, "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, "
					  "case_term, row)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM temp.v", -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static void a_followers_words_go_with_their_record(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, NULL, secret), joined = follow(t, id, NULL, theirs), said, told,
		 file, mine, desk;
	int64_t key = of_entry(t, joined, "$.data.follower.key"), terms = terms_in_index(t);
	int64_t record = of_entry(t, id, "$.data.key");
	struct blob theirs_b, mine_b;
	struct wrapped wrapped;

	said = message_of(t, id, joined, theirs, THEIR_WORDS);
	told = message_of(t, id, joined, NULL, THEIR_WORDS); /* said on the phone */
	desk = message_of(t, id, 0, NULL, "还在办");
	file = file_of(t, id, joined, theirs, THEIR_FILE, &theirs_b);
	mine = file_of(t, id, 0, secret, "bytes of the reporter", &mine_b);
	assert_true(key > 0 && key != record);
	assert_int_equal(of_entry(t, said, "$.data.sealed.message.k"), key);
	assert_int_equal(of_entry(t, told, "$.data.sealed.message.k"), key);
	assert_int_equal(of_entry(t, desk, "$.data.sealed.message.k"), record);
	assert_int_equal(of_entry(t, file, "$.data.key.k"), key);
	assert_int_equal(of_entry(t, mine, "$.data.key.k"), record);
	/* no word of it stands in the index */
	assert_int_equal(terms_in_index(t), terms);
	assert_ok(text_of(t, said, "message", THEIR_WORDS));
	assert_ok(opened(t, file, THEIR_FILE));
	wrapped_of(t, &wrapped, &key, 1);

	assert_ok(erase(t, joined, theirs));
	/* from the COMMIT on, also while the key is still there */
	assert_err(text_of(t, said, "message", ""), ERR_GONE);
	assert_err(opened(t, file, ""), ERR_GONE);
	assert_int_equal(cases_deliver(t), 1);
	assert_int_equal(files_with(t, wrapped.b[0], (size_t)wrapped.n[0]), 0);
	assert_int_equal(files_with(t, THEIR_WORDS, strlen(THEIR_WORDS)), 0);
	assert_err(text_of(t, joined, "text", ""), ERR_GONE);
	assert_err(text_of(t, said, "message", ""), ERR_GONE);
	assert_err(text_of(t, told, "message", ""), ERR_GONE);
	assert_err(opened(t, file, ""), ERR_GONE);
	assert_err(on_disk(t, &theirs_b), ERR_NOT_FOUND);
	t->order.follower = joined;
	t->order.role = STR("intake");
	t->order.hand = CASE_HAND_ACCOUNT;
	t->order.account = STR("desk-1");
	t->order.kind = CASE_DO;
	t->order.command = STR("message");
	assert_err(cases_call(t, FIELDS("message", "?")), ERR_GONE);
	/* the rest of the case stays */
	assert_ok(text_of(t, id, "text", SECRET_TEXT));
	assert_ok(text_of(t, desk, "message", "还在办"));
	assert_ok(opened(t, mine, "bytes of the reporter"));
	assert_ok(on_disk(t, &mine_b));
}

static void a_followers_words_stay_when_the_reporter_goes(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, NULL, secret), joined = follow(t, id, "res-2", theirs), said, file;
	struct blob blob;

	said = message_of(t, id, joined, theirs, THEIR_WORDS);
	file = file_of(t, id, joined, theirs, THEIR_FILE, &blob);
	end(t, id);
	assert_ok(erase(t, id, secret));
	assert_int_equal(cases_deliver(t), 1);
	assert_err(text_of(t, id, "text", ""), ERR_GONE);
	assert_ok(text_of(t, said, "message", THEIR_WORDS));
	assert_ok(opened(t, file, THEIR_FILE));
	assert_ok(erase(t, joined, theirs));
	assert_int_equal(cases_deliver(t), 2); /* and who it was */
	assert_err(text_of(t, said, "message", ""), ERR_GONE);
	assert_err(opened(t, file, ""), ERR_GONE);
	assert_err(on_disk(t, &blob), ERR_NOT_FOUND);
}

static void staff_write_down_only_messages_for_a_follower(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, NULL, secret), joined = follow(t, id, NULL, theirs);

	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("duty_officer"), .account = STR("desk-1"),
				       .id = id, .follower = joined, .command = STR("remind")};
	assert_ok(cases_call(t, FIELDS("order_reason", "已过两天", "remind_until", "2026-06-20")));
	assert_int_equal(of_entry(t, t->answer.n, "$.data.sealed.order_reason.k"),
			 of_entry(t, id, "$.data.key"));
	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("intake"), .account = STR("desk-1"),
				       .id = id, .follower = id, .command = STR("message")};
	assert_err(cases_call(t, FIELDS("message", "?")), ERR_FORBIDDEN); /* nobody joined by it */
}

static void an_erased_secret_is_not_shown_again(void **state)
{
	struct test_cases *t = *state;
	struct test_command cmd;
	uint64_t id;

	for (unsigned round = 0; round < 2; round++) {
		static struct case_input in[5];
		for (unsigned i = 0; i < 5; i++)
			in[i] = (struct case_input){str_of(lamp[2 * i]), str_of(lamp[2 * i + 1])};
		t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_NEW,
					       .role = STR("reporter"), .fields = in, .fields_n = 5,
					       .type = STR("resident-request")};
		test_command_init(&cmd, COMMAND_CASE);
		cmd.c.cases.order = &t->order;
		cmd.c.request.present = true;
		cmd.c.request.id[0] = 9;
		assert_ok(test_run(&t->store, t->w, &cmd));
		assert_int_equal(cmd.c.answer.has_text, round == 0);
		id = t->order.ret_id;
		if (round == 0) {
			end(t, id);
			assert_ok(erase(t, id, NULL));
		}
	}
}

static void an_order_takes_the_followers_along(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, "res-1", secret), joined = follow(t, id, "res-2", theirs);

	end(t, id);
	assert_ok(erase(t, id, NULL));
	assert_int_equal(cases_deliver(t), 4);
	assert_err(erase(t, joined, theirs), ERR_GONE);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_follower WHERE erased = 0"), 0);
	assert_true(cases_i64(t, "SELECT forget > 0 FROM case_rec")); /* the desk's hand is left */
}

/* ---- retention ---- */

/* 2026-06-11 08:00 in Shanghai and 12 months: gone as 2027-06-11 ends. */
#define FORGET_US INT64_C(1812729600000000)

static void retention_comes_by_itself_on_its_day(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], theirs[SEAL_SECRET_BYTES];
	uint64_t id = report(t, "res-1", secret), live = report(t, NULL, secret);
	int64_t keys;
	char account[32];

	for (unsigned i = 0; i < 40; i++) {
		snprintf(account, sizeof account, "res-%u", 100 + i);
		(void)follow(t, id, account, theirs);
	}
	end(t, id);
	assert_int_equal(cases_i64(t, "SELECT max(forget) FROM case_rec"), FORGET_US);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_rec WHERE forget > 0"), 1);
	keys = 1 + 1 + 1 + 2 * 40; /* the record, its reporter, the desk, followers */
	cases_pass(t, FORGET_US - 1 - t->store.now.utc_us);
	while (writer_due_in(t->w, t->store.now) == 0)
		cases_tick(t);
	assert_int_equal(erased_entries(t, "retention"), 0);
	assert_int_equal(writer_due_in(t->w, t->store.now), 1);
	cases_pass(t, 1);
	assert_int_equal(erased_entries(t, "retention"),
			 (keys + ERASED_KEYS_MAX - 1) / ERASED_KEYS_MAX);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_rec WHERE erased > 0"), 1);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_follower WHERE erased = 0"), 0);
	assert_int_equal(cases_deliver(t), keys);
	assert_int_equal(files_with(t, SECRET_TEXT, strlen(SECRET_TEXT)), 0);
	cases_pass(t, DAY);
	assert_int_equal(erased_entries(t, "retention"), 2); /* once */
	assert_true(holds(t, of_entry(t, live, "$.data.key")));
	assert_string_equal(
	    cases_sql_text(t, "SELECT json_extract(CAST(body AS TEXT), '$.actor.role') FROM "
			  "entry WHERE json_extract(CAST(body AS TEXT), '$.kind') = "
			  "'record.erased'"),
	    "timer");
}

static void retention_goes_in_slices_beside_commands(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES];
	unsigned before, after;

	for (unsigned i = 0; i < 150; i++) {
		uint64_t id = report(t, NULL, secret);
		cases_must(t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	}
	test_store_pass(&t->store, 400 * DAY);
	(void)report(t, NULL, secret); /* answered at once, a few go along */
	before = erased_entries(t, "retention");
	assert_in_range(before, 1, 20);
	cases_tick(t);
	after = erased_entries(t, "retention");
	assert_in_range(after - before, 50, 70);
	cases_reopen(t);
	for (unsigned i = 0; i < 5; i++)
		cases_tick(t);
	assert_int_equal(erased_entries(t, "retention"), 150);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_rec WHERE forget > 0"), 0);
	assert_int_equal(cases_deliver(t), 300);
}

static void the_due_ones_are_found_by_an_index(void **state)
{
	struct test_cases *t = *state;

	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;
	assert_int_equal(
	    sqlite3_prepare_v2(db,
			       "EXPLAIN QUERY PLAN SELECT id FROM case_rec WHERE forget "
			       "> 0 AND forget <= ?1 ORDER BY forget LIMIT ?2",
			       -1, &s, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_non_null(strstr((const char *)sqlite3_column_text(s, 3), "case_rec_forget"));
	assert_int_equal(sqlite3_step(s), SQLITE_DONE); /* and no sorting */
	sqlite3_finalize(s);
	sqlite3_close(db);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(keys_that_were_taken_are_never_given_out_again),
	    TEST(a_group_that_needs_more_keys_than_a_batch_is_split),
	    TEST(a_group_writes_the_index_once),
	    TEST(an_owner_erases_what_is_at_an_end),
	    TEST(a_follower_may_go_while_the_case_is_open),
	    TEST(a_followers_words_go_with_their_record),
	    TEST(a_followers_words_stay_when_the_reporter_goes),
	    TEST(staff_write_down_only_messages_for_a_follower),
	    TEST(an_erased_secret_is_not_shown_again),
	    TEST(an_order_takes_the_followers_along),
	    TEST(retention_comes_by_itself_on_its_day),
	    TEST(retention_goes_in_slices_beside_commands),
	    TEST(the_due_ones_are_found_by_an_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
