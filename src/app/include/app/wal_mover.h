/* The WAL of the journal moves into its file beside the writer, which else would do it between two
 * groups: 4,000 pages and two syncs are a stall of 17 ms. A thread with a connection of its own
 * moves what is there; the writer what has come meanwhile, after which the WAL begins anew. The
 * thread alone would never come to the end of a WAL that grows. */
#ifndef LIREN_APP_WAL_MOVER_H
#define LIREN_APP_WAL_MOVER_H

#include "db/db.h"

#define WAL_MOVER_PAGES 1500 /* 6 MB: from so many on */

struct wal_mover;

/* `writer` is the writer's connection to the journal at `path`. */
enum err wal_mover_start(const char *path, const char *vfs, struct db *writer,
			 struct wal_mover **ret) MUST_CHECK;

/* On the writer's thread, outside transactions: is there anything to do? True: all of the WAL that
 * no reader needs has just come into the file. A move that fails is tried again. */
bool wal_mover_look(struct wal_mover *m);

/* Before the writer's connection closes, so that it is the last one. NULL is fine. */
struct wal_mover *wal_mover_stop(struct wal_mover *m);

#endif
