/* The shifted coordinates of Chinese maps, to and from WGS-84. GCJ-02 is what map firms in mainland
 * China must use, BD-09 is Baidu's own shift of it. Neither has a published standard; the formula
 * is the one that became public in 2010 and that the open libraries share
 * (github.com/wandergis/coordtransform, github.com/googollee/eviltransform). The inverse is found
 * by iteration, to 1 cm. Outside mainland China's rectangles GCJ-02 equals WGS-84, as on those
 * maps; at the rim of the rectangles themselves, and in Hong Kong and Macau, which lie within them,
 * nothing is promised. Pure. */
#ifndef LIREN_PLACE_DATUM_H
#define LIREN_PLACE_DATUM_H

#include "place/geo.h"

enum datum { DATUM_WGS84, DATUM_GCJ02, DATUM_BD09, DATUM_COUNT };

bool datum_in_mainland(struct geo_point wgs84);

struct geo_point datum_wgs84_to_gcj02(struct geo_point p);
struct geo_point datum_gcj02_to_wgs84(struct geo_point p);
struct geo_point datum_gcj02_to_bd09(struct geo_point p);
struct geo_point datum_bd09_to_gcj02(struct geo_point p);

/* From any of them to WGS-84. */
struct geo_point datum_to_wgs84(enum datum datum, struct geo_point p);

/* "WGS-84", "GCJ-02", "BD-09". */
bool datum_find(struct str name, enum datum *ret);

#endif
