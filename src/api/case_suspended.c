/* The public list of suspended matters: cause, date of review, age; no place and no words of
 * anybody. */
#include "access.h"
#include "case_rows.h"

#include <stdlib.h>

static json_t *suspended_of(const struct queue_suspended *s, enum lang lang)
{
	json_t *json = json_object();

	put_number(&json, "number", s->number);
	put_str(&json, "category", s->category);
	put_str(&json, "cause", s->cause ? s->cause->words[lang] : STR(""));
	put_i64(&json, "since", s->since_us);
	put_i64(&json, "review", s->review_day);
	put_given(&json, "unit", s->unit);
	return json;
}

enum api_next route_listSuspended(struct api *api, struct api_call *call)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	struct queue_suspended rows[QUEUE_SUSPENDED_MAX];
	uint64_t wanted = call_u64(call, "limit");
	unsigned limit = (unsigned)(wanted < QUEUE_SUSPENDED_MAX ? wanted : QUEUE_SUSPENDED_MAX);
	int64_t after_due_us = 0, after_id = 0;
	char next[API_CURSOR_BYTES_MAX];
	bool more = false, ok = true;
	json_t *json, *cases;
	unsigned n = 0;
	enum err e = ERR_OK;

	(void)take_cursor(api, call, &after_due_us, &after_id, &ok);
	if (!ok)
		return API_ANSWERED;
	if (shelf) /* without files there is no type, and so no case */
		e = queue_suspended(api->queue, api->reader->db, shelf, after_due_us,
				    (uint64_t)after_id, limit, rows, &n, &more);
	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	json = json_object();
	cases = json_array();
	for (unsigned i = 0; i < n; i++)
		json_push(&cases, suspended_of(&rows[i], call->lang));
	json_put(&json, "cases", cases);
	put_bool(&json, "more", more);
	if (more)
		put_z(&json, "next",
		      cursor_put(call, rows[n - 1].due_us, (int64_t)rows[n - 1].id, next));
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
