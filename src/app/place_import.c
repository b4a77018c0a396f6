/* The import: pieces of the file, rows, batches. */
#include "app/place_import.h"

#include "app/files.h"
#include "base/check.h"
#include "base/hash.h"
#include "place/csv.h"
#include "place/features.h"
#include "place_row.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES 65536u
#define BATCH_ARENA_BYTES (8u << 20)
#define ROW_ARENA_BYTES                                                                            \
	(256u << 10) /* what one row may need of it: its texts several times, its points */
#define SEEN_SLOTS (1u << 22)        /* twice the rows, so that a free slot is near */
#define FEATURE_DEPTH_MAX 32u

static_assert(SEEN_SLOTS >= 2 * PLACE_IMPORT_ROWS_MAX, "the set of ids stays half empty");

struct import {
	const struct place_import_options *o;
	struct place_import_counts counts;
	struct problem *problem;
	uint64_t rows, done_bytes, total_bytes;
	struct arena arena;
	struct place_batch batch;
	struct place_draft *draft;
	unsigned line[PLACE_BATCH_MAX];
	uint64_t *seen; /* SEEN_SLOTS fronts of hashes; 0 is free */
	int csv_index[PLACE_MAP_COLUMNS_MAX]; /* of the map's columns in the file */
	unsigned csv_columns;
	union {
		struct csv csv;
		struct features features;
	} in;
	char piece[PIECE_BYTES];
};

static void refuse(struct import *im, struct problem *p, unsigned line)
{
	const char *name = strrchr(im->o->path, '/');

	problem_at(p, str_of(name ? name + 1 : im->o->path), line, 0);
	im->counts.refused++;
	if (im->o->refused)
		im->o->refused(im->o->ctx, p);
}

static enum err flush(struct import *im)
{
	struct place_import_counts *c = &im->counts;

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
			refuse(im, &d->problem, im->line[i]);
			break;
		}
	}
	im->batch.n = 0;
	arena_reset(&im->arena, (struct arena_mark){0});
	if (im->o->progress)
		im->o->progress(im->o->ctx, im->done_bytes, im->total_bytes);
	return ERR_OK;
}

/* Was this id in the file before? */
static bool seen_before(struct import *im, struct str ext)
{
	struct hash32 h;
	uint64_t front;
	size_t slot;

	hash_sha256(ext.p, ext.n, &h);
	memcpy(&front, h.b, sizeof front);
	front |= front == 0;
	for (slot = front % SEEN_SLOTS; im->seen[slot] != 0; slot = (slot + 1) % SEEN_SLOTS)
		if (im->seen[slot] == front)
			return true;
	im->seen[slot] = front;
	return false;
}

static enum err count_row(struct import *im)
{
	struct str arg = STR("2000000");

	if (++im->rows > PLACE_IMPORT_ROWS_MAX)
		return problem_set(im->problem, ERR_TOO_LARGE, STR(""), MSG_PLACE_ROWS_MAX, &arg,
				   1);
	return ERR_OK;
}

/* A row is a draft of the batch, refused, or not wanted. Views of the row are copied by the draft's
 * maker. */
static enum err take_row(struct import *im, const struct place_row_in *row)
{
	struct place_draft *d = &im->draft[im->batch.n];
	struct problem p = {0};
	bool wanted = false;
	enum err e;

	e = place_row_draft(im->o->map, row, &im->arena, d, &wanted, &p);
	if (e == ERR_OK && !wanted) {
		im->counts.unwanted++;
		return ERR_OK;
	}
	if (e == ERR_OK && seen_before(im, d->place.ext))
		e = problem_set(&p, ERR_BAD_INPUT, STR("id"), MSG_PLACE_ROW_TWICE, &d->place.ext,
				1);
	if (e != ERR_OK && p.err == ERR_OK)
		return e;
	if (e != ERR_OK) {
		refuse(im, &p, row->line);
		return ERR_OK;
	}
	im->line[im->batch.n++] = row->line;
	if (im->batch.n == PLACE_BATCH_MAX || im->arena.n + ROW_ARENA_BYTES > im->arena.cap)
		return flush(im);
	return ERR_OK;
}

/* ---- CSV ---- */

static enum err take_head(struct import *im)
{
	const struct place_map *m = im->o->map;
	const struct csv *c = &im->in.csv;

	for (unsigned i = 0; i < m->column_n; i++) {
		im->csv_index[i] = -1;
		for (unsigned k = 0; k < c->column_n; k++)
			if (str_eq(m->column[i], c->column[k]))
				im->csv_index[i] = (int)k;
		if (im->csv_index[i] < 0)
			return problem_set(im->problem, ERR_BAD_INPUT, STR(""),
					   MSG_PLACE_MAP_COLUMN, &m->column[i], 1);
	}
	im->csv_columns = c->column_n;
	return ERR_OK;
}

static void refuse_csv(struct import *im, enum csv_result r)
{
	char have[24], want[24];
	struct buf a = buf_over(have, sizeof have), b = buf_over(want, sizeof want);
	struct problem p = {0};
	enum msg msg = r == CSV_BAD_QUOTE ? MSG_PLACE_ROW_QUOTE
		       : r == CSV_NOT_UTF8 ? MSG_PLACE_NOT_UTF8
		       : r == CSV_ROW	   ? MSG_PLACE_ROW_COLUMNS
					   : MSG_PLACE_ROW_LARGE;

	buf_put_u64(&a, r == CSV_ROW ? im->in.csv.column_n : CSV_ROW_BYTES_MAX);
	buf_put_u64(&b, im->csv_columns);
	(void)!problem_set(&p, ERR_BAD_INPUT, STR(""), msg,
			   (struct str[]){buf_str(&a), buf_str(&b)}, 2);
	refuse(im, &p, im->in.csv.line);
}

static enum err csv_row(struct import *im, enum csv_result r)
{
	struct place_row_in row = {.line = im->in.csv.line};

	if (im->csv_columns == 0 && r == CSV_ROW)
		return take_head(im);
	TRY(count_row(im));
	if (r != CSV_ROW || im->in.csv.column_n != im->csv_columns) {
		refuse_csv(im, r);
		return ERR_OK;
	}
	for (unsigned i = 0; i < im->o->map->column_n; i++)
		row.value[i] = im->in.csv.column[im->csv_index[i]];
	return take_row(im, &row);
}

static enum err take_csv(struct import *im, struct str piece, bool last)
{
	for (size_t at = 0;;) {
		size_t used = 0;
		enum csv_result r =
		    csv_read(&im->in.csv, (struct str){piece.p + at, piece.n - at}, last, &used);
		at += used;
		if (r == CSV_MORE && at == piece.n)
			return ERR_OK;
		if (r != CSV_MORE)
			TRY(csv_row(im, r));
	}
}

/* ---- GeoJSON ---- */

/* Brackets open at once, texts left out: before a parser that recurses sees it. */
static bool too_deep(struct str json)
{
	unsigned depth = 0;
	bool text = false;

	for (size_t i = 0; i < json.n; i++) {
		char c = json.p[i];
		if (text && c == '\\')
			i++;
		else if (c == '"')
			text = !text;
		else if (!text && (c == '{' || c == '[') && ++depth > FEATURE_DEPTH_MAX)
			return true;
		else if (!text && (c == '}' || c == ']'))
			depth--;
	}
	return false;
}

static enum err feature_row(struct import *im, enum features_result r)
{
	const struct features *f = &im->in.features;
	struct place_row_in row = {.line = f->line};
	struct problem p = {0};
	struct str cap = STR("1048576");
	json_t *json = NULL;
	enum err e;

	TRY(count_row(im));
	if (r == FEATURES_ONE && !too_deep(f->feature))
		json = json_loadb(f->feature.p, f->feature.n, JSON_REJECT_DUPLICATES, NULL);
	if (json)
		e = place_row_of_feature(im->o->map, json, &im->arena, &row, &p);
	else
		e = problem_set(&p, ERR_BAD_INPUT, STR(""),
				r == FEATURES_ONE ? MSG_PLACE_ROW_JSON : MSG_PLACE_ROW_LARGE, &cap,
				1);
	if (e == ERR_OK)
		e = take_row(im, &row);
	else if (p.err != ERR_OK) {
		refuse(im, &p, f->line);
		e = ERR_OK;
	}
	json_decref(json);
	return e;
}

static enum err take_features(struct import *im, struct str piece, bool last)
{
	for (size_t at = 0;;) {
		size_t used = 0;
		enum features_result r = features_read(
		    &im->in.features, (struct str){piece.p + at, piece.n - at}, last, &used);
		at += used;
		if (r == FEATURES_BROKEN)
			return problem_set(im->problem, ERR_BAD_INPUT, STR(""),
					   MSG_PLACE_NOT_FEATURES, NULL, 0);
		if (r == FEATURES_MORE && at == piece.n)
			return ERR_OK;
		if (r != FEATURES_MORE)
			TRY(feature_row(im, r));
	}
}

/* ---- the file ---- */

static enum err read_all(struct import *im, int fd)
{
	bool last = false;

	while (!last) {
		size_t n = 0;
		struct str piece;
		while (n < PIECE_BYTES && !last) {
			ssize_t got = read(fd, im->piece + n, PIECE_BYTES - n);
			if (got < 0 && errno == EINTR)
				continue;
			if (got < 0)
				return err_of_errno(errno);
			last = got == 0;
			n += (size_t)got;
		}
		im->done_bytes += n;
		piece = (struct str){im->piece, n};
		TRY(im->o->map->format == PLACE_MAP_CSV ? take_csv(im, piece, last)
							: take_features(im, piece, last));
	}
	return flush(im);
}

static enum err run(struct import *im, char *arena)
{
	struct stat st;
	struct str path = str_of(im->o->path);
	int fd = im->o->opened ? im->o->fd : open(im->o->path, O_RDONLY | O_CLOEXEC);
	enum err e;

	if (fd < 0 || fstat(fd, &st) != 0) {
		e = err_of_errno(errno);
		if (fd >= 0 && !im->o->opened)
			close(fd);
		return problem_set(im->problem, e, STR(""), MSG_CLI_FILE_UNREADABLE, &path, 1);
	}
	im->total_bytes = (uint64_t)st.st_size;
	im->batch.draft = im->draft;
	arena_init(&im->arena, arena, BATCH_ARENA_BYTES);
	if (im->o->map->format == PLACE_MAP_CSV)
		csv_init(&im->in.csv, im->o->map->separator);
	else
		features_init(&im->in.features);
	e = read_all(im, fd);
	if (!im->o->opened)
		close(fd);
	return e;
}

enum err place_import(const struct place_import_options *o, struct place_import_counts *ret,
		      struct problem *problem)
{
	struct import *im = calloc(1, sizeof *im);
	char *arena = malloc(BATCH_ARENA_BYTES);
	enum err e = ERR_NO_MEMORY;

	if (im) {
		im->o = o;
		im->problem = problem;
		im->draft = calloc(PLACE_BATCH_MAX, sizeof *im->draft);
		im->seen = calloc(SEEN_SLOTS, sizeof *im->seen);
		if (arena && im->draft && im->seen)
			e = run(im, arena);
		*ret = im->counts;
		free(im->draft);
		free(im->seen);
	}
	free(im);
	free(arena);
	return e;
}
