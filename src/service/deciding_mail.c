/* Mails that a step makes: effects of its entry, one a recipient. None names an address or a person
 * (service/mail.h). O(followers), of which there is a cap. */
#include "deciding.h"

#include "journal/outbox.h"
#include "service/mail.h"

static enum err put(struct deciding *d, const struct appended *a, uint32_t idx, uint64_t recipient)
{
	return outbox_put(d->w->db, &(struct effect){.n = a->n,
						     .idx = idx,
						     .channel = CHANNEL_MAIL,
						     .arg = recipient,
						     .at_us = a->at_us});
}

static bool tells(const struct deciding *d, struct str role)
{
	for (unsigned i = 0; i < d->entry.tells_n; i++)
		if (str_eq(d->entry.tells[i], role))
			return true;
	return false;
}

/* What everybody may read, followers may hear. */
static bool is_public(const struct deciding *d)
{
	return d->step.transition != CASES_NONE &&
	       d->file.type->transitions[d->step.transition].public_line[LANG_ZH].n > 0;
}

static enum err put_followers(struct deciding *d, const struct appended *a, uint32_t idx)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_follower_list);
	bool row = true;

	db_bind_u64(s, 1, d->file.id);
	db_bind_u64(s, 2, CASE_FOLLOWERS_MAX);
	for (;;) {
		uint64_t follower;
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			return ERR_OK;
		follower = db_u64(s, 0);
		TRY(put(d, a, idx++, follower));
	}
}

enum err deciding_put_mails(struct deciding *d, const struct appended *a)
{
	bool reporter = tells(d, STR(CASE_ROLE_REPORTER));
	bool followers = tells(d, STR(CASE_ROLE_FOLLOWER)) || (reporter && is_public(d));

	if (!d->w->mails)
		return ERR_OK;
	if (reporter)
		TRY(put(d, a, 0, MAIL_TO_REPORTER));
	return followers ? put_followers(d, a, reporter ? 1 : 0) : ERR_OK;
}
