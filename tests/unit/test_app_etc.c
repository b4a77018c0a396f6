/* A folder etc/ and a store: what unfinished cases stand under keeps a set from coming into force,
 * and is there again after a restart. */
#include "test.h"

#include "app/etc.h"
#include "store.h"

#include <sys/stat.h>

#define REQUEST "case-types/resident-request.yaml"

struct office {
	struct test_store store;
	struct settings settings;
	struct etc_options options;
	struct config_shelf_failure failure;
	struct writer *w;
	struct etc_shelf *shelf;
	struct shelf_pair in_use[4];
	unsigned in_use_n;
};

static struct office office;

static enum err in_use(void *ctx, struct db *db, struct shelf_pair *v, unsigned *ret_n)
{
	const struct office *o = ctx;

	(void)db;
	memcpy(v, o->in_use, o->in_use_n * sizeof *v);
	*ret_n = o->in_use_n;
	return ERR_OK;
}

static enum err call(void *ctx, struct command *c)
{
	struct office *o = ctx;

	writer_group(o->w, &c, 1, o->store.now);
	return c->answer.err;
}

static void path_of(const char *name, char path[512])
{
	snprintf(path, 512, "%s/data/etc/%s", office.store.dir, name);
}

static void write_file(const char *name, struct str text)
{
	char path[512];

	path_of(name, path);
	assert_ok(file_replace(path, text, 0600));
}

/* Replace the first `from` of a file of the folder. */
static void edit(const char *name, const char *from, const char *to)
{
	char path[512], *text = NULL, *out, *at;
	size_t n = 0;

	path_of(name, path);
	assert_ok(file_read(path, CONFIG_BYTES_MAX, &text, &n));
	at = strstr(text, from);
	assert_non_null(at);
	out = malloc(n + strlen(to) + 1);
	assert_non_null(out);
	*at = 0;
	int all = snprintf(out, n + strlen(to) + 1, "%s%s%s", text, to, at + strlen(from));
	write_file(name, (struct str){out, (size_t)all});
	free(out);
	free(text);
}

static enum err load(struct etc_loaded *ret)
{
	struct etc_shelf *next = NULL;
	enum err e = etc_load(&office.options, call, &office, STR("os:test"), &next, ret,
			      &office.failure);

	if (e != ERR_OK) {
		assert_null(next);
		return e;
	}
	assert_ptr_equal(office.w->shelf, &next->shelf);
	etc_shelf_free(office.shelf);
	office.shelf = next;
	return ERR_OK;
}

static void open_writer(void)
{
	office.w = test_store_open(&office.store);
	office.options.db = office.w->db;
}

static int setup(void **state)
{
	struct etc_loaded loaded;

	(void)state;
	memset(&office, 0, sizeof office);
	test_store_init(&office.store, NULL);
	assert_ok(test_store_create(&office.store));
	snprintf(office.settings.dir, sizeof office.settings.dir, "%s/data", office.store.dir);
	assert_int_equal(mkdir(office.settings.dir, 0700), 0);
	assert_ok(etc_lay(&office.settings, NULL));
	office.options = (struct etc_options){&office.settings, NULL, in_use, &office};
	open_writer();
	assert_ok(load(&loaded));
	assert_int_equal(loaded.loaded, office.shelf->shelf.files_n);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	writer_close(office.w);
	etc_shelf_free(office.shelf);
	folder_remove(office.settings.dir);
	test_store_remove(&office.store);
	return 0;
}

/* A case stands under what is in force now. */
static struct shelf_pair open_case(void)
{
	struct shelf_pair pair = {.in_use = true};

	assert_non_null(
	    shelf_type_now(&office.shelf->shelf, STR("resident-request"), &pair.type_n));
	pair.categories_n = shelf_n(&office.shelf->shelf, SHELF_CATEGORIES);
	office.in_use[office.in_use_n++] = pair;
	return pair;
}

static void refused(enum msg msg, const char *file)
{
	uint64_t n = office.w->journal.n;
	const struct cases_shelf *before = office.w->shelf;
	struct etc_loaded loaded;

	assert_int_not_equal(load(&loaded), ERR_OK);
	assert_int_equal(office.failure.cases.problem.msg, msg);
	assert_string_equal(office.failure.cases.problem.file, file);
	assert_ptr_equal(office.w->shelf, before);
	assert_int_equal(office.w->journal.n, n);
}

static void a_type_that_cases_use_is_not_taken_away(void **state)
{
	struct etc_loaded loaded;
	char path[512], away[512];

	(void)state;
	/* no category names it any more */
	path_of("case-types/dispute-mediation.yaml", path);
	path_of("away", away);
	edit("categories.yaml", "type: dispute-mediation", "type: resident-request");
	edit("categories.yaml", "version: 1", "version: 2");
	/* but a reason to refuse still offers it: nobody could open what is handed in then */
	refused(MSG_PROOF_OFFERS, "case-types/resident-request.yaml");
	edit("case-types/resident-request.yaml", ", offers: dispute-mediation", "");
	assert_ok(load(&loaded));
	struct shelf_pair pair = {.categories_n = shelf_n(&office.shelf->shelf, SHELF_CATEGORIES),
				  .in_use = true};
	assert_non_null(
	    shelf_type_now(&office.shelf->shelf, STR("dispute-mediation"), &pair.type_n));
	office.in_use[office.in_use_n++] = pair;
	assert_int_equal(rename(path, away), 0);
	refused(MSG_SHELF_STILL_USED, "case-types/dispute-mediation.yaml");
	office.in_use_n = 0; /* they are closed */
	assert_ok(load(&loaded));
	assert_int_equal(loaded.withdrawn, 1);
	assert_null(shelf_type_now(office.w->shelf, STR("dispute-mediation"), &pair.type_n));
}

static void a_role_that_cases_need_is_not_taken_away(void **state)
{
	static const char type[] = "case-types/dispute-mediation.yaml";
	struct shelf_pair pair = {.in_use = true,
				  .categories_n = shelf_n(&office.shelf->shelf, SHELF_CATEGORIES)};
	struct etc_loaded loaded;
	char at[64];

	(void)state;
	assert_non_null(
	    shelf_type_now(&office.shelf->shelf, STR("dispute-mediation"), &pair.type_n));
	office.in_use[office.in_use_n++] = pair;
	/* the new version calls the mediator something else; the case's version does not */
	edit("roles.yaml", "name: mediator,", "name: peacemaker,");
	edit(type, "tells: [reporter, mediator]", "tells: [reporter, peacemaker]");
	edit(type, "sees: [reporter, mediator]", "sees: [reporter, peacemaker]");
	edit(type, "sees: [mediator]", "sees: [peacemaker]");
	edit(type, "desk_lead, mediator, level_above]", "desk_lead, peacemaker, level_above]");
	edit(type, "duty_officer, mediator]", "duty_officer, peacemaker]");
	edit(type, "duty_officer, mediator]", "duty_officer, peacemaker]");
	edit(type, "desk_lead, mediator]", "desk_lead, peacemaker]");
	edit("policy.yaml", "who: mediator", "who: peacemaker");
	edit("policy.yaml", "who: mediator", "who: peacemaker");
	snprintf(at, sizeof at, "%s@%llu", type, (unsigned long long)pair.type_n);
	refused(MSG_PROOF_NAME_UNKNOWN, at);
	office.in_use_n = 0; /* they are closed */
	assert_ok(load(&loaded));
	assert_int_equal(loaded.loaded, 3);
	assert_null(shelf_type(office.w->shelf, pair.type_n));
}

static void what_cases_use_outlives_changes_and_a_restart(void **state)
{
	struct shelf_pair pair = open_case();
	struct etc_loaded loaded;
	struct etc_shelf *again = NULL;

	(void)state;
	for (unsigned i = 1; i < 5; i++) {
		char from[32], to[32];
		snprintf(from, sizeof from, "version: %u", i);
		snprintf(to, sizeof to, "version: %u", i + 1);
		edit("categories.yaml", from, to);
		edit(REQUEST, from, to);
		assert_ok(load(&loaded));
		assert_int_equal(loaded.loaded, 2);
		assert_int_equal(shelf_type(office.w->shelf, pair.type_n)->version, 1);
		assert_int_equal(shelf_categories(office.w->shelf, pair.categories_n)->version, 1);
	}
	/* the pair of the case, and the one that was in force until then */
	assert_int_equal(office.shelf->shelf.old_types_n, 2);
	assert_int_equal(office.shelf->shelf.old_tables_n, 2);
	writer_close(office.w);
	folder_remove(office.settings.dir);
	open_writer();
	assert_ok(etc_in_force(&office.options, &again, &office.failure));
	assert_int_equal(shelf_n(&again->shelf, SHELF_CATEGORIES),
			 shelf_n(&office.shelf->shelf, SHELF_CATEGORIES));
	assert_int_equal(shelf_type(&again->shelf, pair.type_n)->version, 1);
	assert_int_equal(shelf_categories(&again->shelf, pair.categories_n)->version, 1);
	assert_int_equal(again->shelf.now.categories.version, 5);
	etc_shelf_free(again);
}

static void differences_are_told_by_path(void **state)
{
	struct etc_differences *d = calloc(1, sizeof *d);
	char path[512];

	(void)state;
	assert_non_null(d);
	assert_ok(etc_compare(&office.options, d, NULL));
	assert_int_equal(d->n, 0);
	edit("units.yaml", "units:", "# more\nunits:");
	write_file("checklists/new.yaml", STR("x: 1\n"));
	path_of("checklists/small-places.yaml", path);
	assert_int_equal(remove(path), 0);
	assert_ok(etc_compare(&office.options, d, NULL));
	assert_int_equal(d->n, 3);
	for (unsigned i = 0; i < d->told_n; i++) {
		const struct etc_difference *v = &d->v[i];
		const char *wanted = v->change == ETC_NEW	? "checklists/new.yaml"
				     : v->change == ETC_CHANGED ? "units.yaml"
								: "checklists/small-places.yaml";
		assert_string_equal(v->path, wanted);
	}
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_type_that_cases_use_is_not_taken_away, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_role_that_cases_need_is_not_taken_away, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(what_cases_use_outlives_changes_and_a_restart, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(differences_are_told_by_path, setup, teardown),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
