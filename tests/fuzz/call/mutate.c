/* How libFuzzer changes an input of calls: by bytes as it likes, or as somebody would who knows the
 * API: another person, another operation, a body by the schema of its route with values at their
 * bounds or words of the files of etc/, a field more, the same call twice. */
#include "wire.h"

#include "api/contract.h"
#include "call_operations.h"
#include "fuzz.h"

#define NAMES_MAX 1500u
#define PART_MAX 32768u

size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed);

static uint64_t state;

/* splitmix64 */
static uint64_t pick(uint64_t below)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % below;
}

#define ANY(array) ((array)[pick(sizeof(array) / sizeof((array)[0]))])

/* ---- words ---- */

static struct str names[NAMES_MAX];
static unsigned names_n;

static void take_names(struct str text, const char *before)
{
	const char *at = text.p, *end = text.p + text.n;

	while (names_n < NAMES_MAX &&
	       (at = memmem(at, (size_t)(end - at), before, strlen(before)))) {
		struct str name = {at += strlen(before), 0};
		while (at < end && !strchr(",}] \n\"", *at))
			at++;
		name.n = (size_t)(at - name.p);
		if (name.n > 0)
			names[names_n++] = name;
	}
}

/* What commands, fields, choices, types, roles, units and purposes are called. */
static void read_names(void)
{
	const struct test_shelf *shelf = world_get(false)->t.shelf;

	for (unsigned i = 0; i < shelf->options.sources_n && names_n == 0; i++)
		if (str_starts(shelf->v[i].path, STR("case-types/")) ||
		    str_starts(shelf->v[i].path, STR("units")) ||
		    str_starts(shelf->v[i].path, STR("roles")) ||
		    str_starts(shelf->v[i].path, STR("catalogue"))) {
			take_names(shelf->v[i].text, "{name: ");
			take_names(shelf->v[i].text, "{code: ");
			take_names(shelf->v[i].text, "case_type: ");
			take_names(shelf->v[i].text, "command: ");
		}
}

static const char *const values[] = {
    "0",	"1",		 "yes",		  "no",
    "0102",	"0101",		 "1703",	  "2026-11-27",
    "2026-02-30", "9999-12-31",	 "URB",		  "JUS",
    "portal",	"resident-request", "dispute-mediation", "safety-incident",
    "reporter", "follower",	 "{c1}",	  "{c2}",
    "{c3}",	"{e1}",		 "{s1}",	  "{file}",
    "里仁",	"\\u0000",	 "\\ud83c\\udfe0", "\\\"",
    "",		" ",		 "-1",		  "9223372036854775807",
    "18446744073709551616", "1e9", "440305002005", "G01",
};

static const char *const whole[] = {"intake", "disp", "duty", "lead", "grid", "urb",
				    "jus",    "med",  "over", "res",  "other"};

static const char *const fields[] = {
    "Authorization: Case {s1}", "Authorization: Case {s3}", "Authorization: Case {f1n}.{f1}",
    "Authorization: Case 1.{s1}", "Authorization: Bearer x", "Authorization: Case ",
    "If-None-Match: *", "If-None-Match: W/\"1\", \"2\"", "Last-Event-ID: 3",
    "Last-Event-ID: 99999999999999999999", "Accept-Language: en;q=0, zh-Hant, *;q=0.5",
    "Content-Length: 99999999999", "Content-Length: 0", "Content-Type: text/plain",
    "Content-Type: application/json; charset=x", "Cookie: liren_session=", "X-CSRF-Token: AAAA",
    "Cookie: a=b; liren_session={duty}; liren_session=x", "Idempotency-Key: short",
    "Idempotency-Key: world-call-0000001"};

static const char *const queries[] = {
    "?limit=1",	   "?limit=0",	     "?cursor=x",    "?since=1",	"?state=open",
    "?q=%E7%81%AF", "?q=x&area=G01", "?west=1138&south=225&east=1140&north=226",
    "?lat=225010000&lon=1139010000", "?purpose=getting-it-done", "?field=photos&evidence=yes",
    "?unit=URB",   "?before=3",	     "?from=1&to=9", "?bbox=1,2,3,4",	"?%00=%ff",
    "?kind=grid",  "?mine=yes",	     "?w=1139000000&s=225000000&e=1139040000&n=225020000"};

/* ---- a body by its schema ---- */

static void put_text(const struct schema *s, struct buf *b)
{
	static const char hex[] = "AAAAAAAAAAAAAAAAAAAAAA==";
	unsigned n = 0;

	while (s->one_of && s->one_of[n])
		n++;
	buf_put_char(b, '"');
	if (n > 0 && pick(8))
		buf_put_z(b, s->one_of[pick(n)]);
	else if (s->format == SCHEMA_BASE64_16 && pick(4))
		buf_put_z(b, pick(2) ? "{s1}" : hex);
	else if (pick(40) == 0)
		for (unsigned i = 0; i < s->length_max + 1 && i < 4000; i++)
			buf_put_char(b, 'a');
	else if (pick(3))
		buf_put_str(b, names[pick(names_n)]);
	else
		buf_put_z(b, ANY(values));
	buf_put_char(b, '"');
}

static void put_number(const struct schema *s, struct buf *b)
{
	static const char *const some[] = {"{c1}", "{c2}", "{c3}", "{e1}", "{file}", "{line}"};

	switch (pick(6)) {
	case 0:
		buf_put_i64(b, s->minimum - (s->minimum > INT64_MIN && pick(4) == 0));
		return;
	case 1:
		buf_put_i64(b, s->maximum);
		return;
	case 2:
		buf_put_i64(b, (int64_t)pick(300));
		return;
	case 3:
		buf_put_i64(b, (int64_t)(pick(UINT64_MAX) >> pick(60)));
		return;
	default:
		buf_put_z(b, ANY(some));
	}
}

static void put_json(const struct schema *s, unsigned depth, struct buf *b);

static void put_object(const struct schema *s, unsigned depth, struct buf *b)
{
	bool some = false;

	buf_put_char(b, '{');
	for (unsigned i = 0; i < s->properties_n; i++) {
		const struct schema_property *p = &s->properties[i];
		if (pick(30) == 0 || (!p->required && pick(3)))
			continue;
		buf_put_z(b, some ? ",\"" : "\"");
		buf_put_z(b, p->name);
		buf_put_z(b, "\":");
		put_json(p->schema, depth + 1, b);
		some = true;
	}
	buf_put_char(b, '}');
}

static void put_json(const struct schema *s, unsigned depth, struct buf *b)
{
	static const char *const wrong[] = {"null", "1.5", "[]",	"{}",
					    "\"\"", "-0",  "[[[[[[[[[", ""};
	unsigned n = (unsigned)(pick(50) ? pick(4) : s->length_max + 1);

	if (depth > 6 || pick(60) == 0) {
		buf_put_z(b, ANY(wrong));
		return;
	}
	switch (s->type) {
	case SCHEMA_OBJECT:
		put_object(s, depth, b);
		return;
	case SCHEMA_ARRAY:
		buf_put_char(b, '[');
		for (unsigned i = 0; i < n; i++) {
			buf_put_z(b, i > 0 ? "," : "");
			put_json(s->items, depth + 1, b);
		}
		buf_put_char(b, ']');
		return;
	case SCHEMA_STRING:
		put_text(s, b);
		return;
	case SCHEMA_INTEGER:
		put_number(s, b);
		return;
	case SCHEMA_BOOLEAN:
		buf_put_z(b, pick(2) ? "true" : "false");
		return;
	}
}

/* ---- a call ---- */

static void put_who(struct buf *b)
{
	const char *who = ANY(whole);

	if (pick(5) == 0)
		return;
	buf_put_z(b, "Cookie: liren_session={");
	buf_put_z(b, who);
	buf_put_z(b, "}\nX-CSRF-Token: {");
	buf_put_z(b, who);
	buf_put_z(b, ".csrf}\n");
}

/* Of the operation whose path, with a number for what stands in braces, it is. */
static const struct schema *body_of(const struct call_operation *o)
{
	struct api_call call = {.method = o->method[0] == 'G' ? API_GET : API_POST};
	char path[256];
	struct buf b = buf_over(path, sizeof path);
	size_t body_max;

	for (const char *p = o->path; *p; p++) {
		buf_put_char(&b, *p == '{' ? '1' : *p);
		if (*p == '{')
			p = strchr(p, '}');
	}
	call.path = (struct str){buf_z(&b), b.n};
	return api_route_find(&call, &body_max) == ERR_OK ? call.route->body : NULL;
}

static void put_call(const struct call_operation *o, struct buf *b)
{
	const struct schema *body = body_of(o);

	buf_put_z(b, o->method);
	buf_put_char(b, ' ');
	buf_put_z(b, o->path);
	if (pick(2))
		buf_put_z(b, ANY(queries));
	buf_put_char(b, '\n');
	put_who(b);
	if (pick(4) == 0) {
		buf_put_z(b, ANY(fields));
		buf_put_char(b, '\n');
	}
	if (body) {
		buf_put_z(b, "Content-Type: application/json\nIdempotency-Key: fuzz-call-");
		buf_put_u64(b, 10000000 + pick(1000));
		buf_put_z(b, "\n\n");
		put_json(body, 0, b);
	}
}

/* The call with one line of its head dropped, another one put in, or somebody else asking. */
static void put_changed(struct str call, struct buf *b)
{
	unsigned how = (unsigned)pick(3), at = (unsigned)pick(6), n = 0;
	bool head = true;

	for (size_t i = 0; i < call.n; n++) {
		const char *end = memchr(call.p + i, '\n', call.n - i);
		size_t line_n = end ? (size_t)(end - call.p) - i + 1 : call.n - i;
		struct str line = {call.p + i, line_n};
		bool who = str_starts(line, STR("Cookie:")) || str_starts(line, STR("X-CSRF"));
		i += line_n;
		head = head && line_n > 1;
		if (n == 1 && how == 1) {
			buf_put_z(b, ANY(fields));
			buf_put_char(b, '\n');
		}
		if (n == 1 && how == 2)
			put_who(b);
		if (head && n > 0 && ((how == 0 && n == at) || (how == 2 && who)))
			continue;
		buf_put_str(b, line);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
	static char memory[4 * PART_MAX];
	struct str left = {(const char *)data, n}, call;
	struct buf b = buf_over(memory, max < sizeof memory ? max : sizeof memory);
	unsigned calls = 0, which, how;

	state = seed;
	read_names();
	if (pick(3) == 0)
		return LLVMFuzzerMutate(data, n, max);
	while (wire_next(&left, &call))
		calls++;
	which = (unsigned)pick(calls + 1);
	how = (unsigned)pick(4);
	left = (struct str){(const char *)data, n};
	for (unsigned i = 0; i <= calls; i++) {
		bool is_there = wire_next(&left, &call);
		if (i > 0 && (is_there || i == which))
			buf_put_z(&b, "\n----\n");
		if (i == which && (how == 0 || !is_there))
			put_call(&ANY(call_operations), &b);
		else if (i == which && how == 1)
			put_changed(call, &b);
		else if (is_there)
			buf_put_str(&b, call);
		if (i == which && how == 2 && is_there) { /* again */
			buf_put_z(&b, "\n----\n");
			put_changed(call, &b);
		}
	}
	if (b.over || b.n == 0)
		return LLVMFuzzerMutate(data, n, max);
	memcpy(data, memory, b.n);
	return b.n;
}
