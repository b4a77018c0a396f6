/* Within app: the files in force for those who only look. Whoever holds a shelf may look at it
 * until it is let go, whatever comes into force meanwhile. Any thread. */
#ifndef LIREN_APP_SHELVES_H
#define LIREN_APP_SHELVES_H

#include "app/etc.h"

struct shelves;
struct shelf_hold; /* one shelf, as long as somebody holds it */

struct shelves *shelves_new(void);               /* NULL: out of memory */
struct shelves *shelves_free(struct shelves *s); /* nobody holds one any more; NULL is fine */

/* This one is in force from now on; it is theirs, and freed when the last who holds it lets it go.
 * ERR_NO_MEMORY: it stays the caller's, and the one before stands. */
enum err shelves_put(struct shelves *s, struct etc_shelf *shelf) MUST_CHECK;

/* NULL: nothing is in force. */
struct shelf_hold *shelves_hold(struct shelves *s);
const struct cases_shelf *shelf_held(const struct shelf_hold *h);
void shelves_release(struct shelf_hold *h); /* NULL is fine */

#endif
