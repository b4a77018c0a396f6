/* Being on duty: one's own, and for the desk how many are, by role and by grid. Nothing here tells
 * who, where or since when. */
#include "access.h"
#include "put.h"

#include "service/duties.h"

#include <stdlib.h>

struct duty_call {
	struct duty_order order;
	char entry[DUTY_ENTRY_BYTES];
};

/* ---- asked ---- */

static enum err put_mine(struct api *api, struct api_call *call, json_t **to)
{
	struct duty d;
	json_t *json;
	enum err e = duty_of(api->reader->db, api->reader->keys, call->actor.account, api_now(api),
			     &d);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	json = json_object();
	put_u64(&json, "n", d.n);
	put_str(&json, "area", (struct str){d.area_memory, d.area_n});
	put_i64(&json, "ends", d.ends_us);
	put_instant(&json, "break_until", d.break_until_us);
	json_put(to, "mine", json);
	return ERR_OK;
}

static json_t *list_of(const struct duty_count *v, unsigned n)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		json_t *json = json_object();
		put_str(&json, "name", (struct str){v[i].word, v[i].word_n});
		put_u64(&json, "on_duty", v[i].on_duty);
		put_u64(&json, "on_break", v[i].on_break);
		if (v[i].has_at)
			put_point(&json, "at", v[i].at);
		json_push(&list, json);
	}
	return list;
}

static enum err put_counts(struct api *api, struct api_call *call, json_t **to)
{
	struct duty_counts *c = malloc(sizeof *c);
	enum err e = c ? duty_count(api->reader->db, api_now(api), c) : ERR_NO_MEMORY;

	if (e == ERR_OK)
		e = duty_places(api->reader->db, api_today(api, call), c);
	if (e == ERR_OK) {
		json_t *json = json_object();
		put_u64(&json, "on_duty", c->on_duty);
		put_u64(&json, "on_break", c->on_break);
		json_put(&json, "roles", list_of(c->role, c->roles_n));
		json_put(&json, "areas", list_of(c->area, c->areas_n));
		json_put(to, "counts", json);
	}
	free(c);
	return e;
}

/* Two actions answer here: whoever may be on duty has their own, the desk the counts. */
enum api_next route_getDuty(struct api *api, struct api_call *call)
{
	unsigned where = 0;
	bool has_post = access_may(api, call, POLICY_BE_ON_DUTY, &where);
	bool counts = access_may(api, call, POLICY_SEE_DUTY, &where);
	json_t *json;
	enum err e = ERR_OK;

	if (!has_post && !access_must(api, call, POLICY_SEE_DUTY, &where))
		return API_ANSWERED;
	if (counts && !access_at_desk(api, call))
		return API_ANSWERED;
	json = json_object();
	put_bool(&json, "may", has_post);
	if (has_post)
		e = put_mine(api, call, &json);
	if (e == ERR_OK && counts)
		e = put_counts(api, call, &json);
	if (e != ERR_OK) {
		json_decref(json);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

/* ---- started, a break, ended ---- */

static enum api_next duty_done(struct api *api, struct api_call *call)
{
	const struct duty_call *x = call->state;
	const struct answer *a = &call->command.answer;

	if (a->err != ERR_OK)
		api_problem_of(api, call, a->err, &x->order.problem, a->field);
	else
		respond_json(api, call, 201, written(a->n, buf_str(&a->entry), a->salt));
	return API_ANSWERED;
}

static enum api_next submit_duty(struct api *api, struct api_call *call, enum duty_act act)
{
	struct duty_call *x = calloc(1, sizeof *x);

	if (!x)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	call->state = x;
	call->state_free = free;
	x->order = (struct duty_order){
	    .act = act,
	    .account = call->actor.account,
	    .role = call->actor.role,
	    .unit = call->actor.unit,
	    .area = json_str(call->json, "area"),
	    .until_us = json_i64(call->json, "until", 0),
	};
	call->command.duty.order = &x->order;
	call->command.answer.entry = buf_over(x->entry, sizeof x->entry);
	take_request(call, COMMAND_DUTY, act);
	return always_then(call, duty_done);
}

enum api_next route_startDuty(struct api *api, struct api_call *call)
{
	return submit_duty(api, call, DUTY_START);
}

enum api_next route_breakDuty(struct api *api, struct api_call *call)
{
	return submit_duty(api, call, DUTY_BREAK);
}

enum api_next route_resumeDuty(struct api *api, struct api_call *call)
{
	return submit_duty(api, call, DUTY_RESUME);
}

enum api_next route_endDuty(struct api *api, struct api_call *call)
{
	return submit_duty(api, call, DUTY_END);
}
