/* The public list of suspended matters: of the open cases that ever were suspended those that are
 * now, by their type. O(such cases × their entries since). */
#include "service/queue.h"

#include "service/cases.h"
#include "service/kind_attachment.h"

#include <stdlib.h>

#define PAGE 64u

struct looking {
	struct db *db;
	const struct cases_shelf *shelf;
	struct case_view view;
	_Alignas(16) char memory[CASES_VIEW_ARENA_BYTES + CASE_DOC_BYTES_MAX];
	_Alignas(16) char entry[4 * ENTRY_BYTES_MAX];
	char body[ENTRY_BYTES_MAX];
};

static const struct cases_state *state_of(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; i < t->states_n; i++)
		if (str_eq(t->states[i].name.text, name))
			return &t->states[i];
	return NULL;
}

static struct str value_of(const struct case_view *v, struct str field)
{
	for (unsigned i = 0; i < v->fields_n; i++)
		if (str_eq(v->fields[i].key, field))
			return v->fields[i].value;
	return STR("");
}

/* The choice that is filled in where a case is suspended. */
static const struct cases_choice *cause_of(const struct cases_type *t, const struct case_view *v)
{
	for (unsigned i = 0; i < t->transitions_n; i++) {
		const struct cases_transition *tr = &t->transitions[i];
		for (unsigned k = 0; tr->command == CASES_COMMAND_SUSPEND && k < tr->fills.n; k++) {
			const struct cases_field *f = &t->fields[tr->fills.v[k].index];
			struct str value = value_of(v, f->name.text);
			for (unsigned c = 0; f->kind == CASES_FIELD_CHOICE && c < f->choices_n; c++)
				if (str_eq(f->choices[c].name.text, value))
					return &f->choices[c];
		}
	}
	return NULL;
}

/* The entry before one by which a file was attached. */
static enum err before_attached(struct looking *l, uint64_t n, uint64_t *ret)
{
	const void *decoded = NULL;
	const struct entry_value *data = NULL;
	struct entry_head head;
	struct entry_view view;
	void *tree = NULL;
	struct arena a;
	enum err e;

	arena_init(&a, l->entry, sizeof l->entry);
	TRY(journal_entry(l->db, n, l->body, &view));
	TRY(kind_parse(view.body, &a, &head, &tree, &data));
	e = head.kind == KIND_CASE_ATTACHED ? attached_decode(data, &a, &decoded) : ERR_CORRUPT;
	free(tree);
	TRY(e);
	*ret = ((const struct case_attached *)decoded)->prev;
	return ERR_OK;
}

/* Back over its entries as long as they stand in this state. Files attached meanwhile are entries
 * of another kind, with the one before them in the case. */
static enum err since_when(struct looking *l, int64_t *ret_us)
{
	uint64_t n = l->view.n;

	for (unsigned i = 0; n != 0 && i < QUEUE_SUSPENDED_ENTRIES_MAX; i++) {
		const struct case_entry *entry = NULL;
		struct entry_head head;
		struct arena a;
		enum err e;
		arena_init(&a, l->entry, sizeof l->entry);
		e = cases_entry(l->db, n, &a, &head, &entry);
		if (e == ERR_NOT_FOUND) {
			TRY(before_attached(l, n, &n));
			continue;
		}
		TRY(e);
		if (!str_eq(entry->state, l->view.state))
			return ERR_OK;
		*ret_us = head.at_us;
		n = entry->prev;
	}
	return ERR_OK;
}

static enum err look_at(struct looking *l, const struct queue_row *row, struct queue_suspended *ret,
			bool *ret_is)
{
	const struct cases_type *type;
	const struct cases_state *state;
	const struct cases_category *category;
	uint64_t day = 0;
	struct arena a;
	enum err e;

	*ret_is = false;
	arena_init(&a, l->memory, sizeof l->memory);
	e = cases_view(l->db, row->id, &a, &l->view);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	type = shelf_type(l->shelf, l->view.type_n);
	state = type ? state_of(type, l->view.state) : NULL;
	category = shelf_category(l->shelf, l->view.categories_n, l->view.category);
	if (!state || !cases_is_given(&state->review) || !category ||
	    category->publish == CASES_PUBLISH_NOTHING ||
	    !str_to_u64(value_of(&l->view, state->review.text), &day) || day > INT32_MAX)
		return ERR_OK;
	*ret = (struct queue_suspended){.id = row->id,
					.number = row->number,
					.category = row->category,
					.unit = row->unit,
					.cause = cause_of(type, &l->view),
					.review_day = (int32_t)day,
					.due_us = row->due_us};
	TRY(since_when(l, &ret->since_us));
	*ret_is = true;
	return ERR_OK;
}

static enum err fill_page(struct queue *q, struct looking *l, int64_t after_due_us,
			  uint64_t after_id, unsigned limit, struct queue_suspended *ret,
			  unsigned *ret_n, bool *ret_more)
{
	const struct queue_filter f = {.step = -1, .marks = CASE_MARK_SUSPENDED};
	struct queue_row row[PAGE];
	bool more = true;
	unsigned n = 0;

	*ret_n = 0;
	*ret_more = false;
	while (more) {
		TRY(queue_page(q, &f, after_due_us, after_id, PAGE, row, &n, &more));
		for (unsigned i = 0; i < n; i++) {
			struct queue_suspended found;
			bool is = false;
			TRY(look_at(l, &row[i], &found, &is));
			if (is && *ret_n == limit) {
				*ret_more = true;
				return ERR_OK;
			}
			if (is)
				ret[(*ret_n)++] = found;
		}
		if (n == 0)
			break;
		after_due_us = row[n - 1].due_us;
		after_id = row[n - 1].id;
	}
	return ERR_OK;
}

enum err queue_suspended(struct queue *q, struct db *db, const struct cases_shelf *shelf,
			 int64_t after_due_us, uint64_t after_id, unsigned limit,
			 struct queue_suspended *ret, unsigned *ret_n, bool *ret_more)
{
	struct looking *l;
	enum err e;

	if (limit == 0 || limit > QUEUE_SUSPENDED_MAX)
		return ERR_BAD_INPUT;
	l = malloc(sizeof *l);
	if (!l)
		return ERR_NO_MEMORY;
	l->db = db;
	l->shelf = shelf;
	e = fill_page(q, l, after_due_us, after_id, limit, ret, ret_n, ret_more);
	free(l);
	return e;
}
