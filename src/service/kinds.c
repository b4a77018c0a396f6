/* The kinds of entries: written, read back, applied. apply only copies. */
#include "service/kinds.h"

#include "base/check.h"
#include "journal/journal.h"
#include "service/kind_account.h"
#include "service/kind_case.h"
#include "service/kind_attachment.h"
#include "service/kind_look.h"
#include "service/kind_place.h"
#include "service/kind_device.h"
#include "service/kind_duty.h"
#include "service/kind_finding.h"
#include "service/kind_shift.h"

static void put_hash(struct entry_writer *w, const char *key, const struct hash32 *h)
{
	entry_key(w, key);
	entry_hex(w, h->b, HASH_BYTES);
}

static enum err size_is(const struct entry_value *data, size_t members)
{
	return entry_size(data) == members ? ERR_OK : ERR_CORRUPT;
}

/* Allocate the kind's struct as `name`, leave where the arena is full. */
#define DECODED(type, name)                                                                        \
	struct type *name = arena_alloc(a, sizeof *name);                                          \
	if (!name)                                                                                 \
	return ERR_NO_MEMORY

/* ---- journal.opened ---- */

static void opened_encode(struct entry_writer *w, const void *data)
{
	const struct journal_opened *d = data;
	char digits[13];

	snprintf(digits, sizeof digits, "%012llu",
		 (unsigned long long)d->community % 1000000000000u);
	entry_key(w, "community");
	entry_str(w, str_of(digits));
	entry_key(w, "demo");
	entry_bool(w, d->demo);
	entry_key(w, "key");
	entry_str(w, d->key);
	entry_key(w, "zone");
	entry_str(w, d->zone);
}

static enum err opened_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct str code = {0};
	DECODED(journal_opened, d);

	TRY(size_is(data, 4));
	TRY(kind_get_str(data, "community", a, &code));
	TRY(kind_get_bool(data, "demo", &d->demo));
	TRY(kind_get_str(data, "key", a, &d->key));
	TRY(kind_get_str(data, "zone", a, &d->zone));
	if (code.n != 12)
		return ERR_CORRUPT;
	while (code.n > 1 && code.p[0] == '0') {
		code.p++;
		code.n--;
	}
	if (!str_to_u64(code, &d->community))
		return ERR_CORRUPT;
	*ret = d;
	return ERR_OK;
}

static enum err opened_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct journal_opened *d = data;
	struct db_stmt *s = db_stmt(db, SQL_community_insert);
	struct note_verifier v;

	(void)head;
	TRY(note_vkey_parse(d->key, &v));
	db_bind_u64(s, 1, d->community);
	db_bind_i64(s, 2, d->demo);
	db_bind_text(s, 3, d->zone);
	db_bind_text(s, 4, d->key);
	db_bind_i64(s, 5, 1);
	db_bind_text(s, 6, str_of(v.name));
	return db_run(db, s);
}

/* ---- journal.reopened ---- */

static void reopened_encode(struct entry_writer *w, const void *data)
{
	const struct journal_reopened *d = data;

	entry_key(w, "epoch");
	entry_int(w, (int64_t)d->epoch);
	entry_key(w, "key");
	entry_str(w, d->key);
	entry_key(w, "link");
	entry_str(w, d->link);
}

static enum err reopened_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(journal_reopened, d);

	TRY(size_is(data, 3));
	TRY(kind_get_u64(data, "epoch", &d->epoch));
	TRY(kind_get_str(data, "key", a, &d->key));
	TRY(kind_get_str(data, "link", a, &d->link));
	*ret = d;
	return ERR_OK;
}

static enum err reopened_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct journal_reopened *d = data;
	struct db_stmt *s = db_stmt(db, SQL_community_epoch);
	struct note_verifier v;

	(void)head;
	TRY(note_vkey_parse(d->key, &v));
	db_bind_u64(s, 1, d->epoch);
	db_bind_text(s, 2, str_of(v.name));
	db_bind_text(s, 3, d->key);
	return db_run(db, s);
}

/* ---- file.loaded ---- */

static void file_encode(struct entry_writer *w, const void *data)
{
	const struct file_loaded *d = data;

	entry_key(w, "bytes");
	entry_int(w, (int64_t)d->bytes);
	entry_key(w, "path");
	entry_str(w, d->path);
	put_hash(w, "sha256", &d->sha256);
}

static enum err file_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct str hex = {0};
	DECODED(file_loaded, d);

	TRY(size_is(data, 3));
	TRY(kind_get_u64(data, "bytes", &d->bytes));
	TRY(kind_get_str(data, "path", a, &d->path));
	TRY(kind_get_str(data, "sha256", a, &hex));
	if (!hex_decode(hex, d->sha256.b, HASH_BYTES))
		return ERR_CORRUPT;
	*ret = d;
	return ERR_OK;
}

static enum err file_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct file_loaded *d = data;
	struct db_stmt *s = db_stmt(db, SQL_file_insert);

	db_bind_text(s, 1, d->path);
	db_bind_u64(s, 2, head->n);
	db_bind_bytes(s, 3, d->sha256.b, HASH_BYTES);
	db_bind_u64(s, 4, d->bytes);
	return db_run(db, s);
}

/* ---- file.withdrawn ---- */

static void withdrawn_encode(struct entry_writer *w, const void *data)
{
	const struct file_withdrawn *d = data;

	entry_key(w, "path");
	entry_str(w, d->path);
	entry_key(w, "was");
	entry_int(w, (int64_t)d->was);
}

static enum err withdrawn_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(file_withdrawn, d);

	TRY(size_is(data, 2));
	TRY(kind_get_str(data, "path", a, &d->path));
	TRY(kind_get_u64(data, "was", &d->was));
	*ret = d;
	return ERR_OK;
}

/* A version without a hash: nothing of that path is in force from here on. */
static enum err withdrawn_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct file_withdrawn *d = data;
	struct db_stmt *s = db_stmt(db, SQL_file_insert);

	db_bind_text(s, 1, d->path);
	db_bind_u64(s, 2, head->n);
	db_bind_bytes(s, 3, NULL, 0);
	db_bind_u64(s, 4, 0);
	return db_run(db, s);
}

/* ---- line.written ---- */

static void line_encode(struct entry_writer *w, const void *data)
{
	const struct line_written *d = data;

	kind_put_sealed(w, "text", &d->text);
}

static enum err line_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	DECODED(line_written, d);

	TRY(size_is(data, 1));
	TRY(kind_get_sealed(data, "text", a, &d->text));
	*ret = d;
	return ERR_OK;
}

enum err kind_uses_key(struct db *db, uint64_t key_id)
{
	struct db_stmt *s = db_stmt(db, SQL_key_used_raise);

	db_bind_u64(s, 1, key_id);
	return db_run(db, s);
}

enum err kind_changes_wall(struct db *db, const struct entry_head *head)
{
	struct db_stmt *s = db_stmt(db, SQL_wall_set);

	db_bind_u64(s, 1, head->n);
	return db_run(db, s);
}

static enum err line_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct line_written *d = data;
	struct db_stmt *s = db_stmt(db, SQL_line_insert);

	db_bind_u64(s, 1, head->n);
	db_bind_i64(s, 2, head->at_us);
	db_bind_u64(s, 3, d->text.key_id);
	TRY(db_run(db, s));
	return kind_uses_key(db, d->text.key_id);
}

/* ---- record.erased ---- */

static void erased_encode(struct entry_writer *w, const void *data)
{
	const struct record_erased *d = data;

	entry_key(w, "keys");
	entry_array(w);
	for (size_t i = 0; i < d->keys_n; i++)
		entry_int(w, (int64_t)d->keys[i]);
	entry_close(w);
	entry_key(w, "reason");
	entry_str(w, d->reason);
	entry_key(w, "record");
	entry_int(w, (int64_t)d->record);
}

static enum err erased_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	const struct entry_value *keys = entry_get(data, "keys");
	uint64_t *ids;
	DECODED(record_erased, d);

	TRY(size_is(data, 3));
	TRY(kind_get_str(data, "reason", a, &d->reason));
	TRY(kind_get_u64(data, "record", &d->record));
	if (!entry_is(keys, ENTRY_ARRAY) || entry_size(keys) > ERASED_KEYS_MAX)
		return ERR_CORRUPT;
	d->keys_n = entry_size(keys);
	ids = arena_alloc(a, d->keys_n * sizeof *ids);
	if (!ids)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < d->keys_n; i++) {
		const struct entry_value *v = entry_at(keys, i);
		if (!entry_is(v, ENTRY_INT) || v->number <= 0)
			return ERR_CORRUPT;
		ids[i] = (uint64_t)v->number;
	}
	d->keys = ids;
	*ret = d;
	return ERR_OK;
}

static enum err run_of_record(struct db *db, enum sql sql, uint64_t record, uint64_t n)
{
	struct db_stmt *s = db_stmt(db, sql);

	db_bind_u64(s, 1, record);
	db_bind_u64(s, 2, n);
	return db_run(db, s);
}

/* An owner erases their own record; an order and retention erase those of the followers, too. */
static enum err case_erased_apply(struct db *db, uint64_t n, const struct record_erased *d)
{
	struct db_stmt *s;

	TRY(run_of_record(db, SQL_case_erase, d->record, n));
	if (db_changes(db) == 0)
		return run_of_record(db, SQL_case_follower_erase, d->record, n);
	if (str_eq(d->reason, STR(ERASED_BY_OWNER)))
		return ERR_OK;
	TRY(run_of_record(db, SQL_case_followers_erase, d->record, n));
	if (!str_eq(d->reason, STR(ERASED_BY_RETENTION)))
		return ERR_OK;
	s = db_stmt(db, SQL_case_forgotten);
	db_bind_u64(s, 1, d->record);
	return db_run(db, s);
}

static enum err erased_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct record_erased *d = data;

	TRY(run_of_record(db, SQL_line_erase, d->record, head->n));
	if (db_changes(db) > 0)
		return ERR_OK;
	TRY(run_of_record(db, SQL_account_erase, d->record, head->n));
	if (db_changes(db) > 0)
		return ERR_OK;
	return case_erased_apply(db, head->n, d);
}

/* ---- clock.confirmed ---- */

static void clock_encode(struct entry_writer *w, const void *data)
{
	const struct clock_confirmed *d = data;

	entry_key(w, "from");
	entry_int(w, d->from_us);
	entry_key(w, "to");
	entry_int(w, d->to_us);
}

static enum err clock_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	uint64_t from = 0, to = 0;
	DECODED(clock_confirmed, d);

	TRY(size_is(data, 2));
	TRY(kind_get_u64(data, "from", &from));
	TRY(kind_get_u64(data, "to", &to));
	d->from_us = (int64_t)from;
	d->to_us = (int64_t)to;
	*ret = d;
	return ERR_OK;
}

/* A fact for readers of the journal; no row changes. */
static enum err clock_apply(struct db *db, const struct entry_head *head, const void *data)
{
	(void)db;
	(void)head;
	(void)data;
	return ERR_OK;
}

const struct kind_ops service_kinds[KIND_COUNT] = {
	[KIND_JOURNAL_OPENED] = {opened_encode, opened_decode, opened_apply},
	[KIND_JOURNAL_REOPENED] = {reopened_encode, reopened_decode, reopened_apply},
	[KIND_FILE_LOADED] = {file_encode, file_decode, file_apply},
	[KIND_FILE_WITHDRAWN] = {withdrawn_encode, withdrawn_decode, withdrawn_apply},
	[KIND_LINE_WRITTEN] = {line_encode, line_decode, line_apply},
	[KIND_RECORD_ERASED] = {erased_encode, erased_decode, erased_apply},
	[KIND_CLOCK_CONFIRMED] = {clock_encode, clock_decode, clock_apply},
	[KIND_DEMO_CLOCK_MOVED] = {clock_encode, clock_decode, clock_apply},
	[KIND_PLACE_SET] = {place_encode, place_decode, place_apply},
	[KIND_CASE_HANDED_IN] = {case_new_encode, case_new_decode, case_apply},
	[KIND_CASE_MOVED] = {case_moved_encode, case_moved_decode, case_apply},
	[KIND_CASE_IMPORTED] = {case_imported_encode, case_imported_decode, case_apply},
	[KIND_CASE_FOUND] = {case_found_encode, case_found_decode, case_found_apply},
	[KIND_CASES_ORDERED] = {cases_ordered_encode, cases_ordered_decode, cases_ordered_apply},
	[KIND_CASE_ATTACHED] = {attached_encode, attached_decode, attached_apply},
	[KIND_ACCOUNT_MADE] = {account_made_encode, account_made_decode, account_made_apply},
	[KIND_ACCOUNT_CHANGED] = {account_changed_encode, account_changed_decode,
				  account_changed_apply},
	[KIND_ACCOUNT_ENDED] = {account_ended_encode, account_ended_decode, account_ended_apply},
	[KIND_ACCOUNT_SECRET_SET] = {account_secret_encode, account_secret_decode,
				     account_secret_apply},
	[KIND_LOOK] = {look_encode, look_decode, look_apply},
	[KIND_SHIFT_OPENED] = {shift_opened_encode, shift_opened_decode, shift_opened_apply},
	[KIND_SHIFT_NOTED] = {shift_noted_encode, shift_noted_decode, shift_noted_apply},
	[KIND_SHIFT_HANDED_OVER] = {shift_handed_over_encode, shift_handed_over_decode,
				    shift_handed_over_apply},
	[KIND_CAMERA_LOOKED] = {camera_looked_encode, camera_looked_decode, camera_looked_apply},
	[KIND_DEVICE_STATE] = {device_said_encode, device_said_decode, device_said_apply},
	[KIND_DUTY_STARTED] = {duty_started_encode, duty_started_decode, duty_started_apply},
	[KIND_DUTY_PAUSED] = {duty_paused_encode, duty_paused_decode, duty_paused_apply},
	[KIND_DUTY_RESUMED] = {duty_of_encode, duty_of_decode, duty_resumed_apply},
	[KIND_DUTY_ENDED] = {duty_of_encode, duty_of_decode, duty_ended_apply},
};
