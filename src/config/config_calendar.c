/* Calendar files: weekly hours, and for each year the notice with its days off and make-up
 * workdays. */
#include "config/config_calendar.h"

#include "base/check.h"

#define WEEKDAYS "monday, tuesday, wednesday, thursday, friday, saturday, sunday"

static const char *const weekdays[7] = {"monday", "tuesday",  "wednesday", "thursday",
					"friday", "saturday", "sunday"};

/* A row of the table while it is made: with its line, so that a day named twice can be told. */
struct row {
	struct calendar_day day;
	unsigned line;
};

struct loader {
	const struct config_file *file;
	struct config_calendar *out;
	struct row *rows; /* CALENDAR_DAYS_MAX of them, ascending by day */
	unsigned rows_n;
	const struct config_node *first_makeup; /* NULL: no make-up workday */
};

/* The arena is over: that is about the file as a whole. */
static enum err no_room(const struct config_file *f)
{
	enum err e = problem_set(f->problem, ERR_TOO_LARGE, STR(""), MSG_CONFIG_NO_MEMORY, NULL, 0);

	problem_at(f->problem, f->name, 1, 1);
	return e;
}

static struct str date_text(int32_t day, char memory[CIVIL_DATE_BYTES])
{
	struct buf out = buf_over(memory, CIVIL_DATE_BYTES);

	civil_put_date(day, &out);
	return buf_str(&out);
}

static struct str number_text(uint64_t v, char memory[24])
{
	struct buf out = buf_over(memory, 24);

	buf_put_u64(&out, v);
	return buf_str(&out);
}

static bool is_zone_name(struct str s)
{
	bool part_is_empty = true;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			       (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
		if (!is_word && (c != '/' || part_is_empty))
			return false;
		part_is_empty = !is_word;
	}
	return !part_is_empty;
}

/* hh:mm as minutes of the day, 24:00 included. */
static bool minute_parse(struct str s, int *ret)
{
	if (s.n != 5 || s.p[2] != ':')
		return false;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	int hour = (s.p[0] - '0') * 10 + (s.p[1] - '0'),
	    minute = (s.p[3] - '0') * 10 + (s.p[4] - '0');
	if (minute > 59 || hour * 60 + minute > CALENDAR_MINUTES_OF_DAY)
		return false;
	*ret = hour * 60 + minute;
	return true;
}

static enum err read_hours(const struct loader *l, const struct config_node *node,
			   struct calendar_hours_list *ret)
{
	const struct config_file *f = l->file;
	struct calendar_hours_list hours = {0};

	TRY(config_want_sequence(f, node, CALENDAR_HOURS_MAX));
	for (const struct config_node *item = node->first; item; item = item->next) {
		struct calendar_hours h;
		struct str text;
		TRY(config_want_text(f, item, CONFIG_CALENDAR_TEXT_MAX, &text));
		if (text.n != 11 || text.p[5] != '-' ||
		    !minute_parse((struct str){text.p, 5}, &h.from_minute) ||
		    !minute_parse((struct str){text.p + 6, 5}, &h.until_minute) ||
		    h.until_minute <= h.from_minute)
			return config_fail(f, item, MSG_CALENDAR_HOURS, &text, 1);
		if (hours.n > 0 && h.from_minute < hours.at[hours.n - 1].until_minute)
			return config_fail(f, item, MSG_CALENDAR_HOURS_ORDER, &text, 1);
		hours.at[hours.n++] = h;
	}
	if (hours.n == 0)
		return config_fail(f, node, MSG_CALENDAR_NO_HOURS, NULL, 0);
	*ret = hours;
	return ERR_OK;
}

static int weekday_index(struct str name)
{
	for (int i = 0; i < 7; i++)
		if (str_eq(name, str_of(weekdays[i])))
			return i;
	return -1;
}

static enum err read_week(struct loader *l, const struct config_node *node)
{
	const struct config_file *f = l->file;

	TRY(config_want_sequence(f, node, 7));
	for (const struct config_node *part = node->first; part; part = part->next) {
		const struct config_node *days, *hours_node;
		struct calendar_hours_list hours;
		TRY(config_want_mapping(f, part, "days hours"));
		TRY(config_want(f, part, "days", &days));
		TRY(config_want(f, part, "hours", &hours_node));
		TRY(config_want_sequence(f, days, 7));
		TRY(read_hours(l, hours_node, &hours));
		for (const struct config_node *day = days->first; day; day = day->next) {
			struct str args[] = {STR(""), STR(WEEKDAYS)};
			TRY(config_want_text(f, day, CONFIG_CALENDAR_TEXT_MAX, &args[0]));
			int i = weekday_index(args[0]);
			if (i < 0)
				return config_fail(f, day, MSG_CALENDAR_WEEKDAY, args, 2);
			if (l->out->calendar.week[i].n > 0)
				return config_fail(f, day, MSG_CALENDAR_WEEKDAY_TWICE, args, 1);
			l->out->calendar.week[i] = hours;
		}
	}
	for (int i = 0; i < 7; i++)
		if (l->out->calendar.week[i].n > 0)
			return ERR_OK;
	return config_fail(f, node, MSG_CALENDAR_NO_HOURS, NULL, 0);
}

static enum err read_date(const struct loader *l, const struct config_node *node, int32_t *ret_day)
{
	struct str text;

	TRY(config_want_text(l->file, node, CONFIG_CALENDAR_TEXT_MAX, &text));
	if (civil_parse_date(text, ret_day) != ERR_OK)
		return config_fail(l->file, node, MSG_CALENDAR_DATE, &text, 1);
	return ERR_OK;
}

/* A date of the table: within the year of its notice, or the month before or after, where notices
 * reach. */
static enum err read_day(const struct loader *l, const struct config_node *node, int year,
			 int32_t *ret_day)
{
	char memory[24];
	int32_t day;

	TRY(read_date(l, node, &day));
	struct civil_date date = civil_date_of(day);
	bool is_near = date.year == year || (date.year == year - 1 && date.month == 12) ||
		       (date.year == year + 1 && date.month == 1);
	const struct str args[] = {node->text, number_text((uint64_t)year, memory)};
	if (!is_near)
		return config_fail(l->file, node, MSG_CALENDAR_DATE_FAR, args, 2);
	*ret_day = day;
	return ERR_OK;
}

/* Put a day into the table, in its order. */
static enum err add_row(struct loader *l, const struct config_node *node, int32_t day,
			bool is_working)
{
	unsigned at = l->rows_n;
	char cap[24], date[CIVIL_DATE_BYTES], line[24];

	if (l->rows_n == CALENDAR_DAYS_MAX) {
		const struct str arg = number_text(CALENDAR_DAYS_MAX, cap);
		return config_fail(l->file, node, MSG_CONFIG_TOO_MANY, &arg, 1);
	}
	while (at > 0 && l->rows[at - 1].day.day >= day)
		at--;
	if (at < l->rows_n && l->rows[at].day.day == day) {
		const struct str args[] = {date_text(day, date),
					   number_text(l->rows[at].line, line)};
		return config_fail(l->file, node, MSG_CALENDAR_DATE_TWICE, args, 2);
	}
	memmove(&l->rows[at + 1], &l->rows[at], (l->rows_n - at) * sizeof *l->rows);
	l->rows[at] = (struct row){{day, is_working}, node->line};
	l->rows_n++;
	return ERR_OK;
}

static enum err read_off(struct loader *l, const struct config_node *holiday, int year)
{
	const struct config_node *from, *to = config_find(holiday, "to");
	int32_t first, last;
	char memory[2][CIVIL_DATE_BYTES];

	TRY(config_want(l->file, holiday, "from", &from));
	TRY(read_day(l, from, year, &first));
	last = first;
	if (to)
		TRY(read_day(l, to, year, &last));
	if (last < first) {
		const struct str args[] = {date_text(last, memory[0]), date_text(first, memory[1])};
		return config_fail(l->file, to, MSG_CALENDAR_DATE_ORDER, args, 2);
	}
	for (int32_t day = first; day <= last; day++)
		TRY(add_row(l, from, day, false));
	return ERR_OK;
}

static enum err read_workdays(struct loader *l, const struct config_node *node, int year)
{
	TRY(config_want_sequence(l->file, node, CALENDAR_DAYS_MAX));
	for (const struct config_node *item = node->first; item; item = item->next) {
		int32_t day;
		TRY(read_day(l, item, year, &day));
		unsigned weekday = civil_weekday_of(day) - CIVIL_MONDAY;
		const struct str args[] = {item->text, str_of(weekdays[weekday])};
		if (l->out->calendar.week[weekday].n > 0)
			return config_fail(l->file, item, MSG_CALENDAR_MAKEUP_WORKED, args, 2);
		TRY(add_row(l, item, day, true));
		if (!l->first_makeup)
			l->first_makeup = item;
	}
	return ERR_OK;
}

static enum err read_holidays(struct loader *l, const struct config_node *node, int year)
{
	struct str name[LANG_COUNT];

	TRY(config_want_sequence(l->file, node, CONFIG_CALENDAR_HOLIDAYS_MAX));
	for (const struct config_node *holiday = node->first; holiday; holiday = holiday->next) {
		const struct config_node *child;
		TRY(config_want_mapping(l->file, holiday, "name from to workdays"));
		TRY(config_want(l->file, holiday, "name", &child)); /* for whoever reads the file */
		TRY(config_want_both(l->file, child, CONFIG_CALENDAR_TEXT_MAX, name));
		TRY(read_off(l, holiday, year));
		child = config_find(holiday, "workdays");
		if (child)
			TRY(read_workdays(l, child, year));
	}
	return ERR_OK;
}

static enum err read_source(struct loader *l, const struct config_node *node,
			    struct config_calendar_year *ret)
{
	const struct config_node *child;

	TRY(config_want_mapping(l->file, node, "title number date"));
	TRY(config_want(l->file, node, "title", &child));
	TRY(config_want_text(l->file, child, CONFIG_CALENDAR_TEXT_MAX, &ret->title));
	child = config_find(node, "number");
	if (child)
		TRY(config_want_text(l->file, child, CONFIG_CALENDAR_TEXT_MAX, &ret->number));
	child = config_find(node, "date");
	if (child)
		TRY(read_date(l, child, &ret->date));
	ret->has_date = child;
	return ERR_OK;
}

static enum err read_year_number(const struct loader *l, const struct config_node *node, int *ret)
{
	struct str text;
	uint64_t year = 0;

	TRY(config_want_text(l->file, node, CONFIG_CALENDAR_TEXT_MAX, &text));
	if (text.n != 4 || !str_to_u64(text, &year) || year < CIVIL_YEAR_MIN ||
	    year > CIVIL_YEAR_MAX)
		return config_fail(l->file, node, MSG_CALENDAR_YEAR, &text, 1);
	*ret = (int)year;
	return ERR_OK;
}

static enum err read_years(struct loader *l, const struct config_node *node)
{
	struct config_calendar_year *years;

	TRY(config_want_sequence(l->file, node, CONFIG_CALENDAR_YEARS_MAX));
	years = arena_alloc(l->file->arena, node->n * sizeof *years);
	if (!years)
		return no_room(l->file);
	for (const struct config_node *item = node->first; item; item = item->next) {
		struct config_calendar_year *year = &years[item->index];
		const struct config_node *child;
		char memory[2][24];
		TRY(config_want_mapping(l->file, item, "year source holidays"));
		TRY(config_want(l->file, item, "year", &child));
		TRY(read_year_number(l, child, &year->year));
		if (item->index > 0 && year->year != year[-1].year + 1) {
			const struct str args[] = {
			    number_text((uint64_t)year->year, memory[0]),
			    number_text((uint64_t)year[-1].year + 1, memory[1])};
			return config_fail(l->file, child, MSG_CALENDAR_YEAR_ORDER, args, 2);
		}
		TRY(config_want(l->file, item, "source", &child));
		TRY(read_source(l, child, year));
		TRY(config_want(l->file, item, "holidays", &child));
		TRY(read_holidays(l, child, year->year));
	}
	l->out->years = years;
	l->out->years_n = node->n;
	return ERR_OK;
}

/* Name, zone and hours. */
static enum err read_head(struct loader *l)
{
	const struct config_file *f = l->file;
	const struct config_node *root = f->root, *child;

	TRY(config_want_mapping(f, root, "name zone week makeup_hours years"));
	TRY(config_want(f, root, "name", &child));
	TRY(config_want_both(f, child, CONFIG_CALENDAR_TEXT_MAX, l->out->name));
	TRY(config_want(f, root, "zone", &child));
	TRY(config_want_text(f, child, CONFIG_CALENDAR_ZONE_MAX, &l->out->zone_name));
	if (!is_zone_name(l->out->zone_name))
		return config_fail(f, child, MSG_CALENDAR_ZONE, &l->out->zone_name, 1);
	TRY(config_want(f, root, "week", &child));
	TRY(read_week(l, child));
	child = config_find(root, "makeup_hours");
	if (child)
		TRY(read_hours(l, child, &l->out->calendar.makeup));
	return ERR_OK;
}

static enum err read_all(struct loader *l)
{
	struct calendar *c = &l->out->calendar;
	const struct config_node *years;
	struct calendar_day *days;

	TRY(read_head(l));
	TRY(config_want(l->file, l->file->root, "years", &years));
	TRY(read_years(l, years));
	if (l->first_makeup && c->makeup.n == 0)
		return config_fail(l->file, l->first_makeup, MSG_CALENDAR_MAKEUP_HOURS, NULL, 0);
	days = arena_alloc(l->file->arena, l->rows_n * sizeof *days);
	if (!days)
		return no_room(l->file);
	for (unsigned i = 0; i < l->rows_n; i++)
		days[i] = l->rows[i].day;
	c->days = days;
	c->days_n = l->rows_n;
	c->covered_first_year = l->out->years_n > 0 ? l->out->years[0].year : 1;
	c->covered_last_year = l->out->years_n > 0 ? l->out->years[l->out->years_n - 1].year : 0;
	return ERR_OK;
}

enum err config_calendar_read(struct str file_name, struct str text, struct arena *arena,
			      struct problem *problem, struct config_calendar *ret)
{
	struct config_calendar out = {0};
	struct config_file file;
	struct loader l = {.file = &file, .out = &out};

	TRY(config_read(file_name, text, arena, problem, &file));
	l.rows = arena_alloc(arena_scratch(arena), CALENDAR_DAYS_MAX * sizeof *l.rows);
	if (!l.rows)
		return no_room(&file);
	TRY(read_all(&l));
	*ret = out;
	return ERR_OK;
}
