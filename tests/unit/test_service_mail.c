/* What a step's telling becomes: effects that name nobody; letters from them; what ends them. */
#include "accounts.h"

#include "service/case_number.h"
#include "service/mail.h"

#define TODAY 20800

static struct test_cases t;
static struct reader *reader;
static char memory[MAIL_LETTER_ARENA_BYTES];

static int set_up(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	t.w->mails = true;
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &reader));
	return 0;
}

static int take_down(void **state)
{
	(void)state;
	reader = reader_close(reader);
	cases_close(&t);
	return 0;
}

static uint64_t report(const char *account, const char *contact, const char *drill)
{
	t.order = (struct case_order){.kind = CASE_HAND_IN,
				      .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				      .role = STR("reporter"),
				      .account = str_of(account ? account : ""),
				      .type = STR("resident-request")};
	if (contact)
		assert_ok(cases_call(&t, FIELDS("place", "0", "text", "路灯不亮", "channel",
						"portal", "has_reporter", "yes", "drill", drill,
						"contact", contact, "confidential", "yes")));
	else
		assert_ok(cases_call(&t, FIELDS("place", "0", "text", "路灯不亮", "channel",
						"portal", "has_reporter", "yes", "drill", drill)));
	return t.order.ret_id;
}

static uint64_t follow(uint64_t id, const char *account)
{
	t.order = (struct case_order){.kind = CASE_DO,
				      .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				      .role = STR("follower"),
				      .account = str_of(account ? account : ""),
				      .id = id,
				      .command = STR("follow"),
				      .follower_channel = STR("portal")};
	assert_ok(cases_call(&t, account ? FIELDS("text", "我也是")
					 : FIELDS("contact", "follower@example.org")));
	return t.answer.n;
}

static uint64_t opened(uint64_t id)
{
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	return t.answer.n;
}

/* Effects of mail that wait; the first of entry n. */
static size_t waiting(uint64_t n, struct effect *ret)
{
	struct effect all[64];
	size_t got = 0, of_n = 0;

	assert_ok(outbox_due_in(t.w->db, OUTBOX_LANE_MAIL, t.store.now.utc_us, all, 64, &got));
	for (size_t i = 0; i < got; i++)
		if (all[i].n == n)
			ret[of_n++] = all[i];
	return of_n;
}

static enum err letter(const struct effect *e, struct mail_letter *ret)
{
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	return mail_letter_of(reader, &t.shelf->shelf, e, TODAY, &a, ret);
}

static struct effect only(uint64_t n)
{
	struct effect e[64];

	assert_int_equal(waiting(n, e), 1);
	assert_int_equal(e[0].channel, CHANNEL_MAIL);
	assert_int_equal(e[0].arg, MAIL_TO_REPORTER);
	return e[0];
}

static enum err result(const struct effect *e, enum effect_end end, uint64_t case_id, int32_t day)
{
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_OUTBOX_RESULT);
	cmd.c.outbox.effect = e;
	cmd.c.outbox.delivered = end != EFFECT_UNCOUNTED;
	cmd.c.outbox.end = end;
	cmd.c.outbox.case_id = case_id;
	cmd.c.outbox.day = day;
	return test_run(&t.store, t.w, &cmd);
}

static bool has(const struct buf *b, const char *text)
{
	return memmem(b->p, b->n, text, strlen(text)) != NULL;
}

/* ---- effects ---- */

static void telling_the_reporter_is_a_mail_to_them_and_staff_have_the_queue(void **state)
{
	struct effect e[64];
	uint64_t id = report(NULL, "li@example.org", "no"), n;

	(void)state;
	assert_int_equal(waiting(id, e), 0); /* handing in tells nobody */
	(void)only(opened(id));
	cases_must(&t, id, "remind", "duty_officer", "desk-2",
		   FIELDS("order_reason", "催", "remind_until", "2026-06-20"));
	assert_int_equal(waiting(t.answer.n, e), 0); /* tells the handler */
	t.w->mails = false;
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	n = t.answer.n;
	t.w->mails = true;
	assert_int_equal(waiting(n, e), 0); /* there is no such channel */
}

static void followers_hear_what_is_public(void **state)
{
	struct effect e[64];
	uint64_t id = report(NULL, "li@example.org", "no"), one = follow(id, NULL),
		 two = follow(id, "account:999");
	uint64_t n = opened(id);

	(void)state;
	assert_int_equal(waiting(n, e), 3);
	assert_true(e[0].arg == MAIL_TO_REPORTER && e[1].arg == one && e[2].arg == two);
	assert_true(e[0].idx == 0 && e[1].idx == 1 && e[2].idx == 2);
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_int_equal(waiting(t.answer.n, e), 3);
	cases_must(&t, id, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	(void)only(t.answer.n); /* without a line for everybody */
}

/* Joined to a live matter, directly or by way of another: its news are theirs, under the number
 * that they know. */
static void who_was_joined_goes_on_hearing(void **state)
{
	struct effect e[64];
	struct mail_letter m;
	uint64_t last = report(NULL, "last@example.org", "no"), mid = report(NULL, NULL, "no"),
		 id = report(NULL, "li@example.org", "no"), by = follow(id, NULL);
	uint64_t incident;
	char target[24];

	(void)state;
	(void)opened(last);
	(void)opened(mid);
	snprintf(target, sizeof target, "%llu", (unsigned long long)mid);
	cases_must(&t, id, "link", "intake", "desk-1", FIELDS("linked_case", target));
	assert_int_equal(waiting(t.answer.n, e), 2); /* both are told that it goes on there */
	assert_true(e[0].arg == MAIL_TO_REPORTER && e[1].arg == by);
	snprintf(target, sizeof target, "%llu", (unsigned long long)last);
	cases_must(&t, mid, "merge", "duty_officer", "desk-2", FIELDS("linked_case", target));
	assert_int_equal(waiting(t.answer.n, e), 3);
	cases_must(&t, last, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_int_equal(waiting(t.answer.n, e), 4);
	assert_int_equal(e[0].arg, MAIL_TO_REPORTER);
	assert_true(e[1].arg == mid && e[2].arg == id && e[3].arg == by);
	assert_ok(letter(&e[0], &m));
	assert_string_equal(m.to, "last@example.org");
	assert_err(letter(&e[1], &m), ERR_NOT_FOUND); /* left no address */
	assert_ok(letter(&e[2], &m));
	assert_string_equal(m.to, "li@example.org");
	assert_int_equal(m.case_id, id);
	assert_true(str_eq(m.line[LANG_EN], STR("dispatched")));
	assert_ok(letter(&e[3], &m));
	assert_string_equal(m.to, "follower@example.org");
	assert_int_equal(m.case_id, id);
	cases_must(&t, last, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	(void)only(t.answer.n); /* without a line for everybody */
	/* the line is of the type of the case that goes on */
	incident = cases_hand_in(&t, "safety-incident",
				 FIELDS("place", "0", "text", "冒烟", "channel", "phone",
					"has_reporter", "no", "drill", "no"));
	snprintf(target, sizeof target, "%llu", (unsigned long long)incident);
	id = cases_hand_in(&t, "dispute-mediation",
			   FIELDS("place", "0", "text", "吵架", "channel", "phone", "has_reporter",
				  "yes", "drill", "no", "contact", "zhao@example.org"));
	cases_must(&t, id, "link", "intake", "desk-1", FIELDS("linked_case", target));
	cases_must(&t, incident, "open", "duty_officer", "desk-2",
		   FIELDS("category", "0401", "emergency_call", "made"));
	cases_must(&t, incident, "dispatch", "duty_officer", "desk-2", FIELDS("lead_unit", "FIR"));
	assert_int_equal(waiting(t.answer.n, e), 2);
	assert_ok(letter(&e[1], &m));
	assert_true(m.case_id == id && str_eq(m.line[LANG_EN], STR("dispatched")));
	/* erased, it hears nothing more */
	struct test_command cmd;
	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	cmd.c.account = STR("operator");
	assert_ok(test_run(&t.store, t.w, &cmd));
	assert_err(letter(&e[1], &m), ERR_GONE);
}

/* ---- letters ---- */

static void a_letter_has_number_and_public_line_and_nothing_of_anybody(void **state)
{
	char text[MAIL_TEXT_BYTES_MAX], subject[MAIL_SUBJECT_BYTES_MAX], number[64];
	struct buf b = buf_over(text, sizeof text), s = buf_over(subject, sizeof subject);
	struct buf num = buf_over(number, sizeof number);
	struct mail_letter m;
	uint64_t id = report(NULL, " Li.Si@Example.org ", "no");
	struct effect e = only(opened(id));

	(void)state;
	assert_ok(letter(&e, &m)); /* confidential: it is theirs all the same */
	assert_string_equal(m.to, "Li.Si@Example.org");
	assert_true(m.case_id == id && !m.has_lang && !m.is_drill && !m.is_last);
	case_number_put(m.number, &num);
	mail_letter_put_subject(&m, &s);
	mail_letter_put_text(&m, STR("https://liren.test/portal"), &b);
	assert_false(b.over || s.over);
	assert_true(has(&s, buf_z(&num)) && has(&b, buf_z(&num)));
	assert_true(has(&s, "有新进展") && has(&s, "News of case"));
	assert_true(has(&b, "已立案") && has(&b, ": opened.") &&
		    has(&b, "https://liren.test/portal"));
	assert_false(has(&b, "路灯") || has(&b, "Example") || has(&b, "演练"));
}

static void an_account_gives_language_and_address(void **state)
{
	char text[MAIL_TEXT_BYTES_MAX], account[32];
	struct buf b = buf_over(text, sizeof text);
	struct mail_letter m;
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = ACCOUNT_RESIDENT,
				  .contact = STR("wang@example.org"),
				  .lang = LANG_EN};
	struct effect e;
	uint64_t who = 0;

	(void)state;
	assert_ok(account_call(&t, &o, &who));
	snprintf(account, sizeof account, "account:%llu", (unsigned long long)who);
	e = only(opened(report(account, NULL, "no")));
	assert_ok(letter(&e, &m));
	assert_string_equal(m.to, "wang@example.org");
	assert_true(m.has_lang && m.lang == LANG_EN);
	mail_letter_put_text(&m, STR("https://x.test"), &b);
	assert_true(has(&b, "opened") && !has(&b, "已立案"));
	/* what stands in the report goes before */
	e = only(opened(report(account, "other@example.org", "no")));
	assert_ok(letter(&e, &m));
	assert_string_equal(m.to, "other@example.org");
	assert_true(m.has_lang && m.lang == LANG_EN);
}

static void followers_have_addresses_of_their_own(void **state)
{
	struct effect e[64];
	struct mail_letter m;
	uint64_t id = report(NULL, "li@example.org", "no");

	(void)state;
	(void)follow(id, NULL);
	(void)follow(id, "account:999");
	assert_int_equal(waiting(opened(id), e), 3);
	assert_ok(letter(&e[0], &m));
	assert_string_equal(m.to, "li@example.org");
	assert_ok(letter(&e[1], &m));
	assert_string_equal(m.to, "follower@example.org");
	assert_err(letter(&e[2], &m), ERR_NOT_FOUND);
}

static void a_drill_says_so_and_a_telephone_is_no_address(void **state)
{
	char subject[MAIL_SUBJECT_BYTES_MAX];
	struct buf s = buf_over(subject, sizeof subject);
	struct mail_letter m;
	struct effect e = only(opened(report(NULL, "li@example.org", "yes")));

	(void)state;
	assert_ok(letter(&e, &m));
	mail_letter_put_subject(&m, &s);
	assert_true(m.is_drill && has(&s, "【演练】") && has(&s, "[drill]"));
	e = only(opened(report(NULL, "13800000000 或 li@example.org", "no")));
	assert_err(letter(&e, &m), ERR_NOT_FOUND);
	e = only(opened(report(NULL, NULL, "no")));
	assert_err(letter(&e, &m), ERR_NOT_FOUND);
}

static void erasing_stops_what_is_not_sent(void **state)
{
	struct test_command cmd;
	struct mail_letter m = {.to = "untouched"};
	uint64_t id = report(NULL, "li@example.org", "no");
	struct effect e = only(opened(id));

	(void)state;
	cases_must(&t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	cmd.c.account = STR("operator");
	assert_ok(test_run(&t.store, t.w, &cmd));
	assert_err(letter(&e, &m), ERR_GONE); /* its key is still there */
	assert_string_equal(m.to, "untouched");
	assert_ok(result(&e, EFFECT_ERASED, 0, 0));
	assert_int_equal(waiting(e.n, &e), 0);
}

/* ---- their end ---- */

static void ends_are_counted_and_a_day_has_a_cap(void **state)
{
	struct mail_letter m;
	uint64_t id = report(NULL, "li@example.org", "no"), n = 0;
	struct effect e = only(opened(id));

	(void)state;
	for (unsigned i = 0; i < MAIL_A_DAY_MAX; i++) {
		assert_ok(letter(&e, &m));
		assert_int_equal(m.is_last, i + 1 == MAIL_A_DAY_MAX);
		assert_ok(mail_count(t.w->db, id, MAIL_TO_REPORTER, TODAY));
	}
	assert_err(letter(&e, &m), ERR_TOO_MANY);
	assert_ok(result(&e, EFFECT_LEFT, 0, 0));
	assert_ok(outbox_ended(t.w->db, CHANNEL_MAIL, EFFECT_LEFT, &n));
	assert_int_equal(n, 1);
	assert_ok(outbox_ended(t.w->db, CHANNEL_MAIL, EFFECT_SENT, &n));
	assert_int_equal(n, 0);
	/* another day, and another case */
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	e = only(t.answer.n);
	assert_ok(result(&e, EFFECT_SENT, id, TODAY + 2));
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM mail_day"), 1); /* swept */
	assert_int_equal(cases_i64(&t, "SELECT mails FROM mail_day"), 1);
	assert_ok(outbox_ended(t.w->db, CHANNEL_MAIL, EFFECT_SENT, &n));
	assert_int_equal(n, 1);
}

static void keys_do_not_wait_behind_mail(void **state)
{
	struct effect e[64];
	size_t n = 9;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		(void)opened(report(NULL, "li@example.org", "no"));
	assert_ok(outbox_due(t.w->db, t.store.now.utc_us, e, 64, &n));
	assert_int_equal(n, 0);
	assert_ok(outbox_due_in(t.w->db, OUTBOX_LANE_MAIL, t.store.now.utc_us, e, 64, &n));
	assert_int_equal(n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, take_down)
	    T(telling_the_reporter_is_a_mail_to_them_and_staff_have_the_queue),
	    T(followers_hear_what_is_public),
	    T(who_was_joined_goes_on_hearing),
	    T(a_letter_has_number_and_public_line_and_nothing_of_anybody),
	    T(an_account_gives_language_and_address),
	    T(followers_have_addresses_of_their_own),
	    T(a_drill_says_so_and_a_telephone_is_no_address),
	    T(erasing_stops_what_is_not_sent),
	    T(ends_are_counted_and_a_day_has_a_cap),
	    T(keys_do_not_wait_behind_mail),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
