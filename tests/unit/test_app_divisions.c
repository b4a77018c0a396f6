/* The levels above a community, out of small tables of our own; those of the package are in
 * tests/cli/test_places.py. */
#include "test.h"

#include "app/divisions.h"
#include "service/places.h"

#include <stdlib.h>
#include <unistd.h>

static const struct {
	const char *name, *text;
} tables[] = {
	{"provinces.csv", "code,name\n11,\"北京市\"\n44,\"广东省\"\n"},
	{"cities.csv", "code,name,provinceCode\n4403,\"深圳市\",44\n4419,\"东莞市\",44\n"},
	{"areas.csv", "name,code\n\"南山区\",440305\n\"东莞市\",441900\n"},
	{"streets.csv", "code,name\r\n440305002,南山街道\r\n441900003,东城街道\r\n"},
	/* what only looks like it: a front, a name, a broken row before */
	{"villages.csv", "code,name\n44030500200,front\n1,\"440305002005\"\n2,\"bro\"ken\n"
			 "440305002005,\"南\"\"园\"\"社区\"\n440305002005,twice\n"},
};

static char folder[128];

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/liren-test-XXXXXX",
		 tmp && *tmp && strlen(tmp) < 90 ? tmp : "/tmp");
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		put(tables[i].name, tables[i].text);
}

static void end(void)
{
	char path[256];

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, tables[i].name);
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void the_chain_is_found(void **state)
{
	static const char *const names[] = {"广东省", "深圳市", "南山区", "南山街道",
					    "南\"园\"社区"};
	static const uint64_t codes[] = {440000000000, 440300000000, 440305000000, 440305002000,
					 440305002005};
	struct divisions d;
	struct problem p = {0};

	(void)state;
	begin();
	assert_ok(divisions_read(folder, 440305002005, &d, &p));
	assert_int_equal(d.n, 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(d.level[i].code, codes[i]);
		assert_string_equal(d.level[i].name, names[i]);
	}
	assert_int_equal(d.unnamed, 0);
	assert_false(d.no_table);
	/* Dongguan has no districts, and its community is not in the table */
	assert_ok(divisions_read(folder, 441900003001, &d, &p));
	assert_int_equal(d.n, 4);
	assert_string_equal(d.level[1].name, "东莞市");
	assert_string_equal(d.level[2].name, "东城街道");
	assert_string_equal(d.level[3].name, "");
	assert_int_equal(d.unnamed, 441900003001);
	/* made up: no level is looked up, whatever the tables have */
	assert_ok(divisions_read(folder, 990100001001, &d, &p));
	assert_int_equal(d.n, 0);
	assert_int_equal(d.unnamed, 0);
	end();
}

static void wrong_tables_are_named(void **state)
{
	char path[256];
	struct divisions d = {.n = 77};
	struct problem p = {0};

	(void)state;
	begin();
	assert_err(divisions_read(folder, 100000000000, &d, &p), ERR_BAD_INPUT);
	assert_int_equal(p.msg, MSG_PLACE_CODE);
	put("areas.csv", "code,title\n440305,x\n");
	assert_err(divisions_read(folder, 440305002005, &d, &p), ERR_BAD_INPUT);
	assert_int_equal(p.msg, MSG_DIVISIONS_TABLE);
	snprintf(path, sizeof path, "%s/areas.csv", folder);
	assert_string_equal(p.arg[0], path);
	put("areas.csv", "");
	assert_err(divisions_read(folder, 440305002005, &d, &p), ERR_BAD_INPUT);
	unlink(path);
	assert_err(divisions_read(folder, 440305002005, &d, &p), ERR_NOT_FOUND);
	assert_int_equal(p.msg, MSG_CLI_FILE_UNREADABLE);
	assert_int_equal(d.n, 77);
	end();
}

static void assert_str(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void two_chains_of_places(void **state)
{
	static struct division_places places;
	struct divisions d;
	struct problem p = {0};
	const struct place_draft *draft = places.draft;

	(void)state;
	begin();
	assert_ok(divisions_read(folder, 441900003001, &d, &p));
	divisions_places(&d, 441900003001, "派出所", "分局", &places);
	assert_int_equal(places.batch.n, 6);
	for (unsigned i = 0; i < 6; i++)
		assert_ok(place_check(&draft[i].place, &p));
	assert_str(draft[0].place.ext, PLACES_DIVISION "440000000000");
	assert_int_equal(draft[0].parent_ext.n, 0);
	assert_int_equal(draft[3].place.code, 441900003001);
	assert_str(draft[3].parent_ext, PLACES_DIVISION "441900003000");
	assert_str(draft[3].place.field[PLACE_FIELD_LEVEL].text, "community");
	assert_false(draft[3].place.field[PLACE_FIELD_NAME].present);
	assert_str(draft[4].place.field[PLACE_FIELD_LEVEL].text, "bureau");
	assert_int_equal(draft[4].parent_ext.n, 0);
	assert_str(draft[5].place.ext, PLACES_STATION "441900003001");
	assert_str(draft[5].parent_ext, PLACES_BUREAU "441900003001");
	divisions_places(&d, 441900003001, NULL, NULL, &places);
	assert_int_equal(places.batch.n, 4);
	end();
}

static void the_community_is_called(void **state)
{
	static struct division_places places;
	struct divisions d, before;
	struct problem p = {0};
	const struct place_draft *community = &places.draft[3];
	char long_name[242];

	(void)state;
	begin();
	/* Dongguan has no districts, and this table no such community */
	assert_ok(divisions_read(folder, 441900003001, &d, &p));
	assert_int_equal(d.unnamed, 441900003001);
	before = d;
	assert_ok(divisions_call(&d, 441900003001, NULL, NULL, &p));
	assert_memory_equal(&d, &before, sizeof d);
	assert_err(divisions_call(&d, 441900003001, "东升社区", "", &p), ERR_BAD_INPUT);
	assert_string_equal(p.field, "--name-en");
	assert_int_equal(p.msg, MSG_CONFIG_TEXT_EMPTY);
	assert_err(divisions_call(&d, 441900003001, "two\nlines", NULL, &p), ERR_BAD_INPUT);
	assert_string_equal(p.field, "--name");
	assert_int_equal(p.msg, MSG_PLACE_CONTROL);
	assert_err(divisions_call(&d, 441900003001, NULL, "\xff", &p), ERR_BAD_INPUT);
	assert_int_equal(p.msg, MSG_PLACE_NOT_UTF8);
	memset(long_name, 'x', 241);
	long_name[241] = 0;
	assert_err(divisions_call(&d, 441900003001, NULL, long_name, &p), ERR_TOO_LARGE);
	assert_string_equal(p.field, "--name-en");
	assert_memory_equal(&d, &before, sizeof d);
	long_name[240] = 0;
	assert_ok(divisions_call(&d, 441900003001, " 东升社区 ", long_name, &p));
	assert_int_equal(d.unnamed, 0);
	divisions_places(&d, 441900003001, NULL, NULL, &places);
	assert_int_equal(places.batch.n, 4);
	assert_ok(place_check(&community->place, &p));
	assert_str(community->place.field[PLACE_FIELD_NAME].text, "东升社区");
	assert_str(community->place.field[PLACE_FIELD_NAME_EN].text, long_name);
	assert_false(places.draft[2].place.field[PLACE_FIELD_NAME_EN].present);
	end();
}

static void one_made_up_is_called_too(void **state)
{
	static struct division_places places;
	struct divisions d = {0};
	struct problem p = {0};
	const struct place *community = &places.draft[0].place;

	(void)state;
	assert_ok(divisions_read(NULL, 990100001002, &d, &p));
	divisions_places(&d, 990100001002, NULL, NULL, &places);
	assert_int_equal(places.batch.n, 0);
	assert_ok(divisions_call(&d, 990100001002, NULL, "Rock community", &p));
	divisions_places(&d, 990100001002, "S", NULL, &places);
	assert_int_equal(places.batch.n, 2);
	assert_ok(place_check(community, &p));
	assert_str(community->ext, PLACES_DIVISION "990100001002");
	assert_int_equal(community->code, 990100001002);
	assert_str(community->field[PLACE_FIELD_LEVEL].text, "community");
	assert_false(community->field[PLACE_FIELD_NAME].present);
	assert_str(community->field[PLACE_FIELD_NAME_EN].text, "Rock community");
	assert_int_equal(places.draft[1].parent_ext.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_chain_is_found),
		cmocka_unit_test(wrong_tables_are_named),
		cmocka_unit_test(two_chains_of_places),
		cmocka_unit_test(the_community_is_called),
		cmocka_unit_test(one_made_up_is_called_too),
	};

	return cmocka_run_group_tests_name("app_divisions", tests, NULL, NULL);
}
