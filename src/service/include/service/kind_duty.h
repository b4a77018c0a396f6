/* The data of the duty.* entries: written, read back, applied. Depends on journal/kind.h. */
#ifndef LIREN_SERVICE_KIND_DUTY_H
#define LIREN_SERVICE_KIND_DUTY_H

#include "journal/kind.h"
#include "service/duty_order.h"

struct duty_started {
	struct str area;
	int64_t ends_us;
	uint64_t key_id; /* that the account behind the actor's handle is sealed under */
	uint64_t over[DUTY_OVER_MAX];
	unsigned over_n;
};

struct duty_paused {
	uint64_t duty;
	int64_t until_us;
};

/* Of duty.resumed and duty.ended. */
struct duty_of_entry {
	uint64_t duty;
};

void duty_started_encode(struct entry_writer *w, const void *data);
enum err duty_started_decode(const struct entry_value *data, struct arena *a,
			     const void **ret) MUST_CHECK;
enum err duty_started_apply(struct db *db, const struct entry_head *head,
			    const void *data) MUST_CHECK;
void duty_paused_encode(struct entry_writer *w, const void *data);
enum err duty_paused_decode(const struct entry_value *data, struct arena *a,
			    const void **ret) MUST_CHECK;
enum err duty_paused_apply(struct db *db, const struct entry_head *head,
			   const void *data) MUST_CHECK;
void duty_of_encode(struct entry_writer *w, const void *data);
enum err duty_of_decode(const struct entry_value *data, struct arena *a,
			const void **ret) MUST_CHECK;
enum err duty_resumed_apply(struct db *db, const struct entry_head *head,
			    const void *data) MUST_CHECK;
enum err duty_ended_apply(struct db *db, const struct entry_head *head,
			  const void *data) MUST_CHECK;

#endif
