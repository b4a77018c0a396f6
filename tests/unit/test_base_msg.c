/* Messages in two languages, the choice of language, and problems. */
#include "test.h"

#include "base/msg.h"
#include "base/problem.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* Bit i is set where {i} occurs. */
static unsigned places_of(const char *z)
{
	unsigned places = 0;

	for (; *z; z++)
		if (z[0] == '{' && z[1] >= '0' && z[1] <= '9' && z[2] == '}')
			places |= 1u << (z[1] - '0');
	return places;
}

static void both_languages_say_the_same(void **state)
{
	for (unsigned i = 0; i < MSG_COUNT; i++) {
		const char *zh = msg_text((enum msg)i, LANG_ZH),
			   *en = msg_text((enum msg)i, LANG_EN);
		if (!zh[0] || !en[0] || !str_is_utf8(str_of(zh)) || !str_is_utf8(str_of(en)))
			fail_msg("row %u is empty or no UTF-8", i);
		if (places_of(zh) != places_of(en))
			fail_msg("row %u has other places: %s | %s", i, zh, en);
		/* no Chinese punctuation in the English: U+3000 to U+303F, U+FF00 to U+FF3F */
		for (const char *c = en; *c; c++)
			if (memcmp(c, "\xE3\x80", 2) == 0 || memcmp(c, "\xEF\xBC", 2) == 0)
				fail_msg("row %u: Chinese punctuation in the English: %s", i, en);
	}
}

static void places_are_filled(void **state)
{
	char memory[256];
	struct buf out = buf_over(memory, sizeof memory);
	const struct str args[] = {STR("{1}"), STR("7")};

	/* the table's own sentence, cut by hand at its places */
	const char *zh = msg_text(MSG_YAML_DUPLICATE_KEY, LANG_ZH);
	const char *first = strstr(zh, "{0}"), *second = strstr(zh, "{1}");
	assert_non_null(first);
	assert_non_null(second);
	char want[256];
	snprintf(want, sizeof want, "%.*s{1}%.*s7%s", (int)(first - zh), zh,
		 (int)(second - first - 3), first + 3, second + 3);
	msg_put(&out, MSG_YAML_DUPLICATE_KEY, LANG_ZH, args, 2);
	assert_non_null(buf_z(&out));
	assert_string_equal(memory, want);
	/* an argument that is not given stays visible */
	out = buf_over(memory, sizeof memory);
	msg_put(&out, MSG_YAML_DUPLICATE_KEY, LANG_EN, args + 1, 1);
	assert_non_null(buf_z(&out));
	assert_non_null(strstr(memory, "{1}"));
	assert_null(strstr(memory, "{0}"));
}

static void accept_language_chooses(void **state)
{
	static const struct {
		const char *field;
		enum lang lang;
	} rows[] = {
	    {"", LANG_ZH},
	    {"en", LANG_EN},
	    {"zh", LANG_ZH},
	    {"EN-gb", LANG_EN},
	    {"fr", LANG_ZH},
	    {"zh-CN,zh;q=0.9,en;q=0.8", LANG_ZH},
	    {"en-US,en;q=0.9,zh-CN;q=0.8", LANG_EN},
	    {"zh;q=0.1, en;q=0.2", LANG_EN},
	    {"en;q=0.5,zh;q=0.50", LANG_EN},
	    {"zh;q=0.5,en;q=0.500", LANG_ZH},
	    {"fr, *;q=0.5", LANG_ZH},
	    {"en;q=0.2, *;q=0.5", LANG_ZH},
	    {"*;q=0.1, en;q=0.2", LANG_EN},
	    {"zh;q=0", LANG_EN},
	    {"en;q=0", LANG_ZH},
	    {"zh;q=0, *", LANG_EN},
	    {"en;q=2, fr", LANG_ZH},
	    {"en;q=1.001", LANG_ZH},
	    {"en;q=0.0001", LANG_ZH},
	    {"en;level=1", LANG_ZH},
	    {"en ; q=0.3", LANG_EN},
	    {"en;Q=1.000,zh;q=0.999", LANG_EN},
	    {",, ,en,", LANG_EN},
	    {"e", LANG_ZH},
	    {"eng", LANG_ZH},
	    {"zh-Hant-TW;q=0.9, en;q=0.8", LANG_ZH},
	    {"en-", LANG_EN},
	    {";q=1", LANG_ZH},
	    {"*;q=0", LANG_ZH},
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		if (lang_from_accept(str_of(rows[i].field)) != rows[i].lang)
			fail_msg("wrong language for: %s", rows[i].field);
	char many[40 * 3 + 3];
	for (size_t i = 0; i < 40; i++)
		memcpy(many + 3 * i, "fr,", 3);
	memcpy(many + 40 * 3, "en", 3);
	assert_int_equal(lang_from_accept(str_of(many)), LANG_ZH); /* beyond the cap */
	assert_int_equal(lang_from_accept(str_of(many + 30)), LANG_EN);
	assert_string_equal(lang_tag(LANG_EN), "en");
}

static void problems_tell_where_and_what(void **state)
{
	char memory[512];
	struct buf out = buf_over(memory, sizeof memory);
	struct problem p;
	const struct str arg = STR("zone");

	assert_err(problem_set(&p, ERR_BAD_INPUT, STR("days[2]"), MSG_CONFIG_MISSING, &arg, 1),
		   ERR_BAD_INPUT);
	problem_put_line(&p, LANG_EN, &out);
	assert_string_equal(buf_z(&out), "days[2]: \"zone\" is missing; add it");
	problem_at(&p, STR("a.yaml"), 3, 5);
	out.n = 0;
	problem_put_line(&p, LANG_EN, &out);
	assert_string_equal(buf_z(&out), "a.yaml:3:5: days[2]: \"zone\" is missing; add it");
	out.n = 0;
	problem_put_detail(&p, LANG_ZH, &out);
	assert_string_equal(buf_z(&out), "缺少“zone”，请补上");
	assert_err(p.err, ERR_BAD_INPUT);
	/* nobody asks */
	assert_err(problem_set(NULL, ERR_TOO_LARGE, STR(""), MSG_YAML_EMPTY, NULL, 0),
		   ERR_TOO_LARGE);
	problem_at(NULL, STR("a"), 1, 1);
}

static void long_parts_are_cut_at_a_character(void **state)
{
	char text[PROBLEM_ARG_BYTES_MAX * 2];
	struct problem p;

	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'x', sizeof text);
		for (size_t i = shift; i + 3 <= sizeof text; i += 3)
			memcpy(text + i, "里", 3);
		for (size_t n = PROBLEM_ARG_BYTES_MAX - 2; n <= PROBLEM_ARG_BYTES_MAX + 2; n++) {
			const struct str arg = {text, n};
			assert_err(
			    problem_set(&p, ERR_BAD_INPUT, STR(""), MSG_CONFIG_MISSING, &arg, 1),
			    ERR_BAD_INPUT);
			struct str kept = str_of(p.arg[0]);
			assert_true(kept.n <= PROBLEM_ARG_BYTES_MAX &&
				    kept.n >= PROBLEM_ARG_BYTES_MAX - 5);
			if (n > PROBLEM_ARG_BYTES_MAX) {
				assert_true(str_is_utf8(kept));
				assert_memory_equal(kept.p + kept.n - 3, "…", 3);
			} else {
				assert_true(str_eq(kept, arg));
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_languages_say_the_same),
	    cmocka_unit_test(places_are_filled),
	    cmocka_unit_test(accept_language_chooses),
	    cmocka_unit_test(problems_tell_where_and_what),
	    cmocka_unit_test(long_parts_are_cut_at_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
