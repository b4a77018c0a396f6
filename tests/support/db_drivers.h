/* The stores that tests/unit/test_db.c tries, and what only each engine can tell: how a closed file
 * of it is altered, and how its errors are provoked. */
#ifndef LIREN_TEST_DB_DRIVERS_H
#define LIREN_TEST_DB_DRIVERS_H

#include "faultvfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

struct driver {
	const char *name;
	const char *vfs;
	int (*set_up)(void); /* once a process; 0 where it went well */
	void (*begin)(void); /* before each test */
	/* of a closed file: the number of its schema's last migration, and whose file it is */
	void (*set_version)(const char *path, uint32_t version);
	void (*set_owner)(const char *path, uint32_t owner);
	void (*spoil)(const char *path); /* so that rows cannot be read, but it can be opened */
	/* The next write to the store fails in the i-th way; false: there is no such way. NULL ends
	 * it. */
	bool (*fail_write)(unsigned i, enum err *ret_as);
	void (*fail_no_more)(void);
};

/* ---- SQLite ---- */

/* SQLite's file format, section 1.3: user version at 60, application id at 68, big-endian. */
static void put_u32(const char *path, long at, uint32_t v)
{
	uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, b, sizeof b, at), sizeof b);
	assert_int_equal(close(fd), 0);
}

static void sqlite_set_version(const char *path, uint32_t version)
{
	put_u32(path, 60, version);
}

static void sqlite_set_owner(const char *path, uint32_t owner)
{
	put_u32(path, 68, owner);
}

/* The first page of the entries; not the pages of the schema, which has more than one. */
static void sqlite_spoil(const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	long page;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'entry'", -1,
			       &s, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	page = (long)sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	for (long at = (page - 1) * 4096; at < page * 4096; at += 4)
		put_u32(path, at, 0xA5A5A5A5);
}

static bool sqlite_fail_write(unsigned i, enum err *ret_as)
{
	static const struct {
		int code;
		enum err as;
	} ways[] = {
	    {SQLITE_FULL, ERR_NO_SPACE},         {SQLITE_NOMEM, ERR_NO_MEMORY},
	    {SQLITE_IOERR_WRITE, ERR_STORE},     {SQLITE_READONLY, ERR_STORE},
	    {SQLITE_CORRUPT, ERR_CORRUPT},       {SQLITE_NOTADB, ERR_CORRUPT},
	    {SQLITE_BUSY, ERR_LOCKED},           {SQLITE_LOCKED, ERR_LOCKED},
	    {SQLITE_IOERR_NOMEM, ERR_NO_MEMORY}, {SQLITE_CORRUPT_INDEX, ERR_CORRUPT},
	    {SQLITE_BUSY_SNAPSHOT, ERR_LOCKED},  {SQLITE_PERM, ERR_STORE},
	};

	if (i >= sizeof ways / sizeof ways[0])
		return false;
	*ret_as = ways[i].as;
	faultvfs_plan(&(struct fault_plan){.kind = FAULT_WRITE, .at = 1, .error = ways[i].code});
	return true;
}

static void sqlite_fail_no_more(void)
{
	faultvfs_plan(NULL);
}

static int sqlite_set_up(void)
{
	return faultvfs_register(false);
}

static const struct driver drivers[] = {
    {.name = "sqlite",
     .vfs = FAULTVFS_NAME,
     .set_up = sqlite_set_up,
     .begin = faultvfs_reset,
     .set_version = sqlite_set_version,
     .set_owner = sqlite_set_owner,
     .spoil = sqlite_spoil,
     .fail_write = sqlite_fail_write,
     .fail_no_more = sqlite_fail_no_more},
};

#endif
