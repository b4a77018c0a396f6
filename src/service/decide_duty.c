/* Duties: started, a break, ended. Each is a record of its own, with a handle of its own, so that
 * two duties of one person have nothing in common; the key behind the handle is destroyed when it
 * is over. Costs O(on duty), for the one duty that a person has is found by opening hands. */
#include "decide.h"

#include "base/check.h"
#include "base/civil.h"
#include "cases/shelf.h"
#include "journal/outbox.h"
#include "service/account.h"
#include "service/duties.h"
#include "service/kind_duty.h"

struct duty_deciding {
	struct writer *w;
	struct command *c;
	struct duty_order *o;
	int64_t at_us;
	bool is_on;
	struct duty now; /* where it is on */
};

/* ---- what is refused ---- */

static enum err refuse(struct duty_deciding *d, enum err e, const char *field, enum msg msg,
		       struct str arg)
{
	return problem_set(&d->o->problem, e, str_of(field), msg, &arg, 1);
}

static bool is_in_field(const struct writer *w, struct str role)
{
	for (unsigned i = 0; w->shelf && i < w->shelf->now.roles_n; i++)
		if (str_eq(w->shelf->now.roles[i].name.text, role))
			return w->shelf->now.roles[i].is_in_field;
	return false;
}

static bool is_area(const struct writer *w, struct str area)
{
	for (unsigned i = 0; w->shelf && i < w->shelf->now.areas_n; i++)
		if (str_eq(w->shelf->now.areas[i].name.text, area))
			return true;
	return false;
}

/* The grid of the duty: one of the post's; any that there is, of a post that is for all. */
static enum err check_area(struct duty_deciding *d, const struct account_post *post,
			   struct str *ret)
{
	struct str area = d->o->area;

	if (area.n == 0 && post->areas_n > 1)
		return refuse(d, ERR_BAD_INPUT, "area", MSG_DUTY_WHICH_AREA, STR(""));
	if (area.n == 0) {
		*ret = post->areas_n == 1 ? post->areas[0] : STR("");
		return ERR_OK;
	}
	for (unsigned i = 0; i < post->areas_n; i++)
		if (str_eq(post->areas[i], area)) {
			*ret = post->areas[i];
			return ERR_OK;
		}
	if (post->areas_n > 0 || area.n > DUTY_WORD_BYTES_MAX || !is_area(d->w, area))
		return refuse(d, ERR_BAD_INPUT, "area", MSG_DUTY_AREA, area);
	*ret = area;
	return ERR_OK;
}

/* In use, and still of the staff under this post: a session may be a moment older. */
static enum err check_post(struct duty_deciding *d, struct account_row *row, struct str *ret_area)
{
	enum err e = account_get(d->w->db, d->o->account, row);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (!is_in_field(d->w, d->o->role))
		return refuse(d, ERR_FORBIDDEN, "", MSG_DUTY_NOT_SENT, STR(""));
	for (unsigned i = 0; e == ERR_OK && row->ended == 0 && i < row->posts.n; i++)
		if (str_eq(row->posts.v[i].role, d->o->role) &&
		    str_eq(row->posts.v[i].unit, d->o->unit))
			return check_area(d, &row->posts.v[i], ret_area);
	return refuse(d, ERR_FORBIDDEN, "", MSG_ACCOUNT_ACTOR, STR(""));
}

static enum err check_room(struct duty_deciding *d)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_duty_count);
	char text[16];
	struct buf b = buf_over(text, sizeof text);
	bool row = false;
	uint64_t n = 0;

	db_bind_i64(s, 1, d->at_us);
	TRY(db_step(d->w->db, s, &row));
	if (row)
		n = db_u64(s, 0);
	db_done(s);
	buf_put_u64(&b, DUTY_LIVE_MAX);
	return n < DUTY_LIVE_MAX ? ERR_OK
				 : refuse(d, ERR_CONFLICT, "", MSG_DUTY_FULL, buf_str(&b));
}

/* ---- started ---- */

/* Some that were over by themselves go with this entry, and the keys behind their handles. */
static enum err take_over(struct duty_deciding *d, struct duty_started *data,
			  uint64_t keys[DUTY_OVER_MAX])
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_duty_over);
	bool row = false;

	db_bind_i64(s, 1, d->at_us);
	db_bind_u64(s, 2, DUTY_OVER_MAX);
	for (;;) {
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			return ERR_OK;
		data->over[data->over_n] = db_u64(s, 0);
		keys[data->over_n++] = db_u64(s, 1);
	}
}

static enum err destroy_keys(struct duty_deciding *d, const struct appended *a,
			     const uint64_t *keys, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		TRY(outbox_put(d->w->db, &(struct effect){.n = a->n,
							  .idx = i,
							  .channel = CHANNEL_KEY_DESTROY,
							  .arg = keys[i],
							  .at_us = a->at_us}));
	return ERR_OK;
}

static enum err append(struct duty_deciding *d, const struct actor *actor, enum kind kind,
		       const void *data, const uint64_t *keys, unsigned keys_n)
{
	struct appended a;

	TRY(journal_append(&d->w->journal, actor, kind, d->at_us, data, &a));
	TRY(decide_answer(d->c, &a));
	return destroy_keys(d, &a, keys, keys_n);
}

static enum err start(struct duty_deciding *d)
{
	struct duty_started data = {.ends_us = d->at_us + DUTY_MAX_US};
	struct account_row row;
	uint64_t keys[DUTY_OVER_MAX];
	struct actor actor;

	TRY(check_post(d, &row, &data.area));
	if (d->is_on)
		return refuse(d, ERR_CONFLICT, "", MSG_DUTY_ALREADY, STR(""));
	TRY(check_room(d));
	TRY(take_over(d, &data, keys));
	TRY(decide_hand(d->w, d->o->role, d->o->unit, d->o->account, &actor, &data.key_id));
	TRY(append(d, &actor, KIND_DUTY_STARTED, &data, keys, data.over_n));
	return db_run(d->w->db, db_stmt(d->w->db, SQL_duty_left_sweep));
}

/* ---- within it ---- */

static enum err take_break(struct duty_deciding *d, const struct actor *actor)
{
	struct duty_paused data = {d->now.n, d->o->until_us};
	char text[40];
	struct buf b = buf_over(text, sizeof text);

	civil_put_utc(d->now.ends_us, &b);
	if (d->o->until_us <= d->at_us || d->o->until_us >= d->now.ends_us)
		return refuse(d, ERR_BAD_INPUT, "until", MSG_DUTY_UNTIL, buf_str(&b));
	return append(d, actor, KIND_DUTY_PAUSED, &data, NULL, 0);
}

/* By the handle of the duty, under the post of it: within one it is known anyhow that they are the
 * same. */
static enum err go_on(struct duty_deciding *d)
{
	struct actor actor = {.has_handle = true};
	struct duty_of_entry data = {d->now.n};

	if (!d->is_on)
		return refuse(d, ERR_CONFLICT, "", MSG_DUTY_NOT_ON, STR(""));
	actor.role = (struct str){d->now.role_memory, d->now.role_n};
	actor.unit = (struct str){d->now.unit_memory, d->now.unit_n};
	memcpy(actor.handle, d->now.handle, HANDLE_BYTES);
	if (d->o->act == DUTY_BREAK)
		return take_break(d, &actor);
	if (d->o->act == DUTY_END)
		return append(d, &actor, KIND_DUTY_ENDED, &data, &d->now.key_id, 1);
	if (d->now.break_until_us == 0)
		return refuse(d, ERR_CONFLICT, "", MSG_DUTY_NO_BREAK, STR(""));
	return append(d, &actor, KIND_DUTY_RESUMED, &data, NULL, 0);
}

/* ---- whoever is on it leaves ---- */

static bool is_of_post(const struct duty *d, const struct account_post *post)
{
	const struct str area = {d->area_memory, d->area_n};

	if (!str_eq(post->role, (struct str){d->role_memory, d->role_n}) ||
	    !str_eq(post->unit, (struct str){d->unit_memory, d->unit_n}))
		return false;
	for (unsigned i = 0; i < post->areas_n; i++)
		if (str_eq(post->areas[i], area))
			return true;
	return post->areas_n == 0;
}

/* No entry of the duty: beside that of the account it would tell whose it was, the one thing that
 * nobody is to know. The row stays until its time is over, as that of one which nobody ended. */
enum err decide_duty_leave(struct writer *w, uint64_t account, const struct account_posts *posts,
			   const struct appended *a, unsigned idx)
{
	struct duty duty;
	struct db_stmt *s;
	enum err e = duty_of(w->db, w->keys, account, a->at_us, &duty);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	for (unsigned i = 0; posts && i < posts->n; i++)
		if (is_of_post(&duty, &posts->v[i]))
			return ERR_OK;
	s = db_stmt(w->db, SQL_duty_leave);
	db_bind_u64(s, 1, duty.n);
	TRY(db_run(w->db, s));
	return outbox_put(w->db, &(struct effect){.n = a->n,
						  .idx = idx,
						  .channel = CHANNEL_KEY_DESTROY,
						  .arg = duty.key_id,
						  .at_us = a->at_us});
}

enum err decide_duty(struct writer *w, struct command *c, int64_t at_us)
{
	struct duty_deciding d = {.w = w, .c = c, .o = c->duty.order, .at_us = at_us};
	enum err e;

	CHECK(d.o->act < DUTY_ACTS && d.o->account != 0);
	d.o->problem = (struct problem){0};
	e = duty_of(w->db, w->keys, d.o->account, at_us, &d.now);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	d.is_on = e == ERR_OK;
	return d.o->act == DUTY_START ? start(&d) : go_on(&d);
}
