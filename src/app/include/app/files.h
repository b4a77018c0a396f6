/* Files and folders, made durable. Errors: ERR_EXISTS, ERR_NOT_FOUND, ERR_NO_SPACE, ERR_FORBIDDEN,
 * ERR_STORE. */
#ifndef LIREN_APP_FILES_H
#define LIREN_APP_FILES_H

#include "base/err.h"
#include "base/hash.h"

#define FILE_PATH_MAX 1024u

/* folder/name into `to`. False where it does not fit; `to` is then empty. */
bool path_join(char to[FILE_PATH_MAX], const char *folder, const char *name);

/* Make the folder (not its parents); one that is there is fine. */
enum err folder_make(const char *path, unsigned mode) MUST_CHECK;
enum err folder_sync(const char *path) MUST_CHECK;

/* Write a file that must not exist yet, and sync it. */
enum err file_write_new(const char *path, struct str content, unsigned mode) MUST_CHECK;

/* Write beside it, sync, rename over it, sync the folder: a reader sees the old or the new. */
enum err file_replace(const char *path, struct str content, unsigned mode) MUST_CHECK;

/* The whole file into malloc'd memory with a NUL behind it; ERR_TOO_LARGE over `cap`. The caller
 * frees. */
enum err file_read(const char *path, size_t cap, char **ret, size_t *ret_n) MUST_CHECK;

/* What a file holds, without following a link. */
struct file_print {
	uint64_t bytes;
	struct hash32 sha256;
};
enum err file_print(const char *path, struct file_print *ret) MUST_CHECK;

/* Copy into a file that must not exist yet, sync it, and tell what was copied. */
enum err file_copy_new(const char *from, const char *to, unsigned mode,
		       struct file_print *ret) MUST_CHECK;

enum err file_sync(const char *path) MUST_CHECK;

/* Remove a folder that this call made, with everything in it, as far as that goes. */
void folder_remove(const char *path);

#endif
