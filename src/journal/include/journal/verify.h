/* The whole journal checked against itself: entries to commitments to leaves to tiles to the roots
 * that were signed. Depends on db and base. One pass, O(n) time, O(log n) memory, in short read
 * transactions, so that the writer goes on meanwhile. Any byte changed in an entry, a salt, a tile
 * or a note is found and named, but in entries that no checkpoint covers yet: those it counts. */
#ifndef LIREN_JOURNAL_VERIFY_H
#define LIREN_JOURNAL_VERIFY_H

#include "base/msg.h"
#include "base/note.h"
#include "base/tile.h"
#include "db/db.h"

enum verify_finding {
	VERIFY_SOUND,
	VERIFY_ENTRY_MISSING, /* at: the number that is not there */
	VERIFY_ENTRY_SURPLUS, /* a number below 1 */
	VERIFY_ENTRY_FORM,    /* salt, length, or not its own number within */
	VERIFY_ENTRY_CHANGED, /* not the one that was signed */
	VERIFY_TILE_MISSING,  /* at: the tile's path */
	VERIFY_TILE_CHANGED,
	VERIFY_TILE_SURPLUS,
	VERIFY_CHECKPOINT_MISSING, /* there is none at all */
	VERIFY_CHECKPOINT_SURPLUS, /* at: its size; of a size or epoch that the journal never had */
	VERIFY_CHECKPOINT_SIGNATURE, /* not signed by the key of its epoch, or of another size */
	VERIFY_CHECKPOINT_ROOT,      /* signed, but entries first … last are not those of then */
	VERIFY_ORIGIN,               /* at: an entry that should open a log origin, and does not */
	VERIFY_OTHER_KEY,            /* sound in itself, but not signed by the key that was given */
	VERIFY_FINDINGS
};

struct verify_result {
	enum verify_finding finding; /* the first */
	char at[TILE_PATH_MAX];      /* entry number, tile path or size, as text */
	uint64_t first, last;        /* of VERIFY_CHECKPOINT_ROOT */
	uint64_t entries, tiles, checkpoints; /* looked at, all sound but the finding */
	uint64_t covered;                     /* entries under the newest checkpoint that holds */
	struct hash32 root;                   /* of all entries, where sound */
	struct note_verifier key;             /* of the last epoch */
};

struct verify_options {
	const uint8_t
	    *public_key; /* that every epoch must be signed with; NULL: as the journal says */
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* NULL: none */
	void *ctx;
};

/* ERR_OK with a result, sound or not; any other error is of the store. `options` may be NULL. */
enum err journal_verify(struct db *db, const struct verify_options *options,
			struct verify_result *ret) MUST_CHECK;

/* The finding as a sentence; {0} is `at`, {1} and {2} are first and last. */
enum msg verify_msg(enum verify_finding finding);

#endif
