/* What an import came to, whatever it imports. */
#ifndef LIREN_APP_IMPORT_COUNTS_H
#define LIREN_APP_IMPORT_COUNTS_H

#include <stdint.h>

#define IMPORT_ROWS_MAX 2000000u

struct import_counts {
	uint64_t added, changed, same, refused;
	uint64_t unwanted; /* rows of places of no kind that the map asks for */
	/* of cases */
	uint64_t noted;      /* told by line, and taken without what was wrong about them */
	uint64_t texts_left; /* whose time to be kept is over: taken without */
	uint64_t masked;     /* plates and numbers taken out of texts */
	uint64_t placed;     /* a building was found for the point */
	uint64_t columns_left; /* columns of the file that the map does not name: not read */
};

#define IMPORT_COUNTS (sizeof(struct import_counts) / sizeof(uint64_t))

#endif
