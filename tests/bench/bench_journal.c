/* The journal in one process, each figure beside its limit: append with tree, rows and COMMIT,
 * reading it back from a cold start, bytes on disk, sealing. Needs a folder on a real disk:
 * $TMPDIR, else the working folder. */
#include "app/files.h"
#include "app/kernel.h"
#include "journal/journal.h"
#include "journal/tree.h"
#include "journal/verify.h"
#include "service/kinds.h"
#include "service/reader.h"

#include <sodium.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ENTRY_BYTES 400u /* of one entry, as in the limits */
#define ENTRY_SLACK 16u  /* numbers in it grow by digits */
#define BOX_BYTES 126u   /* the sealed value that makes an entry so long */
#define MILLION 1000000u
#define SEALED_FIELDS 10u

struct place {
	char dir[256], journal[300], keys[300];
	struct store_paths paths;
	struct store_secrets secrets;
	struct kernel_entropy random;
	struct entropy entropy;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, err_info(e)->name);
	exit(1);
}

static void report(const char *what, double got, const char *unit, const char *relation,
		   double limit)
{
	printf("%-58s %12.1f %-10s %s %.1f\n", what, got, unit, relation, limit);
	fflush(stdout);
}

static void make_place(struct place *p)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(p->dir, sizeof p->dir, "%s/liren-bench-XXXXXX", tmp && *tmp ? tmp : ".");
	if (!mkdtemp(p->dir))
		must(ERR_STORE, "folder");
	snprintf(p->journal, sizeof p->journal, "%s/journal.db", p->dir);
	snprintf(p->keys, sizeof p->keys, "%s/keys.db", p->dir);
	p->paths = (struct store_paths){p->journal, p->keys, NULL, NULL};
	p->entropy = kernel_entropy(&p->random);
	entropy_fill(&p->entropy, p->secrets.community_key.b, SEAL_KEY_BYTES);
	uint8_t seed[SIGN_SEED_BYTES];
	entropy_fill(&p->entropy, seed, sizeof seed);
	sign_key_from_seed(seed, &p->secrets.signing_key);
}

static void make_store(struct place *p)
{
	struct store_identity id = {440305002005, false, STR("Asia/Shanghai"), STR("os:bench")};

	unlink(p->journal);
	unlink(p->keys);
	must(writer_create(&p->paths, &p->secrets, &p->entropy, &id, kernel_clock()), "create");
}

/* Entries of about ENTRY_BYTES, in groups with a COMMIT each. Entries a second. */
static double append(struct writer *w, unsigned n, unsigned group)
{
	static uint8_t box[BOX_BYTES];
	struct actor actor = {.role = STR("reporter"), .unit = STR(""), .has_handle = true};
	static uint64_t key_id;
	double from = now_s();

	for (unsigned done = 0; done < n; done += group) {
		must(db_begin(w->db), "begin");
		for (unsigned i = 0; i < group; i++) {
			struct line_written line = {.text = {++key_id, {box, sizeof box}, {{0}}}};
			struct appended a;
			must(journal_append(&w->journal, &actor, KIND_LINE_WRITTEN,
					    kernel_clock().utc_us, &line, &a),
			     "append");
			if (a.body.n + ENTRY_SLACK < ENTRY_BYTES ||
			    a.body.n > ENTRY_BYTES + ENTRY_SLACK)
				must(ERR_INTERNAL, "size of an entry");
		}
		must(db_commit(w->db), "commit");
	}
	return (double)n / (now_s() - from);
}

static double file_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* Time from nothing to the first answer: writer, reader, a page of lines and a proof. */
static double start(struct place *p)
{
	struct line_row rows[20];
	struct writer *w = NULL;
	struct reader *r = NULL;
	struct proof *proof = malloc(sizeof *proof);
	unsigned n = 0;
	double from = now_s(), took;

	must(writer_open(&p->paths, &p->secrets, &p->entropy, &w), "open writer");
	must(reader_open(&p->paths, &p->secrets, &r), "open reader");
	must(reader_lines(r, 0, 20, rows, &n), "lines");
	must(reader_proof(r, MILLION / 2, proof), "proof");
	took = now_s() - from;
	free(proof);
	reader_close(r);
	writer_close(w);
	return took;
}

static double verify(struct place *p)
{
	struct verify_result result;
	struct db *db = NULL;
	double from = now_s();

	must(db_open(p->journal, DB_SCHEMA_journal, DB_READ, NULL, &db), "open");
	must(journal_verify(db, NULL, &result), "verify");
	must(result.finding == VERIFY_SOUND && result.entries > MILLION ? ERR_OK : ERR_UNVERIFIED,
	     "verify");
	db_free(db);
	return (double)result.entries / (now_s() - from);
}

static void bench_seal(struct place *p)
{
	struct seal_key key;
	struct hash32 h[SEALED_FIELDS];
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];
	uint8_t out[SEALED_FIELDS][64 + SEAL_OVERHEAD_BYTES], opened[64 + SEAL_OVERHEAD_BYTES];
	struct str text = STR("Lane 3 no. 8, room 402; 138 0013 8000");
	struct str ignored;
	unsigned rounds = 20000;
	double from;

	entropy_fill(&p->entropy, key.b, sizeof key.b);
	from = now_s();
	for (unsigned i = 0; i < rounds; i++)
		for (unsigned f = 0; f < SEALED_FIELDS; f++) {
			entropy_fill(&p->entropy, nonce, sizeof nonce);
			entropy_fill(&p->entropy, blind, sizeof blind);
			seal_value(&key, f, STR("text"), nonce, blind, text, out[f], &h[f]);
		}
	report("seal 10 fields, with randomness and commitments", (now_s() - from) / rounds * 1e6,
	       "us", "<=", 10);
	from = now_s();
	for (unsigned i = 0; i < rounds; i++)
		for (unsigned f = 0; f < SEALED_FIELDS; f++)
			must(seal_open(&key, f, STR("text"),
				       (struct bytes){out[f], text.n + SEAL_OVERHEAD_BYTES}, &h[f],
				       opened, &ignored),
			     "open");
	report("open 10 fields, with commitments checked", (now_s() - from) / rounds * 1e6, "us",
	       "<=", 10);
}

int main(void)
{
	struct place *p = calloc(1, sizeof *p);
	struct writer *w = NULL;
	double best = 1e9;

	db_process_init();
	if (!p || sodium_init() < 0)
		return 1;
	make_place(p);
	bench_seal(p);
	make_store(p);
	must(writer_open(&p->paths, &p->secrets, &p->entropy, &w), "open");
	report("append, groups of 64", append(w, 256000, 64), "entries/s", ">=", 80000);
	report("append, groups of 1000", append(w, MILLION - 256000, 1000), "entries/s",
	       ">=", 200000);
	must(writer_sign(w, kernel_clock()), "sign");
	writer_close(w);
	/* closing moved the WAL into the file */
	report("bytes on disk of an entry of 400, rows and tree included",
	       file_bytes(p->journal) / MILLION, "bytes", "<=", 550);
	report("verify: entries, tiles, checkpoints", verify(p), "entries/s", ">=", 300000);
	for (int i = 0; i < 5; i++) {
		double took = start(p);
		best = took < best ? took : best;
	}
	report("start with 1 million entries to the first answer", best * 1e3, "ms", "<=", 100);
	unlink(p->journal);
	unlink(p->keys);
	char keys_journal[320];
	snprintf(keys_journal, sizeof keys_journal, "%s-journal", p->keys);
	unlink(keys_journal);
	rmdir(p->dir);
	free(p);
	return 0;
}
