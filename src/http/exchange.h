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
	char line_with_blank, line_with_many; /* their addresses are what head_line says */
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
	const char *refused_field; /* NULL: none */
	enum msg refused_remedy;   /* MSG_COUNT: none */
	bool is_crowded;  /* its head leaves no memory for that of an answer */
	bool is_parted;   /* libmicrohttpd reads nothing until it is answered (go_on) */
	bool to_start;    /* the call waits for that to be given away */
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

static inline void exchange_refuse(struct exchange *x, enum err e, const char *field,
				   enum msg remedy)
{
	x->refused = e;
	x->refused_field = field;
	x->refused_remedy = remedy;
}

/* head.c */
/* For MHD_OPTION_URI_LOG_CALLBACK, ctx the struct http: what is wrong with the line, as the state
 * of the request until there is an exchange (head_is_line); NULL: nothing. */
void *head_line(void *ctx, const char *uri, struct MHD_Connection *c);
bool head_is_line(const struct http *h, const void *state);
/* Takes the session's cookie. False: it is refused, by its head alone, and is_crowded says how. */
bool head_judge(struct exchange *x, const char *version);
/* Has the client ended its side, with nothing left to read before that? */
bool head_client_ended(struct MHD_Connection *c);
/* Say so where libmicrohttpd cannot, and would close without a word: the socket is written to
 * directly. The connection must close. call.status 0: the client did not take it. */
void exchange_last_word(struct exchange *x, enum err e, const char *field, enum msg remedy);
/* Status, fields and body onto the socket; false: the client did not take all of it. */
bool exchange_send_raw(struct exchange *x, struct MHD_Response *r, const char *body, size_t body_n);
/* Before a socket is closed: what came and was not read would make the kernel reset it, and the
 * answer might be lost. */
void head_pass_over_rest(struct MHD_Connection *c);

/* receive.c */
struct str exchange_header(struct MHD_Connection *c, const char *name);
struct exchange *exchange_new(struct http *h, struct MHD_Connection *c, const char *url,
			      const char *method, const void *line);
void exchange_free(struct exchange *x);
/* Keep what fits under the route's cap; beyond it only count. False: so much that the connection is
 * closed. */
bool exchange_take_body(struct exchange *x, const char *data, size_t n);
/* By the header alone. False: answer now and close the connection, without the body. */
bool exchange_judge_length(struct exchange *x, const char *version);
/* Query and fields of the header into the call. */
void exchange_take_fields(struct exchange *x);
/* 0, or in how many seconds this address may try again. */
unsigned exchange_limit(struct api_call *call);

/* send.c */
enum MHD_Result exchange_send(struct exchange *x);
/* The same past libmicrohttpd, which closes. call.status 0: the client did not take it. */
void exchange_send_past(struct exchange *x);

#endif
