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
	queue_close(q);
	db_free(look);
	cases_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nearest_and_boxes_follow_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
