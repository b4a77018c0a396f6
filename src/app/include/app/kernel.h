/* What only the kernel can give: random bytes and the time. Floor 5 hands them down. */
#ifndef LIREN_APP_KERNEL_H
#define LIREN_APP_KERNEL_H

#include "base/clock.h"
#include "base/entropy.h"

/* Kernel randomness, buffered for each thread's own struct: not for two threads at once. */
struct kernel_entropy {
	unsigned char bytes[4096];
	size_t at; /* bytes used up */
};

/* `state` must outlive the result. Stops the program where the kernel gives no randomness. */
struct entropy kernel_entropy(struct kernel_entropy *state);

struct clock_reading kernel_clock(void);

#endif
