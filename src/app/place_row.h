/* Within the import: one row, whatever the file's form, made into a draft. */
#ifndef LIREN_APP_PLACE_ROW_H
#define LIREN_APP_PLACE_ROW_H

#include "app/place_import.h"

#include <jansson.h>

/* The values of a row by the map's column numbers, and for a feature its geometry. */
struct place_row_in {
	unsigned line;
	struct str value[MAP_COLUMNS_MAX];
	const json_t *geometry; /* NULL: none, or a CSV row */
};

/* ERR_OK with *ret_wanted false: no kind of the map fits. Strings and points go to the arena.
 * ERR_BAD_INPUT and ERR_TOO_LARGE with the problem (without place) filled in; ERR_NO_MEMORY: the
 * arena is full. */
enum err place_row_draft(const struct place_map *map, const struct place_row_in *row,
			 struct arena *arena, struct place_draft *ret, bool *ret_wanted,
			 struct problem *problem) MUST_CHECK;

/* Values of a feature (RFC 7946) out of its JSON; numbers and truth values as text. */
enum err place_row_of_feature(const struct place_map *map, const json_t *feature,
			      struct arena *arena, struct place_row_in *ret,
			      struct problem *problem) MUST_CHECK;

#endif
