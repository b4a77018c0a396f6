/* See policy.h. */
#include "trust/policy.h"

#include "base/check.h"

#define DAY_US (INT64_C(24) * 3600 * 1000000)

static const struct {
	const char *name;
	enum policy_about about;
	const char *words[LANG_COUNT];
} actions[POLICY_ACTION_COUNT] = {
#define ACTION(symbol, name, about, zh, en)                                                        \
	[POLICY_##symbol] = {name, POLICY_ABOUT_##about, {zh, en}},
#include "trust/action_table.h"
#undef ACTION
};

const char *policy_action_name(enum policy_action a)
{
	CHECK(a < POLICY_ACTION_COUNT);
	return actions[a].name;
}

const char *policy_action_words(enum policy_action a, enum lang lang)
{
	CHECK(a < POLICY_ACTION_COUNT && lang < LANG_COUNT);
	return actions[a].words[lang];
}

enum policy_about policy_action_about(enum policy_action a)
{
	CHECK(a < POLICY_ACTION_COUNT);
	return actions[a].about;
}

bool policy_action_parse(struct str name, enum policy_action *ret)
{
	for (unsigned i = 0; i < POLICY_ACTION_COUNT; i++)
		if (str_eq(name, str_of(actions[i].name))) {
			*ret = (enum policy_action)i;
			return true;
		}
	return false;
}

/* ---- who ---- */

/* The role of a post, by its index; CASES_NONE where the actor has none. */
static unsigned post_of(const struct policy *p, const struct policy_actor *actor)
{
	if (actor->kind != POLICY_ACCOUNT || actor->role.n == 0)
		return CASES_NONE;
	for (unsigned i = 0; i < p->roles_n; i++)
		if (p->roles[i].is_staff && str_eq(p->roles[i].name.text, actor->role))
			return i;
	return CASES_NONE;
}

static unsigned role_find(const struct policy *p, const char *name)
{
	for (unsigned i = 0; i < p->roles_n; i++)
		if (str_eq(p->roles[i].name.text, str_of(name)))
			return i;
	return CASES_NONE;
}

/* Who acts in a post acts in no other capacity: their own report they see without it. */
static bool acts_as(const struct policy_actor *actor, const char *role)
{
	return (actor->kind == POLICY_HOLDER || actor->kind == POLICY_ACCOUNT) &&
	       (actor->role.n == 0 || str_eq(actor->role, str_of(role)));
}

static bool is_reporter(const struct policy_actor *actor, const struct policy_case *about)
{
	return about && about->is_reporter && acts_as(actor, POLICY_ROLE_REPORTER);
}

static bool is_follower(const struct policy_actor *actor, const struct policy_case *about)
{
	return about && about->is_follower && acts_as(actor, POLICY_ROLE_FOLLOWER);
}

/* What the actor is, once for all rules. */
struct asker {
	uint64_t roles;
	unsigned kinds;
};

static uint64_t bit(unsigned index)
{
	return index < 64 ? UINT64_C(1) << index : 0;
}

static struct asker asker_of(const struct policy *p, const struct policy_actor *actor,
			     const struct policy_case *about)
{
	struct asker a = {.kinds = 1u << actor->kind};

	if (actor->kind != POLICY_TIMER)
		a.kinds |= 1u << POLICY_ANYONE;
	a.roles = bit(post_of(p, actor));
	if (is_reporter(actor, about))
		a.roles |= bit(role_find(p, POLICY_ROLE_REPORTER));
	if (is_follower(actor, about))
		a.roles |= bit(role_find(p, POLICY_ROLE_FOLLOWER));
	return a;
}

static bool fits_who(const struct policy_rule *r, const struct asker *a)
{
	return (r->kinds & a->kinds) != 0 || (r->roles & a->roles) != 0;
}

/* ---- what ---- */

/* Does the rule open the field, or any of the item? *ret_hides: it does, but not in a confidential
 * case. */
static bool fits_field(const struct policy *p, const struct policy_rule *r,
		       const struct policy_request *q, bool *ret_hides)
{
	*ret_hides = false;
	for (unsigned i = 0; i < r->opens_n; i++) {
		const struct policy_opens *o = &r->opens[i];
		const struct cases_item *item;
		if (!str_eq(o->item.text, q->item))
			continue;
		if (q->field.n == 0)
			return true;
		item = &p->items[o->item.index];
		for (unsigned f = 0; f < item->fields_n; f++)
			if ((o->fields_set >> f & 1) &&
			    str_eq(item->fields[f].name.text, q->field)) {
				*ret_hides = o->hides_set >> f & 1;
				return true;
			}
	}
	return false;
}

static bool hides_any(const struct policy_rule *r)
{
	for (unsigned i = 0; i < r->opens_n; i++)
		if (r->opens[i].hides_set != 0)
			return true;
	return false;
}

/* A purpose that is not that of the case is none. */
static bool fits_purpose(const struct policy_rule *r, const struct policy_request *q)
{
	if (r->purposes.n == 0)
		return true;
	if (q->purpose.n == 0 || (q->about && !str_eq(q->about->purpose, q->purpose)))
		return false;
	for (unsigned i = 0; i < r->purposes.n; i++)
		if (str_eq(r->purposes.v[i].text, q->purpose))
			return true;
	return false;
}

/* ---- where, and while ---- */

static bool in_own_area(const struct policy_actor *actor, const struct policy_request *q)
{
	struct str area = q->about ? q->about->area : q->place ? q->place->area : STR("");

	if (area.n == 0)
		return (q->about || q->place) &&
		       policy_action_about(q->action) != POLICY_ABOUT_PERSONAL;
	for (unsigned i = 0; i < actor->areas_n; i++)
		if (str_eq(actor->areas[i], area))
			return true;
	return false;
}

static bool has_joint_part(const struct policy_actor *actor, const struct policy_case *about)
{
	for (unsigned i = 0; about && actor->unit.n > 0 && i < about->joint_units_n; i++)
		if (str_eq(about->joint_units[i], actor->unit))
			return true;
	return false;
}

bool policy_has_unit(struct str units, struct str unit)
{
	while (unit.n > 0 && units.n > 0) {
		const char *blank = memchr(units.p, ' ', units.n);
		size_t n = blank ? (size_t)(blank - units.p) : units.n;
		if (str_eq((struct str){units.p, n}, unit))
			return true;
		n += blank != NULL;
		units = (struct str){units.p + n, units.n - n};
	}
	return false;
}

static bool was_told(const struct policy_actor *actor, const struct policy_case *about)
{
	return about && policy_has_unit(about->told_units, actor->unit);
}

/* The places that hold for this actor and this case. */
static unsigned where_of(const struct policy_actor *actor, const struct policy_request *q)
{
	unsigned where = POLICY_WHERE_ANY;

	if (in_own_area(actor, q))
		where |= POLICY_WHERE_OWN_AREA;
	if (actor->unit.n > 0 && ((q->about && str_eq(actor->unit, q->about->lead_unit)) ||
				  (q->place && str_eq(actor->unit, q->place->unit))))
		where |= POLICY_WHERE_OWN_UNIT;
	if (has_joint_part(actor, q->about))
		where |= POLICY_WHERE_JOINT_UNIT;
	if (was_told(actor, q->about))
		where |= POLICY_WHERE_TOLD_UNIT;
	if (q->about ? is_reporter(actor, q->about) || is_follower(actor, q->about) : q->is_own)
		where |= POLICY_WHERE_OWN_RECORD;
	return where;
}

static bool fits_while(const struct policy_rule *r, const struct policy_request *q)
{
	return r->is_any_time || !q->about || q->about->closed_us == 0 ||
	       (r->days_after > 0 &&
		q->now_us <= q->about->closed_us + (int64_t)r->days_after * DAY_US);
}

/* ---- the decision ---- */

static bool wants_case(enum policy_action action)
{
	enum policy_about about = policy_action_about(action);

	return about == POLICY_ABOUT_CASE || about == POLICY_ABOUT_PERSONAL;
}

/* How far the rule gets; POLICY_PERMITTED: all the way. */
static enum policy_reason try_rule(const struct policy *p, const struct policy_rule *r,
				   const struct asker *asker, unsigned where,
				   const struct policy_request *q)
{
	bool hides = false;

	if (!(r->actions >> q->action & 1) || !fits_who(r, asker))
		return POLICY_NOT_THIS_ROLE;
	if (policy_action_about(q->action) == POLICY_ABOUT_PERSONAL &&
	    !fits_field(p, r, q, &hides))
		return POLICY_NOT_THIS_FIELD;
	if (!fits_purpose(r, q))
		return POLICY_NOT_THIS_PURPOSE;
	/* of many cases: which of them is part of the answer, and whoever lists them looks */
	if (policy_action_about(q->action) != POLICY_ABOUT_MANY && !(r->where_set & where))
		return POLICY_NOT_HERE;
	if (!fits_while(r, q))
		return POLICY_OVER;
	return hides && q->about && q->about->is_confidential ? POLICY_HIDDEN : POLICY_PERMITTED;
}

static struct policy_decision permit(const struct policy_rule *r, unsigned where,
				     const struct policy_request *q)
{
	struct policy_decision d = {.permit = true,
				    .reason = POLICY_PERMITTED,
				    .rule = r,
				    .obligations = r->obligations,
				    .where = r->where_set & where};

	if (hides_any(r) && q->about && q->about->is_confidential)
		d.obligations |= POLICY_HIDE;
	return d;
}

struct policy_decision policy_decide(const struct policy *p, const struct policy_actor *actor,
				     const struct policy_request *q)
{
	struct policy_decision d = {.reason = POLICY_NOT_THIS_ROLE};
	struct asker asker;
	unsigned where;

	if (!p)
		return (struct policy_decision){.reason = POLICY_NO_FILE};
	CHECK(q->action < POLICY_ACTION_COUNT);
	if (wants_case(q->action) && !q->about && !q->is_own)
		return (struct policy_decision){.reason = POLICY_NOT_HERE};
	asker = asker_of(p, actor, q->about);
	where = where_of(actor, q);
	if (wants_case(q->action) && !q->about)
		where &= POLICY_WHERE_OWN_RECORD; /* "any" is any case, and here is none */
	for (unsigned i = 0; i < p->n; i++) {
		const struct policy_rule *r = &p->v[i];
		enum policy_reason reason = try_rule(p, r, &asker, where, q);
		if (reason == POLICY_PERMITTED &&
		    policy_action_about(q->action) != POLICY_ABOUT_MANY)
			return permit(r, where, q);
		if (reason == POLICY_PERMITTED) {
			unsigned before = d.where;
			if (!d.permit)
				d = permit(r, r->where_set, q);
			d.where = before | r->where_set;
		} else if (!d.permit && reason > d.reason) {
			d.reason = reason;
			d.rule = r;
		}
	}
	return d;
}

bool policy_ever(const struct policy *p, const struct policy_actor *actor,
		 enum policy_action action)
{
	struct policy_case any = {.is_reporter = true, .is_follower = true};
	struct asker asker;

	if (!p)
		return false;
	asker = asker_of(p, actor, &any);
	for (unsigned i = 0; i < p->n; i++)
		if ((p->v[i].actions >> action & 1) && fits_who(&p->v[i], &asker))
			return true;
	return false;
}
