/* Codes on paper, and the character that checks them: over the field of 32 elements the sum of
 * value i times a^i, for i from 0 and a generator a, is nought. The weights differ from each other
 * and from nought, so one wrong character, or two that changed places, never sum to nought. */
#include "service/account_code.h"

#include "base/check.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford: no I, L, O, U */

/* Times a in GF(2)[a] / (a^5 + a^2 + 1), whose a generates all 31. */
static unsigned times_a(unsigned v)
{
	v <<= 1;
	return v & 32 ? v ^ 0x25 : v;
}

/* Horner: ((v0 a + v1) a + v2) …; the last has the weight one. */
static unsigned sum_of(const unsigned *v, unsigned n)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum = times_a(sum) ^ v[i];
	return sum;
}

void account_code_draw(const struct entropy *entropy, char ret_text[CODE_TEXT_BYTES + 1])
{
	uint8_t random[CODE_CHARS - 1];
	unsigned v[CODE_CHARS], at = 0;

	entropy_fill(entropy, random, sizeof random);
	for (unsigned i = 0; i < CODE_CHARS - 1; i++)
		v[i] = random[i] & 31;
	v[CODE_CHARS - 1] = 0;
	v[CODE_CHARS - 1] = sum_of(v, CODE_CHARS);
	for (unsigned i = 0; i < CODE_CHARS; i++) {
		if (i == CODE_CHARS / 2)
			ret_text[at++] = '-';
		ret_text[at++] = digits[v[i]];
	}
	ret_text[at] = 0;
}

static int value_of(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

bool account_code_parse(struct str text, char ret[CODE_CHARS])
{
	unsigned v[CODE_CHARS], n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int value;
		if (text.p[i] == '-' || text.p[i] == ' ')
			continue;
		value = value_of(text.p[i]);
		if (value < 0 || n == CODE_CHARS)
			return false;
		v[n++] = (unsigned)value;
	}
	if (n != CODE_CHARS || sum_of(v, n) != 0)
		return false;
	for (unsigned i = 0; i < CODE_CHARS; i++)
		ret[i] = digits[v[i]];
	return true;
}
