/* Address text made ready for search: one spelling for what means the same, then cut into tokens.
 * Full-width forms become half-width, capitals small, Latin letters lose their accents, anything
 * that is neither letter nor digit becomes one blank. Chinese writing is kept as it is (no
 * conversion between simplified and traditional). Pure, O(bytes). */
#ifndef LIREN_PLACE_TEXT_H
#define LIREN_PLACE_TEXT_H

#include "base/buf.h"

#define TEXT_TOKEN_BYTES_MAX 64u /* a longer word is one token by its first bytes */

/* Append the normal form of well-formed UTF-8; it is never longer than the text. */
void text_normalise(struct str text, struct buf *out);

/* Append a normal form with Chinese numbers as digits where a counter of addresses follows (号 栋
 * 幢 座 单元 室 层 楼 户 弄): 十二栋 → 12栋, 一〇二室 → 102室. Elsewhere they stand for a name
 * (五一路, 三里) and are kept. True where something changed; both forms are indexed, since a name
 * may end in such a word (八一楼). */
bool text_numbers(struct str normal, struct buf *out);

/* Tokens of a normal form, one by one: words of Latin letters and digits; of Chinese each two
 * neighbouring characters, and the last of a run by itself, so that one character is found as the
 * front of a token. */
struct text_cursor {
	struct str text;
	size_t at;
};

bool text_next_token(struct text_cursor *c, struct str *ret);

/* Does the normal form hold the piece (without blanks), starting where a word starts? A piece that
 * ends within a word matches as its front. */
bool text_has(struct str normal, struct str piece);

#endif
