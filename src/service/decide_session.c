/* Who is signed in: rows outside the projections, one transaction each, no entry. */
#include "decide.h"

#include "base/check.h"
#include "service/account_order.h"
#include "service/accounts.h"

#define SWEEP_MAX 64u /* sessions long over that one more takes along */

static enum err run_2(struct db *db, enum sql sql, uint64_t a, int64_t b)
{
	struct db_stmt *s = db_stmt(db, sql);

	db_bind_u64(s, 1, a);
	db_bind_i64(s, 2, b);
	return db_run(db, s);
}

static enum err refuse_post(struct command *c)
{
	c->answer.field = "post";
	c->answer.remedy = MSG_ACCOUNT_NO_POST;
	return ERR_BAD_INPUT;
}

/* In use, and with this post; somebody without posts acts under none. */
static enum err check_account(struct writer *w, struct command *c, bool may_have_none)
{
	const struct session_order *o = c->session.order;
	struct account_row row;
	enum err e = account_get(w->db, o->account, &row);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && row.ended != 0))
		return ERR_NOT_SIGNED_IN;
	TRY(e);
	if (o->post < row.posts.n || (may_have_none && row.posts.n == 0 && o->post == 0))
		return ERR_OK;
	return refuse_post(c);
}

/* What it was signed in with is still in force; a code is used up by it. */
static enum err use_secret(struct writer *w, const struct session_order *o)
{
	struct db_stmt *s = db_stmt(w->db, SQL_account_secret_get);
	bool row = false, fits, is_sheet;

	db_bind_u64(s, 1, o->secret);
	TRY(db_step(w->db, s, &row));
	if (!row)
		return ERR_NOT_SIGNED_IN;
	is_sheet = db_i64(s, 1) == ACCOUNT_SHEET;
	fits = db_u64(s, 0) == o->account && db_u64(s, 4) == 0 &&
	       (!is_sheet || o->code < db_u64(s, 2));
	db_done(s);
	if (!fits)
		return ERR_NOT_SIGNED_IN;
	if (!is_sheet)
		return ERR_OK;
	TRY(run_2(w->db, SQL_account_hash_use, o->secret, INT64_C(1) << o->code));
	return db_changes(w->db) > 0 ? ERR_OK : ERR_NOT_SIGNED_IN;
}

static enum err demo_only(struct writer *w)
{
	struct community community;

	TRY(community_get(w->db, &community));
	return community.demo ? ERR_OK : ERR_FORBIDDEN;
}

static enum err begin(struct writer *w, struct command *c)
{
	const struct session_order *o = c->session.order;
	struct db_stmt *s;

	TRY(check_account(w, c, true));
	TRY(o->demo ? demo_only(w) : use_secret(w, o));
	s = db_stmt(w->db, SQL_session_insert);
	db_bind_bytes(s, 1, o->token.b, HASH_BYTES);
	db_bind_u64(s, 2, o->account);
	db_bind_u64(s, 3, o->post);
	db_bind_u64(s, 4, o->demo ? 0 : o->secret);
	db_bind_i64(s, 5, o->now_us);
	TRY(db_run(w->db, s));
	TRY(run_2(w->db, SQL_session_end_old, o->account, SESSIONS_OF_ACCOUNT_MAX));
	s = db_stmt(w->db, SQL_session_sweep);
	db_bind_i64(s, 1, o->now_us - SESSION_RESIDENT_MAX_US);
	db_bind_u64(s, 2, SWEEP_MAX);
	return db_run(w->db, s);
}

static enum err switch_post(struct writer *w, struct command *c)
{
	const struct session_order *o = c->session.order;
	struct db_stmt *s;

	TRY(check_account(w, c, false));
	s = db_stmt(w->db, SQL_session_switch);
	db_bind_u64(s, 1, o->session);
	db_bind_u64(s, 2, o->account);
	db_bind_u64(s, 3, o->post);
	TRY(db_run(w->db, s));
	return db_changes(w->db) > 0 ? ERR_OK : ERR_NOT_SIGNED_IN;
}

static enum err end_all(struct writer *w, uint64_t account)
{
	struct db_stmt *s = db_stmt(w->db, SQL_session_end_account);

	db_bind_u64(s, 1, account);
	return db_run(w->db, s);
}

enum err decide_session(struct writer *w, struct command *c)
{
	const struct session_order *o = c->session.order;

	CHECK(!c->request.present); /* nothing to be answered again from */
	switch (o->act) {
	case SESSION_BEGIN:
		return begin(w, c);
	case SESSION_TOUCH:
		return run_2(w->db, SQL_session_touch, o->session, o->now_us);
	case SESSION_SWITCH:
		return switch_post(w, c);
	case SESSION_END:
		TRY(run_2(w->db, SQL_session_end, o->session, (int64_t)o->account));
		return db_changes(w->db) > 0 ? ERR_OK : ERR_NOT_FOUND;
	case SESSION_END_ALL:
		return end_all(w, o->account);
	}
	return ERR_INTERNAL;
}
