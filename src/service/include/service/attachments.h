/* The files of attachments/ beside what the entries say of them. Works on a connection of the
 * caller's own, in short reads. O(files). */
#ifndef LIREN_SERVICE_ATTACHMENTS_H
#define LIREN_SERVICE_ATTACHMENTS_H

#include "db/db.h"
#include "journal/blobs.h"
#include "journal/keys.h"

/* A file is put at most this long before the entry that names it; an unnamed one that is older was
 * left by a command that never came to its end. */
#define ATTACHMENT_ORPHAN_AGE_S (INT64_C(24) * 3600)

/* Remove the files that no entry names and that are older than that. ERR_NOT_FOUND where the store
 * has no folder of attachments. */
enum err attachments_sweep(struct db *db, const struct blob_store *s, int64_t now_s,
			   struct blob_swept *ret) MUST_CHECK;

struct attachments_found {
	uint64_t files, bytes; /* named by an entry, and in their places */
	uint64_t erased;       /* not there, nor the key: so it should be */
	uint64_t missing, changed;
	uint64_t first_n; /* the first entry whose file is missing or changed; 0: none */
};

/* Look whether each file that an entry names is there with its size and, where `whole`, with its
 * bytes. A file may be gone once its data key is destroyed. */
enum err attachments_examine(struct db *db, struct keyring *keys, const struct blob_store *s,
			     bool whole, struct attachments_found *ret) MUST_CHECK;

#endif
