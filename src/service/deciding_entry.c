/* What a step came to, as an entry: what decides beside the type, and what is written down. */
#include "deciding.h"

#include "base/check.h"
#include "base/civil.h"
#include "case_where.h"

/* ---- the setting ---- */

struct case_setting deciding_setting_of(struct deciding *d)
{
	return (struct case_setting){
	    .book = &d->w->shelf->now,
	    .type = d->file.type,
	    .categories = d->file.categories,
	    .calendar = deciding_calendar(d->w->shelf),
	    .route_lead = d->is_routed ? d->route.lead : CASES_NONE,
	    .route = d->is_routed ? &d->route : NULL,
	    .is_repeat = d->file.repeats != 0 || d->is_repeat,
	    .now_us = d->at_us,
	};
}

/* The category as it is after the fills; empty: none. */
struct str deciding_category_after(const struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_CATEGORY];

	for (unsigned i = 0; f != CASES_NONE && i < d->fills_n; i++)
		if (d->fills[i].field == f)
			return d->file.categories->v[d->fills[i].value].name.text;
	if (f == CASES_NONE || !(d->file.now.rec.filled >> f & 1))
		return STR("");
	return d->file.categories->v[d->file.now.rec.value[f]].name.text;
}

/* A check on site may have corrected it. */
static uint64_t place_after(const struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_PLACE];

	return f != CASES_NONE && d->file.now.rec.filled >> f & 1
		   ? (uint64_t)d->file.now.rec.value[f]
		   : d->file.place;
}

/* Whom the responsibilities name, where this command may send the case somewhere. */
enum err deciding_find_route(struct deciding *d, enum cases_command command)
{
	struct str category = deciding_category_after(d);
	struct cases_matter matter = {0};
	struct case_where where;

	d->is_routed = false;
	if (category.n == 0 || command != CASES_COMMAND_DISPATCH)
		return ERR_OK;
	TRY(case_where_of(d->w->db, d->w->shelf, place_after(d), &where));
	matter.component = where.component;
	matter.component_owner = where.component_owner;
	matter.building_owner = where.building_owner;
	if (where.area != CASES_NONE) {
		matter.areas = &where.area;
		matter.areas_n = 1;
	}
	matter.day = calendar_day_of(deciding_calendar(d->w->shelf), d->at_us);
	TRY(shelf_route(d->w->shelf, d->file.categories_n, category, &matter, &d->route));
	d->is_routed = true;
	return ERR_OK;
}

/* Links between cases are checked here, where others can be looked at. */
enum err deciding_tie_of(struct deciding *d, enum cases_command command)
{
	static const struct {
		enum cases_command command;
		enum cases_known field;
		enum case_tie_kind kind;
	} ties[] = {
	    {CASES_COMMAND_LINK, CASES_KNOWN_LINKED_CASE, CASE_TIE_JOINED},
	    {CASES_COMMAND_MERGE, CASES_KNOWN_LINKED_CASE, CASE_TIE_JOINED},
	    {CASES_COMMAND_MOTHER, CASES_KNOWN_MOTHER_CASE, CASE_TIE_CHILD},
	    {CASES_COMMAND_SPLIT, CASES_KNOWN_LINKED_CASE, CASE_TIE_SPLIT},
	};
	unsigned field;
	uint64_t children = 0, target = 0;
	struct db_stmt *s;
	bool row = false;

	for (size_t i = 0; i < sizeof ties / sizeof ties[0]; i++) {
		if (ties[i].command != command)
			continue;
		field = d->file.type->known[ties[i].field];
		for (unsigned k = 0; field != CASES_NONE && k < d->fills_n; k++)
			if (d->fills[k].field == field)
				target = (uint64_t)d->fills[k].value;
		if (target == 0)
			return ERR_OK; /* the engine asks for the field */
		/* what was split off says so itself; others must be live */
		s = db_stmt(d->w->db, ties[i].kind == CASE_TIE_SPLIT ? SQL_case_link_get
								     : SQL_case_open_get);
		db_bind_u64(s, 1, ties[i].kind == CASE_TIE_SPLIT ? d->file.id : target);
		if (ties[i].kind == CASE_TIE_SPLIT) {
			db_bind_i64(s, 2, CASE_TIE_SPLIT);
			db_bind_u64(s, 3, target);
		}
		TRY(db_step(d->w->db, s, &row));
		db_done(s);
		if (!row || target == d->file.id)
			return deciding_refuse(
			    d, ERR_BAD_INPUT, d->file.type->fields[field].name.text,
			    MSG_CASE_TARGET, d->file.type->fields[field].words[LANG_ZH], STR(""));
		if (ties[i].kind == CASE_TIE_CHILD) {
			s = db_stmt(d->w->db, SQL_case_link_count);
			db_bind_u64(s, 1, target);
			db_bind_i64(s, 2, CASE_TIE_CHILD);
			TRY(db_step(d->w->db, s, &row));
			children = row ? db_u64(s, 0) : 0;
			db_done(s);
			if (children >= CASE_CHILDREN_MAX)
				return deciding_refuse(d, ERR_TOO_LARGE, STR("mother_case"),
					      MSG_CASE_MOTHER_FULL, STR("400"), STR(""));
		}
		if (ties[i].kind != CASE_TIE_SPLIT)
			d->ties[d->ties_n++] = (struct case_tie){ties[i].kind, target};
	}
	return ERR_OK;
}

/* How a follower came is one of the ways that the type knows; there is a cap. */
enum err deciding_check_follower(struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_CHANNEL];
	const struct case_input in = {STR("channel"), d->o->follower_channel};
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_follower_count);
	bool row = false;
	uint64_t n = 0;

	if (f != CASES_NONE &&
	    case_choice_find(&d->file.type->fields[f], in.value) == CASES_NONE)
		return deciding_bad_value(d, &in, "choice");
	db_bind_u64(s, 1, d->file.id);
	db_bind_u64(s, 2, CASE_FOLLOWERS_MAX);
	TRY(db_step(d->w->db, s, &row));
	n = row ? db_u64(s, 0) : 0;
	db_done(s);
	if (n >= CASE_FOLLOWERS_MAX)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("case"), MSG_CASE_SIGNERS_FULL,
				       STR("1000"), STR(""));
	return ERR_OK;
}

/* ---- the entry ---- */

static int compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

const struct case_fill *deciding_fill_of(const struct deciding *d, unsigned field)
{
	for (unsigned i = 0; i < d->fills_n; i++)
		if (d->fills[i].field == field)
			return &d->fills[i];
	return NULL;
}

/* A field's value as an entry has it. */
static struct case_value value_of(const struct deciding *d, unsigned field)
{
	const struct cases_field *f = &d->file.type->fields[field];
	int64_t v = d->file.now.rec.value[field];
	struct case_value out = {.field = f->name.text, .number = v};

	out.is_word = f->kind == CASES_FIELD_CHOICE || f->kind == CASES_FIELD_UNIT ||
		      f->kind == CASES_FIELD_CATEGORY;
	if (f->kind == CASES_FIELD_CHOICE)
		out.word = f->choices[v].name.text;
	if (f->kind == CASES_FIELD_UNIT)
		out.word = d->w->shelf->now.units[v].name.text;
	if (f->kind == CASES_FIELD_CATEGORY)
		out.word = d->file.categories->v[v].name.text;
	return out;
}

/* Fields that changed; sorted by name, as entries want it. */
static void put_values(struct deciding *d, struct case_entry *e)
{
	const struct case_rec *now = &d->file.now.rec, *was = &d->before.rec;

	for (unsigned i = 0; i < d->file.type->fields_n; i++) {
		const struct cases_field *f = &d->file.type->fields[i];
		bool is = now->filled >> i & 1, before = was->filled >> i & 1;
		if (f->kind == CASES_FIELD_ACTOR || f->kind == CASES_FIELD_TEXT) {
			continue;
		} else if (before && !is) {
			d->removed[e->removed_n++] = f->name.text;
		} else if (is &&
			   (f->kind == CASES_FIELD_COUNT ? now->value[i] != was->value[i]
							 : deciding_fill_of(d, i) || !before ||
							       now->value[i] != was->value[i])) {
			d->values[e->fields_n++] = value_of(d, i);
		}
	}
	for (unsigned i = 1; i < e->fields_n; i++)
		for (unsigned k = i;
		     k > 0 && compare(d->values[k - 1].field, d->values[k].field) > 0; k--) {
			struct case_value t = d->values[k];
			d->values[k] = d->values[k - 1];
			d->values[k - 1] = t;
		}
	e->fields = d->values;
	e->removed = d->removed;
}

static void put_clocks(struct deciding *d, struct case_entry *e)
{
	for (unsigned i = 0; i < d->file.type->clocks_n; i++)
		if (d->step.clocks >> i & 1)
			d->clocks[e->clocks_n++] = (struct case_clock_value){
			    d->file.type->clocks[i].name.text, d->file.now.clocks.at[i]};
	for (unsigned i = 1; i < e->clocks_n; i++)
		for (unsigned k = i; k > 0 && compare(d->clocks[k - 1].name, d->clocks[k].name) > 0;
		     k--) {
			struct case_clock_value t = d->clocks[k];
			d->clocks[k] = d->clocks[k - 1];
			d->clocks[k - 1] = t;
		}
	e->clocks = d->clocks;
	for (unsigned i = 0; i < d->file.type->clocks_n; i++)
		if (d->file.now.rec.clocks_stopped >> i & 1)
			d->stopped[e->stopped_n++] = d->file.type->clocks[i].name.text;
	e->stopped = d->stopped;
}

/* Joint parts that changed, sorted by the unit's code. */
static void put_parts(struct deciding *d, struct case_entry *e)
{
	for (unsigned i = 0; i < d->file.now.parts_n; i++) {
		const struct case_part *part = &d->file.now.parts[i];
		const struct case_part *was = i < d->before.parts_n ? &d->before.parts[i] : NULL;
		if (was && was->unit == part->unit && was->until_day == part->until_day &&
		    was->is_done == part->is_done)
			continue;
		d->parts[e->parts_n++] = (struct case_part_value){
		    d->w->shelf->now.units[part->unit].name.text, part->until_day, part->is_done};
	}
	for (unsigned i = 1; i < e->parts_n; i++)
		for (unsigned k = i; k > 0 && compare(d->parts[k - 1].unit, d->parts[k].unit) > 0;
		     k--) {
			struct case_part_value t = d->parts[k];
			d->parts[k] = d->parts[k - 1];
			d->parts[k - 1] = t;
		}
	e->parts = d->parts;
}

/* Texts under the record's key, sorted by field. */
void deciding_seal_texts(struct deciding *d, struct case_entry *e)
{
	d->boxes_n = 0;
	for (unsigned i = 0; i < d->fills_n; i++) {
		struct case_sealed *s;
		uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES], *box;
		if (d->texts[i].n == 0)
			continue;
		s = &d->sealed[e->sealed_n++];
		box = d->boxes + d->boxes_n;
		CHECK(d->boxes_n + d->texts[i].n + SEAL_OVERHEAD_BYTES <= sizeof d->boxes);
		s->field = d->file.type->fields[d->fills[i].field].name.text;
		entropy_fill(d->w->entropy, nonce, sizeof nonce);
		entropy_fill(d->w->entropy, blind, sizeof blind);
		seal_value(&d->key, d->key_id, s->field, nonce, blind, d->texts[i], box,
			   &s->value.h);
		s->value.key_id = d->key_id;
		s->value.box = (struct bytes){box, d->texts[i].n + SEAL_OVERHEAD_BYTES};
		d->boxes_n += d->texts[i].n + SEAL_OVERHEAD_BYTES;
	}
	for (unsigned i = 1; i < e->sealed_n; i++)
		for (unsigned k = i;
		     k > 0 && compare(d->sealed[k - 1].field, d->sealed[k].field) > 0; k--) {
			struct case_sealed t = d->sealed[k];
			d->sealed[k] = d->sealed[k - 1];
			d->sealed[k - 1] = t;
		}
	e->sealed = d->sealed;
}

/* Who acts here for the first time: the account, sealed under a key of that person and this record.
 */
void deciding_seal_hand_of(struct deciding *d, struct case_entry *e)
{
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];
	struct seal_key key;

	if (!d->is_new_hand)
		return;
	e->has_hand = true;
	keyring_take(d->w->keys, &e->hand.key_id, &key);
	entropy_fill(d->w->entropy, nonce, sizeof nonce);
	entropy_fill(d->w->entropy, blind, sizeof blind);
	seal_value(&key, e->hand.key_id, STR("hand"), nonce, blind, d->o->account, d->hand_box,
		   &e->hand.h);
	e->hand.box = (struct bytes){d->hand_box, d->o->account.n + SEAL_OVERHEAD_BYTES};
	seal_wipe(&key, sizeof key);
}

static void put_names(struct deciding *d, struct case_entry *e)
{
	const struct cases_shelf *shelf = d->w->shelf;
	const struct cases_type *t = d->file.type;

	for (unsigned i = 0; i < shelf->conditions_n && i < NAMES_MAX; i++)
		if (d->file.now.conditions >> i & 1)
			d->conditions[e->conditions_n++] = shelf->conditions[i].name.text;
	for (unsigned i = 0; i < shelf->now.roles_n; i++)
		if (d->step.tells >> i & 1)
			d->tells[e->tells_n++] = shelf->now.roles[i].name.text;
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		if (d->step.figures >> i & 1)
			d->figures[e->figures_n++] = str_of(case_figure_name((enum case_figure)i));
	for (unsigned i = d->before.rec.signers_n; i < d->file.now.rec.signers_n; i++)
		d->signed_[e->signed_n++] = t->fields[d->file.now.rec.signers[i].field].name.text;
	for (unsigned i = 0; i < shelf->now.units_n && d->is_routed; i++)
		if (d->route.told_units >> i & 1)
			d->told[e->told_n++] = shelf->now.units[i].name.text;
	e->told = d->told;
	e->conditions = d->conditions;
	e->tells = d->tells;
	e->figures = d->figures;
	e->signed_ = d->signed_;
}

/* The versions of the files that decided. */
static void put_files(struct deciding *d, struct case_entry *e)
{
	uint64_t calendar = 0;

	(void)shelf_calendar(d->w->shelf, &calendar);
	if (e->clocks_n > 0) {
		e->files[e->files_n++] = (struct case_file_used){STR("calendar"), calendar};
		e->files[e->files_n++] = (struct case_file_used){
		    STR("desk"), shelf_n(d->w->shelf, SHELF_DESK)};
	}
	if (d->is_routed)
		e->files[e->files_n++] = (struct case_file_used){
		    STR("responsibilities"), shelf_n(d->w->shelf, SHELF_RESPONSIBILITIES)};
}

static struct str unit_code(const struct deciding *d, const struct case_rec *rec)
{
	unsigned unit = case_unit(d->file.type, rec, CASES_KNOWN_LEAD_UNIT);

	return unit == CASES_NONE ? STR("") : d->w->shelf->now.units[unit].name.text;
}

/* Whose word the lead unit is: the responsibilities', or a person's who said otherwise. */
static void put_why(struct deciding *d, struct case_entry *e)
{
	static const char *const why[] = {[CASES_WHY_COMPONENT] = "component",
					  [CASES_WHY_RULE] = "rule",
					  [CASES_WHY_CATEGORY] = "category"};
	unsigned lead = case_unit(d->file.type, &d->file.now.rec, CASES_KNOWN_LEAD_UNIT);

	if (!d->is_routed || lead == CASES_NONE)
		return;
	e->why = lead == d->route.lead ? str_of(why[d->route.why]) : STR("person");
	if (d->route.rule != CASES_NONE)
		e->why_line = d->w->shelf->now.responsibilities.v[d->route.rule].at.line;
}

/* When its personal data go: the end of the day as many months later as the type says. */
int64_t deciding_forget_at(const struct deciding *d, int64_t from_us)
{
	const struct calendar *c = deciding_calendar(d->w->shelf);
	struct civil_date date = civil_date_of(calendar_day_of(c, from_us));
	unsigned months = (unsigned)date.month - 1 + d->file.type->personal_months;
	int32_t day = 0;
	int64_t at_us = 0;
	int last;

	date.year += (int)(months / 12);
	date.month = (int)(months % 12) + 1;
	last = civil_month_days(date.year, date.month);
	date.day = date.day < last ? date.day : last;
	return civil_day_of(date, &day) == ERR_OK &&
		       calendar_midnight_after(c, day, &at_us) == ERR_OK
		   ? at_us
		   : from_us; /* beyond the year 9999: at once, never never */
}

void deciding_put_entry(struct deciding *d)
{
	const struct cases_type *t = d->file.type;
	const struct case_now *c = &d->file.now;
	const struct cases_state *state = &t->states[c->rec.state];
	struct case_entry *e = &d->entry;
	struct str before = unit_code(d, &d->before.rec);
	struct civil_date date = civil_date_of(
	    calendar_day_of(deciding_calendar(d->w->shelf), d->at_us));

	*e = (struct case_entry){.id = d->file.id, .prev = d->file.n, .row = &d->file.row};
	e->state = state->name.text;
	e->step = (int)state->step;
	e->is_final = state->is_final;
	e->outcome = cases_is_given(&state->outcome) ? state->outcome.text : STR("");
	e->owner = d->step.owner == CASES_NONE
		       ? STR("")
		       : d->w->shelf->now.roles[d->step.owner].name.text;
	e->unit = unit_code(d, &c->rec);
	e->counted = before.n > 0 ? before : e->unit;
	e->category = deciding_category_after(d);
	e->due_us = case_clocks_due(t, &c->clocks);
	e->next_us = case_clocks_next(t, &c->clocks);
	e->forget_us = state->is_final ? deciding_forget_at(d, d->at_us) : 0;
	e->marks = c->marks;
	e->month = date.year * 100 + date.month;
	e->priority = case_priority(t, &c->rec);
	e->is_drill = case_is_drill(t, &c->rec);
	e->is_late = d->step.is_late;
	memcpy(e->ties, d->ties, sizeof e->ties);
	e->ties_n = d->ties_n;
	put_values(d, e);
	put_clocks(d, e);
	put_parts(d, e);
	put_names(d, e);
	put_files(d, e);
	put_why(d, e);
}

/* Whoever does not ask for the receipt gives no room for it. */
enum err deciding_answer(struct command *c, const struct appended *a)
{
	if (c->answer.entry.cap > 0)
		return decide_answer(c, a);
	c->answer.n = a->n;
	c->answer.at_us = a->at_us;
	memcpy(c->answer.salt, a->salt, SALT_BYTES);
	return ERR_OK;
}
