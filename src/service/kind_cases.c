/* cases.ordered, as an entry. What it came to stands in the entries before it. */
#include "service/kind_case.h"

#include "service/kinds.h"

static void put_u64(struct entry_writer *w, const char *key, uint64_t v)
{
	entry_key(w, key);
	entry_int(w, (int64_t)v);
}

void cases_ordered_encode(struct entry_writer *w, const void *data)
{
	const struct cases_ordered *d = data;

	entry_key(w, "command");
	entry_str(w, d->command);
	put_u64(w, "done", d->done);
	put_u64(w, "key", d->key_id);
	put_u64(w, "mother", d->mother);
	put_u64(w, "next", d->next);
	put_u64(w, "refused", d->refused);
}

enum err cases_ordered_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct cases_ordered *d = arena_alloc(a, sizeof *d);
	uint64_t done = 0, refused = 0;

	if (!d)
		return ERR_NO_MEMORY;
	if (entry_size(data) != 6)
		return ERR_CORRUPT;
	TRY(kind_get_str(data, "command", a, &d->command));
	TRY(kind_get_u64(data, "done", &done));
	TRY(kind_get_u64(data, "key", &d->key_id));
	TRY(kind_get_u64(data, "mother", &d->mother));
	TRY(kind_get_u64(data, "next", &d->next));
	TRY(kind_get_u64(data, "refused", &refused));
	if (done > CASES_ORDERED_MAX || refused > CASES_ORDERED_MAX)
		return ERR_CORRUPT;
	d->done = (unsigned)done;
	d->refused = (unsigned)refused;
	*ret = d;
	return ERR_OK;
}

/* No row but that of the key changes: the cases have moved by their own entries. */
enum err cases_ordered_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct cases_ordered *d = data;

	(void)head;
	return kind_uses_key(db, d->key_id);
}
