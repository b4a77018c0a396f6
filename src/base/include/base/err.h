/* Errors as ordinary results. Every function that can fail returns enum err, and the caller must
 * look at it. Depends on nothing. The table is err_table.h. */
#ifndef LIREN_BASE_ERR_H
#define LIREN_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

enum err {
#define ERR(symbol, number, http, retry, name, zh, en) ERR_##symbol = (number),
#include "base/err_table.h"
#undef ERR
};

#define MUST_CHECK __attribute__((warn_unused_result))

struct err_info {
	enum err err;
	int http_status;
	bool retryable;
	const char *name; /* stable, ASCII, lower case with hyphens; ends the problem type */
	const char *zh;
	const char *en;
};

/* The row of `e`. A number that is no error of the table gives the row of ERR_INTERNAL. Never
 * NULL. */
const struct err_info *err_info(enum err e);

/* The i-th row of the table, or NULL past its end: for documents and tests. */
const struct err_info *err_info_at(unsigned i);

/* What a failed call of the system means here: EXISTS, NOT_FOUND, NO_SPACE, FORBIDDEN, NO_MEMORY,
 * and STORE for the rest. */
enum err err_of_errno(int e);

/* Leave the calling function with the error of `expr`, if it has one. */
#define TRY(expr)                                                                                  \
	do {                                                                                       \
		enum err try_err_ = (expr);                                                        \
		if (try_err_ != ERR_OK)                                                            \
			return try_err_;                                                           \
	} while (0)

#endif
