/* The SQLite driver. Every engine error is turned into enum err here and nowhere else. */
#include "db/db.h"

#include "base/check.h"

#include <sqlite3.h>

#define WAL_PAGES_MAX 4000 /* 16 MB: a stall of some 15 ms. With 20,000 it was 90 */
#define WAL_PAGES_LEFT_MAX 20000 /* where somebody else moves them */
#define BUSY_TIMEOUT_MS 5000
#define READER_CACHE_KIB 2048
#define WRITER_CACHE_KIB_MIN 32768
#define WRITER_CACHE_KIB_MAX 262144
#define FILE_PER_CACHE 16 /* between the two, so much of the file for each byte of cache */

struct db {
	bool rollback_failed;
	bool overwrites; /* what is deleted, and pages that become free */
	sqlite3 *handle;
	sqlite3_stmt *stmt[SQL_COUNT];
	int page_bytes;
	int cache_kib;
	bool cache_grows; /* with the file */
	int wal_pages, wal_pages_max;
	uint64_t wal_bytes;
	int prepare_rc; /* why db_stmt gave NULL */
};

/* struct db_stmt is the engine's statement under our name. */
static sqlite3_stmt *raw(struct db_stmt *s)
{
	return (sqlite3_stmt *)s;
}

static enum err err_of(int rc)
{
	if (rc == SQLITE_IOERR_NOMEM) /* within the file system's part of it */
		return ERR_NO_MEMORY;
	switch (rc & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_FULL:
		return ERR_NO_SPACE;
	case SQLITE_NOMEM:
		return ERR_NO_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_LOCKED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	default:
		return ERR_STORE;
	}
}

static enum err exec(struct db *db, const char *sql)
{
	return err_of(sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

static enum err pragma_i64(struct db *db, const char *pragma, int64_t *ret)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->handle, pragma, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return rc == SQLITE_ROW ? ERR_OK : rc == SQLITE_DONE ? ERR_STORE : err_of(rc);
}

/* A cache that is too small costs time only, so what fails here is left as it was. */
static void fit_cache(struct db *db)
{
	int64_t pages = 0, kib;
	char sql[48];

	if (pragma_i64(db, "PRAGMA page_count", &pages) != ERR_OK)
		return;
	kib = pages * db->page_bytes / 1024 / FILE_PER_CACHE;
	kib = kib > WRITER_CACHE_KIB_MAX ? WRITER_CACHE_KIB_MAX : kib;
	if (kib <= db->cache_kib)
		return;
	snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d;", (int)kib);
	if (exec(db, sql) == ERR_OK)
		db->cache_kib = (int)kib;
}

enum err db_wal_move(struct db *db)
{
	enum err e = err_of(sqlite3_wal_checkpoint_v2(db->handle, "main", SQLITE_CHECKPOINT_PASSIVE,
						      NULL, NULL));

	if (db->cache_grows)
		fit_cache(db);
	return e;
}

/* After each commit in WAL mode: count the pages, and move them into the file when there are many.
 * A move that fails or finds readers is tried again after the next commit; the commit itself
 * stands. */
static int after_commit(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = ctx;
	int fresh = pages >= db->wal_pages ? pages - db->wal_pages : pages;
	enum err e = ERR_OK;

	db->wal_bytes += (uint64_t)fresh * (uint64_t)(db->page_bytes + 24);
	db->wal_pages = pages;
	if (pages >= db->wal_pages_max)
		e = db_wal_move(db);
	(void)e;
	return SQLITE_OK;
}

static bool writes(enum db_mode mode)
{
	return mode == DB_WRITE || mode == DB_CREATE;
}

static int newest_of(enum db_schema schema)
{
	int newest = 0;

	for (int i = 0; i < SQL_MIGRATIONS; i++)
		if (sql_migrations[i].schema == schema)
			newest = sql_migrations[i].number;
	return newest;
}

static enum err set_version(struct db *db, enum db_schema schema, int number)
{
	char sql[96];

	/* application_id tells the schemas apart: a keys.db is not taken for a journal */
	snprintf(sql, sizeof sql, "PRAGMA user_version=%d; PRAGMA application_id=%d;", number,
		 0x4C520000 + (int)schema);
	return exec(db, sql);
}

static enum err migrate_steps(struct db *db, enum db_schema schema, int64_t version)
{
	for (int i = 0; i < SQL_MIGRATIONS; i++)
		if (sql_migrations[i].schema == schema && sql_migrations[i].number > version)
			TRY(exec(db, sql_migrations[i].sql));
	return set_version(db, schema, newest_of(schema));
}

/* Whose file it is, and how new: asked before anything is set that would change it. One that is
 * refused keeps its WAL, too: closing it moves nothing. */
static enum err identify(struct db *db, enum db_schema schema)
{
	int64_t version = 0, app = 0, tables = 0;

	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	TRY(pragma_i64(db, "PRAGMA user_version", &version));
	TRY(pragma_i64(db, "PRAGMA application_id", &app));
	TRY(pragma_i64(db, "SELECT count(*) FROM sqlite_schema", &tables));
	if (app != 0x4C520000 + (int)schema && (app != 0 || tables != 0))
		return ERR_CORRUPT;
	if (version > newest_of(schema))
		return ERR_NEWER_STORE;
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return ERR_OK;
}

static enum err migrate(struct db *db, enum db_schema schema, enum db_mode mode)
{
	int64_t version = 0, app = 0;
	enum err e;

	TRY(pragma_i64(db, "PRAGMA user_version", &version));
	TRY(pragma_i64(db, "PRAGMA application_id", &app));
	if (version == newest_of(schema))
		return ERR_OK;
	if (!writes(mode))
		return app == 0 ? ERR_NOT_FOUND : ERR_CORRUPT;
	TRY(db_begin(db));
	e = migrate_steps(db, schema, version);
	if (e == ERR_OK)
		e = db_commit(db);
	if (e != ERR_OK)
		db_rollback(db);
	return e;
}

static enum err configure(struct db *db, enum db_mode mode, const struct db_options *o)
{
	char sql[160];
	int64_t page = 0;

	db->cache_kib = o->cache_kib      ? o->cache_kib
			: !writes(mode)   ? READER_CACHE_KIB
					  : WRITER_CACHE_KIB_MIN;
	db->cache_grows = writes(mode) && o->cache_kib == 0;
	db->wal_pages_max = WAL_PAGES_MAX;
	snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d; PRAGMA temp_store=MEMORY;",
		 db->cache_kib);
	TRY(exec(db, sql));
	if (mode == DB_MOVE)
		TRY(exec(db, "PRAGMA synchronous=FULL;"));
	else if (mode != DB_READ && o->bulk)
		TRY(exec(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
			     "PRAGMA locking_mode=EXCLUSIVE;"));
	else if (mode != DB_READ && o->rollback_journal)
		TRY(exec(db, "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;"
			     "PRAGMA secure_delete=ON;"));
	else if (mode != DB_READ)
		TRY(exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			     "PRAGMA journal_size_limit=134217728; PRAGMA secure_delete=FAST;"));
	TRY(pragma_i64(db, "PRAGMA page_size", &page));
	db->page_bytes = (int)page;
	if (db->cache_grows)
		fit_cache(db);
	if (writes(mode))
		sqlite3_wal_hook(db->handle, after_commit, db);
	return ERR_OK;
}

void db_process_init(void)
{
	CHECK(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
}

enum err db_open(const char *path, enum db_schema schema, enum db_mode mode,
		 const struct db_options *options, struct db **ret)
{
	static const struct db_options none = {0};
	const struct db_options *o = options ? options : &none;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	struct db *db = calloc(1, sizeof *db);
	enum err e;

	if (!db)
		return ERR_NO_MEMORY;
	flags |= mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	flags |= mode == DB_CREATE ? SQLITE_OPEN_CREATE : 0;
	e = err_of(sqlite3_open_v2(path, &db->handle, flags, o->vfs));
	if (e == ERR_OK)
		e = identify(db, schema);
	if (e == ERR_OK)
		e = configure(db, mode, o);
	if (e == ERR_OK)
		e = migrate(db, schema, mode);
	/* What a killed process left in the WAL may never have been synced, and would be read and
	 * answered from all the same. So the writer first moves it into the file, synced, and the
	 * WAL, too, where readers keep the move from ending. */
	if (e == ERR_OK && writes(mode) && !o->bulk && !o->rollback_journal)
		e = db_wal_move(db);
	if (e != ERR_OK) {
		db_free(db);
		return e;
	}
	*ret = db;
	return ERR_OK;
}

struct db *db_free(struct db *db)
{
	if (!db)
		return NULL;
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(db->stmt[i]);
	sqlite3_close(db->handle);
	free(db);
	return NULL;
}

/* A rollback that found no memory left its transaction open: it is made up for. */
static void roll_back_now(struct db *db)
{
	if (db->rollback_failed)
		db_rollback(db);
}

enum err db_begin(struct db *db)
{
	roll_back_now(db);
	return exec(db, "BEGIN IMMEDIATE");
}

enum err db_begin_read(struct db *db)
{
	roll_back_now(db);
	return exec(db, "BEGIN");
}

enum err db_commit(struct db *db)
{
	return exec(db, "COMMIT");
}

void db_rollback(struct db *db)
{
	for (int i = 0; i < SQL_COUNT; i++)
		if (db->stmt[i])
			sqlite3_reset(db->stmt[i]);
	db->rollback_failed =
	    !sqlite3_get_autocommit(db->handle) &&
	    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK;
}

bool db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

enum err db_savepoint(struct db *db)
{
	return db_run(db, db_stmt(db, SQL_savepoint));
}

enum err db_savepoint_release(struct db *db)
{
	return db_run(db, db_stmt(db, SQL_savepoint_release));
}

enum err db_savepoint_rollback(struct db *db)
{
	TRY(db_run(db, db_stmt(db, SQL_savepoint_rollback)));
	return db_savepoint_release(db);
}

struct db_stmt *db_stmt(struct db *db, enum sql sql)
{
	CHECK(sql < SQL_COUNT);
	if (!db->stmt[sql])
		db->prepare_rc =
		    sqlite3_prepare_v3(db->handle, sql_statements[sql], -1,
				       SQLITE_PREPARE_PERSISTENT, &db->stmt[sql], NULL);
	else
		sqlite3_reset(db->stmt[sql]);
	return (struct db_stmt *)db->stmt[sql];
}

void db_bind_i64(struct db_stmt *s, int index, int64_t v)
{
	if (s)
		CHECK(sqlite3_bind_int64(raw(s), index, v) == SQLITE_OK);
}

void db_bind_u64(struct db_stmt *s, int index, uint64_t v)
{
	CHECK(v <= INT64_MAX);
	db_bind_i64(s, index, (int64_t)v);
}

/* Static binding allocates nothing, so it cannot fail but for a wrong index, which is a bug. */
void db_bind_bytes(struct db_stmt *s, int index, const void *p, size_t n)
{
	if (s)
		CHECK(sqlite3_bind_blob64(raw(s), index, p ? p : "", n, SQLITE_STATIC) ==
		      SQLITE_OK);
}

void db_bind_text(struct db_stmt *s, int index, struct str text)
{
	if (s)
		CHECK(sqlite3_bind_text64(raw(s), index, text.p ? text.p : "", text.n,
					  SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}

enum err db_step(struct db *db, struct db_stmt *s, bool *ret_row)
{
	int rc;

	if (!s)
		return db->prepare_rc == SQLITE_OK ? ERR_STORE : err_of(db->prepare_rc);
	rc = sqlite3_step(raw(s));
	if (rc == SQLITE_ROW) {
		*ret_row = true;
		return ERR_OK;
	}
	sqlite3_reset(raw(s));
	if (rc != SQLITE_DONE)
		return err_of(rc);
	*ret_row = false;
	return ERR_OK;
}

enum err db_run(struct db *db, struct db_stmt *s)
{
	bool row = false;

	TRY(db_step(db, s, &row));
	CHECK(!row);
	return ERR_OK;
}

void db_done(struct db_stmt *s)
{
	if (s)
		sqlite3_reset(raw(s));
}

enum err db_finish(struct db_stmt *s)
{
	return err_of(sqlite3_reset(raw(s)));
}

int64_t db_i64(struct db_stmt *s, int column)
{
	return sqlite3_column_int64(raw(s), column);
}

uint64_t db_u64(struct db_stmt *s, int column)
{
	return (uint64_t)sqlite3_column_int64(raw(s), column);
}

struct bytes db_bytes(struct db_stmt *s, int column)
{
	const void *p = sqlite3_column_blob(raw(s), column);

	return (struct bytes){p, (size_t)sqlite3_column_bytes(raw(s), column)};
}

struct str db_text(struct db_stmt *s, int column)
{
	const unsigned char *p = sqlite3_column_text(raw(s), column);

	return (struct str){(const char *)p, (size_t)sqlite3_column_bytes(raw(s), column)};
}

int db_changes(struct db *db)
{
	return sqlite3_changes(db->handle);
}

uint64_t db_changes_total(struct db *db)
{
	return (uint64_t)sqlite3_total_changes64(db->handle);
}

bool db_overwrites(const struct db *db)
{
	return db->overwrites;
}

enum err db_overwrite_deleted(struct db *db, bool on)
{
	if (db->overwrites == on)
		return ERR_OK;
	TRY(exec(db, on ? "PRAGMA secure_delete=ON" : "PRAGMA secure_delete=FAST"));
	db->overwrites = on;
	return ERR_OK;
}

enum err db_wal_empty(struct db *db)
{
	int rc;

	sqlite3_busy_timeout(db->handle, 0);
	rc = sqlite3_wal_checkpoint_v2(db->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	if (rc == SQLITE_OK)
		db->wal_pages = 0;
	return err_of(rc);
}

enum err db_copy_to(struct db *db, const char *path)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->handle, "VACUUM INTO ?1", -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	sqlite3_finalize(s);
	return err_of(rc);
}

enum err db_integrity(struct db *db, char *report, size_t report_cap, bool *ret_sound)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check(1)", -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		snprintf(report, report_cap, "%s", (const char *)sqlite3_column_text(s, 0));
		*ret_sound = strcmp(report, "ok") == 0;
	}
	sqlite3_finalize(s);
	return err_of(rc);
}

bool db_value(struct db_stmt *s, int column, struct db_value *ret)
{
	if (column >= sqlite3_column_count(raw(s)))
		return false;
	*ret = (struct db_value){0};
	ret->is_int = sqlite3_column_type(raw(s), column) == SQLITE_INTEGER;
	if (ret->is_int)
		ret->i = db_i64(s, column);
	else
		ret->b = db_bytes(s, column);
	return true;
}

const char *db_message(struct db *db)
{
	return sqlite3_errmsg(db->handle);
}

uint64_t db_wal_bytes(struct db *db)
{
	return db->wal_bytes;
}

int db_wal_pages(const struct db *db)
{
	return db->wal_pages;
}

void db_wal_leave(struct db *db)
{
	db->wal_pages_max = WAL_PAGES_LEFT_MAX;
}
