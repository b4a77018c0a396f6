/* See access.h. */
#include "access.h"

#include "service/access.h"
#include "service/shifts.h"

#include "api/contract.h"
#include "base/check.h"

#include <stdlib.h>

#define SEEN_ARENA_BYTES (CASES_VIEW_ARENA_BYTES + 65536u)

const struct cases_shelf *api_shelf(struct api *api, struct api_call *call)
{
	if (!call->shelf && api->hold_shelf)
		call->shelf = api->hold_shelf(api->ctx, &call->shelf_hold);
	call->shelf_release = api->release_shelf;
	return call->shelf;
}

int64_t api_now(const struct api *api)
{
	return api->now ? api->now(api->ctx) : 0;
}

int32_t api_today(struct api *api, struct api_call *call)
{
	const struct cases_shelf *s = api_shelf(api, call);
	uint64_t n = 0;
	const struct calendar *c = s ? shelf_calendar(s, &n) : NULL;

	return c ? calendar_day_of(c, api_now(api)) : (int32_t)(api_now(api) / 86400000000);
}

void account_put_text(uint64_t account, struct buf *out)
{
	buf_put_z(out, "account:");
	buf_put_u64(out, account);
}

struct str access_role(const struct api_call *call)
{
	if (call->actor.kind == API_STAFF)
		return call->actor.role;
	return STR(CASE_ROLE_REPORTER);
}

static const struct policy *policy_of(struct api *api, struct api_call *call)
{
	const struct cases_shelf *s = api_shelf(api, call);

	return s ? s->policy : NULL;
}

static struct policy_actor actor_of(const struct api_call *call, struct str role)
{
	const struct api_actor *a = &call->actor;
	struct policy_actor actor = {.role = role};

	if (a->kind == API_STAFF || a->kind == API_RESIDENT)
		actor.kind = POLICY_ACCOUNT;
	else
		actor.kind = a->has_secret ? POLICY_HOLDER : POLICY_ANYONE;
	if (a->kind == API_STAFF && str_eq(role, a->role)) {
		actor.unit = a->unit;
		actor.areas = a->areas;
		actor.areas_n = a->areas_n;
	}
	return actor;
}

static struct policy_decision decide_at(struct api *api, struct api_call *call,
					enum policy_action action, const struct policy_place *place)
{
	struct str role = call->actor.kind == API_STAFF ? call->actor.role : STR("");
	struct policy_actor actor = actor_of(call, role);
	const struct policy_request request = {
	    .action = action,
	    .place = policy_action_about(action) == POLICY_ABOUT_PLACE ? place : NULL,
	    .now_us = api_now(api),
	};

	return policy_decide(policy_of(api, call), &actor, &request);
}

static struct policy_decision decide(struct api *api, struct api_call *call,
				     enum policy_action action)
{
	const struct policy_place all = {{0}, {0}};

	return decide_at(api, call, action, &all);
}

bool access_may(struct api *api, struct api_call *call, enum policy_action action,
		unsigned *ret_where)
{
	struct policy_decision d = decide(api, call, action);

	if (d.permit)
		*ret_where = d.where;
	return d.permit;
}

void refuse_access(struct api *api, struct api_call *call, enum policy_action action,
		   const struct policy_decision *d)
{
	char who[1024];
	struct buf b = buf_over(who, sizeof who);
	struct str arg;

	if (call->actor.kind == API_ANYONE && !call->actor.has_secret) {
		api_problem(api, call, ERR_NOT_SIGNED_IN, NULL, MSG_SIGN_IN_REMEDY);
		return;
	}
	policy_put_who(policy_of(api, call), action, STR(""), STR(""), call->lang, &b);
	arg = b.over ? STR("") : buf_str(&b);
	if (d->rule && d->rule->id.text.n <= API_RULE_BYTES_MAX) {
		memcpy(call->rule, d->rule->id.text.p, d->rule->id.text.n);
		call->rule[d->rule->id.text.n] = '\0';
	}
	problem_with(api, call, ERR_FORBIDDEN, NULL, MSG_WHO_MAY, &arg, 1);
}

bool access_must(struct api *api, struct api_call *call, enum policy_action action,
		 unsigned *ret_where)
{
	struct policy_decision d = decide(api, call, action);

	if (!d.permit)
		refuse_access(api, call, action, &d);
	else
		*ret_where = d.where;
	return d.permit;
}

bool access_place_must(struct api *api, struct api_call *call, enum policy_action action,
		       const struct policy_place *place)
{
	struct policy_decision d = decide_at(api, call, action, place);

	if (!d.permit)
		refuse_access(api, call, action, &d);
	return d.permit;
}

unsigned access_place_class(struct api *api, struct api_call *call)
{
	unsigned where;

	return access_may(api, call, POLICY_SEE_STAFF_PLACES, &where) ? 1 : 0;
}

enum err access_viewer(struct api *api, struct api_call *call, enum policy_action action,
		       struct viewer *ret)
{
	struct str role = call->actor.kind == API_STAFF ? call->actor.role : STR("");
	struct policy_actor actor = actor_of(call, role);

	return viewer_make(policy_of(api, call), &actor, action, api_now(api), NULL, ret);
}

enum err access_post_opens(struct api *api, struct api_call *call, uint64_t id, const char *field,
			   bool *ret)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	struct policy_actor actor = actor_of(call, access_role(call));

	*ret = false;
	if (!shelf)
		return ERR_OK;
	return access_opens(api->reader, shelf, id, &actor, str_of(field), api_now(api), ret);
}

bool access_at_desk(struct api *api, struct api_call *call)
{
	const struct api_actor *a = &call->actor;
	bool is_open = true;
	unsigned where;
	enum err e = ERR_OK;

	if (a->kind == API_STAFF && access_may(api, call, POLICY_KEEP_SHIFT, &where) &&
	    !access_may(api, call, POLICY_FORCE_SHIFT, &where))
		e = shift_queue_open(api->reader, a->unit, a->account, &is_open);
	if (e != ERR_OK)
		api_problem(api, call, e, NULL, MSG_COUNT);
	else if (!is_open)
		problem_with(api, call, ERR_CONFLICT, NULL, MSG_SHIFT_TAKE_OVER_FIRST, &a->unit, 1);
	return e == ERR_OK && is_open;
}

/* Everything that the asker may see, or the refusal (false). */
bool access_many(struct api *api, struct api_call *call, enum policy_action action,
		 struct viewer *viewer)
{
	unsigned where;
	enum err e;

	if (!access_must(api, call, action, &where) || !access_at_desk(api, call))
		return false;
	e = access_viewer(api, call, action, viewer);
	if (e != ERR_OK)
		api_problem(api, call, e, NULL, MSG_COUNT);
	return e == ERR_OK;
}

/* Somebody who is signed in may hold the secret of their own report, too: then it is asked for by
 * its role. */
static bool acts_by_secret(const struct api_call *call, struct str role)
{
	return call->actor.has_secret && (call->actor.kind == API_ANYONE || role.n > 0);
}

/* Who acts, as the writer wants to know it. `role`: claimed in this case beside the post; empty:
 * that of the post, or of the secret. */
void take_actor(struct case_order *o, const struct api_call *call, struct str role,
		bool begins_record, char account_memory[ACCOUNT_TEXT_BYTES])
{
	const struct api_actor *a = &call->actor;
	struct buf account = buf_over(account_memory, ACCOUNT_TEXT_BYTES);

	o->role = role.n > 0 ? role : access_role(call);
	o->areas = a->areas;
	o->areas_n = str_eq(o->role, a->role) ? a->areas_n : 0;
	o->unit = a->kind == API_STAFF && str_eq(o->role, a->role) ? a->unit : STR("");
	if (a->kind != API_ANYONE && !acts_by_secret(call, role)) {
		o->hand = CASE_HAND_ACCOUNT;
		account_put_text(a->account, &account);
		o->account = buf_str(&account);
	} else if (a->has_secret && !begins_record) {
		o->hand = CASE_HAND_SECRET;
		memcpy(o->secret, a->secret, sizeof o->secret);
		o->follower = a->follower;
		o->unit = STR("");
		if (role.n == 0)
			o->role = a->follower != 0 ? STR(CASE_ROLE_FOLLOWER)
						   : STR(CASE_ROLE_REPORTER);
	} else {
		o->hand = CASE_HAND_NEW;
		if (role.n == 0)
			o->role = STR(CASE_ROLE_REPORTER);
	}
}

/* ---- one case ---- */

struct str access_case_role(const struct case_seen *c)
{
	return c->standing.reports   ? STR(CASE_ROLE_REPORTER)
	       : c->standing.follows ? STR(CASE_ROLE_FOLLOWER)
				     : STR("");
}

static struct policy_decision decide_on(struct api *api, struct api_call *call,
					const struct case_seen *c, enum policy_action action,
					struct str role, const struct cases_field *f)
{
	struct policy_actor actor = actor_of(call, role);
	struct policy_request request = {
	    .action = action, .about = &c->facts, .now_us = api_now(api)};

	if (f) {
		request.item = f->item.text;
		request.field = f->item_field.text;
		request.purpose = c->facts.purpose;
	}
	return policy_decide(policy_of(api, call), &actor, &request);
}

bool access_permits(struct api *api, struct api_call *call, const struct case_seen *c,
		    enum policy_action action, struct str role)
{
	return decide_on(api, call, c, action, role, NULL).permit;
}

static bool field_says_yes(const struct case_view *v, const char *name)
{
	for (unsigned i = 0; i < v->fields_n; i++)
		if (str_eq(v->fields[i].key, str_of(name)))
			return str_eq(v->fields[i].value, STR("1"));
	return false;
}

static void take_facts(struct case_seen *c)
{
	const struct case_view *v = &c->view;

	c->facts = (struct policy_case){
	    .purpose = c->type ? c->type->purpose.text : STR(""),
	    .area = v->area,
	    .lead_unit = v->unit,
	    .joint_units = c->joint,
	    .told_units = v->told,
	    .closed_us = v->closed_us,
	    .is_reporter = c->standing.reports,
	    .is_follower = c->standing.follows,
	    .is_confidential = field_says_yes(v, "confidential"),
	};
	for (unsigned i = 0; i < v->parts_n; i++)
		c->joint[c->facts.joint_units_n++] = v->parts[i].unit;
}

static enum err take_standing(struct api *api, struct api_call *call, struct case_seen *c)
{
	const struct api_actor *a = &call->actor;
	struct case_shown shown = {.hand = CASE_HAND_NEW};
	char text[ACCOUNT_TEXT_BYTES];
	struct buf account = buf_over(text, sizeof text);

	if (a->has_secret) {
		shown.hand = CASE_HAND_SECRET;
		memcpy(shown.secret, a->secret, sizeof shown.secret);
		shown.follower = a->follower;
	} else if (a->kind != API_ANYONE) {
		account_put_text(a->account, &account);
		shown.hand = CASE_HAND_ACCOUNT;
		shown.account = buf_str(&account);
	}
	return case_standing_of(api->reader, c->view.id, &shown, &c->standing);
}

static enum err load(struct api *api, struct api_call *call, struct case_seen *c)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	enum err e;

	arena_init(&c->arena, c->memory, SEEN_ARENA_BYTES);
	TRY(cases_view(api->reader->db, call_u64(call, "id"), &c->arena, &c->view));
	c->type = shelf ? shelf_type(shelf, c->view.type_n) : NULL;
	e = take_standing(api, call, c);
	if (e == ERR_GONE || (e == ERR_FORBIDDEN && call->actor.kind == API_STAFF))
		e = ERR_OK; /* nobody is anybody in it; the post may still do what it may */
	TRY(e);
	take_facts(c);
	return ERR_OK;
}

/* By the post, or by what they are in this case. */
static bool may_on(struct api *api, struct api_call *call, const struct case_seen *c,
		   enum policy_action action)
{
	const struct str roles[2] = {access_role(call), access_case_role(c)};
	struct policy_decision d = {0}, first;

	for (unsigned i = 0; i < 2; i++) {
		if (roles[i].n == 0)
			continue;
		d = decide_on(api, call, c, action, roles[i], NULL);
		if (d.permit)
			return true;
		if (i == 0)
			first = d;
	}
	refuse_access(api, call, action, &first);
	return false;
}

bool case_seen(struct api *api, struct api_call *call, enum policy_action action,
	       struct case_seen **ret)
{
	struct case_seen *c = calloc(1, sizeof *c);
	enum err e = ERR_NO_MEMORY;

	if (c) {
		c->memory = malloc(SEEN_ARENA_BYTES);
		e = c->memory ? load(api, call, c) : ERR_NO_MEMORY;
	}
	if (e != ERR_OK)
		api_problem(api, call, e,
			    e == ERR_NOT_FOUND   ? "id"
			    : e == ERR_FORBIDDEN ? "Authorization"
						 : NULL,
			    e == ERR_FORBIDDEN ? MSG_SECRET_REMEDY : MSG_COUNT);
	else if (may_on(api, call, c, action)) {
		*ret = c;
		return true;
	}
	case_seen_free(c);
	return false;
}

void case_seen_free(struct case_seen *c)
{
	if (!c)
		return;
	free(c->memory);
	free(c);
}

/* Does the type let this role see the field? */
static bool type_lets(struct api *api, struct api_call *call, const struct cases_field *f,
		      struct str role)
{
	(void)api;
	(void)call;
	for (unsigned i = 0; i < f->sees.n; i++)
		if (str_eq(f->sees.v[i].text, role))
			return true;
	return false;
}

struct str access_role_for(struct api *api, struct api_call *call, const struct case_seen *c,
			   const struct cases_field *f, enum policy_action action,
			   struct policy_decision *ret_decision)
{
	const struct str roles[2] = {access_role(call), access_case_role(c)};
	struct policy_decision d = {.reason = POLICY_NOT_THIS_FIELD};

	for (unsigned i = 0; f && i < 2; i++) {
		if (roles[i].n == 0 || !type_lets(api, call, f, roles[i]))
			continue;
		d = decide_on(api, call, c, action, roles[i], f);
		if (d.permit) {
			*ret_decision = d;
			return roles[i];
		}
	}
	*ret_decision = d;
	return STR("");
}

void put_access(json_t **to, struct api *api, struct api_call *call, const struct case_seen *c,
		const struct cases_field *f, enum policy_action action)
{
	struct policy_decision d;
	struct str role = access_role_for(api, call, c, f, action, &d);

	json_put(to, "may_open", json_boolean(role.n > 0));
	if (d.rule)
		json_put(to, "rule",
			 json_stringn(d.rule->id.text.p, d.rule->id.text.n));
}

/* ---- what the transport asks before a route ---- */

/* Before any file is in force there is no policy: then only what is for all. */
static bool is_for_all(enum policy_action a)
{
	return a == POLICY_SEE_PUBLIC || a == POLICY_SEE_RECORD || a == POLICY_SIGN_IN ||
	       a == POLICY_WRITE_LINE;
}

bool access_permit(struct api *api, struct api_call *call)
{
	enum policy_action action;
	enum policy_about about;
	unsigned where;

	if (!policy_action_parse(str_of(call->route->action), &action)) {
		api_problem(api, call, ERR_FORBIDDEN, NULL, MSG_COUNT);
		return false;
	}
	if (!api_shelf(api, call) && is_for_all(action))
		return true;
	about = policy_action_about(action);
	/* what is about one case is asked with the case: by its route, and by the writer */
	if (about == POLICY_ABOUT_CASE || about == POLICY_ABOUT_PERSONAL)
		return true;
	/* and what is about one device with its maintainer, by its route */
	if (action == POLICY_SET_DEVICE_STATE || action == POLICY_LOG_FOOTAGE)
		return true;
	return access_must(api, call, action, &where);
}

void api_fini(struct api *api)
{
	proposer_free(api->proposer);
	if (api->proposer_hold)
		api->release_shelf(api->proposer_hold);
	api->proposer = NULL;
	api->proposer_hold = NULL;
}

struct proposer *api_proposer(struct api *api, const struct cases_shelf *shelf)
{
	if (api->proposer && api->proposer_shelf == shelf)
		return api->proposer;
	api_fini(api);
	/* it looks at the table of the shelf as long as it lives */
	api->proposer_shelf = api->hold_shelf(api->ctx, &api->proposer_hold);
	if (api->proposer_shelf && proposer_new(api->reader, &api->proposer_shelf->now.categories,
						&api->proposer) != ERR_OK)
		api->proposer = NULL;
	return api->proposer;
}
