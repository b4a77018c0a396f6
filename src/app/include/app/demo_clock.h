/* What time it is in a demo: it begins where it is told, goes on by the monotonic clock at some
 * speed, and is moved ahead. The time since boot stays the machine's, for sessions, limits and
 * retries. Any thread. */
#ifndef LIREN_APP_DEMO_CLOCK_H
#define LIREN_APP_DEMO_CLOCK_H

#include "base/clock.h"

#define DEMO_SPEED_MAX 86400000u /* a day in a second */

struct demo_clock;

/* speed: thousandths of how time goes, at most DEMO_SPEED_MAX; 0: it stands still until it is
 * moved. NULL: no memory. */
struct demo_clock *demo_clock_new(int64_t at_us, uint32_t speed);
struct demo_clock *demo_clock_free(struct demo_clock *c);

struct clock_reading demo_clock_now(struct demo_clock *c);

/* Ahead; an instant that is past changes nothing. */
void demo_clock_move(struct demo_clock *c, int64_t to_us);

#endif
