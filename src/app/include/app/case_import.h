/* Cases out of another office's file: CSV, row by row, each a draft by the rules of a mapping,
 * handed on in batches. Bounded as the import of places is. Depends on config (the map),
 * base/zone.h and service/case_batch.h; who decides the batches is the caller's. O(bytes). */
#ifndef LIREN_APP_CASE_IMPORT_H
#define LIREN_APP_CASE_IMPORT_H

#include "app/import_counts.h"
#include "base/zone.h"
#include "config/config_case_map.h"
#include "service/case_batch.h"

struct case_import_options {
	const struct case_map *map;
	const struct zone *zone; /* the one that the map names */
	const char *path;	 /* its last part stands in problems */
	int fd;			 /* read from where it is; stays open */
	/* Decide a batch: outcome and problem of each draft. An error ends the import. */
	enum err (*decide)(void *ctx, struct case_batch *batch);
	/* Told of each row that was refused, or taken without what was wrong about it, with its
	 * line in the problem. */
	void (*refused)(void *ctx, const struct problem *problem);
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* bytes */
	void *ctx;
};

/* ERR_OK also with rows refused. Else the problem says what is wrong with the file as a whole;
 * batches decided before stay. */
enum err case_import_file(const struct case_import_options *o, struct import_counts *ret,
			  struct problem *problem) MUST_CHECK;

#endif
