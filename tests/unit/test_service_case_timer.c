/* Clocks of cases in the writer: fired on time, after people's commands, once each, late ones in
 * slices; held with the clock; one case that cannot be moved holds up no other. And over a long
 * random run with kills in between, the rows are those of the entries. */
#include "cases.h"

#include "base/civil.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)

static int setup(void **state)
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

static const char *const lamp[] = {"place", "0", "text", "巷子里的路灯不亮", "channel", "phone",
				   "has_reporter", "yes", "drill", "no", NULL};

/* What the timer did, to one case (0: all). */
static int64_t fired(struct test_cases *t, uint64_t id)
{
	char sql[256];

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM entry e JOIN case_change c ON c.n = e.n WHERE (%llu IN (0, "
		 "c.id)) "
		 "AND json_extract(CAST(e.body AS TEXT), '$.actor.role') = 'timer'",
		 (unsigned long long)id);
	return cases_i64(t, sql);
}

static int64_t next_of(struct test_cases *t, uint64_t id)
{
	char sql[128];

	snprintf(sql, sizeof sql, "SELECT next FROM case_open WHERE id = %llu",
		 (unsigned long long)id);
	return cases_i64(t, sql);
}

/* Until nothing is due now; how many groups it took. */
static unsigned settle(struct test_cases *t)
{
	unsigned groups = 0;

	for (cases_tick(t); writer_due_in(t->w, t->store.now) == 0; groups++) {
		cases_tick(t);
		assert_true(groups < 1000);
	}
	return groups;
}

static void a_clock_fires_at_its_instant_and_not_before(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	int64_t next = next_of(t, id);

	assert_true(next > t->store.now.utc_us);
	/* sweeping and signing go on meanwhile: once a minute, not all the time */
	for (unsigned i = 0; t->store.now.utc_us < next - 1; i++) {
		int64_t in = writer_due_in(t->w, t->store.now);
		assert_true(in > 0 && t->store.now.utc_us + in <= next && i < 10000);
		test_store_pass(&t->store, in < next - 1 - t->store.now.utc_us
					       ? in : next - 1 - t->store.now.utc_us);
		(void)settle(t);
	}
	assert_int_equal(fired(t, 0), 0);
	assert_int_equal(writer_due_in(t->w, t->store.now), 1);
	cases_pass(t, 1);
	assert_int_equal(fired(t, id), 1);
	assert_int_equal(
	    cases_i64(t, "SELECT max(json_extract(CAST(body AS TEXT), '$.data.late')) FROM "
			 "entry"),
	    0);
	assert_true(next_of(t, id) > next);
}

static void peoples_commands_go_before_timers(void **state)
{
	struct test_cases *t = *state;
	uint64_t one = cases_hand_in(t, "resident-request", lamp),
		 two = cases_hand_in(t, "resident-request", lamp), said;

	test_store_pass(&t->store, next_of(t, one) - t->store.now.utc_us);
	/* opened at the last moment: its clock has nothing to ask any more */
	cases_must(t, one, "open", "intake", "desk-1", FIELDS("category", "0102"));
	said = t->answer.n;
	assert_int_equal(fired(t, one), 0);
	assert_int_equal(fired(t, two), 1);
	assert_int_equal(t->w->journal.n, said + 1); /* in the same group, after it */
}

#define LATE 2000u /* under sanitizers; the benchmark has 100,000 */

static void hand_in_many(struct test_cases *t, unsigned n)
{
	struct test_command *cmd = calloc(WRITER_GROUP_MAX, sizeof *cmd);
	struct case_order *order = calloc(WRITER_GROUP_MAX, sizeof *order);
	struct command *group[WRITER_GROUP_MAX];
	struct case_input in[5];

	assert_true(cmd && order);
	for (unsigned i = 0; i < 5; i++)
		in[i] = (struct case_input){str_of(lamp[2 * i]), str_of(lamp[2 * i + 1])};
	while (n > 0) {
		unsigned some = n < KEYS_BATCH / 2 ? n : KEYS_BATCH / 2;
		for (unsigned i = 0; i < some; i++) {
			order[i] = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_NEW,
						       .role = STR("reporter"),
						       .type = STR("resident-request"),
						       .fields = in, .fields_n = 5};
			test_command_init(&cmd[i], COMMAND_CASE);
			cmd[i].c.cases.order = &order[i];
			group[i] = &cmd[i].c;
		}
		writer_group(t->w, group, some, t->store.now);
		for (unsigned i = 0; i < some; i++)
			assert_ok(cmd[i].c.answer.err);
		n -= some;
	}
	free(order);
	free(cmd);
}

static void after_a_week_of_downtime_each_fires_once_and_late(void **state)
{
	struct test_cases *t = *state;
	unsigned groups;

	hand_in_many(t, LATE);
	test_store_pass(&t->store, 7 * DAY);
	cases_reopen(t);
	/* somebody who comes first is answered, a few clocks go along */
	cases_must(t, (uint64_t)cases_i64(t, "SELECT max(id) FROM case_rec"), "open", "intake",
		   "desk-1", FIELDS("category", "0102"));
	assert_in_range(fired(t, 0), 1, 100);
	groups = settle(t);
	assert_in_range(groups, LATE / 512 - 1, LATE / 512 + 3);
	assert_int_equal(fired(t, 0), LATE - 1);
	assert_int_equal(cases_i64(t,
				   "SELECT count(DISTINCT c.id) FROM entry e JOIN case_change c ON "
				   "c.n = e.n WHERE json_extract(CAST(e.body AS TEXT), "
				   "'$.data.late') = 1"),
			 LATE - 1);
	/* the next level counts from now */
	assert_int_equal(
	    cases_i64(t, "SELECT count(*) FROM case_open WHERE next > 0 AND next <= (SELECT "
			 "max(json_extract(CAST(body AS TEXT), '$.at')) FROM entry)"),
	    0);
}

static void nothing_fires_while_the_clock_is_held(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	struct test_command cmd;

	t->store.now.utc_us += 10 * DAY; /* and the machine says that a second passed */
	t->store.now.boot_us += SECOND;
	writer_group(t->w, NULL, 0, t->store.now);
	assert_true(t->w->clock.held);
	assert_int_equal(fired(t, id), 0);
	test_command_init(&cmd, COMMAND_CONFIRM_CLOCK);
	assert_ok(test_run(&t->store, t->w, &cmd));
	(void)settle(t);
	assert_int_equal(fired(t, id), 1);
}

static void a_step_back_fires_nothing_twice(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = cases_hand_in(t, "resident-request", lamp);
	int64_t next = next_of(t, id);

	cases_pass(t, next - t->store.now.utc_us);
	assert_int_equal(fired(t, id), 1);
	next = next_of(t, id);
	t->store.now.utc_us -= 4 * HOUR;
	t->store.now.boot_us += SECOND;
	(void)settle(t);
	assert_int_equal(fired(t, id), 1);
	cases_must(t, id, "message", "intake", "desk-1", FIELDS("message", "还在看"));
	assert_int_equal(t->answer.at_us,
			 cases_i64(t, "SELECT max(json_extract(CAST(body AS TEXT), "
				      "'$.at')) FROM entry"));
	cases_pass(t, next - t->store.now.utc_us);
	assert_int_equal(fired(t, id), 2);
}

static void a_case_that_does_not_fit_holds_up_no_other(void **state)
{
	struct test_cases *t = *state;
	uint64_t id[5];
	char sql[512];

	for (unsigned i = 0; i < 5; i++)
		id[i] = cases_hand_in(t, "resident-request", lamp);
	snprintf(sql, sizeof sql,
		 "CREATE TABLE kept AS SELECT * FROM case_rec;"
		 "UPDATE case_rec SET doc = CAST('nonsense' AS BLOB) WHERE id = %u;"
		 "UPDATE case_rec SET area = '%080d' WHERE id = %u;"
		 "UPDATE case_rec SET state = 'nowhere' WHERE id = %u;"
		 "DELETE FROM case_rec WHERE id = %u",
		 (unsigned)id[0], 0, (unsigned)id[1], (unsigned)id[2], (unsigned)id[3]);
	cases_sql(t, sql);
	cases_pass(t, next_of(t, id[4]) - t->store.now.utc_us);
	(void)settle(t);
	assert_int_equal(fired(t, 0), 1);
	assert_int_equal(fired(t, id[4]), 1);
	assert_int_equal(t->w->timer_stuck_n, 4);
	/* looked at again, and not all the time */
	assert_in_range(writer_due_in(t->w, t->store.now), 100000, SECOND);
	cases_sql(
	    t, "DELETE FROM case_rec WHERE id <> (SELECT max(id) FROM case_open);"
	       "INSERT INTO case_rec SELECT * FROM kept WHERE id NOT IN (SELECT id FROM case_rec);"
	       "DROP TABLE kept");
	/* mended: what somebody moves goes on by itself; the others after a restart */
	cases_must(t, id[0], "message", "intake", "desk-1", FIELDS("message", "好了"));
	assert_int_equal(t->w->timer_stuck_n, 3);
	(void)settle(t);
	assert_int_equal(fired(t, id[0]), 1);
	cases_reopen(t);
	(void)settle(t);
	assert_int_equal(fired(t, 0), 5);
}

static void many_that_do_not_fit_stop_nobody(void **state)
{
	struct test_cases *t = *state;
	uint64_t last;

	hand_in_many(t, WRITER_STUCK_MAX + 20);
	last = cases_hand_in(t, "resident-request", lamp);
	cases_sql(
	    t, "UPDATE case_rec SET state = 'nowhere' WHERE id < (SELECT max(id) FROM case_rec)");
	cases_pass(t, next_of(t, last) - t->store.now.utc_us);
	(void)settle(t);
	assert_int_equal(t->w->timer_stuck_n, WRITER_STUCK_MAX);
	assert_int_equal(fired(t, 0), 1);
	cases_must(t, last, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_sql(t, "UPDATE case_rec SET state = 'received' WHERE state = 'nowhere'");
}

/* ---- any run of orders ---- */

#define ORDERS 3000u
#define CASES_MAX 60u

struct walk {
	struct test_cases *t;
	uint64_t seed;
	uint64_t id[CASES_MAX];
	uint8_t secret[CASES_MAX][SEAL_SECRET_BYTES];
	unsigned n, moved, erased;
	uint64_t answered[4 * ORDERS]; /* entries */
	unsigned answered_n;
};

static unsigned any(struct walk *w, unsigned below)
{
	w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(w->seed >> 33) % below;
}

static const char *any_value(struct walk *w, const struct cases_field *f, uint64_t id)
{
	static char text[CASES_TEST_FIELDS_MAX][32];
	static unsigned at;
	char *out = text[at++ % CASES_TEST_FIELDS_MAX];
	struct buf b = buf_over(out, 32);
	char name[CASES_NAME_BYTES_MAX + 1];
	uint64_t photo;

	switch (f->kind) {
	case CASES_FIELD_CHOICE:
		buf_put_str(&b, f->choices[any(w, f->choices_n)].name.text);
		break;
	case CASES_FIELD_YES_NO:
		buf_put_z(&b, any(w, 2) ? "yes" : "no");
		break;
	case CASES_FIELD_DATE:
		civil_put_date((int32_t)(w->t->store.now.utc_us / DAY) + (int32_t)any(w, 12), &b);
		break;
	case CASES_FIELD_UNIT:
		buf_put_z(&b, any(w, 2) ? "URB" : "PMC");
		break;
	case CASES_FIELD_CATEGORY:
		buf_put_z(&b, any(w, 2) ? "0102" : "0204");
		break;
	case CASES_FIELD_CASE:
		buf_put_u64(&b, w->n > 0 ? w->id[any(w, w->n)] : 1);
		break;
	case CASES_FIELD_PLACE:
		buf_put_z(&b, "0");
		break;
	case CASES_FIELD_TEXT:
		buf_put_z(&b, "说明 \"\\\n");
		break;
	case CASES_FIELD_PHOTO:
		snprintf(name, sizeof name, "%.*s", (int)f->name.text.n, f->name.text.p);
		photo = cases_attach(w->t, id, name, "grid_worker", STR("grid-1"));
		if (photo > 0)
			w->answered[w->answered_n++] = photo;
		buf_put_u64(&b, photo);
		break;
	case CASES_FIELD_NUMBER:
	case CASES_FIELD_INSTANT:
	case CASES_FIELD_ACTOR:
	case CASES_FIELD_COUNT:
	case CASES_FIELD_KIND_COUNT:
		buf_put_u64(&b, any(w, 100));
		break;
	}
	return buf_z(&b);
}

static void call(struct walk *w, const char *const *fields)
{
	enum err e = cases_call(w->t, fields);

	if (e == ERR_OK)
		w->answered[w->answered_n++] = w->t->answer.n;
	else if (e != ERR_BAD_INPUT && e != ERR_CONFLICT && e != ERR_FORBIDDEN &&
		 e != ERR_NOT_FOUND && e != ERR_GONE && e != ERR_TOO_LARGE)
		fail_msg("%s", err_info(e)->name);
}

static void walk_hand_in(struct walk *w)
{
	static const char *const accounts[] = {"res-1", "res-2", "desk-1"};
	unsigned at = w->n < CASES_MAX ? w->n : any(w, CASES_MAX);
	bool alone = any(w, 2);

	w->t->order = (struct case_order){
	    .kind = CASE_HAND_IN, .hand = alone ? CASE_HAND_NEW : CASE_HAND_ACCOUNT,
	    .role = STR("reporter"), .account = str_of(alone ? "" : accounts[any(w, 3)]),
	    .type = STR("resident-request"),
	    .repeats = w->n > 0 && any(w, 4) == 0 ? w->id[any(w, w->n)] : 0};
	call(w, lamp);
	if (w->t->answer.err != ERR_OK)
		return;
	w->id[at] = w->t->order.ret_id;
	memcpy(w->secret[at], w->t->answer.secret, SEAL_SECRET_BYTES);
	w->n += at == w->n;
}

/* One of the ways out of where the case stands, filled in somehow. */
static void walk_move(struct walk *w, unsigned at)
{
	static char account[16];
	struct test_cases *t = w->t;
	uint64_t type_n;
	const struct cases_type *type =
	    shelf_type_now(&t->shelf->shelf, STR("resident-request"), &type_n);
	const char *fields[CASES_TEST_FIELDS_MAX + 3] = {NULL};
	const struct cases_transition *tr = NULL;
	const char *state = cases_state(t, w->id[at]);
	static char names[CASES_TEST_FIELDS_MAX][CASES_NAME_BYTES_MAX + 1];
	unsigned s = 0, f = 0;

	while (s < type->states_n && !str_eq(type->states[s].name.text, str_of(state)))
		s++;
	assert_true(s < type->states_n);
	for (unsigned tries = 0; !tr && tries < 300; tries++) {
		const struct cases_transition *c = &type->transitions[any(w, type->transitions_n)];
		if (cases_leaves(type, c, s))
			tr = c;
	}
	if (!tr)
		return; /* it is at an end */
	for (unsigned i = 0; i < tr->fills.n && f + 2 < CASES_TEST_FIELDS_MAX; i++) {
		const struct cases_field *field = &type->fields[tr->fills.v[i].index];
		snprintf(names[f], sizeof names[f], "%.*s", (int)field->name.text.n,
			 field->name.text.p);
		fields[f] = names[f];
		fields[f + 1] = any_value(w, field, w->id[at]);
		f += 2;
	}
	snprintf(account, sizeof account, "desk-%u", any(w, 8));
	t->order = (struct case_order){
	    .kind = CASE_DO, .hand = any(w, 4) ? CASE_HAND_ACCOUNT : CASE_HAND_SECRET,
	    .role = tr->by.v[any(w, tr->by.n)].text, .account = str_of(account), .id = w->id[at],
	    .command = str_of(cases_command_name(tr->command)), .follower_channel = STR("portal")};
	memcpy(t->order.secret, w->secret[at], SEAL_SECRET_BYTES);
	call(w, fields);
	w->moved += t->answer.err == ERR_OK;
}

static void walk_erase(struct walk *w, unsigned at)
{
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = w->id[at];
	cmd.c.erase.by_owner = any(w, 2);
	memcpy(cmd.c.erase.secret, w->secret[at], SEAL_SECRET_BYTES);
	w->erased += test_run(&w->t->store, w->t->w, &cmd) == ERR_OK;
}

static void walk_step(struct walk *w)
{
	unsigned what = any(w, 100);

	if (what < 6 || w->n == 0)
		walk_hand_in(w);
	else if (what < 8)
		walk_erase(w, any(w, w->n));
	else if (what < 16)
		cases_pass(w->t, (int64_t)any(w, 9) * HOUR);
	else if (what == 16)
		cases_reopen(w->t);
	else if (what == 17)
		(void)cases_deliver(w->t);
	else
		walk_move(w, any(w, w->n));
}

static void any_run_of_orders_rebuilds_equal(void **state)
{
	static struct walk w;

	w = (struct walk){.t = *state, .seed = 1};
	for (unsigned i = 0; i < ORDERS; i++)
		walk_step(&w);
	(void)settle(w.t);
	assert_true(w.moved > ORDERS / 6 && w.erased > 3 && fired(w.t, 0) > 20);
	/* each answer stands in the journal, once, about a case */
	for (unsigned i = 0; i < w.answered_n; i++) {
		char sql[96];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM case_change WHERE n = %llu",
			 (unsigned long long)w.answered[i]);
		assert_int_equal(cases_i64(w.t, sql), 1);
		assert_true(i == 0 || w.answered[i] > w.answered[i - 1]);
	}
	assert_int_equal(cases_i64(w.t, "SELECT count(*) FROM case_change"),
			 w.answered_n + fired(w.t, 0)); /* answers: files that were attached, too */
	/* each entry of a case names the one before it */
	assert_int_equal(
	    cases_i64(w.t,
		      "SELECT count(*) FROM case_change c JOIN entry e ON e.n = c.n WHERE c.n <> "
		      "c.id AND json_extract(CAST(e.body AS TEXT), '$.data.prev') <> (SELECT "
		      "max(n) FROM case_change p WHERE p.id = c.id AND p.n < c.n)"),
	    0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_clock_fires_at_its_instant_and_not_before),
	    TEST(peoples_commands_go_before_timers),
	    TEST(after_a_week_of_downtime_each_fires_once_and_late),
	    TEST(nothing_fires_while_the_clock_is_held),
	    TEST(a_step_back_fires_nothing_twice),
	    TEST(a_case_that_does_not_fit_holds_up_no_other),
	    TEST(many_that_do_not_fit_stop_nobody),
	    TEST(any_run_of_orders_rebuilds_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
