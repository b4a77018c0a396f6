/* Within app: the texts of a set, from the folder or from the store. */
#ifndef LIREN_APP_ETC_TEXTS_H
#define LIREN_APP_ETC_TEXTS_H

#include "app/etc.h"

struct etc_texts {
	void *memory;
	struct arena arena;
	struct config_source v[CONFIG_SHELF_SOURCES_MAX];
	unsigned n;
	struct shelf_pair pairs[CASES_PAIRS_MAX];
	unsigned pairs_n;
	bool had_any, had_cases; /* files, and files about cases, are in force */
};

/* About ETC_TEXT_BYTES_MAX of address space; ERR_NO_MEMORY. */
enum err etc_texts_new(struct etc_texts **ret) MUST_CHECK;
struct etc_texts *etc_texts_free(struct etc_texts *t);

/* Every file of DIR/etc that the program reads, without numbers. */
enum err etc_texts_folder(struct etc_texts *t, const struct settings *s,
			  struct problem *problem) MUST_CHECK;

/* Every file in force, with its text. ERR_NOT_FOUND: a text is not kept, or nothing is in force. */
enum err etc_texts_store(struct etc_texts *t, struct db *db) MUST_CHECK;

/* Give those that are in force as they are their entries' numbers, and note whether any are. */
enum err etc_texts_number(struct etc_texts *t, struct db *db) MUST_CHECK;

/* Pairs of earlier versions, and the texts that they need. A type that unfinished cases use, and
 * that is no longer among the files, is a problem. */
enum err etc_texts_earlier(struct etc_texts *t, const struct etc_options *o,
			   struct problem *problem) MUST_CHECK;

#endif
