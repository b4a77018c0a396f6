/* What is wrong, as problem+json (RFC 9457). */
#include "api/contract.h"
#include "routes.h"

#include <stdlib.h>

#define REMEDY_BYTES_MAX 1024u
#define RETRY_SOON_S 1u

/* The failure is ours: give it an id that the log has too. Nothing that the client sent is told. */
static void put_error_id(struct api *api, struct api_call *call, enum err err, json_t **json)
{
	uint8_t random[API_ERROR_ID_BYTES];
	struct buf b = buf_over(call->error_id, sizeof call->error_id);

	entropy_fill(api->entropy, random, sizeof random);
	buf_put_hex(&b, random, sizeof random);
	json_put(json, "error_id", json_string(buf_z(&b)));
	if (api->failed)
		api->failed(api->ctx, buf_z(&b), err, api_operation(call));
}

static void put_remedy(struct api_call *call, enum msg remedy, const struct str *args, unsigned n,
		       json_t **json)
{
	char text[REMEDY_BYTES_MAX];
	struct buf b = buf_over(text, sizeof text);

	msg_put(&b, remedy, call->lang, args, n);
	json_put(json, "remedy", json_stringn(b.p, b.n));
}

void problem_with(struct api *api, struct api_call *call, enum err err, const char *field,
		  enum msg remedy, const struct str *args, unsigned n)
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
		put_remedy(call, remedy, args, n, &json);
	if (call->rule[0] && info->http_status == 403)
		json_put(&json, "rule", json_string(call->rule));
	if (info->http_status >= 500)
		put_error_id(api, call, err, &json);
	free(call->out);
	call->out = json_text(json, &call->out_n);
	json_decref(json);
	if (!call->out) {
		call->out = strdup(last_resort);
		call->out_n = call->out ? strlen(call->out) : 0;
		info = err_info(ERR_NO_MEMORY);
	}
	call->status = info->http_status;
	call->content_type_out = "application/problem+json";
	call->cache_control = "no-store";
	call->etag[0] = 0;
	call->cookie[0] = 0;
	if (info->retryable && call->retry_after_s == 0)
		call->retry_after_s = RETRY_SOON_S;
}

void api_problem_of(struct api *api, struct api_call *call, enum err err,
		    const struct problem *problem, const char *field)
{
	struct str args[PROBLEM_ARGS_MAX];

	if (problem->err == ERR_OK) {
		problem_with(api, call, err, field, MSG_COUNT, NULL, 0);
		return;
	}
	for (unsigned i = 0; i < problem->args_n; i++)
		args[i] = str_of(problem->arg[i]);
	problem_with(api, call, err, problem->field[0] ? problem->field : field, problem->msg, args,
		     problem->args_n);
}

void api_problem(struct api *api, struct api_call *call, enum err err, const char *field,
		 enum msg remedy)
{
	problem_with(api, call, err, field, remedy, NULL, 0);
}

enum api_next refuse(struct api *api, struct api_call *call, enum err err, const char *field,
		     enum msg remedy)
{
	api_problem(api, call, err, field, remedy);
	return API_ANSWERED;
}
