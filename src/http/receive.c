/* A request as it comes in: its address, its fields, its body under caps. */
#include "exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <time.h>

#define BODY_FIRST_BYTES 1024u

struct str exchange_header(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

static enum api_method method_of(const char *method)
{
	static const char *const names[API_METHOD_OTHER] = {
	    [API_GET] = "GET", [API_POST] = "POST", [API_PUT] = "PUT", [API_DELETE] = "DELETE"};

	for (unsigned i = 0; i < API_METHOD_OTHER; i++)
		if (strcmp(method, names[i]) == 0)
			return (enum api_method)i;
	return strcmp(method, "HEAD") == 0 ? API_GET : API_METHOD_OTHER;
}

/* ---- by address ---- */

static bool is_loopback(const struct sockaddr *a)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)a;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)a;

	if (a->sa_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* The last one that our own proxy wrote: what stands before it anybody can have written. */
static bool forwarded_for(struct str field, struct sockaddr_storage *ret)
{
	char text[INET6_ADDRSTRLEN];
	size_t at = field.n, n;

	while (at > 0 && field.p[at - 1] != ',' && field.p[at - 1] != ' ')
		at--;
	n = field.n - at;
	if (n == 0 || n >= sizeof text)
		return false;
	memcpy(text, field.p + at, n);
	text[n] = 0;
	memset(ret, 0, sizeof *ret);
	ret->ss_family = AF_INET;
	if (inet_pton(AF_INET, text, &((struct sockaddr_in *)ret)->sin_addr) == 1)
		return true;
	ret->ss_family = AF_INET6;
	return inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)ret)->sin6_addr) == 1;
}

/* Who is at the machine itself is not counted; what a proxy at it brings is, by its address. */
static bool address_of(const struct exchange *x, struct sockaddr_storage *ret)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info ? info->client_addr : NULL;

	if (!a)
		return false;
	if (is_loopback(a))
		return x->http->behind_proxy &&
		       forwarded_for(exchange_header(x->connection, "X-Forwarded-For"), ret);
	memset(ret, 0, sizeof *ret);
	memcpy(ret, a, a->sa_family == AF_INET ? sizeof(struct sockaddr_in)
					       : sizeof(struct sockaddr_in6));
	return true;
}

static bool is_big(const struct exchange *x)
{
	return x->body_max > HTTP_SMALL_BODY_BYTES;
}

static void take_net(struct exchange *x)
{
	struct sockaddr_storage a;

	x->has_net = address_of(x, &a);
	if (x->has_net)
		x->net = guard_net_of((const struct sockaddr *)&a);
}

/* ---- the request ---- */

struct exchange *exchange_new(struct http *h, struct MHD_Connection *c, const char *url,
			      const char *method, const void *line)
{
	struct exchange *x = calloc(1, sizeof *x);

	if (!x)
		return NULL;
	x->http = h;
	x->connection = c;
	x->since_us = guard_now_us();
	x->call.method = method_of(method);
	x->call.is_head = strcmp(method, "HEAD") == 0;
	x->call.path = str_of(url);
	x->call.lang = lang_from_accept(exchange_header(c, "Accept-Language"));
	exchange_refuse(x, api_route_find(&x->call, &x->body_max), NULL, MSG_COUNT);
	if (is_big(x))
		take_net(x);
	if (x->refused == ERR_NOT_FOUND && x->call.method != API_GET && web_find(url)) {
		x->refused = ERR_BAD_METHOD;
		x->call.allow = "GET, HEAD";
	}
	if (line == &h->line_with_many)
		x->call.query_n = API_PARAMS_MAX + 1;
	if (line == &h->line_with_blank)
		exchange_refuse(x, ERR_BAD_INPUT, NULL, MSG_ADDRESS_BLANK);
	return x;
}

static void drop_body(struct exchange *x)
{
	if (x->body)
		seal_wipe(x->body, x->body_cap);
	free(x->body);
	if (x->big_from) {
		x->http->bodies_bytes -= x->body_cap;
		*x->big_from = x->big_next;
		if (x->big_next)
			x->big_next->big_from = x->big_from;
		x->big_from = NULL;
	}
	x->body = NULL;
	x->body_n = x->body_cap = 0;
}

void exchange_free(struct exchange *x)
{
	api_call_fini(&x->call);
	drop_body(x);
	seal_wipe(x, sizeof *x); /* a command may hold a secret */
	free(x);
}

/* What big bodies from the same address hold; O(requests with one). */
static size_t held_from_there(const struct exchange *x)
{
	size_t n = 0;

	for (const struct exchange *one = x->http->big; one; one = one->big_next)
		if (one->has_net && memcmp(one->net.b, x->net.b, sizeof x->net.b) == 0)
			n += one->body_cap;
	return n;
}

/* Room for so many bytes beside those that are held. */
static bool has_room(const struct exchange *x, uint64_t n)
{
	return !is_big(x) ||
	       (n <= HTTP_BODIES_BYTES_MAX - x->http->bodies_bytes &&
		(!x->has_net || n + held_from_there(x) <= HTTP_ADDRESS_BODIES_BYTES_MAX));
}

static void count_big(struct exchange *x, size_t more)
{
	struct http *h = x->http;

	h->bodies_bytes += more;
	if (x->big_from)
		return;
	x->big_next = h->big;
	x->big_from = &h->big;
	if (h->big)
		h->big->big_from = &x->big_next;
	h->big = x;
}

/* Room for n bytes more, which the route's cap allows; ERR_BUSY where big bodies together, or those
 * from this address, have as much as they may. Not realloc, which leaves a copy behind. */
static enum err grow(struct exchange *x, size_t n)
{
	size_t cap = x->body_cap ? x->body_cap : BODY_FIRST_BYTES;
	char *grown;

	while (cap < x->body_n + n)
		cap *= 2;
	if (cap > x->body_max)
		cap = x->body_max;
	/* for a moment the old one is there, too */
	if (!has_room(x, cap))
		return ERR_BUSY;
	grown = malloc(cap);
	if (!grown)
		return ERR_NO_MEMORY;
	if (x->body) {
		memcpy(grown, x->body, x->body_n);
		seal_wipe(x->body, x->body_cap);
	}
	free(x->body);
	if (is_big(x))
		count_big(x, cap - x->body_cap);
	x->body = grown;
	x->body_cap = cap;
	return ERR_OK;
}

bool exchange_take_body(struct exchange *x, const char *data, size_t n)
{
	if (x->refused == ERR_OK && n > x->body_max - x->body_n)
		exchange_refuse(x, ERR_TOO_LARGE, "body", MSG_BODY_TOO_LARGE_REMEDY);
	if (x->refused == ERR_OK && x->body_n + n > x->body_cap)
		x->refused = grow(x, n);
	if (x->refused == ERR_OK) {
		memcpy(x->body + x->body_n, data, n);
		x->body_n += n;
		return true;
	}
	drop_body(x); /* nobody will read it */
	x->discarded += n;
	return x->discarded <= HTTP_DISCARD_BYTES_MAX;
}

/* Its length may be in doubt (RFC 9112, section 6.3: what one reads as the body another may read as
 * the next request), nobody would read that much, or the client waits to hear whether it is to send
 * it. */
bool exchange_judge_length(struct exchange *x, const char *version)
{
	struct str expect = exchange_header(x->connection, "Expect");
	uint64_t n = 0;

	if (!head_judge(x, version))
		return false;
	if (!str_to_u64(exchange_header(x->connection, "Content-Length"), &n))
		n = 0;
	if (x->refused == ERR_OK && n > x->body_max)
		exchange_refuse(x, ERR_TOO_LARGE, "body", MSG_BODY_TOO_LARGE_REMEDY);
	if (x->refused == ERR_OK && !has_room(x, n))
		x->refused = ERR_BUSY;
	return x->refused == ERR_OK || (n <= HTTP_DISCARD_BYTES_MAX && (n == 0 || expect.n == 0));
}

static enum MHD_Result take_query(void *ctx, enum MHD_ValueKind kind, const char *name,
				  const char *value)
{
	struct api_call *call = ctx;

	(void)kind;
	if (call->query_n < API_PARAMS_MAX)
		call->query[call->query_n] =
		    (struct api_field){str_of(name), str_of(value ? value : "")};
	call->query_n++;
	return call->query_n <= API_PARAMS_MAX ? MHD_YES : MHD_NO;
}

/* Whom failures to sign in count against: at the machine itself nobody. */
static void take_peer(struct exchange *x)
{
	struct sockaddr_storage a;

	if (!address_of(x, &a))
		return;
	if (a.ss_family == AF_INET)
		x->call.peer = peer_address_of(
		    (const uint8_t *)&((struct sockaddr_in *)&a)->sin_addr, 4);
	else
		x->call.peer = peer_address_of(
		    (const uint8_t *)&((struct sockaddr_in6 *)&a)->sin6_addr, 16);
}

void exchange_take_fields(struct exchange *x)
{
	struct MHD_Connection *c = x->connection;
	struct api_call *call = &x->call;

	call->body = (struct str){x->body ? x->body : "", x->body_n};
	call->content_type = exchange_header(c, "Content-Type");
	call->idempotency_key = exchange_header(c, "Idempotency-Key");
	call->authorization = exchange_header(c, "Authorization");
	call->csrf = exchange_header(c, "X-CSRF-Token");
	call->if_none_match = exchange_header(c, "If-None-Match");
	call->last_event_id = exchange_header(c, "Last-Event-ID");
	MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, take_query, call);
	take_peer(x);
}

unsigned exchange_limit(struct api_call *call)
{
	struct exchange *x = (struct exchange *)call;
	struct sockaddr_storage address;
	struct timespec now;

	if (!address_of(x, &address))
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return limits_take(&x->http->limits, &address,
			   now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000 + 1);
}
