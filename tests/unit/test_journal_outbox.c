/* Effects on their way: in which order they come, when they are tried again, when they end, and
 * what is counted. Channels with caps are made up here; the store is compared with a list that is
 * searched from end to end. */
#include "test.h"

#include "journal/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)
#define SEED 20261123u
#define MODEL_MAX 2000u
#define STEPS 4000u

static char dir[32], path[64];

static struct db *open_store(void)
{
	struct db *db = NULL;

	assert_ok(db_open(path, DB_SCHEMA_journal, DB_CREATE, NULL, &db));
	return db;
}

static int set_up(void **state)
{
	(void)state;
	memcpy(dir, "/tmp/liren-outbox-XXXXXX", 25);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/journal.db", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* ---- pure: what becomes of a failure ---- */

/* 1 s, 2 s, 4 s … as the header says it, one doubling after the other. */
static int64_t naive_wait(uint32_t tries)
{
	int64_t wait = SECOND;

	for (uint32_t i = 0; i < tries && wait < 600 * SECOND; i++)
		wait *= 2;
	return wait < 600 * SECOND ? wait : 600 * SECOND;
}

static void waiting_doubles_up_to_ten_minutes(void **state)
{
	static const struct channel_info endless = {CHANNEL_KEY_DESTROY, "endless", 0, 0};
	static const uint32_t many[] = {1000, 65535, 65536, 1u << 31, UINT32_MAX};
	struct effect e = {.n = 1, .at_us = 5};
	int64_t due = 0, now = 77;

	(void)state;
	for (uint32_t tries = 0; tries < 200; tries++) {
		e.tries = tries;
		assert_int_equal(outbox_after_failure(&endless, &e, now, &due), OUTBOX_RETRY);
		assert_true(due == now + naive_wait(tries));
		now += 12345;
	}
	for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
		e.tries = many[i];
		assert_int_equal(outbox_after_failure(&endless, &e, now, &due), OUTBOX_RETRY);
		assert_true(due == now + 600 * SECOND);
	}
	/* by the numbers of the header, too: the model could be wrong in the same way */
	e.tries = 0;
	assert_int_equal(outbox_after_failure(&endless, &e, 0, &due), OUTBOX_RETRY);
	assert_true(due == 1000000);
	e.tries = 9;
	assert_int_equal(outbox_after_failure(&endless, &e, 0, &due), OUTBOX_RETRY);
	assert_true(due == 512000000);
	e.tries = 10;
	assert_int_equal(outbox_after_failure(&endless, &e, 0, &due), OUTBOX_RETRY);
	assert_true(due == 600000000);
}

/* An effect fails until it ends: how often it was tried. The clock goes to each due time. */
static unsigned tries_until_the_end(const struct channel_info *c, int64_t *ret_age_us)
{
	struct effect e = {.n = 1, .at_us = 1781136000000000};
	int64_t now = e.at_us, due = -1;
	unsigned tried = 0;

	for (;;) {
		tried++;
		assert_true(tried < 100000);
		due = -1;
		if (outbox_after_failure(c, &e, now, &due) == OUTBOX_EXPIRED)
			break;
		assert_true(due > now);
		now = due;
		e.tries++;
	}
	assert_true(due == -1); /* not given where it ends */
	*ret_age_us = now - e.at_us;
	return tried;
}

static void an_effect_ends_after_so_many_tries(void **state)
{
	int64_t age = 0, waited = 0;

	(void)state;
	for (uint32_t max = 1; max <= 40; max++) {
		struct channel_info c = {CHANNEL_KEY_DESTROY, "some tries", 0, max};
		assert_int_equal(tries_until_the_end(&c, &age), max);
		assert_true(age == waited);
		waited += naive_wait(max - 1);
	}
}

static void an_effect_ends_at_its_age(void **state)
{
	static const int64_t ages[] = {1,           SECOND - 1,    SECOND,      3 * SECOND - 1,
				       3 * SECOND,  3 * SECOND + 1, 60 * SECOND, 3600 * SECOND,
				       86400 * SECOND};
	int64_t age = 0;

	(void)state;
	for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
		struct channel_info c = {CHANNEL_KEY_DESTROY, "some time", ages[i], 0};
		struct effect e = {.n = 1, .at_us = 1000, .tries = 3};
		int64_t at = 0, due = 0;
		unsigned tries = 0;
		/* failures at 0 s, 1 s, 3 s, 7 s …: the first that is not younger than the cap */
		while (at < ages[i])
			at += naive_wait(tries++);
		assert_int_equal(tries_until_the_end(&c, &age), tries + 1);
		assert_true(age == at);
		assert_int_equal(outbox_after_failure(&c, &e, 1000 + ages[i] - 1, &due),
				 OUTBOX_RETRY);
		assert_int_equal(outbox_after_failure(&c, &e, 1000 + ages[i], &due),
				 OUTBOX_EXPIRED);
		/* a clock that was set back makes nothing old */
		assert_int_equal(outbox_after_failure(&c, &e, 0, &due), OUTBOX_RETRY);
	}
}

static void the_narrower_cap_ends_it(void **state)
{
	static const struct channel_info by_tries = {CHANNEL_KEY_DESTROY, "a", 3600 * SECOND, 4};
	static const struct channel_info by_age = {CHANNEL_KEY_DESTROY, "b", 5 * SECOND, 100};
	int64_t age = 0;

	(void)state;
	assert_int_equal(tries_until_the_end(&by_tries, &age), 4);
	assert_true(age == 7 * SECOND);
	assert_int_equal(tries_until_the_end(&by_age, &age), 4);
	assert_true(age == 7 * SECOND);
}

static void channels_have_a_number_and_a_name_of_their_own(void **state)
{
	const struct channel_info *a, *b;
	unsigned n = 0;

	(void)state;
	for (; (a = channel_info_at(n)) != NULL; n++) {
		assert_ptr_equal(channel_info(a->channel), a);
		assert_true(a->channel > 0 && strlen(a->name) > 0 && a->age_max_us >= 0);
		for (unsigned i = 0; i < n; i++) {
			b = channel_info_at(i);
			assert_true(a->channel != b->channel && strcmp(a->name, b->name) != 0);
		}
	}
	assert_true(n > 0);
	assert_null(channel_info((enum channel)0));
	assert_null(channel_info((enum channel)9999));
	/* a promise: it has no end but success */
	a = channel_info(CHANNEL_KEY_DESTROY);
	assert_true(a->age_max_us == 0 && a->tries_max == 0);
}

/* ---- in the store ---- */

static struct {
	struct effect e[MODEL_MAX];
	bool gone[MODEL_MAX];
	size_t n;
} model;

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static bool comes_before(const struct effect *a, const struct effect *b)
{
	if (a->due_us != b->due_us)
		return a->due_us < b->due_us;
	return a->n != b->n ? a->n < b->n : a->idx < b->idx;
}

/* The next of the model that is due after `before` (NULL: the first); NULL: there is none. */
static struct effect *model_next(const struct effect *before, int64_t now)
{
	struct effect *best = NULL;

	for (size_t i = 0; i < model.n; i++) {
		struct effect *e = &model.e[i];
		if (model.gone[i] || e->due_us > now || (before && !comes_before(before, e)))
			continue;
		if (!best || comes_before(e, best))
			best = e;
	}
	return best;
}

static void assert_same_effect(const struct effect *got, const struct effect *want)
{
	assert_true(got->n == want->n && got->idx == want->idx && got->channel == want->channel);
	assert_true(got->arg == want->arg && got->at_us == want->at_us);
	assert_true(got->due_us == want->due_us && got->tries == want->tries);
}

static void counts_are_the_models(struct db *db)
{
	struct outbox_counts c = {9, 9, 9};
	uint64_t waiting = 0;
	int64_t oldest = 0;

	for (size_t i = 0; i < model.n; i++) {
		if (model.gone[i])
			continue;
		waiting++;
		if (oldest == 0 || model.e[i].at_us < oldest)
			oldest = model.e[i].at_us;
	}
	assert_ok(outbox_counts(db, CHANNEL_KEY_DESTROY, &c));
	assert_true(c.waiting == waiting && c.expired == 0 && c.oldest_us == oldest);
}

static void put_some(struct db *db, uint64_t n, int64_t now, uint64_t *seed)
{
	unsigned some = 1 + next_random(seed) % 3;

	for (uint32_t idx = 0; idx < some && model.n < MODEL_MAX; idx++) {
		struct effect e = {.n = n,
				   .idx = idx,
				   .channel = CHANNEL_KEY_DESTROY,
				   .arg = next_random(seed),
				   .at_us = now};
		assert_ok(outbox_put(db, &e));
		model.gone[model.n] = false;
		model.e[model.n++] = e;
	}
}

/* Take what is due, compare it with the model, and deliver or fail each. */
static void take_due(struct db *db, int64_t now, uint64_t *seed)
{
	struct effect got[8];
	struct effect *want = NULL;
	size_t cap = 1 + next_random(seed) % 8, n = 99, i;

	assert_ok(outbox_due(db, now, got, cap, &n));
	assert_true(n <= cap);
	for (i = 0; i < n; i++) {
		want = model_next(want, now);
		assert_non_null(want);
		assert_same_effect(&got[i], want);
	}
	if (n < cap)
		assert_null(model_next(want, now));
	for (i = 0; i < n; i++) {
		size_t at = 0;
		while (model.gone[at] || model.e[at].n != got[i].n || model.e[at].idx != got[i].idx)
			at++;
		if (next_random(seed) % 3 == 0) {
			assert_ok(outbox_done(db, &got[i]));
			model.gone[at] = true;
		} else {
			assert_ok(outbox_failed(db, &got[i], now));
			model.e[at].due_us = now + naive_wait(model.e[at].tries++);
		}
	}
}

static void the_store_does_what_a_list_does(void **state)
{
	struct db *db = open_store();
	uint64_t seed = SEED, n = 0;
	int64_t now = 1781136000000000;

	(void)state;
	model.n = 0;
	assert_ok(db_begin(db));
	for (unsigned step = 0; step < STEPS; step++) {
		if (next_random(&seed) % 4 == 0 && model.n + 3 < MODEL_MAX)
			put_some(db, ++n, now, &seed);
		else
			take_due(db, now, &seed);
		now += next_random(&seed) % (3 * SECOND);
		if (step % 64 == 0)
			counts_are_the_models(db);
		if (step % 1000 == 500) { /* nothing of it is in memory only */
			assert_ok(db_commit(db));
			db_free(db);
			db = open_store();
			assert_ok(db_begin(db));
		}
	}
	assert_ok(db_commit(db));
	counts_are_the_models(db);
	assert_true(model.n > 1000);
	db_free(db);
}

/* Not a microsecond early, and not one late. */
static void a_failed_effect_is_due_when_it_was_said(void **state)
{
	struct effect e = {.n = 1, .channel = CHANNEL_KEY_DESTROY, .at_us = 10}, got;
	struct db *db = open_store();
	size_t n = 9;

	(void)state;
	assert_ok(outbox_put(db, &e));
	assert_ok(outbox_due(db, 0, &got, 1, &n));
	assert_int_equal(n, 1); /* a new one is due at once, whatever the clock says */
	assert_ok(outbox_failed(db, &got, 1000));
	assert_ok(outbox_due(db, 1000 + SECOND - 1, &got, 1, &n));
	assert_int_equal(n, 0);
	assert_ok(outbox_due(db, 1000 + SECOND, &got, 1, &n));
	assert_int_equal(n, 1);
	assert_true(got.due_us == 1000 + SECOND && got.tries == 1);
	db_free(db);
}

/* An effect goes with the entry that caused it: undone together. */
static void an_effect_belongs_to_its_transaction(void **state)
{
	struct effect e = {.n = 3, .channel = CHANNEL_KEY_DESTROY, .arg = 1, .at_us = 10}, got;
	struct outbox_counts c = {0};
	struct db *db = open_store();
	size_t n = 9;

	(void)state;
	assert_ok(outbox_counts(db, CHANNEL_KEY_DESTROY, &c));
	assert_true(c.waiting == 0 && c.expired == 0 && c.oldest_us == 0);
	assert_ok(db_begin(db));
	assert_ok(outbox_put(db, &e));
	db_rollback(db);
	assert_ok(outbox_due(db, INT64_MAX, &got, 1, &n));
	assert_int_equal(n, 0);
	assert_ok(outbox_put(db, &e));
	assert_err(outbox_put(db, &e), ERR_STORE); /* the key of an effect is (entry, index) */
	assert_ok(outbox_due(db, INT64_MAX, &got, 1, &n));
	assert_int_equal(n, 1);
	assert_ok(outbox_done(db, &got));
	assert_ok(outbox_done(db, &got)); /* told twice: delivered at least once */
	assert_ok(outbox_due(db, INT64_MAX, &got, 1, &n));
	assert_int_equal(n, 0);
	db_free(db);
}

/* What expired is kept and counted, and is never due again. No channel of the table ends yet, so
 * the row is set by the statement that outbox_failed uses for it. */
static void what_expired_is_kept_and_counted(void **state)
{
	struct db *db = open_store();
	struct outbox_counts c = {0};
	struct effect got[8];
	size_t n = 9;

	(void)state;
	for (uint32_t idx = 0; idx < 5; idx++) {
		struct effect e = {
			.n = 3, .idx = idx, .channel = CHANNEL_KEY_DESTROY, .at_us = 100 - idx};
		assert_ok(outbox_put(db, &e));
	}
	for (uint32_t idx = 1; idx < 5; idx += 3) {
		struct db_stmt *s = db_stmt(db, SQL_outbox_expire);
		db_bind_i64(s, 1, 3);
		db_bind_i64(s, 2, idx);
		assert_ok(db_run(db, s));
	}
	assert_ok(outbox_counts(db, CHANNEL_KEY_DESTROY, &c));
	assert_true(c.waiting == 3 && c.expired == 2 && c.oldest_us == 97);
	assert_ok(outbox_counts(db, (enum channel)9999, &c));
	assert_true(c.waiting == 0 && c.expired == 0 && c.oldest_us == 0);
	assert_ok(outbox_due(db, INT64_MAX, got, 8, &n));
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_true(got[i].idx != 1 && got[i].idx != 4);
	db_free(db);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiting_doubles_up_to_ten_minutes),
		cmocka_unit_test(an_effect_ends_after_so_many_tries),
		cmocka_unit_test(an_effect_ends_at_its_age),
		cmocka_unit_test(the_narrower_cap_ends_it),
		cmocka_unit_test(channels_have_a_number_and_a_name_of_their_own),
		STORE_TEST(the_store_does_what_a_list_does),
		STORE_TEST(a_failed_effect_is_due_when_it_was_said),
		STORE_TEST(an_effect_belongs_to_its_transaction),
		STORE_TEST(what_expired_is_kept_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
