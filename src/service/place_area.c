/* Areas as rows: rings as bytes, cells that cover the box. O(points + cells). */
#include "place_area.h"

#include "base/buf.h"
#include "base/check.h"

#define WORD_BYTES 4u
#define RINGS_BYTES_MAX ((PLACE_RINGS_MAX + 2u * PLACE_POINTS_MAX) * WORD_BYTES)

/* ---- rings ---- */

static void put_word(struct buf *b, uint32_t v)
{
	uint8_t w[WORD_BYTES] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
				 (uint8_t)(v >> 24)};

	buf_put(b, w, sizeof w);
}

static uint32_t get_word(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_rings(const struct geo_shape *s, struct buf *out)
{
	for (unsigned r = 0; r < s->ring_n; r++) {
		put_word(out, s->ring[r].n);
		for (unsigned i = 0; i < s->ring[r].n; i++) {
			put_word(out, (uint32_t)s->ring[r].p[i].lat_e7);
			put_word(out, (uint32_t)s->ring[r].p[i].lon_e7);
		}
	}
}

enum err place_area_read(struct bytes rings, enum geo_form form, struct place_area *ret)
{
	const uint8_t *at = rings.p, *end = rings.p + rings.n;
	unsigned points = 0, ring_n = 0, least = form == GEO_LINE ? 2 : 3;

	if (form != GEO_LINE && form != GEO_AREA)
		return ERR_CORRUPT;
	while (at < end) {
		uint32_t n;
		if (end - at < (ptrdiff_t)WORD_BYTES || ring_n == PLACE_RINGS_MAX)
			return ERR_CORRUPT;
		n = get_word(at);
		at += WORD_BYTES;
		if (n < least || n > PLACE_POINTS_MAX - points ||
		    end - at < (ptrdiff_t)(n * 2 * WORD_BYTES))
			return ERR_CORRUPT;
		ret->ring[ring_n++] = (struct geo_ring){ret->point + points, n};
		for (; n > 0; n--, at += 2 * WORD_BYTES)
			ret->point[points++] = (struct geo_point){
			    (int32_t)get_word(at), (int32_t)get_word(at + WORD_BYTES)};
	}
	ret->shape = (struct geo_shape){form, ret->ring, ring_n};
	return ring_n > 0 ? ERR_OK : ERR_CORRUPT;
}

/* ---- the area ---- */

struct str place_area_code(const struct place *p)
{
	const struct place_value *number = &p->field[PLACE_FIELD_NUMBER];
	const char *colon = memchr(p->ext.p, ':', p->ext.n);
	struct str id = p->ext;

	if (number->present)
		return number->text;
	if (colon && colon + 1 < p->ext.p + p->ext.n)
		id = (struct str){colon + 1, (size_t)(p->ext.p + p->ext.n - colon - 1)};
	return id;
}

static enum err put_shape(struct db *db, const struct place *p)
{
	struct db_stmt *s = db_stmt(db, SQL_place_shape_put);
	char memory[RINGS_BYTES_MAX];
	struct buf rings = buf_over(memory, sizeof memory);
	const struct place_value *post = &p->field[PLACE_FIELD_POST];

	put_rings(&p->shape, &rings);
	CHECK(!rings.over);
	db_bind_u64(s, 1, p->id);
	db_bind_i64(s, 2, p->kind);
	db_bind_i64(s, 3, p->valid_from);
	db_bind_i64(s, 4, p->valid_until == PLACE_DAY_OPEN ? INT32_MAX : p->valid_until);
	db_bind_text(s, 5, p->ext);
	db_bind_text(s, 6, place_area_code(p));
	db_bind_text(s, 7, place_title(p));
	db_bind_text(s, 8, post->present ? post->text : STR(""));
	db_bind_bytes(s, 9, rings.p, rings.n);
	db_bind_i64(s, 10, p->shape.form);
	return db_run(db, s);
}

static enum err put_cells(struct db *db, const struct place *p)
{
	struct geo_box box = geo_shape_box(&p->shape);
	uint64_t cell[GEO_COVER_CELLS_MAX];
	unsigned n = geo_cover_box(&box, cell);

	for (unsigned i = 0; i < n; i++) {
		struct db_stmt *s = db_stmt(db, SQL_place_cover_insert);
		db_bind_u64(s, 1, cell[i]);
		db_bind_u64(s, 2, p->id);
		db_bind_i64(s, 3, p->kind);
		db_bind_i64(s, 4, box.south_e7);
		db_bind_i64(s, 5, box.west_e7);
		db_bind_i64(s, 6, box.north_e7);
		db_bind_i64(s, 7, box.east_e7);
		TRY(db_run(db, s));
	}
	return ERR_OK;
}

/* The cells of the row that is there, found again by its box. */
static enum err drop_cells(struct db *db, uint64_t id, bool *ret_any)
{
	struct db_stmt *s = db_stmt(db, SQL_place_shape_get);
	uint64_t cell[GEO_COVER_CELLS_MAX];
	struct place_area old;
	struct geo_box box;
	unsigned n;
	enum err e;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, ret_any));
	if (!*ret_any)
		return ERR_OK;
	e = place_area_read(db_bytes(s, 0), (enum geo_form)db_i64(s, 1), &old);
	db_done(s);
	TRY(e);
	if (old.shape.form != GEO_AREA)
		return ERR_OK;
	box = geo_shape_box(&old.shape);
	n = geo_cover_box(&box, cell);
	for (unsigned i = 0; i < n; i++) {
		s = db_stmt(db, SQL_place_cover_delete);
		db_bind_u64(s, 1, cell[i]);
		db_bind_u64(s, 2, id);
		TRY(db_run(db, s));
	}
	return ERR_OK;
}

static enum err drop_row(struct db *db, enum sql sql, uint64_t id)
{
	struct db_stmt *s = db_stmt(db, sql);

	db_bind_u64(s, 1, id);
	return db_run(db, s);
}

enum err place_area_apply(struct db *db, const struct place *p, bool again)
{
	bool any = false;

	if (again)
		TRY(drop_cells(db, p->id, &any));
	if (p->shape.form == GEO_NONE)
		return any ? drop_row(db, SQL_place_shape_delete, p->id) : ERR_OK;
	TRY(put_shape(db, p));
	return p->shape.form == GEO_AREA ? put_cells(db, p) : ERR_OK;
}

enum err places_shape(struct db *db, uint64_t id, struct place_area *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_shape_get);
	bool row = false;
	enum err e;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	e = place_area_read(db_bytes(s, 0), (enum geo_form)db_i64(s, 1), ret);
	db_done(s);
	return e;
}

/* ---- the register ---- */

static struct str text_of(const struct place *p, enum place_field f)
{
	return p->field[f].present ? p->field[f].text : STR("");
}

enum err place_register_apply(struct db *db, const struct place *p, bool again)
{
	enum place_field use =
	    p->kind == PLACE_DEVICE ? PLACE_FIELD_DEVICE_KIND : PLACE_FIELD_USE;
	const struct str texts[] = {text_of(p, PLACE_FIELD_NUMBER), text_of(p, use),
				    text_of(p, PLACE_FIELD_OWNER),
				    text_of(p, PLACE_FIELD_MAINTAINER)};
	struct db_stmt *s;
	bool any = false;

	if (p->kind != PLACE_COMPONENT && p->kind != PLACE_DEVICE && p->kind != PLACE_FACILITY)
		return ERR_OK;
	for (int i = 0; i < 4; i++)
		any = any || texts[i].n > 0;
	if (!any)
		return again ? drop_row(db, SQL_place_register_delete, p->id) : ERR_OK;
	s = db_stmt(db, SQL_place_register_put);
	db_bind_u64(s, 1, p->id);
	for (int i = 0; i < 4; i++)
		db_bind_text(s, i + 2, texts[i]);
	return db_run(db, s);
}
