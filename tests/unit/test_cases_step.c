/* Steps of a case: every state, command and role of the shipped types against what the files say,
 * asked without case_move; the timer; random walks, after each step of which the invariants hold.
 */
#include "walk_random.h"

#define SAMPLES 4u /* cases kept of each state */
#define WALK_STEPS 100000u
#define WALKS 12u /* of each type */
#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static struct walk_world world;
static struct sample {
	struct case_now now;
	int64_t at_us;
} samples[CASES_STATES_MAX][SAMPLES];
static unsigned samples_n[CASES_STATES_MAX];

static int load(void **state)
{
	walk_load(&world);
	return 0;
}

static int unload(void **state)
{
	free(world.memory.p);
	return 0;
}

/* ---- what must always hold ---- */

/* Can the file lead there? By names, from the start. */
static bool is_reachable(const struct cases_type *t, unsigned state)
{
	static const struct cases_type *seen_of;
	static bool seen[CASES_STATES_MAX];
	bool more = true;

	if (seen_of == t)
		return seen[state];
	seen_of = t;
	memset(seen, 0, sizeof seen);
	for (unsigned i = 0; i < t->states_n; i++)
		seen[i] = str_eq(t->states[i].name.text, t->start.text);
	while (more) {
		more = false;
		for (unsigned k = 0; k < t->transitions_n; k++) {
			const struct cases_transition *tr = &t->transitions[k];
			bool leaves = tr->is_from_any;
			for (unsigned i = 0; i < t->states_n; i++)
				leaves |= seen[i] && lists(&tr->from, t->states[i].name.text);
			for (unsigned i = 0; i < t->states_n; i++)
				if (leaves && !tr->stays && !seen[i] &&
				    str_eq(t->states[i].name.text, tr->to.text))
					more = seen[i] = true;
		}
	}
	return seen[state];
}

static const char *fault_of_clock(const struct walk *w, unsigned i)
{
	const struct cases_clock *kind = &w->type->clocks[i];
	const struct case_clock *c = &w->now.clocks.at[i];
	bool runs = c->run == CASE_RUN_RUNS, waits = c->run == CASE_RUN_WAITS;
	bool is_reporters = kind->source == CASES_CLOCK_REPORTER;

	if (runs != has(w->now.rec.clocks_running, i))
		return "runs in one place only";
	if (waits != has(w->now.rec.clocks_paused, i))
		return "waits in one place only";
	if (c->level > kind->escalation.n)
		return "is beyond its chain";
	if (!runs && !waits)
		return NULL;
	if (is_reporters)
		return c->due_us != 0 || c->next_us != 0 ? "of the reporter has an end" : NULL;
	if (c->due_us < c->from_us || c->first_due_us > c->due_us)
		return "ends before it begins, or before its first end";
	if (c->next_us != 0 && c->next_us < c->due_us)
		return "calls before its end";
	if (runs && c->next_us == 0 && c->level < kind->escalation.n &&
	    !str_eq(kind->name.text, STR("handing_back")))
		return "calls nobody";
	if (waits && c->left_us < 0)
		return "has less than nothing left";
	return NULL;
}

static void check_holds(const struct walk *w, int64_t handed_in_us)
{
	const struct case_rec *rec = &w->now.rec;
	const struct cases_state *s = &w->type->states[rec->state];
	unsigned reporter = walk_clock(w->type, "reporter");

	assert_true(is_reachable(w->type, rec->state));
	for (unsigned i = 0; i < w->type->clocks_n; i++) {
		const char *fault = fault_of_clock(w, i);
		if (fault)
			fail_msg("in %s, clock %u %s", walk_state(w), i, fault);
	}
	for (unsigned i = w->type->clocks_n; i < CASES_CLOCKS_MAX; i++)
		assert_int_equal(w->now.clocks.at[i].run, CASE_RUN_NONE);
	if (s->is_final)
		assert_true(rec->clocks_running == 0 && rec->clocks_paused == 0);
	else /* the reporter's runs wherever the file lists it, from handing in on */
		assert_int_equal(has(rec->clocks_running, reporter),
				 lists(&s->runs, STR("reporter")));
	assert_true(w->now.clocks.at[reporter].from_us == handed_in_us);
	assert_true(rec->clocks_over == 0);
	if (case_is_drill(w->type, rec))
		assert_true(w->step.figures == 0);
	assert_true(s->is_final || (rec->clocks_running & ~(UINT64_C(1) << reporter)) != 0);
	assert_true(case_clocks_next(w->type, &w->now.clocks) == 0 ||
		    case_clocks_next(w->type, &w->now.clocks) >=
			case_clocks_due(w->type, &w->now.clocks));
}

/* ---- the file's word, without the engine ---- */

/* Where the police lead, the station's officer stands for the level above, who has no say there;
 * elsewhere it is the other way round. */
static bool by_hand(const struct walk *w, const struct cases_transition *tr, unsigned role)
{
	bool police = false;

	for (unsigned i = 0; i < w->type->fields_n; i++)
		police |= walk_is(&w->type->fields[i].name, "lead_unit") &&
			  (w->now.rec.filled >> i & 1) != 0 &&
			  w->now.rec.value[i] == walk_unit(w->world, "POL");
	if (role == CASES_NONE)
		return lists(&tr->by, STR(CASES_TIMER));
	struct str name = w->set.book->roles[role].name.text;
	if (str_eq(name, STR("station_lead")))
		return police && lists(&tr->by, STR("level_above"));
	if (!w->set.book->is_connected && lists(&tr->alone, name))
		return true;
	return lists(&tr->by, name) && !(police && str_eq(name, STR("level_above")));
}

/* What the engine fills by itself where it is left out. */
static bool fills_itself(const struct walk *w, const struct cases_field *f, bool has_category)
{
	unsigned unit = (unsigned)(f - w->type->fields);

	static const char *const from_category[] = {"priority", "ground_check", "needs_receipt",
						    "needs_measurement"};

	for (size_t i = 0; i < ROWS(from_category); i++)
		if (walk_is(&f->name, from_category[i]))
			return has_category;
	/* the setting has a route; whoever has it already is not given it again unasked */
	return walk_is(&f->name, "lead_unit") &&
	       (!has(w->now.rec.filled, unit) || w->now.rec.value[unit] != w->set.route_lead);
}

static bool is_filled_by_hand(const struct walk *w, const struct cases_transition *tr,
			      const struct try *try)
{
	unsigned category = walk_field(w->type, "category");
	bool has_category = fill_of(try, category) || has(w->now.rec.filled, category);

	for (unsigned i = 0; i < tr->fills.n; i++) {
		const struct cases_field *f = &w->type->fields[tr->fills.v[i].index];
		if (!fill_of(try, tr->fills.v[i].index) && f->kind != CASES_FIELD_ACTOR &&
		    !fills_itself(w, f, has_category))
			return false;
	}
	for (unsigned i = 0; i < try->n; i++) {
		struct str name = w->type->fields[try->fills[i].field].name.text;
		if (!lists(&tr->fills, name) && !lists(&tr->may_fill, name))
			return false;
	}
	return true;
}

static bool is_over_by_hand(const struct walk *w, unsigned clock)
{
	const struct case_clock *c = &w->now.clocks.at[clock];

	return c->run == CASE_RUN_RUNS && c->due_us != 0 && w->set.now_us >= c->due_us;
}

/* The timer waits for the clock that is named, else for the only one beside the reporter's. */
static bool timer_may(const struct walk *w, const struct cases_transition *tr)
{
	const struct cases_names *runs = &w->type->states[w->now.rec.state].runs;

	for (unsigned i = 0; i < w->type->clocks_n; i++) {
		struct str name = w->type->clocks[i].name.text;
		bool is_it = cases_is_given(&tr->after)
				 ? str_eq(name, tr->after.text)
				 : lists(runs, name) && !str_eq(name, STR("reporter"));
		if (is_it && is_over_by_hand(w, i))
			return true;
	}
	return false;
}

/* A look-up is no unit that could lead, or do a part. */
static bool has_a_look_up(const struct walk *w, const struct try *try)
{
	for (unsigned i = 0; i < try->n; i++) {
		const struct cases_name *name = &w->type->fields[try->fills[i].field].name;
		if ((walk_is(name, "lead_unit") || walk_is(name, "joint_unit")) &&
		    w->set.book->units[try->fills[i].value].kind == CASES_UNIT_LOOKUP)
			return true;
	}
	return false;
}

/* A joint part is asked of a unit that has none open and does not lead; its result comes once. */
static bool part_by_hand(const struct walk *w, enum cases_command command, const struct try *try)
{
	unsigned unit = CASES_NONE;
	bool open = false, known = false;

	if (command != CASES_COMMAND_JOINT_ADD && command != CASES_COMMAND_JOINT_RESULT)
		return true;
	for (unsigned i = 0; i < try->n; i++)
		if (walk_is(&w->type->fields[try->fills[i].field].name, "joint_unit"))
			unit = (unsigned)try->fills[i].value;
	for (unsigned i = 0; i < w->now.parts_n; i++)
		if (w->now.parts[i].unit == unit) {
			known = true;
			open = !w->now.parts[i].is_done;
		}
	if (command == CASES_COMMAND_JOINT_RESULT)
		return open;
	for (unsigned i = 0; i < w->type->fields_n; i++)
		if (walk_is(&w->type->fields[i].name, "lead_unit") &&
		    (w->now.rec.filled >> i & 1) != 0 && w->now.rec.value[i] == unit)
			return false;
	return !open && (known || w->now.parts_n < CASE_PARTS_MAX);
}

static bool walk_is_beside(enum cases_command command)
{
	const char *name = cases_command_name(command);

	return strcmp(name, "adopt") == 0 || strcmp(name, "source_closed") == 0;
}

/* The transition that the file lets happen, CASES_NONE where none, by this try. */
static unsigned wanted(const struct walk *w, enum cases_command command, const struct try *try)
{
	for (unsigned i = 0; i < w->type->transitions_n; i++) {
		const struct cases_transition *tr = &w->type->transitions[i];
		bool may = tr->command == command && leaves_by_hand(w, tr) &&
			   by_hand(w, tr, try->role) && is_filled_by_hand(w, tr, try);
		/* what waits to be taken over takes these two, and nothing else does */
		may = may && (walk_is_beside(command) == case_marks_wait(w->now.marks));
		may = may && part_by_hand(w, command, try) && !has_a_look_up(w, try);
		if (try->role == CASES_NONE)
			may = may && timer_may(w, tr);
		for (unsigned k = 0; k < tr->within.n && may; k++)
			for (unsigned c = 0; c < w->type->clocks_n; c++)
				if (str_eq(w->type->clocks[c].name.text, tr->within.v[k].text))
					may = w->now.clocks.at[c].run == CASE_RUN_RUNS &&
					      !is_over_by_hand(w, c);
		for (unsigned k = 0; k < tr->guards_n && may; k++)
			may = guard_by_hand(w, &tr->guards[k], try);
		for (unsigned k = 0; k < w->now.rec.signers_n && may; k++) {
			const struct case_signer *s = &w->now.rec.signers[k];
			may = s->handle != try->handle ||
			      !lists(&tr->not_by, w->type->fields[s->field].name.text);
		}
		if (may)
			return i;
	}
	return CASES_NONE;
}

/* A refusal for a date is a matter of clocks: an extension that is none, an answer day past. */
static bool has_a_date(const struct cases_type *t, const struct cases_transition *tr)
{
	bool dates = cases_is_given(&tr->until);

	for (unsigned i = 0; i < tr->fills.n; i++)
		dates |= t->fields[tr->fills.v[i].index].kind == CASES_FIELD_DATE;
	return dates;
}

struct counts {
	unsigned moved, refused, dated;
	bool taken[CASES_TRANSITIONS_MAX];
};

static void try_one(struct walk *w, enum cases_command command, const struct try *try,
		    struct counts *n)
{
	static struct case_now before;
	const struct case_actor actor = {try->role, try->handle};
	const struct case_wish wish = {.command = command, .fills = try->fills, .fills_n = try->n};
	unsigned want = wanted(w, command, try);
	int64_t handed_in = w->now.clocks.at[walk_clock(w->type, "reporter")].from_us;

	before = w->now;
	case_step(&w->set, &actor, &wish, &w->now, &w->step);
	if (w->step.refusal == CASE_MOVED) {
		if (want != w->step.transition)
			fail_msg("in state %u, command %u, role %u: took %u, not %u",
				 before.rec.state, command, try->role, w->step.transition, want);
		if (strcmp(cases_command_name(command), "adopt") == 0)
			handed_in = w->set.now_us; /* here, not there */
		check_holds(w, handed_in);
		n->taken[want] = true;
		n->moved++;
		return;
	}
	assert_memory_equal(&w->now, &before, sizeof before);
	assert_true(w->step.figures == 0 && w->step.tells == 0 && w->step.clocks == 0);
	n->refused++;
	if (w->step.refusal == CASE_NO_DATE && want != CASES_NONE &&
	    has_a_date(w->type, &w->type->transitions[want]))
		n->dated++;
	else if (want != CASES_NONE)
		fail_msg("in %s, command %u, role %u: refused by %d, wanted %u", walk_state(w),
			 command, try->role, w->step.refusal, want);
}

/* ---- random walks ---- */

/* The timer until nothing is due: at most every clock at every level, and the transitions. */
static void run_timer(struct walk *w, int64_t handed_in_us, struct counts *counts)
{
	unsigned n = 0, most = 0;

	for (unsigned i = 0; i < w->type->clocks_n; i++)
		most += 1 + w->type->clocks[i].escalation.n;
	for (;; n++) {
		static struct case_now before;
		before = w->now;
		case_step_timer(&w->set, &w->now, &w->step);
		if (w->step.refusal == CASE_NOT_HERE)
			break;
		check_holds(w, handed_in_us);
		assert_true(n < most);
		if (w->step.transition != CASES_NONE)
			counts->taken[w->step.transition] = true;
		/* a level is gone up once a call, and told */
		for (unsigned i = 0; i < w->type->clocks_n; i++)
			if (has(w->step.escalated, i))
				assert_true(w->now.clocks.at[i].level ==
						before.clocks.at[i].level + 1 &&
					    w->step.tells != 0);
	}
	assert_true(case_clocks_next(w->type, &w->now.clocks) == 0 ||
		    case_clocks_next(w->type, &w->now.clocks) > w->set.now_us);
}

static void walk_randomly(unsigned type, uint64_t seed, struct counts *n)
{
	static struct walk w;
	struct try try;
	struct case_wish wish;

	begin_random(&world, type, &seed, &w);
	int64_t handed_in = w.set.now_us;
	for (unsigned i = 0; i < WALK_STEPS; i++) {
		static struct case_now before;
		unsigned state = w.now.rec.state;
		if (samples_n[state] < SAMPLES &&
		    (samples_n[state] == 0 || next_random(&seed) % 4 == 0))
			samples[state][samples_n[state]++] = (struct sample){w.now, w.set.now_us};
		if (w.type->states[state].is_final) {
			begin_random(&world, type, &seed, &w);
			handed_in = w.set.now_us;
			continue;
		}
		/* minutes mostly, now and then a week */
		w.set.now_us += (int64_t)(next_random(&seed) % 60) * 60000000;
		if (next_random(&seed) % 25 == 0)
			w.set.now_us += (int64_t)(next_random(&seed) % 13) * 86400000000;
		run_timer(&w, handed_in, n);
		if (w.type->states[w.now.rec.state].is_final)
			continue;
		random_step(&w, &seed, &try, &wish);
		const struct case_actor actor = {try.role, try.handle};
		before = w.now;
		case_step(&w.set, &actor, &wish, &w.now, &w.step);
		if (w.step.refusal == CASE_MOVED) {
			check_holds(&w, handed_in);
			n->moved++;
			n->taken[w.step.transition] = true;
		} else {
			assert_memory_equal(&w.now, &before, sizeof before);
			n->refused++;
		}
	}
}

/* One command by one role on one case: with nothing filled in, with everything each transition asks
 * for, with one field too many, with a value that cannot stand there; by a stranger and by somebody
 * who has signed. */
static void try_all(struct walk *w, const struct sample *sample, enum cases_command command,
		    unsigned role, struct counts *n)
{
	uint64_t seed = 1 + sample->now.rec.state * 1000 + command;
	struct try try = {.role = role < world.book.roles_n ? role : CASES_NONE, .handle = 77};

	w->set.now_us = sample->at_us;
	w->now = sample->now;
	try_one(w, command, &try, n);
	for (unsigned i = 0; i < w->type->transitions_n; i++) {
		const struct cases_transition *tr = &w->type->transitions[i];
		w->now = sample->now;
		if (tr->command != command || !leaves_by_hand(w, tr))
			continue;
		for (unsigned k = 0; k < 6; k++) {
			w->now = sample->now;
			try.handle = k % 3 == 2 ? sample->now.rec.signers[k % 2].handle : 77;
			put_random_fills(w, tr, &seed, &try);
			try_one(w, command, &try, n);
		}
		if (lists(&tr->fills, STR("drill")))
			continue; /* it asks for these two itself */
		w->now = sample->now;
		try.fills[try.n++] = (struct case_fill){walk_field(w->type, "drill"), 1};
		try_one(w, command, &try, n);
		try.fills[try.n - 1] = (struct case_fill){walk_field(w->type, "text"), -1};
		assert_int_equal(wanted(w, command, &try), CASES_NONE);
		try_one(w, command, &try, n);
	}
}

/* Another office's case of this type, with nothing but its category. */
static struct sample imported_sample(struct walk *w, bool is_closed)
{
	struct case_fill category = {walk_field(w->type, "category"), 0};
	struct sample s = {.at_us = w->set.now_us};

	while (!str_eq(w->set.categories->v[category.value].type.text, w->type->name.text))
		category.value++;
	case_import(&w->set, is_closed, &category, 1, &s.now, &w->step);
	assert_int_equal(w->step.refusal, CASE_MOVED);
	assert_true(w->step.figures == 0 && w->step.clocks == 0);
	assert_true(case_marks_wait(s.now.marks) && s.now.rec.clocks_running == 0);
	return s;
}

/* Every state and, by a person or the timer, every transition of the shipped types happens: of two
 * that are the same command, the first does not hide the second. */
static void every_state_command_and_role(void **state)
{
	for (unsigned type = 0; type < WALK_TYPES; type++) {
		static struct counts walked, tried;
		static struct walk w;
		walked = tried = (struct counts){0};
		memset(samples_n, 0, sizeof samples_n);
		for (uint64_t seed = 1; seed <= WALKS; seed++)
			walk_randomly(type, 7 * seed + type, &walked);
		begin_random(&world, type, &(uint64_t){1}, &w);
		const struct sample imported = imported_sample(&w, false),
				    ended = imported_sample(&w, true);
		samples[ended.now.rec.state][samples_n[ended.now.rec.state]++] = ended;
		for (unsigned s = 0; s < w.type->states_n; s++) {
			if (samples_n[s] == 0)
				fail_msg("type %u never stands in state %u", type, s);
			for (unsigned k = 0; k < samples_n[s]; k++)
				for (unsigned c = 0; c < CASES_COMMAND_COUNT; c++)
					for (unsigned role = 0; role <= world.book.roles_n; role++)
						try_all(&w, &samples[s][k], c, role, &tried);
		}
		for (unsigned c = 0; c < CASES_COMMAND_COUNT; c++)
			for (unsigned role = 0; role <= world.book.roles_n; role++)
				try_all(&w, &imported, c, role, &tried);
		for (unsigned i = 0; i < w.type->transitions_n; i++) {
			struct str name = w.type->transitions[i].name.text;
			if (!tried.taken[i] && !walked.taken[i])
				fail_msg("type %u: %.*s never happens", type, (int)name.n, name.p);
		}
		assert_true(tried.moved > 100 && tried.refused > 10000);
		print_message(
		    "type %u: %u moves, %u refusals, %u of them for a date; walked %u and %u\n",
		    type, tried.moved, tried.refused, tried.dated, walked.moved, walked.refused);
	}
}

/* ---- the timer ---- */

static void act(struct walk *w, const char *when, const char *name, const char *role,
		const char *texts)
{
	struct case_fill fills[CASES_FIELDS_MAX];
	unsigned i = walk_transition(w->type, name);
	const struct cases_transition *tr = &w->type->transitions[i];
	const struct case_actor actor = {walk_role(w->world, role), 9 + walk_role(&world, role)};

	w->set.now_us = walk_us(when);
	const struct case_wish wish = {
	    .command = tr->command,
	    .fills = fills,
	    .fills_n = walk_fill(w, texts, fills, walk_must(w, &tr->fills, fills))};
	case_step(&w->set, &actor, &wish, &w->now, &w->step);
	if (w->step.refusal != CASE_MOVED || w->step.transition != i)
		fail_msg("%s: refused by %d", name, w->step.refusal);
}

static void at(struct walk *w, const char *when)
{
	w->set.now_us = walk_us(when);
	case_step_timer(&w->set, &w->now, &w->step);
}

/* A manhole cover, received on Monday 8 June; only made safe (10:10) and done (15:10) run on. */
static void begin_manhole(struct walk *w)
{
	walk_begin(&world, 0, "2026-06-08 09:00", NULL, w);
	act(w, "2026-06-08 09:05", "open", "intake", "category=0101");
	act(w, "2026-06-08 09:10", "dispatch", "dispatcher", NULL);
	act(w, "2026-06-08 09:15", "receive", "unit_handler", NULL);
	act(w, "2026-06-08 09:20", "contact", "unit_handler", NULL);
	act(w, "2026-06-08 09:20", "arrive", "unit_handler", NULL);
}

static uint64_t told(const char *role)
{
	return UINT64_C(1) << walk_role(&world, role);
}

static void level_by_level_and_then_no_more(void **state)
{
	static struct walk w;
	const struct case_clock *safe;

	begin_manhole(&w);
	safe = &w.now.clocks.at[walk_clock(w.type, "made_safe")];
	w.set.now_us = walk_us("2026-06-08 10:10") - 1;
	case_step_timer(&w.set, &w.now, &w.step);
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);
	at(&w, "2026-06-08 10:10"); /* 1 h is over, to the microsecond */
	assert_true(w.step.tells == told("unit_lead") && safe->level == 1 && !w.step.is_late);
	assert_true(w.step.figures == CASE_FIGURE(ESCALATED));
	at(&w, "2026-06-08 10:10"); /* once */
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);
	at(&w, "2026-06-08 11:10:30"); /* the same limit again; half a minute is not late */
	assert_true(w.step.tells == told("desk_lead") && safe->level == 2 && !w.step.is_late);
	assert_true(safe->next_us ==
		    walk_us("2026-06-08 12:10")); /* counted from when it was due */
	at(&w, "2026-06-08 12:10");
	assert_true(w.step.tells == told("level_above") && safe->level == 3);
	assert_true(safe->next_us == 0 && safe->run == CASE_RUN_RUNS);
	at(&w, "2026-06-08 15:09:59");
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);
	at(&w, "2026-06-08 15:10"); /* the other clock's turn */
	assert_true(w.step.escalated == UINT64_C(1) << walk_clock(w.type, "done"));
	assert_true(w.step.figures == (CASE_FIGURE(ESCALATED) | CASE_FIGURE(DUE)));
	assert_true(case_clocks_due(w.type, &w.now.clocks) == safe->due_us);
}

static void a_week_of_downtime(void **state)
{
	static struct walk w;
	const struct case_clock *safe, *done;

	begin_manhole(&w);
	safe = &w.now.clocks.at[walk_clock(w.type, "made_safe")];
	done = &w.now.clocks.at[walk_clock(w.type, "done")];
	at(&w, "2026-06-15 10:10");
	assert_true(w.step.is_late && safe->level == 1 && done->level == 1);
	assert_true(safe->next_us == walk_us("2026-06-15 11:10")); /* from now */
	assert_true(done->next_us == walk_us("2026-06-15 16:10"));
	at(&w, "2026-06-15 10:10");
	assert_int_equal(w.step.refusal, CASE_NOT_HERE); /* one level a clock, not one a day */
	at(&w, "2026-06-12 10:10");			  /* the clock was set back */
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);
	at(&w, "2026-06-15 11:10");
	assert_true(!w.step.is_late && safe->level == 2 && done->level == 1);
}

/* A transition of the timer goes before any escalation, and only when its own clock is over. */
static void transitions_before_escalations(void **state)
{
	static struct walk w;

	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	act(&w, "2026-06-08 09:05", "open", "intake", "category=0101");
	act(&w, "2026-06-08 09:10", "dispatch", "dispatcher", NULL);
	/* contacting ends at 09:40 like receiving (30 m at priority 2): both are due */
	at(&w, "2026-06-08 09:40");
	assert_int_equal(w.step.transition, walk_transition(w.type, "receive_by_time"));
	assert_true(w.step.escalated == 0 && w.step.figures == 0);
	at(&w, "2026-06-08 09:40");
	assert_true(w.step.escalated == UINT64_C(1) << walk_clock(w.type, "contacting"));
	at(&w, "2026-06-08 09:40");
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);

	begin_manhole(&w);
	act(&w, "2026-06-08 09:30", "feed_back", "unit_handler", NULL);
	act(&w, "2026-06-08 09:40", "accept_answer", "duty_officer", NULL);
	act(&w, "2026-06-08 09:50", "pass_check", "grid_worker", NULL);
	at(&w, "2026-06-09 18:00"); /* to call back: 1 wd; to confirm: 10 d */
	assert_true(w.step.transition == CASES_NONE && w.step.escalated != 0);
	at(&w, "2026-06-30 09:00"); /* the 18th at 18:00 is long past */
	assert_int_equal(w.step.transition, walk_transition(w.type, "never_confirmed"));
	assert_true(w.step.is_late);
}

/* One whose condition does not hold waits for the next level: it is told, and tried again. */
static void a_transition_that_waits_for_its_condition(void **state)
{
	static struct walk w;
	static struct cases_clock clocks[CASES_CLOCKS_MAX];
	static struct cases_transition transitions[CASES_TRANSITIONS_MAX];
	struct cases_type own = world.types[0];
	struct cases_guard guard = {.op = CASES_GUARD_FROM, .number = 1};
	unsigned objecting = walk_clock(&own, "objecting");
	unsigned i = walk_transition(&own, "no_objection");

	memcpy(clocks, own.clocks, own.clocks_n * sizeof *clocks);
	memcpy(transitions, own.transitions, own.transitions_n * sizeof *transitions);
	own.clocks = clocks;
	own.transitions = transitions;
	clocks[objecting].escalation = clocks[walk_clock(&own, "made_safe")].escalation;
	guard.field.index = walk_field(&own, "supervisions");
	transitions[i].guards = &guard;
	transitions[i].guards_n = 1;
	walk_begin(&world, 0, "2026-06-08 09:00", NULL, &w);
	w.type = w.set.type = &own;
	act(&w, "2026-06-08 09:30", "refuse", "duty_officer", NULL);
	act(&w, "2026-06-08 10:00", "sign_refusal", "desk_lead", NULL);
	at(&w, "2026-06-15 18:00"); /* 7 d */
	assert_true(w.step.transition == CASES_NONE);
	assert_true(w.step.escalated == UINT64_C(1) << objecting);
	act(&w, "2026-06-16 10:00", "supervise", "overseer", "order_until=2026-07-10");
	at(&w, "2026-06-22 17:59"); /* 7 d from the 15th */
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);
	at(&w, "2026-06-22 18:00");
	assert_int_equal(w.step.transition, i);
}

/* A clock that calls nobody is looked at once, and not for ever. */
static void a_clock_without_a_chain(void **state)
{
	static struct walk w;
	static struct cases_clock clocks[CASES_CLOCKS_MAX];
	struct cases_type own;
	unsigned order;

	begin_manhole(&w);
	own = *w.type;
	memcpy(clocks, own.clocks, own.clocks_n * sizeof *clocks);
	own.clocks = clocks;
	order = walk_clock(&own, "order");
	clocks[order].escalation.n = 0;
	w.type = w.set.type = &own;
	act(&w, "2026-06-08 09:25", "make_safe", "unit_handler", NULL);
	act(&w, "2026-06-08 09:30", "feed_back", "unit_handler", NULL);
	act(&w, "2026-06-08 09:40", "accept_answer", "duty_officer", NULL);
	act(&w, "2026-06-08 09:50", "pass_check", "grid_worker", NULL);
	act(&w, "2026-06-08 10:00", "supervise", "desk_lead", "order_until=2026-06-08");
	assert_true(case_clocks_next(&own, &w.now.clocks) == walk_us("2026-06-08 18:00"));
	at(&w, "2026-06-08 18:00");
	assert_true(w.step.refusal == CASE_MOVED && w.step.escalated == 0 && w.step.tells == 0 &&
		    w.step.clocks == UINT64_C(1) << order && w.step.figures == 0);
	at(&w, "2026-06-08 18:00");
	assert_int_equal(w.step.refusal, CASE_NOT_HERE);
	assert_true(case_clocks_next(&own, &w.now.clocks) == walk_us("2026-06-09 18:00"));
}

/* People are written down up to a cap, and then refused, not forgotten. */
static void signers_have_a_cap(void **state)
{
	static struct walk w;
	static struct case_now before;
	const struct case_wish wish = {.command = CASES_COMMAND_MAKE_SAFE};
	unsigned n = 1; /* who entered it */

	begin_manhole(&w);
	assert_int_equal(w.now.rec.signers_n, n);
	for (unsigned i = 0; i < 3 * CASE_SIGNERS_MAX; i++) {
		const struct case_actor actor = {walk_role(&world, "grid_worker"), 100 + i / 2};
		before = w.now;
		case_step(&w.set, &actor, &wish, &w.now, &w.step);
		if (n == CASE_SIGNERS_MAX && i % 2 == 0)
			break;
		n += i % 2 == 0; /* each comes twice, and stands there once */
		assert_int_equal(w.step.refusal, CASE_MOVED);
		assert_int_equal(w.now.rec.signers_n, n);
	}
	assert_int_equal(w.step.refusal, CASE_SIGNERS_FULL);
	assert_int_equal(n, CASE_SIGNERS_MAX);
	assert_memory_equal(&w.now, &before, sizeof before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_state_command_and_role),
	    cmocka_unit_test(level_by_level_and_then_no_more),
	    cmocka_unit_test(a_week_of_downtime),
	    cmocka_unit_test(transitions_before_escalations),
	    cmocka_unit_test(a_transition_that_waits_for_its_condition),
	    cmocka_unit_test(a_clock_without_a_chain),
	    cmocka_unit_test(signers_have_a_cap),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
