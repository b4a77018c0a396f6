/* Another office's file becomes cases: times by its own clock, also on the two days a year when
 * that is set; bad rows by line; what is left out is counted; the building and the grid of a point.
 */
#include "cases.h"

#include "app/case_import.h"
#include "app/place_import.h"

#include <fcntl.h>
#include <stdio.h>

#define HOUR (INT64_C(3600) * 1000000)

/* New York, as the rule has been since 2007 */
#define RULE "EST5EDT,M3.2.0,M11.1.0"

#define MAP                                                                                        \
	"for: cases\nsource: t\nformat: csv\ndatum: WGS-84\nzone: America/New_York\n"              \
	"time: \"%m/%d/%Y %I:%M:%S %p\"\n"                                                         \
	"columns: {id: no, opened: o, closed: c, due: d, status: s, category: [k, m],"             \
	" text: [x, z], lat: la, lon: lo}\n"                                                       \
	"status: {open: [Open], closed: [Done]}\n"                                                 \
	"categories: {else: \"9901\", words: {\"0102\": [Lamp], \"0104\": [Road / Hole]}}\n"       \
	"fields: {channel: other_level, has_reporter: \"no\", drill: \"no\"}\n"
#define HEAD "no,o,c,d,s,k,m,x,z,la,lo,reporter name\n"

struct run {
	struct test_cases t;
	struct case_map map;
	struct zone zone;
	uint8_t zone_bytes[TZIF_RULE_BYTES_MAX];
	struct import_counts counts;
	struct problem problem;
	char path[200];
	char told[4096]; /* "line field arg|" */
	struct buf said;
	unsigned batches;
	uint64_t done, total;
};

static struct run run;
static _Alignas(16) char map_memory[CONFIG_BYTES_MAX];

static int setup(void **state)
{
	struct arena a;
	size_t n;

	(void)state;
	memset(&run, 0, sizeof run);
	cases_open(&run.t, NULL);
	snprintf(run.path, sizeof run.path, "%s/in.csv", run.t.store.dir);
	arena_init(&a, map_memory, sizeof map_memory);
	assert_ok(config_case_map_read(STR("map"), STR(MAP), &a, &run.problem, &run.map));
	n = tzif_rule(RULE, run.zone_bytes);
	assert_ok(zone_parse((struct bytes){run.zone_bytes, n}, &run.zone));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(run.path);
	cases_must_rebuild(&run.t);
	cases_close(&run.t);
	return 0;
}

static enum err decide(void *ctx, struct case_batch *batch)
{
	static struct test_command c;

	(void)ctx;
	test_command_init(&c, COMMAND_IMPORT_CASES);
	c.c.account = STR("operator");
	c.c.imported.batch = batch;
	run.batches++;
	assert_in_range(batch->n, 1, CASE_BATCH_MAX);
	return test_run(&run.t.store, run.t.w, &c);
}

static void refused(void *ctx, const struct problem *p)
{
	(void)ctx;
	assert_string_equal(p->file, "in.csv");
	buf_put_u64(&run.said, p->line);
	buf_put_char(&run.said, ' ');
	buf_put_z(&run.said, p->field);
	buf_put_char(&run.said, '|');
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	assert_true(done >= run.done && done <= total);
	run.done = done;
	run.total = total;
}

static enum err import(const char *text)
{
	struct case_import_options o = {.map = &run.map,
					.zone = &run.zone,
					.path = run.path,
					.decide = decide,
					.refused = refused,
					.progress = progress};
	FILE *f = fopen(run.path, "wb");
	enum err e;

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	run.said = buf_over(run.told, sizeof run.told);
	run.done = run.batches = 0;
	o.fd = open(run.path, O_RDONLY);
	e = case_import_file(&o, &run.counts, &run.problem);
	close(o.fd);
	return e;
}

static int64_t of(const char *column, const char *no)
{
	char sql[160];

	snprintf(sql, sizeof sql, "SELECT %s FROM case_import i JOIN case_rec c USING (id) WHERE "
		 "i.ext = 't:%s'", column, no);
	return cases_i64(&run.t, sql);
}

static const char *text_of(const char *column, const char *no)
{
	char sql[160];

	snprintf(sql, sizeof sql, "SELECT %s FROM case_import i JOIN case_rec c USING (id) WHERE "
		 "i.ext = 't:%s'", column, no);
	return cases_sql_text(&run.t, sql);
}

static void told(const char *want)
{
	assert_string_equal((buf_put_char(&run.said, 0), run.told), want);
}

/* Instants by `TZ=America/New_York date -d '…' +%s`. */
static void times_are_those_of_their_clock(void **state)
{
	static const struct {
		const char *no;
		int64_t opened_s, closed_s;
	} want[] = {
	    {"winter", 1516892400, 1516896000}, /* 10:00 EST */
	    {"summer", 1532527200, 1532530800}, /* 10:00 EDT */
	    {"forward", 1520751600, 1520755200}, /* the first hour of summer */
	    {"night", 1530417600, 1530460800},  /* 12 AM to 12 PM */
	};

	(void)state;
	assert_ok(import(
	    HEAD "winter,01/25/2018 10:00:00 AM,01/25/2018 11:00:00 AM,,Done,Lamp,,,,,,\n"
		 "summer,07/25/2018 10:00:00 AM,07/25/2018 11:00:00 AM,,Done,Lamp,,,,,,\n"
		 /* an hour is skipped: 03:00 on 11 March is an hour after 01:00 */
		 "forward,03/11/2018 03:00:00 AM,03/11/2018 04:00:00 AM,,Done,Lamp,,,,,,\n"
		 "night,07/01/2018 12:00:00 AM,07/01/2018 12:00:00 PM,,Done,Lamp,,,,,,\n"
		 /* an hour comes twice: 01:50 to 01:10 takes twenty minutes, not minus forty */
		 "back,11/04/2018 01:50:00 AM,11/04/2018 01:10:00 AM,,Done,Lamp,,,,,,\n"
		 "back2,11/04/2018 12:50:00 AM,11/04/2018 02:10:00 AM,,Done,Lamp,,,,,,\n"));
	told("");
	assert_int_equal(run.counts.added, 6);
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		assert_int_equal(of("i.opened", want[i].no), want[i].opened_s * 1000000);
		assert_int_equal(of("i.closed", want[i].no), want[i].closed_s * 1000000);
		assert_int_equal(of("c.happened", want[i].no), want[i].opened_s * 1000000);
	}
	assert_int_equal(of("i.closed - i.opened", "back"), HOUR / 3);
	assert_int_equal(of("i.closed - i.opened", "back2"), 2 * HOUR + HOUR / 3);
}

static void bad_rows_are_told_by_line(void **state)
{
	(void)state;
	assert_ok(import(HEAD
		"1,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,,,\n"
		"2,01/25/2018 25:00:00 AM,,,Open,Lamp,,,,,,\n"	       /* 3: no time */
		"3,,,,Open,Lamp,,,,,,\n"				       /* 4 */
		"4,01/25/2018 10:00:00 AM,,,Perhaps,Lamp,,,,,,\n"	       /* 5: no status */
		"1,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,,,\n"	       /* 6: twice */
		",01/25/2018 10:00:00 AM,,,Open,Lamp,,,,,,\n"		       /* 7: no id */
		"5,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,91,0,\n"	       /* 8: nowhere */
		"6,01/25/2018 10:00:00 AM,,,Open,Lamp\n"		       /* 9: short */
		"\"7\",01/25/2018 10:00:00 AM,,,Open,\"La\nmp\",,,,,,\n"     /* 10, 11 */
		"8,01/25/2099 10:00:00 AM,,,Open,Lamp,,,,,,\n"		       /* 12: tomorrow */
		"9,01/25/2018 10:00:00 AM,01/24/2018 10:00:00 AM,,Done,Lamp,,,,,,\n"  /* 13 */
		"10,01/25/2018 10:00:00 AM,01/26/2018 10:00:00 AM,,Open,Lamp,,,,,,\n" /* 14 */
		"11,01/25/2018 10:00:00 AM,01/01/1900 12:00:00 AM,,Done,Lamp,,,,,,\n" /* 15 */
		"12,01/25/2018 10:00:00 AM,,,Done,Lamp,,,,,,\n"));
	/* first what the rows themselves are, then what the batch came to */
	told("3 opened|4 opened|5 status|6 id|7 id|8 lat|9 |12 opened|13 closed|14 closed|"
	     "15 closed|");
	assert_int_equal(run.counts.refused, 8);
	assert_int_equal(run.counts.noted, 3);
	assert_int_equal(run.counts.added, 6);
	assert_string_equal(text_of("c.state", "9"), "closed_by_source");
	assert_int_equal(of("i.closed", "9"), 0);
	assert_string_equal(text_of("c.state", "10"), "received");
	assert_int_equal(of("i.closed", "10"), 0);
	assert_int_equal(of("i.closed", "11"), 0);
	assert_int_equal(of("i.closed", "12"), 0);
	assert_string_equal(text_of("i.category", "7"), "La\nmp");
}

static void words_become_categories(void **state)
{
	(void)state;
	assert_ok(import(HEAD "1,01/25/2018 10:00:00 AM,,,Open,Lamp,Out,,,,,\n"
			      "2,01/25/2018 10:00:00 AM,,,Open,Road,Hole,,,,,\n"
			      "3,01/25/2018 10:00:00 AM,,,Open,Road,Snow,,,,,\n"));
	assert_string_equal(text_of("c.category", "1"), "0102");
	assert_string_equal(text_of("i.category", "1"), "Lamp / Out");
	assert_string_equal(text_of("c.category", "2"), "0104");
	assert_string_equal(text_of("c.category", "3"), "9901");
	assert_string_equal(text_of("i.category", "3"), "Road / Snow");
	assert_int_equal(run.counts.columns_left, 1); /* the reporter's name was not read */
	assert_int_equal(cases_i64(&run.t, "SELECT count(*) FROM figure"), 0);
}

static void texts_are_masked_or_left(void **state)
{
	(void)state;
	assert_ok(import(
	    HEAD "1,01/25/2018 10:00:00 AM,,,Open,Lamp,,8 Lane,plate 粤B12345,,,Ann Other\n"
		 "2,01/25/2018 10:00:00 AM,01/26/2018 10:00:00 AM,,Done,Lamp,,8 Lane,dark,,,\n"));
	assert_int_equal(run.counts.masked, 1);
	assert_int_equal(run.counts.texts_left, 1);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const words[] = {"Ann Other", "8 Lane", "12345"};
		char sql[120];
		snprintf(sql, sizeof sql,
			 "SELECT count(*) FROM entry WHERE instr(body, CAST('%s' AS BLOB)) > 0",
			 words[i]);
		assert_int_equal(cases_i64(&run.t, sql), 0);
	}
}

static enum err set_places(void *ctx, struct place_batch *batch)
{
	static struct test_command c;

	(void)ctx;
	test_command_init(&c, COMMAND_SET_PLACES);
	c.c.places.batch = batch;
	return test_run(&run.t.store, run.t.w, &c);
}

static void points_find_building_and_grid(void **state)
{
	static const char rows[] = "no,y,x,until\nb1,40.7,-73.9,2020-12-31\nb2,40.71,-73.9,\n";
	static const char grid[] =
	    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"g\","
	    "\"properties\":{\"n\":\"G05\",\"until\":\"2020-12-31\"},\"geometry\":{\"type\":"
	    "\"Polygon\",\"coordinates\":[[[-74,40.6],[-73.8,40.6],[-73.8,40.8],[-74,40.8],"
	    "[-74,40.6]]]}}]}";
	static const char *const maps[] = {
	    "source: b\nformat: csv\ndatum: WGS-84\ncolumns: {id: no, lat: y, lon: x, valid_until: "
	    "until}\nkinds:\n"
	    "  - {kind: building}\n",
	    "source: g\nformat: geojson\ndatum: WGS-84\ncolumns: {id: \"@id\", number: n, "
	    "valid_until: until}\nkinds:\n  - {kind: grid}\n"};
	static _Alignas(16) char memory[CONFIG_BYTES_MAX];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct place_map map;
		struct place_import_options o = {
		    .map = &map, .path = run.path, .decide = set_places};
		struct import_counts n;
		struct arena a;
		FILE *f = fopen(run.path, "wb");
		assert_non_null(f);
		assert_true(fputs(i ? grid : rows, f) >= 0);
		assert_int_equal(fclose(f), 0);
		arena_init(&a, memory, sizeof memory);
		assert_ok(config_place_map_read(STR("m"), str_of(maps[i]), &a, &run.problem, &map));
		assert_ok(place_import(&o, &n, &run.problem));
		assert_int_equal(n.refused, 0);
	}
	assert_ok(import(HEAD
			 "near,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,40.7001,-73.9001,\n"
			 "far,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,40.75,-73.9,\n"
			 "later,01/25/2022 10:00:00 AM,,,Open,Lamp,,,,40.7001,-73.9001,\n"
			 "none,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,,,\n"));
	assert_int_equal(run.counts.placed, 1);
	assert_int_equal(of("c.place", "near"),
			 cases_i64(&run.t, "SELECT id FROM place WHERE ext = 'b:b1'"));
	assert_string_equal(text_of("c.area", "near"), "G05");
	assert_int_equal(of("c.place", "far"), 0);
	assert_string_equal(text_of("c.area", "far"), "G05");
	/* both of the day on which it was opened */
	assert_int_equal(of("c.place", "later"), 0);
	assert_string_equal(text_of("c.area", "later"), "");
	assert_int_equal(of("c.has_at", "none"), 0);
	assert_int_equal(of("c.lat", "near"), 407001000);
	assert_int_equal(of("c.lon", "near"), -739001000);
}

/* Batches are full, progress is told, and a second run adds nothing. */
static void many_rows_go_in_batches(void **state)
{
	enum { ROWS = 1203, ROW_BYTES = 64 };
	static char text[sizeof HEAD + ROWS * ROW_BYTES];
	size_t n = (size_t)snprintf(text, sizeof text, "%s", HEAD);

	(void)state;
	for (int i = 0; i < ROWS; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "%d,01/25/2018 10:00:00 AM,,,Open,Lamp,,,,,,\n", i);
	assert_ok(import(text));
	assert_int_equal(run.batches, 3);
	assert_true(run.done == run.total && run.total == n);
	assert_int_equal(run.counts.added, ROWS);
	assert_ok(import(text));
	assert_int_equal(run.counts.added, 0);
	assert_int_equal(run.counts.same, ROWS);
	assert_int_equal(cases_i64(&run.t, "SELECT count(*) FROM case_rec"), ROWS);
}

static void a_column_that_is_not_there_ends_it(void **state)
{
	(void)state;
	assert_err(import("no,o\n1,2\n"), ERR_BAD_INPUT);
	assert_string_equal(run.problem.arg[0], "c");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(times_are_those_of_their_clock),
	    TEST(bad_rows_are_told_by_line),
	    TEST(words_become_categories),
	    TEST(texts_are_masked_or_left),
	    TEST(points_find_building_and_grid),
	    TEST(many_rows_go_in_batches),
	    TEST(a_column_that_is_not_there_ends_it),
	};
	return cmocka_run_group_tests_name("app_case_import", tests, NULL, NULL);
}
