/* The proposed category, learnt from the shipped table and tried on the reports of
 * tests/cases/reports.tsv; the arithmetic against floating point. */
#include "book.h"

#include "cases/classify.h"

#include <math.h>

static const struct terms_key key = {{4, 2}};
static struct cases_book book;
static struct classify_model model;
static struct classify_sums sums;

static void learn(struct arena *a)
{
	const struct book_texts shipped = {0};

	book_read(&shipped, a, &book);
	assert_ok(classify_train(&book.categories, &key, a, &model));
}

static struct classify_result propose(struct str text)
{
	struct classify_result r;
	struct terms t;

	classify_terms(&t, &key, text);
	classify_begin(&sums, &model, &t);
	classify_decide(&sums, &r);
	return r;
}

struct tally {
	unsigned n, right, unsure, wrong;
};

static void count(struct tally *t, const char *code, struct str text)
{
	struct classify_result r = propose(text);
	struct str got = r.is_sure ? book.categories.v[r.best].name.text : STR("-");
	bool right = str_eq(got, str_of(code));

	t->n++;
	t->right += right;
	t->unsure += !right && !r.is_sure;
	t->wrong += !right && r.is_sure;
	if (!right)
		print_message("  %s, proposed %.*s (%.*s): %.*s\n", code, (int)got.n, got.p, 4,
			      book.categories.v[r.best].name.text.p, (int)text.n, text.p);
}

/* At least four in five right, at most one in 25 wrong; of other matters nine in ten unsure. */
static void proposes_for(const char *path, unsigned ours_min, unsigned others_min)
{
	struct arena a = book_arena();
	struct tally ours = {0}, others = {0};
	struct str text = book_text(path, &a);

	learn(&a);
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		const char *line = text.p + at, *stop = memchr(line, '\n', text.n - at);
		const char *tab = memchr(line, '\t', text.n - at);
		char code[8];
		assert_non_null(stop);
		end = (size_t)(stop - text.p);
		if (line[0] == '#')
			continue;
		assert_true(tab && tab < stop && tab - line < 8);
		snprintf(code, sizeof code, "%.*s", (int)(tab - line), line);
		count(line[0] == '-' ? &others : &ours, code,
		      (struct str){tab + 1, (size_t)(stop - tab) - 1});
	}
	print_message("of categories: %u reports, %u right, %u unsure, %u wrong\n", ours.n,
		      ours.right, ours.unsure, ours.wrong);
	print_message("of others: %u reports, %u unsure, %u wrong\n", others.n, others.right,
		      others.wrong);
	assert_true(ours.n >= ours_min && others.n >= others_min);
	assert_true(ours.right * 100 >= ours.n * 80);
	assert_true((ours.wrong + others.wrong) * 100 <= (ours.n + others.n) * 4);
	assert_true(others.right * 10 >= others.n * 9);
	free(a.p);
}

static unsigned words_of(struct str s)
{
	unsigned words = s.n > 0;

	for (size_t i = 0; i < s.n; i++)
		words += s.p[i] == ' ';
	return words;
}

/* The reports are no copies of what the table says: no phrase of four Chinese characters or three
 * words stands in one. */
static void no_report_repeats_a_phrase(void **state)
{
	struct arena a = book_arena();
	struct str reports = book_text("tests/cases/reports.tsv", &a);
	unsigned looked = 0;

	(void)state;
	learn(&a);
	for (unsigned i = 0; i < book.categories.n; i++)
		for (unsigned l = 0; l < LANG_COUNT; l++)
			for (unsigned k = 0; k < book.categories.v[i].says[l].n; k++) {
				struct str phrase = book.categories.v[i].says[l].v[k];
				if (l == LANG_ZH ? phrase.n < 12 : words_of(phrase) < 3)
					continue;
				looked++;
				if (memmem(reports.p, reports.n, phrase.p, phrase.n))
					fail_msg("%.*s", (int)phrase.n, phrase.p);
			}
	assert_true(looked > 100);
	free(a.p);
}

static void proposes_for_reports(void **state)
{
	(void)state;
	proposes_for("tests/cases/reports.tsv", 120, 30);
}

/* The marks were set before these were written. */
static void proposes_for_reports_written_later(void **state)
{
	(void)state;
	proposes_for("tests/cases/reports-later.tsv", 39, 15);
}

/* Sentences that are no reports, or of no category: those that the marks were not set on, too. */
static void is_unsure_of_nonsense(void **state)
{
	static const char *const halves[] = {"tune\t", "held\t"};
	struct arena a = book_arena();
	struct str text = book_text("tests/cases/nonsense.tsv", &a);
	unsigned n[2] = {0}, sure[2] = {0};

	(void)state;
	learn(&a);
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		const char *line = text.p + at, *stop = memchr(line, '\n', text.n - at);
		assert_non_null(stop);
		end = (size_t)(stop - text.p);
		for (unsigned i = 0; i < 2; i++) {
			if (strncmp(line, halves[i], 5) != 0)
				continue;
			struct str said = {line + 5, (size_t)(stop - line) - 5};
			struct classify_result r = propose(said);
			n[i]++;
			sure[i] += r.is_sure;
			if (r.is_sure)
				print_message("  proposed %.*s: %.*s\n", 4,
					      book.categories.v[r.best].name.text.p, (int)said.n,
					      said.p);
		}
	}
	print_message("sure of %u in %u, and of %u in %u held out\n", sure[0], n[0], sure[1],
		      n[1]);
	assert_true(n[0] >= 30 && n[1] >= 30);
	assert_true(sure[0] * 100 <= n[0] * 5 && sure[1] * 100 <= n[1] * 5);
	free(a.p);
}

/* A word alone that a category has never heard beside many others is not enough. */
static void a_text_must_be_heard_of(void **state)
{
	struct classify_result r;

	(void)state;
	for (unsigned heard = 1; heard <= 10; heard++) {
		memset(&sums, 0, sizeof sums);
		sums.term_n = 20;
		sums.category_n = 2;
		for (unsigned k = 0; k < heard; k++)
			classify_add(&sums, k, 1, 3000);
		for (unsigned i = 0; i <= 2; i++)
			classify_add_total(&sums, i, 30000);
		classify_decide(&sums, &r);
		assert_int_equal(r.best, 1);
		assert_true(r.evidence >= CLASSIFY_EVIDENCE_MIN);
		if (r.margin >= CLASSIFY_MARGIN_MIN)
			assert_int_equal(r.is_sure, heard >= 3);
	}
	assert_true(r.is_sure);
}

/* The evidence of each slot in floating point: the sum of log2 (p(term | slot) / p(term)). */
static double naive_evidence(const struct classify_sums *s, unsigned slot)
{
	double all = 0, sum = 0;

	for (unsigned i = 0; i <= s->category_n; i++)
		all += (double)s->total[i];
	for (unsigned k = 0; k < s->term_n; k++) {
		double anywhere = 0;
		for (unsigned i = 0; i <= s->category_n; i++)
			anywhere += s->n[k][i];
		if (anywhere > 0)
			sum += log2((s->n[k][slot] + CLASSIFY_PRIOR * anywhere / all) /
				    ((double)s->total[slot] + CLASSIFY_PRIOR) / (anywhere / all));
	}
	return sum;
}

static void weighs_as_floating_point_does(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		struct classify_result r;
		double best = -1e9, next = -1e9;
		unsigned best_i = 0;
		memset(&sums, 0, sizeof sums);
		sums.term_n = 1 + round % 40;
		sums.category_n = 2 + round % 12;
		for (unsigned k = 0; k < sums.term_n; k++)
			for (unsigned i = 0; i <= sums.category_n; i++) {
				seed = seed * 6364136223846793005u + 1442695040888963407u;
				uint32_t n = seed >> 62 ? 0 : (uint32_t)(seed >> 40) % 3000;
				classify_add(&sums, k, i, n);
				classify_add_total(&sums, i, n + round);
			}
		for (unsigned i = 0; i <= sums.category_n; i++) {
			double e = naive_evidence(&sums, i);
			if (i < sums.category_n && e > best) {
				next = best > next ? best : next;
				best = e;
				best_i = i;
			} else if (e > next) {
				next = e;
			}
		}
		classify_decide(&sums, &r);
		/* three logarithms a term, each cut off below 1/256 */
		double off = 3.0 * sums.term_n / 256;
		assert_true(fabs(r.evidence / 256.0 - best) <= off);
		assert_true(fabs(r.margin / 256.0 - (best - next)) <= 2 * off);
		if (best - next > 2 * off)
			assert_int_equal(r.best, best_i);
		unsigned heard = 0;
		for (unsigned k = 0; k < sums.term_n; k++)
			heard += sums.n[k][r.best] > 0;
		assert_int_equal(r.is_sure,
				 r.evidence >= CLASSIFY_EVIDENCE_MIN &&
				     r.margin >= CLASSIFY_MARGIN_MIN &&
				     100.0 * heard / sums.term_n >= CLASSIFY_KNOWN_MIN);
	}
}

static void nothing_is_unsure(void **state)
{
	static const struct cases_categories none;
	struct arena a = book_arena();
	struct classify_result r;

	(void)state;
	learn(&a);
	assert_false(propose(STR("")).is_sure);
	assert_false(propose(STR("qwxz 喵喵喵")).is_sure);
	assert_ok(classify_train(&none, &key, &a, &model));
	r = propose(STR("电梯困人"));
	assert_false(r.is_sure);
	assert_int_equal(r.best, CASES_NONE);
	a.cap = a.n; /* no room */
	assert_err(classify_train(&book.categories, &key, &a, &model), ERR_TOO_LARGE);
	free(a.p);
}

/* Counts of verified cases join those of the table. */
static void learns_from_cases(void **state)
{
	struct arena a = book_arena();
	struct classify_result r;
	struct terms t;
	unsigned slot = 2; /* 0104 */

	(void)state;
	learn(&a);
	assert_false(propose(STR("盲道的砖缺了好几块")).is_sure);
	classify_terms(&t, &key, STR("盲道的砖缺了好几块"));
	for (unsigned i = 0; i < t.n; i++)
		classify_add(&sums, i, slot, 20);
	classify_add_total(&sums, slot, 20 * t.n);
	classify_decide(&sums, &r);
	assert_true(r.is_sure);
	assert_int_equal(r.best, slot);
	free(a.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(weighs_as_floating_point_does),
	    cmocka_unit_test(nothing_is_unsure),
	    cmocka_unit_test(learns_from_cases),
	    cmocka_unit_test(no_report_repeats_a_phrase),
	    cmocka_unit_test(is_unsure_of_nonsense),
	    cmocka_unit_test(a_text_must_be_heard_of),
	    cmocka_unit_test(proposes_for_reports),
	    cmocka_unit_test(proposes_for_reports_written_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
