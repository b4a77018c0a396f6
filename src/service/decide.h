/* Within the service only: what each command comes to. */
#ifndef LIREN_SERVICE_DECIDE_H
#define LIREN_SERVICE_DECIDE_H

#include "service/writer.h"

/* Decide one command within the writer's transaction: append, apply, effects, request row, answer.
 */
enum err decide(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;

/* A random handle, of somebody without account in this one entry. */
void decide_handle(struct writer *w, struct actor *a);
/* The handle of an account in a record that begins with this entry, with the account behind it; the
 * key that it is sealed under. */
enum err decide_hand(struct writer *w, struct str role, struct str unit, uint64_t account,
		     struct actor *ret, uint64_t *ret_key) MUST_CHECK;
/* The answer names the entry and its salt at once. Its maker gave the room that the command needs.
 */
enum err decide_answer(struct command *c, const struct appended *a) MUST_CHECK;
/* The data key of a line: ERR_NOT_FOUND, ERR_GONE where it is erased. */
enum err decide_key_of_line(struct writer *w, uint64_t n, uint64_t *ret) MUST_CHECK;

/* A record is erased by its owner, who shows its secret, or by order: a line, a case that is at an
 * end, a follower's record. */
enum err decide_erase(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;

#define FORGET_MAX 64u /* cases of one transaction */

/* Personal data of at most `limit` cases go whose time to be kept is over; the next instant at
 * which there are some, INT64_MAX none. O(due). */
enum err decide_forgetting(struct writer *w, int64_t at_us, unsigned limit,
			   int64_t *ret_next_us) MUST_CHECK;

/* An actor of role operator with a handle of its own; the account behind it is sealed in keys.db.
 */
enum err decide_operator(struct writer *w, struct str account, struct actor *ret) MUST_CHECK;

/* The drafts of a batch (place_batch.h): an outcome each; fails as a whole only where the store
 * does. */
enum err decide_places(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;

/* The drafts of a batch of another office's cases (case_batch.h), likewise. */
enum err decide_import(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;

/* Files of etc/: those that changed are journalled and kept; where they are a whole set, what is
 * not among them goes out of force. Numbers of entries are put on the command's shelf. */
enum err decide_files(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;

/* A report or a step of a case (case_order.h); its problem says why it was refused. */
enum err decide_case(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
/* What the answer of such a command holds beside its entry, again. */
enum err decide_case_again(struct writer *w, struct command *c) MUST_CHECK;

/* Accounts and what they are signed in with (account_order.h); the order's problem says why it was
 * refused. */
enum err decide_account(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
/* An account's name, contact and credentials are erased by order: for COMMAND_ERASE_RECORD. */
enum err decide_account_erase(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
enum err decide_is_account(struct writer *w, uint64_t id, bool *ret) MUST_CHECK;
/* Who is signed in: rows, no entry. */
enum err decide_session(struct writer *w, struct command *c) MUST_CHECK;
/* A look at personal fields (look_order.h): what the policy permits, by the case as it is. */
enum err decide_look(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
/* A desk is opened, taken over, or left a note (shift_order.h). */
enum err decide_shift(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
/* The state of a device is said (device_order.h). */
enum err decide_device(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
/* May this word stand as its source? */
enum err decide_device_word(struct str source, struct problem *p) MUST_CHECK;
struct device_said;
/* May this be said of a device? *ret_same: the entry by which it is so already, 0 none. */
enum err decide_device_check(struct writer *w, const struct device_said *d, int64_t at_us,
			     struct problem *p, uint64_t *ret_same) MUST_CHECK;
/* Somebody starts or ends their duty, or a break in it (duty_order.h). */
enum err decide_duty(struct writer *w, struct command *c, int64_t at_us) MUST_CHECK;
struct account_posts;
/* The account has ended (posts NULL), or has these posts from now on, by the entry `a`: a duty that
 * it is on under none of them counts no more, and the key behind its handle is destroyed, by the
 * effect `idx` of that entry. O(on duty). */
enum err decide_duty_leave(struct writer *w, uint64_t account, const struct account_posts *posts,
			   const struct appended *a, unsigned idx) MUST_CHECK;

#define TIMERS_MAX 512u /* cases of one transaction */

/* What the clocks of at most `limit` cases ask for, the longest due first. */
enum err decide_timers(struct writer *w, int64_t at_us, unsigned limit,
		       unsigned *ret_done) MUST_CHECK;

#endif
