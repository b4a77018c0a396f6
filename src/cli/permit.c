/* What the policy in force lets the operator do at the command line. */
#include "cli.h"

#include "app/etc.h"
#include "service/access.h"

/* Of no case in particular: a rule for the operator that holds in some cases only lets nothing. */
static enum err ask(const struct policy *p, enum policy_action action, struct problem *problem)
{
	const struct policy_actor operator_ = {.kind = POLICY_OPERATOR};
	const struct policy_case any = {.area = STR("*"), .closed_us = 1};
	const struct policy_place all = {{0}, {0}};
	enum policy_about about = policy_action_about(action);
	const struct policy_request q = {.action = action,
					 .about = about == POLICY_ABOUT_CASE ? &any : NULL,
					 .place = about == POLICY_ABOUT_PLACE ? &all : NULL,
					 .now_us = INT64_MAX};
	struct policy_decision d = policy_decide(p, &operator_, &q);

	return d.permit ? ERR_OK : access_refuse(p, &q, &d, problem);
}

/* The policy in force. ERR_OK with NULL: no file has been in force yet. */
static enum err load(struct etc_options *o, struct etc_shelf **ret_shelf, const struct policy **ret,
		     struct config_shelf_failure *failure)
{
	enum err e = etc_in_force(o, ret_shelf, failure);

	if (e == ERR_NOT_FOUND)
		e = ERR_OK;
	if (e == ERR_OK && *ret_shelf)
		*ret = (*ret_shelf)->shelf.policy;
	return e;
}

static int permit(const struct settings *s, enum policy_action action, bool mends)
{
	static struct config_shelf_failure failure;
	const struct policy *policy = NULL;
	struct etc_options o = {.settings = s};
	struct etc_shelf *shelf = NULL;
	struct db *db = NULL;
	enum err e = db_open(s->journal, DB_SCHEMA_journal, DB_READ, NULL, &db);

	failure = (struct config_shelf_failure){0};
	o.db = db;
	if (e == ERR_OK)
		e = load(&o, &shelf, &policy, &failure);
	if (!policy && mends)
		e = ERR_OK;
	else if (db && failure.cases.problem.err == ERR_OK)
		e = ask(policy, action, &failure.cases.problem);
	etc_shelf_free(shelf);
	db_free(db);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, &failure.cases.problem);
}

int cli_permit(const struct settings *s, enum policy_action action)
{
	return permit(s, action, false);
}

int cli_permit_mending(const struct settings *s, enum policy_action action)
{
	return permit(s, action, true);
}

int cli_store_permit(const struct settings_overrides *o, enum policy_action action,
		     struct settings *ret)
{
	int code = cli_store(o, ret);

	return code == CLI_DONE ? cli_permit(ret, action) : code;
}
