/* Setting places: each draft by itself, the batch as one command. */
#include "decide.h"

#include "base/check.h"
#include "service/kind_device.h"
#include "service/kind_place.h"
#include "service/place_batch.h"

struct found {
	uint64_t id; /* 0: none */
	enum place_kind kind;
	uint8_t digest[PLACE_DIGEST_BYTES];
};

static enum err find_ext(struct db *db, struct str ext, struct found *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_by_ext);
	struct bytes digest;
	bool row = false;

	*ret = (struct found){0};
	db_bind_text(s, 1, ext);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_OK;
	ret->id = db_u64(s, 0);
	ret->kind = (enum place_kind)db_i64(s, 1);
	digest = db_bytes(s, 2);
	if (digest.n == PLACE_DIGEST_BYTES)
		memcpy(ret->digest, digest.p, digest.n);
	db_done(s);
	return digest.n == PLACE_DIGEST_BYTES ? ERR_OK : ERR_CORRUPT;
}

static enum err refuse(struct place_draft *d, const char *field, enum msg msg, struct str arg)
{
	return problem_set(&d->problem, ERR_BAD_INPUT, str_of(field), msg, &arg, 1);
}

/* Kind and parent of a place that is there. */
static enum err look_up(struct db *db, uint64_t id, enum place_kind *ret_kind, uint64_t *ret_parent)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	bool row = false;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret_kind = (enum place_kind)db_i64(s, 1);
	*ret_parent = db_u64(s, 2);
	db_done(s);
	return ERR_OK;
}

/* What it hangs on must be there and fit, and no place hangs on itself by way of others. */
static enum err check_parent(struct db *db, struct place_draft *d)
{
	struct place *p = &d->place;
	enum place_kind kind = p->kind;
	uint64_t at = p->parent;
	enum err e;

	for (unsigned depth = 0; at != 0; depth++) {
		enum place_kind above = p->kind;
		uint64_t next = 0;
		e = depth == PLACE_DEPTH_MAX || at == p->id ? ERR_NOT_FOUND
							    : look_up(db, at, &above, &next);
		if (e == ERR_NOT_FOUND)
			return refuse(d, "parent", MSG_PLACE_PARENT, d->parent_ext);
		TRY(e);
		if (!place_kind_may_hang(kind, above))
			return refuse(d, "parent", MSG_PLACE_PARENT_KIND,
				      str_of(place_kind_info(above)->name));
		kind = above;
		at = next;
	}
	return ERR_OK;
}

static enum err resolve(struct db *db, struct place_draft *d)
{
	struct place *p = &d->place;
	struct found f;

	if (d->parent_ext.n > 0) {
		TRY(find_ext(db, d->parent_ext, &f));
		if (f.id == 0)
			return refuse(d, "parent", MSG_PLACE_PARENT, d->parent_ext);
		p->parent = f.id;
	}
	CHECK(d->predecessor_ext_n <= PLACE_PREDECESSORS_MAX);
	for (unsigned i = 0; i < d->predecessor_ext_n; i++) {
		TRY(find_ext(db, d->predecessor_ext[i], &f));
		if (f.id == 0 || str_eq(d->predecessor_ext[i], p->ext))
			return refuse(d, "predecessors", MSG_PLACE_PREDECESSOR,
				      d->predecessor_ext[i]);
		p->predecessor[i] = f.id;
		p->predecessor_n = i + 1;
	}
	return ERR_OK;
}

struct batch_run {
	struct writer *w;
	struct command *c;
	int64_t at_us;
	bool has_actor;
	struct actor actor; /* one handle for the batch: it is one record of the operator's */
};

static enum err append(struct batch_run *r, enum kind kind, const void *data)
{
	struct appended a;

	if (!r->has_actor)
		TRY(decide_operator(r->w, r->c->account, &r->actor));
	r->has_actor = true;
	TRY(journal_append(&r->w->journal, &r->actor, kind, r->at_us, data, &a));
	r->c->answer.n = a.n;
	r->c->answer.at_us = a.at_us;
	return ERR_OK;
}

/* What the row says of a device, beside the place itself. */
static enum err set_state(struct batch_run *r, struct place_draft *d)
{
	const struct device_said said = {.place = d->place.id,
					 .state = d->state,
					 .since_us = r->at_us,
					 .source = d->state_word};
	uint64_t same = 0;

	if (d->state == DEVICE_UNKNOWN)
		return ERR_OK;
	TRY(decide_device_check(r->w, &said, r->at_us, &d->problem, &same));
	if (same != 0)
		return ERR_OK;
	if (d->outcome == PLACE_SAME)
		d->outcome = PLACE_CHANGED;
	return append(r, KIND_DEVICE_STATE, &said);
}

/* A list of states: what is not in the register does not come into it by this. */
static enum err set_only_state(struct batch_run *r, struct place_draft *d)
{
	struct found f;

	TRY(find_ext(r->w->db, d->place.ext, &f));
	if (f.id == 0 || f.kind != PLACE_DEVICE)
		return refuse(d, "id", MSG_DEVICE_ONLY, d->place.ext);
	d->place.id = f.id;
	d->outcome = PLACE_SAME;
	return set_state(r, d);
}

static enum err set_place(struct batch_run *r, struct place_draft *d)
{
	struct place *p = &d->place;
	struct db *db = r->w->db;
	uint8_t digest[PLACE_DIGEST_BYTES];
	struct found f;

	if (d->state != DEVICE_UNKNOWN && p->kind != PLACE_DEVICE)
		return refuse(d, "state", MSG_DEVICE_NONE, STR(""));
	TRY(place_check(p, &d->problem));
	TRY(resolve(db, d));
	TRY(find_ext(db, p->ext, &f));
	p->id = f.id ? f.id : r->w->journal.n + 1;
	if (f.id && f.kind != p->kind)
		return refuse(d, "kind", MSG_PLACE_KIND_KEPT,
			      str_of(place_kind_info(f.kind)->name));
	TRY(check_parent(db, d));
	TRY(place_digest(p, digest));
	d->outcome = f.id ? PLACE_CHANGED : PLACE_ADDED;
	if (f.id && memcmp(digest, f.digest, sizeof digest) == 0) {
		d->outcome = PLACE_SAME;
		return set_state(r, d);
	}
	TRY(decide_device_word(d->state_word, &d->problem));
	TRY(append(r, KIND_PLACE_SET, p));
	return set_state(r, d);
}

enum err decide_places(struct writer *w, struct command *c, int64_t at_us)
{
	struct batch_run r = {.w = w, .c = c, .at_us = at_us};
	struct place_batch *b = c->places.batch;

	CHECK(b->n <= PLACE_BATCH_MAX);
	for (unsigned i = 0; i < b->n; i++) {
		struct place_draft *d = &b->draft[i];
		enum err e;
		d->problem.err = ERR_OK;
		e = d->only_state ? set_only_state(&r, d) : set_place(&r, d);
		/* a draft is refused with its problem, before anything of it was written; all else
		 * fails the command */
		if (e != ERR_OK && d->problem.err == ERR_OK)
			return e;
		if (e != ERR_OK)
			d->outcome = PLACE_REFUSED;
	}
	return ERR_OK;
}
