/* Files of etc/ through the writer: a set comes into force whole or not at all, texts are kept, and
 * the shelf changes with the COMMIT. */
#include "shelf.h"
#include "store.h"

#include "faultvfs.h"
#include "service/files.h"
#include "service/kinds.h"

#include <sodium.h>
#include <sqlite3.h>

struct set {
	struct test_store store;
	struct test_shelf *first, *second;
	struct writer *w;
};

static void command_of(struct test_command *cmd, struct test_shelf *t, struct load_file *v)
{
	unsigned n = 0;

	test_command_init(cmd, COMMAND_LOAD_FILES);
	for (unsigned i = 0; i < t->options.sources_n; i++)
		if (!t->v[i].is_old)
			v[n++] = (struct load_file){.path = t->v[i].path, .content = t->v[i].text};
	cmd->c.files.v = v;
	cmd->c.files.n = n;
	cmd->c.files.shelf = &t->shelf;
}

static enum err load(struct set *s, struct test_shelf *t, struct test_command *cmd)
{
	static struct load_file v[CASES_SHELF_FILES_MAX];

	for (unsigned i = 0; i < t->options.sources_n; i++)
		t->v[i].n = 0;
	test_shelf_good(t);
	command_of(cmd, t, v);
	return test_run(&s->store, s->w, cmd);
}

static int setup(void **state)
{
	static struct set the_set;
	struct set *s = &the_set;
	struct test_command cmd;

	memset(s, 0, sizeof *s);
	faultvfs_reset();
	test_store_init(&s->store, FAULTVFS_NAME);
	assert_ok(test_store_create(&s->store));
	s->w = test_store_open(&s->store);
	s->first = test_shelf_new();
	s->second = test_shelf_new();
	assert_ok(load(s, s->first, &cmd));
	assert_int_equal(cmd.c.files.loaded, TEST_SHELF_FILES);
	assert_ptr_equal(s->w->shelf, &s->first->shelf);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct set *s = *state;

	writer_close(s->w);
	test_store_remove(&s->store);
	test_shelf_free(s->first);
	test_shelf_free(s->second);
	return 0;
}

static enum err count_row(void *ctx, const struct file_row *row)
{
	(void)row;
	++*(unsigned *)ctx;
	return ERR_OK;
}

static unsigned in_force(struct set *s)
{
	unsigned n = 0;

	assert_ok(files_in_force(s->w->db, count_row, &n));
	return n;
}

static void each_file_has_an_entry_and_its_text(void **state)
{
	struct set *s = *state;
	struct cases_shelf *shelf = &s->first->shelf;
	char *memory = malloc(FILE_CONTENT_BYTES_MAX);

	assert_int_equal(s->w->journal.n, 1 + TEST_SHELF_FILES);
	assert_int_equal(in_force(s), TEST_SHELF_FILES);
	for (unsigned i = 0; i < shelf->files_n; i++) {
		struct str text = {0};
		assert_int_equal(shelf->files[i].n, i + 2); /* after entry 1, in this order */
		assert_ok(file_content(s->w->db, &shelf->files[i].sha256, memory,
				       FILE_CONTENT_BYTES_MAX, &text));
		assert_true(str_eq(text, test_shelf_source(s->first, test_shelf_paths[i])->text));
	}
	free(memory);
}

static void what_did_not_change_keeps_its_number(void **state)
{
	struct set *s = *state;
	struct test_command cmd;
	uint64_t before = s->w->journal.n;

	assert_ok(load(s, s->second, &cmd));
	assert_true(cmd.c.answer.repeated);
	assert_int_equal(s->w->journal.n, before);
	assert_ptr_equal(s->w->shelf, &s->second->shelf);
	assert_int_equal(shelf_n(s->w->shelf, SHELF_CATEGORIES),
			 shelf_n(&s->first->shelf, SHELF_CATEGORIES));
	test_shelf_source(s->first, "categories.yaml")->text =
	    test_shelf_edit(s->first, "categories.yaml", "version: 1", "version: 2");
	assert_ok(load(s, s->first, &cmd));
	assert_int_equal(cmd.c.files.loaded, 1);
	assert_int_equal(s->w->journal.n, before + 1);
	assert_int_equal(shelf_n(s->w->shelf, SHELF_CATEGORIES), before + 1);
	assert_int_equal(shelf_n(s->w->shelf, SHELF_ROLES),
			 shelf_n(&s->second->shelf, SHELF_ROLES));
}

static void a_file_that_goes_away_is_withdrawn_and_may_come_back(void **state)
{
	struct set *s = *state;
	struct test_command cmd;
	uint64_t n = 0;

	test_shelf_drop(s->second, "checklists/small-places.yaml");
	assert_ok(load(s, s->second, &cmd));
	assert_int_equal(cmd.c.files.loaded, 0);
	assert_int_equal(cmd.c.files.withdrawn, 1);
	assert_int_equal(in_force(s), TEST_SHELF_FILES - 1);
	assert_null(shelf_checklist(s->w->shelf, STR("small-places"), &n));
	assert_ok(load(s, s->first, &cmd));
	assert_int_equal(cmd.c.files.loaded, 1);
	assert_int_equal(in_force(s), TEST_SHELF_FILES);
	assert_non_null(shelf_checklist(s->w->shelf, STR("small-places"), &n));
	assert_int_equal(n, s->w->journal.n);
}

/* A map of an import is no set: nothing goes out of force, and the shelf stays. */
static void a_file_alone_withdraws_nothing(void **state)
{
	struct set *s = *state;
	struct load_file file = {.path = STR("maps/x.yaml"), .content = STR("a: 1\n")};
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_LOAD_FILES);
	cmd.c.files.v = &file;
	cmd.c.files.n = 1;
	assert_ok(test_run(&s->store, s->w, &cmd));
	assert_true(file.changed);
	assert_int_equal(file.n, s->w->journal.n);
	assert_int_equal(in_force(s), TEST_SHELF_FILES + 1);
	assert_ptr_equal(s->w->shelf, &s->first->shelf);
	test_command_init(&cmd, COMMAND_LOAD_FILES); /* and a set leaves the map alone */
	assert_ok(load(s, s->second, &cmd));
	assert_int_equal(cmd.c.files.withdrawn, 0);
	assert_int_equal(in_force(s), TEST_SHELF_FILES + 1);
}

/* The first set is in force, shelf and rows, and the office goes on. */
static void first_is_in_force(struct set *s)
{
	struct test_command cmd;

	assert_ptr_equal(s->w->shelf, &s->first->shelf);
	assert_int_equal(shelf_n(s->w->shelf, SHELF_CATEGORIES), 10);
	test_line(&cmd, 0, "the office goes on");
	assert_ok(test_run(&s->store, s->w, &cmd));
	assert_int_equal(cmd.c.answer.n, s->w->journal.n);
	assert_int_equal(in_force(s), TEST_SHELF_FILES);
}

/* Each write and each sync of the load fails once, until it goes through. */
static void a_failed_commit_leaves_the_first_set_in_force(void **state)
{
	static const enum fault_kind kinds[] = {FAULT_SYNC, FAULT_WRITE};
	struct set *s = *state;
	struct test_command cmd;

	test_shelf_source(s->second, "categories.yaml")->text =
	    test_shelf_edit(s->second, "categories.yaml", "version: 1", "version: 2");
	test_shelf_drop(s->second, "checklists/small-places.yaml");
	for (size_t k = 0; k < 2; k++)
		for (uint64_t at = 1;; at++) {
			const struct fault_plan plan = {
			    .kind = kinds[k], .at = at, .suffix = "-wal"};
			uint64_t fired = faultvfs_fired();
			enum err e;
			faultvfs_plan(&plan);
			e = load(s, s->second, &cmd);
			faultvfs_plan(NULL);
			if (e == ERR_OK) {
				assert_true(at > 2);
				assert_int_equal(faultvfs_fired(), fired);
				break;
			}
			assert_true(faultvfs_fired() > fired);
			first_is_in_force(s);
			assert_true(at < 100);
			if (kinds[k] == FAULT_SYNC)
				break; /* a COMMIT has one */
		}
	assert_ptr_equal(s->w->shelf, &s->second->shelf);
	assert_int_equal(in_force(s), TEST_SHELF_FILES - 1);
}

static void a_text_that_was_changed_is_not_believed(void **state)
{
	struct set *s = *state;
	const struct hash32 sha = shelf_file_of(&s->first->shelf, STR("roles.yaml"))->sha256;
	char *memory = malloc(FILE_CONTENT_BYTES_MAX);
	struct str text = {0};
	struct hash32 other = sha;
	sqlite3 *db = NULL;

	other.b[0] ^= 1;
	assert_err(file_content(s->w->db, &other, memory, FILE_CONTENT_BYTES_MAX, &text),
		   ERR_NOT_FOUND);
	assert_err(file_content(s->w->db, &sha, memory, 10, &text), ERR_TOO_LARGE);
	assert_int_equal(sqlite3_open(s->store.journal, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE file_content SET content = zeroblob(20)", NULL,
				      NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	assert_err(file_content(s->w->db, &sha, memory, FILE_CONTENT_BYTES_MAX, &text),
		   ERR_CORRUPT);
	assert_null(text.p);
	free(memory);
}

static enum err note_row(void *ctx, const struct file_row *row)
{
	struct file_row *v = ctx;

	while (v->n)
		v++;
	*v = *row;
	return ERR_OK;
}

static enum err stop_at_first(void *ctx, const struct file_row *row)
{
	(void)row;
	++*(unsigned *)ctx;
	return ERR_EXISTS;
}

static void versions_are_told_newest_first(void **state)
{
	struct set *s = *state;
	struct file_row rows[2 * TEST_SHELF_FILES] = {0};
	struct test_command cmd;
	unsigned n = 0;

	test_shelf_drop(s->second, "checklists/small-places.yaml");
	assert_ok(load(s, s->second, &cmd));
	assert_ok(files_versions(s->w->db, note_row, rows));
	assert_true(rows[0].is_withdrawn);
	assert_int_equal(rows[0].n, s->w->journal.n);
	for (unsigned i = 1; i <= TEST_SHELF_FILES; i++) {
		assert_false(rows[i].is_withdrawn);
		assert_true(rows[i].n < rows[i - 1].n);
	}
	assert_err(files_versions(s->w->db, stop_at_first, &n), ERR_EXISTS);
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(each_file_has_an_entry_and_its_text, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_did_not_change_keeps_its_number, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_file_that_goes_away_is_withdrawn_and_may_come_back,
					    setup, teardown),
	    cmocka_unit_test_setup_teardown(a_file_alone_withdraws_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_failed_commit_leaves_the_first_set_in_force, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_text_that_was_changed_is_not_believed, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(versions_are_told_newest_first, setup, teardown),
	};
	if (sodium_init() < 0 || faultvfs_register(false) != SQLITE_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
