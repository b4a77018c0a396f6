/* The guard of the clock: cases by name, each a short story of readings; and random stories against
 * a model that is written from the sentence of the architecture, in offsets between the two clocks
 * instead of pairs of readings. */
#include "test.h"

#include "base/clock.h"

#include <stdio.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define DAY (24 * 60 * MINUTE)
#define T0 INT64_C(1781136000000000) /* 2026-06-11 */
#define B0 (7 * MINUTE)
#define LINES_MAX 8
#define SEED 20261123u
#define STORIES 2000u
#define READINGS 200u

/* One reading: how far both clocks went on since the one before, how far UTC alone was set besides,
 * and whether an operator confirms it first. It is taken (at = max(last, utc)) or held. */
struct line {
	int64_t passed, set;
	bool confirm, held;
};

static const struct {
	const char *name;
	int64_t last; /* time of the last entry, before T0; 0: none */
	struct line line[LINES_MAX];
	int lines;
} stories[] = {
    {"time passes", T0, {{0}, {SECOND}, {DAY}, {0}}, 4},
    {"a first entry takes any time", 0, {{0, 400 * DAY}}, 1},
    {"a first entry takes 1971", 0, {{0, 400 * DAY - T0}}, 1},
    {"a start 30 days later", T0, {{30 * DAY}, {SECOND}}, 2},
    {"a start a microsecond more than 30 days later",
     T0,
     {{30 * DAY + 1, 0, false, true}, {SECOND, 0, false, true}},
     2},
    {"a start a year later, confirmed",
     T0,
     {{365 * DAY, 0, false, true}, {SECOND, 0, true, false}, {SECOND}},
     3},
    {"a start before the last entry", T0, {{0, -3 * DAY}, {SECOND}, {SECOND}}, 3},
    {"a start before the last entry, and the clock set right",
     T0,
     {{0, -3 * DAY}, {SECOND, 4 * DAY}},
     2},
    {"set ahead by five minutes", T0, {{0}, {SECOND, 5 * MINUTE}, {SECOND}}, 3},
    {"set ahead by five minutes and a microsecond",
     T0,
     {{0}, {SECOND, 5 * MINUTE + 1, false, true}, {SECOND, 0, false, true}},
     3},
    {"five minutes count from what the other clock says",
     T0,
     {{0}, {2 * DAY, 5 * MINUTE}, {2 * DAY, 5 * MINUTE + 1, false, true}},
     3},
    {"held until confirmed, then on",
     T0,
     {{0},
      {0, DAY, false, true},
      {DAY, 0, false, true},
      {0, 0, true, false},
      {SECOND},
      {0, 5 * MINUTE}},
     6},
    {"held, and set right again", T0, {{0}, {0, DAY, false, true}, {SECOND, -DAY}, {SECOND}}, 4},
    {"held, and not believed when it is held again",
     T0,
     {{0}, {0, DAY, false, true}, {0, MINUTE, false, true}, {0, -MINUTE, false, true}},
     4},
    {"set back is ridden out", T0, {{0}, {SECOND, -DAY}, {SECOND}, {2 * DAY}}, 4},
    {"back from a step back is no step ahead",
     T0,
     {{0}, {SECOND, -DAY}, {SECOND, DAY}, {SECOND}},
     4},
    {"back from a step back, and too far",
     T0,
     {{0}, {SECOND, -DAY}, {SECOND, DAY + 5 * MINUTE + 1, false, true}},
     3},
    {"a confirmed time may be earlier, and counts from there",
     T0,
     {{0}, {0, DAY, false, true}, {0, -2 * DAY, true, false}, {0, 5 * MINUTE + 1, false, true}},
     4},
};

static void stories_end_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		struct clock_guard g = {0};
		struct clock_reading now = {T0, B0};
		int64_t last = stories[i].last;
		for (int k = 0; k < stories[i].lines; k++) {
			const struct line *l = &stories[i].line[k];
			int64_t at = -1;
			bool taken;
			now.boot_us += l->passed;
			now.utc_us += l->passed + l->set;
			if (l->confirm)
				clock_guard_confirm(&g, now);
			taken = clock_guard_step(&g, now, last, &at);
			if (taken == l->held || g.held != l->held)
				fail_msg("%s, line %d", stories[i].name, k + 1);
			if (l->held) {
				assert_true(at == -1 && g.held_utc_us == now.utc_us);
				continue;
			}
			if (at != (now.utc_us > last ? now.utc_us : last))
				fail_msg("%s, line %d: another time", stories[i].name, k + 1);
			last = at;
		}
	}
}

/* "Time is max(last, now) in UTC; a step of the clock by more than 5 minutes forward against
 * CLOCK_BOOTTIME is held until an operator confirms it, a step back is ridden out; at start any
 * time after the last entry is taken, more than 30 days later only when confirmed." How far UTC
 * stands before the other clock is one number; believed is the largest so far. */
struct model {
	bool knows;
	int64_t believed;
};

static void model_confirm(struct model *m, struct clock_reading now)
{
	m->knows = true;
	m->believed = now.utc_us - now.boot_us;
}

static bool model_step(struct model *m, struct clock_reading now, int64_t last, int64_t *ret_at)
{
	int64_t before = now.utc_us - now.boot_us;

	/* a start behind the last entry is ridden out, and is no start yet */
	if (!m->knows && now.utc_us < last) {
		*ret_at = last;
		return true;
	}
	if (m->knows && before > m->believed + 5 * MINUTE)
		return false;
	if (!m->knows && last != 0 && now.utc_us > last + 30 * DAY)
		return false;
	if (!m->knows || before > m->believed)
		m->believed = before;
	m->knows = true;
	*ret_at = last > now.utc_us ? last : now.utc_us;
	return true;
}

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

/* How far UTC is set: mostly not; else about one of the lengths that matter, ahead or back. */
static int64_t random_set(uint64_t *seed)
{
	static const int64_t lengths[] = {1, SECOND, 5 * MINUTE, DAY, 30 * DAY, 400 * DAY};
	int64_t length = lengths[next_random(seed) % 6] + (int64_t)(next_random(seed) % 3) - 1;

	if (next_random(seed) % 4 != 0)
		return 0;
	return next_random(seed) % 2 ? length : -length;
}

static int64_t random_pass(uint64_t *seed)
{
	static const uint32_t most[] = {1, 1000, 1000000, 2000000000};

	return next_random(seed) % most[next_random(seed) % 4];
}

struct tally {
	unsigned taken, held, starts;
};

static void random_story(uint64_t *seed, struct tally *tally)
{
	struct clock_guard g = {0};
	struct model m = {0};
	struct clock_reading now = {T0, B0};
	int64_t last = next_random(seed) % 4 == 0 ? 0 : T0 - random_pass(seed);

	for (unsigned i = 0; i < READINGS; i++) {
		int64_t at = -1, want = -1, passed = random_pass(seed);
		bool taken;
		now.boot_us += passed;
		now.utc_us += passed + random_set(seed);
		if (next_random(seed) % 32 ==
		    0) { /* the machine starts anew: its other clock, too */
			now.boot_us = random_pass(seed);
			g = (struct clock_guard){0};
			m = (struct model){0};
			tally->starts++;
		}
		if (next_random(seed) % 8 == 0 && g.held) {
			clock_guard_confirm(&g, now);
			model_confirm(&m, now);
		}
		taken = model_step(&m, now, last, &want);
		if (clock_guard_step(&g, now, last, &at) != taken || at != want || g.held == taken)
			fail_msg("seed %u: reading %u: %s, and should be %s", SEED, i,
				 taken ? "held" : "taken", taken ? "taken" : "held");
		tally->taken += taken;
		tally->held += !taken;
		if (taken) {
			assert_true(at >= last); /* never back */
			last = at;
		} else {
			assert_true(g.held_utc_us == now.utc_us);
		}
	}
}

static void any_story_ends_as_the_sentence_says(void **state)
{
	struct tally tally = {0};
	uint64_t seed = SEED;

	(void)state;
	for (unsigned i = 0; i < STORIES; i++)
		random_story(&seed, &tally);
	/* the stories have both endings, often */
	assert_true(tally.taken > 20000 && tally.held > 20000 && tally.starts > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_end_as_they_should),
		cmocka_unit_test(any_story_ends_as_the_sentence_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
