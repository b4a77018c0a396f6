/* The policy before each step: the writer asks it by the case as it is, and a refusal names the
 * rule and who may. "Why?" for access. */
#include "cases.h"

#include "service/access.h"

static const char *const lamp[] = {"place",	   "0",	  "text",    "巷子里的路灯不亮",
				   "contact",	   "135 0000 0000", "confidential", "yes",
				   "channel",	   "phone", "has_reporter", "yes",
				   "drill",	   "no",  NULL};

static struct test_cases t;

static int setup(void **state)
{
	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cases_close(&t);
	return 0;
}

static uint64_t dispatched(void)
{
	uint64_t id = cases_hand_in(&t, "resident-request", lamp);

	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	return id;
}

/* In this very post, without the one that tests give by themselves. */
static enum err act(uint64_t id, const char *command, const char *role, const char *unit,
		    const struct str *areas, unsigned areas_n, const char *const *fields)
{
	static const struct str nowhere[] = {{"G99", 3}};

	t.order = (struct case_order){.kind = CASE_DO,
				      .hand = CASE_HAND_ACCOUNT,
				      .role = str_of(role),
				      .unit = str_of(unit),
				      .areas = areas_n > 0 ? areas : nowhere,
				      .areas_n = areas_n > 0 ? areas_n : 1,
				      .account = STR("somebody"),
				      .id = id,
				      .command = str_of(command)};
	return cases_call(&t, fields);
}

static void must_refuse(enum err e, const char *rule, const char *who)
{
	char line[1024];
	struct buf out = buf_over(line, sizeof line);

	assert_int_equal(e, ERR_FORBIDDEN);
	assert_string_equal(t.order.problem.field, "role");
	assert_string_equal(t.order.problem.arg[0], rule);
	assert_non_null(strstr(t.order.problem.arg[1], who));
	problem_put_detail(&t.order.problem, LANG_EN, &out);
	assert_non_null(memmem(out.p, out.n, rule, strlen(rule)));
	assert_non_null(memmem(out.p, out.n, who, strlen(who)));
}

static void a_handler_acts_for_the_unit_that_leads(void **state)
{
	uint64_t id = dispatched();

	(void)state;
	must_refuse(act(id, "receive", "unit_handler", "PMC", NULL, 0, NO_FIELDS),
		    "lead-unit-works", "unit_handler");
	assert_string_equal(cases_state(&t, id), "dispatched");
	assert_ok(act(id, "receive", "unit_handler", "URB", NULL, 0, NO_FIELDS));
	/* sent on: the unit before has no say any more */
	assert_ok(act(id, "hand_back", "unit_handler", "URB", NULL, 0,
		      FIELDS("hand_back_reason", "not_ours", "hand_back_ground", "pm's lamp",
			     "proposed_unit", "PMC")));
	assert_ok(act(id, "dispatch", "dispatcher", "DESK", NULL, 0, FIELDS("lead_unit", "PMC")));
	must_refuse(act(id, "receive", "unit_handler", "URB", NULL, 0, NO_FIELDS),
		    "lead-unit-works", "unit_handler");
	assert_ok(act(id, "receive", "unit_handler", "PMC", NULL, 0, NO_FIELDS));
	cases_must_rebuild(&t);
}

static void a_joint_unit_answers_its_own_part(void **state)
{
	uint64_t id = dispatched();

	(void)state;
	cases_must(&t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
	assert_ok(act(id, "joint_add", "unit_lead", "URB", NULL, 0,
		      FIELDS("joint_unit", "PWR", "joint_until", "2026-06-20")));
	assert_ok(act(id, "joint_add", "unit_lead", "URB", NULL, 0,
		      FIELDS("joint_unit", "WAT", "joint_until", "2026-06-20")));
	/* PWR has a part, but this is the part of WAT */
	must_refuse(act(id, "joint_result", "joint_handler", "PWR", NULL, 0,
			FIELDS("joint_unit", "WAT", "joint_result", "done")),
		    "joint-unit-works", "joint_handler");
	must_refuse(act(id, "joint_result", "joint_handler", "GAS", NULL, 0,
			FIELDS("joint_unit", "WAT", "joint_result", "done")),
		    "joint-unit-works", "joint_handler");
	assert_ok(act(id, "joint_result", "joint_handler", "WAT", NULL, 0,
		      FIELDS("joint_unit", "WAT", "joint_result", "done")));
}

static void people_on_the_ground_act_in_their_own_area(void **state)
{
	static const struct str own[] = {{"G02", 3}, {"G03", 3}};
	uint64_t id = cases_hand_in(&t, "resident-request", lamp);

	(void)state;
	cases_must(&t, id, "precheck_ask", "intake", "desk-1", NO_FIELDS);
	/* as a grid would have it */
	cases_sql(&t, "UPDATE case_rec SET area = 'G04'");
	must_refuse(act(id, "precheck", "grid_worker", "GRD", own, 2,
			FIELDS("precheck_result", "found")),
		    "ground-works", "grid_worker");
	cases_sql(&t, "UPDATE case_rec SET area = 'G03'");
	assert_ok(act(id, "precheck", "grid_worker", "GRD", own, 2,
		      FIELDS("precheck_result", "found")));
	/* in no area: everybody's who has one */
	cases_sql(&t, "UPDATE case_rec SET area = ''");
	assert_ok(act(id, "on_spot", "building_manager", "BMG", own, 2,
		      FIELDS("category", "0102", "photo_before", "photo", "photo_after",
			     "photo")));
}

/* The policy in force changes: the next decision obeys, of a case that is open already. */
static void a_changed_policy_is_in_force_for_the_next_decision(void **state)
{
	uint64_t id = dispatched();
	struct test_shelf *before = t.shelf;

	(void)state;
	t.shelf = test_shelf_new();
	test_shelf_source(t.shelf, "policy.yaml")->text = test_shelf_edit(
	    t.shelf, "policy.yaml", "who: [unit_handler, unit_lead]\n  may: [see_case",
	    "who: [unit_lead]\n  may: [see_case");
	for (unsigned i = 0; i < t.shelf->options.sources_n; i++)
		t.shelf->v[i].n = before->shelf.files[i].n;
	test_shelf_good(t.shelf);
	cases_load_files(&t);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM file_version WHERE path = "
				       "'policy.yaml'"), 2);
	must_refuse(act(id, "receive", "unit_handler", "URB", NULL, 0, NO_FIELDS), "-",
		    "unit_lead");
	test_shelf_free(before);
}

/* The reporter's right is the record's to give; no post takes it along. */
static void a_reporter_acts_by_their_record_alone(void **state)
{
	uint64_t id;

	(void)state;
	t.order = (struct case_order){.kind = CASE_HAND_IN,
				      .hand = CASE_HAND_ACCOUNT,
				      .role = STR("reporter"),
				      .account = STR("resident-5"),
				      .type = STR("resident-request")};
	assert_ok(cases_call(&t, lamp));
	id = t.order.ret_id;
	assert_ok(
	    cases_do(&t, id, "message", "reporter", "resident-5", FIELDS("message", "hello")));
	assert_err(
	    cases_do(&t, id, "message", "reporter", "resident-6", FIELDS("message", "hello")),
	    ERR_FORBIDDEN);
	/* the same person, as an overseer, is one */
	t.order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				      .role = STR("volunteer"), .account = STR("resident-5"),
				      .id = id, .command = STR("withdraw")};
	assert_err(cases_call(&t, NO_FIELDS), ERR_FORBIDDEN);
}

/* ---- facts, and why ---- */

static struct reader *open_reader(void)
{
	struct reader *r = NULL;

	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &r));
	return r;
}

static void facts_are_those_of_the_case_and_of_who_asks(void **state)
{
	struct access_person who = {.account = STR("resident-5")};
	struct access_facts f;
	struct reader *r;
	uint8_t secret[SEAL_SECRET_BYTES], wrong[SEAL_SECRET_BYTES] = {1};
	uint64_t id, other = dispatched();

	(void)state;
	t.order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_NEW,
				      .role = STR("reporter"), .type = STR("resident-request")};
	assert_ok(cases_call(&t, lamp));
	id = t.order.ret_id;
	memcpy(secret, t.answer.secret, sizeof secret);
	r = open_reader();
	assert_ok(access_case(r, &t.shelf->shelf, id, NULL, &f));
	assert_true(str_eq(f.about.purpose, STR("getting-it-done")));
	assert_true(f.about.is_confidential);
	assert_false(f.about.is_reporter);
	assert_int_equal(f.about.closed_us, 0);
	assert_int_equal(f.about.lead_unit.n, 0);
	assert_ok(access_case(r, &t.shelf->shelf, id, &who, &f));
	assert_false(f.about.is_reporter);
	who = (struct access_person){.secret = secret};
	assert_ok(access_case(r, &t.shelf->shelf, id, &who, &f));
	assert_true(f.about.is_reporter && !f.about.is_follower);
	assert_ok(access_case(r, &t.shelf->shelf, other, &who, &f));
	assert_false(f.about.is_reporter);
	assert_true(str_eq(f.about.lead_unit, STR("URB")));
	who.secret = wrong;
	assert_ok(access_case(r, &t.shelf->shelf, id, &who, &f));
	assert_false(f.about.is_reporter);
	who = (struct access_person){.secret = secret, .follower = id};
	assert_ok(access_case(r, &t.shelf->shelf, id, &who, &f));
	assert_false(f.about.is_reporter || f.about.is_follower);
	assert_err(access_case(r, &t.shelf->shelf, id + 1000, NULL, &f), ERR_NOT_FOUND);
	assert_ok(cases_do(&t, id, "withdraw", "intake", "desk-1", NO_FIELDS));
	assert_ok(access_case(r, &t.shelf->shelf, id, NULL, &f));
	assert_int_equal(f.about.closed_us, t.store.now.utc_us);
	reader_close(r);
}

static void why_is_answered_by_rule_and_facts(void **state)
{
	const struct policy_actor actor = {
	    .kind = POLICY_ACCOUNT, .role = STR("unit_handler"), .unit = STR("PMC")};
	const struct policy_request q = {.action = POLICY_OPEN_FIELDS,
					 .purpose = STR("getting-it-done"),
					 .item = STR("21"),
					 .field = STR("text"),
					 .now_us = t.store.now.utc_us};
	uint64_t id = dispatched();
	struct reader *r = open_reader();
	char memory[POLICY_WHY_BYTES_MAX];
	struct buf out = buf_over(memory, sizeof memory);
	bool permit = true;

	(void)state;
	assert_ok(access_why(r, &t.shelf->shelf, id, &actor, NULL, &q, LANG_EN, &out, &permit));
	assert_false(permit);
	assert_non_null(memmem(out.p, out.n, "unit-opens", 10));
	assert_non_null(memmem(out.p, out.n, "Own unit: property firm", 23));
	assert_non_null(memmem(out.p, out.n, "led by: subdistrict urban management", 36));
	assert_non_null(memmem(out.p, out.n, "Who may: ", 9));
	assert_err(access_why(r, &t.shelf->shelf, id + 99, &actor, NULL, &q, LANG_EN, &out, NULL),
		   ERR_NOT_FOUND);
	reader_close(r);
}

static void what_a_role_sees_is_in_the_type(void **state)
{
	const struct cases_book *b = &t.shelf->shelf.now;
	uint64_t n = 0;
	const struct cases_type *type =
	    shelf_type_now(&t.shelf->shelf, STR("resident-request"), &n);
	unsigned police = CASES_NONE;

	(void)state;
	for (unsigned i = 0; i < b->units_n; i++)
		police = str_eq(b->units[i].name.text, STR("POL")) ? i : police;
	for (unsigned i = 0; i < type->fields_n; i++) {
		const struct cases_field *f = &type->fields[i];
		/* no personal field that nobody sees */
		assert_true(!f->is_personal || f->sees.n > 0);
		if (!str_eq(f->name.text, STR("objection")))
			continue;
		assert_true(access_sees(b, f, STR("level_above"), CASES_NONE));
		assert_false(access_sees(b, f, STR("station_lead"), CASES_NONE));
		/* where the police lead, the other chain of levels */
		assert_true(access_sees(b, f, STR("station_lead"), police));
		assert_false(access_sees(b, f, STR("volunteer"), CASES_NONE));
		assert_false(access_sees(b, f, STR("nobody"), CASES_NONE));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_handler_acts_for_the_unit_that_leads, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_joint_unit_answers_its_own_part, setup, teardown),
	    cmocka_unit_test_setup_teardown(people_on_the_ground_act_in_their_own_area, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_changed_policy_is_in_force_for_the_next_decision,
					    setup, teardown),
	    cmocka_unit_test_setup_teardown(a_reporter_acts_by_their_record_alone, setup, teardown),
	    cmocka_unit_test_setup_teardown(facts_are_those_of_the_case_and_of_who_asks, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(why_is_answered_by_rule_and_facts, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_a_role_sees_is_in_the_type, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
