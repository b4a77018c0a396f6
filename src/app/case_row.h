/* Within the import: one row of another office's register, made into a draft. */
#ifndef LIREN_APP_CASE_ROW_H
#define LIREN_APP_CASE_ROW_H

#include "app/case_import.h"
#include "import_rows.h"

/* Strings go to the arena. ERR_BAD_INPUT and ERR_TOO_LARGE with the problem (without place) filled
 * in; ERR_NO_MEMORY: the arena is full. *ret_note (err ERR_OK: none): what was wrong about a row
 * that is taken without it. */
enum err case_row_draft(const struct case_map *map, const struct zone *zone,
			const struct import_row *row, struct arena *arena, struct case_draft *ret,
			struct problem *ret_note, struct problem *problem) MUST_CHECK;

/* The instant of a local time; of one that the clocks show twice, the first. */
enum err case_row_time(const struct case_map *map, const struct zone *zone, struct str text,
		       int64_t *ret_us) MUST_CHECK;

#endif
