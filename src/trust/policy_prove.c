/* Names into indices, and what the program itself refuses. */
#include "trust/policy.h"

#include "base/check.h"

static const struct {
	const char *name;
	unsigned bit;
} kinds[] = {
    {POLICY_WHO_ANYONE, 1u << POLICY_ANYONE},
    {POLICY_WHO_SIGNED_IN, 1u << POLICY_ACCOUNT},
    {POLICY_WHO_OPERATOR, 1u << POLICY_OPERATOR},
    {CASES_TIMER, 1u << POLICY_TIMER},
}, wheres[] = {
    {"any", POLICY_WHERE_ANY},
    {"own_area", POLICY_WHERE_OWN_AREA},
    {"own_unit", POLICY_WHERE_OWN_UNIT},
    {"joint_unit", POLICY_WHERE_JOINT_UNIT},
    {"told_unit", POLICY_WHERE_TOLD_UNIT},
    {"own_record", POLICY_WHERE_OWN_RECORD},
}, duties[] = {
    {"look", POLICY_WRITE_LOOK},
    {"tell_person", POLICY_TELL_PERSON},
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static enum err fail(struct problem *problem, const struct cases_name *at, enum msg msg,
		     struct str a, struct str b)
{
	const struct str args[] = {a, b};
	enum err e = problem_set(problem, ERR_BAD_INPUT, at->text, msg, args, 2);

	problem_at(problem, at->at.file, at->at.line, at->at.column);
	return e;
}

static enum err unknown(struct problem *problem, const struct cases_name *at, const char *list)
{
	at = at ? at : &(const struct cases_name){0};
	return fail(problem, at, MSG_PROOF_NAME_UNKNOWN, at->text, str_of(list));
}

/* ---- 1: names ---- */

static enum err take_who(struct policy *p, struct policy_rule *r, struct problem *problem)
{
	for (unsigned i = 0; i < r->who.n; i++) {
		struct cases_name *name = &r->who.v[i];
		bool found = false;
		for (size_t k = 0; k < COUNT(kinds); k++)
			if (str_eq(name->text, str_of(kinds[k].name))) {
				r->kinds |= kinds[k].bit;
				found = true;
			}
		for (unsigned k = 0; k < p->roles_n; k++)
			if (str_eq(name->text, p->roles[k].name.text)) {
				r->roles |= UINT64_C(1) << k;
				name->index = k;
				found = true;
			}
		if (!found)
			return unknown(problem, name,
				       "roles.yaml, anyone, signed_in, operator, timer");
	}
	return ERR_OK;
}

static enum err take_actions(struct policy_rule *r, struct problem *problem)
{
	for (unsigned i = 0; i < r->may.n; i++) {
		enum policy_action action;
		if (!policy_action_parse(r->may.v[i].text, &action))
			return unknown(problem, &r->may.v[i], "docs/policy.md");
		r->may.v[i].index = action;
		r->actions |= UINT64_C(1) << action;
	}
	return ERR_OK;
}

static enum err take_bits(const struct cases_names *names, bool is_where, unsigned *ret,
			  struct problem *problem)
{
	for (unsigned i = 0; i < names->n; i++) {
		unsigned found = 0;
		for (size_t k = 0; is_where && k < COUNT(wheres); k++)
			if (str_eq(names->v[i].text, str_of(wheres[k].name)))
				found = wheres[k].bit;
		for (size_t k = 0; !is_where && k < COUNT(duties); k++)
			if (str_eq(names->v[i].text, str_of(duties[k].name)))
				found = duties[k].bit;
		if (found == 0)
			return unknown(problem, &names->v[i],
				       is_where
					   ? "any, own_area, own_unit, joint_unit, own_record, "
					     "told_unit"
					   : "look, tell_person");
		*ret |= found;
	}
	return ERR_OK;
}

static enum err take_purposes(const struct policy *p, struct policy_rule *r,
			      struct problem *problem)
{
	for (unsigned i = 0; i < r->purposes.n; i++) {
		bool found = false;
		for (unsigned k = 0; k < p->items_n; k++)
			found |= str_eq(r->purposes.v[i].text, p->items[k].purpose.text);
		if (!found)
			return unknown(problem, &r->purposes.v[i], "catalogue.yaml: purpose");
	}
	return ERR_OK;
}

static enum err take_fields(const struct cases_item *item, const struct cases_names *names,
			    uint32_t *ret, struct problem *problem)
{
	for (unsigned i = 0; i < names->n; i++) {
		unsigned f = 0;
		while (f < item->fields_n && !str_eq(item->fields[f].name.text, names->v[i].text))
			f++;
		if (f == item->fields_n)
			return fail(problem, &names->v[i], MSG_PROOF_ITEM_FIELD, names->v[i].text,
				    item->name.text);
		*ret |= UINT32_C(1) << f;
	}
	return ERR_OK;
}

static enum err take_opens(const struct policy *p, struct policy_rule *r,
			   struct problem *problem)
{
	for (unsigned i = 0; i < r->opens_n; i++) {
		struct policy_opens *o = &r->opens[i];
		unsigned k = 0;
		while (k < p->items_n && !str_eq(p->items[k].name.text, o->item.text))
			k++;
		if (k == p->items_n)
			return unknown(problem, &o->item, "catalogue.yaml");
		for (unsigned before = 0; before < i; before++)
			if (str_eq(r->opens[before].item.text, o->item.text))
				return fail(problem, &o->item, MSG_PROOF_NAME_TWICE, o->item.text,
					    STR(""));
		o->item.index = k;
		TRY(take_fields(&p->items[k], &o->fields, &o->fields_set, problem));
		TRY(take_fields(&p->items[k], &o->hides, &o->hides_set, problem));
		if (o->hides_set & ~o->fields_set)
			return fail(problem, &o->hides.v[0], MSG_POLICY_HIDES_WHAT, STR(""),
				    STR(""));
	}
	return ERR_OK;
}

static enum err take_names(struct policy *p, struct policy_rule *r, struct problem *problem)
{
	TRY(take_who(p, r, problem));
	TRY(take_actions(r, problem));
	TRY(take_purposes(p, r, problem));
	TRY(take_opens(p, r, problem));
	TRY(take_bits(&r->where, true, &r->where_set, problem));
	return take_bits(&r->obliges, false, &r->obligations, problem);
}

/* ---- 2 … 6: what no rule may say ---- */

static bool opens_person(const struct policy_rule *r)
{
	for (unsigned i = 0; i < r->may.n; i++)
		if (policy_action_about(r->may.v[i].index) == POLICY_ABOUT_PERSONAL)
			return true;
	return false;
}

/* Lists, maps, searches, streams, figures and exports never have a personal field. */
static enum err prove_no_person(const struct policy_rule *r, struct problem *problem)
{
	for (unsigned i = 0; i < r->may.n; i++) {
		enum policy_action a = r->may.v[i].index;
		if (policy_action_about(a) != POLICY_ABOUT_PERSONAL &&
		    (r->opens_n > 0 || r->purposes.n > 0))
			return fail(problem, &r->may.v[i], MSG_POLICY_NEVER_PERSONAL,
				    r->may.v[i].text, STR(""));
	}
	return ERR_OK;
}

/* The roles that a case gives, and nobody else. */
static bool is_own_only(const struct policy *p, const struct policy_rule *r)
{
	if (r->kinds != 0 || r->where_set != POLICY_WHERE_OWN_RECORD)
		return false;
	for (unsigned i = 0; i < r->who.n; i++)
		if (p->roles[r->who.v[i].index].is_staff)
			return false;
	return true;
}

/* A unit is the other side of whoever complains. */
static enum err prove_hides(const struct policy *p, const struct policy_rule *r,
			    struct problem *problem)
{
	if (!(r->where_set & (POLICY_WHERE_OWN_UNIT | POLICY_WHERE_JOINT_UNIT)))
		return ERR_OK;
	for (unsigned i = 0; i < r->opens_n; i++) {
		const struct policy_opens *o = &r->opens[i];
		const struct cases_item *item = &p->items[o->item.index];
		bool may_be_confidential = false;
		for (unsigned f = 0; f < item->fields_n; f++)
			may_be_confidential |=
			    str_eq(item->fields[f].name.text, STR("confidential"));
		for (unsigned f = 0; f < item->fields_n; f++)
			if (may_be_confidential && (o->fields_set >> f & 1) &&
			    !(o->hides_set >> f & 1) &&
			    str_eq(item->fields[f].name.text, STR("contact")))
				return fail(problem, &o->item, MSG_POLICY_CONTACT_OPEN, STR(""),
					    STR(""));
	}
	return ERR_OK;
}

static enum err prove_person(const struct policy *p, const struct policy_rule *r,
			     struct problem *problem)
{
	if (r->opens_n == 0)
		return fail(problem, &r->id, MSG_POLICY_OPENS_MISSING, STR(""), STR(""));
	if (is_own_only(p, r))
		return ERR_OK;
	if (r->kinds & ~(1u << POLICY_OPERATOR))
		return fail(problem, &r->id, MSG_POLICY_TO_ANYBODY, STR(""), STR(""));
	if (r->purposes.n == 0)
		return fail(problem, &r->id, MSG_POLICY_PURPOSE_MISSING, STR(""), STR(""));
	if (!(r->obligations & POLICY_WRITE_LOOK))
		return fail(problem, &r->id, MSG_POLICY_LOOK_MISSING, STR(""), STR(""));
	if (r->is_any_time)
		return fail(problem, &r->id, MSG_POLICY_PURPOSE_ENDS, STR(""), STR(""));
	return prove_hides(p, r, problem);
}

/* Places that the action has facts for. Who was told looks on, and does not act or open. */
static unsigned wheres_of(enum policy_action a)
{
	unsigned told = 0;

	switch (policy_action_about(a)) {
	case POLICY_ABOUT_NOTHING:
		return POLICY_WHERE_ANY | POLICY_WHERE_OWN_RECORD;
	case POLICY_ABOUT_PLACE:
		/* who maintains it is told of a device alone, and of one its area is not asked */
		return POLICY_WHERE_ANY |
		       (a == POLICY_SET_DEVICE_STATE || a == POLICY_LOG_FOOTAGE
				? POLICY_WHERE_OWN_UNIT
				: POLICY_WHERE_OWN_AREA);
	case POLICY_ABOUT_MANY:
		told = POLICY_WHERE_TOLD_UNIT;
		break;
	case POLICY_ABOUT_CASE:
		if (a == POLICY_SEE_CASE || a == POLICY_SEE_HISTORY)
			told = POLICY_WHERE_TOLD_UNIT;
		break;
	case POLICY_ABOUT_PERSONAL:
		break;
	}
	return POLICY_WHERE_ANY | POLICY_WHERE_OWN_AREA | POLICY_WHERE_OWN_UNIT |
	       POLICY_WHERE_JOINT_UNIT | POLICY_WHERE_OWN_RECORD | told;
}

static enum err prove_where(const struct policy_rule *r, struct problem *problem)
{
	if (r->where.n == 0 || r->who.n == 0 || r->may.n == 0)
		return fail(problem, &r->id, MSG_POLICY_EMPTY, STR(""), STR(""));
	for (unsigned i = 0; i < r->may.n; i++)
		if (r->where_set & ~wheres_of(r->may.v[i].index))
			return fail(problem, &r->may.v[i], MSG_POLICY_NO_FACTS,
				    r->may.v[i].text, STR(""));
	return ERR_OK;
}

static enum err prove_rule(struct policy *p, unsigned index, struct problem *problem)
{
	struct policy_rule *r = &p->v[index];

	for (unsigned i = 0; i < index; i++)
		if (str_eq(p->v[i].id.text, r->id.text))
			return fail(problem, &r->id, MSG_PROOF_NAME_TWICE, r->id.text, STR(""));
	TRY(take_names(p, r, problem));
	TRY(prove_where(r, problem));
	TRY(prove_no_person(r, problem));
	return opens_person(r) ? prove_person(p, r, problem) : ERR_OK;
}

/* ---- 7: an office that can run ---- */

static bool lets(const struct policy *p, enum policy_kind kind, enum policy_action action)
{
	const struct policy_case live = {.area = STR("*")}; /* in nobody's area */
	const struct policy_actor actor = {.kind = kind};
	const struct policy_request q = {.action = action, .about = &live};

	return policy_decide(p, &actor, &q).permit;
}

static enum err prove_runs(const struct policy *p, struct problem *problem)
{
	const struct cases_name whole = {.at = {p->file, 1, 1}};

	if (!lets(p, POLICY_TIMER, POLICY_DO_COMMAND))
		return fail(problem, &whole, MSG_POLICY_NO_TIMER, STR(""), STR(""));
	if (!lets(p, POLICY_OPERATOR, POLICY_LOAD_FILES))
		return fail(problem, &whole, MSG_POLICY_LOCKED_OUT, STR(""), STR(""));
	return ERR_OK;
}

enum err policy_prove(struct policy *p, const struct cases_book *book, struct problem *problem)
{
	p->roles = book->roles;
	p->roles_n = book->roles_n;
	p->items = book->catalogue.items;
	p->items_n = book->catalogue.items_n;
	CHECK(p->roles_n <= 64 && POLICY_ACTION_COUNT <= 64);
	/* a role that is called like a kind would be both */
	for (unsigned i = 0; i < p->roles_n; i++)
		for (size_t k = 0; k < COUNT(kinds); k++)
			if (str_eq(p->roles[i].name.text, str_of(kinds[k].name)))
				return fail(problem, &p->roles[i].name, MSG_PROOF_NAME_TWICE,
					    p->roles[i].name.text, STR(""));
	for (unsigned i = 0; i < p->n; i++)
		TRY(prove_rule(p, i, problem));
	return prove_runs(p, problem);
}
