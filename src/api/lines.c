/* Lines: write, list, open, erase. */
#include "routes.h"

#include "base/check.h"

#include <stdlib.h>

static enum api_next answer_written(struct api *api, struct api_call *call);

enum api_next route_writeLine(struct api *api, struct api_call *call)
{
	struct str text = json_str(call->json, "text");

	call->text_memory = malloc(text.n + 1);
	if (!call->text_memory)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	memcpy(call->text_memory, text.p, text.n + 1);
	call->command.line.text = (struct str){call->text_memory, text.n};
	take_request(call, COMMAND_WRITE_LINE, 0);
	if (!make_entry_room(api, call, text.n))
		return API_ANSWERED;
	return submit_then(call, answer_written);
}

/* {"blind", "text"}: what opens the sealed value. */
static json_t *opened_value(const uint8_t blind[SEAL_BLIND_BYTES], struct str text)
{
	json_t *value = json_object();

	json_put(&value, "blind", json_b64(blind, SEAL_BLIND_BYTES));
	json_put(&value, "text", json_stringn(text.p, text.n));
	return value;
}

json_t *written(uint64_t n, struct str entry, const uint8_t salt[SALT_BYTES])
{
	json_t *json = json_object();

	json_put(&json, "n", json_integer((json_int_t)n));
	json_put(&json, "entry", json_stringn_nocheck(entry.p, entry.n)); /* UTF-8 as written */
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

/* The command is durable: its entry, salt, and what opens its text. */
static enum api_next answer_written(struct api *api, struct api_call *call)
{
	const struct answer *a = &call->command.answer;
	json_t *json = written(a->n, buf_str(&a->entry), a->salt);

	if (a->has_text)
		put_opened(&json, a->secret, a->blind, call->command.line.text);
	respond_json(api, call, 201, json);
	return API_ANSWERED;
}

/* The property `secret` of the body. */
static void take_secret(const struct api_call *call, uint8_t ret[SEAL_SECRET_BYTES])
{
	size_t n = 0;

	CHECK(b64_decode(json_str(call->json, "secret"), ret, SEAL_SECRET_BYTES, &n));
}

enum api_next route_eraseLine(struct api *api, struct api_call *call)
{
	uint64_t n = call_u64(call, "n");

	call->command.erase.record = n;
	call->command.erase.by_owner = true;
	take_secret(call, call->command.erase.secret);
	take_request(call, COMMAND_ERASE_RECORD, n);
	if (!make_entry_room(api, call, 0))
		return API_ANSWERED;
	return submit_then(call, answer_written);
}

enum api_next route_openLine(struct api *api, struct api_call *call)
{
	struct opened_line *line;
	uint8_t secret[SEAL_SECRET_BYTES];
	enum err e;

	take_secret(call, secret);
	line = malloc(sizeof *line);
	if (!line)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	e = reader_open_line(api->reader, call_u64(call, "n"), secret, line);
	seal_wipe(secret, sizeof secret);
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

enum api_next route_listLines(struct api *api, struct api_call *call)
{
	struct line_row rows[LINES_PAGE_MAX + 1];
	uint64_t before = call_u64(call, "before"), limit = call_u64(call, "limit");
	unsigned n = 0;
	json_t *json, *lines;
	enum err e;

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
