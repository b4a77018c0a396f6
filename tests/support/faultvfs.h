/* A SQLite VFS over the unix one that forwards everything, shared memory and memory maps included,
 * and on the way counts, fails chosen calls, limits the size of the disk and remembers what a power
 * cut would leave. Test code: one shim a process, guarded by one mutex that is held over each
 * write, sync, truncate, open and delete. Takes its memory by mmap, so that failing allocations do
 * not reach it. Costs a copy of all files while recording. */
#ifndef LIREN_FAULTVFS_H
#define LIREN_FAULTVFS_H

#include <stdbool.h>
#include <stdint.h>

#define FAULTVFS_NAME "fault"
#define FAULTVFS_FILES_MAX 64u /* different names that one run may open */
#define FAULTVFS_NAME_MAX 512u
#define FAULTVFS_SECTOR 512u /* bytes that a power cut keeps or drops together */

enum fault_kind {
	FAULT_WRITE,
	FAULT_SYNC,
	FAULT_TRUNCATE,
	FAULT_OPEN,
	FAULT_DELETE,
	FAULT_KINDS,
	FAULT_ANY = FAULT_KINDS, /* each of the above but opening */
};

struct fault_plan {
	enum fault_kind kind;
	uint64_t at;   /* the call that fails, counted from 1 when the plan is set; 0: none does */
	bool for_good; /* every matching call after it fails as well */
	int error; /* SQLite's code; 0 takes the usual one of the kind (SQLITE_IOERR_FSYNC …) */
	const char *suffix; /* only files whose name ends so, for example "-wal"; NULL for all. Must
			       live on. */
	int torn_bytes;     /* a failing write puts this many bytes first */
};

/* Register as FAULTVFS_NAME, as default where asked. Once a process; SQLITE_OK or SQLite's error.
 */
int faultvfs_register(bool as_default);

/* Forget plan, limit, counts, recording and all file names. No file may be open. */
void faultvfs_reset(void);

/* Set the one plan; NULL ends it. Counting for `at` begins here. */
void faultvfs_plan(const struct fault_plan *plan);
uint64_t faultvfs_fired(void); /* calls that failed by the plan or the limit since the reset */

/* Calls of a kind since the reset on files whose name ends in suffix (NULL: all), failed ones
 * included. */
uint64_t faultvfs_count(enum fault_kind kind, const char *suffix);

/* A disk of this size: a write that makes the files together larger fails with SQLITE_FULL. < 0: no
 * limit. */
void faultvfs_disk_limit(int64_t bytes);
int64_t faultvfs_disk_used(void); /* bytes of all files opened since the reset that still exist */

/* From now on remember what is durable. A failed sync settles at once which of its sectors reached
 * the disk, by `seed`; a later sync does not bring back the others, as Linux behaves. Call it
 * before the files are opened. */
void faultvfs_record(uint64_t seed);

/* Write into the folder `dir` each file as a power cut now would leave it: synced bytes stay, of
 * the others each sector is kept or dropped by `seed`. Changes nothing else, so it can be called
 * with many seeds. False, with errno, where a file cannot be written. */
bool faultvfs_power_cut(uint64_t seed, const char *dir);

#endif
