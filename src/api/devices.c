/* Devices: what is said of one, how many work and are offline, and those that are offline. */
#include "access.h"
#include "put.h"

#include "service/device_order.h"
#include "service/devices.h"

#include <stdlib.h>

#define COMPONENT_ARENA_BYTES 8192u

/* ---- said ---- */

static enum api_next device_done(struct api *api, struct api_call *call)
{
	const struct device_order *o = call->state;
	const struct answer *a = &call->command.answer;
	json_t *json;

	if (a->err != ERR_OK) {
		api_problem_of(api, call, a->err, &o->problem, a->field);
		return API_ANSWERED;
	}
	json = json_object();
	put_u64(&json, "n", a->n);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

/* By the desk, or by the unit that the register names as its maintainer. */
static bool may_say(struct api *api, struct api_call *call, enum policy_action action, uint64_t id)
{
	struct place_component device = {0};
	_Alignas(16) char memory[COMPONENT_ARENA_BYTES];
	struct policy_place place = {{0}, {0}};
	struct arena a;
	enum err e;

	arena_init(&a, memory, sizeof memory);
	e = places_component(api->reader->db, id, PLACE_DAY_OPEN, &a, &device);
	if (e != ERR_OK && e != ERR_NOT_FOUND) {
		api_problem(api, call, e, NULL, MSG_COUNT);
		return false;
	}
	place.unit = device.maintainer; /* of none: nobody's, and the writer says that it is none */
	return access_place_must(api, call, action, &place);
}

/* The order of whoever asks, kept by the call; NULL: refused. */
static struct device_order *order_new(struct api *api, struct api_call *call,
				      enum policy_action action)
{
	struct device_order *o;
	uint64_t id = call_u64(call, "id");

	if (!may_say(api, call, action, id))
		return NULL;
	o = calloc(1, sizeof *o);
	if (!o) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return NULL;
	}
	call->state = o;
	call->state_free = free;
	*o = (struct device_order){.account = call->actor.account,
				   .role = call->actor.role,
				   .unit = call->actor.unit,
				   .place = id};
	call->command.device.order = o;
	return o;
}

static enum api_next give(struct api_call *call)
{
	take_request(call, COMMAND_DEVICE, call_u64(call, "id"));
	return always_then(call, device_done);
}

enum api_next route_setDeviceState(struct api *api, struct api_call *call)
{
	struct device_order *o = order_new(api, call, POLICY_SET_DEVICE_STATE);

	if (!o)
		return API_ANSWERED;
	o->since_us = json_i64(call->json, "since", 0);
	o->source = json_str(call->json, "source");
	if (!device_state_parse(json_str(call->json, "state"), &o->state))
		return refuse(api, call, ERR_BAD_INPUT, "state", MSG_COUNT);
	return give(call);
}

/* ---- a look at a camera's footage ---- */

enum api_next route_logFootageLook(struct api *api, struct api_call *call)
{
	struct device_order *o = order_new(api, call, POLICY_LOG_FOOTAGE);

	if (!o)
		return API_ANSWERED;
	o->is_look = true;
	o->looked_us = json_i64(call->json, "looked", 0);
	o->purpose = json_str(call->json, "purpose");
	o->case_id = (uint64_t)json_i64(call->json, "case", 0);
	return give(call);
}

/* For everybody, as the register is; for which case it was is the staff's. */
static void respond_looks(struct api *api, struct api_call *call, const struct camera_look *v,
			  unsigned n, unsigned limit)
{
	bool is_staff = access_place_class(api, call) > 0;
	char next[API_CURSOR_BYTES_MAX];
	json_t *json = json_object(), *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		json_t *one = json_object();
		put_u64(&one, "n", v[i].n);
		put_i64(&one, "at", v[i].at_us);
		put_i64(&one, "looked", v[i].looked_us);
		put_str(&one, "role", v[i].role);
		put_given(&one, "unit", v[i].unit);
		put_str(&one, "purpose", v[i].purpose);
		put_bool(&one, "for_case", v[i].case_id != 0);
		if (is_staff && v[i].case_id != 0)
			put_u64(&one, "case", v[i].case_id);
		json_push(&list, one);
	}
	json_put(&json, "looks", list);
	if (n == limit)
		put_z(&json, "next", cursor_put(call, (int64_t)v[n - 1].n, 0, next));
	respond_json(api, call, 200, json);
}

enum api_next route_footageLooks(struct api *api, struct api_call *call)
{
	uint64_t wanted = call_u64(call, "limit");
	unsigned limit = (unsigned)(wanted < CAMERA_LOOKS_MAX ? wanted : CAMERA_LOOKS_MAX), n = 0;
	struct camera_look v[CAMERA_LOOKS_MAX];
	int64_t before = 0, unused = 0;
	struct arena a;
	bool ok = true;
	char *memory;
	enum err e;

	(void)take_cursor(api, call, &before, &unused, &ok);
	if (!ok)
		return API_ANSWERED;
	memory = malloc(CAMERA_LOOKS_ARENA_BYTES);
	if (!memory)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	arena_init(&a, memory, CAMERA_LOOKS_ARENA_BYTES);
	e = camera_looks(api->reader->db, call_u64(call, "id"), (uint64_t)before, &a, limit, v, &n);
	if (e == ERR_OK)
		respond_looks(api, call, v, n, limit);
	else
		api_problem(api, call, e, NULL, MSG_COUNT);
	free(memory);
	return API_ANSWERED;
}

/* ---- asked ---- */

static json_t *kinds_of(const struct device_count *v, unsigned n, json_t **to)
{
	json_t *list = json_array();
	uint64_t working = 0, offline = 0;

	for (unsigned i = 0; i < n; i++) {
		json_t *json = json_object();
		put_str(&json, "kind", v[i].kind);
		put_u64(&json, "working", v[i].working);
		put_u64(&json, "offline", v[i].offline);
		json_push(&list, json);
		working += v[i].working;
		offline += v[i].offline;
	}
	put_u64(to, "working", working);
	put_u64(to, "offline", offline);
	return list;
}

static json_t *offline_of(const struct device_offline *d)
{
	json_t *json = json_object(), *place = json_object();

	put_u64(&place, "id", d->place.id);
	put_z(&place, "kind", place_kind_info(d->place.kind)->name);
	put_str(&place, "title", d->place.title);
	if (d->place.has_at)
		put_point(&place, "at", d->place.at);
	if (d->place.parent != 0)
		put_u64(&place, "parent", d->place.parent);
	put_z(&place, "state", device_state_name(d->now.state));
	put_i64(&place, "state_since", d->now.since_us);
	json_put(&json, "place", place);
	put_str(&json, "kind", d->kind);
	put_i64(&json, "since", d->now.since_us);
	put_given(&json, "maintainer", d->maintainer);
	put_given(&json, "source", d->now.source);
	put_u64(&json, "n", d->now.n);
	return json;
}

struct devices_page {
	struct device_count kind[DEVICE_KINDS_MAX];
	struct device_offline row[DEVICES_PAGE_MAX];
	unsigned kinds_n, n;
	bool more;
	_Alignas(16) char memory[DEVICES_ARENA_BYTES];
};

static enum err read_page(struct api *api, int64_t since, uint64_t place, unsigned limit,
			  struct devices_page *p)
{
	struct arena a;

	arena_init(&a, p->memory, sizeof p->memory);
	TRY(device_counts(api->reader->db, &a, p->kind, &p->kinds_n));
	return devices_offline(api->reader->db, since, place, &a, limit, p->row, &p->n, &p->more);
}

static void respond_page(struct api *api, struct api_call *call, const struct devices_page *p)
{
	char next[API_CURSOR_BYTES_MAX];
	json_t *json = json_object(), *list = json_array();

	for (unsigned i = 0; i < p->n; i++)
		json_push(&list, offline_of(&p->row[i]));
	json_put(&json, "kinds", kinds_of(p->kind, p->kinds_n, &json));
	json_put(&json, "list", list);
	put_bool(&json, "more", p->more);
	if (p->more)
		put_z(&json, "next",
		      cursor_put(call, p->row[p->n - 1].now.since_us,
				 (int64_t)p->row[p->n - 1].place.id, next));
	respond_json(api, call, 200, json);
}

enum api_next route_listDevices(struct api *api, struct api_call *call)
{
	uint64_t wanted = call_u64(call, "limit");
	unsigned limit = (unsigned)(wanted < DEVICES_PAGE_MAX ? wanted : DEVICES_PAGE_MAX);
	struct devices_page *p;
	int64_t since = INT64_MIN, place = 0;
	bool ok = true;
	enum err e;

	(void)take_cursor(api, call, &since, &place, &ok);
	if (!ok)
		return API_ANSWERED;
	p = malloc(sizeof *p);
	e = p ? read_page(api, since, (uint64_t)place, limit, p) : ERR_NO_MEMORY;
	if (e == ERR_OK)
		respond_page(api, call, p);
	else
		api_problem(api, call, e, NULL, MSG_COUNT);
	free(p);
	return API_ANSWERED;
}
