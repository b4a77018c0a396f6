/* The canonical entry reader: what it takes, what it gives, and that it takes no second
 * spelling. */
#include "test.h"

#include "base/entry.h"
#include "base/entry_read.h"

static _Alignas(16) char memory[1u << 21];

static enum err read_text(const char *text, const struct entry_value **ret)
{
	assert_true(entry_read_room(str_of(text)) <= sizeof memory);
	*ret = NULL;
	return entry_read(str_of(text), memory, ret);
}

static void gives_members_by_name_and_in_order(void **state)
{
	static const char *const names[] = {"a", "list", "none", "on", "text"};
	const struct entry_value *v, *list, *at;
	size_t i = 0;

	(void)state;
	assert_ok(read_text("{\"a\":-12,\"list\":[1,[2,3],{\"x\":true}],\"none\":{},\"on\":false,"
			    "\"text\":\"\xE7\x81\xAF \\\"\\\\\\n\\u001f\"}",
			    &v));
	assert_int_equal(entry_size(v), 5);
	assert_int_equal(entry_get(v, "a")->number, -12);
	assert_true(entry_is(entry_get(v, "on"), ENTRY_BOOL));
	assert_int_equal(entry_get(v, "on")->number, 0);
	assert_true(str_eq(entry_get(v, "text")->text, STR("\xE7\x81\xAF \"\\\n\x1F")));
	for (at = entry_first(v); at; at = entry_next(v, at))
		assert_true(str_eq(entry_key_of(at), str_of(names[i++])));
	assert_int_equal(i, 5);
	list = entry_get(v, "list");
	assert_int_equal(entry_size(list), 3);
	assert_int_equal(entry_at(list, 0)->number, 1);
	assert_int_equal(entry_at(entry_at(list, 1), 1)->number, 3);
	assert_int_equal(entry_get(entry_at(list, 2), "x")->number, 1);
	assert_null(entry_at(list, 3));
	assert_null(entry_at(entry_at(list, 1), 2));
	assert_null(entry_first(entry_get(v, "none")));
	assert_true(entry_is(entry_get(v, "none"), ENTRY_OBJECT));
	/* what is not there is of no type and has no members */
	assert_null(entry_get(v, "b"));
	assert_null(entry_get(list, "a"));
	assert_false(entry_is(NULL, ENTRY_INT));
	assert_int_equal(entry_size(NULL), 0);
	assert_null(entry_get(NULL, "a"));
	assert_null(entry_at(NULL, 0));
}

static void takes_no_second_spelling(void **state)
{
	static const char *const wrong[] = {
	    "", "{", "}", "{}}", "{} ", " {}", "{ }", "[1, 2]", "[1,]", "[,1]", "{\"a\":}",
	    "{\"a\" :1}", "{\"a\":1,}", "{,\"a\":1}", "{a:1}", "{\"a\":1 \"b\":2}",
	    /* keys: in order, each once, ASCII without escapes */
	    "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}", "{\"ab\":1,\"a\":2}", "{\"a b\":1}",
	    "{\"\\u0061\":1}", "{\"a\\\"\":1}", "{\"\xC3\xA4\":1}",
	    /* numbers: integers, as short as can be, exact in a double */
	    "-0", "01", "-01", "+1", "1.0", "1e3", "-", "9007199254740992", "-9007199254740992",
	    "99999999999999999999", "0x1",
	    /* strings */
	    "\"", "\"a", "\"\\\"", "\"\\", "\"\\x\"", "\"\\/\"", "\"\\u0041\"", "\"\\u001F\"",
	    "\"\\u000a\"", "\"\\u0022\"", "\"\\u00\"", "\"\\u001", "\"\t\"", "\"\xC0\x80\"",
	    "\"\xED\xA0\x80\"", "\"\xE7\x81\"",
	    /* no other words, and none of them longer or shorter */
	    "null", "true1", "tru", "falsey", "True", "NaN",
	    /* too deep by one */
	    "[[[[[[[[[]]]]]]]]]"};
	static const char *const right[] = {"{}", "[]", "0", "-1", "9007199254740991",
					    "-9007199254740991", "\"\"", "true", "false",
					    "\"\\u0000\\b\\t\\n\\f\\r\"", "[[[[[[[[]]]]]]]]",
					    "{\"a\":1,\"ab\":2,\"b\":3}"};
	const struct entry_value *v;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (read_text(wrong[i], &v) != ERR_CORRUPT)
			fail_msg("taken: %s", wrong[i]);
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
		if (read_text(right[i], &v) != ERR_OK)
			fail_msg("refused: %s", right[i]);
}

/* As much as an entry can hold, and one byte more. */
static void takes_as_much_as_an_entry_has(void **state)
{
	static char text[ENTRY_BYTES_MAX + 3];
	const struct entry_value *v;

	(void)state;
	memset(text, 0, sizeof text);
	text[0] = '[';
	for (size_t i = 1; i + 2 < ENTRY_BYTES_MAX; i += 2)
		memcpy(text + i, "7,", 2);
	memcpy(text + ENTRY_BYTES_MAX - 3, "77]", 3);
	assert_int_equal(strlen(text), ENTRY_BYTES_MAX);
	assert_ok(read_text(text, &v));
	assert_int_equal(entry_size(v), (ENTRY_BYTES_MAX - 4) / 2 + 1);
	assert_int_equal(entry_at(v, entry_size(v) - 1)->number, 77);
	memcpy(text + ENTRY_BYTES_MAX - 3, "777]", 4);
	assert_err(read_text(text, &v), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_members_by_name_and_in_order),
	    cmocka_unit_test(takes_no_second_spelling),
	    cmocka_unit_test(takes_as_much_as_an_entry_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
