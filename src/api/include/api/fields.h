/* Fields of requests that take more than a comparison. Pure; depends on base/str.h. O(bytes). */
#ifndef LIREN_API_FIELDS_H
#define LIREN_API_FIELDS_H

#include "base/str.h"

/* Does Accept-Encoding take gzip (RFC 9110, section 12.5.3)? Named, as x-gzip too, or by "*", with
 * a weight that is not zero; a name counts before "*". An empty or absent field does not. */
bool field_takes_gzip(struct str accept_encoding);

/* Is `etag` in If-None-Match (RFC 9110, section 13.1.2), by the weak comparison, or is the field
 * "*"? */
bool field_lists_etag(struct str if_none_match, struct str etag);

/* The first cookie of that name in Cookie (RFC 6265, section 4.2.1), without blanks and quotes
 * around it; empty: there is none. */
struct str field_cookie(struct str cookies, struct str name);

/* Decode %XX within z, in place; the new length. %00 stays as it is written, because no path or
 * number has a NUL and what lies behind one must not be lost; so does what is no %XX. */
size_t field_unescape(char *z);

#endif
