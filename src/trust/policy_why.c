/* Decisions in words. */
#include "trust/policy.h"

#include "base/check.h"

struct why {
	const struct cases_book *book;
	enum lang lang;
	struct buf *out;
};

static void line(struct why *w, enum msg msg, struct str a, struct str b)
{
	const struct str args[] = {a, b};

	msg_put(w->out, msg, w->lang, args, 2);
	buf_put_char(w->out, '\n');
}

static const enum msg kind_words[] = {[POLICY_ANYONE] = MSG_POLICY_ANYONE,
				      [POLICY_HOLDER] = MSG_POLICY_HOLDER,
				      [POLICY_ACCOUNT] = MSG_POLICY_SIGNED_IN,
				      [POLICY_OPERATOR] = MSG_POLICY_OPERATOR,
				      [POLICY_TIMER] = MSG_POLICY_TIMER};

/* ---- who may ---- */

static void put_one(struct buf *out, bool *is_first, enum lang lang, struct str words)
{
	if (!*is_first)
		buf_put_z(out, lang == LANG_ZH ? "、" : ", ");
	*is_first = false;
	buf_put_str(out, words);
}

static bool opens(const struct policy *p, const struct policy_rule *r, struct str item,
		  struct str field)
{
	for (unsigned i = 0; i < r->opens_n; i++) {
		const struct cases_item *of = &p->items[r->opens[i].item.index];
		if (!str_eq(of->name.text, item))
			continue;
		for (unsigned f = 0; f < of->fields_n; f++)
			if ((r->opens[i].fields_set >> f & 1) &&
			    (field.n == 0 || str_eq(of->fields[f].name.text, field)))
				return true;
	}
	return item.n == 0;
}

/* Whom the rules that open it let: roles and kinds, as bits. */
static uint64_t roles_of(const struct policy *p, enum policy_action action, struct str item,
			 struct str field, unsigned *ret_kinds)
{
	uint64_t roles = 0;

	*ret_kinds = 0;
	for (unsigned i = 0; p && i < p->n; i++)
		if ((p->v[i].actions >> action & 1) && opens(p, &p->v[i], item, field)) {
			roles |= p->v[i].roles;
			*ret_kinds |= p->v[i].kinds;
		}
	return roles;
}

void policy_put_who(const struct policy *p, enum policy_action action, struct str item,
		    struct str field, enum lang lang, struct buf *out)
{
	unsigned kinds = 0;
	uint64_t roles = roles_of(p, action, item, field, &kinds);
	bool is_first = true;

	for (size_t k = 0; k < sizeof kind_words / sizeof kind_words[0]; k++)
		if (kinds >> k & 1)
			put_one(out, &is_first, lang, str_of(msg_text(kind_words[k], lang)));
	for (unsigned i = 0; p && i < p->roles_n; i++)
		if (roles >> i & 1)
			put_one(out, &is_first, lang, p->roles[i].words[lang]);
}

void policy_put_who_names(const struct policy *p, enum policy_action action, struct str item,
			  struct str field, struct buf *out)
{
	static const char *const names[] = {[POLICY_ANYONE] = POLICY_WHO_ANYONE,
					    [POLICY_ACCOUNT] = POLICY_WHO_SIGNED_IN,
					    [POLICY_OPERATOR] = POLICY_WHO_OPERATOR,
					    [POLICY_TIMER] = CASES_TIMER};
	unsigned kinds = 0;
	uint64_t roles = roles_of(p, action, item, field, &kinds);
	bool is_first = true;

	for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
		if (kinds >> k & 1)
			put_one(out, &is_first, LANG_EN, str_of(names[k]));
	for (unsigned i = 0; p && i < p->roles_n; i++)
		if (roles >> i & 1)
			put_one(out, &is_first, LANG_EN, p->roles[i].name.text);
}

/* ---- why ---- */

static struct str role_words(const struct why *w, struct str name)
{
	for (unsigned i = 0; i < w->book->roles_n; i++)
		if (str_eq(w->book->roles[i].name.text, name))
			return w->book->roles[i].words[w->lang];
	return name;
}

static struct str unit_words(const struct why *w, struct str code)
{
	for (unsigned i = 0; i < w->book->units_n; i++)
		if (str_eq(w->book->units[i].name.text, code))
			return w->book->units[i].words[w->lang];
	return code;
}

static struct str area_words(const struct why *w, struct str name)
{
	for (unsigned i = 0; i < w->book->areas_n; i++)
		if (str_eq(w->book->areas[i].name.text, name))
			return w->book->areas[i].words[w->lang];
	return name;
}

static struct str purpose_words(const struct why *w, struct str name)
{
	const struct cases_catalogue *c = &w->book->catalogue;

	for (unsigned i = 0; i < c->items_n; i++)
		if (str_eq(c->items[i].purpose.text, name))
			return c->items[i].purpose_words[w->lang];
	return name;
}

static void put_outcome(struct why *w, const struct policy_request *q,
			const struct policy_decision *d)
{
	static const enum msg reasons[POLICY_REASONS] = {
	    [POLICY_PERMITTED] = MSG_POLICY_WHY_PERMITTED,
	    [POLICY_NO_FILE] = MSG_POLICY_WHY_NO_FILE,
	    [POLICY_NOT_THIS_ROLE] = MSG_POLICY_WHY_ROLE,
	    [POLICY_NOT_THIS_FIELD] = MSG_POLICY_WHY_FIELD,
	    [POLICY_NOT_THIS_PURPOSE] = MSG_POLICY_WHY_PURPOSE,
	    [POLICY_NOT_HERE] = MSG_POLICY_WHY_HERE,
	    [POLICY_OVER] = MSG_POLICY_WHY_OVER,
	    [POLICY_HIDDEN] = MSG_POLICY_WHY_HIDDEN,
	};

	CHECK(d->reason < POLICY_REASONS);
	line(w, reasons[d->reason], str_of(policy_action_words(q->action, w->lang)), STR(""));
	if (d->rule)
		line(w, MSG_POLICY_WHY_RULE, d->rule->id.text, d->rule->words[w->lang]);
}

static void put_actor(struct why *w, const struct policy_actor *actor)
{
	bool has_role = actor->kind == POLICY_ACCOUNT && actor->role.n > 0;

	line(w, MSG_POLICY_WHY_ACTOR,
	     has_role ? role_words(w, actor->role)
		      : str_of(msg_text(kind_words[actor->kind], w->lang)),
	     STR(""));
	if (actor->unit.n > 0)
		line(w, MSG_POLICY_WHY_UNIT, unit_words(w, actor->unit), STR(""));
	for (unsigned i = 0; i < actor->areas_n && i < CASES_ALTERNATIVES_MAX; i++)
		line(w, MSG_POLICY_WHY_AREA, area_words(w, actor->areas[i]), STR(""));
}

static void put_case(struct why *w, const struct policy_case *c)
{
	if (c->lead_unit.n > 0)
		line(w, MSG_POLICY_WHY_LEAD, unit_words(w, c->lead_unit), STR(""));
	if (c->area.n > 0)
		line(w, MSG_POLICY_WHY_CASE_AREA, area_words(w, c->area), STR(""));
	line(w, c->closed_us == 0 ? MSG_POLICY_WHY_LIVE : MSG_POLICY_WHY_CLOSED, STR(""), STR(""));
	if (c->is_confidential)
		line(w, MSG_POLICY_WHY_CONFIDENTIAL, STR(""), STR(""));
}

void policy_why(const struct policy *p, const struct cases_book *book,
		const struct policy_actor *actor, const struct policy_request *q,
		const struct policy_decision *d, enum lang lang, struct buf *out)
{
	struct why w = {book, lang, out};
	char memory[POLICY_WHY_BYTES_MAX / 2];
	struct buf who = buf_over(memory, sizeof memory);

	put_outcome(&w, q, d);
	put_actor(&w, actor);
	if (q->purpose.n > 0)
		line(&w, MSG_POLICY_WHY_STATED, purpose_words(&w, q->purpose), STR(""));
	if (q->about)
		put_case(&w, q->about);
	if (d->permit)
		return;
	policy_put_who(p, q->action, q->item, q->field, lang, &who);
	if (who.n > 0)
		line(&w, MSG_POLICY_WHY_WHO, buf_str(&who), STR(""));
	line(&w, MSG_POLICY_WHY_ASK, STR(""), STR(""));
}
