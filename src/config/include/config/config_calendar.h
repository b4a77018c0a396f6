/* Read a calendar file (etc/calendars/) into the structures of base/calendar.h. Every mistake is
 * told with file, line, column, what is wrong and what would be right. Depends on config_yaml.h.
 * The result lives in the arena. */
#ifndef LIREN_CONFIG_CALENDAR_H
#define LIREN_CONFIG_CALENDAR_H

#include "base/calendar.h"
#include "config/config_yaml.h"

#define CONFIG_CALENDAR_YEARS_MAX 64u
#define CONFIG_CALENDAR_HOLIDAYS_MAX 64u /* of one year */
#define CONFIG_CALENDAR_TEXT_MAX 200u
#define CONFIG_CALENDAR_ZONE_MAX 64u
#define CONFIG_CALENDAR_ARENA_BYTES (CONFIG_BYTES_MAX * 16u) /* enough for the largest file */

/* Where the holidays of a year come from. Number and date may be missing: empty, and false. */
struct config_calendar_year {
	int year;
	struct str title;
	struct str number;
	bool has_date;
	int32_t date;
};

struct config_calendar {
	struct str name[LANG_COUNT];
	/* The name of the zone: letters, digits and _ + - in parts between slashes, so that it can
	 * be looked up below a folder of zones. Whoever has the zone's bytes sets calendar.zone. */
	struct str zone_name;
	struct calendar calendar;
	const struct config_calendar_year *years; /* ascending, without gaps */
	unsigned years_n;
};

/* ERR_BAD_INPUT, ERR_TOO_LARGE or ERR_NO_MEMORY with the problem filled in (it may be NULL). With
 * calendar.zone set the result is calendar_ok. `file_name` is how the file is called in messages.
 */
enum err config_calendar_read(struct str file_name, struct str text, struct arena *arena,
			      struct problem *problem, struct config_calendar *ret) MUST_CHECK;

#endif
