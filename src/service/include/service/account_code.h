/* Codes on paper: a sheet has a number (the entry that made it) and ten codes, each good once. A
 * code is nine characters of Crockford's base 32, drawn evenly (45 bits), and one that checks them:
 * a mistyped character or two neighbours that changed places are told before anything is tried.
 * Pure, but for the entropy that is handed in. */
#ifndef LIREN_SERVICE_ACCOUNT_CODE_H
#define LIREN_SERVICE_ACCOUNT_CODE_H

#include "base/entropy.h"
#include "base/str.h"

#define CODE_SHEET_CODES 10u
#define CODE_CHARS 10u
#define CODE_TEXT_BYTES (CODE_CHARS + 1u) /* as printed: five, a dash, five */

/* A new code as it is printed, NUL-terminated. */
void account_code_draw(const struct entropy *entropy, char ret_text[CODE_TEXT_BYTES + 1]);

/* Read one as somebody types it: either case, O for 0, I and L for 1, dashes and spaces passed
 * over. False where it is none, or its check does not fit. ret: the ten characters. */
bool account_code_parse(struct str text, char ret[CODE_CHARS]);

#endif
