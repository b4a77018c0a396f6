/* Likeness of reports: what must be shown, what must not, the order, the reasons; and repeats. */
#include "test.h"

#include "base/civil.h"
#include "cases/similar.h"

#include <string.h>

/* 1 m to the north is about 90 E7. */
static struct similar_case at(uint64_t id, int metres_north, unsigned category, int64_t hours)
{
	return (struct similar_case){.id = id,
				     .has_at = true,
				     .at = {225434567 + metres_north * 90, 1139123456},
				     .category = category,
				     .at_us = CIVIL_US_PER_DAY * 20000 + hours * CIVIL_US_PER_HOUR};
}

static bool is_like(struct similar_case a, struct similar_case b, unsigned words)
{
	struct similar s;
	bool like = similar_score(&a, &b, words, &s);

	assert_true(s.score >= 0 && s.score <= 100);
	return like;
}

static void tells_duplicates(void **state)
{
	const struct similar_case new = at(0, 0, 102, 0);
	struct similar_case far_place = at(1, 0, 102, -1), place = at(2, 0, 102, 0);

	(void)state;
	/* the same lamp, reported by a second neighbour */
	assert_true(is_like(new, at(1, 20, 102, -20), 3));
	assert_true(is_like(new, at(1, 0, 102, -1), 0));
	/* proposed category not yet sure, but here, now and in the same words */
	assert_true(is_like(new, at(1, 25, 0, -1), 5));
	/* the lamp in the next lane; another matter on the same spot; last month's */
	assert_false(is_like(new, at(1, 180, 102, -30), 2));
	assert_false(is_like(new, at(1, 0, 605, -30), 1));
	assert_false(is_like(new, at(1, 10, 102, -24 * 31), 5));
	/* another part of town, whatever the words */
	assert_false(is_like(new, at(1, 5000, 102, -1), 4));
	/* the case itself */
	assert_false(is_like(at(1, 0, 102, 0), at(1, 0, 102, 0), 9));
	/* a named place needs no point */
	place.has_at = far_place.has_at = false;
	place.place = 7;
	assert_false(is_like(new, far_place, 4));
	far_place.place = 7;
	assert_true(is_like(place, far_place, 0));
}

/* More of any of the four never makes it less like. */
static void likeness_only_grows(void **state)
{
	static const int metres[] = {0, 15, 16, 30, 31, 60, 61, 120, 121, 200, 201, 900};
	static const int hours[] = {0, 2, 3, 24, 25, 72, 73, 168, 169, 720};
	struct similar_case new = at(0, 0, 102, 0);
	struct similar s, t;

	(void)state;
	for (unsigned m = 0; m + 1 < sizeof metres / sizeof metres[0]; m++)
		for (unsigned h = 0; h + 1 < sizeof hours / sizeof hours[0]; h++)
			for (unsigned w = 0; w < 8; w++) {
				struct similar_case o = at(1, metres[m], 102, -hours[h]);
				struct similar_case further = at(1, metres[m + 1], 102, -hours[h]);
				struct similar_case older = at(1, metres[m], 102, -hours[h + 1]);
				struct similar_case other = at(1, metres[m], 104, -hours[h]);
				(void)similar_score(&new, &o, w, &s);
				(void)similar_score(&new, &further, w, &t);
				assert_true(t.score <= s.score);
				(void)similar_score(&new, &older, w, &t);
				assert_true(t.score <= s.score);
				(void)similar_score(&new, &other, w, &t);
				assert_true(t.score < s.score);
				(void)similar_score(&new, &o, w + 1, &t);
				assert_true(t.score >= s.score);
			}
}

static void keeps_the_best(void **state)
{
	struct similar list[SIMILAR_LIST_MAX];
	unsigned n = 0;
	uint64_t seed = 5;
	struct similar all[50];

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		all[i] = (struct similar){.id = i + 1, .score = (int)(seed >> 60)};
		n = similar_keep(list, n, &all[i]);
	}
	assert_int_equal(n, SIMILAR_LIST_MAX);
	for (unsigned i = 0; i < n; i++) {
		unsigned better = 0;
		for (unsigned k = 0; k < 50; k++)
			better += all[k].score > list[i].score ||
				  (all[k].score == list[i].score && all[k].id > list[i].id);
		assert_int_equal(better, i);
	}
}

static void says_why(void **state)
{
	struct similar_case new = at(0, 0, 102, 0), other = at(1, 20, 102, -50);
	char text[256];
	struct buf out = buf_over(text, sizeof text);
	struct similar s;

	(void)state;
	assert_true(similar_score(&new, &other, 4, &s));
	similar_put_reasons(&s, LANG_EN, &out);
	assert_string_equal(buf_z(&out), "20 m away, same category, days apart: 2, "
					 "words in common: at least 4");
	out = buf_over(text, sizeof text);
	similar_put_reasons(&s, LANG_ZH, &out);
	assert_string_equal(buf_z(&out), "相距 20 米，分类相同，相隔 2 天，至少 4 个词相同");
	new.place = other.place = 3;
	other.category = 0;
	other.at_us = new.at_us;
	(void)similar_score(&new, &other, 0, &s);
	out = buf_over(text, sizeof text);
	similar_put_reasons(&s, LANG_EN, &out);
	assert_string_equal(buf_z(&out), "same place, minutes apart: 0");
}

static void tells_repeats(void **state)
{
	struct similar_case a = at(1, 0, 101, 0), b = at(2, 29, 101, 0);

	(void)state;
	assert_true(similar_is_repeat(&a, 100, &b, 130, 30));
	assert_false(similar_is_repeat(&a, 100, &b, 131, 30));
	assert_false(similar_is_repeat(&a, 100, &b, 99, 30)); /* still open: a follower */
	b = at(2, 35, 101, 0);
	assert_false(similar_is_repeat(&a, 100, &b, 110, 30));
	a.place = b.place = 9; /* the same place, by its name */
	assert_true(similar_is_repeat(&a, 100, &b, 110, 30));
	b.place = 10;
	b.at = a.at;
	assert_false(similar_is_repeat(&a, 100, &b, 110, 30));
	b.place = 0; /* by the point again */
	assert_true(similar_is_repeat(&a, 100, &b, 110, 30));
	b.category = 102;
	assert_false(similar_is_repeat(&a, 100, &b, 110, 30));
	a.category = b.category = 0;
	assert_false(similar_is_repeat(&a, 100, &b, 110, 30));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_duplicates), cmocka_unit_test(likeness_only_grows),
	    cmocka_unit_test(keeps_the_best),   cmocka_unit_test(says_why),
	    cmocka_unit_test(tells_repeats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
