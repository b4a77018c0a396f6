/* The log: logfmt on standard error. */
#include "app/log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static const char *const names[] = {"info", "warn", "error"};
static enum log_level least_level = LOG_INFO_LEVEL;
static atomic_uint_fast64_t dropped;

void log_set_level(enum log_level least)
{
	least_level = least;
}

bool log_level_parse(const char *name, enum log_level *ret)
{
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum log_level)i;
			return true;
		}
	return false;
}

uint64_t log_dropped(void)
{
	return atomic_load_explicit(&dropped, memory_order_relaxed);
}

/* A pipe that has room has room for a line (PIPE_BUF); one that has none is not waited for. */
static void put_line(const char *line, size_t n)
{
	struct pollfd room = {STDERR_FILENO, POLLOUT, 0};

	if (poll(&room, 1, 0) != 1 || write(STDERR_FILENO, line, n) < 0)
		atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	struct timespec now;
	struct tm utc;
	va_list args;
	int n, m;

	if (level < least_level)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	n = snprintf(line, sizeof line,
		     "time=%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ level=%s event=%s ",
		     utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
		     utc.tm_sec, now.tv_nsec / 1000000, names[level], event);
	va_start(args, format);
	m = vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
	va_end(args);
	n += m < 0 ? 0 : m;
	if (n > (int)sizeof line - 2)
		n = (int)sizeof line - 2;
	line[n++] = '\n';
	put_line(line, (size_t)n);
}
