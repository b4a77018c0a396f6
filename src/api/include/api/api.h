/* Request -> service -> response, without a socket. What there is and what it takes stands in
 * api/openapi.yaml: this finds the route, checks parameters, who asks, and the body, and calls the
 * route's function. One api belongs to one thread (it reads through one reader).
 *
 * A call is answered at once or in steps: a step says API_WAIT, with who is to have the call
 * (`start`) and what goes on when it comes back (`next`): a command with the one writer, a password
 * being hashed, a read after a look is durable. */
#ifndef LIREN_API_API_H
#define LIREN_API_API_H

#include "service/command.h"
#include "service/account_limit.h"
#include "service/case_order.h"
#include "service/queue.h"
#include "service/reader.h"
#include "service/viewer.h"

#define API_JSON_DEPTH_MAX 8u
#define API_PARAMS_MAX 16u /* of a route; and given in a query */
#define API_FIELD_BYTES_MAX PROBLEM_FIELD_BYTES_MAX
#define API_ERROR_ID_BYTES 6u
#define API_CSRF_BYTES 16u
#define API_ACTOR_MEMORY_BYTES 1024u
#define API_AREAS_MAX 16u
#define API_RULE_BYTES_MAX 48u
#define API_ETAG_BYTES_MAX 48u
#define API_COOKIE_BYTES_MAX 192u
#define API_SESSION_COOKIE "liren_session"

struct json_t;
struct api_call;
struct api;
struct accounts;
struct blob_store;
struct cases_shelf;
struct hash_job;
struct proposer;

/* Who asks. A secret of a case may come beside an account. */
struct api_actor {
	enum { API_ANYONE, API_RESIDENT, API_STAFF } kind;
	uint64_t account; /* 0: none */
	uint64_t session; /* 0: not by the cookie */
	uint8_t csrf[API_CSRF_BYTES]; /* that its pages send along; with session */
	struct str role, unit;        /* of the post that acts; empty: none. Views into memory */
	struct str areas[API_AREAS_MAX];
	unsigned areas_n;
	bool has_secret;
	uint8_t secret[SEAL_SECRET_BYTES]; /* of a case, from Authorization */
	uint64_t follower; /* whose it is: the entry they joined by; 0: the reporter's */
	char memory[API_ACTOR_MEMORY_BYTES];
};

/* An answer that does not end: who gets it, and from where on. */
struct api_stream {
	struct viewer viewer;
	uint64_t account; /* tells people apart, for caps and sign-out; 0: nobody signed in */
	bool has_since;
	uint64_t since; /* entry up to which the client has it all */
};

/* A file on its way into a case. */
struct api_upload {
	struct bytes content; /* the maker's, until done */
	struct str field;
	bool is_evidence;
	/* answer */
	enum err err;
	struct problem problem;
	struct case_file_given given;
	bool is_as_it_came; /* no picture: what its maker wrote into it is still there */
	void (*done)(struct api_upload *u); /* from the upload thread */
	void *owner;
	void *inner;
};

struct api {
	struct reader *reader;
	/* Take a command to the one writer, at once: ERR_OK, or why not (queue full, stopping). */
	enum err (*submit)(void *ctx, struct command *c);
	/* ERR_OK while the program can take commands. */
	enum err (*health)(void *ctx);
	/* Who asks for live changes: fills viewer and account. ERR_FORBIDDEN … where it is nobody
	 * who may; NULL: nobody may. */
	enum err (*viewer)(void *ctx, struct api *api, struct api_call *call,
			   struct api_stream *ret);
	/* This account may see less from now on: its live changes end, and it asks anew. NULL:
	 * there are none. */
	void (*renew)(void *ctx, uint64_t account);
	/* A failure that was ours: for the log, with the id that the client was told. */
	void (*failed)(void *ctx, const char *error_id, enum err err, const char *operation);
	void *ctx;
	const struct entropy *entropy;
	const char *version;
	/* Whose session is call->session: fills call->actor but for the secret; a session that is
	 * none (any more) leaves it as it is. NULL: there are no accounts. */
	enum err (*authenticate)(void *ctx, struct api_call *call);
	bool behind_tls; /* the browser speaks TLS: cookies are Secure */
	struct queue *queue;       /* of the api's thread, over the reader's connection */
	struct accounts *accounts; /* likewise; NULL: there are none */
	/* The files in force, until release_shelf; NULL: there are none. NULL functions: likewise.
	 */
	const struct cases_shelf *(*hold_shelf)(void *ctx, void **ret_hold);
	void (*release_shelf)(void *hold);
	/* What time it is in the store, and by the clocks of this machine. */
	int64_t (*now)(void *ctx);
	struct clock_reading (*clock)(void *ctx);
	/* How a demo's clock goes, in thousandths. NULL: the store is none. */
	uint32_t (*demo_speed)(void *ctx);
	/* Give a file to the thread that looks at it and seals it; ERR_OK: u->done comes. In the
	 * end, of one with err ERR_OK, say whether an entry names it. NULL: nothing is taken. */
	enum err (*upload)(void *ctx, struct api_upload *u);
	void (*upload_end)(void *ctx, struct api_upload *u, bool named);
	const struct blob_store *blobs; /* NULL: there are no attachments */
	/* Give a password to the hashing thread. */
	enum err (*hash)(void *ctx, struct hash_job *job);
	/* made when it is first needed */
	struct proposer *proposer;
	const struct cases_shelf *proposer_shelf;
	void *proposer_hold;
};

enum api_method { API_GET, API_POST, API_PUT, API_DELETE, API_METHOD_OTHER };

enum api_next {
	API_ANSWERED,	/* the response is in the call */
	API_STREAM,	/* the connection becomes a stream, as call->stream says */
	API_WAIT,	/* call->start is to be called (api_start); then api_resume answers */
	API_WAIT_FIRST, /* the same, but api_resume may ask for an API_WAIT */
};

typedef enum api_next api_step_fn(struct api *api, struct api_call *call);
/* Hand the call to whoever calls call->resume in the end, from any thread; ERR_OK, or why not: then
 * nobody does. The connection is suspended by then. */
typedef enum err api_start_fn(struct api *api, struct api_call *call);

struct api_route; /* contract.h */

struct api_field {
	struct str name, value;
};

struct api_value {
	bool given; /* by the client */
	int64_t number;
	struct str text;
};

/* One request on its way. The transport fills the first part and frees what api_call_fini does not.
 */
struct api_call {
	enum api_method method;
	bool is_head;    /* with API_GET */
	struct str path; /* without query; NUL-terminated, decoded */
	struct api_field query[API_PARAMS_MAX];
	unsigned query_n; /* above API_PARAMS_MAX: there were more */
	struct str body;
	/* fields of the header; empty: none was given */
	struct str content_type, idempotency_key, authorization, session, csrf, if_none_match,
	    last_event_id;
	enum lang lang;
	/* May this address have something done without being signed in: 0, or in how many seconds
	 * it may. NULL: always. */
	unsigned (*limit)(struct api_call *call);
	/* To be called once, by whoever the call was given to; any thread. */
	void (*resume)(struct api_call *call);

	const struct api_route *route;
	const struct api_node *found; /* of the path */
	struct str segments[API_PARAMS_MAX];
	unsigned segments_n; /* parameters in the path */
	struct api_value values[API_PARAMS_MAX];
	struct json_t *json; /* the body, checked; NULL: it is none */
	struct api_actor actor;
	char rule[API_RULE_BYTES_MAX + 1]; /* of the policy, that refused */
	struct peer_address peer; /* whom failures to sign in count against; n 0: nobody */
	const struct cases_shelf *shelf;   /* held until the call ends */
	void *shelf_hold;
	void (*shelf_release)(void *hold);

	/* while the call waits */
	api_start_fn *start;
	api_step_fn *next;
	bool always;     /* next is called whatever came of it */
	enum err waited; /* what came of it; not ERR_OK: it is answered as a problem, next is not
			  * called */
	struct command command;
	char *entry_memory;
	char *text_memory; /* of the command, decoded */
	void *state;       /* of the route; state_free is called once, whatever comes */
	void (*state_free)(void *state);

	struct api_stream stream; /* of API_STREAM */

	/* the response */
	int status;
	const char *content_type_out;
	char *out; /* malloc'd; the transport takes it over and sets it to NULL */
	size_t out_n;
	const char *cache_control;
	const char *allow;                 /* with 405 */
	unsigned retry_after_s;            /* 0: not to be said */
	char etag[API_ETAG_BYTES_MAX + 1]; /* with its quotes; empty: none */
	char cookie[API_COOKIE_BYTES_MAX]; /* Set-Cookie; empty: none */
	char error_id[2 * API_ERROR_ID_BYTES + 1]; /* empty: none */
};

/* Find the route by method and path, before any body is read: *ret_body_max tells its cap. ERR_OK,
 * ERR_NOT_FOUND or ERR_BAD_METHOD (then call->allow is set). O(segments log words). */
enum err api_route_find(struct api_call *call, size_t *ret_body_max) MUST_CHECK;

/* With the whole body there. */
enum api_next api_begin(struct api *api, struct api_call *call);

/* Of a wait: call->resume comes, once, here and now where start refuses. */
void api_start(struct api *api, struct api_call *call);

/* After call->resume, on the api's thread. */
enum api_next api_resume(struct api *api, struct api_call *call);

/* Make the response a problem+json (RFC 9457). field and remedy may be NULL / MSG_COUNT. */
void api_problem(struct api *api, struct api_call *call, enum err err, const char *field,
		 enum msg remedy);

/* The operationId of what is asked; "-" where there is no such route. */
const char *api_operation(const struct api_call *call);

/* May the answer be packed? By its route, its type and its size. */
bool api_may_pack(const struct api_call *call);

/* Free what the call owns, the response too unless it was taken over. */
void api_call_fini(struct api_call *call);

/* What who asks sees of live changes, by the policy in force. ERR_FORBIDDEN: nothing. */
enum err api_viewer(struct api *api, struct api_call *call, struct viewer *ret) MUST_CHECK;

/* Free what the api made for itself. Its reader, queue and accounts are their maker's. */
void api_fini(struct api *api);

/* Once, before any JSON is read: what jansson frees is wiped first, because bodies hold passwords
 * and personal text. */
void api_wipe_json(void);

#endif
