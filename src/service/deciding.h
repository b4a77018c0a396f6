/* Within the service: a case while it is decided, and the parts of a decision: reading the order,
 * writing the entry. */
#ifndef LIREN_SERVICE_DECIDING_H
#define LIREN_SERVICE_DECIDING_H

#include "decide.h"

#include "case_file.h"
#include "service/kind_attachment.h"
#include "service/kind_case.h"
#include "service/kind_finding.h"
#include "trust/policy.h"

#define NAMES_MAX CASE_ENTRY_NAMES_MAX

/* One step while it is decided. Large: one of them lives in the writer's memory. */
struct deciding {
	struct writer *w;
	struct case_order *o;
	int64_t at_us;
	struct case_names names;
	struct case_file file;
	struct case_now before;
	struct seal_key key; /* of the case, or of the follower's record whose words these are */
	uint64_t key_id;
	struct actor actor;
	bool is_new_hand;
	struct case_fill fills[CASE_ORDER_FIELDS_MAX];
	unsigned fills_n;
	struct str texts[CASE_ORDER_FIELDS_MAX]; /* by fill, masked; empty: no text */
	size_t masked_n;
	char masked[CASE_ORDER_TEXT_BYTES_MAX * MASK_GROWTH];
	struct case_tie ties[CASE_TIES_MAX];
	unsigned ties_n;
	struct cases_route route;
	bool is_routed, is_repeat;
	struct case_found found; /* of a report that comes of a finding; else empty */
	uint64_t conditions_set, conditions_cleared;
	bool is_elsewhere; /* the place was corrected in this step; the file has the new one */
	struct case_spot was;
	char was_area[CASES_NAME_BYTES_MAX];
	struct case_stepped step;
	struct case_entry entry;
	/* what the entry points to */
	struct case_value values[CASES_FIELDS_MAX];
	struct str removed[CASES_FIELDS_MAX];
	struct case_clock_value clocks[CASES_CLOCKS_MAX];
	struct case_part_value parts[CASE_PARTS_MAX];
	struct case_sealed sealed[CASE_SEALED_MAX];
	struct str conditions[NAMES_MAX], signed_[CASES_FIELDS_MAX], tells[NAMES_MAX],
	    told[CASES_UNITS_MAX], figures[CASE_FIGURE_COUNT], stopped[CASES_CLOCKS_MAX];
	uint8_t hand_box[HANDLE_ACCOUNT_MAX + SEAL_OVERHEAD_BYTES];
	size_t boxes_n;
	uint8_t boxes[CASE_ORDER_TEXT_BYTES_MAX + CASE_SEALED_MAX * SEAL_OVERHEAD_BYTES];
};

const struct calendar *deciding_calendar(const struct cases_shelf *shelf);
enum err deciding_refuse(struct deciding *d, enum err e, struct str field, enum msg msg,
			 struct str a, struct str b) MUST_CHECK;
/* What the engine refused, as a problem that names field and remedy. */
enum err deciding_refused(struct deciding *d, enum cases_command command) MUST_CHECK;
enum err deciding_bad_value(struct deciding *d, const struct case_input *in,
			    const char *takes) MUST_CHECK;
enum err deciding_is_case(struct writer *w, uint64_t id, bool *ret) MUST_CHECK;
enum err deciding_read_fields(struct deciding *d, bool only_texts) MUST_CHECK;
/* Fills o->ret_masked from the order's texts, and reads nothing else of it. type NULL: of many
 * cases, of whatever type; each value that it brings is looked at, once. */
void deciding_count_masked(struct deciding *d, const struct cases_type *type);
enum err deciding_read_conditions(struct deciding *d, const struct str *names, unsigned n,
				  uint64_t *ret) MUST_CHECK;
enum err deciding_read_role(struct deciding *d, unsigned *ret) MUST_CHECK;
enum err deciding_check_unit(struct deciding *d) MUST_CHECK;
enum err deciding_wrong_secret(struct deciding *d, const char *field) MUST_CHECK;
enum err deciding_check_secret(struct deciding *d) MUST_CHECK;
/* What the order brings is a follower's own: from here on it is sealed under the key of that
 * record. Of nobody's (follower 0) nothing changes. ERR_GONE where the record is erased. */
enum err deciding_take_followers_key(struct deciding *d) MUST_CHECK;
/* The handle that this person has in this record; whether it acts here for the first time. What
 * stands for somebody without account begins as no account does. `follower`: entry by which they
 * joined, or join now; 0: the reporter. */
void deciding_take_hand(struct deciding *d, uint64_t follower);
/* What the record knows of the right to act, once the hand is taken: a secret acts as reporter, or
 * as follower where it is one's; an account acts as reporter where it handed the case in, and as
 * follower by its secret alone. `begins_record`: a report, or `follow`. */
enum err deciding_check_hand(struct deciding *d, bool begins_record) MUST_CHECK;
/* Does the policy let it be done to the case that is loaded (of a report: at all)? The hand is
 * taken and the fields are read. Where not, the problem says the rule and who may. */
enum err deciding_permit(struct deciding *d, enum policy_action action,
			 enum cases_command command) MUST_CHECK;
/* The same by the post alone, whoever handed the case in. */
enum err deciding_permit_post(struct deciding *d, enum policy_action action) MUST_CHECK;
struct policy_actor deciding_actor_of(const struct case_order *o);
bool deciding_timer_may(struct deciding *d);
bool deciding_is_staff(const struct deciding *d);
uint64_t deciding_signer_of(const struct actor *a);
struct case_setting deciding_setting_of(struct deciding *d);
/* The category as it is after the fills; empty: none. */
struct str deciding_category_after(const struct deciding *d);
/* Whom the responsibilities name, where this command may send the case somewhere. */
enum err deciding_find_route(struct deciding *d, enum cases_command command) MUST_CHECK;
/* Links between cases are checked here, where others can be looked at. */
enum err deciding_tie_of(struct deciding *d, enum cases_command command) MUST_CHECK;
/* How a follower came is one of the ways that the type knows; there is a cap. */
enum err deciding_check_follower(struct deciding *d) MUST_CHECK;
/* The place that the order names must be there, and gives the point where the order has none; the
 * point gives the grid. */
enum err deciding_take_place(struct deciding *d, uint64_t place) MUST_CHECK;
/* A place that this step corrects, taken into the file. */
enum err deciding_relocate(struct deciding *d, enum cases_command command) MUST_CHECK;
void deciding_put_where(struct deciding *d);
const struct case_fill *deciding_fill_of(const struct deciding *d, unsigned field);
/* The text that this order brings for the field of that name, masked; empty: none. */
struct str deciding_text_of(const struct deciding *d, struct str field);
/* What the case is found by, put anew where this step corrects its place or brings a number that
 * another office calls it by. The key of the case is taken. is_followers: the texts will be sealed
 * under the key of a follower's record, and give the case no number. */
enum err deciding_reword(struct deciding *d, bool is_followers) MUST_CHECK;
/* Texts under the record's key, sorted by field. */
void deciding_seal_texts(struct deciding *d, struct case_entry *e);
/* Who acts here for the first time: the account, sealed under a key of that person and this record.
 */
void deciding_seal_hand_of(struct deciding *d, struct case_entry *e);
void deciding_put_entry(struct deciding *d);
/* When the personal data of a case go that ended at from_us. */
int64_t deciding_forget_at(const struct deciding *d, int64_t from_us);
/* The next number of the local day. */
enum err deciding_number(struct deciding *d, uint64_t *ret) MUST_CHECK;
/* The type that the order names, and the table of categories, as they are in force. */
enum err deciding_find_type(struct deciding *d) MUST_CHECK;
/* Whoever does not ask for the receipt gives no room for it. */
enum err deciding_answer(struct command *c, const struct appended *a) MUST_CHECK;
/* The finding of a visit that a report comes of, as the checklist in force has it: staff say it, of
 * a place, and the line names a category of the order's type. Without one d->found is empty. */
enum err deciding_check_finding(struct deciding *d) MUST_CHECK;
/* Its entry, behind that of the case `id`; nothing where the report comes of none. */
enum err deciding_put_finding(struct deciding *d, uint64_t id) MUST_CHECK;
/* A case that comes of a finding is opened under the line's category where no other is given. */
enum err deciding_take_finding(struct deciding *d, enum cases_command command) MUST_CHECK;
/* Mails that this step makes, as effects of its entry: none where mail does not go out. */
enum err deciding_put_mails(struct deciding *d, const struct appended *a) MUST_CHECK;
enum err deciding_load(struct deciding *d, uint64_t id) MUST_CHECK;
/* What is done to the case that is loaded: decided, sealed, appended. */
enum err deciding_step(struct deciding *d, enum cases_command command,
		       struct appended *ret) MUST_CHECK;
/* The memory of a decision is the writer's, taken when it is first needed. */
enum err deciding_of(struct writer *w, struct deciding **ret) MUST_CHECK;
/* Whose row does not fit its files, or whose entry has no room: nothing is wrong with the store. */
bool deciding_is_of_the_case(enum err e);
/* One of several is undone; entries that it had appended are gone again: so must be their leaves.
 */
enum err deciding_undo_one(struct writer *w, uint64_t n_before) MUST_CHECK;
enum err decide_children(struct deciding *d, struct command *c) MUST_CHECK;
/* One recorded act, one entry a case it moves; what cannot be held is passed over. */
enum err decide_hold_all(struct deciding *d, struct command *c) MUST_CHECK;
/* The answer of either again, from the entry c->answer.n. */
enum err decide_ordered_again(struct writer *w, struct command *c) MUST_CHECK;
enum err decide_attach(struct deciding *d, struct command *c) MUST_CHECK;

#endif
