/* Answers: JSON, bytes, what the client has already, the session's cookie. */
#include "api/contract.h"
#include "api/fields.h"
#include "base/check.h"
#include "base/hash.h"
#include "routes.h"

#include <stdlib.h>

#define TAG_BYTES 16u          /* of the hash of an answer */
#define PACK_BYTES_MIN 1024u   /* below it packing saves no packet */

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

void respond_json(struct api *api, struct api_call *call, int status, json_t *json)
{
	size_t n = 0;
	char *text = json_text(json, &n);

	json_decref(json);
	if (!text) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return;
	}
	call->status = status;
	call->content_type_out = "application/json";
	call->out = text;
	call->out_n = n;
	if (!call->etag[0])
		call->cache_control = "no-store";
}

bool respond_unchanged(struct api_call *call, const char *tag)
{
	int n = snprintf(call->etag, sizeof call->etag, "W/\"%s\"", tag);

	CHECK(n > 0 && (size_t)n < sizeof call->etag);
	call->cache_control = "private, no-cache";
	if (!field_lists_etag(call->if_none_match, str_of(call->etag)))
		return false;
	call->status = 304;
	call->content_type_out = NULL;
	call->out_n = 0;
	return true;
}

void respond_json_tagged(struct api *api, struct api_call *call, json_t *json)
{
	char tag[2 * TAG_BYTES + 1];
	struct buf b = buf_over(tag, sizeof tag);
	struct hash32 hash;

	respond_json(api, call, 200, json);
	if (call->status != 200)
		return;
	hash_sha256(call->out, call->out_n, &hash);
	buf_put_hex(&b, hash.b, TAG_BYTES);
	if (respond_unchanged(call, buf_z(&b))) {
		free(call->out);
		call->out = NULL;
	}
	call->cache_control = "no-store";
}

void respond_session(struct api *api, struct api_call *call, struct str token)
{
	int n = snprintf(call->cookie, sizeof call->cookie,
			 API_SESSION_COOKIE "=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s",
			 (int)token.n, token.n > 0 ? token.p : "", token.n > 0 ? "" : "; Max-Age=0",
			 api->behind_tls ? "; Secure" : "");

	CHECK(n > 0 && (size_t)n < sizeof call->cookie);
}

bool api_may_pack(const struct api_call *call)
{
	const char *type = call->content_type_out;

	return call->route && call->route->gzip && call->status == 200 && !call->cookie[0] &&
	       call->out_n >= PACK_BYTES_MIN &&
	       (strcmp(type, "application/json") == 0 ||
		strcmp(type, "application/geo+json") == 0 || strcmp(type, "application/yaml") == 0);
}

/* ---- JSON ---- */

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

struct str json_str(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_string(value)
		       ? (struct str){json_string_value(value), json_string_length(value)}
		       : STR("");
}

int64_t json_i64(const json_t *object, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}
