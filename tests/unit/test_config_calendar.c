/* Calendar files: the ones that are shipped against the notices, and every mistake told at its
 * place. */
#include "test.h"

#include "config/config_calendar.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define ARENA_BYTES (CONFIG_CALENDAR_ARENA_BYTES)

static _Alignas(16) char arena_bytes[ARENA_BYTES];
static char file_bytes[CONFIG_BYTES_MAX + 1];

static struct arena fresh_arena(size_t cap)
{
	struct arena a;
	arena_init(&a, arena_bytes, cap);
	return a;
}

static struct str load(const char *path)
{
	char full[512];
	const char *source = getenv("LIREN_SOURCE");
	snprintf(full, sizeof full, "%s/%s", source ? source : ".", path);
	FILE *f = fopen(full, "rb");
	if (!f)
		fail_msg("no %s: run from the source folder or set LIREN_SOURCE", full);
	struct str text = {file_bytes, fread(file_bytes, 1, sizeof file_bytes, f)};
	fclose(f);
	return text;
}

static void read_shipped(const char *path, struct arena *a, struct config_calendar *ret)
{
	struct problem p = {0};
	static struct zone any_zone;

	if (config_calendar_read(str_of(path), load(path), a, &p, ret) != ERR_OK) {
		char line[1024];
		struct buf out = buf_over(line, sizeof line);
		problem_put_line(&p, LANG_EN, &out);
		fail_msg("%s", buf_z(&out));
	}
	zone_init_fixed(0, &any_zone);
	ret->calendar.zone = &any_zone;
	assert_true(calendar_ok(&ret->calendar));
}

static int32_t day_of(int year, int month, int day)
{
	int32_t ret = 0;
	assert_ok(civil_day_of((struct civil_date){year, month, day}, &ret));
	return ret;
}

struct stretch {
	int from[2], to[2]; /* month, day */
};

static bool in_stretches(const struct stretch *s, size_t n, struct civil_date d)
{
	int at = d.month * 100 + d.day;
	bool in = false;
	for (size_t i = 0; i < n; i++)
		in |=
		    at >= s[i].from[0] * 100 + s[i].from[1] && at <= s[i].to[0] * 100 + s[i].to[1];
	return in;
}

/* The notices' sentences, once more and on their own: days off, and weekend days worked. */
static const struct stretch off_2025[] = {{{1, 1}, {1, 1}}, {{1, 28}, {2, 4}}, {{4, 4}, {4, 6}},
					  {{5, 1}, {5, 5}}, {{5, 31}, {6, 2}}, {{10, 1}, {10, 8}}};
static const struct stretch worked_2025[] = {{{1, 26}, {1, 26}},
					     {{2, 8}, {2, 8}},
					     {{4, 27}, {4, 27}},
					     {{9, 28}, {9, 28}},
					     {{10, 11}, {10, 11}}};
static const struct stretch off_2026[] = {{{1, 1}, {1, 3}},  {{2, 15}, {2, 23}}, {{4, 4}, {4, 6}},
					  {{5, 1}, {5, 5}},  {{6, 19}, {6, 21}}, {{9, 25}, {9, 27}},
					  {{10, 1}, {10, 7}}};
static const struct stretch worked_2026[] = {{{1, 4}, {1, 4}},   {{2, 14}, {2, 14}},
					     {{2, 28}, {2, 28}}, {{5, 9}, {5, 9}},
					     {{9, 20}, {9, 20}}, {{10, 10}, {10, 10}}};

static void compare_year(const struct calendar *c, int year, const struct stretch *off,
			 size_t off_n, const struct stretch *worked, size_t worked_n)
{
	int working_days = 0;

	for (int32_t day = day_of(year, 1, 1); day <= day_of(year, 12, 31); day++) {
		struct civil_date d = civil_date_of(day);
		struct tm tm = {.tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day};
		timegm(&tm); /* fills in the weekday */
		bool weekend = tm.tm_wday == 0 || tm.tm_wday == 6;
		bool want =
		    in_stretches(worked, worked_n, d) || (!weekend && !in_stretches(off, off_n, d));
		if (calendar_is_working_day(c, day) != want)
			fail_msg("%d-%d-%d", d.year, d.month, d.day);
		if (in_stretches(worked, worked_n, d) && !weekend)
			fail_msg("%d-%d-%d is no weekend day", d.year, d.month, d.day);
		assert_true(calendar_is_covered(c, day));
		working_days += want;
	}
	/* 104 days of weekends and 13 public holidays (the rules on holidays as of November 2024)
	 */
	assert_int_equal(working_days, 365 - 104 - 13);
}

static void the_office_calendar_is_the_notices(void **state)
{
	struct arena a = fresh_arena(ARENA_BYTES);
	struct config_calendar c;

	read_shipped("etc/calendars/cn-office.yaml", &a, &c);
	compare_year(&c.calendar, 2025, off_2025, ROWS(off_2025), worked_2025, ROWS(worked_2025));
	compare_year(&c.calendar, 2026, off_2026, ROWS(off_2026), worked_2026, ROWS(worked_2026));
	assert_false(calendar_is_covered(&c.calendar, day_of(2024, 12, 31)));
	assert_false(calendar_is_covered(&c.calendar, day_of(2027, 1, 1)));
	assert_true(str_eq(c.zone_name, STR("Asia/Shanghai")));
	assert_true(str_eq(c.name[LANG_EN], STR("Office calendar (reference)")));
	assert_true(str_eq(c.name[LANG_ZH], STR("机关工作日历（参考）")));
	assert_int_equal(c.years_n, 2);
	assert_true(str_eq(c.years[1].number, STR("国办发明电〔2025〕7号")));
	assert_true(c.years[1].has_date && c.years[1].date == day_of(2025, 11, 4));
	/* a worked Saturday and a Tuesday have the same hours, 09:00 to 12:00 and 14:00 to 18:00 */
	const int32_t days[] = {day_of(2026, 2, 28), day_of(2026, 3, 3)};
	for (size_t i = 0; i < ROWS(days); i++) {
		const struct calendar_hours_list *h = calendar_hours_of(&c.calendar, days[i]);
		assert_int_equal(h->n, 2);
		assert_int_equal(h->at[0].from_minute, 9 * 60);
		assert_int_equal(h->at[0].until_minute, 12 * 60);
		assert_int_equal(h->at[1].from_minute, 14 * 60);
		assert_int_equal(h->at[1].until_minute, 18 * 60);
	}
}

/* 5 U.S.C. 6103 for 2026: the 4th of July is a Saturday, so the Friday before is off. */
static void the_new_york_calendar_is_the_law(void **state)
{
	static const struct stretch off[] = {
	    {{1, 1}, {1, 1}},     {{1, 19}, {1, 19}},   {{2, 16}, {2, 16}},   {{5, 25}, {5, 25}},
	    {{6, 19}, {6, 19}},   {{7, 3}, {7, 3}},     {{9, 7}, {9, 7}},     {{10, 12}, {10, 12}},
	    {{11, 11}, {11, 11}}, {{11, 26}, {11, 26}}, {{12, 25}, {12, 25}},
	};
	struct arena a = fresh_arena(ARENA_BYTES);
	struct config_calendar c;
	int off_weekdays = 0;

	read_shipped("etc/calendars/us-ny.yaml", &a, &c);
	assert_true(str_eq(c.zone_name, STR("America/New_York")));
	for (int32_t day = day_of(2026, 1, 1); day <= day_of(2026, 12, 31); day++) {
		bool weekend = civil_weekday_of(day) >= CIVIL_SATURDAY;
		bool is_off = in_stretches(off, ROWS(off), civil_date_of(day));
		assert_int_equal(calendar_is_working_day(&c.calendar, day), !weekend && !is_off);
		off_weekdays += !weekend && is_off;
	}
	assert_int_equal(off_weekdays, 11);
}

/* Files with one mistake each. HEAD is 4 lines, YEAR 5 more. */
#define HEAD                                                                                       \
	"name: {zh: 甲, en: A}\n"                                                                 \
	"zone: Asia/Shanghai\n"                                                                    \
	"week: [{days: [monday], hours: [\"09:00-12:00\"]}]\n"                                     \
	"makeup_hours: [\"09:00-12:00\"]\n"
#define YEAR                                                                                       \
	"years:\n"                                                                                 \
	"- year: 2026\n"                                                                           \
	"  source: {title: t}\n"                                                                   \
	"  holidays:\n"
#define HOLIDAY "  - {name: {zh: 甲, en: A}, "

static const struct mistake {
	const char *text;
	unsigned line, column;
	const char *field;
	enum msg msg;
} mistakes[] = {
    /* the YAML itself */
    {"", 1, 1, "", MSG_YAML_EMPTY},
    {"# only a remark\n", 1, 1, "", MSG_YAML_EMPTY},
    {"a: 1\nb: \xFF\n", 2, 1, "", MSG_YAML_NOT_UTF8},
    {"a: 1\n b: 2\n", 2, 3, "", MSG_YAML_SYNTAX},
    {"a: [1\n", 2, 1, "", MSG_YAML_SYNTAX},
    {"a: \"x\n", 2, 1, "", MSG_YAML_SYNTAX},
    {"a:\n\t- b\n", 2, 1, "", MSG_YAML_SYNTAX},
    {"a: &x 1\n", 1, 4, "", MSG_YAML_ANCHOR},
    {"a: &x [1]\n", 1, 4, "", MSG_YAML_ANCHOR},
    {"a: &x {b: 1}\n", 1, 4, "", MSG_YAML_ANCHOR},
    {"a: *x\n", 1, 4, "", MSG_YAML_ANCHOR},
    {"a: !!int 1\n", 1, 4, "", MSG_YAML_TAG},
    {"a: !x [1]\n", 1, 4, "", MSG_YAML_TAG},
    {"a: !x {b: 1}\n", 1, 4, "", MSG_YAML_TAG},
    {"a: {<<: 1}\n", 1, 5, "", MSG_YAML_MERGE_KEY},
    {"a: 1\nb: 2\na: 3\n", 3, 1, "", MSG_YAML_DUPLICATE_KEY},
    {"? [a]\n: 1\n", 1, 3, "", MSG_YAML_KEY_NOT_TEXT},
    {"? {a: b}\n: 1\n", 1, 3, "", MSG_YAML_KEY_NOT_TEXT},
    {"a: 1\n---\nb: 2\n", 2, 1, "", MSG_YAML_SECOND_DOCUMENT},
    /* kinds and keys */
    {"- a\n", 1, 1, "", MSG_CONFIG_WANT_MAPPING},
    {"zone: x\n", 1, 1, "", MSG_CONFIG_MISSING},
    {HEAD "year: 2026\n", 5, 1, "year", MSG_CONFIG_UNKNOWN_KEY},
    {HEAD, 1, 1, "", MSG_CONFIG_MISSING},
    {"name: A\n", 1, 7, "name", MSG_CONFIG_WANT_MAPPING},
    {"name: {zh: 甲}\n", 1, 7, "name", MSG_CONFIG_MISSING},
    {"name: {zh: 甲, en: }\n", 1, 19, "name.en", MSG_CONFIG_TEXT_EMPTY},
    {"name: {zh: 甲, en: [A]}\n", 1, 19, "name.en", MSG_CONFIG_WANT_TEXT},
    {"name: {zh: 甲, en: A, fr: A}\n", 1, 22, "name.fr", MSG_CONFIG_UNKNOWN_KEY},
    /* the zone names a file below a folder */
    {"name: {zh: 甲, en: A}\nzone: ../../etc/passwd\n", 2, 7, "zone", MSG_CALENDAR_ZONE},
    {"name: {zh: 甲, en: A}\nzone: /etc/passwd\n", 2, 7, "zone", MSG_CALENDAR_ZONE},
    {"name: {zh: 甲, en: A}\nzone: Asia//Shanghai\n", 2, 7, "zone", MSG_CALENDAR_ZONE},
    {"name: {zh: 甲, en: A}\nzone: Asia/\n", 2, 7, "zone", MSG_CALENDAR_ZONE},
    {"name: {zh: 甲, en: A}\nzone: 北京\n", 2, 7, "zone", MSG_CALENDAR_ZONE},
/* hours */
#define UP_TO_WEEK "name: {zh: 甲, en: A}\nzone: Asia/Shanghai\nweek:\n"
    {UP_TO_WEEK, 3, 6, "week", MSG_CONFIG_WANT_SEQUENCE},
    {UP_TO_WEEK " []\n", 4, 2, "week", MSG_CALENDAR_NO_HOURS},
    {UP_TO_WEEK "- {days: [monday]}\n", 4, 3, "week[0]", MSG_CONFIG_MISSING},
    {UP_TO_WEEK "- {days: [monday], hours: []}\n", 4, 27, "week[0].hours", MSG_CALENDAR_NO_HOURS},
    {UP_TO_WEEK "- {days: [Mon], hours: [\"09:00-12:00\"]}\n", 4, 11, "week[0].days[0]",
     MSG_CALENDAR_WEEKDAY},
    {UP_TO_WEEK "- {days: [], hours: [\"09:00-12:00\"]}\n", 4, 1, "week", MSG_CALENDAR_NO_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [9-12]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"12:00-09:00\"]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"09:00-09:00\"]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"09:00-24:01\"]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"09:60-12:00\"]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"09:00 12:00\"]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"0x:00-12:00\"]}\n", 4, 28, "week[0].hours[0]",
     MSG_CALENDAR_HOURS},
    {UP_TO_WEEK "- {days: [monday], hours: [\"09:00-12:00\", \"11:59-18:00\"]}\n", 4, 43,
     "week[0].hours[1]", MSG_CALENDAR_HOURS_ORDER},
    {UP_TO_WEEK "- {days: [monday], hours: [\"01:00-02:00\", \"03:00-04:00\", \"05:00-06:00\", "
		"\"07:00-08:00\", "
		"\"09:00-10:00\", \"11:00-12:00\", \"13:00-14:00\"]}\n",
     4, 27, "week[0].hours", MSG_CONFIG_TOO_MANY},
    {UP_TO_WEEK "- {days: [monday, sunday], hours: [\"09:00-12:00\"]}\n"
		"- {days: [sunday], hours: [\"09:00-12:00\"]}\n",
     5, 11, "week[1].days[0]", MSG_CALENDAR_WEEKDAY_TWICE},
    /* years */
    {HEAD "years: [{}]\n", 5, 9, "years[0]", MSG_CONFIG_MISSING},
    {HEAD "years: [{year: 26}]\n", 5, 16, "years[0].year", MSG_CALENDAR_YEAR},
    {HEAD "years: [{year: 0000}]\n", 5, 16, "years[0].year", MSG_CALENDAR_YEAR},
    {HEAD "years:\n- {year: 2025, source: {title: t}, holidays: []}\n- {year: 2027}\n", 7, 10,
     "years[1].year", MSG_CALENDAR_YEAR_ORDER},
    {HEAD "years:\n- {year: 2025, source: {title: t}, holidays: []}\n- {year: 2025}\n", 7, 10,
     "years[1].year", MSG_CALENDAR_YEAR_ORDER},
    {HEAD "years:\n- {year: 2025, source: {number: n}}\n", 6, 24, "years[0].source",
     MSG_CONFIG_MISSING},
    {HEAD "years:\n- {year: 2025, source: {title: t, date: 4 May}}\n", 6, 41,
     "years[0].source.date", MSG_CALENDAR_DATE},
    /* days */
    {HEAD YEAR "  - {from: 2026-01-01}\n", 9, 5, "years[0].holidays[0]", MSG_CONFIG_MISSING},
    {HEAD YEAR HOLIDAY "to: 2026-01-01}\n", 9, 5, "years[0].holidays[0]", MSG_CONFIG_MISSING},
    {HEAD YEAR HOLIDAY "from: 2026-02-29}\n", 9, 34, "years[0].holidays[0].from",
     MSG_CALENDAR_DATE},
    {HEAD YEAR HOLIDAY "from: 2025-11-30}\n", 9, 34, "years[0].holidays[0].from",
     MSG_CALENDAR_DATE_FAR},
    {HEAD YEAR HOLIDAY "from: 2027-02-01}\n", 9, 34, "years[0].holidays[0].from",
     MSG_CALENDAR_DATE_FAR},
    {HEAD YEAR HOLIDAY "from: 2026-05-05, to: 2026-05-04}\n", 9, 50, "years[0].holidays[0].to",
     MSG_CALENDAR_DATE_ORDER},
    {HEAD YEAR HOLIDAY "from: 2026-05-01, to: 2026-05-05}\n" HOLIDAY "from: 2026-05-03}\n", 10, 34,
     "years[0].holidays[1].from", MSG_CALENDAR_DATE_TWICE},
    {HEAD YEAR HOLIDAY "from: 2026-05-01, to: 2026-05-05, workdays: [2026-05-02]}\n", 9, 73,
     "years[0].holidays[0].workdays[0]", MSG_CALENDAR_DATE_TWICE},
    {HEAD YEAR HOLIDAY "from: 2026-05-01, workdays: [2026-05-11]}\n", 9, 57,
     "years[0].holidays[0].workdays[0]", MSG_CALENDAR_MAKEUP_WORKED}, /* a Monday */
    {UP_TO_WEEK "- {days: [monday], hours: [\"09:00-12:00\"]}\n" YEAR HOLIDAY
		"from: 2026-05-01, workdays: [2026-05-09]}\n",
     9, 57, "years[0].holidays[0].workdays[0]", MSG_CALENDAR_MAKEUP_HOURS},
};

static void mistakes_are_told_at_their_place(void **state)
{
	for (size_t i = 0; i < ROWS(mistakes); i++) {
		const struct mistake *m = &mistakes[i];
		struct arena a = fresh_arena(ARENA_BYTES);
		struct config_calendar c = {.years_n = 77};
		struct problem p = {0};
		assert_err(config_calendar_read(STR("a.yaml"), str_of(m->text), &a, &p, &c),
			   ERR_BAD_INPUT);
		assert_int_equal(c.years_n, 77); /* unchanged */
		for (int lang = LANG_ZH; lang < LANG_COUNT; lang++) {
			char line[1024];
			struct buf out = buf_over(line, sizeof line);
			problem_put_line(&p, (enum lang)lang, &out);
			assert_string_not_equal(buf_z(&out), "");
			/* an argument that is missing would be left standing as {0} */
			if (strstr(line, "{0}") || strstr(line, "{1}") ||
			    strncmp(line, "a.yaml:", 7) != 0)
				fail_msg("mistake %zu: %s", i, line);
			if (lang == LANG_EN &&
			    (p.msg != m->msg || p.line != m->line || p.column != m->column ||
			     strcmp(p.field, m->field) != 0))
				fail_msg("mistake %zu, wanted at %u:%u %s: %s", i, m->line,
					 m->column, m->field, line);
		}
		/* nobody asks for the problem */
		a = fresh_arena(ARENA_BYTES);
		assert_err(config_calendar_read(STR("a.yaml"), str_of(m->text), &a, NULL, &c),
			   ERR_BAD_INPUT);
	}
}

static void arguments_say_what_would_be_right(void **state)
{
	struct arena a = fresh_arena(ARENA_BYTES);
	struct config_calendar c;
	struct problem p = {0};
	char line[1024];
	struct buf out = buf_over(line, sizeof line);

	assert_err(
	    config_calendar_read(STR("a.yaml"),
				 STR(HEAD YEAR HOLIDAY "from: 2026-05-01, to: 2026-05-05}\n" HOLIDAY
						       "from: 2026-05-03}\n"),
				 &a, &p, &c),
	    ERR_BAD_INPUT);
	problem_put_line(&p, LANG_EN, &out);
	assert_string_equal(buf_z(&out),
			    "a.yaml:10:34: years[0].holidays[1].from: 2026-05-03 stands in line 9 "
			    "already; keep one of them");
	out = buf_over(line, sizeof line);
	problem_put_line(&p, LANG_ZH, &out);
	assert_string_equal(
	    buf_z(&out), "a.yaml:10:34: years[0].holidays[1].from: 2026-05-03 在第 9 行已经写过，"
			 "请只保留一处");
}

static void a_small_file_is_enough(void **state)
{
	struct arena a = fresh_arena(ARENA_BYTES);
	struct config_calendar c;
	struct zone zone;
	/* with the mark in front that some editors write, Windows line ends, no years, hours up to
	 * midnight */
	struct str text =
	    STR("\xEF\xBB\xBF"
		"name: {zh: 甲, en: A}\r\nzone: Etc/GMT+8\r\n"
		"week: [{days: [sunday, friday], hours: [\"00:00-00:01\", \"00:01-24:00\"]}]\r\n"
		"years: []\r\n");

	assert_ok(config_calendar_read(STR("a.yaml"), text, &a, NULL, &c));
	zone_init_fixed(0, &zone);
	c.calendar.zone = &zone;
	assert_true(calendar_ok(&c.calendar));
	assert_false(calendar_is_covered(&c.calendar, 0));
	assert_true(calendar_is_working_day(&c.calendar, 1)); /* 1970-01-02, a Friday */
	assert_false(calendar_is_working_day(&c.calendar, 2));
	assert_true(calendar_is_working_day(&c.calendar, 3));
	assert_int_equal(c.calendar.week[6].at[1].until_minute, 1440);
}

static void expect_cap(struct str text, enum msg msg, unsigned line)
{
	struct arena a = fresh_arena(ARENA_BYTES);
	struct config_file f;
	struct problem p = {0};

	assert_err(config_read(STR("a"), text, &a, &p, &f), ERR_TOO_LARGE);
	assert_int_equal(p.msg, msg);
	assert_int_equal(p.line, line);
}

static void caps_hold(void **state)
{
	static char memory[CONFIG_BYTES_MAX + 1];
	struct buf out = buf_over(memory, sizeof memory);
	struct config_file f;

	memset(memory, ' ', sizeof memory);
	expect_cap((struct str){memory, CONFIG_BYTES_MAX + 1}, MSG_YAML_TOO_LARGE, 1);
	for (unsigned i = 0; i <= CONFIG_DEPTH_MAX; i++)
		buf_put_z(&out, "[\n");
	expect_cap(buf_str(&out), MSG_YAML_TOO_DEEP, CONFIG_DEPTH_MAX + 1);
	out = buf_over(memory, sizeof memory);
	for (unsigned i = 0; i < CONFIG_NODES_MAX; i++) /* the list itself is one more */
		buf_put_z(&out, "- a\n");
	expect_cap(buf_str(&out), MSG_YAML_TOO_MANY, CONFIG_NODES_MAX);
	out.n -= 4;
	struct arena a = fresh_arena(ARENA_BYTES);
	assert_ok(config_read(STR("a"), buf_str(&out), &a, NULL, &f));
	assert_int_equal(f.root->n, CONFIG_NODES_MAX - 1);
	out = buf_over(memory, sizeof memory);
	for (unsigned i = 0; i <= CONFIG_KEYS_MAX; i++) {
		buf_put_char(&out, 'k');
		buf_put_u64(&out, i);
		buf_put_z(&out, ": 1\n");
	}
	expect_cap(buf_str(&out), MSG_YAML_TOO_MANY, CONFIG_KEYS_MAX + 1);
	out = buf_over(memory, sizeof memory);
	for (unsigned i = 0; i < 100000; i++)
		buf_put_char(&out, '[');
	expect_cap(buf_str(&out), MSG_YAML_TOO_DEEP, 1);
}

/* With an arena of any size the reader says that there is no room, or succeeds; it never does
 * anything else. */
static void a_small_arena_is_told(void **state)
{
	struct str text = load("etc/calendars/cn-office.yaml");
	unsigned refused = 0;
	enum err e = ERR_TOO_LARGE;

	for (size_t cap = 0; e != ERR_OK; cap += 48) {
		struct arena a = fresh_arena(cap);
		struct config_calendar c;
		struct problem p = {0};
		e = config_calendar_read(STR("a"), text, &a, &p, &c);
		if (e == ERR_OK)
			break;
		assert_err(e, ERR_TOO_LARGE);
		assert_int_equal(p.msg, MSG_CONFIG_NO_MEMORY);
		refused++;
	}
	assert_true(refused > 100);
}

/* The shipped file, cut anywhere or with one byte changed: read, or refused with a place. */
static void a_changed_file_does_no_harm(void **state)
{
	static const char to[] = {0,   '\n', ' ', '\t', ':', '-',       '[',
				  '}', '"',  '&', '!',  '9', (char)0xE9};
	struct str text = load("etc/calendars/cn-office.yaml");
	unsigned refused = 0;

	for (size_t at = 0; at < text.n; at += 3) {
		struct problem p = {0};
		struct config_calendar c;
		struct arena a = fresh_arena(ARENA_BYTES);
		char *exact = malloc(at + 1);
		memcpy(exact, text.p, at);
		enum err e = config_calendar_read(STR("a"), (struct str){exact, at}, &a, &p, &c);
		free(exact);
		assert_true(e == ERR_OK || (e == ERR_BAD_INPUT && p.line > 0));
		char right = file_bytes[at];
		file_bytes[at] = to[at / 3 % ROWS(to)];
		a = fresh_arena(ARENA_BYTES);
		e = config_calendar_read(STR("a"), text, &a, &p, &c);
		assert_true(e == ERR_OK || (e == ERR_BAD_INPUT && p.line > 0 && p.column > 0));
		refused += e != ERR_OK;
		file_bytes[at] = right;
	}
	assert_true(refused > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_office_calendar_is_the_notices),
	    cmocka_unit_test(the_new_york_calendar_is_the_law),
	    cmocka_unit_test(mistakes_are_told_at_their_place),
	    cmocka_unit_test(arguments_say_what_would_be_right),
	    cmocka_unit_test(a_small_file_is_enough),
	    cmocka_unit_test(caps_hold),
	    cmocka_unit_test(a_small_arena_is_told),
	    cmocka_unit_test(a_changed_file_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
