/* Distances, boxes, rings. Cross products of E7 differences need 67 bits: __int128 keeps them
 * exact. */
#include "place/geo.h"

#include "base/check.h"

#include <math.h>

#define RADIANS_PER_E7 (3.14159265358979323846 / 180.0 / 1e7)
#define WGS84_A 6378137.0               /* m, equatorial radius */
#define WGS84_E2 0.00669437999014131699 /* first eccentricity, squared */
#define DIGITS_MAX 24u

__extension__ typedef __int128 wide;

bool geo_parse_degrees(struct str text, int64_t limit_e7, int32_t *ret_e7)
{
	bool negative = text.n > 0 && text.p[0] == '-', any = false, point = false, up = false;
	int64_t v = 0;
	unsigned decimals = 0;

	if (text.n == 0 || text.n > DIGITS_MAX)
		return false;
	for (size_t i = negative; i < text.n; i++) {
		char c = text.p[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		any = true;
		if (point && decimals == 7) {
			up = c >= '5';
			decimals++;
		}
		if (point && decimals > 7)
			continue;
		v = v * 10 + (c - '0');
		decimals += point;
		if (v > limit_e7)
			return false;
	}
	for (; decimals < 7; decimals++)
		v *= 10;
	v += up;
	if (!any || v > limit_e7)
		return false;
	*ret_e7 = (int32_t)(negative ? -v : v);
	return true;
}

/* Metres of one E7 step to the north and to the east at a latitude: meridian radius M and prime
 * vertical radius N (any text on geodesy, for example Torge, Geodesy, section 4.1). */
static void metres_per_e7(double lat_e7, double *ret_north, double *ret_east)
{
	double s = sin(lat_e7 * RADIANS_PER_E7), w2 = 1 - WGS84_E2 * s * s, w = sqrt(w2);

	*ret_north = WGS84_A * (1 - WGS84_E2) / (w2 * w) * RADIANS_PER_E7;
	*ret_east = WGS84_A / w * cos(lat_e7 * RADIANS_PER_E7) * RADIANS_PER_E7;
}

double geo_distance_m(struct geo_point a, struct geo_point b)
{
	double north, east;

	metres_per_e7(((double)a.lat_e7 + b.lat_e7) / 2, &north, &east);
	return hypot(((double)a.lat_e7 - b.lat_e7) * north, ((double)a.lon_e7 - b.lon_e7) * east);
}

static int32_t clamp(double v, int32_t max)
{
	return v > max ? max : v < -max ? -max : (int32_t)v;
}

struct geo_box geo_box_around(struct geo_point p, double metres)
{
	double north, east, lat_step, lon_step, pole;
	struct geo_box b;

	metres_per_e7(p.lat_e7, &north, &east);
	lat_step = metres / north * 1.01 + 1; /* curvature differs within the box: a little more */
	pole = fabs((double)p.lat_e7) + lat_step;
	metres_per_e7(pole < GEO_LAT_E7_MAX ? pole : GEO_LAT_E7_MAX, &north, &east);
	lon_step = east > 1e-9 ? metres / east * 1.01 + 1 : 2.0 * GEO_LON_E7_MAX;
	b.south_e7 = clamp(p.lat_e7 - lat_step, GEO_LAT_E7_MAX);
	b.north_e7 = clamp(p.lat_e7 + lat_step, GEO_LAT_E7_MAX);
	b.west_e7 = clamp(p.lon_e7 - lon_step, GEO_LON_E7_MAX);
	b.east_e7 = clamp(p.lon_e7 + lon_step, GEO_LON_E7_MAX);
	return b;
}

#define COVER_SHIFT 3u     /* eight cells of a size are as wide as one of the next */
#define COVER_SIZE_BIT 40u /* above a cell: 19 bits of the row, 20 of the column */

static uint64_t cover_cell(unsigned size, uint64_t row, uint64_t column)
{
	return (uint64_t)size << COVER_SIZE_BIT | geo_cell(row, column);
}

unsigned geo_cover_box(const struct geo_box *b, uint64_t *ret)
{
	uint64_t south = geo_cell_row(b->south_e7), north = geo_cell_row(b->north_e7);
	uint64_t west = geo_cell_column(b->west_e7), east = geo_cell_column(b->east_e7);
	unsigned size = 0, n = 0;

	while ((north - south + 1) * (east - west + 1) > GEO_COVER_CELLS_MAX) {
		size++;
		south >>= COVER_SHIFT;
		north >>= COVER_SHIFT;
		west >>= COVER_SHIFT;
		east >>= COVER_SHIFT;
	}
	CHECK(size < GEO_COVER_SIZES);
	for (uint64_t row = south; row <= north; row++)
		for (uint64_t column = west; column <= east; column++)
			ret[n++] = cover_cell(size, row, column);
	return n;
}

void geo_cover_point(struct geo_point p, uint64_t ret[GEO_COVER_SIZES])
{
	uint64_t row = geo_cell_row(p.lat_e7), column = geo_cell_column(p.lon_e7);

	for (unsigned i = 0; i < GEO_COVER_SIZES; i++)
		ret[i] = cover_cell(i, row >> (i * COVER_SHIFT), column >> (i * COVER_SHIFT));
}

struct geo_box geo_shape_box(const struct geo_shape *s)
{
	struct geo_box b = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

	for (unsigned r = 0; r < s->ring_n; r++)
		for (unsigned i = 0; i < s->ring[r].n; i++) {
			struct geo_point p = s->ring[r].p[i];
			b.south_e7 = p.lat_e7 < b.south_e7 ? p.lat_e7 : b.south_e7;
			b.north_e7 = p.lat_e7 > b.north_e7 ? p.lat_e7 : b.north_e7;
			b.west_e7 = p.lon_e7 < b.west_e7 ? p.lon_e7 : b.west_e7;
			b.east_e7 = p.lon_e7 > b.east_e7 ? p.lon_e7 : b.east_e7;
		}
	return b;
}

/* Twice the signed area of the triangle a, b, p: positive where p lies left of a → b (east is x,
 * north is y). */
static wide cross(struct geo_point a, struct geo_point b, struct geo_point p)
{
	wide bx = (wide)b.lon_e7 - a.lon_e7, by = (wide)b.lat_e7 - a.lat_e7;
	wide px = (wide)p.lon_e7 - a.lon_e7, py = (wide)p.lat_e7 - a.lat_e7;

	return bx * py - by * px;
}

static bool between(int32_t a, int32_t b, int32_t v)
{
	return a < b ? v >= a && v <= b : v >= b && v <= a;
}

enum side { OUTSIDE, INSIDE, ON_EDGE };

/* Crossing number (Shimrat 1962), with a half-open rule for corners. */
static enum side ring_side(const struct geo_ring *r, struct geo_point p)
{
	bool inside = false;

	for (unsigned i = 0, k = r->n - 1; i < r->n; k = i++) {
		struct geo_point a = r->p[k], b = r->p[i];
		wide c;
		if ((a.lat_e7 > p.lat_e7) == (b.lat_e7 > p.lat_e7) && a.lat_e7 != p.lat_e7 &&
		    b.lat_e7 != p.lat_e7)
			continue;
		c = cross(a, b, p);
		if (c == 0 && between(a.lat_e7, b.lat_e7, p.lat_e7) &&
		    between(a.lon_e7, b.lon_e7, p.lon_e7))
			return ON_EDGE;
		if ((a.lat_e7 > p.lat_e7) != (b.lat_e7 > p.lat_e7) &&
		    (c > 0) == (b.lat_e7 > a.lat_e7))
			inside = !inside;
	}
	return inside ? INSIDE : OUTSIDE;
}

bool geo_shape_has(const struct geo_shape *s, struct geo_point p)
{
	bool inside = false;

	if (s->form != GEO_AREA)
		return false;
	for (unsigned i = 0; i < s->ring_n; i++) {
		enum side side = ring_side(&s->ring[i], p);
		if (side == ON_EDGE)
			return true;
		inside ^= side == INSIDE;
	}
	return inside;
}

/* Twice the signed area in steps of E7, exact. */
static wide ring_twice(const struct geo_ring *r)
{
	wide sum = 0;

	for (unsigned i = 1; i + 1 < r->n; i++)
		sum += cross(r->p[0], r->p[i], r->p[i + 1]);
	return sum;
}

/* In two halves: the compiler would call a library for it at once. */
static double double_of(wide v)
{
	return (double)(int64_t)(v >> 32) * 4294967296.0 + (double)(uint32_t)v;
}

bool geo_ring_is_outer(const struct geo_ring *r)
{
	return ring_twice(r) > 0;
}

double geo_shape_area_m2(const struct geo_shape *s)
{
	struct geo_box b;
	double north, east;
	wide sum = 0;

	if (s->form != GEO_AREA)
		return 0;
	for (unsigned i = 0; i < s->ring_n; i++)
		sum += ring_twice(&s->ring[i]);
	b = geo_shape_box(s);
	metres_per_e7(((double)b.south_e7 + b.north_e7) / 2, &north, &east);
	return fabs(double_of(sum)) / 2 * north * east;
}

static struct geo_point line_middle(const struct geo_ring *r)
{
	double half = 0, length;

	for (unsigned i = 1; i < r->n; i++)
		half += geo_distance_m(r->p[i - 1], r->p[i]) / 2;
	for (unsigned i = 1; i < r->n; i++) {
		struct geo_point a = r->p[i - 1], b = r->p[i];
		length = geo_distance_m(a, b);
		if (length >= half && length > 0) {
			double f = half / length;
			return (struct geo_point){
			    (int32_t)(a.lat_e7 + f * ((double)b.lat_e7 - a.lat_e7)),
			    (int32_t)(a.lon_e7 + f * ((double)b.lon_e7 - a.lon_e7))};
		}
		half -= length;
	}
	return r->p[r->n - 1];
}

static bool mass_centre(const struct geo_shape *s, struct geo_point *ret)
{
	struct geo_point o = s->ring[0].p[0];
	double sum = 0, x = 0, y = 0;

	for (unsigned k = 0; k < s->ring_n; k++)
		for (unsigned i = 0, j = s->ring[k].n - 1; i < s->ring[k].n; j = i++) {
			struct geo_point a = s->ring[k].p[j], b = s->ring[k].p[i];
			double ax = (double)a.lon_e7 - o.lon_e7, ay = (double)a.lat_e7 - o.lat_e7;
			double bx = (double)b.lon_e7 - o.lon_e7, by = (double)b.lat_e7 - o.lat_e7;
			double c = ax * by - bx * ay;
			sum += c;
			x += (ax + bx) * c;
			y += (ay + by) * c;
		}
	if (fabs(sum) < 1)
		return false;
	*ret = (struct geo_point){(int32_t)(o.lat_e7 + y / (3 * sum)),
				  (int32_t)(o.lon_e7 + x / (3 * sum))};
	return true;
}

/* Where the parallel at lat meets an edge, or false. */
static bool edge_at(struct geo_point a, struct geo_point b, int32_t lat_e7, double *ret_lon)
{
	if ((a.lat_e7 > lat_e7) == (b.lat_e7 > lat_e7))
		return false;
	*ret_lon = a.lon_e7 + ((double)b.lon_e7 - a.lon_e7) * ((double)lat_e7 - a.lat_e7) /
				      ((double)b.lat_e7 - a.lat_e7);
	return true;
}

/* The next crossing of the parallel to the east of `lon`; false: none. */
static bool next_crossing(const struct geo_shape *s, int32_t lat_e7, double lon, double *ret)
{
	bool any = false;

	for (unsigned k = 0; k < s->ring_n; k++)
		for (unsigned i = 0, j = s->ring[k].n - 1; i < s->ring[k].n; j = i++) {
			double at;
			if (edge_at(s->ring[k].p[j], s->ring[k].p[i], lat_e7, &at) && at > lon &&
			    (!any || at < *ret)) {
				*ret = at;
				any = true;
			}
		}
	return any;
}

/* The middle of the widest stretch inside along the parallel at lat. */
static bool widest_on(const struct geo_shape *s, int32_t lat_e7, struct geo_point *ret)
{
	double from = -4e9, to, best = 0;

	while (next_crossing(s, lat_e7, from, &from) && next_crossing(s, lat_e7, from, &to)) {
		struct geo_point p = {lat_e7, (int32_t)((from + to) / 2)};
		if (to - from > best && geo_shape_has(s, p)) {
			best = to - from;
			*ret = p;
		}
	}
	return best > 0;
}

struct geo_point geo_shape_locate(const struct geo_shape *s)
{
	struct geo_point p = s->ring[0].p[0];
	struct geo_box b;

	CHECK(s->form != GEO_NONE && s->ring_n > 0);
	if (s->form == GEO_LINE)
		return line_middle(&s->ring[0]);
	if (mass_centre(s, &p) && geo_shape_has(s, p))
		return p;
	b = geo_shape_box(s);
	if (!widest_on(s, (int32_t)(((int64_t)b.south_e7 + b.north_e7) / 2), &p))
		p = s->ring[0].p[0]; /* thinner than a step: a corner is on its edge */
	return p;
}
