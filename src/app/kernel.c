/* Randomness and clocks from the kernel. */
#include "app/kernel.h"

#include "base/check.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

static void refill(struct kernel_entropy *e)
{
	size_t n = 0;

	while (n < sizeof e->bytes) {
		ssize_t got = getrandom(e->bytes + n, sizeof e->bytes - n, 0);
		CHECK(got > 0); /* the kernel has randomness, or nothing here is safe */
		n += (size_t)got;
	}
	e->at = 0;
}

static void fill(void *ctx, void *out, size_t n)
{
	struct kernel_entropy *e = ctx;
	unsigned char *o = out;

	while (n > 0) {
		size_t some = sizeof e->bytes - e->at;
		if (some == 0) {
			refill(e);
			continue;
		}
		some = some < n ? some : n;
		memcpy(o, e->bytes + e->at, some);
		explicit_bzero(e->bytes + e->at, some); /* given out once, kept nowhere */
		e->at += some;
		o += some;
		n -= some;
	}
}

struct entropy kernel_entropy(struct kernel_entropy *state)
{
	state->at = sizeof state->bytes;
	return (struct entropy){fill, state};
}

static int64_t clock_us(clockid_t id)
{
	struct timespec t;

	CHECK(clock_gettime(id, &t) == 0);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct clock_reading kernel_clock(void)
{
	return (struct clock_reading){clock_us(CLOCK_REALTIME), clock_us(CLOCK_BOOTTIME)};
}
