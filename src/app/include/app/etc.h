/* What a community edits: DIR/etc. It is taken as one set: all files are read and proven together
 * before any is in force, then one command journals what changed. What is in force stands in the
 * store, text and all, whatever the folder says. Depends on config, service and files.h; heap, no
 * threads. Reading the shipped set takes about 10 MiB for a moment; a shelf keeps what
 * etc_shelf.bytes says. */
#ifndef LIREN_APP_ETC_H
#define LIREN_APP_ETC_H

#include "app/settings.h"
#include "config/config_shelf.h"
#include "service/files.h"

#define ETC_TEXT_BYTES_MAX (16u << 20) /* of all files and earlier versions together */
#define ETC_PATHS_MAX 96u              /* that differ, as far as they are told */
#define ETC_VERSIONS_MAX 512u          /* looked at for earlier ones, newest first */

/* A shelf with its memory. */
struct etc_shelf {
	struct cases_shelf shelf;
	void *memory;
	size_t bytes;
};
struct etc_shelf *etc_shelf_free(struct etc_shelf *s); /* NULL is fine; returns NULL */

/* What unfinished cases stand under: at most CASES_PAIRS_MAX pairs with in_use set. */
typedef enum err etc_pairs_fn(void *ctx, struct db *db, struct shelf_pair *v, unsigned *ret_n);

struct etc_options {
	const struct settings *settings;
	struct db *db;        /* of the store: to read from */
	etc_pairs_fn *in_use; /* NULL: as the store says */
	void *ctx;
};

/* Lay the shipped files into DIR/etc. A file that is there is left as it is. */
enum err etc_lay(const struct settings *s, struct problem *problem) MUST_CHECK;

/* How DIR/etc differs from what is in force. */
enum etc_change { ETC_NEW, ETC_CHANGED, ETC_AWAY };
struct etc_difference {
	enum etc_change change;
	char path[FILE_PATH_BYTES_MAX + 1];
};
struct etc_differences {
	unsigned n; /* also beyond those told */
	unsigned told_n;
	struct etc_difference v[ETC_PATHS_MAX];
};
enum err etc_compare(const struct etc_options *o, struct etc_differences *ret,
		     struct problem *problem) MUST_CHECK;

/* The set that is in force, from the store. ERR_NOT_FOUND: nothing is, or a text is not kept (a
 * store of an early program): then the folder is all there is. */
enum err etc_in_force(const struct etc_options *o, struct etc_shelf **ret,
		      struct config_shelf_failure *failure) MUST_CHECK;

/* Read DIR/etc and prove it, without putting it in force. ERR_NOT_FOUND: there is no file yet, and
 * nothing is in force. */
enum err etc_check(const struct etc_options *o, struct etc_shelf **ret,
		   struct config_shelf_failure *failure) MUST_CHECK;

/* Hands a command to whatever decides it, and waits. */
typedef enum err etc_call_fn(void *ctx, struct command *c);

struct etc_loaded {
	unsigned loaded, withdrawn; /* entries */
	uint64_t n;                 /* of the last; 0: nothing changed */
};

/* The same, then in force in the name of this operator. The writer looks at *ret from then on, and
 * at nothing else: an earlier shelf of it may be freed. On failure nothing has changed; where the
 * problem is empty, it is the command that failed. */
enum err etc_load(const struct etc_options *o, etc_call_fn *call, void *ctx, struct str account,
		  struct etc_shelf **ret, struct etc_loaded *ret_loaded,
		  struct config_shelf_failure *failure) MUST_CHECK;

/* The failure as one line for a log: place, sentence, the way where there is one. */
void etc_put_failure(enum err e, const struct config_shelf_failure *failure, enum lang lang,
		     struct buf *out);

#endif
