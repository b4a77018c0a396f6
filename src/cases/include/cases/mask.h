/* Numbers that lead to a person, taken out of free text before anything keeps it: vehicle plates,
 * identity numbers, passports and permits, bank cards. Each becomes a fixed mark in brackets. Only
 * what its form or its check digit tells for sure is taken: a house code (25 digits), an
 * administrative code (12), a component's number, a phone number or a date stays. Pure, O(bytes).
 *
 * Plates: GA 36-2018 with new-energy and 港/澳/学/警/挂 plates, armed police (WJ), military with
 * the dot. Embassy plates and those of Hong Kong itself have no form of their own and are not
 * found. Identity numbers: GB 11643-1999, 18 digits by check digit and date, 15 digits by date;
 * Hong Kong identity cards by check digit. Passports and permits: the letter E (E + 8 digits, E +
 * letter + 7 digits; the same for DE, SE, PE), others where 护照, 通行证 or such a word stands
 * before them. Cards: 16 to 19 digits by Luhn (ISO/IEC 7812-1) and the issuer's first digits. */
#ifndef LIREN_CASES_MASK_H
#define LIREN_CASES_MASK_H

#include "base/buf.h"
#include "base/msg.h"

#define MASK_GROWTH 3u /* the result is at most so many times as long as the text */

enum mask_kind { MASK_PLATE, MASK_IDENTITY, MASK_PASSPORT, MASK_CARD, MASK_KIND_COUNT };

struct mask_counts {
	unsigned of[MASK_KIND_COUNT];
};

/* Append `text` (well-formed UTF-8) with everything that is found replaced; the marks are Chinese
 * where the text is. Masking what was masked changes nothing. */
void mask_text(struct str text, struct buf *out, struct mask_counts *ret);

/* Bytes of the mark that stands at `at` of the text; 0 where none does. */
size_t mask_mark_at(struct str text, size_t at);

static inline unsigned mask_total(const struct mask_counts *c)
{
	return c->of[MASK_PLATE] + c->of[MASK_IDENTITY] + c->of[MASK_PASSPORT] + c->of[MASK_CARD];
}

/* What the intake tells whoever wrote the text, where mask_total is not 0. */
void mask_put_told(const struct mask_counts *c, enum lang lang, struct buf *out);

#endif
