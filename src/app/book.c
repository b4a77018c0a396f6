/* Files about cases from a folder into a book. */
#include "app/book.h"

#include "app/files.h"
#include "config/config_cases.h"

#include <limits.h>

static enum err read_text(const char *path, struct arena *arena, struct str *ret_name,
			  struct str *ret_text, struct problem *p)
{
	char *text = NULL;
	size_t n = 0;
	struct str name = arena_copy(arena, str_of(path));
	enum err e = file_read(path, CONFIG_BYTES_MAX, &text, &n);

	if (e != ERR_OK) {
		e = problem_set(p, e, STR(""), MSG_CLI_CASETYPE_UNREAD, &name, 1);
		return e;
	}
	*ret_text = arena_copy(arena, (struct str){text, n});
	*ret_name = name;
	free(text);
	if (!name.p || !ret_text->p)
		return problem_set(p, ERR_NO_MEMORY, STR(""), MSG_CONFIG_NO_MEMORY, NULL, 0);
	return ERR_OK;
}

/* A file of the folder into `value` by its reader. */
#define LOAD(file, reader, value)                                                                  \
	do {                                                                                       \
		char path_[PATH_MAX];                                                              \
		struct str name_, text_;                                                           \
		int n_ = snprintf(path_, sizeof path_, "%s/%s", dir, file);                        \
		if (n_ < 0 || (size_t)n_ >= sizeof path_)                                          \
			return ERR_TOO_LARGE;                                                      \
		TRY(read_text(path_, arena, &name_, &text_, p));                                   \
		TRY(reader(name_, text_, arena, p, value));                                        \
	} while (0)

static enum err load_all(const char *dir, struct arena *arena, struct cases_book *book,
			 struct problem *p)
{
	struct config_roles roles;
	struct config_units units;
	struct config_desk desk;

	LOAD("roles.yaml", config_roles_read, &roles);
	LOAD("units.yaml", config_units_read, &units);
	LOAD("desk-limits.yaml", config_desk_read, &desk);
	LOAD("catalogue.yaml", config_catalogue_read, &book->catalogue);
	LOAD("categories.yaml", config_categories_read, &book->categories);
	LOAD("responsibilities.yaml", config_responsibilities_read, &book->responsibilities);
	book->roles = roles.roles;
	book->roles_n = roles.roles_n;
	book->units = units.units;
	book->units_n = units.units_n;
	book->areas = units.areas;
	book->areas_n = units.areas_n;
	book->is_connected = units.is_connected;
	book->desk = desk.rows;
	book->desk_n = desk.rows_n;
	return ERR_OK;
}

enum err book_load(const char *etc_dir, struct arena *arena, struct cases_book *ret,
		   struct cases_failure *failure)
{
	struct cases_book book = {0};

	TRY(load_all(etc_dir, arena, &book, &failure->problem));
	TRY(cases_prove_book(&book, failure));
	*ret = book;
	return ERR_OK;
}

enum err book_load_type(const struct cases_book *book, const char *path, struct arena *arena,
			struct cases_type *ret, struct cases_failure *failure)
{
	struct str name, text;

	TRY(read_text(path, arena, &name, &text, &failure->problem));
	TRY(config_casetype_read(name, text, arena, &failure->problem, ret));
	return cases_prove_type(book, ret, failure);
}

enum err book_load_checklist(const struct cases_book *book, const char *path, struct arena *arena,
			     struct cases_checklist *ret, struct cases_failure *failure)
{
	struct str name, text;

	TRY(read_text(path, arena, &name, &text, &failure->problem));
	TRY(config_checklist_read(name, text, arena, &failure->problem, ret));
	return cases_prove_checklist(book, ret, failure);
}
