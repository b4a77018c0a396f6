/* What all mapping files (etc/maps/) have in common: whose file it is, how its rows are written,
 * and columns by number. Depends on config_yaml.h and place/datum.h. */
#ifndef LIREN_CONFIG_MAP_H
#define LIREN_CONFIG_MAP_H

#include "config/config_yaml.h"
#include "place/datum.h"

#define MAP_SOURCE_MAX 24u
#define MAP_TEXT_MAX 240u
#define MAP_COLUMNS_MAX 64u /* columns of the file that a map may name */

/* Columns are numbered: name[i] is column i. */
struct map_columns {
	unsigned n;
	struct str name[MAP_COLUMNS_MAX];
};

/* The number of a column, by name; a new one gets the next. */
enum err map_take_column(const struct config_file *f, const struct config_node *node,
			 struct str name, struct map_columns *columns, unsigned *ret) MUST_CHECK;

/* A column, or a list of at most n_max of them. */
enum err map_take_joined(const struct config_file *f, const struct config_node *node,
			 unsigned n_max, struct map_columns *columns, unsigned *ret,
			 unsigned *ret_n) MUST_CHECK;

/* The name of a source: a-z, 0-9 and hyphens. */
enum err map_read_source(const struct config_file *f, const struct config_node *node,
			 struct str *ret) MUST_CHECK;
enum err map_read_datum(const struct config_file *f, const struct config_node *root,
			enum datum *ret) MUST_CHECK;
/* A comma where none is named. */
enum err map_read_separator(const struct config_file *f, const struct config_node *root,
			    char *ret) MUST_CHECK;

/* A mapping whose keys somebody else gave. */
enum err map_want_mapping(const struct config_file *f, const struct config_node *node) MUST_CHECK;
enum err map_bad_value(const struct config_file *f, const struct config_node *node,
		       struct str text);

#endif
