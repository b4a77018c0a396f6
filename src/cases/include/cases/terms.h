/* The words of a case as keyed 64-bit hashes: what the search index, likely duplicates and the
 * proposed category are made of. Each two neighbouring Chinese characters are a term, and each word
 * of letters or digits, in the normal form of place/text.h and with the English plural taken off
 * (Harman, "How effective is suffixing?", JASIS 42, 1991: the S stemmer). Numbers of houses are
 * terms in both writings. What stands beside the text (area, category, place, month, cell) is a
 * term of the same space, so that one look into the index answers words and filters together.
 * Without the key nobody can tell which words a hash stands for. Depends on place and base. Pure.
 */
#ifndef LIREN_CASES_TERMS_H
#define LIREN_CASES_TERMS_H

#include "base/hash.h"
#include "base/problem.h"
#include "place/geo.h"

#define TERMS_MAX 256u             /* distinct terms of one case, filters included */
#define TERMS_TEXT_BYTES_MAX 8192u /* of a text; the rest is not looked at */
#define TERMS_QUERY_MAX 16u
#define TERMS_QUERY_BYTES_MAX 200u
#define TERMS_NUMBER_BYTES_MAX 64u /* of the normal form of another office's number */
#define TERMS_CELL_E7 18000 /* side of the cell of TERMS_CELL: 200 m from north to south */
#define TERMS_CELLS_AROUND 9u

/* Distinct, in the order they came. */
struct terms {
	uint64_t v[TERMS_MAX];
	unsigned n;
	bool over; /* there was more than fits */
};

struct terms_key {
	uint8_t b[HASH_SIP_KEY_BYTES];
};

enum terms_filter {
	TERMS_AREA,     /* 12-digit code or the number of an area */
	TERMS_CATEGORY, /* its four digits as a number */
	TERMS_PLACE,    /* id */
	TERMS_MONTH,    /* terms_month() */
	TERMS_CELL,     /* terms_cell() */
	TERMS_FILTER_COUNT
};

static inline void terms_init(struct terms *t)
{
	t->n = 0;
	t->over = false;
}

/* One more, unless it is there already. */
void terms_put(struct terms *t, uint64_t term);

/* The terms of well-formed UTF-8, without the marks of cases/mask.h. */
void terms_put_text(struct terms *t, const struct terms_key *key, struct str text);

/* What the proposed category learns from besides: single Chinese characters, and the fronts of
 * words of letters (four bytes), which stand for their forms. Never part of the index. */
void terms_put_hints(struct terms *t, const struct terms_key *key, struct str text);

uint64_t terms_filter_of(const struct terms_key *key, enum terms_filter filter, uint64_t value);

static inline void terms_put_filter(struct terms *t, const struct terms_key *key,
				    enum terms_filter filter, uint64_t value)
{
	terms_put(t, terms_filter_of(key, filter, value));
}

/* What a reader looks for: every term must be there. One Chinese character alone is refused, since
 * a hash has no front to be found by. ERR_BAD_INPUT with the field and a remedy. */
enum err terms_put_query(struct terms *t, const struct terms_key *key, struct str text,
			 struct str field, struct problem *problem) MUST_CHECK;

/* The one term of a whole number that another office gave a case: its letters and digits in the
 * normal form of place/text.h, without anything between them, so that full-width digits, blanks,
 * hyphens and capitals make no difference. False where the text is no such number: without a digit
 * (a name), too long, masked in part (cases/mask.h), or what a telephone is called by (11 digits of
 * a mobile, 10 to 12 with an area code, or either with 86 before it): a person is not found by it.
 * It is none of the words: nobody finds a case by a part of it. */
bool terms_number_of(const struct terms_key *key, struct str text, uint64_t *ret);

/* Months since year 0 of a day number. */
uint64_t terms_month(int32_t day);

/* The cell of a point, and with those around it: what lies within 200 m is in one of the nine. */
uint64_t terms_cell(struct geo_point at);
void terms_cells_around(struct geo_point at, uint64_t ret[TERMS_CELLS_AROUND]);

/* How many terms of a are in b. O(a·b). */
unsigned terms_common(const struct terms *a, const struct terms *b);

#endif
