/* Cases found by their words through the reader, as the desk does: a search, likely duplicates of a
 * report that is being written, and the category that its text proposes. */
#include "cases.h"

#include "service/cases_find.h"

static struct test_cases t;
static struct reader *reader;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &reader));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	reader = reader_close(reader);
	cases_close(&t);
	return 0;
}

static const struct geo_point lane = {225431000, 1139451000},
			      far_away = {225931000, 1139951000};

static uint64_t report(const char *text, struct geo_point at, const char *drill)
{
	t.order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				      .role = STR("intake"), .account = STR("desk-1"),
				      .type = STR("resident-request"), .has_at = true, .at = at};
	assert_ok(cases_call(&t, FIELDS("place", "0", "text", text, "channel", "phone",
					"has_reporter", "yes", "drill", drill)));
	return t.order.ret_id;
}

static unsigned found(const char *text, uint64_t before, unsigned limit, struct cases_found *ret,
		      bool *ret_more)
{
	_Alignas(16) static char memory[1u << 16];
	struct problem problem = {0};
	struct arena a;
	unsigned n = 0;

	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_search(reader, str_of(text), STR(""), before, limit, &a, ret, &n, ret_more,
			       &problem));
	return n;
}

static void a_search_finds_the_newest_with_every_word(void **state)
{
	uint64_t one = report("巷子里的路灯不亮", lane, "no"),
		 two = report("路灯又不亮了，巷子很黑", lane, "no");
	struct cases_found hit[4];
	struct problem problem = {0};
	struct arena a = {0};
	unsigned n = 9;
	bool more = true;

	(void)state;
	report("下水道堵了", lane, "no");
	cases_must(&t, one, "open", "intake", "desk-1", FIELDS("category", "0102"));
	assert_int_equal(found("路灯 不亮", 0, 4, hit, &more), 2);
	assert_false(more);
	assert_true(hit[0].id == two && hit[1].id == one);
	assert_true(str_eq(hit[1].category, STR("0102")) && str_eq(hit[1].state, STR("opened")));
	assert_true(hit[0].number > hit[1].number);
	assert_int_equal(found("路灯", 0, 1, hit, &more), 1);
	assert_true(more && hit[0].id == two);
	assert_int_equal(found("路灯", two, 4, hit, &more), 1);
	assert_true(hit[0].id == one);
	assert_int_equal(found("路灯 电梯", 0, 4, hit, &more), 0);
	assert_err(cases_search(reader, STR("，"), STR(""), 0, 4, &a, hit, &n, &more, &problem),
		   ERR_BAD_INPUT);
	assert_int_equal(problem.err, ERR_BAD_INPUT);
}

static unsigned duplicates(const char *text, struct geo_point at, unsigned category,
			   struct similar *ret)
{
	const struct cases_report r = {.text = str_of(text), .has_at = true, .at = at,
				       .category = category, .now_us = t.store.now.utc_us};
	unsigned n = 0;

	assert_ok(cases_duplicates(reader, &r, ret, &n));
	return n;
}

static void a_live_case_near_by_with_the_same_words_is_a_likely_duplicate(void **state)
{
	uint64_t one = report("巷口井盖不见了，很危险", lane, "no");
	struct similar hit[SIMILAR_LIST_MAX];

	(void)state;
	report("巷口井盖不见了，很危险", far_away, "no");
	report("巷口井盖不见了，很危险", lane, "yes"); /* a drill is nobody's matter */
	cases_must(&t, one, "open", "intake", "desk-1", FIELDS("category", "0101"));
	assert_int_equal(duplicates("井盖不见了，巷口很危险", lane, 101, hit), 1);
	assert_true(hit[0].id == one && hit[0].same_category && hit[0].score >= SIMILAR_SCORE_MIN);
	assert_int_equal(hit[0].distance_m, 0);
	/* what is over is no live case */
	cases_must(&t, one, "withdraw", "intake", "desk-1", NO_FIELDS);
	assert_int_equal(duplicates("井盖不见了，巷口很危险", lane, 101, hit), 0);
}

static void a_text_proposes_a_category_or_says_unsure(void **state)
{
	uint64_t n = 0;
	const struct cases_shelf *shelf = &t.shelf->shelf;
	const struct cases_categories *table;
	struct classify_result r;
	struct proposer *p = NULL;

	(void)state;
	n = shelf_n(shelf, SHELF_CATEGORIES);
	table = shelf_categories(shelf, n);
	assert_non_null(table);
	assert_ok(proposer_new(reader, table, &p));
	assert_ok(proposer_category(p, STR("菜市场门口的窨井盖碎成两半，车压过去哐哐响"), &r));
	assert_true(r.is_sure);
	assert_true(str_eq(table->v[r.best].name.text, STR("0101")));
	assert_ok(proposer_category(p, STR("请问身份证在哪里办理"), &r));
	assert_false(r.is_sure);
	p = proposer_free(p);
}

static void without_secrets_nothing_is_found(void **state)
{
	struct similar hit[SIMILAR_LIST_MAX];
	const struct cases_report report_ = {.text = STR("路灯")};
	struct cases_found row[1];
	struct problem problem = {0};
	struct proposer *p = NULL;
	struct reader *blind = NULL;
	struct arena a = {0};
	unsigned n = 0;
	bool more;

	(void)state;
	assert_ok(reader_open(&t.store.paths, NULL, &blind));
	assert_err(cases_search(blind, STR("路灯"), STR(""), 0, 1, &a, row, &n, &more, &problem),
		   ERR_KEYS);
	assert_err(cases_duplicates(blind, &report_, hit, &n), ERR_KEYS);
	assert_err(proposer_new(blind, &t.shelf->shelf.now.categories, &p), ERR_KEYS);
	reader_close(blind);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_search_finds_the_newest_with_every_word),
	    TEST(a_live_case_near_by_with_the_same_words_is_a_likely_duplicate),
	    TEST(a_text_proposes_a_category_or_says_unsure),
	    TEST(without_secrets_nothing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
