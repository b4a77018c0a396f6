/* What a command to import cases carries: records of another office as drafts, each decided by
 * itself, with what became of it. */
#ifndef LIREN_SERVICE_CASE_BATCH_H
#define LIREN_SERVICE_CASE_BATCH_H

#include "service/case_order.h"
#include "service/kind_case.h"

#define CASE_BATCH_MAX 500u /* in one command, and so in one transaction */
#define CASE_DRAFT_FIELDS_MAX 8u /* what a map may set beside category, place and text */

enum case_draft_outcome {
	CASE_DRAFT_ADDED,
	CASE_DRAFT_CLOSED,  /* it waited here to be taken over; its source has closed it since */
	CASE_DRAFT_SAME,    /* it is here already */
	CASE_DRAFT_REFUSED, /* the problem says why */
};

struct case_draft {
	struct case_from from; /* opened_us is given */
	bool is_closed;
	struct str category; /* our code; its type in force is the case's */
	struct str text;     /* personal; empty: none */
	struct case_input field[CASE_DRAFT_FIELDS_MAX]; /* those that the type has are filled in */
	unsigned field_n;
	bool has_at;
	struct geo_point at;
	/* set when decided */
	enum case_draft_outcome outcome;
	bool
	    text_is_left; /* the time for which a text of this closing is kept is over: not taken */
	bool has_place;    /* a building was found for the point */
	uint64_t id;
	unsigned masked; /* plates and numbers that were taken out of its text */
	struct problem problem;
};

struct case_batch {
	struct case_draft *draft;
	unsigned n; /* at most CASE_BATCH_MAX */
};

#endif
