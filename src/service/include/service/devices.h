/* Devices by what was last said of them: working or offline. Depends on place/device.h. */
#ifndef LIREN_SERVICE_DEVICES_H
#define LIREN_SERVICE_DEVICES_H

#include "place/device.h"
#include "service/places.h"

#define DEVICE_KINDS_MAX 128u
#define DEVICES_PAGE_MAX 200u
#define DEVICES_ARENA_BYTES (DEVICES_PAGE_MAX * 1024u)

struct device_now {
	uint64_t n; /* the entry */
	enum device_state state;
	int64_t since_us;
	struct str source;
};

/* The source is in the arena (NULL: it is left out). ERR_NOT_FOUND: nothing was said. O(log n). */
enum err device_now(struct db *db, uint64_t place, struct arena *a,
		    struct device_now *ret) MUST_CHECK;

struct device_count {
	struct str kind; /* field device_kind; may be empty */
	uint64_t working, offline;
};

/* By kind, in order of the words. O(devices of which something was said). */
enum err device_counts(struct db *db, struct arena *a, struct device_count ret[DEVICE_KINDS_MAX],
		       unsigned *ret_n) MUST_CHECK;

struct device_offline {
	struct place_row place;
	struct device_now now;
	struct str kind, maintainer; /* as the register has them; may be empty */
};

/* Those that are offline, the longest first, behind (since, place). O(limit log n). */
enum err devices_offline(struct db *db, int64_t after_since_us, uint64_t after_place,
			 struct arena *a, unsigned limit, struct device_offline *ret,
			 unsigned *ret_n, bool *ret_more) MUST_CHECK;

/* A look at footage, as its entry has it. Texts are in the arena. */
struct camera_look {
	uint64_t n, case_id; /* case_id 0: of none */
	int64_t at_us, looked_us;
	struct str role, unit, purpose;
};

#define CAMERA_LOOKS_MAX 50u /* of a page */
#define CAMERA_LOOKS_ARENA_BYTES (CAMERA_LOOKS_MAX * 4096u)

/* The looks at a camera's footage that stand before entry `before` (0: all), the newest first;
 * limit: at most CAMERA_LOOKS_MAX. The arena has CAMERA_LOOKS_ARENA_BYTES. */
enum err camera_looks(struct db *db, uint64_t place, uint64_t before, struct arena *a,
		      unsigned limit, struct camera_look *ret, unsigned *ret_n) MUST_CHECK;

#endif
