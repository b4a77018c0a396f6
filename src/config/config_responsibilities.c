/* responsibilities.yaml: who leads, where the table of categories does not say it right. */
#include "config/config_cases.h"

#include "base/civil.h"
#include "read.h"

static enum err read_fallback(const struct config_file *f, const struct config_node *item,
			      void *element)
{
	struct cases_fallback *row = element;

	TRY(config_want_mapping(f, item, "unit use why"));
	TRY(read_name(f, item, "unit", &row->unit));
	TRY(read_name(f, item, "use", &row->use));
	return read_words(f, item, "why", CASES_TEXT_BYTES_MAX, row->why);
}

static enum err read_day_if(const struct config_file *f, const struct config_node *item,
			    const char *key, bool *ret_has, int32_t *ret)
{
	const struct config_node *node = config_find(item, key);
	struct str text;

	if (!node)
		return ERR_OK;
	TRY(config_want_text(f, node, CASES_WORDS_BYTES_MAX, &text));
	if (civil_parse_date(text, ret) != ERR_OK)
		return config_fail(f, node, MSG_CONFIG_DATE, &text, 1);
	*ret_has = true;
	return ERR_OK;
}

/* Joint units, and the limit of the part that each begins with the dispatch. */
static enum err read_with(const struct config_file *f, const struct config_node *item,
			  struct cases_rule *rule)
{
	const struct config_node *with = config_find(item, "with"),
				 *limit = config_find(item, "with_limit");

	if (with && with->kind == CONFIG_SEQUENCE)
		TRY(config_want_sequence(f, with, CASES_JOINT_MAX));
	TRY(read_names(f, item, "with", &rule->with));
	if (!limit)
		return ERR_OK;
	TRY(read_limits_node(f, limit, &rule->with_limit));
	if (!with || rule->with_limit.n != 1 ||
	    rule->with_limit.v[0].kind != CASES_LIMIT_SPAN ||
	    cases_is_given(&rule->with_limit.v[0].condition))
		return config_fail(f, limit, MSG_CASES_LIMIT, &limit->text, 1);
	return ERR_OK;
}

static enum err read_rule(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	struct cases_rule *rule = element;
	bool owner_leads = true;

	TRY(config_want_mapping(f, item,
				"category component areas from until component_owner_leads lead "
				"with with_limit fallback why"));
	rule->at = read_at(f, item);
	TRY(read_name(f, item, "category", &rule->category));
	TRY(read_text_if(f, item, "component", CASES_NAME_BYTES_MAX, &rule->component));
	TRY(read_names(f, item, "areas", &rule->areas));
	TRY(read_day_if(f, item, "from", &rule->has_from, &rule->from_day));
	TRY(read_day_if(f, item, "until", &rule->has_until, &rule->until_day));
	TRY(read_yes_if(f, item, "component_owner_leads", &owner_leads));
	rule->is_deaf_to_component = !owner_leads;
	TRY(read_name(f, item, "lead", &rule->lead));
	TRY(read_with(f, item, rule));
	TRY(read_name_if(f, item, "fallback", &rule->fallback));
	return read_words(f, item, "why", CASES_TEXT_BYTES_MAX, rule->why);
}

enum err config_responsibilities_read(struct str name, struct str text, struct arena *arena,
				      struct problem *problem, struct cases_responsibilities *ret)
{
	struct cases_responsibilities out = {.file = name};
	struct config_file f;
	void *fallbacks, *rules;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "version fallbacks rules"));
	TRY(read_number(&f, f.root, "version", 1, 1000000, &out.version));
	TRY(read_list(&f, f.root, "fallbacks", CASES_UNITS_MAX, sizeof *out.fallbacks,
		      read_fallback, &fallbacks, &out.fallbacks_n));
	TRY(read_list(&f, f.root, "rules", CASES_RULES_MAX, sizeof *out.v, read_rule, &rules,
		      &out.n));
	out.fallbacks = fallbacks;
	out.v = rules;
	*ret = out;
	return ERR_OK;
}
