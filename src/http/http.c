/* Connections to calls. A call is suspended before it is given away, and resumed by whoever had
 * it. */
#include "http/http.h"

#include "api/fields.h"
#include "base/check.h"
#include "exchange.h"
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWERS_LEAVE_SECONDS 10 /* at a stop: for clients that are slow to take theirs */

/* ---- deadlines ---- */

void exchange_expect(struct exchange *x, int64_t in_us, uint64_t bytes)
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
	exchange_expect(x, SECONDS(365 * 86400), 0);
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
		return;
	}
	head_pass_over_rest(connection);
	if (*socket_context) {
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

/* From any thread: whoever had the call has done with it. The exchange lives until the http thread
 * has answered. */
static void resume(struct api_call *call)
{
	struct exchange *x = (struct exchange *)call;
	struct http *h = x->http;

	MHD_resume_connection(x->connection);
	pthread_mutex_lock(&h->lock);
	if (--h->suspended == 0)
		pthread_cond_signal(&h->idle);
	pthread_mutex_unlock(&h->lock);
}

/* Count the call as given away, unless the program is stopping. */
static bool begin_suspended(struct http *h)
{
	bool go_on;

	pthread_mutex_lock(&h->lock);
	go_on = !h->stopping;
	h->suspended += go_on;
	pthread_mutex_unlock(&h->lock);
	return go_on;
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
	return exchange_send(x);
}

/* Suspend first: whoever has it may be done before api_start returns. */
static enum MHD_Result give_away(struct exchange *x)
{
	x->to_start = false;
	if (!begin_suspended(x->http)) {
		api_problem(x->http->api, &x->call, ERR_STOPPING, NULL, MSG_COUNT);
		return exchange_send(x);
	}
	expect_nothing(x);
	x->waiting = true;
	MHD_suspend_connection(x->connection);
	api_start(x->http->api, &x->call);
	return MHD_YES;
}

/* After a step: send the answer, or give the call away. libmicrohttpd reads on from a connection
 * that it resumes as it did when it was suspended, and takes the end of the client's side for its
 * going. Where that has come already, or another wait may follow, nothing is said the first time,
 * after which it reads no more of this request, and asks again at once
 * (MHD_connection_update_event_loop_info); where it comes during the only wait on_completed has the
 * answer. Not always the first way: the writer would wait until every request of a round has been
 * read. */
static enum MHD_Result go_on(struct exchange *x, enum api_next next)
{
	if (next == API_ANSWERED)
		return exchange_send(x);
	if (next == API_STREAM)
		return hand_stream(x);
	if (x->is_parted || (next == API_WAIT && !head_client_ended(x->connection)))
		return give_away(x);
	x->is_parted = x->to_start = true;
	return MHD_YES;
}

static enum MHD_Result answer_page(struct exchange *x, const struct web_file *file)
{
	x->is_page = true;
	exchange_expect(x, SECONDS(HTTP_ANSWER_SECONDS), file->bytes_n);
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
		api_problem(x->http->api, call, x->refused, x->refused_field, x->refused_remedy);
		return exchange_send(x);
	}
	exchange_take_fields(x);
	call->resume = resume;
	call->limit = exchange_limit;
	return go_on(x, api_begin(x->http->api, call));
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *data_n, void **state)
{
	struct http *h = ctx;
	struct exchange *x = *state;

	if (!x || head_is_line(h, x)) {
		x = exchange_new(h, connection, url, method, *state);
		*state = x;
		if (!x)
			return MHD_NO;
		exchange_expect(x, SECONDS(HTTP_BODY_SECONDS), x->body_max);
		if (exchange_judge_length(x, version))
			return MHD_YES;
		if (!x->is_crowded)
			return answer_now(x);
		exchange_last_word(x, x->refused, x->refused_field, x->refused_remedy);
		return MHD_NO;
	}
	if (*data_n > 0) {
		bool keep = exchange_take_body(x, data, *data_n);
		*data_n = 0;
		return keep ? MHD_YES : MHD_NO;
	}
	if (x->to_start)
		return give_away(x);
	if (!x->waiting)
		return answer_now(x);
	x->waiting = false;
	return go_on(x, api_resume(h->api, &x->call));
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

/* The client ended its side and libmicrohttpd closes: while the call was with somebody, who has
 * done with it (a suspended connection is not closed), or before the body had its length. */
static void tell_ended(struct exchange *x, enum MHD_RequestTerminationCode code)
{
	if (x->waiting) {
		x->waiting = false;
		if (api_resume(x->http->api, &x->call) == API_ANSWERED)
			exchange_send_past(x);
	} else if (code == MHD_REQUEST_TERMINATED_CLIENT_ABORT) {
		if (x->refused == ERR_OK)
			exchange_refuse(x, ERR_BAD_INPUT, "body", MSG_BODY_CUT);
		exchange_last_word(x, x->refused, x->refused_field, x->refused_remedy);
	}
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct http *h = ctx;
	struct exchange *x = head_is_line(h, *state) ? NULL : *state;

	*state = NULL;
	if (!x)
		return;
	if (!MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS))
		tell_ended(x, code);
	tell_seen(x);
	exchange_expect(x, SECONDS(HTTP_IDLE_SECONDS + HTTP_HEADER_SECONDS), 0);
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
	    0, on_accept, h, on_request, h, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)HTTP_CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_SECONDS,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_UNESCAPE_CALLBACK, unescape,
	    NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_URI_LOG_CALLBACK,
	    head_line, h, MHD_OPTION_END);
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
		h->behind_proxy = o->behind_proxy;
		h->pack = pack_new(); /* without it answers go as they are */
		limits_init(&h->limits, o->api->entropy);
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
		if (h)
			pack_free(h->pack);
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
	pack_free(h->pack);
	free(h);
	return NULL;
}
