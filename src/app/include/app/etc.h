/* What a community edits: DIR/etc. Each file is checked before the program goes on, and journalled
 * by its hash when it comes into force. */
#ifndef LIREN_APP_ETC_H
#define LIREN_APP_ETC_H

#include "app/runner.h"
#include "app/settings.h"

#define ETC_FILES_MAX 256u /* in one folder */

/* Lay the shipped files into a new store. A file that is there is left as it is. */
enum err etc_lay(const struct settings *s, struct problem *problem) MUST_CHECK;

/* Check every file; the first that is wrong is the problem, with line and column. Nothing is
 * journalled. */
enum err etc_check(const struct settings *s, struct problem *problem) MUST_CHECK;

/* Journal those that changed since they were last in force, in the name of this operator. */
enum err etc_load(const struct settings *s, struct runner *runner, struct str account) MUST_CHECK;

#endif
