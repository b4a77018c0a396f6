/* Where points and places belong: areas that cover a point against a naive walk over all of them,
 * components and their buildings, numbers, levels. */
#include "test.h"

#include "journal/rebuild.h"
#include "service/kinds.h"
#include "service/place_batch.h"
#include "service/places.h"
#include "store.h"

#include <stdlib.h>

#define AREAS 300u
#define CORNERS 12u

static struct test_store store;
static struct writer *writer;
static struct reader *reader;
static _Alignas(16) char arena_memory[PLACES_CARD_ARENA_BYTES];
static struct arena arena;
static struct place_cover covers[PLACES_COVERING_MAX];
static struct place_row rows[PLACES_FIND_MAX];
static unsigned n;
static bool more;

static void begin(void)
{
	test_store_init(&store, NULL);
	assert_ok(test_store_create(&store));
	writer = test_store_open(&store);
	assert_ok(reader_open(&store.paths, NULL, &reader));
}

static void end(void)
{
	char second[200];
	struct rebuild_options o = {
	    .live = store.journal, .second = second, .copy = second, .kinds = service_kinds};
	struct rebuild_result r;

	/* whatever a test did: the rows follow from the entries */
	snprintf(second, sizeof second, "%s/second.db", store.dir);
	assert_ok(journal_rebuild(&o, &r));
	assert_int_equal(unlink(second), 0);
	assert_int_equal(r.finding, REBUILD_EQUAL);
	reader_close(reader);
	writer_close(writer);
	test_store_remove(&store);
}

static struct arena *fresh(void)
{
	arena_init(&arena, arena_memory, sizeof arena_memory);
	return &arena;
}

static void set(struct place_draft *drafts, unsigned count, enum place_outcome want)
{
	static struct test_command t;
	struct place_batch batch = {drafts, count};

	test_command_init(&t, COMMAND_SET_PLACES);
	t.c.places.batch = &batch;
	assert_ok(test_run(&store, writer, &t));
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(drafts[i].outcome, want);
}

static struct place_draft draft(enum place_kind kind, const char *ext)
{
	return (struct place_draft){.place = {.kind = kind,
					      .ext = str_of(ext),
					      .valid_from = PLACE_DAY_OPEN,
					      .valid_until = PLACE_DAY_OPEN}};
}

static void give(struct place_draft *d, enum place_field f, const char *text)
{
	d->place.field[f] = (struct place_value){true, 0, str_of(text)};
}

static void stand_at(struct place_draft *d, int32_t lat_e7, int32_t lon_e7)
{
	d->place.has_at = true;
	d->place.at = (struct geo_point){lat_e7, lon_e7};
}

/* A square of `side` E7 from its south-west corner. */
struct square {
	struct geo_point p[4];
	struct geo_ring ring;
};

static void draw(struct place_draft *d, struct square *s, int32_t lat_e7, int32_t lon_e7,
		 int32_t side)
{
	s->p[0] = (struct geo_point){lat_e7, lon_e7};
	s->p[1] = (struct geo_point){lat_e7, lon_e7 + side};
	s->p[2] = (struct geo_point){lat_e7 + side, lon_e7 + side};
	s->p[3] = (struct geo_point){lat_e7 + side, lon_e7};
	s->ring = (struct geo_ring){s->p, 4};
	d->place.shape = (struct geo_shape){GEO_AREA, &s->ring, 1};
	stand_at(d, lat_e7 + side / 2, lon_e7 + side / 2);
}

static void assert_str(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void cover(int32_t lat_e7, int32_t lon_e7, uint32_t kinds, int32_t day)
{
	struct places_filter f = {kinds, 1, day};

	assert_ok(places_covering(reader->db, (struct geo_point){lat_e7, lon_e7}, &f, fresh(),
				  PLACES_COVERING_MAX, covers, &n, &more));
	assert_false(more);
}

/* ---- covering ---- */

static void grids_of_a_day(void **state)
{
	struct place_draft d[3] = {draft(PLACE_GRID, "grids:old-5"),
				   draft(PLACE_GRID, "grids:new-5"),
				   draft(PLACE_AREA, "areas:all")};
	struct square s[3];

	(void)state;
	begin();
	/* grid 5 was drawn anew, to the east, from day 20000 on */
	draw(&d[0], &s[0], 225000000, 1139000000, 20000);
	draw(&d[1], &s[1], 225000000, 1139010000, 20000);
	draw(&d[2], &s[2], 224900000, 1138900000, 300000);
	d[0].place.valid_until = 19999;
	d[1].place.valid_from = 20000;
	give(&d[0], PLACE_FIELD_NUMBER, "G05");
	give(&d[1], PLACE_FIELD_NUMBER, "G05");
	give(&d[1], PLACE_FIELD_NAME, "第五网格");
	give(&d[1], PLACE_FIELD_POST, "grid_worker");
	d[1].predecessor_ext[0] = STR("grids:old-5");
	d[1].predecessor_ext_n = 1;
	set(d, 3, PLACE_ADDED);

	cover(225005000, 1139015000, PLACE_KINDS_ALL, 20000);
	assert_int_equal(n, 2); /* the narrowest first */
	assert_int_equal(covers[0].id, d[1].place.id);
	assert_int_equal(covers[0].kind, PLACE_GRID);
	assert_str(covers[0].ext, "grids:new-5");
	assert_str(covers[0].code, "G05");
	assert_str(covers[0].title, "第五网格");
	assert_str(covers[0].post, "grid_worker");
	assert_str(covers[1].code, "all"); /* without a number: its id without the source */
	assert_str(covers[1].title, "");
	cover(225005000, 1139015000, PLACE_KIND_BIT(PLACE_GRID), 19999);
	assert_int_equal(n, 1);
	assert_int_equal(covers[0].id, d[0].place.id);
	cover(225005000, 1139005000, PLACE_KIND_BIT(PLACE_GRID), 20000);
	assert_int_equal(n, 0);
	cover(225005000, 1139015000, PLACE_KIND_BIT(PLACE_GRID), PLACE_DAY_OPEN);
	assert_int_equal(n, 2);
	/* edges and corners belong to it; one step further does not */
	cover(225020000, 1139030000, PLACE_KIND_BIT(PLACE_GRID), 20000);
	assert_int_equal(n, 1);
	cover(225000000, 1139020000, PLACE_KIND_BIT(PLACE_GRID), 20000);
	assert_int_equal(n, 1);
	cover(225020001, 1139020000, PLACE_KIND_BIT(PLACE_GRID), 20000);
	assert_int_equal(n, 0);
	end();
}

static void versions_replace_areas(void **state)
{
	struct place_draft d = draft(PLACE_GRID, "g:1");
	struct place_area shape;
	struct square s;

	(void)state;
	begin();
	draw(&d, &s, 437000000, 74000000, 30000);
	set(&d, 1, PLACE_ADDED);
	/* moved and grown, so that other cells of another size hold it */
	draw(&d, &s, 438000000, 75000000, 900000);
	set(&d, 1, PLACE_CHANGED);
	cover(437010000, 74010000, PLACE_KINDS_ALL, PLACE_DAY_OPEN);
	assert_int_equal(n, 0);
	cover(438400000, 75400000, PLACE_KINDS_ALL, PLACE_DAY_OPEN);
	assert_int_equal(n, 1);
	/* a name of its own is a new version with the same area */
	give(&d, PLACE_FIELD_NAME, "one");
	set(&d, 1, PLACE_CHANGED);
	cover(438400000, 75400000, PLACE_KINDS_ALL, PLACE_DAY_OPEN);
	assert_int_equal(n, 1);
	assert_str(covers[0].title, "one");
	/* and then only a line, and then a point */
	d.place.shape = (struct geo_shape){GEO_LINE, &(struct geo_ring){s.p, 4}, 1};
	set(&d, 1, PLACE_CHANGED);
	cover(438400000, 75400000, PLACE_KINDS_ALL, PLACE_DAY_OPEN);
	assert_int_equal(n, 0);
	assert_ok(places_shape(reader->db, d.place.id, &shape));
	assert_int_equal(shape.shape.form, GEO_LINE);
	assert_int_equal(shape.shape.ring[0].n, 4);
	assert_memory_equal(shape.shape.ring[0].p, s.p, 4 * sizeof s.p[0]);
	d.place.shape = (struct geo_shape){0};
	set(&d, 1, PLACE_CHANGED);
	/* no shape is left behind */
	assert_int_equal(places_shape(reader->db, d.place.id, &shape), ERR_NOT_FOUND);
	end();
}

static void caps_are_told(void **state)
{
	static struct place_draft d[PLACES_COVERING_MAX + 1];
	static struct square s[PLACES_COVERING_MAX + 1];
	static char ext[PLACES_COVERING_MAX + 1][16];
	struct places_filter f = {PLACE_KINDS_ALL, 1, PLACE_DAY_OPEN};
	struct geo_point at = {10000, 10000};
	_Alignas(16) char small[256];

	(void)state;
	begin();
	for (unsigned i = 0; i <= PLACES_COVERING_MAX; i++) {
		snprintf(ext[i], sizeof ext[i], "a:%u", i);
		d[i] = draft(PLACE_AREA, ext[i]);
		draw(&d[i], &s[i], 0, 0, (int32_t)(1000000 - i));
	}
	set(d, PLACES_COVERING_MAX, PLACE_ADDED);
	cover(at.lat_e7, at.lon_e7, PLACE_KINDS_ALL, PLACE_DAY_OPEN);
	assert_int_equal(n, PLACES_COVERING_MAX);
	assert_int_equal(covers[0].id, d[PLACES_COVERING_MAX - 1].place.id);
	assert_int_equal(covers[PLACES_COVERING_MAX - 1].id, d[0].place.id);
	set(&d[PLACES_COVERING_MAX], 1, PLACE_ADDED);
	assert_ok(places_covering(reader->db, at, &f, fresh(), PLACES_COVERING_MAX, covers, &n,
				  &more));
	assert_int_equal(n, PLACES_COVERING_MAX);
	assert_true(more);
	arena_init(&arena, small, sizeof small);
	assert_err(places_covering(reader->db, at, &f, &arena, PLACES_COVERING_MAX, covers, &n,
				   &more),
		   ERR_NO_MEMORY);
	/* the connection is as good as before */
	f.kinds = PLACE_KIND_BIT(PLACE_GRID);
	assert_ok(places_covering(reader->db, at, &f, fresh(), 1, covers, &n, &more));
	assert_int_equal(n, 0);
	end();
}

/* ---- against a walk over all ---- */

struct known {
	struct geo_point p[CORNERS], hole[3];
	struct geo_ring ring[2];
	unsigned ring_n;
	enum place_kind kind;
	int32_t from, until;
	uint64_t id;
};

static struct known known[AREAS];

/* Numerical Recipes' linear generator: the same run each time. */
static uint32_t pick(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)*seed * below >> 32);
}

/* The crossing test on plain numbers, ring by ring. */
static bool naive_has(const struct known *k, double lat, double lon)
{
	bool in = false;

	for (unsigned r = 0; r < k->ring_n; r++)
		for (unsigned i = 0; i < k->ring[r].n; i++) {
			struct geo_point a = k->ring[r].p[i],
					 b = k->ring[r].p[(i + 1) % k->ring[r].n];
			if ((a.lat_e7 <= lat) == (b.lat_e7 <= lat))
				continue;
			if (lon < a.lon_e7 + (lat - a.lat_e7) * ((double)b.lon_e7 - a.lon_e7) /
						 ((double)b.lat_e7 - a.lat_e7))
				in = !in;
		}
	return in;
}

/* A star around a middle, of any size from 20 m to a continent, some with a hole. */
static void make_area(struct known *k, uint32_t *seed)
{
	static const double sizes[] = {2e3, 2e4, 3e4, 3e5, 4e6, 9e7};
	static const double c[CORNERS] = {1,  0.866, 0.5,  0,    -0.5, -0.866,
					  -1, -0.866, -0.5, 0,    0.5,  0.866};
	double size = sizes[pick(seed, 6)];
	double lat = 225000000 + (double)pick(seed, 200000),
	       lon = 1139000000 + (double)pick(seed, 200000);

	for (unsigned i = 0; i < CORNERS; i++) {
		double far = size * (0.3 + pick(seed, 1000) / 1000.0);
		k->p[i] = (struct geo_point){(int32_t)(lat + far * c[(i + 9) % CORNERS]),
					     (int32_t)(lon + far * c[i])};
	}
	for (unsigned i = 0; i < 3; i++)
		k->hole[i] = (struct geo_point){
			(int32_t)(lat - size * 0.1 * c[(4 * i + 9) % CORNERS]),
			(int32_t)(lon + size * 0.1 * c[4 * i])};
	k->ring[0] = (struct geo_ring){k->p, CORNERS};
	k->ring[1] = (struct geo_ring){k->hole, 3};
	k->ring_n = 1 + pick(seed, 2);
	k->kind = pick(seed, 3) ? PLACE_GRID : PLACE_AREA;
	k->from = pick(seed, 2) ? PLACE_DAY_OPEN : 20000 + (int32_t)pick(seed, 10);
	k->until = pick(seed, 2) ? PLACE_DAY_OPEN : 20010 + (int32_t)pick(seed, 10);
}

static void put_areas(uint32_t *seed)
{
	static struct place_draft d[AREAS];
	static char ext[AREAS][16];

	for (unsigned i = 0; i < AREAS; i++) {
		make_area(&known[i], seed);
		snprintf(ext[i], sizeof ext[i], "k:%u", i);
		d[i] = draft(known[i].kind, ext[i]);
		d[i].place.valid_from = known[i].from;
		d[i].place.valid_until = known[i].until;
		d[i].place.shape = (struct geo_shape){GEO_AREA, known[i].ring, known[i].ring_n};
		stand_at(&d[i], known[i].p[0].lat_e7, known[i].p[0].lon_e7);
	}
	set(d, AREAS, PLACE_ADDED);
	for (unsigned i = 0; i < AREAS; i++)
		known[i].id = d[i].place.id;
}

static bool is_there(uint64_t id)
{
	for (unsigned i = 0; i < n; i++)
		if (covers[i].id == id)
			return true;
	return false;
}

static void covering_is_what_a_walk_finds(void **state)
{
	uint32_t seed = 20261127;
	unsigned found = 0;

	(void)state;
	begin();
	put_areas(&seed);
	for (int round = 0; round < 2000; round++) {
		/* most near, some anywhere */
		uint32_t span = round % 4 ? 300000 : 400000000;
		int32_t lat = 224900000 + (int32_t)pick(&seed, span),
			lon = 1138900000 + (int32_t)pick(&seed, span);
		int32_t day = round % 3 ? 19995 + (int32_t)pick(&seed, 30) : PLACE_DAY_OPEN;
		struct places_filter f = {round % 2 ? PLACE_KINDS_ALL : PLACE_KIND_BIT(PLACE_GRID),
					  0, day};
		unsigned want = 0;
		assert_ok(places_covering(reader->db, (struct geo_point){lat, lon}, &f, fresh(),
					  PLACES_COVERING_MAX, covers, &n, &more));
		for (unsigned i = 0; i < AREAS; i++) {
			const struct known *k = &known[i];
			bool valid = day == PLACE_DAY_OPEN ||
				     ((k->from == PLACE_DAY_OPEN || k->from <= day) &&
				      (k->until == PLACE_DAY_OPEN || day <= k->until));
			if (!valid || !(f.kinds & PLACE_KIND_BIT(k->kind)) ||
			    !naive_has(k, lat, lon))
				continue;
			want++;
			assert_true(more || is_there(k->id));
		}
		assert_int_equal(n, want < PLACES_COVERING_MAX ? want : PLACES_COVERING_MAX);
		assert_int_equal(more, want > PLACES_COVERING_MAX);
		found += n;
	}
	assert_true(found > 2000); /* or it was about nothing */
	end();
}

/* ---- the card ---- */

static void cards_say_what_covers(void **state)
{
	struct place_card *card = malloc(sizeof *card);
	struct place_draft d[4] = {draft(PLACE_GRID, "g:G07"), draft(PLACE_BUILDING, "b:1"),
				   draft(PLACE_ROOM, "b:1-402"), draft(PLACE_DEVICE, "cam:1")};
	struct square s[2];

	(void)state;
	begin();
	draw(&d[0], &s[0], 225000000, 1139000000, 20000);
	d[0].place.valid_from = 20000;
	stand_at(&d[1], 225010000, 1139010000);
	d[2].parent_ext = STR("b:1");
	/* a camera stands at one point and sees an area: not the one in which it stands */
	give(&d[3], PLACE_FIELD_DEVICE_KIND, "camera");
	draw(&d[3], &s[1], 225009000, 1139009000, 2000);
	stand_at(&d[3], 225012000, 1139012000);
	set(d, 4, PLACE_ADDED);

	/* a room has no point of its own: its building's counts */
	assert_ok(places_card(reader->db, d[2].place.id, 1, 20001, fresh(), card));
	assert_int_equal(card->cover_n, 2);
	assert_int_equal(card->cover[0].id, d[3].place.id);
	assert_int_equal(card->cover[1].id, d[0].place.id);
	assert_str(card->cover[1].code, "G07");
	assert_ok(places_card(reader->db, d[2].place.id, 1, 19999, fresh(), card));
	assert_int_equal(card->cover_n, 1);
	/* nothing covers itself, and the camera stands outside of what it sees */
	assert_ok(places_card(reader->db, d[0].place.id, 1, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->place.at.lat_e7, 225010000);
	assert_int_equal(card->cover_n, 1);
	assert_int_equal(card->cover[0].kind, PLACE_DEVICE);
	assert_ok(places_card(reader->db, d[3].place.id, 1, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->cover_n, 1);
	assert_int_equal(card->cover[0].kind, PLACE_GRID);
	end();
	free(card);
}

/* ---- components ---- */

static void components_know_owner_and_building(void **state)
{
	struct place_draft d[9] = {
	    draft(PLACE_BUILDING, "b:1"),     draft(PLACE_BUILDING, "b:2"),
	    draft(PLACE_FLOOR, "b:1-3"),      draft(PLACE_DEVICE, "d:lift"),
	    draft(PLACE_COMPONENT, "c:lamp"), draft(PLACE_COMPONENT, "c:lid"),
	    draft(PLACE_COMPONENT, "c:far"),  draft(PLACE_ROOM, "b:1-301"),
	    draft(PLACE_DEVICE, "d:meter")};
	struct place_component c;
	struct square s;

	(void)state;
	begin();
	stand_at(&d[0], 225000000, 1139000000);
	draw(&d[1], &s, 225010000, 1139010000, 2000);
	d[2].parent_ext = STR("b:1");
	d[3].parent_ext = STR("b:1-3");
	give(&d[3], PLACE_FIELD_DEVICE_KIND, "lift");
	give(&d[3], PLACE_FIELD_MAINTAINER, "lift firm");
	give(&d[4], PLACE_FIELD_NUMBER, "L-7");
	give(&d[4], PLACE_FIELD_USE, "lane_lamp");
	give(&d[4], PLACE_FIELD_OWNER, "PWR");
	stand_at(&d[4], 225000500, 1139000500);
	stand_at(&d[5], 225010100, 1139011900);
	give(&d[5], PLACE_FIELD_NUMBER, "L-7");
	stand_at(&d[6], 226000000, 1139000000);
	d[7].parent_ext = STR("b:1");
	/* what it hangs on counts, and not where it stands */
	d[8].parent_ext = STR("b:1");
	stand_at(&d[8], 225011000, 1139011000);
	set(d, 9, PLACE_ADDED);

	assert_ok(places_component(reader->db, d[4].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_int_equal(c.kind, PLACE_COMPONENT);
	assert_str(c.number, "L-7");
	assert_str(c.use, "lane_lamp");
	assert_str(c.owner, "PWR");
	assert_int_equal(c.maintainer.n, 0);
	assert_int_equal(c.building, d[0].place.id);
	assert_true(c.building_m > 7 && c.building_m < 8); /* 50 µdeg each way at 22.5 degrees */
	/* within a footprint, although another building's point may be as near */
	assert_ok(places_component(reader->db, d[5].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_int_equal(c.building, d[1].place.id);
	assert_true(c.building_m <= 0);
	/* by way of its floor; of a device the kind of device counts */
	assert_ok(places_component(reader->db, d[3].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_str(c.use, "lift");
	assert_str(c.maintainer, "lift firm");
	assert_int_equal(c.building, d[0].place.id);
	assert_ok(places_component(reader->db, d[8].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_int_equal(c.building, d[0].place.id);
	/* a building is its own; a room is no component */
	assert_ok(places_component(reader->db, d[1].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_int_equal(c.building, d[1].place.id);
	assert_ok(places_component(reader->db, d[7].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_int_equal(c.use.n + c.owner.n, 0);
	assert_int_equal(c.building, d[0].place.id);
	assert_ok(places_component(reader->db, d[6].place.id, PLACE_DAY_OPEN, fresh(), &c));
	assert_int_equal(c.building, 0);
	assert_err(places_component(reader->db, 1, PLACE_DAY_OPEN, fresh(), &c), ERR_NOT_FOUND);
	assert_err(places_component(reader->db, UINT64_MAX, 0, fresh(), &c), ERR_NOT_FOUND);
	/* a building that is gone is not near */
	d[0].place.valid_until = 100;
	set(d, 1, PLACE_CHANGED);
	assert_ok(places_component(reader->db, d[4].place.id, 101, fresh(), &c));
	assert_int_equal(c.building, d[1].place.id);
	end();
}

static void numbers_are_exact(void **state)
{
	struct places_filter all = {PLACE_KINDS_ALL, 1, PLACE_DAY_OPEN};
	struct places_filter devices = {PLACE_KIND_BIT(PLACE_DEVICE), 1, PLACE_DAY_OPEN};
	struct place_draft d[4] = {draft(PLACE_COMPONENT, "a:1"), draft(PLACE_DEVICE, "a:2"),
				   draft(PLACE_FACILITY, "a:3"), draft(PLACE_COMPONENT, "a:4")};

	(void)state;
	begin();
	give(&d[0], PLACE_FIELD_NUMBER, "H-17");
	give(&d[1], PLACE_FIELD_NUMBER, "H-17");
	give(&d[2], PLACE_FIELD_NUMBER, "H-170");
	give(&d[3], PLACE_FIELD_OWNER, "WAT");
	set(d, 4, PLACE_ADDED);
	assert_ok(
	    places_of_number(reader->db, STR("H-17"), &all, fresh(), 5, rows, &n, &more));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, d[0].place.id);
	assert_str(rows[1].title, "H-17");
	assert_false(more);
	assert_ok(
	    places_of_number(reader->db, STR("H-17"), &all, fresh(), 1, rows, &n, &more));
	assert_int_equal(n, 1);
	assert_true(more);
	assert_ok(
	    places_of_number(reader->db, STR("H-17"), &devices, fresh(), 5, rows, &n, &more));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, d[1].place.id);
	assert_ok(places_of_number(reader->db, STR("H-1"), &all, fresh(), 5, rows, &n, &more));
	assert_int_equal(n, 0);
	assert_ok(places_of_number(reader->db, STR(""), &all, fresh(), 5, rows, &n, &more));
	assert_int_equal(n, 0);
	/* the number is taken away, and given to another */
	d[0].place.field[PLACE_FIELD_NUMBER].present = false;
	give(&d[3], PLACE_FIELD_NUMBER, "H-17");
	set(d, 1, PLACE_CHANGED);
	set(&d[3], 1, PLACE_CHANGED);
	assert_ok(
	    places_of_number(reader->db, STR("H-17"), &all, fresh(), 5, rows, &n, &more));
	assert_int_equal(n, 2);
	assert_int_equal(rows[1].id, d[3].place.id);
	end();
}

static void levels_are_two_chains(void **state)
{
	struct place_draft d[4] = {
		draft(PLACE_AREA, PLACES_DIVISION "440305002000"),
		draft(PLACE_AREA, PLACES_DIVISION "440305002005"),
		draft(PLACE_AREA, PLACES_BUREAU "440305002005"),
		draft(PLACE_AREA, PLACES_STATION "440305002005")};
	struct place_levels l;

	(void)state;
	begin();
	d[1].parent_ext = d[0].place.ext;
	d[3].parent_ext = d[2].place.ext;
	give(&d[3], PLACE_FIELD_NAME, "沙河派出所");
	give(&d[3], PLACE_FIELD_LEVEL, "station");
	set(d, 4, PLACE_ADDED);
	assert_ok(places_levels(reader->db, 440305002005, fresh(), &l));
	assert_int_equal(l.office_n, 2);
	assert_int_equal(l.office[0].id, d[1].place.id);
	assert_int_equal(l.office[1].id, d[0].place.id);
	assert_int_equal(l.police_n, 2);
	assert_str(l.police[0].title, "沙河派出所");
	assert_int_equal(l.police[1].id, d[2].place.id);
	assert_ok(places_levels(reader->db, 440305002006, fresh(), &l));
	assert_int_equal(l.office_n + l.police_n, 0);
	assert_err(places_levels(reader->db, 1, fresh(), &l), ERR_NOT_FOUND);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grids_of_a_day),
		cmocka_unit_test(versions_replace_areas),
		cmocka_unit_test(caps_are_told),
		cmocka_unit_test(covering_is_what_a_walk_finds),
		cmocka_unit_test(cards_say_what_covers),
		cmocka_unit_test(components_know_owner_and_building),
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(levels_are_two_chains),
	};

	return cmocka_run_group_tests_name("service_where", tests, NULL, NULL);
}
