/* catalogue.yaml: what data there may be, and why; and the checklists. */
#include "config/config_cases.h"

#include "read.h"

static bool is_levels(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!memchr("BRPGC", s.p[i], 5) || memchr(s.p + i + 1, s.p[i], s.n - i - 1))
			return false;
	return true;
}

static enum err read_purpose(const struct config_file *f, const struct config_node *item,
			     struct cases_item *row)
{
	const struct config_node *node;
	struct cases_word word = {0};

	TRY(config_want(f, item, "purpose", &node));
	TRY(read_word(f, node, &word));
	row->purpose = word.name;
	row->purpose_words[LANG_ZH] = word.words[LANG_ZH];
	row->purpose_words[LANG_EN] = word.words[LANG_EN];
	return ERR_OK;
}

static enum err read_item(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	static const size_t most = CASES_TEXT_BYTES_MAX;
	struct cases_item *row = element;
	const struct config_node *node;
	void *fields;

	TRY(config_want_mapping(f, item,
				"code words in place class class_most from purpose ground "
				"retention refresh opens_for fields"));
	TRY(read_name(f, item, "code", &row->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, row->words));
	TRY(read_number(f, item, "in", 1, 9, &row->class_number));
	TRY(read_text_if(f, item, "place", CASES_NAME_BYTES_MAX, &row->levels));
	if (!is_levels(row->levels)) {
		TRY(config_want(f, item, "place", &node));
		return read_fail_one_of(f, node, "B, R, P, G, C");
	}
	TRY(read_number(f, item, "class", 0, 3, &row->sensitivity));
	row->sensitivity_most = row->sensitivity;
	if (config_find(item, "class_most"))
		TRY(read_number(f, item, "class_most", row->sensitivity, 3,
				&row->sensitivity_most));
	TRY(read_words(f, item, "from", most, row->source));
	TRY(read_purpose(f, item, row));
	TRY(read_words(f, item, "ground", most, row->ground));
	TRY(read_words(f, item, "retention", most, row->retention));
	TRY(read_words(f, item, "refresh", most, row->refresh));
	TRY(read_words(f, item, "opens_for", most, row->opens_for));
	TRY(read_list(f, item, "fields", CASES_ITEM_FIELDS_MAX, sizeof *row->fields, read_word,
		      &fields, &row->fields_n));
	row->fields = fields;
	return ERR_OK;
}

static enum err read_class(const struct config_file *f, const struct config_node *item,
			   void *element)
{
	return config_want_both(f, item, CASES_WORDS_BYTES_MAX, element);
}

enum err config_catalogue_read(struct str name, struct str text, struct arena *arena,
			       struct problem *problem, struct cases_catalogue *ret)
{
	struct cases_catalogue out = {0};
	struct config_file f;
	void *rows;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "classes items"));
	TRY(read_list(&f, f.root, "classes", 9, sizeof out.classes[0], read_class, &rows,
		      &out.classes_n));
	memcpy(out.classes, rows, out.classes_n * sizeof out.classes[0]);
	TRY(read_list(&f, f.root, "items", CASES_ITEMS_MAX, sizeof *out.items, read_item, &rows,
		      &out.items_n));
	out.items = rows;
	*ret = out;
	return ERR_OK;
}

static enum err read_line(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	struct cases_check_line *line = element;

	TRY(config_want_mapping(f, item, "name words advice finding"));
	TRY(read_name(f, item, "name", &line->name));
	TRY(read_words(f, item, "words", CASES_TEXT_BYTES_MAX, line->words));
	TRY(read_words(f, item, "advice", CASES_TEXT_BYTES_MAX, line->advice));
	return read_name_if(f, item, "finding", &line->finding);
}

enum err config_checklist_read(struct str name, struct str text, struct arena *arena,
			       struct problem *problem, struct cases_checklist *ret)
{
	struct cases_checklist out = {0};
	struct config_file f;
	void *lines;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "code version words item lines"));
	TRY(read_name(&f, f.root, "code", &out.name));
	TRY(read_number(&f, f.root, "version", 1, 1000000, &out.version));
	TRY(read_words(&f, f.root, "words", CASES_WORDS_BYTES_MAX, out.words));
	TRY(read_name(&f, f.root, "item", &out.item));
	TRY(read_list(&f, f.root, "lines", CASES_CHECKLIST_LINES_MAX, sizeof *out.lines, read_line,
		      &lines, &out.lines_n));
	out.lines = lines;
	*ret = out;
	return ERR_OK;
}
