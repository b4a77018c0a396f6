/* The number of a case that is said on the phone: day, counter of the day, check character, as
 * "261127-0042-X". The check is ISO 7064 MOD 11-2 over day and counter, as on the identity cards
 * that people know: it finds every wrong digit and every two that change places. Kept as
 * day << 20 | counter. It opens only the public view. Pure. */
#ifndef LIREN_SERVICE_CASE_NUMBER_H
#define LIREN_SERVICE_CASE_NUMBER_H

#include "base/buf.h"

#define CASE_NUMBER_BYTES_MAX 24u
#define CASE_COUNTER_MAX 999999u

static inline uint64_t case_number(int32_t day, uint64_t counter)
{
	return (uint64_t)(uint32_t)day << 20 | counter;
}

/* Days from 2000 to 2099 have a spelling. */
void case_number_put(uint64_t number, struct buf *out);

/* As people type it: with or without hyphens and blanks, x or X. False where it is none, or the
 * check does not hold. */
bool case_number_parse(struct str text, uint64_t *ret);

#endif
