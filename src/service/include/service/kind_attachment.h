/* The data of case.attached: a sealed file of journal/blobs.h that belongs to a case. The key of
 * the file is a sealed value of the entry, under the data key of the (person, record): destroying
 * that one makes every copy of the file unreadable, wherever it is. */
#ifndef LIREN_SERVICE_KIND_ATTACHMENT_H
#define LIREN_SERVICE_KIND_ATTACHMENT_H

#include "base/entropy.h"
#include "base/seal.h"
#include "journal/kind.h"

#define ATTACHED_FIELD_MAX 64u
#define ATTACHED_MEDIA_MAX 64u
#define ATTACHED_KEY_BYTES (SEAL_KEY_BYTES + SEAL_OVERHEAD_BYTES) /* of the sealed key */

struct case_attached {
	uint64_t case_id;   /* number of the entry that made the case */
	struct str field;   /* of its type, for example photo_before; 1 to ATTACHED_FIELD_MAX */
	struct hash32 hash; /* of the sealed file */
	uint64_t bytes;     /* of the sealed file */
	struct str media;   /* media type */
	bool evidence;
	uint64_t prev; /* the case's entry before this one; 0: none */
	struct sealed key;
	bool has_hand; /* the first act of this actor in the case: the account, sealed */
	struct sealed hand;
};

/* Seal the file's key into `box`, which must live until the entry is written. */
void attached_seal_key(const struct seal_key *data_key, uint64_t key_id,
		       const struct seal_key *file_key, const struct entropy *entropy,
		       uint8_t box[ATTACHED_KEY_BYTES], struct sealed *ret);
/* ERR_UNVERIFIED where the data key is not the one that it was sealed under. */
enum err attached_open_key(const struct seal_key *data_key, const struct sealed *key,
			   struct seal_key *ret_file_key) MUST_CHECK;

void attached_encode(struct entry_writer *w, const void *data);
enum err attached_decode(const struct entry_value *data, struct arena *a,
			 const void **ret_data) MUST_CHECK;
enum err attached_apply(struct db *db, const struct entry_head *head, const void *data) MUST_CHECK;

#endif
