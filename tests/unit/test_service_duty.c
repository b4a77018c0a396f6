/* Duties, at the writer: every state with everything that can be asked in it, what is counted, that
 * two duties of one person have nothing in common and nobody can tell whose one was, and that all
 * of it is made again from the entries. */
#include "accounts.h"

#include "service/duties.h"
#include "service/kind_duty.h"

#define HOUR_US (INT64_C(3600) * 1000000)

static struct test_cases t;
static struct reader *reader;
static struct duty_counts counts;
static uint64_t chen, li;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &reader));
	chen = staff_account(&t, "chen", "grid_worker", "GRD"); /* G03 */
	li = staff_account(&t, "li", "volunteer", "VOL");
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

static int64_t now_us(void)
{
	return t.store.now.utc_us;
}

static struct duty_order order(enum duty_act act, uint64_t account)
{
	return (struct duty_order){
	    .act = act,
	    .account = account,
	    .role = account == li ? STR("volunteer") : STR("grid_worker"),
	    .unit = account == li ? STR("VOL") : STR("GRD"),
	    .until_us = now_us() + HOUR_US,
	};
}

static enum err give(struct duty_order *o, uint64_t *ret_n)
{
	struct test_command cmd;
	enum err e;

	test_command_init(&cmd, COMMAND_DUTY);
	cmd.c.duty.order = o;
	e = test_run(&t.store, t.w, &cmd);
	if (e == ERR_OK)
		*ret_n = cmd.c.answer.n;
	return e;
}

static uint64_t does(uint64_t account, enum duty_act act)
{
	struct duty_order o = order(act, account);
	uint64_t n = 0;

	assert_ok(give(&o, &n));
	return n;
}

static void refuses(struct duty_order o, enum err e, enum msg msg)
{
	uint64_t n = 0, before = t.w->journal.n;

	assert_err(give(&o, &n), e);
	assert_int_equal(o.problem.msg, msg);
	assert_int_equal(t.w->journal.n, before);
}

static void counts_are(unsigned on_duty, unsigned on_break)
{
	assert_ok(duty_count(reader->db, now_us(), &counts));
	assert_int_equal(counts.on_duty, on_duty);
	assert_int_equal(counts.on_break, on_break);
}

/* ---- every state with every event ---- */

enum state { OFF, ON, ON_BREAK, BREAK_OVER, DUTY_OVER, STATES };

static enum state state_of(uint64_t account)
{
	struct duty d;
	enum err e = duty_of(reader->db, reader->keys, account, now_us(), &d);

	if (e == ERR_NOT_FOUND)
		return OFF;
	assert_ok(e);
	return d.break_until_us != 0 ? ON_BREAK : ON;
}

static void come_into(enum state s)
{
	struct duty_order end = order(DUTY_END, chen);
	uint64_t n;

	(void)give(&end, &n); /* whatever it was in */
	if (s == OFF)
		return;
	does(chen, DUTY_START);
	if (s == ON_BREAK || s == BREAK_OVER)
		does(chen, DUTY_BREAK);
	if (s == BREAK_OVER)
		test_store_pass(&t.store, HOUR_US);
	if (s == DUTY_OVER)
		test_store_pass(&t.store, DUTY_MAX_US);
}

static void every_state_takes_what_it_takes_and_refuses_the_rest(void **state)
{
	static const struct {
		enum state after;
		enum msg refusal; /* MSG_COUNT: none */
	} table[STATES][DUTY_ACTS] = {
	    [OFF] = {{ON, MSG_COUNT}, {OFF, MSG_DUTY_NOT_ON}, {OFF, MSG_DUTY_NOT_ON},
		     {OFF, MSG_DUTY_NOT_ON}},
	    [ON] = {{ON, MSG_DUTY_ALREADY}, {ON_BREAK, MSG_COUNT}, {ON, MSG_DUTY_NO_BREAK},
		    {OFF, MSG_COUNT}},
	    [ON_BREAK] = {{ON_BREAK, MSG_DUTY_ALREADY}, {ON_BREAK, MSG_COUNT}, {ON, MSG_COUNT},
			  {OFF, MSG_COUNT}},
	    [BREAK_OVER] = {{ON, MSG_DUTY_ALREADY}, {ON_BREAK, MSG_COUNT}, {ON, MSG_DUTY_NO_BREAK},
			    {OFF, MSG_COUNT}},
	    [DUTY_OVER] = {{ON, MSG_COUNT}, {OFF, MSG_DUTY_NOT_ON}, {OFF, MSG_DUTY_NOT_ON},
			   {OFF, MSG_DUTY_NOT_ON}},
	};

	(void)state;
	for (unsigned s = 0; s < STATES; s++)
		for (unsigned act = 0; act < DUTY_ACTS; act++) {
			come_into((enum state)s);
			if (table[s][act].refusal == MSG_COUNT)
				does(chen, (enum duty_act)act);
			else
				refuses(order((enum duty_act)act, chen), ERR_CONFLICT,
					table[s][act].refusal);
			assert_int_equal(state_of(chen), table[s][act].after);
			counts_are(table[s][act].after != OFF, table[s][act].after == ON_BREAK);
		}
	come_into(OFF);
}

static void a_break_ends_within_the_duty(void **state)
{
	struct duty_order o = order(DUTY_BREAK, chen);

	(void)state;
	does(chen, DUTY_START);
	o.until_us = now_us();
	refuses(o, ERR_BAD_INPUT, MSG_DUTY_UNTIL);
	o.until_us = now_us() + DUTY_MAX_US;
	refuses(o, ERR_BAD_INPUT, MSG_DUTY_UNTIL);
	does(chen, DUTY_END);
}

/* ---- whom it is for, and where ---- */

static void only_a_post_that_is_sent_has_duties(void **state)
{
	uint64_t wang = staff_account(&t, "wang", "duty_officer", "DESK");
	struct duty_order o = order(DUTY_START, wang);

	(void)state;
	o.role = STR("duty_officer");
	o.unit = STR("DESK");
	refuses(o, ERR_FORBIDDEN, MSG_DUTY_NOT_SENT);
	o.role = STR("grid_worker"); /* no post of theirs */
	refuses(o, ERR_FORBIDDEN, MSG_ACCOUNT_ACTOR);
	o = order(DUTY_START, 1); /* an entry that made no account */
	refuses(o, ERR_FORBIDDEN, MSG_ACCOUNT_ACTOR);
}

static void the_grid_is_one_of_the_post(void **state)
{
	struct account_order made = {
	    .act = ACCOUNT_MAKE, .kind = ACCOUNT_STAFF, .name = STR("both"), .lang = LANG_ZH};
	struct duty_order o;
	uint64_t both = 0, n = 0;

	(void)state;
	made.posts.v[0] = post_of("grid_worker", "GRD", "G03");
	made.posts.v[0].areas[made.posts.v[0].areas_n++] = STR("G04");
	made.posts.v[1] = post_of("fire_team", "FIR", NULL);
	made.posts.n = 2;
	assert_ok(account_call(&t, &made, &both));
	o = order(DUTY_START, both);
	refuses(o, ERR_BAD_INPUT, MSG_DUTY_WHICH_AREA);
	o.area = STR("G05");
	refuses(o, ERR_BAD_INPUT, MSG_DUTY_AREA);
	o.area = STR("G04");
	assert_ok(give(&o, &n));
	counts_are(1, 0);
	assert_int_equal(counts.areas_n, 1);
	assert_memory_equal(counts.area[0].word, "G04", 3);
	/* one duty a person, under whatever post */
	o.role = STR("fire_team");
	o.unit = STR("FIR");
	refuses(o, ERR_CONFLICT, MSG_DUTY_ALREADY);
	does(both, DUTY_END);
	o.area = STR("G99"); /* a post for all grids: any that there is */
	refuses(o, ERR_BAD_INPUT, MSG_DUTY_AREA);
	o.area = STR("");
	assert_ok(give(&o, &n));
	counts_are(1, 0);
	assert_int_equal(counts.area[0].word_n, 0);
	does(both, DUTY_END);
}

static void counts_are_by_role_and_by_grid(void **state)
{
	(void)state;
	does(chen, DUTY_START);
	does(li, DUTY_START);
	does(li, DUTY_BREAK);
	counts_are(2, 1);
	assert_int_equal(counts.roles_n, 2);
	assert_memory_equal(counts.role[0].word, "grid_worker", 11);
	assert_memory_equal(counts.role[1].word, "volunteer", 9);
	assert_int_equal(counts.role[0].on_break, 0);
	assert_int_equal(counts.role[1].on_break, 1);
	assert_int_equal(counts.areas_n, 1);
	assert_int_equal(counts.area[0].on_duty, 2);
	does(chen, DUTY_END);
	counts_are(1, 1);
	does(li, DUTY_END);
	counts_are(0, 0);
}

/* ---- no trail ---- */

static void handle_of_entry(uint64_t n, uint8_t ret[HANDLE_BYTES])
{
	char entry[ENTRY_BYTES_MAX];
	_Alignas(16) static char memory[4 * ENTRY_BYTES_MAX];
	struct entry_view v;
	struct entry_head head;
	const struct entry_value *data = NULL;
	void *tree = NULL;
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	assert_ok(journal_entry(t.w->db, n, entry, &v));
	assert_ok(kind_parse(v.body, &a, &head, &tree, &data));
	free(tree);
	assert_true(head.actor.has_handle);
	memcpy(ret, head.actor.handle, HANDLE_BYTES);
}

static bool can_be_told(const uint8_t handle[HANDLE_BYTES])
{
	char kept[HANDLE_ACCOUNT_MAX + 1];

	return keyring_handle_account(t.w->keys, handle, kept) == ERR_OK;
}

static void two_duties_of_a_person_have_nothing_in_common(void **state)
{
	uint8_t first[HANDLE_BYTES], last[HANDLE_BYTES], second[HANDLE_BYTES];

	(void)state;
	handle_of_entry(does(chen, DUTY_START), first);
	does(chen, DUTY_BREAK);
	assert_true(can_be_told(first));
	handle_of_entry(does(chen, DUTY_END), last);
	assert_memory_equal(first, last, HANDLE_BYTES); /* within one they are known to be one */
	cases_deliver(&t);
	assert_false(can_be_told(first));
	handle_of_entry(does(chen, DUTY_START), second);
	assert_memory_not_equal(first, second, HANDLE_BYTES);
	does(chen, DUTY_END);
	cases_deliver(&t);
}

/* The program stops after the COMMIT, before the key is gone: it goes when it is started again. */
static void a_key_that_should_go_goes_after_a_crash(void **state)
{
	uint8_t handle[HANDLE_BYTES];

	(void)state;
	handle_of_entry(does(chen, DUTY_START), handle);
	does(chen, DUTY_END);
	t.w = writer_close(t.w);
	t.w = test_store_open(&t.store);
	assert_true(can_be_told(handle));
	cases_load_files(&t);
	assert_true(cases_deliver(&t) > 0);
	assert_false(can_be_told(handle));
}

/* Nobody ended it: it is over, without an entry, and goes with the next one that starts. */
static void a_duty_is_over_by_itself_and_counts_as_nothing(void **state)
{
	uint8_t handle[HANDLE_BYTES];
	uint64_t before;

	(void)state;
	handle_of_entry(does(chen, DUTY_START), handle);
	before = t.w->journal.n;
	test_store_pass(&t.store, DUTY_MAX_US - 1);
	counts_are(1, 0);
	test_store_pass(&t.store, 1);
	counts_are(0, 0);
	assert_int_equal(state_of(chen), OFF);
	assert_int_equal(t.w->journal.n, before);
	assert_true(can_be_told(handle));
	does(li, DUTY_START);
	cases_deliver(&t);
	assert_false(can_be_told(handle));
	counts_are(1, 0);
	does(li, DUTY_END);
}

static int64_t wall_n(void)
{
	return cases_i64(&t, "SELECT n FROM wall");
}

/* Who leaves is on duty no more, at once and by one entry, that of the account: none tells whose
 * the duty was, and nobody can. */
static void whoever_leaves_is_on_duty_no_more(void **state)
{
	uint8_t handle[HANDLE_BYTES];
	struct account_order ends = {.act = ACCOUNT_END, .account = li, .by = {.account = li}};
	uint64_t n, before;

	(void)state;
	does(chen, DUTY_START);
	n = does(li, DUTY_START);
	handle_of_entry(n, handle);
	does(li, DUTY_BREAK);
	counts_are(2, 1);
	before = t.w->journal.n;
	assert_ok(account_call(&t, &ends, NULL));
	assert_int_equal(t.w->journal.n, before + 1);
	counts_are(1, 0);
	assert_int_equal(wall_n(), before + 1);
	assert_int_equal(state_of(li), OFF);
	assert_int_equal(state_of(chen), ON);
	cases_deliver(&t);
	assert_false(can_be_told(handle));
	refuses(order(DUTY_END, li), ERR_CONFLICT, MSG_DUTY_NOT_ON);
	does(chen, DUTY_END);
	counts_are(0, 0);
	/* It goes as one goes that nobody ended, and with it the mark. */
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM duty"), 1);
	test_store_pass(&t.store, DUTY_MAX_US);
	does(chen, DUTY_START);
	cases_deliver(&t);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM duty"), 1);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM duty_left"), 0);
	counts_are(1, 0);
	does(chen, DUTY_END);
}

/* A post that is lost, or moved to another grid, likewise; what stays lets the duty stay. */
static void whoever_loses_the_post_is_on_duty_no_more(void **state)
{
	struct account_order changes = {.act = ACCOUNT_CHANGE,
					.account = chen,
					.by = {.account = chen},
					.sets_posts = true};

	(void)state;
	does(chen, DUTY_START);
	changes.posts.v[0] = post_of("grid_worker", "GRD", "G03");
	changes.posts.v[1] = post_of("volunteer", "VOL", "G03");
	changes.posts.n = 2;
	assert_ok(account_call(&t, &changes, NULL));
	counts_are(1, 0);
	changes.posts.v[0] = post_of("grid_worker", "GRD", "G02");
	assert_ok(account_call(&t, &changes, NULL));
	counts_are(0, 0);
	assert_int_equal(state_of(chen), OFF);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM duty_left"), 1);
	/* A new one is as any. */
	changes.posts.v[0] = post_of("grid_worker", "GRD", "G03");
	assert_ok(account_call(&t, &changes, NULL));
	does(chen, DUTY_START);
	counts_are(1, 0);
	changes.posts.v[0] = changes.posts.v[1];
	changes.posts.n = 1;
	assert_ok(account_call(&t, &changes, NULL));
	counts_are(0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_state_takes_what_it_takes_and_refuses_the_rest),
	    cmocka_unit_test(a_break_ends_within_the_duty),
	    cmocka_unit_test(only_a_post_that_is_sent_has_duties),
	    cmocka_unit_test(the_grid_is_one_of_the_post),
	    cmocka_unit_test(counts_are_by_role_and_by_grid),
	    cmocka_unit_test(two_duties_of_a_person_have_nothing_in_common),
	    cmocka_unit_test(a_key_that_should_go_goes_after_a_crash),
	    cmocka_unit_test(a_duty_is_over_by_itself_and_counts_as_nothing),
	    cmocka_unit_test(whoever_leaves_is_on_duty_no_more),
	    cmocka_unit_test(whoever_loses_the_post_is_on_duty_no_more),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
