/* The guard of the clock. */
#include "base/clock.h"

static void believe(struct clock_guard *g, struct clock_reading now)
{
	g->started = true;
	g->held = false;
	g->base_utc_us = now.utc_us;
	g->base_boot_us = now.boot_us;
}

void clock_guard_confirm(struct clock_guard *g, struct clock_reading now)
{
	believe(g, now);
}

bool clock_guard_step(struct clock_guard *g, struct clock_reading now, int64_t last_us,
		      int64_t *ret_at_us)
{
	int64_t expected = g->base_utc_us + (now.boot_us - g->base_boot_us);
	int64_t ahead = now.utc_us - (g->started ? expected : last_us);
	int64_t most = g->started ? CLOCK_STEP_MAX_US : CLOCK_PAUSE_MAX_US;
	bool free_start = !g->started && last_us == 0;

	/* Started behind the last entry, say with a dead battery: ride it out, and begin when the
	 * clock has come back. */
	if (!g->started && now.utc_us < last_us) {
		g->held = false;
		*ret_at_us = last_us;
		return true;
	}
	if (!free_start && ahead > most) {
		g->held = true;
		g->held_utc_us = now.utc_us;
		return false;
	}
	/* A reading behind the expectation keeps the base: coming back from a step back is no step
	 * ahead. */
	if (!g->started || ahead >= 0)
		believe(g, now);
	g->held = false;
	*ret_at_us = now.utc_us > last_us ? now.utc_us : last_us;
	return true;
}
