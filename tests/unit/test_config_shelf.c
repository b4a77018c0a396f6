/* All files of etc/ together: what is in force, what earlier versions still hold, and which sets
 * are refused. */
#include "shelf.h"

#define TYPE_N 7u /* case-types/resident-request.yaml, as shipped */
#define TABLE_N 9u
#define REQUEST "case-types/resident-request.yaml"

static void refused(struct test_shelf *t, unsigned proof, const char *file, enum msg msg)
{
	struct cases_shelf before = t->shelf;

	assert_int_not_equal(test_shelf_read(t), ERR_OK);
	assert_int_equal(t->failure.cases.proof, proof);
	assert_string_equal(t->failure.cases.problem.file, file);
	assert_int_equal(t->failure.cases.problem.msg, msg);
	assert_memory_equal(&before, &t->shelf, sizeof before);
}

static void the_shipped_files_are_a_shelf(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	const struct cases_type *type;
	uint64_t n = 0;

	(void)state;
	assert_int_equal(s->files_n, TEST_SHELF_FILES);
	for (unsigned i = 0; i < TEST_SHELF_FILES; i++) {
		assert_true(str_eq(s->files[i].path, str_of(test_shelf_paths[i])));
		assert_int_equal(shelf_file_of(s, str_of(test_shelf_paths[i]))->n, i + 1);
	}
	assert_int_equal(shelf_n(s, SHELF_CATALOGUE), 2);
	assert_int_equal(shelf_n(s, SHELF_ROLES), 3);
	assert_int_equal(shelf_n(s, SHELF_UNITS), 4);
	assert_int_equal(shelf_n(s, SHELF_DESK), 5);
	assert_int_equal(shelf_n(s, SHELF_CATEGORIES), TABLE_N);
	assert_int_equal(shelf_n(s, SHELF_RESPONSIBILITIES), 10);
	type = shelf_type_now(s, STR("resident-request"), &n);
	assert_int_equal(n, TYPE_N);
	assert_ptr_equal(shelf_type(s, TYPE_N), type);
	assert_true(str_eq(type->name.text, STR("resident-request")));
	assert_null(shelf_type(s, 0));
	assert_null(shelf_type(s, TABLE_N));
	assert_null(shelf_type_now(s, STR("nothing"), &n));
	assert_true(str_eq(shelf_category(s, TABLE_N, STR("0101"))->name.text, STR("0101")));
	assert_null(shelf_category(s, TABLE_N, STR("9999")));
	assert_null(shelf_category(s, TYPE_N, STR("0101")));
	assert_non_null(shelf_desk(s, STR("dispatch")));
	assert_null(shelf_desk(s, STR("nothing")));
	assert_non_null(shelf_checklist(s, STR("small-places"), &n));
	assert_int_equal(n, 13);
	assert_non_null(shelf_calendar(s, &n));
	assert_int_equal(n, 1);
	assert_true(calendar_ok(shelf_calendar(s, &n)));
	assert_true(t->arena.n < 1u << 20);
	assert_int_equal(t->scratch.n, 0);
	test_shelf_free(t);
}

static void an_earlier_version_is_found_by_its_entry(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s;
	const struct cases_type *now, *then;
	uint64_t n = 0;

	(void)state;
	test_shelf_put(t, REQUEST, test_shelf_edit(t, REQUEST, "version: 1", "version: 2"), 20);
	test_shelf_put(t, "categories.yaml",
		       test_shelf_edit(t, "categories.yaml", "priority: \"2\"", "priority: \"1\""),
		       21);
	/* roles in another order: indices of the earlier version are those in force */
	test_shelf_put(t, "roles.yaml",
		       test_shelf_edit(t, "roles.yaml", "roles:\n",
				       "roles:\n- {name: newcomer, words: {zh: 新, en: new}}\n"),
		       22);
	test_shelf_pair(t, TYPE_N, TABLE_N, true);
	s = test_shelf_good(t);
	now = shelf_type_now(s, STR("resident-request"), &n);
	then = shelf_type(s, TYPE_N);
	assert_int_equal(n, 20);
	assert_int_equal(now->version, 2);
	assert_int_equal(then->version, 1);
	assert_ptr_equal(shelf_type(s, 20), now);
	assert_int_equal(shelf_category(s, TABLE_N, STR("0101"))->priority.v[0].value, 2);
	assert_int_equal(shelf_category(s, 21, STR("0101"))->priority.v[0].value, 1);
	for (unsigned i = 0; i < then->states_n; i++) {
		const struct cases_name *owner = &then->states[i].owner;
		if (cases_is_given(owner))
			assert_true(str_eq(s->now.roles[owner->index].name.text, owner->text));
	}
	test_shelf_free(t);
}

static void what_no_case_needs_is_left_out_when_it_does_not_hold(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s;

	(void)state;
	test_shelf_put(t, "categories.yaml",
		       test_shelf_edit(t, "categories.yaml", "version: 1", "version: 2"), 21);
	test_shelf_add(t, REQUEST, test_shelf_edit(t, REQUEST, "owner: intake", "owner: nobody"),
		       15, true);
	test_shelf_add(t, REQUEST, STR("code: ["), 16, true);
	test_shelf_pair(t, 15, TABLE_N, false);
	test_shelf_pair(t, 16, TABLE_N, false);
	test_shelf_pair(t, 17, TABLE_N, false);
	test_shelf_pair(t, TYPE_N, TABLE_N, false);
	s = test_shelf_good(t);
	assert_int_equal(s->pairs_n, 1);
	assert_int_equal(s->old_types_n, 0);
	assert_int_equal(s->old_tables_n, 1);
	assert_null(shelf_type(s, 15));
	assert_null(shelf_type(s, 16));
	assert_non_null(shelf_category(s, TABLE_N, STR("0101")));
	test_shelf_free(t);
}

static void what_cases_stand_under_must_hold(void **state)
{
	struct test_shelf *t = test_shelf_new();

	(void)state;
	test_shelf_add(t, REQUEST, test_shelf_edit(t, REQUEST, "owner: intake", "owner: nobody"),
		       15, true);
	test_shelf_pair(t, 15, TABLE_N, true);
	refused(t, 5, REQUEST "@15", MSG_PROOF_NAME_UNKNOWN);
	assert_true(t->failure.cases.problem.line > 0);
	t->pairs[0].type_n = 16; /* of which there is no text */
	refused(t, 0, "", MSG_SHELF_VERSION_AWAY);
	test_shelf_free(t);
}

static void a_row_that_is_gone_is_led_by_itself(void **state)
{
	struct test_shelf *t = test_shelf_new();
	struct cases_matter matter = {.category = CASES_NONE, .day = 20000};
	const struct cases_shelf *s;
	struct cases_route route, now;

	(void)state;
	test_shelf_put(t, "categories.yaml",
		       test_shelf_edit(t, "categories.yaml", "\"0104\"", "\"0199\""), 21);
	test_shelf_pair(t, TYPE_N, TABLE_N, true);
	s = test_shelf_good(t);
	assert_int_equal(shelf_category_now(s, STR("0104")), CASES_NONE);
	assert_ok(shelf_route(s, TABLE_N, STR("0104"), &matter, &route));
	assert_true(str_eq(s->now.units[route.lead].name.text, STR("URB")));
	assert_int_equal(route.why, CASES_WHY_CATEGORY);
	assert_err(shelf_route(s, 21, STR("0104"), &matter, &route), ERR_NOT_FOUND);
	assert_err(shelf_route(s, 22, STR("0101"), &matter, &route), ERR_NOT_FOUND);
	/* one that is still there goes by what is in force */
	assert_ok(shelf_route(s, TABLE_N, STR("0401"), &matter, &route));
	matter.category = shelf_category_now(s, STR("0401"));
	cases_route(&s->now, &matter, &now);
	assert_int_equal(route.lead, now.lead);
	assert_int_equal(route.rule, now.rule);
	assert_int_equal(route.why, CASES_WHY_RULE);
	test_shelf_free(t);
}

static void a_gone_row_without_a_sure_lead_is_refused(void **state)
{
	struct test_shelf *t = test_shelf_new();
	struct config_source *table;

	(void)state;
	table = test_shelf_source(t, "categories.yaml");
	table->text = test_shelf_edit(t, "categories.yaml", "  lead: ASSET\n", "");
	test_shelf_put(t, "categories.yaml",
		       test_shelf_edit(t, "categories.yaml", "\"0101\"", "\"0199\""), 21);
	test_shelf_pair(t, TYPE_N, TABLE_N, true);
	refused(t, 5, "categories.yaml@9", MSG_PROOF_NO_LEAD);
	test_shelf_free(t);
}

/* One bit means one condition, in whatever table a case was opened. */
static void a_condition_has_one_bit_in_all_tables(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s;
	const struct cases_category *then;

	(void)state;
	/* the condition `works` gives way to another, and all move up by one */
	struct str text = test_shelf_edit(
	    t, "categories.yaml", "- {name: works, zh: 需开挖、更换部件或外调力量, en: "
				  "\"needs digging, a new part or help from outside\"}\n", "");
	struct config_source *table = test_shelf_source(t, "categories.yaml");
	test_shelf_add(t, "categories.yaml", table->text, TABLE_N, true);
	char *out = arena_alloc(&t->texts, text.n);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		static const char alternative[] = "(works)";
		if (text.n - i >= 7 && memcmp(text.p + i, alternative, 7) == 0) {
			memcpy(out + n, "(down) ", 7);
			n += 6;
			i += 6;
			continue;
		}
		out[n++] = text.p[i];
	}
	table->text = (struct str){out, n};
	table->n = 21;
	test_shelf_pair(t, TYPE_N, TABLE_N, true);
	s = test_shelf_good(t);
	then = shelf_category(s, TABLE_N, STR("0101"));
	assert_int_equal(shelf_condition(s, STR("live")), 0);
	assert_int_equal(shelf_condition(s, STR("works")), s->now.categories.conditions_n);
	assert_int_equal(s->conditions_n, s->now.categories.conditions_n + 1);
	const struct cases_limits *done = &then->limits[CASES_STAGE_DONE];
	assert_int_equal(cases_limit_of(done, 0)->amount, 6);
	assert_int_equal(
	    cases_limit_of(done, UINT64_C(1) << shelf_condition(s, STR("works")))->amount, 36);
	assert_int_equal(cases_limit_of(done, 1)->amount, 6);
	test_shelf_free(t);
}

static void a_set_that_does_not_hold_is_refused(void **state)
{
	static const struct {
		const char *path, *from, *to;
		unsigned proof;
		enum msg msg;
	} rows[] = {
	    {"categories.yaml", "type: dispute-mediation", "type: nothing", 5,
	     MSG_PROOF_NAME_UNKNOWN},
	    {"checklists/small-places.yaml", "code: small-places", "code: building-fire-file", 5,
	     MSG_PROOF_NAME_TWICE},
	    {"case-types/safety-incident.yaml", "code: safety-incident", "code: resident-request",
	     5, MSG_PROOF_NAME_TWICE},
	    {"units.yaml", "role: duty_officer", "role: nobody", 5, MSG_PROOF_NAME_UNKNOWN},
	    {"calendars/cn-office.yaml", "zone: Asia/Shanghai", "zone: Nowhere/None", 0,
	     MSG_ZONE_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct test_shelf *t = test_shelf_new();
		test_shelf_source(t, rows[i].path)->text =
		    test_shelf_edit(t, rows[i].path, rows[i].from, rows[i].to);
		refused(t, rows[i].proof, rows[i].path, rows[i].msg);
		test_shelf_free(t);
	}
}

static void a_failed_proof_of_a_way_shows_the_way(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const char *path = "case-types/dispute-mediation.yaml";

	(void)state;
	/* nobody can give it to the group any more: withdrawing is all that is left, so take it too
	 */
	test_shelf_source(t, path)->text = test_shelf_edit(
	    t, path, "from: opened, to: with_group", "from: opened, to: opened");
	assert_int_not_equal(test_shelf_read(t), ERR_OK);
	assert_in_range(t->failure.cases.proof, 1, 3);
	assert_string_not_equal(t->failure.way, "");
	assert_string_equal(t->failure.cases.problem.file, path);
	test_shelf_free(t);
}

static void the_files_beside_the_types_belong_together(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		struct test_shelf *t = test_shelf_new();
		if (i >= 5 && i < 8) { /* the types: all of them */
			for (unsigned k = 5; k < 8; k++)
				test_shelf_drop(t, test_shelf_paths[k]);
			refused(t, 0, "case-types/", MSG_SHELF_MISSING);
		} else {
			test_shelf_drop(t, test_shelf_paths[i]);
			refused(t, 0, i == 0 ? "calendars/" : test_shelf_paths[i],
				MSG_SHELF_MISSING);
		}
		test_shelf_free(t);
	}
}

static void calendars_alone_are_a_set(void **state)
{
	struct test_shelf *t = test_shelf_new();
	uint64_t n = 0;

	(void)state;
	for (unsigned i = 1; i < TEST_SHELF_FILES; i++)
		test_shelf_drop(t, test_shelf_paths[i]);
	const struct cases_shelf *s = test_shelf_good(t);
	assert_int_equal(s->files_n, 1);
	assert_int_equal(s->now.types_n, 0);
	assert_non_null(shelf_calendar(s, &n));
	assert_int_equal(shelf_n(s, SHELF_ROLES), 0);
	t->options.wants_cases = true; /* they were there: so they are away, not unwanted */
	refused(t, 0, "catalogue.yaml", MSG_SHELF_MISSING);
	t->options.wants_cases = false;
	t->options.sources_n = 0;
	refused(t, 0, "calendars/", MSG_SHELF_MISSING);
	test_shelf_free(t);
}

static void the_calendar_is_named_or_of_the_zone(void **state)
{
	struct test_shelf *t = test_shelf_new();
	struct str other = test_shelf_edit(t, "calendars/cn-office.yaml", "zone: Asia/Shanghai",
					   "zone: Asia/Tokyo");
	uint64_t n = 0;

	(void)state;
	test_shelf_add(t, "calendars/other.yaml", other, 30, false);
	assert_non_null(shelf_calendar(test_shelf_good(t), &n));
	assert_int_equal(n, 1);
	t->options.calendar = STR("other");
	assert_non_null(shelf_calendar(test_shelf_good(t), &n));
	assert_int_equal(n, 30);
	t->options.calendar = STR("none");
	refused(t, 0, "liren.yaml", MSG_SHELF_CALENDAR_NONE);
	t->options.calendar = STR("");
	t->options.zone = STR("Europe/Paris");
	refused(t, 0, "calendars/", MSG_SHELF_CALENDAR_WHICH);
	test_shelf_drop(t, "calendars/cn-office.yaml"); /* the only one there is, then */
	assert_non_null(shelf_calendar(test_shelf_good(t), &n));
	assert_int_equal(n, 30);
	test_shelf_free(t);
}

static void paths_tell_what_a_file_is(void **state)
{
	static const struct {
		const char *path;
		enum shelf_kind kind;
	} rows[] = {{"calendars/x.yaml", SHELF_CALENDAR},
		    {"case-types/a-b.yaml", SHELF_TYPE},
		    {"checklists/x.yaml", SHELF_CHECKLIST},
		    {"roles.yaml", SHELF_ROLES},
		    {"categories.yaml", SHELF_CATEGORIES}};
	static const char *const none[] = {
	    "maps/osm.yaml",      "calendars/",  "calendars/.yaml", "calendars/.x.yaml",
	    "calendars/a/b.yaml", "roles.yaml2", "roles",           "",
	    "calendars/x.yml"};
	enum shelf_kind kind = SHELF_KIND_COUNT;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(shelf_kind_of(str_of(rows[i].path), &kind));
		assert_int_equal(kind, rows[i].kind);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(shelf_kind_of(str_of(none[i]), &kind));
}

static void a_number_is_set_once_by_path(void **state)
{
	struct test_shelf *t = test_shelf_new();

	(void)state;
	test_shelf_source(t, REQUEST)->n = 0;
	test_shelf_good(t);
	assert_null(shelf_type(&t->shelf, 44));
	assert_true(shelf_set_n(&t->shelf, STR(REQUEST), 44));
	assert_non_null(shelf_type(&t->shelf, 44));
	assert_false(shelf_set_n(&t->shelf, STR("nothing.yaml"), 45));
	test_shelf_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_shipped_files_are_a_shelf),
	    cmocka_unit_test(an_earlier_version_is_found_by_its_entry),
	    cmocka_unit_test(what_no_case_needs_is_left_out_when_it_does_not_hold),
	    cmocka_unit_test(what_cases_stand_under_must_hold),
	    cmocka_unit_test(a_row_that_is_gone_is_led_by_itself),
	    cmocka_unit_test(a_gone_row_without_a_sure_lead_is_refused),
	    cmocka_unit_test(a_condition_has_one_bit_in_all_tables),
	    cmocka_unit_test(a_set_that_does_not_hold_is_refused),
	    cmocka_unit_test(a_failed_proof_of_a_way_shows_the_way),
	    cmocka_unit_test(the_files_beside_the_types_belong_together),
	    cmocka_unit_test(calendars_alone_are_a_set),
	    cmocka_unit_test(the_calendar_is_named_or_of_the_zone),
	    cmocka_unit_test(paths_tell_what_a_file_is),
	    cmocka_unit_test(a_number_is_set_once_by_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
