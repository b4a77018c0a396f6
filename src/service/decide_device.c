/* What is said of a device. The state that is in force, said again, comes to no entry, so that a
 * list can be imported again and again. */
#include "decide.h"

#include "cases/mask.h"
#include "service/device_order.h"
#include "service/devices.h"
#include "service/kind_device.h"

static enum err refuse(struct problem *p, enum err e, const char *field, enum msg msg,
		       struct str arg)
{
	return problem_set(p, e, str_of(field), msg, &arg, 1);
}

/* A device that is there. */
static enum err check_place(struct db *db, uint64_t place, struct problem *p)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	enum place_kind kind;
	bool row = false;

	db_bind_u64(s, 1, place);
	TRY(db_step(db, s, &row));
	if (!row)
		return refuse(p, ERR_NOT_FOUND, "id", MSG_DEVICE_NONE, STR(""));
	kind = (enum place_kind)db_i64(s, 1);
	db_done(s);
	return kind == PLACE_DEVICE ? ERR_OK
				    : refuse(p, ERR_BAD_INPUT, "id", MSG_DEVICE_NONE, STR(""));
}

/* A word of a machine's list; a number that leads to a person is not kept, and not masked either:
 * it has no place in it. */
enum err decide_device_word(struct str source, struct problem *p)
{
	char masked[DEVICE_SOURCE_BYTES_MAX * MASK_GROWTH];
	struct buf out = buf_over(masked, sizeof masked);
	struct mask_counts counts = {0};

	if (source.n > DEVICE_SOURCE_BYTES_MAX)
		return refuse(p, ERR_BAD_INPUT, "source", MSG_DEVICE_SOURCE, STR(""));
	mask_text(source, &out, &counts);
	return mask_total(&counts) == 0
		   ? ERR_OK
		   : refuse(p, ERR_BAD_INPUT, "source", MSG_DEVICE_SOURCE, STR(""));
}

enum err decide_device_check(struct writer *w, const struct device_said *d, int64_t at_us,
			     struct problem *p, uint64_t *ret_same)
{
	struct device_now now;
	enum err e;

	*ret_same = 0;
	TRY(check_place(w->db, d->place, p));
	TRY(decide_device_word(d->source, p));
	if (d->since_us > at_us)
		return refuse(p, ERR_BAD_INPUT, "since", MSG_DEVICE_SINCE, STR(""));
	e = device_now(w->db, d->place, NULL, &now);
	if (e == ERR_OK && now.state == d->state)
		*ret_same = now.n;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err decide_device(struct writer *w, struct command *c, int64_t at_us)
{
	struct device_order *o = c->device.order;
	struct device_said data = {.place = o->place,
				   .state = o->state,
				   .since_us = o->since_us != 0 ? o->since_us : at_us,
				   .source = o->source};
	struct appended a;
	struct actor actor;
	uint64_t same = 0, key = 0;

	o->problem = (struct problem){0};
	TRY(decide_device_check(w, &data, at_us, &o->problem, &same));
	c->answer.n = same;
	c->answer.at_us = at_us;
	if (same != 0)
		return ERR_OK;
	TRY(decide_hand(w, o->role, o->unit, o->account, &actor, &key));
	TRY(journal_append(&w->journal, &actor, KIND_DEVICE_STATE, at_us, &data, &a));
	c->answer.n = a.n;
	c->answer.at_us = a.at_us;
	return ERR_OK;
}
