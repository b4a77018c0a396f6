/* Working calendars against a reference that steps through a year minute by minute with the C
 * library's clock, and hand-made cases from the holiday notices of 2025 and 2026. */
#include "test.h"
#include "tzif_rule.h"

#include "base/calendar.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static int32_t day_of(const char *text)
{
	int32_t day = 0;
	assert_ok(civil_parse_date(str_of(text), &day));
	return day;
}

static int64_t us_of(const char *text)
{
	int64_t utc_us = 0;
	assert_ok(civil_parse_rfc3339(str_of(text), &utc_us, NULL));
	return utc_us;
}

/* An office in China: the days around three of the holidays. */

static const struct {
	const char *day;
	bool is_working;
} office_days[] = {
    {"2025-01-26", true}, /* Sunday */
    {"2025-01-28", false}, {"2025-01-29", false}, {"2025-01-30", false}, {"2025-01-31", false},
    {"2025-02-01", false}, {"2025-02-02", false}, {"2025-02-03", false}, {"2025-02-04", false},
    {"2025-02-08", true}, /* Saturday */
    {"2025-09-28", true}, /* Sunday */
    {"2025-10-01", false}, {"2025-10-02", false}, {"2025-10-03", false}, {"2025-10-04", false},
    {"2025-10-05", false}, {"2025-10-06", false}, {"2025-10-07", false}, {"2025-10-08", false},
    {"2025-10-11", true}, /* Saturday */
    {"2026-02-14", true}, /* Saturday */
    {"2026-02-15", false}, {"2026-02-16", false}, {"2026-02-17", false}, {"2026-02-18", false},
    {"2026-02-19", false}, {"2026-02-20", false}, {"2026-02-21", false}, {"2026-02-22", false},
    {"2026-02-23", false}, {"2026-02-28", true}, /* Saturday */
};

static struct calendar_day office_table[ROWS(office_days)];

static const struct calendar *office(void)
{
	static const struct calendar_hours_list hours = {2, {{540, 720}, {840, 1080}}};
	static struct zone beijing;
	static struct calendar c;

	zone_init_fixed(8 * 3600, &beijing);
	for (size_t i = 0; i < ROWS(office_days); i++)
		office_table[i] =
		    (struct calendar_day){day_of(office_days[i].day), office_days[i].is_working};
	c = (struct calendar){.zone = &beijing,
			      .makeup = hours,
			      .days = office_table,
			      .days_n = ROWS(office_days),
			      .covered_first_year = 2025,
			      .covered_last_year = 2026};
	for (int i = 0; i < 5; i++)
		c.week[i] = hours;
	assert_true(calendar_ok(&c));
	return &c;
}

static void limits_end_as_the_notices_say(void **state)
{
	static const struct {
		const char *from;
		int64_t amount;
		const char *unit;
		const char *end;
	} rows[] = {
	    {"2026-02-16T03:00:00+08:00", 90, "m", "2026-02-16T04:30:00+08:00"},
	    {"2026-02-16T03:00:00+08:00", 36, "h", "2026-02-17T15:00:00+08:00"},
	    /* an hour is left before the Spring Festival of 2025, the second one is on 5 February
	     */
	    {"2025-01-27T17:00:00+08:00", 2, "wh", "2025-02-05T10:00:00+08:00"},
	    {"2025-01-27T10:00:00+08:00", 1, "wd", "2025-02-05T18:00:00+08:00"},
	    /* 25 January is a Saturday off, the 26th a Sunday worked */
	    {"2025-01-24T18:00:00+08:00", 1, "wh", "2025-01-26T10:00:00+08:00"},
	    {"2025-01-24T11:00:00+08:00", 1, "wd", "2025-01-26T18:00:00+08:00"},
	    /* Thursday 9, Friday 10, Saturday 11 October */
	    {"2025-09-30T10:00:00+08:00", 3, "wd", "2025-10-11T18:00:00+08:00"},
	    {"2026-02-13T17:30:00+08:00", 1, "wh", "2026-02-14T09:30:00+08:00"},
	    {"2026-02-14T10:00:00+08:00", 1, "wd", "2026-02-24T18:00:00+08:00"},
	    /* an ordinary week: at noon the clock stands, a limit may end exactly at closing time
	     */
	    {"2026-03-03T14:00:00+08:00", 4, "wh", "2026-03-03T18:00:00+08:00"},
	    {"2026-03-03T12:30:00+08:00", 4, "wh", "2026-03-03T18:00:00+08:00"},
	    {"2026-03-03T11:00:00+08:00", 4, "wh", "2026-03-03T17:00:00+08:00"},
	    {"2026-03-03T18:00:00+08:00", 1, "wh", "2026-03-04T10:00:00+08:00"},
	    {"2026-03-03T09:00:00+08:00", 3, "wh", "2026-03-03T12:00:00+08:00"},
	    {"2026-03-03T11:59:30.25+08:00", 1, "wh", "2026-03-03T14:59:30.25+08:00"},
	    /* days run from the next day, however early the hour */
	    {"2026-03-02T07:00:00+08:00", 1, "wd", "2026-03-03T18:00:00+08:00"},
	    {"2026-03-02T23:59:59+08:00", 1, "wd", "2026-03-03T18:00:00+08:00"},
	    {"2026-03-07T12:00:00+08:00", 1, "wd", "2026-03-09T18:00:00+08:00"},
	    {"2026-03-02T10:00:00+08:00", 7, "d", "2026-03-09T18:00:00+08:00"},
	    /* the fifth day is a Saturday: the Monday after */
	    {"2026-03-02T10:00:00+08:00", 5, "d", "2026-03-09T18:00:00+08:00"},
	    /* the seventh day is 20 February, in the holidays: the 24th; the 1st is the worked
	       Saturday */
	    {"2026-02-13T10:00:00+08:00", 7, "d", "2026-02-24T18:00:00+08:00"},
	    {"2026-02-13T10:00:00+08:00", 1, "d", "2026-02-14T18:00:00+08:00"},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct calendar_instant end = {0};
		enum time_unit unit = TIME_UNIT_COUNT;
		assert_true(time_unit_parse(str_of(rows[i].unit), &unit));
		assert_string_equal(time_unit_code(unit), rows[i].unit);
		assert_ok(calendar_add(office(), unit, rows[i].amount, us_of(rows[i].from), &end));
		if (end.utc_us != us_of(rows[i].end)) {
			char text[64];
			struct buf out = buf_over(text, sizeof text);
			civil_put_local(end.utc_us, 28800, &out);
			fail_msg("%s + %lld %s ends %s, not %s", rows[i].from,
				 (long long)rows[i].amount, rows[i].unit, buf_z(&out), rows[i].end);
		}
		assert_true(end.is_covered);
	}
}

static void days_beyond_the_notices_are_marked(void **state)
{
	const struct calendar *c = office();
	struct calendar_instant end = {0};
	struct calendar_span span = {0};

	assert_ok(
	    calendar_add(c, TIME_UNIT_WORKING_DAY, 1, us_of("2026-12-30T10:00:00+08:00"), &end));
	assert_true(end.is_covered);
	assert_ok(
	    calendar_add(c, TIME_UNIT_WORKING_DAY, 1, us_of("2026-12-31T10:00:00+08:00"), &end));
	assert_false(end.is_covered); /* 2027-01-01, a Friday, by the weekday alone */
	assert_true(end.utc_us == us_of("2027-01-01T18:00:00+08:00"));
	assert_ok(
	    calendar_add(c, TIME_UNIT_WORKING_HOUR, 1, us_of("2026-12-31T17:00:00+08:00"), &end));
	assert_true(end.is_covered); /* ends in the old year */
	assert_ok(
	    calendar_add(c, TIME_UNIT_WORKING_HOUR, 2, us_of("2026-12-31T17:00:00+08:00"), &end));
	assert_false(end.is_covered);
	assert_ok(
	    calendar_add(c, TIME_UNIT_CALENDAR_DAY, 3, us_of("2024-12-28T17:00:00+08:00"), &end));
	assert_false(end.is_covered);
	/* ends within the covered years, but has passed a day before them */
	int64_t old_year = us_of("2024-12-28T17:00:00+08:00");
	assert_ok(calendar_add(c, TIME_UNIT_CALENDAR_DAY, 6, old_year, &end));
	assert_true(end.utc_us == us_of("2025-01-03T18:00:00+08:00"));
	assert_false(end.is_covered);
	assert_ok(calendar_add(c, TIME_UNIT_WORKING_HOUR, 15, old_year, &end));
	assert_true(end.utc_us == us_of("2025-01-01T10:00:00+08:00"));
	assert_false(end.is_covered);
	assert_ok(calendar_add(c, TIME_UNIT_HOUR, 48, us_of("2026-12-31T17:00:00+08:00"), &end));
	assert_true(end.is_covered); /* no calendar is asked */
	assert_ok(calendar_working_time(c, us_of("2026-12-31T00:00:00+08:00"),
					us_of("2027-01-01T00:00:00+08:00"), &span));
	assert_true(span.is_covered && span.working_us == 7 * CIVIL_US_PER_HOUR);
	assert_ok(calendar_working_time(c, us_of("2026-12-31T00:00:00+08:00"),
					us_of("2027-01-01T00:00:01+08:00"), &span));
	assert_false(span.is_covered);
	assert_true(calendar_is_working_day(c, day_of("2025-10-11")));
	assert_false(calendar_is_working_day(c, day_of("2025-10-12")));
	assert_false(calendar_is_working_day(c, day_of("2025-10-08")));
	assert_true(calendar_is_working_day(c, day_of("2025-10-09")));
	assert_false(calendar_is_covered(c, day_of("2024-12-31")));
}

static void what_is_too_far_or_wrong_is_refused(void **state)
{
	const struct calendar *c = office();
	struct calendar_instant end = {5, false};
	struct calendar_span span = {5, false};
	int64_t now = us_of("2026-03-03T10:00:00+08:00");

	for (unsigned u = 0; u < TIME_UNIT_COUNT; u++) {
		enum time_unit unit = (enum time_unit)u;
		assert_err(calendar_add(c, unit, 0, now, &end), ERR_BAD_INPUT);
		assert_err(calendar_add(c, unit, -1, now, &end), ERR_BAD_INPUT);
		assert_err(calendar_add(c, unit, 1, CIVIL_UTC_US_MAX + 1, &end), ERR_BAD_INPUT);
		assert_err(calendar_add(c, unit, 1, CIVIL_UTC_US_MAX, &end), ERR_BAD_INPUT);
		assert_err(calendar_add(c, unit, INT64_MAX, now, &end), ERR_TOO_LARGE);
	}
	assert_err(calendar_add(c, TIME_UNIT_HOUR, CALENDAR_SPAN_DAYS_MAX * 24 + 1, now, &end),
		   ERR_TOO_LARGE);
	assert_err(calendar_add(c, TIME_UNIT_WORKING_DAY, 3000, now, &end), ERR_TOO_LARGE);
	assert_err(calendar_add(c, TIME_UNIT_WORKING_HOUR, 20000, now, &end), ERR_TOO_LARGE);
	assert_err(calendar_add(c, TIME_UNIT_CALENDAR_DAY, CALENDAR_SPAN_DAYS_MAX + 1, now, &end),
		   ERR_TOO_LARGE);
	assert_int_equal(end.utc_us, 5);
	assert_ok(calendar_add(c, TIME_UNIT_WORKING_DAY, 2500, now, &end));
	assert_ok(calendar_add(c, TIME_UNIT_WORKING_HOUR, 18000, now, &end));
	assert_err(calendar_working_time(c, now, now - 1, &span), ERR_BAD_INPUT);
	assert_err(calendar_working_time(c, CIVIL_UTC_US_MIN - 1, now, &span), ERR_BAD_INPUT);
	assert_err(calendar_working_time(
		       c, now, now + (CALENDAR_SPAN_DAYS_MAX + 1) * CIVIL_US_PER_DAY, &span),
		   ERR_TOO_LARGE);
	assert_int_equal(span.working_us, 5);
	enum time_unit unit = TIME_UNIT_HOUR;
	assert_false(time_unit_parse(STR("min"), &unit));
	assert_false(time_unit_parse(STR(""), &unit));
	assert_int_equal(unit, TIME_UNIT_HOUR);
}

static void wrong_calendars_are_seen(void **state)
{
	struct calendar_day days[2] = {{100, false}, {100, false}};
	struct calendar c = *office();

	c.week[2].at[1].from_minute = 719;
	assert_false(calendar_ok(&c));
	c = *office();
	c.week[2].at[1].until_minute = 1441;
	assert_false(calendar_ok(&c));
	c = *office();
	c.week[2].at[0] = (struct calendar_hours){540, 540};
	assert_false(calendar_ok(&c));
	c = *office();
	c.week[2].n = CALENDAR_HOURS_MAX + 1;
	assert_false(calendar_ok(&c));
	c = *office();
	c.makeup.n = 0; /* and there are make-up days */
	assert_false(calendar_ok(&c));
	c = *office();
	c.zone = NULL;
	assert_false(calendar_ok(&c));
	c = *office();
	c.days = days;
	c.days_n = 2;
	assert_false(calendar_ok(&c));
	days[0].day = 99;
	assert_true(calendar_ok(&c));
	memset(c.week, 0, sizeof c.week);
	assert_false(calendar_ok(&c));
}

/* The reference: a year, a minute at a time. It knows the rule of a zone through the C library only
 * and decides for each minute from the clock on the wall whether it is worked. */

#define YEAR_MINUTES (420 * 1440)

static struct minute {
	bool is_working;
	short date; /* counts local dates */
} minutes[YEAR_MINUTES];

struct plan {
	const char *rule; /* POSIX TZ */
	struct calendar_hours_list week[7];
	struct calendar_hours_list makeup;
	unsigned seed;
};

static bool in_hours(const struct calendar_hours_list *hours, int minute_of_day)
{
	bool in = false;
	for (unsigned i = 0; i < hours->n; i++)
		in |= minute_of_day >= hours->at[i].from_minute &&
		      minute_of_day < hours->at[i].until_minute;
	return in;
}

static void fill_minutes(const struct plan *plan, time_t start, const struct calendar_day *days,
			 unsigned days_n)
{
	int last_yday = -1;
	short date = -1;

	assert_int_equal(setenv("TZ", plan->rule, 1), 0);
	tzset();
	for (int i = 0; i < YEAR_MINUTES; i++) {
		time_t t = start + i * 60;
		struct tm tm;
		localtime_r(&t, &tm);
		if (tm.tm_yday != last_yday)
			date++;
		last_yday = tm.tm_yday;
		const struct calendar_hours_list *hours = &plan->week[(tm.tm_wday + 6) % 7];
		struct tm midnight = {
		    .tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday};
		int32_t day = (int32_t)(timegm(&midnight) / 86400);
		bool off = false;
		for (unsigned k = 0; k < days_n; k++) {
			if (days[k].day == day && days[k].is_working)
				hours = &plan->makeup;
			off |= days[k].day == day && !days[k].is_working;
		}
		minutes[i] =
		    (struct minute){!off && in_hours(hours, tm.tm_hour * 60 + tm.tm_min), date};
	}
}

/* The minute at which a limit ends, or -1 where the year is over before. */
static int naive_add(enum time_unit unit, int amount, int from)
{
	int counted = 0, last_worked = -1;

	if (unit == TIME_UNIT_MINUTE || unit == TIME_UNIT_HOUR)
		return from + amount * (unit == TIME_UNIT_HOUR ? 60 : 1);
	if (unit == TIME_UNIT_WORKING_HOUR) {
		for (int i = from; i < YEAR_MINUTES; i++) {
			counted += minutes[i].is_working;
			if (counted == amount * 60)
				return i + 1;
		}
		return -1;
	}
	for (int i = from; i + 1 < YEAR_MINUTES; i++) {
		if (minutes[i].date == minutes[from].date)
			continue;
		if (minutes[i].is_working)
			last_worked = i;
		if (minutes[i + 1].date == minutes[i].date)
			continue;
		bool worked = last_worked >= 0 && minutes[last_worked].date == minutes[i].date;
		counted += unit == TIME_UNIT_CALENDAR_DAY || worked;
		if (counted >= amount && worked)
			return last_worked + 1;
	}
	return -1;
}

static const struct plan plans[] = {
    /* an office in China */
    {"CST-8",
     {{2, {{540, 720}, {840, 1080}}},
      {2, {{540, 720}, {840, 1080}}},
      {2, {{540, 720}, {840, 1080}}},
      {2, {{540, 720}, {840, 1080}}},
      {2, {{540, 720}, {840, 1080}}}},
     {1, {{600, 900}}},
     1},
    /* nights in New York, hours that begin and end inside the gap of March, and round the fold of
       November */
    {"EST5EDT,M3.2.0,M11.1.0",
     {{2, {{0, 360}, {1320, 1440}}},
      {1, {{0, 1440}}},
      {0},
      {1, {{1380, 1440}}},
      {0},
      {3, {{30, 60}, {120, 135}, {150, 1440}}},
      {3, {{0, 150}, {165, 170}, {175, 420}}}},
     {2, {{60, 140}, {1435, 1440}}},
     2},
    /* half an hour of summer time on Lord Howe, changes at 02:00 */
    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
     {{1, {{0, 135}}},
      {0},
      {0},
      {2, {{480, 720}, {780, 1020}}},
      {0},
      {1, {{0, 1440}}},
      {2, {{0, 140}, {145, 600}}}},
     {1, {{120, 180}}},
     3},
    /* a gap at midnight: the day begins at 01:00 */
    {"<-03>3<-02>,M10.3.0/0,M2.3.0/0",
     {{1, {{0, 30}}},
      {0},
      {1, {{0, 60}}},
      {0},
      {1, {{600, 900}}},
      {2, {{0, 600}, {1200, 1380}}},
      {3, {{30, 45}, {50, 90}, {700, 1440}}}},
     {1, {{0, 10}}},
     4},
};

static void the_reference_agrees(void **state)
{
	static const enum time_unit units[] = {TIME_UNIT_WORKING_HOUR, TIME_UNIT_WORKING_DAY,
					       TIME_UNIT_CALENDAR_DAY, TIME_UNIT_MINUTE,
					       TIME_UNIT_HOUR};

	for (size_t p = 0; p < ROWS(plans); p++) {
		const struct plan *plan = &plans[p];
		uint8_t bytes[TZIF_RULE_BYTES_MAX];
		struct zone zone;
		struct calendar_day days[40];
		uint64_t x = 88172645463325252u * plan->seed + 1;
		time_t start = 1767225600; /* 2026-01-01 */
		unsigned ended = 0;

		assert_ok(zone_parse((struct bytes){bytes, tzif_rule(plan->rule, bytes)}, &zone));
		for (unsigned i = 0; i < ROWS(days); i++) {
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			days[i] = (struct calendar_day){
			    (int32_t)(start / 86400) + (int32_t)(i * 9 + x % 9), x >> 40 & 1};
		}
		struct calendar c = {.zone = &zone,
				     .makeup = plan->makeup,
				     .days = days,
				     .days_n = ROWS(days),
				     .covered_first_year = 2025,
				     .covered_last_year = 2027};
		memcpy(c.week, plan->week, sizeof c.week);
		assert_true(calendar_ok(&c));
		fill_minutes(plan, start, days, ROWS(days));
		for (int i = 0; i < 3000; i++) {
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			int from = (int)(x % (YEAR_MINUTES - 60 * 1440)),
			    amount = (int)(x >> 32 & 255) % 15 + 1;
			enum time_unit unit = units[(x >> 50) % ROWS(units)];
			int want = naive_add(unit, amount, from);
			struct calendar_instant end = {0};
			assert_ok(calendar_add(&c, unit, amount,
					       (start + from * 60) * CIVIL_US_PER_SECOND, &end));
			if (want < 0)
				continue;
			ended++;
			if (end.utc_us != (start + want * 60) * CIVIL_US_PER_SECOND)
				fail_msg("%s: %d %s from minute %d end at minute %lld, not %d",
					 plan->rule, amount, time_unit_code(unit), from,
					 (long long)(end.utc_us / CIVIL_US_PER_SECOND - start) / 60,
					 want);
			struct calendar_span span = {0};
			int64_t worked = 0;
			for (int k = from; k < want; k++)
				worked += minutes[k].is_working;
			assert_ok(calendar_working_time(
			    &c, (start + from * 60) * CIVIL_US_PER_SECOND, end.utc_us, &span));
			if (span.working_us != worked * CIVIL_US_PER_MINUTE)
				fail_msg("%s: from minute %d to %d %lld are worked, not %lld",
					 plan->rule, from, want,
					 (long long)(span.working_us / CIVIL_US_PER_MINUTE),
					 (long long)worked);
		}
		assert_true(ended > 2500);
	}
}

/* A night shift from 22:00 to 06:00 has seven hours when the clocks go forward and nine when they
 * go back. */
static void shifts_are_counted_as_they_pass(void **state)
{
	uint8_t bytes[TZIF_RULE_BYTES_MAX];
	struct calendar_span span = {0};
	struct zone zone;
	struct calendar c = {.zone = &zone, .covered_first_year = 1, .covered_last_year = 9999};

	assert_ok(zone_parse((struct bytes){bytes, tzif_rule("CET-1CEST,M3.5.0,M10.5.0/3", bytes)},
			     &zone));
	for (int i = 0; i < 7; i++)
		c.week[i] = (struct calendar_hours_list){2, {{0, 360}, {1320, 1440}}};
	assert_true(calendar_ok(&c));
	assert_ok(calendar_working_time(&c, us_of("2026-03-28T22:00:00+01:00"),
					us_of("2026-03-29T12:00:00+02:00"), &span));
	assert_true(span.working_us == 7 * CIVIL_US_PER_HOUR);
	assert_ok(calendar_working_time(&c, us_of("2026-10-24T22:00:00+02:00"),
					us_of("2026-10-25T12:00:00+01:00"), &span));
	assert_true(span.working_us == 9 * CIVIL_US_PER_HOUR);
	/* hours that end at 02:30, which is shown twice, end at the first of the two */
	c.week[6] = (struct calendar_hours_list){1, {{0, 150}}};
	assert_ok(calendar_working_time(&c, us_of("2026-10-25T00:00:00+02:00"),
					us_of("2026-10-25T12:00:00+01:00"), &span));
	assert_true(span.working_us == 150 * CIVIL_US_PER_MINUTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_end_as_the_notices_say),
	    cmocka_unit_test(days_beyond_the_notices_are_marked),
	    cmocka_unit_test(what_is_too_far_or_wrong_is_refused),
	    cmocka_unit_test(wrong_calendars_are_seen),
	    cmocka_unit_test(the_reference_agrees),
	    cmocka_unit_test(shifts_are_counted_as_they_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
