/* See case_why.h. */
#include "service/case_why.h"

#include "service/case_course.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define DAY_MINUTES 1440

struct why {
	const struct case_why_files *f;
	const struct cases_type *type; /* NULL: not on this shelf */
	const struct case_entry *e;
	struct buf *out;
	unsigned lines;
	int64_t at_us; /* of the entry */
};

static void line(struct why *w, enum msg msg, struct str a, struct str b, struct str c)
{
	const struct str args[] = {a, b, c};

	msg_put(w->out, msg, w->f->lang, args, 3);
	buf_put_char(w->out, '\n');
	w->lines++;
}

static struct str number(char memory[24], uint64_t v)
{
	struct buf text = buf_over(memory, 24);

	buf_put_u64(&text, v);
	return buf_str(&text);
}

/* "2026-06-11 18:40" where the office is. */
static struct str instant(const struct why *w, char memory[40], int64_t us)
{
	uint64_t n = 0;
	const struct calendar *c = shelf_calendar(w->f->shelf, &n);
	struct buf text = buf_over(memory, 40);

	if (c)
		civil_put_local(us / MINUTE_US * MINUTE_US, zone_offset_s(c->zone, us), &text);
	else
		civil_put_utc(us / MINUTE_US * MINUTE_US, &text);
	return buf_str(&text);
}

static struct str unit_words(const struct why *w, struct str code)
{
	const struct cases_book *b = &w->f->shelf->now;

	for (unsigned i = 0; i < b->units_n; i++)
		if (str_eq(b->units[i].name.text, code))
			return b->units[i].words[w->f->lang];
	return code;
}

static struct str role_words(const struct why *w, struct str name)
{
	const struct cases_book *b = &w->f->shelf->now;

	for (unsigned i = 0; i < b->roles_n; i++)
		if (str_eq(b->roles[i].name.text, name))
			return b->roles[i].words[w->f->lang];
	return name;
}

static struct str clock_words(const struct why *w, struct str name)
{
	for (unsigned i = 0; w->type && i < w->type->clocks_n; i++)
		if (str_eq(w->type->clocks[i].name.text, name))
			return w->type->clocks[i].words[w->f->lang];
	return name;
}

static const struct cases_category *category(const struct why *w)
{
	return shelf_category(w->f->shelf, w->f->categories_n, w->e->category);
}

static struct str category_words(const struct why *w)
{
	const struct cases_category *k = category(w);

	return k ? k->words[w->f->lang] : w->e->category;
}

/* ---- who leads ---- */

/* The reason that the line of the responsibilities gives, where the version that decided is the
 * one in force; else empty. */
static struct str rule_reason(const struct why *w)
{
	const struct cases_responsibilities *r = &w->f->shelf->now.responsibilities;
	uint64_t n = shelf_n(w->f->shelf, SHELF_RESPONSIBILITIES);

	for (unsigned i = 0; i < w->e->files_n; i++)
		if (str_eq(w->e->files[i].kind, STR("responsibilities")) && w->e->files[i].n != n)
			return STR("");
	for (unsigned i = 0; i < r->n; i++)
		if (r->v[i].at.line == w->e->why_line)
			return r->v[i].why[w->f->lang];
	return STR("");
}

/* Whom the responsibilities ask along. A part that a person added says so by its command. */
static void put_along(struct why *w)
{
	if (str_eq(w->e->command, STR("dispatch")))
		for (unsigned i = 0; i < w->e->parts_n; i++)
			line(w, MSG_CASE_WHY_JOINT, unit_words(w, w->e->parts[i].unit), STR(""),
			     STR(""));
	for (unsigned i = 0; i < w->e->told_n; i++)
		line(w, MSG_CASE_WHY_ASKED, unit_words(w, w->e->told[i]), STR(""), STR(""));
}

static void put_route(struct why *w)
{
	struct str lead = unit_words(w, w->e->unit), why = w->e->why;
	char memory[24];

	if (why.n == 0)
		return;
	if (str_eq(why, STR("component")))
		line(w, MSG_CASE_WHY_COMPONENT, lead, STR(""), STR(""));
	else if (str_eq(why, STR("rule")))
		line(w, MSG_CASE_WHY_RULE, lead, number(memory, w->e->why_line), rule_reason(w));
	else if (str_eq(why, STR("category")))
		line(w, MSG_CASE_WHY_CATEGORY, lead, category_words(w), STR(""));
	else
		line(w, MSG_CASE_WHY_PERSON, lead, STR(""), STR(""));
}

/* ---- where ---- */

/* Who leads is not decided again by it, and says so. */
static void put_place(struct why *w)
{
	struct str from = w->e->was.area, to = w->e->spot.area;

	if (!w->e->is_elsewhere)
		return;
	line(w, MSG_CASE_WHY_PLACE, from.n > 0 ? from : STR("-"), to.n > 0 ? to : STR("-"),
	     STR(""));
	if (w->e->unit.n > 0)
		line(w, MSG_CASE_WHY_PLACE_LEAD, unit_words(w, w->e->unit), STR(""), STR(""));
}

/* ---- how urgent ---- */

static void put_priority(struct why *w)
{
	const struct cases_category *k = category(w);
	uint64_t conditions = 0;
	bool is_decided = false;
	char said[24], usual[24];
	unsigned by_table;

	for (unsigned i = 0; i < w->e->fields_n; i++)
		is_decided |= str_eq(w->e->fields[i].field, STR("priority"));
	if (!is_decided || !k)
		return;
	for (unsigned i = 0; i < w->e->conditions_n; i++) {
		unsigned bit = shelf_condition(w->f->shelf, w->e->conditions[i]);
		conditions |= bit < 64 ? UINT64_C(1) << bit : 0;
	}
	by_table = cases_priority_of(&k->priority, conditions);
	if (by_table == w->e->priority)
		line(w, MSG_CASE_WHY_PRIORITY, number(said, w->e->priority), category_words(w),
		     STR(""));
	else
		line(w, MSG_CASE_WHY_PRIORITY_PERSON, number(said, w->e->priority),
		     category_words(w), number(usual, by_table));
}

/* ---- what was done, and the facts that were given for it ---- */

static const struct cases_transition *transition(const struct why *w)
{
	for (unsigned i = 0; w->type && i < w->type->transitions_n; i++)
		if (str_eq(w->type->transitions[i].name.text, w->e->transition))
			return &w->type->transitions[i];
	return NULL;
}

static const struct cases_field *field(const struct why *w, struct str name)
{
	for (unsigned i = 0; w->type && i < w->type->fields_n; i++)
		if (str_eq(w->type->fields[i].name.text, name))
			return &w->type->fields[i];
	return NULL;
}

/* Reasons chosen from a list stand here; grounds in words are the parties' to read. */
static void put_facts(struct why *w)
{
	for (unsigned i = 0; i < w->e->fields_n; i++) {
		const struct case_value *v = &w->e->fields[i];
		const struct cases_field *f = field(w, v->field);
		for (unsigned k = 0; f && v->is_word && k < f->choices_n; k++)
			if (f->kind == CASES_FIELD_CHOICE &&
			    str_eq(f->choices[k].name.text, v->word))
				line(w, MSG_CASE_WHY_FACT, f->words[w->f->lang],
				     f->choices[k].words[w->f->lang], STR(""));
	}
	for (unsigned i = 0; i < w->e->sealed_n && !w->e->has_follower; i++) {
		const struct cases_field *f = field(w, w->e->sealed[i].field);
		line(w, MSG_CASE_WHY_SEALED, f ? f->words[w->f->lang] : w->e->sealed[i].field,
		     STR(""), STR(""));
	}
}

static bool explains(enum cases_command c)
{
	return c == CASES_COMMAND_REFUSE || c == CASES_COMMAND_SIGN ||
	       c == CASES_COMMAND_REVIEW || c == CASES_COMMAND_PASS_ON ||
	       c == CASES_COMMAND_LINK || c == CASES_COMMAND_MERGE ||
	       c == CASES_COMMAND_MOTHER || c == CASES_COMMAND_EXTEND ||
	       c == CASES_COMMAND_SUSPEND || c == CASES_COMMAND_RENEW ||
	       c == CASES_COMMAND_HOLD || c == CASES_COMMAND_ASK_REPORTER ||
	       c == CASES_COMMAND_RULE || c == CASES_COMMAND_HAND_BACK ||
	       c == CASES_COMMAND_CORRECT_PLACE;
}

static void put_act(struct why *w)
{
	const struct cases_transition *tr = transition(w);
	enum cases_command c;
	char memory[24];

	if (!cases_command_parse(w->e->command, &c) || !explains(c))
		return;
	line(w, MSG_CASE_WHY_ACT,
	     tr ? tr->words[w->f->lang] : str_of(cases_command_words(c, w->f->lang)), STR(""),
	     STR(""));
	put_facts(w);
	for (unsigned i = 0; i < w->e->ties_n; i++)
		if (w->e->ties[i].kind == CASE_TIE_JOINED || w->e->ties[i].kind == CASE_TIE_CHILD)
			line(w, MSG_CASE_WHY_JOINED, number(memory, w->e->ties[i].target), STR(""),
			     STR(""));
}

/* "5 working days" */
static struct str limit_words(const struct why *w, char memory[48], const struct case_level *l)
{
	static const struct {
		const char *zh, *one, *many;
	} words[TIME_UNIT_COUNT] = {
	    [TIME_UNIT_MINUTE] = {" 分钟", " minute", " minutes"},
	    [TIME_UNIT_HOUR] = {" 小时", " hour", " hours"},
	    [TIME_UNIT_WORKING_HOUR] = {" 个工作时", " working hour", " working hours"},
	    [TIME_UNIT_WORKING_DAY] = {" 个工作日", " working day", " working days"},
	    [TIME_UNIT_CALENDAR_DAY] = {" 天", " day", " days"},
	};
	struct buf text = buf_over(memory, 48);

	if (l->amount == 0)
		return str_of(msg_text(MSG_CASE_WHY_LIMIT_DATE, w->f->lang));
	buf_put_u64(&text, l->amount);
	buf_put_z(&text, w->f->lang == LANG_ZH ? words[l->unit].zh
			 : l->amount == 1      ? words[l->unit].one
					       : words[l->unit].many);
	return buf_str(&text);
}

/* "3 h 20 min", from two days on "4 d 2 h". */
static struct str span_words(const struct why *w, char memory[48], int64_t us)
{
	uint64_t minutes = (uint64_t)(us / MINUTE_US);
	bool in_days = minutes >= 2u * DAY_MINUTES;
	uint64_t big = in_days ? minutes / DAY_MINUTES : minutes / 60;
	char first[24], second[24];
	struct buf text = buf_over(memory, 48);
	const struct str args[] = {
	    number(first, big),
	    number(second, in_days ? minutes % DAY_MINUTES / 60 : minutes % 60)};

	if (big == 0)
		msg_put(&text, MSG_CASE_WHY_SPAN_MINUTES, w->f->lang, args + 1, 1);
	else
		msg_put(&text, in_days ? MSG_CASE_WHY_SPAN_DAYS : MSG_CASE_WHY_SPAN_HOURS,
			w->f->lang, args, 2);
	return buf_str(&text);
}

/* The timer went up: which limit ran out, when and how long ago, and to whom it went. */
static void put_levels(struct why *w)
{
	struct case_level level[CASES_CLOCKS_MAX];
	unsigned n = case_levels(w->f->shelf, w->type, w->e, w->at_us, level);
	char due[40], limit[48], over[48];

	for (unsigned i = 0; i < n; i++) {
		struct str name = clock_words(w, level[i].clock);
		line(w, MSG_CASE_WHY_OVER, name, instant(w, due, level[i].due_us),
		     limit_words(w, limit, &level[i]));
		if (level[i].role.n > 0)
			line(w,
			     level[i].over_us < MINUTE_US ? MSG_CASE_WHY_LEVEL
							  : MSG_CASE_WHY_LEVEL_OVER,
			     role_words(w, level[i].role), span_words(w, over, level[i].over_us),
			     STR(""));
	}
}

/* Dates that moved, clocks that wait, time that ran out. A clock that just began says nothing. */
static void put_clocks(struct why *w)
{
	bool is_escalation = !w->e->is_new && w->e->transition.n == 0; /* by the timer */
	char first[40], due[40];

	for (unsigned i = 0; i < w->e->clocks_n; i++) {
		const struct case_clock *c = &w->e->clocks[i].clock;
		struct str name = clock_words(w, w->e->clocks[i].name);
		if (c->run == CASE_RUN_WAITS)
			line(w, MSG_CASE_WHY_WAITS, name, STR(""), STR(""));
		else if (c->run == CASE_RUN_RUNS && c->first_due_us != 0 &&
			 c->due_us > c->first_due_us)
			line(w, MSG_CASE_WHY_DATES, name, instant(w, first, c->first_due_us),
			     instant(w, due, c->due_us));
	}
	put_levels(w);
	for (unsigned i = 0; is_escalation && i < w->e->tells_n; i++)
		line(w, MSG_CASE_WHY_TOLD, role_words(w, w->e->tells[i]), STR(""), STR(""));
}

/* ---- how to object ---- */

static bool reporter_may(const struct cases_transition *tr)
{
	for (unsigned i = 0; i < tr->by.n; i++)
		if (str_eq(tr->by.v[i].text, STR("reporter")))
			return true;
	return false;
}

static void put_objection(struct why *w)
{
	char due[40];

	for (unsigned s = 0; w->type && s < w->type->states_n; s++) {
		if (!str_eq(w->type->states[s].name.text, w->e->state))
			continue;
		for (unsigned i = 0; i < w->type->transitions_n; i++) {
			const struct cases_transition *tr = &w->type->transitions[i];
			if (tr->command != CASES_COMMAND_OBJECT || !reporter_may(tr) ||
			    !cases_leaves(w->type, tr, s))
				continue;
			line(w, MSG_CASE_WHY_OBJECT_UNTIL, tr->words[w->f->lang],
			     w->e->due_us != 0 ? instant(w, due, w->e->due_us) : STR("-"),
			     STR(""));
			return;
		}
	}
	line(w, MSG_CASE_WHY_OBJECT, STR(""), STR(""), STR(""));
}

static const struct case_clock *clock_named(const struct case_clock_value *v, unsigned n,
					    struct str name)
{
	for (unsigned i = 0; i < n; i++)
		if (str_eq(v[i].name, name) && v[i].clock.run == CASE_RUN_RUNS)
			return &v[i].clock;
	return NULL;
}

/* When the timer takes the case out of this state: until then the reporter may. 0: nobody knows. */
static int64_t until_of(const struct cases_type *t, unsigned state,
			const struct case_clock_value *v, unsigned n)
{
	for (unsigned i = 0; i < t->transitions_n; i++) {
		unsigned clock = cases_is_automatic(&t->transitions[i])
				     ? cases_trigger(t, &t->transitions[i], state)
				     : CASES_NONE;
		const struct case_clock *c =
		    clock == CASES_NONE || !cases_leaves(t, &t->transitions[i], state)
			? NULL
			: clock_named(v, n, t->clocks[clock].name.text);
		if (c)
			return c->due_us;
	}
	return 0;
}

static bool put_way(struct why *w, unsigned state, enum cases_command command, enum msg msg,
		    int64_t until_us)
{
	char until[40];

	for (unsigned i = 0; i < w->type->transitions_n; i++) {
		const struct cases_transition *tr = &w->type->transitions[i];
		if (tr->command != command || !reporter_may(tr) ||
		    !cases_leaves(w->type, tr, state))
			continue;
		line(w, msg, tr->words[w->f->lang],
		     until_us != 0 ? instant(w, until, until_us) : STR("-"), STR(""));
		return true;
	}
	return false;
}

void case_why_object(const struct case_why_files *files, struct str state,
		     const struct case_clock_value *clocks, unsigned clocks_n, struct buf *out)
{
	struct why w = {
	    .f = files, .type = shelf_type(files->shelf, files->type_n), .out = out};

	for (unsigned s = 0; w.type && s < w.type->states_n; s++) {
		int64_t until_us;
		if (!str_eq(w.type->states[s].name.text, state))
			continue;
		until_us = until_of(w.type, s, clocks, clocks_n);
		if (put_way(&w, s, CASES_COMMAND_OBJECT, MSG_CASE_WHY_OBJECT_UNTIL, until_us) ||
		    put_way(&w, s, CASES_COMMAND_NOT_SOLVED, MSG_CASE_WHY_NOT_SOLVED_UNTIL,
			    until_us))
			return;
		if (w.type->states[s].is_final) {
			line(&w, MSG_CASE_WHY_OBJECT_ENDED, STR(""), STR(""), STR(""));
			return;
		}
	}
	line(&w, MSG_CASE_WHY_OBJECT, STR(""), STR(""), STR(""));
}

bool case_why(const struct case_why_files *files, const struct case_entry *entry, int64_t at_us,
	      struct buf *out)
{
	struct why w = {.f = files,
			.type = shelf_type(files->shelf, files->type_n),
			.e = entry,
			.out = out,
			.at_us = at_us};

	put_route(&w);
	put_along(&w);
	put_priority(&w);
	put_act(&w);
	put_place(&w);
	put_clocks(&w);
	if (w.lines == 0)
		return false;
	put_objection(&w);
	return true;
}
