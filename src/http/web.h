/* Within http only: the built web pages, from memory. */
#ifndef LIREN_HTTP_WEB_H
#define LIREN_HTTP_WEB_H

#include "http/web_files.h"

#include <microhttpd.h>
#include <stdint.h>

/* The page or asset at this path, or NULL. A folder's path, "/" or "/console/" or "/console", is
 * that of its page; what the pages tell apart stands behind a '#' and never comes here. */
const struct web_file *web_find(const char *path);

/* Queue it: from memory, gzip where the client takes it, 304 where it has it. */
enum MHD_Result web_respond(struct MHD_Connection *connection, const struct web_file *file,
			    int *ret_status, uint64_t *ret_bytes);

/* Headers that every response carries. */
void web_secure(struct MHD_Response *response);

#endif
