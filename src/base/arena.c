/* Arenas: a moving pointer with marks. */
#include "base/arena.h"

#include "base/check.h"

#define ARENA_ALIGN 16u

void arena_init(struct arena *a, void *memory, size_t cap)
{
	CHECK((uintptr_t)memory % ARENA_ALIGN == 0);
	*a = (struct arena){memory, 0, cap, false, NULL};
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t at = (a->n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;

	if (a->over || at > a->cap || n > a->cap - at) {
		a->over = true;
		return NULL;
	}
	a->n = at + n;
	memset(a->p + at, 0, n);
	return a->p + at;
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (!p)
		return (struct str){NULL, 0};
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->n, a->over};
}

void arena_reset(struct arena *a, struct arena_mark mark)
{
	CHECK(mark.n <= a->n);
	a->n = mark.n;
	a->over = mark.over;
}
