/* A mapping file for cases (etc/maps/): how the rows of another office's register become cases of
 * ours. Every mistake is told with file, line and column. Depends on config_map.h and civil.h. The
 * result lives in the arena. */
#ifndef LIREN_CONFIG_CASE_MAP_H
#define LIREN_CONFIG_CASE_MAP_H

#include "base/civil.h"
#include "config/config_map.h"

#define CASE_MAP_JOINED_MAX 8u /* columns that make one text */
#define CASE_MAP_WORDS_MAX 512u /* of theirs that stand for one of ours */
#define CASE_MAP_CATEGORIES_MAX 128u
#define CASE_MAP_FIELDS_MAX 8u
#define CASE_MAP_PARTED " / " /* between the columns of a category */

enum case_map_target {
	CASE_MAP_ID,
	CASE_MAP_OPENED,
	CASE_MAP_CLOSED,
	CASE_MAP_DUE,
	CASE_MAP_STATUS,
	CASE_MAP_CATEGORY, /* in their words */
	CASE_MAP_TEXT,     /* personal: sealed, and masked before */
	CASE_MAP_LAT,
	CASE_MAP_LON,
	CASE_MAP_TARGETS
};

struct case_map_value {
	unsigned n; /* 0: from nowhere */
	unsigned column[CASE_MAP_JOINED_MAX];
};

/* Their words for one of our codes. */
struct case_map_words {
	struct str code;
	unsigned n;
	const struct str *word;
};

/* A field of the case type, and the same value for every case. */
struct case_map_field {
	struct str name, value;
};

struct case_map {
	struct str source;
	enum datum datum;
	char separator;
	struct str zone; /* IANA name: their times are its local times */
	struct str time; /* a pattern: civil_parse_by */
	struct map_columns columns;
	struct case_map_value value[CASE_MAP_TARGETS];
	struct case_map_words open, closed; /* statuses; without a column of them both are empty */
	unsigned category_n;
	const struct case_map_words *category;
	struct str category_else; /* code for all other words */
	unsigned field_n;
	struct case_map_field field[CASE_MAP_FIELDS_MAX];
};

/* ERR_BAD_INPUT or ERR_TOO_LARGE with the problem filled in. `file_name` is how the file is called
 * in messages. Whether the zone and the codes exist is not asked here. */
enum err config_case_map_read(struct str file_name, struct str text, struct arena *arena,
			      struct problem *problem, struct case_map *ret) MUST_CHECK;

/* Our code for their words: for all of them, else for those before the first CASE_MAP_PARTED, else
 * the one for all other words. */
struct str case_map_category(const struct case_map *m, struct str words);

/* Open or closed; false: the map does not know this word. */
bool case_map_status(const struct case_map *m, struct str word, bool *ret_closed);

#endif
