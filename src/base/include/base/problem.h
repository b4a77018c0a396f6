/* What is wrong with an input, and where: kept as data, so that it can be told in either language.
 * A function that reads input takes a `struct problem *` (NULL where nobody asks), fills it when it
 * fails and returns its err. Depends on err.h and msg.h. Pure. About 900 bytes, made to live on the
 * stack. */
#ifndef LIREN_BASE_PROBLEM_H
#define LIREN_BASE_PROBLEM_H

#include "base/err.h"
#include "base/msg.h"

#define PROBLEM_FILE_BYTES_MAX 160u
#define PROBLEM_FIELD_BYTES_MAX 96u
#define PROBLEM_ARGS_MAX 4u
#define PROBLEM_ARG_BYTES_MAX 128u

struct problem {
	enum err err; /* ERR_OK: there is none */
	enum msg msg;
	unsigned line;   /* from 1; 0 where there is no place in a text */
	unsigned column; /* from 1, in characters; 0 where only the line is known */
	unsigned args_n;
	/* NUL-terminated, cut at a character with "…" when longer */
	char file[PROBLEM_FILE_BYTES_MAX + 1];
	char field[PROBLEM_FIELD_BYTES_MAX +
		   1]; /* path in the input: "days[3].date"; empty: the whole */
	char arg[PROBLEM_ARGS_MAX][PROBLEM_ARG_BYTES_MAX + 1];
};

/* Fill p and return err, so that a reader can say `return problem_set(…)`. Place and file are
 * cleared. At most PROBLEM_ARGS_MAX arguments (a bug otherwise). p may be NULL. */
enum err problem_set(struct problem *p, enum err err, struct str field, enum msg msg,
		     const struct str *args, unsigned n);

/* Say where it is. p may be NULL. */
void problem_at(struct problem *p, struct str file, unsigned line, unsigned column);

/* The sentence alone, for the `detail` of RFC 9457. */
void problem_put_detail(const struct problem *p, enum lang lang, struct buf *out);

/* One line for a terminal or a log: "file:line:column: field: sentence", without the parts that are
 * not known. */
void problem_put_line(const struct problem *p, enum lang lang, struct buf *out);

#endif
