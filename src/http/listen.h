/* Within http only: sockets to listen on. */
#ifndef LIREN_HTTP_LISTEN_H
#define LIREN_HTTP_LISTEN_H

#include "base/err.h"

#include <microhttpd.h>

/* Listen on an IPv4 or IPv6 address; port 0: any free one. ERR_BAD_INPUT: the address is none;
 * ERR_LOCKED: the port is taken; ERR_FORBIDDEN. */
enum err http_listen(const char *address, uint16_t port, int *ret_fd) MUST_CHECK;

/* The port that a daemon listens on; 0 where it cannot be told. */
uint16_t http_listen_port(struct MHD_Daemon *daemon);

#endif
