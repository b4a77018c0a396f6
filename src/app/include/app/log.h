/* One line an event on standard error: time, level, event, then key=value pairs (logfmt). No
 * personal text, ever. Thread-safe: a line is one write. */
#ifndef LIREN_APP_LOG_H
#define LIREN_APP_LOG_H

#include <stdint.h>

enum log_level { LOG_INFO_LEVEL, LOG_WARN_LEVEL, LOG_ERROR_LEVEL };

/* `format` gives the pairs, for example "port=%u". */
void log_event(enum log_level level, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
