/* Request -> service -> response, without a socket: parses and checks shape and size, makes the
 * command or reads, and writes the answer as JSON. The routes are route_table.h, documented by
 * api/openapi.yaml. One api belongs to one thread (it reads through one reader); commands go out
 * through `submit` and come back through api_finish. */
#ifndef LIREN_API_API_H
#define LIREN_API_API_H

#include "service/command.h"
#include "service/reader.h"
#include "service/viewer.h"

#define API_BODY_BYTES_MAX 32768u /* the largest cap of a route */
#define API_JSON_DEPTH_MAX 8u
#define API_ERROR_ID_BYTES 16u

struct api_call;

/* An answer that does not end: who gets it, and from where on. */
struct api_stream {
	struct viewer viewer;
	uint64_t account; /* tells people apart, for caps and sign-out; 0: nobody signed in */
	bool has_since;
	uint64_t since; /* entry up to which the client has it all */
};

struct api {
	struct reader *reader;
	/* Take a command to the one writer, at once: ERR_OK, or why not (queue full, stopping). */
	enum err (*submit)(void *ctx, struct command *c);
	/* ERR_OK while the program can take commands. */
	enum err (*health)(void *ctx);
	/* Who asks for live changes: fills viewer and account. ERR_FORBIDDEN … where it is nobody who
	 * may; NULL: nobody may. */
	enum err (*viewer)(void *ctx, const struct api_call *call, struct api_stream *ret);
	/* A failure that was ours: for the log, with the id that the client was told. */
	void (*failed)(void *ctx, const char *error_id, enum err err, const char *operation);
	void *ctx;
	const struct entropy *entropy;
	const char *version;
};

enum api_method { API_GET, API_POST, API_METHOD_OTHER };

struct api_route; /* a row of the table */

/* One request on its way. The transport fills the first part and frees what api_call_fini does not.
 */
struct api_call {
	enum api_method method;
	struct str path;            /* without query */
	struct str body;
	struct str content_type;    /* empty: none was given */
	struct str idempotency_key; /* empty: none was given */
	struct str query_before, query_limit, query_since; /* empty: not given */
	struct str last_event_id; /* empty: none was given */
	bool is_head;
	enum lang lang;

	const struct api_route *route;
	uint64_t n; /* of the path */
	struct str rest;

	struct command command; /* while the call waits for the writer */
	char *entry_memory;
	char *text_memory; /* of the command, decoded */

	struct api_stream stream; /* of API_STREAM */

	/* the response */
	int status;
	const char *content_type_out;
	char *out; /* malloc'd; the transport takes it over and sets it to NULL */
	size_t out_n;
	char error_id[API_ERROR_ID_BYTES]; /* empty: none */
	const char *cache_control;
	const char *allow;     /* with 405 */
	bool retry_after;      /* in a second */
};

/* Find the route by method and path, before any body is read: *ret_body_max tells its cap. ERR_OK,
 * ERR_NOT_FOUND or ERR_BAD_METHOD (then call->allow is set). */
enum err api_route_find(struct api_call *call, size_t *ret_body_max) MUST_CHECK;

enum api_next {
	API_ANSWERED, /* the response is in the call */
	API_STREAM,   /* the connection becomes a stream, as call->stream says */
	API_SUBMIT,   /* call->command is to be submitted; then api_finish */
};

/* With the whole body there. */
enum api_next api_begin(struct api *api, struct api_call *call);

/* After the command's answer (or a refusal to take it, set in command.answer.err). */
void api_finish(struct api *api, struct api_call *call);

/* Make the response a problem+json (RFC 9457). field and remedy may be NULL / MSG_COUNT. */
void api_problem(struct api *api, struct api_call *call, enum err err, const char *field,
		 enum msg remedy);

/* The operationId of what is asked; "-" where there is no such route. */
const char *api_operation(const struct api_call *call);

/* Free what the call owns, the response too unless it was taken over. */
void api_call_fini(struct api_call *call);

#endif
