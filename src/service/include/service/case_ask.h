/* Who somebody is in a case - its reporter, a follower, somebody who acted on it - and what they
 * may do with it now. Reads only; decides as the writer will, which asks everything again. O(one
 * case). Depends on cases/shelf.h. */
#ifndef LIREN_SERVICE_CASE_ASK_H
#define LIREN_SERVICE_CASE_ASK_H

#include "cases/shelf.h"
#include "service/case_order.h"
#include "service/reader.h"

/* By what somebody shows who they are. */
struct case_shown {
	enum case_hand_kind hand;
	struct str account;                /* of CASE_HAND_ACCOUNT */
	uint8_t secret[SEAL_SECRET_BYTES]; /* of CASE_HAND_SECRET */
	uint64_t follower;                 /* whose secret it is; 0: the reporter's */
};

struct case_standing {
	bool reports, follows; /* by that account or secret; never both */
	uint64_t follower;     /* the entry that they joined by */
	bool acted;            /* this account did something on it before */
	uint8_t handle[HANDLE_BYTES]; /* theirs in this record; zero without key */
};

/* ERR_NOT_FOUND; ERR_FORBIDDEN: the secret is another one's; ERR_GONE: the record was erased, and
 * nobody is anybody in it. ERR_KEYS on a reader without secrets. */
enum err case_standing_of(struct reader *r, uint64_t id, const struct case_shown *shown,
			  struct case_standing *ret) MUST_CHECK;

/* Transitions that an actor of the role may do now if it fills in what they ask for (case_ways):
 * indices of *ret_type's; `ret` has room for CASES_TRANSITIONS_MAX. None of a case that is at an
 * end. handle: its own in the record, or zeroes. ERR_NOT_FOUND; ERR_INTERNAL where the case does
 * not fit the files. */
enum err case_next(struct db *db, const struct cases_shelf *shelf, uint64_t id, struct str role,
		   const uint8_t handle[HANDLE_BYTES], int64_t now_us,
		   const struct cases_type **ret_type, unsigned *ret, unsigned *ret_n) MUST_CHECK;

#endif
