/* Files that come into force, and those that go out of it: an entry each, all or none. */
#include "decide.h"

#include "base/check.h"
#include "cases/shelf.h"
#include "service/files.h"
#include "service/kinds.h"

/* The files of the set that are in force and are not in the command. */
struct leaving {
	const struct command *c;
	unsigned n;
	struct file_withdrawn v[CASES_SHELF_FILES_MAX];
	char paths[CASES_SHELF_FILES_MAX][FILE_PATH_BYTES_MAX];
};

static bool is_in(const struct command *c, struct str path)
{
	for (unsigned i = 0; i < c->files.n; i++)
		if (str_eq(c->files.v[i].path, path))
			return true;
	return false;
}

static enum err note_leaving(void *ctx, const struct file_row *row)
{
	struct leaving *l = ctx;
	enum shelf_kind kind;

	if (!shelf_kind_of(row->path, &kind) || is_in(l->c, row->path))
		return ERR_OK;
	if (l->n == CASES_SHELF_FILES_MAX || row->path.n > FILE_PATH_BYTES_MAX)
		return ERR_CORRUPT; /* more than was ever let in */
	memcpy(l->paths[l->n], row->path.p, row->path.n);
	l->v[l->n] = (struct file_withdrawn){{l->paths[l->n], row->path.n}, row->n};
	l->n++;
	return ERR_OK;
}

static enum err keep_content(struct writer *w, const struct hash32 *sha256, struct str content)
{
	struct db_stmt *s = db_stmt(w->db, SQL_file_content_put);

	db_bind_bytes(s, 1, sha256->b, HASH_BYTES);
	db_bind_bytes(s, 2, content.p, content.n);
	return db_run(w->db, s);
}

/* Is this what is in force? Then the entry that brought it is known, too. */
static enum err compare(struct writer *w, struct load_file *f, const struct hash32 *sha256)
{
	struct db_stmt *s = db_stmt(w->db, SQL_file_last);
	bool row = false;

	db_bind_text(s, 1, f->path);
	TRY(db_step(w->db, s, &row));
	f->changed = true;
	if (row) {
		struct bytes sha = db_bytes(s, 1);
		f->changed = sha.n != HASH_BYTES || memcmp(sha.p, sha256->b, HASH_BYTES) != 0;
		f->n = db_u64(s, 0);
		db_done(s);
	}
	return ERR_OK;
}

/* The operator's handle is taken with the first entry: where nothing changes there is none. */
static enum err append(struct writer *w, struct command *c, struct actor *actor, enum kind kind,
		       int64_t at_us, const void *data)
{
	struct appended a;

	if (!actor->has_handle)
		TRY(decide_operator(w, c->account, actor));
	TRY(journal_append(&w->journal, actor, kind, at_us, data, &a));
	c->answer.n = a.n;
	c->answer.at_us = a.at_us;
	c->answer.repeated = false;
	return ERR_OK;
}

static enum err load_one(struct writer *w, struct command *c, struct load_file *f,
			 struct actor *actor, int64_t at_us)
{
	struct file_loaded data = {.path = f->path, .bytes = f->content.n};

	CHECK(f->path.n <= FILE_PATH_BYTES_MAX && f->content.n <= FILE_CONTENT_BYTES_MAX);
	hash_sha256(f->content.p, f->content.n, &data.sha256);
	TRY(compare(w, f, &data.sha256));
	TRY(keep_content(w, &data.sha256, f->content));
	if (f->changed) {
		TRY(append(w, c, actor, KIND_FILE_LOADED, at_us, &data));
		f->n = c->answer.n;
		c->files.loaded++;
	}
	if (c->files.shelf) {
		const struct shelf_file *on_shelf = shelf_file_of(c->files.shelf, f->path);
		CHECK(on_shelf && hash_eq(&on_shelf->sha256, &data.sha256));
		CHECK(shelf_set_n(c->files.shelf, f->path, f->n));
	}
	return ERR_OK;
}

/* A case may have been opened while the set was proven: whatever it stands under must be there. */
static enum err keeps_open_cases(struct writer *w, const struct cases_shelf *shelf)
{
	struct db_stmt *s = db_stmt(w->db, SQL_case_open_versions);
	bool row = true, kept = true;

	while (kept) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			return ERR_OK;
		kept = shelf_type(shelf, db_u64(s, 0)) && shelf_categories(shelf, db_u64(s, 1));
	}
	db_done(s);
	return ERR_CONFLICT; /* tried again it is proven with that case */
}

enum err decide_files(struct writer *w, struct command *c, int64_t at_us)
{
	struct leaving leaving;
	struct actor actor = {0};

	c->answer.repeated = true;
	c->answer.n = 0;
	c->files.loaded = c->files.withdrawn = 0;
	leaving.c = c;
	leaving.n = 0;
	if (c->files.shelf)
		TRY(files_in_force(w->db, note_leaving, &leaving));
	for (unsigned i = 0; i < c->files.n; i++)
		TRY(load_one(w, c, &c->files.v[i], &actor, at_us));
	for (unsigned i = 0; i < leaving.n; i++) {
		TRY(append(w, c, &actor, KIND_FILE_WITHDRAWN, at_us, &leaving.v[i]));
		c->files.withdrawn++;
	}
	return c->files.shelf ? keeps_open_cases(w, c->files.shelf) : ERR_OK; /* looked at from this
									       COMMIT on */
}
