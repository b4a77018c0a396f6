/* Names, lists and words of the files about cases. */
#include "read.h"

#include "base/buf.h"

struct cases_at read_at(const struct config_file *f, const struct config_node *node)
{
	return (struct cases_at){f->name, node->line, node->column};
}

enum err read_no_room(const struct config_file *f)
{
	enum err e = problem_set(f->problem, ERR_TOO_LARGE, STR(""), MSG_CONFIG_NO_MEMORY, NULL, 0);

	problem_at(f->problem, f->name, 1, 1);
	return e;
}

enum err read_alloc(const struct config_file *f, size_t n, size_t size, void **ret)
{
	void *p = arena_alloc(f->arena, n * size);

	if (!p)
		return read_no_room(f);
	*ret = p;
	return ERR_OK;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			       (c >= '0' && c <= '9') || c == '_' || c == '-';
		if (!is_word)
			return false;
	}
	return s.n <= CASES_NAME_BYTES_MAX;
}

enum err read_name_node(const struct config_file *f, const struct config_node *node,
			struct cases_name *ret)
{
	struct str text;

	TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &text));
	if (!is_name(text))
		return config_fail(f, node, MSG_CONFIG_NAME, &text, 1);
	*ret = (struct cases_name){text, read_at(f, node), CASES_NONE};
	return ERR_OK;
}

enum err read_name(const struct config_file *f, const struct config_node *mapping, const char *key,
		   struct cases_name *ret)
{
	const struct config_node *node;

	TRY(config_want(f, mapping, key, &node));
	return read_name_node(f, node, ret);
}

enum err read_name_if(const struct config_file *f, const struct config_node *mapping,
		      const char *key, struct cases_name *ret)
{
	const struct config_node *node = config_find(mapping, key);

	*ret = (struct cases_name){STR(""), read_at(f, mapping), CASES_NONE};
	return node ? read_name_node(f, node, ret) : ERR_OK;
}

enum err read_names(const struct config_file *f, const struct config_node *mapping, const char *key,
		    struct cases_names *ret)
{
	const struct config_node *node = config_find(mapping, key);
	struct cases_names names = {0};
	void *v;

	*ret = names;
	if (!node)
		return ERR_OK;
	bool is_one = node->kind == CONFIG_TEXT;
	if (!is_one)
		TRY(config_want_sequence(f, node, CASES_NAMES_MAX));
	TRY(read_alloc(f, is_one ? 1 : node->n, sizeof *names.v, &v));
	names.v = v;
	for (const struct config_node *item = is_one ? node : node->first; item;
	     item = is_one ? NULL : item->next)
		TRY(read_name_node(f, item, &names.v[names.n++]));
	*ret = names;
	return ERR_OK;
}

enum err read_words(const struct config_file *f, const struct config_node *mapping, const char *key,
		    size_t bytes_max, struct str ret[LANG_COUNT])
{
	const struct config_node *node;

	TRY(config_want(f, mapping, key, &node));
	return config_want_both(f, node, bytes_max, ret);
}

enum err read_words_if(const struct config_file *f, const struct config_node *mapping,
		       const char *key, size_t bytes_max, struct str ret[LANG_COUNT])
{
	return config_find(mapping, key) ? read_words(f, mapping, key, bytes_max, ret) : ERR_OK;
}

enum err read_phrases_if(const struct config_file *f, const struct config_node *mapping,
			 const char *key, struct cases_phrases ret[LANG_COUNT])
{
	const struct config_node *node = config_find(mapping, key);
	struct cases_phrases out[LANG_COUNT] = {0};
	void *v;

	if (!node)
		return ERR_OK;
	TRY(config_want_mapping(f, node, "zh en"));
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		const struct config_node *list = config_find(node, lang_tag((enum lang)l));
		if (!list)
			continue;
		TRY(config_want_sequence(f, list, CASES_PHRASES_MAX));
		TRY(read_alloc(f, list->n, sizeof *out[l].v, &v));
		out[l].v = v;
		for (const struct config_node *item = list->first; item; item = item->next)
			TRY(config_want_text(f, item, CASES_WORDS_BYTES_MAX,
					     &out[l].v[out[l].n++]));
	}
	memcpy(ret, out, sizeof out);
	return ERR_OK;
}

enum err read_text(const struct config_file *f, const struct config_node *mapping, const char *key,
		   size_t bytes_max, struct str *ret)
{
	const struct config_node *node;

	TRY(config_want(f, mapping, key, &node));
	return config_want_text(f, node, bytes_max, ret);
}

enum err read_text_if(const struct config_file *f, const struct config_node *mapping,
		      const char *key, size_t bytes_max, struct str *ret)
{
	return config_find(mapping, key) ? read_text(f, mapping, key, bytes_max, ret) : ERR_OK;
}

enum err read_yes_if(const struct config_file *f, const struct config_node *mapping,
		     const char *key, bool *ret)
{
	const struct config_node *node = config_find(mapping, key);
	struct str text;

	if (!node)
		return ERR_OK;
	TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &text));
	if (!str_eq(text, STR("yes")) && !str_eq(text, STR("no")))
		return config_fail(f, node, MSG_CONFIG_YES_NO, &text, 1);
	*ret = str_eq(text, STR("yes"));
	return ERR_OK;
}

enum err read_number(const struct config_file *f, const struct config_node *mapping,
		     const char *key, unsigned min, unsigned max, unsigned *ret)
{
	const struct config_node *node;
	char memory[2][24];
	struct buf low = buf_over(memory[0], 24), high = buf_over(memory[1], 24);
	struct str text;
	uint64_t v = 0;

	TRY(config_want(f, mapping, key, &node));
	TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &text));
	buf_put_u64(&low, min);
	buf_put_u64(&high, max);
	const struct str args[] = {text, buf_str(&low), buf_str(&high)};
	if (!str_to_u64(text, &v) || v < min || v > max)
		return config_fail(f, node, MSG_CONFIG_NUMBER, args, 3);
	*ret = (unsigned)v;
	return ERR_OK;
}

enum err read_limits_node(const struct config_file *f, const struct config_node *node,
			  struct cases_limits *ret)
{
	struct str text;

	TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &text));
	if (!cases_limits_parse(text, read_at(f, node), ret))
		return config_fail(f, node, MSG_CASES_LIMIT, &text, 1);
	return ERR_OK;
}

enum err read_fail_one_of(const struct config_file *f, const struct config_node *node,
			  const char *words)
{
	const struct str args[] = {node->text, str_of(words)};

	if (node->kind != CONFIG_TEXT)
		return config_fail(f, node, MSG_CONFIG_WANT_TEXT, NULL, 0);
	return config_fail(f, node, MSG_CONFIG_ONE_OF, args, 2);
}

enum err read_list(const struct config_file *f, const struct config_node *mapping, const char *key,
		   unsigned n_max, size_t size, read_item_fn *read, void **ret, unsigned *ret_n)
{
	const struct config_node *node;
	void *elements;

	TRY(config_want(f, mapping, key, &node));
	TRY(config_want_sequence(f, node, n_max));
	TRY(read_alloc(f, node->n, size, &elements));
	for (const struct config_node *item = node->first; item; item = item->next)
		TRY(read(f, item, (char *)elements + item->index * size));
	*ret = elements;
	*ret_n = node->n;
	return ERR_OK;
}

enum err read_list_if(const struct config_file *f, const struct config_node *mapping,
		      const char *key, unsigned n_max, size_t size, read_item_fn *read, void **ret,
		      unsigned *ret_n)
{
	if (!config_find(mapping, key))
		return ERR_OK;
	return read_list(f, mapping, key, n_max, size, read, ret, ret_n);
}

enum err read_word(const struct config_file *f, const struct config_node *item, void *element)
{
	struct cases_word *word = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "name zh en"));
	TRY(read_name(f, item, "name", &word->name));
	for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
		TRY(config_want(f, item, lang_tag(lang), &node));
		TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &word->words[lang]));
	}
	return ERR_OK;
}
