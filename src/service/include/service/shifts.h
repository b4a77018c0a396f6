/* Who keeps which desk. A unit none of whose desks was ever opened works without shifts: its queue
 * is open to whoever may see it. From the first on it is open to those only who keep one. Depends
 * on journal/keys.h: who is behind a handle is asked of the keyring. Every call is O(desks). */
#ifndef LIREN_SERVICE_SHIFTS_H
#define LIREN_SERVICE_SHIFTS_H

#include "journal/keys.h"
#include "service/reader.h"
#include "service/shift_order.h"

#define SHIFT_ROLE_BYTES_MAX 64u

struct shift {
	unsigned desk;
	uint64_t n; /* the entry by which it is kept */
	int64_t at_us;
	char role_memory[SHIFT_ROLE_BYTES_MAX];
	struct str role; /* view into role_memory of this very struct: see shifts_of_unit */
	uint8_t handle[HANDLE_BYTES];
	uint64_t note; /* the entry of the note that waits; 0: none */
};

/* The desks of a unit that were ever opened, by number. `role` of each is a view into ret[i]. */
enum err shifts_of_unit(struct db *db, struct str unit, struct shift ret[SHIFT_DESKS_MAX],
			unsigned *ret_n) MUST_CHECK;

/* Does this account keep it? */
enum err shift_is_of(struct keyring *keys, const struct shift *s, uint64_t account,
		     bool *ret) MUST_CHECK;

/* Is the queue of the unit open to this account? */
enum err shift_queue_open(struct reader *r, struct str unit, uint64_t account,
			  bool *ret) MUST_CHECK;

struct shift_note {
	uint64_t n;
	int64_t at_us;
	struct str text;
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX]; /* wipe it */
};

/* The note of an entry shift.noted, as it was left. ERR_NOT_FOUND where it is none. */
enum err shift_read_note(struct reader *r, uint64_t n, struct shift_note *ret) MUST_CHECK;

#endif
