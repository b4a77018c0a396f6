/* One act for many cases: a mother's answer and an emergency order. Each case moves by an entry of
 * its own, the act is one, too; asked again with the same request it says the same and does
 * nothing. */
#include "cases.h"

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

static uint64_t opened(struct test_cases *t, const char *priority)
{
	uint64_t id = cases_hand_in(t, "resident-request", lamp);

	cases_must(t, id, "open", "intake", "desk-1",
		   FIELDS("category", "0102", "priority", priority));
	return id;
}

static uint64_t handled(struct test_cases *t, const char *priority)
{
	uint64_t id = opened(t, priority);

	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	cases_must(t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
	return id;
}

/* The order of t->order by somebody of the staff, with request id number `id`. */
static enum err act(struct test_cases *t, enum case_order_kind kind, uint64_t at, const char *role,
		    const struct case_input *field, uint64_t id)
{
	struct test_command cmd;
	enum err e;

	t->order = (struct case_order){.kind = kind,
				       .hand = CASE_HAND_ACCOUNT,
				       .role = str_of(role),
				       .unit = STR("DESK"),
				       .account = STR("account:7"),
				       .id = at,
				       .fields = field,
				       .fields_n = field ? 1 : 0};
	test_command_init(&cmd, COMMAND_CASE);
	cmd.c.cases.order = &t->order;
	cmd.c.request.present = true;
	memcpy(cmd.c.request.id, &id, sizeof id);
	request_body_hash(COMMAND_CASE, at, field ? field->value : STR(""), cmd.c.request.body);
	e = test_run(&t->store, t->w, &cmd);
	t->answer = cmd.c.answer;
	return e;
}

static void is_in_state(struct test_cases *t, uint64_t id, const char *state)
{
	char sql[96];

	snprintf(sql, sizeof sql, "SELECT state FROM case_rec WHERE id = %llu",
		 (unsigned long long)id);
	assert_string_equal(cases_sql_text(t, sql), state);
}

/* The act's entry: in its words, and by whom. */
static void act_says(struct test_cases *t, uint64_t n, const char *words)
{
	char sql[96], account[HANDLE_ACCOUNT_MAX + 1];
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
	const struct entry_value *data;
	struct entry_head head;
	struct arena a;
	void *tree = NULL;
	const char *body;

	snprintf(sql, sizeof sql, "SELECT body FROM entry WHERE n = %llu", (unsigned long long)n);
	body = cases_sql_text(t, sql);
	if (!strstr(body, words))
		fail_msg("%s", body);
	arena_init(&a, memory, sizeof memory);
	assert_ok(kind_parse(str_of(body), &a, &head, &tree, &data));
	free(tree);
	assert_int_equal(head.kind, KIND_CASES_ORDERED);
	assert_true(str_eq(head.actor.unit, STR("DESK")));
	assert_ok(keyring_handle_account(t->w->keys, head.actor.handle, account));
	assert_string_equal(account, "account:7");
}

static void one_answer_is_one_act(void **state)
{
	static const struct case_input answer = {{"answer", 6}, {"粤B12345 的车挪开后已来电", 34}};
	struct test_cases *t = *state;
	uint64_t mother = handled(t, "3"), child[3], n;
	char id[24];

	assert_err(act(t, CASE_ANSWER_CHILDREN, mother, "duty_officer", &answer, 1), ERR_CONFLICT);
	assert_int_equal(t->order.problem.msg, MSG_CASE_NO_CHILDREN);
	snprintf(id, sizeof id, "%llu", (unsigned long long)mother);
	for (unsigned i = 0; i < 3; i++) {
		child[i] = handled(t, "3");
		cases_must(t, child[i], "mother", "duty_officer", "desk-1",
			   FIELDS("mother_case", id));
	}
	/* without an answer, and by a role that gives none: the order is wrong, not the children */
	assert_err(act(t, CASE_ANSWER_CHILDREN, mother, "duty_officer", NULL, 2), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "answer");
	assert_err(act(t, CASE_ANSWER_CHILDREN, mother, "intake", &answer, 3), ERR_FORBIDDEN);
	cases_must(t, child[1], "withdraw", "intake", "desk-1", NO_FIELDS);
	n = t->w->journal.n;
	assert_ok(act(t, CASE_ANSWER_CHILDREN, mother, "duty_officer", &answer, 4));
	assert_int_equal(t->w->journal.n, n + 3); /* two cases, and the act */
	for (unsigned again = 0; again < 2; again++) {
		assert_int_equal(t->answer.repeated, again == 1);
		assert_int_equal(t->answer.n, n + 3);
		assert_int_equal(t->order.ret_id, mother);
		assert_int_equal(t->order.ret_done, 2);
		assert_int_equal(t->order.ret_refused, 1);
		/* one text, however many it reaches */
		assert_int_equal(mask_total(&t->order.ret_masked), 1);
		is_in_state(t, child[1], "withdrawn");
		snprintf(id, sizeof id, "\"mother\":%llu,", (unsigned long long)mother);
		act_says(t, n + 3, id);
		act_says(t, n + 3, "\"command\":\"mother_answer\",\"done\":2,");
		cases_reopen(t);
		assert_ok(act(t, CASE_ANSWER_CHILDREN, mother, "duty_officer", &answer, 4));
	}
	assert_int_equal(t->w->journal.n, n + 3);
	assert_err(act(t, CASE_ANSWER_CHILDREN, mother, "duty_officer",
		       &(const struct case_input){STR("answer"), STR("?")}, 4), ERR_REQUEST_REUSED);
}

/* Priorities 3 and 4 wait, 1 and 2 go on; a page of which nothing can be held ends no order. */
static void an_emergency_order_holds_what_can_wait(void **state)
{
	static const struct case_input order = {{"hold_order", 10}, {"台风橙色预警", 18}};
	static const char *const priority[] = {"1", "2", "3", "4", "3"};
	struct test_cases *t = *state;
	uint64_t id[5], first = 0, last = 0, n;
	char what[96];

	for (unsigned i = 0; i < CASE_HOLD_PAGE_MAX; i++) {
		last = opened(t, i % 2 ? "3" : "4"); /* nobody works on it yet: it is not held */
		first = first ? first : last;
	}
	for (unsigned i = 0; i < 5; i++)
		id[i] = handled(t, priority[i]);
	cases_must(t, id[4], "withdraw", "intake", "desk-1", NO_FIELDS);
	assert_err(act(t, CASE_HOLD_ALL, last, "duty_officer", &order, 1), ERR_FORBIDDEN);
	assert_err(act(t, CASE_HOLD_ALL, last, "desk_lead", NULL, 2), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "hold_order");
	n = t->w->journal.n;
	assert_ok(act(t, CASE_HOLD_ALL, 0, "desk_lead", &order, 3));
	assert_int_equal(t->order.ret_next, last);
	assert_int_equal(t->order.ret_done, 0);
	assert_int_equal(t->order.ret_refused, CASE_HOLD_PAGE_MAX);
	assert_int_equal(t->w->journal.n, n + 1);
	snprintf(what, sizeof what, "\"mother\":0,\"next\":%llu,\"refused\":400}",
		 (unsigned long long)last);
	act_says(t, n + 1, what);
	assert_ok(act(t, CASE_HOLD_ALL, last, "desk_lead", &order, 4));
	assert_int_equal(t->order.ret_next, 0);
	assert_int_equal(t->order.ret_done, 2);
	assert_int_equal(t->order.ret_refused, 0);
	assert_int_equal(t->w->journal.n, n + 4);
	is_in_state(t, first, "opened");
	is_in_state(t, id[0], "handling");
	is_in_state(t, id[1], "handling");
	is_in_state(t, id[2], "held");
	is_in_state(t, id[3], "held");
	is_in_state(t, id[4], "withdrawn");
	/* again: the first page says that it goes on */
	assert_ok(act(t, CASE_HOLD_ALL, 0, "desk_lead", &order, 3));
	assert_true(t->answer.repeated);
	assert_int_equal(t->order.ret_next, last);
	assert_int_equal(t->order.ret_refused, CASE_HOLD_PAGE_MAX);
	assert_int_equal(t->w->journal.n, n + 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(one_answer_is_one_act, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_emergency_order_holds_what_can_wait, setup,
					    teardown),
	};

	db_process_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
