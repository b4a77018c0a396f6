/* Within the service only: what the searches for places share. */
#ifndef LIREN_SERVICE_PLACES_ROW_H
#define LIREN_SERVICE_PLACES_ROW_H

#include "service/kind_place.h"
#include "service/places.h"

/* May a place of this kind, valid on these days, be shown? */
bool places_allows(const struct places_filter *f, enum place_kind kind, int64_t from,
		   int64_t until);

enum err places_row_get(struct db *db, uint64_t id, struct arena *a,
			struct place_row *ret) MUST_CHECK;

#endif
