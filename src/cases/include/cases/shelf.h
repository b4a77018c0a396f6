/* The files in force, as decisions look at them: the book with all its types, the calendar, the
 * checklists, each file with the number of the entry that brought it into force; and those earlier
 * versions of types and categories under which cases still stand. Depends on model.h and route.h.
 * Pure: it lives in an arena of whoever read the files (config/config_shelf.h), and does not change
 * once its entries have their numbers.
 *
 * Every index in it, also in an earlier version, is one of the lists in force: roles, units, areas,
 * items, desk limits of `now`, conditions of `conditions`. But for two: an index of a category
 * stands for a row of now.categories only (an earlier row is found by table and code), and
 * category.type.index of an earlier row is CASES_NONE. */
#ifndef LIREN_CASES_SHELF_H
#define LIREN_CASES_SHELF_H

#include "base/arena.h"
#include "base/hash.h"
#include "cases/model.h"
#include "cases/proofs.h"
#include "cases/route.h"

#define CASES_CHECKLISTS_MAX 64u
#define CASES_CALENDARS_MAX 16u
#define CASES_OLD_TYPES_MAX 128u
#define CASES_OLD_TABLES_MAX 64u /* of categories */
#define CASES_PAIRS_MAX 256u
#define CASES_SHELF_FILES_MAX (7u + CASES_TYPES_MAX + CASES_CHECKLISTS_MAX + CASES_CALENDARS_MAX)

/* Which file it is, by its path below etc/. In this order they are journalled. */
enum shelf_kind {
	SHELF_CALENDAR,  /* calendars/NAME.yaml */
	SHELF_CATALOGUE, /* catalogue.yaml */
	SHELF_ROLES,
	SHELF_UNITS,
	SHELF_DESK, /* desk-limits.yaml */
	SHELF_TYPE, /* case-types/NAME.yaml */
	SHELF_CATEGORIES,
	SHELF_RESPONSIBILITIES,
	SHELF_CHECKLIST, /* checklists/NAME.yaml */
	SHELF_POLICY,    /* policy.yaml: who may (trust/policy.h) */
	SHELF_KIND_COUNT
};

/* False where the path is that of no file of the set (a map, a file of somebody's own). */
bool shelf_kind_of(struct str path, enum shelf_kind *ret);

/* Is there one file of the kind, not a folder? And its path, or the folder's name with a slash. */
bool shelf_is_single(enum shelf_kind kind);
const char *shelf_place(enum shelf_kind kind);

struct shelf_file {
	enum shelf_kind kind;
	struct str path;   /* below etc/ */
	uint64_t n;        /* the entry that brought it into force; 0: not journalled yet */
	struct hash32 sha256;
	uint64_t bytes;
};

struct shelf_calendar {
	struct str name; /* of the file, without folder and ending */
	struct str words[LANG_COUNT];
	struct str zone_name;
	struct zone zone;
	struct calendar calendar; /* its zone is the one above */
	unsigned file;
};

struct policy;

struct shelf_old_type {
	uint64_t n;
	struct cases_type type;
};

struct shelf_old_table {
	uint64_t n;
	struct cases_categories table;
};

/* A type and a table of categories that cases stand under together. */
struct shelf_pair {
	uint64_t type_n, categories_n;
	bool in_use; /* unfinished cases do: it must hold against what is in force, else the set is
			refused. Otherwise it is kept as long as it holds */
};

struct cases_shelf {
	struct cases_book now; /* no types and no roles where the store has calendars only */
	struct shelf_file *files; /* in force, in the order of kinds, then of paths */
	unsigned files_n;
	unsigned type_file[CASES_TYPES_MAX]; /* file of now.types[i] */
	struct cases_checklist *checklists;
	unsigned *checklist_file;
	unsigned checklists_n;
	struct shelf_calendar *calendars;
	unsigned calendars_n;
	const struct shelf_calendar *calendar; /* the one the community works by; NULL: none */
	const struct policy *policy; /* who may; NULL: nobody may anything */
	struct cases_word *conditions; /* of now.categories, then those that only earlier tables
					  have; their indices are the bits of a case's conditions */
	unsigned conditions_n;
	struct shelf_old_type *old_types;
	unsigned old_types_n;
	struct shelf_old_table *old_tables;
	unsigned old_tables_n;
	struct shelf_pair *pairs;
	unsigned pairs_n;
};

/* ---- look-ups; a number that is none of this shelf gives NULL ---- */

/* The entry that brought the file of this kind into force (of the kinds that are one file); 0:
 * there is none. */
uint64_t shelf_n(const struct cases_shelf *s, enum shelf_kind kind);
const struct shelf_file *shelf_file_of(const struct cases_shelf *s, struct str path);

/* The case type that entry n brought: in force, or one that cases still stand under. O(types). */
const struct cases_type *shelf_type(const struct cases_shelf *s, uint64_t n);
/* The one in force with this code, and its entry's number. NULL: no such type. */
const struct cases_type *shelf_type_now(const struct cases_shelf *s, struct str code,
					uint64_t *ret_n);

/* The table of categories that entry n brought, and a row of it by code. */
const struct cases_categories *shelf_categories(const struct cases_shelf *s, uint64_t n);
const struct cases_category *shelf_category(const struct cases_shelf *s, uint64_t n,
					    struct str code);
/* Its row in the table in force, as struct cases_matter wants it; CASES_NONE: it has none. */
unsigned shelf_category_now(const struct cases_shelf *s, struct str code);

/* The bit of a condition of the site by its name; CASES_NONE: there is no such condition. */
unsigned shelf_condition(const struct cases_shelf *s, struct str name);

const struct cases_desk_limit *shelf_desk(const struct cases_shelf *s, struct str name);
const struct cases_checklist *shelf_checklist(const struct cases_shelf *s, struct str code,
					      uint64_t *ret_n);

/* The calendar in force, with its entry's number. NULL: there is none. */
const struct calendar *shelf_calendar(const struct cases_shelf *s, uint64_t *ret_n);

/* Who must act on a matter of the category `code` of table n, by the responsibilities in force:
 * cases_route, whatever version the case keeps. matter->category is not read. A row that the table
 * in force has no more is led as its own row says. ERR_NOT_FOUND: no such table or row; or one that
 * nothing in force leads, which a pair in use never is. */
enum err shelf_route(const struct cases_shelf *s, uint64_t n, struct str code,
		     const struct cases_matter *matter, struct cases_route *ret) MUST_CHECK;

/* ---- making one ---- */

/* The entry that brings this file into force has this number: called by the writer for each file
 * before the COMMIT, by nobody after it. False: no such file. */
bool shelf_set_n(struct cases_shelf *s, struct str path, uint64_t n);

/* Everything together: the book, each type, each checklist, and the pairs, against what is in
 * force. A pair that is in use and does not hold fails; any other that does not is left out, and
 * what no pair needs more with it. *ret_type is the type whose ways the failure's way goes, or
 * NULL. `arena` takes the list of conditions. ERR_BAD_INPUT, ERR_TOO_LARGE or ERR_NO_MEMORY with
 * *failure filled in. */
enum err cases_prove_shelf(struct cases_shelf *s, struct arena *arena,
			   struct cases_failure *failure, const struct cases_type **ret_type)
    MUST_CHECK;

#endif
