/* The files in force, as forms and screens need them: types with their fields and ways, the tables
 * of words. Also the earlier types under which cases still stand. No person is in it. */
#include "access.h"
#include "put.h"

static void put_limits(json_t **to, const struct cases_category *c)
{
	static const char *const stages[CASES_STAGE_COUNT] = {
	    [CASES_STAGE_CONTACT] = "contact",
	    [CASES_STAGE_ON_SITE] = "on_site",
	    [CASES_STAGE_SAFE] = "made_safe",
	    [CASES_STAGE_DONE] = "done",
	    [CASES_STAGE_RESTORED] = "restored",
	};
	json_t *limits = json_array();

	for (unsigned s = 0; s < CASES_STAGE_COUNT; s++) {
		const struct cases_limit *l = cases_limit_of(&c->limits[s], 0);
		json_t *json;
		if (!l || l->kind != CASES_LIMIT_SPAN)
			continue;
		json = json_object();
		put_z(&json, "stage", stages[s]);
		put_u64(&json, "amount", l->amount);
		put_z(&json, "unit", time_unit_code(l->unit));
		json_push(&limits, json);
	}
	json_put(to, "limits", limits);
}

static json_t *category_of(const struct cases_category *c)
{
	json_t *json = json_object();

	put_str(&json, "code", c->name.text);
	put_words(&json, "words", c->words);
	put_str(&json, "type", c->type.text);
	put_u64(&json, "priority", cases_priority_of(&c->priority, 0));
	put_limits(&json, c);
	return json;
}

static json_t *choice_of(const struct cases_choice *c)
{
	json_t *json = named(c->name.text, c->words);

	put_given(&json, "offers", c->offers.text);
	return json;
}

static json_t *field_of(const struct cases_field *f)
{
	json_t *json = named(f->name.text, f->words);

	put_str(&json, "kind", f->kind_name.text);
	put_bool(&json, "personal", f->is_personal);
	if (f->within_days > 0)
		put_u64(&json, "within_days", f->within_days);
	if (f->choices_n > 0) {
		json_t *choices = json_array();
		for (unsigned i = 0; i < f->choices_n; i++)
			json_push(&choices, choice_of(&f->choices[i]));
		json_put(&json, "choices", choices);
	}
	return json;
}

static json_t *state_of(const struct cases_state *s)
{
	json_t *json = named(s->name.text, s->words);

	put_u64(&json, "step", (uint64_t)s->step + 1);
	put_bool(&json, "final", s->is_final);
	put_given(&json, "owner", s->owner.text);
	return json;
}

static json_t *transition_of(const struct cases_transition *t)
{
	json_t *json = named(t->name.text, t->words);

	put_z(&json, "command", cases_command_name(t->command));
	if (!t->is_from_any)
		put_names(&json, "from", &t->from);
	if (!t->stays)
		put_str(&json, "to", t->to.text);
	put_names(&json, "by", &t->by);
	put_names(&json, "fills", &t->fills);
	put_names(&json, "may_fill", &t->may_fill);
	if (t->public_line[LANG_ZH].n > 0)
		put_words(&json, "public", t->public_line);
	return json;
}

static json_t *question_of(const struct cases_question *q)
{
	json_t *json = named(q->name.text, q->words), *answers = json_array();

	for (unsigned i = 0; i < q->answers_n; i++)
		json_push(&answers, named(q->answers[i].name.text, q->answers[i].words));
	json_put(&json, "answers", answers);
	return json;
}

#define PUT_EACH(json, key, list, n, make)                                                         \
	do {                                                                                       \
		json_t *each_ = json_array();                                                      \
		for (unsigned i_ = 0; i_ < (n); i_++)                                              \
			json_push(&each_, make(&(list)[i_]));                                      \
		json_put(json, key, each_);                                                        \
	} while (0)

static json_t *clock_of(const struct cases_clock *c)
{
	return named(c->name.text, c->words);
}

static json_t *outcome_of(const struct cases_outcome *o)
{
	return named(o->name.text, o->words);
}

static json_t *type_of(const struct cases_type *t, uint64_t n, bool in_force)
{
	json_t *json = json_object(), *start = json_object();

	put_u64(&json, "n", n);
	put_str(&json, "code", t->name.text);
	put_words(&json, "words", t->words);
	put_bool(&json, "in_force", in_force);
	put_str(&start, "state", t->start.text);
	put_names(&start, "fills", &t->start_fields);
	put_names(&start, "may_fill", &t->start_may);
	json_put(&json, "start", start);
	PUT_EACH(&json, "fields", t->fields, t->fields_n, field_of);
	PUT_EACH(&json, "states", t->states, t->states_n, state_of);
	PUT_EACH(&json, "transitions", t->transitions, t->transitions_n, transition_of);
	PUT_EACH(&json, "clocks", t->clocks, t->clocks_n, clock_of);
	PUT_EACH(&json, "outcomes", t->outcomes, t->outcomes_n, outcome_of);
	PUT_EACH(&json, "questions", t->questions, t->questions_n, question_of);
	return json;
}

static json_t *unit_of(const struct cases_unit *u)
{
	static const char *const kinds[] = {
	    [CASES_UNIT_OFFICE] = "office",
	    [CASES_UNIT_POST] = "post",
	    [CASES_UNIT_LOOKUP] = "lookup",
	};
	json_t *json = named(u->name.text, u->words);

	put_z(&json, "kind", kinds[u->kind]);
	return json;
}

static json_t *role_of(const struct cases_role *r)
{
	json_t *json = named(r->name.text, r->words);

	put_z(&json, "kind", r->is_staff ? "staff" : "resident");
	put_bool(&json, "in_field", r->is_in_field);
	return json;
}

static json_t *area_of(const struct cases_area *a)
{
	return named(a->name.text, a->words);
}

static json_t *class_of(const struct cases_word *w)
{
	return named(w->name.text, w->words);
}

static json_t *purpose_of(const struct cases_item *i)
{
	return named(i->purpose.text, i->purpose_words);
}

static json_t *types_of(const struct cases_shelf *s)
{
	json_t *json = json_array();

	for (unsigned i = 0; i < s->now.types_n; i++)
		json_push(&json,
			  type_of(s->now.types[i], s->files[s->type_file[i]].n, true));
	for (unsigned i = 0; i < s->old_types_n; i++)
		json_push(&json, type_of(&s->old_types[i].type, s->old_types[i].n, false));
	return json;
}

/* The newest entry that brought any of them: what the answer depends on. */
static uint64_t newest_of(const struct cases_shelf *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < s->files_n; i++)
		n = s->files[i].n > n ? s->files[i].n : n;
	return n;
}

enum api_next route_getFiles(struct api *api, struct api_call *call)
{
	const struct cases_shelf *s = api_shelf(api, call);
	char tag[API_ETAG_BYTES_MAX];
	json_t *json;

	if (!s)
		return refuse(api, call, ERR_NOT_FOUND, NULL, MSG_COUNT);
	/* earlier types leave the shelf without an entry: their number is part of it */
	snprintf(tag, sizeof tag, "files-%llu-%u", (unsigned long long)newest_of(s),
		 s->old_types_n);
	if (respond_unchanged(call, tag))
		return API_ANSWERED;
	json = json_object();
	json_put(&json, "types", types_of(s));
	PUT_EACH(&json, "categories", s->now.categories.v, s->now.categories.n, category_of);
	PUT_EACH(&json, "classes", s->now.categories.classes, s->now.categories.classes_n,
		 class_of);
	PUT_EACH(&json, "conditions", s->conditions, s->conditions_n, class_of);
	PUT_EACH(&json, "units", s->now.units, s->now.units_n, unit_of);
	PUT_EACH(&json, "roles", s->now.roles, s->now.roles_n, role_of);
	PUT_EACH(&json, "areas", s->now.areas, s->now.areas_n, area_of);
	PUT_EACH(&json, "purposes", s->now.catalogue.items, s->now.catalogue.items_n, purpose_of);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
