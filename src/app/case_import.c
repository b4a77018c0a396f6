/* The import of cases: rows become drafts, drafts batches. */
#include "app/case_import.h"

#include "base/check.h"
#include "case_row.h"

#include <stdlib.h>

#define BATCH_ARENA_BYTES (8u << 20)
#define ROW_ARENA_BYTES (160u << 10) /* what one row may need: its columns, several times */

static_assert(CASE_MAP_FIELDS_MAX <= CASE_DRAFT_FIELDS_MAX,
	      "a draft has room for the map's fields");

struct import {
	const struct case_import_options *o;
	struct import_counts counts;
	struct import_rows *rows;
	struct arena arena;
	struct case_batch batch;
	struct case_draft *draft;
	struct problem *note; /* of each draft of the batch */
	unsigned line[CASE_BATCH_MAX];
};

static void count(struct import *im, unsigned i)
{
	struct import_counts *c = &im->counts;
	struct case_draft *d = &im->draft[i];

	switch (d->outcome) {
	case CASE_DRAFT_ADDED:
		c->added++;
		break;
	case CASE_DRAFT_CLOSED:
		c->changed++;
		break;
	case CASE_DRAFT_SAME:
		c->same++;
		return;
	case CASE_DRAFT_REFUSED:
		import_rows_refuse(im->rows, &d->problem, im->line[i]);
		return;
	}
	c->texts_left += d->text_is_left;
	c->masked += d->masked;
	c->placed += d->has_place;
	if (im->note[i].err == ERR_OK)
		return;
	c->noted++;
	import_rows_note(im->rows, &im->note[i], im->line[i]);
}

static enum err flush(struct import *im)
{
	uint64_t done, total;

	if (im->batch.n > 0)
		TRY(im->o->decide(im->o->ctx, &im->batch));
	for (unsigned i = 0; i < im->batch.n; i++)
		count(im, i);
	im->batch.n = 0;
	arena_reset(&im->arena, (struct arena_mark){0});
	import_rows_progress(im->rows, &done, &total);
	im->o->progress(im->o->ctx, done, total);
	return ERR_OK;
}

static enum err take_row(void *ctx, const struct import_row *row, struct problem *p)
{
	struct import *im = ctx;
	struct case_draft *d = &im->draft[im->batch.n];

	TRY(case_row_draft(im->o->map, im->o->zone, row, &im->arena, d, &im->note[im->batch.n],
			   p));
	if (import_rows_seen(im->rows, d->from.ext))
		return problem_set(p, ERR_BAD_INPUT, STR("id"), MSG_PLACE_ROW_TWICE, &d->from.ext,
				   1);
	im->line[im->batch.n++] = row->line;
	if (im->batch.n == CASE_BATCH_MAX || im->arena.n + ROW_ARENA_BYTES > im->arena.cap)
		return flush(im);
	return ERR_OK;
}

static void refused(void *ctx, const struct problem *p)
{
	const struct import *im = ctx;

	im->o->refused(im->o->ctx, p);
}

static enum err run(struct import *im, struct problem *problem)
{
	const struct case_import_options *o = im->o;
	const struct import_rows_options rows = {.path = o->path,
						 .opened = true,
						 .fd = o->fd,
						 .separator = o->map->separator,
						 .columns = &o->map->columns,
						 .row = take_row,
						 .refused = refused,
						 .ctx = im};
	enum err e;

	TRY(import_rows_new(&rows, &im->rows));
	e = import_rows_run(im->rows, problem);
	if (e == ERR_OK)
		e = flush(im);
	im->counts.refused = import_rows_refused(im->rows);
	im->counts.columns_left = import_rows_columns_left(im->rows);
	import_rows_free(im->rows);
	return e;
}

enum err case_import_file(const struct case_import_options *o, struct import_counts *ret,
			  struct problem *problem)
{
	struct import *im = calloc(1, sizeof *im);
	char *arena = malloc(BATCH_ARENA_BYTES);
	enum err e = ERR_NO_MEMORY;

	if (im) {
		im->o = o;
		im->draft = calloc(CASE_BATCH_MAX, sizeof *im->draft);
		im->note = calloc(CASE_BATCH_MAX, sizeof *im->note);
		im->batch.draft = im->draft;
		if (arena && im->draft && im->note) {
			arena_init(&im->arena, arena, BATCH_ARENA_BYTES);
			e = run(im, problem);
		}
		*ret = im->counts;
		free(im->draft);
		free(im->note);
	}
	free(im);
	free(arena);
	return e;
}
