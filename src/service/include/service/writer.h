/* The one writer: groups of commands in one transaction each, one after the other. A refused
 * command undoes only itself, by its savepoint, or because the group is done again without what
 * it wrote; a failed COMMIT undoes all and puts sequence and tree back. No thread and no clock in
 * here: whoever runs it hands both in. */
#ifndef LIREN_SERVICE_WRITER_H
#define LIREN_SERVICE_WRITER_H

#include "base/clock.h"
#include "journal/journal.h"
#include "journal/keys.h"
#include "service/command.h"

#include <stdatomic.h>

#define WRITER_GROUP_MAX 1024u /* commands in one transaction */
#define WRITER_CHECKPOINT_EVERY_US INT64_C(990000) /* within a second, with its COMMIT */
#define WRITER_STUCK_MAX 64u /* cases passed over by their timers; more are tried each time */
#define DEMO_MOVE_MAX_US (INT64_C(92) * 24 * 3600 * 1000000) /* of a demo's clock, at once */
#define DEMO_TIMER_ROUNDS_MAX 20000u /* transactions of timers within one move */
#define REQUEST_KEPT_US (INT64_C(7) * 24 * 3600 * 1000000)

struct store_paths {
	const char *journal;  /* journal.db */
	const char *keys;     /* keys.db */
	const char *key_copy; /* NULL: none */
	const char *vfs;      /* NULL: the default one */
};

struct store_secrets {
	struct seal_key community_key;
	struct sign_key signing_key;
};

struct writer {
	struct db *db;
	struct keyring *keys;
	struct journal journal;
	struct clock_guard clock; /* not of a demo, whose time nobody has to believe */
	bool demo;
	bool demo_goes; /* readings are of a demo's clock; else its time stands at the last entry */
	uint32_t demo_speed; /* thousandths of how that goes; 0: only where it is moved */
	const struct entropy *entropy;
	int64_t checkpoint_boot_us; /* when the last checkpoint was signed */
	int64_t sweep_boot_us;
	bool sweep_more;  /* the last sweep left some */
	/* The files in force; NULL: none are taken up, and nothing that needs them is decided. The
	 * program sets it after opening, and owns it; a COMMAND_LOAD_FILES puts its own in its
	 * place with its COMMIT. No answer may point into it. */
	const struct cases_shelf *shelf;
	/* Mail goes out: steps that tell somebody put effects. The program sets it after opening. */
	bool mails;
	struct deciding *deciding; /* memory of a case while it is decided */
	int64_t
	    timer_next_us; /* the earliest instant at which a case's clock asks; 0: not looked */
	uint64_t timer_stuck[WRITER_STUCK_MAX]; /* cases whose clocks could not be carried out */
	unsigned timer_stuck_n;
	/* Words of erased cases on their way out of the index; until they are, effects are held. */
	struct {
		bool waiting;         /* there may be held effects */
		uint64_t merged_n;    /* words of erasures up to this entry are merged out … */
		uint64_t emptied_n;   /* … and the WAL was moved into the file since; 0: none */
		int64_t look_boot_us; /* not before */
	} held;
	/* Counted up after the COMMIT of whatever may have ended or changed a session, before its
	 * command is answered: read from other threads. */
	_Atomic uint64_t accounts_generation;
	enum err failed;  /* how the last transaction of a group ended */
	int64_t (*stopwatch_us)(void); /* for the figures; NULL: nothing is timed */
	int64_t commit_us; /* what the COMMITs of the last group took together */
};

struct store_identity {
	uint64_t code;
	bool demo;
	struct str zone;
	struct str account; /* of the operator who opens it */
	struct place_batch *places; /* set right after entry 1, all of them or none; NULL: none */
};

/* Make a store: files, keys, entry 1, the first places, a checkpoint over them. ERR_EXISTS where it
 * has entries already; where a place is refused, its draft's problem says why. */
enum err writer_create(const struct store_paths *paths, const struct store_secrets *secrets,
		       const struct entropy *entropy, const struct store_identity *identity,
		       struct clock_reading now) MUST_CHECK;

/* Open an existing store for writing. `paths`, `secrets` and `entropy` must outlive it. The struct
 * is large: keep it on the heap. */
enum err writer_open(const struct store_paths *paths, const struct store_secrets *secrets,
		     const struct entropy *entropy, struct writer **ret) MUST_CHECK;
struct writer *writer_close(struct writer *w);

/* Decide n commands (0 … WRITER_GROUP_MAX) and fill their answers. On return every answer is final,
 * and those that are ERR_OK are durable. With n = 0 it does what is due: a checkpoint, sweeping, a
 * slice of taking erased words out of the index.
 * Does not call `done`. */
void writer_group(struct writer *w, struct command **commands, size_t n, struct clock_reading now);

/* Microseconds until writer_group must be called without commands; -1: no need. */
int64_t writer_due_in(const struct writer *w, struct clock_reading now);

/* Sign what no checkpoint covers yet, without waiting for its second: at an orderly stop. */
enum err writer_sign(struct writer *w, struct clock_reading now) MUST_CHECK;

/* Where a checkpoint that somebody kept stands to this store. */
enum seen_place {
	SEEN_WITHIN,    /* of this origin, and the tree has it: nobody saw more than is there */
	SEEN_AHEAD,     /* entries were seen that are not there */
	SEEN_ELSEWHERE, /* of an earlier origin: it does not tell */
};
/* ERR_UNVERIFIED: it is not signed by our key; ERR_CORRUPT: it is, and the tree of its size is
 * another one. */
enum err writer_compare_seen(struct writer *w, const struct store_secrets *secrets, struct str seen,
			     enum seen_place *ret) MUST_CHECK;

/* After a restore: go on under a new log origin. `seen` is the newest checkpoint that anybody
 * showed (a note), or empty. */
enum err writer_reopen(struct writer *w, const struct store_secrets *secrets, struct str seen,
		       struct str account, struct clock_reading now) MUST_CHECK;

/* After a restore: nobody is signed in. What was ended since the backup must not be there again. */
enum err writer_end_sessions(struct writer *w) MUST_CHECK;

#endif
