/* Files that a community edits: a text is refused with a place and a sentence in both languages, or
 * it is a calendar that can be used, in which limits end after they begin and working time adds up.
 */
#include "fuzz.h"

#include "config/config_calendar.h"

#define ARENA_BYTES (1u << 20)

static void check_problem(const struct problem *p)
{
	static const char place[] = "a.yaml:";

	PROPERTY(p->err != ERR_OK && p->line > 0 && p->column > 0);
	for (int lang = LANG_ZH; lang < LANG_COUNT; lang++) {
		char memory[2048];
		struct buf out = buf_over(memory, sizeof memory);
		problem_put_line(p, (enum lang)lang, &out);
		PROPERTY(!out.over && str_starts(buf_str(&out), str_of(place)));
		PROPERTY(out.n > sizeof place + 8 && str_is_utf8(buf_str(&out)));
	}
}

static void check_calendar(const struct calendar *c)
{
	PROPERTY(calendar_ok(c));
	for (int i = 0; i < 8; i++) {
		int64_t from = (INT64_C(1735689600) + i * 5000000) * CIVIL_US_PER_SECOND;
		int64_t middle = from + 3 * CIVIL_US_PER_DAY;
		for (unsigned u = 0; u < TIME_UNIT_COUNT; u++) {
			struct calendar_instant end, later;
			struct calendar_span first, second, both;
			if (calendar_add(c, (enum time_unit)u, 3, from, &end) != ERR_OK)
				continue;
			PROPERTY(end.utc_us > from);
			if (calendar_add(c, (enum time_unit)u, 4, from, &later) == ERR_OK)
				PROPERTY(later.utc_us >= end.utc_us);
			if (end.utc_us < middle)
				continue;
			PROPERTY(calendar_working_time(c, from, middle, &first) == ERR_OK);
			PROPERTY(calendar_working_time(c, middle, end.utc_us, &second) == ERR_OK);
			PROPERTY(calendar_working_time(c, from, end.utc_us, &both) == ERR_OK);
			PROPERTY(first.working_us + second.working_us == both.working_us);
			if (u == TIME_UNIT_WORKING_HOUR)
				PROPERTY(both.working_us == 3 * CIVIL_US_PER_HOUR);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct config_calendar calendar;
	struct problem p = {0};
	struct zone zone;
	struct arena a;
	void *memory = fuzz_alloc(ARENA_BYTES);

	arena_init(&a, memory, ARENA_BYTES);
	zone_init_fixed(8 * 3600, &zone);
	if (config_calendar_read(STR("a.yaml"), (struct str){(const char *)data, n}, &a, &p,
				 &calendar) == ERR_OK) {
		calendar.calendar.zone = &zone;
		check_calendar(&calendar.calendar);
	} else {
		check_problem(&p);
	}
	free(memory);
	return 0;
}
