/* A keyring that is held: one lock for many keys, which nothing that writes keys runs into, and in
 * which nothing that was written is lost. */
#include "test.h"

#include "store.h"

#include <sqlite3.h>

struct held {
	struct test_store store;
	struct keyring *k, *other;
	uint64_t id[3];
	struct seal_key key[3];
};

static struct keyring *open_ring(struct test_store *s, bool create)
{
	const struct keyring_options o = {.path = s->keys,
					  .create = create,
					  .community_key = &s->secrets.community_key,
					  .entropy = &s->entropy};
	struct keyring *k = NULL;

	assert_ok(keyring_open(&o, &k));
	return k;
}

static int setup(void **state)
{
	static struct held h;

	memset(&h, 0, sizeof h);
	test_store_init(&h.store, NULL);
	h.k = open_ring(&h.store, true);
	assert_ok(keyring_reserve(h.k, 3, 1));
	for (unsigned i = 0; i < 3; i++)
		keyring_take(h.k, &h.id[i], &h.key[i]);
	h.other = open_ring(&h.store, false);
	*state = &h;
	return 0;
}

static int teardown(void **state)
{
	struct held *h = *state;

	keyring_free(h->other);
	keyring_free(h->k);
	test_store_remove(&h->store);
	return 0;
}

static void must_have(struct held *h, unsigned i)
{
	struct seal_key got;

	assert_ok(keyring_get(h->k, h->id[i], &got));
	assert_memory_equal(got.b, h->key[i].b, SEAL_KEY_BYTES);
}

static void what_is_written_while_held_stays(void **state)
{
	struct held *h = *state;
	const uint8_t handle[HANDLE_BYTES] = {7};
	char account[HANDLE_ACCOUNT_MAX + 1];
	struct seal_key got;

	keyring_hold(h->k);
	must_have(h, 0);
	assert_ok(keyring_bind_handle(h->k, handle, h->id[0], &h->key[0], STR("os:anna")));
	must_have(h, 1);
	assert_ok(keyring_destroy(h->k, &h->id[1], 1, 2));
	assert_err(keyring_get(h->k, h->id[1], &got), ERR_GONE);
	must_have(h, 2);
	assert_ok(keyring_reserve(h->k, KEYS_BATCH, 3));
	must_have(h, 2);
	keyring_release(h->k);
	assert_err(keyring_get(h->other, h->id[1], &got), ERR_GONE);
	assert_ok(keyring_handle_account(h->other, handle, account));
	assert_string_equal(account, "os:anna");
}

static void once_released_others_may_destroy(void **state)
{
	struct held *h = *state;
	struct seal_key got;

	keyring_hold(h->k);
	must_have(h, 0);
	keyring_release(h->k);
	assert_ok(keyring_destroy(h->other, &h->id[0], 1, 2));
	assert_err(keyring_get(h->k, h->id[0], &got), ERR_GONE);
	keyring_hold(h->k);
	assert_err(keyring_get(h->k, h->id[0], &got), ERR_GONE);
	must_have(h, 1);
	keyring_release(h->k);
}

static unsigned keys_in(const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	unsigned n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM data_key", -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = (unsigned)sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

/* Take all that are ready, and let another batch be made; how many keys there are then. */
static unsigned after_another(struct held *h, unsigned before, unsigned *taken, int64_t now_us)
{
	for (; *taken < before; ++*taken) {
		uint64_t id;
		struct seal_key key;
		keyring_take(h->k, &id, &key);
		assert_int_equal(id, *taken + 1);
	}
	assert_ok(keyring_reserve(h->k, 1, now_us));
	return keys_in(h->store.keys);
}

/* A batch that is used up within a second is followed by one twice as large, up to four times. */
static void batches_grow_with_the_demand(void **state)
{
	static const struct {
		int64_t now_us;
		unsigned batches;
	} step[] = {{900001, 2},  {1900000, 4}, {2000000, 4}, {2000000, 4},
		    {3000000, 1}, {3100000, 2}, {3000000, 1}};
	struct held *h = *state;
	unsigned n = keys_in(h->store.keys), taken = 3;

	assert_int_equal(n, KEYS_BATCH);
	for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
		unsigned more = after_another(h, n, &taken, step[i].now_us);
		assert_int_equal(more - n, step[i].batches * KEYS_BATCH);
		n = more;
	}
	/* what is left of the largest is ready after a restart: none is made anew */
	n = after_another(h, n, &taken, 3000001);
	n = after_another(h, n, &taken, 3000002);
	keyring_free(h->k);
	h->k = open_ring(&h->store, false);
	assert_ok(keyring_reserve(h->k, KEYS_BATCH, 9000000));
	assert_int_equal(keys_in(h->store.keys), n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_is_written_while_held_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(once_released_others_may_destroy, setup, teardown),
	    cmocka_unit_test_setup_teardown(batches_grow_with_the_demand, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
