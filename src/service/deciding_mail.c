/* Mails that a step makes: effects of its entry, one a recipient. None names an address or a person
 * (service/mail.h). Who reported or followed a case that was joined to this one hears of it as a
 * follower does. O(followers + joined cases), of both of which there is a cap. */
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

static enum err put_followers(struct deciding *d, const struct appended *a, uint64_t id,
			      uint32_t *idx)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_follower_list);
	bool row = true;

	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, CASE_FOLLOWERS_MAX);
	for (;;) {
		uint64_t follower;
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			return ERR_OK;
		follower = db_u64(s, 0);
		TRY(put(d, a, (*idx)++, follower));
	}
}

/* Cases joined to this one, and what had been joined to those. */
static enum err find_joined(struct deciding *d, uint64_t ids[MAIL_JOINED_MAX], unsigned *ret_n)
{
	uint64_t of = d->file.id;
	unsigned n = 0;

	for (unsigned next = 0;; of = ids[next++]) {
		struct db_stmt *s = db_stmt(d->w->db, SQL_case_link_of_kind);
		bool row = true;
		db_bind_u64(s, 1, of);
		db_bind_i64(s, 2, CASE_TIE_JOINED);
		db_bind_u64(s, 3, MAIL_JOINED_MAX);
		while (n < MAIL_JOINED_MAX) {
			TRY(db_step(d->w->db, s, &row));
			if (!row)
				break;
			ids[n++] = db_u64(s, 0);
		}
		db_done(s);
		if (next == n)
			break;
	}
	*ret_n = n;
	return ERR_OK;
}

static enum err put_joined(struct deciding *d, const struct appended *a, uint32_t *idx)
{
	uint64_t ids[MAIL_JOINED_MAX];
	unsigned n = 0;

	TRY(find_joined(d, ids, &n));
	for (unsigned i = 0; i < n; i++) {
		TRY(put(d, a, (*idx)++, ids[i])); /* its first entry: whoever handed it in */
		TRY(put_followers(d, a, ids[i], idx));
	}
	return ERR_OK;
}

enum err deciding_put_mails(struct deciding *d, const struct appended *a)
{
	bool reporter = tells(d, STR(CASE_ROLE_REPORTER));
	bool followers = tells(d, STR(CASE_ROLE_FOLLOWER)) || (reporter && is_public(d));
	uint32_t idx = 0;

	if (!d->w->mails)
		return ERR_OK;
	if (reporter)
		TRY(put(d, a, idx++, MAIL_TO_REPORTER));
	if (!followers)
		return ERR_OK;
	TRY(put_followers(d, a, d->file.id, &idx));
	return put_joined(d, a, &idx);
}
