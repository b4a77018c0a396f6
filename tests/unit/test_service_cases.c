/* Cases through the writer: from the report to the reporter's word, in rows and entries; timers;
 * what is refused changes nothing; live rows equal rebuilt ones. */
#include "cases.h"

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

static uint64_t report(struct test_cases *t)
{
	return cases_hand_in(t, "resident-request",
			     FIELDS("place", "0", "text", "巷子里的路灯不亮", "channel", "phone",
				    "has_reporter", "yes", "drill", "no"));
}

static void a_matter_goes_its_way(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = report(t);

	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(t, id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	cases_must(t, id, "receive", "unit_handler", "urb-7", NO_FIELDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_matter_goes_its_way, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
