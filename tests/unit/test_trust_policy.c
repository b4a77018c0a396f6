/* Who may: the decision against a second one that reads the words of the file, what the program
 * refuses whatever a file says, and the sentences of "why?". */
#include "shelf.h"

#include "trust/policy.h"

#define POLICY "policy.yaml"
#define DAY_US (INT64_C(24) * 3600 * 1000000)
#define QUESTIONS 200000u

/* ---- a second decision, from the words alone ---- */

static bool names_have(const struct cases_names *names, struct str word)
{
	for (unsigned i = 0; i < names->n; i++)
		if (str_eq(names->v[i].text, word))
			return true;
	return false;
}

static bool is_staff_role(const struct cases_shelf *s, struct str role)
{
	for (unsigned i = 0; i < s->now.roles_n; i++)
		if (str_eq(s->now.roles[i].name.text, role))
			return s->now.roles[i].is_staff;
	return false;
}

static bool naive_own(const struct policy_actor *a, bool is_it, const char *role)
{
	bool is_person = a->kind == POLICY_HOLDER || a->kind == POLICY_ACCOUNT;

	return is_it && is_person && (a->role.n == 0 || str_eq(a->role, str_of(role)));
}

static bool naive_who(const struct cases_shelf *s, const struct policy_rule *r,
		      const struct policy_actor *a, const struct policy_case *c)
{
	for (unsigned i = 0; i < r->who.n; i++) {
		struct str who = r->who.v[i].text;
		if ((str_eq(who, STR("anyone")) && a->kind != POLICY_TIMER) ||
		    (str_eq(who, STR("signed_in")) && a->kind == POLICY_ACCOUNT) ||
		    (str_eq(who, STR("operator")) && a->kind == POLICY_OPERATOR) ||
		    (str_eq(who, STR("timer")) && a->kind == POLICY_TIMER) ||
		    (str_eq(who, STR("reporter")) && c &&
		     naive_own(a, c->is_reporter, "reporter")) ||
		    (str_eq(who, STR("follower")) && c &&
		     naive_own(a, c->is_follower, "follower")) ||
		    (a->kind == POLICY_ACCOUNT && str_eq(who, a->role) && is_staff_role(s, who)))
			return true;
	}
	return false;
}

static bool naive_where(const struct policy_rule *r, const struct policy_actor *a,
			const struct policy_request *q)
{
	const struct policy_case *c = q->about;
	bool is_own = c ? naive_own(a, c->is_reporter, "reporter") ||
			      naive_own(a, c->is_follower, "follower")
			: q->is_own;
	struct str area = c ? c->area : q->place ? q->place->area : STR("");
	bool in_area = false, joins = false;

	for (unsigned i = 0; area.n > 0 && i < a->areas_n; i++)
		in_area |= str_eq(a->areas[i], area);
	if (area.n == 0 && (c || q->place) && q->action != POLICY_OPEN_FIELDS &&
	    q->action != POLICY_OPEN_ATTACHMENT)
		in_area = true;
	for (unsigned i = 0; c && a->unit.n > 0 && i < c->joint_units_n; i++)
		joins |= str_eq(c->joint_units[i], a->unit);
	return names_have(&r->where, STR("any")) ||
	       (names_have(&r->where, STR("own_area")) && in_area) ||
	       (names_have(&r->where, STR("own_unit")) && c && a->unit.n > 0 &&
		str_eq(c->lead_unit, a->unit)) ||
	       (names_have(&r->where, STR("joint_unit")) && joins) ||
	       (names_have(&r->where, STR("told_unit")) && c && a->unit.n > 0 &&
		str_eq(c->told_units, a->unit)) ||
	       (names_have(&r->where, STR("own_record")) && is_own);
}

static bool naive_opens(const struct policy_rule *r, const struct policy_request *q)
{
	for (unsigned i = 0; i < r->opens_n; i++)
		if (str_eq(r->opens[i].item.text, q->item) &&
		    names_have(&r->opens[i].fields, q->field))
			return !(q->about && q->about->is_confidential &&
				 names_have(&r->opens[i].hides, q->field));
	return false;
}

static bool naive_permits(const struct cases_shelf *s, const struct policy_rule *r,
			  const struct policy_actor *a, const struct policy_request *q)
{
	bool personal = q->action == POLICY_OPEN_FIELDS || q->action == POLICY_OPEN_ATTACHMENT;
	enum policy_about about = policy_action_about(q->action);

	if (!names_have(&r->may, str_of(policy_action_name(q->action))) ||
	    !naive_who(s, r, a, q->about))
		return false;
	if (personal && !naive_opens(r, q))
		return false;
	if (personal && r->purposes.n > 0 &&
	    (!names_have(&r->purposes, q->purpose) ||
	     (q->about && !str_eq(q->about->purpose, q->purpose))))
		return false;
	if ((about == POLICY_ABOUT_CASE || personal) && !q->about &&
	    !(q->is_own && names_have(&r->where, STR("own_record"))))
		return false;
	if (about != POLICY_ABOUT_MANY && !naive_where(r, a, q))
		return false;
	return r->is_any_time || !q->about || q->about->closed_us == 0 ||
	       (r->days_after > 0 &&
		q->now_us - q->about->closed_us <= (int64_t)r->days_after * DAY_US);
}

/* ---- random questions ---- */

static unsigned roll(uint64_t *seed, unsigned n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*seed >> 33) % n;
}

struct question {
	struct policy_actor actor;
	struct policy_case about;
	struct policy_place place;
	struct policy_request q;
	struct str areas[2], joint[2];
};

static struct str one_of(uint64_t *seed, const struct str *v, unsigned n)
{
	return v[roll(seed, n)];
}

static void make_question(const struct cases_shelf *s, uint64_t *seed, struct question *ret)
{
	static const struct str areas[] = {{"G01", 3}, {"G02", 3}, {"", 0}};
	static const struct str units[] = {{"URB", 3}, {"PMC", 3}, {"", 0}};
	static const struct str purposes[] = {
	    {"getting-it-done", 15}, {"settling-disputes", 17}, {"living-here", 11}, {"", 0}};
	unsigned role = roll(seed, s->now.roles_n + 1);
	const struct cases_item *item = &s->now.catalogue.items[20 + roll(seed, 3)];
	static const int64_t days[] = {0, 1, 30, 31, 90, 91, 400};

	memset(ret, 0, sizeof *ret);
	ret->actor.kind = (enum policy_kind)roll(seed, 5);
	if (roll(seed, 3) > 0)
		ret->actor.kind = POLICY_ACCOUNT;
	ret->actor.role = role < s->now.roles_n ? s->now.roles[role].name.text : STR("");
	ret->actor.unit = one_of(seed, units, 3);
	ret->areas[0] = one_of(seed, areas, 2);
	ret->areas[1] = one_of(seed, areas, 2);
	ret->actor.areas = ret->areas;
	ret->actor.areas_n = roll(seed, 3);
	ret->joint[0] = one_of(seed, units, 3);
	ret->about = (struct policy_case){.purpose = one_of(seed, purposes, 3),
					  .area = one_of(seed, areas, 3),
					  .lead_unit = one_of(seed, units, 3),
					  .joint_units = ret->joint,
					  .joint_units_n = roll(seed, 2),
					  .told_units = one_of(seed, units, 3),
					  .closed_us = roll(seed, 2) ? 0 : DAY_US,
					  .is_reporter = roll(seed, 2),
					  .is_follower = roll(seed, 2),
					  .is_confidential = roll(seed, 2)};
	ret->place.area = one_of(seed, areas, 3);
	ret->q = (struct policy_request){.action = roll(seed, 2) ? POLICY_OPEN_FIELDS
								 : (enum policy_action)roll(
								       seed, POLICY_ACTION_COUNT),
					 .is_own = roll(seed, 2),
					 .now_us = DAY_US + days[roll(seed, 7)] * DAY_US +
						   (int64_t)roll(seed, 2)};
	ret->q.about = roll(seed, 4) ? &ret->about : NULL;
	ret->q.place = roll(seed, 2) ? &ret->place : NULL;
	if (policy_action_about(ret->q.action) == POLICY_ABOUT_PERSONAL) {
		ret->q.purpose = ret->q.about && roll(seed, 2) ? ret->about.purpose
							       : one_of(seed, purposes, 4);
		ret->q.item = item->name.text;
		ret->q.field = item->fields[roll(seed, item->fields_n)].name.text;
	}
	if (ret->q.item.n > 0 && roll(seed, 4) == 0) { /* what is rare by chance */
		ret->q.item = STR("21");
		ret->q.field = STR("contact");
		ret->actor.role = STR("unit_handler");
	}
}

static void the_decision_is_that_of_the_words(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	const struct policy *p = s->policy;
	unsigned permitted = 0, opened = 0, hidden = 0;
	uint64_t seed = 7;

	(void)state;
	for (unsigned i = 0; i < QUESTIONS; i++) {
		const struct policy_rule *first = NULL;
		struct policy_decision d;
		struct question question;
		make_question(s, &seed, &question);
		for (unsigned k = 0; k < p->n && !first; k++)
			if (naive_permits(s, &p->v[k], &question.actor, &question.q))
				first = &p->v[k];
		d = policy_decide(p, &question.actor, &question.q);
		assert_int_equal(d.permit, first != NULL);
		assert_int_equal(d.permit, d.reason == POLICY_PERMITTED);
		permitted += d.permit;
		hidden += d.reason == POLICY_HIDDEN;
		if (!d.permit)
			continue;
		assert_ptr_equal(d.rule, first);
		assert_true(policy_ever(p, &question.actor, question.q.action));
		if (question.q.item.n == 0)
			continue;
		opened++;
		/* staff never without a look, for a purpose, while it is live or shortly after */
		if (!(d.where & POLICY_WHERE_OWN_RECORD) || is_staff_role(s, question.actor.role)) {
			assert_true(d.obligations & POLICY_WRITE_LOOK);
			assert_true(str_eq(question.q.purpose, question.about.purpose));
			assert_true(question.about.closed_us == 0 ||
				    question.q.now_us - DAY_US <= 90 * DAY_US);
		}
	}
	/* the dice reached all of it */
	assert_true(permitted > QUESTIONS / 20);
	assert_true(opened > 1000);
	assert_true(hidden > 20);
	test_shelf_free(t);
}

/* ---- single facts ---- */

static struct policy_decision ask(const struct cases_shelf *s, const char *role, const char *unit,
				  const char *field, const struct policy_case *c)
{
	static const struct str own[] = {{"G03", 3}};
	const struct policy_actor actor = {.kind = POLICY_ACCOUNT,
					   .role = str_of(role),
					   .unit = str_of(unit),
					   .areas = own,
					   .areas_n = 1};
	const struct policy_request q = {.action = POLICY_OPEN_FIELDS,
					 .purpose = STR("getting-it-done"),
					 .item = STR("21"),
					 .field = str_of(field),
					 .about = c,
					 .now_us = 100 * DAY_US};

	return policy_decide(s->policy, &actor, &q);
}

static void each_fact_of_a_look_decides(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	struct policy_case c = {.purpose = STR("getting-it-done"),
				.area = STR("G03"),
				.lead_unit = STR("URB")};

	(void)state;
	assert_true(ask(s, "unit_handler", "URB", "contact", &c).permit);
	assert_int_equal(ask(s, "unit_handler", "PMC", "contact", &c).reason, POLICY_NOT_HERE);
	c.is_confidential = true;
	assert_int_equal(ask(s, "unit_handler", "URB", "contact", &c).reason, POLICY_HIDDEN);
	assert_true(ask(s, "unit_handler", "URB", "text", &c).permit);
	assert_true(ask(s, "unit_handler", "URB", "text", &c).obligations & POLICY_HIDE);
	assert_true(ask(s, "intake", "DESK", "contact", &c).permit);
	assert_int_equal(ask(s, "overseer", "OVR", "text", &c).reason, POLICY_NOT_THIS_ROLE);
	assert_int_equal(ask(s, "grid_worker", "GRD", "contact", &c).reason,
			 POLICY_NOT_THIS_FIELD);
	assert_true(ask(s, "grid_worker", "GRD", "text", &c).permit);
	c.area = STR("G04");
	assert_int_equal(ask(s, "grid_worker", "GRD", "text", &c).reason, POLICY_NOT_HERE);
	c.area = STR(""); /* in no area: nobody's to open */
	assert_int_equal(ask(s, "grid_worker", "GRD", "text", &c).reason, POLICY_NOT_HERE);
	c.purpose = STR("settling-disputes");
	assert_int_equal(ask(s, "intake", "DESK", "text", &c).reason, POLICY_NOT_THIS_PURPOSE);
	test_shelf_free(t);
}

static void a_purpose_ends_with_its_case(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	struct policy_case c = {.purpose = STR("getting-it-done"), .closed_us = 70 * DAY_US};

	(void)state;
	assert_true(ask(s, "intake", "DESK", "text", &c).permit);
	c.closed_us--;
	assert_int_equal(ask(s, "intake", "DESK", "text", &c).reason, POLICY_OVER);
	c.closed_us = 100 * DAY_US;
	assert_int_equal(ask(s, "level_above", "DESK", "text", &c).reason, POLICY_OVER);
	test_shelf_free(t);
}

static void nobody_is_reporter_and_office_at_once(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	struct policy_case c = {.purpose = STR("getting-it-done"), .is_reporter = true};
	struct policy_decision d = ask(s, "overseer", "OVR", "text", &c);

	(void)state;
	assert_false(d.permit);
	d = ask(s, "", "", "text", &c);
	assert_true(d.permit);
	assert_int_equal(d.obligations, 0);
	c.is_reporter = false; /* a role that is only claimed */
	assert_false(ask(s, "reporter", "", "text", &c).permit);
	test_shelf_free(t);
}

static void without_a_file_nobody_may_anything(void **state)
{
	const struct policy_actor operator_ = {.kind = POLICY_OPERATOR};
	struct policy_request q = {.action = POLICY_SEE_PUBLIC};

	(void)state;
	for (unsigned i = 0; i < POLICY_ACTION_COUNT; i++) {
		q.action = (enum policy_action)i;
		assert_int_equal(policy_decide(NULL, &operator_, &q).reason, POLICY_NO_FILE);
		assert_false(policy_decide(NULL, &operator_, &q).permit);
		assert_false(policy_ever(NULL, &operator_, q.action));
	}
}

static void actions_are_found_by_their_names(void **state)
{
	enum policy_action found = POLICY_ACTION_COUNT;

	(void)state;
	for (unsigned i = 0; i < POLICY_ACTION_COUNT; i++) {
		assert_true(policy_action_parse(str_of(policy_action_name(i)), &found));
		assert_int_equal(found, i);
	}
	assert_false(policy_action_parse(STR("see_everything"), &found));
	assert_int_equal(found, POLICY_ACTION_COUNT - 1);
}

static void a_list_says_which_cases(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	struct policy_actor actor = {.kind = POLICY_ACCOUNT, .role = STR("unit_handler")};
	const struct policy_request q = {.action = POLICY_LIST_CASES};

	(void)state;
	assert_int_equal(policy_decide(s->policy, &actor, &q).where,
			 POLICY_WHERE_OWN_UNIT | POLICY_WHERE_JOINT_UNIT |
			     POLICY_WHERE_TOLD_UNIT);
	actor.role = STR("grid_worker");
	assert_int_equal(policy_decide(s->policy, &actor, &q).where, POLICY_WHERE_OWN_AREA);
	actor.role = STR("duty_officer");
	assert_int_equal(policy_decide(s->policy, &actor, &q).where, POLICY_WHERE_ANY);
	actor.role = STR("");
	assert_false(policy_decide(s->policy, &actor, &q).permit);
	test_shelf_free(t);
}

/* ---- what the program refuses ---- */

static const struct {
	const char *from, *to;
	enum msg msg;
	const char *field;
} refused[] = {
    /* personal data in a list, a search, a stream, on a map, in figures and exports */
    {"may: open_fields\n", "may: [open_fields, list_cases]\n", MSG_POLICY_NEVER_PERSONAL,
     "list_cases"},
    {"may: open_fields\n", "may: [search_cases, open_fields]\n", MSG_POLICY_NEVER_PERSONAL,
     "search_cases"},
    {"may: open_fields\n", "may: [subscribe]\n", MSG_POLICY_NEVER_PERSONAL, "subscribe"},
    {"may: open_fields\n", "may: [see_map]\n", MSG_POLICY_NEVER_PERSONAL, "see_map"},
    {"may: open_fields\n", "may: [see_case]\n", MSG_POLICY_NEVER_PERSONAL, "see_case"},
    {"may: open_fields\n", "may: [export]\n", MSG_POLICY_NEVER_PERSONAL, "export"},
    /* without purpose, look or end */
    {"  purpose: settling-disputes\n", "", MSG_POLICY_PURPOSE_MISSING, "mediator-opens"},
    {"  days_after: 90\n  obliges: look\n", "  days_after: 90\n", MSG_POLICY_LOOK_MISSING,
     "mediator-opens"},
    {"  while: live\n  days_after: 90\n", "  while: any\n", MSG_POLICY_PURPOSE_ENDS,
     "mediator-opens"},
    {"  who: mediator\n  may: open_fields", "  who: signed_in\n  may: open_fields",
     MSG_POLICY_TO_ANYBODY, "mediator-opens"},
    {"  who: mediator\n  may: open_fields", "  who: [mediator, anyone]\n  may: open_fields",
     MSG_POLICY_TO_ANYBODY, "mediator-opens"},
    {"  who: mediator\n  may: open_fields", "  who: timer\n  may: open_fields",
     MSG_POLICY_TO_ANYBODY, "mediator-opens"},
    /* staff are not let in by the reporter's way */
    {"  who: [reporter, follower]\n  may: [open_fields",
     "  who: [reporter, intake]\n  may: [open_fields", MSG_POLICY_PURPOSE_MISSING,
     "reporter-reads-own-words"},
    {", hides: contact}", "}", MSG_POLICY_CONTACT_OPEN, "21"},
    {"hides: contact}", "hides: rates}", MSG_POLICY_HIDES_WHAT, "rates"},
    {"  - {item: \"23\", fields: [application, parties]}\n", "  - {item: \"21\", fields: [text]}\n",
     MSG_PROOF_NAME_TWICE, "21"},
    /* names */
    {"who: mediator", "who: healer", MSG_PROOF_NAME_UNKNOWN, "healer"},
    {"may: open_fields\n", "may: open_all\n", MSG_PROOF_NAME_UNKNOWN, "open_all"},
    {"purpose: settling-disputes", "purpose: curiosity", MSG_PROOF_NAME_UNKNOWN, "curiosity"},
    {"item: \"23\", fields: [application]", "item: \"99\", fields: [application]",
     MSG_PROOF_NAME_UNKNOWN, "99"},
    {"item: \"23\", fields: [application]", "item: \"23\", fields: [gossip]", MSG_PROOF_ITEM_FIELD,
     "gossip"},
    {"where: joint_unit", "where: everywhere", MSG_PROOF_NAME_UNKNOWN, "everywhere"},
    {"obliges: look", "obliges: tea", MSG_PROOF_NAME_UNKNOWN, "tea"},
    {"id: anyone-hands-in", "id: anyone-sees-what-is-public", MSG_PROOF_NAME_TWICE,
     "anyone-sees-what-is-public"},
    /* conditions without facts, an office that nobody could run */
    {"may: [hand_in, write_line, sign_in]\n  where: any",
     "may: [hand_in, write_line, sign_in]\n  where: own_area", MSG_POLICY_NO_FACTS, "hand_in"},
    {"  may: set_places\n  where: own_area", "  may: set_places\n  where: own_unit",
     MSG_POLICY_NO_FACTS, "set_places"},
    /* who was told of a case looks on */
    {"  may: [see_case, see_history]\n  where: told_unit",
     "  may: [see_case, do_command]\n  where: told_unit", MSG_POLICY_NO_FACTS, "do_command"},
    {"  may: set_device_state\n  where: own_unit", "  may: set_device_state\n  where: own_area",
     MSG_POLICY_NO_FACTS, "set_device_state"},
    {"  who: timer\n", "  who: operator\n", MSG_POLICY_NO_TIMER, ""},
    {"  who: timer\n  may: do_command\n  where: any",
     "  who: timer\n  may: do_command\n  where: own_area", MSG_POLICY_NO_TIMER, ""},
    {"load_files, ", "", MSG_POLICY_LOCKED_OUT, ""},
};

static void what_the_program_refuses_no_file_permits(void **state)
{
	struct test_shelf *t = test_shelf_new();

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct arena_mark mark = arena_mark(&t->arena);
		struct problem *p = &t->failure.cases.problem;
		test_shelf_source(t, POLICY)->text =
		    test_shelf_edit(t, POLICY, refused[i].from, refused[i].to);
		assert_int_equal(test_shelf_read(t), ERR_BAD_INPUT);
		if (p->msg != refused[i].msg)
			book_say(p);
		assert_string_equal(p->file, POLICY);
		assert_string_equal(p->field, refused[i].field);
		assert_true(p->line > 0 && p->column > 0);
		assert_int_equal(t->failure.cases.proof, 0);
		arena_reset(&t->arena, mark);
	}
	test_shelf_free(t);
}

/* Not written right: told by the place, too. */
static void mistakes_in_writing_are_told(void **state)
{
	static const struct {
		const char *from, *to, *field;
		enum msg msg;
	} wrong[] = {
	    {"while: any", "while: sometimes", "rules[3].while", MSG_POLICY_WHEN},
	    {"while: any", "while: any\n  days_after: 3", "rules[3].days_after", MSG_POLICY_WHEN},
	    {"version: 1", "version: 1\nrevision: 2", "revision", MSG_CONFIG_UNKNOWN_KEY},
	};
	struct test_shelf *t = test_shelf_new();

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct arena_mark mark = arena_mark(&t->arena);
		test_shelf_source(t, POLICY)->text =
		    test_shelf_edit(t, POLICY, wrong[i].from, wrong[i].to);
		assert_int_equal(test_shelf_read(t), ERR_BAD_INPUT);
		if (t->failure.cases.problem.msg != wrong[i].msg)
			book_say(&t->failure.cases.problem);
		assert_string_equal(t->failure.cases.problem.field, wrong[i].field);
		assert_true(t->failure.cases.problem.line > 0);
		arena_reset(&t->arena, mark);
	}
	test_shelf_source(t, POLICY)->text =
	    test_shelf_edit(t, POLICY, "days_after: 90", "days_after: 91");
	assert_int_equal(test_shelf_read(t), ERR_BAD_INPUT);
	test_shelf_free(t);
}

static void a_set_without_a_policy_is_not_whole(void **state)
{
	struct test_shelf *t = test_shelf_new();

	(void)state;
	test_shelf_drop(t, POLICY);
	assert_int_equal(test_shelf_read(t), ERR_BAD_INPUT);
	assert_int_equal(t->failure.cases.problem.msg, MSG_SHELF_MISSING);
	test_shelf_free(t);
}

/* A purpose, a role, a field that another file takes away takes the policy's rule with it. */
static void the_policy_holds_against_the_other_files(void **state)
{
	struct test_shelf *t = test_shelf_new();

	(void)state;
	test_shelf_source(t, "catalogue.yaml")->text = test_shelf_edit(
	    t, "catalogue.yaml", "{name: contact, zh: 诉求人联系方式", "{name: reach, zh: 联系");
	assert_int_equal(test_shelf_read(t), ERR_BAD_INPUT);
	assert_string_equal(t->failure.cases.problem.field, "contact");
	test_shelf_source(t, "catalogue.yaml")->text = book_text("etc/catalogue.yaml", &t->texts);
	test_shelf_source(t, "roles.yaml")->text = test_shelf_edit(
	    t, "roles.yaml", "roles:\n", "roles:\n- {name: operator, words: {zh: 员, en: op}}\n");
	assert_int_equal(test_shelf_read(t), ERR_BAD_INPUT);
	assert_string_equal(t->failure.cases.problem.file, "roles.yaml");
	assert_int_equal(t->failure.cases.problem.msg, MSG_PROOF_NAME_TWICE);
	test_shelf_free(t);
}

/* ---- in words ---- */

static void must_say(struct buf *out, const char *words)
{
	if (!memmem(out->p, out->n, words, strlen(words)))
		fail_msg("no \"%s\" in: %.*s", words, (int)out->n, out->p);
}

static void a_refusal_says_the_rule_the_facts_and_who_may(void **state)
{
	static const struct str own[] = {{"G03", 3}};
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	const struct policy_actor actor = {.kind = POLICY_ACCOUNT,
					   .role = STR("grid_worker"),
					   .unit = STR("GRD"),
					   .areas = own,
					   .areas_n = 1};
	const struct policy_case c = {
	    .purpose = STR("getting-it-done"), .area = STR("G04"), .lead_unit = STR("URB")};
	const struct policy_request q = {.action = POLICY_OPEN_FIELDS,
					 .purpose = STR("getting-it-done"),
					 .item = STR("21"),
					 .field = STR("contact"),
					 .about = &c};
	struct policy_request text = q;
	struct policy_decision d = policy_decide(s->policy, &actor, &q);
	char memory[POLICY_WHY_BYTES_MAX];
	struct buf out = buf_over(memory, sizeof memory);

	(void)state;
	policy_why(s->policy, &s->now, &actor, &q, &d, LANG_EN, &out);
	must_say(&out, "No rule opens this field to this role");
	must_say(&out, "grid-worker-opens");
	must_say(&out, "Acting as: grid worker");
	must_say(&out, "Own area: grid 3");
	must_say(&out, "The case lies in: grid 4");
	must_say(&out, "led by: subdistrict urban management");
	must_say(&out, "The case is live");
	must_say(&out, "Purpose stated: getting it done");
	must_say(&out, "Who may: reporter, follower, intake officer");
	must_say(&out, "ask one of those");
	text.field = STR("text");
	d = policy_decide(s->policy, &actor, &text);
	out.n = 0;
	policy_why(s->policy, &s->now, &actor, &text, &d, LANG_ZH, &out);
	must_say(&out, "不在本人的片区、单位或本人的记录里");
	must_say(&out, "第四网格");
	must_say(&out, "可以这样做的：诉求人、关注人、受理员");
	/* a permission names its rule, and need not be asked for */
	out.n = 0;
	d = (struct policy_decision){.permit = true, .rule = &s->policy->v[0]};
	policy_why(s->policy, &s->now, &actor, &text, &d, LANG_EN, &out);
	must_say(&out, "Permitted: open personal fields");
	must_say(&out, "anyone-sees-what-is-public");
	assert_null(memmem(out.p, out.n, "Who may", 7));
	assert_false(out.over);
	test_shelf_free(t);
}

static void nobody_is_named_where_nobody_may(void **state)
{
	struct test_shelf *t = test_shelf_new();
	const struct cases_shelf *s = test_shelf_good(t);
	char memory[256];
	struct buf out = buf_over(memory, sizeof memory);

	(void)state;
	policy_put_who(s->policy, POLICY_OPEN_FIELDS, STR("04"), STR("name"), LANG_EN, &out);
	assert_int_equal(out.n, 0);
	policy_put_who(NULL, POLICY_SEE_PUBLIC, STR(""), STR(""), LANG_EN, &out);
	assert_int_equal(out.n, 0);
	policy_put_who(s->policy, POLICY_OPEN_FIELDS, STR("23"), STR("parties"), LANG_EN, &out);
	assert_true(str_eq(buf_str(&out), STR("mediator")));
	out.n = 0;
	policy_put_who(s->policy, POLICY_LOAD_FILES, STR(""), STR(""), LANG_EN, &out);
	assert_true(str_eq(buf_str(&out), STR("the operator, at the office's own machine")));
	test_shelf_free(t);
}

static void the_document_names_every_action(void **state)
{
	static const char *const papers[] = {"docs/policy.md", "docs/policy.zh-CN.md"};
	struct arena a = book_arena();

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct str text = book_text(papers[k], &a);
		for (unsigned i = 0; i < POLICY_ACTION_COUNT; i++) {
			char name[64];
			snprintf(name, sizeof name, "`%s`", policy_action_name(i));
			if (!memmem(text.p, text.n, name, strlen(name)))
				fail_msg("%s does not name %s", papers[k], name);
		}
	}
	free(a.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_decision_is_that_of_the_words),
	    cmocka_unit_test(each_fact_of_a_look_decides),
	    cmocka_unit_test(a_purpose_ends_with_its_case),
	    cmocka_unit_test(nobody_is_reporter_and_office_at_once),
	    cmocka_unit_test(without_a_file_nobody_may_anything),
	    cmocka_unit_test(actions_are_found_by_their_names),
	    cmocka_unit_test(a_list_says_which_cases),
	    cmocka_unit_test(what_the_program_refuses_no_file_permits),
	    cmocka_unit_test(mistakes_in_writing_are_told),
	    cmocka_unit_test(a_set_without_a_policy_is_not_whole),
	    cmocka_unit_test(the_policy_holds_against_the_other_files),
	    cmocka_unit_test(a_refusal_says_the_rule_the_facts_and_who_may),
	    cmocka_unit_test(nobody_is_named_where_nobody_may),
	    cmocka_unit_test(the_document_names_every_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
