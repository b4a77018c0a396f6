/* A finding of a visit becomes a case: which line of which checklist it is. */
#include "deciding.h"

static enum err refuse(struct deciding *d, enum msg msg, struct str arg)
{
	return deciding_refuse(d, ERR_BAD_INPUT, STR("finding"), msg, arg, STR(""));
}

static const struct cases_check_line *find_line(const struct cases_checklist *list, struct str name)
{
	for (unsigned i = 0; list && i < list->lines_n; i++)
		if (str_eq(list->lines[i].name.text, name))
			return &list->lines[i];
	return NULL;
}

/* The place that the order names, of its type; 0: none. */
static int64_t place_of(const struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_PLACE];
	const struct case_fill *fill = f == CASES_NONE ? NULL : deciding_fill_of(d, f);

	return fill ? fill->value : 0;
}

enum err deciding_check_finding(struct deciding *d)
{
	const struct case_order *o = d->o;
	const struct cases_check_line *line;
	const struct cases_category *c;
	const struct cases_checklist *list;
	uint64_t file = 0;

	d->found = (struct case_found){0};
	if (o->checklist.n == 0)
		return ERR_OK;
	if (!deciding_is_staff(d))
		return deciding_refuse(d, ERR_FORBIDDEN, STR("finding"), MSG_CASE_FINDING_STAFF,
				       STR(""), STR(""));
	list = shelf_checklist(d->w->shelf, o->checklist, &file);
	line = find_line(list, o->check_line);
	if (!line)
		return refuse(d, MSG_CASE_NO_FINDING, list ? o->check_line : o->checklist);
	if (line->finding.text.n == 0)
		return refuse(d, MSG_CASE_FINDING_STAYS, line->words[LANG_ZH]);
	c = shelf_category(d->w->shelf, d->file.categories_n, line->finding.text);
	if (!c || !str_eq(c->type.text, d->file.type->name.text))
		return refuse(d, MSG_CASE_FINDING_TYPE, c ? c->type.text : line->finding.text);
	if (place_of(d) == 0)
		return deciding_refuse(d, ERR_BAD_INPUT, STR("place"), MSG_CASE_NO_PLACE, STR(""),
				       STR(""));
	d->found = (struct case_found){.file = file,
				       .checklist = list->name.text,
				       .line = line->name.text,
				       .category = line->finding.text};
	return ERR_OK;
}

enum err deciding_put_finding(struct deciding *d, uint64_t id)
{
	struct appended a;

	if (d->found.checklist.n == 0)
		return ERR_OK;
	d->found.case_id = id;
	return journal_append(&d->w->journal, &d->actor, KIND_CASE_FOUND, d->at_us, &d->found, &a);
}

enum err deciding_take_finding(struct deciding *d, enum cases_command command)
{
	unsigned f = d->file.type->known[CASES_KNOWN_CATEGORY], index = CASES_NONE;
	struct db_stmt *s;
	bool row = false;

	if (command != CASES_COMMAND_OPEN || f == CASES_NONE || deciding_fill_of(d, f) ||
	    (d->file.now.rec.filled >> f & 1) || d->fills_n == CASE_ORDER_FIELDS_MAX)
		return ERR_OK;
	s = db_stmt(d->w->db, SQL_case_finding_get);
	db_bind_u64(s, 1, d->file.id);
	TRY(db_step(d->w->db, s, &row));
	if (!row)
		return ERR_OK;
	index = case_category_find(d->file.categories, db_text(s, 4));
	TRY(db_finish(s));
	if (index == CASES_NONE)
		return ERR_OK; /* its file names it no longer: the desk does */
	d->texts[d->fills_n] = STR("");
	d->fills[d->fills_n++] = (struct case_fill){.field = f, .value = index};
	return ERR_OK;
}
