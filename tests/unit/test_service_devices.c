/* What is said of devices, at the writer: by a command and by an import, said again, refused; and
 * that all of it is made again from the entries. */
#include "accounts.h"

#include "service/device_order.h"
#include "service/devices.h"

static struct test_cases t;
static struct reader *reader;
static uint64_t svc, camera, lane;

static uint64_t place_of(enum place_kind kind, const char *ext)
{
	struct place_draft d = cases_draft(kind, ext);
	struct place_batch b = {&d, 1};
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_SET_PLACES);
	cmd.c.account = STR("test");
	cmd.c.places.batch = &b;
	assert_ok(test_run(&t.store, t.w, &cmd));
	assert_int_equal(d.outcome, PLACE_ADDED);
	return cmd.c.answer.n;
}

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &reader));
	svc = staff_account(&t, "svc", "unit_handler", "SVC");
	camera = place_of(PLACE_DEVICE, "t:camera");
	lane = place_of(PLACE_WAY, "t:lane");
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

static struct device_order order(uint64_t place, enum device_state s)
{
	return (struct device_order){.account = svc,
				     .role = STR("unit_handler"),
				     .unit = STR("SVC"),
				     .place = place,
				     .state = s};
}

static enum err give(struct device_order *o, uint64_t *ret_n)
{
	struct test_command cmd;
	enum err e;

	test_command_init(&cmd, COMMAND_DEVICE);
	cmd.c.device.order = o;
	e = test_run(&t.store, t.w, &cmd);
	if (e == ERR_OK)
		*ret_n = cmd.c.answer.n;
	return e;
}

static void refuses(struct device_order o, enum err e, enum msg msg)
{
	uint64_t n = 0, before = t.w->journal.n;

	assert_err(give(&o, &n), e);
	assert_int_equal(o.problem.msg, msg);
	assert_int_equal(t.w->journal.n, before);
}

static unsigned offline(void)
{
	static struct device_offline rows[DEVICES_PAGE_MAX];
	static char memory[DEVICES_ARENA_BYTES];
	struct arena a;
	unsigned n = 0;
	bool more;

	arena_init(&a, memory, sizeof memory);
	assert_ok(devices_offline(reader->db, INT64_MIN, 0, &a, DEVICES_PAGE_MAX, rows, &n, &more));
	assert_false(more);
	return n;
}

static void said_again_it_comes_to_no_entry(void **state)
{
	struct device_order o = order(camera, DEVICE_OFFLINE);
	uint64_t first = 0, again = 0, before;

	(void)state;
	assert_int_equal(offline(), 0);
	assert_ok(give(&o, &first));
	assert_int_equal(offline(), 1);
	before = t.w->journal.n;
	o.since_us = 1; /* another since is no other state */
	assert_ok(give(&o, &again));
	assert_int_equal(again, first);
	assert_int_equal(t.w->journal.n, before);
	o = order(camera, DEVICE_WORKING);
	assert_ok(give(&o, &again));
	assert_true(again > first);
	assert_int_equal(offline(), 0);
}

static void what_is_no_device_and_what_is_no_word_is_refused(void **state)
{
	struct device_order o = order(camera, DEVICE_OFFLINE);

	(void)state;
	refuses(order(lane, DEVICE_OFFLINE), ERR_BAD_INPUT, MSG_DEVICE_NONE);
	refuses(order(1, DEVICE_OFFLINE), ERR_NOT_FOUND, MSG_DEVICE_NONE);
	o.since_us = t.store.now.utc_us + 1000000;
	refuses(o, ERR_BAD_INPUT, MSG_DEVICE_SINCE);
	o.since_us = 0;
	o.source = STR("粤B12345 挡住");
	refuses(o, ERR_BAD_INPUT, MSG_DEVICE_SOURCE);
	o.source = STR("0123456789012345678901234567890123456789012345678901234567890");
	refuses(o, ERR_BAD_INPUT, MSG_DEVICE_SOURCE);
}

static struct place_draft imports(enum place_kind kind, const char *ext, bool only,
				  enum device_state s)
{
	struct place_draft d = cases_draft(kind, ext);
	struct place_batch b = {&d, 1};
	struct test_command cmd;

	d.only_state = only;
	d.state = s;
	d.state_word = STR("离线");
	test_command_init(&cmd, COMMAND_SET_PLACES);
	cmd.c.account = STR("test");
	cmd.c.places.batch = &b;
	assert_ok(test_run(&t.store, t.w, &cmd));
	return d;
}

static void a_list_says_it_again_and_again(void **state)
{
	struct place_draft d;
	uint64_t before = t.w->journal.n;

	(void)state;
	d = imports(PLACE_DEVICE, "t:new", true, DEVICE_OFFLINE);
	assert_int_equal(d.outcome, PLACE_REFUSED);
	assert_int_equal(d.problem.msg, MSG_DEVICE_ONLY);
	d = imports(PLACE_WAY, "t:way2", false, DEVICE_OFFLINE);
	assert_int_equal(d.outcome, PLACE_REFUSED);
	assert_int_equal(t.w->journal.n, before);
	d = imports(PLACE_DEVICE, "t:new", false, DEVICE_OFFLINE);
	assert_int_equal(d.outcome, PLACE_ADDED);
	assert_int_equal(offline(), 1);
	before = t.w->journal.n;
	assert_int_equal(imports(PLACE_DEVICE, "t:new", false, DEVICE_OFFLINE).outcome, PLACE_SAME);
	assert_int_equal(imports(PLACE_DEVICE, "t:new", true, DEVICE_OFFLINE).outcome, PLACE_SAME);
	assert_int_equal(t.w->journal.n, before);
	assert_int_equal(imports(PLACE_DEVICE, "t:new", true, DEVICE_WORKING).outcome,
			 PLACE_CHANGED);
	assert_int_equal(offline(), 0);
	assert_int_equal(t.w->journal.n, before + 1);
}

static void words_of_lists_are_known_and_nothing_is_guessed(void **state)
{
	enum device_state s = DEVICE_UNKNOWN;

	(void)state;
	assert_true(device_state_parse(STR("Offline"), &s));
	assert_int_equal(s, DEVICE_OFFLINE);
	assert_true(device_state_parse(STR("在线"), &s));
	assert_int_equal(s, DEVICE_WORKING);
	assert_false(device_state_parse(STR("故障"), &s));
	assert_false(device_state_parse(STR(""), &s));
}

/* Which post looked at footage, when, for what and for which case. */
static void a_look_at_footage_is_logged(void **state)
{
	static char memory[CAMERA_LOOKS_ARENA_BYTES];
	struct device_order o = order(camera, DEVICE_UNKNOWN);
	struct camera_look v[CAMERA_LOOKS_MAX];
	uint64_t first = 0, second = 0, id, before;
	struct place_draft d = cases_draft(PLACE_DEVICE, "t:camera");
	struct place_batch b = {&d, 1};
	struct test_command cmd;
	struct arena a;
	unsigned n = 0;

	(void)state;
	o.is_look = true;
	o.purpose = STR("getting-it-done");
	refuses(o, ERR_BAD_INPUT, MSG_CAMERA_NONE); /* a device, and as yet no camera */
	d.place.field[PLACE_FIELD_DEVICE_KIND] = (struct place_value){true, 0, STR("camera")};
	test_command_init(&cmd, COMMAND_SET_PLACES);
	cmd.c.places.batch = &b;
	assert_ok(test_run(&t.store, t.w, &cmd));
	assert_int_equal(d.outcome, PLACE_CHANGED);
	id = cases_hand_in(&t, "resident-request",
			   FIELDS("place", "0", "text", "包裹不见了", "channel", "phone",
				  "has_reporter", "yes", "drill", "no"));
	o.case_id = id;
	o.looked_us = t.store.now.utc_us - 60000000;
	assert_ok(give(&o, &first));
	o.case_id = 0;
	o.looked_us = 0;
	o.role = STR("duty_officer");
	o.unit = STR("DESK");
	assert_ok(give(&o, &second));
	assert_int_equal(second, first + 1); /* each look is an entry, also said again */
	arena_init(&a, memory, sizeof memory);
	assert_ok(camera_looks(reader->db, camera, 0, &a, 10, v, &n));
	assert_int_equal(n, 2);
	assert_int_equal(v[0].n, second);
	assert_true(str_eq(v[0].role, STR("duty_officer")));
	assert_int_equal(v[0].case_id, 0);
	assert_int_equal(v[0].looked_us, v[0].at_us);
	assert_int_equal(v[1].case_id, id);
	assert_true(str_eq(v[1].unit, STR("SVC")));
	assert_true(str_eq(v[1].purpose, STR("getting-it-done")));
	assert_true(v[1].looked_us < v[1].at_us);
	arena_init(&a, memory, sizeof memory);
	assert_ok(camera_looks(reader->db, camera, second, &a, 10, v, &n));
	assert_int_equal(n, 1);
	assert_int_equal(v[0].n, first);
	before = t.w->journal.n;
	o.purpose = STR("curiosity");
	refuses(o, ERR_BAD_INPUT, MSG_CAMERA_PURPOSE);
	o.purpose = STR("getting-it-done");
	o.case_id = 1;
	refuses(o, ERR_BAD_INPUT, MSG_CASE_UNKNOWN);
	o.case_id = 0;
	o.looked_us = INT64_MAX;
	refuses(o, ERR_BAD_INPUT, MSG_DEVICE_SINCE);
	o.looked_us = 0;
	o.place = lane;
	refuses(o, ERR_BAD_INPUT, MSG_CAMERA_NONE);
	assert_int_equal(t.w->journal.n, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(said_again_it_comes_to_no_entry),
	    cmocka_unit_test(what_is_no_device_and_what_is_no_word_is_refused),
	    cmocka_unit_test(a_list_says_it_again_and_again),
	    cmocka_unit_test(words_of_lists_are_known_and_nothing_is_guessed),
	    cmocka_unit_test(a_look_at_footage_is_logged),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
