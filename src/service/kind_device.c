/* device.state and camera.looked, as entries and as rows. apply only copies. */
#include "service/kind_device.h"

#include "service/kinds.h"

void device_said_encode(struct entry_writer *w, const void *data)
{
	const struct device_said *d = data;

	entry_key(w, "place");
	entry_int(w, (int64_t)d->place);
	entry_key(w, "since");
	entry_int(w, d->since_us);
	entry_key(w, "source");
	entry_str(w, d->source);
	entry_key(w, "state");
	entry_str(w, str_of(device_state_name(d->state)));
}

enum err device_said_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct device_said *d = arena_alloc(a, sizeof *d);
	struct str state = {0};
	uint64_t since = 0;

	if (!d)
		return ERR_NO_MEMORY;
	if (entry_size(data) != 4)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "place", &d->place));
	TRY(kind_get_u64(data, "since", &since));
	TRY(kind_get_str(data, "source", a, &d->source));
	TRY(kind_get_str(data, "state", a, &state));
	d->since_us = (int64_t)since;
	d->state = str_eq(state, STR("working"))   ? DEVICE_WORKING
		   : str_eq(state, STR("offline")) ? DEVICE_OFFLINE
						   : DEVICE_UNKNOWN;
	*ret = d;
	return d->state != DEVICE_UNKNOWN && d->source.n <= DEVICE_SOURCE_BYTES_MAX ? ERR_OK
										    : ERR_CORRUPT;
}

enum err device_said_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct device_said *d = data;
	struct db_stmt *s = db_stmt(db, SQL_device_state_set);

	db_bind_u64(s, 1, d->place);
	db_bind_u64(s, 2, head->n);
	db_bind_i64(s, 3, (int64_t)d->state);
	db_bind_i64(s, 4, d->since_us);
	db_bind_text(s, 5, d->source);
	TRY(db_run(db, s));
	return kind_changes_wall(db, head);
}

/* ---- camera.looked ---- */

void camera_looked_encode(struct entry_writer *w, const void *data)
{
	const struct camera_looked *d = data;

	entry_key(w, "case");
	entry_int(w, (int64_t)d->case_id);
	entry_key(w, "looked");
	entry_int(w, d->looked_us);
	entry_key(w, "place");
	entry_int(w, (int64_t)d->place);
	entry_key(w, "purpose");
	entry_str(w, d->purpose);
}

enum err camera_looked_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct camera_looked *d = arena_alloc(a, sizeof *d);
	uint64_t looked = 0;

	if (!d)
		return ERR_NO_MEMORY;
	if (entry_size(data) != 4)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "case", &d->case_id));
	TRY(kind_get_u64(data, "looked", &looked));
	TRY(kind_get_u64(data, "place", &d->place));
	TRY(kind_get_str(data, "purpose", a, &d->purpose));
	d->looked_us = (int64_t)looked;
	*ret = d;
	return d->place > 0 && d->purpose.n > 0 ? ERR_OK : ERR_CORRUPT;
}

enum err camera_looked_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct camera_looked *d = data;
	struct db_stmt *s = db_stmt(db, SQL_camera_look_insert);

	db_bind_u64(s, 1, d->place);
	db_bind_u64(s, 2, head->n);
	return db_run(db, s);
}
