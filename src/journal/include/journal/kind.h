/* Entries as structs: the head that all share, and for each kind how its data are written, read
 * back and copied into the projections. The kinds' own structs belong to the floor that knows them
 * (service/kinds.c). */
#ifndef LIREN_JOURNAL_KIND_H
#define LIREN_JOURNAL_KIND_H

#include "base/arena.h"
#include "base/entry.h"
#include "base/entry_read.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/msg.h"
#include "db/db.h"

enum kind {
#define KIND(symbol, name, version, zh, en, form) KIND_##symbol,
#include "journal/kind_table.h"
#undef KIND
	KIND_COUNT
};

#define HANDLE_BYTES 16u

struct actor {
	struct str role; /* never a person */
	struct str unit; /* may be empty */
	bool has_handle; /* false: the program itself */
	uint8_t handle[HANDLE_BYTES];
};

struct entry_head {
	uint64_t n;
	int64_t at_us;
	enum kind kind;
	struct actor actor;
};

/* A value sealed under data key `key_id`: box = nonce || ciphertext, h = its commitment. */
struct sealed {
	uint64_t key_id;
	struct bytes box;
	struct hash32 h;
};

struct kind_ops {
	/* Write the members of `data`, keys ascending. */
	void (*encode)(struct entry_writer *w, const void *data);
	/* Read them back into memory of the arena. ERR_CORRUPT where a member is missing, wrong or
	 * too many. */
	enum err (*decode)(const struct entry_value *data, struct arena *a, const void **ret_data);
	/* Copy into the projections. It decides nothing: no type, calendar, policy, key or clock.
	 */
	enum err (*apply)(struct db *db, const struct entry_head *head, const void *data);
};

const char *kind_name(enum kind kind);
unsigned kind_version(enum kind kind);
const char *kind_words(enum kind kind, enum lang lang); /* for people */
bool kind_find(struct str name, enum kind *ret);

/* Write a sealed value as {"c","h","k"} under `key`. */
void kind_put_sealed(struct entry_writer *w, const char *key, const struct sealed *v);

/* A value (NULL: there is none), and a member of an object: ERR_CORRUPT where absent or of another
 * type. */
enum err kind_read_str(const struct entry_value *v, struct arena *a, struct str *ret) MUST_CHECK;
enum err kind_read_sealed(const struct entry_value *v, struct arena *a,
			  struct sealed *ret) MUST_CHECK;
enum err kind_get_sealed(const struct entry_value *data, const char *key, struct arena *a,
			 struct sealed *ret) MUST_CHECK;
enum err kind_get_u64(const struct entry_value *data, const char *key, uint64_t *ret) MUST_CHECK;
enum err kind_get_str(const struct entry_value *data, const char *key, struct arena *a,
		      struct str *ret) MUST_CHECK;
enum err kind_get_bool(const struct entry_value *data, const char *key, bool *ret) MUST_CHECK;

/* Parse an entry: the exact head, its kind and version known, and its data member. *ret_memory is
 * what `data` stands in, for free(). Strings of the head are in the arena. */
enum err kind_parse(struct str body, struct arena *a, struct entry_head *ret_head,
		    void **ret_memory, const struct entry_value **ret_data) MUST_CHECK;

#endif
