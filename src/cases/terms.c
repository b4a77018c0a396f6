/* Terms of texts, queries and filters. */
#include "cases/terms.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/civil.h"
#include "cases/mask.h"
#include "place/text.h"

#define HINT_BYTES 4u
#define HASHED_BYTES_MAX (1u + TEXT_TOKEN_BYTES_MAX)

void terms_put(struct terms *t, uint64_t term)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->v[i] == term)
			return;
	if (t->n == TERMS_MAX)
		t->over = true;
	else
		t->v[t->n++] = term;
}

/* The first byte of what is hashed keeps words and filters apart. */
static uint64_t term_of(const struct terms_key *key, char domain, const void *p, size_t n)
{
	uint8_t bytes[HASHED_BYTES_MAX];

	CHECK(n < sizeof bytes);
	bytes[0] = (uint8_t)domain;
	memcpy(bytes + 1, p, n);
	return hash_sip64(key->b, bytes, n + 1);
}

uint64_t terms_filter_of(const struct terms_key *key, enum terms_filter filter, uint64_t value)
{
	static const char domains[TERMS_FILTER_COUNT] = {
	    [TERMS_AREA] = 'a',  [TERMS_CATEGORY] = 'c', [TERMS_PLACE] = 'p',
	    [TERMS_MONTH] = 'm', [TERMS_CELL] = 'g',
	};
	uint8_t bytes[8];

	CHECK(filter < TERMS_FILTER_COUNT);
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	return term_of(key, domains[filter], bytes, sizeof bytes);
}

/* ---- words ---- */

static bool is_chinese(struct str token)
{
	return (uint8_t)token.p[0] >= 0xE3;
}

/* One character, which says too little. */
static bool is_single(struct str token)
{
	size_t at = 0;

	(void)str_next_char(token, &at);
	return is_chinese(token) && at == token.n;
}

static bool ends_in(struct str s, const char *tail)
{
	size_t n = strlen(tail);

	return s.n >= n && memcmp(s.p + s.n - n, tail, n) == 0;
}

/* ies → y but for eies, aies; es → e but for aes, ees, oes; s off but for us, ss. */
static struct str singular(struct str word, char *memory)
{
	if (word.n < 4 || word.p[word.n - 1] != 's')
		return word;
	if (ends_in(word, "ies") && !ends_in(word, "eies") && !ends_in(word, "aies")) {
		memcpy(memory, word.p, word.n - 3);
		memory[word.n - 3] = 'y';
		return (struct str){memory, word.n - 2};
	}
	if (ends_in(word, "us") || ends_in(word, "ss") || ends_in(word, "aes") ||
	    ends_in(word, "ees") || ends_in(word, "oes"))
		return word;
	return (struct str){word.p, word.n - 1};
}

static void put_token(struct terms *t, const struct terms_key *key, struct str token)
{
	char memory[TEXT_TOKEN_BYTES_MAX];

	if (is_single(token))
		return;
	if (!is_chinese(token))
		token = singular(token, memory);
	terms_put(t, term_of(key, 'w', token.p, token.n));
}

/* The first character of a Chinese token, the first four letters of a word. */
static void put_hint(struct terms *t, const struct terms_key *key, struct str token)
{
	size_t n = 0;

	if (is_chinese(token))
		(void)str_next_char(token, &n);
	while (!is_chinese(token) && n < HINT_BYTES && n < token.n && (uint8_t)token.p[n] < 0x80)
		n++;
	if (is_chinese(token) || n == HINT_BYTES)
		terms_put(t, term_of(key, 'h', token.p, n));
}

typedef void put_token_fn(struct terms *t, const struct terms_key *key, struct str token);

static void put_tokens(struct terms *t, const struct terms_key *key, struct str normal,
		       put_token_fn *put)
{
	struct text_cursor c = {.text = normal};
	struct str token;

	while (text_next_token(&c, &token))
		put(t, key, token);
}

/* The front of a text that is looked at, not cut within a character. */
static struct str front_of(struct str text, struct terms *t)
{
	size_t n = text.n < TERMS_TEXT_BYTES_MAX ? text.n : TERMS_TEXT_BYTES_MAX;

	while (n < text.n && n > 0 && ((uint8_t)text.p[n] & 0xC0) == 0x80)
		n--;
	t->over = t->over || n < text.n;
	return (struct str){text.p, n};
}

/* Piece by piece between the marks of what was masked. */
static void put_text(struct terms *t, const struct terms_key *key, struct str text,
		     put_token_fn *put, bool both_writings)
{
	char memory[TERMS_TEXT_BYTES_MAX], again[TERMS_TEXT_BYTES_MAX];

	text = front_of(text, t);
	for (size_t from = 0, at = 0; at <= text.n;) {
		size_t mark = at < text.n ? mask_mark_at(text, at) : 0;
		struct buf normal = buf_over(memory, sizeof memory);
		struct buf numbers = buf_over(again, sizeof again);
		if (at < text.n && mark == 0) {
			(void)str_next_char(text, &at);
			continue;
		}
		text_normalise((struct str){text.p + from, at - from}, &normal);
		put_tokens(t, key, buf_str(&normal), put);
		if (both_writings && text_numbers(buf_str(&normal), &numbers))
			put_tokens(t, key, buf_str(&numbers), put);
		from = at += mark > 0 ? mark : 1;
	}
}

void terms_put_text(struct terms *t, const struct terms_key *key, struct str text)
{
	put_text(t, key, text, put_token, true);
}

void terms_put_hints(struct terms *t, const struct terms_key *key, struct str text)
{
	put_text(t, key, text, put_hint, false);
}

/* ---- queries ---- */

/* A piece between blanks that is one Chinese character and nothing else. */
static bool has_single_piece(struct str normal)
{
	for (size_t at = 0; at < normal.n;) {
		const char *blank = memchr(normal.p + at, ' ', normal.n - at);
		size_t end = blank ? (size_t)(blank - normal.p) : normal.n;
		if (end > at && is_single((struct str){normal.p + at, end - at}))
			return true;
		at = end + 1;
	}
	return false;
}

enum err terms_put_query(struct terms *t, const struct terms_key *key, struct str text,
			 struct str field, struct problem *problem)
{
	char memory[TERMS_QUERY_BYTES_MAX], again[TERMS_QUERY_BYTES_MAX];
	struct buf normal = buf_over(memory, sizeof memory);
	struct buf numbers = buf_over(again, sizeof again);
	char most[12];
	struct buf most_of = buf_over(most, sizeof most);
	struct terms found;

	terms_init(&found);
	buf_put_u64(&most_of, TERMS_QUERY_MAX);
	if (text.n <= TERMS_QUERY_BYTES_MAX && str_is_utf8(text)) {
		text_normalise(text, &normal);
		/* the writing in digits is a term of both writings */
		(void)text_numbers(buf_str(&normal), &numbers);
		put_tokens(&found, key, buf_str(&numbers), put_token);
	}
	if (found.n == 0 || found.n > TERMS_QUERY_MAX || has_single_piece(buf_str(&normal)))
		return problem_set(problem, ERR_BAD_INPUT, field, MSG_SEARCH_WORDS_REMEDY,
				   &(struct str){most, most_of.n}, 1);
	for (unsigned i = 0; i < found.n; i++)
		terms_put(t, found.v[i]);
	return ERR_OK;
}

/* ---- numbers of other offices ---- */

/* Mobile numbers begin with 13 to 19, area codes with one 0; behind 0086 that is left out. */
static bool is_telephone(struct str number)
{
	bool is_far = str_starts(number, STR("0086"));
	size_t front = is_far ? 4 : str_starts(number, STR("86")) ? 2 : 0;
	struct str s = {number.p + front, number.n - front};

	for (size_t i = 0; i < number.n; i++)
		if (number.p[i] < '0' || number.p[i] > '9')
			return false;
	if (s.n == 11 && s.p[0] == '1' && s.p[1] >= '3')
		return true;
	if (is_far)
		return s.n >= 9 && s.n <= 11;
	return front == 0 && s.n >= 10 && s.n <= 12 && s.p[0] == '0' && s.p[1] != '0';
}

bool terms_number_of(const struct terms_key *key, struct str text, uint64_t *ret)
{
	char memory[TERMS_QUERY_BYTES_MAX];
	struct buf normal = buf_over(memory, sizeof memory);
	uint8_t hashed[1 + TERMS_NUMBER_BYTES_MAX] = {'n'};
	bool has_digit = false;
	size_t n = 0;

	if (text.n > TERMS_QUERY_BYTES_MAX || !str_is_utf8(text))
		return false;
	for (size_t at = 0; at < text.n; (void)str_next_char(text, &at))
		if (mask_mark_at(text, at) > 0)
			return false;
	text_normalise(text, &normal);
	for (size_t i = 0; i < normal.n; i++) {
		if (memory[i] == ' ')
			continue;
		if (n == TERMS_NUMBER_BYTES_MAX)
			return false;
		has_digit = has_digit || (memory[i] >= '0' && memory[i] <= '9');
		hashed[1 + n++] = (uint8_t)memory[i];
	}
	if (!has_digit || is_telephone((struct str){(const char *)hashed + 1, n}))
		return false;
	*ret = hash_sip64(key->b, hashed, 1 + n);
	return true;
}

/* ---- beside the text ---- */

uint64_t terms_month(int32_t day)
{
	struct civil_date d = civil_date_of(day);

	return (uint64_t)d.year * 12 + (uint64_t)d.month - 1;
}

static uint64_t cell_of(int64_t lat_e7, int64_t lon_e7)
{
	return (uint64_t)((lat_e7 + GEO_LAT_E7_MAX) / TERMS_CELL_E7) << 32 |
	       (uint64_t)((lon_e7 + GEO_LON_E7_MAX) / TERMS_CELL_E7);
}

uint64_t terms_cell(struct geo_point at)
{
	return cell_of(at.lat_e7, at.lon_e7);
}

void terms_cells_around(struct geo_point at, uint64_t ret[TERMS_CELLS_AROUND])
{
	unsigned n = 0;

	for (int y = -1; y <= 1; y++)
		for (int x = -1; x <= 1; x++)
			ret[n++] = cell_of((int64_t)at.lat_e7 + y * TERMS_CELL_E7,
					   (int64_t)at.lon_e7 + x * TERMS_CELL_E7);
}

unsigned terms_common(const struct terms *a, const struct terms *b)
{
	unsigned common = 0;

	for (unsigned i = 0; i < a->n; i++)
		for (unsigned k = 0; k < b->n; k++)
			common += a->v[i] == b->v[k];
	return common;
}
