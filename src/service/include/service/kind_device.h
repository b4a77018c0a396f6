/* The data of device.state: written, read back, applied. Depends on journal/kind.h. */
#ifndef LIREN_SERVICE_KIND_DEVICE_H
#define LIREN_SERVICE_KIND_DEVICE_H

#include "journal/kind.h"
#include "place/device.h"

struct device_said {
	uint64_t place;
	enum device_state state;
	int64_t since_us;
	struct str source;
};

void device_said_encode(struct entry_writer *w, const void *data);
enum err device_said_decode(const struct entry_value *data, struct arena *a,
			    const void **ret) MUST_CHECK;
enum err device_said_apply(struct db *db, const struct entry_head *head,
			   const void *data) MUST_CHECK;

/* camera.looked. */
struct camera_looked {
	uint64_t place, case_id; /* case_id 0: of none */
	int64_t looked_us;
	struct str purpose;
};

void camera_looked_encode(struct entry_writer *w, const void *data);
enum err camera_looked_decode(const struct entry_value *data, struct arena *a,
			      const void **ret) MUST_CHECK;
enum err camera_looked_apply(struct db *db, const struct entry_head *head,
			     const void *data) MUST_CHECK;

#endif
