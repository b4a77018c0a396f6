/* The queue in memory against a naive look at every open case: nearest and boxes, while cases come,
 * move on and end. */
#include "cases.h"

#include "service/queue.h"

#define CASES 60u

struct spot {
	uint64_t id;
	struct geo_point at;
	bool is_open;
};

static struct test_cases t;
static struct spot spots[CASES];

static void report_at(unsigned i)
{
	struct spot *s = &spots[i];

	s->at = (struct geo_point){225400000 + (int32_t)(i * 7919 % 90001),
				   1140000000 + (int32_t)(i * 104729 % 80021)};
	t.order = (struct case_order){.kind = CASE_HAND_IN,
				      .hand = CASE_HAND_ACCOUNT,
				      .role = STR("intake"),
				      .account = STR("desk-1"),
				      .type = STR("resident-request"),
				      .has_at = true,
				      .at = s->at};
	assert_ok(cases_call(&t, FIELDS("place", "0", "text", "灯不亮", "channel", "phone",
					"has_reporter", "yes", "drill", "no")));
	s->id = t.order.ret_id;
	s->is_open = true;
}

static void must_agree(struct queue *q)
{
	struct queue_filter f = {.step = -1};
	struct geo_point at = {225440000, 1140040000};
	struct geo_box box = {225410000, 1140010000, 225470000, 1140060000};
	struct queue_row row[CASES];
	double last = 0;
	unsigned n = 0, nearer, inside = 0, in_box = 0;
	bool more;

	assert_ok(queue_near(q, &f, at, 7, row, &n));
	for (unsigned i = 0; i < n; i++) {
		assert_true(geo_distance_m(at, row[i].at) >= last * 0.999);
		last = geo_distance_m(at, row[i].at);
	}
	nearer = 0;
	for (unsigned i = 0; i < CASES; i++) {
		nearer += spots[i].is_open && geo_distance_m(at, spots[i].at) < last * 0.999;
		inside += spots[i].is_open && geo_box_has(&box, spots[i].at);
	}
	assert_true(nearer <= 6);
	assert_int_equal(n, 7);
	assert_ok(queue_box(q, &f, &box, CASES, row, &in_box, &more));
	assert_int_equal(in_box, inside);
	assert_false(more);
	for (unsigned i = 0; i < in_box; i++)
		assert_true(geo_box_has(&box, row[i].at));
}

/* By deadline, those without one last, a page after the other; and the sums above the list. */
static void pages_are_in_order(struct queue *q)
{
	struct queue_filter f = {.step = -1};
	struct queue_sums sums, wanted;
	struct queue_row row[5];
	int64_t due = 0, now = t.store.now.utc_us;
	uint64_t id = 0, seen = 0;
	unsigned n = 0;
	bool more = true;
	char sql[256];

	while (more) {
		assert_ok(queue_page(q, &f, due, id, 5, row, &n, &more));
		for (unsigned i = 0; i < n; i++, seen++) {
			snprintf(sql, sizeof sql,
				 "SELECT id FROM case_open ORDER BY due = 0, due, id "
				 "LIMIT 1 OFFSET %llu", (unsigned long long)seen);
			assert_int_equal(row[i].id, cases_i64(&t, sql));
			due = row[i].due_us;
			id = row[i].id;
		}
	}
	wanted.open = (uint64_t)cases_i64(&t, "SELECT count(*) FROM case_open WHERE drill = 0");
	assert_int_equal(seen, wanted.open);
	for (unsigned later = 0; later < 2; later++, now += INT64_C(365) * 86400 * 1000000) {
		snprintf(sql, sizeof sql,
			 "SELECT count(*) FROM case_open WHERE due > 0 AND due <= %lld",
			 (long long)now);
		wanted.overdue = (uint64_t)cases_i64(&t, sql);
		assert_ok(queue_sums(q, now, &sums));
		assert_int_equal(sums.open, wanted.open);
		assert_int_equal(sums.overdue, wanted.overdue);
	}
	assert_true(sums.overdue > 0 && sums.due_soon == 0);
}

/* A person's order on a case: found until it is answered. */
static void orders_have_a_queue(struct queue *q)
{
	struct queue_filter f = {.step = -1, .marks = CASE_MARK_SUPERVISED};
	struct queue_row row[5];
	uint64_t id = 0;
	unsigned n = 0;
	bool more;

	for (unsigned i = 0; id == 0; i++)
		id = spots[i].is_open ? spots[i].id : 0;
	assert_ok(queue_page(q, &f, 0, 0, 5, row, &n, &more));
	assert_int_equal(n, 0);
	cases_must(&t, id, "supervise", "desk_lead", "lead-1",
		   FIELDS("order_reason", "三天没有进展", "order_until", "2026-06-30"));
	assert_ok(queue_page(q, &f, 0, 0, 5, row, &n, &more));
	assert_int_equal(n, 1);
	assert_int_equal(row[0].id, id);
	cases_must(&t, id, "supervise_answer", "duty_officer", "desk-1",
		   FIELDS("order_answer", "今天下午到场"));
	assert_ok(queue_page(q, &f, 0, 0, 5, row, &n, &more));
	assert_int_equal(n, 0);
}

/* A message changes nothing of the queue's own row, but is the case's last entry: also for whoever
 * begins to look after it. */
static void rows_say_the_last_entry(struct queue *q, struct db *look)
{
	struct queue *later = NULL;
	struct queue_row row;
	uint64_t id = 0, last;
	char sql[96];

	for (unsigned i = 0; id == 0; i++)
		id = spots[i].is_open ? spots[i].id : 0;
	cases_must(&t, id, "message", "duty_officer", "desk-1", FIELDS("message", "好"));
	last = t.answer.n;
	snprintf(sql, sizeof sql, "SELECT n FROM case_open WHERE id = %llu",
		 (unsigned long long)id);
	assert_true((uint64_t)cases_i64(&t, sql) < last);
	assert_ok(queue_get(q, id, &row));
	assert_int_equal(row.n, last);
	assert_ok(queue_open(look, &later));
	assert_true(queue_find(later, id, &row));
	assert_int_equal(row.n, last);
	queue_close(later);
}

static void nearest_and_boxes_follow_the_record(void **state)
{
	struct db_options o = {0};
	struct db *look = NULL;
	struct queue *q = NULL;

	(void)state;
	cases_open(&t, NULL);
	assert_ok(db_open(t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &look));
	for (unsigned i = 0; i < CASES / 2; i++)
		report_at(i);
	assert_ok(queue_open(look, &q));
	must_agree(q);
	for (unsigned i = CASES / 2; i < CASES; i++)
		report_at(i);
	must_agree(q);
	for (unsigned i = 0; i < CASES; i += 3) {
		cases_must(&t, spots[i].id, "withdraw", "intake", "desk-1", NO_FIELDS);
		spots[i].is_open = false;
	}
	must_agree(q);
	cases_must(&t, spots[1].id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	must_agree(q);
	pages_are_in_order(q);
	orders_have_a_queue(q);
	rows_say_the_last_entry(q, look);
	queue_close(q);
	db_free(look);
	cases_close(&t);
}

/* ---- suspended ---- */

#define DAY (INT64_C(24) * 3600 * 1000000)
#define SUSPENDED 4u

/* Open, and suspended until a day. */
static uint64_t suspended(const char *drill, const char *cause, const char *until)
{
	uint64_t id = cases_hand_in(&t, "resident-request",
				    FIELDS("place", "0", "text", "灯不亮", "channel", "phone",
					   "has_reporter", "yes", "drill", drill));

	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	cases_must(&t, id, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	cases_must(&t, id, "suspend", "desk_lead", "lead-1",
		   FIELDS("suspension_cause", cause, "review_on", until));
	return id;
}

static int32_t day_of(const char *date)
{
	int32_t day = 0;

	assert_ok(civil_parse_date(str_of(date), &day));
	return day;
}

/* Those that are suspended now, by review date, with the age of the whole suspension. */
static void suspended_matters_are_listed(void **state)
{
	static const char *const until[SUSPENDED] = {"2026-06-30", "2026-06-20", "2026-07-05",
						     "2026-06-25"};
	const struct cases_shelf *shelf;
	struct queue_suspended row[SUSPENDED + 1];
	struct db_options o = {0};
	struct queue *q = NULL;
	struct db *look = NULL;
	uint64_t id[SUSPENDED];
	int64_t since[SUSPENDED];
	unsigned n = 0;
	bool more = true;

	(void)state;
	cases_open(&t, NULL);
	shelf = &t.shelf->shelf;
	for (unsigned i = 0; i < SUSPENDED; i++) {
		cases_pass(&t, INT64_C(600) * 1000000);
		id[i] = suspended("no", i % 2 ? "money" : "weather", until[i]);
		since[i] = t.answer.at_us;
	}
	(void)suspended("yes", "money", "2026-06-22"); /* a drill */
	assert_ok(db_open(t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &look));
	assert_ok(queue_open(look, &q));
	/* renewed, and a word and a file in between: as old as it was */
	cases_pass(&t, DAY);
	cases_must(&t, id[1], "message", "duty_officer", "desk-1", FIELDS("message", "等资金"));
	assert_true(cases_attach(&t, id[1], "photos", "grid_worker", STR("camera")) > 0);
	cases_must(&t, id[1], "renew", "level_above", "above-1", FIELDS("review_on", "2026-07-01"));
	cases_must(&t, id[3], "wake", "desk_lead", "lead-1", NO_FIELDS);
	assert_ok(queue_suspended(q, look, shelf, 0, 0, SUSPENDED, row, &n, &more));
	assert_int_equal(n, 3);
	assert_false(more);
	const unsigned order[] = {0, 1, 2}; /* 30 June, 1 July, 5 July */
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(row[i].id, id[order[i]]);
		assert_true(row[i].number > 0);
		assert_int_equal(row[i].since_us, since[order[i]]);
		assert_true(str_eq(row[i].category, STR("0102")));
		assert_true(str_eq(row[i].unit, STR("PMC")));
		assert_non_null(row[i].cause);
		assert_true(str_eq(row[i].cause->words[LANG_ZH],
				   order[i] % 2 ? STR("资金") : STR("天气")));
	}
	assert_int_equal(row[0].review_day, day_of("2026-06-30"));
	assert_int_equal(row[1].review_day, day_of("2026-07-01"));
	/* suspended anew: a new age */
	cases_must(&t, id[3], "suspend", "level_above", "above-1",
		   FIELDS("suspension_cause", "court", "review_on", "2026-07-03"));
	since[3] = t.answer.at_us;
	/* a page at a time */
	assert_ok(queue_suspended(q, look, shelf, 0, 0, 2, row, &n, &more));
	assert_true(n == 2 && more);
	assert_ok(queue_suspended(q, look, shelf, row[1].due_us, row[1].id, 2, row, &n, &more));
	assert_true(n == 2 && !more);
	assert_int_equal(row[0].id, id[3]);
	assert_int_equal(row[0].since_us, since[3]);
	assert_true(str_eq(row[0].cause->name.text, STR("court")));
	assert_int_equal(row[1].id, id[2]);
	assert_err(queue_suspended(q, look, shelf, 0, 0, 0, row, &n, &more), ERR_BAD_INPUT);
	assert_err(queue_suspended(q, look, shelf, 0, 0, QUEUE_SUSPENDED_MAX + 1, row, &n, &more),
		   ERR_BAD_INPUT);
	/* at its review date a case wakes by itself */
	while (t.store.now.utc_us < INT64_C(1782835200000000)) /* 2026-06-30 16:00 UTC */
		cases_pass(&t, DAY);
	assert_ok(queue_suspended(q, look, shelf, 0, 0, SUSPENDED, row, &n, &more));
	assert_true(n > 0 && row[0].id != id[0]);
	queue_close(q);
	db_free(look);
	cases_must_rebuild(&t);
	cases_close(&t);
}

/* What a category does not publish is on no public list. */
static void what_is_not_published_is_not_listed(void **state)
{
	struct queue_suspended row[1];
	struct db_options o = {0};
	struct queue *q = NULL;
	struct db *look = NULL;
	unsigned n = 1;
	bool more = true;

	(void)state;
	cases_open_edited(&t, NULL, "categories.yaml", "- code: \"0101\"\n",
			  "- code: \"0101\"\n  published: nothing\n");
	uint64_t id = cases_hand_in(&t, "resident-request",
				    FIELDS("place", "0", "text", "井盖", "channel", "phone",
					   "has_reporter", "yes", "drill", "no"));
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0101"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	cases_must(&t, id, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	cases_must(&t, id, "suspend", "desk_lead", "lead-1",
		   FIELDS("suspension_cause", "money", "review_on", "2026-06-30"));
	assert_ok(db_open(t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &look));
	assert_ok(queue_open(look, &q));
	assert_ok(queue_suspended(q, look, &t.shelf->shelf, 0, 0, 1, row, &n, &more));
	assert_true(n == 0 && !more);
	queue_close(q);
	db_free(look);
	cases_close(&t);
}

/* The cases of one unit, as ids in order; never more than there are. */
static unsigned cases_of_unit(struct queue *q, const char *unit, uint64_t ret[5])
{
	struct queue_filter f = {.step = -1, .unit = str_of(unit)};
	struct queue_row row[5];
	unsigned n = 0;
	bool more = true;

	assert_ok(queue_page(q, &f, 0, 0, 5, row, &n, &more));
	assert_false(more);
	for (unsigned i = 0; i < n; i++)
		ret[i] = row[i].id;
	return n;
}

/* A unit's own are those that it leads and those in which it has a joint part, each once. Whose
 * code only begins like another's, and who leads nothing at all, is no exception. */
static void a_unit_finds_what_it_leads_and_what_it_has_a_part_in(void **state)
{
	static const char *const lead[] = {"PMC", "MKT", "PMC"};
	struct db_options o = {0};
	struct queue *q = NULL;
	struct db *look = NULL;
	uint64_t id[3], found[5] = {0};

	(void)state;
	cases_open(&t, NULL);
	for (unsigned i = 0; i < 3; i++) {
		id[i] = cases_hand_in(&t, "resident-request",
				      FIELDS("place", "0", "text", "井盖", "channel", "phone",
					     "has_reporter", "yes", "drill", "no"));
		cases_must(&t, id[i], "open", "intake", "desk-1", FIELDS("category", "0101"));
		cases_must(&t, id[i], "dispatch", "dispatcher", "desk-2",
			   FIELDS("lead_unit", lead[i]));
		cases_must(&t, id[i], "receive", "unit_handler", "unit-3", NO_FIELDS);
	}
	assert_ok(db_open(t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &look));
	assert_ok(queue_open(look, &q));
	assert_int_equal(cases_of_unit(q, "MKT", found), 1);
	assert_int_equal(cases_of_unit(q, "SAF", found), 0);
	for (const char *const *unit = (const char *const[]){"MKT", "SAF", NULL}; *unit; unit++)
		cases_must(&t, id[2], "joint_add", "dispatcher", "desk-2",
			   FIELDS("joint_unit", *unit, "joint_until", "2026-06-30"));
	assert_int_equal(cases_of_unit(q, "MKT", found), 2);
	assert_true(found[0] != found[1] && (found[0] == id[1] || found[0] == id[2]) &&
		    (found[1] == id[1] || found[1] == id[2]));
	assert_int_equal(cases_of_unit(q, "SAF", found), 1); /* it leads none */
	assert_int_equal(found[0], id[2]);
	assert_int_equal(cases_of_unit(q, "PMC", found), 2);
	assert_int_equal(cases_of_unit(q, "SA", found), 0);
	assert_int_equal(cases_of_unit(q, "MKT SAF", found), 0);
	queue_close(q);
	db_free(look);
	cases_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nearest_and_boxes_follow_the_record),
	    cmocka_unit_test(suspended_matters_are_listed),
	    cmocka_unit_test(what_is_not_published_is_not_listed),
	    cmocka_unit_test(a_unit_finds_what_it_leads_and_what_it_has_a_part_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
