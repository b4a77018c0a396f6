/* Working calendars: which hours of a day are worked, working time between instants, and where
 * limits end. */
#include "base/calendar.h"

#include "base/check.h"

static const char *const unit_codes[TIME_UNIT_COUNT] = {"m", "h", "wh", "wd", "d"};

const char *time_unit_code(enum time_unit unit)
{
	CHECK(unit < TIME_UNIT_COUNT);
	return unit_codes[unit];
}

bool time_unit_parse(struct str code, enum time_unit *ret)
{
	for (unsigned i = 0; i < TIME_UNIT_COUNT; i++) {
		if (str_eq(code, str_of(unit_codes[i]))) {
			*ret = (enum time_unit)i;
			return true;
		}
	}
	return false;
}

static bool hours_ok(const struct calendar_hours_list *hours)
{
	int end = 0;

	if (hours->n > CALENDAR_HOURS_MAX)
		return false;
	for (unsigned i = 0; i < hours->n; i++) {
		if (hours->at[i].from_minute < end ||
		    hours->at[i].until_minute <= hours->at[i].from_minute ||
		    hours->at[i].until_minute > CALENDAR_MINUTES_OF_DAY)
			return false;
		end = hours->at[i].until_minute;
	}
	return true;
}

bool calendar_ok(const struct calendar *c)
{
	bool any = false, any_makeup = false;

	if (!c->zone || c->days_n > CALENDAR_DAYS_MAX || !hours_ok(&c->makeup))
		return false;
	for (unsigned i = 0; i < 7; i++) {
		if (!hours_ok(&c->week[i]))
			return false;
		any |= c->week[i].n > 0;
	}
	for (unsigned i = 0; i < c->days_n; i++) {
		if (!civil_day_ok(c->days[i].day) ||
		    (i > 0 && c->days[i].day <= c->days[i - 1].day))
			return false;
		any_makeup |= c->days[i].is_working;
	}
	return any && (!any_makeup || c->makeup.n > 0);
}

bool calendar_is_covered(const struct calendar *c, int32_t day)
{
	int year = civil_date_of(day).year;

	return year >= c->covered_first_year && year <= c->covered_last_year;
}

const struct calendar_hours_list *calendar_hours_of(const struct calendar *c, int32_t day)
{
	static const struct calendar_hours_list no_hours;
	unsigned low = 0, high = c->days_n;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (c->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < c->days_n && c->days[low].day == day)
		return c->days[low].is_working ? &c->makeup : &no_hours;
	return &c->week[civil_weekday_of(day) - CIVIL_MONDAY];
}

bool calendar_is_working_day(const struct calendar *c, int32_t day)
{
	return calendar_hours_of(c, day)->n > 0;
}

/* The instant at which the local clock reaches a minute of a day; minute 1440 is the next midnight.
 */
static enum err reach_minute(const struct calendar *c, int32_t day, int minute, int64_t *ret_utc_us)
{
	struct civil_time local = {day, minute * CIVIL_US_PER_MINUTE};

	if (minute == CALENDAR_MINUTES_OF_DAY)
		local = (struct civil_time){day + 1, 0};
	return zone_reach(c->zone, local, ret_utc_us);
}

/* Walk through working time from `from` on: the sum is given when `until` is reached, or the
 * instant when the sum reaches `want_us`. Stretches of hours do not overlap, because zone_reach
 * never goes back. */
struct walk {
	int64_t from_utc_us;
	int64_t until_utc_us;
	int64_t want_us;
	int64_t sum_us;
	int64_t end_utc_us; /* of the last stretch that was counted, cut at until and at want */
	bool is_covered;
};

static enum err walk_day(const struct calendar *c, int32_t day, struct walk *w)
{
	const struct calendar_hours_list *hours = calendar_hours_of(c, day);

	w->is_covered &= calendar_is_covered(c, day);
	for (unsigned i = 0; i < hours->n && w->sum_us < w->want_us; i++) {
		int64_t from, until;
		TRY(reach_minute(c, day, hours->at[i].from_minute, &from));
		TRY(reach_minute(c, day, hours->at[i].until_minute, &until));
		if (from < w->from_utc_us)
			from = w->from_utc_us;
		if (until > w->until_utc_us)
			until = w->until_utc_us;
		if (until <= from)
			continue;
		if (until - from > w->want_us - w->sum_us)
			until = from + (w->want_us - w->sum_us);
		w->sum_us += until - from;
		w->end_utc_us = until;
	}
	return ERR_OK;
}

/* From the local day of w->from on, until the sum or w->until is reached. */
static enum err walk(const struct calendar *c, struct walk *w)
{
	int32_t day = zone_split(c->zone, w->from_utc_us).day;

	for (int passed = 0; passed <= CALENDAR_SPAN_DAYS_MAX + 1; passed++, day++) {
		int64_t begins;
		if (!civil_day_ok(day))
			return ERR_BAD_INPUT;
		TRY(reach_minute(c, day, 0, &begins));
		if (begins >= w->until_utc_us && passed > 0)
			return ERR_OK;
		TRY(walk_day(c, day, w));
		if (w->sum_us == w->want_us)
			return ERR_OK;
	}
	return ERR_OK;
}

enum err calendar_working_time(const struct calendar *c, int64_t from_utc_us, int64_t until_utc_us,
			       struct calendar_span *ret)
{
	struct walk w = {.from_utc_us = from_utc_us,
			 .until_utc_us = until_utc_us,
			 .want_us = INT64_MAX,
			 .is_covered = true};

	if (!civil_utc_us_ok(from_utc_us) || !civil_utc_us_ok(until_utc_us) ||
	    until_utc_us < from_utc_us)
		return ERR_BAD_INPUT;
	if (until_utc_us - from_utc_us > CALENDAR_SPAN_DAYS_MAX * CIVIL_US_PER_DAY)
		return ERR_TOO_LARGE;
	TRY(walk(c, &w));
	*ret = (struct calendar_span){w.sum_us, w.is_covered};
	return ERR_OK;
}

static enum err add_elapsed(int64_t unit_us, int64_t amount, int64_t from_utc_us,
			    struct calendar_instant *ret)
{
	if (amount > CALENDAR_SPAN_DAYS_MAX * CIVIL_US_PER_DAY / unit_us)
		return ERR_TOO_LARGE;
	int64_t utc_us = from_utc_us + amount * unit_us;
	if (!civil_utc_us_ok(utc_us))
		return ERR_BAD_INPUT;
	*ret = (struct calendar_instant){utc_us, true};
	return ERR_OK;
}

enum err calendar_add_working(const struct calendar *c, int64_t working_us, int64_t from_utc_us,
			      struct calendar_instant *ret)
{
	const int64_t span_us = CALENDAR_SPAN_DAYS_MAX * CIVIL_US_PER_DAY;

	if (working_us < 0 || !civil_utc_us_ok(from_utc_us))
		return ERR_BAD_INPUT;
	if (working_us > span_us)
		return ERR_TOO_LARGE;
	if (working_us == 0) { /* one microsecond further, and back */
		TRY(calendar_add_working(c, 1, from_utc_us, ret));
		ret->utc_us--;
		return ERR_OK;
	}
	struct walk w = {
	    .from_utc_us = from_utc_us,
	    .until_utc_us = from_utc_us + span_us,
	    .want_us = working_us,
	    .is_covered = true,
	};
	TRY(walk(c, &w));
	if (w.sum_us < w.want_us)
		return ERR_TOO_LARGE;
	*ret = (struct calendar_instant){w.end_utc_us, w.is_covered};
	return ERR_OK;
}

static enum err add_working_hours(const struct calendar *c, int64_t amount, int64_t from_utc_us,
				  struct calendar_instant *ret)
{
	if (amount > CALENDAR_SPAN_DAYS_MAX * CIVIL_US_PER_DAY / CIVIL_US_PER_HOUR)
		return ERR_TOO_LARGE;
	return calendar_add_working(c, amount * CIVIL_US_PER_HOUR, from_utc_us, ret);
}

/* The first working day from `day` on. */
static enum err working_day_from(const struct calendar *c, int32_t day, int32_t *ret_day,
				 bool *ret_covered)
{
	bool is_covered = true;

	for (int passed = 0; passed <= CALENDAR_SPAN_DAYS_MAX; passed++, day++) {
		if (!civil_day_ok(day))
			return ERR_BAD_INPUT;
		is_covered &= calendar_is_covered(c, day);
		if (calendar_hours_of(c, day)->n > 0) {
			*ret_day = day;
			*ret_covered = is_covered;
			return ERR_OK;
		}
	}
	return ERR_TOO_LARGE;
}

enum err calendar_opening(const struct calendar *c, int32_t day, struct calendar_instant *ret)
{
	struct calendar_instant at;

	TRY(working_day_from(c, day, &day, &at.is_covered));
	TRY(reach_minute(c, day, calendar_hours_of(c, day)->at[0].from_minute, &at.utc_us));
	*ret = at;
	return ERR_OK;
}

enum err calendar_closing(const struct calendar *c, int32_t day, struct calendar_instant *ret)
{
	const struct calendar_hours_list *hours;
	struct calendar_instant at;

	TRY(working_day_from(c, day, &day, &at.is_covered));
	hours = calendar_hours_of(c, day);
	TRY(reach_minute(c, day, hours->at[hours->n - 1].until_minute, &at.utc_us));
	*ret = at;
	return ERR_OK;
}

int32_t calendar_day_of(const struct calendar *c, int64_t utc_us)
{
	return zone_split(c->zone, utc_us).day;
}

enum err calendar_midnight_after(const struct calendar *c, int32_t day, int64_t *ret)
{
	if (!civil_day_ok(day) || !civil_day_ok(day + 1))
		return ERR_BAD_INPUT;
	return reach_minute(c, day + 1, 0, ret);
}

/* Both kinds of days: the first day after `from` counts as one, and the limit ends on a working
 * day. */
static enum err add_days(const struct calendar *c, bool only_working, int64_t amount,
			 int64_t from_utc_us, struct calendar_instant *ret)
{
	struct calendar_instant end = {.is_covered = true};
	int32_t day = zone_split(c->zone, from_utc_us).day;
	int64_t counted = 0;

	if (amount > CALENDAR_SPAN_DAYS_MAX)
		return ERR_TOO_LARGE;
	for (int passed = 1; passed <= CALENDAR_SPAN_DAYS_MAX; passed++) {
		day++;
		if (!civil_day_ok(day))
			return ERR_BAD_INPUT;
		const struct calendar_hours_list *hours = calendar_hours_of(c, day);
		end.is_covered &= calendar_is_covered(c, day);
		counted += !only_working || hours->n > 0;
		if (counted >= amount && hours->n > 0) {
			TRY(reach_minute(c, day, hours->at[hours->n - 1].until_minute,
					 &end.utc_us));
			*ret = end;
			return ERR_OK;
		}
	}
	return ERR_TOO_LARGE;
}

enum err calendar_add(const struct calendar *c, enum time_unit unit, int64_t amount,
		      int64_t from_utc_us, struct calendar_instant *ret)
{
	CHECK(unit < TIME_UNIT_COUNT);
	if (amount < 1 || !civil_utc_us_ok(from_utc_us))
		return ERR_BAD_INPUT;
	switch (unit) {
	case TIME_UNIT_MINUTE:
		return add_elapsed(CIVIL_US_PER_MINUTE, amount, from_utc_us, ret);
	case TIME_UNIT_HOUR:
		return add_elapsed(CIVIL_US_PER_HOUR, amount, from_utc_us, ret);
	case TIME_UNIT_WORKING_HOUR:
		return add_working_hours(c, amount, from_utc_us, ret);
	case TIME_UNIT_WORKING_DAY:
		return add_days(c, true, amount, from_utc_us, ret);
	case TIME_UNIT_CALENDAR_DAY:
		return add_days(c, false, amount, from_utc_us, ret);
	case TIME_UNIT_COUNT:
		break;
	}
	return ERR_INTERNAL;
}
