/* categories.yaml: the code table of matters. */
#include "config/config_cases.h"

#include "read.h"

static bool is_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n == 4;
}

static enum err read_confirms(const struct config_file *f, const struct config_node *item,
			      struct cases_category *c)
{
	const struct config_node *node;

	TRY(config_want(f, item, "confirmed_by", &node));
	TRY(config_want_sequence(f, node, CASES_CONFIRM_COUNT));
	c->confirms_at = read_at(f, node);
	for (const struct config_node *word = node->first; word; word = word->next) {
		enum cases_confirm confirm;
		if (word->kind != CONFIG_TEXT || !cases_confirm_parse(word->text, &confirm))
			return read_fail_one_of(f, word, "R, G, M, D, O");
		c->confirms |= 1u << confirm;
	}
	return ERR_OK;
}

static enum err read_stages(const struct config_file *f, const struct config_node *item,
			    struct cases_category *c)
{
	const struct config_node *node;

	TRY(config_want(f, item, "limits", &node));
	TRY(config_want_mapping(f, node, "c a s f r"));
	for (const struct config_node *stage = node->first; stage; stage = stage->next) {
		enum cases_stage i = CASES_STAGE_COUNT;
		if (cases_stage_parse(stage->key, &i))
			TRY(read_limits_node(f, stage, &c->limits[i]));
	}
	return ERR_OK;
}

static enum err read_head(const struct config_file *f, const struct config_node *item,
			  struct cases_category *c)
{
	const struct config_node *node;

	TRY(config_want(f, item, "code", &node));
	TRY(read_name_node(f, node, &c->name));
	if (!is_code(c->name.text))
		return config_fail(f, node, MSG_CASES_CATEGORY_CODE, &c->name.text, 1);
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, c->words));
	TRY(read_name(f, item, "type", &c->type));
	TRY(config_want(f, item, "priority", &node));
	if (node->kind != CONFIG_TEXT ||
	    !cases_priority_parse(node->text, read_at(f, node), &c->priority))
		return config_fail(f, node, MSG_CASES_PRIORITY, &node->text, 1);
	node = config_find(item, "published");
	if (node && !cases_publish_parse(node->text, &c->publish))
		return read_fail_one_of(f, node, "place, category, nothing");
	return ERR_OK;
}

static enum err read_category(const struct config_file *f, const struct config_node *item,
			      void *element)
{
	struct cases_category *c = element;

	TRY(config_want_mapping(f, item,
				"code words type priority limits opens_when closes_when "
				"confirmed_by published lead with basis says"));
	TRY(read_head(f, item, c));
	TRY(read_stages(f, item, c));
	TRY(read_words(f, item, "opens_when", CASES_TEXT_BYTES_MAX, c->opens_when));
	TRY(read_words(f, item, "closes_when", CASES_TEXT_BYTES_MAX, c->closes_when));
	TRY(read_phrases_if(f, item, "says", c->says));
	TRY(read_confirms(f, item, c));
	TRY(read_name_if(f, item, "lead", &c->lead));
	TRY(read_names(f, item, "with", &c->with));
	return read_text_if(f, item, "basis", CASES_WORDS_BYTES_MAX, &c->basis);
}

enum err config_categories_read(struct str name, struct str text, struct arena *arena,
				struct problem *problem, struct cases_categories *ret)
{
	struct cases_categories out = {0};
	struct config_file f;
	void *classes, *conditions = NULL, *rows;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "version classes conditions elsewhere categories"));
	TRY(read_number(&f, f.root, "version", 1, 1000000, &out.version));
	TRY(read_list(&f, f.root, "classes", CASES_CLASSES_MAX, sizeof *out.classes, read_word,
		      &classes, &out.classes_n));
	TRY(read_list_if(&f, f.root, "conditions", CASES_CONDITIONS_MAX, sizeof *out.conditions,
			 read_word, &conditions, &out.conditions_n));
	TRY(read_phrases_if(&f, f.root, "elsewhere", out.elsewhere));
	TRY(read_list(&f, f.root, "categories", CASES_CATEGORIES_MAX, sizeof *out.v, read_category,
		      &rows, &out.n));
	out.classes = classes;
	out.conditions = conditions;
	out.v = rows;
	*ret = out;
	return ERR_OK;
}
