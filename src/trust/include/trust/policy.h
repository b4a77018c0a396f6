/* Who may: the rules of etc/policy.yaml, and the one decision by them. Denied is what no rule
 * permits, over actions and over fields. Depends on cases/model.h. Pure. O(rules).
 *
 * The first rule of the file that fits decides. A rule fits where all of it does: who, what of it
 * (item and field of the data catalogue), purpose, where, and while. Personal fields of a case are
 * open where this permits it AND the case type lets the role see the field (`sees`). */
#ifndef LIREN_TRUST_POLICY_H
#define LIREN_TRUST_POLICY_H

#include "base/problem.h"
#include "cases/model.h"

#define POLICY_RULES_MAX 256u
#define POLICY_OPENS_MAX 16u /* items of one rule */
#define POLICY_DAYS_AFTER_MAX 90u
#define POLICY_WHY_BYTES_MAX 4096u

enum policy_action {
#define ACTION(symbol, name, about, zh, en) POLICY_##symbol,
#include "trust/action_table.h"
#undef ACTION
	POLICY_ACTION_COUNT
};

/* What an action is about, so which facts decide it. */
enum policy_about {
	POLICY_ABOUT_NOTHING,
	POLICY_ABOUT_MANY,     /* cases, without personal data: the answer says which of them */
	POLICY_ABOUT_PLACE,    /* one place, or all */
	POLICY_ABOUT_CASE,
	POLICY_ABOUT_PERSONAL, /* a field of a case; these actions alone reach personal data */
};

const char *policy_action_name(enum policy_action a);
const char *policy_action_words(enum policy_action a, enum lang lang);
enum policy_about policy_action_about(enum policy_action a);
/* By its name, as files and api/openapi.yaml have it. False: there is no such action. */
bool policy_action_parse(struct str name, enum policy_action *ret);

/* ---- who asks ---- */

enum policy_kind {
	POLICY_ANYONE,   /* neither account nor secret */
	POLICY_HOLDER,   /* of a case's secret: the facts of the case say of which record */
	POLICY_ACCOUNT,  /* signed in; acting in a post, or as a resident */
	POLICY_OPERATOR, /* at the command line of the office's own machine */
	POLICY_TIMER,    /* the program itself */
};

/* Names in files of the kinds that are no role. */
#define POLICY_WHO_ANYONE "anyone"       /* every person, with or without account */
#define POLICY_WHO_SIGNED_IN "signed_in" /* every account */
#define POLICY_WHO_OPERATOR "operator"
/* The roles that a case gives: those who handed it in, those who follow it. */
#define POLICY_ROLE_REPORTER "reporter"
#define POLICY_ROLE_FOLLOWER "follower"

struct policy_actor {
	enum policy_kind kind;
	/* The role it acts in: of a post, or reporter or follower. Empty: none is claimed. That a
	 * post is theirs was checked by whoever fills this in; that they are reporter or follower
	 * only the facts of the case say. */
	struct str role;
	struct str unit;         /* of the post; empty: none */
	const struct str *areas; /* of the post: codes of grids */
	unsigned areas_n;
};

/* ---- what it is about ---- */

/* A case as it is now. Whoever loads it fills this in (service/access.h). */
struct policy_case {
	struct str purpose;   /* of its type */
	struct str area;      /* code of the grid; empty: in none */
	struct str lead_unit; /* code; empty: none yet */
	const struct str *joint_units;
	unsigned joint_units_n;
	struct str told_units; /* told and asked, not sent: codes parted by blanks */
	int64_t closed_us; /* 0: it is live */
	bool is_reporter, is_follower; /* the actor is, by account or by secret */
	bool is_confidential; /* the reporter asked not to be named to the other side */
};

/* Is the unit one of these codes, which are parted by blanks? */
bool policy_has_unit(struct str units, struct str unit);

struct policy_place {
	struct str area; /* empty: in none, or all places are meant */
	struct str unit; /* that maintains it; empty: none is known, or all places are meant */
};

struct policy_request {
	enum policy_action action;
	struct str purpose;     /* stated, of an action that opens personal data; else empty */
	struct str item, field; /* of the catalogue ("21", "contact"), likewise */
	const struct policy_case *about;  /* NULL: no case */
	const struct policy_place *place; /* NULL: no place */
	bool is_own; /* about neither: it is a record of the actor's own account */
	int64_t now_us;
};

/* ---- the rules ---- */

/* Where: bits; one of them suffices. */
enum policy_where {
	POLICY_WHERE_ANY = 1,
	POLICY_WHERE_OWN_AREA = 2, /* the case, or place, lies in an area of the post. One that
				      lies in none counts as everybody's, but never to open
				      personal data */
	POLICY_WHERE_OWN_UNIT = 4, /* the unit of the post leads the case, or maintains the place */
	POLICY_WHERE_JOINT_UNIT = 8, /* or has a joint part in it */
	POLICY_WHERE_OWN_RECORD = 16, /* it is the actor's own */
	POLICY_WHERE_TOLD_UNIT = 32,  /* the unit of the post was told of it: to see, no more */
};

/* What comes with a permission: bits. */
enum policy_obligation {
	POLICY_WRITE_LOOK = 1,  /* before anything is shown */
	POLICY_TELL_PERSON = 2, /* afterwards */
	POLICY_HIDE = 4, /* fields that it hides in a confidential case stay shut: ask for each */
};

/* Fields of one item. */
struct policy_opens {
	struct cases_name item;
	struct cases_names fields;
	struct cases_names hides; /* of these, where the case is confidential */
	/* by policy_prove: bits by index in the item's fields */
	uint32_t fields_set, hides_set;
};

struct policy_rule {
	struct cases_name id;
	struct str words[LANG_COUNT];
	struct cases_names who, may, purposes, where, obliges;
	struct policy_opens *opens;
	unsigned opens_n;
	bool is_any_time;    /* else while the case is live … */
	unsigned days_after; /* … and so many days longer */
	/* by policy_prove */
	uint64_t roles;   /* bits by index in the roles */
	unsigned kinds;   /* 1 << enum policy_kind; of POLICY_ANYONE: every person */
	uint64_t actions; /* 1 << enum policy_action */
	unsigned where_set, obligations;
};

struct policy {
	struct str file; /* how it is called in messages */
	unsigned version;
	struct policy_rule *v;
	unsigned n;
	/* by policy_prove: views of the book's lists */
	const struct cases_role *roles;
	unsigned roles_n;
	const struct cases_item *items;
	unsigned items_n;
};

/* Names become indices, and what the program itself refuses is refused, whatever a file says:
 *   1  a name of a role, action, item, field, purpose, place or duty that is none
 *   2  personal data by way of an action that shows many cases, a map, a search or a stream
 *   3  personal data to anyone but reporter and follower without a purpose, without a look, or for
 *      good: a purpose ends with its case, and at most POLICY_DAYS_AFTER_MAX days later
 *   4  personal data to everybody, to every account, or to the timer
 *   5  the reporter's contact to a unit, not hidden where the case is confidential
 *   6  a condition that the action has no facts for
 *   7  an office that nobody could run: the timer may do no step, the operator load no files
 * ERR_BAD_INPUT with the problem filled in, at the file's line and column. `book` has passed its
 * proofs, and its lists outlive the policy. */
enum err policy_prove(struct policy *p, const struct cases_book *book,
		      struct problem *problem) MUST_CHECK;

/* ---- the decision ---- */

/* Why not: of the rule that came furthest. */
enum policy_reason {
	POLICY_PERMITTED,
	POLICY_NO_FILE,       /* there is no policy in force */
	POLICY_NOT_THIS_ROLE, /* no rule lets this role do it at all */
	POLICY_NOT_THIS_FIELD,
	POLICY_NOT_THIS_PURPOSE,
	POLICY_NOT_HERE, /* another area, another unit, another's record; no case at all */
	POLICY_OVER,     /* the case is closed, and so is its purpose */
	POLICY_HIDDEN,   /* the reporter asked not to be named */
	POLICY_REASONS
};

struct policy_decision {
	bool permit;
	enum policy_reason reason;
	unsigned obligations;           /* of a permission */
	const struct policy_rule *rule; /* that permits, or came furthest; NULL: none */
	/* Which of the places of the rule held. Of POLICY_ABOUT_MANY: those of all rules that fit;
	 * show only cases that one of them holds for. */
	unsigned where;
};

/* May they? `p` may be NULL: then nobody may anything. An action about a case needs the case. Of
 * an action that opens personal data with an empty `field`: is any field of the item open? */
struct policy_decision policy_decide(const struct policy *p, const struct policy_actor *actor,
				     const struct policy_request *request);

/* May somebody of this role do it anywhere at all? So that a screen need not offer what never
 * works. No permission to do anything. */
bool policy_ever(const struct policy *p, const struct policy_actor *actor,
		 enum policy_action action);

/* ---- in words ---- */

/* "desk lead, duty officer": who may, by the rules that open this item and field (both empty: any
 * of them). Appends nothing where nobody may. */
void policy_put_who(const struct policy *p, enum policy_action action, struct str item,
		    struct str field, enum lang lang, struct buf *out);

/* The same by the names that policy.yaml has for them: "anyone, duty_officer". */
void policy_put_who_names(const struct policy *p, enum policy_action action, struct str item,
			  struct str field, struct buf *out);

/* "Why?": sentences, a line each: what came of it and by which rule, the facts that decided, who
 * may, and how to ask. `out` needs POLICY_WHY_BYTES_MAX. */
void policy_why(const struct policy *p, const struct cases_book *book,
		const struct policy_actor *actor, const struct policy_request *request,
		const struct policy_decision *decision, enum lang lang, struct buf *out);

#endif
