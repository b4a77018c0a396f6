/* Words of cases on their way: masked before they are sealed, found again, compared, learnt from;
 * and gone from every byte of the store before the key of their text is. */
#include "cases.h"

#include "service/case_search.h"
#include "service/cases.h"
#include "service/cases_find.h"

#define DAY (INT64_C(24) * 3600 * 1000000)
#define TOKEN_CHARS 13 /* a term as the index spells it */
#define TOKENS_MAX 512u

static int setup(void **state)
{
	static struct test_cases t;

	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	struct test_cases *t = *state;

	cases_must_rebuild(t);
	cases_close(t);
	return 0;
}

/* ---- orders ---- */

#define NORTH_30_M 2698 /* in E7: 30 m on a meridian of 40,030 km */

/* A report by the desk. at_e7 NULL: without a point. */
static uint64_t report_of(struct test_cases *t, const char *text, const int32_t *at_e7,
			  const char *place, const char *drill)
{
	t->order = (struct case_order){.kind = CASE_HAND_IN, .hand = CASE_HAND_ACCOUNT,
				       .role = STR("intake"), .unit = STR("DESK"),
				       .account = STR("desk-1"), .type = STR("resident-request"),
				       .has_at = at_e7 != NULL};
	if (at_e7)
		t->order.at = (struct geo_point){at_e7[0], at_e7[1]};
	if (cases_call(t, FIELDS("place", place, "text", text, "channel", "phone", "has_reporter",
				 "no", "drill", drill)) != ERR_OK)
		book_say(&t->order.problem);
	return t->order.ret_id;
}

static uint64_t report(struct test_cases *t, const char *text)
{
	return report_of(t, text, NULL, "0", "no");
}

static void open_as(struct test_cases *t, uint64_t id, const char *category)
{
	cases_must(t, id, "open", "intake", "desk-1", FIELDS("category", category));
}

/* Done and checked where it was found: at an end. */
static void done_as(struct test_cases *t, uint64_t id, const char *category)
{
	cases_must(t, id, "on_spot", "grid_worker", "grid-4",
		   FIELDS("category", category, "photo_before", "photo", "photo_after", "photo"));
	assert_string_equal(cases_state(t, id), "done_on_spot");
}

/* Opened, done, checked on the spot. */
static uint64_t verified_as(struct test_cases *t, const char *text, const char *category)
{
	uint64_t id = report(t, text);

	open_as(t, id, category);
	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	cases_must(t, id, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	cases_must(t, id, "feedback", "unit_handler", "pmc-3",
		   FIELDS("answer", "灯泡已换", "photo_after", "photo"));
	cases_must(t, id, "answer_review", "duty_officer", "desk-1", NO_FIELDS);
	cases_must(t, id, "site_check", "grid_worker", "grid-4",
		   FIELDS("site_photo", "photo", "site_result", "passed"));
	return id;
}

static void withdrawn(struct test_cases *t, uint64_t id)
{
	cases_must(t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
}

static enum err erase(struct test_cases *t, uint64_t id)
{
	struct test_command cmd;

	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	return test_run(&t->store, t->w, &cmd);
}

static struct reader *reading(struct test_cases *t)
{
	struct reader *r = NULL;

	assert_ok(reader_open(&t->store.paths, &t->store.secrets, &r));
	return r;
}

static bool holds_key(struct test_cases *t, uint64_t id)
{
	char sql[96];
	bool ret = false;

	snprintf(sql, sizeof sql, "SELECT key_id FROM case_rec WHERE id = %llu",
		 (unsigned long long)id);
	assert_ok(keyring_holds(t->w->keys, (uint64_t)cases_i64(t, sql), &ret));
	return ret;
}

static size_t due(struct test_cases *t)
{
	struct effect e[64];
	size_t n = 0;

	assert_ok(outbox_due(t->w->db, t->store.now.utc_us, e, 64, &n));
	return n;
}

/* ---- bytes ---- */

/* How many of the store's files hold these bytes. */
static unsigned files_with(struct test_cases *t, const void *bytes, size_t n)
{
	static const char *const tails[] = {"", "-wal", "-journal"};
	const char *const files[] = {t->store.journal, t->store.keys, t->store.copy};
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
		found += memmem(all, size, bytes, n) != NULL;
		fclose(f);
	}
	return found;
}

struct tokens {
	char v[TOKENS_MAX][TOKEN_CHARS + 1];
	unsigned n;
};

/* Every term that the index holds, by the engine's own look at it. */
static void tokens_of(struct test_cases *t, struct tokens *ret)
{
	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_exec(db, "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, "
					  "case_term, row)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT term FROM temp.v", -1, &s, NULL),
			 SQLITE_OK);
	for (ret->n = 0; sqlite3_step(s) == SQLITE_ROW; ret->n++) {
		assert_true(ret->n < TOKENS_MAX);
		assert_int_equal(sqlite3_column_bytes(s, 0), TOKEN_CHARS);
		memcpy(ret->v[ret->n], sqlite3_column_text(s, 0), TOKEN_CHARS + 1);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
}

/* Those of `all` that `kept` has not. */
static void take_off(struct tokens *all, const struct tokens *kept)
{
	unsigned n = 0;

	for (unsigned i = 0; i < all->n; i++) {
		bool is_kept = false;
		for (unsigned k = 0; k < kept->n && !is_kept; k++)
			is_kept = strcmp(all->v[i], kept->v[k]) == 0;
		if (!is_kept)
			memcpy(all->v[n++], all->v[i], TOKEN_CHARS + 1);
	}
	all->n = n;
}

/* How many of the tokens stand in any byte of the files. The index keeps what terms share with the
 * one before them once, so that a part is looked for, too: its last eleven characters. */
static unsigned found_of(struct test_cases *t, const struct tokens *tokens)
{
	unsigned found = 0;

	for (unsigned i = 0; i < tokens->n; i++)
		found += files_with(t, tokens->v[i] + 2, TOKEN_CHARS - 2) > 0;
	return found;
}

/* ---- erased words ---- */

#define LAMP "三坊七巷口的路灯整夜不亮，老人摔了一跤"
#define LIFT "电梯困人 lift stuck between two floors"

/* Two cases at an end; the tokens that only the second has. */
static uint64_t two_ended(struct test_cases *t, uint64_t *ret_kept, struct tokens *ret_tokens)
{
	struct tokens kept;
	uint64_t id;

	*ret_kept = report(t, LIFT);
	withdrawn(t, *ret_kept);
	tokens_of(t, &kept);
	id = report(t, LAMP);
	withdrawn(t, id);
	tokens_of(t, ret_tokens);
	take_off(ret_tokens, &kept);
	assert_true(ret_tokens->n > 15); /* each two characters of it */
	assert_true(found_of(t, ret_tokens) > 0);
	return id;
}

static void words_go_before_their_key(void **state)
{
	struct test_cases *t = *state;
	struct tokens tokens, left;
	uint64_t kept, id = two_ended(t, &kept, &tokens);

	assert_ok(erase(t, id));
	assert_int_equal(due(t), 0); /* held, and no try of it is counted */
	assert_true(holds_key(t, id));
	assert_int_equal(writer_due_in(t->w, t->store.now), 0); /* it has something to do at once */
	assert_true(cases_deliver(t) > 0);
	assert_false(holds_key(t, id));
	assert_int_equal(found_of(t, &tokens), 0);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM outbox"), 0);
	assert_true(writer_due_in(t->w, t->store.now) > 0);
	/* the other one's are still there */
	tokens_of(t, &left);
	assert_true(left.n > 5);
	assert_true(holds_key(t, kept));
}

/* After each of the steps to the end the process is killed; it always goes on to the same end, and
 * never is the key gone while a byte of the words is there. */
static void a_kill_in_between_loses_nothing(void **state)
{
	struct test_cases *t = *state;

	for (unsigned steps = 0; steps < 6; steps++) {
		struct tokens tokens;
		uint64_t kept, id = two_ended(t, &kept, &tokens);

		assert_ok(erase(t, id));
		for (unsigned i = 0; i < steps; i++) {
			cases_tick(t);
			assert_true(due(t) == 0 || found_of(t, &tokens) == 0);
		}
		cases_reopen(t);
		assert_true(due(t) == 0 || found_of(t, &tokens) == 0);
		assert_true(holds_key(t, id));
		assert_true(cases_deliver(t) > 0);
		assert_int_equal(found_of(t, &tokens), 0);
		assert_false(holds_key(t, id));
		assert_ok(erase(t, kept)); /* so that the next round begins with none */
		cases_deliver(t);
	}
}

static void a_reader_in_the_way_is_waited_out(void **state)
{
	struct test_cases *t = *state;
	struct tokens tokens;
	uint64_t kept, id = two_ended(t, &kept, &tokens);
	sqlite3 *db = cases_look(t);

	assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM entry", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_ok(erase(t, id));
	for (unsigned i = 0; i < 20; i++)
		cases_tick(t);
	assert_int_equal(due(t), 0);
	assert_true(t->w->held.waiting);
	assert_true(writer_due_in(t->w, t->store.now) > 0); /* and nobody is kept busy */
	/* another one that is erased meanwhile waits for its own words */
	assert_ok(erase(t, kept));
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	cases_pass(t, 200000);
	cases_tick(t);
	assert_true(cases_deliver(t) > 0);
	assert_false(holds_key(t, id) || holds_key(t, kept));
	assert_int_equal(found_of(t, &tokens), 0);
}

static void commands_go_before_merging(void **state)
{
	struct test_cases *t = *state;
	struct tokens tokens;
	uint64_t kept, id = two_ended(t, &kept, &tokens);

	assert_ok(erase(t, id));
	for (unsigned i = 0; i < 5; i++) {
		(void)report(t, "楼道堆物");
		assert_int_equal(due(t), 0);
		assert_true(t->w->held.waiting && t->w->held.merged_n == 0);
	}
	cases_deliver(t);
	assert_int_equal(found_of(t, &tokens), 0);
	assert_false(holds_key(t, id));
}

/* From the COMMIT of the erasure on, also while the key waits for the words. */
static void nobody_reads_what_waits_to_be_erased(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = report(t, LAMP);
	struct reader *r = reading(t);
	_Alignas(16) static char memory[8 * ENTRY_BYTES_MAX];
	struct arena a;
	struct str text;

	withdrawn(t, id);
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_text(r, id, STR("text"), &a, &text));
	assert_true(str_eq(text, STR(LAMP)));
	assert_ok(erase(t, id));
	assert_true(holds_key(t, id));
	arena_init(&a, memory, sizeof memory);
	assert_err(cases_text(r, id, STR("text"), &a, &text), ERR_GONE);
	cases_deliver(t);
	arena_init(&a, memory, sizeof memory);
	assert_err(cases_text(r, id, STR("text"), &a, &text), ERR_GONE);
	reader_close(r);
}

static void retention_takes_the_words_along(void **state)
{
	struct test_cases *t = *state;
	struct tokens tokens;
	uint64_t kept, id = two_ended(t, &kept, &tokens);
	const struct cases_shelf *shelf = t->w->shelf;

	/* without files in force nobody knows the words: it waits */
	t->w->shelf = NULL;
	cases_pass(t, 400 * DAY);
	assert_true(cases_i64(t, "SELECT count(*) FROM case_rec WHERE erased > 0") == 0);
	t->w->shelf = shelf;
	t->w->timer_next_us = 0;
	cases_tick(t);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_rec WHERE erased > 0"), 2);
	assert_true(holds_key(t, id));
	assert_true(cases_deliver(t) >= 2);
	assert_false(holds_key(t, id) || holds_key(t, kept));
	assert_int_equal(found_of(t, &tokens), 0);
}

/* ---- masked ---- */

#define PLATE "粤B12345"
#define IDENTITY "11010519491231002X" /* the example of GB 11643-1999 */

static void numbers_of_persons_are_never_kept(void **state)
{
	struct test_cases *t = *state;
	struct reader *r = reading(t);
	_Alignas(16) static char memory[8 * ENTRY_BYTES_MAX];
	struct arena a;
	struct str text;
	uint64_t id = report(t, "车牌" PLATE "占了消防通道，车主身份证" IDENTITY);

	assert_int_equal(t->order.ret_masked.of[MASK_PLATE], 1);
	assert_int_equal(t->order.ret_masked.of[MASK_IDENTITY], 1);
	assert_int_equal(mask_total(&t->order.ret_masked), 2);
	open_as(t, id, "0102");
	assert_int_equal(mask_total(&t->order.ret_masked), 0);
	cases_must(t, id, "message", "intake", "desk-1", FIELDS("message", "是" PLATE "吗"));
	assert_int_equal(mask_total(&t->order.ret_masked), 1);
	cases_must(t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	cases_must(t, id, "receive", "unit_handler", "pmc-3", NO_FIELDS);
	cases_must(t, id, "feedback", "unit_handler", "pmc-3",
		   FIELDS("answer", "已请" IDENTITY "挪走", "photo_after", "photo"));
	assert_int_equal(t->order.ret_masked.of[MASK_IDENTITY], 1);
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_text(r, t->answer.n, STR("answer"), &a, &text));
	assert_null(memmem(text.p, text.n, "19491231", 8));
	assert_non_null(memmem(text.p, text.n, "挪走", strlen("挪走")));
	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_text(r, id, STR("text"), &a, &text));
	assert_null(memmem(text.p, text.n, "B12345", 6));
	assert_int_equal(files_with(t, "B12345", 6), 0);
	assert_int_equal(files_with(t, "19491231", 8), 0);
	reader_close(r);
}

/* ---- found ---- */

static unsigned search(struct test_cases *t, const char *text, const char *area, uint64_t before,
		       unsigned limit, uint64_t *ret, bool *ret_more)
{
	struct reader *r = reading(t);
	_Alignas(16) static char memory[256u << 10];
	struct cases_found found[CASE_SEARCH_FIND_MAX];
	struct problem problem = {0};
	struct arena a;
	unsigned n = 0;

	arena_init(&a, memory, sizeof memory);
	assert_ok(cases_search(r, str_of(text), str_of(area), before, limit, &a, found, &n,
			       ret_more, &problem));
	for (unsigned i = 0; i < n; i++)
		ret[i] = found[i].id;
	reader_close(r);
	return n;
}

static void words_find_the_newest_first(void **state)
{
	struct test_cases *t = *state;
	const int32_t west[2] = {225010000, 1139010000}, east[2] = {225010000, 1139030000};
	uint64_t in_west[7], got[10], last = 0;
	unsigned n = 0, pages = 0;
	bool more = true;

	cases_two_grids(t);
	for (unsigned i = 0; i < 7; i++) {
		in_west[i] = report_of(t, "路灯不亮 the street lights flicker", west, "0", "no");
		(void)report_of(t, "路灯歪了 a light leans", east, "0", "no");
		(void)report_of(t, "井盖丢失 manhole cover", west, "0", "no");
	}
	while (more) {
		n = search(t, "路灯", "G01", last, 3, got, &more);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(got[i], in_west[6 - (3 * pages + i)]);
		last = got[n - 1];
		pages++;
	}
	assert_int_equal(pages, 3);
	assert_int_equal(n, 1);
	assert_int_equal(search(t, "Light", "G01", 0, 10, got, &more), 7); /* without the plural */
	assert_int_equal(search(t, "light", "", 0, 10, got, &more), 10);
	assert_true(more);
	assert_int_equal(search(t, "井盖", "G02", 0, 10, got, &more), 0);
	assert_int_equal(search(t, "路灯 flicker", "G02", 0, 10, got, &more), 0); /* all words */
}

/* ---- likely the same ---- */

static unsigned duplicates(struct test_cases *t, const char *text, const int32_t *at_e7,
			   unsigned category, int64_t now_us, struct similar *ret)
{
	struct cases_report like = {.text = str_of(text), .has_at = true, .category = category,
				    .at = {at_e7[0], at_e7[1]}, .now_us = now_us};
	struct reader *r = reading(t);
	unsigned n = 0;

	assert_ok(cases_duplicates(r, &like, ret, &n));
	reader_close(r);
	return n;
}

static void a_neighbour_reports_the_same(void **state)
{
	struct test_cases *t = *state;
	const int32_t here[2] = {225010000, 1139010000};
	const int32_t near[2] = {225010000 + NORTH_30_M, 1139010000};
	const int32_t far[2] = {225010000 + 100 * NORTH_30_M, 1139010000};
	struct similar like[SIMILAR_LIST_MAX];
	char text[200];
	struct buf reasons = buf_over(text, sizeof text);
	uint64_t id = report_of(t, "三坊七巷路灯不亮", here, "0", "no");
	int64_t now = t->store.now.utc_us + DAY;

	open_as(t, id, "0102");
	(void)report_of(t, "演练：三坊七巷路灯不亮", here, "0", "yes");
	assert_int_equal(duplicates(t, "七巷的路灯不亮了", near, 102, now, like), 1);
	assert_int_equal(like[0].id, id); /* and never the drill */
	assert_in_range(like[0].distance_m, 29, 31);
	assert_true(like[0].same_category && !like[0].same_place);
	assert_int_equal(like[0].apart_us, DAY);
	assert_int_equal(like[0].words_common, 4); /* 七巷 路灯 灯不 不亮 */
	similar_put_reasons(&like[0], LANG_EN, &reasons);
	assert_non_null(memmem(text, reasons.n, "30 m", 4));
	assert_non_null(memmem(text, reasons.n, "same category", 13));
	/* another matter on the spot; the same words across the town; a month later */
	assert_int_equal(duplicates(t, "占道经营", near, 201, now, like), 0);
	assert_int_equal(duplicates(t, "七巷的路灯不亮了", far, 102, now, like), 0);
	assert_int_equal(duplicates(t, "七巷的路灯不亮了", near, 102, now + 30 * DAY, like), 0);
	/* what is at an end is nobody's duplicate */
	withdrawn(t, id);
	assert_int_equal(duplicates(t, "七巷的路灯不亮了", near, 102, now, like), 0);
}

/* ---- again ---- */

static int64_t repeated(struct test_cases *t)
{
	return cases_i64(t, "SELECT coalesce(sum(cases), 0) FROM figure WHERE name = 'repeated'");
}

static void the_same_matter_comes_back_to_its_place(void **state)
{
	struct test_cases *t = *state;
	struct place_draft d[2] = {cases_draft(PLACE_BUILDING, "b:1"),
				   cases_draft(PLACE_BUILDING, "b:2")};
	char place[24], other[24];
	uint64_t first, again;

	cases_set_places(t, d, 2);
	snprintf(place, sizeof place, "%llu", (unsigned long long)d[0].place.id);
	snprintf(other, sizeof other, "%llu", (unsigned long long)d[1].place.id);
	first = report_of(t, LAMP, NULL, place, "no");
	done_as(t, first, "0102");
	cases_pass(t, DAY);
	open_as(t, report_of(t, LAMP, NULL, other, "no"), "0102"); /* another place */
	open_as(t, report_of(t, LAMP, NULL, place, "no"), "0101"); /* another matter */
	assert_int_equal(repeated(t), 0);
	cases_pass(t, (CASE_REPEAT_DAYS - 1) * DAY);
	again = report_of(t, LAMP, NULL, place, "no");
	open_as(t, again, "0102");
	assert_int_equal(repeated(t), 1);
	assert_int_equal(cases_i64(t, "SELECT target FROM case_link WHERE kind = 4"), first);
	assert_int_equal(cases_i64(t, "SELECT id FROM case_link WHERE kind = 4"), again);
	cases_must(t, again, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_int_equal(repeated(t), 1); /* once, whatever becomes of it */
	cases_pass(t, DAY);
	open_as(t, report_of(t, LAMP, NULL, place, "no"), "0102"); /* too late */
	assert_int_equal(repeated(t), 1);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_link WHERE kind = 4"), 1);
}

/* Nothing was done there that the matter could come back after: it was practised, withdrawn,
 * refused, or joined to a live one. */
static void what_was_never_done_is_not_repeated(void **state)
{
	struct test_cases *t = *state;
	struct place_draft d[1] = {cases_draft(PLACE_BUILDING, "b:1")};
	char place[24], live[24];
	uint64_t id, target;

	cases_set_places(t, d, 1);
	snprintf(place, sizeof place, "%llu", (unsigned long long)d[0].place.id);
	done_as(t, report_of(t, LAMP, NULL, place, "yes"), "0102");
	id = report_of(t, LAMP, NULL, place, "no");
	open_as(t, id, "0102");
	assert_int_equal(repeated(t), 0); /* a drill, in earnest now */
	withdrawn(t, id);
	target = report_of(t, LAMP, NULL, place, "no");
	open_as(t, target, "0102");
	assert_int_equal(repeated(t), 0);
	snprintf(live, sizeof live, "%llu", (unsigned long long)target);
	id = report_of(t, LAMP, NULL, place, "no");
	open_as(t, id, "0102");
	cases_must(t, id, "merge", "duty_officer", "desk-2", FIELDS("linked_case", live));
	open_as(t, report_of(t, LAMP, NULL, place, "no"), "0102");
	assert_int_equal(repeated(t), 0);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_link WHERE kind = 4"), 0);
	done_as(t, report_of(t, LAMP, NULL, place, "no"), "0102");
	open_as(t, report_of(t, LAMP, NULL, place, "no"), "0102");
	assert_int_equal(repeated(t), 1);
}

/* ---- proposed ---- */

/* The code of the category that the text proposes; "unsure". */
static const char *proposed(struct test_cases *t, const char *text)
{
	const struct cases_categories *table =
	    shelf_categories(t->w->shelf, (uint64_t)cases_i64(t, "SELECT max(n) FROM file_version "
								 "WHERE path = 'categories.yaml'"));
	static char code[8];
	struct classify_result result;
	struct proposer *p = NULL;
	struct reader *r = reading(t);

	assert_non_null(table);
	assert_ok(proposer_new(r, table, &p));
	assert_ok(proposer_category(p, str_of(text), &result));
	snprintf(code, sizeof code, "%s", "unsure");
	if (result.is_sure)
		snprintf(code, sizeof code, "%.*s", (int)table->v[result.best].name.text.n,
			 table->v[result.best].name.text.p);
	proposer_free(p);
	reader_close(r);
	return code;
}

#define LEARNT "健身角的小夜灯暗着"

static void verified_cases_teach_and_erased_ones_do_not(void **state)
{
	struct test_cases *t = *state;
	uint64_t id[4];

	assert_string_equal(proposed(t, "路灯坏了，巷子太黑"), "0102");
	assert_string_equal(proposed(t, "street lamp not working"), "0102");
	assert_string_equal(proposed(t, "祝大家新年快乐"), "unsure");
	assert_string_equal(proposed(t, "colourless green ideas sleep"), "unsure");
	assert_string_equal(proposed(t, LEARNT), "unsure");
	(void)report(t, LEARNT); /* not verified */
	assert_string_equal(proposed(t, LEARNT), "unsure");
	for (unsigned i = 0; i < 4; i++)
		id[i] = verified_as(t, LEARNT, "0102");
	assert_int_equal(cases_i64(t, "SELECT sum(cases) FROM case_word_total"), 4);
	assert_string_equal(proposed(t, LEARNT), "0102");
	for (unsigned i = 0; i < 4; i++)
		assert_ok(erase(t, id[i]));
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_word"), 0);
	assert_string_equal(proposed(t, LEARNT), "unsure");
	cases_deliver(t);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Staff were there and took two photos: as good as a check. A drill teaches nothing. */
static void what_was_done_on_the_spot_teaches(void **state)
{
	struct test_cases *t = *state;
	uint64_t id = report(t, LAMP), drill = report_of(t, LAMP, NULL, "0", "yes");

	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_word_total"), 0);
	done_as(t, drill, "0102");
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_word_total"), 0);
	done_as(t, id, "0102");
	assert_int_equal(
	    cases_i64(t, "SELECT cases FROM case_word_total WHERE category = 102"), 1);
	assert_true(cases_i64(t, "SELECT count(*) FROM case_word WHERE category = 102") > 10);
	assert_ok(erase(t, id));
	assert_true(cases_deliver(t) > 0);
	assert_int_equal(cases_i64(t, "SELECT count(*) FROM case_word"), 0);
	assert_int_equal(
	    cases_i64(t, "SELECT cases FROM case_word_total WHERE category = 102"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(words_go_before_their_key),
	    TEST(a_kill_in_between_loses_nothing),
	    TEST(a_reader_in_the_way_is_waited_out),
	    TEST(commands_go_before_merging),
	    TEST(nobody_reads_what_waits_to_be_erased),
	    TEST(retention_takes_the_words_along),
	    TEST(numbers_of_persons_are_never_kept),
	    TEST(words_find_the_newest_first),
	    TEST(a_neighbour_reports_the_same),
	    TEST(the_same_matter_comes_back_to_its_place),
	    TEST(what_was_never_done_is_not_repeated),
	    TEST(what_was_done_on_the_spot_teaches),
	    TEST(verified_cases_teach_and_erased_ones_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
