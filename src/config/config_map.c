/* See config_map.h. */
#include "config/config_map.h"

enum err map_bad_value(const struct config_file *f, const struct config_node *node, struct str text)
{
	return config_fail(f, node, MSG_PLACE_VALUE, &text, 1);
}

enum err map_want_mapping(const struct config_file *f, const struct config_node *node)
{
	if (node->kind != CONFIG_MAPPING)
		return config_fail(f, node, MSG_CONFIG_WANT_MAPPING, NULL, 0);
	return ERR_OK;
}

enum err map_take_column(const struct config_file *f, const struct config_node *node,
			 struct str name, struct map_columns *columns, unsigned *ret)
{
	if (name.n == 0)
		return config_fail(f, node, MSG_CONFIG_TEXT_EMPTY, NULL, 0);
	for (unsigned i = 0; i < columns->n; i++)
		if (str_eq(columns->name[i], name)) {
			*ret = i;
			return ERR_OK;
		}
	if (columns->n == MAP_COLUMNS_MAX)
		return config_fail(f, node, MSG_CONFIG_TOO_MANY, (struct str[]){STR("64")}, 1);
	columns->name[columns->n] = name;
	*ret = columns->n++;
	return ERR_OK;
}

enum err map_take_joined(const struct config_file *f, const struct config_node *node,
			 unsigned n_max, struct map_columns *columns, unsigned *ret,
			 unsigned *ret_n)
{
	struct str text;
	unsigned n = 0;

	if (node->kind == CONFIG_TEXT) {
		TRY(config_want_text(f, node, MAP_TEXT_MAX, &text));
		TRY(map_take_column(f, node, text, columns, &ret[0]));
		*ret_n = 1;
		return ERR_OK;
	}
	TRY(config_want_sequence(f, node, n_max));
	for (const struct config_node *part = node->first; part; part = part->next) {
		TRY(config_want_text(f, part, MAP_TEXT_MAX, &text));
		TRY(map_take_column(f, part, text, columns, &ret[n++]));
	}
	*ret_n = n;
	return ERR_OK;
}

enum err map_read_source(const struct config_file *f, const struct config_node *node,
			 struct str *ret)
{
	struct str text;

	TRY(config_want_text(f, node, MAP_SOURCE_MAX, &text));
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return map_bad_value(f, node, text);
	}
	if (text.n == 0)
		return map_bad_value(f, node, text);
	*ret = text;
	return ERR_OK;
}

enum err map_read_datum(const struct config_file *f, const struct config_node *root,
			enum datum *ret)
{
	const struct config_node *node;
	struct str text;

	TRY(config_want(f, root, "datum", &node));
	TRY(config_want_text(f, node, MAP_TEXT_MAX, &text));
	return datum_find(text, ret) ? ERR_OK : map_bad_value(f, node, text);
}

enum err map_read_separator(const struct config_file *f, const struct config_node *root, char *ret)
{
	const struct config_node *node = config_find(root, "separator");
	struct str text;

	if (!node) {
		*ret = ',';
		return ERR_OK;
	}
	TRY(config_want_text(f, node, MAP_TEXT_MAX, &text));
	if (text.n != 1 || !strchr(",;\t|", text.p[0]))
		return map_bad_value(f, node, text);
	*ret = text.p[0];
	return ERR_OK;
}
