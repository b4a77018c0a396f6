/* The order: map, record, rows. */
#include "app/import_order.h"

#include "app/case_import.h"
#include "app/files.h"
#include "app/place_import.h"
#include "service/figures_file.h"
#include "service/files.h"

#include <stdlib.h>

#define MAP_ARENA_BYTES (CONFIG_BYTES_MAX * 16u)
#define ANSWER_BYTES 4096u
#define ZONES "/usr/share/zoneinfo/"

struct ordering {
	const struct import_order *o;
	union {
		struct place_map places;
		struct case_map cases;
	} map;
	struct zone zone;
	char *zone_bytes, *memory;
	char entry[ANSWER_BYTES];
};

static enum err run_command(struct ordering *x, struct command *c)
{
	c->account = x->o->account;
	c->answer.remedy = MSG_COUNT;
	c->answer.entry = buf_over(x->entry, sizeof x->entry);
	return x->o->run(x->o->ctx, c);
}

static enum err record_map(struct ordering *x)
{
	char path[FILE_PATH_BYTES_MAX];
	struct load_file file = {0};
	struct command c = {.kind = COMMAND_LOAD_FILES};
	const char *folder = x->o->kind == IMPORT_FIGURES ? FIGURES_FILE_FOLDER : "maps/";
	int n = snprintf(path, sizeof path, "%s%s", folder, x->o->map_name);

	if (n < 0 || (size_t)n >= sizeof path)
		return ERR_TOO_LARGE;
	file.path = (struct str){path, (size_t)n};
	file.content = x->o->map_text;
	c.files.v = &file;
	c.files.n = 1;
	return run_command(x, &c);
}

static enum err set_places(void *ctx, struct place_batch *batch)
{
	struct ordering *x = ctx;
	struct command c = {.kind = COMMAND_SET_PLACES};

	c.places.batch = batch;
	return run_command(x, &c);
}

static enum err import_cases(void *ctx, struct case_batch *batch)
{
	struct ordering *x = ctx;
	struct command c = {.kind = COMMAND_IMPORT_CASES};

	c.imported.batch = batch;
	return run_command(x, &c);
}

static void refused(void *ctx, const struct problem *problem)
{
	const struct ordering *x = ctx;

	x->o->refused(x->o->ctx, problem);
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	const struct ordering *x = ctx;

	x->o->progress(x->o->ctx, done, total);
}

/* One of the system's zones, spelt without tricks. */
static enum err read_zone(struct ordering *x, struct problem *problem)
{
	struct str name = x->map.cases.zone;
	char path[FILE_PATH_MAX];
	size_t n = 0;
	int m = snprintf(path, sizeof path, ZONES "%.*s", (int)name.n, name.p);
	enum err e = ERR_BAD_INPUT;

	if (m > 0 && (size_t)m < sizeof path && name.n > 0 && name.p[0] != '/' &&
	    !strstr(path, ".."))
		e = file_read(path, ZONE_BYTES_MAX, &x->zone_bytes, &n);
	if (e == ERR_OK)
		e = zone_parse((struct bytes){(const uint8_t *)x->zone_bytes, n}, &x->zone);
	if (e == ERR_OK || e == ERR_NO_MEMORY)
		return e;
	e = problem_set(problem, ERR_BAD_INPUT, STR("zone"), MSG_ZONE_UNKNOWN, &name, 1);
	problem_at(problem, str_of(x->o->map_name), 0, 0);
	return e;
}

static enum err read_map(struct ordering *x, struct problem *problem)
{
	struct str name = str_of(x->o->map_name);
	struct arena arena;

	arena_init(&arena, x->memory, MAP_ARENA_BYTES);
	if (x->o->kind == IMPORT_PLACES)
		return config_place_map_read(name, x->o->map_text, &arena, problem,
					     &x->map.places);
	TRY(config_case_map_read(name, x->o->map_text, &arena, problem, &x->map.cases));
	return read_zone(x, problem);
}

static enum err run_places(struct ordering *x, struct import_counts *ret, struct problem *problem)
{
	const struct place_import_options io = {.map = &x->map.places,
						.path = x->o->name,
						.opened = true,
						.fd = x->o->fd,
						.decide = set_places,
						.refused = refused,
						.progress = progress,
						.ctx = x};

	return place_import(&io, ret, problem);
}

static enum err run_cases(struct ordering *x, struct import_counts *ret, struct problem *problem)
{
	const struct case_import_options io = {.map = &x->map.cases,
					       .zone = &x->zone,
					       .path = x->o->name,
					       .fd = x->o->fd,
					       .decide = import_cases,
					       .refused = refused,
					       .progress = progress,
					       .ctx = x};

	return case_import_file(&io, ret, problem);
}

static enum err run(struct ordering *x, struct import_counts *ret, struct problem *problem)
{
	if (x->o->kind == IMPORT_FIGURES)
		return ret ? record_map(x) : ERR_OK;
	TRY(read_map(x, problem));
	if (!ret)
		return ERR_OK;
	TRY(record_map(x));
	return x->o->kind == IMPORT_PLACES ? run_places(x, ret, problem)
					   : run_cases(x, ret, problem);
}

static enum err with_memory(const struct import_order *o, struct import_counts *ret,
			    struct problem *problem)
{
	struct ordering *x = calloc(1, sizeof *x);
	enum err e = ERR_NO_MEMORY;

	if (x) {
		x->o = o;
		x->memory = malloc(MAP_ARENA_BYTES);
		if (x->memory)
			e = run(x, ret, problem);
		free(x->zone_bytes);
		free(x->memory);
	}
	free(x);
	return e;
}

enum err import_order_check(const struct import_order *o, struct problem *problem)
{
	return with_memory(o, NULL, problem);
}

enum err import_order_run(const struct import_order *o, struct import_counts *ret,
			  struct problem *problem)
{
	return with_memory(o, ret, problem);
}
