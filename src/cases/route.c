/* Category, component, place and day to the unit that leads. */
#include "cases/route.h"

#include "base/check.h"

static bool lies_in(const struct cases_names *areas, const struct cases_matter *m)
{
	for (unsigned i = 0; i < areas->n; i++)
		for (unsigned k = 0; k < m->areas_n; k++)
			if (areas->v[i].index == m->areas[k])
				return true;
	return areas->n == 0;
}

static bool fits(const struct cases_rule *rule, const struct cases_matter *m)
{
	return rule->category.index == m->category &&
	       (rule->component.n == 0 || str_eq(rule->component, m->component)) &&
	       lies_in(&rule->areas, m) && (!rule->has_from || m->day >= rule->from_day) &&
	       (!rule->has_until || m->day <= rule->until_day);
}

static unsigned unit_of(const struct cases_book *book, struct str code)
{
	for (unsigned i = 0; i < book->units_n && code.n > 0; i++)
		if (str_eq(book->units[i].name.text, code))
			return i;
	return CASES_NONE;
}

static unsigned fallback_of(const struct cases_book *book, unsigned unit)
{
	const struct cases_responsibilities *r = &book->responsibilities;

	for (unsigned i = 0; i < r->fallbacks_n; i++)
		if (r->fallbacks[i].unit.index == unit)
			return r->fallbacks[i].use.index;
	return CASES_NONE;
}

/* A look-up becomes what it finds, or its fallback. One that is only told keeps the clock with
 * whoever answers for it. */
static void look_up(const struct cases_book *book, const struct cases_matter *m,
		    struct cases_route *route)
{
	const struct cases_unit *unit = &book->units[route->lead];
	unsigned found;

	if (unit->kind != CASES_UNIT_LOOKUP)
		return;
	if (cases_is_given(&unit->clock_owner)) {
		route->told = route->lead;
		route->told_units |= UINT64_C(1) << route->lead;
		route->lead = unit->clock_owner.index;
		return;
	}
	found = unit_of(book, m->component.n > 0 ? m->component_owner : m->building_owner);
	if (found == CASES_NONE || book->units[found].kind == CASES_UNIT_LOOKUP)
		found = route->fallback;
	if (found == CASES_NONE)
		found = fallback_of(book, route->lead);
	CHECK(found != CASES_NONE);
	route->lead = found;
}

/* Joint units: a look-up that is only told is told; another one is what it finds, or nobody. */
static void ask_along(const struct cases_book *book, const struct cases_matter *m,
		      const struct cases_rule *rule, struct cases_route *route)
{
	bool by_line = rule && rule->with.n > 0;

	for (unsigned i = 0; i < route->joint->n; i++) {
		unsigned unit = route->joint->v[i].index;
		bool is_lookup = book->units[unit].kind == CASES_UNIT_LOOKUP;
		if (is_lookup && cases_is_given(&book->units[unit].clock_owner)) {
			route->told_units |= UINT64_C(1) << unit;
			continue;
		}
		if (is_lookup)
			unit = unit_of(book, m->component.n > 0 ? m->component_owner
								: m->building_owner);
		if (!by_line || unit == CASES_NONE || unit == route->lead ||
		    book->units[unit].kind == CASES_UNIT_LOOKUP ||
		    route->asked_n == CASES_JOINT_MAX)
			continue;
		route->asked[route->asked_n++] = unit;
	}
	route->asked_limit = by_line && rule->with_limit.n > 0 ? &rule->with_limit : NULL;
}

bool cases_leads_for_sure(const struct cases_book *book, const struct cases_name *lead,
			  const struct cases_name *fallback)
{
	if (book->units[lead->index].kind != CASES_UNIT_LOOKUP ||
	    cases_is_given(&book->units[lead->index].clock_owner))
		return true;
	if (fallback && cases_is_given(fallback))
		return true;
	return fallback_of(book, lead->index) != CASES_NONE;
}

void cases_route(const struct cases_book *book, const struct cases_matter *matter,
		 struct cases_route *ret)
{
	cases_route_row(book, &book->categories.v[matter->category], matter, ret);
}

void cases_route_row(const struct cases_book *book, const struct cases_category *c,
		     const struct cases_matter *matter, struct cases_route *ret)
{
	const struct cases_responsibilities *r = &book->responsibilities;
	struct cases_route route = {.lead = c->lead.index,
				    .told = CASES_NONE,
				    .fallback = CASES_NONE,
				    .joint = &c->with,
				    .why = CASES_WHY_CATEGORY,
				    .rule = CASES_NONE};
	const struct cases_rule *rule = NULL;
	unsigned owner =
	    matter->component.n > 0 ? unit_of(book, matter->component_owner) : CASES_NONE;

	for (unsigned i = 0; i < r->n && !rule; i++)
		if (fits(&r->v[i], matter)) {
			rule = &r->v[i];
			route.rule = i;
			route.lead = rule->lead.index;
			route.joint = rule->with.n > 0 ? &rule->with : &c->with;
			route.fallback = rule->fallback.index;
			route.why = CASES_WHY_RULE;
		}
	CHECK(route.lead != CASES_NONE);
	bool decides = !rule || !rule->is_deaf_to_component;
	if (decides && owner != CASES_NONE && book->units[owner].kind != CASES_UNIT_LOOKUP) {
		route.fallback = route.fallback == CASES_NONE ? route.lead : route.fallback;
		if (book->units[route.fallback].kind == CASES_UNIT_LOOKUP)
			route.fallback = fallback_of(book, route.fallback);
		route.lead = owner;
		route.why = CASES_WHY_COMPONENT;
	} else {
		look_up(book, matter, &route);
	}
	ask_along(book, matter, rule, &route);
	*ret = route;
}

/* Who stands in where the look-up finds nobody; CASES_NONE: it is no look-up. One that is only told
 * leaves the clock with a unit that is always there. */
static unsigned stand_in(const struct cases_book *book, unsigned lead,
			 const struct cases_name *fallback)
{
	const struct cases_unit *unit = &book->units[lead];

	if (unit->kind != CASES_UNIT_LOOKUP || cases_is_given(&unit->clock_owner))
		return CASES_NONE;
	return fallback && cases_is_given(fallback) ? fallback->index : fallback_of(book, lead);
}

static void put_gap(struct cases_gap *ret, unsigned max, unsigned *n, struct cases_gap gap)
{
	if (*n < max)
		ret[*n] = gap;
	++*n;
}

unsigned cases_gaps(const struct cases_book *book, int32_t day, struct cases_gap *ret, unsigned max)
{
	const struct cases_responsibilities *r = &book->responsibilities;
	unsigned n = 0;

	for (unsigned i = 0; i < r->n; i++) {
		const struct cases_rule *rule = &r->v[i];
		unsigned use = stand_in(book, rule->lead.index, &rule->fallback);
		struct cases_gap gap = {CASES_GAP_LOOKUP, rule->category.index, i,
					rule->lead.index, use};
		if (rule->has_until && rule->until_day < day) {
			gap.kind = CASES_GAP_LINE_OVER;
			gap.use = CASES_NONE;
			put_gap(ret, max, &n, gap);
		} else if (use != CASES_NONE) {
			put_gap(ret, max, &n, gap);
		}
	}
	for (unsigned i = 0; i < book->categories.n; i++) {
		const struct cases_name *lead = &book->categories.v[i].lead;
		unsigned use =
		    cases_is_given(lead) ? stand_in(book, lead->index, NULL) : CASES_NONE;
		if (use != CASES_NONE)
			put_gap(ret, max, &n,
				(struct cases_gap){CASES_GAP_LOOKUP, i, CASES_NONE, lead->index,
						   use});
	}
	return n;
}
