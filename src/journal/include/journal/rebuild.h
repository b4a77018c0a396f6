/* The projections made again from the entries alone, in a second file, and compared with those in
 * use. Depends on db and base; the kinds are handed in. Each entry is read, decoded, written again
 * (which must give the same bytes: its form is canonical) and applied. O(n); the store is read in
 * transactions well below two seconds, a large one by way of a copy. */
#ifndef LIREN_JOURNAL_REBUILD_H
#define LIREN_JOURNAL_REBUILD_H

#include "base/msg.h"
#include "journal/kind.h"

#define REBUILD_KEY_MAX 160u
/* comparing this many takes about a second; a transaction should not take two */
#define REBUILD_COPY_ABOVE UINT64_C(400000)

enum rebuild_finding {
	REBUILD_EQUAL,
	REBUILD_ENTRY_FORM,  /* not canonical, or of no kind that is known */
	REBUILD_ENTRY_ORDER, /* a number is missing, or a time is smaller than the one before */
	REBUILD_ENTRY_APPLY,
	REBUILD_ROW_CHANGED, /* in the store in use */
	REBUILD_ROW_MISSING,
	REBUILD_ROW_SURPLUS,
	REBUILD_FINDINGS
};

struct rebuild_options {
	const char *live;            /* journal.db */
	const char
	    *second; /* path of the second file; must not exist; stays, for the caller to remove */
	const char *copy; /* path for the copy of a large store; likewise, and not always made */
	uint64_t copy_above;         /* entries that make a store large; 0: REBUILD_COPY_ABOVE */
	const char *vfs;             /* NULL: the default one */
	const struct kind_ops *kinds; /* KIND_COUNT of them */
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* NULL: none */
	void *ctx;
};

struct rebuild_result {
	enum rebuild_finding finding; /* the first */
	uint64_t entry;               /* of ENTRY findings */
	const char *table; /* of ROW findings, and the row's key as text, members joined by '/' */
	char key[REBUILD_KEY_MAX];
	uint64_t entries, rows;
	struct hash32 live, rebuilt; /* digests over all rows in key order */
};

/* ERR_OK with a result, equal or not; any other error is of one of the files. */
enum err journal_rebuild(const struct rebuild_options *o, struct rebuild_result *ret) MUST_CHECK;

/* The finding as a sentence; {0} entry, {1} table, {2} key. */
enum msg rebuild_msg(enum rebuild_finding finding);

#endif
