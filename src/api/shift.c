/* Desks: who keeps which, opened, left a note in, taken over. The note is read as its addressee: by
 * whoever may keep a desk of the same unit; it is of nobody's record, so that is no look. */
#include "access.h"
#include "put.h"

#include "service/shifts.h"

#include <stdlib.h>

struct shift_call {
	struct shift_order order;
	char entry[SHIFT_ENTRY_BYTES];
};

/* ---- who keeps which ---- */

static enum err put_note(struct api *api, const struct shift *s, json_t **to)
{
	struct shift_note *note = malloc(sizeof *note);
	json_t *json;
	enum err e = note ? shift_read_note(api->reader, s->note, note) : ERR_NO_MEMORY;

	if (e == ERR_OK) {
		json = json_object();
		put_u64(&json, "n", note->n);
		put_i64(&json, "at", note->at_us);
		put_str(&json, "text", note->text);
		json_put(to, "note", json);
	}
	if (note)
		seal_wipe(note, sizeof *note);
	free(note);
	return e;
}

static enum err put_desk(struct api *api, const struct api_call *call, const struct shift *s,
			 json_t **list, bool *any_mine)
{
	json_t *json = json_object();
	bool mine = false;
	enum err e = shift_is_of(api->reader->keys, s, call->actor.account, &mine);

	put_u64(&json, "desk", s->desk);
	put_u64(&json, "n", s->n);
	put_i64(&json, "since", s->at_us);
	put_str(&json, "role", (struct str){s->role_memory, s->role.n});
	put_bool(&json, "mine", mine);
	if (e == ERR_OK && s->note != 0)
		e = put_note(api, s, &json);
	json_push(list, json);
	*any_mine = *any_mine || mine;
	return e;
}

enum api_next route_getShift(struct api *api, struct api_call *call)
{
	struct shift desks[SHIFT_DESKS_MAX];
	unsigned n = 0, where = 0;
	bool any_mine = false;
	json_t *json = json_object(), *list = json_array();
	enum err e = shifts_of_unit(api->reader->db, call->actor.unit, desks, &n);

	for (unsigned i = 0; e == ERR_OK && i < n; i++)
		e = put_desk(api, call, &desks[i], &list, &any_mine);
	put_str(&json, "unit", call->actor.unit);
	put_u64(&json, "desks_max", SHIFT_DESKS_MAX);
	put_bool(&json, "may_force", access_may(api, call, POLICY_FORCE_SHIFT, &where));
	put_bool(&json, "queue_open",
		 n == 0 || any_mine || access_may(api, call, POLICY_FORCE_SHIFT, &where));
	json_put(&json, "desks", list);
	if (e != ERR_OK) {
		json_decref(json);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

/* ---- opened, noted, taken over ---- */

static void shift_call_free(void *p)
{
	seal_wipe(p, sizeof(struct shift_call));
	free(p);
}

static enum api_next shift_done(struct api *api, struct api_call *call)
{
	const struct shift_call *x = call->state;
	const struct answer *a = &call->command.answer;

	if (a->err != ERR_OK)
		api_problem_of(api, call, a->err, &x->order.problem, a->field);
	else
		respond_json(api, call, 201, written(a->n, buf_str(&a->entry), a->salt));
	return API_ANSWERED;
}

static enum api_next submit_shift(struct api *api, struct api_call *call, enum shift_act act)
{
	struct shift_call *x = calloc(1, sizeof *x);
	unsigned where = 0;

	if (!x)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	call->state = x;
	call->state_free = shift_call_free;
	x->order = (struct shift_order){
	    .act = act,
	    .account = call->actor.account,
	    .role = call->actor.role,
	    .unit = call->actor.unit,
	    .desk = (unsigned)json_i64(call->json, "desk", 0),
	    .forced = json_is_true(json_object_get(call->json, "forced")),
	};
	if (act == SHIFT_NOTE)
		x->order.text = json_str(call->json, "note");
	else
		x->order.note = (uint64_t)json_i64(call->json, "note", 0);
	if (x->order.forced && !access_must(api, call, POLICY_FORCE_SHIFT, &where))
		return API_ANSWERED;
	call->command.shift.order = &x->order;
	call->command.answer.entry = buf_over(x->entry, sizeof x->entry);
	take_request(call, COMMAND_SHIFT, act);
	return always_then(call, shift_done);
}

enum api_next route_openShift(struct api *api, struct api_call *call)
{
	return submit_shift(api, call, SHIFT_OPEN);
}

enum api_next route_handOverShift(struct api *api, struct api_call *call)
{
	return submit_shift(api, call, SHIFT_NOTE);
}
