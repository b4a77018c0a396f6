/* Rebuilding: replay, then walk both files row by row. A finding ends the replay as ERR_UNVERIFIED,
 * within this file only. */
#include "journal/rebuild.h"

#include "base/check.h"
#include "journal_store.h"

#include <stdlib.h>

#define SLICE_ENTRIES 8192u /* of one transaction on either side */

/* The projections: the one list. Key members come first in their statements. */
static const struct {
	const char *name;
	enum sql rows;
	int keys;
} projections[] = {
	{"account", SQL_account_rows, 1},
	{"account_secret", SQL_account_secret_rows, 1},
	{"camera_look", SQL_camera_look_rows, 2},
	{"case_change", SQL_case_change_rows, 1},
	{"case_import", SQL_case_import_rows, 1},
	{"case_finding", SQL_case_finding_rows, 1},
	{"case_follower", SQL_case_follower_rows, 2},
	{"case_link", SQL_case_link_rows, 3},
	{"case_look", SQL_case_look_rows, 2},
	{"case_number", SQL_case_number_rows, 1},
	{"case_open", SQL_case_open_rows, 1},
	{"case_place", SQL_case_place_rows, 2},
	{"case_rec", SQL_case_rec_rows, 1},
	{"attachment", SQL_attachment_rows, 1},
	{"community", SQL_community_rows, 1},
	{"device_state", SQL_device_state_rows, 1},
	{"duty", SQL_duty_rows, 1},
	{"figure", SQL_figure_rows, 4},
	{"figure_area", SQL_figure_area_rows, 3},
	{"file_version", SQL_file_version_rows, 2},
	{"hand_back", SQL_hand_back_rows, 4},
	{"key_used", SQL_key_used_rows, 1},
	{"line", SQL_line_rows, 1},
	{"place", SQL_place_rows, 1},
	{"place_cell", SQL_place_cell_rows, 3},
	{"place_count", SQL_place_count_rows, 2},
	{"place_cover", SQL_place_cover_rows, 2},
	{"place_follows", SQL_place_follows_rows, 2},
	{"place_register", SQL_place_register_rows, 1},
	{"place_shape", SQL_place_shape_rows, 1},
	{"place_token", SQL_place_token_rows, 2},
	{"place_version", SQL_place_version_rows, 2},
	{"shift", SQL_shift_rows, 2},
	{"wall", SQL_wall_rows, 1},
};

static const enum msg finding_msgs[REBUILD_FINDINGS] = {
	[REBUILD_EQUAL] = MSG_REBUILD_EQUAL,
	[REBUILD_ENTRY_FORM] = MSG_REBUILD_ENTRY_FORM,
	[REBUILD_ENTRY_ORDER] = MSG_REBUILD_ENTRY_ORDER,
	[REBUILD_ENTRY_APPLY] = MSG_REBUILD_ENTRY_APPLY,
	[REBUILD_ROW_CHANGED] = MSG_REBUILD_ROW_CHANGED,
	[REBUILD_ROW_MISSING] = MSG_REBUILD_ROW_MISSING,
	[REBUILD_ROW_SURPLUS] = MSG_REBUILD_ROW_SURPLUS,
};

enum msg rebuild_msg(enum rebuild_finding finding)
{
	CHECK(finding < REBUILD_FINDINGS);
	return finding_msgs[finding];
}

/* One of the two files while their rows are walked. */
struct side {
	struct db *db;
	struct db_stmt *rows;
	bool there; /* a row */
	struct hash_stream digest;
};

struct rebuild {
	const struct rebuild_options *o;
	struct rebuild_result result;
	struct side live, second;
	uint64_t done;
	int64_t last_at_us;
	char again[ENTRY_BYTES_MAX];
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
};

/* ---- replay ---- */

static enum err entry_found(struct rebuild *r, enum rebuild_finding finding, uint64_t n)
{
	r->result.finding = finding;
	r->result.entry = n;
	return ERR_UNVERIFIED;
}

static enum err replay(struct rebuild *r, uint64_t n, struct str body)
{
	const struct kind_ops *ops;
	const void *decoded = NULL;
	const struct entry_value *data = NULL;
	void *tree = NULL;
	struct entry_head head;
	struct str again = {0};
	struct arena a;
	enum err e;

	arena_init(&a, r->memory, sizeof r->memory);
	if (kind_parse(body, &a, &head, &tree, &data) != ERR_OK)
		return entry_found(r, REBUILD_ENTRY_FORM, n);
	ops = &r->o->kinds[head.kind];
	e = ops->decode(data, &a, &decoded);
	free(tree);
	if (e == ERR_OK)
		e = journal_write_entry(&head, ops, decoded, r->again, &again);
	if (e != ERR_OK || !str_eq(again, body))
		return entry_found(r, REBUILD_ENTRY_FORM, n);
	if (head.n != n || head.at_us < r->last_at_us)
		return entry_found(r, REBUILD_ENTRY_ORDER, n);
	r->last_at_us = head.at_us;
	e = ops->apply(r->second.db, &head, decoded);
	/* a row that cannot be is the entry's fault, a full disk is not */
	if (e == ERR_STORE || e == ERR_BAD_INPUT || e == ERR_CORRUPT)
		return entry_found(r, REBUILD_ENTRY_APPLY, n);
	return e;
}

static enum err replay_slice(struct rebuild *r, uint64_t upto)
{
	struct db_stmt *s = db_stmt(r->live.db, SQL_entry_range);
	enum err e = ERR_OK;
	bool row = false;

	db_bind_u64(s, 1, r->done + 1);
	db_bind_u64(s, 2, upto + 1);
	for (uint64_t n = r->done + 1; e == ERR_OK && n <= upto; n++) {
		struct bytes body;
		TRY(db_step(r->live.db, s, &row));
		if (!row || db_u64(s, 0) != n) {
			e = entry_found(r, REBUILD_ENTRY_ORDER, n);
			break;
		}
		body = db_bytes(s, 2);
		e = replay(r, n, (struct str){(const char *)body.p, body.n});
		r->result.entries += e == ERR_OK;
	}
	db_done(s);
	if (e == ERR_OK)
		r->done = upto;
	return e;
}

/* ---- compare ---- */

static enum err next_row(struct side *s)
{
	return db_step(s->db, s->rows, &s->there);
}

static int compare_values(const struct db_value *a, const struct db_value *b)
{
	size_t n = a->b.n < b->b.n ? a->b.n : b->b.n;
	int order;

	if (a->is_int || b->is_int)
		return a->is_int != b->is_int ? (a->is_int ? -1 : 1)
					      : (a->i > b->i) - (a->i < b->i);
	order = n > 0 ? memcmp(a->b.p, b->b.p, n) : 0;
	return order ? order : (a->b.n > b->b.n) - (a->b.n < b->b.n);
}

/* Compare columns from … below to, or all that there are; the order of the first that differs. */
static int compare_rows(const struct rebuild *r, int from, int to)
{
	for (int i = from; i < to; i++) {
		struct db_value a, b;
		int order;
		if (!db_value(r->live.rows, i, &a) || !db_value(r->second.rows, i, &b))
			break;
		order = compare_values(&a, &b);
		if (order)
			return order;
	}
	return 0;
}

static void digest_row(struct side *s)
{
	struct db_value v;

	hash_put(&s->digest, "row", 3);
	for (int i = 0; db_value(s->rows, i, &v); i++) {
		uint64_t number = v.is_int ? (uint64_t)v.i : v.b.n;
		uint8_t head[9] = {v.is_int};
		for (unsigned k = 0; k < 8; k++)
			head[1 + k] = (uint8_t)(number >> (56 - 8 * k));
		hash_put(&s->digest, head, sizeof head);
		if (v.b.n > 0)
			hash_put(&s->digest, v.b.p, v.b.n);
	}
}

static void row_found(struct rebuild *r, size_t table, enum rebuild_finding finding,
		      const struct side *s)
{
	struct buf key = buf_over(r->result.key, sizeof r->result.key - 1);

	if (r->result.finding != REBUILD_EQUAL)
		return;
	r->result.finding = finding;
	r->result.table = projections[table].name;
	for (int i = 0; i < projections[table].keys; i++) {
		struct db_value v;
		if (!db_value(s->rows, i, &v))
			break;
		if (i > 0)
			buf_put_char(&key, '/');
		if (v.is_int)
			buf_put_i64(&key, v.i);
		else
			buf_put(&key, v.b.p, v.b.n);
	}
	r->result.key[key.n] = 0;
}

/* Both files' rows of one table, side by side in key order; each digest gets all of its own. */
static enum err compare_table(struct rebuild *r, size_t table)
{
	struct side *live = &r->live, *second = &r->second;
	const char *name = projections[table].name;

	live->rows = db_stmt(live->db, projections[table].rows);
	second->rows = db_stmt(second->db, projections[table].rows);
	hash_put(&live->digest, name, strlen(name) + 1);
	hash_put(&second->digest, name, strlen(name) + 1);
	TRY(next_row(live));
	TRY(next_row(second));
	while (live->there || second->there) {
		int order = !live->there     ? 1
			    : !second->there ? -1
					     : compare_rows(r, 0, projections[table].keys);
		if (order < 0)
			row_found(r, table, REBUILD_ROW_SURPLUS, live);
		else if (order > 0)
			row_found(r, table, REBUILD_ROW_MISSING, second);
		else if (compare_rows(r, projections[table].keys, INT32_MAX) != 0)
			row_found(r, table, REBUILD_ROW_CHANGED, live);
		if (order <= 0) {
			digest_row(live);
			TRY(next_row(live));
		}
		if (order >= 0) {
			digest_row(second);
			TRY(next_row(second));
		}
		r->result.rows++;
	}
	return ERR_OK;
}

static enum err compare_all(struct rebuild *r)
{
	hash_begin(&r->live.digest);
	hash_begin(&r->second.digest);
	for (size_t i = 0; i < sizeof projections / sizeof projections[0]; i++)
		TRY(compare_table(r, i));
	hash_end(&r->live.digest, &r->result.live);
	hash_end(&r->second.digest, &r->result.rebuilt);
	CHECK((r->result.finding == REBUILD_EQUAL) == hash_eq(&r->result.live, &r->result.rebuilt));
	return ERR_OK;
}

/* ---- the whole ---- */

static enum err last_entry(struct db *db, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_entry_last);
	bool row = false;

	TRY(db_step(db, s, &row));
	*ret = row && db_i64(s, 0) > 0 ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

/* A slice, and after the last one the comparison, all in one read transaction of the live file. */
static enum err one_slice(struct rebuild *r, uint64_t *ret_total)
{
	uint64_t upto;
	enum err e;

	TRY(last_entry(r->live.db, ret_total));
	upto = r->done + SLICE_ENTRIES < *ret_total ? r->done + SLICE_ENTRIES : *ret_total;
	TRY(db_begin(r->second.db));
	e = replay_slice(r, upto);
	if (e == ERR_OK)
		e = db_commit(r->second.db);
	if (e != ERR_OK)
		db_rollback(r->second.db);
	TRY(e);
	return upto == *ret_total ? compare_all(r) : ERR_OK;
}

static enum err all_slices(struct rebuild *r)
{
	uint64_t total = 0;
	enum err e;

	do {
		TRY(db_begin_read(r->live.db));
		e = one_slice(r, &total);
		db_rollback(r->live.db);
		if (r->o->progress)
			r->o->progress(r->o->ctx, r->done, total);
	} while (e == ERR_OK && r->done < total);
	return e;
}

static enum err open_both(struct rebuild *r)
{
	struct db_options live = {.vfs = r->o->vfs}, second = {.vfs = r->o->vfs, .bulk = true};
	uint64_t above = r->o->copy_above ? r->o->copy_above : REBUILD_COPY_ABOVE, total = 0;

	TRY(db_open(r->o->live, DB_SCHEMA_journal, DB_READ, &live, &r->live.db));
	TRY(last_entry(r->live.db, &total));
	if (total > above) {
		TRY(db_copy_to(r->live.db, r->o->copy));
		r->live.db = db_free(r->live.db);
		TRY(db_open(r->o->copy, DB_SCHEMA_journal, DB_READ, &live, &r->live.db));
	}
	return db_open(r->o->second, DB_SCHEMA_journal, DB_CREATE, &second, &r->second.db);
}

enum err journal_rebuild(const struct rebuild_options *o, struct rebuild_result *ret)
{
	struct rebuild *r = calloc(1, sizeof *r);
	enum err e;

	if (!r)
		return ERR_NO_MEMORY;
	r->o = o;
	e = open_both(r);
	if (e == ERR_OK)
		e = all_slices(r);
	if (e == ERR_UNVERIFIED && r->result.finding != REBUILD_EQUAL)
		e = ERR_OK;
	if (e == ERR_OK)
		*ret = r->result;
	db_free(r->live.db);
	db_free(r->second.db);
	free(r);
	return e;
}
