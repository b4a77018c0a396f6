/* keys.db and its copy. */
#include "journal/keys.h"

#include "base/check.h"

#include <stdlib.h>

#define SYNC_SLICE 4096u /* keys compared at a time when the copy is brought up to date */

/* What was read last, wrapped, at the place of its number: a case's key is asked for at each of its
 * steps. Untouched places cost no memory. */
#define KEPT_MAX 131072u
struct kept_key {
	uint64_t id; /* 0: none */
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
};

#define BATCH_MAX (4 * KEYS_BATCH) /* each batch is nine syncs, here and in the copy */
#define BATCH_SOON_US 1000000      /* one that lasted less is followed by one twice as large */

struct wrapped_key {
	uint64_t id;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
};

struct keyring {
	struct db *db;
	struct kept_key *kept; /* of a keyring that writes; NULL: none */
	int64_t version;       /* of keys.db as others left it when `kept` began */
	struct db *copy;       /* NULL: none set, or it could not be opened */
	const char *copy_path;
	const char *vfs;
	bool read_only;
	bool copy_behind;  /* something was written that the copy has not */
	bool holds, reads; /* reads share a transaction; one is open */
	const struct seal_key *community_key;
	const struct entropy *entropy;
	uint64_t next;  /* number of the next key to be made */
	unsigned batch; /* size of the last one, made at */
	int64_t batch_us;
	struct wrapped_key *wrapped; /* of a keyring that writes: room for one */
	unsigned ready_n, ready_at;
	struct {
		uint64_t id;
		struct seal_key key;
	} ready[BATCH_MAX];
};

void keyring_hold(struct keyring *k)
{
	k->holds = true;
}

/* Nothing is written within the transaction of the reads. */
static void let_go(struct keyring *k)
{
	if (k->reads)
		db_rollback(k->db);
	k->reads = false;
}

void keyring_release(struct keyring *k)
{
	let_go(k);
	k->holds = false;
}

/* Another keyring wrote: it may have destroyed what is kept. The pages go back to the kernel, which
 * clears them. */
static enum err keep_what_holds(struct keyring *k)
{
	struct db_stmt *s;
	bool row = false;
	int64_t version;

	if (k->read_only)
		return ERR_OK;
	s = db_stmt(k->db, SQL_keys_version);
	TRY(db_step(k->db, s, &row));
	version = db_i64(s, 0);
	db_done(s);
	if (version == k->version && k->kept)
		return ERR_OK;
	free(k->kept);
	k->kept = calloc(KEPT_MAX, sizeof *k->kept);
	k->version = version;
	return ERR_OK;
}

static enum err begin_to_read(struct keyring *k)
{
	enum err e;

	if (!k->holds || k->reads)
		return ERR_OK;
	TRY(db_begin_read(k->db));
	k->reads = true;
	e = keep_what_holds(k);
	if (e != ERR_OK)
		let_go(k); /* what is kept was not looked at: the next read does */
	return e;
}

static const struct db_options keys_db_options = {.rollback_journal = true, .cache_kib = 1024};

static enum err open_copy(struct keyring *k)
{
	struct db_options o = keys_db_options;

	o.vfs = k->vfs;
	if (k->copy || !k->copy_path)
		return ERR_OK;
	return db_open(k->copy_path, DB_SCHEMA_keys, DB_CREATE, &o, &k->copy);
}

static enum err one_u64(struct db *db, enum sql sql, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, sql);
	bool row = false;

	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_CORRUPT;
	*ret = db_u64(s, 0);
	db_done(s);
	return ERR_OK;
}

static enum err unwrap(struct keyring *k, uint64_t id, struct bytes wrapped, struct seal_key *ret)
{
	if (wrapped.n != SEAL_WRAPPED_BYTES)
		return ERR_CORRUPT;
	return seal_unwrap_key(k->community_key, id, wrapped.p, ret);
}

/* NULL: nothing is kept. While it is held nobody else destroys a key, so what is kept is there. */
static struct kept_key *place_of(struct keyring *k, uint64_t id)
{
	return k->kept ? &k->kept[id % KEPT_MAX] : NULL;
}

static void keep(struct keyring *k, uint64_t id, const uint8_t wrapped[SEAL_WRAPPED_BYTES])
{
	struct kept_key *at = place_of(k, id);

	if (!k->holds || !at)
		return;
	at->id = id;
	memcpy(at->wrapped, wrapped, SEAL_WRAPPED_BYTES);
}

static void forget(struct keyring *k, const uint64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct kept_key *at = place_of(k, ids[i]);
		if (at && at->id == ids[i])
			seal_wipe(at, sizeof *at);
	}
}

/* Keys made earlier and not used yet. */
static enum err load_ready(struct keyring *k, uint64_t used_max)
{
	uint64_t floor = 0, handles = 0, blinds = 0;
	struct db_stmt *s;
	bool row = false;
	enum err e = ERR_OK;

	/* used: by an entry, by a handle, by a name to be found, or before a restore */
	TRY(one_u64(k->db, SQL_handle_last_key, &handles));
	TRY(one_u64(k->db, SQL_blind_last_key, &blinds));
	TRY(one_u64(k->db, SQL_keyring_get, &floor));
	used_max = used_max > handles ? used_max : handles;
	used_max = used_max > blinds ? used_max : blinds;
	TRY(one_u64(k->db, SQL_key_last, &k->next));
	s = db_stmt(k->db, SQL_key_after);
	db_bind_u64(s, 1, used_max > floor ? used_max : floor);
	db_bind_u64(s, 2, BATCH_MAX);
	while (e == ERR_OK) {
		TRY(db_step(k->db, s, &row));
		if (!row)
			break;
		k->ready[k->ready_n].id = db_u64(s, 0);
		e = unwrap(k, db_u64(s, 0), db_bytes(s, 1), &k->ready[k->ready_n].key);
		k->ready_n++;
	}
	db_done(s);
	k->next = (k->next > used_max ? k->next : used_max) + 1;
	return e;
}

static enum err synced_at(struct db *db, int64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_keyring_get);
	bool row = false;

	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_CORRUPT;
	*ret = db_i64(s, 1);
	db_done(s);
	return ERR_OK;
}

/* Every batch and every destruction sets the same time here and in the copy. Where they differ, the
 * program ended between the two, or the copy was out of reach or is new. */
static enum err catch_up(struct keyring *k)
{
	int64_t ours = 0, theirs = 0;

	if (!k->copy_path)
		return ERR_OK;
	TRY(open_copy(k));
	TRY(synced_at(k->db, &ours));
	TRY(synced_at(k->copy, &theirs));
	return ours == theirs ? ERR_OK : keyring_sync_copy(k, ours);
}

enum err keyring_open(const struct keyring_options *o, struct keyring **ret)
{
	struct keyring *k = calloc(1, sizeof *k);
	struct db_options db_o = keys_db_options;
	enum err e;

	if (!k)
		return ERR_NO_MEMORY;
	k->copy_path = o->copy_path;
	k->vfs = o->vfs;
	k->read_only = o->read_only;
	k->community_key = o->community_key;
	k->entropy = o->entropy;
	db_o.vfs = o->vfs;
	e = db_open(o->path, DB_SCHEMA_keys,
		    o->read_only ? DB_READ : (o->create ? DB_CREATE : DB_WRITE), &db_o, &k->db);
	if (e == ERR_OK && !o->read_only) {
		k->wrapped = calloc(BATCH_MAX, sizeof *k->wrapped);
		e = k->wrapped ? load_ready(k, o->used_max) : ERR_NO_MEMORY;
	}
	if (e != ERR_OK) {
		keyring_free(k);
		return e;
	}
	/* a copy that cannot be reached does not stop the office; doctor shows its age */
	if (!o->read_only)
		k->copy_behind = catch_up(k) != ERR_OK;
	*ret = k;
	return ERR_OK;
}

struct keyring *keyring_free(struct keyring *k)
{
	if (!k)
		return NULL;
	db_free(k->db);
	db_free(k->copy);
	seal_wipe(k->ready, sizeof k->ready);
	free(k->wrapped);
	free(k->kept);
	free(k);
	return NULL;
}

static enum err commit_or_undo(struct db *db, enum err e)
{
	if (e == ERR_OK)
		e = db_commit(db);
	if (e != ERR_OK)
		db_rollback(db);
	return e;
}

static enum err set_synced(struct db *db, int64_t now_us)
{
	struct db_stmt *s = db_stmt(db, SQL_keyring_synced);

	db_bind_i64(s, 1, now_us);
	return db_run(db, s);
}

static enum err insert_keys(struct db *db, const struct wrapped_key *keys, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct db_stmt *s = db_stmt(db, SQL_key_insert);
		db_bind_u64(s, 1, keys[i].id);
		db_bind_bytes(s, 2, keys[i].wrapped, SEAL_WRAPPED_BYTES);
		TRY(db_run(db, s));
	}
	return ERR_OK;
}

static enum err write_keys(struct db *db, const struct wrapped_key *keys, unsigned n,
			   int64_t now_us)
{
	enum err e;

	TRY(db_begin(db));
	e = insert_keys(db, keys, n);
	if (e == ERR_OK)
		e = set_synced(db, now_us);
	return commit_or_undo(db, e);
}

/* How many are made now. */
static unsigned batch_at(struct keyring *k, int64_t now_us)
{
	bool soon = k->batch > 0 && now_us >= k->batch_us && now_us - k->batch_us < BATCH_SOON_US;

	k->batch = !soon ? KEYS_BATCH : k->batch < BATCH_MAX ? 2 * k->batch : BATCH_MAX;
	k->batch_us = now_us;
	return k->batch;
}

/* Make a batch of keys: durable here, then in the copy, then ready. */
static enum err make_batch(struct keyring *k, int64_t now_us)
{
	struct wrapped_key *wrapped = k->wrapped;
	unsigned n = batch_at(k, now_us) - k->ready_n;
	unsigned from = k->ready_n;
	enum err e;

	for (unsigned i = 0; i < n; i++) {
		uint8_t nonce[SEAL_NONCE_BYTES];
		wrapped[i].id = k->next + i;
		k->ready[from + i].id = k->next + i;
		entropy_fill(k->entropy, k->ready[from + i].key.b, SEAL_KEY_BYTES);
		entropy_fill(k->entropy, nonce, sizeof nonce);
		seal_wrap_key(k->community_key, wrapped[i].id, nonce, &k->ready[from + i].key,
			      wrapped[i].wrapped);
	}
	let_go(k);
	e = write_keys(k->db, wrapped, n, now_us);
	/* a COMMIT that failed may have happened all the same: no number ever stands for two keys
	 */
	k->next += n;
	if (e == ERR_OK) {
		k->ready_n += n;
		if (k->copy_path && (open_copy(k) != ERR_OK || k->copy_behind ||
				     write_keys(k->copy, wrapped, n, now_us) != ERR_OK))
			k->copy_behind = keyring_sync_copy(k, now_us) != ERR_OK;
	} else {
		seal_wipe(&k->ready[from], n * sizeof k->ready[0]);
	}
	seal_wipe(wrapped, n * sizeof *wrapped);
	return e;
}

enum err keyring_reserve(struct keyring *k, unsigned count, int64_t now_us)
{
	CHECK(!k->read_only && count <= KEYS_BATCH);
	if (k->ready_n - k->ready_at >= count)
		return ERR_OK;
	memmove(k->ready, k->ready + k->ready_at, (k->ready_n - k->ready_at) * sizeof k->ready[0]);
	k->ready_n -= k->ready_at;
	k->ready_at = 0;
	return make_batch(k, now_us);
}

void keyring_take(struct keyring *k, uint64_t *ret_id, struct seal_key *ret_key)
{
	CHECK(k->ready_at < k->ready_n);
	*ret_id = k->ready[k->ready_at].id;
	*ret_key = k->ready[k->ready_at].key;
	seal_wipe(&k->ready[k->ready_at++], sizeof k->ready[0]);
}

enum err keyring_get(struct keyring *k, uint64_t id, struct seal_key *ret)
{
	const struct kept_key *at;
	struct db_stmt *s;
	bool row = false;
	enum err e;

	TRY(begin_to_read(k));
	at = place_of(k, id);
	if (k->holds && at && id > 0 && at->id == id)
		return seal_unwrap_key(k->community_key, id, at->wrapped, ret);
	s = db_stmt(k->db, SQL_key_get);
	db_bind_u64(s, 1, id);
	TRY(db_step(k->db, s, &row));
	if (!row)
		return ERR_GONE;
	e = unwrap(k, id, db_bytes(s, 0), ret);
	if (e == ERR_OK)
		keep(k, id, db_bytes(s, 0).p);
	db_done(s);
	return e;
}

enum err keyring_holds(struct keyring *k, uint64_t id, bool *ret)
{
	struct db_stmt *s = db_stmt(k->db, SQL_key_get);

	db_bind_u64(s, 1, id);
	TRY(db_step(k->db, s, ret));
	db_done(s);
	return ERR_OK;
}

static enum err delete_keys(struct db *db, const uint64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		static const enum sql all[] = {SQL_key_delete, SQL_handle_delete, SQL_blind_delete};
		for (size_t w = 0; w < sizeof all / sizeof all[0]; w++) {
			struct db_stmt *s = db_stmt(db, all[w]);
			db_bind_u64(s, 1, ids[i]);
			TRY(db_run(db, s));
		}
	}
	return ERR_OK;
}

static enum err destroy_in(struct db *db, const uint64_t *ids, size_t n, int64_t now_us)
{
	enum err e;

	TRY(db_begin(db));
	e = delete_keys(db, ids, n);
	if (e == ERR_OK)
		e = set_synced(db, now_us);
	return commit_or_undo(db, e);
}

enum err keyring_destroy(struct keyring *k, const uint64_t *ids, size_t n, int64_t now_us)
{
	CHECK(!k->read_only);
	let_go(k);
	forget(k, ids, n);
	TRY(destroy_in(k->db, ids, n, now_us));
	if (!k->copy_path)
		return ERR_OK;
	TRY(open_copy(k));
	return destroy_in(k->copy, ids, n, now_us);
}

struct handle_row {
	uint8_t handle[HANDLE_BYTES];
	uint64_t key_id;
	uint8_t box[HANDLE_ACCOUNT_MAX + SEAL_OVERHEAD_BYTES];
	size_t box_n;
	struct hash32 h;
};

static enum err insert_handle(struct db *db, const struct handle_row *r)
{
	struct db_stmt *s = db_stmt(db, SQL_handle_insert);

	db_bind_bytes(s, 1, r->handle, HANDLE_BYTES);
	db_bind_u64(s, 2, r->key_id);
	db_bind_bytes(s, 3, r->box, r->box_n);
	db_bind_bytes(s, 4, r->h.b, HASH_BYTES);
	return db_run(db, s);
}

enum err keyring_bind_handle(struct keyring *k, const uint8_t handle[HANDLE_BYTES], uint64_t key_id,
			     const struct seal_key *key, struct str account)
{
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];
	struct handle_row r = {.key_id = key_id};

	if (account.n > HANDLE_ACCOUNT_MAX)
		return ERR_TOO_LARGE;
	memcpy(r.handle, handle, HANDLE_BYTES);
	entropy_fill(k->entropy, nonce, sizeof nonce);
	entropy_fill(k->entropy, blind, sizeof blind);
	seal_value(key, key_id, STR("handle"), nonce, blind, account, r.box, &r.h);
	r.box_n = account.n + SEAL_OVERHEAD_BYTES;
	let_go(k);
	TRY(insert_handle(k->db, &r));
	if (k->copy_path && (open_copy(k) != ERR_OK || insert_handle(k->copy, &r) != ERR_OK))
		k->copy_behind = true;
	return ERR_OK;
}

enum err keyring_handle_account(struct keyring *k, const uint8_t handle[HANDLE_BYTES],
				char ret_account[HANDLE_ACCOUNT_MAX + 1])
{
	struct db_stmt *s = db_stmt(k->db, SQL_handle_get);
	uint8_t out[HANDLE_ACCOUNT_MAX + SEAL_OVERHEAD_BYTES];
	struct bytes box, h;
	struct handle_row r;
	struct seal_key key;
	struct str account;
	bool row = false;
	enum err e;

	db_bind_bytes(s, 1, handle, HANDLE_BYTES);
	TRY(db_step(k->db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	box = db_bytes(s, 1);
	h = db_bytes(s, 2);
	r.key_id = db_u64(s, 0);
	if (box.n > sizeof r.box || h.n != HASH_BYTES) {
		db_done(s);
		return ERR_CORRUPT;
	}
	memcpy(r.box, box.p, box.n);
	memcpy(r.h.b, h.p, HASH_BYTES);
	r.box_n = box.n;
	db_done(s);
	TRY(keyring_get(k, r.key_id, &key));
	e = seal_open(&key, r.key_id, STR("handle"), (struct bytes){r.box, r.box_n}, &r.h, out,
		      &account);
	seal_wipe(&key, sizeof key);
	TRY(e);
	memcpy(ret_account, account.p, account.n);
	ret_account[account.n] = 0;
	return ERR_OK;
}

/* ---- names to be found again ---- */

static enum err insert_blind(struct db *db, const uint8_t idx[SEAL_BLIND_INDEX_BYTES],
			     uint64_t key_id)
{
	struct db_stmt *s = db_stmt(db, SQL_blind_insert);

	db_bind_bytes(s, 1, idx, SEAL_BLIND_INDEX_BYTES);
	db_bind_u64(s, 2, key_id);
	return db_run(db, s);
}

enum err keyring_bind_blind(struct keyring *k, const uint8_t idx[SEAL_BLIND_INDEX_BYTES],
			    uint64_t key_id)
{
	CHECK(!k->read_only);
	let_go(k);
	TRY(insert_blind(k->db, idx, key_id));
	if (k->copy_path &&
	    (open_copy(k) != ERR_OK || insert_blind(k->copy, idx, key_id) != ERR_OK))
		k->copy_behind = true;
	return ERR_OK;
}

enum err keyring_find_blind(struct keyring *k, const uint8_t idx[SEAL_BLIND_INDEX_BYTES],
			    uint64_t *ret_keys, unsigned cap, unsigned *ret_n)
{
	struct db_stmt *s;
	unsigned n = 0;
	bool row = false;

	TRY(begin_to_read(k));
	s = db_stmt(k->db, SQL_blind_find);
	db_bind_bytes(s, 1, idx, SEAL_BLIND_INDEX_BYTES);
	db_bind_u64(s, 2, cap);
	for (;;) {
		TRY(db_step(k->db, s, &row));
		if (!row)
			break;
		ret_keys[n++] = db_u64(s, 0);
	}
	*ret_n = n;
	return ERR_OK;
}

void keyring_blind_index(const struct keyring *k, struct str kind, struct str text,
			 uint8_t ret[SEAL_BLIND_INDEX_BYTES])
{
	seal_blind_index(k->community_key, kind, text, ret);
}

static enum err sync_blinds(struct keyring *k)
{
	struct db_stmt *s = db_stmt(k->db, SQL_blind_after);
	bool row = false;
	enum err e = ERR_OK;

	db_bind_u64(s, 1, 0);
	while (e == ERR_OK) {
		struct bytes idx;
		TRY(db_step(k->db, s, &row));
		if (!row)
			return ERR_OK;
		idx = db_bytes(s, 0);
		e = idx.n == SEAL_BLIND_INDEX_BYTES ? insert_blind(k->copy, idx.p, db_u64(s, 1))
						    : ERR_CORRUPT;
	}
	db_done(s); /* an open row would keep every other connection from a COMMIT */
	return e;
}

/* Next slice of key numbers after `after` in both files; *ret_n of the smaller range that both
 * cover. */
static enum err slice_of(struct db *db, uint64_t after, struct wrapped_key *ret, unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, SQL_key_after);
	unsigned n = 0;
	bool row = false;

	db_bind_u64(s, 1, after);
	db_bind_u64(s, 2, SYNC_SLICE);
	for (;;) {
		struct bytes b;
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		b = db_bytes(s, 1);
		if (b.n != SEAL_WRAPPED_BYTES) {
			db_done(s);
			return ERR_CORRUPT;
		}
		ret[n].id = db_u64(s, 0);
		memcpy(ret[n++].wrapped, b.p, SEAL_WRAPPED_BYTES);
	}
	*ret_n = n;
	return ERR_OK;
}

/* A key that only the copy has was destroyed, unless the file is the copy of another community:
 * then it is left alone. */
static enum err drop_from_copy(struct keyring *k, const struct wrapped_key *key)
{
	struct seal_key ours;
	enum err e = seal_unwrap_key(k->community_key, key->id, key->wrapped, &ours);

	seal_wipe(&ours, sizeof ours);
	return e == ERR_OK ? delete_keys(k->copy, &key->id, 1) : ERR_KEYS;
}

/* Walk both files in key order: what only we have goes into the copy, what only the copy has goes
 * out of it. With `only_compare` nothing is written and *ret_same tells. */
static enum err merge_slices(struct keyring *k, bool only_compare, struct wrapped_key *ours,
			     struct wrapped_key *theirs, bool *ret_same)
{
	uint64_t after = 0;
	unsigned n = SYNC_SLICE, m = SYNC_SLICE;

	while (n == SYNC_SLICE || m == SYNC_SLICE) {
		uint64_t upto = UINT64_MAX;
		unsigned i = 0, j = 0;
		TRY(slice_of(k->db, after, ours, &n));
		TRY(slice_of(k->copy, after, theirs, &m));
		if (n == SYNC_SLICE)
			upto = ours[n - 1].id;
		if (m == SYNC_SLICE && theirs[m - 1].id < upto)
			upto = theirs[m - 1].id;
		while ((i < n && ours[i].id <= upto) || (j < m && theirs[j].id <= upto)) {
			uint64_t a = i < n && ours[i].id <= upto ? ours[i].id : UINT64_MAX;
			uint64_t b = j < m && theirs[j].id <= upto ? theirs[j].id : UINT64_MAX;
			*ret_same = *ret_same && a == b;
			if (a < b && !only_compare)
				TRY(insert_keys(k->copy, &ours[i], 1));
			if (b < a && !only_compare)
				TRY(drop_from_copy(k, &theirs[j]));
			i += a <= b;
			j += b <= a;
		}
		after = upto;
	}
	return ERR_OK;
}

static enum err merge_copy(struct keyring *k, bool only_compare, bool *ret_same)
{
	struct wrapped_key *slices = calloc(2 * SYNC_SLICE, sizeof *slices);
	enum err e;

	if (!slices)
		return ERR_NO_MEMORY;
	e = merge_slices(k, only_compare, slices, slices + SYNC_SLICE, ret_same);
	seal_wipe(slices, 2 * SYNC_SLICE * sizeof *slices);
	free(slices);
	return e;
}

static enum err sync_handles(struct keyring *k)
{
	struct db_stmt *s = db_stmt(k->db, SQL_handle_after);
	bool row = false;

	db_bind_u64(s, 1, 0);
	for (;;) {
		struct handle_row r = {0};
		struct bytes handle, box, h;
		enum err e;
		TRY(db_step(k->db, s, &row));
		if (!row)
			return ERR_OK;
		handle = db_bytes(s, 0);
		box = db_bytes(s, 2);
		h = db_bytes(s, 3);
		if (handle.n != HANDLE_BYTES || box.n > sizeof r.box || h.n != HASH_BYTES) {
			db_done(s);
			return ERR_CORRUPT;
		}
		memcpy(r.handle, handle.p, HANDLE_BYTES);
		r.key_id = db_u64(s, 1);
		memcpy(r.box, box.p, box.n);
		r.box_n = box.n;
		memcpy(r.h.b, h.p, HASH_BYTES);
		e = insert_handle(k->copy, &r);
		if (e != ERR_OK) {
			db_done(
			    s); /* an open row would keep every other connection from a COMMIT */
			return e;
		}
	}
}

enum err keyring_sync_copy(struct keyring *k, int64_t now_us)
{
	bool same = true;
	enum err e;

	if (!k->copy_path)
		return ERR_OK;
	TRY(open_copy(k));
	TRY(db_begin(k->copy));
	e = merge_copy(k, false, &same);
	if (e == ERR_OK)
		e = sync_handles(k);
	if (e == ERR_OK)
		e = sync_blinds(k);
	if (e == ERR_OK)
		e = set_synced(k->copy, now_us);
	e = commit_or_undo(k->copy, e);
	k->copy_behind = e != ERR_OK;
	return e;
}

enum err keyring_raise_floor(struct keyring *k)
{
	uint64_t last = 0;
	struct db_stmt *s;

	TRY(one_u64(k->db, SQL_key_last, &last));
	s = db_stmt(k->db, SQL_keyring_floor);
	db_bind_u64(s, 1, last);
	TRY(db_run(k->db, s));
	seal_wipe(k->ready, sizeof k->ready); /* those were made before, too */
	k->ready_n = k->ready_at = 0;
	return ERR_OK;
}

enum err keyring_state(struct keyring *k, struct keyring_state *ret)
{
	struct keyring_state state = {.has_copy = k->copy_path != NULL};
	bool same = true;

	TRY(one_u64(k->db, SQL_key_count, &state.keys));
	if (k->copy_path && !k->copy) {
		struct db_options o = keys_db_options;
		o.vfs = k->vfs;
		if (db_open(k->copy_path, DB_SCHEMA_keys, DB_READ, &o, &k->copy) != ERR_OK)
			k->copy = NULL;
	}
	if (k->copy && merge_copy(k, true, &same) == ERR_OK) {
		struct db_stmt *s = db_stmt(k->copy, SQL_keyring_get);
		bool row = false;
		TRY(db_step(k->copy, s, &row));
		state.copy_ok = row && same;
		state.copy_synced_us = row ? db_i64(s, 1) : 0;
		db_done(s);
	}
	*ret = state;
	return ERR_OK;
}

void keyring_terms_key(const struct keyring *k, uint8_t ret[SEAL_TERMS_KEY_BYTES])
{
	seal_terms_key(k->community_key, ret);
}
