/* Working calendars: the hours of each weekday, a table of days off and make-up workdays, a zone;
 * and the instant at which a limit ends. Tables and zone are the caller's and stay in place.
 * Depends on zone.h. Pure. A call costs O(days it passes), at most CALENDAR_SPAN_DAYS_MAX. */
#ifndef LIREN_BASE_CALENDAR_H
#define LIREN_BASE_CALENDAR_H

#include "base/zone.h"

#define CALENDAR_HOURS_MAX 6u       /* stretches of working hours in one day */
#define CALENDAR_DAYS_MAX 2048u     /* rows of the table of days */
#define CALENDAR_SPAN_DAYS_MAX 3660 /* how far a limit or a span may reach: ten years */
#define CALENDAR_MINUTES_OF_DAY 1440

/* From one minute of the local day to another, the second not included: 540 … 720 is 09:00 to
 * 12:00. */
struct calendar_hours {
	int from_minute;
	int until_minute; /* at most CALENDAR_MINUTES_OF_DAY */
};

struct calendar_hours_list {
	unsigned n;                                   /* 0: no work */
	struct calendar_hours at[CALENDAR_HOURS_MAX]; /* ascending, without overlap */
};

/* A day that is not as its weekday says. */
struct calendar_day {
	int32_t day;
	bool is_working; /* with the make-up hours; else a day off */
};

struct calendar {
	const struct zone *zone;
	struct calendar_hours_list week[7]; /* [0] is Monday */
	struct calendar_hours_list makeup;  /* of a make-up workday */
	const struct calendar_day *days;    /* ascending by day, each day once */
	unsigned days_n;
	/* The years whose notice is in the table. Other years go by the weekday only, and results
	 * that looked at a day of theirs say so. first > last: none. */
	int covered_first_year, covered_last_year;
};

/* The units of limits, with their codes in the table of categories: m, h, wh, wd, d. */
enum time_unit {
	TIME_UNIT_MINUTE,
	TIME_UNIT_HOUR,
	TIME_UNIT_WORKING_HOUR,
	TIME_UNIT_WORKING_DAY,
	TIME_UNIT_CALENDAR_DAY,
	TIME_UNIT_COUNT
};

struct calendar_instant {
	int64_t utc_us;
	bool is_covered; /* every day that was looked at lies in a covered year */
};

struct calendar_span {
	int64_t working_us;
	bool is_covered;
};

/* True when the calendar can be used: hours ascending within the day, some working hours in the
 * week, none of the caps passed, days ascending, make-up hours where there is a make-up day. The
 * functions below rely on it. */
bool calendar_ok(const struct calendar *c);

bool calendar_is_covered(const struct calendar *c, int32_t day);
bool calendar_is_working_day(const struct calendar *c, int32_t day);

/* Working hours of a day; n is 0 on a day off. */
const struct calendar_hours_list *calendar_hours_of(const struct calendar *c, int32_t day);

/* Working time in [from, until), in elapsed microseconds: hours that the clocks skip do not count,
 * hours shown twice count twice. ERR_BAD_INPUT where until is before from or either is out of the
 * civil range; ERR_TOO_LARGE where they are more than CALENDAR_SPAN_DAYS_MAX apart. */
enum err calendar_working_time(const struct calendar *c, int64_t from_utc_us, int64_t until_utc_us,
			       struct calendar_span *ret) MUST_CHECK;

/* The instant at which a limit of `amount` units that starts at `from` ends.
 *   minutes, hours   run from the instant, day and night.
 *   working hours    run from the instant, inside working hours only, so a limit may end exactly at
 * closing time. working days     run from the next working day and end with the working hours of
 * the last: one working day from Monday 10:00, and from Monday 07:00, is Tuesday's closing time.
 *   calendar days    run from the next day and end with the working hours of the last; where the
 * last is not a working day, with those of the next working day (as the Civil Code of the PRC
 * counts periods, articles 201 and 203: the first day is not counted, a last day that is a day off
 * gives way to the day after, and the end is when business stops). ERR_BAD_INPUT where the amount
 * is below 1 or the instant out of range; ERR_TOO_LARGE where the end lies more than
 * CALENDAR_SPAN_DAYS_MAX ahead. */
enum err calendar_add(const struct calendar *c, enum time_unit unit, int64_t amount,
		      int64_t from_utc_us, struct calendar_instant *ret) MUST_CHECK;

/* The instant at which `working_us` of working time (at least 0) have passed since `from`: what was
 * left of a limit that waited. With 0 it is the first working instant from there on. Errors as
 * above. */
enum err calendar_add_working(const struct calendar *c, int64_t working_us, int64_t from_utc_us,
			      struct calendar_instant *ret) MUST_CHECK;

/* Where working hours begin, and end, on a local day; where it is a day off, on the next working
 * day. ERR_BAD_INPUT out of the civil range; ERR_TOO_LARGE where there is none within
 * CALENDAR_SPAN_DAYS_MAX. */
enum err calendar_opening(const struct calendar *c, int32_t day,
			  struct calendar_instant *ret) MUST_CHECK;
enum err calendar_closing(const struct calendar *c, int32_t day,
			  struct calendar_instant *ret) MUST_CHECK;

/* The local day of an instant, and the first instant after a local day. */
int32_t calendar_day_of(const struct calendar *c, int64_t utc_us);
enum err calendar_midnight_after(const struct calendar *c, int32_t day, int64_t *ret) MUST_CHECK;

/* "m", "h", "wh", "wd", "d". */
const char *time_unit_code(enum time_unit unit);
bool time_unit_parse(struct str code, enum time_unit *ret);

#endif
