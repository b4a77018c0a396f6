/* The data of each kind of entry, and how it is written, read back and applied. Adding a kind: a
 * row in journal/kind_table.h, a struct here, three functions in kinds.c. */
#ifndef LIREN_SERVICE_KINDS_H
#define LIREN_SERVICE_KINDS_H

#include "journal/kind.h"

struct journal_opened {
	uint64_t community; /* 12 digits */
	bool demo;
	struct str key;  /* verifier key of the log */
	struct str zone; /* IANA name */
};

struct journal_reopened {
	uint64_t epoch;
	struct str key;
	struct str link; /* signed note */
};

struct file_loaded {
	struct str path; /* relative to etc/ */
	uint64_t bytes;
	struct hash32 sha256;
};

struct file_withdrawn {
	struct str path;
	uint64_t was; /* the entry that brought it into force */
};

struct line_written {
	struct sealed text;
};

#define ERASED_KEYS_MAX 64u /* data keys of one entry */
#define ERASED_BY_OWNER "owner"
#define ERASED_BY_ORDER "order"
#define ERASED_BY_RETENTION "retention"

struct record_erased {
	uint64_t record;
	const uint64_t *keys;
	size_t keys_n;
	struct str reason; /* one of the above */
};

/* Of clock.confirmed and of demo.clock_moved. */
struct clock_confirmed {
	int64_t from_us, to_us;
};

/* For those that apply: the entry uses this data key. */
enum err kind_uses_key(struct db *db, uint64_t key_id) MUST_CHECK;

/* Likewise: the entry changes what the wall of the desk counts. */
enum err kind_changes_wall(struct db *db, const struct entry_head *head) MUST_CHECK;

extern const struct kind_ops service_kinds[KIND_COUNT];

#endif
