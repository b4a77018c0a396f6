/* Within the api only: what the function of a route works with. The tables declare it,
 * `enum api_next route_<operationId>(struct api *, struct api_call *)`. Its parameters and its body
 * are as api/openapi.yaml says when it is called. */
#ifndef LIREN_API_ROUTES_H
#define LIREN_API_ROUTES_H

#include "api/api.h"
#include "api/route_list.h"

#include <jansson.h>

#define API_CURSOR_BYTES_MAX 48u

/* ---- what was asked ---- */

/* Parameters of the route by name; a name that it has not is a bug. call_u64: of a parameter whose
 * minimum is not negative. Where it was not given: its default, else 0 or empty. */
bool call_given(const struct api_call *call, const char *name);
int64_t call_i64(const struct api_call *call, const char *name);
uint64_t call_u64(const struct api_call *call, const char *name);
struct str call_str(const struct api_call *call, const char *name);

/* Properties of an object of the body. Not there: empty, or `otherwise`. */
struct str json_str(const json_t *object, const char *name);
int64_t json_i64(const json_t *object, const char *name, int64_t otherwise);

/* The hash of what is asked and by whom, into the command, beside the request id. `target`: what
 * the path says beside the body. */
void take_request(struct api_call *call, enum command_kind kind, uint64_t target);

/* ---- steps ---- */

/* As the value of a step: give the call to `start`; `next` goes on when it is back, and may
 * submit. */
enum api_next wait_then(struct api_call *call, api_start_fn *start, api_step_fn *next);
/* The command goes to the writer; `next` answers. A refusal of it is answered without `next`. */
enum api_next submit_then(struct api_call *call, api_step_fn *next);

/* Likewise, but `next` is called with a refusal, too (command.answer.err): to say more of it. */
enum api_next always_then(struct api_call *call, api_step_fn *next);

/* A store that is no demo has no such thing: then it is refused (false). */
bool must_be_demo(struct api *api, struct api_call *call);

/* Room for the entry that the command comes to, of a text of text_n bytes; or a refusal (false). */
bool make_entry_room(struct api *api, struct api_call *call, size_t text_n);

/* ---- the response ---- */

/* This JSON value (taken over). */
void respond_json(struct api *api, struct api_call *call, int status, json_t *json);
void respond_bytes(struct api *api, struct api_call *call, const char *content_type, const void *p,
		   size_t n);

/* What the client has may be kept: the answer is `private, no-cache` with this tag, of printable
 * ASCII without quotes. True: the client has it, and the response is there (304). Ask it before
 * working anything out. */
bool respond_unchanged(struct api_call *call, const char *tag);

/* As respond_json with 200, and a tag of the answer's bytes: whoever asks again for what did not
 * change is told no more than that (304). It is of one person: no browser keeps it. */
void respond_json_tagged(struct api *api, struct api_call *call, json_t *json);

/* The session's cookie; empty: it is taken away. */
void respond_session(struct api *api, struct api_call *call, struct str token);

/* A refusal, as the value of a step. With arguments of the remedy in the second form. */
enum api_next refuse(struct api *api, struct api_call *call, enum err err, const char *field,
		     enum msg remedy);
void problem_with(struct api *api, struct api_call *call, enum err err, const char *field,
		  enum msg remedy, const struct str *args, unsigned n);

/* What a reader found wrong, with field and sentence; `field` where the problem names none. */
void api_problem_of(struct api *api, struct api_call *call, enum err err,
		    const struct problem *problem, const char *field);

/* Entry, number and salt of what was written, and what opens the text where there is one. */
json_t *written(uint64_t n, struct str entry, const uint8_t salt[SALT_BYTES]);

json_t *json_b64(const void *p, size_t n);

/* Put a value into an object or an array. Where memory runs out *to becomes NULL and stays so, and
 * respond_json refuses: a response is whole or none. */
void json_put(json_t **to, const char *key, json_t *value);
void json_push(json_t **to, json_t *value);

/* As text in malloc'd memory, or NULL where memory ran out or json is NULL. */
char *json_text(const json_t *json, size_t *ret_n);

/* ---- pages ---- */

/* Where the next page begins, for a client to give back as it is: two numbers, checked to come from
 * this operation. It is no secret and opens nothing. */
const char *cursor_put(const struct api_call *call, int64_t a, int64_t b,
		       char memory[API_CURSOR_BYTES_MAX]);
/* The parameter `cursor`. Not given: false, and the numbers stay. What is none is a refusal; then
 * *ret_ok is false. */
bool take_cursor(struct api *api, struct api_call *call, int64_t *ret_a, int64_t *ret_b,
		 bool *ret_ok);

#endif
