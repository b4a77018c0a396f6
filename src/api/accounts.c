/* Accounts, by whoever manages them: made, and listed without names. A password is hashed on its
 * own thread, the writer makes the account, and the request waits meanwhile. */
#include "access.h"
#include "put.h"

#include "service/account_order.h"

#include <stdlib.h>

#define ACCOUNT_FIELD_MAIL "mail" /* as the contact is called here */

struct making {
	struct account_order order;
	struct hash_job hash;
	char entry[ACCOUNT_ENTRY_BYTES];
};

static void making_free(void *p)
{
	seal_wipe(p, sizeof(struct making));
	free(p);
}

/* ---- what is asked for; views into the body ---- */

static void take_post(const json_t *json, struct account_post *ret)
{
	const json_t *areas = json_object_get(json, "areas");

	*ret =
	    (struct account_post){.role = json_str(json, "role"), .unit = json_str(json, "unit")};
	for (size_t i = 0; i < json_array_size(areas) && i < ACCOUNT_AREAS_MAX; i++) {
		const json_t *area = json_array_get(areas, i);
		ret->areas[ret->areas_n++] =
		    (struct str){json_string_value(area), json_string_length(area)};
	}
}

static void take_order(const struct api_call *call, struct account_order *o)
{
	const json_t *posts = json_object_get(call->json, "posts");

	o->act = ACCOUNT_MAKE;
	o->by = (struct account_actor){call->actor.account, call->actor.role, call->actor.unit};
	o->kind =
	    str_eq(json_str(call->json, "kind"), STR("staff")) ? ACCOUNT_STAFF : ACCOUNT_RESIDENT;
	o->lang = str_eq(json_str(call->json, "lang"), STR("zh")) ? LANG_ZH : LANG_EN;
	o->name = json_str(call->json, "name");
	o->contact = json_str(call->json, ACCOUNT_FIELD_MAIL);
	o->with_password = json_object_get(call->json, "password") != NULL;
	o->with_sheet = json_is_true(json_object_get(call->json, "sheet"));
	for (size_t i = 0; i < json_array_size(posts) && i < ACCOUNT_POSTS_MAX; i++)
		take_post(json_array_get(posts, i), &o->posts.v[o->posts.n++]);
}

/* The request is remembered by a hash of all that was asked for but the password: a fast hash of it
 * would be something to try passwords on. */
static bool take_account_request(struct api *api, struct api_call *call)
{
	json_t *rest = json_copy(call->json);
	char *text = NULL;
	size_t n = 0;

	if (rest)
		json_object_del(rest, "password");
	text = json_text(rest, &n);
	json_decref(rest);
	if (!text) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return false;
	}
	take_request(call, COMMAND_ACCOUNT, 0);
	request_body_hash(COMMAND_ACCOUNT, 0, (struct str){text, n}, call->command.request.body);
	free(text);
	return true;
}

/* ---- the steps ---- */

static enum api_next made(struct api *api, struct api_call *call)
{
	struct making *x = call->state;
	const struct answer *a = &call->command.answer;
	json_t *json, *codes;
	char sheet[24];

	if (a->err != ERR_OK) {
		if (x->order.problem.err != a->err)
			return refuse(api, call, a->err, a->field, a->remedy);
		if (strcmp(x->order.problem.field, "contact") == 0)
			memcpy(x->order.problem.field, ACCOUNT_FIELD_MAIL,
			       sizeof ACCOUNT_FIELD_MAIL);
		api_problem_of(api, call, a->err, &x->order.problem, NULL);
		return API_ANSWERED;
	}
	json = json_object();
	put_u64(&json, "account", a->n);
	if (x->order.has_codes) {
		codes = json_array();
		snprintf(sheet, sizeof sheet, "%llu", (unsigned long long)x->order.sheet);
		for (unsigned i = 0; i < CODE_SHEET_CODES; i++)
			json_push(&codes, json_string(x->order.codes[i]));
		put_z(&json, "sheet", sheet);
		json_put(&json, "codes", codes);
	}
	respond_json(api, call, 201, json);
	return API_ANSWERED;
}

static enum api_next give_order(struct api_call *call)
{
	struct making *x = call->state;

	call->command.accounts.order = &x->order;
	call->command.answer.entry = buf_over(x->entry, sizeof x->entry);
	return always_then(call, made);
}

static enum api_next hashed(struct api *api, struct api_call *call)
{
	struct making *x = call->state;

	if (x->hash.err != ERR_OK)
		return refuse(api, call, x->hash.err, NULL, MSG_COUNT);
	x->order.hash = x->hash.hash;
	return give_order(call);
}

static void hash_done(struct hash_job *job)
{
	struct api_call *call = job->owner;

	call->resume(call);
}

static enum err start_hash(struct api *api, struct api_call *call)
{
	struct making *x = call->state;

	x->hash.act = HASH_MAKE;
	x->hash.done = hash_done;
	x->hash.owner = call;
	return api->hash(api->ctx, &x->hash);
}

enum api_next route_makeAccount(struct api *api, struct api_call *call)
{
	struct str password = json_str(call->json, "password");
	struct making *x = calloc(1, sizeof *x);

	if (!x)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	call->state = x;
	call->state_free = making_free;
	take_order(call, &x->order);
	if (!take_account_request(api, call))
		return API_ANSWERED;
	if (!x->order.with_password)
		return give_order(call);
	if (!password_may_be(password))
		return refuse(api, call, ERR_BAD_INPUT, "password", MSG_PASSWORD_RULE);
	memcpy(x->hash.password, password.p, password.n);
	x->hash.password_n = password.n;
	return wait_then(call, start_hash, hashed);
}

/* ---- the list ---- */

enum api_next route_listAccounts(struct api *api, struct api_call *call)
{
	unsigned limit = (unsigned)call_u64(call, "limit"), n = 0, shown;
	int64_t after = 0, none = 0;
	char cursor[API_CURSOR_BYTES_MAX];
	struct account_row *rows;
	bool cursor_ok = true;
	json_t *json, *list;
	enum err e;

	take_cursor(api, call, &after, &none, &cursor_ok);
	if (!cursor_ok)
		return API_ANSWERED;
	rows = malloc((limit + 1) * sizeof *rows);
	e = rows ? account_list_staff(api->reader->db, (uint64_t)after, rows, limit + 1, &n)
		 : ERR_NO_MEMORY;
	if (e != ERR_OK) {
		free(rows);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	json = json_object();
	list = json_array();
	shown = n < limit ? n : limit;
	for (unsigned i = 0; i < shown; i++) {
		json_t *one;
		if (rows[i].ended != 0)
			continue;
		one = json_object();
		put_u64(&one, "account", rows[i].id);
		json_put(&one, "posts", posts_json(&rows[i].posts));
		json_push(&list, one);
	}
	json_put(&json, "accounts", list);
	if (n > shown)
		put_z(&json, "next", cursor_put(call, (int64_t)rows[shown - 1].id, 0, cursor));
	free(rows);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
