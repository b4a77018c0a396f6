/* A made-up neighbourhood near a made-up point of Shenzhen, as GeoJSON that `liren import places`
 * takes: ten lanes of six houses in four grids, lamps and drains with their owners. */
#include "demo_within.h"

#include <stdio.h>

/* The community's corner in the south-west, and what lies between lanes and houses, in E7. */
#define SOUTH 225430000
#define WEST 1139430000
#define LANE_STEP 4500  /* about 50 m to the north */
#define HOUSE_STEP 3000 /* about 31 m to the east */
#define HOUSE_DEEP 1800
#define HOUSE_WIDE 2200
#define EDGE 6000
#define NORTH (SOUTH + (int32_t)DEMO_LANES * LANE_STEP)
#define EAST (WEST + (int32_t)DEMO_HOUSES_OF_LANE * HOUSE_STEP)

static const char comment[] =
    "# Generated places of a demo: nothing of them is real. 演示数据，均为程序生成。\n";
static const char *const sources[DEMO_TOWN_PARTS] = {
    [DEMO_TOWN_COMMUNITY] = "source: division\n",
    [DEMO_TOWN_LANES] = "source: demo\nparent_source: division\n",
    [DEMO_TOWN_HOUSES] = "source: demo\n",
};
static const char columns[] = "format: geojson\n"
			      "datum: WGS-84\n"
			      "columns:\n"
			      "  id: id\n"
			      "  parent: parent\n"
			      "  code: code\n"
			      "  name_zh: zh\n"
			      "  name_en: en\n"
			      "  address: address\n"
			      "  aliases: aliases\n"
			      "  number: number\n"
			      "  owner: owner\n"
			      "  maintainer: maintainer\n"
			      "  use: use\n"
			      "  device_kind: device_kind\n"
			      "  post: post\n"
			      "  floors: floors\n"
			      "  electronic_door: door\n"
			      "kinds:\n"
			      "  - kind: area\n    where:\n      kind: [area]\n"
			      "  - kind: grid\n    where:\n      kind: [grid]\n"
			      "  - kind: way\n    where:\n      kind: [way]\n"
			      "  - kind: building\n    where:\n      kind: [building]\n"
			      "  - kind: component\n    where:\n      kind: [component]\n"
			      "  - kind: device\n    where:\n      kind: [device]\n";

static const char *const tens[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

void demo_town_put_map(enum demo_town_part part, struct buf *out)
{
	buf_put_z(out, comment);
	buf_put_z(out, sources[part]);
	buf_put_z(out, columns);
}

uint64_t demo_mix(uint64_t a, uint64_t b)
{
	uint64_t z = a * UINT64_C(0x9e3779b97f4a7c15) + b + UINT64_C(0x632be59bd9b4e019);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

unsigned demo_chance(uint64_t h, unsigned below)
{
	return (unsigned)((h >> 11) % below);
}

void demo_town_house(unsigned lane, unsigned house, int32_t *ret_lat, int32_t *ret_lon)
{
	*ret_lat = SOUTH + (int32_t)lane * LANE_STEP + LANE_STEP / 2;
	*ret_lon = WEST + (int32_t)house * HOUSE_STEP + HOUSE_STEP / 2;
}

void demo_town_lamp(unsigned lane, int32_t *ret_lat, int32_t *ret_lon)
{
	*ret_lat = SOUTH + (int32_t)lane * LANE_STEP + 300;
	*ret_lon = WEST + (EAST - WEST) / 2;
}

/* ---- GeoJSON ---- */

static void put_e7(struct buf *out, int32_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%d.%07d", v / 10000000, v % 10000000);
	buf_put_z(out, text);
}

static void put_point(struct buf *out, int32_t lat, int32_t lon)
{
	buf_put_char(out, '[');
	put_e7(out, lon);
	buf_put_char(out, ',');
	put_e7(out, lat);
	buf_put_char(out, ']');
}

static void put_box(struct buf *out, int32_t south, int32_t west, int32_t north, int32_t east)
{
	buf_put_z(out, "{\"type\":\"Polygon\",\"coordinates\":[[");
	put_point(out, south, west);
	buf_put_char(out, ',');
	put_point(out, south, east);
	buf_put_char(out, ',');
	put_point(out, north, east);
	buf_put_char(out, ',');
	put_point(out, north, west);
	buf_put_char(out, ',');
	put_point(out, south, west);
	buf_put_z(out, "]]}");
}

static void put_dot(struct buf *out, int32_t lat, int32_t lon)
{
	buf_put_z(out, "{\"type\":\"Point\",\"coordinates\":");
	put_point(out, lat, lon);
	buf_put_char(out, '}');
}

static void begin(struct buf *out, const char *kind, const char *id)
{
	if (out->n > 0 && out->p[out->n - 1] == '}')
		buf_put_z(out, ",\n");
	buf_put_z(out, "{\"type\":\"Feature\",\"properties\":{\"kind\":\"");
	buf_put_z(out, kind);
	buf_put_z(out, "\",\"id\":\"");
	buf_put_z(out, id);
	buf_put_char(out, '"');
}

static void put(struct buf *out, const char *key, const char *value)
{
	buf_put_z(out, ",\"");
	buf_put_z(out, key);
	buf_put_z(out, "\":\"");
	buf_put_z(out, value);
	buf_put_char(out, '"');
}

static void shape(struct buf *out)
{
	buf_put_z(out, "},\"geometry\":");
}

/* ---- what stands there ---- */

static void put_code(char code[16])
{
	snprintf(code, 16, "%012llu", (unsigned long long)DEMO_COMMUNITY);
}

static void put_community(struct buf *out)
{
	char code[16];

	put_code(code);
	begin(out, "area", code);
	put(out, "code", code);
	put(out, "zh", "三坊社区（生成的演示数据）");
	put(out, "en", "Sanfang community (generated demo data)");
	shape(out);
	buf_put_z(out, "{\"type\":\"GeometryCollection\",\"geometries\":[");
	put_dot(out, SOUTH + (NORTH - SOUTH) / 2, WEST + (EAST - WEST) / 2);
	buf_put_char(out, ',');
	put_box(out, SOUTH - EDGE, WEST - EDGE, NORTH + EDGE, EAST + EDGE);
	buf_put_z(out, "]}}");
}

/* South-west, south-east, north-west, north-east. */
static void put_grids(struct buf *out)
{
	const int32_t lat = SOUTH + (NORTH - SOUTH) / 2, lon = WEST + (EAST - WEST) / 2;
	char code[16];

	put_code(code);
	for (unsigned i = 0; i < 4; i++) {
		char id[16], number[16], zh[40], en[40];
		snprintf(id, sizeof id, "grid-%u", i + 1);
		snprintf(number, sizeof number, "G%02u", i + 1);
		snprintf(zh, sizeof zh, "第%s网格", tens[i]);
		snprintf(en, sizeof en, "grid %u", i + 1);
		begin(out, "grid", id);
		put(out, "parent", code);
		put(out, "number", number);
		put(out, "zh", zh);
		put(out, "en", en);
		put(out, "post", "grid_worker");
		shape(out);
		put_box(out, i < 2 ? SOUTH - EDGE : lat, i % 2 == 0 ? WEST - EDGE : lon,
			i < 2 ? lat : NORTH + EDGE, i % 2 == 0 ? lon : EAST + EDGE);
		buf_put_char(out, '}');
	}
}

static void put_lane(struct buf *out, unsigned lane)
{
	const int32_t lat = SOUTH + (int32_t)lane * LANE_STEP;
	char id[16], zh[24], en[24], code[16];

	put_code(code);
	snprintf(id, sizeof id, "lane-%u", lane + 1);
	snprintf(zh, sizeof zh, "%s坊", tens[lane]);
	snprintf(en, sizeof en, "lane %u", lane + 1);
	begin(out, "way", id);
	put(out, "parent", code);
	put(out, "zh", zh);
	put(out, "en", en);
	shape(out);
	buf_put_z(out, "{\"type\":\"LineString\",\"coordinates\":[");
	put_point(out, lat, WEST);
	buf_put_char(out, ',');
	put_point(out, lat, EAST);
	buf_put_z(out, "]}}");
}

/* Even numbers, 2 to 12; PL-1 of the scripted day is lane 3 no. 8, PL-2 lane 5 no. 12. */
static void put_house(struct buf *out, unsigned lane, unsigned house)
{
	unsigned number = 2 * (house + 1);
	char id[24], address[40], zh[40], en[40], parent[16], floors[8];
	int32_t lat, lon;

	demo_town_house(lane, house, &lat, &lon);
	snprintf(id, sizeof id, "house-%u-%u", lane + 1, number);
	snprintf(parent, sizeof parent, "lane-%u", lane + 1);
	snprintf(address, sizeof address, "%s坊%u栋", tens[lane], number);
	snprintf(zh, sizeof zh, "%s坊%u栋", tens[lane], number);
	snprintf(en, sizeof en, "lane %u no. %u", lane + 1, number);
	snprintf(floors, sizeof floors, "%u", 4 + demo_chance(demo_mix(lane, house), 6));
	begin(out, "building", id);
	put(out, "parent", parent);
	put(out, "zh", zh);
	put(out, "en", en);
	put(out, "address", address);
	put(out, "floors", floors);
	put(out, "door",
	    demo_chance(demo_mix(house, lane), 5) == 0 || (lane == 2 && number == 8) ? "yes"
										     : "no");
	if (lane == 2 && number == 8)
		put(out, "aliases", "菜市场旁边那栋;三坊八栋");
	if (lane == 4 && number == 12)
		put(out, "aliases", "五坊十二栋");
	shape(out);
	put_box(out, lat - HOUSE_DEEP / 2, lon - HOUSE_WIDE / 2, lat + HOUSE_DEEP / 2,
		lon + HOUSE_WIDE / 2);
	buf_put_char(out, '}');
}

/* CO-1, the lamp L-03-017, stands in the register under the subdistrict, which is wrong. */
static void put_components(struct buf *out, unsigned lane)
{
	char id[24], parent[16], number[24];
	int32_t lat, lon;

	snprintf(parent, sizeof parent, "lane-%u", lane + 1);
	for (unsigned i = 0; i < 4; i++) {
		bool drain = i == 3, wrong = lane == 2 && i == 1;
		demo_town_lamp(lane, &lat, &lon);
		lon += ((int32_t)i - 1) * 5000;
		snprintf(number, sizeof number, drain ? "D-%02u-%03u" : "L-%02u-%03u", lane + 1,
			 16 + i);
		snprintf(id, sizeof id, "component-%u-%u", lane + 1, i);
		begin(out, "component", id);
		put(out, "parent", parent);
		put(out, "number", number);
		put(out, "use", drain ? "drain" : "lane_lamp");
		put(out, "zh", drain ? "雨水井" : "巷道灯");
		put(out, "en", drain ? "drain" : "lane lamp");
		put(out, "owner", drain ? "WAT" : wrong ? "URB" : "PMC");
		put(out, "maintainer", drain ? "WAT" : "PMC");
		shape(out);
		put_dot(out, lat, lon);
		buf_put_char(out, '}');
	}
}

/* A gate camera at the head of each lane, a gas alarm at every other: no picture comes from any. */
static void put_devices(struct buf *out, unsigned lane)
{
	char id[24], parent[16], number[24];
	int32_t lat, lon;

	snprintf(parent, sizeof parent, "lane-%u", lane + 1);
	for (unsigned i = 0; i < 1 + lane % 2; i++) {
		demo_town_lamp(lane, &lat, &lon);
		lon += ((int32_t)i * 2 - 1) * 9000;
		snprintf(number, sizeof number, i == 0 ? "C-%02u" : "Q-%02u", lane + 1);
		snprintf(id, sizeof id, "device-%u-%u", lane + 1, i);
		begin(out, "device", id);
		put(out, "parent", parent);
		put(out, "number", number);
		put(out, "device_kind", i == 0 ? "camera" : "gas_alarm");
		put(out, "zh", i == 0 ? "巷口摄像机" : "燃气报警器");
		put(out, "en", i == 0 ? "lane camera" : "gas alarm");
		put(out, "owner", "URB");
		put(out, "maintainer", "SVC");
		shape(out);
		put_dot(out, lat, lon);
		buf_put_char(out, '}');
	}
}

void demo_town_put(enum demo_town_part part, struct buf *out)
{
	buf_put_z(out, "{\"type\":\"FeatureCollection\",\"features\":[\n");
	if (part == DEMO_TOWN_COMMUNITY)
		put_community(out);
	if (part == DEMO_TOWN_LANES)
		put_grids(out);
	for (unsigned lane = 0; part == DEMO_TOWN_LANES && lane < DEMO_LANES; lane++)
		put_lane(out, lane);
	for (unsigned lane = 0; part == DEMO_TOWN_HOUSES && lane < DEMO_LANES; lane++) {
		for (unsigned house = 0; house < DEMO_HOUSES_OF_LANE; house++)
			put_house(out, lane, house);
		put_components(out, lane);
		put_devices(out, lane);
	}
	buf_put_z(out, "\n]}\n");
}
