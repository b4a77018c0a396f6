/* Failing allocations on purpose: the Nth one of SQLite, of jansson or of the project's own code,
 * once or for good. Test code. A program that uses it links with `faultalloc_link_args`
 * (tests/support/meson.build), which send malloc, calloc, realloc and strdup of its objects through
 * here; shared libraries keep the C library's. Counts with atomics, so any thread may allocate
 * while a plan holds. */
#ifndef LIREN_FAULTALLOC_H
#define LIREN_FAULTALLOC_H

#include <stdbool.h>
#include <stdint.h>

enum faultalloc_source {
	FAULTALLOC_SQLITE = 1,
	FAULTALLOC_JANSSON = 2,
	FAULTALLOC_OWN = 4,
};

/* Put the wrappers in place: before SQLite is initialised and before jansson makes its first value.
 * Returns false where SQLite does not take them (it runs already). */
bool faultalloc_install(void);

/* From now on count the allocations of these sources together (an OR of the enum) and let the
 * `at`-th fail, from 1; with for_good every later one too. at == 0 only counts. */
void faultalloc_plan(unsigned sources, uint64_t at, bool for_good);

/* End the plan. Returns how many allocations it saw; *ret_failed (may be NULL) how many of them it
 * refused. */
uint64_t faultalloc_end(uint64_t *ret_failed);

#endif
