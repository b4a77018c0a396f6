/* What everybody may know of a case by the number that is said on the phone: no text of it. */
#include "case_rows.h"

#include "access.h"
#include "service/case_number.h"

#include <stdlib.h>

#define STEP_ARENA_BYTES (4u * ENTRY_BYTES_MAX)
#define PUBLIC_STEPS_MAX 100u /* newest ones that are looked at */

/* Words of the transition that are public; NULL: it has none, or its file is gone. */
static const struct cases_transition *public_of(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; t && i < t->transitions_n; i++)
		if (str_eq(t->transitions[i].name.text, name) &&
		    t->transitions[i].public_line[LANG_ZH].n > 0)
			return &t->transitions[i];
	return NULL;
}

static enum err put_steps(struct api *api, const struct cases_type *type, uint64_t n,
			  json_t **to)
{
	char *memory = malloc(STEP_ARENA_BYTES);
	json_t *steps = json_array();
	enum err e = memory ? ERR_OK : ERR_NO_MEMORY;

	for (unsigned i = 0; e == ERR_OK && n != 0 && i < PUBLIC_STEPS_MAX; i++) {
		const struct cases_transition *t;
		struct case_step_read step;
		struct arena a;
		arena_init(&a, memory, STEP_ARENA_BYTES);
		e = cases_step_read(api->reader->db, n, &a, &step);
		if (e != ERR_OK)
			break;
		n = step.prev;
		t = step.entry ? public_of(type, step.entry->transition) : NULL;
		if (t) {
			json_t *json = json_object();
			put_i64(&json, "at", step.head.at_us);
			put_u64(&json, "step", (uint64_t)step.entry->step + 1);
			put_words(&json, "words", t->public_line);
			json_push(&steps, json);
		}
	}
	free(memory);
	json_put(to, "steps", steps);
	return e;
}

/* Of some matters only that they are there is public. */
static enum cases_publish publish_of(const struct cases_shelf *s, const struct case_view *v)
{
	const struct cases_category *c =
	    s ? shelf_category(s, v->categories_n, v->category) : NULL;

	return c ? c->publish : CASES_PUBLISH_NOTHING;
}

static enum err respond_public(struct api *api, struct api_call *call, uint64_t id, char *memory)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	const struct cases_type *type;
	enum cases_publish publish;
	struct case_line line = {0};
	struct case_view *v = malloc(sizeof *v);
	struct arena a;
	json_t *json;
	enum err e = v ? ERR_OK : ERR_NO_MEMORY;

	arena_init(&a, memory, CASES_VIEW_ARENA_BYTES + CASE_LINE_ARENA_BYTES);
	if (e == ERR_OK)
		e = cases_view(api->reader->db, id, &a, v);
	if (e == ERR_OK)
		e = case_line(api->reader->db, id, 0, &a, &line);
	if (e != ERR_OK) {
		free(v);
		return e;
	}
	type = shelf ? shelf_type(shelf, v->type_n) : NULL;
	publish = publish_of(shelf, v);
	json = json_object();
	put_number(&json, "number", v->number);
	put_str(&json, "category", publish == CASES_PUBLISH_NOTHING ? STR("") : v->category);
	put_given(&json, "type", type ? type->name.text : STR(""));
	put_str(&json, "state", v->state);
	put_u64(&json, "step", v->step + 1u);
	put_i64(&json, "handed_in", v->happened_us);
	put_instant(&json, "closed", v->closed_us);
	put_given(&json, "outcome", v->outcome);
	put_given(&json, "unit", v->unit);
	if (publish == CASES_PUBLISH_PLACE)
		put_given(&json, "place_title", line.place_title);
	e = put_steps(api, type, v->n, &json);
	free(v);
	if (e != ERR_OK) {
		json_decref(json);
		return e;
	}
	respond_json(api, call, 200, json);
	return ERR_OK;
}

enum api_next route_caseByNumber(struct api *api, struct api_call *call)
{
	char *memory;
	uint64_t number = 0, id = 0;
	enum err e;

	if (!case_number_parse(call_str(call, "number"), &number))
		return refuse(api, call, ERR_BAD_INPUT, "number", MSG_CASE_NUMBER_REMEDY);
	e = cases_by_number(api->reader->db, number, &id);
	memory = malloc(CASES_VIEW_ARENA_BYTES + CASE_LINE_ARENA_BYTES);
	if (e == ERR_OK)
		e = memory ? respond_public(api, call, id, memory) : ERR_NO_MEMORY;
	free(memory);
	if (e != ERR_OK)
		api_problem(api, call, e, e == ERR_NOT_FOUND ? "number" : NULL, MSG_COUNT);
	return API_ANSWERED;
}
