/* Within the service: the facts of a case that is loaded already. */
#ifndef LIREN_SERVICE_ACCESS_FACTS_H
#define LIREN_SERVICE_ACCESS_FACTS_H

#include "case_file.h"
#include "service/access.h"

/* Of nobody in particular: is_reporter and is_follower are false. */
void access_facts_of(const struct cases_shelf *shelf, const struct case_file *file,
		     struct access_facts *ret);

/* Is this the handle of somebody who handed the case in? */
bool access_reports(const struct case_file *file, const uint8_t handle[HANDLE_BYTES]);

/* Whether the person is the reporter, or a follower, of the case. */
enum err access_person_of(struct reader *r, const struct case_file *file,
			  const struct access_person *who, struct access_facts *facts) MUST_CHECK;

#endif
