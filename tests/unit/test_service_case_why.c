/* "Why?" of entries as the store has them: routing by each kind of rule, priority, refusal, merge,
 * extension, suspension, time that ran out; in both languages, with the way to object. */
#include "cases.h"

#include "service/case_why.h"
#include "service/cases.h"

#define HOUR (INT64_C(3600) * 1000000)

static int setup(void **state)
{
	static struct test_cases t;

	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	cases_close(*state);
	return 0;
}

static const char *const lamp[] = {"place", "0", "text", "路灯不亮", "channel", "phone",
				   "has_reporter", "yes", "drill", "no", NULL};

/* The sentences of the case's last entry; until the next call. NULL: there are none. */
static const char *why(struct test_cases *t, uint64_t id, enum lang lang)
{
	static _Alignas(16) char memory[8 * ENTRY_BYTES_MAX];
	static char text[CASE_WHY_BYTES_MAX + 1];
	struct buf out = buf_over(text, CASE_WHY_BYTES_MAX);
	const struct case_entry *entry = NULL;
	struct entry_head head;
	struct case_view v;
	struct arena a;
	bool any;

	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_view(t->w->db, id, &a, &v));
	assert_ok(cases_entry(t->w->db, v.n, &a, &head, &entry));
	const struct case_why_files files = {&t->shelf->shelf, v.type_n, v.categories_n, lang};
	any = case_why(&files, entry, head.at_us, &out);
	assert_false(out.over);
	text[out.n] = '\0';
	assert_int_equal(any, out.n > 0);
	return any ? text : NULL;
}

static void has(struct test_cases *t, uint64_t id, const char *zh, const char *en)
{
	const char *text = why(t, id, LANG_ZH);

	if (!text || !strstr(text, zh))
		fail_msg("%s\nhas no: %s", text ? text : "(nothing)", zh);
	assert_non_null(strstr(text, "不同意？"));
	text = why(t, id, LANG_EN);
	if (!text || !strstr(text, en))
		fail_msg("%s\nhas no: %s", text ? text : "(nothing)", en);
	assert_non_null(strstr(text, "Not content?"));
	assert_null(strstr(text, "{"));
}

static uint64_t opened(struct test_cases *t, const char *category)
{
	uint64_t id = cases_hand_in(t, "resident-request", lamp);

	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", category));
	return id;
}

static uint64_t handled(struct test_cases *t)
{
	uint64_t id = opened(t, "0304");

	cases_must(t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	cases_must(t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
	return id;
}

static void a_report_alone_decides_nothing(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);

	assert_null(why(t, id, LANG_ZH));
}

static void who_leads_and_by_what(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = opened(t, "0304");

	cases_must(t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	has(t, id, "由街道城管、市政主办：“噪声扰民（生活、商业、施工）”一类事项由其牵头",
	    "subdistrict urban management leads: it is in charge of the category");
	id = opened(t, "0304");
	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PWR"));
	has(t, id, "由供电主办：由派遣的人决定", "power leads: a person decided so");
	id = cases_hand_in(t, "safety-incident", lamp);
	cases_must(t, id, "open", "intake", "desk-1",
		   FIELDS("category", "0401", "emergency_call", "made"));
	cases_must(t, id, "dispatch", "duty_officer", "desk-2", NO_FIELDS);
	has(t, id, "（火情一律先由消防处置，不论涉及什么部件）",
	    "(a fire is the brigade's first of all, whatever component it is at)");
}

static void how_urgent_and_by_what(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = opened(t, "0304"), other;

	has(t, id, "优先级 3：按“噪声扰民", "Priority 3: by the category");
	other = cases_hand_in(t, "resident-request", lamp);
	cases_must(t, other, "open", "intake", "desk-1",
		   FIELDS("category", "0304", "priority", "2"));
	has(t, other, "优先级 2：由人决定；“噪声扰民（生活、商业、施工）”一类按规定是 3",
	    "alone comes to 3");
}

static void a_refusal_says_reason_ground_and_how_to_object(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);

	cases_must(t, id, "refuse", "intake", "desk-1",
		   FIELDS("refuse_reason", "in_court", "refuse_ground", "法院已受理，案号在内"));
	has(t, id, "不予立案原因：已进入诉讼、仲裁或复议\n依据说明：写在事项里，当事人可以看\n",
	    "reason for not opening: before a court, arbitration or review\n");
	assert_null(strstr(why(t, id, LANG_ZH), "法院已受理")); /* no personal text */
	cases_must(t, id, "sign", "desk_lead", "desk-9", NO_FIELDS);
	has(t, id, "前“提出异议”，由上一级复核", "You may \"object\" until ");
}

static void a_merge_and_a_delay_say_where_and_until_when(void **state)
{
	struct test_cases *t = *state;
	uint64_t one = opened(t, "0304"), two = handled(t);
	char id[24], sentence[128];

	snprintf(id, sizeof id, "%llu", (unsigned long long)two);
	cases_must(t, one, "merge", "duty_officer", "desk-1", FIELDS("linked_case", id));
	snprintf(sentence, sizeof sentence, "与另一件事项（记录 %s）一并办理", id);
	has(t, one, sentence, "words, photos and followers are kept");
	cases_must(t, two, "suspend", "desk_lead", "desk-9",
		   FIELDS("suspension_cause", "money", "review_on", "2026-07-05"));
	has(t, two, "挂账原因：资金", "cause of the suspension: money");
	has(t, two, "“处置时限”暂停", "\"done\" waits");
}

static void an_extension_shows_both_dates(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = handled(t);

	cases_must(t, id, "extend_ask", "unit_handler", "urb-7",
		   FIELDS("extension_reason", "part", "extension_evidence", "photo",
			  "extension_until", "2026-06-23"));
	assert_ok(cases_do(t, id, "extend", "desk_lead", "desk-9", NO_FIELDS));
	has(t, id, "“处置时限”：原期限 2026-", "\"done\": first due 2026-");
	has(t, id, "，现期限 2026-06-23", ", now due 2026-06-23");
}

static void time_that_ran_out_says_who_was_told(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	const char *text = NULL;

	for (unsigned i = 0; i < 200 && !text; i++) {
		cases_pass(t, HOUR);
		text = why(t, id, LANG_ZH);
	}
	has(t, id, "“立案时限”已于 ", "\"to open or refuse\" ran out at ");
	has(t, id, "已告知值班长", "Told: desk lead");
	has(t, id, "（时限：1 个工作时）\n超时提级：交上一级（值班长）\n",
	    " (limit: 1 working hour)\nGone one level up, to desk lead\n");
	text = NULL;
	for (unsigned i = 0; i < 20 && !text; i++) {
		cases_pass(t, HOUR);
		text = why(t, id, LANG_ZH);
		text = text && strstr(text, "当时已超") ? text : NULL;
	}
	has(t, id, "超时提级：当时已超 1 小时 0 分钟，交上一级（", "it was 1 h 0 min over by then");
}

/* Files that are gone: names stand for words, and nothing breaks. */
static void names_stand_where_the_files_are_gone(void **state)
{
	struct test_cases *t = *state;
	struct case_entry e = {.why = STR("category"), .unit = STR("GONE"),
			       .category = STR("9999"), .command = STR("dispatch")};
	const struct case_why_files files = {&t->shelf->shelf, 999999, 999999, LANG_EN};
	char text[CASE_WHY_BYTES_MAX];
	struct buf out = buf_over(text, sizeof text);

	assert_true(case_why(&files, &e, 0, &out));
	assert_true(str_eq(buf_str(&out),
			   STR("GONE leads: it is in charge of the category \"9999\"\nNot content? "
			       "Leave a message "
			       "on this case to have it looked at again, or tell the overseer\n")));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_report_alone_decides_nothing),
	    TEST(who_leads_and_by_what),
	    TEST(how_urgent_and_by_what),
	    TEST(a_refusal_says_reason_ground_and_how_to_object),
	    TEST(a_merge_and_a_delay_say_where_and_until_when),
	    TEST(an_extension_shows_both_dates),
	    TEST(time_that_ran_out_says_who_was_told),
	    TEST(names_stand_where_the_files_are_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
