/* The canonical entry reader: what the writer (entry.h) writes, and nothing else, as a tree. What
 * is spelt otherwise (white space, keys out of order, a fraction, an escape that need not be) is no
 * entry. O(bytes); a member is found in O(members). */
#ifndef LIREN_BASE_ENTRY_READ_H
#define LIREN_BASE_ENTRY_READ_H

#include "base/err.h"
#include "base/str.h"

enum entry_type { ENTRY_INT, ENTRY_BOOL, ENTRY_STR, ENTRY_OBJECT, ENTRY_ARRAY };

/* One value; its members follow it, those of an object each behind its key. */
struct entry_value {
	enum entry_type type;
	unsigned size;  /* members or elements */
	unsigned after; /* so many values on stands the next one beside it */
	struct str text; /* of a string */
	int64_t number;  /* of an integer; of a boolean 0 or 1 */
};

/* Bytes that reading `text` needs, aligned for any object. */
size_t entry_read_room(struct str text);

/* The root of `text`, in `memory` of so many bytes; both must outlive it. ERR_CORRUPT where it is
 * not canonical. */
enum err entry_read(struct str text, void *memory, const struct entry_value **ret) MUST_CHECK;

/* NULL stands for what is not there: it is of no type and has no members. */
const struct entry_value *entry_get(const struct entry_value *object, const char *key);
const struct entry_value *entry_at(const struct entry_value *array,
				   size_t i); /* O(1) of plain values, else O(i) */

static inline bool entry_is(const struct entry_value *v, enum entry_type type)
{
	return v && v->type == type;
}

static inline size_t entry_size(const struct entry_value *v)
{
	return v ? v->size : 0;
}

/* Walks: `for (v = entry_first(of); v; v = entry_next(of, v))`; of an object v is the value, and
 * its key is entry_key_of(v). */
const struct entry_value *entry_first(const struct entry_value *of);
const struct entry_value *entry_next(const struct entry_value *of, const struct entry_value *v);

static inline struct str entry_key_of(const struct entry_value *member)
{
	return member[-1].text;
}

#endif
