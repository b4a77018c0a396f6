/* A trial: a copy of a small store, commands given to a writer, what was answered; and the check
 * that a store keeps all that was answered. Test code for tests/fault. The check recomputes the
 * tree by RFC 6962 as it stands there, from the entries that SQLite itself gives. */
#ifndef LIREN_STORE_CHECK_H
#define LIREN_STORE_CHECK_H

#include "service/reader.h"
#include "service/writer.h"

#include <sqlite3.h>

#define STORE_DIR_MAX 64u
#define TRIAL_TEMPLATE_LINES 252u /* with entry 1 three short of a full tile */
#define TRIAL_LINES_MAX 400u
#define TRIAL_ERASURES_MAX 4u
#define TRIAL_ENTRY_MAX 2048u
#define TRIAL_SIGNED_MAX 16u

struct trial_command {
	bool sent, answered;
	enum err err;
	uint8_t id[REQUEST_ID_BYTES];
	char text[400];
	uint64_t n;
	uint8_t salt[SALT_BYTES], secret[SEAL_SECRET_BYTES];
	char entry[TRIAL_ENTRY_MAX];
	size_t entry_n;
	uint64_t target; /* of an erasure */
	const uint8_t *target_secret;
};

struct trial_paths {
	char path[3][STORE_DIR_MAX + 32]; /* journal.db, keys.db, its copy */
	struct store_paths store;
};

struct trial {
	char dir[STORE_DIR_MAX];
	struct trial_paths paths; /* of the writer that is open */
	struct trial_command line[TRIAL_LINES_MAX], erasure[TRIAL_ERASURES_MAX];
	uint64_t
	    signed_size[TRIAL_SIGNED_MAX]; /* sizes of checkpoints that a reader may have seen */
	unsigned signed_n;
	int64_t now_us;
	enum err worst; /* last error of a command */
};

/* Folders in memory where there are some, so that a sync costs nothing. */
void store_dir_make(char ret[STORE_DIR_MAX]);
void store_dir_remove(const char *dir);

void trial_make_template(const char *dir);
void trial_begin(struct trial *t, const char *template_dir);
void trial_end(struct trial *t);

enum err trial_open(struct trial *t, const char *vfs, struct writer **ret) MUST_CHECK;
/* `count` lines from number `first` on, in one group. */
void trial_lines(struct trial *t, struct writer *w, unsigned first, unsigned count);
/* Erase line `line`, if it was answered, as erasure `i`. */
void trial_erase(struct trial *t, struct writer *w, unsigned i, unsigned line);
void trial_pass_time(struct trial *t, struct writer *w); /* a second: a checkpoint is due */
void trial_again(struct trial *t, struct writer *w); /* send what has no answer again, one by one */
void trial_deliver(struct trial *t, struct writer *w); /* the outbox */
unsigned trial_unanswered(const struct trial *t);

/* The whole check, on the files in `dir` with the plain VFS. Writes into them (it sends commands
 * again). */
void trial_check(struct trial *t, const char *dir);

#endif
