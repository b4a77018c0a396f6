/* Personal texts opened: by a look that is durable already, or one's own; and who looked. Depends
 * on look_order.h and reader.h. Each call takes a connection that reads. O(result). */
#ifndef LIREN_SERVICE_LOOKS_H
#define LIREN_SERVICE_LOOKS_H

#include "service/access.h"
#include "service/kind_look.h"

#define LOOKS_PAGE_MAX 100u
/* Room for all texts of one look. */
#define LOOKS_ARENA_BYTES (LOOK_FIELDS_MAX * (4096u + 64u))

/* A field that was opened. */
struct look_text {
	struct str field;
	uint64_t n; /* the entry it stands in */
	/* ERR_OK; ERR_GONE: erased since; ERR_NOT_FOUND: the entry has no such text */
	enum err err;
	bool is_file;    /* a photo: open it by n with attachment_open; no text */
	struct str text; /* in the arena */
};

/* The texts that the entry `look` n names: the proof that it was written is the number itself.
 * For the answer to that command, to nobody else. `ret` has room for LOOK_FIELDS_MAX; the arena
 * for LOOKS_ARENA_BYTES. ERR_NOT_FOUND: n is no look; ERR_KEYS on a reader without secrets. */
enum err looks_open(struct reader *r, uint64_t n, struct arena *a, struct look_text *ret,
		    unsigned *ret_n) MUST_CHECK;

/* One's own, without a look: of the reporter what the case type shows to reporters, and the words
 * that they wrote; of a follower the words that they wrote. By secret or account, and as far as
 * the policy in force lets them. fields[i].n as in a look_order; the answer is in fields[i], too.
 * `problem` says what to do where nothing is opened. ERR_FORBIDDEN: it is not theirs; ERR_GONE;
 * ERR_NOT_FOUND; ERR_BAD_INPUT: no such field; ERR_INTERNAL where the case does not fit the files
 * in force. */
enum err looks_open_own(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
			const struct access_person *who, struct look_field *fields,
			unsigned fields_n, int64_t now_us, struct arena *a,
			struct look_text *ret, unsigned *ret_n,
			struct problem *problem) MUST_CHECK;

/* Who looked, as the person may see it: a post, never a name. */
struct look_row {
	uint64_t n, case_id;
	int64_t at_us;
	struct str role, unit; /* in the arena, as all below */
	const struct look *look;
};
typedef enum err look_row_fn(void *ctx, const struct look_row *row);

/* Looks at a case, the newest first, below entry `before` (0: from the top), at most `limit` (up to
 * LOOKS_PAGE_MAX). `record` 0: looks at what is the case's (its reporter's); else the entry by
 * which a follower joined: looks at that one's words. A look at both is told to each without the
 * other's part. *ret_next: go on from there; 0: that was all. Not ERR_OK from `each` ends it. */
enum err looks_of_case(struct reader *r, uint64_t id, uint64_t record, uint64_t before,
		       unsigned limit, look_row_fn *each, void *ctx,
		       uint64_t *ret_next) MUST_CHECK;

/* The same over several cases of one person, whose numbers their account keeps: only those are told
 * that the account handed in itself, so that a wrong number tells nothing. Newest first within each
 * case; at most LOOKS_PAGE_MAX each. */
enum err looks_of_account(struct reader *r, const struct cases_shelf *shelf, struct str account,
			  const uint64_t *ids, unsigned ids_n, look_row_fn *each,
			  void *ctx) MUST_CHECK;

#endif
