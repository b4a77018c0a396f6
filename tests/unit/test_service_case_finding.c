/* A finding of a visit becomes a case: by the checklist in force, by staff, at a place; the case
 * says which line it comes of, and is opened under that line's category. */
#include "cases.h"

#include "service/cases.h"

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

/* A building to visit; its id. */
static uint64_t building(struct test_cases *t)
{
	struct place_draft d = {.place = {.kind = PLACE_BUILDING,
					  .ext = STR("t:b"),
					  .valid_from = PLACE_DAY_OPEN,
					  .valid_until = PLACE_DAY_OPEN}};
	struct place_batch batch = {&d, 1};
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_SET_PLACES);
	cmd.c.places.batch = &batch;
	assert_ok(test_run(&t->store, t->w, &cmd));
	return d.place.id;
}

static enum err find(struct test_cases *t, enum case_hand_kind hand, const char *role,
		     const char *type, const char *list, const char *line, uint64_t place)
{
	char at[24];

	snprintf(at, sizeof at, "%llu", (unsigned long long)place);
	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = hand,
				       .role = str_of(role),
				       .account = str_of(hand == CASE_HAND_ACCOUNT ? "grid-4"
										   : ""),
				       .type = str_of(type),
				       .checklist = str_of(list),
				       .check_line = str_of(line)};
	return cases_call(t, FIELDS("place", at, "text", "门前车道被货车占住", "channel",
				    "grid_worker", "has_reporter", "no", "drill", "no"));
}

static void a_finding_is_a_case_of_its_category(void **state)
{
	struct test_cases *t = *state;
	uint64_t place = building(t), n = t->w->journal.n, id, file = 0;
	struct case_found f;
	char memory[512];
	struct arena a;

	assert_non_null(shelf_checklist(t->w->shelf, STR("small-places"), &file));
	assert_ok(find(t, CASE_HAND_ACCOUNT, "grid_worker", "resident-request", "small-places",
		       "lane_free", place));
	id = t->order.ret_id;
	assert_int_equal(id, n + 1);
	assert_int_equal(t->answer.n, id);
	assert_int_equal(t->w->journal.n, n + 2);
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_finding(t->w->db, id, &a, &f));
	assert_true(str_eq(f.checklist, STR("small-places")));
	assert_true(str_eq(f.line, STR("lane_free")));
	assert_true(str_eq(f.category, STR("0302")));
	assert_int_equal(f.file, file);
	/* both entries are by the same hand, and the second is no step of the case */
	assert_int_equal(cases_i64(t, "SELECT count(DISTINCT substr(body, instr(body, 'handle'), "
				      "43)) FROM (SELECT CAST(body AS TEXT) AS body FROM entry "
				      "ORDER BY n DESC LIMIT 2)"), 1);
	assert_int_equal(cases_i64(t, "SELECT max(n) FROM case_change"), (int64_t)id);
	/* opened without a category: that of the line */
	cases_must(t, id, "open", "intake", "desk-1", NO_FIELDS);
	assert_string_equal(cases_sql_text(t, "SELECT category FROM case_rec"), "0302");
	assert_err(cases_finding(t->w->db, id + 1, &a, &f), ERR_NOT_FOUND);
}

/* The desk knows better, and of a report that comes of no finding nothing is supposed. */
static void another_category_may_be_given(void **state)
{
	struct test_cases *t = *state;
	uint64_t place = building(t), id;

	assert_ok(find(t, CASE_HAND_ACCOUNT, "grid_worker", "resident-request", "care-visits",
		       "way_home_lit", place));
	cases_must(t, t->order.ret_id, "open", "intake", "desk-1", FIELDS("category", "0104"));
	assert_string_equal(cases_sql_text(t, "SELECT category FROM case_rec"), "0104");
	assert_ok(find(t, CASE_HAND_ACCOUNT, "grid_worker", "resident-request", "", "", place));
	id = t->order.ret_id;
	assert_err(cases_do(t, id, "open", "intake", "desk-1", NO_FIELDS), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "category");
}

static void what_is_no_finding_is_refused(void **state)
{
	static const struct {
		const char *role, *type, *list, *line;
		enum case_hand_kind hand;
		enum err err;
		enum msg msg;
	} rows[] = {
	    {"reporter", "resident-request", "small-places", "lane_free", CASE_HAND_NEW,
	     ERR_FORBIDDEN, MSG_CASE_FINDING_STAFF},
	    {"grid_worker", "resident-request", "no-such", "lane_free", CASE_HAND_ACCOUNT,
	     ERR_BAD_INPUT, MSG_CASE_NO_FINDING},
	    {"grid_worker", "resident-request", "small-places", "no_such", CASE_HAND_ACCOUNT,
	     ERR_BAD_INPUT, MSG_CASE_NO_FINDING},
	    {"grid_worker", "resident-request", "small-places", "exit_free", CASE_HAND_ACCOUNT,
	     ERR_BAD_INPUT, MSG_CASE_FINDING_STAYS},
	    {"grid_worker", "resident-request", "small-places", "sign_firm", CASE_HAND_ACCOUNT,
	     ERR_BAD_INPUT, MSG_CASE_FINDING_TYPE},
	};
	struct test_cases *t = *state;
	uint64_t place = building(t), n = t->w->journal.n;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_err(find(t, rows[i].hand, rows[i].role, rows[i].type, rows[i].list,
				rows[i].line, place), rows[i].err);
		assert_string_equal(t->order.problem.field, "finding");
		assert_int_equal(t->order.problem.msg, rows[i].msg);
	}
	assert_err(find(t, CASE_HAND_ACCOUNT, "grid_worker", "resident-request", "small-places",
			"lane_free", 0), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "place");
	assert_int_equal(t->w->journal.n, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_finding_is_a_case_of_its_category, setup, teardown),
	    cmocka_unit_test_setup_teardown(another_category_may_be_given, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_no_finding_is_refused, setup, teardown),
	};

	db_process_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
