/* A store made: folders, keys, entry 1. */
#ifndef LIREN_APP_SETUP_H
#define LIREN_APP_SETUP_H

#include "app/divisions.h"
#include "app/settings.h"

#define SETUP_CODE_DEFAULT UINT64_C(440305002005) /* the reference community */
#define SETUP_CODE_MAX UINT64_C(999999999999)
#define SETUP_ZONE_DEFAULT "Asia/Shanghai"

struct setup_options {
	uint64_t code;
	const char *zone; /* must be in the system's zone data */
	bool bare;        /* without the shipped files: somebody has their own */
	bool demo;        /* stands in entry 1 and cannot change */
	int64_t begins_us; /* of a demo: what its clock begins with; 0: now */
	const char *divisions; /* folder of the tables (divisions.h); NULL: where they are looked
				  for */
	const char *name, *name_en; /* of the community; NULL: as the tables have it; not said */
	const char *station, *bureau; /* names of the other chain of levels; NULL: not said */
};

/* ERR_EXISTS where the folder has a store. What was made before a failure is left for the next try:
 * keys that are there are taken when the store is not. *ret_levels: the levels above the community
 * that were stored as places. */
enum err setup_store(const struct settings *s, const struct setup_options *o,
		     struct divisions *ret_levels, struct problem *problem) MUST_CHECK;

/* Is there a store? */
bool setup_has_store(const struct settings *s);

#endif
