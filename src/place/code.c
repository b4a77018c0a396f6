/* Twelve-digit codes, taken apart by division. */
#include "place/code.h"

/* What one step of each level counts: 44 00 00 000 000 is province 44. */
static const uint64_t unit_of[] = {[CODE_PROVINCE] = UINT64_C(10000000000),
				   [CODE_CITY] = UINT64_C(100000000),
				   [CODE_DISTRICT] = UINT64_C(1000000),
				   [CODE_STREET] = UINT64_C(1000),
				   [CODE_COMMUNITY] = UINT64_C(1)};

/* The two digits of the provinces, GB/T 2260-2007, and 99 for what is made up. */
static const uint8_t provinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
				    35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
				    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 99};

static bool province_ok(uint64_t n)
{
	for (size_t i = 0; i < sizeof provinces; i++)
		if (provinces[i] == n)
			return true;
	return false;
}

bool code_ok(uint64_t code)
{
	uint64_t city = code / unit_of[CODE_CITY] % 100,
		 district = code / unit_of[CODE_DISTRICT] % 100;
	uint64_t street = code / unit_of[CODE_STREET] % 1000, community = code % 1000;

	if (code > CODE_MADE_UP_MAX || !province_ok(code / unit_of[CODE_PROVINCE]))
		return false;
	if (city == 0 && (district || street || community))
		return false;
	return street > 0 || community == 0;
}

bool code_parse(struct str text, uint64_t *ret)
{
	uint64_t v = 0;

	if (text.n != CODE_DIGITS)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(text.p[i] - '0');
	}
	if (!code_ok(v))
		return false;
	*ret = v;
	return true;
}

bool code_is_made_up(uint64_t code)
{
	return code >= CODE_MADE_UP_MIN && code <= CODE_MADE_UP_MAX;
}

enum code_level code_level(uint64_t code)
{
	for (enum code_level l = CODE_PROVINCE; l < CODE_COMMUNITY; l++)
		if (code % unit_of[l] == 0)
			return l;
	return CODE_COMMUNITY;
}

uint64_t code_parent(uint64_t code)
{
	enum code_level level = code_level(code);

	return level == CODE_PROVINCE ? 0 : code - code % unit_of[level - 1];
}

bool code_within(uint64_t code, uint64_t area)
{
	uint64_t unit = unit_of[code_level(area)];

	return code / unit == area / unit;
}
