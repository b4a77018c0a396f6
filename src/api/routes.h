/* Within the api only: what a route does. */
#ifndef LIREN_API_ROUTES_H
#define LIREN_API_ROUTES_H

#include "api/api.h"

#include <jansson.h>

typedef enum api_next route_begin_fn(struct api *api, struct api_call *call);

struct api_route {
	enum api_method method;
	const char *path;
	const char *operation;
	size_t body_max;
	route_begin_fn *begin;
};

#define ROUTE(method, path, operation, body_max) route_begin_fn route_##operation;
#include "api/route_table.h"
#undef ROUTE

/* The response to a command that is durable: its entry, salt, and what opens its text. */
void respond_written(struct api *api, struct api_call *call);

/* The response is this JSON value (taken over). */
void respond_json(struct api *api, struct api_call *call, int status, json_t *json);
void respond_bytes(struct api *api, struct api_call *call, const char *content_type, const void *p,
		   size_t n);

/* A refusal, as the value of a begin function. */
enum api_next refuse(struct api *api, struct api_call *call, enum err err, const char *field,
		     enum msg remedy);

/* The body as a JSON object, or a refusal (then NULL, and the response is there). */
json_t *body_object(struct api *api, struct api_call *call);

/* The only members an object may have; the first other one is refused. */
bool only_members(struct api *api, struct api_call *call, json_t *object, const char *const *names);

/* The request id and the hash of what is asked, into the command; or a refusal (false). */
bool take_request_id(struct api *api, struct api_call *call, enum command_kind kind,
		     uint64_t target);

json_t *json_b64(const void *p, size_t n);

/* Put a value into an object or an array. Where memory runs out *to becomes NULL and stays so, and
 * respond_json refuses: a response is whole or none. */
void json_put(json_t **to, const char *key, json_t *value);
void json_push(json_t **to, json_t *value);

#endif
