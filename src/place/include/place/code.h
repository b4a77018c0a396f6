/* Administrative codes of twelve digits: province 2, city 2, district 2, street 3, community 3
 * (GB/T 2260, GB/T 10114 and the statistical code built on them). A level that a code does not
 * reach is zeros. Codes from 99 on are made up: no province has that number, so test places such as
 * Monaco or New York take theirs there (990100000000 and on). Pure, O(1). */
#ifndef LIREN_PLACE_CODE_H
#define LIREN_PLACE_CODE_H

#include "base/str.h"

#define CODE_DIGITS 12u
#define CODE_MADE_UP_MIN UINT64_C(990000000000)
#define CODE_MADE_UP_MAX UINT64_C(999999999999)

enum code_level { CODE_PROVINCE = 1, CODE_CITY, CODE_DISTRICT, CODE_STREET, CODE_COMMUNITY };

/* Exactly twelve digits of a known province (or 99), with no gap above the last level but a missing
 * district, which some cities do without. */
bool code_parse(struct str text, uint64_t *ret);
bool code_ok(uint64_t code);
bool code_is_made_up(uint64_t code);

/* The level that the code reaches; the code is code_ok. */
enum code_level code_level(uint64_t code);

/* The next code above that is a unit of its own; 0 above a province. */
uint64_t code_parent(uint64_t code);

/* Does `code` lie in `area`, or is it the same? */
bool code_within(uint64_t code, uint64_t area);

#endif
