/* See case_wording.h. */
#include "case_wording.h"

#include "service/case_search.h"
#include "service/case_words.h"

uint64_t cases_area_value(struct str area)
{
	uint64_t v = 0;

	/* codes of areas are short; of a longer one eight bytes are taken, at the cost of others
	 * that begin alike */
	for (size_t i = 0; i < area.n && i < sizeof v; i++)
		v = v << 8 | (uint8_t)area.p[i];
	return v;
}

unsigned cases_category_value(struct str code)
{
	uint64_t v = 0;

	while (code.n > 1 && code.p[0] == '0') {
		code.p++;
		code.n--;
	}
	return str_to_u64(code, &v) && v <= 9999 ? (unsigned)v : 0;
}

struct case_spot case_spot_of(const struct case_file *file)
{
	return (struct case_spot){.place = file->place,
				  .has_at = file->has_at,
				  .lat_e7 = file->lat_e7,
				  .lon_e7 = file->lon_e7,
				  .area = {file->area, file->area_n}};
}

/* The terms that a report is found by: its area, place, cell and month, numbers that other offices
 * gave it, and the words of its text, which may be more than fit. numbers NULL: none. */
static void terms_at(struct writer *w, const struct case_spot *spot, struct str text, int32_t day,
		     const struct terms *numbers, struct terms *ret)
{
	const struct geo_point at = {spot->lat_e7, spot->lon_e7};
	struct terms_key key;

	keyring_terms_key(w->keys, key.b);
	terms_init(ret);
	if (spot->area.n > 0)
		terms_put_filter(ret, &key, TERMS_AREA, cases_area_value(spot->area));
	if (spot->place != 0)
		terms_put_filter(ret, &key, TERMS_PLACE, spot->place);
	if (spot->has_at)
		terms_put_filter(ret, &key, TERMS_CELL, terms_cell(at));
	terms_put_filter(ret, &key, TERMS_MONTH, terms_month(day));
	for (unsigned i = 0; numbers && i < numbers->n; i++)
		terms_put(ret, numbers->v[i]);
	terms_put_text(ret, &key, text);
	seal_wipe(&key, sizeof key);
}

/* ---- numbers of other offices ---- */

static bool put_number(struct writer *w, struct str number, struct terms *ret)
{
	struct terms_key key;
	uint64_t term = 0;
	bool is = false;

	if (number.n > 0) {
		keyring_terms_key(w->keys, key.b);
		is = terms_number_of(&key, number, &term);
		seal_wipe(&key, sizeof key);
	}
	if (is)
		terms_put(ret, term);
	return is;
}

bool case_is_number(struct writer *w, struct str number)
{
	struct terms one;

	terms_init(&one);
	return put_number(w, number, &one);
}

/* What the entry says under the case's own key; a follower's words are none of the case's. */
static enum err put_numbers_of(struct writer *w, const struct case_file *file,
			       const struct seal_key *key, const struct case_entry *entry,
			       struct arena *a, struct terms *ret)
{
	for (unsigned i = 0; i < entry->sealed_n; i++) {
		const struct sealed *v = &entry->sealed[i].value;
		struct str number;
		uint8_t *out;
		if (!str_eq(entry->sealed[i].field, STR(CASE_OUTSIDE_NUMBER)) ||
		    v->key_id != file->key_id)
			continue;
		out = arena_alloc(a, v->box.n);
		if (!out)
			return ERR_NO_MEMORY;
		TRY(seal_open(key, v->key_id, entry->sealed[i].field, v->box, &v->h, out,
			      &number));
		(void)put_number(w, number, ret);
	}
	return ERR_OK;
}

/* All numbers that the entries of the case say, the newest first, where its marks say that there
 * are any in the index: O(entries of the case) then, else nothing is read. */
static enum err numbers_of(struct writer *w, const struct case_file *file,
			   const struct seal_key *key, unsigned marks, struct terms *ret)
{
	_Alignas(16) char memory[5 * ENTRY_BYTES_MAX];
	uint64_t n = marks & CASE_MARK_NUMBERED ? file->n : 0;
	enum err e = ERR_OK;

	terms_init(ret);
	while (n != 0 && e == ERR_OK) {
		struct case_step_read step;
		struct arena a;
		arena_init(&a, memory, sizeof memory);
		e = cases_step_read(w->db, n, &a, &step);
		if (e == ERR_OK && step.entry)
			e = put_numbers_of(w, file, key, step.entry, &a, ret);
		if (e == ERR_OK && step.prev >= n)
			e = ERR_CORRUPT; /* an entry is older than the one that names it */
		n = e == ERR_OK ? step.prev : 0;
	}
	seal_wipe(memory, sizeof memory);
	return e;
}

/* ---- the index ---- */

enum err case_index(struct writer *w, const struct case_file *file, uint64_t id, struct str text,
		    struct str number, int32_t day)
{
	const struct case_spot spot = case_spot_of(file);
	struct terms terms, numbers;

	terms_init(&numbers);
	(void)put_number(w, number, &numbers);
	terms_at(w, &spot, text, day, &numbers, &terms);
	return case_search_put(w->db, id, &terms);
}

/* The report's text, opened again. An empty one where it has none. */
static enum err text_of(struct writer *w, const struct case_file *file, const struct seal_key *key,
			struct arena *a, struct str *ret)
{
	const struct case_entry *entry = NULL;
	struct entry_head head;
	uint8_t *out;

	*ret = STR("");
	TRY(cases_entry(w->db, file->id, a, &head, &entry));
	for (unsigned i = 0; i < entry->sealed_n; i++) {
		const struct sealed *v = &entry->sealed[i].value;
		if (!str_eq(entry->sealed[i].field, STR(CASE_REPORT_TEXT)))
			continue;
		out = arena_alloc(a, v->box.n);
		if (!out)
			return ERR_NO_MEMORY;
		return seal_open(key, v->key_id, entry->sealed[i].field, v->box, &v->h, out, ret);
	}
	return ERR_OK;
}

enum err case_reindex(struct writer *w, const struct case_file *file, const struct seal_key *key,
		      const struct case_rewording *r)
{
	_Alignas(16) char memory[5 * ENTRY_BYTES_MAX];
	uint64_t calendar_n = 0;
	const struct calendar *calendar = shelf_calendar(w->shelf, &calendar_n);
	const struct case_spot spot = case_spot_of(file);
	struct terms terms, numbers;
	struct str text = {0};
	struct arena a;
	int32_t day;

	if (!calendar)
		return ERR_CONFLICT;
	day = calendar_day_of(calendar, file->at_us);
	TRY(numbers_of(w, file, key, r->marks, &numbers));
	arena_init(&a, memory, sizeof memory);
	TRY(text_of(w, file, key, &a, &text));
	terms_at(w, &r->was, text, day, &numbers, &terms);
	TRY(case_search_remove(w->db, file->id, &terms));
	(void)put_number(w, r->number, &numbers);
	terms_at(w, &spot, text, day, &numbers, &terms);
	seal_wipe(memory, sizeof memory);
	return case_search_put(w->db, file->id, &terms);
}

enum err case_learn(struct writer *w, const struct case_file *file, const struct seal_key *key,
		    unsigned category, bool *ret_learnt)
{
	_Alignas(16) char memory[5 * ENTRY_BYTES_MAX];
	struct terms_key terms_key;
	struct terms terms;
	struct str text = {0};
	struct arena a;
	enum err e;

	*ret_learnt = false;
	arena_init(&a, memory, sizeof memory);
	TRY(text_of(w, file, key, &a, &text));
	if (text.n == 0)
		return ERR_OK;
	keyring_terms_key(w->keys, terms_key.b);
	classify_terms(&terms, &terms_key, text);
	seal_wipe(&terms_key, sizeof terms_key);
	seal_wipe(memory, sizeof memory);
	e = case_words_add(w->db, category, &terms);
	*ret_learnt = e == ERR_OK;
	return e;
}

enum err case_forget(struct writer *w, const struct case_file *file, const struct seal_key *key,
		     bool learnt)
{
	_Alignas(16) char memory[5 * ENTRY_BYTES_MAX];
	uint64_t calendar_n = 0;
	unsigned category;
	const struct calendar *calendar = shelf_calendar(w->shelf, &calendar_n);
	unsigned field = file->type->known[CASES_KNOWN_CATEGORY];
	struct terms_key terms_key;
	const struct case_spot spot = case_spot_of(file);
	struct terms terms, numbers;
	struct str text = {0};
	struct arena a;

	if (!calendar)
		return ERR_CONFLICT;
	TRY(numbers_of(w, file, key, file->now.marks, &numbers));
	arena_init(&a, memory, sizeof memory);
	TRY(text_of(w, file, key, &a, &text));
	terms_at(w, &spot, text, calendar_day_of(calendar, file->at_us), &numbers, &terms);
	TRY(case_search_remove(w->db, file->id, &terms));
	if (learnt && field != CASES_NONE && (file->now.rec.filled >> field & 1) != 0) {
		category = cases_category_value(
		    file->categories->v[file->now.rec.value[field]].name.text);
		keyring_terms_key(w->keys, terms_key.b);
		classify_terms(&terms, &terms_key, text);
		seal_wipe(&terms_key, sizeof terms_key);
		TRY(case_words_remove(w->db, category, &terms));
	}
	seal_wipe(memory, sizeof memory);
	return ERR_OK;
}
