/* Normal forms and tokens. */
#include "place/text.h"

#include "base/check.h"

static void put_char(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_put_char(out, (char)c);
	} else if (c < 0x800) {
		buf_put_char(out, (char)(0xC0 | c >> 6));
		buf_put_char(out, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		buf_put_char(out, (char)(0xE0 | c >> 12));
		buf_put_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_put_char(out, (char)(0x80 | (c & 0x3F)));
	} else {
		buf_put_char(out, (char)(0xF0 | c >> 18));
		buf_put_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_put_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_put_char(out, (char)(0x80 | (c & 0x3F)));
	}
}

/* U+00C0 … U+017F without accents; '.': two letters or no letter, see plain_latin. */
static const char latin[] = "aaaaaa.ceeeeiiiidnooooo.ouuuuy.." /* 00C0 */
			    "aaaaaa.ceeeeiiiidnooooo.ouuuuy.y" /* 00E0 */
			    "aaaaaaccccccccddddeeeeeeeeeegggg" /* 0100 */
			    "gggghhhhiiiiiiiiii..jjkkklllllll" /* 0120 */
			    "lllnnnnnnnnnoooooo..rrrrrrssssss" /* 0140 */
			    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs" /* 0160 */;

static bool plain_latin(uint32_t c, struct buf *out)
{
	if (c < 0xC0 || c > 0x17F)
		return false;
	if (latin[c - 0xC0] != '.')
		buf_put_char(out, latin[c - 0xC0]);
	else if (c == 0xC6 || c == 0xE6)
		buf_put_z(out, "ae");
	else if (c == 0xDF)
		buf_put_z(out, "ss");
	else if (c == 0xDE || c == 0xFE)
		buf_put_z(out, "th");
	else if (c == 0x132 || c == 0x133)
		buf_put_z(out, "ij");
	else if (c == 0x152 || c == 0x153)
		buf_put_z(out, "oe");
	else
		return false; /* × ÷ */
	return true;
}

static bool is_ascii_word(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Han characters, kana, hangul: written without blanks between words. */
static bool is_han(uint32_t c)
{
	return c == 0x3007 || (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
	       (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* What parts words: blanks, controls, punctuation and signs. */
static bool is_blank(uint32_t c)
{
	return (c < 0x80 && !is_ascii_word(c)) || (c >= 0x80 && c < 0xC0) || c == 0xD7 ||
	       c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) ||
	       (c >= 0x3000 && c <= 0x303F && c != 0x3007) || (c >= 0xFE30 && c <= 0xFE4F) ||
	       (c >= 0xFF00 && c <= 0xFFEF) || c == 0xFEFF;
}

void text_normalise(struct str text, struct buf *out)
{
	size_t start = out->n;

	for (size_t at = 0; at < text.n;) {
		uint32_t c = str_next_char(text, &at);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c >= 0x300 && c <= 0x36F)
			continue; /* a combining accent */
		if (is_blank(c)) {
			if (out->n > start && out->p[out->n - 1] != ' ')
				buf_put_char(out, ' ');
		} else if (!plain_latin(c, out)) {
			put_char(out, c);
		}
	}
	if (out->n > start && out->p[out->n - 1] == ' ')
		out->n--;
}

/* ---- numbers ---- */

/* 0 … 9; 10, 100 for 十 百; -1 for anything else. */
static int number_char(uint32_t c)
{
	static const uint32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
					  0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};

	for (int i = 0; i < 10; i++)
		if (digits[i] == c)
			return i;
	return c == 0x96F6 ? 0 : c == 0x4E24 ? 2 : c == 0x5341 ? 10 : c == 0x767E ? 100 : -1;
}

static bool is_counter(struct str s, size_t at)
{
	static const char *const counters[] = {"号", "栋", "幢", "座", "单元",
					       "室", "层", "楼", "户", "弄"};

	for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++)
		if (str_starts((struct str){s.p + at, s.n - at}, str_of(counters[i])))
			return true;
	return false;
}

#define NUMBER_CHARS_MAX 24u

/* Digits in a row (一〇二) or tens and hundreds (十二, 二十, 一百零三) as digits; false for what is
 * neither. */
static bool number_put(const int *v, unsigned n, struct buf *out)
{
	unsigned sum = 0, last = 0, unit = 1000;
	bool units = false;

	for (unsigned i = 0; i < n; i++)
		units = units || v[i] >= 10;
	if (!units) {
		for (unsigned i = 0; i < n; i++)
			buf_put_char(out, (char)('0' + v[i]));
		return true;
	}
	for (unsigned i = 0; i < n; i++) {
		if (v[i] < 10) {
			if (last != 0) /* two digits side by side: only a zero may lead */
				return false;
			last = (unsigned)v[i];
			continue;
		}
		if ((unsigned)v[i] >= unit || (last == 0 && (v[i] == 100 || i > 0)))
			return false;
		unit = (unsigned)v[i];
		sum += (last ? last : 1) * unit;
		last = 0;
	}
	/* 一百二 is short for 120: not told apart from 102 here, so left alone */
	if (last && unit == 100 && v[n - 2] != 0)
		return false;
	buf_put_u64(out, sum + last);
	return true;
}

bool text_numbers(struct str normal, struct buf *out)
{
	bool changed = false;

	for (size_t at = 0; at < normal.n;) {
		int v[NUMBER_CHARS_MAX];
		unsigned n = 0;
		size_t from = at, after = at;
		while (n < NUMBER_CHARS_MAX && after < normal.n) {
			size_t next = after;
			v[n] = number_char(str_next_char(normal, &next));
			if (v[n] < 0)
				break;
			n++;
			after = next;
		}
		if (n > 0 && is_counter(normal, after) && number_put(v, n, out)) {
			changed = true;
			at = after;
			continue;
		}
		if (n == 0)
			(void)str_next_char(normal, &after);
		buf_put(out, normal.p + from, after - from);
		at = after;
	}
	return changed;
}

/* ---- tokens ---- */

/* Between the words and the lines of a normal form. */
static bool is_gap(char c)
{
	return c == ' ' || c == '\n';
}

static size_t han_at(struct str s, size_t at)
{
	size_t next = at;

	return at < s.n && is_han(str_next_char(s, &next)) ? next - at : 0;
}

bool text_next_token(struct text_cursor *c, struct str *ret)
{
	size_t one, two, from, end;

	while (c->at < c->text.n && is_gap(c->text.p[c->at]))
		c->at++;
	if (c->at >= c->text.n)
		return false;
	one = han_at(c->text, c->at);
	from = c->at;
	if (one > 0) {
		two = han_at(c->text, c->at + one);
		c->at += one;
		*ret = (struct str){c->text.p + from, one + two};
		return true;
	}
	while (c->at < c->text.n && !is_gap(c->text.p[c->at]) && han_at(c->text, c->at) == 0)
		(void)str_next_char(c->text, &c->at);
	end = c->at;
	if (end - from > TEXT_TOKEN_BYTES_MAX)
		for (end = from + TEXT_TOKEN_BYTES_MAX; (c->text.p[end] & 0xC0) == 0x80;)
			end--; /* not within a character */
	*ret = (struct str){c->text.p + from, end - from};
	return true;
}

/* Latin, Greek, digits …: letters that form words. */
static bool is_letter_before(struct str s, size_t at)
{
	size_t from = at;

	if (at == 0)
		return false;
	do
		from--;
	while (from > 0 && (s.p[from] & 0xC0) == 0x80);
	return !is_gap(s.p[from]) && han_at(s, from) == 0;
}

bool text_has(struct str normal, struct str piece)
{
	bool word = piece.n > 0 && han_at(piece, 0) == 0;

	if (piece.n == 0)
		return false;
	for (size_t at = 0; at + piece.n <= normal.n;) {
		const char *found = memmem(normal.p + at, normal.n - at, piece.p, piece.n);
		if (!found)
			return false;
		at = (size_t)(found - normal.p);
		if (!word || !is_letter_before(normal, at))
			return true;
		at++;
	}
	return false;
}
