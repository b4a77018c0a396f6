/* The store, as connections with prepared statements. SQL stands in src/db/sql; this is all of the
 * driver that the floors above see. One connection belongs to one thread at a time. Errors of the
 * engine become ERR_STORE, ERR_NO_SPACE, ERR_NO_MEMORY, ERR_LOCKED or ERR_CORRUPT. */
#ifndef LIREN_DB_DB_H
#define LIREN_DB_DB_H

#include "base/err.h"
#include "base/str.h"
#include "db/sql.h"

struct db;      /* a connection */
struct db_stmt; /* a prepared statement of a connection; owned by it */

enum db_mode {
	DB_READ,   /* read only; the file must exist */
	DB_WRITE,  /* the one writer: WAL, synchronous=FULL, moves the WAL every 4,000 pages */
	DB_CREATE, /* as DB_WRITE, and makes the file where there is none */
	DB_MOVE,   /* beside the writer, for db_wal_move alone */
};

struct db_options {
	const char *vfs;       /* NULL: the default one */
	int cache_kib;         /* page cache; 0: 2 MiB for a reader; for a writer a sixteenth of the
				* file, at least 32 MiB, at most 256 */
	bool rollback_journal; /* instead of WAL: no old page outlives a commit (keys) */
	bool bulk; /* for a file that is made anew and thrown away on failure: no syncs */
};

/* Once a process, before the first connection: the engine keeps no statistics of its memory, which
 * would cost a lock at each allocation. */
void db_process_init(void);

/* Open `path` with its schema. A writer migrates it in one transaction; a file of a newer program
 * is ERR_NEWER_STORE and is not touched; a reader of an older file gets ERR_CORRUPT, of an
 * empty one ERR_NOT_FOUND. */
enum err db_open(const char *path, enum db_schema schema, enum db_mode mode,
		 const struct db_options *options, struct db **ret) MUST_CHECK;
struct db *db_free(struct db *db); /* NULL is fine; returns NULL */

enum err db_begin(struct db *db) MUST_CHECK; /* a writing transaction, at once */
enum err db_begin_read(struct db *db) MUST_CHECK;
enum err db_commit(struct db *db) MUST_CHECK;
void db_rollback(struct db *db); /* also where a failure ended the transaction already */
bool db_in_transaction(const struct db *db);
enum err db_savepoint(struct db *db) MUST_CHECK;
enum err db_savepoint_release(struct db *db) MUST_CHECK;
enum err db_savepoint_rollback(struct db *db) MUST_CHECK; /* undo and release */

/* The statement, reset and ready to bind; prepared at its first use. NULL where that failed: the
 * functions below take NULL, and db_step then tells the error. */
struct db_stmt *db_stmt(struct db *db, enum sql sql);
void db_bind_i64(struct db_stmt *s, int index, int64_t v);
void db_bind_u64(struct db_stmt *s, int index, uint64_t v); /* at most INT64_MAX */
/* What is bound must live until the reset. */
void db_bind_bytes(struct db_stmt *s, int index, const void *p, size_t n);
void db_bind_text(struct db_stmt *s, int index, struct str text);

/* One row more (*ret_row true) or the end (false; the statement is reset). */
enum err db_step(struct db *db, struct db_stmt *s, bool *ret_row) MUST_CHECK;
/* For statements without rows: step to the end and reset. */
enum err db_run(struct db *db, struct db_stmt *s) MUST_CHECK;
/* Give the row back: views of columns end here. NULL is fine. */
void db_done(struct db_stmt *s);

int64_t db_i64(struct db_stmt *s, int column);
uint64_t db_u64(struct db_stmt *s, int column);
struct bytes db_bytes(struct db_stmt *s, int column); /* until the next step or db_done */
struct str db_text(struct db_stmt *s, int column);    /* likewise; empty where memory ran out */
/* As db_done, after db_text: ERR_NO_MEMORY where it ran out of memory. */
enum err db_finish(struct db_stmt *s) MUST_CHECK;

/* Rows that the last statement without rows changed. */
int db_changes(struct db *db);

/* Rows changed since the connection was opened, those of virtual tables' own rows too. */
uint64_t db_changes_total(struct db *db);

/* Overwrite what is deleted, in pages that become free as well; off again: only where no page is
 * written for it. Of a writer; may be called within a transaction. */
enum err db_overwrite_deleted(struct db *db, bool on) MUST_CHECK;
bool db_overwrites(const struct db *db);

/* Move the whole WAL into the file, synced, and leave it empty: nothing that was overwritten is
 * left in either. Outside of a transaction. ERR_LOCKED where a reader still reads from it: waits
 * for nobody, try again. */
enum err db_wal_empty(struct db *db) MUST_CHECK;

/* A consistent copy while others write; `path` must not exist. */
enum err db_copy_to(struct db *db, const char *path) MUST_CHECK;

/* The engine's own check of the file; *ret_sound tells, and `report` gets its first complaint. */
enum err db_integrity(struct db *db, char *report, size_t report_cap, bool *ret_sound) MUST_CHECK;

/* A value of a row whose columns the caller does not know: for the digest of a rebuild. */
struct db_value {
	bool is_int;
	int64_t i;
	struct bytes b; /* of text and blobs; as long as the row */
};
/* False past the last column. */
bool db_value(struct db_stmt *s, int column, struct db_value *ret);

/* What the engine said last, for a log line; never for an answer. */
const char *db_message(struct db *db);

/* Bytes of WAL written by this connection since it was opened. */
uint64_t db_wal_bytes(struct db *db);

/* Of a writer's WAL: its pages at the last commit. */
int db_wal_pages(const struct db *db);
/* Somebody else moves it into the file (app/wal_mover.h): the writer does itself only from 20,000
 * pages on. */
void db_wal_leave(struct db *db);
/* Move what is there and no reader needs into the file, synced; commits go on meanwhile, and their
 * pages are left. The WAL begins anew with the commit after a move that has left none. */
enum err db_wal_move(struct db *db) MUST_CHECK;

#endif
