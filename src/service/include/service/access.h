/* What the policy in force decides about one case: its facts by the case as it is now, which of its
 * fields a role sees, and why. Depends on trust/policy.h. Whoever opens personal fields writes a
 * look first (look_order.h); this only tells. */
#ifndef LIREN_SERVICE_ACCESS_H
#define LIREN_SERVICE_ACCESS_H

#include "cases/shelf.h"
#include "service/case_order.h"
#include "service/reader.h"
#include "service/case_parties.h"
#include "trust/policy.h"

/* Who asks, as far as the record itself can tell: an account, or whoever holds a secret. */
struct access_person {
	struct str account;    /* empty: none */
	const uint8_t *secret; /* SEAL_SECRET_BYTES; NULL: none */
	uint64_t follower; /* whose secret it is: entry by which they joined; 0: the reporter's */
};

/* Points into itself: do not copy. */
struct access_facts {
	struct policy_case about;
	struct str joint_units[CASE_PARTS_MAX];
	char area[CASES_NAME_BYTES_MAX];
	char told[CASE_TOLD_BYTES_MAX];
	bool is_erased;
};

/* The facts of a case. A wrong secret, or another's account, gives nothing: is_reporter and
 * is_follower stay false. ERR_NOT_FOUND; ERR_INTERNAL where the case does not fit the files in
 * force; ERR_KEYS on a reader without secrets where the person is asked for. `who` may be NULL.
 * Texts of *ret are views of the shelf and of *ret. */
enum err access_case(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
		     const struct access_person *who, struct access_facts *ret) MUST_CHECK;

/* Does the case type let the role see the field? Of the other chain of levels, too, where the unit
 * that leads belongs to it (`lead_unit`: index or CASES_NONE). */
bool access_sees(const struct cases_book *book, const struct cases_field *field, struct str role,
		 unsigned lead_unit);

/* Would a look of this post, for the purpose of the case's type, open the field now (OPEN_FIELDS by
 * policy, and the type lets the role see it)? As the writer decides a look, but by the post alone,
 * and nothing is opened or written. False where the case has no such field filled in, is erased, or
 * does not fit the files in force. ERR_NOT_FOUND. */
enum err access_opens(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
		      const struct policy_actor *actor, struct str field, int64_t now_us,
		      bool *ret) MUST_CHECK;

/* "Why?" for an action on a case: the sentences of policy_why with the facts of the case as it is
 * now. request->about is filled in here. `out` needs POLICY_WHY_BYTES_MAX. *ret_permit may be NULL.
 * Errors as access_case. */
enum err access_why(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
		    const struct policy_actor *actor, const struct access_person *who,
		    const struct policy_request *request, enum lang lang, struct buf *out,
		    bool *ret_permit) MUST_CHECK;

/* A refusal as a problem: field `role`, the rule that came closest, who may, what to do. Gives
 * ERR_FORBIDDEN. */
enum err access_refuse(const struct policy *p, const struct policy_request *request,
		       const struct policy_decision *decision, struct problem *ret) MUST_CHECK;

#endif
