/* Rows of a CSV file (RFC 4180) out of pieces of any size: quoted fields, line ends CRLF or LF, an
 * optional byte order mark, UTF-8. Blank lines are passed over. Memory is bounded: one row. Pure,
 * O(bytes). */
#ifndef LIREN_PLACE_CSV_H
#define LIREN_PLACE_CSV_H

#include "base/str.h"

#define CSV_ROW_BYTES_MAX 65536u
#define CSV_COLUMNS_MAX 256u

enum csv_result {
	CSV_MORE,      /* all that was given is used up */
	CSV_ROW,       /* a row is ready, until the next call */
	CSV_BAD_QUOTE, /* a quotation mark where none may stand, or no closing one; the row is
			  passed over */
	CSV_TOO_LARGE, /* over a cap; likewise */
	CSV_NOT_UTF8,  /* likewise */
};

struct csv {
	char separator; /* usually a comma */
	unsigned line;  /* from 1: where the row begins that was given last */
	unsigned column_n;
	struct str column[CSV_COLUMNS_MAX];
	/* below is its own */
	unsigned line_now;
	int state;
	enum csv_result bad;
	bool fresh; /* the row was given: begin anew */
	bool quoted;
	unsigned bom;
	size_t n;
	size_t start[CSV_COLUMNS_MAX + 1];
	char row[CSV_ROW_BYTES_MAX];
};

void csv_init(struct csv *c, char separator);

/* Take from `piece` until a row is ready or all is taken; *ret_used tells how much. `last`: nothing
 * follows this piece; call until CSV_MORE. */
enum csv_result csv_read(struct csv *c, struct str piece, bool last, size_t *ret_used);

#endif
