/* A report handed in, a step of a case: from the body to an order for the writer, and its answer.
 * The order's texts are views into the body, which the call keeps until it has been answered. */
#include "case_rows.h"

#include "access.h"
#include "base/check.h"
#include "service/case_order.h"

#include <stdlib.h>

struct case_call {
	struct case_order order;
	struct case_input fields[CASE_ORDER_FIELDS_MAX];
	struct str set[CASES_CONDITIONS_MAX], cleared[CASES_CONDITIONS_MAX];
	char account[ACCOUNT_TEXT_BYTES];
};

static void case_call_free(void *p)
{
	seal_wipe(p, sizeof(struct case_call)); /* it may hold a secret */
	free(p);
}

static struct case_call *case_call_new(struct api *api, struct api_call *call)
{
	struct case_call *x = calloc(1, sizeof *x);

	if (!x) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return NULL;
	}
	call->state = x;
	call->state_free = case_call_free;
	call->command.kind = COMMAND_CASE;
	call->command.cases.order = &x->order;
	return x;
}

static void take_fields(struct case_call *x, json_t *body)
{
	const json_t *fields = json_object_get(body, "fields");
	size_t n = json_array_size(fields);

	CHECK(n <= CASE_ORDER_FIELDS_MAX); /* the contract's cap */
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_array_get(fields, i);
		x->fields[i].field = json_str(one, "field");
		x->fields[i].value = json_str(one, "value");
	}
	x->order.fields = x->fields;
	x->order.fields_n = (unsigned)n;
}

static unsigned take_names(json_t *body, const char *key, struct str *ret)
{
	const json_t *list = json_object_get(body, key);
	size_t n = json_array_size(list);

	CHECK(n <= CASES_CONDITIONS_MAX);
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_array_get(list, i);
		ret[i] = (struct str){json_string_value(one), json_string_length(one)};
	}
	return (unsigned)n;
}

/* What the writer refused: the order's problem names field and remedy with words of the case. */
static enum api_next refuse_order(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	const struct case_order *o = call->command.cases.order;

	if (o->problem.err != ERR_OK)
		api_problem_of(api, call, a->err, &o->problem, NULL);
	else
		api_problem(api, call, a->err, a->field, a->remedy);
	return API_ANSWERED;
}

/* Entered by staff for a caller. */
static bool is_for_someone(const struct api_call *call)
{
	return json_is_true(json_object_get(call->json, "for_someone"));
}

/* ---- a report ---- */

static enum api_next handed_in(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	const struct case_order *o = call->command.cases.order;
	json_t *json;

	if (a->err != ERR_OK)
		return refuse_order(api, call);
	json = written(a->n, buf_str(&a->entry), a->salt);
	put_u64(&json, "id", o->ret_id);
	put_number(&json, "number", o->ret_number);
	/* whoever has an account acts by it; a caller's secret is printed for them */
	if (a->has_text && (call->actor.kind == API_ANYONE || is_for_someone(call)))
		json_put(&json, "secret", json_b64(a->secret, SEAL_SECRET_BYTES));
	put_masked(&json, "masked", &o->ret_masked);
	respond_json(api, call, 201, json);
	return API_ANSWERED;
}

/* An earlier case of theirs: its id, and its secret where they have no account. */
static bool take_theirs(struct api *api, struct api_call *call, const char *name, uint64_t *ret,
			uint8_t ret_secret[SEAL_SECRET_BYTES])
{
	json_t *earlier = json_object_get(call->json, name);
	struct str secret = json_str(earlier, "secret");
	size_t n = 0;

	*ret = (uint64_t)json_i64(earlier, "id", 0);
	if (secret.n > 0 &&
	    (!b64_decode(secret, ret_secret, SEAL_SECRET_BYTES, &n) || n != SEAL_SECRET_BYTES)) {
		api_problem(api, call, ERR_BAD_INPUT, name, MSG_SECRET_REMEDY);
		return false;
	}
	return true;
}

enum api_next route_handIn(struct api *api, struct api_call *call)
{
	struct case_call *x = case_call_new(api, call);
	struct case_order *o;

	if (!x)
		return API_ANSWERED;
	o = &x->order;
	o->kind = CASE_HAND_IN;
	o->type = json_str(call->json, "type");
	o->has_at = body_point(call->json, "at", &o->at);
	o->happened_us = (int64_t)(uint64_t)json_i64(call->json, "happened", 0);
	o->split_from = (uint64_t)json_i64(call->json, "split_from", 0);
	o->checklist = json_str(json_object_get(call->json, "finding"), "checklist");
	o->check_line = json_str(json_object_get(call->json, "finding"), "line");
	take_fields(x, call->json);
	take_actor(o, call, STR(""), true, x->account);
	take_request(call, COMMAND_CASE, 0);
	if (!take_theirs(api, call, "repeats", &o->repeats, o->repeats_secret) ||
	    !take_theirs(api, call, "offered_by", &o->offered_by, o->offered_secret) ||
	    !make_entry_room(api, call, CASE_ORDER_TEXT_BYTES_MAX))
		return API_ANSWERED;
	return always_then(call, handed_in);
}

/* ---- a step ---- */

static enum api_next done(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	const struct case_order *o = call->command.cases.order;
	json_t *json;

	if (a->err != ERR_OK)
		return refuse_order(api, call);
	json = written(a->n, buf_str(&a->entry), a->salt);
	/* of a new follower; whoever has an account acts by it, a caller by what is printed for
	 * them */
	if (a->has_text && (o->hand != CASE_HAND_ACCOUNT || is_for_someone(call)))
		json_put(&json, "secret", json_b64(a->secret, SEAL_SECRET_BYTES));
	put_masked(&json, "masked", &o->ret_masked);
	respond_json(api, call, 201, json);
	return API_ANSWERED;
}

/* `follow` begins a record of its own for whoever has no account; nobody else needs none. */
static bool begins_record(const struct api_call *call, struct str command)
{
	return str_eq(command, STR("follow")) && call->actor.kind == API_ANYONE;
}

enum api_next route_doCommand(struct api *api, struct api_call *call)
{
	struct case_call *x = case_call_new(api, call);
	struct str role = json_str(call->json, "role");
	struct case_order *o;

	if (x && call->actor.kind == API_ANYONE && !call->actor.has_secret &&
	    !begins_record(call, json_str(call->json, "command")))
		return refuse(api, call, ERR_NOT_SIGNED_IN, NULL, MSG_SIGN_IN_REMEDY);
	/* as one of the case nobody needs a desk */
	if (!x || (role.n == 0 && !call->actor.has_secret && !access_at_desk(api, call)))
		return API_ANSWERED;
	o = &x->order;
	o->kind = CASE_DO;
	o->id = call_u64(call, "id");
	o->command = json_str(call->json, "command");
	o->seen = (uint64_t)json_i64(call->json, "seen", 0);
	o->follower_channel = json_str(call->json, "channel");
	o->follower_is_confidential = json_is_true(json_object_get(call->json, "confidential"));
	take_fields(x, call->json);
	o->conditions_set = x->set;
	o->conditions_set_n = take_names(call->json, "conditions_set", x->set);
	o->conditions_cleared = x->cleared;
	o->conditions_cleared_n = take_names(call->json, "conditions_cleared", x->cleared);
	if (begins_record(call, o->command) && role.n == 0)
		role = STR(CASE_ROLE_FOLLOWER);
	o->has_at = body_point(call->json, "at", &o->at);
	take_actor(o, call, role, begins_record(call, o->command), x->account);
	take_request(call, COMMAND_CASE, o->id);
	if (!make_entry_room(api, call, CASE_ORDER_TEXT_BYTES_MAX))
		return API_ANSWERED;
	return always_then(call, done);
}

/* ---- one act for many ---- */

static enum api_next ordered(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	const struct case_order *o = call->command.cases.order;
	json_t *json;

	if (a->err != ERR_OK)
		return refuse_order(api, call);
	json = written(a->n, buf_str(&a->entry), a->salt);
	put_u64(&json, "done", o->ret_done);
	put_u64(&json, "refused", o->ret_refused);
	if (o->ret_next != 0)
		put_u64(&json, "next", o->ret_next);
	put_masked(&json, "masked", &o->ret_masked);
	respond_json(api, call, 201, json);
	return API_ANSWERED;
}

/* By somebody of the staff, at a desk where their unit keeps one: a secret acts in its own case. */
static enum api_next order_many(struct api *api, struct api_call *call, enum case_order_kind kind,
				uint64_t id)
{
	struct case_call *x = case_call_new(api, call);
	struct case_order *o;

	if (!x)
		return API_ANSWERED;
	if (call->actor.kind == API_ANYONE)
		return refuse(api, call, ERR_NOT_SIGNED_IN, NULL, MSG_SIGN_IN_REMEDY);
	if (!access_at_desk(api, call))
		return API_ANSWERED;
	o = &x->order;
	o->kind = kind;
	o->id = id;
	take_fields(x, call->json);
	take_actor(o, call, STR(""), false, x->account);
	take_request(call, COMMAND_CASE, id);
	if (!make_entry_room(api, call, 0))
		return API_ANSWERED;
	return always_then(call, ordered);
}

enum api_next route_answerChildren(struct api *api, struct api_call *call)
{
	return order_many(api, call, CASE_ANSWER_CHILDREN, call_u64(call, "id"));
}

enum api_next route_holdAll(struct api *api, struct api_call *call)
{
	return order_many(api, call, CASE_HOLD_ALL,
			  (uint64_t)json_i64(call->json, "after", 0));
}
