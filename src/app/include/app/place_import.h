/* Places out of a file: CSV or GeoJSON, row by row, each a draft by the rules of a mapping, handed
 * on in batches. Memory is bounded whatever the file's size: a piece, a row, a batch, and 8 bytes
 * for each id (to find one that stands twice). Depends on config (the map) and place; who decides
 * the batches is the caller's. O(bytes). */
#ifndef LIREN_APP_PLACE_IMPORT_H
#define LIREN_APP_PLACE_IMPORT_H

#include "app/import_counts.h"
#include "config/config_place_map.h"
#include "service/place_batch.h"

struct place_import_options {
	const struct place_map *map;
	const char *path; /* its last part stands in problems */
	bool opened; /* read `fd` from where it is, and leave it open; else the path is opened */
	int fd;
	/* Decide a batch: outcome and problem of each draft. An error ends the import. */
	enum err (*decide)(void *ctx, struct place_batch *batch);
	/* Told of each row that was refused, with its line in the problem. NULL: nobody asks. */
	void (*refused)(void *ctx, const struct problem *problem);
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* bytes; NULL: none */
	void *ctx;
};

/* ERR_OK also with rows refused. Else the problem says what is wrong with the file as a whole;
 * batches decided before stay. */
enum err place_import(const struct place_import_options *o, struct import_counts *ret,
		      struct problem *problem) MUST_CHECK;

#endif
