/* The answer of a call as a response: fields, 304, gzip. */
#include "exchange.h"

#include "api/fields.h"

#include <stdlib.h>

/* Packed where the client takes that. The route says which answers never are. */
static bool pack_answer(struct exchange *x)
{
	struct api_call *call = &x->call;
	size_t n = 0;
	char *packed;

	if (!field_takes_gzip(exchange_header(x->connection, "Accept-Encoding")))
		return false;
	packed = pack_bytes(x->http->pack, call->out, call->out_n, &n);
	if (!packed)
		return false;
	seal_wipe(call->out, call->out_n);
	free(call->out);
	call->out = packed;
	call->out_n = n;
	return true;
}

static void add_fields(const struct api_call *call, struct MHD_Response *r)
{
	char seconds[16];

	web_secure(r);
	if (call->content_type_out)
		MHD_add_response_header(r, "Content-Type", call->content_type_out);
	MHD_add_response_header(r, "Content-Security-Policy", "default-src 'none'");
	MHD_add_response_header(r, "Cache-Control",
				call->cache_control ? call->cache_control : "no-store");
	if (call->etag[0])
		MHD_add_response_header(r, "ETag", call->etag);
	if (call->cookie[0])
		MHD_add_response_header(r, "Set-Cookie", call->cookie);
	if (call->status >= 400)
		MHD_add_response_header(r, "Content-Language", lang_tag(call->lang));
	if (call->status == 401)
		MHD_add_response_header(r, "WWW-Authenticate", "Case realm=\"receipt\"");
	if (call->allow)
		MHD_add_response_header(r, "Allow", call->allow);
	if (call->retry_after_s > 0) {
		snprintf(seconds, sizeof seconds, "%u", call->retry_after_s);
		MHD_add_response_header(r, "Retry-After", seconds);
	}
}

/* The answer with its fields; its body, *ret_body, is the response's. NULL: no memory. */
static struct MHD_Response *response_of(struct exchange *x, const char **ret_body)
{
	struct api_call *call = &x->call;
	bool may_pack = api_may_pack(call), packed = may_pack && pack_answer(x);
	struct MHD_Response *r =
	    MHD_create_response_from_buffer(call->out_n, call->out, MHD_RESPMEM_MUST_FREE);

	if (!r)
		return NULL;
	*ret_body = call->out;
	call->out = NULL;
	add_fields(call, r);
	if (may_pack || call->status == 304)
		MHD_add_response_header(r, "Vary", "Accept-Encoding");
	if (packed)
		MHD_add_response_header(r, "Content-Encoding", "gzip");
	return r;
}

enum MHD_Result exchange_send(struct exchange *x)
{
	const char *body = NULL;
	struct MHD_Response *r = response_of(x, &body);
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	x->bytes_out = x->call.out_n;
	exchange_expect(x, SECONDS(HTTP_ANSWER_SECONDS), x->call.out_n);
	if (x->last)
		MHD_add_response_header(r, "Connection", "close");
	result = MHD_queue_response(x->connection, (unsigned)x->call.status, r);
	MHD_destroy_response(r);
	return result;
}

void exchange_send_past(struct exchange *x)
{
	const char *body = NULL;
	struct MHD_Response *r = response_of(x, &body);

	if (r && exchange_send_raw(x, r, body, x->call.out_n))
		x->bytes_out = x->call.out_n;
	else
		x->call.status = 0;
	if (r)
		MHD_destroy_response(r);
}
