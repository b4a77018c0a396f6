/* Civil time in the proleptic Gregorian calendar, years 1 to 9999. A date is a day number (days
 * since 1970-01-01), an instant is an int64_t named `utc_us` (microseconds since
 * 1970-01-01T00:00:00Z, no leap seconds). Dates as ISO 8601, instants as RFC 3339; parsing takes
 * one strict spelling. Pure, O(1). */
#ifndef LIREN_BASE_CIVIL_H
#define LIREN_BASE_CIVIL_H

#include "base/buf.h"
#include "base/err.h"

#define CIVIL_YEAR_MIN 1
#define CIVIL_YEAR_MAX 9999
#define CIVIL_DAY_MIN (-719162) /* 0001-01-01 */
#define CIVIL_DAY_MAX 2932896   /* 9999-12-31 */

#define CIVIL_US_PER_SECOND INT64_C(1000000)
#define CIVIL_US_PER_MINUTE (60 * CIVIL_US_PER_SECOND)
#define CIVIL_US_PER_HOUR (3600 * CIVIL_US_PER_SECOND)
#define CIVIL_US_PER_DAY (86400 * CIVIL_US_PER_SECOND)

#define CIVIL_UTC_US_MIN (CIVIL_DAY_MIN * CIVIL_US_PER_DAY)
#define CIVIL_UTC_US_MAX ((CIVIL_DAY_MAX + 1) * CIVIL_US_PER_DAY - 1)

#define CIVIL_DATE_BYTES 10u               /* 2026-11-23 */
#define CIVIL_RFC3339_BYTES_MAX 32u        /* 2026-11-23T11:01:26.123456+08:00 */
#define CIVIL_OFFSET_S_MAX (24 * 3600 - 1) /* of local time against UTC, either way */

/* Days of the week as ISO 8601 counts them. */
enum civil_weekday {
	CIVIL_MONDAY = 1,
	CIVIL_TUESDAY,
	CIVIL_WEDNESDAY,
	CIVIL_THURSDAY,
	CIVIL_FRIDAY,
	CIVIL_SATURDAY,
	CIVIL_SUNDAY
};

struct civil_date {
	int year;
	int month; /* 1 … 12 */
	int day;   /* 1 … 31 */
};

struct civil_time {
	int32_t day; /* days since 1970-01-01 */
	int64_t us;  /* of the day: 0 … CIVIL_US_PER_DAY - 1 */
};

static inline bool civil_day_ok(int64_t day)
{
	return day >= CIVIL_DAY_MIN && day <= CIVIL_DAY_MAX;
}

static inline bool civil_utc_us_ok(int64_t utc_us)
{
	return utc_us >= CIVIL_UTC_US_MIN && utc_us <= CIVIL_UTC_US_MAX;
}

bool civil_date_ok(struct civil_date date);
bool civil_is_leap(int year);
int civil_month_days(int year, int month); /* month 1 … 12 */

/* Day number of a date. ERR_BAD_INPUT where there is no such date within the years. */
enum err civil_day_of(struct civil_date date, int32_t *ret_day) MUST_CHECK;

/* The date of a day number within CIVIL_DAY_MIN … CIVIL_DAY_MAX (a bug otherwise). */
struct civil_date civil_date_of(int32_t day);

enum civil_weekday civil_weekday_of(int32_t day);

/* Split an instant, read as local time at a constant offset, into day and time of day. With offset
 * 0 it is UTC. Any in-range instant and offset has a result; its day may lie one outside the range.
 */
struct civil_time civil_split(int64_t utc_us, int32_t offset_s);

/* The instant of a local time at a constant offset. ERR_BAD_INPUT when it leaves the years 1 to
 * 9999. */
enum err civil_join(struct civil_time local, int32_t offset_s, int64_t *ret_utc_us) MUST_CHECK;

/* "2026-11-23". The day is in range (a bug otherwise). */
void civil_put_date(int32_t day, struct buf *out);

/* Exactly YYYY-MM-DD, an existing date; else ERR_BAD_INPUT. */
enum err civil_parse_date(struct str text, int32_t *ret_day) MUST_CHECK;

/* Local times as files of others have them: a pattern in the letters of strftime, %Y (four digits),
 * %m, %d, %H, %I, %M, %S (one digit or two), %p (AM or PM in any case), %% for a percent sign; all
 * else stands for itself. Good: year, month and day are in it once, and %I goes with %p. */
bool civil_pattern_ok(struct str pattern);

/* Read by a good pattern (a bug otherwise); what it does not have is 0. ERR_BAD_INPUT where the
 * text does not follow it to its end, or where there is no such date or time. */
enum err civil_parse_by(struct str pattern, struct str text,
			struct civil_time *ret_local) MUST_CHECK;

/* RFC 3339 in UTC: "2026-11-23T03:01:26Z", with ".123456" only when the microseconds are not 0.
 * The instant is in range (a bug otherwise). */
void civil_put_utc(int64_t utc_us, struct buf *out);

/* RFC 3339 with an offset: "2026-11-23T11:01:26+08:00". RFC 3339 writes whole minutes, so an offset
 * with seconds (local mean times of before about 1930) is cut to the minute and the local time with
 * it: the instant stays exact. Where the local date would leave the years 1 to 9999 it is written
 * in UTC. */
void civil_put_local(int64_t utc_us, int32_t offset_s, struct buf *out);

/* Read RFC 3339: YYYY-MM-DDThh:mm:ss, at most 6 digits of fraction, then Z or +hh:mm or -hh:mm.
 * Capitals only, no blank for the T; second 60 is refused because an instant here has no leap
 * seconds. *ret_offset_s may be NULL. ERR_BAD_INPUT for anything else and outside the years 1 to
 * 9999. */
enum err civil_parse_rfc3339(struct str text, int64_t *ret_utc_us,
			     int32_t *ret_offset_s) MUST_CHECK;

#endif
