/* The files that a community edits: laid, compared, proven, put in force. */
#include "app/etc.h"

#include "app/embedded.h"
#include "app/files.h"
#include "base/check.h"
#include "etc_texts.h"
#include "service/reader.h"

#include <stdlib.h>

#define ZONES "/usr/share/zoneinfo"

struct etc_shelf *etc_shelf_free(struct etc_shelf *s)
{
	if (!s)
		return NULL;
	free(s->memory);
	free(s);
	return NULL;
}

/* ---- a shelf of texts ---- */

static enum err zone_bytes(void *ctx, struct str name, struct arena *arena, struct bytes *ret)
{
	char path[FILE_PATH_MAX], zone[ZONE_MAX];
	char *text = NULL;
	struct str kept;
	size_t n = 0;

	(void)ctx;
	if (name.n >= sizeof zone)
		return ERR_NOT_FOUND;
	memcpy(zone, name.p, name.n);
	zone[name.n] = 0;
	if (!path_join(path, ZONES, zone))
		return ERR_NOT_FOUND;
	TRY(file_read(path, ZONE_BYTES_MAX, &text, &n));
	kept = arena_copy(arena, (struct str){text, n});
	free(text);
	if (!kept.p)
		return ERR_NO_MEMORY;
	*ret = str_bytes(kept);
	return ERR_OK;
}

static enum err fill_shelf(const struct etc_options *o, const struct etc_texts *t,
			   struct etc_shelf *s, struct config_shelf_failure *failure)
{
	struct community community;
	struct config_shelf_options co = {.sources = t->v,
					  .sources_n = t->n,
					  .pairs = t->pairs,
					  .pairs_n = t->pairs_n,
					  .wants_cases = t->had_cases,
					  .calendar = str_of(o->settings->calendar),
					  .zone_bytes = zone_bytes};
	struct arena arena, scratch;
	void *memory = malloc(CONFIG_SHELF_SCRATCH_BYTES);
	enum err e = memory ? community_get(o->db, &community) : ERR_NO_MEMORY;

	if (e == ERR_OK) {
		arena_init(&arena, s->memory, CONFIG_SHELF_ARENA_BYTES);
		arena_init(&scratch, memory, CONFIG_SHELF_SCRATCH_BYTES);
		arena.scratch = &scratch;
		co.zone = str_of(community.zone);
		e = config_shelf_read(&co, &arena, &s->shelf, failure);
		s->bytes = arena.n;
	}
	free(memory);
	return e;
}

static enum err make_shelf(const struct etc_options *o, const struct etc_texts *t,
			   struct etc_shelf **ret, struct config_shelf_failure *failure)
{
	struct etc_shelf *s = calloc(1, sizeof *s);
	enum err e = ERR_NO_MEMORY;

	if (s)
		s->memory = malloc(CONFIG_SHELF_ARENA_BYTES);
	if (s && s->memory)
		e = fill_shelf(o, t, s, failure);
	if (e != ERR_OK) {
		etc_shelf_free(s);
		return e;
	}
	*ret = s;
	return ERR_OK;
}

enum err etc_in_force(const struct etc_options *o, struct etc_shelf **ret,
		      struct config_shelf_failure *failure)
{
	struct etc_texts *t = NULL;
	enum err e;

	*failure = (struct config_shelf_failure){0};
	TRY(etc_texts_new(&t));
	e = etc_texts_store(t, o->db);
	if (e == ERR_OK)
		e = etc_texts_earlier(t, o, &failure->cases.problem);
	if (e == ERR_OK)
		e = make_shelf(o, t, ret, failure);
	etc_texts_free(t);
	return e;
}

static enum err read_folder(const struct etc_options *o, struct etc_texts *t,
			    struct etc_shelf **ret, struct config_shelf_failure *failure)
{
	TRY(etc_texts_folder(t, o->settings, &failure->cases.problem));
	TRY(etc_texts_number(t, o->db));
	if (t->n == 0 && !t->had_any)
		return ERR_NOT_FOUND;
	TRY(etc_texts_earlier(t, o, &failure->cases.problem));
	return make_shelf(o, t, ret, failure);
}

enum err etc_check(const struct etc_options *o, struct etc_shelf **ret,
		   struct config_shelf_failure *failure)
{
	struct etc_texts *t = NULL;
	enum err e;

	*failure = (struct config_shelf_failure){0};
	TRY(etc_texts_new(&t));
	e = read_folder(o, t, ret, failure);
	etc_texts_free(t);
	return e;
}

/* In the order of the shelf: types before the table of categories. */
static enum err call_load(const struct etc_texts *t, struct etc_shelf *s, etc_call_fn *call,
			  void *ctx, struct str account, struct etc_loaded *ret)
{
	struct load_file *v = calloc(CASES_SHELF_FILES_MAX, sizeof *v);
	char entry[ANSWER_ENTRY_OVERHEAD];
	struct command c = {.kind = COMMAND_LOAD_FILES, .account = account};
	enum err e;

	if (!v)
		return ERR_NO_MEMORY;
	for (unsigned i = 0; i < s->shelf.files_n; i++)
		for (unsigned k = 0; k < t->n; k++)
			if (!t->v[k].is_old && str_eq(t->v[k].path, s->shelf.files[i].path))
				v[i] = (struct load_file){.path = t->v[k].path,
							  .content = t->v[k].text};
	c.answer.remedy = MSG_COUNT;
	c.answer.entry = buf_over(entry, sizeof entry);
	c.files.v = v;
	c.files.n = s->shelf.files_n;
	c.files.shelf = &s->shelf;
	e = call(ctx, &c);
	if (e == ERR_OK)
		*ret = (struct etc_loaded){c.files.loaded, c.files.withdrawn,
					   c.answer.repeated ? 0 : c.answer.n};
	free(v);
	return e;
}

enum err etc_load(const struct etc_options *o, etc_call_fn *call, void *ctx, struct str account,
		  struct etc_shelf **ret, struct etc_loaded *ret_loaded,
		  struct config_shelf_failure *failure)
{
	struct etc_texts *t = NULL;
	struct etc_shelf *s = NULL;
	enum err e;

	*failure = (struct config_shelf_failure){0};
	TRY(etc_texts_new(&t));
	e = read_folder(o, t, &s, failure);
	if (e == ERR_OK)
		e = call_load(t, s, call, ctx, account, ret_loaded);
	etc_texts_free(t);
	if (e != ERR_OK) {
		etc_shelf_free(s);
		return e;
	}
	*ret = s;
	return ERR_OK;
}

void etc_put_failure(enum err e, const struct config_shelf_failure *failure, enum lang lang,
		     struct buf *out)
{
	const struct err_info *info = err_info(e);

	if (failure->cases.problem.err == ERR_OK) {
		buf_put_z(out, lang == LANG_ZH ? info->zh : info->en);
		return;
	}
	problem_put_line(&failure->cases.problem, lang, out);
	if (failure->way[0]) {
		buf_put_z(out, msg_text(MSG_CLI_CASETYPE_WAY, lang));
		buf_put_z(out, failure->way);
	}
}

/* ---- compare ---- */

struct comparing {
	const struct etc_texts *t;
	struct etc_differences *out;
	bool seen[CONFIG_SHELF_SOURCES_MAX];
};

static void note(struct etc_differences *d, enum etc_change change, struct str path)
{
	struct etc_difference *v = &d->v[d->told_n];

	d->n++;
	if (d->told_n == ETC_PATHS_MAX || path.n > FILE_PATH_BYTES_MAX)
		return;
	v->change = change;
	memcpy(v->path, path.p, path.n);
	v->path[path.n] = 0;
	d->told_n++;
}

static enum err compare_row(void *ctx, const struct file_row *row)
{
	struct comparing *c = ctx;
	enum shelf_kind kind;

	if (!shelf_kind_of(row->path, &kind))
		return ERR_OK;
	for (unsigned i = 0; i < c->t->n; i++) {
		struct hash32 sha;
		if (!str_eq(c->t->v[i].path, row->path))
			continue;
		hash_sha256(c->t->v[i].text.p, c->t->v[i].text.n, &sha);
		if (!hash_eq(&sha, &row->sha256))
			note(c->out, ETC_CHANGED, row->path);
		c->seen[i] = true;
		return ERR_OK;
	}
	note(c->out, ETC_AWAY, row->path);
	return ERR_OK;
}

enum err etc_compare(const struct etc_options *o, struct etc_differences *ret,
		     struct problem *problem)
{
	struct etc_texts *t = NULL;
	struct comparing c = {.out = ret};
	enum err e;

	ret->n = ret->told_n = 0;
	TRY(etc_texts_new(&t));
	c.t = t;
	e = etc_texts_folder(t, o->settings, problem);
	if (e == ERR_OK)
		e = files_in_force(o->db, compare_row, &c);
	for (unsigned i = 0; i < t->n && e == ERR_OK; i++)
		if (!c.seen[i])
			note(ret, ETC_NEW, t->v[i].path);
	etc_texts_free(t);
	return e;
}

/* ---- lay ---- */

/* The folder of a shipped file, below etc/. */
static enum err make_folder_of(const char *etc, const char *below, char *path)
{
	char folder[FILE_PATH_MAX];
	const char *slash = strchr(below, '/');

	if (!slash)
		return ERR_OK;
	snprintf(folder, sizeof folder, "%.*s", (int)(slash - below), below);
	if (!path_join(path, etc, folder))
		return ERR_TOO_LARGE;
	return folder_make(path, 0700);
}

static enum err lay(const char *etc, char *path)
{
	TRY(folder_make(etc, 0700));
	for (size_t i = 0; i < embedded_files_n; i++) {
		enum err e;
		TRY(make_folder_of(etc, embedded_files[i].path, path));
		if (!path_join(path, etc, embedded_files[i].path))
			return ERR_TOO_LARGE;
		e = file_write_new(path, embedded_files[i].content, 0600);
		if (e != ERR_OK && e != ERR_EXISTS)
			return e;
	}
	return ERR_OK;
}

enum err etc_lay(const struct settings *s, struct problem *problem)
{
	char etc[FILE_PATH_MAX], path[FILE_PATH_MAX];
	struct str arg;
	enum err e = path_join(etc, s->dir, "etc") ? ERR_OK : ERR_TOO_LARGE;

	memcpy(path, etc, sizeof path);
	if (e == ERR_OK)
		e = lay(etc, path);
	arg = str_of(path);
	return e == ERR_OK ? ERR_OK
			   : problem_set(problem, e, STR(""), MSG_FOLDER_UNUSABLE, &arg, 1);
}
