/* Within the service only: what the searches for places share. */
#ifndef LIREN_SERVICE_PLACES_ROW_H
#define LIREN_SERVICE_PLACES_ROW_H

#include "service/kind_place.h"
#include "service/places.h"

/* May a place of this kind, valid on these days, be shown? */
bool places_allows(const struct places_filter *f, enum place_kind kind, int64_t from,
		   int64_t until);

/* A day as rows have it: those that are open are the ends of the range. */
int32_t places_day_of_row(int64_t v);

/* As places_near, but nothing further than radius_m. */
enum err places_near_within(struct db *db, struct geo_point at, double radius_m,
			    const struct places_filter *f, struct arena *a, unsigned k,
			    struct place_row *ret, unsigned *ret_n) MUST_CHECK;

#endif
