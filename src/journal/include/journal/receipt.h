/* Receipts, as in formats/journal.md section 6: written, read strictly, and checked in five steps
 * without any server. Depends on base and jansson. A receipt's strings are views into memory that
 * the caller owns; O(bytes). */
#ifndef LIREN_JOURNAL_RECEIPT_H
#define LIREN_JOURNAL_RECEIPT_H

#include "base/arena.h"
#include "base/merkle.h"
#include "base/problem.h"
#include "base/seal.h"

#define RECEIPT_FORMAT "liren-receipt-1"
#define RECEIPT_BYTES_MAX 262144u
#define RECEIPT_PATH_MAX 64u /* hashes of a proof in a tree of 2^64 leaves */
#define RECEIPT_VALUES_MAX 64u
/* what receipt_parse needs at most for a text of RECEIPT_BYTES_MAX */
#define RECEIPT_ARENA_BYTES (2u * RECEIPT_BYTES_MAX)

struct receipt_value {
	struct str field; /* key under the entry's data */
	uint8_t blind[SEAL_BLIND_BYTES];
	struct str text;
};

struct receipt {
	struct str key; /* verifier key line */
	uint64_t n;
	struct str entry;
	uint8_t salt[SALT_BYTES];
	struct receipt_value values[RECEIPT_VALUES_MAX];
	unsigned values_n;
	struct hash32 path[RECEIPT_PATH_MAX];
	unsigned path_n;
	struct str checkpoint;
	bool has_secret;
	uint8_t secret[SEAL_SECRET_BYTES];
};

/* Append the file's text. ERR_BAD_INPUT where a string is not UTF-8, ERR_TOO_LARGE where out or the
 * cap is full. */
enum err receipt_put(const struct receipt *r, struct buf *out) MUST_CHECK;

/* Read a receipt. Members that are unknown, missing, given twice or of another form are refused;
 * the problem names the member. ERR_TOO_LARGE, ERR_BAD_JSON, ERR_BAD_INPUT, ERR_NO_MEMORY (jansson
 * or the arena). */
enum err receipt_parse(struct str text, struct arena *a, struct receipt *ret,
		       struct problem *problem) MUST_CHECK;

/* The five steps, in their order. */
enum receipt_step {
	RECEIPT_SIGNATURE, /* the checkpoint is signed by the key */
	RECEIPT_ORIGIN,    /* the key's name is the checkpoint's origin */
	RECEIPT_PROOF,     /* entry and salt stand in the tree that was signed */
	RECEIPT_NUMBER,    /* the entry has the receipt's number */
	RECEIPT_VALUES,    /* the texts shown are those that were sealed */
	RECEIPT_STEPS
};

struct receipt_result {
	enum receipt_step failed;                 /* RECEIPT_STEPS: it holds */
	char field[PROBLEM_FIELD_BYTES_MAX + 1];  /* of RECEIPT_VALUES */
	uint64_t size;                            /* of the tree that was signed; 0 until step 2 */
};

void receipt_check(const struct receipt *r, struct receipt_result *ret);

/* What the step says where it holds, and where it does not ({0} is the field). */
enum msg receipt_step_msg(enum receipt_step step, bool holds);

#endif
