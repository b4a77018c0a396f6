/* A command: what somebody wants done, typed, with its answer. Adapters make it, the one writer
 * decides it, and `done` hands it back once the answer is durable. The maker owns the memory, all
 * through. */
#ifndef LIREN_SERVICE_COMMAND_H
#define LIREN_SERVICE_COMMAND_H

#include "base/problem.h"
#include "base/seal.h"
#include "journal/kind.h"
#include "journal/outbox.h"

#define LINE_TEXT_BYTES_MAX 4000u
#define REQUEST_ID_BYTES 16u
#define REQUEST_ACTOR_BYTES 8u
#define REQUEST_BODY_BYTES 16u
/* room that an answer's entry needs beside four thirds of its text */
#define ANSWER_ENTRY_OVERHEAD 1024u

enum command_kind {
	COMMAND_WRITE_LINE,
	COMMAND_ERASE_RECORD,
	COMMAND_LOAD_FILES,
	COMMAND_CONFIRM_CLOCK,
	COMMAND_SET_PLACES, /* an import: each place is decided by itself, see service/place_batch.h
			     */
	COMMAND_CASE, /* a report, a step of a case: see service/case_order.h */
	COMMAND_ACCOUNT, /* see service/account_order.h */
	COMMAND_SESSION, /* likewise; no entry */
	COMMAND_IMPORT_CASES, /* of another office: see service/case_batch.h */
	COMMAND_OUTBOX_RESULT, /* from the outbox: what became of an effect; no entry, no answer */
	COMMAND_DEMO_CLOCK, /* a demo's clock is moved ahead; refused by any other store */
	COMMAND_LOOK, /* personal fields of a case are to be opened: see service/look_order.h */
	COMMAND_SHIFT, /* a desk is opened, taken over, or left a note: see service/shift_order.h */
	COMMAND_DEVICE, /* what is said of a device: see service/device_order.h */
	COMMAND_DUTY,  /* somebody is on duty, on a break, or no longer: see service/duty_order.h */
};

/* For logs and figures: "write-line" … */
const char *command_kind_name(enum command_kind kind);

struct request_key {
	bool present; /* false: from the program itself, never repeated */
	uint8_t id[REQUEST_ID_BYTES];
	uint8_t actor[REQUEST_ACTOR_BYTES]; /* zero: without account */
	uint8_t body[REQUEST_BODY_BYTES];   /* of everything that was asked for */
};

struct cases_shelf;
struct effect;
struct place_batch;
struct case_order;
struct account_order;
struct session_order;
struct case_batch;
struct look_order;
struct shift_order;
struct duty_order;
struct device_order;

/* A file of etc/ that shall be in force. Of a set all are handed in, changed or not. */
struct load_file {
	struct str path; /* below etc/; at most FILE_PATH_BYTES_MAX (service/files.h) */
	struct str content;
	bool changed; /* answer: it was not in force as it is */
	uint64_t n;   /* answer: the entry that brought it */
};

struct answer {
	enum err err;
	enum msg remedy; /* with err: what to do; MSG_COUNT for none */
	const char *field;
	bool repeated; /* the same command was answered before */
	uint64_t n;
	int64_t at_us;
	uint8_t salt[SALT_BYTES];
	struct buf entry; /* over memory of the command's maker */
	bool has_text;    /* the sealed text may be shown to who asked */
	uint8_t blind[SEAL_BLIND_BYTES];
	uint8_t secret[SEAL_SECRET_BYTES];
};

struct command {
	enum command_kind kind;
	struct request_key request;
	union {
		struct {
			struct str text;
		} line;
		struct {
			uint64_t record;
			bool by_owner; /* then with the secret; else by order of an operator */
			uint8_t secret[SEAL_SECRET_BYTES];
		} erase;
		struct {
			struct load_file *v;
			unsigned n;
			/* What they come to together; from the COMMIT on it is the writer's, which
			 * only looks at it. NULL: they are no set (a map of an import). A shelf
			 * whose command failed has numbers of entries that never were: make it
			 * again. */
			struct cases_shelf *shelf;
			unsigned loaded, withdrawn; /* entries that it came to */
		} files;
		struct {
			struct place_batch *batch;
		} places;
		struct {
			struct case_order *order;
		} cases;
		struct {
			struct account_order *order;
		} accounts;
		struct {
			struct session_order *order;
		} session;
		struct {
			struct case_batch *batch;
		} imported;
		struct {
			struct look_order *order;
		} look;
		struct {
			int64_t to_us;
			int64_t from_us; /* answer */
		} demo_clock;
		struct {
			struct shift_order *order;
		} shift;
		struct {
			struct duty_order *order;
		} duty;
		struct {
			struct device_order *order;
		} device;
		struct {
			const struct effect *effect;
			bool delivered; /* or over; else it is tried again, or expires */
			enum effect_end end;
			/* of a mail that was sent: whom it counts for, on which day (UTC) */
			uint64_t case_id;
			int32_t day;
		} outbox;
	};
	struct str account; /* of an operator, sealed behind the entry's handle; empty for others */
	struct answer answer;
	void (*done)(struct command *c); /* after COMMIT, from the writer's thread */
	void *owner;
};

/* Ids are kept as 16 bytes: a UUID as it is, anything else as the front of its SHA-256. False where
 * `text` is not 16 to 64 characters of A-Z a-z 0-9 - _. */
bool request_id_parse(struct str text, uint8_t ret[REQUEST_ID_BYTES]);

/* Front of SHA-256 over kind, target and body: two commands with the same id must agree in it. */
void request_body_hash(enum command_kind kind, uint64_t target, struct str body,
		       uint8_t ret[REQUEST_BODY_BYTES]);

#endif
