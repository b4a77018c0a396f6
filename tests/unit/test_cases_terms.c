/* Terms: SipHash's own vector, then texts against words that are cut here by hand. */
#include "test.h"

#include "cases/mask.h"
#include "cases/terms.h"

#include <stdio.h>
#include <string.h>

static const struct terms_key key = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A. */
static void siphash_is_the_papers(void **state)
{
	uint8_t message[15];

	(void)state;
	for (unsigned i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)i;
	assert_true(hash_sip64(key.b, message, sizeof message) == UINT64_C(0xa129ca6149be45e5));
}

static uint64_t word(const char *w)
{
	char bytes[80];
	int n = snprintf(bytes, sizeof bytes, "w%s", w);

	return hash_sip64(key.b, bytes, (size_t)n);
}

/* The text has exactly these words, parted by '|'. */
static void has(const char *text, const char *want)
{
	struct terms t;
	unsigned n = 0;

	terms_init(&t);
	terms_put_text(&t, &key, str_of(text));
	while (*want) {
		char one[64];
		size_t bytes = strcspn(want, "|");
		bool found = false;
		snprintf(one, sizeof one, "%.*s", (int)bytes, want);
		for (unsigned i = 0; i < t.n; i++)
			found = found || t.v[i] == word(one);
		if (!found)
			fail_msg("%s: there is no %s", text, one);
		n++;
		want += bytes + (want[bytes] == '|');
	}
	assert_int_equal(t.n, n);
	assert_false(t.over);
}

static void cuts_texts(void **state)
{
	(void)state;
	has("楼下漏水", "楼下|下漏|漏水");
	has("漏水，漏水！", "漏水");
	has("灯 坏了", "坏了");
	has("WiFi坏了", "wifi|坏了");
	has("Two street lamps are out, buses and glass", "two|street|lamp|are|out|buse|and|glass");
	has("Stories of bodies", "story|of|body");
	/* both writings of a house's number */
	has("十二栋漏水", "十二|二栋|栋漏|漏水|12");
	has("〔号牌已遮盖〕占道 [plate masked] again", "占道|again");
	has("灯", "");
	has("", "");
}

static void hints_are_kept_apart(void **state)
{
	struct terms words, hints, again;

	(void)state;
	terms_init(&words);
	terms_init(&hints);
	terms_init(&again);
	terms_put_text(&words, &key, STR("灯burning，flooded"));
	terms_put_hints(&hints, &key, STR("灯burning，flooded up"));
	terms_put_hints(&again, &key, STR("up 灯 burned flood"));
	assert_int_equal(hints.n, 3); /* 灯, burn, floo */
	assert_int_equal(terms_common(&hints, &again), 3);
	assert_int_equal(terms_common(&hints, &words), 0);
}

static void says_when_there_is_more(void **state)
{
	static char text[TERMS_TEXT_BYTES_MAX + 64];
	struct terms t;
	size_t n = 0;

	(void)state;
	for (unsigned i = 0; i < TERMS_MAX + 1; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "w%u ", i);
	terms_init(&t);
	terms_put_text(&t, &key, str_of(text));
	assert_int_equal(t.n, TERMS_MAX);
	assert_true(t.over);
	terms_init(&t);
	memset(text, 'a', sizeof text - 1);
	terms_put_text(&t, &key, (struct str){text, sizeof text - 1});
	assert_int_equal(t.n, 1);
	assert_true(t.over);
}

static void filters_are_no_words(void **state)
{
	struct terms t;

	(void)state;
	terms_init(&t);
	for (unsigned f = 0; f < TERMS_FILTER_COUNT; f++)
		terms_put_filter(&t, &key, (enum terms_filter)f, 101);
	terms_put_text(&t, &key, STR("101"));
	terms_put_filter(&t, &key, TERMS_AREA, 101);
	assert_int_equal(t.n, TERMS_FILTER_COUNT + 1);
	/* another key, other terms */
	assert_true(terms_filter_of(&(struct terms_key){{1}}, TERMS_AREA, 101) != t.v[0]);
}

static enum err ask(const char *text, struct terms *t, struct problem *p)
{
	terms_init(t);
	return terms_put_query(t, &key, str_of(text), STR("q"), p);
}

static void queries_need_words(void **state)
{
	struct problem p;
	struct terms t, doc;

	(void)state;
	assert_ok(ask("漏水", &t, &p));
	assert_int_equal(t.n, 1);
	assert_err(ask("灯", &t, &p), ERR_BAD_INPUT);
	assert_string_equal(p.field, "q");
	assert_err(ask("漏水 灯", &t, &p), ERR_BAD_INPUT);
	assert_err(ask("，。", &t, &p), ERR_BAD_INPUT);
	assert_err(ask("\xFF\xFE", &t, &p), ERR_BAD_INPUT);
	assert_err(ask("a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3 b4 b5 b6 b7 b8", &t, &p),
		   ERR_BAD_INPUT);
	assert_int_equal(t.n, 0);
	/* either writing finds either writing */
	terms_init(&doc);
	terms_put_text(&doc, &key, STR("十二栋漏水"));
	assert_ok(ask("12栋 漏水", &t, &p));
	assert_int_equal(terms_common(&t, &doc), t.n);
	assert_ok(ask("十二栋漏水", &t, &p));
	assert_int_equal(terms_common(&t, &doc), t.n);
	terms_init(&doc);
	terms_put_text(&doc, &key, STR("12栋漏水"));
	assert_int_equal(terms_common(&t, &doc), t.n);
}

/* By its normal form, spelt out here; what is no number has no term. */
static void numbers_are_one_term_however_they_are_written(void **state)
{
	static const char *const same[] = {"SZ12345-20261127-0042", "sz12345202611270042",
					   "ＳＺ１２３４５－２０２６１１２７－００４２",
					   " sz 12345 / 2026 1127 . 0042 ",
					   "Sz12345—20261127—0042"};
	static const char *const others[] = {"SZ12345-20261127-0043", "SZ12345-20261127-004",
					     "Z12345-20261127-0042", "深12345-20261127-0042"};
	static const char *const none[] = {
	    "", "陈女士", "Chen", "—", "\xFF\xFE", "13800138000", "138 0013-8000",
	    "+86 138 0013 8000", "8613800138000", "0755-26531234", "０７５５２６５３１２３４",
	    "0086 755 2653 1234",
	    "12345678901234567890123456789012345678901234567890123456789012345"};
	uint64_t first = 0, got = 0;
	struct terms words;

	(void)state;
	assert_true(terms_number_of(&key, str_of(same[0]), &first));
	assert_true(first == hash_sip64(key.b, "nsz12345202611270042", 20));
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		assert_true(terms_number_of(&key, str_of(same[i]), &got));
		assert_true(got == first);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_true(terms_number_of(&key, str_of(others[i]), &got));
		assert_true(got != first);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		got = 7;
		assert_false(terms_number_of(&key, str_of(none[i]), &got));
		assert_int_equal(got, 7);
	}
	/* digits of other lengths are no telephone's */
	assert_true(terms_number_of(&key, STR("20261127004"), &got));
	assert_true(terms_number_of(&key, STR("12345678901"), &got));
	assert_true(terms_number_of(&key, STR("138001380001"), &got));
	assert_true(terms_number_of(&key, STR("0012345678"), &got));
	assert_true(terms_number_of(&key, STR("8601234567"), &got));
	/* no word is it, and another key gives another */
	terms_init(&words);
	terms_put_text(&words, &key, STR("SZ12345202611270042"));
	assert_int_equal(words.n, 1);
	assert_true(words.v[0] != first);
	assert_true(terms_number_of(&(struct terms_key){{1}}, str_of(same[0]), &got));
	assert_true(got != first);
}

static void what_is_masked_is_no_number(void **state)
{
	char memory[200];
	struct buf masked = buf_over(memory, sizeof memory);
	struct mask_counts counts = {{0}};
	uint64_t got = 0;

	(void)state;
	mask_text(STR("12345-110101199003070054"), &masked, &counts);
	assert_int_equal(counts.of[MASK_IDENTITY], 1);
	assert_false(terms_number_of(&key, buf_str(&masked), &got));
	assert_true(terms_number_of(&key, STR("12345-110101199003070059"), &got)); /* none */
}

static void cells_hold_what_is_near(void **state)
{
	struct geo_point here = {225434567, 1139123456}, there;
	uint64_t around[TERMS_CELLS_AROUND];
	uint64_t seed = 7;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		bool found = false;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		there.lat_e7 = here.lat_e7 + (int32_t)(seed >> 40) % TERMS_CELL_E7;
		there.lon_e7 = here.lon_e7 - (int32_t)(seed >> 20 & 0xFFFFF) % TERMS_CELL_E7;
		terms_cells_around(there, around);
		for (unsigned k = 0; k < TERMS_CELLS_AROUND; k++)
			found = found || around[k] == terms_cell(here);
		assert_true(found);
	}
	assert_true(geo_distance_m(
			here, (struct geo_point){here.lat_e7 + TERMS_CELL_E7, here.lon_e7}) > 199);
	assert_int_equal(terms_month(0), 1970 * 12);
	assert_int_equal(terms_month(31), 1970 * 12 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(siphash_is_the_papers),   cmocka_unit_test(cuts_texts),
	    cmocka_unit_test(hints_are_kept_apart),    cmocka_unit_test(says_when_there_is_more),
	    cmocka_unit_test(filters_are_no_words),    cmocka_unit_test(queries_need_words),
	    cmocka_unit_test(cells_hold_what_is_near),
	    cmocka_unit_test(numbers_are_one_term_however_they_are_written),
	    cmocka_unit_test(what_is_masked_is_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
