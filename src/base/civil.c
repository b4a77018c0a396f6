/* Civil time: day numbers, splitting and joining, ISO 8601 dates and RFC 3339 instants. */
#include "base/civil.h"

#include "base/check.h"

#define DAYS_PER_400_YEARS 146097
/* Day 0 of the reckoning inside: 0000-03-01, so that a leap day ends its year. Days before
 * 1970-01-01. */
#define DAYS_TO_1970 719468

bool civil_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	CHECK(month >= 1 && month <= 12);
	return month == 2 && civil_is_leap(year) ? 29 : days[month - 1];
}

bool civil_date_ok(struct civil_date date)
{
	return date.year >= CIVIL_YEAR_MIN && date.year <= CIVIL_YEAR_MAX && date.month >= 1 &&
	       date.month <= 12 && date.day >= 1 &&
	       date.day <= civil_month_days(date.year, date.month);
}

/* Days before month m of a year that begins in March (0 = March … 11 = February): 31, 30 days in
 * turn with a pause after July and December, which (153 m + 2) / 5 counts. */
static int days_before_month(int from_march)
{
	return (153 * from_march + 2) / 5;
}

enum err civil_day_of(struct civil_date date, int32_t *ret_day)
{
	if (!civil_date_ok(date))
		return ERR_BAD_INPUT;
	int year = date.month <= 2 ? date.year - 1 : date.year;
	int from_march = (date.month + 9) % 12;
	*ret_day = 365 * year + year / 4 - year / 100 + year / 400 + days_before_month(from_march) +
		   date.day - 1 - DAYS_TO_1970;
	return ERR_OK;
}

struct civil_date civil_date_of(int32_t day)
{
	CHECK(civil_day_ok(day));
	int left = day + DAYS_TO_1970;
	int era = left / DAYS_PER_400_YEARS;
	left %= DAYS_PER_400_YEARS;
	/* take out the leap days that lie before `left`, then every year has 365 */
	int year = (left - left / 1460 + left / 36524 - left / 146096) / 365;
	left -= 365 * year + year / 4 - year / 100;
	int from_march = (5 * left + 2) / 153;
	struct civil_date date;
	date.day = left - days_before_month(from_march) + 1;
	date.month = from_march < 10 ? from_march + 3 : from_march - 9;
	date.year = 400 * era + year + (date.month <= 2 ? 1 : 0);
	return date;
}

enum civil_weekday civil_weekday_of(int32_t day)
{
	/* 1970-01-01 was a Thursday */
	int from_monday = (int)(((int64_t)day + 3) % 7);

	return (enum civil_weekday)((from_monday < 0 ? from_monday + 7 : from_monday) + 1);
}

struct civil_time civil_split(int64_t utc_us, int32_t offset_s)
{
	CHECK(civil_utc_us_ok(utc_us) && offset_s >= -CIVIL_OFFSET_S_MAX &&
	      offset_s <= CIVIL_OFFSET_S_MAX);
	int64_t local_us = utc_us + offset_s * CIVIL_US_PER_SECOND;
	int64_t day = local_us / CIVIL_US_PER_DAY;
	int64_t us = local_us % CIVIL_US_PER_DAY;

	if (us < 0) {
		us += CIVIL_US_PER_DAY;
		day--;
	}
	return (struct civil_time){(int32_t)day, us};
}

enum err civil_join(struct civil_time local, int32_t offset_s, int64_t *ret_utc_us)
{
	CHECK(local.us >= 0 && local.us < CIVIL_US_PER_DAY);
	CHECK(offset_s >= -CIVIL_OFFSET_S_MAX && offset_s <= CIVIL_OFFSET_S_MAX);
	int64_t utc_us = local.day * CIVIL_US_PER_DAY + local.us - offset_s * CIVIL_US_PER_SECOND;

	if (!civil_utc_us_ok(utc_us))
		return ERR_BAD_INPUT;
	*ret_utc_us = utc_us;
	return ERR_OK;
}

static void put_digits(int64_t v, int n, struct buf *out)
{
	char digits[8];

	CHECK(v >= 0 && n <= (int)sizeof digits);
	for (int i = n; i-- > 0; v /= 10)
		digits[i] = (char)('0' + v % 10);
	buf_put(out, digits, (size_t)n);
}

void civil_put_date(int32_t day, struct buf *out)
{
	struct civil_date date = civil_date_of(day);

	put_digits(date.year, 4, out);
	buf_put_char(out, '-');
	put_digits(date.month, 2, out);
	buf_put_char(out, '-');
	put_digits(date.day, 2, out);
}

static void put_date_time(struct civil_time t, struct buf *out)
{
	int64_t second = t.us / CIVIL_US_PER_SECOND, fraction = t.us % CIVIL_US_PER_SECOND;

	civil_put_date(t.day, out);
	buf_put_char(out, 'T');
	put_digits(second / 3600, 2, out);
	buf_put_char(out, ':');
	put_digits(second / 60 % 60, 2, out);
	buf_put_char(out, ':');
	put_digits(second % 60, 2, out);
	if (fraction != 0) {
		buf_put_char(out, '.');
		put_digits(fraction, 6, out);
	}
}

void civil_put_utc(int64_t utc_us, struct buf *out)
{
	put_date_time(civil_split(utc_us, 0), out);
	buf_put_char(out, 'Z');
}

void civil_put_local(int64_t utc_us, int32_t offset_s, struct buf *out)
{
	int32_t minutes = offset_s / 60;
	struct civil_time local = civil_split(utc_us, minutes * 60);

	if (!civil_day_ok(local.day)) {
		civil_put_utc(utc_us, out);
		return;
	}
	put_date_time(local, out);
	buf_put_char(out, minutes < 0 ? '-' : '+');
	minutes = minutes < 0 ? -minutes : minutes;
	put_digits(minutes / 60, 2, out);
	buf_put_char(out, ':');
	put_digits(minutes % 60, 2, out);
}

/* Read exactly n digits at *at; false where there is anything else. */
static bool take_digits(struct str s, size_t *at, size_t n, int *ret)
{
	int v = 0;

	if (n > s.n - *at)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s.p[*at + i];
		if (c < '0' || c > '9')
			return false;
		v = v * 10 + (c - '0');
	}
	*at += n;
	*ret = v;
	return true;
}

static bool take_char(struct str s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c)
		return false;
	(*at)++;
	return true;
}

static bool take_date(struct str s, size_t *at, int32_t *ret_day)
{
	struct civil_date date = {0};

	return take_digits(s, at, 4, &date.year) && take_char(s, at, '-') &&
	       take_digits(s, at, 2, &date.month) && take_char(s, at, '-') &&
	       take_digits(s, at, 2, &date.day) && civil_day_of(date, ret_day) == ERR_OK;
}

enum err civil_parse_date(struct str text, int32_t *ret_day)
{
	size_t at = 0;
	int32_t day;

	if (!take_date(text, &at, &day) || at != text.n)
		return ERR_BAD_INPUT;
	*ret_day = day;
	return ERR_OK;
}

/* hh:mm:ss and at most 6 digits of fraction, as microseconds of the day. */
static bool take_time(struct str s, size_t *at, int64_t *ret_us)
{
	int hour, minute, second;
	int64_t fraction = 0;

	if (!take_digits(s, at, 2, &hour) || !take_char(s, at, ':') ||
	    !take_digits(s, at, 2, &minute) || !take_char(s, at, ':') ||
	    !take_digits(s, at, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	if (take_char(s, at, '.')) {
		int64_t unit = CIVIL_US_PER_SECOND;
		int digit;
		size_t start = *at;
		while (unit > 1 && take_digits(s, at, 1, &digit)) {
			unit /= 10;
			fraction += digit * unit;
		}
		if (*at == start)
			return false;
	}
	*ret_us = (hour * 3600 + minute * 60 + second) * CIVIL_US_PER_SECOND + fraction;
	return true;
}

static bool take_offset(struct str s, size_t *at, int32_t *ret_offset_s)
{
	int hour, minute;

	if (take_char(s, at, 'Z')) {
		*ret_offset_s = 0;
		return true;
	}
	bool west = take_char(s, at, '-');
	if (!west && !take_char(s, at, '+'))
		return false;
	if (!take_digits(s, at, 2, &hour) || !take_char(s, at, ':') ||
	    !take_digits(s, at, 2, &minute) || hour > 23 || minute > 59)
		return false;
	int32_t offset_s = hour * 3600 + minute * 60;
	*ret_offset_s = west ? -offset_s : offset_s;
	return true;
}

enum err civil_parse_rfc3339(struct str text, int64_t *ret_utc_us, int32_t *ret_offset_s)
{
	size_t at = 0;
	struct civil_time local;
	int32_t offset_s;

	if (!take_date(text, &at, &local.day) || !take_char(text, &at, 'T') ||
	    !take_time(text, &at, &local.us) || !take_offset(text, &at, &offset_s) || at != text.n)
		return ERR_BAD_INPUT;
	TRY(civil_join(local, offset_s, ret_utc_us));
	if (ret_offset_s)
		*ret_offset_s = offset_s;
	return ERR_OK;
}

/* ---- patterns ---- */

#define PATTERN_LETTERS "YmdHIMSp"

bool civil_pattern_ok(struct str pattern)
{
	unsigned seen[sizeof PATTERN_LETTERS] = {0};

	for (size_t i = 0; i < pattern.n; i++) {
		const char *letter;
		if (pattern.p[i] != '%')
			continue;
		if (++i == pattern.n)
			return false;
		letter = memchr(PATTERN_LETTERS, pattern.p[i], sizeof PATTERN_LETTERS - 1);
		if (!letter && pattern.p[i] != '%')
			return false;
		if (letter && ++seen[letter - PATTERN_LETTERS] > 1)
			return false;
	}
	/* the letters in their order: Y m d H I M S p */
	return seen[0] && seen[1] && seen[2] && seen[4] == seen[7] && !(seen[3] && seen[4]);
}

static bool take_number(struct str s, size_t *at, bool is_year, int *ret)
{
	size_t from = *at;
	int v = 0;

	while (*at < s.n && *at - from < (is_year ? 4u : 2u) && s.p[*at] >= '0' &&
	       s.p[*at] <= '9')
		v = v * 10 + (s.p[(*at)++] - '0');
	*ret = v;
	return is_year ? *at - from == 4 : *at > from;
}

static bool take_half(struct str s, size_t *at, bool *ret_pm)
{
	char c = *at + 2 <= s.n ? (char)(s.p[*at] | 0x20) : 0;

	if ((c != 'a' && c != 'p') || (s.p[*at + 1] | 0x20) != 'm')
		return false;
	*ret_pm = c == 'p';
	*at += 2;
	return true;
}

struct parts {
	struct civil_date date;
	int hour, half_hour, minute, second; /* hour -1, half_hour -1: not given */
	bool pm;
};

static bool take_part(char letter, struct str s, size_t *at, struct parts *p)
{
	switch (letter) {
	case 'Y':
		return take_number(s, at, true, &p->date.year);
	case 'm':
		return take_number(s, at, false, &p->date.month);
	case 'd':
		return take_number(s, at, false, &p->date.day);
	case 'H':
		return take_number(s, at, false, &p->hour);
	case 'I':
		return take_number(s, at, false, &p->half_hour);
	case 'M':
		return take_number(s, at, false, &p->minute);
	case 'S':
		return take_number(s, at, false, &p->second);
	case 'p':
		return take_half(s, at, &p->pm);
	default:
		return take_char(s, at, '%');
	}
}

enum err civil_parse_by(struct str pattern, struct str text, struct civil_time *ret_local)
{
	struct parts p = {.half_hour = -1};
	struct civil_time t;
	size_t at = 0;

	CHECK(civil_pattern_ok(pattern));
	for (size_t i = 0; i < pattern.n; i++) {
		bool is_part = pattern.p[i] == '%';
		if (is_part ? !take_part(pattern.p[++i], text, &at, &p)
			    : !take_char(text, &at, pattern.p[i]))
			return ERR_BAD_INPUT;
	}
	if (p.half_hour >= 0) { /* 12 AM is midnight, 12 PM noon */
		if (p.half_hour < 1 || p.half_hour > 12)
			return ERR_BAD_INPUT;
		p.hour = p.half_hour % 12 + (p.pm ? 12 : 0);
	}
	if (at != text.n || p.hour > 23 || p.minute > 59 || p.second > 59)
		return ERR_BAD_INPUT;
	TRY(civil_day_of(p.date, &t.day));
	t.us = p.hour * CIVIL_US_PER_HOUR + p.minute * CIVIL_US_PER_MINUTE +
	       p.second * CIVIL_US_PER_SECOND;
	*ret_local = t;
	return ERR_OK;
}
