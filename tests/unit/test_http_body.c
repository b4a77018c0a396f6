/* Bodies as they come in: under the cap of the route, and of all requests together. */
#include "test.h"

#include "http/exchange.h"

#define MIB (1024u * 1024u)

static struct http server;

static struct exchange *body_of(size_t cap)
{
	struct exchange *x = calloc(1, sizeof *x);

	assert_non_null(x);
	x->http = &server;
	x->body_max = cap;
	return x;
}

static void a_body_comes_out_as_it_came(void **state)
{
	struct exchange *x = body_of(10000);
	char piece[97];
	size_t n = 0;

	for (; n + sizeof piece <= 10000; n += sizeof piece) {
		for (size_t i = 0; i < sizeof piece; i++)
			piece[i] = (char)((n + i) * 31 % 251);
		assert_true(exchange_take_body(x, piece, sizeof piece));
	}
	assert_ok(x->refused);
	assert_int_equal(x->body_n, n);
	assert_true(x->body_cap <= 10000);
	assert_int_equal(server.bodies_bytes, 0); /* of big ones */
	for (size_t i = 0; i < n; i++)
		assert_int_equal(x->body[i], (char)(i * 31 % 251));
	exchange_free(x);
	assert_int_equal(server.bodies_bytes, 0);
}

static void over_its_cap_a_body_is_dropped(void **state)
{
	static char bytes[65536];
	struct exchange *x = body_of(1000);
	size_t read = 0;

	assert_true(exchange_take_body(x, bytes, 1000));
	assert_ok(x->refused);
	assert_true(exchange_take_body(x, bytes, 1));
	assert_err(x->refused, ERR_TOO_LARGE);
	assert_null(x->body);
	assert_int_equal(server.bodies_bytes, 0);
	/* some more is read, so that the client hears the answer; then the connection is closed */
	while (exchange_take_body(x, bytes, sizeof bytes))
		read += sizeof bytes;
	assert_true(read <= HTTP_DISCARD_BYTES_MAX &&
		    read + sizeof bytes >= HTTP_DISCARD_BYTES_MAX);
	exchange_free(x);
}

static void all_together_have_a_cap(void **state)
{
	static char bytes[MIB];
	struct exchange *many[12] = {0};
	unsigned n = 0;

	for (bool full = false; !full; n++) {
		assert_true(n < 12);
		many[n] = body_of(12 * MIB);
		for (unsigned i = 0; i < 12 && !full; i++) {
			assert_true(exchange_take_body(many[n], bytes, sizeof bytes));
			assert_true(server.bodies_bytes <= HTTP_BODIES_BYTES_MAX);
			full = many[n]->refused != ERR_OK;
		}
	}
	assert_true(n > 4); /* 64 of 12 each, some of it for growing */
	assert_err(many[n - 1]->refused, ERR_BUSY);
	/* who has theirs keeps it, and when one is done there is room again */
	assert_ok(many[0]->refused);
	assert_int_equal(many[0]->body_n, 12 * MIB);
	exchange_free(many[0]);
	exchange_free(many[n - 1]);
	many[0] = body_of(12 * MIB);
	for (unsigned i = 0; i < 12; i++)
		assert_true(exchange_take_body(many[0], bytes, sizeof bytes));
	assert_ok(many[0]->refused);
	for (unsigned i = 0; i + 1 < n; i++)
		exchange_free(many[i]);
	assert_int_equal(server.bodies_bytes, 0);
}

/* From one address two at a time; who is here, or elsewhere, is not meant. */
static void one_address_has_a_share(void **state)
{
	static char bytes[MIB];
	struct exchange *x[4];

	for (unsigned i = 0; i < 4; i++) {
		x[i] = body_of(12 * MIB);
		x[i]->has_net = i != 3;
		x[i]->net.b[0] = 4;
		x[i]->net.b[4] = i == 2 ? 2 : 1;
		for (unsigned k = 0; i < 2 && k < 12; k++)
			assert_true(exchange_take_body(x[i], bytes, sizeof bytes));
		assert_ok(x[i]->refused);
	}
	struct exchange *third = body_of(12 * MIB);
	third->has_net = true;
	third->net = x[0]->net;
	for (unsigned k = 0; k < 12 && third->refused == ERR_OK; k++)
		assert_true(exchange_take_body(third, bytes, sizeof bytes));
	assert_err(third->refused, ERR_BUSY);
	for (unsigned i = 2; i < 4; i++) {
		for (unsigned k = 0; k < 4; k++)
			assert_true(exchange_take_body(x[i], bytes, sizeof bytes));
		assert_ok(x[i]->refused);
	}
	exchange_free(third);
	exchange_free(x[0]);
	third = body_of(12 * MIB);
	third->has_net = true;
	third->net = x[1]->net;
	for (unsigned k = 0; k < 12; k++)
		assert_true(exchange_take_body(third, bytes, sizeof bytes));
	assert_ok(third->refused);
	exchange_free(third);
	for (unsigned i = 1; i < 4; i++)
		exchange_free(x[i]);
	assert_int_equal(server.bodies_bytes, 0);
	assert_null(server.big);
}

/* However full the memory for big bodies is, each connection has room for a small one. */
static void small_ones_are_never_refused(void **state)
{
	static char bytes[MIB], small[HTTP_SMALL_BODY_BYTES];
	static struct exchange *big[HTTP_BODIES_BYTES_MAX / MIB], *many[HTTP_CONNECTIONS_MAX];
	unsigned n = 0;

	_Static_assert((uint64_t)HTTP_CONNECTIONS_MAX * HTTP_SMALL_BODY_BYTES <=
			   HTTP_BODIES_BYTES_MAX / 2,
		       "what they may come to is counted in http.h");
	for (; n < HTTP_BODIES_BYTES_MAX / MIB; n++) {
		big[n] = body_of(12 * MIB);
		assert_true(exchange_take_body(big[n], bytes, sizeof bytes));
		assert_ok(big[n]->refused);
	}
	assert_int_equal(server.bodies_bytes, HTTP_BODIES_BYTES_MAX);
	for (unsigned i = 0; i < HTTP_CONNECTIONS_MAX; i++) {
		many[i] = body_of(HTTP_SMALL_BODY_BYTES);
		for (unsigned k = 0; k < 32; k++)
			assert_true(exchange_take_body(many[i], small, sizeof small / 32));
		assert_ok(many[i]->refused);
	}
	for (unsigned i = 0; i < HTTP_CONNECTIONS_MAX; i++)
		exchange_free(many[i]);
	while (n > 0)
		exchange_free(big[--n]);
	assert_int_equal(server.bodies_bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_body_comes_out_as_it_came),
	    cmocka_unit_test(over_its_cap_a_body_is_dropped),
	    cmocka_unit_test(all_together_have_a_cap),
	    cmocka_unit_test(one_address_has_a_share),
	    cmocka_unit_test(small_ones_are_never_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
