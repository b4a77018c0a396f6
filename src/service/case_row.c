/* See case_row.h. */
#include "service/case_row.h"

struct filling {
	char *text;
	size_t n;
};

static enum err keep(struct filling *f, struct str s, size_t cap, struct str *ret)
{
	if (s.n > cap)
		return ERR_CORRUPT;
	if (s.n > 0)
		memcpy(f->text + f->n, s.p, s.n);
	*ret = (struct str){f->text + f->n, s.n};
	f->n += s.n;
	return ERR_OK;
}

static enum err get_texts(struct db_stmt *s, struct case_row *ret)
{
	struct filling f = {ret->text, 0};
	struct bytes doc = db_bytes(s, 20);

	TRY(keep(&f, db_text(s, 11), CASES_NAME_BYTES_MAX, &ret->area));
	TRY(keep(&f, db_text(s, 12), CASES_NAME_BYTES_MAX, &ret->category));
	TRY(keep(&f, db_text(s, 13), CASES_NAME_BYTES_MAX, &ret->state));
	TRY(keep(&f, db_text(s, 15), CASES_NAME_BYTES_MAX, &ret->outcome));
	TRY(keep(&f, db_text(s, 16), CASES_NAME_BYTES_MAX, &ret->unit));
	return keep(&f, (struct str){(const char *)doc.p, doc.n}, CASE_DOC_BYTES_MAX, &ret->doc);
}

static void get_numbers(struct db_stmt *s, struct case_row *ret)
{
	ret->n = db_u64(s, 0);
	ret->at_us = db_i64(s, 1);
	ret->happened_us = db_i64(s, 2);
	ret->number = db_u64(s, 3);
	ret->type_n = db_u64(s, 4);
	ret->categories_n = db_u64(s, 5);
	ret->key_id = db_u64(s, 6);
	ret->place = db_u64(s, 7);
	ret->has_at = db_i64(s, 8) != 0;
	ret->lat_e7 = (int32_t)db_i64(s, 9);
	ret->lon_e7 = (int32_t)db_i64(s, 10);
	ret->step = (unsigned)db_i64(s, 14);
	ret->marks = (unsigned)db_i64(s, 17);
	ret->closed_us = db_i64(s, 18);
	ret->erased = db_u64(s, 19);
}

enum err case_row_get(struct db *db, uint64_t id, struct case_row *ret)
{
	struct db_stmt *s;
	bool row = false;
	enum err e;

	if (id == 0 || id > INT64_MAX)
		return ERR_NOT_FOUND;
	s = db_stmt(db, SQL_case_get);
	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	ret->id = id;
	get_numbers(s, ret);
	e = get_texts(s, ret);
	db_done(s);
	return e;
}
