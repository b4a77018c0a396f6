/* See service/devices.h. */
#include "service/devices.h"

#include "base/check.h"
#include "journal/journal.h"
#include "service/kind_device.h"

#include <stdlib.h>

static enum device_state state_of(int64_t v)
{
	return v == DEVICE_WORKING || v == DEVICE_OFFLINE ? (enum device_state)v : DEVICE_UNKNOWN;
}

enum err device_now(struct db *db, uint64_t place, struct arena *a, struct device_now *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_device_state_get);
	struct device_now now;
	bool row = false;

	db_bind_u64(s, 1, place);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	now = (struct device_now){
	    .n = db_u64(s, 0), .state = state_of(db_i64(s, 1)), .since_us = db_i64(s, 2)};
	if (a)
		now.source = arena_copy(a, db_text(s, 3));
	TRY(db_finish(s));
	if (a && !now.source.p)
		return ERR_NO_MEMORY;
	*ret = now;
	return now.state == DEVICE_UNKNOWN ? ERR_CORRUPT : ERR_OK;
}

enum err device_counts(struct db *db, struct arena *a, struct device_count ret[DEVICE_KINDS_MAX],
		       unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_device_counts);
	unsigned n = 0;
	bool row = false;

	db_bind_u64(s, 1, DEVICE_KINDS_MAX);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		ret[n] = (struct device_count){arena_copy(a, db_text(s, 0)), db_u64(s, 1),
					       db_u64(s, 2)};
		if (!ret[n++].kind.p) {
			db_done(s);
			return ERR_NO_MEMORY;
		}
	}
	*ret_n = n;
	return ERR_OK;
}

static bool read_offline(struct db_stmt *s, struct arena *a, struct device_offline *ret)
{
	*ret = (struct device_offline){
	    .place = {.id = db_u64(s, 0)},
	    .now = {.n = db_u64(s, 5),
		    .state = DEVICE_OFFLINE,
		    .since_us = db_i64(s, 1),
		    .source = arena_copy(a, db_text(s, 2))},
	    .kind = arena_copy(a, db_text(s, 3)),
	    .maintainer = arena_copy(a, db_text(s, 4)),
	};
	return ret->now.source.p && ret->kind.p && ret->maintainer.p;
}

enum err devices_offline(struct db *db, int64_t after_since_us, uint64_t after_place,
			 struct arena *a, unsigned limit, struct device_offline *ret,
			 unsigned *ret_n, bool *ret_more)
{
	struct db_stmt *s = db_stmt(db, SQL_device_offline);
	unsigned n = 0;
	bool row = false;

	CHECK(limit <= DEVICES_PAGE_MAX);
	*ret_more = false;
	db_bind_i64(s, 1, after_since_us);
	db_bind_u64(s, 2, after_place);
	db_bind_u64(s, 3, limit + 1);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		if (n == limit || !read_offline(s, a, &ret[n])) {
			*ret_more = n == limit;
			db_done(s);
			if (n < limit)
				return ERR_NO_MEMORY;
			break;
		}
		n++;
	}
	for (unsigned i = 0; i < n; i++)
		TRY(places_by_id(db, ret[i].place.id, a, &ret[i].place));
	*ret_n = n;
	return ERR_OK;
}

/* ---- looks at footage ---- */

static enum err read_look(struct db *db, uint64_t n, char *memory, struct arena *a,
			  struct camera_look *ret)
{
	const struct entry_value *data = NULL;
	const struct camera_looked *d;
	const void *decoded = NULL;
	struct entry_head head;
	struct entry_view v;
	void *tree = NULL;
	enum err e;

	TRY(journal_entry(db, n, memory, &v));
	TRY(kind_parse(v.body, a, &head, &tree, &data));
	e = head.kind == KIND_CAMERA_LOOKED ? camera_looked_decode(data, a, &decoded)
					    : ERR_CORRUPT;
	free(tree);
	TRY(e);
	d = decoded;
	*ret = (struct camera_look){.n = n,
				    .case_id = d->case_id,
				    .at_us = head.at_us,
				    .looked_us = d->looked_us,
				    .role = head.actor.role,
				    .unit = head.actor.unit,
				    .purpose = d->purpose};
	return ERR_OK;
}

enum err camera_looks(struct db *db, uint64_t place, uint64_t before, struct arena *a,
		      unsigned limit, struct camera_look *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_camera_look_list);
	char *memory = malloc(ENTRY_BYTES_MAX);
	unsigned n = 0;
	bool row = true;
	enum err e = memory ? ERR_OK : ERR_NO_MEMORY;

	CHECK(limit > 0 && limit <= CAMERA_LOOKS_MAX);
	db_bind_u64(s, 1, place);
	db_bind_u64(s, 2, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	db_bind_u64(s, 3, limit);
	while (e == ERR_OK && n < limit) {
		e = db_step(db, s, &row);
		if (e != ERR_OK || !row)
			break;
		ret[n++] = (struct camera_look){.n = db_u64(s, 0)};
	}
	db_done(s);
	for (unsigned i = 0; e == ERR_OK && i < n; i++)
		e = read_look(db, ret[i].n, memory, a, &ret[i]);
	free(memory);
	TRY(e);
	*ret_n = n;
	return ERR_OK;
}
