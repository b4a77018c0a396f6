/* Moves of a case: every state, every command, every role; a refused one leaves the case byte for
 * byte as it was. And walks that a resident's matter takes. */
#include "book.h"

#include "cases/move.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static struct arena memory;
static struct cases_book book;
static struct cases_type type;

static int load(void **state)
{
	const struct book_texts shipped = {0};
	static struct cases_failure failure;
	struct problem p = {0};
	const char *path = "etc/case-types/resident-request.yaml";

	memory = book_arena();
	book_read(&shipped, &memory, &book);
	assert_ok(cases_prove_book(&book, &failure));
	assert_ok(config_casetype_read(str_of(path), book_text(path, &memory), &memory, &p, &type));
	assert_ok(cases_prove_type(&book, &type, &failure));
	return 0;
}

static int unload(void **state)
{
	free(memory.p);
	return 0;
}

static unsigned field_of(const char *name)
{
	for (unsigned i = 0; i < type.fields_n; i++)
		if (str_eq(type.fields[i].name.text, str_of(name)))
			return i;
	fail_msg("no field %s", name);
	return 0;
}

static unsigned role_of(const char *name)
{
	for (unsigned i = 0; i < book.roles_n; i++)
		if (str_eq(book.roles[i].name.text, str_of(name)))
			return i;
	return CASES_NONE; /* the timer */
}

static const char *state_of(const struct case_rec *rec)
{
	static char name[64];
	struct str text = type.states[rec->state].name.text;

	snprintf(name, sizeof name, "%.*s", (int)text.n, text.p);
	return name;
}

/* Everything the named fields ask for, filled with 1 where that can stand there, else 0. */
static unsigned fill(const struct cases_names *names, struct case_fill *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < names->n; i++) {
		unsigned f = names->v[i].index;
		if (type.fields[f].kind != CASES_FIELD_ACTOR)
			out[n++] = (struct case_fill){f, type.fields[f].choices_n == 1 ? 0 : 1};
	}
	return n;
}

static void begin(struct case_rec *rec, bool has_reporter)
{
	struct case_fill fills[CASES_FIELDS_MAX];
	const struct case_actor intake = {role_of("intake"), 1};
	unsigned n = fill(&type.start_fields, fills);
	struct case_moved moved;

	for (unsigned i = 0; i < n; i++)
		if (fills[i].field == field_of("has_reporter"))
			fills[i].value = has_reporter;
	assert_int_equal(case_begin(&type, &intake, fills, n, rec, &moved), CASE_MOVED);
	assert_string_equal(state_of(rec), "received");
	assert_true(moved.began == rec->clocks_running && moved.began != 0);
}

/* Do the transition of that name, as a role, with its fields filled; `value` for the choices. */
static enum case_refusal go(struct case_rec *rec, const char *name, const char *role,
			    uint64_t handle, int64_t priority)
{
	const struct case_actor actor = {role_of(role), handle};
	struct case_fill fills[CASES_FIELDS_MAX];
	struct case_moved moved;

	for (unsigned i = 0; i < type.transitions_n; i++) {
		const struct cases_transition *tr = &type.transitions[i];
		if (!str_eq(tr->name.text, str_of(name)))
			continue;
		unsigned n = fill(&tr->fills, fills);
		for (unsigned k = 0; k < n; k++)
			if (fills[k].field == field_of("priority"))
				fills[k].value = priority;
		const struct case_command command = {tr->command, fills, n};
		/* whatever the timer waits for has run out */
		rec->clocks_over = actor.role == CASES_NONE ? UINT64_MAX : 0;
		enum case_refusal r = case_move(&type, &actor, &command, rec, &moved);
		rec->clocks_over = 0;
		assert_true(r != CASE_MOVED || moved.transition == i);
		return r;
	}
	fail_msg("no transition %s", name);
	return CASE_NOT_HERE;
}

/* What the file says, asked without the engine: is there a transition of this command from this
 * state that this role may do? */
static bool file_allows(unsigned state, enum cases_command command, unsigned role)
{
	for (unsigned i = 0; i < type.transitions_n; i++) {
		const struct cases_transition *tr = &type.transitions[i];
		bool leaves = tr->is_from_any && !type.states[state].is_final, may = false;
		for (unsigned k = 0; k < tr->from.n; k++)
			leaves |= str_eq(tr->from.v[k].text, type.states[state].name.text);
		for (unsigned k = 0; k < tr->by.n; k++)
			may |= role == CASES_NONE
				   ? str_eq(tr->by.v[k].text, STR(CASES_TIMER))
				   : str_eq(tr->by.v[k].text, book.roles[role].name.text);
		if (tr->command == command && leaves && may)
			return true;
	}
	return false;
}

static void every_state_command_and_role(void **state)
{
	static struct case_rec rec, before;
	unsigned moved_n = 0, refused_n = 0, allowed_n = 0;

	begin(&before, true);
	for (unsigned s = 0; s < type.states_n; s++)
		for (unsigned c = 0; c < CASES_COMMAND_COUNT; c++)
			for (unsigned role = 0; role <= book.roles_n; role++) {
				const struct case_command command = {(enum cases_command)c, NULL,
								     0};
				const struct case_actor actor = {
				    role < book.roles_n ? role : CASES_NONE, 77};
				struct case_moved moved;
				before.state = s;
				before.filled = UINT64_MAX >> (64 - type.fields_n);
				rec = before;
				enum case_refusal r =
				    case_move(&type, &actor, &command, &rec, &moved);
				bool allowed = file_allows(s, (enum cases_command)c, actor.role);
				allowed_n += allowed;
				if (!allowed && r != CASE_NOT_HERE && r != CASE_NOT_THIS_ROLE)
					fail_msg("state %u, command %u, role %u: %d", s, c, role,
						 r);
				if (allowed && (r == CASE_NOT_HERE || r == CASE_NOT_THIS_ROLE))
					fail_msg("state %u, command %u, role %u: refused", s, c,
						 role);
				if (r != CASE_MOVED)
					assert_memory_equal(&rec, &before, sizeof rec);
				moved_n += r == CASE_MOVED;
				refused_n += r != CASE_MOVED;
			}
	assert_int_equal(moved_n + refused_n,
			 type.states_n * CASES_COMMAND_COUNT * (book.roles_n + 1));
	assert_true(moved_n > 50 && refused_n > allowed_n);
}

struct step {
	const char *name, *role;
	uint64_t handle;
	enum case_refusal want;
	const char *state;
};

static void walk(struct case_rec *rec, const struct step *steps, size_t n, int64_t priority)
{
	for (size_t i = 0; i < n; i++) {
		static struct case_rec before;
		before = *rec;
		enum case_refusal r =
		    go(rec, steps[i].name, steps[i].role, steps[i].handle, priority);
		if (r != steps[i].want || strcmp(state_of(rec), steps[i].state) != 0)
			fail_msg("step %zu, %s: refusal %d, in %s", i, steps[i].name, r,
				 state_of(rec));
		if (r != CASE_MOVED)
			assert_memory_equal(rec, &before, sizeof before);
	}
}

static void a_matter_goes_its_way(void **state)
{
	static struct case_rec rec;
	static const struct step steps[] = {
	    {"dispatch", "dispatcher", 2, CASE_NOT_HERE, "received"},
	    {"open", "unit_handler", 9, CASE_NOT_THIS_ROLE, "received"},
	    {"open", "intake", 1, CASE_MOVED, "opened"},
	    {"dispatch", "dispatcher", 2, CASE_MOVED, "dispatched"},
	    {"receive_by_time", "timer", 0, CASE_MOVED, "handling"},
	    {"contact", "unit_handler", 9, CASE_MOVED, "handling"},
	    {"feed_back", "unit_handler", 9, CASE_MOVED, "fed_back"},
	    {"accept_answer", "duty_officer", 9, CASE_OWN_WORK, "fed_back"},
	    {"accept_answer", "duty_officer", 3, CASE_MOVED, "checking"},
	    {"pass_check", "grid_worker", 9, CASE_OWN_WORK, "checking"},
	    {"rework", "grid_worker", 4, CASE_MOVED, "handling"},
	    {"feed_back", "unit_handler", 10, CASE_MOVED, "fed_back"},
	    {"accept_answer", "duty_officer", 3, CASE_MOVED, "checking"},
	    {"pass_check", "grid_worker", 10, CASE_OWN_WORK, "checking"},
	    {"pass_check", "grid_worker", 9, CASE_OWN_WORK, "checking"}, /* the first doer too */
	};
	begin(&rec, true);
	walk(&rec, steps, ROWS(steps), 2);
	assert_int_equal(rec.value[field_of("reworks")], 1);
}

static void a_second_hand_back_goes_to_a_ruling(void **state)
{
	static struct case_rec rec;
	static const struct step steps[] = {
	    {"open", "intake", 1, CASE_MOVED, "opened"},
	    {"dispatch", "dispatcher", 2, CASE_MOVED, "dispatched"},
	    {"hand_back", "unit_handler", 9, CASE_MOVED, "handed_back"},
	    {"reroute", "dispatcher", 2, CASE_MOVED, "dispatched"},
	    {"hand_back_again", "unit_handler", 8, CASE_MOVED, "ruling"},
	    {"rule", "level_above", 5, CASE_MOVED, "dispatched"},
	    {"hand_back", "unit_handler", 7, CASE_GUARDED, "dispatched"},
	};
	static const struct step urgent[] = {
	    {"open", "intake", 1, CASE_MOVED, "opened"},
	    {"dispatch", "dispatcher", 2, CASE_MOVED, "dispatched"},
	    {"hand_back", "unit_handler", 9, CASE_GUARDED, "dispatched"},
	};
	begin(&rec, true);
	walk(&rec, steps, ROWS(steps), 2);
	begin(&rec, true);
	walk(&rec, urgent, ROWS(urgent), 0); /* index 0: priority 1 */
}

static void a_refusal_needs_two_people(void **state)
{
	static struct case_rec rec;
	static const struct step steps[] = {
	    {"refuse", "duty_officer", 3, CASE_MOVED, "refusing"},
	    {"sign_refusal", "duty_officer", 3, CASE_OWN_WORK, "refusing"},
	    {"sign_refusal", "desk_lead", 6, CASE_MOVED, "refused"},
	    {"object", "reporter", 20, CASE_MOVED, "objected"},
	    {"overturn", "level_above", 5, CASE_MOVED, "opened"},
	};
	begin(&rec, true);
	walk(&rec, steps, ROWS(steps), 2);
}

static void three_extensions_and_no_more(void **state)
{
	static struct case_rec rec;
	static const struct step steps[] = {
	    {"open", "intake", 1, CASE_MOVED, "opened"},
	    {"dispatch", "dispatcher", 2, CASE_MOVED, "dispatched"},
	    {"receive", "unit_handler", 9, CASE_MOVED, "handling"},
	    {"extend", "desk_lead", 6, CASE_GUARDED, "handling"}, /* nobody asked */
	    {"ask_extension", "unit_handler", 9, CASE_MOVED, "handling"},
	    {"extend", "desk_lead", 6, CASE_MOVED, "handling"},
	    {"extend", "desk_lead", 6, CASE_GUARDED, "handling"},
	    {"extend_later", "level_above", 5, CASE_MOVED, "handling"},
	    {"extend_later", "level_above", 5, CASE_MOVED, "handling"},
	    {"extend_later", "level_above", 5, CASE_GUARDED, "handling"},
	    {"ask_extension", "unit_handler", 9, CASE_GUARDED, "handling"},
	};
	begin(&rec, true);
	walk(&rec, steps, ROWS(steps), 2);
}

/* What is filled must be asked for, complete, and of its kind. */
static void fields_are_asked_for(void **state)
{
	static struct case_rec rec, before;
	const struct case_actor intake = {role_of("intake"), 1};
	struct case_fill fills[] = {{field_of("category"), 5},
				    {field_of("priority"), 2},
				    {field_of("ground_check"), 1},
				    {field_of("drill"), 1}};
	struct case_command open = {CASES_COMMAND_OPEN, fills, 2};
	struct case_moved moved;

	begin(&rec, true);
	before = rec;
	assert_int_equal(case_move(&type, &intake, &open, &rec, &moved), CASE_NOT_FILLED);
	assert_int_equal(moved.field, field_of("ground_check"));
	open.fills_n = 4;
	assert_int_equal(case_move(&type, &intake, &open, &rec, &moved), CASE_NOT_ITS_FIELD);
	assert_int_equal(moved.field, field_of("drill"));
	open.fills_n = 3;
	fills[1].value = 4; /* there are four: 0 to 3 */
	assert_int_equal(case_move(&type, &intake, &open, &rec, &moved), CASE_NOT_ITS_FIELD);
	fills[1].value = 3;
	fills[2].field = 63;
	assert_int_equal(case_move(&type, &intake, &open, &rec, &moved), CASE_NOT_FILLED);
	assert_memory_equal(&rec, &before, sizeof rec);
	fills[2].field = field_of("ground_check");
	assert_int_equal(case_move(&type, &intake, &open, &rec, &moved), CASE_MOVED);
	assert_int_equal(rec.value[field_of("priority")], 3);
}

static bool runs(const struct case_rec *rec, const char *clock)
{
	for (unsigned i = 0; i < type.clocks_n; i++)
		if (str_eq(type.clocks[i].name.text, str_of(clock)))
			return rec->clocks_running >> i & 1;
	fail_msg("no clock %s", clock);
	return false;
}

/* A clock beside the states runs through them until it is answered; one that was met does not
 * begin again with rework; one that waits goes on. */
static void clocks_begin_wait_and_end(void **state)
{
	static struct case_rec rec;
	static const struct step to_work[] = {
	    {"open", "intake", 1, CASE_MOVED, "opened"},
	    {"supervise", "desk_lead", 6, CASE_MOVED, "opened"},
	    {"dispatch", "dispatcher", 2, CASE_MOVED, "dispatched"},
	    {"receive", "unit_handler", 9, CASE_MOVED, "handling"},
	};
	static const struct step to_rework[] = {
	    {"contact", "unit_handler", 9, CASE_MOVED, "handling"},
	    {"feed_back", "unit_handler", 9, CASE_MOVED, "fed_back"},
	    {"return_answer", "duty_officer", 3, CASE_MOVED, "handling"},
	};
	static const struct step suspend = {"suspend", "desk_lead", 6, CASE_MOVED, "suspended"},
				 wake = {"wake_by_date", "timer", 0, CASE_MOVED, "handling"},
				 answer = {"answer_supervision", "unit_handler", 9, CASE_MOVED,
					   "handling"},
				 leave = {"withdraw", "reporter", 20, CASE_MOVED, "withdrawn"};
	begin(&rec, true);
	assert_true(runs(&rec, "reporter") && runs(&rec, "opening") && !runs(&rec, "order"));
	walk(&rec, to_work, ROWS(to_work), 2);
	assert_true(runs(&rec, "order") && runs(&rec, "contacting") && runs(&rec, "done"));
	assert_true(runs(&rec, "reporter") && !runs(&rec, "opening") && !runs(&rec, "receiving"));
	walk(&rec, to_rework, ROWS(to_rework), 2);
	assert_true(runs(&rec, "order") && !runs(&rec, "contacting") && runs(&rec, "done"));
	walk(&rec, &suspend, 1, 2);
	assert_true(runs(&rec, "suspension") && !runs(&rec, "done") && runs(&rec, "reporter"));
	assert_true(rec.clocks_paused != 0);
	walk(&rec, &wake, 1, 2);
	assert_true(runs(&rec, "done") && !runs(&rec, "suspension") && rec.clocks_paused == 0);
	walk(&rec, &answer, 1, 2);
	assert_false(runs(&rec, "order"));
	walk(&rec, &leave, 1, 2);
	assert_true(rec.clocks_running == 0);
}

/* In every open state that a random walk comes to, a clock runs: proof 2, seen from the engine. */
static void a_clock_always_runs(void **state)
{
	static const char *const roles[] = {
	    "intake",      "dispatcher",  "duty_officer", "desk_lead", "unit_handler",
	    "grid_worker", "level_above", "reporter",     "timer",     "joint_handler"};
	static struct case_rec rec;
	uint64_t seed = 1;
	unsigned ended = 0, reporters = 1u << 0; /* the first clock is the reporter's */

	for (unsigned round = 0; round < 3000; round++) {
		begin(&rec, round % 2);
		for (unsigned i = 0; i < 60 && !type.states[rec.state].is_final; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			unsigned t = (unsigned)(seed >> 33) % type.transitions_n;
			unsigned r = (unsigned)(seed >> 45) % ROWS(roles);
			char name[64];
			struct str text = type.transitions[t].name.text;
			static struct case_rec before;
			struct case_fill fills[CASES_FIELDS_MAX];
			struct case_moved moved;
			snprintf(name, sizeof name, "%.*s", (int)text.n, text.p);
			before = rec;
			const struct case_command command = {
			    type.transitions[t].command, fills,
			    fill(&type.transitions[t].fills, fills)};
			const struct case_actor actor = {role_of(roles[r]), 100 + r};
			if (case_move(&type, &actor, &command, &rec, &moved) != CASE_MOVED) {
				assert_memory_equal(&rec, &before, sizeof rec);
				continue;
			}
			assert_true((rec.clocks_running & rec.clocks_paused) == 0);
			if (type.states[rec.state].is_final)
				assert_true((rec.clocks_running | rec.clocks_paused) == 0);
			else if (!(rec.clocks_running & ~(uint64_t)reporters))
				fail_msg("after %s no clock runs in %s", name, state_of(&rec));
		}
		ended += type.states[rec.state].is_final;
	}
	assert_true(ended > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_state_command_and_role),
	    cmocka_unit_test(a_matter_goes_its_way),
	    cmocka_unit_test(a_second_hand_back_goes_to_a_ruling),
	    cmocka_unit_test(a_refusal_needs_two_people),
	    cmocka_unit_test(three_extensions_and_no_more),
	    cmocka_unit_test(fields_are_asked_for),
	    cmocka_unit_test(clocks_begin_wait_and_end),
	    cmocka_unit_test(a_clock_always_runs),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
