/* sse: many clients of the live changes at once. One thread, epoll. Each connects, asks, and reads
 * what comes until the time is over; where another program writes the time of each commit into a
 * shared file (int64 microseconds of the monotonic clock, at entry number % TIMES), it tells how
 * long changes took to arrive. Depends on Linux and the C library. Exit code 0: every client was
 * let in and stayed; else 3. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 8192u
#define TIMES 65536u
#define EVENTS_MAX 512
#define TAIL_BYTES 64u
#define CHUNK_BYTES 262144u
#define SAMPLE_EVERY 20u /* of so many clients one is read event by event */
#define LATENCIES_MAX (1u << 22)

struct client {
	int fd;
	unsigned index;
	bool let_in, ended;
	char tail[TAIL_BYTES]; /* the end of what came, where an id may be cut */
	size_t tail_n;
	uint64_t last;
};

static struct {
	const char *path, *times_file;
	uint16_t port;
	unsigned clients;
	double seconds;
	int epoll;
	const volatile int64_t *times;
	struct client *v;
	uint32_t *latency_us;
	size_t latencies;
	uint64_t bytes, blocks;
	char chunk[TAIL_BYTES + CHUNK_BYTES + 1];
} g = {.path = "/api/v1/events", .clients = 100, .seconds = 5};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "sse: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void open_client(struct client *c, unsigned index)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(g.port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
	char request[512];
	int n;

	c->index = index;
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0)
		die("connect");
	n = snprintf(request, sizeof request,
		     "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
		     "User-Agent: sse/1 (one of many that look on)\r\nCookie: liren_session=x\r\n"
		     "X-Client: %u\r\n\r\n",
		     g.path, index);
	if (send(c->fd, request, (size_t)n, MSG_NOSIGNAL) != n ||
	    fcntl(c->fd, F_SETFL, O_NONBLOCK) < 0 ||
	    epoll_ctl(g.epoll, EPOLL_CTL_ADD, c->fd, &e) < 0)
		die("send");
}

static void note(uint64_t id, int64_t now)
{
	int64_t at = g.times ? g.times[id % TIMES] : 0;

	if (at > 0 && g.latencies < LATENCIES_MAX)
		g.latency_us[g.latencies++] = (uint32_t)(now > at ? now - at : 0);
}

/* The ids in what came; of most clients only the last one. */
static void take(struct client *c, char *text, size_t n, int64_t now)
{
	bool all = c->index % SAMPLE_EVERY == 0;
	char *at = text, *last = NULL;

	if (all) {
		while ((at = memmem(at, n - (size_t)(at - text), "\nid: ", 5))) {
			at += 5;
			if (!memchr(at, '\n', n - (size_t)(at - text)))
				break;
			c->last = strtoull(at, NULL, 10);
			note(c->last, now);
		}
	} else {
		for (char *end = text + n; end > text; end = at) {
			at = memrchr(text, 'i', (size_t)(end - text));
			if (!at || at == text)
				break;
			if (at[-1] == '\n' && strncmp(at, "id: ", 4) == 0 && strchr(at, '\n')) {
				last = at + 4;
				break;
			}
		}
		if (last) {
			c->last = strtoull(last, NULL, 10);
			note(c->last, now);
		}
	}
	c->tail_n = n < TAIL_BYTES ? n : TAIL_BYTES;
	/* what follows the last whole id only, so that none is counted twice */
	at = text + n - c->tail_n;
	for (char *id; (id = memmem(at, (size_t)(text + n - at), "\nid: ", 5));) {
		char *end = memchr(id + 1, '\n', (size_t)(text + n - id - 1));
		if (!end)
			break;
		at = end;
	}
	c->tail_n = (size_t)(text + n - at);
	memcpy(c->tail, at, c->tail_n);
}

static void on_readable(struct client *c)
{
	int64_t now = now_us();
	ssize_t n;

	memcpy(g.chunk, c->tail, c->tail_n);
	n = recv(c->fd, g.chunk + c->tail_n, CHUNK_BYTES, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		c->ended = true;
		close(c->fd);
		return;
	}
	g.bytes += (uint64_t)n;
	g.blocks++;
	g.chunk[c->tail_n + (size_t)n] = 0;
	if (!c->let_in)
		c->let_in = strncmp(g.chunk, "HTTP/1.1 200", 12) == 0;
	take(c, g.chunk, c->tail_n + (size_t)n, now);
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int report(void)
{
	unsigned let_in = 0, ended = 0, same = 0;
	uint64_t newest = 0;
	size_t n = g.latencies;

	for (unsigned i = 0; i < g.clients; i++) {
		let_in += g.v[i].let_in;
		ended += g.v[i].ended;
		newest = g.v[i].last > newest ? g.v[i].last : newest;
	}
	for (unsigned i = 0; i < g.clients; i++)
		same += g.v[i].last == newest;
	qsort(g.latency_us, n, sizeof *g.latency_us, by_size);
	printf("{\"let_in\":%u,\"ended\":%u,\"at_newest\":%u,\"newest\":%" PRIu64
	       ",\"bytes\":%" PRIu64 ",\"reads\":%" PRIu64 ",\"p50_us\":%u,\"p99_us\":%u,"
	       "\"max_us\":%u,\"measured\":%zu}\n",
	       let_in, ended, same, newest, g.bytes, g.blocks, n ? g.latency_us[n / 2] : 0,
	       n ? g.latency_us[n - 1 - n / 100] : 0, n ? g.latency_us[n - 1] : 0, n);
	return let_in == g.clients && ended == 0 ? 0 : 3;
}

static void parse(int argc, char **argv)
{
	static const struct option names[] = {{"port", 1, 0, 'p'},    {"clients", 1, 0, 'c'},
					      {"seconds", 1, 0, 's'}, {"path", 1, 0, 'a'},
					      {"times", 1, 0, 't'},   {0}};

	for (int o; (o = getopt_long(argc, argv, "", names, NULL)) != -1;) {
		if (o == 'p')
			g.port = (uint16_t)strtoul(optarg, NULL, 10);
		else if (o == 'c')
			g.clients = (unsigned)strtoul(optarg, NULL, 10);
		else if (o == 's')
			g.seconds = strtod(optarg, NULL);
		else if (o == 'a')
			g.path = optarg;
		else if (o == 't')
			g.times_file = optarg;
		else
			g.port = 0;
	}
	if (g.port == 0 || g.clients == 0 || g.clients > CLIENTS_MAX) {
		fprintf(stderr,
			"usage: sse --port P --clients N --seconds S [--path /api/v1/events]"
			" [--times FILE]\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct rlimit files;
	struct epoll_event e[EVENTS_MAX];
	int64_t until;
	int fd;

	parse(argc, argv);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		die("RLIMIT_NOFILE");
	g.epoll = epoll_create1(EPOLL_CLOEXEC);
	g.v = calloc(g.clients, sizeof *g.v);
	g.latency_us = malloc(LATENCIES_MAX * sizeof *g.latency_us);
	if (g.epoll < 0 || !g.v || !g.latency_us)
		die("memory");
	if (g.times_file) {
		fd = open(g.times_file, O_RDONLY | O_CLOEXEC);
		g.times = mmap(NULL, TIMES * sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
		if (fd < 0 || g.times == MAP_FAILED)
			die(g.times_file);
	}
	for (unsigned i = 0; i < g.clients; i++)
		open_client(&g.v[i], i);
	printf("open\n");
	fflush(stdout);
	until = now_us() + (int64_t)(g.seconds * 1e6);
	while (now_us() < until) {
		int n = epoll_wait(g.epoll, e, EVENTS_MAX, (int)((until - now_us()) / 1000) + 1);
		for (int i = 0; i < n; i++)
			on_readable(e[i].data.ptr);
	}
	return report();
}
