/* One move of a case: what a command by an actor makes of it, by its type. The only function that
 * changes a state. Depends on model.h. Pure. O(transitions). Instants are not its matter: it says
 * which clocks begin, wait, go on and end. */
#ifndef LIREN_CASES_MOVE_H
#define LIREN_CASES_MOVE_H

#include "base/err.h"
#include "cases/model.h"

#define CASE_SIGNERS_MAX 48u /* names under all actor fields of a case together */

/* Somebody who stands in an actor field. */
struct case_signer {
	uint64_t handle; /* of this case */
	unsigned field;
};

/* What a field holds: the index of a choice; 1 and 0 for yes and no; a number or count; a civil
 * day; an instant in UTC µs. Of other kinds only that it is filled counts here. */
struct case_rec {
	unsigned state; /* index */
	uint64_t filled;
	int64_t value[CASES_FIELDS_MAX];
	struct case_signer signers[CASE_SIGNERS_MAX]; /* in the order in which they signed */
	unsigned signers_n;
	uint64_t clocks_running, clocks_paused; /* sets */
	uint64_t clocks_stopped;		/* do not run again until started */
	uint64_t clocks_over; /* of those running: past their end; set by who knows the time */
};

struct case_actor {
	unsigned role; /* index in the book; CASES_NONE: the timer */
	uint64_t handle;
};

struct case_fill {
	unsigned field;
	int64_t value;
};

struct case_command {
	enum cases_command command;
	const struct case_fill *fills;
	unsigned fills_n;
	const struct case_fill *defaults; /* for fields that must be filled and are not */
	unsigned defaults_n;
	bool is_alone; /* no level above is connected: who stands in for it may act */
};

enum case_refusal {
	CASE_MOVED,
	CASE_NOT_HERE,      /* no such command in this state */
	CASE_NOT_THIS_ROLE, /* there is, for another role */
	CASE_NOT_FILLED,    /* a field that must be filled is not */
	CASE_NOT_ITS_FIELD, /* a field is filled that is not asked for, or with what it cannot hold
			     */
	CASE_TOO_LATE,      /* a clock it must come before is over, or does not run */
	CASE_GUARDED,       /* a condition does not hold */
	CASE_OWN_WORK,      /* the checker is the doer */
	CASE_SIGNERS_FULL,
	CASE_NO_DATE, /* a date is past or too far, or the calendar does not reach it */
};

struct case_moved {
	unsigned transition;                   /* the one that was taken, or came closest */
	unsigned field; /* what is wrong about it (of CASE_TOO_LATE: the clock), or CASES_NONE */
	uint64_t began, waits, goes_on, ended; /* clocks */
};

/* What an actor of this role may do now, if it fills in what is asked for: indices of transitions,
 * in their order. A guard on a field that the transition itself fills is left open. The timer's are
 * nobody's. `ret` has room for CASES_TRANSITIONS_MAX; the number of them. */
unsigned case_ways(const struct cases_type *type, const struct case_actor *actor,
		   const struct case_rec *rec, unsigned *ret);

/* A case as it is handed in: the start state, its fields filled, counts at 0, the clocks of the
 * state running. `fills` give what the type's start_fields ask for, and what start_may lets in;
 * actors are signed by `actor`. The type has passed the proofs, here and below. */
enum case_refusal case_begin(const struct cases_type *type, const struct case_actor *actor,
			     const struct case_fill *fills, unsigned n, struct case_rec *ret,
			     struct case_moved *ret_moved);

/* A case of another office in `state`, beside the lifecycle: the same fields and the category may
 * be filled, none must be; no clock runs. *ret_field: of a refusal. */
enum case_refusal case_begin_beside(const struct cases_type *type, unsigned state,
				    const struct case_fill *fills, unsigned n,
				    struct case_rec *ret, unsigned *ret_field);

/* The first transition of that command that fits is taken. Where none does, the refusal is that of
 * the one that came furthest, and *rec is left byte for byte as it was. */
enum case_refusal case_move(const struct cases_type *type, const struct case_actor *actor,
			    const struct case_command *command, struct case_rec *rec,
			    struct case_moved *ret_moved);

#endif
