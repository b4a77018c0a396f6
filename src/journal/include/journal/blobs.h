/* Attachments as files: each sealed under a random key of its own, named by the SHA-256 of its
 * sealed bytes, in a folder of two levels, attachments/ab/cdef… (formats/attachment.md). A file is
 * durable before blob_put returns, so that the entry which names it is written after it; what no
 * entry came to name is swept. Depends on base and the file system; knows no entry. Calls may come
 * from any thread, each with its own entropy. */
#ifndef LIREN_JOURNAL_BLOBS_H
#define LIREN_JOURNAL_BLOBS_H

#include "base/entropy.h"
#include "base/seal.h"

#define BLOB_BYTES_MAX (32u << 20) /* of content */

struct blob_store {
	const char *dir;               /* attachments/; must exist */
	const struct entropy *entropy; /* for blob_put alone */
};

struct blob {
	struct hash32 hash; /* of the sealed bytes: the name */
	uint64_t bytes;     /* sealed */
	struct seal_key
	    key; /* of this file alone; kept nowhere: seal it into the entry, then wipe */
};

/* Seal 1 to BLOB_BYTES_MAX bytes into a file, durable on return: about content.n + 64 KiB are
 * written, three syncs. ERR_BAD_INPUT where there is nothing, ERR_TOO_LARGE, ERR_NO_SPACE,
 * ERR_STORE; then no file is left, not even a part of one, unless its removal fails, too. */
enum err blob_put(const struct blob_store *s, struct bytes content, struct blob *ret) MUST_CHECK;

/* The content, in memory that the caller gives back with blob_content_fini, which wipes it.
 * ERR_NOT_FOUND; ERR_CORRUPT where the bytes are not those of the hash; ERR_UNVERIFIED where
 * the key is another one. */
struct blob_content {
	uint8_t *p;
	size_t n;
};
enum err blob_open(const struct blob_store *s, const struct hash32 *hash,
		   const struct seal_key *key, struct blob_content *ret) MUST_CHECK;
void blob_content_fini(struct blob_content *c);

/* Is it there, with this many bytes, and where `whole`, are they those of the hash? ERR_NOT_FOUND,
 * ERR_CORRUPT. Needs no key. */
enum err blob_check(const struct blob_store *s, const struct hash32 *hash, uint64_t bytes,
		    bool whole) MUST_CHECK;

/* ERR_NOT_FOUND where it is gone already. */
enum err blob_remove(const struct blob_store *s, const struct hash32 *hash) MUST_CHECK;

/* Remove files that no entry names and that were written before the second before_s (UTC): let it
 * lie well before now, because a file is unnamed until its entry is committed. What has no name of
 * ours is left alone. O(files), one question each. */
struct blob_swept {
	uint64_t named, removed;
	uint64_t young;      /* unnamed, but not old enough */
	uint64_t unfinished; /* parts of files, left by a process that ended; removed */
	uint64_t strange;    /* not ours */
};
typedef enum err blob_is_named(void *ctx, const struct hash32 *hash, bool *ret_named);
enum err blob_sweep(const struct blob_store *s, blob_is_named *is_named, void *ctx,
		    int64_t before_s, struct blob_swept *ret) MUST_CHECK;

/* A name in the store's folder that is a file being written; never to be copied. */
bool blob_is_unfinished(const char *name);

#endif
