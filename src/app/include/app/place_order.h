/* An import as an operator orders it: the mapping file comes on record, as every file that decides,
 * then its rows are decided in batches by whoever has the writer. Depends on the import and on
 * commands. */
#ifndef LIREN_APP_PLACE_ORDER_H
#define LIREN_APP_PLACE_ORDER_H

#include "app/place_import.h"
#include "service/command.h"

struct place_order {
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

/* As place_import. Nothing is on record where the mapping file is wrong. */
enum err place_order_run(const struct place_order *o, struct place_import_counts *ret,
			 struct problem *problem) MUST_CHECK;

#endif
