/* How the time of a case went, as its entries tell it: the reporter's clock and the unit's with
 * their limits, pauses and moved dates; each level that the timer went up; each hand-back and what
 * came of it. From entries and the files alone, also after the case has ended; no personal text.
 * Depends on cases/shelf.h, kind_case.h. Pure. O(1) an entry. */
#ifndef LIREN_SERVICE_CASE_COURSE_H
#define LIREN_SERVICE_CASE_COURSE_H

#include "base/arena.h"
#include "cases/shelf.h"
#include "service/kind_case.h"

#define CASE_COURSE_ENTRIES_MAX 1000u /* of one case that are looked at */
#define CASE_COURSE_RUNS_MAX 32u      /* of one clock, as its pauses */
#define CASE_COURSE_DATES_MAX 16u
#define CASE_COURSE_LEVELS_MAX 64u
#define CASE_COURSE_BACKS_MAX 8u
#define CASE_COURSE_ARENA_BYTES 32768u /* of the names */

/* A clock that the timer took one level up. */
struct case_level {
	struct str clock, role; /* who was told: of the chain of levels of the lead unit */
	unsigned level;
	int64_t due_us, over_us; /* when its limit ran out, and how long over it was */
	enum time_unit unit;
	uint32_t amount; /* of the limit; 0: it was a date, no span */
};

/* Those of one entry: none where it is no escalation. `type`: of the case; NULL: none. */
unsigned case_levels(const struct cases_shelf *shelf, const struct cases_type *type,
		     const struct case_entry *e, int64_t at_us,
		     struct case_level ret[CASES_CLOCKS_MAX]);

/* From where a clock began to where it ended or began anew (0: it still runs). */
struct case_run_told {
	struct str unit; /* that led; may be empty */
	int64_t from_us, due_us, first_due_us, ended_us;
	enum time_unit in;
	uint32_t amount; /* of the limit, in that unit; 0: none, or no span */
};

struct case_pause_told {
	struct str state; /* in which it stood still */
	int64_t from_us, to_us; /* 0: it still does */
};

struct case_date_told {
	struct str command; /* that moved it: extend, or one that brought another limit */
	int64_t at_us, from_us, to_us;
};

struct case_clock_told {
	struct str name; /* empty: the type has no such clock */
	struct case_run_told run[CASE_COURSE_RUNS_MAX];
	struct case_pause_told pause[CASE_COURSE_RUNS_MAX];
	struct case_date_told date[CASE_COURSE_DATES_MAX];
	unsigned runs_n, pauses_n, dates_n;
	/* within */
	struct case_clock later;
	bool has_later;
	int64_t later_at_us;
	struct str later_command;
};

struct case_level_told {
	uint64_t n; /* the entry */
	int64_t at_us;
	struct case_level level;
};

enum case_verdict {
	CASE_VERDICT_OPEN,
	CASE_VERDICT_UPHELD,
	CASE_VERDICT_REFUSED,
	CASE_VERDICT_NONE
};

struct case_back_told {
	uint64_t n;
	int64_t at_us, decided_us; /* 0: not yet */
	struct str unit, reason, proposed, to;
	/* of the type: NULL: it has none, or nothing was said. The ground is sealed in entry n */
	const struct cases_field *reason_field, *ground;
	enum case_verdict verdict; /* NONE: something else came of the case before */
};

struct case_course {
	const struct cases_shelf *shelf;
	const struct cases_type *type;
	struct arena *a;
	struct case_clock_told reporter, unit;
	struct case_level_told level[CASE_COURSE_LEVELS_MAX];
	struct case_back_told back[CASE_COURSE_BACKS_MAX];
	unsigned levels_n, backs_n;
	bool is_cut; /* there was more than fits */
	/* within: the entry after this one, and the one that left the state of this one */
	bool has_next, has_left;
	struct str next_state, next_unit, next_command, left_unit, left_command;
	int64_t next_at_us, left_at_us;
};

/* type NULL: only what needs none. The arena has CASE_COURSE_ARENA_BYTES and outlives *c. */
void case_course_init(struct case_course *c, const struct cases_shelf *shelf,
		      const struct cases_type *type, struct arena *a);

/* Entries of one case, the newest first; names are copied. */
void case_course_add(struct case_course *c, uint64_t n, int64_t at_us, const struct case_entry *e);

/* The oldest first from now on. Then nothing is added. */
void case_course_end(struct case_course *c);

#endif
