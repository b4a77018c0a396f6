/* GET /metrics and nothing else. */
#include "http/metrics.h"

#include "listen.h"
#include "web.h"

#include <stdlib.h>
#include <unistd.h>

#define CONNECTION_BYTES 8192u
#define IDLE_SECONDS 15u

struct http_metrics {
	struct MHD_Daemon *daemon;
	http_metrics_fn *put;
	void *ctx;
};

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, char *text, size_t n)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(n, text, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	if (!r) {
		free(text);
		return MHD_NO;
	}
	web_secure(r);
	MHD_add_response_header(r, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "Content-Security-Policy", "default-src 'none'");
	result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *data_n, void **state)
{
	struct http_metrics *m = ctx;
	bool is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	struct buf out;
	char *text;

	(void)version;
	(void)data;
	if (!*state) {
		*state = m;
		return is_get ? MHD_YES : MHD_NO;
	}
	*data_n = 0;
	text = malloc(METRICS_BYTES_MAX);
	if (!text)
		return MHD_NO;
	if (strcmp(url, "/metrics") != 0)
		return answer(c, MHD_HTTP_NOT_FOUND, text, 0);
	out = buf_over(text, METRICS_BYTES_MAX);
	m->put(m->ctx, &out);
	return answer(c, out.over ? MHD_HTTP_INTERNAL_SERVER_ERROR : MHD_HTTP_OK, text,
		      out.over ? 0 : out.n);
}

/* "ADDRESS:PORT" in two. */
static bool split(const char *where, char *address, size_t cap, uint16_t *ret_port)
{
	const char *colon = strrchr(where, ':');
	struct str host = {where, colon ? (size_t)(colon - where) : 0};
	uint64_t port = 0;

	if (!colon || !str_to_u64(str_of(colon + 1), &port) || port > UINT16_MAX)
		return false;
	if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = (struct str){host.p + 1, host.n - 2};
	if (host.n == 0 || host.n >= cap)
		return false;
	memcpy(address, host.p, host.n);
	address[host.n] = 0;
	*ret_port = (uint16_t)port;
	return true;
}

enum err http_metrics_start(const char *where, http_metrics_fn *put, void *ctx,
			    struct http_metrics **ret)
{
	char address[64];
	uint16_t port = 0;
	struct http_metrics *m;
	int fd = -1;

	if (!split(where, address, sizeof address, &port))
		return ERR_BAD_INPUT;
	TRY(http_listen(address, port, &fd));
	m = calloc(1, sizeof *m);
	if (m) {
		m->put = put;
		m->ctx = ctx;
		m->daemon = MHD_start_daemon(
		    MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, on_request, m,
		    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		    METRICS_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		    (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
		    MHD_OPTION_END);
	}
	if (!m || !m->daemon) {
		close(fd);
		free(m);
		return ERR_NO_MEMORY;
	}
	*ret = m;
	return ERR_OK;
}

uint16_t http_metrics_port(const struct http_metrics *m)
{
	return http_listen_port(m->daemon);
}

struct http_metrics *http_metrics_stop(struct http_metrics *m)
{
	if (!m)
		return NULL;
	MHD_stop_daemon(m->daemon); /* nothing of it is ever suspended */
	free(m);
	return NULL;
}
