/* libmicrohttpd to the api: one thread with poll (its epoll blocks for good when group commit
 * resumes 128 connections at once), requests suspended while the one writer has them. Caps by name;
 * over them the answer is a refusal. */
#ifndef LIREN_HTTP_HTTP_H
#define LIREN_HTTP_HTTP_H

#include "api/api.h"

#define HTTP_CONNECTIONS_MAX 1024u /* beside those that became streams */
#define HTTP_ADDRESS_CONNECTIONS_MAX 256u /* from one address, IPv6: from one /64; not from here */
#define HTTP_CONNECTION_BYTES 16384u /* memory of a connection: heads over it are refused */
#define HTTP_ANSWER_HEAD_BYTES 1536u /* of that, kept for the answer's */
#define HTTP_IDLE_SECONDS 30u
/* Deadlines of what a client is at, whatever it sends meanwhile: the first header from the
 * connection on, a later one from the answer before (beside HTTP_IDLE_SECONDS), a body, an answer;
 * of the last two a second more for each HTTP_SLOW_BYTES of them. */
#define HTTP_HEADER_SECONDS 10u
#define HTTP_BODY_SECONDS 20u
#define HTTP_ANSWER_SECONDS 30u
#define HTTP_SLOW_BYTES 8192u
/* Bodies of routes that take no more than this are never refused for want of memory: each of
 * HTTP_CONNECTIONS_MAX may hold one, 32 MiB in all. The bigger ones have memory of their own, of
 * all requests together, and from one address (as of HTTP_ADDRESS_CONNECTIONS_MAX) half of it, two
 * uploads at a time; over it a 503. So nobody's big bodies keep out another's report or upload. */
#define HTTP_SMALL_BODY_BYTES 32768u
#define HTTP_BODIES_BYTES_MAX (64u << 20)
#define HTTP_ADDRESS_BODIES_BYTES_MAX (32u << 20)
#define HTTP_DISCARD_BYTES_MAX                                                                     \
	(1024u * 1024u) /* of a body over its cap, before the connection is closed */

struct http;

/* One request, when it is over: for the log and the figures. Nothing of a person is in it: neither
 * path nor query nor address. */
struct http_seen {
	const char *method;    /* "GET", "HEAD", "POST", "other" */
	const char *operation; /* operationId; "page" of the web; "-" where there is no such path */
	const char *error_id;  /* of a failure that was ours; empty: none */
	int status; /* 0: the connection went before the answer */
	int64_t us; /* from its header on */
	uint64_t bytes_in, bytes_out; /* of bodies */
};

struct http_options {
	const char *address; /* IPv4 or IPv6 to listen on */
	uint16_t port;       /* 0: any free one */
	struct api *api;     /* used by the http thread only */
	/* Take a connected socket over as a stream; ERR_OK: it is the callee's. NULL: there are no
	 * streams. */
	enum err (*take_stream)(void *ctx, int fd, const struct api_stream *s);
	void (*seen)(void *ctx, const struct http_seen *seen); /* NULL: nobody is told */
	void *ctx;
	bool behind_proxy;   /* one at this machine says by X-Forwarded-For who asks */
};

/* Listen and serve. ERR_BAD_INPUT: the address is none; ERR_LOCKED: the port is taken. */
enum err http_start(const struct http_options *options, struct http **ret) MUST_CHECK;

uint16_t http_port(const struct http *h);

struct http_counts {
	unsigned connections;
	uint64_t late, turned_away; /* past a deadline; over HTTP_ADDRESS_CONNECTIONS_MAX */
};
struct http_counts http_counts(struct http *h);

/* Take no more connections or commands; wait for the answers that are under way (the writer must
 * still run, and be told to stop only afterwards); close. NULL is fine. */
struct http *http_stop(struct http *h);

#endif
