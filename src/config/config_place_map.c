/* Mapping files: what is where, and what it becomes. */
#include "config/config_place_map.h"

#include "base/check.h"

static const char *const frame_names[PLACE_MAP_FIELDS] = {
	[PLACE_MAP_ALIASES] = "aliases",       [PLACE_MAP_CODE] = "code",
	[PLACE_MAP_HOUSE_CODE] = "house_code", [PLACE_MAP_ID] = "id",
	[PLACE_MAP_LAT] = "lat",               [PLACE_MAP_LON] = "lon",
	[PLACE_MAP_PARENT] = "parent",         [PLACE_MAP_PREDECESSORS] = "predecessors",
	[PLACE_MAP_STATE] = "state",	       [PLACE_MAP_VALID_FROM] = "valid_from",
	[PLACE_MAP_VALID_UNTIL] = "valid_until",
};

const char *place_map_target_name(unsigned target)
{
	CHECK(target < PLACE_MAP_TARGETS);
	if (target < PLACE_MAP_FIELDS)
		return frame_names[target];
	return place_field_info((enum place_field)(target - PLACE_MAP_FIELDS))->name;
}

struct loader {
	const struct config_file *file;
	struct place_map *map;
};

static enum err no_room(const struct config_file *f)
{
	enum err e = problem_set(f->problem, ERR_TOO_LARGE, STR(""), MSG_CONFIG_NO_MEMORY, NULL, 0);

	problem_at(f->problem, f->name, 1, 1);
	return e;
}

/* A target by the key of a node. */
static enum err find_target(const struct loader *l, const struct config_node *node, unsigned *ret)
{
	for (unsigned i = 0; i < PLACE_MAP_TARGETS; i++)
		if (str_eq(node->key, str_of(place_map_target_name(i)))) {
			*ret = i;
			return ERR_OK;
		}
	return config_fail(l->file, node, MSG_PLACE_MAP_TARGET, &node->key, 1);
}

static enum err read_columns(struct loader *l, const struct config_node *node)
{
	TRY(map_want_mapping(l->file, node));
	for (const struct config_node *item = node->first; item; item = item->next) {
		struct place_map_value *v;
		unsigned target = 0;
		TRY(find_target(l, item, &target));
		v = &l->map->value[target];
		TRY(map_take_joined(l->file, item, PLACE_MAP_JOINED_MAX, &l->map->columns,
				    v->column, &v->n));
	}
	return ERR_OK;
}

static enum err read_constants(struct loader *l, const struct config_node *node,
			       struct str *by_target)
{
	TRY(map_want_mapping(l->file, node));
	for (const struct config_node *item = node->first; item; item = item->next) {
		unsigned target = 0;
		TRY(find_target(l, item, &target));
		if (target == PLACE_MAP_ID)
			return config_fail(l->file, item, MSG_PLACE_MAP_TARGET, &item->key, 1);
		TRY(config_want_text(l->file, item, MAP_TEXT_MAX, &by_target[target]));
	}
	return ERR_OK;
}

static enum err read_condition(struct loader *l, const struct config_node *node,
			       struct place_map_condition *ret)
{
	struct str *value;
	struct str text;
	unsigned n = 0;

	TRY(map_take_column(l->file, node, node->key, &l->map->columns, &ret->column));
	if (node->kind == CONFIG_TEXT) {
		TRY(config_want_text(l->file, node, MAP_TEXT_MAX, &text));
		return str_eq(text, STR("any")) ? ERR_OK : map_bad_value(l->file, node, text);
	}
	TRY(config_want_sequence(l->file, node, PLACE_MAP_VALUES_MAX));
	value = arena_alloc(l->file->arena, (node->n ? node->n : 1) * sizeof *value);
	if (!value)
		return no_room(l->file);
	for (const struct config_node *item = node->first; item; item = item->next)
		TRY(config_want_text(l->file, item, MAP_TEXT_MAX, &value[n++]));
	if (n == 0)
		return config_fail(l->file, node, MSG_CONFIG_TEXT_EMPTY, NULL, 0);
	ret->value = value;
	ret->n = n;
	return ERR_OK;
}

static enum err read_kind(struct loader *l, const struct config_node *node,
			  struct place_map_kind *ret)
{
	const struct config_node *kind, *where, *constants;
	struct str name;

	TRY(config_want_mapping(l->file, node, "kind where constants"));
	TRY(config_want(l->file, node, "kind", &kind));
	TRY(config_want_text(l->file, kind, MAP_TEXT_MAX, &name));
	if (!place_kind_find(name, &ret->kind))
		return map_bad_value(l->file, kind, name);
	where = config_find(node, "where");
	constants = config_find(node, "constants");
	if (constants)
		TRY(read_constants(l, constants, ret->constant));
	if (!where)
		return ERR_OK;
	TRY(map_want_mapping(l->file, where));
	for (const struct config_node *item = where->first; item; item = item->next) {
		if (ret->condition_n == PLACE_MAP_CONDITIONS_MAX)
			return config_fail(l->file, item, MSG_CONFIG_TOO_MANY,
					   (struct str[]){STR("8")}, 1);
		TRY(read_condition(l, item, &ret->condition[ret->condition_n]));
		ret->condition_n++;
	}
	return ERR_OK;
}

static enum err read_kinds(struct loader *l, const struct config_node *node)
{
	struct place_map_kind *kind;
	unsigned n = 0;

	TRY(config_want_sequence(l->file, node, PLACE_MAP_KINDS_MAX));
	if (node->n == 0)
		return config_fail(l->file, node, MSG_CONFIG_TEXT_EMPTY, NULL, 0);
	kind = arena_alloc(l->file->arena, node->n * sizeof *kind);
	if (!kind)
		return no_room(l->file);
	for (const struct config_node *item = node->first; item; item = item->next)
		TRY(read_kind(l, item, &kind[n++]));
	l->map->kind = kind;
	l->map->kind_n = n;
	return ERR_OK;
}

static enum err read_head(struct loader *l, const struct config_node *root)
{
	const struct config_node *node;
	struct place_map *m = l->map;
	struct str text;

	TRY(config_want(l->file, root, "source", &node));
	TRY(map_read_source(l->file, node, &m->source));
	m->parent_source = m->source;
	node = config_find(root, "parent_source");
	if (node)
		TRY(map_read_source(l->file, node, &m->parent_source));
	TRY(config_want(l->file, root, "format", &node));
	TRY(config_want_text(l->file, node, MAP_TEXT_MAX, &text));
	if (!str_eq(text, STR("csv")) && !str_eq(text, STR("geojson")))
		return map_bad_value(l->file, node, text);
	m->format = str_eq(text, STR("csv")) ? PLACE_MAP_CSV : PLACE_MAP_GEOJSON;
	node = config_find(root, "only");
	if (node) {
		TRY(config_want_text(l->file, node, MAP_TEXT_MAX, &text));
		if (!str_eq(text, STR("state")))
			return map_bad_value(l->file, node, text);
		m->only_state = true;
	}
	if (!m->only_state || config_find(root, "datum")) /* states have no positions */
		TRY(map_read_datum(l->file, root, &m->datum));
	return map_read_separator(l->file, root, &m->separator);
}

enum err config_place_map_read(struct str file_name, struct str text, struct arena *arena,
			       struct problem *problem, struct place_map *ret)
{
	struct str constant[PLACE_MAP_TARGETS] = {{0}};
	const struct config_node *node;
	struct config_file file;
	struct place_map map = {0};
	struct loader l = {&file, &map};

	TRY(config_read(file_name, text, arena, problem, &file));
	TRY(config_want_mapping(
	    &file, file.root,
	    "source parent_source format datum separator only kinds columns constants"));
	TRY(read_head(&l, file.root));
	TRY(config_want(&file, file.root, "columns", &node));
	TRY(read_columns(&l, node));
	if (map.only_state) { /* of which device, and what */
		const struct config_node *needed;
		TRY(config_want(&file, node, "id", &needed));
		TRY(config_want(&file, node, "state", &needed));
	}
	TRY(config_want(&file, file.root, "kinds", &node));
	TRY(read_kinds(&l, node));
	node = config_find(file.root, "constants");
	if (node)
		TRY(read_constants(&l, node, constant));
	for (unsigned i = 0; i < PLACE_MAP_TARGETS; i++)
		map.value[i].constant = constant[i];
	*ret = map;
	return ERR_OK;
}
