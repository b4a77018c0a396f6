/* What a list shows of an open case beside its row of the queue: when it was handed in, the clock
 * whose end sorts it, its place in words. Reads only; O(one case). */
#ifndef LIREN_SERVICE_CASE_LINE_H
#define LIREN_SERVICE_CASE_LINE_H

#include "base/arena.h"
#include "db/db.h"

struct case_line {
	int64_t handed_in_us; /* when it happened */
	uint64_t number, type_n;
	struct str due_clock;   /* of those that run, one that ends at due_us; empty: none */
	struct str place_title; /* empty: no place, or its texts are not public */
};

/* due_us: the end that sorts the case, as its row of the queue has it; 0: its clock is not asked
 * for. Texts are in the arena, which needs CASE_LINE_ARENA_BYTES. ERR_NOT_FOUND. */
#define CASE_LINE_ARENA_BYTES 4096u
enum err case_line(struct db *db, uint64_t id, int64_t due_us, struct arena *a,
		   struct case_line *ret) MUST_CHECK;

#endif
