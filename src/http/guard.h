/* Within http only: connections that take their time. libmicrohttpd closes what is idle, and a
 * client that sends one byte in a while never is: so each connection has a deadline for what it is
 * at, and one address has so many. Depends on threads and sockets. Costs one pass over the
 * connections a second, and nothing while there is none. */
#ifndef LIREN_HTTP_GUARD_H
#define LIREN_HTTP_GUARD_H

#include "http/http.h"

#include <pthread.h>
#include <sys/socket.h>

#define GUARD_NET_BYTES 9u

/* Whom connections are counted for: an IPv4 address, the first 64 bits of an IPv6 one. Of this
 * machine itself: a proxy stands there, and all come through it. */
struct guard_net {
	bool is_here;
	uint8_t b[GUARD_NET_BYTES]; /* family, address */
};
struct guard_net guard_net_of(const struct sockaddr *a);

struct guarded {
	struct guarded *next, **from;
	int fd;
	int64_t deadline_us; /* monotonic; INT64_MAX: none */
	struct guard_net net;
};

struct guard {
	pthread_mutex_t lock;
	pthread_cond_t some;
	pthread_t thread;
	struct guarded *first;
	unsigned n;
	bool stopping;
	uint64_t late, turned_away;
};

enum err guard_start(struct guard *g) MUST_CHECK;
void guard_stop(struct guard *g); /* all have left */

/* Is there room for one more from there? Counts it where there is not. O(connections). */
bool guard_has_room(struct guard *g, const struct guard_net *net);

/* `c` is the caller's until guard_leave, which must come before the socket is closed. */
void guard_enter(struct guard *g, struct guarded *c, int fd, const struct sockaddr *a,
		 int64_t deadline_us);
void guard_leave(struct guard *g, struct guarded *c);
void guard_expect(struct guard *g, struct guarded *c, int64_t deadline_us);

int64_t guard_now_us(void); /* monotonic */

#endif
