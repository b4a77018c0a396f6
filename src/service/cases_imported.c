/* See cases_imported.h. */
#include "service/cases_imported.h"

#include "base/buf.h"
#include "cases/step.h"

#include <stdlib.h>

#define SOURCE_BYTES_MAX 64u
#define TIMES_FIRST 4096u

struct times {
	int64_t *us;
	size_t n, cap;
};

static enum err put(struct times *t, int64_t us)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : TIMES_FIRST;
		int64_t *more = realloc(t->us, cap * sizeof *more);
		if (!more)
			return ERR_NO_MEMORY;
		t->us = more;
		t->cap = cap;
	}
	t->us[t->n++] = us;
	return ERR_OK;
}

static int by_time(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

/* The sum of two million times of a century each is over 64 bits: quotients and rests apart. */
static int64_t mean_of(const struct times *t)
{
	int64_t n = (int64_t)t->n, whole = 0, rest = 0;

	for (size_t i = 0; i < t->n; i++) {
		whole += t->us[i] / n;
		rest += t->us[i] % n;
	}
	return n > 0 ? whole + rest / n : 0;
}

static int64_t median_of(struct times *t)
{
	size_t half = t->n / 2;

	if (t->n == 0)
		return 0;
	qsort(t->us, t->n, sizeof *t->us, by_time);
	if (t->n % 2 == 1)
		return t->us[half];
	return t->us[half - 1] + (t->us[half] - t->us[half - 1]) / 2;
}

static enum err take(struct db_stmt *s, struct imported_sums *sums, struct times *t)
{
	int64_t opened = db_i64(s, 0), closed = db_i64(s, 1), due = db_i64(s, 2);
	unsigned marks = (unsigned)db_i64(s, 3);
	bool is_open = db_i64(s, 4) != 0;

	sums->cases++;
	if (!case_marks_wait(marks)) {
		sums->adopted++;
		return ERR_OK;
	}
	sums->waiting += is_open;
	if (is_open)
		return ERR_OK;
	sums->closed++;
	if (closed == 0)
		return ERR_OK;
	sums->timed++;
	sums->due += due != 0;
	sums->in_time += due != 0 && closed <= due;
	return put(t, closed - opened);
}

enum err cases_imported(struct db *db, struct str source, struct imported_sums *ret)
{
	char from[SOURCE_BYTES_MAX + 1], until[SOURCE_BYTES_MAX + 1];
	struct imported_sums sums = {0};
	struct times t = {0};
	struct db_stmt *s;
	enum err e = ERR_OK;
	bool row = true;

	if (source.n == 0 || source.n > SOURCE_BYTES_MAX)
		return ERR_BAD_INPUT;
	memcpy(from, source.p, source.n);
	memcpy(until, source.p, source.n);
	from[source.n] = ':';
	until[source.n] = ':' + 1;
	s = db_stmt(db, SQL_case_import_scan);
	db_bind_text(s, 1, (struct str){from, source.n + 1});
	db_bind_text(s, 2, (struct str){until, source.n + 1});
	while (e == ERR_OK && (e = db_step(db, s, &row)) == ERR_OK && row)
		e = sums.cases == CASES_IMPORTED_MAX ? ERR_TOO_LARGE : take(s, &sums, &t);
	if (e == ERR_OK) {
		sums.mean_us = mean_of(&t);
		sums.median_us = median_of(&t);
		*ret = sums;
	} else {
		db_done(s);
	}
	free(t.us);
	return e;
}

enum err cases_imported_waiting(struct db *db, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_case_import_waiting);
	bool row = false;

	TRY(db_step(db, s, &row));
	*ret = row ? db_u64(s, 0) : 0;
	db_done(s);
	return ERR_OK;
}
