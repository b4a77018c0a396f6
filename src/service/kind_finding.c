/* case.found, as an entry and as a row. apply only copies. */
#include "service/kind_finding.h"

#include "cases/model.h"
#include "service/kinds.h"

void case_found_encode(struct entry_writer *w, const void *data)
{
	const struct case_found *d = data;

	entry_key(w, "case");
	entry_int(w, (int64_t)d->case_id);
	entry_key(w, "category");
	entry_str(w, d->category);
	entry_key(w, "checklist");
	entry_str(w, d->checklist);
	entry_key(w, "file");
	entry_int(w, (int64_t)d->file);
	entry_key(w, "line");
	entry_str(w, d->line);
}

enum err case_found_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	struct case_found *d = arena_alloc(a, sizeof *d);

	if (!d)
		return ERR_NO_MEMORY;
	if (entry_size(data) != 5)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "case", &d->case_id));
	TRY(kind_get_str(data, "category", a, &d->category));
	TRY(kind_get_str(data, "checklist", a, &d->checklist));
	TRY(kind_get_u64(data, "file", &d->file));
	TRY(kind_get_str(data, "line", a, &d->line));
	*ret = d;
	return d->case_id > 0 && d->checklist.n > 0 && d->line.n > 0 ? ERR_OK : ERR_CORRUPT;
}

enum err case_found_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct case_found *d = data;
	struct db_stmt *s = db_stmt(db, SQL_case_finding_insert);

	db_bind_u64(s, 1, d->case_id);
	db_bind_u64(s, 2, head->n);
	db_bind_u64(s, 3, d->file);
	db_bind_text(s, 4, d->checklist);
	db_bind_text(s, 5, d->line);
	db_bind_text(s, 6, d->category);
	return db_run(db, s);
}
