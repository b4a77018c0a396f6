/* What an account is: a name to sign in with, a way to be reached, a language, and the posts that
 * somebody of the staff acts under. Name and contact are personal: they stand sealed under the data
 * key of the account's record, and are found by a keyed hash in keys.db, which goes with that key.
 * Depends on journal and base. */
#ifndef LIREN_SERVICE_ACCOUNT_H
#define LIREN_SERVICE_ACCOUNT_H

#include "base/msg.h"
#include "journal/keys.h"

#define ACCOUNT_NAME_BYTES_MIN 2u
#define ACCOUNT_NAME_BYTES_MAX 64u
#define ACCOUNT_CONTACT_BYTES_MAX 254u /* RFC 5321: a path of 256 with its brackets */
#define ACCOUNT_POSTS_MAX 8u
#define ACCOUNT_AREAS_MAX 16u	   /* of a post */
#define ACCOUNT_WORD_BYTES_MAX 48u /* a role, a unit, an area: as in the files of etc/ */
#define ACCOUNT_POST_BYTES_MAX ((2 + ACCOUNT_AREAS_MAX) * (ACCOUNT_WORD_BYTES_MAX + 1))
#define ACCOUNT_POSTS_BYTES_MAX (ACCOUNT_POSTS_MAX * ACCOUNT_POST_BYTES_MAX)
#define ACCOUNT_FOUND_MAX 16u /* records looked at that one keyed hash leads to */

enum account_kind { ACCOUNT_RESIDENT, ACCOUNT_STAFF };

/* What somebody acts under: a role, for a unit (may be empty), in areas (none: everywhere). */
struct account_post {
	struct str role, unit;
	struct str areas[ACCOUNT_AREAS_MAX];
	unsigned areas_n;
};

struct account_posts {
	struct account_post v[ACCOUNT_POSTS_MAX];
	unsigned n;
};

/* Posts as a row keeps them: a line each, role TAB unit TAB areas with spaces between. */
void account_posts_put(const struct account_posts *posts, struct buf *out);
/* Views into text. False where it is no such text. */
bool account_posts_parse(struct str text, struct account_posts *ret);

/* A name as it is compared: ASCII letters small. UTF-8 without white space and control characters,
 * within the caps above; not only digits, which are the number of a sheet. False otherwise. */
bool account_name_normal(struct str text, char memory[ACCOUNT_NAME_BYTES_MAX], struct str *ret);
/* A mail address likewise: one @ with something on both sides, and no white space. */
bool account_contact_normal(struct str text, char memory[ACCOUNT_CONTACT_BYTES_MAX],
			    struct str *ret);

/* A row of the projection. */
struct account_row {
	uint64_t id, n; /* the entry that made it, the one that holds it as it is */
	int64_t at_us;
	enum account_kind kind;
	enum lang lang;
	uint64_t key_id;
	bool named, has_contact;
	uint64_t ended, erased; /* the entries that did it; 0: none */
	struct account_posts posts; /* views into memory */
	char memory[ACCOUNT_POSTS_BYTES_MAX];
};

/* ERR_NOT_FOUND. */
enum err account_get(struct db *db, uint64_t id, struct account_row *ret) MUST_CHECK;

/* Who has this name, among accounts that are not ended. ERR_NOT_FOUND; ERR_BAD_INPUT where it could
 * be nobody's. */
enum err account_by_name(struct db *db, struct keyring *keys, struct str name,
			 uint64_t *ret_id) MUST_CHECK;
/* Those who are reached by this contact; at most cap of them. */
enum err account_by_contact(struct db *db, struct keyring *keys, struct str contact,
			    uint64_t *ret_ids, unsigned cap, unsigned *ret_n) MUST_CHECK;

/* Name and contact, opened: a look at personal data, which is the caller's to account for. Empty
 * where there is none. ERR_GONE where it is erased. Wipe it after use. */
struct account_person {
	struct str name, contact;
	char name_memory[ACCOUNT_NAME_BYTES_MAX], contact_memory[ACCOUNT_CONTACT_BYTES_MAX];
};
enum err account_open(struct db *db, struct keyring *keys, const struct account_row *row,
		      struct account_person *ret) MUST_CHECK;

/* Staff accounts with an id above `after`, at most cap; ended ones are among them. Residents are
 * not listed by anything: an account of theirs is found by its name, its contact or its sheet. */
enum err account_list_staff(struct db *db, uint64_t after, struct account_row *ret, unsigned cap,
			    unsigned *ret_n) MUST_CHECK;

/* The roles of the book of which an account that is not ended has a post: a bit each. All staff
 * accounts are read; whose the posts are is not kept. */
struct cases_book;
enum err account_roles_held(struct db *db, const struct cases_book *book,
			    uint64_t *ret) MUST_CHECK;

/* The generated people of a demo, staff first; at most cap. ERR_FORBIDDEN in any other store. */
enum err account_list_demo(struct db *db, struct account_row *ret, unsigned cap,
			   unsigned *ret_n) MUST_CHECK;

/* What an account can be signed in with. */
enum account_secret_kind { ACCOUNT_PASSWORD, ACCOUNT_SHEET, ACCOUNT_SECRET_KINDS };
struct account_secret {
	uint64_t n; /* the entry that set it; a sheet's number; 0: there is none */
	unsigned codes; /* of a sheet */
	unsigned used;
};
enum err account_secret_get(struct db *db, uint64_t id, enum account_secret_kind kind,
			    struct account_secret *ret) MUST_CHECK;

#define SESSIONS_OF_ACCOUNT_MAX 16u /* the oldest ends when there is one more */
struct session_row {
	uint64_t id;
	unsigned post;
	uint64_t secret; /* what it was signed in with; 0: a demo's */
	int64_t began_us, seen_us; /* on the clock of sessions */
};
/* Newest first. */
enum err account_sessions(struct db *db, uint64_t id,
			  struct session_row ret[SESSIONS_OF_ACCOUNT_MAX],
			  unsigned *ret_n) MUST_CHECK;

#endif
