/* The journal of one community, as its one writer holds it: append entries, keep the tree, sign
 * checkpoints. Depends on db and base; knows no kind's meaning. Nothing is durable before the
 * COMMIT of the transaction that the caller holds; after a failed one the caller reloads. Append is
 * O(1) amortised, opening O(log n). */
#ifndef LIREN_JOURNAL_JOURNAL_H
#define LIREN_JOURNAL_JOURNAL_H

#include "base/entropy.h"
#include "base/merkle.h"
#include "base/note.h"
#include "base/tile.h"
#include "journal/kind.h"

#define ORIGIN_MAX 96u
#define ZONE_MAX 64u

/* What this store is; the projection of journal.opened and journal.reopened. */
struct community {
	uint64_t code; /* 12 digits */
	bool demo;
	uint64_t epoch;
	char zone[ZONE_MAX];
	char origin[ORIGIN_MAX];
	struct note_verifier verifier;
};

/* ERR_NOT_FOUND where the store has no first entry yet. */
enum err community_get(struct db *db, struct community *ret) MUST_CHECK;

/* liren/<code>/<8 hex of SHA-256(public key)>/<epoch>: see formats/journal.md section 5. */
void community_origin(uint64_t code, const struct sign_key *key, uint64_t epoch,
		      char ret[ORIGIN_MAX]);

struct journal {
	struct db *db;
	const struct kind_ops *kinds; /* KIND_COUNT of them */
	const struct entropy *entropy;
	struct note_signer signer;
	uint64_t epoch;

	uint64_t n;          /* number of the last entry, size of the tree */
	int64_t last_at_us;  /* its time */
	uint64_t checkpoint_size;
	int64_t checkpoint_at_us;
	struct merkle_frontier frontier;
	struct hash32 edge[TILE_LEVELS][TILE_WIDTH]; /* the growing tile of each level */
	unsigned edge_n[TILE_LEVELS];
	bool stale; /* a rollback undid entries: reload before the next append */
	char memory[ENTRY_BYTES_MAX];
};

struct appended {
	uint64_t n;
	int64_t at_us;
	uint8_t salt[SALT_BYTES];
	struct str body; /* in the journal's memory, until the next append */
};

/* Take up the journal in `db` (all members but kinds, entropy and signer are set). With entries in
 * it, the newest checkpoint must verify under the signer and agree with the tree: else
 * ERR_UNVERIFIED or ERR_CORRUPT. */
enum err journal_load(struct journal *j, struct db *db) MUST_CHECK;

/* Append one entry of `kind` and apply it. Its time is max(last, at_us). Within the caller's
 * transaction. */
enum err journal_append(struct journal *j, const struct actor *actor, enum kind kind, int64_t at_us,
			const void *data, struct appended *ret) MUST_CHECK;

/* Sign and store a checkpoint of the tree as it is, unless the newest one has this size. */
enum err journal_checkpoint(struct journal *j, int64_t at_us) MUST_CHECK;

/* One entry of the journal, from any connection. Views live until `memory` is reused: it needs
 * ENTRY_BYTES_MAX bytes. */
struct entry_view {
	uint64_t n;
	uint8_t salt[SALT_BYTES];
	struct str body;
};
enum err journal_entry(struct db *db, uint64_t n, char *memory, struct entry_view *ret) MUST_CHECK;

struct checkpoint_row {
	uint64_t size, epoch;
	int64_t at_us;
	char note[NOTE_BYTES_MAX];
	size_t note_n;
};
/* ERR_NOT_FOUND where there is none yet. */
enum err journal_last_checkpoint(struct db *db, struct checkpoint_row *ret) MUST_CHECK;

#endif
