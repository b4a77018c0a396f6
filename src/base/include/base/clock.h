/* Whether the system's clock may be believed, decided from two readings of it: UTC and the time
 * since boot, which no one can set. A step back is ridden out; a step ahead by more than five
 * minutes holds all writing until an operator confirms it; at start any time after the last entry
 * is taken, but more than 30 days later only when confirmed. Pure. */
#ifndef LIREN_BASE_CLOCK_H
#define LIREN_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_STEP_MAX_US (INT64_C(5) * 60 * 1000000)
#define CLOCK_PAUSE_MAX_US (INT64_C(30) * 24 * 3600 * 1000000)

struct clock_reading {
	int64_t utc_us;  /* CLOCK_REALTIME */
	int64_t boot_us; /* CLOCK_BOOTTIME */
};

struct clock_guard {
	bool started;
	bool held;
	int64_t base_utc_us, base_boot_us; /* the furthest pair believed so far */
	int64_t held_utc_us;               /* the reading that is not believed */
};

/* Take a reading. last_us: time of the last entry, 0 for none. True: *ret_at_us is the time to
 * write, at least last_us. False: held; writing has to wait. */
bool clock_guard_step(struct clock_guard *g, struct clock_reading now, int64_t last_us,
		      int64_t *ret_at_us);

/* An operator says that the reading is right. */
void clock_guard_confirm(struct clock_guard *g, struct clock_reading now);

#endif
