/* Who somebody is in a case, and what they may do next: by account, by secret, in each role; the
 * same that the writer then does or refuses. What a list shows beside the queue's row. */
#include "cases.h"

#include "service/case_ask.h"
#include "service/case_line.h"
#include "service/cases.h"
#include "service/reader.h"

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

static const char *const lamp[] = {"place", "0", "text", "路灯不亮", "channel", "portal",
				   "has_reporter", "yes", "drill", "no", NULL};

static struct reader *open_reader(struct test_cases *t)
{
	struct reader *r = NULL;

	assert_ok(reader_open(&t->store.paths, &t->store.secrets, &r));
	return r;
}

static struct case_standing standing(struct reader *r, uint64_t id, const struct case_shown *shown)
{
	struct case_standing s;

	assert_ok(case_standing_of(r, id, shown, &s));
	return s;
}

/* Does this role have the command among its ways? */
static bool may(struct test_cases *t, uint64_t id, const char *role, const char *command,
		const uint8_t handle[HANDLE_BYTES])
{
	static const uint8_t nobody[HANDLE_BYTES];
	const struct cases_type *type = NULL;
	unsigned way[CASES_TRANSITIONS_MAX], n = 0;
	bool found = false;

	assert_ok(case_next(t->w->db, &t->shelf->shelf, id, str_of(role),
			    handle ? handle : nobody, t->store.now.utc_us, &type, way, &n));
	for (unsigned i = 0; i < n; i++)
		found = found ||
			strcmp(cases_command_name(type->transitions[way[i]].command), command) == 0;
	return found;
}

static void reporter_with_secret(void **state)
{
	struct test_cases *t = *state;
	struct reader *r;
	uint64_t id;

	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = CASE_HAND_NEW,
				       .role = STR("reporter"),
				       .type = STR("resident-request")};
	assert_ok(cases_call(t, lamp));
	id = t->order.ret_id;
	r = open_reader(t);
	struct case_shown shown = {.hand = CASE_HAND_SECRET};
	memcpy(shown.secret, t->answer.secret, SEAL_SECRET_BYTES);
	struct case_standing s = standing(r, id, &shown);
	assert_true(s.reports);
	assert_false(s.follows);
	shown.secret[0] ^= 1;
	assert_int_equal(case_standing_of(r, id, &shown, &s), ERR_FORBIDDEN);
	shown.secret[0] ^= 1;
	shown.follower = id; /* nobody joined by that entry */
	assert_int_equal(case_standing_of(r, id, &shown, &s), ERR_FORBIDDEN);
	shown.follower = 0;
	assert_int_equal(case_standing_of(r, id + 1000, &shown, &s), ERR_NOT_FOUND);
	const struct case_shown nobody = {.hand = CASE_HAND_NEW};
	s = standing(r, id, &nobody);
	assert_false(s.reports || s.follows || s.acted);
	reader_close(r);
}

static void account_that_acted(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	struct case_shown shown = {.hand = CASE_HAND_ACCOUNT, .account = STR("desk-1")};
	struct reader *r = open_reader(t);
	struct case_standing s = standing(r, id, &shown);

	assert_true(s.acted);
	assert_false(s.reports); /* staff handed it in for somebody */
	shown.account = STR("desk-2");
	s = standing(r, id, &shown);
	assert_false(s.acted);
	reader_close(r);
}

/* The doer of a check is not offered its own work. */
static void ways_follow_state_role_and_doer(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	struct case_shown shown = {.hand = CASE_HAND_ACCOUNT, .account = STR("desk-1")};
	struct reader *r;
	struct case_standing s;

	assert_true(may(t, id, "intake", "open", NULL));
	assert_true(may(t, id, "duty_officer", "refuse", NULL));
	assert_false(may(t, id, "intake", "dispatch", NULL));
	assert_false(may(t, id, "unit_handler", "open", NULL));
	assert_true(may(t, id, "reporter", "withdraw", NULL));
	assert_false(may(t, id, "no_such_role", "open", NULL));
	/* of another office's record only, and so it is done */
	assert_false(may(t, id, "intake", "adopt", NULL));
	assert_false(may(t, id, "intake", "source_closed", NULL));
	assert_int_equal(cases_do(t, id, "adopt", "intake", "desk-1", NO_FIELDS), ERR_CONFLICT);
	cases_must(t, id, "refuse", "duty_officer", "desk-1",
		   FIELDS("refuse_reason", "in_court", "refuse_ground", "诉讼中"));
	r = open_reader(t);
	s = standing(r, id, &shown);
	assert_true(may(t, id, "duty_officer", "sign", NULL));
	assert_false(may(t, id, "duty_officer", "sign", s.handle));
	assert_false(may(t, id, "intake", "open", NULL));
	reader_close(r);
	/* and so it is: the same are done and refused */
	assert_int_equal(cases_do(t, id, "sign", "duty_officer", "desk-1", NO_FIELDS),
			 ERR_FORBIDDEN);
	cases_must(t, id, "sign", "duty_officer", "desk-2", NO_FIELDS);
	assert_true(may(t, id, "reporter", "object", NULL));
}

/* A guard on a field that nobody fills shuts the way; one that is filled with the command does not.
 */
static void guards_shut_ways(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);

	assert_true(may(t, id, "grid_worker", "on_spot", NULL));
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(t, id, "dispatch", "dispatcher", "desk-1", NO_FIELDS);
	assert_true(may(t, id, "unit_handler", "hand_back", NULL));
	assert_false(may(t, id, "joint_handler", "joint_result", NULL)); /* no joint part is open */
	cases_must(t, id, "receive", "unit_handler", "firm-1", NO_FIELDS);
	assert_false(may(t, id, "desk_lead", "extend", NULL)); /* nobody asked for a date */
}

static int64_t due_of(struct test_cases *t, uint64_t id)
{
	struct db_stmt *s = db_stmt(t->w->db, SQL_case_open_get);
	int64_t due_us;
	bool row = false;

	db_bind_u64(s, 1, id);
	assert_ok(db_step(t->w->db, s, &row));
	assert_true(row);
	due_us = db_i64(s, 1);
	db_done(s);
	return due_us;
}

static void line_of_a_list(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	_Alignas(16) char memory[CASE_LINE_ARENA_BYTES];
	struct case_line line;
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	assert_ok(case_line(t->w->db, id, 0, &a, &line));
	assert_int_equal(line.due_clock.n, 0);
	assert_ok(case_line(t->w->db, id, due_of(t, id), &a, &line));
	assert_true(str_eq(line.due_clock, STR("opening")));
	assert_int_equal(line.handed_in_us, t->answer.at_us);
	assert_int_equal(line.place_title.n, 0);
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	arena_init(&a, memory, sizeof memory);
	assert_ok(case_line(t->w->db, id, due_of(t, id), &a, &line));
	assert_true(str_eq(line.due_clock, STR("dispatching")));
	assert_int_equal(case_line(t->w->db, id + 1000, 0, &a, &line), ERR_NOT_FOUND);
}

/* Every step can be read back one by one, attachments too. */
static void steps_are_a_walk(void **state)
{
	struct test_cases *t = *state;
	static _Alignas(16) char memory[8 * ENTRY_BYTES_MAX];
	uint64_t id = cases_hand_in(t, "resident-request", lamp), photo, n;
	struct case_attachment_row rows[CASE_ATTACHMENTS_MAX];
	struct case_step_read step;
	struct case_view v;
	unsigned steps = 0, files = 0;
	bool its = false;
	struct arena a;

	photo = cases_attach(t, id, "photos", "intake", STR("desk-1"));
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_view(t->w->db, id, &a, &v));
	for (n = v.n; n != 0; steps++) {
		arena_init(&a, memory, sizeof memory);
		assert_ok(cases_is_step(t->w->db, n, id, &its));
		assert_true(its);
		assert_ok(cases_step_read(t->w->db, n, &a, &step));
		assert_true((step.attached == NULL) != (step.entry == NULL));
		assert_int_equal(step.attached != NULL, n == photo);
		n = step.prev;
	}
	assert_int_equal(steps, 3);
	assert_ok(cases_is_step(t->w->db, 1, id, &its));
	assert_false(its);
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_attachments(t->w->db, id, &a, rows, &files));
	assert_int_equal(files, 1);
	assert_int_equal(rows[0].n, photo);
	assert_true(str_eq(rows[0].field, STR("photos")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(reporter_with_secret, setup, teardown),
	    cmocka_unit_test_setup_teardown(account_that_acted, setup, teardown),
	    cmocka_unit_test_setup_teardown(ways_follow_state_role_and_doer, setup, teardown),
	    cmocka_unit_test_setup_teardown(guards_shut_ways, setup, teardown),
	    cmocka_unit_test_setup_teardown(line_of_a_list, setup, teardown),
	    cmocka_unit_test_setup_teardown(steps_are_a_walk, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
