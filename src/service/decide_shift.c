/* Desks: opened, left a note in, taken over. A take-over is one entry, with the post of the one who
 * goes and of the one who comes: from its COMMIT on the desk is the other's. */
#include "decide.h"

#include "base/check.h"
#include "cases/mask.h"
#include "service/account.h"
#include "service/kind_shift.h"
#include "service/shifts.h"

#define ENTRY_NUMBER_BYTES 24u

struct shift_deciding {
	struct writer *w;
	struct command *c;
	struct shift_order *o;
	int64_t at_us;
	bool is_kept; /* the desk was opened before */
	struct shift now;
};

static enum err refuse(struct shift_deciding *d, enum err e, const char *field, enum msg msg,
		       uint64_t number)
{
	char text[ENTRY_NUMBER_BYTES];
	struct buf b = buf_over(text, sizeof text);
	struct str arg;

	buf_put_u64(&b, number);
	arg = buf_str(&b);
	return problem_set(&d->o->problem, e, str_of(field), msg, &arg, 1);
}

/* In use, and still of the staff under this post: a session may be a moment older. */
static enum err check_post(struct shift_deciding *d)
{
	struct account_row row;
	enum err e = account_get(d->w->db, d->o->account, &row);
	bool has = false;

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	for (unsigned i = 0; e == ERR_OK && row.ended == 0 && i < row.posts.n; i++)
		has = has || (str_eq(row.posts.v[i].role, d->o->role) &&
			      str_eq(row.posts.v[i].unit, d->o->unit));
	return has ? ERR_OK
		   : problem_set(&d->o->problem, ERR_FORBIDDEN, STR(""), MSG_ACCOUNT_ACTOR, NULL,
				 0);
}

static enum err find_desk(struct shift_deciding *d)
{
	struct shift desks[SHIFT_DESKS_MAX];
	unsigned n = 0;

	if (d->o->unit.n == 0)
		return problem_set(&d->o->problem, ERR_CONFLICT, STR(""), MSG_SHIFT_NO_UNIT, NULL,
				   0);
	TRY(shifts_of_unit(d->w->db, d->o->unit, desks, &n));
	for (unsigned i = 0; i < n; i++)
		if (desks[i].desk == d->o->desk) {
			d->is_kept = true;
			d->now = desks[i];
			d->now.role.p = d->now.role_memory;
		}
	return ERR_OK;
}

/* The handle of somebody in this one entry, with the account behind it. */
static enum err new_hand(struct shift_deciding *d, struct actor *ret)
{
	uint64_t key_id = 0;

	return decide_hand(d->w, d->o->role, d->o->unit, d->o->account, ret, &key_id);
}

static enum err append(struct shift_deciding *d, const struct actor *actor, enum kind kind,
		       const void *data)
{
	struct appended a;

	TRY(journal_append(&d->w->journal, actor, kind, d->at_us, data, &a));
	return decide_answer(d->c, &a);
}

static enum err take_over(struct shift_deciding *d)
{
	struct shift_handed_over data = {
	    .desk = d->o->desk,
	    .shift = d->now.n,
	    .note = d->now.note,
	    .forced = d->o->forced && d->now.note == 0,
	    .from = {.role = d->now.role, .unit = d->o->unit, .has_handle = true},
	};
	struct actor actor;
	uint64_t before = 0;

	TRY(shift_account(d->w->keys, &d->now, &before));
	if (before == d->o->account)
		return refuse(d, ERR_CONFLICT, "desk", MSG_SHIFT_OWN_ALREADY, d->o->desk);
	if (d->now.note == 0 && !d->o->forced)
		return refuse(d, ERR_CONFLICT, "desk", MSG_SHIFT_KEPT, d->o->desk);
	if (d->now.note != d->o->note)
		return refuse(d, ERR_CONFLICT, "note", MSG_SHIFT_READ_NOTE, d->now.note);
	memcpy(data.from.handle, d->now.handle, HANDLE_BYTES);
	TRY(new_hand(d, &actor));
	TRY(append(d, &actor, KIND_SHIFT_HANDED_OVER, &data));
	d->o->ret_before = before;
	return ERR_OK;
}

static enum err open_desk(struct shift_deciding *d)
{
	struct shift_opened data = {.desk = d->o->desk};
	struct actor actor;

	if (d->is_kept)
		return take_over(d);
	TRY(new_hand(d, &actor));
	return append(d, &actor, KIND_SHIFT_OPENED, &data);
}

/* By the handle of the shift: within one it is known anyhow that they are the same. */
static enum err leave_note(struct shift_deciding *d)
{
	char masked[SHIFT_NOTE_BYTES_MAX * MASK_GROWTH];
	uint8_t box[sizeof masked + SEAL_OVERHEAD_BYTES], nonce[SEAL_NONCE_BYTES];
	uint8_t blind[SEAL_BLIND_BYTES];
	struct buf text = buf_over(masked, sizeof masked);
	struct actor actor = {.role = d->now.role, .unit = d->o->unit, .has_handle = true};
	struct shift_noted data = {.desk = d->o->desk, .shift = d->now.n};
	struct mask_counts counts = {0};
	struct seal_key key;
	bool is_own = false;

	CHECK(d->o->text.n > 0 && d->o->text.n <= SHIFT_NOTE_BYTES_MAX);
	if (d->is_kept)
		TRY(shift_is_of(d->w->keys, &d->now, d->o->account, &is_own));
	if (!is_own)
		return refuse(d, ERR_CONFLICT, "desk", MSG_SHIFT_NOT_YOURS, d->o->desk);
	memcpy(actor.handle, d->now.handle, HANDLE_BYTES);
	mask_text(d->o->text, &text, &counts);
	keyring_take(d->w->keys, &data.note.key_id, &key);
	entropy_fill(d->w->entropy, nonce, sizeof nonce);
	entropy_fill(d->w->entropy, blind, sizeof blind);
	seal_value(&key, data.note.key_id, SHIFT_FIELD_NOTE, nonce, blind, buf_str(&text), box,
		   &data.note.h);
	data.note.box = (struct bytes){box, text.n + SEAL_OVERHEAD_BYTES};
	seal_wipe(&key, sizeof key);
	seal_wipe(masked, sizeof masked);
	seal_wipe(blind, sizeof blind);
	return append(d, &actor, KIND_SHIFT_NOTED, &data);
}

enum err decide_shift(struct writer *w, struct command *c, int64_t at_us)
{
	struct shift_deciding d = {.w = w, .c = c, .o = c->shift.order, .at_us = at_us};

	CHECK(d.o->desk > 0 && d.o->desk <= SHIFT_DESKS_MAX);
	d.o->problem = (struct problem){0};
	d.o->ret_before = 0;
	TRY(check_post(&d));
	TRY(find_desk(&d));
	return d.o->act == SHIFT_OPEN ? open_desk(&d) : leave_note(&d);
}
