/* liren journal show. */
#ifndef LIREN_CLI_SHOW_H
#define LIREN_CLI_SHOW_H

#include "app/settings.h"

/* Print entries from … to, in words or as they are hashed. Gives the exit code. */
int show_entries(const struct settings *s, uint64_t from, uint64_t to, bool as_json);

#endif
