/* What a command about cases carries: a report handed in, one step of a case, or the answer of a
 * mother case to all its children. Values come as text, as forms and files have them; the writer
 * reads them by the case type. Depends on cases/step.h. */
#ifndef LIREN_SERVICE_CASE_ORDER_H
#define LIREN_SERVICE_CASE_ORDER_H

#include "base/problem.h"
#include "base/seal.h"
#include "cases/mask.h"
#include "cases/step.h"
#include "place/geo.h"
#include "service/kind_case.h"

#define CASE_ORDER_FIELDS_MAX 32u
#define CASE_ORDER_TEXT_BYTES_MAX 12000u /* of all texts together: an entry has 32 KiB */
#define CASE_REPEAT_DAYS 30u             /* after its closing the same matter repeats it */
#define CASE_REPEAT_LOOK_MAX 32u         /* cases of the place that are looked at */
#define CASE_CHILDREN_MAX CASES_ORDERED_MAX /* of one mother case */
#define CASE_ATTACHMENTS_MAX 100u        /* of one case */
#define CASE_HOLD_PAGE_MAX CASES_ORDERED_MAX
#define CASE_HANDS_MAX 128u              /* people who ever acted on one case */
#define CASE_FOLLOWERS_MAX 1000u

/* The two roles that a case itself gives, whatever the files call the others. */
#define CASE_ROLE_REPORTER "reporter"
#define CASE_ROLE_FOLLOWER "follower"

enum case_order_kind {
	CASE_HAND_IN,
	CASE_DO,
	CASE_ANSWER_CHILDREN, /* `mother_answer` on every child where it can be done */
	CASE_ATTACH,          /* a sealed file (journal/blobs.h), durable already */
	CASE_HOLD_ALL, /* `hold` on the open cases of priorities 3 and 4 beyond `id`, a page at a
			  time. Both are one act with an entry of its own, cases.ordered, which is
			  the answer. A page of which nothing can be held is one, too */
};

/* choice: its name; yes_no: yes, no; number; date: 2026-11-27; instant: µs UTC; photo: entry of the
 * attachment; place, case: id; unit, category: code; text: the text. */
struct case_input {
	struct str field, value;
};

enum case_hand_kind {
	CASE_HAND_ACCOUNT, /* the account below, sealed behind a handle of this record */
	CASE_HAND_SECRET,  /* whoever holds the secret of the case, or of a follower's record */
	CASE_HAND_NEW,     /* a reporter without account hands in */
};

/* A file to be attached to a field of kind photo: what blob_put gave. */
struct case_file_given {
	struct str field, media;
	struct hash32 hash;
	uint64_t bytes;
	struct seal_key key; /* of the file; whoever made it wipes it */
	bool is_evidence;
};

struct case_order {
	enum case_order_kind kind;
	/* who; that the account has this post (role, unit, areas) was checked by the adapter.
	 * Whether the policy lets it act is asked here, of the case as it is. What only the record
	 * knows is asked here as well: a secret makes its holder reporter or follower and nothing
	 * else, and an account is the reporter of those cases alone that it handed in */
	enum case_hand_kind hand;
	struct str role, unit;
	const struct str *areas; /* of the post: codes of grids */
	unsigned areas_n;
	struct str account;                /* at most HANDLE_ACCOUNT_MAX */
	uint8_t secret[SEAL_SECRET_BYTES]; /* of CASE_HAND_SECRET */
	/* entry by which that follower joined; 0: the reporter. Of staff: for whom they write a
	 * message down or attach a file, which are then under that follower's own key */
	uint64_t follower;
	/* what */
	struct str type;    /* of a report: code of the case type */
	uint64_t id;        /* else: the case */
	uint64_t seen;      /* its last entry that the actor saw; 0: not asked */
	struct str command; /* of CASE_DO */
	const struct case_input *fields;
	unsigned fields_n;
	const struct str *conditions_set, *conditions_cleared; /* names */
	unsigned conditions_set_n, conditions_cleared_n;
	/* of a report */
	bool has_at; /* the point that the reporter confirmed; else that of the place */
	struct geo_point at;
	int64_t happened_us; /* 0: now */
	uint64_t split_from; /* 0: none */
	/* the finding of a visit that it comes of, by code of the checklist and name of the line;
	 * empty: none. Staff's to say */
	struct str checklist, check_line;
	uint64_t repeats;    /* a case of theirs that was closed, with its secret or account; 0 */
	uint8_t repeats_secret[SEAL_SECRET_BYTES];
	uint64_t offered_by; /* a case of theirs that was refused and offers this type; 0 */
	uint8_t offered_secret[SEAL_SECRET_BYTES];
	const struct case_file_given *attach; /* of CASE_ATTACH */
	/* of `follow` */
	struct str follower_channel;
	bool follower_is_confidential;
	/* the answer: what became of it */
	uint64_t ret_id, ret_number;
	unsigned ret_done, ret_refused; /* of children, and of cases to hold */
	uint64_t ret_next; /* of CASE_HOLD_ALL: go on from here; 0: all were looked at */
	struct mask_counts
	    ret_masked; /* what was taken out of its texts: tell whoever wrote them */
	enum case_refusal refusal;
	struct problem problem;
};

/* Data keys that deciding it may take. */
unsigned case_order_keys(const struct case_order *o);

#endif
