/* GCJ-02 and BD-09: forward by the public formula, backward by fixed-point iteration. */
#include "place/datum.h"

#include <math.h>

#define PI 3.14159265358979323846
#define KRASOVSKY_A 6378245.0
#define KRASOVSKY_E2 0.00669342162296594323
#define STEPS_MAX 12u     /* each step shrinks the error by a factor of about 100 */
#define NEAR_ENOUGH 1e-9  /* degrees: 0.1 mm */

struct degrees {
	double lat, lon;
};

typedef struct degrees shift_fn(struct degrees p);

static struct degrees degrees_of(struct geo_point p)
{
	return (struct degrees){p.lat_e7 / 1e7, p.lon_e7 / 1e7};
}

static int32_t e7_of(double v, double max)
{
	return (int32_t)lround(fmax(-max, fmin(max, v * 1e7)));
}

static struct geo_point point_of(struct degrees d)
{
	return (struct geo_point){e7_of(d.lat, GEO_LAT_E7_MAX), e7_of(d.lon, GEO_LON_E7_MAX)};
}

/* Rectangles as the open libraries have them: south, west, north, east. */
static const struct geo_box inside[] = {
    {428899000, 794462000, 492204000, 963300000},  {393742000, 1096872000, 541415000, 1350002000},
    {295297000, 731246000, 428899000, 1241432550}, {267186000, 829684000, 295297000, 970352000},
    {204140960, 970253000, 295297000, 1243673950}, {178715420, 1079757930, 204140960, 1117441040},
};
static const struct geo_box outside[] = {
    {217850060, 1199212650, 253986230, 1224975590}, {200988000, 1018652000, 222840000, 1066650000},
    {204878000, 1064525000, 215422000, 1080510000}, {503257000, 1090323000, 558175000, 1191270000},
    {495574000, 1274568000, 558175000, 1370227000}, {425692000, 1312662000, 448922000, 1370227000},
};

bool datum_in_mainland(struct geo_point p)
{
	bool in = false;

	for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
		in = in || geo_box_has(&inside[i], p);
	for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
		in = in && !geo_box_has(&outside[i], p);
	return in;
}

static double waves(double v, double a, double a_div, double b, double b_div)
{
	return a * sin(v * PI / a_div) + b * sin(v * PI / b_div);
}

/* The shift of GCJ-02 at p, in degrees. */
static struct degrees gcj_shift(struct degrees p)
{
	double x = p.lon - 105, y = p.lat - 35, rad = p.lat * PI / 180;
	double both = waves(x, 20, 1.0 / 6, 20, 0.5);
	double lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));
	double lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));
	double w2 = 1 - KRASOVSKY_E2 * sin(rad) * sin(rad), w = sqrt(w2);

	lat += (both + waves(y, 20, 1, 40, 3) + waves(y, 160, 12, 320, 30)) * 2 / 3;
	lon += (both + waves(x, 20, 1, 40, 3) + waves(x, 150, 12, 300, 30)) * 2 / 3;
	return (struct degrees){lat * 180 / (KRASOVSKY_A * (1 - KRASOVSKY_E2) / (w2 * w) * PI),
				lon * 180 / (KRASOVSKY_A / w * cos(rad) * PI)};
}

static struct degrees gcj_of_wgs(struct degrees p)
{
	struct degrees d = gcj_shift(p);

	if (!datum_in_mainland(point_of(p)))
		return p;
	return (struct degrees){p.lat + d.lat, p.lon + d.lon};
}

static struct degrees bd_of_gcj(struct degrees p)
{
	double k = PI * 3000 / 180;
	double r = hypot(p.lon, p.lat) + 0.00002 * sin(p.lat * k);
	double t = atan2(p.lat, p.lon) + 0.000003 * cos(p.lon * k);

	return (struct degrees){r * sin(t) + 0.006, r * cos(t) + 0.0065};
}

/* The point that `shift` takes to `to`. */
static struct degrees inverse(shift_fn *shift, struct degrees to)
{
	struct degrees p = to;

	for (unsigned i = 0; i < STEPS_MAX; i++) {
		struct degrees got = shift(p);
		double lat = to.lat - got.lat, lon = to.lon - got.lon;
		p.lat += lat;
		p.lon += lon;
		if (fabs(lat) < NEAR_ENOUGH && fabs(lon) < NEAR_ENOUGH)
			break;
	}
	return p;
}

struct geo_point datum_wgs84_to_gcj02(struct geo_point p)
{
	return point_of(gcj_of_wgs(degrees_of(p)));
}

struct geo_point datum_gcj02_to_wgs84(struct geo_point p)
{
	return point_of(inverse(gcj_of_wgs, degrees_of(p)));
}

struct geo_point datum_gcj02_to_bd09(struct geo_point p)
{
	return point_of(bd_of_gcj(degrees_of(p)));
}

struct geo_point datum_bd09_to_gcj02(struct geo_point p)
{
	return point_of(inverse(bd_of_gcj, degrees_of(p)));
}

struct geo_point datum_to_wgs84(enum datum datum, struct geo_point p)
{
	if (datum == DATUM_BD09)
		return point_of(inverse(gcj_of_wgs, inverse(bd_of_gcj, degrees_of(p))));
	return datum == DATUM_GCJ02 ? datum_gcj02_to_wgs84(p) : p;
}

bool datum_find(struct str name, enum datum *ret)
{
	static const char *const names[DATUM_COUNT] = {"WGS-84", "GCJ-02", "BD-09"};

	for (unsigned i = 0; i < DATUM_COUNT; i++)
		if (str_eq(name, str_of(names[i]))) {
			*ret = (enum datum)i;
			return true;
		}
	return false;
}
