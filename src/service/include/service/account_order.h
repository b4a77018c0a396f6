/* What is asked of the writer about accounts: entries (struct account_order, COMMAND_ACCOUNT), and
 * sessions, which are no entries (struct session_order, COMMAND_SESSION). Who may ask is not
 * decided here: the actor is told, and the policy has said yes. */
#ifndef LIREN_SERVICE_ACCOUNT_ORDER_H
#define LIREN_SERVICE_ACCOUNT_ORDER_H

#include "base/problem.h"
#include "service/account.h"
#include "service/account_code.h"
#include "service/password.h"

enum account_act {
	ACCOUNT_MAKE,	      /* answer.n is its id */
	ACCOUNT_CHANGE,	      /* what of name, contact, lang and posts is set; the rest stays */
	ACCOUNT_END,	      /* nobody signs in with it any more; what it did stays */
	ACCOUNT_ERASE,	      /* as END, and its keys are destroyed */
	ACCOUNT_SET_PASSWORD, /* the one before is dead from the COMMIT on */
	ACCOUNT_SET_SHEET,    /* likewise */
};

/* Who acts: an account under a post. `account` 0: an operator, named by the command's account. */
struct account_actor {
	uint64_t account;
	struct str role, unit;
};

/* Room for the entry of an answer: names and contact sealed, eight posts. */
#define ACCOUNT_ENTRY_BYTES 12288u

/* A second person of the staff is needed, and stands in the entry, where somebody else gives a
 * resident a new way to sign in while there is one (a lost sheet); and where an account does that
 * to another account of the staff. Who sets their own needs nobody. */
struct account_order {
	enum account_act act;
	struct account_actor by;
	struct account_actor second; /* account 0: none */
	uint64_t account;	     /* whom it is about; not of MAKE */

	enum account_kind kind; /* of MAKE */
	bool sets_name, sets_contact, sets_lang, sets_posts; /* of CHANGE */
	struct str name;    /* empty: none, which only a resident's may have */
	struct str contact; /* a mail address; empty: none */
	enum lang lang;
	struct account_posts posts;

	/* of MAKE: with a password, a sheet, or both from the start */
	bool with_password, with_sheet;
	struct password_hash hash; /* of SET_PASSWORD, or with_password */

	/* answers */
	struct problem problem; /* where it was refused */
	uint64_t sheet; /* of SET_SHEET, or with_sheet: its number */
	bool has_codes; /* not where it was answered before: codes are told once */
	char codes[CODE_SHEET_CODES][CODE_TEXT_BYTES + 1]; /* wipe them */
};

enum session_act {
	SESSION_BEGIN, /* by a secret that was found right, or in a demo without one */
	SESSION_TOUCH,
	SESSION_SWITCH, /* to another post of the account */
	SESSION_END,
	SESSION_END_ALL, /* of the account */
};

struct session_order {
	enum session_act act;
	uint64_t account;
	uint64_t session; /* of TOUCH, SWITCH, END */
	unsigned post;	  /* of BEGIN and SWITCH: index into the account's posts */
	int64_t now_us;	  /* on the clock of sessions */
	/* of BEGIN */
	bool demo;	  /* refused by a store that is none */
	uint64_t secret;  /* the entry of the password or sheet; must still be in force */
	unsigned code;	  /* of a sheet: index of the code, which is used up with it */
	struct hash32 token;
};

/* Data keys that an order may take. */
unsigned account_order_keys(const struct account_order *o);

#endif
