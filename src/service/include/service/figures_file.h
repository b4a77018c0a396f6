/* The figures of a month as a file that is published: the rates as they are shown, and a line for
 * each case that counted, which only the receipt of that case opens (formats/figures.md). The
 * file's hash is the entry that brought it on record (file.loaded). Depends on figures.h. */
#ifndef LIREN_SERVICE_FIGURES_FILE_H
#define LIREN_SERVICE_FIGURES_FILE_H

#include "base/hash.h"
#include "service/figures.h"
#include "service/reader.h"

#define FIGURES_FILE_FORMAT "liren-figures-1"
#define FIGURES_FILE_FOLDER "published/" /* of the path on record */
#define FIGURES_FILE_NAME_MAX 32u
#define FIGURES_FILE_BYTES_MAX (4u << 20) /* about 50,000 cases */

#define FIGURES_LINE_ID_BYTES 12u
#define FIGURES_LINE_SLOTS 48u /* one a figure, in the order of their table */
#define FIGURES_LINE_BYTES (FIGURES_LINE_ID_BYTES + FIGURES_LINE_SLOTS)

/* "figures-2026-06.json" */
void figures_file_name(int month, char ret[FIGURES_FILE_NAME_MAX]);

/* A case's line of a month, out of the salt of the entry that handed it in and how often it counted
 * as each figure (at most 255). Pure. Without the salt neither case nor counts can be told. */
void figures_line(const uint8_t salt[SALT_BYTES], int month,
		  const uint8_t counts[FIGURES_LINE_SLOTS], uint8_t ret[FIGURES_LINE_BYTES]);

/* From when on a month (within the years 1 to 9998) is over in every zone. */
int64_t figures_over_us(int month);

/* Append the file of a month, out of the rows and entries as they are: the month must be over.
 * O(entries of the month). ERR_TOO_LARGE where `out` or a cap is full, ERR_NO_MEMORY. */
enum err figures_file_put(struct reader *r, int month, struct buf *out) MUST_CHECK;

struct figures_found {
	int month;
	bool counted; /* else nothing of the case is in it */
	uint8_t counts[FIGURES_LINE_SLOTS];
};

/* The line of the case whose receipt has this salt. ERR_BAD_INPUT: it is no such file. */
enum err figures_file_find(struct str text, const uint8_t salt[SALT_BYTES],
			   struct figures_found *ret) MUST_CHECK;

#endif
