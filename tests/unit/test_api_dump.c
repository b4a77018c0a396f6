/* JSON as text: byte for byte what jansson writes, for every character that needs an escape, for
 * each kind of value, and for texts longer than the memory it begins with. */
#include "test.h"

#include "api/routes.h"

static void same_as_jansson(json_t *json)
{
	char *want = json_dumps(json, JSON_COMPACT), *got;
	size_t n = 0;

	assert_non_null(want);
	got = json_text(json, &n);
	assert_non_null(got);
	assert_string_equal(got, want);
	assert_int_equal(n, strlen(want));
	free(want);
	free(got);
	json_decref(json);
}

static void kinds_of_values_are_written(void **state)
{
	static const char *const texts[] = {
	    "{}",
	    "[]",
	    "{\"b\":[],\"a\":{},\"c\":[[[1]]]}",
	    "[true,false,null,0,-1,9223372036854775807,-9223372036854775808]",
	    "{\"lon\":113.943,\"lat\":-22.5,\"zero\":0.0,\"small\":1e-300}",
	    "[\"\",\"a\",\"里仁\",\"\xf0\x9f\x8f\xa0\",\"</script>\",\"\x7f\"]",
	    "{\"a \\\"key\\\"\\n\":1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		json_t *json = json_loads(texts[i], 0, NULL);
		assert_non_null(json);
		same_as_jansson(json);
	}
}

static void each_character_is_written(void **state)
{
	char one[3];

	(void)state;
	for (unsigned c = 0; c < 0x80; c++) {
		json_t *list = json_array();
		snprintf(one, sizeof one, "%c", (char)c);
		json_array_append_new(list, json_stringn(one, 1));
		same_as_jansson(list);
	}
}

/* Texts are looked at eight bytes at a time: at each place, in texts of each length around that,
 * between characters of one byte and of three. */
static void each_character_is_written_at_each_place(void **state)
{
	static const char *const around[] = {"xxxxxxxxxxxxxxxxxxxxxxxxxxx", "里仁里仁里仁里仁里"};

	(void)state;
	for (unsigned w = 0; w < 2; w++)
		for (unsigned c = 0; c < 0x80; c++) {
			unsigned wide = w == 0 ? 1 : 3;
			json_t *list = json_array();
			for (unsigned at = 0; at < 27; at += wide) {
				char text[27];
				memcpy(text, around[w], 27);
				memset(text + at, (int)c, wide);
				json_array_append_new(list, json_stringn(text, at + wide));
				json_array_append_new(list, json_stringn(text, 27));
				memset(text, (int)c, wide);
				json_array_append_new(list, json_stringn(text, 27));
			}
			same_as_jansson(list);
		}
}

/* An entry as a string in an answer, around the sizes at which memory grows. */
static void long_texts_are_written(void **state)
{
	(void)state;
	for (unsigned quotes = 0; quotes < 2; quotes++)
		for (unsigned n = 2030; n < 2060; n++) {
			json_t *json = json_object();
			char *text = malloc(4 * n);
			memset(text, quotes ? '"' : 'x', 4 * n);
			json_object_set_new(json, "entry", json_stringn(text, n));
			json_object_set_new(json, "more", json_stringn(text, 4 * n));
			free(text);
			same_as_jansson(json);
		}
}

static void nothing_is_no_text(void **state)
{
	size_t n = 7;

	(void)state;
	assert_null(json_text(NULL, &n));
	assert_int_equal(n, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds_of_values_are_written),
	    cmocka_unit_test(each_character_is_written),
	    cmocka_unit_test(each_character_is_written_at_each_place),
	    cmocka_unit_test(long_texts_are_written),
	    cmocka_unit_test(nothing_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
