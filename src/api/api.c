/* Routes found, bodies read, problems told. */
#include "api/api.h"

#include "base/check.h"
#include "routes.h"

#include <stdlib.h>

#define ERROR_ID_BYTES 6u
#define DUMP_FIRST_BYTES 4096u /* most responses; longer ones are written twice */

static const struct api_route routes[] = {
#define ROUTE(method, path, operation, body_max)                                                   \
	{API_##method, path, #operation, body_max, route_##operation},
#include "api/route_table.h"
#undef ROUTE
};

/* Does `path` fit the pattern? Its {n} and {path} go into the call. */
static bool path_fits(struct api_call *call, const char *pattern)
{
	struct str left = call->path;

	while (*pattern) {
		if (*pattern != '{') {
			if (left.n == 0 || left.p[0] != *pattern++)
				return false;
			left.p++;
			left.n--;
			continue;
		}
		if (strncmp(pattern, "{path}", 6) == 0) {
			call->rest = left;
			return left.n > 0;
		}
		struct str digits = {left.p, 0};
		while (digits.n < left.n && left.p[digits.n] >= '0' && left.p[digits.n] <= '9')
			digits.n++;
		if (!str_to_u64(digits, &call->n))
			return false;
		left.p += digits.n;
		left.n -= digits.n;
		pattern += 3;
	}
	return left.n == 0;
}

enum err api_route_find(struct api_call *call, size_t *ret_body_max)
{
	enum err e = ERR_NOT_FOUND;

	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (!path_fits(call, routes[i].path))
			continue;
		if (routes[i].method != call->method) {
			call->allow = routes[i].method == API_GET ? "GET, HEAD" : "POST";
			if (e == ERR_BAD_METHOD)
				call->allow = "GET, HEAD, POST";
			e = ERR_BAD_METHOD;
			continue;
		}
		call->route = &routes[i];
		call->allow = NULL;
		*ret_body_max = routes[i].body_max;
		return ERR_OK;
	}
	return e;
}

void respond_bytes(struct api *api, struct api_call *call, const char *content_type, const void *p,
		   size_t n)
{
	char *copy = malloc(n + 1);

	if (!copy) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return;
	}
	memcpy(copy, p, n);
	call->status = 200;
	call->content_type_out = content_type;
	call->out = copy;
	call->out_n = n;
}

/* As text in malloc'd memory, or NULL. json_dumps of jansson 2.14 leaves out keys when memory runs
 * out while it grows its buffer, so the memory is there first. */
static char *dump(const json_t *json, size_t *ret_n)
{
	char first[DUMP_FIRST_BYTES], *text;
	size_t n = json ? json_dumpb(json, first, sizeof first, JSON_COMPACT) : 0;

	if (n == 0)
		return NULL;
	text = malloc(n + 1);
	if (!text)
		return NULL;
	if (n <= sizeof first) {
		memcpy(text, first, n);
	} else if (json_dumpb(json, text, n, JSON_COMPACT) != n) {
		free(text);
		return NULL;
	}
	text[n] = 0;
	*ret_n = n;
	return text;
}

void respond_json(struct api *api, struct api_call *call, int status, json_t *json)
{
	size_t n = 0;
	char *text = dump(json, &n);

	json_decref(json);
	if (!text) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return;
	}
	call->status = status;
	call->content_type_out = "application/json";
	call->out = text;
	call->out_n = n;
	call->cache_control = "no-store";
}

/* The failure is ours: give it an id that the log has too. */
static void put_error_id(struct api *api, struct api_call *call, enum err err, json_t **json)
{
	uint8_t random[ERROR_ID_BYTES];
	struct buf b = buf_over(call->error_id, sizeof call->error_id);

	entropy_fill(api->entropy, random, sizeof random);
	buf_put_hex(&b, random, sizeof random);
	json_put(json, "error_id", json_string(buf_z(&b)));
	if (api->failed)
		api->failed(api->ctx, buf_z(&b), err, api_operation(call));
}

void api_problem(struct api *api, struct api_call *call, enum err err, const char *field,
		 enum msg remedy)
{
	static const char last_resort[] = "{\"type\":\"/problems/no-memory\",\"status\":503}";
	const struct err_info *info = err_info(err);
	const char *title = call->lang == LANG_ZH ? info->zh : info->en;
	char type[64];
	json_t *json = json_object();

	snprintf(type, sizeof type, "/problems/%s", info->name);
	json_put(&json, "type", json_string(type));
	json_put(&json, "title", json_string(title));
	json_put(&json, "status", json_integer(info->http_status));
	if (field)
		json_put(&json, "field", json_string(field));
	if (remedy != MSG_COUNT)
		json_put(&json, "remedy", json_string(msg_text(remedy, call->lang)));
	if (info->http_status >= 500)
		put_error_id(api, call, err, &json);
	free(call->out);
	call->out = dump(json, &call->out_n);
	json_decref(json);
	if (!call->out) {
		call->out = strdup(last_resort);
		call->out_n = call->out ? strlen(call->out) : 0;
		info = err_info(ERR_NO_MEMORY);
	}
	call->status = info->http_status;
	call->content_type_out = "application/problem+json";
	call->cache_control = "no-store";
	call->retry_after = info->retryable;
}

enum api_next refuse(struct api *api, struct api_call *call, enum err err, const char *field,
		     enum msg remedy)
{
	api_problem(api, call, err, field, remedy);
	return API_ANSWERED;
}

/* Nesting of brackets outside strings, counted before any parser sees the text. */
static bool too_deep(struct str s)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (in_string && c == '\\') {
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (!in_string && (c == '{' || c == '[')) {
			if (++depth > API_JSON_DEPTH_MAX)
				return true;
		} else if (!in_string && (c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return false;
}

static bool is_json_type(struct str t)
{
	static const char name[] = "application/json";
	size_t n = sizeof name - 1;

	return t.n >= n && strncasecmp(t.p, name, n) == 0 &&
	       (t.n == n || t.p[n] == ';' || t.p[n] == ' ');
}

json_t *body_object(struct api *api, struct api_call *call)
{
	json_t *json;

	if (!is_json_type(call->content_type)) {
		api_problem(api, call, ERR_BAD_MEDIA, "Content-Type", MSG_SEND_JSON);
		return NULL;
	}
	json = too_deep(call->body) ? NULL
				    : json_loadb(call->body.p, call->body.n,
						 JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!json_is_object(json)) {
		json_decref(json);
		api_problem(api, call, ERR_BAD_JSON, "body", MSG_SEND_JSON_OBJECT);
		return NULL;
	}
	return json;
}

bool only_members(struct api *api, struct api_call *call, json_t *object, const char *const *names)
{
	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
		bool known = false;
		for (size_t i = 0; names[i]; i++)
			known = known || strcmp(names[i], json_object_iter_key(it)) == 0;
		if (!known) {
			api_problem(api, call, ERR_BAD_INPUT, json_object_iter_key(it),
				    MSG_FIELD_UNKNOWN);
			return false;
		}
	}
	return true;
}

bool take_request_id(struct api *api, struct api_call *call, enum command_kind kind,
		     uint64_t target)
{
	struct request_key *key = &call->command.request;

	if (!request_id_parse(call->idempotency_key, key->id)) {
		api_problem(api, call, ERR_BAD_INPUT, "Idempotency-Key", MSG_REQUEST_ID_REMEDY);
		return false;
	}
	memset(key->actor, 0, sizeof key->actor);
	request_body_hash(kind, target, call->body, key->body);
	key->present = true;
	return true;
}

void json_put(json_t **to, const char *key, json_t *value)
{
	if (!*to) {
		json_decref(value);
	} else if (json_object_set_new(*to, key, value) != 0) {
		json_decref(*to);
		*to = NULL;
	}
}

void json_push(json_t **to, json_t *value)
{
	if (!*to) {
		json_decref(value);
	} else if (json_array_append_new(*to, value) != 0) {
		json_decref(*to);
		*to = NULL;
	}
}

json_t *json_b64(const void *p, size_t n)
{
	char text[256];
	struct buf b = buf_over(text, sizeof text);

	buf_put_b64(&b, p, n);
	CHECK(!b.over);
	return json_stringn(b.p, b.n);
}

enum api_next api_begin(struct api *api, struct api_call *call)
{
	CHECK(call->route);
	return call->route->begin(api, call);
}

void api_finish(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;

	if (a->err != ERR_OK) {
		api_problem(api, call, a->err, a->field, a->remedy);
		return;
	}
	respond_written(api, call);
}

const char *api_operation(const struct api_call *call)
{
	return call->route ? call->route->operation : "-";
}

void api_call_fini(struct api_call *call)
{
	free(call->out);
	free(call->entry_memory);
	if (call->text_memory)
		seal_wipe(call->text_memory, call->command.line.text.n);
	free(call->text_memory);
	call->out = call->entry_memory = call->text_memory = NULL;
}
