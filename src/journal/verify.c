/* Verifying: what is stored is recomputed and compared. A finding ends the pass as ERR_UNVERIFIED,
 * within this file only. */
#include "journal/verify.h"

#include "base/check.h"
#include "journal/journal.h"
#include "journal_store.h"

#include <stdlib.h>

#define SLICE_ENTRIES 65536u /* of one read transaction: about a fifth of a second */

struct verify {
	struct db *db;
	const struct verify_options *options;
	struct verify_result result;
	struct merkle_frontier frontier;
	struct hash32 edge[TILE_LEVELS][TILE_WIDTH]; /* the growing tile of each level */
	unsigned edge_n[TILE_LEVELS];
	uint64_t code, epoch;
	bool any_checkpoint;
	struct checkpoint_row next; /* not looked at yet */
	bool next_there;
	_Alignas(16) char memory[4 * ENTRY_BYTES_MAX];
};

static const enum msg finding_msgs[VERIFY_FINDINGS] = {
    [VERIFY_SOUND] = MSG_VERIFY_SOUND,
    [VERIFY_ENTRY_MISSING] = MSG_VERIFY_ENTRY_MISSING,
    [VERIFY_ENTRY_SURPLUS] = MSG_VERIFY_ENTRY_SURPLUS,
    [VERIFY_ENTRY_FORM] = MSG_VERIFY_ENTRY_FORM,
    [VERIFY_ENTRY_CHANGED] = MSG_VERIFY_ENTRY_CHANGED,
    [VERIFY_TILE_MISSING] = MSG_VERIFY_TILE_MISSING,
    [VERIFY_TILE_CHANGED] = MSG_VERIFY_TILE_CHANGED,
    [VERIFY_TILE_SURPLUS] = MSG_VERIFY_TILE_SURPLUS,
    [VERIFY_CHECKPOINT_MISSING] = MSG_VERIFY_CHECKPOINT_MISSING,
    [VERIFY_CHECKPOINT_SURPLUS] = MSG_VERIFY_CHECKPOINT_SURPLUS,
    [VERIFY_CHECKPOINT_SIGNATURE] = MSG_VERIFY_CHECKPOINT_SIGNATURE,
    [VERIFY_CHECKPOINT_ROOT] = MSG_VERIFY_CHECKPOINT_ROOT,
    [VERIFY_ORIGIN] = MSG_VERIFY_ORIGIN,
    [VERIFY_OTHER_KEY] = MSG_VERIFY_OTHER_KEY,
};

enum msg verify_msg(enum verify_finding finding)
{
	CHECK(finding < VERIFY_FINDINGS);
	return finding_msgs[finding];
}

static enum err found(struct verify *v, enum verify_finding finding, int64_t number)
{
	v->result.finding = finding;
	snprintf(v->result.at, sizeof v->result.at, "%lld", (long long)number);
	return ERR_UNVERIFIED;
}

static enum err found_tile(struct verify *v, enum verify_finding finding, unsigned level,
			   uint64_t index, unsigned width)
{
	struct tile_id id = {false, level, index, width};
	struct buf b = buf_over(v->result.at, sizeof v->result.at);

	tile_format(&id, &b);
	(void)buf_z(&b);
	v->result.finding = finding;
	return ERR_UNVERIFIED;
}

/* ---- tiles ---- */

/* The hashes of a stored tile; *ret_n is 0 where there is no row or it is no row of hashes. */
static enum err stored_tile(struct verify *v, unsigned level, uint64_t index, struct hash32 *ret,
			    bool *ret_there, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(v->db, SQL_tile_get);
	struct bytes b;

	*ret_n = 0;
	db_bind_u64(s, 1, tile_row_id(level, index));
	TRY(db_step(v->db, s, ret_there));
	if (!*ret_there)
		return ERR_OK;
	b = db_bytes(s, 0);
	if (b.n > 0 && b.n % HASH_BYTES == 0 && b.n <= TILE_BYTES_MAX) {
		memcpy(ret, b.p, b.n);
		*ret_n = (unsigned)(b.n / HASH_BYTES);
	}
	db_done(s);
	return ERR_OK;
}

/* A tile of leaves differs from the entries at `i`: which of them is wrong? The tile, unless it
 * still has the root that the tile above names. */
static enum err leaf_differs(struct verify *v, uint64_t index, const struct hash32 *stored,
			     unsigned i)
{
	struct hash32 above[TILE_WIDTH], root;
	unsigned n = 0, place = (unsigned)(index % TILE_WIDTH);
	bool there = false;

	TRY(stored_tile(v, 1, index / TILE_WIDTH, above, &there, &n));
	TRY(tile_subtree(stored, TILE_WIDTH, TILE_HEIGHT, 0, &root));
	if (n > place && hash_eq(&root, &above[place]))
		return found(v, VERIFY_ENTRY_CHANGED, (int64_t)(index * TILE_WIDTH + i + 1));
	return found_tile(v, VERIFY_TILE_CHANGED, 0, index, TILE_WIDTH);
}

/* The stored tile must have exactly the first `width` hashes of ours. */
static enum err check_tile(struct verify *v, unsigned level, uint64_t index, unsigned width)
{
	struct hash32 stored[TILE_WIDTH];
	unsigned n = 0, i = 0;
	bool there = false;

	TRY(stored_tile(v, level, index, stored, &there, &n));
	if (!there)
		return found_tile(v, VERIFY_TILE_MISSING, level, index, width);
	if (n != width)
		return found_tile(v, VERIFY_TILE_CHANGED, level, index, width);
	while (i < width && hash_eq(&stored[i], &v->edge[level][i]))
		i++;
	if (i < width)
		return level == 0 ? leaf_differs(v, index, stored, i)
				  : found_tile(v, VERIFY_TILE_CHANGED, level, index, width);
	v->result.tiles++;
	return ERR_OK;
}

static enum err close_tiles(struct verify *v, struct hash32 root)
{
	uint64_t hashes = v->frontier.size;

	for (unsigned level = 0; v->edge_n[level] == TILE_WIDTH; level++) {
		CHECK(level + 1 < TILE_LEVELS);
		if (level > 0)
			TRY(tile_subtree(v->edge[level], TILE_WIDTH, TILE_HEIGHT, 0, &root));
		hashes /= TILE_WIDTH;
		TRY(check_tile(v, level, hashes - 1, TILE_WIDTH));
		v->edge_n[level] = 0;
		v->edge[level + 1][v->edge_n[level + 1]++] = root;
	}
	return ERR_OK;
}

static enum err take_leaf(struct verify *v, const struct hash32 *commitment)
{
	struct hash32 leaf, root;

	merkle_leaf(commitment->b, HASH_BYTES, &leaf);
	v->edge[0][v->edge_n[0]++] = leaf;
	root = leaf;
	if (v->edge_n[0] == TILE_WIDTH)
		for (unsigned k = 0; k < TILE_HEIGHT; k++)
			merkle_node(&v->frontier.peak[k], &root, &root);
	merkle_frontier_append(&v->frontier, &leaf);
	return v->edge_n[0] == TILE_WIDTH ? close_tiles(v, root) : ERR_OK;
}

/* ---- origins ---- */

/* Take up the log origin that entry n opens. */
static enum err take_origin(struct verify *v, uint64_t n, struct str vkey)
{
	struct sign_key key = {0};
	struct note_verifier verifier;
	char origin[ORIGIN_MAX];

	if (note_vkey_parse(vkey, &verifier) != ERR_OK)
		return found(v, VERIFY_ORIGIN, (int64_t)n);
	memcpy(key.public_key, verifier.public_key, SIGN_PUBLIC_BYTES);
	community_origin(v->code, &key, v->epoch, origin);
	if (strcmp(origin, verifier.name) != 0)
		return found(v, VERIFY_ORIGIN, (int64_t)n);
	if (v->options->public_key &&
	    memcmp(v->options->public_key, verifier.public_key, SIGN_PUBLIC_BYTES) != 0)
		return found(v, VERIFY_OTHER_KEY, (int64_t)n);
	v->result.key = verifier;
	return ERR_OK;
}

/* Does the note start with "liren-reopened-1", the old origin, and the size and root of the tree
 * before it, and end with the new origin? */
static bool link_holds(const struct verify *v, struct str link, struct str new_key)
{
	char want[NOTE_BYTES_MAX];
	struct buf b = buf_over(want, sizeof want);
	const char *plus = memchr(new_key.p, '+', new_key.n);
	size_t name_n = plus ? (size_t)(plus - new_key.p) : 0;
	struct hash32 root;
	struct str text;

	if (note_open(&v->result.key, link, &text) != ERR_OK)
		return false;
	merkle_frontier_root(&v->frontier, &root);
	buf_put_z(&b, "liren-reopened-1\n");
	buf_put_z(&b, v->result.key.name);
	buf_put_char(&b, '\n');
	buf_put_u64(&b, v->frontier.size);
	buf_put_char(&b, ' ');
	buf_put_b64(&b, root.b, HASH_BYTES);
	buf_put_char(&b, '\n');
	return !b.over && name_n > 0 && str_starts(text, buf_str(&b)) && text.n > name_n + 2 &&
	       text.p[text.n - name_n - 2] == '\n' &&
	       memcmp(text.p + text.n - name_n - 1, new_key.p, name_n) == 0;
}

/* journal.opened and journal.reopened name the key of their epoch. */
static enum err check_origin_entry(struct verify *v, uint64_t n, struct str body)
{
	struct str key = {0}, link = {0}, code = {0};
	const struct entry_value *data = NULL;
	void *tree = NULL;
	struct entry_head head;
	struct arena a;
	uint64_t epoch = 0;
	bool opens, ok;

	arena_init(&a, v->memory, sizeof v->memory);
	if (kind_parse(body, &a, &head, &tree, &data) != ERR_OK)
		return found(v, VERIFY_ORIGIN, (int64_t)n);
	opens = head.kind == KIND_JOURNAL_OPENED;
	ok = kind_get_str(data, "key", &a, &key) == ERR_OK && opens == (n == 1);
	if (ok && opens) {
		ok = kind_get_str(data, "community", &a, &code) == ERR_OK;
		while (ok && code.n > 1 && code.p[0] == '0')
			code = (struct str){code.p + 1, code.n - 1};
		ok = ok && str_to_u64(code, &v->code);
		v->epoch = 1;
	} else if (ok) {
		ok = kind_get_u64(data, "epoch", &epoch) == ERR_OK && epoch > v->epoch &&
		     kind_get_str(data, "link", &a, &link) == ERR_OK && link_holds(v, link, key);
		v->epoch = epoch;
	}
	free(tree);
	return ok ? take_origin(v, n, key) : found(v, VERIFY_ORIGIN, (int64_t)n);
}

/* ---- checkpoints ---- */

static enum err next_checkpoint(struct verify *v, struct db_stmt *s)
{
	struct bytes note;

	TRY(db_step(v->db, s, &v->next_there));
	if (!v->next_there)
		return ERR_OK;
	v->any_checkpoint = true;
	v->next.size = db_u64(s, 0);
	v->next.epoch = db_u64(s, 1);
	note = db_bytes(s, 2);
	v->next.note_n = note.n;
	if (note.n <= sizeof v->next.note)
		memcpy(v->next.note, note.p, note.n);
	return ERR_OK;
}

/* The root does not agree. What is known: entries up to the last good checkpoint are right, and the
 * tile, where it is stored, tells which entry is not. */
static enum err root_differs(struct verify *v)
{
	struct hash32 stored[TILE_WIDTH];
	uint64_t index = (v->next.size - 1) / TILE_WIDTH;
	unsigned n = 0;
	bool there = false;

	if (v->edge_n[0] > 0)
		TRY(stored_tile(v, 0, index, stored, &there, &n));
	for (unsigned i = 0; n == TILE_WIDTH && i < v->edge_n[0]; i++)
		if (!hash_eq(&stored[i], &v->edge[0][i]))
			return leaf_differs(v, index, stored, i);
	v->result.first = v->result.covered + 1;
	v->result.last = v->next.size;
	if (v->result.first == v->result.last)
		return found(v, VERIFY_ENTRY_CHANGED, (int64_t)v->result.last);
	return found(v, VERIFY_CHECKPOINT_ROOT, (int64_t)v->next.size);
}

/* The checkpoint of the size reached. */
static enum err check_checkpoint(struct verify *v)
{
	struct checkpoint c = {0};
	struct hash32 root;
	struct str text = {0};
	int64_t size = (int64_t)v->next.size;

	if (v->next.epoch != v->epoch)
		return found(v, VERIFY_CHECKPOINT_SURPLUS, size);
	if (v->next.note_n > sizeof v->next.note ||
	    note_open(&v->result.key, (struct str){v->next.note, v->next.note_n}, &text) !=
		ERR_OK ||
	    checkpoint_parse(text, &c) != ERR_OK || c.size != v->next.size ||
	    !str_eq(c.origin, str_of(v->result.key.name)))
		return found(v, VERIFY_CHECKPOINT_SIGNATURE, size);
	merkle_frontier_root(&v->frontier, &root);
	if (!hash_eq(&root, &c.root))
		return root_differs(v);
	v->result.covered = v->next.size;
	v->result.checkpoints++;
	return ERR_OK;
}

static enum err check_checkpoints(struct verify *v, struct db_stmt *s)
{
	while (v->next_there && v->next.size <= v->frontier.size) {
		if (v->next.size != v->frontier.size || v->result.covered == v->next.size)
			return found(v, VERIFY_CHECKPOINT_SURPLUS, (int64_t)v->next.size);
		TRY(check_checkpoint(v));
		TRY(next_checkpoint(v, s));
	}
	return ERR_OK;
}

/* ---- entries ---- */

/* Strip `tail` off the end of s. */
static bool strip(struct str *s, const char *tail, size_t n)
{
	if (s->n < n || memcmp(s->p + s->n - n, tail, n) != 0)
		return false;
	s->n -= n;
	return true;
}

/* An entry ends in …,"kind":"K","n":N,"v":V} with N its number; *ret_kind is K. Everything else of
 * its form is looked at when it is rebuilt. */
static bool tail_fits(struct str body, uint64_t n, struct str *ret_kind)
{
	char number[40];
	int number_n =
	    snprintf(number, sizeof number, "\",\"n\":%llu,\"v\":", (unsigned long long)n);
	size_t to;

	if (!strip(&body, "}", 1))
		return false;
	while (body.n > 0 && body.p[body.n - 1] >= '0' && body.p[body.n - 1] <= '9')
		body.n--;
	if (!strip(&body, number, (size_t)number_n))
		return false;
	to = body.n;
	while (body.n > 0 && body.p[body.n - 1] != '"')
		body.n--;
	*ret_kind = (struct str){body.p + body.n, to - body.n};
	return strip(&body, ",\"kind\":\"", 9);
}

static enum err check_entry(struct verify *v, uint64_t n, struct bytes salt, struct str body)
{
	struct hash32 commitment;
	struct str kind;

	if (salt.n != SALT_BYTES || body.n > ENTRY_BYTES_MAX)
		return found(v, VERIFY_ENTRY_FORM, (int64_t)n);
	hash_commitment(salt.p, body, &commitment);
	if (!tail_fits(body, n, &kind)) {
		/* a byte of the tail changed: leaf and tile, or the checkpoint, say so as well */
		return found(v, VERIFY_ENTRY_FORM, (int64_t)n);
	}
	if (n == 1 || str_eq(kind, STR("journal.reopened")) || str_eq(kind, STR("journal.opened")))
		TRY(check_origin_entry(v, n, body));
	TRY(take_leaf(v, &commitment));
	v->result.entries = n;
	return ERR_OK;
}

/* Entries frontier.size + 1 … upto with their checkpoints. */
static enum err check_slice(struct verify *v, uint64_t upto)
{
	struct db_stmt *c = db_stmt(v->db, SQL_checkpoint_after);
	struct db_stmt *s = db_stmt(v->db, SQL_entry_range);
	uint64_t n = v->frontier.size + 1;
	bool row = false;
	enum err e;

	/* from below 1 at first, so that a size that never was is seen */
	db_bind_i64(c, 1, n == 1 ? INT64_MIN : (int64_t)n - 1);
	db_bind_u64(s, 1, n);
	db_bind_u64(s, 2, upto + 1);
	TRY(next_checkpoint(v, c));
	e = check_checkpoints(v, c);
	for (; e == ERR_OK && n <= upto; n++) {
		struct bytes body;
		e = db_step(v->db, s, &row);
		if (e != ERR_OK)
			break;
		if (!row || db_u64(s, 0) != n) {
			e = found(v, VERIFY_ENTRY_MISSING, (int64_t)n);
			break;
		}
		body = db_bytes(s, 2);
		e = check_entry(v, n, db_bytes(s, 1), (struct str){(const char *)body.p, body.n});
		if (e == ERR_OK)
			e = check_checkpoints(v, c);
	}
	db_done(s);
	db_done(c);
	return e;
}

/* ---- the whole ---- */

static enum err one_i64(struct verify *v, enum sql sql, int64_t if_none, int64_t *ret)
{
	struct db_stmt *s = db_stmt(v->db, sql);
	bool row = false;

	TRY(db_step(v->db, s, &row));
	*ret = row ? db_i64(s, 0) : if_none;
	db_done(s);
	return ERR_OK;
}

/* The first row of a tile that the tree does not have. */
static enum err name_surplus_tile(struct verify *v)
{
	struct db_stmt *s = db_stmt(v->db, SQL_tile_ids);
	bool row = false;

	for (;;) {
		int64_t id;
		uint64_t level, index;
		unsigned width;
		TRY(db_step(v->db, s, &row));
		if (!row)
			return ERR_CORRUPT; /* more rows than expected, yet each of them is expected
					     */
		id = db_i64(s, 0);
		level = (uint64_t)id >> TILE_ROW_LEVEL_SHIFT;
		index = (uint64_t)id & ((UINT64_C(1) << TILE_ROW_LEVEL_SHIFT) - 1);
		width = level < TILE_LEVELS
			    ? tile_width_at(v->frontier.size, (unsigned)level, index)
			    : 0;
		if (width == TILE_WIDTH || (width > 0 && level > 0))
			continue;
		db_done(s);
		if (level >= TILE_LEVELS)
			return found(v, VERIFY_TILE_SURPLUS, id);
		return found_tile(v, VERIFY_TILE_SURPLUS, (unsigned)level, index, TILE_WIDTH);
	}
}

/* In the last transaction: the growing tiles, and that there is nothing more than there should be.
 */
static enum err check_edges(struct verify *v)
{
	int64_t first = 1, tiles = 0;
	uint64_t want = v->frontier.size / TILE_WIDTH;

	TRY(one_i64(v, SQL_entry_first, 1, &first));
	if (first < 1)
		return found(v, VERIFY_ENTRY_SURPLUS, first);
	if (v->frontier.size == 0)
		return found(v, VERIFY_ENTRY_MISSING, 1);
	if (v->next_there)
		return found(v, VERIFY_CHECKPOINT_SURPLUS, (int64_t)v->next.size);
	if (!v->any_checkpoint)
		return found(v, VERIFY_CHECKPOINT_MISSING, (int64_t)v->frontier.size);
	for (unsigned level = 1; level < TILE_LEVELS; level++) {
		uint64_t hashes = v->frontier.size >> (TILE_HEIGHT * level);
		want += (hashes + TILE_WIDTH - 1) / TILE_WIDTH;
		if (v->edge_n[level] > 0)
			TRY(check_tile(v, level, hashes / TILE_WIDTH, v->edge_n[level]));
	}
	TRY(one_i64(v, SQL_tile_count, 0, &tiles));
	return (uint64_t)tiles == want ? ERR_OK : name_surplus_tile(v);
}

static enum err check_some(struct verify *v, uint64_t *ret_total)
{
	uint64_t upto;
	int64_t last = 0;

	TRY(one_i64(v, SQL_entry_last, 0, &last));
	*ret_total = last > 0 ? (uint64_t)last : 0;
	upto = v->frontier.size + SLICE_ENTRIES;
	if (upto > *ret_total)
		upto = *ret_total;
	TRY(check_slice(v, upto));
	return upto == *ret_total ? check_edges(v) : ERR_OK;
}

static enum err check_all(struct verify *v)
{
	uint64_t total = 0;
	enum err e;

	do {
		TRY(db_begin_read(v->db));
		e = check_some(v, &total);
		db_rollback(v->db);
		if (v->options->progress)
			v->options->progress(v->options->ctx, v->frontier.size, total);
	} while (e == ERR_OK && v->frontier.size < total);
	return e;
}

enum err journal_verify(struct db *db, const struct verify_options *options,
			struct verify_result *ret)
{
	static const struct verify_options none = {0};
	struct verify *v = calloc(1, sizeof *v);
	enum err e;

	if (!v)
		return ERR_NO_MEMORY;
	v->db = db;
	v->options = options ? options : &none;
	merkle_frontier_init(&v->frontier);
	e = check_all(v);
	if (e == ERR_UNVERIFIED && v->result.finding != VERIFY_SOUND)
		e = ERR_OK;
	if (e == ERR_OK) {
		merkle_frontier_root(&v->frontier, &v->result.root);
		*ret = v->result;
	}
	free(v);
	return e;
}
