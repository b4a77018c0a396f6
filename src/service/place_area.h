/* Within the service only: rows beside those of 0002 that a place.set entry makes (0003): the area
 * of a place and the cells that cover it, and its line of the register. */
#ifndef LIREN_SERVICE_PLACE_AREA_H
#define LIREN_SERVICE_PLACE_AREA_H

#include "db/db.h"
#include "place/place.h"
#include "service/places.h"

/* ERR_CORRUPT where the bytes are no area. */
enum err place_area_read(struct bytes rings, enum geo_form form,
			 struct place_area *ret) MUST_CHECK;

/* What files call a grid or an area by: its number, else its external id without the source. */
struct str place_area_code(const struct place *p);

/* Make the rows of this version; `again`: there may be rows of an earlier one. */
enum err place_area_apply(struct db *db, const struct place *p, bool again) MUST_CHECK;
enum err place_register_apply(struct db *db, const struct place *p, bool again) MUST_CHECK;

#endif
