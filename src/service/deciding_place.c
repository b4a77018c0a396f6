/* Where a case is: as its report says, and as it is corrected later. Who leads stays as it is: that
 * a person decides. */
#include "deciding.h"

#include "case_where.h"
#include "case_wording.h"

enum err deciding_take_place(struct deciding *d, uint64_t place)
{
	struct case_where where;

	d->file.place = place;
	d->file.area_n = 0;
	d->file.has_at = d->o->has_at;
	d->file.lat_e7 = d->o->has_at ? d->o->at.lat_e7 : 0;
	d->file.lon_e7 = d->o->has_at ? d->o->at.lon_e7 : 0;
	if (place != 0 && !d->file.has_at) {
		TRY(case_where_of(d->w->db, d->w->shelf, place, &where));
		if (where.has_at) {
			d->file.has_at = true;
			d->file.lat_e7 = where.at.lat_e7;
			d->file.lon_e7 = where.at.lon_e7;
		}
	}
	if (!d->file.has_at)
		return ERR_OK;
	return case_area_of(d->w->db, d->at_us, deciding_calendar(d->w->shelf),
			    (struct geo_point){d->file.lat_e7, d->file.lon_e7}, d->file.area,
			    sizeof d->file.area, &d->file.area_n);
}

static bool is_among(const struct cases_names *names, unsigned field)
{
	for (unsigned i = 0; i < names->n; i++)
		if (names->v[i].index == field)
			return true;
	return false;
}

static bool is_same(const struct case_spot *a, const struct case_spot *b)
{
	return a->place == b->place && a->has_at == b->has_at && a->lat_e7 == b->lat_e7 &&
	       a->lon_e7 == b->lon_e7;
}

static enum err refuse_empty(struct deciding *d, unsigned field)
{
	struct str words =
	    field == CASES_NONE ? STR("place") : d->file.type->fields[field].words[LANG_ZH];

	return deciding_refuse(d, ERR_BAD_INPUT, STR("place"), MSG_CASE_NOT_FILLED, words,
			       STR(""));
}

/* A transition that lets the place be filled in takes a point as well; any other takes neither. */
enum err deciding_relocate(struct deciding *d, enum cases_command command)
{
	const struct cases_transition *tr = &d->file.type->transitions[d->step.transition];
	unsigned field = d->file.type->known[CASES_KNOWN_PLACE];
	const struct case_fill *fill = field == CASES_NONE ? NULL : deciding_fill_of(d, field);
	struct case_spot now;

	d->is_elsewhere = false;
	if (!fill && !d->o->has_at)
		return command == CASES_COMMAND_CORRECT_PLACE ? refuse_empty(d, field) : ERR_OK;
	if (field == CASES_NONE ||
	    (!is_among(&tr->fills, field) && !is_among(&tr->may_fill, field)))
		return deciding_refuse(d, ERR_BAD_INPUT, STR("at"), MSG_CASE_NOT_ITS_FIELD,
				       STR("at"), STR(""));
	d->was = case_spot_of(&d->file);
	if (d->was.area.n > 0)
		memcpy(d->was_area, d->was.area.p, d->was.area.n);
	d->was.area.p = d->was_area;
	TRY(deciding_take_place(d, fill ? (uint64_t)fill->value : d->file.place));
	now = case_spot_of(&d->file);
	d->is_elsewhere = !is_same(&now, &d->was);
	if (!d->is_elsewhere)
		return command == CASES_COMMAND_CORRECT_PLACE
			   ? deciding_refuse(d, ERR_BAD_INPUT, STR("place"), MSG_CASE_PLACE_SAME,
					     STR(""), STR(""))
			   : ERR_OK;
	return now.place == 0 && !now.has_at ? refuse_empty(d, field) : ERR_OK;
}

enum err deciding_reword(struct deciding *d, bool is_followers)
{
	struct case_rewording r = {.marks = d->before.marks};

	if (!is_followers)
		r.number = deciding_text_of(d, STR(CASE_OUTSIDE_NUMBER));
	if (!case_is_number(d->w, r.number))
		r.number = STR("");
	else
		d->file.now.marks |= CASE_MARK_NUMBERED;
	if (!d->is_elsewhere && r.number.n == 0)
		return ERR_OK;
	r.was = d->is_elsewhere ? d->was : case_spot_of(&d->file);
	return case_reindex(d->w, &d->file, &d->key, &r);
}

void deciding_put_where(struct deciding *d)
{
	d->entry.is_elsewhere = d->is_elsewhere;
	if (!d->is_elsewhere)
		return;
	d->entry.spot = case_spot_of(&d->file);
	d->entry.was = d->was;
}
