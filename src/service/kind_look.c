/* look, as an entry and as a row. apply only copies. */
#include "service/kind_look.h"

#include "service/kind_case.h"
#include "service/kinds.h"

#define MEMBERS 7u

/* Bytewise, as keys of an entry are ordered. */
static int compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* The fields of a look ascend, so that each is one key with its entries. */
static void put_fields(struct entry_writer *w, const struct look *d)
{
	entry_key(w, "fields");
	entry_object(w);
	for (unsigned i = 0; i < d->at_n; i++) {
		bool is_first = i == 0 || !str_eq(d->at[i - 1].field, d->at[i].field);
		bool is_last = i + 1 == d->at_n || !str_eq(d->at[i + 1].field, d->at[i].field);
		if (is_first) {
			entry_key_str(w, d->at[i].field);
			entry_array(w);
		}
		entry_int(w, (int64_t)d->at[i].n);
		if (is_last)
			entry_close(w);
	}
	entry_close(w);
}

void look_encode(struct entry_writer *w, const void *data)
{
	const struct look *d = data;

	entry_key(w, "case");
	entry_int(w, (int64_t)d->case_id);
	entry_key(w, "exceptional");
	entry_bool(w, d->is_exceptional);
	put_fields(w, d);
	if (d->has_hand) {
		kind_put_sealed(w, "hand", &d->hand);
	} else {
		entry_key(w, "hand");
		entry_object(w);
		entry_close(w);
	}
	entry_key(w, "policy");
	entry_int(w, (int64_t)d->policy_n);
	entry_key(w, "purpose");
	entry_str(w, d->purpose);
	entry_key(w, "rules");
	entry_array(w);
	for (unsigned i = 0; i < d->rules_n; i++)
		entry_str(w, d->rules[i]);
	entry_close(w);
}

static enum err copy_name(struct str text, struct arena *a, struct str *ret)
{
	if (text.n == 0 || text.n > CASES_NAME_BYTES_MAX)
		return ERR_CORRUPT;
	*ret = arena_copy(a, text);
	return ret->p ? ERR_OK : ERR_NO_MEMORY;
}

static enum err get_field(const struct entry_value *list, struct arena *a, struct look *d)
{
	struct str field = {0};

	TRY(copy_name(entry_key_of(list), a, &field));
	if (!entry_is(list, ENTRY_ARRAY) || entry_size(list) == 0)
		return ERR_CORRUPT;
	for (size_t i = 0; i < entry_size(list); i++) {
		const struct entry_value *n = entry_at(list, i);
		if (d->at_n == LOOK_FIELDS_MAX || !entry_is(n, ENTRY_INT) || n->number <= 0)
			return ERR_CORRUPT;
		d->at[d->at_n++] = (struct look_at){field, (uint64_t)n->number};
	}
	return ERR_OK;
}

static enum err get_fields(const struct entry_value *data, struct arena *a, struct look *d)
{
	const struct entry_value *fields = entry_get(data, "fields");

	if (!entry_is(fields, ENTRY_OBJECT) || entry_size(fields) == 0)
		return ERR_CORRUPT;
	for (const struct entry_value *v = entry_first(fields); v; v = entry_next(fields, v))
		TRY(get_field(v, a, d));
	for (unsigned i = 1; i < d->at_n; i++) {
		int c = compare(d->at[i - 1].field, d->at[i].field);
		if (c > 0 || (c == 0 && d->at[i - 1].n >= d->at[i].n))
			return ERR_CORRUPT;
	}
	return ERR_OK;
}

static enum err get_rules(const struct entry_value *data, struct arena *a, struct look *d)
{
	const struct entry_value *rules = entry_get(data, "rules");

	if (!entry_is(rules, ENTRY_ARRAY) || entry_size(rules) == 0 ||
	    entry_size(rules) > LOOK_RULES_MAX)
		return ERR_CORRUPT;
	for (size_t i = 0; i < entry_size(rules); i++) {
		const struct entry_value *rule = entry_at(rules, i);
		if (!entry_is(rule, ENTRY_STR))
			return ERR_CORRUPT;
		TRY(copy_name(rule->text, a, &d->rules[d->rules_n++]));
		if (i > 0 && compare(d->rules[i - 1], d->rules[i]) >= 0)
			return ERR_CORRUPT;
	}
	return ERR_OK;
}

enum err look_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct look *d = arena_alloc(a, sizeof *d);
	const struct entry_value *hand = entry_get(data, "hand");

	if (!d)
		return ERR_NO_MEMORY;
	if (entry_size(data) != MEMBERS || !entry_is(hand, ENTRY_OBJECT))
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "case", &d->case_id));
	TRY(kind_get_bool(data, "exceptional", &d->is_exceptional));
	TRY(get_fields(data, a, d));
	d->has_hand = entry_size(hand) > 0;
	if (d->has_hand)
		TRY(kind_get_sealed(data, "hand", a, &d->hand));
	TRY(kind_get_u64(data, "policy", &d->policy_n));
	TRY(kind_get_str(data, "purpose", a, &d->purpose));
	TRY(get_rules(data, a, d));
	if (d->case_id == 0 || d->purpose.n == 0 || d->purpose.n > CASES_NAME_BYTES_MAX)
		return ERR_CORRUPT;
	*ret = d;
	return ERR_OK;
}

enum err look_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct look *d = data;
	struct db_stmt *s = db_stmt(db, SQL_look_insert);

	db_bind_u64(s, 1, d->case_id);
	db_bind_u64(s, 2, head->n);
	TRY(db_run(db, s));
	return d->has_hand ? case_take_hand(db, head, d->case_id, &d->hand) : ERR_OK;
}
