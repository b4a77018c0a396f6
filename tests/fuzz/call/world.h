/* The office that fuzzed calls come to: a store on the shipped files with people, cases, a file and
 * a line, and an api over it with the writer asked at once; no thread, no socket, a clock that
 * stands. world_renew puts it back to how it was made, so that each input begins alike. Depends on
 * tests/support; folders lie in TMPDIR, in memory where that is not set. */
#ifndef LIREN_FUZZ_WORLD_H
#define LIREN_FUZZ_WORLD_H

#include "accounts.h"
#include "api/api.h"

#define WORLD_WORDS_MAX 64u
#define WORLD_MARK "ZXQ-2207" /* in every personal text that is there from the beginning */

/* A word in braces that stands for a value which only the running store knows. */
struct world_word {
	char name[24], value[128];
};

struct world_file {
	char *bytes;
	size_t n;
};

struct world {
	struct test_cases t;
	struct test_desk desk;
	struct queue *queue;
	struct api api;
	sqlite3 *watch; /* sees whether another connection committed anything */
	struct world_word words[WORLD_WORDS_MAX];
	unsigned words_n;
	struct world_file kept[3];
	uint64_t kept_seed;
	struct clock_reading kept_now;
	char kept_blob[200];
	uint8_t digest[32];
	bool changed; /* not as it was made */
};

/* Made when it is first asked for; a demo, or an office. Never freed before the end. */
struct world *world_get(bool demo);
void world_renew(struct world *w); /* nothing to do where nothing changed */

const char *world_word(const struct world *w, struct str name); /* NULL: there is none */
int64_t world_commits(struct world *w); /* goes up with each COMMIT to the journal */
void world_digest(struct world *w, uint8_t ret[32]); /* of all rows */
unsigned world_blobs(struct world *w);

#endif
