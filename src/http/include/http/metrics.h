/* One page for whoever watches the program (Prometheus), on an address of its own: behind a proxy
 * every request comes from this machine, so where a request comes from cannot tell who may read it.
 * A thread of its own; depends on libmicrohttpd. */
#ifndef LIREN_HTTP_METRICS_H
#define LIREN_HTTP_METRICS_H

#include "base/buf.h"
#include "base/err.h"

#define METRICS_CONNECTIONS_MAX 8u
#define METRICS_BYTES_MAX 262144u

struct http_metrics;

/* Fills the page. Called on the thread of this listener alone. */
typedef void http_metrics_fn(void *ctx, struct buf *out);

/* Listen on `where`, "ADDRESS:PORT" ("[::1]:9420" for IPv6; port 0: any free one), and answer
 * GET /metrics. ERR_BAD_INPUT: it is no address; ERR_LOCKED: the port is taken. */
enum err http_metrics_start(const char *where, http_metrics_fn *put, void *ctx,
			    struct http_metrics **ret) MUST_CHECK;
uint16_t http_metrics_port(const struct http_metrics *m);
struct http_metrics *http_metrics_stop(struct http_metrics *m); /* NULL is fine */

#endif
