/* Time zones: TZif bytes checked once and then read in place, and the rule of the footer. */
#include "base/zone.h"

#include "base/check.h"

#define HEADER_BYTES 44u
#define TYPE_BYTES 6u
#define RULE_HOURS_MAX 167 /* either way, RFC 8536 section 3.3.1 */

static const uint8_t
    one_type[TYPE_BYTES]; /* offset 0; a zone of one constant offset has a footer instead */

struct reader {
	const uint8_t *p;
	size_t n;
};

/* The next n bytes, or NULL where there are fewer. */
static const uint8_t *take(struct reader *r, uint64_t n)
{
	const uint8_t *p = r->p;

	if (n > r->n)
		return NULL;
	r->p += n;
	r->n -= n;
	return p;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct header {
	uint8_t version;
	uint32_t isut_n, isstd_n, leap_n, time_n, type_n, char_n;
};

static enum err take_header(struct reader *r, struct header *ret)
{
	const uint8_t *p = take(r, HEADER_BYTES);

	if (!p || memcmp(p, "TZif", 4) != 0 || (p[4] != 0 && (p[4] < '2' || p[4] > '4')))
		return ERR_BAD_INPUT;
	*ret = (struct header){p[4],         be32(p + 20), be32(p + 24), be32(p + 28),
			       be32(p + 32), be32(p + 36), be32(p + 40)};
	return ERR_OK;
}

static uint64_t block_bytes(const struct header *h, unsigned time_bytes)
{
	return (uint64_t)h->time_n * (time_bytes + 1) + (uint64_t)h->type_n * TYPE_BYTES +
	       h->char_n + (uint64_t)h->leap_n * (time_bytes + 4) + h->isstd_n + h->isut_n;
}

static int64_t transition_s(const struct zone *z, unsigned i)
{
	const uint8_t *p = z->times + (size_t)i * z->time_bytes;

	if (z->time_bytes == 4)
		return (int32_t)be32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static int32_t type_offset_s(const struct zone *z, unsigned type)
{
	return (int32_t)be32(z->types + (size_t)type * TYPE_BYTES);
}

/* The data block of RFC 8536 section 3.2. */
static enum err take_block(struct reader *r, const struct header *h, struct zone *z)
{
	if (h->time_n > ZONE_TRANSITIONS_MAX || h->type_n > ZONE_TYPES_MAX)
		return ERR_TOO_LARGE;
	if (h->type_n == 0 || h->char_n == 0 || h->leap_n != 0 ||
	    (h->isut_n != 0 && h->isut_n != h->type_n) ||
	    (h->isstd_n != 0 && h->isstd_n != h->type_n) || block_bytes(h, z->time_bytes) > r->n)
		return ERR_BAD_INPUT;
	z->transitions_n = h->time_n;
	z->types_n = h->type_n;
	z->times = take(r, (uint64_t)h->time_n * z->time_bytes);
	z->time_type = take(r, h->time_n);
	z->types = take(r, (uint64_t)h->type_n * TYPE_BYTES);
	take(r, (uint64_t)h->char_n + h->isstd_n + h->isut_n);
	for (unsigned i = 0; i < z->transitions_n; i++)
		if (z->time_type[i] >= z->types_n ||
		    (i > 0 && transition_s(z, i) <= transition_s(z, i - 1)))
			return ERR_BAD_INPUT;
	for (unsigned i = 0; i < z->types_n; i++) {
		const uint8_t *type = z->types + (size_t)i * TYPE_BYTES;
		int32_t offset_s = type_offset_s(z, i);
		if (offset_s < -CIVIL_OFFSET_S_MAX || offset_s > CIVIL_OFFSET_S_MAX ||
		    type[4] > 1 || type[5] >= h->char_n)
			return ERR_BAD_INPUT;
	}
	return ERR_OK;
}

/* The footer, a TZ string as POSIX.1-2017 section 8.3 has it, read character by character. */

static bool take_char(struct reader *r, char c)
{
	if (r->n == 0 || r->p[0] != (uint8_t)c)
		return false;
	r->p++;
	r->n--;
	return true;
}

/* A number of at most 3 digits. */
static bool take_number(struct reader *r, int max, int *ret)
{
	int v = 0, digits = 0;

	while (digits < 3 && r->n > 0 && r->p[0] >= '0' && r->p[0] <= '9') {
		v = v * 10 + (r->p[0] - '0');
		digits++;
		r->p++;
		r->n--;
	}
	if (digits == 0 || v > max)
		return false;
	*ret = v;
	return true;
}

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "CST" or "<+08>". The name itself is not kept. */
static bool take_name(struct reader *r)
{
	size_t n = 0;

	if (take_char(r, '<')) {
		while (n < r->n && (is_letter(r->p[n]) || (r->p[n] >= '0' && r->p[n] <= '9') ||
				    r->p[n] == '+' || r->p[n] == '-'))
			n++;
		return n >= 3 && take(r, n) && take_char(r, '>');
	}
	while (n < r->n && is_letter(r->p[n]))
		n++;
	return n >= 3 && take(r, n);
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_hms(struct reader *r, int hours_max, int32_t *ret_s)
{
	int hour, minute = 0, second = 0;
	bool minus = take_char(r, '-');

	if (!minus)
		(void)take_char(r, '+');
	if (!take_number(r, hours_max, &hour))
		return false;
	if (take_char(r, ':') && !take_number(r, 59, &minute))
		return false;
	if (take_char(r, ':') && !take_number(r, 59, &second))
		return false;
	int32_t s = hour * 3600 + minute * 60 + second;
	*ret_s = minus ? -s : s;
	return true;
}

static bool take_rule(struct reader *r, struct zone_rule *ret)
{
	struct zone_rule rule = {.kind = '0', .time_s = 2 * 3600};

	if (!take_char(r, ','))
		return false;
	if (take_char(r, 'M')) {
		rule.kind = 'M';
		if (!take_number(r, 12, &rule.month) || rule.month < 1 || !take_char(r, '.') ||
		    !take_number(r, 5, &rule.week) || rule.week < 1 || !take_char(r, '.') ||
		    !take_number(r, 6, &rule.weekday))
			return false;
	} else {
		if (take_char(r, 'J'))
			rule.kind = 'J';
		if (!take_number(r, 365, &rule.day) || (rule.kind == 'J' && rule.day < 1))
			return false;
	}
	if (take_char(r, '/') && !take_hms(r, RULE_HOURS_MAX, &rule.time_s))
		return false;
	*ret = rule;
	return true;
}

/* A TZ string counts offsets west of UTC; here they are kept east. */
static bool take_west(struct reader *r, int32_t *ret_offset_s)
{
	int32_t west_s;

	if (!take_hms(r, 24, &west_s) || west_s < -CIVIL_OFFSET_S_MAX ||
	    west_s > CIVIL_OFFSET_S_MAX)
		return false;
	*ret_offset_s = -west_s;
	return true;
}

static bool take_tz(struct reader *r, struct zone_footer *f)
{
	if (!take_name(r) || !take_west(r, &f->std_offset_s))
		return false;
	f->is_given = true;
	if (r->n == 0)
		return true;
	f->has_dst = true;
	f->dst_offset_s = f->std_offset_s + 3600;
	if (!take_name(r))
		return false;
	if (r->n > 0 && r->p[0] != ',' && !take_west(r, &f->dst_offset_s))
		return false;
	return f->dst_offset_s <= CIVIL_OFFSET_S_MAX && take_rule(r, &f->dst_begins) &&
	       take_rule(r, &f->dst_ends) && r->n == 0;
}

/* Newline, TZ string or nothing, newline, and nothing behind it. */
static enum err take_footer(struct reader *r, struct zone_footer *ret)
{
	if (r->n > ZONE_FOOTER_BYTES_MAX)
		return ERR_TOO_LARGE;
	if (r->n < 2 || r->p[0] != '\n' || r->p[r->n - 1] != '\n')
		return ERR_BAD_INPUT;
	struct reader tz = {r->p + 1, r->n - 2};
	if (tz.n > 0 && !take_tz(&tz, ret))
		return ERR_BAD_INPUT;
	return ERR_OK;
}

enum err zone_parse(struct bytes tzif, struct zone *ret)
{
	struct reader r = {tzif.p, tzif.n};
	struct zone z = {.time_bytes = 4};
	struct header h;

	if (tzif.n > ZONE_BYTES_MAX)
		return ERR_TOO_LARGE;
	TRY(take_header(&r, &h));
	if (h.version == 0) {
		TRY(take_block(&r, &h, &z));
		if (r.n != 0)
			return ERR_BAD_INPUT;
	} else {
		uint8_t version = h.version;
		z.time_bytes = 8;
		if (!take(&r, block_bytes(&h, 4)))
			return ERR_BAD_INPUT;
		TRY(take_header(&r, &h));
		if (h.version != version)
			return ERR_BAD_INPUT;
		TRY(take_block(&r, &h, &z));
		TRY(take_footer(&r, &z.footer));
	}
	*ret = z;
	return ERR_OK;
}

void zone_init_fixed(int32_t offset_s, struct zone *ret)
{
	CHECK(offset_s >= -CIVIL_OFFSET_S_MAX && offset_s <= CIVIL_OFFSET_S_MAX);
	*ret = (struct zone){.types = one_type,
			     .types_n = 1,
			     .time_bytes = 8,
			     .footer = {.is_given = true, .std_offset_s = offset_s}};
}

/* A stretch of time with one offset: [from_s, until_s). Two that touch may have the same offset. */
struct span {
	int64_t from_s;
	int64_t until_s;
	int32_t offset_s;
};

/* Local seconds since 1970 at which the rule falls in `year`. */
static int64_t rule_local_s(const struct zone_rule *rule, int year)
{
	struct civil_date date = {year, rule->kind == 'M' ? rule->month : 1, 1};
	int32_t day = 0;

	CHECK(civil_day_of(date, &day) == ERR_OK);
	if (rule->kind == 'J')
		day += rule->day - 1 + (civil_is_leap(year) && rule->day >= 60 ? 1 : 0);
	else if (rule->kind == '0')
		day += rule->day;
	else {
		int first = (int)civil_weekday_of(day) % 7; /* 0 is Sunday */
		int of_month = (rule->weekday - first + 7) % 7 + 7 * (rule->week - 1);
		while (of_month >= civil_month_days(year, rule->month))
			of_month -= 7;
		day += of_month;
	}
	return day * INT64_C(86400) + rule->time_s;
}

/* The stretch that the footer gives around t_s. The changes of the year before, of the year and of
 * the year after are looked at: rules may reach a week over New Year. Of two changes at one instant
 * the later rule of the later year holds, which makes daylight saving all year long come out right.
 */
static struct span footer_span(const struct zone_footer *f, int64_t t_s)
{
	struct span span = {INT64_MIN, INT64_MAX, f->std_offset_s};
	int64_t day = t_s / 86400 - (t_s % 86400 < 0 ? 1 : 0);

	if (!f->has_dst)
		return span;
	day = day < CIVIL_DAY_MIN ? CIVIL_DAY_MIN : day > CIVIL_DAY_MAX ? CIVIL_DAY_MAX : day;
	int year = civil_date_of((int32_t)day).year;
	bool before_is_dst = false;
	for (int y = year - 1; y <= year + 1; y++) {
		if (y < CIVIL_YEAR_MIN || y > CIVIL_YEAR_MAX)
			continue;
		const int64_t change_s[2] = {rule_local_s(&f->dst_begins, y) - f->std_offset_s,
					     rule_local_s(&f->dst_ends, y) - f->dst_offset_s};
		for (int ends = 0; ends < 2; ends++) {
			if (change_s[ends] <= t_s && change_s[ends] >= span.from_s) {
				span.from_s = change_s[ends];
				span.offset_s = ends ? f->std_offset_s : f->dst_offset_s;
			} else if (change_s[ends] > t_s && change_s[ends] < span.until_s) {
				span.until_s = change_s[ends];
				before_is_dst = ends;
			}
		}
	}
	if (span.from_s == INT64_MIN && before_is_dst)
		span.offset_s = f->dst_offset_s;
	return span;
}

static struct span span_at(const struct zone *z, int64_t t_s)
{
	unsigned n = z->transitions_n, low = 0, high = n;

	while (low < high) { /* low: how many transitions are at or before t_s */
		unsigned middle = low + (high - low) / 2;
		if (transition_s(z, middle) <= t_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == n && z->footer.is_given) {
		struct span span = footer_span(&z->footer, t_s);
		if (n > 0 && span.from_s < transition_s(z, n - 1))
			span.from_s = transition_s(z, n - 1);
		return span;
	}
	return (struct span){
	    .from_s = low > 0 ? transition_s(z, low - 1) : INT64_MIN,
	    .until_s = low < n ? transition_s(z, low) : INT64_MAX,
	    .offset_s = type_offset_s(z, low > 0 ? z->time_type[low - 1] : 0),
	};
}

static int64_t floor_s(int64_t us)
{
	return us / CIVIL_US_PER_SECOND - (us % CIVIL_US_PER_SECOND < 0 ? 1 : 0);
}

int32_t zone_offset_s(const struct zone *z, int64_t utc_us)
{
	return span_at(z, floor_s(utc_us)).offset_s;
}

struct civil_time zone_split(const struct zone *z, int64_t utc_us)
{
	return civil_split(utc_us, zone_offset_s(z, utc_us));
}

/* Find the instant of a local time given in seconds: true with the first instant that shows it, or
 * false, with the end of the gap that it lies in and the offset before that gap. Every instant that
 * can show it lies within a day, and the local clock is behind it at the one end of that time and
 * past it at the other, so one of the two is found. */
static bool find(const struct zone *z, int64_t local_s, int64_t *ret_s, int32_t *ret_before_s)
{
	struct span span = span_at(z, local_s - CIVIL_OFFSET_S_MAX);

	for (;;) {
		int64_t t_s = local_s - span.offset_s;
		if (t_s < span.until_s) {
			*ret_s = t_s;
			return true;
		}
		struct span next = span_at(z, span.until_s);
		if (span.until_s + next.offset_s > local_s) {
			*ret_s = span.until_s;
			*ret_before_s = span.offset_s;
			return false;
		}
		span = next;
	}
}

static enum err resolve(const struct zone *z, struct civil_time local, bool to_gap_end,
			int64_t *ret_utc_us)
{
	int64_t second = local.us / CIVIL_US_PER_SECOND,
		fraction_us = local.us % CIVIL_US_PER_SECOND;
	int64_t local_s = local.day * INT64_C(86400) + second, t_s;
	int32_t before_s = 0;

	CHECK(local.us >= 0 && local.us < CIVIL_US_PER_DAY);
	if (!civil_day_ok(local.day))
		return ERR_BAD_INPUT;
	if (!find(z, local_s, &t_s, &before_s)) {
		if (to_gap_end)
			fraction_us = 0;
		else
			t_s = local_s - before_s;
	}
	int64_t utc_us = t_s * CIVIL_US_PER_SECOND + fraction_us;
	if (!civil_utc_us_ok(utc_us))
		return ERR_BAD_INPUT;
	*ret_utc_us = utc_us;
	return ERR_OK;
}

enum err zone_join(const struct zone *z, struct civil_time local, int64_t *ret_utc_us)
{
	return resolve(z, local, false, ret_utc_us);
}

enum err zone_reach(const struct zone *z, struct civil_time local, int64_t *ret_utc_us)
{
	return resolve(z, local, true, ret_utc_us);
}
