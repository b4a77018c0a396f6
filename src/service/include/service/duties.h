/* Who is on duty, as counts; and one's own duty. The counts have no person, no place but a grid and
 * no "since when"; whose a duty is only the one asks who is on it, through the keyring, and nobody
 * can once it is over. Of somebody who left, or lost the post, it counts no more. Depends on
 * journal/keys.h. Every call is O(on duty): at most DUTY_LIVE_MAX rows, of which one's own duty
 * opens the hand of each up to the one that is found. */
#ifndef LIREN_SERVICE_DUTIES_H
#define LIREN_SERVICE_DUTIES_H

#include "journal/keys.h"
#include "place/geo.h"
#include "service/duty_order.h"

#define DUTY_WORD_BYTES_MAX 48u /* a role, a grid */
#define DUTY_COUNTS_MAX 256u	/* roles, or grids */

struct duty {
	uint64_t n; /* the entry that started it */
	/* of its post, and its grid */
	char role_memory[DUTY_WORD_BYTES_MAX], unit_memory[DUTY_WORD_BYTES_MAX],
	    area_memory[DUTY_WORD_BYTES_MAX];
	size_t role_n, unit_n, area_n;
	uint8_t handle[HANDLE_BYTES];
	uint64_t key_id;
	int64_t ends_us;
	int64_t break_until_us; /* 0: on no break now */
};

/* The duty of this account at that time. ERR_NOT_FOUND: it is on none. */
enum err duty_of(struct db *db, struct keyring *keys, uint64_t account, int64_t now_us,
		 struct duty *ret) MUST_CHECK;

struct duty_count {
	char word[DUTY_WORD_BYTES_MAX]; /* a role, or a grid; "" those of no grid */
	size_t word_n;
	unsigned on_duty, on_break; /* those on a break are among those on duty */
	bool has_at;		    /* of a grid that the register has */
	struct geo_point at;
};

struct duty_counts {
	unsigned on_duty, on_break;
	struct duty_count role[DUTY_COUNTS_MAX], area[DUTY_COUNTS_MAX];
	unsigned roles_n, areas_n;
};

/* By role and by grid, each in order of its words. *ret is large: keep it on the heap. */
enum err duty_count(struct db *db, int64_t now_us, struct duty_counts *ret) MUST_CHECK;

/* Where those grids are, as the register has them on that day. O(grids). */
enum err duty_places(struct db *db, int32_t day, struct duty_counts *counts) MUST_CHECK;

#endif
