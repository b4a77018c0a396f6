/* Both ends of import.sock: messages of one form each, with their boundaries kept by the kernel
 * (SOCK_SEQPACKET). The data file comes as an open descriptor, so the office opens nothing by a
 * name that somebody else gave. */
#include "app/import_door.h"

#include "app/log.h"
#include "config/config_yaml.h"
#include "service/figures_file.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOCKET_NAME "import.sock"
#define BUSY_PAUSE_MS 100
#define BUSY_TRIES_MAX 100u
#define NAME_BYTES_MAX 200u
#define FDS 2u /* mapping file, data file */

/* Both ends are this program; another version is told by the magic. */
struct order_message {
	char magic[16];
	uint32_t lang, kind; /* enum import_kind */
	char map_name[NAME_BYTES_MAX + 1], name[NAME_BYTES_MAX + 1];
};
static const char magic[16] = "liren-import-2";

enum answer_kind { ANSWER_REFUSED, ANSWER_PROGRESS, ANSWER_END };

/* Sent as far as its text goes. */
struct answer_message {
	uint32_t kind, err; /* err of the end */
	uint64_t n[IMPORT_COUNTS]; /* of the end the counts; of progress done, total */
	char text[IMPORT_DOOR_TEXT_BYTES_MAX + 1];
};

/* ---- the office ---- */

struct serving {
	struct door *door;
	struct runner *runner;
	int fd;
	enum lang lang;
	bool gone; /* whoever ordered it does not listen any more */
};

static void give(struct serving *s, const struct answer_message *m)
{
	size_t n = offsetof(struct answer_message, text) + strlen(m->text) + 1;

	s->gone = s->gone || !door_give(s->door, s->fd, m, n);
}

static enum err run_command(void *ctx, struct command *c)
{
	struct serving *s = ctx;
	enum err e = ERR_BUSY;

	for (unsigned i = 0; e == ERR_BUSY && i < BUSY_TRIES_MAX; i++) {
		if (s->gone || door_stops(s->door, i > 0 ? BUSY_PAUSE_MS : 0))
			return ERR_STOPPING;
		e = runner_call(s->runner, c);
	}
	return e;
}

static void refused(void *ctx, const struct problem *problem)
{
	struct serving *s = ctx;
	struct answer_message m = {.kind = ANSWER_REFUSED};
	struct buf b = buf_over(m.text, sizeof m.text - 1);

	problem_put_line(problem, s->lang, &b);
	give(s, &m);
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	struct serving *s = ctx;
	struct answer_message m = {.kind = ANSWER_PROGRESS, .n = {done, total}};

	give(s, &m);
}

/* The order and its two descriptors; -1 for one that did not come. */
static bool take_order(int fd, struct order_message *ret, int ret_fd[FDS])
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(FDS * sizeof(int))];
	struct iovec part = {ret, sizeof *ret};
	struct msghdr m = {.msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = control,
			   .msg_controllen = sizeof control};
	ssize_t got = recvmsg(fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *c = got >= 0 ? CMSG_FIRSTHDR(&m) : NULL;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(c),
		       c->cmsg_len - CMSG_LEN(0) < FDS * sizeof(int) ? c->cmsg_len - CMSG_LEN(0)
								      : FDS * sizeof(int));
	return got == (ssize_t)sizeof *ret && !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) &&
	       memcmp(ret->magic, magic, sizeof magic) == 0 && ret->lang < LANG_COUNT &&
	       ret->kind < IMPORT_KINDS &&
	       ret->map_name[NAME_BYTES_MAX] == 0 && ret->name[NAME_BYTES_MAX] == 0 &&
	       !strchr(ret->map_name, '/') && ret->map_name[0];
}

/* A plain file from its beginning: one that could keep the reader waiting is not taken. */
static bool is_plain(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static enum err read_map(int fd, size_t max, char **ret, size_t *ret_n)
{
	char *text = malloc(max + 1);
	ssize_t n = text ? pread(fd, text, max + 1, 0) : 0;

	if (!text || n < 0 || (size_t)n > max) {
		free(text);
		return !text ? ERR_NO_MEMORY : n < 0 ? err_of_errno(errno) : ERR_TOO_LARGE;
	}
	*ret = text;
	*ret_n = (size_t)n;
	return ERR_OK;
}

static void run_order(struct serving *s, const struct order_message *m, const int fd[FDS],
		      struct str account)
{
	struct import_order o = {.kind = (enum import_kind)m->kind,
				.map_name = m->map_name,
				.name = m->name,
				.fd = fd[1],
				.account = account,
				.run = run_command,
				.refused = refused,
				.progress = progress,
				.ctx = s};
	struct answer_message end = {.kind = ANSWER_END};
	struct buf b = buf_over(end.text, sizeof end.text - 1);
	struct import_counts n = {0};
	struct problem p = {0};
	char *text = NULL;
	enum err e = read_map(fd[0],
			      o.kind == IMPORT_FIGURES ? FIGURES_FILE_BYTES_MAX : CONFIG_BYTES_MAX,
			      &text, &o.map_text.n);

	o.map_text.p = text;
	if (e == ERR_OK)
		e = import_order_run(&o, &n, &p);
	free(text);
	if (p.err != ERR_OK)
		problem_put_line(&p, s->lang, &b);
	end.err = (uint32_t)e;
	memcpy(end.n, &n, sizeof end.n);
	give(s, &end);
	log_event(e == ERR_OK ? LOG_INFO_LEVEL : LOG_WARN_LEVEL, "import",
		  "result=%s added=%llu changed=%llu refused=%llu gone=%d", err_info(e)->name,
		  (unsigned long long)n.added, (unsigned long long)n.changed,
		  (unsigned long long)n.refused, s->gone);
}

static void attend(void *ctx, struct door *d, int fd, struct str account)
{
	struct serving s = {.door = d, .runner = ctx, .fd = fd};
	struct order_message m;
	int fds[FDS] = {-1, -1};

	if (door_wait(d, fd, POLLIN) && take_order(fd, &m, fds) && is_plain(fds[0]) &&
	    is_plain(fds[1])) {
		s.lang = (enum lang)m.lang;
		run_order(&s, &m, fds, account);
	} else {
		log_event(LOG_WARN_LEVEL, "import", "result=not-an-order");
	}
	for (unsigned i = 0; i < FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

enum err import_door_open(const struct settings *s, struct runner *runner, struct door **ret)
{
	return door_open(s, SOCKET_NAME, attend, runner, ret);
}

/* ---- who orders ---- */

/* The mapping file as a descriptor: its text was read and found right already. */
static enum err hold_map(struct str text, int *ret)
{
	int fd = memfd_create("map", MFD_CLOEXEC);

	if (fd < 0)
		return err_of_errno(errno);
	for (size_t at = 0; at < text.n;) {
		ssize_t n = write(fd, text.p + at, text.n - at);
		if (n <= 0) {
			close(fd);
			return ERR_NO_MEMORY;
		}
		at += (size_t)n;
	}
	*ret = fd;
	return ERR_OK;
}

static bool send_order(int fd, struct order_message *order, const int fds[FDS])
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(FDS * sizeof(int))] = {0};
	struct iovec part = {order, sizeof *order};
	struct msghdr m = {.msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = control,
			   .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(FDS * sizeof(int));
	memcpy(CMSG_DATA(c), fds, FDS * sizeof(int));
	return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)sizeof *order;
}

static enum err listen_to(int fd, const struct import_answers *a, struct import_end *ret)
{
	for (;;) {
		struct answer_message m;
		ssize_t n = recv(fd, &m, sizeof m, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= (ssize_t)offsetof(struct answer_message, text))
			return ERR_STOPPING;
		((char *)&m)[n - 1] = 0;
		if (m.kind == ANSWER_REFUSED)
			a->refused(a->ctx, str_of(m.text));
		else if (m.kind == ANSWER_PROGRESS)
			a->progress(a->ctx, m.n[0], m.n[1]);
		else if (m.kind == ANSWER_END) {
			memcpy(&ret->counts, m.n, sizeof m.n);
			snprintf(ret->text, sizeof ret->text, "%s", m.text);
			return err_info((enum err)m.err)->err;
		}
	}
}

static enum err order_at(int fd, const struct import_order *o, enum lang lang,
			 const struct import_answers *a, struct import_end *ret)
{
	struct order_message m = {.lang = (uint32_t)lang, .kind = (uint32_t)o->kind};
	int fds[FDS] = {-1, o->fd};
	bool sent;

	memcpy(m.magic, magic, sizeof magic);
	if (snprintf(m.map_name, sizeof m.map_name, "%s", o->map_name) >= (int)sizeof m.map_name ||
	    snprintf(m.name, sizeof m.name, "%s", o->name) >= (int)sizeof m.name)
		return ERR_TOO_LARGE;
	TRY(hold_map(o->map_text, &fds[0]));
	sent = send_order(fd, &m, fds);
	close(fds[0]);
	return sent ? listen_to(fd, a, ret) : ERR_STOPPING;
}

enum err import_door_order(const struct settings *s, const struct import_order *o, enum lang lang,
			   const struct import_answers *a, struct import_end *ret)
{
	enum err e;
	int fd = -1;

	memset(ret, 0, sizeof *ret);
	TRY(door_connect(s, SOCKET_NAME, &fd));
	e = order_at(fd, o, lang, a, ret);
	close(fd);
	return e;
}
