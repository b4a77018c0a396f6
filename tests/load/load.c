/* load: write lines, or what a file asks, over many HTTP/1.1 connections at once and time the
 * answers. One thread, epoll, keep-alive, one request at a time on each connection (a closed loop).
 * The file (--asks) has a line for each request, path TAB cookie TAB CSRF token TAB body; they are
 * taken in turn, again and again, and what stands as NO_KEY in a body becomes the request's key.
 * Depends on Linux and the C library. Promises: each request has its own, time-ordered
 * Idempotency-Key; an answer that does not come within the hang limit ends the run with exit
 * code 3. Costs about one send and one receive a request. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096u
#define BODY_TEXT_MAX 4000u
#define REQUEST_MAX (BODY_TEXT_MAX + 1024u)
#define ASKS_MAX 65536u
#define ASK_LINE_MAX 8192u
#define NO_KEY "########-####-####-####-############"
#define ANSWER_MAX 65536u
#define EVENTS_MAX 256
#define KEY_CHARS 36u
#define RETRY_US 10000
#define OUT_BUFFER_BYTES (1u << 20)

enum exit_code { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_HANG = 3, EXIT_SERVER_GONE = 4 };

/* Latencies in microseconds, log-linear: exact below 2^SUB_BITS, then 2^SUB_BITS steps an octave
 * (error < 0.8 %). */
#define SUB_BITS 7u
#define HIST_SLOTS ((64u - SUB_BITS + 1u) << SUB_BITS)

struct hist {
	uint64_t slot[HIST_SLOTS];
	uint64_t n, max;
};

enum conn_state { CONN_CLOSED, CONN_CONNECTING, CONN_RESTING, CONN_SENDING, CONN_WAITING };

struct conn {
	enum conn_state state;
	int fd;
	int64_t since_us; /* sent at, or closed at */
	char key[KEY_CHARS + 1];
	uint32_t sent, received;
	bool vanishes;
	const struct ask *ask;
	char *request;
	char *answer;
};

/* A request but for its key, which stands in the header and, where key_at[1] is not 0, in the body.
 */
struct ask {
	char *request;
	size_t bytes, key_at[2];
};

struct options {
	const char *host, *path, *out, *asks;
	uint16_t port;
	unsigned connections, body_bytes, vanish_permille, hang_s, rate;
	double seconds;
	uint64_t requests;
	bool json;
};

static struct {
	struct options o;
	int epoll;
	FILE *out;
	struct conn *conns;
	struct hist hist;
	uint64_t started, answered, vanished, errors, refused;
	uint64_t status[600];
	uint64_t random, key_count;
	int64_t begin_us, first_us, last_us, stop_us;
	struct ask *asks;
	unsigned asks_n, next_ask;
} g;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(EXIT_USAGE);
}

static unsigned hist_slot(uint64_t us)
{
	if (us < 1u << SUB_BITS)
		return (unsigned)us;
	unsigned shift = 63u - SUB_BITS - (unsigned)__builtin_clzll(us);
	return ((shift + 1) << SUB_BITS) + (unsigned)((us >> shift) & ((1u << SUB_BITS) - 1));
}

/* The largest value of a slot. */
static uint64_t hist_value(unsigned slot)
{
	if (slot < 1u << SUB_BITS)
		return slot;
	unsigned shift = (slot >> SUB_BITS) - 1;
	uint64_t base = (1u << SUB_BITS) + (slot & ((1u << SUB_BITS) - 1));
	return ((base + 1) << shift) - 1;
}

static void hist_add(struct hist *h, uint64_t us)
{
	h->slot[hist_slot(us)]++;
	h->n++;
	if (us > h->max)
		h->max = us;
}

/* The latency that `permille` of 1,000 answers do not exceed. */
static uint64_t hist_at(const struct hist *h, unsigned permille)
{
	uint64_t need = (h->n * permille + 999) / 1000, sum = 0;

	for (unsigned i = 0; i < HIST_SLOTS; i++) {
		sum += h->slot[i];
		if (sum >= need && h->n > 0)
			return hist_value(i) < h->max ? hist_value(i) : h->max;
	}
	return h->max;
}

static uint64_t next_random(void)
{
	uint64_t z = g.random += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static void put_hex(char *to, uint64_t value, unsigned digits)
{
	static const char hex[] = "0123456789abcdef";

	for (unsigned i = digits; i > 0; i--, value >>= 4)
		to[i - 1] = hex[value & 15];
}

/* A UUID of version 7 (RFC 9562 section 5.7): milliseconds, a counter, random bits. */
static void put_key(char key[KEY_CHARS + 1])
{
	struct timespec t;
	uint64_t r = next_random(), count = g.key_count++;

	clock_gettime(CLOCK_REALTIME, &t);
	uint64_t ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	put_hex(key, ms >> 16, 8);
	key[8] = '-';
	put_hex(key + 9, ms & 0xffff, 4);
	key[13] = '-';
	put_hex(key + 14, 0x7000 | (count >> 14 & 0xfff), 4);
	key[18] = '-';
	put_hex(key + 19, 0x8000 | (count & 0x3fff), 4);
	key[23] = '-';
	put_hex(key + 24, r, 12);
	key[KEY_CHARS] = '\0';
}

/* cookie and csrf: "" for none. */
static void add_ask(const char *path, const char *cookie, const char *csrf, const char *body)
{
	char head[1024], *at;
	struct ask *ask = &g.asks[g.asks_n++];
	int n = 0, h = 0;

	if (*cookie)
		h = snprintf(head, sizeof head, "Cookie: %s\r\nX-CSRF-Token: %s\r\n", cookie, csrf);
	ask->request = malloc(REQUEST_MAX);
	if (!ask->request)
		die("memory");
	if (h >= 0 && (size_t)h < sizeof head)
		n = snprintf(ask->request, REQUEST_MAX,
			     "POST %s HTTP/1.1\r\nHost: localhost:%u\r\nContent-Type: "
			     "application/json\r\n%sIdempotency-Key: %s\r\nContent-Length: %zu\r\n"
			     "\r\n%s",
			     path, g.o.port, h > 0 ? head : "", NO_KEY, strlen(body), body);
	if (n <= 0 || (unsigned)n >= REQUEST_MAX) {
		fprintf(stderr, "load: a request is too long\n");
		exit(EXIT_USAGE);
	}
	ask->bytes = (size_t)n;
	ask->key_at[0] = (size_t)(strstr(ask->request, NO_KEY) - ask->request);
	at = strstr(ask->request + ask->key_at[0] + 1, NO_KEY);
	ask->key_at[1] = at ? (size_t)(at - ask->request) : 0;
}

/* A line: its key, and as many x as it is long. */
static void ask_for_lines(void)
{
	char body[BODY_TEXT_MAX + 16];
	size_t at = (size_t)snprintf(body, sizeof body, "{\"text\":\"%s", NO_KEY);

	memset(body + at, 'x', g.o.body_bytes - KEY_CHARS);
	at += g.o.body_bytes - KEY_CHARS;
	memcpy(body + at, "\"}", sizeof "\"}");
	add_ask(g.o.path, "", "", body);
}

static void read_asks(void)
{
	char line[ASK_LINE_MAX], *part[4];
	FILE *f = fopen(g.o.asks, "re");

	if (!f)
		die(g.o.asks);
	while (g.asks_n < ASKS_MAX && fgets(line, sizeof line, f)) {
		char *left = line;
		for (unsigned i = 0; i < 4; i++)
			part[i] = strsep(&left, i < 3 ? "\t" : "\n");
		if (!part[3]) {
			fprintf(stderr, "load: line %u of %s has not four parts\n", g.asks_n + 1,
				g.o.asks);
			exit(EXIT_USAGE);
		}
		add_ask(part[0], part[1], part[2], part[3]);
	}
	fclose(f);
	if (g.asks_n == 0) {
		fprintf(stderr, "load: %s is empty\n", g.o.asks);
		exit(EXIT_USAGE);
	}
}

static void make_asks(void)
{
	g.asks = calloc(g.o.asks ? ASKS_MAX : 1, sizeof *g.asks);
	if (!g.asks)
		die("memory");
	if (g.o.asks)
		read_asks();
	else
		ask_for_lines();
}

static void watch(struct conn *c, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = c};

	if (epoll_ctl(g.epoll, op, c->fd, &e) < 0)
		die("epoll_ctl");
}

static void conn_close(struct conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->state = CONN_CLOSED;
	c->since_us = now_us();
}

/* A line for each request that was sent: key, status (0: no answer), n, secret, latency in us,
 * text. */
static void put_out(const struct conn *c, unsigned status, int64_t latency_us)
{
	const char *n = "", *secret = "";
	size_t n_len = 0, secret_len = 0;

	if (!g.out)
		return;
	if (status != 0) {
		const char *at = strstr(c->answer, "\"n\":");
		if (at) {
			n = at + 4 + strspn(at + 4, " ");
			n_len = strspn(n, "0123456789");
		}
		at = strstr(c->answer, "\"secret\":");
		if (at) {
			secret = at + 9 + strspn(at + 9, " \"");
			secret_len = strcspn(secret, "\"");
		}
	}
	fprintf(g.out, "%s\t%u\t%.*s\t%.*s\t%" PRId64 "\t%.*s\n", c->key, status, (int)n_len, n,
		(int)secret_len, secret, latency_us, g.o.asks ? 0 : (int)g.o.body_bytes,
		c->request + c->ask->key_at[1]);
}

static void conn_failed(struct conn *c)
{
	if (c->state == CONN_CONNECTING && errno == ECONNREFUSED)
		g.refused++;
	else
		g.errors++;
	if (c->state == CONN_WAITING || (c->state == CONN_SENDING && c->sent > 0))
		put_out(c, 0, 0);
	conn_close(c);
}

static bool may_start(int64_t now)
{
	return g.refused == 0 && now < g.stop_us && (g.o.requests == 0 || g.started < g.o.requests);
}

static void conn_send(struct conn *c)
{
	while (c->sent < c->ask->bytes) {
		ssize_t n =
		    send(c->fd, c->request + c->sent, c->ask->bytes - c->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN) {
			watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
			return;
		}
		if (n < 0) {
			conn_failed(c);
			return;
		}
		if (c->sent > 0)
			watch(c, EPOLL_CTL_MOD, EPOLLIN);
		c->sent += (uint32_t)n;
	}
	c->state = CONN_WAITING;
	if (c->vanishes) {
		g.vanished++;
		put_out(c, 0, 0);
		conn_close(c);
	}
}

/* Start the next request on an idle connection, or close it where there is none. */
static void conn_start(struct conn *c)
{
	int64_t now = now_us();

	if (!may_start(now)) {
		conn_close(c);
		return;
	}
	if (g.o.rate > 0 && (double)g.started >= (double)(now - g.begin_us) * g.o.rate / 1e6) {
		c->state = CONN_RESTING;
		c->since_us = now;
		return;
	}
	g.started++;
	put_key(c->key);
	c->ask = &g.asks[g.next_ask++ % g.asks_n];
	memcpy(c->request, c->ask->request, c->ask->bytes);
	for (unsigned i = 0; i < 2; i++)
		if (c->ask->key_at[i] > 0)
			memcpy(c->request + c->ask->key_at[i], c->key, KEY_CHARS);
	c->vanishes = g.o.vanish_permille > 0 && next_random() % 1000 < g.o.vanish_permille;
	c->sent = c->received = 0;
	c->since_us = now;
	c->state = CONN_SENDING;
	conn_send(c);
}

static void conn_open(struct conn *c)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(g.o.port)};
	int one = 1;

	if (inet_pton(AF_INET, g.o.host, &to.sin_addr) != 1) {
		fprintf(stderr, "load: --host is an IPv4 address, for example 127.0.0.1\n");
		exit(EXIT_USAGE);
	}
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		die("socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	c->state = CONN_CONNECTING;
	c->since_us = now_us();
	if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
		conn_failed(c);
		return;
	}
	watch(c, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

/* The value of header `name` (lower case, with its colon) in the head, or NULL. */
static const char *header(const char *head, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line && line < end;
	     line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, n) == 0)
			return line + n + strspn(line + n, " \t");
	}
	return NULL;
}

/* What has arrived: bytes of the whole answer once it is complete, 0 while it is not, -1 where it
 * is no answer. */
static int64_t answer_bytes(const struct conn *c)
{
	const char *end = strstr(c->answer, "\r\n\r\n");

	if (!end)
		return c->received < ANSWER_MAX - 1 ? 0 : -1;
	const char *length = header(c->answer, end, "content-length:");
	if (strncmp(c->answer, "HTTP/1.1 ", 9) != 0 || !length)
		return -1;
	int64_t total = end + 4 - c->answer + strtol(length, NULL, 10);
	if (total >= (int64_t)ANSWER_MAX || c->received > total)
		return -1;
	return c->received == total ? total : 0;
}

static void conn_receive(struct conn *c)
{
	ssize_t n = recv(c->fd, c->answer + c->received, ANSWER_MAX - 1 - c->received, 0);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		conn_failed(c);
		return;
	}
	c->received += (uint32_t)n;
	c->answer[c->received] = '\0';
	int64_t total = answer_bytes(c);
	if (total < 0)
		conn_failed(c);
	if (total <= 0)
		return;
	long status = strtol(c->answer + 9, NULL, 10);
	g.last_us = now_us();
	hist_add(&g.hist, (uint64_t)(g.last_us - c->since_us));
	g.status[status > 0 && status < 600 ? status : 0]++;
	g.answered++;
	put_out(c, (unsigned)status, g.last_us - c->since_us);
	const char *connection = header(c->answer, strstr(c->answer, "\r\n\r\n"), "connection:");
	if (connection && strncasecmp(connection, "close", 5) == 0) {
		conn_close(c);
		return;
	}
	conn_start(c);
}

static void conn_event(struct conn *c, uint32_t events)
{
	int error = 0;
	socklen_t n = sizeof error;

	if (c->state == CONN_CONNECTING) {
		getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n);
		errno = error;
		if (error) {
			conn_failed(c);
			return;
		}
		watch(c, EPOLL_CTL_MOD, EPOLLIN);
		conn_start(c);
		return;
	}
	if (c->state == CONN_SENDING && (events & EPOLLOUT))
		conn_send(c);
	if (c->fd >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		conn_receive(c);
}

/* Open what is closed, look for a hang; false when all is done. */
static bool tend(void)
{
	int64_t now = now_us();
	bool going = false;

	for (unsigned i = 0; i < g.o.connections; i++) {
		struct conn *c = &g.conns[i];
		if (c->state == CONN_CLOSED && may_start(now) && now - c->since_us >= RETRY_US)
			conn_open(c);
		if (c->state == CONN_RESTING)
			conn_start(c);
		going |= c->state != CONN_CLOSED || may_start(now);
		if (c->state == CONN_CLOSED || c->state == CONN_RESTING ||
		    now - c->since_us < (int64_t)g.o.hang_s * 1000000)
			continue;
		printf("hang: connection %u of %u has waited %u s %s, key %s; answered before: "
		       "%" PRIu64 "\n",
		       i, g.o.connections, g.o.hang_s,
		       c->state == CONN_CONNECTING ? "to connect"
		       : c->state == CONN_SENDING  ? "to send"
						   : "for its answer",
		       c->key, g.answered);
		if (g.out)
			fclose(g.out);
		exit(EXIT_HANG);
	}
	return going;
}

static void report(void)
{
	static const unsigned points[] = {500, 900, 990, 999};
	static const char *const names[] = {"p50", "p90", "p99", "p99.9"};
	double s = g.last_us > g.begin_us ? (double)(g.last_us - g.begin_us) / 1e6 : 0;
	double rate = s > 0 ? (double)g.answered / s : 0;
	const char *sep = "";

	if (!g.o.json) {
		printf("%" PRIu64 " answers in %.3f s on %u connections: %.0f/s\nlatency",
		       g.answered, s, g.o.connections, rate);
		for (unsigned i = 0; i < 4; i++)
			printf(" %s %.2f ms,", names[i], (double)hist_at(&g.hist, points[i]) / 1e3);
		printf(" max %.2f ms\nstatus", (double)g.hist.max / 1e3);
		for (unsigned i = 0; i < 600; i++)
			if (g.status[i])
				printf(" %u: %" PRIu64, i, g.status[i]);
		printf("\nvanished %" PRIu64 ", connection errors %" PRIu64 ", refused %" PRIu64
		       "\n",
		       g.vanished, g.errors, g.refused);
		return;
	}
	printf("{\"answered\":%" PRIu64 ",\"seconds\":%.6f,\"per_s\":%.1f", g.answered, s, rate);
	for (unsigned i = 0; i < 4; i++)
		printf(",\"%s_us\":%" PRIu64, names[i], hist_at(&g.hist, points[i]));
	printf(",\"max_us\":%" PRIu64 ",\"status\":{", g.hist.max);
	for (unsigned i = 0; i < 600; i++)
		if (g.status[i]) {
			printf("%s\"%u\":%" PRIu64, sep, i, g.status[i]);
			sep = ",";
		}
	printf("},\"vanished\":%" PRIu64 ",\"errors\":%" PRIu64 ",\"refused\":%" PRIu64 "}\n",
	       g.vanished, g.errors, g.refused);
}

static void usage(void)
{
	fprintf(
	    stderr,
	    "usage: load --port P --connections N (--seconds S | --requests K) [--host 127.0.0.1]\n"
	    "  [--path /api/v1/lines] [--body-size 36…4000 | --asks FILE] [--vanish PERMILLE]\n"
	    "  [--rate PER_SECOND] [--hang-seconds 10] [--out FILE] [--json]\n"
	    "exit code: 0 done, 2 usage, 3 hang, 4 the server refused connections (it is gone)\n");
	exit(EXIT_USAGE);
}

static uint64_t number(const char *z, uint64_t min, uint64_t max)
{
	char *end;

	errno = 0;
	unsigned long long v = strtoull(z, &end, 10);
	if (errno || *end != '\0' || end == z || v < min || v > max)
		usage();
	return v;
}

static void parse(int argc, char **argv, struct options *o)
{
	static const struct option names[] = {
	    {"port", 1, 0, 'p'},    {"connections", 1, 0, 'c'},
	    {"seconds", 1, 0, 's'}, {"requests", 1, 0, 'r'},
	    {"path", 1, 0, 'a'},    {"body-size", 1, 0, 'b'},
	    {"vanish", 1, 0, 'v'},  {"out", 1, 0, 'o'},
	    {"json", 0, 0, 'j'},    {"hang-seconds", 1, 0, 'h'},
	    {"host", 1, 0, 'H'},    {"asks", 1, 0, 'A'},
	    {"rate", 1, 0, 'R'},    {0},
	};
	char *end;

	*o = (struct options){
	    .host = "127.0.0.1", .path = "/api/v1/lines", .body_bytes = 100, .hang_s = 10};
	for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
		switch (c) {
		case 'p':
			o->port = (uint16_t)number(optarg, 1, 65535);
			break;
		case 'c':
			o->connections = (unsigned)number(optarg, 1, CONNECTIONS_MAX);
			break;
		case 's':
			o->seconds = strtod(optarg, &end);
			if (*end != '\0' || !(o->seconds > 0 && o->seconds < 86400))
				usage();
			break;
		case 'r':
			o->requests = number(optarg, 1, UINT64_MAX);
			break;
		case 'a':
			o->path = optarg;
			break;
		case 'b':
			o->body_bytes = (unsigned)number(optarg, KEY_CHARS, BODY_TEXT_MAX);
			break;
		case 'v':
			o->vanish_permille = (unsigned)number(optarg, 0, 1000);
			break;
		case 'o':
			o->out = optarg;
			break;
		case 'R':
			o->rate = (unsigned)number(optarg, 1, 1000000);
			break;
		case 'A':
			o->asks = optarg;
			break;
		case 'j':
			o->json = true;
			break;
		case 'h':
			o->hang_s = (unsigned)number(optarg, 1, 3600);
			break;
		case 'H':
			o->host = optarg;
			break;
		default:
			usage();
		}
	}
	if (optind != argc || !o->port || !o->connections || (o->seconds > 0) == (o->requests > 0))
		usage();
}

static void begin(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < g.o.connections + 64) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (getrandom(&g.random, sizeof g.random, 0) != sizeof g.random)
		die("getrandom");
	if (g.o.out && !(g.out = fopen(g.o.out, "we")))
		die(g.o.out);
	if (g.out)
		setvbuf(g.out, NULL, _IOFBF, OUT_BUFFER_BYTES);
	g.epoll = epoll_create1(EPOLL_CLOEXEC);
	g.conns = calloc(g.o.connections, sizeof *g.conns);
	make_asks();
	if (g.epoll < 0 || !g.conns)
		die("start");
	for (unsigned i = 0; i < g.o.connections; i++) {
		struct conn *c = &g.conns[i];
		c->fd = -1;
		c->request = malloc(REQUEST_MAX);
		c->answer = malloc(ANSWER_MAX);
		if (!c->request || !c->answer)
			die("memory");
	}
	g.begin_us = now_us();
	g.stop_us = g.o.seconds > 0 ? g.begin_us + (int64_t)(g.o.seconds * 1e6) : INT64_MAX;
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS_MAX];
	int64_t tended_us = 0;

	parse(argc, argv, &g.o);
	begin();
	for (;;) {
		int64_t now = now_us();
		if (now - tended_us >= RETRY_US) {
			tended_us = now;
			if (!tend())
				break;
		}
		int n = epoll_wait(g.epoll, events, EVENTS_MAX, RETRY_US / 1000);
		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++)
			conn_event(events[i].data.ptr, events[i].events);
	}
	report();
	if (g.out && fclose(g.out) != 0)
		die(g.o.out);
	return g.refused > 0 ? EXIT_SERVER_GONE : EXIT_DONE;
}
