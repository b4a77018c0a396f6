/* Whether the policy lets an order be done to the case that is loaded, as it is now. */
#include "deciding.h"

#include "access_facts.h"

struct policy_actor deciding_actor_of(const struct case_order *o)
{
	static const enum policy_kind kinds[] = {[CASE_HAND_ACCOUNT] = POLICY_ACCOUNT,
						 [CASE_HAND_SECRET] = POLICY_HOLDER,
						 [CASE_HAND_NEW] = POLICY_ANYONE};

	return (struct policy_actor){.kind = kinds[o->hand],
				     .role = o->role,
				     .unit = o->unit,
				     .areas = o->areas,
				     .areas_n = o->areas_n};
}

/* The joint part that a result is given for: one's own unit's, no other. */
static void take_part_meant(const struct deciding *d, struct access_facts *facts)
{
	unsigned f = d->file.type->known[CASES_KNOWN_JOINT_UNIT];
	const struct case_fill *fill = f == CASES_NONE ? NULL : deciding_fill_of(d, f);

	if (!fill)
		return; /* the engine asks for it */
	facts->joint_units[0] = d->w->shelf->now.units[fill->value].name.text;
	facts->about.joint_units_n = 1;
}

static enum err ask(struct deciding *d, const struct policy_actor *actor,
		    const struct policy_request *q)
{
	struct policy_decision decision = policy_decide(d->w->shelf->policy, actor, q);

	return decision.permit
		   ? ERR_OK
		   : access_refuse(d->w->shelf->policy, q, &decision, &d->o->problem);
}

enum err deciding_permit(struct deciding *d, enum policy_action action,
			 enum cases_command command)
{
	const struct policy_actor actor = deciding_actor_of(d->o);
	struct policy_request q = {.action = action, .now_us = d->at_us};
	struct access_facts facts;

	if (policy_action_about(action) == POLICY_ABOUT_NOTHING)
		return ask(d, &actor, &q);
	access_facts_of(d->w->shelf, &d->file, &facts);
	if (command == CASES_COMMAND_JOINT_RESULT)
		take_part_meant(d, &facts);
	facts.about.is_reporter =
	    d->o->hand == CASE_HAND_ACCOUNT
		? access_reports(&d->file, d->actor.handle)
		: d->o->hand == CASE_HAND_SECRET && d->o->follower == 0;
	facts.about.is_follower = d->o->hand == CASE_HAND_SECRET && d->o->follower != 0;
	q.about = &facts.about;
	return ask(d, &actor, &q);
}

enum err deciding_permit_post(struct deciding *d, enum policy_action action)
{
	const struct policy_actor actor = deciding_actor_of(d->o);
	struct policy_request q = {.action = action, .now_us = d->at_us};
	struct access_facts facts;

	access_facts_of(d->w->shelf, &d->file, &facts);
	q.about = &facts.about;
	return ask(d, &actor, &q);
}

bool deciding_timer_may(struct deciding *d)
{
	const struct policy_actor timer = {.kind = POLICY_TIMER};
	struct policy_request q = {.action = POLICY_DO_COMMAND, .now_us = d->at_us};
	struct access_facts facts;

	access_facts_of(d->w->shelf, &d->file, &facts);
	q.about = &facts.about;
	return policy_decide(d->w->shelf->policy, &timer, &q).permit;
}
