/* An order read by the case type: refusals, values, roles, and who acts. */
#include "deciding.h"

#include "base/check.h"
#include "base/civil.h"
#include "case_wording.h"

const struct calendar *deciding_calendar(const struct cases_shelf *shelf)
{
	uint64_t n;

	return shelf_calendar(shelf, &n);
}

/* ---- refusals ---- */

enum err deciding_refuse(struct deciding *d, enum err e, struct str field, enum msg msg,
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
enum err deciding_refused(struct deciding *d, enum cases_command command)
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
		return deciding_refuse(d, by_refusal[d->step.refusal].err, STR("command"),
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
	return deciding_refuse(d, by_refusal[d->step.refusal].err, field,
		      by_refusal[d->step.refusal].msg, arg, STR(""));
}

/* ---- reading the order ---- */

enum err deciding_bad_value(struct deciding *d, const struct case_input *in, const char *takes)
{
	const struct str args[] = {in->field, in->value, str_of(takes)};

	return problem_set(&d->o->problem, ERR_BAD_INPUT, in->field, MSG_CASE_BAD_VALUE, args, 3);
}

enum err deciding_is_case(struct writer *w, uint64_t id, bool *ret)
{
	struct db_stmt *s;

	*ret = false;
	if (id == 0 || id > INT64_MAX)
		return ERR_OK;
	s = db_stmt(w->db, SQL_case_get);
	db_bind_u64(s, 1, id);
	TRY(db_step(w->db, s, ret));
	db_done(s);
	return ERR_OK;
}

static enum err check_place(struct deciding *d, uint64_t place)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_place_get);
	bool row = false;

	db_bind_u64(s, 1, place);
	TRY(db_step(d->w->db, s, &row));
	db_done(s);
	return row ? ERR_OK
		   : deciding_refuse(d, ERR_BAD_INPUT, STR("place"), MSG_CASE_NO_PLACE, STR(""),
				     STR(""));
}

/* Is it a file of this very case? A report has none yet: they are attached once it has a number. */
static enum err is_attached(struct deciding *d, uint64_t n, bool *ret)
{
	struct db_stmt *s = db_stmt(d->w->db, SQL_attachment_of_case);

	*ret = false;
	if (d->file.id == 0)
		return ERR_OK;
	db_bind_u64(s, 1, n);
	db_bind_u64(s, 2, d->file.id);
	TRY(db_step(d->w->db, s, ret));
	db_done(s);
	return ERR_OK;
}

static enum err read_value(struct deciding *d, const struct case_input *in,
			   const struct cases_field *f, int64_t *ret)
{
	uint64_t number = 0;
	unsigned index = CASES_NONE;
	bool is_there = true;
	int32_t day;

	switch (f->kind) {
	case CASES_FIELD_TEXT:
		*ret = 1;
		return in->value.n > 0 ? ERR_OK : deciding_bad_value(d, in, "text");
	case CASES_FIELD_CHOICE:
		index = case_choice_find(f, in->value);
		*ret = index;
		return index != CASES_NONE ? ERR_OK : deciding_bad_value(d, in, "choice");
	case CASES_FIELD_YES_NO:
		*ret = str_eq(in->value, STR("yes"));
		return *ret == 1 || str_eq(in->value, STR("no"))
			   ? ERR_OK
			   : deciding_bad_value(d, in, "yes, no");
	case CASES_FIELD_DATE:
		if (civil_parse_date(in->value, &day) != ERR_OK)
			return deciding_bad_value(d, in, "2026-11-27");
		*ret = day;
		return ERR_OK;
	case CASES_FIELD_UNIT:
		index = case_unit_find(&d->w->shelf->now, in->value);
		*ret = index;
		return index != CASES_NONE ? ERR_OK : deciding_bad_value(d, in, "units.yaml");
	case CASES_FIELD_CATEGORY:
		index = case_category_find(d->file.categories, in->value);
		*ret = index;
		return index != CASES_NONE ? ERR_OK : deciding_bad_value(d, in, "categories.yaml");
	case CASES_FIELD_NUMBER:
	case CASES_FIELD_INSTANT:
	case CASES_FIELD_PHOTO:
	case CASES_FIELD_PLACE:
	case CASES_FIELD_CASE:
		if (!str_to_u64(in->value, &number) || number > ENTRY_INT_MAX)
			return deciding_bad_value(d, in, "number");
		*ret = (int64_t)number;
		if (f->kind == CASES_FIELD_CASE)
			TRY(deciding_is_case(d->w, number, &is_there));
		if (f->kind == CASES_FIELD_PHOTO)
			TRY(is_attached(d, number, &is_there));
		if (!is_there)
			return deciding_bad_value(
			    d, in, f->kind == CASES_FIELD_CASE ? "case" : "attachment");
		if (f->kind == CASES_FIELD_PLACE)
			return number == 0 ? ERR_OK : check_place(d, number);
		return ERR_OK;
	case CASES_FIELD_ACTOR:
	case CASES_FIELD_COUNT:
	case CASES_FIELD_KIND_COUNT:
		break;
	}
	return deciding_bad_value(d, in, "-");
}

static enum err text_long(struct deciding *d, struct str field)
{
	return deciding_refuse(d, ERR_TOO_LARGE, field, MSG_CASE_TEXT_LONG, STR("4000"), STR(""));
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

void deciding_count_masked(struct deciding *d, const struct cases_type *type)
{
	d->masked_n = 0;
	d->o->ret_masked = (struct mask_counts){{0}};
	for (unsigned i = 0; i < d->o->fields_n; i++) {
		unsigned f = type ? case_field_find(type, d->o->fields[i].field) : CASES_NONE;
		if (!type ||
		    (f != CASES_NONE && type->fields[f].kind == CASES_FIELD_TEXT))
			(void)mask_one(d, d->o->fields[i].value);
	}
}

enum err deciding_read_fields(struct deciding *d, bool only_texts)
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
			return deciding_refuse(d, ERR_BAD_INPUT, in->field, MSG_CASE_NO_FIELD,
					       in->field, STR(""));
		f = &d->file.type->fields[field];
		for (unsigned k = 0; k < i; k++)
			if (d->fills[k].field == field)
				return deciding_bad_value(d, in, "x1");
		if (only_texts && f->kind != CASES_FIELD_TEXT)
			return deciding_refuse(d, ERR_BAD_INPUT, in->field, MSG_CASE_NOT_ITS_FIELD,
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

struct str deciding_text_of(const struct deciding *d, struct str field)
{
	for (unsigned i = 0; i < d->fills_n; i++)
		if (str_eq(d->file.type->fields[d->fills[i].field].name.text, field))
			return d->texts[i];
	return STR("");
}

enum err deciding_read_conditions(struct deciding *d, const struct str *names, unsigned n,
				uint64_t *ret)
{
	*ret = 0;
	for (unsigned i = 0; i < n; i++) {
		unsigned bit = shelf_condition(d->w->shelf, names[i]);
		if (bit >= 64)
			return deciding_refuse(d, ERR_BAD_INPUT, STR("conditions"),
					       MSG_CASE_NO_FIELD, names[i], STR(""));
		*ret |= UINT64_C(1) << bit;
	}
	return ERR_OK;
}

enum err deciding_read_role(struct deciding *d, unsigned *ret)
{
	const struct cases_book *b = &d->w->shelf->now;

	for (unsigned i = 0; i < b->roles_n; i++)
		if (str_eq(b->roles[i].name.text, d->o->role)) {
			*ret = i;
			return ERR_OK;
		}
	return deciding_refuse(d, ERR_FORBIDDEN, STR("role"), MSG_CASE_NO_ROLE, d->o->role,
			       STR(""));
}

enum err deciding_check_unit(struct deciding *d)
{
	const struct case_input in = {STR("unit"), d->o->unit};

	if (d->o->unit.n == 0 || case_unit_find(&d->w->shelf->now, d->o->unit) != CASES_NONE)
		return ERR_OK;
	return deciding_bad_value(d, &in, "units.yaml");
}

/* ---- who ---- */

enum err deciding_wrong_secret(struct deciding *d, const char *field)
{
	return deciding_refuse(d, ERR_FORBIDDEN, str_of(field), MSG_CASE_WRONG_SECRET, STR(""),
			       STR(""));
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
		return deciding_wrong_secret(d, "secret");
	*ret = db_u64(s, 0);
	erased = db_i64(s, 1) != 0;
	db_done(s);
	return erased ? ERR_GONE : ERR_OK;
}

enum err deciding_check_secret(struct deciding *d)
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
	return seal_secret_eq(right, d->o->secret) ? ERR_OK : deciding_wrong_secret(d, "secret");
}

enum err deciding_take_followers_key(struct deciding *d)
{
	uint64_t key_id = 0;

	if (d->o->follower == 0)
		return ERR_OK;
	TRY(follower_key(d, &key_id));
	TRY(keyring_get(d->w->keys, key_id, &d->key));
	d->key_id = key_id;
	return ERR_OK;
}

/* The handle that this person has in this record; whether it acts here for the first time. What
 * stands for somebody without account begins as no account does. `follower`: entry by which they
 * joined, or join now; 0: the reporter. */
void deciding_take_hand(struct deciding *d, uint64_t follower)
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

static bool is_role(const struct deciding *d, const char *role)
{
	return str_eq(d->o->role, str_of(role));
}

bool deciding_is_staff(const struct deciding *d)
{
	return d->o->hand == CASE_HAND_ACCOUNT && !is_role(d, CASE_ROLE_REPORTER) &&
	       !is_role(d, CASE_ROLE_FOLLOWER);
}

enum err deciding_check_hand(struct deciding *d, bool begins_record)
{
	bool reports = false;

	for (unsigned i = 0; i < d->file.hands_n; i++)
		reports |= d->file.hands[i].reports &&
			   memcmp(d->file.hands[i].handle, d->actor.handle, HANDLE_BYTES) == 0;
	if (d->o->hand != CASE_HAND_ACCOUNT) {
		bool fits = d->o->follower != 0 ? is_role(d, CASE_ROLE_FOLLOWER)
						: is_role(d, CASE_ROLE_REPORTER);
		return fits || (begins_record && is_role(d, CASE_ROLE_FOLLOWER))
			   ? ERR_OK
			   : deciding_refuse(d, ERR_FORBIDDEN, STR("role"), MSG_CASE_SECRET_ROLE,
					     STR(""), STR(""));
	}
	if (begins_record || (is_role(d, CASE_ROLE_REPORTER) && reports) ||
	    (!is_role(d, CASE_ROLE_REPORTER) && !is_role(d, CASE_ROLE_FOLLOWER)))
		return ERR_OK;
	return deciding_refuse(d, ERR_FORBIDDEN, STR("role"), MSG_CASE_NOT_REPORTER, STR(""),
			       STR(""));
}

uint64_t deciding_signer_of(const struct actor *a)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < HANDLE_BYTES / 2; i++)
		v = v << 8 | a->handle[i];
	return v;
}
