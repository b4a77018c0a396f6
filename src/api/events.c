/* Live changes: who may subscribe, and from where on. What follows is written by whoever takes the
 * connection over. */
#include "access.h"

enum api_next route_events(struct api *api, struct api_call *call)
{
	struct api_stream *s = &call->stream;
	bool again = call->last_event_id.n > 0;
	enum err e;

	if (!access_at_desk(api, call))
		return API_ANSWERED;
	e = api->viewer ? api->viewer(api->ctx, api, call, s) : ERR_FORBIDDEN;
	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	s->has_since = again || call_given(call, "since");
	s->since = call_u64(call, "since");
	if (again && (!str_to_u64(call->last_event_id, &s->since) || s->since > INT64_MAX))
		return refuse(api, call, ERR_BAD_INPUT, "Last-Event-ID", MSG_WANT_DIGITS);
	if (!call->is_head)
		return API_STREAM;
	respond_bytes(api, call, "text/event-stream", "", 0);
	return API_ANSWERED;
}

enum err api_viewer(struct api *api, struct api_call *call, struct viewer *ret)
{
	return access_viewer(api, call, POLICY_SUBSCRIBE, ret);
}
