/* peer: a raw log with fsync behind the same HTTP as the service, to measure what the service adds.
 * Depends on libmicrohttpd. Each POST body is one record; one thread gathers what waits, appends it
 * to a plain file, calls fdatasync once for the group, then lets the answers go. It checks nothing
 * and reads nothing back. HTTP settings are those of the service: CONNECTIONS_MAX,
 * CONNECTION_BYTES, IDLE_S, poll in an internal thread. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024u
#define CONNECTION_BYTES 16384u
#define IDLE_S 30u
#define BODY_MAX 16384u
#define GROUP_BYTES_MAX (4u << 20)

struct request {
	struct request *next;
	struct MHD_Connection *connection;
	bool durable;
	uint64_t n;
	size_t bytes;
	char body[BODY_MAX];
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct request *head, **tail;
	bool stopping;
	int fd;
	uint64_t n;
	char group[GROUP_BYTES_MAX];
} peer = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER, .tail = &peer.head};

static void die(const char *what)
{
	fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
	    strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result rc = MHD_NO;

	if (r && MHD_add_response_header(r, "Content-Type", "application/json") == MHD_YES)
		rc = MHD_queue_response(connection, status, r);
	if (r)
		MHD_destroy_response(r);
	return rc;
}

/* First call: make the request. Then: gather the body. At its end: suspend, then queue. After
 * resuming: answer. */
static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_bytes, void **con_ctx)
{
	struct request *r = *con_ctx;
	char text[64];

	if (!r) {
		*con_ctx = r = calloc(1, sizeof *r);
		return r ? MHD_YES : MHD_NO;
	}
	if (*upload_bytes > 0) {
		if (r->bytes + *upload_bytes > BODY_MAX)
			return MHD_NO;
		memcpy(r->body + r->bytes, upload, *upload_bytes);
		r->bytes += *upload_bytes;
		*upload_bytes = 0;
		return MHD_YES;
	}
	if (r->durable) {
		snprintf(text, sizeof text, "{\"n\":%llu}", (unsigned long long)r->n);
		return answer(connection, MHD_HTTP_CREATED, text);
	}
	if (r->bytes == 0)
		return answer(connection, MHD_HTTP_BAD_REQUEST, "{}");
	r->connection = connection;
	pthread_mutex_lock(&peer.lock);
	if (peer.stopping) {
		pthread_mutex_unlock(&peer.lock);
		return answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "{}");
	}
	MHD_suspend_connection(connection);
	r->next = NULL;
	*peer.tail = r;
	peer.tail = &r->next;
	pthread_cond_signal(&peer.wake);
	pthread_mutex_unlock(&peer.lock);
	return MHD_YES;
}

static void completed(void *ctx, struct MHD_Connection *connection, void **con_ctx,
		      enum MHD_RequestTerminationCode code)
{
	free(*con_ctx);
	*con_ctx = NULL;
}

static void append(const char *bytes, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t w = write(peer.fd, bytes + done, n - done);
		if (w < 0 && errno != EINTR)
			die("write");
		done += w > 0 ? (size_t)w : 0;
	}
}

/* The one writer: take all that waits (up to a group), append, sync, resume. */
static void *write_groups(void *ctx)
{
	pthread_mutex_lock(&peer.lock);
	for (;;) {
		while (!peer.head && !peer.stopping)
			pthread_cond_wait(&peer.wake, &peer.lock);
		if (!peer.head)
			break;
		struct request *first = peer.head, *r = first, *last = NULL;
		size_t bytes = 0;
		for (; r && bytes + r->bytes + 1 <= GROUP_BYTES_MAX; last = r, r = r->next) {
			memcpy(peer.group + bytes, r->body, r->bytes);
			bytes += r->bytes;
			peer.group[bytes++] = '\n';
		}
		last->next = NULL;
		peer.head = r;
		if (!r)
			peer.tail = &peer.head;
		pthread_mutex_unlock(&peer.lock);
		append(peer.group, bytes);
		if (fdatasync(peer.fd) < 0)
			die("fdatasync");
		for (struct request *next; first; first = next) {
			next = first->next;
			first->n = ++peer.n;
			first->durable = true;
			MHD_resume_connection(first->connection);
		}
		pthread_mutex_lock(&peer.lock);
	}
	pthread_mutex_unlock(&peer.lock);
	return NULL;
}

static void parse(int argc, char **argv, uint16_t *ret_port, const char **ret_file)
{
	static const struct option names[] = {{"port", 1, 0, 'p'}, {"file", 1, 0, 'f'}, {0}};

	for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
		if (c == 'p')
			*ret_port = (uint16_t)strtoul(optarg, NULL, 10);
		else if (c == 'f')
			*ret_file = optarg;
		else
			*ret_file = NULL;
	}
	if (!*ret_file || optind != argc) {
		fprintf(stderr, "usage: peer [--port 0] --file PATH\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct rlimit files = {CONNECTIONS_MAX + 64, CONNECTIONS_MAX + 64};
	const char *file = NULL;
	uint16_t port = 0;
	pthread_t writer;
	sigset_t stop;
	int got;

	parse(argc, argv, &port, &file);
	at.sin_port = htons(port);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		die("RLIMIT_NOFILE");
	peer.fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (peer.fd < 0)
		die(file);
	if (pthread_create(&writer, NULL, write_groups, NULL) != 0)
		die("thread");
	struct MHD_Daemon *daemon = MHD_start_daemon(
	    MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL, handle, NULL,
	    MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT,
	    CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
	    MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
	    MHD_OPTION_END);
	if (!daemon)
		die("MHD_start_daemon");
	printf("listening on http://localhost:%u\n",
	       MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	sigwait(&stop, &got);
	/* Suspend nothing more and resume all that waits before the daemon stops; it aborts
	 * otherwise. */
	pthread_mutex_lock(&peer.lock);
	peer.stopping = true;
	pthread_cond_signal(&peer.wake);
	pthread_mutex_unlock(&peer.lock);
	pthread_join(writer, NULL);
	MHD_stop_daemon(daemon);
	return close(peer.fd) == 0 ? 0 : 1;
}
