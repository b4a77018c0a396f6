/* Within the import: rows out of a file, CSV or GeoJSON, piece by piece, with their lines; what has
 * the wrong form is refused here. Memory is bounded whatever the file's size: a piece and a row.
 * Depends on place (csv, features), jansson. O(bytes). */
#ifndef LIREN_APP_IMPORT_ROWS_H
#define LIREN_APP_IMPORT_ROWS_H

#include "app/import_counts.h"
#include "base/problem.h"
#include "config/config_map.h"

#include <jansson.h>

/* The values of a row by the map's column numbers, or a feature; until the next row. */
struct import_row {
	unsigned line;
	struct str value[MAP_COLUMNS_MAX]; /* of CSV */
	const json_t *feature;		   /* of GeoJSON; else NULL */
};

struct import_rows_options {
	const char *path; /* its last part stands in problems */
	bool opened; /* read `fd` from where it is, and leave it open; else the path is opened */
	int fd;
	bool is_geojson;
	char separator; /* of CSV */
	const struct map_columns *columns;
	/* A row. Not ERR_OK ends the import, unless it came with a problem: then the row is refused
	 * with that. */
	enum err (*row)(void *ctx, const struct import_row *row, struct problem *problem);
	void (*refused)(void *ctx, const struct problem *problem); /* may be NULL */
	void *ctx;
};

struct import_rows;

/* ERR_NO_MEMORY. */
enum err import_rows_new(const struct import_rows_options *o, struct import_rows **ret) MUST_CHECK;
struct import_rows *import_rows_free(struct import_rows *r); /* returns NULL */

/* All rows, one after the other. ERR_OK also with rows refused; else the problem says what is wrong
 * with the file as a whole. */
enum err import_rows_run(struct import_rows *r, struct problem *problem) MUST_CHECK;

/* Tell of a row that is refused: the file and this line are put into the problem. Counts it. */
void import_rows_refuse(struct import_rows *r, struct problem *p, unsigned line);
/* The same of a row that is taken nevertheless: it is not counted. */
void import_rows_note(struct import_rows *r, struct problem *p, unsigned line);

/* Was this id in the file before? It is remembered: 8 bytes each. */
bool import_rows_seen(struct import_rows *r, struct str id);

uint64_t import_rows_refused(const struct import_rows *r);
unsigned import_rows_columns_left(const struct import_rows *r);
/* How far it is, in bytes. */
void import_rows_progress(const struct import_rows *r, uint64_t *ret_done, uint64_t *ret_total);

#endif
