/* Appending: one entry, its leaf, its tile, its projection. */
#include "journal/journal.h"

#include "base/check.h"
#include "journal/tree.h"
#include "journal_store.h"

#include <stdlib.h>
#include <stdio.h>

void community_origin(uint64_t code, const struct sign_key *key, uint64_t epoch,
		      char ret[ORIGIN_MAX])
{
	struct hash32 h;
	char short_hex[9] = {0};
	struct buf b = buf_over(short_hex, 8);

	hash_sha256(key->public_key, SIGN_PUBLIC_BYTES, &h);
	buf_put_hex(&b, h.b, 4);
	snprintf(ret, ORIGIN_MAX, "liren/%012llu/%s/%llu", (unsigned long long)code, short_hex,
		 (unsigned long long)epoch);
}

static bool copy_z(struct str from, char *to, size_t cap)
{
	if (from.n >= cap)
		return false;
	memcpy(to, from.p, from.n);
	to[from.n] = 0;
	return true;
}

enum err community_get(struct db *db, struct community *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_community_get);
	struct community c;
	bool row = false, fits;
	enum err e;

	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	c.code = db_u64(s, 0);
	c.demo = db_i64(s, 1) != 0;
	c.epoch = db_u64(s, 4);
	fits = copy_z(db_text(s, 2), c.zone, sizeof c.zone) &&
	       copy_z(db_text(s, 5), c.origin, sizeof c.origin);
	e = note_vkey_parse(db_text(s, 3), &c.verifier);
	TRY(db_finish(s));
	if (e != ERR_OK || !fits)
		return ERR_CORRUPT;
	*ret = c;
	return ERR_OK;
}

enum err journal_entry(struct db *db, uint64_t n, char *memory, struct entry_view *ret)
{
	struct db_stmt *s;
	struct bytes salt, body;
	bool row = false;

	if (n == 0 || n > INT64_MAX)
		return ERR_NOT_FOUND;
	s = db_stmt(db, SQL_entry_get);
	db_bind_u64(s, 1, n);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	salt = db_bytes(s, 1);
	body = db_bytes(s, 2);
	if (salt.n != SALT_BYTES || body.n > ENTRY_BYTES_MAX) {
		db_done(s);
		return ERR_CORRUPT;
	}
	ret->n = n;
	memcpy(ret->salt, salt.p, SALT_BYTES);
	memcpy(memory, body.p, body.n);
	ret->body = (struct str){memory, body.n};
	db_done(s);
	return ERR_OK;
}

enum err journal_last_checkpoint(struct db *db, struct checkpoint_row *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_checkpoint_last);
	struct bytes note;
	bool row = false;

	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	note = db_bytes(s, 3);
	if (note.n > sizeof ret->note) {
		db_done(s);
		return ERR_CORRUPT;
	}
	ret->size = db_u64(s, 0);
	ret->epoch = db_u64(s, 1);
	ret->at_us = db_i64(s, 2);
	memcpy(ret->note, note.p, note.n);
	ret->note_n = note.n;
	db_done(s);
	return ERR_OK;
}

/* Number and time of the last entry; 0 and 0 for an empty journal. */
static enum err load_last(struct journal *j)
{
	_Alignas(16) char memory[4096];
	struct db_stmt *s = db_stmt(j->db, SQL_entry_last);
	struct entry_head head = {0};
	const struct entry_value *data = NULL;
	void *tree = NULL;
	struct arena a;
	struct bytes body;
	bool row = false;
	enum err e;

	j->n = 0;
	j->last_at_us = 0;
	TRY(db_step(j->db, s, &row));
	if (!row)
		return ERR_OK;
	arena_init(&a, memory, sizeof memory);
	body = db_bytes(s, 2);
	e = kind_parse((struct str){(const char *)body.p, body.n}, &a, &head, &tree, &data);
	if (e == ERR_OK && head.n != db_u64(s, 0))
		e = ERR_CORRUPT;
	db_done(s);
	free(tree);
	TRY(e);
	j->n = head.n;
	j->last_at_us = head.at_us;
	return ERR_OK;
}

/* The growing tile of each level, and the frontier, which they contain. */
static enum err load_edge(struct journal *j)
{
	struct tree_reader r;

	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		uint64_t hashes = level * TILE_HEIGHT < 64 ? j->n >> (level * TILE_HEIGHT) : 0;
		struct tile_id id = {false, level, hashes / TILE_WIDTH,
				     (unsigned)(hashes % TILE_WIDTH)};
		struct buf out = buf_over((char *)j->edge[level], TILE_BYTES_MAX);
		j->edge_n[level] = id.width;
		if (id.width > 0)
			TRY(tree_tile(j->db, j->n, &id, &out));
	}
	tree_reader_init(&r, j->db, j->n);
	return merkle_frontier_read(j->n, tree_read, &r, &j->frontier);
}

/* The newest checkpoint is ours, and the tree is the one it speaks of. */
static enum err load_checkpoint(struct journal *j)
{
	struct checkpoint_row row;
	struct checkpoint c = {0};
	struct hash32 root;
	struct str text;
	enum err e = journal_last_checkpoint(j->db, &row);

	j->checkpoint_size = 0;
	j->checkpoint_at_us = 0;
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	if (row.size > j->n)
		return ERR_CORRUPT;
	if (row.epoch == j->epoch) {
		TRY(note_open(&j->signer.verifier, (struct str){row.note, row.note_n}, &text));
		TRY(checkpoint_parse(text, &c));
		TRY(tree_root(j->db, row.size, &root));
		if (c.size != row.size || !hash_eq(&c.root, &root))
			return ERR_CORRUPT;
	}
	j->checkpoint_size = row.epoch == j->epoch ? row.size : 0;
	j->checkpoint_at_us = row.at_us;
	return ERR_OK;
}

enum err journal_load(struct journal *j, struct db *db)
{
	struct community c;
	enum err e;

	j->db = db;
	j->stale = true;
	TRY(load_last(j));
	TRY(load_edge(j));
	e = community_get(db, &c);
	if (e != ERR_OK && (e != ERR_NOT_FOUND || j->n > 0))
		return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
	j->epoch = e == ERR_OK ? c.epoch : 1;
	if (e == ERR_OK &&
	    memcmp(c.verifier.public_key, j->signer.verifier.public_key, SIGN_PUBLIC_BYTES) != 0)
		return ERR_UNVERIFIED;
	TRY(load_checkpoint(j));
	j->stale = false;
	return ERR_OK;
}

static enum err put_tile(struct journal *j, unsigned level, uint64_t index, unsigned width)
{
	struct db_stmt *s = db_stmt(j->db, SQL_tile_put);
	enum err e;

	db_bind_u64(s, 1, tile_row_id(level, index));
	db_bind_bytes(s, 2, j->edge[level], (size_t)width * HASH_BYTES);
	e = db_run(j->db, s);
	return e;
}

/* A full tile is stored, and its root becomes a hash of the level above, which is stored as far as
 * it is. */
static enum err close_tiles(struct journal *j, const struct hash32 *root_of_first)
{
	struct hash32 root = *root_of_first;
	uint64_t hashes = j->frontier.size;

	for (unsigned level = 0; j->edge_n[level] == TILE_WIDTH; level++) {
		CHECK(level + 1 < TILE_LEVELS);
		if (level > 0)
			TRY(tile_subtree(j->edge[level], TILE_WIDTH, TILE_HEIGHT, 0, &root));
		TRY(put_tile(j, level, hashes / TILE_WIDTH - 1, TILE_WIDTH));
		hashes /= TILE_WIDTH;
		j->edge_n[level] = 0;
		j->edge[level + 1][j->edge_n[level + 1]++] = root;
		TRY(put_tile(j, level + 1, (hashes - 1) / TILE_WIDTH, j->edge_n[level + 1]));
	}
	return ERR_OK;
}

static enum err append_leaf(struct journal *j, const struct hash32 *commitment)
{
	struct hash32 leaf, root;

	merkle_leaf(commitment->b, HASH_BYTES, &leaf);
	j->edge[0][j->edge_n[0]++] = leaf;
	if (j->edge_n[0] < TILE_WIDTH) {
		merkle_frontier_append(&j->frontier, &leaf);
		return ERR_OK;
	}
	/* the eight peaks below are there: the tile's root costs eight hashes, not 255 */
	root = leaf;
	for (unsigned k = 0; k < TILE_HEIGHT; k++)
		merkle_node(&j->frontier.peak[k], &root, &root);
	merkle_frontier_append(&j->frontier, &leaf);
	return close_tiles(j, &root);
}

static void put_actor(struct entry_writer *w, const struct actor *a)
{
	entry_key(w, "actor");
	entry_object(w);
	entry_key(w, "handle");
	entry_hex(w, a->handle, a->has_handle ? HANDLE_BYTES : 0);
	entry_key(w, "role");
	entry_str(w, a->role);
	entry_key(w, "unit");
	entry_str(w, a->unit);
	entry_close(w);
}

enum err journal_write_entry(const struct entry_head *head, const struct kind_ops *ops,
			     const void *data, char *memory, struct str *ret)
{
	struct entry_writer w;

	entry_writer_begin(&w, memory, ENTRY_BYTES_MAX);
	put_actor(&w, &head->actor);
	entry_key(&w, "at");
	entry_int(&w, head->at_us);
	entry_key(&w, "data");
	entry_object(&w);
	ops->encode(&w, data);
	entry_close(&w);
	entry_key(&w, "kind");
	entry_str(&w, str_of(kind_name(head->kind)));
	entry_key(&w, "n");
	entry_int(&w, (int64_t)head->n);
	entry_key(&w, "v");
	entry_int(&w, (int64_t)kind_version(head->kind));
	return entry_writer_end(&w, ret);
}

static enum err insert_entry(struct journal *j, const struct appended *a)
{
	struct db_stmt *s = db_stmt(j->db, SQL_entry_insert);

	db_bind_u64(s, 1, a->n);
	db_bind_bytes(s, 2, a->salt, SALT_BYTES);
	db_bind_bytes(s, 3, a->body.p, a->body.n);
	return db_run(j->db, s);
}

enum err journal_append(struct journal *j, const struct actor *actor, enum kind kind, int64_t at_us,
			const void *data, struct appended *ret)
{
	const struct kind_ops *ops = &j->kinds[kind];
	struct entry_head head = {j->n + 1, at_us > j->last_at_us ? at_us : j->last_at_us, kind,
				  *actor};
	struct appended a = {.n = head.n, .at_us = head.at_us};
	struct hash32 commitment;

	CHECK(!j->stale);
	TRY(journal_write_entry(&head, ops, data, j->memory, &a.body));
	entropy_fill(j->entropy, a.salt, SALT_BYTES);
	hash_commitment(a.salt, a.body, &commitment);
	j->stale = true; /* until everything below has happened */
	TRY(insert_entry(j, &a));
	TRY(append_leaf(j, &commitment));
	TRY(ops->apply(j->db, &head, data));
	j->n = head.n;
	j->last_at_us = head.at_us;
	j->stale = false;
	*ret = a;
	return ERR_OK;
}

enum err journal_checkpoint(struct journal *j, int64_t at_us)
{
	char text[NOTE_BYTES_MAX], note[NOTE_BYTES_MAX];
	struct buf t = buf_over(text, sizeof text), out = buf_over(note, sizeof note);
	struct checkpoint c = {str_of(j->signer.verifier.name), j->n, {{0}}};
	struct db_stmt *s;

	CHECK(!j->stale);
	if (j->checkpoint_size == j->n)
		return ERR_OK;
	merkle_frontier_root(&j->frontier, &c.root);
	checkpoint_put(&c, &t);
	TRY(note_sign(&j->signer, buf_str(&t), &out));
	s = db_stmt(j->db, SQL_checkpoint_insert);
	db_bind_u64(s, 1, j->n);
	db_bind_u64(s, 2, j->epoch);
	db_bind_i64(s, 3, at_us);
	db_bind_bytes(s, 4, note, out.n);
	j->stale = true;
	TRY(db_run(j->db, s));
	j->stale = false;
	j->checkpoint_size = j->n;
	j->checkpoint_at_us = at_us;
	return ERR_OK;
}
