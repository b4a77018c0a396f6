/* duty.*, as entries and as rows. apply only copies. */
#include "service/kind_duty.h"

#include "base/check.h"
#include "service/kinds.h"

#define DECODED(type, name)                                                                        \
	struct type *name = arena_alloc(a, sizeof *name);                                          \
	if (!name)                                                                                 \
	return ERR_NO_MEMORY

static void put_u64(struct entry_writer *w, const char *key, uint64_t v)
{
	entry_key(w, key);
	entry_int(w, (int64_t)v);
}

static enum err set_break(struct db *db, uint64_t duty, int64_t until_us)
{
	struct db_stmt *s = db_stmt(db, SQL_duty_break);

	db_bind_u64(s, 1, duty);
	db_bind_i64(s, 2, until_us);
	return db_run(db, s);
}

static enum err delete_row(struct db *db, uint64_t duty)
{
	struct db_stmt *s = db_stmt(db, SQL_duty_delete);

	db_bind_u64(s, 1, duty);
	return db_run(db, s);
}

/* ---- duty.started ---- */

void duty_started_encode(struct entry_writer *w, const void *data)
{
	const struct duty_started *d = data;

	entry_key(w, "area");
	entry_str(w, d->area);
	put_u64(w, "ends", (uint64_t)d->ends_us);
	put_u64(w, "key", d->key_id);
	entry_key(w, "over");
	entry_array(w);
	for (unsigned i = 0; i < d->over_n; i++)
		entry_int(w, (int64_t)d->over[i]);
	entry_close(w);
}

static enum err get_over(const struct entry_value *list, struct duty_started *d)
{
	if (!entry_is(list, ENTRY_ARRAY) || entry_size(list) > DUTY_OVER_MAX)
		return ERR_CORRUPT;
	for (size_t i = 0; i < entry_size(list); i++) {
		const struct entry_value *v = entry_at(list, i);
		if (!entry_is(v, ENTRY_INT) || v->number <= 0)
			return ERR_CORRUPT;
		d->over[d->over_n++] = (uint64_t)v->number;
	}
	return ERR_OK;
}

enum err duty_started_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	uint64_t ends = 0;
	DECODED(duty_started, d);

	*d = (struct duty_started){0};
	if (entry_size(data) != 4)
		return ERR_CORRUPT;
	TRY(kind_get_str(data, "area", a, &d->area));
	TRY(kind_get_u64(data, "ends", &ends));
	TRY(kind_get_u64(data, "key", &d->key_id));
	TRY(get_over(entry_get(data, "over"), d));
	d->ends_us = (int64_t)ends;
	*ret = d;
	return ERR_OK;
}

enum err duty_started_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct duty_started *d = data;
	struct db_stmt *s;

	if (!head->actor.has_handle)
		return ERR_CORRUPT;
	for (unsigned i = 0; i < d->over_n; i++)
		TRY(delete_row(db, d->over[i]));
	s = db_stmt(db, SQL_duty_start);
	db_bind_u64(s, 1, head->n);
	db_bind_text(s, 2, head->actor.role);
	db_bind_text(s, 3, head->actor.unit);
	db_bind_text(s, 4, d->area);
	db_bind_bytes(s, 5, head->actor.handle, HANDLE_BYTES);
	db_bind_u64(s, 6, d->key_id);
	db_bind_i64(s, 7, d->ends_us);
	TRY(db_run(db, s));
	TRY(kind_changes_wall(db, head));
	return kind_uses_key(db, d->key_id);
}

/* ---- duty.paused ---- */

void duty_paused_encode(struct entry_writer *w, const void *data)
{
	const struct duty_paused *d = data;

	put_u64(w, "duty", d->duty);
	put_u64(w, "until", (uint64_t)d->until_us);
}

enum err duty_paused_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	uint64_t until = 0;
	DECODED(duty_paused, d);

	if (entry_size(data) != 2)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "duty", &d->duty));
	TRY(kind_get_u64(data, "until", &until));
	d->until_us = (int64_t)until;
	*ret = d;
	return ERR_OK;
}

enum err duty_paused_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct duty_paused *d = data;

	TRY(set_break(db, d->duty, d->until_us));
	return kind_changes_wall(db, head);
}

/* ---- duty.resumed, duty.ended ---- */

void duty_of_encode(struct entry_writer *w, const void *data)
{
	const struct duty_of_entry *d = data;

	put_u64(w, "duty", d->duty);
}

enum err duty_of_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(duty_of_entry, d);

	if (entry_size(data) != 1)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "duty", &d->duty));
	*ret = d;
	return ERR_OK;
}

enum err duty_resumed_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct duty_of_entry *d = data;

	TRY(set_break(db, d->duty, 0));
	return kind_changes_wall(db, head);
}

enum err duty_ended_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct duty_of_entry *d = data;

	TRY(delete_row(db, d->duty));
	return kind_changes_wall(db, head);
}
