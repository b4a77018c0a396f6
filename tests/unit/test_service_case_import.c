/* Cases of another office through the writer: what is kept of them, that nothing runs or counts,
 * that somebody takes them over, that their source closes them, that they come in once. */
#include "cases.h"

#include "service/case_ask.h"
#include "service/case_batch.h"
#include "service/cases.h"
#include "service/cases_imported.h"
#include "service/queue.h"

#define HOUR (INT64_C(3600) * 1000000)
#define DAY (24 * HOUR)
#define DRAFTS 8u

static struct case_draft drafts[DRAFTS];

static int setup(void **state)
{
	static struct test_cases t;

	cases_open(&t, NULL);
	memset(drafts, 0, sizeof drafts);
	*state = &t;
	return 0;
}

/* Whatever a test did, the entries alone come to the same rows. */
static int teardown(void **state)
{
	struct test_cases *t = *state;

	cases_must_rebuild(t);
	cases_close(t);
	return 0;
}

static int64_t now_of(const struct test_cases *t)
{
	return t->store.now.utc_us;
}

static struct case_draft *draft(struct test_cases *t, unsigned i, const char *ext)
{
	drafts[i] = (struct case_draft){
	    .from = {.ext = str_of(ext),
		     .category = STR("Street Light / Out"),
		     .status = STR("Open"),
		     .opened_us = now_of(t) - 10 * DAY,
		     .due_us = now_of(t) - 5 * DAY},
	    .category = STR("0102"),
	    .text = STR("lamp out, plate 粤B12345 in front"),
	    .field = {{STR("channel"), STR("other_level")},
		      {STR("has_reporter"), STR("no")},
		      {STR("drill"), STR("no")}},
	    .field_n = 3};
	return &drafts[i];
}

static void close_at(struct case_draft *d, int64_t closed_us)
{
	d->is_closed = true;
	d->from.status = STR("Closed");
	d->from.closed_us = closed_us;
}

static enum err import(struct test_cases *t, unsigned n)
{
	struct case_batch batch = {drafts, n};
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_IMPORT_CASES);
	cmd.c.account = STR("operator");
	cmd.c.imported.batch = &batch;
	return test_run(&t->store, t->w, &cmd);
}

static int64_t count(struct test_cases *t, const char *what)
{
	char sql[256];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
	return cases_i64(t, sql);
}

static struct case_view *view(struct test_cases *t, uint64_t id)
{
	static _Alignas(16) char memory[CASES_VIEW_ARENA_BYTES];
	static struct case_view v;
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_view(t->w->db, id, &a, &v));
	return &v;
}

static uint64_t one_open(struct test_cases *t)
{
	(void)draft(t, 0, "elsewhere:1");
	assert_ok(import(t, 1));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_ADDED);
	return drafts[0].id;
}

static void an_open_one_stands_without_clocks(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = one_open(t);
	struct case_view *v = view(t, id);

	assert_string_equal(cases_state(t, id), "received");
	assert_int_equal(v->marks, CASE_MARK_IMPORTED);
	assert_int_equal(v->clocks_n, 0);
	assert_int_equal(v->happened_us, now_of(t) - 10 * DAY);
	assert_int_equal(v->at_us, cases_i64(t, "SELECT max(at) FROM case_rec"));
	assert_true(v->at_us > v->happened_us); /* both times are kept */
	assert_true(str_eq(v->from.ext, STR("elsewhere:1")));
	assert_true(str_eq(v->from.category, STR("Street Light / Out")));
	assert_int_equal(v->from.due_us, now_of(t) - 5 * DAY);
	assert_true(str_eq(v->category, STR("0102")));
	assert_int_equal(count(t, "case_open WHERE next > 0 OR due > 0"), 0);
	assert_int_equal(count(t, "figure"), 0);
	assert_int_equal(count(t, "figure_area"), 0);
	/* its time may be long over: nobody is told, nothing moves */
	test_store_pass(&t->store, 400 * DAY);
	writer_group(t->w, NULL, 0, t->store.now);
	assert_ok(t->w->failed);
	assert_int_equal(
	    count(t, "entry WHERE json_extract(CAST(body AS TEXT), '$.kind') = 'case.moved'"), 0);
}

static void its_text_is_masked_and_sealed(void **state)
{
	struct test_cases *t = *state;
	static _Alignas(16) char memory[8 * ENTRY_BYTES_MAX];
	uint64_t id = one_open(t);
	struct reader r = {.db = t->w->db, .keys = t->w->keys};
	struct arena a;
	struct str text = {0};

	assert_int_equal(drafts[0].masked, 1);
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_text(&r, id, STR("text"), &a, &text));
	assert_non_null(memmem(text.p, text.n, "lamp out", 8));
	assert_null(memmem(text.p, text.n, "12345", 5));
	assert_int_equal(count(t, "entry WHERE instr(body, CAST('lamp out' AS BLOB)) > 0"), 0);
}

static void a_closed_one_is_at_an_end_and_confirmed_by_nobody(void **state)
{
	struct test_cases *t = *state;
	struct case_draft *d = draft(t, 0, "elsewhere:2");
	struct case_view *v;

	close_at(d, now_of(t) - 6 * DAY);
	assert_ok(import(t, 1));
	assert_int_equal(d->outcome, CASE_DRAFT_ADDED);
	v = view(t, d->id);
	assert_true(str_eq(v->state, STR("closed_by_source")));
	assert_true(str_eq(v->outcome, STR("closed_by_source")));
	assert_int_equal(v->closed_us, now_of(t) - 6 * DAY);
	assert_int_equal(count(t, "case_open"), 0);
	assert_int_equal(count(t, "figure"), 0);
	/* its text goes a year after its source closed it, not after it came here */
	assert_false(d->text_is_left);
	assert_in_range(cases_i64(t, "SELECT forget FROM case_rec"),
			now_of(t) - 6 * DAY + 364 * DAY, now_of(t) - 6 * DAY + 368 * DAY);
	assert_err(cases_do(t, d->id, "not_solved", "duty_officer", "desk-1",
			    FIELDS("not_solved_text", "x")),
		   ERR_CONFLICT);
}

static void a_text_whose_time_is_over_is_not_taken(void **state)
{
	struct test_cases *t = *state;
	struct case_draft *d = draft(t, 0, "elsewhere:3");
	int64_t keys = cases_i64(t, "SELECT used FROM key_used");

	d->from.opened_us = now_of(t) - 500 * DAY;
	close_at(d, now_of(t) - 400 * DAY);
	assert_ok(import(t, 1));
	assert_true(d->text_is_left);
	assert_int_equal(d->outcome, CASE_DRAFT_ADDED);
	assert_int_equal(cases_i64(t, "SELECT key_id FROM case_rec"), 0);
	assert_int_equal(cases_i64(t, "SELECT forget FROM case_rec"), 0);
	assert_int_equal(cases_i64(t, "SELECT used FROM key_used"), keys);
	/* nothing is left to do about it, today or later */
	test_store_pass(&t->store, 400 * DAY);
	writer_group(t->w, NULL, 0, t->store.now);
	assert_int_equal(
	    count(t, "entry WHERE json_extract(CAST(body AS TEXT), '$.kind') = 'record.erased'"),
	    0);
}

static void the_same_again_adds_nothing(void **state)
{
	struct test_cases *t = *state;
	int64_t entries;

	(void)one_open(t);
	close_at(draft(t, 1, "elsewhere:2"), now_of(t) - DAY);
	assert_ok(import(t, 2));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_SAME);
	assert_int_equal(drafts[1].outcome, CASE_DRAFT_ADDED);
	entries = count(t, "entry WHERE json_extract(CAST(body AS TEXT), '$.kind') LIKE 'case.%'");
	assert_ok(import(t, 2));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_SAME);
	assert_int_equal(drafts[1].outcome, CASE_DRAFT_SAME);
	assert_int_equal(
	    count(t, "entry WHERE json_extract(CAST(body AS TEXT), '$.kind') LIKE 'case.%'"),
	    entries);
	/* another source's record of the same number is another record */
	(void)draft(t, 0, "other:1");
	assert_ok(import(t, 1));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_ADDED);
}

static void one_that_waits_is_closed_by_its_source(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = one_open(t);
	struct case_view *v;

	close_at(draft(t, 0, "elsewhere:1"), now_of(t) - HOUR);
	assert_ok(import(t, 1));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_CLOSED);
	assert_int_equal(drafts[0].id, id);
	v = view(t, id);
	assert_true(str_eq(v->state, STR("closed_by_source")));
	assert_int_equal(v->closed_us, now_of(t) - HOUR);
	assert_int_equal(v->from.closed_us, now_of(t) - HOUR);
	assert_true(str_eq(v->from.status, STR("Closed")));
	assert_int_equal(count(t, "case_open"), 0);
	assert_int_equal(count(t, "figure"), 0);
	assert_ok(import(t, 1));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_SAME);
	/* an open record after that is old news */
	(void)draft(t, 0, "elsewhere:1");
	assert_ok(import(t, 1));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_SAME);
}

static void somebody_takes_it_over(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = one_open(t);
	struct case_view *v;
	int64_t adopted_us;

	/* until then nothing else can be done, and not by everybody */
	assert_err(cases_do(t, id, "open", "intake", "desk-1", FIELDS("category", "0102")),
		   ERR_CONFLICT);
	assert_err(cases_do(t, id, "message", "intake", "desk-1", FIELDS("message", "x")),
		   ERR_CONFLICT);
	assert_err(cases_do(t, id, "adopt", "grid_worker", "grid-1", FIELDS("place", "0")),
		   ERR_FORBIDDEN);
	/* what the file did not bring must be said; what it brought need not be said again */
	assert_err(cases_do(t, id, "adopt", "intake", "desk-1", NO_FIELDS), ERR_BAD_INPUT);
	assert_string_equal(t->order.problem.field, "place");
	test_store_pass(&t->store, DAY);
	cases_must(t, id, "adopt", "intake", "desk-1", FIELDS("place", "0"));
	adopted_us = t->answer.at_us;
	v = view(t, id);
	assert_string_equal(cases_state(t, id), "received");
	assert_int_equal(v->marks, CASE_MARK_IMPORTED | CASE_MARK_ADOPTED);
	assert_int_equal(v->clocks_n, 2); /* those of a report that was just handed in */
	for (unsigned i = 0; i < v->clocks_n; i++) {
		assert_int_equal(v->clocks[i].clock.run, CASE_RUN_RUNS);
		assert_int_equal(v->clocks[i].clock.from_us, adopted_us);
	}
	assert_int_equal(count(t, "case_open WHERE next > 0 AND due > 0"), 1);
	assert_int_equal(cases_i64(t, "SELECT cases FROM figure WHERE name = 'handed_in'"), 1);
	assert_err(cases_do(t, id, "adopt", "intake", "desk-1", FIELDS("place", "0")),
		   ERR_CONFLICT);
	assert_err(cases_do(t, id, "source_closed", "intake", "desk-1", NO_FIELDS), ERR_CONFLICT);
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	/* it is ours: its source's closing does not close it */
	close_at(draft(t, 0, "elsewhere:1"), now_of(t) - HOUR);
	assert_ok(import(t, 1));
	assert_int_equal(drafts[0].outcome, CASE_DRAFT_SAME);
	assert_string_equal(cases_state(t, id), "opened");
}

static void somebody_records_that_its_source_closed_it(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = one_open(t);

	cases_must(t, id, "source_closed", "duty_officer", "desk-1", NO_FIELDS);
	assert_string_equal(cases_state(t, id), "closed_by_source");
	assert_int_equal(count(t, "figure"), 0);
	/* a case of our own is neither taken over nor closed by a source */
	id = cases_hand_in(t, "resident-request",
			   FIELDS("place", "0", "text", "x", "channel", "phone", "has_reporter",
				  "no", "drill", "no"));
	assert_err(cases_do(t, id, "adopt", "intake", "desk-1", NO_FIELDS), ERR_CONFLICT);
	assert_err(cases_do(t, id, "source_closed", "intake", "desk-1", NO_FIELDS), ERR_CONFLICT);
}

static void each_type_takes_them(void **state)
{
	static const char *const codes[] = {"0102", "0401", "0704", "9901"};
	struct test_cases *t = *state;

	for (unsigned i = 0; i < 4; i++) {
		char ext[24];
		for (unsigned closed = 0; closed < 2; closed++) {
			struct case_draft *d;
			snprintf(ext, sizeof ext, "types:%u%u", i, closed);
			d = draft(t, 0, ext);
			d->category = str_of(codes[i]);
			if (closed)
				close_at(d, now_of(t) - DAY);
			assert_ok(import(t, 1));
			assert_int_equal(d->outcome, CASE_DRAFT_ADDED);
			if (!closed)
				cases_must(t, d->id, "adopt", "duty_officer", "desk-1",
					   FIELDS("place", "0"));
		}
	}
}

static void bad_ones_are_refused_one_by_one(void **state)
{
	struct test_cases *t = *state;
	static char longer[CASE_TEXT_BYTES_MAX + 2];
	struct case_draft *d;

	memset(longer, 'x', sizeof longer - 1);
	draft(t, 0, "bad:0")->category = STR("0999");
	draft(t, 1, "bad:1")->from.opened_us = now_of(t) + DAY;
	close_at(draft(t, 2, "bad:2"), now_of(t) - 11 * DAY); /* before it was opened */
	draft(t, 3, "bad:3")->text = str_of(longer);
	draft(t, 4, "bad:4")->field[0].value = STR("pigeon");
	draft(t, 5, "bad:5")->from.closed_us = now_of(t) - DAY; /* and is open */
	d = draft(t, 6, "good:6");
	assert_ok(import(t, 7));
	for (unsigned i = 0; i < 6; i++) {
		static const char *const field[] = {"category", "opened",  "closed",
						    "text",	"channel", "closed"};
		assert_int_equal(drafts[i].outcome, CASE_DRAFT_REFUSED);
		assert_string_equal(drafts[i].problem.field, field[i]);
	}
	assert_int_equal(d->outcome, CASE_DRAFT_ADDED);
	assert_int_equal(count(t, "case_rec"), 1);
}

/* What the desk's intake is offered; until the next call. */
static const char *ways(struct test_cases *t, uint64_t id)
{
	static const uint8_t nobody[HANDLE_BYTES];
	static char text[1024];
	const struct cases_type *type = NULL;
	unsigned way[CASES_TRANSITIONS_MAX], n = 0;
	struct buf b = buf_over(text, sizeof text - 1);

	assert_ok(case_next(t->w->db, &t->shelf->shelf, id, STR("intake"), nobody, now_of(t), &type,
			    way, &n));
	for (unsigned i = 0; i < n; i++) {
		buf_put_z(&b, cases_command_name(type->transitions[way[i]].command));
		buf_put_char(&b, ' ');
	}
	text[b.n] = 0;
	return text;
}

static void they_are_a_queue_of_their_own(void **state)
{
	struct test_cases *t = *state;
	struct queue_filter all = {.step = -1}, with = all, only = all;
	static struct queue_row row[8];
	struct queue_sums sums;
	struct queue *q = NULL;
	uint64_t ours, theirs = one_open(t);
	uint64_t waiting = 0;
	unsigned n = 0;
	bool more;

	ours = cases_hand_in(t, "resident-request",
			     FIELDS("place", "0", "text", "x", "channel", "phone", "has_reporter",
				    "no", "drill", "no"));
	with.with_imported = only.only_imported = true;
	assert_ok(queue_open(t->w->db, &q));
	assert_ok(queue_page(q, &all, 0, 0, 8, row, &n, &more));
	assert_true(n == 1 && row[0].id == ours);
	assert_ok(queue_page(q, &only, 0, 0, 8, row, &n, &more));
	assert_true(n == 1 && row[0].id == theirs);
	assert_ok(queue_page(q, &with, 0, 0, 8, row, &n, &more));
	assert_int_equal(n, 2);
	assert_ok(queue_sums(q, now_of(t), &sums));
	assert_true(sums.open == 1 && sums.imported == 1 && sums.overdue == 0);
	assert_ok(cases_imported_waiting(t->w->db, &waiting));
	assert_int_equal(waiting, 1);
	assert_string_equal(ways(t, theirs), "adopt source_closed ");
	assert_null(strstr(ways(t, ours), "adopt"));
	assert_null(strstr(ways(t, ours), "source_closed"));
	assert_non_null(strstr(ways(t, ours), "open "));
	cases_must(t, theirs, "adopt", "intake", "desk-1", FIELDS("place", "0"));
	assert_non_null(strstr(ways(t, theirs), "open "));
	assert_null(strstr(ways(t, theirs), "adopt"));
	assert_ok(queue_page(q, &all, 0, 0, 8, row, &n, &more));
	assert_int_equal(n, 2);
	assert_ok(queue_sums(q, now_of(t), &sums));
	assert_true(sums.open == 2 && sums.imported == 0);
	queue_close(q);
}

static void sums_are_those_of_their_times(void **state)
{
	/* hours from opened to closed, -1 open, -2 closed at an unknown time; hours to due, 0 none
	 */
	static const int hours[DRAFTS][2] = {{1, 2}, {3, 2}, {8, 8}, {100, 0},
					     {-1, 5}, {-2, 5}, {4, 0}, {10, 9}};
	struct test_cases *t = *state;
	struct imported_sums s;
	char ext[DRAFTS][16];

	assert_ok(cases_imported(t->w->db, STR("sums"), &s));
	assert_true(s.cases == 0 && s.median_us == 0 && s.mean_us == 0);
	for (unsigned i = 0; i < DRAFTS; i++) {
		struct case_draft *d;
		snprintf(ext[i], sizeof ext[i], "sums:%u", i);
		d = draft(t, i, ext[i]);
		d->from.due_us = hours[i][1] ? d->from.opened_us + hours[i][1] * HOUR : 0;
		if (hours[i][0] != -1)
			close_at(d, hours[i][0] > 0 ? d->from.opened_us + hours[i][0] * HOUR : 0);
	}
	assert_ok(import(t, DRAFTS));
	(void)draft(t, 0, "sums2:1"); /* a source whose name begins alike */
	assert_ok(import(t, 1));
	assert_ok(cases_imported(t->w->db, STR("sums"), &s));
	assert_true(s.cases == 8 && s.waiting == 1 && s.adopted == 0 && s.closed == 7);
	assert_true(s.timed == 6 && s.due == 4 && s.in_time == 2);
	assert_int_equal(s.median_us, 6 * HOUR); /* 1 3 4 8 10 100 */
	assert_int_equal(s.mean_us, 21 * HOUR);
}

static void without_files_nothing_is_taken(void **state)
{
	struct test_cases *t = *state;
	const struct cases_shelf *shelf = t->w->shelf;

	(void)draft(t, 0, "x:1");
	t->w->shelf = NULL;
	assert_err(import(t, 1), ERR_CONFLICT);
	t->w->shelf = shelf;
	assert_int_equal(count(t, "case_rec"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* What is offered of a record that waits is what it takes. */
static void a_record_that_waits_is_offered_to_be_taken_over(void **state)
{
	static const uint8_t nobody[HANDLE_BYTES];
	struct test_cases *t = *state;
	const struct cases_type *type = NULL;
	unsigned way[CASES_TRANSITIONS_MAX], n = 0, beside = 0;
	uint64_t id;

	(void)draft(t, 0, "N-1");
	assert_ok(import(t, 1));
	id = (uint64_t)cases_i64(t, "SELECT max(id) FROM case_rec");
	assert_ok(case_next(t->w->db, &t->shelf->shelf, id, STR("duty_officer"), nobody, now_of(t),
			    &type, way, &n));
	for (unsigned i = 0; i < n; i++)
		beside += case_is_beside(type->transitions[way[i]].command);
	assert_int_equal(n, 2);
	assert_int_equal(beside, 2);
	cases_must(t, id, "adopt", "intake", "desk-1", FIELDS("place", "0"));
	assert_ok(case_next(t->w->db, &t->shelf->shelf, id, STR("duty_officer"), nobody, now_of(t),
			    &type, way, &n));
	assert_true(n > 2);
	for (unsigned i = 0; i < n; i++)
		assert_false(case_is_beside(type->transitions[way[i]].command));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_open_one_stands_without_clocks),
	    TEST(its_text_is_masked_and_sealed),
	    TEST(a_closed_one_is_at_an_end_and_confirmed_by_nobody),
	    TEST(a_text_whose_time_is_over_is_not_taken),
	    TEST(the_same_again_adds_nothing),
	    TEST(one_that_waits_is_closed_by_its_source),
	    TEST(a_record_that_waits_is_offered_to_be_taken_over),
	    TEST(somebody_takes_it_over),
	    TEST(somebody_records_that_its_source_closed_it),
	    TEST(each_type_takes_them),
	    TEST(bad_ones_are_refused_one_by_one),
	    TEST(they_are_a_queue_of_their_own),
	    TEST(sums_are_those_of_their_times),
	    TEST(without_files_nothing_is_taken),
	};
	return cmocka_run_group_tests_name("service_case_import", tests, NULL, NULL);
}
