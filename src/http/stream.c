/* Sockets of streams, by one epoll. Edge triggered: each socket is registered once. */
#include "http/stream.h"

#include "base/check.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define HEARD_BYTES 512u /* a client has nothing to say; what it says is dropped */
#define HEARD_ROUNDS_MAX 16u

struct streams {
	int epoll, wake;
	struct stream *v[STREAMS_MAX]; /* of the writing thread */
	unsigned n;

	pthread_mutex_t lock;
	struct stream *inbox[STREAMS_MAX];
	unsigned inbox_n;
	struct account_count {
		uint64_t account;
		unsigned n;
	} of[STREAMS_MAX]; /* accounts that have streams */
	unsigned of_n;
	bool refusing;
	struct streams_counts counts;
};

struct stream_block *stream_block_new(const void *bytes, size_t n)
{
	struct stream_block *b = malloc(sizeof *b + n);

	if (!b)
		return NULL;
	b->users = 1;
	b->n = n;
	if (n > 0)
		memcpy(b->bytes, bytes, n);
	return b;
}

struct stream_block *stream_block_drop(struct stream_block *b)
{
	if (b && --b->users == 0)
		free(b);
	return NULL;
}

/* ---- taking over ---- */

static struct account_count *account_of(struct streams *s, uint64_t account)
{
	for (unsigned i = 0; i < s->of_n; i++)
		if (s->of[i].account == account)
			return &s->of[i];
	return NULL;
}

/* Room for one more of this account? Counts it. */
static bool count_account(struct streams *s, uint64_t account)
{
	struct account_count *of = account == 0 ? NULL : account_of(s, account);

	if (account == 0)
		return true;
	if (!of) {
		of = &s->of[s->of_n++];
		*of = (struct account_count){account, 0};
	}
	if (of->n == STREAMS_OF_ACCOUNT_MAX)
		return false;
	of->n++;
	return true;
}

static void uncount(struct streams *s, const struct stream *st)
{
	struct account_count *of;

	pthread_mutex_lock(&s->lock);
	of = account_of(s, st->account);
	if (st->account != 0 && of && --of->n == 0)
		*of = s->of[--s->of_n];
	s->counts.open--;
	pthread_mutex_unlock(&s->lock);
}

static enum err admit(struct streams *s, struct stream *st)
{
	enum err e = ERR_OK;

	pthread_mutex_lock(&s->lock);
	if (s->refusing)
		e = ERR_STOPPING;
	else if (s->counts.open == STREAMS_MAX || !count_account(s, st->account))
		e = ERR_BUSY;
	s->counts.refused += e != ERR_OK;
	if (e == ERR_OK) {
		s->counts.open++;
		s->counts.taken++;
		s->inbox[s->inbox_n++] = st;
	}
	pthread_mutex_unlock(&s->lock);
	return e;
}

enum err streams_take(struct streams *s, int fd, unsigned group, uint64_t account, uint64_t cursor,
		      int64_t now_us)
{
	struct stream *st = calloc(1, sizeof *st);
	int bytes = STREAM_KERNEL_BYTES, on = 1;
	enum err e;

	if (!st)
		return ERR_NO_MEMORY;
	*st = (struct stream){.group = group,
			      .account = account,
			      .cursor = cursor,
			      .since_us = now_us,
			      .moved_us = now_us,
			      .fd = fd,
			      .epoll = s->epoll};
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	e = admit(s, st);
	if (e != ERR_OK)
		free(st);
	else
		streams_wake(s);
	return e;
}

void streams_wake(struct streams *s)
{
	uint64_t one = 1;

	/* it fails only where the counter is full: then it is awake anyway */
	if (write(s->wake, &one, sizeof one) < 0)
		return;
}

struct stream *streams_next_new(struct streams *s)
{
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};
	struct stream *st = NULL;

	pthread_mutex_lock(&s->lock);
	if (s->inbox_n > 0)
		st = s->inbox[--s->inbox_n];
	pthread_mutex_unlock(&s->lock);
	if (!st)
		return NULL;
	CHECK(s->n < STREAMS_MAX);
	s->v[s->n++] = st;
	e.data.ptr = st;
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, st->fd, &e) != 0)
		stream_end(st);
	return st;
}

/* ---- writing ---- */

void stream_end(struct stream *st)
{
	if (st->fd < 0)
		return;
	/* closing alone would not do while libmicrohttpd still has its descriptor of the socket */
	(void)epoll_ctl(st->epoll, EPOLL_CTL_DEL, st->fd, NULL);
	close(st->fd);
	st->fd = -1;
}

/* As much of what waits as goes. */
static void write_out(struct stream *st, int64_t now_us)
{
	while (st->fd >= 0 && st->waiting_n > 0) {
		struct stream_block *b = st->block[st->first];
		ssize_t n = send(st->fd, b->bytes + st->taken, b->n - st->taken,
				 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n < 0) {
			stream_end(st);
			return;
		}
		st->moved_us = now_us;
		st->taken += (size_t)n;
		st->waiting_bytes -= (size_t)n;
		if (st->taken < b->n)
			continue;
		stream_block_drop(b);
		st->first = (st->first + 1) % STREAM_BLOCKS_MAX;
		st->waiting_n--;
		st->taken = 0;
	}
}

enum err stream_put(struct stream *st, struct stream_block *b, int64_t now_us)
{
	if (st->fd < 0)
		return ERR_GONE;
	if (st->waiting_n == STREAM_BLOCKS_MAX || st->waiting_bytes + b->n > STREAM_BUFFER_BYTES)
		return ERR_BUSY;
	if (st->waiting_n == 0)
		st->moved_us = now_us;
	b->users++;
	st->block[(st->first + st->waiting_n++) % STREAM_BLOCKS_MAX] = b;
	st->waiting_bytes += b->n;
	if (st->waiting_n == 1) /* else the socket is full, and its edge will come */
		write_out(st, now_us);
	return st->fd < 0 ? ERR_GONE : ERR_OK;
}

/* What a client says is read and dropped, so that its going is seen. */
static void hear(struct stream *st)
{
	char heard[HEARD_BYTES];

	for (unsigned i = 0; st->fd >= 0; i++) {
		ssize_t n = recv(st->fd, heard, sizeof heard, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0 || i == HEARD_ROUNDS_MAX)
			stream_end(st);
	}
}

static int timeout_ms(int64_t us)
{
	if (us < 0)
		return -1;
	return us >= 60000000 ? 60000 : (int)((us + 999) / 1000);
}

static int64_t monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

bool streams_wait(struct streams *s, int64_t timeout_us)
{
	struct epoll_event e[EVENTS_MAX];
	int n = epoll_wait(s->epoll, e, EVENTS_MAX, timeout_ms(timeout_us));
	int64_t now_us = monotonic_us();
	uint64_t told;
	bool woken = false;

	for (int i = 0; i < n; i++) {
		struct stream *st = e[i].data.ptr;
		if (!st) {
			woken = read(s->wake, &told, sizeof told) > 0;
			continue;
		}
		if (e[i].events & (EPOLLHUP | EPOLLERR))
			stream_end(st);
		if (e[i].events & (EPOLLIN | EPOLLRDHUP))
			hear(st);
		if (e[i].events & EPOLLOUT)
			write_out(st, now_us);
	}
	return woken;
}

void streams_each(struct streams *s, stream_fn *each, void *ctx)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->v[i]->fd >= 0)
			each(ctx, s->v[i]);
}

/* ---- ending ---- */

static void stream_free(struct stream *st)
{
	stream_end(st);
	for (unsigned i = 0; i < st->waiting_n; i++)
		stream_block_drop(st->block[(st->first + i) % STREAM_BLOCKS_MAX]);
	free(st);
}

void streams_tend(struct streams *s, int64_t now_us, stream_fn *gone, void *ctx)
{
	unsigned kept = 0, waiting = 0;
	uint64_t slow = 0;

	for (unsigned i = 0; i < s->n; i++) {
		struct stream *st = s->v[i];
		if (st->fd >= 0 && st->waiting_n > 0 && now_us - st->moved_us > STREAM_STALL_US) {
			slow++;
			stream_end(st);
		}
		if (st->fd >= 0) {
			waiting += st->waiting_n > 0;
			s->v[kept++] = st;
			continue;
		}
		if (gone)
			gone(ctx, st);
		uncount(s, st);
		stream_free(st);
	}
	s->n = kept;
	pthread_mutex_lock(&s->lock);
	s->counts.waiting = waiting;
	s->counts.slow_closed += slow;
	pthread_mutex_unlock(&s->lock);
}

void streams_refuse(struct streams *s)
{
	pthread_mutex_lock(&s->lock);
	s->refusing = true;
	pthread_mutex_unlock(&s->lock);
}

struct streams_counts streams_counts(struct streams *s)
{
	struct streams_counts c;

	pthread_mutex_lock(&s->lock);
	c = s->counts;
	pthread_mutex_unlock(&s->lock);
	return c;
}

enum err streams_open(struct streams **ret)
{
	struct streams *s = calloc(1, sizeof *s);
	struct epoll_event e = {.events = EPOLLIN};

	if (!s)
		return ERR_NO_MEMORY;
	pthread_mutex_init(&s->lock, NULL);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->epoll < 0 || s->wake < 0 || epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->wake, &e) != 0) {
		streams_close(s);
		return ERR_STORE;
	}
	*ret = s;
	return ERR_OK;
}

struct streams *streams_close(struct streams *s)
{
	if (!s)
		return NULL;
	while (s->inbox_n > 0)
		stream_free(s->inbox[--s->inbox_n]);
	for (unsigned i = 0; i < s->n; i++)
		stream_free(s->v[i]);
	if (s->epoll >= 0)
		close(s->epoll);
	if (s->wake >= 0)
		close(s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
	return NULL;
}
