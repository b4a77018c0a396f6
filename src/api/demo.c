/* The clock of a demo: what it says, and moving it on. Any other store has none of this. */
#include "access.h"
#include "put.h"

bool must_be_demo(struct api *api, struct api_call *call)
{
	if (api->reader->community.demo)
		return true;
	api_problem(api, call, ERR_NOT_FOUND, NULL, MSG_COUNT);
	return false;
}

static enum api_next respond_clock(struct api *api, struct api_call *call)
{
	json_t *json = json_object();

	put_i64(&json, "now", api_now(api));
	put_u64(&json, "speed", api->demo_speed ? api->demo_speed(api->ctx) : 0);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

enum api_next route_demoClock(struct api *api, struct api_call *call)
{
	return must_be_demo(api, call) ? respond_clock(api, call) : API_ANSWERED;
}

/* The writer carries out what is due on the way, each at its own instant, before it answers. */
enum api_next route_moveDemoClock(struct api *api, struct api_call *call)
{
	if (!must_be_demo(api, call) || !make_entry_room(api, call, 0))
		return API_ANSWERED;
	take_request(call, COMMAND_DEMO_CLOCK, 0);
	call->command.demo_clock.to_us = json_i64(call->json, "to", 0);
	return submit_then(call, respond_clock);
}
