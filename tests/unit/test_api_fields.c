/* Fields of requests: what a client takes, what it has, what it wrote in the path. */
#include "test.h"

#include "api/fields.h"

static void gzip_is_taken_only_where_the_client_says_so(void **state)
{
	static const char *const yes[] = {"gzip",
					  "br, gzip",
					  "GZIP ; q=0.5",
					  "gzip;q=0.001, *;q=0",
					  "*",
					  "x-gzip",
					  "gzip;Q=1.000",
					  "deflate;q=0, gzip",
					  "identity, *",
					  "br;q=1, gzip;q=0.01",
					  "gzip;level=0"};
	static const char *const no[] = {"",
					 "br",
					 "gzip;q=0",
					 "gzip; q=0",
					 "gzip ;q=0.0 , br",
					 "*;q=0",
					 "gzip;q=0, *",
					 "notgzip",
					 "gzip;q=0.000",
					 "gzip2",
					 "identity;q=1"};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (!field_takes_gzip(str_of(yes[i])))
			fail_msg("\"%s\" takes gzip", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (field_takes_gzip(str_of(no[i])))
			fail_msg("\"%s\" does not take gzip", no[i]);
	assert_false(field_takes_gzip(str_of(NULL)));
}

static void an_etag_is_found_in_a_list_weakly(void **state)
{
	static const char *const yes[] = {"W/\"ab\"", "\"ab\"", "\"x\", W/\"ab\"",  "\"x\",\"ab\" ",
					  "*",        " * ",    "W/\"y,z\", \"ab\""};
	static const char *const no[] = {"",     "\"a\"", "ab",      "\"x\", \"y\"",
					 "\"ab", "W/",    "\"abc\"", "**"};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (!field_lists_etag(str_of(yes[i]), STR("W/\"ab\"")))
			fail_msg("it is in %s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (field_lists_etag(str_of(no[i]), STR("W/\"ab\"")))
			fail_msg("it is not in %s", no[i]);
	assert_false(field_lists_etag(str_of(NULL), STR("W/\"ab\"")));
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
	static const char *const rows[][2] = {{"s=1", "1"},
					      {"a=2; s=1", "1"},
					      {"a=2;s=1;b=3", "1"},
					      {"s = 1 ", "1"},
					      {" s=\"1\"; t", "1"},
					      {"s=1; s=2", "1"},
					      {"s=a=b", "a=b"},
					      {";;=;s=1", "1"},
					      {"s=\"", "\""},
					      {"s=\"\"", ""},
					      {"s=", ""},
					      {"s", ""},
					      {"xs=1; sx=2; S=3", ""},
					      {"a=s=1", ""},
					      {"", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!str_eq(field_cookie(str_of(rows[i][0]), STR("s")), str_of(rows[i][1])))
			fail_msg("\"%s\" has \"%s\"", rows[i][0], rows[i][1]);
	assert_int_equal(field_cookie(str_of(NULL), STR("s")).n, 0);
}

static void a_path_is_decoded_but_never_cut(void **state)
{
	static const char *const rows[][2] = {
	    {"/healthz", "/healthz"},
	    {"/%68ealthz", "/healthz"},
	    {"%2f%2F", "//"},
	    {"/x%00y", "/x%00y"},
	    {"%", "%"},
	    {"%4", "%4"},
	    {"%zz", "%zz"},
	    {"%4g", "%4g"},
	    {"%2500", "%00"},
	    {"", ""},
	    {"a%E9b", "a\xE9"
		      "b"},
	    {"%%41", "%A"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char z[32];
		snprintf(z, sizeof z, "%s", rows[i][0]);
		assert_int_equal(field_unescape(z), strlen(rows[i][1]));
		assert_string_equal(z, rows[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gzip_is_taken_only_where_the_client_says_so),
	    cmocka_unit_test(an_etag_is_found_in_a_list_weakly),
	    cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
	    cmocka_unit_test(a_path_is_decoded_but_never_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
