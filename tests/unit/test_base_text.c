/* Views, buffers, arenas, queues and the canonical entry writer. */
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/entry.h"
#include "base/ring.h"

static void utf8_is_strict(void **state)
{
	static const struct {
		const char *z;
		bool ok;
	} rows[] = {
		{"", true}, {"abc", true}, {"里仁", true}, {"\xF0\x9F\x8F\xA0", true},
		{"\xC0\x80", false}, {"\xC1\xBF", false}, {"\xE0\x9F\xBF", false},
		{"\xED\xA0\x80", false}, {"\xF4\x90\x80\x80", false}, {"\xE9\x87", false},
		{"\x80", false}, {"\xFF", false}, {"a\xE9\x87\x8C", true},
		{"\xE9\x87\x8C\xE9", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(str_is_utf8(str_of(rows[i].z)), rows[i].ok);
}

static void numbers_are_read_strictly(void **state)
{
	uint64_t v = 7;

	assert_false(str_to_u64(STR(""), &v));
	assert_false(str_to_u64(STR("01"), &v));
	assert_false(str_to_u64(STR("-1"), &v));
	assert_false(str_to_u64(STR("18446744073709551616"), &v));
	assert_int_equal(v, 7);
	assert_true(str_to_u64(STR("18446744073709551615"), &v));
	assert_true(v == UINT64_MAX);
	assert_true(str_to_u64(STR("0"), &v));
	assert_int_equal(v, 0);
}

static void buffers_overflow_once_and_stay(void **state)
{
	char memory[4];
	struct buf b = buf_over(memory, sizeof memory);

	buf_put_z(&b, "abc");
	buf_put_z(&b, "de");
	assert_true(b.over);
	buf_put_z(&b, "f");
	assert_int_equal(b.n, 3);
	assert_memory_equal(memory, "abc", 3);
}

static void base64_and_hex_round_trip(void **state)
{
	uint8_t bytes[64], back[64];
	char text[128];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof bytes; n++) {
		struct buf b = buf_over(text, sizeof text);
		size_t back_n = 99;
		buf_put_b64(&b, bytes, n);
		assert_true(b64_decode(buf_str(&b), back, sizeof back, &back_n));
		assert_int_equal(back_n, n);
		assert_memory_equal(back, bytes, n);
		b = buf_over(text, sizeof text);
		buf_put_hex(&b, bytes, n);
		assert_true(hex_decode(buf_str(&b), back, n));
		assert_memory_equal(back, bytes, n);
	}
	/* RFC 4648 section 10 */
	struct buf b = buf_over(text, sizeof text);
	buf_put_b64(&b, "foobar", 6);
	buf_put_b64(&b, "fooba", 5);
	assert_int_equal(b.n, 16);
	assert_memory_equal(text, "Zm9vYmFyZm9vYmE=", 16);
}

static void base64_is_strict(void **state)
{
	static const char *const wrong[] = {"Zg",     "Zg=",  "Zh==", "Zm9=", "Z g=",
					    "Zm9v\n", "====", "Zm9vZg==Zg=="};
	uint8_t back[16];
	size_t n = 3;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(b64_decode(str_of(wrong[i]), back, sizeof back, &n));
	assert_int_equal(n, 3);
	for (unsigned c = 0; c < 256; c++)
		for (unsigned at = 0; at < 4; at++) {
			static const char digits[] =
				"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
			char text[4] = {'A', 'B', 'C', 'D'};
			text[at] = (char)c;
			assert_int_equal(b64_decode((struct str){text, 4}, back, sizeof back, &n),
					 memchr(digits, (int)c, 64) != NULL);
		}
}

static void arenas_mark_reset_and_overflow(void **state)
{
	_Alignas(16) char memory[64];
	struct arena a;
	struct arena_mark start;

	arena_init(&a, memory, sizeof memory);
	start = arena_mark(&a);
	assert_non_null(arena_alloc(&a, 40));
	assert_null(arena_alloc(&a, 40));
	assert_null(arena_alloc(&a, 1)); /* sticky */
	arena_reset(&a, start);
	assert_non_null(arena_alloc(&a, 64));
	assert_false(a.over);
}

static void queues_refuse_when_full(void **state)
{
	void *slots[2];
	int x = 1, y = 2, z = 3;
	struct ring r;

	ring_init(&r, slots, 2);
	assert_null(ring_take(&r));
	assert_true(ring_put(&r, &x));
	assert_true(ring_put(&r, &y));
	assert_false(ring_put(&r, &z));
	assert_ptr_equal(ring_take(&r), &x);
	assert_true(ring_put(&r, &z));
	assert_ptr_equal(ring_take(&r), &y);
	assert_ptr_equal(ring_take(&r), &z);
	assert_null(ring_take(&r));
}

static void entries_have_one_spelling(void **state)
{
	char memory[512];
	struct entry_writer w;
	struct str s;

	entry_writer_begin(&w, memory, sizeof memory);
	entry_key(&w, "a");
	entry_array(&w);
	entry_int(&w, -5);
	entry_str(&w, STR("\"\\/\b\t\n\f\r\x01\x7f里"));
	entry_object(&w);
	entry_close(&w);
	entry_close(&w);
	entry_key(&w, "ab");
	entry_bool(&w, true);
	entry_key(&w, "b");
	entry_hex(&w, "\xAB\x01", 2);
	entry_key(&w, "c");
	entry_b64(&w, "f", 1);
	assert_ok(entry_writer_end(&w, &s));
	assert_true(str_eq(s, STR("{\"a\":[-5,\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\x7f里\",{}],"
				  "\"ab\":true,\"b\":\"ab01\",\"c\":\"Zg==\"}")));
}

static void entries_refuse_what_has_no_one_spelling(void **state)
{
	char memory[64];
	struct entry_writer w;
	struct str s = STR("kept");

	entry_writer_begin(&w, memory, sizeof memory);
	entry_key(&w, "a");
	entry_str(&w, STR("\xFF"));
	assert_err(entry_writer_end(&w, &s), ERR_BAD_INPUT);
	entry_writer_begin(&w, memory, sizeof memory);
	entry_key(&w, "a");
	entry_int(&w, ENTRY_INT_MAX + 1);
	assert_err(entry_writer_end(&w, &s), ERR_BAD_INPUT);
	entry_writer_begin(&w, memory, 8);
	entry_key(&w, "a");
	entry_str(&w, STR("too long for it"));
	assert_err(entry_writer_end(&w, &s), ERR_TOO_LARGE);
	assert_true(str_eq(s, STR("kept")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(numbers_are_read_strictly),
		cmocka_unit_test(buffers_overflow_once_and_stay),
		cmocka_unit_test(base64_and_hex_round_trip),
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(arenas_mark_reset_and_overflow),
		cmocka_unit_test(queues_refuse_when_full),
		cmocka_unit_test(entries_have_one_spelling),
		cmocka_unit_test(entries_refuse_what_has_no_one_spelling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
