/* See case_where.h. */
#include "case_where.h"

#include "service/places.h"

static struct str keep(char to[128], struct str s)
{
	if (s.n > 127)
		s.n = 127; /* codes are shorter; a longer text is none */
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	return (struct str){to, s.n};
}

static enum err position(struct db *db, uint64_t place, struct case_where *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	bool row = false;

	db_bind_u64(s, 1, place);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	ret->has_at = db_i64(s, 5) != 0;
	ret->at = (struct geo_point){(int32_t)db_i64(s, 6), (int32_t)db_i64(s, 7)};
	db_done(s);
	return ERR_OK;
}

static enum err grid_of(struct db *db, struct geo_point at, int32_t day, struct arena *a,
			struct str *ret)
{
	const struct places_filter f = {
	    .kinds = PLACE_KIND_BIT(PLACE_GRID), .class_max = 0, .day = day};
	struct place_cover cover[1];
	unsigned n = 0;
	bool more = false;

	*ret = STR("");
	TRY(places_covering(db, at, &f, a, 1, cover, &n, &more));
	if (n > 0)
		*ret = cover[0].code;
	return ERR_OK;
}

enum err case_where_of(struct db *db, const struct cases_shelf *shelf, uint64_t place,
		       struct case_where *ret)
{
	_Alignas(16) char memory[CASE_WHERE_BYTES];
	struct place_component c;
	struct arena a;
	struct str area;

	*ret = (struct case_where){.area = CASES_NONE};
	if (place == 0)
		return ERR_OK;
	arena_init(&a, memory, sizeof memory);
	TRY(position(db, place, ret));
	TRY(places_component(db, place, PLACE_DAY_OPEN, &a, &c));
	ret->component = keep(ret->texts[0], c.use);
	ret->component_owner = keep(ret->texts[1], c.owner);
	ret->building_owner = STR("");
	if (!ret->has_at)
		return ERR_OK;
	TRY(grid_of(db, ret->at, PLACE_DAY_OPEN, &a, &area));
	for (unsigned i = 0; i < shelf->now.areas_n && area.n > 0; i++)
		if (str_eq(shelf->now.areas[i].name.text, area))
			ret->area = i;
	return ERR_OK;
}

enum err case_area_of(struct db *db, int64_t at_us, const struct calendar *calendar,
		      struct geo_point at, char *ret, size_t cap, size_t *ret_n)
{
	_Alignas(16) char memory[4096];
	struct arena a;
	struct str area;

	arena_init(&a, memory, sizeof memory);
	TRY(grid_of(db, at, calendar_day_of(calendar, at_us), &a, &area));
	*ret_n = area.n <= cap ? area.n : 0;
	if (*ret_n > 0)
		memcpy(ret, area.p, *ret_n);
	return ERR_OK;
}
