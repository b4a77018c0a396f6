/* What the files of a community say about cases, as data: roles, units, the data catalogue, desk
 * limits, categories, responsibilities, case types. Depends on base. Pure: everything lives in the
 * arena of whoever read the files (config/config_*.h). Every thing knows where it stands in its
 * file, so that a proof that fails can point there. */
#ifndef LIREN_CASES_MODEL_H
#define LIREN_CASES_MODEL_H

#include "base/calendar.h"
#include "base/msg.h"
#include "base/str.h"

#define CASES_NAME_BYTES_MAX 48u
#define CASES_WORDS_BYTES_MAX 240u
#define CASES_TEXT_BYTES_MAX 600u
#define CASES_ROLES_MAX 64u
#define CASES_UNITS_MAX 64u
#define CASES_AREAS_MAX 512u
#define CASES_ITEMS_MAX 64u
#define CASES_ITEM_FIELDS_MAX 32u
#define CASES_TYPES_MAX 32u
#define CASES_CATEGORIES_MAX 256u
#define CASES_CLASSES_MAX 64u
#define CASES_CONDITIONS_MAX 64u
#define CASES_PHRASES_MAX 256u /* of one list of what people say, a language */
#define CASES_RULES_MAX 1024u
#define CASES_FIELDS_MAX 64u /* of a case type: a set of them is one u64 */
#define CASES_STATES_MAX 64u /* the same */
#define CASES_TRANSITIONS_MAX 192u
#define CASES_CLOCKS_MAX 32u
#define CASES_OUTCOMES_MAX 32u
#define CASES_QUESTIONS_MAX 16u
#define CASES_NAMES_MAX 64u /* of one list of names */
#define CASES_GUARDS_MAX 8u
#define CASES_CHOICES_MAX 24u
#define CASES_ALTERNATIVES_MAX 4u /* of a limit or a priority */
#define CASES_PRIORITIES 4u
#define CASES_CHECKLIST_LINES_MAX 64u
#define CASES_ESCALATION_MAX 6u
#define CASES_REVIEW_DAYS_MAX 30u
#define CASES_JOINT_MAX 8u /* joint units of one case */
#define CASES_NONE 0xffffffffu

/* The role that is no person: the program itself, when an instant is reached. Not in any file. */
#define CASES_TIMER "timer"

struct cases_at {
	struct str file;
	unsigned line, column;
};

/* A name as it stands in a file. Where it refers to something, proof 5 fills in the index of it in
 * its list; before that the index is CASES_NONE. */
struct cases_name {
	struct str text;
	struct cases_at at;
	unsigned index;
};

struct cases_names {
	struct cases_name *v;
	unsigned n;
};

/* ---- limits and priorities ---- */

enum cases_limit_kind {
	CASES_LIMIT_SPAN,     /* amount and unit */
	CASES_LIMIT_FIELD,    /* the instant stands in a field of the case */
	CASES_LIMIT_AT_ONCE,  /* nothing waits for it: done beside what follows */
	CASES_LIMIT_SAME_DAY, /* until the end of the day it starts on */
	CASES_LIMIT_NEVER,    /* the step is not possible */
};

struct cases_limit {
	enum cases_limit_kind kind;
	uint32_t amount;
	enum time_unit unit;
	struct cases_name field;     /* of CASES_LIMIT_FIELD */
	struct cases_name condition; /* empty: always */
};

/* "6h|36h (works)": where a named condition of the site holds, its alternative; the first such one
 * in their order; else the one without a condition, if there is one. */
struct cases_limits {
	unsigned n; /* 0: no limit is given */
	struct cases_limit v[CASES_ALTERNATIVES_MAX];
	struct cases_at at;
};

struct cases_priority {
	unsigned n;
	struct {
		unsigned value; /* 1 … 4 */
		struct cases_name condition;
	} v[CASES_ALTERNATIVES_MAX];
	struct cases_at at;
};

enum cases_stage {
	CASES_STAGE_CONTACT,  /* c 先行联系 */
	CASES_STAGE_ON_SITE,  /* a 到场 */
	CASES_STAGE_SAFE,     /* s 控制 */
	CASES_STAGE_DONE,     /* f 处置完成 */
	CASES_STAGE_RESTORED, /* r 复原 */
	CASES_STAGE_COUNT
};

/* ---- roles and units ---- */

struct cases_role {
	struct cases_name name;
	struct str words[LANG_COUNT];
	bool is_in_charge; /* an escalation may end here */
	bool is_staff;
	bool is_in_field; /* works outside and can be sent: has duties */
	struct cases_name stands_for; /* a role, where the police lead: the other chain of levels */
};

enum cases_unit_kind { CASES_UNIT_OFFICE, CASES_UNIT_POST, CASES_UNIT_LOOKUP };

struct cases_unit {
	struct cases_name name;
	struct str words[LANG_COUNT];
	enum cases_unit_kind kind;
	struct cases_name role; /* of a post */
	struct cases_name
	    clock_owner; /* unit that answers where this one is told, not dispatched */
	bool is_police;  /* levels above it are those of the station and the bureau */
};

struct cases_area {
	struct cases_name name;
	struct str words[LANG_COUNT];
};

/* ---- the data catalogue ---- */

struct cases_item_field {
	struct cases_name name;
	struct str words[LANG_COUNT];
};

struct cases_item {
	struct cases_name name; /* "01" … "25" */
	struct str words[LANG_COUNT];
	unsigned class_number;     /* of nine, from 1 */
	unsigned sensitivity;      /* 0 … 3 */
	unsigned sensitivity_most; /* of the most sensitive of its fields */
	struct cases_name purpose;
	struct str purpose_words[LANG_COUNT], source[LANG_COUNT], ground[LANG_COUNT];
	struct str retention[LANG_COUNT], refresh[LANG_COUNT], opens_for[LANG_COUNT];
	struct str levels; /* of B R P G C */
	struct cases_item_field *fields;
	unsigned fields_n;
};

struct cases_catalogue {
	struct str classes[9][LANG_COUNT];
	unsigned classes_n;
	struct cases_item *items;
	unsigned items_n;
};

/* ---- the desk's own limits ---- */

struct cases_desk_limit {
	struct cases_name name; /* precheck, open, dispatch, … */
	struct str words[LANG_COUNT];
	struct cases_limits by_priority[CASES_PRIORITIES]; /* one alternative each */
	struct cases_limits most;                          /* where it may be stretched */
};

/* ---- categories ---- */

enum cases_confirm {
	CASES_CONFIRM_REPORTER,
	CASES_CONFIRM_GROUND,
	CASES_CONFIRM_MEASUREMENT,
	CASES_CONFIRM_RECEIPT,
	CASES_CONFIRM_OVERSEER,
	CASES_CONFIRM_COUNT
};

/* How people say it, in everyday words: what a proposed category learns from. */
struct cases_phrases {
	struct str *v;
	unsigned n;
};

enum cases_publish { CASES_PUBLISH_PLACE, CASES_PUBLISH_CATEGORY, CASES_PUBLISH_NOTHING };

struct cases_category {
	struct cases_name name; /* four digits */
	struct str words[LANG_COUNT];
	struct cases_name type;
	struct cases_priority priority;
	struct cases_limits limits[CASES_STAGE_COUNT];
	struct str opens_when[LANG_COUNT], closes_when[LANG_COUNT];
	struct cases_phrases says[LANG_COUNT];
	unsigned confirms; /* bits 1 << enum cases_confirm */
	struct cases_at confirms_at;
	enum cases_publish publish;
	struct cases_name lead; /* empty: the responsibilities alone say it */
	struct cases_names with;
	struct str basis;
};

struct cases_word {
	struct cases_name name;
	struct str words[LANG_COUNT];
};

struct cases_categories {
	unsigned version;
	struct cases_word *classes; /* 01 … */
	unsigned classes_n;
	struct cases_word *conditions; /* of the site: yes or no, recorded on the case */
	unsigned conditions_n;
	struct cases_phrases elsewhere[LANG_COUNT]; /* said of matters that no category has */
	struct cases_category *v;
	unsigned n;
};

/* ---- responsibilities ---- */

struct cases_rule {
	struct cases_at at;
	struct cases_name category;
	struct str component;     /* kind of component; empty: any, and none */
	struct cases_names areas; /* empty: everywhere */
	bool has_from, has_until;
	int32_t from_day, until_day;      /* civil days, the last one included */
	bool is_deaf_to_component;        /* the component's owner does not take the lead */
	struct cases_name lead, fallback; /* the latter may be empty */
	struct cases_names with; /* their parts begin with the dispatch */
	struct cases_limits with_limit; /* of each; n 0: the day on which the lead is due */
	struct str why[LANG_COUNT];
};

struct cases_fallback {
	struct cases_name unit, use;
	struct str why[LANG_COUNT];
};

struct cases_responsibilities {
	struct str file; /* how the file is called in messages */
	unsigned version;
	struct cases_fallback *fallbacks;
	unsigned fallbacks_n;
	struct cases_rule *v;
	unsigned n;
};

/* ---- checklists ---- */

struct cases_check_line {
	struct cases_name name;
	struct str words[LANG_COUNT];
	struct str advice[LANG_COUNT];
	struct cases_name finding; /* category of the case a finding becomes; empty: advice only */
};

struct cases_checklist {
	struct cases_name name;
	unsigned version;
	struct str words[LANG_COUNT];
	struct cases_name item;
	struct cases_check_line *lines;
	unsigned lines_n;
};

/* ---- case types ---- */

enum cases_step {
	CASES_STEP_COLLECT,
	CASES_STEP_OPEN,
	CASES_STEP_DISPATCH,
	CASES_STEP_HANDLE,
	CASES_STEP_FEED_BACK,
	CASES_STEP_CHECK,
	CASES_STEP_EVALUATE,
	CASES_STEP_COUNT
};

enum cases_command {
#define COMMAND(symbol, name, zh, en) CASES_COMMAND_##symbol,
#include "cases/command_table.h"
#undef COMMAND
	CASES_COMMAND_COUNT
};

enum cases_field_kind {
	CASES_FIELD_TEXT,
	CASES_FIELD_CHOICE,
	CASES_FIELD_NUMBER,
	CASES_FIELD_YES_NO,
	CASES_FIELD_DATE,
	CASES_FIELD_INSTANT,
	CASES_FIELD_PHOTO,
	CASES_FIELD_PLACE,
	CASES_FIELD_UNIT,
	CASES_FIELD_CATEGORY,
	CASES_FIELD_CASE,  /* the number of another case */
	CASES_FIELD_ACTOR, /* everybody who signed it, as handles of this case */
	CASES_FIELD_COUNT, /* starts at 0; changed only by `counts` and `uncounts` */
	CASES_FIELD_KIND_COUNT,
	CASES_FIELD_REFUSED = CASES_FIELD_KIND_COUNT /* a kind that proof 7 is there to refuse */
};

enum cases_about { CASES_ABOUT_MATTER, CASES_ABOUT_PLACE, CASES_ABOUT_UNIT, CASES_ABOUT_PERSON };

struct cases_choice {
	struct cases_name name;
	struct str words[LANG_COUNT];
	struct cases_name offers; /* of a reason to refuse: a type that the reporter may hand in
				     instead; empty: none */
};

struct cases_field {
	struct cases_name name;
	struct str words[LANG_COUNT];
	enum cases_field_kind kind;
	struct cases_name kind_name; /* as the file says */
	enum cases_about about;
	struct cases_name item, item_field; /* of the catalogue */
	bool is_personal;
	struct cases_names sees, changes; /* roles */
	struct str measure_unit;
	unsigned within_days; /* of a date: at most so far ahead; 0: no bound */
	struct cases_choice *choices;
	unsigned choices_n;
};

/* Fields that mean something to the engine, where a type has one of that name (known_table.h). */
enum cases_known {
#define KNOWN(symbol, name, kind) CASES_KNOWN_##symbol,
#include "cases/known_table.h"
#undef KNOWN
	CASES_KNOWN_COUNT
};

enum cases_clock_source {
	CASES_CLOCK_REPORTER, /* from handing in until confirmed, never stopped */
	CASES_CLOCK_DESK,     /* a row of the desk's limits */
	CASES_CLOCK_STAGE,    /* the category's limit of a stage, else limit or desk below */
	CASES_CLOCK_FIELD,    /* the instant or date of a field */
	CASES_CLOCK_FIXED,    /* the limit that stands here */
};

struct cases_clock {
	struct cases_name name;
	struct str words[LANG_COUNT];
	enum cases_clock_source source;
	struct cases_name desk, field;
	enum cases_stage stage;
	struct cases_limits limit; /* of FIXED; of STAGE: where the category gives none */
	struct cases_name owner;
	struct cases_names escalation;
};

struct cases_outcome {
	struct cases_name name;
	struct str words[LANG_COUNT]; /* public */
};

struct cases_state {
	struct cases_name name;
	struct str words[LANG_COUNT];
	enum cases_step step;
	bool is_final;
	struct cases_name owner; /* empty: none */
	struct cases_names runs; /* clocks that run while it stands here */
	struct cases_names pauses;
	struct cases_name review;  /* of a suspended state: the field with the date */
	struct cases_name outcome; /* of a final one */
};

enum cases_guard_op {
	CASES_GUARD_IS,
	CASES_GUARD_IS_NOT,
	CASES_GUARD_GIVEN,
	CASES_GUARD_NOT_GIVEN,
	CASES_GUARD_UNDER,
	CASES_GUARD_FROM, /* at least */
};

struct cases_guard {
	struct cases_name field;
	enum cases_guard_op op;
	struct str value;
	uint64_t number; /* of UNDER and FROM */
};

enum cases_check {
	CASES_CHECK_NONE,
	CASES_CHECK_PRECHECK,
	CASES_CHECK_SIGNATURE,
	CASES_CHECK_ANSWER,
	CASES_CHECK_SITE,
	CASES_CHECK_RECEIPT,
	CASES_CHECK_MEASUREMENT,
	CASES_CHECK_OVERSEER,
	CASES_CHECK_CALLBACK,
	CASES_CHECK_COUNT
};

struct cases_transition {
	struct cases_name name;
	struct str words[LANG_COUNT];
	enum cases_command command;
	bool is_from_any; /* from every state that is not final */
	struct cases_names from;
	bool stays;
	struct cases_name to;
	struct cases_names by; /* roles; CASES_TIMER for the program itself */
	struct cases_names alone; /* roles that may, too, where no level above is connected */
	struct cases_names fills, may_fill, signs, counts, uncounts;
	struct cases_names starts, stops; /* clocks */
	struct cases_names within;        /* clocks, all of which must run and not be over */
	struct cases_name after;          /* of the timer: the clock whose end it is */
	struct cases_name until;          /* field with the date at which the clocks started end */
	struct cases_name most; /* with `until`: row of the desk's limits, how much later */
	struct cases_names tells;         /* roles */
	struct cases_guard *guards;
	unsigned guards_n;
	enum cases_check check;
	struct cases_at check_at;
	struct cases_names checks; /* transitions whose doer is checked */
	struct cases_names not_by; /* fields of kind actor: nobody who stands in one of them */
	struct str public_line[LANG_COUNT]; /* empty: none */
};

struct cases_question {
	struct cases_name name;
	struct str words[LANG_COUNT];
	struct cases_choice *answers;
	unsigned answers_n;
};

struct cases_type {
	struct cases_name name;
	unsigned version;
	struct str words[LANG_COUNT];
	struct cases_name purpose;
	struct cases_name start;
	struct cases_names start_fields; /* filled when it is handed in */
	struct cases_names start_may;    /* that may be, beside those */
	unsigned personal_months;        /* how long personal fields stay after closing */
	struct cases_field *fields;
	unsigned fields_n;
	struct cases_clock *clocks;
	unsigned clocks_n;
	struct cases_outcome *outcomes;
	unsigned outcomes_n;
	struct cases_state *states;
	unsigned states_n;
	struct cases_transition *transitions;
	unsigned transitions_n;
	struct cases_question *questions;
	unsigned questions_n;
	unsigned known[CASES_KNOWN_COUNT]; /* index of the field, or CASES_NONE; by proof 5 */
	/* clocks that only say until when something may be done: under `within`, and nothing stops
	 * them or waits for them. Nobody is late when one is over; by proof 5 */
	uint64_t bounds_only;
};

/* Everything together. What is not loaded is empty. */
struct cases_book {
	struct cases_role *roles;
	unsigned roles_n;
	struct cases_unit *units;
	unsigned units_n;
	struct cases_area *areas;
	unsigned areas_n;
	bool is_connected; /* the level above works on this office's cases itself */
	struct cases_catalogue catalogue;
	struct cases_desk_limit *desk;
	unsigned desk_n;
	struct cases_categories categories;
	struct cases_responsibilities responsibilities;
	struct cases_type *types[CASES_TYPES_MAX];
	unsigned types_n;
};

static inline bool cases_is_given(const struct cases_name *name)
{
	return name->text.n > 0;
}

/* Names in files of the values above, and back. The parsers give false for a word that is none. */
const char *cases_step_name(enum cases_step step);
const char *cases_step_words(enum cases_step step, enum lang lang);
bool cases_step_parse(struct str s, enum cases_step *ret);
const char *cases_command_name(enum cases_command command);
const char *cases_command_words(enum cases_command command, enum lang lang);
bool cases_command_parse(struct str s, enum cases_command *ret);
bool cases_field_kind_parse(struct str s, enum cases_field_kind *ret);
bool cases_kind_is_refused(struct str s); /* a kind of field that will never be */
bool cases_about_parse(struct str s, enum cases_about *ret);
bool cases_check_parse(struct str s, enum cases_check *ret);
bool cases_stage_parse(struct str s, enum cases_stage *ret);
bool cases_confirm_parse(struct str s, enum cases_confirm *ret);
bool cases_publish_parse(struct str s, enum cases_publish *ret);
bool cases_unit_kind_parse(struct str s, enum cases_unit_kind *ret);

/* Who stands for a role where this unit leads (CASES_NONE: none leads): itself, or the one of the
 * police's chain of levels. And the other way: the role that an actor of `role` acts as there;
 * CASES_NOBODY where it has no say. */
#define CASES_NOBODY 0xfffffffeu
unsigned cases_role_told(const struct cases_book *b, unsigned role, unsigned lead_unit);
unsigned cases_role_acted(const struct cases_book *b, unsigned role, unsigned lead_unit);

/* Does the transition leave this state (an index)? Needs the indices of proof 5. */
bool cases_leaves(const struct cases_type *t, const struct cases_transition *tr, unsigned state);

/* Does a transition of this command lead into this state (an index) from another? */
bool cases_leads_into(const struct cases_type *t, enum cases_command command, unsigned state);

/* Is a case in this state (an index) one whose refusal was signed, and stands? */
bool cases_is_refused(const struct cases_type *t, unsigned state);

/* The choice that offers another way to whoever's case was refused for it: where the case is
 * refused in this state, and a refusal fills in this field. Else NULL. */
const struct cases_choice *cases_offer(const struct cases_type *t, struct str state,
				       struct str field, struct str value);

/* The state it leads to from this one. */
unsigned cases_leads_to(const struct cases_transition *tr, unsigned state);

/* The clock whose end lets the timer do it in this state: the one that is named, else the only one
 * that runs there beside the reporter's. CASES_NONE: not the timer's, or not to be told. */
unsigned cases_trigger(const struct cases_type *t, const struct cases_transition *tr,
		       unsigned state);

/* May the timer do it, so that nobody need decide? */
bool cases_is_automatic(const struct cases_transition *tr);

/* A limit text: "30m", "6h|36h (works)", "1h (sinking)", "4wh (bags)|2wd (heap)", "by FIELD",
 * "at-once", "same-day", "never". Units as in base/calendar.h. False where it is none; names are
 * views into `s` and stand at `at`. */
bool cases_limits_parse(struct str s, struct cases_at at, struct cases_limits *ret);

/* A priority text: "3", "3|1 (live)". */
bool cases_priority_parse(struct str s, struct cases_at at, struct cases_priority *ret);

/* The limit that holds with these site conditions (bits by index in the list of conditions), or
 * NULL where the stage has none. Needs the indices of proof 5. */
const struct cases_limit *cases_limit_of(const struct cases_limits *l, uint64_t conditions);
unsigned cases_priority_of(const struct cases_priority *p, uint64_t conditions);

#endif
