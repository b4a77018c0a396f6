/* Where the next page begins: two numbers and a check that they come from the same operation, in
 * hex. The check is no key: a cursor opens nothing that the query would not. */
#include "api/contract.h"
#include "base/check.h"
#include "base/hash.h"
#include "routes.h"
#include "validate.h"

#define NUMBER_BYTES 8u
#define CHECK_BYTES 4u
#define CURSOR_BYTES (2 * NUMBER_BYTES + CHECK_BYTES)

static void put_be64(uint8_t *to, int64_t v)
{
	for (unsigned i = 0; i < NUMBER_BYTES; i++)
		to[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get_be64(const uint8_t *from)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < NUMBER_BYTES; i++)
		v = v << 8 | from[i];
	return (int64_t)v;
}

/* Front of SHA-256 over the operation and the numbers. */
static void put_check(const struct api_call *call, uint8_t bytes[CURSOR_BYTES])
{
	char memory[128];
	struct buf b = buf_over(memory, sizeof memory);
	struct hash32 h;

	buf_put_z(&b, call->route->operation);
	buf_put_char(&b, 0);
	buf_put(&b, bytes, 2 * NUMBER_BYTES);
	CHECK(!b.over);
	hash_sha256(b.p, b.n, &h);
	memcpy(bytes + 2 * NUMBER_BYTES, h.b, CHECK_BYTES);
}

const char *cursor_put(const struct api_call *call, int64_t a, int64_t b,
		       char memory[API_CURSOR_BYTES_MAX])
{
	uint8_t bytes[CURSOR_BYTES];
	struct buf out = buf_over(memory, API_CURSOR_BYTES_MAX);

	put_be64(bytes, a);
	put_be64(bytes + NUMBER_BYTES, b);
	put_check(call, bytes);
	buf_put_hex(&out, bytes, sizeof bytes);
	return buf_z(&out);
}

bool take_cursor(struct api *api, struct api_call *call, int64_t *ret_a, int64_t *ret_b,
		 bool *ret_ok)
{
	uint8_t given[CURSOR_BYTES], right[CURSOR_BYTES];

	*ret_ok = true;
	if (!call_given(call, "cursor"))
		return false;
	if (hex_decode(call_str(call, "cursor"), given, sizeof given)) {
		memcpy(right, given, sizeof right);
		put_check(call, right);
		if (memcmp(right, given, sizeof right) == 0) {
			*ret_a = get_be64(given);
			*ret_b = get_be64(given + NUMBER_BYTES);
			return true;
		}
	}
	api_problem(api, call, ERR_BAD_INPUT, "cursor", MSG_WANT_CURSOR);
	*ret_ok = false;
	return false;
}
