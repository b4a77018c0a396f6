/* The files of attachments/ beside what the entries say of them. Works on a connection of the
 * caller's own, in short reads. O(files). */
#ifndef LIREN_SERVICE_ATTACHMENTS_H
#define LIREN_SERVICE_ATTACHMENTS_H

#include "db/db.h"
#include "journal/blobs.h"
#include "journal/keys.h"
#include "service/kind_attachment.h"
#include "service/reader.h"

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

/* Remove the file of the case.attached entry n, whose data key is destroyed: of
 * CHANNEL_FILE_REMOVE. A file that is gone is fine, and one that another entry names whose key is
 * there stays. ERR_BUSY while the key of n itself is there. */
enum err attachment_remove(struct db *db, struct keyring *keys, const struct blob_store *s,
			   uint64_t n) MUST_CHECK;

/* The file of the case.attached entry n, opened; the caller gives it back with blob_content_fini.
 * `media` is its media type. ERR_NOT_FOUND: no such entry, or its file is missing; ERR_GONE:
 * erased; ERR_CORRUPT: the file or the entry was changed; ERR_KEYS on a reader without secrets. */
enum err attachment_open(struct reader *r, const struct blob_store *s, uint64_t n,
			 struct blob_content *ret,
			 char ret_media[ATTACHED_MEDIA_MAX + 1]) MUST_CHECK;

#endif
