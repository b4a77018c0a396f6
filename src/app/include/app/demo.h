/* A neighbourhood that lives: generated places and people, who do their day through the API of a
 * serving demo store, as any client does. Nothing of them is real. */
#ifndef LIREN_APP_DEMO_H
#define LIREN_APP_DEMO_H

#include "app/settings.h"

#define DEMO_COMMUNITY UINT64_C(990300001001)    /* codes that begin with 99 are made up */
#define DEMO_BEGIN_US INT64_C(1780502400000000)  /* Thursday 4 June 2026, 00:00 in Shanghai */
#define DEMO_DAY_AT_US INT64_C(1781107200000000) /* Thursday 11 June 2026, 00:00: the day */
#define DEMO_FIGURES_MAX 48u

struct demo_options {
	const struct settings *settings;
	bool once; /* play until the day is over, as fast as it goes, then stop the office */
	/* Of `once`, in minutes of the demo from the first day on; by the demo's thread, and at its
	 * end with `total`, however it ended. NULL: none. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

struct demo_figure {
	char name[33];
	uint64_t n;
};

struct demo_result {
	bool done;               /* the day was played to its end */
	unsigned asked, refused; /* requests, and those that were answered with a problem */
	struct demo_figure figure[DEMO_FIGURES_MAX]; /* of the day, in the order of the figures */
	unsigned figures_n;
};

struct demo;

/* Begin when the office listens, in a thread of its own. */
enum err demo_start(const struct demo_options *o, uint16_t port, struct demo **ret) MUST_CHECK;
/* Before the office stops: whoever acts ends what they are about. NULL is fine. */
struct demo *demo_stop(struct demo *d, struct demo_result *ret);

#endif
