/* Within the command `liren user`: the store while it is asked, and what is only read. */
#ifndef LIREN_CLI_USER_H
#define LIREN_CLI_USER_H

#include "cli.h"

#include "app/account_door.h"
#include "service/reader.h"

struct user_call {
	struct settings settings;
	struct store_secrets secrets;
	struct store_paths paths;
	struct reader *reader;
	struct runner *runner; /* of our own; NULL: an office has the store */
	struct problem problem;
	char account[128]; /* of the operator */
	struct account_row who; /* whom it is about */
};

/* By name, or by the number of the account. ERR_NOT_FOUND, with the problem. */
enum err user_find(struct user_call *u, const char *who, struct account_row *ret) MUST_CHECK;

/* Accounts of the staff, one line each. */
enum err user_list(struct user_call *u) MUST_CHECK;
/* One account: what is kept of it, and what it can be signed in with. */
enum err user_show(struct user_call *u) MUST_CHECK;
enum err user_show_sessions(struct user_call *u) MUST_CHECK;

#endif
