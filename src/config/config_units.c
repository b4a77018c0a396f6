/* roles.yaml, units.yaml and desk-limits.yaml. */
#include "config/config_cases.h"

#include "read.h"

static enum err read_role(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	struct cases_role *role = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "name words in_charge in_field staff stands_for"));
	TRY(read_name(f, item, "name", &role->name));
	if (str_eq(role->name.text, STR(CASES_TIMER))) {
		TRY(config_want(f, item, "name", &node));
		return config_fail(f, node, MSG_PROOF_NAME_TWICE, &role->name.text, 1);
	}
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, role->words));
	TRY(read_yes_if(f, item, "in_charge", &role->is_in_charge));
	TRY(read_yes_if(f, item, "in_field", &role->is_in_field));
	role->is_staff = true;
	TRY(read_name_if(f, item, "stands_for", &role->stands_for));
	return read_yes_if(f, item, "staff", &role->is_staff);
}

enum err config_roles_read(struct str name, struct str text, struct arena *arena,
			   struct problem *problem, struct config_roles *ret)
{
	struct config_file f;
	void *rows;
	unsigned n;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "roles"));
	TRY(read_list(&f, f.root, "roles", CASES_ROLES_MAX, sizeof(struct cases_role), read_role,
		      &rows, &n));
	*ret = (struct config_roles){rows, n};
	return ERR_OK;
}

static enum err read_unit(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	struct cases_unit *unit = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "code words kind role clock_owner police"));
	TRY(read_name(f, item, "code", &unit->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, unit->words));
	TRY(config_want(f, item, "kind", &node));
	if (!cases_unit_kind_parse(node->text, &unit->kind))
		return read_fail_one_of(f, node, "office, post, lookup");
	TRY(read_name_if(f, item, "role", &unit->role));
	TRY(read_yes_if(f, item, "police", &unit->is_police));
	return read_name_if(f, item, "clock_owner", &unit->clock_owner);
}

static enum err read_level_above(const struct config_file *f, bool *ret)
{
	const struct config_node *node = config_find(f->root, "level_above");

	if (!node)
		return ERR_OK;
	*ret = node->kind == CONFIG_TEXT && str_eq(node->text, STR("connected"));
	if (*ret || (node->kind == CONFIG_TEXT && str_eq(node->text, STR("none"))))
		return ERR_OK;
	return read_fail_one_of(f, node, "none, connected");
}

enum err config_units_read(struct str name, struct str text, struct arena *arena,
			   struct problem *problem, struct config_units *ret)
{
	struct config_file f;
	void *units, *areas;
	unsigned units_n, areas_n;
	bool connected = false;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "level_above units areas"));
	TRY(read_level_above(&f, &connected));
	TRY(read_list(&f, f.root, "units", CASES_UNITS_MAX, sizeof(struct cases_unit), read_unit,
		      &units, &units_n));
	TRY(read_list(&f, f.root, "areas", CASES_AREAS_MAX, sizeof(struct cases_area), read_word,
		      &areas, &areas_n));
	*ret = (struct config_units){units, units_n, areas, areas_n, connected};
	return ERR_OK;
}

static enum err read_desk(const struct config_file *f, const struct config_node *item,
			  void *element)
{
	static const char *const keys[CASES_PRIORITIES] = {"p1", "p2", "p3", "p4"};
	struct cases_desk_limit *row = element;
	const struct config_node *node;

	TRY(config_want_mapping(f, item, "name words p1 p2 p3 p4 most"));
	TRY(read_name(f, item, "name", &row->name));
	TRY(read_words(f, item, "words", CASES_WORDS_BYTES_MAX, row->words));
	for (unsigned p = 0; p < CASES_PRIORITIES; p++) {
		TRY(config_want(f, item, keys[p], &node));
		TRY(read_limits_node(f, node, &row->by_priority[p]));
		if (row->by_priority[p].n != 1 ||
		    cases_is_given(&row->by_priority[p].v[0].condition) ||
		    row->by_priority[p].v[0].kind == CASES_LIMIT_FIELD)
			return config_fail(f, node, MSG_CASES_LIMIT, &node->text, 1);
	}
	node = config_find(item, "most");
	return node ? read_limits_node(f, node, &row->most) : ERR_OK;
}

enum err config_desk_read(struct str name, struct str text, struct arena *arena,
			  struct problem *problem, struct config_desk *ret)
{
	struct config_file f;
	void *rows;
	unsigned n;

	TRY(config_read(name, text, arena, problem, &f));
	TRY(config_want_mapping(&f, f.root, "steps"));
	TRY(read_list(&f, f.root, "steps", CASES_UNITS_MAX, sizeof(struct cases_desk_limit),
		      read_desk, &rows, &n));
	*ret = (struct config_desk){rows, n};
	return ERR_OK;
}
