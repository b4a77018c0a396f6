/* One line an event on standard error: time, level, event, then key=value pairs (logfmt). No
 * personal text, ever. Thread-safe: a line is one write. */
#ifndef LIREN_APP_LOG_H
#define LIREN_APP_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_INFO_LEVEL, LOG_WARN_LEVEL, LOG_ERROR_LEVEL };

/* Lines below this are not written; LOG_INFO_LEVEL at start. Before there are threads. */
void log_set_level(enum log_level least);
bool log_level_parse(const char *name, enum log_level *ret); /* "info", "warn", "error" */

/* Lines that were dropped because whoever reads them does not: the office never waits for them. */
uint64_t log_dropped(void);

/* `format` gives the pairs, for example "port=%u". */
void log_event(enum log_level level, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
