/* A row becomes a draft: kind, identity, fields, shape. */
#include "place_row.h"

#include "base/civil.h"
#include "base/hash.h"
#include "place/code.h"
#include "service/kind_place.h"

#include <math.h>

#define ROW_TEXT_BYTES_MAX 4096u /* more than any target may hold */

struct maker {
	const struct place_map *map;
	const struct place_row_in *row;
	const struct place_map_kind *kind;
	struct arena *arena;
	struct problem *problem;
	struct place_draft *draft;
	unsigned points;	 /* of its shape so far */
	const char *long_target; /* one whose text is over the cap */
};

static enum err bad(struct problem *p, const char *field, enum msg msg, struct str arg)
{
	return problem_set(p, ERR_BAD_INPUT, str_of(field), msg, &arg, 1);
}

static struct str trim(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* ---- kinds ---- */

static bool holds(const struct place_map_condition *c, const struct place_row_in *row)
{
	struct str v = trim(row->value[c->column]);

	for (unsigned i = 0; i < c->n; i++)
		if (str_eq(v, c->value[i]))
			return true;
	return c->n == 0 && v.n > 0;
}

static const struct place_map_kind *kind_of(const struct place_map *map,
					    const struct place_row_in *row)
{
	for (unsigned i = 0; i < map->kind_n; i++) {
		const struct place_map_kind *k = &map->kind[i];
		bool fits = true;
		for (unsigned c = 0; c < k->condition_n && fits; c++)
			fits = holds(&k->condition[c], row);
		if (fits)
			return k;
	}
	return NULL;
}

/* ---- texts ---- */

/* What goes to a target: its columns joined by a blank, else a constant. {NULL, 0}: the arena is
 * full. */
static struct str text_of(struct maker *m, unsigned target)
{
	const struct place_map_value *v = &m->map->value[target];
	struct str own = m->kind->constant[target].n ? m->kind->constant[target] : v->constant;
	size_t n = 0;
	char *p;

	for (unsigned i = 0; i < v->n; i++)
		n += m->row->value[v->column[i]].n + 1;
	if (n > ROW_TEXT_BYTES_MAX) {
		m->long_target = place_map_target_name(target);
		return own;
	}
	p = arena_alloc(m->arena, n + 1);
	if (!p)
		return (struct str){0};
	n = 0;
	for (unsigned i = 0; i < v->n; i++) {
		struct str part = trim(m->row->value[v->column[i]]);
		if (part.n == 0)
			continue;
		if (n > 0)
			p[n++] = ' ';
		memcpy(p + n, part.p, part.n);
		n += part.n;
	}
	return n > 0 || own.n == 0 ? (struct str){p, n} : own;
}

static enum err take_day(struct maker *m, unsigned target, int32_t *ret)
{
	struct str text = text_of(m, target);

	*ret = PLACE_DAY_OPEN;
	if (text.n == 0 || civil_parse_date(text, ret) == ERR_OK)
		return ERR_OK;
	return bad(m->problem, place_map_target_name(target), MSG_PLACE_DAYS, text);
}

/* "source:id" in the arena. */
static struct str ext_of(struct maker *m, struct str source, struct str id)
{
	char *p = arena_alloc(m->arena, source.n + 1 + id.n);

	if (!p)
		return (struct str){0};
	memcpy(p, source.p, source.n);
	p[source.n] = ':';
	memcpy(p + source.n + 1, id.p, id.n);
	return (struct str){p, source.n + 1 + id.n};
}

/* Parts of a list parted by semicolons, without empty ones. */
static enum err take_list(struct maker *m, unsigned target, struct str source, struct str *ret,
			  unsigned *n, unsigned cap)
{
	struct str text = text_of(m, target);

	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.p + at, ';', text.n - at);
		size_t upto = end ? (size_t)(end - text.p) : text.n;
		struct str part = trim((struct str){text.p + at, upto - at});
		at = upto + 1;
		if (part.n == 0)
			continue;
		if (*n == cap)
			return bad(m->problem, place_map_target_name(target), MSG_CONFIG_TOO_MANY,
				   STR("16"));
		ret[(*n)++] = source.n > 0 ? ext_of(m, source, part) : part;
	}
	return ERR_OK;
}

static enum err take_frame(struct maker *m)
{
	struct place *p = &m->draft->place;
	struct str code = text_of(m, PLACE_MAP_CODE), house = text_of(m, PLACE_MAP_HOUSE_CODE);
	struct str parent = text_of(m, PLACE_MAP_PARENT), id = text_of(m, PLACE_MAP_ID);

	if (code.n > 0 && !code_parse(code, &p->code))
		return bad(m->problem, "code", MSG_PLACE_CODE, code);
	if (house.n > 0) {
		if (!house_code_ok(house))
			return bad(m->problem, "house_code", MSG_PLACE_HOUSE_CODE, house);
		p->alias[p->alias_n++] = house;
	}
	TRY(take_list(m, PLACE_MAP_ALIASES, STR(""), p->alias, &p->alias_n, PLACE_ALIASES_MAX));
	TRY(take_list(m, PLACE_MAP_PREDECESSORS, m->map->source, m->draft->predecessor_ext,
		      &m->draft->predecessor_ext_n, PLACE_PREDECESSORS_MAX));
	if (parent.n > 0)
		m->draft->parent_ext = ext_of(m, m->map->parent_source, parent);
	if (id.n > 0)
		p->ext = ext_of(m, m->map->source, id);
	else if (m->map->value[PLACE_MAP_ID].n > 0)
		return bad(m->problem, "id", MSG_CONFIG_TEXT_EMPTY, id);
	TRY(take_day(m, PLACE_MAP_VALID_FROM, &p->valid_from));
	return take_day(m, PLACE_MAP_VALID_UNTIL, &p->valid_until);
}

static enum err take_fields(struct maker *m)
{
	for (unsigned i = 0; i < PLACE_FIELD_COUNT; i++)
		TRY(place_set_field(&m->draft->place, (enum place_field)i,
				    text_of(m, PLACE_MAP_FIELDS + i), m->problem));
	return ERR_OK;
}

/* Nothing is said where the column is empty. */
static enum err take_state(struct maker *m)
{
	struct str word = text_of(m, PLACE_MAP_STATE);

	m->draft->only_state = m->map->only_state;
	m->draft->state_word = word;
	if (word.n == 0 || device_state_parse(word, &m->draft->state))
		return ERR_OK;
	return bad(m->problem, "state", MSG_DEVICE_WORD, word);
}

/* ---- positions ---- */

static enum err csv_position(struct maker *m)
{
	struct str lat = text_of(m, PLACE_MAP_LAT), lon = text_of(m, PLACE_MAP_LON);
	struct place *p = &m->draft->place;
	struct geo_point at;

	if (lat.n == 0 && lon.n == 0)
		return ERR_OK;
	if (!geo_parse_degrees(lat, GEO_LAT_E7_MAX, &at.lat_e7))
		return bad(m->problem, "lat", MSG_PLACE_POSITION, lat);
	if (!geo_parse_degrees(lon, GEO_LON_E7_MAX, &at.lon_e7))
		return bad(m->problem, "lon", MSG_PLACE_POSITION, lon);
	p->has_at = true;
	p->at = datum_to_wgs84(m->map->datum, at);
	return ERR_OK;
}

static enum err json_point(struct maker *m, const json_t *pair, struct geo_point *ret)
{
	const json_t *lon = json_array_get(pair, 0), *lat = json_array_get(pair, 1);
	double x = json_number_value(lon) * 1e7, y = json_number_value(lat) * 1e7;

	if (!json_is_number(lon) || !json_is_number(lat) || fabs(x) > GEO_LON_E7_MAX ||
	    fabs(y) > GEO_LAT_E7_MAX)
		return bad(m->problem, "geometry", MSG_PLACE_POSITION, STR(""));
	*ret = datum_to_wgs84(m->map->datum,
			      (struct geo_point){(int32_t)lround(y), (int32_t)lround(x)});
	return ERR_OK;
}

static bool same_point(struct geo_point a, struct geo_point b)
{
	return a.lat_e7 == b.lat_e7 && a.lon_e7 == b.lon_e7;
}

static void reverse(struct geo_point *p, unsigned n)
{
	for (unsigned i = 0; i < n / 2; i++) {
		struct geo_point t = p[i];
		p[i] = p[n - 1 - i];
		p[n - 1 - i] = t;
	}
}

/* `turn`: 0 a line, 1 an outer ring, -1 a hole. */
static enum err json_ring(struct maker *m, const json_t *list, int turn, struct geo_ring *ret)
{
	char cap[24];
	struct buf b = buf_over(cap, sizeof cap);
	size_t n = json_array_size(list);
	struct geo_point *p;

	buf_put_u64(&b, PLACE_POINTS_MAX);
	if (n > PLACE_POINTS_MAX + 1 ||
	    (m->points += (unsigned)n) > PLACE_POINTS_MAX + PLACE_RINGS_MAX)
		return bad(m->problem, "shape", MSG_PLACE_POINTS, buf_str(&b));
	p = arena_alloc(m->arena, (n + 1) * sizeof *p);
	if (!p)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < n; i++)
		TRY(json_point(m, json_array_get(list, i), &p[i]));
	if (turn != 0 && n > 1 && same_point(p[0], p[n - 1]))
		n--; /* closed by repeating the first, as RFC 7946 wants it */
	*ret = (struct geo_ring){p, (unsigned)n};
	if (turn != 0 && n > 2 && geo_ring_is_outer(ret) != (turn > 0))
		reverse(p, (unsigned)n);
	return ERR_OK;
}

/* The rings of one polygon, behind those that are there. */
static enum err json_polygon(struct maker *m, const json_t *rings, struct geo_ring *ring,
			     unsigned *n)
{
	for (size_t i = 0; i < json_array_size(rings); i++) {
		if (*n == PLACE_RINGS_MAX)
			return bad(m->problem, "shape", MSG_PLACE_RINGS, STR("64"));
		TRY(json_ring(m, json_array_get(rings, i), i == 0 ? 1 : -1, &ring[*n]));
		++*n;
	}
	return ERR_OK;
}

static enum err json_shape(struct maker *m, const char *type, const json_t *coordinates)
{
	struct geo_shape *s = &m->draft->place.shape;
	struct geo_ring *ring = arena_alloc(m->arena, PLACE_RINGS_MAX * sizeof *ring);
	unsigned n = 0;

	if (!ring)
		return ERR_NO_MEMORY;
	if (strcmp(type, "LineString") == 0) {
		s->form = GEO_LINE;
		TRY(json_ring(m, coordinates, 0, &ring[n++]));
	} else if (strcmp(type, "Polygon") == 0) {
		s->form = GEO_AREA;
		TRY(json_polygon(m, coordinates, ring, &n));
	} else if (strcmp(type, "MultiPolygon") == 0) {
		s->form = GEO_AREA;
		for (size_t i = 0; i < json_array_size(coordinates); i++)
			TRY(json_polygon(m, json_array_get(coordinates, i), ring, &n));
	} else {
		return bad(m->problem, "geometry", MSG_PLACE_ROW_GEOMETRY, str_of(type));
	}
	s->ring = ring;
	s->ring_n = n;
	return ERR_OK;
}

/* A point, or a shape; a place has one of each at most. */
static enum err json_geometry(struct maker *m, const json_t *geometry)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates");
	struct place *p = &m->draft->place;

	if (!type || !json_is_array(coordinates))
		return bad(m->problem, "geometry", MSG_PLACE_ROW_JSON, STR(""));
	if (strcmp(type, "Point") == 0) {
		if (p->has_at)
			return bad(m->problem, "geometry", MSG_PLACE_ROW_GEOMETRIES, STR(""));
		p->has_at = true;
		return json_point(m, coordinates, &p->at);
	}
	if (p->shape.form != GEO_NONE)
		return bad(m->problem, "geometry", MSG_PLACE_ROW_GEOMETRIES, STR(""));
	TRY(json_shape(m, type, coordinates));
	for (unsigned i = 0; i < p->shape.ring_n; i++)
		if (p->shape.ring[i].n < (p->shape.form == GEO_AREA ? 3 : 2))
			return bad(m->problem, "shape", MSG_PLACE_SHAPE, STR(""));
	return p->shape.ring_n > 0 ? ERR_OK : bad(m->problem, "shape", MSG_PLACE_SHAPE, STR(""));
}

/* Of a collection (RFC 7946, 3.1.8) a point says where the place is and a shape what it takes in: a
 * camera and its field of view. A shape alone says both. */
static enum err json_position(struct maker *m)
{
	const char *type = json_string_value(json_object_get(m->row->geometry, "type"));
	const json_t *list = json_object_get(m->row->geometry, "geometries");
	struct place *p = &m->draft->place;

	if (!type || strcmp(type, "GeometryCollection") != 0) {
		TRY(json_geometry(m, m->row->geometry));
	} else {
		if (!json_is_array(list))
			return bad(m->problem, "geometry", MSG_PLACE_ROW_JSON, STR(""));
		for (size_t i = 0; i < json_array_size(list); i++)
			TRY(json_geometry(m, json_array_get(list, i)));
	}
	if (p->shape.form != GEO_NONE && !p->has_at) {
		p->has_at = true;
		p->at = geo_shape_locate(&p->shape);
	}
	return ERR_OK;
}

/* ---- the whole ---- */

/* A row without an id is known by its content. */
static enum err ext_of_content(struct maker *m)
{
	struct place *p = &m->draft->place;
	uint8_t digest[PLACE_DIGEST_BYTES];
	char hex[2 * PLACE_DIGEST_BYTES + 4];
	struct buf b = buf_over(hex, sizeof hex);

	p->ext = m->draft->parent_ext.n > 0 ? m->draft->parent_ext : m->map->source;
	TRY(place_check(p, m->problem));
	TRY(place_digest(p, digest));
	buf_put_z(&b, "sha-");
	buf_put_hex(&b, digest, sizeof digest);
	p->ext = ext_of(m, m->map->source, buf_str(&b));
	return ERR_OK;
}

enum err place_row_draft(const struct place_map *map, const struct place_row_in *row,
			 struct arena *arena, struct place_draft *ret, bool *ret_wanted,
			 struct problem *problem)
{
	struct maker m = {map, row, kind_of(map, row), arena, problem, ret, 0, NULL};

	*ret_wanted = m.kind != NULL;
	if (!m.kind)
		return ERR_OK;
	memset(ret, 0, sizeof *ret);
	ret->place.kind = m.kind->kind;
	TRY(take_frame(&m));
	TRY(take_fields(&m));
	TRY(take_state(&m));
	if (m.long_target)
		return bad(problem, m.long_target, MSG_CONFIG_TEXT_LONG, STR("4096"));
	TRY(map->format == PLACE_MAP_CSV ? csv_position(&m)
	    : row->geometry              ? json_position(&m)
					 : ERR_OK);
	if (map->value[PLACE_MAP_ID].n == 0)
		TRY(ext_of_content(&m));
	return arena->over ? ERR_NO_MEMORY : ERR_OK;
}

/* A plain value as text; anything else is no value. */
static struct str text_of_json(const json_t *v, struct arena *arena)
{
	char digits[32];
	struct buf b = buf_over(digits, sizeof digits);

	if (json_is_string(v))
		return (struct str){json_string_value(v), json_string_length(v)};
	if (json_is_integer(v))
		buf_put_i64(&b, json_integer_value(v));
	else if (json_is_boolean(v))
		buf_put_z(&b, json_is_true(v) ? "true" : "false");
	else if (json_is_real(v))
		b.n = (size_t)snprintf(digits, sizeof digits, "%.17g", json_real_value(v));
	return arena_copy(arena, buf_str(&b));
}

enum err place_row_of_feature(const struct place_map *map, const json_t *feature,
			      struct arena *arena, struct place_row_in *ret,
			      struct problem *problem)
{
	const json_t *properties = json_object_get(feature, "properties");
	const char *type = json_string_value(json_object_get(feature, "type"));
	char key[MAP_TEXT_MAX + 1];

	if (!type || strcmp(type, "Feature") != 0 ||
	    (!json_is_object(properties) && !json_is_null(properties)))
		return bad(problem, "", MSG_PLACE_ROW_JSON, STR(""));
	for (unsigned i = 0; i < map->columns.n; i++) {
		bool id = str_eq(map->columns.name[i], STR("@id"));
		memcpy(key, map->columns.name[i].p, map->columns.name[i].n);
		key[map->columns.name[i].n] = 0;
		ret->value[i] = text_of_json(
		    id ? json_object_get(feature, "id") : json_object_get(properties, key), arena);
	}
	ret->geometry = json_object_get(feature, "geometry");
	if (json_is_null(ret->geometry))
		ret->geometry = NULL;
	return arena->over ? ERR_NO_MEMORY : ERR_OK;
}
