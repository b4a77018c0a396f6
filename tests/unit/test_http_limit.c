/* Buckets of tokens by address, against a plain count of what was taken when. */
#include "test.h"

#include "http/limit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define SECOND INT64_C(1000000)

static struct limits limits;

static void fill(void *ctx, void *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)out)[i] = (uint8_t)(i + 1);
}

static const struct entropy entropy = {fill, NULL};

static struct sockaddr_storage v4(uint32_t address)
{
	struct sockaddr_storage s = {.ss_family = AF_INET};

	((struct sockaddr_in *)&s)->sin_addr.s_addr = htonl(address);
	return s;
}

static struct sockaddr_storage v6(const char *text)
{
	struct sockaddr_storage s = {.ss_family = AF_INET6};

	assert_int_equal(inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)&s)->sin6_addr), 1);
	return s;
}

static unsigned take(struct sockaddr_storage a, int64_t now_us)
{
	return limits_take(&limits, &a, now_us);
}

static void a_burst_then_one_a_second(void **state)
{
	int64_t now = 1;

	limits_init(&limits, &entropy);
	for (unsigned i = 0; i < LIMIT_BURST; i++)
		assert_int_equal(take(v4(0xc0000201), now), 0);
	assert_int_equal(take(v4(0xc0000201), now), 1);
	assert_int_equal(take(v4(0xc0000201), now + SECOND / 2), 1);
	assert_int_equal(take(v4(0xc0000201), now + SECOND), 0);
	assert_int_equal(take(v4(0xc0000201), now + SECOND), 1);
	/* another address is none of its business */
	assert_int_equal(take(v4(0xc0000202), now), 0);
	/* after a long time there is a burst again, and no more */
	now += 3600 * SECOND;
	for (unsigned i = 0; i < LIMIT_BURST; i++)
		assert_int_equal(take(v4(0xc0000201), now), 0);
	assert_int_not_equal(take(v4(0xc0000201), now), 0);
}

/* In any stretch of T seconds at most the burst and T more; and who keeps to one in two seconds is
 * never refused. */
static void over_any_time_it_holds(void **state)
{
	static int64_t taken[4096];
	unsigned n = 0;
	uint64_t seed = 9;

	limits_init(&limits, &entropy);
	for (int64_t now = 1; n < 1000; seed = seed * 6364136223846793005u + 1) {
		now += (int64_t)(seed >> 33) % SECOND;
		if (take(v4(7), now) == 0)
			taken[n++] = now;
		assert_true(n < 4096);
	}
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = i; j < n; j++)
			assert_true((int64_t)(j - i) <=
				    (int64_t)LIMIT_BURST + (taken[j] - taken[i]) / SECOND);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(take(v4(8), 1 + 2 * SECOND * i), 0);
}

static void an_address_is_a_household(void **state)
{
	limits_init(&limits, &entropy);
	for (unsigned i = 0; i < LIMIT_BURST; i++)
		assert_int_equal(take(v6("2001:db8:1:2::1"), 1), 0);
	assert_int_not_equal(take(v6("2001:db8:1:2:ffff::9"), 1), 0);
	assert_int_equal(take(v6("2001:db8:1:3::1"), 1), 0);
	for (unsigned i = 0; i < LIMIT_BURST; i++)
		assert_int_equal(take(v4(0xc0000201), 1), 0);
	assert_int_not_equal(take(v6("::ffff:192.0.2.1"), 1), 0);
}

/* The table is full: someone who asks all the time keeps their place. */
static void many_addresses_do_not_free_a_busy_one(void **state)
{
	uint32_t others = 1u << 24;

	limits_init(&limits, &entropy);
	for (unsigned i = 0; i < LIMIT_BURST; i++)
		assert_int_equal(take(v4(5), 1), 0);
	for (uint32_t i = 0; i < 20 * LIMIT_SETS * LIMIT_WAYS; i++)
		(void)take(v4(others + i), 1);
	assert_int_not_equal(take(v4(5), 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_burst_then_one_a_second),
	    cmocka_unit_test(over_any_time_it_holds),
	    cmocka_unit_test(an_address_is_a_household),
	    cmocka_unit_test(many_addresses_do_not_free_a_busy_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
