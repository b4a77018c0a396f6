/* What a viewer sees, as the policy decided it once, row by row. */
#include "service/viewer.h"

#include <stdlib.h>

static bool put_name(struct str name, char ret[VIEWER_NAME_BYTES_MAX])
{
	if (name.n >= VIEWER_NAME_BYTES_MAX)
		return false;
	if (name.n > 0)
		memcpy(ret, name.p, name.n);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return memcmp(a, b, VIEWER_NAME_BYTES_MAX);
}

enum err viewer_make(const struct policy *p, const struct policy_actor *actor,
		     enum policy_action action, int64_t now_us,
		     struct policy_decision *ret_decision, struct viewer *ret)
{
	struct policy_request request = {.action = action, .now_us = now_us};
	struct policy_decision d = policy_decide(p, actor, &request);
	struct viewer v;

	if (ret_decision)
		*ret_decision = d;
	if (!d.permit)
		return ERR_FORBIDDEN;
	memset(&v, 0, sizeof v);
	v.where = d.where;
	v.areas_n = actor->areas_n;
	if (actor->areas_n > VIEWER_AREAS_MAX || !put_name(actor->role, v.role) ||
	    !put_name(actor->unit, v.unit))
		return ERR_TOO_LARGE;
	for (unsigned i = 0; i < actor->areas_n; i++)
		if (!put_name(actor->areas[i], v.area[i]))
			return ERR_TOO_LARGE;
	qsort(v.area, v.areas_n, sizeof v.area[0], by_name);
	*ret = v;
	return ERR_OK;
}

static bool is_in_area(const struct viewer *v, struct str area)
{
	for (unsigned i = 0; i < v->areas_n; i++)
		if (str_eq(area, str_of(v->area[i])))
			return true;
	return area.n == 0; /* in none: everybody's, as the policy has it */
}

bool viewer_may_see(const struct viewer *v, const struct queue_row *row)
{
	if (v->where & POLICY_WHERE_ANY)
		return true;
	if ((v->where & POLICY_WHERE_OWN_UNIT) && row->unit.n > 0 &&
	    str_eq(row->unit, str_of(v->unit)))
		return true;
	if ((v->where & POLICY_WHERE_JOINT_UNIT) && policy_has_unit(row->joint, str_of(v->unit)))
		return true;
	if ((v->where & POLICY_WHERE_TOLD_UNIT) && policy_has_unit(row->told, str_of(v->unit)))
		return true;
	return (v->where & POLICY_WHERE_OWN_AREA) && is_in_area(v, row->area);
}
