/* What hangs on a place, page by page, and what lies in the area of one. */
#include "service/places.h"

#include "base/check.h"
#include "places_row.h"

#include <stdlib.h>

/* A place that is there, of which the reader may know. */
static enum err check_seen(struct db *db, uint64_t id, unsigned class_max)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	const struct place_kind_info *kind;
	bool row = false;

	if (id > INT64_MAX)
		return ERR_NOT_FOUND;
	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	kind = place_kind_info((enum place_kind)db_i64(s, 1));
	db_done(s);
	if (!kind)
		return ERR_CORRUPT;
	return kind->class_of_texts > class_max ? ERR_FORBIDDEN : ERR_OK;
}

/* A row of place_children. */
static bool take_child(struct db_stmt *s, struct arena *a, struct place_child *ret)
{
	*ret = (struct place_child){
	    .row = {.id = db_u64(s, 0),
		    .kind = (enum place_kind)db_i64(s, 1),
		    .has_at = db_i64(s, 4) != 0,
		    .at = {(int32_t)db_i64(s, 5), (int32_t)db_i64(s, 6)},
		    .title = arena_copy(a, db_text(s, 7))},
	    .valid_from = places_day_of_row(db_i64(s, 2)),
	    .valid_until = places_day_of_row(db_i64(s, 3)),
	};
	return ret->row.title.p != NULL;
}

enum err places_children(struct db *db, uint64_t id, const struct places_filter *f,
			 struct places_after *after, struct arena *a, unsigned limit,
			 struct place_child *ret, unsigned *ret_n, bool *ret_more)
{
	struct places_after at = *after;
	struct db_stmt *s;
	unsigned n = 0, looked = 0;
	bool row = false;

	CHECK(limit > 0 && limit <= PLACES_CHILDREN_MAX);
	TRY(check_seen(db, id, f->class_max));
	s = db_stmt(db, SQL_place_children);
	db_bind_u64(s, 1, id);
	db_bind_i64(s, 2, at.kind);
	db_bind_u64(s, 3, at.id);
	db_bind_u64(s, 4, PLACES_CHILDREN_SCAN_MAX);
	for (;; looked++) {
		TRY(db_step(db, s, &row));
		if (!row || n == limit)
			break;
		at = (struct places_after){db_i64(s, 1), db_u64(s, 0)};
		if (!places_allows(f, (enum place_kind)at.kind, db_i64(s, 2), db_i64(s, 3)))
			continue;
		if (!take_child(s, a, &ret[n])) {
			db_done(s);
			return ERR_NO_MEMORY;
		}
		ret[n++].row.parent = id;
	}
	db_done(s);
	*after = at;
	*ret_n = n;
	*ret_more = row || looked == PLACES_CHILDREN_SCAN_MAX;
	return ERR_OK;
}

enum err places_inside_of(struct db *db, uint64_t id, const struct places_filter *f,
			  struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
			  bool *ret_more)
{
	struct place_area *area;
	unsigned n = 0, kept = 0;
	enum err e;

	CHECK(limit < PLACES_BOX_MAX);
	TRY(check_seen(db, id, f->class_max));
	area = malloc(sizeof *area);
	if (!area)
		return ERR_NO_MEMORY;
	e = places_shape(db, id, area);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && area->shape.form != GEO_AREA))
		e = ERR_BAD_INPUT;
	if (e == ERR_OK) /* one more: it may be among them itself */
		e = places_inside(db, &area->shape, f, a, limit + 1, ret, &n, ret_more);
	free(area);
	TRY(e);
	for (unsigned i = 0; i < n; i++)
		if (ret[i].id != id)
			ret[kept++] = ret[i];
	*ret_more = *ret_more || kept > limit;
	*ret_n = kept < limit ? kept : limit;
	return ERR_OK;
}
