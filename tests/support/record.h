/* A store of its own for a test: in a folder below $TMPDIR, with seeded randomness and a clock that
 * only the test moves. Depends on service; everything that fails here ends the test. */
#ifndef LIREN_TEST_RECORD_H
#define LIREN_TEST_RECORD_H

#include "service/writer.h"

#define STORE_PATH_MAX 256u
#define STORE_GROUP_MAX 64u

struct test_record {
	char dir[STORE_PATH_MAX], journal[STORE_PATH_MAX], keys[STORE_PATH_MAX],
	    copy[STORE_PATH_MAX];
	struct store_paths paths;
	struct store_secrets secrets;
	uint64_t random; /* splitmix64 */
	struct entropy entropy;
	struct clock_reading now;
	struct writer *writer;
};

/* Folder, keys, entry 1; open for writing. */
void store_make(struct test_record *s, uint64_t seed);
void store_open(struct test_record *s);
void store_close(struct test_record *s); /* signs what is not signed, and closes */
void store_remove(struct test_record *s); /* the folder with everything in it; closes first */

uint64_t store_random(struct test_record *s, uint64_t below);

/* One line written; its entry's number. */
uint64_t store_write(struct test_record *s, struct str text);
void store_write_many(struct test_record *s, unsigned n, size_t text_bytes);
enum err store_erase(struct test_record *s, uint64_t n);
void store_load_file(struct test_record *s, struct str path, struct str content);
void store_sign(struct test_record *s); /* a checkpoint, if there are new entries */

/* Run SQL against the closed journal.db, as somebody would who changes it behind the program's
 * back. */
void store_sql(struct test_record *s, const char *sql);
/* The first value of a SELECT, as a number. */
int64_t store_sql_i64(struct test_record *s, const char *sql);

/* Flip bits of one byte of a blob: UPDATE table SET column = … WHERE where. The same call again
 * undoes it. False where the blob is not that long. */
bool store_flip(struct test_record *s, const char *table, const char *column, const char *where,
		size_t at, uint8_t mask);

#endif
