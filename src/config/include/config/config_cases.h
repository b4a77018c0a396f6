/* The files about cases that a community edits (etc/): read into the structures of cases/model.h.
 * A mistake in how something is written is told with file, line, column and remedy; whether the
 * content holds together is for the proofs (cases/proofs.h). Depends on config_yaml.h. Results live
 * in the arena, which takes about CONFIG_CASES_ARENA_BYTES for a file of the largest size.
 *
 * Each gives ERR_BAD_INPUT, ERR_TOO_LARGE or ERR_NO_MEMORY with the problem filled in (it may be
 * NULL); *ret changes only on success. `name` is how the file is called in messages and stays in
 * place as long as the result. */
#ifndef LIREN_CONFIG_CASES_H
#define LIREN_CONFIG_CASES_H

#include "cases/model.h"
#include "config/config_yaml.h"

#define CONFIG_CASES_ARENA_BYTES (CONFIG_BYTES_MAX * 32u)

struct config_units {
	struct cases_unit *units;
	unsigned units_n;
	struct cases_area *areas;
	unsigned areas_n;
	bool is_connected; /* level_above: connected; none where nothing is said */
};

struct config_roles {
	struct cases_role *roles;
	unsigned roles_n;
};

struct config_desk {
	struct cases_desk_limit *rows;
	unsigned rows_n;
};

enum err config_roles_read(struct str name, struct str text, struct arena *arena,
			   struct problem *problem, struct config_roles *ret) MUST_CHECK;
enum err config_units_read(struct str name, struct str text, struct arena *arena,
			   struct problem *problem, struct config_units *ret) MUST_CHECK;
enum err config_desk_read(struct str name, struct str text, struct arena *arena,
			  struct problem *problem, struct config_desk *ret) MUST_CHECK;
enum err config_catalogue_read(struct str name, struct str text, struct arena *arena,
			       struct problem *problem, struct cases_catalogue *ret) MUST_CHECK;
enum err config_categories_read(struct str name, struct str text, struct arena *arena,
				struct problem *problem, struct cases_categories *ret) MUST_CHECK;
enum err config_responsibilities_read(struct str name, struct str text, struct arena *arena,
				      struct problem *problem,
				      struct cases_responsibilities *ret) MUST_CHECK;
enum err config_checklist_read(struct str name, struct str text, struct arena *arena,
			       struct problem *problem, struct cases_checklist *ret) MUST_CHECK;
enum err config_casetype_read(struct str name, struct str text, struct arena *arena,
			      struct problem *problem, struct cases_type *ret) MUST_CHECK;

#endif
