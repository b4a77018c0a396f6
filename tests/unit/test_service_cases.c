/* Cases through the writer: from the report to the reporter's word, who acts by what, what ties
 * cases together; what is refused says why and changes nothing; live rows equal rebuilt ones.
 * long-file: every way in and out of the store, on one fixture. */
#include "cases.h"

#include "service/case_number.h"
#include "service/cases.h"

#define HOUR (INT64_C(3600) * 1000000)
#define DAY (24 * HOUR)

static int setup(void **state)
{
	static struct test_cases t;

	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

/* Whatever a test did, the entries alone come to the same rows. */
static int teardown(void **state)
{
	struct test_cases *t = *state;

	cases_must_rebuild(t);
	cases_close(t);
	return 0;
}

static const char *const lamp[] = {"place", "0", "text", "巷子里的路灯不亮", "channel", "phone",
				   "has_reporter", "yes", "drill", "no", NULL};

static uint64_t report(struct test_cases *t)
{
	return cases_hand_in(t, "resident-request", lamp);
}

static uint64_t opened(struct test_cases *t)
{
	uint64_t id = report(t);

	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	return id;
}

static uint64_t handled(struct test_cases *t)
{
	uint64_t id = opened(t);

	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	cases_must(t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
	return id;
}

/* A resident without account; the secret of the receipt. */
static uint64_t anonymous(struct test_cases *t, uint8_t ret_secret[SEAL_SECRET_BYTES])
{
	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = CASE_HAND_NEW,
				       .role = STR("reporter"),
				       .type = STR("resident-request")};
	assert_ok(cases_call(t, lamp));
	assert_true(t->answer.has_text);
	memcpy(ret_secret, t->answer.secret, SEAL_SECRET_BYTES);
	return t->order.ret_id;
}

static enum err by_secret(struct test_cases *t, uint64_t id, const uint8_t *secret,
			  const char *command, const char *const *fields)
{
	t->order = (struct case_order){.kind = CASE_DO,
				       .hand = CASE_HAND_SECRET,
				       .role = STR("reporter"),
				       .id = id,
				       .command = str_of(command)};
	memcpy(t->order.secret, secret, SEAL_SECRET_BYTES);
	return cases_call(t, fields);
}

static void handle_of(struct test_cases *t, uint64_t n, char ret[2 * HANDLE_BYTES + 1])
{
	char sql[128];

	snprintf(
	    sql, sizeof sql,
	    "SELECT json_extract(CAST(body AS TEXT), '$.actor.handle') FROM entry WHERE n = %llu",
	    (unsigned long long)n);
	const char *text = cases_sql_text(t, sql);
	assert_int_equal(strlen(text), 2 * HANDLE_BYTES);
	memcpy(ret, text, 2 * HANDLE_BYTES + 1);
}

static int64_t case_i64(struct test_cases *t, const char *column, uint64_t id)
{
	char sql[128];

	snprintf(sql, sizeof sql, "SELECT %s FROM case_rec WHERE id = %llu", column,
		 (unsigned long long)id);
	return cases_i64(t, sql);
}

static bool doc_has(struct test_cases *t, uint64_t id, const char *line)
{
	char sql[128], with[128];

	snprintf(sql, sizeof sql,
		 "SELECT char(10) || CAST(doc AS TEXT) FROM case_rec WHERE id = %llu",
		 (unsigned long long)id);
	snprintf(with, sizeof with, "\n%s\n", line);
	return strstr(cases_sql_text(t, sql), with) != NULL;
}

/* ---- C1: the lane is dark ---- */

static const char *photo(struct test_cases *t, uint64_t id, const char *field)
{
	static char number[24];
	uint64_t n = cases_attach(t, id, field, "unit_handler", STR("pmc-3"));

	assert_true(n > 0);
	snprintf(number, sizeof number, "%llu", (unsigned long long)n);
	return number;
}

static void feed_back_and_check(struct test_cases *t, uint64_t id)
{
	const char *after = photo(t, id, "photo_after");

	cases_must(t, id, "feedback", "unit_handler", "pmc-3",
		   FIELDS("answer", "灯泡已换", "photo_after", after));
	assert_string_equal(cases_state(t, id), "fed_back");
	assert_err(cases_do(t, id, "answer_review", "duty_officer", "pmc-3", NO_FIELDS),
		   ERR_FORBIDDEN); /* one's own work */
	cases_must(t, id, "answer_review", "duty_officer", "desk-1", NO_FIELDS);
	assert_string_equal(cases_state(t, id), "checking");
	after = photo(t, id, "site_photo");
	cases_must(t, id, "site_check", "grid_worker", "grid-4",
		   FIELDS("site_photo", after, "site_result", "passed"));
	assert_string_equal(cases_state(t, id), "closed");
}

/* Each name of a figure in the entries, counted without the rows. */
static void figures_are_those_of_the_entries(struct test_cases *t)
{
	assert_int_equal(
	    cases_i64(t, "SELECT coalesce(sum(cases), 0) FROM figure"),
	    cases_i64(t, "SELECT count(*) FROM entry e, json_each(CAST(e.body AS TEXT), "
			 "'$.data.figures') f WHERE json_extract(CAST(e.body AS TEXT), '$.kind') "
			 "LIKE 'case.%'"));
}

static void a_dark_lane_is_lit_at_the_second_try(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES];
	char number[CASE_NUMBER_BYTES_MAX];
	struct buf said = buf_over(number, sizeof number);
	uint64_t id = anonymous(t, secret), back = 0;
	int64_t closed;

	case_number_put(t->order.ret_number, &said);
	assert_true(case_number_parse(buf_str(&said), &back));
	assert_int_equal(back, t->order.ret_number);
	assert_int_equal(case_i64(t, "number", id), t->order.ret_number);
	assert_ok(cases_by_number(t->w->db, t->order.ret_number, &back));
	assert_int_equal(back, id);
	assert_err(cases_by_number(t->w->db, t->order.ret_number + 1, &back), ERR_NOT_FOUND);
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	cases_pass(t, HOUR / 6);
	cases_must(t, id, "hand_back", "unit_handler", "urb-7",
		   FIELDS("hand_back_reason", "wrong_component", "hand_back_ground", "灯杆属物业",
			  "proposed_unit", "PMC"));
	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_string_equal(cases_sql_text(t, "SELECT unit FROM case_open"), "PMC");
	cases_must(t, id, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	cases_pass(t, 2 * HOUR);
	feed_back_and_check(t, id);
	closed = case_i64(t, "closed", id);
	assert_int_equal(closed, t->store.now.utc_us);
	cases_pass(t, 20 * HOUR);
	assert_ok(by_secret(t, id, secret, "not_solved", FIELDS("not_solved_text", "还是黑的")));
	assert_string_equal(cases_state(t, id), "handling");
	assert_true(doc_has(t, id, "f:not_solved_times=1"));
	assert_int_equal(case_i64(t, "closed", id), 0);
	feed_back_and_check(t, id);
	cases_pass(t, DAY);
	cases_pass(t, DAY);
	assert_ok(by_secret(t, id, secret, "callback", FIELDS("callback_result", "solved")));
	assert_string_equal(cases_state(t, id), "confirmed");
	assert_ok(by_secret(t, id, secret, "rate", FIELDS("answer_rate", "3")));
	assert_string_equal(cases_state(t, id), "ended");
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_open"), 0);
	assert_string_equal(cases_sql_text(t, "SELECT outcome FROM case_rec"), "confirmed");
	assert_true(case_i64(t, "closed", id) > closed);
	assert_int_equal(cases_i64(t, "SELECT sum(cases) FROM figure WHERE name = 'not_solved'"),
			 1);
	assert_int_equal(cases_i64(t, "SELECT sum(cases) FROM figure WHERE name = 'handed_back'"),
			 1);
	figures_are_those_of_the_entries(t);
}

struct proposed {
	unsigned n;
	uint64_t cases, entry;
	bool is_right;
};

static enum err take_hand_back(void *ctx, const struct hand_back_row *row)
{
	struct proposed *p = ctx;

	p->n++;
	p->cases = row->cases;
	p->entry = row->n;
	p->is_right = str_eq(row->category, STR("0102")) && str_eq(row->area, STR("")) &&
		      str_eq(row->from, STR("URB")) && str_eq(row->to, STR("PMC"));
	return ERR_OK;
}

static enum err take_area(void *ctx, const struct figure_row *row)
{
	unsigned *sums = ctx;

	assert_true(str_eq(row->unit, STR("")) && row->category.n == 0);
	sums[str_eq(row->name, STR("handed_in")) ? 0 : str_eq(row->name, STR("opened")) ? 1 : 2] +=
	    (unsigned)row->cases;
	return ERR_OK;
}

/* What is accepted proposes a change to the responsibilities; what is refused does not. */
static void upheld_hand_backs_are_listed(void **state)
{
	struct test_cases *t = *state;
	struct proposed p = {0};
	unsigned sums[3] = {0};
	uint64_t id, last = 0;

	for (unsigned i = 0; i < 3; i++) {
		id = opened(t);
		cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
		cases_must(t, id, "hand_back", "unit_handler", "urb-7",
			   FIELDS("hand_back_reason", "not_ours", "hand_back_ground", "灯杆属物业",
				  "proposed_unit", "PMC"));
		if (i == 2) {
			cases_must(t, id, "rule", "desk_lead", "desk-9",
				   FIELDS("review_ground", "仍属街道城管"));
			continue;
		}
		cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
		last = t->answer.n;
	}
	assert_ok(cases_hand_backs(t->w->db, take_hand_back, &p));
	assert_int_equal(p.n, 1);
	assert_int_equal(p.cases, 2);
	assert_int_equal(p.entry, last);
	assert_true(p.is_right);
	/* of a grid only three figures are kept */
	assert_ok(cases_figures_of_areas(t->w->db, 202601, 202712, take_area, sums));
	assert_int_equal(sums[0], 3);
	assert_int_equal(sums[1], 3);
	assert_int_equal(sums[2], 0);
}

/* ---- who acts, by what ---- */

static void the_secret_of_the_receipt_opens_its_case_only(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], other[SEAL_SECRET_BYTES];
	uint64_t id = anonymous(t, secret);
	char first[33], second[33];

	(void)anonymous(t, other);
	assert_err(by_secret(t, id, other, "message", FIELDS("message", "在吗")), ERR_FORBIDDEN);
	assert_string_equal(t->order.problem.field, "secret");
	assert_ok(by_secret(t, id, secret, "message", FIELDS("message", "在吗")));
	handle_of(t, id, first);
	handle_of(t, t->answer.n, second);
	assert_string_equal(first, second);
	/* nobody acts on a case without account or secret */
	t->order.hand = CASE_HAND_NEW;
	assert_err(cases_call(t, FIELDS("message", "我也来")), ERR_FORBIDDEN);
	assert_int_equal(
	    cases_i64(t, "SELECT count(*) FROM case_rec WHERE CAST(doc AS TEXT) LIKE '%h:%'"), 0);
}

/* The account behind the hand that entry n sealed. */
static void account_of(struct test_cases *t, uint64_t n, char ret[HANDLE_ACCOUNT_MAX + 1])
{
	_Alignas(16) static char memory[8 * ENTRY_BYTES_MAX];
	const struct case_entry *entry;
	uint8_t out[HANDLE_ACCOUNT_MAX + SEAL_OVERHEAD_BYTES];
	struct entry_view v;
	struct entry_head head;
	const struct entry_value *data;
	const void *decoded = NULL;
	struct seal_key key;
	void *tree = NULL;
	struct arena a;
	struct str account;

	arena_init(&a, memory, sizeof memory);
	assert_ok(journal_entry(t->w->db, n, t->w->journal.memory, &v));
	assert_ok(kind_parse(v.body, &a, &head, &tree, &data));
	assert_ok(service_kinds[head.kind].decode(data, &a, &decoded));
	free(tree);
	entry = decoded;
	assert_true(entry->has_hand);
	assert_ok(keyring_get(t->w->keys, entry->hand.key_id, &key));
	assert_ok(seal_open(&key, entry->hand.key_id, STR("hand"), entry->hand.box, &entry->hand.h,
			    out, &account));
	snprintf(ret, HANDLE_ACCOUNT_MAX + 1, "%.*s", (int)account.n, account.p);
}

static bool has_hand(struct test_cases *t, uint64_t n)
{
	char sql[128];

	snprintf(sql, sizeof sql,
		 "SELECT json_extract(CAST(body AS TEXT), '$.data.hand.k') IS NOT NULL FROM entry "
		 "WHERE n = %llu",
		 (unsigned long long)n);
	return cases_i64(t, sql) != 0;
}

static void a_person_has_one_hand_in_a_case_and_another_in_the_next(void **state)
{
	struct test_cases *t = *state;
	uint64_t one = report(t), two = report(t), n;
	char a[33], b[33], c[33], account[HANDLE_ACCOUNT_MAX + 1];

	cases_must(t, one, "open", "intake", "desk-1", FIELDS("category", "0102"));
	n = t->answer.n;
	handle_of(t, one, a);
	handle_of(t, n, b);
	handle_of(t, two, c);
	assert_string_equal(a, b);
	assert_true(strcmp(a, c) != 0);
	assert_true(has_hand(t, one) && !has_hand(t, n) && has_hand(t, two));
	account_of(t, one, account);
	assert_string_equal(account, "desk-1");
	cases_must(t, one, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	account_of(t, t->answer.n, account);
	assert_string_equal(account, "desk-2");
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM entry WHERE instr(CAST(body AS TEXT), "
				      "'desk-1')"), 0);
	assert_int_equal(cases_i64(t,
				   "SELECT count(*) FROM case_rec WHERE instr(CAST(doc AS TEXT), "
				   "'desk')"),
			 0);
}

static void nobody_signs_what_they_proposed(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = report(t);

	cases_must(t, id, "refuse", "duty_officer", "desk-1",
		   FIELDS("refuse_reason", "in_court", "refuse_ground", "已在法院"));
	assert_err(cases_do(t, id, "sign", "desk_lead", "desk-1", NO_FIELDS), ERR_FORBIDDEN);
	assert_int_equal(t->order.refusal, CASE_OWN_WORK);
	cases_reopen(t); /* who signed is in the row */
	assert_err(cases_do(t, id, "sign", "desk_lead", "desk-1", NO_FIELDS), ERR_FORBIDDEN);
	cases_must(t, id, "sign", "desk_lead", "desk-9", NO_FIELDS);
	assert_string_equal(cases_state(t, id), "refused");
}

/* What only the record knows of a right is asked there, whatever role the adapter gave. */
static void nobody_takes_the_reporters_place(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], before[32], after[32];
	uint64_t id = anonymous(t, secret), mine;

	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("reporter"), .account = STR("res-1"),
				       .type = STR("resident-request")};
	assert_ok(cases_call(t, lamp));
	mine = t->order.ret_id;
	cases_digest(t, before);
	/* another resident's account; the same one, on a case that it did not hand in */
	assert_err(cases_do(t, mine, "withdraw", "reporter", "res-2", NO_FIELDS), ERR_FORBIDDEN);
	assert_string_equal(t->order.problem.field, "role");
	assert_err(cases_do(t, id, "withdraw", "reporter", "res-1", NO_FIELDS), ERR_FORBIDDEN);
	assert_err(cases_do(t, id, "message", "follower", "res-1", FIELDS("message", "?")),
		   ERR_FORBIDDEN);
	assert_int_equal(cases_attach(t, mine, "photos", "reporter", STR("res-2")), 0);
	/* nor ties somebody's case to their own */
	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("reporter"), .account = STR("res-1"),
				       .type = STR("resident-request"), .split_from = id};
	assert_err(cases_call(t, lamp), ERR_FORBIDDEN);
	assert_string_equal(t->order.problem.field, "split_from");
	/* a secret makes nobody an officer, neither of the case nor of all of them */
	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_SECRET,
				       .role = STR("intake"), .id = id, .command = STR("open")};
	memcpy(t->order.secret, secret, sizeof secret);
	assert_err(cases_call(t, FIELDS("category", "0102")), ERR_FORBIDDEN);
	assert_string_equal(t->order.problem.field, "role");
	t->order = (struct case_order){.kind = CASE_HOLD_ALL, .hand = CASE_HAND_SECRET,
				       .role = STR("desk_lead")};
	assert_err(cases_call(t, FIELDS("hold_order", "!")), ERR_FORBIDDEN);
	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_NEW,
				       .role = STR("duty_officer"),
				       .type = STR("resident-request")};
	assert_err(cases_call(t, lamp), ERR_FORBIDDEN);
	cases_digest(t, after);
	assert_memory_equal(before, after, 32);
	cases_reopen(t); /* who reported is in the row */
	assert_true(cases_attach(t, mine, "photos", "reporter", STR("res-1")) > 0);
	cases_must(t, mine, "withdraw", "reporter", "res-1", NO_FIELDS);
	assert_ok(by_secret(t, id, secret, "withdraw", NO_FIELDS));
}

static void a_file_is_of_the_case_that_names_it(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = handled(t), other = handled(t);
	const char *number = photo(t, other, "photo_after");
	uint8_t before[32], after[32];

	cases_digest(t, before);
	assert_err(cases_do(t, id, "feedback", "unit_handler", "urb-7",
			    FIELDS("answer", "好了", "photo_after", number)), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "photo_after");
	cases_digest(t, after);
	assert_memory_equal(before, after, 32);
	t->order.kind = CASE_ATTACH;
	t->order.hand = CASE_HAND_NEW;
	t->order.attach = &(const struct case_file_given){.field = STR("photo_after"),
							  .media = STR("image/jpeg")};
	assert_err(cases_call(t, NO_FIELDS), ERR_FORBIDDEN);
}

/* A check passed or not, a call answered or not: the same command, told apart by what is filled in.
 */
static void what_can_come_to_several_things_is_said(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = handled(t);

	cases_must(t, id, "feedback", "unit_handler", "urb-7",
		   FIELDS("answer", "灯泡已换", "photo_after", "photo"));
	cases_must(t, id, "answer_review", "duty_officer", "desk-1", NO_FIELDS);
	assert_string_equal(cases_state(t, id), "checking");
	assert_err(cases_do(t, id, "site_check", "grid_worker", "grid-4",
			    FIELDS("site_photo", "photo")),
		   ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "site_result");
	assert_string_equal(cases_state(t, id), "checking");
	assert_err(cases_do(t, id, "site_check", "grid_worker", "grid-4",
			    FIELDS("site_photo", "1", "site_result", "passed")),
		   ERR_BAD_INPUT); /* no file of this case */
	cases_must(t, id, "site_check", "grid_worker", "grid-4",
		   FIELDS("site_photo", "photo", "site_result", "passed"));
	assert_string_equal(cases_state(t, id), "closed");
	for (unsigned i = 0; i < 3; i++) {
		assert_err(cases_do(t, id, "callback", "duty_officer", "desk-1", NO_FIELDS),
			   ERR_BAD_INPUT);
		cases_must(t, id, "callback", "duty_officer", "desk-1",
			   FIELDS("callback_result", "no_answer"));
	}
	assert_string_equal(cases_state(t, id), "not_confirmed");
}

static void of_two_who_saw_the_same_one_is_told(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = opened(t), seen = t->answer.n;
	uint8_t before[32], after[32];

	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("dispatcher"), .account = STR("desk-2"),
				       .id = id, .seen = seen, .command = STR("dispatch")};
	assert_ok(cases_call(t, FIELDS("lead_unit", "URB")));
	cases_digest(t, before);
	t->order.account = STR("desk-3");
	assert_err(cases_call(t, FIELDS("lead_unit", "PMC")), ERR_CONFLICT);
	assert_string_equal(t->order.problem.field, "seen");
	cases_digest(t, after);
	assert_memory_equal(before, after, 32);
	t->order.role = STR("duty_officer");
	t->order.seen = (uint64_t)case_i64(t, "n", id);
	t->order.command = STR("remind");
	assert_err(cases_call(t, FIELDS("order_reason", "请抓紧")), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "remind_until"); /* with an answer date */
	assert_err(cases_call(t, FIELDS("order_reason", "请抓紧", "remind_until", "2020-06-09")),
		   ERR_BAD_INPUT);
	assert_ok(cases_call(t, FIELDS("order_reason", "请抓紧", "remind_until", "2026-06-20")));
}

/* Contact, confidence and the number of another office come with the report; all texts sealed. */
static void what_may_be_said_when_handing_in_is_kept(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(
	    t, "resident-request",
	    FIELDS("place", "0", "text", "路灯不亮", "channel", "hotline", "has_reporter", "yes",
		   "drill", "no", "contact", "陈女士 13900000000", "confidential", "yes",
		   "outside_number", "SZ12345-20261127-0042"));
	char line[64];

	assert_true(doc_has(t, id, "f:confidential=1"));
	snprintf(line, sizeof line, "f:contact=%llu", (unsigned long long)id);
	assert_true(doc_has(t, id, line));
	snprintf(line, sizeof line, "f:outside_number=%llu", (unsigned long long)id);
	assert_true(doc_has(t, id, line));
	assert_int_equal(t->order.ret_masked.of[MASK_PLATE] +
			     t->order.ret_masked.of[MASK_IDENTITY] +
			     t->order.ret_masked.of[MASK_CARD],
			 0);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM entry WHERE instr(CAST(body AS TEXT), "
				      "'13900000000')"), 0);
	/* and nothing else does */
	t->order.fields = NULL;
	assert_err(cases_call(t, FIELDS("place", "0", "text", "a", "channel", "phone",
					"has_reporter", "yes", "drill", "no", "answer", "b")),
		   ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "answer");
	/* the number that another office gave when it was passed on: the other way */
	cases_must(t, id, "pass_on", "intake", "desk-1",
		   FIELDS("lead_unit", "PWR", "outside_number", "PWR-9"));
	snprintf(line, sizeof line, "f:outside_number=%llu", (unsigned long long)t->answer.n);
	assert_true(doc_has(t, id, line));
	/* each type keeps it */
	id = cases_hand_in(t, "dispute-mediation",
			   FIELDS("place", "0", "text", "吵架", "channel", "hotline",
				  "has_reporter", "yes", "drill", "no", "outside_number", "SZ-7"));
	snprintf(line, sizeof line, "f:outside_number=%llu", (unsigned long long)id);
	assert_true(doc_has(t, id, line));
}

/* ---- followers ---- */

static enum err follow(struct test_cases *t, uint64_t id, const char *channel,
		       const char *const *fields)
{
	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_NEW,
				       .role = STR("follower"), .id = id,
				       .command = STR("follow"),
				       .follower_channel = str_of(channel),
				       .follower_is_confidential = true};
	return cases_call(t, fields);
}

static void followers_have_records_of_their_own(void **state)
{
	struct test_cases *t = *state;
	uint8_t reporter[SEAL_SECRET_BYTES], mine[SEAL_SECRET_BYTES];
	uint64_t id = anonymous(t, reporter), n;
	char doc[CASE_DOC_BYTES_MAX + 1], handle[33], joined[33];

	snprintf(doc, sizeof doc, "%s",
		 cases_sql_text(t, "SELECT CAST(doc AS TEXT) FROM case_rec"));
	assert_ok(follow(t, id, "phone", FIELDS("text", "我家门口也黑", "contact", "13900000000")));
	n = t->answer.n;
	memcpy(mine, t->answer.secret, sizeof mine);
	assert_string_equal(cases_sql_text(t, "SELECT CAST(doc AS TEXT) FROM case_rec"), doc);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_follower WHERE confidential = 1 "
				      "AND channel = 'phone' AND hand_key = 0"), 1);
	assert_int_equal(
	    cases_i64(t, "SELECT f.key_id <> r.key_id FROM case_follower f, case_rec r"), 1);
	/* theirs opens their record, and not as the reporter's */
	assert_memory_not_equal(mine, reporter, sizeof mine);
	assert_err(by_secret(t, id, mine, "message", FIELDS("message", "?")), ERR_FORBIDDEN);
	t->order.follower = n;
	assert_err(cases_call(t, FIELDS("message", "又坏了")), ERR_FORBIDDEN); /* not the reporter */
	assert_string_equal(t->order.problem.field, "role");
	t->order.role = STR("follower");
	assert_ok(cases_call(t, FIELDS("message", "又坏了")));
	handle_of(t, n, joined);
	handle_of(t, t->answer.n, handle);
	assert_string_equal(joined, handle);
	handle_of(t, id, joined);
	assert_true(strcmp(joined, handle) != 0);
	t->order.follower = n + 1;
	assert_err(cases_call(t, FIELDS("message", "?")), ERR_FORBIDDEN);
	t->order.follower = UINT64_MAX;
	assert_err(cases_call(t, FIELDS("message", "?")), ERR_FORBIDDEN);
	/* a follower's word changes no field, comes some known way */
	assert_err(follow(t, id, "phone", FIELDS("channel", "press")), ERR_BAD_INPUT);
	assert_err(follow(t, id, "pigeon", NO_FIELDS), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "channel");
}

static void a_follower_by_account_takes_no_place_of_those_who_act(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = report(t);
	char account[HANDLE_ACCOUNT_MAX + 1];

	for (unsigned i = 0; i < CASE_HANDS_MAX + 5; i++) {
		snprintf(account, sizeof account, "res-%u", i);
		t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
					       .role = STR("follower"), .account = str_of(account),
					       .id = id, .command = STR("follow"),
					       .follower_channel = STR("portal")};
		assert_ok(cases_call(t, NO_FIELDS));
	}
	account_of(t, t->answer.n, account);
	assert_string_equal(account, "res-132");
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_follower WHERE hand_key > 0"),
			 CASE_HANDS_MAX + 5);
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
}

static void there_are_caps_of_followers_and_of_hands(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = opened(t);
	char sql[256], account[32];

	snprintf(
	    sql, sizeof sql,
	    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %u) INSERT "
	    "INTO case_follower SELECT %u, -x, 1, 0, 'phone', 0, 0 FROM c",
	    CASE_FOLLOWERS_MAX - 1, (unsigned)id);
	cases_sql(t, sql);
	assert_ok(follow(t, id, "phone", NO_FIELDS));
	assert_err(follow(t, id, "phone", NO_FIELDS), ERR_TOO_LARGE);
	cases_sql(t, "DELETE FROM case_follower WHERE n < 0");
	for (unsigned i = 1; i < CASE_HANDS_MAX; i++) {
		snprintf(account, sizeof account, "desk-%u", 100 + i);
		cases_must(t, id, "message", "intake", account, FIELDS("message", "补充"));
	}
	assert_err(cases_do(t, id, "message", "intake", "desk-99", FIELDS("message", "补充")),
		   ERR_TOO_LARGE);
	/* who acted before still can */
	cases_must(t, id, "message", "intake", "desk-1", FIELDS("message", "补充"));
}

/* ---- cases that are tied ---- */

static void one_answer_reaches_all_children(void **state)
{
	struct test_cases *t = *state;
	uint64_t mother = handled(t), child[5], other = handled(t);
	char id[24], sql[160];

	for (unsigned i = 1; i < 5; i++)
		child[i] = handled(t);
	child[0] = report(t); /* of a matter that only its reporter confirms */
	cases_must(t, child[0], "open", "intake", "desk-1", FIELDS("category", "0605"));
	snprintf(id, sizeof id, "%llu", (unsigned long long)mother);
	for (unsigned i = 0; i < 5; i++)
		cases_must(t, child[i], "mother", "duty_officer", "desk-1",
			   FIELDS("mother_case", id));
	/* one is withdrawn, one is under another mother now, one is damaged */
	cases_must(t, child[1], "withdraw", "intake", "desk-1", NO_FIELDS);
	cases_must(t, child[4], "ask_reporter", "unit_handler", "urb-7",
		   FIELDS("question", "几号楼？"));
	snprintf(id, sizeof id, "%llu", (unsigned long long)other);
	cases_must(t, child[2], "mother", "duty_officer", "desk-1", FIELDS("mother_case", id));
	snprintf(sql, sizeof sql, "UPDATE case_rec SET state = 'nowhere' WHERE id = %llu",
		 (unsigned long long)child[3]);
	cases_sql(t, sql);
	t->order = (struct case_order){.kind = CASE_ANSWER_CHILDREN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("duty_officer"), .account = STR("desk-1"),
				       .id = mother};
	assert_ok(cases_call(t, FIELDS("answer", "变压器已修复，八点来电")));
	assert_int_equal(t->order.ret_done, 2);
	assert_int_equal(t->order.ret_refused, 3);
	snprintf(sql, sizeof sql, "UPDATE case_rec SET state = 'handling' WHERE id = %llu",
		 (unsigned long long)child[3]);
	cases_sql(t, sql);
	assert_string_equal(cases_state(t, child[0]), "closed");
	assert_string_equal(cases_state(t, child[1]), "withdrawn");
	assert_string_equal(cases_state(t, child[2]), "handling");
	assert_string_equal(cases_state(t, child[4]), "checking"); /* a lamp: somebody looks */
	assert_string_equal(cases_state(t, mother), "handling");
	cases_must(t, child[0], "not_solved", "duty_officer", "desk-8",
		   FIELDS("not_solved_text", "我家还没电"));
	assert_string_equal(cases_state(t, child[0]), "opened");
}

/* An order that is refused only after it has written: the others of its group are as if it had
 * never been. */
static void a_late_refusal_undoes_only_itself(void **state)
{
	struct test_cases *t = *state;
	const uint64_t id[3] = {handled(t), handled(t), handled(t)};
	static struct test_command cmd[3];
	static struct case_order order[3];
	static const struct case_input in = {{"message", 7}, {"灯", 3}};
	struct command *group[3];
	uint64_t n = t->w->journal.n;
	char sql[320];

	int64_t doc_n;

	snprintf(sql, sizeof sql, "SELECT length(doc) FROM case_rec WHERE id = %llu",
		 (unsigned long long)id[1]);
	doc_n = cases_i64(t, sql);
	/* a part of a unit that nobody knows: the document has hardly room for one line more */
	snprintf(sql, sizeof sql,
		 "UPDATE case_rec SET doc = CAST(doc || 'p:' || hex(zeroblob((%u - length(doc) - "
		 "12) / 2)) || '=20000 0' || char(10) AS BLOB) WHERE id = %llu",
		 CASE_DOC_BYTES_MAX, (unsigned long long)id[1]);
	cases_sql(t, sql);
	for (unsigned i = 0; i < 3; i++) {
		order[i] = (struct case_order){.kind = CASE_DO,
					       .hand = CASE_HAND_ACCOUNT,
					       .role = STR("duty_officer"),
					       .account = STR("desk-77"),
					       .id = id[i],
					       .command = STR("message"),
					       .fields = &in,
					       .fields_n = 1};
		test_command_init(&cmd[i], COMMAND_CASE);
		cmd[i].c.cases.order = &order[i];
		group[i] = &cmd[i].c;
	}
	writer_group(t->w, group, 3, t->store.now);
	assert_ok(cmd[0].c.answer.err);
	assert_int_equal(cmd[1].c.answer.err, ERR_TOO_LARGE);
	assert_ok(cmd[2].c.answer.err);
	assert_int_equal(cmd[0].c.answer.n, n + 1);
	assert_int_equal(cmd[2].c.answer.n, n + 2);
	assert_int_equal(cases_i64(t, "SELECT max(n) FROM entry"), (int64_t)n + 2);
	snprintf(sql, sizeof sql, "SELECT count(*) FROM case_change WHERE n > %llu AND id = %llu",
		 (unsigned long long)n, (unsigned long long)id[1]);
	assert_int_equal(cases_i64(t, sql), 0);
	snprintf(sql, sizeof sql, "UPDATE case_rec SET doc = substr(doc, 1, %lld) WHERE id = %llu",
		 (long long)doc_n, (unsigned long long)id[1]);
	cases_sql(t, sql);
	/* the tree is that of these entries: it is computed from them again */
	assert_ok(writer_sign(t->w, t->store.now));
	cases_reopen(t);
	assert_int_equal(t->w->journal.n, n + 2);
}

static void a_mother_has_at_most_its_cap_of_children(void **state)
{
	struct test_cases *t = *state;
	uint64_t mother = handled(t), child = handled(t);
	char sql[256], id[24];

	snprintf(
	    sql, sizeof sql,
	    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %u) INSERT "
	    "INTO case_link SELECT %u, 2, -x, 1 FROM c",
	    CASE_CHILDREN_MAX, (unsigned)mother);
	cases_sql(t, sql);
	snprintf(id, sizeof id, "%llu", (unsigned long long)mother);
	assert_err(
	    cases_do(t, child, "mother", "duty_officer", "desk-1", FIELDS("mother_case", id)),
	    ERR_TOO_LARGE);
	cases_sql(t, "DELETE FROM case_link WHERE id = -1");
	cases_must(t, child, "mother", "duty_officer", "desk-1", FIELDS("mother_case", id));
	cases_sql(t, "DELETE FROM case_link WHERE id < 0");
}

static void what_is_joined_to_must_be_live_and_another(void **state)
{
	struct test_cases *t = *state;
	uint64_t one = opened(t), two = opened(t), three = report(t);
	char self[24], live[24];

	snprintf(self, sizeof self, "%llu", (unsigned long long)one);
	snprintf(live, sizeof live, "%llu", (unsigned long long)two);
	assert_err(cases_do(t, one, "merge", "duty_officer", "desk-1", FIELDS("linked_case", self)),
		   ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "linked_case");
	cases_must(t, one, "merge", "duty_officer", "desk-1", FIELDS("linked_case", live));
	assert_string_equal(cases_state(t, one), "linked");
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_link WHERE kind = 1"), 1);
	cases_must(t, two, "withdraw", "intake", "desk-1", NO_FIELDS);
	assert_err(cases_do(t, three, "link", "intake", "desk-1", FIELDS("linked_case", live)),
		   ERR_BAD_INPUT);
	assert_err(cases_do(t, three, "link", "intake", "desk-1", FIELDS("linked_case", "999999")),
		   ERR_BAD_INPUT);
}

static void what_is_split_off_keeps_the_tie(void **state)
{
	struct test_cases *t = *state;
	uint64_t one = opened(t), two = opened(t), part;
	char id[24];

	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("duty_officer"), .account = STR("desk-1"),
				       .type = STR("resident-request"), .split_from = one};
	assert_ok(cases_call(t, lamp));
	part = t->order.ret_id;
	snprintf(id, sizeof id, "%llu", (unsigned long long)two);
	assert_err(cases_do(t, one, "split", "duty_officer", "desk-1", FIELDS("linked_case", id)),
		   ERR_BAD_INPUT); /* it was never part of it */
	snprintf(id, sizeof id, "%llu", (unsigned long long)part);
	cases_must(t, one, "split", "duty_officer", "desk-1", FIELDS("linked_case", id));
	assert_int_equal(cases_i64(t, "SELECT target FROM case_link WHERE kind = 3"), one);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_link"), 1);
	t->order.kind = CASE_HAND_IN;
	t->order.type = STR("resident-request");
	t->order.split_from = UINT64_MAX;
	assert_err(cases_call(t, lamp), ERR_BAD_INPUT);
}

static uint64_t number_of(struct test_cases *t, uint64_t id)
{
	char sql[80];

	snprintf(sql, sizeof sql, "SELECT number FROM case_rec WHERE id = %llu",
		 (unsigned long long)id);
	return (uint64_t)cases_i64(t, sql);
}

/* A joined case says where it goes on, also by way of another; what was only split off does not. */
static void a_joined_case_says_where_it_goes_on(void **state)
{
	struct test_cases *t = *state;
	uint64_t last = opened(t), mid = opened(t), id = opened(t), part, number = 7;
	char target[24];

	assert_err(cases_joined_to(t->w->db, id, &number), ERR_NOT_FOUND);
	snprintf(target, sizeof target, "%llu", (unsigned long long)mid);
	cases_must(t, id, "merge", "duty_officer", "desk-1", FIELDS("linked_case", target));
	assert_ok(cases_joined_to(t->w->db, id, &number));
	assert_int_equal(number, number_of(t, mid));
	snprintf(target, sizeof target, "%llu", (unsigned long long)last);
	cases_must(t, mid, "merge", "duty_officer", "desk-1", FIELDS("linked_case", target));
	assert_ok(cases_joined_to(t->w->db, id, &number));
	assert_int_equal(number, number_of(t, last));
	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("intake"), .account = STR("desk-1"),
				       .type = STR("resident-request"), .split_from = last};
	assert_ok(cases_call(t, lamp));
	part = t->order.ret_id;
	snprintf(target, sizeof target, "%llu", (unsigned long long)part);
	cases_must(t, last, "split", "duty_officer", "desk-1", FIELDS("linked_case", target));
	number = 7;
	assert_err(cases_joined_to(t->w->db, last, &number), ERR_NOT_FOUND);
	assert_err(cases_joined_to(t->w->db, last + 5000, &number), ERR_NOT_FOUND);
	assert_int_equal(number, 7);
}

static enum err again(struct test_cases *t, uint64_t id, const uint8_t *secret, const char *account)
{
	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				       .role = STR("reporter"),
				       .account = str_of(account ? account : ""),
				       .type = STR("resident-request"), .repeats = id};
	if (secret)
		memcpy(t->order.repeats_secret, secret, SEAL_SECRET_BYTES);
	return cases_call(t, lamp);
}

static const char *const dispute[] = {"place", "0", "text", "想请人调解", "channel", "portal",
				      "has_reporter", "yes", "drill", "no", NULL};

static enum err take_up(struct test_cases *t, uint64_t id, const char *type, const uint8_t *secret,
			const char *account)
{
	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				       .role = STR("reporter"),
				       .account = str_of(account ? account : ""),
				       .type = str_of(type), .offered_by = id};
	if (secret)
		memcpy(t->order.offered_secret, secret, SEAL_SECRET_BYTES);
	return cases_call(t, dispute);
}

static void refuse(struct test_cases *t, uint64_t id, const char *reason)
{
	cases_must(t, id, "refuse", "intake", "desk-1",
		   FIELDS("refuse_reason", reason, "refuse_ground", "见附件"));
}

static void a_refused_reporter_takes_up_what_the_reason_offers(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], wrong[SEAL_SECRET_BYTES] = {1};
	const char *const type = "dispute-mediation";
	uint64_t id = anonymous(t, secret), other;
	int64_t entries;

	assert_err(take_up(t, id, type, secret, NULL), ERR_CONFLICT); /* nothing is refused */
	refuse(t, id, "in_court");
	assert_err(take_up(t, id, type, secret, NULL), ERR_CONFLICT); /* nor signed */
	cases_must(t, id, "sign", "desk_lead", "desk-9", NO_FIELDS);
	entries = cases_i64(t, "SELECT max(n) FROM entry");
	assert_err(take_up(t, id, type, wrong, NULL), ERR_FORBIDDEN);
	assert_err(take_up(t, id, type, NULL, NULL), ERR_FORBIDDEN);
	assert_err(take_up(t, id, type, NULL, "res-1"), ERR_FORBIDDEN);
	assert_err(take_up(t, id, "safety-incident", secret, NULL), ERR_CONFLICT);
	assert_err(take_up(t, id + 5000, type, secret, NULL), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "offered_by");
	assert_int_equal(cases_i64(t, "SELECT max(n) FROM entry"), entries);
	assert_ok(take_up(t, id, type, secret, NULL));
	assert_int_equal(cases_i64(t, "SELECT target FROM case_link WHERE kind = 3"), id);
	assert_int_equal(cases_i64(t, "SELECT id FROM case_link WHERE kind = 3"), t->order.ret_id);
	assert_err(take_up(t, id, type, secret, NULL), ERR_CONFLICT); /* once */
	assert_null(strstr(cases_sql_text(t, "SELECT CAST(body AS TEXT) FROM entry ORDER BY n DESC "
					     "LIMIT 1"),
			   "调解")); /* what was asked is sealed */
	/* while an objection is looked at */
	other = anonymous(t, secret);
	refuse(t, other, "in_court");
	cases_must(t, other, "sign", "desk_lead", "desk-9", NO_FIELDS);
	assert_ok(by_secret(t, other, secret, "object", FIELDS("objection", "不服")));
	assert_ok(take_up(t, other, type, secret, NULL));
	/* upheld, it still stands; of another reason there is none */
	other = anonymous(t, secret);
	refuse(t, other, "in_court");
	cases_must(t, other, "sign", "desk_lead", "desk-9", NO_FIELDS);
	assert_ok(by_secret(t, other, secret, "object", FIELDS("objection", "不服")));
	cases_must(t, other, "review", "level_above", "above-1", FIELDS("review_ground", "成立"));
	assert_ok(take_up(t, other, type, secret, NULL));
	other = anonymous(t, secret);
	refuse(t, other, "forbidden");
	cases_must(t, other, "sign", "desk_lead", "desk-9", NO_FIELDS);
	assert_err(take_up(t, other, type, secret, NULL), ERR_CONFLICT);
	/* opened after all: nothing is offered any more */
	other = anonymous(t, secret);
	refuse(t, other, "in_court");
	cases_must(t, other, "sign", "desk_lead", "desk-9", NO_FIELDS);
	assert_ok(by_secret(t, other, secret, "object", FIELDS("objection", "不服")));
	cases_must(t, other, "review", "level_above", "above-1",
		   FIELDS("review_ground", "应立案", "category", "0102"));
	assert_err(take_up(t, other, type, secret, NULL), ERR_CONFLICT);
}

static void end(struct test_cases *t, uint64_t id)
{
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
}

static void only_ones_own_matter_is_repeated(void **state)
{
	struct test_cases *t = *state;
	uint8_t secret[SEAL_SECRET_BYTES], wrong[SEAL_SECRET_BYTES] = {1};
	uint64_t id = anonymous(t, secret), mine;

	assert_err(again(t, id, secret, NULL), ERR_BAD_INPUT); /* it is not closed */
	end(t, id);
	assert_err(again(t, id, wrong, NULL), ERR_FORBIDDEN);
	assert_err(again(t, id, NULL, NULL), ERR_FORBIDDEN);
	assert_err(again(t, id, NULL, "res-1"), ERR_FORBIDDEN);
	assert_err(again(t, id + 5000, secret, NULL), ERR_BAD_INPUT);
	assert_err(again(t, UINT64_MAX, secret, NULL), ERR_BAD_INPUT);
	assert_ok(again(t, id, secret, NULL));
	assert_int_equal(cases_i64(t, "SELECT target FROM case_link WHERE kind = 4"), id);
	cases_reopen(t);
	cases_must(t, t->order.ret_id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	assert_int_equal(cases_i64(t, "SELECT sum(cases) FROM figure WHERE name = 'repeated'"), 1);
	/* by account: the one that reported, not one that handled it */
	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("reporter"), .account = STR("res-1"),
				       .type = STR("resident-request")};
	assert_ok(cases_call(t, lamp));
	mine = t->order.ret_id;
	end(t, mine);
	assert_err(again(t, mine, NULL, "res-2"), ERR_FORBIDDEN);
	assert_err(again(t, mine, NULL, "desk-1"), ERR_FORBIDDEN);
	assert_ok(again(t, mine, NULL, "res-1"));
	/* what they practised is no matter that comes back */
	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("reporter"), .account = STR("res-1"),
				       .type = STR("resident-request")};
	assert_ok(cases_call(t, FIELDS("place", "0", "text", "演练", "channel", "portal",
				       "has_reporter", "yes", "drill", "yes")));
	mine = t->order.ret_id;
	end(t, mine);
	assert_err(again(t, mine, NULL, "res-1"), ERR_BAD_INPUT);
}

static void a_drill_counts_nothing(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request",
				    FIELDS("place", "0", "text", "演练", "channel", "phone",
					   "has_reporter", "yes", "drill", "yes"));

	end(t, id);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM figure"), 0);
	end(t, report(t));
	assert_true(cases_i64(t, "SELECT count(*) FROM figure") > 0);
}

/* ---- asked twice ---- */

static enum err with_request(struct test_cases *t, struct test_command *cmd, const char *body)
{
	static struct case_input in[8];
	unsigned n = 0;

	for (unsigned i = 0; lamp[i]; i += 2)
		in[n++] = (struct case_input){str_of(lamp[i]), str_of(lamp[i + 1])};
	t->order.fields = in;
	t->order.fields_n = t->order.kind == CASE_HAND_IN ? n : 0;
	test_command_init(cmd, COMMAND_CASE);
	cmd->c.cases.order = &t->order;
	cmd->c.request.present = true;
	cmd->c.request.id[0] = t->order.kind == CASE_HAND_IN ? 7 : 8;
	request_body_hash(COMMAND_CASE, t->order.id, str_of(body), cmd->c.request.body);
	return test_run(&t->store, t->w, cmd);
}

static void the_same_request_has_the_same_answer(void **state)
{
	struct test_cases *t = *state;
	struct test_command one, two;
	uint8_t before[32], after[32];
	uint64_t id;

	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_NEW,
				       .role = STR("reporter"), .type = STR("resident-request")};
	assert_ok(with_request(t, &one, "a"));
	id = t->order.ret_id;
	cases_pass(t, 1000000);
	cases_digest(t, before);
	cases_reopen(t);
	t->order.ret_id = t->order.ret_number = 0;
	assert_ok(with_request(t, &two, "a"));
	assert_true(two.c.answer.repeated && two.c.answer.has_text);
	assert_int_equal(t->order.ret_id, id);
	assert_int_equal(t->order.ret_number, case_i64(t, "number", id));
	assert_memory_equal(one.c.answer.secret, two.c.answer.secret, SEAL_SECRET_BYTES);
	assert_memory_equal(one.c.answer.salt, two.c.answer.salt, SALT_BYTES);
	assert_true(str_eq(buf_str(&one.c.answer.entry), buf_str(&two.c.answer.entry)));
	assert_err(with_request(t, &two, "b"), ERR_REQUEST_REUSED);
	cases_digest(t, after);
	assert_memory_equal(before, after, 32);
	/* a follower's own secret; a step that begins no record has none */
	t->order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_NEW,
				       .role = STR("follower"), .id = id, .command = STR("follow"),
				       .follower_channel = STR("portal")};
	assert_ok(with_request(t, &one, "f"));
	assert_ok(with_request(t, &two, "f"));
	assert_true(two.c.answer.repeated && two.c.answer.has_text);
	assert_memory_equal(one.c.answer.secret, two.c.answer.secret, SEAL_SECRET_BYTES);
}

/* ---- what is refused ---- */

/* Refused with a field and a sentence in both languages, and nothing is different after it. */
static void refused(struct test_cases *t, const char *const *fields, enum err err,
		    const char *field)
{
	uint8_t before[32], after[32];
	uint64_t n;
	char zh[1024], en[1024];
	struct buf b[2] = {buf_over(zh, sizeof zh), buf_over(en, sizeof en)};

	cases_tick(t);
	cases_digest(t, before);
	n = t->w->journal.n;
	assert_err(cases_call(t, fields), err);
	cases_digest(t, after);
	assert_memory_equal(before, after, 32);
	assert_int_equal(n, t->w->journal.n);
	assert_string_equal(t->order.problem.field, field);
	problem_put_detail(&t->order.problem, LANG_ZH, &b[0]);
	problem_put_detail(&t->order.problem, LANG_EN, &b[1]);
	assert_true(b[0].n > 0 && b[1].n > 0 && !str_eq(buf_str(&b[0]), buf_str(&b[1])));
}

static struct case_order step(uint64_t id, const char *command, const char *role)
{
	return (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				   .role = str_of(role), .account = STR("desk-1"), .id = id,
				   .command = str_of(command)};
}

static void a_wrong_report_says_what_is_wrong(void **state)
{
	struct test_cases *t = *state;
	const struct case_order good = {.kind = CASE_HAND_IN, .hand = CASE_HAND_NEW,
					.role = STR("reporter"), .type = STR("resident-request")};

	t->order = good;
	t->order.type = STR("no-such-type");
	refused(t, lamp, ERR_BAD_INPUT, "type");
	t->order = good;
	t->order.role = STR("emperor");
	refused(t, lamp, ERR_FORBIDDEN, "role");
	t->order = good;
	t->order.unit = STR("NOPE");
	refused(t, lamp, ERR_BAD_INPUT, "unit");
	t->order = good;
	refused(t, FIELDS("colour", "red"), ERR_BAD_INPUT, "colour");
	refused(t, FIELDS("channel", "pigeon"), ERR_BAD_INPUT, "channel");
	refused(t, FIELDS("drill", "maybe"), ERR_BAD_INPUT, "drill");
	refused(t, FIELDS("place", "77"), ERR_BAD_INPUT, "place");
	refused(t, FIELDS("place", "x"), ERR_BAD_INPUT, "place");
	refused(t, FIELDS("place", "9007199254740992"), ERR_BAD_INPUT, "place");
	refused(t, FIELDS("text", ""), ERR_BAD_INPUT, "text");
	refused(t, FIELDS("text", "a", "text", "b"), ERR_BAD_INPUT, "text");
	refused(t, FIELDS("hand_backs", "1"), ERR_BAD_INPUT, "hand_backs");
	refused(t, FIELDS("entered_by", "1"), ERR_BAD_INPUT, "entered_by");
	refused(t, FIELDS("text", "a", "channel", "phone", "has_reporter", "no", "drill", "no"),
		ERR_BAD_INPUT, "place");
	t->order.happened_us = t->store.now.utc_us + 1;
	refused(t, lamp, ERR_BAD_INPUT, "happened");
	t->order.happened_us = -1;
	refused(t, lamp, ERR_BAD_INPUT, "happened");
}

static void a_wrong_step_says_what_is_wrong(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = opened(t);
	const struct str bad[] = {STR("raining_frogs")};

	t->order = step(id, "explode", "intake");
	refused(t, NO_FIELDS, ERR_BAD_INPUT, "command");
	t->order = step(id + 1000, "dispatch", "dispatcher");
	refused(t, NO_FIELDS, ERR_NOT_FOUND, "case");
	t->order = step(0, "dispatch", "dispatcher");
	refused(t, NO_FIELDS, ERR_NOT_FOUND, "case");
	t->order = step(UINT64_MAX, "dispatch", "dispatcher");
	refused(t, NO_FIELDS, ERR_NOT_FOUND, "case");
	t->order = step(id, "rate", "duty_officer");
	refused(t, NO_FIELDS, ERR_CONFLICT, "command");
	t->order = step(id, "receive", "unit_handler"); /* of no unit: nobody leads it yet */
	refused(t, NO_FIELDS, ERR_FORBIDDEN, "role");
	t->order = step(id, "dispatch", "grid_worker");
	refused(t, NO_FIELDS, ERR_FORBIDDEN, "command");
	t->order = step(id, "dispatch", "dispatcher");
	refused(t, FIELDS("lead_unit", "NOPE"), ERR_BAD_INPUT, "lead_unit");
	t->order = step(report(t), "open", "intake");
	refused(t, FIELDS("category", "9999"), ERR_BAD_INPUT, "category");
	refused(t, NO_FIELDS, ERR_BAD_INPUT, "category");
	refused(t, FIELDS("category", "0102", "ground_check", "maybe"), ERR_BAD_INPUT,
		"ground_check");
	t->order = step(id, "condition", "intake");
	t->order.conditions_set = bad;
	t->order.conditions_set_n = 1;
	refused(t, NO_FIELDS, ERR_BAD_INPUT, "conditions");
}

static void texts_have_caps(void **state)
{
	static char text[CASE_TEXT_BYTES_MAX + 2];
	struct test_cases *t = *state;
	uint64_t id = report(t);

	memset(text, 'x', CASE_TEXT_BYTES_MAX + 1);
	t->order = step(id, "message", "intake");
	refused(t, FIELDS("message", text), ERR_TOO_LARGE, "message");
	text[CASE_TEXT_BYTES_MAX] = '\0';
	assert_ok(cases_call(t, FIELDS("message", text)));
	/* a follower may say several things: together they have a cap, too */
	assert_ok(follow(t, id, "phone", FIELDS("text", text, "contact", text, "message", text)));
	assert_err(follow(t, id, "phone", FIELDS("text", text, "contact", text, "message", text,
						 "reply", "y")), ERR_TOO_LARGE);
}

static enum err count_row(void *ctx, const struct figure_row *row)
{
	(void)row;
	++*(unsigned *)ctx;
	return ERR_OK;
}

static void figures_are_read_for_so_many_months(void **state)
{
	static const struct {
		int from, until;
		enum err want;
	} rows[] = {{202606, 202606, ERR_OK},	     {202501, 202612, ERR_OK},
		    {202512, 202711, ERR_OK},	     {202512, 202712, ERR_TOO_LARGE},
		    {101, 999912, ERR_TOO_LARGE},    {202607, 202606, ERR_BAD_INPUT},
		    {202600, 202606, ERR_BAD_INPUT}, {202606, 202613, ERR_BAD_INPUT},
		    {0, 0, ERR_BAD_INPUT},	     {-202606, 202606, ERR_BAD_INPUT}};
	struct test_cases *t = *state;

	(void)opened(t);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned n[2] = {0, 0};
		assert_err(cases_figures(t->w->db, rows[i].from, rows[i].until, count_row, &n[0]),
			   rows[i].want);
		assert_err(cases_figures_of_areas(t->w->db, rows[i].from, rows[i].until, count_row,
						  &n[1]),
			   rows[i].want);
		/* handed in, opened */
		assert_true(n[0] == (rows[i].want == ERR_OK ? 2 : 0) && n[1] == n[0]);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_dark_lane_is_lit_at_the_second_try),
	    TEST(upheld_hand_backs_are_listed),
	    TEST(the_secret_of_the_receipt_opens_its_case_only),
	    TEST(a_person_has_one_hand_in_a_case_and_another_in_the_next),
	    TEST(nobody_signs_what_they_proposed),
	    TEST(nobody_takes_the_reporters_place),
	    TEST(a_file_is_of_the_case_that_names_it),
	    TEST(what_can_come_to_several_things_is_said),
	    TEST(of_two_who_saw_the_same_one_is_told),
	    TEST(what_may_be_said_when_handing_in_is_kept),
	    TEST(followers_have_records_of_their_own),
	    TEST(a_follower_by_account_takes_no_place_of_those_who_act),
	    TEST(there_are_caps_of_followers_and_of_hands),
	    TEST(one_answer_reaches_all_children),
	    TEST(a_late_refusal_undoes_only_itself),
	    TEST(a_mother_has_at_most_its_cap_of_children),
	    TEST(what_is_joined_to_must_be_live_and_another),
	    TEST(what_is_split_off_keeps_the_tie),
	    TEST(a_joined_case_says_where_it_goes_on),
	    TEST(only_ones_own_matter_is_repeated),
	    TEST(a_refused_reporter_takes_up_what_the_reason_offers),
	    TEST(a_drill_counts_nothing),
	    TEST(the_same_request_has_the_same_answer),
	    TEST(a_wrong_report_says_what_is_wrong),
	    TEST(a_wrong_step_says_what_is_wrong),
	    TEST(texts_have_caps),
	    TEST(figures_are_read_for_so_many_months),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
