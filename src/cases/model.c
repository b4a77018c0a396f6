/* Words of files for the values of the model, and the questions every proof asks of a transition.
 */
#include "cases/model.h"

#include "base/check.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static bool parse_word(struct str s, const char *const *words, size_t n, unsigned *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(words[i]))) {
			*ret = (unsigned)i;
			return true;
		}
	return false;
}

#define PARSER(function, type, words)                                                              \
	bool function(struct str s, enum type *ret)                                                \
	{                                                                                          \
		unsigned i;                                                                        \
		if (!parse_word(s, words, ROWS(words), &i))                                        \
			return false;                                                              \
		*ret = (enum type)i;                                                               \
		return true;                                                                       \
	}

static const char *const steps[] = {"collect",   "open",  "dispatch", "handle",
				    "feed_back", "check", "evaluate"};
static const char *const step_words[][LANG_COUNT] = {
    {"信息收集", "collect"},  {"案卷建立", "open"},      {"任务派遣", "dispatch"},
    {"任务处理", "handle"},   {"处理反馈", "feed back"}, {"核查结案", "check and close"},
    {"综合评价", "evaluate"},
};
static const char *const commands[] = {
#define COMMAND(symbol, name, zh, en) name,
#include "cases/command_table.h"
#undef COMMAND
};
static const char *const command_words[][LANG_COUNT] = {
#define COMMAND(symbol, name, zh, en) {zh, en},
#include "cases/command_table.h"
#undef COMMAND
};
static const char *const kinds[] = {"text",    "choice", "number", "yes_no", "date",
				    "instant", "photo",  "place",  "unit",   "category",
				    "case",    "actor",  "count"};
static const char *const abouts[] = {"matter", "place", "unit", "person"};
static const char *const checks[] = {"none",    "precheck",    "signature", "answer",  "site",
				     "receipt", "measurement", "overseer",  "callback"};
static const char *const stages[] = {"c", "a", "s", "f", "r"};
static const char *const confirms[] = {"R", "G", "M", "D", "O"};
static const char *const publishes[] = {"place", "category", "nothing"};
static const char *const unit_kinds[] = {"office", "post", "lookup"};

_Static_assert(ROWS(steps) == CASES_STEP_COUNT && ROWS(step_words) == CASES_STEP_COUNT, "steps");
_Static_assert(ROWS(kinds) == CASES_FIELD_KIND_COUNT, "kinds");
_Static_assert(ROWS(checks) == CASES_CHECK_COUNT, "checks");
_Static_assert(ROWS(stages) == CASES_STAGE_COUNT, "stages");
_Static_assert(ROWS(confirms) == CASES_CONFIRM_COUNT, "confirms");

PARSER(cases_step_parse, cases_step, steps)
PARSER(cases_command_parse, cases_command, commands)
PARSER(cases_field_kind_parse, cases_field_kind, kinds)
PARSER(cases_about_parse, cases_about, abouts)
PARSER(cases_check_parse, cases_check, checks)
PARSER(cases_stage_parse, cases_stage, stages)
PARSER(cases_confirm_parse, cases_confirm, confirms)
PARSER(cases_publish_parse, cases_publish, publishes)
PARSER(cases_unit_kind_parse, cases_unit_kind, unit_kinds)

const char *cases_step_name(enum cases_step step)
{
	CHECK(step < CASES_STEP_COUNT);
	return steps[step];
}

const char *cases_step_words(enum cases_step step, enum lang lang)
{
	CHECK(step < CASES_STEP_COUNT);
	return step_words[step][lang];
}

const char *cases_command_name(enum cases_command command)
{
	CHECK(command < CASES_COMMAND_COUNT);
	return commands[command];
}

const char *cases_command_words(enum cases_command command, enum lang lang)
{
	CHECK(command < CASES_COMMAND_COUNT);
	return command_words[command][lang];
}

bool cases_leaves(const struct cases_type *t, const struct cases_transition *tr, unsigned state)
{
	if (t->states[state].is_final)
		return false;
	if (tr->is_from_any)
		return true;
	for (unsigned i = 0; i < tr->from.n; i++)
		if (tr->from.v[i].index == state)
			return true;
	return false;
}

bool cases_leads_into(const struct cases_type *t, enum cases_command command, unsigned state)
{
	for (unsigned i = 0; i < t->transitions_n; i++)
		if (t->transitions[i].command == command && !t->transitions[i].stays &&
		    t->transitions[i].to.index == state)
			return true;
	return false;
}

unsigned cases_leads_to(const struct cases_transition *tr, unsigned state)
{
	return tr->stays ? state : tr->to.index;
}

unsigned cases_trigger(const struct cases_type *t, const struct cases_transition *tr,
		       unsigned state)
{
	const struct cases_names *runs = &t->states[state].runs;
	unsigned found = CASES_NONE;

	if (!cases_is_automatic(tr))
		return CASES_NONE;
	if (cases_is_given(&tr->after))
		return tr->after.index;
	for (unsigned i = 0; i < runs->n; i++) {
		if (t->clocks[runs->v[i].index].source == CASES_CLOCK_REPORTER)
			continue;
		if (found != CASES_NONE)
			return CASES_NONE;
		found = runs->v[i].index;
	}
	return found;
}

bool cases_is_automatic(const struct cases_transition *tr)
{
	for (unsigned i = 0; i < tr->by.n; i++)
		if (str_eq(tr->by.v[i].text, STR(CASES_TIMER)))
			return true;
	return false;
}

static bool is_police(const struct cases_book *b, unsigned unit)
{
	return unit < b->units_n && b->units[unit].is_police;
}

unsigned cases_role_told(const struct cases_book *b, unsigned role, unsigned lead_unit)
{
	for (unsigned i = 0; is_police(b, lead_unit) && i < b->roles_n; i++)
		if (cases_is_given(&b->roles[i].stands_for) && b->roles[i].stands_for.index == role)
			return i;
	return role;
}

unsigned cases_role_acted(const struct cases_book *b, unsigned role, unsigned lead_unit)
{
	bool police = is_police(b, lead_unit);

	if (role >= b->roles_n)
		return role; /* the timer */
	if (cases_is_given(&b->roles[role].stands_for))
		return police ? b->roles[role].stands_for.index : CASES_NOBODY;
	return cases_role_told(b, role, lead_unit) == role ? role : CASES_NOBODY;
}

static bool leaves_any(const struct cases_type *t, const struct cases_transition *tr, uint64_t set)
{
	for (unsigned s = 0; s < t->states_n; s++)
		if ((set >> s & 1) != 0 && cases_leaves(t, tr, s))
			return true;
	return false;
}

/* From what a signature leads to, by objections, and by what ends it or upholds it. */
bool cases_is_refused(const struct cases_type *t, unsigned state)
{
	uint64_t set = 0, before;

	do {
		before = set;
		for (unsigned i = 0; i < t->transitions_n; i++) {
			const struct cases_transition *tr = &t->transitions[i];
			bool ends = !tr->stays && t->states[tr->to.index].is_final;
			bool is_on = tr->command == CASES_COMMAND_OBJECT ||
				     (ends && (tr->command == CASES_COMMAND_END ||
					       tr->command == CASES_COMMAND_REVIEW));
			if (!tr->stays && (tr->command == CASES_COMMAND_SIGN ||
					   (is_on && leaves_any(t, tr, set))))
				set |= UINT64_C(1) << tr->to.index;
		}
	} while (set != before);
	return state < t->states_n && (set >> state & 1) != 0;
}

static bool refusal_fills(const struct cases_type *t, unsigned field)
{
	for (unsigned i = 0; i < t->transitions_n; i++)
		for (unsigned k = 0; t->transitions[i].command == CASES_COMMAND_REFUSE &&
				     k < t->transitions[i].fills.n;
		     k++)
			if (t->transitions[i].fills.v[k].index == field)
				return true;
	return false;
}

const struct cases_choice *cases_offer(const struct cases_type *t, struct str state,
				       struct str field, struct str value)
{
	unsigned at = 0;

	while (at < t->states_n && !str_eq(t->states[at].name.text, state))
		at++;
	for (unsigned i = 0; i < t->fields_n; i++) {
		const struct cases_field *f = &t->fields[i];
		if (!str_eq(f->name.text, field) || !refusal_fills(t, i) ||
		    !cases_is_refused(t, at))
			continue;
		for (unsigned k = 0; k < f->choices_n; k++)
			if (str_eq(f->choices[k].name.text, value) &&
			    cases_is_given(&f->choices[k].offers))
				return &f->choices[k];
	}
	return NULL;
}
