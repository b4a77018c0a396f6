/* Data keys: one of each (person, record), wrapped by the community key, in keys.db, which no
 * backup contains, and in one copy elsewhere. Keys are made durable in batches before any entry
 * uses one, so a command pays for none; a destroyed key leaves no byte in either file. One keyring
 * belongs to one thread. */
#ifndef LIREN_JOURNAL_KEYS_H
#define LIREN_JOURNAL_KEYS_H

#include "base/entropy.h"
#include "base/seal.h"
#include "journal/kind.h"

#define KEYS_BATCH 1024u /* keys made durable at a time, at least; the cap of a group of commands */
#define HANDLE_ACCOUNT_MAX 128u

struct keyring;

struct keyring_options {
	const char *path;
	const char *copy_path; /* NULL: none */
	const char *vfs;       /* NULL: the default one */
	bool read_only;
	bool create;
	uint64_t used_max;     /* largest key number that an entry uses */
	const struct seal_key *community_key;
	const struct entropy *entropy;
};

enum err keyring_open(const struct keyring_options *options, struct keyring **ret) MUST_CHECK;
struct keyring *keyring_free(struct keyring *k);

/* Make sure that `count` (at most KEYS_BATCH) keys are durable and ready. */
enum err keyring_reserve(struct keyring *k, unsigned count, int64_t now_us) MUST_CHECK;
/* One of the keys reserved; taking more is a bug. */
void keyring_take(struct keyring *k, uint64_t *ret_id, struct seal_key *ret_key);

/* ERR_GONE where the key was destroyed; ERR_UNVERIFIED where the community key does not fit. */
enum err keyring_get(struct keyring *k, uint64_t id, struct seal_key *ret) MUST_CHECK;

/* Between the two, keyring_get takes the lock of keys.db once and not for each key; meanwhile
 * nobody can destroy one, so hold it while commands are decided, not while they are made durable.
 * What writes keys lets go of it for itself. */
void keyring_hold(struct keyring *k);
void keyring_release(struct keyring *k);

/* The key of the words' hashes in the search index. */
void keyring_terms_key(const struct keyring *k, uint8_t ret[SEAL_TERMS_KEY_BYTES]);

/* Is the key there, whatever community key it is wrapped by? */
enum err keyring_holds(struct keyring *k, uint64_t id, bool *ret) MUST_CHECK;

/* Destroy keys and the handles under them, here and in the copy. ERR_OK again for a key that is
 * gone already, so it can be repeated. Fails, to be tried again, while the copy cannot be reached.
 */
enum err keyring_destroy(struct keyring *k, const uint64_t *ids, size_t n,
			 int64_t now_us) MUST_CHECK;

/* Keep who stands behind a handle, sealed under the key of that (person, record). */
enum err keyring_bind_handle(struct keyring *k, const uint8_t handle[HANDLE_BYTES], uint64_t key_id,
			     const struct seal_key *key, struct str account) MUST_CHECK;
/* ERR_NOT_FOUND or ERR_GONE where nobody can tell any more. */
enum err keyring_handle_account(struct keyring *k, const uint8_t handle[HANDLE_BYTES],
				char ret_account[HANDLE_ACCOUNT_MAX + 1]) MUST_CHECK;

/* Remember by which keyed hash (seal_blind_index) the record of this key is found; durable before
 * it returns. It goes with the key. It may be there although the record never came to be. */
enum err keyring_bind_blind(struct keyring *k, const uint8_t idx[SEAL_BLIND_INDEX_BYTES],
			    uint64_t key_id) MUST_CHECK;
/* The keys of records that may be meant, newest first, at most cap: what is found has to be opened
 * and compared. */
enum err keyring_find_blind(struct keyring *k, const uint8_t idx[SEAL_BLIND_INDEX_BYTES],
			    uint64_t *ret_keys, unsigned cap, unsigned *ret_n) MUST_CHECK;
/* The keyed hash of a text, under this community's key. */
void keyring_blind_index(const struct keyring *k, struct str kind, struct str text,
			 uint8_t ret[SEAL_BLIND_INDEX_BYTES]);

/* Bring the copy up to date, whatever it holds: it gets what is missing and loses what is
 * destroyed. */
enum err keyring_sync_copy(struct keyring *k, int64_t now_us) MUST_CHECK;
/* After a restore: keys made so far are never given out again. */
enum err keyring_raise_floor(struct keyring *k) MUST_CHECK;

struct keyring_state {
	uint64_t keys;          /* in keys.db */
	bool has_copy;          /* one is set */
	bool copy_ok;           /* and could be read, and holds the same keys */
	int64_t copy_synced_us; /* 0: never */
};
enum err keyring_state(struct keyring *k, struct keyring_state *ret) MUST_CHECK;

#endif
