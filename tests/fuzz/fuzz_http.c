/* Fields of requests and escaped paths: nothing is read past the end, a path comes out as a second,
 * plain definition says, and what stands first in a list decides whatever follows. */
#include "fuzz.h"

#include "api/fields.h"

/* `before`, then `s`, in memory of exactly that size. */
static struct str joined(const char *before, struct str s)
{
	size_t n = strlen(before);
	char *p = fuzz_alloc(n + s.n);

	memcpy(p, before, n);
	if (s.n > 0)
		memcpy(p + n, s.p, s.n);
	return (struct str){p, n + s.n};
}

static void check_lists(struct str s)
{
	struct str yes = joined("gzip, ", s), no = joined("gzip;q=0, ", s);
	struct str tag = joined("\"ab\", ", s), star = joined("x, ", s);

	PROPERTY(field_takes_gzip(yes));
	PROPERTY(!field_takes_gzip(no));
	PROPERTY(field_lists_etag(tag, STR("W/\"ab\"")));
	PROPERTY(!field_lists_etag(star, STR("W/\"\n\"")) || memchr(s.p, '\n', s.n));
	(void)field_takes_gzip(s);
	(void)field_lists_etag(s, STR("W/\"ab\""));
	free((void *)(uintptr_t)yes.p);
	free((void *)(uintptr_t)no.p);
	free((void *)(uintptr_t)tag.p);
	free((void *)(uintptr_t)star.p);
}

/* RFC 3986, section 2.1, but for %00. */
static size_t plain(const char *z, char *to)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	size_t n = 0;

	while (*z) {
		char pair[3] = {z[0] == '%' ? z[1] : 0, z[0] == '%' && z[1] ? z[2] : 0, 0};
		long v = strspn(pair, digits) == 2 ? strtol(pair, NULL, 16) : 0;
		to[n++] = v ? (char)v : *z;
		z += v ? 3 : 1;
	}
	return n;
}

static void check_path(struct str s)
{
	char *z = fuzz_alloc(s.n + 1), *want = fuzz_alloc(s.n + 1);
	size_t n;

	if (s.n > 0)
		memcpy(z, s.p, s.n);
	z[s.n] = 0;
	n = plain(z, want);
	PROPERTY(field_unescape(z) == n);
	PROPERTY(strlen(z) == n && memcmp(z, want, n) == 0);
	free(z);
	free(want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = {(const char *)data, n};

	check_lists(s);
	check_path(s);
	return 0;
}
