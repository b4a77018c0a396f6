/* See figures_file.h. */
#include "service/figures_file.h"

#include "base/check.h"
#include "base/civil.h"
#include "base/entry.h"
#include "journal/kind.h"

#include <jansson.h>
#include <stdlib.h>

#define PAIRS_MAX (1u << 22)
#define LINE_TEXT_BYTES (FIGURES_LINE_BYTES / 3 * 4)
#define ARENA_BYTES (6u * ENTRY_BYTES_MAX)
#define ZONE_SPAN_US (15 * INT64_C(3600000000)) /* no zone is farther from UTC */

_Static_assert(CASE_FIGURE_COUNT <= FIGURES_LINE_SLOTS, "a line has a slot for each figure");
_Static_assert(FIGURES_LINE_BYTES % 3 == 0, "a line's base64 has no padding");

void figures_file_name(int month, char ret[FIGURES_FILE_NAME_MAX])
{
	snprintf(ret, FIGURES_FILE_NAME_MAX, "figures-%04d-%02d.json", month / 100, month % 100);
}

/* ---- lines ---- */

static struct hash32 of_salt(const char *tag, const uint8_t salt[SALT_BYTES], int month,
			     uint8_t part)
{
	const uint8_t of[] = {(uint8_t)(month >> 24), (uint8_t)(month >> 16), (uint8_t)(month >> 8),
			      (uint8_t)month, part};
	const struct bytes pieces[] = {
	    {(const uint8_t *)tag, strlen(tag)}, {of, sizeof of}, {salt, SALT_BYTES}};
	struct hash32 h;

	hash_concat(pieces, sizeof pieces / sizeof pieces[0], &h);
	return h;
}

/* What hides the counts, and opens them again. */
static void mask(const uint8_t salt[SALT_BYTES], int month, uint8_t slots[FIGURES_LINE_SLOTS])
{
	for (unsigned i = 0; i < FIGURES_LINE_SLOTS; i += HASH_BYTES) {
		struct hash32 h =
		    of_salt("liren-figures-mask-1", salt, month, (uint8_t)(i / HASH_BYTES));
		for (unsigned k = 0; k < HASH_BYTES && i + k < FIGURES_LINE_SLOTS; k++)
			slots[i + k] ^= h.b[k];
	}
}

void figures_line(const uint8_t salt[SALT_BYTES], int month,
		  const uint8_t counts[FIGURES_LINE_SLOTS], uint8_t ret[FIGURES_LINE_BYTES])
{
	struct hash32 id = of_salt("liren-figures-case-1", salt, month, 0);

	memcpy(ret, id.b, FIGURES_LINE_ID_BYTES);
	memcpy(ret + FIGURES_LINE_ID_BYTES, counts, FIGURES_LINE_SLOTS);
	mask(salt, month, ret + FIGURES_LINE_ID_BYTES);
}

/* ---- what counted, out of the entries ---- */

struct pair {
	uint64_t id;
	unsigned figure;
};

struct collection {
	struct pair *v;
	size_t n, cap;
	char *memory; /* ARENA_BYTES */
};

static bool figure_of(struct str name, unsigned *ret)
{
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++)
		if (str_eq(name, str_of(case_figure_name((enum case_figure)i)))) {
			*ret = i;
			return true;
		}
	return false;
}

static enum err add(struct collection *c, uint64_t id, unsigned figure)
{
	if (c->n == c->cap) {
		size_t cap = c->cap > 0 ? 2 * c->cap : 1024;
		struct pair *v = cap <= PAIRS_MAX ? realloc(c->v, cap * sizeof *v) : NULL;
		if (!v)
			return cap <= PAIRS_MAX ? ERR_NO_MEMORY : ERR_TOO_LARGE;
		c->v = v;
		c->cap = cap;
	}
	c->v[c->n++] = (struct pair){id, figure};
	return ERR_OK;
}

/* The first entry that is not before the instant, of 1 … end - 1; else end. Time does not go back.
 */
static enum err first_from(struct reader *r, uint64_t end, int64_t at_us, uint64_t *ret)
{
	uint64_t low = 1, high = end;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		int64_t at;
		TRY(reader_instant(r, middle, &at));
		if (at < at_us)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return ERR_OK;
}

static enum err add_step(struct db *db, uint64_t n, int month, struct collection *c)
{
	struct case_step_read step;
	struct arena a;
	unsigned figure;
	enum err e;

	arena_init(&a, c->memory, ARENA_BYTES);
	e = cases_step_read(db, n, &a, &step);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && (!step.entry || step.entry->month != month)))
		return ERR_OK;
	for (unsigned i = 0; e == ERR_OK && i < step.entry->figures_n; i++)
		if (figure_of(step.entry->figures[i], &figure))
			e = add(c, step.entry->is_new ? n : step.entry->id, figure);
	return e;
}

static int64_t begin_us(int month)
{
	int32_t day = 0;

	CHECK(civil_day_of((struct civil_date){month / 100, month % 100, 1}, &day) == ERR_OK);
	return day * CIVIL_US_PER_DAY;
}

static int next_month(int month)
{
	return month % 100 == 12 ? month + 89 : month + 1;
}

int64_t figures_over_us(int month)
{
	return begin_us(next_month(month)) + ZONE_SPAN_US;
}

static enum err collect(struct reader *r, int month, struct collection *c)
{
	struct store_status status;
	uint64_t from = 0, end = 0;

	TRY(reader_status(r, &status));
	end = status.entries + 1;
	TRY(first_from(r, end, begin_us(month) - ZONE_SPAN_US, &from));
	TRY(first_from(r, end, figures_over_us(month), &end));
	for (uint64_t n = from; n < end; n++)
		TRY(add_step(r->db, n, month, c));
	return ERR_OK;
}

static int by_case(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, FIGURES_LINE_BYTES);
}

/* Lines in the order of their bytes, which says nothing of the cases'. */
static enum err make_lines(struct db *db, int month, struct collection *c,
			   uint8_t (*lines)[FIGURES_LINE_BYTES], size_t *ret_n)
{
	size_t lines_n = 0;

	*ret_n = 0;
	if (c->n == 0)
		return ERR_OK;
	qsort(c->v, c->n, sizeof *c->v, by_case);
	for (size_t i = 0, next; i < c->n; i = next) {
		uint8_t counts[FIGURES_LINE_SLOTS] = {0};
		struct entry_view first;
		for (next = i; next < c->n && c->v[next].id == c->v[i].id; next++)
			if (counts[c->v[next].figure] < UINT8_MAX)
				counts[c->v[next].figure]++;
		TRY(journal_entry(db, c->v[i].id, c->memory, &first));
		figures_line(first.salt, month, counts, lines[lines_n++]);
	}
	qsort(lines, lines_n, sizeof *lines, by_bytes);
	*ret_n = lines_n;
	return ERR_OK;
}

static enum err put_lines(struct reader *r, int month, struct buf *out)
{
	uint8_t(*lines)[FIGURES_LINE_BYTES] = NULL;
	struct collection c = {.memory = malloc(ARENA_BYTES)};
	enum err e = c.memory ? collect(r, month, &c) : ERR_NO_MEMORY;
	size_t n = 0;

	if (e == ERR_OK) {
		lines = malloc((c.n + 1) * sizeof *lines);
		e = lines ? make_lines(r->db, month, &c, lines, &n) : ERR_NO_MEMORY;
	}
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		buf_put_z(out, i > 0 ? ",\n\"" : "\n\"");
		buf_put_b64(out, lines[i], FIGURES_LINE_BYTES);
		buf_put_z(out, "\"");
	}
	free(lines);
	free(c.v);
	free(c.memory);
	return e;
}

/* ---- the file ---- */

static void put_cell(struct entry_writer *w, enum case_rate rate, const struct rates_cell *c)
{
	bool shown = case_rate_down(rate, c) >= RATES_CELL_MIN;

	entry_key(w, "all_categories");
	entry_bool(w, c->all_categories);
	entry_key(w, "all_units");
	entry_bool(w, c->all_units);
	entry_key(w, "beside");
	entry_array(w);
	for (unsigned i = 0; shown && i < CASE_FIGURE_COUNT; i++) {
		if ((case_rate_beside(rate) >> i & 1) == 0)
			continue;
		entry_object(w);
		entry_key(w, "cases");
		entry_int(w, (int64_t)c->figure[i]);
		entry_key(w, "name");
		entry_str(w, str_of(case_figure_name((enum case_figure)i)));
		entry_close(w);
	}
	entry_close(w);
	entry_key(w, "category");
	entry_str(w, c->category);
	if (shown) {
		entry_key(w, "denominator");
		entry_int(w, (int64_t)case_rate_down(rate, c));
		entry_key(w, "numerator");
		entry_int(w, (int64_t)case_rate_up(rate, c));
	}
	entry_key(w, "rate");
	entry_str(w, str_of(case_rate_name(rate)));
	entry_key(w, "unit");
	entry_str(w, c->unit);
}

struct putting {
	struct buf *out;
	bool any;
};

static enum err put_month(void *ctx, struct figures_month *m)
{
	struct putting *p = ctx;
	char memory[2048];
	struct entry_writer w;
	struct str text;

	for (unsigned r = 0; r < CASE_RATE_COUNT; r++) {
		unsigned n = figures_shown(m, (enum case_rate)r);
		for (unsigned i = 0; i < n; i++) {
			entry_writer_begin(&w, memory, sizeof memory);
			put_cell(&w, (enum case_rate)r, &m->shown[i]);
			TRY(entry_writer_end(&w, &text));
			buf_put_z(p->out, p->any ? ",\n" : "\n");
			buf_put_str(p->out, text);
			p->any = true;
		}
	}
	return ERR_OK;
}

enum err figures_file_put(struct reader *r, int month, struct buf *out)
{
	struct putting p = {.out = out};
	struct entry_writer w;
	char memory[512], number[24];
	struct buf code = buf_over(number, sizeof number);
	struct str head;

	TRY(community_get(r->db, &r->community));
	entry_writer_begin(&w, memory, sizeof memory);
	entry_key(&w, "community");
	buf_put_u64(&code, r->community.code);
	entry_str(&w, buf_str(&code));
	entry_key(&w, "demo"); /* generated, all of it */
	entry_bool(&w, r->community.demo);
	entry_key(&w, "format");
	entry_str(&w, STR(FIGURES_FILE_FORMAT));
	entry_key(&w, "month");
	entry_int(&w, month);
	TRY(entry_writer_end(&w, &head));
	buf_put(out, head.p, head.n - 1); /* without its last bracket */
	buf_put_z(out, ",\n\"rates\":[");
	TRY(figures_months(r->db, month, month, false, put_month, &p));
	buf_put_z(out, "],\n\"cases\":[");
	TRY(put_lines(r, month, out));
	buf_put_z(out, "]}\n");
	return out->over ? ERR_TOO_LARGE : ERR_OK;
}

/* ---- one case of it ---- */

/* Is this the case's line? Then with the counts opened. */
static bool find_line(const json_t *lines, const uint8_t id[FIGURES_LINE_ID_BYTES],
		      uint8_t ret[FIGURES_LINE_BYTES])
{
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		struct str text = {json_string_value(line), json_string_length(line)};
		uint8_t bytes[FIGURES_LINE_BYTES];
		size_t n = 0;
		if (text.n != LINE_TEXT_BYTES || !b64_decode(text, bytes, sizeof bytes, &n) ||
		    n != FIGURES_LINE_BYTES || memcmp(bytes, id, FIGURES_LINE_ID_BYTES) != 0)
			continue;
		memcpy(ret, bytes, sizeof bytes);
		return true;
	}
	return false;
}

enum err figures_file_find(struct str text, const uint8_t salt[SALT_BYTES],
			   struct figures_found *ret)
{
	json_t *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *format = json_object_get(json, "format"),
		     *lines = json_object_get(json, "cases"),
		     *month = json_object_get(json, "month");
	json_int_t m = json_integer_value(month);
	struct figures_found found = {0};
	uint8_t line[FIGURES_LINE_BYTES];
	bool is_file = json_is_string(format) && json_is_array(lines) &&
		       strcmp(json_string_value(format), FIGURES_FILE_FORMAT) == 0 && m >= 101 &&
		       m <= 999912 && m % 100 >= 1 && m % 100 <= 12;

	if (is_file) {
		struct hash32 id = of_salt("liren-figures-case-1", salt, (int)m, 0);
		found.month = (int)m;
		found.counted = find_line(lines, id.b, line);
		if (found.counted) {
			memcpy(found.counts, line + FIGURES_LINE_ID_BYTES, FIGURES_LINE_SLOTS);
			mask(salt, (int)m, found.counts);
		}
		*ret = found;
	}
	json_decref(json);
	return is_file ? ERR_OK : ERR_BAD_INPUT;
}
