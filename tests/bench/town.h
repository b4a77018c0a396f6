/* What the benches of places and cases share: a town of 100,000 places as a district has them, set
 * through the one writer; times, and lines with a figure beside its limit. */
#ifndef LIREN_BENCH_TOWN_H
#define LIREN_BENCH_TOWN_H

#include "service/place_batch.h"
#include "service/places.h"
#include "service/writer.h"

#include <stdlib.h>
#include <time.h>

#define PLACES 100000u
#define BUILDINGS                                                                                  \
	5000u /* the first of them; the rest is rooms, gates, components, devices on them */

struct town {
	uint64_t seed;
	struct clock_reading now; /* of the store */
	uint64_t building[BUILDINGS];
	struct place_draft draft[PLACE_BATCH_MAX];
	char text[PLACE_BATCH_MAX][3][96];
};

static inline double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline void must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, err_info(e)->name);
	exit(1);
}

static inline uint32_t pick(struct town *b, uint32_t below)
{
	b->seed = b->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((b->seed >> 32) * below >> 32);
}

static inline int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline void report(const char *what, double got, const char *unit, double limit)
{
	if (limit > 0)
		printf("%-58s %12.3f %-6s <= %.1f\n", what, got, unit, limit);
	else
		printf("%-58s %12.3f %-6s\n", what, got, unit);
	fflush(stdout);
}

/* ---- the places ---- */

static inline void put_text(struct place *p, enum place_field f, char *memory, const char *format,
			    unsigned a, unsigned c)
{
	static const char *const lanes[] = {"上白石一坊", "上白石二坊", "下白石三坊", "塘头村四坊",
					    "新塘村五坊", "沙河街",     "侨城东路",   "深南大道"};
	int n = snprintf(memory, 96, format, lanes[a % 8], a, c);

	p->field[f] = (struct place_value){true, 0, {memory, (size_t)n}};
}

/* 5 km by 4 km: buildings on a grid with some play, all else at its building or a few steps from
 * it. */
static inline struct geo_point spot(struct town *b, unsigned building)
{
	int32_t lat = 225000000 + (int32_t)(building / 70 * 5600 + building * 131 % 2000);
	int32_t lon = 1139000000 + (int32_t)(building % 70 * 7000 + building * 197 % 3000);

	return (struct geo_point){lat + (int32_t)pick(b, 800), lon + (int32_t)pick(b, 800)};
}

static inline void make_draft(struct town *b, unsigned i, struct place_draft *d, char text[3][96])
{
	static const enum place_kind things[] = {PLACE_ROOM,   PLACE_ROOM,    PLACE_ROOM,
						 PLACE_ROOM,   PLACE_GATE,    PLACE_COMPONENT,
						 PLACE_DEVICE, PLACE_FACILITY};
	struct place *p = &d->place;
	unsigned building = i < BUILDINGS ? i : pick(b, BUILDINGS);

	memset(d, 0, sizeof *d);
	p->kind = i < BUILDINGS ? PLACE_BUILDING : things[pick(b, 8)];
	p->parent = i < BUILDINGS ? 0 : b->building[building];
	p->valid_from = PLACE_DAY_OPEN;
	p->valid_until = PLACE_DAY_OPEN;
	p->ext = (struct str){text[0], (size_t)snprintf(text[0], 96, "bench:%u", i)};
	p->has_at = p->kind != PLACE_ROOM;
	if (p->has_at)
		p->at = spot(b, building);
	if (p->kind == PLACE_ROOM)
		put_text(p, PLACE_FIELD_ADDRESS, text[1], "%s%u号%u室", building, 100 + i % 900);
	else if (p->kind == PLACE_BUILDING || p->kind == PLACE_GATE)
		put_text(p, PLACE_FIELD_NAME, text[1], "%s%u号", building, 0);
	else
		put_text(p, PLACE_FIELD_NUMBER, text[1], "%s%u-%u", building, i);
}

static inline void set_places(struct town *b, struct writer *w)
{
	struct place_batch batch = {b->draft, 0};
	char entry[4096];
	double from = now_ms();

	for (unsigned i = 0; i < PLACES; i++) {
		make_draft(b, i, &b->draft[batch.n], b->text[batch.n]);
		if (++batch.n < PLACE_BATCH_MAX)
			continue;
		struct command c = {.kind = COMMAND_SET_PLACES, .account = STR("os:bench")};
		struct command *one = &c;
		c.places.batch = &batch;
		c.answer.entry = buf_over(entry, sizeof entry);
		writer_group(w, &one, 1, b->now);
		must(c.answer.err, "set");
		for (unsigned k = 0; k < batch.n; k++) {
			if (b->draft[k].outcome != PLACE_ADDED)
				must(ERR_INTERNAL, "outcome");
			if (i + 1 - batch.n + k < BUILDINGS)
				b->building[i + 1 - batch.n + k] = b->draft[k].place.id;
		}
		batch.n = 0;
	}
	report("places set, 500 a transaction", PLACES / (now_ms() - from) * 1000, "1/s", 0);
}

/* ---- grids and areas ---- */

#define COMMUNITIES 40u /* 8 by 5, of some 620 m by 800 m */
#define GRIDS 12u       /* of a community: 4 by 3 */
#define GRID_CORNERS 40u
#define GRID_COLUMNS 4u

struct outline {
	struct geo_point p[GRID_CORNERS];
	struct geo_ring ring;
	char ext[24], number[8];
};

/* A rectangle with ten corners a side, as drawn along lanes: those within a side give way a little.
 */
static inline void draw(struct town *b, struct outline *o, const struct geo_box *box)
{
	unsigned n = 0;

	for (unsigned side = 0; side < 4; side++)
		for (unsigned i = 0; i < GRID_CORNERS / 4; i++) {
			double f = i / (GRID_CORNERS / 4.0), play = i ? pick(b, 300) : 0;
			double high = box->north_e7 - box->south_e7,
			       wide = box->east_e7 - box->west_e7;
			double x = side == 0   ? f * wide
				   : side == 1 ? wide
				   : side == 2 ? wide - f * wide
					       : 0;
			double y = side == 1   ? f * high
				   : side == 2 ? high
				   : side == 3 ? high - f * high
					       : 0;
			o->p[n++] = (struct geo_point){(int32_t)(box->south_e7 + y + play),
						       (int32_t)(box->west_e7 + x + play)};
		}
	o->ring = (struct geo_ring){o->p, n};
}

static inline void set_areas(struct town *b, struct writer *w)
{
	static struct outline o[PLACE_BATCH_MAX];
	struct place_batch batch = {b->draft, 0};
	struct command c = {.kind = COMMAND_SET_PLACES, .account = STR("os:bench")};
	struct command *one = &c;
	char entry[4096];

	/* each community is an area, and so are they all together: a subdistrict */
	for (unsigned i = 0; i <= COMMUNITIES * (GRIDS + 1); i++) {
		unsigned community = i / (GRIDS + 1), part = i % (GRIDS + 1);
		int32_t south = 225000000 + (int32_t)(community / 8 * 72000);
		int32_t west = 1139000000 + (int32_t)(community % 8 * 60000);
		struct geo_box box = {south, west, south + 72000, west + 60000};
		struct place_draft *d = &b->draft[batch.n];
		if (community == COMMUNITIES)
			box = (struct geo_box){225000000, 1139000000, 225360000, 1139480000};
		else if (part < GRIDS) {
			box.south_e7 += (int32_t)(part / GRID_COLUMNS * 24000);
			box.west_e7 += (int32_t)(part % GRID_COLUMNS * 15000);
			box.north_e7 = box.south_e7 + 24000;
			box.east_e7 = box.west_e7 + 15000;
		}
		draw(b, &o[batch.n], &box);
		memset(d, 0, sizeof *d);
		d->place.kind = part < GRIDS && community < COMMUNITIES ? PLACE_GRID : PLACE_AREA;
		d->place.valid_from = d->place.valid_until = PLACE_DAY_OPEN;
		snprintf(o[batch.n].ext, sizeof o[batch.n].ext, "area:%u", i);
		snprintf(o[batch.n].number, sizeof o[batch.n].number, "G%02u", part + 1);
		d->place.ext = str_of(o[batch.n].ext);
		d->place.field[PLACE_FIELD_NUMBER] =
		    (struct place_value){true, 0, str_of(o[batch.n].number)};
		d->place.shape = (struct geo_shape){GEO_AREA, &o[batch.n].ring, 1};
		d->place.has_at = true;
		d->place.at = o[batch.n].p[0];
		if (++batch.n < PLACE_BATCH_MAX && i < COMMUNITIES * (GRIDS + 1))
			continue;
		c.places.batch = &batch;
		c.answer.entry = buf_over(entry, sizeof entry);
		writer_group(w, &one, 1, b->now);
		must(c.answer.err, "areas");
		batch.n = 0;
	}
}

#endif
