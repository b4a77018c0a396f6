/* The data of an entry `look`: who looked at which personal fields of a case, and for what. The
 * text is not in it. Depends on journal/kind.h. */
#ifndef LIREN_SERVICE_KIND_LOOK_H
#define LIREN_SERVICE_KIND_LOOK_H

#include "journal/kind.h"
#include "service/look_order.h"

#define LOOK_RULES_MAX 8u

/* A field in an entry of the case. */
struct look_at {
	struct str field;
	uint64_t n;
};

struct look {
	uint64_t case_id;
	bool is_exceptional;
	struct look_at at[LOOK_FIELDS_MAX]; /* ascending by field, then by entry; none twice */
	unsigned at_n;
	uint64_t policy_n; /* entry of the policy.yaml that decided */
	struct str purpose;
	struct str rules[LOOK_RULES_MAX]; /* that permitted, ascending */
	unsigned rules_n;
	bool has_hand; /* the first act of this actor in the case: the account, sealed */
	struct sealed hand;
};

void look_encode(struct entry_writer *w, const void *data);
enum err look_decode(const struct entry_value *data, struct arena *a, const void **ret) MUST_CHECK;
enum err look_apply(struct db *db, const struct entry_head *head, const void *data) MUST_CHECK;

#endif
