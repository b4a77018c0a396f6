/* Lines: write, list, open, erase. */
#include "routes.h"

#include "base/check.h"

#include <stdlib.h>

#define LINES_PAGE_DEFAULT 20u

static bool make_entry_room(struct api *api, struct api_call *call, size_t text_n)
{
	size_t cap = (text_n + SEAL_OVERHEAD_BYTES) / 3 * 4 + 8 + ANSWER_ENTRY_OVERHEAD;

	call->entry_memory = malloc(cap);
	if (!call->entry_memory) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return false;
	}
	call->command.answer.entry = buf_over(call->entry_memory, cap);
	call->command.answer.remedy = MSG_COUNT;
	return true;
}

/* The text of a new line, or a refusal. */
static bool take_text(struct api *api, struct api_call *call, const json_t *body)
{
	const json_t *text = json_object_get(body, "text");
	size_t n = json_string_length(text);

	if (!json_is_string(text) || n == 0 || memchr(json_string_value(text), 0, n)) {
		api_problem(api, call, ERR_BAD_INPUT, "text", MSG_LINE_TEXT_REMEDY);
		return false;
	}
	if (n > LINE_TEXT_BYTES_MAX) {
		api_problem(api, call, ERR_TOO_LARGE, "text", MSG_LINE_TEXT_REMEDY);
		return false;
	}
	call->text_memory = malloc(n + 1);
	if (!call->text_memory) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return false;
	}
	memcpy(call->text_memory, json_string_value(text), n + 1);
	call->command.line.text = (struct str){call->text_memory, n};
	return true;
}

enum api_next route_writeLine(struct api *api, struct api_call *call)
{
	static const char *const members[] = {"text", NULL};
	json_t *body = body_object(api, call);
	bool ok = body && only_members(api, call, body, members) && take_text(api, call, body) &&
		  take_request_id(api, call, COMMAND_WRITE_LINE, 0) &&
		  make_entry_room(api, call, call->command.line.text.n);

	json_decref(body);
	call->command.kind = COMMAND_WRITE_LINE;
	return ok ? API_SUBMIT : API_ANSWERED;
}

/* {"blind", "text"}: what opens the sealed value. */
static json_t *opened_value(const uint8_t blind[SEAL_BLIND_BYTES], struct str text)
{
	json_t *value = json_object();

	json_put(&value, "blind", json_b64(blind, SEAL_BLIND_BYTES));
	json_put(&value, "text", json_stringn(text.p, text.n));
	return value;
}

static json_t *written(uint64_t n, struct str entry, const uint8_t salt[SALT_BYTES])
{
	json_t *json = json_object();

	json_put(&json, "n", json_integer((json_int_t)n));
	json_put(&json, "entry", json_stringn(entry.p, entry.n));
	json_put(&json, "salt", json_b64(salt, SALT_BYTES));
	return json;
}

static void put_opened(json_t **json, const uint8_t secret[SEAL_SECRET_BYTES],
		       const uint8_t blind[SEAL_BLIND_BYTES], struct str text)
{
	json_t *values = json_object();

	json_put(&values, "text", opened_value(blind, text));
	json_put(json, "values", values);
	json_put(json, "secret", json_b64(secret, SEAL_SECRET_BYTES));
}

void respond_written(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	json_t *json = written(a->n, buf_str(&a->entry), a->salt);

	if (a->has_text)
		put_opened(&json, a->secret, a->blind, call->command.line.text);
	respond_json(api, call, 201, json);
}

/* The member `secret` of the body, or a refusal. */
static bool take_secret(struct api *api, struct api_call *call, uint8_t ret[SEAL_SECRET_BYTES])
{
	static const char *const members[] = {"secret", NULL};
	json_t *body = body_object(api, call);
	const json_t *secret = json_object_get(body, "secret");
	uint8_t bytes[SEAL_SECRET_BYTES];
	size_t n = 0;
	bool ok = body && only_members(api, call, body, members);

	if (ok && (!json_is_string(secret) ||
		   !b64_decode((struct str){json_string_value(secret), json_string_length(secret)},
			       bytes, sizeof bytes, &n) ||
		   n != sizeof bytes)) {
		api_problem(api, call, ERR_BAD_INPUT, "secret", MSG_SECRET_REMEDY);
		ok = false;
	}
	if (ok)
		memcpy(ret, bytes, sizeof bytes);
	json_decref(body);
	return ok;
}

enum api_next route_eraseLine(struct api *api, struct api_call *call)
{
	call->command.kind = COMMAND_ERASE_RECORD;
	call->command.erase.record = call->n;
	call->command.erase.by_owner = true;
	if (!take_secret(api, call, call->command.erase.secret) ||
	    !take_request_id(api, call, COMMAND_ERASE_RECORD, call->n) ||
	    !make_entry_room(api, call, 0))
		return API_ANSWERED;
	return API_SUBMIT;
}

enum api_next route_openLine(struct api *api, struct api_call *call)
{
	struct opened_line *line;
	uint8_t secret[SEAL_SECRET_BYTES];
	enum err e;

	if (!take_secret(api, call, secret))
		return API_ANSWERED;
	line = malloc(sizeof *line);
	if (!line)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	e = reader_open_line(api->reader, call->n, secret, line);
	if (e != ERR_OK) {
		bool secret_wrong = e == ERR_FORBIDDEN;
		api_problem(api, call, e, secret_wrong ? "secret" : "n",
			    secret_wrong ? MSG_SECRET_REMEDY : MSG_COUNT);
	} else {
		json_t *json = written(line->entry.n, line->entry.body, line->entry.salt);
		put_opened(&json, line->secret, line->blind, line->text);
		respond_json(api, call, 200, json);
	}
	seal_wipe(line, sizeof *line);
	free(line);
	return API_ANSWERED;
}

/* A query number within 1 … max, `otherwise` where it is not given. */
static bool query_u64(struct api *api, struct api_call *call, struct str text, const char *field,
		      uint64_t max, uint64_t otherwise, uint64_t *ret)
{
	*ret = otherwise;
	if (text.n == 0 || (str_to_u64(text, ret) && *ret > 0 && *ret <= max))
		return true;
	api_problem(api, call, ERR_BAD_INPUT, field, MSG_QUERY_NUMBER_REMEDY);
	return false;
}

enum api_next route_listLines(struct api *api, struct api_call *call)
{
	struct line_row rows[LINES_PAGE_MAX + 1];
	uint64_t before = 0, limit = 0;
	unsigned n = 0;
	json_t *json, *lines;
	enum err e;

	if (!query_u64(api, call, call->query_before, "before", INT64_MAX, 0, &before) ||
	    !query_u64(api, call, call->query_limit, "limit", LINES_PAGE_MAX, LINES_PAGE_DEFAULT,
		       &limit))
		return API_ANSWERED;
	/* one more, to see whether there is another page */
	e = reader_lines(api->reader, before, (unsigned)limit + 1, rows, &n);
	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	json = json_object();
	lines = json_array();
	for (unsigned i = 0; i < n && i < limit; i++) {
		json_t *row = json_object();
		json_put(&row, "n", json_integer((json_int_t)rows[i].n));
		json_put(&row, "at", json_integer(rows[i].at_us));
		json_put(&row, "erased", json_boolean(rows[i].erased != 0));
		json_push(&lines, row);
	}
	json_put(&json, "lines", lines);
	if (n > limit)
		json_put(&json, "next", json_integer((json_int_t)rows[limit - 1].n));
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
