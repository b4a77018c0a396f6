/* The files that a community edits: laid, checked, journalled. */
#include "app/etc.h"

#include "app/embedded.h"
#include "app/files.h"
#include "app/log.h"
#include "config/config_calendar.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef enum err etc_check_fn(struct str name, struct str text, struct problem *p);

static enum err check_calendar(struct str name, struct str text, struct problem *p)
{
	struct config_calendar calendar;
	struct arena a;
	void *memory = malloc(CONFIG_CALENDAR_ARENA_BYTES);
	enum err e;

	if (!memory)
		return ERR_NO_MEMORY;
	arena_init(&a, memory, CONFIG_CALENDAR_ARENA_BYTES);
	e = config_calendar_read(name, text, &a, p, &calendar);
	free(memory);
	return e;
}

/* Folders of etc/ and what their files must be. */
static const struct {
	const char *folder;
	etc_check_fn *check;
} folders[] = {
	{"calendars", check_calendar},
};

/* What is done with each file: name is its path below etc/. */
typedef enum err etc_file_fn(void *ctx, const char *name, struct str text, etc_check_fn *check);

static bool is_yaml(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".yaml") == 0;
}

static int only_yaml(const struct dirent *d)
{
	return is_yaml(d->d_name);
}

static enum err unreadable(struct problem *p, enum err e, const char *path)
{
	struct str arg = str_of(path);

	return problem_set(p, e, STR(""), MSG_CLI_FILE_UNREADABLE, &arg, 1);
}

static enum err each_name(const char *etc, size_t folder, const char *name, etc_file_fn *each,
			  void *ctx, struct problem *p)
{
	char below[FILE_PATH_MAX], path[FILE_PATH_MAX];
	char *text = NULL;
	size_t n = 0;
	enum err e;

	if (!path_join(below, folders[folder].folder, name))
		return ERR_TOO_LARGE;
	if (!path_join(path, etc, below))
		return ERR_TOO_LARGE;
	e = file_read(path, CONFIG_BYTES_MAX, &text, &n);
	if (e != ERR_OK)
		return unreadable(p, e, path);
	e = each(ctx, below, (struct str){text, n}, folders[folder].check);
	free(text);
	return e;
}

/* Every file of every folder, in the order of the alphabet; a folder that is not there holds none.
 */
static enum err each_file(const struct settings *s, etc_file_fn *each, void *ctx, struct problem *p)
{
	char etc[FILE_PATH_MAX], path[FILE_PATH_MAX];

	if (!path_join(etc, s->dir, "etc"))
		return ERR_TOO_LARGE;
	for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++) {
		struct dirent **found = NULL;
		enum err e = ERR_OK;
		int n;
		if (!path_join(path, etc, folders[f].folder))
			return ERR_TOO_LARGE;
		n = scandir(path, &found, only_yaml, alphasort);
		if (n > (int)ETC_FILES_MAX)
			e = unreadable(p, ERR_TOO_LARGE, path);
		if (n < 0 && errno != ENOENT)
			e = unreadable(p, err_of_errno(errno), path);
		for (int i = 0; i < n; i++) {
			if (e == ERR_OK)
				e = each_name(etc, f, found[i]->d_name, each, ctx, p);
			free(found[i]);
		}
		free(found);
		TRY(e);
	}
	return ERR_OK;
}

static enum err check_one(void *ctx, const char *name, struct str text, etc_check_fn *check)
{
	return check(str_of(name), text, ctx);
}

enum err etc_check(const struct settings *s, struct problem *problem)
{
	return each_file(s, check_one, problem, problem);
}

struct loading {
	struct runner *runner;
	struct str account;
};

static enum err load_one(void *ctx, const char *name, struct str text, etc_check_fn *check)
{
	const struct loading *l = ctx;
	char entry[ANSWER_ENTRY_OVERHEAD];
	struct command c = {.kind = COMMAND_LOAD_FILE, .account = l->account};

	(void)check;
	c.file.path = str_of(name);
	c.file.content = text;
	c.answer.entry = buf_over(entry, sizeof entry);
	TRY(runner_call(l->runner, &c));
	if (!c.answer.repeated)
		log_event(LOG_INFO_LEVEL, "file-loaded", "path=%s entry=%llu", name,
			  (unsigned long long)c.answer.n);
	return ERR_OK;
}

enum err etc_load(const struct settings *s, struct runner *runner, struct str account)
{
	struct loading l = {runner, account};

	return each_file(s, load_one, &l, NULL);
}

static enum err folder_problem(struct problem *p, enum err e, const char *path)
{
	struct str arg = str_of(path);

	return problem_set(p, e, STR(""), MSG_FOLDER_UNUSABLE, &arg, 1);
}

static enum err lay(const char *etc, char *path)
{
	TRY(folder_make(etc, 0700));
	for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++) {
		if (!path_join(path, etc, folders[f].folder))
		return ERR_TOO_LARGE;
		TRY(folder_make(path, 0700));
	}
	for (size_t i = 0; i < embedded_files_n; i++) {
		enum err e;
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
	enum err e = path_join(etc, s->dir, "etc") ? ERR_OK : ERR_TOO_LARGE;

	memcpy(path, etc, sizeof path);
	if (e == ERR_OK)
		e = lay(etc, path);
	return e == ERR_OK ? ERR_OK : folder_problem(problem, e, path);
}
