/* Mapping files: the shipped ones, and every mistake told at its place. */
#include "test.h"

#include "config/config_place_map.h"

#include <stdio.h>
#include <stdlib.h>

static _Alignas(16) char memory[CONFIG_BYTES_MAX * 8u];
static char file_bytes[CONFIG_BYTES_MAX];
static struct place_map map;

static enum err read_text(struct str text, struct problem *p)
{
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	return config_place_map_read(STR("m.yaml"), text, &a, p, &map);
}

static void shipped(void **state)
{
	static const char *const files[] = {"osm-buildings", "osm-paths", "osm-points"};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		char path[512];
		const char *source = getenv("LIREN_SOURCE");
		struct problem p = {0};
		FILE *f;
		snprintf(path, sizeof path, "%s/etc/maps/%s.yaml", source ? source : ".", files[i]);
		f = fopen(path, "rb");
		assert_non_null(f);
		assert_ok(read_text(
		    (struct str){file_bytes, fread(file_bytes, 1, sizeof file_bytes, f)}, &p));
		fclose(f);
	}
	/* the points, read last */
	assert_int_equal(map.format, PLACE_MAP_GEOJSON);
	assert_int_equal(map.kind[0].kind, PLACE_GATE);
	assert_int_equal(map.kind[0].condition[0].n, 4);
	assert_int_equal(map.kind[1].condition[0].n, 0);
	assert_int_equal(map.value[PLACE_MAP_FIELDS + PLACE_FIELD_ADDRESS].n, 2);
	assert_true(str_eq(map.columns.name[map.value[PLACE_MAP_ID].column[0]], STR("@id")));
}

#define HEAD "source: t\nformat: csv\ndatum: BD-09\n"
#define REST "columns:\n  id: no\nkinds:\n  - kind: gate\n"

static void whole(void **state)
{
	struct problem p = {0};

	(void)state;
	assert_ok(read_text(
	    STR(HEAD
		"parent_source: other\nseparator: \";\"\nconstants:\n  owner: water firm\n" REST
		"    constants: {width_cm: \"90\"}\n    where: {type: [a, b]}\n"),
	    &p));
	assert_int_equal(map.datum, DATUM_BD09);
	assert_int_equal(map.separator, ';');
	assert_true(str_eq(map.parent_source, STR("other")));
	assert_true(
	    str_eq(map.value[PLACE_MAP_FIELDS + PLACE_FIELD_OWNER].constant, STR("water firm")));
	assert_true(
	    str_eq(map.kind[0].constant[PLACE_MAP_FIELDS + PLACE_FIELD_WIDTH_CM], STR("90")));
	assert_int_equal(map.columns.n, 2);
	assert_true(str_eq(map.kind[0].condition[0].value[1], STR("b")));
}

static void mistakes(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		enum msg msg;
	} rows[] = {
	    {"format: csv\n", 1, 1, MSG_CONFIG_MISSING},
	    {"source: Osm\n", 1, 9, MSG_PLACE_VALUE},
	    {"source: t\nformat: shp\n", 2, 9, MSG_PLACE_VALUE},
	    {"source: t\nformat: csv\ndatum: GPS\n", 3, 8, MSG_PLACE_VALUE},
	    {HEAD "separator: ab\n" REST, 4, 12, MSG_PLACE_VALUE},
	    {HEAD "colums:\n  id: no\n", 4, 1, MSG_CONFIG_UNKNOWN_KEY},
	    {HEAD "columns:\n  id: no\n  plate: p\nkinds:\n  - kind: gate\n", 6, 10,
	     MSG_PLACE_MAP_TARGET},
	    {HEAD "columns:\n  id: no\nkinds:\n  - kind: person\n", 7, 11, MSG_PLACE_VALUE},
	    {HEAD "columns:\n  id: no\nkinds: []\n", 6, 8, MSG_CONFIG_TEXT_EMPTY},
	    {HEAD "columns: no\nkinds:\n  - kind: gate\n", 4, 10, MSG_CONFIG_WANT_MAPPING},
	    {HEAD REST "    where: {a: some}\n", 8, 16, MSG_PLACE_VALUE},
	    {HEAD REST "    where: {a: []}\n", 8, 16, MSG_CONFIG_TEXT_EMPTY},
	    {HEAD REST "constants:\n  id: x\n", 9, 7, MSG_PLACE_MAP_TARGET},
	    {HEAD REST "constants:\n  resident: x\n", 9, 13, MSG_PLACE_MAP_TARGET},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct problem p = {0};
		assert_err(read_text(str_of(rows[i].text), &p), ERR_BAD_INPUT);
		if (p.msg != rows[i].msg || p.line != rows[i].line || p.column != rows[i].column)
			fail_msg("row %u: %u:%u message %d", i, p.line, p.column, p.msg);
		assert_string_equal(p.file, "m.yaml");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped),
		cmocka_unit_test(whole),
		cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests_name("config_place_map", tests, NULL, NULL);
}
