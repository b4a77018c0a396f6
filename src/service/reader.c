/* Reading: lines, proofs, one's own text. */
#include "service/reader.h"

#include "base/check.h"
#include "journal/tree.h"
#include "service/kinds.h"

#include <stdlib.h>

static enum err open_files(struct reader *r, const struct store_paths *paths,
			   const struct store_secrets *secrets)
{
	struct db_options o = {.vfs = paths->vfs};
	struct keyring_options ko = {.path = paths->keys, .vfs = paths->vfs, .read_only = true};

	TRY(db_open(paths->journal, DB_SCHEMA_journal, DB_READ, &o, &r->db));
	TRY(community_get(r->db, &r->community));
	if (!secrets)
		return ERR_OK;
	ko.community_key = &secrets->community_key;
	return keyring_open(&ko, &r->keys);
}

enum err reader_open(const struct store_paths *paths, const struct store_secrets *secrets,
		     struct reader **ret)
{
	struct reader *r = calloc(1, sizeof *r);
	enum err e;

	if (!r)
		return ERR_NO_MEMORY;
	e = open_files(r, paths, secrets);
	if (e != ERR_OK) {
		reader_close(r);
		return e;
	}
	*ret = r;
	return ERR_OK;
}

struct reader *reader_close(struct reader *r)
{
	if (!r)
		return NULL;
	keyring_free(r->keys);
	db_free(r->db);
	free(r);
	return NULL;
}

enum err reader_lines(struct reader *r, uint64_t before, unsigned limit, struct line_row *ret,
		      unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(r->db, SQL_line_list);
	unsigned n = 0;
	bool row = false;

	CHECK(limit <= LINES_PAGE_MAX + 1);
	db_bind_u64(s, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	db_bind_u64(s, 2, limit);
	for (;;) {
		TRY(db_step(r->db, s, &row));
		if (!row)
			break;
		ret[n++] = (struct line_row){db_u64(s, 0), db_i64(s, 1), db_u64(s, 2)};
	}
	*ret_n = n;
	return ERR_OK;
}

static enum err entries(struct reader *r, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(r->db, SQL_entry_last);
	bool row = false;

	TRY(db_step(r->db, s, &row));
	*ret = row ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}

enum err reader_proof(struct reader *r, uint64_t n, struct proof *ret)
{
	struct tree_reader tree;
	uint64_t all = 0;
	enum err e = journal_last_checkpoint(r->db, &ret->checkpoint);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_NOT_FOUND || n == 0 || n > ret->checkpoint.size) {
		TRY(entries(r, &all));
		return n == 0 || n > all ? ERR_NOT_FOUND : ERR_NOT_YET;
	}
	tree_reader_init(&tree, r->db, ret->checkpoint.size);
	ret->n = n;
	return merkle_inclusion(n - 1, ret->checkpoint.size, tree_read, &tree, ret->path,
				&ret->path_n);
}

static enum err decode_line(struct str body, struct arena *a, const struct line_written **ret)
{
	const void *decoded = NULL;
	const struct entry_value *data = NULL;
	struct entry_head head;
	void *tree = NULL;
	enum err e;

	TRY(kind_parse(body, a, &head, &tree, &data));
	e = head.kind == KIND_LINE_WRITTEN ? service_kinds[head.kind].decode(data, a, &decoded)
					   : ERR_NOT_FOUND;
	free(tree);
	TRY(e);
	*ret = decoded;
	return ERR_OK;
}

/* From the COMMIT of the erasure on nobody reads the text, also before its key is destroyed. */
static enum err line_not_erased(struct reader *r, uint64_t n)
{
	struct db_stmt *s = db_stmt(r->db, SQL_line_get);
	bool row = false, erased;

	if (n > INT64_MAX)
		return ERR_NOT_FOUND;
	db_bind_u64(s, 1, n);
	TRY(db_step(r->db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	erased = db_i64(s, 3) != 0;
	db_done(s);
	return erased ? ERR_GONE : ERR_OK;
}

enum err reader_open_line(struct reader *r, uint64_t n, const uint8_t secret[SEAL_SECRET_BYTES],
			  struct opened_line *ret)
{
	const struct line_written *line = NULL;
	struct seal_key key;
	struct arena a;
	uint8_t *out;
	enum err e;

	CHECK(r->keys);
	arena_init(&a, ret->text_memory, sizeof ret->text_memory);
	TRY(line_not_erased(r, n));
	TRY(journal_entry(r->db, n, ret->memory, &ret->entry));
	TRY(decode_line(ret->entry.body, &a, &line));
	TRY(keyring_get(r->keys, line->text.key_id, &key));
	seal_record_secret(&key, n, ret->secret);
	out = arena_alloc(&a, line->text.box.n);
	if (!seal_secret_eq(ret->secret, secret))
		e = ERR_FORBIDDEN;
	else if (!out)
		e = ERR_NO_MEMORY;
	else
		e = seal_open(&key, line->text.key_id, STR("text"), line->text.box, &line->text.h,
			      out, &ret->text);
	seal_wipe(&key, sizeof key);
	TRY(e);
	memcpy(ret->blind, out, SEAL_BLIND_BYTES);
	return ERR_OK;
}

enum err reader_status(struct reader *r, struct store_status *ret)
{
	struct checkpoint_row row;
	enum err e = journal_last_checkpoint(r->db, &row);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	ret->checkpoint_size = e == ERR_OK ? row.size : 0;
	return entries(r, &ret->entries);
}

enum err reader_instant(struct reader *r, uint64_t n, int64_t *ret_us)
{
	char *memory = malloc(2 * ENTRY_BYTES_MAX);
	const struct entry_value *data = NULL;
	struct entry_head head = {0};
	struct entry_view view;
	void *tree = NULL;
	struct arena a;
	enum err e = memory ? journal_entry(r->db, n, memory, &view) : ERR_NO_MEMORY;

	if (e == ERR_OK) {
		arena_init(&a, memory + ENTRY_BYTES_MAX, ENTRY_BYTES_MAX);
		e = kind_parse(view.body, &a, &head, &tree, &data);
	}
	free(tree);
	free(memory);
	if (e == ERR_OK)
		*ret_us = head.at_us;
	return e;
}

enum err reader_now(struct reader *r, int64_t now_us, int64_t *ret_us)
{
	struct store_status status;

	TRY(community_get(r->db, &r->community));
	if (!r->community.demo) {
		*ret_us = now_us;
		return ERR_OK;
	}
	TRY(reader_status(r, &status));
	return reader_instant(r, status.entries, ret_us);
}
