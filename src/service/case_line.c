/* See case_line.h. */
#include "service/case_line.h"

#include "service/kind_case.h"
#include "service/places.h"

#define CLASS_PUBLIC 0u

static enum err due_clock_of(struct str doc, int64_t due_us, struct arena *a, struct str *ret)
{
	struct case_doc_line line;
	struct str name = {0};

	while (due_us != 0 && name.n == 0 && case_doc_next(&doc, &line)) {
		struct case_clock clock;
		if (line.key.n < 3 || line.key.p[0] != 'c')
			continue;
		if (!case_doc_get_clock(line.value, &clock))
			return ERR_CORRUPT;
		if (clock.run != CASE_RUN_RUNS || clock.due_us != due_us)
			continue;
		name = (struct str){line.key.p + 2, line.key.n - 2};
	}
	*ret = arena_copy(a, name);
	return ret->p || name.n == 0 ? ERR_OK : ERR_NO_MEMORY;
}

enum err case_line(struct db *db, uint64_t id, int64_t due_us, struct arena *a,
		   struct case_line *ret)
{
	struct db_stmt *s;
	struct case_line line = {0};
	struct place_row place;
	uint64_t place_id;
	struct bytes doc;
	bool row = false;
	enum err e;

	if (id == 0 || id > INT64_MAX)
		return ERR_NOT_FOUND;
	s = db_stmt(db, SQL_case_get);
	db_bind_u64(s, 1, id);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_NOT_FOUND;
	line.handed_in_us = db_i64(s, 2);
	line.number = db_u64(s, 3);
	line.type_n = db_u64(s, 4);
	place_id = db_u64(s, 7);
	doc = db_bytes(s, 20);
	e = due_clock_of((struct str){(const char *)doc.p, doc.n}, due_us, a,
			 &line.due_clock);
	db_done(s);
	TRY(e);
	if (place_id != 0) {
		e = places_by_id(db, place_id, a, &place);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		if (e == ERR_OK && place_kind_info(place.kind)->class_of_texts == CLASS_PUBLIC)
			line.place_title = place.title;
	}
	*ret = line;
	return ERR_OK;
}
