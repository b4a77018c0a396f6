/* The data of the account.* entries: written, read back, applied. */
#ifndef LIREN_SERVICE_KIND_ACCOUNT_H
#define LIREN_SERVICE_KIND_ACCOUNT_H

#include "service/account.h"

/* Fields that name and contact are sealed under; what they are found by carries the same words. */
#define ACCOUNT_FIELD_NAME STR("name")
#define ACCOUNT_FIELD_CONTACT STR("contact")
#define ACCOUNT_NAME_BOX_BYTES (ACCOUNT_NAME_BYTES_MAX + SEAL_OVERHEAD_BYTES)
#define ACCOUNT_CONTACT_BOX_BYTES (ACCOUNT_CONTACT_BYTES_MAX + SEAL_OVERHEAD_BYTES)

/* account.made, account.changed: the account as it is from now on, in full. */
struct account_entry {
	uint64_t account;       /* of changed */
	enum account_kind kind; /* of made */
	uint64_t key_id;        /* of made: the data key of its record */
	enum lang lang;
	bool named, has_contact;
	struct sealed name, contact; /* where there is one */
	struct account_posts posts;
};

#define ACCOUNT_ENDED_BY_OWNER "owner"
#define ACCOUNT_ENDED_BY_ORDER "order"
struct account_ended {
	uint64_t account;
	struct str reason; /* one of the above */
};

struct account_secret_set {
	uint64_t account;
	enum account_secret_kind kind;
	unsigned codes;    /* of a sheet; of a password 0 */
	uint64_t key_id;   /* what is kept of it is sealed under */
	uint64_t replaces; /* the entry of the one that is dead from here on; 0: none */
	bool has_second;
	struct actor second;
};

void account_made_encode(struct entry_writer *w, const void *data);
enum err account_made_decode(const struct entry_value *data, struct arena *a,
			     const void **ret) MUST_CHECK;
enum err account_made_apply(struct db *db, const struct entry_head *head,
			    const void *data) MUST_CHECK;
void account_changed_encode(struct entry_writer *w, const void *data);
enum err account_changed_decode(const struct entry_value *data, struct arena *a,
				const void **ret) MUST_CHECK;
enum err account_changed_apply(struct db *db, const struct entry_head *head,
			       const void *data) MUST_CHECK;
void account_ended_encode(struct entry_writer *w, const void *data);
enum err account_ended_decode(const struct entry_value *data, struct arena *a,
			      const void **ret) MUST_CHECK;
enum err account_ended_apply(struct db *db, const struct entry_head *head,
			     const void *data) MUST_CHECK;
void account_secret_encode(struct entry_writer *w, const void *data);
enum err account_secret_decode(const struct entry_value *data, struct arena *a,
			       const void **ret) MUST_CHECK;
enum err account_secret_apply(struct db *db, const struct entry_head *head,
			      const void *data) MUST_CHECK;

#endif
