/* Fields of requests and escaped paths: nothing is read past the end, a path comes out as a second,
 * plain definition says, and what stands first in a list decides whatever follows. A path leads
 * where a plain walk of the tree says; any body, also of each operation there is, is taken or
 * refused with a field that can be told. */
#include "fuzz.h"

#include "api/contract.h"
#include "api/fields.h"
#include "api/validate.h"

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
	struct str cookie = joined("s=1;", s);

	PROPERTY(field_takes_gzip(yes));
	PROPERTY(!field_takes_gzip(no));
	PROPERTY(field_lists_etag(tag, STR("W/\"ab\"")));
	PROPERTY(!field_lists_etag(star, STR("W/\"\n\"")) || memchr(s.p, '\n', s.n));
	PROPERTY(str_eq(field_cookie(cookie, STR("s")), STR("1")));
	(void)field_cookie(s, STR("s"));
	(void)field_takes_gzip(s);
	(void)field_lists_etag(s, STR("W/\"ab\""));
	free((void *)(uintptr_t)yes.p);
	free((void *)(uintptr_t)no.p);
	free((void *)(uintptr_t)tag.p);
	free((void *)(uintptr_t)star.p);
	free((void *)(uintptr_t)cookie.p);
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

/* Does the path lead by this node? Tried in every way there is, which the tree's own search need
 * not do, because no path has two. */
static const struct api_node *plainly(const struct api_node *node, struct str left)
{
	const char *slash = left.n > 0 ? memchr(left.p, '/', left.n) : NULL;
	struct str word = {left.p, slash ? (size_t)(slash - left.p) : left.n};
	struct str rest = {left.p + word.n + 1, slash ? left.n - word.n - 1 : 0};
	bool digits = word.n > 0;

	for (unsigned i = 0; i < node->words_n; i++)
		if (str_eq(word, str_of(node->words[i].word)))
			return slash ? plainly(node->words[i].node, rest) : node->words[i].node;
	for (size_t i = 0; i < word.n; i++)
		digits = digits && word.p[i] >= '0' && word.p[i] <= '9';
	if (!node->param || word.n == 0 || (node->param_is == API_SEGMENT_NUMBER && !digits))
		return NULL;
	if (!slash || node->param_is == API_SEGMENT_REST)
		return node->param;
	return plainly(node->param, rest);
}

static void check_route(struct str s)
{
	struct str path = joined("/", s);
	const struct api_node *node = plainly(api_paths, (struct str){path.p + 1, path.n - 1});
	struct api_call call = {.path = path, .method = API_GET};
	size_t body_max = 0;
	enum err e = api_route_find(&call, &body_max), want = ERR_NOT_FOUND;

	if (node && node->allow)
		want = node->routes[API_GET] ? ERR_OK : ERR_BAD_METHOD;
	PROPERTY(e == want);
	PROPERTY(e != ERR_OK || call.route == node->routes[API_GET]);
	for (unsigned i = 0; i < call.segments_n; i++)
		PROPERTY(call.segments[i].p >= path.p &&
			 call.segments[i].p + call.segments[i].n <= path.p + path.n);
	free((void *)(uintptr_t)path.p);
}

static const struct schema date = {
    .type = SCHEMA_STRING, .length_max = 10, .bytes_max = 40, .format = SCHEMA_DATE};
static const struct schema dates = {.type = SCHEMA_ARRAY, .length_max = 3, .items = &date};
static const struct schema number = {.type = SCHEMA_INTEGER, .minimum = -9, .maximum = 9};
static const struct schema_property properties[] = {{"a", &dates, true}, {"b", &number, false}};
static const struct schema object = {
    .type = SCHEMA_OBJECT, .properties = properties, .properties_n = 2};

/* Whatever JSON it is: taken or refused, with a field that can be told. */
static void check_body(struct str s)
{
	struct invalid why;
	json_t *json = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	json_t *b = json_object_get(json, "b");

	if (!json)
		return;
	if (check_json(&object, json, &why)) {
		PROPERTY(json_array_size(json_object_get(json, "a")) <= 3);
		PROPERTY(!b || (json_is_integer(b) && llabs(json_integer_value(b)) <= 9));
		PROPERTY(json_object_size(json) == (b ? 2 : 1));
	} else {
		PROPERTY(why.err != ERR_OK && why.remedy != MSG_COUNT);
		PROPERTY(strlen(why.field) <= API_FIELD_BYTES_MAX);
		PROPERTY(str_is_utf8(str_of(why.field)));
	}
	json_decref(json);
}

/* Some route of this operation under the node, or NULL. */
static const struct api_route *route_of(const struct api_node *node, struct str operation)
{
	const struct api_route *found = node->param ? route_of(node->param, operation) : NULL;

	for (unsigned i = 0; i < API_METHOD_OTHER && !found; i++)
		if (node->routes[i] && str_eq(operation, str_of(node->routes[i]->operation)))
			found = node->routes[i];
	for (unsigned i = 0; i < node->words_n && !found; i++)
		found = route_of(node->words[i].node, operation);
	return found;
}

/* An operation, a line break, and a body of it: every string of one that is taken is UTF-8 without
 * NUL, as long as its cap; of one that is refused the field is told. */
static void check_operation(struct str s)
{
	const char *end = s.n > 0 ? memchr(s.p, '\n', s.n) : NULL;
	const struct api_route *route =
	    end ? route_of(api_paths, (struct str){s.p, (size_t)(end - s.p)}) : NULL;
	struct invalid why;
	json_t *json, *part;
	const char *key;

	if (!route || !route->body)
		return;
	json = json_loadb(end + 1, s.n - (size_t)(end + 1 - s.p),
			  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!json)
		return;
	if (!check_json(route->body, json, &why)) {
		PROPERTY(why.err != ERR_OK && why.remedy != MSG_COUNT);
		PROPERTY(str_is_utf8(str_of(why.field)));
		json_decref(json);
		return;
	}
	json_object_foreach(json, key, part)
	{
		bool is_known = false;
		for (unsigned i = 0; i < route->body->properties_n; i++)
			is_known |= strcmp(key, route->body->properties[i].name) == 0;
		PROPERTY(is_known);
		PROPERTY(!json_is_string(part) ||
			 strlen(json_string_value(part)) == json_string_length(part));
		PROPERTY(!json_is_null(part) && !json_is_real(part));
	}
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = {(const char *)data, n};

	check_lists(s);
	check_path(s);
	check_route(s);
	check_body(s);
	check_operation(s);
	return 0;
}
