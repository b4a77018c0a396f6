/* See access.h. */
#include "service/access.h"

#include "access_facts.h"

#include <stdlib.h>

void access_facts_of(const struct cases_shelf *shelf, const struct case_file *file,
		     struct access_facts *ret)
{
	const struct cases_type *t = file->type;
	unsigned confidential = t->known[CASES_KNOWN_CONFIDENTIAL];
	unsigned lead = case_unit(t, &file->now.rec, CASES_KNOWN_LEAD_UNIT);
	struct case_parties parties;

	*ret = (struct access_facts){.is_erased = file->erased != 0};
	ret->about.purpose = t->purpose.text;
	memcpy(ret->area, file->area, file->area_n);
	ret->about.area = (struct str){ret->area, file->area_n};
	if (lead != CASES_NONE)
		ret->about.lead_unit = shelf->now.units[lead].name.text;
	for (unsigned i = 0; i < file->now.parts_n; i++)
		ret->joint_units[i] = shelf->now.units[file->now.parts[i].unit].name.text;
	ret->about.joint_units = ret->joint_units;
	ret->about.joint_units_n = file->now.parts_n;
	case_parties_of(file->row.doc, &parties);
	if (parties.told.n > 0 && parties.told.n <= sizeof ret->told) {
		memcpy(ret->told, parties.told.p, parties.told.n);
		ret->about.told_units = (struct str){ret->told, parties.told.n};
	}
	/* closed, and back at work: it is live until its end */
	ret->about.closed_us = t->states[file->now.rec.state].is_final ? file->closed_us : 0;
	ret->about.is_confidential = confidential != CASES_NONE &&
				     (file->now.rec.filled >> confidential & 1) &&
				     file->now.rec.value[confidential] == 1;
}

bool access_reports(const struct case_file *file, const uint8_t handle[HANDLE_BYTES])
{
	for (unsigned i = 0; i < file->hands_n; i++)
		if (file->hands[i].reports &&
		    memcmp(file->hands[i].handle, handle, HANDLE_BYTES) == 0)
			return true;
	return false;
}

static enum err follower_key(struct reader *r, uint64_t id, uint64_t follower, uint64_t *ret)
{
	struct db_stmt *s;
	bool row = false;

	*ret = 0;
	if (follower > INT64_MAX)
		return ERR_OK;
	s = db_stmt(r->db, SQL_case_follower_get);
	db_bind_u64(s, 1, id);
	db_bind_u64(s, 2, follower);
	TRY(db_step(r->db, s, &row));
	if (!row)
		return ERR_OK;
	*ret = db_i64(s, 1) == 0 ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

static enum err holds_secret(struct reader *r, const struct case_file *file,
			     const struct access_person *who, bool *ret)
{
	uint64_t key_id = file->erased == 0 ? file->key_id : 0;
	uint64_t record = who->follower != 0 ? who->follower : file->id;
	uint8_t right[SEAL_SECRET_BYTES];
	struct seal_key key;
	enum err e;

	*ret = false;
	if (who->follower != 0)
		TRY(follower_key(r, file->id, who->follower, &key_id));
	e = key_id != 0 ? keyring_get(r->keys, key_id, &key) : ERR_GONE;
	if (e == ERR_GONE)
		return ERR_OK; /* an erased record has no secret any more */
	TRY(e);
	seal_record_secret(&key, record, right);
	seal_wipe(&key, sizeof key);
	*ret = seal_secret_eq(right, who->secret);
	return ERR_OK;
}

enum err access_person_of(struct reader *r, const struct case_file *file,
			  const struct access_person *who, struct access_facts *facts)
{
	uint8_t handle[HANDLE_BYTES];
	struct seal_key key;
	bool holds = false;
	enum err e;

	if (who->secret) {
		TRY(holds_secret(r, file, who, &holds));
		facts->about.is_reporter = holds && who->follower == 0;
		facts->about.is_follower = holds && who->follower != 0;
	}
	if (who->account.n == 0 || file->erased != 0)
		return ERR_OK;
	e = keyring_get(r->keys, file->key_id, &key);
	if (e == ERR_GONE)
		return ERR_OK;
	TRY(e);
	seal_hand(&key, who->account, handle);
	seal_wipe(&key, sizeof key);
	facts->about.is_reporter |= access_reports(file, handle);
	return ERR_OK;
}

enum err access_case(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
		     const struct access_person *who, struct access_facts *ret)
{
	struct case_file *file = malloc(sizeof *file);
	enum err e = file ? case_file_load(r->db, shelf, NULL, id, file) : ERR_NO_MEMORY;

	if (e == ERR_OK && who && !r->keys)
		e = ERR_KEYS;
	if (e == ERR_OK) {
		access_facts_of(shelf, file, ret);
		if (who)
			e = access_person_of(r, file, who, ret);
	}
	free(file);
	return e;
}

bool access_sees(const struct cases_book *book, const struct cases_field *field, struct str role,
		 unsigned lead_unit)
{
	unsigned own = CASES_NONE, acted;

	for (unsigned i = 0; i < book->roles_n; i++)
		if (str_eq(book->roles[i].name.text, role))
			own = i;
	if (own == CASES_NONE)
		return false;
	acted = cases_role_acted(book, own, lead_unit);
	for (unsigned i = 0; i < field->sees.n; i++)
		if (field->sees.v[i].index == own || field->sees.v[i].index == acted)
			return true;
	return false;
}

static bool opens(const struct cases_shelf *shelf, const struct case_file *file,
		  const struct policy_actor *actor, struct str name, int64_t now_us)
{
	unsigned i = case_field_find(file->type, name);
	unsigned lead = case_unit(file->type, &file->now.rec, CASES_KNOWN_LEAD_UNIT);
	struct policy_request q = {.action = POLICY_OPEN_FIELDS, .now_us = now_us};
	const struct cases_field *f;
	struct access_facts facts;

	if (i == CASES_NONE || !(file->now.rec.filled >> i & 1) || file->erased != 0)
		return false;
	f = &file->type->fields[i];
	access_facts_of(shelf, file, &facts);
	q.about = &facts.about;
	q.purpose = facts.about.purpose;
	q.item = f->item.text;
	q.field = f->item_field.text;
	return access_sees(&shelf->now, f, actor->role, lead) &&
	       policy_decide(shelf->policy, actor, &q).permit;
}

enum err access_opens(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
		      const struct policy_actor *actor, struct str field, int64_t now_us, bool *ret)
{
	struct case_file *file = malloc(sizeof *file);
	enum err e = file ? case_file_load(r->db, shelf, NULL, id, file) : ERR_NO_MEMORY;
	bool may = e == ERR_OK && opens(shelf, file, actor, field, now_us);

	free(file);
	if (e == ERR_OK || e == ERR_INTERNAL)
		*ret = may;
	return e == ERR_INTERNAL ? ERR_OK : e;
}

enum err access_why(struct reader *r, const struct cases_shelf *shelf, uint64_t id,
		    const struct policy_actor *actor, const struct access_person *who,
		    const struct policy_request *request, enum lang lang, struct buf *out,
		    bool *ret_permit)
{
	struct policy_request q = *request;
	struct policy_decision d;
	struct access_facts facts;

	TRY(access_case(r, shelf, id, who, &facts));
	q.about = &facts.about;
	d = policy_decide(shelf->policy, actor, &q);
	policy_why(shelf->policy, &shelf->now, actor, &q, &d, lang, out);
	if (ret_permit)
		*ret_permit = d.permit;
	return ERR_OK;
}

/* Who may, by the names of roles: the sentence stands in either language. Of a rule that holds, but
 * not here or now: those it is for. */
static struct str who_may(const struct policy *p, const struct policy_request *q,
			  const struct policy_decision *d, char memory[PROBLEM_ARG_BYTES_MAX])
{
	struct buf out = buf_over(memory, PROBLEM_ARG_BYTES_MAX);

	if (d->rule && d->reason > POLICY_NOT_THIS_FIELD)
		for (unsigned i = 0; i < d->rule->who.n; i++) {
			buf_put_z(&out, i > 0 ? ", " : "");
			buf_put_str(&out, d->rule->who.v[i].text);
		}
	else
		policy_put_who_names(p, q->action, q->item, q->field, &out);
	return out.n > 0 ? buf_str(&out) : STR("-");
}

enum err access_refuse(const struct policy *p, const struct policy_request *q,
		       const struct policy_decision *d, struct problem *ret)
{
	static const enum msg by_reason[POLICY_REASONS] = {
	    [POLICY_PERMITTED] = MSG_ACCESS_REFUSED,
	    [POLICY_NO_FILE] = MSG_ACCESS_NO_FILE,
	    [POLICY_NOT_THIS_ROLE] = MSG_ACCESS_REFUSED,
	    [POLICY_NOT_THIS_FIELD] = MSG_ACCESS_REFUSED,
	    [POLICY_NOT_THIS_PURPOSE] = MSG_ACCESS_PURPOSE,
	    [POLICY_NOT_HERE] = MSG_ACCESS_HERE,
	    [POLICY_OVER] = MSG_ACCESS_OVER,
	    [POLICY_HIDDEN] = MSG_ACCESS_HIDDEN,
	};
	char memory[PROBLEM_ARG_BYTES_MAX];
	const struct str args[] = {d->rule ? d->rule->id.text : STR("-"), who_may(p, q, d, memory)};

	return problem_set(ret, ERR_FORBIDDEN, STR("role"), by_reason[d->reason], args, 2);
}
