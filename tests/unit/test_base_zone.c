/* Time zones against the C library (localtime_r), and TZif bytes made by hand, right and wrong. */
#include "test.h"

#include "base/zone.h"

#include <unistd.h>

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define FROM_S INT64_C(-2145916800) /* 1902-01-01 */
#define UNTIL_S INT64_C(4102444800) /* 2100-01-01 */
#define CHANGES_MAX 1000
#define ZONEINFO "/usr/share/zoneinfo/"

static const char *const names[] = {
    "Asia/Shanghai",     "America/New_York", "Europe/Berlin", "Australia/Lord_Howe",
    "Africa/Casablanca", "Pacific/Apia",     "Europe/Dublin", "Asia/Kolkata",
    "America/St_Johns",  "Antarctica/Troll",
};

static uint8_t file_bytes[ZONE_BYTES_MAX];

static bool load(const char *name, struct bytes *ret)
{
	char path[128];
	snprintf(path, sizeof path, ZONEINFO "%s", name);
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	*ret = (struct bytes){file_bytes, fread(file_bytes, 1, sizeof file_bytes, f)};
	fclose(f);
	return true;
}

static void use_reference(const char *tz)
{
	assert_int_equal(setenv("TZ", tz, 1), 0);
	tzset();
}

static int64_t reference_offset(int64_t t_s)
{
	time_t t = (time_t)t_s;
	struct tm tm;
	assert_non_null(localtime_r(&t, &tm));
	return tm.tm_gmtoff;
}

static int64_t offset(const struct zone *z, int64_t t_s)
{
	return zone_offset_s(z, t_s * CIVIL_US_PER_SECOND);
}

/* Instants at which the reference changes its offset, found by stepping and halving. */
static unsigned find_changes(int64_t from_s, int64_t until_s, int64_t ret[CHANGES_MAX])
{
	unsigned n = 0;
	int64_t step_s = 6 * 3600;

	for (int64_t t = from_s; t < until_s; t += step_s) {
		int64_t low = t, high = t + step_s;
		if (reference_offset(low) == reference_offset(high))
			continue;
		while (high - low > 1) {
			int64_t middle = (low + high) / 2;
			if (reference_offset(middle) == reference_offset(low))
				low = middle;
			else
				high = middle;
		}
		assert_true(n < CHANGES_MAX);
		ret[n++] = high;
	}
	return n;
}

static void expect_join(const struct zone *z, int64_t local_s, int64_t want_join_s,
			int64_t want_reach_s)
{
	int64_t day = local_s / 86400 - (local_s % 86400 < 0 ? 1 : 0), got_us = 0;
	struct civil_time local = {(int32_t)day, (local_s - day * 86400) * CIVIL_US_PER_SECOND};

	assert_ok(zone_join(z, local, &got_us));
	if (got_us != want_join_s * CIVIL_US_PER_SECOND)
		fail_msg("local %lld: joined at %lld, not %lld", (long long)local_s,
			 (long long)(got_us / CIVIL_US_PER_SECOND), (long long)want_join_s);
	assert_ok(zone_reach(z, local, &got_us));
	if (got_us != want_reach_s * CIVIL_US_PER_SECOND)
		fail_msg("local %lld: reached at %lld, not %lld", (long long)local_s,
			 (long long)(got_us / CIVIL_US_PER_SECOND), (long long)want_reach_s);
}

/* Local times around one change: in a gap, in a fold, and just outside. */
static void compare_joins(const struct zone *z, int64_t change_s)
{
	int64_t before = reference_offset(change_s - 1), after = reference_offset(change_s);
	int64_t length = after > before ? after - before : before - after;

	for (int64_t i = 0; i < 12; i++) {
		int64_t in = length * i / 12;
		if (after > before) /* the clocks skip from change + before to change + after */
			expect_join(z, change_s + before + in, change_s + in, change_s);
		else /* they show change + after … change + before twice; the first is before the
			change */
			expect_join(z, change_s + after + in, change_s + after + in - before,
				    change_s + after + in - before);
	}
	/* the last second before and the first behind what is skipped or shown twice */
	int64_t low = before < after ? before : after, high = before < after ? after : before;
	expect_join(z, change_s + low - 1, change_s + low - 1 - before,
		    change_s + low - 1 - before);
	expect_join(z, change_s + high, change_s + high - after, change_s + high - after);
}

static void compare_with_reference(const struct zone *z, const char *name, int64_t from_s,
				   int64_t until_s)
{
	int64_t changes[CHANGES_MAX];
	unsigned n = find_changes(from_s, until_s, changes);
	uint64_t x = 88172645463325252u;

	for (unsigned i = 0; i < n; i++) {
		for (int64_t t = changes[i] - 1; t <= changes[i] + 1; t++)
			if (offset(z, t) != reference_offset(t))
				fail_msg("%s: offset at %lld is %lld, not %lld", name, (long long)t,
					 (long long)offset(z, t), (long long)reference_offset(t));
		compare_joins(z, changes[i]);
	}
	for (int i = 0; i < 5000; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		int64_t t = from_s + (int64_t)(x % (uint64_t)(until_s - from_s));
		if (offset(z, t) != reference_offset(t))
			fail_msg("%s: offset at %lld is %lld, not %lld", name, (long long)t,
				 (long long)offset(z, t), (long long)reference_offset(t));
		bool is_quiet = true;
		for (unsigned k = 0; k < n; k++)
			is_quiet &= t < changes[k] - 90000 || t > changes[k] + 90000;
		if (is_quiet)
			expect_join(z, t + reference_offset(t), t, t);
	}
}

static void system_zones_agree_with_the_c_library(void **state)
{
	if (access(ZONEINFO "Asia/Shanghai", R_OK) != 0) {
		print_message("no " ZONEINFO " here: install tzdata\n");
		skip();
	}
	for (size_t i = 0; i < ROWS(names); i++) {
		struct bytes file;
		struct zone z;
		if (!load(names[i], &file))
			fail_msg("no %s", names[i]);
		assert_ok(zone_parse(file, &z));
		use_reference(names[i]);
		compare_with_reference(&z, names[i], FROM_S, UNTIL_S);
	}
}

/* The summers of 1986 to 1991 in Shanghai, as published: from 4 May 1986, then from a Sunday in
 * April. */
static void shanghai_had_summer_time(void **state)
{
	struct bytes file;
	struct zone z;
	int64_t utc_us = 0;

	if (!load("Asia/Shanghai", &file))
		skip();
	assert_ok(zone_parse(file, &z));
	assert_ok(civil_parse_rfc3339(STR("1986-05-03T18:00:00Z"), &utc_us, NULL));
	assert_int_equal(zone_offset_s(&z, utc_us - 1), 28800);
	assert_int_equal(zone_offset_s(&z, utc_us), 32400);
	assert_ok(civil_parse_rfc3339(STR("1991-09-14T17:00:00Z"), &utc_us, NULL));
	assert_int_equal(zone_offset_s(&z, utc_us - 1), 32400);
	assert_int_equal(zone_offset_s(&z, utc_us), 28800);
	assert_ok(civil_parse_rfc3339(STR("2026-07-01T00:00:00Z"), &utc_us, NULL));
	assert_int_equal(zone_offset_s(&z, utc_us), 28800);
}

/* TZif by hand */

struct tzif {
	uint8_t bytes[2048];
	size_t n;
};

static void put(struct tzif *f, uint64_t v, unsigned n)
{
	while (n-- > 0)
		f->bytes[f->n++] = (uint8_t)(v >> 8 * n);
}

struct made {
	int64_t time_s[4];
	uint8_t time_type[4];
	unsigned time_n;
	int32_t offset_s[3];
	unsigned type_n;
};

static void put_block(struct tzif *f, char version, const struct made *m, unsigned time_bytes)
{
	memcpy(f->bytes + f->n, "TZif", 4);
	f->n += 4;
	put(f, (uint64_t)version, 1);
	for (int i = 0; i < 15; i++)
		put(f, 0, 1);
	put(f, 0, 4);         /* isutcnt */
	put(f, 0, 4);         /* isstdcnt */
	put(f, 0, 4);         /* leapcnt */
	put(f, m->time_n, 4); /* timecnt */
	put(f, m->type_n, 4); /* typecnt */
	put(f, 4, 4);         /* charcnt */
	for (unsigned i = 0; i < m->time_n; i++)
		put(f, (uint64_t)m->time_s[i], time_bytes);
	for (unsigned i = 0; i < m->time_n; i++)
		put(f, m->time_type[i], 1);
	for (unsigned i = 0; i < m->type_n; i++) {
		put(f, (uint32_t)m->offset_s[i], 4);
		put(f, 0, 2);
	}
	put(f, 0x41424300, 4); /* "ABC" */
}

static void make(struct tzif *f, char version, const struct made *m, const char *footer)
{
	f->n = 0;
	put_block(f, version, m, 4);
	if (version == 0)
		return;
	put_block(f, version, m, 8);
	put(f, '\n', 1);
	memcpy(f->bytes + f->n, footer, strlen(footer));
	f->n += strlen(footer);
	put(f, '\n', 1);
}

static enum err parse_exact(const struct tzif *f, size_t n, struct zone *ret, uint8_t **ret_copy)
{
	*ret_copy = malloc(n + 1); /* exactly n where it matters: a read past n is seen by ASan */
	uint8_t *copy = realloc(*ret_copy, n > 0 ? n : 1);
	assert_non_null(copy);
	memcpy(copy, f->bytes, n);
	*ret_copy = copy;
	return zone_parse((struct bytes){copy, n}, ret);
}

static const struct made two = {{-1000, 1000}, {1, 0}, 2, {3600, 7200}, 2};
static const struct made none = {.offset_s = {0}, .type_n = 1};

static void every_version_is_read(void **state)
{
	static const char versions[] = {0, '2', '3', '4'};
	struct tzif f;
	struct zone z;

	for (size_t i = 0; i < ROWS(versions); i++) {
		make(&f, versions[i], &two, i == 3 ? "" : "ABC-1");
		assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
		assert_int_equal(offset(&z, -1001), 3600);
		assert_int_equal(offset(&z, -1000), 7200);
		assert_int_equal(offset(&z, 999), 7200);
		assert_int_equal(offset(&z, 1000), 3600);
		assert_int_equal(offset(&z, 4000000000), 3600);
	}
	make(&f, '2', &two,
	     "<-0330>3:30"); /* the footer, not the last type, speaks for what follows */
	assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
	assert_int_equal(offset(&z, 999), 7200);
	assert_int_equal(offset(&z, 4000000000), -12600);
}

/* Rules whose changes stay inside a year, against the C library's reading of the same string. */
static void footers_agree_with_the_c_library(void **state)
{
	static const char *const rules[] = {
	    "EST5EDT,M3.2.0,M11.1.0",
	    "CET-1CEST,M3.5.0,M10.5.0/3",
	    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
	    "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "AAA3BBB,J60,J300",
	    "AAA3BBB,J59/4,J301/0",
	    "AAA3BBB,59,299",
	    "AAA3BBB,60/1:30,364/0",
	    "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
	    "AAA-5:30:15",
	    "NZST-12NZDT,M9.5.0,M4.1.0/3",
	    "AAA0BBB-1:15:30,M4.1.6/24,M9.4.5/23:59:59",
	    "AAA8BBB6,M2.4.3,M12.1.1",
	};
	for (size_t i = 0; i < ROWS(rules); i++) {
		struct tzif f;
		struct zone z;
		make(&f, '3', &none, rules[i]);
		assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
		use_reference(rules[i]);
		compare_with_reference(&z, rules[i], 0, UNTIL_S);
	}
}

/* Changes that leave their year, which the C library does not follow: worked out by hand. */
static void footers_reach_over_new_year(void **state)
{
	struct tzif f;
	struct zone z;
	int64_t utc_us = 0;

	/* daylight saving all year long (RFC 8536 section 3.3.1) */
	make(&f, '3', &none, "EST5EDT,0/0,J365/25");
	assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
	for (int64_t t = 0; t < UNTIL_S; t += 3599)
		assert_int_equal(offset(&z, t), -4 * 3600);
	for (int64_t year = 0; year < 130;
	     year++) { /* and at each New Year, 05:00 UTC by the standard clock */
		struct tm tm = {.tm_year = (int)(70 + year), .tm_mday = 1, .tm_hour = 5};
		for (int64_t d = -1; d <= 1; d++)
			assert_int_equal(offset(&z, timegm(&tm) + d), -4 * 3600);
	}
	/* begins 167 hours before Sunday 1 January … : in 2028 the first Sunday of January is the
	 * 2nd, so the change is at 2028-01-02T00:00 - 167 h = 2027-12-26T01:00 local, 01:00Z */
	make(&f, '3', &none, "AAA0BBB,M1.1.0/-167,M7.1.0/0");
	assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
	assert_ok(civil_parse_rfc3339(STR("2027-12-26T01:00:00Z"), &utc_us, NULL));
	assert_int_equal(zone_offset_s(&z, utc_us - 1), 0);
	assert_int_equal(zone_offset_s(&z, utc_us), 3600);
	/* ends 167 hours after 31 December: in 2026 that is 2027-01-06T23:00 daylight time, 22:00Z
	 */
	make(&f, '3', &none, "AAA0BBB,M7.1.0/0,J365/167");
	assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
	assert_ok(civil_parse_rfc3339(STR("2027-01-06T22:00:00Z"), &utc_us, NULL));
	assert_int_equal(zone_offset_s(&z, utc_us - 1), 3600);
	assert_int_equal(zone_offset_s(&z, utc_us), 0);
}

static void malformed_footers_are_refused(void **state)
{
	static const char *const wrong[] = {
	    "A5",
	    "EST",
	    "EST5EDT",
	    "EST5EDT,M3.2.0",
	    "EST5EDT,M3.2.0,M11.1.0,",
	    "EST5EDT,M3.2.0,M13.1.0",
	    "EST5EDT,M3.0.0,M11.1.0",
	    "EST5EDT,M3.6.0,M11.1.0",
	    "EST5EDT,M3.2.7,M11.1.0",
	    "EST5EDT,J0,J300",
	    "EST5EDT,J366,J300",
	    "EST5EDT,366,300",
	    "EST25",
	    "EST24",
	    "<+8>-8",
	    "<+08-8",
	    "EST5:60",
	    "EST5 ",
	    "EST5EDT,M3.2.0/168,M11.1.0",
	    "EST5EDT,M3.2.0/,M11.1.0",
	    "EST-23:30EDT,M3.2.0,M11.1.0",
	    "5",
	    "EST5\n",
	    "EST5ED,M3.2.0,M11.1.0",
	    ":EST5",
	    "EST--5",
	    "EST5EDT,M3.2,M11.1.0",
	    "EST:5",
	};
	struct tzif f;
	struct zone z = {.types_n = 77};

	for (size_t i = 0; i < ROWS(wrong); i++) {
		make(&f, '3', &none, wrong[i]);
		if (zone_parse((struct bytes){f.bytes, f.n}, &z) != ERR_BAD_INPUT)
			fail_msg("taken: %s", wrong[i]);
	}
	assert_int_equal(z.types_n, 77); /* unchanged */
}

static void malformed_bytes_are_refused(void **state)
{
	static const struct made not_ascending = {{1000, 1000}, {1, 0}, 2, {3600, 7200}, 2};
	static const struct made no_such_type = {{-1000, 1000}, {1, 2}, 2, {3600, 7200}, 2};
	static const struct made no_types = {.time_n = 0};
	static const struct made a_day_off = {.offset_s = {86400}, .type_n = 1};
	static const struct made *const wrong[] = {&not_ascending, &no_such_type, &no_types,
						   &a_day_off};
	struct tzif f;
	struct zone z;

	for (size_t i = 0; i < ROWS(wrong); i++) {
		make(&f, '2', wrong[i], "ABC-1");
		assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_BAD_INPUT);
		make(&f, 0, wrong[i], "");
		assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_BAD_INPUT);
	}
	static const char versions[] = {0, '2', '4'};
	for (size_t i = 0; i < ROWS(versions); i++) {
		make(&f, versions[i], &two, "ABC-1");
		for (size_t n = 0; n < f.n; n++) { /* cut anywhere */
			uint8_t *copy;
			assert_err(parse_exact(&f, n, &z, &copy), ERR_BAD_INPUT);
			free(copy);
		}
		f.bytes[f.n++] = '\n'; /* something behind the end */
		assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_BAD_INPUT);
	}
	make(&f, '5', &two, "ABC-1");
	assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_BAD_INPUT);
	make(&f, '2', &two, "ABC-1");
	f.bytes[44 + 2 * 5 + 2 * 6 + 4 + 4] = '3'; /* two versions in one file */
	assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_BAD_INPUT);
	make(&f, 0, &two, "");
	f.bytes[31] = 1; /* counts a leap second, which is there: 4 bytes of time, 4 of count */
	put(&f, 0, 8);
	assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_BAD_INPUT);
	static uint8_t large[ZONE_BYTES_MAX + 1];
	assert_err(zone_parse((struct bytes){large, sizeof large}, &z), ERR_TOO_LARGE);
	make(&f, 0, &two, "");
	f.bytes[34] = 0x20; /* 0x2002 transitions */
	assert_err(zone_parse((struct bytes){f.bytes, f.n}, &z), ERR_TOO_LARGE);
}

/* Any one byte changed to anything: it is refused, or it is a zone that can be asked everything. */
static void a_changed_byte_does_no_harm(void **state)
{
	struct tzif f;
	unsigned taken = 0;

	make(&f, '3', &two, "EST5EDT,M3.2.0,M11.1.0/-1");
	for (size_t at = 0; at < f.n; at++) {
		uint8_t right = f.bytes[at];
		for (unsigned v = 0; v < 256; v++) {
			struct zone z;
			uint8_t *copy;
			f.bytes[at] = (uint8_t)v;
			enum err e = parse_exact(&f, f.n, &z, &copy);
			if (e == ERR_OK) {
				taken++;
				for (int64_t t = -62135596800; t < 253402300800; t += 25000000001) {
					int64_t utc_us = t * CIVIL_US_PER_SECOND, back_us = 0;
					struct civil_time local = zone_split(&z, utc_us);
					if (civil_day_ok(local.day))
						assert_true(zone_join(&z, local, &back_us) !=
								ERR_OK ||
							    back_us <= utc_us);
				}
			} else {
				assert_true(e == ERR_BAD_INPUT || e == ERR_TOO_LARGE);
			}
			free(copy);
		}
		f.bytes[at] = right;
	}
	assert_true(taken > f.n); /* the right one, at least, once for each byte */
}

static void fixed_zones_and_the_ends_of_time(void **state)
{
	struct zone z;
	int64_t utc_us = 5;

	zone_init_fixed(-3600, &z);
	assert_int_equal(zone_offset_s(&z, CIVIL_UTC_US_MIN), -3600);
	assert_int_equal(zone_offset_s(&z, CIVIL_UTC_US_MAX), -3600);
	assert_err(zone_join(&z, (struct civil_time){CIVIL_DAY_MAX, CIVIL_US_PER_DAY - 1}, &utc_us),
		   ERR_BAD_INPUT);
	assert_err(zone_join(&z, (struct civil_time){CIVIL_DAY_MAX + 1, 0}, &utc_us),
		   ERR_BAD_INPUT);
	assert_err(zone_reach(&z, (struct civil_time){CIVIL_DAY_MIN - 1, 0}, &utc_us),
		   ERR_BAD_INPUT);
	assert_int_equal(utc_us, 5);
	assert_ok(zone_join(&z, (struct civil_time){0, 123456}, &utc_us));
	assert_int_equal(utc_us, 3600 * CIVIL_US_PER_SECOND + 123456);
	struct tzif f;
	make(&f, '2', &none, "EST5EDT,M3.2.0,M11.1.0");
	assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
	assert_int_equal(zone_offset_s(&z, CIVIL_UTC_US_MIN), -5 * 3600);
	assert_int_equal(zone_offset_s(&z, CIVIL_UTC_US_MAX), -5 * 3600);
	/* 2026-03-08 02:30:00.5 is skipped there: 03:30:00.5, past the gap's end at 03:00 */
	struct civil_time skipped = {20520, 9000 * CIVIL_US_PER_SECOND + 500000};
	assert_ok(zone_join(&z, skipped, &utc_us));
	assert_true(utc_us == (20520 * INT64_C(86400) + 27000) * CIVIL_US_PER_SECOND + 500000);
	assert_ok(zone_reach(&z, skipped, &utc_us));
	assert_true(utc_us == (20520 * INT64_C(86400) + 25200) * CIVIL_US_PER_SECOND);
	make(&f, '2', &none,
	     "AAA0BBB,M10.1.0,M3.1.0"); /* summer over New Year, at both ends of time */
	assert_ok(zone_parse((struct bytes){f.bytes, f.n}, &z));
	assert_int_equal(zone_offset_s(&z, CIVIL_UTC_US_MIN), 3600);
	assert_int_equal(zone_offset_s(&z, CIVIL_UTC_US_MAX), 3600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(system_zones_agree_with_the_c_library),
	    cmocka_unit_test(shanghai_had_summer_time),
	    cmocka_unit_test(every_version_is_read),
	    cmocka_unit_test(footers_agree_with_the_c_library),
	    cmocka_unit_test(footers_reach_over_new_year),
	    cmocka_unit_test(malformed_footers_are_refused),
	    cmocka_unit_test(malformed_bytes_are_refused),
	    cmocka_unit_test(a_changed_byte_does_no_harm),
	    cmocka_unit_test(fixed_zones_and_the_ends_of_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
