/* See case_ask.h. */
#include "service/case_ask.h"

#include "case_file.h"
#include "service/kind_case.h"

#include <stdlib.h>

/* What a row says of people: no file is needed for it, so also of a case of years ago. */
struct hands {
	uint64_t id, key_id, erased;
	bool acted, reports; /* the handle that was looked for */
};

static bool is_among(struct str handles, struct str hex)
{
	return memmem(handles.p, handles.n, hex.p, hex.n) != NULL;
}

static enum err read_row(struct db *db, uint64_t id, struct str account, struct reader *r,
			 struct hands *ret, uint8_t ret_handle[HANDLE_BYTES])
{
	struct db_stmt *s = db_stmt(db, SQL_case_get);
	char text[2 * HANDLE_BYTES + 1];
	struct buf hex = buf_over(text, sizeof text);
	struct case_doc_line line;
	struct seal_key key;
	struct str doc;
	bool row = false;
	enum err e = ERR_OK;

	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	*ret = (struct hands){.id = id, .key_id = db_u64(s, 6), .erased = db_u64(s, 19)};
	if (account.n > 0 && ret->erased == 0)
		e = keyring_get(r->keys, ret->key_id, &key);
	if (account.n > 0 && ret->erased == 0 && e == ERR_OK) {
		seal_hand(&key, account, ret_handle);
		seal_wipe(&key, sizeof key);
		buf_put_hex(&hex, ret_handle, HANDLE_BYTES);
		doc = (struct str){(const char *)db_bytes(s, 20).p, db_bytes(s, 20).n};
		while (case_doc_next(&doc, &line)) {
			struct str name = {line.key.p + 2, line.key.n - 2};
			if (line.key.p[0] == 'h' && str_eq(name, buf_str(&hex)))
				ret->acted = true;
			else if (str_eq(line.key, STR("m:reporter")))
				ret->reports = is_among(line.value, buf_str(&hex));
		}
	}
	db_done(s);
	return e == ERR_GONE ? ERR_OK : e; /* then nobody is anybody in it any more */
}

/* The data key that a secret belongs to, and the entry that it was made with. */
static enum err record_of(struct reader *r, const struct hands *h, uint64_t follower,
			  uint64_t *ret_key_id, uint64_t *ret_record)
{
	struct db_stmt *s;
	bool row = false, erased;

	*ret_key_id = h->key_id;
	*ret_record = h->id;
	if (follower == 0)
		return h->erased != 0 ? ERR_GONE : ERR_OK;
	s = db_stmt(r->db, SQL_case_follower_get);
	if (follower <= INT64_MAX) {
		db_bind_u64(s, 1, h->id);
		db_bind_u64(s, 2, follower);
		TRY(db_step(r->db, s, &row));
	}
	if (!row)
		return ERR_FORBIDDEN;
	*ret_key_id = db_u64(s, 0);
	*ret_record = follower;
	erased = db_i64(s, 1) != 0;
	db_done(s);
	return erased ? ERR_GONE : ERR_OK;
}

static enum err check_secret(struct reader *r, const struct hands *h,
			     const struct case_shown *shown)
{
	uint8_t right[SEAL_SECRET_BYTES];
	uint64_t key_id = 0, record = 0;
	struct seal_key key;
	bool fits;

	TRY(record_of(r, h, shown->follower, &key_id, &record));
	TRY(keyring_get(r->keys, key_id, &key));
	seal_record_secret(&key, record, right);
	seal_wipe(&key, sizeof key);
	fits = seal_secret_eq(right, shown->secret);
	seal_wipe(right, sizeof right);
	return fits ? ERR_OK : ERR_FORBIDDEN;
}

enum err case_standing_of(struct reader *r, uint64_t id, const struct case_shown *shown,
			  struct case_standing *ret)
{
	struct case_standing standing = {0};
	struct hands hands;

	if (!r->keys)
		return ERR_KEYS;
	if (id == 0 || id > INT64_MAX)
		return ERR_NOT_FOUND;
	TRY(read_row(r->db, id, shown->hand == CASE_HAND_ACCOUNT ? shown->account : STR(""), r,
		     &hands, standing.handle));
	standing.acted = hands.acted;
	standing.reports = hands.reports;
	if (shown->hand == CASE_HAND_SECRET) {
		TRY(check_secret(r, &hands, shown));
		standing.reports = shown->follower == 0;
		standing.follows = shown->follower != 0;
		standing.follower = shown->follower;
	}
	*ret = standing;
	return ERR_OK;
}

/* The role as it acts here: the police have levels of their own. */
static unsigned role_in(const struct cases_shelf *shelf, const struct case_file *file,
			struct str name)
{
	unsigned lead = CASES_NONE, f = file->type->known[CASES_KNOWN_LEAD_UNIT];

	if (f != CASES_NONE && file->now.rec.filled >> f & 1)
		lead = (unsigned)file->now.rec.value[f];
	for (unsigned i = 0; i < shelf->now.roles_n; i++)
		if (str_eq(shelf->now.roles[i].name.text, name))
			return cases_role_acted(&shelf->now, i, lead);
	return CASES_NOBODY;
}

static uint64_t signer_of(const uint8_t handle[HANDLE_BYTES])
{
	uint64_t v = 0;

	for (unsigned i = 0; i < sizeof v; i++)
		v = v << 8 | handle[i];
	return v;
}

/* What waits to be taken over has the two ways beside the lifecycle, every other case the rest. */
static unsigned ways_here(const struct case_file *file, const struct case_actor *actor,
			  unsigned *ret)
{
	unsigned n = case_ways(file->type, actor, &file->now.rec, ret), kept = 0;

	for (unsigned i = 0; i < n; i++)
		if (case_is_beside(file->type->transitions[ret[i]].command) ==
		    case_marks_wait(file->now.marks))
			ret[kept++] = ret[i];
	return kept;
}

enum err case_next(struct db *db, const struct cases_shelf *shelf, uint64_t id, struct str role,
		   const uint8_t handle[HANDLE_BYTES], int64_t now_us,
		   const struct cases_type **ret_type, unsigned *ret, unsigned *ret_n)
{
	struct case_file *file = malloc(sizeof *file);
	enum err e = file ? case_file_load(db, shelf, NULL, id, file) : ERR_NO_MEMORY;

	if (e == ERR_OK) {
		struct case_actor actor = {role_in(shelf, file, role), signer_of(handle)};
		file->now.rec.clocks_over =
		    case_clocks_over(file->type, &file->now.clocks, now_us);
		*ret_type = file->type;
		*ret_n = actor.role == CASES_NOBODY ? 0 : ways_here(file, &actor, ret);
	}
	free(file);
	return e;
}
