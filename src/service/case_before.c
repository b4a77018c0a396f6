/* A case as it was before one of its entries, from the entries. */
#include "service/cases.h"

#include "journal/journal.h"

#include <stdlib.h>

/* What one entry says of its case; *ret NULL where it changed nothing of it. */
static enum err read_step(struct db *db, uint64_t n, struct arena *a, struct entry_head *ret_head,
			  uint64_t *ret_prev, const struct case_entry **ret)
{
	char *memory = arena_alloc(a, ENTRY_BYTES_MAX);
	const struct entry_value *data = NULL;
	const void *decoded = NULL;
	struct entry_view view;
	void *tree = NULL;
	enum err e = ERR_OK;

	if (!memory)
		return ERR_NO_MEMORY;
	TRY(journal_entry(db, n, memory, &view));
	TRY(kind_parse(view.body, a, ret_head, &tree, &data));
	*ret_prev = 0;
	if (ret_head->kind == KIND_CASE_HANDED_IN)
		e = case_new_decode(data, a, &decoded);
	else
		e = kind_get_u64(data, "prev", ret_prev);
	if (e == ERR_OK && ret_head->kind == KIND_CASE_MOVED)
		e = case_moved_decode(data, a, &decoded);
	free(tree);
	*ret = decoded;
	return e;
}

enum err cases_before(struct db *db, uint64_t n, struct arena *a, const struct case_entry **ret)
{
	struct arena_mark mark = arena_mark(a);
	const struct case_entry *step = NULL;
	struct entry_head head;

	for (unsigned i = 0; n > 0 && i < CASES_BEFORE_ENTRIES_MAX; i++) {
		arena_reset(a, mark);
		TRY(read_step(db, n, a, &head, &n, &step));
		if (i > 0 && step) {
			*ret = step;
			return ERR_OK;
		}
	}
	return ERR_NOT_FOUND;
}
