/* See wire.h. */
#include "wire.h"

#include "api/contract.h"
#include "api/fields.h"
#include "fuzz.h"

#include <strings.h>

/* ---- text ---- */

bool wire_next(struct str *left, struct str *ret)
{
	static const char line[] = "\n----\n";
	const char *at = left->n > 0 ? memmem(left->p, left->n, line, sizeof line - 1) : NULL;

	if (left->n == 0)
		return false;
	*ret = (struct str){left->p, at ? (size_t)(at - left->p) : left->n};
	left->n -= at ? ret->n + sizeof line - 1 : left->n;
	left->p = at ? at + sizeof line - 1 : left->p;
	return true;
}

/* With words for what stands in braces; NULL where it becomes too long. */
static char *with_words(const struct world *w, struct str text, size_t *ret_n)
{
	char *out = fuzz_alloc(WIRE_BYTES_MAX + 1);
	struct buf b = buf_over(out, WIRE_BYTES_MAX);

	for (size_t i = 0; i < text.n; i++) {
		const char *end = text.p[i] == '{' ? memchr(text.p + i, '}', text.n - i) : NULL;
		const char *value = NULL;
		if (end)
			value = world_word(w, (struct str){text.p + i + 1,
							   (size_t)(end - text.p) - i - 1});
		if (value) {
			buf_put_z(&b, value);
			i = (size_t)(end - text.p);
		} else {
			buf_put_char(&b, text.p[i]);
		}
	}
	if (b.over) {
		free(out);
		return NULL;
	}
	out[b.n] = 0;
	*ret_n = b.n;
	return out;
}

/* Cut off the next line, whose end becomes a NUL. */
static char *next_line(char **at, const char *end)
{
	char *line = *at, *stop = line ? memchr(line, '\n', (size_t)(end - line)) : NULL;

	if (!line || line >= end)
		return NULL;
	*at = stop ? stop + 1 : NULL;
	if (stop)
		*stop = 0;
	return line;
}

/* ---- what the transport fills in ---- */

static enum api_method method_of(const char *z, bool *ret_is_head)
{
	static const char *const names[] = {"GET", "POST", "PUT", "DELETE"};

	*ret_is_head = strcmp(z, "HEAD") == 0;
	for (unsigned i = 0; i < 4; i++)
		if (strcmp(z, names[i]) == 0)
			return (enum api_method)i;
	return *ret_is_head ? API_GET : API_METHOD_OTHER;
}

/* In a query "+" is a space; then %XX. */
static struct str argument(char *z)
{
	for (char *p = z; *p; p++)
		if (*p == '+')
			*p = ' ';
	field_unescape(z);
	return str_of(z);
}

static void take_query(struct api_call *call, char *query)
{
	for (char *one = query; one && *one;) {
		char *next = strchr(one, '&'), *value;
		if (next)
			*next++ = 0;
		value = strchr(one, '=');
		if (value)
			*value++ = 0;
		if (call->query_n < API_PARAMS_MAX)
			call->query[call->query_n] = (struct api_field){
			    argument(one), value ? argument(value) : STR("")};
		if (call->query_n <= API_PARAMS_MAX)
			call->query_n++;
		one = next;
	}
}

static struct str cookie_of(char *z)
{
	static const char name[] = API_SESSION_COOKIE "=";

	for (char *one = z; one;) {
		char *next = strchr(one, ';');
		if (next)
			*next++ = 0;
		one += strspn(one, " \t");
		if (strncmp(one, name, sizeof name - 1) == 0)
			return str_of(one + sizeof name - 1);
		one = next;
	}
	return STR("");
}

static void take_field(struct api_call *call, char *line, uint64_t *ret_length)
{
	char *value = strchr(line, ':');
	const struct {
		const char *name;
		struct str *to;
	} plain[] = {{"Content-Type", &call->content_type},
		     {"Idempotency-Key", &call->idempotency_key},
		     {"Authorization", &call->authorization},
		     {"X-CSRF-Token", &call->csrf},
		     {"If-None-Match", &call->if_none_match},
		     {"Last-Event-ID", &call->last_event_id}};

	if (!value)
		return;
	*value++ = 0;
	value += strspn(value, " \t");
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (strcasecmp(line, plain[i].name) == 0 && !plain[i].to->p)
			*plain[i].to = str_of(value);
	if (strcasecmp(line, "Cookie") == 0 && !call->session.p)
		call->session = cookie_of(value);
	if (strcasecmp(line, "Accept-Language") == 0)
		call->lang = lang_from_accept(str_of(value));
	if (strcasecmp(line, "Content-Length") == 0)
		(void)str_to_u64(str_of(value), ret_length);
}

/* False: there is no request line. The body is copied, so that a sanitizer sees its end. */
static bool parse(struct api_call *call, char *text, size_t n, uint64_t *ret_length)
{
	char *at = text, *line = next_line(&at, text + n), *target, *query;

	if (!line || !(target = strchr(line, ' ')) || target[1] != '/')
		return false;
	*target++ = 0;
	call->method = method_of(line, &call->is_head);
	target[strcspn(target, " \r")] = 0;
	query = strchr(target, '?');
	if (query)
		*query++ = 0;
	field_unescape(target);
	call->path = str_of(target);
	take_query(call, query);
	while ((line = next_line(&at, text + n)) && *line)
		take_field(call, line, ret_length);
	call->body = (struct str){at ? at : text + n, at ? (size_t)(text + n - at) : 0};
	return true;
}

/* ---- asking ---- */

static void resumed(struct api_call *call)
{
	(void)call;
}

static unsigned no_limit(struct api_call *call)
{
	(void)call;
	return 0;
}

static void ask(struct world *w, struct api_call *call, uint64_t length, struct wire_answer *ret)
{
	size_t body_max = 0;
	enum err e = api_route_find(call, &body_max);
	enum api_next next = API_ANSWERED;

	if (e == ERR_OK && (call->body.n > body_max || length > body_max))
		e = ERR_TOO_LARGE;
	if (e == ERR_OK)
		next = api_begin(&w->api, call);
	else
		api_problem(&w->api, call, e, NULL, MSG_COUNT);
	while (next == API_WAIT || next == API_WAIT_FIRST) {
		api_start(&w->api, call);
		next = api_resume(&w->api, call);
	}
	ret->streams = next == API_STREAM;
}

bool wire_call(struct world *w, struct str text, struct wire_answer *ret)
{
	struct api_call call = {.resume = resumed, .limit = no_limit, .lang = LANG_ZH};
	uint64_t length = 0;
	size_t n = 0;
	char *memory = with_words(w, text, &n), *body = NULL;

	*ret = (struct wire_answer){0};
	if (!memory)
		return false;
	if (!parse(&call, memory, n, &length)) {
		free(memory);
		return false;
	}
	body = fuzz_alloc(call.body.n);
	if (call.body.n > 0)
		memcpy(body, call.body.p, call.body.n);
	call.body.p = body;
	w->desk.touches = 0;
	ask(w, &call, length, ret);
	ret->commands = w->desk.touches;
	ret->status = ret->streams ? 200 : call.status;
	ret->method = call.method;
	ret->has_key = call.route && call.route->request_id;
	ret->anyone = call.actor.kind == API_ANYONE && !call.actor.has_secret;
	ret->cookie_n = strlen(call.cookie);
	snprintf(ret->media, sizeof ret->media, "%s",
		 ret->streams	       ? "text/event-stream"
		 : call.content_type_out ? call.content_type_out
					 : "");
	snprintf(ret->operation, sizeof ret->operation, "%s", api_operation(&call));
	ret->n = call.out_n;
	ret->body = fuzz_alloc(call.out_n + 1);
	if (call.out_n > 0)
		memcpy(ret->body, call.out, call.out_n);
	ret->body[call.out_n] = 0;
	api_call_fini(&call);
	free(body);
	free(memory);
	return true;
}

void wire_answer_fini(struct wire_answer *a)
{
	free(a->body);
	a->body = NULL;
}
