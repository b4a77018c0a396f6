/* shift.*, as entries and as rows. apply only copies. */
#include "service/kind_shift.h"

#include "service/kinds.h"
#include "service/shift_order.h"

#define DECODED(type, name)                                                                        \
	struct type *name = arena_alloc(a, sizeof *name);                                          \
	if (!name)                                                                                 \
	return ERR_NO_MEMORY

static void put_u64(struct entry_writer *w, const char *key, uint64_t v)
{
	entry_key(w, key);
	entry_int(w, (int64_t)v);
}

static enum err get_desk(const struct entry_value *data, size_t members, uint64_t *ret)
{
	if (entry_size(data) != members)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "desk", ret));
	return *ret > 0 && *ret <= SHIFT_DESKS_MAX ? ERR_OK : ERR_CORRUPT;
}

/* From this entry on whoever wrote it keeps the desk. */
static enum err set_keeper(struct db *db, const struct entry_head *head, uint64_t desk)
{
	struct db_stmt *s = db_stmt(db, SQL_shift_set);

	if (!head->actor.has_handle)
		return ERR_CORRUPT;
	db_bind_text(s, 1, head->actor.unit);
	db_bind_u64(s, 2, desk);
	db_bind_u64(s, 3, head->n);
	db_bind_i64(s, 4, head->at_us);
	db_bind_text(s, 5, head->actor.role);
	db_bind_bytes(s, 6, head->actor.handle, HANDLE_BYTES);
	return db_run(db, s);
}

/* ---- shift.opened ---- */

void shift_opened_encode(struct entry_writer *w, const void *data)
{
	const struct shift_opened *d = data;

	put_u64(w, "desk", d->desk);
}

enum err shift_opened_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(shift_opened, d);

	TRY(get_desk(data, 1, &d->desk));
	*ret = d;
	return ERR_OK;
}

enum err shift_opened_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct shift_opened *d = data;

	return set_keeper(db, head, d->desk);
}

/* ---- shift.noted ---- */

void shift_noted_encode(struct entry_writer *w, const void *data)
{
	const struct shift_noted *d = data;

	put_u64(w, "desk", d->desk);
	kind_put_sealed(w, "note", &d->note);
	put_u64(w, "shift", d->shift);
}

enum err shift_noted_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(shift_noted, d);

	TRY(get_desk(data, 3, &d->desk));
	TRY(kind_get_sealed(data, "note", a, &d->note));
	TRY(kind_get_u64(data, "shift", &d->shift));
	*ret = d;
	return ERR_OK;
}

enum err shift_noted_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct shift_noted *d = data;
	struct db_stmt *s = db_stmt(db, SQL_shift_note);

	db_bind_text(s, 1, head->actor.unit);
	db_bind_u64(s, 2, d->desk);
	db_bind_u64(s, 3, head->n);
	TRY(db_run(db, s));
	return kind_uses_key(db, d->note.key_id);
}

/* ---- shift.handed_over ---- */

void shift_handed_over_encode(struct entry_writer *w, const void *data)
{
	const struct shift_handed_over *d = data;

	put_u64(w, "desk", d->desk);
	entry_key(w, "forced");
	entry_bool(w, d->forced);
	entry_key(w, "from");
	entry_object(w);
	entry_key(w, "handle");
	entry_hex(w, d->from.handle, HANDLE_BYTES);
	entry_key(w, "role");
	entry_str(w, d->from.role);
	entry_key(w, "unit");
	entry_str(w, d->from.unit);
	entry_close(w);
	put_u64(w, "note", d->note);
	put_u64(w, "shift", d->shift);
}

static enum err get_from(const struct entry_value *v, struct arena *a, struct actor *ret)
{
	struct str handle = {0};

	if (!entry_is(v, ENTRY_OBJECT) || entry_size(v) != 3)
		return ERR_CORRUPT;
	TRY(kind_get_str(v, "handle", a, &handle));
	TRY(kind_get_str(v, "role", a, &ret->role));
	TRY(kind_get_str(v, "unit", a, &ret->unit));
	ret->has_handle = true;
	return hex_decode(handle, ret->handle, HANDLE_BYTES) ? ERR_OK : ERR_CORRUPT;
}

enum err shift_handed_over_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(shift_handed_over, d);

	TRY(get_desk(data, 5, &d->desk));
	TRY(kind_get_bool(data, "forced", &d->forced));
	TRY(get_from(entry_get(data, "from"), a, &d->from));
	TRY(kind_get_u64(data, "note", &d->note));
	TRY(kind_get_u64(data, "shift", &d->shift));
	*ret = d;
	return ERR_OK;
}

enum err shift_handed_over_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct shift_handed_over *d = data;

	return set_keeper(db, head, d->desk);
}
