/* Sessions: how long they last, what is remembered of them, how often somebody may try, and that
 * nothing of a person is left in any file. */
#include "accounts.h"

#include <dirent.h>

#define MINUTE (INT64_C(60) * 1000000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct test_cases t;
static struct test_desk desk;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	desk_open(&desk, &t);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	desk_close(&desk);
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

static uint64_t sign_in_staff(const char *name, struct sign_in *s)
{
	uint64_t id = staff_account(&t, name, "intake", "DESK");

	set_password(&t, id, "correct horse");
	assert_ok(sign_in(&desk, name, "correct horse", s));
	return id;
}

static uint64_t sign_in_resident(struct sign_in *s)
{
	uint64_t id = resident_account(&t, "", "");
	struct account_order o;
	uint64_t sheet = set_sheet(&t, id, &o);

	assert_ok(sign_in_code(&desk, sheet, o.codes[0], s));
	return id;
}

static enum err look(const struct sign_in *s)
{
	const struct account_session *session = NULL;

	return session_of(&desk, s, &session);
}

/* In use every `every` until it is refused; how long that was. */
static int64_t lasts(const struct sign_in *s, int64_t every)
{
	int64_t passed = 0;

	while (look(s) == ERR_OK) {
		test_store_pass(&t.store, every);
		passed += every;
		assert_true(passed <= 40 * DAY);
	}
	return passed;
}

/* ---- how long ---- */

static void a_session_ends_where_nobody_uses_it_and_after_its_time(void **state)
{
	const struct account_session *session = NULL;
	struct sign_in staff, resident;

	(void)state;
	sign_in_staff("wang", &staff);
	test_store_pass(&t.store, SESSION_STAFF_IDLE_US - 1);
	assert_ok(session_of(&desk, &staff, &session));
	assert_int_equal(session->ends_us - t.store.now.utc_us,
			 SESSION_STAFF_MAX_US - SESSION_STAFF_IDLE_US + 1);
	test_store_pass(&t.store, SESSION_STAFF_IDLE_US);
	assert_err(look(&staff), ERR_NOT_SIGNED_IN);
	assert_ok(sign_in(&desk, "wang", "correct horse", &staff));
	assert_int_equal(lasts(&staff, 30 * MINUTE), SESSION_STAFF_MAX_US);
	sign_in_resident(&resident);
	test_store_pass(&t.store, SESSION_RESIDENT_IDLE_US);
	assert_err(look(&resident), ERR_NOT_SIGNED_IN);
	sign_in_resident(&resident);
	assert_int_equal(lasts(&resident, DAY), SESSION_RESIDENT_MAX_US);
}

static void a_touch_is_written_once_a_minute(void **state)
{
	struct session_row rows[SESSIONS_OF_ACCOUNT_MAX];
	struct sign_in s;
	uint64_t id = sign_in_staff("zhao", &s);
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < 120; i++) {
		assert_ok(look(&s));
		test_store_pass(&t.store, INT64_C(1000000));
	}
	assert_int_equal(desk.touches, 1);
	assert_ok(look(&s));
	assert_int_equal(desk.touches, 2);
	assert_ok(account_sessions(desk.reader->db, id, rows, &n));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].seen_us - rows[0].began_us, 120000000);
	/* a writer that takes none is asked again at the next look */
	test_store_pass(&t.store, 2 * MINUTE);
	desk.refuses = true;
	assert_ok(look(&s));
	desk.refuses = false;
	assert_ok(look(&s));
	assert_int_equal(desk.touches, 3);
}

/* The system's clock steps back, ahead and stays; a session minds the time since boot alone. */
static void a_step_of_the_clock_ends_and_prolongs_nothing(void **state)
{
	struct sign_in s;

	(void)state;
	sign_in_staff("qian", &s);
	t.store.now.utc_us += 20 * DAY;
	assert_ok(look(&s));
	t.store.now.utc_us -= 40 * DAY;
	test_store_pass(&t.store, SESSION_STAFF_IDLE_US);
	assert_err(look(&s), ERR_NOT_SIGNED_IN);
}

static void a_restart_goes_on_where_sessions_stood(void **state)
{
	struct sign_in s;

	(void)state;
	sign_in_staff("sun", &s);
	desk_close(&desk);
	/* the machine was off for half the idle time, and its boot clock began anew */
	t.store.now.utc_us += SESSION_STAFF_IDLE_US / 2;
	t.store.now.boot_us = 5000000;
	desk_open(&desk, &t);
	assert_ok(look(&s));
	test_store_pass(&t.store, SESSION_STAFF_IDLE_US / 2 + 1);
	assert_ok(look(&s)); /* it was in use at the restart */
	desk_close(&desk);
	/* and now its clock is behind: no time has passed, none comes back */
	t.store.now.utc_us -= 3 * DAY;
	desk_open(&desk, &t);
	assert_ok(look(&s));
	test_store_pass(&t.store, SESSION_STAFF_IDLE_US);
	assert_err(look(&s), ERR_NOT_SIGNED_IN);
}

static void no_token_but_the_one_that_was_given(void **state)
{
	const struct account_session *session = NULL;
	char text[SESSION_TOKEN_TEXT_BYTES + 1];
	struct sign_in s;

	(void)state;
	sign_in_staff("li", &s);
	memcpy(text, s.token_text, sizeof text);
	for (unsigned i = 0; i < SESSION_TOKEN_TEXT_BYTES; i++) {
		char was = text[i];
		text[i] = was == 'f' ? '0' : 'f';
		assert_err(accounts_session(desk.accounts, str_of(text), t.store.now, &session),
			   ERR_NOT_SIGNED_IN);
		text[i] = was;
	}
	assert_err(accounts_session(desk.accounts, STR(""), t.store.now, &session),
		   ERR_NOT_SIGNED_IN);
	text[SESSION_TOKEN_TEXT_BYTES - 1] = 0;
	assert_err(accounts_session(desk.accounts, str_of(text), t.store.now, &session),
		   ERR_NOT_SIGNED_IN);
	assert_ok(look(&s));
}

/* ---- ended, switched ---- */

static void a_session_is_ended_by_its_owner_alone(void **state)
{
	struct session_row rows[SESSIONS_OF_ACCOUNT_MAX];
	struct sign_in one, two, others;
	uint64_t id = sign_in_staff("zhou", &one), other = sign_in_staff("wu", &others);
	struct session_order o;
	struct command c;
	unsigned n = 0;

	(void)state;
	assert_ok(sign_in(&desk, "zhou", "correct horse", &two));
	assert_ok(account_sessions(desk.reader->db, id, rows, &n));
	assert_int_equal(n, 2);
	accounts_end_session(other, rows[1].id, &o, &c);
	assert_err(session_call(&t, &c), ERR_NOT_FOUND);
	assert_ok(look(&one));
	accounts_end_session(id, rows[1].id, &o, &c);
	assert_ok(session_call(&t, &c));
	assert_err(look(&one), ERR_NOT_SIGNED_IN);
	assert_ok(look(&two));
	accounts_end_sessions(id, &o, &c);
	assert_ok(session_call(&t, &c));
	assert_err(look(&two), ERR_NOT_SIGNED_IN);
	assert_ok(look(&others));
}

static void one_more_than_the_cap_ends_the_oldest(void **state)
{
	struct sign_in s[SESSIONS_OF_ACCOUNT_MAX + 1];

	(void)state;
	sign_in_staff("zheng", &s[0]);
	for (unsigned i = 1; i <= SESSIONS_OF_ACCOUNT_MAX; i++)
		assert_ok(sign_in(&desk, "zheng", "correct horse", &s[i]));
	assert_err(look(&s[0]), ERR_NOT_SIGNED_IN);
	for (unsigned i = 1; i <= SESSIONS_OF_ACCOUNT_MAX; i++)
		assert_ok(look(&s[i]));
}

static void a_session_acts_under_one_post_at_a_time(void **state)
{
	struct account_order order = {.act = ACCOUNT_MAKE,
				      .kind = ACCOUNT_STAFF,
				      .name = STR("two.hats")};
	const struct account_session *session = NULL;
	struct session_order o;
	struct command c;
	struct sign_in s;
	uint64_t id = 0;

	(void)state;
	order.posts.v[0] = post_of("intake", "DESK", NULL);
	order.posts.v[1] = post_of("grid_worker", "GRD", "G02");
	order.posts.n = 2;
	assert_ok(account_call(&t, &order, &id));
	set_password(&t, id, "correct horse");
	assert_err(sign_in_from(&desk, "two.hats", "correct horse", 2, (struct peer_address){0},
				&s),
		   ERR_BAD_INPUT);
	assert_ok(sign_in_from(&desk, "two.hats", "correct horse", 1, (struct peer_address){0},
			       &s));
	assert_ok(session_of(&desk, &s, &session));
	assert_true(str_eq(session->acting.role, STR("grid_worker")));
	accounts_switch_post(session, 0, &o, &c);
	assert_ok(session_call(&t, &c));
	assert_ok(session_of(&desk, &s, &session));
	assert_true(str_eq(session->acting.role, STR("intake")));
	accounts_switch_post(session, 2, &o, &c);
	assert_err(session_call(&t, &c), ERR_BAD_INPUT);
	/* the posts are others from here on: nobody goes on under one by its place */
	order = (struct account_order){.act = ACCOUNT_CHANGE, .account = id, .sets_lang = true,
				       .lang = LANG_EN};
	assert_ok(account_call(&t, &order, NULL));
	assert_ok(session_of(&desk, &s, &session));
	assert_int_equal(session->lang, LANG_EN);
	order.sets_posts = true;
	order.posts.v[0] = post_of("dispatcher", "DESK", NULL);
	order.posts.n = 1;
	assert_ok(account_call(&t, &order, NULL));
	assert_err(look(&s), ERR_NOT_SIGNED_IN);
}

static void a_restored_store_has_nobody_signed_in(void **state)
{
	struct sign_in s;

	(void)state;
	sign_in_staff("feng", &s);
	assert_ok(writer_end_sessions(t.w));
	desk_close(&desk);
	desk_open(&desk, &t);
	assert_err(look(&s), ERR_NOT_SIGNED_IN);
}

static void somebody_can_sign_in_while_the_clock_is_held(void **state)
{
	struct account_order o = {.act = ACCOUNT_MAKE, .kind = ACCOUNT_RESIDENT};
	struct sign_in s;

	(void)state;
	sign_in_staff("chen", &s);
	t.store.now.utc_us += HOUR;
	assert_err(account_call(&t, &o, NULL), ERR_CLOCK_HELD);
	assert_ok(sign_in(&desk, "chen", "correct horse", &s));
	assert_ok(look(&s));
	t.store.now.utc_us -= HOUR;
}

/* ---- what is remembered ---- */

static void what_is_remembered_holds_until_something_may_have_ended_it(void **state)
{
	struct sign_in one, two;
	sqlite3 *db = NULL;

	(void)state;
	sign_in_staff("wei", &one);
	assert_ok(look(&one));
	/* behind the writer's back, so that nothing tells of it */
	assert_int_equal(sqlite3_open(t.store.journal, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "DELETE FROM session", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_ok(look(&one));
	sign_in_staff("jiang", &two);
	assert_err(look(&one), ERR_NOT_SIGNED_IN);
	assert_ok(look(&two));
}

static void two_sessions_in_one_slot_do_not_mix(void **state)
{
	static struct sign_in s[40];
	uint64_t ids[40];

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		ids[i] = sign_in_resident(&s[i]);
	/* as many as make it likely that some share a slot of the cache, twice over */
	for (unsigned k = 0; k < 80; k++) {
		const struct account_session *session = NULL;
		assert_ok(session_of(&desk, &s[k % 40], &session));
		assert_int_equal(session->account, ids[k % 40]);
	}
}

/* ---- how often ---- */

static enum err try_from(const char *name, const char *password, uint8_t last, struct sign_in *s)
{
	const uint8_t address[4] = {192, 0, 2, last};

	return sign_in_from(&desk, name, password, 0, peer_address_of(address, 4), s);
}

static void each_failure_beyond_the_free_ones_doubles_the_wait(void **state)
{
	int64_t wait = 1;
	struct sign_in s;

	(void)state;
	sign_in_staff("shen", &s);
	for (unsigned i = 0; i < LIMIT_ACCOUNT_FREE; i++)
		assert_err(sign_in(&desk, "shen", "wrong", &s), ERR_NOT_SIGNED_IN);
	for (unsigned i = 0; i < 12; i++) {
		assert_err(sign_in(&desk, "shen", "wrong", &s), ERR_NOT_SIGNED_IN);
		/* neither a wrong nor the right one is looked at, and waiting costs no more */
		assert_err(sign_in(&desk, "shen", "wrong", &s), ERR_TOO_MANY);
		assert_err(sign_in(&desk, "shen", "correct horse", &s), ERR_TOO_MANY);
		assert_int_equal(s.retry_after_s, wait);
		test_store_pass(&t.store, wait * 1000000);
		wait = 2 * wait < 300 ? 2 * wait : 300;
	}
	assert_int_equal(wait, 300);
	assert_ok(sign_in(&desk, "shen", "correct horse", &s));
	/* that it was right clears the account */
	for (unsigned i = 0; i < LIMIT_ACCOUNT_FREE; i++)
		assert_err(sign_in(&desk, "shen", "wrong", &s), ERR_NOT_SIGNED_IN);
	assert_ok(sign_in(&desk, "shen", "correct horse", &s));
}

static void a_name_that_nobody_has_waits_like_any_other(void **state)
{
	struct sign_in s;

	(void)state;
	for (unsigned i = 0; i <= LIMIT_ACCOUNT_FREE; i++)
		assert_err(sign_in(&desk, "Nobody", "wrong", &s), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, "nobody", "wrong", &s), ERR_TOO_MANY);
}

static void one_address_waits_whatever_names_it_tries(void **state)
{
	struct sign_in s;
	char name[16];

	(void)state;
	sign_in_staff("han", &s);
	for (unsigned i = 0; i <= LIMIT_ADDRESS_FREE; i++) {
		snprintf(name, sizeof name, "guess%u", i);
		assert_err(try_from(name, "wrong", 1, &s), ERR_NOT_SIGNED_IN);
	}
	assert_err(try_from("han", "correct horse", 1, &s), ERR_TOO_MANY);
	assert_int_equal(s.retry_after_s, 1);
	assert_ok(try_from("han", "correct horse", 2, &s)); /* another one does not */
	/* what was right does not wash out what the address did */
	test_store_pass(&t.store, 1000000);
	assert_ok(try_from("han", "correct horse", 1, &s));
	assert_err(try_from("guess", "wrong", 1, &s), ERR_NOT_SIGNED_IN);
	assert_err(try_from("han", "correct horse", 1, &s), ERR_TOO_MANY);
	assert_int_equal(s.retry_after_s, 2);
}

/* Many at once are no way around: each counts from its beginning. */
static void tries_at_once_count_each(void **state)
{
	struct sign_in s[LIMIT_ACCOUNT_FREE + 2], again;

	(void)state;
	sign_in_staff("yang", &again);
	for (unsigned i = 0; i < LIMIT_ACCOUNT_FREE + 2; i++)
		assert_err(accounts_sign_in_begin(desk.accounts, STR("yang"), STR("guess"), 0,
						  (struct peer_address){0}, t.store.now, &s[i]),
			   i <= LIMIT_ACCOUNT_FREE ? ERR_OK : ERR_TOO_MANY);
	/* those that were not hashed for want of room count no more */
	for (unsigned i = 0; i < 2; i++) {
		s[i].hash.err = ERR_TOO_MANY;
		assert_err(accounts_sign_in_finish(desk.accounts, &s[i], t.store.now),
			   ERR_TOO_MANY);
		assert_int_equal(s[i].retry_after_s, 1);
	}
	assert_ok(sign_in(&desk, "yang", "correct horse", &again));
}

static void a_sheet_waits_too(void **state)
{
	struct account_order o, other;
	uint64_t sheet = set_sheet(&t, resident_account(&t, "", ""), &o);
	struct sign_in s;

	(void)state;
	set_sheet(&t, resident_account(&t, "", ""), &other);
	for (unsigned i = 0; i <= LIMIT_ACCOUNT_FREE; i++)
		assert_err(sign_in_code(&desk, sheet, other.codes[0], &s), ERR_NOT_SIGNED_IN);
	assert_err(sign_in_code(&desk, sheet, o.codes[0], &s), ERR_TOO_MANY);
	test_store_pass(&t.store, 1000000);
	assert_ok(sign_in_code(&desk, sheet, o.codes[0], &s));
}

/* ---- a demo ---- */

static void one_tap_is_for_demos_alone(void **state)
{
	uint64_t id = staff_account(&t, "demo", "intake", "DESK");
	struct session_order o = {.act = SESSION_BEGIN, .account = id, .demo = true};
	struct command c = {.kind = COMMAND_SESSION, .session.order = &o};
	struct sign_in s;

	(void)state;
	assert_err(accounts_sign_in_demo(desk.accounts, id, 0, t.store.now, &s), ERR_FORBIDDEN);
	assert_err(session_call(&t, &c), ERR_FORBIDDEN); /* the store says so, too */
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM session"), 0);
}

static void a_demo_lets_anybody_in_under_any_account(void **state)
{
	const struct account_session *session = NULL;
	struct store_identity id = {440305002005, true, STR("Asia/Shanghai"), STR("os:test")};
	struct test_cases demo = {0};
	struct test_desk d;
	struct sign_in s;
	uint64_t account;

	(void)state;
	test_store_init(&demo.store, NULL);
	assert_ok(writer_create(&demo.store.paths, &demo.store.secrets, &demo.store.entropy, &id,
				demo.store.now));
	demo.w = test_store_open(&demo.store);
	desk_open(&d, &demo);
	account = resident_account(&demo, "demo", "");
	assert_ok(accounts_sign_in_demo(d.accounts, account, 0, demo.store.now, &s));
	assert_ok(desk_begin(&d, &s));
	assert_ok(session_of(&d, &s, &session));
	assert_int_equal(session->account, account);
	assert_true(session->demo);
	assert_ok(accounts_sign_in_demo(d.accounts, account + 1000, 0, demo.store.now, &s));
	assert_err(desk_begin(&d, &s), ERR_NOT_SIGNED_IN);
	desk_close(&d);
	demo.w = writer_close(demo.w);
	test_store_remove(&demo.store);
}

/* ---- what is left ---- */

static void deliver(void)
{
	struct effect effects[32];
	size_t n = 0;

	assert_ok(outbox_due(t.w->db, t.store.now.utc_us + 60000000, effects, 32, &n));
	for (size_t i = 0; i < n; i++) {
		struct command c = {.kind = COMMAND_OUTBOX_RESULT}, *list = &c;
		assert_int_equal(effects[i].channel, CHANNEL_KEY_DESTROY);
		assert_ok(keyring_destroy(t.w->keys, &effects[i].arg, 1, t.store.now.utc_us));
		c.outbox.effect = &effects[i];
		c.outbox.delivered = true;
		writer_group(t.w, &list, 1, t.store.now);
		assert_ok(c.answer.err);
	}
}

/* Do these bytes stand in any file of the store? */
static unsigned files_with(const void *bytes, size_t n)
{
	DIR *dir = opendir(t.store.dir);
	struct dirent *e;
	unsigned found = 0;

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char path[512], *all;
		long size;
		FILE *f;
		snprintf(path, sizeof path, "%s/%s", t.store.dir, e->d_name);
		if (e->d_type != DT_REG || !(f = fopen(path, "re")))
			continue;
		assert_int_equal(fseek(f, 0, SEEK_END), 0);
		size = ftell(f);
		rewind(f);
		all = malloc((size_t)size + 1);
		assert_non_null(all);
		assert_int_equal(fread(all, 1, (size_t)size, f), (size_t)size);
		fclose(f);
		found += memmem(all, (size_t)size, bytes, n) != NULL;
		free(all);
	}
	closedir(dir);
	return found;
}

static void wrapped_key(int64_t id, uint8_t ret[SEAL_WRAPPED_BYTES])
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_open(t.store.keys, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT wrapped FROM data_key WHERE id = ?1", -1, &s, NULL),
	    SQLITE_OK);
	sqlite3_bind_int64(s, 1, id);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_int_equal(sqlite3_column_bytes(s, 0), SEAL_WRAPPED_BYTES);
	memcpy(ret, sqlite3_column_blob(s, 0), SEAL_WRAPPED_BYTES);
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define NAME "ouyang.xiu"
#define CONTACT "xiu@example.org"
#define PASSWORD "a drunken old man's pavilion"

static void plain_texts_are_in_no_file(const struct account_order *sheet, const struct sign_in *s,
				       const uint8_t token[SEAL_TOKEN_BYTES])
{
	assert_int_equal(files_with(NAME, sizeof NAME - 1), 0);
	assert_int_equal(files_with(CONTACT, sizeof CONTACT - 1), 0);
	assert_int_equal(files_with(PASSWORD, sizeof PASSWORD - 1), 0);
	assert_int_equal(files_with(token, SEAL_TOKEN_BYTES), 0);
	assert_int_equal(files_with(s->token_text, SESSION_TOKEN_TEXT_BYTES), 0);
	for (unsigned i = 0; i < CODE_SHEET_CODES; i++) {
		char code[CODE_CHARS];
		assert_true(account_code_parse(str_of(sheet->codes[i]), code));
		assert_int_equal(files_with(code, sizeof code), 0);
		assert_int_equal(files_with(sheet->codes[i], CODE_TEXT_BYTES), 0);
	}
}

static void nothing_of_a_person_is_left_in_any_file(void **state)
{
	uint64_t id = resident_account(&t, NAME, CONTACT), password, paper;
	struct account_order sheet, erase = {.act = ACCOUNT_ERASE, .account = id,
					     .by = {.account = id}};
	uint8_t token[SEAL_TOKEN_BYTES], blind[2][SEAL_BLIND_INDEX_BYTES];
	uint8_t keys[3][SEAL_WRAPPED_BYTES];
	struct account_person person;
	struct account_row row;
	struct sign_in s, by_code;
	char sql[160];

	(void)state;
	password = set_password(&t, id, PASSWORD);
	paper = set_sheet(&t, id, &sheet);
	assert_ok(sign_in(&desk, NAME, PASSWORD, &s));
	assert_ok(sign_in_code(&desk, paper, sheet.codes[2], &by_code));
	assert_true(hex_decode(str_of(s.token_text), token, sizeof token));
	plain_texts_are_in_no_file(&sheet, &s, token);
	/* what shows that the search finds: keyed hashes and keys are in keys.db and its copy */
	seal_blind_index(&t.store.secrets.community_key, STR("name"), STR(NAME), blind[0]);
	seal_blind_index(&t.store.secrets.community_key, STR("contact"), STR(CONTACT), blind[1]);
	assert_ok(account_get(desk.reader->db, id, &row));
	wrapped_key((int64_t)row.key_id, keys[0]);
	snprintf(sql, sizeof sql, "SELECT key_id FROM account_secret WHERE n = %llu",
		 (unsigned long long)password);
	wrapped_key(cases_i64(&t, sql), keys[1]);
	snprintf(sql, sizeof sql, "SELECT key_id FROM account_secret WHERE n = %llu",
		 (unsigned long long)paper);
	wrapped_key(cases_i64(&t, sql), keys[2]);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(files_with(keys[i], SEAL_WRAPPED_BYTES), 2);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(files_with(blind[i], SEAL_BLIND_INDEX_BYTES), 2);
	assert_ok(account_call(&t, &erase, NULL));
	assert_err(look(&s), ERR_NOT_SIGNED_IN);
	assert_err(look(&by_code), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, NAME, PASSWORD, &s), ERR_NOT_SIGNED_IN);
	assert_err(sign_in_code(&desk, paper, sheet.codes[3], &s), ERR_NOT_SIGNED_IN);
	assert_ok(account_get(desk.reader->db, id, &row));
	assert_err(account_open(desk.reader->db, desk.reader->keys, &row, &person), ERR_GONE);
	deliver();
	plain_texts_are_in_no_file(&sheet, &by_code, token);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(files_with(keys[i], SEAL_WRAPPED_BYTES), 0);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(files_with(blind[i], SEAL_BLIND_INDEX_BYTES), 0);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM session"), 0);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM account_hash"), 0);
	assert_err(account_call(&t, &erase, NULL), ERR_GONE);
}

/* Also where an operator orders it by the record's number, as of any other record. */
static void an_account_is_erased_by_order_like_any_record(void **state)
{
	uint64_t id = resident_account(&t, NAME, "");
	struct test_command cmd;
	char sql[200];

	(void)state;
	set_password(&t, id, PASSWORD);
	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	assert_ok(test_run(&t.store, t.w, &cmd));
	snprintf(sql, sizeof sql,
		 "SELECT (CAST(body AS TEXT) ->> '$.data.reason') || ' ' || (SELECT ended > 0 AND "
		 "erased > 0 FROM account WHERE id = %llu) FROM entry ORDER BY n DESC LIMIT 1",
		 (unsigned long long)id);
	assert_string_equal(cases_sql_text(&t, sql), "order 1");
	deliver();
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM outbox"), 0);
}

/* Its key goes, so that what a backup has of it opens nothing. */
static void a_replaced_secret_is_dead_in_every_backup(void **state)
{
	uint64_t id = staff_account(&t, "yan", "intake", "DESK"),
		 n = set_password(&t, id, PASSWORD);
	uint8_t key[SEAL_WRAPPED_BYTES];
	char sql[160];

	(void)state;
	snprintf(sql, sizeof sql, "SELECT key_id FROM account_secret WHERE n = %llu",
		 (unsigned long long)n);
	wrapped_key(cases_i64(&t, sql), key);
	assert_int_equal(files_with(key, sizeof key), 2);
	set_password(&t, id, "another pavilion");
	deliver();
	assert_int_equal(files_with(key, sizeof key), 0);
}

/* What is found by a keyed hash is found after keys.db was lost and its copy put in its place. */
static void the_copy_of_the_keys_finds_names_too(void **state)
{
	uint64_t id = staff_account(&t, "cao", "intake", "DESK"), found = 0;

	(void)state;
	desk_close(&desk);
	t.w = writer_close(t.w);
	assert_int_equal(rename(t.store.copy, t.store.keys), 0);
	t.w = test_store_open(&t.store);
	t.w->shelf = &t.shelf->shelf;
	desk_open(&desk, &t);
	assert_ok(account_by_name(desk.reader->db, desk.reader->keys, STR("cao"), &found));
	assert_int_equal(found, id);
	assert_ok(keyring_sync_copy(t.w->keys, t.store.now.utc_us));
	id = staff_account(&t, "xie", "intake", "DESK");
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM account"), 2);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_session_ends_where_nobody_uses_it_and_after_its_time),
		T(a_touch_is_written_once_a_minute),
		T(a_step_of_the_clock_ends_and_prolongs_nothing),
		T(a_restart_goes_on_where_sessions_stood),
		T(no_token_but_the_one_that_was_given),
		T(a_session_is_ended_by_its_owner_alone),
		T(one_more_than_the_cap_ends_the_oldest),
		T(a_session_acts_under_one_post_at_a_time),
		T(a_restored_store_has_nobody_signed_in),
		T(somebody_can_sign_in_while_the_clock_is_held),
		T(what_is_remembered_holds_until_something_may_have_ended_it),
		T(two_sessions_in_one_slot_do_not_mix),
		T(each_failure_beyond_the_free_ones_doubles_the_wait),
		T(a_name_that_nobody_has_waits_like_any_other),
		T(one_address_waits_whatever_names_it_tries),
		T(tries_at_once_count_each),
		T(a_sheet_waits_too),
		T(one_tap_is_for_demos_alone),
		T(a_demo_lets_anybody_in_under_any_account),
		T(nothing_of_a_person_is_left_in_any_file),
		T(an_account_is_erased_by_order_like_any_record),
		T(a_replaced_secret_is_dead_in_every_backup),
		T(the_copy_of_the_keys_finds_names_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
