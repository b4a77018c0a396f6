/* Why a case came out as it did: each decision in sentences, the two clocks from the first step to
 * the last, the levels that it went up, the hand-backs, and how to object now. */
#include "case_steps.h"

#include "service/case_why.h"

#include <stdlib.h>

void put_limit(json_t **to, enum time_unit unit, uint32_t amount)
{
	static const char *const names[TIME_UNIT_COUNT] = {
	    [TIME_UNIT_MINUTE] = "minute",
	    [TIME_UNIT_HOUR] = "hour",
	    [TIME_UNIT_WORKING_HOUR] = "working_hour",
	    [TIME_UNIT_WORKING_DAY] = "working_day",
	    [TIME_UNIT_CALENDAR_DAY] = "calendar_day",
	};
	json_t *json;

	if (amount == 0)
		return;
	json = json_object();
	put_z(&json, "unit", names[unit]);
	put_u64(&json, "amount", amount);
	json_put(to, "limit", json);
}

json_t *case_level_json(const struct case_level *level)
{
	json_t *json = json_object();

	put_str(&json, "clock", level->clock);
	put_given(&json, "role", level->role);
	put_u64(&json, "level", level->level);
	put_limit(&json, level->unit, level->amount);
	put_instant(&json, "due", level->due_us);
	put_i64(&json, "over", level->over_us);
	return json;
}

/* ---- the course ---- */

static json_t *run_json(const struct case_run_told *r)
{
	json_t *json = json_object();

	put_given(&json, "unit", r->unit);
	put_instant(&json, "from", r->from_us);
	put_limit(&json, r->in, r->amount);
	put_instant(&json, "due", r->due_us);
	put_instant(&json, "first_due", r->first_due_us != r->due_us ? r->first_due_us : 0);
	put_instant(&json, "ended", r->ended_us);
	return json;
}

static json_t *pause_json(const struct case_pause_told *p)
{
	json_t *json = json_object();

	put_str(&json, "state", p->state);
	put_instant(&json, "from", p->from_us);
	put_instant(&json, "to", p->to_us);
	return json;
}

static json_t *date_json(const struct case_date_told *d)
{
	json_t *json = json_object();

	put_str(&json, "command", d->command);
	put_instant(&json, "at", d->at_us);
	put_instant(&json, "first", d->from_us);
	put_instant(&json, "now", d->to_us);
	return json;
}

static void push_clock(json_t **list, const char *of, const struct case_clock_told *k)
{
	json_t *json, *runs, *pauses, *dates;

	if (k->runs_n == 0)
		return;
	json = json_object();
	runs = json_array();
	pauses = json_array();
	dates = json_array();
	put_z(&json, "of", of);
	put_str(&json, "name", k->name);
	for (unsigned i = 0; i < k->runs_n; i++)
		json_push(&runs, run_json(&k->run[i]));
	for (unsigned i = 0; i < k->pauses_n; i++)
		json_push(&pauses, pause_json(&k->pause[i]));
	for (unsigned i = 0; i < k->dates_n; i++)
		json_push(&dates, date_json(&k->date[i]));
	json_put(&json, "runs", runs);
	json_put(&json, "pauses", pauses);
	json_put(&json, "dates", dates);
	json_push(list, json);
}

static json_t *back_json(struct api *api, struct api_call *call, const struct case_seen *c,
			 const struct case_back_told *b)
{
	static const char *const verdicts[] = {
	    [CASE_VERDICT_OPEN] = "open",
	    [CASE_VERDICT_UPHELD] = "upheld",
	    [CASE_VERDICT_REFUSED] = "refused",
	    [CASE_VERDICT_NONE] = "none",
	};
	json_t *json = json_object(), *ground;

	put_u64(&json, "entry", b->n);
	put_instant(&json, "at", b->at_us);
	put_given(&json, "unit", b->unit);
	if (b->reason_field && b->reason.n > 0) {
		put_str(&json, "reason_field", b->reason_field->name.text);
		put_str(&json, "reason", b->reason);
	}
	put_given(&json, "proposed", b->proposed);
	put_z(&json, "verdict", verdicts[b->verdict]);
	put_instant(&json, "decided", b->decided_us);
	put_given(&json, "to", b->to);
	if (b->ground) { /* in words: for whoever may open them */
		ground = json_object();
		put_str(&ground, "field", b->ground->name.text);
		put_u64(&ground, "n", b->n);
		put_access(&ground, api, call, c, b->ground, POLICY_OPEN_FIELDS);
		json_put(&json, "ground", ground);
	}
	return json;
}

static void put_course(struct api *api, struct api_call *call, const struct case_seen *c,
		       const struct case_course *course, json_t **to)
{
	json_t *clocks = json_array(), *raised = json_array(), *backs = json_array();

	push_clock(&clocks, "reporter", &course->reporter);
	push_clock(&clocks, "unit", &course->unit);
	for (unsigned i = 0; i < course->levels_n; i++) {
		json_t *json = case_level_json(&course->level[i].level);
		put_u64(&json, "entry", course->level[i].n);
		put_instant(&json, "at", course->level[i].at_us);
		json_push(&raised, json);
	}
	for (unsigned i = 0; i < course->backs_n; i++)
		json_push(&backs, back_json(api, call, c, &course->back[i]));
	json_put(to, "clocks", clocks);
	json_put(to, "raised", raised);
	json_put(to, "hand_backs", backs);
	put_bool(to, "whole", !course->is_cut);
}

/* ---- the sentences ---- */

struct answering {
	json_t *answers;
	struct case_course *course; /* NULL: one entry is asked for */
};

static bool add_why(struct api *api, struct api_call *call, const struct case_seen *c,
		    const struct case_step_read *s, void *ctx)
{
	const struct case_why_files files = {api_shelf(api, call), c->view.type_n,
					     c->view.categories_n, call->lang};
	char text[CASE_WHY_BYTES_MAX];
	struct buf b = buf_over(text, sizeof text);
	struct answering *a = ctx;
	json_t *json, *lines;

	if (s->entry && a->course)
		case_course_add(a->course, s->head.n, s->head.at_us, s->entry);
	if (!s->entry || !case_why(&files, s->entry, s->head.at_us, &b))
		return true;
	json = json_object();
	lines = json_array();
	for (struct str rest = buf_str(&b); rest.n > 0;) {
		const char *end = memchr(rest.p, '\n', rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		if (n > 0)
			json_push(&lines, json_stringn(rest.p, n));
		n += end != NULL;
		rest = (struct str){rest.p + n, rest.n - n};
	}
	put_u64(&json, "entry", s->head.n);
	put_i64(&json, "at", s->head.at_us);
	json_put(&json, "lines", lines);
	json_push(&a->answers, json);
	return true;
}

static void put_object(struct api *api, struct api_call *call, const struct case_seen *c,
		       json_t **to)
{
	const struct case_why_files files = {api_shelf(api, call), c->view.type_n,
					     c->view.categories_n, call->lang};
	char text[512];
	struct buf b = buf_over(text, sizeof text);

	case_why_object(&files, c->view.state, c->view.clocks, c->view.clocks_n, &b);
	if (b.n > 0 && b.p[b.n - 1] == '\n')
		b.n--;
	put_str(to, "object", buf_str(&b));
}

static void answer(struct api *api, struct api_call *call, struct case_seen *c, uint64_t entry,
		   struct case_course *course, struct arena *names)
{
	struct answering a = {.answers = json_array(), .course = entry == 0 ? course : NULL};
	uint64_t n = 0, next = 0;
	json_t *json;
	enum err e;

	case_course_init(course, api_shelf(api, call), c->type, names);
	e = case_begin_at(api, c, entry, &n);
	if (e == ERR_OK)
		e = case_walk(api, call, c, n, entry != 0 ? 1 : CASE_COURSE_ENTRIES_MAX, add_why,
			      &a, &next);
	if (e != ERR_OK) {
		json_decref(a.answers);
		api_problem(api, call, e, e == ERR_NOT_FOUND ? "entry" : NULL, MSG_COUNT);
		return;
	}
	json = json_object();
	json_put(&json, "answers", a.answers);
	if (entry == 0) {
		course->is_cut |= next != 0;
		case_course_end(course);
		put_course(api, call, c, course, &json);
		put_object(api, call, c, &json);
	}
	respond_json(api, call, 200, json);
}

enum api_next route_caseWhy(struct api *api, struct api_call *call)
{
	struct case_course *course = malloc(sizeof *course);
	char *memory = malloc(CASE_COURSE_ARENA_BYTES);
	struct case_seen *c = NULL;
	struct arena names;

	if (!course || !memory) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	} else if (case_seen(api, call, POLICY_SEE_HISTORY, &c)) {
		arena_init(&names, memory, CASE_COURSE_ARENA_BYTES);
		answer(api, call, c, call_u64(call, "entry"), course, &names);
		case_seen_free(c);
	}
	free(memory);
	free(course);
	return API_ANSWERED;
}
