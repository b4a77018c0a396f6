/* The files of etc/ as texts into a shelf (cases/shelf.h): read all, prove all together. Depends on
 * the other readers, on cases and on trust. No files are opened here: whoever calls hands in texts
 * and the bytes of zones. What stays takes about 560 kB for the shipped files and 50 kB for each
 * earlier table of categories; reading and proving takes some 20 ms. */
#ifndef LIREN_CONFIG_CONFIG_SHELF_H
#define LIREN_CONFIG_CONFIG_SHELF_H

#include "cases/shelf.h"
#include "config/config_yaml.h"

#define CONFIG_SHELF_WAY_BYTES 2048u
#define CONFIG_SHELF_ARENA_BYTES (32u << 20)   /* address space; pages are used as needed */
#define CONFIG_SHELF_SCRATCH_BYTES (8u << 20)  /* the tree of the largest file */
#define CONFIG_SHELF_SOURCES_MAX                                                                   \
	(CASES_SHELF_FILES_MAX + CASES_OLD_TYPES_MAX + CASES_OLD_TABLES_MAX)

/* A file, or an earlier version of one. */
struct config_source {
	struct str path; /* below etc/; one of shelf_kind_of */
	struct str text;
	uint64_t n; /* the entry that brought it; 0: not journalled */
	bool is_old; /* no longer in force: a type or a table of categories, with its n */
};

/* The TZif bytes of a zone by its name, into the arena. ERR_NOT_FOUND: no such zone. */
typedef enum err config_zone_fn(void *ctx, struct str name, struct arena *arena,
				struct bytes *ret);

struct config_shelf_options {
	const struct config_source *sources;
	unsigned sources_n;
	const struct shelf_pair *pairs; /* that earlier versions are kept for */
	unsigned pairs_n;
	bool wants_cases; /* files about cases are in force: a set without them is not whole */
	struct str calendar; /* the community works by calendars/THIS.yaml; empty: by its zone */
	struct str zone;     /* of the community */
	config_zone_fn *zone_bytes;
	void *ctx;
};

struct config_shelf_failure {
	struct cases_failure cases; /* proof 0: not written right, or the set is not whole */
	char way[CONFIG_SHELF_WAY_BYTES]; /* through the states, where that is what fails */
};

/* The calendar: the one that `calendar` names; else the only one of the community's zone; else the
 * only one there is. A calendar must be there; the seven files beside the types and a type, all or
 * none. Paths and texts are
 * copied as far as they are needed. An earlier version is called path@n in messages. The arena's
 * scratch is given back to where it was, and must be there. ERR_BAD_INPUT, ERR_TOO_LARGE or
 * ERR_NO_MEMORY with *failure filled in; *ret changes only on success. */
enum err config_shelf_read(const struct config_shelf_options *o, struct arena *arena,
			   struct cases_shelf *ret,
			   struct config_shelf_failure *failure) MUST_CHECK;

#endif
