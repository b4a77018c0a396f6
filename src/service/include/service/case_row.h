/* The row of a case, read in one place for all who look at one: decisions, entries that are
 * applied, views. Copied out, so that it stays what was read. Depends on db. One search by key. */
#ifndef LIREN_SERVICE_CASE_ROW_H
#define LIREN_SERVICE_CASE_ROW_H

#include "cases/model.h"
#include "db/db.h"
#include "service/kind_case.h"

#define CASE_ROW_NAMES 5u

struct case_row {
	uint64_t id, n; /* its first entry, its last one */
	int64_t at_us, happened_us, closed_us; /* closed_us 0: open */
	uint64_t number, type_n, categories_n, key_id, place, erased;
	bool has_at;
	int32_t lat_e7, lon_e7;
	unsigned step, marks;
	struct str area, category, state, outcome, unit; /* into text, as the document */
	struct str doc;
	char text[CASE_DOC_BYTES_MAX + CASE_ROW_NAMES * CASES_NAME_BYTES_MAX];
};

/* ERR_NOT_FOUND; ERR_CORRUPT where a name or the document is longer than any that is written. *ret
 * points into itself: it is not to be copied. */
enum err case_row_get(struct db *db, uint64_t id, struct case_row *ret) MUST_CHECK;

#endif
