/* Both ends of a door. */
#include "app/door.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WAITING_MAX 8 /* callers before accept */

struct door {
	door_attend_fn *attend;
	void *ctx;
	int listening, stop; /* an eventfd, readable for good once it is closed */
	pthread_t thread;
	char path[FILE_PATH_MAX];
};

/* A socket's address has 108 bytes, a folder's name may have more: by way of its descriptor. */
static enum err address_in(const struct settings *s, const char *name, int *ret_dir,
			   struct sockaddr_un *ret)
{
	int dir = open(s->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return err_of_errno(errno);
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(ret->sun_path, sizeof ret->sun_path, "/proc/self/fd/%d/%s", dir, name);
	*ret_dir = dir;
	return ERR_OK;
}

bool door_wait(struct door *d, int fd, short events)
{
	struct pollfd p[2] = {{.fd = fd, .events = events}, {.fd = d->stop, .events = POLLIN}};
	int n;

	do
		n = poll(p, 2, DOOR_PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	return n > 0 && p[1].revents == 0;
}

bool door_stops(struct door *d, int wait_ms)
{
	struct pollfd p = {.fd = d->stop, .events = POLLIN};

	return poll(&p, 1, wait_ms) > 0;
}

bool door_take(struct door *d, int fd, void *message, size_t n)
{
	/* a longer one is cut by the kernel, and told by its whole length */
	return door_wait(d, fd, POLLIN) &&
	       recv(fd, message, n, MSG_DONTWAIT | MSG_TRUNC) == (ssize_t)n;
}

bool door_give(struct door *d, int fd, const void *message, size_t n)
{
	for (;;) {
		if (send(fd, message, n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)n)
			return true;
		if ((errno != EAGAIN && errno != EINTR) || !door_wait(d, fd, POLLOUT))
			return false;
	}
}

static bool peer_account(int fd, char *ret, size_t cap)
{
	struct ucred peer;
	socklen_t n = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0 ||
	    (peer.uid != 0 && peer.uid != geteuid()))
		return false;
	account_of_user(peer.uid, ret, cap);
	return true;
}

static void *run_door(void *ctx)
{
	struct door *d = ctx;
	struct pollfd p[2] = {{.fd = d->listening, .events = POLLIN},
			      {.fd = d->stop, .events = POLLIN}};

	for (;;) {
		char account[128];
		int fd;
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (p[1].revents)
			return NULL;
		fd = p[0].revents ? accept4(d->listening, NULL, NULL, SOCK_CLOEXEC) : -1;
		if (fd < 0)
			continue;
		if (peer_account(fd, account, sizeof account))
			d->attend(d->ctx, d, fd, str_of(account));
		close(fd);
	}
}

static enum err listen_in(const struct settings *s, const char *name, struct door *d)
{
	struct sockaddr_un address;
	int dir = -1;
	enum err e = ERR_OK;

	if (!path_join(d->path, s->dir, name))
		return ERR_TOO_LARGE;
	TRY(address_in(s, name, &dir, &address));
	d->listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	d->stop = eventfd(0, EFD_CLOEXEC);
	/* one that an office left that was killed: the lock says that nobody listens at it */
	if (unlink(d->path) != 0 && errno != ENOENT)
		e = err_of_errno(errno);
	if (e == ERR_OK && (d->listening < 0 || d->stop < 0 ||
			    bind(d->listening, (struct sockaddr *)&address, sizeof address) != 0 ||
			    chmod(d->path, 0600) != 0 || listen(d->listening, WAITING_MAX) != 0))
		e = err_of_errno(errno);
	close(dir);
	return e;
}

static struct door *release(struct door *d)
{
	if (d->listening >= 0) {
		close(d->listening);
		unlink(d->path);
	}
	if (d->stop >= 0)
		close(d->stop);
	free(d);
	return NULL;
}

enum err door_open(const struct settings *s, const char *name, door_attend_fn *attend, void *ctx,
		   struct door **ret)
{
	struct door *d = calloc(1, sizeof *d);
	enum err e;

	if (!d)
		return ERR_NO_MEMORY;
	d->attend = attend;
	d->ctx = ctx;
	d->listening = d->stop = -1;
	e = listen_in(s, name, d);
	if (e == ERR_OK && pthread_create(&d->thread, NULL, run_door, d) != 0)
		e = ERR_NO_MEMORY;
	if (e != ERR_OK) {
		release(d);
		return e;
	}
	*ret = d;
	return ERR_OK;
}

struct door *door_close(struct door *d)
{
	uint64_t one = 1;

	if (!d)
		return NULL;
	CHECK(write(d->stop, &one, sizeof one) == sizeof one);
	pthread_join(d->thread, NULL);
	return release(d);
}

/* ---- who calls ---- */

static enum err exchange(int fd, const void *message, size_t n, void *answer, size_t answer_n)
{
	ssize_t got;

	if (send(fd, message, n, MSG_NOSIGNAL) != (ssize_t)n)
		return ERR_STOPPING;
	do
		got = recv(fd, answer, answer_n, MSG_TRUNC);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)answer_n ? ERR_OK : ERR_STOPPING;
}

enum err door_connect(const struct settings *s, const char *name, int *ret_fd)
{
	struct sockaddr_un address;
	int dir = -1, fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	enum err e;

	if (fd < 0)
		return err_of_errno(errno);
	e = address_in(s, name, &dir, &address);
	if (e == ERR_OK) {
		if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
			e = errno == EACCES ? ERR_FORBIDDEN : ERR_LOCKED;
		close(dir);
	}
	if (e != ERR_OK) {
		close(fd);
		return e;
	}
	*ret_fd = fd;
	return ERR_OK;
}

enum err door_call(const struct settings *s, const char *name, const void *message, size_t n,
		   void *answer, size_t answer_n)
{
	enum err e;
	int fd = -1;

	TRY(door_connect(s, name, &fd));
	e = exchange(fd, message, n, answer, answer_n);
	close(fd);
	return e;
}
