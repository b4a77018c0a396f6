/* Points for likeness. 40 for the place, 25 for the category, 15 for the time, 20 for the words:
 * place and category alone reach the mark, nothing else does alone. */
#include "cases/similar.h"

#include "base/civil.h"

#define POINTS_PLACE 40
#define POINTS_CATEGORY 25
#define POINTS_CATEGORY_UNSURE 12
#define POINTS_CLASS 8
#define POINTS_WORD 4
#define POINTS_WORDS_MAX 20
#define CODES_OF_CLASS 100u /* 0101 … 0199 */

struct step {
	int64_t upto;
	int points;
};

static int points_of(const struct step *steps, size_t n, int64_t v)
{
	for (size_t i = 0; i < n; i++)
		if (v <= steps[i].upto)
			return steps[i].points;
	return 0;
}

static int place_points(const struct similar *s)
{
	static const struct step steps[] = {
	    {15, POINTS_PLACE}, {30, 36}, {60, 28}, {120, 16}, {200, 8}};

	if (s->same_place)
		return POINTS_PLACE;
	return s->distance_m == SIMILAR_NO_DISTANCE
		   ? 0
		   : points_of(steps, sizeof steps / sizeof steps[0], s->distance_m);
}

static int category_points(unsigned a, unsigned b)
{
	if (a == 0 || b == 0)
		return POINTS_CATEGORY_UNSURE;
	if (a == b)
		return POINTS_CATEGORY;
	return a / CODES_OF_CLASS == b / CODES_OF_CLASS ? POINTS_CLASS : 0;
}

static int time_points(int64_t apart_us)
{
	static const struct step steps[] = {{2 * CIVIL_US_PER_HOUR, 15},
					    {CIVIL_US_PER_DAY, 12},
					    {3 * CIVIL_US_PER_DAY, 9},
					    {7 * CIVIL_US_PER_DAY, 6},
					    {SIMILAR_DAYS_MAX * CIVIL_US_PER_DAY, 2}};

	return points_of(steps, sizeof steps / sizeof steps[0], apart_us);
}

static int word_points(unsigned words)
{
	return words >= POINTS_WORDS_MAX / POINTS_WORD ? POINTS_WORDS_MAX
						       : (int)words * POINTS_WORD;
}

static int distance_m(const struct similar_case *a, const struct similar_case *b)
{
	return a->has_at && b->has_at ? (int)(geo_distance_m(a->at, b->at) + 0.5)
				      : SIMILAR_NO_DISTANCE;
}

bool similar_score(const struct similar_case *new, const struct similar_case *other,
		   unsigned words_common, struct similar *ret)
{
	int64_t apart = new->at_us - other->at_us;

	*ret = (struct similar){.id = other->id,
				.distance_m = distance_m(new, other),
				.same_place = new->place != 0 && new->place == other->place,
				.same_category =
				    new->category != 0 && new->category == other->category,
				.apart_us = apart < 0 ? -apart : apart,
				.words_common = words_common};
	ret->score = place_points(ret) + category_points(new->category, other->category) +
		     time_points(ret->apart_us) + word_points(words_common);
	return ret->score >= SIMILAR_SCORE_MIN &&
	       ret->apart_us <= SIMILAR_DAYS_MAX * CIVIL_US_PER_DAY &&
	       (new->id == 0 || new->id != other->id);
}

unsigned similar_keep(struct similar list[SIMILAR_LIST_MAX], unsigned n, const struct similar *s)
{
	unsigned i = n;

	while (i > 0 && (list[i - 1].score < s->score ||
			 (list[i - 1].score == s->score && list[i - 1].id < s->id)))
		i--;
	if (i == SIMILAR_LIST_MAX)
		return n;
	n += n < SIMILAR_LIST_MAX;
	for (unsigned k = n - 1; k > i; k--)
		list[k] = list[k - 1];
	list[i] = *s;
	return n;
}

/* ---- reasons ---- */

static void put_reason(struct buf *out, size_t start, enum lang lang, enum msg msg, int64_t number)
{
	char memory[24];
	struct buf b = buf_over(memory, sizeof memory);
	struct str arg;

	buf_put_i64(&b, number);
	arg = buf_str(&b);
	if (out->n > start)
		buf_put_z(out, lang == LANG_ZH ? "，" : ", ");
	msg_put(out, msg, lang, &arg, 1);
}

void similar_put_reasons(const struct similar *s, enum lang lang, struct buf *out)
{
	size_t start = out->n;

	if (s->same_place)
		put_reason(out, start, lang, MSG_SIMILAR_PLACE, 0);
	else if (s->distance_m != SIMILAR_NO_DISTANCE)
		put_reason(out, start, lang, MSG_SIMILAR_DISTANCE, s->distance_m);
	if (s->same_category)
		put_reason(out, start, lang, MSG_SIMILAR_CATEGORY, 0);
	if (s->apart_us < CIVIL_US_PER_HOUR)
		put_reason(out, start, lang, MSG_SIMILAR_MINUTES,
			   s->apart_us / CIVIL_US_PER_MINUTE);
	else if (s->apart_us < CIVIL_US_PER_DAY)
		put_reason(out, start, lang, MSG_SIMILAR_HOURS, s->apart_us / CIVIL_US_PER_HOUR);
	else
		put_reason(out, start, lang, MSG_SIMILAR_DAYS, s->apart_us / CIVIL_US_PER_DAY);
	if (s->words_common > 0)
		put_reason(out, start, lang, MSG_SIMILAR_WORDS, s->words_common);
}

/* ---- repeats ---- */

bool similar_is_repeat(const struct similar_case *earlier, int32_t closed_day,
		       const struct similar_case *later, int32_t later_day, unsigned days)
{
	int m = distance_m(earlier, later);
	bool both_named = earlier->place != 0 && later->place != 0;
	bool same_place = both_named ? earlier->place == later->place
				     : m != SIMILAR_NO_DISTANCE && m <= SIMILAR_REPEAT_M;

	return same_place && earlier->category != 0 && earlier->category == later->category &&
	       later_day >= closed_day && (int64_t)later_day - closed_day <= (int64_t)days;
}
