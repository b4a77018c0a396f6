/* Views of bytes: UTF-8 and numbers. */
#include "base/str.h"

#include "base/check.h"

/* One row of Unicode 15, table 3-7: a lead byte range, the range of the second byte, the length. */
static const struct {
	uint8_t lead_min, lead_max, second_min, second_max, n;
} utf8_rows[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

/* Bytes of the well-formed character at p, or 0. */
static size_t utf8_char(const uint8_t *p, size_t n)
{
	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof utf8_rows / sizeof utf8_rows[0]; i++) {
		if (p[0] < utf8_rows[i].lead_min || p[0] > utf8_rows[i].lead_max)
			continue;
		if (n < utf8_rows[i].n || p[1] < utf8_rows[i].second_min ||
		    p[1] > utf8_rows[i].second_max)
			return 0;
		for (size_t k = 2; k < utf8_rows[i].n; k++)
			if ((p[k] & 0xC0) != 0x80)
				return 0;
		return utf8_rows[i].n;
	}
	return 0;
}

bool str_is_utf8(struct str s)
{
	const uint8_t *p = (const uint8_t *)s.p;

	for (size_t i = 0; i < s.n;) {
		uint64_t eight = UINT64_C(1) << 63;
		size_t step;
		if (s.n - i >= sizeof eight)
			memcpy(&eight, p + i, sizeof eight);
		/* most of what is looked at is ASCII: eight at once */
		step =
		    eight & UINT64_C(0x8080808080808080) ? utf8_char(p + i, s.n - i) : sizeof eight;
		if (step == 0)
			return false;
		i += step;
	}
	return true;
}

uint32_t str_next_char(struct str s, size_t *at)
{
	const uint8_t *p = (const uint8_t *)s.p + *at;
	unsigned n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);

	CHECK(*at + n <= s.n);
	for (unsigned i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3Fu);
	*at += n;
	return c;
}

bool str_to_u64(struct str s, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 20 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*ret = v;
	return true;
}
