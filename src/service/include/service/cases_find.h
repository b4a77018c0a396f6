/* Cases found by words: a search, likely duplicates of a report that is being written, the category
 * that its text proposes. Reads only. The index knows hashes (cases/terms.h); nobody is found by a
 * name. */
#ifndef LIREN_SERVICE_CASES_FIND_H
#define LIREN_SERVICE_CASES_FIND_H

#include "cases/classify.h"
#include "cases/similar.h"
#include "service/reader.h"

/* What an area's code is in the index. */
uint64_t cases_area_value(struct str area);

/* A category's four digits as a number; 0 where the code is none. */
unsigned cases_category_value(struct str code);

struct cases_found {
	uint64_t id, number;
	int64_t at_us;
	struct str state, category, outcome, unit, area; /* in the arena */
};

/* The newest cases that have every word of the text, in an area where one is given (empty: all),
 * below `before` (0: from the newest). limit: at most CASE_SEARCH_FIND_MAX. ERR_BAD_INPUT with the
 * remedy where there is nothing to look for; ERR_KEYS on a reader without secrets. */
enum err cases_search(struct reader *r, struct str text, struct str area, uint64_t before,
		      unsigned limit, struct arena *a, struct cases_found *ret, unsigned *ret_n,
		      bool *ret_more, struct problem *problem) MUST_CHECK;

/* The newest cases of which some step says that another office calls them by this number (the whole
 * text, terms_number_of), in an area where one is given. None where the text is no number. Whether
 * somebody may be told is asked of each case (access_opens): a hit says as much as the field does.
 * ERR_KEYS on a reader without secrets. */
#define CASES_NUMBERED_MAX 16u
enum err cases_numbered(struct reader *r, struct str text, struct str area, struct arena *a,
			struct cases_found ret[CASES_NUMBERED_MAX], unsigned *ret_n) MUST_CHECK;

/* A report as far as it is written. */
struct cases_report {
	struct str text;
	struct str area;   /* may be empty */
	uint64_t place;    /* 0: none */
	bool has_at;
	struct geo_point at;
	unsigned category; /* its four digits as a number; 0: unsure */
	int64_t now_us;
};

/* Likely duplicates among live cases, the best first; at most SIMILAR_LIST_MAX. */
enum err cases_duplicates(struct reader *r, const struct cases_report *report,
			  struct similar ret[SIMILAR_LIST_MAX], unsigned *ret_n) MUST_CHECK;

/* What proposes: the table's own words, made ready once a table (about 1 MiB). */
struct proposer;
enum err proposer_new(struct reader *r, const struct cases_categories *table,
		      struct proposer **ret) MUST_CHECK;
struct proposer *proposer_free(struct proposer *p); /* NULL is fine; returns NULL */

/* The category of a text, as an index of the table; ret->is_sure false: unsure, then nothing is
 * proposed. */
enum err proposer_category(struct proposer *p, struct str text,
			   struct classify_result *ret) MUST_CHECK;

#endif
