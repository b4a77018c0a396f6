/* The features of a GeoJSON FeatureCollection (RFC 7946), each as the bytes of its object, out of
 * pieces of any size. Only the frame is read here; an object's inside is for a JSON reader. Memory
 * is bounded: one feature. Pure, O(bytes). */
#ifndef LIREN_PLACE_FEATURES_H
#define LIREN_PLACE_FEATURES_H

#include "base/str.h"

#define FEATURE_BYTES_MAX 1048576u

enum features_result {
	FEATURES_MORE,      /* all that was given is used up */
	FEATURES_ONE,       /* a feature is ready, until the next call */
	FEATURES_TOO_LARGE, /* one over the cap was passed over */
	FEATURES_BROKEN, /* this is not a FeatureCollection, or it does not end: nothing more will
			    come */
};

struct features {
	unsigned line; /* from 1: where the feature begins that was given last */
	struct str feature;
	/* below is its own */
	unsigned line_now, depth, bom;
	bool in_text, escaped, after_key, in_list, ended, broken, had_list;
	unsigned key_n;
	char key[16];
	size_t n;
	bool over;
	char bytes[FEATURE_BYTES_MAX];
};

void features_init(struct features *f);

/* Take from `piece` until a feature is ready or all is taken; *ret_used tells how much. `last`:
 * nothing follows this piece; call until FEATURES_MORE or FEATURES_BROKEN. */
enum features_result features_read(struct features *f, struct str piece, bool last,
				   size_t *ret_used);

#endif
