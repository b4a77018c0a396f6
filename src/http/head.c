/* The head of a request, as far as libmicrohttpd leaves it to its program, and the word that is
 * still said where libmicrohttpd 0.9.75 would close without one. Its parser gives each parameter
 * and cookie a record out of the connection's memory, and goes on after a refusal for want of it
 * (parse_initial_message_line, parse_connection_headers), so that none arrives whole: a query of
 * too many is cut before it is parsed, a cookie of ours stands before all others and is the only
 * one that it parses, and Host is looked at here, not there. */
#include "exchange.h"

#include "api/fields.h"

#include <errno.h>
#include <strings.h>
#include <sys/socket.h>

#define RECORD_BYTES 64u /* of libmicrohttpd for each field, parameter and cookie, at most */
#define BUFFER_AHEAD_BYTES 2048u /* it reads so far past a head, at most */
#define PASSED_OVER_BYTES 16384u /* at once */

/* Nobody's. The field is known by its address. */
static const char no_cookie[] = "none=";

/* ---- the request line ---- */

static bool has_too_many(const char *query)
{
	unsigned n = 1;

	for (; *query && n <= API_PARAMS_MAX; query++)
		n += *query == '&';
	return n > API_PARAMS_MAX;
}

void *head_line(void *ctx, const char *uri, struct MHD_Connection *c)
{
	struct http *h = ctx;
	const char *query = uri ? strchr(uri, '?') : NULL;

	/* where there is no memory for it there is none for a head */
	(void)MHD_set_connection_value(c, MHD_HEADER_KIND, "Cookie", no_cookie);
	if (!uri)
		return NULL;
	if (strchr(uri, ' '))
		return &h->line_with_blank;
	if (!query || !has_too_many(query + 1))
		return NULL;
	/* its own buffer, which it goes on to write into itself; it has found the '?' already */
	((char *)(uintptr_t)query)[1] = 0;
	return &h->line_with_many;
}

bool head_is_line(const struct http *h, const void *state)
{
	return state == &h->line_with_blank || state == &h->line_with_many;
}

/* ---- its fields ---- */

struct head {
	unsigned records, lengths, hosts;
	struct str session;
};

static enum MHD_Result count_field(void *ctx, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct head *head = ctx;

	head->records++;
	if (kind != MHD_HEADER_KIND)
		return MHD_YES;
	head->lengths += strcasecmp(name, "Content-Length") == 0 ||
			 strcasecmp(name, "Transfer-Encoding") == 0;
	head->hosts += strcasecmp(name, "Host") == 0;
	if (head->session.n == 0 && value != no_cookie && strcasecmp(name, "Cookie") == 0)
		head->session = field_cookie(str_of(value), STR(API_SESSION_COOKIE));
	return MHD_YES;
}

/* What it has taken of the connection's memory, at most: the buffer has half of it from the
 * beginning, and may hold a next request already. */
static size_t taken_by(const struct exchange *x, const struct head *head)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t n = info ? info->header_size : 0;

	n += BUFFER_AHEAD_BYTES;
	if (n < HTTP_CONNECTION_BYTES / 2)
		n = HTTP_CONNECTION_BYTES / 2;
	return n + (size_t)head->records * RECORD_BYTES;
}

bool head_judge(struct exchange *x, const char *version)
{
	const enum MHD_ValueKind kinds =
	    (enum MHD_ValueKind)(MHD_HEADER_KIND | MHD_COOKIE_KIND | MHD_GET_ARGUMENT_KIND);
	struct head head = {0};

	MHD_get_connection_values(x->connection, kinds, count_field, &head);
	x->call.session = head.session;
	x->is_crowded = taken_by(x, &head) > HTTP_CONNECTION_BYTES - HTTP_ANSWER_HEAD_BYTES;
	if (x->is_crowded)
		exchange_refuse(x, ERR_HEAD_TOO_LARGE, NULL, MSG_HEAD_TOO_LARGE_REMEDY);
	else if (head.lengths > 1)
		exchange_refuse(x, ERR_BAD_INPUT, "Content-Length", MSG_LENGTH_ONCE);
	else if (head.hosts > 1 || (head.hosts == 0 && strcmp(version, "HTTP/1.0") != 0))
		exchange_refuse(x, ERR_BAD_INPUT, "Host", MSG_HOST_ONCE);
	else
		return true;
	return false;
}

/* ---- past libmicrohttpd ---- */

static int socket_of(struct MHD_Connection *c)
{
	return MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static bool send_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false; /* it takes nothing: it does not wait for us */
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static enum MHD_Result put_field(void *ctx, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct buf *head = ctx;

	(void)kind;
	buf_put_z(head, name);
	buf_put_z(head, ": ");
	buf_put_z(head, value);
	buf_put_z(head, "\r\n");
	return MHD_YES;
}

bool exchange_send_raw(struct exchange *x, struct MHD_Response *r, const char *body, size_t body_n)
{
	char memory[HTTP_ANSWER_HEAD_BYTES];
	struct buf head = buf_over(memory, sizeof memory);
	int fd = socket_of(x->connection);

	buf_put_z(&head, "HTTP/1.1 ");
	buf_put_u64(&head, (uint64_t)x->call.status);
	buf_put_char(&head, ' ');
	buf_put_z(&head, MHD_get_reason_phrase_for((unsigned)x->call.status));
	buf_put_z(&head, "\r\nConnection: close\r\n");
	MHD_get_response_headers(r, put_field, &head);
	if (x->call.status != 304) {
		buf_put_z(&head, "Content-Length: ");
		buf_put_u64(&head, body_n);
		buf_put_z(&head, "\r\n");
	}
	buf_put_z(&head, "\r\n");
	return !head.over && send_all(fd, head.p, head.n) &&
	       (x->call.is_head || send_all(fd, body, body_n));
}

void exchange_last_word(struct exchange *x, enum err e, const char *field, enum msg remedy)
{
	api_problem(x->http->api, &x->call, e, field, remedy);
	exchange_send_past(x);
}

bool head_client_ended(struct MHD_Connection *c)
{
	char next;

	return recv(socket_of(c), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void head_pass_over_rest(struct MHD_Connection *c)
{
	char passed[PASSED_OVER_BYTES];
	size_t n = 0;
	ssize_t more;

	do {
		more = recv(socket_of(c), passed, sizeof passed, MSG_DONTWAIT);
		n += more > 0 ? (size_t)more : 0;
	} while (more > 0 && n < HTTP_DISCARD_BYTES_MAX);
}
