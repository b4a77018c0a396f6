/* What a step of a case counts, told from commands, steps and clocks alone: no type, state or
 * category is known here by name. */
#include "cases/step.h"

static const struct {
	const char *name;
	const char *words[LANG_COUNT];
} figures[] = {
#define FIGURE(symbol, name, zh, en) {name, {[LANG_ZH] = zh, [LANG_EN] = en}},
#include "cases/figure_table.h"
#undef FIGURE
};

const char *case_figure_name(enum case_figure f)
{
	return figures[f].name;
}

const char *case_figure_words(enum case_figure f, enum lang lang)
{
	return figures[f].words[lang];
}

/* Commands that are a figure of their own whenever they are done. */
static uint64_t of_command(enum cases_command command)
{
	static const uint64_t by_command[CASES_COMMAND_COUNT] = {
	    [CASES_COMMAND_PASS_ON] = CASE_FIGURE(PASSED_ON),
	    [CASES_COMMAND_LINK] = CASE_FIGURE(JOINED),
	    [CASES_COMMAND_MERGE] = CASE_FIGURE(JOINED),
	    [CASES_COMMAND_WITHDRAW] = CASE_FIGURE(WITHDRAWN),
	    [CASES_COMMAND_ON_SPOT] = CASE_FIGURE(ON_SPOT),
	    [CASES_COMMAND_HAND_BACK] = CASE_FIGURE(HANDED_BACK),
	    [CASES_COMMAND_EXTEND] = CASE_FIGURE(EXTENDED),
	    [CASES_COMMAND_SUSPEND] = CASE_FIGURE(SUSPENDED),
	    [CASES_COMMAND_RENEW] = CASE_FIGURE(RENEWED),
	    [CASES_COMMAND_HOLD] = CASE_FIGURE(HELD),
	    [CASES_COMMAND_REMIND] = CASE_FIGURE(REMINDED),
	    [CASES_COMMAND_SUPERVISE] = CASE_FIGURE(SUPERVISED),
	    [CASES_COMMAND_OBJECT] = CASE_FIGURE(OBJECTED),
	};

	return by_command[command];
}

/* Does some transition of this command leave the state? */
static bool offers(const struct cases_type *t, unsigned state, enum cases_command command)
{
	for (unsigned i = 0; i < t->transitions_n; i++)
		if (t->transitions[i].command == command &&
		    cases_leaves(t, &t->transitions[i], state))
			return true;
	return false;
}

static bool is_yes(const struct cases_type *t, const struct case_rec *rec, enum cases_known known)
{
	unsigned f = t->known[known];

	return f != CASES_NONE && (rec->filled >> f & 1) != 0 && rec->value[f] == 1;
}

static bool ends_without_work(enum cases_command c)
{
	return c == CASES_COMMAND_WITHDRAW || c == CASES_COMMAND_MERGE || c == CASES_COMMAND_LINK ||
	       c == CASES_COMMAND_PASS_ON;
}

/* Where the work is found done: the reporter is asked, or there is nobody to ask. */
static bool is_accepted(const struct cases_type *t, unsigned state)
{
	return t->states[state].is_final || offers(t, state, CASES_COMMAND_CALLBACK);
}

/* The lead unit's clock, once a unit: missed when it runs out or ends late; kept when what ended it
 * in time is accepted, for an answer that is sent back was none. */
static uint64_t of_the_limit(const struct cases_type *t, const struct case_now *before,
			     bool without_work, uint64_t escalated, struct case_now *after)
{
	bool accepted = !without_work && escalated == 0 && is_accepted(t, after->rec.state);
	uint64_t set = 0;

	if (cases_leads_into(t, CASES_COMMAND_HAND_BACK, after->rec.state))
		return 0;
	for (unsigned i = 0; i < t->clocks_n && !(after->marks & CASE_MARK_DUE); i++) {
		const struct case_clock *c = &after->clocks.at[i];
		bool ended = c->run == CASE_RUN_ENDED && !without_work;
		bool ends = ended && before->clocks.at[i].run != CASE_RUN_ENDED;
		bool ran_out = (escalated >> i & 1) != 0;
		bool late = ran_out || (ends && c->ended_us > c->due_us);
		bool in_time = !late && ended && accepted && c->ended_us <= c->due_us;
		if (t->clocks[i].source != CASES_CLOCK_STAGE ||
		    t->clocks[i].stage != CASES_STAGE_DONE || (!late && !in_time))
			continue;
		bool was_suspended = (after->marks & CASE_MARK_SUSPENDED) != 0;
		set |= CASE_FIGURE(DUE) | (in_time ? CASE_FIGURE(IN_TIME) : 0);
		if (in_time && c->ended_us <= c->first_due_us)
			set |= CASE_FIGURE(IN_TIME_FIRST);
		if (was_suspended)
			set |= CASE_FIGURE(DUE_SUSPENDED) |
			       (in_time ? CASE_FIGURE(IN_TIME_SUSPENDED) : 0);
		after->marks |= CASE_MARK_DUE;
	}
	return set;
}

/* The first contact: made, and before its clock was over. */
static void mark_contact(const struct cases_type *t, const struct case_now *before,
			 struct case_now *after, int64_t now_us)
{
	if (after->marks & CASE_MARK_CONTACTED)
		return;
	after->marks |= CASE_MARK_CONTACTED;
	for (unsigned i = 0; i < t->clocks_n; i++)
		if (t->clocks[i].source == CASES_CLOCK_STAGE &&
		    t->clocks[i].stage == CASES_STAGE_CONTACT &&
		    before->clocks.at[i].run == CASE_RUN_RUNS &&
		    now_us <= before->clocks.at[i].due_us)
			after->marks |= CASE_MARK_CONTACTED_IN_TIME;
}

/* Opened: by the command, or by another one that says what kind of matter it is. */
static uint64_t of_opening(const struct case_setting *s, const struct case_now *before,
			   enum cases_command command, struct case_now *after)
{
	unsigned f = s->type->known[CASES_KNOWN_CATEGORY];
	bool is_final = s->type->states[after->rec.state].is_final;

	bool is_named = f != CASES_NONE && command != CASES_COMMAND_ON_SPOT &&
			(after->rec.filled & ~before->rec.filled) >> f & 1;

	if (!(after->marks & CASE_MARK_OPENED) && (is_named || command == CASES_COMMAND_OPEN)) {
		after->marks |= CASE_MARK_OPENED;
		if (s->is_repeat)
			after->marks |= CASE_MARK_REPEATED;
		return CASE_FIGURE(OPENED) | (s->is_repeat ? CASE_FIGURE(REPEATED) : 0);
	}
	if (command == CASES_COMMAND_ON_SPOT)
		after->marks |= CASE_MARK_ON_SPOT;
	if (is_final && !(after->marks & (CASE_MARK_OPENED | CASE_MARK_ON_SPOT)) &&
	    !ends_without_work(command))
		return CASE_FIGURE(NOT_OPENED);
	return 0;
}

/* Closed: it comes to where the reporter is asked, or to an end, after it was opened. */
static uint64_t of_closing(const struct cases_type *t, enum cases_command command,
			   struct case_now *after)
{
	if (!is_accepted(t, after->rec.state) || (after->marks & CASE_MARK_CLOSED) ||
	    !(after->marks & CASE_MARK_OPENED) || ends_without_work(command))
		return 0;
	after->marks |= CASE_MARK_CLOSED;
	if (is_yes(t, &after->rec, CASES_KNOWN_HAS_REPORTER))
		return CASE_FIGURE(CLOSED);
	return CASE_FIGURE(CLOSED) | CASE_FIGURE(CLOSED_BY_CHECK);
}

static bool stops_reporter(const struct cases_type *t, const struct cases_transition *tr)
{
	for (unsigned i = 0; i < tr->stops.n; i++)
		if (t->clocks[tr->stops.v[i].index].source == CASES_CLOCK_REPORTER)
			return true;
	return false;
}

/* The reporter's word, or that there is none; each time it is had, a call-back has ended. Where
 * nobody can be asked, nothing is said. */
static uint64_t of_callback(const struct cases_type *t, const struct case_now *before,
			    const struct cases_transition *tr, struct case_now *after)
{
	unsigned from = before->rec.state, to = after->rec.state;
	enum case_figure word = CASE_FIGURE_NOT_CONFIRMED;

	if (tr->command == CASES_COMMAND_NOT_SOLVED)
		after->marks &= ~(unsigned)CASE_MARK_CLOSED;
	if (!is_yes(t, &after->rec, CASES_KNOWN_HAS_REPORTER))
		return 0;
	if (tr->command == CASES_COMMAND_NOT_SOLVED) {
		word = is_yes(t, &after->rec, CASES_KNOWN_PARTLY) ? CASE_FIGURE_PARTLY
								  : CASE_FIGURE_NOT_SOLVED;
	} else if (from == to || !offers(t, from, CASES_COMMAND_CALLBACK) ||
		   (tr->command != CASES_COMMAND_CALLBACK && tr->command != CASES_COMMAND_END)) {
		return 0;
	} else if (tr->command == CASES_COMMAND_CALLBACK &&
		   (!t->states[to].is_final || stops_reporter(t, tr))) {
		word = CASE_FIGURE_SOLVED;
	}
	return CASE_FIGURE(CALLED_BACK) | UINT64_C(1) << word |
	       (after->marks & CASE_MARK_CONTACTED_IN_TIME ? CASE_FIGURE(ANSWERED) : 0);
}

static uint64_t of_checks(const struct cases_type *t, const struct case_now *before,
			  const struct cases_transition *tr, const struct case_now *after)
{
	enum cases_step from = t->states[before->rec.state].step,
			to = t->states[after->rec.state].step;

	if (to >= from || to > CASES_STEP_HANDLE)
		return 0;
	if (tr->command == CASES_COMMAND_ANSWER_REVIEW)
		return CASE_FIGURE(ANSWER_RETURNED);
	if (from == CASES_STEP_CHECK && tr->command != CASES_COMMAND_NOT_SOLVED)
		return CASE_FIGURE(REWORK);
	return 0;
}

/* The rating is the reporter's: where there is none, whatever was entered counts nothing. */
static uint64_t of_rating(const struct cases_type *t, const struct case_now *before,
			  const struct cases_transition *tr, const struct case_now *after)
{
	unsigned f = t->known[CASES_KNOWN_ANSWER_RATE];
	uint64_t value = 0;

	if (!is_yes(t, &after->rec, CASES_KNOWN_HAS_REPORTER))
		return 0;
	if (tr->command == CASES_COMMAND_RATE && f != CASES_NONE &&
	    (after->rec.filled >> f & 1) != 0 &&
	    str_to_u64(t->fields[f].choices[after->rec.value[f]].name.text, &value))
		return CASE_FIGURE(RATED) | (value >= 4 ? CASE_FIGURE(SATISFIED) : 0);
	if (tr->command == CASES_COMMAND_END && offers(t, before->rec.state, CASES_COMMAND_RATE))
		return CASE_FIGURE(NOT_RATED);
	return 0;
}

uint64_t case_figures(const struct case_setting *s, const struct case_now *before,
		      unsigned transition, uint64_t escalated, struct case_now *after)
{
	const struct cases_type *t = s->type;
	uint64_t set = escalated ? CASE_FIGURE(ESCALATED) : 0;
	unsigned old_unit = case_unit(t, &before->rec, CASES_KNOWN_LEAD_UNIT),
		 new_unit = case_unit(t, &after->rec, CASES_KNOWN_LEAD_UNIT);

	if (transition == CASES_NONE)
		return set | of_the_limit(t, before, false, escalated, after);
	const struct cases_transition *tr = &t->transitions[transition];
	if (tr->command == CASES_COMMAND_SOURCE_CLOSED)
		return 0; /* of another office's work nothing counts here */
	if (tr->command == CASES_COMMAND_ADOPT) {
		after->marks |= CASE_MARK_ADOPTED;
		return CASE_FIGURE(HANDED_IN);
	}
	set |= of_command(tr->command);
	if (tr->command == CASES_COMMAND_SUPERVISE)
		after->marks |= CASE_MARK_SUPERVISED;
	if (tr->command == CASES_COMMAND_SUPERVISE_ANSWER)
		after->marks &= ~(unsigned)CASE_MARK_SUPERVISED;
	if (tr->command == CASES_COMMAND_SUSPEND)
		after->marks |= CASE_MARK_SUSPENDED;
	if (tr->command == CASES_COMMAND_CONTACT)
		mark_contact(t, before, after, s->now_us);
	set |= of_opening(s, before, tr->command, after);
	set |= of_the_limit(t, before, ends_without_work(tr->command), 0, after);
	if (old_unit != new_unit && old_unit != CASES_NONE) {
		/* limit and first contact are the new unit's own */
		after->marks &= ~(unsigned)(CASE_MARK_DUE | CASE_MARK_SUSPENDED |
					    CASE_MARK_CONTACTED | CASE_MARK_CONTACTED_IN_TIME);
		if (cases_leads_into(t, CASES_COMMAND_HAND_BACK, before->rec.state))
			set |= CASE_FIGURE(HAND_BACK_UPHELD);
	}
	set |= of_closing(t, tr->command, after);
	set |= of_callback(t, before, tr, after);
	set |= of_checks(t, before, tr, after);
	return set | of_rating(t, before, tr, after);
}
