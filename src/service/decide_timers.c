/* What the clocks of cases ask for. */
#include "deciding.h"

#include "base/check.h"

/* ---- the timer ---- */

static enum err timer_entry(struct deciding *d)
{
	static const char escalate[] = "escalate";
	struct appended a;

	deciding_put_entry(d);
	d->actor = (struct actor){.role = STR(CASES_TIMER), .unit = STR("")};
	d->entry.command = str_of(escalate);
	if (d->step.transition != CASES_NONE) {
		const struct cases_transition *tr = &d->file.type->transitions[d->step.transition];
		d->entry.command = str_of(cases_command_name(tr->command));
		d->entry.transition = tr->name.text;
	} else {
		d->entry.transition = STR("");
	}
	TRY(journal_append(&d->w->journal, &d->actor, KIND_CASE_MOVED, d->at_us, &d->entry, &a));
	return deciding_put_mails(d, &a);
}

static enum err timers_of_case(struct deciding *d, uint64_t id, unsigned *ret_done)
{
	TRY(case_file_load(d->w->db, d->w->shelf, &d->names, id, &d->file));
	if (!deciding_timer_may(d))
		return ERR_INTERNAL; /* passed over, counted and shown */
	for (unsigned i = 0; i < CASES_CLOCKS_MAX; i++) {
		struct case_setting setting = deciding_setting_of(d);
		d->before = d->file.now;
		case_step_timer(&setting, &d->file.now, &d->step);
		if (d->step.refusal != CASE_MOVED)
			return ERR_OK;
		TRY(timer_entry(d));
		d->file.n = d->w->journal.n;
		++*ret_done;
	}
	return ERR_OK;
}

static bool is_stuck(const struct writer *w, uint64_t id)
{
	for (unsigned i = 0; i < w->timer_stuck_n; i++)
		if (w->timer_stuck[i] == id)
			return true;
	return false;
}

/* A case that its files do not fit holds up nobody else: it is passed over, counted, and shown. */
static enum err timers_or_stuck(struct deciding *d, uint64_t id, unsigned *ret_done)
{
	struct writer *w = d->w;
	uint64_t n_before = w->journal.n;
	unsigned done = *ret_done;
	enum err e;

	TRY(db_savepoint(w->db));
	e = timers_of_case(d, id, &done);
	if (e == ERR_OK) {
		*ret_done = done;
		return db_savepoint_release(w->db);
	}
	if (!deciding_is_of_the_case(e))
		return e;
	if (w->timer_stuck_n < WRITER_STUCK_MAX)
		w->timer_stuck[w->timer_stuck_n++] = id;
	return deciding_undo_one(w, n_before);
}

enum err decide_timers(struct writer *w, int64_t at_us, unsigned limit, unsigned *ret_done)
{
	uint64_t ids[TIMERS_MAX + WRITER_STUCK_MAX];
	struct deciding *d = NULL;
	struct db_stmt *s;
	unsigned n = 0;
	bool row = true;

	CHECK(limit <= TIMERS_MAX);
	*ret_done = 0;
	if (!w->shelf || !deciding_calendar(w->shelf))
		return ERR_OK;
	TRY(deciding_of(w, &d));
	d->at_us = at_us > w->journal.last_at_us ? at_us : w->journal.last_at_us;
	s = db_stmt(w->db, SQL_case_timer_due);
	db_bind_i64(s, 1, d->at_us);
	limit += w->timer_stuck_n;
	db_bind_u64(s, 2, limit);
	while (n < limit) {
		TRY(db_step(w->db, s, &row));
		if (!row)
			break;
		ids[n++] = db_u64(s, 0);
	}
	db_done(s);
	for (unsigned i = 0; i < n; i++)
		if (!is_stuck(w, ids[i]))
			TRY(timers_or_stuck(d, ids[i], ret_done));
	return ERR_OK;
}
