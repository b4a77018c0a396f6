/* What may be read, from connections of its own that never wait for the writer. One reader belongs
 * to one thread. Every call is O(result) or O(log n). */
#ifndef LIREN_SERVICE_READER_H
#define LIREN_SERVICE_READER_H

#include "journal/journal.h"
#include "journal/keys.h"
#include "journal/outbox.h"
#include "service/writer.h"

#define LINES_PAGE_MAX 100u

struct reader {
	struct db *db;
	struct keyring *keys; /* NULL: opened without secrets; nothing sealed can be read */
	struct community community;
};

/* secrets may be NULL. */
enum err reader_open(const struct store_paths *paths, const struct store_secrets *secrets,
		     struct reader **ret) MUST_CHECK;
struct reader *reader_close(struct reader *r);

struct line_row {
	uint64_t n;
	int64_t at_us;
	uint64_t erased; /* number of the entry that erased it; 0: not erased */
};

/* Lines with n < before (0: the newest), newest first. limit: at most LINES_PAGE_MAX + 1. */
enum err reader_lines(struct reader *r, uint64_t before, unsigned limit, struct line_row *ret,
		      unsigned *ret_n) MUST_CHECK;

struct proof {
	uint64_t n;
	struct hash32 path[MERKLE_PROOF_MAX];
	unsigned path_n;
	struct checkpoint_row checkpoint;
};

/* Inclusion of entry n in the newest checkpoint. ERR_NOT_FOUND: no such entry; ERR_NOT_YET: not
 * covered. */
enum err reader_proof(struct reader *r, uint64_t n, struct proof *ret) MUST_CHECK;

struct opened_line {
	struct entry_view entry; /* views into `memory` */
	struct str text;
	uint8_t blind[SEAL_BLIND_BYTES];
	uint8_t secret[SEAL_SECRET_BYTES];
	char memory[ENTRY_BYTES_MAX];
	_Alignas(16) char text_memory[ENTRY_BYTES_MAX];
};

/* A line with its text, for who holds its secret. ERR_NOT_FOUND, ERR_GONE (erased), ERR_FORBIDDEN
 * (wrong secret). */
enum err reader_open_line(struct reader *r, uint64_t n, const uint8_t secret[SEAL_SECRET_BYTES],
			  struct opened_line *ret) MUST_CHECK;

struct store_status {
	uint64_t entries;
	uint64_t checkpoint_size;
};
enum err reader_status(struct reader *r, struct store_status *ret) MUST_CHECK;

/* The time of entry n. ERR_NOT_FOUND. */
enum err reader_instant(struct reader *r, uint64_t n, int64_t *ret_us) MUST_CHECK;

/* What time it is in the store: `now_us`, or in a demo, whose clock is its own, the time of the
 * newest entry. */
enum err reader_now(struct reader *r, int64_t now_us, int64_t *ret_us) MUST_CHECK;

#endif
