/* An operator's orders about accounts, from a command line to the store's one writer: through the
 * door account.sock of a running office, else by a writer of the command's own. What passes is
 * names, mail addresses and hashes, and back come a sheet's codes; no password does. */
#ifndef LIREN_APP_ACCOUNT_DOOR_H
#define LIREN_APP_ACCOUNT_DOOR_H

#include "app/door.h"
#include "app/runner.h"
#include "service/account_order.h"

/* One order: either of the two. */
struct account_call {
	bool of_sessions;
	struct account_order order;
	struct session_order session; /* of SESSION_END or SESSION_END_ALL */
	/* answers */
	uint64_t n; /* the entry */
	struct problem problem;
};

/* By a runner in this process, in the name of this operator. */
enum err account_call_run(struct runner *r, struct str account,
			  struct account_call *call) MUST_CHECK;

/* The office's end; `runner` must outlive it, door_close ends it. */
enum err account_door_open(const struct settings *s, struct runner *runner,
			   struct door **ret) MUST_CHECK;

/* By the office that serves the store. As door_call; else what the order came to. */
enum err account_door_call(const struct settings *s, struct account_call *call) MUST_CHECK;

#endif
