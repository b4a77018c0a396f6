/* The files of etc/ as a book, for tests of cases; any of them may be given as a text instead. */
#ifndef LIREN_TEST_BOOK_H
#define LIREN_TEST_BOOK_H

#include "test.h"

#include "cases/proofs.h"
#include "config/config_cases.h"

#define BOOK_TEST_BYTES (48u << 20)

static inline struct arena book_arena(void)
{
	struct arena a;
	void *memory = malloc(BOOK_TEST_BYTES);

	assert_non_null(memory);
	arena_init(&a, memory, BOOK_TEST_BYTES);
	return a;
}

/* A file below the source folder into the arena. */
static inline struct str book_text(const char *path, struct arena *a)
{
	char full[512];
	const char *source = getenv("LIREN_SOURCE");

	snprintf(full, sizeof full, "%s/%s", source ? source : ".", path);
	FILE *f = fopen(full, "rb");
	if (!f)
		fail_msg("no %s: run from the source folder or set LIREN_SOURCE", full);
	char *bytes = arena_alloc(a, CONFIG_BYTES_MAX + 1);
	assert_non_null(bytes);
	struct str text = {bytes, fread(bytes, 1, CONFIG_BYTES_MAX + 1, f)};
	fclose(f);
	return text;
}

static inline void book_say(const struct problem *p)
{
	char line[1024];
	struct buf out = buf_over(line, sizeof line);

	problem_put_line(p, LANG_EN, &out);
	fail_msg("%s", buf_z(&out));
}

#define BOOK_READ(reader, path, own, value)                                                        \
	do {                                                                                       \
		struct problem p_ = {0};                                                           \
		struct str text_ = (own) ? str_of(own) : book_text(path, a);                       \
		if (reader(str_of(path), text_, a, &p_, value) != ERR_OK)                          \
			book_say(&p_);                                                             \
	} while (0)

struct book_texts {
	const char *units, *catalogue, *categories, *responsibilities; /* NULL: as shipped */
};

static inline void book_read(const struct book_texts *own, struct arena *a, struct cases_book *ret)
{
	struct config_roles roles;
	struct config_units units;
	struct config_desk desk;
	struct cases_book b = {0};

	BOOK_READ(config_roles_read, "etc/roles.yaml", NULL, &roles);
	BOOK_READ(config_units_read, "etc/units.yaml", own->units, &units);
	BOOK_READ(config_desk_read, "etc/desk-limits.yaml", NULL, &desk);
	BOOK_READ(config_catalogue_read, "etc/catalogue.yaml", own->catalogue, &b.catalogue);
	BOOK_READ(config_categories_read, "etc/categories.yaml", own->categories, &b.categories);
	BOOK_READ(config_responsibilities_read, "etc/responsibilities.yaml", own->responsibilities,
		  &b.responsibilities);
	b.roles = roles.roles;
	b.roles_n = roles.roles_n;
	b.units = units.units;
	b.units_n = units.units_n;
	b.areas = units.areas;
	b.areas_n = units.areas_n;
	b.is_connected = units.is_connected;
	b.desk = desk.rows;
	b.desk_n = desk.rows_n;
	*ret = b;
}

#endif
