/* Within http only: one request with its connection, and the server it belongs to. */
#ifndef LIREN_HTTP_EXCHANGE_H
#define LIREN_HTTP_EXCHANGE_H

#include "guard.h"
#include "http/http.h"
#include "limit.h"
#include "pack.h"
#include "web.h"

#include <pthread.h>

struct http {
	struct MHD_Daemon *daemon;
	struct http_options o;
	struct api *api;
	struct guard guard;
	bool behind_proxy;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	size_t suspended; /* calls that somebody else has */
	size_t under_way; /* answers begun and not yet sent */
	bool stopping;
	/* the http thread's alone */
	size_t bodies_bytes; /* of memory for big bodies */
	struct exchange *big; /* that have some of it */
	struct pack *pack;
	struct limits limits;
};

struct exchange {
	struct api_call call; /* first: an exchange is found from its call */
	struct http *http;
	struct MHD_Connection *connection;
	char *body;
	size_t body_n, body_cap, body_max;
	struct exchange *big_next, **big_from;
	bool has_net; /* of a big body; nobody at this machine has one */
	struct guard_net net;
	size_t discarded;
	enum err refused; /* found out before the body: answered once it is read */
	bool waiting;     /* the call is with somebody */
	bool counted;     /* in under_way */
	bool last;        /* of its connection, because the program is stopping */
	int64_t since_us;
	bool is_page;
	uint64_t bytes_out;
};

#define SECONDS(n) ((int64_t)(n) * 1000000)

/* The client has so long for what it is at, and a second more for each HTTP_SLOW_BYTES. */
void exchange_expect(struct exchange *x, int64_t in_us, uint64_t bytes);

/* receive.c */
struct str exchange_header(struct MHD_Connection *c, const char *name);
struct exchange *exchange_new(struct http *h, struct MHD_Connection *c, const char *url,
			      const char *method);
void exchange_free(struct exchange *x);
/* Keep what fits under the route's cap; beyond it only count. False: so much that the connection is
 * closed. */
bool exchange_take_body(struct exchange *x, const char *data, size_t n);
/* By the header alone. False: answer now and close the connection, without the body. */
bool exchange_judge_length(struct exchange *x);
/* Query and fields of the header into the call. */
void exchange_take_fields(struct exchange *x);
/* 0, or in how many seconds this address may try again. */
unsigned exchange_limit(struct api_call *call);

/* send.c */
enum MHD_Result exchange_send(struct exchange *x);

#endif
