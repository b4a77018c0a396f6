/* A file attached to a case: looked at and sealed on a thread of its own, then named by an entry.
 * What no entry names goes again. */
#include "case_rows.h"

#include "access.h"

#include <stdlib.h>

struct attach_call {
	struct api *api;
	bool is_asked; /* the writer was: an entry may name the file, whoever hears of it */
	struct api_upload upload;
	struct case_order order;
	char account[ACCOUNT_TEXT_BYTES];
	char entry[ANSWER_ENTRY_OVERHEAD];
};

/* A client that went, or a stop, may come between the file and its command. */
static void attach_call_free(void *p)
{
	struct attach_call *x = p;

	x->api->upload_end(x->api->ctx, &x->upload, x->is_asked);
	seal_wipe(p, sizeof(struct attach_call));
	free(p);
}

/* Of a request that is sent again the entry names the file that came with it before. */
static bool names_file(const struct answer *a, const struct hash32 *hash)
{
	char hex[2 * HASH_BYTES];
	struct buf b = buf_over(hex, sizeof hex);
	struct str entry = buf_str(&a->entry);

	buf_put_hex(&b, hash->b, HASH_BYTES);
	return a->err == ERR_OK && memmem(entry.p, entry.n, hex, sizeof hex);
}

static enum api_next attached(struct api *api, struct api_call *call)
{
	struct attach_call *x = call->state;
	const struct answer *a = &call->command.answer;
	json_t *json;

	api->upload_end(api->ctx, &x->upload, names_file(a, &x->upload.given.hash));
	if (a->err != ERR_OK) {
		api_problem_of(api, call, a->err, &x->order.problem, a->field);
		return API_ANSWERED;
	}
	json = written(a->n, buf_str(&a->entry), a->salt);
	put_masked(&json, "masked", &x->order.ret_masked);
	put_bool(&json, "as_it_came", x->upload.is_as_it_came);
	respond_json(api, call, 201, json);
	return API_ANSWERED;
}

static enum api_next uploaded(struct api *api, struct api_call *call)
{
	struct attach_call *x = call->state;

	if (x->upload.err != ERR_OK) {
		api_problem_of(api, call, x->upload.err, &x->upload.problem, "body");
		return API_ANSWERED;
	}
	x->order.attach = &x->upload.given;
	call->command.kind = COMMAND_CASE;
	call->command.cases.order = &x->order;
	call->command.answer.entry = buf_over(x->entry, sizeof x->entry);
	take_request(call, COMMAND_CASE, x->order.id);
	x->is_asked = true;
	return always_then(call, attached);
}

static void upload_done(struct api_upload *u)
{
	struct api_call *call = u->owner;

	call->resume(call);
}

static enum err start_upload(struct api *api, struct api_call *call)
{
	struct attach_call *x = call->state;

	x->upload.done = upload_done;
	x->upload.owner = call;
	return api->upload(api->ctx, &x->upload);
}

enum api_next route_attach(struct api *api, struct api_call *call)
{
	struct attach_call *x = calloc(1, sizeof *x);
	struct case_seen *seen = NULL;

	if (!x)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	x->api = api;
	call->state = x;
	call->state_free = attach_call_free;
	if (call->actor.kind == API_ANYONE && !call->actor.has_secret)
		return refuse(api, call, ERR_NOT_SIGNED_IN, NULL, MSG_SIGN_IN_REMEDY);
	if (!call->actor.has_secret && !access_at_desk(api, call))
		return API_ANSWERED;
	/* the writer decides; but nothing is kept beforehand for somebody who may not */
	if (!case_seen(api, call, POLICY_ATTACH, &seen))
		return API_ANSWERED;
	case_seen_free(seen);
	x->order.kind = CASE_ATTACH;
	x->order.id = call_u64(call, "id");
	take_actor(&x->order, call, STR(""), false, x->account);
	x->upload.content = (struct bytes){(const uint8_t *)call->body.p, call->body.n};
	x->upload.field = call_str(call, "field");
	x->upload.is_evidence = str_eq(call_str(call, "evidence"), STR("yes"));
	return wait_then(call, start_upload, uploaded);
}
