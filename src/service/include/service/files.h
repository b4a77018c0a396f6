/* The files of etc/ as the store keeps them: which are in force, every version there was, and what
 * each said. Depends on db. Reads only; the writer journals them (COMMAND_LOAD_FILES). */
#ifndef LIREN_SERVICE_FILES_H
#define LIREN_SERVICE_FILES_H

#include "base/hash.h"
#include "db/db.h"

#define FILE_PATH_BYTES_MAX 160u /* below etc/ */
#define FILE_CONTENT_BYTES_MAX (4u << 20) /* figures that were published; others are smaller */

struct file_row {
	struct str path; /* until the call returns */
	uint64_t n;      /* the entry */
	bool is_withdrawn;
	struct hash32 sha256; /* of one that is not withdrawn */
	uint64_t bytes;
};

/* Not ERR_OK: that ends the walk. It must not write to the store. */
typedef enum err file_row_fn(void *ctx, const struct file_row *row);

/* Each file in force, by path. */
enum err files_in_force(struct db *db, file_row_fn *each, void *ctx) MUST_CHECK;

/* Each version of each file, newest first, withdrawals among them. */
enum err files_versions(struct db *db, file_row_fn *each, void *ctx) MUST_CHECK;

/* What the file with this hash said, into memory of `cap` bytes. ERR_NOT_FOUND: it is not kept (a
 * store of an early version of the program); ERR_CORRUPT: it is not what the hash says. */
enum err file_content(struct db *db, const struct hash32 *sha256, char *memory, size_t cap,
		      struct str *ret) MUST_CHECK;

#endif
