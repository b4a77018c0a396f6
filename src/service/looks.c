/* See looks.h. */
#include "service/looks.h"

#include "access_facts.h"
#include "base/check.h"
#include "service/attachments.h"
#include "service/cases.h"
#include "service/kinds.h"

#include <stdlib.h>

/* ---- entries ---- */

/* An entry decoded into the arena. */
static enum err get_entry(struct db *db, uint64_t n, char *memory, struct arena *a,
			  struct entry_head *ret_head, const void **ret)
{
	struct entry_view view;
	const struct entry_value *data = NULL;
	void *tree = NULL;
	enum err e;

	TRY(journal_entry(db, n, memory, &view));
	TRY(kind_parse(view.body, a, ret_head, &tree, &data));
	e = service_kinds[ret_head->kind].decode(data, a, ret);
	free(tree);
	return e;
}

/* ---- texts ---- */

/* Texts of a record are sealed under its one key: it is asked for once, not for each text. */
struct last_key {
	struct reader *r;
	uint64_t id; /* 0: none yet */
	enum err err;
	struct seal_key key;
};

static enum err take_key(struct last_key *last, uint64_t id)
{
	bool going = false;

	if (last->id == id)
		return last->err;
	last->id = 0;
	/* from the COMMIT of the erasure on, also while the key is still there */
	TRY(outbox_waits_for(last->r->db, CHANNEL_KEY_DESTROY, id, &going));
	last->err = going ? ERR_GONE : keyring_get(last->r->keys, id, &last->key);
	if (last->err == ERR_OK || last->err == ERR_GONE)
		last->id = id;
	return last->err;
}

static enum err open_value(struct last_key *last, const struct sealed *v, struct str field,
			   struct arena *a, struct str *ret)
{
	uint8_t *out;

	TRY(take_key(last, v->key_id));
	out = arena_alloc(a, v->box.n);
	return !out ? ERR_NO_MEMORY
		    : seal_open(&last->key, v->key_id, field, v->box, &v->h, out, ret);
}

static bool is_of_the_text(enum err e)
{
	return e == ERR_GONE || e == ERR_NOT_FOUND;
}

/* Every text that stands in entry n. */
static enum err open_entry(struct last_key *last, uint64_t n, struct arena *a, struct look_text *v,
			   unsigned count)
{
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
	const struct case_entry *entry = NULL;
	struct entry_head head;
	struct arena scratch;
	enum err e;

	arena_init(&scratch, memory, sizeof memory);
	e = cases_entry(last->r->db, n, &scratch, &head, &entry);
	for (unsigned i = 0; i < count && (e == ERR_OK || e == ERR_NOT_FOUND); i++) {
		enum err one = ERR_NOT_FOUND;
		if (v[i].n != n || v[i].is_file)
			continue;
		for (unsigned k = 0; e == ERR_OK && k < entry->sealed_n; k++)
			if (str_eq(entry->sealed[k].field, v[i].field))
				one = open_value(last, &entry->sealed[k].value, v[i].field, a,
						 &v[i].text);
		if (one != ERR_OK && !is_of_the_text(one))
			return one;
		v[i].err = one;
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Entry by entry, each read once. */
static enum err open_all(struct reader *r, struct arena *a, struct look_text *v, unsigned n)
{
	struct last_key last = {.r = r};
	enum err e = ERR_OK;

	for (unsigned i = 0; i < n && e == ERR_OK; i++) {
		bool is_done = v[i].is_file;
		for (unsigned k = 0; k < i; k++)
			is_done |= v[k].n == v[i].n && !v[k].is_file;
		if (!is_done)
			e = open_entry(&last, v[i].n, a, v, n);
	}
	seal_wipe(&last, sizeof last);
	return e;
}

static enum err is_attachment(struct db *db, uint64_t n, uint64_t id, bool *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_attachment_of_case);

	db_bind_u64(s, 1, n);
	db_bind_u64(s, 2, id);
	TRY(db_step(db, s, ret));
	db_done(s);
	return ERR_OK;
}

static enum err open_look(struct reader *r, uint64_t n, struct arena *a, struct look_text *ret,
			  unsigned *ret_n)
{
	_Alignas(16) char memory[2 * ENTRY_BYTES_MAX];
	char entry[ENTRY_BYTES_MAX];
	const struct look *look;
	const void *decoded = NULL;
	struct entry_head head;
	struct arena scratch;

	arena_init(&scratch, memory, sizeof memory);
	TRY(get_entry(r->db, n, entry, &scratch, &head, &decoded));
	if (head.kind != KIND_LOOK)
		return ERR_NOT_FOUND;
	look = decoded;
	for (unsigned i = 0; i < look->at_n; i++) {
		ret[i] = (struct look_text){.field = arena_copy(a, look->at[i].field),
					    .n = look->at[i].n};
		if (!ret[i].field.p)
			return ERR_NO_MEMORY;
		TRY(is_attachment(r->db, ret[i].n, look->case_id, &ret[i].is_file));
	}
	TRY(open_all(r, a, ret, look->at_n));
	*ret_n = look->at_n;
	return ERR_OK;
}

/* In one transaction: each statement of its own would take and give back the locks of the file. */
enum err looks_open(struct reader *r, uint64_t n, struct arena *a, struct look_text *ret,
		    unsigned *ret_n)
{
	enum err e;

	if (!r->keys)
		return ERR_KEYS;
	TRY(db_begin_read(r->db));
	e = open_look(r, n, a, ret, ret_n);
	db_rollback(r->db);
	return e;
}

/* ---- one's own ---- */

struct own {
	struct reader *r;
	const struct cases_shelf *shelf;
	const struct access_person *who;
	struct case_file *file;
	struct access_facts facts;
	uint8_t handle[HANDLE_BYTES]; /* in this record */
	int64_t now_us;
	struct arena *a;
	struct look_text *out;
	unsigned out_n;
	struct problem *problem;
};

/* The handle under which this person acted here (deciding_take_hand). */
static enum err take_handle(struct own *o)
{
	char account[HANDLE_ACCOUNT_MAX];
	struct buf name = buf_over(account, sizeof account);
	struct seal_key key;

	if (o->who->follower != 0) {
		buf_put_z(&name, "\nfollower:");
		buf_put_u64(&name, o->who->follower);
	} else if (o->who->secret) {
		buf_put_z(&name, "\nreporter");
	} else {
		buf_put_str(&name, o->who->account);
	}
	TRY(keyring_get(o->r->keys, o->file->key_id, &key));
	seal_hand(&key, buf_str(&name), o->handle);
	seal_wipe(&key, sizeof key);
	return ERR_OK;
}

static enum err is_of_case(struct own *o, const struct cases_field *field, uint64_t n, bool *ret)
{
	struct db_stmt *s;
	bool row = false;

	*ret = false;
	if (n == 0 || n > INT64_MAX)
		return ERR_OK;
	if (field->kind == CASES_FIELD_PHOTO)
		return is_attachment(o->r->db, n, o->file->id, ret);
	s = db_stmt(o->r->db, SQL_look_entry);
	db_bind_u64(s, 1, n);
	TRY(db_step(o->r->db, s, &row));
	*ret = row && db_u64(s, 0) == o->file->id;
	db_done(s);
	return ERR_OK;
}

/* Did this person write the entry? */
static enum err wrote(struct own *o, uint64_t n, bool *ret)
{
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
	char entry[ENTRY_BYTES_MAX];
	const void *decoded = NULL;
	struct entry_head head;
	struct arena scratch;

	arena_init(&scratch, memory, sizeof memory);
	TRY(get_entry(o->r->db, n, entry, &scratch, &head, &decoded));
	*ret = head.actor.has_handle && memcmp(head.actor.handle, o->handle, HANDLE_BYTES) == 0;
	if (o->who->follower != 0 && n == o->who->follower)
		*ret = true;
	return ERR_OK;
}

/* The words of a follower's own record are no part of the reporter's. */
static enum err is_of_a_follower(struct own *o, uint64_t n, bool *ret)
{
	struct db_stmt *s = db_stmt(o->r->db, SQL_case_follower_get);

	db_bind_u64(s, 1, o->file->id);
	db_bind_u64(s, 2, n);
	TRY(db_step(o->r->db, s, ret));
	db_done(s);
	return ERR_OK;
}

static enum err may_open(struct own *o, const struct cases_field *field, uint64_t n,
			 struct look_field *f)
{
	const struct policy_actor actor = {.kind = o->who->secret ? POLICY_HOLDER : POLICY_ACCOUNT};
	struct policy_case about = o->facts.about;
	struct policy_request q = {.action = field->kind == CASES_FIELD_PHOTO
						 ? POLICY_OPEN_ATTACHMENT
						 : POLICY_OPEN_FIELDS,
				   .item = field->item.text,
				   .field = field->item_field.text,
				   .about = &about,
				   .now_us = o->now_us};
	struct policy_decision d;
	bool is_own = false, is_others = false;

	TRY(wrote(o, n, &is_own));
	TRY(is_of_a_follower(o, n, &is_others));
	if (!is_own && (is_others || !about.is_reporter ||
			!access_sees(&o->shelf->now, field, STR(CASE_ROLE_REPORTER), CASES_NONE)))
		about.is_reporter = about.is_follower = false;
	d = policy_decide(o->shelf->policy, &actor, &q);
	f->reason = d.reason;
	/* what staff may open is no way around the look */
	if (d.permit && (d.obligations & POLICY_WRITE_LOOK))
		f->reason = POLICY_NOT_HERE;
	return f->reason == POLICY_PERMITTED ? ERR_OK
					     : access_refuse(o->shelf->policy, &q, &d, o->problem);
}

static enum err own_field(struct own *o, struct look_field *f)
{
	unsigned index = case_field_find(o->file->type, f->field);
	const struct cases_field *field;
	const struct str args[] = {f->field};
	bool is_here = false;
	enum err e;

	if (index == CASES_NONE)
		return problem_set(o->problem, ERR_BAD_INPUT, f->field, MSG_CASE_NO_FIELD, args, 1);
	field = &o->file->type->fields[index];
	if (field->kind != CASES_FIELD_TEXT && field->kind != CASES_FIELD_PHOTO)
		return problem_set(o->problem, ERR_BAD_INPUT, f->field, MSG_LOOK_NOT_SEALED, args,
				   1);
	if (f->n == 0 && (o->file->now.rec.filled >> index & 1))
		f->n = (uint64_t)o->file->now.rec.value[index];
	TRY(is_of_case(o, field, f->n, &is_here));
	f->is_away = !is_here;
	f->reason = POLICY_PERMITTED;
	if (!is_here)
		return ERR_OK;
	e = may_open(o, field, f->n, f);
	if (e == ERR_FORBIDDEN)
		return ERR_OK;
	TRY(e);
	o->out[o->out_n++] = (struct look_text){
	    .field = field->name.text, .n = f->n, .is_file = field->kind == CASES_FIELD_PHOTO};
	return ERR_OK;
}

static enum err open_own(struct own *o, struct look_field *fields, unsigned fields_n)
{
	if (o->file->erased != 0)
		return ERR_GONE;
	access_facts_of(o->shelf, o->file, &o->facts);
	TRY(access_person_of(o->r, o->file, o->who, &o->facts));
	if (!o->facts.about.is_reporter && !o->facts.about.is_follower)
		return problem_set(o->problem, ERR_FORBIDDEN, STR("secret"), MSG_CASE_WRONG_SECRET,
				   NULL, 0);
	TRY(take_handle(o));
	*o->problem = (struct problem){0};
	for (unsigned i = 0; i < fields_n; i++)
		TRY(own_field(o, &fields[i]));
	if (o->out_n == 0)
		return o->problem->err != ERR_OK
			   ? o->problem->err
			   : problem_set(o->problem, ERR_NOT_FOUND, fields[0].field, MSG_LOOK_AWAY,
					 NULL, 0);
	for (unsigned i = 0; i < o->out_n; i++) {
		o->out[i].field = arena_copy(o->a, o->out[i].field);
		if (!o->out[i].field.p)
			return ERR_NO_MEMORY;
	}
	return open_all(o->r, o->a, o->out, o->out_n);
}

enum err looks_open_own(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
			const struct access_person *who, struct look_field *fields,
			unsigned fields_n, int64_t now_us, struct arena *a, struct look_text *ret,
			unsigned *ret_n, struct problem *problem)
{
	struct own *o = calloc(1, sizeof *o);
	enum err e = o ? ERR_OK : ERR_NO_MEMORY;

	CHECK(fields_n > 0 && fields_n <= LOOK_FIELDS_MAX);
	if (e == ERR_OK) {
		*o = (struct own){.r = r,
				  .shelf = shelf,
				  .who = who,
				  .file = malloc(sizeof *o->file),
				  .now_us = now_us,
				  .a = a,
				  .out = ret,
				  .problem = problem};
		e = !o->file ? ERR_NO_MEMORY : !r->keys ? ERR_KEYS : ERR_OK;
	}
	if (e == ERR_OK)
		e = case_file_load(r->db, shelf, NULL, id, o->file);
	if (e == ERR_OK)
		e = open_own(o, fields, fields_n);
	if (e == ERR_OK)
		*ret_n = o->out_n;
	if (o)
		free(o->file);
	free(o);
	return e;
}

/* ---- who looked ---- */

/* Only the part of the look that is this record's. */
static enum err keep_part(struct db *db, uint64_t id, uint64_t record, struct look *look)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < look->at_n; i++) {
		struct db_stmt *s = db_stmt(db, SQL_case_follower_get);
		bool is_followers = false;
		db_bind_u64(s, 1, id);
		db_bind_u64(s, 2, look->at[i].n);
		TRY(db_step(db, s, &is_followers));
		db_done(s);
		if (record == 0 ? !is_followers : look->at[i].n == record)
			look->at[kept++] = look->at[i];
	}
	look->at_n = kept;
	return ERR_OK;
}

static enum err tell(struct reader *r, uint64_t id, uint64_t record, uint64_t n, look_row_fn *each,
		     void *ctx)
{
	_Alignas(16) char memory[2 * ENTRY_BYTES_MAX];
	char entry[ENTRY_BYTES_MAX];
	const void *decoded = NULL;
	struct entry_head head;
	struct look_row row;
	struct look look;
	struct arena scratch;

	arena_init(&scratch, memory, sizeof memory);
	TRY(get_entry(r->db, n, entry, &scratch, &head, &decoded));
	if (head.kind != KIND_LOOK)
		return ERR_CORRUPT;
	look = *(const struct look *)decoded;
	look.has_hand = false; /* who it was stays sealed */
	look.hand = (struct sealed){0};
	TRY(keep_part(r->db, id, record, &look));
	if (look.at_n == 0)
		return ERR_OK;
	row = (struct look_row){.n = n,
				.case_id = id,
				.at_us = head.at_us,
				.role = head.actor.role,
				.unit = head.actor.unit,
				.look = &look};
	return each(ctx, &row);
}

enum err looks_of_case(struct reader *r, uint64_t id, uint64_t record, uint64_t before,
		       unsigned limit, look_row_fn *each, void *ctx, uint64_t *ret_next)
{
	uint64_t n[LOOKS_PAGE_MAX];
	struct db_stmt *s;
	unsigned count = 0;
	bool row = true;

	CHECK(limit > 0 && limit <= LOOKS_PAGE_MAX);
	if (id == 0 || id > INT64_MAX)
		return ERR_NOT_FOUND;
	s = db_stmt(r->db, SQL_look_list);
	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	db_bind_u64(s, 3, limit);
	while (count < limit) {
		TRY(db_step(r->db, s, &row));
		if (!row)
			break;
		n[count++] = db_u64(s, 0);
	}
	db_done(s);
	for (unsigned i = 0; i < count; i++)
		TRY(tell(r, id, record, n[i], each, ctx));
	*ret_next = count == limit ? n[count - 1] : 0;
	return ERR_OK;
}

enum err looks_of_account(struct reader *r, const struct cases_shelf *shelf, struct str account,
			  const uint64_t *ids, unsigned ids_n, look_row_fn *each, void *ctx)
{
	const struct access_person who = {.account = account};

	for (unsigned i = 0; i < ids_n; i++) {
		struct access_facts facts;
		uint64_t next = 0;
		enum err e = access_case(r, shelf, ids[i], &who, &facts);
		if (e == ERR_NOT_FOUND || e == ERR_INTERNAL)
			continue;
		TRY(e);
		if (facts.about.is_reporter)
			TRY(looks_of_case(r, ids[i], 0, 0, LOOKS_PAGE_MAX, each, ctx, &next));
	}
	return ERR_OK;
}
