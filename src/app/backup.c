/* Making a backup. */
#include "app/backup.h"

#include "app/files.h"
#include "app/kernel.h"
#include "journal/blobs.h"
#include "journal/tree.h"
#include "manifest.h"
#include "service/reader.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <sys/stat.h>

#define FOLDERS_DEEP_MAX 8u

/* One file into the backup and its manifest. */
static enum err take_file(struct manifest *m, const char *from, const char *to_folder,
			  const char *path)
{
	char to[FILE_PATH_MAX];
	struct file_print print;

	if (!path_join(to, to_folder, path))
		return ERR_TOO_LARGE;
	TRY(file_copy_new(from, to, 0600, &print));
	return manifest_add(m, path, print.bytes, &print.sha256);
}

/* A file that went since its folder was read. */
static bool gone(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 && errno == ENOENT;
}

/* A folder with all it holds. Files that go while this runs, because they were erased, are passed
 * over, and so are attachments that are being written. */
static enum err take_folder(struct manifest *m, const char *from, const char *to_folder,
			    const char *path, unsigned deep)
{
	char to[FILE_PATH_MAX];
	struct dirent *entry;
	enum err e = ERR_OK;
	DIR *d;

	if (deep == FOLDERS_DEEP_MAX || !path_join(to, to_folder, path))
		return ERR_TOO_LARGE;
	TRY(folder_make(to, 0700));
	d = opendir(from);
	if (!d)
		return errno == ENOENT ? ERR_OK : err_of_errno(errno);
	while (e == ERR_OK && (entry = readdir(d))) {
		char child[FILE_PATH_MAX], within[FILE_PATH_MAX];
		struct stat st;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    (strcmp(path, "attachments") == 0 && blob_is_unfinished(entry->d_name)))
			continue;
		if (!path_join(child, from, entry->d_name) ||
		    !path_join(within, path, entry->d_name))
			e = ERR_TOO_LARGE;
		else if (lstat(child, &st) != 0)
			e = errno == ENOENT ? ERR_OK : err_of_errno(errno);
		else if (S_ISDIR(st.st_mode))
			e = take_folder(m, child, to_folder, within, deep + 1);
		else if (S_ISREG(st.st_mode))
			e = take_file(m, child, to_folder, within);
		else
			e = ERR_BAD_INPUT; /* a link would be missing after a restore */
		if (e == ERR_NOT_FOUND && gone(child))
			e = ERR_OK;
		if (e != ERR_OK && e != ERR_NO_SPACE && !m->at_fault[0])
			snprintf(m->at_fault, sizeof m->at_fault, "%s", child);
	}
	closedir(d);
	return e == ERR_OK ? folder_sync(to) : e;
}

/* The journal of one moment, and what the manifest says of it. */
static enum err take_journal(const struct settings *s, const char *to, struct manifest *m)
{
	char path[FILE_PATH_MAX];
	struct store_paths paths = {.journal = path};
	struct store_status status;
	struct reader *reader = NULL;
	struct file_print print;
	struct db *db = NULL;
	enum err e;

	if (!path_join(path, to, "journal.db"))
		return ERR_TOO_LARGE;
	TRY(db_open(s->journal, DB_SCHEMA_journal, DB_READ, NULL, &db));
	e = db_copy_to(db, path);
	db_free(db);
	TRY(e);
	TRY(file_sync(path));
	TRY(reader_open(&paths, NULL, &reader));
	e = reader_status(reader, &status);
	if (e == ERR_OK)
		e = tree_root(reader->db, status.entries, &m->root);
	m->size = status.entries;
	memcpy(m->origin, reader->community.origin, sizeof m->origin);
	reader_close(reader);
	TRY(e);
	TRY(file_print(path, &print));
	return manifest_add(m, "journal.db", print.bytes, &print.sha256);
}

static enum err take_all(const struct settings *s, const char *to, struct manifest *m)
{
	char path[FILE_PATH_MAX], parent[FILE_PATH_MAX];

	m->at_us = kernel_clock().utc_us;
	TRY(take_journal(s, to, m));
	TRY(take_folder(m, s->attachments, to, "attachments", 0));
	if (!path_join(path, s->dir, "etc"))
		return ERR_TOO_LARGE;
	TRY(take_folder(m, path, to, "etc", 0));
	if (!path_join(path, s->dir, "liren.yaml"))
		return ERR_TOO_LARGE;
	TRY(take_file(m, path, to, "liren.yaml"));
	TRY(manifest_write(m, to)); /* last: a folder without it is no backup */
	TRY(folder_sync(to));
	snprintf(parent, sizeof parent, "%s", to);
	return folder_sync(dirname(parent));
}

enum err backup_make(const struct settings *s, const char *to, struct backup_summary *ret,
		     struct problem *problem)
{
	struct str arg = str_of(to);
	struct manifest m = {0};
	enum err e;

	if (strlen(to) >= FILE_PATH_MAX / 2)
		return problem_set(problem, ERR_BAD_INPUT, STR(""), MSG_BACKUP_TARGET_FAILED, &arg,
				   1);
	if (mkdir(to, 0700) != 0)
		return problem_set(
		    problem, err_of_errno(errno), STR(""),
		    errno == EEXIST ? MSG_BACKUP_TARGET_EXISTS : MSG_BACKUP_TARGET_FAILED, &arg, 1);
	e = take_all(s, to, &m);
	if (e == ERR_OK) {
		*ret = (struct backup_summary){.entries = m.size, .files = m.files_n};
		for (size_t i = 0; i < m.files_n; i++)
			ret->bytes += m.files[i].bytes;
	} else {
		folder_remove(to);
		arg = str_of(m.at_fault);
		if (m.at_fault[0])
			(void)problem_set(problem, e, STR(""), MSG_BACKUP_FILE_NOT_TAKEN, &arg, 1);
	}
	manifest_fini(&m);
	return e;
}
