/* A report, a step of a case, the answer to a mother case's children: read by the case type,
 * decided by cases/step.c, sealed, written. */
#include "decide.h"

#include "base/check.h"
#include "base/civil.h"
#include "case_file.h"
#include "case_where.h"
#include "case_wording.h"
#include "service/case_number.h"
#include "service/kind_attachment.h"
#include "service/kind_case.h"

#include <stdlib.h>

#define ROLE_NAME_TIMER "timer"
#define NAMES_MAX CASE_ENTRY_NAMES_MAX

/* One step while it is decided. Large: one of them lives in the writer's memory. */
struct deciding {
	struct writer *w;
	struct case_order *o;
	int64_t at_us;
	struct case_file file;
	struct case_now before, other; /* other: what else it could come to */
	struct seal_key key; /* of the case, or of the follower's record */
	uint64_t key_id;
	struct actor actor;
	bool is_new_hand;
	struct case_fill fills[CASE_ORDER_FIELDS_MAX];
	unsigned fills_n;
	struct str texts[CASE_ORDER_FIELDS_MAX]; /* by fill, masked; empty: no text */
	size_t masked_n;
	char masked[CASE_ORDER_TEXT_BYTES_MAX * MASK_GROWTH];
	struct case_tie ties[CASE_TIES_MAX];
	unsigned ties_n;
	struct cases_route route;
	bool is_routed, is_repeat;
	uint64_t conditions_set, conditions_cleared;
	struct case_stepped step;
	struct case_entry entry;
	/* what the entry points to */
	struct case_value values[CASES_FIELDS_MAX];
	struct str removed[CASES_FIELDS_MAX];
	struct case_clock_value clocks[CASES_CLOCKS_MAX];
	struct case_sealed sealed[CASE_SEALED_MAX];
	struct str conditions[NAMES_MAX], signed_[CASES_FIELDS_MAX], tells[NAMES_MAX],
	    figures[CASE_FIGURE_COUNT], stopped[CASES_CLOCKS_MAX];
	uint8_t hand_box[HANDLE_ACCOUNT_MAX + SEAL_OVERHEAD_BYTES];
	size_t boxes_n;
	uint8_t boxes[CASE_ORDER_TEXT_BYTES_MAX + CASE_SEALED_MAX * SEAL_OVERHEAD_BYTES];
};

unsigned case_order_keys(const struct case_order *o)
{
	if (o->kind == CASE_ANSWER_CHILDREN || o->kind == CASE_HOLD_ALL)
		return CASE_CHILDREN_MAX;
	return 2; /* a record's own, and a hand's */
}

static const struct calendar *calendar_in_force(const struct cases_shelf *shelf)
{
	uint64_t n;

	return shelf_calendar(shelf, &n);
}

/* ---- refusals ---- */

static enum err refuse(struct deciding *d, enum err e, struct str field, enum msg msg,
		       struct str a, struct str b)
{
	const struct str args[] = {a, b};

	return problem_set(&d->o->problem, e, field, msg, args, 2);
}

static struct str state_words(const struct deciding *d)
{
	return d->file.type->states[d->before.rec.state].words[LANG_ZH];
}

/* What the engine refused, as a problem that names field and remedy. */
static enum err refused(struct deciding *d, enum cases_command command)
{
	static const struct {
		enum err err;
		enum msg msg;
	} by_refusal[] = {
	    [CASE_NOT_HERE] = {ERR_CONFLICT, MSG_CASE_NOT_HERE},
	    [CASE_NOT_THIS_ROLE] = {ERR_FORBIDDEN, MSG_CASE_NOT_THIS_ROLE},
	    [CASE_NOT_FILLED] = {ERR_BAD_INPUT, MSG_CASE_NOT_FILLED},
	    [CASE_NOT_ITS_FIELD] = {ERR_BAD_INPUT, MSG_CASE_NOT_ITS_FIELD},
	    [CASE_TOO_LATE] = {ERR_CONFLICT, MSG_CASE_TOO_LATE},
	    [CASE_GUARDED] = {ERR_CONFLICT, MSG_CASE_GUARDED},
	    [CASE_OWN_WORK] = {ERR_FORBIDDEN, MSG_CASE_OWN_WORK},
	    [CASE_SIGNERS_FULL] = {ERR_TOO_LARGE, MSG_CASE_SIGNERS_FULL},
	    [CASE_NO_DATE] = {ERR_BAD_INPUT, MSG_CASE_NO_DATE},
	};
	const struct cases_type *t = d->file.type;
	unsigned f = d->step.field;
	struct str field = STR(""), arg = STR("");

	d->o->refusal = d->step.refusal;
	if (d->step.refusal == CASE_NOT_HERE || d->step.refusal == CASE_NOT_THIS_ROLE)
		return refuse(d, by_refusal[d->step.refusal].err, STR("command"),
			      by_refusal[d->step.refusal].msg, state_words(d),
			      str_of(cases_command_words(command, LANG_ZH)));
	if (d->step.refusal == CASE_TOO_LATE && f < t->clocks_n) {
		field = t->clocks[f].name.text;
		arg = t->clocks[f].words[LANG_ZH];
	} else if (d->step.refusal == CASE_SIGNERS_FULL) {
		arg = STR("16");
	} else if (f < t->fields_n) {
		field = t->fields[f].name.text;
		arg = t->fields[f].words[LANG_ZH];
	}
	return refuse(d, by_refusal[d->step.refusal].err, field,
		      by_refusal[d->step.refusal].msg, arg, STR(""));
}

/* ---- reading the order ---- */

static enum err bad_value(struct deciding *d, const struct case_input *in, const char *takes)
{
	const struct str args[] = {in->field, in->value, str_of(takes)};

	return problem_set(&d->o->problem, ERR_BAD_INPUT, in->field, MSG_CASE_BAD_VALUE, args, 3);
}

static bool is_case(struct writer *w, uint64_t id)
{
	struct db_stmt *s;
	bool row = false;

	if (id == 0 || id > INT64_MAX)
		return false;
	s = db_stmt(w->db, SQL_case_get);
	db_bind_u64(s, 1, id);
	if (db_step(w->db, s, &row) != ERR_OK)
		return false;
	db_done(s);
	return row;
}

/* Is it a file of this very case? A report has none yet: they are attached once it has a number. */
static bool is_attached(struct deciding *d, uint64_t n)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_attachment_of_case);
	bool row = false;

	db_bind_u64(s, 1, n);
	db_bind_u64(s, 2, d->file.id);
	if (d->file.id == 0 || db_step(d->w->db, s, &row) != ERR_OK)
		return false;
	db_done(s);
	return row;
}

static enum err check_place(struct deciding *d, uint64_t place)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_place_get);
	bool row = false;

	db_bind_u64(s, 1, place);
	TRY(db_step(d->w->db, s, &row));
	db_done(s);
	return row ? ERR_OK
		   : refuse(d, ERR_BAD_INPUT, STR("place"), MSG_CASE_NO_PLACE, STR(""), STR(""));
}

static enum err read_value(struct deciding *d, const struct case_input *in,
			   const struct cases_field *f, int64_t *ret)
{
	uint64_t number = 0;
	unsigned index = CASES_NONE;
	int32_t day;

	switch (f->kind) {
	case CASES_FIELD_TEXT:
		*ret = 1;
		return in->value.n > 0 ? ERR_OK : bad_value(d, in, "text");
	case CASES_FIELD_CHOICE:
		index = case_choice_find(f, in->value);
		*ret = index;
		return index != CASES_NONE ? ERR_OK : bad_value(d, in, "choice");
	case CASES_FIELD_YES_NO:
		*ret = str_eq(in->value, STR("yes"));
		return *ret == 1 || str_eq(in->value, STR("no")) ? ERR_OK
								 : bad_value(d, in, "yes, no");
	case CASES_FIELD_DATE:
		if (civil_parse_date(in->value, &day) != ERR_OK)
			return bad_value(d, in, "2026-11-27");
		*ret = day;
		return ERR_OK;
	case CASES_FIELD_UNIT:
		index = case_unit_find(&d->w->shelf->now, in->value);
		*ret = index;
		return index != CASES_NONE ? ERR_OK : bad_value(d, in, "units.yaml");
	case CASES_FIELD_CATEGORY:
		index = case_category_find(d->file.categories, in->value);
		*ret = index;
		return index != CASES_NONE ? ERR_OK : bad_value(d, in, "categories.yaml");
	case CASES_FIELD_NUMBER:
	case CASES_FIELD_INSTANT:
	case CASES_FIELD_PHOTO:
	case CASES_FIELD_PLACE:
	case CASES_FIELD_CASE:
		if (!str_to_u64(in->value, &number) || number > ENTRY_INT_MAX)
			return bad_value(d, in, "number");
		*ret = (int64_t)number;
		if (f->kind == CASES_FIELD_CASE && !is_case(d->w, number))
			return bad_value(d, in, "case");
		if (f->kind == CASES_FIELD_PHOTO && !is_attached(d, number))
			return bad_value(d, in, "attachment");
		if (f->kind == CASES_FIELD_PLACE)
			return number == 0 ? ERR_OK : check_place(d, number);
		return ERR_OK;
	case CASES_FIELD_ACTOR:
	case CASES_FIELD_COUNT:
	case CASES_FIELD_KIND_COUNT:
		break;
	}
	return bad_value(d, in, "-");
}

static enum err text_long(struct deciding *d, struct str field)
{
	return refuse(d, ERR_TOO_LARGE, field, MSG_CASE_TEXT_LONG, STR("4000"), STR(""));
}

/* Plates and identity numbers never come further than here. */
static struct str mask_one(struct deciding *d, struct str text)
{
	struct buf out = buf_over(d->masked + d->masked_n, sizeof d->masked - d->masked_n);
	struct mask_counts counts = {{0}};

	mask_text(text, &out, &counts);
	for (unsigned i = 0; i < MASK_KIND_COUNT; i++)
		d->o->ret_masked.of[i] += counts.of[i];
	d->masked_n += out.n;
	return out.over ? (struct str){text.p, CASE_TEXT_BYTES_MAX + 1} : buf_str(&out);
}

static enum err read_fields(struct deciding *d, bool only_texts)
{
	const struct case_order *o = d->o;
	size_t text_n = 0;
	unsigned texts = 0;

	d->fills_n = 0;
	d->masked_n = 0;
	CHECK(o->fields_n <= CASE_ORDER_FIELDS_MAX);
	for (unsigned i = 0; i < o->fields_n; i++) {
		const struct case_input *in = &o->fields[i];
		unsigned field = case_field_find(d->file.type, in->field);
		const struct cases_field *f;
		if (field == CASES_NONE)
			return refuse(d, ERR_BAD_INPUT, in->field, MSG_CASE_NO_FIELD, in->field,
				      STR(""));
		f = &d->file.type->fields[field];
		for (unsigned k = 0; k < i; k++)
			if (d->fills[k].field == field)
				return bad_value(d, in, "x1");
		if (only_texts && f->kind != CASES_FIELD_TEXT)
			return refuse(d, ERR_BAD_INPUT, in->field, MSG_CASE_NOT_ITS_FIELD,
				      f->words[LANG_ZH], STR(""));
		TRY(read_value(d, in, f, &d->fills[i].value));
		d->fills[i].field = field;
		if (in->value.n > CASE_ORDER_TEXT_BYTES_MAX)
			return text_long(d, in->field);
		d->texts[i] = f->kind == CASES_FIELD_TEXT ? mask_one(d, in->value) : STR("");
		text_n += d->texts[i].n;
		texts += d->texts[i].n > 0;
		d->fills_n++;
		if (d->texts[i].n > CASE_TEXT_BYTES_MAX || text_n > CASE_ORDER_TEXT_BYTES_MAX ||
		    texts > CASE_SEALED_MAX)
			return text_long(d, in->field);
	}
	return ERR_OK;
}

static enum err read_conditions(struct deciding *d, const struct str *names, unsigned n,
				uint64_t *ret)
{
	*ret = 0;
	for (unsigned i = 0; i < n; i++) {
		unsigned bit = shelf_condition(d->w->shelf, names[i]);
		if (bit >= 64)
			return refuse(d, ERR_BAD_INPUT, STR("conditions"), MSG_CASE_NO_FIELD,
				      names[i], STR(""));
		*ret |= UINT64_C(1) << bit;
	}
	return ERR_OK;
}

static enum err read_role(struct deciding *d, unsigned *ret)
{
	const struct cases_book *b = &d->w->shelf->now;

	for (unsigned i = 0; i < b->roles_n; i++)
		if (str_eq(b->roles[i].name.text, d->o->role)) {
			*ret = i;
			return ERR_OK;
		}
	return refuse(d, ERR_FORBIDDEN, STR("role"), MSG_CASE_NO_ROLE, d->o->role, STR(""));
}

static enum err check_unit(struct deciding *d)
{
	const struct case_input in = {STR("unit"), d->o->unit};

	if (d->o->unit.n == 0 || case_unit_find(&d->w->shelf->now, d->o->unit) != CASES_NONE)
		return ERR_OK;
	return bad_value(d, &in, "units.yaml");
}

/* ---- who ---- */

static enum err wrong_secret(struct deciding *d, const char *field)
{
	return refuse(d, ERR_FORBIDDEN, str_of(field), MSG_CASE_WRONG_SECRET, STR(""), STR(""));
}

/* The key of the record that a secret opens: the reporter's, or a follower's. */
static enum err follower_key(struct deciding *d, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_follower_get);
	bool row = false, erased;

	if (d->o->follower <= INT64_MAX) {
		db_bind_u64(s, 1, d->file.id);
		db_bind_u64(s, 2, d->o->follower);
		TRY(db_step(d->w->db, s, &row));
	}
	if (!row)
		return wrong_secret(d, "secret");
	*ret = db_u64(s, 0);
	erased = db_i64(s, 1) != 0;
	db_done(s);
	return erased ? ERR_GONE : ERR_OK;
}

static enum err check_secret(struct deciding *d)
{
	uint64_t record = d->file.id, key_id = d->file.key_id;
	uint8_t right[SEAL_SECRET_BYTES];
	struct seal_key key;

	if (d->o->follower != 0) {
		record = d->o->follower;
		TRY(follower_key(d, &key_id));
	}
	TRY(keyring_get(d->w->keys, key_id, &key));
	seal_record_secret(&key, record, right);
	seal_wipe(&key, sizeof key);
	return seal_secret_eq(right, d->o->secret) ? ERR_OK : wrong_secret(d, "secret");
}

/* The handle that this person has in this record; whether it acts here for the first time. What
 * stands for somebody without account begins as no account does. `follower`: entry by which they
 * joined, or join now; 0: the reporter. */
static void take_hand(struct deciding *d, uint64_t follower)
{
	char account[HANDLE_ACCOUNT_MAX];
	struct buf name = buf_over(account, sizeof account);

	if (d->o->hand == CASE_HAND_ACCOUNT) {
		CHECK(d->o->account.n > 0 && d->o->account.n <= HANDLE_ACCOUNT_MAX);
		buf_put_str(&name, d->o->account);
	} else if (follower != 0) {
		buf_put_z(&name, "\nfollower:");
		buf_put_u64(&name, follower);
	} else {
		buf_put_z(&name, "\nreporter");
	}
	d->actor = (struct actor){.role = d->o->role, .unit = d->o->unit, .has_handle = true};
	seal_hand(&d->key, buf_str(&name), d->actor.handle);
	d->is_new_hand = d->o->hand == CASE_HAND_ACCOUNT;
	for (unsigned i = 0; i < d->file.hands_n; i++)
		if (memcmp(d->file.hands[i].handle, d->actor.handle, HANDLE_BYTES) == 0)
			d->is_new_hand = false;
}

static uint64_t signer_of(const struct actor *a)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < HANDLE_BYTES / 2; i++)
		v = v << 8 | a->handle[i];
	return v;
}

/* ---- the setting ---- */

static struct case_setting setting_of(struct deciding *d)
{
	return (struct case_setting){
	    .book = &d->w->shelf->now,
	    .type = d->file.type,
	    .categories = d->file.categories,
	    .calendar = calendar_in_force(d->w->shelf),
	    .route_lead = d->is_routed ? d->route.lead : CASES_NONE,
	    .is_repeat = d->file.repeats != 0 || d->is_repeat,
	    .now_us = d->at_us,
	};
}

/* The category as it is after the fills; empty: none. */
static struct str category_after(const struct deciding *d)
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
static enum err find_route(struct deciding *d, enum cases_command command)
{
	struct str category = category_after(d);
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
	matter.day = calendar_day_of(calendar_in_force(d->w->shelf), d->at_us);
	TRY(shelf_route(d->w->shelf, d->file.categories_n, category, &matter, &d->route));
	d->is_routed = true;
	return ERR_OK;
}

/* Links between cases are checked here, where others can be looked at. */
static enum err tie_of(struct deciding *d, enum cases_command command)
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
			return refuse(d, ERR_BAD_INPUT, d->file.type->fields[field].name.text,
				      MSG_CASE_TARGET, d->file.type->fields[field].words[LANG_ZH],
				      STR(""));
		if (ties[i].kind == CASE_TIE_CHILD) {
			s = db_stmt(d->w->db, SQL_case_link_count);
			db_bind_u64(s, 1, target);
			db_bind_i64(s, 2, CASE_TIE_CHILD);
			TRY(db_step(d->w->db, s, &row));
			children = row ? db_u64(s, 0) : 0;
			db_done(s);
			if (children >= CASE_CHILDREN_MAX)
				return refuse(d, ERR_TOO_LARGE, STR("mother_case"),
					      MSG_CASE_MOTHER_FULL, STR("400"), STR(""));
		}
		if (ties[i].kind != CASE_TIE_SPLIT)
			d->ties[d->ties_n++] = (struct case_tie){ties[i].kind, target};
	}
	return ERR_OK;
}

/* How a follower came is one of the ways that the type knows; there is a cap. */
static enum err check_follower(struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_CHANNEL];
	const struct case_input in = {STR("channel"), d->o->follower_channel};
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_follower_count);
	bool row = false;
	uint64_t n = 0;

	if (f != CASES_NONE &&
	    case_choice_find(&d->file.type->fields[f], in.value) == CASES_NONE)
		return bad_value(d, &in, "choice");
	db_bind_u64(s, 1, d->file.id);
	db_bind_u64(s, 2, CASE_FOLLOWERS_MAX);
	TRY(db_step(d->w->db, s, &row));
	n = row ? db_u64(s, 0) : 0;
	db_done(s);
	if (n >= CASE_FOLLOWERS_MAX)
		return refuse(d, ERR_TOO_LARGE, STR("case"), MSG_CASE_SIGNERS_FULL, STR("1000"),
			      STR(""));
	return ERR_OK;
}

/* ---- the entry ---- */

static int compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static const struct case_fill *fill_of(const struct deciding *d, unsigned field)
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
			   (f->kind == CASES_FIELD_COUNT
				? now->value[i] != was->value[i]
				: fill_of(d, i) || !before || now->value[i] != was->value[i])) {
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

/* Texts under the record's key, sorted by field. */
static void seal_texts(struct deciding *d, struct case_entry *e)
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
static void seal_hand_of(struct deciding *d, struct case_entry *e)
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
static int64_t forget_at(const struct deciding *d)
{
	const struct calendar *c = calendar_in_force(d->w->shelf);
	struct civil_date date = civil_date_of(calendar_day_of(c, d->at_us));
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
		   : d->at_us; /* beyond the year 9999: at once, never never */
}

static void put_entry(struct deciding *d)
{
	const struct cases_type *t = d->file.type;
	const struct case_now *c = &d->file.now;
	const struct cases_state *state = &t->states[c->rec.state];
	struct case_entry *e = &d->entry;
	struct str before = unit_code(d, &d->before.rec);
	struct civil_date date = civil_date_of(
	    calendar_day_of(calendar_in_force(d->w->shelf), d->at_us));

	*e = (struct case_entry){.id = d->file.id, .prev = d->file.n};
	e->state = state->name.text;
	e->step = (int)state->step;
	e->is_final = state->is_final;
	e->outcome = cases_is_given(&state->outcome) ? state->outcome.text : STR("");
	e->owner = cases_is_given(&state->owner) ? state->owner.text : STR("");
	e->unit = unit_code(d, &c->rec);
	e->counted = before.n > 0 ? before : e->unit;
	e->category = category_after(d);
	e->due_us = case_clocks_due(t, &c->clocks);
	e->next_us = case_clocks_next(t, &c->clocks);
	e->forget_us = state->is_final ? forget_at(d) : 0;
	e->marks = c->marks;
	e->month = date.year * 100 + date.month;
	e->priority = case_priority(t, &c->rec);
	e->is_drill = case_is_drill(t, &c->rec);
	e->is_late = d->step.is_late;
	memcpy(e->ties, d->ties, sizeof e->ties);
	e->ties_n = d->ties_n;
	put_values(d, e);
	put_clocks(d, e);
	put_names(d, e);
	put_files(d, e);
	put_why(d, e);
}

/* Whoever does not ask for the receipt gives no room for it. */
static enum err answer(struct command *c, const struct appended *a)
{
	if (c->answer.entry.cap > 0)
		return decide_answer(c, a);
	c->answer.n = a->n;
	c->answer.at_us = a->at_us;
	memcpy(c->answer.salt, a->salt, SALT_BYTES);
	return ERR_OK;
}

/* ---- a report ---- */

static enum err next_number(struct deciding *d, uint64_t *ret)
{
	int32_t day = calendar_day_of(calendar_in_force(d->w->shelf), d->at_us);
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_number_last);
	uint64_t first = case_number(day, 1), number = first;
	bool row = false;

	db_bind_u64(s, 1, first);
	db_bind_u64(s, 2, case_number(day + 1, 0));
	TRY(db_step(d->w->db, s, &row));
	if (row)
		number = db_u64(s, 0) + 1;
	db_done(s);
	if (number - first >= CASE_COUNTER_MAX)
		return ERR_TOO_LARGE;
	*ret = number;
	return ERR_OK;
}

/* It happened before it was recorded. */
static enum err check_times(struct deciding *d)
{
	const struct case_input in = {STR("happened"), STR("")};

	return d->o->happened_us >= 0 && d->o->happened_us <= d->at_us
		   ? ERR_OK
		   : bad_value(d, &in, "<= now");
}

/* The place that the report names: it must be there, and gives the point where none was confirmed.
 */
static enum err find_place(struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_PLACE];
	const struct case_fill *fill = f == CASES_NONE ? NULL : fill_of(d, f);
	struct case_where where;

	d->file.has_at = d->o->has_at;
	d->file.lat_e7 = d->o->at.lat_e7;
	d->file.lon_e7 = d->o->at.lon_e7;
	if (fill && fill->value > 0) {
		d->file.place = (uint64_t)fill->value;
		TRY(case_where_of(d->w->db, d->w->shelf, d->file.place, &where));
		if (!d->file.has_at && where.has_at) {
			d->file.has_at = true;
			d->file.lat_e7 = where.at.lat_e7;
			d->file.lon_e7 = where.at.lon_e7;
		}
	}
	if (!d->file.has_at)
		return ERR_OK;
	return case_area_of(d->w->db, d->at_us, calendar_in_force(d->w->shelf),
			    (struct geo_point){d->file.lat_e7, d->file.lon_e7}, d->file.area,
			    sizeof d->file.area, &d->file.area_n);
}

/* Theirs, as the secret of its receipt or their handle in it shows. */
static enum err check_repeat(struct deciding *d)
{
	static const struct case_order none;
	uint8_t right[SEAL_SECRET_BYTES], handle[HANDLE_BYTES];
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_get);
	uint64_t id = d->o->repeats, key_id;
	enum err e;
	struct seal_key key;
	bool row = false, ok;
	struct str doc, rest;
	struct case_doc_line line;

	if (id <= INT64_MAX) {
		db_bind_u64(s, 1, id);
		TRY(db_step(d->w->db, s, &row));
	}
	if (!row)
		return refuse(d, ERR_BAD_INPUT, STR("repeats"), MSG_CASE_UNKNOWN, STR(""), STR(""));
	if (db_i64(s, 18) == 0) {
		db_done(s);
		return refuse(d, ERR_BAD_INPUT, STR("repeats"), MSG_CASE_TARGET, STR("repeats"),
			      STR(""));
	}
	key_id = db_u64(s, 19) == 0 ? db_u64(s, 6) : 0;
	doc = (struct str){(const char *)db_bytes(s, 20).p, db_bytes(s, 20).n};
	e = key_id != 0 ? keyring_get(d->w->keys, key_id, &key) : ERR_GONE;
	if (e != ERR_OK) {
		db_done(s);
		return e == ERR_GONE ? refuse(d, ERR_GONE, STR("repeats"), MSG_CASE_UNKNOWN,
					      STR(""), STR(""))
				     : e;
	}
	seal_record_secret(&key, id, right);
	ok = memcmp(d->o->repeats_secret, none.repeats_secret, SEAL_SECRET_BYTES) != 0 &&
	     seal_secret_eq(right, d->o->repeats_secret);
	if (!ok && d->o->hand == CASE_HAND_ACCOUNT) {
		char hex[2 * HANDLE_BYTES + 1];
		struct buf text = buf_over(hex, sizeof hex);
		seal_hand(&key, d->o->account, handle);
		buf_put_hex(&text, handle, HANDLE_BYTES);
		for (rest = doc; !ok && case_doc_next(&rest, &line);)
			ok = str_eq(line.key, STR("m:reporter")) &&
			     memmem(line.value.p, line.value.n, text.p, text.n);
	}
	seal_wipe(&key, sizeof key);
	db_done(s);
	if (!ok)
		return wrong_secret(d, "repeats");
	d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_REPEAT, id};
	d->is_repeat = true;
	return ERR_OK;
}

static struct str report_text(const struct deciding *d)
{
	for (unsigned i = 0; i < d->fills_n; i++)
		if (str_eq(d->file.type->fields[d->fills[i].field].name.text, STR(CASE_REPORT_TEXT)))
			return d->texts[i];
	return STR("");
}

static enum err find_type(struct deciding *d)
{
	d->file.type = shelf_type_now(d->w->shelf, d->o->type, &d->file.type_n);
	d->file.categories_n = shelf_n(d->w->shelf, SHELF_CATEGORIES);
	d->file.categories = shelf_categories(d->w->shelf, d->file.categories_n);
	if (!d->file.type || !d->file.categories)
		return refuse(d, ERR_BAD_INPUT, STR("type"), MSG_CASE_NO_TYPE, d->o->type, STR(""));
	return ERR_OK;
}

static enum err hand_in(struct deciding *d, struct command *c)
{
	struct case_order *o = d->o;
	struct case_actor actor;
	struct appended a;
	struct case_setting setting;

	memset(&d->file, 0, offsetof(struct case_file, hands));
	d->file.hands_n = 0;
	memset(&d->before, 0, sizeof d->before);
	TRY(find_type(d));
	TRY(read_role(d, &actor.role));
	TRY(check_unit(d));
	TRY(read_fields(d, false));
	TRY(check_times(d));
	TRY(find_place(d));
	if (o->split_from != 0) {
		if (!is_case(d->w, o->split_from))
			return refuse(d, ERR_BAD_INPUT, STR("split_from"), MSG_CASE_UNKNOWN,
				      STR(""), STR(""));
		d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_SPLIT, o->split_from};
	}
	if (o->repeats != 0)
		TRY(check_repeat(d));
	keyring_take(d->w->keys, &d->key_id, &d->key);
	d->file.key_id = d->key_id;
	take_hand(d, 0);
	actor.handle = signer_of(&d->actor);
	setting = setting_of(d);
	case_hand_in(&setting, &actor, d->fills, d->fills_n, &d->file.now, &d->step);
	if (d->step.refusal != CASE_MOVED)
		return refused(d, CASES_COMMAND_COUNT);
	put_entry(d);
	d->entry.is_new = true;
	d->entry.type_n = d->file.type_n;
	d->entry.categories_n = d->file.categories_n;
	d->entry.key_id = d->key_id;
	d->entry.place = d->file.place;
	d->entry.has_at = d->file.has_at;
	d->entry.lat_e7 = d->file.lat_e7;
	d->entry.lon_e7 = d->file.lon_e7;
	d->entry.area = (struct str){d->file.area, d->file.area_n};
	d->entry.happened_us = o->happened_us != 0 ? o->happened_us : d->at_us;
	TRY(next_number(d, &d->entry.number));
	seal_texts(d, &d->entry);
	seal_hand_of(d, &d->entry);
	TRY(journal_append(&d->w->journal, &d->actor, KIND_CASE_HANDED_IN, d->at_us, &d->entry,
			   &a));
	o->ret_id = a.n;
	o->ret_number = d->entry.number;
	d->file.at_us = a.at_us;
	TRY(case_index(d->w, &d->file, a.n, report_text(d),
		       calendar_day_of(calendar_in_force(d->w->shelf), d->at_us)));
	seal_record_secret(&d->key, a.n, c->answer.secret);
	c->answer.has_text = true;
	return answer(c, &a);
}

/* ---- a step ---- */

static enum err load(struct deciding *d, uint64_t id)
{
	enum err e = case_file_load(d->w->db, d->w->shelf, id, &d->file);

	if (e == ERR_NOT_FOUND)
		return refuse(d, ERR_NOT_FOUND, STR("case"), MSG_CASE_UNKNOWN, STR(""), STR(""));
	TRY(e);
	d->before = d->file.now;
	return ERR_OK;
}

/* Closed for the first time: its category was good enough to close it by. */
static enum err learn(struct deciding *d)
{
	struct str category = category_after(d);
	unsigned code = cases_category_value(category);
	bool learnt = false;

	if (!(d->step.figures & CASE_FIGURE(CLOSED)) ||
	    (d->file.now.marks & CASE_MARK_LEARNT) || code == 0)
		return ERR_OK;
	TRY(case_learn(d->w, &d->file, &d->key, code, &learnt));
	if (learnt)
		d->file.now.marks |= CASE_MARK_LEARNT;
	return ERR_OK;
}

/* Does the case about to be opened come back to a place where the same matter was closed? */
static enum err find_repeat(struct deciding *d, uint64_t *ret_repeats)
{
	struct str category = category_after(d);
	const struct calendar *calendar = calendar_in_force(d->w->shelf);
	struct db_stmt *s;
	bool row = true;

	*ret_repeats = 0;
	if (d->file.place == 0 || category.n == 0 || (d->file.now.marks & CASE_MARK_OPENED))
		return ERR_OK;
	s = db_stmt(d->w->db, SQL_case_closed_at_place);
	db_bind_u64(s, 1, d->file.place);
	db_bind_u64(s, 2, d->file.id);
	db_bind_u64(s, 3, CASE_REPEAT_LOOK_MAX);
	while (*ret_repeats == 0) {
		int64_t closed_us;
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			return ERR_OK;
		closed_us = db_i64(s, 2);
		if (closed_us != 0 && str_eq(db_text(s, 1), category) &&
		    calendar_day_of(calendar, d->file.at_us) -
			    calendar_day_of(calendar, closed_us) <=
			(int32_t)CASE_REPEAT_DAYS)
			*ret_repeats = db_u64(s, 0);
	}
	db_done(s);
	return ERR_OK;
}

/* What is done to the case that is loaded: decided, sealed, appended. */
static enum err do_one(struct deciding *d, enum cases_command command, struct appended *ret)
{
	struct case_actor actor;
	struct case_setting setting;
	bool follows = command == CASES_COMMAND_FOLLOW;
	uint64_t repeats = 0;

	TRY(read_role(d, &actor.role));
	TRY(check_unit(d));
	d->ties_n = 0;
	TRY(tie_of(d, command));
	if (follows)
		TRY(check_follower(d));
	TRY(find_route(d, command));
	d->key_id = d->file.key_id;
	TRY(keyring_get(d->w->keys, d->key_id, &d->key));
	take_hand(d, follows && d->o->hand != CASE_HAND_ACCOUNT ? d->w->journal.n + 1
							       : d->o->follower);
	if (d->is_new_hand && !follows && d->file.hands_n == CASE_HANDS_MAX)
		return refuse(d, ERR_TOO_LARGE, STR("case"), MSG_CASE_SIGNERS_FULL, STR("128"),
			      STR(""));
	actor.handle = signer_of(&d->actor);
	TRY(find_repeat(d, &repeats));
	setting = setting_of(d);
	setting.is_repeat |= repeats != 0;
	/* a follower's words are sealed beside the case: no field of the type takes them */
	const struct case_wish wish = {command, d->fills, follows ? 0 : d->fills_n,
				       d->conditions_set, d->conditions_cleared};
	case_step(&setting, &actor, &wish, &d->file.now, &d->step);
	if (d->step.refusal != CASE_MOVED)
		return refused(d, command);
	if ((d->step.figures & CASE_FIGURE(REPEATED)) && repeats != 0)
		d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_REPEAT, repeats};
	TRY(learn(d));
	put_entry(d);
	d->entry.command = str_of(cases_command_name(command));
	d->entry.transition = d->file.type->transitions[d->step.transition].name.text;
	if (follows) {
		d->entry.has_follower = true;
		d->entry.follower_channel = d->o->follower_channel;
		d->entry.follower_is_confidential = d->o->follower_is_confidential;
		keyring_take(d->w->keys, &d->key_id, &d->key);
		d->entry.follower_key = d->key_id;
	}
	seal_texts(d, &d->entry);
	seal_hand_of(d, &d->entry);
	return journal_append(&d->w->journal, &d->actor, KIND_CASE_MOVED, d->at_us, &d->entry, ret);
}

/* What somebody could move, the timer may try again. */
static void unstick(struct writer *w, uint64_t id)
{
	for (unsigned i = 0; i < w->timer_stuck_n; i++)
		if (w->timer_stuck[i] == id)
			w->timer_stuck[i] = w->timer_stuck[--w->timer_stuck_n];
}

static enum err do_step(struct deciding *d, struct command *c)
{
	struct case_order *o = d->o;
	enum cases_command command;
	struct appended a;

	if (!cases_command_parse(o->command, &command))
		return refuse(d, ERR_BAD_INPUT, STR("command"), MSG_CASE_NO_COMMAND, o->command,
			      STR(""));
	TRY(load(d, o->id));
	if (o->seen != 0 && o->seen != d->file.n)
		return refuse(d, ERR_CONFLICT, STR("seen"), MSG_CASE_SEEN_OLD, STR(""), STR(""));
	if (d->file.erased != 0)
		return ERR_GONE;
	if (o->hand == CASE_HAND_NEW && command != CASES_COMMAND_FOLLOW)
		return wrong_secret(d, "secret");
	if (o->hand == CASE_HAND_SECRET)
		TRY(check_secret(d));
	TRY(read_fields(d, command == CASES_COMMAND_FOLLOW));
	TRY(read_conditions(d, o->conditions_set, o->conditions_set_n, &d->conditions_set));
	TRY(read_conditions(d, o->conditions_cleared, o->conditions_cleared_n,
			    &d->conditions_cleared));
	TRY(do_one(d, command, &a));
	unstick(d->w, o->id);
	o->ret_id = d->file.id;
	o->ret_number = d->file.number;
	if (d->entry.has_follower) {
		seal_record_secret(&d->key, a.n, c->answer.secret);
		c->answer.has_text = true;
	}
	return answer(c, &a);
}

/* ---- one answer for all children ---- */

/* Whose row does not fit its files, or whose entry has no room: nothing is wrong with the store. */
static bool is_of_the_case(enum err e)
{
	return e == ERR_INTERNAL || e == ERR_TOO_LARGE || e == ERR_BAD_INPUT || e == ERR_NOT_FOUND;
}

/* One of several is undone; entries that it had appended are gone again: so must be their leaves.
 */
static enum err undo_one(struct writer *w, uint64_t n_before)
{
	TRY(db_savepoint_rollback(w->db));
	return w->journal.stale || w->journal.n != n_before ? journal_load(&w->journal, w->db)
							    : ERR_OK;
}

static enum err try_child(struct deciding *d, uint64_t id, struct appended *ret)
{
	unsigned f;

	TRY(load(d, id));
	if (d->file.erased != 0)
		return ERR_GONE;
	/* it may have been put under another mother since */
	f = d->file.type->known[CASES_KNOWN_MOTHER_CASE];
	if (f == CASES_NONE || !(d->file.now.rec.filled >> f & 1) ||
	    (uint64_t)d->file.now.rec.value[f] != d->o->id)
		return ERR_CONFLICT;
	TRY(read_fields(d, false));
	return do_one(d, CASES_COMMAND_MOTHER_ANSWER, ret);
}

/* A child that cannot take the answer is counted, and holds up no other. */
static enum err answer_child(struct deciding *d, uint64_t id, struct appended *ret)
{
	uint64_t n_before = d->w->journal.n;
	struct appended a;
	enum err e;

	TRY(db_savepoint(d->w->db));
	e = try_child(d, id, &a);
	if (e == ERR_OK) {
		d->o->ret_done++;
		*ret = a;
		return db_savepoint_release(d->w->db);
	}
	if (e != ERR_CONFLICT && e != ERR_FORBIDDEN && e != ERR_GONE && !is_of_the_case(e))
		return e;
	d->o->ret_refused++;
	d->o->problem = (struct problem){0};
	d->o->refusal = CASE_MOVED;
	return undo_one(d->w, n_before);
}

static enum err answer_children(struct deciding *d, struct command *c)
{
	uint64_t child[CASE_CHILDREN_MAX];
	struct case_order *o = d->o;
	struct appended a = {0};
	struct db_stmt *s;
	unsigned n = 0;
	bool row = true;

	if (o->hand != CASE_HAND_ACCOUNT)
		return wrong_secret(d, "secret");
	if (!is_case(d->w, o->id))
		return refuse(d, ERR_NOT_FOUND, STR("case"), MSG_CASE_UNKNOWN, STR(""), STR(""));
	s = db_stmt(d->w->db, SQL_case_link_of_kind);
	db_bind_u64(s, 1, o->id);
	db_bind_i64(s, 2, CASE_TIE_CHILD);
	db_bind_u64(s, 3, CASE_CHILDREN_MAX);
	while (n < CASE_CHILDREN_MAX) {
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			break;
		child[n++] = db_u64(s, 0);
	}
	db_done(s);
	for (unsigned i = 0; i < n; i++)
		TRY(answer_child(d, child[i], &a));
	o->ret_id = o->id;
	if (o->ret_done == 0)
		return refuse(d, ERR_CONFLICT, STR("case"), MSG_CASE_TARGET, STR("mother_answer"),
			      STR(""));
	return answer(c, &a);
}

/* ---- an emergency order ---- */

/* One recorded act, one entry a case it moves; what cannot be held is passed over. */
static enum err hold_all(struct deciding *d, struct command *c)
{
	uint64_t ids[CASE_HOLD_PAGE_MAX];
	struct case_order *o = d->o;
	struct appended a = {0};
	struct db_stmt *s = db_stmt(d->w->db, SQL_case_open_usual);
	unsigned n = 0;
	bool row = true;

	db_bind_u64(s, 1, o->id);
	db_bind_u64(s, 2, CASE_HOLD_PAGE_MAX);
	while (n < CASE_HOLD_PAGE_MAX) {
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			break;
		ids[n++] = db_u64(s, 0);
	}
	db_done(s);
	for (unsigned i = 0; i < n; i++) {
		enum err e = load(d, ids[i]);
		if (e == ERR_OK)
			e = read_fields(d, false);
		if (e == ERR_OK)
			e = do_one(d, CASES_COMMAND_HOLD, &a);
		if (e != ERR_OK && e != ERR_CONFLICT && e != ERR_FORBIDDEN && e != ERR_BAD_INPUT)
			return e;
		o->ret_done += e == ERR_OK;
		o->ret_refused += e != ERR_OK;
		if (e == ERR_OK || i + 1 < n)
			o->problem = (struct problem){0};
	}
	o->ret_next = n == CASE_HOLD_PAGE_MAX ? ids[n - 1] : 0;
	if (o->ret_done == 0 && o->problem.err != ERR_OK)
		return o->problem.err; /* nothing was changed: the last one says why */
	o->problem = (struct problem){0};
	return o->ret_done > 0 ? answer(c, &a) : ERR_OK;
}

/* ---- attachments ---- */

static enum err attach(struct deciding *d, struct command *c)
{
	const struct case_file_given *given = d->o->attach;
	uint8_t box[ATTACHED_KEY_BYTES];
	struct case_attached data = {.case_id = d->o->id,
				     .field = given->field,
				     .hash = given->hash,
				     .bytes = given->bytes,
				     .media = given->media,
				     .evidence = given->is_evidence};
	struct case_entry hand = {0};
	struct appended a;
	struct db_stmt *s;
	unsigned field;
	bool row = false, is_full;

	TRY(load(d, d->o->id));
	if (d->file.erased != 0)
		return ERR_GONE;
	if (d->o->hand == CASE_HAND_SECRET)
		TRY(check_secret(d));
	field = case_field_find(d->file.type, given->field);
	if (field == CASES_NONE || d->file.type->fields[field].kind != CASES_FIELD_PHOTO)
		return refuse(d, ERR_BAD_INPUT, STR("field"), MSG_CASE_NO_FIELD, given->field,
			      STR(""));
	s = db_stmt(d->w->db, SQL_attachment_count);
	db_bind_u64(s, 1, d->file.id);
	db_bind_u64(s, 2, CASE_ATTACHMENTS_MAX);
	TRY(db_step(d->w->db, s, &row));
	is_full = row && db_u64(s, 0) >= CASE_ATTACHMENTS_MAX;
	db_done(s);
	if (is_full)
		return refuse(d, ERR_TOO_LARGE, STR("field"), MSG_CASE_ATTACHMENTS, STR("100"),
			      STR(""));
	d->key_id = d->file.key_id;
	TRY(keyring_get(d->w->keys, d->key_id, &d->key));
	take_hand(d, d->o->follower);
	seal_hand_of(d, &hand);
	data.has_hand = hand.has_hand;
	data.hand = hand.hand;
	data.prev = d->file.n;
	attached_seal_key(&d->key, d->key_id, &given->key, d->w->entropy, box, &data.key);
	TRY(journal_append(&d->w->journal, &d->actor, KIND_CASE_ATTACHED, d->at_us, &data, &a));
	d->o->ret_id = d->file.id;
	d->o->ret_number = d->file.number;
	return answer(c, &a);
}

static enum err decide_order(struct deciding *d, struct command *c)
{
	if (!d->w->shelf || !calendar_in_force(d->w->shelf))
		return refuse(d, ERR_CONFLICT, STR(""), MSG_CASE_NO_FILES, STR(""), STR(""));
	switch (d->o->kind) {
	case CASE_HAND_IN:
		return hand_in(d, c);
	case CASE_DO:
		return do_step(d, c);
	case CASE_ANSWER_CHILDREN:
		return answer_children(d, c);
	case CASE_ATTACH:
		return attach(d, c);
	case CASE_HOLD_ALL:
		return hold_all(d, c);
	}
	return ERR_INTERNAL;
}

/* The memory of a decision is the writer's, taken when it is first needed. */
static enum err deciding_of(struct writer *w, struct deciding **ret)
{
	if (!w->deciding)
		w->deciding = malloc(sizeof *w->deciding);
	if (!w->deciding)
		return ERR_NO_MEMORY;
	*ret = w->deciding;
	(*ret)->w = w;
	(*ret)->ties_n = 0;
	(*ret)->fills_n = 0;
	(*ret)->is_routed = (*ret)->is_repeat = false;
	(*ret)->conditions_set = (*ret)->conditions_cleared = 0;
	return ERR_OK;
}

enum err decide_case(struct writer *w, struct command *c, int64_t at_us)
{
	struct deciding *d = NULL;
	enum err e;

	TRY(deciding_of(w, &d));
	d->o = c->cases.order;
	d->at_us = at_us > w->journal.last_at_us ? at_us : w->journal.last_at_us;
	d->o->problem = (struct problem){0};
	d->o->refusal = CASE_MOVED;
	d->o->ret_done = d->o->ret_refused = 0;
	d->o->ret_next = 0;
	d->o->ret_masked = (struct mask_counts){{0}};
	e = decide_order(d, c);
	seal_wipe(&d->key, sizeof d->key);
	return e;
}

/* A secret given again to who asks again with the same request id: of a report, or of a follower.
 */
enum err decide_case_again(struct writer *w, struct command *c)
{
	struct case_order *o = c->cases.order;
	struct db_stmt *s = db_stmt(w->db, SQL_case_change_get);
	struct seal_key key;
	uint64_t key_id;
	bool row = false;
	enum err e;

	db_bind_u64(s, 1, c->answer.n);
	TRY(db_step(w->db, s, &row));
	if (!row)
		return ERR_CORRUPT;
	o->ret_id = db_u64(s, 0);
	o->ret_number = db_u64(s, 1);
	key_id = o->ret_id == c->answer.n ? db_u64(s, 2) : db_u64(s, 3);
	db_done(s);
	if (o->kind == CASE_ANSWER_CHILDREN)
		o->ret_id = o->id;
	e = key_id != 0 ? keyring_get(w->keys, key_id, &key) : ERR_GONE;
	if (e == ERR_GONE)
		return ERR_OK; /* no record began by it, or it is erased */
	TRY(e);
	seal_record_secret(&key, c->answer.n, c->answer.secret);
	seal_wipe(&key, sizeof key);
	c->answer.has_text = true;
	return ERR_OK;
}

/* ---- the timer ---- */

static enum err timer_entry(struct deciding *d)
{
	static const char escalate[] = "escalate";
	struct appended a;

	put_entry(d);
	d->actor = (struct actor){.role = STR(ROLE_NAME_TIMER), .unit = STR("")};
	d->entry.command = str_of(escalate);
	if (d->step.transition != CASES_NONE) {
		const struct cases_transition *tr = &d->file.type->transitions[d->step.transition];
		d->entry.command = str_of(cases_command_name(tr->command));
		d->entry.transition = tr->name.text;
	} else {
		d->entry.transition = STR("");
	}
	return journal_append(&d->w->journal, &d->actor, KIND_CASE_MOVED, d->at_us, &d->entry, &a);
}

static enum err timers_of_case(struct deciding *d, uint64_t id, unsigned *ret_done)
{
	TRY(case_file_load(d->w->db, d->w->shelf, id, &d->file));
	for (unsigned i = 0; i < CASES_CLOCKS_MAX; i++) {
		struct case_setting setting = setting_of(d);
		d->before = d->file.now;
		case_step_timer(&setting, &d->file.now, &d->step);
		if (d->step.refusal != CASE_MOVED)
			return ERR_OK;
		TRY(timer_entry(d));
		d->file.n = d->w->journal.n;
		++*ret_done;
	}
	return ERR_OK;
}

static bool is_stuck(const struct writer *w, uint64_t id)
{
	for (unsigned i = 0; i < w->timer_stuck_n; i++)
		if (w->timer_stuck[i] == id)
			return true;
	return false;
}

/* A case that its files do not fit holds up nobody else: it is passed over, counted, and shown. */
static enum err timers_or_stuck(struct deciding *d, uint64_t id, unsigned *ret_done)
{
	struct writer *w = d->w;
	uint64_t n_before = w->journal.n;
	unsigned done = *ret_done;
	enum err e;

	TRY(db_savepoint(w->db));
	e = timers_of_case(d, id, &done);
	if (e == ERR_OK) {
		*ret_done = done;
		return db_savepoint_release(w->db);
	}
	if (!is_of_the_case(e))
		return e;
	if (w->timer_stuck_n < WRITER_STUCK_MAX)
		w->timer_stuck[w->timer_stuck_n++] = id;
	return undo_one(w, n_before);
}

enum err decide_timers(struct writer *w, int64_t at_us, unsigned limit, unsigned *ret_done)
{
	uint64_t ids[TIMERS_MAX + WRITER_STUCK_MAX];
	struct deciding *d = NULL;
	struct db_stmt *s;
	unsigned n = 0;
	bool row = true;

	CHECK(limit <= TIMERS_MAX);
	*ret_done = 0;
	if (!w->shelf || !calendar_in_force(w->shelf))
		return ERR_OK;
	TRY(deciding_of(w, &d));
	d->at_us = at_us > w->journal.last_at_us ? at_us : w->journal.last_at_us;
	s = db_stmt(w->db, SQL_case_timer_due);
	db_bind_i64(s, 1, d->at_us);
	limit += w->timer_stuck_n;
	db_bind_u64(s, 2, limit);
	while (n < limit) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			break;
		ids[n++] = db_u64(s, 0);
	}
	db_done(s);
	for (unsigned i = 0; i < n; i++)
		if (!is_stuck(w, ids[i]))
			TRY(timers_or_stuck(d, ids[i], ret_done));
	return ERR_OK;
}
