/* Memory with one lifetime: a request or a step. The caller gives the block; allocation moves a
 * pointer; mark and reset free. Overflow is sticky: after it every allocation gives NULL until the
 * arena is reset to a mark taken before it, and `over` tells. O(1) each. */
#ifndef LIREN_BASE_ARENA_H
#define LIREN_BASE_ARENA_H

#include "base/str.h"

struct arena {
	char *p;
	size_t n;
	size_t cap;
	bool over;
	/* Where a reader may put what only it needs, or NULL: into the arena itself. Set by whoever
	 * made the arena. */
	struct arena *scratch;
};

struct arena_mark {
	size_t n;
	bool over;
};

void arena_init(struct arena *a, void *memory, size_t cap);

/* n zeroed bytes aligned for any object, or NULL when the arena is (now) over its cap. */
void *arena_alloc(struct arena *a, size_t n);

/* A copy of s in the arena; {NULL, 0} on overflow. */
struct str arena_copy(struct arena *a, struct str s);

/* Where to put what is needed only while something is read. */
static inline struct arena *arena_scratch(struct arena *a)
{
	return a->scratch ? a->scratch : a;
}

struct arena_mark arena_mark(const struct arena *a);
void arena_reset(struct arena *a, struct arena_mark mark);

#endif
