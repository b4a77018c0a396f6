/* The order: map, record, rows. */
#include "app/place_order.h"

#include "service/files.h"

#include <stdlib.h>

#define MAP_ARENA_BYTES (CONFIG_BYTES_MAX * 16u)
#define ANSWER_BYTES 4096u

struct ordering {
	const struct place_order *o;
	struct place_map map;
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
	int n = snprintf(path, sizeof path, "maps/%s", x->o->map_name);

	if (n < 0 || (size_t)n >= sizeof path)
		return ERR_TOO_LARGE;
	file.path = (struct str){path, (size_t)n};
	file.content = x->o->map_text;
	c.files.v = &file;
	c.files.n = 1;
	return run_command(x, &c);
}

static enum err decide(void *ctx, struct place_batch *batch)
{
	struct ordering *x = ctx;
	struct command c = {.kind = COMMAND_SET_PLACES};

	c.places.batch = batch;
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

static enum err run(struct ordering *x, char *memory, struct place_import_counts *ret,
		    struct problem *problem)
{
	struct place_import_options io = {.map = &x->map,
					  .path = x->o->name,
					  .opened = true,
					  .fd = x->o->fd,
					  .decide = decide,
					  .refused = refused,
					  .progress = progress,
					  .ctx = x};
	struct arena arena;

	arena_init(&arena, memory, MAP_ARENA_BYTES);
	TRY(config_place_map_read(str_of(x->o->map_name), x->o->map_text, &arena, problem,
				  &x->map));
	TRY(record_map(x));
	return place_import(&io, ret, problem);
}

enum err place_order_run(const struct place_order *o, struct place_import_counts *ret,
			 struct problem *problem)
{
	struct ordering *x = calloc(1, sizeof *x);
	char *memory = malloc(MAP_ARENA_BYTES);
	enum err e = ERR_NO_MEMORY;

	if (x && memory) {
		x->o = o;
		e = run(x, memory, ret, problem);
	}
	free(x);
	free(memory);
	return e;
}
