/* See case_number.h. */
#include "service/case_number.h"

#include "base/civil.h"

#define DAY_DIGITS 6u
#define COUNTER_DIGITS_MIN 4u
#define COUNTER_DIGITS_MAX 6u

/* ISO/IEC 7064, pure system MOD 11-2: the check makes the sum of digit times 2^position one. */
static char check_of(const char *digits, size_t n)
{
	unsigned p = 0;

	for (size_t i = 0; i < n; i++)
		p = (p + (unsigned)(digits[i] - '0')) * 2 % 11;
	p = (12 - p) % 11;
	return p == 10 ? 'X' : (char)('0' + p);
}

void case_number_put(uint64_t number, struct buf *out)
{
	struct civil_date date = civil_date_of((int32_t)(number >> 20));
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%02d%02d%02d%04llu", date.year % 100, date.month,
			 date.day, (unsigned long long)(number & 0xFFFFF));

	buf_put(out, digits, DAY_DIGITS);
	buf_put_char(out, '-');
	buf_put(out, digits + DAY_DIGITS, (size_t)n - DAY_DIGITS);
	buf_put_char(out, '-');
	buf_put_char(out, check_of(digits, (size_t)n));
}

bool case_number_parse(struct str text, uint64_t *ret)
{
	char d[DAY_DIGITS + COUNTER_DIGITS_MAX + 2];
	size_t n = 0;
	uint64_t counter = 0;
	struct civil_date date;
	int32_t day;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i] == 'x' ? 'X' : text.p[i];
		if (c == '-' || c == ' ')
			continue;
		if ((c < '0' || c > '9') && c != 'X')
			return false;
		if (n == sizeof d - 1)
			return false;
		d[n++] = c;
	}
	if (n < DAY_DIGITS + COUNTER_DIGITS_MIN + 1)
		return false;
	for (size_t i = 0; i + 1 < n; i++)
		if (d[i] == 'X')
			return false;
	if (check_of(d, n - 1) != d[n - 1])
		return false;
	date = (struct civil_date){2000 + (d[0] - '0') * 10 + d[1] - '0',
				   (d[2] - '0') * 10 + d[3] - '0', (d[4] - '0') * 10 + d[5] - '0'};
	for (size_t i = DAY_DIGITS; i < n - 1; i++)
		counter = counter * 10 + (uint64_t)(d[i] - '0');
	if (civil_day_of(date, &day) != ERR_OK || counter < 1 || counter > CASE_COUNTER_MAX)
		return false;
	*ret = case_number(day, counter);
	return true;
}
