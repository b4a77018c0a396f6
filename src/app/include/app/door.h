/* A door of a running office: a socket in the data folder, for the account that runs the office and
 * for root, who name themselves by the kernel's word. One caller at a time, in a thread of its own;
 * others wait. Messages keep their boundaries (SOCK_SEQPACKET). */
#ifndef LIREN_APP_DOOR_H
#define LIREN_APP_DOOR_H

#include "app/settings.h"

#define DOOR_PATIENCE_MS 10000 /* with somebody who neither sends nor takes */

struct door;

/* Take one message from fd (door_take), and answer (door_give). `account` is the caller's. */
typedef void door_attend_fn(void *ctx, struct door *d, int fd, struct str account);

/* Listen at DIR/name; the store's lock is held. */
enum err door_open(const struct settings *s, const char *name, door_attend_fn *attend, void *ctx,
		   struct door **ret) MUST_CHECK;
/* The caller that is attended to is attended to its end. NULL is fine. */
struct door *door_close(struct door *d);

/* A message of exactly n bytes; false: another, none within the patience, or the office stops. */
bool door_take(struct door *d, int fd, void *message, size_t n);
/* False: the caller has gone, or takes nothing within the patience, or the office stops. */
bool door_give(struct door *d, int fd, const void *message, size_t n);
/* Until the connection has these events of poll(2); false likewise. */
bool door_wait(struct door *d, int fd, short events);
/* Does the office stop, now or within so many milliseconds? */
bool door_stops(struct door *d, int wait_ms);

/* ---- who calls ---- */

/* A connection to the office that serves the store. ERR_LOCKED: none listens; ERR_FORBIDDEN. */
enum err door_connect(const struct settings *s, const char *name, int *ret_fd) MUST_CHECK;

/* Send a message there, and take its answer of exactly answer_n
 * bytes. Errors of door_connect; ERR_STOPPING: it went away before it answered. */
enum err door_call(const struct settings *s, const char *name, const void *message, size_t n,
		   void *answer, size_t answer_n) MUST_CHECK;

#endif
