/* Calls as text, much as they look on a wire: a request line, fields, an empty line, a body. What
 * stands in braces and is a word of the world is its value. Several calls are parted by a line of
 * four dashes. What libmicrohttpd and src/http/receive.c make of a request is done here plainly. */
#ifndef LIREN_FUZZ_WIRE_H
#define LIREN_FUZZ_WIRE_H

#include "world.h"

#define WIRE_BYTES_MAX (256u * 1024u)

struct wire_answer {
	int status;
	char media[64], operation[48];
	enum api_method method;
	bool streams, has_key, anyone;
	unsigned commands; /* that the writer was given */
	uint64_t cookie_n;
	char *body; /* with a NUL behind it; freed by wire_answer_fini */
	size_t n;
};

/* False: the text is no call (no request line), and nothing was asked. */
bool wire_call(struct world *w, struct str text, struct wire_answer *ret);
void wire_answer_fini(struct wire_answer *a);

/* The next call of several; false at the end. */
bool wire_next(struct str *left, struct str *ret);

#endif
