/* liren journal show. */
#ifndef LIREN_CLI_SHOW_H
#define LIREN_CLI_SHOW_H

#include "app/settings.h"

/* Print entries from … to, in words or as they are hashed. Gives the exit code. */
int show_entries(const struct settings *s, uint64_t from, uint64_t to, bool as_json);

/* When entry n was written, in UTC µs; 0 where that cannot be read. */
int64_t show_entry_us(struct db *db, uint64_t n);

/* Print that time in the zone. */
void show_entry_time(struct db *db, const char *zone, uint64_t n);

#endif
