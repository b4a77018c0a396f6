/* Accounts: what they may be, who may act, what signs them in, and what is left of them. */
#include "accounts.h"

static struct test_cases t;
static struct test_desk desk;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	desk_open(&desk, &t);
	return 0;
}

/* Whatever was done, the rows are those of the entries. */
static int teardown(void **state)
{
	(void)state;
	desk_close(&desk);
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

static enum err find(const char *name, uint64_t *ret)
{
	return account_by_name(desk.reader->db, desk.reader->keys, str_of(name), ret);
}

static void open_person(uint64_t id, struct account_row *row, struct account_person *person)
{
	assert_ok(account_get(desk.reader->db, id, row));
	assert_ok(account_open(desk.reader->db, desk.reader->keys, row, person));
}

static void says(const struct account_order *o, const char *field, enum msg msg)
{
	assert_string_equal(o->problem.field, field);
	assert_int_equal(o->problem.msg, msg);
}

/* ---- what an account may be ---- */

static void an_account_is_kept_as_it_was_made(void **state)
{
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = ACCOUNT_STAFF,
				  .name = STR("王Fang"),
				  .contact = STR("Wang@Example.org"),
				  .lang = LANG_EN};
	struct account_person person;
	struct account_row row;
	uint64_t id = 0;

	(void)state;
	o.posts.v[0] = post_of("grid_worker", "GRD", "G03");
	o.posts.v[0].areas[o.posts.v[0].areas_n++] = STR("G04");
	o.posts.v[1] = post_of("duty_officer", "", NULL);
	o.posts.n = 2;
	assert_ok(account_call(&t, &o, &id));
	open_person(id, &row, &person);
	assert_true(str_eq(person.name, STR("王fang")));
	assert_true(str_eq(person.contact, STR("wang@example.org")));
	assert_int_equal(row.kind, ACCOUNT_STAFF);
	assert_int_equal(row.lang, LANG_EN);
	assert_int_equal(row.posts.n, 2);
	assert_true(str_eq(row.posts.v[0].role, STR("grid_worker")));
	assert_true(str_eq(row.posts.v[0].unit, STR("GRD")));
	assert_int_equal(row.posts.v[0].areas_n, 2);
	assert_true(str_eq(row.posts.v[0].areas[1], STR("G04")));
	assert_int_equal(row.posts.v[1].areas_n, 0);
	assert_int_equal(row.ended, 0);
}

static void a_name_is_found_in_either_case_and_is_one_accounts(void **state)
{
	uint64_t id = staff_account(&t, "Li.Wei", "duty_officer", "DESK"), found = 0;
	struct account_order again = {.act = ACCOUNT_MAKE,
				      .kind = ACCOUNT_RESIDENT,
				      .name = STR("LI.WEI")};

	(void)state;
	assert_ok(find("li.wEI", &found));
	assert_int_equal(found, id);
	assert_err(find("li.we", &found), ERR_NOT_FOUND);
	assert_err(account_call(&t, &again, NULL), ERR_EXISTS);
	says(&again, "name", MSG_ACCOUNT_NAME_TAKEN);
}

static void names_and_contacts_that_cannot_be(void **state)
{
	static const char *const names[] = {"a",
					    "1234",
					    "two words",
					    "tab\there",
					    "wide\u3000space",
					    "zero\xe2\x80\x8bwidth",
					    "\xff\xfe"};
	static const char *const contacts[] = {"nobody", "@example.org", "me@", "a@b@c", "a b@c"};
	char long_name[ACCOUNT_NAME_BYTES_MAX + 2];

	(void)state;
	memset(long_name, 'n', sizeof long_name);
	long_name[sizeof long_name - 1] = 0;
	for (size_t i = 0; i <= sizeof names / sizeof names[0]; i++) {
		struct account_order o = {.act = ACCOUNT_MAKE, .kind = ACCOUNT_RESIDENT};
		o.name = str_of(i < sizeof names / sizeof names[0] ? names[i] : long_name);
		assert_err(account_call(&t, &o, NULL), ERR_BAD_INPUT);
		says(&o, "name", MSG_ACCOUNT_NAME_WRONG);
	}
	for (size_t i = 0; i < sizeof contacts / sizeof contacts[0]; i++) {
		struct account_order o = {.act = ACCOUNT_MAKE, .kind = ACCOUNT_RESIDENT};
		o.contact = str_of(contacts[i]);
		assert_err(account_call(&t, &o, NULL), ERR_BAD_INPUT);
		says(&o, "contact", MSG_ACCOUNT_CONTACT_WRONG);
	}
}

static void posts_are_those_of_the_files_in_force(void **state)
{
	const struct {
		struct account_post post;
		enum msg msg;
	} wrong[] = {
	    {post_of("mayor", "", NULL), MSG_ACCOUNT_POST_ROLE},
	    {post_of("reporter", "", NULL), MSG_ACCOUNT_POST_ROLE},
	    {post_of("grid_worker", "XXX", NULL), MSG_ACCOUNT_POST_UNIT},
	    {post_of("grid_worker", "GRD", "G99"), MSG_ACCOUNT_POST_AREA},
	};
	struct account_order o = {.act = ACCOUNT_MAKE, .kind = ACCOUNT_STAFF, .name = STR("zhao")};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		o.posts.v[0] = wrong[i].post;
		o.posts.n = 1;
		assert_err(account_call(&t, &o, NULL), ERR_BAD_INPUT);
		says(&o, "posts", wrong[i].msg);
	}
	o.posts.v[0] = o.posts.v[1] = post_of("grid_worker", "GRD", "G01");
	o.posts.n = 2;
	assert_err(account_call(&t, &o, NULL), ERR_BAD_INPUT);
	says(&o, "posts", MSG_ACCOUNT_POST_TWICE);
	o.kind = ACCOUNT_RESIDENT;
	o.posts.n = 1;
	assert_err(account_call(&t, &o, NULL), ERR_BAD_INPUT);
	says(&o, "posts", MSG_ACCOUNT_POSTS_RESIDENT);
	o = (struct account_order){.act = ACCOUNT_MAKE, .kind = ACCOUNT_STAFF};
	assert_err(account_call(&t, &o, NULL), ERR_BAD_INPUT);
	says(&o, "name", MSG_ACCOUNT_NAME_NEEDED);
}

static void only_what_is_set_changes(void **state)
{
	uint64_t id = staff_account(&t, "zhang", "intake", "DESK"), found = 0;
	struct account_order o = {.act = ACCOUNT_CHANGE,
				  .account = id,
				  .sets_contact = true,
				  .contact = STR("z@example.org")};
	struct account_person person;
	struct account_row row;
	unsigned n = 0;

	(void)state;
	assert_ok(account_call(&t, &o, NULL));
	o = (struct account_order){.act = ACCOUNT_CHANGE,
				   .account = id,
				   .sets_name = true,
				   .name = STR("zhang.san")};
	assert_ok(account_call(&t, &o, NULL));
	open_person(id, &row, &person);
	assert_true(str_eq(person.name, STR("zhang.san")));
	assert_true(str_eq(person.contact, STR("z@example.org")));
	assert_true(str_eq(row.posts.v[0].role, STR("intake")));
	/* the name before leads nowhere, and may be somebody else's */
	assert_err(find("zhang", &found), ERR_NOT_FOUND);
	assert_ok(find("zhang.san", &found));
	assert_int_equal(found, id);
	found = staff_account(&t, "zhang", "intake", "DESK");
	assert_true(found != id);
	assert_ok(account_by_contact(desk.reader->db, desk.reader->keys, STR("Z@example.org"),
				     &found, 1, &n));
	assert_int_equal(n, 1);
	assert_int_equal(found, id);
}

static void only_staff_are_listed(void **state)
{
	static struct account_row rows[8];
	uint64_t one = staff_account(&t, "qian", "intake", "DESK");
	uint64_t two;
	unsigned n = 0;

	(void)state;
	resident_account(&t, "sun", "");
	two = staff_account(&t, "li", "dispatcher", "DESK");
	assert_ok(account_list_staff(desk.reader->db, 0, rows, 8, &n));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, one);
	assert_int_equal(rows[1].id, two);
	assert_ok(account_list_staff(desk.reader->db, one, rows, 8, &n));
	assert_int_equal(n, 1);
}

/* Of more accounts than are read at once. Ended ones hold nothing, nor do roles of no book. */
static void posts_of_the_living_are_held(void **state)
{
	struct cases_role roles[3] = {{.name.text = STR("desk_lead")},
				      {.name.text = STR("overseer")},
				      {.name.text = STR("intake")}};
	const struct cases_book book = {.roles = roles, .roles_n = 3};
	struct account_order o = {.act = ACCOUNT_END};
	uint64_t held = 99;

	(void)state;
	assert_ok(account_roles_held(desk.reader->db, &book, &held));
	assert_int_equal(held, 0);
	for (unsigned i = 0; i < 17; i++) {
		char name[16];
		snprintf(name, sizeof name, "many%u", i);
		(void)staff_account(&t, name, "dispatcher", "DESK");
	}
	o.account = staff_account(&t, "last", "overseer", "OVR");
	(void)staff_account(&t, "in", "intake", "DESK");
	assert_ok(account_roles_held(desk.reader->db, &book, &held));
	assert_int_equal(held, 6);
	assert_ok(account_call(&t, &o, NULL));
	assert_ok(account_roles_held(desk.reader->db, &book, &held));
	assert_int_equal(held, 4);
}

static void who_acts_must_have_the_post(void **state)
{
	uint64_t lead = staff_account(&t, "lead", "desk_lead", "DESK");
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = ACCOUNT_RESIDENT,
				  .by = {lead, STR("desk_lead"), STR("GRD")}};
	uint64_t n = 0;
	char sql[200];

	(void)state;
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
	says(&o, "by", MSG_ACCOUNT_ACTOR);
	o.by.unit = STR("DESK");
	assert_ok(account_call(&t, &o, &n));
	snprintf(sql, sizeof sql,
		 "SELECT json_extract(CAST(body AS TEXT), '$.actor.role') || ' ' || "
		 "json_extract(CAST(body AS TEXT), '$.actor.unit') FROM entry WHERE n = %llu",
		 (unsigned long long)n);
	assert_string_equal(cases_sql_text(&t, sql), "desk_lead DESK");
	o = (struct account_order){.act = ACCOUNT_END, .account = lead};
	assert_ok(account_call(&t, &o, NULL));
	o = (struct account_order){.act = ACCOUNT_MAKE,
				   .kind = ACCOUNT_RESIDENT,
				   .by = {lead, STR("desk_lead"), STR("DESK")}};
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
}

static void an_ended_account_is_over_and_its_name_free(void **state)
{
	uint64_t id = staff_account(&t, "zhou", "intake", "DESK"), found = 0;
	const struct account_session *session = NULL;
	struct account_order o = {.act = ACCOUNT_END, .account = id};
	struct sign_in s;

	(void)state;
	set_password(&t, id, "correct horse");
	assert_ok(sign_in(&desk, "zhou", "correct horse", &s));
	assert_ok(session_of(&desk, &s, &session));
	assert_ok(account_call(&t, &o, NULL));
	assert_err(session_of(&desk, &s, &session), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, "zhou", "correct horse", &s), ERR_NOT_SIGNED_IN);
	assert_err(account_call(&t, &o, NULL), ERR_CONFLICT);
	says(&o, "account", MSG_ACCOUNT_IS_ENDED);
	assert_err(find("zhou", &found), ERR_NOT_FOUND);
	assert_true(staff_account(&t, "zhou", "intake", "DESK") != id);
	o.account = 1; /* an entry that made none */
	assert_err(account_call(&t, &o, NULL), ERR_NOT_FOUND);
}

/* ---- passwords ---- */

static void the_right_password_gives_a_session(void **state)
{
	uint64_t id = staff_account(&t, "wu", "grid_worker", "GRD");
	const struct account_session *session = NULL;
	uint8_t token[SEAL_TOKEN_BYTES], csrf[SEAL_CSRF_BYTES];
	char text[2 * SEAL_CSRF_BYTES + 1];
	struct buf b = buf_over(text, sizeof text);
	struct sign_in s;

	(void)state;
	set_password(&t, id, "correct horse");
	assert_ok(sign_in(&desk, "WU", "correct horse", &s));
	assert_ok(session_of(&desk, &s, &session));
	assert_int_equal(session->account, id);
	assert_int_equal(session->kind, ACCOUNT_STAFF);
	assert_true(session->has_post);
	assert_true(str_eq(session->acting.role, STR("grid_worker")));
	assert_true(str_eq(session->acting.unit, STR("GRD")));
	assert_int_equal(session->acting.areas_n, 1);
	assert_true(str_eq(session->acting.areas[0], STR("G03")));
	/* the page's token is the keyed hash of the cookie's, and no other */
	assert_true(hex_decode(str_of(s.token_text), token, sizeof token));
	crypto_generichash(csrf, sizeof csrf, (const uint8_t *)"liren-csrf-1", 12, token,
			   sizeof token);
	buf_put_hex(&b, csrf, sizeof csrf);
	assert_true(account_csrf_fits(session, buf_str(&b)));
	text[0] = text[0] == '0' ? '1' : '0';
	assert_false(account_csrf_fits(session, buf_str(&b)));
	assert_false(account_csrf_fits(session, STR("")));
}

static void a_wrong_password_and_an_unknown_name_are_the_same(void **state)
{
	uint64_t id = staff_account(&t, "zheng", "intake", "DESK");
	struct password_hash none, real;
	struct sign_in known, unknown;

	(void)state;
	set_password(&t, id, "correct horse");
	resident_account(&t, "no.password", "");
	assert_err(sign_in(&desk, "zheng", "correct horse ", &known), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, "nobody", "correct horse", &unknown), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, "no.password", "correct horse", &unknown), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, "not a name", "correct horse", &unknown), ERR_NOT_SIGNED_IN);
	/* what is hashed for nobody costs what a real one does */
	password_hash_none(&t.store.entropy, &none);
	assert_ok(password_hash_make(&t.store.entropy, STR("correct horse"), &real));
	assert_int_equal(none.ops, real.ops);
	assert_int_equal(none.mem_kib, real.mem_kib);
	assert_ok(accounts_sign_in_begin(desk.accounts, STR("someone"), STR("x"), 0,
					 (struct peer_address){0}, t.store.now, &unknown));
	assert_int_equal(unknown.hash.hash.ops, real.ops);
	assert_int_equal(unknown.hash.hash.mem_kib, real.mem_kib);
}

static void a_new_password_ends_what_the_old_one_opened(void **state)
{
	uint64_t id = staff_account(&t, "feng", "intake", "DESK");
	uint64_t first = set_password(&t, id, "correct horse");
	const struct account_session *session = NULL;
	struct sign_in s;

	(void)state;
	assert_ok(sign_in(&desk, "feng", "correct horse", &s));
	assert_ok(session_of(&desk, &s, &session));
	assert_true(set_password(&t, id, "battery staple") > first);
	assert_err(session_of(&desk, &s, &session), ERR_NOT_SIGNED_IN);
	assert_err(sign_in(&desk, "feng", "correct horse", &s), ERR_NOT_SIGNED_IN);
	assert_ok(sign_in(&desk, "feng", "battery staple", &s));
}

static void a_password_replaced_while_it_is_checked_lets_nobody_in(void **state)
{
	uint64_t id = staff_account(&t, "chen", "intake", "DESK");
	struct sign_in s;

	(void)state;
	set_password(&t, id, "correct horse");
	assert_ok(accounts_sign_in_begin(desk.accounts, STR("chen"), STR("correct horse"), 0,
					 (struct peer_address){0}, t.store.now, &s));
	hash_job_run(&s.hash, &t.store.entropy);
	assert_ok(accounts_sign_in_finish(desk.accounts, &s, t.store.now));
	set_password(&t, id, "battery staple");
	assert_err(desk_begin(&desk, &s), ERR_NOT_SIGNED_IN);
	assert_int_equal(s.token_text[0], 0);
}

static void one_s_own_password_can_be_checked(void **state)
{
	uint64_t id = staff_account(&t, "chu", "intake", "DESK");
	struct sign_in s;

	(void)state;
	set_password(&t, id, "correct horse");
	for (unsigned i = 0; i < 2; i++) {
		assert_ok(accounts_check_begin(desk.accounts, id,
					       i == 0 ? STR("correct horse") : STR("wrong horse"),
					       (struct peer_address){0}, t.store.now, &s));
		hash_job_run(&s.hash, &t.store.entropy);
		assert_err(accounts_check_finish(desk.accounts, &s),
			   i == 0 ? ERR_OK : ERR_NOT_SIGNED_IN);
	}
}

/* ---- codes on paper ---- */

static void each_code_is_good_once(void **state)
{
	uint64_t id = resident_account(&t, "", "");
	struct account_order o;
	uint64_t sheet = set_sheet(&t, id, &o);
	const struct account_session *session = NULL;
	struct account_secret secret;
	struct sign_in s;

	(void)state;
	for (unsigned i = 0; i < CODE_SHEET_CODES; i++) {
		unsigned any = (i * 7 + 3) % CODE_SHEET_CODES; /* in any order */
		assert_ok(sign_in_code(&desk, sheet, o.codes[any], &s));
		assert_ok(session_of(&desk, &s, &session));
		assert_int_equal(session->account, id);
		assert_false(session->has_post);
		assert_err(sign_in_code(&desk, sheet, o.codes[any], &s), ERR_NOT_SIGNED_IN);
		assert_ok(account_secret_get(desk.reader->db, id, ACCOUNT_SHEET, &secret));
		assert_int_equal(secret.used, i + 1);
	}
}

static void a_mistyped_code_is_told_and_not_counted(void **state)
{
	uint64_t id = resident_account(&t, "", "");
	struct account_order o;
	uint64_t sheet = set_sheet(&t, id, &o);
	char code[CODE_TEXT_BYTES + 1];
	struct sign_in s;

	(void)state;
	memcpy(code, o.codes[0], sizeof code);
	code[3] = code[3] == '7' ? '8' : '7';
	for (unsigned i = 0; i < 3 * LIMIT_ACCOUNT_FREE; i++)
		assert_err(sign_in_code(&desk, sheet, code, &s), ERR_BAD_INPUT);
	assert_ok(sign_in_code(&desk, sheet, o.codes[0], &s));
}

static void a_code_of_another_sheet_opens_nothing(void **state)
{
	struct account_order one, two;
	uint64_t sheet = set_sheet(&t, resident_account(&t, "", ""), &one), n = 0;
	struct sign_in s;

	(void)state;
	n = set_sheet(&t, resident_account(&t, "", ""), &two);
	assert_err(sign_in_code(&desk, sheet, two.codes[0], &s), ERR_NOT_SIGNED_IN);
	assert_err(sign_in_code(&desk, 1, two.codes[0], &s), ERR_NOT_SIGNED_IN);
	assert_err(sign_in_code(&desk, INT64_MAX, two.codes[0], &s), ERR_NOT_SIGNED_IN);
	assert_ok(sign_in_code(&desk, n, two.codes[0], &s));
}

static void two_clients_with_one_code_get_one_session(void **state)
{
	struct account_order o;
	uint64_t sheet = set_sheet(&t, resident_account(&t, "", ""), &o);
	char number[24];
	struct sign_in s[2];

	(void)state;
	snprintf(number, sizeof number, "%llu", (unsigned long long)sheet);
	for (unsigned i = 0; i < 2; i++)
		assert_ok(accounts_sign_in_code(desk.accounts, str_of(number), str_of(o.codes[4]),
						(struct peer_address){0}, t.store.now, &s[i]));
	assert_ok(desk_begin(&desk, &s[0]));
	assert_err(desk_begin(&desk, &s[1]), ERR_NOT_SIGNED_IN);
}

/* A lost sheet: two of the staff on record, the old one and what it opened dead at once. */
static void a_lost_sheet_is_replaced_by_two_of_the_staff(void **state)
{
	uint64_t one = staff_account(&t, "desk.one", "duty_officer", "DESK");
	uint64_t two = staff_account(&t, "desk.two", "desk_lead", "DESK");
	uint64_t id = resident_account(&t, "", ""), n = 0;
	const struct account_session *session = NULL;
	struct account_order old, o = {.act = ACCOUNT_SET_SHEET,
				       .account = id,
				       .by = {one, STR("duty_officer"), STR("DESK")}};
	uint64_t sheet = set_sheet(&t, id, &old);
	char sql[400], expected[160];
	struct sign_in s;

	(void)state;
	assert_ok(sign_in_code(&desk, sheet, old.codes[0], &s));
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
	says(&o, "second", MSG_ACCOUNT_SECOND_NEEDED);
	o.second = (struct account_actor){one, STR("duty_officer"), STR("DESK")};
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
	says(&o, "second", MSG_ACCOUNT_SECOND_WRONG);
	o.second = (struct account_actor){two, STR("duty_officer"), STR("DESK")};
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
	o.second = (struct account_actor){two, STR("desk_lead"), STR("DESK")};
	assert_ok(account_call(&t, &o, &n));
	snprintf(sql, sizeof sql,
		 "SELECT d ->> '$.actor.role' || ' ' || (d ->> '$.data.second.role') || ' ' || "
		 "(d ->> '$.data.replaces') || ' ' || length(d ->> '$.data.second.handle') || ' ' "
		 "|| (d ->> '$.data.second.handle' <> d ->> '$.actor.handle') FROM (SELECT "
		 "CAST(body AS TEXT) AS d FROM entry WHERE n = %llu)",
		 (unsigned long long)n);
	snprintf(expected, sizeof expected, "duty_officer desk_lead %llu 32 1",
		 (unsigned long long)sheet);
	assert_string_equal(cases_sql_text(&t, sql), expected);
	assert_err(session_of(&desk, &s, &session), ERR_NOT_SIGNED_IN);
	assert_err(sign_in_code(&desk, sheet, old.codes[1], &s), ERR_NOT_SIGNED_IN);
	assert_ok(sign_in_code(&desk, n, o.codes[1], &s));
}

static void codes_are_told_once(void **state)
{
	uint64_t id = resident_account(&t, "", "");
	struct account_order o = {.act = ACCOUNT_SET_SHEET, .account = id};
	struct test_command cmd;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		test_command_init(&cmd, COMMAND_ACCOUNT);
		cmd.c.accounts.order = &o;
		cmd.c.request.present = true;
		o.has_codes = false;
		memset(o.codes, 0, sizeof o.codes);
		assert_ok(test_run(&t.store, t.w, &cmd));
		assert_int_equal(cmd.c.answer.repeated, i > 0);
		assert_int_equal(o.has_codes, i == 0);
	}
	assert_int_equal(o.codes[0][0], 0);
}

/* An account can be signed in with from its first moment, by one command. */
static void an_account_is_made_with_password_and_sheet(void **state)
{
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = ACCOUNT_RESIDENT,
				  .name = STR("jiang"),
				  .with_password = true,
				  .with_sheet = true};
	struct test_command cmd;
	struct sign_in s;

	(void)state;
	cheap_hash(&t, "correct horse", &o.hash);
	test_command_init(&cmd, COMMAND_ACCOUNT);
	cmd.c.accounts.order = &o;
	assert_ok(test_run(&t.store, t.w, &cmd));
	assert_non_null(memmem(cmd.entry, cmd.c.answer.entry.n, "account.made", 12));
	assert_int_equal(o.sheet, cmd.c.answer.n + 2);
	assert_true(o.has_codes);
	assert_ok(sign_in(&desk, "jiang", "correct horse", &s));
	assert_int_equal(s.order.account, cmd.c.answer.n);
	assert_ok(sign_in_code(&desk, o.sheet, o.codes[9], &s));
	assert_int_equal(s.order.account, cmd.c.answer.n);
}

/* ---- who sets what for whom ---- */

static void a_first_credential_needs_no_second_person(void **state)
{
	uint64_t lead = staff_account(&t, "lead", "desk_lead", "DESK");
	uint64_t other = staff_account(&t, "other", "intake", "DESK");
	struct account_order o = {.act = ACCOUNT_SET_PASSWORD,
				  .account = other,
				  .by = {lead, STR("desk_lead"), STR("DESK")}};

	(void)state;
	cheap_hash(&t, "correct horse", &o.hash);
	assert_ok(account_call(&t, &o, NULL));
	/* a second one does, but by the operator of the machine, who could do anything */
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
	o.by = (struct account_actor){0};
	assert_ok(account_call(&t, &o, NULL));
	/* nor a resident's by the operator */
	o.account = resident_account(&t, "res", "");
	assert_ok(account_call(&t, &o, NULL));
	assert_err(account_call(&t, &o, NULL), ERR_FORBIDDEN);
	says(&o, "second", MSG_ACCOUNT_SECOND_NEEDED);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(an_account_is_kept_as_it_was_made),
		T(a_name_is_found_in_either_case_and_is_one_accounts),
		T(names_and_contacts_that_cannot_be),
		T(posts_are_those_of_the_files_in_force),
		T(only_what_is_set_changes),
		T(only_staff_are_listed),
		T(posts_of_the_living_are_held),
		T(who_acts_must_have_the_post),
		T(an_ended_account_is_over_and_its_name_free),
		T(the_right_password_gives_a_session),
		T(a_wrong_password_and_an_unknown_name_are_the_same),
		T(a_new_password_ends_what_the_old_one_opened),
		T(a_password_replaced_while_it_is_checked_lets_nobody_in),
		T(one_s_own_password_can_be_checked),
		T(each_code_is_good_once),
		T(a_mistyped_code_is_told_and_not_counted),
		T(a_code_of_another_sheet_opens_nothing),
		T(two_clients_with_one_code_get_one_session),
		T(a_lost_sheet_is_replaced_by_two_of_the_staff),
		T(codes_are_told_once),
		T(an_account_is_made_with_password_and_sheet),
		T(a_first_credential_needs_no_second_person),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
