/* Failing calls to the file system on purpose: the Nth open, write, sync, close, rename or mkdir of
 * the project's own code, or a write that is cut short. Test code. A program that uses it links
 * with `faultfile_link_args` (tests/support/meson.build). One thread. */
#ifndef LIREN_FAULTFILE_H
#define LIREN_FAULTFILE_H

#include <stdint.h>

enum faultfile_call {
	FAULTFILE_OPEN,
	FAULTFILE_WRITE,
	FAULTFILE_FSYNC,
	FAULTFILE_CLOSE,
	FAULTFILE_RENAME,
	FAULTFILE_MKDIR,
	FAULTFILE_CALLS
};

/* From now on count each kind of call, and let the `at`-th of `call` (from 1; 0: none) fail with
 * this errno. A failing write puts half of its bytes first. */
void faultfile_plan(enum faultfile_call call, uint64_t at, int error);

/* End the plan. Returns how many calls of a kind it saw; *ret_failed (may be NULL) gets how many of
 * them failed by it. */
uint64_t faultfile_end(enum faultfile_call call, uint64_t *ret_failed);

/* The process ends at once, as by a kill, when the `at`-th call of a kind is reached. */
void faultfile_kill(enum faultfile_call call, uint64_t at);

#endif
