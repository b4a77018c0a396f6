/* The numbers that other offices give a case: it is found by each of them whole, by nothing less,
 * wherever it moves; they go with its words; and who is told is whoever may open the field. */
#include "cases.h"

#include "service/access.h"
#include "service/case_batch.h"
#include "service/cases_find.h"

#define DAY (INT64_C(24) * 3600 * 1000000)
#define THEIRS "SZ12345-20261127-0042"
#define NORMAL "sz12345202611270042"

static struct test_cases t;

static int setup(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

static uint64_t handed_in(const char *text, const char *number)
{
	const char *const with[] = {"place", "0", "text", text, "channel", "hotline",
				    "has_reporter", "yes", "drill", "no", "outside_number", number,
				    NULL};
	const char *const without[] = {"place", "0", "text", text, "channel", "hotline",
				       "has_reporter", "yes", "drill", "no", NULL};

	return cases_hand_in(&t, "resident-request", number ? with : without);
}

static struct reader *reading(void)
{
	struct reader *r = NULL;

	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &r));
	return r;
}

/* How many cases are found by the number, in the area; the newest into *ret_id. */
static unsigned found_in(const char *text, const char *area, uint64_t *ret_id)
{
	_Alignas(16) static char memory[64u << 10];
	struct cases_found found[CASES_NUMBERED_MAX];
	struct reader *r = reading();
	struct arena a;
	unsigned n = 99;

	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_numbered(r, str_of(text), str_of(area), &a, found, &n));
	reader_close(r);
	if (n > 0)
		*ret_id = found[0].id;
	return n;
}

static bool is_found(const char *text, uint64_t id)
{
	uint64_t got = 0;

	return found_in(text, "", &got) == 1 && got == id;
}

static bool is_unknown(const char *text)
{
	uint64_t got = 0;

	return found_in(text, "", &got) == 0;
}

static unsigned by_words(const char *text)
{
	_Alignas(16) static char memory[64u << 10];
	struct cases_found found[10];
	struct problem problem = {0};
	struct reader *r = reading();
	struct arena a;
	unsigned n = 0;
	bool more;

	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_search(r, str_of(text), STR(""), 0, 10, &a, found, &n, &more, &problem));
	reader_close(r);
	return n;
}

static unsigned marks(uint64_t id)
{
	char sql[80];

	snprintf(sql, sizeof sql, "SELECT marks FROM case_rec WHERE id = %llu",
		 (unsigned long long)id);
	return (unsigned)cases_i64(&t, sql);
}

/* Every term that the index holds, by the engine's own look at it. */
static unsigned terms_held(void)
{
	sqlite3 *db = cases_look(&t);
	sqlite3_stmt *s = NULL;
	unsigned n = 0;

	assert_int_equal(sqlite3_exec(db, "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, "
					  "case_term, row)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM temp.v", -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = (unsigned)sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

/* How many of the store's files hold the text. */
static unsigned files_with(const char *text)
{
	static const char *const tails[] = {"", "-wal", "-journal"};
	const char *const files[] = {t.store.journal, t.store.keys, t.store.copy};
	static char all[32u << 20];
	unsigned found = 0;

	for (size_t i = 0; i < 9; i++) {
		char path[200];
		FILE *f;
		size_t size;
		snprintf(path, sizeof path, "%s%s", files[i / 3], tails[i % 3]);
		f = fopen(path, "rb");
		if (!f)
			continue;
		size = fread(all, 1, sizeof all, f);
		assert_true(size < sizeof all);
		found += memmem(all, size, text, strlen(text)) != NULL;
		fclose(f);
	}
	return found;
}

static void erase(uint64_t id)
{
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	assert_ok(test_run(&t.store, t.w, &cmd));
}

/* ---- found ---- */

static void a_case_is_found_by_their_number_alone(void **state)
{
	uint64_t id = handed_in("路灯不亮", THEIRS), other = handed_in("井盖松动", "CT-2026-7");

	(void)state;
	assert_true(is_found(THEIRS, id));
	assert_true(is_found("ｓｚ１２３４５ ２０２６１１２７ ００４２", id));
	assert_true(is_found("ct 2026/7", other));
	assert_true(is_unknown("SZ12345-20261127-004")); /* a part of it is not it */
	assert_true(is_unknown("20261127"));
	assert_true(is_unknown("SZ12345-20261127-0042 路灯"));
	assert_true(is_unknown("路灯"));
	/* its own words find it as before, and the number is none of them */
	assert_int_equal(by_words("路灯"), 1);
	assert_int_equal(by_words("20261127"), 0);
	assert_int_equal(by_words(NORMAL), 0);
	assert_true(marks(id) & CASE_MARK_NUMBERED);
	/* and it stands nowhere in the open */
	assert_int_equal(files_with("20261127"), 0);
	assert_int_equal(files_with(NORMAL), 0);
	assert_int_equal(files_with("20261127-0042"), 0);
}

static void what_is_no_number_costs_nothing(void **state)
{
	const char *const none[] = {"陈女士", "138 0013 8000", "0755-26531234"};
	uint64_t plain = handed_in("路灯不亮", NULL);
	unsigned held = terms_held();

	(void)state;
	assert_false(marks(plain) & CASE_MARK_NUMBERED);
	for (size_t i = 0; i < 3; i++) { /* the same words on the same day: no term more */
		uint64_t id = handed_in("路灯不亮", none[i]);
		assert_false(marks(id) & CASE_MARK_NUMBERED);
		assert_true(is_unknown(none[i]));
	}
	assert_int_equal(terms_held(), held);
	(void)handed_in("路灯不亮", THEIRS);
	assert_int_equal(terms_held(), held + 1);
}

/* Theirs came with the report; the office that it is passed on to gives it another. */
static void each_number_of_a_case_finds_it(void **state)
{
	uint64_t id = handed_in("路灯不亮", THEIRS), late = handed_in("井盖松动", NULL), got = 0;

	(void)state;
	cases_must(&t, id, "pass_on", "intake", "desk-1",
		   FIELDS("lead_unit", "PWR", "outside_number", "PWR-9"));
	assert_true(is_found(THEIRS, id));
	assert_true(is_found("pwr9", id));
	assert_int_equal(by_words("路灯"), 1);
	/* one that had none before; two cases of one number of theirs */
	cases_must(&t, late, "pass_on", "intake", "desk-1",
		   FIELDS("lead_unit", "PWR", "outside_number", "PWR-9"));
	assert_int_equal(found_in("PWR-9", "", &got), 2);
	assert_int_equal(got, late);
	assert_int_equal(by_words("井盖"), 1);
	/* a kill in between changes nothing */
	cases_reopen(&t);
	assert_true(is_found(THEIRS, id));
}

static void it_moves_with_the_case(void **state)
{
	struct place_draft d[1] = {cases_draft(PLACE_BUILDING, "b:1")};
	uint64_t id = handed_in("路灯不亮", THEIRS), got = 0;
	char place[24];

	(void)state;
	cases_set_places(&t, d, 1);
	snprintf(place, sizeof place, "%llu", (unsigned long long)d[0].place.id);
	cases_must(&t, id, "correct_place", "duty_officer", "desk-1",
		   FIELDS("place", place, "place_ground", "来电更正"));
	assert_true(is_found(THEIRS, id));
	assert_int_equal(found_in(THEIRS, "G09", &got), 0); /* in an area where it is not */
	cases_must(&t, id, "pass_on", "intake", "desk-1",
		   FIELDS("lead_unit", "PWR", "outside_number", "PWR-9"));
	erase(id);
	assert_true(is_unknown(THEIRS) && is_unknown("PWR-9"));
	assert_true(cases_deliver(&t) > 0);
	assert_int_equal(terms_held(), 0); /* of both places, and of both numbers */
}

/* Another office's record out of a file: with their number there, or with the step that takes it
 * over, which says where it is, too. Closed there, without a text: the number is no word of it. */
static void a_case_that_is_taken_over_carries_their_number(void **state)
{
	static struct case_draft d[3];
	struct case_batch batch = {d, 3};
	struct place_draft b[1] = {cases_draft(PLACE_BUILDING, "b:1")};
	struct test_command cmd;
	char place[24];

	(void)state;
	cases_set_places(&t, b, 1);
	snprintf(place, sizeof place, "%llu", (unsigned long long)b[0].place.id);
	for (unsigned i = 0; i < 3; i++)
		d[i] = (struct case_draft){
		    .from = {.ext = STR("12345:1"), .category = STR("lamps"),
			     .status = STR("open"), .opened_us = t.store.now.utc_us - DAY},
		    .category = STR("0102"),
		    .text = STR("lamp out"),
		    .field = {{STR("channel"), STR("other_level")},
			      {STR("has_reporter"), STR("no")},
			      {STR("drill"), STR("no")},
			      {STR("outside_number"), STR(THEIRS)}},
		    .field_n = i == 0 ? 3 : 4};
	d[1].from.ext = STR("12345:2");
	d[2].from.ext = STR("12345:3");
	d[2].field[3].value = STR("CT-2026-7");
	d[2].text = STR("");
	d[2].is_closed = true;
	d[2].from.closed_us = t.store.now.utc_us - DAY;
	test_command_init(&cmd, COMMAND_IMPORT_CASES);
	cmd.c.account = STR("operator");
	cmd.c.imported.batch = &batch;
	assert_ok(test_run(&t.store, t.w, &cmd));
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(d[i].outcome, CASE_DRAFT_ADDED);
	assert_true(is_found(THEIRS, d[1].id));
	assert_true(is_found("CT-2026-7", d[2].id));
	assert_int_equal(by_words("CT 2026"), 0);
	cases_must(&t, d[0].id, "adopt", "intake", "desk-1",
		   FIELDS("place", place, "outside_number", "GD-12345-8"));
	assert_true(is_found("GD-12345-8", d[0].id));
	assert_int_equal(by_words("lamp"), 2);
	/* the mark stays with the case, and all of it goes with its words */
	cases_must(&t, d[0].id, "withdraw", "intake", "desk-1", NO_FIELDS);
	assert_true(marks(d[0].id) & CASE_MARK_NUMBERED);
	erase(d[0].id);
	erase(d[2].id);
	cases_must(&t, d[1].id, "adopt", "intake", "desk-1", FIELDS("place", place));
	cases_must(&t, d[1].id, "withdraw", "intake", "desk-1", NO_FIELDS);
	erase(d[1].id);
	assert_true(cases_deliver(&t) > 0);
	assert_true(is_unknown("GD-12345-8") && is_unknown(THEIRS) && is_unknown("CT-2026-7"));
	assert_int_equal(terms_held(), 0);
}

/* ---- gone ---- */

static void numbers_go_with_the_words(void **state)
{
	uint64_t kept = handed_in("井盖松动", "CT-2026-7"), id;
	unsigned held = terms_held();

	(void)state;
	id = handed_in("路灯不亮", THEIRS);
	assert_true(terms_held() > held);
	cases_must(&t, id, "pass_on", "intake", "desk-1",
		   FIELDS("lead_unit", "PWR", "outside_number", "PWR-9"));
	erase(id);
	assert_true(is_unknown(THEIRS)); /* at once, while its key is still there */
	assert_true(is_unknown("PWR-9"));
	assert_true(cases_deliver(&t) > 0);
	assert_int_equal(terms_held(), held);
	assert_true(is_found("CT-2026-7", kept));
}

static void retention_takes_them_along(void **state)
{
	uint64_t id = handed_in("路灯不亮", THEIRS);

	(void)state;
	cases_must(&t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	assert_true(is_found(THEIRS, id));
	for (unsigned i = 0; i < 400; i++)
		cases_pass(&t, DAY);
	assert_true(cases_deliver(&t) > 0);
	assert_true(is_unknown(THEIRS));
	assert_int_equal(terms_held(), 0);
}

/* ---- who is told ---- */

static bool opens(uint64_t id, const char *role, const char *unit, int64_t now_us)
{
	const struct policy_actor actor = {
	    .kind = POLICY_ACCOUNT, .role = str_of(role), .unit = str_of(unit)};
	struct reader *r = reading();
	bool may = false;

	assert_ok(access_opens(r, &t.shelf->shelf, id, &actor, STR(CASE_OUTSIDE_NUMBER), now_us,
			       &may));
	reader_close(r);
	return may;
}

static void who_may_open_the_field_is_told(void **state)
{
	uint64_t id = handed_in("路灯不亮", THEIRS), plain = handed_in("井盖松动", NULL);
	int64_t now = t.store.now.utc_us;
	struct reader *r;
	bool may = true;

	(void)state;
	assert_true(opens(id, "intake", "DESK", now));
	assert_true(opens(id, "duty_officer", "DESK", now));
	/* who may search, but not see the field: by type, by policy, by neither */
	assert_false(opens(id, "dispatcher", "DESK", now));
	assert_false(opens(id, "desk_lead", "DESK", now));
	assert_false(opens(id, "overseer", "OVR", now));
	assert_false(opens(id, "volunteer", "VOL", now));
	assert_false(opens(id, "nobody", "", now));
	assert_false(opens(plain, "intake", "DESK", now)); /* there is none in it */
	/* of a unit, the one that leads */
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_true(opens(id, "unit_handler", "PMC", now));
	assert_false(opens(id, "unit_handler", "URB", now));
	/* 30 days after its end nobody opens it */
	cases_must(&t, plain, "pass_on", "intake", "desk-1",
		   FIELDS("lead_unit", "PWR", "outside_number", "PWR-9"));
	now = t.answer.at_us;
	assert_true(opens(plain, "intake", "DESK", now + 29 * DAY));
	assert_false(opens(plain, "intake", "DESK", now + 31 * DAY));
	erase(plain);
	assert_false(opens(plain, "intake", "DESK", now));
	r = reading();
	assert_err(access_opens(r, &t.shelf->shelf, 1u << 20, &(struct policy_actor){0},
				STR(CASE_OUTSIDE_NUMBER), now, &may),
		   ERR_NOT_FOUND);
	assert_true(may);
	reader_close(r);
	cases_deliver(&t);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_case_is_found_by_their_number_alone),
	    TEST(what_is_no_number_costs_nothing),
	    TEST(each_number_of_a_case_finds_it),
	    TEST(it_moves_with_the_case),
	    TEST(a_case_that_is_taken_over_carries_their_number),
	    TEST(numbers_go_with_the_words),
	    TEST(retention_takes_them_along),
	    TEST(who_may_open_the_field_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
