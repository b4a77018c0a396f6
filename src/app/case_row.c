/* A row becomes a draft: whose number, when, what, where. */
#include "case_row.h"

#define ROW_TEXT_BYTES_MAX 16384u /* of columns that are joined; what is kept has its own cap */
#define LOOK_US (INT64_C(3) * CIVIL_US_PER_HOUR) /* clocks are set back by less */

struct maker {
	const struct case_map *map;
	const struct zone *zone;
	const struct import_row *row;
	struct arena *arena;
	struct problem *problem;
};

static enum err bad(struct problem *p, const char *field, enum msg msg, struct str arg)
{
	return problem_set(p, ERR_BAD_INPUT, str_of(field), msg, &arg, 1);
}

static struct str trim(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* The columns of a target that are not empty, joined, in the arena. */
static enum err text_of(struct maker *m, enum case_map_target target, const char *between,
			struct str *ret)
{
	const struct case_map_value *v = &m->map->value[target];
	size_t n = 0;
	struct buf out;
	char *p;

	for (unsigned i = 0; i < v->n; i++)
		n += m->row->value[v->column[i]].n + strlen(between);
	if (n > ROW_TEXT_BYTES_MAX)
		return bad(m->problem, "text", MSG_CASE_TEXT_LONG, STR("4000"));
	p = arena_alloc(m->arena, n + 1);
	if (!p)
		return ERR_NO_MEMORY;
	out = buf_over(p, n + 1);
	for (unsigned i = 0; i < v->n; i++) {
		struct str part = trim(m->row->value[v->column[i]]);
		if (part.n > 0 && out.n > 0)
			buf_put_z(&out, between);
		buf_put_str(&out, part);
	}
	*ret = buf_str(&out);
	return ERR_OK;
}

/* ---- when ---- */

enum err case_row_time(const struct case_map *map, const struct zone *zone, struct str text,
		       int64_t *ret_us)
{
	struct civil_time local;

	TRY(civil_parse_by(map->time, text, &local));
	return zone_join(zone, local, ret_us);
}

/* 0: not given. A time before 1970 stands for none in more than one register; it is kept here as
 * one that comes before all others. */
static enum err take_time(struct maker *m, enum case_map_target target, const char *field,
			  int64_t *ret_us)
{
	struct str text;

	*ret_us = 0;
	TRY(text_of(m, target, " ", &text));
	if (text.n == 0)
		return ERR_OK;
	if (case_row_time(m->map, m->zone, text, ret_us) != ERR_OK)
		return bad(m->problem, field, MSG_CASE_ROW_TIME, text);
	if (*ret_us <= 0)
		*ret_us = -1;
	return ERR_OK;
}

/* The same local time once more, after the clocks were set back; else as it was. */
static int64_t second_of(const struct zone *z, int64_t us)
{
	int64_t back_us = (int64_t)(zone_offset_s(z, us) - zone_offset_s(z, us + LOOK_US)) *
			  CIVIL_US_PER_SECOND;
	struct civil_time first = zone_split(z, us), again;

	if (back_us <= 0)
		return us;
	again = zone_split(z, us + back_us);
	return again.day == first.day && again.us == first.us ? us + back_us : us;
}

static enum err take_status(struct maker *m, struct case_draft *d)
{
	if (m->map->value[CASE_MAP_STATUS].n == 0) {
		d->is_closed = d->from.closed_us != 0;
		return ERR_OK;
	}
	TRY(text_of(m, CASE_MAP_STATUS, " ", &d->from.status));
	return case_map_status(m->map, d->from.status, &d->is_closed)
		   ? ERR_OK
		   : bad(m->problem, "status", MSG_CASE_ROW_STATUS, d->from.status);
}

/* The status says whether it is closed; a closing time that cannot be is left out, and told. */
static enum err take_times(struct maker *m, struct case_draft *d, struct problem *note)
{
	struct case_from *f = &d->from;

	TRY(take_time(m, CASE_MAP_OPENED, "opened", &f->opened_us));
	TRY(take_time(m, CASE_MAP_CLOSED, "closed", &f->closed_us));
	TRY(take_time(m, CASE_MAP_DUE, "due", &f->due_us));
	if (f->opened_us <= 0)
		return bad(m->problem, "opened", MSG_CONFIG_TEXT_EMPTY, STR(""));
	if (f->due_us < 0)
		f->due_us = 0;
	TRY(take_status(m, d));
	if (f->closed_us != 0 && f->closed_us < f->opened_us)
		f->closed_us = second_of(m->zone, f->closed_us);
	if (f->closed_us != 0 && !d->is_closed)
		(void)bad(note, "closed", MSG_CASE_ROW_CLOSED_OPEN, f->status);
	else if (f->closed_us != 0 && f->closed_us < f->opened_us)
		(void)bad(note, "closed", MSG_CASE_ROW_CLOSED_BEFORE, STR(""));
	if (note->err != ERR_OK)
		f->closed_us = 0;
	return ERR_OK;
}

/* ---- where ---- */

static enum err take_at(struct maker *m, struct case_draft *d)
{
	struct geo_point at;
	struct str lat, lon;

	TRY(text_of(m, CASE_MAP_LAT, " ", &lat));
	TRY(text_of(m, CASE_MAP_LON, " ", &lon));
	if (lat.n == 0 && lon.n == 0)
		return ERR_OK;
	if (!geo_parse_degrees(lat, GEO_LAT_E7_MAX, &at.lat_e7))
		return bad(m->problem, "lat", MSG_PLACE_POSITION, lat);
	if (!geo_parse_degrees(lon, GEO_LON_E7_MAX, &at.lon_e7))
		return bad(m->problem, "lon", MSG_PLACE_POSITION, lon);
	d->has_at = true;
	d->at = datum_to_wgs84(m->map->datum, at);
	return ERR_OK;
}

/* ---- the whole ---- */

static enum err take_ext(struct maker *m, struct str *ret)
{
	struct str id, source = m->map->source;
	struct buf out;
	char *p;

	TRY(text_of(m, CASE_MAP_ID, " ", &id));
	if (id.n == 0)
		return bad(m->problem, "id", MSG_CONFIG_TEXT_EMPTY, id);
	p = arena_alloc(m->arena, source.n + id.n + 2);
	if (!p)
		return ERR_NO_MEMORY;
	out = buf_over(p, source.n + id.n + 2);
	buf_put_str(&out, source);
	buf_put_char(&out, ':');
	buf_put_str(&out, id);
	*ret = buf_str(&out);
	return ERR_OK;
}

enum err case_row_draft(const struct case_map *map, const struct zone *zone,
			const struct import_row *row, struct arena *arena, struct case_draft *ret,
			struct problem *ret_note, struct problem *problem)
{
	struct maker m = {map, zone, row, arena, problem};

	memset(ret, 0, sizeof *ret);
	ret_note->err = ERR_OK;
	TRY(take_ext(&m, &ret->from.ext));
	TRY(take_times(&m, ret, ret_note));
	TRY(text_of(&m, CASE_MAP_CATEGORY, CASE_MAP_PARTED, &ret->from.category));
	ret->category = case_map_category(map, ret->from.category);
	TRY(text_of(&m, CASE_MAP_TEXT, "\n", &ret->text));
	TRY(take_at(&m, ret));
	for (unsigned i = 0; i < map->field_n; i++)
		ret->field[i] = (struct case_input){map->field[i].name, map->field[i].value};
	ret->field_n = map->field_n;
	return ERR_OK;
}
