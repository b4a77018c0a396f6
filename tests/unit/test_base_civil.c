/* Civil time against the C library's own reckoning (gmtime_r, timegm) and hand-made texts. */
#include "test.h"

#include "base/civil.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static void every_day_agrees_with_the_c_library(void **state)
{
	for (int32_t day = CIVIL_DAY_MIN; day <= CIVIL_DAY_MAX; day++) {
		time_t t = (time_t)day * 86400;
		struct tm tm;
		gmtime_r(&t, &tm);
		struct civil_date date = civil_date_of(day);
		if (date.year != tm.tm_year + 1900 || date.month != tm.tm_mon + 1 ||
		    date.day != tm.tm_mday)
			fail_msg("day %d is %d-%d-%d", day, date.year, date.month, date.day);
		if ((int)civil_weekday_of(day) % 7 != tm.tm_wday)
			fail_msg("weekday of day %d", day);
		int32_t back = 0;
		if (civil_day_of(date, &back) != ERR_OK || back != day)
			fail_msg("day %d comes back as %d", day, back);
	}
}

static void the_range_is_the_years_1_to_9999(void **state)
{
	int32_t day = 7;

	assert_ok(civil_day_of((struct civil_date){1, 1, 1}, &day));
	assert_int_equal(day, CIVIL_DAY_MIN);
	assert_ok(civil_day_of((struct civil_date){9999, 12, 31}, &day));
	assert_int_equal(day, CIVIL_DAY_MAX);
	static const struct civil_date wrong[] = {
	    {0, 12, 31},   {10000, 1, 1}, {2026, 0, 1},  {2026, 13, 1},
	    {2026, 1, 0},  {2026, 4, 31}, {2026, 2, 29}, {1900, 2, 29},
	    {2000, 2, 30}, {-1, 1, 1},    {2026, 1, -3},
	};
	for (size_t i = 0; i < ROWS(wrong); i++)
		assert_err(civil_day_of(wrong[i], &day), ERR_BAD_INPUT);
	assert_int_equal(day, CIVIL_DAY_MAX);
}

static void instants_split_and_join(void **state)
{
	uint64_t x = 88172645463325252u;

	for (int i = 0; i < 20000; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		int64_t utc_us = CIVIL_UTC_US_MIN +
				 (int64_t)(x % (uint64_t)(CIVIL_UTC_US_MAX - CIVIL_UTC_US_MIN + 1));
		int32_t offset_s = (int32_t)(x >> 20 & 0xFFFF) - 32768;
		struct civil_time local = civil_split(utc_us, offset_s);
		int64_t back = 0;
		assert_true(local.us >= 0 && local.us < CIVIL_US_PER_DAY);
		assert_ok(civil_join(local, offset_s, &back));
		assert_true(back == utc_us);
	}
	int64_t kept = 5;
	assert_err(civil_join((struct civil_time){CIVIL_DAY_MIN, 0}, 1, &kept), ERR_BAD_INPUT);
	assert_err(civil_join((struct civil_time){CIVIL_DAY_MAX, CIVIL_US_PER_DAY - 1}, -1, &kept),
		   ERR_BAD_INPUT);
	assert_int_equal(kept, 5);
}

static void dates_are_parsed_strictly(void **state)
{
	static const char *const wrong[] = {
	    "",           "2026-11-2",   "2026-11-231", "2026-1-23",   "26-11-23",
	    "2026/11/23", "2026-11-31",  " 2026-11-23", "2026-11-23 ", "2025-02-29",
	    "0000-01-01", "+2026-11-23", "2026-11-2x",  "20261123",    "2026-11-23T",
	};
	char memory[CIVIL_DATE_BYTES];
	struct buf out = buf_over(memory, sizeof memory);
	int32_t day = 7;

	for (size_t i = 0; i < ROWS(wrong); i++)
		assert_err(civil_parse_date(str_of(wrong[i]), &day), ERR_BAD_INPUT);
	assert_int_equal(day, 7);
	assert_ok(civil_parse_date(STR("2024-02-29"), &day));
	civil_put_date(day, &out);
	assert_false(out.over);
	assert_true(str_eq(buf_str(&out), STR("2024-02-29")));
	assert_int_equal(day * INT64_C(86400),
			 timegm(&(struct tm){.tm_year = 124, .tm_mon = 1, .tm_mday = 29}));
}

/* The examples of RFC 3339 section 5.8 (the leap seconds are in the next test), and edges. */
static void instants_are_parsed(void **state)
{
	static const struct {
		const char *text;
		struct tm utc;
		int us;
		int offset_s;
	} rows[] = {
	    {"1985-04-12T23:20:50.52Z", {50, 20, 23, 12, 3, 85}, 520000, 0},
	    {"1996-12-19T16:39:57-08:00", {57, 39, 0, 20, 11, 96}, 0, -28800},
	    {"1937-01-01T12:00:27.87+00:20", {27, 40, 11, 1, 0, 37}, 870000, 1200},
	    {"2026-11-23T11:01:26.123456+08:00", {26, 1, 3, 23, 10, 126}, 123456, 28800},
	    {"2026-11-23T03:01:26-00:00", {26, 1, 3, 23, 10, 126}, 0, 0},
	    {"0001-01-01T00:00:00Z", {0, 0, 0, 1, 0, -1899}, 0, 0},
	    {"9999-12-31T23:59:59.999999Z", {59, 59, 23, 31, 11, 8099}, 999999, 0},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct tm tm = rows[i].utc;
		int64_t utc_us = 0;
		int32_t offset_s = 1;
		assert_ok(civil_parse_rfc3339(str_of(rows[i].text), &utc_us, &offset_s));
		assert_true(utc_us == timegm(&tm) * CIVIL_US_PER_SECOND + rows[i].us);
		assert_int_equal(offset_s, rows[i].offset_s);
	}
}

static void instants_of_another_spelling_are_refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "2026-11-23",
	    "2026-11-23T03:01Z",
	    "2026-11-23T03:01:26",
	    "2026-11-23t03:01:26Z",
	    "2026-11-23T03:01:26z",
	    "2026-11-23 03:01:26Z",
	    "2026-11-23T24:00:00Z",
	    "2026-11-23T03:60:00Z",
	    "1990-12-31T23:59:60Z",
	    "1990-12-31T15:59:60-08:00",
	    "2026-11-23T03:01:26.Z",
	    "2026-11-23T03:01:26.1234567Z",
	    "2026-11-23T03:01:26+0800",
	    "2026-11-23T03:01:26+24:00",
	    "2026-11-23T03:01:26+08:60",
	    "2026-11-23T03:01:26+08",
	    "2026-11-23T03:01:26Z ",
	    "2026-11-23T03:01:26ZZ",
	    "2026-11-31T03:01:26Z",
	    "0001-01-01T00:00:00+00:01",
	    "9999-12-31T23:59:59-00:01",
	    "2026-11-23T03:01:26,5Z",
	    "2026-11-23T3:01:26Z",
	};
	int64_t utc_us = 5;
	int32_t offset_s = 5;

	for (size_t i = 0; i < ROWS(wrong); i++)
		if (civil_parse_rfc3339(str_of(wrong[i]), &utc_us, &offset_s) != ERR_BAD_INPUT)
			fail_msg("taken: %s", wrong[i]);
	/* every proper beginning of a right one is wrong too, and is not read past its end */
	struct str right = STR("2026-11-23T11:01:26.5+08:00");
	for (size_t n = 0; n < right.n; n++) {
		char *exact = malloc(n + 1);
		memcpy(exact, right.p, n);
		assert_err(civil_parse_rfc3339((struct str){exact, n}, &utc_us, &offset_s),
			   ERR_BAD_INPUT);
		free(exact);
	}
	assert_int_equal(utc_us, 5);
	assert_int_equal(offset_s, 5);
}

static void instants_are_written(void **state)
{
	char memory[CIVIL_RFC3339_BYTES_MAX];
	struct buf out = buf_over(memory, sizeof memory);
	struct tm tm = {26, 1, 3, 23, 10, 126};
	int64_t utc_us = timegm(&tm) * CIVIL_US_PER_SECOND;

	civil_put_utc(utc_us, &out);
	assert_true(str_eq(buf_str(&out), STR("2026-11-23T03:01:26Z")));
	out.n = 0;
	civil_put_utc(-1, &out);
	assert_true(str_eq(buf_str(&out), STR("1969-12-31T23:59:59.999999Z")));
	out.n = 0;
	civil_put_local(utc_us + 1, 28800, &out);
	assert_true(str_eq(buf_str(&out), STR("2026-11-23T11:01:26.000001+08:00")));
	out.n = 0;
	civil_put_local(utc_us, -12600, &out);
	assert_true(str_eq(buf_str(&out), STR("2026-11-22T23:31:26-03:30")));
	out.n = 0;
	civil_put_local(CIVIL_UTC_US_MAX, 28800, &out);
	assert_true(str_eq(buf_str(&out), STR("9999-12-31T23:59:59.999999Z")));
	assert_false(out.over);
}

/* An offset with seconds is cut to minutes; what is written is still the same instant. */
static void what_is_written_reads_back(void **state)
{
	uint64_t x = 2463534242u;

	for (int i = 0; i < 20000; i++) {
		char memory[CIVIL_RFC3339_BYTES_MAX];
		struct buf out = buf_over(memory, sizeof memory);
		int64_t back = 0;
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		int64_t utc_us = CIVIL_UTC_US_MIN +
				 (int64_t)(x % (uint64_t)(CIVIL_UTC_US_MAX - CIVIL_UTC_US_MIN + 1));
		if (i % 3 == 0)
			utc_us -= utc_us % CIVIL_US_PER_SECOND;
		civil_put_local(utc_us, (int32_t)(x >> 20 & 0xFFFF) - 32768, &out);
		assert_false(out.over);
		assert_ok(civil_parse_rfc3339(buf_str(&out), &back, NULL));
		assert_true(back == utc_us);
	}
}

/* ---- patterns ---- */

static void patterns_are_checked(void **state)
{
	static const char *const good[] = {"%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y%m%d",
					   "%d.%m.%Y", "100%% %Y-%m-%d"};
	static const char *const bad[] = {"",	      "%Y-%m",		"%Y-%m-%d %I:%M",
					  "%Y-%m-%d %M %p", "%Y-%m-%d %H %I %p", "%Y-%m-%d %d",
					  "%y-%m-%d",  "%Y-%m-%d%"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(civil_pattern_ok(str_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(civil_pattern_ok(str_of(bad[i])));
}

/* Twelve at night is 12 AM, noon is 12 PM: each minute of a day, as a clock with hands shows it. */
static void twelve_hours_are_read(void **state)
{
	(void)state;
	for (int minute = 0; minute < 24 * 60; minute++) {
		int hour = minute / 60;
		char text[40];
		struct civil_time t = {0};
		snprintf(text, sizeof text, "02/29/2024 %02d:%02d:07 %s",
			 (hour + 11) % 12 + 1, minute % 60, hour < 12 ? "AM" : "pm");
		assert_ok(civil_parse_by(STR("%m/%d/%Y %I:%M:%S %p"), str_of(text), &t));
		assert_int_equal(t.day, 19782); /* date -d 2024-02-29 +%s, by 86400 */
		assert_int_equal(t.us, (minute * 60 + 7) * CIVIL_US_PER_SECOND);
	}
}

static void texts_off_the_pattern_are_refused(void **state)
{
	static const char *const wrong[] = {
	    "2024-02-30 10:00", "2023-02-29 10:00", "2024-13-01 10:00", "2024-02-01 24:00",
	    "2024-02-01 10:60", "2024-02-01 10:00 ", " 2024-02-01 10:00", "24-02-01 10:00",
	    "2024-02-01T10:00", "2024-02-01", "2024-02-001 10:00", "", "2024-02-01 :00"};
	struct civil_time t = {-7, -7};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(civil_parse_by(STR("%Y-%m-%d %H:%M"), str_of(wrong[i]), &t),
			   ERR_BAD_INPUT);
	assert_err(civil_parse_by(STR("%Y-%m-%d %I %p"), STR("2024-02-01 0 AM"), &t),
		   ERR_BAD_INPUT);
	assert_err(civil_parse_by(STR("%Y-%m-%d %I %p"), STR("2024-02-01 13 PM"), &t),
		   ERR_BAD_INPUT);
	assert_err(civil_parse_by(STR("%Y-%m-%d %I %p"), STR("2024-02-01 1 XM"), &t),
		   ERR_BAD_INPUT);
	assert_int_equal(t.day, -7);
	assert_ok(civil_parse_by(STR("%Y-%m-%d %H:%M"), STR("2024-2-1 9:05"), &t));
	assert_int_equal(t.day, 19754);
	assert_int_equal(t.us, (9 * 60 + 5) * CIVIL_US_PER_MINUTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_day_agrees_with_the_c_library),
	    cmocka_unit_test(the_range_is_the_years_1_to_9999),
	    cmocka_unit_test(instants_split_and_join),
	    cmocka_unit_test(dates_are_parsed_strictly),
	    cmocka_unit_test(instants_are_parsed),
	    cmocka_unit_test(instants_of_another_spelling_are_refused),
	    cmocka_unit_test(instants_are_written),
	    cmocka_unit_test(what_is_written_reads_back),
	    cmocka_unit_test(patterns_are_checked),
	    cmocka_unit_test(twelve_hours_are_read),
	    cmocka_unit_test(texts_off_the_pattern_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
