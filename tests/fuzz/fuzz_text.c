/* base64, hex, UTF-8 and numbers. What decodes encodes to the same text; what is taken is exactly
 * what a second, plain definition takes. Strings are judged by jansson's UTF-8 check. */
#include "fuzz.h"

#include "base/buf.h"

#include <jansson.h>

static int b64_value(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = memchr(digits, c, 64);

	return at ? (int)(at - digits) : -1;
}

/* RFC 4648, section 4, with the pad bits zero (section 3.5): number of bytes, or -1 */
static long b64_bytes(struct str s)
{
	size_t pad = 0;

	if (s.n % 4 != 0)
		return -1;
	while (pad < 2 && pad < s.n && s.p[s.n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i + pad < s.n; i++)
		if (b64_value(s.p[i]) < 0)
			return -1;
	if (pad > 0 && b64_value(s.p[s.n - 1 - pad]) % (pad == 1 ? 4 : 16) != 0)
		return -1;
	return (long)(s.n / 4 * 3 - pad);
}

static void check_b64(struct str text)
{
	long want = b64_bytes(text);
	size_t cap = text.n / 4 * 3, n = 12345;
	uint8_t *bytes = fuzz_alloc(cap);
	char *again = fuzz_alloc(text.n);
	struct buf out = buf_over(again, text.n);

	PROPERTY(b64_decode(text, bytes, cap, &n) == (want >= 0));
	if (want < 0) {
		PROPERTY(n == 12345);
	} else {
		PROPERTY(n == (size_t)want);
		buf_put_b64(&out, bytes, n);
		PROPERTY(!out.over && str_eq(buf_str(&out), text));
		PROPERTY(n == 0 || !b64_decode(text, bytes, n - 1, &n));
		PROPERTY(b64_decode(text, bytes, (size_t)want, &n));
	}
	free(bytes);
	free(again);
}

static void check_hex(struct str text)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *bytes = fuzz_alloc(text.n / 2);
	char *again = fuzz_alloc(text.n);
	struct buf out = buf_over(again, text.n);
	bool want = text.n % 2 == 0;

	for (size_t i = 0; i < text.n; i++)
		want = want && memchr(digits, text.p[i], 16);
	PROPERTY(hex_decode(text, bytes, text.n / 2) == want);
	PROPERTY(!hex_decode(text, bytes, text.n / 2 + 1));
	if (want) {
		buf_put_hex(&out, bytes, text.n / 2);
		PROPERTY(!out.over && str_eq(buf_str(&out), text));
	}
	free(bytes);
	free(again);
}

/* Bytes to text and back, with a buffer that is exactly large enough and one that is not. */
static void check_encoding(struct str bytes)
{
	size_t n = bytes.n, need = (n + 2) / 3 * 4, back_n = 0;
	char *text = fuzz_alloc(need > 2 * n ? need : 2 * n);
	uint8_t *back = fuzz_alloc(n);
	struct buf out = buf_over(text, need);

	buf_put_b64(&out, bytes.p, n);
	PROPERTY(!out.over && out.n == need && b64_bytes(buf_str(&out)) == (long)n);
	PROPERTY(b64_decode(buf_str(&out), back, n, &back_n) && back_n == n);
	PROPERTY(n == 0 || memcmp(back, bytes.p, n) == 0);
	out = buf_over(text, 2 * n);
	buf_put_hex(&out, bytes.p, n);
	PROPERTY(!out.over && out.n == 2 * n && hex_decode(buf_str(&out), back, n));
	PROPERTY(n == 0 || memcmp(back, bytes.p, n) == 0);
	if (n > 0) {
		out = buf_over(text, need - 1);
		buf_put_b64(&out, bytes.p, n);
		PROPERTY(out.over && out.n == 0);
		out = buf_over(text, 2 * n - 1);
		buf_put_hex(&out, bytes.p, n);
		PROPERTY(out.over && out.n == 0);
	}
	free(text);
	free(back);
}

static void check_string_and_number(struct str s)
{
	json_t *string = json_stringn(s.n ? s.p : "", s.n);
	char memory[20];
	struct buf out = buf_over(memory, sizeof memory);
	uint64_t v;

	PROPERTY(str_is_utf8(s) == (string != NULL));
	json_decref(string);
	if (str_to_u64(s, &v)) {
		buf_put_u64(&out, v);
		PROPERTY(!out.over && str_eq(buf_str(&out), s));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = {(const char *)data, n};

	check_b64(s);
	check_hex(s);
	check_encoding(s);
	check_string_and_number(s);
	return 0;
}
