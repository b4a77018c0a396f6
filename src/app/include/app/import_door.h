/* The way of an import into a running office: the door (door.h) import.sock. An order is one
 * message with the mapping file and the open data file; what is refused, how far it is and the end
 * come back as messages. */
#ifndef LIREN_APP_IMPORT_DOOR_H
#define LIREN_APP_IMPORT_DOOR_H

#include "app/door.h"
#include "app/import_order.h"
#include "app/runner.h"

/* The store's lock is held. `runner` must outlive it. At door_close an import under way ends before
 * its next batch: what was decided stays. */
enum err import_door_open(const struct settings *s, struct runner *runner,
			  struct door **ret) MUST_CHECK;

/* What an office answers to an order: texts in the language of the order. */
struct import_answers {
	void (*refused)(void *ctx, struct str line);
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

#define IMPORT_DOOR_TEXT_BYTES_MAX 2048u

struct import_end {
	struct import_counts counts;
	char text[IMPORT_DOOR_TEXT_BYTES_MAX + 1]; /* with an error: the sentence; may be empty */
};

/* Hand an order to the office that serves the store (map_name, map_text, name and fd of it are
 * sent), and wait for its end. Errors of door_connect. ERR_STOPPING: it went away before the
 * end. Otherwise what the import came to. */
enum err import_door_order(const struct settings *s, const struct import_order *o, enum lang lang,
			   const struct import_answers *a, struct import_end *ret) MUST_CHECK;

#endif
