/* A mapping file (etc/maps/): how the columns of somebody's file become places. Every mistake is
 * told with file, line and column. Depends on config_yaml.h and place. The result lives in the
 * arena. */
#ifndef LIREN_CONFIG_PLACE_MAP_H
#define LIREN_CONFIG_PLACE_MAP_H

#include "config/config_map.h"
#include "place/place.h"

#define PLACE_MAP_KINDS_MAX 32u
#define PLACE_MAP_CONDITIONS_MAX 8u
#define PLACE_MAP_VALUES_MAX 64u
#define PLACE_MAP_JOINED_MAX 4u /* columns that make one text */

enum place_map_format { PLACE_MAP_CSV, PLACE_MAP_GEOJSON };

/* What a column or a constant goes to: these, or a field: PLACE_MAP_FIELDS + enum place_field. */
enum place_map_target {
	PLACE_MAP_ALIASES, /* several, parted by semicolons */
	PLACE_MAP_CODE,
	PLACE_MAP_HOUSE_CODE, /* becomes the first alias */
	PLACE_MAP_ID,
	PLACE_MAP_LAT, /* of CSV; a feature has its geometry */
	PLACE_MAP_LON,
	PLACE_MAP_PARENT,       /* an id, of parent_source */
	PLACE_MAP_PREDECESSORS, /* ids, parted by semicolons */
	PLACE_MAP_STATE,	/* of a device, in the words of place/device.h */
	PLACE_MAP_VALID_FROM,
	PLACE_MAP_VALID_UNTIL,
	PLACE_MAP_FIELDS,
	PLACE_MAP_TARGETS = PLACE_MAP_FIELDS + PLACE_FIELD_COUNT
};

struct place_map_value {
	unsigned n; /* 0: from nowhere */
	unsigned column[PLACE_MAP_JOINED_MAX];
	struct str constant; /* taken where the columns are empty; may be empty */
};

struct place_map_condition {
	unsigned column;
	unsigned n; /* 0: anything but empty */
	const struct str *value;
};

struct place_map_kind {
	enum place_kind kind;
	unsigned condition_n; /* all must hold */
	struct place_map_condition condition[PLACE_MAP_CONDITIONS_MAX];
	struct str constant[PLACE_MAP_TARGETS]; /* over those of the map */
};

struct place_map {
	struct str source, parent_source;
	enum place_map_format format;
	enum datum datum;
	char separator;
	bool only_state; /* a list of states: rows change nothing else of a device */
	unsigned kind_n;
	const struct place_map_kind
	    *kind; /* the first that fits; a row that none fits is passed over */
	struct place_map_value value[PLACE_MAP_TARGETS];
	struct map_columns columns; /* "@id": the id of a feature */
};

/* Name of a target as maps and complaints have it. */
const char *place_map_target_name(unsigned target);

/* ERR_BAD_INPUT or ERR_TOO_LARGE with the problem filled in. `file_name` is how the file is called
 * in messages. */
enum err config_place_map_read(struct str file_name, struct str text, struct arena *arena,
			       struct problem *problem, struct place_map *ret) MUST_CHECK;

#endif
