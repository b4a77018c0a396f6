/* The course of a case from its entries: clocks begun anew, pauses, moved dates, levels and
 * hand-backs with what came of them, also after the end; and how to object at each point. */
#include "cases.h"

#include "service/case_course.h"
#include "service/case_why.h"
#include "service/cases.h"

#define HOUR (INT64_C(3600) * 1000000)
#define MINUTE (INT64_C(60) * 1000000)

static struct test_cases t;
static struct case_course course;
static char object[512];

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cases_close(&t);
	return 0;
}

static const char *const noise[] = {"place", "0", "text", "楼下半夜施工", "channel", "phone",
				    "has_reporter", "yes", "drill", "no", NULL};

/* As the answer to "why?" reads it. */
static void read_course(uint64_t id)
{
	static _Alignas(16) char view[CASES_VIEW_ARENA_BYTES], step[4 * ENTRY_BYTES_MAX],
	    names[CASE_COURSE_ARENA_BYTES];
	struct buf out = buf_over(object, sizeof object - 1);
	struct case_view v;
	struct arena a;

	arena_init(&a, view, sizeof view);
	assert_ok(cases_view(t.w->db, id, &a, &v));
	const struct case_why_files files = {&t.shelf->shelf, v.type_n, v.categories_n, LANG_EN};
	case_why_object(&files, v.state, v.clocks, v.clocks_n, &out);
	object[out.n] = '\0';
	arena_init(&a, names, sizeof names);
	case_course_init(&course, &t.shelf->shelf, shelf_type(&t.shelf->shelf, v.type_n), &a);
	for (uint64_t n = v.n; n != 0;) {
		struct case_step_read s;
		struct arena b;
		arena_init(&b, step, sizeof step);
		assert_ok(cases_step_read(t.w->db, n, &b, &s));
		if (s.entry)
			case_course_add(&course, s.head.n, s.head.at_us, s.entry);
		memset(step, 0x5a, sizeof step); /* nothing of it may be kept */
		n = s.prev;
	}
	case_course_end(&course);
	assert_false(course.is_cut);
}

static bool is(struct str s, const char *z)
{
	return str_eq(s, str_of(z));
}

static int64_t now(void)
{
	return t.w->journal.last_at_us;
}

static uint64_t dispatched(void)
{
	uint64_t id = cases_hand_in(&t, "resident-request", noise);

	cases_pass(&t, MINUTE);
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0304"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	return id;
}

static void hand_back(uint64_t id)
{
	cases_must(&t, id, "hand_back", "unit_handler", "urb-7",
		   FIELDS("hand_back_reason", "not_ours", "hand_back_ground", "不归我们管",
			  "proposed_unit", "POL"));
}

static void a_hand_back_begins_the_unit_s_clock_anew_and_not_the_reporter_s(void **state)
{
	uint64_t id = dispatched(), back;
	int64_t first, second;

	(void)state;
	first = now();
	cases_pass(&t, HOUR);
	hand_back(id);
	back = t.answer.n;
	read_course(id);
	assert_int_equal(course.backs_n, 1);
	assert_int_equal(course.back[0].verdict, CASE_VERDICT_OPEN);
	assert_int_equal(course.unit.pauses_n, 0); /* it goes on until it is decided */
	cases_pass(&t, HOUR);
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "POL"));
	second = now();
	read_course(id);
	assert_int_equal(course.reporter.runs_n, 1);
	assert_true(course.reporter.run[0].from_us < first);
	assert_int_equal(course.reporter.run[0].ended_us, 0);
	assert_int_equal(course.unit.runs_n, 2);
	assert_int_equal(course.unit.run[0].from_us, first);
	assert_int_equal(course.unit.run[0].ended_us, second);
	assert_true(is(course.unit.run[0].unit, "URB"));
	assert_true(course.unit.run[0].due_us > first && course.unit.run[0].amount > 0);
	assert_int_equal(course.unit.run[1].from_us, second);
	assert_int_equal(course.unit.run[1].ended_us, 0);
	assert_true(is(course.unit.run[1].unit, "POL"));
	assert_int_equal(course.unit.pauses_n, 0);
	assert_int_equal(course.backs_n, 1);
	assert_int_equal(course.back[0].n, back);
	assert_int_equal(course.back[0].verdict, CASE_VERDICT_UPHELD);
	assert_int_equal(course.back[0].decided_us, second);
	assert_true(is(course.back[0].unit, "URB") && is(course.back[0].to, "POL"));
	assert_true(is(course.back[0].reason, "not_ours") && is(course.back[0].proposed, "POL"));
	assert_true(is(course.back[0].reason_field->name.text, "hand_back_reason"));
	assert_true(is(course.back[0].ground->name.text, "hand_back_ground"));
}

static void a_hand_back_that_is_refused_goes_on_with_the_same_clock(void **state)
{
	uint64_t id = dispatched();
	int64_t due;

	(void)state;
	read_course(id);
	due = course.unit.run[0].due_us;
	hand_back(id);
	cases_pass(&t, HOUR);
	cases_must(&t, id, "rule", "duty_officer", "desk-2", FIELDS("review_ground", "归你们"));
	read_course(id);
	assert_int_equal(course.back[0].verdict, CASE_VERDICT_REFUSED);
	assert_int_equal(course.back[0].to.n, 0);
	assert_int_equal(course.unit.runs_n, 1);
	assert_int_equal(course.unit.pauses_n, 0);
	assert_int_equal(course.unit.run[0].due_us, due);
}

static void both_clocks_stand_after_the_end_with_pauses_and_dates(void **state)
{
	uint64_t id = dispatched();
	int64_t due, asked, fed_back;

	(void)state;
	cases_must(&t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
	read_course(id);
	due = course.unit.run[0].due_us;
	cases_must(&t, id, "extend_ask", "unit_handler", "urb-7",
		   FIELDS("extension_reason", "part", "extension_evidence", "photo",
			  "extension_until", "2026-06-23"));
	cases_must(&t, id, "extend", "desk_lead", "desk-9", NO_FIELDS);
	cases_must(&t, id, "ask_reporter", "unit_handler", "urb-7", FIELDS("question", "几点？"));
	asked = now();
	cases_pass(&t, 2 * HOUR);
	cases_must(&t, id, "reply", "intake", "desk-1", FIELDS("reply", "十一点"));
	cases_must(&t, id, "feedback", "unit_handler", "urb-7",
		   FIELDS("answer", "已停工", "photo_after", "photo"));
	fed_back = now();
	cases_must(&t, id, "answer_review", "duty_officer", "desk-2", NO_FIELDS);
	read_course(id);
	assert_null(strstr(object, "ended"));
	for (unsigned i = 0; i < 24 * 40 && !strstr(object, "at its end"); i++) {
		cases_pass(&t, HOUR);
		read_course(id);
	}
	assert_non_null(strstr(object, "at its end: report the matter again"));
	assert_int_equal(course.reporter.runs_n, 1);
	assert_true(course.reporter.run[0].ended_us > fed_back);
	assert_int_equal(course.unit.runs_n, 1);
	assert_int_equal(course.unit.run[0].ended_us, fed_back);
	assert_true(course.unit.run[0].first_due_us >= due);
	assert_true(course.unit.run[0].due_us > course.unit.run[0].first_due_us);
	assert_int_equal(course.unit.pauses_n, 1);
	assert_true(is(course.unit.pause[0].state, "asking"));
	assert_int_equal(course.unit.pause[0].from_us, asked);
	assert_int_equal(course.unit.pause[0].to_us, asked + 2 * HOUR);
	assert_int_equal(course.unit.dates_n, 1);
	assert_true(is(course.unit.date[0].command, "extend"));
	assert_int_equal(course.unit.date[0].from_us, due);
	assert_true(course.unit.date[0].to_us > due);
}

static void each_level_says_clock_role_limit_and_how_long_over(void **state)
{
	uint64_t id = cases_hand_in(&t, "resident-request", noise);

	(void)state;
	for (unsigned i = 0; i < 400 && course.levels_n < 2; i++) {
		cases_pass(&t, HOUR);
		read_course(id);
	}
	assert_int_equal(course.levels_n, 2);
	assert_true(is(course.level[0].level.clock, "opening"));
	assert_true(is(course.level[0].level.role, "desk_lead"));
	assert_true(is(course.level[1].level.role, "level_above"));
	assert_int_equal(course.level[0].level.level, 1);
	assert_int_equal(course.level[1].level.level, 2);
	assert_true(course.level[0].level.amount > 0);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(course.level[i].level.over_us,
				 course.level[i].at_us - course.level[i].level.due_us);
	assert_true(course.level[0].level.over_us >= 0 && course.level[0].level.over_us <= HOUR);
	assert_true(course.level[1].level.over_us > course.level[0].level.over_us);
	assert_int_equal(course.unit.runs_n, 0); /* never dispatched */
}

static void how_to_object_is_said_of_the_present_state(void **state)
{
	uint64_t id = cases_hand_in(&t, "resident-request", noise);

	(void)state;
	read_course(id);
	assert_non_null(strstr(object, "Leave a message"));
	cases_must(&t, id, "refuse", "intake", "desk-1",
		   FIELDS("refuse_reason", "in_court", "refuse_ground", "法院已受理"));
	cases_must(&t, id, "sign", "desk_lead", "desk-9", NO_FIELDS);
	read_course(id);
	assert_non_null(strstr(object, "You may \"object\" until 2026-"));
	id = dispatched();
	cases_must(&t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
	cases_must(&t, id, "feedback", "unit_handler", "urb-7",
		   FIELDS("answer", "已停工", "photo_after", "photo"));
	cases_must(&t, id, "answer_review", "duty_officer", "desk-2", NO_FIELDS);
	read_course(id);
	assert_non_null(strstr(object, "You may say \"not solved\" until 2026-"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_hand_back_begins_the_unit_s_clock_anew_and_not_the_reporter_s),
	    TEST(a_hand_back_that_is_refused_goes_on_with_the_same_clock),
	    TEST(both_clocks_stand_after_the_end_with_pauses_and_dates),
	    TEST(each_level_says_clock_role_limit_and_how_long_over),
	    TEST(how_to_object_is_said_of_the_present_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
