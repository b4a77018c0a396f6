/* Free text: masking it once leaves nothing to a second time, keeps UTF-8, does not grow beyond its
 * factor, and a naive look finds neither a plain plate nor an identity number nor a card in it. */
#include "fuzz.h"

#include "cases/mask.h"

/* ASCII of full-width forms, capitals; 'P' << 8 for the provinces; other characters 1. */
static unsigned plain(uint32_t c)
{
	static const char *const provinces =
	    "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
	struct str s = str_of(provinces);

	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'a' && c <= 'z')
		c -= 32;
	if (c < 0x80)
		return c;
	for (size_t at = 0; at < s.n;)
		if (str_next_char(s, &at) == c)
			return 'P' << 8;
	return 1;
}

static bool digits(const unsigned *c, unsigned n)
{
	while (n-- > 0)
		if (c[n] < '0' || c[n] > '9')
			return false;
	return true;
}

static bool word(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool is_identity(const unsigned *c)
{
	unsigned sum = 0, month = (c[10] - '0') * 10 + c[11] - '0';
	unsigned day = (c[12] - '0') * 10 + c[13] - '0';

	if (!digits(c, 17) || !(digits(c + 17, 1) || c[17] == 'X') || c[0] != '4' || c[1] != '4')
		return false;
	for (unsigned i = 0; i < 17; i++)
		sum += (c[i] - '0') * ((1u << (17 - i)) % 11);
	sum += c[17] == 'X' ? 10 : c[17] - '0';
	return sum % 11 == 1 && c[6] == '1' && c[7] == '9' && month >= 1 && month <= 12 &&
	       day >= 1 && day <= 28;
}

static bool is_card(const unsigned *c)
{
	unsigned sum = 0;

	if (!digits(c, 16) || c[0] != '6' || c[1] != '2')
		return false;
	for (unsigned i = 0; i < 16; i++) {
		unsigned d = (c[i] - '0') << (i % 2 == 0);
		sum += d / 10 + d % 10;
	}
	return sum % 10 == 0;
}

static void nothing_left(struct str text)
{
	unsigned *c = fuzz_alloc((text.n + 40) * sizeof *c);
	size_t n = 20, at = 0;

	for (size_t i = 0; i < text.n + 40; i++)
		c[i] = 1;
	while (at < text.n)
		c[n++] = plain(str_next_char(text, &at));
	for (size_t i = 20; i < n; i++) {
		PROPERTY(!(c[i] == 'P' << 8 && c[i + 1] >= 'A' && c[i + 1] <= 'Z' &&
			   digits(c + i + 2, 5) && !word(c[i + 7])));
		PROPERTY(!(is_identity(c + i) && !word(c[i - 1]) && !word(c[i + 18])));
		PROPERTY(!(is_card(c + i) && !word(c[i - 1]) && !word(c[i + 16])));
	}
	free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = {(const char *)data, n};
	char *once, *twice;
	struct buf a, b;
	struct mask_counts counts;

	if (!str_is_utf8(text))
		return 0;
	once = fuzz_alloc(n * MASK_GROWTH);
	twice = fuzz_alloc(n * MASK_GROWTH * MASK_GROWTH);
	a = buf_over(once, n * MASK_GROWTH);
	b = buf_over(twice, n * MASK_GROWTH * MASK_GROWTH);
	mask_text(text, &a, &counts);
	PROPERTY(!a.over && str_is_utf8(buf_str(&a)));
	PROPERTY(mask_total(&counts) > 0 || str_eq(text, buf_str(&a)));
	mask_text(buf_str(&a), &b, &counts);
	PROPERTY(mask_total(&counts) == 0 && str_eq(buf_str(&a), buf_str(&b)));
	nothing_left(buf_str(&a));
	free(once);
	free(twice);
	return 0;
}
