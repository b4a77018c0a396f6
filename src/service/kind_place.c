/* place.set: a place in one version, as an entry and as rows. */
#include "service/kind_place.h"

#include "base/check.h"
#include "base/civil.h"
#include "place/code.h"
#include "place/text.h"
#include "place_area.h"

/* ---- to and from an entry ---- */

static const char *const forms[] = {[GEO_NONE] = "none", [GEO_LINE] = "line", [GEO_AREA] = "area"};

static void put_day(struct entry_writer *w, const char *key, int32_t day)
{
	char text[CIVIL_DATE_BYTES];
	struct buf b = buf_over(text, sizeof text);

	if (day != PLACE_DAY_OPEN)
		civil_put_date(day, &b);
	entry_key(w, key);
	entry_str(w, buf_str(&b));
}

static void put_point(struct entry_writer *w, struct geo_point p)
{
	entry_int(w, p.lat_e7);
	entry_int(w, p.lon_e7);
}

static void put_code(struct entry_writer *w, uint64_t code)
{
	char digits[24];
	struct buf b = buf_over(digits, sizeof digits);

	if (code != 0)
		buf_put_u64(&b, code);
	entry_key(w, "code");
	entry_str(w, buf_str(&b));
}

static void put_fields(struct entry_writer *w, const struct place *p)
{
	entry_key(w, "fields");
	entry_object(w);
	for (unsigned i = 0; i < PLACE_FIELD_COUNT; i++) {
		const struct place_field_info *f = place_field_info((enum place_field)i);
		const struct place_value *v = &p->field[i];
		if (!v->present)
			continue;
		if (f->form == PLACE_DATE) {
			put_day(w, f->name, (int32_t)v->n);
			continue;
		}
		entry_key(w, f->name);
		if (f->form == PLACE_TEXT)
			entry_str(w, v->text);
		else if (f->form == PLACE_YES_NO)
			entry_bool(w, v->n != 0);
		else
			entry_int(w, v->n);
	}
	entry_close(w);
}

static void put_shape(struct entry_writer *w, const struct geo_shape *s)
{
	entry_key(w, "shape");
	entry_array(w);
	for (unsigned r = 0; r < s->ring_n; r++) {
		entry_array(w);
		for (unsigned i = 0; i < s->ring[r].n; i++)
			put_point(w, s->ring[r].p[i]);
		entry_close(w);
	}
	entry_close(w);
}

void place_encode(struct entry_writer *w, const void *data)
{
	const struct place *p = data;

	entry_key(w, "aliases");
	entry_array(w);
	for (unsigned i = 0; i < p->alias_n; i++)
		entry_str(w, p->alias[i]);
	entry_close(w);
	entry_key(w, "at");
	entry_array(w);
	if (p->has_at)
		put_point(w, p->at);
	entry_close(w);
	put_code(w, p->code);
	entry_key(w, "ext");
	entry_str(w, p->ext);
	put_fields(w, p);
	entry_key(w, "form");
	entry_str(w, str_of(forms[p->shape.form]));
	entry_key(w, "id");
	entry_int(w, (int64_t)p->id);
	entry_key(w, "kind");
	entry_str(w, str_of(place_kind_info(p->kind)->name));
	entry_key(w, "parent");
	entry_int(w, (int64_t)p->parent);
	entry_key(w, "predecessors");
	entry_array(w);
	for (unsigned i = 0; i < p->predecessor_n; i++)
		entry_int(w, (int64_t)p->predecessor[i]);
	entry_close(w);
	put_shape(w, &p->shape);
	put_day(w, "valid_from", p->valid_from);
	put_day(w, "valid_until", p->valid_until);
}

enum err place_digest(const struct place *p, uint8_t ret[PLACE_DIGEST_BYTES])
{
	char memory[ENTRY_BYTES_MAX];
	struct entry_writer w;
	struct hash32 h;
	struct str text;

	entry_writer_begin(&w, memory, sizeof memory);
	place_encode(&w, p);
	TRY(entry_writer_end(&w, &text));
	hash_sha256(text.p, text.n, &h);
	memcpy(ret, h.b, PLACE_DIGEST_BYTES);
	return ERR_OK;
}

static enum err read_day(const struct entry_value *v, struct arena *a, int32_t *ret)
{
	struct str text = {0};

	TRY(kind_read_str(v, a, &text));
	if (text.n == 0)
		*ret = PLACE_DAY_OPEN;
	else if (civil_parse_date(text, ret) != ERR_OK)
		return ERR_CORRUPT;
	return ERR_OK;
}

/* An array of E7 pairs into arena memory. */
static enum err get_points(const struct entry_value *list, size_t pairs_max, struct arena *a,
			   const struct geo_point **ret, unsigned *ret_n)
{
	size_t n = entry_size(list) / 2;
	struct geo_point *p = arena_alloc(a, n * sizeof *p);

	if (!entry_is(list, ENTRY_ARRAY) || entry_size(list) % 2 != 0 || n > pairs_max)
		return ERR_CORRUPT;
	if (!p)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < n; i++) {
		const struct entry_value *lat = entry_at(list, 2 * i),
					 *lon = entry_at(list, 2 * i + 1);
		if (!entry_is(lat, ENTRY_INT) || !entry_is(lon, ENTRY_INT) ||
		    !geo_point_ok(lat->number, lon->number))
			return ERR_CORRUPT;
		p[i] = (struct geo_point){(int32_t)lat->number, (int32_t)lon->number};
	}
	*ret = p;
	*ret_n = (unsigned)n;
	return ERR_OK;
}

static enum err get_shape(const struct entry_value *data, struct arena *a, struct geo_shape *ret)
{
	const struct entry_value *list = entry_get(data, "shape");
	struct str form = {0};
	struct geo_ring *ring;

	TRY(kind_get_str(data, "form", a, &form));
	for (unsigned i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (str_eq(form, str_of(forms[i])))
			ret->form = (enum geo_form)i;
	if (!entry_is(list, ENTRY_ARRAY) || entry_size(list) > PLACE_RINGS_MAX ||
	    !str_eq(form, str_of(forms[ret->form])))
		return ERR_CORRUPT;
	ring = arena_alloc(a, entry_size(list) * sizeof *ring);
	if (!ring)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < entry_size(list); i++)
		TRY(get_points(entry_at(list, i), PLACE_POINTS_MAX, a, &ring[i].p, &ring[i].n));
	ret->ring = ring;
	ret->ring_n = (unsigned)entry_size(list);
	return ERR_OK;
}

static enum err get_field(const struct entry_value *v, struct arena *a, struct place *p)
{
	struct place_value value = {.present = true};
	enum place_field f;
	int32_t day = 0;

	if (!place_field_find(entry_key_of(v), &f))
		return ERR_CORRUPT;
	switch (place_field_info(f)->form) {
	case PLACE_TEXT:
		TRY(kind_read_str(v, a, &value.text));
		break;
	case PLACE_DATE:
		TRY(read_day(v, a, &day));
		value.n = day;
		break;
	case PLACE_YES_NO:
		value.n = v->number;
		if (!entry_is(v, ENTRY_BOOL))
			return ERR_CORRUPT;
		break;
	case PLACE_NUMBER:
		value.n = v->number;
		if (!entry_is(v, ENTRY_INT))
			return ERR_CORRUPT;
		break;
	}
	p->field[f] = value;
	return ERR_OK;
}

static enum err get_lists(const struct entry_value *data, struct arena *a, struct place *p)
{
	const struct entry_value *aliases = entry_get(data, "aliases"),
				 *fields = entry_get(data, "fields");
	const struct entry_value *before = entry_get(data, "predecessors");
	const struct entry_value *v;

	if (!entry_is(aliases, ENTRY_ARRAY) || entry_size(aliases) > PLACE_ALIASES_MAX ||
	    !entry_is(fields, ENTRY_OBJECT) || !entry_is(before, ENTRY_ARRAY) ||
	    entry_size(before) > PLACE_PREDECESSORS_MAX)
		return ERR_CORRUPT;
	for (p->alias_n = 0; p->alias_n < entry_size(aliases); p->alias_n++) {
		v = entry_at(aliases, p->alias_n);
		if (!entry_is(v, ENTRY_STR))
			return ERR_CORRUPT;
		p->alias[p->alias_n] = arena_copy(a, v->text);
		if (!p->alias[p->alias_n].p)
			return ERR_NO_MEMORY;
	}
	for (p->predecessor_n = 0; p->predecessor_n < entry_size(before); p->predecessor_n++) {
		v = entry_at(before, p->predecessor_n);
		if (!entry_is(v, ENTRY_INT) || v->number <= 0)
			return ERR_CORRUPT;
		p->predecessor[p->predecessor_n] = (uint64_t)v->number;
	}
	for (v = entry_first(fields); v; v = entry_next(fields, v))
		TRY(get_field(v, a, p));
	return ERR_OK;
}

#define MEMBERS 13u

enum err place_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct place *p = arena_alloc(a, sizeof *p);
	struct str kind = {0}, code = {0};
	const struct geo_point *at;
	unsigned at_n;

	if (!p)
		return ERR_NO_MEMORY;
	if (entry_size(data) != MEMBERS)
		return ERR_CORRUPT;
	TRY(get_lists(data, a, p));
	TRY(get_points(entry_get(data, "at"), 1, a, &at, &at_n));
	p->has_at = at_n == 1;
	if (p->has_at)
		p->at = at[0];
	TRY(kind_get_str(data, "code", a, &code));
	if (code.n > 0 && !code_parse(code, &p->code))
		return ERR_CORRUPT;
	TRY(kind_get_str(data, "ext", a, &p->ext));
	TRY(kind_get_u64(data, "id", &p->id));
	TRY(kind_get_str(data, "kind", a, &kind));
	if (!place_kind_find(kind, &p->kind))
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "parent", &p->parent));
	TRY(get_shape(data, a, &p->shape));
	TRY(read_day(entry_get(data, "valid_from"), a, &p->valid_from));
	TRY(read_day(entry_get(data, "valid_until"), a, &p->valid_until));
	if (place_check(p, NULL) != ERR_OK)
		return ERR_CORRUPT;
	*ret = p;
	return ERR_OK;
}

/* ---- rows ---- */

struct old_row {
	bool present, has_at;
	enum place_kind kind;
	uint64_t parent;
	struct geo_point at;
	char search[PLACE_SEARCH_BYTES_MAX];
	size_t search_n;
};

static enum err get_old(struct db *db, uint64_t id, struct old_row *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_get);
	struct str search;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &ret->present));
	if (!ret->present)
		return ERR_OK;
	ret->kind = (enum place_kind)db_i64(s, 1);
	ret->parent = db_u64(s, 2);
	ret->has_at = db_i64(s, 5) != 0;
	ret->at = (struct geo_point){(int32_t)db_i64(s, 6), (int32_t)db_i64(s, 7)};
	search = db_text(s, 9);
	ret->search_n = search.n < sizeof ret->search ? search.n : sizeof ret->search;
	memcpy(ret->search, search.p, ret->search_n);
	return db_finish(s);
}

static enum err each_token(struct db *db, enum sql sql, struct str search, uint64_t id)
{
	struct text_cursor c = {.text = search};
	struct str token;

	while (text_next_token(&c, &token)) {
		struct db_stmt *s = db_stmt(db, sql);
		db_bind_text(s, 1, token);
		db_bind_u64(s, 2, id);
		TRY(db_run(db, s));
	}
	return ERR_OK;
}

static enum err count_child(struct db *db, uint64_t parent, enum place_kind kind, int by)
{
	struct db_stmt *s = db_stmt(db, SQL_place_count_add);

	db_bind_u64(s, 1, parent);
	db_bind_i64(s, 2, kind);
	db_bind_i64(s, 3, by);
	return db_run(db, s);
}

static uint64_t cell_of(struct geo_point p)
{
	return geo_cell(geo_cell_row(p.lat_e7), geo_cell_column(p.lon_e7));
}

static int64_t until_of(const struct place *p)
{
	return p->valid_until == PLACE_DAY_OPEN ? INT32_MAX : p->valid_until;
}

static enum err drop_old(struct db *db, uint64_t id, const struct old_row *old, bool same_search)
{
	struct db_stmt *s;

	if (!old->present)
		return ERR_OK;
	if (!same_search)
		TRY(each_token(db, SQL_place_token_delete, (struct str){old->search, old->search_n},
			       id));
	TRY(count_child(db, old->parent, old->kind, -1));
	if (old->has_at) {
		s = db_stmt(db, SQL_place_cell_delete);
		db_bind_i64(s, 1, old->kind);
		db_bind_u64(s, 2, cell_of(old->at));
		db_bind_u64(s, 3, id);
		TRY(db_run(db, s));
	}
	s = db_stmt(db, SQL_place_follows_delete);
	db_bind_u64(s, 1, id);
	return db_run(db, s);
}

static enum err put_row(struct db *db, uint64_t n, const struct place *p, struct str search)
{
	uint8_t digest[PLACE_DIGEST_BYTES];
	struct db_stmt *s = db_stmt(db, SQL_place_put);

	TRY(place_digest(p, digest));
	db_bind_u64(s, 1, p->id);
	db_bind_u64(s, 2, n);
	db_bind_i64(s, 3, p->kind);
	db_bind_u64(s, 4, p->parent);
	db_bind_u64(s, 5, p->code);
	db_bind_text(s, 6, p->ext);
	db_bind_bytes(s, 7, digest, sizeof digest);
	db_bind_i64(s, 8, p->valid_from);
	db_bind_i64(s, 9, until_of(p));
	db_bind_i64(s, 10, p->has_at);
	db_bind_i64(s, 11, p->at.lat_e7);
	db_bind_i64(s, 12, p->at.lon_e7);
	db_bind_text(s, 13, place_title(p));
	db_bind_text(s, 14, search);
	return db_run(db, s);
}

static enum err put_version(struct db *db, const struct entry_head *head, const struct place *p)
{
	struct db_stmt *s = db_stmt(db, SQL_place_version_insert);

	db_bind_u64(s, 1, p->id);
	db_bind_u64(s, 2, head->n);
	db_bind_i64(s, 3, head->at_us);
	db_bind_i64(s, 4, p->valid_from);
	db_bind_i64(s, 5, until_of(p));
	db_bind_text(s, 6, place_title(p));
	return db_run(db, s);
}

static enum err put_links(struct db *db, const struct place *p)
{
	struct db_stmt *s;

	TRY(count_child(db, p->parent, p->kind, 1));
	for (unsigned i = 0; i < p->predecessor_n; i++) {
		s = db_stmt(db, SQL_place_follows_insert);
		db_bind_u64(s, 1, p->predecessor[i]);
		db_bind_u64(s, 2, p->id);
		TRY(db_run(db, s));
	}
	if (!p->has_at)
		return ERR_OK;
	s = db_stmt(db, SQL_place_cell_insert);
	db_bind_i64(s, 1, p->kind);
	db_bind_u64(s, 2, cell_of(p->at));
	db_bind_u64(s, 3, p->id);
	db_bind_i64(s, 4, p->at.lat_e7);
	db_bind_i64(s, 5, p->at.lon_e7);
	db_bind_i64(s, 6, p->valid_from);
	db_bind_i64(s, 7, until_of(p));
	db_bind_u64(s, 8, p->parent);
	db_bind_text(s, 9, place_title(p));
	return db_run(db, s);
}

enum err place_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct place *p = data;
	char memory[PLACE_SEARCH_BYTES_MAX];
	struct buf search = buf_over(memory, sizeof memory);
	struct old_row old;
	bool same;

	place_search_text(p, &search);
	CHECK(!search.over);
	TRY(get_old(db, p->id, &old));
	same = old.present && str_eq(buf_str(&search), (struct str){old.search, old.search_n});
	TRY(drop_old(db, p->id, &old, same));
	TRY(put_row(db, head->n, p, buf_str(&search)));
	TRY(put_version(db, head, p));
	TRY(put_links(db, p));
	TRY(place_area_apply(db, p, old.present));
	TRY(place_register_apply(db, p, old.present));
	return same ? ERR_OK : each_token(db, SQL_place_token_insert, buf_str(&search), p->id);
}
