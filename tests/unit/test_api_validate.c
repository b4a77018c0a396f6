/* Each keyword of a schema, with what it lets through and what it refuses, where, and with which
 * error. */
#include "test.h"

#include "api/validate.h"

#define NO_LIMIT .length_max = 1000, .bytes_max = 4000

static const struct schema text_1_3 = {
    .type = SCHEMA_STRING, .length_min = 1, .length_max = 3, .bytes_max = 12};
static const struct schema bytes_4 = {.type = SCHEMA_STRING, .length_max = 4, .bytes_max = 4};
static const char *const choices[] = {"yes", "no", NULL};
static const struct schema choice = {.type = SCHEMA_STRING, NO_LIMIT, .one_of = choices};
static const struct schema number = {.type = SCHEMA_INTEGER, .minimum = -5, .maximum = 7};
static const struct schema truth = {.type = SCHEMA_BOOLEAN};
static const struct schema numbers = {
    .type = SCHEMA_ARRAY, .length_min = 1, .length_max = 3, .items = &number};
static const struct schema_property row_properties[] = {{"name", &text_1_3, true},
							{"value", &number, false}};
static const struct schema row = {
    .type = SCHEMA_OBJECT, .properties = row_properties, .properties_n = 2};
static const struct schema rows = {.type = SCHEMA_ARRAY, .length_max = 4, .items = &row};
static const struct schema_property body_properties[] = {{"rows", &rows, true},
							 {"sure", &truth, false}};
static const struct schema body = {
    .type = SCHEMA_OBJECT, .properties = body_properties, .properties_n = 2};

struct trial {
	const struct schema *schema;
	const char *json;
	enum err err;
	const char *field;
	enum msg remedy;
};

static void try_one(const struct trial *t)
{
	struct invalid why;
	json_t *json = json_loads(t->json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	assert_non_null(json);
	bool ok = check_json(t->schema, json, &why);
	json_decref(json);
	if (ok != (t->err == ERR_OK) || why.err != t->err)
		fail_msg("%s: got %s", t->json, err_info(why.err)->name);
	if (!ok) {
		assert_string_equal(why.field, t->field);
		if (why.remedy != t->remedy)
			fail_msg("%s: another remedy, %s", t->json, msg_text(why.remedy, LANG_EN));
	}
}

static void each_keyword_refuses_what_it_says(void **state)
{
	static const struct trial trials[] = {
	    /* type */
	    {&text_1_3, "5", ERR_BAD_INPUT, "", MSG_WANT_STRING},
	    {&text_1_3, "null", ERR_BAD_INPUT, "", MSG_WANT_STRING},
	    {&number, "\"5\"", ERR_BAD_INPUT, "", MSG_WANT_NUMBER},
	    {&number, "5.0", ERR_BAD_INPUT, "", MSG_WANT_NUMBER},
	    {&number, "true", ERR_BAD_INPUT, "", MSG_WANT_NUMBER},
	    {&truth, "true", ERR_OK},
	    {&truth, "false", ERR_OK},
	    {&truth, "1", ERR_BAD_INPUT, "", MSG_WANT_BOOLEAN},
	    {&numbers, "{}", ERR_BAD_INPUT, "", MSG_WANT_ARRAY},
	    {&body, "[]", ERR_BAD_INPUT, "", MSG_WANT_OBJECT},
	    /* minimum, maximum */
	    {&number, "-6", ERR_BAD_INPUT, "", MSG_WANT_NUMBER},
	    {&number, "-5", ERR_OK},
	    {&number, "7", ERR_OK},
	    {&number, "8", ERR_BAD_INPUT, "", MSG_WANT_NUMBER},
	    /* minLength, maxLength: characters */
	    {&text_1_3, "\"\"", ERR_BAD_INPUT, "", MSG_WANT_LENGTH},
	    {&text_1_3, "\"a\"", ERR_OK},
	    {&text_1_3, "\"里仁里\"", ERR_OK},
	    {&text_1_3, "\"里仁里仁\"", ERR_TOO_LARGE, "", MSG_WANT_LENGTH},
	    /* x-bytes-max */
	    {&bytes_4, "\"abcd\"", ERR_OK},
	    {&bytes_4, "\"里a\"", ERR_OK},
	    {&bytes_4, "\"里仁\"", ERR_TOO_LARGE, "", MSG_WANT_BYTES},
	    {&bytes_4, "\"a\\u0000b\"", ERR_BAD_INPUT, "", MSG_WANT_PLAIN_TEXT},
	    /* enum */
	    {&choice, "\"yes\"", ERR_OK},
	    {&choice, "\"no\"", ERR_OK},
	    {&choice, "\"ye\"", ERR_BAD_INPUT, "", MSG_WANT_ONE_OF},
	    {&choice, "\"\"", ERR_BAD_INPUT, "", MSG_WANT_ONE_OF},
	    /* minItems, maxItems, items */
	    {&numbers, "[]", ERR_BAD_INPUT, "", MSG_WANT_ITEMS},
	    {&numbers, "[1]", ERR_OK},
	    {&numbers, "[1,2,3]", ERR_OK},
	    {&numbers, "[1,2,3,4]", ERR_TOO_LARGE, "", MSG_WANT_ITEMS},
	    {&numbers, "[1,2,9]", ERR_BAD_INPUT, "[2]", MSG_WANT_NUMBER},
	    /* properties, required, and no other */
	    {&body, "{\"rows\":[]}", ERR_OK},
	    {&body, "{}", ERR_BAD_INPUT, "rows", MSG_FIELD_MISSING},
	    {&body, "{\"rows\":[],\"sure\":null}", ERR_BAD_INPUT, "sure", MSG_WANT_BOOLEAN},
	    {&body, "{\"rows\":[],\"more\":1}", ERR_BAD_INPUT, "more", MSG_FIELD_UNKNOWN},
	    {&body, "{\"rows\":[{\"name\":\"a\"},{\"value\":1}]}", ERR_BAD_INPUT, "rows[1].name",
	     MSG_FIELD_MISSING},
	    {&body, "{\"rows\":[{\"name\":\"a\"},{\"name\":\"b\",\"value\":8}]}", ERR_BAD_INPUT,
	     "rows[1].value", MSG_WANT_NUMBER},
	    {&body, "{\"rows\":[{\"name\":\"a\",\"x\":1}]}", ERR_BAD_INPUT, "rows[0].x",
	     MSG_FIELD_UNKNOWN},
	    {&body, "{\"rows\":[{\"name\":\"a\",\"value\":-5}],\"sure\":true}", ERR_OK},
	};

	for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++)
		try_one(&trials[i]);
}

static void formats_take_their_own_spelling_only(void **state)
{
	static const struct {
		enum schema_format format;
		const char *text;
		bool ok;
	} rows_of[] = {
	    {SCHEMA_BASE64_16, "AAAAAAAAAAAAAAAAAAAAAA==", true},
	    {SCHEMA_BASE64_16, "AAAAAAAAAAAAAAAAAAAAAA", false},
	    {SCHEMA_BASE64_16, "AAAAAAAAAAAAAAAAAAAA", false},
	    {SCHEMA_BASE64_16, "", false},
	    {SCHEMA_BASE64_16, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false},
	    {SCHEMA_BASE64_32, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", true},
	    {SCHEMA_BASE64_32, "AAAAAAAAAAAAAAAAAAAAAA==", false},
	    {SCHEMA_NAME, "second_unit-3", true},
	    {SCHEMA_NAME, "3rd", false},
	    {SCHEMA_NAME, "", false},
	    {SCHEMA_NAME, "a b", false},
	    {SCHEMA_NAME, "里仁", false},
	    {SCHEMA_NAME, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true},
	    {SCHEMA_NAME, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	    {SCHEMA_DIGITS, "0102", true},
	    {SCHEMA_DIGITS, "", false},
	    {SCHEMA_DIGITS, "-1", false},
	    {SCHEMA_DATE, "2028-02-29", true},
	    {SCHEMA_DATE, "2027-02-29", false},
	    {SCHEMA_DATE, "2027-2-9", false},
	};

	for (size_t i = 0; i < sizeof rows_of / sizeof rows_of[0]; i++) {
		struct schema s = {.type = SCHEMA_STRING, NO_LIMIT, .format = rows_of[i].format};
		struct invalid why = {.err = ERR_OK};
		check_text(&s, str_of(rows_of[i].text), &why);
		if ((why.err == ERR_OK) != rows_of[i].ok)
			fail_msg("format %d, '%s'", (int)rows_of[i].format, rows_of[i].text);
	}
}

/* A path too long for its place ends at a character, not within one. */
static void a_long_field_is_cut_at_a_character(void **state)
{
	for (size_t before = 0; before < 4; before++) {
		char name[256];
		struct buf b = buf_over(name, sizeof name);
		json_t *json = json_object();
		struct invalid why;

		for (size_t i = 0; i < before; i++)
			buf_put_char(&b, 'a');
		for (size_t i = 0; i < 60; i++)
			buf_put_z(&b, "里");
		assert_int_equal(json_object_set_new(json, "rows", json_array()), 0);
		assert_int_equal(json_object_set_new(json, buf_z(&b), json_true()), 0);
		assert_false(check_json(&body, json, &why));
		json_decref(json);
		size_t n = strlen(why.field);
		assert_true(n <= API_FIELD_BYTES_MAX && n > API_FIELD_BYTES_MAX - 3);
		assert_true(str_is_utf8(str_of(why.field)));
		assert_memory_equal(why.field, name, n);
	}
}

static void numbers_have_one_spelling(void **state)
{
	static const char *const wrong[] = {"",  "-",   "-0", "+1", "01", " 1",
					    "1 ", "1.0", "0x1", "9223372036854775808", "--1"};
	int64_t n = 7;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(parse_i64(str_of(wrong[i]), &n));
	assert_int_equal(n, 7);
	assert_true(parse_i64(STR("-9223372036854775807"), &n) && n == -INT64_MAX);
	assert_true(parse_i64(STR("9223372036854775807"), &n) && n == INT64_MAX);
	assert_true(parse_i64(STR("0"), &n) && n == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_keyword_refuses_what_it_says),
	    cmocka_unit_test(formats_take_their_own_spelling_only),
	    cmocka_unit_test(a_long_field_is_cut_at_a_character),
	    cmocka_unit_test(numbers_have_one_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
