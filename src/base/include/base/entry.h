/* The canonical entry writer: JSON of one spelling only. Objects with strictly ascending ASCII
 * keys, integers within +-(2^53 - 1), UTF-8 strings with the escapes of RFC 8785, no white space,
 * at most ENTRY_BYTES_MAX. A mistake (order, depth, a wrong string, no room) is sticky and is told
 * by entry_writer_end. Pure, O(bytes). */
#ifndef LIREN_BASE_ENTRY_H
#define LIREN_BASE_ENTRY_H

#include "base/buf.h"
#include "base/err.h"

#define ENTRY_BYTES_MAX 32768u
#define ENTRY_DEPTH_MAX 8u
#define ENTRY_INT_MAX 9007199254740991 /* 2^53 - 1: exact in every JSON reader */

struct entry_writer {
	struct buf out;
	unsigned depth;
	bool wrong; /* sticky: something was not canonical */
	bool want_value;
	struct {
		bool is_array;
		bool any;
		size_t key_at, key_n; /* the last key, within out */
	} level[ENTRY_DEPTH_MAX];
};

/* Begin with an open object. `memory` of `cap` bytes (at most ENTRY_BYTES_MAX are used) is the
 * caller's. */
void entry_writer_begin(struct entry_writer *w, char *memory, size_t cap);
void entry_key_str(struct entry_writer *w, struct str key); /* printable ASCII */
static inline void entry_key(struct entry_writer *w, const char *key)
{
	entry_key_str(w, str_of(key));
}
void entry_int(struct entry_writer *w, int64_t v);
void entry_bool(struct entry_writer *w, bool v);
void entry_str(struct entry_writer *w, struct str v);
void entry_hex(struct entry_writer *w, const void *bytes, size_t n); /* as lower-case hex */
void entry_b64(struct entry_writer *w, const void *bytes, size_t n); /* as padded base64 */
void entry_object(struct entry_writer *w);
void entry_array(struct entry_writer *w);
void entry_close(struct entry_writer *w); /* the innermost object or array */

/* Close the outermost object and give the text, within the caller's memory. ERR_TOO_LARGE over the
 * cap, ERR_BAD_INPUT where a string was not UTF-8 or a number out of range. */
enum err entry_writer_end(struct entry_writer *w, struct str *ret) MUST_CHECK;

#endif
