/* Importing cases of another office: each draft by itself, the batch as one command. No clock of
 * ours begins here, and nothing is counted. */
#include "deciding.h"

#include "base/check.h"
#include "case_where.h"
#include "case_wording.h"
#include "service/case_batch.h"
#include "service/places.h"

#define PLACE_ARENA_BYTES 16384u /* texts of one building */

struct import_run {
	struct deciding *d;
	struct command *c;
	struct case_order order; /* what the reader of fields reads; its problem is the draft's */
	struct case_input field[CASE_DRAFT_FIELDS_MAX + 3];
	char place[24];
	bool has_actor;
	struct actor actor; /* one handle for the batch: it is one record of the operator's */
};

static enum err find_ext(struct db *db, struct str ext, uint64_t *ret_id, bool *ret_waits)
{
	struct db_stmt *s = db_stmt(db, SQL_case_import_of_ext);
	bool row = false;

	*ret_id = 0;
	*ret_waits = false;
	db_bind_text(s, 1, ext);
	TRY(db_step(db, s, &row));
	if (!row)
		return ERR_OK;
	*ret_id = db_u64(s, 0);
	*ret_waits = case_marks_wait((unsigned)db_i64(s, 1)); /* at an end the row is none: 0 */
	db_done(s);
	return ERR_OK;
}

static enum err bad_value(struct deciding *d, const char *field, const char *takes)
{
	const struct case_input in = {str_of(field), STR("")};

	return deciding_bad_value(d, &in, takes);
}

static enum err check_from(struct deciding *d, const struct case_draft *draft)
{
	const struct case_from *f = &draft->from;

	if (f->ext.n == 0 || f->ext.n > CASE_FROM_EXT_BYTES_MAX)
		return bad_value(d, "id", "<= 96");
	if (f->category.n > CASE_FROM_WORDS_BYTES_MAX)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("their_category"), MSG_CASE_TEXT_LONG,
				       STR("160"), STR(""));
	if (f->status.n > CASE_FROM_STATUS_BYTES_MAX)
		return deciding_refuse(d, ERR_TOO_LARGE, STR("status"), MSG_CASE_TEXT_LONG,
				       STR("48"), STR(""));
	if (f->opened_us <= 0 || f->opened_us > d->at_us || f->due_us < 0)
		return bad_value(d, "opened", "<= now");
	if (f->closed_us != 0 &&
	    (!draft->is_closed || f->closed_us < f->opened_us || f->closed_us > d->at_us))
		return bad_value(d, "closed", "opened <= closed <= now");
	return ERR_OK;
}

/* The building at its point, and the grid, of the day on which it was opened. */
static enum err find_where(struct deciding *d, struct case_draft *draft)
{
	_Alignas(16) char memory[PLACE_ARENA_BYTES];
	const struct calendar *calendar = deciding_calendar(d->w->shelf);
	struct arena a;
	double m = 0;

	d->file.has_at = draft->has_at;
	d->file.lat_e7 = draft->at.lat_e7;
	d->file.lon_e7 = draft->at.lon_e7;
	if (!draft->has_at)
		return ERR_OK;
	arena_init(&a, memory, sizeof memory);
	TRY(places_building_at(d->w->db, draft->at,
			       calendar_day_of(calendar, draft->from.opened_us), &a,
			       &d->file.place, &m));
	draft->has_place = d->file.place != 0;
	return case_area_of(d->w->db, draft->from.opened_us, calendar, draft->at, d->file.area,
			    sizeof d->file.area, &d->file.area_n);
}

static enum err find_matter(struct deciding *d, const struct case_draft *draft)
{
	const struct cases_categories *table =
	    shelf_categories(d->w->shelf, shelf_n(d->w->shelf, SHELF_CATEGORIES));
	const struct case_input in = {STR("category"), draft->category};
	unsigned i = table ? case_category_find(table, draft->category) : CASES_NONE;

	if (i == CASES_NONE)
		return deciding_bad_value(d, &in, "categories.yaml");
	d->o->type = table->v[i].type.text;
	return deciding_find_type(d);
}

static bool has_field(const struct deciding *d, struct str name)
{
	return case_field_find(d->file.type, name) != CASES_NONE;
}

/* A text whose time is over by its source's closing is not taken in to be forgotten at once. */
static bool text_is_late(const struct deciding *d, const struct case_draft *draft)
{
	return draft->is_closed && draft->from.closed_us != 0 &&
	       deciding_forget_at(d, draft->from.closed_us) <= d->at_us;
}

static enum err read_draft(struct import_run *r, struct case_draft *draft)
{
	struct deciding *d = r->d;
	struct case_order *o = &r->order;
	struct buf place = buf_over(r->place, sizeof r->place);
	bool wants_text = draft->text.n > 0 && has_field(d, STR(CASE_REPORT_TEXT));

	draft->text_is_left = wants_text && text_is_late(d, draft);
	o->fields = r->field;
	o->fields_n = 0;
	r->field[o->fields_n++] = (struct case_input){STR("category"), draft->category};
	if (wants_text && !draft->text_is_left)
		r->field[o->fields_n++] = (struct case_input){STR(CASE_REPORT_TEXT), draft->text};
	if (d->file.place != 0 && has_field(d, STR("place"))) {
		buf_put_u64(&place, d->file.place);
		r->field[o->fields_n++] = (struct case_input){STR("place"), buf_str(&place)};
	}
	CHECK(draft->field_n <= CASE_DRAFT_FIELDS_MAX);
	for (unsigned i = 0; i < draft->field_n; i++)
		if (has_field(d, draft->field[i].field))
			r->field[o->fields_n++] = draft->field[i];
	return deciding_read_fields(d, false);
}

static bool keeps_text(const struct deciding *d)
{
	for (unsigned i = 0; i < d->fills_n; i++)
		if (d->texts[i].n > 0)
			return true;
	return false;
}

static void put_from(struct deciding *d, const struct case_draft *draft)
{
	struct case_entry *e = &d->entry;

	e->is_imported = true;
	e->from = draft->from;
	e->type_n = d->file.type_n;
	e->categories_n = d->file.categories_n;
	e->key_id = d->key_id;
	e->spot = (struct case_spot){.place = d->file.place,
				     .has_at = d->file.has_at,
				     .lat_e7 = d->file.lat_e7,
				     .lon_e7 = d->file.lon_e7,
				     .area = {d->file.area, d->file.area_n}};
	e->happened_us = draft->from.opened_us;
	if (e->is_final && d->key_id == 0)
		e->forget_us = 0; /* it holds nothing that could go */
	else if (e->is_final && draft->from.closed_us != 0)
		e->forget_us = deciding_forget_at(d, draft->from.closed_us);
}

static enum err append(struct import_run *r, struct appended *ret)
{
	struct deciding *d = r->d;

	if (!r->has_actor)
		TRY(decide_operator(d->w, r->c->account, &r->actor));
	r->has_actor = true;
	TRY(journal_append(&d->w->journal, &r->actor, KIND_CASE_IMPORTED, d->at_us, &d->entry,
			   ret));
	r->c->answer.n = ret->n;
	r->c->answer.at_us = ret->at_us;
	return ERR_OK;
}

static enum err refused(struct deciding *d)
{
	if (d->step.refusal == CASE_NOT_HERE)
		return deciding_refuse(d, ERR_BAD_INPUT, STR("category"), MSG_CASE_IMPORT_TYPE,
				       d->file.type->name.text, STR(""));
	return deciding_refused(d, CASES_COMMAND_COUNT);
}

static enum err add(struct import_run *r, struct case_draft *draft)
{
	struct deciding *d = r->d;
	struct case_setting setting;
	struct str number;
	struct appended a;

	memset(&d->file, 0, offsetof(struct case_file, hands));
	d->file.hands_n = 0;
	memset(&d->before, 0, sizeof d->before);
	d->key_id = 0;
	TRY(find_matter(d, draft));
	TRY(find_where(d, draft));
	TRY(read_draft(r, draft));
	setting = deciding_setting_of(d);
	case_import(&setting, draft->is_closed, d->fills, d->fills_n, &d->file.now, &d->step);
	if (d->step.refusal != CASE_MOVED)
		return refused(d);
	/* who takes it over needs a key; what is at an end needs one only for what it holds */
	if (!draft->is_closed || keeps_text(d))
		keyring_take(d->w->keys, &d->key_id, &d->key);
	d->file.key_id = d->key_id;
	number = deciding_text_of(d, STR(CASE_OUTSIDE_NUMBER));
	if (case_is_number(d->w, number))
		d->file.now.marks |= CASE_MARK_NUMBERED;
	deciding_put_entry(d);
	d->entry.is_new = true;
	put_from(d, draft);
	TRY(deciding_number(d, &d->entry.number));
	deciding_seal_texts(d, &d->entry);
	TRY(append(r, &a));
	d->file.at_us = a.at_us;
	draft->id = a.n;
	draft->outcome = CASE_DRAFT_ADDED;
	return case_index(d->w, &d->file, a.n, deciding_text_of(d, STR(CASE_REPORT_TEXT)), number,
			  calendar_day_of(deciding_calendar(d->w->shelf), a.at_us));
}

/* A record that waited here is closed by its source now. */
static enum err close_it(struct import_run *r, struct case_draft *draft, uint64_t id)
{
	struct deciding *d = r->d;
	struct case_setting setting;
	struct appended a;
	enum err e = deciding_load(d, id);

	if (e == ERR_INTERNAL) /* it does not fit its files: nothing is wrong with the others */
		return deciding_refuse(d, ERR_CONFLICT, STR("id"), MSG_CASE_NO_FILES, STR(""),
				       STR(""));
	TRY(e);
	d->key_id = d->file.key_id;
	setting = deciding_setting_of(d);
	case_import_close(&setting, &d->file.now, &d->step);
	if (d->step.refusal != CASE_MOVED)
		return refused(d);
	deciding_put_entry(d);
	put_from(d, draft);
	d->entry.number = d->file.number;
	TRY(append(r, &a));
	draft->outcome = CASE_DRAFT_CLOSED;
	return ERR_OK;
}

static enum err import_one(struct import_run *r, struct case_draft *draft)
{
	struct deciding *d = r->d;
	bool waits = false;

	r->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT};
	d->o = &r->order;
	d->fills_n = 0;
	d->ties_n = 0;
	draft->text_is_left = draft->has_place = false;
	TRY(check_from(d, draft));
	TRY(find_ext(d->w->db, draft->from.ext, &draft->id, &waits));
	if (draft->id == 0)
		return add(r, draft);
	draft->outcome = CASE_DRAFT_SAME;
	return waits && draft->is_closed ? close_it(r, draft, draft->id) : ERR_OK;
}

enum err decide_import(struct writer *w, struct command *c, int64_t at_us)
{
	struct import_run r = {.c = c};
	struct case_batch *b = c->imported.batch;
	enum err e = ERR_OK;

	TRY(deciding_of(w, &r.d));
	r.d->at_us = at_us > w->journal.last_at_us ? at_us : w->journal.last_at_us;
	if (!w->shelf || !deciding_calendar(w->shelf)) {
		c->answer.remedy = MSG_CASE_NO_FILES;
		return ERR_CONFLICT;
	}
	CHECK(b->n <= CASE_BATCH_MAX);
	for (unsigned i = 0; i < b->n && e == ERR_OK; i++) {
		struct case_draft *draft = &b->draft[i];
		e = import_one(&r, draft);
		draft->problem = r.order.problem;
		draft->masked = 0;
		for (unsigned k = 0; k < MASK_KIND_COUNT; k++)
			draft->masked += (unsigned)r.order.ret_masked.of[k];
		/* a draft is refused before anything of it was written; all else fails the command
		 */
		if (e != ERR_OK && draft->problem.err != ERR_OK) {
			draft->outcome = CASE_DRAFT_REFUSED;
			e = ERR_OK;
		}
	}
	seal_wipe(&r.d->key, sizeof r.d->key);
	return e;
}
