/* Desks in shifts, at the writer: who keeps which, what is refused and changes nothing, what a note
 * leaves in the files, and that all of it is made again from the entries. */
#include "accounts.h"

#include "service/kind_shift.h"
#include "service/shifts.h"

static struct test_cases t;
static struct reader *reader;
static uint64_t wang, zhao;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &reader));
	wang = staff_account(&t, "wang", "duty_officer", "DESK");
	zhao = staff_account(&t, "zhao", "intake", "DESK");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	reader = reader_close(reader);
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

static struct shift_order order(enum shift_act act, uint64_t account, unsigned desk)
{
	return (struct shift_order){
	    .act = act,
	    .account = account,
	    .role = account == wang ? STR("duty_officer") : STR("intake"),
	    .unit = STR("DESK"),
	    .desk = desk,
	};
}

static enum err give(struct shift_order *o, uint64_t *ret_n)
{
	struct test_command cmd;
	enum err e;

	test_command_init(&cmd, COMMAND_SHIFT);
	cmd.c.shift.order = o;
	e = test_run(&t.store, t.w, &cmd);
	if (e == ERR_OK)
		*ret_n = cmd.c.answer.n;
	return e;
}

static uint64_t opens(uint64_t account, unsigned desk, uint64_t note)
{
	struct shift_order o = order(SHIFT_OPEN, account, desk);
	uint64_t n = 0;

	o.note = note;
	assert_ok(give(&o, &n));
	return n;
}

static uint64_t notes(uint64_t account, unsigned desk, const char *text)
{
	struct shift_order o = order(SHIFT_NOTE, account, desk);
	uint64_t n = 0;

	o.text = str_of(text);
	assert_ok(give(&o, &n));
	return n;
}

static void refuses(struct shift_order o, enum err e, enum msg msg)
{
	uint64_t n = 0, before = t.w->journal.n;

	assert_err(give(&o, &n), e);
	assert_int_equal(o.problem.msg, msg);
	assert_int_equal(t.w->journal.n, before);
}

static bool is_open_to(uint64_t account)
{
	bool is = false;

	assert_ok(shift_queue_open(reader, STR("DESK"), account, &is));
	return is;
}

static void a_desk_goes_from_one_to_the_next_with_its_note(void **state)
{
	struct shift desks[SHIFT_DESKS_MAX];
	struct shift_note *note = malloc(sizeof *note);
	struct shift_order o;
	unsigned n = 0;
	uint64_t entry;

	(void)state;
	assert_true(is_open_to(wang) && is_open_to(zhao)); /* no shifts: nothing is shut */
	opens(wang, 1, 0);
	assert_true(is_open_to(wang));
	assert_false(is_open_to(zhao));
	refuses(order(SHIFT_OPEN, wang, 1), ERR_CONFLICT, MSG_SHIFT_OWN_ALREADY);
	refuses(order(SHIFT_OPEN, zhao, 1), ERR_CONFLICT, MSG_SHIFT_KEPT);
	o = order(SHIFT_NOTE, zhao, 1);
	o.text = STR("x");
	refuses(o, ERR_CONFLICT, MSG_SHIFT_NOT_YOURS);
	o.desk = 2; /* nobody ever opened it */
	refuses(o, ERR_CONFLICT, MSG_SHIFT_NOT_YOURS);
	entry = notes(wang, 1, "lift of lane 2 is out of order");
	assert_ok(shift_read_note(reader, entry, note));
	assert_true(str_eq(note->text, STR("lift of lane 2 is out of order")));
	assert_err(shift_read_note(reader, entry - 1, note), ERR_NOT_FOUND);
	free(note);
	refuses(order(SHIFT_OPEN, zhao, 1), ERR_CONFLICT, MSG_SHIFT_READ_NOTE);
	opens(zhao, 1, entry);
	assert_false(is_open_to(wang));
	assert_true(is_open_to(zhao));
	assert_ok(shifts_of_unit(reader->db, STR("DESK"), desks, &n));
	assert_int_equal(n, 1);
	assert_int_equal(desks[0].note, 0);
	assert_memory_equal(desks[0].role_memory, "intake", desks[0].role.n);
	/* another unit's desks are its own */
	assert_ok(shifts_of_unit(reader->db, STR("URB"), desks, &n));
	assert_int_equal(n, 0);
}

static void a_forced_take_over_says_so_and_a_note_is_not_passed_by(void **state)
{
	struct shift_order o = order(SHIFT_OPEN, wang, 3);
	uint64_t n = 0;

	(void)state;
	opens(zhao, 3, 0);
	o.forced = true;
	notes(zhao, 3, "read me");
	refuses(o, ERR_CONFLICT, MSG_SHIFT_READ_NOTE);
	opens(wang, 3, t.w->journal.n);
	o = order(SHIFT_OPEN, zhao, 3);
	o.forced = true;
	assert_ok(give(&o, &n));
	refuses(order(SHIFT_OPEN, wang, 3), ERR_CONFLICT, MSG_SHIFT_KEPT);
}

static void who_has_no_such_post_any_more_keeps_nothing(void **state)
{
	struct shift_order o = order(SHIFT_OPEN, wang, 4);

	(void)state;
	o.role = STR("desk_lead");
	refuses(o, ERR_FORBIDDEN, MSG_ACCOUNT_ACTOR);
	o = order(SHIFT_OPEN, 1, 4); /* an entry that made no account */
	refuses(o, ERR_FORBIDDEN, MSG_ACCOUNT_ACTOR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_desk_goes_from_one_to_the_next_with_its_note),
	    cmocka_unit_test(a_forced_take_over_says_so_and_a_note_is_not_passed_by),
	    cmocka_unit_test(who_has_no_such_post_any_more_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
