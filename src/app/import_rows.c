/* Pieces of the file, and rows. */
#include "import_rows.h"

#include "base/check.h"
#include "base/hash.h"
#include "place/csv.h"
#include "place/features.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES 65536u
#define SEEN_SLOTS (1u << 22) /* twice the rows, so that a free slot is near */
#define FEATURE_DEPTH_MAX 32u

static_assert(SEEN_SLOTS >= 2 * IMPORT_ROWS_MAX, "the set of ids stays half empty");

struct import_rows {
	struct import_rows_options o;
	struct problem *problem;
	uint64_t rows, refused, done_bytes, total_bytes;
	uint64_t *seen; /* SEEN_SLOTS fronts of hashes; 0 is free */
	int csv_index[MAP_COLUMNS_MAX]; /* of the map's columns in the file */
	unsigned csv_columns, columns_left;
	union {
		struct csv csv;
		struct features features;
	} in;
	char piece[PIECE_BYTES];
};

void import_rows_note(struct import_rows *im, struct problem *p, unsigned line)
{
	const char *name = strrchr(im->o.path, '/');

	problem_at(p, str_of(name ? name + 1 : im->o.path), line, 0);
	if (im->o.refused)
		im->o.refused(im->o.ctx, p);
}

void import_rows_refuse(struct import_rows *im, struct problem *p, unsigned line)
{
	im->refused++;
	import_rows_note(im, p, line);
}

bool import_rows_seen(struct import_rows *im, struct str ext)
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

static enum err count_row(struct import_rows *im)
{
	struct str arg = STR("2000000");

	if (++im->rows > IMPORT_ROWS_MAX)
		return problem_set(im->problem, ERR_TOO_LARGE, STR(""), MSG_PLACE_ROWS_MAX, &arg,
				   1);
	return ERR_OK;
}

static enum err give_row(struct import_rows *im, const struct import_row *row)
{
	struct problem p = {0};
	enum err e = im->o.row(im->o.ctx, row, &p);

	if (e == ERR_OK || p.err == ERR_OK)
		return e;
	import_rows_refuse(im, &p, row->line);
	return ERR_OK;
}

/* ---- CSV ---- */

static enum err take_head(struct import_rows *im)
{
	const struct map_columns *m = im->o.columns;
	const struct csv *c = &im->in.csv;

	for (unsigned i = 0; i < m->n; i++) {
		im->csv_index[i] = -1;
		for (unsigned k = 0; k < c->column_n; k++)
			if (str_eq(m->name[i], c->column[k]))
				im->csv_index[i] = (int)k;
		if (im->csv_index[i] < 0)
			return problem_set(im->problem, ERR_BAD_INPUT, STR(""),
					   MSG_PLACE_MAP_COLUMN, &m->name[i], 1);
	}
	im->csv_columns = c->column_n;
	im->columns_left = c->column_n - m->n;
	return ERR_OK;
}

static void refuse_csv(struct import_rows *im, enum csv_result r)
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
	import_rows_refuse(im, &p, im->in.csv.line);
}

static enum err csv_row(struct import_rows *im, enum csv_result r)
{
	struct import_row row = {.line = im->in.csv.line};

	if (im->csv_columns == 0 && r == CSV_ROW)
		return take_head(im);
	TRY(count_row(im));
	if (r != CSV_ROW || im->in.csv.column_n != im->csv_columns) {
		refuse_csv(im, r);
		return ERR_OK;
	}
	for (unsigned i = 0; i < im->o.columns->n; i++)
		row.value[i] = im->in.csv.column[im->csv_index[i]];
	return give_row(im, &row);
}

static enum err take_csv(struct import_rows *im, struct str piece, bool last)
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

static enum err feature_row(struct import_rows *im, enum features_result r)
{
	const struct features *f = &im->in.features;
	struct import_row row = {.line = f->line};
	struct problem p = {0};
	struct str cap = STR("1048576");
	json_t *json = NULL;
	enum err e = ERR_OK;

	TRY(count_row(im));
	if (r == FEATURES_ONE && !too_deep(f->feature))
		json = json_loadb(f->feature.p, f->feature.n, JSON_REJECT_DUPLICATES, NULL);
	row.feature = json;
	if (json) {
		e = give_row(im, &row);
	} else {
		(void)!problem_set(&p, ERR_BAD_INPUT, STR(""),
				   r == FEATURES_ONE ? MSG_PLACE_ROW_JSON : MSG_PLACE_ROW_LARGE,
				   &cap, 1);
		import_rows_refuse(im, &p, f->line);
	}
	json_decref(json);
	return e;
}

static enum err take_features(struct import_rows *im, struct str piece, bool last)
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

static enum err read_all(struct import_rows *im, int fd)
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
		TRY(im->o.is_geojson ? take_features(im, piece, last) : take_csv(im, piece, last));
	}
	return ERR_OK;
}

enum err import_rows_run(struct import_rows *im, struct problem *problem)
{
	struct stat st;
	struct str path = str_of(im->o.path);
	int fd = im->o.opened ? im->o.fd : open(im->o.path, O_RDONLY | O_CLOEXEC);
	enum err e;

	im->problem = problem;
	if (fd < 0 || fstat(fd, &st) != 0) {
		e = err_of_errno(errno);
		if (fd >= 0 && !im->o.opened)
			close(fd);
		return problem_set(problem, e, STR(""), MSG_CLI_FILE_UNREADABLE, &path, 1);
	}
	im->total_bytes = (uint64_t)st.st_size;
	if (im->o.is_geojson)
		features_init(&im->in.features);
	else
		csv_init(&im->in.csv, im->o.separator);
	e = read_all(im, fd);
	if (!im->o.opened)
		close(fd);
	return e;
}

enum err import_rows_new(const struct import_rows_options *o, struct import_rows **ret)
{
	struct import_rows *im = calloc(1, sizeof *im);

	if (!im)
		return ERR_NO_MEMORY;
	im->o = *o;
	im->seen = calloc(SEEN_SLOTS, sizeof *im->seen);
	if (!im->seen) {
		free(im);
		return ERR_NO_MEMORY;
	}
	*ret = im;
	return ERR_OK;
}

struct import_rows *import_rows_free(struct import_rows *im)
{
	if (im)
		free(im->seen);
	free(im);
	return NULL;
}

uint64_t import_rows_refused(const struct import_rows *im)
{
	return im->refused;
}

unsigned import_rows_columns_left(const struct import_rows *im)
{
	return im->columns_left;
}

void import_rows_progress(const struct import_rows *im, uint64_t *ret_done, uint64_t *ret_total)
{
	*ret_done = im->done_bytes;
	*ret_total = im->total_bytes;
}
