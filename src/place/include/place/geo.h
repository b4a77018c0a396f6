/* Positions as integers: degrees times ten million (E7, about 1 cm) in WGS-84, which CGCS2000
 * equals for this purpose. Distances and areas on the ellipsoid by its radii of curvature at the
 * place: right to 1 in 10,000 within 50 km. Shapes are rings of points. No shape crosses the 180th
 * meridian. Pure; O(points). */
#ifndef LIREN_PLACE_GEO_H
#define LIREN_PLACE_GEO_H

#include "base/str.h"

#define GEO_LAT_E7_MAX 900000000
#define GEO_LON_E7_MAX 1800000000
#define GEO_CELL_E7 4500 /* side of a cell: 50 m from north to south, less from east to west */

struct geo_point {
	int32_t lat_e7, lon_e7;
};

struct geo_box {
	int32_t south_e7, west_e7, north_e7, east_e7; /* edges belong to it */
};

static inline bool geo_point_ok(int64_t lat_e7, int64_t lon_e7)
{
	return lat_e7 >= -GEO_LAT_E7_MAX && lat_e7 <= GEO_LAT_E7_MAX && lon_e7 >= -GEO_LON_E7_MAX &&
	       lon_e7 <= GEO_LON_E7_MAX;
}

static inline bool geo_box_has(const struct geo_box *b, struct geo_point p)
{
	return p.lat_e7 >= b->south_e7 && p.lat_e7 <= b->north_e7 && p.lon_e7 >= b->west_e7 &&
	       p.lon_e7 <= b->east_e7;
}

/* Decimal degrees such as "-22.5434567" as E7, rounded at the eighth decimal, half away from zero.
 * No exponent, no blanks. False beyond ±limit_e7. */
bool geo_parse_degrees(struct str text, int64_t limit_e7, int32_t *ret_e7);

double geo_distance_m(struct geo_point a, struct geo_point b);

/* The box that holds everything within `metres` of p, cut off at the poles and the 180th meridian.
 */
struct geo_box geo_box_around(struct geo_point p, double metres);

/* ---- cells ---- */

static inline uint64_t geo_cell_row(int32_t lat_e7)
{
	return (uint64_t)((int64_t)lat_e7 + GEO_LAT_E7_MAX) / GEO_CELL_E7;
}

static inline uint64_t geo_cell_column(int32_t lon_e7)
{
	return (uint64_t)((int64_t)lon_e7 + GEO_LON_E7_MAX) / GEO_CELL_E7;
}

#define GEO_CELL_COLUMN_BITS 20u /* 800,001 columns */

/* Row by row from the south, in a row from the west: a box is a run of each of its rows. */
static inline uint64_t geo_cell(uint64_t row, uint64_t column)
{
	return row << GEO_CELL_COLUMN_BITS | column;
}

/* ---- cells that cover a box ----
 * Cells of seven sizes, each eight times as wide as the one before. A box is covered by cells of
 * the finest size of which GEO_COVER_CELLS_MAX suffice; so a point is in the cells of a box only if
 * one of its own seven is among them. */

#define GEO_COVER_SIZES 7u /* 50 m, 400 m, 3 km, 26 km, 200 km, 1,600 km, 13,000 km */
#define GEO_COVER_CELLS_MAX 64u

/* The cells of the box; *ret has room for GEO_COVER_CELLS_MAX. Gives how many. */
unsigned geo_cover_box(const struct geo_box *b, uint64_t *ret);

/* The cell of each size in which the point lies. */
void geo_cover_point(struct geo_point p, uint64_t ret[GEO_COVER_SIZES]);

/* ---- shapes ---- */

enum geo_form { GEO_NONE, GEO_LINE, GEO_AREA };

/* A line has one ring, open. An area's rings are closed without repeating the first point; what
 * lies within an odd number of them is inside. Outer rings run against the clock, holes with it. */
struct geo_ring {
	const struct geo_point *p;
	unsigned n;
};

struct geo_shape {
	enum geo_form form;
	const struct geo_ring *ring;
	unsigned ring_n;
};

/* The least box around all points; the shape has one. */
struct geo_box geo_shape_box(const struct geo_shape *s);

/* Is p in the area? Points on an edge or a corner are, of holes too. Exact. */
bool geo_shape_has(const struct geo_shape *s, struct geo_point p);

/* Square metres; holes taken off. 0 for a line. */
double geo_shape_area_m2(const struct geo_shape *s);

/* Is the ring's area positive (against the clock)? */
bool geo_ring_is_outer(const struct geo_ring *r);

/* A point to stand for the shape: half way along a line; for an area a point inside it, its centre
 * of mass where that lies inside. */
struct geo_point geo_shape_locate(const struct geo_shape *s);

#endif
