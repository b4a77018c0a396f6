/* Which units have a part in a case beside the one that leads it: those with a joint part, and
 * those that were told of it when it was dispatched. As the document of its row says; lists, live
 * changes and the policy read it here. Depends on kind_case.h. O(lines from m on). */
#ifndef LIREN_SERVICE_CASE_PARTIES_H
#define LIREN_SERVICE_CASE_PARTIES_H

#include "service/kind_case.h"

#define CASE_PARTIES_BYTES_MAX (CASE_PARTS_MAX * (CASES_NAME_BYTES_MAX + 1u))
#define CASE_TOLD_BYTES_MAX (CASES_UNITS_MAX * (CASES_NAME_BYTES_MAX + 1u))
#define CASE_TOLD "told" /* line m:told of the document */

/* Codes parted by blanks. */
struct case_parties {
	struct str joint, told; /* joint: within; told: of the document */
	char memory[CASE_PARTIES_BYTES_MAX];
};

/* *ret points into itself and into the document. */
void case_parties_of(struct str doc, struct case_parties *ret);

#endif
