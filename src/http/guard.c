/* Deadlines of connections, looked at once a second by a thread of its own. */
#include "guard.h"

#include <netinet/in.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY_S 1

struct guard_net guard_net_of(const struct sockaddr *a)
{
	struct guard_net net = {.is_here = true};
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)a;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)a;

	if (a && a->sa_family == AF_INET) {
		net.b[0] = 4;
		memcpy(net.b + 1, &v4->sin_addr, 4);
		net.is_here = net.b[1] == 127;
	} else if (a && a->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		net.b[0] = 4;
		memcpy(net.b + 1, v6->sin6_addr.s6_addr + 12, 4);
		net.is_here = net.b[1] == 127;
	} else if (a && a->sa_family == AF_INET6) {
		net.b[0] = 6;
		memcpy(net.b + 1, &v6->sin6_addr, 8);
		net.is_here = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	}
	return net;
}

int64_t guard_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* libmicrohttpd sees the end of a socket that is shut down, and closes it. */
static void shut_late(struct guard *g, int64_t now)
{
	for (struct guarded *c = g->first; c; c = c->next) {
		if (c->deadline_us > now)
			continue;
		c->deadline_us = INT64_MAX;
		g->late++;
		(void)shutdown(c->fd, SHUT_RDWR);
	}
}

static void *look(void *ctx)
{
	struct guard *g = ctx;
	struct timespec until;

	pthread_mutex_lock(&g->lock);
	while (!g->stopping) {
		if (g->n == 0) {
			pthread_cond_wait(&g->some, &g->lock);
			continue;
		}
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += LOOK_EVERY_S;
		(void)pthread_cond_timedwait(&g->some, &g->lock, &until);
		shut_late(g, guard_now_us());
	}
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

enum err guard_start(struct guard *g)
{
	pthread_condattr_t attr;

	*g = (struct guard){0};
	pthread_mutex_init(&g->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&g->some, &attr);
	pthread_condattr_destroy(&attr);
	return pthread_create(&g->thread, NULL, look, g) == 0 ? ERR_OK : ERR_NO_MEMORY;
}

void guard_stop(struct guard *g)
{
	pthread_mutex_lock(&g->lock);
	g->stopping = true;
	pthread_cond_signal(&g->some);
	pthread_mutex_unlock(&g->lock);
	pthread_join(g->thread, NULL);
	pthread_mutex_destroy(&g->lock);
	pthread_cond_destroy(&g->some);
}

bool guard_has_room(struct guard *g, const struct guard_net *net)
{
	unsigned n = 0;

	if (net->is_here)
		return true;
	pthread_mutex_lock(&g->lock);
	for (const struct guarded *c = g->first; c; c = c->next)
		n += memcmp(c->net.b, net->b, sizeof net->b) == 0;
	g->turned_away += n >= HTTP_ADDRESS_CONNECTIONS_MAX;
	pthread_mutex_unlock(&g->lock);
	return n < HTTP_ADDRESS_CONNECTIONS_MAX;
}

void guard_enter(struct guard *g, struct guarded *c, int fd, const struct sockaddr *a,
		 int64_t deadline_us)
{
	*c = (struct guarded){.fd = fd, .deadline_us = deadline_us, .net = guard_net_of(a)};
	pthread_mutex_lock(&g->lock);
	c->next = g->first;
	c->from = &g->first;
	if (g->first)
		g->first->from = &c->next;
	g->first = c;
	if (g->n++ == 0)
		pthread_cond_signal(&g->some);
	pthread_mutex_unlock(&g->lock);
}

void guard_leave(struct guard *g, struct guarded *c)
{
	pthread_mutex_lock(&g->lock);
	*c->from = c->next;
	if (c->next)
		c->next->from = c->from;
	g->n--;
	pthread_mutex_unlock(&g->lock);
}

void guard_expect(struct guard *g, struct guarded *c, int64_t deadline_us)
{
	pthread_mutex_lock(&g->lock);
	c->deadline_us = deadline_us;
	pthread_mutex_unlock(&g->lock);
}
