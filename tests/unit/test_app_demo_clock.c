/* The clock of a demo as the threads of an office read it: where it begins, how fast it goes, how
 * it is moved. */
#include "test.h"

#include "app/demo_clock.h"
#include "app/kernel.h"

#define BEGIN INT64_C(1781136000000000)
#define DAY (INT64_C(24) * 3600 * 1000000)

static void one_that_stands_still_moves_only_when_moved(void **state)
{
	struct demo_clock *c = demo_clock_new(BEGIN, 0);

	(void)state;
	assert_int_equal(demo_clock_now(c).utc_us, BEGIN);
	demo_clock_move(c, BEGIN + DAY);
	assert_int_equal(demo_clock_now(c).utc_us, BEGIN + DAY);
	demo_clock_move(c, BEGIN); /* back: nothing */
	assert_int_equal(demo_clock_now(c).utc_us, BEGIN + DAY);
	demo_clock_free(c);
}

static void the_time_since_boot_stays_the_machine_s(void **state)
{
	struct demo_clock *c = demo_clock_new(BEGIN, DEMO_SPEED_MAX);
	int64_t before = kernel_clock().boot_us, between, after;

	(void)state;
	demo_clock_move(c, BEGIN + 100 * DAY);
	between = demo_clock_now(c).boot_us;
	after = kernel_clock().boot_us;
	assert_true(before <= between && between <= after);
	demo_clock_free(c);
}

/* Between two looks at the machine's clock, whatever it takes: never slower, never faster. */
static void it_goes_at_its_speed_and_goes_on_from_where_it_was_moved(void **state)
{
	struct demo_clock *c = demo_clock_new(BEGIN, 60000);
	int64_t t[2], m[4];

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		m[0] = kernel_clock().boot_us;
		t[0] = demo_clock_now(c).utc_us;
		m[1] = kernel_clock().boot_us;
		do
			m[2] = kernel_clock().boot_us;
		while (m[2] - m[1] < 2000);
		t[1] = demo_clock_now(c).utc_us;
		m[3] = kernel_clock().boot_us;
		assert_true(t[1] - t[0] >= 60 * (m[2] - m[1]) - 120);
		assert_true(t[1] - t[0] <= 60 * (m[3] - m[0]) + 120);
		demo_clock_move(c, t[1] + DAY);
		assert_true(demo_clock_now(c).utc_us >= t[1] + DAY);
	}
	demo_clock_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_that_stands_still_moves_only_when_moved),
	    cmocka_unit_test(the_time_since_boot_stays_the_machine_s),
	    cmocka_unit_test(it_goes_at_its_speed_and_goes_on_from_where_it_was_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
