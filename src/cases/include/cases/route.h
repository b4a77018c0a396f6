/* Who must act: a pure function over the responsibilities. Depends on model.h. O(rules). */
#ifndef LIREN_CASES_ROUTE_H
#define LIREN_CASES_ROUTE_H

#include "base/err.h"
#include "cases/model.h"

enum cases_why {
	CASES_WHY_COMPONENT, /* the register says who owns the component */
	CASES_WHY_RULE,      /* a line of the responsibilities */
	CASES_WHY_CATEGORY,  /* the category's own lead */
};

/* What is known of the matter. Names are looked up; an empty one is not known. */
struct cases_matter {
	unsigned category;          /* index in the book */
	struct str component;       /* kind of component; empty: none */
	struct str component_owner; /* code of the unit that the register names */
	struct str building_owner;  /* what a look-up of the building found: a unit's code */
	const unsigned *areas;      /* indices of the areas that the place lies in */
	unsigned areas_n;
	int32_t day;
};

struct cases_route {
	unsigned lead;     /* unit */
	unsigned told;     /* a look-up that is told and asked, not dispatched; CASES_NONE: none */
	unsigned fallback; /* unit to turn to if the lead does not take it; CASES_NONE: the desk */
	const struct cases_names
	    *joint; /* units; the lead may be among them, and is then not joint */
	/* joint units that the line itself names, offices and posts, but for the lead: each begins
	 * its part with the dispatch. Those of the category alone are for a person to ask */
	unsigned asked[CASES_JOINT_MAX];
	unsigned asked_n;
	const struct cases_limits *asked_limit; /* of each part; NULL: as the lead's */
	uint64_t told_units; /* a set: look-ups that are told, whether they would lead or join */
	enum cases_why why;
	unsigned rule; /* line of the responsibilities, or CASES_NONE */
};

/* A component whose owner is known decides first, unless the line of the category is deaf to it;
 * then the first line that fits, then the category's own lead. A look-up that finds nothing gives
 * way to the line's fallback, else to that of the file. The book has passed proof 5: there is
 * always a lead. */
void cases_route(const struct cases_book *book, const struct cases_matter *matter,
		 struct cases_route *ret);

/* The same for a row that does not stand in the book's table: no line of the responsibilities fits
 * it (matter->category is CASES_NONE), and its own lead, which must be sure, is taken. */
void cases_route_row(const struct cases_book *book, const struct cases_category *row,
		     const struct cases_matter *matter, struct cases_route *ret);

/* Is the lead an office or a post, or a look-up that something stands in for? `fallback` may be
 * NULL. Names are resolved. */
bool cases_leads_for_sure(const struct cases_book *book, const struct cases_name *lead,
			  const struct cases_name *fallback);

/* Where the responsibilities leave something to a stand-in, or to nothing any more. */
enum cases_gap_kind {
	CASES_GAP_LOOKUP, /* the lead is looked up, and what is found may be nobody: `use` leads */
	CASES_GAP_LINE_OVER /* the last day of the line is past */
};
struct cases_gap {
	enum cases_gap_kind kind;
	unsigned category; /* index in the table in force */
	unsigned rule;     /* line of the responsibilities; CASES_NONE: the category's own lead */
	unsigned unit,
	    use; /* the lead; who stands in for it (CASES_NONE: of a line that is over) */
};

/* The gaps on this day, lines first; the first `max` of them, all are counted. O(rules +
 * categories). The book has passed proof 5. */
unsigned cases_gaps(const struct cases_book *book, int32_t day, struct cases_gap *ret,
		    unsigned max);

#endif
