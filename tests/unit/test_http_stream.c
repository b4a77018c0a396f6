/* A client that takes nothing is closed after STREAM_STALL_US, and not before: by a clock that is
 * handed in, over a pair of sockets. */
#include "test.h"

#include "http/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK_BYTES 16384u
#define START_US INT64_C(1000000)

static struct streams *streams;
static struct stream_block *block;
static unsigned gone_n;

static int set_up(void **state)
{
	static char bytes[BLOCK_BYTES];

	(void)state;
	gone_n = 0;
	assert_ok(streams_open(&streams));
	block = stream_block_new(bytes, sizeof bytes);
	assert_non_null(block);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	streams = streams_close(streams);
	assert_int_equal(block->users, 1); /* whoever went holds nothing of it */
	block = stream_block_drop(block);
	return 0;
}

/* A stream, and the client's end of it. */
static struct stream *joined(int *ret_client)
{
	struct stream *st;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_ok(streams_take(streams, pair[0], 0, 0, 0, START_US));
	st = streams_next_new(streams);
	assert_non_null(st);
	*ret_client = pair[1];
	return st;
}

static void left(void *ctx, struct stream *st)
{
	(void)ctx;
	(void)st;
	gone_n++;
}

/* Until something waits for the client to take it. */
static void fill(struct stream *st, int64_t now_us)
{
	while (st->waiting_n == 0)
		assert_ok(stream_put(st, block, now_us));
}

static size_t drain(int client)
{
	static char bytes[BLOCK_BYTES];
	size_t all = 0;
	ssize_t n;

	while ((n = read(client, bytes, sizeof bytes)) > 0)
		all += (size_t)n;
	assert_true(n == 0 || errno == EAGAIN);
	return all;
}

static void tend(int64_t now_us)
{
	streams_tend(streams, now_us, left, NULL);
}

static void who_takes_nothing_is_closed(void **state)
{
	int client;
	struct stream *st = joined(&client);
	char byte;

	(void)state;
	fill(st, START_US);
	tend(START_US + STREAM_STALL_US);
	assert_int_equal(streams_counts(streams).waiting, 1);
	assert_int_equal(streams_counts(streams).slow_closed, 0);
	tend(START_US + STREAM_STALL_US + 1);
	assert_int_equal(gone_n, 1);
	assert_int_equal(streams_counts(streams).open, 0);
	assert_int_equal(streams_counts(streams).waiting, 0);
	assert_int_equal(streams_counts(streams).slow_closed, 1);
	assert_true(drain(client) > 0); /* what was on its way */
	assert_int_equal(read(client, &byte, 1), 0);
	close(client);
}

static void who_takes_some_of_it_stays(void **state)
{
	int64_t now = START_US;
	int client;
	struct stream *st = joined(&client);

	(void)state;
	fill(st, now);
	for (unsigned i = 0; i < 5; i++) { /* five times nearly as long as is given */
		now += STREAM_STALL_US;
		assert_true(drain(client) > 0);
		/* the socket has room again: what waited is written, by the clock of the system */
		streams_wait(streams, 0);
		st->moved_us = now;
		fill(st, now);
		tend(now);
		assert_int_equal(streams_counts(streams).open, 1);
	}
	assert_int_equal(streams_counts(streams).slow_closed, 0);
	close(client);
}

static void who_has_nothing_to_take_is_not_slow(void **state)
{
	int client;
	struct stream *st = joined(&client);

	(void)state;
	assert_ok(stream_put(st, block, START_US));
	assert_int_equal(drain(client), BLOCK_BYTES);
	tend(START_US + 1000 * STREAM_STALL_US);
	assert_int_equal(streams_counts(streams).open, 1);
	/* its time begins with what it does not take, however long it had nothing */
	fill(st, START_US + 1000 * STREAM_STALL_US);
	tend(START_US + 1001 * STREAM_STALL_US);
	assert_int_equal(streams_counts(streams).open, 1);
	tend(START_US + 1001 * STREAM_STALL_US + 1);
	assert_int_equal(streams_counts(streams).slow_closed, 1);
	close(client);
}

static void one_that_is_slow_closes_no_other(void **state)
{
	int slow, quick;
	struct stream *first = joined(&slow), *second = joined(&quick);

	(void)state;
	fill(first, START_US);
	assert_ok(stream_put(second, block, START_US));
	tend(START_US + STREAM_STALL_US + 1);
	assert_int_equal(streams_counts(streams).open, 1);
	assert_ok(stream_put(second, block, START_US + STREAM_STALL_US + 1));
	assert_int_equal(drain(quick), 2 * BLOCK_BYTES);
	close(slow);
	close(quick);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_takes_nothing_is_closed),
	    TEST(who_takes_some_of_it_stays),
	    TEST(who_has_nothing_to_take_is_not_slow),
	    TEST(one_that_is_slow_closes_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
