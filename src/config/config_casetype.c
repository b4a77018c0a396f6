/* Case types: fields, clocks, outcomes, states and transitions as a file writes them. */
#include "config/config_cases.h"

#include "read.h"

#define KINDS                                                                                      \
	"text, choice, number, yes_no, date, instant, photo, place, unit, category, case, actor, " \
	"count"
#define STEPS "collect, open, dispatch, handle, feed_back, check, evaluate"

static enum err read_choice(const struct config_file *f, const struct config_node *item,
			    void *element)
{
	struct cases_choice *choice = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "name zh en offers"));
	TRY(read_name(f, item, "name", &choice->name));
	for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
		TRY(config_want(f, item, lang_tag(lang), &node));
		TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &choice->words[lang]));
	}
	return read_name_if(f, item, "offers", &choice->offers);
}

static enum err read_field(const struct config_file *f, const struct config_node *item,
			   void *element)
{
	struct cases_field *field = element;
	const struct config_node *node;
	void *choices = NULL;

	TRY(config_want_mapping(f, item,
				"name words kind about item field personal sees changes unit "
				"within_days choices"));
	TRY(read_name(f, item, "name", &field->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, field->words));
	TRY(config_want(f, item, "kind", &node));
	TRY(read_name_node(f, node, &field->kind_name));
	if (cases_kind_is_refused(field->kind_name.text))
		field->kind = CASES_FIELD_REFUSED;
	else if (!cases_field_kind_parse(field->kind_name.text, &field->kind))
		return read_fail_one_of(f, node, KINDS);
	TRY(config_want(f, item, "about", &node));
	if (!cases_about_parse(node->text, &field->about))
		return read_fail_one_of(f, node, "matter, place, unit, person");
	TRY(read_name(f, item, "item", &field->item));
	TRY(read_name(f, item, "field", &field->item_field));
	TRY(read_yes_if(f, item, "personal", &field->is_personal));
	TRY(read_names(f, item, "sees", &field->sees));
	TRY(read_names(f, item, "changes", &field->changes));
	if (config_find(item, "within_days"))
		TRY(read_number(f, item, "within_days", 1, CALENDAR_SPAN_DAYS_MAX,
				&field->within_days));
	TRY(read_text_if(f, item, "unit", CASES_NAME_BYTES_MAX, &field->measure_unit));
	TRY(read_list_if(f, item, "choices", CASES_CHOICES_MAX, sizeof *field->choices,
			 read_choice, &choices, &field->choices_n));
	field->choices = choices;
	return ERR_OK;
}

/* One of reporter, desk, stage, field and limit; a stage may have a limit besides. */
static enum err read_source(const struct config_file *f, const struct config_node *item,
			    struct cases_clock *clock)
{
	const struct config_node *stage = config_find(item, "stage"),
				 *limit = config_find(item, "limit");
	bool is_reporter = false;
	unsigned n;

	TRY(read_yes_if(f, item, "reporter", &is_reporter));
	TRY(read_name_if(f, item, "desk", &clock->desk));
	TRY(read_name_if(f, item, "field", &clock->field));
	if (limit)
		TRY(read_limits_node(f, limit, &clock->limit));
	if (stage && !cases_stage_parse(stage->text, &clock->stage))
		return read_fail_one_of(f, stage, "c, a, s, f, r");
	n = (unsigned)is_reporter + cases_is_given(&clock->field) +
	    (stage || limit || cases_is_given(&clock->desk));
	if (n != 1 || (limit && cases_is_given(&clock->desk)))
		return config_fail(f, item, MSG_CASES_CLOCK_SOURCE, NULL, 0);
	clock->source = CASES_CLOCK_FIXED;
	if (is_reporter)
		clock->source = CASES_CLOCK_REPORTER;
	else if (cases_is_given(&clock->field))
		clock->source = CASES_CLOCK_FIELD;
	else if (stage)
		clock->source = CASES_CLOCK_STAGE;
	else if (!limit)
		clock->source = CASES_CLOCK_DESK;
	return ERR_OK;
}

static enum err read_clock(const struct config_file *f, const struct config_node *item,
			   void *element)
{
	struct cases_clock *clock = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item,
				"name words reporter desk stage field limit owner escalation"));
	TRY(read_name(f, item, "name", &clock->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, clock->words));
	TRY(read_source(f, item, clock));
	TRY(read_name_if(f, item, "owner", &clock->owner));
	node = config_find(item, "escalation");
	if (node && node->kind == CONFIG_SEQUENCE)
		TRY(config_want_sequence(f, node, CASES_ESCALATION_MAX));
	return read_names(f, item, "escalation", &clock->escalation);
}

static enum err read_state(const struct config_file *f, const struct config_node *item,
			   void *element)
{
	struct cases_state *state = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "name words step final owner runs pauses review outcome"));
	TRY(read_name(f, item, "name", &state->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, state->words));
	TRY(config_want(f, item, "step", &node));
	if (!cases_step_parse(node->text, &state->step))
		return read_fail_one_of(f, node, STEPS);
	TRY(read_yes_if(f, item, "final", &state->is_final));
	TRY(read_name_if(f, item, "owner", &state->owner));
	TRY(read_names(f, item, "runs", &state->runs));
	TRY(read_names(f, item, "pauses", &state->pauses));
	TRY(read_name_if(f, item, "review", &state->review));
	return read_name_if(f, item, "outcome", &state->outcome);
}

/* Cut the next word off. */
static struct str next_word(struct str *rest)
{
	size_t from = 0, n = 0;

	while (from < rest->n && rest->p[from] == ' ')
		from++;
	while (from + n < rest->n && rest->p[from + n] != ' ')
		n++;
	struct str word = {rest->p + from, n};
	*rest = (struct str){rest->p + from + n, rest->n - from - n};
	return word;
}

static enum err read_guard(const struct config_file *f, const struct config_node *item,
			   void *element)
{
	static const struct {
		const char *word;
		enum cases_guard_op op;
		bool has_value, is_number;
	} ops[] = {
	    {"is", CASES_GUARD_IS, true, false},
	    {"is-not", CASES_GUARD_IS_NOT, true, false},
	    {"given", CASES_GUARD_GIVEN, false, false},
	    {"not-given", CASES_GUARD_NOT_GIVEN, false, false},
	    {"under", CASES_GUARD_UNDER, true, true},
	    {"from", CASES_GUARD_FROM, true, true},
	};
	struct cases_guard *guard = element;
	struct str text;

	TRY(config_want_text(f, item, CASES_WORDS_BYTES_MAX, &text));
	struct str rest = text, name = next_word(&rest), op = next_word(&rest),
		   value = next_word(&rest), more = next_word(&rest);
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
		if (!str_eq(op, str_of(ops[i].word)) || ops[i].has_value != (value.n > 0))
			continue;
		*guard = (struct cases_guard){
		    .field = {name, read_at(f, item), CASES_NONE}, .op = ops[i].op, .value = value};
		if (name.n > 0 && more.n == 0 &&
		    (!ops[i].is_number || str_to_u64(value, &guard->number)))
			return ERR_OK;
	}
	return config_fail(f, item, MSG_CASES_GUARD, &text, 1);
}

/* Where it leads from and to: names of states, `any` and `same`. */
static enum err read_ends(const struct config_file *f, const struct config_node *item,
			  struct cases_transition *tr)
{
	const struct config_node *node;

	TRY(config_want(f, item, "from", &node));
	tr->is_from_any = node->kind == CONFIG_TEXT && str_eq(node->text, STR("any"));
	if (!tr->is_from_any)
		TRY(read_names(f, item, "from", &tr->from));
	TRY(read_name(f, item, "to", &tr->to));
	tr->stays = str_eq(tr->to.text, STR("same"));
	if (tr->stays)
		tr->to.text = STR("");
	return ERR_OK;
}

static enum err read_check(const struct config_file *f, const struct config_node *item,
			   struct cases_transition *tr)
{
	const struct config_node *node = config_find(item, "check");

	tr->check_at = read_at(f, node ? node : item);
	if (node && !cases_check_parse(node->text, &tr->check))
		return read_fail_one_of(f, node,
					"precheck, signature, answer, site, receipt, measurement, "
					"overseer, callback");
	TRY(read_names(f, item, "checks", &tr->checks));
	return read_names(f, item, "not_by", &tr->not_by);
}

static enum err read_transition(const struct config_file *f, const struct config_node *item,
				void *element)
{
	struct cases_transition *tr = element;
	const struct config_node *node;
	void *guards = NULL;

	TRY(config_want_mapping(f, item,
				"name words command from to by alone fills may_fill signs counts "
				"uncounts starts stops within after until most tells guards check "
				"checks not_by public"));
	TRY(read_name(f, item, "name", &tr->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, tr->words));
	TRY(config_want(f, item, "command", &node));
	if (!cases_command_parse(node->text, &tr->command))
		return read_fail_one_of(f, node, "docs/writing-a-case-type.md");
	TRY(read_ends(f, item, tr));
	TRY(config_want(f, item, "by", &node));
	TRY(read_names(f, item, "by", &tr->by));
	if (tr->by.n == 0)
		return config_fail(f, node, MSG_CONFIG_TEXT_EMPTY, NULL, 0);
	TRY(read_names(f, item, "alone", &tr->alone));
	TRY(read_names(f, item, "fills", &tr->fills));
	TRY(read_names(f, item, "may_fill", &tr->may_fill));
	TRY(read_names(f, item, "signs", &tr->signs));
	TRY(read_names(f, item, "counts", &tr->counts));
	TRY(read_names(f, item, "uncounts", &tr->uncounts));
	TRY(read_names(f, item, "starts", &tr->starts));
	TRY(read_names(f, item, "stops", &tr->stops));
	TRY(read_names(f, item, "within", &tr->within));
	TRY(read_name_if(f, item, "after", &tr->after));
	TRY(read_name_if(f, item, "until", &tr->until));
	TRY(read_name_if(f, item, "most", &tr->most));
	TRY(read_names(f, item, "tells", &tr->tells));
	TRY(read_list_if(f, item, "guards", CASES_GUARDS_MAX, sizeof *tr->guards, read_guard,
			 &guards, &tr->guards_n));
	tr->guards = guards;
	TRY(read_check(f, item, tr));
	return read_words_if(f, item, "public", CASES_WORDS_BYTES_MAX, tr->public_line);
}

static enum err read_question(const struct config_file *f, const struct config_node *item,
			      void *element)
{
	struct cases_question *q = element;
	void *answers;

	TRY(config_want_mapping(f, item, "name words answers"));
	TRY(read_name(f, item, "name", &q->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, q->words));
	TRY(read_list(f, item, "answers", CASES_CHOICES_MAX, sizeof *q->answers, read_word,
		      &answers, &q->answers_n));
	q->answers = answers;
	return ERR_OK;
}

static enum err read_head(const struct config_file *f, struct cases_type *t)
{
	TRY(config_want_mapping(
	    f, f->root,
	    "code version words purpose start start_fills start_may_fill "
	    "personal_months fields clocks outcomes states transitions questions"));
	TRY(read_name(f, f->root, "code", &t->name));
	TRY(read_number(f, f->root, "version", 1, 1000000, &t->version));
	TRY(read_words(f, f->root, "words", CASES_WORDS_BYTES_MAX, t->words));
	TRY(read_name(f, f->root, "purpose", &t->purpose));
	TRY(read_name(f, f->root, "start", &t->start));
	TRY(read_names(f, f->root, "start_fills", &t->start_fields));
	TRY(read_names(f, f->root, "start_may_fill", &t->start_may));
	return read_number(f, f->root, "personal_months", 0, 600, &t->personal_months);
}

static enum err read_lists(const struct config_file *f, struct cases_type *t)
{
	const struct config_node *root = f->root;
	void *fields, *clocks, *outcomes, *states, *transitions, *questions = NULL;

	TRY(read_list(f, root, "fields", CASES_FIELDS_MAX, sizeof *t->fields, read_field, &fields,
		      &t->fields_n));
	TRY(read_list(f, root, "clocks", CASES_CLOCKS_MAX, sizeof *t->clocks, read_clock, &clocks,
		      &t->clocks_n));
	TRY(read_list(f, root, "outcomes", CASES_OUTCOMES_MAX, sizeof *t->outcomes, read_word,
		      &outcomes, &t->outcomes_n));
	TRY(read_list(f, root, "states", CASES_STATES_MAX, sizeof *t->states, read_state, &states,
		      &t->states_n));
	TRY(read_list(f, root, "transitions", CASES_TRANSITIONS_MAX, sizeof *t->transitions,
		      read_transition, &transitions, &t->transitions_n));
	TRY(read_list_if(f, root, "questions", CASES_QUESTIONS_MAX, sizeof *t->questions,
			 read_question, &questions, &t->questions_n));
	t->fields = fields;
	t->clocks = clocks;
	t->outcomes = outcomes;
	t->states = states;
	t->transitions = transitions;
	t->questions = questions;
	return ERR_OK;
}

enum err config_casetype_read(struct str name, struct str text, struct arena *arena,
			      struct problem *problem, struct cases_type *ret)
{
	struct cases_type out = {0};
	struct config_file f;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(read_head(&f, &out));
	TRY(read_lists(&f, &out));
	*ret = out;
	return ERR_OK;
}
