/* A look: the case is loaded once, each field decided by policy and case type, and what is open
 * stands in one entry. Nothing is opened here: that comes after the COMMIT. */
#include "deciding.h"

#include "access_facts.h"
#include "base/check.h"
#include "service/kind_look.h"

struct looking {
	struct deciding *d;
	struct look_order *o;
	struct policy_actor actor;
	unsigned lead_unit;
	struct access_facts facts;
	enum { NOT_ASKED, NOBODY_FOLLOWS, SOMEBODY_FOLLOWS } followed;
	struct look look;
	/* the first that is not permitted */
	bool is_refused;
	struct policy_request refused;
	struct policy_decision refusal;
};

static int compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* ---- where a field stands ---- */

/* Is anybody following? Asked once a look: most cases have nobody. */
static enum err find_followed(struct looking *l)
{
	struct db_stmt *s;
	bool row = false;

	if (l->followed != NOT_ASKED)
		return ERR_OK;
	s = db_stmt(l->d->w->db, SQL_case_followed);
	db_bind_u64(s, 1, l->d->file.id);
	TRY(db_step(l->d->w->db, s, &row));
	db_done(s);
	l->followed = row ? SOMEBODY_FOLLOWS : NOBODY_FOLLOWS;
	return ERR_OK;
}

/* Is it the entry by which somebody joined who is not to be named? */
static enum err find_follower(struct looking *l, uint64_t n, bool *ret_is_confidential)
{
	struct db_stmt *s;
	bool row = false;

	TRY(find_followed(l));
	if (l->followed == NOBODY_FOLLOWS)
		return ERR_OK;
	s = db_stmt(l->d->w->db, SQL_case_follower_confidential);
	db_bind_u64(s, 1, l->d->file.id);
	db_bind_u64(s, 2, n);
	TRY(db_step(l->d->w->db, s, &row));
	if (!row)
		return ERR_OK;
	if (db_i64(s, 0) != 0)
		*ret_is_confidential = true;
	db_done(s);
	return ERR_OK;
}

/* An entry of this case; whether its texts are those of a follower who is not to be named. */
static enum err find_entry(struct looking *l, uint64_t n, bool *ret_is_here,
			   bool *ret_is_confidential)
{
	struct db_stmt *s = db_stmt(l->d->w->db, SQL_case_change_of);
	bool row = false;

	*ret_is_here = false;
	if (n > INT64_MAX)
		return ERR_OK;
	db_bind_u64(s, 1, n);
	TRY(db_step(l->d->w->db, s, &row));
	if (!row)
		return ERR_OK;
	*ret_is_here = db_u64(s, 0) == l->d->file.id;
	db_done(s);
	return *ret_is_here && !*ret_is_confidential ? find_follower(l, n, ret_is_confidential)
						     : ERR_OK;
}

static enum err find_file(struct looking *l, uint64_t n, struct str field, bool *ret_is_here)
{
	struct db_stmt *s = db_stmt(l->d->w->db, SQL_attachment_of_case);
	bool row = false;

	*ret_is_here = false;
	if (n > INT64_MAX)
		return ERR_OK;
	db_bind_u64(s, 1, n);
	db_bind_u64(s, 2, l->d->file.id);
	TRY(db_step(l->d->w->db, s, &row));
	if (!row)
		return ERR_OK;
	*ret_is_here = str_eq(db_text(s, 0), field);
	return db_finish(s);
}

/* The newest, as the case's own document says; else the one that was asked for. */
static enum err find_field(struct looking *l, unsigned field, struct look_field *f,
			   bool *ret_is_confidential)
{
	const struct case_rec *rec = &l->d->file.now.rec;
	bool is_here = rec->filled >> field & 1;

	*ret_is_confidential = l->facts.about.is_confidential;
	if (f->n == 0)
		f->n = is_here ? (uint64_t)rec->value[field] : 0;
	else if (l->d->file.type->fields[field].kind == CASES_FIELD_PHOTO)
		TRY(find_file(l, f->n, f->field, &is_here));
	else
		TRY(find_entry(l, f->n, &is_here, ret_is_confidential));
	f->is_away = !is_here || f->n == 0;
	return ERR_OK;
}

/* ---- what is open ---- */

static void add_rule(struct look *look, struct str rule)
{
	unsigned at = 0;

	while (at < look->rules_n && compare(look->rules[at], rule) < 0)
		at++;
	if ((at < look->rules_n && str_eq(look->rules[at], rule)) ||
	    look->rules_n == LOOK_RULES_MAX)
		return;
	for (unsigned i = look->rules_n++; i > at; i--)
		look->rules[i] = look->rules[i - 1];
	look->rules[at] = rule;
}

/* False: it stands there already. */
static bool add_field(struct look *look, struct str field, uint64_t n)
{
	unsigned at = look->at_n;

	for (; at > 0; at--) {
		const struct look_at *before = &look->at[at - 1];
		int c = compare(before->field, field);
		if (c == 0 && before->n == n)
			return false;
		if (c < 0 || (c == 0 && before->n < n))
			break;
		look->at[at] = *before;
	}
	look->at[at] = (struct look_at){field, n};
	look->at_n++;
	return true;
}

static enum err decide_field(struct looking *l, struct look_field *f)
{
	struct deciding *d = l->d;
	unsigned index = case_field_find(d->file.type, f->field);
	const struct cases_field *field;
	struct policy_case about = l->facts.about;
	struct policy_request q = {.purpose = l->o->purpose, .about = &about, .now_us = d->at_us};
	struct policy_decision decision;

	if (index == CASES_NONE)
		return deciding_refuse(d, ERR_BAD_INPUT, f->field, MSG_CASE_NO_FIELD, f->field,
				       STR(""));
	field = &d->file.type->fields[index];
	if (field->kind != CASES_FIELD_TEXT && field->kind != CASES_FIELD_PHOTO)
		return deciding_refuse(d, ERR_BAD_INPUT, f->field, MSG_LOOK_NOT_SEALED,
				       field->words[LANG_ZH], STR(""));
	q.action = field->kind == CASES_FIELD_TEXT ? POLICY_OPEN_FIELDS : POLICY_OPEN_ATTACHMENT;
	q.item = field->item.text;
	q.field = field->item_field.text;
	TRY(find_field(l, index, f, &about.is_confidential));
	decision = policy_decide(d->w->shelf->policy, &l->actor, &q);
	if (decision.permit &&
	    !access_sees(&d->w->shelf->now, field, l->o->role, l->lead_unit)) {
		decision.permit = false;
		decision.reason = POLICY_NOT_THIS_FIELD;
	}
	f->reason = decision.reason;
	if (!decision.permit) {
		f->is_away = false; /* whether it is there is told to those who may know */
		if (!l->is_refused) {
			l->refused = q;
			l->refused.about = NULL;
			l->refusal = decision;
			l->is_refused = true;
		}
		return ERR_OK;
	}
	if (f->is_away)
		return ERR_OK;
	if (!add_field(&l->look, field->name.text, f->n))
		return deciding_refuse(d, ERR_BAD_INPUT, f->field, MSG_LOOK_TWICE, f->field,
				       STR(""));
	add_rule(&l->look, decision.rule->id.text);
	l->o->ret_obligations |= decision.obligations;
	return ERR_OK;
}

static enum err decide_fields(struct looking *l)
{
	for (unsigned i = 0; i < l->o->fields_n; i++)
		TRY(decide_field(l, &l->o->fields[i]));
	l->o->ret_opened = l->look.at_n;
	if (l->look.at_n > 0)
		return ERR_OK;
	if (l->is_refused)
		return access_refuse(l->d->w->shelf->policy, &l->refused, &l->refusal,
				     &l->d->o->problem);
	return deciding_refuse(l->d, ERR_NOT_FOUND, l->o->fields[0].field, MSG_LOOK_AWAY, STR(""),
			       STR(""));
}

/* ---- the entry ---- */

static enum err write_look(struct looking *l, struct command *c)
{
	struct deciding *d = l->d;
	struct case_entry hand = {0};
	struct appended a;

	d->key_id = d->file.key_id;
	TRY(keyring_get(d->w->keys, d->key_id, &d->key));
	deciding_take_hand(d, 0);
	if (d->is_new_hand && d->file.hands_n == CASE_HANDS_MAX)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("case"), MSG_CASE_SIGNERS_FULL,
				       STR("128"), STR(""));
	deciding_seal_hand_of(d, &hand);
	l->look.has_hand = hand.has_hand;
	l->look.hand = hand.hand;
	l->look.case_id = d->file.id;
	l->look.policy_n = shelf_n(d->w->shelf, SHELF_POLICY);
	l->look.purpose = l->o->purpose;
	TRY(journal_append(&d->w->journal, &d->actor, KIND_LOOK, d->at_us, &l->look, &a));
	return deciding_answer(c, &a);
}

static enum err decide_order(struct looking *l, struct command *c)
{
	struct deciding *d = l->d;
	unsigned role;

	if (!d->w->shelf || !deciding_calendar(d->w->shelf))
		return deciding_refuse(d, ERR_CONFLICT, STR(""), MSG_CASE_NO_FILES, STR(""),
				       STR(""));
	TRY(deciding_read_role(d, &role));
	TRY(deciding_check_unit(d));
	if (!deciding_is_staff(d))
		return deciding_refuse(d, ERR_BAD_INPUT, STR("role"), MSG_LOOK_OWN, STR(""),
				       STR(""));
	TRY(deciding_load(d, l->o->id));
	if (d->file.erased != 0)
		return ERR_GONE;
	access_facts_of(d->w->shelf, &d->file, &l->facts);
	l->lead_unit = case_unit(d->file.type, &d->file.now.rec, CASES_KNOWN_LEAD_UNIT);
	TRY(decide_fields(l));
	return write_look(l, c);
}

enum err decide_look(struct writer *w, struct command *c, int64_t at_us)
{
	struct look_order *o = c->look.order;
	struct case_order order = {.hand = CASE_HAND_ACCOUNT,
				   .account = o->account,
				   .role = o->role,
				   .unit = o->unit,
				   .areas = o->areas,
				   .areas_n = o->areas_n};
	struct looking l = {.o = o, .actor = deciding_actor_of(&order)};
	enum err e;

	CHECK(o->fields_n > 0 && o->fields_n <= LOOK_FIELDS_MAX);
	CHECK(o->account.n > 0);
	TRY(deciding_of(w, &l.d));
	l.d->o = &order;
	l.d->at_us = at_us > w->journal.last_at_us ? at_us : w->journal.last_at_us;
	o->ret_opened = o->ret_obligations = 0;
	e = decide_order(&l, c);
	o->problem = order.problem;
	seal_wipe(&l.d->key, sizeof l.d->key);
	return e;
}
