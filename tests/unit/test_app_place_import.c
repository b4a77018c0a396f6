/* Files become places: CSV and GeoJSON, bad rows by line, the same again, every datum, a file far
 * larger than the memory. */
#include "test.h"

#include "app/place_import.h"
#include "service/places.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

struct run {
	struct test_store store;
	struct writer *writer;
	struct place_map map;
	struct import_counts counts;
	struct problem problem;
	char path[200];
	char refusals[2048]; /* "line field message|" */
	struct buf said;
	unsigned batches;
	uint64_t progress_done, progress_total;
};

static struct run run;
static _Alignas(16) char map_memory[CONFIG_BYTES_MAX];
static _Alignas(16) char arena_memory[PLACES_CARD_ARENA_BYTES];

static void begin(void)
{
	memset(&run, 0, sizeof run);
	test_store_init(&run.store, NULL);
	assert_ok(test_store_create(&run.store));
	run.writer = test_store_open(&run.store);
	snprintf(run.path, sizeof run.path, "%s/in", run.store.dir);
}

static void end(void)
{
	writer_close(run.writer);
	unlink(run.path);
	test_store_remove(&run.store);
}

static enum err decide(void *ctx, struct place_batch *batch)
{
	static struct test_command t;

	(void)ctx;
	test_command_init(&t, COMMAND_SET_PLACES);
	t.c.places.batch = batch;
	run.batches++;
	assert_in_range(batch->n, 1, PLACE_BATCH_MAX);
	return test_run(&run.store, run.writer, &t);
}

static void refused(void *ctx, const struct problem *p)
{
	(void)ctx;
	assert_string_equal(p->file, "in");
	buf_put_u64(&run.said, p->line);
	buf_put_char(&run.said, ' ');
	buf_put_z(&run.said, p->field);
	buf_put_char(&run.said, ' ');
	buf_put_z(&run.said, p->arg[0]);
	buf_put_char(&run.said, '|');
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	assert_true(done >= run.progress_done && done <= total);
	run.progress_done = done;
	run.progress_total = total;
}

static void write_file(struct str text)
{
	FILE *f = fopen(run.path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
}

static enum err import(const char *map_text)
{
	struct place_import_options o = {.map = &run.map,
					 .path = run.path,
					 .decide = decide,
					 .refused = refused,
					 .progress = progress};
	struct arena a;

	arena_init(&a, map_memory, sizeof map_memory);
	run.said = buf_over(run.refusals, sizeof run.refusals);
	run.progress_done = 0;
	run.batches = 0;
	assert_ok(config_place_map_read(STR("map"), str_of(map_text), &a, &run.problem, &run.map));
	return place_import(&o, &run.counts, &run.problem);
}

static void counted(uint64_t added, uint64_t changed, uint64_t same, uint64_t not_taken,
		    uint64_t unwanted)
{
	assert_int_equal(run.counts.added, added);
	assert_int_equal(run.counts.changed, changed);
	assert_int_equal(run.counts.same, same);
	assert_int_equal(run.counts.refused, not_taken);
	assert_int_equal(run.counts.unwanted, unwanted);
}

static struct place_card *card(uint64_t id)
{
	static struct place_card c;
	struct reader *r = NULL;
	struct arena a;

	arena_init(&a, arena_memory, sizeof arena_memory);
	assert_ok(reader_open(&run.store.paths, NULL, &r));
	assert_ok(places_card(r->db, id, 1, PLACE_DAY_OPEN, &a, &c));
	reader_close(r);
	return &c;
}

static const char csv_map[] =
    "source: t\nformat: csv\ndatum: GCJ-02\n"
    "columns: {id: no, name: name, lat: y, lon: x, parent: on, aliases: also, house_code: code,"
    " valid_from: since, device_kind: what}\n"
    "kinds:\n  - kind: building\n    where: {kind: [b]}\n"
    "  - kind: device\n    where: {kind: [d]}\n    constants: {owner: water firm}\n";

static void csv(void **state)
{
	static const char head[] = "\xEF\xBB\xBFno,kind,name,y,x,on,also,code,since,what,more\r\n";
	static const char rows[] = "1,b,\"八一\"\"楼\",22.540796131694766,113.9171764808363,,老楼; 榕树楼,"
				   "4403050020050100012000000,2020-02-29,,z\r\n"
				   "2,d,泵,,,1,,,,pump,\r\n"
				   "\r\n"
				   "3,x,not asked for,,,,,,,,\r\n"
				   "4,d,\"no parent\",,,9,,,,,\r\n"
				   "5,d,bad position,91,5,,,,,,\r\n"
				   "6,d,bad day,,,,,,2021-02-29,,\r\n"
				   "7,d,too few\r\n"
				   "8,d,bad\"quote,,,,,,,,\r\n"
				   "1,d,twice,,,,,,,,\r\n"
				   ",d,no id,,,,,,,,\r\n"
				   "9,d,bad code,,,,,123,,,\r\n"
				   "10,d,half,22.5,,,,,,,\r\n";
	char text[2048];
	int n = snprintf(text, sizeof text, "%s%s", head, rows);
	uint64_t entries;

	(void)state;
	begin();
	write_file((struct str){text, (size_t)n});
	assert_ok(import(csv_map));
	counted(2, 0, 0, 9, 1);
	/* what the batch refused comes with the batch, at the end */
	assert_string_equal(buf_z(&run.said),
			    "7 lat 91|8 valid_from 2021-02-29|9  3|10  65536|11 id t:1|12 id |"
			    "13 house_code 123|14 lon |6 parent t:9|");
	assert_int_equal(run.progress_done, n);
	assert_int_equal(run.progress_total, n);
	entries = run.writer->journal.n;
	assert_int_equal(entries, 3);
	assert_ok(import(csv_map));
	counted(0, 0, 2, 9, 1);
	assert_int_equal(run.writer->journal.n, entries);
	/* the published pair of test_place_geo.c: GCJ-02 came in, WGS-84 is kept */
	assert_in_range(card(2)->place.at.lat_e7, 225438470 - 10, 225438470 + 10);
	assert_in_range(card(2)->place.at.lon_e7, 1139123160 - 10, 1139123160 + 10);
	assert_int_equal(card(2)->place.alias_n, 3);
	assert_true(str_eq(card(2)->place.alias[0], STR("4403050020050100012000000")));
	assert_true(str_eq(card(2)->place.alias[2], STR("榕树楼")));
	assert_true(str_eq(place_title(&card(2)->place), STR("八一\"楼")));
	assert_int_equal(card(2)->place.valid_from, 18321);
	assert_int_equal(card(3)->parent[0].id, 2);
	assert_true(str_eq(card(3)->place.field[PLACE_FIELD_OWNER].text, STR("water firm")));
	end();
}

static void csv_as_a_whole(void **state)
{
	(void)state;
	begin();
	write_file(STR("no,kind,name,y,x,on,also,code,since\n1,b,a,,,,,,\n"));
	assert_err(import(csv_map), ERR_BAD_INPUT);
	assert_int_equal(run.problem.msg, MSG_PLACE_MAP_COLUMN);
	assert_string_equal(run.problem.arg[0], "what");
	unlink(run.path);
	assert_err(import(csv_map), ERR_NOT_FOUND);
	write_file(STR(""));
	assert_ok(import(csv_map));
	counted(0, 0, 0, 0, 0);
	end();
}

/* Without ids a row is known by its content. */
static void by_content(void **state)
{
	static const char map[] =
	    "source: t\nformat: csv\ndatum: WGS-84\ncolumns: {name: n}\nkinds: [{kind: gate}]\n";

	(void)state;
	begin();
	write_file(STR("n\na\nb\na\n"));
	assert_ok(import(map));
	counted(2, 0, 0, 1, 0);
	write_file(STR("n\nb\nc\n"));
	assert_ok(import(map));
	counted(1, 0, 1, 0, 0);
	end();
}

static const char geo_map[] = "source: g\nformat: geojson\ndatum: WGS-84\n"
			      "columns: {id: \"@id\", name: name, floors: levels, lift: lift}\n"
			      "kinds: [{kind: building}]\n";

#define FEATURE(id, properties, geometry)                                                          \
	"{\"type\":\"Feature\",\"id\":" id ",\"properties\":" properties ",\"geometry\":" geometry \
	"}"
#define SHAPE(type, coordinates) "{\"type\":\"" type "\",\"coordinates\":" coordinates "}"
#define DEEP "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"

/* One a line. */
static const char *const features[] = {
    /* clockwise, closed, with a hole against the clock: both are turned */
    FEATURE("1", "{\"name\":\"楼\",\"levels\":7,\"lift\":true}",
	    SHAPE("Polygon", "[[[7,43],[7,43.001],[7.001,43.001],[7.001,43],[7,43]],"
			     "[[7.0002,43.0002],[7.0004,43.0002],[7.0004,43.0004],"
			     "[7.0002,43.0004],[7.0002,43.0002]]]")),
    FEATURE("\"b\"", "null", SHAPE("Point", "[-7.00000004,43.00000006]")),
    FEATURE("3", "{}", "null"),
    FEATURE("4", "{}", SHAPE("MultiPoint", "[[7,43]]")),
    FEATURE("5", "{}", SHAPE("Polygon", "[[[7,43],[7,44],[7,43]]]")),
    FEATURE("6", "{}", SHAPE("Point", "[181,43]")),
    "{\"type\":\"Feature\",\"a\":1,\"a\":2}",
    "{\"type\":\"Other\"}",
    "{\"x\":" DEEP "}",
    FEATURE("7", "{\"levels\":2.5}", "null"),
    FEATURE("8", "{}", SHAPE("MultiPolygon", "[[[[7,43],[8,43],[8,44]]],[[[1,1],[2,1],[2,2]]]]")),
    FEATURE("9", "{}", SHAPE("LineString", "[[7,43]]")),
};

static void put_features(const char *const *list, size_t n)
{
	char text[4096];
	struct buf b = buf_over(text, sizeof text);

	buf_put_z(&b, "{\"type\":\"FeatureCollection\",\"features\":[\n");
	for (size_t i = 0; i < n; i++) {
		buf_put_z(&b, i ? ",\n" : "");
		buf_put_z(&b, list[i]);
	}
	buf_put_z(&b, "]}");
	assert_false(b.over);
	write_file(buf_str(&b));
}

static void geojson(void **state)
{
	const struct place *p;

	(void)state;
	begin();
	put_features(features, sizeof features / sizeof features[0]);
	assert_ok(import(geo_map));
	counted(4, 0, 0, 8, 0);
	assert_string_equal(buf_z(&run.said),
			    "5 geometry MultiPoint|6 shape |7 geometry |8  1048576|9  |10  1048576|"
			    "11 floors 2.5|13 shape |");
	p = &card(2)->place;
	assert_int_equal(p->field[PLACE_FIELD_FLOORS].n, 7);
	assert_int_equal(p->field[PLACE_FIELD_LIFT].n, 1);
	assert_int_equal(p->shape.ring_n, 2);
	assert_int_equal(p->shape.ring[0].n, 4);
	assert_true(geo_ring_is_outer(&p->shape.ring[0]));
	assert_false(geo_ring_is_outer(&p->shape.ring[1]));
	assert_true(geo_shape_has(&p->shape, p->at));
	p = &card(3)->place;
	assert_int_equal(p->at.lon_e7, -70000000);
	assert_int_equal(p->at.lat_e7, 430000001);
	assert_false(card(4)->place.has_at);
	assert_int_equal(card(5)->place.shape.ring_n, 2);
	/* again, and with one changed */
	assert_ok(import(geo_map));
	counted(0, 0, 4, 8, 0);
	write_file(STR("{\"features\":[" FEATURE("3", "{\"name\":\"new\"}", "null") "]}"));
	assert_ok(import(geo_map));
	counted(0, 1, 0, 0, 0);
	write_file(STR("{\"features\":[" FEATURE("3", "{}", "null")));
	assert_err(import(geo_map), ERR_BAD_INPUT);
	assert_int_equal(run.problem.msg, MSG_PLACE_NOT_FEATURES);
	end();
}

static void is_near(struct geo_point got, int32_t lat_e7, int32_t lon_e7, int32_t e7)
{
	assert_in_range(got.lat_e7, lat_e7 - e7, lat_e7 + e7);
	assert_in_range(got.lon_e7, lon_e7 - e7, lon_e7 + e7);
}

/* The published pairs of test_place_geo.c, as points and as corners: what comes in of another
 * datum is kept in WGS-84. Of BD-09 a single step backward is published, good to some metres. */
static void geojson_of_every_datum(void **state)
{
	static const char gcj_map[] =
	    "source: g\nformat: geojson\ndatum: GCJ-02\ncolumns: {id: \"@id\"}\n"
	    "kinds: [{kind: building}]\n";
	static const char bd_map[] =
	    "source: b\nformat: geojson\ndatum: BD-09\ncolumns: {id: \"@id\"}\n"
	    "kinds: [{kind: building}]\n";
	static const char *const gcj[] = {
	    FEATURE("1", "{}", SHAPE("Point", "[113.9171764808363,22.540796131694766]")),
	    FEATURE("2", "{}",
		    SHAPE("Polygon", "[[[113.9171764808363,22.540796131694766],"
				     "[113.9181764808363,22.540796131694766],"
				     "[113.9181764808363,22.541796131694766]]]"))};
	static const char *const bd[] = {
	    FEATURE("1", "{}", SHAPE("Point", "[116.41036949371029,39.92133699351021]")),
	    FEATURE("2", "{}",
		    SHAPE("LineString", "[[116.41036949371029,39.92133699351021],"
					"[116.42036949371029,39.92133699351021]]"))};

	(void)state;
	begin();
	put_features(gcj, 2);
	assert_ok(import(gcj_map));
	counted(2, 0, 0, 0, 0);
	is_near(card(2)->place.at, 225438470, 1139123160, 10);
	is_near(card(3)->place.shape.ring[0].p[0], 225438470, 1139123160, 10);
	put_features(bd, 2);
	assert_ok(import(bd_map));
	counted(2, 0, 0, 0, 0);
	is_near(card(4)->place.at, 399135957, 1163977555, 500);
	is_near(card(5)->place.shape.ring[0].p[0], 399135957, 1163977555, 500);
	end();
}

/* A building in place of two: the file names them by its own ids. */
static void predecessors(void **state)
{
	static const char map[] =
	    "source: t\nformat: csv\ndatum: WGS-84\n"
	    "columns: {id: no, name: name, predecessors: instead_of}\nkinds: [{kind: building}]\n";

	(void)state;
	begin();
	write_file(STR("no,name,instead_of\n1,old A,\n2,old B,\n3,new,1; 2;\n4,lost,9\n"));
	assert_ok(import(map));
	counted(3, 0, 0, 1, 0);
	assert_string_equal(buf_z(&run.said), "5 predecessors t:9|");
	assert_int_equal(card(4)->predecessor_n, 2);
	assert_int_equal(card(4)->predecessor[0].id, 2);
	assert_int_equal(card(4)->predecessor[1].id, 3);
	assert_int_equal(card(3)->successor_n, 1);
	assert_int_equal(card(3)->successor[0].id, 4);
	end();
}

/* Item 15 of the catalogue: each field of a camera comes in by its column and is on its card; of a
 * sensor what only a camera has is refused. */
static void a_camera_with_all_its_papers(void **state)
{
	static const struct {
		enum place_field field;
		const char *name, *value;
		int64_t n; /* of numbers, dates and yes or no; else the text */
	} rows[] = {
	    {PLACE_FIELD_AVAILABILITY_PERMILLE, "availability_permille", "995", 995},
	    {PLACE_FIELD_CONTRACT_END, "contract_end", "2027-03-31", 20908},
	    {PLACE_FIELD_CONTRACT_FIRM, "contract_firm", "明眼安防公司", 0},
	    {PLACE_FIELD_DEVICE_KIND, "device_kind", "camera", 0},
	    {PLACE_FIELD_FILED_WITH_POLICE, "filed_with_police", "yes", 1},
	    {PLACE_FIELD_FOOTAGE_DAYS, "footage_days", "30", 30},
	    {PLACE_FIELD_MAINTAINER, "maintainer", "PMC", 0},
	    {PLACE_FIELD_MAY_LOOK, "may_look", "值班员；派出所", 0},
	    {PLACE_FIELD_NUMBER, "number", "CAM-07", 0},
	    {PLACE_FIELD_OWNER, "owner", "DESK", 0},
	    {PLACE_FIELD_SIGN_UP, "sign_up", "no", 0},
	};
	char map[1024], text[1024];
	struct buf m = buf_over(map, sizeof map), head = buf_over(text, sizeof text);

	(void)state;
	begin();
	buf_put_z(&m, "source: t\nformat: csv\ndatum: WGS-84\ncolumns: {id: no");
	buf_put_z(&head, "no");
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		buf_put_z(&m, ", ");
		buf_put_z(&m, rows[i].name);
		buf_put_z(&m, ": ");
		buf_put_z(&m, rows[i].name);
		buf_put_char(&head, ',');
		buf_put_z(&head, rows[i].name);
	}
	buf_put_z(&m, "}\nkinds: [{kind: device}]\n");
	buf_put_z(&head, "\n1");
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		buf_put_char(&head, ',');
		buf_put_z(&head, rows[i].value);
	}
	buf_put_z(&head, "\n2,,,,sensor,,,,值班员,,,\n");
	write_file(buf_str(&head));
	assert_ok(import(buf_z(&m)));
	counted(1, 0, 0, 1, 0);
	assert_true(str_starts(buf_str(&run.said), STR("3 may_look ")));
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct place_value *v = &card(2)->place.field[rows[i].field];
		assert_true(v->present);
		if (place_field_info(rows[i].field)->form == PLACE_TEXT)
			assert_true(str_eq(v->text, str_of(rows[i].value)));
		else
			assert_int_equal(v->n, rows[i].n);
	}
	end();
}

#define COLLECTION(list) "{\"type\":\"GeometryCollection\",\"geometries\":[" list "]}"
#define TRIANGLE SHAPE("Polygon", "[[[7,43],[7.001,43],[7,43.001],[7,43]]]")
#define POINT SHAPE("Point", "[7.1,43.1]")

/* One a line. */
static const char *const collections[] = {
    FEATURE("1", "{}", COLLECTION(POINT "," TRIANGLE)),
    FEATURE("2", "{}", COLLECTION(TRIANGLE "," POINT)),
    FEATURE("3", "{}", COLLECTION(TRIANGLE)),
    FEATURE("4", "{}", COLLECTION("")),
    FEATURE("5", "{}", COLLECTION(TRIANGLE "," TRIANGLE)),
    FEATURE("6", "{}", COLLECTION(POINT "," POINT)),
    FEATURE("7", "{}", COLLECTION(COLLECTION(TRIANGLE))),
    FEATURE("8", "{}", "{\"type\":\"GeometryCollection\"}"),
};

/* A camera stands at a point and sees an area: in whichever order, and once each. */
static void a_point_and_a_shape(void **state)
{
	const struct place *p;

	(void)state;
	begin();
	put_features(collections, sizeof collections / sizeof collections[0]);
	assert_ok(import(geo_map));
	counted(4, 0, 0, 4, 0);
	assert_string_equal(buf_z(&run.said), "6 geometry |7 geometry |8 geometry |9 geometry |");
	for (uint64_t id = 2; id <= 3; id++) {
		p = &card(id)->place;
		assert_int_equal(p->at.lat_e7, 431000000);
		assert_int_equal(p->at.lon_e7, 71000000);
		assert_int_equal(p->shape.form, GEO_AREA);
		assert_false(geo_shape_has(&p->shape, p->at));
	}
	p = &card(4)->place;
	assert_true(geo_shape_has(&p->shape, p->at));
	assert_false(card(5)->place.has_at);
	end();
}

/* The largest shape that is kept, and one more point. */
static void points_are_capped(void **state)
{
	static char text[100000];
	struct buf b = buf_over(text, sizeof text);

	(void)state;
	begin();
	buf_put_z(&b, "{\"features\":[");
	for (unsigned f = 0; f < 2; f++) {
		buf_put_z(&b, f ? ",\n" : "");
		buf_put_z(&b, "{\"type\":\"Feature\",\"id\":");
		buf_put_u64(&b, f);
		buf_put_z(
		    &b,
		    ",\"properties\":{},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[");
		for (unsigned i = 0; i < PLACE_POINTS_MAX + f; i++) {
			buf_put_z(&b, i ? ",[7.0" : "[7.0");
			buf_put_u64(&b, 1000 + i);
			buf_put_z(&b, ",43]");
		}
		buf_put_z(&b, "]}}");
	}
	buf_put_z(&b, "]}");
	assert_false(b.over);
	write_file(buf_str(&b));
	assert_ok(import(geo_map));
	counted(1, 0, 0, 1, 0);
	assert_string_equal(buf_z(&run.said), "2 shape 1000|");
	end();
}

/* 100 MB of rows that nobody asked for, and a few that are: memory does not follow the file. */
static void large_file(void **state)
{
	static char row[1024];
	struct rusage before, after;
	FILE *f;

	(void)state;
	begin();
	f = fopen(run.path, "wb");
	assert_non_null(f);
	fputs("no,kind,name,y,x,on,also,code,since,what\n", f);
	memset(row, 'x', sizeof row);
	for (unsigned i = 0; i < 100000; i++) {
		fprintf(f, "%u,%c,", i, i % 1000 == 0 ? 'b' : 'n');
		fwrite(row, 1, i % 1000 == 0 ? 20 : sizeof row, f);
		fputs(",,,,,,,\n", f);
	}
	assert_int_equal(fclose(f), 0);
	getrusage(RUSAGE_SELF, &before);
	assert_ok(import(csv_map));
	getrusage(RUSAGE_SELF, &after);
	counted(100, 0, 0, 0, 99900);
	assert_in_range(run.progress_total, 100000000, 110000000);
	assert_int_equal(run.progress_done, run.progress_total);
	assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 65536); /* KiB */
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(csv),
	    cmocka_unit_test(csv_as_a_whole),
	    cmocka_unit_test(by_content),
	    cmocka_unit_test(geojson),
	    cmocka_unit_test(geojson_of_every_datum),
	    cmocka_unit_test(predecessors),
	    cmocka_unit_test(a_camera_with_all_its_papers),
	    cmocka_unit_test(a_point_and_a_shape),
	    cmocka_unit_test(points_are_capped),
	    cmocka_unit_test(large_file),
	};

	return cmocka_run_group_tests_name("app_place_import", tests, NULL, NULL);
}
