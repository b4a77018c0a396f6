/* The files of etc/ as they were when the program was built: what `liren init` lays into a new
 * store. */
#ifndef LIREN_APP_EMBEDDED_H
#define LIREN_APP_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
	const char *path; /* below etc/, for example "calendars/cn-office.yaml" */
	struct str content;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_files_n;

#endif
