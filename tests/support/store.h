/* A store in a folder of its own for tests: a seeded source of randomness, clocks that the test
 * sets, commands with room for their answers. */
#ifndef LIREN_TEST_STORE_H
#define LIREN_TEST_STORE_H

#include "service/reader.h"
#include "service/writer.h"

#include <sodium.h>
#include <unistd.h>

struct test_store {
	char dir[128], journal[160], keys[160], copy[160];
	struct store_paths paths;
	struct store_secrets secrets;
	uint64_t seed; /* of the randomness */
	struct entropy entropy;
	struct clock_reading now;
	bool demo; /* what it is created as */
};

/* Different bytes at each call, the same in each run: SHA-256 in counter mode. */
static void test_fill(void *ctx, void *out, size_t n)
{
	struct test_store *t = ctx;
	uint8_t *o = out;

	while (n > 0) {
		uint8_t h[32];
		size_t some = n < sizeof h ? n : sizeof h;
		t->seed++;
		crypto_hash_sha256(h, (const uint8_t *)&t->seed, sizeof t->seed);
		memcpy(o, h, some);
		o += some;
		n -= some;
	}
}

static inline void test_store_init(struct test_store *t, const char *vfs)
{
	static const char tail[] = "/liren-test-XXXXXX";
	const char *tmp = getenv("TMPDIR");
	size_t n;
	uint8_t seed[SIGN_SEED_BYTES];

	memset(t, 0, sizeof *t);
	tmp = tmp && *tmp && strlen(tmp) < 90 ? tmp : "/tmp";
	n = strlen(tmp);
	memcpy(t->dir, tmp, n);
	memcpy(t->dir + n, tail, sizeof tail);
	assert_non_null(mkdtemp(t->dir));
	snprintf(t->journal, sizeof t->journal, "%s/journal.db", t->dir);
	snprintf(t->keys, sizeof t->keys, "%s/keys.db", t->dir);
	snprintf(t->copy, sizeof t->copy, "%s/keys-copy.db", t->dir);
	t->paths = (struct store_paths){t->journal, t->keys, t->copy, vfs};
	t->entropy = (struct entropy){test_fill, t};
	entropy_fill(&t->entropy, t->secrets.community_key.b, SEAL_KEY_BYTES);
	entropy_fill(&t->entropy, seed, sizeof seed);
	sign_key_from_seed(seed, &t->secrets.signing_key);
	t->now = (struct clock_reading){INT64_C(1781136000000000), INT64_C(1000000000)};
}

static inline enum err test_store_create(struct test_store *t)
{
	struct store_identity id = {440305002005, t->demo, STR("Asia/Shanghai"), STR("os:test")};

	return writer_create(&t->paths, &t->secrets, &t->entropy, &id, t->now);
}

static inline struct writer *test_store_open(struct test_store *t)
{
	struct writer *w = NULL;

	assert_ok(writer_open(&t->paths, &t->secrets, &t->entropy, &w));
	return w;
}

static inline void test_store_remove(struct test_store *t)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
	const char *const files[] = {t->journal, t->keys, t->copy};

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 4; k++) {
			char path[200];
			snprintf(path, sizeof path, "%s%s", files[i], tails[k]);
			unlink(path);
		}
	rmdir(t->dir);
}

/* Both clocks go on by this much. */
static inline void test_store_pass(struct test_store *t, int64_t us)
{
	t->now.utc_us += us;
	t->now.boot_us += us;
}

struct test_command {
	struct command c;
	char entry[ENTRY_BYTES_MAX];
};

static inline void test_command_init(struct test_command *t, enum command_kind kind)
{
	memset(&t->c, 0, sizeof t->c);
	t->c.kind = kind;
	t->c.answer.remedy = MSG_COUNT;
	t->c.answer.entry = buf_over(t->entry, sizeof t->entry);
	t->c.account = STR("os:test");
}

/* A line with request id number `id` (0: none). */
static inline void test_line(struct test_command *t, uint64_t id, const char *text)
{
	test_command_init(t, COMMAND_WRITE_LINE);
	t->c.line.text = str_of(text);
	t->c.request.present = id != 0;
	memcpy(t->c.request.id, &id, sizeof id);
	request_body_hash(COMMAND_WRITE_LINE, 0, t->c.line.text, t->c.request.body);
}

static inline void test_erase(struct test_command *t, uint64_t n,
			      const uint8_t secret[SEAL_SECRET_BYTES])
{
	test_command_init(t, COMMAND_ERASE_RECORD);
	t->c.erase.record = n;
	t->c.erase.by_owner = true;
	memcpy(t->c.erase.secret, secret, SEAL_SECRET_BYTES);
}

static inline enum err test_run(struct test_store *s, struct writer *w, struct test_command *t)
{
	struct command *c = &t->c;

	writer_group(w, &c, 1, s->now);
	return c->answer.err;
}

#endif
