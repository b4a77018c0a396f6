/* policy.yaml: who may. */
#include "config/config_policy.h"

#include "read.h"

static enum err read_opens(const struct config_file *f, const struct config_node *item,
			   void *element)
{
	struct policy_opens *o = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "item fields hides"));
	TRY(read_name(f, item, "item", &o->item));
	TRY(config_want(f, item, "fields", &node));
	TRY(read_names(f, item, "fields", &o->fields));
	return read_names(f, item, "hides", &o->hides);
}

/* Absent: while it is live. */
static enum err read_while(const struct config_file *f, const struct config_node *item,
			   struct policy_rule *r)
{
	const struct config_node *node = config_find(item, "while");
	const struct config_node *days = config_find(item, "days_after");

	if (node && str_eq(node->text, STR("any")))
		r->is_any_time = true;
	else if (node && !str_eq(node->text, STR("live")))
		return config_fail(f, node, MSG_POLICY_WHEN, NULL, 0);
	if (!days)
		return ERR_OK;
	if (r->is_any_time)
		return config_fail(f, days, MSG_POLICY_WHEN, NULL, 0);
	return read_number(f, item, "days_after", 1, POLICY_DAYS_AFTER_MAX, &r->days_after);
}

static enum err read_rule(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	struct policy_rule *r = element;
	void *opens = NULL;

	TRY(config_want_mapping(
	    f, item, "id words who may opens purpose where while days_after obliges"));
	TRY(read_name(f, item, "id", &r->id));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, r->words));
	TRY(read_names(f, item, "who", &r->who));
	TRY(read_names(f, item, "may", &r->may));
	TRY(read_list_if(f, item, "opens", POLICY_OPENS_MAX, sizeof *r->opens, read_opens, &opens,
			 &r->opens_n));
	r->opens = opens;
	TRY(read_names(f, item, "purpose", &r->purposes));
	TRY(read_names(f, item, "where", &r->where));
	TRY(read_while(f, item, r));
	return read_names(f, item, "obliges", &r->obliges);
}

enum err config_policy_read(struct str name, struct str text, struct arena *arena,
			    struct problem *problem, struct policy *ret)
{
	struct policy out = {.file = name};
	struct config_file f;
	void *rules = NULL;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "version rules"));
	TRY(read_number(&f, f.root, "version", 1, 1000000, &out.version));
	TRY(read_list(&f, f.root, "rules", POLICY_RULES_MAX, sizeof *out.v, read_rule, &rules,
		      &out.n));
	out.v = rules;
	*ret = out;
	return ERR_OK;
}
