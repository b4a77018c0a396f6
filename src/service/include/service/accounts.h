/* The front desk of accounts: who is signed in, and signing in. It belongs to the http thread, as
 * its reader does, and waits for nobody: what has to be hashed goes to the hashing thread, what
 * changes goes to the writer, and the caller suspends the request meanwhile.
 *
 * Signing in by name, in three steps:
 *	accounts_sign_in_begin	-> ERR_OK: give s->hash to the hashing thread (app/hashing.h)
 *	accounts_sign_in_finish -> ERR_OK: give s->command to the writer
 *	accounts_sign_in_done	-> ERR_OK: s->token_text is the cookie
 * by a code on paper: accounts_sign_in_code, then as from the second step on. Each step may refuse:
 * ERR_NOT_SIGNED_IN says nothing about what was wrong; ERR_TOO_MANY comes with retry_after_s.
 *
 * Sessions have a clock of their own: it begins at each start of the program at the system's time,
 * but never before what it said last, and goes on with the time since boot. So neither a step of
 * the system's clock nor a demo's clock ends or prolongs one. */
#ifndef LIREN_SERVICE_ACCOUNTS_H
#define LIREN_SERVICE_ACCOUNTS_H

#include "service/account_limit.h"
#include "service/account_order.h"
#include "service/reader.h"

#include <stdatomic.h>

#define SESSION_STAFF_MAX_US (INT64_C(12) * 3600 * 1000000) /* one shift */
#define SESSION_STAFF_IDLE_US (INT64_C(3600) * 1000000)
#define SESSION_RESIDENT_MAX_US (INT64_C(30) * 24 * 3600 * 1000000)
#define SESSION_RESIDENT_IDLE_US (INT64_C(7) * 24 * 3600 * 1000000)
#define SESSION_TOUCH_EVERY_US (INT64_C(60) * 1000000) /* so that reading does not write */
#define SESSION_TOUCHES_MAX 32u /* under way; more are left for the next request */
#define SESSIONS_CACHED 1024u
#define SESSION_TOKEN_TEXT_BYTES (2u * SEAL_TOKEN_BYTES) /* hex */

struct accounts;

struct accounts_options {
	struct reader *reader; /* with keys; of this thread */
	const struct entropy *entropy; /* of this thread */
	/* The writer's count of what may have ended a session (writer.h): what is remembered of
	 * sessions holds as long as it stands. NULL: nothing is remembered. */
	const _Atomic uint64_t *generation;
	/* Takes touches to the writer; NULL: none are made. */
	enum err (*submit)(void *ctx, struct command *c);
	void *ctx;
	struct clock_reading now;
};

/* Takes about 1.5 MiB. ERR_NO_MEMORY, and errors of the store. */
enum err accounts_new(const struct accounts_options *o, struct accounts **ret) MUST_CHECK;
/* After the writer has stopped: touches may be under way till then. NULL is fine. */
struct accounts *accounts_free(struct accounts *a);

/* ---- who is signed in ---- */

struct account_session {
	uint64_t id; /* of the session */
	uint64_t account;
	enum account_kind kind;
	enum lang lang;
	/* what they act under; a resident has no post, and somebody of the staff may have none */
	bool has_post;
	unsigned post; /* index into the account's posts */
	struct account_post acting; /* views into memory */
	int64_t ends_us; /* at the latest, as the system's time */
	uint8_t csrf[SEAL_CSRF_BYTES]; /* must come along with whatever changes something */
	bool demo;
	char memory[ACCOUNT_POST_BYTES_MAX];
};

/* The session of a cookie's value, valid until the next call on this thread. ERR_NOT_SIGNED_IN:
 * none, ended, over, idle for too long. O(1), without a read where it is remembered. */
enum err accounts_session(struct accounts *a, struct str token, struct clock_reading now,
			  const struct account_session **ret) MUST_CHECK;
/* Does the text (hex) fit? In constant time. */
bool account_csrf_fits(const struct account_session *s, struct str text);

/* ---- signing in ---- */

struct sign_in {
	struct hash_job hash;
	struct command command;
	struct session_order order;
	char token_text[SESSION_TOKEN_TEXT_BYTES + 1]; /* the cookie, once it is done; wipe it */
	unsigned retry_after_s; /* of ERR_TOO_MANY */
	/* inner */
	struct peer_address peer;
	uint8_t who[SEAL_BLIND_INDEX_BYTES]; /* counts failures by */
	unsigned post;
};

enum err accounts_sign_in_begin(struct accounts *a, struct str name, struct str password,
				unsigned post, struct peer_address peer, struct clock_reading now,
				struct sign_in *s) MUST_CHECK;
/* In every case, also where the hashing thread did not take it: then with s->hash.err. */
enum err accounts_sign_in_finish(struct accounts *a, struct sign_in *s,
				 struct clock_reading now) MUST_CHECK;
/* sheet: its number in digits. ERR_BAD_INPUT, not counted as a failure: the code's check does not
 * fit, it is mistyped. */
enum err accounts_sign_in_code(struct accounts *a, struct str sheet, struct str code,
			       struct peer_address peer, struct clock_reading now,
			       struct sign_in *s) MUST_CHECK;
/* One tap, in a demo: any account that is not ended. ERR_FORBIDDEN in any other store; the writer
 * looks, too. */
enum err accounts_sign_in_demo(struct accounts *a, uint64_t account, unsigned post,
			       struct clock_reading now, struct sign_in *s) MUST_CHECK;
/* After the writer's answer. */
enum err accounts_sign_in_done(struct accounts *a, struct sign_in *s) MUST_CHECK;

/* Is it the password of this account? For who is signed in and wants to change it, and for a second
 * person at the desk. Begin, then the hashing thread, then finish: ERR_OK where it is. Failures
 * count. */
enum err accounts_check_begin(struct accounts *a, uint64_t account, struct str password,
			      struct peer_address peer, struct clock_reading now,
			      struct sign_in *s) MUST_CHECK;
enum err accounts_check_finish(struct accounts *a, struct sign_in *s) MUST_CHECK;

/* ---- orders about sessions: each fills the command, which goes to the writer ---- */

void accounts_end_session(uint64_t account, uint64_t session, struct session_order *order,
			  struct command *c);
void accounts_end_sessions(uint64_t account, struct session_order *order, struct command *c);
/* ERR_BAD_INPUT from the writer where the account has no such post. */
void accounts_switch_post(const struct account_session *s, unsigned post,
			  struct session_order *order, struct command *c);

/* What somebody sees of their own account, and staff who manage accounts of another's: account_get,
 * account_list_staff, account_sessions, account_open on accounts_reader's db and keys. */
struct reader *accounts_reader(struct accounts *a);

/* A time of the clock of sessions, as the system's time: for people to read. */
int64_t accounts_now_us(const struct accounts *a, struct clock_reading now);

#endif
