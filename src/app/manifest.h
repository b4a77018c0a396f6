/* Within app: the manifest of a backup, what it lists, and the parts of a folder of files. */
#ifndef LIREN_APP_MANIFEST_H
#define LIREN_APP_MANIFEST_H

#include "app/settings.h"

#define MANIFEST_BYTES_MAX (64u << 20)
#define MANIFEST_FILES_MAX 1000000u
#define MANIFEST_NAME "manifest.json"

struct manifest_file {
	char *path; /* within the backup, no "..", not absolute */
	uint64_t bytes;
	struct hash32 sha256;
};

struct manifest {
	char origin[ORIGIN_MAX];
	uint64_t size;
	struct hash32 root;
	int64_t at_us;
	struct manifest_file *files;
	size_t files_n, files_cap;
	char at_fault[FILE_PATH_MAX]; /* the file that could not be taken */
};

void manifest_fini(struct manifest *m);
/* ERR_TOO_LARGE over the cap, ERR_BAD_INPUT for a path that no backup has. */
enum err manifest_add(struct manifest *m, const char *path, uint64_t bytes,
		      const struct hash32 *sha256) MUST_CHECK;
enum err manifest_write(const struct manifest *m, const char *folder) MUST_CHECK;
/* ERR_BAD_INPUT where it is none, or names a path that no backup has. */
enum err manifest_read(const char *folder, struct manifest *ret) MUST_CHECK;

#endif
