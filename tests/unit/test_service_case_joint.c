/* Joint units that a line of the responsibilities names begin their parts with the dispatch, each
 * with its limit; owners are told and asked, and nobody sends them. */
#include "cases.h"

#include "service/access.h"
#include "service/case_why.h"
#include "service/cases.h"
#include "service/viewer.h"

static struct test_cases t;

#define LINE                                                                                       \
	"rules:\n- category: \"0304\"\n  lead: OWN\n  with: [POL, BMG, PMC, ASSET]\n"              \
	"  why: {zh: 先找房东, en: the landlord first}\n"
#define LIMITED                                                                                    \
	"rules:\n- category: \"0304\"\n  lead: URB\n  with: [POL, OWN]\n  with_limit: 2wd\n"       \
	"  why: {zh: 噪声, en: noise}\n"

static int open_with(const char *rules)
{
	cases_open_edited(&t, NULL, "responsibilities.yaml", "rules:\n", rules);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return open_with(LINE);
}

static int setup_limited(void **state)
{
	(void)state;
	return open_with(LIMITED);
}

static int setup_shipped(void **state)
{
	(void)state;
	return open_with("rules:\n");
}

static int teardown(void **state)
{
	(void)state;
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

static uint64_t opened(const char *category)
{
	uint64_t id = cases_hand_in(&t, "resident-request",
				    FIELDS("place", "0", "text", "半夜装修", "channel", "phone",
					   "has_reporter", "yes", "drill", "no"));

	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", category));
	return id;
}

/* JSON of a member of the last entry; until the next call. */
static const char *last(const char *path)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "SELECT coalesce(json_extract(CAST(body AS TEXT), '$.data.%s'), '') FROM entry "
		 "WHERE n = %llu",
		 path, (unsigned long long)t.answer.n);
	return cases_sql_text(&t, sql);
}

static int64_t day_of(const char *date)
{
	int32_t day = 0;

	assert_ok(civil_parse_date(str_of(date), &day));
	return day;
}

static int64_t until(const char *unit)
{
	char path[40];

	snprintf(path, sizeof path, "parts.%s.until", unit);
	return strtoll(last(path), NULL, 10);
}

/* 0304 is done in five working days: from Thursday 2026-06-11 to Thursday 18 June. */
static void parts_begin_with_the_dispatch(void **state)
{
	uint64_t id = opened("0304");

	(void)state;
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	assert_string_equal(last("unit"), "BMG"); /* who answers for the owner's clock */
	assert_string_equal(last("told"), "[\"OWN\"]");
	/* the lead is not joint; a look-up that finds nobody asks nobody */
	assert_int_equal(until("POL"), day_of("2026-06-18"));
	assert_int_equal(until("PMC"), day_of("2026-06-18"));
	assert_string_equal(last("parts.BMG"), "");
	assert_string_equal(last("parts.ASSET"), "");
	assert_string_equal(last("fields.joint_open"), "2");
	assert_string_equal(last("clocks.joint.run"), "runs");
	assert_non_null(strstr(last("tells"), "joint_handler"));
	cases_must(&t, id, "receive", "unit_handler", "bmg-7", NO_FIELDS);
	/* as parts that a person added: the lead waits for them, each gives its result once */
	assert_err(cases_do(&t, id, "feedback", "unit_handler", "bmg-7",
			    FIELDS("answer", "已停工", "photo_after", "photo")),
		   ERR_CONFLICT);
	assert_int_equal(t.order.problem.msg, MSG_CASE_GUARDED);
	cases_must(&t, id, "joint_result", "joint_handler", "pol-1",
		   FIELDS("joint_unit", "POL", "joint_result", "已劝阻"));
	cases_must(&t, id, "joint_result", "joint_handler", "pmc-1",
		   FIELDS("joint_unit", "PMC", "joint_result", "已贴通知"));
	cases_must(&t, id, "feedback", "unit_handler", "bmg-7",
		   FIELDS("answer", "已停工", "photo_after", "photo"));
}

static void nobody_is_asked_twice(void **state)
{
	uint64_t id = opened("0304");

	(void)state;
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	cases_must(&t, id, "joint_result", "joint_handler", "pol-1",
		   FIELDS("joint_unit", "POL", "joint_result", "已劝阻"));
	cases_must(&t, id, "hand_back", "unit_handler", "bmg-7",
		   FIELDS("hand_back_reason", "not_ours", "hand_back_ground", "?", "proposed_unit",
			  "URB"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	assert_string_equal(last("parts"), "{}"); /* one has its result, one is at work */
	assert_string_equal(last("told"), "[\"OWN\"]");
}

static void a_line_may_have_a_limit_of_its_own(void **state)
{
	uint64_t id = opened("0304");

	(void)state;
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	assert_string_equal(last("unit"), "URB");
	assert_string_equal(last("told"), "[\"OWN\"]"); /* joint or lead: told, not sent */
	assert_int_equal(until("POL"), day_of("2026-06-15")); /* Friday, Monday */
	assert_string_equal(last("parts.OWN"), "");
	assert_string_equal(last("fields.joint_open"), "1");
}

/* A limit within today, dispatched after hours: until the next working day. */
static void a_part_has_business_hours_ahead(void **state)
{
	uint64_t id;

	(void)state;
	cases_pass(&t, INT64_C(12) * 3600 * 1000000); /* 20:00 */
	id = opened("0304");
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	assert_true(until("POL") > day_of("2026-06-11"));
}

/* Units that a category names alone are for a person to ask. */
static void a_category_alone_asks_nobody(void **state)
{
	uint64_t id = opened("0304");

	(void)state;
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	assert_string_equal(last("parts"), "{}");
	assert_string_equal(last("told"), "[]");
}

static void why_names_them(void **state)
{
	static _Alignas(16) char memory[8 * ENTRY_BYTES_MAX];
	static char text[CASE_WHY_BYTES_MAX + 1];
	const struct case_entry *entry = NULL;
	struct entry_head head;
	struct case_view v;
	struct arena a;
	uint64_t id = opened("0304");

	(void)state;
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
		struct buf out = buf_over(text, CASE_WHY_BYTES_MAX);
		arena_init(&a, memory, sizeof memory);
		assert_ok(cases_view(t.w->db, id, &a, &v));
		assert_ok(cases_entry(t.w->db, t.answer.n, &a, &head, &entry));
		const struct case_why_files files = {&t.shelf->shelf, v.type_n, v.categories_n,
						     (enum lang)lang};
		assert_true(case_why(&files, entry, head.at_us, &out));
		text[out.n] = '\0';
		assert_non_null(strstr(text, lang == LANG_ZH ? "派出所协办" : "police station joins"));
		assert_non_null(strstr(text, lang == LANG_ZH
						 ? "已告知出租人、业主"
						 : "landlord, owner is told and asked"));
	}
}

/* Does a list of this unit have the case, which the policy shows it by these places? */
static bool lists(struct queue *q, unsigned where, const char *unit, uint64_t id)
{
	struct viewer v = {.where = where};
	const struct queue_filter f = {
	    .step = -1, .may_see = viewer_may_see, .viewer = &v};
	struct queue_row rows[10];
	unsigned n = 0;
	bool more = false, has = false;

	memcpy(v.unit, unit, strlen(unit));
	assert_ok(queue_page(q, &f, 0, 0, 10, rows, &n, &more));
	for (unsigned i = 0; i < n; i++)
		has |= rows[i].id == id;
	return has;
}

#define OWN_OR_JOINT (POLICY_WHERE_OWN_UNIT | POLICY_WHERE_JOINT_UNIT)

static void must_list(struct queue *q, uint64_t id)
{
	assert_true(lists(q, OWN_OR_JOINT, "POL", id));
	assert_true(lists(q, OWN_OR_JOINT, "PMC", id));
	assert_true(lists(q, OWN_OR_JOINT, "BMG", id)); /* leads */
	assert_true(lists(q, POLICY_WHERE_TOLD_UNIT, "OWN", id));
	assert_false(lists(q, OWN_OR_JOINT, "OWN", id)); /* told, and has no part */
	assert_false(lists(q, POLICY_WHERE_TOLD_UNIT, "POL", id));
	assert_false(lists(q, POLICY_WHERE_OWN_UNIT, "POL", id));
	assert_false(lists(q, OWN_OR_JOINT | POLICY_WHERE_TOLD_UNIT, "ASSET", id));
	assert_false(lists(q, OWN_OR_JOINT | POLICY_WHERE_TOLD_UNIT, "PM", id));
	assert_false(lists(q, OWN_OR_JOINT | POLICY_WHERE_TOLD_UNIT, "", id));
}

static bool may(uint64_t id, const char *role, const char *unit, enum policy_action action)
{
	struct reader reader = {.db = t.w->db};
	const struct policy_actor actor = {
	    .kind = POLICY_ACCOUNT, .role = str_of(role), .unit = str_of(unit)};
	struct policy_request q = {.action = action,
				   .purpose = STR("getting-it-done"),
				   .item = STR("21"),
				   .field = STR("text"),
				   .now_us = t.w->journal.last_at_us};
	struct access_facts facts;

	assert_ok(access_case(&reader, &t.shelf->shelf, id, NULL, &facts));
	q.about = &facts.about;
	return policy_decide(t.shelf->shelf.policy, &actor, &q).permit;
}

static void whoever_has_a_part_or_was_told_has_it_in_their_lists(void **state)
{
	const struct db_options o = {0};
	struct queue *q = NULL, *anew = NULL;
	struct db *db = NULL;
	uint64_t id;

	(void)state;
	assert_ok(db_open(t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &db));
	assert_ok(queue_open(db, &q));
	id = opened("0304");
	assert_false(lists(q, OWN_OR_JOINT | POLICY_WHERE_TOLD_UNIT, "POL", id));
	assert_false(lists(q, POLICY_WHERE_TOLD_UNIT, "OWN", id));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	must_list(q, id); /* as it changes, and read anew */
	assert_ok(queue_open(db, &anew));
	must_list(anew, id);
	anew = queue_close(anew);
	/* told: to look on, at any time, and nothing more */
	assert_true(may(id, "unit_handler", "OWN", POLICY_SEE_CASE));
	assert_true(may(id, "unit_handler", "OWN", POLICY_SEE_HISTORY));
	assert_false(may(id, "unit_handler", "OWN", POLICY_DO_COMMAND));
	assert_false(may(id, "unit_handler", "OWN", POLICY_ATTACH));
	assert_false(may(id, "unit_handler", "OWN", POLICY_OPEN_FIELDS));
	assert_false(may(id, "unit_handler", "ASSET", POLICY_SEE_CASE));
	/* with its result a part is still one's own */
	cases_must(&t, id, "joint_result", "joint_handler", "pol-1",
		   FIELDS("joint_unit", "POL", "joint_result", "已劝阻"));
	assert_true(lists(q, OWN_OR_JOINT, "POL", id));
	/* a step between keeps who was told */
	cases_must(&t, id, "receive", "unit_handler", "bmg-7", NO_FIELDS);
	assert_true(lists(q, POLICY_WHERE_TOLD_UNIT, "OWN", id));
	q = queue_close(q);
	db_free(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(parts_begin_with_the_dispatch, setup, teardown),
	    cmocka_unit_test_setup_teardown(nobody_is_asked_twice, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_line_may_have_a_limit_of_its_own, setup_limited,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_part_has_business_hours_ahead, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_category_alone_asks_nobody, setup_shipped, teardown),
	    cmocka_unit_test_setup_teardown(why_names_them, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		whoever_has_a_part_or_was_told_has_it_in_their_lists, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
