/* Places in one process, each figure beside its limit: 100,000 of them as a district has them, set
 * through the one writer, then read from a connection of its own. Needs a folder on a real disk:
 * $TMPDIR, else the working folder. */
#include "app/kernel.h"
#include "service/reader.h"
#include "town.h"

#include <sodium.h>
#include <unistd.h>

#define ROUNDS 4000u

struct bench {
	char dir[256], journal[300], keys[300];
	struct store_paths paths;
	struct store_secrets secrets;
	struct kernel_entropy random;
	struct entropy entropy;
	struct town town;
	struct arena arena;
	struct place_row row[PLACES_BOX_MAX];
	struct place_card card;
	double took[ROUNDS];
	struct place_cover cover[PLACES_COVERING_MAX];
	_Alignas(16) char memory[PLACES_BOX_ARENA_BYTES + PLACES_CARD_ARENA_BYTES];
};

static void report_times(struct bench *b, const char *what, double limit)
{
	char line[96];

	qsort(b->took, ROUNDS, sizeof *b->took, by_value);
	snprintf(line, sizeof line, "%s, p50", what);
	report(line, b->took[ROUNDS / 2], "ms", 0);
	snprintf(line, sizeof line, "%s, p99", what);
	report(line, b->took[ROUNDS * 99 / 100], "ms", limit);
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
		struct geo_point at = spot(&b->town, pick(&b->town, BUILDINGS));
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
		struct geo_point at = spot(&b->town, BUILDINGS / 4 + pick(&b->town, BUILDINGS / 2));
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
		uint64_t id = b->town.building[pick(&b->town, BUILDINGS)];
		double from = now_ms();
		must(places_card(db, id, 1, everything.day, fresh(b), &b->card), "card");
		b->took[i] = now_ms() - from;
	}
	report_times(b, "address card of a building", 5);
}

/* ---- what covers a point ---- */

#define COVERING_TIMES 50u /* calls for one figure: the clock is coarse */

static void bench_covering(struct bench *b, struct db *db)
{
	struct places_filter f = {PLACE_KIND_BIT(PLACE_GRID) | PLACE_KIND_BIT(PLACE_AREA), 1,
				  20000};
	unsigned n = 0, found = 0;
	bool more;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct geo_point at = spot(&b->town, pick(&b->town, BUILDINGS));
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
		snprintf(text, sizeof text, form, pick(&b->town, BUILDINGS));
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
	b->town.now = kernel_clock();
	b->town.seed = 20261123;
	make_store(b);
	must(writer_open(&b->paths, &b->secrets, &b->entropy, &w), "open");
	set_places(&b->town, w);
	set_areas(&b->town, w);
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
