/* See demo_clock.h. */
#include "app/demo_clock.h"

#include "app/kernel.h"
#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct demo_clock {
	pthread_mutex_t lock;
	int64_t base_us, base_mono_us;
	uint32_t speed;
};

static int64_t mono_us(void)
{
	struct timespec t;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct demo_clock *demo_clock_new(int64_t at_us, uint32_t speed)
{
	struct demo_clock *c = calloc(1, sizeof *c);

	CHECK(speed <= DEMO_SPEED_MAX);
	if (!c)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	c->base_us = at_us;
	c->base_mono_us = mono_us();
	c->speed = speed;
	return c;
}

struct demo_clock *demo_clock_free(struct demo_clock *c)
{
	if (c)
		pthread_mutex_destroy(&c->lock);
	free(c);
	return NULL;
}

/* Under the lock. In parts, so that years of running at full speed do not overflow. */
static int64_t now_us(const struct demo_clock *c)
{
	int64_t gone = mono_us() - c->base_mono_us;

	return c->base_us + gone / 1000 * (int64_t)c->speed +
	       gone % 1000 * (int64_t)c->speed / 1000;
}

struct clock_reading demo_clock_now(struct demo_clock *c)
{
	struct clock_reading r = kernel_clock();

	pthread_mutex_lock(&c->lock);
	r.utc_us = now_us(c);
	pthread_mutex_unlock(&c->lock);
	return r;
}

void demo_clock_move(struct demo_clock *c, int64_t to_us)
{
	pthread_mutex_lock(&c->lock);
	if (to_us > now_us(c)) {
		c->base_us = to_us;
		c->base_mono_us = mono_us();
	}
	pthread_mutex_unlock(&c->lock);
}
