/* Where a point or a place belongs: the areas that cover it, its building, what the register says
 * of it, the levels above the community. */
#include "service/places.h"

#include "base/check.h"
#include "place/code.h"
#include "place_area.h"
#include "places_row.h"

/* ---- covering ---- */

/* Columns of place_covering. */
enum {
	C_ID,
	C_KIND,
	C_FROM,
	C_UNTIL,
	C_SOUTH,
	C_WEST,
	C_NORTH,
	C_EAST,
	C_EXT,
	C_CODE,
	C_TITLE,
	C_POST,
	C_RINGS
};

struct covering {
	struct arena *arena;
	struct place_cover *row;
	uint64_t size[PLACES_COVERING_MAX]; /* of the box, E7 squared */
	unsigned n;
};

/* Put where its size says, and of two alike the older first. */
static enum err take_cover(struct covering *c, struct db_stmt *s)
{
	struct arena *a = c->arena;
	struct place_cover new = {.id = db_u64(s, C_ID),
				  .kind = (enum place_kind)db_i64(s, C_KIND),
				  .ext = arena_copy(a, db_text(s, C_EXT)),
				  .code = arena_copy(a, db_text(s, C_CODE)),
				  .title = arena_copy(a, db_text(s, C_TITLE)),
				  .post = arena_copy(a, db_text(s, C_POST))};
	uint64_t size = (uint64_t)(db_i64(s, C_NORTH) - db_i64(s, C_SOUTH)) *
			(uint64_t)(db_i64(s, C_EAST) - db_i64(s, C_WEST));
	unsigned i = c->n++;

	for (; i > 0 && (c->size[i - 1] > size ||
			 (c->size[i - 1] == size && c->row[i - 1].id > new.id));
	     i--) {
		c->row[i] = c->row[i - 1];
		c->size[i] = c->size[i - 1];
	}
	c->row[i] = new;
	c->size[i] = size;
	return a->over ? ERR_NO_MEMORY : ERR_OK;
}

/* Does the area of this row hold the point, and may it be shown? */
static enum err look_at_row(struct db_stmt *s, struct geo_point at, const struct places_filter *f,
			    bool *ret)
{
	struct place_area area;

	*ret = places_allows(f, (enum place_kind)db_i64(s, C_KIND), db_i64(s, C_FROM),
			     db_i64(s, C_UNTIL));
	if (!*ret)
		return ERR_OK;
	TRY(place_area_read(db_bytes(s, C_RINGS), GEO_AREA, &area));
	*ret = geo_shape_has(&area.shape, at);
	return ERR_OK;
}

enum err places_covering(struct db *db, struct geo_point at, const struct places_filter *f,
			 struct arena *a, unsigned limit, struct place_cover *ret, unsigned *ret_n,
			 bool *ret_more)
{
	struct db_stmt *s = db_stmt(db, SQL_place_covering);
	struct covering c = {.arena = a, .row = ret};
	uint64_t cell[GEO_COVER_SIZES];
	bool row = true, more = false;

	CHECK(limit > 0 && limit <= PLACES_COVERING_MAX);
	geo_cover_point(at, cell);
	for (unsigned i = 0; i < GEO_COVER_SIZES; i++)
		db_bind_u64(s, (int)i + 1, cell[i]);
	db_bind_i64(s, GEO_COVER_SIZES + 1, f->kinds);
	db_bind_i64(s, GEO_COVER_SIZES + 2, at.lat_e7);
	db_bind_i64(s, GEO_COVER_SIZES + 3, at.lon_e7);
	for (;;) {
		bool holds = false;
		enum err e;
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		e = look_at_row(s, at, f, &holds);
		more = holds && c.n == limit;
		if (e == ERR_OK && holds && !more)
			e = take_cover(&c, s);
		if (e != ERR_OK || more)
			db_done(s);
		TRY(e);
		if (more)
			break;
	}
	*ret_n = c.n;
	*ret_more = more;
	return ERR_OK;
}

/* ---- the register ---- */

struct standing {
	uint64_t id, parent;
	enum place_kind kind;
	bool has_at;
	struct geo_point at;
};

static enum err stand(struct db *db, uint64_t id, struct standing *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	bool row = false;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret = (struct standing){.id = id,
				 .kind = (enum place_kind)db_i64(s, 1),
				 .parent = db_u64(s, 2),
				 .has_at = db_i64(s, 5) != 0,
				 .at = {(int32_t)db_i64(s, 6), (int32_t)db_i64(s, 7)}};
	db_done(s);
	return ERR_OK;
}

enum err places_building_at(struct db *db, struct geo_point at, int32_t day, struct arena *a,
			    uint64_t *ret, double *ret_m)
{
	struct places_filter f = {PLACE_KIND_BIT(PLACE_BUILDING), 0, day};
	struct place_cover cover;
	struct place_row near;
	unsigned n = 0;
	bool more;

	TRY(places_covering(db, at, &f, a, 1, &cover, &n, &more));
	if (n > 0) {
		*ret = cover.id;
		*ret_m = 0;
		return ERR_OK;
	}
	TRY(places_near_within(db, at, PLACES_BUILDING_NEAR_M, &f, a, 1, &near, &n));
	if (n > 0) {
		*ret = near.id;
		*ret_m = near.distance_m;
	}
	return ERR_OK;
}

static enum err find_building(struct db *db, const struct standing *own, int32_t day,
			      struct arena *a, struct place_component *ret)
{
	struct standing at = *own, point = *own;

	for (unsigned depth = 0; at.kind != PLACE_BUILDING && at.parent != 0; depth++) {
		if (depth == PLACE_DEPTH_MAX)
			return ERR_CORRUPT;
		TRY(stand(db, at.parent, &at));
		if (!point.has_at)
			point = at;
	}
	if (at.kind == PLACE_BUILDING)
		ret->building = at.id;
	else if (point.has_at && point.kind != PLACE_AREA)
		return places_building_at(db, point.at, day, a, &ret->building, &ret->building_m);
	return ERR_OK;
}

enum err places_component(struct db *db, uint64_t id, int32_t day, struct arena *a,
			  struct place_component *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_register_get);
	struct place_component c = {0};
	struct standing own;
	bool row = false;

	if (id > INT64_MAX)
		return ERR_NOT_FOUND;
	TRY(stand(db, id, &own));
	c.kind = own.kind;
	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (row) {
		c.number = arena_copy(a, db_text(s, 0));
		c.use = arena_copy(a, db_text(s, 1));
		c.owner = arena_copy(a, db_text(s, 2));
		c.maintainer = arena_copy(a, db_text(s, 3));
		TRY(db_finish(s));
	}
	TRY(find_building(db, &own, day, a, &c));
	if (a->over)
		return ERR_NO_MEMORY;
	*ret = c;
	return ERR_OK;
}

enum err places_of_number(struct db *db, struct str number, const struct places_filter *f,
			  struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
			  bool *ret_more)
{
	struct db_stmt *s = db_stmt(db, SQL_place_of_number);
	unsigned n = 0;
	bool row = true, more = false;

	CHECK(limit > 0 && limit <= PLACES_FIND_MAX);
	db_bind_text(s, 1, number);
	while (!more) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		if (!places_allows(f, (enum place_kind)db_i64(s, 1), db_i64(s, 2), db_i64(s, 3)))
			continue;
		more = n == limit;
		if (!more)
			ret[n++].id = db_u64(s, 0);
	}
	if (more)
		db_done(s);
	for (unsigned i = 0; i < n; i++)
		TRY(places_by_id(db, ret[i].id, a, &ret[i]));
	*ret_n = n;
	*ret_more = more;
	return ERR_OK;
}

/* ---- levels ---- */

/* The place with this external id, and those above it. */
static enum err chain_of(struct db *db, const char *source, uint64_t code, struct arena *a,
			 struct place_row *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_place_by_ext);
	char ext[PLACE_EXT_BYTES_MAX];
	int len = snprintf(ext, sizeof ext, "%s%012llu", source, (unsigned long long)code);
	uint64_t at = 0;
	unsigned n = 0;
	bool row = false;

	db_bind_text(s, 1, (struct str){ext, (size_t)len});
	TRY(db_step(db, s, &row));
	if (row) {
		at = db_u64(s, 0);
		db_done(s);
	}
	while (at != 0 && n < PLACES_LEVELS_MAX) {
		TRY(places_by_id(db, at, a, &ret[n]));
		at = ret[n++].parent;
	}
	*ret_n = n;
	return ERR_OK;
}

enum err places_levels(struct db *db, uint64_t community, struct arena *a,
		       struct place_levels *ret)
{
	if (!code_ok(community))
		return ERR_NOT_FOUND;
	TRY(chain_of(db, PLACES_DIVISION, community, a, ret->office, &ret->office_n));
	return chain_of(db, PLACES_STATION, community, a, ret->police, &ret->police_n);
}
