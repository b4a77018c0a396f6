/* A store with the shipped files in force, and orders of cases, for tests. Times are those of the
 * store's clock, which only the test moves. */
#ifndef LIREN_TEST_CASES_H
#define LIREN_TEST_CASES_H

#include "shelf.h"
#include "store.h"

#include "journal/outbox.h"
#include "journal/rebuild.h"
#include "service/attachments.h"
#include "service/case_order.h"
#include "service/kind_case.h"
#include "service/kinds.h"
#include "service/place_batch.h"

#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>

#define CASES_TEST_FIELDS_MAX 16u

struct test_cases {
	struct test_store store;
	struct test_shelf *shelf;
	struct writer *w;
	char files[160]; /* attachments/ */
	struct blob_store blobs;
	struct case_order order; /* of the last call */
	struct answer answer;
};

static inline void cases_load_files(struct test_cases *t)
{
	static struct load_file v[CASES_SHELF_FILES_MAX];
	struct test_command cmd;
	unsigned n = 0;

	test_command_init(&cmd, COMMAND_LOAD_FILES);
	for (unsigned i = 0; i < t->shelf->options.sources_n; i++)
		if (!t->shelf->v[i].is_old)
			v[n++] = (struct load_file){.path = t->shelf->v[i].path,
						    .content = t->shelf->v[i].text};
	cmd.c.files.v = v;
	cmd.c.files.n = n;
	cmd.c.files.shelf = &t->shelf->shelf;
	assert_ok(test_run(&t->store, t->w, &cmd));
}

/* With one of the shipped files changed: its first `from` is `to` (path NULL: none is). */
static inline void cases_open_as(struct test_cases *t, const char *vfs, bool demo, const char *path,
				 const char *from, const char *to)
{
	memset(t, 0, sizeof *t);
	test_store_init(&t->store, vfs);
	t->store.demo = demo;
	assert_ok(test_store_create(&t->store));
	snprintf(t->files, sizeof t->files, "%s/attachments", t->store.dir);
	assert_int_equal(mkdir(t->files, 0700), 0);
	t->blobs = (struct blob_store){t->files, &t->store.entropy};
	t->w = test_store_open(&t->store);
	t->shelf = test_shelf_new();
	for (unsigned i = 0; i < t->shelf->options.sources_n; i++)
		t->shelf->v[i].n = 0;
	if (path)
		test_shelf_source(t->shelf, path)->text =
		    test_shelf_edit(t->shelf, path, from, to);
	test_shelf_good(t->shelf);
	cases_load_files(t);
}

static inline void cases_open_edited(struct test_cases *t, const char *vfs, const char *path,
				     const char *from, const char *to)
{
	cases_open_as(t, vfs, false, path, from, to);
}

static inline void cases_open(struct test_cases *t, const char *vfs)
{
	cases_open_edited(t, vfs, NULL, NULL, NULL);
}

static inline int cases_remove_one(const char *path, const struct stat *st, int type,
				   struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void cases_close(struct test_cases *t)
{
	t->w = writer_close(t->w);
	test_shelf_free(t->shelf);
	assert_int_equal(nftw(t->files, cases_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	test_store_remove(&t->store);
}

/* The post that somebody of this role would have to act on this case: of the unit that leads it, or
 * of the joint part that is meant, in the grid where it lies. Until the next call. */
static inline void cases_take_post(struct test_cases *t, struct case_order *o,
				   const char *const *fields)
{
	static char unit[CASES_NAME_BYTES_MAX], area[CASES_NAME_BYTES_MAX];
	static struct str areas[1];
	bool is_unit = str_eq(o->role, STR("unit_handler")) || str_eq(o->role, STR("unit_lead"));
	struct db_stmt *s;
	bool row = false;

	if (o->hand != CASE_HAND_ACCOUNT || o->kind == CASE_HAND_IN || o->id == 0 ||
	    o->id > INT64_MAX)
		return;
	for (unsigned i = 0; str_eq(o->role, STR("joint_handler")) && o->unit.n == 0 && fields &&
			     fields[i];
	     i += 2)
		if (strcmp(fields[i], "joint_unit") == 0)
			o->unit = str_of(fields[i + 1]);
	s = db_stmt(t->w->db, SQL_case_get);
	db_bind_u64(s, 1, o->id);
	if (db_step(t->w->db, s, &row) != ERR_OK || !row)
		return; /* the order will say so itself */
	snprintf(unit, sizeof unit, "%.*s", (int)db_text(s, 16).n, db_text(s, 16).p);
	snprintf(area, sizeof area, "%.*s", (int)db_text(s, 11).n, db_text(s, 11).p);
	db_done(s);
	if (is_unit && o->unit.n == 0)
		o->unit = str_of(unit);
	areas[0] = str_of(area);
	if (o->areas_n == 0) {
		o->areas = areas;
		o->areas_n = 1;
	}
}

/* A file for a field of kind photo: journalled as if it lay sealed in attachments/. Its entry;
 * 0 where the case takes none. */
static inline uint64_t cases_attach(struct test_cases *t, uint64_t id, const char *field,
				    const char *role, struct str account)
{
	struct case_file_given given = {.field = str_of(field),
					.media = STR("image/jpeg"),
					.bytes = 100};
	struct case_order order = {.kind = CASE_ATTACH,
				   .hand = CASE_HAND_ACCOUNT,
				   .role = str_of(role),
				   .account = account,
				   .id = id,
				   .attach = &given};
	struct test_command cmd;

	entropy_fill(&t->store.entropy, given.hash.b, HASH_BYTES);
	entropy_fill(&t->store.entropy, given.key.b, SEAL_KEY_BYTES);
	cases_take_post(t, &order, NULL);
	test_command_init(&cmd, COMMAND_CASE);
	cmd.c.cases.order = &order;
	return test_run(&t->store, t->w, &cmd) == ERR_OK ? cmd.c.answer.n : 0;
}

/* Give the order in t->order with these fields: "name", "value", …, NULL. The value
 * "photo" is a file that is attached first. */
static inline enum err cases_call(struct test_cases *t, const char *const *fields)
{
	static struct case_input in[CASES_TEST_FIELDS_MAX];
	static char number[CASES_TEST_FIELDS_MAX][24];
	struct test_command cmd;
	enum err e;

	t->order.fields = in;
	t->order.fields_n = 0;
	for (unsigned i = 0; fields && fields[i]; i += 2) {
		unsigned at = t->order.fields_n;
		assert_true(at < CASES_TEST_FIELDS_MAX);
		if (strcmp(fields[i + 1], "photo") == 0) {
			snprintf(number[at], sizeof number[at], "%llu",
				 (unsigned long long)cases_attach(t, t->order.id, fields[i],
								  "grid_worker", STR("camera")));
			in[t->order.fields_n++] =
			    (struct case_input){str_of(fields[i]), str_of(number[at])};
			continue;
		}
		in[t->order.fields_n++] =
		    (struct case_input){str_of(fields[i]), str_of(fields[i + 1])};
	}
	cases_take_post(t, &t->order, fields);
	test_command_init(&cmd, COMMAND_CASE);
	cmd.c.cases.order = &t->order;
	e = test_run(&t->store, t->w, &cmd);
	t->answer = cmd.c.answer;
	return e;
}

/* A report by a desk officer for somebody; its id. */
static inline uint64_t cases_hand_in(struct test_cases *t, const char *type,
				     const char *const *fields)
{
	enum err e;

	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = CASE_HAND_ACCOUNT,
				       .role = STR("intake"),
				       .unit = STR("DESK"),
				       .account = STR("desk-1"),
				       .type = str_of(type)};
	e = cases_call(t, fields);
	if (e != ERR_OK)
		book_say(&t->order.problem);
	return t->order.ret_id;
}

static inline enum err cases_do(struct test_cases *t, uint64_t id, const char *command,
				const char *role, const char *account, const char *const *fields)
{
	t->order = (struct case_order){.kind = CASE_DO,
				       .hand = CASE_HAND_ACCOUNT,
				       .role = str_of(role),
				       .account = str_of(account),
				       .id = id,
				       .command = str_of(command)};
	return cases_call(t, fields);
}

static inline void cases_must(struct test_cases *t, uint64_t id, const char *command,
			      const char *role, const char *account, const char *const *fields)
{
	if (cases_do(t, id, command, role, account, fields) != ERR_OK)
		book_say(&t->order.problem);
}

/* As after a kill: nothing is signed, nothing said. */
static inline void cases_reopen(struct test_cases *t)
{
	writer_close(t->w);
	t->w = test_store_open(&t->store);
	t->w->shelf = &t->shelf->shelf;
}

/* A look at the store through a connection of its own. */
static inline sqlite3 *cases_look(struct test_cases *t)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2(t->store.journal, &db, SQLITE_OPEN_READWRITE, NULL),
			 SQLITE_OK);
	return db;
}

static inline int64_t cases_i64(struct test_cases *t, const char *sql)
{
	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;
	int64_t v;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return v;
}

/* Text of the one row; until the next call. */
static inline const char *cases_sql_text(struct test_cases *t, const char *sql)
{
	static char text[CASE_DOC_BYTES_MAX + 1];
	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	snprintf(text, sizeof text, "%.*s", sqlite3_column_bytes(s, 0),
		 (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	sqlite3_close(db);
	return text;
}

static inline void cases_sql(struct test_cases *t, const char *sql)
{
	sqlite3 *db = cases_look(t);

	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static inline void cases_hash_table(sqlite3 *db, const char *name,
				    crypto_hash_sha256_state *h)
{
	char sql[128];
	sqlite3_stmt *s = NULL;

	snprintf(sql, sizeof sql, "SELECT * FROM %s", name);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			int n = sqlite3_column_bytes(s, i);
			const void *p = sqlite3_column_blob(s, i);
			crypto_hash_sha256_update(h, (const uint8_t *)&n, sizeof n);
			crypto_hash_sha256_update(h, p ? p : "", (unsigned long long)n);
		}
	sqlite3_finalize(s);
}

/* Over every row of every table of the store: projections, entries, tree, requests, effects. */
static inline void cases_digest(struct test_cases *t, uint8_t ret[32])
{
	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;
	crypto_hash_sha256_state h;

	crypto_hash_sha256_init(&h);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = "
						"'table' ORDER BY name", -1, &s, NULL), SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW)
		cases_hash_table(db, (const char *)sqlite3_column_text(s, 0), &h);
	sqlite3_finalize(s);
	sqlite3_close(db);
	crypto_hash_sha256_final(&h, ret);
}

/* The rows in use are those that the entries alone come to, and each entry has one spelling. */
static inline void cases_must_rebuild(struct test_cases *t)
{
	char second[160];
	struct rebuild_options o = {
	    .live = t->store.journal, .second = second, .kinds = service_kinds};
	struct rebuild_result r;

	snprintf(second, sizeof second, "%s/second.db", t->store.dir);
	assert_ok(journal_rebuild(&o, &r));
	unlink(second);
	if (r.finding != REBUILD_EQUAL)
		fail_msg("finding %d, entry %u, %s %s", (int)r.finding, (unsigned)r.entry,
			 r.table ? r.table : "", r.key);
}

/* A group without commands: what is due. */
static inline void cases_tick(struct test_cases *t)
{
	writer_group(t->w, NULL, 0, t->store.now);
	assert_ok(t->w->failed);
}

/* The clocks go on, a day at a time at most, so that they are believed. */
static inline void cases_pass(struct test_cases *t, int64_t us)
{
	test_store_pass(&t->store, us);
	cases_tick(t);
}

/* The writer has nobody to wait for: words of erased cases are merged out of the index. */
static inline void cases_idle(struct test_cases *t)
{
	for (unsigned i = 0; i < 1000 && t->w->held.waiting; i++)
		cases_tick(t);
	assert_false(t->w->held.waiting);
}

/* What the outbox does with keys and files that shall go; how many keys did. */
static inline unsigned cases_deliver(struct test_cases *t)
{
	struct effect e[64];
	unsigned done = 0;
	size_t n = 1;

	cases_idle(t);
	while (n > 0) {
		assert_ok(outbox_due(t->w->db, t->store.now.utc_us, e, 64, &n));
		for (size_t i = 0; i < n; i++) {
			struct test_command cmd;
			if (e[i].channel == CHANNEL_FILE_REMOVE) {
				assert_ok(attachment_remove(t->w->db, t->w->keys, &t->blobs,
							    e[i].arg));
			} else {
				assert_int_equal(e[i].channel, CHANNEL_KEY_DESTROY);
				assert_ok(keyring_destroy(t->w->keys, &e[i].arg, 1,
							  t->store.now.utc_us));
				done++;
			}
			test_command_init(&cmd, COMMAND_OUTBOX_RESULT);
			cmd.c.outbox.effect = &e[i];
			cmd.c.outbox.delivered = true;
			assert_ok(test_run(&t->store, t->w, &cmd));
		}
	}
	return done;
}

static inline const char *cases_state(struct test_cases *t, uint64_t id)
{
	char sql[96];

	snprintf(sql, sizeof sql, "SELECT state FROM case_rec WHERE id = %llu",
		 (unsigned long long)id);
	return cases_sql_text(t, sql);
}

/* ---- places ---- */

static inline struct place_draft cases_draft(enum place_kind kind, const char *ext)
{
	return (struct place_draft){.place = {.kind = kind,
					      .ext = str_of(ext),
					      .valid_from = PLACE_DAY_OPEN,
					      .valid_until = PLACE_DAY_OPEN}};
}

static inline void cases_set_places(struct test_cases *t, struct place_draft *drafts, unsigned n)
{
	struct place_batch batch = {drafts, n};
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_SET_PLACES);
	cmd.c.places.batch = &batch;
	assert_ok(test_run(&t->store, t->w, &cmd));
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(drafts[i].outcome, PLACE_ADDED);
}

/* In E7. */
#define CASES_GRID_SOUTH 225000000
#define CASES_GRID_WEST 1139000000
#define CASES_GRID_SIDE 20000

/* Two grids beside each other, G01 in the west. */
static inline void cases_two_grids(struct test_cases *t)
{
	struct place_draft d[2] = {cases_draft(PLACE_GRID, "g:G01"),
				   cases_draft(PLACE_GRID, "g:G02")};
	struct geo_point p[2][4];
	struct geo_ring ring[2];

	for (unsigned i = 0; i < 2; i++) {
		int32_t south = CASES_GRID_SOUTH, side = CASES_GRID_SIDE;
		int32_t west = CASES_GRID_WEST + (int32_t)i * side;
		p[i][0] = (struct geo_point){south, west};
		p[i][1] = (struct geo_point){south, west + side};
		p[i][2] = (struct geo_point){south + side, west + side};
		p[i][3] = (struct geo_point){south + side, west};
		ring[i] = (struct geo_ring){p[i], 4};
		d[i].place.shape = (struct geo_shape){GEO_AREA, &ring[i], 1};
		d[i].place.has_at = true;
		d[i].place.at = (struct geo_point){south + side / 2, west + side / 2};
	}
	cases_set_places(t, d, 2);
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_FIELDS NULL

#endif
