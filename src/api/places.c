/* Places: found by text, the nearest, the address card, and the map of a box as GeoJSON (RFC 7946).
 * Texts above what the asker may see are left out. */
#include "case_rows.h"

#include "access.h"
#include "base/civil.h"
#include "service/cases.h"
#include "service/devices.h"
#include "service/places.h"

#include <math.h>
#include <stdlib.h>

#define ROWS_ARENA_BYTES (256u * 1024u)
#define MAP_PLACES_MAX PLACES_BOX_MAX
#define CARD_CASES_MAX 20u

static const unsigned map_kinds = PLACE_KIND_BIT(PLACE_BUILDING) | PLACE_KIND_BIT(PLACE_WAY) |
				  PLACE_KIND_BIT(PLACE_GRID) | PLACE_KIND_BIT(PLACE_COMPONENT) |
				  PLACE_KIND_BIT(PLACE_GATE) | PLACE_KIND_BIT(PLACE_FACILITY) |
				  PLACE_KIND_BIT(PLACE_DEVICE);

/* "building,component"; all where nothing is said. False with a refusal. */
static bool take_kinds(struct api *api, struct api_call *call, uint32_t all, uint32_t *ret)
{
	struct str rest = call_str(call, "kinds");

	*ret = rest.n > 0 ? 0 : all;
	while (rest.n > 0) {
		const char *comma = memchr(rest.p, ',', rest.n);
		size_t n = comma ? (size_t)(comma - rest.p) : rest.n;
		enum place_kind kind;
		if (!place_kind_find((struct str){rest.p, n}, &kind)) {
			api_problem(api, call, ERR_BAD_INPUT, "kinds", MSG_PLACE_KINDS_REMEDY);
			return false;
		}
		*ret |= PLACE_KIND_BIT(kind);
		n += comma != NULL;
		rest = (struct str){rest.p + n, rest.n - n};
	}
	return true;
}

static bool take_filter(struct api *api, struct api_call *call, uint32_t all,
			struct places_filter *ret)
{
	uint32_t kinds = 0;

	if (!take_kinds(api, call, all, &kinds))
		return false;
	*ret = (struct places_filter){kinds, access_place_class(api, call), api_today(api, call)};
	return true;
}

/* Who sees places, and the states of devices among them. */
struct sight {
	struct db *db;
	bool states; /* for whoever sees what is internal */
};

static struct sight sight_of(struct api *api, struct api_call *call)
{
	return (struct sight){api->reader->db, access_place_class(api, call) > 0};
}

static void put_state(json_t **to, const struct sight *see, const struct place_row *r)
{
	struct device_now now;

	if (!see->states || r->kind != PLACE_DEVICE ||
	    device_now(see->db, r->id, NULL, &now) != ERR_OK)
		return;
	put_z(to, "state", device_state_name(now.state));
	put_i64(to, "state_since", now.since_us);
}

static json_t *place_json(const struct place_row *r, bool has_distance, const struct sight *see)
{
	json_t *json = json_object();

	put_u64(&json, "id", r->id);
	put_z(&json, "kind", place_kind_info(r->kind)->name);
	put_str(&json, "title", r->title);
	if (r->has_at)
		put_point(&json, "at", r->at);
	if (r->parent != 0)
		put_u64(&json, "parent", r->parent);
	if (has_distance)
		put_i64(&json, "distance", (int64_t)lround(r->distance_m));
	put_state(&json, see, r);
	return json;
}

static json_t *rows_json(const struct place_row *rows, unsigned n, bool has_distance,
			 const struct sight *see)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_push(&list, place_json(&rows[i], has_distance, see));
	return list;
}

static void respond_places(struct api *api, struct api_call *call, const struct place_row *rows,
			   unsigned n, bool has_distance, bool more)
{
	const struct sight see = sight_of(api, call);
	json_t *json = json_object();

	json_put(&json, "places", rows_json(rows, n, has_distance, &see));
	put_bool(&json, "more", more);
	respond_json(api, call, 200, json);
}

enum api_next route_findPlaces(struct api *api, struct api_call *call)
{
	struct place_row rows[PLACES_FIND_MAX];
	uint64_t limit = call_u64(call, "limit");
	struct places_filter f;
	unsigned n = 0;
	bool more = false;
	char *memory;
	struct arena a;
	enum err e;

	if (!take_filter(api, call, PLACE_KINDS_ALL, &f))
		return API_ANSWERED;
	memory = malloc(ROWS_ARENA_BYTES);
	if (!memory)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	arena_init(&a, memory, ROWS_ARENA_BYTES);
	e = places_find(api->reader->db, call_str(call, "q"), &f, &a,
			(unsigned)(limit < PLACES_FIND_MAX ? limit : PLACES_FIND_MAX), rows, &n,
			&more);
	if (e != ERR_OK)
		api_problem(api, call, e, e == ERR_BAD_INPUT ? "q" : NULL,
			    e == ERR_BAD_INPUT ? MSG_PLACE_QUERY_REMEDY : MSG_COUNT);
	else
		respond_places(api, call, rows, n, false, more);
	free(memory);
	return API_ANSWERED;
}

enum api_next route_placesNear(struct api *api, struct api_call *call)
{
	struct place_row rows[PLACES_NEAR_MAX];
	uint64_t limit = call_u64(call, "limit");
	struct places_filter f;
	unsigned n = 0;
	char *memory;
	struct arena a;
	enum err e;

	if (!take_filter(api, call, PLACE_KINDS_ALL, &f))
		return API_ANSWERED;
	memory = malloc(ROWS_ARENA_BYTES);
	if (!memory)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	arena_init(&a, memory, ROWS_ARENA_BYTES);
	e = places_near(api->reader->db, call_point(call), &f, &a,
			(unsigned)(limit < PLACES_NEAR_MAX ? limit : PLACES_NEAR_MAX), rows, &n);
	if (e != ERR_OK)
		api_problem(api, call, e, NULL, MSG_COUNT);
	else
		respond_places(api, call, rows, n, true, false);
	free(memory);
	return API_ANSWERED;
}

/* ---- the card ---- */

static void put_day(json_t **to, const char *key, int32_t day)
{
	if (day != PLACE_DAY_OPEN)
		put_i64(to, key, day);
}

static void put_field(json_t **list, enum place_field field, const struct place_value *v)
{
	const struct place_field_info *info = place_field_info(field);
	char text[24];
	struct buf b = buf_over(text, sizeof text);
	json_t *json;

	if (!v->present)
		return;
	json = json_object();
	put_z(&json, "field", info->name);
	if (info->form == PLACE_YES_NO)
		buf_put_z(&b, v->n ? "yes" : "no");
	else if (info->form == PLACE_DATE)
		civil_put_date((int32_t)v->n, &b);
	else
		buf_put_i64(&b, v->n);
	put_str(&json, "value", info->form == PLACE_TEXT ? v->text : buf_str(&b));
	json_put(&json, "words", json_pack("{s:s,s:s}", "zh", info->zh, "en", info->en));
	json_push(list, json);
}

static void put_card_lists(const struct place_card *c, json_t **to)
{
	json_t *children = json_array(), *versions = json_array(), *covers = json_array();

	for (unsigned k = 1; k < PLACE_KIND_END; k++) {
		json_t *json;
		if (c->children[k] == 0 && c->other_days[k] == 0)
			continue;
		json = json_object();
		put_z(&json, "kind", place_kind_info((enum place_kind)k)->name);
		put_u64(&json, "count", c->children[k]);
		if (c->other_days[k] > 0)
			put_u64(&json, "other_days", c->other_days[k]);
		json_push(&children, json);
	}
	for (unsigned i = 0; i < c->version_n; i++) {
		json_t *json = json_object();
		put_u64(&json, "n", c->version[i].n);
		put_i64(&json, "at", c->version[i].at_us);
		put_str(&json, "title", c->version[i].title);
		put_day(&json, "from", c->version[i].valid_from);
		put_day(&json, "until", c->version[i].valid_until);
		json_push(&versions, json);
	}
	for (unsigned i = 0; i < c->cover_n; i++) {
		json_t *json = json_object();
		put_u64(&json, "id", c->cover[i].id);
		put_z(&json, "kind", place_kind_info(c->cover[i].kind)->name);
		put_str(&json, "code", c->cover[i].code);
		put_str(&json, "title", c->cover[i].title);
		json_push(&covers, json);
	}
	json_put(to, "children", children);
	json_put(to, "versions", versions);
	json_put(to, "covers", covers);
}

static json_t *card_json(const struct place_card *c, const struct sight *see)
{
	const struct place_row row = {.id = c->place.id,
				      .kind = c->place.kind,
				      .parent = c->place.parent,
				      .has_at = c->place.has_at,
				      .at = c->place.at,
				      .title = place_title(&c->place)};
	json_t *json = json_object(), *fields = json_array(), *aliases = json_array();

	for (unsigned f = 0; f < PLACE_FIELD_COUNT; f++)
		put_field(&fields, (enum place_field)f, &c->place.field[f]);
	for (unsigned i = 0; i < c->place.alias_n; i++)
		json_push(&aliases, json_stringn(c->place.alias[i].p, c->place.alias[i].n));
	json_put(&json, "place", place_json(&row, false, see));
	json_put(&json, "fields", fields);
	json_put(&json, "aliases", aliases);
	json_put(&json, "parents", rows_json(c->parent, c->parent_n, false, see));
	json_put(&json, "components", rows_json(c->component, c->component_n, false, see));
	json_put(&json, "devices", rows_json(c->device, c->device_n, false, see));
	json_put(&json, "predecessors", rows_json(c->predecessor, c->predecessor_n, false, see));
	json_put(&json, "successors", rows_json(c->successor, c->successor_n, false, see));
	put_card_lists(c, &json);
	return json;
}

static void put_cases(struct api *api, struct api_call *call, uint64_t place, json_t **to)
{
	uint64_t ids[CARD_CASES_MAX];
	json_t *list;
	unsigned n = 0, where = 0;

	if (!access_may(api, call, POLICY_LIST_CASES, &where) || !(where & POLICY_WHERE_ANY) ||
	    cases_of_place(api->reader->db, place, 0, CARD_CASES_MAX, ids, &n) != ERR_OK)
		return;
	list = json_array();
	for (unsigned i = 0; i < n; i++)
		json_push(&list, json_integer((json_int_t)ids[i]));
	json_put(to, "cases", list);
}

enum api_next route_getPlace(struct api *api, struct api_call *call)
{
	struct place_card *card = malloc(sizeof *card);
	char *memory = malloc(PLACES_CARD_ARENA_BYTES);
	struct arena a;
	enum err e = card && memory ? ERR_OK : ERR_NO_MEMORY;

	if (e == ERR_OK) {
		arena_init(&a, memory, PLACES_CARD_ARENA_BYTES);
		e = places_card(api->reader->db, call_u64(call, "id"),
				access_place_class(api, call), api_today(api, call), &a, card);
	}
	if (e != ERR_OK) {
		api_problem(api, call, e, e == ERR_NOT_FOUND ? "id" : NULL, MSG_COUNT);
	} else {
		const struct sight see = sight_of(api, call);
		json_t *json = card_json(card, &see);
		put_cases(api, call, card->place.id, &json);
		respond_json_tagged(api, call, json);
	}
	free(memory);
	free(card);
	return API_ANSWERED;
}

/* ---- what hangs on a place, and what lies in it ---- */

struct under {
	struct place_child child[PLACES_CHILDREN_MAX];
	struct place_row row[PLACES_CHILDREN_MAX + 1];
	unsigned n;
	bool more;
	_Alignas(16) char memory[ROWS_ARENA_BYTES];
};

static void refuse_under(struct api *api, struct api_call *call, enum err e)
{
	api_problem(api, call, e, e == ERR_NOT_FOUND || e == ERR_BAD_INPUT ? "id" : NULL,
		    e == ERR_BAD_INPUT ? MSG_PLACE_NO_AREA : MSG_COUNT);
}

static void respond_children(struct api *api, struct api_call *call, const struct under *u,
			     const struct places_after *after)
{
	const struct sight see = sight_of(api, call);
	char next[API_CURSOR_BYTES_MAX];
	json_t *json = json_object(), *list = json_array();

	for (unsigned i = 0; i < u->n; i++) {
		json_t *one = place_json(&u->child[i].row, false, &see);
		put_day(&one, "from", u->child[i].valid_from);
		put_day(&one, "until", u->child[i].valid_until);
		json_push(&list, one);
	}
	json_put(&json, "places", list);
	if (u->more)
		put_z(&json, "next", cursor_put(call, after->kind, (int64_t)after->id, next));
	respond_json(api, call, 200, json);
}

enum api_next route_placeChildren(struct api *api, struct api_call *call)
{
	unsigned limit = (unsigned)call_u64(call, "limit");
	struct places_filter f;
	struct under *u;
	struct arena a;
	int64_t kind = 0, id = 0;
	struct places_after after;
	bool ok = true;
	enum err e;

	(void)take_cursor(api, call, &kind, &id, &ok);
	if (!ok || !take_filter(api, call, PLACE_KINDS_ALL, &f))
		return API_ANSWERED;
	if (str_eq(call_str(call, "days"), STR("any")))
		f.day = PLACE_DAY_OPEN;
	after = (struct places_after){kind, (uint64_t)id};
	u = malloc(sizeof *u);
	if (!u)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	arena_init(&a, u->memory, sizeof u->memory);
	e = places_children(api->reader->db, call_u64(call, "id"), &f, &after, &a, limit, u->child,
			    &u->n, &u->more);
	if (e == ERR_OK)
		respond_children(api, call, u, &after);
	else
		refuse_under(api, call, e);
	free(u);
	return API_ANSWERED;
}

enum api_next route_placesInside(struct api *api, struct api_call *call)
{
	unsigned limit = (unsigned)call_u64(call, "limit");
	struct places_filter f;
	struct under *u;
	struct arena a;
	enum err e;

	if (!take_filter(api, call, PLACE_KINDS_ALL, &f))
		return API_ANSWERED;
	u = malloc(sizeof *u);
	if (!u)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	arena_init(&a, u->memory, sizeof u->memory);
	e = places_inside_of(api->reader->db, call_u64(call, "id"), &f, &a, limit, u->row, &u->n,
			     &u->more);
	if (e == ERR_OK)
		respond_places(api, call, u->row, u->n, false, u->more);
	else
		refuse_under(api, call, e);
	free(u);
	return API_ANSWERED;
}

/* ---- the map ---- */

static json_t *position(struct geo_point p)
{
	json_t *json = json_array();

	json_push(&json, json_real(p.lon_e7 / 1e7));
	json_push(&json, json_real(p.lat_e7 / 1e7));
	return json;
}

static json_t *ring_json(const struct geo_ring *r, bool closed)
{
	json_t *json = json_array();

	for (unsigned i = 0; i < r->n; i++)
		json_push(&json, position(r->p[i]));
	if (closed)
		json_push(&json, position(r->p[0]));
	return json;
}

/* An outer ring begins a polygon, holes follow theirs (RFC 7946, section 3.1.6). */
static json_t *area_json(const struct geo_shape *s)
{
	json_t *polygons = json_array(), *polygon = NULL;

	for (unsigned i = 0; i < s->ring_n; i++) {
		if (geo_ring_is_outer(&s->ring[i]) || !polygon) {
			if (polygon)
				json_push(&polygons, polygon);
			polygon = json_array();
		}
		json_push(&polygon, ring_json(&s->ring[i], true));
	}
	json_push(&polygons, polygon);
	return polygons;
}

static json_t *geometry_of(const struct place_row *r, const struct place_area *area)
{
	json_t *json = json_object();

	if (!area) {
		put_z(&json, "type", "Point");
		json_put(&json, "coordinates", position(r->at));
	} else if (area->shape.form == GEO_LINE) {
		put_z(&json, "type", "LineString");
		json_put(&json, "coordinates", ring_json(&area->shape.ring[0], false));
	} else {
		put_z(&json, "type", "MultiPolygon");
		json_put(&json, "coordinates", area_json(&area->shape));
	}
	return json;
}

static json_t *feature_of(struct api *api, const struct place_row *r, struct place_area *room)
{
	bool has_shape = places_shape(api->reader->db, r->id, room) == ERR_OK;
	json_t *json = json_object(), *properties = json_object();

	put_u64(&properties, "id", r->id);
	put_z(&properties, "kind", place_kind_info(r->kind)->name);
	put_given(&properties, "title", r->title);
	put_z(&json, "type", "Feature");
	put_u64(&json, "id", r->id);
	json_put(&json, "geometry", geometry_of(r, has_shape ? room : NULL));
	json_put(&json, "properties", properties);
	return json;
}

static void respond_map(struct api *api, struct api_call *call, const struct place_row *rows,
			unsigned n, bool more)
{
	struct place_area *room = malloc(sizeof *room);
	json_t *json = json_object(), *features = json_array();

	for (unsigned i = 0; room && i < n; i++)
		json_push(&features, feature_of(api, &rows[i], room));
	put_z(&json, "type", "FeatureCollection");
	json_put(&json, "features", features);
	put_bool(&json, "more", more);
	if (!room) {
		json_decref(json);
		json = NULL; /* answered as out of memory */
	}
	free(room);
	respond_json(api, call, 200, json);
	if (call->status == 200)
		call->content_type_out = "application/geo+json";
}

/* The box and the kinds are part of the address that the tag is kept under. */
static bool is_unchanged(struct api_call *call, uint64_t newest, const struct places_filter *f)
{
	char tag[API_ETAG_BYTES_MAX];

	snprintf(tag, sizeof tag, "map-%llu-%d-%u", (unsigned long long)newest, f->day,
		 f->class_max);
	return respond_unchanged(call, tag);
}

enum api_next route_getMap(struct api *api, struct api_call *call)
{
	struct place_row *rows = malloc(MAP_PLACES_MAX * sizeof *rows);
	char *memory = malloc(PLACES_BOX_ARENA_BYTES);
	struct places_filter f;
	struct geo_box box;
	uint64_t newest = 0;
	unsigned n = 0;
	bool more = false;
	struct arena a;
	enum err e = rows && memory ? ERR_OK : ERR_NO_MEMORY;

	if (e == ERR_OK)
		e = places_newest(api->reader->db, &newest);
	if (e != ERR_OK) {
		api_problem(api, call, e, NULL, MSG_COUNT);
	} else if (call_box(api, call, &box) && take_filter(api, call, map_kinds, &f) &&
		   !is_unchanged(call, newest, &f)) {
		arena_init(&a, memory, PLACES_BOX_ARENA_BYTES);
		e = places_box(api->reader->db, &box, &f, &a, MAP_PLACES_MAX, rows, &n, &more);
		if (e == ERR_OK)
			respond_map(api, call, rows, n, more);
		else
			api_problem(api, call, e, NULL, MSG_COUNT);
	}
	free(memory);
	free(rows);
	return API_ANSWERED;
}
