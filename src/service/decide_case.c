/* A report and a step of a case: decided by cases/step.c, sealed, written. */
#include "deciding.h"

#include "case_wording.h"
#include "service/case_number.h"
#include "service/case_words.h"

#include <stdlib.h>

unsigned case_order_keys(const struct case_order *o)
{
	if (o->kind == CASE_ANSWER_CHILDREN || o->kind == CASE_HOLD_ALL)
		return CASES_ORDERED_MAX + 1; /* a hand's in each, and the act's own */
	return 2; /* a record's own, and a hand's */
}

/* ---- a report ---- */

enum err deciding_number(struct deciding *d, uint64_t *ret)
{
	int32_t day = calendar_day_of(deciding_calendar(d->w->shelf), d->at_us);
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
		   : deciding_bad_value(d, &in, "<= now");
}

/* Is it theirs, as the secret of its receipt or their handle in it shows? `field` names it in the
 * order. */
static enum err check_theirs(struct deciding *d, const struct case_row *row,
			     const uint8_t secret[SEAL_SECRET_BYTES], const char *field)
{
	static const struct case_order none;
	uint8_t right[SEAL_SECRET_BYTES], handle[HANDLE_BYTES];
	enum err e = ERR_GONE;
	struct seal_key key;
	struct case_doc_line line;
	bool ok;

	if (row->erased == 0 && row->key_id != 0)
		e = keyring_get(d->w->keys, row->key_id, &key);
	if (e == ERR_GONE)
		return deciding_refuse(d, ERR_GONE, str_of(field), MSG_CASE_UNKNOWN, STR(""),
				       STR(""));
	TRY(e);
	seal_record_secret(&key, row->id, right);
	ok = memcmp(secret, none.repeats_secret, SEAL_SECRET_BYTES) != 0 &&
	     seal_secret_eq(right, secret);
	if (!ok && d->o->hand == CASE_HAND_ACCOUNT) {
		char hex[2 * HANDLE_BYTES + 1];
		struct buf text = buf_over(hex, sizeof hex);
		seal_hand(&key, d->o->account, handle);
		buf_put_hex(&text, handle, HANDLE_BYTES);
		for (struct str rest = row->doc; !ok && case_doc_next(&rest, &line);)
			ok = str_eq(line.key, STR("m:reporter")) &&
			     memmem(line.value.p, line.value.n, text.p, text.n);
	}
	seal_wipe(&key, sizeof key);
	return ok ? ERR_OK : deciding_wrong_secret(d, field);
}

static enum err find_row(struct deciding *d, uint64_t id, const char *field, struct case_row *ret)
{
	enum err e = case_row_get(d->w->db, id, ret);

	return e == ERR_NOT_FOUND ? deciding_refuse(d, ERR_BAD_INPUT, str_of(field),
						    MSG_CASE_UNKNOWN, STR(""), STR(""))
				  : e;
}

static bool was_drill(struct str doc)
{
	struct str value;

	return case_doc_find(doc, 'f', STR("drill"), &value) && str_eq(value, STR("1"));
}

static bool is_drill_now(const struct deciding *d)
{
	unsigned f = d->file.type->known[CASES_KNOWN_DRILL];
	const struct case_fill *fill = f == CASES_NONE ? NULL : deciding_fill_of(d, f);

	return fill && fill->value == 1;
}

static enum err check_repeat(struct deciding *d)
{
	struct case_row row;

	TRY(find_row(d, d->o->repeats, "repeats", &row));
	/* what was practised is no matter that could come back; one drill may repeat another */
	if (row.closed_us == 0 || (was_drill(row.doc) && !is_drill_now(d)))
		return deciding_refuse(d, ERR_BAD_INPUT, STR("repeats"), MSG_CASE_TARGET,
				       STR("repeats"), STR(""));
	TRY(check_theirs(d, &row, d->o->repeats_secret, "repeats"));
	d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_REPEAT, d->o->repeats};
	d->is_repeat = true;
	return ERR_OK;
}

/* Their own case was refused for a reason that offers this type: it is handed in as split off from
 * that one, once. */
static enum err check_offer(struct deciding *d)
{
	struct db_stmt *s;
	struct case_row row;
	struct case_doc_line line;
	const struct cases_type *type;
	bool is_offered = false, is_there = false;

	TRY(find_row(d, d->o->offered_by, "offered_by", &row));
	TRY(check_theirs(d, &row, d->o->offered_secret, "offered_by"));
	type = shelf_type(d->w->shelf, row.type_n);
	for (struct str rest = row.doc; type && case_doc_next(&rest, &line);) {
		const struct str name = {line.key.p + 2, line.key.n - 2};
		const struct cases_choice *c =
		    line.key.n > 2 && line.key.p[0] == 'f'
			? cases_offer(type, row.state, name, line.value)
			: NULL;
		is_offered |= c && str_eq(c->offers.text, d->o->type);
	}
	s = db_stmt(d->w->db, SQL_case_link_of_kind);
	db_bind_u64(s, 1, row.id);
	db_bind_i64(s, 2, CASE_TIE_SPLIT);
	db_bind_u64(s, 3, 1);
	TRY(db_step(d->w->db, s, &is_there));
	db_done(s);
	if (!is_offered || is_there)
		return deciding_refuse(d, ERR_CONFLICT, STR("offered_by"), MSG_CASE_NO_OFFER,
				       d->file.type->words[LANG_ZH], STR(""));
	d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_SPLIT, row.id};
	return ERR_OK;
}

enum err deciding_find_type(struct deciding *d)
{
	d->file.type = shelf_type_now(d->w->shelf, d->o->type, &d->file.type_n);
	d->file.categories_n = shelf_n(d->w->shelf, SHELF_CATEGORIES);
	d->file.categories = shelf_categories(d->w->shelf, d->file.categories_n);
	if (!d->file.type || !d->file.categories)
		return deciding_refuse(d, ERR_BAD_INPUT, STR("type"), MSG_CASE_NO_TYPE, d->o->type,
				       STR(""));
	return ERR_OK;
}

static enum err hand_in(struct deciding *d, struct command *c)
{
	struct case_order *o = d->o;
	struct case_actor actor;
	const struct case_fill *fill;
	struct appended a;
	struct case_setting setting;
	struct str number;
	bool is_case;
	unsigned f;

	memset(&d->file, 0, offsetof(struct case_file, hands));
	d->file.hands_n = 0;
	memset(&d->before, 0, sizeof d->before);
	TRY(deciding_find_type(d));
	TRY(deciding_read_role(d, &actor.role));
	TRY(deciding_check_unit(d));
	TRY(deciding_read_fields(d, false));
	TRY(check_times(d));
	f = d->file.type->known[CASES_KNOWN_PLACE];
	fill = f == CASES_NONE ? NULL : deciding_fill_of(d, f);
	TRY(deciding_take_place(d, fill ? (uint64_t)fill->value : 0));
	TRY(deciding_check_finding(d));
	if (o->split_from != 0) {
		/* a tie to somebody's case is the office's to make */
		if (!deciding_is_staff(d))
			return deciding_refuse(d, ERR_FORBIDDEN, STR("split_from"),
					       MSG_CASE_NOT_THIS_ROLE, STR(""),
					       str_of(cases_command_words(CASES_COMMAND_SPLIT,
									  LANG_ZH)));
		TRY(deciding_is_case(d->w, o->split_from, &is_case));
		if (!is_case)
			return deciding_refuse(d, ERR_BAD_INPUT, STR("split_from"),
					       MSG_CASE_UNKNOWN, STR(""), STR(""));
		d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_SPLIT, o->split_from};
	}
	if (o->repeats != 0)
		TRY(check_repeat(d));
	if (o->offered_by != 0)
		TRY(check_offer(d));
	keyring_take(d->w->keys, &d->key_id, &d->key);
	d->file.key_id = d->key_id;
	deciding_take_hand(d, 0);
	TRY(deciding_check_hand(d, true));
	TRY(deciding_permit(d, POLICY_HAND_IN, CASES_COMMAND_COUNT));
	actor.handle = deciding_signer_of(&d->actor);
	setting = deciding_setting_of(d);
	case_hand_in(&setting, &actor, d->fills, d->fills_n, &d->file.now, &d->step);
	if (d->step.refusal != CASE_MOVED)
		return deciding_refused(d, CASES_COMMAND_COUNT);
	number = deciding_text_of(d, STR(CASE_OUTSIDE_NUMBER));
	if (case_is_number(d->w, number))
		d->file.now.marks |= CASE_MARK_NUMBERED;
	deciding_put_entry(d);
	d->entry.is_new = true;
	d->entry.type_n = d->file.type_n;
	d->entry.categories_n = d->file.categories_n;
	d->entry.key_id = d->key_id;
	d->entry.spot = case_spot_of(&d->file);
	d->entry.happened_us = o->happened_us != 0 ? o->happened_us : d->at_us;
	TRY(deciding_number(d, &d->entry.number));
	deciding_seal_texts(d, &d->entry);
	deciding_seal_hand_of(d, &d->entry);
	TRY(journal_append(&d->w->journal, &d->actor, KIND_CASE_HANDED_IN, d->at_us, &d->entry,
			   &a));
	TRY(deciding_put_mails(d, &a));
	o->ret_id = a.n;
	o->ret_number = d->entry.number;
	d->file.at_us = a.at_us;
	TRY(case_index(d->w, &d->file, a.n, deciding_text_of(d, STR(CASE_REPORT_TEXT)), number,
		       calendar_day_of(deciding_calendar(d->w->shelf), d->at_us)));
	seal_record_secret(&d->key, a.n, c->answer.secret);
	c->answer.has_text = true;
	TRY(deciding_answer(c, &a));
	return deciding_put_finding(d, a.n);
}

/* ---- a step ---- */

enum err deciding_load(struct deciding *d, uint64_t id)
{
	enum err e = case_file_load(d->w->db, d->w->shelf, &d->names, id, &d->file);

	if (e == ERR_NOT_FOUND)
		return deciding_refuse(d, ERR_NOT_FOUND, STR("case"), MSG_CASE_UNKNOWN, STR(""),
				       STR(""));
	TRY(e);
	d->before = d->file.now;
	return ERR_OK;
}

/* Closed for the first time, or done on the spot, with two photos by staff: its category was good
 * enough to end it by. */
static enum err learn(struct deciding *d)
{
	struct str category = deciding_category_after(d);
	unsigned code = cases_category_value(category);
	bool learnt = false, wanted = false;

	if (!(d->step.figures & (CASE_FIGURE(CLOSED) | CASE_FIGURE(ON_SPOT))) ||
	    (d->file.now.marks & CASE_MARK_LEARNT) || code == 0)
		return ERR_OK;
	TRY(case_words_wanted(d->w->db, code, d->file.id, &wanted));
	if (!wanted)
		return ERR_OK;
	TRY(case_learn(d->w, &d->file, &d->key, code, &learnt));
	if (learnt)
		d->file.now.marks |= CASE_MARK_LEARNT;
	return ERR_OK;
}

/* Is there a fix that a case which comes back counts against? Not where it was withdrawn, refused,
 * joined to another, closed elsewhere, or only practised. */
static bool was_done(struct db_stmt *closed_at_place)
{
	struct bytes doc = db_bytes(closed_at_place, 4);

	return (db_i64(closed_at_place, 3) & (CASE_MARK_CLOSED | CASE_MARK_ON_SPOT)) != 0 &&
	       !was_drill((struct str){(const char *)doc.p, doc.n});
}

/* Does the case about to be opened come back to a place where the same matter was done? */
static enum err find_repeat(struct deciding *d, uint64_t *ret_repeats)
{
	struct str category = deciding_category_after(d);
	const struct calendar *calendar = deciding_calendar(d->w->shelf);
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
		if (closed_us != 0 && str_eq(db_text(s, 1), category) && was_done(s) &&
		    calendar_day_of(calendar, d->file.at_us) -
			    calendar_day_of(calendar, closed_us) <=
			(int32_t)CASE_REPEAT_DAYS)
			*ret_repeats = db_u64(s, 0);
	}
	return db_finish(s);
}

/* What is done to the case that is loaded: decided, sealed, appended. */
enum err deciding_step(struct deciding *d, enum cases_command command, struct appended *ret)
{
	struct case_actor actor;
	struct case_setting setting;
	bool follows = command == CASES_COMMAND_FOLLOW, is_theirs;
	uint64_t repeats = 0;

	TRY(deciding_read_role(d, &actor.role));
	TRY(deciding_check_unit(d));
	d->ties_n = 0;
	TRY(deciding_tie_of(d, command));
	if (follows)
		TRY(deciding_check_follower(d));
	TRY(deciding_find_route(d, command));
	d->key_id = d->file.key_id;
	TRY(keyring_get(d->w->keys, d->key_id, &d->key));
	deciding_take_hand(d, follows && d->o->hand != CASE_HAND_ACCOUNT ? d->w->journal.n + 1
							       : d->o->follower);
	TRY(deciding_check_hand(d, follows));
	TRY(deciding_permit(d, follows ? POLICY_FOLLOW : POLICY_DO_COMMAND, command));
	if (d->is_new_hand && !follows && d->file.hands_n == CASE_HANDS_MAX)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("case"), MSG_CASE_SIGNERS_FULL,
				       STR("128"), STR(""));
	actor.handle = deciding_signer_of(&d->actor);
	TRY(find_repeat(d, &repeats));
	setting = deciding_setting_of(d);
	setting.is_repeat = setting.is_repeat || repeats != 0;
	/* a follower's words are sealed beside the case: no field of the type takes them */
	const struct case_wish wish = {command, d->fills, follows ? 0 : d->fills_n,
				       d->conditions_set, d->conditions_cleared};
	case_step(&setting, &actor, &wish, &d->file.now, &d->step);
	if (d->step.refusal != CASE_MOVED)
		return deciding_refused(d, command);
	if ((d->step.figures & CASE_FIGURE(REPEATED)) && repeats != 0)
		d->ties[d->ties_n++] = (struct case_tie){CASE_TIE_REPEAT, repeats};
	TRY(deciding_relocate(d, command));
	/* a follower's words are their own, also where staff write a message down for them; all
	 * that staff do besides is the case's */
	is_theirs = d->o->hand != CASE_HAND_ACCOUNT || command == CASES_COMMAND_MESSAGE;
	TRY(deciding_reword(d, follows || (is_theirs && d->o->follower != 0)));
	TRY(learn(d));
	if (is_theirs)
		TRY(deciding_take_followers_key(d));
	deciding_put_entry(d);
	deciding_put_where(d);
	d->entry.command = str_of(cases_command_name(command));
	d->entry.transition = d->file.type->transitions[d->step.transition].name.text;
	if (follows) {
		d->entry.has_follower = true;
		d->entry.follower_channel = d->o->follower_channel;
		d->entry.follower_is_confidential = d->o->follower_is_confidential;
		keyring_take(d->w->keys, &d->key_id, &d->key);
		d->entry.follower_key = d->key_id;
	}
	deciding_seal_texts(d, &d->entry);
	deciding_seal_hand_of(d, &d->entry);
	TRY(journal_append(&d->w->journal, &d->actor, KIND_CASE_MOVED, d->at_us, &d->entry, ret));
	return deciding_put_mails(d, ret);
}

/* What somebody could move, the timer may try again. */
static void unstick(struct writer *w, uint64_t id)
{
	for (unsigned i = 0; i < w->timer_stuck_n; i++)
		if (w->timer_stuck[i] == id)
			w->timer_stuck[i] = w->timer_stuck[--w->timer_stuck_n];
}

/* What is found on the site is recorded by those whom the type lets, not beside any other step. */
static enum err check_conditions(struct deciding *d, enum cases_command command)
{
	if ((d->o->conditions_set_n == 0 && d->o->conditions_cleared_n == 0) ||
	    command == CASES_COMMAND_CONDITION || command == CASES_COMMAND_OPEN ||
	    command == CASES_COMMAND_ON_SPOT)
		return ERR_OK;
	return deciding_refuse(d, ERR_BAD_INPUT, STR("conditions"), MSG_CASE_NOT_ITS_FIELD,
			       STR("conditions"), STR(""));
}

static enum err do_step(struct deciding *d, struct command *c)
{
	struct case_order *o = d->o;
	enum cases_command command;
	struct appended a;

	if (!cases_command_parse(o->command, &command))
		return deciding_refuse(d, ERR_BAD_INPUT, STR("command"), MSG_CASE_NO_COMMAND,
				       o->command, STR(""));
	TRY(deciding_load(d, o->id));
	if (o->seen != 0 && o->seen != d->file.n)
		return deciding_refuse(d, ERR_CONFLICT, STR("seen"), MSG_CASE_SEEN_OLD, STR(""),
				       STR(""));
	if (d->file.erased != 0)
		return ERR_GONE;
	if (o->hand == CASE_HAND_NEW && command != CASES_COMMAND_FOLLOW)
		return deciding_wrong_secret(d, "secret");
	if (o->hand == CASE_HAND_SECRET)
		TRY(deciding_check_secret(d));
	TRY(deciding_read_fields(d, command == CASES_COMMAND_FOLLOW));
	TRY(deciding_take_finding(d, command));
	TRY(check_conditions(d, command));
	TRY(deciding_read_conditions(d, o->conditions_set, o->conditions_set_n,
				     &d->conditions_set));
	TRY(deciding_read_conditions(d, o->conditions_cleared, o->conditions_cleared_n,
			    &d->conditions_cleared));
	TRY(deciding_step(d, command, &a));
	unstick(d->w, o->id);
	o->ret_id = d->file.id;
	o->ret_number = d->file.number;
	if (d->entry.has_follower) {
		seal_record_secret(&d->key, a.n, c->answer.secret);
		c->answer.has_text = true;
	}
	return deciding_answer(c, &a);
}

static enum err decide_order(struct deciding *d, struct command *c)
{
	if (!d->w->shelf || !deciding_calendar(d->w->shelf))
		return deciding_refuse(d, ERR_CONFLICT, STR(""), MSG_CASE_NO_FILES, STR(""),
				       STR(""));
	switch (d->o->kind) {
	case CASE_HAND_IN:
		return hand_in(d, c);
	case CASE_DO:
		return do_step(d, c);
	case CASE_ANSWER_CHILDREN:
		return decide_children(d, c);
	case CASE_ATTACH:
		return decide_attach(d, c);
	case CASE_HOLD_ALL:
		return decide_hold_all(d, c);
	}
	return ERR_INTERNAL;
}

/* The memory of a decision is the writer's, taken when it is first needed. */
enum err deciding_of(struct writer *w, struct deciding **ret)
{
	if (!w->deciding)
		w->deciding = calloc(1, sizeof *w->deciding);
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

/* What was taken out of the order's texts, which are the same again: the entry does not say. */
static enum err count_masked_again(struct writer *w, struct case_order *o)
{
	const struct cases_type *type = NULL;
	struct deciding *d = NULL;
	uint64_t n;

	TRY(deciding_of(w, &d));
	d->o = o;
	o->ret_masked = (struct mask_counts){{0}};
	if (w->shelf && o->kind == CASE_HAND_IN)
		type = shelf_type_now(w->shelf, o->type, &n);
	else if (w->shelf &&
		 case_file_load(w->db, w->shelf, NULL, o->ret_id, &d->file) == ERR_OK)
		type = d->file.type;
	if (type)
		deciding_count_masked(d, type);
	return ERR_OK;
}

/* A secret given again to who asks again with the same request id: of a report, or of a follower.
 */
enum err decide_case_again(struct writer *w, struct command *c)
{
	struct case_order *o = c->cases.order;
	struct db_stmt *s;
	struct seal_key key;
	uint64_t key_id;
	bool row = false;
	enum err e;

	if (o->kind == CASE_ANSWER_CHILDREN || o->kind == CASE_HOLD_ALL)
		return decide_ordered_again(w, c);
	s = db_stmt(w->db, SQL_case_change_get);
	db_bind_u64(s, 1, c->answer.n);
	TRY(db_step(w->db, s, &row));
	if (!row)
		return ERR_CORRUPT;
	o->ret_id = db_u64(s, 0);
	o->ret_number = db_u64(s, 1);
	key_id = o->ret_id == c->answer.n ? db_u64(s, 2) : db_u64(s, 3);
	db_done(s);
	TRY(count_masked_again(w, o));
	e = key_id != 0 ? keyring_get(w->keys, key_id, &key) : ERR_GONE;
	if (e == ERR_GONE)
		return ERR_OK; /* no record began by it, or it is erased */
	TRY(e);
	seal_record_secret(&key, c->answer.n, c->answer.secret);
	seal_wipe(&key, sizeof key);
	c->answer.has_text = true;
	return ERR_OK;
}
