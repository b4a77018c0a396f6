/* A demo's time in the writer: it stands at the last entry until it goes, is moved ahead only,
 * carries out what is due on the way at its own instant, is never held; and no other store can be
 * moved. */
#include "cases.h"

#define HOUR (INT64_C(3600) * 1000000)
#define DAY (24 * HOUR)

static const char *const lamp[] = {
    "place", "0",  "text", "巷子里的路灯不亮", "channel", "phone", "has_reporter", "yes",
    "drill", "no", NULL};

static int setup(void **state)
{
	static struct test_cases t;

	cases_open_as(&t, NULL, true, NULL, NULL, NULL);
	t.w->demo_goes = true;
	*state = &t;
	return 0;
}

static int setup_real(void **state)
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

static enum err move_to(struct test_cases *t, int64_t to_us, struct test_command *cmd)
{
	test_command_init(cmd, COMMAND_DEMO_CLOCK);
	cmd->c.demo_clock.to_us = to_us;
	return test_run(&t->store, t->w, cmd);
}

static int64_t next_of(struct test_cases *t, uint64_t id)
{
	char sql[128];

	snprintf(sql, sizeof sql, "SELECT next FROM case_open WHERE id = %llu",
		 (unsigned long long)id);
	return cases_i64(t, sql);
}

#define OF_TIMER "FROM entry WHERE json_extract(CAST(body AS TEXT), '$.actor.role') = 'timer'"

static void what_is_due_on_the_way_goes_at_its_own_instant(void **state)
{
	struct test_cases *t = *state;
	struct test_command cmd;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	int64_t next = next_of(t, id), to = next + 20 * DAY, n;

	assert_ok(move_to(t, to, &cmd));
	n = cases_i64(t, "SELECT count(*) " OF_TIMER);
	assert_true(n > 1); /* one level after the other, as on twenty days that pass */
	assert_int_equal(
	    cases_i64(t, "SELECT min(json_extract(CAST(body AS TEXT), '$.at')) " OF_TIMER), next);
	assert_int_equal(
	    cases_i64(t,
		      "SELECT count(DISTINCT json_extract(CAST(body AS TEXT), '$.at')) " OF_TIMER),
	    n);
	assert_int_equal(
	    cases_i64(t, "SELECT sum(json_extract(CAST(body AS TEXT), '$.data.late')) " OF_TIMER),
	    0);
	assert_true(
	    cases_i64(t, "SELECT max(json_extract(CAST(body AS TEXT), '$.at')) " OF_TIMER) <= to);
	assert_true(next_of(t, id) == 0 || next_of(t, id) > to);
	assert_int_equal(cmd.c.answer.at_us, to);
	assert_int_equal(cases_i64(t, "SELECT json_extract(CAST(body AS TEXT), '$.data.to') FROM "
				      "entry ORDER BY n DESC LIMIT 1"),
			 to);
}

static void commands_of_the_same_group_stand_on_their_side_of_the_move(void **state)
{
	struct test_cases *t = *state;
	struct test_command before, move, after;
	struct command *group[3] = {&before.c, &move.c, &after.c};
	int64_t at = t->store.now.utc_us;

	test_line(&before, 0, "before");
	test_line(&after, 0, "after");
	test_command_init(&move, COMMAND_DEMO_CLOCK);
	move.c.demo_clock.to_us = at + 3 * HOUR;
	writer_group(t->w, group, 3, t->store.now);
	assert_ok(before.c.answer.err);
	assert_ok(move.c.answer.err);
	assert_ok(after.c.answer.err);
	assert_int_equal(before.c.answer.at_us, at);
	assert_int_equal(move.c.demo_clock.from_us, at);
	assert_int_equal(after.c.answer.at_us, at + 3 * HOUR);
}

static void it_moves_ahead_only_and_not_without_bound(void **state)
{
	struct test_cases *t = *state;
	struct test_command cmd;
	uint64_t n = t->w->journal.n;

	assert_err(move_to(t, t->store.now.utc_us - 1, &cmd), ERR_BAD_INPUT);
	assert_string_equal(cmd.c.answer.field, "to");
	assert_err(move_to(t, t->store.now.utc_us + DEMO_MOVE_MAX_US + 1, &cmd), ERR_BAD_INPUT);
	assert_err(move_to(t, INT64_MAX, &cmd), ERR_BAD_INPUT);
	assert_int_equal(t->w->journal.n, n);
	assert_ok(move_to(t, t->store.now.utc_us + DEMO_MOVE_MAX_US, &cmd));
}

static void it_resumes_at_the_last_entry_and_no_clock_holds_it(void **state)
{
	struct test_cases *t = *state;
	struct test_command cmd;
	int64_t to = t->store.now.utc_us + 5 * DAY;

	assert_ok(move_to(t, to, &cmd));
	cases_reopen(t);
	/* a tool without a demo's clock, years later: time stands where it was */
	t->store.now.utc_us += 1000 * DAY;
	test_line(&cmd, 0, "by a tool");
	assert_ok(test_run(&t->store, t->w, &cmd));
	assert_int_equal(cmd.c.answer.at_us, to);
	/* and an office whose demo's clock goes far at once */
	t->w->demo_goes = true;
	test_line(&cmd, 0, "by an office");
	assert_ok(test_run(&t->store, t->w, &cmd));
	assert_int_equal(cmd.c.answer.at_us, t->store.now.utc_us);
	assert_int_equal(t->w->clock.held, 0);
}

static void the_writer_is_called_when_a_timer_is_due_at_the_speed(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	int64_t left = next_of(t, id) - t->store.now.utc_us;

	cases_tick(t);
	t->w->sweep_boot_us = t->store.now.boot_us + 1000 * DAY; /* nothing else is due */
	t->w->checkpoint_boot_us = t->store.now.boot_us + 1000 * DAY;
	t->w->demo_speed = 60000;
	assert_int_equal(writer_due_in(t->w, t->store.now), left / 60);
	t->w->demo_speed = 500;
	assert_int_equal(writer_due_in(t->w, t->store.now), left * 2);
	t->w->demo_speed = 0;
	assert_true(writer_due_in(t->w, t->store.now) > 900 * DAY);
}

static void no_other_store_can_be_moved(void **state)
{
	struct test_cases *t = *state;
	struct test_command cmd;
	uint64_t n = t->w->journal.n;

	assert_err(move_to(t, t->store.now.utc_us + HOUR, &cmd), ERR_NOT_FOUND);
	assert_err(move_to(t, t->store.now.utc_us, &cmd), ERR_NOT_FOUND);
	assert_int_equal(t->w->journal.n, n);
	assert_true(t->w->journal.last_at_us <= t->store.now.utc_us);
}

int main(void)
{
#define WITH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    WITH(what_is_due_on_the_way_goes_at_its_own_instant),
	    WITH(commands_of_the_same_group_stand_on_their_side_of_the_move),
	    WITH(it_moves_ahead_only_and_not_without_bound),
	    WITH(it_resumes_at_the_last_entry_and_no_clock_holds_it),
	    WITH(the_writer_is_called_when_a_timer_is_due_at_the_speed),
	    cmocka_unit_test_setup_teardown(no_other_store_can_be_moved, setup_real, teardown),
	};
#undef WITH

	return cmocka_run_group_tests(tests, NULL, NULL);
}
