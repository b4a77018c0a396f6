/* See api/case_row.h. */
#include "api/case_row.h"

#include "case_rows.h"
#include "service/cases.h"

json_t *case_row_json(struct db *db, const struct queue_row *r)
{
	_Alignas(16) char memory[CASE_LINE_ARENA_BYTES];
	struct arena a;
	struct case_line line = {0};
	struct case_from from;
	json_t *json = json_object();

	arena_init(&a, memory, sizeof memory);
	put_u64(&json, "id", r->id);
	put_u64(&json, "n", r->n);
	put_number(&json, "number", r->number);
	put_str(&json, "category", r->category);
	put_str(&json, "state", r->state);
	put_u64(&json, "step", r->step + 1u);
	put_str(&json, "owner", r->owner);
	put_str(&json, "unit", r->unit);
	put_str(&json, "area", r->area);
	put_u64(&json, "priority", r->priority);
	put_instant(&json, "due", r->due_us);
	if (r->place != 0)
		put_u64(&json, "place", r->place);
	if (r->has_at)
		put_point(&json, "at", r->at);
	put_marks(&json, "marks", r->marks);
	put_bool(&json, "drill", r->is_drill);
	/* it may have been closed since the page was read; then the row tells what it was */
	if (case_line(db, r->id, r->due_us, &a, &line) == ERR_OK) {
		put_i64(&json, "handed_in", line.handed_in_us);
		put_u64(&json, "type_n", line.type_n);
		put_given(&json, "due_clock", line.due_clock);
		put_given(&json, "place_title", line.place_title);
	}
	if (case_marks_wait(r->marks) && cases_from(db, r->id, &a, &from) == ERR_OK)
		put_source(&json, &from);
	return json;
}

void case_row_put(struct db *db, const struct queue_row *r, struct buf *out)
{
	json_t *json = case_row_json(db, r);
	size_t room = out->cap - out->n;
	size_t n = json ? json_dumpb(json, out->p + out->n, room, JSON_COMPACT) : 0;

	json_decref(json);
	if (n == 0 || n > room || n > CASE_ROW_BYTES_MAX)
		out->over = true;
	else
		out->n += n;
}
