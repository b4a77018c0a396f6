/* A place corrected after handing in: the entry names both, and row, list of the place, index,
 * queue and map follow; who leads and what was counted stay. */
#include "cases.h"

#include "service/case_why.h"
#include "service/cases.h"
#include "service/cases_find.h"
#include "service/queue.h"

static struct test_cases t;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	cases_two_grids(&t);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

#define WEST ((struct geo_point){CASES_GRID_SOUTH + 10000, CASES_GRID_WEST + 10000})
#define EAST ((struct geo_point){CASES_GRID_SOUTH + 10000, CASES_GRID_WEST + 30000})
#define LAMP "三坊七巷口的路灯整夜不亮"

static int64_t id_of(const char *place)
{
	return (int64_t)strtoull(place, NULL, 10);
}

/* Two buildings with points, one in each grid; and one without. */
static void buildings(char ret[3][24])
{
	struct place_draft d[3] = {cases_draft(PLACE_BUILDING, "b:1"),
				   cases_draft(PLACE_BUILDING, "b:2"),
				   cases_draft(PLACE_BUILDING, "b:3")};

	d[0].place.has_at = d[1].place.has_at = true;
	d[0].place.at = WEST;
	d[1].place.at = EAST;
	cases_set_places(&t, d, 3);
	for (unsigned i = 0; i < 3; i++)
		snprintf(ret[i], 24, "%llu", (unsigned long long)d[i].place.id);
}

static uint64_t report(const char *place)
{
	return cases_hand_in(&t, "resident-request",
			     FIELDS("place", place, "text", LAMP, "channel", "phone",
				    "has_reporter", "yes", "drill", "no"));
}

/* With a point, or without (NULL). */
static enum err correct(uint64_t id, const char *command, const char *role,
			const struct geo_point *at, const char *const *fields)
{
	t.order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				      .role = str_of(role), .account = str_of(role), .id = id,
				      .command = str_of(command), .has_at = at != NULL};
	if (at)
		t.order.at = *at;
	return cases_call(&t, fields);
}

static void refused(enum err e, enum err want, const char *field, enum msg msg)
{
	assert_err(e, want);
	assert_true(strcmp(t.order.problem.field, field) == 0);
	assert_int_equal(t.order.problem.msg, msg);
}

static unsigned found_in(const char *area)
{
	_Alignas(16) static char memory[64u << 10];
	struct cases_found found[10];
	struct problem problem = {0};
	struct reader *r = NULL;
	struct arena a;
	unsigned n = 0;
	bool more;

	arena_init(&a, memory, sizeof memory);
	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &r));
	assert_ok(cases_search(r, STR("路灯"), str_of(area), 0, 10, &a, found, &n, &more,
			       &problem));
	reader_close(r);
	return n;
}

static unsigned of_place(const char *place)
{
	uint64_t ids[10];
	unsigned n = 0;

	assert_ok(cases_of_place(t.w->db, (uint64_t)id_of(place), 0, 10, ids, &n));
	return n;
}

static unsigned in_box(struct queue *q, struct geo_point at)
{
	const struct queue_filter f = {.step = -1};
	const struct geo_box box = {at.lat_e7 - 10, at.lon_e7 - 10, at.lat_e7 + 10,
				    at.lon_e7 + 10};
	struct queue_row row[10];
	unsigned n = 0;
	bool more;

	assert_ok(queue_box(q, &f, &box, 10, row, &n, &more));
	return n;
}

static unsigned queued_in(struct queue *q, const char *area)
{
	const struct queue_filter f = {.step = -1, .area = str_of(area)};
	struct queue_row row[10];
	unsigned n = 0;
	bool more;

	assert_ok(queue_page(q, &f, 0, 0, 10, row, &n, &more));
	return n;
}

static void everything_follows_the_place(void **state)
{
	struct db_options o = {0};
	struct queue *q = NULL;
	struct db *look = NULL;
	char b[3][24];
	uint64_t id;

	(void)state;
	buildings(b);
	id = report(b[0]);
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_ok(db_open(t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &look));
	assert_ok(queue_open(look, &q));
	assert_int_equal(in_box(q, WEST), 1);
	assert_true(queued_in(q, "G01") == 1 && found_in("G01") == 1 && of_place(b[0]) == 1);
	assert_ok(correct(id, "correct_place", "duty_officer", NULL,
			  FIELDS("place", b[1], "place_ground", "来电人说是东边那栋")));
	assert_true(queued_in(q, "G01") == 0 && found_in("G01") == 0 && of_place(b[0]) == 0);
	assert_true(queued_in(q, "G02") == 1 && found_in("G02") == 1 && of_place(b[1]) == 1);
	assert_true(in_box(q, WEST) == 0 && in_box(q, EAST) == 1);
	assert_int_equal(cases_i64(&t, "SELECT place FROM case_rec"), id_of(b[1]));
	/* the unit stays; what was counted stays in the grid where it was counted */
	assert_string_equal(cases_sql_text(&t, "SELECT unit FROM case_open"), "PMC");
	assert_string_equal(
	    cases_sql_text(&t, "SELECT group_concat(area || name) FROM (SELECT * FROM figure_area "
			       "ORDER BY area, name)"),
	    "G01handed_in,G01opened");
	queue_close(q);
	db_free(look);
}

static int64_t of_entry(uint64_t n, const char *path)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "SELECT coalesce(json_extract(CAST(body AS TEXT), '$.data.where.%s'), 0) FROM "
		 "entry WHERE n = %llu",
		 path, (unsigned long long)n);
	return cases_i64(&t, sql);
}

static void an_entry_names_the_old_and_the_new(void **state)
{
	char b[3][24];
	uint64_t id;

	(void)state;
	buildings(b);
	id = report(b[0]);
	/* a point alone: the same building, another corner */
	assert_ok(correct(id, "correct_place", "intake", &EAST,
			  FIELDS("place_ground", "定位漂移")));
	assert_int_equal(of_entry(t.answer.n, "place"), id_of(b[0]));
	assert_int_equal(of_entry(t.answer.n, "was.place"), id_of(b[0]));
	assert_int_equal(of_entry(t.answer.n, "at[1]"), EAST.lon_e7);
	assert_int_equal(of_entry(t.answer.n, "was.at[1]"), WEST.lon_e7);
	assert_true(found_in("G02") == 1 && of_place(b[0]) == 1);
	/* a place without a point has none: the old one was another's */
	assert_ok(correct(id, "correct_place", "intake", NULL,
			  FIELDS("place", b[2], "place_ground", "在三号楼")));
	assert_int_equal(cases_i64(&t, "SELECT has_at FROM case_open"), 0);
	assert_int_equal(cases_i64(&t, "SELECT n FROM case_open"), t.answer.n);
	assert_string_equal(cases_sql_text(&t, "SELECT area FROM case_rec"), "");
	assert_int_equal(of_entry(t.answer.n, "was.at[0]"), EAST.lat_e7);
	assert_int_equal(of_entry(t.answer.n, "at[0]"), 0);
	assert_true(found_in("G02") == 0 && found_in("") == 1);
	/* both, and the order's point wins */
	assert_ok(correct(id, "correct_place", "dispatcher", &EAST,
			  FIELDS("place", b[0], "place_ground", "现场确认")));
	assert_int_equal(of_entry(t.answer.n, "place"), id_of(b[0]));
	assert_int_equal(of_entry(t.answer.n, "at[1]"), EAST.lon_e7);
	/* no named place any more, a point only */
	assert_ok(correct(id, "correct_place", "dispatcher", &WEST,
			  FIELDS("place", "0", "place_ground", "在路上")));
	assert_true(of_place(b[0]) == 0 && found_in("G01") == 1);
}

static void a_correction_says_where_to_and_why(void **state)
{
	char b[3][24];
	uint64_t id;

	(void)state;
	buildings(b);
	id = report(b[0]);
	refused(correct(id, "correct_place", "intake", NULL, FIELDS("place", b[1])),
		ERR_BAD_INPUT, "place_ground", MSG_CASE_NOT_FILLED);
	refused(correct(id, "correct_place", "intake", NULL, FIELDS("place_ground", "?")),
		ERR_BAD_INPUT, "place", MSG_CASE_NOT_FILLED);
	refused(correct(id, "correct_place", "intake", NULL,
			FIELDS("place", "0", "place_ground", "?")),
		ERR_BAD_INPUT, "place", MSG_CASE_NOT_FILLED);
	refused(correct(id, "correct_place", "intake", &WEST,
			FIELDS("place", b[0], "place_ground", "?")),
		ERR_BAD_INPUT, "place", MSG_CASE_PLACE_SAME);
	refused(correct(id, "correct_place", "intake", NULL,
			FIELDS("place", "99999", "place_ground", "?")),
		ERR_BAD_INPUT, "place", MSG_CASE_NO_PLACE);
	refused(correct(id, "correct_place", "grid_worker", &EAST, FIELDS("place_ground", "?")),
		ERR_FORBIDDEN, "command", MSG_CASE_NOT_THIS_ROLE);
	/* no other step moves a case */
	refused(correct(id, "open", "intake", &EAST, FIELDS("category", "0102")), ERR_BAD_INPUT,
		"at", MSG_CASE_NOT_ITS_FIELD);
	assert_string_equal(cases_state(&t, id), "received");
	assert_true(found_in("G01") == 1 && of_place(b[0]) == 1); /* nothing was half done */
}

static void whoever_checks_on_the_ground_may_correct_it(void **state)
{
	char b[3][24];
	uint64_t id;

	(void)state;
	buildings(b);
	id = report(b[0]);
	cases_must(&t, id, "precheck_ask", "intake", "desk-1", NO_FIELDS);
	assert_ok(correct(id, "correct_place", "grid_worker", &EAST,
			  FIELDS("place_ground", "实际在东边")));
	assert_int_equal(found_in("G02"), 1);
	/* or with the result; the same place again corrects nothing */
	assert_ok(correct(id, "precheck", "grid_worker", NULL,
			  FIELDS("precheck_result", "found", "place", b[0])));
	assert_int_equal(of_entry(t.answer.n, "was.at[1]"), EAST.lon_e7);
	assert_int_equal(found_in("G01"), 1);
	cases_must(&t, id, "precheck_ask", "intake", "desk-1", NO_FIELDS);
	assert_ok(correct(id, "precheck", "grid_worker", NULL,
			  FIELDS("precheck_result", "found", "place", b[0])));
	assert_int_equal(of_entry(t.answer.n, "place"), 0);
	/* what is opened now is counted where it is */
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	assert_ok(correct(id, "correct_place", "intake", &EAST, FIELDS("place_ground", "?")));
	assert_string_equal(
	    cases_sql_text(&t, "SELECT group_concat(area || name) FROM (SELECT * FROM figure_area "
			       "ORDER BY area, name)"),
	    "G01handed_in,G01opened");
}

static void nobody_is_sent_elsewhere_by_it(void **state)
{
	static _Alignas(16) char memory[8 * ENTRY_BYTES_MAX];
	static char text[CASE_WHY_BYTES_MAX + 1];
	const struct case_entry *entry = NULL;
	struct entry_head head;
	struct arena a;
	char b[3][24];
	uint64_t id;

	(void)state;
	buildings(b);
	id = report(b[0]);
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_ok(correct(id, "correct_place", "dispatcher", &EAST, FIELDS("place_ground", "?")));
	for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
		struct buf out = buf_over(text, CASE_WHY_BYTES_MAX);
		struct case_view v;
		arena_init(&a, memory, sizeof memory);
		assert_ok(cases_view(t.w->db, id, &a, &v));
		assert_int_equal(v.n, t.answer.n);
		assert_ok(cases_entry(t.w->db, v.n, &a, &head, &entry));
		const struct case_why_files files = {&t.shelf->shelf, v.type_n, v.categories_n,
						     (enum lang)lang};
		assert_true(case_why(&files, entry, head.at_us, &out));
		text[out.n] = '\0';
		assert_non_null(strstr(text, lang == LANG_ZH ? "网格 G01 → G02" : "G01 to G02"));
		assert_non_null(strstr(text, lang == LANG_ZH
						 ? "主办单位仍是物业服务人、城中村综合管理公司"
						 : "property firm still leads"));
		assert_non_null(strstr(text, lang == LANG_ZH ? "更正地点的依据：写在事项里"
							     : "written in the case"));
	}
}

/* Old terms and new: after erasure none of them is left in any byte. */
static void an_erased_case_leaves_no_term_of_either_place(void **state)
{
	static char before[200][14], all[32u << 20];
	struct test_cases *c = &t;
	struct test_command cmd;
	unsigned n = 0, found = 0;
	char b[3][24], path[2][200];
	uint64_t id;

	(void)state;
	buildings(b);
	id = report(b[0]);
	for (unsigned round = 0; round < 2; round++) {
		sqlite3 *db = cases_look(c);
		sqlite3_stmt *s = NULL;
		assert_int_equal(sqlite3_exec(db, "CREATE VIRTUAL TABLE temp.v USING "
						  "fts5vocab(main, case_term, row)", NULL, NULL,
					      NULL), SQLITE_OK);
		assert_int_equal(sqlite3_prepare_v2(db, "SELECT term FROM temp.v", -1, &s, NULL),
				 SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW) {
			assert_true(n < 200);
			snprintf(before[n++], 14, "%s", (const char *)sqlite3_column_text(s, 0));
		}
		sqlite3_finalize(s);
		sqlite3_close(db);
		if (round == 0)
			assert_ok(correct(id, "correct_place", "intake", NULL,
					  FIELDS("place", b[1], "place_ground", "?")));
	}
	assert_true(n > 20);
	cases_must(c, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	assert_ok(test_run(&c->store, c->w, &cmd));
	assert_true(cases_deliver(c) > 0);
	snprintf(path[0], sizeof path[0], "%.150s", c->store.journal);
	snprintf(path[1], sizeof path[1], "%.150s-wal", c->store.journal);
	for (unsigned i = 0; i < 2; i++) {
		FILE *f = fopen(path[i], "rb");
		size_t size = f ? fread(all, 1, sizeof all, f) : 0;
		assert_true(size < sizeof all);
		for (unsigned k = 0; k < n; k++)
			found += memmem(all, size, before[k] + 2, 11) != NULL;
		if (f)
			fclose(f);
	}
	assert_int_equal(found, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(everything_follows_the_place),
	    TEST(an_entry_names_the_old_and_the_new),
	    TEST(a_correction_says_where_to_and_why),
	    TEST(whoever_checks_on_the_ground_may_correct_it),
	    TEST(nobody_is_sent_elsewhere_by_it),
	    TEST(an_erased_case_leaves_no_term_of_either_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
