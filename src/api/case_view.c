/* One case: what it is and what the asker may do next; its steps. A personal text stands as the
 * name of its field and the entry that holds it. */
#include "case_steps.h"
#include "base/check.h"
#include "service/case_ask.h"
#include "service/case_course.h"
#include "service/case_line.h"
#include "service/case_why.h"
#include "service/cases.h"
#include "service/places.h"

#include <stdlib.h>

#define STEP_ARENA_BYTES (4u * ENTRY_BYTES_MAX)
#define HISTORY_PAGE_MAX 100u

static const struct cases_field *field_of(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; t && i < t->fields_n; i++)
		if (str_eq(t->fields[i].name.text, name))
			return &t->fields[i];
	return NULL;
}

static json_t *field_value(struct str field, struct str value)
{
	json_t *json = json_object();

	put_str(&json, "field", field);
	put_str(&json, "value", value);
	return json;
}

/* A value as commands take it: rows and entries have yes and no as 1 and 0. */
static struct str as_written(const struct cases_field *f, struct str value)
{
	if (f && f->kind == CASES_FIELD_YES_NO)
		return str_eq(value, STR("1")) ? STR("yes") : STR("no");
	return value;
}

/* ---- the case ---- */

static void put_fields(struct api *api, struct api_call *call, const struct case_seen *c,
		       json_t **to)
{
	json_t *fields = json_array(), *sealed = json_array();

	for (unsigned i = 0; i < c->view.fields_n; i++) {
		const struct case_doc_line *l = &c->view.fields[i];
		const struct cases_field *f = field_of(c->type, l->key);
		uint64_t n = 0;
		json_t *json;
		if (f && f->kind == CASES_FIELD_ACTOR)
			continue; /* handles: nobody's matter */
		/* photos are attachments: what stands here is which */
		if (!f || !f->is_personal || f->kind == CASES_FIELD_PHOTO) {
			json_push(&fields, field_value(l->key, as_written(f, l->value)));
			continue;
		}
		if (!str_to_u64(l->value, &n))
			continue;
		json = json_object();
		put_str(&json, "field", l->key);
		put_u64(&json, "n", n);
		put_access(&json, api, call, c, f, POLICY_OPEN_FIELDS);
		json_push(&sealed, json);
	}
	json_put(to, "fields", fields);
	json_put(to, "sealed", sealed);
}

static void put_attachments(struct api *api, struct api_call *call, struct case_seen *c,
			    json_t **to)
{
	struct case_attachment_row *rows = calloc(CASE_ATTACHMENTS_MAX, sizeof *rows);
	json_t *list = json_array();
	unsigned n = 0;

	if (!rows ||
	    cases_attachments(api->reader->db, c->view.id, &c->arena, rows, &n) != ERR_OK) {
		json_decref(list);
		list = NULL;
	}
	for (unsigned i = 0; i < n; i++) {
		const struct cases_field *f = field_of(c->type, rows[i].field);
		json_t *json = json_object();
		put_u64(&json, "n", rows[i].n);
		put_str(&json, "field", rows[i].field);
		put_str(&json, "media", rows[i].media);
		put_u64(&json, "bytes", rows[i].bytes);
		put_bool(&json, "evidence", rows[i].is_evidence);
		put_access(&json, api, call, c, f, POLICY_OPEN_ATTACHMENT);
		json_push(&list, json);
	}
	free(rows);
	json_put(to, "attachments", list);
}

/* The role that a clock last went up to. */
static void put_raised(const struct cases_book *b, struct str unit, const struct cases_clock *k,
		       unsigned level, json_t **to)
{
	unsigned lead = CASES_NONE, role;

	if (level == 0 || level > k->escalation.n)
		return;
	for (unsigned i = 0; i < b->units_n; i++)
		if (str_eq(b->units[i].name.text, unit))
			lead = i;
	role = cases_role_told(b, k->escalation.v[level - 1].index, lead);
	if (role < b->roles_n)
		put_str(to, "raised_to", b->roles[role].name.text);
}

static void put_clocks(const struct case_view *v, const struct cases_type *t,
		       const struct cases_book *b, json_t **to)
{
	static const char *const runs[CASE_RUN_COUNT] = {"none", "runs", "paused", "stopped"};
	json_t *list = json_array();

	for (unsigned i = 0; i < v->clocks_n; i++) {
		const struct case_clock *c = &v->clocks[i].clock;
		json_t *json;
		if (c->run == CASE_RUN_NONE)
			continue;
		json = json_object();
		put_str(&json, "name", v->clocks[i].name);
		put_z(&json, "state", runs[c->run]);
		put_instant(&json, "started", c->from_us);
		put_instant(&json, "due", c->run == CASE_RUN_WAITS ? 0 : c->due_us);
		put_instant(&json, "first_due",
			    c->first_due_us != c->due_us ? c->first_due_us : 0);
		put_instant(&json, "left", c->run == CASE_RUN_WAITS ? c->left_us : 0);
		put_instant(&json, "ended", c->ended_us);
		put_u64(&json, "level", c->level);
		if (c->by != CASE_BY_FIELD)
			put_limit(&json, c->unit, c->amount);
		for (unsigned k = 0; t && k < t->clocks_n; k++) {
			if (!str_eq(t->clocks[k].name.text, v->clocks[i].name))
				continue;
			put_given(&json, "owner", t->clocks[k].owner.text);
			put_raised(b, v->unit, &t->clocks[k], c->level, &json);
		}
		json_push(&list, json);
	}
	json_put(to, "clocks", list);
}

static void put_parts(const struct case_view *v, json_t **to)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < v->parts_n; i++) {
		json_t *json = json_object();
		put_str(&json, "unit", v->parts[i].unit);
		put_i64(&json, "until", v->parts[i].until_day);
		put_bool(&json, "done", v->parts[i].is_done);
		json_push(&list, json);
	}
	json_put(to, "parts", list);
}

/* What the reporter took up instead is nobody's matter who only follows. */
static void put_ties(struct api *api, const struct case_seen *c, json_t **to)
{
	_Alignas(16) char memory[CASE_LINE_ARENA_BYTES];
	static const char *const kinds[CASE_TIE_KINDS] = {"", "joined", "child", "split", "repeat"};
	const struct case_view *v = &c->view;
	bool follows = str_eq(access_case_role(c), STR("follower"));
	json_t *list = json_array();

	for (unsigned i = 0; i < v->ties_n; i++) {
		struct case_line line;
		struct arena a;
		json_t *json;
		if (follows && v->ties[i].kind == CASE_TIE_SPLIT)
			continue;
		arena_init(&a, memory, sizeof memory);
		json = json_object();
		if (case_line(api->reader->db, v->ties[i].id, 0, &a, &line) != ERR_OK) {
			json_decref(json);
			json = NULL;
		}
		put_z(&json, "kind", kinds[v->ties[i].kind]);
		put_u64(&json, "id", v->ties[i].id);
		put_number(&json, "number", line.number);
		put_u64(&json, "n", v->ties[i].n);
		json_push(&list, json);
	}
	json_put(to, "ties", list);
}

/* Where it goes on: by this number everybody may see how far it is. */
static void put_joined_to(struct api *api, const struct case_seen *c, json_t **to)
{
	uint64_t number = 0;

	if (cases_joined_to(api->reader->db, c->view.id, &number) == ERR_OK)
		put_number(to, "joined_to", number);
}

/* Another way for the reporter, where the reason of the refusal offers one. */
static void put_offer(const struct case_seen *c, json_t **to)
{
	const struct case_view *v = &c->view;

	if (!c->type || !str_eq(access_case_role(c), STR("reporter")))
		return;
	for (unsigned i = 0; i < v->fields_n; i++) {
		const struct cases_choice *choice =
		    cases_offer(c->type, v->state, v->fields[i].key, v->fields[i].value);
		json_t *json;
		if (!choice)
			continue;
		json = json_object();
		put_str(&json, "type", choice->offers.text);
		for (unsigned k = 0; k < v->ties_n; k++)
			if (v->ties[k].kind == CASE_TIE_SPLIT)
				put_u64(&json, "asked", v->ties[k].id);
		json_put(to, "offer", json);
		return;
	}
}

/* Which finding of a visit it comes of. That somebody was visited is not told to who came by the
 * matter. The words are those of the checklist in force, where it has the line still. */
static void put_finding(struct api *api, struct api_call *call, struct case_seen *c, json_t **to)
{
	const struct cases_checklist *list;
	struct case_found found;
	json_t *json;
	uint64_t n;

	if (str_eq(access_case_role(c), STR("follower")) ||
	    cases_finding(api->reader->db, c->view.id, &c->arena, &found) != ERR_OK)
		return;
	json = json_object();
	put_str(&json, "checklist", found.checklist);
	put_str(&json, "line", found.line);
	put_str(&json, "category", found.category);
	put_u64(&json, "file", found.file);
	list = shelf_checklist(api_shelf(api, call), found.checklist, &n);
	for (unsigned i = 0; list && i < list->lines_n; i++)
		if (str_eq(list->lines[i].name.text, found.line))
			put_words(&json, "words", list->lines[i].words);
	json_put(to, "finding", json);
}

/* A room is somebody's home: a follower is not told it, who came by the matter. */
static void put_place(struct api *api, struct api_call *call, struct case_seen *c, json_t **to)
{
	struct place_row row;
	json_t *json;

	if (c->view.place == 0 ||
	    places_by_id(api->reader->db, c->view.place, &c->arena, &row) != ERR_OK)
		return;
	if (!c->standing.reports &&
	    place_kind_info(row.kind)->class_of_texts > access_place_class(api, call))
		return;
	json = json_object();
	put_u64(&json, "id", row.id);
	put_z(&json, "kind", place_kind_info(row.kind)->name);
	put_str(&json, "title", row.title);
	if (row.has_at)
		put_point(&json, "at", row.at);
	json_put(to, "place", json);
}

static void put_way(json_t **list, const struct cases_transition *t, struct str role)
{
	json_t *json = json_object();

	put_z(&json, "command", cases_command_name(t->command));
	put_str(&json, "transition", t->name.text);
	put_str(&json, "role", role);
	put_words(&json, "words", t->words);
	put_names(&json, "fills", &t->fills);
	put_names(&json, "may_fill", &t->may_fill);
	json_push(list, json);
}

/* By their post, and by what they are in this case. */
static void put_commands(struct api *api, struct api_call *call, const struct case_seen *c,
			 json_t **to)
{
	const struct str roles[2] = {access_role(call), access_case_role(c)};
	const struct cases_type *type = NULL;
	unsigned way[CASES_TRANSITIONS_MAX], n = 0;
	json_t *list = json_array();

	for (unsigned r = 0; r < 2; r++) {
		if (roles[r].n == 0 || (r == 1 && str_eq(roles[0], roles[1])) ||
		    !access_permits(api, call, c, POLICY_DO_COMMAND, roles[r]))
			continue;
		if (case_next(api->reader->db, api_shelf(api, call), c->view.id, roles[r],
			      c->standing.handle, api_now(api), &type, way, &n) != ERR_OK)
			continue;
		for (unsigned i = 0; i < n; i++)
			put_way(&list, &type->transitions[way[i]], roles[r]);
	}
	json_put(to, "commands", list);
}

static void put_conditions(struct str conditions, json_t **to)
{
	json_t *list = json_array();

	while (conditions.n > 0) {
		const char *blank = memchr(conditions.p, ' ', conditions.n);
		size_t n = blank ? (size_t)(blank - conditions.p) : conditions.n;
		json_push(&list, json_stringn(conditions.p, n));
		n += blank != NULL;
		conditions = (struct str){conditions.p + n, conditions.n - n};
	}
	json_put(to, "conditions", list);
}

static json_t *case_json(struct api *api, struct api_call *call, struct case_seen *c)
{
	const struct case_view *v = &c->view;
	struct queue_row row;
	json_t *json = json_object();

	put_u64(&json, "id", v->id);
	put_u64(&json, "n", v->n);
	put_number(&json, "number", v->number);
	put_str(&json, "type", c->type ? c->type->name.text : STR(""));
	put_u64(&json, "type_n", v->type_n);
	put_str(&json, "category", v->category);
	put_str(&json, "state", v->state);
	put_u64(&json, "step", v->step + 1u);
	put_given(&json, "unit", v->unit);
	put_given(&json, "area", v->area);
	put_given(&json, "outcome", v->outcome);
	put_i64(&json, "handed_in", v->happened_us);
	if (v->at_us != v->happened_us)
		put_i64(&json, "recorded", v->at_us);
	put_instant(&json, "closed", v->closed_us);
	put_bool(&json, "erased", v->is_erased);
	if (queue_get(api->queue, v->id, &row) == ERR_OK) {
		put_given(&json, "owner", row.owner);
		put_u64(&json, "priority", row.priority);
		put_instant(&json, "due", row.due_us);
		put_bool(&json, "drill", row.is_drill);
	}
	if (v->has_at)
		put_point(&json, "at", (struct geo_point){v->lat_e7, v->lon_e7});
	put_marks(&json, "marks", v->marks);
	if (v->marks & CASE_MARK_IMPORTED)
		put_source(&json, &v->from);
	put_conditions(v->conditions, &json);
	put_place(api, call, c, &json);
	put_fields(api, call, c, &json);
	put_attachments(api, call, c, &json);
	put_clocks(v, c->type, &api_shelf(api, call)->now, &json);
	put_parts(v, &json);
	put_ties(api, c, &json);
	put_joined_to(api, c, &json);
	put_offer(c, &json);
	put_finding(api, call, c, &json);
	put_u64(&json, "followers", v->followers);
	put_given(&json, "secret_holder", access_case_role(c));
	put_commands(api, call, c, &json);
	return json;
}

enum api_next route_getCase(struct api *api, struct api_call *call)
{
	struct case_seen *c = NULL;

	if (!case_seen(api, call, POLICY_SEE_CASE, &c))
		return API_ANSWERED;
	respond_json_tagged(api, call, case_json(api, call, c));
	case_seen_free(c);
	return API_ANSWERED;
}

/* ---- its steps ---- */

static void put_value(json_t **list, const struct case_seen *c, const struct case_value *v)
{
	char text[24];
	struct buf b = buf_over(text, sizeof text);

	buf_put_i64(&b, v->number);
	json_push(list, field_value(v->field, v->is_word ? v->word
							 : as_written(field_of(c->type, v->field),
								      buf_str(&b))));
}

static const struct cases_transition *transition_of(const struct cases_type *t, struct str name)
{
	for (unsigned i = 0; t && i < t->transitions_n; i++)
		if (str_eq(t->transitions[i].name.text, name))
			return &t->transitions[i];
	return NULL;
}

static void put_entry(const struct case_entry *e, const struct case_seen *c, json_t **to)
{
	const struct cases_transition *tr = transition_of(c->type, e->transition);
	json_t *fields = json_array(), *sealed = json_array();

	put_str(to, "command",
		e->is_new		   ? STR("hand_in")
		: e->is_imported && e->id == 0 ? STR("import")
					       : e->command);
	put_given(to, "transition", e->transition);
	put_str(to, "state", e->state);
	put_u64(to, "step", (uint64_t)e->step + 1);
	put_given(to, "lead_unit", e->unit);
	put_given(to, "outcome", e->outcome);
	if (e->is_late)
		put_bool(to, "late", true);
	for (unsigned i = 0; i < e->fields_n; i++)
		put_value(&fields, c, &e->fields[i]);
	for (unsigned i = 0; i < e->sealed_n; i++)
		json_push(&sealed, json_stringn(e->sealed[i].field.p, e->sealed[i].field.n));
	json_put(to, "fields", fields);
	json_put(to, "sealed", sealed);
	if (tr && tr->public_line[LANG_ZH].n > 0)
		put_words(to, "public", tr->public_line);
}

/* Where the timer went one level up. */
static void put_levels(struct api *api, struct api_call *call, const struct case_seen *c,
		       const struct case_step_read *s, json_t **to)
{
	struct case_level level[CASES_CLOCKS_MAX];
	unsigned n = case_levels(api_shelf(api, call), c->type, s->entry, s->head.at_us, level);
	json_t *list = n > 0 ? json_array() : NULL;

	for (unsigned i = 0; i < n; i++)
		json_push(&list, case_level_json(&level[i]));
	if (n > 0)
		json_put(to, "raised", list);
}

static json_t *step_json(struct api *api, struct api_call *call, const struct case_seen *c,
			 const struct case_step_read *s)
{
	char why[CASE_WHY_BYTES_MAX];
	struct buf b = buf_over(why, sizeof why);
	json_t *json = json_object();

	put_u64(&json, "n", s->head.n);
	put_i64(&json, "at", s->head.at_us);
	put_z(&json, "kind", kind_name(s->head.kind));
	put_str(&json, "role", s->head.actor.role);
	put_given(&json, "unit", s->head.actor.unit);
	if (s->head.actor.has_handle &&
	    memcmp(s->head.actor.handle, c->standing.handle, HANDLE_BYTES) == 0)
		put_bool(&json, "mine", true);
	if (s->entry) {
		const struct case_why_files files = {api_shelf(api, call), c->view.type_n,
						     c->view.categories_n, call->lang};
		put_entry(s->entry, c, &json);
		put_levels(api, call, c, s, &json);
		put_bool(&json, "explains", case_why(&files, s->entry, s->head.at_us, &b));
	} else {
		json_t *fields = json_array();
		json_push(&fields, field_value(STR("field"), s->attached->field));
		json_push(&fields, field_value(STR("media"), s->attached->media));
		put_str(&json, "command", STR("attach"));
		put_str(&json, "state", c->view.state);
		put_u64(&json, "step", c->view.step + 1u);
		json_put(&json, "fields", fields);
	}
	return json;
}

enum err case_walk(struct api *api, struct api_call *call, const struct case_seen *c, uint64_t n,
		   unsigned most, case_step_fn *each, void *ctx, uint64_t *ret_next)
{
	char *memory = malloc(STEP_ARENA_BYTES);
	enum err e = memory ? ERR_OK : ERR_NO_MEMORY;

	for (unsigned i = 0; e == ERR_OK && n != 0 && i < most; i++) {
		struct case_step_read step;
		struct arena a;
		arena_init(&a, memory, STEP_ARENA_BYTES);
		e = cases_step_read(api->reader->db, n, &a, &step);
		if (e == ERR_OK && !each(api, call, c, &step, ctx))
			break;
		if (e == ERR_OK)
			n = step.prev;
	}
	free(memory);
	*ret_next = n;
	return e;
}

static bool add_step(struct api *api, struct api_call *call, const struct case_seen *c,
		     const struct case_step_read *s, void *ctx)
{
	json_t **list = ctx;

	json_push(list, step_json(api, call, c, s));
	return true;
}

enum err case_begin_at(struct api *api, const struct case_seen *c, uint64_t before, uint64_t *ret)
{
	bool is_its = false;

	*ret = c->view.n;
	if (before == 0 || before > c->view.n)
		return ERR_OK;
	*ret = before;
	TRY(cases_is_step(api->reader->db, before, c->view.id, &is_its));
	return is_its ? ERR_OK : ERR_NOT_FOUND;
}

enum api_next route_caseHistory(struct api *api, struct api_call *call)
{
	uint64_t limit = call_u64(call, "limit"), n = 0, next = 0;
	json_t *json, *steps = json_array();
	struct case_seen *c = NULL;
	enum err e;

	if (!case_seen(api, call, POLICY_SEE_HISTORY, &c)) {
		json_decref(steps);
		return API_ANSWERED;
	}
	e = case_begin_at(api, c, call_u64(call, "before"), &n);
	if (e == ERR_OK)
		e = case_walk(api, call, c, n,
			      (unsigned)(limit < HISTORY_PAGE_MAX ? limit : HISTORY_PAGE_MAX),
			      add_step, &steps, &next);
	if (e != ERR_OK) {
		json_decref(steps);
		api_problem(api, call, e, e == ERR_NOT_FOUND ? "before" : NULL, MSG_COUNT);
	} else {
		json = json_object();
		json_put(&json, "steps", steps);
		if (next != 0)
			put_u64(&json, "next", next);
		respond_json(api, call, 200, json);
	}
	case_seen_free(c);
	return API_ANSWERED;
}
