/* A mail as it goes over the wire: RFC 5322 with encoded words (RFC 2047), text/plain in UTF-8 as
 * base64 (RFC 2045). The same mail is the same bytes each time it is written. Depends on base. Pure,
 * O(bytes). */
#ifndef LIREN_LINK_MAIL_TEXT_H
#define LIREN_LINK_MAIL_TEXT_H

#include "base/buf.h"

#define MAIL_ADDRESS_BYTES_MAX 254u /* RFC 5321: a path of 256 with its brackets */
#define MAIL_BODY_BYTES_MAX 8192u
#define MAIL_WIRE_BYTES_MAX (2u * MAIL_BODY_BYTES_MAX + 4096u)

struct mail {
	struct str from, to; /* mail_address_fits */
	struct str subject; /* UTF-8 without control characters */
	struct str id; /* of the Message-ID, without brackets; letters, digits, dots, one @ */
	int64_t at_us; /* of the Date, UTC */
	struct str body; /* UTF-8, lines end with \n; at most MAIL_BODY_BYTES_MAX */
};

/* Can this stand between < and > in a command and in a header as it is? ASCII without blanks, control
 * characters and what RFC 5322 gives a meaning, and one @ with something on both sides. */
bool mail_address_fits(struct str address);

/* Lines end with CRLF. out->over where it has less room than MAIL_WIRE_BYTES_MAX and needs it. */
void mail_put(const struct mail *m, struct buf *out);

#endif
