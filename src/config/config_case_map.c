/* Mapping files of cases. */
#include "config/config_case_map.h"

#define CASE_MAP_KEYS "for source format separator datum zone time columns status categories fields"

static const char *const target_names[CASE_MAP_TARGETS] = {
	[CASE_MAP_ID] = "id",
	[CASE_MAP_OPENED] = "opened",
	[CASE_MAP_CLOSED] = "closed",
	[CASE_MAP_DUE] = "due",
	[CASE_MAP_STATUS] = "status",
	[CASE_MAP_CATEGORY] = "category",
	[CASE_MAP_TEXT] = "text",
	[CASE_MAP_LAT] = "lat",
	[CASE_MAP_LON] = "lon",
};

struct loader {
	const struct config_file *file;
	struct case_map *map;
};

/* Text columns are joined by lines and category columns by a stroke; of all others there is one. */
static unsigned joined_max(unsigned target)
{
	return target == CASE_MAP_TEXT || target == CASE_MAP_CATEGORY ? CASE_MAP_JOINED_MAX : 1;
}

static enum err read_columns(struct loader *l, const struct config_node *node)
{
	TRY(config_want_mapping(l->file, node,
				"id opened closed due status category text lat lon"));
	for (unsigned i = 0; i < CASE_MAP_TARGETS; i++) {
		const struct config_node *item = config_find(node, target_names[i]);
		struct case_map_value *v = &l->map->value[i];
		if (item)
			TRY(map_take_joined(l->file, item, joined_max(i), &l->map->columns,
					    v->column, &v->n));
		else if (i == CASE_MAP_ID || i == CASE_MAP_OPENED || i == CASE_MAP_CATEGORY)
			TRY(config_want(l->file, node, target_names[i], &item));
	}
	return ERR_OK;
}

static enum err read_words(struct loader *l, const struct config_node *node, struct str code,
			   struct case_map_words *ret)
{
	struct str *word;
	unsigned n = 0;

	TRY(config_want_sequence(l->file, node, CASE_MAP_WORDS_MAX));
	word = arena_alloc(l->file->arena, (node->n + 1) * sizeof *word);
	if (!word) {
		enum err e = problem_set(l->file->problem, ERR_TOO_LARGE, STR(""),
					 MSG_CONFIG_NO_MEMORY, NULL, 0);
		problem_at(l->file->problem, l->file->name, node->line, node->column);
		return e;
	}
	for (const struct config_node *item = node->first; item; item = item->next)
		TRY(config_want_text(l->file, item, MAP_TEXT_MAX, &word[n++]));
	*ret = (struct case_map_words){code, n, word};
	return ERR_OK;
}

static enum err read_status(struct loader *l, const struct config_node *root)
{
	const struct config_node *node, *item;

	if (l->map->value[CASE_MAP_STATUS].n == 0) {
		node = config_find(root, "status");
		return node ? map_bad_value(l->file, node, STR("status")) : ERR_OK;
	}
	TRY(config_want(l->file, root, "status", &node));
	TRY(config_want_mapping(l->file, node, "open closed"));
	TRY(config_want(l->file, node, "open", &item));
	TRY(read_words(l, item, STR("open"), &l->map->open));
	TRY(config_want(l->file, node, "closed", &item));
	return read_words(l, item, STR("closed"), &l->map->closed);
}

static enum err read_categories(struct loader *l, const struct config_node *root)
{
	const struct config_node *node, *values, *other;
	struct case_map_words *words;
	unsigned n = 0;

	TRY(config_want(l->file, root, "categories", &node));
	TRY(config_want_mapping(l->file, node, "else words"));
	TRY(config_want(l->file, node, "else", &other));
	TRY(config_want_text(l->file, other, MAP_TEXT_MAX, &l->map->category_else));
	values = config_find(node, "words");
	if (!values)
		return ERR_OK;
	TRY(map_want_mapping(l->file, values));
	if (values->n > CASE_MAP_CATEGORIES_MAX)
		return config_fail(l->file, values, MSG_CONFIG_TOO_MANY, (struct str[]){STR("128")},
				   1);
	words = arena_alloc(l->file->arena, (values->n + 1) * sizeof *words);
	if (!words)
		return config_fail(l->file, values, MSG_CONFIG_NO_MEMORY, NULL, 0);
	for (const struct config_node *item = values->first; item; item = item->next)
		TRY(read_words(l, item, item->key, &words[n++]));
	l->map->category = words;
	l->map->category_n = n;
	return ERR_OK;
}

static enum err read_fields(struct loader *l, const struct config_node *root)
{
	const struct config_node *node = config_find(root, "fields");

	if (!node)
		return ERR_OK;
	TRY(map_want_mapping(l->file, node));
	for (const struct config_node *item = node->first; item; item = item->next) {
		struct case_map_field *f = &l->map->field[l->map->field_n];
		/* these come from the row itself */
		if (str_eq(item->key, STR("category")) || str_eq(item->key, STR("text")) ||
		    str_eq(item->key, STR("place")))
			return map_bad_value(l->file, item, item->key);
		if (l->map->field_n == CASE_MAP_FIELDS_MAX)
			return config_fail(l->file, item, MSG_CONFIG_TOO_MANY,
					   (struct str[]){STR("8")}, 1);
		f->name = item->key;
		TRY(config_want_text(l->file, item, MAP_TEXT_MAX, &f->value));
		l->map->field_n++;
	}
	return ERR_OK;
}

static enum err want_word(struct loader *l, const struct config_node *root, const char *key,
			  const char *word)
{
	const struct config_node *node;
	struct str text;

	TRY(config_want(l->file, root, key, &node));
	TRY(config_want_text(l->file, node, MAP_TEXT_MAX, &text));
	return str_eq(text, str_of(word)) ? ERR_OK : map_bad_value(l->file, node, text);
}

static enum err read_head(struct loader *l, const struct config_node *root)
{
	const struct config_node *node;

	TRY(want_word(l, root, "for", "cases"));
	TRY(want_word(l, root, "format", "csv"));
	TRY(config_want(l->file, root, "source", &node));
	TRY(map_read_source(l->file, node, &l->map->source));
	TRY(map_read_datum(l->file, root, &l->map->datum));
	TRY(map_read_separator(l->file, root, &l->map->separator));
	TRY(config_want(l->file, root, "zone", &node));
	TRY(config_want_text(l->file, node, MAP_TEXT_MAX, &l->map->zone));
	TRY(config_want(l->file, root, "time", &node));
	TRY(config_want_text(l->file, node, MAP_TEXT_MAX, &l->map->time));
	return civil_pattern_ok(l->map->time) ? ERR_OK
					      : map_bad_value(l->file, node, l->map->time);
}

enum err config_case_map_read(struct str file_name, struct str text, struct arena *arena,
			      struct problem *problem, struct case_map *ret)
{
	const struct config_node *node;
	struct config_file file;
	struct case_map map = {0};
	struct loader l = {&file, &map};

	TRY(config_read(file_name, text, arena, problem, &file));
	TRY(config_want_mapping(&file, file.root, CASE_MAP_KEYS));
	TRY(read_head(&l, file.root));
	TRY(config_want(&file, file.root, "columns", &node));
	TRY(read_columns(&l, node));
	TRY(read_status(&l, file.root));
	TRY(read_categories(&l, file.root));
	TRY(read_fields(&l, file.root));
	*ret = map;
	return ERR_OK;
}

static bool has_word(const struct case_map_words *w, struct str word)
{
	for (unsigned i = 0; i < w->n; i++)
		if (str_eq(w->word[i], word))
			return true;
	return false;
}

struct str case_map_category(const struct case_map *m, struct str words)
{
	const char *parted = words.n > 0 ? memmem(words.p, words.n, CASE_MAP_PARTED,
						  sizeof CASE_MAP_PARTED - 1)
					 : NULL;

	for (unsigned i = 0; i < m->category_n; i++)
		if (has_word(&m->category[i], words))
			return m->category[i].code;
	if (parted)
		return case_map_category(m, (struct str){words.p, (size_t)(parted - words.p)});
	return m->category_else;
}

bool case_map_status(const struct case_map *m, struct str word, bool *ret_closed)
{
	*ret_closed = has_word(&m->closed, word);
	return *ret_closed || has_word(&m->open, word);
}
