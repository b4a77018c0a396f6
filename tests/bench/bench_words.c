/* The words of cases in one process, each figure beside its limit: the index over 1,100,000
 * synthetic cases (36 words by Zipf's law out of 100,000, two rare ones, area, category, place,
 * month, cell: some 43 terms), masking, proposing, candidates; then real service requests where
 * LIREN_DATA has them. Needs a folder on a real disk: $TMPDIR, else the working folder. */
#include "cases/mask.h"
#include "config/config_cases.h"
#include "place/csv.h"
#include "service/case_search.h"
#include "service/case_words.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CASES 1100000u
#define CASES_A_MONTH 20000u
#define VOCABULARY 100000u
#define AREAS 20u
#define ROUNDS 2000u
#define FIND 50u
#define REAL_BYTES_MAX (8u << 20)
#define ARENA_BYTES (48u << 20)

struct bench {
	char dir[256], path[300];
	struct db *db, *reader;
	struct terms_key key;
	uint64_t seed;
	double share[VOCABULARY]; /* added up */
	double took[ROUNDS], took_cpu[ROUNDS];
	double from, from_cpu;
	struct classify_sums sums;
	struct classify_model model;
	struct cases_categories table;
	struct csv csv;
	struct case_candidate candidate[CASE_CANDIDATES_MAX];
};

static double clock_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
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

static void round_begin(struct bench *b)
{
	b->from_cpu = clock_ms(CLOCK_THREAD_CPUTIME_ID);
	b->from = now_ms();
}

static void round_end(struct bench *b, unsigned i)
{
	b->took[i] = now_ms() - b->from;
	b->took_cpu[i] = clock_ms(CLOCK_THREAD_CPUTIME_ID) - b->from_cpu;
}

/* Of the time that passed, and of the processor's alone, which others on the machine do not
 * change. */
static void report_times(struct bench *b, const char *what, double limit)
{
	char line[96];

	qsort(b->took, ROUNDS, sizeof *b->took, by_value);
	qsort(b->took_cpu, ROUNDS, sizeof *b->took_cpu, by_value);
	snprintf(line, sizeof line, "%s, p50", what);
	report(line, b->took[ROUNDS / 2], "ms", 0);
	snprintf(line, sizeof line, "%s, p99", what);
	report(line, b->took[ROUNDS * 99 / 100], "ms", limit);
	snprintf(line, sizeof line, "%s, p99 of CPU", what);
	report(line, b->took_cpu[ROUNDS * 99 / 100], "ms", 0);
}

/* ---- the cases ---- */

static uint64_t word(struct bench *b, unsigned rank)
{
	char text[24];
	struct terms t;

	terms_init(&t);
	terms_put_text(&t, &b->key,
		       (struct str){text, (size_t)snprintf(text, sizeof text, "w%u", rank)});
	return t.v[0];
}

static unsigned zipf(struct bench *b)
{
	double at = pick(b, UINT32_MAX) / 4294967295.0 * b->share[VOCABULARY - 1];
	unsigned low = 0, high = VOCABULARY - 1;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (b->share[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Always the same for an id. */
static void make_case(struct bench *b, uint64_t id, struct terms *t)
{
	uint64_t kept = b->seed;

	b->seed = id * UINT64_C(0x9E3779B97F4A7C15);
	(void)pick(b, 2);
	terms_init(t);
	for (unsigned i = 0; i < 36; i++)
		terms_put(t, word(b, zipf(b)));
	for (unsigned i = 0; i < 2; i++)
		terms_put(t, word(b, VOCABULARY + pick(b, 2 * CASES)));
	terms_put_filter(t, &b->key, TERMS_AREA, pick(b, AREAS));
	terms_put_filter(t, &b->key, TERMS_CATEGORY, 100 + pick(b, 60));
	terms_put_filter(t, &b->key, TERMS_PLACE, pick(b, 100000));
	terms_put_filter(t, &b->key, TERMS_MONTH, id / CASES_A_MONTH);
	terms_put_filter(t, &b->key, TERMS_CELL, pick(b, 5000));
	b->seed = kept;
}

/* As the writer does: a transaction for a group, a savepoint for each command. */
static void put_cases(struct bench *b, uint64_t from, uint64_t upto, unsigned group,
		      const char *what)
{
	char line[96];
	uint64_t wal = db_wal_bytes(b->db);
	double cpu = 0, slowest = 0;

	for (uint64_t id = from; id < upto;) {
		double start = now_ms();
		must(db_begin(b->db), "begin");
		for (unsigned k = 0; k < group && id < upto; k++, id++) {
			struct terms t;
			double at;
			make_case(b, id, &t);
			at = clock_ms(CLOCK_THREAD_CPUTIME_ID);
			must(db_savepoint(b->db), "savepoint");
			must(case_search_put(b->db, id, &t), "put");
			must(db_savepoint_release(b->db), "release");
			cpu += clock_ms(CLOCK_THREAD_CPUTIME_ID) - at;
		}
		must(db_commit(b->db), "commit");
		slowest = now_ms() - start > slowest ? now_ms() - start : slowest;
	}
	snprintf(line, sizeof line, "%s, CPU a case", what);
	report(line, cpu * 1000 / (double)(upto - from), "us", 0);
	snprintf(line, sizeof line, "%s, WAL a case", what);
	report(line, (double)(db_wal_bytes(b->db) - wal) / 1024 / (double)(upto - from), "KiB", 0);
	snprintf(line, sizeof line, "%s, slowest group", what);
	report(line, slowest, "ms", 0);
}

/* ---- finding ---- */

enum query { QUERY_AREA, QUERY_PAIR, QUERY_PAIR_AREA, QUERY_THREE, QUERY_APART, QUERY_RARE };

static void make_query(struct bench *b, enum query kind, struct terms *q)
{
	struct terms t;

	terms_init(q);
	make_case(b, 1 + pick(b, CASES), &t);
	if (kind == QUERY_AREA || kind == QUERY_PAIR_AREA)
		terms_put_filter(q, &b->key, TERMS_AREA, pick(b, AREAS));
	if (kind == QUERY_PAIR || kind == QUERY_PAIR_AREA)
		terms_put(q, word(b, zipf(b)));
	for (unsigned i = 0; kind == QUERY_THREE && i < 3; i++)
		terms_put(q, t.v[pick(b, 30)]);
	for (unsigned i = 0; kind == QUERY_APART && i < 3; i++)
		terms_put(q, word(b, zipf(b)));
	if (kind == QUERY_RARE)
		terms_put(q, t.v[t.n - 6]);
}

static void bench_find(struct bench *b, enum query kind, const char *what, double limit)
{
	uint64_t id[FIND];
	unsigned n = 0;
	bool more = false;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct terms q;
		make_query(b, kind, &q);
		round_begin(b);
		must(case_search_find(b->reader, &q, FIND, 0, id, &n, &more), "find");
		round_end(b, i);
		if (kind == QUERY_RARE && n == 0)
			must(ERR_INTERNAL, "a rare word is found");
	}
	report_times(b, what, limit);
}

static void bench_candidates(struct bench *b)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct terms t;
		uint64_t area = terms_filter_of(&b->key, TERMS_AREA, pick(b, AREAS));
		struct case_near near = {.words = &t, .area = &area, .cell_n = TERMS_CELLS_AROUND};
		make_case(b, 1 + pick(b, CASES), &t);
		t.n = 36;
		near.since_id = CASES - CASES_A_MONTH;
		for (unsigned k = 0; k < TERMS_CELLS_AROUND; k++)
			near.cell[k] = terms_filter_of(&b->key, TERMS_CELL, pick(b, 5000));
		round_begin(b);
		must(case_search_candidates(b->reader, &near, b->candidate, &n), "candidates");
		round_end(b, i);
	}
	report_times(b, "candidates of a new report, 36 words, a month back", 0);
}

static void bench_merge(struct bench *b)
{
	double start = now_ms(), slowest = 0;
	unsigned slices = 0;
	struct terms t;

	make_case(b, 17, &t);
	must(case_search_remove(b->db, 17, &t), "remove");
	for (bool done = false; !done; slices++) {
		double from = now_ms();
		must(db_begin(b->db), "begin");
		must(case_search_merge(b->db, CASE_SEARCH_MERGE_PAGES, &done), "merge");
		must(db_commit(b->db), "commit");
		slowest = now_ms() - from > slowest ? now_ms() - from : slowest;
	}
	report("a case removed, all merged", (now_ms() - start) / 1000, "s", 0);
	report("  slices", slices, "", 0);
	report("  slowest slice", slowest, "ms", 0);
}

/* ---- texts ---- */

static const char *const texts[] = {
    "我家楼下二坊十二栋门口的路灯已经坏了三天，晚上一片漆黑，老人出门很危险，麻烦尽快派人来修，电话"
    "13800138000",
    "粤B12345长期停在消防通道上，多次劝说无效，车主身份证11010519491231002X",
    "The lamp post at the corner of the market lane has been dark for three nights, please send "
    "somebody"};

static void bench_texts(struct bench *b)
{
	static char memory[4096];
	struct mask_counts counts;
	struct terms t;
	double from = now_ms();

	for (unsigned i = 0; i < 30000; i++) {
		struct buf out = buf_over(memory, sizeof memory);
		mask_text(str_of(texts[i % 3]), &out, &counts);
	}
	report("masking a report", (now_ms() - from) / 30, "us", 0);
	from = now_ms();
	for (unsigned i = 0; i < 30000; i++) {
		terms_init(&t);
		terms_put_text(&t, &b->key, str_of(texts[i % 3]));
	}
	report("terms of a report", (now_ms() - from) / 30, "us", 0);
}

/* Verified cases of synthetic words, then proposals. */
static void bench_propose(struct bench *b)
{
	uint64_t wal = db_wal_bytes(b->db);
	struct classify_result r;
	struct terms t;

	for (uint64_t id = 1; id <= 64 * 200;) {
		must(db_begin(b->db), "begin");
		for (unsigned k = 0; k < 64; k++, id++) {
			make_case(b, id, &t);
			must(case_words_add(b->db, 101 + (unsigned)(id % 5), &t), "add");
		}
		must(db_commit(b->db), "commit");
	}
	report("verified cases counted in groups of 64, WAL a case",
	       (double)(db_wal_bytes(b->db) - wal) / 1024 / (64 * 200), "KiB", 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		classify_terms(&t, &b->key, str_of(texts[i % 3]));
		round_begin(b);
		must(case_words_propose(b->reader, &b->table, &b->model, &t, &b->sums, &r),
		     "propose");
		round_end(b, i);
	}
	report_times(b, "category proposed", 0);
}

/* ---- real requests ---- */

static struct str read_file(const char *path, size_t bytes_max)
{
	FILE *f = fopen(path, "rb");
	char *p = f ? malloc(bytes_max) : NULL;
	size_t n = p ? fread(p, 1, bytes_max, f) : 0;

	if (f)
		fclose(f);
	return (struct str){p, n};
}

/* What was asked for, what exactly, where and what was answered: columns of New York's file. */
static void row_terms(struct bench *b, struct terms *t)
{
	static const unsigned columns[] = {5, 6, 7, 9, 21};

	terms_init(t);
	for (unsigned i = 0; i < sizeof columns / sizeof columns[0]; i++)
		if (columns[i] < b->csv.column_n)
			terms_put_text(t, &b->key, b->csv.column[columns[i]]);
}

static void bench_real(struct bench *b)
{
	const char *data = getenv("LIREN_DATA");
	static struct terms first[ROUNDS];
	uint64_t id = CASES + 100000, found[FIND];
	struct str text;
	char path[512];
	unsigned rows = 0, n = 0;
	size_t at = 0, used;
	bool more = false;

	snprintf(path, sizeof path, "%s/311/nyc311_2020_nickmvega.csv",
		 data ? data : "../shared/data");
	text = read_file(path, REAL_BYTES_MAX);
	if (text.n == 0) {
		printf("SKIP: no %s: set LIREN_DATA\n", path);
		return;
	}
	csv_init(&b->csv, ',');
	must(db_begin(b->db), "begin");
	for (;;) {
		struct str rest = {text.p + at, text.n - at};
		enum csv_result got = csv_read(&b->csv, rest, true, &used);
		struct terms t;
		at += used;
		if (got == CSV_MORE)
			break;
		row_terms(b, &t);
		if (got != CSV_ROW || t.n == 0)
			continue;
		must(case_search_put(b->db, id++, &t), "put");
		if (rows < ROUNDS)
			first[rows] = t;
		rows++;
	}
	must(db_commit(b->db), "commit");
	report("real requests of New York indexed", rows, "", 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		const struct terms *t = &first[pick(b, rows < ROUNDS ? rows : ROUNDS)];
		struct terms q;
		round_begin(b);
		terms_init(&q);
		for (unsigned k = 0; k < 3; k++)
			terms_put(&q, t->v[pick(b, t->n)]);
		must(case_search_find(b->reader, &q, FIND, 0, found, &n, &more), "find");
		round_end(b, i);
		if (n == 0)
			must(ERR_INTERNAL, "a request is found by its own words");
	}
	report_times(b, "three words of one of them", 8);
	free((void *)(uintptr_t)text.p);
}

/* ---- the whole ---- */

static void begin(struct bench *b)
{
	const char *tmp = getenv("TMPDIR"), *source = getenv("LIREN_SOURCE");
	struct problem problem = {0};
	struct arena a;
	char path[512];
	double sum = 0;

	for (unsigned i = 0; i < VOCABULARY; i++)
		b->share[i] = sum += 1.0 / (i + 3);
	snprintf(b->dir, sizeof b->dir, "%s/liren-bench-XXXXXX", tmp && *tmp ? tmp : ".");
	if (!mkdtemp(b->dir))
		must(ERR_STORE, "folder");
	snprintf(b->path, sizeof b->path, "%s/journal.db", b->dir);
	must(db_open(b->path, DB_SCHEMA_journal, DB_CREATE, NULL, &b->db), "create");
	must(db_open(b->path, DB_SCHEMA_journal, DB_READ, NULL, &b->reader), "reader");
	snprintf(path, sizeof path, "%s/etc/categories.yaml", source ? source : ".");
	arena_init(&a, malloc(ARENA_BYTES), ARENA_BYTES);
	must(config_categories_read(str_of(path), read_file(path, CONFIG_BYTES_MAX), &a, &problem,
				    &b->table),
	     "etc/categories.yaml");
	must(classify_train(&b->table, &b->key, &a, &b->model), "train");
}

static void end(struct bench *b)
{
	char beside[320];

	db_free(b->reader);
	db_free(b->db);
	unlink(b->path);
	snprintf(beside, sizeof beside, "%s-wal", b->path);
	unlink(beside);
	snprintf(beside, sizeof beside, "%s-shm", b->path);
	unlink(beside);
	rmdir(b->dir);
}

int main(void)
{
	struct bench *b = calloc(1, sizeof *b);

	db_process_init();
	if (!b || sodium_init() < 0)
		return 1;
	b->seed = 20261127;
	begin(b);
	bench_texts(b);
	put_cases(b, 1, CASES - 22000, 64, "1.1 million synthetic cases put, groups of 64");
	put_cases(b, CASES - 22000, CASES - 2000, 1000, "the same in groups of 1,000");
	put_cases(b, CASES - 2000, CASES + 1, 1, "the same one by one");
	bench_find(b, QUERY_AREA, "newest 50 of an area", 8);
	bench_find(b, QUERY_PAIR_AREA, "newest 50 with two Chinese characters, in an area", 8);
	bench_find(b, QUERY_PAIR, "newest 50 with two Chinese characters", 8);
	bench_find(b, QUERY_THREE, "newest 50 with three words of one case", 0);
	bench_find(b, QUERY_APART, "newest 50 with three words that hardly meet", 0);
	bench_find(b, QUERY_RARE, "a rare word", 8);
	bench_candidates(b);
	bench_propose(b);
	bench_real(b);
	bench_merge(b);
	bench_find(b, QUERY_PAIR_AREA, "merged: two Chinese characters, in an area", 8);
	bench_find(b, QUERY_THREE, "merged: three words of one case", 0);
	end(b);
	free(b);
	return 0;
}
