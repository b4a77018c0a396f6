/* Masking: one walk over the text. What stands to the left of a number is judged by what was
 * written out, so that a second walk finds nothing that the first one left. */
#include "cases/mask.h"

#include "base/check.h"

#include <uchar.h>

#define GAPS_MAX 2u        /* blanks, dashes or dots in a row within a number */
#define RUN_DIGITS_MAX 19u /* the longest number that is looked for */
#define BODY_MAX 6u        /* of a plate, behind its letter */
#define HOUSE_CODE_DIGITS 25u
#define WORD_BEFORE_BYTES 48u /* so far in front of a passport its word may stand */

#define DOT 0xB7u
#define NOTHING 0xADu /* takes no room: zero-width characters, soft hyphens */

static const char *const marks[MASK_KIND_COUNT][LANG_COUNT] = {
    [MASK_PLATE] = {"〔号牌已遮盖〕", "[plate masked]"},
    [MASK_IDENTITY] = {"〔证件号已遮盖〕", "[document number masked]"},
    [MASK_PASSPORT] = {"〔证件号已遮盖〕", "[document number masked]"},
    [MASK_CARD] = {"〔卡号已遮盖〕", "[card number masked]"},
};

/* ---- characters ---- */

/* Full-width forms as half-width, letters as capitals, one each of blanks, dashes and dots. */
static uint32_t fold(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'a' && c <= 'z')
		return c - ('a' - 'A');
	if (c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000)
		return ' ';
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		return '-';
	if (c == 0x2022 || c == 0x2027 || c == 0x2219 || c == 0x22C5 || c == 0x30FB || c == 0xFF65)
		return DOT;
	if ((c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF)
		return NOTHING;
	return c;
}

/* The folded character at `at`, and where the next one starts; 0 at the end. */
static uint32_t char_at(struct str text, size_t at, size_t *ret_next)
{
	*ret_next = at;
	return at < text.n ? fold(str_next_char(text, ret_next)) : 0;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_word(uint32_t c)
{
	return is_digit(c) || is_letter(c);
}

static bool is_gap(uint32_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == DOT || c == NOTHING;
}

static bool is_word_at(struct str text, size_t at)
{
	size_t next;

	return is_word(char_at(text, at, &next));
}

/* The sets hold characters of one unit of UTF-16, so that no other is found in them. */
static bool is_one_of(uint32_t c, const char16_t *set, size_t n)
{
	bool found = false;

	for (size_t i = 0; i < n; i++) /* without a branch: eight at a time */
		found |= set[i] == c;
	return found;
}

/* `set`: a literal, u"…". */
#define IS_ONE_OF(c, set) is_one_of(c, set, sizeof set / sizeof set[0] - 1)

static size_t skip_gaps(struct str text, size_t at, unsigned most)
{
	size_t next;

	for (; most > 0 && is_gap(char_at(text, at, &next)); most--)
		at = next;
	return at;
}

/* ---- plates ---- */

#define PROVINCES u"京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"

/* Letters and digits with single gaps between them (no dash: 新A12-305 is a room). */
struct body {
	uint32_t c[BODY_MAX];
	size_t end[BODY_MAX];
	unsigned n;
};

static void body_read(struct str text, size_t at, struct body *ret)
{
	size_t next;
	uint32_t c;

	ret->n = 0;
	while (ret->n < BODY_MAX) {
		c = char_at(text, at, &next);
		if (ret->n > 0 && is_gap(c) && c != '-')
			c = char_at(text, next, &next);
		if (!is_word(c))
			return;
		ret->c[ret->n] = c;
		ret->end[ret->n++] = at = next;
	}
}

static unsigned digits_of(const struct body *b, unsigned n)
{
	unsigned digits = 0;

	for (unsigned i = 0; i < n; i++)
		digits += is_digit(b->c[i]);
	return digits;
}

/* GA 36: five with at most a few letters; six for new energy, a letter in front or at the end. */
static bool is_body(const struct body *b, unsigned n)
{
	unsigned digits = digits_of(b, n);

	if (n == 6)
		return digits >= 4 && digits < 6 && (is_letter(b->c[0]) || is_letter(b->c[5]));
	return digits >= 2;
}

static size_t suffix_end(struct str text, size_t at)
{
	size_t next;

	at = skip_gaps(text, at, 1);
	if (IS_ONE_OF(char_at(text, at, &next), u"港澳学警挂领试超"))
		return next;
	return str_starts((struct str){text.p + at, text.n - at}, STR("应急")) ? at + 6 : 0;
}

/* Behind the province. */
static size_t plate_end(struct str text, size_t at)
{
	struct body b;
	size_t next;

	at = skip_gaps(text, at, GAPS_MAX);
	if (!is_letter(char_at(text, at, &next)))
		return 0;
	body_read(text, skip_gaps(text, next, GAPS_MAX), &b);
	for (unsigned n = b.n; n >= 5; n--)
		if (is_body(&b, n) && !is_word_at(text, b.end[n - 1]))
			return b.end[n - 1];
	return b.n >= 4 && is_body(&b, 4) ? suffix_end(text, b.end[3]) : 0;
}

/* n digits without gaps, then no letter or digit; 0 where it is otherwise. */
static size_t digits_end(struct str text, size_t at, unsigned n)
{
	size_t next;

	for (; n > 0; n--, at = next)
		if (!is_digit(char_at(text, at, &next)))
			return 0;
	return is_word_at(text, at) ? 0 : at;
}

/* VA·12345, 军A·12345: the dot is what tells it from other numbers. */
static size_t military_end(struct str text, size_t at)
{
	size_t next;

	if (!is_letter(char_at(text, at, &next)) || char_at(text, next, &next) != DOT)
		return 0;
	return digits_end(text, next, 5);
}

/* WJ粤1234X, WJ·粤12345, WJ01-12345: behind the W. */
static size_t police_end(struct str text, size_t at)
{
	struct body b;
	size_t next, two;

	if (char_at(text, at, &next) != 'J')
		return 0;
	at = skip_gaps(text, next, 1);
	if (is_digit(char_at(text, at, &next))) {
		if (!is_digit(char_at(text, next, &two)))
			return 0;
		next = two;
	} else if (!IS_ONE_OF(char_at(text, at, &next), PROVINCES)) {
		return 0;
	}
	body_read(text, skip_gaps(text, next, 1), &b);
	for (unsigned n = b.n < 5 ? b.n : 5; n >= 4; n--)
		if (digits_of(&b, n) >= 3 && !is_word_at(text, b.end[n - 1]))
			return b.end[n - 1];
	return 0;
}

/* ---- passports, permits, Hong Kong identity cards ---- */

/* A123456(7): weights 9 … 2, letters from A = 10, a missing one 36; the sum is a multiple of 11. */
static size_t hong_kong_end(struct str text, size_t at)
{
	uint32_t c = char_at(text, at, &at), d;
	unsigned sum = 9 * 36 + 8 * (c - 'A' + 10);

	d = char_at(text, at, &at);
	if (is_letter(d)) {
		sum = 9 * (c - 'A' + 10) + 8 * (d - 'A' + 10);
		d = char_at(text, at, &at);
	}
	for (unsigned weight = 7; weight >= 2; weight--, d = char_at(text, at, &at)) {
		if (!is_digit(d))
			return 0;
		sum += weight * (d - '0');
	}
	if (d != '(')
		return 0;
	d = char_at(text, at, &at);
	if (!is_digit(d) && d != 'A')
		return 0;
	sum += d == 'A' ? 10 : d - '0';
	return char_at(text, at, &at) == ')' && sum % 11 == 0 ? at : 0;
}

static bool says_passport(struct str before)
{
	static const char *const words[] = {"护照",   "通行证",   "回乡证",
					    "台胞证", "passport", "permit"};
	size_t from = before.n > WORD_BEFORE_BYTES ? before.n - WORD_BEFORE_BYTES : 0;

	for (; from < before.n; from++)
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
			struct str w = str_of(words[i]);
			size_t k = 0;
			while (k < w.n && from + k < before.n &&
			       (before.p[from + k] == w.p[k] ||
				(w.p[k] >= 'a' && before.p[from + k] == w.p[k] - 'a' + 'A')))
				k++;
			if (k == w.n)
				return true;
		}
	return false;
}

static size_t passport_end(struct str text, size_t at, struct str before)
{
	size_t next, end = 0;
	uint32_t c = char_at(text, at, &next);

	if (is_digit(c)) /* digits alone are nine, as no phone number is */
		return (end = digits_end(text, at, 9)) && says_passport(before) ? end : 0;
	if (c == 'E')
		end = digits_end(text, next, 8);
	at = next;
	if (!end && is_letter(char_at(text, at, &next))) {
		bool e_second = char_at(text, at, &at) == 'E' && IS_ONE_OF(c, u"DSP");
		if (c == 'E' || e_second)
			end = digits_end(text, next, 7);
	}
	for (unsigned n = 6; !end && n <= 10; n++)
		end =
		    digits_end(text, at, n) && says_passport(before) ? digits_end(text, at, n) : 0;
	return end;
}

/* ---- numbers ---- */

/* The first digits from a place on, with gaps between groups of them. */
struct run {
	uint8_t digit[RUN_DIGITS_MAX];
	size_t end[RUN_DIGITS_MAX];
	bool ends_group[RUN_DIGITS_MAX];
	unsigned n;
};

/* The next digit, over a few gaps at most. */
static bool next_digit(struct str text, size_t at, size_t *ret_end, uint8_t *ret, bool *ret_gap)
{
	size_t from = skip_gaps(text, at, GAPS_MAX);
	uint32_t c = char_at(text, from, ret_end);

	*ret = (uint8_t)(c - '0');
	*ret_gap = from > at;
	return is_digit(c);
}

static void run_read(struct str text, size_t at, struct run *ret)
{
	uint8_t digit;
	bool gap;

	ret->n = 0;
	while (next_digit(text, at, &at, &digit, &gap)) {
		if (ret->n > 0)
			ret->ends_group[ret->n - 1] = gap;
		if (ret->n == RUN_DIGITS_MAX)
			return;
		ret->digit[ret->n] = digit;
		ret->end[ret->n] = at;
		ret->ends_group[ret->n++] = true;
	}
}

static unsigned number_of(const uint8_t *digit, unsigned n)
{
	unsigned v = 0;

	while (n-- > 0)
		v = v * 10 + *digit++;
	return v;
}

static bool is_date(unsigned year, unsigned month, unsigned day)
{
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return year >= 1800 && year < 2100 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1];
}

/* Regions of GB/T 2260; 81 to 83 and 9 for people from Hong Kong, Macau, Taiwan and abroad. */
static bool is_region(const uint8_t *digit)
{
	unsigned v = number_of(digit, 2);

	return v == 83 || (v % 10 != 0 && v % 10 <= 7 && v >= 11 && v <= 65) || v == 50 ||
	       v == 71 || v == 81 || v == 82 || digit[0] == 9;
}

/* GB 11643-1999 with ISO 7064 MOD 11-2 over the first 17. */
static size_t identity18_end(struct str text, const struct run *r)
{
	static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	unsigned sum = 0;
	size_t next, end;

	if (r->n < 17 || !is_region(r->digit) ||
	    !is_date(number_of(r->digit + 6, 4), number_of(r->digit + 10, 2),
		     number_of(r->digit + 12, 2)))
		return 0;
	for (unsigned i = 0; i < 17; i++)
		sum += weights[i] * r->digit[i];
	if (sum % 11 != 2)
		return r->n >= 18 && r->ends_group[17] && r->digit[17] == (12 - sum % 11) % 11
			   ? r->end[17]
			   : 0;
	if (!r->ends_group[16] && r->n > 17)
		return 0;
	if (char_at(text, skip_gaps(text, r->end[16], GAPS_MAX), &end) != 'X')
		return 0;
	return is_digit(char_at(text, end, &next)) ? 0 : end;
}

/* Groups end only where the bits of `ends` are set (bit i: behind digit i). */
static bool is_grouped(const struct run *r, unsigned n, unsigned ends)
{
	for (unsigned i = 0; i + 1 < n; i++)
		if (r->ends_group[i] && !(ends >> i & 1))
			return false;
	return r->ends_group[n - 1];
}

#define AFTER(n) (1u << ((n)-1))
#define FOURS (AFTER(4) | AFTER(8) | AFTER(12) | AFTER(16))

static size_t identity15_end(struct str text, const struct run *r)
{
	if (r->n < 15 || !is_grouped(r, 15, AFTER(6) | AFTER(12)) || !is_region(r->digit) ||
	    r->digit[0] == 9 || is_word_at(text, r->end[14]) ||
	    !is_date(1900 + number_of(r->digit + 6, 2), number_of(r->digit + 8, 2),
		     number_of(r->digit + 10, 2)))
		return 0;
	return r->end[14];
}

static bool passes_luhn(const struct run *r, unsigned n)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned d = r->digit[n - 1 - i] * (1 + i % 2);
		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

/* CJ/T 214: a component's number of sixteen digits, region and class in front. 62 is Gansu, but far
 * more often UnionPay. */
static bool is_component(const struct run *r)
{
	unsigned class = number_of(r->digit + 6, 2);

	return is_grouped(r, 16, 0) && is_region(r->digit) && r->digit[0] != 9 &&
	       number_of(r->digit, 2) != 62 && ((class >= 1 && class <= 6) || class == 21);
}

static size_t card_end(struct str text, const struct run *r)
{
	unsigned front = r->n >= 3 ? number_of(r->digit, 3) : 0;

	if (r->n >= 15 && (front / 10 == 34 || front / 10 == 37) &&
	    is_grouped(r, 15, AFTER(4) | AFTER(10)) && passes_luhn(r, 15) &&
	    !is_word_at(text, r->end[14]))
		return r->end[14];
	if ((front < 300 || front > 699) && front != 955)
		return 0;
	for (unsigned n = r->n; n >= 16; n--)
		if ((is_grouped(r, n, FOURS) || is_grouped(r, n, AFTER(6))) && passes_luhn(r, n) &&
		    !(n == 16 && is_component(r)) && !is_word_at(text, r->end[n - 1]))
			return r->end[n - 1];
	return 0;
}

/* ---- the walk ---- */

struct walk {
	struct str text;
	struct buf *out;
	size_t out_start;
	unsigned word;  /* letters and digits written in a row, just before here */
	bool has_digit; /* among those and what only gaps part from them */
	bool after_digit;
	size_t run_end; /* digits before it belong to a run that was measured */
	bool is_house;  /* which is a house code */
};

/* A house code is one run of 25 digits, whatever the groups; none of them a whole number of those
 * that are looked for. */
static void run_measure(struct walk *w, size_t at)
{
	unsigned n = 0, group = 0;
	bool gap, long_group = false;
	uint8_t digit;

	while (next_digit(w->text, at, &w->run_end, &digit, &gap)) {
		at = w->run_end;
		group = gap ? 1 : group + 1;
		n++;
		long_group = long_group || (group >= 15 && group < HOUSE_CODE_DIGITS);
	}
	w->run_end = at;
	w->is_house = n == HOUSE_CODE_DIGITS && (!long_group || group == HOUSE_CODE_DIGITS);
}

static size_t number_find(struct walk *w, size_t at, enum mask_kind *ret)
{
	struct run r;
	size_t end = 0;

	if (at >= w->run_end)
		run_measure(w, at);
	if (w->after_digit || w->is_house)
		return 0;
	run_read(w->text, at, &r);
	*ret = MASK_IDENTITY;
	if (w->word == 0 || !w->has_digit) /* ID4403… is one, behind what could be a plate not */
		end = identity18_end(w->text, &r);
	if (end || w->word > 0)
		return end;
	*ret = MASK_CARD;
	end = card_end(w->text, &r);
	if (end)
		return end;
	*ret = MASK_IDENTITY;
	end = identity15_end(w->text, &r);
	if (end)
		return end;
	*ret = MASK_PASSPORT;
	return passport_end(w->text, at,
			    (struct str){w->out->p + w->out_start, w->out->n - w->out_start});
}

static size_t letter_find(struct walk *w, size_t at, enum mask_kind *ret)
{
	size_t next, end;
	uint32_t c = char_at(w->text, at, &next);

	*ret = MASK_PLATE;
	end = c == 'W' ? police_end(w->text, next) : 0;
	if (!end && IS_ONE_OF(c, u"VKHBSLJNGCZ"))
		end = military_end(w->text, next);
	if (end)
		return end;
	*ret = MASK_IDENTITY;
	end = hong_kong_end(w->text, at);
	if (end)
		return end;
	*ret = MASK_PASSPORT;
	return passport_end(w->text, at,
			    (struct str){w->out->p + w->out_start, w->out->n - w->out_start});
}

/* Where what begins here ends; 0: nothing to be masked does. */
static size_t find(struct walk *w, size_t at, uint32_t c, size_t next, enum mask_kind *ret)
{
	if (is_digit(c))
		return number_find(w, at, ret);
	if (is_letter(c))
		return w->word == 0 ? letter_find(w, at, ret) : 0;
	*ret = MASK_PLATE;
	if (IS_ONE_OF(c, PROVINCES))
		return plate_end(w->text, next);
	return IS_ONE_OF(c, u"军空海北沈兰济南广成") ? military_end(w->text, next) : 0;
}

/* Chinese where there are as many Chinese characters as words of letters. */
static enum lang lang_of(struct str text)
{
	size_t han = 0, words = 0, letters = 0, at = 0;

	while (at < text.n) {
		uint32_t c = fold(str_next_char(text, &at));
		han += c >= 0x3400 && c < 0x30000 && c != 0xFEFF;
		letters = is_letter(c) ? letters + 1 : 0;
		words += letters == 2;
	}
	return han >= words ? LANG_ZH : LANG_EN;
}

/* Every plate and number that is looked for has so many letters and digits; most texts have
 * none. */
#define WORDS_MIN 4u

static bool may_hold_any(struct str text)
{
	unsigned n = 0;

	for (size_t at = 0; at < text.n && n < WORDS_MIN;)
		n += is_word(char_at(text, at, &at));
	return n == WORDS_MIN;
}

void mask_text(struct str text, struct buf *out, struct mask_counts *ret)
{
	struct walk w = {.text = text, .out = out, .out_start = out->n};
	enum lang lang = lang_of(text);
	struct mask_counts counts = {0};

	if (!may_hold_any(text)) {
		buf_put_str(out, text);
		*ret = counts;
		return;
	}
	for (size_t at = 0, next; at < text.n; at = next) {
		uint32_t c = char_at(text, at, &next);
		enum mask_kind kind = MASK_PLATE;
		size_t end = find(&w, at, c, next, &kind);
		if (end > 0) {
			counts.of[kind]++;
			buf_put_z(out, marks[kind][lang]);
			next = end;
			c = 0;
		} else {
			buf_put(out, text.p + at, next - at);
		}
		w.after_digit = is_digit(c);
		w.has_digit = is_digit(c) || (w.has_digit && (is_word(c) || is_gap(c)));
		w.word = is_word(c) ? w.word + 1 : 0;
	}
	*ret = counts;
}

size_t mask_mark_at(struct str text, size_t at)
{
	struct str rest = {text.p + at, text.n - at};

	for (unsigned k = 0; k < MASK_KIND_COUNT; k++)
		for (unsigned l = 0; l < LANG_COUNT; l++)
			if (str_starts(rest, str_of(marks[k][l])))
				return strlen(marks[k][l]);
	return 0;
}

void mask_put_told(const struct mask_counts *c, enum lang lang, struct buf *out)
{
	const unsigned n[3] = {c->of[MASK_PLATE], c->of[MASK_IDENTITY] + c->of[MASK_PASSPORT],
			       c->of[MASK_CARD]};
	char memory[3][12];
	struct str args[3];

	for (unsigned i = 0; i < 3; i++) {
		struct buf b = buf_over(memory[i], sizeof memory[i]);
		buf_put_u64(&b, n[i]);
		args[i] = buf_str(&b);
	}
	msg_put(out, MSG_TEXT_MASKED, lang, args, 3);
}
