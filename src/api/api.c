/* The way of a call: who asks, may they, is the body what the file says, the route's steps. */
#include "api/api.h"

#include "access.h"
#include "api/contract.h"
#include "base/check.h"
#include "routes.h"
#include "validate.h"

#include <malloc.h>
#include <stdlib.h>

/* ---- who asks ---- */

/* Authorization: Case <base64 of a secret>; of a follower Case <entry they joined by>.<base64>. */
static bool take_case_secret(struct api *api, struct api_call *call)
{
	static const char scheme[] = "Case ";
	struct str text = call->authorization;
	size_t n = sizeof scheme - 1, got = 0;
	const char *dot;

	if (text.n == 0)
		return true;
	if (text.n > n && strncasecmp(text.p, scheme, n) == 0)
		text = (struct str){text.p + n, text.n - n};
	else
		text.n = 0;
	dot = text.n > 0 ? memchr(text.p, '.', text.n) : NULL;
	if (dot && str_to_u64((struct str){text.p, (size_t)(dot - text.p)}, &call->actor.follower))
		text = (struct str){dot + 1, text.n - (size_t)(dot + 1 - text.p)};
	if (b64_decode(text, call->actor.secret, sizeof call->actor.secret, &got) &&
	    got == sizeof call->actor.secret) {
		call->actor.has_secret = true;
		return true;
	}
	api_problem(api, call, ERR_NOT_SIGNED_IN, "Authorization", MSG_AUTHORIZATION_REMEDY);
	return false;
}

/* A page of another site can send the cookie along, but not read what goes with it. */
static bool has_csrf(struct api *api, struct api_call *call)
{
	uint8_t given[API_CSRF_BYTES];
	size_t n = 0;

	_Static_assert(API_CSRF_BYTES == SEAL_SECRET_BYTES, "compared by seal_secret_eq");
	if (call->method == API_GET || call->actor.session == 0)
		return true;
	if (b64_decode(call->csrf, given, sizeof given, &n) && n == sizeof given &&
	    seal_secret_eq(given, call->actor.csrf))
		return true;
	api_problem(api, call, ERR_FORBIDDEN, "X-CSRF-Token", MSG_CSRF_REMEDY);
	return false;
}

/* Whoever is not signed in has the measure of their address. A cookie that is no session is none.
 */
static bool within_limit(struct api *api, struct api_call *call)
{
	if (call->method == API_GET || call->actor.session != 0 || !call->limit)
		return true;
	call->retry_after_s = call->limit(call);
	if (call->retry_after_s == 0)
		return true;
	api_problem(api, call, ERR_TOO_MANY, NULL, MSG_COUNT);
	return false;
}

static bool may(struct api *api, struct api_call *call)
{
	enum err e = ERR_OK;

	if (!take_case_secret(api, call))
		return false;
	if (api->authenticate && call->session.n > 0)
		e = api->authenticate(api->ctx, call);
	if (e == ERR_OK && (!has_csrf(api, call) || !within_limit(api, call)))
		return false;
	if (e != ERR_OK)
		api_problem(api, call, e, NULL, MSG_COUNT);
	return e == ERR_OK && access_permit(api, call);
}

/* ---- the body ---- */

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

/* "image/png; x=y" is of "image/png" and of "image/" followed by a star. */
static bool is_of_type(struct str type, const char *wanted)
{
	size_t n = strlen(wanted);

	if (wanted[n - 1] == '*')
		return type.n > n - 1 && strncasecmp(type.p, wanted, n - 1) == 0;
	return type.n >= n && strncasecmp(type.p, wanted, n) == 0 &&
	       (type.n == n || type.p[n] == ';' || type.p[n] == ' ');
}

static bool has_media(struct api *api, struct api_call *call)
{
	char list[128];
	struct buf b = buf_over(list, sizeof list);
	struct str arg;

	for (unsigned i = 0; call->route->media[i]; i++) {
		if (is_of_type(call->content_type, call->route->media[i]))
			return true;
		buf_put_z(&b, i > 0 ? ", " : "");
		buf_put_z(&b, call->route->media[i]);
	}
	arg = buf_str(&b);
	problem_with(api, call, ERR_BAD_MEDIA, "Content-Type",
		     call->route->body ? MSG_SEND_JSON : MSG_SEND_MEDIA, &arg, 1);
	return false;
}

static bool take_json(struct api *api, struct api_call *call)
{
	struct invalid why;

	if (!too_deep(call->body))
		call->json = json_loadb(call->body.p, call->body.n,
					JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!json_is_object(call->json)) {
		api_problem(api, call, ERR_BAD_JSON, "body", MSG_SEND_JSON_OBJECT);
		return false;
	}
	if (check_json(call->route->body, call->json, &why))
		return true;
	problem_invalid(api, call, why.err, why.field, &why);
	return false;
}

static bool take_body(struct api *api, struct api_call *call)
{
	return !call->route->media ||
	       (has_media(api, call) && (!call->route->body || take_json(api, call)));
}

static bool take_request_id(struct api *api, struct api_call *call)
{
	if (!call->route->request_id)
		return true;
	if (request_id_parse(call->idempotency_key, call->command.request.id))
		return true;
	api_problem(api, call, ERR_BAD_INPUT, "Idempotency-Key", MSG_REQUEST_ID_REMEDY);
	return false;
}

void take_request(struct api_call *call, enum command_kind kind, uint64_t target)
{
	struct request_key *key = &call->command.request;

	_Static_assert(sizeof call->actor.account == sizeof key->actor, "an account is its id");
	CHECK(call->route->request_id);
	call->command.kind = kind;
	memcpy(key->actor, &call->actor.account, sizeof key->actor);
	request_body_hash(kind, target, call->body, key->body);
	key->present = true;
}

bool make_entry_room(struct api *api, struct api_call *call, size_t text_n)
{
	size_t cap = (text_n + SEAL_OVERHEAD_BYTES) / 3 * 4 + 8 + ANSWER_ENTRY_OVERHEAD;

	call->entry_memory = malloc(cap);
	if (!call->entry_memory) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return false;
	}
	call->command.answer.entry = buf_over(call->entry_memory, cap);
	call->command.answer.remedy = MSG_COUNT;
	return true;
}

/* ---- steps ---- */

enum api_next wait_then(struct api_call *call, api_start_fn *start, api_step_fn *next)
{
	call->start = start;
	call->next = next;
	return API_WAIT_FIRST;
}

static void command_done(struct command *c)
{
	struct api_call *call = c->owner;

	call->waited = c->answer.err;
	call->resume(call);
}

static enum err start_command(struct api *api, struct api_call *call)
{
	struct command *c = &call->command;

	c->done = command_done;
	c->owner = call;
	return api->submit(api->ctx, c);
}

enum api_next submit_then(struct api_call *call, api_step_fn *next)
{
	call->command.answer.remedy = MSG_COUNT;
	wait_then(call, start_command, next);
	return API_WAIT;
}

enum api_next always_then(struct api_call *call, api_step_fn *next)
{
	call->always = true;
	return submit_then(call, next);
}

enum api_next api_begin(struct api *api, struct api_call *call)
{
	CHECK(call->route);
	if (!take_params(api, call) || !may(api, call) || !take_body(api, call) ||
	    !take_request_id(api, call))
		return API_ANSWERED;
	return call->route->begin(api, call);
}

void api_start(struct api *api, struct api_call *call)
{
	enum err e;

	call->waited = ERR_OK;
	e = call->start(api, call);
	if (e == ERR_OK)
		return; /* the call may be back already */
	call->waited = e;
	call->resume(call);
}

enum api_next api_resume(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	bool by_command = call->start == start_command && a->err == call->waited;

	CHECK(call->next);
	if (call->always) {
		call->always = false;
		call->command.answer.err = call->waited;
		return call->next(api, call);
	}
	if (call->waited == ERR_OK)
		return call->next(api, call);
	return refuse(api, call, call->waited, by_command ? a->field : NULL,
		      by_command ? a->remedy : MSG_COUNT);
}

const char *api_operation(const struct api_call *call)
{
	return call->route ? call->route->operation : "-";
}

void api_call_fini(struct api_call *call)
{
	if (call->state_free)
		call->state_free(call->state);
	if (call->shelf_hold)
		call->shelf_release(call->shelf_hold);
	json_decref(call->json);
	free(call->out);
	free(call->entry_memory);
	if (call->text_memory)
		seal_wipe(call->text_memory, call->command.line.text.n);
	free(call->text_memory);
	call->out = call->entry_memory = call->text_memory = NULL;
	call->json = NULL;
	call->state_free = NULL;
}

/* ---- JSON that is wiped ---- */

static void wipe_free(void *p)
{
	if (p)
		seal_wipe(p, malloc_usable_size(p));
	free(p);
}

void api_wipe_json(void)
{
	json_set_alloc_funcs(malloc, wipe_free);
}
