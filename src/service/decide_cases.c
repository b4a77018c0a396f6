/* Many cases by one order, and files attached to one. */
#include "deciding.h"

#include <stdlib.h>

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

/* What is wrong with the order itself, not with one of the cases: nobody of this role may, or it
 * lacks what it has to say. The first such problem is the order's where nothing was moved. */
static bool is_of_the_order(enum err e)
{
	return e == ERR_FORBIDDEN || e == ERR_BAD_INPUT;
}

/* One of several that cannot be moved is counted, and holds up no other. */
static enum err one_of_many(struct deciding *d, uint64_t id, enum cases_command command,
			    struct problem *said)
{
	uint64_t n_before = d->w->journal.n;
	struct appended a;
	enum err e;

	d->o->problem = (struct problem){0};
	TRY(db_savepoint(d->w->db));
	e = try_one(d, id, command, &a);
	if (e == ERR_OK) {
		d->o->ret_done++;
		return db_savepoint_release(d->w->db);
	}
	if (e != ERR_CONFLICT && e != ERR_FORBIDDEN && e != ERR_GONE && !deciding_is_of_the_case(e))
		return e;
	d->o->ret_refused++;
	if (said->err == ERR_OK && is_of_the_order(d->o->problem.err))
		*said = d->o->problem;
	return deciding_undo_one(d->w, n_before);
}

/* The ids that the statement gives, at most as many as one act looks at. */
static enum err take_ids(struct deciding *d, struct db_stmt *s, uint64_t ret[CASES_ORDERED_MAX],
			 unsigned *ret_n)
{
	unsigned n = 0;
	bool row = true;

	while (n < CASES_ORDERED_MAX) {
		TRY(db_step(d->w->db, s, &row));
		if (!row)
			break;
		ret[n++] = db_u64(s, 0);
	}
	db_done(s);
	*ret_n = n;
	return ERR_OK;
}

/* The act itself, after what it moved: under a key of its own, as it is no part of any case. */
static enum err put_act(struct deciding *d, enum cases_command command, struct command *c)
{
	struct case_order *o = d->o;
	struct cases_ordered data = {.command = str_of(cases_command_name(command)),
				     .mother = o->kind == CASE_ANSWER_CHILDREN ? o->id : 0,
				     .next = o->ret_next,
				     .done = o->ret_done,
				     .refused = o->ret_refused};
	struct actor actor = {.role = o->role, .unit = o->unit};
	struct appended a;
	struct seal_key key;
	enum err e;

	o->problem = (struct problem){0};
	o->ret_id = o->id;
	deciding_count_masked(d, NULL);
	decide_handle(d->w, &actor);
	keyring_take(d->w->keys, &data.key_id, &key);
	e = keyring_bind_handle(d->w->keys, actor.handle, data.key_id, &key, o->account);
	seal_wipe(&key, sizeof key);
	TRY(e);
	TRY(journal_append(&d->w->journal, &actor, KIND_CASES_ORDERED, d->at_us, &data, &a));
	return deciding_answer(c, &a);
}

enum err decide_children(struct deciding *d, struct command *c)
{
	uint64_t child[CASES_ORDERED_MAX];
	struct case_order *o = d->o;
	struct problem said = {0};
	struct db_stmt *s;
	unsigned n = 0;

	if (o->hand != CASE_HAND_ACCOUNT)
		return deciding_wrong_secret(d, "secret");
	TRY(deciding_load(d, o->id));
	TRY(deciding_permit_post(d, POLICY_DO_COMMAND));
	s = db_stmt(d->w->db, SQL_case_link_of_kind);
	db_bind_u64(s, 1, o->id);
	db_bind_i64(s, 2, CASE_TIE_CHILD);
	db_bind_u64(s, 3, CASES_ORDERED_MAX);
	TRY(take_ids(d, s, child, &n));
	for (unsigned i = 0; i < n; i++)
		TRY(one_of_many(d, child[i], CASES_COMMAND_MOTHER_ANSWER, &said));
	o->problem = said;
	if (o->ret_done == 0 && said.err != ERR_OK)
		return said.err;
	if (o->ret_done == 0)
		return deciding_refuse(d, ERR_CONFLICT, STR("case"), MSG_CASE_NO_CHILDREN, STR(""),
				       STR(""));
	return put_act(d, CASES_COMMAND_MOTHER_ANSWER, c);
}

/* ---- an emergency order ---- */

/* One recorded act, one entry a case it moves; what cannot be held is passed over. */
enum err decide_hold_all(struct deciding *d, struct command *c)
{
	uint64_t ids[CASES_ORDERED_MAX];
	struct case_order *o = d->o;
	struct problem said = {0};
	struct db_stmt *s;
	unsigned n = 0;

	if (o->hand != CASE_HAND_ACCOUNT)
		return deciding_wrong_secret(d, "secret");
	s = db_stmt(d->w->db, SQL_case_open_usual);
	db_bind_u64(s, 1, o->id);
	db_bind_u64(s, 2, CASES_ORDERED_MAX);
	TRY(take_ids(d, s, ids, &n));
	for (unsigned i = 0; i < n; i++)
		TRY(one_of_many(d, ids[i], CASES_COMMAND_HOLD, &said));
	o->ret_next = n == CASES_ORDERED_MAX ? ids[n - 1] : 0;
	o->problem = said;
	if (o->ret_done == 0 && said.err != ERR_OK)
		return said.err; /* nothing was changed */
	return put_act(d, CASES_COMMAND_HOLD, c);
}

/* What the act came to stands in its entry. */
enum err decide_ordered_again(struct writer *w, struct command *c)
{
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
	struct case_order *o = c->cases.order;
	const struct entry_value *tree_data;
	const struct cases_ordered *data;
	const void *decoded = NULL;
	struct deciding *d = NULL;
	struct entry_head head;
	struct entry_view v;
	struct arena a;
	void *tree = NULL;
	enum err e;

	arena_init(&a, memory, sizeof memory);
	TRY(deciding_of(w, &d));
	TRY(journal_entry(w->db, c->answer.n, w->journal.memory, &v));
	TRY(kind_parse(v.body, &a, &head, &tree, &tree_data));
	e = head.kind == KIND_CASES_ORDERED ? cases_ordered_decode(tree_data, &a, &decoded)
					    : ERR_CORRUPT;
	free(tree);
	TRY(e);
	data = decoded;
	o->ret_id = o->id;
	o->ret_done = data->done;
	o->ret_refused = data->refused;
	o->ret_next = data->next;
	d->o = o;
	o->ret_masked = (struct mask_counts){{0}};
	deciding_count_masked(d, NULL);
	return ERR_OK;
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
