/* A store from a backup: look at everything first, then write. */
#include "app/backup.h"

#include "app/files.h"
#include "app/kernel.h"
#include "app/setup.h"
#include "journal/verify.h"
#include "manifest.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct restore {
	const struct restore_options *o;
	const struct settings *s;
	struct store_secrets secrets;
	struct manifest manifest;
	char *seen;
	size_t seen_n;
	struct restore_summary summary;
	struct problem *problem;
};

static enum err fail(struct restore *r, enum err e, enum msg msg, const char *arg)
{
	struct str s = str_of(arg);

	return problem_set(r->problem, e, STR(""), msg, &s, 1);
}

/* ---- look ---- */

static enum err check_hashes(struct restore *r)
{
	bool journal = false;
	enum err e = manifest_read(r->o->from, &r->manifest);

	if (e != ERR_OK)
		return fail(r, e == ERR_NO_MEMORY ? e : ERR_UNVERIFIED, MSG_BACKUP_NO_BACKUP,
			    r->o->from);
	for (size_t i = 0; i < r->manifest.files_n; i++) {
		const struct manifest_file *f = &r->manifest.files[i];
		char path[FILE_PATH_MAX];
		struct file_print print;
		if (!path_join(path, r->o->from, f->path) || file_print(path, &print) != ERR_OK ||
		    print.bytes != f->bytes || !hash_eq(&print.sha256, &f->sha256))
			return fail(r, ERR_UNVERIFIED, MSG_BACKUP_FILE_CHANGED, f->path);
		journal = journal || strcmp(f->path, "journal.db") == 0;
	}
	return journal ? ERR_OK : fail(r, ERR_UNVERIFIED, MSG_BACKUP_FILE_CHANGED, "journal.db");
}

static enum err check_journal(struct restore *r)
{
	struct verify_options o = {.public_key = r->secrets.signing_key.public_key,
				   .progress = r->o->progress};
	char path[FILE_PATH_MAX], first[24], last[24];
	struct verify_result v;
	struct db *db = NULL;
	enum err e;

	if (!path_join(path, r->o->from, "journal.db"))
		return ERR_TOO_LARGE;
	TRY(db_open(path, DB_SCHEMA_journal, DB_READ, NULL, &db));
	e = journal_verify(db, &o, &v);
	db_free(db);
	TRY(e);
	snprintf(first, sizeof first, "%llu", (unsigned long long)v.first);
	snprintf(last, sizeof last, "%llu", (unsigned long long)v.last);
	if (v.finding != VERIFY_SOUND)
		return problem_set(r->problem, ERR_UNVERIFIED, STR("journal.db"),
				   verify_msg(v.finding),
				   (struct str[]){str_of(v.at), str_of(first), str_of(last)}, 3);
	if (v.entries != r->manifest.size || !hash_eq(&v.root, &r->manifest.root) ||
	    strcmp(v.key.name, r->manifest.origin) != 0)
		return fail(r, ERR_UNVERIFIED, MSG_BACKUP_FILE_CHANGED, MANIFEST_NAME);
	r->summary.entries = v.entries;
	return ERR_OK;
}

static enum err look(struct restore *r)
{
	if (access(r->s->dir, F_OK) == 0)
		return fail(r, ERR_EXISTS, MSG_BACKUP_TARGET_EXISTS, r->s->dir);
	TRY(secrets_load(r->s, &r->secrets, r->problem));
	if (r->s->key_copy[0] && access(r->s->key_copy, R_OK) != 0)
		return fail(r, ERR_KEYS, MSG_BACKUP_KEY_COPY, r->s->key_copy);
	if (r->o->seen && file_read(r->o->seen, NOTE_BYTES_MAX, &r->seen, &r->seen_n) != ERR_OK)
		return fail(r, ERR_UNVERIFIED, MSG_BACKUP_SEEN_WRONG, r->o->seen);
	TRY(check_hashes(r));
	return check_journal(r);
}

/* ---- write ---- */

/* The folder above `path` into `to`. */
static void folder_of(char to[FILE_PATH_MAX], const char *path)
{
	snprintf(to, FILE_PATH_MAX, "%s", path);
	*strrchr(to, '/') = 0;
}

/* The folder itself and those above it, each durable in the one above. */
static enum err make_folders(const char *folder)
{
	char above[FILE_PATH_MAX];

	if (access(folder, F_OK) == 0)
		return ERR_OK;
	folder_of(above, folder);
	TRY(make_folders(above));
	TRY(folder_make(folder, 0700));
	return folder_sync(above);
}

/* Files of one folder stand together, so that each folder is synced about once. */
static enum err copy_files(struct restore *r)
{
	char folder[FILE_PATH_MAX] = "";

	for (size_t i = 0; i < r->manifest.files_n; i++) {
		const struct manifest_file *f = &r->manifest.files[i];
		char from[FILE_PATH_MAX], to[FILE_PATH_MAX], into[FILE_PATH_MAX];
		struct file_print print;
		if (strcmp(f->path, "liren.yaml") == 0)
			continue; /* the new store's own says where its keys are */
		if (!path_join(from, r->o->from, f->path) || !path_join(to, r->s->dir, f->path))
			return ERR_TOO_LARGE;
		folder_of(into, to);
		TRY(make_folders(into));
		if (folder[0] && strcmp(folder, into) != 0)
			TRY(folder_sync(folder));
		memcpy(folder, into, sizeof folder);
		TRY(file_copy_new(from, to, 0600, &print));
		if (print.bytes != f->bytes || !hash_eq(&print.sha256, &f->sha256))
			return fail(r, ERR_UNVERIFIED, MSG_BACKUP_FILE_CHANGED, f->path);
	}
	return folder[0] ? folder_sync(folder) : ERR_OK;
}

/* The keys that are left: those that were destroyed since the backup are not among them. */
static enum err copy_keys(struct restore *r)
{
	struct db_options o = {.rollback_journal = true};
	struct db *db = NULL;
	enum err e;

	if (!r->s->key_copy[0])
		e = db_open(r->s->keys_db, DB_SCHEMA_keys, DB_CREATE, &o, &db);
	else
		e = db_open(r->s->key_copy, DB_SCHEMA_keys, DB_WRITE, &o, &db);
	if (e == ERR_OK && r->s->key_copy[0])
		e = db_copy_to(db, r->s->keys_db);
	db_free(db);
	if (e != ERR_OK)
		return fail(r, e, MSG_BACKUP_KEY_COPY, r->s->key_copy);
	return file_sync(r->s->keys_db);
}

/* Lines that no entry erased, and whose key is gone. */
static enum err count_without_key(struct restore *r, struct writer *w)
{
	struct db_stmt *s = db_stmt(w->db, SQL_line_rows);
	bool row = false, there = false;

	for (;;) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			return ERR_OK;
		if (db_i64(s, 3) != 0)
			continue;
		TRY(keyring_holds(w->keys, db_u64(s, 2), &there));
		r->summary.without_key += !there;
	}
}

static enum err go_on(struct restore *r, struct writer *w)
{
	struct str seen = {r->seen, r->seen_n};
	enum seen_place place = SEEN_ELSEWHERE;
	char account[128];
	struct community c;
	enum err e = ERR_OK;

	if (seen.n > 0)
		e = writer_compare_seen(w, &r->secrets, seen, &place);
	if (e == ERR_UNVERIFIED || e == ERR_CORRUPT)
		return fail(r, ERR_UNVERIFIED,
			    e == ERR_CORRUPT ? MSG_BACKUP_SEEN_FORK : MSG_BACKUP_SEEN_WRONG,
			    r->o->seen);
	TRY(e);
	r->summary.same_origin = place == SEEN_WITHIN;
	operator_account(account, sizeof account);
	if (r->summary.same_origin)
		TRY(keyring_raise_floor(w->keys));
	else
		TRY(writer_reopen(w, &r->secrets, seen, str_of(account), kernel_clock()));
	TRY(writer_end_sessions(w));
	TRY(count_without_key(r, w));
	TRY(community_get(w->db, &c));
	memcpy(r->summary.origin, c.origin, sizeof c.origin);
	return ERR_OK;
}

static enum err write_store(struct restore *r)
{
	struct store_paths paths = settings_paths(r->s);
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	char parent[FILE_PATH_MAX];
	struct writer *w = NULL;
	int fd = -1, pid = 0;
	enum err e;

	TRY(store_lock(r->s, &fd, &pid));
	e = copy_files(r);
	if (e == ERR_OK)
		e = folder_make(r->s->attachments, 0700);
	if (e == ERR_OK)
		e = copy_keys(r);
	if (e == ERR_OK)
		e = settings_save(r->s);
	if (e == ERR_OK)
		e = writer_open(&paths, &r->secrets, &entropy, &w);
	if (e == ERR_OK)
		e = go_on(r, w);
	writer_close(w);
	if (e == ERR_OK)
		e = folder_sync(r->s->dir);
	snprintf(parent, sizeof parent, "%s", r->s->dir);
	if (e == ERR_OK)
		e = folder_sync(dirname(parent));
	close(fd);
	return e;
}

enum err restore_store(const struct restore_options *o, struct restore_summary *ret,
		       struct problem *problem)
{
	struct restore *r = calloc(1, sizeof *r);
	enum err e;

	if (!r)
		return ERR_NO_MEMORY;
	r->o = o;
	r->s = o->settings;
	r->problem = problem;
	e = look(r);
	if (e == ERR_OK && mkdir(r->s->dir, 0700) != 0)
		e = fail(r, err_of_errno(errno), MSG_BACKUP_TARGET_FAILED, r->s->dir);
	else if (e == ERR_OK && (e = write_store(r)) != ERR_OK)
		folder_remove(r->s->dir);
	if (e == ERR_OK)
		*ret = r->summary;
	free(r->seen);
	manifest_fini(&r->manifest);
	seal_wipe(r, sizeof *r);
	free(r);
	return e;
}
