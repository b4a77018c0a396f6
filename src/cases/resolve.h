/* Names into indices: what proof 5 does for types, and for the files beside them. */
#ifndef LIREN_CASES_RESOLVE_H
#define LIREN_CASES_RESOLVE_H

#include "flow.h"

/* A list of things whose first member is their name, and what it is called in messages. */
struct named {
	const void *v;
	size_t size;
	unsigned n;
	const char *called;
};

#define NAMED(list, count, called) ((struct named){(list), sizeof *(list), (count), (called)})

/* The index of the thing with this name, or CASES_NONE. */
unsigned named_find(const struct named *list, struct str name);

/* Fill in the index, or fail proof 5 at the name. An empty name passes and stays CASES_NONE. */
enum err named_resolve(const struct named *list, struct cases_name *ref,
		       struct cases_failure *failure) MUST_CHECK;
enum err named_resolve_all(const struct named *list, struct cases_names *refs,
			   struct cases_failure *failure) MUST_CHECK;

/* Fail proof 5 where a name stands twice in the list. */
enum err named_unique(const struct named *list, struct cases_failure *failure) MUST_CHECK;

/* The same as named_resolve for an owner or actor: a role, or the timer where that may be. */
enum err role_resolve(const struct cases_book *book, bool may_be_timer, struct cases_name *ref,
		      struct cases_failure *failure) MUST_CHECK;
enum err roles_resolve(const struct cases_book *book, bool may_be_timer, struct cases_names *refs,
		       struct cases_failure *failure) MUST_CHECK;

/* The conditions named in a limit or priority. */
enum err limits_resolve(const struct cases_book *book, struct cases_limits *l,
			struct cases_failure *failure) MUST_CHECK;

/* Proof 5 on a row of a table of categories: class, units, conditions. */
enum err prove_category(const struct cases_book *book, struct cases_category *c,
			struct cases_failure *failure) MUST_CHECK;

/* Proof 7 on a name and its words: what the program refuses, whatever a file says. Gives the word
 * found, or an empty one. */
struct str refused_word(struct str name, const struct str words[LANG_COUNT]);
enum err refuse_words(const struct cases_name *name, const struct str words[LANG_COUNT],
		      struct cases_failure *failure) MUST_CHECK;

#endif
