/* What the policy in force lets the operator do at the command line. */
#include "cli.h"

#include "app/etc.h"
#include "service/access.h"

/* Of no case in particular: a rule for the operator that holds in some cases only lets nothing. */
static enum err ask(const struct policy *p, enum policy_action action, struct problem *problem)
{
	const struct policy_actor operator_ = {.kind = POLICY_OPERATOR};
	const struct policy_case any = {.area = STR("*"), .closed_us = 1};
	bool of_case = policy_action_about(action) == POLICY_ABOUT_CASE;
	const struct policy_request q = {
	    .action = action, .about = of_case ? &any : NULL, .now_us = INT64_MAX};
	struct policy_decision d = policy_decide(p, &operator_, &q);

	return d.permit ? ERR_OK : access_refuse(p, &q, &d, problem);
}

int cli_permit(const struct settings *s, enum policy_action action)
{
	static struct config_shelf_failure failure;
	struct etc_options o = {.settings = s};
	struct etc_shelf *shelf = NULL;
	struct problem problem = {0};
	struct db *db = NULL;
	enum err e = ERR_OK;

	/* a store that cannot be read is told by the command itself */
	if (db_open(s->journal, DB_SCHEMA_journal, DB_READ, NULL, &db) != ERR_OK)
		return CLI_DONE;
	o.db = db;
	if (etc_in_force(&o, &shelf, &failure) == ERR_OK && shelf->shelf.policy)
		e = ask(shelf->shelf.policy, action, &problem);
	etc_shelf_free(shelf);
	db_free(db);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, &problem);
}
