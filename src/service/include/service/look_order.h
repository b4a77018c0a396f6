/* What a command to look at personal fields of a case carries. The policy decides in the writer, by
 * the case as it then is; the look is an entry; and only after its COMMIT are the texts opened
 * (looks_open in looks.h). Whoever reads their own record writes no look (looks_open_own). Depends
 * on trust/policy.h. */
#ifndef LIREN_SERVICE_LOOK_ORDER_H
#define LIREN_SERVICE_LOOK_ORDER_H

#include "base/problem.h"
#include "trust/policy.h"

#define LOOK_FIELDS_MAX 32u

struct look_field {
	struct str field; /* of the case type: a text, or a photo */
	uint64_t n;       /* entry in which it stands; 0: the newest. Answer: the entry */
	/* answer */
	enum policy_reason reason; /* POLICY_PERMITTED: it is open now */
	bool is_away;              /* the case has none there; reason says nothing */
};

struct look_order {
	/* who, in which post: an account. That it has the post was checked by the adapter */
	struct str account, role, unit; /* account: at most HANDLE_ACCOUNT_MAX */
	const struct str *areas;
	unsigned areas_n;
	uint64_t id; /* the case */
	struct str purpose;
	struct look_field *fields; /* each once; the maker's memory, answered in place */
	unsigned fields_n;         /* 1 … LOOK_FIELDS_MAX */
	/* answer: of those asked for; what is not permitted is left out of the look. None: refused,
	 * with the rule of the first one and who may */
	unsigned ret_opened;
	unsigned ret_obligations;
	struct problem problem;
};

#endif
