/* Live changes: who may subscribe, and from where on. What follows is written by whoever takes the
 * connection over. */
#include "routes.h"

enum api_next route_events(struct api *api, struct api_call *call)
{
	struct api_stream *s = &call->stream;
	struct str since = call->last_event_id.n > 0 ? call->last_event_id : call->query_since;
	const char *field = call->last_event_id.n > 0 ? "Last-Event-ID" : "since";
	enum err e = api->viewer ? api->viewer(api->ctx, call, s) : ERR_FORBIDDEN;

	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	s->has_since = since.n > 0;
	if (s->has_since && (!str_to_u64(since, &s->since) || s->since > INT64_MAX))
		return refuse(api, call, ERR_BAD_INPUT, field, MSG_QUERY_NUMBER_REMEDY);
	if (!call->is_head)
		return API_STREAM;
	respond_bytes(api, call, "text/event-stream", "", 0);
	return API_ANSWERED;
}
