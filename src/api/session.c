/* Who is signed in: by name and password, by a code on paper, by one tap in a demo; another post;
 * out again. A password is hashed on its own thread, a session is begun by the writer, and the
 * request waits meanwhile. */
#include "access.h"
#include "put.h"

#include "service/accounts.h"

#include <stdlib.h>

#define DEMO_PEOPLE_MAX 64u

struct signing {
	struct sign_in s;
	struct session_order order;
	char entry[ANSWER_ENTRY_OVERHEAD];
};

static void signing_free(void *p)
{
	seal_wipe(p, sizeof(struct signing));
	free(p);
}

static struct signing *signing_new(struct api *api, struct api_call *call)
{
	struct signing *x = api->accounts ? calloc(1, sizeof *x) : NULL;

	if (!x) {
		api_problem(api, call, api->accounts ? ERR_NO_MEMORY : ERR_NOT_FOUND, NULL,
			    MSG_COUNT);
		return NULL;
	}
	call->state = x;
	call->state_free = signing_free;
	return x;
}

/* ---- what a session is ---- */

static json_t *post_json(const struct account_post *p)
{
	json_t *json = json_object(), *areas = json_array();

	put_str(&json, "role", p->role);
	put_str(&json, "unit", p->unit);
	for (unsigned i = 0; i < p->areas_n; i++)
		json_push(&areas, json_stringn(p->areas[i].p, p->areas[i].n));
	json_put(&json, "areas", areas);
	return json;
}

json_t *posts_json(const struct account_posts *posts)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < posts->n; i++)
		json_push(&list, post_json(&posts->v[i]));
	return list;
}

static json_t *nobody(void)
{
	json_t *json = json_object();

	put_bool(&json, "signed_in", false);
	return json;
}

static json_t *session_json(struct api *api, const struct account_session *s)
{
	struct account_row *row = malloc(sizeof *row);
	json_t *json = NULL;

	if (row && account_get(api->reader->db, s->account, row) == ERR_OK) {
		json = json_object();
		put_bool(&json, "signed_in", true);
		put_u64(&json, "account", s->account);
		put_z(&json, "kind", s->kind == ACCOUNT_STAFF ? "staff" : "resident");
		json_put(&json, "posts", posts_json(&row->posts));
		if (s->has_post)
			put_u64(&json, "post", s->post);
		put_z(&json, "lang", s->lang == LANG_ZH ? "zh" : "en");
		json_put(&json, "csrf", json_b64(s->csrf, sizeof s->csrf));
		put_bool(&json, "demo", s->demo);
	}
	free(row);
	return json;
}

static enum api_next respond_with_session(struct api *api, struct api_call *call, struct str token)
{
	const struct account_session *s = NULL;
	enum err e = accounts_session(api->accounts, token, api->clock(api->ctx), &s);

	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	respond_json(api, call, 200, session_json(api, s));
	return API_ANSWERED;
}

enum api_next route_getSession(struct api *api, struct api_call *call)
{
	const struct account_session *s = NULL;

	if (call->session.n > 0 && api->accounts &&
	    accounts_session(api->accounts, call->session, api->clock(api->ctx), &s) == ERR_OK) {
		respond_json(api, call, 200, session_json(api, s));
		return API_ANSWERED;
	}
	if (call->session.n > 0)
		respond_session(api, call, STR("")); /* it is over: the browser may forget it */
	respond_json(api, call, 200, nobody());
	return API_ANSWERED;
}

/* ---- signing in ---- */

static enum api_next refuse_sign_in(struct api *api, struct api_call *call, enum err e,
				    const struct sign_in *s, const char *field)
{
	api_problem(api, call, e, e == ERR_BAD_INPUT ? field : NULL,
		    e == ERR_BAD_INPUT ? MSG_CODE_REMEDY : MSG_COUNT);
	if (e == ERR_TOO_MANY)
		call->retry_after_s = s->retry_after_s;
	return API_ANSWERED;
}

static enum api_next signed_in(struct api *api, struct api_call *call)
{
	struct signing *x = call->state;
	enum err e;

	x->s.command.answer = call->command.answer;
	e = accounts_sign_in_done(api->accounts, &x->s);
	if (e != ERR_OK)
		return refuse_sign_in(api, call, e, &x->s, NULL);
	respond_session(api, call, str_of(x->s.token_text));
	return respond_with_session(api, call, str_of(x->s.token_text));
}

/* The session goes to the writer, as a command of the call. */
static enum api_next begin_session(struct signing *x, struct api_call *call)
{
	call->command = x->s.command;
	call->command.answer.entry = buf_over(x->entry, sizeof x->entry);
	return submit_then(call, signed_in);
}

static enum api_next hashed(struct api *api, struct api_call *call)
{
	struct signing *x = call->state;
	enum err e = accounts_sign_in_finish(api->accounts, &x->s, api->clock(api->ctx));

	if (e != ERR_OK)
		return refuse_sign_in(api, call, e, &x->s, NULL);
	return begin_session(x, call);
}

static void hash_done(struct hash_job *job)
{
	struct api_call *call = job->owner;

	call->resume(call);
}

static enum err start_hash(struct api *api, struct api_call *call)
{
	struct signing *x = call->state;

	x->s.hash.done = hash_done;
	x->s.hash.owner = call;
	return api->hash(api->ctx, &x->s.hash);
}

enum api_next route_signIn(struct api *api, struct api_call *call)
{
	struct signing *x = signing_new(api, call);
	enum err e;

	if (!x)
		return API_ANSWERED;
	e = accounts_sign_in_begin(api->accounts, json_str(call->json, "name"),
				   json_str(call->json, "password"), 0, call->peer,
				   api->clock(api->ctx), &x->s);
	if (e != ERR_OK)
		return refuse_sign_in(api, call, e, &x->s, "name");
	return wait_then(call, start_hash, hashed);
}

enum api_next route_signInBySheet(struct api *api, struct api_call *call)
{
	struct signing *x = signing_new(api, call);
	enum err e;

	if (!x)
		return API_ANSWERED;
	e = accounts_sign_in_code(api->accounts, json_str(call->json, "sheet"),
				  json_str(call->json, "code"), call->peer, api->clock(api->ctx),
				  &x->s);
	if (e != ERR_OK)
		return refuse_sign_in(api, call, e, &x->s, "code");
	return begin_session(x, call);
}

enum api_next route_demoSignIn(struct api *api, struct api_call *call)
{
	struct signing *x;
	enum err e;

	if (!must_be_demo(api, call) || !(x = signing_new(api, call)))
		return API_ANSWERED;
	e = accounts_sign_in_demo(api->accounts, (uint64_t)json_i64(call->json, "account", 0),
				  (unsigned)json_i64(call->json, "post", 0),
				  api->clock(api->ctx), &x->s);
	if (e != ERR_OK)
		return refuse(api, call, e, "account", MSG_COUNT);
	return begin_session(x, call);
}

/* ---- another post; out again ---- */

static enum api_next post_chosen(struct api *api, struct api_call *call)
{
	if (call->command.answer.err != ERR_OK)
		return refuse(api, call, call->command.answer.err, "post", MSG_COUNT);
	if (api->renew)
		api->renew(api->ctx, call->actor.account);
	return respond_with_session(api, call, call->session);
}

/* Who is signed in, or a refusal (NULL). */
static const struct account_session *own_session(struct api *api, struct api_call *call)
{
	const struct account_session *s = NULL;

	if (!api->accounts || call->session.n == 0 ||
	    accounts_session(api->accounts, call->session, api->clock(api->ctx), &s) != ERR_OK)
		api_problem(api, call, ERR_NOT_SIGNED_IN, NULL, MSG_SIGN_IN_REMEDY);
	return s;
}

enum api_next route_choosePost(struct api *api, struct api_call *call)
{
	const struct account_session *s = own_session(api, call);
	struct signing *x;

	if (!s || !(x = signing_new(api, call)))
		return API_ANSWERED;
	accounts_switch_post(s, (unsigned)json_i64(call->json, "post", 0), &x->order,
			     &call->command);
	return submit_then(call, post_chosen);
}

static enum api_next ended(struct api *api, struct api_call *call)
{
	if (call->command.answer.err != ERR_OK)
		return refuse(api, call, call->command.answer.err, NULL, MSG_COUNT);
	if (api->renew)
		api->renew(api->ctx, call->actor.account);
	respond_session(api, call, STR(""));
	respond_json(api, call, 200, nobody());
	return API_ANSWERED;
}

enum api_next route_endSession(struct api *api, struct api_call *call)
{
	const struct account_session *s = own_session(api, call);
	struct signing *x;

	if (!s || !(x = signing_new(api, call)))
		return API_ANSWERED;
	if (json_is_true(json_object_get(call->json, "all")))
		accounts_end_sessions(s->account, &x->order, &call->command);
	else
		accounts_end_session(s->account, s->id, &x->order, &call->command);
	return submit_then(call, ended);
}

/* ---- the people of a demo ---- */

enum api_next route_demoPeople(struct api *api, struct api_call *call)
{
	struct account_row *rows;
	struct account_person *person;
	unsigned n = 0;
	json_t *json, *people;
	enum err e;

	if (!must_be_demo(api, call))
		return API_ANSWERED;
	rows = malloc(DEMO_PEOPLE_MAX * sizeof *rows);
	person = malloc(sizeof *person);
	e = rows && person ? account_list_demo(api->reader->db, rows, DEMO_PEOPLE_MAX, &n)
			   : ERR_NO_MEMORY;
	json = json_object();
	people = json_array();
	for (unsigned i = 0; e == ERR_OK && i < n; i++) {
		json_t *one;
		if (rows[i].ended != 0 || account_open(api->reader->db, api->reader->keys, &rows[i],
						       person) != ERR_OK)
			continue;
		one = json_object();
		put_u64(&one, "account", rows[i].id);
		put_z(&one, "kind", rows[i].kind == ACCOUNT_STAFF ? "staff" : "resident");
		put_str(&one, "name", person->name);
		json_put(&one, "posts", posts_json(&rows[i].posts));
		json_push(&people, one);
		seal_wipe(person, sizeof *person);
	}
	free(person);
	free(rows);
	json_put(&json, "people", people);
	if (e != ERR_OK) {
		json_decref(json);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
