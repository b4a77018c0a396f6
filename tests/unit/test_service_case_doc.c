/* The lines of a case's document: clocks as their numbers, and what is no clock. */
#include "test.h"

#include "service/kind_case.h"

static const struct case_clock clocks[] = {
    {0},
    {.run = CASE_RUN_RUNS,
     .by = CASE_BY_TYPE,
     .unit = TIME_UNIT_WORKING_DAY,
     .amount = UINT32_MAX,
     .level = CASES_ESCALATION_MAX,
     .from_us = 1764316800123456,
     .due_us = 99999999,
     .first_due_us = 100000000,
     .left_us = -1,
     .ended_us = -1764316800123456,
     .next_us = 999999999999999999},
    {.due_us = 12345678, .first_due_us = -12345678, .left_us = 1234567812345678,
     .next_us = 123456789},
};

static struct str text_of(const struct case_clock *c, struct buf *out)
{
	case_doc_put_clock(c, out);
	return buf_str(out);
}

static void a_clock_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		char memory[256];
		struct buf out = buf_over(memory, sizeof memory);
		struct case_clock back;
		assert_true(case_doc_get_clock(text_of(&clocks[i], &out), &back));
		assert_int_equal(back.run, clocks[i].run);
		assert_int_equal(back.by, clocks[i].by);
		assert_int_equal(back.unit, clocks[i].unit);
		assert_int_equal(back.amount, clocks[i].amount);
		assert_int_equal(back.level, clocks[i].level);
		assert_int_equal(back.from_us, clocks[i].from_us);
		assert_int_equal(back.due_us, clocks[i].due_us);
		assert_int_equal(back.first_due_us, clocks[i].first_due_us);
		assert_int_equal(back.left_us, clocks[i].left_us);
		assert_int_equal(back.ended_us, clocks[i].ended_us);
		assert_int_equal(back.next_us, clocks[i].next_us);
	}
}

/* Any one character another one: either it is refused, or it is the text of what was read. */
static void no_other_text_is_that_clock(void **state)
{
	char memory[256], again[256];
	struct buf out = buf_over(memory, sizeof memory);
	struct str text = text_of(&clocks[1], &out);
	unsigned refused = 0;

	(void)state;
	for (size_t at = 0; at < text.n; at++)
		for (unsigned c = 0; c < 256; c++) {
			struct buf back = buf_over(again, sizeof again);
			char kept = memory[at];
			struct case_clock got;
			memory[at] = (char)c;
			if (!case_doc_get_clock(text, &got))
				refused++;
			else if (memory[at] != '0' && (memory[at] != '-' || memory[at + 1] != '0'))
				assert_true(str_eq(text_of(&got, &back), text));
			memory[at] = kept;
		}
	assert_true(refused > 200 * text.n);
}

static void a_part_of_it_is_none(void **state)
{
	char memory[256];
	struct buf out = buf_over(memory, sizeof memory);
	struct str text = text_of(&clocks[2], &out);
	struct case_clock got;

	(void)state;
	for (size_t n = 0; n < text.n - 8; n++) /* the last number may be a shorter one */
		assert_false(case_doc_get_clock((struct str){text.p, n}, &got));
	assert_false(case_doc_get_clock(STR("1 0 0 0 0 1234567890123456789 0 0 0 0 0"), &got));
	assert_false(case_doc_get_clock(STR("0 0 0 0 0 0 0 0 0 0 0 "), &got));
	assert_false(case_doc_get_clock(STR("0 0 0 0 0 0 0 0 0 0 0 0"), &got));
	assert_false(case_doc_get_clock(STR("0 0 0 0 0 0 0 0 0 0 -"), &got));
	assert_false(case_doc_get_clock(STR("9 0 0 0 0 0 0 0 0 0 0"), &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_clock_comes_back),
	    cmocka_unit_test(no_other_text_is_that_clock),
	    cmocka_unit_test(a_part_of_it_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
