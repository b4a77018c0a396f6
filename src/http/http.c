/* Connections to calls. A call is suspended before it is submitted, and resumed by the writer's
 * thread. */
#include "http/http.h"

#include "base/check.h"
#include "guard.h"
#include "http/fields.h"
#include "listen.h"
#include "web.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_FIRST_BYTES 1024u
#define ANSWERS_LEAVE_SECONDS 10 /* at a stop: for clients that are slow to take theirs */

struct http {
	struct MHD_Daemon *daemon;
	struct http_options o;
	struct api *api;
	struct guard guard;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	size_t suspended;  /* calls that the writer has */
	size_t under_way;  /* answers begun and not yet sent */
	bool stopping;
};

/* One request. `api` must stay first: a command's owner is found from it. */
struct exchange {
	struct api_call call;
	struct http *http;
	struct MHD_Connection *connection;
	char *body;
	size_t body_n, body_cap, body_max;
	size_t discarded;
	enum err refused; /* found out before the body: answered once it is read */
	bool submitted;
	bool counted; /* in under_way */
	bool last;    /* of its connection, because the program is stopping */
	int64_t since_us;
	bool is_page;
	uint64_t bytes_out;
};

/* ---- deadlines ---- */

#define SECONDS(n) ((int64_t)(n) * 1000000)

static void expect(struct exchange *x, int64_t in_us, uint64_t bytes)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	if (info && info->socket_context)
		guard_expect(&x->http->guard, info->socket_context,
			     guard_now_us() + in_us + SECONDS(bytes / HTTP_SLOW_BYTES));
}

/* The writer has it: nobody waits for the client. */
static void expect_nothing(struct exchange *x)
{
	expect(x, SECONDS(365 * 86400), 0);
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *h = ctx;
	int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	const struct sockaddr *address =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		struct guarded *c = malloc(sizeof *c);
		*socket_context = c; /* NULL: it has no deadline but that of the idle ones */
		if (c)
			guard_enter(&h->guard, c, fd, address,
				    guard_now_us() + SECONDS(HTTP_HEADER_SECONDS));
	} else if (*socket_context) {
		guard_leave(&h->guard, *socket_context);
		free(*socket_context);
		*socket_context = NULL;
	}
}

static enum MHD_Result on_accept(void *ctx, const struct sockaddr *address, socklen_t n)
{
	struct http *h = ctx;
	struct guard_net net = guard_net_of(address);

	(void)n;
	return guard_has_room(&h->guard, &net) ? MHD_YES : MHD_NO;
}

/* ---- requests ---- */

static struct str header_of(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

static struct str query_of(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name));
}

static enum api_method method_of(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return API_GET;
	return strcmp(method, "POST") == 0 ? API_POST : API_METHOD_OTHER;
}

static struct exchange *exchange_new(struct http *h, struct MHD_Connection *c, const char *url,
				     const char *method)
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
	x->call.lang = lang_from_accept(header_of(c, "Accept-Language"));
	x->refused = api_route_find(&x->call, &x->body_max);
	if (x->refused == ERR_NOT_FOUND && x->call.method != API_GET && web_find(url)) {
		x->refused = ERR_BAD_METHOD;
		x->call.allow = "GET, HEAD";
	}
	return x;
}

static void exchange_free(struct exchange *x)
{
	api_call_fini(&x->call);
	if (x->body)
		seal_wipe(x->body, x->body_cap);
	free(x->body);
	seal_wipe(x, sizeof *x); /* a command may hold a secret */
	free(x);
}

/* Keep what fits under the route's cap; beyond it only count. False: so much that the connection is
 * closed. */
static bool take_body(struct exchange *x, const char *data, size_t n)
{
	if (x->refused != ERR_OK || n > x->body_max - x->body_n) {
		if (x->refused == ERR_OK)
			x->refused = ERR_TOO_LARGE;
		x->discarded += n;
		return x->discarded <= HTTP_DISCARD_BYTES_MAX;
	}
	if (x->body_n + n > x->body_cap) {
		size_t cap = x->body_cap ? 2 * x->body_cap : BODY_FIRST_BYTES;
		char *grown;
		while (cap < x->body_n + n)
			cap *= 2;
		grown = malloc(cap); /* not realloc, which leaves a copy behind */
		if (!grown) {
			x->refused = ERR_NO_MEMORY;
			return true;
		}
		if (x->body) {
			memcpy(grown, x->body, x->body_n);
			seal_wipe(x->body, x->body_cap);
		}
		free(x->body);
		x->body = grown;
		x->body_cap = cap;
	}
	memcpy(x->body + x->body_n, data, n);
	x->body_n += n;
	return true;
}

static enum MHD_Result send_response(struct exchange *x)
{
	struct api_call *call = &x->call;
	struct MHD_Response *r =
	    MHD_create_response_from_buffer(call->out_n, call->out, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	x->bytes_out = call->out_n;
	expect(x, SECONDS(HTTP_ANSWER_SECONDS), call->out_n);
	call->out = NULL;
	web_secure(r);
	MHD_add_response_header(r, "Content-Type", call->content_type_out);
	MHD_add_response_header(r, "Content-Security-Policy", "default-src 'none'");
	MHD_add_response_header(r, "Cache-Control",
				call->cache_control ? call->cache_control : "no-store");
	if (call->status >= 400)
		MHD_add_response_header(r, "Content-Language", lang_tag(call->lang));
	if (call->allow)
		MHD_add_response_header(r, "Allow", call->allow);
	if (call->retry_after)
		MHD_add_response_header(r, "Retry-After", "1");
	if (x->last)
		MHD_add_response_header(r, "Connection", "close");
	result = MHD_queue_response(x->connection, (unsigned)call->status, r);
	MHD_destroy_response(r);
	return result;
}

/* From here to on_completed a stop waits for this answer. */
static void count_under_way(struct exchange *x)
{
	if (x->counted)
		return;
	x->counted = true;
	pthread_mutex_lock(&x->http->lock);
	x->http->under_way++;
	x->last = x->http->stopping;
	pthread_mutex_unlock(&x->http->lock);
}

/* From the writer's thread, after COMMIT. The exchange lives until the http thread has answered. */
static void command_done(struct command *c)
{
	struct exchange *x = c->owner;
	struct http *h = x->http;

	MHD_resume_connection(x->connection);
	pthread_mutex_lock(&h->lock);
	if (--h->suspended == 0)
		pthread_cond_signal(&h->idle);
	pthread_mutex_unlock(&h->lock);
}

/* Count the call as the writer's, unless the program is stopping. */
static bool begin_suspended(struct http *h)
{
	bool go_on;

	pthread_mutex_lock(&h->lock);
	go_on = !h->stopping;
	h->suspended += go_on;
	pthread_mutex_unlock(&h->lock);
	return go_on;
}

/* Suspend first: the writer may be done before submit returns. */
static enum MHD_Result hand_over(struct exchange *x)
{
	struct http *h = x->http;
	struct command *c = &x->call.command;
	enum err e;

	c->done = command_done;
	c->owner = x;
	c->answer.remedy = MSG_COUNT;
	x->submitted = true;
	if (!begin_suspended(h)) {
		c->answer.err = ERR_STOPPING;
		api_finish(h->api, &x->call);
		return send_response(x);
	}
	expect_nothing(x);
	MHD_suspend_connection(x->connection);
	e = h->api->submit(h->api->ctx, c);
	if (e != ERR_OK) {
		c->answer.err = e;
		command_done(c);
	}
	return MHD_YES;
}

static const char *refused_field(enum err e)
{
	return e == ERR_TOO_LARGE ? "body" : e == ERR_BAD_INPUT ? "Content-Length" : NULL;
}

static enum msg refused_remedy(enum err e)
{
	return e == ERR_TOO_LARGE   ? MSG_BODY_TOO_LARGE_REMEDY
	       : e == ERR_BAD_INPUT ? MSG_LENGTH_ONCE
				    : MSG_COUNT;
}

/* The socket goes to whoever writes streams. libmicrohttpd closes its own descriptor of it without
 * a shutdown (MHD_USE_TURBO), so that the duplicate stays connected; what it cannot do itself is a
 * switch of protocols with status 200. */
static enum MHD_Result hand_stream(struct exchange *x)
{
	struct http *h = x->http;
	struct api_call *call = &x->call;
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	enum err e = ERR_BUSY;
	int fd = -1;

	if (x->last)
		e = ERR_STOPPING;
	else if (h->o.take_stream && (fd = fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 3)) >= 0)
		e = h->o.take_stream(h->o.ctx, fd, &call->stream);
	if (e == ERR_OK) {
		call->status = 200;
		return MHD_NO;
	}
	if (fd >= 0)
		close(fd);
	api_problem(h->api, call, e, NULL, MSG_COUNT);
	return send_response(x);
}

static enum MHD_Result answer_page(struct exchange *x, const struct web_file *file)
{
	x->is_page = true;
	expect(x, SECONDS(HTTP_ANSWER_SECONDS), file->bytes_n);
	return web_respond(x->connection, file, &x->call.status, &x->bytes_out);
}

static enum MHD_Result answer_now(struct exchange *x)
{
	struct api_call *call = &x->call;
	const struct web_file *file = x->refused == ERR_NOT_FOUND && call->method == API_GET
					      ? web_find(call->path.p)
					      : NULL;

	count_under_way(x);
	if (file)
		return answer_page(x, file);
	if (x->refused != ERR_OK) {
		api_problem(x->http->api, call, x->refused, refused_field(x->refused),
			    refused_remedy(x->refused));
		return send_response(x);
	}
	call->body = (struct str){x->body ? x->body : "", x->body_n};
	call->content_type = header_of(x->connection, "Content-Type");
	call->idempotency_key = header_of(x->connection, "Idempotency-Key");
	call->query_before = query_of(x->connection, "before");
	call->query_limit = query_of(x->connection, "limit");
	call->query_since = query_of(x->connection, "since");
	call->last_event_id = header_of(x->connection, "Last-Event-ID");
	switch (api_begin(x->http->api, call)) {
	case API_ANSWERED:
		return send_response(x);
	case API_STREAM:
		return hand_stream(x);
	case API_SUBMIT:
		break;
	}
	return hand_over(x);
}

static enum MHD_Result count_field(void *ctx, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	unsigned *n = ctx;

	(void)kind;
	(void)value;
	*n += strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0;
	return MHD_YES;
}

/* By the header alone. False: answer now and close the connection, without the body: because its
 * length is in doubt (RFC 9112, section 6.3: what one reads as the body another may read as the
 * next request), because nobody would read that much, or because the client waits to hear whether
 * it is to send it. */
static bool judge_length(struct exchange *x)
{
	struct str expect = header_of(x->connection, "Expect");
	uint64_t n = 0;
	unsigned fields = 0;

	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_field, &fields);
	if (fields > 1) {
		x->refused = ERR_BAD_INPUT;
		return false;
	}
	if (!str_to_u64(header_of(x->connection, "Content-Length"), &n))
		n = 0;
	if (x->refused == ERR_OK && n > x->body_max)
		x->refused = ERR_TOO_LARGE;
	return x->refused == ERR_OK || (n <= HTTP_DISCARD_BYTES_MAX && (n == 0 || expect.n == 0));
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *data_n, void **state)
{
	struct http *h = ctx;
	struct exchange *x = *state;

	(void)version;
	if (!x) {
		x = exchange_new(h, connection, url, method);
		*state = x;
		if (!x)
			return MHD_NO;
		expect(x, SECONDS(HTTP_BODY_SECONDS), x->body_max);
		return judge_length(x) ? MHD_YES : answer_now(x);
	}
	if (*data_n > 0) {
		bool go_on = take_body(x, data, *data_n);
		*data_n = 0;
		return go_on ? MHD_YES : MHD_NO;
	}
	if (!x->submitted)
		return answer_now(x);
	api_finish(h->api, &x->call);
	return send_response(x);
}

static void tell_seen(struct exchange *x)
{
	const struct api_call *call = &x->call;
	struct http_seen seen = {
	    .method = call->is_head		    ? "HEAD"
		      : call->method == API_GET	    ? "GET"
		      : call->method == API_POST    ? "POST"
						    : "other",
	    .operation = x->is_page ? "page" : api_operation(call),
	    .error_id = call->error_id,
	    .status = call->status,
	    .us = guard_now_us() - x->since_us,
	    .bytes_in = x->body_n + x->discarded,
	    .bytes_out = x->bytes_out,
	};

	if (x->http->o.seen)
		x->http->o.seen(x->http->o.ctx, &seen);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct http *h = ctx;
	struct exchange *x = *state;

	(void)connection;
	(void)code;
	*state = NULL;
	if (!x)
		return;
	tell_seen(x);
	expect(x, SECONDS(HTTP_IDLE_SECONDS + HTTP_HEADER_SECONDS), 0);
	if (x->counted) {
		pthread_mutex_lock(&h->lock);
		if (--h->under_way == 0)
			pthread_cond_signal(&h->idle);
		pthread_mutex_unlock(&h->lock);
	}
	exchange_free(x);
}

static size_t unescape(void *ctx, struct MHD_Connection *connection, char *z)
{
	(void)ctx;
	(void)connection;
	return field_unescape(z);
}

static struct MHD_Daemon *start_daemon(struct http *h, int fd)
{
	return MHD_start_daemon(
	    MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_TURBO,
	    0, on_accept, h, on_request, h, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
	    HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
	    MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, h, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

enum err http_start(const struct http_options *o, struct http **ret)
{
	pthread_condattr_t attr;
	struct http *h;
	int fd = -1;

	TRY(http_listen(o->address, o->port, &fd));
	h = calloc(1, sizeof *h);
	if (h && guard_start(&h->guard) == ERR_OK) {
		h->o = *o;
		h->api = o->api;
		pthread_mutex_init(&h->lock, NULL);
		pthread_condattr_init(&attr);
		pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
		pthread_cond_init(&h->idle, &attr);
		pthread_condattr_destroy(&attr);
		h->daemon = start_daemon(h, fd);
	}
	if (!h || !h->daemon) {
		if (h && h->api)
			guard_stop(&h->guard);
		close(fd);
		free(h);
		return ERR_NO_MEMORY;
	}
	*ret = h;
	return ERR_OK;
}

uint16_t http_port(const struct http *h)
{
	return http_listen_port(h->daemon);
}

struct http_counts http_counts(struct http *h)
{
	struct http_counts c;

	pthread_mutex_lock(&h->guard.lock);
	c = (struct http_counts){h->guard.n, h->guard.late, h->guard.turned_away};
	pthread_mutex_unlock(&h->guard.lock);
	return c;
}

/* What the writer has must come back; what is on its way to a client has a little time to get
 * there. */
static void drain(struct http *h)
{
	struct timespec deadline;

	pthread_mutex_lock(&h->lock);
	h->stopping = true;
	while (h->suspended > 0)
		pthread_cond_wait(&h->idle, &h->lock);
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += ANSWERS_LEAVE_SECONDS;
	while (h->under_way > 0)
		if (pthread_cond_timedwait(&h->idle, &h->lock, &deadline) == ETIMEDOUT)
			break;
	pthread_mutex_unlock(&h->lock);
}

struct http *http_stop(struct http *h)
{
	int listening;

	if (!h)
		return NULL;
	listening = MHD_quiesce_daemon(h->daemon);
	drain(h);
	MHD_stop_daemon(h->daemon);
	guard_stop(&h->guard);
	if (listening >= 0)
		close(listening);
	pthread_mutex_destroy(&h->lock);
	pthread_cond_destroy(&h->idle);
	free(h);
	return NULL;
}
