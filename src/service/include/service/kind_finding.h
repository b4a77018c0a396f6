/* The data of case.found: which finding of a visit a case comes of. Depends on journal/kind.h. */
#ifndef LIREN_SERVICE_KIND_FINDING_H
#define LIREN_SERVICE_KIND_FINDING_H

#include "journal/kind.h"

struct case_found {
	uint64_t case_id;
	uint64_t file; /* entry of the checklist's version in force */
	struct str checklist, line, category;
};

void case_found_encode(struct entry_writer *w, const void *data);
enum err case_found_decode(const struct entry_value *data, struct arena *a,
			   const void **ret) MUST_CHECK;
enum err case_found_apply(struct db *db, const struct entry_head *head,
			  const void *data) MUST_CHECK;

#endif
