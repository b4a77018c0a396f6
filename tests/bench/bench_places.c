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
		must(places_card(db, id, 1, fresh(b), &b->card), "card");
		b->took[i] = now_ms() - from;
	}
	report_times(b, "address card of a building", 5);
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
	char keys_journal[320];

	db_process_init();
	if (!b || sodium_init() < 0)
		return 1;
	b->seed = 20261123;
	make_store(b);
	must(writer_open(&b->paths, &b->secrets, &b->entropy, &w), "open");
	set_places(b, w);
	writer_close(w);
	must(reader_open(&b->paths, NULL, &r), "reader");
	bench_near(b, r->db, PLACE_KINDS_ALL, "nearest 20 of all kinds");
	bench_near(b, r->db, PLACE_KIND_BIT(PLACE_GATE), "nearest 20 gates");
	bench_box(b, r->db);
	bench_card(b, r->db);
	bench_find(b, r->db, "二坊%u号", "search, a house (二坊42号)");
	bench_find(b, r->db, "白石 %u", "search, two pieces (白石 42)");
	bench_find(b, r->db, "塘头", "search, a name of very many (塘头)");
	reader_close(r);
	unlink(b->journal);
	unlink(b->keys);
	snprintf(keys_journal, sizeof keys_journal, "%s-journal", b->keys);
	unlink(keys_journal);
	rmdir(b->dir);
	free(b);
	return 0;
}
