/* Mapping files of cases: the shipped ones, words for codes, and every mistake told at its place.
 */
#include "test.h"

#include "config/config_case_map.h"

#include <stdio.h>
#include <stdlib.h>

static _Alignas(16) char memory[CONFIG_BYTES_MAX * 8u];
static char file_bytes[CONFIG_BYTES_MAX];
static struct case_map map;

static enum err read_text(struct str text, struct problem *p)
{
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	return config_case_map_read(STR("m.yaml"), text, &a, p, &map);
}

static void read_shipped(const char *name)
{
	const char *source = getenv("LIREN_SOURCE");
	struct problem p = {0};
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/etc/maps/%s.yaml", source ? source : ".", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_ok(read_text((struct str){file_bytes, fread(file_bytes, 1, sizeof file_bytes, f)},
			    &p));
	fclose(f);
}

static void is_category(const char *words, const char *code)
{
	assert_true(str_eq(case_map_category(&map, str_of(words)), str_of(code)));
}

static void shipped(void **state)
{
	bool closed = true;

	(void)state;
	read_shipped("nyc311");
	assert_true(str_eq(map.source, STR("nyc311")));
	assert_true(str_eq(map.zone, STR("America/New_York")));
	assert_true(
	    str_eq(map.columns.name[map.value[CASE_MAP_CLOSED].column[0]], STR("Closed Date")));
	assert_int_equal(map.value[CASE_MAP_CATEGORY].n, 2);
	is_category("Street Light Condition / Street Light Out", "0102");
	is_category("Street Light Condition", "0102");
	/* a finer word goes before the coarser one, and a part of a word is none */
	is_category("Sewer / Manhole Cover Broken/Making Noise (SB)", "0101");
	is_category("Sewer / Sewer Odor (SA2)", "0204");
	is_category("Illegal Parking / Blocked Hydrant", "0302");
	is_category("Illegal Parking / Blocked Bike Lane", "9901");
	is_category("Noise", "0304");
	is_category("Noisy", "9901");
	is_category("", "9901");
	assert_true(case_map_status(&map, STR("Email Sent"), &closed) && !closed);
	assert_true(case_map_status(&map, STR("Closed"), &closed) && closed);
	assert_false(case_map_status(&map, STR("closed"), &closed));
	read_shipped("boston311");
	is_category("Request for Pothole Repair", "0104");
	is_category("Parking Enforcement", "9901");
	assert_int_equal(map.value[CASE_MAP_TEXT].n, 4);
	assert_int_equal(map.field_n, 3);
}

#define HEAD                                                                                       \
	"for: cases\nsource: t\nformat: csv\ndatum: WGS-84\nzone: UTC\ntime: \"%Y-%m-%d\"\n"
#define COLUMNS "columns: {id: no, opened: o, category: c}\n"
#define REST "categories: {else: \"9901\"}\n"

static void least(void **state)
{
	struct problem p = {0};

	(void)state;
	assert_ok(read_text(STR(HEAD COLUMNS REST), &p));
	assert_int_equal(map.separator, ',');
	assert_int_equal(map.category_n, 0);
	assert_int_equal(map.value[CASE_MAP_STATUS].n, 0);
	is_category("anything", "9901");
	assert_ok(read_text(STR("separator: \";\"\n" HEAD COLUMNS REST), &p));
	assert_int_equal(map.separator, ';');
}

static void mistakes(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
	} bad[] = {
	    {"for: places\n", 1, 6},
	    {"for: cases\nformat: geojson\n", 2, 9},
	    {"for: cases\nformat: csv\nsource: NYC\n", 3, 9},
	    {"for: cases\nformat: csv\nsource: nyc\ndatum: NAD27\n", 4, 8},
	    {"for: cases\nformat: csv\nsource: t\ndatum: WGS-84\nzone: UTC\ntime: \"%y\"\n", 6, 7},
	    {HEAD "columns: {id: no, opened: o}\n" REST, 7, 10},	       /* no category */
	    {HEAD "columns: {id: no, opened: [a, b], category: c}\n", 7, 27}, /* one alone */
	    {HEAD "columns: {id: no, opened: o, category: c, name: n}\n", 7, 43},
	    {HEAD COLUMNS "categories: {words: {}}\n", 8, 13},
	    {HEAD COLUMNS REST "status: {open: [], closed: []}\n", 9, 9}, /* no column of it */
	    {HEAD "columns: {id: no, opened: o, category: c, status: s}\n" REST
		  "status: {open: [a]}\n",
	     9, 9},
	    {HEAD COLUMNS REST "fields: {text: x}\n", 9, 16},
	    {HEAD COLUMNS REST "persons: x\n", 9, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct problem p = {0};
		assert_err(read_text(str_of(bad[i].text), &p), ERR_BAD_INPUT);
		assert_string_equal(p.file, "m.yaml");
		if (p.line != bad[i].line || p.column != bad[i].column)
			fail_msg("%u: at %u:%u", (unsigned)i, p.line, p.column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shipped),
	    cmocka_unit_test(least),
	    cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests_name("config_case_map", tests, NULL, NULL);
}
