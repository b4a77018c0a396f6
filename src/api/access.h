/* Within the api: may whoever asks do this, by the policy in force (trust/policy.h)? What is about
 * one case is asked with the case as it is; a command and a look are asked again by the writer. */
#ifndef LIREN_API_ACCESS_H
#define LIREN_API_ACCESS_H

#include "routes.h"

#include "cases/shelf.h"
#include "service/case_ask.h"
#include "service/cases.h"
#include "service/cases_find.h"
#include "service/viewer.h"
#include "trust/policy.h"

#define ACCOUNT_TEXT_BYTES 32u /* of an account as orders name it */

struct account_posts;
json_t *posts_json(const struct account_posts *posts);

/* The files in force, held until the call ends; NULL: there are none yet. */
const struct cases_shelf *api_shelf(struct api *api, struct api_call *call);

/* What time it is in the store (a demo's clock is its own), and the day there. */
int64_t api_now(const struct api *api);
int32_t api_today(struct api *api, struct api_call *call);

/* An account as orders about cases name it: "account:17". */
void account_put_text(uint64_t account, struct buf *out);

/* The role of the post that acts; "reporter" of a resident or of nobody. */
struct str access_role(const struct api_call *call);

/* May the actor do this in its own role, by what is known without a case? Of actions about many
 * cases *ret_where says which of them. */
bool access_may(struct api *api, struct api_call *call, enum policy_action action,
		unsigned *ret_where);

/* The same, else the refusal with rule, reason and who may. */
bool access_must(struct api *api, struct api_call *call, enum policy_action action,
		 unsigned *ret_where);

/* Likewise, of one place. */
bool access_place_must(struct api *api, struct api_call *call, enum policy_action action,
		       const struct policy_place *place);

/* Class of place texts that may be seen: 0 public, 1 internal. */
unsigned access_place_class(struct api *api, struct api_call *call);

/* Who looks at many cases, as far as it decides what they see. ERR_FORBIDDEN: nobody who may. */
enum err access_viewer(struct api *api, struct api_call *call, enum policy_action action,
		       struct viewer *ret) MUST_CHECK;

/* The same, else the refusal (false). */
bool access_many(struct api *api, struct api_call *call, enum policy_action action,
		 struct viewer *viewer);

/* Does the actor keep a desk, where the unit of the post works in shifts and the post is one of
 * those that keep them? Whoever may take a desk over without a note need not. Else the refusal
 * (false). */
bool access_at_desk(struct api *api, struct api_call *call);

/* May the post open this field of that case now, by a look for the purpose of its type? */
enum err access_post_opens(struct api *api, struct api_call *call, uint64_t id, const char *field,
			   bool *ret) MUST_CHECK;

/* x-action of the route, as far as it is decided without a case; else the refusal. */
bool access_permit(struct api *api, struct api_call *call);

/* What proposes a category, made anew for other files; NULL: out of memory. */
struct proposer *api_proposer(struct api *api, const struct cases_shelf *shelf);

/* Who acts, as the writer wants to know it. `role`: claimed in this case beside the post; empty:
 * that of the post, or of the secret. */
void take_actor(struct case_order *o, const struct api_call *call, struct str role,
		bool begins_record, char account_memory[ACCOUNT_TEXT_BYTES]);

/* ---- one case ---- */

struct case_seen {
	struct case_view view;
	const struct cases_type *type; /* NULL: its file is no longer in force */
	struct case_standing standing;
	struct policy_case facts;
	struct str joint[CASE_PARTS_MAX];
	struct arena arena; /* for more that is read of it */
	char *memory;
};

/* The case of the path, for who may do this with it; else the refusal (false). A case that nobody
 * may see and one that is not there are told apart: its number is said on the phone. */
bool case_seen(struct api *api, struct api_call *call, enum policy_action action,
	       struct case_seen **ret);
void case_seen_free(struct case_seen *c);

/* "reporter" or "follower" of this case, or empty. */
struct str access_case_role(const struct case_seen *c);

/* May the actor do this, in this role? */
bool access_permits(struct api *api, struct api_call *call, const struct case_seen *c,
		    enum policy_action action, struct str role);

/* "may_open" and "rule" of a personal field or attachment; f NULL: its type is not known any more,
 * and nobody may. */
void put_access(json_t **to, struct api *api, struct api_call *call, const struct case_seen *c,
		const struct cases_field *f, enum policy_action action);

/* In which of the actor's roles may it open this field? Empty: in none; *ret_decision tells why. */
struct str access_role_for(struct api *api, struct api_call *call, const struct case_seen *c,
			   const struct cases_field *f, enum policy_action action,
			   struct policy_decision *ret_decision);

/* The refusal of a decision: 403 with the rule's id, or 401 where signing in would help. */
void refuse_access(struct api *api, struct api_call *call, enum policy_action action,
		   const struct policy_decision *d);

#endif
