/* Many cases by one order, and files attached to one. */
#include "deciding.h"

/* ---- one answer for all children ---- */

/* Whose row does not fit its files, or whose entry has no room: nothing is wrong with the store. */
bool deciding_is_of_the_case(enum err e)
{
	return e == ERR_INTERNAL || e == ERR_TOO_LARGE || e == ERR_BAD_INPUT || e == ERR_NOT_FOUND;
}

/* One of several is undone; entries that it had appended are gone again: so must be their leaves.
 */
enum err deciding_undo_one(struct writer *w, uint64_t n_before)
{
	TRY(db_savepoint_rollback(w->db));
	return w->journal.stale || w->journal.n != n_before ? journal_load(&w->journal, w->db)
							    : ERR_OK;
}

static enum err try_one(struct deciding *d, uint64_t id, enum cases_command command,
			struct appended *ret)
{
	unsigned f;

	TRY(deciding_load(d, id));
	if (d->file.erased != 0)
		return ERR_GONE;
	/* it may have been put under another mother since */
	f = d->file.type->known[CASES_KNOWN_MOTHER_CASE];
	if (command == CASES_COMMAND_MOTHER_ANSWER &&
	    (f == CASES_NONE || !(d->file.now.rec.filled >> f & 1) ||
	     (uint64_t)d->file.now.rec.value[f] != d->o->id))
		return ERR_CONFLICT;
	TRY(deciding_read_fields(d, false));
	return deciding_step(d, command, ret);
}

/* One of several that cannot be moved is counted, and holds up no other. */
static enum err one_of_many(struct deciding *d, uint64_t id, enum cases_command command,
			    struct appended *ret)
{
	uint64_t n_before = d->w->journal.n;
	struct appended a;
	enum err e;

	TRY(db_savepoint(d->w->db));
	e = try_one(d, id, command, &a);
	if (e == ERR_OK) {
		d->o->ret_done++;
		*ret = a;
		return db_savepoint_release(d->w->db);
	}
	if (e != ERR_CONFLICT && e != ERR_FORBIDDEN && e != ERR_GONE && !deciding_is_of_the_case(e))
		return e;
	d->o->ret_refused++;
	return deciding_undo_one(d->w, n_before);
}

enum err decide_children(struct deciding *d, struct command *c)
{
	uint64_t child[CASE_CHILDREN_MAX];
	struct case_order *o = d->o;
	struct appended a = {0};
	struct db_stmt *s;
	unsigned n = 0;
	bool row = true;

	if (o->hand != CASE_HAND_ACCOUNT)
		return deciding_wrong_secret(d, "secret");
	if (!deciding_is_case(d->w, o->id))
		return deciding_refuse(d, ERR_NOT_FOUND, STR("case"), MSG_CASE_UNKNOWN, STR(""),
				       STR(""));
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
		TRY(one_of_many(d, child[i], CASES_COMMAND_MOTHER_ANSWER, &a));
	o->problem = (struct problem){0};
	o->ret_id = o->id;
	if (o->ret_done == 0)
		return deciding_refuse(d, ERR_CONFLICT, STR("case"), MSG_CASE_TARGET,
				       STR("mother_answer"), STR(""));
	return deciding_answer(c, &a);
}

/* ---- an emergency order ---- */

/* One recorded act, one entry a case it moves; what cannot be held is passed over. */
enum err decide_hold_all(struct deciding *d, struct command *c)
{
	uint64_t ids[CASE_HOLD_PAGE_MAX];
	struct case_order *o = d->o;
	struct appended a = {0};
	struct db_stmt *s;
	unsigned n = 0;
	bool row = true;

	if (o->hand != CASE_HAND_ACCOUNT)
		return deciding_wrong_secret(d, "secret");
	s = db_stmt(d->w->db, SQL_case_open_usual);
	db_bind_u64(s, 1, o->id);
	db_bind_u64(s, 2, CASE_HOLD_PAGE_MAX);
	while (n < CASE_HOLD_PAGE_MAX) {
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			break;
		ids[n++] = db_u64(s, 0);
	}
	db_done(s);
	for (unsigned i = 0; i < n; i++)
		TRY(one_of_many(d, ids[i], CASES_COMMAND_HOLD, &a));
	o->ret_next = n == CASE_HOLD_PAGE_MAX ? ids[n - 1] : 0;
	if (o->ret_done == 0 && o->problem.err != ERR_OK)
		return o->problem.err; /* nothing was changed: the last one says why */
	o->problem = (struct problem){0};
	return o->ret_done > 0 ? deciding_answer(c, &a) : ERR_OK;
}

/* ---- attachments ---- */

enum err decide_attach(struct deciding *d, struct command *c)
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
	unsigned field, role;
	bool row = false, is_full;

	TRY(deciding_load(d, d->o->id));
	if (d->file.erased != 0)
		return ERR_GONE;
	if (d->o->hand == CASE_HAND_NEW)
		return deciding_wrong_secret(d, "secret");
	if (d->o->hand == CASE_HAND_SECRET)
		TRY(deciding_check_secret(d));
	TRY(deciding_read_role(d, &role));
	TRY(deciding_check_unit(d));
	field = case_field_find(d->file.type, given->field);
	if (field == CASES_NONE || d->file.type->fields[field].kind != CASES_FIELD_PHOTO)
		return deciding_refuse(d, ERR_BAD_INPUT, STR("field"), MSG_CASE_NO_FIELD,
				       given->field, STR(""));
	s = db_stmt(d->w->db, SQL_attachment_count);
	db_bind_u64(s, 1, d->file.id);
	db_bind_u64(s, 2, CASE_ATTACHMENTS_MAX);
	TRY(db_step(d->w->db, s, &row));
	is_full = row && db_u64(s, 0) >= CASE_ATTACHMENTS_MAX;
	db_done(s);
	if (is_full)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("field"), MSG_CASE_ATTACHMENTS,
				       STR("100"), STR(""));
	d->key_id = d->file.key_id;
	TRY(keyring_get(d->w->keys, d->key_id, &d->key));
	deciding_take_hand(d, d->o->follower);
	TRY(deciding_check_hand(d, false));
	TRY(deciding_permit(d, POLICY_ATTACH, CASES_COMMAND_COUNT));
	if (d->is_new_hand && d->file.hands_n == CASE_HANDS_MAX)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("case"), MSG_CASE_SIGNERS_FULL,
				       STR("128"), STR(""));
	deciding_seal_hand_of(d, &hand);
	data.has_hand = hand.has_hand;
	data.hand = hand.hand;
	data.prev = d->file.n;
	TRY(deciding_take_followers_key(d));
	attached_seal_key(&d->key, d->key_id, &given->key, d->w->entropy, box, &data.key);
	TRY(journal_append(&d->w->journal, &d->actor, KIND_CASE_ATTACHED, d->at_us, &data, &a));
	d->o->ret_id = d->file.id;
	d->o->ret_number = d->file.number;
	return deciding_answer(c, &a);
}
