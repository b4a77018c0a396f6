/* The figures: what everybody may see is merged as it is published; each count by itself is for
 * those who may export. */
#include "access.h"
#include "put.h"

#include "service/figures.h"

static void put_words_z(json_t **to, const char *zh, const char *en)
{
	const struct str words[LANG_COUNT] = {[LANG_ZH] = str_of(zh), [LANG_EN] = str_of(en)};

	put_words(to, "words", words);
}

static void put_beside(json_t **to, enum case_rate rate, const struct rates_cell *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++) {
		enum case_figure f = (enum case_figure)i;
		json_t *json;
		if ((case_rate_beside(rate) >> i & 1) == 0)
			continue;
		json = json_object();
		put_z(&json, "name", case_figure_name(f));
		put_words_z(&json, case_figure_words(f, LANG_ZH), case_figure_words(f, LANG_EN));
		put_u64(&json, "cases", c->figure[i]);
		json_push(&list, json);
	}
	json_put(to, "beside", list);
}

static void put_rate(json_t **to, int month, enum case_rate rate, const struct rates_cell *c)
{
	json_t *json = json_object();

	put_i64(&json, "month", month);
	put_z(&json, "rate", case_rate_name(rate));
	put_words_z(&json, case_rate_words(rate, LANG_ZH), case_rate_words(rate, LANG_EN));
	put_given(&json, "unit", c->unit);
	put_given(&json, "category", c->category);
	put_bool(&json, "all_units", c->all_units);
	put_bool(&json, "all_categories", c->all_categories);
	if (case_rate_down(rate, c) >= RATES_CELL_MIN) {
		put_u64(&json, "numerator", case_rate_up(rate, c));
		put_u64(&json, "denominator", case_rate_down(rate, c));
		put_beside(&json, rate, c);
	}
	json_push(to, json);
}

static enum err add_month(void *ctx, struct figures_month *m)
{
	json_t **list = ctx;

	for (unsigned r = 0; r < CASE_RATE_COUNT; r++) {
		unsigned n = figures_shown(m, (enum case_rate)r);
		for (unsigned i = 0; i < n; i++)
			put_rate(list, m->month, (enum case_rate)r, &m->shown[i]);
	}
	return *list ? ERR_OK : ERR_NO_MEMORY;
}

static enum err add_row(void *ctx, const struct figure_row *row)
{
	json_t **list = ctx, *json = json_object();

	put_i64(&json, "month", row->month);
	put_str(&json, "unit", row->unit);
	put_str(&json, "category", row->category);
	put_str(&json, "name", row->name);
	put_u64(&json, "cases", row->cases);
	json_push(list, json);
	return *list ? ERR_OK : ERR_NO_MEMORY;
}

enum api_next route_getFigures(struct api *api, struct api_call *call)
{
	int from = (int)call_u64(call, "from"), until = (int)call_u64(call, "until");
	json_t *json = json_object(), *rates = json_array(), *rows = NULL;
	unsigned where;
	enum err e = figures_months(api->reader->db, from, until, false, add_month, &rates);

	if (e == ERR_OK && access_may(api, call, POLICY_EXPORT, &where)) {
		rows = json_array();
		e = cases_figures(api->reader->db, from, until, add_row, &rows);
	}
	if (e != ERR_OK) {
		json_decref(json);
		json_decref(rates);
		json_decref(rows);
		return refuse(api, call, e,
			      e == ERR_TOO_LARGE || e == ERR_BAD_INPUT ? "until" : NULL, MSG_COUNT);
	}
	json_put(&json, "rates", rates);
	if (rows)
		json_put(&json, "rows", rows);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
