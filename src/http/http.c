/* Connections to calls. A call is suspended before it is given away, and resumed by whoever had
 * it. */
#include "http/http.h"

#include "base/check.h"
#include "api/fields.h"
#include "exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ANSWERS_LEAVE_SECONDS 10 /* at a stop: for clients that are slow to take theirs */

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

/* After a step: send the answer, or give the call away. Suspend first: whoever has it may be done
 * before api_start returns. */
static enum MHD_Result go_on(struct exchange *x, enum api_next next)
{
	if (next == API_ANSWERED)
		return exchange_send(x);
	if (!begin_suspended(x->http)) {
		api_problem(x->http->api, &x->call, ERR_STOPPING, NULL, MSG_COUNT);
		return exchange_send(x);
	}
	x->waiting = true;
	MHD_suspend_connection(x->connection);
	api_start(x->http->api, &x->call);
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

static enum MHD_Result answer_now(struct exchange *x)
{
	struct api_call *call = &x->call;
	const struct web_file *file = x->refused == ERR_NOT_FOUND && call->method == API_GET
					      ? web_find(call->path.p)
					      : NULL;

	count_under_way(x);
	if (file)
		return web_respond(x->connection, file);
	if (x->refused != ERR_OK) {
		api_problem(x->http->api, call, x->refused, refused_field(x->refused),
			    refused_remedy(x->refused));
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

	(void)version;
	if (!x) {
		x = exchange_new(h, connection, url, method);
		*state = x;
		if (!x)
			return MHD_NO;
		return exchange_judge_length(x) ? MHD_YES : answer_now(x);
	}
	if (*data_n > 0) {
		bool keep = exchange_take_body(x, data, *data_n);
		*data_n = 0;
		return keep ? MHD_YES : MHD_NO;
	}
	if (!x->waiting)
		return answer_now(x);
	x->waiting = false;
	return go_on(x, api_resume(h->api, &x->call));
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

/* An address as text, with the port, in network form. */
static bool make_address(const char *text, uint16_t port, struct sockaddr_storage *ret,
			 socklen_t *ret_n)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof *ret);
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		*ret_n = sizeof *v4;
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	*ret_n = sizeof *v6;
	return true;
}

static enum err listen_on(const struct sockaddr_storage *address, socklen_t n, int *ret_fd)
{
	int on = 1;
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int failed;

	if (fd < 0)
		return ERR_STORE;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (const struct sockaddr *)address, n) == 0 && listen(fd, SOMAXCONN) == 0) {
		*ret_fd = fd;
		return ERR_OK;
	}
	failed = errno;
	close(fd);
	return failed == EADDRINUSE ? ERR_LOCKED : failed == EACCES ? ERR_FORBIDDEN : ERR_BAD_INPUT;
}

static struct MHD_Daemon *start_daemon(struct http *h, int fd)
{
	return MHD_start_daemon(
	    MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
	    on_request, h, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
	    HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
	    MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, h, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

enum err http_start(const struct http_options *o, struct http **ret)
{
	struct sockaddr_storage address;
	socklen_t address_n = 0;
	pthread_condattr_t attr;
	struct http *h;
	int fd = -1;

	if (!make_address(o->address, o->port, &address, &address_n))
		return ERR_BAD_INPUT;
	TRY(listen_on(&address, address_n, &fd));
	h = calloc(1, sizeof *h);
	if (h) {
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
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_LISTEN_FD);
	struct sockaddr_storage a;
	socklen_t n = sizeof a;

	if (!info || getsockname(info->listen_fd, (struct sockaddr *)&a, &n) != 0)
		return 0;
	return ntohs(a.ss_family == AF_INET ? ((const struct sockaddr_in *)&a)->sin_port
					    : ((const struct sockaddr_in6 *)&a)->sin6_port);
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
	if (listening >= 0)
		close(listening);
	pthread_mutex_destroy(&h->lock);
	pthread_cond_destroy(&h->idle);
	pack_free(h->pack);
	free(h);
	return NULL;
}
