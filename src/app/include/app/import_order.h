/* An import as an operator orders it: the mapping file comes on record, as every file that decides,
 * then its rows are decided in batches by whoever has the writer. Depends on the imports and on
 * commands. */
#ifndef LIREN_APP_IMPORT_ORDER_H
#define LIREN_APP_IMPORT_ORDER_H

#include "app/import_counts.h"
#include "base/problem.h"
#include "service/command.h"

/* Of IMPORT_FIGURES nothing is read but the file itself, which comes on record as published. */
enum import_kind { IMPORT_PLACES, IMPORT_CASES, IMPORT_FIGURES, IMPORT_KINDS };

struct import_order {
	enum import_kind kind;
	const char *map_name; /* without folders */
	struct str map_text;
	const char *name; /* of the data file */
	int fd;		  /* the data, open for reading; stays the caller's */
	struct str account;
	/* Decide a command and wait for its answer, which is also the result. */
	enum err (*run)(void *ctx, struct command *c);
	void (*refused)(void *ctx, const struct problem *problem);
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/* Is the mapping file of an order right? Its zone too. */
enum err import_order_check(const struct import_order *o, struct problem *problem) MUST_CHECK;

/* As place_import and case_import_file. Nothing is on record where the mapping file is wrong. */
enum err import_order_run(const struct import_order *o, struct import_counts *ret,
			  struct problem *problem) MUST_CHECK;

#endif
