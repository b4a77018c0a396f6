/* libmicrohttpd to the api: one thread with poll (its epoll blocks for good when group commit
 * resumes 128 connections at once), requests suspended while the one writer has them. Caps by name;
 * over them the answer is a refusal. */
#ifndef LIREN_HTTP_HTTP_H
#define LIREN_HTTP_HTTP_H

#include "api/api.h"

#define HTTP_CONNECTIONS_MAX 1024u
#define HTTP_CONNECTION_BYTES 16384u /* memory of a connection: headers over it are refused */
#define HTTP_IDLE_SECONDS 30u
#define HTTP_BODIES_BYTES_MAX (64u << 20) /* of all requests together: over it a 503 */
#define HTTP_DISCARD_BYTES_MAX                                                                     \
	(1024u * 1024u) /* of a body over its cap, before the connection is closed */

struct http;

struct http_options {
	const char *address; /* IPv4 or IPv6 to listen on */
	uint16_t port;       /* 0: any free one */
	struct api *api;     /* used by the http thread only */
	bool behind_proxy;   /* one at this machine says by X-Forwarded-For who asks */
};

/* Listen and serve. ERR_BAD_INPUT: the address is none; ERR_LOCKED: the port is taken. */
enum err http_start(const struct http_options *options, struct http **ret) MUST_CHECK;

uint16_t http_port(const struct http *h);

/* Take no more connections or commands; wait for the answers that are under way (the writer must
 * still run, and be told to stop only afterwards); close. NULL is fine. */
struct http *http_stop(struct http *h);

#endif
