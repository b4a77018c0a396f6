/* The log: logfmt on standard error. */
#include "app/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	static const char *const names[] = {"info", "warn", "error"};
	char line[LINE_MAX_BYTES];
	struct timespec now;
	struct tm utc;
	va_list args;
	int n, m;

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
	/* a log that cannot be written must not stop the office */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}
