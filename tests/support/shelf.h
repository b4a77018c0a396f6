/* The shipped files of etc/ as a shelf, for tests: any of them changed, taken away, or there in an
 * earlier version as well. Shipped file i of the list below has entry number i + 1. */
#ifndef LIREN_TEST_SHELF_H
#define LIREN_TEST_SHELF_H

#include "book.h"

#include "config/config_shelf.h"
#include "tzif_rule.h"

static const char *const test_shelf_paths[] = {
    "calendars/cn-office.yaml",
    "catalogue.yaml",
    "roles.yaml",
    "units.yaml",
    "desk-limits.yaml",
    "case-types/dispute-mediation.yaml",
    "case-types/resident-request.yaml",
    "case-types/safety-incident.yaml",
    "categories.yaml",
    "responsibilities.yaml",
    "checklists/building-fire-file.yaml",
    "checklists/care-visits.yaml",
    "checklists/small-places.yaml",
    "policy.yaml",
};
#define TEST_SHELF_FILES (sizeof test_shelf_paths / sizeof test_shelf_paths[0])

struct test_shelf {
	struct arena texts, arena, scratch;
	struct config_source v[CONFIG_SHELF_SOURCES_MAX];
	struct shelf_pair pairs[CASES_PAIRS_MAX];
	struct config_shelf_options options;
	struct config_shelf_failure failure;
	struct cases_shelf shelf;
};

/* Every zone is eight hours east of Greenwich. */
static inline enum err test_zone(void *ctx, struct str name, struct arena *arena, struct bytes *ret)
{
	uint8_t *memory = arena_alloc(arena, TZIF_RULE_BYTES_MAX);

	(void)ctx;
	if (str_eq(name, STR("Nowhere/None")))
		return ERR_NOT_FOUND;
	assert_non_null(memory);
	ret->p = memory;
	ret->n = tzif_rule("CST-8", memory);
	return ERR_OK;
}

static inline void test_shelf_add(struct test_shelf *t, const char *path, struct str text,
				  uint64_t n, bool is_old)
{
	assert_true(t->options.sources_n < CONFIG_SHELF_SOURCES_MAX);
	t->v[t->options.sources_n++] = (struct config_source){str_of(path), text, n, is_old};
}

/* The text of a shipped file with the first `from` replaced by `to`. */
static inline struct str test_shelf_edit(struct test_shelf *t, const char *path, const char *from,
					 const char *to)
{
	char name[160];
	struct str text;
	char *out;

	snprintf(name, sizeof name, "etc/%s", path);
	text = book_text(name, &t->texts);
	const char *at = memmem(text.p, text.n, from, strlen(from));
	if (!at)
		fail_msg("no \"%s\" in %s", from, name);
	size_t before = (size_t)(at - text.p), after = text.n - before - strlen(from);
	out = arena_alloc(&t->texts, text.n + strlen(to));
	assert_non_null(out);
	memcpy(out, text.p, before);
	memcpy(out + before, to, strlen(to));
	memcpy(out + before + strlen(to), at + strlen(from), after);
	return (struct str){out, before + strlen(to) + after};
}

static inline struct test_shelf *test_shelf_new(void)
{
	struct test_shelf *t = calloc(1, sizeof *t);
	void *scratch = malloc(CONFIG_SHELF_SCRATCH_BYTES);

	assert_non_null(t);
	assert_non_null(scratch);
	t->texts = book_arena();
	t->arena = book_arena();
	arena_init(&t->scratch, scratch, CONFIG_SHELF_SCRATCH_BYTES);
	t->arena.scratch = &t->scratch;
	t->options = (struct config_shelf_options){.sources = t->v,
						   .pairs = t->pairs,
						   .zone = STR("Asia/Shanghai"),
						   .zone_bytes = test_zone};
	for (unsigned i = 0; i < TEST_SHELF_FILES; i++) {
		char name[160];
		snprintf(name, sizeof name, "etc/%s", test_shelf_paths[i]);
		test_shelf_add(t, test_shelf_paths[i], book_text(name, &t->texts), i + 1, false);
	}
	return t;
}

static inline void test_shelf_free(struct test_shelf *t)
{
	free(t->texts.p);
	free(t->arena.p);
	free(t->scratch.p);
	free(t);
}

static inline struct config_source *test_shelf_source(struct test_shelf *t, const char *path)
{
	for (unsigned i = 0; i < t->options.sources_n; i++)
		if (!t->v[i].is_old && str_eq(t->v[i].path, str_of(path)))
			return &t->v[i];
	fail_msg("no %s", path);
	return NULL;
}

/* From here on the file says `text`, by entry n; what it said before is an earlier version. */
static inline void test_shelf_put(struct test_shelf *t, const char *path, struct str text,
				  uint64_t n)
{
	struct config_source *s = test_shelf_source(t, path);

	test_shelf_add(t, path, s->text, s->n, true);
	s->text = text;
	s->n = n;
}

static inline void test_shelf_pair(struct test_shelf *t, uint64_t type_n, uint64_t categories_n,
				   bool in_use)
{
	t->pairs[t->options.pairs_n++] = (struct shelf_pair){type_n, categories_n, in_use};
}

static inline void test_shelf_drop(struct test_shelf *t, const char *path)
{
	struct config_source *s = test_shelf_source(t, path);

	*s = t->v[--t->options.sources_n];
}

static inline enum err test_shelf_read(struct test_shelf *t)
{
	return config_shelf_read(&t->options, &t->arena, &t->shelf, &t->failure);
}

/* Read what must hold. */
static inline const struct cases_shelf *test_shelf_good(struct test_shelf *t)
{
	if (test_shelf_read(t) != ERR_OK)
		book_say(&t->failure.cases.problem);
	return &t->shelf;
}

#endif
