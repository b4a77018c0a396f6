/* The import of places: rows become drafts, drafts batches. */
#include "app/place_import.h"

#include "import_rows.h"
#include "place_row.h"

#include <stdlib.h>

#define BATCH_ARENA_BYTES (8u << 20)
#define ROW_ARENA_BYTES                                                                            \
	(256u << 10) /* what one row may need of it: its texts several times, its points */

struct import {
	const struct place_import_options *o;
	struct import_counts counts;
	struct import_rows *rows;
	struct arena arena;
	struct place_batch batch;
	struct place_draft *draft;
	unsigned line[PLACE_BATCH_MAX];
};

static enum err flush(struct import *im)
{
	struct import_counts *c = &im->counts;
	uint64_t done, total;

	if (im->batch.n > 0)
		TRY(im->o->decide(im->o->ctx, &im->batch));
	for (unsigned i = 0; i < im->batch.n; i++) {
		struct place_draft *d = &im->draft[i];
		switch (d->outcome) {
		case PLACE_ADDED:
			c->added++;
			break;
		case PLACE_CHANGED:
			c->changed++;
			break;
		case PLACE_SAME:
			c->same++;
			break;
		case PLACE_REFUSED:
			import_rows_refuse(im->rows, &d->problem, im->line[i]);
			break;
		}
	}
	im->batch.n = 0;
	arena_reset(&im->arena, (struct arena_mark){0});
	import_rows_progress(im->rows, &done, &total);
	if (im->o->progress)
		im->o->progress(im->o->ctx, done, total);
	return ERR_OK;
}

/* A row is a draft of the batch, refused, or not wanted. Views of the row are copied by the draft's
 * maker. */
static enum err take_row(void *ctx, const struct import_row *in, struct problem *p)
{
	struct import *im = ctx;
	struct place_draft *d = &im->draft[im->batch.n];
	struct place_row_in row = {.line = in->line};
	bool wanted = false;

	if (in->feature)
		TRY(place_row_of_feature(im->o->map, in->feature, &im->arena, &row, p));
	else
		memcpy(row.value, in->value, sizeof row.value);
	TRY(place_row_draft(im->o->map, &row, &im->arena, d, &wanted, p));
	if (!wanted) {
		im->counts.unwanted++;
		return ERR_OK;
	}
	if (import_rows_seen(im->rows, d->place.ext))
		return problem_set(p, ERR_BAD_INPUT, STR("id"), MSG_PLACE_ROW_TWICE, &d->place.ext,
				   1);
	im->line[im->batch.n++] = row.line;
	if (im->batch.n == PLACE_BATCH_MAX || im->arena.n + ROW_ARENA_BYTES > im->arena.cap)
		return flush(im);
	return ERR_OK;
}

static void refused(void *ctx, const struct problem *p)
{
	const struct import *im = ctx;

	if (im->o->refused)
		im->o->refused(im->o->ctx, p);
}

static enum err run(struct import *im, struct problem *problem)
{
	const struct place_import_options *o = im->o;
	const struct import_rows_options rows = {.path = o->path,
						 .opened = o->opened,
						 .fd = o->fd,
						 .is_geojson = o->map->format == PLACE_MAP_GEOJSON,
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
	import_rows_free(im->rows);
	return e;
}

enum err place_import(const struct place_import_options *o, struct import_counts *ret,
		      struct problem *problem)
{
	struct import *im = calloc(1, sizeof *im);
	char *arena = malloc(BATCH_ARENA_BYTES);
	enum err e = ERR_NO_MEMORY;

	if (im) {
		im->o = o;
		im->draft = calloc(PLACE_BATCH_MAX, sizeof *im->draft);
		im->batch.draft = im->draft;
		if (arena && im->draft) {
			arena_init(&im->arena, arena, BATCH_ARENA_BYTES);
			e = run(im, problem);
		}
		*ret = im->counts;
		free(im->draft);
	}
	free(im);
	free(arena);
	return e;
}
