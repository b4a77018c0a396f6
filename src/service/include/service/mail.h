/* Mails about steps of cases, from the effect to what stands in them. An effect names the entry of
 * the step and whom it is for: the case's reporter, the entry by which a follower joined, or the
 * first entry of a case that was joined to this one, for its reporter. The letter is about the
 * recipient's own case, whose number they know. The
 * address is looked up and opened when the mail is sent, by nobody who could read it: no look is
 * written for that. Staff get none: they have the queue. Depends on journal and cases. */
#ifndef LIREN_SERVICE_MAIL_H
#define LIREN_SERVICE_MAIL_H

#include "cases/shelf.h"
#include "service/account.h"
#include "service/reader.h"

#define MAIL_TO_REPORTER 0u /* else the number of an entry */
#define MAIL_JOINED_MAX 400u  /* cases joined to one, whose reporters and followers hear of it */
#define MAIL_A_DAY_MAX 10u  /* of one case to one recipient (UTC); the rest is left to the page */
#define CASE_CONTACT_FIELD "contact" /* of a report, or of a follower's words */
#define MAIL_LETTER_ARENA_BYTES (24u * ENTRY_BYTES_MAX)

/* One mail. No text of a person is in it, no place, no secret. */
struct mail_letter {
	uint64_t case_id, number;
	bool is_drill;
	bool is_last; /* of the day: those after it are left to the page */
	struct str
	    line[LANG_COUNT]; /* what the step says in public; empty: nothing; in the arena */
	bool has_lang;        /* an account's; else the mail is in both */
	enum lang lang;
	char to[ACCOUNT_CONTACT_BYTES_MAX + 1]; /* wipe it after use */
};

/* What the mail of this effect is on this day (days since 1970, UTC). `shelf` may be NULL: then it
 * has no line. ERR_NOT_FOUND: the recipient left no mail address; ERR_GONE: the case, the
 * recipient's record or their account is erased; ERR_TOO_MANY: over MAIL_A_DAY_MAX; else errors of
 * the store. On any of them nothing personal is left in *ret. */
enum err mail_letter_of(struct reader *r, const struct cases_shelf *shelf, const struct effect *e,
			int32_t day, struct arena *a, struct mail_letter *ret) MUST_CHECK;

/* Subject and text of it, in their language or in both; `url`: where the case is looked at. */
#define MAIL_SUBJECT_BYTES_MAX 256u
#define MAIL_TEXT_BYTES_MAX 4096u
void mail_letter_put_subject(const struct mail_letter *m, struct buf *out);
void mail_letter_put_text(const struct mail_letter *m, struct str url, struct buf *out);

/* One more was sent to this recipient; within the caller's transaction. */
enum err mail_count(struct db *db, uint64_t case_id, uint64_t recipient, int32_t day) MUST_CHECK;

#endif
