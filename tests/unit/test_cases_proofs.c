/* The seven proofs: the files that are shipped pass, and each file of tests/cases/bad, which has
 * one mistake, fails the proof of its number at its place, on the way that breaks it. */
#include "book.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static void read_type(const char *path, struct arena *a, struct cases_type *ret)
{
	struct problem p = {0};

	if (config_casetype_read(str_of(path), book_text(path, a), a, &p, ret) != ERR_OK)
		book_say(&p);
}

static void prove_book(struct arena *a, struct cases_book *ret)
{
	const struct book_texts shipped = {0};
	static struct cases_failure failure;

	book_read(&shipped, a, ret);
	failure.problem.err = ERR_OK;
	if (cases_prove_book(ret, &failure) != ERR_OK)
		book_say(&failure.problem);
}

/* Name, states, final ones and transitions, counted by another YAML reader. */
static const struct {
	const char *path;
	unsigned states, finals, transitions;
} shipped_types[] = {
    {"etc/case-types/resident-request.yaml", 27, 9, 77},
    {"etc/case-types/safety-incident.yaml", 22, 7, 61},
    {"etc/case-types/dispute-mediation.yaml", 10, 5, 14},
    {"tests/cases/base.yaml", 5, 1, 7},
};

static void shipped_files_pass(void **state)
{
	struct arena a = book_arena();
	struct cases_book book;

	prove_book(&a, &book);
	for (size_t i = 0; i < ROWS(shipped_types); i++) {
		static struct cases_failure failure;
		struct cases_sums sums;
		struct cases_type type;
		read_type(shipped_types[i].path, &a, &type);
		failure = (struct cases_failure){0};
		if (cases_prove_type(&book, &type, &failure) != ERR_OK)
			book_say(&failure.problem);
		cases_sum(&type, &sums);
		assert_int_equal(sums.states, shipped_types[i].states);
		assert_int_equal(sums.finals, shipped_types[i].finals);
		assert_int_equal(sums.transitions, shipped_types[i].transitions);
		assert_true(sums.ways >= sums.finals);
		if (book.types_n < 3)
			book.types[book.types_n++] = arena_alloc(&a, sizeof type);
		if (i < 3)
			*book.types[i] = type;
	}
	/* every category has its type among them */
	static struct cases_failure failure;
	if (cases_prove_book(&book, &failure) != ERR_OK)
		book_say(&failure.problem);
	free(a.p);
}

static void checklists_pass(void **state)
{
	static const char *const paths[] = {"etc/checklists/small-places.yaml",
					    "etc/checklists/building-fire-file.yaml",
					    "etc/checklists/care-visits.yaml"};
	static struct cases_failure failure;
	struct arena a = book_arena();
	struct cases_book book;

	prove_book(&a, &book);
	for (size_t i = 0; i < ROWS(paths); i++) {
		struct cases_checklist list;
		struct problem p = {0};
		if (config_checklist_read(str_of(paths[i]), book_text(paths[i], &a), &a, &p,
					  &list) != ERR_OK)
			book_say(&p);
		if (cases_prove_checklist(&book, &list, &failure) != ERR_OK)
			book_say(&failure.problem);
		assert_true(list.lines_n >= 6);
	}
	/* a finding of a category that is not there */
	struct cases_checklist list;
	const char *text = "code: a\nversion: 1\nwords: {zh: 甲, en: a}\nitem: \"22\"\nlines:\n"
			   "- {name: x, words: {zh: 甲, en: a}, advice: {zh: 甲, en: a}, finding: "
			   "\"9999\"}\n";
	assert_ok(config_checklist_read(STR("l.yaml"), str_of(text), &a, NULL, &list));
	assert_err(cases_prove_checklist(&book, &list, &failure), ERR_BAD_INPUT);
	assert_int_equal(failure.proof, 5);
	assert_int_equal(failure.problem.line, 6);
	free(a.p);
}

static const struct bad {
	const char *file;
	unsigned proof;
	enum msg msg;
	unsigned line, column;
	const char *way;
} bads[] = {
    {"1_not_reached", 1, MSG_PROOF_NOT_REACHED, 28, 10, "nowhere"},
    {"1_island", 1, MSG_PROOF_NOT_REACHED, 28, 10, "island -[swim]-> nowhere"},
    {"1_no_end", 1, MSG_PROOF_NO_END, 28, 10, "received -[open]-> handling -[lose]-> nowhere"},
    {"1_circle", 1, MSG_PROOF_NO_END, 28, 10, "received -[open]-> handling -[lose]-> nowhere"},
    {"1_hidden", 1, MSG_PROOF_HIDDEN, 34, 10, ""},
    {"1_leaves_final", 1, MSG_PROOF_LEAVES_FINAL, 33, 79, ""},
    {"2_no_owner", 2, MSG_PROOF_NO_OWNER, 27, 10, "received -[open]-> handling"},
    {"2_no_clock", 2, MSG_PROOF_NO_CLOCK, 29, 10,
     "received -[open]-> handling -[feed_back]-> checking"},
    {"2_reporter_only", 2, MSG_PROOF_CLOCK_NOT_SURE, 27, 10, "received -[open]-> handling"},
    {"2_stage_not_sure", 2, MSG_PROOF_CLOCK_NOT_SURE, 27, 10, "received -[open]-> handling"},
    {"2_conditional", 2, MSG_PROOF_CLOCK_NOT_SURE, 27, 10, "received -[open]-> handling"},
    {"2_clock_no_owner", 2, MSG_PROOF_CLOCK_NO_OWNER, 20, 10, "received -[open]-> handling"},
    {"2_not_in_charge", 2, MSG_PROOF_NOT_IN_CHARGE, 20, 10, "received -[open]-> handling"},
    {"2_no_escalation", 2, MSG_PROOF_NOT_IN_CHARGE, 22, 10,
     "received -[open]-> handling -[feed_back]-> checking"},
    {"2_no_review", 2, MSG_PROOF_NO_REVIEW, 28, 10,
     "received -[open]-> handling -[suspend]-> suspended"},
    {"2_review_not_filled", 2, MSG_PROOF_CLOCK_NOT_SURE, 28, 10,
     "received -[open]-> handling -[suspend]-> suspended"},
    {"2_review_far", 2, MSG_PROOF_REVIEW_DAYS, 12, 10,
     "received -[open]-> handling -[suspend]-> suspended"},
    {"2_stopped", 2, MSG_PROOF_CLOCK_NOT_SURE, 27, 10,
     "received -[open]-> handling -[feed_back]-> checking -[redo]-> handling"},
    {"3_cycle", 3, MSG_PROOF_CYCLE, 36, 10,
     "received -[open]-> handling -[suspend]-> suspended -[wake]-> handling"},
    {"3_long_cycle", 3, MSG_PROOF_CYCLE, 36, 10,
     "received -[open]-> handling -[suspend]-> suspended -[wake]-> received"},
    {"3_stays", 3, MSG_PROOF_CYCLE, 34, 10, "received -[open]-> handling -[extend]-> handling"},
    {"3_hand_back", 3, MSG_PROOF_NOT_BOUNDED, 33, 10,
     "received -[open]-> handling -[back]-> received"},
    {"3_extend_four", 3, MSG_PROOF_NOT_BOUNDED, 34, 10,
     "received -[open]-> handling -[extend]-> handling"},
    {"3_not_counted", 3, MSG_PROOF_NOT_BOUNDED, 34, 10,
     "received -[open]-> handling -[extend]-> handling"},
    {"3_counted_down", 3, MSG_PROOF_NOT_BOUNDED, 34, 10,
     "received -[open]-> handling -[extend]-> handling"},
    {"4_guard", 4, MSG_PROOF_NOT_FILLED, 33, 135, "received -[open]-> handling -[back]-> received"},
    {"4_one_way", 4, MSG_PROOF_NOT_FILLED, 34, 135,
     "received -[jump]-> handling -[back]-> received"},
    {"4_doer", 4, MSG_PROOF_NOT_FILLED, 39, 106, "received -[jump]-> checking -[check]-> ended"},
    {"4_clock", 4, MSG_PROOF_NOT_FILLED, 27, 93, "received -[open]-> handling"},
    {"5_state", 5, MSG_PROOF_NAME_UNKNOWN, 32, 78, ""},
    {"5_role", 5, MSG_PROOF_NAME_UNKNOWN, 38, 148, ""},
    {"5_field", 5, MSG_PROOF_NAME_UNKNOWN, 33, 135, ""},
    {"5_clock", 5, MSG_PROOF_NAME_UNKNOWN, 27, 103, ""},
    {"5_purpose", 5, MSG_PROOF_NAME_UNKNOWN, 5, 10, ""},
    {"5_condition", 5, MSG_PROOF_NAME_UNKNOWN, 19, 56, ""},
    {"5_twice", 5, MSG_PROOF_NAME_TWICE, 34, 10, ""},
    {"5_offers_nothing", 5, MSG_PROOF_OFFERS, 12, 155, ""},
    {"5_offers_itself", 5, MSG_PROOF_OFFERS, 12, 155, ""},
    {"5_offers_unrefused", 5, MSG_PROOF_OFFERS, 12, 155, ""},
    {"5_value", 5, MSG_CONFIG_YES_NO, 33, 135, ""},
    {"5_count_of_text", 5, MSG_PROOF_KIND, 34, 130, ""},
    {"5_outcome", 5, MSG_PROOF_OUTCOME, 30, 10, ""},
    {"6_anybody", 6, MSG_PROOF_CHECK_ANYBODY, 38, 73, ""},
    {"6_unsigned", 6, MSG_PROOF_CHECK_UNSIGNED, 38, 87, ""},
    {"6_left_out", 6, MSG_PROOF_CHECK_MISSES, 38, 73, ""},
    {"6_mother", 6, MSG_PROOF_CHECK_UNSIGNED, 38, 99, ""},
    {"6_on_spot", 6, MSG_PROOF_CHECK_MISSES, 38, 73, ""},
    {"6_timer", 6, MSG_PROOF_CHECK_TIMER, 38, 162, ""},
    {"6_not_called", 6, MSG_PROOF_CHECK_WANTED, 38, 10, ""},
    {"7_score", 7, MSG_PROOF_REFUSED_WORD, 12, 10, ""},
    {"7_list_zh", 7, MSG_PROOF_REFUSED_WORD, 12, 10, ""},
    {"7_plate", 7, MSG_PROOF_REFUSED_WORD, 12, 10, ""},
    {"7_choice_tag", 7, MSG_PROOF_REFUSED_WORD, 12, 147, ""},
    {"7_kind_face", 7, MSG_PROOF_REFUSED_KIND, 12, 46, ""},
    {"7_number_on_a_person", 7, MSG_PROOF_ON_A_PERSON, 12, 51, ""},
    {"7_yes_on_a_person", 7, MSG_PROOF_ON_A_PERSON, 12, 58, ""},
    {"7_open_text", 7, MSG_PROOF_NOT_PERSONAL, 12, 49, ""},
    {"7_nobody_sees", 7, MSG_PROOF_NOBODY_SEES, 12, 10, ""},
    {"7_item", 7, MSG_PROOF_NAME_UNKNOWN, 12, 78, ""},
    {"7_item_field", 7, MSG_PROOF_ITEM_FIELD, 12, 91, ""},
    {"7_item_class", 7, MSG_PROOF_ITEM_CLASS, 12, 76, ""},
};

static void each_mistake_is_told(void **state)
{
	struct arena a = book_arena();
	struct cases_book book;

	prove_book(&a, &book);
	for (size_t i = 0; i < ROWS(bads); i++) {
		const struct bad *bad = &bads[i];
		struct arena_mark mark = arena_mark(&a);
		static struct cases_failure failure;
		struct cases_type type;
		char path[256], way[4096];
		struct buf out = buf_over(way, sizeof way);
		snprintf(path, sizeof path, "tests/cases/bad/%s.yaml", bad->file);
		read_type(path, &a, &type);
		failure = (struct cases_failure){0};
		assert_err(cases_prove_type(&book, &type, &failure), ERR_BAD_INPUT);
		cases_put_way(&type, &failure, &out);
		if (failure.proof != bad->proof || failure.problem.msg != bad->msg ||
		    failure.problem.line != bad->line || failure.problem.column != bad->column ||
		    strcmp(failure.problem.file, path) != 0 || strcmp(buf_z(&out), bad->way) != 0)
			fail_msg("%s: proof %u, message %d, %u:%u, way %s", bad->file,
				 failure.proof, failure.problem.msg, failure.problem.line,
				 failure.problem.column, way);
		arena_reset(&a, mark);
	}
	free(a.p);
}

/* There is a file for each proof, and each file has its row. */
static void every_proof_has_bad_files(void **state)
{
	unsigned n[CASES_PROOFS + 1] = {0};

	for (size_t i = 0; i < ROWS(bads); i++)
		n[bads[i].proof]++;
	for (unsigned proof = 1; proof <= CASES_PROOFS; proof++)
		assert_true(n[proof] >= 4);
}

/* A category that is confirmed on the ground, of a type without that check. */
static void confirmers_need_checks(void **state)
{
	struct arena a = book_arena();
	static struct cases_failure failure;
	struct cases_book book;
	struct cases_type type;

	prove_book(&a, &book);
	for (unsigned i = 0; i < book.categories.n; i++)
		if (str_eq(book.categories.v[i].name.text, STR("1001")))
			book.categories.v[i].type.text = STR("small");
	read_type("tests/cases/base.yaml", &a, &type);
	assert_err(cases_prove_type(&book, &type, &failure), ERR_BAD_INPUT);
	assert_int_equal(failure.proof, 6);
	assert_int_equal(failure.problem.msg, MSG_PROOF_CONFIRM_MISSING);
	assert_string_equal(failure.problem.file, "etc/categories.yaml");
	assert_string_equal(failure.problem.arg[0], "1001");
	assert_string_equal(failure.problem.arg[1], "M");
	free(a.p);
}

/* The words the program refuses, and words that only look like them. */
static void words_are_cut_before_they_are_refused(void **state)
{
	static const struct {
		const char *zh, *en;
		bool refused;
	} rows[] = {
	    {"路面", "surface", false},    {"电梯", "elevator", false},
	    {"坡度", "gradient", false},   {"登记", "stare", false},
	    {"模板", "template", false},   {"起点", "start", false},
	    {"脸", "Face", true},          {"甲", "FACE-id", true},
	    {"甲", "key  person", true},   {"人脸", "x", true},
	    {"居民标签", "x", true},       {"甲", "Wi-Fi", true},
	    {"甲", "licence plate", true}, {"甲", "risk of person", true},
	    {"车牌号", "x", true},
	};
	struct cases_type type = {0};
	struct cases_outcome outcome = {.name = {.text = STR("o")}};
	struct cases_book book = {0};

	type.outcomes = &outcome;
	type.outcomes_n = 1;
	for (size_t i = 0; i < ROWS(rows); i++) {
		static struct cases_failure failure;
		outcome.words[LANG_ZH] = str_of(rows[i].zh);
		outcome.words[LANG_EN] = str_of(rows[i].en);
		bool refused = cases_prove_person(&book, &type, &failure) != ERR_OK;
		if (refused != rows[i].refused)
			fail_msg("%s, %s", rows[i].zh, rows[i].en);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shipped_files_pass),
	    cmocka_unit_test(checklists_pass),
	    cmocka_unit_test(each_mistake_is_told),
	    cmocka_unit_test(every_proof_has_bad_files),
	    cmocka_unit_test(confirmers_need_checks),
	    cmocka_unit_test(words_are_cut_before_they_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
