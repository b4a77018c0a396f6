/* Codes, coordinates, datums, distances, shapes. Values come from published tables and from naive
 * recomputation. */
#include "test.h"

#include "place/code.h"
#include "place/datum.h"
#include "place/place.h"

#include <math.h>
#include <stdlib.h>

/* Numerical Recipes' linear generator: the same run each time. */
static int32_t pick(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (int32_t)((uint64_t)*seed * below >> 32);
}

static uint64_t code_of(const char *z)
{
	uint64_t v = 1;

	return code_parse(str_of(z), &v) ? v : 0;
}

static void codes(void **state)
{
	(void)state;
	assert_int_equal(code_of("440305002005"), 440305002005);
	assert_int_equal(code_level(440305002005), CODE_COMMUNITY);
	assert_int_equal(code_parent(440305002005), 440305002000);
	assert_int_equal(code_parent(440305002000), 440305000000);
	assert_int_equal(code_parent(440305000000), 440300000000);
	assert_int_equal(code_parent(440300000000), 440000000000);
	assert_int_equal(code_parent(440000000000), 0);
	/* Dongguan has no districts: its towns hang on the city */
	assert_int_equal(code_of("441900003000"), 441900003000);
	assert_int_equal(code_level(441900003000), CODE_STREET);
	assert_int_equal(code_parent(441900003000), 441900000000);
	assert_true(code_within(440305002005, 440305000000));
	assert_true(code_within(440305002005, 440305002005));
	assert_false(code_within(440305002005, 440304000000));
	/* a made-up one, and what is none */
	assert_int_equal(code_of("990100001001"), 990100001001);
	assert_true(code_is_made_up(990100001001));
	assert_false(code_is_made_up(440305002005));
	assert_int_equal(code_of("100000000000"), 0);
	assert_int_equal(code_of("440005000000"), 0);
	assert_int_equal(code_of("440305000005"), 0);
	assert_int_equal(code_of("44030500200"), 0);
	assert_int_equal(code_of("44030500200a"), 0);
}

static void degrees(void **state)
{
	int32_t v = 7;

	(void)state;
	assert_true(geo_parse_degrees(STR("22.5434567"), GEO_LAT_E7_MAX, &v));
	assert_int_equal(v, 225434567);
	assert_true(geo_parse_degrees(STR("-113.91231649"), GEO_LON_E7_MAX, &v));
	assert_int_equal(v, -1139123165);
	assert_true(geo_parse_degrees(STR("7"), GEO_LON_E7_MAX, &v));
	assert_int_equal(v, 70000000);
	assert_true(geo_parse_degrees(STR("180.0000000"), GEO_LON_E7_MAX, &v));
	assert_int_equal(v, 1800000000);
	assert_true(geo_parse_degrees(STR("0.123456749999"), GEO_LON_E7_MAX, &v));
	assert_int_equal(v, 1234567);
	v = 7;
	assert_false(geo_parse_degrees(STR("180.00000005"), GEO_LON_E7_MAX, &v));
	assert_false(geo_parse_degrees(STR("90.1"), GEO_LAT_E7_MAX, &v));
	assert_false(geo_parse_degrees(STR("1e2"), GEO_LON_E7_MAX, &v));
	assert_false(geo_parse_degrees(STR("."), GEO_LON_E7_MAX, &v));
	assert_false(geo_parse_degrees(STR("-"), GEO_LON_E7_MAX, &v));
	assert_false(geo_parse_degrees(STR(""), GEO_LON_E7_MAX, &v));
	assert_false(geo_parse_degrees(STR("1.2.3"), GEO_LON_E7_MAX, &v));
	assert_int_equal(v, 7);
}

static struct geo_point at(double lat, double lon)
{
	return (struct geo_point){(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7)};
}

static void assert_near(struct geo_point got, struct geo_point want, int32_t within_e7)
{
	assert_in_range(llabs((long long)got.lat_e7 - want.lat_e7), 0, within_e7);
	assert_in_range(llabs((long long)got.lon_e7 - want.lon_e7), 0, within_e7);
}

/* Examples published with github.com/wandergis/coordtransform (same ellipsoid: to the last digit),
 * and the tests of github.com/googollee/eviltransform (another radius: to a tenth of a metre). */
static void datums_published(void **state)
{
	(void)state;
	assert_near(datum_wgs84_to_gcj02(at(39.915, 116.404)),
		    at(39.91640428150164, 116.41024449916938), 1);
	assert_near(datum_gcj02_to_bd09(at(39.915, 116.404)),
		    at(39.92133699351021, 116.41036949371029), 1);
	assert_near(datum_wgs84_to_gcj02(at(31.1774276, 121.5272106)),
		    at(31.17530398364597, 121.531541859215), 10);
	assert_near(datum_wgs84_to_gcj02(at(22.543847, 113.912316)),
		    at(22.540796131694766, 113.9171764808363), 10);
	assert_near(datum_wgs84_to_gcj02(at(39.911954, 116.377817)),
		    at(39.91334545536069, 116.38404722455657), 10);
	/* a single step backward is published; it is good to some metres */
	assert_near(datum_gcj02_to_wgs84(at(39.915, 116.404)),
		    at(39.91359571849836, 116.39775550083061), 500);
	assert_near(datum_bd09_to_gcj02(at(39.915, 116.404)),
		    at(39.90865673957631, 116.39762729119315), 500);
}

static void datums_there_and_back(void **state)
{
	(void)state;
	uint32_t seed = 20261123;
	for (int i = 0; i < 20000; i++) {
		/* well inside the rectangles: 24 to 40 north, 100 to 118 east */
		struct geo_point p = {240000000 + pick(&seed, 160000000),
				      1000000000 + pick(&seed, 180000000)};
		struct geo_point g = datum_wgs84_to_gcj02(p), b = datum_gcj02_to_bd09(g);
		double moved = geo_distance_m(p, g);
		assert_true(moved > 20 && moved < 1500);
		assert_near(datum_gcj02_to_wgs84(g), p, 1);
		assert_near(datum_bd09_to_gcj02(b), g, 1);
		assert_near(datum_to_wgs84(DATUM_BD09, b), p, 2);
	}
	/* Monaco, New York, Taipei are not shifted */
	assert_near(datum_wgs84_to_gcj02(at(43.73, 7.42)), at(43.73, 7.42), 0);
	assert_near(datum_to_wgs84(DATUM_GCJ02, at(40.7, -74.0)), at(40.7, -74.0), 0);
	assert_near(datum_to_wgs84(DATUM_GCJ02, at(25.04, 121.56)), at(25.04, 121.56), 0);
	assert_near(datum_to_wgs84(DATUM_WGS84, at(22.54, 113.9)), at(22.54, 113.9), 0);
}

/* Lengths of a degree on WGS-84, in metres, as in the table of
 * en.wikipedia.org/wiki/Geographic_coordinate_system. */
static void distances(void **state)
{
	static const struct {
		int lat;
		double north, east;
	} table[] = {{0, 110574, 111320}, {15, 110649, 107550}, {30, 110852, 96486},
		     {45, 111132, 78847}, {60, 111412, 55800},  {75, 111618, 28902}};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		double north =
		    geo_distance_m(at(table[i].lat - 0.005, 7), at(table[i].lat + 0.005, 7));
		double east = geo_distance_m(at(table[i].lat, 113.995), at(table[i].lat, 114.005));
		assert_true(fabs(north * 100 - table[i].north) < 1);
		assert_true(fabs(east * 100 - table[i].east) < 1);
	}
	assert_true(geo_distance_m(at(22.5, 113.9), at(22.5, 113.9)) == 0);
}

static void boxes_and_cells(void **state)
{
	(void)state;
	uint32_t seed = 7;

	for (int i = 0; i < 50000; i++) {
		struct geo_point p = {pick(&seed, 1600000000) - 800000000,
				      (int32_t)((int64_t)pick(&seed, 1700000000) * 2 - 1700000000)};
		struct geo_point q = {p.lat_e7 + pick(&seed, 40000) - 20000,
				      p.lon_e7 + pick(&seed, 40000) - 20000};
		double d = geo_distance_m(p, q);
		struct geo_box b = geo_box_around(p, d);
		assert_true(geo_box_has(&b, q));
	}
	assert_int_equal(geo_cell(1, 2), (1 << 20) + 2);
	assert_int_equal(geo_cell_row(-GEO_LAT_E7_MAX), 0);
	assert_int_equal(geo_cell_row(4499 - GEO_LAT_E7_MAX), 0);
	assert_int_equal(geo_cell_row(4500 - GEO_LAT_E7_MAX), 1);
	assert_true(geo_cell_column(GEO_LON_E7_MAX) < 1u << GEO_CELL_COLUMN_BITS);
}

/* Against the definition of a triangle: on one side of all three edges, edges included. */
static void triangles(void **state)
{
	(void)state;
	uint32_t seed = 11;

	for (int i = 0; i < 200000; i++) {
		struct geo_point t[3], p = {pick(&seed, 9), pick(&seed, 9)};
		struct geo_ring ring = {t, 3};
		struct geo_shape s = {GEO_AREA, &ring, 1};
		bool neg = false, pos = false;
		for (int k = 0; k < 3; k++)
			t[k] = (struct geo_point){pick(&seed, 9), pick(&seed, 9)};
		for (int k = 0; k < 3; k++) {
			struct geo_point a = t[k], b = t[(k + 1) % 3];
			int c = (b.lon_e7 - a.lon_e7) * (p.lat_e7 - a.lat_e7) -
				(b.lat_e7 - a.lat_e7) * (p.lon_e7 - a.lon_e7);
			neg = neg || c < 0;
			pos = pos || c > 0;
		}
		if ((t[1].lon_e7 - t[0].lon_e7) * (t[2].lat_e7 - t[0].lat_e7) ==
		    (t[1].lat_e7 - t[0].lat_e7) * (t[2].lon_e7 - t[0].lon_e7))
			continue; /* no triangle */
		assert_int_equal(geo_shape_has(&s, p), !(neg && pos));
	}
}

static void shapes(void **state)
{
	/* a square kilometre and a half near the equator's length of a degree, with a hole */
	struct geo_point outer[] = {{0, 0}, {0, 100000}, {100000, 100000}, {100000, 0}};
	struct geo_point hole[] = {{25000, 25000}, {75000, 25000}, {75000, 75000}, {25000, 75000}};
	struct geo_ring rings[] = {{outer, 4}, {hole, 4}};
	struct geo_shape s = {GEO_AREA, rings, 2};
	struct geo_point in_hole = {50000, 50000}, on_hole = {25000, 50000}, corner = {0, 0}, p;
	/* 0.01° by 0.01° at 0.005° north: 1105.74 m by 1113.195 m, a quarter of it gone */
	double want = 1105.743 * 1113.195 * 3 / 4;
	struct geo_box b = geo_shape_box(&s);

	(void)state;
	assert_true(fabs(geo_shape_area_m2(&s) / want - 1) < 1e-5);
	assert_true(geo_ring_is_outer(&rings[0]));
	assert_false(geo_ring_is_outer(&rings[1]));
	assert_false(geo_shape_has(&s, in_hole));
	assert_true(geo_shape_has(&s, on_hole));
	assert_true(geo_shape_has(&s, corner));
	assert_true(geo_shape_has(&s, (struct geo_point){10000, 50000}));
	assert_false(geo_shape_has(&s, (struct geo_point){-1, 50000}));
	assert_int_equal(b.south_e7, 0);
	assert_int_equal(b.east_e7, 100000);
	/* its centre lies in the hole: another point inside stands for it */
	p = geo_shape_locate(&s);
	assert_true(geo_shape_has(&s, p));
	s.ring_n = 1;
	p = geo_shape_locate(&s);
	assert_near(p, in_hole, 1);
	s.form = GEO_LINE; /* three sides, open: half way is the middle of the second */
	assert_near(geo_shape_locate(&s), (struct geo_point){50000, 100000}, 20);
	assert_true(geo_shape_area_m2(&s) == 0);
}

/* No overflow at the ends of the earth. */
static void whole_earth(void **state)
{
	struct geo_point p[] = {{-900000000, -1800000000},
				{-900000000, 1800000000},
				{900000000, 1800000000},
				{900000000, -1800000000}};
	struct geo_ring ring = {p, 4};
	struct geo_shape s = {GEO_AREA, &ring, 1};

	(void)state;
	assert_true(geo_ring_is_outer(&ring));
	assert_true(geo_shape_has(&s, (struct geo_point){1, -1}));
	assert_true(geo_shape_has(&s, (struct geo_point){900000000, 5}));
}

/* The side of a size's cells in E7, by repeated multiplication. */
static int64_t side_of(unsigned size)
{
	int64_t side = 4500;

	while (size-- > 0)
		side *= 8;
	return side;
}

static bool is_among(uint64_t v, const uint64_t *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i] == v)
			return true;
	return false;
}

static bool shares_a_cell(struct geo_point p, const uint64_t *cell, unsigned n)
{
	uint64_t own[GEO_COVER_SIZES];
	unsigned shared = 0;

	geo_cover_point(p, own);
	for (unsigned i = 0; i < GEO_COVER_SIZES; i++)
		shared += is_among(own[i], cell, n);
	assert_true(shared <= 1); /* all cells of a box are of one size */
	return shared == 1;
}

/* Cells cover their box, no point further off than a cell is wide, and are never too many. */
static void covers(void **state)
{
	static const uint32_t spans[] = {1,	  4000,	    30000,     40000,	   300000,
					 5000000, 80000000, 900000000, 1799999999};
	uint64_t cell[GEO_COVER_CELLS_MAX], size;
	uint32_t seed = 5;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct geo_box b = {pick(&seed, 1000000000) - 900000000,
				    pick(&seed, 1900000000) - 1800000000, 0, 0};
		int64_t north = (int64_t)b.south_e7 + pick(&seed, spans[round % 9]);
		int64_t east = (int64_t)b.west_e7 + pick(&seed, spans[round / 9 % 9]);
		unsigned n;
		b.north_e7 = (int32_t)(north < GEO_LAT_E7_MAX ? north : GEO_LAT_E7_MAX);
		b.east_e7 = (int32_t)(east < GEO_LON_E7_MAX ? east : GEO_LON_E7_MAX);
		n = geo_cover_box(&b, cell);
		assert_true(n > 0 && n <= GEO_COVER_CELLS_MAX);
		size = cell[0] >> 40;
		assert_true(size < GEO_COVER_SIZES);
		for (int i = 0; i < 20; i++) {
			struct geo_point p = {
			    b.south_e7 + pick(&seed, (uint32_t)(b.north_e7 - b.south_e7) + 1),
			    b.west_e7 + pick(&seed, (uint32_t)(b.east_e7 - b.west_e7) + 1)};
			assert_true(shares_a_cell(p, cell, n));
			if (b.north_e7 + side_of((unsigned)size) > GEO_LAT_E7_MAX)
				continue;
			p.lat_e7 = (int32_t)(b.north_e7 + side_of((unsigned)size));
			assert_false(shares_a_cell(p, cell, n));
		}
		/* the finest size that suffices: with the next finer one there are too many */
		if (size > 0) {
			int64_t side = side_of((unsigned)size - 1);
			int64_t high = (b.north_e7 + INT64_C(900000000)) / side -
				       (b.south_e7 + INT64_C(900000000)) / side + 1;
			int64_t wide = (b.east_e7 + INT64_C(1800000000)) / side -
				       (b.west_e7 + INT64_C(1800000000)) / side + 1;
			assert_true(high * wide > GEO_COVER_CELLS_MAX);
		}
	}
	assert_true(geo_cover_box(&(struct geo_box){-GEO_LAT_E7_MAX, -GEO_LON_E7_MAX,
						    GEO_LAT_E7_MAX, GEO_LON_E7_MAX},
				  cell) <= GEO_COVER_CELLS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes),
		cmocka_unit_test(degrees),
		cmocka_unit_test(datums_published),
		cmocka_unit_test(datums_there_and_back),
		cmocka_unit_test(distances),
		cmocka_unit_test(boxes_and_cells),
		cmocka_unit_test(triangles),
		cmocka_unit_test(shapes),
		cmocka_unit_test(whole_earth),
		cmocka_unit_test(covers),
	};

	return cmocka_run_group_tests_name("place_geo", tests, NULL, NULL);
}
