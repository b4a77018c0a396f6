/* Cells, boxes, nearest. The card and the search by text are in files of their own. */
#include "service/places.h"

#include "base/check.h"
#include "places_row.h"

#include <stdlib.h>

#define RADIUS_START_M 100.0

int32_t places_day_of_row(int64_t v)
{
	return v == INT32_MAX || v == INT32_MIN ? PLACE_DAY_OPEN : (int32_t)v;
}

bool places_allows(const struct places_filter *f, enum place_kind kind, int64_t from, int64_t until)
{
	const struct place_kind_info *info = place_kind_info(kind);

	return info && (f->kinds & PLACE_KIND_BIT(kind)) && info->class_of_texts <= f->class_max &&
	       (f->day == PLACE_DAY_OPEN || (f->day >= from && f->day <= until));
}

enum err places_by_id(struct db *db, uint64_t id, struct arena *a, struct place_row *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	bool row = false;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret = (struct place_row){.id = id,
				  .kind = (enum place_kind)db_i64(s, 1),
				  .parent = db_u64(s, 2),
				  .has_at = db_i64(s, 5) != 0,
				  .at = {(int32_t)db_i64(s, 6), (int32_t)db_i64(s, 7)},
				  .title = arena_copy(a, db_text(s, 8))};
	TRY(db_finish(s));
	return ret->title.p ? ERR_OK : ERR_NO_MEMORY;
}

/* ---- the scan ---- */

struct scan {
	struct db *db;
	const struct places_filter *filter;
	struct geo_box box;
	/* takes a place of the box, whose title stays in place during the call; false ends the scan
	 */
	bool (*take)(struct scan *s, const struct place_row *row);
	void *ctx;
	bool ended;
};

static bool take_row(struct scan *s, struct db_stmt *st, enum place_kind kind, struct geo_point at)
{
	struct place_row row = {.id = db_u64(st, 1),
				.kind = kind,
				.parent = db_u64(st, 6),
				.has_at = true,
				.at = at,
				.title = db_text(st, 7)};

	return s->take(s, &row);
}

/* Cells of one kind, row by row. Where the index leads out of the box's columns it is asked again
 * for the next cell that lies within: so rows without places cost nothing, and a row costs one
 * question. */
static enum err scan_kind(struct scan *s, enum place_kind kind)
{
	const uint64_t column_mask = (1u << GEO_CELL_COLUMN_BITS) - 1;
	uint64_t first = geo_cell_column(s->box.west_e7), last = geo_cell_column(s->box.east_e7);
	uint64_t seek = geo_cell(geo_cell_row(s->box.south_e7), first);
	uint64_t end = geo_cell(geo_cell_row(s->box.north_e7), last);

	while (seek <= end && !s->ended) {
		struct db_stmt *st = db_stmt(s->db, SQL_place_cell_scan);
		bool row = false, inside = true;
		db_bind_i64(st, 1, kind);
		db_bind_u64(st, 2, seek);
		db_bind_u64(st, 3, end);
		while (inside && !s->ended) {
			uint64_t cell, column;
			struct geo_point at;
			TRY(db_step(s->db, st, &row));
			if (!row)
				return ERR_OK;
			cell = db_u64(st, 0);
			column = cell & column_mask;
			inside = column >= first && column <= last;
			if (!inside) {
				uint64_t line = (cell >> GEO_CELL_COLUMN_BITS) + (column > last);
				seek = geo_cell(line, first);
				continue;
			}
			at = (struct geo_point){(int32_t)db_i64(st, 2), (int32_t)db_i64(st, 3)};
			if (geo_box_has(&s->box, at) &&
			    places_allows(s->filter, kind, db_i64(st, 4), db_i64(st, 5)))
				s->ended = !take_row(s, st, kind, at);
		}
		db_done(st);
	}
	return ERR_OK;
}

static enum err scan_box(struct scan *s)
{
	for (unsigned k = 1; k < PLACE_KIND_END && !s->ended; k++)
		if (places_allows(s->filter, (enum place_kind)k, INT32_MIN, INT32_MAX))
			TRY(scan_kind(s, (enum place_kind)k));
	return ERR_OK;
}

/* ---- box and area ---- */

struct collecting {
	const struct geo_shape *area; /* NULL: the box alone */
	struct arena *arena;
	struct place_row *row;
	unsigned n, limit;
	bool more;
};

static bool collect(struct scan *s, const struct place_row *row)
{
	struct collecting *c = s->ctx;

	if (c->area && !geo_shape_has(c->area, row->at))
		return true;
	if (c->n == c->limit) {
		c->more = true;
		return false;
	}
	c->row[c->n] = *row;
	c->row[c->n].title = arena_copy(c->arena, row->title);
	return c->row[c->n++].title.p != NULL;
}

/* Rows of which the ids are known. */
static enum err complete(struct db *db, struct arena *a, struct place_row *row, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		double distance_m = row[i].distance_m;
		TRY(places_by_id(db, row[i].id, a, &row[i]));
		row[i].distance_m = distance_m;
	}
	return ERR_OK;
}

static enum err collect_box(struct db *db, const struct geo_box *box, const struct geo_shape *area,
			    const struct places_filter *f, struct arena *a, unsigned limit,
			    struct place_row *ret, unsigned *ret_n, bool *ret_more)
{
	struct collecting c = {.area = area, .arena = a, .row = ret, .limit = limit};
	struct scan s = {.db = db, .filter = f, .box = *box, .take = collect, .ctx = &c};

	CHECK(limit <= PLACES_BOX_MAX);
	TRY(scan_box(&s));
	if (a->over)
		return ERR_NO_MEMORY;
	*ret_n = c.n;
	*ret_more = c.more;
	return ERR_OK;
}

enum err places_box(struct db *db, const struct geo_box *box, const struct places_filter *f,
		    struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
		    bool *ret_more)
{
	return collect_box(db, box, NULL, f, a, limit, ret, ret_n, ret_more);
}

enum err places_inside(struct db *db, const struct geo_shape *area, const struct places_filter *f,
		       struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
		       bool *ret_more)
{
	struct geo_box box = geo_shape_box(area);

	return collect_box(db, &box, area, f, a, limit, ret, ret_n, ret_more);
}

enum err places_newest(struct db *db, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_newest);
	bool row = false;

	TRY(db_step(db, s, &row));
	*ret = db_u64(s, 0);
	db_done(s);
	return ERR_OK;
}

/* ---- nearest ---- */

struct nearing {
	struct geo_point from;
	double within_m;
	struct place_row *row; /* ascending by distance, then id */
	unsigned n, k;
};

static bool is_nearer(const struct place_row *a, const struct place_row *b)
{
	return a->distance_m < b->distance_m || (a->distance_m <= b->distance_m && a->id < b->id);
}

static bool take_near(struct scan *s, const struct place_row *row)
{
	struct nearing *c = s->ctx;
	struct place_row new = *row;
	unsigned i;

	new.title = (struct str){0}; /* of the few that stay it is read at the end */
	new.distance_m = geo_distance_m(c->from, row->at);
	if (new.distance_m > c->within_m || (c->n == c->k && !is_nearer(&new, &c->row[c->n - 1])))
		return true;
	if (c->n < c->k)
		c->n++;
	for (i = c->n - 1; i > 0 && is_nearer(&new, &c->row[i - 1]); i--)
		c->row[i] = c->row[i - 1];
	c->row[i] = new;
	return true;
}

enum err places_near_within(struct db *db, struct geo_point at, double radius_m,
			    const struct places_filter *f, struct arena *a, unsigned k,
			    struct place_row *ret, unsigned *ret_n)
{
	struct nearing c = {.from = at, .row = ret, .k = k};

	CHECK(k > 0 && k <= PLACES_NEAR_MAX);
	for (c.within_m = RADIUS_START_M;; c.within_m *= 2) {
		struct scan s = {.db = db, .filter = f, .take = take_near, .ctx = &c};
		c.within_m = c.within_m < radius_m ? c.within_m : radius_m;
		s.box = geo_box_around(at, c.within_m);
		c.n = 0;
		TRY(scan_box(&s));
		if (c.n == k || c.within_m >= radius_m)
			break;
	}
	TRY(complete(db, a, ret, c.n));
	*ret_n = c.n;
	return ERR_OK;
}

enum err places_near(struct db *db, struct geo_point at, const struct places_filter *f,
		     struct arena *a, unsigned k, struct place_row *ret, unsigned *ret_n)
{
	return places_near_within(db, at, PLACES_NEAR_RADIUS_M, f, a, k, ret, ret_n);
}

/* ---- the card ---- */

static enum err card_place(struct db *db, struct arena *a, struct place_card *c)
{
	const void *decoded = NULL;
	const struct entry_value *data = NULL;
	void *tree = NULL;
	struct entry_view v;
	struct entry_head head;
	char *memory = arena_alloc(a, ENTRY_BYTES_MAX);
	enum err e;

	if (!memory)
		return ERR_NO_MEMORY;
	TRY(journal_entry(db, c->n, memory, &v));
	TRY(kind_parse(v.body, a, &head, &tree, &data));
	e = head.kind == KIND_PLACE_SET ? place_decode(data, a, &decoded) : ERR_CORRUPT;
	free(tree);
	TRY(e);
	c->place = *(const struct place *)decoded;
	c->at_us = head.at_us;
	return ERR_OK;
}

static enum err card_parents(struct db *db, struct arena *a, struct place_card *c)
{
	uint64_t at = c->place.parent;

	while (at != 0 && c->parent_n < PLACE_DEPTH_MAX) {
		TRY(places_by_id(db, at, a, &c->parent[c->parent_n]));
		at = c->parent[c->parent_n++].parent;
	}
	return ERR_OK;
}

static enum err take_counts(struct db *db, struct db_stmt *s, uint64_t ret[PLACE_KIND_END])
{
	bool row = true;

	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		if (place_kind_info((enum place_kind)db_i64(s, 0)))
			ret[db_i64(s, 0)] = db_u64(s, 1);
	}
}

static enum err card_counts(struct db *db, int32_t day, struct place_card *c)
{
	struct db_stmt *s = db_stmt(db, SQL_place_count_list);

	db_bind_u64(s, 1, c->place.id);
	TRY(take_counts(db, s, c->children));
	if (day == PLACE_DAY_OPEN)
		return ERR_OK;
	s = db_stmt(db, SQL_place_count_other_days);
	db_bind_u64(s, 1, c->place.id);
	db_bind_i64(s, 2, day);
	TRY(take_counts(db, s, c->other_days));
	for (unsigned k = 0; k < PLACE_KIND_END; k++)
		c->children[k] -= c->other_days[k] < c->children[k] ? c->other_days[k]
								    : c->children[k];
	return ERR_OK;
}

/* Ids that a statement gives, then their rows. */
static enum err card_list(struct db *db, struct db_stmt *s, struct arena *a, unsigned cap,
			  struct place_row *ret, unsigned *ret_n)
{
	unsigned n = 0;
	bool row = true;

	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		CHECK(n < cap);
		ret[n++] = (struct place_row){.id = db_u64(s, 0)};
	}
	*ret_n = n;
	return complete(db, a, ret, n);
}

static enum err card_children(struct db *db, struct arena *a, uint64_t id, int32_t day,
			      enum place_kind kind, struct place_row *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_place_of_parent);

	db_bind_u64(s, 1, id);
	db_bind_i64(s, 2, kind);
	db_bind_u64(s, 3, PLACES_CARD_LIST_MAX);
	db_bind_i64(s, 4, day == PLACE_DAY_OPEN ? INT32_MAX : day);
	db_bind_i64(s, 5, day == PLACE_DAY_OPEN ? INT32_MIN : day);
	return card_list(db, s, a, PLACES_CARD_LIST_MAX, ret, ret_n);
}

static enum err card_versions(struct db *db, struct arena *a, struct place_card *c)
{
	struct db_stmt *s = db_stmt(db, SQL_place_version_list);
	bool row = true;

	db_bind_u64(s, 1, c->place.id);
	db_bind_u64(s, 2, PLACES_CARD_VERSIONS_MAX);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		c->version[c->version_n] = (struct place_version_row){
		    db_u64(s, 0), db_i64(s, 1), places_day_of_row(db_i64(s, 2)),
		    places_day_of_row(db_i64(s, 3)),
		    arena_copy(a, db_text(s, 4))};
		if (!c->version[c->version_n++].title.p) {
			db_done(s);
			return ERR_NO_MEMORY;
		}
	}
}

static enum err card_relations(struct db *db, struct arena *a, struct place_card *c)
{
	struct db_stmt *s = db_stmt(db, SQL_place_follows_list);

	db_bind_u64(s, 1, c->place.id);
	db_bind_u64(s, 2, PLACE_PREDECESSORS_MAX);
	TRY(card_list(db, s, a, PLACE_PREDECESSORS_MAX, c->successor, &c->successor_n));
	for (unsigned i = 0; i < c->place.predecessor_n; i++)
		c->predecessor[i] = (struct place_row){.id = c->place.predecessor[i]};
	c->predecessor_n = c->place.predecessor_n;
	return complete(db, a, c->predecessor, c->predecessor_n);
}

#define CARD_COVERS                                                                                \
	(PLACE_KIND_BIT(PLACE_GRID) | PLACE_KIND_BIT(PLACE_AREA) | PLACE_KIND_BIT(PLACE_DEVICE))

/* By its own point, else by that of the nearest that it hangs on. It does not cover itself. */
static enum err card_covers(struct db *db, struct arena *a, unsigned class_max, int32_t day,
			    struct place_card *c)
{
	struct places_filter f = {CARD_COVERS, class_max, day};
	bool has_at = c->place.has_at, more = false;
	struct geo_point at = c->place.at;
	unsigned n = 0;

	for (unsigned i = 0; i < c->parent_n && !has_at; i++) {
		has_at = c->parent[i].has_at;
		at = c->parent[i].at;
	}
	if (!has_at)
		return ERR_OK;
	TRY(places_covering(db, at, &f, a, PLACES_COVERING_MAX, c->cover, &n, &more));
	for (unsigned i = 0; i < n; i++)
		if (c->cover[i].id != c->place.id)
			c->cover[c->cover_n++] = c->cover[i];
	return ERR_OK;
}

enum err places_card(struct db *db, uint64_t id, unsigned class_max, int32_t day, struct arena *a,
		     struct place_card *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	const struct place_kind_info *kind;
	bool row = false;

	if (id > INT64_MAX)
		return ERR_NOT_FOUND;
	memset(ret, 0, sizeof *ret);
	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	ret->n = db_u64(s, 0);
	kind = place_kind_info((enum place_kind)db_i64(s, 1));
	db_done(s);
	if (!kind)
		return ERR_CORRUPT;
	if (kind->class_of_texts > class_max)
		return ERR_FORBIDDEN;
	TRY(card_place(db, a, ret));
	TRY(card_parents(db, a, ret));
	TRY(card_counts(db, day, ret));
	TRY(card_children(db, a, id, day, PLACE_COMPONENT, ret->component, &ret->component_n));
	TRY(card_children(db, a, id, day, PLACE_DEVICE, ret->device, &ret->device_n));
	TRY(card_versions(db, a, ret));
	TRY(card_covers(db, a, class_max, day, ret));
	return card_relations(db, a, ret);
}

/* ---- the midst of all ---- */

#define MIDDLE_SAMPLES 63

static enum err sample(struct db *db, int64_t id, struct geo_point *v, unsigned *n)
{
	struct db_stmt *s = db_stmt(db, SQL_place_at_from);
	bool row = false;

	db_bind_i64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_OK;
	v[(*n)++] = (struct geo_point){(int32_t)db_i64(s, 0), (int32_t)db_i64(s, 1)};
	db_done(s);
	return ERR_OK;
}

static int by_value(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* The sample that is nearest to the middle of the latitudes and of the longitudes. */
static struct geo_point midmost(const struct geo_point *v, unsigned n)
{
	int32_t lat[MIDDLE_SAMPLES], lon[MIDDLE_SAMPLES];
	struct geo_point middle, best = v[0];

	for (unsigned i = 0; i < n; i++) {
		lat[i] = v[i].lat_e7;
		lon[i] = v[i].lon_e7;
	}
	qsort(lat, n, sizeof *lat, by_value);
	qsort(lon, n, sizeof *lon, by_value);
	middle = (struct geo_point){lat[n / 2], lon[n / 2]};
	for (unsigned i = 1; i < n; i++)
		if (geo_distance_m(v[i], middle) < geo_distance_m(best, middle))
			best = v[i];
	return best;
}

enum err places_middle(struct db *db, struct geo_point *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_span);
	struct geo_point v[MIDDLE_SAMPLES];
	int64_t first, last;
	unsigned n = 0;
	bool row = false;

	TRY(db_step(db, s, &row));
	CHECK(row);
	first = db_i64(s, 0);
	last = db_i64(s, 1);
	db_done(s);
	for (int64_t i = 0; i < MIDDLE_SAMPLES; i++)
		TRY(sample(db, first + (last - first) / MIDDLE_SAMPLES * i, v, &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	*ret = midmost(v, n);
	return ERR_OK;
}
