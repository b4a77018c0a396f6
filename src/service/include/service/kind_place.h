/* The data of place.set is a struct place (place/place.h); here it is written, read back and
 * applied. */
#ifndef LIREN_SERVICE_KIND_PLACE_H
#define LIREN_SERVICE_KIND_PLACE_H

#include "journal/kind.h"
#include "place/place.h"

#define PLACE_DIGEST_BYTES 16u

void place_encode(struct entry_writer *w, const void *data);
enum err place_decode(const struct entry_value *data, struct arena *a,
		      const void **ret_data) MUST_CHECK;
enum err place_apply(struct db *db, const struct entry_head *head, const void *data) MUST_CHECK;

/* Front of SHA-256 over the data of the entry that this version would be: the same content, id
 * included, is known by it. */
enum err place_digest(const struct place *p, uint8_t ret[PLACE_DIGEST_BYTES]) MUST_CHECK;

#endif
