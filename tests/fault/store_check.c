/* See store_check.h. */
#include "test.h"

#include "store_check.h"

#include "journal/outbox.h"
#include "journal/tree.h"

#include <sqlite3.h>
#include <unistd.h>

#define TEMPLATE_UTC_US INT64_C(1781136000000000)
#define LEAVES_MAX 1024u

static struct store_secrets secrets;
static const char *const file_names[] = {"journal.db", "keys.db", "copy.db"};

/* A seeded stream: splitmix64. */
static uint64_t stream;

static void fill(void *ctx, void *out, size_t n)
{
	uint8_t *p = out;

	for (size_t i = 0; i < n; i++) {
		stream += UINT64_C(0x9E3779B97F4A7C15);
		uint64_t z = (stream ^ (stream >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		p[i] = (uint8_t)(z >> 40);
	}
}

static const struct entropy entropy = {fill, NULL};

void store_dir_make(char ret[STORE_DIR_MAX])
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	assert_true(snprintf(ret, STORE_DIR_MAX, "%s/liren-fault-XXXXXX", base) <
		    (int)STORE_DIR_MAX);
	assert_non_null(mkdtemp(ret));
}

static void path_of(char ret[STORE_DIR_MAX + 32], const char *dir, const char *name,
		    const char *suffix)
{
	assert_true(snprintf(ret, STORE_DIR_MAX + 32, "%s/%s%s", dir, name, suffix) <
		    (int)STORE_DIR_MAX + 32);
}

void store_dir_remove(const char *dir)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	char path[STORE_DIR_MAX + 32];

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 4; k++) {
			path_of(path, dir, file_names[i], suffixes[k]);
			unlink(path);
		}
	assert_int_equal(rmdir(dir), 0);
}

static void paths_in(struct trial_paths *p, const char *dir, const char *vfs)
{
	for (size_t i = 0; i < 3; i++)
		path_of(p->path[i], dir, file_names[i], "");
	p->store = (struct store_paths){p->path[0], p->path[1], p->path[2], vfs};
}

static struct clock_reading at(int64_t now_us)
{
	return (struct clock_reading){now_us, now_us - TEMPLATE_UTC_US + 1000000};
}

enum err trial_open(struct trial *t, const char *vfs, struct writer **ret)
{
	paths_in(&t->paths, t->dir, vfs);
	return writer_open(&t->paths.store, &secrets, &entropy, ret);
}

/* ---- commands ---- */

static void make_command(struct trial_command *s, enum command_kind kind, char entry[8192],
			 struct command *ret)
{
	*ret = (struct command){.kind = kind, .request = {.present = true}};
	memcpy(ret->request.id, s->id, sizeof s->id);
	ret->answer.entry = buf_over(entry, 8192);
	ret->answer.remedy = MSG_COUNT;
	if (kind == COMMAND_WRITE_LINE) {
		ret->line.text = str_of(s->text);
		request_body_hash(kind, 0, ret->line.text, ret->request.body);
		return;
	}
	ret->erase.record = s->target;
	ret->erase.by_owner = true;
	memcpy(ret->erase.secret, s->target_secret, SEAL_SECRET_BYTES);
	request_body_hash(kind, s->target,
			  (struct str){(const char *)s->target_secret, SEAL_SECRET_BYTES},
			  ret->request.body);
}

/* Keep the answer, or compare it with the one before. */
static void take_answer(struct trial *t, struct trial_command *s, const struct command *c)
{
	s->sent = true;
	s->err = c->answer.err;
	if (c->answer.err != ERR_OK) {
		t->worst = c->answer.err;
		return;
	}
	if (s->answered) {
		assert_true(c->answer.repeated);
		assert_int_equal(c->answer.n, s->n);
		assert_int_equal(c->answer.entry.n, s->entry_n);
		assert_memory_equal(c->answer.entry.p, s->entry, s->entry_n);
		assert_memory_equal(c->answer.salt, s->salt, SALT_BYTES);
		return;
	}
	s->answered = true;
	s->n = c->answer.n;
	memcpy(s->salt, c->answer.salt, SALT_BYTES);
	memcpy(s->secret, c->answer.secret, SEAL_SECRET_BYTES);
	assert_true(c->answer.entry.n <= sizeof s->entry);
	memcpy(s->entry, c->answer.entry.p, c->answer.entry.n);
	s->entry_n = c->answer.entry.n;
}

/* What a checkpoint covers after a group, a reader may have seen. */
static void note_signed(struct trial *t, const struct writer *w)
{
	uint64_t size = w->journal.stale ? 0 : w->journal.checkpoint_size;

	if (size > 0 && (t->signed_n == 0 || t->signed_size[t->signed_n - 1] != size)) {
		assert_true(t->signed_n < TRIAL_SIGNED_MAX);
		t->signed_size[t->signed_n++] = size;
	}
}

static void run_group(struct trial *t, struct writer *w, struct trial_command *const *sent,
		      unsigned n, enum command_kind kind)
{
	static char entries[8][8192];
	struct command commands[8], *list[8];

	assert_true(n <= 8);
	for (unsigned i = 0; i < n; i++) {
		make_command(sent[i], kind, entries[i], &commands[i]);
		list[i] = &commands[i];
	}
	t->now_us += 1000;
	writer_group(w, list, n, at(t->now_us));
	for (unsigned i = 0; i < n; i++)
		take_answer(t, sent[i], &commands[i]);
	note_signed(t, w);
}

static void make_id(uint8_t id[REQUEST_ID_BYTES], uint64_t number)
{
	for (unsigned i = 0; i < REQUEST_ID_BYTES; i++)
		id[i] = (uint8_t)(i < 8 ? number >> (8 * (7 - i)) : i * 7);
}

void trial_lines(struct trial *t, struct writer *w, unsigned first, unsigned count)
{
	struct trial_command *sent[8];

	assert_true(count <= 8 && first + count <= TRIAL_LINES_MAX);
	for (unsigned i = 0; i < count; i++) {
		struct trial_command *s = &t->line[first + i];
		make_id(s->id, 1000 + first + i);
		assert_true(snprintf(s->text, sizeof s->text, "line %u %0*d", first + i,
				     20 + (int)(first * 37 % 300), 0) < (int)sizeof s->text);
		sent[i] = s;
	}
	run_group(t, w, sent, count, COMMAND_WRITE_LINE);
}

void trial_erase(struct trial *t, struct writer *w, unsigned i, unsigned line)
{
	struct trial_command *s = &t->erasure[i];

	assert_true(i < TRIAL_ERASURES_MAX);
	if (!t->line[line].answered)
		return;
	make_id(s->id, 9000 + i);
	s->target = t->line[line].n;
	s->target_secret = t->line[line].secret;
	run_group(t, w, &s, 1, COMMAND_ERASE_RECORD);
}

void trial_pass_time(struct trial *t, struct writer *w)
{
	t->now_us += 1000000;
	writer_group(w, NULL, 0, at(t->now_us));
	note_signed(t, w);
}

void trial_again(struct trial *t, struct writer *w)
{
	for (unsigned i = 0; i < TRIAL_LINES_MAX; i++) {
		struct trial_command *s = &t->line[i];
		if (s->sent && !s->answered)
			run_group(t, w, &s, 1, COMMAND_WRITE_LINE);
	}
	for (unsigned i = 0; i < TRIAL_ERASURES_MAX; i++) {
		struct trial_command *s = &t->erasure[i];
		if (s->sent && !s->answered)
			run_group(t, w, &s, 1, COMMAND_ERASE_RECORD);
	}
}

void trial_deliver(struct trial *t, struct writer *w)
{
	struct effect effects[8];
	size_t n = 0;

	if (outbox_due(w->db, t->now_us + 60000000, effects, 8, &n) != ERR_OK)
		return;
	for (size_t i = 0; i < n; i++) {
		struct command c = {.kind = COMMAND_OUTBOX_RESULT}, *list = &c;
		c.outbox.effect = &effects[i];
		c.outbox.delivered =
		    keyring_destroy(w->keys, &effects[i].arg, 1, t->now_us) == ERR_OK;
		writer_group(w, &list, 1, at(t->now_us));
	}
}

unsigned trial_unanswered(const struct trial *t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < TRIAL_LINES_MAX; i++)
		n += t->line[i].sent && !t->line[i].answered;
	for (unsigned i = 0; i < TRIAL_ERASURES_MAX; i++)
		n += t->erasure[i].sent && !t->erasure[i].answered;
	return n;
}

/* ---- begin and end ---- */

static void copy_file(const char *from, const char *to)
{
	char buffer[65536];
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	size_t n;

	assert_true(in && out);
	while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
		assert_int_equal(fwrite(buffer, 1, n, out), n);
	assert_int_equal(fclose(in), 0);
	assert_int_equal(fclose(out), 0);
}

void trial_begin(struct trial *t, const char *template_dir)
{
	char from[STORE_DIR_MAX + 32], to[STORE_DIR_MAX + 32];

	memset(t, 0, sizeof *t);
	t->now_us = TEMPLATE_UTC_US + 60000000;
	stream = 42;
	store_dir_make(t->dir);
	for (size_t i = 0; i < 3; i++) {
		path_of(from, template_dir, file_names[i], "");
		path_of(to, t->dir, file_names[i], "");
		copy_file(from, to);
	}
}

void trial_end(struct trial *t)
{
	store_dir_remove(t->dir);
}

void trial_make_template(const char *dir)
{
	static struct trial t;
	struct store_identity id = {UINT64_C(440305002005), false, STR("Asia/Shanghai"),
				    STR("os:test")};
	uint8_t seed[SIGN_SEED_BYTES];
	struct writer *w = NULL;
	struct trial_paths p;

	stream = 7;
	fill(NULL, seed, sizeof seed);
	sign_key_from_seed(seed, &secrets.signing_key);
	fill(NULL, &secrets.community_key, sizeof secrets.community_key);
	t.now_us = TEMPLATE_UTC_US;
	memcpy(t.dir, dir, STORE_DIR_MAX);
	paths_in(&p, dir, NULL);
	assert_ok(writer_create(&p.store, &secrets, &entropy, &id, at(t.now_us)));
	assert_ok(trial_open(&t, NULL, &w));
	for (unsigned i = 0; i < TRIAL_TEMPLATE_LINES; i += 7) {
		char text[8] = "before";
		struct command commands[7], *list[7];
		static char entries[7][8192];
		for (unsigned k = 0; k < 7; k++) {
			commands[k] =
			    (struct command){.kind = COMMAND_WRITE_LINE, .line.text = str_of(text)};
			commands[k].answer.entry = buf_over(entries[k], sizeof entries[k]);
			list[k] = &commands[k];
		}
		t.now_us += 1000;
		writer_group(w, list, 7, at(t.now_us));
		for (unsigned k = 0; k < 7; k++)
			assert_ok(commands[k].answer.err);
	}
	assert_ok(writer_sign(w, at(t.now_us)));
	/* no key is ready: each trial begins with a new batch of them */
	assert_ok(keyring_raise_floor(w->keys));
	writer_close(w);
}

/* ---- the check ---- */

static int64_t query(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	int64_t v = sqlite3_column_int64(s, 0);
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	return v;
}

static sqlite3 *open_whole(const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(s, 0), "ok");
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	return db;
}

static void sha256(struct hash32 *ret, uint8_t tag, const void *a, size_t a_n, const void *b,
		   size_t b_n)
{
	uint8_t all[1 + 64];

	all[0] = tag;
	memcpy(all + 1, a, a_n);
	if (b_n > 0)
		memcpy(all + 1 + a_n, b, b_n);
	hash_sha256(all, 1 + a_n + b_n, ret);
}

/* MTH of RFC 6962 section 2.1, as it stands there. */
static void naive_root(const struct hash32 *commitments, uint64_t n, struct hash32 *ret)
{
	struct hash32 left, right;
	uint64_t k = 1;

	if (n == 1) {
		sha256(ret, 0, commitments[0].b, HASH_BYTES, NULL, 0);
		return;
	}
	while (2 * k < n)
		k *= 2;
	naive_root(commitments, k, &left);
	naive_root(commitments + k, n - k, &right);
	sha256(ret, 1, left.b, HASH_BYTES, right.b, HASH_BYTES);
}

/* All entries: numbers without gaps, the number within each; their commitments. Returns how many
 * there are. */
static uint64_t read_entries(sqlite3 *db, struct hash32 commitments[LEAVES_MAX])
{
	sqlite3_stmt *s = NULL;
	uint64_t n = 0;

	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT n, salt, body FROM entry ORDER BY n", -1, &s, NULL),
	    SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		struct str body = {sqlite3_column_blob(s, 2), (size_t)sqlite3_column_bytes(s, 2)};
		char number[40];
		assert_true(n < LEAVES_MAX);
		assert_int_equal(sqlite3_column_int64(s, 0), n + 1);
		assert_int_equal(sqlite3_column_bytes(s, 1), SALT_BYTES);
		int number_n =
		    snprintf(number, sizeof number, ",\"n\":%u,\"v\":1}", (unsigned)n + 1);
		assert_true(body.n > (size_t)number_n);
		assert_memory_equal(body.p + body.n - number_n, number, (size_t)number_n);
		hash_commitment(sqlite3_column_blob(s, 1), body, &commitments[n++]);
	}
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	return n;
}

/* Each checkpoint's third line is the root of the first `size` entries; those that were seen are
 * among them. */
static void check_checkpoints(const struct trial *t, sqlite3 *db, const struct hash32 *commitments,
			      uint64_t n)
{
	sqlite3_stmt *s = NULL;
	unsigned seen = 0;

	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT size, note FROM checkpoint ORDER BY size", -1, &s, NULL),
	    SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		uint64_t size = (uint64_t)sqlite3_column_int64(s, 0);
		char text[128];
		struct hash32 root;
		struct buf line = buf_over(text, sizeof text);
		assert_true(size >= 1 && size <= n);
		naive_root(commitments, size, &root);
		buf_put_u64(&line, size);
		buf_put_char(&line, '\n');
		buf_put_b64(&line, root.b, HASH_BYTES);
		assert_non_null(buf_z(&line));
		const char *note = sqlite3_column_blob(s, 1);
		assert_non_null(memmem(note, (size_t)sqlite3_column_bytes(s, 1), line.p, line.n));
		for (unsigned i = 0; i < t->signed_n; i++)
			seen += t->signed_size[i] == size;
	}
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	assert_int_equal(seen, t->signed_n);
}

/* Every tile that the tree of n leaves has, against its own level recomputed. */
static void check_tiles(const char *path, const struct hash32 *commitments, uint64_t n)
{
	static struct hash32 want[LEAVES_MAX];
	struct db *db = NULL;

	assert_ok(db_open(path, DB_SCHEMA_journal, DB_READ, NULL, &db));
	for (unsigned level = 0; level < 2; level++) {
		uint64_t each = level == 0 ? 1 : TILE_WIDTH, hashes = n / each;
		for (uint64_t i = 0; i < hashes; i++)
			naive_root(commitments + i * each, each, &want[i]);
		for (uint64_t index = 0; index * TILE_WIDTH < hashes; index++) {
			uint64_t left = hashes - index * TILE_WIDTH;
			struct tile_id id = {false, level, index,
					     left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH};
			char bytes[TILE_BUNDLE_BYTES_MAX];
			struct buf out = buf_over(bytes, sizeof bytes);
			assert_ok(tree_tile(db, n, &id, &out));
			assert_int_equal(out.n, id.width * HASH_BYTES);
			assert_memory_equal(out.p, want[index * TILE_WIDTH].b, out.n);
		}
	}
	db_free(db);
}

/* Keys that a line uses lie in keys.db; those to be destroyed are gone from it and from the copy,
 * or wait in the outbox. A copy may be behind while it cannot be written; once the office has run
 * again it holds them too. */
static void check_keys(const struct trial_paths *p, bool copy_too)
{
	char sql[3 * STORE_DIR_MAX];
	sqlite3 *db = open_whole(p->path[0]);

	for (unsigned i = 1; i < 3; i++) {
		assert_true(snprintf(sql, sizeof sql, "ATTACH '%s' AS k%u", p->path[i], i) <
			    (int)sizeof sql);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	assert_int_equal(query(db, "SELECT count(*) - count(DISTINCT key_id) FROM line"), 0);
	assert_int_equal(query(db, "SELECT count(*) FROM line WHERE erased = 0 "
				   "AND key_id NOT IN (SELECT id FROM k1.data_key)"),
			 0);
	assert_int_equal(query(db, "SELECT count(*) FROM line WHERE erased <> 0 "
				   "AND key_id NOT IN (SELECT arg FROM outbox) "
				   "AND (key_id IN (SELECT id FROM k1.data_key) OR key_id IN "
				   "(SELECT id FROM k2.data_key))"),
			 0);
	assert_int_equal(query(db,
			       "SELECT count(*) FROM k1.data_key a JOIN k2.data_key b USING (id) "
			       "WHERE a.wrapped <> b.wrapped"),
			 0);
	if (copy_too)
		assert_int_equal(query(db, "SELECT count(*) FROM k1.data_key WHERE id NOT IN "
					   "(SELECT id FROM k2.data_key) "
					   "AND (id IN (SELECT key_id FROM line) OR id > (SELECT "
					   "max(key_id) FROM line))"),
				 0);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The files as they were left, before anything is written again. */
static void check_as_left(const struct trial *t, const struct trial_paths *p, bool copy_too)
{
	static struct hash32 commitments[LEAVES_MAX];
	sqlite3 *db = open_whole(p->path[0]);
	uint64_t n = read_entries(db, commitments);

	assert_true(n >= 1 + TRIAL_TEMPLATE_LINES);
	check_checkpoints(t, db, commitments, n);
	assert_int_equal(query(db, "SELECT count(*) FROM line"),
			 query(db, "SELECT count(*) FROM entry WHERE instr(body, "
				   "CAST('\"kind\":\"line.written\"' AS BLOB))"));
	assert_int_equal(query(db, "SELECT count(*) FROM line WHERE erased <> 0"),
			 query(db, "SELECT count(*) FROM entry WHERE instr(body, "
				   "CAST('\"kind\":\"record.erased\"' AS BLOB))"));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	check_tiles(p->path[0], commitments, n);
	for (unsigned i = 1; i < 3; i++)
		assert_int_equal(sqlite3_close(open_whole(p->path[i])), SQLITE_OK);
	check_keys(p, copy_too);
	for (unsigned i = 0; i < TRIAL_LINES_MAX + TRIAL_ERASURES_MAX; i++) {
		const struct trial_command *s =
		    i < TRIAL_LINES_MAX ? &t->line[i] : &t->erasure[i - TRIAL_LINES_MAX];
		struct hash32 c;
		if (!s->answered)
			continue;
		assert_true(s->n <= n);
		hash_commitment(s->salt, (struct str){s->entry, s->entry_n}, &c);
		assert_memory_equal(c.b, commitments[s->n - 1].b, HASH_BYTES);
	}
}

static bool is_erased(const struct trial *t, uint64_t n)
{
	for (unsigned i = 0; i < TRIAL_ERASURES_MAX; i++)
		if (t->erasure[i].sent && t->erasure[i].target == n)
			return true;
	return false;
}

/* Every line opens to its text; an erased one, once the outbox is empty, to nobody. */
static void check_texts(const struct trial *t, const struct trial_paths *p)
{
	static struct opened_line line;
	struct reader *r = NULL;

	assert_ok(reader_open(&p->store, &secrets, &r));
	for (unsigned i = 0; i < TRIAL_LINES_MAX; i++) {
		const struct trial_command *s = &t->line[i];
		if (!s->answered)
			continue;
		enum err e = reader_open_line(r, s->n, s->secret, &line);
		if (is_erased(t, s->n)) {
			assert_err(e, ERR_GONE);
			continue;
		}
		assert_ok(e);
		assert_int_equal(line.text.n, strlen(s->text));
		assert_memory_equal(line.text.p, s->text, line.text.n);
	}
	reader_close(r);
}

void trial_check(struct trial *t, const char *dir)
{
	struct trial again = *t;
	struct writer *w = NULL;
	unsigned lines = 0, erasures = 0;
	struct trial_paths p;
	sqlite3 *db;

	paths_in(&p, dir, NULL);
	check_as_left(t, &p, false);
	memcpy(again.dir, dir, STORE_DIR_MAX);
	assert_ok(trial_open(&again, NULL, &w));
	/* sent again, each gives the entry that there is, or makes the one there is not */
	for (unsigned i = 0; i < TRIAL_LINES_MAX; i++) {
		struct trial_command *s = &again.line[i];
		if (!s->sent)
			continue;
		run_group(&again, w, &s, 1, COMMAND_WRITE_LINE);
		assert_ok(s->err);
		lines++;
	}
	for (unsigned i = 0; i < TRIAL_ERASURES_MAX; i++) {
		struct trial_command *s = &again.erasure[i];
		if (!s->sent)
			continue;
		run_group(&again, w, &s, 1, COMMAND_ERASE_RECORD);
		assert_ok(s->err);
		erasures++;
	}
	trial_deliver(&again, w);
	trial_pass_time(&again, w);
	writer_close(w);
	check_as_left(&again, &p, true);
	check_texts(&again, &p);
	db = open_whole(p.path[0]);
	assert_int_equal(query(db, "SELECT count(*) FROM line"), TRIAL_TEMPLATE_LINES + lines);
	assert_int_equal(query(db, "SELECT count(*) FROM line WHERE erased <> 0"), erasures);
	assert_int_equal(query(db, "SELECT count(*) FROM request"), lines + erasures);
	assert_int_equal(query(db, "SELECT count(*) FROM outbox"), 0);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}
