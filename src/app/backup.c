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

struct taking {
	const struct backup_options *o;
	struct manifest m;
	uint64_t done, total; /* bytes */
};

static void tell(struct taking *t, uint64_t bytes)
{
	t->done += bytes;
	if (t->o->progress)
		t->o->progress(t->o->ctx, t->done, t->total);
}

/* One file into the backup and its manifest. */
static enum err take_file(struct taking *t, const char *from, const char *to_folder,
			  const char *path)
{
	char to[FILE_PATH_MAX];
	struct file_print print;

	if (!path_join(to, to_folder, path))
		return ERR_TOO_LARGE;
	TRY(file_copy_new(from, to, 0600, &print));
	tell(t, print.bytes);
	return manifest_add(&t->m, path, print.bytes, &print.sha256);
}

/* A file that went since its folder was read. */
static bool gone(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 && errno == ENOENT;
}

/* A folder with all it holds. Files that go while this runs, because they were erased, are passed
 * over, and so are attachments that are being written. */
static enum err take_folder(struct taking *t, const char *from, const char *to_folder,
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
			e = take_folder(t, child, to_folder, within, deep + 1);
		else if (S_ISREG(st.st_mode))
			e = take_file(t, child, to_folder, within);
		else
			e = ERR_BAD_INPUT; /* a link would be missing after a restore */
		if (e == ERR_NOT_FOUND && gone(child))
			e = ERR_OK;
		if (e != ERR_OK && e != ERR_NO_SPACE && !t->m.at_fault[0])
			snprintf(t->m.at_fault, sizeof t->m.at_fault, "%s", child);
	}
	closedir(d);
	return e == ERR_OK ? folder_sync(to) : e;
}

/* The journal of one moment, and what the manifest says of it. */
static enum err take_journal(struct taking *t)
{
	const struct settings *s = t->o->settings;
	struct manifest *m = &t->m;
	char path[FILE_PATH_MAX];
	struct store_paths paths = {.journal = path};
	struct store_status status;
	struct reader *reader = NULL;
	struct file_print print;
	struct db *db = NULL;
	enum err e;

	if (!path_join(path, t->o->to, "journal.db"))
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
	tell(t, print.bytes);
	return manifest_add(m, "journal.db", print.bytes, &print.sha256);
}

/* How much there is, as far as that is known; what cannot be read is found when it is taken. */
static uint64_t bytes_of(const char *path, unsigned deep)
{
	uint64_t n = 0;
	struct dirent *entry;
	struct stat st;
	DIR *d;

	if (deep == FOLDERS_DEEP_MAX || lstat(path, &st) != 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	d = opendir(path);
	while (d && (entry = readdir(d))) {
		char child[FILE_PATH_MAX];
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    path_join(child, path, entry->d_name))
			n += bytes_of(child, deep + 1);
	}
	if (d)
		closedir(d);
	return n;
}

static enum err take_all(struct taking *t)
{
	const struct settings *s = t->o->settings;
	const char *to = t->o->to;
	char etc[FILE_PATH_MAX], yaml[FILE_PATH_MAX], parent[FILE_PATH_MAX];

	if (!path_join(etc, s->dir, "etc") || !path_join(yaml, s->dir, "liren.yaml"))
		return ERR_TOO_LARGE;
	t->m.at_us = kernel_clock().utc_us;
	if (t->o->progress)
		t->total = bytes_of(s->journal, 0) + bytes_of(s->attachments, 0) +
			   bytes_of(etc, 0) + bytes_of(yaml, 0);
	tell(t, 0);
	TRY(take_journal(t));
	TRY(take_folder(t, s->attachments, to, "attachments", 0));
	TRY(take_folder(t, etc, to, "etc", 0));
	TRY(take_file(t, yaml, to, "liren.yaml"));
	TRY(manifest_write(&t->m, to)); /* last: a folder without it is no backup */
	TRY(folder_sync(to));
	snprintf(parent, sizeof parent, "%s", to);
	return folder_sync(dirname(parent));
}

enum err backup_make(const struct backup_options *o, struct backup_summary *ret,
		     struct problem *problem)
{
	const char *to = o->to;
	struct str arg = str_of(to);
	struct taking t = {.o = o};
	struct manifest *m = &t.m;
	enum err e;

	if (strlen(to) >= FILE_PATH_MAX / 2)
		return problem_set(problem, ERR_BAD_INPUT, STR(""), MSG_BACKUP_TARGET_FAILED, &arg,
				   1);
	if (mkdir(to, 0700) != 0)
		return problem_set(
		    problem, err_of_errno(errno), STR(""),
		    errno == EEXIST ? MSG_BACKUP_TARGET_EXISTS : MSG_BACKUP_TARGET_FAILED, &arg, 1);
	e = take_all(&t);
	if (o->progress)
		o->progress(o->ctx, t.total, t.total); /* over, however it ended */
	if (e == ERR_OK) {
		*ret = (struct backup_summary){.entries = m->size, .files = m->files_n};
		for (size_t i = 0; i < m->files_n; i++)
			ret->bytes += m->files[i].bytes;
	} else {
		folder_remove(to);
		arg = str_of(m->at_fault);
		if (m->at_fault[0])
			(void)problem_set(problem, e, STR(""), MSG_BACKUP_FILE_NOT_TAKEN, &arg, 1);
	}
	manifest_fini(m);
	return e;
}
