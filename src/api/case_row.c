/* Open cases as JSON. */
#include "api/case_row.h"

#include "base/entry.h"
#include "cases/step.h"
#include "service/case_number.h"

/* What a mark tells to whoever works by the list. */
static const struct {
	unsigned mark;
	const char *name;
} marks[] = {
    {CASE_MARK_CLOSED, "closed"},
    {CASE_MARK_ON_SPOT, "on_spot"},
    {CASE_MARK_REPEATED, "repeated"},
    {CASE_MARK_SUPERVISED, "supervised"},
    {CASE_MARK_SUSPENDED, "suspended"},
};

static void put_marks(struct entry_writer *w, unsigned bits)
{
	entry_key(w, "marks");
	entry_array(w);
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (bits & marks[i].mark)
			entry_str(w, str_of(marks[i].name));
	entry_close(w);
}

static void put_at(struct entry_writer *w, struct geo_point at)
{
	entry_key(w, "at");
	entry_object(w);
	entry_key(w, "lat");
	entry_int(w, at.lat_e7);
	entry_key(w, "lon");
	entry_int(w, at.lon_e7);
	entry_close(w);
}

static void put_int(struct entry_writer *w, const char *key, int64_t v)
{
	entry_key(w, key);
	entry_int(w, v);
}

static void put_str(struct entry_writer *w, const char *key, struct str v)
{
	entry_key(w, key);
	entry_str(w, v);
}

void case_row_put(const struct queue_row *r, struct buf *out)
{
	char memory[CASE_ROW_BYTES_MAX], number[CASE_NUMBER_BYTES_MAX];
	struct buf said = buf_over(number, sizeof number);
	struct entry_writer w;
	struct str text = {0};

	entry_writer_begin(&w, memory, sizeof memory);
	put_str(&w, "area", r->area);
	if (r->has_at)
		put_at(&w, r->at);
	put_str(&w, "category", r->category);
	entry_key(&w, "drill");
	entry_bool(&w, r->is_drill);
	if (r->due_us != 0)
		put_int(&w, "due", r->due_us);
	put_int(&w, "id", (int64_t)r->id);
	put_marks(&w, r->marks);
	put_int(&w, "n", (int64_t)r->n);
	case_number_put(r->number, &said);
	put_str(&w, "number", buf_str(&said));
	put_str(&w, "owner", r->owner);
	if (r->place != 0)
		put_int(&w, "place", (int64_t)r->place);
	put_int(&w, "priority", (int64_t)r->priority);
	put_str(&w, "state", r->state);
	put_int(&w, "step", (int64_t)r->step + 1);
	put_str(&w, "unit", r->unit);
	if (entry_writer_end(&w, &text) != ERR_OK)
		out->over = true;
	else
		buf_put_str(out, text);
}
