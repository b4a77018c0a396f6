/* One step of a case: a command by an actor, or the timer, at an instant. The whole decision: which
 * transition, which clocks and instants, who is told, what counts in the figures. Depends on
 * clock.h, route.h. Pure. O(transitions + clocks). What it gives is written into an entry as it is.
 */
#ifndef LIREN_CASES_STEP_H
#define LIREN_CASES_STEP_H

#include "cases/clock.h"
#include "cases/route.h"

/* What happened to a case once, for the figures. Bits; their values stand in entries. */
enum case_mark {
	CASE_MARK_OPENED = 1,
	CASE_MARK_CLOSED = 2,          /* taken back by "not solved" */
	CASE_MARK_SUSPENDED = 4,
	CASE_MARK_DUE = 8,             /* the lead unit's clock is counted; anew for a new unit */
	CASE_MARK_CONTACTED = 16,
	CASE_MARK_CONTACTED_IN_TIME = 32,
	CASE_MARK_REPEATED = 64,
	CASE_MARK_LEARNT = 256,        /* its words count for its category */
	CASE_MARK_SUPERVISED = 512,    /* an order on it waits for its answer */
	CASE_MARK_ON_SPOT = 128,       /* neither opened nor not opened */
	CASE_MARK_IMPORTED = 1024,     /* another office's record, brought in from a file */
	CASE_MARK_ADOPTED = 2048,      /* and taken over here: from then on it is as any other */
	CASE_MARK_NUMBERED = 4096,     /* another office's number of it is in the search index */
};

enum case_figure {
#define FIGURE(symbol, name, zh, en) CASE_FIGURE_##symbol,
#include "cases/figure_table.h"
#undef FIGURE
	CASE_FIGURE_COUNT
};

#define CASE_FIGURE(symbol) (UINT64_C(1) << CASE_FIGURE_##symbol)

const char *case_figure_name(enum case_figure f);
const char *case_figure_words(enum case_figure f, enum lang lang);

#define CASE_PARTS_MAX CASES_JOINT_MAX /* of one case */

/* What a joint unit has to do: its own limit, its own result. One part a unit. */
struct case_part {
	unsigned unit;
	int32_t until_day;
	bool is_done;
};

/* A case as decisions see it. About 4 KiB. */
struct case_now {
	struct case_rec rec;
	struct case_clocks clocks;
	uint64_t conditions; /* of the site */
	unsigned marks;
	struct case_part parts[CASE_PARTS_MAX];
	unsigned parts_n;
};

/* Of another office, and nobody here took it over: it stands beside its type's lifecycle. No clock
 * of it runs, nothing of it counts, and all that can be done is to take it over, or to record that
 * its source closed it. */
static inline bool case_marks_wait(unsigned marks)
{
	return (marks & (CASE_MARK_IMPORTED | CASE_MARK_ADOPTED)) == CASE_MARK_IMPORTED;
}

/* These two, and such a case takes no other; nor any other case these. */
static inline bool case_is_beside(enum cases_command command)
{
	return command == CASES_COMMAND_ADOPT || command == CASES_COMMAND_SOURCE_CLOSED;
}

struct case_setting {
	const struct cases_book *book;
	const struct cases_type *type;
	/* the table that the case was opened under; the value of a category field is an index of it
	 */
	const struct cases_categories *categories;
	const struct calendar *calendar;
	unsigned route_lead; /* unit by the responsibilities, or CASES_NONE: nobody asked */
	const struct cases_route *route; /* the same in full: whom it asks along; NULL: nobody */
	bool is_repeat;      /* of a matter, or of a place, that was closed before */
	int64_t now_us;
};

struct case_wish {
	enum cases_command command;
	const struct case_fill *fills;
	unsigned fills_n;
	uint64_t conditions_set, conditions_cleared;
};

/* What a step came to. */
struct case_stepped {
	enum case_refusal refusal;
	unsigned transition; /* taken, or the one that came closest; CASES_NONE */
	unsigned field;      /* what is wrong about it, or CASES_NONE; of CASE_TOO_LATE a clock */
	uint64_t clocks;     /* that changed in any way */
	uint64_t escalated;  /* clocks that went up a level */
	uint64_t tells;      /* roles, of the chain of levels that the lead unit belongs to */
	unsigned owner;      /* role that must act now, likewise; CASES_NONE: it is at an end */
	uint64_t figures;    /* CASE_FIGURE(…) */
	bool is_late;        /* the timer came late */
};

/* Is the case a drill? Then nothing of it counts. */
bool case_is_drill(const struct cases_type *type, const struct case_rec *rec);

/* 1 … 4; 3 where nobody said. */
unsigned case_priority(const struct cases_type *type, const struct case_rec *rec);

/* The category, or NULL. */
const struct cases_category *case_category(const struct case_setting *s,
					   const struct case_rec *rec);

/* The unit in a field of kind unit that has a meaning, or CASES_NONE. */
unsigned case_unit(const struct cases_type *type, const struct case_rec *rec,
		   enum cases_known field);

/* A report handed in becomes a case in its first state. Where it is refused *ret is not touched. */
void case_hand_in(const struct case_setting *s, const struct case_actor *actor,
		  const struct case_fill *fills, unsigned n, struct case_now *ret,
		  struct case_stepped *ret_step);

/* Another office's record becomes a case: where the type is taken over from (a transition `adopt`
 * leaves its first state), or, closed, at the end that `source_closed` leads to from there. No
 * clock runs and nothing counts. It may fill what a report may, and the category; nothing must be
 * filled in. CASE_NOT_HERE: the type takes no such record. Where it is refused *ret is not touched.
 */
void case_import(const struct case_setting *s, bool is_closed, const struct case_fill *fills,
		 unsigned n, struct case_now *ret, struct case_stepped *ret_step);

/* Its source says that it is closed there, of one that waits to be taken over. */
void case_import_close(const struct case_setting *s, struct case_now *c,
		       struct case_stepped *ret);

/* A command. Where it is refused, *c is left byte for byte as it was. */
void case_step(const struct case_setting *s, const struct case_actor *actor,
	       const struct case_wish *wish, struct case_now *c, struct case_stepped *ret);

/* What is due at now: the transition that the timer may do, else one level of escalation for every
 * clock that is due. CASE_NOT_HERE: nothing is due. Call again until then, at most
 * CASES_CLOCKS_MAX times. */
void case_step_timer(const struct case_setting *s, struct case_now *c, struct case_stepped *ret);

/* Within the engine: what a step counts. before is the case as it was (NULL: handed in); sets marks
 * of *after. */
uint64_t case_figures(const struct case_setting *s, const struct case_now *before,
		      unsigned transition, uint64_t escalated, struct case_now *after);

#endif
