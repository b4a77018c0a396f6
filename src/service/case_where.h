/* Within the service: what the register of places says for the routing of a case. */
#ifndef LIREN_SERVICE_CASE_WHERE_H
#define LIREN_SERVICE_CASE_WHERE_H

#include "cases/shelf.h"
#include "db/db.h"
#include "place/geo.h"

#define CASE_WHERE_BYTES 65536u /* of a place's texts and shape while they are read */

struct case_where {
	bool has_at;
	struct geo_point at;
	unsigned area; /* index in units.yaml's areas, or CASES_NONE */
	struct str component, component_owner, building_owner; /* in the memory below */
	char texts[2][128];
};

/* ERR_NOT_FOUND: no such place. place 0: nothing is known. */
enum err case_where_of(struct db *db, const struct cases_shelf *shelf, uint64_t place,
		       struct case_where *ret) MUST_CHECK;

/* The code of the grid that holds a point on the local day of an instant; ret_n 0: none. */
enum err case_area_of(struct db *db, int64_t at_us, const struct calendar *calendar,
		      struct geo_point at, char *ret, size_t cap, size_t *ret_n) MUST_CHECK;

#endif
