/* Places in one process, each figure beside its limit: 100,000 of them as a district has them, set
 * through the one writer, then read from a connection of its own. Needs a folder on a real disk:
 * $TMPDIR, else the working folder. */
#include "app/kernel.h"
#include "service/place_batch.h"
#include "service/places.h"
#include "service/reader.h"
#include "service/writer.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PLACES 100000u
#define ROUNDS 4000u
#define BUILDINGS                                                                                  \
	5000u /* the first of them; the rest is rooms, gates, components, devices on them */

struct bench {
	char dir[256], journal[300], keys[300];
	struct store_paths paths;
	struct store_secrets secrets;
	struct kernel_entropy random;
	struct entropy entropy;
	uint64_t seed;
	struct arena arena;
	struct place_row row[PLACES_BOX_MAX];
	struct place_card card;
	double took[ROUNDS];
	uint64_t building[BUILDINGS];
	struct place_cover cover[PLACES_COVERING_MAX];
	struct place_draft draft[PLACE_BATCH_MAX];
	char text[PLACE_BATCH_MAX][3][96];
	_Alignas(16) char memory[PLACES_BOX_ARENA_BYTES + PLACES_CARD_ARENA_BYTES];
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, err_info(e)->name);
	exit(1);
}

static uint32_t pick(struct bench *b, uint32_t below)
{
	b->seed = b->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((b->seed >> 32) * below >> 32);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *what, double got, const char *unit, double limit)
{
	if (limit > 0)
		printf("%-58s %12.3f %-6s <= %.1f\n", what, got, unit, limit);
	else
		printf("%-58s %12.3f %-6s\n", what, got, unit);
	fflush(stdout);
}

static void report_times(struct bench *b, const char *what, double limit)
{
	char line[96];

	qsort(b->took, ROUNDS, sizeof *b->took, by_value);
	snprintf(line, sizeof line, "%s, p50", what);
	report(line, b->took[ROUNDS / 2], "ms", 0);
	snprintf(line, sizeof line, "%s, p99", what);
	report(line, b->took[ROUNDS * 99 / 100], "ms", limit);
}

/* ---- the places ---- */

static void put_text(struct place *p, enum place_field f, char *memory, const char *format,
		     unsigned a, unsigned c)
{
	static const char *const lanes[] = {"上白石一坊", "上白石二坊", "下白石三坊", "塘头村四坊", "新塘村五坊", "沙河街",
					    "侨城东路", "深南大道"};
	int n = snprintf(memory, 96, format, lanes[a % 8], a, c);

	p->field[f] = (struct place_value){true, 0, {memory, (size_t)n}};
}

/* 5 km by 4 km: buildings on a grid with some play, all else at its building or a few steps from
 * it. */
static struct geo_point spot(struct bench *b, unsigned building)
{
	int32_t lat = 225000000 + (int32_t)(building / 70 * 5600 + building * 131 % 2000);
	int32_t lon = 1139000000 + (int32_t)(building % 70 * 7000 + building * 197 % 3000);

	return (struct geo_point){lat + (int32_t)pick(b, 800), lon + (int32_t)pick(b, 800)};
}

static void make_draft(struct bench *b, unsigned i, struct place_draft *d, char text[3][96])
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

static void set_places(struct bench *b, struct writer *w)
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
		writer_group(w, &one, 1, kernel_clock());
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

/* ---- reading ---- */

static const struct places_filter everything = {PLACE_KINDS_ALL, 1, 20000};

static struct arena *fresh(struct bench *b)
{
	arena_init(&b->arena, b->memory, sizeof b->memory);
	return &b->arena;
}

static void bench_near(struct bench *b, struct db *db, uint32_t kinds, const char *what)
{
	struct places_filter f = everything;
	unsigned n = 0;

	f.kinds = kinds;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct geo_point at = spot(b, pick(b, BUILDINGS));
		double from = now_ms();
		must(places_near(db, at, &f, fresh(b), 20, b->row, &n), "near");
		b->took[i] = now_ms() - from;
		if (n != 20)
			must(ERR_INTERNAL, "twenty");
	}
	report_times(b, what, 1);
}

/* Boxes that hold just over the cap. */
static void bench_box(struct bench *b, struct db *db)
{
	unsigned n = 0;
	bool more = false;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct geo_point at = spot(b, BUILDINGS / 4 + pick(b, BUILDINGS / 2));
		struct geo_box box = {at.lat_e7 - 70000, 1139000000 + 100000, at.lat_e7 + 70000,
				      1139000000 + 330000};
		double from = now_ms();
		must(places_box(db, &box, &everything, fresh(b), PLACES_BOX_MAX, b->row, &n, &more),
		     "box");
		b->took[i] = now_ms() - from;
		if (n != PLACES_BOX_MAX)
			must(ERR_INTERNAL, "a box of 2,000");
	}
	report_times(b, "box of 2,000 places, titles included", 5);
}

static void bench_card(struct bench *b, struct db *db)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t id = b->building[pick(b, BUILDINGS)];
		double from = now_ms();
		must(places_card(db, id, 1, everything.day, fresh(b), &b->card), "card");
		b->took[i] = now_ms() - from;
	}
	report_times(b, "address card of a building", 5);
}

/* ---- what covers a point ---- */

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
static void draw(struct bench *b, struct outline *o, const struct geo_box *box)
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

static void set_areas(struct bench *b, struct writer *w)
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
		writer_group(w, &one, 1, kernel_clock());
		must(c.answer.err, "areas");
		batch.n = 0;
	}
}

#define COVERING_TIMES 50u /* calls for one figure: the clock is coarse */

static void bench_covering(struct bench *b, struct db *db)
{
	struct places_filter f = {PLACE_KIND_BIT(PLACE_GRID) | PLACE_KIND_BIT(PLACE_AREA), 1,
				  20000};
	unsigned n = 0, found = 0;
	bool more;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct geo_point at = spot(b, pick(b, BUILDINGS));
		double from = now_ms();
		for (unsigned k = 0; k < COVERING_TIMES; k++) {
			at.lat_e7 += 37; /* half a metre on */
			must(places_covering(db, at, &f, fresh(b), PLACES_COVERING_MAX, b->cover,
					     &n, &more),
			     "covering");
			found += n;
		}
		b->took[i] = (now_ms() - from) / COVERING_TIMES * 1000;
	}
	qsort(b->took, ROUNDS, sizeof *b->took, by_value);
	report("grids and areas at a point, 12 a community, p50", b->took[ROUNDS / 2], "us", 0);
	report("grids and areas at a point, 12 a community, p99", b->took[ROUNDS * 99 / 100], "us",
	       20);
	if (found < 2 * ROUNDS * COVERING_TIMES)
		must(ERR_INTERNAL, "a grid, a community, a subdistrict");
}

static void bench_find(struct bench *b, struct db *db, const char *form, const char *what)
{
	unsigned n = 0;
	bool more = false;

	for (unsigned i = 0; i < ROUNDS; i++) {
		char text[96];
		double from;
		snprintf(text, sizeof text, form, pick(b, BUILDINGS));
		from = now_ms();
		must(places_find(db, str_of(text), &everything, fresh(b), 50, b->row, &n, &more),
		     "find");
		b->took[i] = now_ms() - from;
	}
	report_times(b, what, 8);
}

static void make_store(struct bench *b)
{
	struct store_identity id = {990100001001, false, STR("UTC"), STR("os:bench")};
	uint8_t seed[SIGN_SEED_BYTES];
	const char *tmp = getenv("TMPDIR");

	snprintf(b->dir, sizeof b->dir, "%s/liren-bench-XXXXXX", tmp && *tmp ? tmp : ".");
	if (!mkdtemp(b->dir))
		must(ERR_STORE, "folder");
	snprintf(b->journal, sizeof b->journal, "%s/journal.db", b->dir);
	snprintf(b->keys, sizeof b->keys, "%s/keys.db", b->dir);
	b->paths = (struct store_paths){b->journal, b->keys, NULL, NULL};
	b->entropy = kernel_entropy(&b->random);
	entropy_fill(&b->entropy, b->secrets.community_key.b, SEAL_KEY_BYTES);
	entropy_fill(&b->entropy, seed, sizeof seed);
	sign_key_from_seed(seed, &b->secrets.signing_key);
	must(writer_create(&b->paths, &b->secrets, &b->entropy, &id, kernel_clock()), "create");
}

int main(void)
{
	struct bench *b = calloc(1, sizeof *b);
	struct writer *w = NULL;
	struct reader *r = NULL;
	char path[320];

	db_process_init();
	if (!b || sodium_init() < 0)
		return 1;
	b->seed = 20261123;
	make_store(b);
	must(writer_open(&b->paths, &b->secrets, &b->entropy, &w), "open");
	set_places(b, w);
	set_areas(b, w);
	writer_close(w);
	must(reader_open(&b->paths, NULL, &r), "reader");
	bench_near(b, r->db, PLACE_KINDS_ALL, "nearest 20 of all kinds");
	bench_near(b, r->db, PLACE_KIND_BIT(PLACE_GATE), "nearest 20 gates");
	bench_box(b, r->db);
	bench_card(b, r->db);
	bench_covering(b, r->db);
	bench_find(b, r->db, "二坊%u号", "search, a house (二坊42号)");
	bench_find(b, r->db, "白石 %u", "search, two pieces (白石 42)");
	bench_find(b, r->db, "塘头", "search, a name of very many (塘头)");
	reader_close(r);
	for (int i = 0; i < 4; i++) {
		static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
		snprintf(path, sizeof path, "%s%s", b->journal, tails[i]);
		unlink(path);
		snprintf(path, sizeof path, "%s%s", b->keys, tails[i]);
		unlink(path);
	}
	rmdir(b->dir);
	free(b);
	return 0;
}
