/* See service/shifts.h. */
#include "service/shifts.h"

#include "base/check.h"
#include "service/kind_shift.h"
#include "service/kinds.h"

#include <stdlib.h>

#define ACCOUNT_FRONT "account:" /* of what is kept behind a handle */

enum err shifts_of_unit(struct db *db, struct str unit, struct shift ret[SHIFT_DESKS_MAX],
			unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_shift_list);
	unsigned n = 0;
	bool row = false;

	db_bind_text(s, 1, unit);
	db_bind_u64(s, 2, SHIFT_DESKS_MAX);
	for (;;) {
		struct shift *x = &ret[n];
		struct str role;
		struct bytes handle;
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		CHECK(n < SHIFT_DESKS_MAX);
		role = db_text(s, 3);
		handle = db_bytes(s, 4);
		if (role.n > SHIFT_ROLE_BYTES_MAX || handle.n != HANDLE_BYTES) {
			db_done(s);
			return ERR_CORRUPT;
		}
		*x = (struct shift){.desk = (unsigned)db_u64(s, 0),
				    .n = db_u64(s, 1),
				    .at_us = db_i64(s, 2),
				    .note = db_u64(s, 5)};
		memcpy(x->role_memory, role.p, role.n);
		x->role = (struct str){x->role_memory, role.n};
		memcpy(x->handle, handle.p, HANDLE_BYTES);
		n++;
	}
	*ret_n = n;
	return ERR_OK;
}

enum err shift_account(struct keyring *keys, const struct shift *s, uint64_t *ret)
{
	static const struct str front = {ACCOUNT_FRONT, sizeof ACCOUNT_FRONT - 1};
	char kept[HANDLE_ACCOUNT_MAX + 1];
	struct str text;
	uint64_t account = 0;
	enum err e = keyring_handle_account(keys, s->handle, kept);

	if (e != ERR_OK && e != ERR_NOT_FOUND && e != ERR_GONE)
		return e;
	text = e == ERR_OK ? str_of(kept) : STR("");
	if (text.n > front.n && memcmp(text.p, front.p, front.n) == 0 &&
	    !str_to_u64((struct str){text.p + front.n, text.n - front.n}, &account))
		return ERR_CORRUPT;
	*ret = account;
	return ERR_OK;
}

enum err shift_is_of(struct keyring *keys, const struct shift *s, uint64_t account, bool *ret)
{
	uint64_t kept = 0;

	TRY(shift_account(keys, s, &kept));
	*ret = kept == account;
	return ERR_OK;
}

enum err shift_queue_open(struct reader *r, struct str unit, uint64_t account, bool *ret)
{
	struct shift desks[SHIFT_DESKS_MAX];
	unsigned n = 0;
	bool is_open;

	TRY(shifts_of_unit(r->db, unit, desks, &n));
	is_open = n == 0;
	for (unsigned i = 0; i < n && !is_open; i++)
		TRY(shift_is_of(r->keys, &desks[i], account, &is_open));
	*ret = is_open;
	return ERR_OK;
}

static enum err decode_note(struct str body, struct arena *a, struct entry_head *head,
			    const struct shift_noted **ret)
{
	const void *decoded = NULL;
	const struct entry_value *data = NULL;
	void *tree = NULL;
	enum err e;

	TRY(kind_parse(body, a, head, &tree, &data));
	e = head->kind == KIND_SHIFT_NOTED ? shift_noted_decode(data, a, &decoded) : ERR_NOT_FOUND;
	free(tree);
	TRY(e);
	*ret = decoded;
	return ERR_OK;
}

enum err shift_read_note(struct reader *r, uint64_t n, struct shift_note *ret)
{
	char entry[ENTRY_BYTES_MAX];
	const struct shift_noted *noted = NULL;
	struct entry_view view;
	struct entry_head head;
	struct seal_key key;
	struct arena a;
	struct str text = {0};
	uint8_t *out;
	enum err e;

	CHECK(r->keys);
	arena_init(&a, ret->memory, sizeof ret->memory);
	TRY(journal_entry(r->db, n, entry, &view));
	TRY(decode_note(view.body, &a, &head, &noted));
	TRY(keyring_get(r->keys, noted->note.key_id, &key));
	out = arena_alloc(&a, noted->note.box.n);
	e = !out ? ERR_NO_MEMORY
		 : seal_open(&key, noted->note.key_id, SHIFT_FIELD_NOTE, noted->note.box,
			     &noted->note.h, out, &text);
	seal_wipe(&key, sizeof key);
	TRY(e);
	ret->n = n;
	ret->at_us = head.at_us;
	ret->text = text;
	return ERR_OK;
}
