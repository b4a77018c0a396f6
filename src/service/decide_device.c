/* What is said of a device. The state that is in force, said again, comes to no entry, so that a
 * list can be imported again and again. */
#include "deciding.h"

#include "cases/mask.h"
#include "service/device_order.h"
#include "service/devices.h"
#include "service/kind_device.h"
#include "service/places.h"

#define COMPONENT_ARENA_BYTES 8192u

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

/* ---- a look at footage ---- */

static bool is_purpose(const struct cases_shelf *shelf, struct str name)
{
	for (unsigned i = 0; shelf && i < shelf->now.catalogue.items_n; i++)
		if (str_eq(shelf->now.catalogue.items[i].purpose.text, name))
			return true;
	return false;
}

static enum err check_camera(struct db *db, uint64_t place, struct problem *p)
{
	_Alignas(16) char memory[COMPONENT_ARENA_BYTES];
	struct place_component c = {0};
	struct arena a;
	enum err e;

	arena_init(&a, memory, sizeof memory);
	e = places_component(db, place, PLACE_DAY_OPEN, &a, &c);
	if (e == ERR_NOT_FOUND)
		return refuse(p, e, "id", MSG_CAMERA_NONE, STR(""));
	TRY(e);
	return c.kind == PLACE_DEVICE && str_eq(c.use, STR("camera"))
		   ? ERR_OK
		   : refuse(p, ERR_BAD_INPUT, "id", MSG_CAMERA_NONE, STR(""));
}

static enum err log_look(struct writer *w, struct command *c, int64_t at_us)
{
	struct device_order *o = c->device.order;
	struct camera_looked data = {.place = o->place,
				     .case_id = o->case_id,
				     .looked_us = o->looked_us != 0 ? o->looked_us : at_us,
				     .purpose = o->purpose};
	struct problem *p = &o->problem;
	struct appended a;
	struct actor actor;
	uint64_t key = 0;
	bool is_case = true;

	TRY(check_camera(w->db, o->place, p));
	if (!is_purpose(w->shelf, o->purpose))
		return refuse(p, ERR_BAD_INPUT, "purpose", MSG_CAMERA_PURPOSE, o->purpose);
	if (o->case_id != 0)
		TRY(deciding_is_case(w, o->case_id, &is_case));
	if (!is_case)
		return refuse(p, ERR_BAD_INPUT, "case", MSG_CASE_UNKNOWN, STR(""));
	if (data.looked_us > at_us)
		return refuse(p, ERR_BAD_INPUT, "looked", MSG_DEVICE_SINCE, STR(""));
	TRY(decide_hand(w, o->role, o->unit, o->account, &actor, &key));
	TRY(journal_append(&w->journal, &actor, KIND_CAMERA_LOOKED, at_us, &data, &a));
	c->answer.n = a.n;
	c->answer.at_us = a.at_us;
	return ERR_OK;
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
	if (o->is_look)
		return log_look(w, c, at_us);
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
