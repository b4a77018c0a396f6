/* "Why?": one entry of a case as sentences for the people it is about: which rule decided, by which
 * facts, and how to object. From the entry and the files alone; nothing is decided again, and no
 * personal text is opened. Depends on cases/shelf.h. Pure. */
#ifndef LIREN_SERVICE_CASE_WHY_H
#define LIREN_SERVICE_CASE_WHY_H

#include "cases/shelf.h"
#include "service/kind_case.h"

#define CASE_WHY_BYTES_MAX 4096u

struct case_why_files {
	const struct cases_shelf *shelf;
	uint64_t type_n, categories_n; /* of the case, as its view says */
	enum lang lang;
};

/* Append the sentences, a line each, the way to object last: who leads, and by which line; the
 * priority; a refusal; a merge; an extension, suspension or other wait with both dates; time that
 * ran out, by which limit, how long over it was at `at_us` (when the entry was made), and who was
 * told. Words that the files no longer have stand as their names. False, and nothing appended,
 * where the entry decided nothing of that kind. Instants are in the zone of the calendar in force,
 * UTC where there is none. */
bool case_why(const struct case_why_files *files, const struct case_entry *entry, int64_t at_us,
	      struct buf *out);

/* How to object now, in one sentence: to a decision that may be objected to, that it is not solved
 * after all, both with the end of the time for it; of a case that has ended to report again. */
void case_why_object(const struct case_why_files *files, struct str state,
		     const struct case_clock_value *clocks, unsigned clocks_n, struct buf *out);

#endif
