/* Places through the one writer, and read back: against a naive walk over all of them. */
#include "test.h"

#include "place/text.h"
#include "journal/rebuild.h"
#include "service/kinds.h"
#include "service/place_batch.h"
#include "service/places.h"
#include "store.h"

#include <stdlib.h>

#define MANY 3000u

static struct test_store store;
static struct writer *writer;
static struct reader *reader;
static _Alignas(16) char arena_memory[PLACES_BOX_ARENA_BYTES + PLACES_CARD_ARENA_BYTES];
static struct arena arena;
static struct place_row rows[PLACES_BOX_MAX];
static unsigned rows_n;
static bool more;
static const struct places_filter everything = {PLACE_KINDS_ALL, 1, PLACE_DAY_OPEN};

static void begin(void)
{
	test_store_init(&store, NULL);
	assert_ok(test_store_create(&store));
	writer = test_store_open(&store);
	assert_ok(reader_open(&store.paths, NULL, &reader));
	arena_init(&arena, arena_memory, sizeof arena_memory);
}

static void end(void)
{
	reader_close(reader);
	writer_close(writer);
	test_store_remove(&store);
}

/* A read of its own arena. */
static struct arena *fresh(void)
{
	arena_init(&arena, arena_memory, sizeof arena_memory);
	return &arena;
}

static enum err set(struct place_draft *drafts, unsigned n)
{
	static struct test_command t;
	struct place_batch batch = {drafts, n};

	test_command_init(&t, COMMAND_SET_PLACES);
	t.c.places.batch = &batch;
	return test_run(&store, writer, &t);
}

static struct place_draft draft(enum place_kind kind, const char *ext, const char *name)
{
	struct place_draft d = {.place = {.kind = kind,
					  .ext = str_of(ext),
					  .valid_from = PLACE_DAY_OPEN,
					  .valid_until = PLACE_DAY_OPEN}};

	if (name)
		d.place.field[PLACE_FIELD_NAME] = (struct place_value){true, 0, str_of(name)};
	return d;
}

static void assert_str(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static struct rebuild_result rebuild(void)
{
	char second[200];
	struct rebuild_options o = {
	    .live = store.journal, .second = second, .copy = second, .kinds = service_kinds};
	struct rebuild_result r;

	snprintf(second, sizeof second, "%s/second.db", store.dir);
	assert_ok(journal_rebuild(&o, &r));
	assert_int_equal(unlink(second), 0);
	return r;
}

static void sets_and_keeps_versions(void **state)
{
	struct place_card *card = malloc(sizeof *card);
	struct place_draft d[3] = {draft(PLACE_AREA, "t:area", "白石洲社区"),
				   draft(PLACE_BUILDING, "t:b1", "八一楼"),
				   draft(PLACE_ROOM, "t:r1", NULL)};
	uint64_t before;

	(void)state;
	begin();
	d[0].place.code = 440305002005;
	d[1].parent_ext = STR("t:area");
	d[1].place.has_at = true;
	d[1].place.at = (struct geo_point){225434567, 1139123456};
	d[1].place.alias[0] = STR("4403050020050100012000000");
	d[1].place.alias[1] = STR("老榕树楼");
	d[1].place.alias_n = 2;
	d[2].parent_ext = STR("t:b1");
	d[2].place.field[PLACE_FIELD_ADDRESS] = (struct place_value){true, 0, STR("白石洲二坊8号402")};
	assert_ok(set(d, 3));
	assert_int_equal(d[0].outcome, PLACE_ADDED);
	assert_int_equal(d[2].outcome, PLACE_ADDED);
	assert_int_equal(writer->journal.n, 4);
	/* an object's id is the number of the entry that made it */
	assert_int_equal(d[1].place.id, 3);

	/* an area is found by its code, all twelve digits of it */
	assert_ok(places_find(reader->db, STR("440305002005"), &everything, fresh(), 10, rows,
			      &rows_n, &more));
	assert_int_equal(rows_n, 2); /* and the house whose number begins so */
	assert_int_equal(rows[0].id, d[0].place.id);
	assert_ok(places_find(reader->db, STR("440305002006"), &everything, fresh(), 10, rows,
			      &rows_n, &more));
	assert_int_equal(rows_n, 0);

	/* the same again is no change; a new name is a new version of the same place */
	assert_ok(set(d, 3));
	assert_int_equal(d[1].outcome, PLACE_SAME);
	assert_int_equal(writer->journal.n, 4);
	d[1].place.field[PLACE_FIELD_NAME].text = STR("八二楼");
	d[1].place.valid_from = 20000;
	assert_ok(set(d, 3));
	assert_int_equal(d[1].outcome, PLACE_CHANGED);
	assert_int_equal(d[1].place.id, 3);
	assert_int_equal(writer->journal.n, 5);

	assert_ok(places_card(reader->db, 3, 0, PLACE_DAY_OPEN, fresh(), card));
	assert_str(card->place.field[PLACE_FIELD_NAME].text, "八二楼");
	assert_str(card->place.alias[0], "4403050020050100012000000");
	assert_int_equal(card->place.at.lon_e7, 1139123456);
	assert_int_equal(card->parent_n, 1);
	assert_str(card->parent[0].title, "白石洲社区");
	assert_int_equal(card->children[PLACE_ROOM], 1);
	assert_int_equal(card->children[PLACE_STAIR], 0);
	assert_int_equal(card->version_n, 2);
	assert_int_equal(card->version[0].n, 5);
	assert_int_equal(card->version[0].valid_from, 20000);
	assert_int_equal(card->version[1].valid_from, PLACE_DAY_OPEN);
	assert_str(card->version[1].title, "八一楼");

	/* the old name is no longer found, and a room is not for everybody */
	assert_ok(
	    places_find(reader->db, STR("八一楼"), &everything, fresh(), 10, rows, &rows_n, &more));
	assert_int_equal(rows_n, 0);
	assert_ok(places_find(reader->db, STR("二坊 402"), &everything, fresh(), 10, rows, &rows_n,
			      &more));
	assert_int_equal(rows_n, 1);
	assert_ok(places_find(reader->db, STR("二坊 402"),
			      &(struct places_filter){PLACE_KINDS_ALL, 0, PLACE_DAY_OPEN}, fresh(),
			      10, rows, &rows_n, &more));
	assert_int_equal(rows_n, 0);
	assert_err(places_card(reader->db, 4, 0, PLACE_DAY_OPEN, fresh(), card), ERR_FORBIDDEN);
	assert_ok(places_card(reader->db, 4, 1, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->parent_n, 2);
	assert_err(places_card(reader->db, 1, 1, PLACE_DAY_OPEN, fresh(), card), ERR_NOT_FOUND);
	assert_err(places_card(reader->db, UINT64_MAX, 1, PLACE_DAY_OPEN, fresh(), card),
		   ERR_NOT_FOUND);
	/* on another day it is not valid */
	before = 0;
	for (int32_t day = 19999; day <= 20000; day++) {
		struct places_filter f = {PLACE_KINDS_ALL, 1, day};
		assert_ok(places_near(reader->db, d[1].place.at, &f, fresh(), 5, rows, &rows_n));
		assert_int_equal(rows_n, before++);
	}
	assert_int_equal(rebuild().finding, REBUILD_EQUAL);
	end();
	free(card);
}

static void refuses_one_by_one(void **state)
{
	struct place_draft d[8] = {
	    draft(PLACE_BUILDING, "t:b", "A"), draft(PLACE_ROOM, "t:none", "B"),
	    draft(PLACE_ROOM, "t:r", "C"),     draft(PLACE_STAIR, "t:s", "D"),
	    draft(PLACE_GRID, "t:b", "E"),     draft(PLACE_AREA, "t:a1", "F"),
	    draft(PLACE_AREA, "t:a2", "G"),    draft(PLACE_AREA, "t:a1", "F"),
	};

	(void)state;
	begin();
	d[1].parent_ext = STR("t:nobody");
	d[2].parent_ext = STR("t:b");
	d[3].parent_ext = STR("t:r"); /* a stair does not hang on a room */
	d[6].parent_ext = STR("t:a1");
	d[7].parent_ext = STR("t:a2"); /* and no area on itself by way of another */
	assert_ok(set(d, 8));
	assert_int_equal(d[0].outcome, PLACE_ADDED);
	assert_int_equal(d[1].outcome, PLACE_REFUSED);
	assert_int_equal(d[1].problem.msg, MSG_PLACE_PARENT);
	assert_string_equal(d[1].problem.arg[0], "t:nobody");
	assert_int_equal(d[2].outcome, PLACE_ADDED);
	assert_int_equal(d[3].problem.msg, MSG_PLACE_PARENT_KIND);
	assert_int_equal(d[4].problem.msg, MSG_PLACE_KIND_KEPT);
	assert_int_equal(d[6].outcome, PLACE_ADDED);
	assert_int_equal(d[7].outcome, PLACE_REFUSED);
	assert_int_equal(d[7].problem.msg, MSG_PLACE_PARENT);
	assert_int_equal(writer->journal.n, 1 + 4);
	assert_int_equal(rebuild().finding, REBUILD_EQUAL);
	end();
}

static void follows_and_moves(void **state)
{
	struct place_card *card = malloc(sizeof *card);
	struct place_draft d[5] = {
	    draft(PLACE_BUILDING, "t:old", "旧楼"), draft(PLACE_BUILDING, "t:new", "新楼"),
	    draft(PLACE_DEVICE, "t:cam", NULL), draft(PLACE_COMPONENT, "t:lamp", NULL),
	    draft(PLACE_BUILDING, "t:lost", NULL)};
	struct problem p = {0};

	(void)state;
	begin();
	d[1].predecessor_ext[0] = STR("t:old");
	d[1].predecessor_ext_n = 1;
	d[4].predecessor_ext[0] = STR("t:nobody");
	d[4].predecessor_ext_n = 1;
	for (unsigned i = 2; i < 4; i++)
		d[i].parent_ext = STR("t:old");
	assert_ok(place_set_field(&d[2].place, PLACE_FIELD_DEVICE_KIND, STR("camera"), &p));
	assert_ok(place_set_field(&d[2].place, PLACE_FIELD_CONTRACT_END, STR("2027-03-31"), &p));
	assert_ok(place_set_field(&d[2].place, PLACE_FIELD_SIGN_UP, STR("yes"), &p));
	assert_ok(place_set_field(&d[2].place, PLACE_FIELD_FOOTAGE_DAYS, STR("30"), &p));
	assert_ok(place_set_field(&d[2].place, PLACE_FIELD_AVAILABILITY_PERMILLE, STR("995"), &p));
	assert_ok(set(d, 5));
	assert_int_equal(d[4].problem.msg, MSG_PLACE_PREDECESSOR);
	assert_ok(places_card(reader->db, d[0].place.id, 0, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->successor_n, 1);
	assert_str(card->successor[0].title, "新楼");
	assert_int_equal(card->device_n, 1);
	assert_int_equal(card->component_n, 1);
	assert_int_equal(card->device[0].id, d[2].place.id);
	/* the camera moves to the new building, which no longer follows the old */
	d[2].parent_ext = STR("t:new");
	d[1].predecessor_ext_n = 0;
	d[1].place.predecessor_n = 0;
	assert_ok(set(d, 3));
	assert_int_equal(d[1].outcome, PLACE_CHANGED);
	assert_ok(places_card(reader->db, d[0].place.id, 0, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->successor_n, 0);
	assert_int_equal(card->children[PLACE_DEVICE], 0);
	assert_int_equal(card->children[PLACE_COMPONENT], 1);
	assert_ok(places_card(reader->db, d[2].place.id, 0, PLACE_DAY_OPEN, fresh(), card));
	assert_str(card->parent[0].title, "新楼");
	assert_int_equal(card->place.field[PLACE_FIELD_SIGN_UP].n, 1);
	assert_int_equal(card->place.field[PLACE_FIELD_CONTRACT_END].n, 20908);
	assert_int_equal(rebuild().finding, REBUILD_EQUAL);
	end();
	free(card);
}

/* A building with rooms, gates, devices: each is listed, and what is torn down stands apart. */
static void all_that_hangs_on_it(void **state)
{
	static struct place_draft d[PLACE_BATCH_MAX];
	static char ext[PLACE_BATCH_MAX][24], name[PLACE_BATCH_MAX][24];
	static struct place_child child[PLACES_CHILDREN_MAX];
	struct place_card *card = malloc(sizeof *card);
	struct places_filter f = {PLACE_KINDS_ALL, 1, 20000};
	struct places_after after = {0, 0};
	unsigned n = 0, rooms = 0, gates = 0, pages = 0;
	uint64_t last = 0;

	(void)state;
	begin();
	for (unsigned i = 0; i < 60; i++) {
		snprintf(ext[i], sizeof ext[i], "t:%u", i);
		snprintf(name[i], sizeof name[i], "N%u", i);
		d[i] = draft(i == 0   ? PLACE_BUILDING
			     : i < 50 ? PLACE_ROOM
			     : i < 55 ? PLACE_GATE
				      : PLACE_DEVICE,
			     ext[i], name[i]);
		d[i].parent_ext = i > 0 ? STR("t:0") : STR("");
		if (i % 10 == 9) /* 5 rooms, a device: no longer */
			d[i].place.valid_until = 19999;
		if (i == 52) /* a gate: not yet */
			d[i].place.valid_from = 20001;
	}
	assert_ok(set(d, 60));
	assert_ok(places_card(reader->db, d[0].place.id, 1, 20000, fresh(), card));
	assert_int_equal(card->children[PLACE_ROOM], 44);
	assert_int_equal(card->other_days[PLACE_ROOM], 5);
	assert_int_equal(card->children[PLACE_GATE], 4);
	assert_int_equal(card->other_days[PLACE_GATE], 1);
	assert_int_equal(card->children[PLACE_DEVICE], 4);
	assert_int_equal(card->device_n, 4);
	assert_ok(places_card(reader->db, d[0].place.id, 1, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->children[PLACE_ROOM], 49);
	assert_int_equal(card->other_days[PLACE_ROOM], 0);
	assert_int_equal(card->device_n, 5);
	/* page by page: each once, kinds one after the other, none of another day */
	for (more = true; more; pages++) {
		assert_ok(places_children(reader->db, d[0].place.id, &f, &after, fresh(), 7, child,
					  &n, &more));
		for (unsigned i = 0; i < n; i++) {
			uint64_t key = (uint64_t)child[i].row.kind << 32 | child[i].row.id;
			assert_true(key > last);
			last = key;
			assert_int_equal(child[i].row.parent, d[0].place.id);
			assert_true(child[i].valid_until == PLACE_DAY_OPEN);
			rooms += child[i].row.kind == PLACE_ROOM;
			gates += child[i].row.kind == PLACE_GATE;
		}
	}
	assert_int_equal(rooms, 44);
	assert_int_equal(gates, 4);
	assert_int_equal(pages, 8); /* 52 by sevens */
	/* whoever sees public texts only is shown no room; any day shows when each is valid */
	f = (struct places_filter){PLACE_KINDS_ALL, 0, PLACE_DAY_OPEN};
	after = (struct places_after){0, 0};
	assert_ok(places_children(reader->db, d[0].place.id, &f, &after, fresh(), 500, child, &n,
				  &more));
	assert_false(more);
	assert_int_equal(n, 10);
	assert_int_equal(child[2].row.id, d[52].place.id);
	assert_int_equal(child[2].valid_from, 20001);
	assert_str(child[2].row.title, "N52");
	assert_err(places_children(reader->db, 1, &f, &after, fresh(), 5, child, &n, &more),
		   ERR_NOT_FOUND);
	assert_err(places_children(reader->db, d[1].place.id, &f, &after, fresh(), 5, child, &n,
				   &more), ERR_FORBIDDEN);
	end();
	free(card);
}

/* What lies in the area of a grid, the grid itself left out; a gate has none. */
static void inside_of_a_place(void **state)
{
	struct geo_point corner[] = {{0, 0}, {0, 1000}, {1000, 1000}, {1000, 0}};
	struct geo_ring ring = {corner, 4};
	struct place_draft d[] = {draft(PLACE_GRID, "t:g", "G"), draft(PLACE_GATE, "t:in", "A"),
				  draft(PLACE_GATE, "t:edge", "B"),
				  draft(PLACE_GATE, "t:out", "C"),
				  draft(PLACE_COMPONENT, "t:lamp", "L")};
	static const struct geo_point at[] = {{500, 500}, {100, 100}, {1000, 400}, {1001, 400},
					      {900, 100}};
	struct places_filter f = everything;

	(void)state;
	begin();
	d[0].place.shape = (struct geo_shape){GEO_AREA, &ring, 1};
	for (unsigned i = 0; i < 5; i++) {
		d[i].place.has_at = true;
		d[i].place.at = at[i];
	}
	assert_ok(set(d, 5));
	assert_ok(places_inside_of(reader->db, d[0].place.id, &f, fresh(), 10, rows, &rows_n,
				   &more));
	assert_int_equal(rows_n, 3);
	assert_int_equal(rows[0].id, d[1].place.id);
	assert_int_equal(rows[1].id, d[2].place.id);
	assert_int_equal(rows[2].id, d[4].place.id);
	assert_false(more);
	assert_ok(places_inside_of(reader->db, d[0].place.id, &f, fresh(), 2, rows, &rows_n,
				   &more));
	assert_int_equal(rows_n, 2);
	assert_true(more);
	f.kinds = PLACE_KIND_BIT(PLACE_COMPONENT);
	assert_ok(places_inside_of(reader->db, d[0].place.id, &f, fresh(), 10, rows, &rows_n,
				   &more));
	assert_int_equal(rows_n, 1);
	assert_err(places_inside_of(reader->db, d[1].place.id, &f, fresh(), 10, rows, &rows_n,
				    &more), ERR_BAD_INPUT);
	assert_err(places_inside_of(reader->db, 1, &f, fresh(), 10, rows, &rows_n, &more),
		   ERR_NOT_FOUND);
	end();
}

/* The largest place that passes the checks is still an entry. */
static void largest_fits(void **state)
{
	static struct geo_point points[PLACE_POINTS_MAX];
	static char quotes[PLACE_TEXT_BYTES_MAX];
	struct geo_ring rings[PLACE_RINGS_MAX];
	struct place_draft d = draft(PLACE_BUILDING, "t:large", NULL);
	struct place_card *card = malloc(sizeof *card);
	unsigned at = 0, used = 0;

	(void)state;
	begin();
	memset(quotes, '"', sizeof quotes);
	for (unsigned i = 0; i < PLACE_POINTS_MAX; i++)
		points[i] = (struct geo_point){-(int32_t)(800000000 + i % 100),
					       -(int32_t)(1700000000 + i / 3)};
	for (unsigned r = 0; r < PLACE_RINGS_MAX; r++) {
		unsigned n = r + 1 < PLACE_RINGS_MAX ? 15 : PLACE_POINTS_MAX - at;
		rings[r] = (struct geo_ring){points + at, n};
		at += n;
	}
	d.place.shape = (struct geo_shape){GEO_AREA, rings, PLACE_RINGS_MAX};
	d.place.has_at = true;
	d.place.at = points[0];
	d.place.alias_n = PLACE_ALIASES_MAX;
	for (unsigned i = 0; i < PLACE_ALIASES_MAX; i++)
		d.place.alias[i] = (struct str){quotes, PLACE_ALIAS_BYTES_MAX};
	used = PLACE_ALIASES_MAX * PLACE_ALIAS_BYTES_MAX;
	d.place.field[PLACE_FIELD_NAME] = (struct place_value){true, 0, {quotes, 240}};
	d.place.field[PLACE_FIELD_ADDRESS] =
	    (struct place_value){true, 0, {quotes, PLACE_TEXT_BYTES_MAX - used - 240}};
	assert_ok(set(&d, 1));
	assert_int_equal(d.outcome, PLACE_ADDED);
	assert_ok(places_card(reader->db, d.place.id, 0, PLACE_DAY_OPEN, fresh(), card));
	assert_int_equal(card->place.shape.ring_n, PLACE_RINGS_MAX);
	assert_memory_equal(card->place.shape.ring[PLACE_RINGS_MAX - 1].p,
			    points + (PLACE_RINGS_MAX - 1) * 15,
			    rings[PLACE_RINGS_MAX - 1].n * sizeof *points);
	assert_int_equal(rebuild().finding, REBUILD_EQUAL);
	end();
	free(card);
}

/* ---- many places, against a walk over all of them ---- */

struct known {
	struct geo_point at;
	enum place_kind kind;
	uint64_t id;
	char name[64];
};

static struct known known[MANY];

/* Numerical Recipes' linear generator: the same run each time. */
static uint32_t pick(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)*seed * below >> 32);
}

static void put_many(uint32_t *seed)
{
	static const enum place_kind kinds[] = {PLACE_BUILDING, PLACE_GATE, PLACE_COMPONENT,
						PLACE_ROOM};
	static const char *const lanes[] = {"一坊", "二坊", "三坊", "上白石", "下白石", "塘头"};
	static struct place_draft d[PLACE_BATCH_MAX];
	static char ext[PLACE_BATCH_MAX][24];

	for (unsigned i = 0; i < MANY; i++) {
		unsigned k = i % PLACE_BATCH_MAX;
		struct known *p = &known[i];
		/* most within 1 km, some far away, some at one point */
		uint32_t span = i % 10 == 0 ? 20000000 : i % 10 == 1 ? 1 : 100000;
		p->at.lat_e7 = 225000000 + (int32_t)pick(seed, span);
		p->at.lon_e7 = 1139000000 + (int32_t)pick(seed, span);
		p->kind = kinds[pick(seed, 4)];
		snprintf(p->name, sizeof p->name, "%s%u号 house %u", lanes[pick(seed, 6)],
			 pick(seed, 40), i);
		snprintf(ext[k], sizeof ext[k], "t:%u", i);
		d[k] = draft(p->kind, ext[k], p->name);
		d[k].place.has_at = true;
		d[k].place.at = p->at;
		if (k + 1 < PLACE_BATCH_MAX)
			continue;
		assert_ok(set(d, PLACE_BATCH_MAX));
		for (unsigned j = 0; j < PLACE_BATCH_MAX; j++)
			known[i + 1 - PLACE_BATCH_MAX + j].id = d[j].place.id;
	}
}

static unsigned index_of(uint64_t id)
{
	for (unsigned i = 0; i < MANY; i++)
		if (known[i].id == id)
			return i;
	fail();
	return 0;
}

static void check_boxes(uint32_t *seed)
{
	for (int round = 0; round < 60; round++) {
		struct places_filter f = {pick(seed, 2) ? PLACE_KINDS_ALL
							: PLACE_KIND_BIT(PLACE_GATE),
					  pick(seed, 2), PLACE_DAY_OPEN};
		int32_t size = (int32_t)pick(seed, round % 2 ? 20000000 : 60000);
		struct geo_box b = {225000000 + (int32_t)pick(seed, 50000),
				    1139000000 + (int32_t)pick(seed, 50000), 0, 0};
		unsigned want = 0;
		b.north_e7 = b.south_e7 + size;
		b.east_e7 = b.west_e7 + size;
		for (unsigned i = 0; i < MANY; i++)
			want += geo_box_has(&b, known[i].at) &&
				(f.kinds & PLACE_KIND_BIT(known[i].kind)) &&
				(known[i].kind != PLACE_ROOM || f.class_max > 0);
		assert_ok(
		    places_box(reader->db, &b, &f, fresh(), PLACES_BOX_MAX, rows, &rows_n, &more));
		assert_int_equal(rows_n, want < PLACES_BOX_MAX ? want : PLACES_BOX_MAX);
		assert_int_equal(more, want > PLACES_BOX_MAX);
		for (unsigned i = 0; i < rows_n; i++) {
			const struct known *k = &known[index_of(rows[i].id)];
			assert_true(geo_box_has(&b, k->at));
			assert_str(rows[i].title, k->name);
		}
	}
}

static int by_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void check_nearest(uint32_t *seed)
{
	static double d[MANY];

	for (int round = 0; round < 60; round++) {
		struct geo_point from = {225000000 + (int32_t)pick(seed, 120000),
					 1139000000 + (int32_t)pick(seed, 120000)};
		unsigned k = 1 + pick(seed, 40), n = 0;
		struct places_filter f = everything;
		f.kinds = round % 3 ? PLACE_KINDS_ALL : PLACE_KIND_BIT(PLACE_COMPONENT);
		for (unsigned i = 0; i < MANY; i++)
			if (f.kinds & PLACE_KIND_BIT(known[i].kind))
				d[n++] = geo_distance_m(from, known[i].at);
		qsort(d, n, sizeof *d, by_double);
		assert_ok(places_near(reader->db, from, &f, fresh(), k, rows, &rows_n));
		assert_int_equal(rows_n, k);
		for (unsigned i = 0; i < k; i++) {
			assert_true(rows[i].distance_m >= d[i] && rows[i].distance_m <= d[i]);
			assert_int_equal(rows[i].kind, known[index_of(rows[i].id)].kind);
		}
	}
	/* nothing within the radius */
	assert_ok(places_near(reader->db, (struct geo_point){0, 0}, &everything, fresh(), 5, rows,
			      &rows_n));
	assert_int_equal(rows_n, 0);
}

/* At least a third of all lie to each side of the midst, which is one of them. */
static void check_middle(void)
{
	struct geo_point at;
	unsigned south = 0, west = 0, there = 0;

	assert_ok(places_middle(reader->db, &at));
	for (unsigned i = 0; i < MANY; i++) {
		south += known[i].at.lat_e7 < at.lat_e7;
		west += known[i].at.lon_e7 < at.lon_e7;
		there += known[i].at.lat_e7 == at.lat_e7 && known[i].at.lon_e7 == at.lon_e7;
	}
	assert_true(there > 0);
	assert_in_range(south, MANY / 3, MANY - MANY / 3);
	assert_in_range(west, MANY / 3, MANY - MANY / 3);
}

static void check_areas(uint32_t *seed)
{
	for (int round = 0; round < 60; round++) {
		struct geo_point t[3];
		struct geo_ring ring = {t, 3};
		struct geo_shape area = {GEO_AREA, &ring, 1};
		unsigned want = 0;
		for (unsigned i = 0; i < 3; i++)
			t[i] = (struct geo_point){225000000 + (int32_t)pick(seed, 120000),
						  1139000000 + (int32_t)pick(seed, 120000)};
		for (unsigned i = 0; i < MANY; i++)
			want += geo_shape_has(&area, known[i].at);
		assert_ok(places_inside(reader->db, &area, &everything, fresh(), PLACES_BOX_MAX,
					rows, &rows_n, &more));
		assert_false(more);
		assert_int_equal(rows_n, want);
	}
}

/* Chinese of one, two and more characters, numbers in either writing, fronts of words, several
 * pieces. */
static void check_texts(void)
{
	static const char *const queries[] = {"二坊", "坊", "塘头", "上白石 12号", "白石", "下白石十二号", "hou 77",
					      "HOUSE 2999", "ouse", "3号", "白头", "塘头 一坊"};
	/* as the names have them: a naive reading of what each asks for */
	static const char *const wanted[][2] = {
	    {"二坊", ""}, {"坊", ""},         {"塘头", ""},      {"上白石", "石12号"},
	    {"白石", ""}, {"下白石12号", ""}, {" house", " 77"}, {" 2999", ""},
	    {"-", ""},    {"[3号", ""},       {"白头", ""},      {"塘头", "一坊"}};

	for (unsigned q = 0; q < sizeof queries / sizeof queries[0]; q++) {
		unsigned want = 0;
		for (unsigned i = 0; i < MANY; i++) {
			bool whole =
			    wanted[q][0][0] == '['; /* a digit before it makes it another number */
			const char *at = strstr(known[i].name, wanted[q][0] + whole);
			want += at && strstr(known[i].name, wanted[q][1]) &&
				!(whole && at[-1] >= '0' && at[-1] <= '9');
		}
		assert_ok(places_find(reader->db, str_of(queries[q]), &everything, fresh(),
				      PLACES_FIND_MAX, rows, &rows_n, &more));
		assert_int_equal(rows_n, want < PLACES_FIND_MAX ? want : PLACES_FIND_MAX);
		assert_int_equal(more, want > PLACES_FIND_MAX);
	}
	assert_err(
	    places_find(reader->db, STR(" ，"), &everything, fresh(), 5, rows, &rows_n, &more),
	    ERR_BAD_INPUT);
	assert_err(
	    places_find(reader->db, STR("\xFF"), &everything, fresh(), 5, rows, &rows_n, &more),
	    ERR_BAD_INPUT);
}

static void many(void **state)
{
	uint32_t seed = 20261123;
	struct rebuild_result r;

	(void)state;
	begin();
	put_many(&seed);
	check_boxes(&seed);
	check_nearest(&seed);
	check_areas(&seed);
	check_middle();
	check_texts();
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_EQUAL);
	assert_true(r.rows > MANY * 5);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_and_keeps_versions), cmocka_unit_test(refuses_one_by_one),
		cmocka_unit_test(follows_and_moves),       cmocka_unit_test(largest_fits),
		cmocka_unit_test(many),                    cmocka_unit_test(all_that_hangs_on_it),
		cmocka_unit_test(inside_of_a_place),
	};

	return cmocka_run_group_tests_name("service_places", tests, NULL, NULL);
}
