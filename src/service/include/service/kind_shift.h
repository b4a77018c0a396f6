/* The data of the shift.* entries: written, read back, applied. Depends on journal/kind.h. */
#ifndef LIREN_SERVICE_KIND_SHIFT_H
#define LIREN_SERVICE_KIND_SHIFT_H

#include "journal/kind.h"

#define SHIFT_FIELD_NOTE STR("note") /* that the note is sealed under */

struct shift_opened {
	uint64_t desk;
};

struct shift_noted {
	uint64_t desk, shift;
	struct sealed note;
};

struct shift_handed_over {
	uint64_t desk, shift, note;
	bool forced;
	struct actor from; /* with the handle by which they kept it */
};

void shift_opened_encode(struct entry_writer *w, const void *data);
enum err shift_opened_decode(const struct entry_value *data, struct arena *a,
			     const void **ret) MUST_CHECK;
enum err shift_opened_apply(struct db *db, const struct entry_head *head,
			    const void *data) MUST_CHECK;
void shift_noted_encode(struct entry_writer *w, const void *data);
enum err shift_noted_decode(const struct entry_value *data, struct arena *a,
			    const void **ret) MUST_CHECK;
enum err shift_noted_apply(struct db *db, const struct entry_head *head,
			   const void *data) MUST_CHECK;
void shift_handed_over_encode(struct entry_writer *w, const void *data);
enum err shift_handed_over_decode(const struct entry_value *data, struct arena *a,
				  const void **ret) MUST_CHECK;
enum err shift_handed_over_apply(struct db *db, const struct entry_head *head,
				 const void *data) MUST_CHECK;

#endif
