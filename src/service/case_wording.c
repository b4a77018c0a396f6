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

void case_terms_of(const struct terms_key *key, struct str text, struct str area, uint64_t place,
		   const struct geo_point *at, int32_t day, struct terms *ret)
{
	terms_init(ret);
	if (area.n > 0)
		terms_put_filter(ret, key, TERMS_AREA, cases_area_value(area));
	if (place != 0)
		terms_put_filter(ret, key, TERMS_PLACE, place);
	if (at)
		terms_put_filter(ret, key, TERMS_CELL, terms_cell(*at));
	terms_put_filter(ret, key, TERMS_MONTH, terms_month(day));
	terms_put_text(ret, key, text);
}

struct case_spot case_spot_of(const struct case_file *file)
{
	return (struct case_spot){.place = file->place,
				  .has_at = file->has_at,
				  .lat_e7 = file->lat_e7,
				  .lon_e7 = file->lon_e7,
				  .area = {file->area, file->area_n}};
}

static void terms_at(struct writer *w, const struct case_spot *spot, struct str text, int32_t day,
		     struct terms *ret)
{
	const struct geo_point at = {spot->lat_e7, spot->lon_e7};
	struct terms_key key;

	keyring_terms_key(w->keys, key.b);
	case_terms_of(&key, text, spot->area, spot->place, spot->has_at ? &at : NULL, day, ret);
	seal_wipe(&key, sizeof key);
}

static void terms_of_file(struct writer *w, const struct case_file *file, struct str text,
			  int32_t day, struct terms *ret)
{
	const struct case_spot spot = case_spot_of(file);

	terms_at(w, &spot, text, day, ret);
}

enum err case_index(struct writer *w, const struct case_file *file, uint64_t id, struct str text,
		    int32_t day)
{
	struct terms terms;

	terms_of_file(w, file, text, day, &terms);
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
		      const struct case_spot *was)
{
	_Alignas(16) char memory[5 * ENTRY_BYTES_MAX];
	uint64_t calendar_n = 0;
	const struct calendar *calendar = shelf_calendar(w->shelf, &calendar_n);
	struct terms terms;
	struct str text = {0};
	struct arena a;
	int32_t day;

	if (!calendar)
		return ERR_CONFLICT;
	day = calendar_day_of(calendar, file->at_us);
	arena_init(&a, memory, sizeof memory);
	TRY(text_of(w, file, key, &a, &text));
	terms_at(w, was, text, day, &terms);
	TRY(case_search_remove(w->db, file->id, &terms));
	terms_of_file(w, file, text, day, &terms);
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
	struct terms terms;
	struct str text = {0};
	struct arena a;

	if (!calendar)
		return ERR_CONFLICT;
	arena_init(&a, memory, sizeof memory);
	TRY(text_of(w, file, key, &a, &text));
	terms_of_file(w, file, text, calendar_day_of(calendar, file->at_us), &terms);
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
