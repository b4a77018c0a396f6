/* A file attached to a case: looked at and sealed on a thread of its own, then named by an entry. What
 * no entry names goes again. */
#include "case_rows.h"

#include "access.h"

#include <stdlib.h>

struct attach_call {
	struct api_upload upload;
	struct case_order order;
	char account[ACCOUNT_TEXT_BYTES];
	char entry[ANSWER_ENTRY_OVERHEAD];
};

static void attach_call_free(void *p)
{
	seal_wipe(p, sizeof(struct attach_call));
	free(p);
}

static enum api_next attached(struct api *api, struct api_call *call)
{
	struct attach_call *x = call->state;
	const struct answer *a = &call->command.answer;
	json_t *json;

	api->upload_end(api->ctx, &x->upload, a->err == ERR_OK);
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
