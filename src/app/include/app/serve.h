/* A store served over HTTP until SIGTERM or SIGINT. */
#ifndef LIREN_APP_SERVE_H
#define LIREN_APP_SERVE_H

#include "app/settings.h"

struct serve_options {
	const struct settings *settings;
	const char *address;
	uint16_t port;       /* 0: any free one */
	bool demo; /* only a store that began as a demo */
	const char *metrics; /* ADDRESS:PORT that figures are served on; NULL: nowhere */
	uint32_t demo_speed; /* of a demo's clock (app/demo_clock.h) */
	/* When it is ready, and before it stops; NULL: nobody is told. An error stops it at once.
	 */
	enum err (*ready)(void *ctx, uint16_t port);
	void (*stopping)(void *ctx);
	void *ctx;
	bool confirm_clock;  /* the operator says at start that the clock is right */
};

/* Prints "listening on http://localhost:PORT" on standard output when it is ready. Returns after an
 * orderly stop. */
enum err serve(const struct serve_options *options, struct problem *problem) MUST_CHECK;

#endif
