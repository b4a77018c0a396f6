/* The named clocks of a case as instants: when each began, when it ends, what is left of one that
 * waits, and whom it calls next. move.h says which clocks begin, wait, go on and end; here that
 * becomes time. Depends on move.h and base/calendar.h. Pure. O(clocks). */
#ifndef LIREN_CASES_CLOCK_H
#define LIREN_CASES_CLOCK_H

#include "cases/move.h"

/* A timer that comes later than this is marked late, and the next level counts from now. */
#define CASE_LATE_US INT64_C(60000000)

enum case_run { CASE_RUN_NONE, CASE_RUN_RUNS, CASE_RUN_WAITS, CASE_RUN_ENDED, CASE_RUN_COUNT };

/* Which word decided the limit: cases.md, "Which word wins". */
enum case_limit_by {
	CASE_BY_NONE, /* no limit: the reporter's clock */
	CASE_BY_CATEGORY,
	CASE_BY_TYPE,
	CASE_BY_DESK,
	CASE_BY_FIELD,
	CASE_BY_COUNT
};

/* Instants in UTC µs; 0: none. */
struct case_clock {
	enum case_run run;
	enum case_limit_by by;
	enum time_unit unit; /* of the limit: how it counts, and what a further level gets */
	uint32_t amount;     /* 0: the limit is no span */
	int64_t from_us;
	int64_t due_us;
	int64_t first_due_us; /* before any extension */
	int64_t left_us;      /* of one that waits: working time for wh and wd, else elapsed */
	int64_t ended_us;
	int64_t next_us; /* when the timer looks at it; 0: nobody is left to be told */
	unsigned level;  /* of the escalation: how many were told */
};

struct case_clocks {
	struct case_clock at[CASES_CLOCKS_MAX];
};

/* What the limits of a case depend on. */
struct case_terms {
	const struct cases_book *book;
	const struct cases_type *type;
	const struct cases_category *category; /* NULL: not known yet */
	const struct calendar *calendar;
	unsigned priority;   /* 1 … 4 */
	uint64_t conditions; /* of the site, bits by the category table's list */
	int64_t now_us;
};

/* The limit of a clock, or NULL where it has none here; *ret_by says whose word it is. */
const struct cases_limit *case_limit_of(const struct case_terms *t, unsigned clock,
					enum case_limit_by *ret_by);

/* Carry out a move: rec is the case after it. A clock without a limit here does not run: it is
 * taken out of rec->clocks_running. ERR_BAD_INPUT, ERR_TOO_LARGE where the calendar cannot tell;
 * then the clocks are half done. */
enum err case_clocks_move(const struct case_terms *t, const struct case_moved *moved,
			  struct case_rec *rec, struct case_clocks *clocks) MUST_CHECK;

/* The clocks of `set` end at the close of business of a local day instead. */
enum err case_clocks_until(const struct case_terms *t, uint64_t set, int32_t day,
			   struct case_clocks *clocks) MUST_CHECK;

/* Limits by category and desk again, after a site condition or the priority changed. A clock of the
 * state that has a limit only now begins; one that has none any more does not run. Limits
 * count from when the clock began; a shorter one that the condition brings from now, and not beyond
 * what it replaces. */
enum err case_clocks_again(const struct case_terms *t, struct case_rec *rec,
			   struct case_clocks *clocks) MUST_CHECK;

/* Running clocks whose end is reached. */
uint64_t case_clocks_over(const struct cases_type *type, const struct case_clocks *clocks,
			  int64_t now_us);

/* The earliest end of a running clock, reached or not, that somebody must meet: a clock that only
 * bounds a right, such as handing back, makes nothing late. And the earliest instant at which the
 * timer must look at the case; 0: none. */
int64_t case_clocks_due(const struct cases_type *type, const struct case_clocks *clocks);
int64_t case_clocks_next(const struct cases_type *type, const struct case_clocks *clocks);

/* One level further for a clock that is over: whom to tell is escalation.v[level - 1]. */
enum err case_clock_escalate(const struct case_terms *t, unsigned clock,
			     struct case_clocks *clocks) MUST_CHECK;

#endif
