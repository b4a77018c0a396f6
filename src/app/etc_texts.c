/* Texts of etc/ from the folder and from the store. */
#include "etc_texts.h"

#include "app/files.h"
#include "base/check.h"
#include "service/cases.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum err etc_texts_new(struct etc_texts **ret)
{
	struct etc_texts *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NO_MEMORY;
	t->memory = malloc(ETC_TEXT_BYTES_MAX);
	if (!t->memory) {
		free(t);
		return ERR_NO_MEMORY;
	}
	arena_init(&t->arena, t->memory, ETC_TEXT_BYTES_MAX);
	*ret = t;
	return ERR_OK;
}

struct etc_texts *etc_texts_free(struct etc_texts *t)
{
	if (!t)
		return NULL;
	free(t->memory);
	free(t);
	return NULL;
}

static enum err add(struct etc_texts *t, const struct config_source *source)
{
	struct config_source *s = &t->v[t->n];

	if (t->n == CONFIG_SHELF_SOURCES_MAX)
		return ERR_TOO_LARGE;
	*s = *source;
	s->path = arena_copy(&t->arena, source->path);
	s->text = arena_copy(&t->arena, source->text);
	if (!s->path.p || !s->text.p)
		return ERR_TOO_LARGE;
	t->n++;
	return ERR_OK;
}

/* ---- the folder ---- */

static enum err unreadable(struct problem *p, enum err e, const char *path)
{
	struct str arg = str_of(path);

	return problem_set(p, e, STR(""), MSG_CLI_FILE_UNREADABLE, &arg, 1);
}

static enum err take_file(struct etc_texts *t, const char *etc, const char *below,
			  struct problem *p)
{
	struct config_source source = {.path = str_of(below)};
	char path[FILE_PATH_MAX];
	char *text = NULL;
	size_t n = 0;
	enum err e;

	if (!path_join(path, etc, below) || source.path.n > FILE_PATH_BYTES_MAX)
		return unreadable(p, ERR_TOO_LARGE, below);
	e = file_read(path, CONFIG_BYTES_MAX, &text, &n);
	source.text = (struct str){text, n};
	if (e == ERR_OK)
		e = add(t, &source);
	free(text);
	return e == ERR_OK ? ERR_OK : unreadable(p, e, path);
}

static int only_yaml(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && d->d_name[0] != '.' && strcmp(d->d_name + n - 5, ".yaml") == 0;
}

/* Every file of a folder, in the order of the alphabet; a folder that is not there holds none. */
static enum err take_folder(struct etc_texts *t, const char *etc, const char *folder,
			    struct problem *p)
{
	char path[FILE_PATH_MAX], below[FILE_PATH_MAX];
	struct dirent **found = NULL;
	enum err e = ERR_OK;
	int n;

	if (!path_join(path, etc, folder))
		return unreadable(p, ERR_TOO_LARGE, folder);
	path[strlen(path) - 1] = 0; /* the slash */
	n = scandir(path, &found, only_yaml, alphasort);
	if (n < 0)
		return errno == ENOENT ? ERR_OK : unreadable(p, err_of_errno(errno), path);
	for (int i = 0; i < n; i++) {
		int bytes = snprintf(below, sizeof below, "%s%s", folder, found[i]->d_name);
		if (e == ERR_OK && bytes >= (int)sizeof below)
			e = unreadable(p, ERR_TOO_LARGE, path);
		if (e == ERR_OK)
			e = take_file(t, etc, below, p);
		free(found[i]);
	}
	free(found);
	return e;
}

enum err etc_texts_folder(struct etc_texts *t, const struct settings *s, struct problem *p)
{
	char etc[FILE_PATH_MAX], path[FILE_PATH_MAX];

	if (!path_join(etc, s->dir, "etc"))
		return unreadable(p, ERR_TOO_LARGE, s->dir);
	for (unsigned k = 0; k < SHELF_KIND_COUNT; k++) {
		const char *place = shelf_place(k);
		if (!shelf_is_single(k)) {
			TRY(take_folder(t, etc, place, p));
			continue;
		}
		if (!path_join(path, etc, place))
			return unreadable(p, ERR_TOO_LARGE, etc);
		if (access(path, F_OK) == 0)
			TRY(take_file(t, etc, place, p));
	}
	return ERR_OK;
}

/* ---- the store ---- */

struct walk {
	struct etc_texts *t;
	struct db *db;
	char *text; /* of CONFIG_BYTES_MAX */
};

static enum err take_row(void *ctx, const struct file_row *row)
{
	struct walk *w = ctx;
	struct config_source source = {.path = row->path, .n = row->n};
	enum shelf_kind kind;

	if (!shelf_kind_of(row->path, &kind))
		return ERR_OK;
	TRY(file_content(w->db, &row->sha256, w->text, CONFIG_BYTES_MAX, &source.text));
	return add(w->t, &source);
}

enum err etc_texts_store(struct etc_texts *t, struct db *db)
{
	struct walk w = {t, db, malloc(CONFIG_BYTES_MAX)};
	enum err e = w.text ? files_in_force(db, take_row, &w) : ERR_NO_MEMORY;

	free(w.text);
	return e == ERR_OK && t->n == 0 ? ERR_NOT_FOUND : e;
}

static enum err number_row(void *ctx, const struct file_row *row)
{
	struct etc_texts *t = ctx;
	enum shelf_kind kind;

	t->had_any = t->had_any || shelf_kind_of(row->path, &kind);
	if (str_eq(row->path, str_of(shelf_place(SHELF_ROLES))))
		t->had_cases = true;
	for (unsigned i = 0; i < t->n; i++) {
		struct hash32 sha;
		if (t->v[i].is_old || !str_eq(t->v[i].path, row->path))
			continue;
		hash_sha256(t->v[i].text.p, t->v[i].text.n, &sha);
		if (hash_eq(&sha, &row->sha256))
			t->v[i].n = row->n;
	}
	return ERR_OK;
}

enum err etc_texts_number(struct etc_texts *t, struct db *db)
{
	return files_in_force(db, number_row, t);
}

/* ---- earlier versions ---- */

/* A version of a type or of the table of categories: in force from its entry until another. */
struct version {
	enum shelf_kind kind;
	uint64_t n, until; /* until: INT64_MAX where it still is */
	bool is_withdrawn;
	struct hash32 sha256;
	char path[FILE_PATH_BYTES_MAX + 1];
};

struct versions {
	unsigned n;
	struct version v[ETC_VERSIONS_MAX]; /* newest first */
};

static enum err note_version(void *ctx, const struct file_row *row)
{
	struct versions *all = ctx;
	struct version *v = &all->v[all->n];
	enum shelf_kind kind;

	if (!shelf_kind_of(row->path, &kind) || (kind != SHELF_TYPE && kind != SHELF_CATEGORIES) ||
	    all->n == ETC_VERSIONS_MAX || row->path.n > FILE_PATH_BYTES_MAX)
		return ERR_OK;
	*v = (struct version){kind, row->n, INT64_MAX, row->is_withdrawn, row->sha256, ""};
	memcpy(v->path, row->path.p, row->path.n);
	for (unsigned i = 0; i < all->n; i++)
		if (strcmp(all->v[i].path, v->path) == 0)
			v->until = all->v[i].n; /* the last one seen is the next one in time */
	all->n++;
	return ERR_OK;
}

static bool is_known(const struct etc_texts *t, uint64_t n)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->v[i].n == n)
			return true;
	return false;
}

/* The text of a version among the texts; one that is not kept, or for which there is no room, stays
 * away. */
static enum err take_version(struct etc_texts *t, struct db *db, const struct version *v,
			     char *memory)
{
	struct config_source source = {.path = str_of(v->path), .n = v->n, .is_old = true};
	struct arena_mark mark = arena_mark(&t->arena);
	enum err e;

	if (is_known(t, v->n))
		return ERR_OK;
	e = file_content(db, &v->sha256, memory, CONFIG_BYTES_MAX, &source.text);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	if (add(t, &source) != ERR_OK)
		arena_reset(&t->arena, mark);
	return ERR_OK;
}

static const struct version *version_of(const struct versions *all, uint64_t n)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->v[i].n == n)
			return &all->v[i];
	return NULL;
}

static bool has_pair(const struct etc_texts *t, uint64_t type_n, uint64_t categories_n)
{
	for (unsigned i = 0; i < t->pairs_n; i++)
		if (t->pairs[i].type_n == type_n && t->pairs[i].categories_n == categories_n)
			return true;
	return false;
}

/* A type and a table that are in force until now: a case may still be opened under them. */
static void pair_up(struct etc_texts *t, const struct versions *all)
{
	for (unsigned i = 0; i < all->n; i++)
		for (unsigned k = 0; k < all->n; k++) {
			const struct version *type = &all->v[i], *table = &all->v[k];
			bool still = type->until == INT64_MAX && table->until == INT64_MAX;
			if (type->kind != SHELF_TYPE || table->kind != SHELF_CATEGORIES ||
			    type->is_withdrawn || table->is_withdrawn || !still ||
			    has_pair(t, type->n, table->n) || t->pairs_n == CASES_PAIRS_MAX)
				continue;
			t->pairs[t->pairs_n++] = (struct shelf_pair){type->n, table->n, false};
		}
}

static bool is_among(const struct etc_texts *t, const char *path)
{
	for (unsigned i = 0; i < t->n; i++)
		if (!t->v[i].is_old && str_eq(t->v[i].path, str_of(path)))
			return true;
	return false;
}

static enum err take_pairs(struct etc_texts *t, const struct etc_options *o,
			   const struct versions *all, char *memory, struct problem *p)
{
	TRY(o->in_use ? o->in_use(o->ctx, o->db, t->pairs, &t->pairs_n)
		      : cases_in_use(o->db, t->pairs, &t->pairs_n));
	for (unsigned i = 0; i < t->pairs_n; i++) {
		const struct version *v = version_of(all, t->pairs[i].type_n);
		if (!v || is_among(t, v->path))
			continue;
		enum err e = problem_set(p, ERR_BAD_INPUT, STR(""), MSG_SHELF_STILL_USED, NULL, 0);
		problem_at(p, str_of(v->path), 0, 0);
		return e;
	}
	pair_up(t, all);
	for (unsigned i = 0; i < t->pairs_n; i++) {
		const uint64_t n[] = {t->pairs[i].type_n, t->pairs[i].categories_n};
		for (unsigned k = 0; k < 2; k++) {
			const struct version *v = version_of(all, n[k]);
			if (v)
				TRY(take_version(t, o->db, v, memory));
		}
	}
	return ERR_OK;
}

enum err etc_texts_earlier(struct etc_texts *t, const struct etc_options *o, struct problem *p)
{
	struct versions *all = calloc(1, sizeof *all);
	char *memory = malloc(CONFIG_BYTES_MAX);
	enum err e = all && memory ? files_versions(o->db, note_version, all) : ERR_NO_MEMORY;

	if (e == ERR_OK)
		e = take_pairs(t, o, all, memory, p);
	free(memory);
	free(all);
	return e;
}
