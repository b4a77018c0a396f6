/* The writer under faults: a script of commands runs while the Nth write, sync, truncation, open,
 * deletion or allocation fails, once or for good, or the disk is full, or the power is cut. Then
 * the store is opened with the plain VFS: the files are whole, the tree is the one of the entries,
 * and each answered command is there exactly once. */
#include "test.h"

#include "faultalloc.h"
#include "faultvfs.h"
#include "store_check.h"

#include <sodium.h>
#include <unistd.h>

/* What one run of the script came to. */
struct run {
	struct trial t;
	bool opened;    /* the writer could be opened in both sessions */
	enum err worst; /* of the last error that a command got */
	bool struck;
};

static char template_dir[STORE_DIR_MAX];

static void run_begin(struct run *run)
{
	memset(run, 0, sizeof *run);
	faultvfs_reset();
	trial_begin(&run->t, template_dir);
}

/* Two sessions, each with groups of several sizes, a line erased in each, a second passed, a
 * checkpoint signed. The second session sends again what the first one did not get through. */
static void script(struct run *run)
{
	run->opened = true;
	for (unsigned session = 0; session < 2; session++) {
		struct writer *w = NULL;
		enum err e = trial_open(&run->t, FAULTVFS_NAME, &w);

		if (e != ERR_OK) {
			run->worst = e;
			run->opened = false;
			continue;
		}
		trial_lines(&run->t, w, session * 6, 1);
		trial_lines(&run->t, w, session * 6 + 1, 4);
		trial_erase(&run->t, w, session, session * 6 + 2);
		trial_pass_time(&run->t, w);
		trial_lines(&run->t, w, session * 6 + 5, 1);
		trial_again(&run->t, w);
		trial_deliver(&run->t, w);
		writer_close(w);
	}
	if (run->t.worst != ERR_OK)
		run->worst = run->t.worst;
}

static void run_end(struct run *run)
{
	trial_end(&run->t);
	faultvfs_reset();
}

static bool err_in(enum err e, const enum err *allowed)
{
	for (; *allowed != ERR_OK; allowed++)
		if (e == *allowed)
			return true;
	return e == ERR_OK;
}

/* Fail the 1st, 2nd … call of the plan until it strikes no more; `step` leaves some out. Returns
 * how many struck. */
static unsigned fail_each(struct fault_plan plan, unsigned step, unsigned *ret_refused)
{
	static const enum err allowed[] = {ERR_STORE, ERR_NO_SPACE, ERR_LOCKED, ERR_OK};
	unsigned struck_n = 0;
	bool struck = true;

	for (plan.at = 1; struck; plan.at += step) {
		struct run run;

		run_begin(&run);
		faultvfs_plan(&plan);
		script(&run);
		struck = faultvfs_fired() > 0;
		faultvfs_plan(NULL);
		struck_n += struck;
		*ret_refused += run.worst != ERR_OK;
		if (!err_in(run.worst, allowed))
			fail_msg("call %u: %s", (unsigned)plan.at, err_info(run.worst)->name);
		/* after a fault that goes away everything gets through in the same run */
		if (!plan.for_good && run.opened && trial_unanswered(&run.t) > 0)
			fail_msg("call %u: %u commands did not get through", (unsigned)plan.at,
				 trial_unanswered(&run.t));
		trial_check(&run.t, run.t.dir);
		run_end(&run);
		assert_true(plan.at < 100000);
	}
	return struck_n;
}

static void each_write_fails(void **state)
{
	unsigned refused = 0, n = fail_each((struct fault_plan){.kind = FAULT_WRITE}, 1, &refused);

	assert_true(n > 100 && refused > 50);
	refused = 0;
	n = fail_each((struct fault_plan){.kind = FAULT_WRITE, .torn_bytes = 700}, 3, &refused);
	assert_true(n > 30 && refused > 15);
	refused = 0;
	n = fail_each((struct fault_plan){.kind = FAULT_WRITE, .for_good = true}, 1, &refused);
	assert_true(n > 100 && refused > 50);
	refused = 0;
	n = fail_each(
	    (struct fault_plan){.kind = FAULT_WRITE, .for_good = true, .error = SQLITE_FULL}, 7,
	    &refused);
	assert_true(n > 10 && refused > 5);
}

static void each_sync_fails(void **state)
{
	unsigned refused = 0, n = fail_each((struct fault_plan){.kind = FAULT_SYNC}, 1, &refused);

	assert_true(n > 10 && refused > 5);
	refused = 0;
	n = fail_each((struct fault_plan){.kind = FAULT_SYNC, .for_good = true}, 1, &refused);
	assert_true(n > 10 && refused > 5);
}

static void each_truncation_open_and_deletion_fails(void **state)
{
	static const enum fault_kind kinds[] = {FAULT_TRUNCATE, FAULT_OPEN, FAULT_DELETE};
	unsigned refused = 0;

	for (size_t i = 0; i < 3; i++) {
		assert_true(fail_each((struct fault_plan){.kind = kinds[i]}, 1, &refused) > 1);
		assert_true(fail_each((struct fault_plan){.kind = kinds[i], .for_good = true}, 1,
				      &refused) > 0);
	}
	assert_true(refused > 5);
}

/* Fail the 1st, 2nd … allocation of these sources; after the first `all` of them only every
 * `step`th. */
static void fail_each_allocation(unsigned sources, uint64_t all, uint64_t step,
				 const enum err *allowed)
{
	for (int for_good = 0; for_good < 2; for_good++) {
		uint64_t failed = 1, at = 0;
		unsigned refused = 0;
		while (failed > 0) {
			struct run run;
			at += at < all ? 1 : step;
			run_begin(&run);
			faultalloc_plan(sources, at, for_good);
			script(&run);
			faultalloc_end(&failed);
			refused += run.worst != ERR_OK;
			if (!err_in(run.worst, allowed))
				fail_msg("allocation %u: %s", (unsigned)at,
					 err_info(run.worst)->name);
			if (!for_good && run.opened && trial_unanswered(&run.t) > 0)
				fail_msg("allocation %u: %u commands did not get through",
					 (unsigned)at, trial_unanswered(&run.t));
			trial_check(&run.t, run.t.dir);
			run_end(&run);
		}
		assert_true(refused > 20);
	}
}

static void each_allocation_fails(void **state)
{
	static const enum err memory[] = {ERR_NO_MEMORY, ERR_OK};

	fail_each_allocation(FAULTALLOC_SQLITE | FAULTALLOC_OWN, 300, 47, memory);
}

/* Entries have a reader of their own; what fails within jansson is the API's to bear. */
static void nothing_here_asks_jansson_for_memory(void **state)
{
	struct run run;

	run_begin(&run);
	faultalloc_plan(FAULTALLOC_JANSSON, 0, false);
	script(&run);
	assert_int_equal(faultalloc_end(NULL), 0);
	trial_check(&run.t, run.t.dir);
	run_end(&run);
}

static void a_full_disk_says_so_and_goes_on(void **state)
{
	struct run run;
	struct writer *w = NULL;
	unsigned through = 0, refused = 0;

	run_begin(&run);
	assert_ok(trial_open(&run.t, FAULTVFS_NAME, &w));
	faultvfs_disk_limit(faultvfs_disk_used() + 400 * 1024);
	for (unsigned i = 0; i < TRIAL_LINES_MAX && refused < 3; i++) {
		trial_lines(&run.t, w, i, 1);
		through += run.t.line[i].answered;
		refused += !run.t.line[i].answered;
		if (!run.t.line[i].answered)
			assert_err(run.t.line[i].err, ERR_NO_SPACE);
	}
	assert_true(through > 2 && refused == 3);
	faultvfs_disk_limit(-1);
	trial_again(&run.t, w);
	assert_int_equal(trial_unanswered(&run.t), 0);
	writer_close(w);
	trial_check(&run.t, run.t.dir);
	run_end(&run);
}

/* Everything stops at the Nth call, the power is cut, several ways of losing what was not synced.
 */
static void answers_outlive_a_power_cut(void **state)
{
	unsigned cuts = 0;
	bool struck = true;

	for (uint64_t at = 1; struck; at += 3) {
		struct fault_plan plan = {.kind = FAULT_ANY, .at = at, .for_good = true};
		struct run run;

		run_begin(&run);
		faultvfs_record(at);
		faultvfs_plan(&plan);
		script(&run);
		struck = faultvfs_fired() > 0;
		for (uint64_t seed = 1; seed <= 4; seed++, cuts++) {
			char dir[STORE_DIR_MAX];
			store_dir_make(dir);
			assert_true(faultvfs_power_cut(seed, dir));
			trial_check(&run.t, dir);
			store_dir_remove(dir);
		}
		run_end(&run);
	}
	assert_true(cuts > 200);
}

/* A sync fails once, the program goes on, later the power is cut. */
static void answers_after_a_failed_sync_outlive_a_power_cut(void **state)
{
	struct fault_plan plan = {.kind = FAULT_SYNC, .at = 1};

	for (bool struck = true; struck; plan.at++) {
		struct run run;

		run_begin(&run);
		faultvfs_record(plan.at);
		faultvfs_plan(&plan);
		script(&run);
		struck = faultvfs_fired() > 0;
		for (uint64_t seed = 1; seed <= 4; seed++) {
			char dir[STORE_DIR_MAX];
			store_dir_make(dir);
			assert_true(faultvfs_power_cut(seed, dir));
			trial_check(&run.t, dir);
			store_dir_remove(dir);
		}
		run_end(&run);
	}
	assert_true(plan.at > 10);
}

static int begin(void **state)
{
	if (sodium_init() < 0 || !faultalloc_install() || faultvfs_register(false) != SQLITE_OK)
		return -1;
	store_dir_make(template_dir);
	trial_make_template(template_dir);
	return 0;
}

static int end(void **state)
{
	store_dir_remove(template_dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_write_fails),
	    cmocka_unit_test(each_sync_fails),
	    cmocka_unit_test(each_truncation_open_and_deletion_fails),
	    cmocka_unit_test(each_allocation_fails),
	    cmocka_unit_test(nothing_here_asks_jansson_for_memory),
	    cmocka_unit_test(a_full_disk_says_so_and_goes_on),
	    cmocka_unit_test(answers_outlive_a_power_cut),
	    cmocka_unit_test(answers_after_a_failed_sync_outlive_a_power_cut),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
