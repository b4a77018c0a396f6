/* Messages for people, in Chinese and English, from one table (msg_table.h). A sentence may hold
 * {0} … {9}, which stand for arguments. Depends on buf.h. Pure, O(bytes). */
#ifndef LIREN_BASE_MSG_H
#define LIREN_BASE_MSG_H

#include "base/buf.h"

#define MSG_ARGS_MAX 10u
#define MSG_ACCEPT_RANGES_MAX                                                                      \
	32u /* language ranges looked at in an Accept-Language field; the rest is passed over */

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

enum msg {
#define MSG(symbol, zh, en) MSG_##symbol,
#include "base/msg_table.h"
#undef MSG
	MSG_COUNT
};

/* The sentence as it stands in the table. Never NULL; `msg` and `lang` are rows of theirs (a bug
 * otherwise). */
const char *msg_text(enum msg msg, enum lang lang);

/* Append the sentence with args[0 .. n) in the places of {0} … ; a place without an argument is
 * left as it is, so that the mistake can be seen. */
void msg_put(struct buf *out, enum msg msg, enum lang lang, const struct str *args, unsigned n);

/* The language an Accept-Language field asks for (RFC 9110 section 12.5.4): of zh and en the one
 * with the higher weight, the earlier one where they are equal. A range counts by its first subtag,
 * so zh-Hant asks for zh. What cannot be read is passed over; without anything to go by it is zh.
 */
enum lang lang_from_accept(struct str accept_language);

/* "zh" or "en", as used in Content-Language and in files. */
const char *lang_tag(enum lang lang);

#endif
